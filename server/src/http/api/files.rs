//! `/files`: ready files, one by one and in lists.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{RawQuery, State},
};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::types::{ChangeErrors, FilePublic, MetadataSchema, ReadErrors, Success};
use crate::{
    app::{
        App,
        files::{Change, Deleted, Emptied},
    },
    domain::{
        access::Scope,
        asked,
        details::Given,
        file::{self, FileName, Metadata},
        ids::FileId,
        media::Category,
        page::{self, Cursor},
        refusal::Refusal,
        text::{parse_bool, parse_project},
    },
    http::{
        error::ApiError,
        extract::{Can, FilesDelete, FilesRead, FilesWrite, Id, Idempotent, JsonBody, QueryParams, not_null},
    },
    store::files::{File, Filter, MAX_PAIRS},
};

/// A file.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct FileAnswer {
    file: FilePublic,
}

/// The answer about one file.
pub(in crate::http) fn answer(app: &App, file: File) -> Json<FileAnswer> {
    Json(FileAnswer { file: public(app, file) })
}

fn public(app: &App, file: File) -> FilePublic {
    let public_url = app.files.public_url(&file);
    FilePublic::new(file, public_url)
}

/// Look at a file
///
/// 404 until its upload is completed, and after it was deleted.
#[utoipa::path(get, path = "/files/{fileId}", tag = "files", extensions(("x-permission" = json!("files.read"))),
    params(("fileId" = Uuid, Path)), responses((status = 200, body = FileAnswer), ReadErrors))]
pub(in crate::http) async fn get_file(
    State(app): State<App>,
    can: Can<FilesRead>,
    Id(id): Id<FileId>,
) -> Result<Json<FileAnswer>, ApiError> {
    let file = app.files.get(can.scope(), id).await?;
    Ok(answer(&app, file))
}

/// What a list is narrowed to. All that is given must hold.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(in crate::http) struct ListQuery {
    /// Files of this project; else of all that the key reaches.
    #[param(value_type = Option<Uuid>, nullable = false)]
    project_id: Option<String>,
    /// Files in this folder; blank is the top. Without it, files in all folders.
    #[param(nullable = false)]
    folder: Option<String>,
    /// Whether files in its subfolders are listed too.
    #[param(value_type = Option<bool>, nullable = false)]
    recursive: Option<String>,
    /// Part of folder and name, in any case.
    #[param(nullable = false, max_length = 255)]
    search: Option<String>,
    /// Pairs of metadata, as `metadata[key]=value`; at most 3.
    #[param(nullable = false, style = DeepObject, explode)]
    metadata: Option<BTreeMap<String, String>>,
    /// Files of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50, nullable = false)]
    limit: Option<String>,
    /// `nextCursor` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// The pairs `metadata[key]=value` of a query.
fn parse_metadata(query: &str) -> Result<Metadata, Refusal> {
    let mut metadata = Metadata::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let Some(key) = name.strip_prefix("metadata[").and_then(|name| name.strip_suffix(']')) else { continue };
        metadata.insert(key.to_owned(), value.into_owned());
    }
    file::check_metadata(&metadata)?;
    Ok(metadata)
}

impl ListQuery {
    /// `query` is the text that it was read from.
    fn filter(&self, query: &str) -> Result<Filter, Refusal> {
        let metadata = parse_metadata(query)?;
        if metadata.len() > MAX_PAIRS || self.metadata.is_some() {
            return Err(Refusal::invalid(format!("Send metadata as metadata[key]=value, at most {MAX_PAIRS} pairs.")));
        }
        let recursive = parse_bool("recursive", self.recursive.as_deref())?.unwrap_or(false);
        let folder = self.folder.as_deref().map(file::parse_folder).transpose()?;
        Ok(Filter {
            project: parse_project(self.project_id.as_deref())?,
            // The top with all below it is everything.
            folder: folder.filter(|folder| !(recursive && folder.is_empty())),
            recursive,
            search: asked::parse_search(self.search.as_deref())?,
            metadata: metadata.into_iter().collect(),
            category: None,
            after: Cursor::parse_some(self.cursor.as_deref())?,
        })
    }
}

/// A page of files, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FileList {
    files: Vec<FilePublic>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List files
///
/// Newest first, a page at a time. Files that come or go meanwhile do not disturb the pages.
#[utoipa::path(get, path = "/files", tag = "files", extensions(("x-permission" = json!("files.read"))),
    params(ListQuery), responses((status = 200, body = FileList), ReadErrors))]
pub(in crate::http) async fn list_files(
    State(app): State<App>,
    can: Can<FilesRead>,
    QueryParams(query): QueryParams<ListQuery>,
    RawQuery(text): RawQuery,
) -> Result<Json<FileList>, ApiError> {
    list(&app, can.scope(), (&query, text.as_deref().unwrap_or_default()), None).await
}

/// A page of the files that somebody may read; `text` is what `query` was read from.
pub(in crate::http) async fn list(
    app: &App,
    scope: &Scope,
    (query, text): (&ListQuery, &str),
    category: Option<Category>,
) -> Result<Json<FileList>, ApiError> {
    let limit = page::parse_limit(query.limit.as_deref())?;
    let filter = Filter { category, ..query.filter(text)? };
    let (files, next) = app.files.list(scope, &filter, limit).await?;
    let files = files.into_iter().map(|file| public(app, file)).collect();
    Ok(Json(FileList { files, next_cursor: next.map(|cursor| cursor.encode()) }))
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PatchFile {
    /// Another name. `originalName` stays what came in.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, min_length = 1, max_length = 512)]
    name: Option<String>,
    /// Whether anybody may fetch it. From `false` on, its permanent address is dead.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    is_public: Option<bool>,
    /// Another folder, such as `invoices/2026`; blank for the top.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, max_length = 1024)]
    folder: Option<String>,
    /// All of the metadata, in place of what was there.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, value_type = Option<MetadataSchema>)]
    metadata: Option<Metadata>,
}

impl PatchFile {
    /// Refuses what cannot be.
    pub(in crate::http) fn check(self) -> Result<Change, Refusal> {
        // Destructured, so that no field is left out.
        let Self { name, is_public, folder, metadata } = self;
        Ok(Change {
            name: name.as_deref().map(FileName::parse).transpose()?,
            details: Given { is_public, folder, metadata, owner_ref: None },
        })
    }
}

/// Change a file
///
/// Renames, moves, publishes or hides it, or replaces its metadata. Emits `file.updated` with `changes`, unless nothing changes.
#[utoipa::path(patch, path = "/files/{fileId}", tag = "files", extensions(("x-permission" = json!("files.write"))),
    params(("fileId" = Uuid, Path)), request_body = PatchFile, responses((status = 200, body = FileAnswer), ChangeErrors))]
pub(in crate::http) async fn patch_file(
    State(app): State<App>,
    can: Can<FilesWrite>,
    Id(id): Id<FileId>,
    body: JsonBody<PatchFile>,
) -> Result<Json<FileAnswer>, ApiError> {
    let file = app.files.update(can.scope(), id, body.value.check()?).await?;
    Ok(answer(&app, file))
}

/// Delete a file
///
/// Its addresses are dead and its room is free when this answers. Emits `file.deleted`.
#[utoipa::path(delete, path = "/files/{fileId}", tag = "files", extensions(("x-permission" = json!("files.delete"))),
    params(("fileId" = Uuid, Path)), responses((status = 200, body = Success), ChangeErrors))]
pub(in crate::http) async fn delete_file(
    State(app): State<App>,
    can: Can<FilesDelete>,
    Id(id): Id<FileId>,
) -> Result<Json<Success>, ApiError> {
    app.files.delete(can.scope(), id).await?;
    Ok(Json(Success::DONE))
}

/// Which files go.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct DeleteFiles {
    /// At most 100.
    #[schema(min_items = 1, max_items = 100)]
    file_ids: Vec<Uuid>,
}

impl DeleteFiles {
    pub(in crate::http) fn ids(self) -> Vec<FileId> {
        self.file_ids.into_iter().map(FileId).collect()
    }
}

impl From<Deleted> for FilesDeleted {
    fn from(outcome: Deleted) -> Self {
        let plain = |ids: Vec<FileId>| ids.into_iter().map(|id| id.0).collect();
        Self { deleted: plain(outcome.deleted), not_found: plain(outcome.not_found) }
    }
}

/// What became of each.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FilesDeleted {
    /// These are gone now.
    deleted: Vec<Uuid>,
    /// These were not there, or are not yours.
    not_found: Vec<Uuid>,
}

/// Delete many files
///
/// Up to 100 in one step: all that are there go, or none if it fails. Emits `file.deleted` for each.
#[utoipa::path(post, path = "/files/delete", tag = "files", extensions(("x-permission" = json!("files.delete"))),
    params(Idempotent), request_body = DeleteFiles, responses((status = 200, body = FilesDeleted), ChangeErrors))]
pub(in crate::http) async fn delete_files(
    State(app): State<App>,
    can: Can<FilesDelete>,
    idempotent: Idempotent,
    body: JsonBody<DeleteFiles>,
) -> Result<Json<FilesDeleted>, ApiError> {
    let once = idempotent.once(can.key(), "delete", &body);
    let ids = asked::check_files(body.value.ids())?;
    Ok(Json(app.files.delete_many(can.scope(), ids, once).await?.into()))
}

/// Which folder goes.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(in crate::http) struct FolderQuery {
    /// The folder's project.
    #[param(value_type = Uuid)]
    project_id: Option<String>,
    /// The folder, such as `invoices/2026`. Not blank: the top is not deleted by mistake.
    #[param(value_type = String, min_length = 1)]
    folder: Option<String>,
}

/// How much of a folder is gone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FolderDeleted {
    /// Files that are gone now.
    deleted: usize,
    /// Whether there are more: then ask again.
    has_more: bool,
}

impl From<Emptied> for FolderDeleted {
    fn from(Emptied { deleted, has_more }: Emptied) -> Self {
        Self { deleted, has_more }
    }
}

/// Delete a folder
///
/// All files in it and below it, up to 1,000 a request. Emits `file.deleted` for each.
#[utoipa::path(delete, path = "/files", tag = "files", extensions(("x-permission" = json!("files.delete"))),
    params(FolderQuery), responses((status = 200, body = FolderDeleted), ChangeErrors))]
pub(in crate::http) async fn delete_folder(
    State(app): State<App>,
    can: Can<FilesDelete>,
    QueryParams(query): QueryParams<FolderQuery>,
) -> Result<Json<FolderDeleted>, ApiError> {
    delete_of_folder(&app, can.scope(), &query).await
}

/// Deletes the files of a folder that somebody may delete.
pub(in crate::http) async fn delete_of_folder(
    app: &App,
    scope: &Scope,
    query: &FolderQuery,
) -> Result<Json<FolderDeleted>, ApiError> {
    let project = parse_project(query.project_id.as_deref())?.ok_or_else(|| Refusal::invalid("projectId is missing."))?;
    let folder = file::parse_folder(query.folder.as_deref().unwrap_or_default())?;
    if folder.is_empty() {
        return Err(ApiError(Refusal::invalid("folder is missing or blank: name the folder to delete.")));
    }
    Ok(Json(app.files.delete_folder(scope, project, &folder).await?.into()))
}
