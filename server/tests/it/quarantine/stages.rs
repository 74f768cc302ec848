//! The scanner works: what each sample meets on each way in, from its first byte to its end.

use std::collections::BTreeSet;

use chrono::Duration;
use reupload::store::jobs::{Job, Lane};

use super::{
    Yard,
    post::Mood,
    probe,
    routes::{Prober, Stage},
    samples::{self, Sample},
    ways::{self, Suspect, Way},
};
use crate::harness::{Body, Database, Server, note, spec};

/// Operations that take no id of a file or an upload, and give nothing of one.
const HARMLESS: [&str; 6] = [
    "GET /api/v1/public/whoami",
    "GET /healthz",
    "GET /openapi.json",
    "GET /readyz",
    // The ways in; a repetition under the same key is asked in `ways::send`.
    "POST /api/v1/uploads/direct",
    "POST /api/v1/uploads/session",
];

async fn delete(server: &Server, file: &str) {
    server.api("DELETE", &format!("/files/{file}"), Body::Empty).await.expect(200);
}

async fn malware_never_leaves(database: Database) {
    let yard = Yard::new(database).await;
    yard.post.put(Mood::Working);
    let prober = Prober::new(&yard.server);
    let (all, mut suspects) = (samples::small(), Vec::new());
    for way in Way::ALL {
        for sample in &all {
            suspects.push(ways::send(&yard.server, way, sample).await);
        }
    }
    for of_one_way in suspects.chunks(all.len()) {
        probe(&prober, of_one_way, Stage::Processing).await;
    }
    yard.server.run_jobs().await;
    for suspect in &suspects {
        yard.failed(suspect, suspect.reason).await;
    }
    for of_one_way in suspects.chunks(all.len()) {
        probe(&prober, of_one_way, Stage::Ended).await;
    }
    for suspect in &suspects {
        for neighbour in &suspect.neighbours {
            let file = yard.server.completed(neighbour).await["file"].clone();
            assert!(yard.server.get(file["url"].as_str().unwrap()).await.expect(200).body.starts_with(b"harmless"));
            delete(&yard.server, file["fileId"].as_str().unwrap()).await;
        }
    }
    let again = ways::keyed(&yard.server, &samples::kilobyte()).await.expect(202).json();
    assert!(suspects.iter().any(|suspect| again["fileId"] == suspect.file.as_str()), "{again}");
    yard.empty().await;
    note(&format!("{} uploads, {} answers, nothing left", suspects.len(), prober.requests()));
    every_operation_was_asked(&prober.asked());
    yard.server.finish().await;
}

/// The document has no route that nobody asked.
fn every_operation_was_asked(asked: &BTreeSet<String>) {
    for (path, item) in spec()["paths"].as_object().unwrap() {
        for method in item
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| ["get", "put", "post", "patch", "delete", "options", "head"].contains(&key.as_str()))
        {
            let operation = format!("{} {path}", method.to_uppercase());
            assert!(
                asked.contains(&operation) || HARMLESS.contains(&operation.as_str()),
                "{operation} is new: ask it in routes.rs, or name it as harmless"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malware_never_leaves_sqlite() {
    malware_never_leaves(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malware_never_leaves_postgres() {
    malware_never_leaves(Database::Postgres).await;
}

async fn open_sessions(database: Database) {
    let yard = Yard::new(database).await;
    yard.post.put(Mood::Working);
    let (server, prober, sample) = (&yard.server, Prober::new(&yard.server), samples::kilobyte());
    for way in [Way::Session { public: true }, Way::Session { public: false }] {
        let suspects = [ways::open(server, way, &sample).await, ways::open(server, way, &sample).await];
        probe(&prober, &suspects, Stage::Open).await;
        for suspect in &suspects {
            ways::put(server, suspect, &sample).await.expect(200);
        }
        probe(&prober, &suspects, Stage::Open).await;
        for suspect in &suspects {
            ways::put(server, suspect, &sample).await.expect(200);
        }
        probe(&prober, &suspects, Stage::Open).await;
        let [cancelled, expired] = &suspects;
        server.api("DELETE", &format!("/uploads/session/{}", cancelled.upload), Body::Empty).await.expect(200);
        server.app.core.clock.advance(Duration::hours(2));
        server.app.reaper.expire_overdue().await.unwrap();
        server.run_jobs().await;
        prober.everything(cancelled, Stage::Ended).await;
        prober.everything(expired, Stage::Ended).await;
        yard.failed(expired, "EXPIRED").await;
    }
    yard.empty().await;
    yard.server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_session_gives_nothing_sqlite() {
    Box::pin(open_sessions(Database::Sqlite)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_session_gives_nothing_postgres() {
    Box::pin(open_sessions(Database::Postgres)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clean_picture_is_hidden_until_its_thumbnails_are_made() {
    let yard = Yard::new(Database::Sqlite).await;
    yard.post.put(Mood::Working);
    let (server, prober) = (&yard.server, Prober::new(&yard.server));
    let sample = Sample { name: "picture", bytes: samples::picture(), reason: "" };
    let suspect: Suspect = ways::send(server, Way::Direct { public: true }, &sample).await;
    let core = &server.app.core;
    let claim = core.db.claim_jobs(Lane::Files, core.clock.now(), core.config.jobs.lease, 1).await.unwrap().remove(0);
    let Job::Process { upload } = claim.payload else { panic!("{claim:?}") };
    server.app.processing.process(&claim, upload).await.unwrap();
    prober.everything(&suspect, Stage::Processing).await;
    let file = server.completed(&suspect.upload).await["file"].clone();
    let url = file["url"].as_str().unwrap();
    assert_eq!(server.get(url).await.expect(200).body, sample.bytes);
    server.get(&format!("{url}?variant=thumb_64")).await.expect(200);
    yard.server.finish().await;
}
