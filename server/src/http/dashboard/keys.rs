//! `/workspaces/{workspaceId}/keys`: API keys. The text of one is shown when it is made, and never again.

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
    app::{App, keys::NewKey},
    domain::{
        access::Permission,
        asked,
        ids::{KeyId, ProjectId},
        refusal::Refusal,
    },
    http::{
        api::types::Success,
        error::ApiError,
        extract::{Id, JsonBody},
    },
    store::keys::ApiKey,
};

/// An API key, without its text.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct KeyPublic {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// The first characters of its text.
    hint: String,
    /// What it may do.
    permissions: Vec<Permission>,
    /// The projects that it reaches; null for all.
    #[schema(required)]
    project_ids: Option<Vec<Uuid>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last used, to about half a minute.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    #[schema(required)]
    revoked_at: Option<DateTime<Utc>>,
    /// When it ends, or ended, by itself.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
}

fn public(key: ApiKey, projects: &[ProjectId]) -> KeyPublic {
    KeyPublic {
        id: key.id.0,
        name: key.name,
        hint: key.hint,
        permissions: key.permissions,
        project_ids: (!key.all_projects).then(|| projects.iter().map(|id| id.0).collect()),
        created_at: key.created_at,
        last_used_at: key.last_used_at,
        revoked_at: key.revoked_at,
        expires_at: key.expires_at,
    }
}

/// The keys of a workspace.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct KeyList {
    /// Oldest first, revoked ones too.
    keys: Vec<KeyPublic>,
}

/// List API keys
#[utoipa::path(get, path = "/workspaces/{workspaceId}/keys", tag = "keys", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = KeyList), DashboardErrors))]
pub(in crate::http) async fn list_keys(State(app): State<App>, can: In<Viewer>) -> Result<Json<KeyList>, ApiError> {
    let keys = app.keys.of_workspace(&can.scope).await?;
    Ok(Json(KeyList { keys: keys.into_iter().map(|(key, projects)| public(key, &projects)).collect() }))
}

/// A new key.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CreateKey {
    /// Not blank.
    #[schema(min_length = 1)]
    name: String,
    /// What it may do; all unless given.
    permissions: Option<Vec<Permission>>,
    /// The projects that it reaches; all, later ones too, unless given.
    #[schema(min_items = 1)]
    project_ids: Option<Vec<Uuid>>,
    /// After how many seconds it ends; never unless given.
    #[schema(minimum = 60, maximum = 31_536_000, nullable = false)]
    expires_in: Option<u64>,
}

/// A new key.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct KeyCreated {
    key: KeyPublic,
    /// Its text. Shown once.
    secret: String,
}

/// Make an API key
#[utoipa::path(post, path = "/workspaces/{workspaceId}/keys", tag = "keys", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path)), request_body = CreateKey, responses((status = 201, body = KeyCreated), DashboardErrors))]
pub(in crate::http) async fn create_key(
    State(app): State<App>,
    can: In<Admin>,
    body: JsonBody<CreateKey>,
) -> Result<(StatusCode, Json<KeyCreated>), ApiError> {
    let CreateKey { name, permissions, project_ids, expires_in } = body.value;
    // An empty list would be a key to everything, which nobody means.
    if project_ids.as_ref().is_some_and(Vec::is_empty) {
        return Err(ApiError(Refusal::invalid("projectIds is empty: leave it out for a key that reaches all projects.")));
    }
    let new = NewKey {
        workspace: can.scope.workspace,
        name,
        permissions: permissions.unwrap_or_else(|| Permission::ALL.to_vec()),
        projects: project_ids.unwrap_or_default().into_iter().map(ProjectId).collect(),
        life: expires_in.map(asked::key_life).transpose()?,
    };
    let (key, secret) = app.keys.create(new, &can.by).await?;
    let projects = app.keys.projects_of(key.id).await?;
    let key = public(key, &projects);
    Ok((StatusCode::CREATED, Json(KeyCreated { key, secret: secret.reveal().to_owned() })))
}

/// Revoke an API key
///
/// No request that begins after this answers is let in with it.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/keys/{keyId}", tag = "keys", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path), ("keyId" = Uuid, Path)), responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn revoke_key(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<KeyId>,
) -> Result<Json<Success>, ApiError> {
    app.keys.revoke(Some(&can.scope), id, &can.by).await?;
    Ok(Json(Success::DONE))
}
