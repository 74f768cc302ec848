//! A part of a file as if it were a file, so that stored members need no copy; and reading at a place.

use std::io::{self, Read, Seek, SeekFrom};

pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek + ?Sized> ReadSeek for T {}

pub(super) struct Window<'a> {
    file: &'a mut dyn ReadSeek,
    start: u64,
    size: u64,
    at: u64,
}

impl<'a> Window<'a> {
    /// The `size` bytes from `start`, which must be in the file.
    pub(super) fn new(file: &'a mut dyn ReadSeek, start: u64, size: u64) -> Self {
        Self { file, start, size, at: 0 }
    }
}

impl Read for Window<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let want = buffer.len().min(left);
        if want == 0 {
            return Ok(0);
        }
        // The file is shared with whoever made the window.
        self.file.seek(SeekFrom::Start(self.start + self.at))?;
        let length = self.file.read(&mut buffer[..want])?;
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for Window<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// The bytes from `start`, fewer than `most` only at the file's end.
pub(super) fn read_up_to(file: &mut dyn ReadSeek, start: u64, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The `N` bytes from `start`, if the file has them.
pub(super) fn read_at<const N: usize>(file: &mut dyn ReadSeek, start: u64) -> io::Result<Option<[u8; N]>> {
    Ok(read_up_to(file, start, N)?.try_into().ok())
}
