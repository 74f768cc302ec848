//! Which media type the bytes of a file show, whatever its name and its sender say.

use std::{
    io::{self, Read, Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use file_format::FileFormat;

use crate::{
    blobs::{BlobReader, ReadSeek},
    domain::media,
};

/// Reads and seeks that telling a type may take. A honest file takes some dozens; a reader of the file-format crate that walks a list
/// would walk one of half a billion entries to its end.
const SNIFF_STEPS: u32 = 10_000;

/// The media type that the bytes show.
pub(super) async fn sniff(bytes: &BlobReader, name: String) -> io::Result<String> {
    bytes
        .inspect(move |reader: &mut dyn ReadSeek| {
            let mut head = Vec::with_capacity(media::HEAD_BYTES);
            reader.take(media::HEAD_BYTES as u64).read_to_end(&mut head)?;
            reader.rewind()?;
            let steps = Steps { reader, left: SNIFF_STEPS };
            let read = catch_unwind(AssertUnwindSafe(|| FileFormat::from_reader(io::BufReader::new(steps))));
            // A file that its own format's reader cannot follow is told by its first bytes alone.
            let format = read.ok().and_then(std::result::Result::ok).unwrap_or_else(|| FileFormat::from_bytes(&head));
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
