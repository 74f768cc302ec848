//! `/workspaces/{workspaceId}/webhooks/{webhookId}/…` and `/deliveries`: what was sent, what was answered, and sending again.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    auth::{Admin, In, Member, Viewer},
    types::DashboardErrors,
};
use crate::{
    app::App,
    domain::{
        event::EventType,
        ids::{DeliveryId, EndpointId},
        page::{self, Cursor},
        refusal::Refusal,
        text::blank_is_absent,
    },
    http::{
        error::ApiError,
        extract::{Id, JsonBody, QueryParams},
    },
    store::{
        deliveries::{Attempt, Delivery, DeliveryStatus},
        events::Event,
        webhooks::Headers,
    },
};

/// An event on its way to an endpoint.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct DeliveryPublic {
    /// Its id.
    id: Uuid,
    /// The endpoint.
    webhook_id: Uuid,
    /// The event, as `evt_…`.
    event_id: String,
    /// The event's type.
    r#type: EventType,
    /// `pending`, `succeeded` or `failed`.
    status: &'static str,
    /// How often it was tried.
    attempts: i64,
    /// When it is tried next.
    #[schema(required)]
    next_attempt_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it ended.
    #[schema(required)]
    finished_at: Option<DateTime<Utc>>,
}

fn public(delivery: &Delivery, r#type: EventType) -> DeliveryPublic {
    DeliveryPublic {
        id: delivery.id.0,
        webhook_id: delivery.endpoint_id.0,
        event_id: delivery.event_id.wire(),
        r#type,
        status: delivery.status.as_str(),
        attempts: delivery.attempts,
        next_attempt_at: delivery.next_attempt_at,
        created_at: delivery.created_at,
        finished_at: delivery.finished_at,
    }
}

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct DeliveryQuery {
    /// `pending`, `succeeded` or `failed`; all unless given.
    #[param(nullable = false)]
    status: Option<String>,
    /// Entries of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50, nullable = false)]
    limit: Option<String>,
    /// `nextCursor` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// A page of an endpoint's deliveries.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct DeliveryList {
    /// Newest first.
    deliveries: Vec<DeliveryPublic>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List deliveries of a webhook endpoint
#[utoipa::path(get, path = "/workspaces/{workspaceId}/webhooks/{webhookId}/deliveries", tag = "webhooks",
    extensions(("x-role" = json!("viewer"))), params(("workspaceId" = Uuid, Path), ("webhookId" = Uuid, Path), DeliveryQuery),
    responses((status = 200, body = DeliveryList), DashboardErrors))]
pub(in crate::http) async fn list_deliveries(
    State(app): State<App>,
    can: In<Viewer>,
    Id(id): Id<EndpointId>,
    QueryParams(query): QueryParams<DeliveryQuery>,
) -> Result<Json<DeliveryList>, ApiError> {
    let id = app.webhooks.get_in(&can.scope, id).await?.id;
    let status = blank_is_absent(query.status.as_deref()).map(str::parse::<DeliveryStatus>).transpose();
    let status = status.map_err(|_| Refusal::invalid("status must be pending, succeeded or failed."))?;
    let after = Cursor::parse_some(query.cursor.as_deref())?;
    let (found, next) = app.webhooks.delivery_page(id, status, after, page::parse_limit(query.limit.as_deref())?).await?;
    let deliveries = found.iter().map(|(delivery, event)| public(delivery, event.r#type)).collect();
    Ok(Json(DeliveryList { deliveries, next_cursor: next.map(|cursor| cursor.encode()) }))
}

/// One try.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AttemptPublic {
    /// Counts within the delivery.
    number: i64,
    /// When it began.
    started_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    duration_ms: i64,
    /// Why there is no answer.
    #[schema(required)]
    error: Option<String>,
    /// What was sent; headers that the endpoint was given by hand have no values here.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    request_headers: Headers,
    /// The answer's status.
    #[schema(required)]
    response_status: Option<i64>,
    /// The answer's headers.
    #[schema(required, value_type = Option<std::collections::BTreeMap<String, String>>)]
    response_headers: Option<Headers>,
    /// The answer's first 64 KiB, as text.
    #[schema(required)]
    response_body: Option<String>,
}

/// A delivery with its last tries.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct DeliveryAnswer {
    delivery: DeliveryPublic,
    /// What was sent each time.
    request_body: String,
    /// The last 50, in order.
    attempts: Vec<AttemptPublic>,
}

fn attempt(attempt: Attempt) -> AttemptPublic {
    AttemptPublic {
        number: attempt.number,
        started_at: attempt.started_at,
        duration_ms: attempt.duration_ms,
        error: attempt.error,
        request_headers: attempt.request_headers,
        response_status: attempt.response_status,
        response_headers: attempt.response_headers,
        response_body: attempt.response_body.map(|body| String::from_utf8_lossy(&body).into_owned()),
    }
}

async fn answer(app: &App, delivery: Delivery) -> Result<Json<DeliveryAnswer>, ApiError> {
    let (Event { r#type, body, .. }, attempts) = app.webhooks.attempts(delivery.id).await?;
    let attempts = attempts.into_iter().map(attempt).collect();
    Ok(Json(DeliveryAnswer { delivery: public(&delivery, r#type), request_body: body, attempts }))
}

/// Look at a delivery
///
/// With what was sent and answered each time, signed addresses of private files too.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/deliveries/{deliveryId}", tag = "webhooks",
    extensions(("x-role" = json!("member"))), params(("workspaceId" = Uuid, Path), ("deliveryId" = Uuid, Path)),
    responses((status = 200, body = DeliveryAnswer), DashboardErrors))]
pub(in crate::http) async fn get_delivery(
    State(app): State<App>,
    can: In<Member>,
    Id(id): Id<DeliveryId>,
) -> Result<Json<DeliveryAnswer>, ApiError> {
    let delivery = app.webhooks.delivery_in(&can.scope, id).await?;
    answer(&app, delivery).await
}

/// Send a delivery again
///
/// Whatever became of it. It begins its schedule anew.
#[utoipa::path(post, path = "/workspaces/{workspaceId}/deliveries/{deliveryId}/replay", tag = "webhooks",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("deliveryId" = Uuid, Path)),
    responses((status = 202, body = DeliveryAnswer), DashboardErrors))]
pub(in crate::http) async fn replay_delivery(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<DeliveryId>,
) -> Result<(StatusCode, Json<DeliveryAnswer>), ApiError> {
    let delivery = app.webhooks.delivery_in(&can.scope, id).await?;
    let delivery = app.webhooks.replay(delivery.id, &can.by).await?;
    Ok((StatusCode::ACCEPTED, answer(&app, delivery).await?))
}

/// Since when.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct Recover {
    /// Deliveries and events from this moment on.
    since: DateTime<Utc>,
}

/// What is sent again.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Recovering {
    /// Failed deliveries.
    replayed: usize,
    /// Events that came while the endpoint was disabled.
    missed: usize,
}

/// Send again what an endpoint has missed
///
/// Enables it, and sends what was made since then and has failed, and what came while it was disabled, of the types that it asks for.
#[utoipa::path(post, path = "/workspaces/{workspaceId}/webhooks/{webhookId}/recover", tag = "webhooks",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("webhookId" = Uuid, Path)),
    request_body = Recover, responses((status = 202, body = Recovering), DashboardErrors))]
pub(in crate::http) async fn recover(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<EndpointId>,
    body: JsonBody<Recover>,
) -> Result<(StatusCode, Json<Recovering>), ApiError> {
    let id = app.webhooks.get_in(&can.scope, id).await?.id;
    let done = app.webhooks.recover(id, body.value.since, |_| (), &can.by).await?;
    Ok((StatusCode::ACCEPTED, Json(Recovering { replayed: done.replayed, missed: done.missed })))
}

/// What kind of event.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct SendTest {
    /// `file.uploaded` unless given.
    r#type: Option<EventType>,
}

/// Send a test event
///
/// It has `test: true`, and is sent whether the endpoint asked for its type or not.
#[utoipa::path(post, path = "/workspaces/{workspaceId}/webhooks/{webhookId}/test", tag = "webhooks",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("webhookId" = Uuid, Path)),
    request_body = SendTest, responses((status = 202, body = DeliveryAnswer), DashboardErrors))]
pub(in crate::http) async fn send_test(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<EndpointId>,
    body: JsonBody<SendTest>,
) -> Result<(StatusCode, Json<DeliveryAnswer>), ApiError> {
    let endpoint = app.webhooks.get_in(&can.scope, id).await?;
    let r#type = body.value.r#type.unwrap_or(EventType::FileUploaded);
    let delivery = app.webhooks.send_test(endpoint.id, r#type, &can.by).await?;
    Ok((StatusCode::ACCEPTED, answer(&app, delivery).await?))
}
