//! The whole life of an upload: its states, what may happen in each, and how both read on the wire.
//!
//! ```text
//!  create ─▶ Pending ──PUT begins──▶ Receiving ─┐             direct ─▶ Processing
//!               └────────── complete ───────────┴─▶ Processing ─publish─▶ Completed
//!                                                       └──reject──▶ Failed(reason)
//!  Pending | Receiving ─cancel─▶ Cancelled          Pending | Receiving ─expire─▶ Failed(EXPIRED)
//! ```
//!
//! An open session past its time counts as expired, whether the reaper has come or not. A PUT that is stored leaves the session in
//! Receiving, and in Processing the bytes may be stripped and the checks pass: the row moves then, its state does not. Every move asks
//! [`next`] first, then changes the row by one compare-and-set from the state and bytes that were read (`app/transitions.rs`). What a
//! state implies for others is said by the predicates of [`State`]; the lists of states in SQL are those predicates again, which tests
//! in `store/uploads.rs` and `store/references.rs` hold.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refusal::{Code, Refusal};

/// Where an upload stands, as the database keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A session without bytes.
    Pending,
    /// A session whose bytes are arriving, or have arrived and may still be replaced.
    Receiving,
    /// The bytes are durable and no PUT can change them any more; jobs work on them.
    Processing,
    /// The file is published.
    Completed,
    /// It ended without a file, for a [`FailureReason`].
    Failed,
    /// The app gave it up.
    Cancelled,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Pending, Self::Receiving, Self::Processing, Self::Completed, Self::Failed, Self::Cancelled];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Receiving => "receiving",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The word on the wire.
    pub const fn status(self) -> Status {
        match self {
            Self::Pending => Status::Pending,
            Self::Receiving | Self::Processing => Status::Uploading,
            Self::Completed => Status::Completed,
            Self::Failed => Status::Failed,
            Self::Cancelled => Status::Cancelled,
        }
    }

    /// Whether the upload still waits for bytes or for `complete`, and so can expire.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Receiving)
    }

    /// Whether jobs work on the bytes.
    pub const fn is_processing(self) -> bool {
        matches!(self, Self::Processing)
    }

    /// Whether there is, or was, a file.
    pub const fn has_file(self) -> bool {
        matches!(self, Self::Completed)
    }

    /// Whether the row's blob is the upload's own: before there is none, afterwards it is the file's or given up.
    pub const fn owns_blob(self) -> bool {
        matches!(self, Self::Receiving | Self::Processing)
    }
}

impl FromStr for State {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| format!("unknown upload state {text:?}"))
    }
}

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// No bytes yet.
    Pending,
    /// Bytes arriving, or being processed.
    Uploading,
    /// The file is ready.
    Completed,
    /// It ended without a file; see `failureReason`.
    Failed,
    /// The app cancelled it.
    Cancelled,
}

impl Status {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Uploading => "UPLOADING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// Why an upload failed: `failureReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FailureReason {
    /// The scanner found malware.
    MalwareDetected,
    /// It cannot be looked at as a whole: encrypted, damaged or oversized archives and the like
    /// (`docs/reference/scanning.md`); or the scanner, which is well, gave no verdict on it `jobs.max_failures` times.
    NotScannable,
    /// The scanner could not be asked for `scan.give_up_after`.
    ScanUnavailable,
    /// The bytes show a type that is not on the project's list, or another one than was declared where the project refuses
    /// that, or a picture whose metadata cannot be taken out where the project promises it.
    ContentTypeNotAllowed,
    /// In the contract, and not used: it is refused before an upload is taken.
    SizeMismatch,
    /// In the contract, and not used: it is refused before an upload is taken.
    QuotaExceeded,
    /// Nobody completed the session within its time.
    Expired,
    /// The stored bytes are gone or have another size than was stored, or processing failed `jobs.max_failures` times, or
    /// three workers did not survive looking into it; see the server's log.
    StorageError,
}

impl FailureReason {
    /// The word in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MalwareDetected => "MALWARE_DETECTED",
            Self::NotScannable => "NOT_SCANNABLE",
            Self::ScanUnavailable => "SCAN_UNAVAILABLE",
            Self::ContentTypeNotAllowed => "CONTENT_TYPE_NOT_ALLOWED",
            Self::SizeMismatch => "SIZE_MISMATCH",
            Self::QuotaExceeded => "QUOTA_EXCEEDED",
            Self::Expired => "EXPIRED",
            Self::StorageError => "STORAGE_ERROR",
        }
    }
}

impl FromStr for FailureReason {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_value(text.into()).map_err(|_| format!("unknown failure reason {text:?}"))
    }
}

/// How the bytes came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Through the app's server, as multipart.
    Direct,
    /// Straight from the browser, to a signed URL.
    Session,
}

impl Source {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Session => "session",
        }
    }
}

impl FromStr for Source {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Direct, Self::Session]
            .into_iter()
            .find(|source| source.as_str() == text)
            .ok_or_else(|| format!("unknown upload source {text:?}"))
    }
}

/// What can happen to an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A PUT begins.
    Receive,
    /// A whole PUT is on stable storage.
    Store,
    /// The app says that the bytes are complete. `received` says whether a whole PUT has been stored.
    Complete {
        /// A whole PUT is on stable storage.
        received: bool,
    },
    /// The bytes were replaced by a copy without metadata.
    Strip,
    /// The checks have passed; thumbnails are still to be made.
    Check,
    /// Processing ended well.
    Publish,
    /// Processing ended badly.
    Reject,
    /// The app gives the upload up.
    Cancel,
    /// Its time ran out.
    Expire,
}

/// The step that an event makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Go to this state.
    To(State),
    /// Already there: answer as the first time, change nothing.
    Same,
}

/// What `event` does to an upload in `state`, or why it may not happen.
///
/// `reason` is the failure reason of a `Failed` upload; `is_overdue` says that its session's time is over. The refusals are the
/// contract's: `UPLOAD_NOT_RECEIVED`, `SESSION_EXPIRED` and, for anything else on a finished upload, `SESSION_NOT_ACTIVE`.
pub fn next(state: State, reason: Option<FailureReason>, is_overdue: bool, event: Event) -> Result<Step, Refusal> {
    use State::{Cancelled, Completed, Failed, Pending, Processing, Receiving};
    match (state, event) {
        (Pending | Receiving, _) if is_overdue && event != Event::Expire => Err(expired()),
        (Pending | Receiving, Event::Receive | Event::Store) => Ok(Step::To(Receiving)),
        (Pending | Receiving, Event::Complete { received: true }) | (Processing, Event::Strip | Event::Check) => {
            Ok(Step::To(Processing))
        }
        (Pending | Receiving, Event::Complete { received: false }) => Err(Refusal::new(
            Code::UploadNotReceived,
            "The file's bytes have not arrived. PUT them to uploadUrl first, then complete.",
        )),
        (Pending | Receiving, Event::Cancel) => Ok(Step::To(Cancelled)),
        (Pending | Receiving, Event::Expire) | (Processing, Event::Reject) => Ok(Step::To(Failed)),
        (Processing, Event::Publish) => Ok(Step::To(Completed)),
        (Failed, _) if reason == Some(FailureReason::Expired) => Err(expired()),
        (Processing | Completed | Failed, Event::Complete { .. }) => Ok(Step::Same),
        (Processing | Completed | Failed | Cancelled, _) | (_, Event::Strip | Event::Check | Event::Publish | Event::Reject) => {
            Err(Refusal::new(
                Code::SessionNotActive,
                match state {
                    Cancelled => "This upload was cancelled. Create a new session.",
                    _ => "This upload is already complete and can no longer change.",
                },
            ))
        }
    }
}

fn expired() -> Refusal {
    Refusal::new(Code::SessionExpired, "This upload session has expired. Create a new session.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_time(state: State, reason: Option<FailureReason>, event: Event) -> Result<Step, Refusal> {
        next(state, reason, false, event)
    }

    #[test]
    fn an_open_session_past_its_time_only_expires() {
        let complete = Event::Complete { received: true };
        for state in [State::Pending, State::Receiving] {
            for event in [Event::Receive, Event::Store, complete, Event::Complete { received: false }, Event::Cancel] {
                assert_eq!(next(state, None, true, event).unwrap_err().code, Code::SessionExpired, "{state:?} {event:?}");
            }
            assert_eq!(next(state, None, true, Event::Expire), Ok(Step::To(State::Failed)));
        }
        assert_eq!(next(State::Processing, None, true, Event::Publish), Ok(Step::To(State::Completed)));
        assert_eq!(next(State::Processing, None, true, complete), Ok(Step::Same));
    }

    #[test]
    fn a_finished_upload_never_moves() {
        for state in [State::Completed, State::Failed, State::Cancelled] {
            for event in [Event::Receive, Event::Publish, Event::Reject, Event::Cancel, Event::Expire] {
                assert_eq!(in_time(state, None, event).unwrap_err().code, Code::SessionNotActive, "{state:?} {event:?}");
            }
        }
    }

    #[test]
    fn complete_is_idempotent_and_needs_bytes() {
        let complete = Event::Complete { received: true };
        assert_eq!(in_time(State::Receiving, None, complete), Ok(Step::To(State::Processing)));
        for state in [State::Processing, State::Completed] {
            assert_eq!(in_time(state, None, complete), Ok(Step::Same));
        }
        let early = in_time(State::Pending, None, Event::Complete { received: false });
        assert_eq!(early.unwrap_err().code, Code::UploadNotReceived);
        let late = in_time(State::Failed, Some(FailureReason::Expired), complete);
        assert_eq!(late.unwrap_err().code, Code::SessionExpired);
        assert_eq!(in_time(State::Cancelled, None, complete).unwrap_err().code, Code::SessionNotActive);
    }

    #[test]
    fn only_processing_publishes() {
        for state in State::ALL {
            assert_eq!(in_time(state, None, Event::Publish).is_ok(), state == State::Processing);
        }
    }

    #[test]
    fn words_round_trip() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!("MALWARE_DETECTED".parse(), Ok(FailureReason::MalwareDetected));
    }
}
