//! Names in any script and of any malice: by each way in, stored, listed, searched, served and saved under the right one, and never a path.

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::ZlibEncoder};
use percent_encoding::percent_decode_str;
use reupload::domain::file::url_segment;
use serde_json::json;

use crate::harness::{Body, Multipart, Reply, Server, each_database};

/// A PNG of 90 × 70 grey pixels; every shade is another file. With a comment that says where it was taken.
pub(crate) fn png(shade: u8) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
        chunk.extend([kind, data].concat());
        let check = crc32fast::hash(&chunk[4..]);
        chunk.extend(check.to_be_bytes());
        chunk
    };
    let (width, height) = (90_u32, 70_u32);
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes()[..], &[8, 0, 0, 0, 0]].concat();
    let row = [&[0][..], &[shade; 90]].concat();
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&row.repeat(70)).unwrap();
    let chunks = [
        chunk(b"IHDR", &header),
        chunk(b"tEXt", b"Comment\0taken at 59.91 N 10.75 E"),
        chunk(b"IDAT", &packed.finish().unwrap()),
        chunk(b"IEND", b""),
    ];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

/// What is in no name of the machine's.
const TOKEN: &str = "escaped-9d1f7c";

/// A name as it is sent and as it is shown.
fn names() -> Vec<(String, String)> {
    let kept = [
        "写真 2026年.png",
        "صورة العائلة.png",
        "👩\u{200D}👩\u{200D}👧 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}.png",
        "caf\u{E9}.png",
        "cafe\u{301}.png",
        "Z\u{351}\u{36B}\u{343}\u{36A}a\u{328}lgo.png",
        "CON",
        "nul.txt",
        "COM1.png",
        "aux.",
        ".env",
        "...three",
        "100% a%2Fb%00.txt",
        "semi;colon=eq'uote`$(x)&|*?.txt",
        "<script>alert(1)<script>.png",
        "zero\u{200B}width.txt",
        "-rf --no-preserve-root",
    ];
    let changed = [
        ("../../etc/passwd", "passwd"),
        ("/etc/shadow", "shadow"),
        ("C:\\temp\\evil.exe", "evil.exe"),
        ("a\r\nSet-Cookie: evil=1\r\n\r\n<b>.png", "aSet-Cookie: evil=1<b>.png"),
        ("invoice\u{202E}gpj.exe", "invoicegpj.exe"),
        ("\u{2066}isolated\u{2069}\u{200F}.txt", "isolated.txt"),
        ("arabic\u{61C}mark.txt", "arabicmark.txt"),
        ("a\tb\u{7F}\u{85}\u{1B}[31m.txt", "ab[31m.txt"),
        ("line\u{2028}break\u{2029}.txt", "linebreak.txt"),
        ("\u{FEFF}bom.txt", "bom.txt"),
        ("  spaced  out .txt  ", "spaced  out .txt"),
        ("\u{3000}wide\u{A0}", "wide"),
        (" . hidden", ". hidden"),
        ("trailing. ", "trailing."),
        ("say \"hi\".txt", "say \"hi\".txt"),
    ];
    let mut names: Vec<(String, String)> = kept.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect();
    names.extend(changed.map(|(sent, clean)| (sent.to_owned(), clean.to_owned())));
    for long in ["x", "写", "🦀", "e\u{301}"] {
        let name: String = long.chars().cycle().take(512).collect();
        names.push((name.clone(), name));
    }
    names.push((format!("../../../../tmp/{TOKEN}.png"), format!("{TOKEN}.png")));
    names.push((format!("..\\..\\{TOKEN}.txt"), format!("{TOKEN}.txt")));
    names
}

/// Names of which nothing is left, or too much.
fn refused() -> Vec<String> {
    let mut names: Vec<String> =
        ["   ", ".", "..", "....", " .. ", "a/", "a/..", "/", "\u{202E}\u{200F}", "\r\n", "\t", "a\u{200F}/.\u{202E}."]
            .map(str::to_owned)
            .into();
    names.extend(["x", "写", "🦀"].map(|long| long.repeat(513)));
    names
}

/// A name as a browser writes it into the header of a part (WHATWG HTML).
fn in_a_part(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// HTTP forbids most control characters in a header, whatever is in it.
fn fits_a_part(name: &str) -> bool {
    !name.chars().any(|c| c.is_ascii_control() && !matches!(c, '\t' | '\r' | '\n'))
}

fn form(server: &Server) -> Multipart {
    Multipart::new().text("projectId", &server.project_id())
}

/// The name that a browser saves an answer under; panics if any header is not printable ASCII.
fn saved_as(reply: &Reply, what: &str) -> String {
    for (name, value) in &reply.headers {
        assert!(value.bytes().all(|byte| (0x20..0x7F).contains(&byte)), "{what}: {name} is {value:?}");
    }
    let line = &reply.headers["content-disposition"];
    let (plain, encoded) = line.split_once("; filename*=UTF-8''").unwrap_or_else(|| panic!("{what}: {line}"));
    let (kind, plain) = plain.split_once("; filename=\"").unwrap_or_else(|| panic!("{what}: {line}"));
    assert!(matches!(kind, "inline" | "attachment"), "{what}: {line}");
    let plain = plain.strip_suffix('"').unwrap_or_else(|| panic!("{what}: {line}"));
    assert!(!plain.contains(['"', '\\', '%']), "{what}: {line}");
    let attr = |byte: u8| byte.is_ascii_alphanumeric() || b"%-._~".contains(&byte);
    assert!(encoded.bytes().all(attr), "{what}: {line} is not RFC 8187");
    percent_decode_str(encoded).decode_utf8().unwrap().into_owned()
}

/// What a thumbnail of a file with this name is saved as.
fn thumbnail(name: &str, size: &str, mime: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let ending = if mime == "image/jpeg" { "jpg" } else { "webp" };
    format!("{}_{size}.{ending}", if stem.is_empty() { "file" } else { stem })
}

/// Checks a file from its row to what a browser saves.
async fn follow(server: &Server, id: &str, sent: &str, clean: &str, way: &str) {
    let what = format!("{sent:?} by {way}");
    let file = server.api("GET", &format!("/files/{id}"), Body::Empty).await.expect(200).json()["file"].clone();
    assert_eq!((file["name"].as_str(), file["originalName"].as_str()), (Some(clean), Some(sent)), "{what}");
    for (query, size) in [("", None), ("?download=true", None), ("?variant=thumb_64", Some("thumb_64"))] {
        let access = server.api("GET", &format!("/files/{id}/access{query}"), Body::Empty).await.expect(200);
        let url = access.text("/access/url");
        assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{what}: {url}");
        let (start, _) = url.split_once('?').unwrap();
        assert_eq!(start, format!("{}/v1/files/{id}/{}", server.cdn_url, url_segment(clean)), "{what}");
        let fetched = server.get(&url).await.expect(200);
        let saved = saved_as(&fetched, &what);
        match size {
            None => assert_eq!(saved, clean, "{what}"),
            Some(size) => assert_eq!(saved, thumbnail(clean, size, &fetched.headers["content-type"]), "{what}"),
        }
        if query.contains("download") {
            assert!(fetched.headers["content-disposition"].starts_with("attachment"), "{what}");
        }
    }
    // Not 255: that would cut an e from its accent.
    let part: String = clean.chars().take(254).collect();
    let found = server.api("GET", &format!("/files?limit=200&search={}", url_segment(&part)), Body::Empty).await.expect(200);
    let ids: Vec<String> = found.json()["files"].as_array().unwrap().iter().map(|file| file["id"].to_string()).collect();
    assert!(ids.contains(&format!("{id:?}")), "{what}: a search for its own name does not find it");
}

/// Every file below `folder`, by its path.
fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files_below(&entry.path())),
            false => found.push(entry.path().display().to_string()),
        }
    }
    found
}

each_database! {
    async fn any_name_is_stored_listed_served_and_saved(server: &Server) {
        // One request with a part for each name; one request a name with the field; one session a name.
        let (mut parts, mut in_parts) = (form(server), Vec::new());
        for (sent, clean) in names().into_iter().filter(|(sent, _)| fits_a_part(sent)) {
            parts = parts.file(&in_a_part(&sent), "image/png", &png(1));
            in_parts.push(("part", sent, clean));
        }
        let answer = server.api("POST", "/uploads/direct", Body::Form(parts)).await.expect(202).json();
        let ids = answer["files"].as_array().unwrap().iter().map(|file| file["fileId"].as_str().unwrap().to_owned());
        let mut stored: Vec<(String, (&str, String, String))> = ids.zip(in_parts).collect();
        for (sent, clean) in names() {
            let direct = form(server).text("filename", &sent).file("other.png", "image/png", &png(2));
            let direct = server.api("POST", "/uploads/direct", Body::Form(direct)).await.expect(202);
            stored.push((direct.text("/fileId"), ("field", sent.clone(), clean.clone())));
            let size = png(3).len();
            let opened = server.open_session(&sent, "image/png", size).await.expect(201);
            server.put(&opened.text("/uploadUrl"), "image/png", &png(3)).await.expect(200);
            server.complete(&opened.text("/uploadId")).await.expect(202);
            stored.push((opened.text("/fileId"), ("session", sent, clean)));
        }
        server.settle().await;
        for (id, (way, sent, clean)) in &stored {
            follow(server, id, sent, clean, way).await;
        }
        let listed = server.api("GET", "/files?limit=200", Body::Empty).await.expect(200).json();
        let mut listed: Vec<&str> = listed["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
        let mut expected: Vec<&str> = stored.iter().map(|(_, (_, _, clean))| clean.as_str()).collect();
        listed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(listed, expected);
        // Bytes are filed under numbers: no name is a path.
        let here = server.data_dir();
        let inside = files_below(here);
        let odd = |path: &&String| path.contains(TOKEN) || path.contains("evil") || path.contains("passwd") || !path.is_ascii();
        assert_eq!(inside.iter().find(odd), None);
        for folder in here.ancestors().skip(1).chain([Path::new("."), Path::new("/tmp"), Path::new("/")]) {
            for name in [format!("{TOKEN}.png"), format!("{TOKEN}.txt")] {
                assert!(!folder.join(&name).exists(), "{name} was written to {}", folder.display());
            }
        }
    }

    async fn a_file_is_renamed_to_any_name(server: &Server) {
        let state = server.ready("first.png", &png(9), false).await;
        let id = state["file"]["fileId"].as_str().unwrap();
        for (sent, clean) in names() {
            let reply = server.api("PATCH", &format!("/files/{id}"), Body::Json(json!({ "name": sent }))).await.expect(200);
            assert_eq!(reply.text("/file/name"), clean, "{sent:?}");
            follow(server, id, "first.png", &clean, "rename").await;
        }
        let last = names().pop().unwrap().1;
        for name in refused().into_iter().chain([String::new(), "nul\0.txt".to_owned()]) {
            let reply = server.api("PATCH", &format!("/files/{id}"), Body::Json(json!({ "name": name }))).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "INVALID_FILENAME"), "{name:?}");
        }
        assert_eq!(server.api("GET", &format!("/files/{id}"), Body::Empty).await.text("/file/name"), last);
    }

    async fn a_name_of_which_nothing_is_left_is_refused(server: &Server) {
        let refused: Vec<String> = refused();
        for name in refused.iter().map(String::as_str).chain(["", "nul\0.txt", "\0"]) {
            let field = form(server).text("filename", name).file("a.txt", "text/plain", b"x");
            let mut tries = vec![
                ("field", server.api("POST", "/uploads/direct", Body::Form(field)).await),
                ("session", server.open_session(name, "text/plain", 1).await),
            ];
            if !name.is_empty() && fits_a_part(name) {
                let part = form(server).file(&in_a_part(name), "text/plain", b"x");
                tries.push(("part", server.api("POST", "/uploads/direct", Body::Form(part)).await));
            }
            for (way, reply) in tries {
                assert_eq!((reply.status, reply.code().as_str()), (400, "INVALID_FILENAME"), "{name:?} by {way}");
            }
        }
        // A header cannot carry a NUL.
        let part = form(server).file("nul\0.txt", "text/plain", b"x");
        let reply = server.api("POST", "/uploads/direct", Body::Form(part)).await;
        assert_eq!(reply.status, 400, "{:?}", reply.json());
        // Half of a character that JSON writes in two halves.
        for half in [r#"{"filename": "\ud83e.txt""#, r#"{"filename": "\udd80""#] {
            let body = format!(r#"{half}, "projectId": "{}", "contentType": "text/plain", "size": 1}}"#, server.project_id());
            let reply = server.api("POST", "/uploads/session", Body::Bytes(body.into_bytes(), "application/json")).await;
            assert_eq!(reply.status, 400, "{half}");
        }
        let usage = server.api("GET", "/usage", Body::Empty).await.expect(200).json();
        assert_eq!((&usage["workspace"]["reservedFiles"], &usage["workspace"]["storedFiles"]), (&json!(0), &json!(0)));
    }

    async fn a_name_is_found_however_its_accents_are_written(server: &Server) {
        for name in ["r\u{E9}sum\u{E9}.txt", "Re\u{301}sume\u{301}.txt", "ΟΔΟΣ.txt", "οδός.txt"] {
            server.ready(name, b"x", false).await;
        }
        for (search, found) in [("résumé", 2), ("RE\u{301}SUME\u{301}", 2), ("οδος", 1), ("ΟΔΟΣ", 1), ("ΟΔΌΣ", 1), ("οδο", 1)] {
            let reply = server.api("GET", &format!("/files?search={}", url_segment(search)), Body::Empty).await.expect(200);
            assert_eq!(reply.json()["files"].as_array().unwrap().len(), found, "{search:?}");
        }
    }
}
