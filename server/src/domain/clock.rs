//! Time and randomness as parameters. Nothing else in the crate asks the system for either (clippy holds it).

use std::{
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Instant,
};

use chrono::{DateTime, Duration, SubsecRound, Utc};

/// A moment in UTC, to the microsecond: the finest step that both databases keep.
pub type Timestamp = DateTime<Utc>;

/// Where [`Clock::monotonic`] counts from.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Where the time comes from: the system, or a hand that a test moves.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Stands still until [`Clock::advance`] moves it.
    Simulated(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// A clock that stands at `start`.
    pub fn simulated(start: Timestamp) -> Self {
        Self::Simulated(Arc::new(Mutex::new(start.trunc_subsecs(6))))
    }

    /// The present moment, cut to microseconds so that it compares equal after a round trip through a database.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Simulated(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// The time since a moment that stays the same as long as the process lives: for waits, as nobody can set this clock back.
    pub fn monotonic(&self) -> Duration {
        match self {
            Self::System => Duration::from_std(START.elapsed()).unwrap_or(Duration::MAX),
            Self::Simulated(_) => self.now() - Timestamp::UNIX_EPOCH,
        }
    }

    /// Moves a simulated clock forward; the system's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Self::Simulated(now) = self {
            *now.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

/// `N` bytes from the operating system's generator.
#[expect(clippy::expect_used, reason = "no secret may be made without randomness; the process must end")]
#[expect(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
