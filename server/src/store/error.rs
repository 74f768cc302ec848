//! What can go wrong with a database, as far as callers care.

use std::io;

use sqlx::error::DatabaseError;

/// A failed statement, or a database out of reach.
#[derive(Debug, thiserror::Error)]
#[error("database: {0}")]
pub struct Error(#[source] sqlx::Error);

/// What this folder's functions return.
pub type Result<T> = std::result::Result<T, Error>;

/// `SQLITE_FULL` and PostgreSQL's `disk_full`.
const FULL: [&str; 2] = ["13", "53100"];

/// What another try may help, by the code of SQLite or PostgreSQL.
const PASSING: [&str; 11] = [
    "5",     // SQLITE_BUSY: another process has the lock
    "25P03", // idle_in_transaction_session_timeout
    "40001", // serialization_failure
    "40P01", // deadlock_detected
    "53300", // too_many_connections
    "55P03", // lock_not_available: lock_timeout
    "57014", // query_canceled: statement_timeout
    "57P01", // admin_shutdown
    "57P02", // crash_shutdown
    "57P03", // cannot_connect_now
    "25006", // read_only_sql_transaction: a standby that is not yet the new primary
];

impl Error {
    /// The database's disk is full.
    pub fn is_full(&self) -> bool {
        match &self.0 {
            sqlx::Error::Io(error) => error.kind() == io::ErrorKind::StorageFull,
            _ => self.has_code(&FULL),
        }
    }

    /// Nobody answers, all connections are taken, or others were in the way: worth another try soon.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.0, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_))
            || self.has_code(&PASSING)
    }

    fn has_code(&self, codes: &[&str]) -> bool {
        self.0.as_database_error().and_then(DatabaseError::code).is_some_and(|code| codes.contains(&code.as_ref()))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self(sqlx::Error::Migrate(Box::new(error)))
    }
}
