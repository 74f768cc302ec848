//! Every route that could give something of an upload, asked about one that must give nothing.
//!
//! A test compares what was asked with the OpenAPI document, so a new route fails until it is asked here or is named there as harmless.

use std::{cell::RefCell, collections::BTreeSet};

use memchr::memmem;
use reupload::domain::{file::Variant, ids::FileId, signed_url::DownloadGrant};
use serde_json::{Value, json};

use super::ways::Suspect;
use crate::harness::{Body, Reply, Server};

const VARIANTS: [&str; 4] = ["original", "thumb_64", "thumb_160", "thumb_320"];

/// Where an upload stands that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its session is open, with bytes or without.
    Open,
    /// Its bytes are final and nothing is decided.
    Processing,
    /// It has ended without a file.
    Ended,
}

/// Asks, and remembers what.
pub(super) struct Prober<'s> {
    server: &'s Server,
    asked: RefCell<BTreeSet<String>>,
    requests: RefCell<usize>,
}

impl<'s> Prober<'s> {
    pub(super) fn new(server: &'s Server) -> Self {
        Self { server, asked: RefCell::default(), requests: RefCell::default() }
    }

    /// The operations that were asked, as `GET /path/{of}/the/document`.
    pub(super) fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    /// How many answers were looked at.
    pub(super) fn requests(&self) -> usize {
        *self.requests.borrow()
    }

    /// Every route, with each variant, range and condition.
    pub(super) async fn everything(&self, suspect: &Suspect, stage: Stage) {
        self.cdn(suspect).await;
        self.hidden(suspect).await;
        self.history(suspect, stage).await;
        self.lists(suspect).await;
        self.upload_url(suspect, stage).await;
    }

    /// The routes that give bytes and addresses, once each: for one suspect of many.
    pub(super) async fn briefly(&self, suspect: &Suspect, stage: Stage) {
        for path in ["", "/access", "/access?variant=thumb_160"] {
            self.not_found(suspect, "GET", &format!("/files/{}{path}", suspect.file), Body::Empty).await;
        }
        for signed in [false, true] {
            self.fetch(suspect, "GET", "original", false, signed, &[]).await;
        }
        self.history(suspect, stage).await;
    }

    async fn cdn(&self, suspect: &Suspect) {
        let etag = format!("\"{}\"", suspect.sha256);
        for signed in [false, true] {
            for variant in VARIANTS {
                for download in [false, true] {
                    self.fetch(suspect, "GET", variant, download, signed, &[]).await;
                }
            }
            for variant in ["original", "thumb_320"] {
                for (method, header) in [
                    ("HEAD", ("accept", "*/*")),
                    ("HEAD", ("if-none-match", etag.as_str())),
                    ("GET", ("range", "bytes=0-0")),
                    ("GET", ("range", "bytes=-5")),
                    ("GET", ("range", "bytes=999999999-")),
                    ("GET", ("if-none-match", etag.as_str())),
                    ("GET", ("if-none-match", "*")),
                    ("GET", ("if-match", etag.as_str())),
                    ("GET", ("if-match", "\"x\"")),
                    ("OPTIONS", ("origin", "http://localhost:3000")),
                ] {
                    self.fetch(suspect, method, variant, false, signed, &[header]).await;
                }
            }
        }
    }

    /// Asks the CDN host, if wished with the signature that a published file would have.
    async fn fetch(&self, suspect: &Suspect, method: &str, variant: &str, download: bool, signed: bool, with: &[(&str, &str)]) {
        let core = &self.server.app.core;
        let saved = if download { "&download=true" } else { "" };
        let signature = if signed {
            let (file, variant): (FileId, Variant) = (suspect.file.parse().unwrap(), variant.parse().unwrap());
            let grant = DownloadGrant { file, variant, download, expires: core.clock.now().timestamp() + 3600 };
            let (kid, sig) = core.keyring.sign_download(&grant);
            format!("&exp={}&kid={kid}&sig={sig}", grant.expires)
        } else {
            String::new()
        };
        let Suspect { file, name, .. } = suspect;
        let url = format!("{}/v1/files/{file}/{name}?variant={variant}{saved}{signature}", self.server.cdn_url);
        let reply = self.send(suspect, method, &url, with, Body::Empty).await;
        // Not even that there is something: no 206, 304, 412 or 416.
        assert_eq!(reply.status, 404, "{}: {method} {url} with {with:?}", suspect.what);
    }

    /// What answers only for a published file.
    async fn hidden(&self, suspect: &Suspect) {
        let file = format!("/files/{}", suspect.file);
        for change in [json!({ "isPublic": true }), json!({ "name": "renamed", "folder": "elsewhere" })] {
            self.not_found(suspect, "PATCH", &file, Body::Json(change)).await;
        }
        self.not_found(suspect, "GET", &file, Body::Empty).await;
        self.not_found(suspect, "DELETE", &file, Body::Empty).await;
        for variant in VARIANTS {
            for more in ["", "&download=true", "&expiresIn=604800"] {
                self.not_found(suspect, "GET", &format!("{file}/access?variant={variant}{more}"), Body::Empty).await;
            }
        }
        let ids = json!({ "fileIds": [suspect.file] });
        let reply = self.api(suspect, "POST", "/files/delete", Body::Json(ids)).await.expect(200);
        assert_eq!(reply.json(), json!({ "deleted": [], "notFound": [suspect.file] }), "{}", suspect.what);
        let folder = format!("/files?projectId={}&folder=suspects", self.server.project_id());
        let reply = self.api(suspect, "DELETE", &folder, Body::Empty).await.expect(200);
        assert_eq!(reply.json()["deleted"], 0, "{}", suspect.what);
    }

    /// What tells how it stands, without the file.
    async fn history(&self, suspect: &Suspect, stage: Stage) {
        let timeline = self.api(suspect, "GET", &format!("/files/{}/timeline", suspect.file), Body::Empty).await.expect(200);
        let steps: Vec<String> = steps(&timeline.json());
        assert!(!steps.iter().any(|step| ["published", "thumbnails"].contains(&step.as_str())), "{}: {steps:?}", suspect.what);
        let session = self.api(suspect, "GET", &format!("/uploads/session/{}", suspect.upload), Body::Empty).await.expect(200);
        let session = session.json();
        assert_eq!(session.get("file"), None, "{}", suspect.what);
        let status = session["session"]["status"].as_str().unwrap();
        let expected: &[&str] = match stage {
            Stage::Open => &["PENDING", "UPLOADING"],
            Stage::Processing => &["UPLOADING"],
            Stage::Ended => &["FAILED", "CANCELLED"],
        };
        assert!(expected.contains(&status), "{}: {status} as {stage:?}", suspect.what);
    }

    /// What names many files: not this one.
    async fn lists(&self, suspect: &Suspect) {
        let project = self.server.project_id();
        for query in [
            "limit=200".to_owned(),
            format!("search={}", suspect.name),
            "folder=suspects".to_owned(),
            format!("projectId={project}"),
        ] {
            let reply = self.api(suspect, "GET", &format!("/files?{query}"), Body::Empty).await.expect(200);
            assert!(!contains(&reply.body, suspect.file.as_bytes()), "{}: {query}", suspect.what);
        }
        self.api(suspect, "GET", "/usage", Body::Empty).await.expect(200);
        let events = self.api(suspect, "GET", "/events?limit=200", Body::Empty).await.expect(200).json();
        for event in events["events"].as_array().unwrap() {
            let other = event["data"]["fileId"] != suspect.file.as_str();
            assert!(other || event["type"] == "file.failed", "{}: {event}", suspect.what);
        }
    }

    /// What a session's own addresses say once its bytes are final.
    async fn upload_url(&self, suspect: &Suspect, stage: Stage) {
        if let Some(url) = &suspect.url {
            for method in ["GET", "HEAD", "POST"] {
                let reply = self.send(suspect, method, url, &[], Body::Empty).await;
                assert_eq!(reply.status, 405, "{}: {method} {url}", suspect.what);
            }
            self.send(suspect, "OPTIONS", url, &[("origin", "http://localhost:3000")], Body::Empty).await;
        }
        if stage == Stage::Open {
            return;
        }
        if let Some(url) = &suspect.url {
            let other = Body::Bytes(b"other bytes".to_vec(), "application/octet-stream");
            let status = self.send(suspect, "PUT", url, &[], other).await.status;
            assert!([409, 410].contains(&status), "{}: PUT again: {status}", suspect.what);
        }
        let complete = Body::Json(json!({ "uploadId": suspect.upload }));
        let status = self.api(suspect, "POST", "/uploads/complete", complete).await.status;
        assert!([202, 409, 410].contains(&status), "{}: complete again: {status}", suspect.what);
        let cancel = self.api(suspect, "DELETE", &format!("/uploads/session/{}", suspect.upload), Body::Empty).await.status;
        assert!([409, 410].contains(&cancel), "{}: cancel: {cancel}", suspect.what);
    }

    async fn not_found(&self, suspect: &Suspect, method: &str, path: &str, body: Body) {
        let reply = self.api(suspect, method, path, body).await;
        assert_eq!((reply.status, reply.code().as_str()), (404, "NOT_FOUND"), "{}: {method} {path}", suspect.what);
    }

    async fn api(&self, suspect: &Suspect, method: &str, path: &str, body: Body) -> Reply {
        let bearer = format!("Bearer {}", self.server.key);
        let url = format!("{}/api/v1{path}", self.server.api_url);
        self.send(suspect, method, &url, &[("authorization", &bearer)], body).await
    }

    /// Sends, and looks at every byte of the answer.
    async fn send(&self, suspect: &Suspect, method: &str, url: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let reply = self.server.send(method, url, headers, body).await;
        self.note(suspect, method, url);
        assert_silent(suspect, &reply.body, &format!("{method} {url}"));
        for value in reply.headers.values() {
            assert_silent(suspect, value.as_bytes(), &format!("a header of {method} {url}"));
        }
        reply
    }

    fn note(&self, suspect: &Suspect, method: &str, url: &str) {
        *self.requests.borrow_mut() += 1;
        let url = url.split('?').next().unwrap_or_default();
        let path = url.replace(&self.server.api_url, "").replace(&self.server.cdn_url, "");
        let path = match path.strip_prefix("/v1/upload/") {
            Some(_) => "/v1/upload/{token}".to_owned(),
            None => {
                path.replace(&suspect.file, "{fileId}").replace(&suspect.upload, "{uploadId}").replace(&suspect.name, "{name}")
            }
        };
        self.asked.borrow_mut().insert(format!("{method} {path}"));
    }
}

/// Panics if a text holds a piece of the suspect's bytes, or an address under which it would be.
#[track_caller]
pub(super) fn assert_silent(suspect: &Suspect, text: &[u8], whence: &str) {
    for mark in &suspect.marks {
        assert!(!contains(text, mark), "{}: {whence} holds some of its bytes", suspect.what);
    }
    assert!(!contains(text, format!("/v1/files/{}", suspect.file).as_bytes()), "{}: {whence} holds its address", suspect.what);
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memmem::find(text, part).is_some()
}

/// The steps of a timeline.
pub(super) fn steps(timeline: &Value) -> Vec<String> {
    let entries = timeline["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["step"].as_str().unwrap().to_owned()).collect()
}
