//! The database, and the only folder that knows sqlx.
//!
//! One SQL text serves SQLite and PostgreSQL; what cannot be said in one is in `dialect.rs`. To add a query: its text into the
//! `statements!` of the file of its table (a test then prepares it on both databases), a method on [`Conn`] if it reads or on
//! [`Tx`] if it writes. To add a table: a migration of the same number and name in both folders, and a file here.

mod details;
mod dialect;
mod error;
mod inspect;
mod macros;
mod sqlite;
mod types;
mod wal_sync;

pub mod audit;
pub mod blob_folder;
pub mod deliveries;
pub mod events;
pub mod files;
pub mod holds;
pub mod idempotency;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod logins;
pub mod projects;
pub mod references;
pub mod standing;
pub mod timeline;
pub mod uploads;
pub mod usage;
pub mod usage_days;
pub mod users;
pub mod variants;
pub mod webhook_pauses;
pub mod webhooks;

use std::{
    fs::File,
    future::Future,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    PgConnection, PgPool, Postgres, SqliteConnection, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

pub use self::error::{Error, Result};
use self::{events::News, jobs::Bell, sqlite::Connections, wal_sync::WalSync};
use crate::domain::{
    clock::Timestamp,
    ids::{ProjectId, WorkspaceId},
};

/// How long a statement may wait for a connection, or for SQLite's other writing process.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the sign of life may take that [`Db::ping`] asks for.
const PULSE: Duration = Duration::from_secs(3);
/// How long [`Db::close`] waits for connections in use.
const CLOSING: Duration = Duration::from_secs(5);

/// What PostgreSQL is told of each connection. Whoever holds a row and stands still, be it a node that is cut off, must not stop the
/// others for longer than a client waits; a statement has time for all that `gc` and `fsck` ask. The level is the one that every
/// statement here is written for, whatever the server's default.
const SESSION: [(&str, &str); 4] = [
    ("lock_timeout", "3s"),
    ("statement_timeout", "60s"),
    ("idle_in_transaction_session_timeout", "30s"),
    ("default_transaction_isolation", "read committed"),
];

/// A handle on the database; clones share it.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    /// Rings when jobs were committed in this process.
    pub bell: Arc<Bell>,
    /// Tells of events that were committed in this process.
    pub news: News,
}

#[derive(Clone)]
enum Engine {
    Sqlite { read: Arc<Connections>, write: Arc<Connections>, wal: Arc<WalSync> },
    Postgres(PgPool),
}

enum Urgency {
    Request,
    Job,
}

/// A connection for reading. Its methods are in the files of the tables.
pub struct Conn(Session);

enum Session {
    Sqlite(sqlite::Lent),
    PostgresRead(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

enum Driver<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A write transaction: reads as a [`Conn`] does, and writes. Dropped without [`Tx::commit`], it changes nothing.
pub struct Tx {
    conn: Conn,
    db: Db,
    rings: Vec<jobs::Lane>,
    news: Vec<(WorkspaceId, ProjectId)>,
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Conn {
    fn driver(&mut self) -> Result<Driver<'_>> {
        Ok(match &mut self.0 {
            Session::Sqlite(lent) => Driver::Sqlite(lent.connection()?),
            Session::PostgresRead(conn) => Driver::Postgres(conn),
            Session::PostgresTx(tx) => Driver::Postgres(tx),
        })
    }

    /// The bytes that the database takes.
    pub async fn database_bytes(&mut self) -> Result<i64> {
        let sql = dialect::size(&self.driver()?);
        let row = macros::fetch_optional!(self, (i64,), sql)?;
        Ok(row.ok_or(sqlx::Error::RowNotFound)?.0)
    }

    /// The time by the database's clock.
    pub async fn now(&mut self) -> Result<Timestamp> {
        let row = macros::fetch_optional!(self, (Timestamp,), dialect::NOW)?;
        Ok(row.ok_or(sqlx::Error::RowNotFound)?.0)
    }
}

impl Db {
    /// Opens the embedded database file, makes it if it is missing, and brings its tables up to date.
    pub async fn open_sqlite(file: &Path, readers: u32) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Commits are made durable by WalSync, one sync for all that wait together.
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .pragma("wal_autocheckpoint", "4000");
        // SQLite has no lock for this, and two processes that start at once would both bring the tables up to date. From before the first
        // connection: to turn a new file into one with a log, SQLite waits for nobody and says that it is locked.
        let gate = lock(file.with_extension("lock")).await?;
        // One writer: it orders the writes.
        let write = Connections::open(&options, 1).await?;
        let mut writer = write.take().await?;
        sqlx::migrate!("migrations/sqlite").run(writer.connection()?).await?;
        drop((writer, gate));
        let read = Connections::open(&options.read_only(true), readers).await?;
        let wal = Arc::new(WalSync::open(file).map_err(sqlx::Error::Io)?);
        Ok(Self { engine: Engine::Sqlite { read, write, wal }, bell: Arc::default(), news: News::default() })
    }

    /// Connects to a PostgreSQL server and brings the tables up to date.
    pub async fn open_postgres(url: &str, connections: u32) -> Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        let pool = |most| PgPoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
        // Without the limits of SESSION: a migration takes as long as it takes.
        let migrating = pool(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/postgres").run(&migrating).await?;
        migrating.close().await;
        let pool = pool(connections).connect_with(options.options(SESSION)).await?;
        Ok(Self { engine: Engine::Postgres(pool), bell: Arc::default(), news: News::default() })
    }

    /// A connection for reading.
    pub async fn reader(&self) -> Result<Conn> {
        Ok(Conn(match &self.engine {
            Engine::Sqlite { read, .. } => Session::Sqlite(read.take().await?),
            Engine::Postgres(pool) => Session::PostgresRead(pool.acquire().await?),
        }))
    }

    /// The connection for single writing statements that stand alone and need not survive a power cut (leases).
    async fn writer(&self) -> Result<Conn> {
        Ok(Conn(match &self.engine {
            Engine::Sqlite { write, .. } => Session::Sqlite(write.take_later().await?),
            Engine::Postgres(pool) => Session::PostgresRead(pool.acquire().await?),
        }))
    }

    /// Begins a write transaction. On SQLite it is the only one until it ends, so keep it short and do no other I/O in it.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_as(Urgency::Request).await
    }

    /// As [`Db::begin`], for jobs: where there is one writer, requests go first (for 50 ms at most).
    pub async fn begin_background(&self) -> Result<Tx> {
        self.begin_as(Urgency::Job).await
    }

    async fn begin_as(&self, urgency: Urgency) -> Result<Tx> {
        let session = match &self.engine {
            Engine::Sqlite { write, .. } => {
                let mut lent = match urgency {
                    Urgency::Request => write.take().await?,
                    Urgency::Job => write.take_later().await?,
                };
                lent.begin().await?;
                Session::Sqlite(lent)
            }
            Engine::Postgres(pool) => Session::PostgresTx(pool.begin().await?),
        };
        Ok(Tx { conn: Conn(session), db: self.clone(), rings: Vec::new(), news: Vec::new() })
    }

    /// Returns once everything that was committed before this call survives a power cut.
    pub async fn durable(&self) {
        if let Engine::Sqlite { wal, .. } = &self.engine {
            wal.durable().await;
        }
    }

    /// Answers if the database does and takes writes, within 3 seconds.
    pub async fn ping(&self) -> Result<()> {
        within(PULSE, async {
            let mut tx = self.begin().await?;
            macros::execute!(tx, dialect::PING)?;
            Ok(())
        })
        .await
    }

    /// Closes all connections; waits for those in use, but for no longer than 5 seconds.
    pub async fn close(&self) {
        let closed = async {
            match &self.engine {
                Engine::Sqlite { read, write, .. } => {
                    read.close().await;
                    write.close().await;
                }
                Engine::Postgres(pool) => pool.close().await,
            }
        };
        if tokio::time::timeout(CLOSING, closed).await.is_err() {
            tracing::warn!("some statements did not end in time; the database undoes them");
        }
    }

    /// `sqlite` or `postgres`.
    pub fn engine_name(&self) -> &'static str {
        match &self.engine {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut.into()))
}

/// Waits for the only lock on a file, which ends when the file is closed.
async fn lock(file: PathBuf) -> Result<File> {
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::create(file)?;
        file.lock()?;
        Ok(file)
    });
    locked.await.map_err(io::Error::other).flatten().map_err(|error: io::Error| sqlx::Error::Io(error).into())
}

impl Tx {
    /// Commits. When this returns, the change survives a power cut.
    pub async fn commit(self) -> Result<()> {
        self.commit_visibly().await?.wait().await;
        Ok(())
    }

    /// Commits, so that others see the change. Nobody may be told of it before [`NotYetDurable::wait`] has returned.
    pub async fn commit_visibly(self) -> Result<NotYetDurable> {
        match self.conn.0 {
            Session::Sqlite(lent) => lent.commit().await?,
            Session::PostgresTx(tx) => tx.commit().await?,
            Session::PostgresRead(_) => {}
        }
        Ok(NotYetDurable { db: self.db, rings: self.rings, news: self.news })
    }
}

/// A change that a power cut could still take back.
#[must_use = "an answer must wait for it"]
pub struct NotYetDurable {
    db: Db,
    rings: Vec<jobs::Lane>,
    news: Vec<(WorkspaceId, ProjectId)>,
}

impl NotYetDurable {
    /// Returns when the change is durable, and rings for its jobs and events.
    pub async fn wait(self) {
        self.db.durable().await;
        for lane in self.rings {
            self.db.bell.ring(lane);
        }
        for (workspace, project) in self.news {
            self.db.news.tell(workspace, project);
        }
    }
}
