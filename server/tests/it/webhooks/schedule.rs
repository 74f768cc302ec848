//! When a delivery is tried again, and that each attempt is signed for its own time.

use chrono::Duration;
use reupload::store::deliveries::DeliveryStatus;
use serde_json::{Value, json};

use super::{advance, by_hand, endpoint, log_of, verify};
use crate::{
    harness::{Answer, Hook, Options, Receiver, Server, each_database, note},
    vectors::check_elsewhere,
};

/// Looked at in the second in which it was sent.
fn as_vector(hook: &Hook, secret: &str) -> Value {
    let header = |name: &str| hook.headers[name].clone();
    let now: i64 = header("webhook-timestamp").parse().unwrap();
    json!({
        "name": format!("attempt at {now}"), "secrets": [secret], "body": hook.body, "now": now, "tolerance": 300,
        "headers": {
            "reupload-signature": header("reupload-signature"), "webhook-id": header("webhook-id"),
            "webhook-timestamp": header("webhook-timestamp"), "webhook-signature": header("webhook-signature"),
        },
        "valid": { "reupload": true, "standard": true },
    })
}

fn hasty() -> Options {
    Options { settings: vec![("webhooks.schedule", vec!["10m", "1s"].into())], ..by_hand() }
}

each_database! {
    async fn a_dead_receiver_is_tried_by_the_schedule(server: &Server) with by_hand {
        let receiver = Receiver::answering(&[500; 20]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        assert_eq!(receiver.hooks().len(), 1, "the first attempt is at once");
        let waits = [5, 30, 120, 600, 1800, 7200, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600];
        let mut off_the_mark = 0;
        for (made, wait) in (1..).zip(waits) {
            let wait = Duration::seconds(wait);
            let (delivery, attempts) = log_of(server, endpoint.id).await;
            let planned = delivery.next_attempt_at.unwrap() - attempts.last().unwrap().started_at;
            assert!(planned >= wait * 9 / 10 && planned <= wait * 11 / 10, "after {made} attempts {planned}, not {wait} ± 10 %");
            off_the_mark += usize::from(planned != wait);
            advance(server, wait * 9 / 10 - Duration::milliseconds(1)).await;
            assert_eq!(receiver.hooks().len(), made, "too early after {made} attempts");
            advance(server, wait / 5 + Duration::milliseconds(2)).await;
            assert_eq!(receiver.hooks().len(), made + 1, "not in time after {made} attempts");
        }
        assert!(off_the_mark > 0, "the waits are spread");
        advance(server, Duration::days(30)).await;

        let hooks = receiver.hooks();
        assert_eq!(hooks.len(), 12);
        let said = check_elsewhere(hooks.iter().map(|hook| as_vector(hook, &endpoint.secret)).collect());
        assert_eq!(said.trim(), "12 vectors hold");
        let times: Vec<i64> = hooks.iter().map(|hook| verify(hook, &[&endpoint.secret])).collect();
        assert!(times.is_sorted_by(|a, b| a < b), "each is signed for its own time: {times:?}");
        let hours = (times[11] - times[0]) / 3600;
        assert!((68..=83).contains(&hours), "75.7 hours ± 10 %, not {hours}");
        note(&format!("12 attempts over {hours} hours, each signed afresh; the guide and standardwebhooks take them all"));
        assert!(hooks.iter().all(|hook| hook.body == hooks[0].body), "the bytes and with them the id never change");
        let (delivery, attempts) = log_of(server, endpoint.id).await;
        assert_eq!((delivery.status, delivery.attempts, delivery.next_attempt_at), (DeliveryStatus::Failed, 12, None));
        assert!(delivery.finished_at.is_some());
        assert!(attempts.iter().map(|attempt| attempt.number).eq(1..=12));
        assert!(attempts.iter().map(|attempt| attempt.started_at.timestamp()).eq(times));
        assert!(server.app.core.db.reader().await.unwrap().jobs().await.unwrap().is_empty());
    }

    async fn retry_after_stretches_the_wait_and_never_shortens_it(server: &Server) with by_hand {
        let busy = |seconds: &str| Answer::status(503).header("retry-after", seconds);
        let receiver = Receiver::with(vec![busy("3600"), busy("1"), busy("4000000000"), busy("Sat, 16 Jan 2027 11:00:36 GMT")]).await;
        endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        // What is waited without an attempt, and what then brings it: an hour as asked, 30 s as planned,
        // a day at most, two hours to the date.
        for (made, early, late) in [(1, 3599, 2), (2, 26, 8), (3, 86_399, 2), (4, 7199, 2)] {
            advance(server, Duration::seconds(early)).await;
            assert_eq!(receiver.hooks().len(), made, "too early");
            advance(server, Duration::seconds(late)).await;
            assert_eq!(receiver.hooks().len(), made + 1, "too late");
        }
    }

    async fn another_schedule_can_be_set(server: &Server) with hasty {
        let receiver = Receiver::answering(&[500; 9]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        for (seconds, attempts) in [(0, 0), (599, 0), (1, 1), (2, 2), (86_400, 2)] {
            advance(server, Duration::seconds(seconds)).await;
            assert_eq!(receiver.hooks().len(), attempts, "{seconds} s later");
        }
        assert_eq!(log_of(server, endpoint.id).await.0.status, DeliveryStatus::Failed);
    }
}
