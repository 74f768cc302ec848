//! The operator's look at the server: jobs by lane, the scanner, and what the node does.

use chrono::Duration;
use reupload::{app::webhooks::endpoints::EndpointSettings, domain::audit::By};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::harness::{Database, Options, Person, Receiver, Server, by_hand, each_database, frozen};

async fn system(server: &Server, operator: &Person) -> Value {
    server.dashboard(Some(&operator.cookie), "GET", "/system", Value::Null).await.expect(200).json()
}

fn with_clamd() -> Options {
    let socket = std::env::var("REUPLOAD_TEST_CLAMD_SOCKET").expect("nextest starts clamd: scripts/test-clamd");
    let settings = vec![("scan.backend", "clamd".into()), ("scan.address", format!("unix:{socket}").into())];
    Options { settings, ..Options::default() }
}

each_database! {
    async fn a_scanner_that_answers_says_what_it_is(server: &Server) with with_clamd {
        let operator = server.person("operator@example.com", true, None).await;
        let seen = system(server, &operator).await;
        assert_eq!((&seen["scanner"], &seen["scannerReachable"]), (&json!("clamd"), &json!(true)));
        let version = seen["scannerVersion"].as_str().unwrap();
        assert!(version.starts_with("ClamAV ") && !version.contains('\0'), "{version}");
        assert_eq!(seen["roles"], json!(["api", "cdn", "worker"]));
    }
}

/// Answers as clamd does, but for its version.
fn speak(listener: TcpListener) {
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut command = [0; 16];
            let read = socket.read(&mut command).await.unwrap();
            let answer: &[u8] = if command[..read] == *b"zPING\0" { b"PONG\0" } else { b"UNKNOWN\nCOMMAND\0" };
            socket.write_all(answer).await.unwrap();
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scanner_is_asked_every_five_seconds_at_most() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let settings = vec![("scan.backend", "clamd".into()), ("scan.address", format!("tcp:{address}").into())];
    let options = Options { settings, ..by_hand() };
    let clock = options.clock.clone();
    let server = Server::with(Database::Sqlite, options).await;
    let operator = server.person("operator@example.com", true, None).await;
    let told = async || {
        let seen = system(&server, &operator).await;
        (seen["scannerReachable"].clone(), seen["scannerVersion"].clone())
    };
    assert_eq!(told().await, (json!(false), Value::Null));
    speak(TcpListener::bind(address).await.unwrap());
    clock.advance(Duration::milliseconds(4999));
    assert_eq!(told().await, (json!(false), Value::Null), "remembered");
    clock.advance(Duration::milliseconds(1));
    assert_eq!(told().await, (json!(true), Value::Null), "what is no version is none");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scanner_that_hangs_does_not_hold_up_the_page() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let settings = vec![("scan.backend", "clamd".into()), ("scan.address", format!("tcp:{address}").into())];
    let server = Server::with(Database::Sqlite, Options { settings, ..by_hand() }).await;
    let operator = server.person("operator@example.com", true, None).await;
    let begun = std::time::Instant::now();
    assert_eq!(system(&server, &operator).await["scannerReachable"], false);
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
    server.finish().await;
    drop(listener);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_due_or_wait_in_their_lanes() {
    frozen(async |server, clock| {
        let operator = server.person("operator@example.com", true, None).await;
        let seen = system(server, &operator).await;
        assert_eq!((&seen["jobs"], &seen["waitingJobs"]), (&json!([]), &json!([])));
        assert_eq!((&seen["scanner"], &seen["scannerReachable"], &seen["roles"]), (&json!("off"), &Value::Null, &json!(["api"])));

        let receiver = Receiver::answering(&[500]).await;
        server
            .app
            .webhooks
            .create(server.project.id, &receiver.url, EndpointSettings::default(), &By::COMMAND_LINE)
            .await
            .unwrap();
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        let since = clock.now();
        for name in ["b.txt", "c.txt"] {
            server.upload(name, "text/plain", b"y", false).await.expect(202);
            clock.advance(Duration::milliseconds(10));
        }
        let seen = system(server, &operator).await;
        let due = json!([{ "lane": "files", "kind": "process", "count": 2, "oldest": since }]);
        assert_eq!(seen["jobs"], due);
        let waiting = &seen["waitingJobs"];
        assert_eq!((&waiting[0]["lane"], &waiting[0]["kind"]), (&json!("webhooks"), &json!("deliver")));
        assert_eq!((&waiting[0]["count"], &waiting[0]["failed"], waiting.as_array().unwrap().len()), (&json!(1), &json!(1), 1));
        let next: chrono::DateTime<chrono::Utc> = waiting[0]["next"].as_str().unwrap().parse().unwrap();
        assert!(next > clock.now(), "{next}");
        clock.advance(Duration::days(1));
        server.run_jobs().await;
    })
    .await;
}
