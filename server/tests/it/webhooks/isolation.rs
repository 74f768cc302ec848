//! An endpoint that hangs, drips, floods, resets or redirects costs the others nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    routing::post,
};
use reupload::store::deliveries::DeliveryStatus;
use serde_json::Value;
use tokio::net::TcpListener;

use super::{
    endpoint,
    odd::{Mood, Odd},
};
use crate::harness::{Body, Database, Multipart, Options, Server, note};

const HEALTHY: usize = 80;
const HANGING: usize = 20;
const EVENTS: usize = 12;
const PER_ENDPOINT: usize = 3;

/// What has arrived at one of the healthy endpoints.
#[derive(Default)]
struct Seen {
    ids: BTreeSet<String>,
    now: usize,
    most: usize,
}

/// 80 endpoints that answer at once, or nearly.
#[derive(Clone, Default)]
struct Healthy(Arc<Mutex<BTreeMap<usize, Seen>>>);

impl Healthy {
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/{n}", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn change(&self, n: usize, change: impl FnOnce(&mut Seen)) {
        change(self.0.lock().unwrap().entry(n).or_default());
    }
}

async fn take(State(healthy): State<Healthy>, Path(n): Path<usize>, body: Bytes) {
    healthy.change(n, |seen| {
        seen.now += 1;
        seen.most = seen.most.max(seen.now);
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    let event: Value = serde_json::from_slice(&body).unwrap();
    healthy.change(n, |seen| {
        seen.now -= 1;
        seen.ids.insert(event["id"].as_str().unwrap().to_owned());
    });
}

fn options() -> Options {
    let settings = vec![
        ("webhooks.timeout", "1s".into()),
        ("webhooks.per_endpoint", PER_ENDPOINT.into()),
        // Fewer than the hanging ones could take if each took what it may.
        ("jobs.senders", 50.into()),
    ];
    Options { settings, ..Options::default() }
}

async fn isolated(database: Database) {
    let server = Server::with(database, options()).await;
    let healthy = Healthy::default();
    let url = healthy.start().await;
    let elsewhere = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let moods = [Mood::Drips, Mood::DripsHeaders, Mood::Floods, Mood::FloodsHeaders, Mood::Resets, Mood::Speaks(elsewhere)];
    let (mut hanging, mut odd) = (Vec::new(), Vec::new());
    for n in 0..HEALTHY.max(HANGING) {
        if n < HANGING {
            let receiver = Odd::start(Mood::Hangs).await;
            hanging.push((endpoint(&server, &receiver.url).await.id, receiver));
        }
        if n < 2 * moods.len() {
            let receiver = Odd::start(moods[n % moods.len()]).await;
            odd.push((endpoint(&server, &receiver.url).await.id, receiver));
        }
        endpoint(&server, &format!("{url}/{n}")).await;
    }
    let begun = Instant::now();
    let form = (0..EVENTS).fold(Multipart::new().text("projectId", &server.project_id()), |form, n| {
        form.file(&format!("{n}.txt"), "text/plain", b"x")
    });
    server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
    let complete = || {
        let seen = healthy.0.lock().unwrap();
        seen.len() == HEALTHY && seen.values().all(|seen| seen.ids.len() == EVENTS)
    };
    while !complete() {
        assert!(begun.elapsed() < Duration::from_secs(30), "healthy endpoints do not get their events");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let took = begun.elapsed();
    // One may be between two attempts just now.
    let hang = hanging.iter().filter(|(_, receiver)| receiver.open() > 0).count();
    assert!(hang > HANGING / 2, "after {took:?} only {hang} hang");
    for (id, _) in &hanging {
        let taken = server.app.webhooks.deliveries(*id, Some(DeliveryStatus::Pending), 100).await.unwrap();
        assert_eq!(taken.len(), EVENTS, "what they were sent waits for them");
    }
    for (n, seen) in healthy.0.lock().unwrap().iter() {
        assert!(seen.most <= PER_ENDPOINT, "{} at once at {n}", seen.most);
    }
    for (_, receiver) in hanging.iter().chain(&odd) {
        assert!(receiver.most() <= PER_ENDPOINT);
    }

    // After its first timeout each has one place or two, and goes on being tried.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before: Vec<usize> = hanging.iter().map(|(_, receiver)| (receiver.most(), receiver.requests()).1).collect();
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let mut most = 0;
    for ((_, receiver), before) in hanging.iter().zip(before) {
        most = most.max(receiver.most());
        assert!(receiver.requests() > before, "it is tried again");
    }
    assert!(most <= 2, "{most} at once at an endpoint that hangs");
    note(&format!(
        "{HEALTHY} healthy endpoints had all {EVENTS} events after {took:.1?} beside {HANGING} that hang; those hold {most}"
    ));
    server.stop().await;
}

mod twenty_that_hang_hold_nobody_up {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        isolated(Database::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        isolated(Database::Postgres).await;
    }
}
