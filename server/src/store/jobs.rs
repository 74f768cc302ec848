//! The job table: work that must happen even if the process dies, with a lease and a fencing number.
//!
//! A job is added only inside the transaction that makes it necessary. A worker claims it for the length of a lease and
//! gets its `fence`, the fencing number; who claims it after the lease gets a higher one, and from then on the first
//! can no longer settle it. A lane is what some workers take their jobs from; within the lane of webhooks, a queue is what
//! waits for one endpoint (the column `queue`, null in the other lanes). To add a kind: a variant of [`Job`], its lane, and an arm
//! in `worker/run.rs`.

use std::{str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use tokio::sync::Notify;

use super::{
    Conn, Db, Result, Tx,
    deliveries::{Delivery, DeliveryStatus},
    dialect,
    macros::{execute, fetch_all, statements},
};
use crate::domain::{
    clock::Timestamp,
    ids::{BlobId, DeliveryId, EndpointId, EventId, JobId, UploadId},
};

/// What there is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Sniff, check and scan an upload; publish it, unless it is a picture.
    Process {
        /// Which.
        upload: UploadId,
    },
    /// Make the thumbnails of an upload that has passed all checks, and publish it.
    Picture {
        /// Which.
        upload: UploadId,
    },
    /// Send an event to an endpoint.
    Deliver {
        /// Which.
        delivery: DeliveryId,
    },
    /// Remove bytes that no row needs any more.
    DeleteBlob {
        /// Which.
        blob: BlobId,
    },
    /// A kind that a newer node has added: left for it, without holding up the jobs that were claimed beside it.
    #[serde(other)]
    Unknown,
}

impl Job {
    /// Whose workers run it.
    pub const fn lane(&self) -> Lane {
        match self {
            Self::Process { .. } => Lane::Files,
            Self::Picture { .. } => Lane::Pictures,
            Self::Deliver { .. } => Lane::Webhooks,
            Self::DeleteBlob { .. } | Self::Unknown => Lane::Cleaning,
        }
    }

    /// Its name in logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Process { .. } => "process",
            Self::Picture { .. } => "picture",
            Self::Deliver { .. } => "deliver",
            Self::DeleteBlob { .. } => "delete_blob",
            Self::Unknown => "unknown",
        }
    }
}

/// Every [`Job::kind`], so that metrics show a kind that has none.
pub const KINDS: &[&str] = &["process", "picture", "deliver", "delete_blob"];

/// Jobs with workers of their own, so that slow receivers of webhooks never hold up files, nor large pictures small texts, nor a
/// scanner that hangs the removal of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Looking into bytes.
    Files,
    /// Decoding pictures.
    Pictures,
    /// Calls to the outside.
    Webhooks,
    /// Removing bytes.
    Cleaning,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 4] = [Self::Files, Self::Pictures, Self::Webhooks, Self::Cleaning];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Pictures => "pictures",
            Self::Webhooks => "webhooks",
            Self::Cleaning => "cleaning",
        }
    }
}

impl FromStr for Lane {
    type Err = String;
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        Self::ALL.into_iter().find(|lane| lane.as_str() == text).ok_or_else(|| format!("unknown lane {text:?}"))
    }
}

/// A claimed job.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Claim {
    pub id: JobId,
    pub lane: Lane,
    #[sqlx(json)]
    pub payload: Job,
    /// The fencing number: the column `attempt`, raised by each claim.
    #[sqlx(rename = "attempt")]
    pub fence: i64,
    pub failures: i64,
    /// How often its worker was not heard of again.
    pub deaths: i64,
    pub created_at: Timestamp,
}

/// Jobs of one kind, for metrics.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Backlog {
    pub kind: String,
    pub count: i64,
    pub oldest: Option<Timestamp>,
}

/// Jobs of one kind in one lane, due and not, for the operator.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Queued {
    /// As text: a newer node may have lanes that this one does not know.
    pub lane: String,
    /// See [`Job::kind`].
    pub kind: String,
    /// Due or under way.
    pub due: i64,
    /// Since when the oldest of them is due.
    pub oldest: Option<Timestamp>,
    /// Not due yet.
    pub waiting: i64,
    /// How many of those have failed and wait for another try.
    pub failed: i64,
    /// When the first of them is due.
    pub next: Option<Timestamp>,
}

/// Wakes the workers of this process when a transaction has added jobs. Jobs from elsewhere are found by polling.
#[derive(Default)]
pub struct Bell([Notify; Lane::ALL.len()]);

impl Bell {
    const fn of(&self, lane: Lane) -> &Notify {
        &self.0[lane as usize]
    }

    /// Wakes one who waits for the lane, now or at their next wait.
    pub fn ring(&self, lane: Lane) {
        self.of(lane).notify_one();
    }

    /// Waits for a ring, at most `patience`.
    pub async fn wait(&self, lane: Lane, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.of(lane).notified()).await;
    }
}

statements! {
    INSERT = "INSERT INTO jobs (id, lane, kind, payload, run_at, attempt, failures, created_at, queue)
        VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7)";
    HURRY = "UPDATE jobs SET run_at = $4 WHERE lane = $1 AND queue = $2 AND payload = $3 AND run_at > $4";
    DONE = "DELETE FROM jobs WHERE id = $1 AND attempt = $2";
    RETRY = "UPDATE jobs SET run_at = $3, failures = failures + 1, leased_until = NULL, last_error = $4
        WHERE id = $1 AND attempt = $2";
    LATER = "UPDATE jobs SET run_at = $3, leased_until = NULL, last_error = $4 WHERE id = $1 AND attempt = $2";
    BACKLOG = "SELECT kind, COUNT(*) AS count, MIN(run_at) AS oldest FROM jobs WHERE run_at <= $1 GROUP BY kind";
    QUEUED = "SELECT lane, kind, SUM(CASE WHEN run_at <= $1 THEN 1 ELSE 0 END) AS due, MIN(CASE WHEN run_at <= $1 THEN run_at END) AS oldest,
        SUM(CASE WHEN run_at > $1 THEN 1 ELSE 0 END) AS waiting, SUM(CASE WHEN run_at > $1 AND failures > 0 THEN 1 ELSE 0 END) AS failed,
        MIN(CASE WHEN run_at > $1 THEN run_at END) AS next FROM jobs GROUP BY lane, kind ORDER BY lane, kind";
    /// For the tests' look at leftovers.
    ALL = "SELECT id, lane, payload, attempt, failures, deaths, created_at FROM jobs ORDER BY run_at";
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl Db {
    /// Claims up to `limit` due jobs of a lane. A claim is lost in a power cut, and then simply made again.
    ///
    /// What made a job necessary is durable before the job is given out, or a power cut could undo a delete whose bytes are gone.
    pub async fn claim_jobs(&self, lane: Lane, now: Timestamp, lease: Duration, limit: i64) -> Result<Vec<Claim>> {
        let mut conn = self.writer().await?;
        let claims = fetch_all!(conn, Claim, dialect::leases(&self.engine).claim, lane, now, millis(lease), limit)?;
        drop(conn);
        if !claims.is_empty() {
            self.durable().await;
        }
        Ok(claims)
    }

    /// The queues of the webhooks lane with jobs that are due, the longest waiting first.
    pub async fn due_queues(&self, now: Timestamp) -> Result<Vec<EndpointId>> {
        let mut conn = self.reader().await?;
        let queues = dialect::leases(&self.engine).queues;
        let found = fetch_all!(conn, (EndpointId, Option<Timestamp>), queues, Lane::Webhooks, now)?;
        let mut due: Vec<(Timestamp, EndpointId)> = found.into_iter().filter_map(|(id, due)| Some((due?, id))).collect();
        due.sort_unstable();
        Ok(due.into_iter().map(|(_, id)| id).collect())
    }

    /// Renews a lease; `false` means that somebody else has the job now.
    pub async fn extend_lease(&self, claim: &Claim, lease: Duration) -> Result<bool> {
        let mut conn = self.writer().await?;
        let extended = execute!(conn, dialect::leases(&self.engine).extend, claim.id, claim.fence, millis(lease))?;
        Ok(extended == 1)
    }
}

impl Conn {
    /// Due jobs, counted.
    pub async fn backlog(&mut self, now: Timestamp) -> Result<Vec<Backlog>> {
        fetch_all!(self, Backlog, BACKLOG, now)
    }

    /// Jobs by lane and kind, counted.
    pub async fn queued_jobs(&mut self, now: Timestamp) -> Result<Vec<Queued>> {
        fetch_all!(self, Queued, QUEUED, now)
    }

    /// Every job there is.
    pub async fn jobs(&mut self) -> Result<Vec<Claim>> {
        fetch_all!(self, Claim, ALL)
    }
}

impl Tx {
    /// Adds a job that is due at `run_at`, and rings for it at the commit.
    pub async fn enqueue(&mut self, job: &Job, run_at: Timestamp, now: Timestamp) -> Result<()> {
        self.insert_job(job, None, run_at, now).await
    }

    /// Adds a delivery of an event to an endpoint, first attempted at `at`, with its job.
    pub async fn add_delivery(
        &mut self,
        endpoint: EndpointId,
        event: EventId,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Delivery> {
        let delivery = Delivery {
            id: DeliveryId::new(now),
            endpoint_id: endpoint,
            event_id: event,
            status: DeliveryStatus::Pending,
            attempts: 0,
            next_attempt_at: Some(at),
            created_at: now,
            finished_at: None,
            round: 0,
        };
        self.insert_delivery(&delivery).await?;
        self.enqueue_delivery(&delivery, at, now).await?;
        Ok(delivery)
    }

    /// Adds a job for a delivery that has none, in the queue of its endpoint.
    pub async fn enqueue_delivery(&mut self, delivery: &Delivery, run_at: Timestamp, now: Timestamp) -> Result<()> {
        self.insert_job(&Job::Deliver { delivery: delivery.id }, Some(delivery.endpoint_id), run_at, now).await
    }

    async fn insert_job(&mut self, job: &Job, queue: Option<EndpointId>, run_at: Timestamp, now: Timestamp) -> Result<()> {
        execute!(self, INSERT, JobId::new(now), job.lane(), job.kind(), Json(job), run_at, now, queue)?;
        self.rings.push(job.lane());
        Ok(())
    }

    /// As [`Db::claim_jobs`], from one queue of the webhooks lane. The jobs may be given out after the commit.
    pub async fn claim_of_queue(&mut self, queue: EndpointId, now: Timestamp, lease: Duration, limit: i64) -> Result<Vec<Claim>> {
        let claim = dialect::leases(&self.db.engine).claim_of_queue;
        fetch_all!(self, Claim, claim, Lane::Webhooks, now, millis(lease), limit, queue)
    }

    /// Makes a waiting delivery due now.
    pub async fn hurry_delivery(&mut self, delivery: &Delivery, now: Timestamp) -> Result<()> {
        let job = Job::Deliver { delivery: delivery.id };
        execute!(self, HURRY, Lane::Webhooks, delivery.endpoint_id, Json(&job), now)?;
        self.rings.push(Lane::Webhooks);
        Ok(())
    }

    /// Ends a job; `false` means that the lease was lost and nothing of this transaction may be committed.
    pub async fn job_done(&mut self, claim: &Claim) -> Result<bool> {
        Ok(execute!(self, DONE, claim.id, claim.fence)? == 1)
    }

    /// Puts a job off until `run_at`, with the reason; `false` as in [`Tx::job_done`].
    pub async fn job_retry(&mut self, claim: &Claim, run_at: Timestamp, error: &str) -> Result<bool> {
        Ok(execute!(self, RETRY, claim.id, claim.fence, run_at, error)? == 1)
    }

    /// As [`Tx::job_retry`], for a job that only waits: it does not count as a failure.
    pub async fn job_later(&mut self, claim: &Claim, run_at: Timestamp, why: &str) -> Result<bool> {
        Ok(execute!(self, LATER, claim.id, claim.fence, run_at, why)? == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_from_the_future_is_read_as_unknown() {
        let job: Job = serde_json::from_str(r#"{"kind":"from_the_future","upload":"x"}"#).unwrap();
        assert_eq!(job, Job::Unknown);
        let known = Job::DeleteBlob { blob: BlobId::random() };
        assert_eq!(serde_json::from_str::<Job>(&serde_json::to_string(&known).unwrap()).unwrap(), known);
    }
}
