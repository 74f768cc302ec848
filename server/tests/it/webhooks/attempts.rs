//! One attempt and its log: for every way in which a receiver can answer, or not.

use chrono::Duration;
use reupload::{
    domain::audit::By,
    store::deliveries::{Attempt, DeliveryStatus},
};
use tokio::net::TcpListener;

use super::{
    advance, by_hand, endpoint, impatient, log_of,
    odd::{Mood, Odd, bomb},
};
use crate::harness::{Answer, Receiver, Server, each_database, note};

const KEPT: usize = 64 * 1024;

/// What the log must say.
struct Case {
    mood: Mood,
    status: Option<i64>,
    /// Part of the error; blank for none.
    words: &'static str,
    body: Option<Vec<u8>>,
}

fn cases() -> Vec<Case> {
    let case = |mood, status, words, body: Option<&[u8]>| Case { mood, status, words, body: body.map(<[u8]>::to_vec) };
    let silent = "no complete answer within 2 s";
    vec![
        case(Mood::Hangs, None, silent, None),
        case(Mood::Drips, None, silent, None),
        case(Mood::DripsHeaders, None, silent, None),
        case(Mood::Floods, Some(200), "", Some(&[b'~'; KEPT])),
        case(Mood::FloodsHeaders, None, "the request failed", None),
        case(Mood::Bombs, Some(200), "", Some(&bomb())),
        case(Mood::Resets, None, "the request failed", None),
        case(Mood::StopsShort, None, "the request failed", None),
        case(Mood::Speaks("SSH-2.0-OpenSSH_9.9\r\n"), None, "the request failed", None),
        case(Mood::Speaks("HTTP/1.1 two hundred\r\n\r\n"), None, "the request failed", None),
        case(Mood::Speaks("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"), None, "the request failed", None),
        case(Mood::Speaks("HTTP/1.1 200 OK\r\nx-\0: 1\r\ncontent-length: 0\r\n\r\n"), None, "the request failed", None),
        case(
            Mood::Speaks("HTTP/1.1 101 Switching Protocols\r\nupgrade: chat\r\n\r\n"),
            Some(101),
            "the endpoint answered 101",
            Some(b""),
        ),
        case(Mood::Speaks("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more"), Some(200), "", Some(b"ok")),
        case(Mood::Speaks("HTTP/1.1 204 No Content\r\n\r\n"), Some(204), "", Some(b"")),
        case(Mood::Speaks("HTTP/1.1 299 Odd\r\ncontent-length: 0\r\n\r\n"), Some(299), "", Some(b"")),
        case(Mood::Speaks("HTTP/1.1 304 Not Modified\r\n\r\n"), Some(304), "the endpoint answered 304", Some(b"")),
        case(
            Mood::Speaks("HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\n\u{e9}\u{0}!"),
            Some(404),
            "answered 404",
            Some("\u{e9}\u{0}!".as_bytes()),
        ),
        case(Mood::Speaks("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"), Some(500), "answered 500", Some(b"")),
        case(Mood::Speaks("HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n"), Some(999), "answered 999", Some(b"")),
        case(
            Mood::Speaks("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
            Some(200),
            "",
            Some(b""),
        ),
    ]
}

fn check(case: &Case, odd: &Odd, status: DeliveryStatus, attempt: &Attempt) {
    let what = format!("{:?}: {:?}", case.mood, attempt.error);
    let said = attempt.error.as_deref().unwrap_or_default();
    assert_eq!(case.words.is_empty(), said.is_empty(), "{what}");
    assert!(said.contains(case.words), "{what}");
    assert_eq!(attempt.response_status, case.status, "{what}");
    assert_eq!(status, if case.words.is_empty() { DeliveryStatus::Succeeded } else { DeliveryStatus::Pending }, "{what}");
    assert_eq!(attempt.response_headers.is_some(), case.status.is_some(), "{what}");
    assert!(attempt.response_body == case.body, "{what}: another body");
    assert_eq!((attempt.number, odd.requests()), (1, 1), "{what}");
    assert!(attempt.request_headers.contains_key("webhook-signature"), "{what}");
    let slow = said.contains("within 2 s");
    assert!((if slow { 2000 } else { 0 }..4000).contains(&attempt.duration_ms), "{what}: {} ms", attempt.duration_ms);
    assert!(odd.written() < 8 << 20, "{what}: {} bytes were taken", odd.written());
}

each_database! {
    async fn every_odd_answer_is_logged_in_words(server: &Server) with impatient {
        let mut odd = Vec::new();
        for case in cases() {
            let receiver = Odd::start(case.mood).await;
            let id = endpoint(server, &receiver.url).await.id;
            odd.push((case, receiver, id));
        }
        // A deadline that leaves one of them out would have no end.
        let sent = async {
            server.ready("a.txt", b"x", false).await;
            server.run_jobs().await;
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), sent).await.expect("every attempt ends");
        for (case, receiver, id) in &odd {
            let (delivery, attempts) = log_of(server, *id).await;
            assert_eq!(attempts.len(), 1);
            check(case, receiver, delivery.status, &attempts[0]);
            note(&format!("{:?}: {}", case.mood, attempts[0].error.as_deref().unwrap_or("taken")));
            server.app.webhooks.disable(*id, "the test ends", &By::COMMAND_LINE).await.unwrap();
        }
        advance(server, Duration::minutes(1)).await;
    }

    async fn who_cannot_be_reached_is_logged_in_words(server: &Server) with impatient {
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let urls = [
            (format!("http://{closed}/hook"), "refused"),
            ("http://nobody.invalid/hook".to_owned(), "could not connect"),
        ];
        let mut ids = Vec::new();
        for (url, _) in &urls {
            ids.push(endpoint(server, url).await.id);
        }
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        for (id, (url, words)) in ids.into_iter().zip(urls) {
            let (_, attempts) = log_of(server, id).await;
            let said = attempts[0].error.clone().unwrap();
            assert!(said.starts_with("could not connect") && said.contains(words), "{url}: {said}");
            let answer = (attempts[0].response_status, &attempts[0].response_headers, &attempts[0].response_body);
            assert_eq!(answer, (None, &None, &None), "{url}");
            server.app.webhooks.disable(id, "the test ends", &By::COMMAND_LINE).await.unwrap();
        }
        advance(server, Duration::minutes(1)).await;
    }

    async fn an_attempt_is_logged_with_all_that_was_said(server: &Server) with by_hand {
        let long: Vec<u8> = (0..200_000_u32).map(|n| b'a' + (n % 26) as u8).collect();
        let pause = std::time::Duration::from_millis(120);
        let answer = Answer::status(500).header("x-mood", "bad").body(&long).after(pause);
        let receiver = Receiver::with(vec![answer]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        let (delivery, attempts) = log_of(server, endpoint.id).await;
        let attempt = &attempts[0];
        assert_eq!((attempt.delivery_id, attempt.number), (delivery.id, 1));
        let sent = &receiver.hooks()[0];
        assert!(attempt.request_headers.contains_key("reupload-signature"));
        assert!(attempt.request_headers.iter().all(|(name, value)| sent.headers.get(name) == Some(value)));
        let (event, _) = server.app.webhooks.attempts(delivery.id).await.unwrap();
        assert_eq!(event.body, sent.body, "the log has the body that was sent");
        assert_eq!(attempt.response_status, Some(500));
        assert_eq!(attempt.response_headers.as_ref().unwrap()["x-mood"], "bad");
        assert!(attempt.response_body.as_deref() == Some(&long[..KEPT]), "the first 64 KiB are kept");
        assert!((120..5000).contains(&attempt.duration_ms), "{} ms", attempt.duration_ms);
        assert_eq!(attempt.error.as_deref(), Some("the endpoint answered 500"));
        assert_eq!(attempt.started_at, server.app.core.clock.now());
        advance(server, Duration::minutes(1)).await;
    }
}
