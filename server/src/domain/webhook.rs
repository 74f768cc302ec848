//! Webhooks: the secret, the signature, and when to try again.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration};

use super::{
    clock::{Timestamp, random_bytes},
    ids::EventId,
    signed_url::hmac_sha256,
};

/// A new endpoint secret: `whsec_` and base64 of 32 random bytes.
pub fn new_secret() -> String {
    format!("whsec_{}", STANDARD.encode(random_bytes::<32>()))
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
        let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
        let key = STANDARD.decode(encoded).unwrap_or_else(|_| encoded.as_bytes().to_vec());
        format!("v1,{}", STANDARD.encode(hmac_sha256(&key, message.as_bytes())))
    };
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
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
