//! Our own look into archives, before a scanner's `clean` is believed.
//!
//! A scanner passes over what goes beyond its limits, and may still say that all is well. So we unpack ourselves, count, and
//! stop at the first limit. The bytes decide, never a name or a declared type or size. Whatever could be read in two ways is
//! refused, because the scanner might read it one way and the receiver the other.
//!
//! One more format: a file with a function `look` (see [`Look`]) and its name in [`FORMATS`].

mod foreign;
mod gzip;
mod tar;
mod window;
mod zip;
mod zip_directory;

use std::{
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use tempfile::SpooledTempFile;

use self::window::{ReadSeek, Window};

/// How far we go. The scanner must go at least as far.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest file, and largest member of an archive, in bytes.
    pub max_file_size: u64,
    /// Most bytes of the file and of all its members on all levels, unpacked.
    pub max_unpacked: u64,
    /// Most members on all levels.
    pub max_members: u64,
    /// Most archives inside one another; 1 is an archive of plain files.
    pub max_depth: u32,
    /// Whether archives of formats that we cannot open are left to the scanner, or are not scannable.
    pub trust_other_archives: bool,
}

/// Bytes of a member that are unpacked in memory; more goes to an unnamed file.
const IN_MEMORY: usize = 1024 * 1024;
/// How much is unpacked at once, in bytes.
const PIECE: usize = 64 * 1024;

/// A look at one file: whether it is of this format. Its members go to [`Inspection::in_place`] or [`Inspection::unpack`].
type Look = fn(&mut Inspection<'_>, &mut Subject<'_>) -> Result<bool, Stop>;

/// A file may be of several formats at once, and then each is followed.
const FORMATS: [Look; 3] = [zip::look, gzip::look, tar::look];

/// Looks for archives in a file and follows them to their ends. `Some` says, for a person, why a scanner's word would not
/// do. `spool` is a folder for unnamed files, which take at most `max_unpacked` bytes.
///
/// Blocking. An error is a failure to read the file or to write to `spool`.
pub fn inspect(reader: &mut (impl Read + Seek + ?Sized), limits: &Limits, spool: &Path) -> io::Result<Option<String>> {
    let mut inspection = Inspection { limits, spool, members: 0, unpacked: 0 };
    match inspection.whole_file(&mut { reader }) {
        Ok(()) => Ok(None),
        Err(Stop::Refused(why)) => Ok(Some(why)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why a look ends early.
enum Stop {
    /// Not scannable.
    Refused(String),
    /// Not the archive's fault.
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

fn refuse<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Refused(why.into()))
}

/// What is known of a file before its format is.
struct Subject<'a> {
    file: &'a mut dyn ReadSeek,
    size: u64,
    head: Vec<u8>,
    depth: u32,
}

/// What was counted so far.
struct Inspection<'a> {
    limits: &'a Limits,
    spool: &'a Path,
    members: u64,
    unpacked: u64,
}

impl Inspection<'_> {
    fn whole_file(&mut self, file: &mut dyn ReadSeek) -> Result<(), Stop> {
        // Scanners count it as well.
        let size = file.seek(SeekFrom::End(0))?;
        self.check_size(size)?;
        self.count_bytes(size)?;
        // A window takes any place to seek to; the system has an error for the largest.
        self.file(&mut Window::new(file, 0, size), 0)
    }

    fn file(&mut self, file: &mut dyn ReadSeek, depth: u32) -> Result<(), Stop> {
        let size = file.seek(SeekFrom::End(0))?;
        self.check_size(size)?;
        let head = window::read_up_to(file, 0, foreign::HEAD)?;
        let mut subject = Subject { file, size, head, depth };
        let mut known = false;
        for look in FORMATS {
            known |= look(self, &mut subject)?;
        }
        match foreign::name_of(&subject.head) {
            Some(name) if !known && !self.limits.trust_other_archives => {
                refuse(format!("archives of the format {name} cannot be looked into"))
            }
            _ => Ok(()),
        }
    }

    /// To be called by a format that knows a file to be its own.
    fn enter(&self, subject: &Subject<'_>) -> Result<(), Stop> {
        if subject.depth >= self.limits.max_depth {
            return refuse(format!("there are more than {} archives inside one another", self.limits.max_depth));
        }
        Ok(())
    }

    /// To be called for each member before anything is kept of it.
    fn count_member(&mut self) -> Result<(), Stop> {
        self.members += 1;
        if self.members > self.limits.max_members {
            return refuse(format!("the archive has more than {} members", self.limits.max_members));
        }
        Ok(())
    }

    fn count_bytes(&mut self, more: u64) -> Result<(), Stop> {
        self.unpacked = self.unpacked.saturating_add(more);
        if self.unpacked > self.limits.max_unpacked {
            return refuse(format!("the archive and what it unpacks to have more than {} bytes", self.limits.max_unpacked));
        }
        Ok(())
    }

    fn check_size(&self, size: u64) -> Result<(), Stop> {
        if size > self.limits.max_file_size {
            return refuse(format!("the file, or one in the archive, is larger than {} bytes", self.limits.max_file_size));
        }
        Ok(())
    }

    /// Looks at a member that is stored as it is, where it is.
    fn in_place(&mut self, subject: &mut Subject<'_>, start: u64, size: u64) -> Result<(), Stop> {
        self.check_size(size)?;
        self.count_bytes(size)?;
        self.file(&mut Window::new(subject.file, start, size), subject.depth + 1)
    }

    /// Adds what `packed` unpacks to to `unpacked`. An error of `packed` that a decoder makes is the archive's fault.
    fn unpack(&mut self, packed: &mut dyn Read, unpacked: &mut Unpacked) -> Result<(), Stop> {
        let mut piece = vec![0; PIECE];
        loop {
            let length = match packed.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(damaged_or_failed(error)),
            };
            unpacked.size += length as u64;
            self.check_size(unpacked.size)?;
            self.count_bytes(length as u64)?;
            unpacked.file.write_all(&piece[..length])?;
        }
    }

    fn new_file(&self) -> Unpacked {
        Unpacked { file: tempfile::spooled_tempfile_in(IN_MEMORY, self.spool), size: 0 }
    }
}

/// A member that had to be unpacked.
struct Unpacked {
    file: SpooledTempFile,
    size: u64,
}

/// Whether nothing but zeros is left.
fn only_zeros(reader: &mut dyn Read) -> io::Result<bool> {
    let mut piece = vec![0; PIECE];
    loop {
        match reader.read(&mut piece)? {
            0 => return Ok(true),
            length if piece[..length].iter().any(|byte| *byte != 0) => return Ok(false),
            _ => {}
        }
    }
}

/// Decoders say with these kinds that their input is bad; what the system says has its own number.
fn damaged_or_failed(error: io::Error) -> Stop {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof) && error.raw_os_error().is_none() {
        true => Stop::Refused(format!("the archive is damaged: {error}")),
        false => Stop::Failed(error),
    }
}
