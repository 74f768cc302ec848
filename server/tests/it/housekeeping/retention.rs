//! What goes when its time is over: files past the retention of their project, and sessions that nobody completed.

use std::collections::BTreeSet;

use chrono::Duration;
use reupload::{app::projects::Settings, domain::event::EventType, store::projects::Project};
use reupload::{app::webhooks::endpoints::EndpointSettings, domain::audit::By};
use serde_json::{Value, json};

use super::{events, picture};
use crate::harness::{Body, Multipart, Options, Receiver, Server, by_hand, each_database};

/// The clock stands still, but workers run and the reaper comes often.
fn often() -> Options {
    let settings = vec![("uploads.reap_every", "50ms".into()), ("uploads.session_ttl", "60s".into())];
    Options { worker: true, settings, ..by_hand() }
}

async fn keep_for(server: &Server, project: &Project, days: i64) {
    let settings = Settings { retention_days: Some(days), ..Settings::default() };
    server.app.projects.update(project.id, settings, &By::COMMAND_LINE).await.unwrap();
}

/// Uploads files to a project and gives their ids once they are there.
async fn files(server: &Server, project: &Project, count: usize, bytes: &[u8]) -> Vec<String> {
    let mut form = Multipart::new().text("projectId", &project.id.to_string()).text("isPublic", "true");
    for _ in 0..count {
        form = form.file("a", "application/octet-stream", bytes);
    }
    let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).json();
    let all = accepted["files"].as_array().cloned().unwrap_or_else(|| vec![accepted]);
    server.settle().await;
    all.iter().map(|file| file["fileId"].as_str().unwrap().to_owned()).collect()
}

/// The ids of all files of a project.
async fn listed(server: &Server, project: &Project) -> BTreeSet<String> {
    let path = format!("/files?projectId={}&limit=100", project.id);
    let page = server.api("GET", &path, Body::Empty).await.expect(200).json();
    page["files"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap().to_owned()).collect()
}

async fn tidy(server: &Server, expected: usize, when: &str) {
    assert_eq!(server.app.reaper.tidy().await.unwrap(), expected, "{when}");
    server.settle().await;
}

each_database! {
    async fn files_go_when_their_project_keeps_them_no_longer(server: &Server) with by_hand {
        let clock = &server.app.core.clock;
        let kept = server.app.projects.create(server.workspace, Settings::default(), &By::COMMAND_LINE).await.unwrap();
        let project = &server.project;
        let forever = files(server, &kept, 1, b"for ever").await;
        let image = files(server, project, 1, &picture()).await.remove(0);
        let url = format!("{}/v1/files/{image}/a", server.cdn_url);
        let old = files(server, project, 2, b"old").await;
        clock.advance(Duration::days(5));
        let young = files(server, project, 1, b"young").await;
        tidy(server, 0, "without a retention").await;
        keep_for(server, project, 7).await;
        clock.advance(Duration::days(2));
        tidy(server, 0, "at the last moment").await;
        server.get(&format!("{url}?variant=thumb_64")).await.expect(200);
        clock.advance(Duration::microseconds(1));
        tidy(server, 3, "a moment later").await;

        assert_eq!(listed(server, project).await, BTreeSet::from_iter(young.clone()));
        for query in ["", "?variant=thumb_64"] {
            server.get(&format!("{url}{query}")).await.expect_error(404, "NOT_FOUND");
        }
        let history = server.api("GET", &format!("/files/{}/timeline", old[0]), Body::Empty).await.expect(200).json();
        assert_eq!(history["entries"].as_array().unwrap().last().unwrap()["step"], "deleted");
        assert_eq!(events(server).await[5..], ["file.deleted"; 3]);
        let usage = server.app.projects.usage(project.id).await.unwrap();
        assert_eq!((usage.stored.bytes, usage.stored.files), (5, 1));
        assert_eq!(server.blobs().await.len(), 2, "the bytes are gone, those of the thumbnails too");
        tidy(server, 0, "again").await;

        clock.advance(Duration::days(3));
        keep_for(server, project, 0).await;
        clock.advance(Duration::days(400));
        tidy(server, 0, "when the setting is gone").await;
        keep_for(server, project, 408).await;
        tidy(server, 0, "with a setting that is just long enough").await;
        keep_for(server, project, 1).await;
        tidy(server, 1, "with a shorter setting").await;
        assert_eq!((listed(server, project).await.len(), listed(server, &kept).await), (0, BTreeSet::from_iter(forever)));
        for bad in [-1, 36_501] {
            let settings = Settings { retention_days: Some(bad), ..Settings::default() };
            assert!(server.app.projects.update(project.id, settings, &By::COMMAND_LINE).await.is_err(), "{bad}");
        }
    }

    async fn a_worker_deletes_many_old_files_and_tells_of_each(server: &Server) with often {
        keep_for(server, &server.project, 1).await;
        let mut old = BTreeSet::new();
        for _ in 0..2 {
            old.extend(files(server, &server.project, 60, b"old").await);
        }
        server.app.core.clock.advance(Duration::hours(20));
        let young = BTreeSet::from_iter(files(server, &server.project, 3, b"young").await);
        let receiver = Receiver::start().await;
        server.app.webhooks.create(server.project.id, &receiver.url, EndpointSettings::told_of(vec![EventType::FileDeleted]), &By::COMMAND_LINE).await.unwrap();
        server.app.core.clock.advance(Duration::hours(5));
        let hooks = receiver.wait_for(old.len()).await;
        let told: BTreeSet<String> =
            hooks.iter().map(|hook| hook.json()["data"]["fileId"].as_str().unwrap().to_owned()).collect();
        assert_eq!((told, hooks.len()), (old, 120));
        assert_eq!(listed(server, &server.project).await, young);
    }

    async fn the_reaper_ends_every_session_that_nobody_completed(server: &Server) with often {
        let mut sessions = Vec::new();
        for n in 0..130 {
            let opened = server.open_session("a.txt", "text/plain", 4).await.expect(201);
            if n % 10 == 0 {
                server.put(&opened.text("/uploadUrl"), "text/plain", b"1234").await.expect(200);
            }
            sessions.push(opened.text("/uploadId"));
        }
        let (completed, late) = (sessions.remove(0), sessions.last().unwrap().clone());
        server.complete(&completed).await.expect(202);
        server.completed(&completed).await;
        server.app.core.clock.advance(Duration::seconds(59));
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        let status = async |id: &String| -> Value {
            let state = server.api("GET", &format!("/uploads/session/{id}"), Body::Empty).await.expect(200).json();
            json!([state["session"]["status"], state["session"]["failureReason"]])
        };
        assert_eq!(status(&late).await, json!(["PENDING", null]), "a second before its time");
        server.app.core.clock.advance(Duration::seconds(1));
        let ended = async {
            while server.app.projects.usage(server.project.id).await.unwrap().reserved.files > 0 {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), ended).await.expect("the reaper comes");
        for session in &sessions {
            assert_eq!(status(session).await, json!(["FAILED", "EXPIRED"]));
        }
        assert_eq!(status(&completed).await, json!(["COMPLETED", null]));
        let usage = server.app.projects.usage(server.project.id).await.unwrap();
        assert_eq!((usage.stored.bytes, usage.reserved.bytes), (4, 0));
        server.settle().await;
        assert_eq!(server.blobs().await.len(), 1);
    }
}
