//! `/uploads/session` and `/uploads/complete`: files straight from the browser.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::types::{MetadataSchema, ReadErrors, Session, SessionErrors, Success, Taken, UploadErrors};
use crate::{
    app::{App, sessions::NewSession},
    domain::{
        asked,
        details::Given,
        event::FileSummary,
        file::{FileName, Metadata},
        ids::{ProjectId, UploadId},
        refusal::Refusal,
    },
    http::{
        error::ApiError,
        extract::{Can, FilesReadOrWrite, FilesWrite, Id, Idempotent, JsonBody},
    },
};

/// What a session is for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CreateSession {
    /// Where the file goes.
    project_id: Uuid,
    /// Its name.
    #[schema(min_length = 1, max_length = 512)]
    filename: String,
    /// Its media type; the PUT must send the same.
    #[schema(min_length = 1, max_length = 255, pattern = "^ *[!-~][ -~]*$", example = "image/jpeg")]
    content_type: String,
    /// Its size in bytes; the PUT must send as many.
    #[schema(minimum = 1)]
    size: i64,
    /// Whether anybody may fetch it. The default is the project's, `false` unless it says otherwise.
    is_public: Option<bool>,
    /// Such as `invoices/2026`.
    #[schema(max_length = 1024)]
    folder: Option<String>,
    /// At most 16 pairs of texts, 2 KiB.
    #[schema(value_type = Option<MetadataSchema>)]
    metadata: Option<Metadata>,
    /// The app's own user, for quotas.
    #[schema(min_length = 1, max_length = 255)]
    owner_ref: Option<String>,
}

impl CreateSession {
    fn check(self) -> Result<NewSession, Refusal> {
        asked::check_size(self.size)?;
        asked::check_content_type(&self.content_type)?;
        Ok(NewSession {
            project: ProjectId(self.project_id),
            name: FileName::parse(&self.filename)?,
            content_type: self.content_type,
            size: self.size,
            given: Given { is_public: self.is_public, folder: self.folder, metadata: self.metadata, owner_ref: self.owner_ref },
        })
    }
}

/// An open session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SessionCreated {
    /// For `complete`.
    upload_id: Uuid,
    /// The file that it becomes.
    file_id: Uuid,
    /// Where the browser PUTs the bytes, on the CDN host. Whoever holds it may upload: give it to one user only.
    upload_url: String,
    /// For how many seconds.
    expires_in: u64,
}

/// Open an upload session
///
/// Reserves the file's size in the project's quota and gives a URL to PUT the bytes to, without an API key.
#[utoipa::path(post, path = "/uploads/session", tag = "uploads", extensions(("x-permission" = json!("files.write"))),
    params(Idempotent), request_body = CreateSession, responses((status = 201, body = SessionCreated), UploadErrors))]
pub(in crate::http) async fn create_session(
    State(app): State<App>,
    can: Can<FilesWrite>,
    idempotent: Idempotent,
    body: JsonBody<CreateSession>,
) -> Result<(StatusCode, Json<SessionCreated>), ApiError> {
    let once = idempotent.once(can.key(), "session", &body);
    let opened = app.sessions.open(can.scope(), body.value.check()?, once).await?;
    let answer = SessionCreated {
        upload_id: opened.ids.upload.0,
        file_id: opened.ids.file.0,
        upload_url: opened.upload_url,
        expires_in: opened.expires_in,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Which session is complete.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CompleteSession {
    /// The session's id.
    upload_id: Uuid,
}

/// A completed session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SessionCompleted {
    /// The file that it becomes.
    file_id: Uuid,
    /// Always `processing`.
    status: Taken,
}

/// Complete an upload session
///
/// Fixes the bytes of the last whole PUT; from here on the upload URL is dead. Repeating it gives the same answer.
#[utoipa::path(post, path = "/uploads/complete", tag = "uploads", extensions(("x-permission" = json!("files.write"))),
    params(Idempotent), request_body = CompleteSession, responses((status = 202, body = SessionCompleted), SessionErrors))]
pub(in crate::http) async fn complete_session(
    State(app): State<App>,
    can: Can<FilesWrite>,
    idempotent: Idempotent,
    body: JsonBody<CompleteSession>,
) -> Result<(StatusCode, Json<SessionCompleted>), ApiError> {
    let once = idempotent.once(can.key(), "complete", &body);
    let file = app.sessions.complete(can.scope(), UploadId(body.value.upload_id), once).await?;
    Ok((StatusCode::ACCEPTED, Json(SessionCompleted { file_id: file.0, status: Taken::Processing })))
}

/// A session and, once it is completed, its file.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SessionState {
    session: Session,
    /// Only when the status is `COMPLETED` and the file has not been deleted since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    file: Option<FileSummary>,
}

/// Look at an upload
///
/// For sessions and direct uploads alike.
#[utoipa::path(get, path = "/uploads/session/{uploadId}", tag = "uploads",
    extensions(("x-permission" = json!("files.read|files.write"))),
    params(("uploadId" = Uuid, Path)), responses((status = 200, body = SessionState), ReadErrors))]
pub(in crate::http) async fn get_session(
    State(app): State<App>,
    can: Can<FilesReadOrWrite>,
    Id(id): Id<UploadId>,
) -> Result<Json<SessionState>, ApiError> {
    let (upload, file) = app.sessions.get(can.scope(), id).await?;
    Ok(Json(SessionState { session: (&upload).into(), file }))
}

/// Cancel an upload session
///
/// Frees its bytes and its quota at once. A session that is complete, or was cancelled before, answers 409.
#[utoipa::path(delete, path = "/uploads/session/{uploadId}", tag = "uploads",
    extensions(("x-permission" = json!("files.write"))),
    params(("uploadId" = Uuid, Path)), responses((status = 200, body = Success), SessionErrors))]
pub(in crate::http) async fn cancel_session(
    State(app): State<App>,
    can: Can<FilesWrite>,
    Id(id): Id<UploadId>,
) -> Result<Json<Success>, ApiError> {
    app.sessions.cancel(can.scope(), id).await?;
    Ok(Json(Success::DONE))
}
