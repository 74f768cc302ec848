//! The dashboard, from `dashboard/dist`: a release has it in the binary, a debug build reads the folder as it is at the moment.
//!
//! The dashboard has routes of its own, so any address that a browser asks for as a page and that nobody else answers is `index.html`. Files
//! under `assets/` carry a hash in their names and are kept for ever. The build puts a `.br` and a `.gz` beside what gets smaller by it.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{Embed, EmbeddedFile};
use url::Url;

use super::router::not_found;
use crate::app::App;

#[derive(Embed)]
#[folder = "../dashboard/dist"]
#[allow_missing = true]
struct Dashboard;

/// What a browser is shown while there is no dashboard.
const MISSING: &str = include_str!("missing.html");
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// Encodings in the order in which they are chosen, with the ending of their files.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Answers what no route of the API host answers: with a file of the dashboard, with its one page, or with 404.
pub(super) async fn dashboard(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || path.starts_with("/api/") {
        return not_found().await.into_response();
    }
    let headers = request.headers();
    let name = path.trim_start_matches('/');
    let found = Some(name).filter(|name| is_for_others(name)).and_then(|name| Some((name, Dashboard::get(name)?)));
    let mut response = match found {
        Some((name, file)) => answer(name, file, headers),
        None if !accepts_pages(headers) => return not_found().await.into_response(),
        None => match Dashboard::get("index.html") {
            Some(file) => answer("index.html", file, headers),
            None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], MISSING).into_response(),
        },
    };
    protect(response.headers_mut(), &app.config().cdn.public_url);
    response
}

/// Whether a browser asks for a page, and not a script or a program for something else.
fn accepts_pages(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accept.flat_map(|text| text.split(',')).any(|range| range.trim().split(';').next() == Some("text/html"))
}

/// Compressed files are variants of others, and no files themselves; names with a dot in front are the build's own.
fn is_for_others(name: &str) -> bool {
    !name.starts_with('.') && !ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending))
}

fn answer(name: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    // Of the file as it was built: weak, since the bytes on the wire may be compressed (RFC 9110, section 8.8.1).
    let tag = format!("W/\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let keep = if name.starts_with("assets/") { FOREVER } else { ASK_AGAIN };
    let mut response = if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (body, encoding) = compressed(name, asked).unwrap_or((file.data, None));
        let mut response = Body::from(body.into_owned()).into_response();
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let kind = if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() };
        insert(response.headers_mut(), header::CONTENT_TYPE, &kind);
        if let Some(encoding) = encoding {
            insert(response.headers_mut(), header::CONTENT_ENCODING, encoding);
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, keep);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    insert(headers, header::ETAG, &tag);
    response
}

type Bytes = std::borrow::Cow<'static, [u8]>;

/// The smallest form of the file that the browser takes, if there is one beside it.
fn compressed(name: &str, asked: &HeaderMap) -> Option<(Bytes, Option<&'static str>)> {
    let accepted = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |wanted: &str| {
        accepted.split(',').any(|one| {
            let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
            coding.trim().eq_ignore_ascii_case(wanted) && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    ENCODINGS.into_iter().find_map(|(encoding, ending)| {
        let file = takes(encoding).then(|| Dashboard::get(&format!("{name}{ending}")))??;
        Some((file.data, Some(encoding)))
    })
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
    if let Ok(value) = value.parse() {
        headers.insert(name, value);
    }
}
