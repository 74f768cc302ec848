//! Conditional and range requests for one representation (RFC 9110, sections 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, Method, header};

/// What to send.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// The client has it already.
    NotModified,
    /// The client wanted another version.
    PreconditionFailed,
    /// Nothing of the range is in the file.
    Unsatisfiable,
}

/// Judges a request for `size` bytes whose strong entity tag is `etag` (with its quotes).
///
/// A range counts only in a GET (RFC 9110, section 14.2).
pub(super) fn judge(method: &Method, headers: &HeaderMap, etag: &str, size: u64) -> Answer {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(wanted) = text(header::IF_MATCH)
        && !lists(wanted, etag, false)
    {
        return Answer::PreconditionFailed;
    }
    if let Some(known) = text(header::IF_NONE_MATCH)
        && lists(known, etag, true)
    {
        return Answer::NotModified;
    }
    if method != Method::GET {
        return Answer::Whole;
    }
    // A client that holds a part of another version must get the whole.
    if text(header::IF_RANGE).is_some_and(|known| known.trim() != etag) {
        return Answer::Whole;
    }
    match text(header::RANGE).and_then(|range| single_range(range, size)) {
        None => Answer::Whole,
        Some(range) if range.is_empty() => Answer::Unsatisfiable,
        Some(range) => Answer::Part(range),
    }
}

fn lists(list: &str, etag: &str, weakly: bool) -> bool {
    list.split(',').map(str::trim).any(|tag| {
        let tag = if weakly { tag.strip_prefix("W/").unwrap_or(tag) } else { tag };
        tag == "*" || tag == etag
    })
}

/// The one range that is asked for, cut to the file; empty if it lies outside. `None` for what we pass over, which the standard
/// allows: other units, several ranges, bad syntax.
fn single_range(text: &str, size: u64) -> Option<Range<u64>> {
    let (unit, spec) = text.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = spec.trim().split_once('-')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // More digits than fit still mean a number, and one beyond every file.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (first.trim(), last.trim()) {
        ("", suffix) => Some(size.saturating_sub(number(suffix)?)..size),
        (first, "") => Some(number(first)?.min(size)..size),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then(|| first.min(size)..last.saturating_add(1).min(size))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(pairs: &[(HeaderName, &str)]) -> Answer {
        let headers = pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        judge(&Method::GET, &headers, "\"abc\"", 100)
    }

    #[test]
    fn ranges() {
        for (text, expected) in [
            ("bytes=0-9", Answer::Part(0..10)),
            ("bytes=90-", Answer::Part(90..100)),
            ("bytes=-10", Answer::Part(90..100)),
            ("bytes=-1000", Answer::Part(0..100)),
            ("bytes=50-1000", Answer::Part(50..100)),
            ("bytes=50-99999999999999999999999", Answer::Part(50..100)),
            ("Bytes = 1 - 2", Answer::Part(1..3)),
            ("bytes=100-", Answer::Unsatisfiable),
            ("bytes=100-200", Answer::Unsatisfiable),
            ("bytes=-0", Answer::Unsatisfiable),
            ("bytes=9-5", Answer::Whole),
            ("bytes=0-1,5-6", Answer::Whole),
            ("bytes=a-b", Answer::Whole),
            ("bytes=--1", Answer::Whole),
            ("bytes=+1-2", Answer::Whole),
            ("lines=0-1", Answer::Whole),
            ("nonsense", Answer::Whole),
        ] {
            assert_eq!(judged(&[(header::RANGE, text)]), expected, "{text}");
        }
    }

    #[test]
    fn conditions() {
        let range = (header::RANGE, "bytes=0-1");
        for (headers, expected) in [
            (vec![(header::IF_NONE_MATCH, "\"abc\"")], Answer::NotModified),
            (vec![(header::IF_NONE_MATCH, "\"x\", W/\"abc\"")], Answer::NotModified),
            (vec![(header::IF_NONE_MATCH, "*")], Answer::NotModified),
            (vec![(header::IF_NONE_MATCH, "\"x\"")], Answer::Whole),
            (vec![(header::IF_MATCH, "\"x\"")], Answer::PreconditionFailed),
            (vec![(header::IF_MATCH, "W/\"abc\"")], Answer::PreconditionFailed),
            (vec![(header::IF_MATCH, "\"abc\"")], Answer::Whole),
            (vec![(header::IF_RANGE, "\"x\""), range.clone()], Answer::Whole),
            (vec![(header::IF_RANGE, "\"abc\""), range], Answer::Part(0..2)),
        ] {
            assert_eq!(judged(&headers), expected, "{headers:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_part_lies_within_the_file(text in "bytes=[0-9]{0,22}-[0-9]{0,22}", size in 0_u64..1000) {
            if let Some(range) = single_range(&text, size) {
                assert!(range.start <= range.end && range.end <= size);
            }
        }
    }
}
