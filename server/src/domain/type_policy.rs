//! Which media types a project takes, judged by what the bytes show, and whether a wrong declaration matters.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::media::{self, OCTET_STREAM};

/// What happens to an upload whose declared type contradicts its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnMismatch {
    /// The type that the bytes show is stored.
    #[default]
    Correct,
    /// The upload fails.
    Refuse,
}

impl OnMismatch {
    /// The word in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Refuse => "refuse",
        }
    }
}

impl FromStr for OnMismatch {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Correct, Self::Refuse]
            .into_iter()
            .find(|choice| choice.as_str() == text)
            .ok_or_else(|| format!("{text:?} is neither correct nor refuse"))
    }
}

/// What happens to files where no scanner is configured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScanDemand {
    /// They are published with `scan: "skipped"`.
    #[default]
    WhenAvailable,
    /// They fail with `SCAN_UNAVAILABLE`.
    Required,
}

impl ScanDemand {
    /// The word in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WhenAvailable => "when_available",
            Self::Required => "required",
        }
    }
}

impl FromStr for ScanDemand {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::WhenAvailable, Self::Required]
            .into_iter()
            .find(|choice| choice.as_str() == text)
            .ok_or_else(|| format!("{text:?} is neither when_available nor required"))
    }
}

/// Reads one entry of a project's list: a type such as `application/pdf`, or a whole group such as `image/*`.
pub fn parse_pattern(text: &str) -> Result<String, String> {
    let pattern = text.trim().to_ascii_lowercase();
    let token = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    let good = pattern.split_once('/').is_some_and(|(group, subtype)| token(group) && (subtype == "*" || token(subtype)));
    if good { Ok(pattern) } else { Err(format!("{text:?} is not a media type: write image/png, or image/* for all of a group")) }
}

/// Whether a list admits a type. An empty list admits all.
pub fn allows(patterns: &[String], mime: &str) -> bool {
    patterns.is_empty()
        || patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(group) => mime.starts_with(group),
            None => mime == pattern,
        })
}

/// Whether two types are the same but for parameters and case (RFC 9110, section 8.3.1). Other names of a type are other types here:
/// a session's PUT repeats the type that the session was opened for.
pub fn same_type(one: &str, other: &str) -> bool {
    without_parameters(one) == without_parameters(other)
}

fn without_parameters(mime: &str) -> String {
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The type without its parameters, in lower case, by its usual name.
pub fn essence(mime: &str) -> String {
    let plain = without_parameters(mime);
    let usual = match plain.as_str() {
        "" | "binary/octet-stream" | "application/x-www-form-urlencoded" => OCTET_STREAM,
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        "image/x-png" => "image/png",
        "image/x-ms-bmp" => "image/bmp",
        "image/heif" => "image/heic",
        "audio/mp3" | "audio/x-mp3" => "audio/mpeg",
        "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "audio/wav",
        "audio/x-flac" => "audio/flac",
        "audio/x-m4a" | "audio/m4a" => "audio/mp4",
        "video/x-m4v" => "video/mp4",
        "application/x-zip-compressed" | "application/x-zip" => "application/zip",
        "application/x-gzip" => "application/gzip",
        "application/x-pdf" => "application/pdf",
        "application/x-javascript" | "application/javascript" => "text/javascript",
        "application/xml" => "text/xml",
        other => return other.to_owned(),
    };
    usual.to_owned()
}

/// Whether a declared type names something specific at all.
pub fn is_specific(declared: &str) -> bool {
    essence(declared) != OCTET_STREAM
}

/// Whether the bytes show something else than was declared.
///
/// Who declares nothing specific contradicts nothing. Kinds of plain text cannot be told apart by their bytes, so they do not
/// contradict each other, and nor does an own type of the app for bytes that nobody recognises.
pub fn contradicts(declared: &str, sniffed: &str) -> bool {
    let (declared, sniffed) = (essence(declared), essence(sniffed));
    if declared == sniffed || declared == OCTET_STREAM {
        return false;
    }
    if sniffed == OCTET_STREAM {
        let recognisable = ["image/", "video/", "audio/"].iter().any(|group| declared.starts_with(group));
        return recognisable || media::is_plain_text(&declared) || declared == "application/pdf" || declared == "application/zip";
    }
    if media::is_plain_text(&sniffed) {
        let textual = declared.starts_with("text/") || media::is_plain_text(&declared) || declared.starts_with("application/");
        return !textual || matches!(declared.as_str(), "application/pdf" | "application/zip" | "text/html" | "text/xml");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_types_or_groups() {
        for (text, pattern) in
            [("image/*", "image/*"), (" Application/PDF ", "application/pdf"), ("image/svg+xml", "image/svg+xml")]
        {
            assert_eq!(parse_pattern(text).unwrap(), pattern);
        }
        for bad in ["", "*", "*/*", "image", "image/", "/png", "image/p*", "image/png; q=1", "image/png,image/gif"] {
            assert!(parse_pattern(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_admits_what_it_names() {
        let list = ["image/*".to_owned(), "application/pdf".to_owned()];
        for (mime, admitted) in [
            ("image/png", true),
            ("application/pdf", true),
            ("application/pdfx", false),
            ("text/html", false),
            ("imagex/png", false),
        ] {
            assert_eq!(allows(&list, mime), admitted, "{mime}");
        }
        assert!(allows(&[], "text/html"));
    }

    #[test]
    fn a_declaration_contradicts_only_what_the_bytes_can_tell() {
        for (declared, sniffed, wrong) in [
            ("image/png", "image/png", false),
            ("IMAGE/PNG; x=1", "image/png", false),
            ("image/jpg", "image/jpeg", false),
            ("application/octet-stream", "image/png", false),
            ("", "image/png", false),
            ("image/png", "text/html", true),
            ("image/png", "image/jpeg", true),
            ("image/png", "text/plain", true),
            ("image/png", OCTET_STREAM, true),
            ("application/x-own", OCTET_STREAM, false),
            ("application/x-own", "text/plain", false),
            ("text/csv", "text/plain", false),
            ("application/json", "text/plain", false),
            ("text/plain", "text/csv", false),
            ("text/plain", "text/html", true),
            ("text/html", "text/plain", true),
            ("text/plain", OCTET_STREAM, true),
            ("application/pdf", "text/plain", true),
            ("text/plain", "application/pdf", true),
        ] {
            assert_eq!(contradicts(declared, sniffed), wrong, "{declared} for {sniffed}");
        }
    }
}
