//! Webhooks: the secret, the signature and its check, and when to try again.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration};
use subtle::{Choice, ConstantTimeEq};

use super::{
    clock::{Timestamp, random_bytes},
    ids::EventId,
    refusal::Refusal,
    signed_url::hmac_sha256,
};

/// A new endpoint secret: `whsec_` and base64 of 32 random bytes.
pub fn new_secret() -> String {
    format!("whsec_{}", STANDARD.encode(random_bytes::<32>()))
}

/// Checks the headers that an endpoint wants with every delivery: at most 20, names of RFC 9110 in lower case that are not ours or
/// HTTP's own, values of up to 1,024 printable ASCII characters.
pub fn check_headers(headers: &BTreeMap<String, String>) -> Result<(), Refusal> {
    if headers.len() > 20 {
        return Err(Refusal::invalid("An endpoint may have at most 20 headers."));
    }
    for (name, value) in headers {
        let token = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || name.len() > 128 || !name.bytes().all(token) {
            return Err(Refusal::invalid(format!("{name:?} is not the name of a header.")));
        }
        if RESERVED.contains(&name.as_str()) || name.starts_with("webhook-") || name.starts_with("reupload-") {
            return Err(Refusal::invalid(format!("The header {name} cannot be set.")));
        }
        if value.len() > 1024 || !value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
            return Err(Refusal::invalid(format!("The header {name} has a value that cannot be sent.")));
        }
    }
    Ok(())
}

/// Headers that describe the connection or the body.
const RESERVED: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The secret that `reupload listen` signs with unless it is given one: made from the key, so that it stays the same from run to run.
pub fn listening_secret(key: &str) -> String {
    format!("whsec_{}", STANDARD.encode(hmac_sha256(key.as_bytes(), b"reupload listen")))
}

/// The headers that every delivery has, signed for this moment with each live secret.
pub fn headers(secrets: &[&str], id: EventId, at: Timestamp, body: &str) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("content-type".to_owned(), "application/json".to_owned()),
        ("reupload-signature".to_owned(), signature(secrets, at, body)),
        ("webhook-id".to_owned(), id.wire()),
        ("webhook-timestamp".to_owned(), at.timestamp().to_string()),
        ("webhook-signature".to_owned(), standard_signature(secrets, id, at, body)),
    ])
}

/// `Reupload-Signature`: `t=<unix seconds>` and one `v1=<hex>` a live secret.
///
/// The key is the whole secret text, prefix included; the message is `{t}.` and the raw body.
pub fn signature(secrets: &[&str], at: Timestamp, body: &str) -> String {
    let t = at.timestamp();
    let message = format!("{t}.{body}");
    let sign = |secret: &&str| format!(",v1={}", hex::encode(hmac_sha256(secret.as_bytes(), message.as_bytes())));
    format!("t={t}") + &secrets.iter().map(sign).collect::<String>()
}

/// `webhook-signature` of the Standard Webhooks specification: the key is what the base64 part decodes to.
pub fn standard_signature(secrets: &[&str], id: EventId, at: Timestamp, body: &str) -> String {
    let message = format!("{}.{}.{body}", id.wire(), at.timestamp());
    let sign = |secret: &&str| {
        let key = standard_key(secret);
        format!("v1,{}", STANDARD.encode(hmac_sha256(&key, message.as_bytes())))
    };
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
}

fn standard_key(secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
    STANDARD.decode(encoded).unwrap_or_else(|_| encoded.as_bytes().to_vec())
}

/// How far the time of a signature may be from now, in seconds, on either side: what the libraries of Stripe and Standard Webhooks allow.
pub const TOLERANCE: i64 = 300;

/// Why a signature is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// Nothing to check.
    #[error("The header is missing.")]
    Missing,
    /// No time, or no signature of a version that we know.
    #[error("The header cannot be read.")]
    Unreadable,
    /// Another secret, or another body.
    #[error("Signed for another secret or body.")]
    Wrong,
    /// A repetition, or a clock that is late; by so many seconds.
    #[error("Signed {0} s ago; {TOLERANCE} s are allowed.")]
    TooOld(u64),
    /// A clock that is ahead; by so many seconds.
    #[error("Signed {0} s from now; {TOLERANCE} s are allowed.")]
    TooNew(u64),
}

/// Checks a `Reupload-Signature`: one of its `v1` must fit, and its time be within [`TOLERANCE`] of `now`.
pub fn verify(secret: &str, header: &str, body: &[u8], now: Timestamp) -> Result<(), Unverified> {
    let (mut time, mut given) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", text)) if time.is_none() => time = Some(text),
            Some(("v1", text)) => given.push(text),
            // Versions to come.
            Some((name, _)) if name != "t" => {}
            _ => return Err(Unverified::Unreadable),
        }
    }
    let time = time.ok_or(Unverified::Unreadable)?;
    let message = [time.as_bytes(), b".", body].concat();
    judge(&given, &hex::encode(hmac_sha256(secret.as_bytes(), &message)), time, now)
}

/// As [`verify`], for `webhook-signature` of the Standard Webhooks specification with the other two headers that it covers.
pub fn verify_standard(
    secret: &str,
    (id, time, header): (&str, &str, &str),
    body: &[u8],
    now: Timestamp,
) -> Result<(), Unverified> {
    let given: Vec<&str> = header.split(' ').filter_map(|part| part.strip_prefix("v1,")).collect();
    let message = [id.as_bytes(), b".", time.as_bytes(), b".", body].concat();
    judge(&given, &STANDARD.encode(hmac_sha256(&standard_key(secret), &message)), time, now)
}

/// The signature comes before the time: only then is the time the signer's.
fn judge(given: &[&str], expected: &str, time: &str, now: Timestamp) -> Result<(), Unverified> {
    let at: i64 = time.parse().map_err(|_| Unverified::Unreadable)?;
    if given.is_empty() {
        return Err(Unverified::Unreadable);
    }
    let fits = given.iter().fold(Choice::from(0), |fits, one| fits | one.as_bytes().ct_eq(expected.as_bytes()));
    if !bool::from(fits) {
        return Err(Unverified::Wrong);
    }
    match now.timestamp().saturating_sub(at) {
        age if age > TOLERANCE => Err(Unverified::TooOld(age.unsigned_abs())),
        age if age < -TOLERANCE => Err(Unverified::TooNew(age.unsigned_abs())),
        _ => Ok(()),
    }
}

/// How long to wait before attempt `made + 1`, after `made` failures; `None` when the schedule is over.
///
/// `jitter` from -1 to 1 moves the wait by up to ±10 %, so that a receiver that comes back is not hit by all at once. A
/// `Retry-After` of the receiver stretches the wait, never shortens it.
pub fn next_delay(schedule: &[Duration], made: usize, jitter: f64, retry_after: Option<Duration>) -> Option<Duration> {
    let planned = *schedule.get(made)?;
    #[expect(clippy::cast_possible_truncation, reason = "the schedule is in hours; a millisecond fits")]
    #[expect(clippy::cast_precision_loss, reason = "a tenth of a wait needs no more than 52 bits")]
    let moved = Duration::milliseconds((planned.num_milliseconds() as f64 * (1.0 + jitter.clamp(-1.0, 1.0) / 10.0)) as i64);
    Some(retry_after.map_or(moved, |asked| moved.max(asked)))
}

/// How long a receiver's `Retry-After` asks to wait: seconds or a date (RFC 9110, section 10.2.3). What is neither counts for nothing.
pub fn parse_retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let seconds = text.parse::<u32>().map(|seconds| Duration::seconds(seconds.into()));
    seconds.ok().or_else(|| Some(DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now))
}

/// A number from -1 to 1 for [`next_delay`].
pub fn random_jitter() -> f64 {
    f64::from(u32::from_le_bytes(random_bytes())) / f64::from(u32::MAX) * 2.0 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = DateTime::from_timestamp(784_111_717, 0).unwrap();
        assert_eq!(parse_retry_after(" 120 ", now), Some(Duration::seconds(120)));
        assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(Duration::seconds(60)));
        assert_eq!(parse_retry_after("soon", now), None);
        assert_eq!(parse_retry_after("-5", now), None);
    }

    #[test]
    fn the_contracts_test_vector_holds() {
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert_eq!(
            signature(&["whsec_test"], at, r#"{"type":"file.uploaded"}"#),
            "t=1700000000,v1=de0b4e6e471ae1f14799a581aa27356a816e4644ac3e5cc1a20ce2e475557ae8"
        );
    }

    #[test]
    fn two_secrets_sign_twice() {
        let at = DateTime::UNIX_EPOCH;
        assert_eq!(signature(&["a", "b"], at, "").matches("v1=").count(), 2);
        assert_eq!(standard_signature(&["whsec_YQ==", "whsec_Yg=="], EventId::new(at), at, "").split(' ').count(), 2);
    }

    #[test]
    fn what_is_signed_verifies_and_nothing_else_does() {
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let (secret, body) = ("whsec_c2VjcmV0", r#"{"type":"file.uploaded"}"#);
        let header = signature(&["whsec_b2xk", secret], at, body);
        let check = |header: &str, body: &str, seconds| verify(secret, header, body.as_bytes(), at + Duration::seconds(seconds));
        assert_eq!(check(&header, body, 0), Ok(()), "the second of two signatures");
        assert_eq!(check(&format!("{header},v0=00,v9=x"), body, 0), Ok(()), "other versions");
        for (name, header, body, seconds, expected) in [
            ("300 s later", header.as_str(), body, 300, Ok(())),
            ("301 s later", &header, body, 301, Err(Unverified::TooOld(301))),
            ("300 s early", &header, body, -300, Ok(())),
            ("301 s early", &header, body, -301, Err(Unverified::TooNew(301))),
            ("another body", &header, "{}", 0, Err(Unverified::Wrong)),
            ("another body, and old", &header, "{}", 999, Err(Unverified::Wrong)),
            ("another secret", &signature(&["whsec_b2xk"], at, body), body, 0, Err(Unverified::Wrong)),
            ("another time", &header.replace("t=17", "t=16"), body, 0, Err(Unverified::Wrong)),
            ("in capitals", &header.to_uppercase().replace("T=", "t=").replace("V1=", "v1="), body, 0, Err(Unverified::Wrong)),
            ("no time", &header.replace("t=", "x="), body, 0, Err(Unverified::Unreadable)),
            ("two times", &format!("{header},t=1"), body, 0, Err(Unverified::Unreadable)),
            ("no signature", "t=1700000000", body, 0, Err(Unverified::Unreadable)),
            ("a time that is none", "t=soon,v1=00", body, 0, Err(Unverified::Unreadable)),
            ("the earliest time there is", "t=-9223372036854775808,v1=00", body, 0, Err(Unverified::Wrong)),
            ("nothing", "", body, 0, Err(Unverified::Unreadable)),
        ] {
            assert_eq!(check(header, body, seconds), expected, "{name}");
        }
    }

    #[test]
    fn what_is_signed_verifies_by_standard_webhooks_too() {
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let (secret, id, time) = ("whsec_c2VjcmV0", EventId::new(at), "1700000000");
        let header = standard_signature(&["whsec_b2xk", secret], id, at, "{}");
        let wire = id.wire();
        let check = |id: &str, time: &str, header: &str, now| verify_standard(secret, (id, time, header), b"{}", now);
        assert_eq!(check(&wire, time, &header, at), Ok(()));
        assert_eq!(check("evt_0", time, &header, at), Err(Unverified::Wrong));
        assert_eq!(check(&wire, "1700000001", &header, at), Err(Unverified::Wrong));
        assert_eq!(check(&wire, time, "v1a,AAAA", at), Err(Unverified::Unreadable));
        assert_eq!(check(&wire, time, &header, at + Duration::seconds(301)), Err(Unverified::TooOld(301)));
    }

    #[test]
    fn waits_follow_the_schedule() {
        let schedule = [Duration::zero(), Duration::seconds(5), Duration::seconds(30)];
        assert_eq!(next_delay(&schedule, 1, 0.0, None), Some(Duration::seconds(5)));
        assert_eq!(next_delay(&schedule, 2, 1.0, None), Some(Duration::seconds(33)));
        assert_eq!(next_delay(&schedule, 2, -1.0, None), Some(Duration::seconds(27)));
        assert_eq!(next_delay(&schedule, 1, 0.0, Some(Duration::seconds(60))), Some(Duration::seconds(60)));
        assert_eq!(next_delay(&schedule, 2, 0.0, Some(Duration::seconds(1))), Some(Duration::seconds(30)));
        assert_eq!(next_delay(&schedule, 3, 0.0, None), None);
    }
}
