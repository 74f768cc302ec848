//! Group commit for SQLite: commits that wait together share one sync of the write-ahead log.
//!
//! With `synchronous=NORMAL` SQLite's COMMIT only writes to the `-wal` file. [`WalSync::durable`] then waits until a sync
//! has covered everything written so far: one thread syncs, whoever came before the sync began is covered by it, the rest
//! wait for the next. Measured against `synchronous=FULL` and under power cuts: `docs/decisions/0003-group-commit.md`.
//!
//! Conditions: the `-wal` file lives as long as the process (the writer connection never closes), its folder is synced
//! once, and a failed sync ends the process, because the kernel forgets which pages it could not write
//! (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).

use std::{
    ffi::OsString,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use tokio::sync::watch;

/// Counts commits, and how many of them a sync has covered.
pub(super) struct WalSync {
    shared: Arc<Shared>,
    covered: watch::Receiver<u64>,
}

struct Shared {
    commits: Mutex<Commits>,
    more: Condvar,
}

#[derive(Default)]
struct Commits {
    made: u64,
    closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Commits> {
        self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WalSync {
    /// Watches over the log of `database`, which must be open and have been written to.
    pub(super) fn open(database: &Path) -> io::Result<Self> {
        let mut name = OsString::from(database);
        name.push("-wal");
        let wal = File::open(PathBuf::from(name))?;
        if let Some(folder) = database.parent() {
            File::open(folder)?.sync_all()?;
        }
        let shared = Arc::new(Shared { commits: Mutex::default(), more: Condvar::new() });
        let (covers, covered) = watch::channel(0);
        let worker = Arc::clone(&shared);
        thread::Builder::new().name("wal-sync".to_owned()).spawn(move || sync_loop(&worker, &wal, &covers))?;
        Ok(Self { shared, covered })
    }

    /// Returns once everything that was committed before this call is on stable storage.
    pub(super) async fn durable(&self) {
        let ticket = {
            let mut commits = self.shared.lock();
            commits.made += 1;
            self.shared.more.notify_one();
            commits.made
        };
        let mut covered = self.covered.clone();
        // Fails only when the thread has ended, which it does after the last handle on the database.
        let _ = covered.wait_for(|done| *done >= ticket).await;
    }
}

impl Drop for WalSync {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.more.notify_one();
    }
}

fn sync_loop(shared: &Shared, wal: &File, covers: &watch::Sender<u64>) {
    let mut done = 0;
    loop {
        let target = {
            let mut commits = shared.lock();
            while commits.made == done && !commits.closed {
                commits = shared.more.wait(commits).unwrap_or_else(PoisonError::into_inner);
            }
            if commits.made == done {
                return;
            }
            commits.made
        };
        if let Err(error) = wal.sync_data() {
            tracing::error!(%error, "syncing the database failed; stopping, as what was written may be lost");
            std::process::abort();
        }
        done = target;
        covers.send_replace(done);
    }
}
