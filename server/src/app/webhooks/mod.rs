//! Sending an event to an endpoint: one attempt, its log, and what follows from it.
//!
//! `endpoints.rs` keeps the endpoints, `replays.rs` sends again, `pace.rs` claims what each endpoint may have at once.

pub mod endpoints;
pub mod pace;
pub mod replays;

use std::{sync::Arc, time::Instant};

use chrono::Duration;

use self::pace::Went;
use crate::{
    app::{Core, Result},
    domain::{
        clock::Timestamp,
        ids::{AttemptId, DeliveryId, ProjectId},
        usage_days::Done,
        webhook,
    },
    outbound::{Answer, Failure},
    store::{
        Tx,
        deliveries::{Attempt, Delivery, DeliveryStatus},
        events::Event,
        jobs::Claim,
        webhooks::{Endpoint, Headers},
    },
};

/// The longest that a receiver's `Retry-After` may put an attempt off.
const LONGEST_RETRY_AFTER: Duration = Duration::hours(24);

/// What the log has instead of the value of an endpoint's own header.
pub const HIDDEN: &str = "(set on the endpoint)";

/// See the module's text.
#[derive(Clone)]
pub struct Webhooks(pub(in crate::app) Arc<Core>);

impl Webhooks {
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
        let Some(delivery) = delivery else { return core.settle(claim).await };
        let Some(event) = event else { return core.settle(claim).await };
        let Some(endpoint) = endpoint else {
            return self.give_up(claim, &delivery, event.project_id).await;
        };

        let started_at = core.clock.now();
        let begun = Instant::now();
        let request_headers = headers(&endpoint, &delivery, &event, started_at);
        let outcome = core.outbound.post(&endpoint.url, &request_headers, event.body).await;
        let attempt = log(&delivery, &endpoint, (started_at, begun.elapsed()), request_headers, &outcome);
        core.paces.learn(endpoint.id, went(&outcome));
        self.conclude(claim, &endpoint, &delivery, attempt, &outcome).await
    }

    /// Settles the job after an attempt: logs it, moves the delivery on, and keeps book of the endpoint.
    async fn conclude(
        &self,
        claim: &Claim,
        endpoint: &Endpoint,
        delivery: &Delivery,
        attempt: Attempt,
        outcome: &Outcome,
    ) -> Result<()> {
        let now = self.0.clock.now();
        metrics::counter!("reupload_webhook_attempts_total", "result" => result(outcome)).increment(1);
        let is_taken = is_taken(outcome);
        let was_due = delivery.next_attempt_at;
        let mut delivery = Delivery { attempts: attempt.number, round: delivery.round + 1, ..delivery.clone() };
        let is_over = is_taken || is_gone(outcome);
        let mut next = if is_over { None } else { self.next_attempt(&delivery, outcome.as_ref().ok(), now) };
        let mut tx = self.0.db.begin_background().await?;
        let held = match next {
            Some(at) => tx.job_retry(claim, at, attempt.error.as_deref().unwrap_or_default()).await?,
            None => tx.job_done(claim).await?,
        };
        if !held {
            return Ok(());
        }
        let Some(current) = tx.lock_delivery(delivery.id).await? else { return Ok(()) };
        if current.next_attempt_at != was_due && !is_over {
            // Replayed while the attempt was under way: the schedule begins anew.
            tx.job_done(claim).await?;
            (delivery.round, next) = (0, Some(now));
            tx.enqueue_delivery(&delivery, now, now).await?;
        }
        tx.insert_attempt(&attempt).await?;
        match next {
            Some(at) => tx.update_delivery(&Delivery { next_attempt_at: Some(at), ..delivery }).await?,
            None if is_taken => tx.update_delivery(&finished(&delivery, DeliveryStatus::Succeeded, now)).await?,
            None => fail(&mut tx, &delivery, endpoint.project_id, now).await?,
        }
        if is_taken {
            tx.endpoint_succeeds(endpoint.id).await?;
        } else {
            self.judge(&mut tx, endpoint, &attempt, is_gone(outcome)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Disables an endpoint that says that it is gone, or that has done nothing but fail for `webhooks.disable_after`.
    async fn judge(&self, tx: &mut Tx, endpoint: &Endpoint, attempt: &Attempt, is_gone: bool) -> Result<()> {
        let now = self.0.clock.now();
        let since = tx.endpoint_fails(endpoint.id, attempt.started_at).await?.unwrap_or(now);
        let patience = Duration::from_std(self.0.config.webhooks.disable_after).unwrap_or(Duration::MAX);
        let why = if is_gone {
            "The endpoint answered 410 Gone.".to_owned()
        } else if now - since >= patience {
            let last = attempt.error.as_deref().unwrap_or_default();
            format!("Every attempt since {} has failed; the last one: {last}.", since.format("%Y-%m-%d %H:%M UTC"))
        } else {
            return Ok(());
        };
        if tx.disable_endpoint(endpoint.id, &why, now).await? {
            tx.begin_pause(endpoint).await?;
            metrics::counter!("reupload_webhook_endpoints_disabled_total").increment(1);
            tracing::warn!(endpoint = %endpoint.id, url = endpoint.url, why, "a webhook endpoint is now disabled");
        }
        Ok(())
    }

    fn next_attempt(&self, delivery: &Delivery, answer: Option<&Answer>, now: Timestamp) -> Option<Timestamp> {
        let waits = self.0.config.webhooks.schedule.iter().map(|wait| Duration::from_std(wait.0).unwrap_or(Duration::MAX));
        let asked = answer.and_then(|answer| answer.headers.get("retry-after"));
        let asked = asked.and_then(|text| webhook::parse_retry_after(text, now)).map(|wait| wait.min(LONGEST_RETRY_AFTER));
        let made = usize::try_from(delivery.round).unwrap_or(usize::MAX);
        let delay = webhook::next_delay(&waits.collect::<Vec<_>>(), made, webhook::random_jitter(), asked)?;
        Some(now + delay)
    }

    /// Ends a delivery whose endpoint was disabled or gone. If it was enabled since, it begins again: who recovers the endpoint may
    /// have passed this one by, as it had not failed yet.
    async fn give_up(&self, claim: &Claim, delivery: &Delivery, project: ProjectId) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin_background().await?;
        if !tx.job_done(claim).await? {
            return Ok(());
        }
        let Some(delivery) = tx.lock_delivery(delivery.id).await? else { return Ok(()) };
        match tx.lock_endpoint(delivery.endpoint_id).await? {
            Some(endpoint) if endpoint.disabled_at.is_none() => tx.enqueue_delivery(&delivery, now, now).await?,
            _ => fail(&mut tx, &delivery, project, now).await?,
        }
        Ok(tx.commit().await?)
    }
}

type Outcome = std::result::Result<Answer, Failure>;

fn is_taken(outcome: &Outcome) -> bool {
    outcome.as_ref().is_ok_and(|answer| (200..300).contains(&answer.status))
}

fn is_gone(outcome: &Outcome) -> bool {
    outcome.as_ref().is_ok_and(|answer| answer.status == 410)
}

fn went(outcome: &Outcome) -> Went {
    match outcome {
        _ if is_taken(outcome) => Went::Well,
        Err(failure) if failure.is_timeout => Went::Nowhere,
        _ => Went::Badly,
    }
}

/// For the metrics.
fn result(outcome: &Outcome) -> &'static str {
    match outcome {
        _ if is_taken(outcome) => "succeeded",
        Ok(_) => "refused",
        Err(_) => "unreachable",
    }
}

/// Ends a delivery for good, and counts it for its project's day.
async fn fail(tx: &mut Tx, delivery: &Delivery, project: ProjectId, now: Timestamp) -> Result<()> {
    tx.update_delivery(&finished(delivery, DeliveryStatus::Failed, now)).await?;
    Ok(tx.add_to_day(project, now.date_naive(), Done { uploads: 0, deliveries_failed: 1 }).await?)
}

fn finished(delivery: &Delivery, status: DeliveryStatus, now: Timestamp) -> Delivery {
    Delivery { status, next_attempt_at: None, finished_at: Some(now), ..delivery.clone() }
}

/// What is sent with an event: the endpoint's own headers, then ours, signed for this moment.
fn headers(endpoint: &Endpoint, delivery: &Delivery, event: &Event, at: Timestamp) -> Headers {
    let previous = endpoint.previous_secret.as_deref().filter(|_| endpoint.previous_secret_until.is_some_and(|until| at < until));
    let mut secrets: Vec<&str> = [Some(endpoint.secret.as_str()), previous].into_iter().flatten().collect();
    // A receiver that reads the last signature only, as the guide's does, finds its own in each second attempt, whichever it has.
    if delivery.attempts % 2 == 1 {
        secrets.reverse();
    }
    let mut headers = endpoint.headers.clone();
    headers.extend(webhook::headers(&secrets, event.id, at, &event.body));
    headers
}

fn log(
    delivery: &Delivery,
    endpoint: &Endpoint,
    (started_at, took): (Timestamp, std::time::Duration),
    mut request_headers: Headers,
    outcome: &Outcome,
) -> Attempt {
    // The endpoint's own headers are often passwords.
    for (name, value) in &mut request_headers {
        if endpoint.headers.contains_key(name) {
            HIDDEN.clone_into(value);
        }
    }
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
            Ok(_) if is_taken(outcome) => None,
            Ok(answer) => Some(format!("the endpoint answered {}", answer.status)),
            Err(failure) => Some(failure.to_string()),
        },
    }
}
