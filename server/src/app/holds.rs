//! Room for a direct upload while its bytes arrive.
//!
//! Small uploads are judged once, in the commit that takes them. One that grows past [`UNHELD`] reserves ahead of its bytes, so that
//! any number of large ones on their way at once stay within the quota, on the disk too. The commit that takes the upload turns what
//! is held into its reservation; one that breaks off gives it back, and the reaper does so for a process that died.

use std::{sync::Arc, time::Duration};

use super::{
    core::Core,
    error::{Error, Result},
};
use crate::{
    domain::{
        clock::Timestamp,
        idempotency::IdempotencyKey,
        ids::HoldId,
        quota::{self, Amount, Holder},
    },
    store::holds::Hold,
};

/// Bytes that arrive without a hold.
const UNHELD: i64 = 4 * 1024 * 1024;
/// How far ahead of the bytes is held, at most.
const AHEAD: i64 = 16 * 1024 * 1024;
/// What a form has beside its files. So much less is held than the request's length says, so that at its end nothing is held that no
/// file needs, and others get what is left to the byte.
const BESIDE: i64 = 4 * 1024;
/// How many overdue holds one round of the reaper takes.
const REAP_AT_ONCE: i64 = 100;

/// What a request holds. Dropped, it is given back.
pub struct Room {
    core: Arc<Core>,
    holder: Holder,
    /// The length of the request's body, if it says.
    length: Option<u64>,
    once: Option<IdempotencyKey>,
    id: Option<HoldId>,
    held: i64,
    renewed_at: Timestamp,
    /// The request was answered before, so its bytes will not be kept.
    needless: bool,
}

impl Room {
    /// Begins to hold room for a request, whose body has `length` bytes if it says so.
    pub fn new(core: Arc<Core>, holder: Holder, length: Option<u64>, once: Option<IdempotencyKey>) -> Self {
        let renewed_at = core.clock.now();
        Self { core, holder, length, once, id: None, held: 0, renewed_at, needless: false }
    }

    /// Makes sure that the request's first `bytes` bytes have room; `QUOTA_EXCEEDED` if they have not. A request that is sent again needs
    /// none.
    pub async fn cover(&mut self, bytes: u64) -> Result<()> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let due = self.id.is_some() && self.core.clock.now() >= self.renewed_at + lifetime(&self.core) / 3;
        if self.needless || bytes <= UNHELD || (bytes <= self.held && !due) {
            return Ok(());
        }
        let needed = (bytes - self.held).max(0);
        let still_to_come = self.length.map_or(AHEAD, |length| i64::try_from(length).unwrap_or(i64::MAX) - bytes - BESIDE);
        let generous = if needed == 0 { 0 } else { needed + still_to_come.clamp(0, AHEAD) };
        let mut outcome = self.add(generous).await;
        if matches!(outcome, Err(Error::Refused(_))) && generous > needed {
            outcome = self.add(needed).await;
        }
        if matches!(outcome, Err(Error::Refused(_))) && self.core.has_answered(self.once.as_ref()).await? {
            self.needless = true;
            return Ok(());
        }
        outcome
    }

    async fn add(&mut self, bytes: i64) -> Result<()> {
        let now = self.core.clock.now();
        let id = self.id.unwrap_or_else(|| HoldId::new(now));
        let mut tx = self.core.db.begin().await?;
        let Holder { workspace, project, owner } = self.holder.clone();
        let expires_at = now + lifetime(&self.core);
        // The hold before the counters, as whoever ends it does.
        tx.add_to_hold(&Hold { id, workspace_id: workspace, project_id: project, owner_ref: owner, bytes, expires_at }).await?;
        if let Some((level, mut usage)) = tx.reserve(&self.holder, Amount { bytes, files: 0 }).await? {
            // What it holds itself is asked for, not used.
            usage.reserved.bytes -= self.held;
            return Err(quota::exceeded(level, &usage, Amount { bytes: self.held + bytes, files: 1 }).into());
        }
        // Set before, as a cut-off commit may have happened.
        self.id = Some(id);
        // A power cut takes the upload with it, so nobody waits for this to be durable.
        drop(tx.commit_visibly().await?);
        (self.held, self.renewed_at) = (self.held + bytes, now);
        Ok(())
    }

    /// The hold, for the commit that takes the upload.
    pub(super) fn hold(&self) -> Option<HoldId> {
        self.id
    }

    /// Says that the commit which takes the upload has ended the hold.
    pub(super) fn ended(mut self) {
        self.id = None;
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let core = Arc::clone(&self.core);
        // Without a runtime the process is ending; then the reaper of the next one gives it back.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Err(error) = core.end_hold(id).await {
                tracing::warn!(%error, "could not give back the room of an upload that broke off; the reaper will");
            }
        });
    }
}

/// How long a hold lives unless it is renewed: a request that pauses longer than `http.idle_timeout` has been cut off by then.
fn lifetime(core: &Core) -> Duration {
    core.config.http.idle_timeout * 2 + Duration::from_mins(1)
}

impl Core {
    async fn end_hold(&self, id: HoldId) -> Result<()> {
        let mut tx = self.db.begin().await?;
        if let Some(hold) = tx.remove_hold(id).await? {
            tx.release(&hold.holder(), Amount { bytes: hold.bytes, files: 0 }).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Gives back what requests held whose process has died; says how many.
    pub(super) async fn end_overdue_holds(&self) -> Result<usize> {
        let overdue = self.db.reader().await?.overdue_holds(self.clock.now(), REAP_AT_ONCE).await?;
        for id in &overdue {
            if let Err(error) = self.end_hold(*id).await {
                tracing::error!(%error, hold = %id, "could not give back the room of an upload that broke off");
            }
        }
        Ok(overdue.len())
    }
}
