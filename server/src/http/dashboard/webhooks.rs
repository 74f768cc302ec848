//! `/workspaces/{workspaceId}/webhooks`: endpoints, their secrets, and every delivery with what was sent and answered.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::{Admin, In, Viewer},
    types::DashboardErrors,
};
use crate::{
    app::{App, webhooks::endpoints::EndpointSettings},
    domain::{
        event::EventType,
        ids::{EndpointId, ProjectId},
    },
    http::{
        api::types::Success,
        error::ApiError,
        extract::{Id, JsonBody, not_null},
    },
    store::webhooks::{Endpoint, Headers},
};

/// A webhook endpoint, without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct EndpointPublic {
    /// Its id.
    id: Uuid,
    /// Its project.
    project_id: Uuid,
    /// Where it is.
    url: String,
    /// What somebody says of it.
    description: String,
    /// What it is told of.
    events: Vec<EventType>,
    /// The names of the headers that are sent with each delivery; their values are often passwords.
    header_names: Vec<String>,
    /// Since when every attempt has failed.
    #[schema(required)]
    failing_since: Option<DateTime<Utc>>,
    /// Since when it is not called.
    #[schema(required)]
    disabled_at: Option<DateTime<Utc>>,
    /// Why.
    #[schema(required)]
    disabled_reason: Option<String>,
    /// Until when the former secret signs too.
    #[schema(required)]
    former_secret_until: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

impl From<&Endpoint> for EndpointPublic {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            id: endpoint.id.0,
            project_id: endpoint.project_id.0,
            url: endpoint.url.clone(),
            description: endpoint.description.clone(),
            events: endpoint.event_types.clone(),
            header_names: endpoint.headers.keys().cloned().collect(),
            failing_since: endpoint.failing_since,
            disabled_at: endpoint.disabled_at,
            disabled_reason: endpoint.disabled_reason.clone(),
            former_secret_until: endpoint.previous_secret_until,
            created_at: endpoint.created_at,
            updated_at: endpoint.updated_at,
        }
    }
}

/// The endpoints of a workspace.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct EndpointList {
    /// Oldest first.
    webhooks: Vec<EndpointPublic>,
}

/// An endpoint.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct EndpointAnswer {
    webhook: EndpointPublic,
}

fn answer(endpoint: &Endpoint) -> Json<EndpointAnswer> {
    Json(EndpointAnswer { webhook: endpoint.into() })
}

/// An endpoint with its new secret.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct EndpointSecret {
    webhook: EndpointPublic,
    /// `whsec_…`. Shown once.
    secret: String,
}

fn with_secret(endpoint: Endpoint) -> EndpointSecret {
    EndpointSecret { webhook: (&endpoint).into(), secret: endpoint.secret }
}

/// List webhook endpoints
#[utoipa::path(get, path = "/workspaces/{workspaceId}/webhooks", tag = "webhooks", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = EndpointList), DashboardErrors))]
pub(in crate::http) async fn list_webhooks(State(app): State<App>, can: In<Viewer>) -> Result<Json<EndpointList>, ApiError> {
    let webhooks = app.webhooks.of_workspace(&can.scope).await?.iter().map(Into::into).collect();
    Ok(Json(EndpointList { webhooks }))
}

/// A new endpoint.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CreateWebhook {
    /// Whose events.
    project_id: Uuid,
    /// Where to send them.
    url: String,
    /// At most 255 characters.
    description: Option<String>,
    /// All but `file.failed` unless given.
    events: Option<Vec<EventType>>,
    /// Sent with each delivery.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    headers: Option<Headers>,
}

/// Make a webhook endpoint
#[utoipa::path(post, path = "/workspaces/{workspaceId}/webhooks", tag = "webhooks", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path)), request_body = CreateWebhook,
    responses((status = 201, body = EndpointSecret), DashboardErrors))]
pub(in crate::http) async fn create_webhook(
    State(app): State<App>,
    can: In<Admin>,
    body: JsonBody<CreateWebhook>,
) -> Result<(StatusCode, Json<EndpointSecret>), ApiError> {
    let CreateWebhook { project_id, url, description, events, headers } = body.value;
    let project = app.projects.get(&can.scope, ProjectId(project_id)).await?.id;
    let settings = EndpointSettings { url: None, description, event_types: events, headers };
    let endpoint = app.webhooks.create(project, &url, settings, &can.by).await?;
    Ok((StatusCode::CREATED, Json(with_secret(endpoint))))
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PatchWebhook {
    /// Where to send events.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    url: Option<String>,
    /// At most 255 characters.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, max_length = 255)]
    description: Option<String>,
    /// At least one.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, min_items = 1)]
    events: Option<Vec<EventType>>,
    /// All of them, in place of what was there.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, value_type = Option<std::collections::BTreeMap<String, String>>)]
    headers: Option<Headers>,
    /// `true` calls a disabled endpoint again, from the next event on; `false` stops calling it.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// Change, enable or disable a webhook endpoint
#[utoipa::path(patch, path = "/workspaces/{workspaceId}/webhooks/{webhookId}", tag = "webhooks",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("webhookId" = Uuid, Path)),
    request_body = PatchWebhook, responses((status = 200, body = EndpointAnswer), DashboardErrors))]
pub(in crate::http) async fn patch_webhook(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<EndpointId>,
    body: JsonBody<PatchWebhook>,
) -> Result<Json<EndpointAnswer>, ApiError> {
    let mut endpoint = app.webhooks.get_in(&can.scope, id).await?;
    let PatchWebhook { url, description, events, headers, enabled } = body.value;
    if url.is_some() || description.is_some() || events.is_some() || headers.is_some() {
        let settings = EndpointSettings { url, description, event_types: events, headers };
        endpoint = app.webhooks.update(id, settings, &can.by).await?;
    }
    match enabled {
        Some(true) => endpoint = app.webhooks.enable(id, &can.by).await?,
        Some(false) => endpoint = app.webhooks.disable(id, "Disabled in the dashboard.", &can.by).await?,
        None => {}
    }
    Ok(answer(&endpoint))
}

/// Delete a webhook endpoint
///
/// What waits for it fails.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/webhooks/{webhookId}", tag = "webhooks",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("webhookId" = Uuid, Path)),
    responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn delete_webhook(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<EndpointId>,
) -> Result<Json<Success>, ApiError> {
    let id = app.webhooks.get_in(&can.scope, id).await?.id;
    app.webhooks.delete(id, &can.by).await?;
    Ok(Json(Success::DONE))
}

/// How long the former secret goes on signing.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Rotate {
    /// 0 to 604800 seconds; a day unless given.
    #[schema(minimum = 0, maximum = 604_800)]
    overlap_seconds: Option<i64>,
}

/// Give a webhook endpoint a new secret
///
/// The former one signs beside it for a while.
#[utoipa::path(post, path = "/workspaces/{workspaceId}/webhooks/{webhookId}/rotate", tag = "webhooks",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("webhookId" = Uuid, Path)),
    request_body = Rotate, responses((status = 200, body = EndpointSecret), DashboardErrors))]
pub(in crate::http) async fn rotate_secret(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<EndpointId>,
    body: JsonBody<Rotate>,
) -> Result<Json<EndpointSecret>, ApiError> {
    let id = app.webhooks.get_in(&can.scope, id).await?.id;
    let overlap = Duration::try_seconds(body.value.overlap_seconds.unwrap_or(86_400)).unwrap_or(Duration::MAX);
    Ok(Json(with_secret(app.webhooks.rotate(id, overlap, &can.by).await?)))
}
