//! What tests ask of the two databases to keep them in step: every statement, every column, every index.

use super::{
    Db, Driver, Result, audit, blob_folder, deliveries, dialect, events, files, holds, idempotency, invitations, jobs, keys,
    logins, macros, projects, references, standing, timeline, uploads, usage, usage_days, users, variants, webhook_pauses,
    webhooks,
};

impl Db {
    /// Prepares every statement of this folder and says how many there are; for the test that keeps both engines in step.
    pub async fn prepare_all(&self) -> Result<usize> {
        use sqlx::{Executor, SqlSafeStr};
        let tables = [
            audit::STATEMENTS,
            blob_folder::STATEMENTS,
            deliveries::STATEMENTS,
            events::STATEMENTS,
            files::STATEMENTS,
            holds::STATEMENTS,
            idempotency::STATEMENTS,
            invitations::STATEMENTS,
            jobs::STATEMENTS,
            keys::STATEMENTS,
            logins::STATEMENTS,
            projects::STATEMENTS,
            references::STATEMENTS,
            standing::STATEMENTS,
            timeline::STATEMENTS,
            uploads::STATEMENTS,
            usage::STATEMENTS,
            usage_days::STATEMENTS,
            users::STATEMENTS,
            variants::STATEMENTS,
            webhook_pauses::STATEMENTS,
            webhooks::STATEMENTS,
            dialect::statements(&self.engine),
        ];
        let mut conn = self.writer().await?;
        for sql in tables.iter().copied().flatten() {
            let outcome = match conn.driver()? {
                Driver::Sqlite(c) => c.prepare(sql.into_sql_str()).await.map(drop),
                Driver::Postgres(c) => c.prepare(sql.into_sql_str()).await.map(drop),
            };
            outcome.map_err(|error| sqlx::Error::Protocol(format!("{sql}: {error}")))?;
        }
        Ok(tables.iter().map(|table| table.len()).sum())
    }

    /// Table, column, native type and whether it may be null, for the test that compares the two schemas.
    pub async fn columns(&self) -> Result<Vec<(String, String, String, bool)>> {
        let mut conn = self.reader().await?;
        macros::fetch_all!(conn, (String, String, String, bool), dialect::columns(&self.engine))
    }

    /// Names of the indexes that migrations made, for the same test.
    pub async fn indexes(&self) -> Result<Vec<(String, String)>> {
        let mut conn = self.reader().await?;
        macros::fetch_all!(conn, (String, String), dialect::indexes(&self.engine))
    }
}
