//! Deliveries (one event for one endpoint) and the log of their attempts.

use std::str::FromStr;

use sqlx::types::Json;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
    webhooks::Headers,
};
use crate::domain::{
    clock::Timestamp,
    event::EventType,
    ids::{AttemptId, DeliveryId, EndpointId, EventId},
    page::Cursor,
};

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

/// Each status has an index of its own but for the usual one, which the index of all serves.
macro_rules! list {
    ($status:literal) => {
        concat!(
            "SELECT ",
            delivery_columns!(),
            " FROM deliveries WHERE endpoint_id = $1",
            $status,
            " AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4"
        )
    };
}

statements! {
    INSERT_DELIVERY = concat!("INSERT INTO deliveries (", delivery_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    GET_DELIVERY = concat!("SELECT ", delivery_columns!(), " FROM deliveries WHERE id = $1");
    DELIVERY_OF = concat!("SELECT ", delivery_columns!(), " FROM deliveries WHERE endpoint_id = $1 AND event_id = $2
        ORDER BY created_at DESC, id DESC LIMIT 1");
    LOCK_DELIVERY = concat!("UPDATE deliveries SET attempts = attempts WHERE id = $1 RETURNING ", delivery_columns!());
    LIST = list!("");
    LIST_PENDING = list!(" AND status = 'pending'");
    LIST_SUCCEEDED = list!(" AND status = 'succeeded'");
    LIST_FAILED = list!(" AND status = 'failed'");
    // Not the tests, which tell of nothing.
    FAILED_AFTER = "SELECT d.id, d.created_at, e.type FROM deliveries d JOIN events e ON e.id = d.event_id
        WHERE d.endpoint_id = $1 AND (d.created_at, d.id) > ($2, $3) AND d.status = 'failed' AND e.seq IS NOT NULL
        ORDER BY d.created_at, d.id LIMIT $4";
    UPDATE_DELIVERY = "UPDATE deliveries SET status = $2, attempts = $3, next_attempt_at = $4, finished_at = $5, round = $6 WHERE id = $1";
    INSERT_ATTEMPT = "INSERT INTO delivery_attempts
        (id, delivery_id, number, started_at, duration_ms, request_headers, response_status, response_headers, response_body, error)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    // The last ones: each sending again begins a schedule anew, and each has up to 64 KiB of an answer.
    LIST_ATTEMPTS = "SELECT id, delivery_id, number, started_at, duration_ms, request_headers, response_status, response_headers,
        response_body, error FROM delivery_attempts WHERE delivery_id = $1 ORDER BY number DESC LIMIT 50";
}

impl Conn {
    /// A delivery.
    pub async fn delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>> {
        fetch_optional!(self, Delivery, GET_DELIVERY, id)
    }

    /// The delivery of an event to an endpoint.
    pub async fn delivery_of(&mut self, endpoint: EndpointId, event: EventId) -> Result<Option<Delivery>> {
        fetch_optional!(self, Delivery, DELIVERY_OF, endpoint, event)
    }

    /// An endpoint's deliveries behind `after`, newest first; all, or those of one status.
    pub async fn deliveries(
        &mut self,
        endpoint: EndpointId,
        status: Option<DeliveryStatus>,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<Delivery>> {
        let sql = match status {
            None => LIST,
            Some(DeliveryStatus::Pending) => LIST_PENDING,
            Some(DeliveryStatus::Succeeded) => LIST_SUCCEEDED,
            Some(DeliveryStatus::Failed) => LIST_FAILED,
        };
        let (moment, id) = Cursor::place(after);
        fetch_all!(self, Delivery, sql, endpoint, moment, id, limit)
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

    /// A delivery's last 50 attempts, in order.
    pub async fn attempts(&mut self, delivery: DeliveryId) -> Result<Vec<Attempt>> {
        let mut attempts = fetch_all!(self, Attempt, LIST_ATTEMPTS, delivery)?;
        attempts.reverse();
        Ok(attempts)
    }
}

impl Tx {
    /// A delivery as it is now, held to the end of this transaction.
    pub async fn lock_delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>> {
        fetch_optional!(self, Delivery, LOCK_DELIVERY, id)
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
