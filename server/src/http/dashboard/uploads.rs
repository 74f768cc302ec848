//! `/workspaces/{workspaceId}/uploads`: the five routes that `@reupload/client` calls, and the uploads that run or have failed.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    auth::{In, Member, Viewer},
    types::{DashboardErrors, PageQuery},
};
use crate::{
    app::{App, sessions::NewSession},
    domain::{
        asked,
        details::Given,
        file::FileName,
        ids::{ProjectId, UploadId},
        page::{self, Cursor},
        text::parse_project,
        upload::{FailureReason, Status},
    },
    http::{
        api::types::{Success, Taken},
        error::ApiError,
        extract::{Id, JsonBody, QueryParams},
    },
    store::uploads::{Unpublished, Upload},
};

/// A file that a browser wants to upload.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Prepare {
    /// Where the file goes.
    project_id: Uuid,
    /// Its name.
    #[schema(min_length = 1, max_length = 512)]
    filename: String,
    /// Its media type; the PUT must send the same.
    #[schema(min_length = 1, max_length = 255)]
    content_type: String,
    /// Its size in bytes; the PUT must send as many.
    #[schema(minimum = 1)]
    size: i64,
    /// Whether anybody may fetch it; the project's default unless given.
    is_public: Option<bool>,
    /// Such as `invoices/2026`.
    #[schema(max_length = 1024)]
    folder: Option<String>,
}

/// An open session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Prepared {
    /// For `complete`.
    upload_id: Uuid,
    /// The file that it becomes.
    file_id: Uuid,
    /// Where the browser PUTs the bytes, on the CDN host.
    upload_url: String,
    /// For how many seconds.
    expires_in: u64,
}

/// Open an upload
///
/// The file is marked `uploadedVia: "dashboard"`.
#[utoipa::path(post, path = "/workspaces/{workspaceId}/uploads/prepare", tag = "uploads", extensions(("x-role" = json!("member"))),
    params(("workspaceId" = Uuid, Path)), request_body = Prepare, responses((status = 201, body = Prepared), DashboardErrors))]
pub(in crate::http) async fn prepare_upload(
    State(app): State<App>,
    can: In<Member>,
    body: JsonBody<Prepare>,
) -> Result<(StatusCode, Json<Prepared>), ApiError> {
    let Prepare { project_id, filename, content_type, size, is_public, folder } = body.value;
    asked::check_size(size)?;
    asked::check_content_type(&content_type)?;
    let given = Given { is_public, folder, ..Given::default() };
    let new = NewSession { project: ProjectId(project_id), name: FileName::parse(&filename)?, content_type, size, given };
    let opened = app.sessions.open(&can.scope, new, None).await?;
    let answer = Prepared {
        upload_id: opened.ids.upload.0,
        file_id: opened.ids.file.0,
        upload_url: opened.upload_url,
        expires_in: opened.expires_in,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Which upload.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct WhichUpload {
    /// From `prepare`.
    upload_id: Uuid,
}

/// A completed session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Completed {
    /// The file that it becomes.
    file_id: Uuid,
    /// Always `processing`.
    status: Taken,
}

/// Complete an upload
#[utoipa::path(post, path = "/workspaces/{workspaceId}/uploads/complete", tag = "uploads", extensions(("x-role" = json!("member"))),
    params(("workspaceId" = Uuid, Path)), request_body = WhichUpload, responses((status = 202, body = Completed), DashboardErrors))]
pub(in crate::http) async fn complete_upload(
    State(app): State<App>,
    can: In<Member>,
    body: JsonBody<WhichUpload>,
) -> Result<(StatusCode, Json<Completed>), ApiError> {
    let file = app.sessions.complete(&can.scope, UploadId(body.value.upload_id), None).await?;
    Ok((StatusCode::ACCEPTED, Json(Completed { file_id: file.0, status: Taken::Processing })))
}

/// Cancel an upload
#[utoipa::path(post, path = "/workspaces/{workspaceId}/uploads/cancel", tag = "uploads", extensions(("x-role" = json!("member"))),
    params(("workspaceId" = Uuid, Path)), request_body = WhichUpload, responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn cancel_upload(
    State(app): State<App>,
    can: In<Member>,
    body: JsonBody<WhichUpload>,
) -> Result<Json<Success>, ApiError> {
    app.sessions.cancel(&can.scope, UploadId(body.value.upload_id)).await?;
    Ok(Json(Success::DONE))
}

/// Where an upload stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct UploadStatus {
    /// Its status.
    status: Status,
    /// The file that it becomes.
    file_id: Uuid,
    /// Why it failed.
    #[schema(required)]
    failure_reason: Option<FailureReason>,
}

/// Ask where an upload stands
#[utoipa::path(get, path = "/workspaces/{workspaceId}/uploads/{uploadId}/status", tag = "uploads",
    extensions(("x-role" = json!("viewer"))), params(("workspaceId" = Uuid, Path), ("uploadId" = Uuid, Path)),
    responses((status = 200, body = UploadStatus), DashboardErrors))]
pub(in crate::http) async fn upload_status(
    State(app): State<App>,
    can: In<Viewer>,
    Id(id): Id<UploadId>,
) -> Result<Json<UploadStatus>, ApiError> {
    let (upload, _) = app.sessions.get(&can.scope, id).await?;
    let (status, failure_reason) = (upload.state.status(), upload.failure_reason);
    Ok(Json(UploadStatus { status, file_id: upload.file_id.0, failure_reason }))
}

/// An upload that runs or has failed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct UploadPublic {
    /// Its id.
    id: Uuid,
    /// Its project.
    project_id: Uuid,
    /// The file that it would become; its timeline says what happened.
    file_id: Uuid,
    /// The name of the file.
    name: String,
    /// Its folder.
    folder: String,
    /// Its status.
    status: Status,
    /// Why it failed.
    #[schema(required)]
    failure_reason: Option<FailureReason>,
    /// The declared type.
    expected_mime: String,
    /// The declared size in bytes.
    expected_size: i64,
    /// `api` or `dashboard`.
    uploaded_via: &'static str,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it last moved on.
    updated_at: DateTime<Utc>,
}

impl From<Upload> for UploadPublic {
    fn from(upload: Upload) -> Self {
        Self {
            id: upload.id.0,
            project_id: upload.project_id.0,
            file_id: upload.file_id.0,
            status: upload.state.status(),
            failure_reason: upload.failure_reason,
            expected_size: upload.expected_size,
            uploaded_via: upload.uploaded_via(),
            created_at: upload.created_at,
            updated_at: upload.updated_at,
            name: upload.name,
            folder: upload.details.folder,
            expected_mime: upload.expected_mime,
        }
    }
}

/// A page of uploads, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct UploadList {
    uploads: Vec<UploadPublic>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Which uploads.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(in crate::http) struct UploadsQuery {
    /// Uploads to this project; else to all.
    #[param(value_type = Option<Uuid>, nullable = false)]
    project_id: Option<String>,
    /// `PENDING`, `UPLOADING` or `FAILED`, or some of them with commas between; all unless given.
    #[param(nullable = false)]
    status: Option<String>,
}

/// List uploads that run or have failed
///
/// Newest first. What was published is in the list of files.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/uploads", tag = "uploads", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path), UploadsQuery, PageQuery), responses((status = 200, body = UploadList), DashboardErrors))]
pub(in crate::http) async fn list_uploads(
    State(app): State<App>,
    can: In<Viewer>,
    QueryParams(UploadsQuery { project_id, status }): QueryParams<UploadsQuery>,
    QueryParams(PageQuery { limit, cursor }): QueryParams<PageQuery>,
) -> Result<Json<UploadList>, ApiError> {
    let project = parse_project(project_id.as_deref())?;
    let status = asked::parse_unpublished(status.as_deref())?;
    let filter = Unpublished { project, status, after: Cursor::parse_some(cursor.as_deref())? };
    let (uploads, next) = app.sessions.unpublished(&can.scope, &filter, page::parse_limit(limit.as_deref())?).await?;
    let next_cursor = next.map(|cursor| cursor.encode());
    Ok(Json(UploadList { uploads: uploads.into_iter().map(Into::into).collect(), next_cursor }))
}
