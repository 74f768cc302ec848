//! Pages of a list: how many, and where the next one begins.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike};
use uuid::Uuid;

use super::{clock::Timestamp, ids::FileId, refusal::Refusal};

/// Entries of a page unless told otherwise.
pub const DEFAULT_LIMIT: i64 = 50;
/// Most entries of a page.
pub const MAX_LIMIT: i64 = 200;

/// The last file of a page; the next page begins behind it. Its text is not for clients to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When that file was published.
    pub created_at: Timestamp,
    /// That file.
    pub id: FileId,
}

impl Cursor {
    /// The text that a client sends back.
    pub fn encode(&self) -> String {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.created_at.timestamp_micros().to_be_bytes());
        bytes[8..].copy_from_slice(self.id.0.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Cursor::encode`] wrote; `VALIDATION_ERROR` for anything else.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let bytes: [u8; 24] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
            let (micros, id) = bytes.split_first_chunk::<8>()?;
            let created_at = DateTime::from_timestamp_micros(i64::from_be_bytes(*micros))?;
            // PostgreSQL knows no others.
            let created_at = Some(created_at).filter(|moment| (1..=9999).contains(&moment.year()))?;
            Some(Self { created_at, id: FileId(Uuid::from_slice(id).ok()?) })
        };
        read().ok_or_else(|| Refusal::invalid("cursor is not one that an earlier page gave as nextCursor."))
    }
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
        let cursor =
            Cursor { created_at: DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap(), id: FileId(Uuid::max()) };
        assert_eq!(Cursor::parse(&cursor.encode()).unwrap(), cursor);
        let mut before_time = [0; 24];
        before_time[..8].copy_from_slice(&(-100_000_i64 * 31_556_952_000_000).to_be_bytes());
        for bad in ["", "x", "AAAA", "%00", &"A".repeat(33), &"f".repeat(32), &URL_SAFE_NO_PAD.encode(before_time)] {
            assert!(Cursor::parse(bad).is_err(), "{bad}");
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
