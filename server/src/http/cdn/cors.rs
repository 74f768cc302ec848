//! CORS (Fetch standard) for exactly the origins of a project, without credentials.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::domain::cors;

/// How long a browser may remember a preflight, in seconds.
const MAX_AGE: &str = "600";
const METHODS: &str = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
const EXPOSED: &str = "Content-Disposition, Content-Length, Content-Range, Accept-Ranges, ETag, X-Request-Id";

/// The `Origin` header, if a browser sent one.
pub(super) fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok())
}

/// Adds what lets a page of an allowed origin read the answer.
pub(super) fn allow(response: &mut Response, origin: Option<&str>, allowed: &[String]) {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin.filter(|origin| cors::is_allowed(allowed, origin)) else { return };
    if let Ok(origin) = HeaderValue::from_str(origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}

/// Answers a preflight. A foreign origin gets the same status without the headers, so its browser refuses.
pub(super) fn preflight(request: &HeaderMap, allowed: &[String]) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    allow(&mut response, origin(request), allowed);
    let headers = response.headers_mut();
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
        // No header of a request means anything here beyond what the signature allows, so all that are asked for may be sent.
        let asked = request.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(HeaderValue::from_static("Content-Type")));
    }
    response
}
