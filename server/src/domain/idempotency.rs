//! `Idempotency-Key`: a request that is sent again gets the answer of the first time.
//!
//! After the IETF draft "The Idempotency-Key HTTP Header Field". The key counts within one API key. Only answers of success are
//! remembered, in the transaction of the change itself, so a request that failed may be tried again under the same key.

use std::fmt;

use chrono::Duration;
use sha2::{Digest, Sha256};

use super::{
    ids::KeyId,
    page::ListMark,
    refusal::{Code, Refusal},
};

/// Most characters of a key.
pub const MAX_CHARS: usize = 255;
/// How long an answer is remembered.
pub const KEPT: Duration = Duration::hours(24);

/// The key of a request, before all of what is asked for is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Who asks.
    pub key: KeyId,
    /// The text of the header.
    pub name: String,
}

/// A request that must happen once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Who asks.
    pub key: KeyId,
    /// The text of `Idempotency-Key`.
    pub name: String,
    /// SHA-256 of what is asked for.
    pub fingerprint: [u8; 32],
}

/// Reads the header: 1 to 255 printable ASCII characters.
pub fn parse(text: &str) -> Result<String, Refusal> {
    let good = (1..=MAX_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if good {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid("Idempotency-Key must have 1 to 255 printable ASCII characters."))
    }
}

/// The refusal of another request under a key that is taken.
pub fn conflict() -> Refusal {
    Refusal::new(Code::IdempotencyConflict, "This Idempotency-Key was used for another request. Use a new key for each request.")
}

/// Digests what is asked for, part by part.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds a part under its name. Lengths go in too, so that no two lists of parts look alike.
    #[must_use]
    pub fn part(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        for bytes in [name.as_bytes(), value.as_ref()] {
            self.0.update((bytes.len() as u64).to_be_bytes());
            self.0.update(bytes);
        }
        self
    }

    /// The digest in short, for lists.
    pub fn mark(self) -> ListMark {
        self.finish().first_chunk().copied().unwrap_or_default()
    }

    /// The digest.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let of = |parts: &[(&str, &str)]| {
            parts.iter().fold(Fingerprint::default(), |print, (name, value)| print.part(name, value)).finish()
        };
        assert_eq!(of(&[("a", "b")]), of(&[("a", "b")]));
        assert_ne!(of(&[("a", "bc")]), of(&[("ab", "c")]));
        assert_ne!(of(&[("a", "b"), ("c", "d")]), of(&[("a", "bcd")]));
    }

    #[test]
    fn a_key_is_printable() {
        assert!(parse("6f1c-A b").is_ok());
        assert!(parse(&"x".repeat(255)).is_ok());
        for bad in ["", "a\tb", "ä", &"x".repeat(256)] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
