//! After the 202: sniff the type from the bytes, ask the project's policy, take metadata out, let the scanner look; then publish, or
//! hand a picture on to get its thumbnails (`pictures.rs`), or reject with a reason.
//!
//! Nothing is held while the bytes are worked on. Each end is one commit: the job is settled (only by the holder of its fencing
//! number), the upload moves, and what follows from it is written.

use std::sync::Arc;

use super::{core::Core, error::Result, publishing::Made, sniffing::sniff, target::not_allowed, transitions};
use crate::{
    blobs::BlobReader,
    domain::{
        ids::UploadId,
        media,
        type_policy::{self, OnMismatch, ScanDemand},
        upload::{Event, FailureReason},
    },
    scan::Verdict,
    store::{
        jobs::{Claim, Job},
        projects::Project,
        uploads::Upload,
    },
};

/// See the module's text.
#[derive(Clone)]
pub struct Processing(pub(super) Arc<Core>);

/// How often a job may take its worker down with it. Then an upload fails, and a picture goes without thumbnails.
pub(super) const MOST_DEATHS: i64 = 3;

/// Why an upload fails.
pub(super) type Rejection = (FailureReason, String);

impl Processing {
    /// Processes an upload to its end, or to its next job, and settles the job. An upload that is not in processing (any more) is
    /// left alone.
    ///
    /// An `Internal` error means: try again later.
    pub async fn process(&self, claim: &Claim, id: UploadId) -> Result<()> {
        if claim.deaths >= MOST_DEATHS {
            let why = "The worker that looked into the file did not survive it, again and again.".to_owned();
            return self.reject(claim, id, (FailureReason::StorageError, why)).await;
        }
        let Some((upload, bytes)) = self.begin(claim, id).await? else { return Ok(()) };
        if let Some(why) = self.0.scanner_outage() {
            return self.wait_for_scanner(claim, &upload, &why).await;
        }
        let project = self.0.db.reader().await?.project_of_any(upload.project_id).await?;
        let mime = sniff(&bytes, upload.name.clone()).await?;
        let demands_scan = project.as_ref().is_some_and(|project| project.scan == ScanDemand::Required);
        if let Some(project) = project {
            if let Some(rejection) = judge_type(&project, &upload.expected_mime, &mime) {
                return self.reject(claim, id, rejection).await;
            }
            if project.strip_metadata && !upload.stripped && media::Category::of(&mime) == media::Category::Image {
                return self.strip(claim, &upload, &bytes, mime).await;
            }
        }
        match self.0.examine(bytes).await? {
            Verdict::Infected(name) => {
                let why = format!("The scanner found malware: {name}.");
                self.reject(claim, id, (FailureReason::MalwareDetected, why)).await
            }
            Verdict::NotScannable(why) => self.reject(claim, id, (FailureReason::NotScannable, why)).await,
            Verdict::Failed(why) => self.no_verdict(claim, id, &why).await,
            Verdict::Error(why) => self.wait_for_scanner(claim, &upload, &why).await,
            Verdict::Skipped if demands_scan => {
                let why = "This project demands a scan, and the server has no scanner.".to_owned();
                self.reject(claim, id, (FailureReason::ScanUnavailable, why)).await
            }
            verdict @ (Verdict::Clean | Verdict::Skipped) => {
                let checked = Upload { mime_type: Some(mime.clone()), scan: Some(verdict.as_str().to_owned()), ..upload.clone() };
                if reupload_images::can_thumbnail(&mime) {
                    return self.hand_on(claim, &upload, checked).await;
                }
                self.0.publish(claim, &upload, checked, Made::default()).await
            }
        }
    }

    /// The upload of a job and its bytes; `None` once the job is settled because there is nothing (more) to do.
    pub(super) async fn begin(&self, claim: &Claim, id: UploadId) -> Result<Option<(Upload, BlobReader)>> {
        let found = self.0.db.reader().await?.upload_of_any(id).await?;
        let Some(upload) = found.filter(|upload| upload.state.is_processing()) else {
            self.0.settle(claim).await?;
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

    /// Hands a picture that has passed all checks on to the workers that decode.
    async fn hand_on(&self, claim: &Claim, from: &Upload, checked: Upload) -> Result<()> {
        let Some((mut tx, to)) = self.0.step_of_job(claim, from, Event::Check, checked).await? else { return Ok(()) };
        tx.enqueue(&Job::Picture { upload: to.id }, to.updated_at, to.updated_at).await?;
        Ok(tx.commit().await?)
    }

    /// Whether this try is the last: one more failure, and the upload ends.
    pub fn is_last_try(&self, claim: &Claim) -> bool {
        claim.failures + 1 >= self.0.config.jobs.max_failures
    }

    /// Ends an upload whose job failed at its last try.
    pub async fn give_up(&self, claim: &Claim, id: UploadId) -> Result<()> {
        let why = "Processing failed again and again; the server's log says why.".to_owned();
        self.reject(claim, id, (FailureReason::StorageError, why)).await
    }

    /// Ends an upload without a file and frees what it held. For the checks, and for a job that failed too often.
    pub async fn reject(&self, claim: &Claim, id: UploadId, rejection: Rejection) -> Result<()> {
        let (reason, why) = rejection;
        let found = self.0.db.reader().await?.upload_of_any(id).await?;
        let Some(from) = found.filter(|upload| upload.state.is_processing()) else { return self.0.settle(claim).await };
        let changed = Upload { failure_reason: Some(reason), ..from.clone() };
        let Some((mut tx, to)) = self.0.step_of_job(claim, &from, Event::Reject, changed).await? else { return Ok(()) };
        self.0.give_up(&mut tx, &to, Some(&why), to.updated_at).await?;
        tx.commit().await?;
        tracing::info!(upload = %id, reason = reason.as_str(), why, "an upload failed");
        transitions::count(&to);
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
