//! `/workspaces`: making, looking at and renaming them, and their audit log.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::{Admin, In, Operator, Viewer},
    types::{DashboardErrors, PageQuery},
};
use crate::{
    app::{App, projects::WorkspaceSettings},
    domain::{account::Role, page, refusal::Refusal, text::blank_is_absent},
    http::{
        error::ApiError,
        extract::{JsonBody, QueryParams},
    },
    store::{audit::AuditEntry, projects::Workspace},
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

/// Who did what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AuditRow {
    /// Its id.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// `user`, or `operator` for the command line.
    actor_kind: String,
    /// Whose account.
    #[schema(required)]
    actor_id: Option<Uuid>,
    /// What they were called then.
    actor_name: String,
    /// What was done, such as `member.removed`.
    action: String,
    /// The kind of thing that it was done to.
    target_kind: String,
    /// Its id.
    #[schema(required)]
    target_id: Option<Uuid>,
    /// What it was called then.
    target_name: String,
    /// More, by action.
    detail: Map<String, Value>,
    /// The client's address; null for the command line.
    #[schema(required)]
    address: Option<String>,
}

impl From<AuditEntry> for AuditRow {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id.0,
            at: entry.at,
            actor_kind: entry.actor_kind,
            actor_id: entry.actor_id,
            actor_name: entry.actor_name,
            action: entry.action,
            target_kind: entry.target_kind,
            target_id: entry.target_id,
            target_name: entry.target_name,
            detail: entry.detail,
            address: entry.address,
        }
    }
}

/// A page of the audit log, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AuditPage {
    entries: Vec<AuditRow>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Read the audit log
///
/// Newest first. Each row was written in the commit of what it tells.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/audit", tag = "workspaces", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path), PageQuery), responses((status = 200, body = AuditPage), DashboardErrors))]
pub(in crate::http) async fn audit_log(
    State(app): State<App>,
    can: In<Admin>,
    QueryParams(query): QueryParams<PageQuery>,
) -> Result<Json<AuditPage>, ApiError> {
    let limit = page::parse_limit(query.limit.as_deref())?;
    let wrong = || Refusal::invalid("cursor is not one that an earlier page of this list gave as nextCursor.");
    let before = blank_is_absent(query.cursor.as_deref()).map(str::parse).transpose().map_err(|_| wrong())?;
    let (entries, more) = app.accounts.audit_log(&can.scope, before, limit).await?;
    let next_cursor = entries.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Json(AuditPage { entries: entries.into_iter().map(Into::into).collect(), next_cursor }))
}
