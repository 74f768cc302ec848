//! How many deliveries an endpoint may have on their way at once, on this node.
//!
//! A new endpoint begins with a few, each success adds one, a failure halves them and a timeout leaves one: the slow start of TCP
//! (RFC 5681), so that endpoints that hang never hold more than a few of the places that all share, and busy good ones get many.
//! What they all have beyond their first few is at most half of the places, so that many that begin to hang at once leave room.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    app::{Core, Result},
    domain::ids::EndpointId,
    store::jobs::Claim,
};

/// What an endpoint begins with.
const START: usize = 2;
/// How many idle endpoints are remembered.
const MOST_KNOWN: usize = 10_000;

/// How an attempt went, as far as the pace is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Went {
    /// It was taken.
    Well,
    /// It was refused, or could not be made.
    Badly,
    /// It held its place until the deadline.
    Nowhere,
}

struct Pace {
    allowed: usize,
    running: usize,
}

#[derive(Default)]
struct Known {
    paces: HashMap<EndpointId, Pace>,
    /// Deliveries on their way beyond the first [`START`] of each endpoint.
    extra: usize,
}

/// The paces of all endpoints.
pub struct Paces {
    most: usize,
    most_extra: usize,
    known: Mutex<Known>,
}

/// A delivery on its way. Dropped, its place is free.
pub struct Ticket {
    paces: Arc<Paces>,
    endpoint: EndpointId,
}

impl Paces {
    /// At most `most` for one endpoint, of `places` for all.
    pub(in crate::app) fn new(most: usize, places: usize) -> Self {
        Self { most, most_extra: places / 2, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many more deliveries may begin now.
    fn free(&self, endpoint: EndpointId) -> usize {
        let known = self.known();
        let Some(pace) = known.paces.get(&endpoint) else { return START.min(self.most) };
        let room = pace.allowed.saturating_sub(pace.running);
        let first = room.min(START.saturating_sub(pace.running));
        first + (room - first).min(self.most_extra.saturating_sub(known.extra))
    }

    /// Begins a delivery.
    fn begin(self: &Arc<Self>, endpoint: EndpointId) -> Ticket {
        let mut known = self.known();
        if known.paces.len() >= MOST_KNOWN {
            known.paces.retain(|_, pace| pace.running > 0);
        }
        let pace = known.paces.entry(endpoint).or_insert(Pace { allowed: START.min(self.most), running: 0 });
        pace.running += 1;
        if pace.running > START {
            known.extra += 1;
        }
        drop(known);
        Ticket { paces: Arc::clone(self), endpoint }
    }

    pub(in crate::app) fn learn(&self, endpoint: EndpointId, went: Went) {
        if let Some(pace) = self.known().paces.get_mut(&endpoint) {
            pace.allowed = match went {
                Went::Well => (pace.allowed + 1).min(self.most),
                Went::Badly => (pace.allowed / 2).max(1),
                Went::Nowhere => 1,
            };
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut known = self.paces.known();
        let Some(pace) = known.paces.get_mut(&self.endpoint) else { return };
        if pace.running > START {
            pace.running -= 1;
            known.extra -= 1;
        } else {
            pace.running = pace.running.saturating_sub(1);
        }
    }
}

impl Core {
    /// Claims up to `limit` due deliveries, of each endpoint as many as its pace allows, the longest waiting endpoint first.
    pub(in crate::app) async fn claim_deliveries(&self, limit: usize) -> Result<Vec<(Claim, Ticket)>> {
        let now = self.clock.now();
        let due = self.db.due_queues(now).await?;
        let mut found = Vec::new();
        if due.iter().all(|queue| self.paces.free(*queue) == 0) {
            return Ok(found);
        }
        let mut tx = self.db.begin_background().await?;
        for queue in due {
            let most = self.paces.free(queue).min(limit - found.len());
            if most > 0 {
                let claims = tx.claim_of_queue(queue, now, self.config.jobs.lease, i64::try_from(most).unwrap_or(1)).await?;
                found.extend(claims.into_iter().map(|claim| (claim, self.paces.begin(queue))));
            }
        }
        if !found.is_empty() {
            tx.commit().await?;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn the_good_get_more_and_the_hanging_one() {
        let paces = Arc::new(Paces::new(4, 100));
        let endpoint = EndpointId::new(DateTime::UNIX_EPOCH);
        assert_eq!(paces.free(endpoint), 2);
        let (one, two) = (paces.begin(endpoint), paces.begin(endpoint));
        assert_eq!(paces.free(endpoint), 0);
        paces.learn(endpoint, Went::Well);
        assert_eq!(paces.free(endpoint), 1);
        drop((one, two));
        for _ in 0..9 {
            paces.learn(endpoint, Went::Well);
        }
        assert_eq!(paces.free(endpoint), 4);
        paces.learn(endpoint, Went::Badly);
        assert_eq!(paces.free(endpoint), 2);
        paces.learn(endpoint, Went::Nowhere);
        assert_eq!(paces.free(endpoint), 1);
        let _one = paces.begin(endpoint);
        assert_eq!(paces.free(endpoint), 0);
    }
    #[test]
    fn what_goes_beyond_the_first_few_is_half_of_the_places() {
        let paces = Arc::new(Paces::new(16, 20));
        let endpoint = || EndpointId::new(DateTime::UNIX_EPOCH);
        let (one, two, three) = (endpoint(), endpoint(), endpoint());
        let begin = |endpoint| (0..paces.free(endpoint)).map(|_| paces.begin(endpoint)).collect::<Vec<_>>();
        for endpoint in [one, two, three] {
            drop(begin(endpoint));
            (0..20).for_each(|_| paces.learn(endpoint, Went::Well));
        }
        let (first, second) = (begin(one), begin(two));
        assert_eq!((first.len(), second.len(), paces.free(two)), (12, 2, 0));
        assert_eq!(paces.free(three), 2);
        drop(first);
        assert_eq!((paces.free(two), paces.free(three)), (10, 12));
        drop(second);
        assert_eq!(paces.free(one), 12);
    }
}
