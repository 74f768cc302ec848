//! The file system alone: the same bytes, the same syncs.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

const SHARDS: u64 = 256;

/// A folder like the service's: 256 shards beside a temporary folder.
pub(crate) struct Folder {
    root: PathBuf,
    shards: Arc<Vec<File>>,
    next: Arc<AtomicU64>,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        fs::create_dir_all(root.join("tmp")).unwrap();
        let shard = |n: u64| {
            let path = root.join(n.to_string());
            fs::create_dir(&path).unwrap();
            File::open(path).unwrap()
        };
        Self { root: root.to_owned(), shards: Arc::new((0..SHARDS).map(shard).collect()), next: Arc::default() }
    }

    /// Writes one file durably at each call.
    pub(crate) fn writer(&self) -> impl FnMut() + use<> {
        let (root, shards, next) = (self.root.clone(), Arc::clone(&self.shards), Arc::clone(&self.next));
        let bytes = vec![7; super::SIZE];
        move || {
            let n = next.fetch_add(1, Ordering::Relaxed);
            // Spread as a hash would: neighbours in time go to different shards.
            let shard = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56;
            let temp = root.join("tmp").join(n.to_string());
            let mut file = File::create_new(&temp).unwrap();
            file.write_all(&bytes).unwrap();
            file.sync_all().unwrap();
            fs::rename(&temp, root.join(shard.to_string()).join(n.to_string())).unwrap();
            shards[usize::try_from(shard).unwrap()].sync_all().unwrap();
        }
    }
}
