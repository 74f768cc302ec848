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

macro_rules! endpoint_columns {
    () => {
        "id, workspace_id, project_id, url, description, event_types, headers, secret, previous_secret, previous_secret_until, \
         disabled_at, disabled_reason, created_at, updated_at"
    };
}

statements! {
    INSERT_ENDPOINT = concat!("INSERT INTO webhook_endpoints (", endpoint_columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
    GET_ENDPOINT = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints WHERE id = $1");
    LIST_ENDPOINTS = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints ORDER BY id");
    LIVE_ENDPOINTS = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints
        WHERE project_id = $1 AND disabled_at IS NULL");
    DISABLE_ENDPOINT = "UPDATE webhook_endpoints SET disabled_at = $2, disabled_reason = $3, updated_at = $2
        WHERE id = $1 AND disabled_at IS NULL";
    INSERT_DELIVERY = "INSERT INTO deliveries (id, endpoint_id, event_id, status, attempts, next_attempt_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    GET_DELIVERY = "SELECT id, endpoint_id, event_id, status, attempts, next_attempt_at, created_at, finished_at
        FROM deliveries WHERE id = $1";
    LIST_DELIVERIES = "SELECT id, endpoint_id, event_id, status, attempts, next_attempt_at, created_at, finished_at
        FROM deliveries WHERE endpoint_id = $1 ORDER BY created_at, id";
    UPDATE_DELIVERY = "UPDATE deliveries SET status = $2, attempts = $3, next_attempt_at = $4, finished_at = $5 WHERE id = $1";
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

    /// An endpoint's deliveries, oldest first.
    pub async fn deliveries(&mut self, endpoint: EndpointId) -> Result<Vec<Delivery>> {
        fetch_all!(self, Delivery, LIST_DELIVERIES, endpoint)
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
            endpoint.created_at,
            endpoint.updated_at
        )?;
        Ok(())
    }

    /// Stops calling an endpoint; says whether it was live.
    pub async fn disable_endpoint(&mut self, id: EndpointId, reason: &str, now: Timestamp) -> Result<bool> {
        Ok(execute!(self, DISABLE_ENDPOINT, id, now, reason)? == 1)
    }

    /// Adds a delivery.
    pub async fn insert_delivery(&mut self, delivery: &Delivery) -> Result<()> {
        execute!(
            self,
            INSERT_DELIVERY,
            delivery.id,
            delivery.endpoint_id,
            delivery.event_id,
            delivery.status,
            delivery.attempts,
            delivery.next_attempt_at,
            delivery.created_at
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
            delivery.finished_at
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
