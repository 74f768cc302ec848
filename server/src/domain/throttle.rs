//! How fast passwords may be guessed: after five failures each further guess waits, longer and longer.

use chrono::Duration;

use super::clock::Timestamp;

/// Failures that cost nothing.
const FREE: i64 = 5;
/// The quiet time after which they are forgotten, if they are no more.
const WINDOW: Duration = Duration::minutes(15);
/// The first wait; each is twice the one before. So ten guesses fit into 15 minutes.
const FIRST: Duration = Duration::seconds(30);
/// The longest wait.
const LONGEST: Duration = Duration::minutes(15);
/// The quiet time after which all is forgotten. Longer than the longest wait, so that nobody begins anew by waiting.
pub const FORGOTTEN: Duration = Duration::hours(1);

/// The failed guesses of one subject: an account, or a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub failures: i64,
    /// When the first of them was.
    pub first_at: Timestamp,
    /// When the last of them was.
    pub last_at: Timestamp,
    /// Until when no guess is taken.
    pub blocked_until: Timestamp,
}

impl Failures {
    /// Nobody has failed yet.
    pub const fn none(now: Timestamp) -> Self {
        Self { failures: 0, first_at: now, last_at: now, blocked_until: now }
    }

    /// Counts a guess as failed before it is made, so that many at once cannot slip through; or says how long to wait.
    pub fn guess(self, now: Timestamp) -> Result<Self, Duration> {
        if self.blocked_until > now {
            return Err(self.blocked_until - now);
        }
        let few_and_old = self.failures < FREE && now - self.last_at > WINDOW;
        let old = if few_and_old || now - self.last_at > FORGOTTEN { Self::none(now) } else { self };
        let failures = old.failures + 1;
        // Without a wait it stays in the past: of guesses at once one may have read its clock a little before the other, or on another node.
        let wait = Some(wait_after(failures)).filter(|wait| !wait.is_zero());
        let blocked_until = wait.map_or(old.first_at, |wait| now + wait);
        Ok(Self { failures, last_at: now, blocked_until, ..old })
    }

    /// Takes back what [`Failures::guess`] counted: the guess was right.
    #[must_use]
    pub fn forgive(self, now: Timestamp) -> Self {
        Self { failures: (self.failures - 1).max(0), blocked_until: self.first_at.min(now), ..self }
    }
}

fn wait_after(failures: i64) -> Duration {
    match u32::try_from(failures - FREE) {
        Ok(0) | Err(_) => Duration::zero(),
        Ok(beyond) => {
            let times = 1_i32.checked_shl(beyond - 1).filter(|times| *times > 0);
            times.and_then(|times| FIRST.checked_mul(times)).map_or(LONGEST, |wait| wait.min(LONGEST))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn five_are_free_then_waits_double_up_to_15_minutes() {
        let mut now = DateTime::UNIX_EPOCH;
        let mut failed = Failures::none(now);
        let mut waits = Vec::new();
        for _ in 0..20 {
            failed = failed.guess(now).unwrap();
            let wait = (failed.blocked_until - now).max(Duration::zero());
            waits.push(wait.num_seconds());
            if !wait.is_zero() {
                assert_eq!(failed.guess(now), Err(wait));
                assert!(failed.guess(now + wait - Duration::milliseconds(1)).is_err());
            }
            now += wait;
        }
        let doubling = [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900];
        assert_eq!(waits, doubling);
        // The moment of each guess: ten of them within any 15 minutes (TRUST, row 24).
        let moments = waits.iter().scan(0, |at, wait| Some(std::mem::replace(at, *at + wait)));
        let moments: Vec<i64> = moments.collect();
        let within = |from: i64| moments.iter().filter(|at| (from..=from + WINDOW.num_seconds()).contains(*at)).count();
        assert_eq!(moments.iter().map(|from| within(*from)).max(), Some(10));
    }

    #[test]
    fn what_costs_nothing_keeps_nobody_waiting_whose_clock_is_behind() {
        let now = DateTime::UNIX_EPOCH + Duration::hours(1);
        let four = (0..4).fold(Failures::none(now - Duration::minutes(1)), |failed, _| failed.guess(now).unwrap());
        assert_eq!(four.guess(now - Duration::seconds(5)).unwrap().failures, 5);
    }

    #[test]
    fn no_schedule_gets_more_than_ten_into_15_minutes() {
        let start = DateTime::UNIX_EPOCH;
        // Some early, some at the very end of a window that began with the first, then as fast as it goes.
        for (early, late) in [(1, 3), (2, 2), (3, 1), (4, 0), (0, 4), (1, 4)] {
            let mut failed = Failures::none(start);
            let mut moments = Vec::new();
            let planned = [(early, 0), (late, 900), (20, 901)];
            for (times, at) in planned {
                for _ in 0..times {
                    let asked = start + Duration::seconds(at);
                    let now = asked.max(failed.blocked_until);
                    failed = failed.guess(now).unwrap();
                    moments.push(now);
                }
            }
            let within = |from: &Timestamp| moments.iter().filter(|at| (*from..=*from + WINDOW).contains(*at)).count();
            assert!(moments.iter().all(|from| within(from) <= 10), "{early} and {late}: {moments:?}");
        }
    }

    #[test]
    fn few_are_forgotten_after_15_minutes_and_many_after_an_hour_of_quiet() {
        let start = DateTime::UNIX_EPOCH;
        let failed = |times: i64| (0..times).fold(Failures::none(start), |failed, _| failed.guess(start).unwrap());
        assert_eq!(failed(4).guess(start + WINDOW).unwrap().failures, 5);
        assert_eq!(failed(4).guess(start + WINDOW + Duration::seconds(1)).unwrap().failures, 1);
        assert_eq!(failed(6).guess(start + FORGOTTEN).unwrap().failures, 7);
        assert_eq!(failed(6).guess(start + FORGOTTEN + Duration::seconds(1)).unwrap().failures, 1);
    }

    #[test]
    fn a_right_guess_leaves_no_trace_of_itself() {
        let now = DateTime::UNIX_EPOCH;
        let before = (0..6).fold(Failures::none(now), |failed, _| failed.guess(now).unwrap());
        let later = before.blocked_until;
        let after = before.guess(later).unwrap().forgive(later);
        assert_eq!(after.failures, before.failures);
        assert!(after.guess(later - Duration::seconds(5)).is_ok(), "also by a clock that is behind");
    }
}
