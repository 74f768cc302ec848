//! Blobs in a folder: `objects/<first two hex digits>/<id>`, half-written ones in `tmp/`.
//!
//! A commit goes: write to a temporary name, sync the file, rename, sync the folder; only then may a row point to it. Without
//! the first sync a power cut leaves an empty file, without the second the name is gone (measured on ext4 with
//! `EXT4_IOC_SHUTDOWN`). A failed sync is never repeated on the same file, as the kernel drops the dirty pages: the
//! write fails and its temporary file goes.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use super::{Listed, temp::TempFolder};
use crate::domain::{clock::Clock, ids::BlobId};

const SHARDS: usize = 256;

/// A folder of blobs.
pub struct Disk {
    objects: PathBuf,
    shards: Vec<OnceLock<File>>,
    pub(super) temp: TempFolder,
}

impl Disk {
    pub(super) fn free_bytes(&self) -> Option<u64> {
        let system = rustix::fs::statvfs(&self.objects).ok()?;
        system.f_bavail.checked_mul(system.f_frsize)
    }

    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let objects = root.join("objects");
        fs::create_dir_all(&objects)?;
        // Made now, so that no upload ever needs a new folder and its parent synced.
        for shard in 0..SHARDS {
            match fs::create_dir(objects.join(format!("{shard:02x}"))) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        let temp = TempFolder::open(&root.join("tmp"))?;
        for folder in [objects.as_path(), root].into_iter().chain(root.parent()) {
            sync_folder(folder)?;
        }
        Ok(Self { objects, shards: (0..SHARDS).map(|_| OnceLock::new()).collect(), temp })
    }

    fn shard(id: BlobId) -> usize {
        usize::from(id.0.as_bytes()[0])
    }

    fn path(&self, id: BlobId) -> PathBuf {
        self.objects.join(format!("{:02x}", Self::shard(id))).join(id.0.simple().to_string())
    }

    /// Gives a written file its name, durably.
    ///
    /// Its age counts from here: a file may have had all its bytes long before the request that brought it ends.
    pub(super) fn publish(&self, file: &File, temp: &Path, id: BlobId) -> io::Result<()> {
        file.set_modified(Clock::System.now().into())?;
        file.sync_all()?;
        fs::rename(temp, self.path(id))?;
        self.shard_folder(id)?.sync_all()
    }

    fn shard_folder(&self, id: BlobId) -> io::Result<&File> {
        let slot = &self.shards[Self::shard(id)];
        if let Some(folder) = slot.get() {
            return Ok(folder);
        }
        let folder = File::open(self.objects.join(format!("{:02x}", Self::shard(id))))?;
        Ok(slot.get_or_init(|| folder))
    }

    pub(super) fn open_blob(&self, id: BlobId) -> io::Result<File> {
        File::open(self.path(id))
    }

    pub(super) fn remove_blob(&self, id: BlobId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            outcome => outcome,
        }
    }

    /// The blobs whose ids begin with the byte `shard`.
    pub(super) fn list(&self, shard: u8) -> io::Result<Vec<Listed>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.objects.join(format!("{shard:02x}")))? {
            let entry = entry?;
            let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<BlobId>().ok()) else { continue };
            match entry.metadata() {
                Ok(data) => found.push(Listed { id, size: data.len(), modified: data.modified()?.into() }),
                // Deleted meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    pub(super) fn is_empty(&self) -> io::Result<bool> {
        for shard in fs::read_dir(&self.objects)? {
            if fs::read_dir(shard?.path())?.next().is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}
