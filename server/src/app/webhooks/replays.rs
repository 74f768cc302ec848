//! Sending again: one delivery, all that have failed, all that an endpoint has missed; and events that only try an endpoint.
//!
//! A delivery that is sent again begins its schedule anew and goes on counting its attempts. The event keeps its id, so a receiver
//! that has it already can tell.

use chrono::Datelike;
use uuid::Uuid;

use super::{Webhooks, endpoints::deed};
use crate::app::{Core, Result};
use crate::{
    domain::{
        access::Scope,
        audit::{Action, By, Deed},
        clock::Timestamp,
        event::{Envelope, EventType},
        idempotency::Fingerprint,
        ids::{DeliveryId, EndpointId, EventId},
        page::{self, Cursor},
        refusal::Refusal,
        samples,
    },
    store::{
        Tx,
        deliveries::{Attempt, Delivery, DeliveryStatus},
        events::Event,
        webhooks::Endpoint,
    },
};

/// Deliveries in one commit.
const IN_ONE_COMMIT: i64 = 100;

/// What [`Webhooks::recover`] has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Recovered {
    /// Failed deliveries that are sent again.
    pub replayed: usize,
    /// Events that the endpoint was never sent and is sent now.
    pub missed: usize,
}

impl Webhooks {
    /// Sends one delivery again, whatever became of it; one that waits for its next attempt is made now. Refuses `NOT_FOUND`, also
    /// if its endpoint is gone, and `VALIDATION_ERROR` if that is disabled.
    pub async fn replay(&self, id: DeliveryId, by: &By) -> Result<Delivery> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let found = tx.delivery(id).await?.ok_or_else(|| Refusal::not_found("delivery"))?;
        // The job before the delivery, in the order in which an attempt settles them.
        tx.hurry_delivery(&found, now).await?;
        let delivery = tx.lock_delivery(id).await?.ok_or_else(|| Refusal::not_found("delivery"))?;
        let endpoint = live(&mut tx, delivery.endpoint_id).await?;
        let delivery = again(&mut tx, delivery, now).await?;
        let deed = Deed::new(Action::DeliveryReplayed, "delivery", id.0, &endpoint.url).within(endpoint.workspace_id);
        tx.audit(by, &deed, now).await?;
        tx.commit().await?;
        Ok(delivery)
    }

    /// Enables an endpoint and sends what it has missed since then of the types that it asks for: deliveries made since that have failed,
    /// and events that came while it was disabled. Each once, so an endpoint that goes on failing does not keep it here. `progress` hears
    /// how many so far.
    ///
    /// Refuses `NOT_FOUND` and, for a moment that the database does not know or an endpoint that is disabled again meanwhile,
    /// `VALIDATION_ERROR`.
    pub async fn recover(&self, id: EndpointId, since: Timestamp, mut progress: impl FnMut(usize), by: &By) -> Result<Recovered> {
        // The databases' own moments; before anything has changed.
        if !(1970..=9999).contains(&since.year()) {
            return Err(Refusal::invalid("since must be within the years 1970 to 9999.").into());
        }
        self.enable(id, by).await?;
        let mut done = Recovered::default();
        let mut after = (since, DeliveryId(Uuid::nil()));
        while let Some((sent, last)) = self.0.replay_some(id, after).await? {
            done.replayed += sent;
            after = last;
            progress(done.replayed);
        }
        let mut after = 0;
        while let Some((sent, last)) = self.0.send_missed(id, since, after).await? {
            done.missed += sent;
            after = last;
            progress(done.replayed + done.missed);
        }
        Ok(done)
    }

    /// Sends an event that tells of nothing, marked by `test: true`, to one endpoint, whether it asked for its type or not.
    /// Refuses as [`Webhooks::replay`] does.
    pub async fn send_test(&self, id: EndpointId, r#type: EventType, by: &By) -> Result<Delivery> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let endpoint = live(&mut tx, id).await?;
        let owner = (endpoint.workspace_id, endpoint.project_id);
        let event = EventId::new(now);
        let data = samples::data(r#type, endpoint.project_id, &self.0.config.cdn.public_url, now);
        let envelope = Envelope { test: true, ..Envelope::new(event, r#type, now, owner, &data)? };
        let body = serde_json::to_string(&envelope)?;
        let (workspace_id, project_id) = owner;
        tx.insert_test_event(&Event { id: event, workspace_id, project_id, r#type, body, created_at: now }).await?;
        let delivery = tx.add_delivery(id, event, now, now).await?;
        tx.audit(by, &deed(Action::WebhookTested, &endpoint), now).await?;
        tx.commit().await?;
        Ok(delivery)
    }

    /// An endpoint's deliveries, newest first. Refuses `NOT_FOUND`.
    pub async fn deliveries(&self, id: EndpointId, status: Option<DeliveryStatus>, limit: i64) -> Result<Vec<(Delivery, Event)>> {
        Ok(self.delivery_page(id, status, None, limit).await?.0)
    }

    /// A page of them behind `after`, and where the next one begins. Refuses a cursor of another list too (`VALIDATION_ERROR`).
    pub async fn delivery_page(
        &self,
        id: EndpointId,
        status: Option<DeliveryStatus>,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<(Vec<(Delivery, Event)>, Option<Cursor>)> {
        let mut conn = self.0.db.reader().await?;
        conn.endpoint(id).await?.ok_or_else(|| Refusal::not_found("webhook"))?;
        let words = status.map(DeliveryStatus::as_str).unwrap_or_default();
        let list = Fingerprint::default().part("deliveries", id.0).part("status", words).mark();
        Cursor::check(after, list)?;
        let mut found = conn.deliveries(id, status, after, limit.saturating_add(1)).await?;
        let next = page::cut(&mut found, limit, list, |delivery| (delivery.created_at, delivery.id.0));
        let mut listed = Vec::new();
        for delivery in found {
            if let Some(event) = conn.event(delivery.event_id).await? {
                listed.push((delivery, event));
            }
        }
        Ok((listed, next))
    }

    /// A delivery that somebody reaches. Refuses `NOT_FOUND`.
    pub async fn delivery_in(&self, scope: &Scope, id: DeliveryId) -> Result<Delivery> {
        let not_found = || Refusal::not_found("delivery");
        let mut conn = self.0.db.reader().await?;
        let delivery = conn.delivery(id).await?.ok_or_else(not_found)?;
        let endpoint = conn.endpoint(delivery.endpoint_id).await?.ok_or_else(not_found)?;
        conn.project(scope, endpoint.project_id).await?.ok_or_else(not_found)?;
        Ok(delivery)
    }

    /// A delivery's event and last 50 attempts, in order. Refuses `NOT_FOUND`.
    pub async fn attempts(&self, id: DeliveryId) -> Result<(Event, Vec<Attempt>)> {
        let mut conn = self.0.db.reader().await?;
        let delivery = conn.delivery(id).await?.ok_or_else(|| Refusal::not_found("delivery"))?;
        let event = conn.event(delivery.event_id).await?.ok_or_else(|| Refusal::not_found("event"))?;
        Ok((event, conn.attempts(id).await?))
    }
}

/// An endpoint that can be called.
async fn live(tx: &mut Tx, id: EndpointId) -> Result<Endpoint> {
    let endpoint = tx.lock_endpoint(id).await?.ok_or_else(|| Refusal::not_found("webhook"))?;
    match &endpoint.disabled_reason {
        Some(why) if endpoint.disabled_at.is_some() => {
            Err(Refusal::invalid(format!("The webhook is disabled ({why}): enable or recover it first.")).into())
        }
        _ => Ok(endpoint),
    }
}

/// Lets a delivery that `tx` holds begin its schedule anew.
async fn again(tx: &mut Tx, delivery: Delivery, now: Timestamp) -> Result<Delivery> {
    let waits = delivery.status == DeliveryStatus::Pending;
    let delivery =
        Delivery { status: DeliveryStatus::Pending, next_attempt_at: Some(now), finished_at: None, round: 0, ..delivery };
    tx.update_delivery(&delivery).await?;
    if !waits {
        tx.enqueue_delivery(&delivery, now, now).await?;
    }
    Ok(delivery)
}

/// How far [`Webhooks::recover`] has come.
type Place = (Timestamp, DeliveryId);

impl Core {
    /// Sends some of what has failed behind `after`; says how many and up to where, `None` at the end.
    async fn replay_some(&self, endpoint: EndpointId, after: Place) -> Result<Option<(usize, Place)>> {
        let now = self.clock.now();
        let mut tx = self.db.begin_background().await?;
        let endpoint = tx.endpoint(endpoint).await?.ok_or_else(|| Refusal::not_found("webhook"))?;
        let failed = tx.failed_deliveries(endpoint.id, after, IN_ONE_COMMIT).await?;
        let Some(last) = failed.last().map(|delivery| (delivery.created_at, delivery.id)) else { return Ok(None) };
        let mut sent = 0;
        for wanted in failed.iter().filter(|delivery| endpoint.event_types.contains(&delivery.r#type)) {
            let found = tx.lock_delivery(wanted.id).await?.filter(|delivery| delivery.status == DeliveryStatus::Failed);
            if let Some(delivery) = found {
                again(&mut tx, delivery, now).await?;
                sent += 1;
            }
        }
        // The endpoint after its deliveries, in the order in which an attempt settles them.
        live(&mut tx, endpoint.id).await?;
        tx.commit().await?;
        Ok(Some((sent, last)))
    }

    /// Sends some of what the endpoint was never sent; says how many and up to which number, `None` at the end.
    async fn send_missed(&self, endpoint: EndpointId, since: Timestamp, after: i64) -> Result<Option<(usize, i64)>> {
        let now = self.clock.now();
        let mut tx = self.db.begin_background().await?;
        // Held, so that two that recover it at once send nothing twice.
        let endpoint = live(&mut tx, endpoint).await?;
        let missed = tx.undelivered(endpoint.project_id, since, endpoint.id, after, IN_ONE_COMMIT).await?;
        let Some(last) = missed.last().map(|event| event.seq) else { return Ok(None) };
        let mut sent = 0;
        for event in missed.iter().filter(|event| endpoint.event_types.contains(&event.r#type)) {
            tx.add_delivery(endpoint.id, event.id, now, now).await?;
            sent += 1;
        }
        tx.commit().await?;
        Ok(Some((sent, last)))
    }
}
