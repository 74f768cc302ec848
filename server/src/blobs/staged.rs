//! A write on its way: staged, hashed as it comes, then committed or dropped.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::{CHUNK, blocking, disk::Disk};
use crate::domain::{file::Blob, ids::BlobId};

/// Dirty pages are written out at this distance, so that the sync at a large file's end does not hold up everybody else's.
const WRITE_OUT_EVERY: u64 = 64 * 1024 * 1024;

/// Bytes that are arriving. Dropped before [`Staged::commit`], they leave nothing.
pub struct Staged {
    /// Away while a thread works on it.
    sink: Option<Sink>,
    buffer: Vec<u8>,
    size: u64,
}

struct Sink {
    disk: Arc<Disk>,
    id: BlobId,
    file: Option<TempFile>,
    hash: Sha256,
    since_write_out: u64,
}

struct TempFile {
    file: File,
    path: PathBuf,
    renamed: bool,
}

/// Removes something large where it holds up nobody: gigabytes take a while. Without a runtime, here and now.
fn aside(remove: impl FnOnce() + Send + 'static) {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn_blocking(remove)),
        Err(_) => remove(),
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        if !self.renamed {
            let path = std::mem::take(&mut self.path);
            aside(move || {
                // What cannot be removed now is swept at the next start.
                let _ = fs::remove_file(path);
            });
        }
    }
}

impl Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let temp = match &mut self.file {
            Some(temp) => temp,
            slot @ None => {
                let path = self.disk.temp.path(self.id);
                let file = File::create_new(&path)?;
                slot.insert(TempFile { file, path, renamed: false })
            }
        };
        temp.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.since_write_out += bytes.len() as u64;
        if self.since_write_out >= WRITE_OUT_EVERY {
            temp.file.sync_data()?;
            self.since_write_out = 0;
        }
        Ok(())
    }

    fn publish(&mut self) -> io::Result<()> {
        let temp = self.file.as_mut().ok_or_else(|| io::Error::other("nothing was written"))?;
        let published = self.disk.publish(&temp.file, &temp.path, self.id);
        temp.renamed = published.is_ok();
        if published.is_err() {
            // The rename may have happened before the folder's sync failed.
            let _ = self.disk.remove_blob(self.id);
        }
        published
    }
}

impl Staged {
    pub(super) fn new(disk: Arc<Disk>) -> Self {
        let sink = Sink { disk, id: BlobId::random(), file: None, hash: Sha256::new(), since_write_out: 0 };
        Self { sink: Some(sink), buffer: Vec::new(), size: 0 }
    }

    /// Bytes so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Takes more bytes. After an error the write is over.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < CHUNK {
            return Ok(());
        }
        let (mut sink, mut buffer) = (self.take_sink()?, std::mem::take(&mut self.buffer));
        let (sink, buffer) = blocking(move || {
            sink.write(&buffer)?;
            buffer.clear();
            Ok((sink, buffer))
        })
        .await?;
        self.sink = Some(sink);
        self.buffer = buffer;
        Ok(())
    }

    /// Writes out what is buffered and lets go of the buffer, when no more bytes are on their way.
    pub async fn write_out(&mut self) -> io::Result<()> {
        let (mut sink, buffer) = (self.take_sink()?, std::mem::take(&mut self.buffer));
        let sink = blocking(move || {
            sink.write(&buffer)?;
            Ok(sink)
        })
        .await?;
        self.sink = Some(sink);
        Ok(())
    }

    /// Makes the bytes durable under their final name: write, sync, rename, sync the folder.
    ///
    /// The caller must [`Committed::keep`] it before it commits a row that points to it.
    pub async fn commit(mut self) -> io::Result<Committed> {
        let (mut sink, buffer, size) = (self.take_sink()?, std::mem::take(&mut self.buffer), self.size);
        blocking(move || {
            sink.write(&buffer)?;
            sink.publish()?;
            let blob = Blob { id: sink.id, size, sha256: sink.hash.finalize().into() };
            Ok(Committed { blob, disk: Some(sink.disk) })
        })
        .await
    }

    fn take_sink(&mut self) -> io::Result<Sink> {
        self.sink.take().ok_or_else(|| io::Error::other("the write has already failed"))
    }
}

/// A write by a thread that may block.
pub struct BlockingStaged(Staged);

impl Staged {
    /// For a thread that may block.
    pub const fn blocking(self) -> BlockingStaged {
        BlockingStaged(self)
    }
}

impl BlockingStaged {
    /// Back to the asynchronous side, to be committed.
    pub fn into_inner(self) -> Staged {
        self.0
    }
}

impl Write for BlockingStaged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Staged { sink, buffer, size } = &mut self.0;
        buffer.extend_from_slice(bytes);
        *size += bytes.len() as u64;
        if buffer.len() >= CHUNK {
            sink.as_mut().ok_or_else(|| io::Error::other("the write has already failed"))?.write(buffer)?;
            buffer.clear();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // What is buffered is written at the commit.
        Ok(())
    }
}

/// A durable blob that nothing points to yet. Dropped, it is removed again.
pub struct Committed {
    blob: Blob,
    /// Gone once it is kept.
    disk: Option<Arc<Disk>>,
}

impl Committed {
    /// What was written.
    pub const fn blob(&self) -> &Blob {
        &self.blob
    }

    /// From now on a row may point to it. Call this before the transaction's commit: if the commit's outcome is unknown, an orphan
    /// blob does no harm, a row without bytes does.
    pub fn keep(mut self) {
        self.disk = None;
    }
}

impl Drop for Committed {
    fn drop(&mut self) {
        let Some(disk) = self.disk.take() else { return };
        let id = self.blob.id;
        aside(move || {
            if let Err(error) = disk.remove_blob(id) {
                tracing::warn!(blob = %id, %error, "could not remove the bytes of a refused upload");
            }
        });
    }
}
