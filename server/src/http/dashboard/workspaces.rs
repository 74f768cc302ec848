//! `/workspaces`: making, looking at, renaming and deleting them.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::{Admin, In, Operator, Owner, Viewer},
    types::DashboardErrors,
};
use crate::{
    app::{App, projects::WorkspaceSettings},
    domain::account::Role,
    http::{api::types::Success, error::ApiError, extract::JsonBody},
    store::projects::Workspace,
};

/// A workspace.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct WorkspacePublic {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// What the one who asks may do there.
    role: Role,
    /// Largest file in bytes; null for the server's own limit.
    #[schema(required)]
    max_file_size: Option<i64>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

/// A workspace.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct WorkspaceAnswer {
    workspace: WorkspacePublic,
}

fn answer(workspace: Workspace, role: Role) -> Json<WorkspaceAnswer> {
    let Workspace { id, name, max_file_size, created_at } = workspace;
    Json(WorkspaceAnswer { workspace: WorkspacePublic { id: id.0, name, role, max_file_size, created_at } })
}

/// Its name.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct WorkspaceName {
    /// Not blank.
    #[schema(min_length = 1)]
    name: String,
}

/// Make a workspace
///
/// For operators; whoever makes it is its owner.
#[utoipa::path(post, path = "/workspaces", tag = "workspaces", extensions(("x-role" = json!("operator"))),
    request_body = WorkspaceName, responses((status = 201, body = WorkspaceAnswer), DashboardErrors))]
pub(in crate::http) async fn create_workspace(
    State(app): State<App>,
    Operator(me): Operator,
    body: JsonBody<WorkspaceName>,
) -> Result<(StatusCode, Json<WorkspaceAnswer>), ApiError> {
    let workspace = app.accounts.create_workspace(&me.who, &body.value.name, &me.by).await?;
    Ok((StatusCode::CREATED, answer(workspace, Role::Owner)))
}

/// Look at a workspace
#[utoipa::path(get, path = "/workspaces/{workspaceId}", tag = "workspaces", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = WorkspaceAnswer), DashboardErrors))]
pub(in crate::http) async fn get_workspace(State(app): State<App>, can: In<Viewer>) -> Result<Json<WorkspaceAnswer>, ApiError> {
    Ok(answer(app.accounts.workspace(&can.scope).await?, can.role))
}

/// Rename a workspace
#[utoipa::path(patch, path = "/workspaces/{workspaceId}", tag = "workspaces", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path)), request_body = WorkspaceName,
    responses((status = 200, body = WorkspaceAnswer), DashboardErrors))]
pub(in crate::http) async fn patch_workspace(
    State(app): State<App>,
    can: In<Admin>,
    body: JsonBody<WorkspaceName>,
) -> Result<Json<WorkspaceAnswer>, ApiError> {
    let settings = WorkspaceSettings::named(&body.value.name);
    let workspace = app.projects.update_workspace(can.scope.workspace, settings, &can.by).await?;
    Ok(answer(workspace, can.role))
}

/// Delete a workspace
///
/// For good, with its memberships, invitations and keys. `CONFLICT` while it has a project.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}", tag = "workspaces", extensions(("x-role" = json!("owner"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn delete_workspace(State(app): State<App>, can: In<Owner>) -> Result<Json<Success>, ApiError> {
    app.projects.delete_workspace(can.scope.workspace, &can.by).await?;
    Ok(Json(Success::DONE))
}
