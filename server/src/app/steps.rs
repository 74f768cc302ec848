//! One step of a session: the row is read, `domain::upload::next` asked, and the row moved by one compare-and-set, with all that
//! follows from it, in one commit; if somebody else moved it meanwhile, the step is asked again.

use super::{core::Core, ending, error::Result};
use crate::{
    blobs::Committed,
    domain::{
        clock::Timestamp,
        idempotency::Once,
        ids::{FileId, UploadId},
        refusal::Refusal,
        timeline::{self, Note},
        upload::{self, Event, FailureReason, State, Step},
    },
    store::{Tx, jobs::Job, uploads::Upload},
};

/// What a step changes beside the state.
#[derive(Default)]
pub(super) struct With {
    pub(super) bytes: Option<Committed>,
    /// Why it fails: the code and the sentence.
    pub(super) failure: Option<(FailureReason, &'static str)>,
    /// To be remembered with the step.
    pub(super) once: Option<Once>,
}

impl Core {
    /// What an event would do now. An open session whose time is over counts as expired, even before the reaper has come.
    pub(super) fn may(&self, upload: &Upload, event: Event) -> Result<Step> {
        if upload.state.is_open() && event != Event::Expire && self.clock.now() >= upload.expires_at {
            return Err(upload::expired().into());
        }
        Ok(upload::next(upload.state, upload.failure_reason, event)?)
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
                let blob = committed.blob();
                to.blob_id = Some(blob.id);
                to.sha256 = Some(blob.sha256.to_vec());
                to.size_bytes = Some(i64::try_from(blob.size).unwrap_or(i64::MAX));
            }
            if from.state == to.state && from.blob_id == to.blob_id {
                return Ok(false);
            }
            if tx.step_upload(&from, &to).await? {
                self.follow(&mut tx, &from, &to, with.failure.map(|(_, why)| why), now).await?;
                if let Some(committed) = with.bytes.take() {
                    committed.keep();
                }
                tx.commit().await?;
                ending::count(&to);
                return Ok(true);
            }
        }
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
        if let Some(old) = from.blob_id.filter(|old| to.blob_id != Some(*old)) {
            tx.enqueue(&Job::DeleteBlob { blob: old }, now, now).await?;
        }
        Ok(())
    }
}
