//! The history of each file and of the upload that it came from.

use sqlx::types::Json;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, statements},
};
use crate::domain::{
    clock::Timestamp,
    ids::FileId,
    timeline::{Detail, Note, Step},
};

/// A row of `timeline`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Entry {
    pub at: Timestamp,
    pub step: Step,
    #[sqlx(json)]
    pub detail: Detail,
}

statements! {
    // Changes of one file come one after the other (each has moved its row first), so the numbers do not collide.
    INSERT = "INSERT INTO timeline (file_id, n, at, step, detail)
        VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM timeline WHERE file_id = $1), $2, $3, $4)";
    LIST = "SELECT at, step, detail FROM timeline WHERE file_id = $1 ORDER BY n DESC LIMIT 1000";
    LAST = "SELECT at, step, detail FROM timeline WHERE file_id = $1 ORDER BY n DESC LIMIT 1";
}

impl Conn {
    /// What happened to a file, in order; the last 1,000 entries.
    pub async fn timeline(&mut self, file: FileId) -> Result<Vec<Entry>> {
        let mut entries = fetch_all!(self, Entry, LIST, file)?;
        entries.reverse();
        Ok(entries)
    }

    /// What happened last.
    pub async fn last_entry(&mut self, file: FileId) -> Result<Option<Entry>> {
        super::macros::fetch_optional!(self, Entry, LAST, file)
    }
}

impl Tx {
    /// Adds an entry to a file's history.
    pub async fn note(&mut self, file: FileId, note: &Note, at: Timestamp) -> Result<()> {
        execute!(self, INSERT, file, at, note.step, Json(&note.detail))?;
        Ok(())
    }
}
