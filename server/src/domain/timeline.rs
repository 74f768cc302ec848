//! What happened to a file, in order, in words that a person can act on: `GET /files/{fileId}/timeline`.
//!
//! To add a step: a variant of [`Step`], its word, and a call of `Tx::note` in the transaction of the change.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A session was opened.
    Opened,
    /// All bytes have arrived and are on stable storage.
    Received,
    /// The bytes are final; processing begins.
    Accepted,
    /// Metadata such as GPS positions was taken out of the bytes.
    Stripped,
    /// The scanner could not be asked; it is tried again.
    ScanWaiting,
    /// The scanner has spoken.
    Scanned,
    /// Thumbnails were made, or why not.
    Thumbnails,
    /// The file can be read.
    Published,
    /// It ended without a file.
    Failed,
    /// The app gave the upload up.
    Cancelled,
    /// Name, folder, visibility or metadata changed.
    Updated,
    /// The file is gone.
    Deleted,
}

const WORDS: [(Step, &str); 12] = [
    (Step::Opened, "opened"),
    (Step::Received, "received"),
    (Step::Accepted, "accepted"),
    (Step::Stripped, "stripped"),
    (Step::ScanWaiting, "scan_waiting"),
    (Step::Scanned, "scanned"),
    (Step::Thumbnails, "thumbnails"),
    (Step::Published, "published"),
    (Step::Failed, "failed"),
    (Step::Cancelled, "cancelled"),
    (Step::Updated, "updated"),
    (Step::Deleted, "deleted"),
];

impl Step {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        WORDS.iter().find(|(step, _)| *step == self).map_or("", |(_, word)| word)
    }
}

impl FromStr for Step {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        WORDS.iter().find(|(_, word)| *word == text).map(|(step, _)| *step).ok_or_else(|| format!("unknown step {text:?}"))
    }
}

/// Figures and reasons of an entry.
pub type Detail = Map<String, Value>;

/// An entry before it has its time: the step and its details.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// What happened.
    pub step: Step,
    /// How and why.
    pub detail: Detail,
}

impl Note {
    /// An entry without details.
    pub fn new(step: Step) -> Self {
        Self { step, detail: Detail::new() }
    }

    /// Adds a detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_wire() {
        for (step, word) in WORDS {
            assert_eq!(serde_json::to_value(step).unwrap(), word);
            assert_eq!(word.parse(), Ok(step));
            assert_eq!(step.as_str(), word);
        }
    }
}
