//! Who am I? The first call of every integration.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::types::ReadErrors;
use crate::{
    app::App,
    domain::access::Permission,
    http::{
        error::ApiError,
        extract::{Anything, Can},
    },
};

/// What a key is and may do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Whoami {
    /// The key's id.
    api_key_id: Uuid,
    /// Its workspace.
    workspace_id: Uuid,
    /// Its name.
    name: String,
    /// What it may do.
    permissions: Vec<Permission>,
    /// Whether it reaches every project of the workspace.
    all_projects: bool,
    /// The projects that it reaches.
    projects: Vec<ProjectSummary>,
}

/// A project in short.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ProjectSummary {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// Origins whose pages may upload from a browser.
    upload_cors_origins: Vec<String>,
}

/// Who am I
///
/// Shows what the key may do and which projects it reaches. Any live key may ask.
#[utoipa::path(get, path = "/public/whoami", tag = "keys", extensions(("x-permission" = json!("any"))),
    responses((status = 200, body = Whoami), ReadErrors))]
pub(in crate::http) async fn whoami(State(app): State<App>, can: Can<Anything>) -> Result<Json<Whoami>, ApiError> {
    let projects = app.keys.projects(can.scope()).await?;
    let key = can.bearer.key;
    Ok(Json(Whoami {
        api_key_id: key.id.0,
        workspace_id: key.workspace_id.0,
        name: key.name,
        permissions: key.permissions,
        all_projects: key.all_projects,
        projects: projects
            .into_iter()
            .map(|project| ProjectSummary { id: project.id.0, name: project.name, upload_cors_origins: project.cors_origins })
            .collect(),
    }))
}
