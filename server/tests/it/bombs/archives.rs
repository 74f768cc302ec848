//! Archives that are small on the disk and endless when they are unpacked. To add one: a line in [`all`].

use super::pictures::deflated_zeros;
use crate::scanner::build::{CENTRAL, END, end_of_zip, find, gzip, tar, zip};

const GIB: u64 = 1 << 30;

/// The checksum of `length` zeros.
fn crc(length: u64) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    let piece = vec![0; 1 << 20];
    (0..length >> 20).for_each(|_| crc.update(&piece));
    crc.finalize()
}

/// `members` of a GiB of zeros each, of which a megabyte is stored.
fn flat(members: u16) -> Vec<u8> {
    let (data, crc) = (deflated_zeros(GIB), crc(GIB));
    let (packed, size) = (u32::try_from(data.len()).unwrap(), u32::try_from(GIB).unwrap());
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for n in 0..members {
        let name = format!("{n:05}");
        // Version, flags, method 8, time and date; checksum, sizes, lengths of the name and of what may follow it.
        let common = [
            &[20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0][..],
            &crc.to_le_bytes(),
            &packed.to_le_bytes(),
            &size.to_le_bytes(),
            &[5, 0, 0, 0],
        ]
        .concat();
        let at = u32::try_from(archive.len()).unwrap();
        directory.extend([CENTRAL, &[20, 0], &common, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
        archive.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &data].concat());
    }
    let at = u32::try_from(archive.len()).unwrap();
    let end = end_of_zip(members, u32::try_from(directory.len()).unwrap(), at, b"");
    [archive, directory, end].concat()
}

/// Ten thousand entries for the same GiB.
fn overlapping() -> Vec<u8> {
    let one = flat(1);
    // From behind the packed data on, which may hold anything.
    let end = one.len() - 22;
    assert_eq!(&one[end..end + 4], END);
    let directory = end - 51;
    assert_eq!(find(&one[directory..], CENTRAL, 0), 0);
    let entries = one[directory..end].repeat(10_000);
    let (length, at) = (u32::try_from(entries.len()).unwrap(), u32::try_from(directory).unwrap());
    [&one[..directory], &entries, &end_of_zip(10_000, length, at, b"")].concat()
}

/// Five levels of ten: 100 TiB.
fn nested() -> Vec<u8> {
    let names: Vec<String> = (0..10).map(|n| n.to_string()).collect();
    (0..5).fold(flat(1), |inner, _| {
        let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), inner.as_slice())).collect();
        zip(&members)
    })
}

/// A GiB of zeros with the frame of gzip (RFC 1952).
fn gzipped() -> Vec<u8> {
    let size = u32::try_from(GIB).unwrap();
    [&b"\x1F\x8B\x08\0\0\0\0\0\x02\xFF"[..], &deflated_zeros(GIB), &crc(GIB).to_le_bytes(), &size.to_le_bytes()].concat()
}

/// A member called `mimetype` that says it has `claimed` bytes, stored, and has `real` ones, which are no text.
pub(super) fn declaration(claimed: u32, real: usize) -> Vec<u8> {
    let size = claimed.to_le_bytes();
    let common = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &[0; 4], &size, &size, &[8, 0, 0, 0]].concat();
    let archive = [b"PK\x03\x04", &common[..], b"mimetype", &vec![0xFF; real]].concat();
    let directory = [CENTRAL, &[20, 0], &common, &[0; 14], b"mimetype"].concat();
    let end = end_of_zip(1, u32::try_from(directory.len()).unwrap(), u32::try_from(archive.len()).unwrap(), b"");
    [archive, directory, end].concat()
}

/// Names and bytes. None of them can be scanned.
pub(super) fn all() -> Vec<(String, Vec<u8>)> {
    let cases = [
        ("zip of ten GiB", flat(10)),
        ("zip of ten thousand overlapping GiB", overlapping()),
        ("zip in zip in zip in zip in zip in zip", nested()),
        ("gzip of a GiB", gzipped()),
        ("gzip of gzip of a GiB", gzip(&gzipped())),
        ("tar of gzip of a GiB", tar(&[("a", &gzipped()), ("b", &gzipped())])),
    ];
    cases.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
}
