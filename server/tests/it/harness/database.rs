//! A database of its own for each test.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    /// Embedded, in the test's folder.
    Sqlite,
    /// A new database on the server that `scripts/test-postgres` started.
    Postgres,
}

/// A database that was made for a test.
pub(crate) struct Made {
    /// For `database.url`.
    pub(crate) url: String,
    name: Option<String>,
}

fn server_url() -> String {
    std::env::var("REUPLOAD_TEST_POSTGRES")
        .expect("REUPLOAD_TEST_POSTGRES is set: run the tests with cargo nextest, which starts PostgreSQL")
}

impl Made {
    pub(crate) async fn new(database: Database) -> Self {
        if database == Database::Sqlite {
            return Self { url: "sqlite".to_owned(), name: None };
        }
        let server = server_url();
        let name = format!("test_{}", uuid::Uuid::from_bytes(reupload::domain::clock::random_bytes()).simple());
        let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL answers");
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
        let (base, _) = server.rsplit_once('/').expect("the URL names a database");
        Self { url: format!("{base}/{name}"), name: Some(name) }
    }

    /// Drops the database, if nobody is connected any more.
    pub(crate) async fn remove(self) {
        let Some(name) = self.name else { return };
        let mut connection = PgConnection::connect(&server_url()).await.unwrap();
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        sqlx::query(AssertSqlSafe(drop)).execute(&mut connection).await.unwrap();
    }
}
