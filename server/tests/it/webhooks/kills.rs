//! 500 events over 5 kills of the real binary: none is lost, none comes from nowhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use reupload::domain::clock::random_bytes;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Answer, Database, Dev, Made, Receiver, note};

const KILLS: usize = 5;
const EVENTS: usize = 500;
/// Files of one request.
const FILES: usize = 5;

/// Uploads until told to stop, or until there is enough; remembers which files were acknowledged.
fn load(dev: &Dev, stop: &AtomicBool, enough: usize, acknowledged: &Mutex<BTreeSet<String>>) {
    let url = format!("{}/api/v1/uploads/direct", dev.api_url);
    let files = (0..FILES).map(|n| format!("file=content {n};filename={n}.txt"));
    while !stop.load(Ordering::Relaxed) && acknowledged.lock().unwrap().len() < enough {
        let mut curl = Command::new("curl");
        curl.args(["-s", "-m", "5", "-H", &format!("Authorization: Bearer {}", dev.key)]);
        curl.args(["-F", &format!("projectId={}", dev.project)]);
        for file in files.clone() {
            curl.args(["-F", &file]);
        }
        let answer: Value = serde_json::from_slice(&curl.arg(&url).output().unwrap().stdout).unwrap_or_default();
        let ids = answer["files"].as_array().into_iter().flatten().map(|file| file["fileId"].as_str().unwrap().to_owned());
        acknowledged.lock().unwrap().extend(ids);
    }
}

/// Everything that `GET /events` gives, by id.
fn events(dev: &Dev) -> BTreeMap<String, Value> {
    let (mut all, mut after) = (BTreeMap::new(), String::new());
    loop {
        let page = dev.get(&format!("/events?limit=100{after}"));
        let events = page["events"].as_array().unwrap();
        if events.is_empty() {
            return all;
        }
        all.extend(events.iter().map(|event| (event["id"].as_str().unwrap().to_owned(), event.clone())));
        after = format!("&after={}", page["nextCursor"].as_str().unwrap());
    }
}

/// Bodies of what has arrived, by id; two of one id must be the same.
fn arrived(receiver: &Receiver) -> (BTreeMap<String, String>, usize) {
    let hooks = receiver.hooks();
    let mut bodies = BTreeMap::new();
    for hook in &hooks {
        let id = hook.headers["webhook-id"].clone();
        let first = bodies.entry(id.clone()).or_insert_with(|| hook.body.clone());
        assert_eq!(*first, hook.body, "{id} has come with two bodies");
    }
    (bodies, hooks.len())
}

async fn survive(database: Database) {
    let begun = Instant::now();
    let (made, folder) = (Made::new(database).await, TempDir::new().unwrap());
    let settings = [
        ("REUPLOAD_DATABASE__URL", made.url.as_str()),
        ("REUPLOAD_JOBS__LEASE", "1s"),
        ("REUPLOAD_WEBHOOKS__SCHEDULE", r#"["0s", "1s", "1s", "1s", "1s", "1s", "1s"]"#),
        ("REUPLOAD_LIMITS__KEY_PER_SECOND", "0"),
        ("REUPLOAD_LIMITS__ADDRESS_PER_SECOND", "0"),
    ];
    // Slow enough to be on the way at a kill, and one in five says no.
    let pause = Duration::from_millis(30);
    let answers = (0..3000).map(|n| Answer::status(if n % 5 == 0 { 503 } else { 200 }).after(pause)).collect();
    let receiver = Receiver::with(answers).await;
    let acknowledged = Mutex::new(BTreeSet::new());
    for kill in 0..=KILLS {
        let dev = Dev::with(&settings, folder.path());
        if kill == 0 {
            dev.admin(&["webhook", "create", "--project", &dev.project, "--url", &receiver.url]);
        }
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            // The last server has the rest to do, and is not killed.
            let enough = if kill == KILLS { EVENTS } else { usize::MAX };
            let (dev, stop, acknowledged) = (&dev, &stop, &acknowledged);
            let loads: Vec<_> = (0..2).map(|_| scope.spawn(move || load(dev, stop, enough, acknowledged))).collect();
            if kill < KILLS {
                let [random] = random_bytes::<1>();
                // In the middle of uploads and deliveries, both of which go on until then.
                let share = (EVENTS - 50) * kill / KILLS + usize::from(random) / 4;
                dev.wait_until(|_| acknowledged.lock().unwrap().len() > share);
                std::thread::sleep(Duration::from_millis(u64::from(random) / 4));
                dev.signal("KILL");
                std::thread::sleep(Duration::from_millis(50));
                stop.store(true, Ordering::Relaxed);
            }
            for load in loads {
                load.join().unwrap();
            }
        });
        if kill == KILLS {
            let acknowledged = acknowledged.lock().unwrap().clone();
            check(&dev, &receiver, &acknowledged, begun).await;
        }
    }
    made.remove().await;
}

async fn check(dev: &Dev, receiver: &Receiver, acknowledged: &BTreeSet<String>, begun: Instant) {
    let told = |events: &BTreeMap<String, Value>| -> BTreeSet<String> {
        events.values().map(|event| event["data"]["fileId"].as_str().unwrap().to_owned()).collect()
    };
    loop {
        let (events, arrived) = (events(dev), arrived(receiver).0);
        if acknowledged.is_subset(&told(&events)) && events.keys().all(|id| arrived.contains_key(id)) {
            break;
        }
        let missing = events.len().saturating_sub(arrived.len());
        assert!(begun.elapsed() < Duration::from_mins(1), "{} acknowledged, {missing} missing", acknowledged.len());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (events, (bodies, heard)) = (events(dev), arrived(receiver));
    assert!(events.len() >= EVENTS, "{} events", events.len());
    assert!(bodies.keys().eq(events.keys()), "exactly what GET /events has");
    for (id, body) in &bodies {
        assert_eq!(serde_json::from_str::<Value>(body).unwrap(), events[id]);
    }
    assert_eq!(told(&events).len(), events.len(), "one event a file");
    note(&format!(
        "{} events over {KILLS} kills, {} sent twice or more, 0 lost, in {:.0?}",
        events.len(),
        heard - bodies.len(),
        begun.elapsed()
    ));
}

mod every_event_arrives_over_five_kills {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn sqlite() {
        survive(Database::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn postgres() {
        survive(Database::Postgres).await;
    }
}
