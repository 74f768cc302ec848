//! Answers that are remembered by `Idempotency-Key`.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_optional, statements},
};
use crate::domain::{clock::Timestamp, idempotency::Once, ids::KeyId};

/// A remembered answer.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Remembered {
    pub fingerprint: Vec<u8>,
    /// JSON.
    pub answer: String,
    pub created_at: Timestamp,
}

statements! {
    INSERT = "INSERT INTO idempotency_keys (key_id, name, fingerprint, answer, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (key_id, name) DO NOTHING";
    GET = "SELECT fingerprint, answer, created_at FROM idempotency_keys WHERE key_id = $1 AND name = $2";
    EXPIRE = "DELETE FROM idempotency_keys WHERE (key_id, name) IN
        (SELECT key_id, name FROM idempotency_keys WHERE created_at <= $1 ORDER BY created_at LIMIT $2)";
    EXPIRE_ONE = "DELETE FROM idempotency_keys WHERE key_id = $1 AND name = $2 AND created_at <= $3";
    FORGET = "DELETE FROM idempotency_keys WHERE key_id = $1 AND name = $2";
}

impl Conn {
    /// The answer that was given under a name.
    pub async fn remembered(&mut self, key: KeyId, name: &str) -> Result<Option<Remembered>> {
        fetch_optional!(self, Remembered, GET, key, name)
    }
}

impl Tx {
    /// Remembers an answer; `false` if the name is taken. One from before `expired` makes room.
    pub async fn remember(&mut self, once: &Once, answer: &str, now: Timestamp, expired: Timestamp) -> Result<bool> {
        execute!(self, EXPIRE_ONE, once.key, &once.name, expired)?;
        Ok(execute!(self, INSERT, once.key, &once.name, once.fingerprint.as_slice(), answer, now)? == 1)
    }

    /// Takes back what [`Tx::remember`] did in this transaction.
    pub async fn forget(&mut self, once: &Once) -> Result<()> {
        execute!(self, FORGET, once.key, &once.name)?;
        Ok(())
    }

    /// Drops the oldest answers from before `expired`, `most` of them; says how many.
    pub async fn forget_answers(&mut self, expired: Timestamp, most: i64) -> Result<u64> {
        execute!(self, EXPIRE, expired, most)
    }
}
