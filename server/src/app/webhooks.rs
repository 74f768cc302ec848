//! Webhooks: the operator's endpoints, and sending an event to one.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use chrono::Duration;

use super::{core::Core, error::Result};
use crate::{
    domain::{
        clock::Timestamp,
        event::EventType,
        ids::{AttemptId, DeliveryId, EndpointId, ProjectId},
        refusal::Refusal,
        webhook,
    },
    outbound::{Answer, Failure},
    store::{
        events::Event,
        jobs::Claim,
        webhooks::{Attempt, Delivery, DeliveryStatus, Endpoint, Headers},
    },
};

/// The longest that a receiver's `Retry-After` may put an attempt off.
const LONGEST_RETRY_AFTER: Duration = Duration::hours(24);

/// See the module's text.
#[derive(Clone)]
pub struct Webhooks(pub(super) Arc<Core>);

/// What the end of a job leaves behind.
#[derive(Default)]
struct Settled {
    delivery: Option<Delivery>,
    attempt: Option<Attempt>,
    /// An endpoint that wants no more.
    disable: Option<EndpointId>,
}

impl Webhooks {
    /// Makes an endpoint with a new secret. Refuses an address that could never be called.
    pub async fn create(&self, project: ProjectId, url: &str, event_types: Vec<EventType>) -> Result<Endpoint> {
        let now = self.0.clock.now();
        self.0.outbound.check(url).map_err(|why| Refusal::invalid(format!("{url:?} cannot be a webhook: {why}.")))?;
        let mut tx = self.0.db.begin().await?;
        let project = tx.project_of_any(project).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let endpoint = Endpoint {
            id: EndpointId::new(now),
            workspace_id: project.workspace_id,
            project_id: project.id,
            url: url.to_owned(),
            description: String::new(),
            event_types,
            headers: Headers::new(),
            secret: webhook::new_secret(),
            previous_secret: None,
            previous_secret_until: None,
            disabled_at: None,
            disabled_reason: None,
            created_at: now,
            updated_at: now,
        };
        tx.insert_endpoint(&endpoint).await?;
        tx.commit().await?;
        Ok(endpoint)
    }

    /// All endpoints, oldest first.
    pub async fn list(&self) -> Result<Vec<Endpoint>> {
        Ok(self.0.db.reader().await?.endpoints().await?)
    }

    /// Stops calling an endpoint. Its log stays.
    pub async fn disable(&self, id: EndpointId, reason: &str) -> Result<()> {
        let mut tx = self.0.db.begin().await?;
        if !tx.disable_endpoint(id, reason, self.0.clock.now()).await? {
            return Err(Refusal::not_found("live webhook").into());
        }
        Ok(tx.commit().await?)
    }

    /// Makes one attempt at a delivery, logs it, and settles the job: done, or put off by the schedule.
    pub async fn deliver(&self, claim: &Claim, id: DeliveryId) -> Result<()> {
        let core = &self.0;
        let (delivery, endpoint, event) = {
            // Given back before anything else is asked of the database: jobs that hold one connection and wait for another block each other.
            let mut conn = core.db.reader().await?;
            let pending = conn.delivery(id).await?.filter(|delivery| delivery.status == DeliveryStatus::Pending);
            match pending {
                None => (None, None, None),
                Some(delivery) => {
                    let endpoint = conn.endpoint(delivery.endpoint_id).await?;
                    let event = conn.event(delivery.event_id).await?;
                    (Some(delivery), endpoint.filter(|endpoint| endpoint.disabled_at.is_none()), event)
                }
            }
        };
        let Some(delivery) = delivery else { return self.settle(claim, Settled::default()).await };
        let (Some(endpoint), Some(event)) = (endpoint, event) else {
            let delivery = Some(finished(&delivery, DeliveryStatus::Failed, core.clock.now()));
            return self.settle(claim, Settled { delivery, ..Settled::default() }).await;
        };

        let started_at = core.clock.now();
        let begun = Instant::now();
        let request_headers = headers(&endpoint, &event, started_at);
        let outcome = core.outbound.post(&endpoint.url, &request_headers, event.body).await;
        let attempt = log(&delivery, started_at, begun.elapsed(), request_headers, &outcome);
        self.conclude(claim, &endpoint, &delivery, attempt, &outcome).await
    }

    async fn conclude(
        &self,
        claim: &Claim,
        endpoint: &Endpoint,
        delivery: &Delivery,
        attempt: Attempt,
        outcome: &std::result::Result<Answer, Failure>,
    ) -> Result<()> {
        let now = self.0.clock.now();
        let delivery = Delivery { attempts: attempt.number, ..delivery.clone() };
        let result = match outcome {
            Ok(answer) if (200..300).contains(&answer.status) => "succeeded",
            Ok(_) => "refused",
            Err(_) => "unreachable",
        };
        metrics::counter!("reupload_webhook_attempts_total", "result" => result).increment(1);
        let (status, disable) = match outcome {
            Ok(answer) if (200..300).contains(&answer.status) => (DeliveryStatus::Succeeded, None),
            Ok(Answer { status: 410, .. }) => (DeliveryStatus::Failed, Some(endpoint.id)),
            _ => match self.next_attempt(&delivery, outcome.as_ref().ok(), now) {
                Some(at) => return self.put_off(claim, delivery, attempt, at).await,
                None => (DeliveryStatus::Failed, None),
            },
        };
        let delivery = Some(finished(&delivery, status, now));
        self.settle(claim, Settled { delivery, attempt: Some(attempt), disable }).await
    }

    fn next_attempt(&self, delivery: &Delivery, answer: Option<&Answer>, now: Timestamp) -> Option<Timestamp> {
        let waits = self.0.config.webhooks.schedule.iter().map(|wait| Duration::from_std(wait.0).unwrap_or(Duration::MAX));
        let asked = answer.and_then(|answer| answer.headers.get("retry-after"));
        let asked = asked.and_then(|text| webhook::parse_retry_after(text, now)).map(|wait| wait.min(LONGEST_RETRY_AFTER));
        let made = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
        let delay = webhook::next_delay(&waits.collect::<Vec<_>>(), made, webhook::random_jitter(), asked)?;
        Some(now + delay)
    }

    async fn settle(&self, claim: &Claim, settled: Settled) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        if !tx.job_done(claim).await? {
            return Ok(());
        }
        if let Some(attempt) = settled.attempt {
            tx.insert_attempt(&attempt).await?;
        }
        if let Some(delivery) = settled.delivery {
            tx.update_delivery(&delivery).await?;
        }
        if let Some(endpoint) = settled.disable
            && tx.disable_endpoint(endpoint, "The endpoint answered 410 Gone.", self.0.clock.now()).await?
        {
            tracing::warn!(%endpoint, "a webhook endpoint answered 410 Gone and is now disabled");
        }
        Ok(tx.commit().await?)
    }

    async fn put_off(&self, claim: &Claim, delivery: Delivery, attempt: Attempt, at: Timestamp) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        if !tx.job_retry(claim, at, attempt.error.as_deref().unwrap_or("not 2xx")).await? {
            return Ok(());
        }
        tx.insert_attempt(&attempt).await?;
        tx.update_delivery(&Delivery { next_attempt_at: Some(at), ..delivery }).await?;
        Ok(tx.commit().await?)
    }
}

fn finished(delivery: &Delivery, status: DeliveryStatus, now: Timestamp) -> Delivery {
    Delivery { status, next_attempt_at: None, finished_at: Some(now), ..delivery.clone() }
}

/// What is sent with an event: the endpoint's own headers, then ours, signed for this moment.
fn headers(endpoint: &Endpoint, event: &Event, at: Timestamp) -> Headers {
    let previous = endpoint.previous_secret.as_deref().filter(|_| endpoint.previous_secret_until.is_some_and(|until| at < until));
    let secrets: Vec<&str> = [Some(endpoint.secret.as_str()), previous].into_iter().flatten().collect();
    let mut headers: BTreeMap<_, _> = endpoint.headers.clone();
    headers.extend([
        ("content-type".to_owned(), "application/json".to_owned()),
        ("reupload-signature".to_owned(), webhook::signature(&secrets, at, &event.body)),
        ("webhook-id".to_owned(), event.id.wire()),
        ("webhook-timestamp".to_owned(), at.timestamp().to_string()),
        ("webhook-signature".to_owned(), webhook::standard_signature(&secrets, event.id, at, &event.body)),
    ]);
    headers
}

fn log(
    delivery: &Delivery,
    started_at: Timestamp,
    took: std::time::Duration,
    request_headers: Headers,
    outcome: &std::result::Result<Answer, Failure>,
) -> Attempt {
    let answer = outcome.as_ref().ok();
    Attempt {
        id: AttemptId::new(started_at),
        delivery_id: delivery.id,
        number: delivery.attempts + 1,
        started_at,
        duration_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
        request_headers,
        response_status: answer.map(|answer| answer.status.into()),
        response_headers: answer.map(|answer| answer.headers.clone()),
        response_body: answer.map(|answer| answer.body.clone()),
        error: match outcome {
            Ok(answer) if (200..300).contains(&answer.status) => None,
            Ok(answer) => Some(format!("the endpoint answered {}", answer.status)),
            Err(failure) => Some(failure.to_string()),
        },
    }
}
