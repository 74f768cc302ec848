//! Answers with files that were embedded: compressed if the browser takes it, and kept by it as long as their names say.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{Embed, EmbeddedFile};

use super::insert;

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// Encodings in the order in which they are chosen, with the ending of their files.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The answer with a file of `P`, if there is one of this name that is for others.
pub(super) fn answer<P: Embed>(name: &str, asked: &HeaderMap) -> Option<Response> {
    let file = Some(name).filter(|name| is_for_others(name)).and_then(P::get)?;
    // Of the file as it was built: weak, since the bytes on the wire may be compressed (RFC 9110, section 8.8.1).
    let tag = format!("W/\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let keep = if name.starts_with("assets/") { FOREVER } else { ASK_AGAIN };
    let mut response = match asked.get(header::IF_NONE_MATCH) {
        Some(known) if known.as_bytes() == tag.as_bytes() => StatusCode::NOT_MODIFIED.into_response(),
        _ => whole::<P>(name, file, asked),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, keep);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    insert(headers, header::ETAG, &tag);
    Some(response)
}

/// Compressed files are variants of others, and no files themselves; names with a dot in front are the build's own.
fn is_for_others(name: &str) -> bool {
    !name.starts_with('.') && !ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending))
}

fn whole<P: Embed>(name: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let (body, encoding) = compressed::<P>(name, asked).unwrap_or((file.data, None));
    let mut response = Body::from(body.into_owned()).into_response();
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    insert(response.headers_mut(), header::CONTENT_TYPE, &kind);
    if let Some(encoding) = encoding {
        insert(response.headers_mut(), header::CONTENT_ENCODING, encoding);
    }
    response
}

/// The smallest form of the file that the browser takes, if there is one beside it.
fn compressed<P: Embed>(name: &str, asked: &HeaderMap) -> Option<(Cow<'static, [u8]>, Option<&'static str>)> {
    let accepted = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |wanted: &str| {
        accepted.split(',').any(|one| {
            let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
            coding.trim().eq_ignore_ascii_case(wanted) && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    ENCODINGS.into_iter().find_map(|(encoding, ending)| {
        let file = takes(encoding).then(|| P::get(&format!("{name}{ending}")))??;
        Some((file.data, Some(encoding)))
    })
}
