//! After the 202: sniff the type from the bytes, ask the project's policy, take metadata out, let the scanner look; then publish, or
//! hand a picture on to get its thumbnails (`pictures.rs`), or reject with a reason.
//!
//! Nothing is held while the bytes are worked on. Each end is one commit: the job is settled (only by the holder of its fencing
//! number), the upload moves, and what follows from it is written.

use std::{
    io::{self, Read},
    sync::Arc,
};

use chrono::Duration;
use file_format::FileFormat;
use futures_util::StreamExt;

use super::{core::Core, ending, error::Result, publishing::Made, uploads::not_allowed};
use crate::{
    blobs::{BlobReader, ReadSeek},
    domain::{
        ids::UploadId,
        media,
        timeline::{Note, Step as TimelineStep},
        type_policy::{self, OnMismatch},
        upload::{self, Event, FailureReason, Step},
    },
    scan::{Verdict, archive},
    store::{
        jobs::{Claim, Job},
        projects::Project,
        uploads::Upload,
    },
};

/// The longest wait before a scanner that is out of reach is asked again.
const LONGEST_SCAN_WAIT: Duration = Duration::minutes(1);

/// See the module's text.
#[derive(Clone)]
pub struct Processing(pub(super) Arc<Core>);

/// Why an upload fails.
pub(super) type Rejection = (FailureReason, String);

impl Processing {
    /// Processes an upload to its end, or to its next job, and settles the job. An upload that is not in processing (any more) is
    /// left alone.
    ///
    /// An `Internal` error means: try again later.
    pub async fn process(&self, claim: &Claim, id: UploadId) -> Result<()> {
        let Some((upload, bytes)) = self.begin(claim, id).await? else { return Ok(()) };
        let project = self.0.db.reader().await?.project_of_any(upload.project_id).await?;
        let mime = sniff(&bytes, upload.name.clone()).await?;
        if let Some(project) = project {
            if let Some(rejection) = judge_type(&project, &upload.expected_mime, &mime) {
                return self.reject(claim, id, rejection).await;
            }
            if project.strip_metadata && !upload.stripped && media::Category::of(&mime) == media::Category::Image {
                return self.strip(claim, &upload, &bytes, mime).await;
            }
        }
        match self.examine(bytes).await? {
            Verdict::Infected(name) => {
                let why = format!("The scanner found malware: {name}.");
                self.reject(claim, id, (FailureReason::MalwareDetected, why)).await
            }
            Verdict::NotScannable(why) => self.reject(claim, id, (FailureReason::NotScannable, why)).await,
            Verdict::Error(why) => self.wait_for_scanner(claim, &upload, &why).await,
            verdict @ (Verdict::Clean | Verdict::Skipped) => {
                let checked = Upload { mime_type: Some(mime.clone()), scan: Some(verdict.as_str().to_owned()), ..upload.clone() };
                if reupload_images::can_thumbnail(&mime) {
                    return self.hand_on(claim, &upload, &checked).await;
                }
                self.0.publish(claim, &upload, &checked, Made::default()).await
            }
        }
    }

    /// The upload of a job and its bytes; `None` once the job is settled because there is nothing (more) to do.
    pub(super) async fn begin(&self, claim: &Claim, id: UploadId) -> Result<Option<(Upload, BlobReader)>> {
        let found = self.0.db.reader().await?.upload_of_any(id).await?;
        let Some(upload) = found.filter(|upload| upload::next(upload.state, None, Event::Publish).is_ok()) else {
            self.settle(claim).await?;
            return Ok(None);
        };
        let bytes = match upload.blob_id {
            Some(blob) => self.0.blobs.open(blob).await?,
            None => None,
        };
        let size = bytes.as_ref().map(|bytes| i64::try_from(bytes.size()).unwrap_or(i64::MAX));
        if let (Some(bytes), true) = (bytes, size == upload.size_bytes) {
            return Ok(Some((upload, bytes)));
        }
        tracing::error!(upload = %id, size, "the bytes of an upload are gone or have changed their size");
        let why = "The stored bytes are gone or have changed their size.".to_owned();
        self.reject(claim, id, (FailureReason::StorageError, why)).await?;
        Ok(None)
    }

    /// The verdict on the bytes. Our own look into archives comes first: a scanner passes over what is beyond its limits.
    async fn examine(&self, bytes: BlobReader) -> Result<Verdict> {
        let core = &self.0;
        if core.scanner.is_on() {
            let (limits, spool) = (core.archive_limits(), core.spool());
            let inspected = bytes.inspect(move |reader: &mut dyn ReadSeek| archive::inspect(reader, &limits, &spool)).await?;
            if let Some(why) = inspected {
                return Ok(Verdict::NotScannable(why));
            }
        }
        let size = bytes.size();
        Ok(core.scanner.scan(size, bytes.stream(0..size).boxed()).await)
    }

    /// Puts the job off until the scanner may be back, and says so in the file's history; rejects when the patience is over.
    async fn wait_for_scanner(&self, claim: &Claim, upload: &Upload, why: &str) -> Result<()> {
        let core = &self.0;
        let now = core.clock.now();
        let waited = now - claim.created_at;
        if waited >= Duration::from_std(core.config.scan.give_up_after).unwrap_or(Duration::MAX) {
            let why = format!("The scanner could not be asked in time: {why}.");
            return self.reject(claim, upload.id, (FailureReason::ScanUnavailable, why)).await;
        }
        tracing::warn!(upload = %upload.id, why, "an upload waits for the scanner");
        let mut tx = core.db.begin_background().await?;
        if !tx.job_later(claim, now + scan_wait(waited), why).await? {
            return Ok(());
        }
        let note = Note::new(TimelineStep::ScanWaiting).with("message", why);
        let told = tx.last_entry(upload.file_id).await?.is_some_and(|last| last.step == note.step && last.detail == note.detail);
        if !told {
            tx.note(upload.file_id, &note, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Hands a picture that has passed all checks on to the workers that decode.
    async fn hand_on(&self, claim: &Claim, from: &Upload, to: &Upload) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin_background().await?;
        if !tx.job_done(claim).await? || !tx.step_upload(from, to).await? {
            return Ok(());
        }
        tx.enqueue(&Job::Picture { upload: to.id }, now, now).await?;
        Ok(tx.commit().await?)
    }

    /// Ends an upload without a file and frees what it held. For the checks, and for a job that failed too often.
    pub async fn reject(&self, claim: &Claim, id: UploadId, rejection: Rejection) -> Result<()> {
        let (reason, why) = rejection;
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin_background().await?;
        if !tx.job_done(claim).await? {
            return Ok(());
        }
        let mut ended = None;
        if let Some(from) = tx.upload_of_any(id).await?
            && let Ok(Step::To(state)) = upload::next(from.state, None, Event::Reject)
        {
            let to = Upload { state, failure_reason: Some(reason), updated_at: now, ..from.clone() };
            if tx.step_upload(&from, &to).await? {
                self.0.give_up(&mut tx, &to, Some(&why), now).await?;
                ended = Some(to);
            }
        }
        tx.commit().await?;
        if let Some(upload) = ended {
            tracing::info!(upload = %id, reason = reason.as_str(), why, "an upload failed");
            ending::count(&upload);
        }
        Ok(())
    }

    /// Ends a job that has nothing (more) to do.
    pub async fn settle(&self, claim: &Claim) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        if tx.job_done(claim).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Puts a job off by `wait`, with the reason.
    pub async fn put_off(&self, claim: &Claim, wait: Duration, reason: &str) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        if tx.job_retry(claim, self.0.clock.now() + wait, reason).await? {
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Why a project does not take this type. The bytes decide; the declaration counts only where a project refuses wrong ones.
fn judge_type(project: &Project, declared: &str, shown: &str) -> Option<Rejection> {
    if !type_policy::allows(&project.allowed_types, shown) {
        return Some((FailureReason::ContentTypeNotAllowed, not_allowed(shown, &project.allowed_types).message));
    }
    if project.type_mismatch == OnMismatch::Refuse && type_policy::contradicts(declared, shown) {
        let why = format!("The bytes are {shown}, declared was {declared}.");
        return Some((FailureReason::ContentTypeNotAllowed, why));
    }
    None
}

/// A second at first, then half as long as it has waited so far, at most [`LONGEST_SCAN_WAIT`].
fn scan_wait(waited: Duration) -> Duration {
    (waited / 2).clamp(Duration::seconds(1), LONGEST_SCAN_WAIT)
}

/// The media type that the bytes show.
async fn sniff(bytes: &BlobReader, name: String) -> io::Result<String> {
    bytes
        .inspect(move |reader: &mut dyn ReadSeek| {
            let mut head = Vec::with_capacity(media::HEAD_BYTES);
            reader.take(media::HEAD_BYTES as u64).read_to_end(&mut head)?;
            reader.rewind()?;
            // A file that its own format's reader cannot follow is told by its first bytes alone.
            let format = FileFormat::from_reader(io::BufReader::new(reader)).unwrap_or_else(|_| FileFormat::from_bytes(&head));
            Ok(media::refine(format.media_type(), &head, &name))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scanner_is_asked_again_ever_more_seldom() {
        for (waited, wait) in [(0, 1), (2, 1), (10, 5), (60, 30), (120, 60), (86_400, 60)] {
            assert_eq!(scan_wait(Duration::seconds(waited)), Duration::seconds(wait));
        }
    }
}
