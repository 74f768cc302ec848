//! Connections to the embedded database, lent and given back.
//!
//! sqlx's own pool asks each connection for a sign of life whenever it comes back, which for SQLite is one more trip to
//! another thread for every use. A connection to a file does not go stale, so ours come back without.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{PATIENCE, dialect};

/// How long work in the background lets requests go first.
const DEFERENCE: Duration = Duration::from_millis(50);
const GLANCE: Duration = Duration::from_millis(2);

/// A fixed number of open connections. They stay open to the end, and with them the `-wal` file.
pub(super) struct Connections {
    idle: Mutex<Vec<SqliteConnection>>,
    count: u32,
    places: Arc<Semaphore>,
    /// Requests that wait for a place.
    waiting: AtomicUsize,
}

/// A connection for as long as it is held. Dropped within a transaction, it is rolled back first.
pub(super) struct Lent {
    connection: Option<SqliteConnection>,
    place: Option<OwnedSemaphorePermit>,
    in_transaction: bool,
    home: Arc<Connections>,
}

/// Counts one who waits, until it is dropped: also when the client goes away and the wait is cut off.
struct Waiting<'c>(&'c AtomicUsize);

impl<'c> Waiting<'c> {
    fn count(waiting: &'c AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connections {
    pub(super) async fn open(options: &SqliteConnectOptions, count: u32) -> sqlx::Result<Arc<Self>> {
        let mut idle = Vec::new();
        for _ in 0..count {
            idle.push(options.connect().await?);
        }
        let places = Arc::new(Semaphore::new(idle.len()));
        Ok(Arc::new(Self { idle: Mutex::new(idle), count, places, waiting: AtomicUsize::new(0) }))
    }

    /// Waits for a free connection, in the order of asking.
    pub(super) async fn take(self: &Arc<Self>) -> sqlx::Result<Lent> {
        let counted = Waiting::count(&self.waiting);
        let waited = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        drop(counted);
        let place = waited.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = Some(connection.ok_or(sqlx::Error::PoolClosed)?);
        Ok(Lent { connection, place: Some(place), in_transaction: false, home: Arc::clone(self) })
    }

    /// As [`Connections::take`], after those who have somebody waiting for an answer, but put off for no longer than [`DEFERENCE`].
    pub(super) async fn take_later(self: &Arc<Self>) -> sqlx::Result<Lent> {
        let begun = Instant::now();
        while self.waiting.load(Ordering::Relaxed) > 0 && begun.elapsed() < DEFERENCE {
            tokio::time::sleep(GLANCE).await;
        }
        self.take().await
    }

    /// Closes all connections once they are back.
    pub(super) async fn close(&self) {
        let everyone = self.places.acquire_many(self.count).await;
        self.places.close();
        drop(everyone);
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "could not close the database properly");
            }
        }
    }

    fn give_back(&self, connection: SqliteConnection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

impl Lent {
    pub(super) fn connection(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    pub(super) async fn begin(&mut self) -> sqlx::Result<()> {
        // Set before, as a cut-off BEGIN may have happened.
        self.in_transaction = true;
        self.connection()?.execute(dialect::SQLITE_BEGIN).await?;
        Ok(())
    }

    pub(super) async fn commit(mut self) -> sqlx::Result<()> {
        self.connection()?.execute(dialect::SQLITE_COMMIT).await?;
        self.in_transaction = false;
        Ok(())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let (Some(mut connection), place) = (self.connection.take(), self.place.take()) else { return };
        if !self.in_transaction {
            self.home.give_back(connection);
            return;
        }
        // At once, not at the next use: until then the lock would keep other processes from writing.
        let home = Arc::clone(&self.home);
        // Without a runtime the process is ending, and closing the connection rolls back too.
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            // It fails if nothing was begun, which is as well.
            let _ = connection.execute(dialect::SQLITE_ROLLBACK).await;
            home.give_back(connection);
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_gives_up_waiting_is_not_counted_any_more() {
        let connections = Connections::open(&SqliteConnectOptions::new().in_memory(true), 1).await.unwrap();
        let held = connections.take().await.unwrap();
        let cut_off = tokio::time::timeout(Duration::from_millis(20), connections.take()).await;
        assert!(cut_off.is_err());
        assert_eq!(connections.waiting.load(Ordering::Relaxed), 0);
        drop(held);
        assert!(connections.take_later().await.is_ok());
    }

    #[tokio::test]
    async fn a_transaction_that_is_dropped_is_rolled_back_and_its_connection_comes_back() {
        let connections = Connections::open(&SqliteConnectOptions::new().in_memory(true), 1).await.unwrap();
        let mut lent = connections.take().await.unwrap();
        lent.begin().await.unwrap();
        lent.connection().unwrap().execute("CREATE TABLE t (x INTEGER)").await.unwrap();
        drop(lent);
        let mut again = connections.take().await.unwrap();
        again.begin().await.unwrap();
        assert!(again.connection().unwrap().execute("SELECT x FROM t").await.is_err(), "the table is gone");
    }
}
