//! Serving: who gets a file, what of it, and that a browser runs nothing of it.

mod signed;

use reupload::domain::{clock::random_bytes, file::url_segment};
use serde_json::{Value, json};

use crate::harness::{Body, Reply, Server, each_database};

const ABSENT: &str = "00000000-0000-4000-8000-000000000000";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// A random number below `bound`.
fn below(bound: usize) -> usize {
    usize::try_from(u64::from_le_bytes(random_bytes()) % bound as u64).unwrap()
}

fn random(length: usize) -> Vec<u8> {
    (0..length.div_ceil(1024)).flat_map(|_| random_bytes::<1024>()).take(length).collect()
}

/// The headers without those that differ from answer to answer.
fn lasting(reply: &Reply) -> Vec<(&str, &str)> {
    let changing = ["x-request-id", "date"];
    reply.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(name, _)| !changing.contains(name)).collect()
}

/// The body without the request's id, which must be that of the header.
fn told(reply: &Reply) -> Value {
    let mut body = reply.json();
    let id = body.as_object_mut().and_then(|body| body.remove("requestId"));
    assert_eq!(id, Some(json!(reply.headers["x-request-id"])));
    body
}

async fn access(server: &Server, file: &str, query: &str) -> Reply {
    server.api("GET", &format!("/files/{file}/access{query}"), Body::Empty).await
}

/// Uploads by session, for names and types that a form does not carry, and returns `file` of the session.
async fn by_session(server: &Server, name: &str, content_type: &'static str, bytes: &[u8]) -> Value {
    let opened = server.open_session(name, content_type, bytes.len()).await.expect(201);
    server.put(&opened.text("/uploadUrl"), content_type, bytes).await.expect(200);
    server.complete(&opened.text("/uploadId")).await.expect(202);
    server.completed(&opened.text("/uploadId")).await["file"].clone()
}

each_database! {
    async fn a_public_file_has_one_address_for_everybody(server: &Server) {
        let file = server.ready("a.txt", b"hello", true).await["file"].clone();
        let url = format!("{}/v1/files/{}/a.txt", server.cdn_url, text(&file["fileId"]));
        assert_eq!((&file["url"], &file["urlExpiresAt"]), (&json!(url), &Value::Null));
        let whole = server.get(&url).await.expect(200);
        assert_eq!(whole.body, b"hello");
        assert_eq!(whole.headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(whole.headers["vary"], "Origin", "or a cache gives one page's answer to another");
        assert!(!whole.headers.contains_key("set-cookie"));
        let head = server.send("HEAD", &url, &[], Body::Empty).await.expect(200);
        assert_eq!((lasting(&head), head.body.len()), (lasting(&whole), 0));
        let given = access(server, text(&file["fileId"]), "?expiresIn=60").await.expect(200).json();
        let expected = json!({ "accessType": "cdn_public", "url": url, "expiresIn": null, "variant": "original",
            "download": false });
        assert_eq!(given["access"], expected);
        let saved = access(server, text(&file["fileId"]), "?download=TRUE").await.expect(200).text("/access/url");
        assert_eq!(saved, format!("{url}?download=true"));
        assert!(server.get(&saved).await.expect(200).headers["content-disposition"].starts_with("attachment"));
    }

    async fn one_range_is_served_exactly(server: &Server) {
        let url = text(&server.ready("a.txt", b"0123456789", true).await["file"]["url"]).to_owned();
        let ranged = async |method, range| server.send(method, &url, &[("range", range)], Body::Empty).await;
        for (range, body, shown) in [("bytes=0-0", &b"0"[..], "0-0"), ("bytes=2-4", b"234", "2-4"), ("bytes=7-", b"789", "7-9"),
            ("bytes=-3", b"789", "7-9"), ("bytes=-99", b"0123456789", "0-9"), ("bytes=8-99", b"89", "8-9")] {
            let part = ranged("GET", range).await.expect(206);
            assert_eq!(part.body, body);
            assert_eq!(part.headers["content-range"], format!("bytes {shown}/10"));
            assert_eq!(part.headers["content-length"], body.len().to_string());
        }
        for range in ["bytes=10-", "bytes=10-20", "bytes=99999999999999999999-", "bytes=-0"] {
            let refused = ranged("GET", range).await.expect_error(416, "RANGE_NOT_SATISFIABLE");
            assert_eq!(refused.headers["content-range"], "bytes */10");
        }
        for range in ["bytes=0-1,3-4", "bytes=0-0,-1", "bytes=4-2", "bytes=x-y", "lines=1-2", "bytes", "bytes=-"] {
            let whole = ranged("GET", range).await.expect(200);
            assert_eq!((whole.body.as_slice(), whole.headers.get("content-range")), (&b"0123456789"[..], None), "{range}");
        }
        let head = ranged("HEAD", "bytes=2-4").await.expect(200);
        assert_eq!(head.headers["content-length"], "10", "a range is for GET alone (RFC 9110, section 14.2)");
        ranged("HEAD", "bytes=10-").await.expect(200);
    }

    async fn conditions_are_judged_by_a_strong_tag(server: &Server) {
        let url = text(&server.ready("a.txt", b"0123456789", true).await["file"]["url"]).to_owned();
        let whole = server.get(&url).await.expect(200);
        let (tag, weak) = (whole.headers["etag"].as_str(), format!("W/{}", whole.headers["etag"]));
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 20, "{tag}");
        let other = text(&server.ready("b.txt", b"9876543210", true).await["file"]["url"]).to_owned();
        assert_ne!(server.get(&other).await.headers["etag"], tag);
        let listed = format!("\"x\", {tag}");
        for (headers, status) in [
            (vec![("if-none-match", tag)], 304),
            (vec![("if-none-match", &weak)], 304),
            (vec![("if-none-match", &listed)], 304),
            (vec![("if-none-match", "*")], 304),
            (vec![("if-none-match", tag), ("range", "bytes=0-1")], 304),
            (vec![("if-none-match", "\"x\"")], 200),
            (vec![("if-match", tag)], 200),
            (vec![("if-match", "*")], 200),
            (vec![("if-match", &listed)], 200),
            (vec![("if-match", "\"x\"")], 412),
            (vec![("if-match", &weak)], 412),
            (vec![("if-match", "\"x\""), ("if-none-match", tag)], 412),
            (vec![("if-range", tag), ("range", "bytes=0-1")], 206),
            (vec![("if-range", "\"x\""), ("range", "bytes=0-1")], 200),
            (vec![("if-range", &weak), ("range", "bytes=0-1")], 200),
        ] {
            let reply = server.send("GET", &url, &headers, Body::Empty).await;
            assert_eq!(reply.status, status, "{headers:?}");
            match status {
                304 => {
                    assert_eq!((reply.body.len(), reply.headers["etag"].as_str()), (0, tag));
                    assert_eq!(reply.headers["cache-control"], whole.headers["cache-control"]);
                    let head = server.send("HEAD", &url, &headers, Body::Empty).await.expect(304);
                    assert_eq!(head.headers["content-length"], "10", "a cache may believe it (RFC 9110, section 8.6)");
                }
                412 => assert_eq!((reply.code().as_str(), reply.headers["cache-control"].as_str()), ("PRECONDITION_FAILED", "no-store")),
                206 => assert_eq!(reply.body, b"01"),
                _ => assert_eq!(reply.body, b"0123456789"),
            }
        }
    }

    async fn a_name_in_any_language_makes_one_safe_header(server: &Server) {
        let long = "🦀".repeat(512);
        let kept = ["写真.txt", "صورة.txt", "🦀 ünï.txt", &long, "a\"b;c='%41.txt", "%2e%2e", "a?b#c&d+e.txt"];
        let changed = [("a\r\nSet-Cookie: evil=1.txt", "aSet-Cookie: evil=1.txt"), ("q\"uo;te\\.txt", ".txt"),
            ("cod.\u{202E}txt.exe", "cod.txt.exe")];
        for (sent, name) in kept.map(|name| (name, name)).into_iter().chain(changed) {
            let file = by_session(server, sent, "text/plain", b"x").await;
            assert_eq!(file["name"], name);
            let reply = server.get(text(&file["url"])).await.expect(200);
            let line = &reply.headers["content-disposition"];
            assert!(!reply.headers.contains_key("set-cookie") && line.bytes().all(|b| (0x20..0x7f).contains(&b)), "{line}");
            let (start, encoded) = line.split_once("; filename*=UTF-8''").unwrap();
            assert_eq!(encoded, url_segment(name));
            let plain = start.strip_prefix("inline; filename=\"").and_then(|rest| rest.strip_suffix('"'));
            assert!(plain.is_some_and(|plain| !plain.contains(['"', '\\', ';', '%'])), "{line}");
        }
    }

    async fn what_could_run_is_never_shown(server: &Server) {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        let xml = format!("<?xml version=\"1.0\"?>\n<!DOCTYPE svg>{svg}");
        let traps = [
            "<!DOCTYPE html><script>alert(1)</script>",
            "<html><body onload=alert(1)>",
            "  \n\t<script>alert(1)</script>",
            "\u{feff}<html><script>alert(1)</script>",
            "<!-- x --><!-- y --><ScRiPt>alert(1)</script>",
            "<iframe src=javascript:alert(1)>",
            "<a href=javascript:alert(1)>x</a>",
            svg,
            &xml,
            "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></html>",
            "<?xml version=\"1.0\"?><?xml-stylesheet href=\"x.xsl\"?><a/>",
        ];
        let masks = [("a.png", "image/png"), ("a.txt", "text/plain"), ("a.html", "text/html"), ("a.svg", "image/svg+xml")];
        for trap in traps {
            for (name, declared) in masks {
                let url = text(&by_session(server, name, declared, trap.as_bytes()).await["url"]).to_owned();
                let reply = server.get(&url).await.expect(200);
                let what = format!("{trap} as {name}: {:?}", reply.headers);
                assert!(reply.headers["content-disposition"].starts_with("attachment; "), "{what}");
                assert!(reply.headers["content-security-policy"].contains("sandbox"), "{what}");
                assert!(!reply.headers["content-security-policy"].contains("allow-"), "{what}");
                assert_eq!(reply.headers["x-content-type-options"], "nosniff", "{what}");
            }
        }
        let names = [("a.js", "text/javascript"), ("a.mjs", "image/png"), ("a.png", "image/png"), ("a.txt", "text/javascript")];
        for (name, declared) in names {
            let url = text(&by_session(server, name, declared, b"alert(document.cookie)").await["url"]).to_owned();
            let headers = server.get(&url).await.expect(200).headers;
            assert_eq!(headers["x-content-type-options"], "nosniff");
            let saved = headers["content-disposition"].starts_with("attachment; ");
            let sandboxed = headers.get("content-security-policy").is_some_and(|policy| policy.contains("sandbox"));
            assert!(saved && sandboxed || headers["content-type"] == "text/plain; charset=utf-8", "{name}: {headers:?}");
        }
    }

    async fn the_bytes_decide_the_type(server: &Server) {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9";
        let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
        for (bytes, mime, category) in [
            (&png[..], "image/png", "image"),
            (jpeg, "image/jpeg", "image"),
            (b"GIF89a\x01\0\x01\0\0\0\0;", "image/gif", "image"),
            (b"%PDF-1.4\n%%EOF\n", "application/pdf", "document"),
            (gzip, "application/gzip", "archive"),
        ] {
            for (name, declared) in [("a.txt", "text/plain"), ("a.html", "text/html"), ("a.bin", "application/octet-stream")] {
                let file = by_session(server, name, declared, bytes).await;
                assert_eq!(file["mimeType"], mime);
                let shown = server.api("GET", &format!("/files/{}", text(&file["fileId"])), Body::Empty).await.expect(200);
                assert_eq!(shown.text("/file/category"), category);
                let reply = server.get(text(&file["url"])).await.expect(200);
                assert_eq!(reply.headers["content-type"], mime);
                let kind = if category == "archive" { "attachment; " } else { "inline; " };
                assert!(reply.headers["content-disposition"].starts_with(kind), "{mime}");
            }
        }
    }

    async fn deleting_kills_every_address_at_once(server: &Server) {
        for public in [true, false] {
            let state = server.ready("a.txt", b"hello", public).await;
            let (id, url) = (text(&state["file"]["fileId"]), text(&state["file"]["url"]));
            let given = access(server, id, "?expiresIn=604800").await.expect(200).text("/access/url");
            let deleted = server.api("DELETE", &format!("/files/{id}"), Body::Empty).await.expect(200);
            assert_eq!(deleted.json(), json!({ "success": true }));
            let absent = server.get(&format!("{}/v1/files/{ABSENT}/a.txt", server.cdn_url)).await.expect(404);
            for url in [url, &given] {
                assert_eq!(told(&server.get(url).await.expect(404)), told(&absent));
            }
            for (method, rest) in [("GET", ""), ("DELETE", ""), ("GET", "/access")] {
                server.api(method, &format!("/files/{id}{rest}"), Body::Empty).await.expect_error(404, "NOT_FOUND");
            }
            let upload = format!("/uploads/session/{}", text(&state["session"]["id"]));
            let after = server.api("GET", &upload, Body::Empty).await.expect(200).json();
            assert_eq!((&after["session"]["status"], after.get("file")), (&json!("COMPLETED"), None));
        }
        server.settle().await;
        assert_eq!(server.blobs().await.len(), 0);
        assert_eq!(server.app.projects.usage(server.project.id).await.unwrap().used().bytes, 0);
    }

    async fn a_large_file_comes_back_whole_and_in_parts(server: &Server) {
        let bytes = random(5 * 1024 * 1024 + 17);
        let url = text(&server.ready("big.bin", &bytes, true).await["file"]["url"]).to_owned();
        assert!(server.get(&url).await.expect(200).body == bytes);
        for _ in 0..50 {
            let (first, length) = (below(bytes.len()), 1 + below(600_000));
            let last = (first + length).min(bytes.len()) - 1;
            let part = server.send("GET", &url, &[("range", &format!("bytes={first}-{last}"))], Body::Empty).await.expect(206);
            assert!(part.body == bytes[first..=last], "bytes {first}-{last} differ");
        }
    }

    async fn every_dead_end_says_so_in_the_same_words(server: &Server) {
        let absent = told(&server.api("GET", &format!("/files/{ABSENT}"), Body::Empty).await.expect_error(404, "NOT_FOUND"));
        for id in ["nonsense", "0", "%00", "%ff", "..%2f..", &format!("{ABSENT}0"), "%F0%9F%A6%80"] {
            let reply = server.api("GET", &format!("/files/{id}"), Body::Empty).await.expect_error(404, "NOT_FOUND");
            assert_eq!(told(&reply), absent, "{id}");
            let served = server.get(&format!("{}/v1/files/{id}/a.txt", server.cdn_url)).await.expect_error(404, "NOT_FOUND");
            assert_eq!(told(&served), absent, "{id}");
        }
        let (api, cdn) = (&server.api_url, &server.cdn_url);
        let on_api = ["/", "/api/v1", "/api/v1/nope", "/api/v2/public/whoami", "/v1/upload/x"];
        let on_cdn = ["/", "/v1/files", "/v1/upload", "/healthz", "/api/v1/public/whoami", "/%ff"];
        for url in on_api.map(|path| format!("{api}{path}")).iter().chain(&on_cdn.map(|path| format!("{cdn}{path}"))) {
            for method in ["GET", "HEAD", "POST", "OPTIONS"] {
                // Not by `send`: the document knows each path, whichever its host.
                let reply = server.http.request(method.parse().unwrap(), url).send().await.unwrap();
                assert_eq!(reply.status(), 404, "{method} {url}");
                let id = reply.headers()["x-request-id"].to_str().unwrap().to_owned();
                let body = reply.text().await.unwrap();
                if method == "HEAD" {
                    assert_eq!(body, "");
                    continue;
                }
                let body: Value = serde_json::from_str(&body).unwrap();
                assert_eq!((&body["error"], &body["requestId"]), (&json!("NOT_FOUND"), &json!(id)), "{method} {url}");
            }
        }
        for (method, host, path) in [
            ("POST", api, "/healthz"),
            ("PUT", api, "/api/v1/public/whoami"),
            ("TRACE", api, "/api/v1/public/whoami"),
            ("GET", api, "/api/v1/uploads/session"),
            ("POST", api, "/api/v1/files/x"),
            ("GET", cdn, "/v1/upload/x"),
            ("POST", cdn, "/v1/upload/x"),
            ("DELETE", cdn, "/v1/files/x/a.txt"),
        ] {
            let reply = server.send(method, &format!("{host}{path}"), &[], Body::Empty).await.expect_error(405, "METHOD_NOT_ALLOWED");
            told(&reply);
            assert!(!reply.headers["allow"].is_empty(), "{method} {path}");
        }
    }
}
