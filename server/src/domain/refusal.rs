//! What we answer when we say no: a code that programs read, a sentence that a person can act on.
//!
//! The codes are the contract's. To add one: a line here, its HTTP status in `http/error.rs`.

use serde_json::{Map, Value};

macro_rules! codes {
    ($($variant:ident => $text:literal),* $(,)?) => {
        /// A reason to refuse, in the words of the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each name is its meaning; docs/reference/errors.md explains them")]
        pub enum Code { $($variant),* }

        impl Code {
            /// Every code, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The text in the body's `error` field.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

codes! {
    ValidationError => "VALIDATION_ERROR",
    MissingFile => "MISSING_FILE",
    MissingProjectId => "MISSING_PROJECT_ID",
    EmptyFile => "EMPTY_FILE",
    InvalidFilename => "INVALID_FILENAME",
    MalformedRequest => "MALFORMED_REQUEST",
    Unauthorized => "UNAUTHORIZED",
    PermissionDenied => "PERMISSION_DENIED",
    InvalidSignature => "INVALID_SIGNATURE",
    UrlExpired => "URL_EXPIRED",
    QuotaExceeded => "QUOTA_EXCEEDED",
    NotFound => "NOT_FOUND",
    MethodNotAllowed => "METHOD_NOT_ALLOWED",
    UploadNotReceived => "UPLOAD_NOT_RECEIVED",
    SessionNotActive => "SESSION_NOT_ACTIVE",
    SessionExpired => "SESSION_EXPIRED",
    IdempotencyConflict => "IDEMPOTENCY_CONFLICT",
    Conflict => "CONFLICT",
    FileTooLarge => "FILE_TOO_LARGE",
    ContentTypeNotAllowed => "CONTENT_TYPE_NOT_ALLOWED",
    RangeNotSatisfiable => "RANGE_NOT_SATISFIABLE",
    LengthRequired => "LENGTH_REQUIRED",
    PreconditionFailed => "PRECONDITION_FAILED",
    SizeMismatch => "SIZE_MISMATCH",
    ContentTypeMismatch => "CONTENT_TYPE_MISMATCH",
    RateLimited => "RATE_LIMITED",
    ServiceUnavailable => "SERVICE_UNAVAILABLE",
    StorageFull => "STORAGE_FULL",
    InternalError => "INTERNAL_ERROR",
}

/// A refusal: the code, the sentence and, where numbers help, details.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
pub struct Refusal {
    /// For programs.
    pub code: Code,
    /// For a person: says what to change.
    pub message: String,
    /// Figures, such as `limit`, `used` and `requested` of a quota.
    pub details: Option<Map<String, Value>>,
}

impl Refusal {
    /// A refusal without details.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: None }
    }

    /// A `VALIDATION_ERROR`.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::ValidationError, message)
    }

    /// The one answer for what is absent and for what belongs to somebody else.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("No {what} with this id."))
    }

    /// Adds a figure to the details.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.get_or_insert_with(Map::new).insert(name.to_owned(), value.into());
        self
    }
}
