//! The time limit and the true cause of a failure: decoders wrap, reword or swallow the errors of their reader.

use std::{
    cell::{Cell, RefCell},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    time::{Duration, Instant},
};

use crate::Problem;

/// Reads between two looks at the clock. Some decoders read byte by byte; ten bytes can be a scan of a JPEG, which is a walk
/// through all its pixels.
const READS_PER_LOOK: u32 = 64;

/// Sees every read of a picture.
pub(crate) struct Watch {
    deadline: Option<Instant>,
    reads: Cell<u32>,
    failed: RefCell<Option<io::Error>>,
}

impl Watch {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self { deadline: Instant::now().checked_add(timeout), reads: Cell::new(0), failed: RefCell::new(None) }
    }

    pub(crate) fn check(&self) -> Result<(), Problem> {
        if self.is_late() { Err(Problem::TooSlow) } else { Ok(()) }
    }

    /// The result, unless a failed read or the time limit is what lies behind it.
    pub(crate) fn judge<T>(&self, result: Result<T, Problem>) -> Result<T, Problem> {
        if let Some(error) = self.failed.take() {
            return Err(Problem::Io(error));
        }
        if result.is_err() {
            self.check()?;
        }
        result
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() > deadline)
    }

    #[inline]
    fn tick(&self) -> io::Result<()> {
        let reads = self.reads.get().wrapping_add(1);
        self.reads.set(reads);
        if reads.is_multiple_of(READS_PER_LOOK) && self.is_late() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }

    #[cold]
    fn note(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        // The first three are the decoder's, which looked for more than there is or followed a false offset.
        if !matches!(kind, io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::Interrupted) {
            self.failed.replace(Some(error));
        }
        kind.into()
    }
}

/// A buffered reader under a [`Watch`].
pub(crate) struct Watched<'a, R> {
    inner: BufReader<R>,
    watch: &'a Watch,
}

impl<'a, R: Read> Watched<'a, R> {
    pub(crate) fn new(inner: R, watch: &'a Watch) -> Self {
        Self { inner: BufReader::new(inner), watch }
    }
}

impl<R: Read> Read for Watched<'_, R> {
    #[inline]
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.watch.tick()?;
        self.inner.read(buf).map_err(|error| self.watch.note(error))
    }
}

impl<R: Read> BufRead for Watched<'_, R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.watch.tick()?;
        self.inner.fill_buf().map_err(|error| self.watch.note(error))
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
    }
}

impl<R: Read + Seek> Seek for Watched<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.watch.tick()?;
        self.inner.seek(to).map_err(|error| self.watch.note(error))
    }

    // These two keep the buffer.
    fn seek_relative(&mut self, by: i64) -> io::Result<()> {
        self.watch.tick()?;
        self.inner.seek_relative(by).map_err(|error| self.watch.note(error))
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        self.inner.stream_position().map_err(|error| self.watch.note(error))
    }
}
