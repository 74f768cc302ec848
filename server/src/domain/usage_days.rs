//! Usage by day (UTC): which days an answer has, and what stands where nothing was counted.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{ids::ProjectId, quota::Amount, refusal::Refusal};

/// Days that are kept, and the most that one answer has.
pub const KEPT: u64 = 90;
const DEFAULT: u64 = 30;

/// A project on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectDay {
    /// Which project.
    pub project: ProjectId,
    /// Which day.
    pub day: NaiveDate,
    /// Published files at the end of the day.
    pub stored: Amount,
    /// What was done on it.
    pub done: Done,
}

/// What is counted within a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Uploads that became a file.
    pub uploads: i64,
    /// Deliveries that failed for good.
    pub deliveries_failed: i64,
}

/// All of the asked projects on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// Published files at its end, or at this moment for today.
    pub stored: Amount,
    /// What was done on it.
    pub done: Done,
}

/// Reads how many `days` an answer has: 1 to [`KEPT`]; blank is 30.
pub fn parse_days(text: Option<&str>) -> Result<u64, Refusal> {
    match text {
        None | Some("") => Ok(DEFAULT),
        Some(text) => text
            .parse()
            .ok()
            .filter(|days| (1..=KEPT).contains(days))
            .ok_or_else(|| Refusal::invalid(format!("days must be a whole number from 1 to {KEPT}."))),
    }
}

/// The first of `days` days of which `today` is the last.
pub fn first_day(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_sub_days(Days::new(days.saturating_sub(1))).unwrap_or(NaiveDate::MIN)
}

/// The days from `first` to `today` without a gap. A project stands on a day as on its last counted one; before that it held nothing.
pub fn sum(counted: &[ProjectDay], first: NaiveDate, today: NaiveDate) -> Vec<Day> {
    let mut by_day: BTreeMap<NaiveDate, Vec<&ProjectDay>> = BTreeMap::new();
    for row in counted {
        // What was counted before the first day only tells what stood at its beginning.
        by_day.entry(row.day).or_default().push(row);
    }
    let mut standing: BTreeMap<ProjectId, Amount> = BTreeMap::new();
    for row in by_day.range(..first).flat_map(|(_, rows)| rows) {
        standing.insert(row.project, row.stored);
    }
    let days = first.iter_days().take_while(|day| *day <= today);
    days.map(|day| {
        let mut done = Done::default();
        for row in by_day.get(&day).into_iter().flatten() {
            standing.insert(row.project, row.stored);
            done.uploads += row.done.uploads;
            done.deliveries_failed += row.done.deliveries_failed;
        }
        Day { day, stored: standing.values().fold(Amount::default(), |sum, stored| sum + *stored), done }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn row(project: u128, day: u32, bytes: i64, uploads: i64) -> ProjectDay {
        let stored = Amount { bytes, files: bytes / 10 };
        let done = Done { uploads, deliveries_failed: 2 * uploads };
        ProjectDay { project: ProjectId(Uuid::from_u128(project)), day: date(day), stored, done }
    }

    #[test]
    fn a_day_without_a_row_is_as_the_one_before() {
        let rows = [row(1, 2, 10, 9), row(1, 5, 30, 3), row(2, 5, 100, 1), row(2, 7, 0, 0)];
        let days = sum(&rows, date(4), date(8));
        let told: Vec<_> = days
            .iter()
            .map(|day| (day.day, day.stored.bytes, day.stored.files, day.done.uploads, day.done.deliveries_failed))
            .collect();
        let expected = [
            (date(4), 10, 1, 0, 0),
            (date(5), 130, 13, 4, 8),
            (date(6), 130, 13, 0, 0),
            (date(7), 30, 3, 0, 0),
            (date(8), 30, 3, 0, 0),
        ];
        assert_eq!(told, expected);
        assert_eq!(sum(&[], date(8), date(8)), [Day { day: date(8), stored: Amount::default(), done: Done::default() }]);
    }

    #[test]
    fn days() {
        assert_eq!(parse_days(None).unwrap(), 30);
        assert_eq!((parse_days(Some("1")).unwrap(), parse_days(Some("90")).unwrap()), (1, 90));
        for bad in ["0", "91", "-1", "1.5", "all"] {
            assert!(parse_days(Some(bad)).is_err(), "{bad}");
        }
        assert_eq!(first_day(date(30), 1), date(30));
        assert_eq!(first_day(date(30), 30), date(1));
    }
}
