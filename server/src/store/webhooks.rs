//! Webhook endpoints, deliveries (one event for one endpoint) and the log of their attempts.

use std::{collections::BTreeMap, str::FromStr};

use sqlx::types::Json;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    clock::Timestamp,
    event::EventType,
    ids::{AttemptId, DeliveryId, EndpointId, EventId, ProjectId, WorkspaceId},
};

/// Header names and values.
pub type Headers = BTreeMap<String, String>;

/// A row of `webhook_endpoints`.
#[derive(Clone, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Endpoint {
    pub id: EndpointId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub url: String,
    pub description: String,
    #[sqlx(json)]
    pub event_types: Vec<EventType>,
    #[sqlx(json)]
    pub headers: Headers,
    pub secret: String,
    pub previous_secret: Option<String>,
    pub previous_secret_until: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    pub disabled_reason: Option<String>,
    /// Since when every attempt has failed.
    pub failing_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// An attempt is due or under way.
    Pending,
    /// The endpoint answered 2xx.
    Succeeded,
    /// The schedule is over, or the endpoint is disabled or gone.
    Failed,
}

impl DeliveryStatus {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for DeliveryStatus {
    type Err = String;
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        [Self::Pending, Self::Succeeded, Self::Failed]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| format!("unknown delivery status {text:?}"))
    }
}

/// A row of `deliveries`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Delivery {
    pub id: DeliveryId,
    pub endpoint_id: EndpointId,
    pub event_id: EventId,
    pub status: DeliveryStatus,
    pub attempts: i64,
    pub next_attempt_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Attempts since it was made or last replayed: its place in the schedule.
    pub round: i64,
}

/// A delivery that has failed.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Failed {
    pub id: DeliveryId,
    pub created_at: Timestamp,
    pub r#type: EventType,
}

/// A row of `delivery_attempts`. The request's body is the event's.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Attempt {
    pub id: AttemptId,
    pub delivery_id: DeliveryId,
    pub number: i64,
    pub started_at: Timestamp,
    pub duration_ms: i64,
    #[sqlx(json)]
    pub request_headers: Headers,
    pub response_status: Option<i64>,
    #[sqlx(json(nullable))]
    pub response_headers: Option<Headers>,
    pub response_body: Option<Vec<u8>>,
    pub error: Option<String>,
}

macro_rules! delivery_columns {
    () => {
        "id, endpoint_id, event_id, status, attempts, next_attempt_at, created_at, finished_at, round"
    };
}

macro_rules! endpoint_columns {
    () => {
        "id, workspace_id, project_id, url, description, event_types, headers, secret, previous_secret, previous_secret_until, \
         disabled_at, disabled_reason, failing_since, created_at, updated_at"
    };
}

statements! {
    INSERT_ENDPOINT = concat!("INSERT INTO webhook_endpoints (", endpoint_columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
    GET_ENDPOINT = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints WHERE id = $1 AND deleted_at IS NULL");
    LIST_ENDPOINTS = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints WHERE deleted_at IS NULL ORDER BY id");
    LIVE_ENDPOINTS = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints
        WHERE project_id = $1 AND disabled_at IS NULL AND deleted_at IS NULL");
    // Changes nothing, but holds the row to the end of the transaction and shows it as it is now.
    LOCK_ENDPOINT = concat!("UPDATE webhook_endpoints SET updated_at = updated_at WHERE id = $1 AND deleted_at IS NULL
        RETURNING ", endpoint_columns!());
    UPDATE_ENDPOINT = "UPDATE webhook_endpoints SET url = $2, description = $3, event_types = $4, headers = $5, secret = $6,
        previous_secret = $7, previous_secret_until = $8, disabled_at = $9, disabled_reason = $10, failing_since = $11, updated_at = $12
        WHERE id = $1";
    DELETE_ENDPOINT = "UPDATE webhook_endpoints SET deleted_at = $2, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    DISABLE_ENDPOINT = "UPDATE webhook_endpoints SET disabled_at = $2, disabled_reason = $3, updated_at = $2
        WHERE id = $1 AND disabled_at IS NULL";
    SUCCEEDS = "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL";
    FAILS = "UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, $2) WHERE id = $1 RETURNING failing_since";
    INSERT_DELIVERY = concat!("INSERT INTO deliveries (", delivery_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    GET_DELIVERY = concat!("SELECT ", delivery_columns!(), " FROM deliveries WHERE id = $1");
    DELIVERY_OF = concat!("SELECT ", delivery_columns!(), " FROM deliveries WHERE endpoint_id = $1 AND event_id = $2
        ORDER BY created_at DESC, id DESC LIMIT 1");
    LOCK_DELIVERY = concat!("UPDATE deliveries SET attempts = attempts WHERE id = $1 RETURNING ", delivery_columns!());
    LIST_DELIVERIES = concat!("SELECT ", delivery_columns!(), " FROM deliveries
        WHERE endpoint_id = $1 AND (CAST($2 AS TEXT) IS NULL OR status = $2) ORDER BY created_at DESC, id DESC LIMIT $3");
    // Not the tests, which tell of nothing.
    FAILED_AFTER = "SELECT d.id, d.created_at, e.type FROM deliveries d JOIN events e ON e.id = d.event_id
        WHERE d.endpoint_id = $1 AND (d.created_at, d.id) > ($2, $3) AND d.status = 'failed' AND e.seq IS NOT NULL
        ORDER BY d.created_at, d.id LIMIT $4";
    UPDATE_DELIVERY = "UPDATE deliveries SET status = $2, attempts = $3, next_attempt_at = $4, finished_at = $5, round = $6 WHERE id = $1";
    INSERT_ATTEMPT = "INSERT INTO delivery_attempts
        (id, delivery_id, number, started_at, duration_ms, request_headers, response_status, response_headers, response_body, error)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    LIST_ATTEMPTS = "SELECT id, delivery_id, number, started_at, duration_ms, request_headers, response_status, response_headers,
        response_body, error FROM delivery_attempts WHERE delivery_id = $1 ORDER BY number";
}

impl Conn {
    /// Any endpoint, for deliveries and the operator.
    pub async fn endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>> {
        fetch_optional!(self, Endpoint, GET_ENDPOINT, id)
    }

    /// All endpoints, oldest first, for the operator.
    pub async fn endpoints(&mut self) -> Result<Vec<Endpoint>> {
        fetch_all!(self, Endpoint, LIST_ENDPOINTS)
    }

    /// The endpoints of a project that want to be called.
    pub async fn live_endpoints(&mut self, project: ProjectId) -> Result<Vec<Endpoint>> {
        fetch_all!(self, Endpoint, LIVE_ENDPOINTS, project)
    }

    /// A delivery.
    pub async fn delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>> {
        fetch_optional!(self, Delivery, GET_DELIVERY, id)
    }

    /// The delivery of an event to an endpoint.
    pub async fn delivery_of(&mut self, endpoint: EndpointId, event: EventId) -> Result<Option<Delivery>> {
        fetch_optional!(self, Delivery, DELIVERY_OF, endpoint, event)
    }

    /// An endpoint's deliveries, newest first; all, or those of one status.
    pub async fn deliveries(
        &mut self,
        endpoint: EndpointId,
        status: Option<DeliveryStatus>,
        limit: i64,
    ) -> Result<Vec<Delivery>> {
        fetch_all!(self, Delivery, LIST_DELIVERIES, endpoint, status.map(DeliveryStatus::as_str), limit)
    }

    /// An endpoint's deliveries behind `after` that have failed, oldest first.
    pub async fn failed_deliveries(
        &mut self,
        endpoint: EndpointId,
        after: (Timestamp, DeliveryId),
        limit: i64,
    ) -> Result<Vec<Failed>> {
        fetch_all!(self, Failed, FAILED_AFTER, endpoint, after.0, after.1, limit)
    }

    /// A delivery's attempts, in order.
    pub async fn attempts(&mut self, delivery: DeliveryId) -> Result<Vec<Attempt>> {
        fetch_all!(self, Attempt, LIST_ATTEMPTS, delivery)
    }
}

impl Tx {
    /// Adds an endpoint.
    pub async fn insert_endpoint(&mut self, endpoint: &Endpoint) -> Result<()> {
        execute!(
            self,
            INSERT_ENDPOINT,
            endpoint.id,
            endpoint.workspace_id,
            endpoint.project_id,
            &endpoint.url,
            &endpoint.description,
            Json(&endpoint.event_types),
            Json(&endpoint.headers),
            &endpoint.secret,
            &endpoint.previous_secret,
            endpoint.previous_secret_until,
            endpoint.disabled_at,
            &endpoint.disabled_reason,
            endpoint.failing_since,
            endpoint.created_at,
            endpoint.updated_at
        )?;
        Ok(())
    }

    /// An endpoint as it is now, held to the end of this transaction.
    pub async fn lock_endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>> {
        fetch_optional!(self, Endpoint, LOCK_ENDPOINT, id)
    }

    /// Stores all of an endpoint that can change.
    pub async fn update_endpoint(&mut self, endpoint: &Endpoint) -> Result<()> {
        execute!(
            self,
            UPDATE_ENDPOINT,
            endpoint.id,
            &endpoint.url,
            &endpoint.description,
            Json(&endpoint.event_types),
            Json(&endpoint.headers),
            &endpoint.secret,
            &endpoint.previous_secret,
            endpoint.previous_secret_until,
            endpoint.disabled_at,
            &endpoint.disabled_reason,
            endpoint.failing_since,
            endpoint.updated_at
        )?;
        Ok(())
    }

    /// Ends an endpoint for ever; its log stays. Says whether it was there.
    pub async fn delete_endpoint(&mut self, id: EndpointId, now: Timestamp) -> Result<bool> {
        Ok(execute!(self, DELETE_ENDPOINT, id, now)? == 1)
    }

    /// Notes that an endpoint has taken a delivery.
    pub async fn endpoint_succeeds(&mut self, id: EndpointId) -> Result<()> {
        execute!(self, SUCCEEDS, id)?;
        Ok(())
    }

    /// Notes that an endpoint has failed, and says since when it does nothing else.
    pub async fn endpoint_fails(&mut self, id: EndpointId, now: Timestamp) -> Result<Option<Timestamp>> {
        Ok(fetch_optional!(self, (Timestamp,), FAILS, id, now)?.map(|(since,)| since))
    }

    /// A delivery as it is now, held to the end of this transaction.
    pub async fn lock_delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>> {
        fetch_optional!(self, Delivery, LOCK_DELIVERY, id)
    }

    /// Stops calling an endpoint; says whether it was live.
    pub async fn disable_endpoint(&mut self, id: EndpointId, reason: &str, now: Timestamp) -> Result<bool> {
        Ok(execute!(self, DISABLE_ENDPOINT, id, now, reason)? == 1)
    }

    /// The row alone, for [`Tx::add_delivery`].
    pub(super) async fn insert_delivery(&mut self, delivery: &Delivery) -> Result<()> {
        execute!(
            self,
            INSERT_DELIVERY,
            delivery.id,
            delivery.endpoint_id,
            delivery.event_id,
            delivery.status,
            delivery.attempts,
            delivery.next_attempt_at,
            delivery.created_at,
            delivery.finished_at,
            delivery.round
        )?;
        Ok(())
    }

    /// Stores where a delivery stands.
    pub async fn update_delivery(&mut self, delivery: &Delivery) -> Result<()> {
        execute!(
            self,
            UPDATE_DELIVERY,
            delivery.id,
            delivery.status,
            delivery.attempts,
            delivery.next_attempt_at,
            delivery.finished_at,
            delivery.round
        )?;
        Ok(())
    }

    /// Logs an attempt.
    pub async fn insert_attempt(&mut self, attempt: &Attempt) -> Result<()> {
        execute!(
            self,
            INSERT_ATTEMPT,
            attempt.id,
            attempt.delivery_id,
            attempt.number,
            attempt.started_at,
            attempt.duration_ms,
            Json(&attempt.request_headers),
            attempt.response_status,
            attempt.response_headers.as_ref().map(Json),
            &attempt.response_body,
            &attempt.error
        )?;
        Ok(())
    }
}
