//! The webhook inbox of `reupload dev`: what comes in, what can be sent again, who may look, and what a restart keeps.

use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Database, Dev, Receiver, Server};

/// The page as its own script and the service's webhooks call it.
struct Page<'d> {
    dev: &'d Dev,
    http: Client,
}

fn client() -> Client {
    // reqwest wants one, though nothing here speaks TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

impl<'d> Page<'d> {
    fn of(dev: &'d Dev) -> Self {
        Self { dev, http: client() }
    }

    /// Calls `/dev/webhooks{path}`; a body goes as it is.
    async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> (u16, Value) {
        let url = format!("{}/dev/webhooks{path}", self.dev.api_url);
        let request = headers.iter().fold(self.http.request(method, url), |request, (name, value)| request.header(*name, *value));
        let response = request.body(body).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null))
    }

    async fn send(&self, path: &str, body: &Value) -> (u16, Value) {
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
        self.call(Method::POST, path, &headers, body.to_string()).await
    }

    /// Waits until there are `count` entries, and gives all, oldest first.
    async fn entries(&self, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let (_, answer) = self.call(Method::GET, "/entries", &[], String::new()).await;
            let entries = answer["entries"].as_array().unwrap().clone();
            if entries.len() >= count {
                assert_eq!(entries.len(), count, "{entries:#?}");
                return entries;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "not {count} entries within 10 s: {entries:#?}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

fn upload(dev: &Dev, name: &str) {
    let (project, file) = (format!("projectId={}", dev.project), format!("file=text;filename={name}"));
    let answer = dev.curl(&["-F", &project, "-F", &file, &format!("{}/api/v1/uploads/direct", dev.api_url)]);
    assert!(answer.contains("uploadId"), "{answer}");
}

fn event(entry: &Value) -> Value {
    serde_json::from_str(entry["body"].as_str().unwrap()).unwrap()
}

fn header(entry: &Value, name: &str) -> String {
    let headers = entry["headers"].as_array().unwrap();
    let found = headers.iter().find(|header| header[0] == name).unwrap_or_else(|| panic!("no {name} in {headers:?}"));
    found[1].as_str().unwrap().to_owned()
}

/// A correct entry, said by its parts.
#[track_caller]
fn assert_right(entry: &Value, r#type: &str, attempt: i64, seen_before: bool) {
    assert_eq!(event(entry)["type"], r#type, "{entry:#}");
    assert_eq!((&entry["signatureProblem"], &entry["standardProblem"]), (&Value::Null, &Value::Null), "{entry:#}");
    assert_eq!((&entry["attempt"], &entry["seenBefore"]), (&json!(attempt), &json!(seen_before)), "{entry:#}");
    assert_eq!(header(entry, "webhook-id"), event(entry)["id"].as_str().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_comes_in_and_can_be_replayed_and_others_tried() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let page = Page::of(&dev);
    assert!(dev.printed.contains(&format!("{}/dev/webhooks\n", dev.api_url)), "{}", dev.printed);
    upload(&dev, "first.txt");
    let entry = page.entries(1).await.remove(0);
    assert_right(&entry, "file.uploaded", 1, false);
    assert_eq!(event(&entry)["data"]["name"], "first.txt");

    // Somebody who waits hears of it at once.
    let waiting = format!("/entries?after={}", entry["number"]);
    let delivery = json!({ "deliveryId": entry["deliveryId"] });
    let (told, replayed) = tokio::join!(page.call(Method::GET, &waiting, &[], String::new()), page.send("/replay", &delivery),);
    assert_eq!(replayed.0, 202, "{}", replayed.1);
    let again = &told.1["entries"][0];
    assert_right(again, "file.uploaded", 2, true);
    assert_eq!((event(again)["id"].clone(), &again["deliveryId"]), (event(&entry)["id"].clone(), &entry["deliveryId"]));

    for (at, r#type) in ["file.uploaded", "file.updated", "file.deleted", "file.failed"].into_iter().enumerate() {
        assert_eq!(page.send("/test", &json!({ "type": r#type })).await.0, 202, "{type}");
        let entry = page.entries(3 + at).await.remove(2 + at);
        assert_right(&entry, r#type, 1, false);
        assert_eq!(event(&entry)["test"], true, "{entry:#}");
    }
    assert_eq!(page.send("/test", &json!({ "type": "file.lost" })).await.0, 400);

    // A delivery of another endpoint is not the page's to send.
    let receiver = Receiver::start().await;
    let other = dev.admin(&["webhook", "create", "--project", &dev.project, "--url", &receiver.url]);
    let test = dev.admin(&["webhook", "test", other["id"].as_str().unwrap()]);
    assert_eq!(page.send("/replay", &json!({ "deliveryId": test["deliveryId"] })).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_not_the_endpoints_own_shows_as_wrong() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let page = Page::of(&dev);
    upload(&dev, "true.txt");
    let entry = page.entries(1).await.remove(0);
    let names = ["reupload-signature", "webhook-id", "webhook-timestamp", "webhook-signature"];
    let signed: Vec<(&str, String)> = names.iter().map(|name| (*name, header(&entry, name))).collect();
    let body = entry["body"].as_str().unwrap();
    let changed = body.replace("true.txt", "else.txt");
    let missing = "The header is missing.";
    let wrong = "Signed for another secret or body.";
    for (at, (case, left_out, body, ours, standard)) in [
        ("unsigned", &names[..], body, missing, missing),
        ("another body", &[], &changed, wrong, wrong),
        ("half signed", &names[1..], body, "", missing),
        ("half signed, the other way", &names[..1], body, missing, ""),
    ]
    .into_iter()
    .enumerate()
    {
        let headers: Vec<_> = signed.iter().filter(|(name, _)| !left_out.contains(name)).map(|(n, v)| (*n, v.as_str())).collect();
        let (status, answer) = page.call(Method::POST, "/receive", &headers, body.to_owned()).await;
        assert_eq!((status, &answer["error"]), (403, &json!("INVALID_SIGNATURE")), "{case}: {answer}");
        let entry = page.entries(2 + at).await.remove(1 + at);
        let problem = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        assert_eq!((problem("signatureProblem"), problem("standardProblem")), (ours.to_owned(), standard.to_owned()), "{case}");
        assert_eq!((&entry["deliveryId"], &entry["seenBefore"]), (&Value::Null, &json!(false)), "{case}");
    }
    // What nobody could look at is not kept.
    let long = "x".repeat(17 * 1024);
    for (case, headers, body, expected) in [
        ("too long", &[][..], "x".repeat(1024 * 1024 + 1), 400),
        ("headers too long", &[("x-long", long.as_str())], String::new(), 400),
        ("from a page", &[("origin", "http://evil.example")], String::new(), 403),
        ("from a page's link", &[("sec-fetch-site", "cross-site")], String::new(), 403),
    ] {
        assert_eq!(page.call(Method::POST, "/receive", headers, body).await.0, expected, "{case}");
    }
    page.entries(5).await;
    // Ones that come in crowds push out the oldest.
    for n in 0..200 {
        page.call(Method::POST, "/receive", &[], n.to_string()).await;
    }
    let kept = page.entries(200).await;
    assert_eq!((&kept[0]["body"], &kept[199]["body"]), (&json!("0"), &json!("199")));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_this_machine_may_look_and_only_the_page_may_send() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let page = Page::of(&dev);
    let own = dev.api_url.trim_start_matches("http://").to_owned();
    for path in ["/entries", "/entries/"] {
        for (host, status) in [
            (own.as_str(), 200),
            ("localhost:5000", 200),
            ("127.0.0.1", 200),
            ("[::1]:4000", 200),
            ("evil.example", 403),
            ("localhost.evil.example:4000", 403),
            ("192.168.1.5:4000", 403),
            ("0.0.0.0", 403),
        ] {
            let answer = page.call(Method::GET, path, &[("host", host)], String::new()).await;
            assert_eq!(answer.0, status, "{path:?} as {host}: {}", answer.1);
        }
        for header in ["x-forwarded-for", "forwarded", "via", "x-real-ip"] {
            let forwarded = page.call(Method::GET, path, &[(header, "for=203.0.113.7")], String::new()).await;
            assert_eq!(forwarded.0, 403, "{path:?} through a proxy that sends {header}");
        }
    }
    assert_eq!(page.call(Method::GET, "/elsewhere", &[], String::new()).await.0, 404);

    let json = ("content-type", "application/json");
    let (origin, foreign) = (format!("http://{own}"), "http://127.0.0.1:1");
    let other_scheme = format!("https://{own}");
    for (case, headers, status) in [
        ("the page", vec![("sec-fetch-site", "same-origin"), json], 202),
        ("the page, in an old browser", vec![("origin", origin.as_str()), json], 202),
        ("nobody in particular", vec![json], 403),
        ("another port", vec![("origin", foreign), json], 403),
        ("another scheme", vec![("origin", &other_scheme), json], 403),
        ("another port, in a new browser", vec![("sec-fetch-site", "same-site"), ("origin", &origin), json], 403),
        ("another site", vec![("sec-fetch-site", "cross-site"), json], 403),
        ("typed by hand", vec![("sec-fetch-site", "none"), json], 403),
        ("no origin to speak of", vec![("origin", "null"), json], 403),
        ("a form", vec![("sec-fetch-site", "same-origin"), ("content-type", "text/plain")], 403),
        ("no type", vec![("sec-fetch-site", "same-origin")], 403),
        ("a foreign name", vec![("sec-fetch-site", "same-origin"), json, ("host", "evil.example")], 403),
    ] {
        let answer = page.call(Method::POST, "/test", &headers, r#"{"type":"file.failed"}"#.to_owned()).await;
        assert_eq!(answer.0, status, "{case}: {}", answer.1);
    }
    page.entries(2).await;

    let answer = page.http.get(format!("{}/dev/webhooks/entries", dev.api_url)).send().await.unwrap();
    assert_eq!(answer.headers()["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert!(!answer.text().await.unwrap().contains(&dev.key));

    // The page itself is the dashboard's, and nothing of the inbox is in it.
    let answer = page.http.get(format!("{}/dev/webhooks", dev.api_url)).header("accept", "text/html").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );
    assert!(!answer.text().await.unwrap().contains(&dev.key));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_follows_to_another_port_and_holds_up_no_stop() {
    let folder = TempDir::new().unwrap();
    let mut first = Dev::start(folder.path());
    let url = format!("{}/dev/webhooks/entries?after=0", first.api_url);
    let waiting = tokio::spawn(client().get(url).send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    first.signal("INT");
    assert!(first.wait(Duration::from_secs(5)).success(), "a page that waits does not hold up the stop");
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);

    let second = Dev::start(folder.path());
    assert_ne!(second.api_url, first.api_url);
    upload(&second, "second.txt");
    assert_right(&Page::of(&second).entries(1).await[0], "file.uploaded", 1, false);
    let hooks = second.admin(&["webhook", "list"]);
    let hooks = hooks.as_array().unwrap();
    assert_eq!(hooks.len(), 1, "{hooks:#?}");
    assert_eq!(hooks[0]["url"], format!("{}/dev/webhooks/receive", second.api_url));
    // Whoever turned it off finds it on again at the next start.
    second.admin(&["webhook", "update", hooks[0]["id"].as_str().unwrap(), "--disable", "not now"]);
    drop(second);
    let third = Dev::start(folder.path());
    upload(&third, "third.txt");
    assert_right(&Page::of(&third).entries(1).await[0], "file.uploaded", 1, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_serves_has_no_inbox() {
    let server = Server::start(Database::Sqlite).await;
    for path in ["", "/entries", "/receive"] {
        let answer = server.http.get(format!("{}/dev/webhooks{path}", server.api_url)).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path:?}");
    }
    server.finish().await;
}
