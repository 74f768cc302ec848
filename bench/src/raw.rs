//! The file system alone: the same bytes, the same syncs.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

const SHARDS: u64 = 256;
/// About what the rows of one upload take.
const RECORD: usize = 1024;

/// A folder like the service's: 256 shards beside a temporary folder.
pub(crate) struct Folder {
    root: PathBuf,
    shards: Arc<Vec<File>>,
    log: Arc<File>,
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
        let log = OpenOptions::new().create(true).append(true).open(root.join("log")).unwrap();
        Self {
            root: root.to_owned(),
            log: Arc::new(log),
            shards: Arc::new((0..SHARDS).map(shard).collect()),
            next: Arc::default(),
        }
    }

    /// Writes one file durably at each call; with `log`, also a record to a log, as the service's database does: the same three syncs.
    pub(crate) fn writer(&self, log: bool) -> impl FnMut() + use<> {
        let (root, shards, next) = (self.root.clone(), Arc::clone(&self.shards), Arc::clone(&self.next));
        let log = log.then(|| Arc::clone(&self.log));
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
            if let Some(log) = &log {
                (&**log).write_all(&[7; RECORD]).unwrap();
                log.sync_data().unwrap();
            }
        }
    }
}
