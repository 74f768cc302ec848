//! Which types a project takes: the bytes decide, wherever they come in, and what they show is what is stored, told and served.

use reupload::app::webhooks::endpoints::EndpointSettings;
use reupload::{
    app::projects::Settings,
    domain::{audit::By, event::EventType, type_policy::OnMismatch},
};
use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Receiver, Reply, Server, each_database};

/// A PNG of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";
const HTML: &[u8] = b"<!-- a page --><html><script>alert(1)</script></html>";
const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
const ELF: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0";
const TEXT: &[u8] = b"a,b\n1,2\n";

async fn project(server: &Server, allowed: &[&str], type_mismatch: OnMismatch) -> String {
    let settings = Settings {
        name: Some("picky".to_owned()),
        allowed_types: Some(allowed.iter().map(|pattern| (*pattern).to_owned()).collect()),
        type_mismatch: Some(type_mismatch),
        ..Settings::default()
    };
    server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id.to_string()
}

async fn open(server: &Server, project: &str, name: &str, declared: &str, size: usize) -> Reply {
    let body = json!({ "projectId": project, "filename": name, "contentType": declared, "size": size, "isPublic": true });
    server.api("POST", "/uploads/session", Body::Json(body)).await
}

async fn direct(server: &Server, project: &str, name: &str, declared: &str, bytes: &[u8]) -> Reply {
    let form = Multipart::new().text("projectId", project).text("isPublic", "true").file(name, declared, bytes);
    server.api("POST", "/uploads/direct", Body::Form(form)).await
}

/// Sends a file both ways and gives how each ended: the session and, for a failure, the sentence in its history.
async fn both_ways(server: &Server, project: &str, name: &str, declared: &'static str, bytes: &[u8]) -> Vec<(Value, String)> {
    let form = direct(server, project, name, declared, bytes).await.expect(202);
    let opened = open(server, project, name, declared, bytes.len()).await.expect(201);
    server.put(&opened.text("/uploadUrl"), declared, bytes).await.expect(200);
    server.complete(&opened.text("/uploadId")).await.expect(202);
    server.settle().await;
    let mut ends = Vec::new();
    for accepted in [form, opened] {
        let path = format!("/uploads/session/{}", accepted.text("/uploadId"));
        let state = server.api("GET", &path, Body::Empty).await.expect(200).json();
        let path = format!("/files/{}/timeline", accepted.text("/fileId"));
        let timeline = server.api("GET", &path, Body::Empty).await.expect(200).json();
        let entries = timeline["entries"].as_array().unwrap();
        let failed = entries.iter().find(|entry| entry["step"] == "failed");
        let why = failed.map_or("", |entry| entry["detail"]["message"].as_str().unwrap()).to_owned();
        ends.push((state, why));
    }
    ends
}

/// Checks that a file was taken as `mime`, wherever that is said.
async fn check_taken(server: &Server, ends: &[(Value, String)], mime: &str, what: &str) {
    for (state, why) in ends {
        assert_eq!((&state["session"]["status"], why.as_str()), (&json!("COMPLETED"), ""), "{what}");
        assert_eq!(state["file"]["mimeType"], mime, "{what}");
        let id = state["file"]["fileId"].as_str().unwrap();
        let file = server.api("GET", &format!("/files/{id}"), Body::Empty).await.expect(200).json();
        assert_eq!(file["file"]["mimeType"], mime, "{what}");
        let served = server.get(state["file"]["url"].as_str().unwrap()).await.expect(200);
        let plain = served.headers["content-type"].split(';').next().unwrap();
        assert_eq!((plain, served.headers["x-content-type-options"].as_str()), (mime, "nosniff"), "{what}");
        let active = matches!(mime, "image/svg+xml" | "text/html");
        assert_eq!(served.headers["content-disposition"].starts_with("attachment"), active, "{what}");
    }
}

#[track_caller]
fn check_refused(ends: &[(Value, String)], reason: &str, what: &str) {
    for (state, why) in ends {
        let session = &state["session"];
        let (status, code) = (&session["status"], &session["failureReason"]);
        assert_eq!((status, code), (&json!("FAILED"), &json!("CONTENT_TYPE_NOT_ALLOWED")), "{what}: {state}");
        assert!(why.contains(reason), "{what}: {why:?} does not say {reason:?}");
    }
}

/// Name, declared type, bytes, and the type that is taken or what the refusal says.
type Case = (&'static str, &'static str, Vec<u8>, Result<&'static str, &'static str>);

fn polyglots() -> Vec<Case> {
    let zip_behind = [PNG, b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"].concat();
    vec![
        // An image to a viewer, a script to whoever runs it: it is served as the image that it is, and never as a script.
        ("p.js", "text/javascript", b"GIF89a/*\x01\x01\x80\0\0\xff\xff\xff\0\0\0*/=1;alert(1)//\x3b".to_vec(), Ok("image/gif")),
        ("p.zip", "application/zip", zip_behind, Ok("image/png")),
        // A page to a browser, a PDF to some readers.
        ("p.pdf", "application/pdf", [HTML, PDF].concat(), Err("text/html")),
        ("p.png", "image/png", [b"\n \xEF\xBB\xBF".as_slice(), HTML].concat(), Err("text/")),
    ]
}

each_database! {
    async fn the_bytes_decide_and_a_wrong_declaration_is_corrected(server: &Server) {
        let picky = project(server, &["image/*", "application/pdf"], OnMismatch::Correct).await;
        let mut cases: Vec<Case> = vec![
            ("a.png", "image/png", PNG.to_vec(), Ok("image/png")),
            ("a.png", "text/html", PNG.to_vec(), Ok("image/png")),
            ("a", "application/octet-stream", PDF.to_vec(), Ok("application/pdf")),
            ("a.txt", "text/plain", PDF.to_vec(), Ok("application/pdf")),
            ("a.svg", "image/svg+xml", SVG.to_vec(), Ok("image/svg+xml")),
            ("a.png", "image/png", SVG.to_vec(), Ok("image/svg+xml")),
            ("a.png", "image/png", HTML.to_vec(), Err("text/html")),
            ("a.pdf", "application/pdf", HTML.to_vec(), Err("text/html")),
            ("a.png", "image/png", TEXT.to_vec(), Err("text/plain")),
            ("a.pdf", "application/pdf", TEXT.to_vec(), Err("text/plain")),
            ("a.png", "image/png", ELF.to_vec(), Err("This project does not take application/")),
            ("a.png", "image/png", vec![0, 1, 2, 3, 4, 5, 6, 7], Err("application/octet-stream")),
        ];
        cases.extend(polyglots());
        for (name, declared, bytes, expected) in cases {
            let what = format!("{name} as {declared}, {expected:?}");
            let ends = both_ways(server, &picky, name, declared, &bytes).await;
            match expected {
                Ok(mime) => check_taken(server, &ends, mime, &what).await,
                Err(reason) => check_refused(&ends, reason, &what),
            }
        }
    }

    async fn a_project_may_refuse_a_wrong_declaration(server: &Server) {
        let strict = project(server, &["image/*", "application/pdf", "text/csv"], OnMismatch::Refuse).await;
        for (name, declared, bytes, mime) in [
            ("a.png", "image/png", PNG, "image/png"),
            ("a.png", "IMAGE/PNG; charset=binary", PNG, "image/png"),
            ("a.png", "application/octet-stream", PNG, "image/png"),
            ("a.pdf", "application/x-pdf", PDF, "application/pdf"),
            ("a.csv", "text/csv", TEXT, "text/csv"),
        ] {
            let ends = both_ways(server, &strict, name, declared, bytes).await;
            check_taken(server, &ends, mime, &format!("{name} as {declared}")).await;
        }
        for (name, declared, bytes, reason) in [
            ("a.png", "image/jpeg", PNG, "The bytes are image/png, declared was image/jpeg."),
            ("a.png", "application/pdf", PNG, "The bytes are image/png, declared was application/pdf."),
            ("a.pdf", "text/csv", PDF, "The bytes are application/pdf, declared was text/csv."),
            ("a.png", "image/png", HTML, "This project does not take text/html"),
            ("a.png", "application/octet-stream", HTML, "This project does not take text/html"),
        ] {
            check_refused(&both_ways(server, &strict, name, declared, bytes).await, reason, &format!("{name} as {declared}"));
        }
    }

    async fn a_declared_type_that_cannot_be_taken_is_refused_before_any_byte(server: &Server) {
        let strict = project(server, &["image/*"], OnMismatch::Refuse).await;
        for declared in ["text/html", "application/pdf", "Video/MP4; codecs=avc1", "imagex/png"] {
            let refused = open(server, &strict, "a.png", declared, 10).await.expect_error(415, "CONTENT_TYPE_NOT_ALLOWED");
            assert_eq!(refused.json()["details"]["allowed"], json!(["image/*"]), "{declared}");
            direct(server, &strict, "a.png", declared, PNG).await.expect_error(415, "CONTENT_TYPE_NOT_ALLOWED");
        }
        assert_eq!(server.app.projects.usage(strict.parse().unwrap()).await.unwrap().used().files, 0, "no room is held");
        // Nothing specific is no lie, and where declarations are corrected they do not count.
        open(server, &strict, "a.png", "application/octet-stream", 10).await.expect(201);
        let lenient = project(server, &["image/*"], OnMismatch::Correct).await;
        open(server, &lenient, "a.png", "text/html", 10).await.expect(201);
    }

    async fn names_choose_among_plain_texts_only(server: &Server) {
        let any = server.project_id();
        for (name, declared, bytes, mime) in [
            ("a.csv", "text/plain", TEXT, "text/csv"),
            ("a.txt", "text/csv", TEXT, "text/plain"),
            ("a.md", "text/csv", TEXT, "text/markdown"),
            ("a.json", "text/plain", b"{\"a\": 1}", "application/json"),
            ("a.png", "text/csv", TEXT, "text/plain"),
            ("a.html", "text/csv", TEXT, "text/plain"),
            ("a.csv", "text/csv", HTML, "text/html"),
            ("a.csv", "text/csv", PNG, "image/png"),
        ] {
            let ends = both_ways(server, &any, name, declared, bytes).await;
            for (state, _) in &ends {
                assert_eq!(state["file"]["mimeType"], mime, "{name} as {declared}");
                assert_eq!(state["session"]["expectedMime"], declared, "{name}: what was declared is kept");
            }
        }
        let tables = project(server, &["text/csv"], OnMismatch::Correct).await;
        check_taken(server, &both_ways(server, &tables, "a.csv", "text/plain", TEXT).await, "text/csv", "a.csv").await;
        check_refused(&both_ways(server, &tables, "a.txt", "text/csv", TEXT).await, "text/plain", "a.txt");
    }

    async fn webhooks_tell_the_type_that_the_bytes_show(server: &Server) {
        let picky = project(server, &["image/*"], OnMismatch::Correct).await;
        let receiver = Receiver::start().await;
        let wanted = vec![EventType::FileUploaded, EventType::FileFailed];
        server.app.webhooks.create(picky.parse().unwrap(), &receiver.url, EndpointSettings::told_of(wanted), &By::COMMAND_LINE).await.unwrap();
        direct(server, &picky, "a.txt", "text/plain", PNG).await.expect(202);
        let uploaded = receiver.wait_for(1).await[0].json();
        assert_eq!((&uploaded["type"], &uploaded["data"]["mimeType"]), (&json!("file.uploaded"), &json!("image/png")));
        direct(server, &picky, "b.png", "image/png", HTML).await.expect(202);
        let failed = receiver.wait_for(2).await[1].json();
        assert_eq!((&failed["type"], &failed["data"]["reason"]), (&json!("file.failed"), &json!("CONTENT_TYPE_NOT_ALLOWED")));
    }

    async fn the_list_can_be_changed_and_counts_for_what_comes_then(server: &Server) {
        let picky = project(server, &["image/*"], OnMismatch::Correct).await;
        let ends = both_ways(server, &picky, "a.pdf", "application/pdf", PDF).await;
        check_refused(&ends, "This project does not take application/pdf; it takes image/*.", "before");
        let set = async |patterns: &[&str]| {
            let allowed_types = Some(patterns.iter().map(|pattern| (*pattern).to_owned()).collect());
            server.app.projects.update(picky.parse().unwrap(), Settings { allowed_types, ..Settings::default() }, &By::COMMAND_LINE).await
        };
        assert!(set(&["image"]).await.is_err(), "a list that names no type is refused as a whole");
        assert!(set(&["image/*", "*/*"]).await.is_err());
        set(&[" Application/PDF "]).await.unwrap();
        let ends = both_ways(server, &picky, "a.pdf", "application/pdf", PDF).await;
        check_taken(server, &ends, "application/pdf", "after").await;
        check_refused(&both_ways(server, &picky, "a.png", "image/png", PNG).await, "image/png", "after");
        set(&[]).await.unwrap();
        check_taken(server, &both_ways(server, &picky, "a.png", "image/png", PNG).await, "image/png", "any").await;
    }
}
