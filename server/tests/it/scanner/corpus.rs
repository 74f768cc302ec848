//! What must never be called clean, and what must pass: by our own look, then by the real clamd.

use super::build::{
    CENTRAL, END, LOCAL, MIB, before_directory, eicar, end_of_zip, find, gzip, nest, noise, patch, pax_tar, stored_zip, tar,
    tar_of, zip,
};

/// A name, the bytes, and a word of the reason that is given.
pub(super) type Case = (String, Vec<u8>, &'static str);

/// Everything that cannot be looked at as a whole.
pub(super) fn unscannable() -> Vec<Case> {
    let mut cases = broken();
    bombs(&mut cases);
    cases
}

/// All but those that are large when unpacked.
pub(super) fn broken() -> Vec<Case> {
    let mut cases = Vec::new();
    zips(&mut cases);
    layouts(&mut cases);
    gzips(&mut cases);
    tars(&mut cases);
    foreign(&mut cases);
    cases
}

fn two() -> Vec<u8> {
    zip(&[("one", b"the first of two members"), ("two", b"the second of two members")])
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap()
}

fn zips(cases: &mut Vec<Case>) {
    let mut add = |name: &str, bytes: Vec<u8>, why| cases.push((format!("zip: {name}"), bytes, why));
    let both = |central_at: usize, local_at: usize, value: &[u8]| {
        patch(patch(two(), CENTRAL, 1, central_at, value), LOCAL, 1, local_at, value)
    };
    add("encrypted", both(8, 6, &[1, 0]), "encrypted");
    add("encrypted by its own header", patch(two(), LOCAL, 0, 6, &[1]), "encrypted");
    add("encrypted by its directory", patch(two(), CENTRAL, 1, 8, &[1]), "encrypted");
    add("strongly encrypted", both(8, 6, &[0x41, 0]), "encrypted");
    add("AES", both(10, 8, &[99, 0]), "encrypted");
    add("masked headers", both(8, 6, &[0, 0x20]), "encrypted");
    for method in [1, 6, 9, 12, 14, 93, 95, 98, 200] {
        add(&format!("method {method}"), both(10, 8, &[method, 0]), "unknown method");
    }
    add("other size in the directory", patch(two(), CENTRAL, 0, 24, &[5]), "disagree");
    add("other size in the header", patch(two(), LOCAL, 0, 22, &[5]), "disagree");
    add("other packed size in the header", patch(two(), LOCAL, 0, 18, &[5]), "disagree");
    add("size too small on both", both(24, 22, &[5]), "another size");
    add("packed size too small on both", both(20, 18, &[5]), "damaged");
    add("packed size too large on both", both(20, 18, &[0xFF]), "overlap");
    add("two names", patch(two(), LOCAL, 0, 30, b"TWO"), "disagree");
    add("two methods", patch(two(), LOCAL, 0, 8, &[0]), "disagree");
    add("a member elsewhere", patch(two(), CENTRAL, 1, 42, &[1]), "not where");
    add("a member beyond the end", patch(two(), CENTRAL, 1, 42, &[0xFF, 0xFF, 0xFF, 0]), "not where");
    add("a member at 4 GiB", patch(two(), CENTRAL, 1, 42, &[0xFF; 4]), "not where");
    add("one entry less", patch(two(), END, 0, 8, &[1, 0, 1, 0]), "length");
    add("one entry more", patch(two(), END, 0, 8, &[3, 0, 3, 0]), "directory is shorter");
    add("part of a split one", patch(two(), END, 0, 4, &[1, 0, 1, 0]), "several");
    add("a directory of another size", patch(two(), END, 0, 12, &[1, 0, 0, 0]), "damaged");
    let deflated = find(&two(), LOCAL, 1) + 33;
    let mut broken = two();
    broken[deflated] = 0xFF;
    add("broken contents", broken, "damaged");
    let mut stored = stored_zip(&[("one", b"12345678")]);
    stored = patch(patch(stored, CENTRAL, 0, 24, &[9]), LOCAL, 0, 22, &[9]);
    add("stored with two sizes", stored, "two sizes");
    let long = zip(&[("one", &noise(2000)), ("two", b"end")]);
    for percent in 1..100 {
        add(&format!("cut at {percent} %"), long[..long.len() * percent / 100].to_vec(), "damaged");
    }
}

fn layouts(cases: &mut Vec<Case>) {
    let mut add = |name: &str, bytes: Vec<u8>, why| cases.push((format!("zip: {name}"), bytes, why));
    let hidden = &two()[..find(&two(), LOCAL, 1)];
    add("hidden before the first", [hidden, &two()].concat(), "does not name");
    add("hidden after the last", before_directory(two(), hidden), "does not name");
    add("hidden after the end", [&two(), hidden].concat(), "does not name");
    add("another zip before it", [two(), zip(&[("x", b"y")])].concat(), "does not name");

    // Fifield's bomb: many entries for the same bytes.
    let one = zip(&[("same", &[0; 1000])]);
    let (directory, end) = (find(&one, CENTRAL, 0), find(&one, END, 0));
    let entry = &one[directory..end];
    let many =
        [&one[..directory], &entry.repeat(100), &end_of_zip(100, narrow(100 * entry.len()), narrow(directory), b"")].concat();
    add("overlapping members", many, "overlap");

    // A second directory that names nothing of the first: in the comment, and by its offset.
    let (first, second) = (zip(&[("evil", &eicar())]), zip(&[("nice", b"harmless")]));
    let in_comment = [&first[..find(&first, END, 0) + 20], &narrow(second.len()).to_le_bytes()[..2], &second].concat();
    add("a zip in the comment", in_comment, "two directories");
    let directory = find(&first, CENTRAL, 0);
    let offset = narrow(directory);
    add(
        "a directory by size and one by offset",
        patch([vec![0; 0], first.clone(), second].concat(), END, 1, 16, &offset.to_le_bytes()),
        "two directories",
    );
    let tail = end_of_zip(1, 46, 0, b"").repeat(100);
    add("a hundred ends", [b"text".to_vec(), tail].concat(), "too many ends");

    // The long form of the end, which says something else.
    let end = find(&first, END, 0);
    let mut wide = first[..end].to_vec();
    wide.extend(b"PK\x06\x06");
    wide.extend(44_u64.to_le_bytes());
    wide.extend([0; 12]);
    for value in [2_u64, 2, (end - directory) as u64, u64::from(offset)] {
        wide.extend(value.to_le_bytes());
    }
    wide.extend(b"PK\x06\x07\0\0\0\0");
    wide.extend((end as u64).to_le_bytes());
    wide.extend([1, 0, 0, 0]);
    wide.extend(&first[end..]);
    add("two ends that disagree", wide.clone(), "disagree");
    add("a locator that leads nowhere", patch(wide, b"PK\x06\x06", 0, 0, b"XXXX"), "damaged end");

    let mut far = patch(patch(first, CENTRAL, 0, 30, &[12, 0]), CENTRAL, 0, 42, &[0xFF; 4]);
    let field = [&[1, 0, 8, 0][..], &(u64::MAX - 10).to_le_bytes()].concat();
    far.splice(end..end, field);
    let far = patch(far, END, 0, 12, &narrow(end + 12 - directory).to_le_bytes());
    add("a member at the end of all numbers", far, "not where");

    let picture = [b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec(), noise(5000), nest(1, b"x")].concat();
    add("encrypted after a picture", patch(picture, CENTRAL, 0, 8, &[1]), "encrypted");
    add("unknown method in a zip in a zip", nest(2, &patch(two(), CENTRAL, 0, 10, &[93])), "unknown method");
}

fn bombs(cases: &mut Vec<Case>) {
    let mut add = |name: &str, bytes: Vec<u8>, why| cases.push((name.to_owned(), bytes, why));
    let zeros = vec![0; 101 * MIB];
    add("zip: 101 MiB in 100 kB", zip(&[("zeros", &zeros)]), "larger than");
    add("gzip: 101 MiB", gzip(&zeros), "larger than");
    add("tar.gz: 101 MiB", gzip(&tar(&[("zeros", &zeros)])), "larger than");
    let ninety = zip(&[("zeros", &zeros[..90 * MIB])]);
    add(
        "zip: 5 x 90 MiB",
        zip(&[("1", &ninety), ("2", &ninety), ("3", &ninety), ("4", &ninety), ("5", &ninety)]),
        "more than 419430400 bytes",
    );
    // Like 42.zip: 16 of 16 of 16 of 16 of 1 MiB would be 64 GiB.
    let nested = (0..4).fold(zip(&[("zeros", &zeros[..MIB])]), |inner, _| {
        let names: Vec<String> = (0..16).map(|n| format!("{n}")).collect();
        zip(&names.iter().map(|name| (name.as_str(), inner.as_slice())).collect::<Vec<_>>())
    });
    add("zip: 64 GiB in five levels", nested, "more than");
    add("zip: 17 levels", nest(17, b"inside"), "inside one another");
    add("zip: 500 levels", nest(500, b"inside"), "inside one another");
    add("gzip: 17 levels", (0..17).fold(b"inside".to_vec(), |inner, _| gzip(&inner)), "inside one another");
    add("tar: 17 levels", (0..17).fold(b"inside".to_vec(), |inner, _| tar(&[("inner", &inner)])), "inside one another");
    add(
        "mixed: 18 levels",
        (0..6).fold(b"inside".to_vec(), |inner, _| gzip(&tar(&[("inner", &nest(1, &inner))]))),
        "inside one another",
    );
    let names: Vec<String> = (0..10_001).map(|n| format!("{n}")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    add("zip: 10,001 members", stored_zip(&members), "more than 10000 members");
    add("tar: 10,001 members", tar(&members), "more than 10000 members");
    add("gzip: 10,001 members", gzip(b"x").repeat(10_001), "more than 10000 members");
    let half = stored_zip(&members[..5001]);
    add("zip: 2 x 5,001 members", zip(&[("a", &half), ("b", &half)]), "more than 10000 members");
}

fn gzips(cases: &mut Vec<Case>) {
    let mut add = |name: &str, bytes: Vec<u8>, why| cases.push((format!("gzip: {name}"), bytes, why));
    let whole = gzip(&noise(2000));
    for percent in [1, 10, 50, 90, 99] {
        add(&format!("cut at {percent} %"), whole[..whole.len() * percent / 100].to_vec(), "damaged");
    }
    let mut sum = whole.clone();
    let at = sum.len() - 8;
    sum[at] ^= 1;
    add("wrong checksum", sum, "damaged");
    add("something after it", [&whole[..], b"something"].concat(), "something else");
    add("something after zeros", [&whole[..], &vec![0; 100_000], b"x"].concat(), "something else");
    add("a broken second member", [&whole[..], &whole[..50]].concat(), "damaged");
    add("an encrypted zip in it", gzip(&patch(two(), CENTRAL, 0, 8, &[1])), "encrypted");
}

fn tars(cases: &mut Vec<Case>) {
    let mut add = |name: &str, bytes: Vec<u8>, why| cases.push((format!("tar: {name}"), bytes, why));
    let whole = tar(&[("one", &noise(50_000)), ("two", &noise(50_000))]);
    for percent in (5..100).step_by(10) {
        add(&format!("cut at {percent} %"), whole[..whole.len() * percent / 100].to_vec(), "ends within");
    }
    add("wrong checksum", patch(tar_of(b"x", |_| {}), b"member", 0, 0, b"M"), "damaged header");
    add("wrong checksum further on", patch(whole.clone(), b"two", 0, 0, b"T"), "damaged header");
    add("garbage further on", patch(whole.clone(), b"two", 0, 0, &[7; 512]), "damaged header");
    add("something after the end", [whole, b"something".to_vec()].concat(), "after its end");
    add("a zip after the end", [tar(&[("x", b"y")]), gzip(b"x")].concat(), "after its end");
    add("a size beyond the end", tar_of(b"x", |header| header.set_size(1 << 30)), "ends within");
    add("a size of 8 GiB", tar_of(b"x", |header| header.set_size(1 << 34)), "damaged header");
    add("a size that is no number", tar_of(b"x", |header| header.as_old_mut().size = *b"size of it!!"), "damaged header");
    add("sparse", tar_of(b"x", |header| header.set_entry_type(tar::EntryType::GNUSparse)), "sparse");
    for kind in [tar::EntryType::Link, tar::EntryType::Symlink, tar::EntryType::Directory, tar::EntryType::Fifo] {
        add(&format!("{kind:?} with contents"), tar_of(b"x", |header| header.set_entry_type(kind)), "with contents");
    }
    add("a size in pax records", pax_tar(&[("size", b"5")]), "extended header");
    add("a sparse file in pax records", pax_tar(&[("GNU.sparse.major", b"1")]), "extended header");
    add("a huge pax header", pax_tar(&[("comment", &vec![b'x'; 70_000])]), "too large");
    let pax = |records: &[u8]| tar_of(records, |header| header.set_entry_type(tar::EntryType::XHeader));
    add("pax records without a length", pax(b"path=x\n"), "damaged extended");
    add("pax records with a wrong length", pax(b"99 path=x\n"), "damaged extended");
    add("pax records with length 0", pax(b"0 path=x\n"), "damaged extended");
    add("an encrypted zip in it", tar(&[("x", &patch(two(), CENTRAL, 0, 8, &[1]))]), "encrypted");
}

fn foreign(cases: &mut Vec<Case>) {
    let at = |place: usize, mark: &[u8]| [&vec![0; place], mark, &[0; 64]].concat();
    let formats = [
        ("7z", at(0, b"7z\xBC\xAF\x27\x1C")),
        ("RAR", at(0, b"Rar!\x1A\x07\x01\0")),
        ("xz", at(0, b"\xFD7zXZ\0")),
        ("bzip2", at(0, b"BZh91AY&SY")),
        ("Zstandard", at(0, b"\x28\xB5\x2F\xFD")),
        ("Zstandard", at(0, b"\x50\x2A\x4D\x18")),
        ("LZ4", at(0, b"\x04\x22\x4D\x18")),
        ("Cabinet", at(0, b"MSCF\0\0\0\0")),
        ("LZMA", at(0, b"\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0")),
        ("cpio", [b"070701".to_vec(), vec![b'0'; 104], vec![0; 64]].concat()),
        ("ar", at(0, b"!<arch>\n")),
        ("RPM", at(0, b"\xED\xAB\xEE\xDB")),
        ("LHA", at(0, b"\x20\x20-lh5-\0\0\0\0\0\0\0\0\0\0\0\0\x20\x01")),
        ("ARJ", at(0, b"\x60\xEA\x28\0\x1E\x0B\x01\x0B\x10\0\x02")),
        ("ISO 9660", at(32769, b"CD001")),
        ("ACE", at(7, b"**ACE**")),
    ];
    for (name, bytes) in formats {
        cases.push((format!("{name} in a zip"), zip(&[("inner", &bytes)]), name));
        cases.push((format!("{name} in a tar.gz"), gzip(&tar(&[("inner", &bytes)])), name));
        cases.push((name.to_owned(), bytes, name));
    }
}

/// What must pass our look; nothing in it is malware.
pub(super) fn harmless() -> Vec<(String, Vec<u8>)> {
    let mut cases = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| cases.push((name.to_owned(), bytes));
    add("nothing", Vec::new());
    add("one byte", b"P".to_vec());
    add("noise", noise(MIB));
    add("zeros", vec![0; MIB]);
    for text in [
        "BZh is a text",
        "ZOO animals",
        "070701 is a number",
        "0707071234;a;b\n",
        "7z, RAR and PK",
        "PK",
        "ustar",
        "DOS\0",
        "x\x01",
    ] {
        add(text, text.as_bytes().to_vec());
    }
    let picture = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec();
    add("a picture with the mark of an end", [picture.clone(), noise(5000), END.to_vec(), noise(500)].concat());
    add("a picture with an end that leads nowhere", [picture.clone(), noise(5000), end_of_zip(3, 200, 100, b"")].concat());
    add("a picture with the mark of a member", [picture.clone(), noise(5000), LOCAL.to_vec(), noise(500)].concat());
    add("a picture with a zip", [picture, noise(5000), two()].concat());

    add("zip", two());
    add("empty zip", zip(&[]));
    add("stored zip", stored_zip(&[("one", &noise(3000)), ("none", b"")]));
    add("zip: a folder", zip(&[("folder/", b""), ("folder/file", b"x"), ("ファイル", b"y")]));
    let end = find(&two(), END, 0) + 20;
    add("zip: a comment", [&two()[..end], &[5, 0], b"hello"].concat());
    add("zip: zips in it, whose ends are near its own", stored_zip(&[("a", &two()), ("b", &two()), ("c", &nest(3, b"x"))]));
    add("zip: 16 levels", nest(16, b"inside"));
    add("zip: a program before it", [b"#!/bin/sh\n".to_vec(), two()].concat());
    add("zip: signed, as Android does", before_directory(two(), &noise(4000)));
    add("zip: 100 MiB of zeros", zip(&[("zeros", &vec![0; 100 * MIB])]));
    add("gzip", gzip(b"hello"));
    add("gzip: two members and padding", [gzip(b"hello "), gzip(b"world"), vec![0; 1000]].concat());
    add("tar", tar(&[("one", b"x"), ("none", b""), (&"long/".repeat(60), b"y")]));
    add("tar without an end", tar_of(b"x", |_| {})[..1024].to_vec());
    add("tar: pax records", pax_tar(&[("path", b"x"), ("SCHILY.xattr.user.x", b"two\nlines = 1")]));
    add("tar.gz", gzip(&tar(&[("one", b"x"), ("zip", &two())])));
    cases
}
