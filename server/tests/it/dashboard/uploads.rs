//! Uploading, looking and changing in the dashboard, and what is written down of it.

use reupload::{
    app::projects::Settings,
    domain::{account::Role, audit::By, type_policy::ScanDemand},
};
use serde_json::{Value, json};

use crate::harness::{Body, Person, Server, each_database};

async fn prepare(server: &Server, who: &Person, more: Value) -> Value {
    let mut body = json!({ "projectId": server.project_id(), "filename": "a.txt", "contentType": "text/plain", "size": 5 });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let path = format!("/workspaces/{}/uploads/prepare", server.workspace);
    server.dashboard(Some(&who.cookie), "POST", &path, body).await.expect(201).json()
}

async fn actions(server: &Server, owner: &Person) -> Vec<String> {
    let path = format!("/workspaces/{}/audit", server.workspace);
    let page = server.dashboard(Some(&owner.cookie), "GET", &path, Value::Null).await.expect(200).json();
    page["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
}

async fn settle(server: &Server, who: &Person, upload: &str) -> Value {
    let path = format!("/workspaces/{}/uploads/{upload}/status", server.workspace);
    for _ in 0..400 {
        let status = server.dashboard(Some(&who.cookie), "GET", &path, Value::Null).await.expect(200).json();
        if status["status"] != "UPLOADING" && status["status"] != "PENDING" {
            return status;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the upload did not end within 10 s");
}

each_database! {
    async fn a_browser_uploads_through_the_five_routes(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let base = format!("/workspaces/{}", server.workspace);
        let app = "https://app.example.com";
        let settings = Settings { origins: Some(vec![app.to_owned()]), ..Settings::default() };
        server.app.projects.update(server.project.id, settings, &By::COMMAND_LINE).await.unwrap();
        let opened = prepare(server, &owner, json!({ "folder": "from/here" })).await;
        let (url, upload, file) = ["uploadUrl", "uploadId", "fileId"].map(|name| opened[name].as_str().unwrap().to_owned()).into();
        // Only the dashboard's own pages may PUT to it, not those of the project's app.
        for (origin, allowed) in [(server.api_url.as_str(), true), (app, false), ("https://evil.example", false), ("null", false)] {
            let preflight = [("origin", origin), ("access-control-request-method", "PUT")];
            let reply = server.send("OPTIONS", &url, &preflight, Body::Empty).await.expect(204);
            assert_eq!(reply.headers.get("access-control-allow-origin").map(String::as_str), allowed.then_some(origin));
        }
        server.put(&url, "text/plain", b"hello").await.expect(200);
        let list = server.dashboard(Some(&owner.cookie), "GET", &format!("{base}/uploads"), Value::Null).await.expect(200);
        assert!(list.json()["uploads"].as_array().unwrap().iter().any(|listed| listed["uploadedVia"] == "dashboard"));
        let which = json!({ "uploadId": upload });
        server.dashboard(Some(&owner.cookie), "POST", &format!("{base}/uploads/complete"), which).await.expect(202);
        assert_eq!(settle(server, &owner, &upload).await["status"], "COMPLETED");
        let shown = server.dashboard(Some(&owner.cookie), "GET", &format!("{base}/files/{file}"), Value::Null).await.expect(200);
        assert_eq!(shown.text("/file/uploadedVia"), "dashboard");
        let access = format!("{base}/files/{file}/access?expiresIn=60");
        let access = server.dashboard(Some(&owner.cookie), "GET", &access, Value::Null).await.expect(200);
        assert_eq!(server.get(&access.text("/access/url")).await.expect(200).body, b"hello");
        let folders = format!("{base}/folders?projectId={}", server.project_id());
        let folders = server.dashboard(Some(&owner.cookie), "GET", &folders, Value::Null).await.expect(200).json();
        assert_eq!(folders, json!({ "folders": [{ "folder": "from", "files": 1, "sizeBytes": 5 }], "hasMore": false }));
        let files = format!("{base}/files?category=image");
        let files = server.dashboard(Some(&owner.cookie), "GET", &files, Value::Null).await.expect(200).json();
        assert_eq!(files["files"], json!([]));
        let files = format!("{base}/files?category=other&category=x");
        server.dashboard(Some(&owner.cookie), "GET", &files, Value::Null).await.expect_error(400, "VALIDATION_ERROR");

        let patched = json!({ "name": "b.txt" });
        server.dashboard(Some(&owner.cookie), "PATCH", &format!("{base}/files/{file}"), patched).await.expect(200);
        server.dashboard(Some(&owner.cookie), "DELETE", &format!("{base}/files/{file}"), Value::Null).await.expect(200);
        let second = prepare(server, &owner, json!({})).await;
        let which = json!({ "uploadId": second["uploadId"] });
        server.dashboard(Some(&owner.cookie), "POST", &format!("{base}/uploads/cancel"), which).await.expect(200);
        let written = actions(server, &owner).await;
        assert_eq!(written[..5], ["upload.cancelled", "upload.opened", "file.deleted", "file.updated", "upload.opened"]);
    }

    async fn keys_and_projects_are_kept_and_written_down(server: &Server) {
        let admin = server.member("admin@example.com", Role::Admin).await;
        let base = format!("/workspaces/{}", server.workspace);
        let new = json!({ "name": "p", "maxFiles": 7, "defaultPublic": true, "scan": "required", "allowedTypes": ["IMAGE/*"] });
        let project = server.dashboard(Some(&admin.cookie), "POST", &format!("{base}/projects"), new).await.expect(201).json();
        let project = &project["project"];
        assert_eq!((&project["defaultPublic"], &project["scan"], &project["allowedTypes"]), (&json!(true), &json!("required"), &json!(["image/*"])));
        assert_eq!(project["usage"]["maxFiles"], 7);
        let one = format!("{base}/projects/{}", project["id"].as_str().unwrap());
        let changed = server.dashboard(Some(&admin.cookie), "PATCH", &one, json!({ "maxFiles": 0, "scan": "when_available" })).await;
        assert_eq!(changed.expect(200).json()["project"]["usage"]["maxFiles"], Value::Null);
        for bad in [json!({ "name": " " }), json!({ "name": "a\0b" }), json!({ "name": "n".repeat(201) }), json!({ "scan": "never" }), json!({ "name": null }), json!({ "uploadCorsOrigins": ["x"] })] {
            server.dashboard(Some(&admin.cookie), "PATCH", &one, bad).await.expect_error(400, "VALIDATION_ERROR");
        }

        let new = json!({ "name": "k", "permissions": ["files.read"], "projectIds": [project["id"], project["id"]] });
        let made = server.dashboard(Some(&admin.cookie), "POST", &format!("{base}/keys"), new).await.expect(201);
        let secret = made.text("/secret");
        server.api_as(Some(&secret), "GET", "/public/whoami", Body::Empty).await.expect(200);
        for bad in [json!({ "name": "k", "projectIds": [] }), json!({ "name": "k", "expiresIn": 59 })] {
            server.dashboard(Some(&admin.cookie), "POST", &format!("{base}/keys"), bad).await.expect_error(400, "VALIDATION_ERROR");
        }
        let list = server.dashboard(Some(&admin.cookie), "GET", &format!("{base}/keys"), Value::Null).await.expect(200);
        assert!(!String::from_utf8_lossy(&list.body).contains(&secret));
        let one = format!("{base}/keys/{}", made.text("/key/id"));
        server.dashboard(Some(&admin.cookie), "DELETE", &one, Value::Null).await.expect(200);
        server.dashboard(Some(&admin.cookie), "DELETE", &one, Value::Null).await.expect_error(404, "NOT_FOUND");
        server.api_as(Some(&secret), "GET", "/public/whoami", Body::Empty).await.expect_error(401, "UNAUTHORIZED");
        assert_eq!(actions(server, &admin).await[..4], ["key.revoked", "key.created", "project.updated", "project.created"]);
    }

    async fn a_projects_default_counts_where_nothing_is_said(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let settings = Settings { default_public: Some(true), ..Settings::default() };
        server.app.projects.update(server.project.id, settings, &By::COMMAND_LINE).await.unwrap();
        for (more, public) in [(json!({}), true), (json!({ "isPublic": false }), false)] {
            let opened = prepare(server, &owner, more).await;
            server.put(opened["uploadUrl"].as_str().unwrap(), "text/plain", b"hello").await.expect(200);
            let upload = opened["uploadId"].as_str().unwrap();
            server.complete(upload).await.expect(202);
            assert_eq!(server.completed(upload).await["file"]["isPublic"], public);
        }
        let form = crate::harness::Multipart::new().text("projectId", &server.project_id()).file("a.txt", "text/plain", b"x");
        let direct = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
        assert_eq!(server.completed(&direct.text("/uploadId")).await["file"]["isPublic"], true);
    }

    async fn a_project_that_demands_a_scan_publishes_nothing_without_a_scanner(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let settings = Settings { scan: Some(ScanDemand::Required), ..Settings::default() };
        server.app.projects.update(server.project.id, settings, &By::COMMAND_LINE).await.unwrap();
        let upload = server.upload("a.txt", "text/plain", b"hello", true).await.expect(202);
        let ended = settle(server, &owner, &upload.text("/uploadId")).await;
        assert_eq!((&ended["status"], &ended["failureReason"]), (&json!("FAILED"), &json!("SCAN_UNAVAILABLE")));
        let list = format!("/workspaces/{}/uploads", server.workspace);
        let list = server.dashboard(Some(&owner.cookie), "GET", &list, Value::Null).await.expect(200).json();
        assert_eq!(list["uploads"][0]["failureReason"], "SCAN_UNAVAILABLE");
    }
}
