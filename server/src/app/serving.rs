//! How a ready file leaves: its addresses, and its bytes for whoever holds one.

use std::time::Duration;

use super::{core::Core, error::Result, files::Files};
use crate::{
    blobs::BlobReader,
    domain::{
        access::Scope,
        clock::Timestamp,
        event::FileSummary,
        file::{self, Variant},
        ids::{BlobId, FileId},
        refusal::{Code, Refusal},
        signed_url::DownloadGrant,
    },
    store::{Conn, files::File},
};

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

/// What leaves.
pub struct Served {
    /// The name that it is saved under.
    pub name: String,
    /// Its media type.
    pub mime_type: String,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
    /// Whether anybody may fetch it.
    pub is_public: bool,
    /// Its bytes.
    pub bytes: BlobReader,
}

/// What is to be opened.
struct Representation {
    name: String,
    mime_type: String,
    sha256: Vec<u8>,
    blob: BlobId,
}

/// The file itself or one of its thumbnails; a clear `NOT_FOUND` if it has none of that size.
async fn represent(conn: &mut Conn, file: &File, variant: Variant) -> Result<Representation> {
    if variant == Variant::Original {
        return Ok(Representation {
            name: file.name.clone(),
            mime_type: file.mime_type.clone(),
            sha256: file.sha256.clone(),
            blob: file.blob_id,
        });
    }
    match conn.variant(file.id, variant).await? {
        Some(made) => Ok(Representation {
            name: file::thumbnail_name(&file.name, variant, &made.mime_type),
            mime_type: made.mime_type,
            sha256: made.sha256,
            blob: made.blob_id,
        }),
        None => {
            let (mime, variant) = (&file.mime_type, variant.as_str());
            let message = match reupload_images::can_thumbnail(mime) {
                true => format!("This picture ({mime}) has no {variant} variant; its timeline says why."),
                false => format!("This file has no {variant} variant: there are none of {mime}."),
            };
            Err(Refusal::new(Code::NotFound, message).into())
        }
    }
}

impl Core {
    /// The permanent address of a public file.
    pub(crate) fn public_url(&self, file: &File, variant: Variant, download: bool) -> String {
        let mut url = format!("{}/v1/files/{}/{}", self.config.cdn.public_url, file.id, file::url_segment(&file.name));
        let mut separator = '?';
        let mut add = |pair: &str| {
            url.push(separator);
            url.push_str(pair);
            separator = '&';
        };
        if variant != Variant::Original {
            add(&format!("variant={}", variant.as_str()));
        }
        if download {
            add("download=true");
        }
        url
    }

    /// A signed address that works until `expires` (whole seconds).
    pub(crate) fn signed_url(&self, file: &File, variant: Variant, download: bool, expires: Timestamp) -> String {
        let grant = DownloadGrant { file: file.id, variant, download, expires: expires.timestamp() };
        let (kid, sig) = self.keyring.sign_download(&grant);
        let plain = self.public_url(file, variant, download);
        let separator = if plain.contains('?') { '&' } else { '?' };
        format!("{plain}{separator}exp={}&kid={kid}&sig={sig}", grant.expires)
    }

    /// A ready file in short, with an address.
    pub(crate) fn summary(&self, file: &File) -> FileSummary {
        let expires = self.clock.now() + self.config.uploads.url_ttl;
        let (url, url_expires_at) = if file.details.is_public {
            (self.public_url(file, Variant::Original, false), None)
        } else {
            let whole = expires - Duration::from_nanos(expires.timestamp_subsec_nanos().into());
            (self.signed_url(file, Variant::Original, false, whole), Some(whole))
        };
        FileSummary {
            file_id: file.id,
            project_id: file.project_id,
            path: file::path(&file.details.folder, &file.name),
            name: file.name.clone(),
            mime_type: file.mime_type.clone(),
            size_bytes: file.size_bytes,
            url,
            url_expires_at,
            is_public: file.details.is_public,
        }
    }
}

impl Files {
    /// The permanent address of a ready public file; `None` for a private one.
    pub fn public_url(&self, file: &File) -> Option<String> {
        file.details.is_public.then(|| self.0.public_url(file, Variant::Original, false))
    }

    /// An address under which the file leaves: permanent if it is public, else signed for `ttl`. Refuses `NOT_FOUND`, for a
    /// variant that there is not too.
    pub async fn access(&self, scope: &Scope, id: FileId, wanted: Wanted, ttl: Duration) -> Result<Access> {
        let mut conn = self.0.db.reader().await?;
        let file = conn.file(scope, id).await?.ok_or_else(|| Refusal::not_found("file"))?;
        let Wanted { variant, download } = wanted;
        represent(&mut conn, &file, variant).await?;
        if file.details.is_public {
            return Ok(Access { url: self.0.public_url(&file, variant, download), expires_in: None });
        }
        let expires = self.0.clock.now() + ttl;
        Ok(Access { url: self.0.signed_url(&file, variant, download, expires), expires_in: Some(ttl) })
    }

    /// A file for whoever holds its address: public ones for all, private ones for a valid signature.
    ///
    /// A signature is checked before the database is asked, so a forged URL learns nothing of the file. Without one, a
    /// private file reads as absent. Refuses `INVALID_SIGNATURE`, `URL_EXPIRED` and `NOT_FOUND`.
    pub async fn open(&self, id: FileId, wanted: Wanted, signature: Option<UrlSignature>) -> Result<Served> {
        if let Some(UrlSignature { exp, kid, sig }) = &signature {
            let grant = DownloadGrant { file: id, variant: wanted.variant, download: wanted.download, expires: *exp };
            self.0.keyring.verify_download(&grant, kid, sig, self.0.clock.now())?;
        }
        let not_found = || Refusal::not_found("file");
        let mut conn = self.0.db.reader().await?;
        let file = conn.file_of_any(id).await?.ok_or_else(not_found)?;
        if !file.details.is_public && signature.is_none() {
            return Err(not_found().into());
        }
        let Representation { name, mime_type, sha256, blob } = represent(&mut conn, &file, wanted.variant).await?;
        drop(conn);
        // Between the row's read and here the file may have been deleted; then it is absent like any other.
        let bytes = self.0.blobs.open(blob).await?.ok_or_else(not_found)?;
        Ok(Served { name, mime_type, sha256, is_public: file.details.is_public, bytes })
    }

    /// The origins whose pages may read this file's answers (CORS); none for an unknown file.
    pub async fn cors_origins(&self, id: FileId) -> Result<Vec<String>> {
        let mut conn = self.0.db.reader().await?;
        let Some(file) = conn.file_of_any(id).await? else { return Ok(Vec::new()) };
        let project = conn.project_of_any(file.project_id).await?;
        Ok(self.0.origins_of(project))
    }
}
