//! The objects of the contract, as they look on the wire.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{Content, ObjectBuilder, RefOr, Response, ResponseBuilder, Schema, schema::Type},
};
use uuid::Uuid;

use crate::{
    domain::{
        details::Details,
        file::{self, Variant},
        ids::UploadIds,
        media::Category,
        upload::{FailureReason, Status},
    },
    http::error::ErrorBody,
    store::{files::File, uploads::Upload},
};

/// How an upload stands, whether it came by a session or directly.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Session {
    /// The upload's id.
    id: Uuid,
    /// Its workspace.
    workspace_id: Uuid,
    /// Its project.
    project_id: Uuid,
    /// The file that it becomes.
    file_id: Uuid,
    /// Where it stands.
    status: Status,
    /// Bytes.
    expected_size: i64,
    /// The declared type.
    expected_mime: String,
    /// When an unfinished session ends.
    expires_at: DateTime<Utc>,
    /// When the file was published.
    #[schema(required)]
    completed_at: Option<DateTime<Utc>>,
    /// Why it failed.
    #[schema(required)]
    failure_reason: Option<FailureReason>,
    /// When it began.
    created_at: DateTime<Utc>,
}

impl From<&Upload> for Session {
    fn from(upload: &Upload) -> Self {
        Self {
            id: upload.id.0,
            workspace_id: upload.workspace_id.0,
            project_id: upload.project_id.0,
            file_id: upload.file_id.0,
            status: upload.state.status(),
            expected_size: upload.expected_size,
            expected_mime: upload.expected_mime.clone(),
            expires_at: upload.expires_at,
            completed_at: upload.completed_at,
            failure_reason: upload.failure_reason,
            created_at: upload.created_at,
        }
    }
}

/// A ready file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FilePublic {
    /// Its id.
    id: Uuid,
    /// Its workspace.
    workspace_id: Uuid,
    /// Its project.
    project_id: Uuid,
    /// The name that it is shown and served under.
    name: String,
    /// The name exactly as it was sent.
    original_name: String,
    /// The type, sniffed from the bytes.
    mime_type: String,
    /// Bytes.
    size_bytes: i64,
    /// What kind of thing it is.
    category: Category,
    /// Whether anybody may fetch it.
    is_public: bool,
    /// Its permanent address; null for a private file.
    #[schema(required)]
    public_url: Option<String>,
    /// How it came in: `api`, `dashboard` or `intake`.
    uploaded_via: String,
    /// When it was published.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// SHA-256 of its bytes, in hex.
    sha256: String,
    /// Its folder, such as `a/b`; empty at the top.
    folder: String,
    /// The app's own words.
    metadata: BTreeMap<String, String>,
    /// The app's own user, if it named one.
    #[schema(required)]
    owner_ref: Option<String>,
    /// The thumbnails that there are.
    variants: Vec<Variant>,
    /// What the malware scanner said: `clean`, or `skipped` if none is configured.
    scan: String,
}

impl FilePublic {
    pub(in crate::http) fn new(file: File, public_url: Option<String>) -> Self {
        // Destructured, so that no detail is left out.
        let Details { is_public, folder, metadata, owner_ref } = file.details;
        Self {
            id: file.id.0,
            workspace_id: file.workspace_id.0,
            project_id: file.project_id.0,
            name: file.name,
            original_name: file.original_name,
            mime_type: file.mime_type,
            size_bytes: file.size_bytes,
            category: file.category,
            is_public,
            public_url,
            uploaded_via: file.uploaded_via,
            created_at: file.created_at,
            updated_at: file.updated_at,
            sha256: hex::encode(file.sha256),
            folder,
            metadata,
            owner_ref,
            variants: file.variants,
            scan: file.scan,
        }
    }
}

/// How `metadata` of a JSON body is described; what is read is [`file::Metadata`].
pub(in crate::http) struct MetadataSchema;

impl PartialSchema for MetadataSchema {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        ObjectBuilder::new()
            .additional_properties(Some(text()))
            .property_names(Some(text().min_length(Some(1))))
            .max_properties(Some(file::MAX_METADATA_PAIRS))
            .description(Some("Pairs of texts, at most 2 KiB in all."))
            .into()
    }
}

impl ToSchema for MetadataSchema {
    fn name() -> Cow<'static, str> {
        "Metadata".into()
    }
}

/// The one status that an accepted upload has.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::http) enum Taken {
    /// The bytes are safe; the work on them goes on.
    Processing,
}

/// An upload that was taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AcceptedUpload {
    /// Ask for it at `/uploads/session/{uploadId}`.
    upload_id: Uuid,
    /// The file that it becomes.
    file_id: Uuid,
    /// Always `processing`.
    status: Taken,
}

impl From<&UploadIds> for AcceptedUpload {
    fn from(ids: &UploadIds) -> Self {
        Self { upload_id: ids.upload.0, file_id: ids.file.0, status: Taken::Processing }
    }
}

/// It is done.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Success {
    /// Always true.
    success: bool,
}

impl Success {
    pub(in crate::http) const DONE: Self = Self { success: true };
}

/// What a status of an error means; which code means what is in `docs/reference/errors.md`.
const ERRORS: [(u16, &str); 16] = [
    (400, "The request is not valid"),
    (401, "No valid API key"),
    (403, "Not permitted, not signed, or over quota"),
    (404, "Absent, or not yours"),
    (409, "Not in this state"),
    (410, "The session has expired"),
    (411, "A length must be given"),
    (412, "A precondition failed"),
    (413, "The file is too large"),
    (415, "The type is not allowed"),
    (416, "The range is outside the file"),
    (422, "The bytes differ from what was declared"),
    (429, "Too many requests"),
    (500, "A fault of the server"),
    (503, "Try again shortly"),
    (507, "The storage is full"),
];

/// Sets of errors, each for operations of one kind. A test that sees another answer fails, so they are neither too long nor too short
/// to be true of what the tests do.
macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident: $($status:literal)+;)+) => {$(
        $(#[$doc])*
        pub(in crate::http) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                error_responses(&described(&[$($status),+]))
            }
        }
    )+};
}

errors! {
    /// Of an operation that reads.
    ReadErrors: 400 401 403 404 429 500 503;
    /// Of one that changes or deletes files.
    ChangeErrors: 400 401 403 404 409 429 500 503 507;
    /// Of one that opens an upload or brings its bytes.
    UploadErrors: 400 401 403 404 409 413 415 429 500 503 507;
    /// Of one that moves an open session on.
    SessionErrors: 400 401 403 404 409 410 429 500 503 507;
    /// Of a PUT, which needs no key.
    PutErrors: 400 403 404 409 410 411 422 429 500 503 507;
    /// Of a download, which needs no key.
    DownloadErrors: 400 403 404 412 416 429 500 503;
    /// Of what browsers ask before.
    PreflightErrors: 400 403 404 429 500 503;
}

fn described(statuses: &[u16]) -> Vec<(u16, &'static str)> {
    ERRORS.into_iter().filter(|(status, _)| statuses.contains(status)).collect()
}

/// The responses of these statuses, with their meanings.
pub(in crate::http) fn error_responses(meanings: &[(u16, &'static str)]) -> BTreeMap<String, RefOr<Response>> {
    let content = Content::new(Some(utoipa::openapi::Ref::from_schema_name(ErrorBody::name())));
    let responses = meanings.iter().map(|(status, meaning)| {
        let response = ResponseBuilder::new().description(*meaning).content("application/json", content.clone()).build();
        (status.to_string(), RefOr::T(response))
    });
    responses.collect()
}
