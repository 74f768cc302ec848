//! Which format a zip archive is by the names of its members: office documents, books, programs. To add one: a line in
//! [`by_member`], or in [`by_declaration`] if the format names itself in a member called `mimetype`.

/// The member in which `OpenDocument` and EPUB files name their type, stored as it is (ODF 1.3 part 2, section 3.3; EPUB OCF 3.3,
/// section 4.3).
pub const DECLARATION: &str = "mimetype";

/// More bytes than any type in [`DECLARATION`] has.
pub const LONGEST_DECLARATION: usize = 128;

/// The type that a member of this name shows.
pub fn by_member(name: &str) -> Option<&'static str> {
    Some(match name {
        "AndroidManifest.xml" => "application/vnd.android.package-archive",
        "META-INF/MANIFEST.MF" => "application/java-archive",
        "doc.kml" => "application/vnd.google-earth.kmz",
        _ if name.starts_with("word/") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ if name.starts_with("ppt/") => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ if name.starts_with("xl/") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ if name.starts_with("visio/") => "application/vnd.ms-visio.drawing.main+xml",
        _ if name.starts_with("3D/") && name.strip_suffix(".model").is_some() => {
            "application/vnd.ms-package.3dmanufacturing-3dmodel+xml"
        }
        _ if [".usd", ".usda", ".usdc"].iter().any(|end| name.ends_with(end)) && !name.contains('/') => "model/vnd.usdz+zip",
        _ => return None,
    })
}

/// The type that the contents of [`DECLARATION`] show. Only what a zip archive can be is believed.
pub fn by_declaration(contents: &[u8]) -> Option<String> {
    let declared = std::str::from_utf8(contents).ok()?.trim();
    let document = declared.strip_prefix("application/vnd.oasis.opendocument.");
    let is_document = document.is_some_and(|kind| !kind.is_empty() && kind.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'));
    (is_document || declared == "application/epub+zip").then(|| declared.to_owned())
}

/// Whether another member may show something more exact.
pub fn is_vague(mime: &str) -> bool {
    // An Android package is one too.
    mime == "application/java-archive"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_believed_only_of_zip_formats() {
        let text = "application/vnd.oasis.opendocument.text";
        assert_eq!(by_declaration(text.as_bytes()).as_deref(), Some(text));
        assert_eq!(by_declaration(b"application/epub+zip\n").as_deref(), Some("application/epub+zip"));
        for other in ["text/html", "application/vnd.oasis.opendocument.", "application/vnd.oasis.opendocument.a; b", "\u{fffd}"] {
            assert_eq!(by_declaration(other.as_bytes()), None, "{other}");
        }
    }
}
