//! The bounds of what a request may ask for, the same for the API and the dashboard.

use std::{ops::RangeInclusive, time::Duration};

use super::{file::MAX_TYPE_CHARS, ids::FileId, refusal::Refusal, text::blank_is_absent, upload::Status};

/// Most files that one request deletes by their ids.
pub const MOST_FILES: usize = 100;
/// Most characters of a search.
const MAX_SEARCH: usize = 255;
const DEFAULT_ACCESS_SECONDS: u64 = 300;
const ACCESS_SECONDS: RangeInclusive<u64> = 60..=604_800;
const KEY_SECONDS: RangeInclusive<u64> = 60..=31_536_000;

/// Refuses (`VALIDATION_ERROR`) a session for no bytes.
pub fn check_size(bytes: i64) -> Result<(), Refusal> {
    if bytes < 1 { Err(Refusal::invalid("size must be at least 1.")) } else { Ok(()) }
}

/// Refuses (`VALIDATION_ERROR`) a declared media type that is empty, longer than 255 characters, or that no header could carry: it must
/// come again as the header of the PUT.
pub fn check_content_type(text: &str) -> Result<(), Refusal> {
    let sendable = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if sendable && !text.trim().is_empty() && text.len() <= MAX_TYPE_CHARS {
        return Ok(());
    }
    Err(Refusal::invalid("contentType must be a media type such as image/jpeg, of 1 to 255 characters."))
}

/// Reads how long a signed address works: 60 to 604800 seconds; blank is 300.
pub fn parse_access_life(text: Option<&str>) -> Result<Duration, Refusal> {
    let seconds = match text {
        None | Some("") => DEFAULT_ACCESS_SECONDS,
        Some(text) => text
            .parse()
            .ok()
            .filter(|seconds| ACCESS_SECONDS.contains(seconds))
            .ok_or_else(|| Refusal::invalid("expiresIn must be a whole number of seconds from 60 to 604800."))?,
    };
    Ok(Duration::from_secs(seconds))
}

/// How long a key lives that ends by itself: 60 seconds to 365 days.
pub fn key_life(seconds: u64) -> Result<Duration, Refusal> {
    if KEY_SECONDS.contains(&seconds) {
        return Ok(Duration::from_secs(seconds));
    }
    Err(Refusal::invalid("expiresIn must be a number of seconds from 60 to 31536000."))
}

/// Reads what is searched for, in at most 255 characters; blank is nothing.
pub fn parse_search(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let search = blank_is_absent(text);
    if search.is_some_and(|text| text.chars().count() > MAX_SEARCH || text.contains('\0')) {
        return Err(Refusal::invalid(format!("search has more than {MAX_SEARCH} characters, or a NUL.")));
    }
    Ok(search.map(str::to_owned))
}

/// Reads which uploads without a file are asked for: some of `PENDING`, `UPLOADING`, `FAILED`, with commas between, in the order of these and
/// each once; blank is all, and then the list is empty.
pub fn parse_unpublished(text: Option<&str>) -> Result<Vec<Status>, Refusal> {
    let words: Vec<&str> = blank_is_absent(text).map(|text| text.split(',').map(str::trim).collect()).unwrap_or_default();
    let known = [Status::Pending, Status::Uploading, Status::Failed];
    if words.iter().any(|word| !known.iter().any(|status| status.as_str() == *word)) {
        return Err(Refusal::invalid("status must be some of PENDING, UPLOADING and FAILED, with commas between."));
    }
    Ok(known.into_iter().filter(|status| words.contains(&status.as_str())).collect())
}

/// Gives 1 to [`MOST_FILES`] ids back, and refuses (`VALIDATION_ERROR`) none and more.
pub fn check_files(ids: Vec<FileId>) -> Result<Vec<FileId>, Refusal> {
    if (1..=MOST_FILES).contains(&ids.len()) {
        return Ok(ids);
    }
    Err(Refusal::invalid(format!("fileIds must have 1 to {MOST_FILES} ids.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_where_they_are_said_to_be() {
        assert!(check_size(1).is_ok() && check_size(0).is_err());
        for (seconds, fine) in [(59, false), (60, true), (31_536_000, true), (31_536_001, false)] {
            assert_eq!(key_life(seconds).is_ok(), fine, "{seconds}");
        }
        for (text, fine) in [("image/jpeg", true), (" ", false), ("a\n", false), ("ä/b", false)] {
            assert_eq!(check_content_type(text).is_ok(), fine, "{text:?}");
        }
        assert!(check_content_type(&"x".repeat(255)).is_ok() && check_content_type(&"x".repeat(256)).is_err());
        for (text, seconds) in [("", 300), ("60", 60), ("604800", 604_800)] {
            assert_eq!(parse_access_life(Some(text)).unwrap().as_secs(), seconds);
        }
        assert!(["59", "604801", "1h"].iter().all(|text| parse_access_life(Some(text)).is_err()));
        assert_eq!(parse_search(Some("  ")).unwrap(), None);
        assert!(parse_search(Some(&"x".repeat(255))).is_ok() && parse_search(Some(&"x".repeat(256))).is_err());
        assert_eq!(parse_unpublished(Some("FAILED, PENDING,FAILED")).unwrap(), [Status::Pending, Status::Failed]);
        assert!(parse_unpublished(Some(" ")).unwrap().is_empty());
        assert!(["COMPLETED", "failed", "PENDING,", "x"].iter().all(|text| parse_unpublished(Some(text)).is_err()));
        let id = FileId(uuid::Uuid::nil());
        assert!(check_files(vec![id; 100]).is_ok() && check_files(vec![id; 101]).is_err() && check_files(Vec::new()).is_err());
    }
}
