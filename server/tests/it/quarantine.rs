//! Quarantine: whatever the bytes, the way in, the scanner's mood and the moment, nothing of an upload leaves before it is published.
//!
//! `samples.rs` has the bytes, `ways.rs` the ways in, `post.rs` the scanner's moods, `routes.rs` the routes that are asked. The scanner
//! that works is the real clamd.

mod moods;
mod post;
mod restart;
mod routes;
mod samples;
mod stages;
mod ways;

use chrono::Duration;
use reupload::{app::App, domain::event::EventType, worker};
use reupload::{app::webhooks::endpoints::EndpointSettings, domain::audit::By};
use serde_json::Value;

use self::{
    post::{Mood, Post},
    routes::{Prober, Stage, assert_silent},
    ways::Suspect,
};
use crate::harness::{Body, Database, Hook, Options, Receiver, Server, by_hand};

/// Largest file that is scanned, in MiB: small, so that bombs are quick.
const MAX_FILE_MIB: usize = 32;

/// A node whose scanner listens at a [`Post`], and the app that hears of everything.
struct Yard {
    server: Server,
    post: Post,
    receiver: Receiver,
}

impl Yard {
    async fn new(database: Database) -> Self {
        Self::with(database, &[]).await
    }

    async fn with(database: Database, more: &[(&'static str, &str)]) -> Self {
        let post = Post::new();
        let mut settings = vec![
            ("scan.backend", "clamd".into()),
            ("scan.address", post.address().into()),
            ("scan.max_file_size", format!("{MAX_FILE_MIB}MiB").into()),
            ("scan.max_unpacked", "128MiB".into()),
        ];
        settings.extend(more.iter().map(|(name, value)| (*name, (*value).into())));
        let server = Server::with(database, Options { settings, ..by_hand() }).await;
        let receiver = Receiver::start().await;
        server
            .app
            .webhooks
            .create(server.project.id, &receiver.url, EndpointSettings::told_of(EventType::ALL), &By::COMMAND_LINE)
            .await
            .unwrap();
        Self { server, post, receiver }
    }

    async fn advance(&self, by: Duration) {
        self.server.app.core.clock.advance(by);
        self.server.run_jobs().await;
    }

    /// The scanner works again, and a node that is patient with it does what is left.
    async fn recover(&self) {
        self.post.put(Mood::Working);
        let core = &self.server.app.core;
        let mut config = core.config.clone();
        config.scan.timeout = std::time::Duration::from_mins(1);
        let app = App::open(config, core.clock.clone()).await.unwrap();
        core.clock.advance(Duration::minutes(1));
        worker::run_due(&app).await.unwrap();
        app.core.db.close().await;
    }

    async fn timeline(&self, file: &str) -> Value {
        self.server.api("GET", &format!("/files/{file}/timeline"), Body::Empty).await.expect(200).json()
    }

    /// Bytes and files that count against the project.
    async fn used(&self) -> (i64, i64) {
        let used = self.server.app.projects.usage(self.server.project.id).await.unwrap().used();
        (used.bytes, used.files)
    }

    /// The upload has failed for `reason`, by every account, and the app has been told so and nothing else.
    async fn failed(&self, suspect: &Suspect, reason: &str) {
        let path = format!("/uploads/session/{}", suspect.upload);
        let state = self.server.api("GET", &path, Body::Empty).await.expect(200).json();
        let session = &state["session"];
        assert_eq!((&session["status"], &session["failureReason"]), (&"FAILED".into(), &reason.into()), "{}", suspect.what);
        let timeline = self.timeline(&suspect.file).await;
        let last = timeline["entries"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["step"], &last["detail"]["reason"]), (&"failed".into(), &reason.into()), "{}", suspect.what);
        let told: Vec<Value> = self.receiver.hooks().iter().map(Hook::json).collect();
        let told: Vec<&Value> = told.iter().filter(|event| event["data"]["fileId"] == suspect.file.as_str()).collect();
        let [event] = told[..] else { panic!("{}: {told:?}", suspect.what) };
        assert_eq!((&event["type"], &event["data"]["reason"]), (&"file.failed".into(), &reason.into()), "{}", suspect.what);
        for hook in self.receiver.hooks() {
            assert_silent(suspect, hook.body.as_bytes(), "a webhook");
        }
    }

    /// The upload waits, and its history says for what.
    async fn waits(&self, suspect: &Suspect, mood: Mood) {
        let timeline = self.timeline(&suspect.file).await;
        let last = timeline["entries"].as_array().unwrap().last().unwrap();
        assert_eq!(last["step"], "scan_waiting", "{} while {mood:?}", suspect.what);
        assert!(last["detail"]["message"].as_str().is_some_and(|why| why.contains("clamd")), "{}: {last}", suspect.what);
    }

    /// Nothing is left of uploads that have ended without a file: no byte on the disk, no quota.
    async fn empty(&self) {
        self.server.run_jobs().await;
        assert_eq!(self.server.blobs().await.len(), 0, "bytes are left");
        assert_eq!(self.used().await, (0, 0), "quota is left");
    }
}

/// Asks every route about the first of these, and the most important ones about the others.
async fn probe(prober: &Prober<'_>, suspects: &[Suspect], stage: Stage) {
    for (n, suspect) in suspects.iter().enumerate() {
        match n {
            0 => prober.everything(suspect, stage).await,
            _ => prober.briefly(suspect, stage).await,
        }
    }
}
