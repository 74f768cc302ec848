//! What apps are told: the events, their envelope and their data, exactly as webhooks carry them.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema, schema::AnyOfBuilder},
};

use super::{
    clock::Timestamp,
    ids::{EventId, FileId, ProjectId, UploadId, WorkspaceId},
    upload::FailureReason,
};

/// The kinds of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum EventType {
    /// Processing ended; the file is ready.
    #[serde(rename = "file.uploaded")]
    FileUploaded,
    /// Its name or one of its details changed.
    #[serde(rename = "file.updated")]
    FileUpdated,
    /// The file is gone.
    #[serde(rename = "file.deleted")]
    FileDeleted,
    /// An upload ended without a file. Only for endpoints that ask for it.
    #[serde(rename = "file.failed")]
    FileFailed,
}

impl EventType {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::FileUploaded, Self::FileUpdated, Self::FileDeleted, Self::FileFailed];
    /// What an endpoint gets unless it says otherwise.
    pub const DEFAULT: [Self; 3] = [Self::FileUploaded, Self::FileUpdated, Self::FileDeleted];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FileUploaded => "file.uploaded",
            Self::FileUpdated => "file.updated",
            Self::FileDeleted => "file.deleted",
            Self::FileFailed => "file.failed",
        }
    }
}

impl FromStr for EventType {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not an event: use file.uploaded, file.updated, file.deleted or file.failed"))
    }
}

/// The body of a webhook.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// `evt_…`; the same on every attempt.
    pub id: String,
    /// The kind.
    pub r#type: EventType,
    /// When it happened.
    pub created_at: DateTime<Utc>,
    /// Whose it is.
    #[schema(value_type = uuid::Uuid)]
    pub workspace_id: WorkspaceId,
    /// Which project's.
    #[schema(value_type = uuid::Uuid)]
    pub project_id: ProjectId,
    /// What it tells, by kind.
    #[schema(value_type = EventData)]
    pub data: Value,
    /// `true` if it tells of nothing and was sent to try an endpoint; else absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
}

impl Envelope {
    /// Wraps `data`. Fails only if `data` cannot be JSON.
    pub fn new(
        id: EventId,
        r#type: EventType,
        created_at: Timestamp,
        owner: (WorkspaceId, ProjectId),
        data: &impl Serialize,
    ) -> serde_json::Result<Self> {
        let data = serde_json::to_value(data)?;
        Ok(Self { id: id.wire(), r#type, created_at, workspace_id: owner.0, project_id: owner.1, data, test: false })
    }
}

/// How `data` of an event reads in the document: as one of four, of which `file.updated` is also a `file.uploaded`.
struct EventData;

impl PartialSchema for EventData {
    fn schema() -> RefOr<Schema> {
        let one = |name| Ref::from_schema_name(name);
        let any = AnyOfBuilder::new()
            .description(Some("By `type`: of `file.uploaded`, `file.updated`, `file.deleted`, `file.failed`."));
        let names = [FileSummary::name(), FileUpdated::name(), FileDeleted::name(), FileFailed::name()];
        Schema::AnyOf(names.into_iter().fold(any, |any, name| any.item(one(name))).build()).into()
    }
}

impl ToSchema for EventData {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((FileSummary::name().into(), FileSummary::schema()));
        schemas.push((FileUpdated::name().into(), FileUpdated::schema()));
        schemas.push((FileDeleted::name().into(), FileDeleted::schema()));
        schemas.push((FileFailed::name().into(), FileFailed::schema()));
        FileFailed::schemas(schemas);
    }
}

/// A ready file in short: `data` of `file.uploaded`, and `file` of a completed session.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileSummary {
    /// The file's id.
    #[schema(value_type = uuid::Uuid)]
    pub file_id: FileId,
    /// Its project.
    #[schema(value_type = uuid::Uuid)]
    pub project_id: ProjectId,
    /// Folder and name.
    pub path: String,
    /// The name.
    pub name: String,
    /// The type, sniffed from the bytes.
    pub mime_type: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Where to fetch it: permanent for a public file, signed for a private one.
    pub url: String,
    /// When `url` stops working; null for a public file.
    #[schema(required)]
    pub url_expires_at: Option<DateTime<Utc>>,
    /// Whether anybody may fetch it.
    pub is_public: bool,
}

/// `data` of `file.updated`: the file as it is now, and what has changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FileUpdated<'c> {
    /// As in `file.uploaded`.
    #[serde(flatten)]
    pub file: FileSummary,
    /// The names of the fields.
    pub changes: Vec<&'c str>,
}

/// `data` of `file.deleted`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it; the contract lists them")]
pub struct FileDeleted {
    #[schema(value_type = uuid::Uuid)]
    pub file_id: FileId,
    #[schema(value_type = uuid::Uuid)]
    pub project_id: ProjectId,
    pub path: String,
    pub name: String,
    #[schema(value_type = DateTime<Utc>)]
    pub deleted_at: Timestamp,
}

/// `data` of `file.failed`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it; the contract lists them")]
pub struct FileFailed {
    #[schema(value_type = uuid::Uuid)]
    pub upload_id: UploadId,
    #[schema(value_type = uuid::Uuid)]
    pub file_id: FileId,
    #[schema(value_type = uuid::Uuid)]
    pub project_id: ProjectId,
    pub name: String,
    pub reason: FailureReason,
}
