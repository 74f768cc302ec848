//! Sessions: open, PUT, complete, cancel, expire; and that nobody can bend one.

mod puts;

use chrono::Duration;
use reupload::{
    app::projects::Settings,
    domain::{audit::By, file::Variant, signed_url::DownloadGrant},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Body, Reply, Server, each_database, frozen};

/// An open session of the test's project.
struct Session {
    id: String,
    file: String,
    url: String,
}

impl Session {
    async fn open(server: &Server, size: usize) -> Self {
        let opened = server.open_session("a.txt", "text/plain", size).await.expect(201);
        Self { id: opened.text("/uploadId"), file: opened.text("/fileId"), url: opened.text("/uploadUrl") }
    }

    /// One whose bytes have arrived.
    async fn filled(server: &Server, bytes: &[u8]) -> Self {
        let session = Self::open(server, bytes.len()).await;
        server.put(&session.url, "text/plain", bytes).await.expect(200);
        session
    }

    async fn status(&self, server: &Server) -> (String, Value) {
        let state = server.api("GET", &format!("/uploads/session/{}", self.id), Body::Empty).await.expect(200);
        assert!(state.json().get("file").is_none() || state.text("/session/status") == "COMPLETED");
        (state.text("/session/status"), state.json()["session"]["failureReason"].clone())
    }

    async fn cancel(&self, server: &Server) -> Reply {
        server.api("DELETE", &format!("/uploads/session/{}", self.id), Body::Empty).await
    }

    /// What the finished file serves; its `sha256` must be that of these bytes.
    async fn served(&self, server: &Server) -> Vec<u8> {
        let state = server.completed(&self.id).await;
        let bytes = server.get(state["file"]["url"].as_str().unwrap()).await.expect(200).body;
        let file = server.api("GET", &format!("/files/{}", self.file), Body::Empty).await.expect(200);
        assert_eq!(file.text("/file/sha256"), hex::encode(Sha256::digest(&bytes)));
        bytes
    }
}

/// A PUT by hand, for what a well-behaved client does not send.
struct RawPut(TcpStream);

impl RawPut {
    async fn begin(server: &Server, url: &str, framing: &str, start: &str) -> Self {
        let host = server.cdn_url.trim_start_matches("http://");
        let path = url.trim_start_matches(&server.cdn_url);
        let mut stream = TcpStream::connect(host).await.unwrap();
        let head =
            format!("PUT {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: text/plain\r\n{framing}\r\n\r\n");
        stream.write_all(format!("{head}{start}").as_bytes()).await.unwrap();
        Self(stream)
    }

    /// Sends the rest and returns status line to body's end.
    async fn end(mut self, rest: &str) -> String {
        self.0.write_all(rest.as_bytes()).await.unwrap();
        let mut answer = String::new();
        self.0.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

async fn blobs(server: &Server) -> usize {
    server.blobs().await.len()
}

/// Bytes and files, stored and reserved.
async fn usage(server: &Server) -> (i64, i64) {
    let used = server.app.projects.usage(server.project.id).await.unwrap().used();
    (used.bytes, used.files)
}

each_database! {
    async fn a_session_goes_from_pending_to_completed(server: &Server) {
        let opened = server.open_session("写真.txt", "text/plain", 5).await.expect(201);
        assert_eq!(opened.json()["expiresIn"], 3600);
        assert!(opened.text("/uploadUrl").starts_with(&format!("{}/v1/upload/", server.cdn_url)));
        assert_eq!(opened.json().as_object().unwrap().len(), 4);
        let session = Session { id: opened.text("/uploadId"), file: opened.text("/fileId"), url: opened.text("/uploadUrl") };
        assert_eq!(session.status(server).await, ("PENDING".to_owned(), Value::Null));
        assert_eq!(usage(server).await, (5, 1), "an open session holds its room");

        let stored = server.put(&session.url, "Text/Plain; charset=utf-8", b"hello").await.expect(200).json();
        let sha256 = hex::encode(Sha256::digest(b"hello"));
        assert_eq!(stored, json!({ "uploadId": session.id, "fileId": session.file, "sizeBytes": 5, "sha256": sha256 }));
        assert_eq!(session.status(server).await.0, "UPLOADING");
        server.api("GET", &format!("/files/{}", session.file), Body::Empty).await.expect_error(404, "NOT_FOUND");

        let first = server.complete(&session.id).await.expect(202).json();
        assert_eq!(first, json!({ "fileId": session.file, "status": "processing" }));
        let state = server.completed(&session.id).await;
        assert_eq!(server.complete(&session.id).await.expect(202).json(), first, "repeating it gives the same answer");
        assert_eq!(session.served(server).await, b"hello");
        assert_eq!(state["session"]["expectedSize"], 5);
        assert_eq!(state["session"]["expectedMime"], "text/plain");
        assert_eq!(state["session"]["projectId"], server.project_id());
        assert_eq!(state["file"]["name"], "写真.txt");
        assert_eq!(state["file"]["fileId"], session.file);
        assert_eq!(usage(server).await, (5, 1));
    }

    async fn a_session_keeps_what_it_was_asked_for(server: &Server) {
        let body = json!({ "projectId": server.project_id(), "filename": "../b.txt", "contentType": "text/plain", "size": 2,
            "isPublic": true, "folder": "/x//y/", "metadata": { "order": "17" }, "ownerRef": "user-1" });
        let opened = server.api("POST", "/uploads/session", Body::Json(body)).await.expect(201);
        server.put(&opened.text("/uploadUrl"), "text/plain", b"hi").await.expect(200);
        server.complete(&opened.text("/uploadId")).await.expect(202);
        let state = server.completed(&opened.text("/uploadId")).await;
        assert_eq!((&state["file"]["path"], &state["file"]["isPublic"]), (&json!("x/y/b.txt"), &json!(true)));
        let file = server.api("GET", &format!("/files/{}", opened.text("/fileId")), Body::Empty).await.expect(200).json();
        assert_eq!(file["file"]["metadata"], json!({ "order": "17" }));
        assert_eq!(file["file"]["originalName"], "../b.txt");
        assert_eq!(file["file"]["publicUrl"], state["file"]["url"]);
    }

    async fn a_session_is_refused_with_the_right_code(server: &Server) {
        let good = json!({ "projectId": server.project_id(), "filename": "a.txt", "contentType": "text/plain", "size": 5 });
        let with = |name: &str, value: Value| {
            let mut body = good.clone();
            body[name] = value;
            body
        };
        let without = |name: &str| {
            let mut body = good.clone();
            body.as_object_mut().unwrap().remove(name);
            body
        };
        let many: Value = (0..17).map(|n| (n.to_string(), json!("x"))).collect::<serde_json::Map<_, _>>().into();
        let invalid = [
            ("filename", vec![json!(7), Value::Null]),
            ("contentType", vec![json!(""), json!("  "), json!("a/b\r\nX: y"), json!(format!("a/{}", "b".repeat(254)))]),
            ("size", vec![json!(0), json!(-1), json!(1.5), json!("5"), Value::Null]),
            ("isPublic", vec![json!("true"), json!(1)]),
            ("folder", vec![json!("a/../b"), json!("a\nb"), json!("x".repeat(1025))]),
            ("metadata", vec![json!({ "a": 1 }), json!([]), many, json!({ "a": "x".repeat(2048) }), json!({ "": "x" })]),
            ("ownerRef", vec![json!(""), json!("x".repeat(256)), json!("\0")]),
            ("projectId", vec![json!("nonsense"), json!(""), json!(7)]),
        ];
        let mut cases = vec![
            (with("size", json!(5_368_709_121_i64)), 413, "FILE_TOO_LARGE"),
            (with("size", json!(i64::MAX)), 413, "FILE_TOO_LARGE"),
            (with("projectId", json!("00000000-0000-4000-8000-000000000000")), 404, "NOT_FOUND"),
            (with("folder", json!("x".repeat(70_000))), 400, "MALFORMED_REQUEST"),
            (json!([server.project_id(), "a.txt", "text/plain", 5, null, null, null, null]), 400, "VALIDATION_ERROR"),
            (json!("text"), 400, "VALIDATION_ERROR"),
        ];
        for (name, values) in invalid {
            cases.extend(values.into_iter().map(|value| (with(name, value), 400, "VALIDATION_ERROR")));
        }
        cases.extend(["filename", "projectId", "contentType", "size"].map(|name| (without(name), 400, "VALIDATION_ERROR")));
        for name in ["", "  \t", "..", "a/", "nul\0", &"é".repeat(513)] {
            cases.push((with("filename", json!(name)), 400, "INVALID_FILENAME"));
        }
        for (body, status, code) in cases {
            let what = body.to_string();
            let reply = server.api("POST", "/uploads/session", Body::Json(body)).await;
            assert_eq!((reply.status, reply.code().as_str()), (status, code), "{}", &what[..what.len().min(300)]);
        }
        for broken in ["", "{", "size=5", "{\"filename\": \"\\ud800\"}", "{\"filename\": \"\u{1}\"}"] {
            let body = Body::Bytes(broken.as_bytes().to_vec(), "application/json");
            server.api("POST", "/uploads/session", body).await.expect_error(400, "MALFORMED_REQUEST");
        }
        assert_eq!(usage(server).await, (0, 0), "a refused session reserves nothing");
        server.api("POST", "/uploads/session", Body::Json(with("filename", json!("é".repeat(512))))).await.expect(201);
        server.app.projects.update(server.project.id, Settings { max_file_size: Some(4), ..Settings::default() }, &By::COMMAND_LINE).await.unwrap();
        let refused = server.api("POST", "/uploads/session", Body::Json(good)).await.expect_error(413, "FILE_TOO_LARGE");
        assert_eq!(refused.json()["details"]["limit"], 4);
    }

    async fn complete_wants_bytes_and_a_session(server: &Server) {
        let session = Session::open(server, 5).await;
        server.complete(&session.id).await.expect_error(409, "UPLOAD_NOT_RECEIVED");
        assert_eq!(session.status(server).await.0, "PENDING");
        server.complete("00000000-0000-4000-8000-000000000000").await.expect_error(404, "NOT_FOUND");
        server.complete("nonsense").await.expect_error(400, "VALIDATION_ERROR");
        server.api("POST", "/uploads/complete", Body::Json(json!({}))).await.expect_error(400, "VALIDATION_ERROR");
        server.api("POST", "/uploads/complete", Body::Json(json!([session.id]))).await.expect_error(400, "VALIDATION_ERROR");
        server.api("GET", "/uploads/session/nonsense", Body::Empty).await.expect_error(404, "NOT_FOUND");
    }

    async fn a_completed_session_never_changes(server: &Server) {
        let session = Session::filled(server, b"first").await;
        server.complete(&session.id).await.expect(202);
        assert_eq!(session.served(server).await, b"first");
        for other in [&b"other"[..], b"first"] {
            server.put(&session.url, "text/plain", other).await.expect_error(409, "SESSION_NOT_ACTIVE");
        }
        session.cancel(server).await.expect_error(409, "SESSION_NOT_ACTIVE");
        assert_eq!(session.served(server).await, b"first");
        assert_eq!(blobs(server).await, 1);
    }

    async fn a_cancelled_session_is_over_and_holds_nothing(server: &Server) {
        for session in [Session::open(server, 5).await, Session::filled(server, b"hello").await] {
            assert_eq!(session.cancel(server).await.expect(200).json(), json!({ "success": true }));
            assert_eq!(session.status(server).await, ("CANCELLED".to_owned(), Value::Null));
            session.cancel(server).await.expect_error(409, "SESSION_NOT_ACTIVE");
            server.complete(&session.id).await.expect_error(409, "SESSION_NOT_ACTIVE");
            server.put(&session.url, "text/plain", b"hello").await.expect_error(409, "SESSION_NOT_ACTIVE");
            server.api("GET", &format!("/files/{}", session.file), Body::Empty).await.expect_error(404, "NOT_FOUND");
        }
        server.settle().await;
        assert_eq!((usage(server).await, blobs(server).await), ((0, 0), 0));
    }

    async fn forged_tokens_open_nothing(server: &Server) {
        let session = Session::open(server, 5).await;
        let other = Session::open(server, 5).await;
        let token = session.url.rsplit('/').next().unwrap();
        let [kid, id, mac] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
        let other_mac = other.url.rsplit('.').next().unwrap();
        let file = session.file.parse().unwrap();
        let grant = DownloadGrant { file, variant: Variant::Original, download: false, expires: i64::MAX };
        let of_upload = DownloadGrant { file: session.id.parse().unwrap(), ..grant };
        let sign = |grant| server.app.core.keyring.sign_download(grant).1;
        let mut forged: Vec<String> = ["x", "...", "%ff", "%00", &session.id, &"a".repeat(5000)].map(str::to_owned).into();
        let loud = id.to_uppercase();
        for (id, mac) in [(session.id.as_str(), mac), (&session.file, mac), (&loud, mac), (id, other_mac), (id, "")] {
            forged.push(format!("{kid}.{id}.{mac}"));
        }
        for mac in [format!("{mac}."), format!("{mac}="), sign(&grant), sign(&of_upload)] {
            forged.push(format!("{kid}.{id}.{mac}"));
        }
        forged.extend([format!("{kid}.{id}"), format!(".{id}.{mac}"), format!("00000000.{id}.{mac}")]);
        for position in 0..token.len() {
            let mut typo = token.as_bytes().to_vec();
            typo[position] = if typo[position] == b'0' { b'1' } else { b'0' };
            forged.push(String::from_utf8(typo).unwrap());
        }
        for token in forged {
            let url = format!("{}/v1/upload/{token}", server.cdn_url);
            server.put(&url, "text/plain", b"hello").await.expect_error(403, "INVALID_SIGNATURE");
            let preflight = server.send("OPTIONS", &url, &[("origin", "http://a.test")], Body::Empty).await;
            preflight.expect_error(403, "INVALID_SIGNATURE");
        }
        assert_eq!(session.status(server).await.0, "PENDING");
        let done = Session::filled(server, b"hello").await;
        server.complete(&done.id).await.expect(202);
        done.served(server).await;
        let mac = done.url.rsplit('.').next().unwrap();
        let url = format!("{}/v1/files/{}/a.txt?exp={}&kid={kid}&sig={mac}", server.cdn_url, done.file, i64::MAX);
        server.get(&url).await.expect_error(403, "INVALID_SIGNATURE");
    }

}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overdue_session_is_expired_before_and_after_the_reaper() {
    frozen(async |server, clock| {
        let (empty, filled) = (Session::open(server, 5).await, Session::filled(server, b"hello").await);
        let slow = RawPut::begin(server, &empty.url, "Content-Length: 5", "hel").await;
        clock.advance(Duration::seconds(3599));
        server.put(&filled.url, "text/plain", b"other").await.expect(200);
        assert_eq!(server.app.reaper.expire_overdue().await.unwrap(), 0);
        clock.advance(Duration::seconds(1));
        for reaped in [false, true] {
            if reaped {
                assert_eq!(server.app.reaper.expire_overdue().await.unwrap(), 2);
            }
            for session in [&empty, &filled] {
                server.put(&session.url, "text/plain", b"hello").await.expect_error(410, "SESSION_EXPIRED");
                server.complete(&session.id).await.expect_error(410, "SESSION_EXPIRED");
                session.cancel(server).await.expect_error(410, "SESSION_EXPIRED");
            }
        }
        let answer = slow.end("lo").await;
        assert!(answer.starts_with("HTTP/1.1 410") && answer.contains("SESSION_EXPIRED"), "{answer}");
        for session in [&empty, &filled] {
            assert_eq!(session.status(server).await, ("FAILED".to_owned(), json!("EXPIRED")));
        }
        assert_eq!(server.app.reaper.expire_overdue().await.unwrap(), 0);
        server.settle().await;
        assert_eq!((usage(server).await, blobs(server).await), ((0, 0), 0), "an expired session holds nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_is_processed_a_session_neither_expires_nor_changes() {
    frozen(async |server, clock| {
        let session = Session::filled(server, b"hello").await;
        server.complete(&session.id).await.expect(202);
        clock.advance(Duration::days(30));
        assert_eq!(session.status(server).await.0, "UPLOADING", "it is processed however late");
        assert_eq!(server.app.reaper.expire_overdue().await.unwrap(), 0);
        server.complete(&session.id).await.expect(202);
        for body in [b"other", b"hello"] {
            server.put(&session.url, "text/plain", body).await.expect_error(409, "SESSION_NOT_ACTIVE");
        }
        session.cancel(server).await.expect_error(409, "SESSION_NOT_ACTIVE");
        assert_eq!(session.served(server).await, b"hello");
    })
    .await;
}
