//! The scanner's verdict on an upload's bytes, and patience while it cannot be asked.
//!
//! When it cannot be asked, all uploads wait, not only the one that found out: else each would try for as long as a hung scanner
//! takes to run into its deadline, and a backlog would hear of its own end days too late. Every while one of them tries again. A file
//! on which a scanner that is well gives no verdict is tried again by itself.

use std::sync::{Mutex, PoisonError};

use chrono::Duration;
use futures_util::StreamExt;

use super::{
    core::Core,
    error::{Error, Result},
    processing::Processing,
};
use crate::{
    blobs::{BlobReader, ReadSeek},
    domain::{
        ids::UploadId,
        timeline::{Note, Step},
        upload::FailureReason,
    },
    scan::{Verdict, archive},
    store::{jobs::Claim, uploads::Upload},
};

/// The longest wait before a scanner that is out of reach is asked again.
const LONGEST_WAIT: Duration = Duration::minutes(1);

/// What this process knows of a scanner that is out of reach.
#[derive(Default)]
pub(super) struct Outage(Mutex<Option<Known>>);

struct Known {
    why: String,
    /// By [`Clock::monotonic`](crate::domain::clock::Clock::monotonic), as is the next.
    since: Duration,
    /// From then on one upload may try.
    again_at: Duration,
}

impl Outage {
    /// Why the scanner need not be asked now.
    fn reason(&self, now: Duration) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|outage| now < outage.again_at).map(|outage| outage.why.clone())
    }

    /// As [`Self::reason`]. Who gets `None` during an outage is the one that tries.
    fn take_turn(&self, now: Duration) -> Option<String> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let outage = known.as_mut()?;
        if now < outage.again_at {
            return Some(outage.why.clone());
        }
        outage.again_at = now + wait(now - outage.since);
        None
    }

    fn begin(&self, why: &str, now: Duration) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = known.as_ref().map_or(now, |outage| outage.since);
        *known = Some(Known { why: why.to_owned(), since, again_at: now + wait(now - since) });
    }

    fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Core {
    /// Why no upload need be looked into now.
    pub(super) fn scanner_outage(&self) -> Option<String> {
        self.outage.reason(self.clock.monotonic())
    }

    /// The verdict on the bytes. Our own look into archives comes first: a scanner passes over what is beyond its limits.
    pub(super) async fn examine(&self, bytes: BlobReader) -> Result<Verdict> {
        if self.scanner.is_on() {
            let (limits, spool) = (self.archive_limits(), self.spool());
            let inspected = bytes.inspect(move |reader: &mut dyn ReadSeek| archive::inspect(reader, &limits, &spool)).await?;
            if let Some(why) = inspected {
                return Ok(Verdict::NotScannable(why));
            }
        }
        if let Some(why) = self.outage.take_turn(self.clock.monotonic()) {
            return Ok(Verdict::Error(why));
        }
        let size = bytes.size();
        let verdict = self.scanner.scan(size, bytes.stream(0..size).boxed()).await?;
        match &verdict {
            Verdict::Error(why) => self.outage.begin(why, self.clock.monotonic()),
            _ => self.outage.end(),
        }
        Ok(verdict)
    }
}

impl Processing {
    /// Fails a job about a file on which a scanner that is well gives no verdict, to be tried again; rejects at its last try.
    pub(super) async fn no_verdict(&self, claim: &Claim, id: UploadId, why: &str) -> Result<()> {
        if !self.is_last_try(claim) {
            return Err(Error::Internal(anyhow::anyhow!("the scanner gives no verdict on the file: {why}")));
        }
        let why = format!("The scanner gives no verdict on it, again and again: {why}.");
        self.reject(claim, id, (FailureReason::NotScannable, why)).await
    }

    /// Puts the job off until the scanner may be back, and says so in the file's history; rejects when the patience is over.
    pub(super) async fn wait_for_scanner(&self, claim: &Claim, upload: &Upload, why: &str) -> Result<()> {
        let core = &self.0;
        let now = core.clock.now();
        let waited = now - claim.created_at;
        if waited >= Duration::from_std(core.config.scan.give_up_after).unwrap_or(Duration::MAX) {
            let why = format!("The scanner could not be asked in time: {why}.");
            return self.reject(claim, upload.id, (FailureReason::ScanUnavailable, why)).await;
        }
        tracing::warn!(upload = %upload.id, why, "an upload waits for the scanner");
        let mut tx = core.db.begin_background().await?;
        if !tx.job_later(claim, now + wait(waited), why).await? {
            return Ok(());
        }
        let note = Note::new(Step::ScanWaiting).with("message", why);
        let told = tx.last_entry(upload.file_id).await?.is_some_and(|last| last.step == note.step && last.detail == note.detail);
        if !told {
            tx.note(upload.file_id, &note, now).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// A second at first, then half as long as it has waited so far, at most [`LONGEST_WAIT`].
fn wait(waited: Duration) -> Duration {
    (waited / 2).clamp(Duration::seconds(1), LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scanner_is_asked_again_ever_more_seldom() {
        for (waited, seconds) in [(0, 1), (2, 1), (10, 5), (60, 30), (120, 60), (86_400, 60)] {
            assert_eq!(wait(Duration::seconds(waited)), Duration::seconds(seconds));
        }
    }

    #[test]
    fn during_an_outage_one_at_a_time_tries() {
        let at = Duration::seconds;
        let outage = Outage::default();
        assert_eq!(outage.reason(at(0)), None);
        outage.begin("gone", at(0));
        assert_eq!(outage.reason(at(0)).as_deref(), Some("gone"));
        assert_eq!(outage.take_turn(at(0)).as_deref(), Some("gone"));
        assert_eq!(outage.reason(at(10)), None, "a look takes no turn");
        assert_eq!(outage.take_turn(at(10)), None, "one tries");
        assert_eq!(outage.reason(at(10)).as_deref(), Some("gone"), "the others wait");
        assert_eq!(outage.take_turn(at(10)).as_deref(), Some("gone"), "those that had looked before too");
        outage.begin("still gone", at(10));
        assert_eq!(outage.reason(at(14)).as_deref(), Some("still gone"));
        assert_eq!(outage.take_turn(at(15)), None);
        outage.end();
        assert_eq!(outage.take_turn(at(15)), None);
        assert_eq!(outage.take_turn(at(15)), None);
    }
}
