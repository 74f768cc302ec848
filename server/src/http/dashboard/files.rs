//! `/workspaces/{workspaceId}/files`: the files of a workspace, as `/api/v1/files` for whoever is signed in.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::{In, Member, Viewer},
    types::DashboardErrors,
};
use crate::{
    app::App,
    domain::{
        asked, file,
        ids::FileId,
        media::Category,
        refusal::Refusal,
        text::{blank_is_absent, parse_project},
    },
    http::{
        api::{
            access::{self, AccessAnswer, AccessQuery},
            files::{self, DeleteFiles, FileAnswer, FileList, FilesDeleted, FolderDeleted, FolderQuery, ListQuery, PatchFile},
            history::{self, Timeline},
            types::Success,
        },
        error::ApiError,
        extract::{Id, JsonBody, QueryParams},
    },
};

/// What the list is narrowed to beside the rest.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct KindQuery {
    /// Files of this kind.
    #[param(value_type = Option<Category>, nullable = false)]
    category: Option<String>,
}

/// List files
///
/// Newest first, a page at a time.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/files", operation_id = "list_files", tag = "files",
    extensions(("x-role" = json!("viewer"))), params(("workspaceId" = Uuid, Path), ListQuery, KindQuery),
    responses((status = 200, body = FileList), DashboardErrors))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    can: In<Viewer>,
    QueryParams(query): QueryParams<ListQuery>,
    QueryParams(kind): QueryParams<KindQuery>,
    RawQuery(text): RawQuery,
) -> Result<Json<FileList>, ApiError> {
    let category = blank_is_absent(kind.category.as_deref()).map(str::parse::<Category>).transpose();
    let category = category.map_err(|_| Refusal::invalid("category is none that files have."))?;
    files::list(&app, &can.scope, (&query, text.as_deref().unwrap_or_default()), category).await
}

/// Most folders of one answer.
const MOST_FOLDERS: usize = 1000;

/// Which folder.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(in crate::http) struct SubfolderQuery {
    /// The folder's project.
    #[param(value_type = Uuid)]
    project_id: Option<String>,
    /// Whose subfolders; blank is the top.
    #[param(nullable = false)]
    folder: Option<String>,
}

/// A folder directly below another.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Subfolder {
    /// Its whole path, such as `invoices/2026`.
    folder: String,
    /// Files in it and below it.
    files: i64,
    /// Their bytes.
    size_bytes: i64,
}

/// The folders directly below one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SubfolderList {
    /// In the order of their names; at most 1,000.
    folders: Vec<Subfolder>,
    /// Whether there are more; a search finds what is in them.
    has_more: bool,
}

/// List the folders directly below one
#[utoipa::path(get, path = "/workspaces/{workspaceId}/folders", tag = "files", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path), SubfolderQuery), responses((status = 200, body = SubfolderList), DashboardErrors))]
pub(in crate::http) async fn subfolders(
    State(app): State<App>,
    can: In<Viewer>,
    QueryParams(query): QueryParams<SubfolderQuery>,
) -> Result<Json<SubfolderList>, ApiError> {
    let project = parse_project(query.project_id.as_deref())?.ok_or_else(|| Refusal::invalid("projectId is missing."))?;
    let folder = file::parse_folder(query.folder.as_deref().unwrap_or_default())?;
    let found = app.files.subfolders(&can.scope, project, &folder).await?;
    let has_more = found.len() > MOST_FOLDERS;
    let folders = found.into_iter().map(|(folder, sum)| Subfolder { folder, files: sum.files, size_bytes: sum.bytes });
    Ok(Json(SubfolderList { folders: folders.take(MOST_FOLDERS).collect(), has_more }))
}

/// Look at a file
#[utoipa::path(get, path = "/workspaces/{workspaceId}/files/{fileId}", operation_id = "get_file", tag = "files",
    extensions(("x-role" = json!("viewer"))), params(("workspaceId" = Uuid, Path), ("fileId" = Uuid, Path)),
    responses((status = 200, body = FileAnswer), DashboardErrors))]
pub(in crate::http) async fn get(
    State(app): State<App>,
    can: In<Viewer>,
    Id(id): Id<FileId>,
) -> Result<Json<FileAnswer>, ApiError> {
    Ok(files::answer(&app, app.files.get(&can.scope, id).await?))
}

/// Change a file
///
/// Renames, moves, publishes or hides it, or replaces its metadata.
#[utoipa::path(patch, path = "/workspaces/{workspaceId}/files/{fileId}", operation_id = "patch_file", tag = "files",
    extensions(("x-role" = json!("member"))), params(("workspaceId" = Uuid, Path), ("fileId" = Uuid, Path)),
    request_body = PatchFile, responses((status = 200, body = FileAnswer), DashboardErrors))]
pub(in crate::http) async fn patch(
    State(app): State<App>,
    can: In<Member>,
    Id(id): Id<FileId>,
    body: JsonBody<PatchFile>,
) -> Result<Json<FileAnswer>, ApiError> {
    Ok(files::answer(&app, app.files.update(&can.scope, id, body.value.check()?).await?))
}

/// Delete a file
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/files/{fileId}", operation_id = "delete_file", tag = "files",
    extensions(("x-role" = json!("member"))), params(("workspaceId" = Uuid, Path), ("fileId" = Uuid, Path)),
    responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn delete(
    State(app): State<App>,
    can: In<Member>,
    Id(id): Id<FileId>,
) -> Result<Json<Success>, ApiError> {
    app.files.delete(&can.scope, id).await?;
    Ok(Json(Success::DONE))
}

/// Delete many files
///
/// Up to 100 in one step: all that are there go, or none if it fails.
#[utoipa::path(post, path = "/workspaces/{workspaceId}/files/delete", operation_id = "delete_files", tag = "files",
    extensions(("x-role" = json!("member"))), params(("workspaceId" = Uuid, Path)), request_body = DeleteFiles,
    responses((status = 200, body = FilesDeleted), DashboardErrors))]
pub(in crate::http) async fn delete_many(
    State(app): State<App>,
    can: In<Member>,
    body: JsonBody<DeleteFiles>,
) -> Result<Json<FilesDeleted>, ApiError> {
    let ids = asked::check_files(body.value.ids())?;
    Ok(Json(app.files.delete_many(&can.scope, ids, None).await?.into()))
}

/// Delete a folder
///
/// All files in it and below it, up to 1,000 a request.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/files", operation_id = "delete_folder", tag = "files",
    extensions(("x-role" = json!("member"))), params(("workspaceId" = Uuid, Path), FolderQuery),
    responses((status = 200, body = FolderDeleted), DashboardErrors))]
pub(in crate::http) async fn delete_folder(
    State(app): State<App>,
    can: In<Member>,
    QueryParams(query): QueryParams<FolderQuery>,
) -> Result<Json<FolderDeleted>, ApiError> {
    files::delete_of_folder(&app, &can.scope, &query).await
}

/// Ask what happened to a file
///
/// From its upload on, of uploads that run or have failed too.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/files/{fileId}/timeline", operation_id = "timeline", tag = "files",
    extensions(("x-role" = json!("viewer"))), params(("workspaceId" = Uuid, Path), ("fileId" = Uuid, Path)),
    responses((status = 200, body = Timeline), DashboardErrors))]
pub(in crate::http) async fn timeline(
    State(app): State<App>,
    can: In<Viewer>,
    Id(id): Id<FileId>,
) -> Result<Json<Timeline>, ApiError> {
    history::timeline_of(&app, &can.scope, id).await
}

/// Get an address of a file
///
/// A private file's is signed, for as long as is asked for.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/files/{fileId}/access", operation_id = "file_access", tag = "files",
    extensions(("x-role" = json!("member"))), params(("workspaceId" = Uuid, Path), ("fileId" = Uuid, Path), AccessQuery),
    responses((status = 200, body = AccessAnswer), DashboardErrors))]
pub(in crate::http) async fn access(
    State(app): State<App>,
    can: In<Member>,
    Id(id): Id<FileId>,
    QueryParams(query): QueryParams<AccessQuery>,
) -> Result<Json<AccessAnswer>, ApiError> {
    access::access_of(&app, &can.scope, id, &query).await
}
