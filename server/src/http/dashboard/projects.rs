//! `/workspaces/{workspaceId}/projects`: projects, their rules and what they hold.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::{Admin, In, Viewer},
    types::DashboardErrors,
};
use crate::{
    app::{App, projects::Settings},
    domain::{
        ids::ProjectId,
        quota::Usage,
        refusal::Refusal,
        type_policy::{OnMismatch, ScanDemand},
    },
    http::{
        api::{files::FolderDeleted, types::Success, usage::Figures},
        error::ApiError,
        extract::{Id, JsonBody, not_null},
    },
    store::projects::Project,
};

/// A project.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ProjectPublic {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// Origins whose pages may upload from a browser.
    upload_cors_origins: Vec<String>,
    /// Media types that are taken; empty for all.
    allowed_types: Vec<String>,
    /// What happens if the declared type contradicts the bytes.
    #[schema(value_type = String)]
    type_mismatch: OnMismatch,
    /// Whether metadata such as GPS positions is taken out of pictures.
    strip_metadata: bool,
    /// Whether files are public whose upload does not say.
    default_public: bool,
    /// What happens to files where no scanner is configured.
    scan: ScanDemand,
    /// Days after which files are deleted; null for never.
    #[schema(required)]
    retention_days: Option<i64>,
    /// Most bytes of one `ownerRef`.
    #[schema(required)]
    owner_max_bytes: Option<i64>,
    /// Most files of one `ownerRef`.
    #[schema(required)]
    owner_max_files: Option<i64>,
    /// Largest file in bytes that has an `ownerRef`.
    #[schema(required)]
    owner_max_file_size: Option<i64>,
    /// What it holds and may hold.
    usage: Figures,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

fn public(project: Project, usage: Usage) -> ProjectPublic {
    ProjectPublic {
        id: project.id.0,
        usage: Figures::new(usage, project.max_file_size),
        name: project.name,
        upload_cors_origins: project.cors_origins,
        allowed_types: project.allowed_types,
        type_mismatch: project.type_mismatch,
        strip_metadata: project.strip_metadata,
        default_public: project.default_public,
        scan: project.scan,
        retention_days: project.retention_days,
        owner_max_bytes: project.owner_max_bytes,
        owner_max_files: project.owner_max_files,
        owner_max_file_size: project.owner_max_file_size,
        created_at: project.created_at,
        updated_at: project.updated_at,
    }
}

async fn answer(app: &App, project: Project) -> Result<Json<ProjectAnswer>, ApiError> {
    let usage = app.projects.usage(project.id).await?;
    Ok(Json(ProjectAnswer { project: public(project, usage) }))
}

/// A project.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ProjectAnswer {
    project: ProjectPublic,
}

/// The projects of a workspace.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ProjectList {
    /// Oldest first.
    projects: Vec<ProjectPublic>,
}

/// What can be set on a project. What is left out stays, or is at its default in a new one; a limit of 0 is no limit.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ProjectSettings {
    /// Not blank.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, min_length = 1)]
    name: Option<String>,
    /// Such as `https://app.example.com`; all of them.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    upload_cors_origins: Option<Vec<String>>,
    /// Such as `application/pdf` or `image/*`; all of them.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    allowed_types: Option<Vec<String>>,
    /// `correct` or `refuse`.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    type_mismatch: Option<String>,
    /// Whether metadata is taken out of pictures.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    strip_metadata: Option<bool>,
    /// Whether files are public whose upload does not say.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    default_public: Option<bool>,
    /// What happens to files where no scanner is configured.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    scan: Option<ScanDemand>,
    /// 1 to 36500 days, or 0 for never.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, minimum = 0, maximum = 36500)]
    retention_days: Option<i64>,
    /// Most bytes, all files together.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, minimum = 0)]
    max_bytes: Option<i64>,
    /// Most files.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, minimum = 0)]
    max_files: Option<i64>,
    /// Largest file in bytes.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, minimum = 0)]
    max_file_size: Option<i64>,
    /// The same three for each `ownerRef`.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, minimum = 0)]
    owner_max_bytes: Option<i64>,
    /// Most files of one `ownerRef`.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, minimum = 0)]
    owner_max_files: Option<i64>,
    /// Largest file in bytes that has an `ownerRef`.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, minimum = 0)]
    owner_max_file_size: Option<i64>,
}

impl ProjectSettings {
    fn check(self) -> Result<Settings, ApiError> {
        let type_mismatch = self.type_mismatch.map(|text| text.parse()).transpose();
        Ok(Settings {
            name: self.name,
            origins: self.upload_cors_origins,
            max_bytes: self.max_bytes,
            max_files: self.max_files,
            max_file_size: self.max_file_size,
            owner_max_bytes: self.owner_max_bytes,
            owner_max_files: self.owner_max_files,
            owner_max_file_size: self.owner_max_file_size,
            allowed_types: self.allowed_types,
            type_mismatch: type_mismatch.map_err(Refusal::invalid)?,
            strip_metadata: self.strip_metadata,
            retention_days: self.retention_days,
            default_public: self.default_public,
            scan: self.scan,
        })
    }
}

/// List projects
#[utoipa::path(get, path = "/workspaces/{workspaceId}/projects", tag = "projects", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = ProjectList), DashboardErrors))]
pub(in crate::http) async fn list_projects(State(app): State<App>, can: In<Viewer>) -> Result<Json<ProjectList>, ApiError> {
    let report = app.usage.report(&can.scope, None).await?;
    let projects = report.projects.into_iter().map(|(project, usage)| public(project, usage));
    Ok(Json(ProjectList { projects: projects.collect() }))
}

/// Make a project
#[utoipa::path(post, path = "/workspaces/{workspaceId}/projects", tag = "projects", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path)), request_body = ProjectSettings,
    responses((status = 201, body = ProjectAnswer), DashboardErrors))]
pub(in crate::http) async fn create_project(
    State(app): State<App>,
    can: In<Admin>,
    body: JsonBody<ProjectSettings>,
) -> Result<(StatusCode, Json<ProjectAnswer>), ApiError> {
    let project = app.projects.create(can.scope.workspace, body.value.check()?, &can.by).await?;
    Ok((StatusCode::CREATED, answer(&app, project).await?))
}

/// Look at a project
#[utoipa::path(get, path = "/workspaces/{workspaceId}/projects/{projectId}", tag = "projects",
    extensions(("x-role" = json!("viewer"))), params(("workspaceId" = Uuid, Path), ("projectId" = Uuid, Path)),
    responses((status = 200, body = ProjectAnswer), DashboardErrors))]
pub(in crate::http) async fn get_project(
    State(app): State<App>,
    can: In<Viewer>,
    Id(id): Id<ProjectId>,
) -> Result<Json<ProjectAnswer>, ApiError> {
    let project = app.projects.get(&can.scope, id).await?;
    answer(&app, project).await
}

/// Change a project
///
/// A limit below what is stored only refuses more.
#[utoipa::path(patch, path = "/workspaces/{workspaceId}/projects/{projectId}", tag = "projects",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("projectId" = Uuid, Path)),
    request_body = ProjectSettings, responses((status = 200, body = ProjectAnswer), DashboardErrors))]
pub(in crate::http) async fn patch_project(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<ProjectId>,
    body: JsonBody<ProjectSettings>,
) -> Result<Json<ProjectAnswer>, ApiError> {
    let id = app.projects.get(&can.scope, id).await?.id;
    let project = app.projects.update(id, body.value.check()?, &can.by).await?;
    answer(&app, project).await
}

/// Empty a project
///
/// All its files, up to 1,000 a request; once none is left, its open upload sessions are cancelled, up to 1,000 a request too.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/projects/{projectId}/files", tag = "projects",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("projectId" = Uuid, Path)),
    responses((status = 200, body = FolderDeleted), DashboardErrors))]
pub(in crate::http) async fn empty_project(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<ProjectId>,
) -> Result<Json<FolderDeleted>, ApiError> {
    let id = app.projects.get(&can.scope, id).await?.id;
    Ok(Json(app.projects.empty(id, &can.by).await?.into()))
}

/// Delete a project
///
/// For good, with its webhooks and the keys that reach no other project. `CONFLICT` while it holds files or uploads are under way.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/projects/{projectId}", tag = "projects",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("projectId" = Uuid, Path)),
    responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn delete_project(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<ProjectId>,
) -> Result<Json<Success>, ApiError> {
    let id = app.projects.get(&can.scope, id).await?.id;
    app.projects.delete(id, &can.by).await?;
    Ok(Json(Success::DONE))
}
