//! Every way in, and what is known of an upload afterwards. To add one: a variant of [`Way`] and an arm in [`send`].

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::samples::Sample;
use crate::harness::{Body, Multipart, Reply, Server};

/// How bytes come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// One file in a form.
    Direct { public: bool },
    /// Between two harmless files in one form.
    Between,
    /// One file in a form under an `Idempotency-Key`, sent twice.
    Keyed,
    /// Session, PUT, complete.
    Session { public: bool },
}

impl Way {
    pub(super) const ALL: [Self; 6] = [
        Self::Direct { public: true },
        Self::Direct { public: false },
        Self::Between,
        Self::Keyed,
        Self::Session { public: true },
        Self::Session { public: false },
    ];
}

/// An upload that must not come out.
pub(super) struct Suspect {
    /// For messages.
    pub(super) what: String,
    pub(super) upload: String,
    pub(super) file: String,
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) reason: &'static str,
    pub(super) marks: Vec<Vec<u8>>,
    /// `uploadUrl`, where there was a session.
    pub(super) url: Option<String>,
    /// The harmless uploads of the same request.
    pub(super) neighbours: Vec<String>,
}

impl Suspect {
    pub(super) fn new(sample: &Sample, way: Way, answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned();
        Self {
            what: format!("{} by {way:?}", sample.name),
            upload: text("uploadId"),
            file: text("fileId"),
            name: sample.name.to_owned(),
            sha256: hex::encode(Sha256::digest(&sample.bytes)),
            reason: sample.reason,
            marks: sample.marks(),
            url: answer["uploadUrl"].as_str().map(str::to_owned),
            neighbours: Vec::new(),
        }
    }
}

/// Uploads a sample up to the 202.
pub(super) async fn send(server: &Server, way: Way, sample: &Sample) -> Suspect {
    match way {
        Way::Direct { public } => {
            let answer = server.upload(sample.name, "application/octet-stream", &sample.bytes, public).await.expect(202);
            Suspect::new(sample, way, &answer.json())
        }
        Way::Between => {
            let form = Multipart::new()
                .file("before.txt", "text/plain", b"harmless")
                .file(sample.name, "text/plain", &sample.bytes)
                .file("after.txt", "text/plain", b"harmless too")
                .text("isPublic", "true")
                .text("projectId", &server.project_id());
            let answer = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).json();
            let neighbours = [0, 2].map(|n| answer["files"][n]["uploadId"].as_str().unwrap().to_owned());
            Suspect { neighbours: neighbours.to_vec(), ..Suspect::new(sample, way, &answer["files"][1]) }
        }
        Way::Keyed => {
            let first = keyed(server, sample).await.expect(202).json();
            let again = keyed(server, sample).await.expect(202).json();
            assert_eq!(first, again, "{}", sample.name);
            Suspect::new(sample, way, &first)
        }
        Way::Session { .. } => {
            let suspect = open(server, way, sample).await;
            put(server, &suspect, sample).await.expect(200);
            server.complete(&suspect.upload).await.expect(202);
            suspect
        }
    }
}

/// Uploads a sample under a key that is its own; to be repeated.
pub(super) async fn keyed(server: &Server, sample: &Sample) -> Reply {
    let form =
        Multipart::new().text("projectId", &server.project_id()).file(sample.name, "application/octet-stream", &sample.bytes);
    let bearer = format!("Bearer {}", server.key);
    let key = hex::encode(Sha256::digest(&sample.bytes));
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", key.as_str())];
    server.send("POST", &format!("{}/api/v1/uploads/direct", server.api_url), &headers, Body::Form(form)).await
}

/// A session that waits for its bytes.
pub(super) async fn open(server: &Server, way: Way, sample: &Sample) -> Suspect {
    let public = way == Way::Session { public: true };
    let body = json!({ "projectId": server.project_id(), "filename": sample.name, "contentType": "application/octet-stream",
        "size": sample.bytes.len(), "isPublic": public, "folder": "suspects" });
    let answer = server.api("POST", "/uploads/session", Body::Json(body)).await.expect(201);
    Suspect::new(sample, way, &answer.json())
}

pub(super) async fn put(server: &Server, suspect: &Suspect, sample: &Sample) -> Reply {
    server.put(suspect.url.as_deref().unwrap(), "application/octet-stream", &sample.bytes).await
}
