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
    app::Accepted,
    domain::{
        file::{self, Variant},
        media::Category,
        upload::{FailureReason, Status},
    },
    http::error::ErrorBody,
    store::{files::File, uploads::Upload},
};

/// `session` of the contract.
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

/// A ready file: `FilePublic` of the contract.
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
        Self {
            id: file.id.0,
            workspace_id: file.workspace_id.0,
            project_id: file.project_id.0,
            name: file.name,
            original_name: file.original_name,
            mime_type: file.mime_type,
            size_bytes: file.size_bytes,
            category: file.category,
            is_public: file.details.is_public,
            public_url,
            uploaded_via: file.uploaded_via,
            created_at: file.created_at,
            updated_at: file.updated_at,
            sha256: hex::encode(file.sha256),
            folder: file.details.folder,
            metadata: file.details.metadata,
            owner_ref: file.details.owner_ref,
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

impl From<&Accepted> for AcceptedUpload {
    fn from(accepted: &Accepted) -> Self {
        Self { upload_id: accepted.upload.0, file_id: accepted.file.0, status: Taken::Processing }
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

/// The errors that any operation may answer with; which code means what is in `docs/reference/errors.md`.
pub(in crate::http) struct Errors;

const ERRORS: [(&str, &str); 17] = [
    ("400", "The request is not valid"),
    ("401", "No valid API key"),
    ("403", "Not permitted, not signed, or over quota"),
    ("404", "Absent, or not yours"),
    ("405", "Not at this address"),
    ("409", "Not in this state"),
    ("410", "The session has expired"),
    ("411", "The length is missing"),
    ("412", "A precondition failed"),
    ("413", "The file is too large"),
    ("415", "The type is not allowed"),
    ("416", "The range is outside the file"),
    ("422", "The bytes differ from what was declared"),
    ("429", "Too many requests"),
    ("500", "A fault of the server"),
    ("503", "Try again shortly"),
    ("507", "The storage is full"),
];

impl IntoResponses for Errors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let content = Content::new(Some(utoipa::openapi::Ref::from_schema_name(ErrorBody::name())));
        ERRORS
            .iter()
            .map(|(status, meaning)| {
                let response = ResponseBuilder::new().description(*meaning).content("application/json", content.clone()).build();
                ((*status).to_owned(), RefOr::T(response))
            })
            .collect()
    }
}
