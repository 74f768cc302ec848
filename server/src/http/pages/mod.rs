//! The dashboard, from `dashboard/dist`, and the documentation, from `docs/site/dist`: a release has them in the binary, a debug build reads
//! the folders as they are at the moment.
//!
//! The dashboard has routes of its own, so any address that a browser asks for as a page and that nobody else answers is `index.html`. Files
//! under `assets/` carry a hash in their names and are kept for ever. The builds put a `.br` and a `.gz` beside what gets smaller by it.

mod embedded;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::Embed;
use url::Url;

use super::router::not_found;
use crate::app::App;

#[derive(Embed)]
#[folder = "../dashboard/dist"]
#[allow_missing = true]
struct Dashboard;

#[derive(Embed)]
#[folder = "../docs/site/dist"]
#[allow_missing = true]
struct Docs;

/// What a browser is shown instead of pages that were not built.
const MISSING: &str = include_str!("missing.html");

/// Answers what no route of the API host answers: with a file of the dashboard, with its one page, or with 404.
pub(super) async fn dashboard(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || path.starts_with("/api/") {
        return not_found().await.into_response();
    }
    let headers = request.headers();
    let mut response = match embedded::answer::<Dashboard>(path.trim_start_matches('/'), headers) {
        Some(response) => response,
        None if !accepts_pages(headers) => return not_found().await.into_response(),
        None => embedded::answer::<Dashboard>("index.html", headers).unwrap_or_else(missing),
    };
    protect(response.headers_mut(), &app.config().cdn.public_url);
    response
}

/// The documentation: `/docs/guides/django` is `guides/django.html`, `/docs/guides/django.md` the same as Markdown. What it does not have is
/// 404, for a browser with a page of its own.
pub(super) async fn docs(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let name = path.strip_prefix("/docs").unwrap_or(path).trim_matches('/');
    let page = if name.is_empty() { "index.html".to_owned() } else { format!("{name}.html") };
    let found = embedded::answer::<Docs>(name, &headers).or_else(|| embedded::answer::<Docs>(&page, &headers));
    let mut response = match found {
        Some(response) => response,
        None if !accepts_pages(&headers) => return not_found().await.into_response(),
        None if Docs::get("index.html").is_none() => missing(),
        None => {
            let mut response = embedded::answer::<Docs>("404.html", &HeaderMap::new()).unwrap_or_else(missing);
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    };
    protect(response.headers_mut(), &app.config().cdn.public_url);
    response
}

fn missing() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], MISSING).into_response()
}

/// Whether a browser asks for a page, and not a script or a program for something else.
fn accepts_pages(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accept.flat_map(|text| text.split(',')).any(|range| range.trim().split(';').next() == Some("text/html"))
}

/// Tells the browser to run and load nothing that is not from here; previews come from the CDN host, which runs nothing either.
fn protect(headers: &mut HeaderMap, cdn: &str) {
    let cdn = Url::parse(cdn).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self' {cdn}; img-src 'self' blob: data: {cdn}; \
         media-src {cdn}; frame-src {cdn}; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    );
    insert(headers, header::CONTENT_SECURITY_POLICY, &policy);
    insert(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    insert(headers, header::REFERRER_POLICY, "no-referrer");
    insert(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    insert(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = value.parse::<HeaderValue>() {
        headers.insert(name, value);
    }
}
