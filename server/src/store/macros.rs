//! One text, two drivers: each macro sends the same statement and arguments to whichever database the connection is on.

/// Names the statements of a file and lists them in `STATEMENTS`, so that a test can prepare each on both databases.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* const $name: &str = $sql;)*
        /// Every statement of this file.
        pub(super) const STATEMENTS: &[&str] = &[$($name),*];
    };
}

/// Runs a statement; gives the number of rows that it changed.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn.driver()? {
            $crate::store::Driver::Sqlite(c) => {
                sqlx::query::<sqlx::Sqlite>($sql)$(.bind($arg))*.execute(c).await.map(|done| done.rows_affected())
            }
            $crate::store::Driver::Postgres(c) => {
                sqlx::query::<sqlx::Postgres>($sql)$(.bind($arg))*.execute(c).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::store::Error::from)
    };
}

macro_rules! fetch {
    ($how:ident, $conn:expr, $row:ty, $sql:expr $(, $arg:expr)*) => {
        match $conn.driver()? {
            $crate::store::Driver::Sqlite(c) => {
                sqlx::query_as::<sqlx::Sqlite, $row>($sql)$(.bind($arg))*.$how(c).await
            }
            $crate::store::Driver::Postgres(c) => {
                sqlx::query_as::<sqlx::Postgres, $row>($sql)$(.bind($arg))*.$how(c).await
            }
        }
        .map_err($crate::store::Error::from)
    };
}

/// Reads at most one row.
macro_rules! fetch_optional {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::store::macros::fetch!(fetch_optional, $conn, $row, $sql $(, $arg)*)
    };
}

/// Reads all rows; the statement bounds them.
macro_rules! fetch_all {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::store::macros::fetch!(fetch_all, $conn, $row, $sql $(, $arg)*)
    };
}

pub(super) use {execute, fetch, fetch_all, fetch_optional, statements};
