//! The reaper: what has had its time ends. Open sessions, room that dead requests hold, remembered answers, files past their
//! project's retention.
//!
//! Each is safe on any number of nodes at once. What cannot be undone waits while this node's clock is not the database's. To add
//! something that ends: a line in [`Reaper::tidy`].

use std::sync::Arc;

use chrono::Duration;

use super::{
    core::Core,
    error::{Error, Result},
    transitions::With,
};
use crate::domain::{
    access, audit,
    clock::{Clock, Timestamp},
    idempotency,
    refusal::Code,
    throttle,
    upload::{Event, FailureReason},
};

/// How many overdue sessions one round of the reaper takes.
const REAP_AT_ONCE: i64 = 100;
const FORGOTTEN_IN_ONE_COMMIT: i64 = 1000;
const RETIRED_IN_ONE_COMMIT: i64 = 50;
/// Commits of one round for one project; what is left waits for the next round.
const RETIRED_COMMITS: usize = 200;

/// How far a node's clock may be from the database's before what cannot be undone is left to other nodes.
const DRIFT: Duration = Duration::minutes(5);

/// See the module's text.
#[derive(Clone)]
pub struct Reaper(pub(super) Arc<Core>);

impl Reaper {
    /// Ends up to 100 sessions whose time has run out, and says how many. Safe on any number of nodes at once.
    pub async fn expire_overdue(&self) -> Result<usize> {
        self.check_clock().await?;
        let overdue = self.0.db.reader().await?.overdue_uploads(self.0.clock.now(), REAP_AT_ONCE).await?;
        let mut expired = 0;
        for id in overdue {
            let failure = Some((FailureReason::Expired, "Nobody completed the session in its time."));
            let with = With { failure, ..With::default() };
            match self.0.step(id, |_| Event::Expire, with).await {
                Ok(_) => expired += 1,
                // Completed or cancelled by somebody else meanwhile.
                Err(Error::Refused(refusal)) if matches!(refusal.code, Code::SessionNotActive | Code::SessionExpired) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(expired)
    }

    /// One round of what is due: files past their project's retention, answers past their day, room held by the dead. Says how many
    /// files were deleted. Safe on any number of nodes at once.
    pub async fn tidy(&self) -> Result<usize> {
        let core = &self.0;
        if let Err(error) = core.end_overdue_holds().await {
            tracing::error!(%error, "could not give back the room of uploads that broke off");
        }
        let now = core.clock.now();
        loop {
            let mut tx = core.db.begin_background().await?;
            let forgotten = tx.forget_answers(now - idempotency::KEPT, FORGOTTEN_IN_ONE_COMMIT).await?;
            if forgotten == 0 {
                break;
            }
            tx.commit().await?;
        }
        self.check_clock().await?;
        self.end_logins(now).await?;
        self.forget_guesses(now).await?;
        self.forget_keys(now).await?;
        let mut deleted = 0;
        // Not in the head of the loop, which would keep the connection while its body asks for another.
        let projects = core.db.reader().await?.retaining_projects().await?;
        for project in projects {
            let Some(oldest) = project.retention_days.and_then(|days| now.checked_sub_signed(Duration::days(days))) else {
                continue;
            };
            for _ in 0..RETIRED_COMMITS {
                let ids = core.db.reader().await?.files_older_than(project.id, oldest, RETIRED_IN_ONE_COMMIT).await?;
                if ids.is_empty() {
                    break;
                }
                deleted += core.delete_batch(ids, None, |_| true).await?;
            }
        }
        Ok(deleted)
    }

    /// Logins, links and invitations whose time is over, and guesses that nobody need remember.
    async fn end_logins(&self, now: Timestamp) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        let idle = now - self.0.config.dashboard.login_idle;
        let ended = tx.reap_logins(now, idle, now - throttle::FORGOTTEN).await? + tx.reap_invitations(now).await?;
        if ended > 0 {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Keys that ended by themselves a while ago, as each "Try it" makes one. What they did is in the history of each file.
    async fn forget_keys(&self, now: Timestamp) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        if tx.forget_keys(now - access::ENDED_KEYS_KEPT).await? > 0 {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Wrong passwords in the audit log that are old.
    async fn forget_guesses(&self, now: Timestamp) -> Result<()> {
        loop {
            let mut tx = self.0.db.begin_background().await?;
            if tx.forget_guesses(now - audit::GUESSES_KEPT, FORGOTTEN_IN_ONE_COMMIT).await? == 0 {
                return Ok(());
            }
            tx.commit().await?;
        }
    }

    /// Fails if this node's clock is not the database's: sessions and files would end before their time. On SQLite both are one.
    async fn check_clock(&self) -> Result<()> {
        let Clock::System = self.0.clock else { return Ok(()) };
        let theirs = self.0.db.reader().await?.now().await?;
        agree(self.0.clock.now(), theirs)
    }
}

fn agree(ours: Timestamp, theirs: Timestamp) -> Result<()> {
    if (ours - theirs).abs() <= DRIFT {
        return Ok(());
    }
    Err(Error::internal(anyhow::anyhow!(
        "the clock of this node says {ours}, the database's {theirs}: no session and no file expires here until they agree"
    )))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn clocks_agree_within_five_minutes() {
        let theirs = DateTime::UNIX_EPOCH;
        for (ahead, fine) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
            assert_eq!(agree(theirs + Duration::seconds(ahead), theirs).is_ok(), fine, "{ahead}");
        }
    }
}
