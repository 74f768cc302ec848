//! How an upload moves: the row is read, `domain::upload::next` asked, and the row moved by one compare-and-set, with all that follows
//! from it (history, jobs, quota, event), in one commit. If somebody else moved it meanwhile, a session's step is asked again.

use super::{core::Core, error::Result};
use crate::{
    blobs::Committed,
    domain::{
        audit::{By, Deed},
        clock::Timestamp,
        event::{EventType, FileFailed},
        idempotency::Once,
        ids::{FileId, UploadId},
        quota::Amount,
        refusal::Refusal,
        timeline::{self, Note},
        upload::{self, Event, FailureReason, State, Status, Step},
    },
    store::{
        Tx,
        jobs::{Claim, Job},
        uploads::Upload,
    },
};

/// What a step changes beside the state.
#[derive(Default)]
pub(super) struct With {
    pub(super) bytes: Option<Committed>,
    /// Why it fails: the code and the sentence.
    pub(super) failure: Option<(FailureReason, &'static str)>,
    /// To be remembered with the step.
    pub(super) once: Option<Once>,
    /// To be written down with the step.
    pub(super) audit: Option<(By, Deed)>,
}

impl Core {
    /// What an event would do now.
    pub(super) fn may(&self, upload: &Upload, event: Event) -> Result<Step> {
        let is_overdue = self.clock.now() >= upload.expires_at;
        Ok(upload::next(upload.state, upload.failure_reason, is_overdue, event)?)
    }

    /// Moves an upload by one event, with all that follows from it, in one commit. Says whether anything changed.
    pub(super) async fn step(&self, id: UploadId, event: impl Fn(&Upload) -> Event, mut with: With) -> Result<bool> {
        loop {
            let now = self.clock.now();
            let mut tx = self.db.begin().await?;
            let from = tx.upload_of_any(id).await?.ok_or_else(|| Refusal::not_found("upload"))?;
            let moved = self.may(&from, event(&from))?;
            if with.once.is_some() && !self.remember(&mut tx, with.once.as_ref(), &from.file_id, now).await? {
                drop(tx);
                // A request beside this one has the key: it asked for the same, or this one is refused.
                self.replay::<FileId>(with.once.as_ref()).await?;
                return Ok(false);
            }
            let Step::To(state) = moved else {
                // The first time may have committed without being durable yet: this commit waits for it.
                tx.commit().await?;
                return Ok(false);
            };
            let reason = with.failure.map(|(reason, _)| reason);
            let mut to = Upload { state, failure_reason: reason, updated_at: now, ..from.clone() };
            if let Some(committed) = &with.bytes {
                to = to.with_blob(committed.blob());
            }
            if from.state == to.state && from.blob_id == to.blob_id {
                return Ok(false);
            }
            if tx.step_upload(&from, &to).await? {
                self.follow(&mut tx, &from, &to, with.failure.map(|(_, why)| why), now).await?;
                if let Some((by, deed)) = &with.audit {
                    tx.audit(by, deed, now).await?;
                }
                if let Some(committed) = with.bytes.take() {
                    committed.keep();
                }
                tx.commit().await?;
                count(&to);
                return Ok(true);
            }
        }
    }

    /// Moves an upload that a job works on: in a transaction that the caller completes and commits, the job is settled and the row
    /// moved by `event` to what `changed` has beside the state; bytes that it replaces go. `None`: somebody else
    /// has the job now, and with it the right to move.
    pub(super) async fn step_of_job(
        &self,
        claim: &Claim,
        from: &Upload,
        event: Event,
        changed: Upload,
    ) -> Result<Option<(Tx, Upload)>> {
        let Step::To(state) = self.may(from, event)? else { return Ok(None) };
        let to = Upload { state, updated_at: self.clock.now(), ..changed };
        let mut tx = self.db.begin_background().await?;
        if !(tx.job_done(claim).await? && tx.step_upload(from, &to).await?) {
            return Ok(None);
        }
        drop_replaced(&mut tx, from, &to).await?;
        Ok(Some((tx, to)))
    }

    /// The rows that go with a step.
    async fn follow(&self, tx: &mut Tx, from: &Upload, to: &Upload, why: Option<&str>, now: Timestamp) -> Result<()> {
        match to.state {
            State::Processing => {
                tx.note(to.file_id, &Note::new(timeline::Step::Accepted), now).await?;
                tx.enqueue(&Job::Process { upload: to.id }, now, now).await?;
            }
            State::Failed | State::Cancelled => self.give_up(tx, to, why, now).await?,
            State::Receiving if from.blob_id != to.blob_id => {
                let note = Note::new(timeline::Step::Received).with("sizeBytes", to.size_bytes);
                tx.note(to.file_id, &note, now).await?;
            }
            State::Pending | State::Receiving | State::Completed => {}
        }
        drop_replaced(tx, from, to).await
    }

    /// Frees the quota and the bytes of an upload that ends without a file, and tells the app if it failed, with `why` for its
    /// history.
    pub(super) async fn give_up(&self, tx: &mut Tx, upload: &Upload, why: Option<&str>, now: Timestamp) -> Result<()> {
        tx.release(&upload.holder(), Amount::one_file(upload.expected_size)).await?;
        let note = match upload.failure_reason {
            None => Note::new(timeline::Step::Cancelled),
            Some(reason) => Note::new(timeline::Step::Failed).with("reason", reason.as_str()).with("message", why),
        };
        tx.note(upload.file_id, &note, now).await?;
        if let Some(blob) = upload.blob_id {
            tx.enqueue(&Job::DeleteBlob { blob }, now, now).await?;
        }
        let Some(reason) = upload.failure_reason else { return Ok(()) };
        let data = FileFailed {
            upload_id: upload.id,
            file_id: upload.file_id,
            project_id: upload.project_id,
            name: upload.name.clone(),
            reason,
        };
        self.emit(tx, EventType::FileFailed, (upload.workspace_id, upload.project_id), &data, now).await
    }
}

/// Lets the bytes go that a step has replaced.
async fn drop_replaced(tx: &mut Tx, from: &Upload, to: &Upload) -> Result<()> {
    if let Some(blob) = from.blob_id.filter(|old| to.blob_id != Some(*old)) {
        tx.enqueue(&Job::DeleteBlob { blob }, to.updated_at, to.updated_at).await?;
    }
    Ok(())
}

/// Counts an upload that has come to its end, by result.
pub(super) fn count(upload: &Upload) {
    let result = match (upload.state.status(), upload.failure_reason) {
        (Status::Failed, Some(reason)) => reason.as_str(),
        (Status::Completed, _) => "COMPLETED",
        (Status::Cancelled, _) => "CANCELLED",
        _ => return,
    };
    metrics::counter!("reupload_uploads_total", "result" => result).increment(1);
}
