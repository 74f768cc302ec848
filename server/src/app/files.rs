//! Ready files: reading, addresses, serving, deleting.

use std::{sync::Arc, time::Duration};

use super::{core::Core, error::Result};
use crate::{
    blobs::BlobReader,
    domain::{
        access::Scope,
        event::{EventType, FileDeleted},
        file::{self, Variant},
        ids::FileId,
        quota::{self, Amount},
        refusal::{Code, Refusal},
        signed_url::DownloadGrant,
    },
    store::{files::File, jobs::Job},
};

/// See the module's text.
#[derive(Clone)]
pub struct Files(pub(super) Arc<Core>);

/// Which address of a file is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Which picture.
    pub variant: Variant,
    /// As an attachment.
    pub download: bool,
}

/// An address.
#[derive(Debug)]
pub struct Access {
    /// Where.
    pub url: String,
    /// For how long; `None` for ever.
    pub expires_in: Option<Duration>,
}

/// `exp`, `kid` and `sig` of a signed URL.
#[derive(Debug)]
#[expect(missing_docs, reason = "the parameters of the URL")]
pub struct UrlSignature {
    pub exp: i64,
    pub kid: String,
    pub sig: String,
}

fn not_found() -> Refusal {
    Refusal::not_found("file")
}

/// The refusal of a picture that a file does not have.
fn require_original(variant: Variant) -> Result<()> {
    if variant == Variant::Original {
        return Ok(());
    }
    Err(Refusal::new(Code::NotFound, format!("This file has no {} variant.", variant.as_str())).into())
}

impl Files {
    /// A ready file that the bearer may read.
    pub async fn get(&self, scope: &Scope, id: FileId) -> Result<File> {
        let file = self.0.db.reader().await?.file(scope, id).await?;
        file.ok_or_else(|| not_found().into())
    }

    /// The permanent address of a ready public file; `None` for a private one.
    pub fn public_url(&self, file: &File) -> Option<String> {
        file.is_public.then(|| self.0.public_url(file, Variant::Original, false))
    }

    /// An address under which the file leaves: permanent if it is public, else signed for `ttl`.
    pub async fn access(&self, scope: &Scope, id: FileId, wanted: Wanted, ttl: Duration) -> Result<Access> {
        let file = self.get(scope, id).await?;
        require_original(wanted.variant)?;
        let Wanted { variant, download } = wanted;
        if file.is_public {
            return Ok(Access { url: self.0.public_url(&file, variant, download), expires_in: None });
        }
        let expires = self.0.clock.now() + ttl;
        Ok(Access { url: self.0.signed_url(&file, variant, download, expires), expires_in: Some(ttl) })
    }

    /// Deletes a file: its addresses are dead and its room is free when this returns; its bytes follow.
    pub async fn delete(&self, scope: &Scope, id: FileId) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let file = tx.file(scope, id).await?.ok_or_else(not_found)?;
        if !tx.delete_file(id, now).await? {
            return Err(not_found().into());
        }
        tx.free(&quota::project_scope(file.project_id), Amount::one_file(file.size_bytes)).await?;
        tx.enqueue(&Job::DeleteBlob { blob: file.blob_id }, now, now).await?;
        let data = FileDeleted {
            file_id: file.id,
            project_id: file.project_id,
            path: file::path(&file.folder, &file.name),
            name: file.name,
            deleted_at: now,
        };
        self.0.emit(&mut tx, EventType::FileDeleted, (file.workspace_id, file.project_id), &data, now).await?;
        Ok(tx.commit().await?)
    }

    /// A file for whoever holds its address: public ones for all, private ones for a valid signature.
    ///
    /// A signature is checked before the database is asked, so a forged URL learns nothing of the file. Without one, a
    /// private file reads as absent.
    pub async fn open(&self, id: FileId, wanted: Wanted, signature: Option<UrlSignature>) -> Result<(File, BlobReader)> {
        if let Some(UrlSignature { exp, kid, sig }) = &signature {
            let grant = DownloadGrant { file: id, variant: wanted.variant, download: wanted.download, expires: *exp };
            self.0.keyring.verify_download(&grant, kid, sig, self.0.clock.now())?;
        }
        let file = self.0.db.reader().await?.file_of_any(id).await?.ok_or_else(not_found)?;
        if !file.is_public && signature.is_none() {
            return Err(not_found().into());
        }
        require_original(wanted.variant)?;
        // Between the row's read and here the file may have been deleted; then it is absent like any other.
        let bytes = self.0.blobs.open(file.blob_id).await?.ok_or_else(not_found)?;
        Ok((file, bytes))
    }

    /// The origins whose pages may read this file's answers (CORS); none for an unknown file.
    pub async fn cors_origins(&self, id: FileId) -> Result<Vec<String>> {
        let mut conn = self.0.db.reader().await?;
        let Some(file) = conn.file_of_any(id).await? else { return Ok(Vec::new()) };
        let project = conn.project_of_any(file.project_id).await?;
        Ok(project.map(|project| project.cors_origins).unwrap_or_default())
    }
}
