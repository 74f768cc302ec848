//! After the 202: sniff the type from the bytes, let the scanner look, publish; or reject, with a reason.
//!
//! Nothing is held while the bytes are worked on. The end is one commit: the job is settled (only by the holder of its fencing
//! number), the upload moves, the file appears, usage is settled, the event and its deliveries are written.

use std::{
    io::{self, Read},
    sync::Arc,
};

use file_format::FileFormat;
use futures_util::StreamExt;

use super::{
    core::Core,
    ending,
    error::{Error, Result},
};
use crate::{
    blobs::{BlobReader, ReadSeek},
    domain::{
        clock::Timestamp,
        event::EventType,
        ids::UploadId,
        media::{self, Category},
        quota::{self, Amount},
        upload::{self, Event, FailureReason, Source, Step},
    },
    scan::Verdict,
    store::{Tx, files::File, jobs::Claim, uploads::Upload},
};

/// See the module's text.
#[derive(Clone)]
pub struct Processing(pub(super) Arc<Core>);

impl Processing {
    /// Processes an upload to its end and settles the job. An upload that is not in processing (any more) is left alone.
    ///
    /// An `Internal` error means: try again later.
    pub async fn process(&self, claim: &Claim, id: UploadId) -> Result<()> {
        let Some(upload) = self.0.db.reader().await?.upload_of_any(id).await? else {
            return self.settle(claim).await;
        };
        if upload::next(upload.state, None, Event::Publish).is_err() {
            return self.settle(claim).await;
        }
        let Some(blob) = upload.blob_id else { return self.reject(claim, id, FailureReason::StorageError).await };
        let Some(bytes) = self.0.blobs.open(blob).await? else {
            tracing::error!(upload = %id, %blob, "the bytes of an upload are gone");
            return self.reject(claim, id, FailureReason::StorageError).await;
        };
        if bytes.size() != upload.expected_size.unsigned_abs() {
            tracing::error!(upload = %id, %blob, size = bytes.size(), "the bytes of an upload have changed their size");
            return self.reject(claim, id, FailureReason::StorageError).await;
        }
        let mime = sniff(&bytes, upload.name.clone()).await?;
        let size = bytes.size();
        let verdict = self.0.scanner.scan(bytes.stream(0..size).boxed()).await;
        self.publish(claim, &upload, mime, &verdict).await
    }

    /// Ends an upload without a file and frees what it held. For this file's checks, and for a job that failed too often.
    pub async fn reject(&self, claim: &Claim, id: UploadId, reason: FailureReason) -> Result<()> {
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
                self.0.give_up(&mut tx, &to, now).await?;
                ended = Some(to);
            }
        }
        tx.commit().await?;
        if let Some(upload) = ended {
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
    pub async fn put_off(&self, claim: &Claim, wait: chrono::Duration, reason: &str) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        if tx.job_retry(claim, self.0.clock.now() + wait, reason).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    async fn publish(&self, claim: &Claim, from: &Upload, mime: String, verdict: &Verdict) -> Result<()> {
        let core = &self.0;
        let now = core.clock.now();
        let file = published(from, mime, verdict, now).ok_or_else(|| Error::internal(anyhow::anyhow!("upload without bytes")))?;
        let Step::To(state) = upload::next(from.state, None, Event::Publish)? else { return self.settle(claim).await };
        let to = Upload { state, completed_at: Some(now), updated_at: now, ..from.clone() };
        let owner = (file.workspace_id, file.project_id);

        let mut tx: Tx = core.db.begin_background().await?;
        if !tx.job_done(claim).await? || !tx.step_upload(from, &to).await? {
            // Somebody else has the job now, and with it the right to publish.
            return Ok(());
        }
        tx.insert_file(&file).await?;
        tx.settle_usage(&quota::project_scope(file.project_id), Amount::one_file(file.size_bytes)).await?;
        core.emit(&mut tx, EventType::FileUploaded, owner, &core.summary(&file), now).await?;
        tx.commit().await?;
        ending::count(&to);
        Ok(())
    }
}

fn published(upload: &Upload, mime: String, verdict: &Verdict, now: Timestamp) -> Option<File> {
    Some(File {
        id: upload.file_id,
        workspace_id: upload.workspace_id,
        project_id: upload.project_id,
        upload_id: upload.id,
        name: upload.name.clone(),
        original_name: upload.original_name.clone(),
        folder: upload.folder.clone(),
        category: Category::of(&mime),
        mime_type: mime,
        size_bytes: upload.expected_size,
        sha256: upload.sha256.clone()?,
        blob_id: upload.blob_id?,
        is_public: upload.is_public,
        metadata: upload.metadata.clone(),
        owner_ref: upload.owner_ref.clone(),
        scan: verdict.as_str().to_owned(),
        uploaded_via: match upload.source {
            Source::Direct | Source::Session => "api".to_owned(),
        },
        created_at: now,
        updated_at: now,
        deleted_at: None,
    })
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
