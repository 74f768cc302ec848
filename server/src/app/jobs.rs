//! Jobs, whatever they are about: claimed with a lease, kept, settled or put off. What each kind does is in the file of its noun;
//! `worker/run.rs` has the match over them.

use std::sync::Arc;

use chrono::Duration;

use super::{Core, error::Result, webhooks::pace::Ticket};
use crate::{
    domain::ids::BlobId,
    store::jobs::{Backlog, Claim, KINDS, Lane},
};

/// See the module's text.
#[derive(Clone)]
pub struct Jobs(pub(super) Arc<Core>);

/// A claimed job, and its place at its endpoint if it is a delivery.
pub type Found = (Claim, Option<Ticket>);

impl Jobs {
    /// Claims at most `most` due jobs of a lane, each for the length of a lease.
    pub async fn claim(&self, lane: Lane, most: usize) -> Result<Vec<Found>> {
        if lane == Lane::Webhooks {
            let claims = self.0.claim_deliveries(most).await?;
            return Ok(claims.into_iter().map(|(claim, ticket)| (claim, Some(ticket))).collect());
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let claims = self.0.db.claim_jobs(lane, self.0.clock.now(), self.0.config.jobs.lease, most).await?;
        Ok(claims.into_iter().map(|claim| (claim, None)).collect())
    }

    /// Waits until there may be jobs in a lane: for the bell of this process, or `jobs.poll_every` for those of other nodes.
    pub async fn wait(&self, lane: Lane) {
        self.0.db.bell.wait(lane, self.0.config.jobs.poll_every).await;
    }

    /// Lets the lane's workers look again at once.
    pub fn ring(&self, lane: Lane) {
        self.0.db.bell.ring(lane);
    }

    /// Renews a lease; `false` means that somebody else has the job now.
    pub async fn extend(&self, claim: &Claim) -> Result<bool> {
        Ok(self.0.db.extend_lease(claim, self.0.config.jobs.lease).await?)
    }

    /// Ends a job that has nothing (more) to do.
    pub async fn settle(&self, claim: &Claim) -> Result<()> {
        self.0.settle(claim).await
    }

    /// Puts a job off by `wait`, with the reason; it counts as a failure.
    pub async fn put_off(&self, claim: &Claim, wait: Duration, reason: &str) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        if tx.job_retry(claim, self.0.clock.now() + wait, reason).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Gives a job back undone, for whoever looks next.
    pub async fn give_back(&self, claim: &Claim) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        if tx.job_later(claim, self.0.clock.now(), "the node was stopped").await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Removes bytes that no row needs any more, and settles the job.
    pub async fn delete_blob(&self, claim: &Claim, blob: BlobId) -> Result<()> {
        self.0.blobs.delete(blob).await?;
        self.settle(claim).await
    }

    /// Due jobs of each kind, counted; kinds without any too.
    pub async fn backlog(&self) -> Result<Vec<Backlog>> {
        let found = self.0.db.reader().await?.backlog(self.0.clock.now()).await?;
        let none = |kind: &&str| Backlog { kind: (*kind).to_owned(), count: 0, oldest: None };
        let absent = KINDS.iter().filter(|kind| !found.iter().any(|jobs| jobs.kind == **kind)).map(none);
        Ok(absent.chain(found.iter().cloned()).collect())
    }
}

impl Core {
    pub(super) async fn settle(&self, claim: &Claim) -> Result<()> {
        let mut tx = self.db.begin_background().await?;
        if tx.job_done(claim).await? {
            tx.commit().await?;
        }
        Ok(())
    }
}
