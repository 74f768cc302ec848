//! Bytes at rest, and the only folder that touches them.
//!
//! A write is staged, then committed under a fresh random name; bytes under a name never change. The order that makes a
//! commit survive a power cut is in [`disk`]. Another kind of storage becomes a variant of [`Blobs`].

mod disk;
mod staged;
mod temp;

use std::{
    io::{self, Read, Seek},
    ops::Range,
    path::Path,
    sync::Arc,
};

use bytes::Bytes;
use futures_util::stream::{self, Stream};

use self::disk::Disk;
pub use self::staged::{BlockingStaged, Committed, Staged};
use crate::domain::{clock::Timestamp, ids::BlobId};

/// How much is read from or written to a file at once, and so about what a transfer costs in memory, in bytes.
pub const CHUNK: usize = 256 * 1024;

/// Where the bytes are; clones share it.
#[derive(Clone)]
pub enum Blobs {
    /// A folder on a local file system.
    Disk(Arc<Disk>),
}

/// A blob in a list.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Its name.
    pub id: BlobId,
    /// Its size in bytes.
    pub size: u64,
    /// When it got its name.
    pub modified: Timestamp,
}

/// An open blob. It stays readable even if it is deleted meanwhile.
pub struct BlobReader {
    file: Arc<std::fs::File>,
    size: u64,
}

/// Bytes to look into, for sniffers and decoders.
pub trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl Blobs {
    /// Bytes that are free where the blobs are; none if the system does not say.
    pub fn free_bytes(&self) -> Option<u64> {
        let Self::Disk(disk) = self;
        disk.free_bytes()
    }

    /// Opens the folder `root`, makes what is missing and sweeps what a killed process left half written.
    pub fn open_disk(root: &Path) -> io::Result<Self> {
        Ok(Self::Disk(Arc::new(Disk::open(root)?)))
    }

    /// Begins a write. Nothing is on disk before the first [`CHUNK`], and nothing stays if it is dropped.
    pub fn stage(&self) -> Staged {
        let Self::Disk(disk) = self;
        Staged::new(Arc::clone(disk))
    }

    /// Opens a blob; `None` if there is none of this name.
    pub async fn open(&self, id: BlobId) -> io::Result<Option<BlobReader>> {
        let Self::Disk(disk) = self;
        let disk = Arc::clone(disk);
        blocking(move || match disk.open_blob(id) {
            Ok(file) => Ok(Some(BlobReader { size: file.metadata()?.len(), file: Arc::new(file) })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Removes a blob; one that is gone already is no error.
    pub async fn delete(&self, id: BlobId) -> io::Result<()> {
        let Self::Disk(disk) = self;
        let disk = Arc::clone(disk);
        blocking(move || disk.remove_blob(id)).await
    }

    /// The blobs whose ids begin with the byte `share`, in no order: one of 256 about equal shares.
    pub async fn list(&self, share: u8) -> io::Result<Vec<Listed>> {
        let Self::Disk(disk) = self;
        let disk = Arc::clone(disk);
        blocking(move || disk.list(share)).await
    }

    /// Whether there is no blob at all.
    pub async fn is_empty(&self) -> io::Result<bool> {
        let Self::Disk(disk) = self;
        let disk = Arc::clone(disk);
        blocking(move || disk.is_empty()).await
    }

    /// How many half-written files there are in this process; for the tests' look at leftovers.
    pub async fn staged_files(&self) -> io::Result<usize> {
        let Self::Disk(disk) = self;
        let disk = Arc::clone(disk);
        blocking(move || disk.temp.count()).await
    }
}

impl BlobReader {
    /// Its size in bytes.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of `range`, in pieces of at most [`CHUNK`].
    ///
    /// A file that ends early gives an error, so that a cut answer never looks whole.
    pub fn stream(self, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::try_unfold((self.file, range), |(file, range)| async move {
            if range.is_empty() {
                return Ok(None);
            }
            let want = usize::try_from(range.end - range.start).unwrap_or(CHUNK).min(CHUNK);
            let (piece, file) = blocking(move || {
                let mut piece = vec![0; want];
                std::os::unix::fs::FileExt::read_exact_at(&*file, &mut piece, range.start)?;
                Ok((Bytes::from(piece), file))
            })
            .await?;
            let next = range.start + piece.len() as u64;
            Ok(Some((piece, (file, next..range.end))))
        })
    }

    /// Lets `look` read and seek in the bytes, on a thread that may block.
    pub async fn inspect<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut dyn ReadSeek) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let file = Arc::clone(&self.file);
        blocking(move || {
            let mut reader = &*file;
            reader.rewind()?;
            look(&mut reader)
        })
        .await
    }
}

/// Runs file work where it may block. A panic there is an error here.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
