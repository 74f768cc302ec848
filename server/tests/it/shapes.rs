//! The contract's names on the wire, written out: the document that answers are checked against is made of the same types as
//! the answers, and would follow a renamed field.

use serde_json::Value;

use crate::harness::{Body, Server, each_database};

/// Compares the names of an object with these, in any order.
#[track_caller]
fn has(object: &Value, names: &str) {
    let mut names: Vec<&str> = names.split_whitespace().collect();
    names.sort_unstable();
    let mut found: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, names);
}

const SESSION: &str =
    "id workspaceId projectId fileId status expectedSize expectedMime expiresAt completedAt failureReason createdAt";

each_database! {
    async fn every_object_has_the_names_of_the_contract(server: &Server) {
        let opened = server.open_session("a.txt", "text/plain", 5).await.expect(201);
        has(&opened.json(), "uploadId fileId uploadUrl expiresIn");
        let session = format!("/uploads/session/{}", opened.text("/uploadId"));
        let pending = server.api("GET", &session, Body::Empty).await.expect(200).json();
        has(&pending, "session");
        has(&pending["session"], SESSION);
        server.put(&opened.text("/uploadUrl"), "text/plain", b"hello").await.expect(200);
        server.complete(&opened.text("/uploadId")).await.expect(202);
        let done = server.completed(&opened.text("/uploadId")).await;
        has(&done, "session file");
        has(&done["session"], SESSION);
        has(&done["file"], "fileId projectId path name mimeType sizeBytes url urlExpiresAt isPublic");

        let file = format!("/files/{}", opened.text("/fileId"));
        let shown = server.api("GET", &file, Body::Empty).await.expect(200).json();
        has(&shown, "file");
        has(&shown["file"], "id workspaceId projectId name originalName mimeType sizeBytes category isPublic publicUrl uploadedVia
            createdAt updatedAt sha256 folder metadata scan ownerRef variants");
        let access = server.api("GET", &format!("{file}/access"), Body::Empty).await.expect(200).json();
        has(&access, "access");
        has(&access["access"], "url accessType expiresIn variant download");
        let whoami = server.api("GET", "/public/whoami", Body::Empty).await.expect(200).json();
        has(&whoami, "apiKeyId workspaceId name permissions allProjects projects");
        has(&whoami["projects"][0], "id name uploadCorsOrigins");
        let refused = server.api("GET", "/files/none", Body::Empty).await.expect(404).json();
        has(&refused, "error message requestId");
    }
}
