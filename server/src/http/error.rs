//! The table of codes, and how a failure looks on the wire.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::middleware;
use crate::{
    app,
    domain::refusal::{Code, Refusal},
};

/// The HTTP status of a code. The contract's table.
pub const fn status_of(code: Code) -> StatusCode {
    match code {
        Code::ValidationError
        | Code::MissingFile
        | Code::MissingProjectId
        | Code::EmptyFile
        | Code::InvalidFilename
        | Code::MalformedRequest => StatusCode::BAD_REQUEST,
        Code::Unauthorized => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied | Code::InvalidSignature | Code::UrlExpired | Code::QuotaExceeded => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::UploadNotReceived | Code::SessionNotActive | Code::IdempotencyConflict | Code::Conflict => StatusCode::CONFLICT,
        Code::SessionExpired => StatusCode::GONE,
        Code::LengthRequired => StatusCode::LENGTH_REQUIRED,
        Code::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Code::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::ContentTypeNotAllowed => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        Code::SizeMismatch | Code::ContentTypeMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The body of every answer that is not a success.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErrorBody {
    /// A code for programs.
    #[schema(example = "VALIDATION_ERROR", pattern = "^[A-Z_]+$")]
    error: &'static str,
    /// A sentence that a person can act on.
    message: String,
    /// The request's id, as in `X-Request-Id`: quote it when you ask for help.
    request_id: String,
    /// Figures, where they help.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    details: Option<Map<String, Value>>,
}

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct ApiError(pub(super) Refusal);

impl ApiError {
    /// A refusal without details.
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Refusal::new(code, message))
    }

    /// What a client is told of a fault of ours.
    pub(super) fn internal() -> Self {
        Self::new(Code::InternalError, "Something went wrong on our side. Try again; if it stays, give us the request id.")
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<app::Error> for ApiError {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::Refused(refusal) => Self(refusal),
            app::Error::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "a request failed");
                Self::internal()
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Refusal { code, message, details } = self.0;
        let wait = details.as_ref().and_then(|details| details.get("retryAfter")).and_then(Value::as_u64);
        let body = ErrorBody { error: code.as_str(), message, request_id: middleware::current_request_id(), details };
        let mut response = (status_of(code), Json(body)).into_response();
        let headers = response.headers_mut();
        match code {
            Code::ServiceUnavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            Code::RateLimited => {
                headers.insert(header::RETRY_AFTER, wait.unwrap_or(1).into());
            }
            Code::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response
    }
}
