//! Media types: what to make of a sniffed type, its category, and what a browser may show.

use std::str::FromStr;

use content_inspector::ContentType;
use serde::{Deserialize, Serialize};

/// What nobody recognised.
pub const OCTET_STREAM: &str = "application/octet-stream";

/// How many bytes from the start [`refine`] wants to see.
pub const HEAD_BYTES: usize = 4096;

/// `category` of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum Category {
    Image,
    Video,
    Audio,
    Document,
    Archive,
    Code,
    Other,
}

impl Category {
    /// The word in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Archive => "archive",
            Self::Code => "code",
            Self::Other => "other",
        }
    }

    /// The category of a media type.
    pub fn of(mime: &str) -> Self {
        let (group, subtype) = mime.split_once('/').unwrap_or((mime, ""));
        match group {
            "image" => Self::Image,
            "video" => Self::Video,
            "audio" => Self::Audio,
            "font" => Self::Other,
            _ if ARCHIVES.contains(&mime) => Self::Archive,
            _ if CODE.contains(&mime) => Self::Code,
            "text" => Self::Document,
            _ if DOCUMENTS.contains(&mime) => Self::Document,
            _ if subtype.starts_with("vnd.openxmlformats") || subtype.starts_with("vnd.oasis.opendocument") => Self::Document,
            _ => Self::Other,
        }
    }
}

impl FromStr for Category {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_value(text.into()).map_err(|_| format!("unknown category {text:?}"))
    }
}

const ARCHIVES: &[&str] = &[
    "application/zip",
    "application/gzip",
    "application/x-tar",
    "application/x-bzip2",
    "application/x-xz",
    "application/zstd",
    "application/vnd.rar",
    "application/x-7z-compressed",
];

const CODE: &[&str] = &[
    "text/html",
    "text/css",
    "text/javascript",
    "text/xml",
    "text/x-python",
    "text/x-rust",
    "text/x-c",
    "text/x-shellscript",
    "application/json",
    "application/xml",
    "application/xhtml+xml",
    "application/javascript",
    "application/wasm",
    "application/x-sh",
    "application/toml",
    "application/yaml",
];

const DOCUMENTS: &[&str] = &[
    "application/pdf",
    "application/rtf",
    "application/msword",
    "application/epub+zip",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
];

/// The type to store and serve, from what the sniffer found, the first [`HEAD_BYTES`] bytes and the file's name.
///
/// The bytes decide. Active content that hides behind blanks or comments is found here, where a sniffer that wants the mark at
/// the first byte misses it (the tags are those of the WHATWG MIME Sniffing standard, section 7.1). The name only
/// tells one kind of plain text from another (`.csv`, `.md`), which no byte can.
pub fn refine(sniffed: &str, head: &[u8], name: &str) -> String {
    let sniffed = match sniffed {
        "application/mp4" => "video/mp4",
        "application/x-id3v2" => "audio/mpeg",
        "audio/vnd.wave" => "audio/wav",
        other => other,
    };
    if sniffed != OCTET_STREAM && !sniffed.starts_with("text/") {
        return sniffed.to_owned();
    }
    if let Some(active) = active_content(head) {
        return active.to_owned();
    }
    if content_inspector::inspect(head) == ContentType::BINARY {
        return if sniffed.starts_with("text/") { OCTET_STREAM } else { sniffed }.to_owned();
    }
    let by_name = mime_guess::from_path(name).first().map(|guess| guess.essence_str().to_owned());
    match by_name {
        Some(guess) if is_plain_text(&guess) => guess,
        _ if sniffed.starts_with("text/") => sniffed.to_owned(),
        _ => "text/plain".to_owned(),
    }
}

/// Text types that a name may choose. Those that a browser would run are not among them: they must show in the bytes.
pub(super) fn is_plain_text(mime: &str) -> bool {
    let text = mime.starts_with("text/") && !matches!(mime, "text/html" | "text/xml");
    text || matches!(mime, "application/json" | "application/javascript" | "application/toml" | "application/yaml")
}

fn active_content(head: &[u8]) -> Option<&'static str> {
    const HTML: [&str; 18] = [
        "<!doctype html",
        "<html",
        "<head",
        "<script",
        "<iframe",
        "<h1",
        "<div",
        "<font",
        "<table",
        "<a",
        "<style",
        "<title",
        "<b",
        "<body",
        "<br",
        "<p",
        "<meta",
        "<form",
    ];
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head)).to_ascii_lowercase();
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        rest = comment.split_once("-->").map_or("", |(_, after)| after).trim_start();
        if rest.is_empty() {
            return Some("text/html");
        }
    }
    let opens = |tag: &str| {
        rest.strip_prefix(tag).is_some_and(|after| after.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')))
    };
    match rest {
        _ if opens("<svg") => Some("image/svg+xml"),
        _ if rest.starts_with("<?xml") && rest.contains("<svg") => Some("image/svg+xml"),
        _ if rest.starts_with("<?xml") && rest.contains("<html") => Some("application/xhtml+xml"),
        _ if rest.starts_with("<?xml") => Some("text/xml"),
        _ if HTML.iter().any(|tag| opens(tag)) => Some("text/html"),
        _ => None,
    }
}

/// The `Content-Type` to serve a type with.
///
/// What a page of any origin could take in as code of its own (scripts, stylesheets) and what makes a player fetch further
/// addresses (playlists) is served as plain text: together with `nosniff` it is then only something to read or to save. All
/// text is UTF-8 by decree, so that nobody guesses an encoding in which it would say something else.
pub fn served_as(mime: &str) -> String {
    match mime {
        _ if INCLUDED_BY_PAGES.contains(&mime) => "text/plain; charset=utf-8".to_owned(),
        _ if mime.starts_with("text/") => format!("{mime}; charset=utf-8"),
        _ => mime.to_owned(),
    }
}

/// The JavaScript types of the WHATWG MIME Sniffing standard (section 4.6), CSS, and the names of HLS playlists.
const INCLUDED_BY_PAGES: &[&str] = &[
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
    "text/css",
    "application/vnd.apple.mpegurl",
    "application/x-mpegurl",
    "audio/mpegurl",
    "audio/x-mpegurl",
];

/// The `Content-Security-Policy` to serve a type with: no scripts, nothing from elsewhere, and an origin that no other document shares.
///
/// What is shown in place may have the style of the browser's own viewer for it. Video and sound keep the origin of the CDN host,
/// as Chromium's player fetches the file once more and may not from an origin of its own; scripts stay off. PDF has no policy:
/// Chromium drops it for its viewer, which runs a document's scripts apart from every page, origin and cookie, and Safari shows an
/// empty window instead of a sandboxed PDF.
pub fn content_security_policy(mime: &str) -> Option<&'static str> {
    if !shows_inline(mime) {
        return Some("sandbox; default-src 'none'");
    }
    match mime.split('/').next() {
        Some("image" | "text") => Some("sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"),
        Some("video" | "audio") => {
            Some("sandbox allow-same-origin; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'")
        }
        _ => None,
    }
}

/// Whether a browser may show the type in place; everything else is sent as an attachment.
///
/// An allow-list: an unknown type is never shown. SVG, HTML and XML are missing on purpose, as they can carry scripts.
pub fn shows_inline(mime: &str) -> bool {
    matches!(
        mime,
        "image/jpeg"
            | "image/png"
            | "image/gif"
            | "image/webp"
            | "image/avif"
            | "image/bmp"
            | "application/pdf"
            | "text/plain"
            | "text/csv"
            | "video/mp4"
            | "video/webm"
            | "video/quicktime"
            | "audio/mpeg"
            | "audio/mp4"
            | "audio/ogg"
            | "audio/wav"
            | "audio/webm"
            | "audio/flac"
            | "audio/x-m4a"
            | "video/x-m4v"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_content_is_found_behind_blanks_and_comments() {
        for (bytes, expected) in [
            ("<!DOCTYPE html><p>x", "text/html"),
            (" \n <!-- a --> <!-- b --><HTML>", "text/html"),
            ("<!-- never closed", "text/html"),
            ("\u{feff}<script>alert(1)</script>", "text/html"),
            ("<svg xmlns='x'>", "image/svg+xml"),
            ("<?xml version='1.0'?><!-- c --><svg/>", "image/svg+xml"),
            ("<?xml version='1.0'?><rss/>", "text/xml"),
            ("a < b and <b> later", "text/plain"),
        ] {
            assert_eq!(refine(OCTET_STREAM, bytes.as_bytes(), "photo.txt"), expected, "{bytes}");
        }
    }

    #[test]
    fn a_name_chooses_only_among_plain_texts() {
        assert_eq!(refine("text/plain", b"a,b\n1,2\n", "t.csv"), "text/csv");
        assert_eq!(refine("text/plain", b"{}", "t.json"), "application/json");
        assert_eq!(refine("text/plain", b"hello", "t.html"), "text/plain");
        assert_eq!(refine("text/plain", b"hello", "t.png"), "text/plain");
        assert_eq!(refine("image/png", b"\x89PNG", "t.txt"), "image/png");
        assert_eq!(refine(OCTET_STREAM, b"\0\x01\x02", "t.txt"), OCTET_STREAM);
    }

    #[test]
    fn every_category_has_a_type() {
        for (mime, category) in [
            ("image/png", Category::Image),
            ("video/mp4", Category::Video),
            ("audio/mpeg", Category::Audio),
            ("application/pdf", Category::Document),
            ("text/plain", Category::Document),
            ("application/zip", Category::Archive),
            ("application/json", Category::Code),
            (OCTET_STREAM, Category::Other),
        ] {
            assert_eq!(Category::of(mime), category, "{mime}");
        }
    }

    #[test]
    fn what_could_run_is_never_inline() {
        for mime in ["text/html", "image/svg+xml", "text/xml", "application/xhtml+xml", "application/javascript", OCTET_STREAM] {
            assert!(!shows_inline(mime), "{mime}");
            assert_eq!(content_security_policy(mime), Some("sandbox; default-src 'none'"), "{mime}");
        }
    }

    #[test]
    fn what_a_page_could_include_is_served_as_plain_text() {
        for name in ["a.js", "a.mjs", "a.cjs", "a.jsm", "a.es", "a.css", "a.m3u8"] {
            let mime = refine("text/plain", b"alert(1)", name);
            assert_eq!(served_as(&mime), "text/plain; charset=utf-8", "{name} is {mime}");
        }
        for mime in ["audio/x-mpegurl", "application/x-javascript", "text/jscript"] {
            assert_eq!(served_as(mime), "text/plain; charset=utf-8", "{mime}");
        }
        for (mime, served) in [
            ("text/plain", "text/plain; charset=utf-8"),
            ("text/csv", "text/csv; charset=utf-8"),
            ("application/json", "application/json"),
            ("image/png", "image/png"),
        ] {
            assert_eq!(served_as(mime), served);
        }
    }

    #[test]
    fn everything_but_pdf_is_in_a_sandbox_without_scripts() {
        for mime in
            ["image/png", "text/plain", "text/csv", "video/mp4", "audio/mpeg", "text/html", OCTET_STREAM, "application/x-new"]
        {
            let policy = content_security_policy(mime).unwrap();
            let plays = mime.starts_with("video/") || mime.starts_with("audio/");
            assert!(policy.starts_with(if plays {
                "sandbox allow-same-origin; default-src 'none'"
            } else {
                "sandbox; default-src 'none'"
            }));
            assert!(!policy.contains("script"), "{mime}: {policy}");
        }
        assert_eq!(content_security_policy("application/pdf"), None);
    }
}
