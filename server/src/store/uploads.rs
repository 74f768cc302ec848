//! Uploads: one row from the first request to the end, moved only by compare-and-set.

use std::cmp::Reverse;

use sqlx::types::Json;

use super::{
    Conn, Result, Tx, details,
    macros::{execute, fetch_all, fetch_optional, statements},
    projects::Project,
};
use crate::domain::{
    access::Scope,
    clock::Timestamp,
    details::Details,
    file::{Blob, FileName},
    ids::{BlobId, FileId, ProjectId, UploadId, UploadIds, UserId, WorkspaceId},
    page::Cursor,
    quota::Holder,
    upload::{FailureReason, Source, State, Status},
};

/// A row of `uploads`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Upload {
    pub id: UploadId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub file_id: FileId,
    pub source: Source,
    /// Who uploads it in the dashboard.
    pub user_id: Option<UserId>,
    pub state: State,
    pub name: String,
    pub original_name: String,
    #[sqlx(flatten)]
    pub details: Details,
    pub expected_size: i64,
    pub expected_mime: String,
    pub blob_id: Option<BlobId>,
    pub sha256: Option<Vec<u8>>,
    /// Bytes of the blob.
    pub size_bytes: Option<i64>,
    /// What the bytes show, once they were looked at.
    pub mime_type: Option<String>,
    pub scan: Option<String>,
    /// Metadata was taken out of the blob's bytes.
    pub stripped: bool,
    pub expires_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    pub failure_reason: Option<FailureReason>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Upload {
    /// A session's upload of `(bytes, type)` as declared, without its bytes, that expires at once.
    pub fn new(project: &Project, name: FileName, details: &Details, declared: (i64, String), now: Timestamp) -> Self {
        Self {
            id: UploadId::new(now),
            workspace_id: project.workspace_id,
            project_id: project.id,
            file_id: FileId::new(now),
            source: Source::Session,
            user_id: None,
            state: State::Pending,
            name: name.clean,
            original_name: name.original,
            details: details.clone(),
            expected_size: declared.0,
            expected_mime: declared.1,
            blob_id: None,
            sha256: None,
            size_bytes: None,
            mime_type: None,
            scan: None,
            stripped: false,
            expires_at: now,
            completed_at: None,
            failure_reason: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The same with these bytes.
    #[must_use]
    pub fn with_blob(mut self, blob: &Blob) -> Self {
        self.blob_id = Some(blob.id);
        self.sha256 = Some(blob.sha256.to_vec());
        self.size_bytes = Some(i64::try_from(blob.size).unwrap_or(i64::MAX));
        self
    }

    /// Its id and its file's.
    pub const fn ids(&self) -> UploadIds {
        UploadIds { upload: self.id, file: self.file_id }
    }

    /// How it comes in, as its file says.
    pub const fn uploaded_via(&self) -> &'static str {
        if self.user_id.is_some() { "dashboard" } else { "api" }
    }

    /// Whose room it takes.
    pub fn holder(&self) -> Holder {
        Holder { workspace: self.workspace_id, project: self.project_id, owner: self.details.owner_ref.clone() }
    }
}

/// What the list of uploads that run or have failed is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Unpublished {
    /// Uploads to this project; else to all of the workspace.
    pub project: Option<ProjectId>,
    /// Uploads that stand there; else wherever.
    pub status: Vec<Status>,
    /// Begin behind this one.
    pub after: Option<Cursor>,
}

macro_rules! columns {
    () => {
        concat!(
            "id, workspace_id, project_id, file_id, source, user_id, state, name, original_name, ", details::columns!(), ", \
             expected_size, expected_mime, blob_id, sha256, size_bytes, mime_type, scan, stripped, expires_at, completed_at, failure_reason, created_at, updated_at"
        )
    };
}

statements! {
    INSERT = concat!("INSERT INTO uploads (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)");
    GET = concat!("SELECT ", columns!(), " FROM uploads WHERE id = $1");
    OF_FILE = concat!("SELECT ", columns!(), " FROM uploads WHERE file_id = $1");
    RUNNING = concat!("SELECT ", columns!(), " FROM uploads WHERE workspace_id = $1 AND state IN ('pending', 'receiving', 'processing')
        AND id < $2 AND ($4 OR state <> 'pending') AND ($5 OR state = 'pending') ORDER BY id DESC LIMIT $3");
    RUNNING_OF_PROJECT = concat!("SELECT ", columns!(), " FROM uploads WHERE workspace_id = $1
        AND state IN ('pending', 'receiving', 'processing') AND id < $2 AND ($4 OR state <> 'pending') AND ($5 OR state = 'pending')
        AND project_id = $6 ORDER BY id DESC LIMIT $3");
    // All three for the partial index; jobs work on the last.
    OPEN_OF_PROJECT = concat!("SELECT ", columns!(), " FROM uploads WHERE workspace_id = $1
        AND state IN ('pending', 'receiving', 'processing') AND state <> 'processing' AND project_id = $2 LIMIT $3");
    FAILED = concat!("SELECT ", columns!(), " FROM uploads WHERE workspace_id = $1 AND state = 'failed' AND id < $2
        ORDER BY id DESC LIMIT $3");
    FAILED_OF_PROJECT = concat!("SELECT ", columns!(), " FROM uploads WHERE project_id = $1 AND state = 'failed' AND id < $2
        ORDER BY id DESC LIMIT $3");
    /// The states here only serve the partial index; `domain/upload.rs` decides what may happen.
    OVERDUE = "SELECT id FROM uploads WHERE state IN ('pending', 'receiving') AND expires_at <= $1 ORDER BY expires_at LIMIT $2";
    STEP = "UPDATE uploads SET state = $4, blob_id = $5, sha256 = $6, failure_reason = $7, completed_at = $8, updated_at = $9,
        size_bytes = $10, mime_type = $11, scan = $12, stripped = $13
        WHERE id = $1 AND state = $2 AND blob_id IS NOT DISTINCT FROM $3";
}

impl Conn {
    /// An upload that the bearer may touch.
    pub async fn upload(&mut self, scope: &Scope, id: UploadId) -> Result<Option<Upload>> {
        let found = self.upload_of_any(id).await?;
        Ok(found.filter(|upload| scope.covers(upload.workspace_id, upload.project_id)))
    }

    /// Any upload: for the holder of a valid upload token, and for jobs.
    pub async fn upload_of_any(&mut self, id: UploadId) -> Result<Option<Upload>> {
        fetch_optional!(self, Upload, GET, id)
    }

    /// The upload that a file comes from, whatever became of it.
    pub async fn upload_of_file(&mut self, scope: &Scope, file: FileId) -> Result<Option<Upload>> {
        let found = fetch_optional!(self, Upload, OF_FILE, file)?;
        Ok(found.filter(|upload| scope.covers(upload.workspace_id, upload.project_id)))
    }

    /// Uploads of a workspace that run or have failed, newest first. A project in `filter` must have been checked to be in it.
    pub async fn unpublished_uploads(&mut self, workspace: WorkspaceId, filter: &Unpublished, limit: i64) -> Result<Vec<Upload>> {
        let (_, before) = Cursor::place(filter.after);
        let asks = |status| filter.status.is_empty() || filter.status.contains(&status);
        let (pending, uploading) = (asks(Status::Pending), asks(Status::Uploading));
        let mut found = Vec::new();
        // Before those that have failed: one that fails between the two is seen twice, not never.
        if pending || uploading {
            found = match filter.project {
                Some(id) => fetch_all!(self, Upload, RUNNING_OF_PROJECT, workspace, before, limit, pending, uploading, id)?,
                None => fetch_all!(self, Upload, RUNNING, workspace, before, limit, pending, uploading)?,
            };
        }
        if asks(Status::Failed) {
            found.extend(match filter.project {
                Some(project) => fetch_all!(self, Upload, FAILED_OF_PROJECT, project, before, limit)?,
                None => fetch_all!(self, Upload, FAILED, workspace, before, limit)?,
            });
        }
        found.sort_by_key(|upload| Reverse(upload.id));
        found.dedup_by_key(|upload| upload.id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// Open sessions of a project, in no order.
    pub async fn open_uploads(&mut self, workspace: WorkspaceId, project: ProjectId, limit: usize) -> Result<Vec<Upload>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        fetch_all!(self, Upload, OPEN_OF_PROJECT, workspace, project, limit)
    }

    /// Open sessions whose time has run out, longest overdue first.
    pub async fn overdue_uploads(&mut self, now: Timestamp, limit: i64) -> Result<Vec<UploadId>> {
        Ok(fetch_all!(self, (UploadId,), OVERDUE, now, limit)?.into_iter().map(|(id,)| id).collect())
    }
}

impl Tx {
    /// Adds an upload.
    pub async fn insert_upload(&mut self, upload: &Upload) -> Result<()> {
        execute!(
            self,
            INSERT,
            upload.id,
            upload.workspace_id,
            upload.project_id,
            upload.file_id,
            upload.source,
            upload.user_id,
            upload.state,
            &upload.name,
            &upload.original_name,
            upload.details.is_public,
            &upload.details.folder,
            Json(&upload.details.metadata),
            &upload.details.owner_ref,
            upload.expected_size,
            &upload.expected_mime,
            upload.blob_id,
            &upload.sha256,
            upload.size_bytes,
            &upload.mime_type,
            &upload.scan,
            upload.stripped,
            upload.expires_at,
            upload.completed_at,
            upload.failure_reason,
            upload.created_at,
            upload.updated_at
        )?;
        Ok(())
    }

    /// Moves an upload from `from` to `to` if it still has `from`'s state and blob; says whether it did.
    pub async fn step_upload(&mut self, from: &Upload, to: &Upload) -> Result<bool> {
        let moved = execute!(
            self,
            STEP,
            from.id,
            from.state,
            from.blob_id,
            to.state,
            to.blob_id,
            &to.sha256,
            to.failure_reason,
            to.completed_at,
            to.updated_at,
            to.size_bytes,
            &to.mime_type,
            &to.scan,
            to.stripped
        )?;
        Ok(moved == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_in_a_list_or_has_ended_well() {
        for state in State::ALL {
            let is_listed = [RUNNING, RUNNING_OF_PROJECT, FAILED].map(|sql| sql.contains(&format!("'{}'", state.as_str())));
            let (runs, failed) = (matches!(state.status(), Status::Pending | Status::Uploading), state == State::Failed);
            assert_eq!(is_listed, [runs, runs, failed], "{state:?}");
        }
    }

    #[test]
    fn overdue_are_those_that_are_open() {
        for state in State::ALL {
            assert_eq!(OVERDUE.contains(&format!("'{}'", state.as_str())), state.is_open(), "{state:?}");
        }
    }
}
