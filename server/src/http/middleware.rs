//! Around every request: an id, a log line without secrets, metrics, and an answer even after a panic.

use std::{any::Any, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use super::error::ApiError;
use crate::domain::{clock::random_bytes, refusal::Code};

static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the metrics call by name. A client may invent any method, and each name in the metrics is kept as long as the process.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request that this task answers; empty outside of one.
pub(super) fn current_request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Gives the request its id, logs it and counts it. An answer that says nothing of caches is kept by none: many carry signed URLs,
/// and a file that is not found today may be there tomorrow.
///
/// Only the route's template is logged: paths and queries carry upload tokens and signatures.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let id = hex::encode(random_bytes::<8>());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id, %method, route);
    let begun = Instant::now();
    let mut response = REQUEST_ID.scope(id.clone(), next.run(request).instrument(span.clone())).await;
    let took = begun.elapsed();
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(status, took = ?took, "answered"));
    let counted = METHODS.into_iter().find(|known| *known == method.as_str()).unwrap_or("other");
    let labels = [("method", counted.to_owned()), ("route", route), ("status", status.to_string())];
    metrics::histogram!("reupload_http_request_seconds", &labels).record(took.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(X_REQUEST_ID.clone(), value);
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses a request that does not name one host (RFC 9112, section 3.2).
pub(super) async fn one_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts == 1 || hosts == 0 && request.version() == Version::HTTP_10 {
        return next.run(request).await;
    }
    ApiError::new(Code::MalformedRequest, "Send one Host header.").into_response()
}

/// The answer after a panic.
pub(super) fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("unknown"), "a request panicked");
    ApiError::internal().into_response()
}
