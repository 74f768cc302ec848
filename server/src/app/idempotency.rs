//! Requests that happen once: the answer that an `Idempotency-Key` was given is remembered with the change, and given again.

use serde::{Serialize, de::DeserializeOwned};

use super::{
    core::Core,
    error::{Error, Result},
};
use crate::{
    domain::{
        clock::Timestamp,
        idempotency::{self, IdempotencyKey, Once},
        ids::KeyId,
    },
    store::{Tx, idempotency::Remembered},
};

impl Core {
    /// The answer that this request was given before. `IDEMPOTENCY_CONFLICT` if another request has the key.
    pub(super) async fn replay<T: DeserializeOwned>(&self, once: Option<&Once>) -> Result<Option<T>> {
        let Some(once) = once else { return Ok(None) };
        match self.remembered(once.key, &once.name).await? {
            Some(found) => Ok(Some(self.give_again(once, &found).await?)),
            None => Ok(None),
        }
    }

    async fn give_again<T: DeserializeOwned>(&self, once: &Once, found: &Remembered) -> Result<T> {
        if found.fingerprint != once.fingerprint {
            return Err(idempotency::conflict().into());
        }
        // What can be read may not survive a power cut yet, and this answer says that it does.
        self.db.durable().await;
        Ok(serde_json::from_str(&found.answer)?)
    }

    /// The answer that a request with the same key was given, which was quicker than this one. However old: its day may end between
    /// the look that found it and this one.
    pub(super) async fn replay_surely<T: DeserializeOwned>(&self, once: Option<&Once>) -> Result<T> {
        let gone = || Error::internal(anyhow::anyhow!("a remembered answer is gone"));
        let once = once.ok_or_else(gone)?;
        let found = self.db.reader().await?.remembered(once.key, &once.name).await?;
        self.give_again(once, &found.ok_or_else(gone)?).await
    }

    /// Whether a request with this key was answered before; it may have been another one.
    pub(super) async fn has_answered(&self, once: Option<&IdempotencyKey>) -> Result<bool> {
        let Some(once) = once else { return Ok(false) };
        Ok(self.remembered(once.key, &once.name).await?.is_some())
    }

    async fn remembered(&self, key: KeyId, name: &str) -> Result<Option<Remembered>> {
        let found = self.db.reader().await?.remembered(key, name).await?;
        let expired = self.clock.now() - idempotency::KEPT;
        Ok(found.filter(|found| found.created_at > expired))
    }

    /// Remembers the answer in the transaction of the change. `false`: another request was quicker, and nothing may be committed.
    pub(super) async fn remember(
        &self,
        tx: &mut Tx,
        once: Option<&Once>,
        answer: &impl Serialize,
        now: Timestamp,
    ) -> Result<bool> {
        let Some(once) = once else { return Ok(true) };
        Ok(tx.remember(once, &serde_json::to_string(answer)?, now, now - idempotency::KEPT).await?)
    }
}
