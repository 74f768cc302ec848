//! Limits on the rate of requests: per client address before anything is done for it, per API key once the key is known.
//!
//! The counting is the crate governor's (the generic cell rate algorithm, a leaky bucket in one number). It reads the monotonic clock
//! of the system, not `Clock`: a limit must not care that somebody sets the time. Each process counts for itself.
//! To add a limit: a field of [`Gate`] and a method that asks it, called where its subject is known.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::{Arc, Once},
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};
use ipnet::IpNet;

use super::{
    client::{client_address, is_forwarded, network},
    error::ApiError,
};
use crate::{
    app::App,
    domain::{
        ids::KeyId,
        refusal::{Code, Refusal},
    },
    shutdown::Shutdown,
};

/// Who asks these must always get an answer.
const UNLIMITED: [&str; 2] = ["/healthz", "/readyz"];
/// Subjects that are counted one by one; about 10 MB. Beyond, they share buckets.
const MOST_SUBJECTS: usize = 100_000;
/// Buckets to share.
const SHARED: u64 = 4096;
/// How often subjects that have been quiet are forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// The limits of this process, shared by its hosts.
pub struct Gate {
    addresses: Option<Limiter<IpAddr>>,
    keys: Option<Limiter<KeyId>>,
    trusted: Vec<IpNet>,
    hint: Once,
}

impl Gate {
    /// With the configured limits.
    pub fn new(app: &App) -> Self {
        let limits = &app.config().limits;
        Self {
            addresses: Limiter::new(limits.address_per_second, limits.address_burst, MonotonicClock),
            keys: Limiter::new(limits.key_per_second, limits.key_burst, MonotonicClock),
            trusted: app.config().http.trusted_proxies.iter().map(|network| network.0).collect(),
            hint: Once::new(),
        }
    }

    /// Forgets who has been quiet, until `shutdown`.
    pub async fn keep_small(self: Arc<Self>, mut shutdown: Shutdown) {
        loop {
            tokio::select! {
                () = shutdown.wait() => return,
                () = tokio::time::sleep(SWEEP_EVERY) => {}
            }
            self.addresses.iter().for_each(Limiter::sweep);
            self.keys.iter().for_each(Limiter::sweep);
        }
    }

    /// The address behind a request.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        client_address(peer, headers, &self.trusted)
    }

    fn admit_address(&self, peer: IpAddr, headers: &HeaderMap) -> Result<(), ApiError> {
        let Some(limiter) = &self.addresses else { return Ok(()) };
        let client = self.client(peer, headers);
        limiter.admit(network(client)).map_err(|wait| {
            if client == peer.to_canonical() && is_forwarded(headers) {
                self.hint.call_once(|| {
                    tracing::warn!(%peer, "limiting what looks like a proxy; if it is yours, have it send X-Forwarded-For and add it to http.trusted_proxies");
                });
            }
            refusal("address", "Too many requests come from your address", limiter.per_second, wait)
        })
    }

    /// Counts a request of a key, or refuses it.
    pub(super) fn admit_key(&self, key: KeyId) -> Result<(), ApiError> {
        let Some(limiter) = &self.keys else { return Ok(()) };
        limiter.admit(key).map_err(|wait| refusal("key", "Too many requests come with this API key", limiter.per_second, wait))
    }
}

/// Around every request: counts its client's address, and leaves the gate there for the key.
pub(super) async fn by_address(
    State(gate): State<Arc<Gate>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let limited = path.is_none_or(|path| !UNLIMITED.contains(&path.as_str()));
    if limited && let Err(refused) = gate.admit_address(peer.ip(), request.headers()) {
        return refused.into_response();
    }
    request.extensions_mut().insert(gate);
    next.run(request).await
}

fn refusal(by: &'static str, what: &str, per_second: NonZeroU32, wait: Duration) -> ApiError {
    metrics::counter!("reupload_rate_limited_total", "by" => by).increment(1);
    // Rounded up: who waits that long is let in.
    let seconds = (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1);
    let message = format!("{what}: it may make {per_second} a second. Try again in {seconds} s.");
    ApiError(Refusal::new(Code::RateLimited, message).with("limit", per_second.get()).with("retryAfter", seconds))
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Bucket<S> {
    Own(S),
    Shared(u64),
}

type Buckets<B, C> = RateLimiter<B, HashMapStateStore<B>, C, NoOpMiddleware<<C as Clock>::Instant>>;

struct Limiter<S: Hash + Eq + Clone, C: Clock = MonotonicClock> {
    buckets: Buckets<Bucket<S>, C>,
    per_second: NonZeroU32,
    /// Seeded anew in each process, so that nobody can choose whose bucket to share.
    hasher: RandomState,
}

impl<S: Hash + Eq + Clone, C: Clock> Limiter<S, C> {
    /// None for a rate of 0.
    fn new(per_second: u32, burst: NonZeroU32, clock: C) -> Option<Self> {
        let per_second = NonZeroU32::new(per_second)?;
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let buckets = RateLimiter::hashmap_with_clock(quota, clock);
        Some(Self { buckets, per_second, hasher: RandomState::new() })
    }

    /// Counts a request, or says how long to wait.
    fn admit(&self, subject: S) -> Result<(), Duration> {
        let bucket = match self.buckets.len() < MOST_SUBJECTS {
            true => Bucket::Own(subject),
            false => Bucket::Shared(self.hasher.hash_one(&subject) % SHARED),
        };
        self.buckets.check_key(&bucket).map_err(|not_until| not_until.wait_time_from(self.buckets.clock().now()))
    }

    fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limiter(per_second: u32, burst: u32) -> (Limiter<u32, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Limiter::new(per_second, NonZeroU32::new(burst).unwrap(), clock.clone()).unwrap(), clock)
    }

    fn admitted(limiter: &Limiter<u32, FakeRelativeClock>, subject: u32, tries: u32) -> usize {
        (0..tries).filter(|_| limiter.admit(subject).is_ok()).count()
    }

    #[test]
    fn a_burst_passes_then_the_rate_holds() {
        let (limiter, clock) = limiter(10, 30);
        assert_eq!(admitted(&limiter, 1, 100), 30);
        clock.advance(Duration::from_secs(1));
        assert_eq!(admitted(&limiter, 1, 100), 10);
        clock.advance(Duration::from_hours(1));
        assert_eq!(admitted(&limiter, 1, 100), 30, "no more than a burst is saved up");
    }

    #[test]
    fn who_waits_as_long_as_told_is_let_in() {
        let (limiter, clock) = limiter(4, 1);
        limiter.admit(1).unwrap();
        let wait = limiter.admit(1).unwrap_err();
        assert_eq!(wait, Duration::from_millis(250));
        clock.advance(wait.checked_sub(Duration::from_millis(1)).unwrap());
        assert!(limiter.admit(1).is_err());
        clock.advance(Duration::from_millis(1));
        assert!(limiter.admit(1).is_ok());
    }

    #[test]
    fn one_subject_does_not_use_up_what_is_anothers() {
        let (limiter, _) = limiter(1, 5);
        assert_eq!(admitted(&limiter, 1, 100), 5);
        assert_eq!(admitted(&limiter, 2, 100), 5);
    }

    #[test]
    fn a_rate_of_0_is_no_limit() {
        assert!(Limiter::<u32>::new(0, NonZeroU32::MIN, MonotonicClock).is_none());
    }

    #[test]
    fn seconds_are_rounded_up_and_at_least_one() {
        for (wait, seconds) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (59_500, 60)] {
            let ApiError(refusal) = refusal("key", "Too many", NonZeroU32::MIN, Duration::from_millis(wait));
            assert_eq!(refusal.details.unwrap()["retryAfter"], seconds, "{wait} ms");
        }
    }

    #[test]
    fn a_million_subjects_take_bounded_room_and_are_forgotten_when_quiet() {
        let (limiter, clock) = limiter(10, 10);
        for subject in 0..1_000_000 {
            let _ = limiter.admit(subject);
        }
        let most = MOST_SUBJECTS + usize::try_from(SHARED).unwrap();
        assert!((MOST_SUBJECTS..=most).contains(&limiter.buckets.len()), "{}", limiter.buckets.len());
        // Beyond the room for each alone there is still a limit.
        assert!(admitted(&limiter, 2_000_000, 100) <= 10);
        limiter.sweep();
        assert!(limiter.buckets.len() >= MOST_SUBJECTS, "who was just here is not forgotten");
        clock.advance(Duration::from_secs(2));
        limiter.sweep();
        assert_eq!(limiter.buckets.len(), 0);
    }
}
