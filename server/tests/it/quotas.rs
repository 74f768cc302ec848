//! Limits of a project: what they refuse, that no crowd gets past them, and that room given back is exactly the room taken.

use std::fs;

use chrono::Duration;
use reupload::{app::projects::Settings, store::projects::Project};
use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Options, Reply, Server, by_hand, each_database};

fn small_files_only() -> Options {
    Options { settings: vec![("uploads.max_file_size", "1000B".into())], ..Options::default() }
}

async fn project(server: &Server, max_bytes: Option<i64>, max_files: Option<i64>, max_file_size: Option<i64>) -> Project {
    let settings = Settings { name: Some("limited".to_owned()), max_bytes, max_files, max_file_size, ..Settings::default() };
    server.app.projects.create(server.workspace, settings).await.unwrap()
}

/// Uploads files of these sizes in one request.
async fn direct(server: &Server, project: &Project, sizes: &[usize]) -> Reply {
    let mut form = Multipart::new().text("projectId", &project.id.to_string());
    for size in sizes {
        form = form.file("a.bin", "application/octet-stream", &vec![b'x'; *size]);
    }
    server.api("POST", "/uploads/direct", Body::Form(form)).await
}

async fn session(server: &Server, project: &Project, size: usize) -> Reply {
    let body = json!({ "projectId": project.id, "filename": "a.bin", "contentType": "application/octet-stream", "size": size });
    server.api("POST", "/uploads/session", Body::Json(body)).await
}

async fn cancel(server: &Server, upload: &str) -> Reply {
    server.api("DELETE", &format!("/uploads/session/{upload}"), Body::Empty).await
}

async fn delete(server: &Server, file: &str) -> Reply {
    server.api("DELETE", &format!("/files/{file}"), Body::Empty).await
}

/// Bytes and files that count against a project.
async fn used(server: &Server, project: &Project) -> (i64, i64) {
    let used = server.app.projects.usage(project.id).await.unwrap().used();
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
        server.app.projects.update(project.id, lower).await.unwrap();
        exceeded(direct(server, &project, &[1]).await, 100, 500, 1);
        delete(server, &accepted.text("/fileId")).await.expect(200);
        direct(server, &project, &[100]).await.expect(202);
        let none = Settings { max_bytes: Some(0), ..Settings::default() };
        server.app.projects.update(project.id, none).await.unwrap();
        direct(server, &project, &[1000]).await.expect(202);
    }

    async fn a_crowd_never_overshoots(server: &Server) {
        const LIMIT: i64 = 10_000;
        let project = project(server, Some(LIMIT), None, None).await;
        // 100 clients ask for 15,150 bytes in files of 102 to 201.
        let clients = (0..100).map(async |n| {
            let size = 102 + n;
            let reply = match n % 2 {
                0 => direct(server, &project, &[size / 2, size - size / 2]).await,
                _ => session(server, &project, size).await,
            };
            match reply.status {
                201 | 202 => Some((i64::try_from(size).unwrap(), reply.json())),
                _ => {
                    reply.expect_error(403, "QUOTA_EXCEEDED");
                    None
                }
            }
        });
        let accepted: Vec<(i64, Value)> = futures_util::future::join_all(clients).await.into_iter().flatten().collect();
        let bytes: i64 = accepted.iter().map(|(size, _)| size).sum();
        let files = accepted.iter().map(|(_, answer)| answer["files"].as_array().map_or(1, Vec::len)).sum::<usize>();
        assert!(bytes <= LIMIT, "{bytes} bytes got in");
        assert!(bytes > LIMIT - 202, "with {bytes} used, another would have fit");
        assert_eq!(used(server, &project).await, (bytes, i64::try_from(files).unwrap()));

        for (_, answer) in &accepted {
            let Some(files) = answer["files"].as_array() else {
                cancel(server, answer["uploadId"].as_str().unwrap()).await.expect(200);
                continue;
            };
            for file in files {
                server.completed(file["uploadId"].as_str().unwrap()).await;
                delete(server, file["fileId"].as_str().unwrap()).await.expect(200);
            }
        }
        assert_eq!(used(server, &project).await, (0, 0));
    }

    async fn a_crowd_never_gets_one_file_too_many(server: &Server) {
        let project = project(server, None, Some(25), None).await;
        let clients = (0..100).map(async |n| match n % 2 {
            0 => direct(server, &project, &[1]).await.status,
            _ => session(server, &project, 1).await.status,
        });
        let statuses = futures_util::future::join_all(clients).await;
        let refused = statuses.iter().filter(|status| **status == 403).count();
        assert_eq!((statuses.len() - refused, refused), (25, 75), "{statuses:?}");
        assert_eq!(used(server, &project).await, (25, 25));
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

        let mut reader = server.app.core.db.reader().await.unwrap();
        let row = reader.upload_of_any(rejected.text("/uploadId").parse().unwrap()).await.unwrap().unwrap();
        drop(reader);
        let blob = row.blob_id.unwrap().0.simple().to_string();
        fs::remove_file(server.data_dir().join("blobs/objects").join(&blob[..2]).join(&blob)).unwrap();
        server.settle().await;
        assert_eq!(used(server, &project).await, (54_021, 4), "after the rejection");
        cancel(server, &cancelled.text("/uploadId")).await.expect(200);
        assert_eq!(used(server, &project).await, (50_021, 3), "after the cancel");
        server.app.core.clock.advance(Duration::hours(2));
        assert_eq!(server.app.sessions.expire_overdue().await.unwrap(), 1);
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
