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
        Self::start(move || wal.sync_data())
    }

    fn start(sync: impl Fn() -> io::Result<()> + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared { commits: Mutex::default(), more: Condvar::new() });
        let (covers, covered) = watch::channel(0);
        let worker = Arc::clone(&shared);
        thread::Builder::new().name("wal-sync".to_owned()).spawn(move || sync_loop(&worker, &sync, &covers))?;
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

fn sync_loop(shared: &Shared, sync: &impl Fn() -> io::Result<()>, covers: &watch::Sender<u64>) {
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
        if let Err(error) = sync() {
            tracing::error!(%error, "syncing the database failed; stopping, as what was written may be lost");
            std::process::abort();
        }
        done = target;
        covers.send_replace(done);
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, sync::mpsc, time::Duration};

    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_commit_made_while_a_sync_runs_waits_for_the_next() {
        let (begin, begun) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let log = WalSync::start(move || {
            begin.send(()).unwrap();
            ended.recv().unwrap();
            Ok(())
        });
        let log = log.unwrap();
        let (mut first, mut second) = (pin!(log.durable()), pin!(log.durable()));
        assert!(first.as_mut().now_or_never().is_none());
        begun.recv().unwrap();
        assert!(second.as_mut().now_or_never().is_none());
        end.send(()).unwrap();
        first.await;
        assert!(second.as_mut().now_or_never().is_none(), "the sync began before this commit");
        begun.recv_timeout(Duration::from_secs(30)).unwrap();
        end.send(()).unwrap();
        second.await;
    }
}
