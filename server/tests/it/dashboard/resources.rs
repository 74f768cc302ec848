//! The rows of the table that are about what a workspace has.

use reupload::{
    app::{keys::NewKey, projects::Settings, webhooks::endpoints::EndpointSettings},
    domain::{access::Permission, audit::By, event::EventType, ids::EndpointId},
};
use serde_json::{Value, json};

use super::Call;
use crate::harness::{Receiver, Server};

/// What a call needs beside its template.
struct Row {
    success: u16,
    /// Of what the template names below the workspace.
    id: String,
    query: String,
    body: Value,
}

fn row(success: u16, body: Value) -> Row {
    Row { success, id: String::new(), query: String::new(), body }
}

fn about(id: impl ToString, body: Value) -> Row {
    Row { id: id.to_string(), ..row(200, body) }
}

/// A call that succeeds for whoever may make it; `key` is method and template.
pub(super) async fn prepare(server: &Server, key: &str, number: usize) -> Call {
    let (method, path) = key.split_once(' ').unwrap();
    let below = path.strip_prefix("/workspaces/{workspaceId}").unwrap_or_else(|| panic!("{key} has no row in this table"));
    let kind = below.split('/').nth(1).unwrap_or_default();
    let found = match kind {
        // It has a project.
        "" if method == "DELETE" => Some(row(409, Value::Null)),
        "projects" | "keys" | "usage" | "live" => of_settings(server, method, below).await,
        "uploads" => of_uploads(server, method, below).await,
        "files" | "folders" => of_files(server, method, below, number).await,
        "webhooks" | "deliveries" => of_webhooks(server, method, below).await,
        _ => None,
    };
    let Row { success, id, query, body } = found.unwrap_or_else(|| panic!("{key} has no row in this table"));
    let names = ["{projectId}", "{keyId}", "{uploadId}", "{fileId}", "{webhookId}", "{deliveryId}"];
    let path = names.iter().fold(path.to_owned(), |path, name| path.replace(name, &id));
    Call { path: format!("{}{query}", path.replace("{workspaceId}", &server.workspace.to_string())), body, success }
}

async fn of_settings(server: &Server, method: &str, below: &str) -> Option<Row> {
    Some(match (method, below) {
        ("GET", "/projects" | "/keys" | "/usage" | "/usage/days" | "/live") => row(200, Value::Null),
        ("POST", "/projects" | "/keys") => row(201, json!({ "name": "another" })),
        ("GET", "/projects/{projectId}") => about(server.project.id, Value::Null),
        ("PATCH", "/projects/{projectId}") => about(server.project.id, json!({ "name": "renamed" })),
        ("DELETE", "/projects/{projectId}" | "/projects/{projectId}/files") => {
            let settings = Settings { name: Some("gone".to_owned()), ..Settings::default() };
            about(server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id, Value::Null)
        }
        ("DELETE", "/keys/{keyId}") => {
            let permissions = Permission::ALL.to_vec();
            let new =
                NewKey { workspace: server.workspace, name: "gone".to_owned(), permissions, projects: Vec::new(), life: None };
            about(server.app.keys.create(new, &By::COMMAND_LINE).await.unwrap().0.id, Value::Null)
        }
        _ => return None,
    })
}

async fn of_uploads(server: &Server, method: &str, below: &str) -> Option<Row> {
    let session = async || {
        let opened = server.open_session("s.txt", "text/plain", 2).await.expect(201);
        server.put(&opened.text("/uploadUrl"), "text/plain", b"hi").await.expect(200);
        opened.text("/uploadId")
    };
    Some(match (method, below) {
        ("GET", "/uploads") => row(200, Value::Null),
        ("POST", "/uploads/prepare") => {
            row(201, json!({ "projectId": server.project_id(), "filename": "a.txt", "contentType": "text/plain", "size": 1 }))
        }
        ("POST", "/uploads/complete") => row(202, json!({ "uploadId": session().await })),
        ("POST", "/uploads/cancel") => row(200, json!({ "uploadId": session().await })),
        ("GET", "/uploads/{uploadId}/status") => about(session().await, Value::Null),
        _ => return None,
    })
}

async fn of_files(server: &Server, method: &str, below: &str, number: usize) -> Option<Row> {
    let project = server.project_id();
    let file = async || {
        let state = server.ready(&format!("f{number}.txt"), b"hello", false).await;
        state["file"]["fileId"].as_str().unwrap().to_owned()
    };
    Some(match (method, below) {
        ("GET", "/files") => row(200, Value::Null),
        ("DELETE", "/files") => Row { query: format!("?projectId={project}&folder=nothing"), ..row(200, Value::Null) },
        ("GET", "/folders") => Row { query: format!("?projectId={project}"), ..row(200, Value::Null) },
        ("POST", "/files/delete") => row(200, json!({ "fileIds": [file().await] })),
        ("PATCH", "/files/{fileId}") => about(file().await, json!({ "name": "renamed.txt" })),
        ("GET" | "DELETE", "/files/{fileId}") | ("GET", "/files/{fileId}/timeline" | "/files/{fileId}/access") => {
            about(file().await, Value::Null)
        }
        _ => return None,
    })
}

async fn of_webhooks(server: &Server, method: &str, below: &str) -> Option<Row> {
    let webhook = async || silent_webhook(server).await;
    let delivery = async || {
        let webhook = silent_webhook(server).await;
        server.app.webhooks.send_test(webhook, EventType::FileUploaded, &By::COMMAND_LINE).await.unwrap().id
    };
    let url = "http://127.0.0.1:9/hook";
    Some(match (method, below) {
        ("GET", "/webhooks") => row(200, Value::Null),
        ("POST", "/webhooks") => row(201, json!({ "projectId": server.project_id(), "url": url, "events": ["file.failed"] })),
        ("DELETE", "/webhooks/{webhookId}") | ("GET", "/webhooks/{webhookId}/deliveries") => about(webhook().await, Value::Null),
        ("PATCH", "/webhooks/{webhookId}") => about(webhook().await, json!({ "description": "changed" })),
        ("POST", "/webhooks/{webhookId}/rotate") => about(webhook().await, json!({})),
        ("POST", "/webhooks/{webhookId}/test") => Row { success: 202, ..about(webhook().await, json!({})) },
        ("POST", "/webhooks/{webhookId}/recover") => {
            Row { success: 202, ..about(webhook().await, json!({ "since": "2026-01-01T00:00:00Z" })) }
        }
        ("GET", "/deliveries/{deliveryId}") => about(delivery().await, Value::Null),
        ("POST", "/deliveries/{deliveryId}/replay") => Row { success: 202, ..about(delivery().await, Value::Null) },
        _ => return None,
    })
}

/// An endpoint that is told of nothing by itself, and answers.
async fn silent_webhook(server: &Server) -> EndpointId {
    let settings = EndpointSettings::told_of([EventType::FileFailed]);
    let webhooks = &server.app.webhooks;
    // Its server goes on for as long as the test.
    let url = Receiver::start().await.url;
    webhooks.create(server.project.id, &url, settings, &By::COMMAND_LINE).await.unwrap().id
}

/// Ends the endpoints that the walk has left: nothing more is sent to them.
pub(super) async fn clean(server: &Server) {
    for endpoint in server.app.webhooks.list().await.unwrap() {
        server.app.webhooks.delete(endpoint.id, &By::COMMAND_LINE).await.unwrap();
    }
}
