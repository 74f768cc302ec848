//! The addresses under which a file leaves.

use std::time::Duration;

use super::core::Core;
use crate::{
    domain::{
        clock::Timestamp,
        event::FileSummary,
        file::{self, Variant},
        signed_url::DownloadGrant,
    },
    store::files::File,
};

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
        let (url, url_expires_at) = if file.is_public {
            (self.public_url(file, Variant::Original, false), None)
        } else {
            let whole = expires - Duration::from_nanos(expires.timestamp_subsec_nanos().into());
            (self.signed_url(file, Variant::Original, false, whole), Some(whole))
        };
        FileSummary {
            file_id: file.id,
            project_id: file.project_id,
            path: file::path(&file.folder, &file.name),
            name: file.name.clone(),
            mime_type: file.mime_type.clone(),
            size_bytes: file.size_bytes,
            url,
            url_expires_at,
            is_public: file.is_public,
        }
    }
}
