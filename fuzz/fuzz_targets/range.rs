//! The bytes that a download sends: `Range` and the conditions around it (RFC 9110, sections 13 and 14).
//!
//! An input is lines: the method, the size of the file, then the values of the headers in [`HEADERS`]. An empty line leaves one out.
#![no_main]

#[path = "../../server/src/http/cdn/range.rs"]
mod range;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use libfuzzer_sys::fuzz_target;
use range::{Answer, judge};

const HEADERS: [HeaderName; 4] = [header::RANGE, header::IF_RANGE, header::IF_MATCH, header::IF_NONE_MATCH];
const ETAG: &str = "\"abc\"";

fuzz_target!(init: reupload_fuzz::plant("range", seeds()), |data: &[u8]| {
    let mut lines = data.split(|byte| *byte == b'\n');
    let mut text = || lines.next().unwrap_or_default();
    let Ok(method) = Method::from_bytes(text()) else { return };
    let Some(size) = number(text()) else { return };
    let headers: HeaderMap = HEADERS
        .into_iter()
        .filter_map(|name| Some((name, text())).filter(|(_, value)| !value.is_empty()))
        .filter_map(|(name, value)| Some((name, HeaderValue::from_bytes(value).ok()?)))
        .collect();
    let answer = judge(&method, &headers, ETAG, size);
    let has = |name: HeaderName| headers.contains_key(name);
    match &answer {
        Answer::Whole => {}
        Answer::Part(part) => {
            assert!(method == Method::GET && has(header::RANGE));
            assert!(part.start < part.end && part.end <= size, "{part:?} of {size} bytes");
        }
        Answer::Unsatisfiable => assert!(method == Method::GET && has(header::RANGE)),
        Answer::NotModified => assert!(has(header::IF_NONE_MATCH)),
        Answer::PreconditionFailed => assert!(has(header::IF_MATCH)),
    }
    // An empty file is never stored, and RFC 9110 does not say what a suffix of one is.
    if method == Method::GET && headers.len() == 1 && size > 0 {
        let expected = headers.get(header::RANGE).and_then(|range| plain_reading(range.as_bytes(), size));
        assert!(expected.is_none_or(|expected| expected == answer), "{headers:?} of {size} bytes: {answer:?}");
    }
});

/// RFC 9110, section 14.1.2, of one range in its plain spelling.
fn plain_reading(text: &[u8], size: u64) -> Option<Answer> {
    let spec = text.strip_prefix(b"bytes=")?;
    let dash = spec.iter().position(|byte| *byte == b'-')?;
    let (first, last) = (&spec[..dash], &spec[dash + 1..]);
    if first.is_empty() {
        return Some(match number(last)? {
            0 => Answer::Unsatisfiable,
            length => Answer::Part(size - length.min(size)..size),
        });
    }
    let first = number(first)?;
    let last = if last.is_empty() { u64::MAX } else { number(last)? };
    Some(match (first <= last, first < size) {
        (false, _) => Answer::Whole,
        (true, false) => Answer::Unsatisfiable,
        (true, true) => Answer::Part(first..if last < size { last + 1 } else { size }),
    })
}

/// A number of 1 to 20 digits that fits.
fn number(digits: &[u8]) -> Option<u64> {
    let number = digits.iter().try_fold(0_u64, |sum, digit| {
        digit.is_ascii_digit().then(|| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')))?
    })?;
    (1..=20).contains(&digits.len()).then_some(number)
}

fn seeds() -> [(&'static str, Vec<u8>); 6] {
    [
        ("first", "GET\n100\nbytes=0-9\n\n\n".into()),
        ("suffix", "GET\n100\nbytes=-10\n\"abc\"\n\n".into()),
        ("open", "GET\n100\nBytes = 90 -\n\n\"abc\"\n".into()),
        ("conditions", "HEAD\n100\nbytes=0-1\n\"x\"\n*\nW/\"abc\", \"x\"".into()),
        ("several", "GET\n18446744073709551615\nbytes=0-1,5-6\n\n\n".into()),
        ("huge", "GET\n18446744073709551615\nbytes=18446744073709551614-99999999999999999999\n\n\n".into()),
    ]
}
