//! Pages of a list: how many, and where the next one begins.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, Utc};
use uuid::Uuid;

use super::{clock::Timestamp, refusal::Refusal, text::blank_is_absent};

/// Entries of a page unless told otherwise.
pub const DEFAULT_LIMIT: i64 = 50;
/// Most entries of a page.
pub const MAX_LIMIT: i64 = 200;

/// What tells a list from others: the first bytes of a digest of whose it is and what it is narrowed to.
pub type ListMark = [u8; 8];

/// Later than every entry: 31 December 9999.
const FAR_FUTURE: Timestamp = match DateTime::<Utc>::from_timestamp(253_402_214_400, 0) {
    Some(moment) => moment,
    None => DateTime::<Utc>::MAX_UTC,
};

/// The last entry of a page; the next page begins behind it. Its text is not for clients to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The list that the page is of.
    pub list: ListMark,
    /// When that entry was made.
    pub created_at: Timestamp,
    /// That entry.
    pub id: Uuid,
}

impl Cursor {
    /// The text that a client sends back.
    pub fn encode(&self) -> String {
        let moment = self.created_at.timestamp_micros().to_be_bytes();
        URL_SAFE_NO_PAD.encode([&self.list, &moment, self.id.as_bytes().as_slice()].concat())
    }

    /// Reads what [`Cursor::encode`] wrote; `VALIDATION_ERROR` for anything else.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (list, bytes) = bytes.split_first_chunk::<8>()?;
            let (micros, id) = bytes.split_first_chunk::<8>()?;
            let created_at = DateTime::from_timestamp_micros(i64::from_be_bytes(*micros))?;
            // Chrono knows years that no database does.
            let known = (1970..=9999).contains(&created_at.year());
            known.then_some(Self { list: *list, created_at, id: Uuid::from_slice(id).ok()? })
        };
        read().ok_or_else(Self::refusal)
    }

    /// As [`Cursor::parse`]; blank is the first page.
    pub fn parse_some(text: Option<&str>) -> Result<Option<Self>, Refusal> {
        blank_is_absent(text).map(Self::parse).transpose()
    }

    /// Refuses a cursor of another list than `list` (`VALIDATION_ERROR`).
    pub fn check(cursor: Option<Self>, list: ListMark) -> Result<(), Refusal> {
        if cursor.is_some_and(|cursor| cursor.list != list) { Err(Self::refusal()) } else { Ok(()) }
    }

    /// Behind what a page begins, the newest first; the first page begins behind everything.
    pub fn place(cursor: Option<Self>) -> (Timestamp, Uuid) {
        cursor.map_or((FAR_FUTURE, Uuid::max()), |cursor| (cursor.created_at, cursor.id))
    }

    /// The refusal of a text that is no cursor, or one of another list.
    pub fn refusal() -> Refusal {
        Refusal::invalid("cursor is not one that an earlier page of this list gave as nextCursor.")
    }
}

/// Cuts rows, of which one more than `limit` was asked for, to a page, and says whether there is more.
pub fn trim<T>(rows: &mut Vec<T>, limit: i64) -> bool {
    let asked = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > asked;
    rows.truncate(asked);
    more
}

/// As [`trim`], and says where the next page begins if there is one.
pub fn cut<T>(rows: &mut Vec<T>, limit: i64, list: ListMark, place: impl Fn(&T) -> (Timestamp, Uuid)) -> Option<Cursor> {
    let more = trim(rows, limit);
    let (created_at, id) = place(rows.last().filter(|_| more)?);
    Some(Cursor { list, created_at, id })
}

/// Reads a `limit`: 1 to [`MAX_LIMIT`]; blank is [`DEFAULT_LIMIT`].
pub fn parse_limit(text: Option<&str>) -> Result<i64, Refusal> {
    match text {
        None | Some("") => Ok(DEFAULT_LIMIT),
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=MAX_LIMIT).contains(limit))
            .ok_or_else(|| Refusal::invalid(format!("limit must be a whole number from 1 to {MAX_LIMIT}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_round_trips_and_nothing_else_is_one() {
        let created_at = DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap();
        let cursor = Cursor { list: [7; 8], created_at, id: Uuid::max() };
        assert_eq!(Cursor::parse(&cursor.encode()).unwrap(), cursor);
        for bad in ["", "x", "AAAA", "%00", &"A".repeat(42), &"A".repeat(44), &"f".repeat(43)] {
            assert!(Cursor::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_has_a_next_one_only_if_there_is_more() {
        let place = |n: &u8| (DateTime::UNIX_EPOCH, Uuid::from_u128((*n).into()));
        for (found, page, last) in [(vec![], vec![], None), (vec![9, 8], vec![9, 8], None), (vec![9, 8, 7], vec![9, 8], Some(8))]
        {
            let mut rows: Vec<u8> = found;
            let next = cut(&mut rows, 2, [1; 8], place);
            assert_eq!((rows, next.map(|cursor| cursor.id)), (page, last.map(Uuid::from_u128)));
            assert!(
                next.is_none_or(|cursor| Cursor::check(Some(cursor), [1; 8]).is_ok() && Cursor::check(next, [2; 8]).is_err())
            );
        }
    }

    #[test]
    fn limits() {
        assert_eq!(parse_limit(None).unwrap(), 50);
        assert_eq!(parse_limit(Some("200")).unwrap(), 200);
        for bad in ["0", "201", "-1", "1.5", "all"] {
            assert!(parse_limit(Some(bad)).is_err(), "{bad}");
        }
    }
}
