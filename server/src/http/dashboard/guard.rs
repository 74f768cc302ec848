//! Around every route of the dashboard: a page of another site can send nothing here in its visitor's name (CSRF).
//!
//! The rule is that of Go 1.25's `net/http.CrossOriginProtection`: browsers say by `Sec-Fetch-Site` (W3C, "Fetch Metadata Request
//! Headers") where a request comes from, older ones by `Origin`; what says neither is no browser. Bodies must be JSON by their type,
//! which no form can send.

use crate::{
    app::App,
    domain::{cors::origin_of, refusal::Code},
    http::error::ApiError,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// See the module's text.
pub(in crate::http) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && let Err(refused) = check(request.headers(), &app.config().api.public_url) {
        return refused.into_response();
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        // The scheme of the API's keys does not work here.
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Cookie"));
    }
    response
}

fn check(headers: &HeaderMap, public_url: &str) -> Result<(), ApiError> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let is_own = match (text(&SEC_FETCH_SITE), text(&header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => Some(origin) == origin_of(public_url).as_deref(),
        (None, None) => true,
    };
    if !is_own {
        return Err(ApiError::new(Code::PermissionDenied, "This request comes from a page of another site, and was not done."));
    }
    let has_body =
        headers.contains_key(header::TRANSFER_ENCODING) || text(&header::CONTENT_LENGTH).is_some_and(|length| length != "0");
    let essence = text(&header::CONTENT_TYPE).map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match essence.as_deref() {
        Some("application/json") => Ok(()),
        None if !has_body => Ok(()),
        _ => Err(ApiError::new(Code::ContentTypeNotAllowed, "Send the body as Content-Type: application/json.")),
    }
}
