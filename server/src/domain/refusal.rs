//! What we answer when we say no: a code that programs read, a sentence that a person can act on.
//!
//! The codes are the contract's. To add one: a line here, its HTTP status in `http/error.rs`; then `make reference`.

use serde_json::{Map, Value};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident => $text:literal),* $(,)?) => {
        /// A reason to refuse, in the words of the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant),* }

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
    // Of each: when it is answered, then what the caller can do. `docs/reference/errors.md` is made of these texts.
    /// A field, a query parameter or a JSON body is understood and does not fit: a missing or mistyped JSON field, `size`
    /// below 1, a `contentType` that is empty, too long or has characters that a header cannot have, `folder`, `metadata`
    /// or `ownerRef` beyond its limits, `isPublic` other than true or false, `projectId` that is not a UUID, a text field
    /// that is there twice, longer than 64 KiB or not UTF-8, too many files in a request, `expiresIn` outside 60 to 604800,
    /// an unknown `variant`, `limit` outside 1 to 200, a `cursor` or `after` that is none, an `Idempotency-Key` that is
    /// empty, too long or there twice.
    ///
    /// Change what the message names.
    ValidationError => "VALIDATION_ERROR",
    /// A direct upload without a part named `file`.
    ///
    /// Send at least one.
    MissingFile => "MISSING_FILE",
    /// A direct upload without `projectId`, or with a blank one, or with files of more than 16 MiB before it.
    ///
    /// Send it, before the files if they are large.
    MissingProjectId => "MISSING_PROJECT_ID",
    /// A file of a direct upload has no bytes; none of the request's files was taken.
    ///
    /// Leave it out.
    EmptyFile => "EMPTY_FILE",
    /// The name is empty, longer than 512 characters, has a NUL, or nothing of it is left, such as `..`; or `filename` was
    /// sent with several files.
    ///
    /// Send another name.
    InvalidFilename => "INVALID_FILENAME",
    /// The body is not JSON, is JSON of more than 64 KiB, is not a readable `multipart/form-data`, or broke off, paused for
    /// longer than `http.idle_timeout` or came more slowly than 1 KiB a second; or the request has no `Host` (HTTP/1.1) or
    /// more than one.
    ///
    /// Mend the client; try again if the connection broke.
    MalformedRequest => "MALFORMED_REQUEST",
    /// No `Authorization: Bearer` header, a key that is malformed or mistyped, unknown or revoked; or two `Authorization`
    /// headers that differ.
    ///
    /// Check the key.
    Unauthorized => "UNAUTHORIZED",
    /// The key is good and lacks the permission that the message names.
    ///
    /// Use another key.
    PermissionDenied => "PERMISSION_DENIED",
    /// CDN host: an upload token or a download signature that is not ours, is incomplete, or was changed; also one by a
    /// master key that was removed.
    ///
    /// Ask the API for a new URL.
    InvalidSignature => "INVALID_SIGNATURE",
    /// CDN host: a good download signature whose time is over.
    ///
    /// Ask the API for a new URL.
    UrlExpired => "URL_EXPIRED",
    /// A limit of bytes or files would be passed. `details`: `limit`, `used` (stored and reserved), `requested`, `unit`
    /// (`bytes` or `files`), `scope` (`workspace`, `project` or `owner`).
    ///
    /// Delete files, or raise the limit.
    QuotaExceeded => "QUOTA_EXCEEDED",
    /// Unknown address; unknown id; an id of another workspace or outside the key's projects; something that is not an id;
    /// a file that is not published yet or is deleted; a variant that the file does not have; a private file without a
    /// signature.
    ///
    /// Check the id; wait for the upload to complete.
    NotFound => "NOT_FOUND",
    /// The address exists and does not know the method; see `Allow`.
    ///
    /// Use another method.
    MethodNotAllowed => "METHOD_NOT_ALLOWED",
    /// `complete` before a whole PUT was stored.
    ///
    /// PUT the bytes, then complete.
    UploadNotReceived => "UPLOAD_NOT_RECEIVED",
    /// A PUT that a newer one of its session has replaced; PUT or cancel after `complete`, anything but reading after a
    /// cancel, cancel of a direct upload.
    ///
    /// Open a new session.
    SessionNotActive => "SESSION_NOT_ACTIVE",
    /// PUT, complete or cancel after the session's `expiresAt`, also when the PUT began before it.
    ///
    /// Open a new session.
    SessionExpired => "SESSION_EXPIRED",
    /// The `Idempotency-Key` was used within 24 hours for another request.
    ///
    /// Use a new key for a new request.
    IdempotencyConflict => "IDEMPOTENCY_CONFLICT",
    /// Dashboard only: a workspace would lose its last owner, an address has an account already, or somebody is a member
    /// already.
    ///
    /// Do what the message says.
    Conflict => "CONFLICT",
    /// A file is larger than `uploads.max_file_size`, `scan.max_file_size` where a scanner is on, or the limit of the
    /// workspace, the project or the owner. `details`: `limit`.
    ///
    /// Send a smaller file.
    FileTooLarge => "FILE_TOO_LARGE",
    /// The declared type is not on the project's list, and the project refuses wrong declarations. `details`: `allowed`.
    ///
    /// Send a type of the list.
    ContentTypeNotAllowed => "CONTENT_TYPE_NOT_ALLOWED",
    /// CDN host: the range begins after the file's end; `Content-Range` says its size.
    ///
    /// Ask for another range.
    RangeNotSatisfiable => "RANGE_NOT_SATISFIABLE",
    /// A PUT to an upload URL that has no `Content-Length` and is not chunked; some clients send an empty body so.
    ///
    /// Send the length.
    LengthRequired => "LENGTH_REQUIRED",
    /// CDN host: `If-Match` does not name the file's `ETag`.
    ///
    /// Fetch it anew.
    PreconditionFailed => "PRECONDITION_FAILED",
    /// A PUT has more or fewer bytes than the session declared. `details`: `expected`.
    ///
    /// PUT the declared file, or open a new session.
    SizeMismatch => "SIZE_MISMATCH",
    /// A PUT has another `Content-Type` than the session declared, or none.
    ///
    /// Send the declared type.
    ContentTypeMismatch => "CONTENT_TYPE_MISMATCH",
    /// More requests than `limits.*` allows, of this API key or from this address; the message says which. `details`:
    /// `limit` (requests a second), `retryAfter` (seconds, as in the header `Retry-After`). Nothing was done.
    ///
    /// Wait as long as `Retry-After` says.
    RateLimited => "RATE_LIMITED",
    /// The database is out of reach, restarts, is busy beyond its limits, or all its connections are taken. With
    /// `Retry-After`.
    ///
    /// Try again, uploads with the same `Idempotency-Key`: one that waited too long for its commit may have been taken.
    ServiceUnavailable => "SERVICE_UNAVAILABLE",
    /// No room on the disk of the files or of the database; nothing was stored.
    ///
    /// Try again when the operator has made room.
    StorageFull => "STORAGE_FULL",
    /// A fault of the server, a panic too; the log has it under the request's id.
    ///
    /// Try again; report the id if it stays.
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
