//! Archives for the tests: made by the crates, then broken by hand.

use std::io::{Cursor, Write};

use flate2::{Compression, write::GzEncoder};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub(crate) const MIB: usize = 1024 * 1024;
pub(crate) const END: &[u8] = b"PK\x05\x06";
pub(crate) const CENTRAL: &[u8] = b"PK\x01\x02";
pub(crate) const LOCAL: &[u8] = b"PK\x03\x04";

/// The harmless test file that every scanner knows. In two halves, or scanners would take this source for it.
pub(crate) fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].concat().into_bytes()
}

/// Bytes that do not compress, always the same; they repeat further apart than gzip looks.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let pattern: Vec<u8> = (0..8192).flat_map(|_| next()).collect();
    let mut noise = pattern.repeat(length.div_ceil(pattern.len()));
    noise.truncate(length);
    noise
}

fn zip_with(method: CompressionMethod, members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in members {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(contents).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(CompressionMethod::Deflated, members)
}

pub(crate) fn stored_zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(CompressionMethod::Stored, members)
}

/// `levels` zips inside one another around `contents`.
pub(crate) fn nest(levels: usize, contents: &[u8]) -> Vec<u8> {
    (0..levels).fold(contents.to_vec(), |inner, _| zip(&[("inner", &inner)]))
}

pub(crate) fn gzip(contents: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(contents).unwrap();
    gzip.finish().unwrap()
}

pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, contents) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(contents.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *contents).unwrap();
    }
    tar.into_inner().unwrap()
}

/// A tar of one member whose header is as `change` leaves it, with a good checksum.
pub(crate) fn tar_of(contents: &[u8], change: impl FnOnce(&mut tar::Header)) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("member").unwrap();
    header.set_size(contents.len() as u64);
    header.set_mode(0o644);
    change(&mut header);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(contents);
    bytes.resize(bytes.len().next_multiple_of(512) + 1024, 0);
    bytes
}

/// A tar with pax records before its member.
pub(crate) fn pax_tar(records: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    tar.append_pax_extensions(records.iter().copied()).unwrap();
    let mut bytes = tar.into_inner().unwrap();
    bytes.truncate(bytes.len() - 1024);
    bytes.extend(tar_of(b"hello", |_| {}));
    bytes
}

/// Where a mark is for the `nth` time.
pub(crate) fn find(bytes: &[u8], mark: &[u8], nth: usize) -> usize {
    bytes.windows(mark.len()).enumerate().filter(|(_, window)| *window == mark).nth(nth).unwrap().0
}

/// Overwrites what is `at` bytes after the `nth` mark.
pub(crate) fn patch(mut bytes: Vec<u8>, mark: &[u8], nth: usize, at: usize, value: &[u8]) -> Vec<u8> {
    let from = find(&bytes, mark, nth) + at;
    bytes[from..from + value.len()].copy_from_slice(value);
    bytes
}

/// Puts `inserted` before the directory and mends the offset of the directory.
pub(crate) fn before_directory(mut bytes: Vec<u8>, inserted: &[u8]) -> Vec<u8> {
    let directory = find(&bytes, CENTRAL, 0);
    let offset = u32::try_from(directory + inserted.len()).unwrap();
    bytes.splice(directory..directory, inserted.iter().copied());
    patch(bytes, END, 0, 16, &offset.to_le_bytes())
}

/// An end with its directory's entries, size and offset.
pub(crate) fn end_of_zip(entries: u16, size: u32, offset: u32, comment: &[u8]) -> Vec<u8> {
    let mut end = END.to_vec();
    end.extend([0; 4]);
    end.extend(entries.to_le_bytes());
    end.extend(entries.to_le_bytes());
    end.extend(size.to_le_bytes());
    end.extend(offset.to_le_bytes());
    end.extend(u16::try_from(comment.len()).unwrap().to_le_bytes());
    end.extend(comment);
    end
}
