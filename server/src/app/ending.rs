//! How an upload comes to its end: what it gives back, who is told, and how it is counted.

use super::{core::Core, error::Result};
use crate::{
    domain::{
        clock::Timestamp,
        event::{EventType, FileFailed},
        quota::Amount,
        timeline::{Note, Step},
        upload::Status,
    },
    store::{Tx, jobs::Job, uploads::Upload},
};

impl Core {
    /// Frees the quota and the bytes of an upload that ends without a file, and tells the app if it failed, with `why` for its
    /// history.
    pub(super) async fn give_up(&self, tx: &mut Tx, upload: &Upload, why: Option<&str>, now: Timestamp) -> Result<()> {
        tx.release(&upload.holder(), Amount::one_file(upload.expected_size)).await?;
        let note = match upload.failure_reason {
            None => Note::new(Step::Cancelled),
            Some(reason) => Note::new(Step::Failed).with("reason", reason.as_str()).with("message", why),
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
