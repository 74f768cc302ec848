//! A file's name, folder and metadata: what we accept and what we make of it. Its variants and how it is sent.

use std::{collections::BTreeMap, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{
    ids::BlobId,
    refusal::{Code, Refusal},
};

/// Most characters of a name.
pub const MAX_NAME_CHARS: usize = 512;
/// Most characters of a folder path.
pub const MAX_FOLDER_CHARS: usize = 1024;
/// Most characters of an `ownerRef`.
pub const MAX_OWNER_CHARS: usize = 255;
/// Most characters of a declared media type.
pub const MAX_TYPE_CHARS: usize = 255;
/// Most pairs of metadata.
pub const MAX_METADATA_PAIRS: usize = 16;
const MAX_METADATA_BYTES: usize = 2048;

/// The app's own words about a file: at most 16 pairs and 2 KiB, keys and values together.
pub type Metadata = BTreeMap<String, String>;

/// What a committed blob is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its name.
    pub id: BlobId,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes, taken while they were written.
    pub sha256: [u8; 32],
}

/// A name as it was sent and as we show, serve and file it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// Exactly what came in (`originalName`).
    pub original: String,
    /// Without folders, control characters and marks that turn the direction of text (`name`).
    pub clean: String,
}

impl FileName {
    /// Takes any name of 1 to 512 characters in any language.
    ///
    /// Refuses (`INVALID_FILENAME`) an empty or too long name, one with a NUL, and one of which nothing is left, such as `..`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |why: &str| Err(Refusal::new(Code::InvalidFilename, why));
        if text.trim().is_empty() {
            return refuse("The filename is empty.");
        }
        if text.chars().count() > MAX_NAME_CHARS {
            return refuse("The filename is longer than 512 characters.");
        }
        if text.contains('\0') {
            return refuse("The filename contains a NUL character.");
        }
        let last = text.rsplit(['/', '\\']).next().unwrap_or(text);
        let visible: String = last.chars().filter(|c| !c.is_control() && !turns_text(*c)).collect();
        let clean = visible.trim();
        if clean.is_empty() || clean.chars().all(|c| c == '.') {
            return refuse("The filename has no usable characters.");
        }
        Ok(Self { original: text.to_owned(), clean: clean.to_owned() })
    }
}

/// Marks that make `gpj.exe` read as `exe.jpg` (Unicode TR 36, bidirectional text spoofing), and line separators.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// Normalises a folder to `a/b`, or the empty string for the top.
pub fn parse_folder(text: &str) -> Result<String, Refusal> {
    let refuse = |why: &str| Err(Refusal::invalid(why));
    if text.chars().count() > MAX_FOLDER_CHARS {
        return refuse("The folder is longer than 1024 characters.");
    }
    if text.chars().any(|c| c.is_control() || turns_text(c) || c == '\\') {
        return refuse("The folder contains a control character, a direction mark or a backslash.");
    }
    let parts: Vec<&str> = text.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| matches!(*part, "." | "..")) {
        return refuse("The folder contains . or .. as a part.");
    }
    Ok(parts.join("/"))
}

/// Whether `folder` is `outer` or below it; all are below the top, which is empty. Both are normalised.
pub fn is_in(folder: &str, outer: &str) -> bool {
    outer.is_empty() || folder.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a search compares: in small letters and, as the same accent may be written in two ways, composed (Unicode NFC).
///
/// Letter by letter: a word's last sigma must also be found within a longer word.
pub fn searchable(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).nfc().collect()
}

/// The path of a file within its project: folder and name.
pub fn path(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Checks the limits on metadata.
pub fn check_metadata(metadata: &Metadata) -> Result<(), Refusal> {
    if metadata.len() > MAX_METADATA_PAIRS {
        return Err(Refusal::invalid("metadata has more than 16 pairs."));
    }
    if metadata.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > MAX_METADATA_BYTES {
        return Err(Refusal::invalid("metadata is larger than 2 KiB."));
    }
    if metadata.iter().any(|(key, value)| key.is_empty() || key.contains('\0') || value.contains('\0')) {
        return Err(Refusal::invalid("metadata has an empty key or a NUL character."));
    }
    Ok(())
}

/// Checks the limits on an `ownerRef`.
pub fn check_owner(owner: &str) -> Result<(), Refusal> {
    if owner.is_empty() || owner.chars().count() > MAX_OWNER_CHARS || owner.contains('\0') {
        return Err(Refusal::invalid("ownerRef must have 1 to 255 characters and no NUL."));
    }
    Ok(())
}

/// Which picture of a file is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// The bytes as they came.
    #[default]
    Original,
    /// Fits inside 64 × 64 pixels.
    #[serde(rename = "thumb_64")]
    Thumb64,
    /// Fits inside 160 × 160 pixels.
    #[serde(rename = "thumb_160")]
    Thumb160,
    /// Fits inside 320 × 320 pixels.
    #[serde(rename = "thumb_320")]
    Thumb320,
}

impl Variant {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Thumb64 => "thumb_64",
            Self::Thumb160 => "thumb_160",
            Self::Thumb320 => "thumb_320",
        }
    }
}

impl FromStr for Variant {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        [Self::Original, Self::Thumb64, Self::Thumb160, Self::Thumb320]
            .into_iter()
            .find(|variant| variant.as_str() == text)
            .ok_or_else(|| Refusal::invalid("variant must be original, thumb_64, thumb_160 or thumb_320."))
    }
}

/// What a thumbnail is saved as: the file's name with the size, and the ending of the type that it has.
pub fn thumbnail_name(name: &str, variant: Variant, mime: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let ending = if mime == "image/jpeg" { "jpg" } else { mime.rsplit('/').next().unwrap_or_default() };
    format!("{}_{}.{ending}", if stem.is_empty() { "file" } else { stem }, variant.as_str())
}

/// Everything but RFC 3986's unreserved characters, which are also safe in RFC 8187's `attr-char`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name as a path segment of a URL.
pub fn url_segment(name: &str) -> String {
    utf8_percent_encode(name, ESCAPED).to_string()
}

/// `Content-Disposition` (RFC 6266): an ASCII stand-in for old clients, the true name by RFC 8187.
pub fn content_disposition(name: &str, attachment: bool) -> String {
    let kind = if attachment { "attachment" } else { "inline" };
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | ';');
    let ascii: String = name.chars().map(|c| if plain(c) || c == ' ' { c } else { '_' }).collect();
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}", url_segment(name))
}

/// The folder directly below `folder` that `path` is, or is below; none if it is not below.
pub fn child_of(folder: &str, path: &str) -> Option<String> {
    let below = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
    let name = below.split('/').next().filter(|name| !name.is_empty())?;
    Some(if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
}

#[cfg(test)]
mod tests {
    #[test]
    fn children_of_a_folder() {
        for (folder, path, child) in [
            ("", "a", Some("a")),
            ("", "a/b/c", Some("a")),
            ("", "", None),
            ("a", "a/b/c", Some("a/b")),
            ("a", "a", None),
            ("a", "ab/c", None),
            ("a/b", "a/b/c", Some("a/b/c")),
        ] {
            assert_eq!(child_of(folder, path).as_deref(), child, "{path} in {folder}");
        }
    }

    use super::*;

    #[test]
    fn names_in_any_language_stay_and_traps_go() {
        for (sent, clean) in [
            ("写真.jpg", "写真.jpg"),
            ("صورة.png", "صورة.png"),
            ("🦀 crab.gif", "🦀 crab.gif"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.txt", "a.txt"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
            ("exe.\u{202E}gpj", "exe.gpj"),
            (" padded .txt ", "padded .txt"),
        ] {
            let name = FileName::parse(sent).unwrap();
            assert_eq!((name.original.as_str(), name.clean.as_str()), (sent, clean));
        }
        assert!(FileName::parse(&"x".repeat(512)).is_ok());
        for bad in ["", "  ", "..", "a/..", "a/", "\u{202E}", "nul\0", &"x".repeat(513)] {
            assert_eq!(FileName::parse(bad).unwrap_err().code, Code::InvalidFilename, "{bad:?}");
        }
    }

    #[test]
    fn a_thumbnail_is_named_after_its_file() {
        assert_eq!(thumbnail_name("写真.png", Variant::Thumb64, "image/webp"), "写真_thumb_64.webp");
        assert_eq!(thumbnail_name(".gif", Variant::Thumb320, "image/jpeg"), "file_thumb_320.jpg");
        assert_eq!(thumbnail_name("a", Variant::Thumb160, "image/jpeg"), "a_thumb_160.jpg");
    }

    #[test]
    fn folders_are_normalised() {
        assert_eq!(parse_folder("/a//b/").unwrap(), "a/b");
        assert_eq!(parse_folder("").unwrap(), "");
        assert!(parse_folder("a/../b").is_err());
        assert!(parse_folder("a\nb").is_err());
        for (folder, inside) in [("a", true), ("a/b", true), ("ab", false), ("", false), ("b/a", false)] {
            assert_eq!(is_in(folder, "a"), inside, "{folder}");
            assert!(is_in(folder, ""), "{folder}");
        }
    }

    #[test]
    fn a_search_knows_no_case_and_no_spelling_of_accents() {
        for (one, other) in [("ÄRGER", "a\u{308}rger"), ("ΟΔΟΣ", "οδος"), ("STRAẞE", "straße"), ("İ", "i\u{307}")] {
            assert_eq!(searchable(one), searchable(other));
        }
        assert_ne!(searchable("é"), searchable("e"));
    }

    #[test]
    fn a_disposition_is_one_safe_line() {
        assert_eq!(
            content_disposition("naïve \"file\".txt", true),
            "attachment; filename=\"na_ve _file_.txt\"; filename*=UTF-8''na%C3%AFve%20%22file%22.txt"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_name_breaks_a_header_or_a_path(text in "\\PC{0,40}|[\\x00-\\x7f]{0,40}") {
            if let Ok(name) = FileName::parse(&text) {
                let line = content_disposition(&name.clean, false);
                assert!(line.bytes().all(|b| (0x20..0x7f).contains(&b)));
                assert!(!name.clean.contains(['/', '\\']));
            }
        }
    }
}
