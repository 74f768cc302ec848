//! `Idempotency-Key`: what is sent twice happens once, and gets the same answer to the byte.

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::join_all;
use reupload::{
    app::projects::Settings,
    domain::{access::Permission, audit::By, clock::Clock, ids::ProjectId},
};
use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Reply, Server, each_database, frozen};

/// A POST that can be sent any number of times.
#[derive(Clone)]
enum Post {
    Direct(ProjectId, Vec<(&'static str, Vec<u8>)>, Vec<(&'static str, &'static str)>),
    Json(&'static str, Value),
}

impl Post {
    fn direct(project: ProjectId, bytes: &[u8]) -> Self {
        Self::Direct(project, vec![("a.txt", bytes.to_vec())], Vec::new())
    }

    fn session(project: ProjectId, size: usize) -> Self {
        let body = json!({ "projectId": project, "filename": "a.txt", "contentType": "text/plain", "size": size });
        Self::Json("/uploads/session", body)
    }

    fn complete(upload: &str) -> Self {
        Self::Json("/uploads/complete", json!({ "uploadId": upload }))
    }

    async fn send(self, server: &Server, key: &str, name: &str) -> Reply {
        let (path, body) = match self {
            Self::Json(path, body) => (path, Body::Json(body)),
            Self::Direct(project, files, texts) => {
                let mut form = Multipart::new().text("projectId", &project.to_string());
                for (name, bytes) in files {
                    form = form.file(name, "text/plain", &bytes);
                }
                for (name, value) in texts {
                    form = form.text(name, value);
                }
                ("/uploads/direct", Body::Form(form))
            }
        };
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", name)];
        server.send("POST", &format!("{}/api/v1{path}", server.api_url), &headers, body).await
    }

    async fn once(&self, server: &Server, name: &str) -> Reply {
        self.clone().send(server, &server.key, name).await
    }
}

/// Files and open uploads that count, in the test's project.
async fn files(server: &Server) -> i64 {
    server.app.projects.usage(server.project.id).await.unwrap().used().files
}

/// A session whose bytes are there.
async fn received(server: &Server, size: usize) -> String {
    let opened = server.open_session("a.txt", "text/plain", size).await.expect(201);
    server.put(&opened.text("/uploadUrl"), "text/plain", &vec![b'x'; size]).await.expect(200);
    opened.text("/uploadId")
}

async fn every_post(server: &Server) -> Vec<(&'static str, Post, Post)> {
    let project = server.project.id;
    let (one, other) = (received(server, 5).await, received(server, 6).await);
    let deletable = server.ready("gone.txt", b"gone", false).await["file"]["fileId"].clone();
    let deleted = |ids: &[&Value]| Post::Json("/files/delete", json!({ "fileIds": ids }));
    let two = |second: &[u8]| Post::Direct(project, vec![("a.txt", b"one".to_vec()), ("b.txt", second.to_vec())], Vec::new());
    vec![
        ("direct", Post::direct(project, b"bytes"), Post::direct(project, b"other")),
        ("direct, two files", two(b"two"), two(b"2")),
        ("session", Post::session(project, 7), Post::session(project, 8)),
        ("complete", Post::complete(&one), Post::complete(&other)),
        ("delete", deleted(&[&deletable]), deleted(&[&deletable, &json!(server.project.id)])),
    ]
}

#[track_caller]
fn same(case: &str, first: &Reply, again: &Reply) {
    assert!((200..300).contains(&first.status), "{case}: {first:?}");
    let text = |reply: &Reply| String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!((first.status, text(first)), (again.status, text(again)), "{case}");
    assert_eq!(first.headers["content-type"], again.headers["content-type"], "{case}");
}

each_database! {
    async fn every_post_happens_once_and_answers_the_same_to_the_byte(server: &Server) {
        for (case, post, other) in every_post(server).await {
            let first = post.once(server, case).await;
            let (used, blobs) = (files(server).await, server.blobs().await);
            for _ in 0..3 {
                same(case, &first, &post.once(server, case).await);
            }
            let conflict = other.once(server, case).await;
            assert_eq!((conflict.status, conflict.code().as_str()), (409, "IDEMPOTENCY_CONFLICT"), "{case}");
            server.settle().await;
            same(case, &first, &post.once(server, case).await);
            assert_eq!(files(server).await, used, "{case} took room twice");
            assert!(server.blobs().await.is_subset(&blobs), "{case} kept bytes twice");
            other.once(server, &format!("{case}, anew")).await;
        }
    }

    async fn each_field_of_a_form_and_each_byte_makes_another_request(server: &Server) {
        let project = server.project.id;
        let first = vec![("isPublic", "true"), ("folder", "/a//b/"), ("metadata", r#"{"a":"1","b":"2"}"#), ("ownerRef", "u")];
        let files = || vec![("a.txt", b"bytes".to_vec())];
        let of = |texts: &[(&'static str, &'static str)]| Post::Direct(project, files(), texts.to_vec());
        let accepted = of(&first).once(server, "k").await.expect(202);
        // What says the same in other words is the same: order, blanks, and how a folder is spelled.
        let alike = [("ownerRef", "u"), ("isPublic", " TRUE "), ("metadata", r#"{ "b": "2", "a": "1" }"#), ("folder", "a/b")];
        same("in other words", &accepted, &of(&alike).once(server, "k").await);
        for (field, value) in [("isPublic", "false"), ("folder", "a"), ("metadata", r#"{"a":"1"}"#), ("ownerRef", "v"), ("filename", "b")] {
            let mut texts: Vec<_> = first.iter().copied().filter(|(name, _)| *name != field).collect();
            texts.push((field, value));
            let reply = of(&texts).once(server, "k").await;
            assert_eq!((reply.status, reply.code().as_str()), (409, "IDEMPOTENCY_CONFLICT"), "{field}");
        }
        let named = Post::Direct(project, vec![("b.txt", b"bytes".to_vec())], first.clone());
        let more = Post::Direct(project, vec![("a.txt", b"bytes".to_vec()), ("a.txt", b"bytes".to_vec())], first);
        for post in [named, more, Post::session(project, 5)] {
            post.once(server, "k").await.expect_error(409, "IDEMPOTENCY_CONFLICT");
        }
    }

    async fn json_that_says_the_same_is_the_same(server: &Server) {
        let project = server.project_id();
        let text = |text: &str| Body::Bytes(text.replace("PROJECT", &project).into_bytes(), "application/json");
        let send = async |body: &str| {
            let bearer = format!("Bearer {}", server.key);
            let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
            server.send("POST", &format!("{}/api/v1/uploads/session", server.api_url), &headers, text(body)).await
        };
        let first = send(r#"{"projectId":"PROJECT","filename":"a","contentType":"text/plain","size":5}"#).await.expect(201);
        let again = send(r#" { "size": 5, "filename": "\u0061", "projectId": "PROJECT", "contentType": "text/plain" } "#).await;
        same("in another order", &first, &again);
    }

    async fn fifty_at_once_have_one_effect(server: &Server) {
        let posts = every_post(server).await;
        for (case, post, _) in &posts {
            let (before, blobs) = (files(server).await, server.blobs().await.len());
            let replies = join_all((0..50).map(|_| post.once(server, case))).await;
            for reply in &replies {
                same(case, &replies[0], reply);
            }
            let new = match *case {
                "direct, two files" => (2, 2),
                "direct" => (1, 1),
                "session" => (1, 0),
                "complete" => (0, 0),
                _ => (-1, 0),
            };
            assert_eq!(files(server).await - before, new.0, "{case}");
            assert!(server.blobs().await.len() <= blobs + new.1, "{case}");
        }
        // Different requests under one key, of both kinds: one has its way, every other one is told.
        let project = server.project.id;
        let mixed = (0..50).map(async |n| match n % 2 {
            0 => Post::direct(project, format!("{}", n % 4).as_bytes()).once(server, "mixed").await,
            _ => Post::session(project, 1 + n % 4).once(server, "mixed").await,
        });
        let before = files(server).await;
        let mut bodies = BTreeSet::new();
        for reply in join_all(mixed).await {
            match reply.status {
                201 | 202 => drop(bodies.insert(reply.body)),
                _ => drop(reply.expect_error(409, "IDEMPOTENCY_CONFLICT")),
            }
        }
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        assert_eq!(files(server).await - before, 1);
    }

    async fn fifty_at_once_need_no_more_room_than_one(server: &Server) {
        let settings = Settings { max_bytes: Some(7), max_files: Some(1), ..Settings::default() };
        let project = server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
        for (case, post) in [("direct", Post::direct(project, b"7 bytes")), ("session", Post::session(project, 7))] {
            let replies = join_all((0..50).map(|_| post.once(server, case))).await;
            for reply in &replies {
                same(case, &replies[0], reply);
            }
            let upload = replies[0].text("/uploadId");
            if case == "direct" {
                server.completed(&upload).await;
                server.api("DELETE", &format!("/files/{}", replies[0].text("/fileId")), Body::Empty).await.expect(200);
            }
        }
    }

    async fn a_large_upload_that_is_sent_again_needs_no_room(server: &Server) {
        let settings = Settings { max_bytes: Some(6_000_000), ..Settings::default() };
        let project = server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
        let post = Post::direct(project, &vec![b'x'; 6_000_000]);
        let first = post.once(server, "k").await.expect(202);
        let blobs = server.blobs().await;
        same("large", &first, &post.once(server, "k").await);
        Post::direct(project, &vec![b'y'; 6_000_000]).once(server, "k").await.expect_error(409, "IDEMPOTENCY_CONFLICT");
        assert_eq!(server.blobs().await, blobs, "the bytes that came again are gone");
    }

    async fn a_key_counts_within_its_api_key(server: &Server) {
        let (stranger, theirs) = server.stranger().await;
        let colleague = server.new_key(&Permission::ALL, &[]).await;
        let mine = Post::session(server.project.id, 5).once(server, "k").await.expect(201);
        for (key, project) in [(&stranger, theirs.id), (&colleague, server.project.id)] {
            // The very same text, then another one: neither meets what is remembered for somebody else.
            let post = Post::session(project, 5);
            let first = post.clone().send(server, key, "k").await.expect(201);
            assert_ne!(first.text("/uploadId"), mine.text("/uploadId"));
            same("theirs", &first, &post.clone().send(server, key, "k").await);
            Post::session(project, 6).send(server, key, "k").await.expect_error(409, "IDEMPOTENCY_CONFLICT");
        }
        Post::session(server.project.id, 5).send(server, &stranger, "new").await.expect_error(404, "NOT_FOUND");
        // A key that is sent to another's request says nothing of it.
        Post::session(server.project.id, 5).send(server, &stranger, "k").await.expect_error(409, "IDEMPOTENCY_CONFLICT");
    }

    async fn a_refusal_is_not_remembered(server: &Server) {
        let settings = Settings { max_bytes: Some(10), ..Settings::default() };
        let project = server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
        let opened = Post::session(project, 10).once(server, "opened").await.expect(201).text("/uploadId");
        for (case, post) in [("direct", Post::direct(project, b"12345")), ("session", Post::session(project, 5))] {
            post.once(server, case).await.expect_error(403, "QUOTA_EXCEEDED");
        }
        Post::complete(&opened).once(server, "complete").await.expect_error(409, "UPLOAD_NOT_RECEIVED");
        Post::direct(project, b"").once(server, "direct").await.expect_error(400, "EMPTY_FILE");
        server.api("DELETE", &format!("/uploads/session/{opened}"), Body::Empty).await.expect(200);
        // Another body than the refused one is no conflict either.
        let other = Post::direct(project, b"54321");
        let first = other.once(server, "direct").await.expect(202);
        same("direct", &first, &other.once(server, "direct").await);
        Post::session(project, 5).once(server, "session").await.expect(201);
    }

    async fn a_key_that_cannot_be_is_refused_before_anything_is_done(server: &Server) {
        for (bad, why) in [("", "empty"), (&"x".repeat(256), "too long"), ("a\tb", "a tab"), ("\u{e4}", "not ASCII")] {
            for post in [Post::direct(server.project.id, b"x"), Post::session(server.project.id, 1)] {
                let reply = post.once(server, bad).await;
                assert_eq!((reply.status, reply.code().as_str()), (400, "VALIDATION_ERROR"), "{why}");
                assert!(reply.text("/message").contains("Idempotency-Key"), "{why}: {}", reply.text("/message"));
            }
        }
        let bearer = format!("Bearer {}", server.key);
        let twice = [("authorization", bearer.as_str()), ("idempotency-key", "a"), ("idempotency-key", "b")];
        let body = Body::Json(json!({ "uploadId": server.project.id }));
        let url = format!("{}/api/v1/uploads/complete", server.api_url);
        server.send("POST", &url, &twice, body).await.expect_error(400, "VALIDATION_ERROR");
        assert_eq!(files(server).await, 0);
        for good in ["x", &"x".repeat(255), " a b ~!\"{}"] {
            let post = Post::session(server.project.id, 1);
            same(good, &post.once(server, good).await, &post.once(server, good).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_forgotten_after_its_day() {
    frozen(async |server: &Server, clock: &Clock| {
        let (post, other) = (Post::session(server.project.id, 5), Post::session(server.project.id, 6));
        let first = post.once(server, "k").await.expect(201);
        let second = post.once(server, "tidied").await.expect(201);
        clock.advance(Duration::hours(24) - Duration::milliseconds(1));
        server.app.reaper.tidy().await.unwrap();
        same("a day", &first, &post.once(server, "k").await);
        other.once(server, "k").await.expect_error(409, "IDEMPOTENCY_CONFLICT");
        clock.advance(Duration::milliseconds(1));
        // Forgotten by the time alone, and when the reaper has been.
        let anew = other.once(server, "k").await.expect(201);
        assert_ne!(anew.text("/uploadId"), first.text("/uploadId"));
        same("the next day", &anew, &other.once(server, "k").await);
        server.app.reaper.tidy().await.unwrap();
        let anew = post.once(server, "tidied").await.expect(201);
        assert_ne!(anew.text("/uploadId"), second.text("/uploadId"));
        same("what was new then is kept", &other.once(server, "k").await, &other.once(server, "k").await);
    })
    .await;
}
