//! Copies of pictures without their metadata.
//!
//! A format is one function that reads its file from front to back through a [`Copier`]: what it knows and needs it keeps, what
//! it does not know it drops, and what it cannot tell apart it refuses. To add one, write that function and name it in [`of`].

mod gif;
mod jpeg;
mod png;
mod webp;

use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write};

use crate::{Format, Problem, Stripped};

pub(crate) type Strip = fn(&mut Copier<'_>) -> Result<(), Problem>;

/// How to strip this format, if it can be done.
pub(crate) fn of(format: Format) -> Option<Strip> {
    match format {
        Format::Jpeg => Some(jpeg::strip),
        Format::Png => Some(png::strip),
        Format::Gif => Some(gif::strip),
        Format::WebP => Some(webp::strip),
        Format::Bmp | Format::Tiff => None,
    }
}

pub(crate) fn run(strip: Strip, reader: impl Read + Seek, out: impl Write) -> Result<Stripped, Problem> {
    let mut source = BufReader::new(reader);
    let mut out = BufWriter::new(out);
    let mut copier = Copier { source: &mut source, out: &mut out, changed: false };
    strip(&mut copier)?;
    copier.end()?;
    let changed = copier.changed;
    out.flush().map_err(Problem::Io)?;
    Ok(if changed { Stripped::Changed } else { Stripped::Unchanged })
}

pub(crate) trait Source: BufRead + Seek {}
impl<T: BufRead + Seek> Source for T {}

/// Reads the original and writes the copy, and knows whether they differ.
pub(crate) struct Copier<'a> {
    source: &'a mut dyn Source,
    out: &'a mut dyn Write,
    changed: bool,
}

impl Copier<'_> {
    /// The next bytes of the original; the caller decides what becomes of them.
    fn read<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes).map_err(ended)?;
        Ok(bytes)
    }

    /// As [`read`](Self::read), for a length that the file says.
    fn read_vec(&mut self, length: u16) -> Result<Vec<u8>, Problem> {
        let mut bytes = vec![0; length.into()];
        self.source.read_exact(&mut bytes).map_err(ended)?;
        Ok(bytes)
    }

    /// Writes bytes that were just read.
    fn keep(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.out.write_all(bytes).map_err(Problem::Io)
    }

    /// Writes `new` where the original has `old`.
    fn replace(&mut self, old: &[u8], new: &[u8]) -> Result<(), Problem> {
        self.changed |= old != new;
        self.keep(new)
    }

    /// Leaves out bytes that were just read.
    fn drop_read(&mut self) {
        self.changed = true;
    }

    /// Keeps the next `length` bytes.
    fn copy(&mut self, length: u64) -> Result<(), Problem> {
        self.pass(length, true)
    }

    /// Leaves out the next `length` bytes.
    fn skip(&mut self, length: u64) -> Result<(), Problem> {
        self.changed |= length > 0;
        self.pass(length, false)
    }

    fn pass(&mut self, mut length: u64, keep: bool) -> Result<(), Problem> {
        while length > 0 {
            let buffer = self.source.fill_buf().map_err(Problem::Io)?;
            let piece = buffer.len().min(usize::try_from(length).unwrap_or(usize::MAX));
            if piece == 0 {
                return Err(ended(io::ErrorKind::UnexpectedEof.into()));
            }
            if keep {
                self.out.write_all(&buffer[..piece]).map_err(Problem::Io)?;
            }
            self.source.consume(piece);
            length -= piece as u64;
        }
        Ok(())
    }

    /// Keeps what comes before the next `byte`, and reads that.
    fn copy_until(&mut self, byte: u8) -> Result<(), Problem> {
        loop {
            let buffer = self.source.fill_buf().map_err(Problem::Io)?;
            if buffer.is_empty() {
                return Err(ended(io::ErrorKind::UnexpectedEof.into()));
            }
            let found = buffer.iter().position(|&b| b == byte);
            let piece = found.unwrap_or(buffer.len());
            self.out.write_all(&buffer[..piece]).map_err(Problem::Io)?;
            self.source.consume(piece + usize::from(found.is_some()));
            if found.is_some() {
                return Ok(());
            }
        }
    }

    /// The picture is over: nothing that follows comes along.
    fn end(&mut self) -> Result<(), Problem> {
        self.changed |= !self.source.fill_buf().map_err(Problem::Io)?.is_empty();
        Ok(())
    }
}

fn ended(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Problem::broken("it ends too soon"),
        _ => Problem::Io(error),
    }
}
