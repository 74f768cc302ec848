//! Which media type the bytes of a file show, whatever its name and its sender say.

use std::{
    io::{self, Read, Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use file_format::FileFormat;

use crate::{
    blobs::{BlobReader, ReadSeek},
    domain::{media, packages},
};

/// Reads and seeks that telling a type may take. A honest file takes some dozens; a reader of the file-format crate that walks a list
/// would walk one of half a billion entries to its end.
const SNIFF_STEPS: u32 = 10_000;

/// Members of a zip archive that are looked at.
const MOST_MEMBERS: usize = 1024;
/// Bytes of the record at the end of a zip archive, without its comment (APPNOTE.TXT 6.3.10, section 4.3.16).
const ZIP_END: usize = 22;

/// The media type that the bytes show.
pub(super) async fn sniff(bytes: &BlobReader, name: String) -> io::Result<String> {
    bytes
        .inspect(move |reader: &mut dyn ReadSeek| {
            let mut head = Vec::with_capacity(media::HEAD_BYTES);
            reader.take(media::HEAD_BYTES as u64).read_to_end(&mut head)?;
            reader.rewind()?;
            let steps = Steps { reader: &mut *reader, left: SNIFF_STEPS };
            let read = catch_unwind(AssertUnwindSafe(|| FileFormat::from_reader(io::BufReader::new(steps))));
            // A file that its own format's reader cannot follow is told by its first bytes alone.
            let format = read.ok().and_then(std::result::Result::ok).unwrap_or_else(|| FileFormat::from_bytes(&head));
            if format == FileFormat::Zip
                && let Some(package) = package(reader)?
            {
                return Ok(package);
            }
            Ok(media::refine(format.media_type(), &head, &name))
        })
        .await
}

/// A reader that fails after so many steps.
struct Steps<'a> {
    reader: &'a mut dyn ReadSeek,
    left: u32,
}

impl Steps<'_> {
    fn step(&mut self) -> io::Result<()> {
        self.left = self.left.checked_sub(1).ok_or_else(|| io::Error::other("too many steps"))?;
        Ok(())
    }
}

impl Read for Steps<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.step()?;
        self.reader.read(buffer)
    }
}

impl Seek for Steps<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.step()?;
        self.reader.seek(to)
    }
}

/// What a zip archive is by its members, if more than that. Nothing that the file says of itself decides how much is read at once.
fn package(file: &mut dyn ReadSeek) -> io::Result<Option<String>> {
    let size = file.seek(SeekFrom::End(0))?;
    let tail_at = size.saturating_sub((ZIP_END + usize::from(u16::MAX)) as u64);
    let tail = read_at(file, tail_at, ZIP_END + usize::from(u16::MAX))?;
    let Some(end) = memchr::memmem::rfind(&tail, b"PK\x05\x06") else { return Ok(None) };
    // The directory lies just before its end, whatever precedes the archive; one with a zip64 end gives its place only there.
    let mut start = (tail_at + end as u64).checked_sub(number(&tail, end + 12, 4));
    if let Some(locator) = end.checked_sub(20).filter(|at| tail[*at..].starts_with(b"PK\x06\x07")) {
        let record = read_at(file, number(&tail, locator + 8, 8), 56)?;
        start = Some(number(&record, 48, 8));
    }
    let Some(start) = start.filter(|start| *start < size) else { return Ok(None) };
    file.seek(SeekFrom::Start(start))?;
    let mut directory = io::BufReader::new(file);
    let mut found = None;
    for _ in 0..MOST_MEMBERS {
        let mut member = [0; 46];
        if directory.read_exact(&mut member).is_err() || !member.starts_with(b"PK\x01\x02") {
            break;
        }
        let mut name = vec![0; usize::try_from(number(&member, 28, 2)).unwrap_or(0)];
        if directory.read_exact(&mut name).is_err() {
            break;
        }
        let name = String::from_utf8_lossy(&name);
        if name == packages::DECLARATION {
            return declared(directory.into_inner(), number(&member, 42, 4), number(&member, 20, 4));
        }
        if let Some(mime) = packages::by_member(&name) {
            found = Some(mime.to_owned());
            if !packages::is_vague(mime) {
                break;
            }
        }
        directory.seek_relative(i64::try_from(number(&member, 30, 2) + number(&member, 32, 2)).unwrap_or(0))?;
    }
    Ok(found)
}

/// What the member [`packages::DECLARATION`], whose header is at `at`, says.
fn declared(file: &mut dyn ReadSeek, at: u64, size: u64) -> io::Result<Option<String>> {
    let Some(size) = usize::try_from(size).ok().filter(|size| *size <= packages::LONGEST_DECLARATION) else { return Ok(None) };
    let header = read_at(file, at, 30)?;
    let contents = read_at(file, at + 30 + number(&header, 26, 2) + number(&header, 28, 2), size)?;
    Ok(packages::by_declaration(&contents))
}

/// At most `most` bytes from a place on.
fn read_at(file: &mut dyn ReadSeek, at: u64, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(most);
    // A place that no file has is past the end of this one.
    if file.seek(SeekFrom::Start(at)).is_ok() {
        file.take(most as u64).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// A little-endian number of `length` bytes; 0 if they are not there.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let found = bytes.get(at..at + length).unwrap_or_default();
    found.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, contents) in members {
            zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
            zip.write_all(contents).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn shown(bytes: Vec<u8>) -> Option<String> {
        package(&mut Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn an_archive_is_known_by_its_members() {
        let text = b"application/vnd.oasis.opendocument.text";
        for (members, mime) in [
            (&[("[Content_Types].xml", &b"x"[..]), ("word/document.xml", b"x")][..], "wordprocessingml.document"),
            (&[("xl/workbook.xml", b"x")], "spreadsheetml.sheet"),
            (&[("mimetype", text), ("content.xml", b"x")], "opendocument.text"),
            (&[("mimetype", b"application/epub+zip")], "epub+zip"),
            (&[("META-INF/MANIFEST.MF", b"x"), ("a.class", b"x")], "java-archive"),
            (&[("META-INF/MANIFEST.MF", b"x"), ("AndroidManifest.xml", b"x")], "android.package-archive"),
        ] {
            assert!(shown(zip(members)).unwrap().ends_with(mime), "{mime}");
        }
        let after_a_program = [b"a program".to_vec(), zip(&[("ppt/presentation.xml", b"x")])].concat();
        assert!(shown(after_a_program).unwrap().ends_with("presentationml.presentation"));
        for members in [&[][..], &[("a", &b"x"[..])], &[("mimetype", b"text/html")], &[("mimetype", &[b'x'; 200])]] {
            assert_eq!(shown(zip(members)), None);
        }
    }

    #[test]
    fn no_damage_makes_the_look_into_an_archive_panic() {
        let whole = zip(&[("a", b"x"), ("mimetype", b"application/epub+zip")]);
        for at in 0..whole.len() {
            for value in [0, 1, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at..whole.len().min(at + 4)].fill(value);
                let _ = package(&mut Cursor::new(bytes));
            }
            let _ = package(&mut Cursor::new(whole[..at].to_vec()));
        }
    }
}
