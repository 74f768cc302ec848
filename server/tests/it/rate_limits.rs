//! Limits on the rate of requests, and the last use of keys.
//!
//! The limits count by the machine's monotonic clock, so these tests wait for as long as `Retry-After` says: a second.

use std::{net::IpAddr, time::Duration};

use reupload::{
    app::App,
    domain::{
        access::{KeySecret, Permission},
        clock::Clock,
    },
};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::harness::{Body, Database, Dev, Options, Reply, Server, each_database, frozen};

const BURST: usize = 4;

fn with(settings: &[(&'static str, figment::value::Value)]) -> Options {
    Options { settings: settings.to_vec(), ..Options::default() }
}

fn by_address() -> Options {
    with(&[("limits.address_per_second", 1.into()), ("limits.address_burst", BURST.into())])
}

fn by_key() -> Options {
    with(&[("limits.key_per_second", 1.into()), ("limits.key_burst", BURST.into())])
}

fn behind_a_proxy() -> Options {
    let mut options = by_address();
    options.settings.push(("http.trusted_proxies", vec!["127.0.0.0/8"].into()));
    options
}

/// Asks who the key is until that is refused. A slow machine may earn a request or two meanwhile.
async fn until_refused(server: &Server, key: &str, headers: &[(&str, &str)]) -> (usize, Reply) {
    for passed in 0..BURST + 5 {
        let reply = whoami(server, key, headers).await;
        if reply.status == 429 {
            return (passed, reply);
        }
    }
    panic!("no limit");
}

async fn whoami(server: &Server, key: &str, headers: &[(&str, &str)]) -> Reply {
    let bearer = format!("Bearer {key}");
    let headers = [&[("authorization", bearer.as_str())], headers].concat();
    server.send("GET", &format!("{}/api/v1/public/whoami", server.api_url), &headers, Body::Empty).await
}

/// As long as the refusal says, after a look at it.
async fn wait_as_told(refused: Reply, names: &str) {
    let refused = refused.expect_error(429, "RATE_LIMITED");
    let told = &refused.headers["retry-after"];
    assert_eq!(told, "1", "at a request a second");
    assert_eq!(refused.json()["details"], serde_json::json!({ "limit": 1, "retryAfter": 1 }));
    assert!(refused.text("/message").contains(names), "{}", refused.text("/message"));
    sleep(Duration::from_secs(told.parse().unwrap())).await;
}

/// A status that the document does not know for an unknown address.
async fn bare(server: &Server, url: &str, from: IpAddr) -> u16 {
    let client = reqwest::Client::builder().no_proxy().local_address(from).build().unwrap();
    client.get(url).bearer_auth(&server.key).send().await.unwrap().status().as_u16()
}

each_database! {
    async fn a_key_has_its_burst_then_waits_and_no_other_key_does(server: &Server) with by_key {
        let other = server.new_key(&[Permission::FilesRead], &[]).await;
        let (passed, refused) = until_refused(server, &server.key, &[]).await;
        assert!(passed >= BURST, "{passed}");
        whoami(server, &other, &[]).await.expect(200);
        // Refused before the question whether the key may do it, and before its body is read.
        server.upload("a.txt", "text/plain", &vec![7; 1_000_000], true).await.expect_error(429, "RATE_LIMITED");
        wait_as_told(refused, "API key").await;
        whoami(server, &server.key, &[]).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_its_burst_on_both_hosts_then_waits_and_no_other_address_does() {
    let server = Server::with(Database::Sqlite, by_address()).await;
    let (passed, refused) = until_refused(&server, &server.key, &[]).await;
    assert!(passed >= BURST, "{passed}");
    let file = format!("{}/v1/files/0190a000-0000-7000-8000-000000000000/a.txt", server.cdn_url);
    server.get(&file).await.expect_error(429, "RATE_LIMITED");
    let (here, elsewhere) = ("127.0.0.1".parse().unwrap(), "127.0.0.2".parse().unwrap());
    assert_eq!(bare(&server, &format!("{}/nowhere", server.api_url), here).await, 429);
    assert_eq!(bare(&server, &format!("{}/nowhere", server.api_url), elsewhere).await, 404);
    wait_as_told(refused, "address").await;
    server.get(&file).await.expect(404);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_keys_are_limited_before_the_database_is_asked() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = Server::with(database, by_address()).await;
        let wrong = KeySecret::generate();
        whoami(&server, wrong.reveal(), &[]).await.expect_error(401, "UNAUTHORIZED");
        until_refused(&server, wrong.reveal(), &[]).await;
        server.app.core.db.close().await;
        // One may have been earned while the database closed, and shows that it is closed indeed.
        let (_, refused) = until_refused(&server, wrong.reveal(), &[]).await;
        wait_as_told(refused, "address").await;
        let refused = whoami(&server, wrong.reveal(), &[]).await.expect_error(503, "SERVICE_UNAVAILABLE");
        assert_eq!(refused.headers["retry-after"], "2");
        let unready = server.get(&format!("{}/readyz", server.api_url)).await.expect_error(503, "SERVICE_UNAVAILABLE");
        assert_eq!(unready.headers["retry-after"], "2");
        server.get(&format!("{}/healthz", server.api_url)).await.expect(200);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_never_limited_and_uses_nothing_up() {
    let server = Server::with(Database::Sqlite, by_address()).await;
    for _ in 0..2 {
        for _ in 0..5 * BURST {
            server.get(&format!("{}/healthz", server.api_url)).await.expect(200);
            server.get(&format!("{}/readyz/", server.api_url)).await.expect(200);
        }
        let (passed, _) = until_refused(&server, &server.key, &[]).await;
        assert!(passed >= 1, "the first round left the burst, the second took a second");
        sleep(Duration::from_secs(1)).await;
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_no_proxy_cannot_pose_as_many() {
    let server = Server::with(Database::Sqlite, by_address()).await;
    until_refused(&server, &server.key, &[("x-forwarded-for", "203.0.113.1")]).await;
    let spoofed = whoami(&server, &server.key, &[("x-forwarded-for", "203.0.113.2")]).await;
    spoofed.expect_error(429, "RATE_LIMITED");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_each_client_has_its_own_limit() {
    let server = Server::with(Database::Sqlite, behind_a_proxy()).await;
    for (flooder, the_same, another) in [
        ("203.0.113.1", "198.51.100.9, 203.0.113.1", "203.0.113.1, 203.0.113.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:3::1"),
    ] {
        until_refused(&server, &server.key, &[("x-forwarded-for", flooder)]).await;
        whoami(&server, &server.key, &[("x-forwarded-for", another)]).await.expect(200);
        until_refused(&server, &server.key, &[("x-forwarded-for", flooder)]).await;
        let same = whoami(&server, &server.key, &[("x-forwarded-for", the_same)]).await;
        same.expect_error(429, "RATE_LIMITED");
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_default_a_page_of_200_thumbnails_loads_in_one_go() {
    let shipped = reupload::config::load(None).unwrap().limits;
    let settings = [
        ("limits.address_per_second", shipped.address_per_second.into()),
        ("limits.address_burst", shipped.address_burst.get().into()),
    ];
    let server = Server::with(Database::Sqlite, with(&settings)).await;
    let file = server.ready("a.txt", b"hello", true).await;
    let url = file["file"]["url"].as_str().unwrap();
    // A page asks for each twice at most: a preflight, and the bytes.
    for _ in 0..400 {
        server.get(url).await.expect(200);
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_of_a_key_is_written_later_and_never_goes_back() {
    frozen(async |server: &Server, clock: &Clock| {
        let keys = &server.app.keys;
        let listed = async || keys.list().await.unwrap().remove(0).last_used_at;
        whoami(server, &server.key, &[]).await.expect(200);
        assert_eq!(listed().await, None, "a request writes nothing");
        keys.write_last_use().await.unwrap();
        assert_eq!(listed().await, Some(clock.now()));

        let first = clock.now();
        clock.advance(chrono::Duration::hours(1));
        keys.write_last_use().await.unwrap();
        assert_eq!(listed().await, Some(first), "nobody came");
        whoami(server, &server.key, &[]).await.expect(200);
        keys.write_last_use().await.unwrap();
        assert_eq!(listed().await, Some(clock.now()));

        // Another node, whose clock is behind.
        let behind = App::open(server.app.core.config.clone(), Clock::simulated(first)).await.unwrap();
        behind.keys.authenticate(&server.key).await.unwrap();
        behind.keys.write_last_use().await.unwrap();
        behind.core.db.close().await;
        assert_eq!(listed().await, Some(clock.now()));
    })
    .await;
}

#[test]
fn a_node_that_stops_writes_the_last_use_of_its_keys() {
    let folder = TempDir::new().unwrap();
    let mut dev = Dev::start(folder.path());
    let listed = |dev: &Dev| dev.admin(&["key", "list"])[0]["lastUsedAt"].clone();
    dev.get("/public/whoami");
    assert!(listed(&dev).is_null(), "not within the request");
    dev.signal("INT");
    assert!(dev.wait(Duration::from_secs(10)).success());
    assert!(listed(&dev).as_str().is_some_and(|time| time.ends_with('Z')), "{}", listed(&dev));
}
