//! Where half-written files live: a folder for each running process.
//!
//! Each process holds a lock on a file beside its folder. The kernel drops the lock when the process dies, however it dies, so
//! whoever starts next can tell a dead process's folder from a living one's and sweep it.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::domain::ids::BlobId;

pub(super) struct TempFolder {
    own: PathBuf,
    lock: PathBuf,
    _held: File,
}

impl TempFolder {
    /// Sweeps the folders of dead processes and makes one for this process.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        // One process at a time, or a folder could be swept between its making and its locking.
        let gate = File::create(root.join("gate"))?;
        gate.lock()?;
        sweep(root)?;
        let name = BlobId::random().0.simple().to_string();
        let (own, lock) = (root.join(&name), root.join(format!("{name}.lock")));
        let held = File::create(&lock)?;
        held.lock()?;
        fs::create_dir(&own)?;
        Ok(Self { own, lock, _held: held })
    }

    pub(super) fn path(&self, id: BlobId) -> PathBuf {
        self.own.join(id.0.simple().to_string())
    }

    pub(super) fn count(&self) -> io::Result<usize> {
        Ok(fs::read_dir(&self.own)?.count())
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // What cannot be removed now is swept at the next start.
        let _ = fs::remove_dir_all(&self.own);
        let _ = fs::remove_file(&self.lock);
    }
}

fn unless_gone<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn sweep(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "lock") {
            continue;
        }
        // A process that ends just now removes its own.
        let Some(lock) = unless_gone(File::open(&path))? else { continue };
        match lock.try_lock() {
            Ok(()) => {
                unless_gone(fs::remove_dir_all(path.with_extension("")))?;
                unless_gone(fs::remove_file(&path))?;
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(())
}
