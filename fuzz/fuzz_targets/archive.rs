//! Archives, as they are looked into before a scanner's word is believed.
//!
//! The first byte of an input says what is mended in the rest, because no one hits a checksum by chance: 1 mends the headers of a tar,
//! 2 packs it as gzip, 3 does both, others nothing.
#![no_main]

#[expect(dead_code, reason = "the tests of the service need more of it")]
#[path = "../../server/tests/it/scanner/build.rs"]
mod build;

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use libfuzzer_sys::fuzz_target;
use reupload::scan::archive::{Limits, inspect};

const LIMITS: Limits =
    Limits { max_file_size: 512 * 1024, max_unpacked: 1024 * 1024, max_members: 64, max_depth: 3, trust_other_archives: false };

/// Most bytes that are read of a file in all, far from what the limits would let a quadratic look read.
const MOST_READ: u64 = 64 * 1024 * 1024;

fuzz_target!(init: reupload_fuzz::plant("archive", seeds()), |data: &[u8]| {
    let Some((mend, file)) = data.split_first() else { return };
    let mut file = file.to_vec();
    if mend & 1 == 1 {
        mend_tar(&mut file);
    }
    if mend & 2 == 2 {
        file = build::gzip(&file);
    }
    let strict = look(&file, &LIMITS);
    let trusting = look(&file, &Limits { trust_other_archives: true, ..LIMITS });
    assert!(strict.is_some() || trusting.is_none(), "trust refuses: {trusting:?}");
    if strict.is_none() {
        let wide = Limits { max_file_size: u64::MAX, max_unpacked: u64::MAX, max_members: u64::MAX, max_depth: u32::MAX, ..LIMITS };
        assert_eq!(look(&file, &wide), None, "wider limits refuse");
        nothing_was_missed(&file);
    }
});

/// Looks at a file that can always be read, so that any failure is a mistake.
fn look(file: &[u8], limits: &Limits) -> Option<String> {
    let mut metered = Metered { file: Cursor::new(file), read: 0 };
    let verdict = inspect(&mut metered, limits, &std::env::temp_dir());
    assert!(metered.read <= MOST_READ, "{} bytes were read of {}", metered.read, file.len());
    verdict.expect("the archive's fault is no failure")
}

/// Another reader of zips finds no more in an accepted file than the limits allow.
fn nothing_was_missed(file: &[u8]) {
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(file)) else { return };
    assert!(zip.len() as u64 <= LIMITS.max_members, "{} members", zip.len());
    let mut unpacked = file.len() as u64;
    for index in 0..zip.len() {
        let Ok(member) = zip.by_index(index) else { continue };
        unpacked += io::copy(&mut member.take(LIMITS.max_unpacked + 1), &mut io::sink()).unwrap_or(0);
        assert!(unpacked <= LIMITS.max_unpacked, "it unpacks to more than the limit");
    }
}

/// Gives every block that calls itself a header of a tar its checksum.
fn mend_tar(file: &mut [u8]) {
    for block in file.chunks_exact_mut(512).filter(|block| block[257..].starts_with(b"ustar")) {
        let mut header = tar::Header::new_old();
        header.as_mut_bytes().copy_from_slice(block);
        header.set_cksum();
        block.copy_from_slice(header.as_bytes());
    }
}

/// Counts what is read.
struct Metered<'a> {
    file: Cursor<&'a [u8]>,
    read: u64,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.read += length as u64;
        Ok(length)
    }
}

impl Seek for Metered<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    use build::{end_of_zip, gzip, nest, pax_tar, stored_zip, tar, zip};
    let seed = |mend: u8, file: Vec<u8>| [vec![mend], file].concat();
    let two: &[(&str, &[u8])] = &[("a", b"hello"), ("b", b"hello hello hello hello")];
    vec![
        ("zip", seed(0, zip(two))),
        ("stored-zip", seed(0, stored_zip(two))),
        ("nested-zip", seed(0, nest(3, b"hello"))),
        ("prefixed-zip", seed(0, [b"MZ".to_vec(), zip(two)].concat())),
        ("two-ends", seed(0, [zip(two), end_of_zip(1, 46, 0, b"comment")].concat())),
        ("bomb", seed(0, zip(&[("zeros", &vec![0; 400_000])]))),
        ("tar", seed(1, tar(two))),
        ("pax-tar", seed(1, pax_tar(&[("path", b"hello"), ("mtime", b"1.5")]))),
        ("zip-in-tar", seed(3, tar(&[("a.zip", &zip(two))]))),
        ("gzip", seed(0, [gzip(b"hello"), gzip(b"again")].concat())),
        ("tar-gzip", seed(3, tar(two))),
        ("7z", seed(2, b"7z\xBC\xAF\x27\x1C".to_vec())),
    ]
}
