//! Limits: what they refuse, that no crowd gets past them, and that room given back is exactly the room taken.

mod crowd;
mod holds;
mod levels;
mod settling;
mod usage;

use std::fs;

use chrono::Duration;
use reupload::{
    app::projects::Settings,
    domain::{
        audit::By,
        ids::{ProjectId, UploadId, WorkspaceId},
        quota::{Account, Amount},
    },
    store::projects::Project,
};
use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Options, Reply, Server, by_hand, each_database};

fn small_files_only() -> Options {
    Options { settings: vec![("uploads.max_file_size", "1000B".into())], ..Options::default() }
}

async fn project(server: &Server, max_bytes: Option<i64>, max_files: Option<i64>, max_file_size: Option<i64>) -> Project {
    let settings = Settings { name: Some("limited".to_owned()), max_bytes, max_files, max_file_size, ..Settings::default() };
    server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap()
}

/// Who asks, and whose room it takes.
#[derive(Clone)]
struct Place {
    key: String,
    workspace: WorkspaceId,
    project: ProjectId,
    owner: Option<String>,
}

impl Place {
    /// The test's own project.
    fn of(server: &Server) -> Self {
        Self { key: server.key.clone(), workspace: server.workspace, project: server.project.id, owner: None }
    }

    async fn call(&self, server: &Server, method: &str, path: &str, body: Body) -> Reply {
        server.api_as(Some(&self.key), method, path, body).await
    }

    async fn get(&self, server: &Server, path: &str) -> Reply {
        self.call(server, "GET", path, Body::Empty).await
    }

    /// Uploads files of these sizes in one request.
    async fn direct(&self, server: &Server, sizes: &[usize]) -> Reply {
        let mut form = Multipart::new().text("projectId", &self.project.to_string());
        if let Some(owner) = &self.owner {
            form = form.text("ownerRef", owner);
        }
        for size in sizes {
            form = form.file("a.bin", "application/octet-stream", &vec![b'x'; *size]);
        }
        self.call(server, "POST", "/uploads/direct", Body::Form(form)).await
    }

    async fn session(&self, server: &Server, size: usize) -> Reply {
        let mut body =
            json!({ "projectId": self.project, "filename": "a.bin", "contentType": "application/octet-stream", "size": size });
        if let Some(owner) = &self.owner {
            body["ownerRef"] = json!(owner);
        }
        self.call(server, "POST", "/uploads/session", Body::Json(body)).await
    }

    async fn cancel(&self, server: &Server, upload: &str) -> Reply {
        self.call(server, "DELETE", &format!("/uploads/session/{upload}"), Body::Empty).await
    }

    async fn delete(&self, server: &Server, file: &Value) -> Reply {
        self.call(server, "DELETE", &format!("/files/{}", file.as_str().unwrap()), Body::Empty).await
    }

    async fn delete_many(&self, server: &Server, files: Vec<Value>) -> Reply {
        self.call(server, "POST", "/files/delete", Body::Json(json!({ "fileIds": files }))).await
    }

    async fn rename(&self, server: &Server, file: &Value) -> Reply {
        self.call(server, "PATCH", &format!("/files/{}", file.as_str().unwrap()), Body::Json(json!({ "name": "b.bin" }))).await
    }

    /// Bytes and files that count against a level.
    async fn used(&self, server: &Server, level: &str) -> Amount {
        let account = match level {
            "workspace" => Account::workspace(self.workspace),
            "project" => Account::project(self.project),
            _ => Account::owner(self.project, self.owner.as_deref().unwrap()),
        };
        let counted = server.app.core.db.reader().await.unwrap().usage(&account).await.unwrap();
        counted.unwrap_or_default().used()
    }
}

/// Removes the bytes of an upload behind the server's back, so that its processing fails.
async fn lose_bytes(server: &Server, upload: UploadId) {
    let row = server.app.core.db.reader().await.unwrap().upload_of_any(upload).await.unwrap().unwrap();
    let blob = row.blob_id.unwrap().0.simple().to_string();
    fs::remove_file(server.data_dir().join("blobs/objects").join(&blob[..2]).join(&blob)).unwrap();
}

async fn direct(server: &Server, project: &Project, sizes: &[usize]) -> Reply {
    Place { project: project.id, ..Place::of(server) }.direct(server, sizes).await
}

async fn session(server: &Server, project: &Project, size: usize) -> Reply {
    Place { project: project.id, ..Place::of(server) }.session(server, size).await
}

async fn cancel(server: &Server, upload: &str) -> Reply {
    Place::of(server).cancel(server, upload).await
}

async fn delete(server: &Server, file: &str) -> Reply {
    Place::of(server).delete(server, &json!(file)).await
}

/// Bytes and files that count against a project.
async fn used(server: &Server, project: &Project) -> (i64, i64) {
    let used = Place { project: project.id, ..Place::of(server) }.used(server, "project").await;
    (used.bytes, used.files)
}

#[track_caller]
fn exceeded(reply: Reply, limit: i64, used: i64, requested: i64) {
    let reply = reply.expect_error(403, "QUOTA_EXCEEDED");
    let details = &reply.json()["details"];
    assert_eq!((&details["limit"], &details["used"], &details["requested"]), (&json!(limit), &json!(used), &json!(requested)));
}

#[track_caller]
fn too_large(reply: Reply, limit: i64) {
    assert_eq!(reply.expect_error(413, "FILE_TOO_LARGE").json()["details"]["limit"], limit);
}

each_database! {
    async fn bytes_are_limited_to_the_last_one(server: &Server) {
        let project = project(server, Some(1000), None, None).await;
        direct(server, &project, &[400]).await.expect(202);
        session(server, &project, 500).await.expect(201);
        exceeded(direct(server, &project, &[101]).await, 1000, 900, 101);
        exceeded(session(server, &project, 101).await, 1000, 900, 101);
        exceeded(direct(server, &project, &[60, 41]).await, 1000, 900, 101);
        assert_eq!(used(server, &project).await, (900, 2));
        direct(server, &project, &[99]).await.expect(202);
        session(server, &project, 1).await.expect(201);
        exceeded(session(server, &project, 1).await, 1000, 1000, 1);
        assert_eq!(used(server, &project).await, (1000, 4));
    }

    async fn files_are_limited(server: &Server) {
        let project = project(server, None, Some(3), None).await;
        exceeded(direct(server, &project, &[1, 1, 1, 1]).await, 3, 0, 4);
        direct(server, &project, &[1, 1]).await.expect(202);
        exceeded(direct(server, &project, &[1, 1]).await, 3, 2, 2);
        session(server, &project, 1).await.expect(201);
        exceeded(session(server, &project, 1).await, 3, 3, 1);
        assert_eq!(used(server, &project).await, (3, 3));
    }

    async fn a_file_is_limited_wherever_the_project_is_named(server: &Server) {
        let project = project(server, Some(1_000_000), None, Some(1000)).await;
        let id = project.id.to_string();
        let large = |form: Multipart| form.file("a.bin", "application/octet-stream", &[b'x'; 1001]);
        let before = large(Multipart::new().text("projectId", &id));
        let after = large(Multipart::new()).text("projectId", &id);
        let long = Multipart::new().text("projectId", &id).file("a.bin", "text/plain", &vec![b'x'; 2_000_000]);
        let second = large(Multipart::new().text("projectId", &id).file("b.bin", "text/plain", b"small"));
        for form in [before, after, long, second] {
            too_large(server.api("POST", "/uploads/direct", Body::Form(form)).await, 1000);
        }
        too_large(session(server, &project, 1001).await, 1000);
        assert_eq!(used(server, &project).await, (0, 0));
        direct(server, &project, &[1000]).await.expect(202);
        session(server, &project, 1000).await.expect(201);
    }

    async fn the_servers_own_limit_goes_before_a_projects(server: &Server) with small_files_only {
        let project = project(server, None, None, Some(5000)).await;
        too_large(direct(server, &project, &[1001]).await, 1000);
        too_large(session(server, &project, 1001).await, 1000);
        let after = Multipart::new().file("a", "text/plain", &[b'x'; 1001]).text("projectId", &project.id.to_string());
        too_large(server.api("POST", "/uploads/direct", Body::Form(after)).await, 1000);
        direct(server, &project, &[1000]).await.expect(202);
    }

    async fn a_put_cannot_be_larger_than_its_session(server: &Server) {
        let project = project(server, Some(10), None, None).await;
        let opened = session(server, &project, 10).await.expect(201);
        let put = server.put(&opened.text("/uploadUrl"), "application/octet-stream", b"eleven bytes").await;
        put.expect_error(422, "SIZE_MISMATCH");
        assert_eq!(used(server, &project).await, (10, 1));
    }

    async fn a_lower_limit_refuses_more_and_takes_nothing_and_0_is_none(server: &Server) {
        let project = project(server, None, None, None).await;
        let accepted = direct(server, &project, &[500]).await.expect(202);
        server.completed(&accepted.text("/uploadId")).await;
        let lower = Settings { max_bytes: Some(100), ..Settings::default() };
        server.app.projects.update(project.id, lower, &By::COMMAND_LINE).await.unwrap();
        exceeded(direct(server, &project, &[1]).await, 100, 500, 1);
        delete(server, &accepted.text("/fileId")).await.expect(200);
        direct(server, &project, &[100]).await.expect(202);
        let none = Settings { max_bytes: Some(0), ..Settings::default() };
        server.app.projects.update(project.id, none, &By::COMMAND_LINE).await.unwrap();
        direct(server, &project, &[1000]).await.expect(202);
    }

    async fn a_crowd_gives_back_only_once(server: &Server) {
        let project = project(server, None, None, None).await;
        let keep = session(server, &project, 1000).await.expect(201).text("/uploadId");
        let open = session(server, &project, 7).await.expect(201).text("/uploadId");
        let stored = direct(server, &project, &[9]).await.expect(202);
        server.completed(&stored.text("/uploadId")).await;
        let file = stored.text("/fileId");
        let cancels = futures_util::future::join_all((0..20).map(|_| cancel(server, &open)));
        let deletes = futures_util::future::join_all((0..20).map(|_| delete(server, &file)));
        let (_, deletes) = tokio::join!(cancels, deletes);
        assert_eq!(deletes.iter().filter(|reply| reply.status == 200).count(), 1);
        assert_eq!(used(server, &project).await, (1000, 1));
        cancel(server, &keep).await.expect(200);
        assert_eq!(used(server, &project).await, (0, 0));
    }

    async fn every_end_gives_back_what_it_took(server: &Server) with by_hand {
        let project = project(server, Some(100_000), Some(100), None).await;
        let kept = direct(server, &project, &[1]).await.expect(202);
        let deleted = direct(server, &project, &[20]).await.expect(202);
        let rejected = direct(server, &project, &[300]).await.expect(202);
        let cancelled = session(server, &project, 4000).await.expect(201);
        let expired = session(server, &project, 50_000).await.expect(201);
        server.put(&cancelled.text("/uploadUrl"), "application/octet-stream", &[b'x'; 4000]).await.expect(200);
        server.put(&expired.text("/uploadUrl"), "application/octet-stream", &vec![b'x'; 50_000]).await.expect(200);
        assert_eq!(used(server, &project).await, (54_321, 5));

        lose_bytes(server, rejected.text("/uploadId").parse().unwrap()).await;
        server.settle().await;
        assert_eq!(used(server, &project).await, (54_021, 4), "after the rejection");
        cancel(server, &cancelled.text("/uploadId")).await.expect(200);
        assert_eq!(used(server, &project).await, (50_021, 3), "after the cancel");
        server.app.core.clock.advance(Duration::hours(2));
        assert_eq!(server.app.reaper.expire_overdue().await.unwrap(), 1);
        assert_eq!(used(server, &project).await, (21, 2), "after the expiry");
        delete(server, &deleted.text("/fileId")).await.expect(200);
        assert_eq!(used(server, &project).await, (1, 1), "after the delete");
        delete(server, &kept.text("/fileId")).await.expect(200);
        assert_eq!(used(server, &project).await, (0, 0));
    }

    async fn projects_do_not_share_their_room(server: &Server) {
        let (one, other) = (project(server, Some(10), None, None).await, project(server, Some(10), None, None).await);
        direct(server, &one, &[10]).await.expect(202);
        exceeded(direct(server, &one, &[1]).await, 10, 10, 1);
        direct(server, &other, &[10]).await.expect(202);
    }
}
