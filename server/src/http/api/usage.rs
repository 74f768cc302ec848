//! `GET /usage`: bytes and files, stored, reserved and allowed.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::types::ReadErrors;
use crate::{
    app::{App, usage::Report},
    domain::{file, quota::Usage, refusal::Refusal, text::parse_project},
    http::{
        error::ApiError,
        extract::{Can, FilesRead, QueryParams},
    },
};

/// Whose usage is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(in crate::http) struct UsageQuery {
    /// One project; else all that the key reaches.
    #[param(value_type = Option<Uuid>, nullable = false)]
    project_id: Option<String>,
    /// One of the app's own users within that project.
    #[param(nullable = false, max_length = 255)]
    owner_ref: Option<String>,
}

/// Bytes and files. A limit that is null is none.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Figures {
    /// Bytes of published files.
    stored_bytes: i64,
    /// Bytes promised to uploads that are not published yet.
    reserved_bytes: i64,
    /// Most bytes, stored and reserved together.
    #[schema(required)]
    max_bytes: Option<i64>,
    /// Published files.
    stored_files: i64,
    /// Uploads that are not published yet.
    reserved_files: i64,
    /// Most files, stored and reserved together.
    #[schema(required)]
    max_files: Option<i64>,
    /// Largest file in bytes.
    #[schema(required)]
    max_file_size: Option<i64>,
}

impl Figures {
    pub(in crate::http) fn new(usage: Usage, max_file_size: Option<i64>) -> Self {
        Self {
            stored_bytes: usage.stored.bytes,
            reserved_bytes: usage.reserved.bytes,
            max_bytes: usage.max_bytes,
            stored_files: usage.stored.files,
            reserved_files: usage.reserved.files,
            max_files: usage.max_files,
            max_file_size,
        }
    }
}

/// The usage of a project.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ProjectUsage {
    /// Which.
    project_id: Uuid,
    /// Its name.
    name: String,
    #[serde(flatten)]
    figures: Figures,
}

/// What is used and allowed.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct UsageReport {
    /// All projects together; only for keys that reach all of them, and when no project is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    workspace: Option<Figures>,
    /// Each project that the key reaches.
    projects: Vec<ProjectUsage>,
    /// The owner that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    owner: Option<Figures>,
}

impl From<Report> for UsageReport {
    fn from(report: Report) -> Self {
        let projects = report.projects.into_iter().map(|(project, usage)| ProjectUsage {
            project_id: project.id.0,
            figures: Figures::new(usage, project.max_file_size),
            name: project.name,
        });
        Self {
            workspace: report.workspace.map(|(workspace, usage)| Figures::new(usage, workspace.max_file_size)),
            projects: projects.collect(),
            owner: None,
        }
    }
}

/// Ask what is used
///
/// Bytes and files stored, reserved and allowed, for each project, and for one owner with `ownerRef`.
#[utoipa::path(get, path = "/usage", tag = "usage", extensions(("x-permission" = json!("files.read"))),
    params(UsageQuery), responses((status = 200, body = UsageReport), ReadErrors))]
pub(in crate::http) async fn usage(
    State(app): State<App>,
    can: Can<FilesRead>,
    QueryParams(query): QueryParams<UsageQuery>,
) -> Result<Json<UsageReport>, ApiError> {
    let project = parse_project(query.project_id.as_deref())?;
    let report = app.usage.report(can.scope(), project).await?;
    let owner = match (query.owner_ref.filter(|owner| !owner.is_empty()), project) {
        (None, _) => None,
        (Some(_), None) => return Err(ApiError(Refusal::invalid("ownerRef needs projectId: owners are counted by project."))),
        (Some(owner), Some(project)) => {
            file::check_owner(&owner)?;
            let (project, usage) = app.usage.of_owner(can.scope(), project, &owner).await?;
            Some(Figures::new(usage, project.owner_max_file_size))
        }
    };
    Ok(Json(UsageReport { owner, ..UsageReport::from(report) }))
}
