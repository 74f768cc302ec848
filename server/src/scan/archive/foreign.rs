//! Archives and compressed files of formats that we cannot look into, told by their first bytes.
//!
//! Our own list: the one of the crate that sniffs media types is made for naming, so it takes a text that begins with `ZOO` or
//! `0707` for an archive, which must not cost anyone their upload.

/// How many first bytes are enough.
pub(super) const HEAD: usize = 36 * 1024 + 8;

/// Name, place, bytes.
const SIGNATURES: [(&str, usize, &[u8]); 35] = [
    ("7z", 0, b"7z\xBC\xAF\x27\x1C"),
    ("RAR", 0, b"Rar!\x1A\x07"),
    ("xz", 0, b"\xFD7zXZ\0"),
    ("Zstandard", 0, b"\x28\xB5\x2F\xFD"),
    ("LZ4", 0, b"\x04\x22\x4D\x18"),
    ("LZ4", 0, b"\x02\x21\x4C\x18"),
    ("lzip", 0, b"LZIP\x01"),
    ("lzop", 0, b"\x89LZO\0\r\n\x1A\n"),
    ("Snappy", 0, b"\xFF\x06\0\0sNaPpY"),
    ("lrzip", 0, b"LRZI\0"),
    ("bzip3", 0, b"BZ3v1"),
    ("LZFSE", 0, b"bvx2"),
    ("LZFSE", 0, b"bvxn"),
    ("ZPAQ", 0, b"7kSt\xA0\x31\x83\xD3\x8C\xB2\x28\xB0\xD3"),
    ("ZPAQ", 0, b"zPQ\x01"),
    ("Cabinet", 0, b"MSCF\0\0\0\0"),
    ("InstallShield", 0, b"ISc("),
    ("ar", 0, b"!<arch>\n"),
    ("RPM", 0, b"\xED\xAB\xEE\xDB"),
    ("XAR", 0, b"xar!\0"),
    ("WIM", 0, b"MSWIM\0\0\0"),
    ("WIM", 0, b"WLPWM\0\0\0"),
    ("SquashFS", 0, b"hsqs"),
    ("ALZ", 0, b"ALZ\x01"),
    ("EGG", 0, b"EGGA\0\x01"),
    ("StuffIt", 0, b"StuffIt (c)1997"),
    ("StuffIt", 10, b"rLau"),
    ("StuffIt X", 0, b"StuffIt!"),
    ("Zoo", 20, b"\xDC\xA7\xC4\xFD"),
    ("ACE", 7, b"**ACE**"),
    ("VHDX", 0, b"vhdxfile"),
    ("QCOW", 0, b"QFI\xFB"),
    ("ISO 9660", 32769, b"CD001"),
    ("UDF", 32769, b"BEA01"),
    ("LZX", 0, b"LZX\0"),
];

type Form = fn(&[u8]) -> bool;

/// Forms that need more than one look.
const FORMS: [(&str, Form); 6] = [
    ("bzip2", is_bzip2),
    ("Zstandard", is_skippable_frame),
    ("LZMA", is_lzma),
    ("cpio", is_cpio),
    ("LHA", is_lha),
    ("ARJ", is_arj),
];

/// The format's name, if it is one.
pub(super) fn name_of(head: &[u8]) -> Option<&'static str> {
    let listed = SIGNATURES.iter().find(|(_, at, bytes)| head.get(*at..).is_some_and(|rest| rest.starts_with(bytes)));
    listed.map(|(name, ..)| *name).or_else(|| FORMS.iter().find(|(_, is)| is(head)).map(|(name, _)| *name))
}

/// The level, then the mark of a block or of the end.
fn is_bzip2(head: &[u8]) -> bool {
    let marked = |mark: &[u8]| head.get(4..).is_some_and(|rest| rest.starts_with(mark));
    head.starts_with(b"BZh")
        && head.get(3).is_some_and(|level| (b'1'..=b'9').contains(level))
        && (marked(b"\x31\x41\x59\x26\x53\x59") || marked(b"\x17\x72\x45\x38\x50\x90"))
}

fn is_skippable_frame(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
}

/// Usual properties, a dictionary of whole 64 KiB, and a length that is unknown or below 2^40.
fn is_lzma(head: &[u8]) -> bool {
    matches!(head, [0x5D, 0, 0, _, _, length @ ..] if length.starts_with(&[0xFF; 8]) || length.get(5..8) == Some(&[0; 3]))
}

/// The two text forms have nothing but digits in their headers.
fn is_cpio(head: &[u8]) -> bool {
    let digits = |length: usize| head.get(..length).is_some_and(|header| header.iter().all(u8::is_ascii_hexdigit));
    ((head.starts_with(b"070701") || head.starts_with(b"070702")) && digits(110)) || (head.starts_with(b"070707") && digits(76))
}

/// Also `LArc` and `PMarc`.
fn is_lha(head: &[u8]) -> bool {
    matches!(head, [_, _, b'-', b'l' | b'p', b'h' | b'z' | b'c' | b'm', method, b'-', _, _, _, _, _, _, _, _, _, _, _, _, _, 0..=3, ..]
        if method.is_ascii_alphanumeric())
}

/// The mark, a header of a size that ARJ allows, and the type of the archive's own header.
fn is_arj(head: &[u8]) -> bool {
    matches!(head, [0x60, 0xEA, low, high, _, _, _, _, _, _, 2, ..] if (30..=2600).contains(&u16::from_le_bytes([*low, *high])))
}
