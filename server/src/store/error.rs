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

impl Error {
    /// The database's disk is full.
    pub fn is_full(&self) -> bool {
        match &self.0 {
            sqlx::Error::Io(error) => error.kind() == io::ErrorKind::StorageFull,
            other => other.as_database_error().and_then(DatabaseError::code).is_some_and(|code| FULL.contains(&code.as_ref())),
        }
    }

    /// Nobody answers, or all connections are taken: worth another try soon.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.0, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_))
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
