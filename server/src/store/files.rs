//! Files. A row exists from publishing on, so nothing unfinished can be read, listed or served by mistake.

use sqlx::types::Json;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    access::Scope,
    clock::Timestamp,
    file::Metadata,
    ids::{BlobId, FileId, ProjectId, UploadId, WorkspaceId},
    media::Category,
};

/// A row of `files`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct File {
    pub id: FileId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub upload_id: UploadId,
    pub name: String,
    pub original_name: String,
    pub folder: String,
    pub mime_type: String,
    pub category: Category,
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
    pub blob_id: BlobId,
    pub is_public: bool,
    #[sqlx(json)]
    pub metadata: Metadata,
    pub owner_ref: Option<String>,
    pub scan: String,
    pub uploaded_via: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "id, workspace_id, project_id, upload_id, name, original_name, folder, mime_type, category, size_bytes, sha256, blob_id, \
         is_public, metadata, owner_ref, scan, uploaded_via, created_at, updated_at, deleted_at"
    };
}

statements! {
    INSERT = concat!("INSERT INTO files (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)");
    GET_READY = concat!("SELECT ", columns!(), " FROM files WHERE id = $1 AND deleted_at IS NULL");
    DELETE = "UPDATE files SET deleted_at = $2, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    /// For the tests' look at leftovers.
    BLOBS = "SELECT blob_id FROM files WHERE deleted_at IS NULL";
}

impl Conn {
    /// A ready file that the bearer may touch.
    pub async fn file(&mut self, scope: &Scope, id: FileId) -> Result<Option<File>> {
        let found = self.file_of_any(id).await?;
        Ok(found.filter(|file| scope.covers(file.workspace_id, file.project_id)))
    }

    /// Any ready file: for the CDN host, which decides by visibility and signature.
    pub async fn file_of_any(&mut self, id: FileId) -> Result<Option<File>> {
        fetch_optional!(self, File, GET_READY, id)
    }

    /// Every blob of a ready file.
    pub async fn file_blobs(&mut self) -> Result<Vec<BlobId>> {
        Ok(fetch_all!(self, (BlobId,), BLOBS)?.into_iter().map(|(id,)| id).collect())
    }
}

impl Tx {
    /// Adds a published file.
    pub async fn insert_file(&mut self, file: &File) -> Result<()> {
        execute!(
            self,
            INSERT,
            file.id,
            file.workspace_id,
            file.project_id,
            file.upload_id,
            &file.name,
            &file.original_name,
            &file.folder,
            &file.mime_type,
            file.category,
            file.size_bytes,
            &file.sha256,
            file.blob_id,
            file.is_public,
            Json(&file.metadata),
            &file.owner_ref,
            &file.scan,
            &file.uploaded_via,
            file.created_at,
            file.updated_at,
            file.deleted_at
        )?;
        Ok(())
    }

    /// Marks a file deleted; says whether it was still there.
    pub async fn delete_file(&mut self, id: FileId, now: Timestamp) -> Result<bool> {
        Ok(execute!(self, DELETE, id, now)? == 1)
    }
}
