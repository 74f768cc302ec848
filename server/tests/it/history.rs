//! What happened: the timeline of a file, and `GET /events`, where a reader who goes on behind the last one misses none.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
};

use chrono::Duration;
use futures_util::future::join_all;
use reupload::app::webhooks::endpoints::EndpointSettings;
use reupload::{
    app::projects::Settings,
    domain::{access::Permission, audit::By, clock::random_bytes},
};
use serde_json::{Value, json};

use crate::{
    changes::events,
    harness::{Body, Multipart, Reply, Server, each_database, frozen},
    names::png,
};

async fn timeline(server: &Server, file: &str) -> Vec<Value> {
    let reply = server.api("GET", &format!("/files/{file}/timeline"), Body::Empty).await.expect(200).json();
    reply["entries"].as_array().unwrap().clone()
}

async fn project(server: &Server, settings: Settings) -> String {
    let settings = Settings { name: Some("special".to_owned()), ..settings };
    server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id.to_string()
}

async fn direct(server: &Server, project: &str, name: &str, bytes: &[u8]) -> String {
    let form = Multipart::new().text("projectId", project).file(name, "application/octet-stream", bytes);
    server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).text("/fileId")
}

/// Opens a session in a project and returns the answer.
async fn open(server: &Server, project: &str, size: usize) -> Reply {
    let body = json!({ "projectId": project, "filename": "s.txt", "contentType": "text/plain", "size": size });
    server.api("POST", "/uploads/session", Body::Json(body)).await.expect(201)
}

#[track_caller]
fn steps(entries: &[Value], expected: &[(&str, Value)]) {
    let words: Vec<(&str, &Value)> = entries.iter().map(|entry| (entry["step"].as_str().unwrap(), &entry["detail"])).collect();
    let expected: Vec<(&str, &Value)> = expected.iter().map(|(step, detail)| (*step, detail)).collect();
    assert_eq!(words, expected);
    assert!(
        entries.is_sorted_by_key(|entry| entry["at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap()),
        "not in order: {entries:?}"
    );
}

async fn page(server: &Server, key: &str, query: &str) -> Reply {
    server.api_as(Some(key), "GET", &format!("/events{query}"), Body::Empty).await
}

each_database! {
    async fn a_timeline_tells_each_step_in_order(server: &Server) {
        let plain = direct(server, &server.project_id(), "a.txt", b"hello").await;
        server.settle().await;
        let published = |mime: &str, size: usize| ("published", json!({ "mimeType": mime, "sizeBytes": size }));
        let skipped = || ("scanned", json!({ "scan": "skipped" }));
        steps(&timeline(server, &plain).await, &[("accepted", json!({ "sizeBytes": 5 })), skipped(), published("text/plain", 5)]);
        server.api("PATCH", &format!("/files/{plain}"), Body::Json(json!({ "name": "b.txt", "isPublic": true }))).await.expect(200);
        server.api("PATCH", &format!("/files/{plain}"), Body::Json(json!({ "name": "b.txt" }))).await.expect(200);
        server.api("DELETE", &format!("/files/{plain}"), Body::Empty).await.expect(200);
        steps(&timeline(server, &plain).await, &[
            ("accepted", json!({ "sizeBytes": 5 })), skipped(), published("text/plain", 5),
            ("updated", json!({ "changes": ["name", "isPublic"] })), ("deleted", json!({})),
        ]);

        let session = open(server, &server.project_id(), 2).await;
        let (file, upload) = (session.text("/fileId"), session.text("/uploadId"));
        steps(&timeline(server, &file).await, &[("opened", json!({ "expectedSize": 2 }))]);
        for _ in 0..2 {
            server.put(&session.text("/uploadUrl"), "text/plain", b"hi").await.expect(200);
        }
        for _ in 0..2 {
            server.complete(&upload).await.expect(202);
        }
        server.settle().await;
        let received = || ("received", json!({ "sizeBytes": 2 }));
        steps(&timeline(server, &file).await, &[
            ("opened", json!({ "expectedSize": 2 })), received(), received(), ("accepted", json!({})), skipped(), published("text/plain", 2),
        ]);

        let cancelled = open(server, &server.project_id(), 2).await;
        server.api("DELETE", &format!("/uploads/session/{}", cancelled.text("/uploadId")), Body::Empty).await.expect(200);
        let file = cancelled.text("/fileId");
        steps(&timeline(server, &file).await, &[("opened", json!({ "expectedSize": 2 })), ("cancelled", json!({}))]);

        let picture = png(50);
        let drawn = ("thumbnails", json!({ "made": ["thumb_64", "thumb_160", "thumb_320"] }));
        let file = direct(server, &server.project_id(), "p.png", &picture).await;
        server.settle().await;
        let accepted = || ("accepted", json!({ "sizeBytes": picture.len() }));
        steps(&timeline(server, &file).await, &[accepted(), skipped(), drawn.clone(), published("image/png", picture.len())]);

        let strict = project(server, Settings { strip_metadata: Some(true), ..Settings::default() }).await;
        let file = direct(server, &strict, "p.png", &picture).await;
        server.settle().await;
        let stored = server.api("GET", &format!("/files/{file}"), Body::Empty).await.expect(200).json()["file"]["sizeBytes"].clone();
        assert!(stored.as_u64().unwrap() < picture.len() as u64);
        steps(&timeline(server, &file).await, &[
            accepted(), ("stripped", json!({ "from": picture.len(), "to": stored })), skipped(), drawn,
            ("published", json!({ "mimeType": "image/png", "sizeBytes": stored })),
        ]);

        let broken = [&picture[..60], b"broken"].concat();
        let file = direct(server, &server.project_id(), "p.png", &broken).await;
        server.settle().await;
        let entries = timeline(server, &file).await;
        assert_eq!((&entries[2]["step"], &entries[2]["detail"]["made"]), (&json!("thumbnails"), &json!([])), "{entries:?}");
        assert!(!entries[2]["detail"]["message"].as_str().unwrap().is_empty(), "why are there no thumbnails?");
        assert_eq!(entries[3]["step"], "published");
    }

    async fn a_timeline_tells_why_there_is_no_file(server: &Server) {
        let texts = project(server, Settings { allowed_types: Some(vec!["text/*".to_owned()]), ..Settings::default() }).await;
        let file = direct(server, &texts, "p.png", &png(60)).await;
        server.settle().await;
        let entries = timeline(server, &file).await;
        assert_eq!(entries.len(), 2, "{entries:?}");
        let detail = &entries[1]["detail"];
        assert_eq!((&entries[1]["step"], &detail["reason"]), (&json!("failed"), &json!("CONTENT_TYPE_NOT_ALLOWED")));
        let message = detail["message"].as_str().unwrap();
        assert!(message.contains("image/png") && message.ends_with('.'), "{message:?} says nothing that a person can act on");
        let failed = events(server).await.pop().unwrap();
        assert_eq!((&failed["type"], &failed["data"]["fileId"], &failed["data"]["reason"]),
            (&json!("file.failed"), &json!(file), &json!("CONTENT_TYPE_NOT_ALLOWED")));
        server.api("GET", &format!("/files/{file}"), Body::Empty).await.expect_error(404, "NOT_FOUND");

        let other = server.new_key(&[Permission::FilesRead], &[server.project.id]).await;
        let (stranger, _) = server.stranger().await;
        let nobody = uuid::Uuid::from_bytes(random_bytes()).to_string();
        for (key, id) in [(&other, file.as_str()), (&stranger, &file), (&server.key, &nobody), (&server.key, "x")] {
            let reply = server.api_as(Some(key), "GET", &format!("/files/{id}/timeline"), Body::Empty).await;
            reply.expect_error(404, "NOT_FOUND");
        }
    }

    async fn a_reader_beside_twenty_writers_misses_no_event(server: &Server) {
        let form = Multipart::new().text("projectId", &server.project_id());
        let form = (0..20).fold(form, |form, n| form.file(&format!("{n}.txt"), "text/plain", b"x"));
        let answer = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).json();
        server.settle().await;
        let ids: Vec<&str> = answer["files"].as_array().unwrap().iter().map(|file| file["fileId"].as_str().unwrap()).collect();
        let done = AtomicBool::new(false);
        let writers = async {
            join_all(ids.iter().map(async |id| {
                for n in 0..12 {
                    let change = json!({ "metadata": { "n": n.to_string() } });
                    server.api("PATCH", &format!("/files/{id}"), Body::Json(change)).await.expect(200);
                }
                server.api("DELETE", &format!("/files/{id}"), Body::Empty).await.expect(200);
            })).await;
            done.store(true, Ordering::SeqCst);
        };
        let read = async |limit: usize| {
            let (mut seen, mut after) = (Vec::<Value>::new(), String::new());
            loop {
                let last = done.load(Ordering::SeqCst);
                let reply = page(server, &server.key, &format!("?limit={limit}&after={after}")).await.expect(200).json();
                let found = reply["events"].as_array().unwrap();
                assert!(found.len() <= limit);
                seen.extend(found.iter().cloned());
                reply["nextCursor"].as_str().unwrap_or_default().clone_into(&mut after);
                if last && found.is_empty() {
                    return seen;
                }
            }
        };
        let ((), one, seven, many) = tokio::join!(writers, read(1), read(7), read(200));
        let all = events(server).await;
        assert_eq!(all.len(), 20 + 20 * 13);
        for (limit, seen) in [(1, one), (7, seven), (200, many)] {
            let ids = |events: &[Value]| events.iter().map(|event| event["id"].to_string()).collect::<Vec<_>>();
            assert_eq!(ids(&seen), ids(&all), "limit {limit}");
        }
        // And of one file they come in the order in which they were caused.
        for id in ids {
            let own = all.iter().filter(|event| event["data"]["fileId"] == id);
            let kinds: Vec<&str> = own.map(|event| event["type"].as_str().unwrap()).collect();
            let expected = [vec!["file.uploaded"], vec!["file.updated"; 12], vec!["file.deleted"]].concat();
            assert_eq!(kinds, expected);
        }
    }

    async fn events_go_on_behind_the_last_one_that_is_known(server: &Server) {
        let empty = page(server, &server.key, "").await.expect(200).json();
        assert_eq!(empty, json!({ "events": [], "nextCursor": null }));
        let second = project(server, Settings::default()).await;
        for (n, project) in [server.project_id(), second.clone()].into_iter().cycle().take(8).enumerate() {
            direct(server, &project, &format!("{n}.txt"), b"x").await;
            server.settle().await;
        }
        let all = events(server).await;
        let id = |n: usize| all[n]["id"].as_str().unwrap();
        let names = |reply: &Reply| -> Vec<String> {
            reply.json()["events"].as_array().unwrap().iter().map(|event| event["data"]["name"].as_str().unwrap().to_owned()).collect()
        };
        for (query, expected, next) in [
            ("?limit=3".to_owned(), vec!["0.txt", "1.txt", "2.txt"], id(2)),
            (format!("?after={}&limit=2", id(2)), vec!["3.txt", "4.txt"], id(4)),
            (format!("?after={}", id(5)), vec!["6.txt", "7.txt"], id(7)),
            (format!("?after={}", id(7)), vec![], id(7)),
            (format!("?after=%20{}+", id(6)), vec!["7.txt"], id(7)),
            ("?after=&limit=1".to_owned(), vec!["0.txt"], id(0)),
        ] {
            let reply = page(server, &server.key, &query).await.expect(200);
            assert_eq!((names(&reply), reply.text("/nextCursor").as_str()), (expected.iter().map(|&n| n.to_owned()).collect(), next), "{query}");
        }
        // A key of one project sees that project's events alone, and no other is one to it.
        let narrow = server.new_key(&[Permission::FilesRead], &[second.parse().unwrap()]).await;
        assert_eq!(names(&page(server, &narrow, "").await.expect(200)), ["1.txt", "3.txt", "5.txt", "7.txt"]);
        let on = page(server, &narrow, &format!("?after={}&limit=1", id(3))).await.expect(200);
        assert_eq!((names(&on), on.text("/nextCursor").as_str()), (vec!["5.txt".to_owned()], id(5)));
        let (stranger, _) = server.stranger().await;
        let unknown = format!("evt_{}", uuid::Uuid::from_bytes(random_bytes()).simple());
        let mut refusals = BTreeSet::new();
        for (key, after) in [(&narrow, id(2)), (&stranger, id(2)), (&server.key, &unknown)] {
            let reply = page(server, key, &format!("?after={after}")).await.expect_error(400, "VALIDATION_ERROR");
            refusals.insert(reply.text("/message"));
        }
        assert_eq!(refusals.len(), 1, "they can be told apart: {refusals:?}");
        for bad in ["after=x", "after=evt_", "after=0", "after=%00", "limit=0", "limit=201", "limit=x", "after=a&after=b"] {
            page(server, &server.key, &format!("?{bad}")).await.expect_error(400, "VALIDATION_ERROR");
        }
        for other in [id(1)[4..].to_owned(), id(1).to_uppercase(), format!("{}0", id(1)), id(1)[..35].to_owned()] {
            page(server, &server.key, &format!("?after={other}")).await.expect_error(400, "VALIDATION_ERROR");
        }
    }

    async fn events_are_what_webhooks_carry(server: &Server) {
        let receiver = crate::harness::Receiver::start().await;
        let kinds = reupload::domain::event::EventType::ALL.to_vec();
        server.app.webhooks.create(server.project.id, &receiver.url, EndpointSettings::told_of(kinds), &By::COMMAND_LINE).await.unwrap();
        let id = server.ready("a.txt", b"x", false).await["file"]["fileId"].as_str().unwrap().to_owned();
        server.api("PATCH", &format!("/files/{id}"), Body::Json(json!({ "name": "b.txt" }))).await.expect(200);
        server.api("DELETE", &format!("/files/{id}"), Body::Empty).await.expect(200);
        let mut sent: Vec<Value> = receiver.wait_for(3).await.iter().map(crate::harness::Hook::json).collect();
        let kept = events(server).await;
        let kinds: Vec<&str> = kept.iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["file.uploaded", "file.updated", "file.deleted"]);
        sent.sort_by_key(|event| kept.iter().position(|known| known["id"] == event["id"]));
        assert_eq!(sent, kept);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_and_timelines_outlive_their_files() {
    frozen(async |server, clock| {
        let short = project(server, Settings { retention_days: Some(1), ..Settings::default() }).await;
        let file = direct(server, &short, "a.txt", b"x").await;
        server.settle().await;
        clock.advance(Duration::hours(23));
        assert_eq!(server.app.reaper.tidy().await.unwrap(), 0);
        clock.advance(Duration::hours(2));
        assert_eq!(server.app.reaper.tidy().await.unwrap(), 1);
        clock.advance(Duration::days(1000));
        assert_eq!(server.app.reaper.tidy().await.unwrap(), 0);
        let kept = events(server).await;
        let kinds: Vec<&str> = kept.iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["file.uploaded", "file.deleted"]);
        let words: Vec<Value> = timeline(server, &file).await.iter().map(|entry| entry["step"].clone()).collect();
        assert_eq!(words, ["accepted", "scanned", "published", "deleted"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_session_says_so() {
    frozen(async |server, clock| {
        let session = open(server, &server.project_id(), 2).await;
        clock.advance(Duration::days(2));
        assert_eq!(server.app.reaper.expire_overdue().await.unwrap(), 1);
        let entries = timeline(server, &session.text("/fileId")).await;
        assert_eq!(
            (entries.len(), &entries[1]["step"], &entries[1]["detail"]["reason"]),
            (2, &json!("failed"), &json!("EXPIRED"))
        );
    })
    .await;
}
