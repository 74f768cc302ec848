//! Deleting projects and workspaces: nothing that is still there goes with them, and what goes reaches nothing any more.

use futures_util::future::join_all;
use reupload::{
    app::{
        Error,
        keys::NewKey,
        projects::{Settings, WorkspaceSettings},
        webhooks::endpoints::EndpointSettings,
    },
    domain::{
        access::{Permission, Scope},
        account::Role,
        audit::By,
        ids::ProjectId,
        quota::{Amount, Holder},
        refusal::Code,
    },
};
use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Person, Receiver, Reply, Server, each_database, note, token_of};

const BY: By = By::COMMAND_LINE;

async fn second_project(server: &Server) -> ProjectId {
    let settings = Settings { name: Some("second".to_owned()), ..Settings::default() };
    server.app.projects.create(server.workspace, settings, &BY).await.unwrap().id
}

fn address(server: &Server, project: ProjectId) -> String {
    format!("/workspaces/{}/projects/{project}", server.workspace)
}

async fn ask(server: &Server, who: &Person, method: &str, path: &str) -> Reply {
    server.dashboard(Some(&who.cookie), method, path, Value::Null).await
}

async fn upload(server: &Server, key: &str, project: ProjectId) -> Reply {
    let form =
        Multipart::new().text("projectId", &project.to_string()).text("isPublic", "true").file("a.txt", "text/plain", b"abc");
    server.api_as(Some(key), "POST", "/uploads/direct", Body::Form(form)).await
}

async fn session(server: &Server, key: &str, project: ProjectId) -> Reply {
    let body = json!({ "projectId": project, "filename": "s.txt", "contentType": "text/plain", "size": 3 });
    server.api_as(Some(key), "POST", "/uploads/session", Body::Json(body)).await
}

/// The projects that the bearer of a key reaches; `None` once it is revoked.
async fn reach(server: &Server, key: &str) -> Option<Vec<Value>> {
    let reply = server.api_as(Some(key), "GET", "/public/whoami", Body::Empty).await;
    if reply.status == 401 {
        return None;
    }
    let projects = reply.expect(200).json()["projects"].as_array().unwrap().clone();
    Some(projects.into_iter().map(|project| project["id"].clone()).collect())
}

each_database! {
    async fn a_project_goes_when_it_is_empty_with_its_webhooks_and_keys(server: &Server) {
        let admin = server.member("admin@example.com", Role::Admin).await;
        let (first, second) = (server.project.id, second_project(server).await);
        let one = address(server, second);
        let lonely = server.new_key(&Permission::ALL, &[second]).await;
        let both = server.new_key(&Permission::ALL, &[first, second]).await;
        let receiver = Receiver::start().await;
        let told = EndpointSettings::default();
        let endpoint = server.app.webhooks.create(second, &receiver.url, told, &BY).await.unwrap();
        let state = server.completed(&upload(server, &lonely, second).await.expect(202).text("/uploadId")).await;
        let url = state["file"]["url"].as_str().unwrap().to_owned();
        server.get(&url).await.expect(200);
        let stays = server.ready("stays.txt", b"stays", true).await;

        let refused = ask(server, &admin, "DELETE", &one).await.expect_error(409, "CONFLICT");
        assert_eq!(refused.json()["details"]["files"], 1);
        let emptied = ask(server, &admin, "DELETE", &format!("{one}/files")).await.expect(200).json();
        assert_eq!(emptied, json!({ "deleted": 1, "hasMore": false }));
        server.get(&url).await.expect_error(404, "NOT_FOUND");
        ask(server, &admin, "DELETE", &one).await.expect(200);
        // The app is told of each file, though its endpoint is shown to nobody any more.
        server.settle().await;
        assert!(receiver.hooks().iter().any(|hook| hook.json()["type"] == "file.deleted"));
        let hook = format!("/workspaces/{}/webhooks/{}", server.workspace, endpoint.id);
        ask(server, &admin, "GET", &format!("{hook}/deliveries")).await.expect_error(404, "NOT_FOUND");
        ask(server, &admin, "DELETE", &hook).await.expect_error(404, "NOT_FOUND");

        for (method, path) in [("GET", one.clone()), ("DELETE", one.clone()), ("DELETE", format!("{one}/files"))] {
            ask(server, &admin, method, &path).await.expect_error(404, "NOT_FOUND");
        }
        server.dashboard(Some(&admin.cookie), "PATCH", &one, json!({ "name": "x" })).await.expect_error(404, "NOT_FOUND");
        let listed = ask(server, &admin, "GET", &format!("/workspaces/{}/projects", server.workspace)).await.json();
        assert_eq!(listed["projects"].as_array().unwrap().len(), 1);
        assert_eq!(reach(server, &lonely).await, None);
        assert_eq!(reach(server, &both).await, Some(vec![json!(first)]));
        assert_eq!(reach(server, &server.key).await, Some(vec![json!(first)]));
        upload(server, &both, second).await.expect_error(404, "NOT_FOUND");
        session(server, &server.key, second).await.expect_error(404, "NOT_FOUND");
        assert!(server.app.webhooks.list().await.unwrap().iter().all(|known| known.id != endpoint.id));
        assert!(server.app.webhooks.create(second, &receiver.url, EndpointSettings::default(), &BY).await.is_err());
        let new = NewKey { workspace: server.workspace, name: "n".to_owned(), permissions: vec![], projects: vec![second], life: None };
        assert!(server.app.keys.create(new, &BY).await.is_err());
        server.get(stays["file"]["url"].as_str().unwrap()).await.expect(200);
        let log = ask(server, &admin, "GET", &format!("/workspaces/{}/audit", server.workspace)).await.json();
        let entry = &log["entries"][0];
        assert_eq!((&entry["action"], &entry["detail"]), (&json!("project.deleted"), &json!({ "keys": 1 })));
    }

    async fn uploads_under_way_are_cancelled_before(server: &Server) {
        let admin = server.member("admin@example.com", Role::Admin).await;
        let project = second_project(server).await;
        let one = address(server, project);
        let (pending, received) = (session(server, &server.key, project).await, session(server, &server.key, project).await);
        server.put(&received.text("/uploadUrl"), "text/plain", b"abc").await.expect(200);
        ask(server, &admin, "DELETE", &one).await.expect_error(409, "CONFLICT");
        ask(server, &admin, "DELETE", &format!("{one}/files")).await.expect(200);
        for opened in [&pending, &received] {
            let path = format!("/uploads/session/{}", opened.text("/uploadId"));
            assert_eq!(server.api("GET", &path, Body::Empty).await.expect(200).text("/session/status"), "CANCELLED");
            server.put(&opened.text("/uploadUrl"), "text/plain", b"abc").await.expect_error(409, "SESSION_NOT_ACTIVE");
        }
        // What is being processed is waited for: it becomes a file.
        let accepted = upload(server, &server.key, project).await.expect(202);
        ask(server, &admin, "DELETE", &one).await.expect_error(409, "CONFLICT");
        server.completed(&accepted.text("/uploadId")).await;
        ask(server, &admin, "DELETE", &one).await.expect_error(409, "CONFLICT");
        ask(server, &admin, "DELETE", &format!("{one}/files")).await.expect(200);
        ask(server, &admin, "DELETE", &one).await.expect(200);
    }

    async fn a_large_form_that_is_coming_in_is_an_upload_under_way(server: &Server) {
        let project = second_project(server).await;
        let holder = Holder { workspace: server.workspace, project, owner: None };
        // As a form holds room that has gone on for more than 4 MiB: no file is reserved yet.
        let room = Amount { bytes: 8 << 20, files: 0 };
        let mut tx = server.app.core.db.begin().await.unwrap();
        assert!(tx.reserve(&holder, room).await.unwrap().is_none());
        tx.commit().await.unwrap();
        let refused = server.app.projects.delete(project, &BY).await;
        assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.code == Code::Conflict));
        let mut tx = server.app.core.db.begin().await.unwrap();
        tx.release(&holder, room).await.unwrap();
        tx.commit().await.unwrap();
        server.app.projects.delete(project, &BY).await.unwrap();
    }

    async fn nothing_is_accepted_into_a_project_that_goes_at_this_moment(server: &Server) {
        let mut gone = 0;
        for _ in 0..10 {
            let project = second_project(server).await;
            let uploads = (0..4).map(|_| upload(server, &server.key, project));
            let (uploads, deleted) = tokio::join!(join_all(uploads), server.app.projects.delete(project, &BY));
            if deleted.is_ok() {
                gone += 1;
                for reply in uploads {
                    assert!(matches!((reply.status, reply.code().as_str()), (404, "NOT_FOUND") | (403, "QUOTA_EXCEEDED")), "{reply:?}");
                }
                continue;
            }
            for reply in uploads {
                server.completed(&reply.expect(202).text("/uploadId")).await;
            }
            server.app.projects.empty(project, &BY).await.unwrap();
            server.app.projects.delete(project, &BY).await.unwrap();
        }
        note(&format!("{gone} of 10 were deleted before the first upload"));
    }

    async fn a_workspace_goes_when_it_has_no_project(server: &Server) {
        let owner = server.person("owner@example.com", true, None).await;
        let new = server.dashboard(Some(&owner.cookie), "POST", "/workspaces", json!({ "name": "short" })).await.expect(201);
        let id = new.text("/workspace/id");
        let base = format!("/workspaces/{id}");
        let workspace = id.parse().unwrap();
        let key = server.key_of(workspace, &Permission::ALL, &[]).await;
        let guest = server.person("guest@example.com", false, Some((workspace, Role::Admin))).await;
        let scope = Scope::of_user(owner.id, workspace, BY);
        let invitation = server.app.accounts.invite(&scope, Role::Owner, Role::Viewer, None, &BY).await.unwrap();
        let project = server.dashboard(Some(&owner.cookie), "POST", &format!("{base}/projects"), json!({ "name": "p" })).await;

        let refused = ask(server, &owner, "DELETE", &base).await.expect_error(409, "CONFLICT");
        assert_eq!(refused.json()["details"]["projects"], 1);
        ask(server, &owner, "DELETE", &format!("{base}/projects/{}", project.text("/project/id"))).await.expect(200);
        ask(server, &guest, "DELETE", &base).await.expect_error(403, "PERMISSION_DENIED");
        ask(server, &owner, "DELETE", &base).await.expect(200);

        for who in [&owner, &guest] {
            for method in ["GET", "DELETE"] {
                ask(server, who, method, &base).await.expect_error(404, "NOT_FOUND");
            }
            let known = ask(server, who, "GET", "/me").await.expect(200).json()["workspaces"].as_array().unwrap().clone();
            assert!(known.iter().all(|known| known["id"] != id.as_str()), "{known:?}");
        }
        assert_eq!(reach(server, &key).await, None);
        let token = token_of(&invitation.url);
        server.dashboard(None, "POST", "/invitations/look", json!({ "token": token })).await.expect_error(404, "NOT_FOUND");
        let settings = Settings { name: Some("late".to_owned()), ..Settings::default() };
        assert!(server.app.projects.create(workspace, settings, &BY).await.is_err());
        assert!(server.app.projects.workspaces().await.unwrap().iter().all(|known| known.id != workspace));
        let log = ask(server, &owner, "GET", "/audit").await.expect(200).json();
        let about: Vec<&str> = log["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(about[..2], ["workspace.deleted", "project.deleted"], "operators see what was done in it");
    }

    async fn of_a_project_and_a_deletion_at_once_one_is_refused(server: &Server) {
        for _ in 0..10 {
            let named = WorkspaceSettings::named("race");
            let workspace = server.app.projects.create_workspace(named, &BY).await.unwrap().id;
            let projects = &server.app.projects;
            let (made, gone) = tokio::join!(projects.create(workspace, Settings::default(), &BY), projects.delete_workspace(workspace, &BY));
            assert_ne!(made.is_ok(), gone.is_ok());
        }
    }

    async fn of_two_projects_at_once_one_ends_the_key_to_both(server: &Server) {
        for _ in 0..10 {
            let (one, other) = (second_project(server).await, second_project(server).await);
            let key = server.new_key(&Permission::ALL, &[one, other]).await;
            let projects = &server.app.projects;
            let (first, second) = tokio::join!(projects.delete(one, &BY), projects.delete(other, &BY));
            first.and(second).unwrap();
            assert_eq!(reach(server, &key).await, None);
        }
    }

    async fn what_is_made_while_a_workspace_goes_goes_with_it_or_is_refused(server: &Server) {
        let owner = server.person("owner@example.com", true, None).await;
        for n in 0..10 {
            let workspace = server.app.projects.create_workspace(WorkspaceSettings::named("race"), &BY).await.unwrap().id;
            let scope = Scope::of_user(owner.id, workspace, BY);
            let accounts = &server.app.accounts;
            let open = accounts.invite(&scope, Role::Owner, Role::Viewer, None, &BY).await.unwrap();
            let new = NewKey { workspace, name: "n".to_owned(), permissions: vec![], projects: vec![], life: None };
            let email = format!("n{n}@example.com");
            let account = json!({ "token": token_of(&open.url), "email": email, "name": "N", "password": "a password of the cast" });
            let (key, invited, _, gone) = tokio::join!(
                server.app.keys.create(new, &BY),
                accounts.invite(&scope, Role::Owner, Role::Viewer, None, &BY),
                server.dashboard(None, "POST", "/invitations/accept", account),
                server.app.projects.delete_workspace(workspace, &BY),
            );
            gone.unwrap();
            if let Ok((_, secret)) = key {
                assert_eq!(reach(server, secret.reveal()).await, None);
            }
            if let Ok(invited) = invited {
                assert!(accounts.invitation(&token_of(&invited.url)).await.is_err());
            }
            // Whoever came in at that moment is a member of nothing, and can be deleted as anybody.
            if let Ok(user) = accounts.user_of_email(&email).await {
                assert!(accounts.role(&user, workspace).await.is_err());
                accounts.delete_user(user.id, &BY).await.unwrap();
            }
        }
    }
}
