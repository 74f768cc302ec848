//! The stream of hints: what it tells of, whom, and when it ends.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use reqwest::Response;
use reupload::{
    app::{App, live, webhooks::endpoints::EndpointSettings},
    domain::{access::Permission, account::Role, audit::By, event::EventType, ids::EndpointId},
};
use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Person, Receiver, Server, each_database};

/// Longer than a look, on a busy machine too.
const SOON: Duration = Duration::from_secs(10);
/// Longer than the time between two looks: what is not told by then never is.
const NEVER: Duration = Duration::from_millis(2500);

struct Stream(Response);

impl Stream {
    async fn open(server: &Server, person: &Person) -> Self {
        let mut stream = Self(request(server, person).await);
        assert_eq!(stream.0.status(), 200);
        let headers = stream.0.headers();
        assert_eq!(headers["content-type"], "text/event-stream");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-accel-buffering"], "no");
        let first = stream.chunk(SOON).await.expect("something at once");
        assert!(first.contains("retry: 2000\n") && first.contains(": following\n"), "{first:?}");
        stream
    }

    /// What comes next; none if the stream has ended.
    async fn chunk(&mut self, patience: Duration) -> Option<String> {
        let next = tokio::time::timeout(patience, self.0.chunk()).await.expect("nothing came in time").unwrap();
        next.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// Reads until every one of `kinds` was told of; says which were told of on the way.
    async fn hears(&mut self, kinds: &[&str]) -> BTreeSet<String> {
        let (begun, mut told) = (Instant::now(), BTreeSet::new());
        while !kinds.iter().all(|kind| told.contains(*kind)) {
            assert!(begun.elapsed() < SOON, "only {told:?} of {kinds:?}");
            let text = self.chunk(SOON).await.expect("the stream goes on");
            for event in text.split_terminator("\n\n") {
                let mut lines: Vec<&str> = event.lines().collect();
                lines.sort_unstable();
                let [data, kind] = lines[..] else { panic!("{event:?}") };
                assert_eq!(data, "data: {}");
                told.insert(kind.strip_prefix("event: ").unwrap_or_else(|| panic!("{event:?}")).to_owned());
            }
        }
        told
    }

    async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(NEVER, self.0.chunk()).await.is_err()
    }

    /// How long it takes until the stream ends.
    async fn ends(mut self) -> Duration {
        let begun = Instant::now();
        while begun.elapsed() < SOON {
            if self.chunk(SOON).await.is_none() {
                return begun.elapsed();
            }
        }
        panic!("the stream goes on");
    }
}

async fn request(server: &Server, person: &Person) -> Response {
    let url = format!("{}/api/dashboard/workspaces/{}/live", server.api_url, server.workspace);
    server.http.get(url).header("cookie", &person.cookie).send().await.unwrap()
}

/// An endpoint that is told of failures only.
async fn endpoint(server: &Server) -> EndpointId {
    let settings = EndpointSettings::told_of([EventType::FileFailed]);
    let url = Receiver::start().await.url;
    server.app.webhooks.create(server.project.id, &url, settings, &By::COMMAND_LINE).await.unwrap().id
}

each_database! {
    async fn each_kind_of_change_is_told(server: &Server) {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let mut stream = Stream::open(server, &viewer).await;
        let opened = server.open_session("a.txt", "text/plain", 2).await.expect(201);
        assert_eq!(stream.hears(&["upload"]).await, BTreeSet::from(["upload".to_owned()]), "an upload that only begins");
        server.put(&opened.text("/uploadUrl"), "text/plain", b"hi").await.expect(200);
        stream.hears(&["upload"]).await;
        server.complete(&opened.text("/uploadId")).await.expect(202);
        stream.hears(&["upload", "file"]).await;
        server.completed(&opened.text("/uploadId")).await;

        let mut stream = Stream::open(server, &viewer).await;
        let path = format!("/files/{}", opened.text("/fileId"));
        server.api("PATCH", &path, Body::Json(json!({ "name": "b.txt" }))).await.expect(200);
        stream.hears(&["file"]).await;

        let endpoint = endpoint(server).await;
        stream.hears(&["delivery"]).await;
        server.app.webhooks.send_test(endpoint, EventType::FileFailed, &By::COMMAND_LINE).await.unwrap();
        let told = stream.hears(&["delivery"]).await;
        assert_eq!(told, BTreeSet::from(["delivery".to_owned()]), "a test event tells of no file");

        let cancelled = server.open_session("c.txt", "text/plain", 2).await.expect(201);
        stream.hears(&["upload"]).await;
        server.api("DELETE", &format!("/uploads/session/{}", cancelled.text("/uploadId")), Body::Empty).await.expect(200);
        stream.hears(&["upload"]).await;
    }

    async fn what_another_node_does_is_told(server: &Server) {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let mut stream = Stream::open(server, &viewer).await;
        let other = App::open(server.app.config().clone(), server.app.core.clock.clone()).await.unwrap();
        let endpoint = endpoint(server).await;
        stream.hears(&["delivery"]).await;
        other.webhooks.send_test(endpoint, EventType::FileFailed, &By::COMMAND_LINE).await.unwrap();
        stream.hears(&["delivery"]).await;
        other.close().await;
    }

    async fn another_workspace_is_not_told_of(server: &Server) {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let (key, project) = server.stranger().await;
        let mut stream = Stream::open(server, &viewer).await;
        let form = Multipart::new().text("projectId", &project.id.to_string()).file("theirs.txt", "text/plain", b"hi");
        server.api_as(Some(&key), "POST", "/uploads/direct", Body::Form(form)).await.expect(202);
        server.settle().await;
        assert!(stream.is_silent().await);
        server.ready("ours.txt", b"hi", false).await;
        stream.hears(&["file"]).await;
    }

    async fn it_ends_with_the_login_and_with_the_membership(server: &Server) {
        let leaves = server.member("leaves@example.com", Role::Viewer).await;
        let stays = server.member("stays@example.com", Role::Viewer).await;
        let goes = server.member("goes@example.com", Role::Viewer).await;
        let owner = server.member("owner@example.com", Role::Owner).await;
        let (first, mut second, third) =
            (Stream::open(server, &leaves).await, Stream::open(server, &stays).await, Stream::open(server, &goes).await);
        server.dashboard(Some(&leaves.cookie), "POST", "/sign-out", Value::Null).await.expect(200);
        let member = format!("/workspaces/{}/members/{}", server.workspace, goes.id);
        server.dashboard(Some(&owner.cookie), "DELETE", &member, Value::Null).await.expect(200);
        let (signed_out, removed) = (first.ends().await, third.ends().await);
        assert!(signed_out < Duration::from_secs(8) && removed < Duration::from_secs(8), "{signed_out:?}, {removed:?}");
        server.open_session("a.txt", "text/plain", 2).await.expect(201);
        second.hears(&["upload"]).await;
    }

    async fn one_login_has_only_so_many(server: &Server) {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let other = server.member("other@example.com", Role::Viewer).await;
        let mut open = Vec::new();
        for _ in 0..live::MOST_WATCHES {
            open.push(Stream::open(server, &viewer).await);
        }
        let refused = request(server, &viewer).await;
        assert_eq!(refused.status(), 429);
        let body: Value = serde_json::from_slice(&refused.bytes().await.unwrap()).unwrap();
        assert_eq!(body["error"], "RATE_LIMITED");
        open.push(Stream::open(server, &other).await);
        // A page that is closed gives its place back as soon as the server sees that it is gone.
        open.remove(0);
        let begun = Instant::now();
        while request(server, &viewer).await.status() != 200 {
            assert!(begun.elapsed() < SOON, "the place is not given back");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn a_key_is_no_login(server: &Server) {
        let key = server.new_key(&Permission::ALL, &[]).await;
        let url = format!("{}/api/dashboard/workspaces/{}/live", server.api_url, server.workspace);
        let bearer = format!("Bearer {key}");
        server.send("GET", &url, &[("authorization", &bearer)], Body::Empty).await.expect_error(401, "UNAUTHORIZED");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_ends_it_at_once() {
    let server = Server::start(crate::harness::Database::Sqlite).await;
    let viewer = server.member("viewer@example.com", Role::Viewer).await;
    let stream = Stream::open(&server, &viewer).await;
    let begun = Instant::now();
    server.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    stream.ends().await;
}
