//! Thumbnails of files.

use sqlx::types::Json;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    file::Variant,
    ids::{BlobId, FileId},
};

/// A row of `variants`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct StoredVariant {
    pub file_id: FileId,
    pub variant: Variant,
    pub blob_id: BlobId,
    pub mime_type: String,
    pub width: i64,
    pub height: i64,
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
}

macro_rules! columns {
    () => {
        "file_id, variant, blob_id, mime_type, width, height, size_bytes, sha256"
    };
}

statements! {
    INSERT = concat!("INSERT INTO variants (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    GET = concat!("SELECT ", columns!(), " FROM variants WHERE file_id = $1 AND variant = $2");
    OF_FILE = concat!("SELECT ", columns!(), " FROM variants WHERE file_id = $1 ORDER BY variant");
    FORGET = "DELETE FROM variants WHERE file_id = $1 AND blob_id = $2";
    STORE_LIST = "UPDATE files SET variants = $2 WHERE id = $1";
    REMOVE = concat!("DELETE FROM variants WHERE file_id = $1 RETURNING ", columns!());
}

impl Conn {
    /// One thumbnail of a file.
    pub async fn variant(&mut self, file: FileId, variant: Variant) -> Result<Option<StoredVariant>> {
        fetch_optional!(self, StoredVariant, GET, file, variant)
    }

    /// All thumbnails of a file.
    pub async fn variants(&mut self, file: FileId) -> Result<Vec<StoredVariant>> {
        fetch_all!(self, StoredVariant, OF_FILE, file)
    }
}

impl Tx {
    /// Adds a thumbnail.
    pub async fn insert_variant(&mut self, made: &StoredVariant) -> Result<()> {
        execute!(
            self,
            INSERT,
            made.file_id,
            made.variant,
            made.blob_id,
            &made.mime_type,
            made.width,
            made.height,
            made.size_bytes,
            &made.sha256
        )?;
        Ok(())
    }

    /// Removes the one thumbnail whose bytes are `blob`.
    pub async fn forget_variant(&mut self, file: FileId, blob: BlobId) -> Result<()> {
        execute!(self, FORGET, file, blob)?;
        let left: Vec<Variant> = self.variants(file).await?.into_iter().map(|made| made.variant).collect();
        execute!(self, STORE_LIST, file, Json(&left))?;
        Ok(())
    }

    /// Removes a file's thumbnails and gives them.
    pub async fn remove_variants(&mut self, file: FileId) -> Result<Vec<StoredVariant>> {
        fetch_all!(self, StoredVariant, REMOVE, file)
    }
}
