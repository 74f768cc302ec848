//! Sending again: one delivery, all that an endpoint has missed; and test events.

use std::time::Duration as Pause;

use chrono::Duration;
use reupload::{
    app::webhooks::{endpoints::EndpointSettings, replays::Recovered},
    domain::{
        audit::By,
        event::EventType,
        ids::{DeliveryId, EndpointId, EventId},
    },
    store::{deliveries::DeliveryStatus, events::Event},
};
use serde_json::{Value, json};

use super::{advance, by_hand, endpoint, endpoint_for, keys, log_of, verify};
use crate::harness::{Answer, Body, Database, Hook, Multipart, Options, Receiver, Server, each_database};

/// Two attempts, five seconds apart.
fn two_attempts() -> Options {
    Options { settings: vec![("webhooks.schedule", vec!["0s", "5s"].into())], ..by_hand() }
}

/// One attempt, and a worker that makes it.
fn one_attempt() -> Options {
    Options { settings: vec![("webhooks.schedule", vec!["0s"].into())], ..Options::default() }
}

async fn count(server: &Server, id: EndpointId, status: DeliveryStatus) -> usize {
    server.app.webhooks.deliveries(id, Some(status), 1000).await.unwrap().len()
}

/// Names of the files that a receiver was told of, but for the first `heard`; sorted, as the order is not promised.
fn told(receiver: &Receiver, heard: usize) -> Vec<String> {
    let name = |hook: &Hook| hook.json()["data"]["name"].as_str().unwrap().to_owned();
    let mut names: Vec<String> = receiver.hooks()[heard..].iter().map(name).collect();
    names.sort_unstable();
    names
}

async fn fail_upload(server: &Server) {
    server.open_session("late.txt", "text/plain", 5).await.expect(201);
    server.app.core.clock.advance(Duration::hours(2));
    server.app.reaper.expire_overdue().await.unwrap();
}

each_database! {
    async fn a_delivery_is_sent_again_whatever_became_of_it(server: &Server) with two_attempts {
        let receiver = Receiver::answering(&[200, 500, 500, 500, 500, 500]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        let replay = async |id: DeliveryId| server.app.webhooks.replay(id, &By::COMMAND_LINE).await.unwrap();
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        let (delivery, _) = log_of(server, endpoint.id).await;
        assert_eq!(delivery.status, DeliveryStatus::Succeeded);

        // Succeeded: the schedule from its start, 500 and 500.
        let again = replay(delivery.id).await;
        assert_eq!((again.id, again.status, again.finished_at), (delivery.id, DeliveryStatus::Pending, None));
        server.run_jobs().await;
        advance(server, Duration::seconds(6)).await;
        let (failed, _) = log_of(server, endpoint.id).await;
        assert_eq!((failed.status, failed.attempts, receiver.hooks().len()), (DeliveryStatus::Failed, 3, 3));

        // Failed: anew. Waiting: now, and the five seconds begin anew.
        replay(delivery.id).await;
        server.run_jobs().await;
        advance(server, Duration::seconds(4)).await;
        assert_eq!(receiver.hooks().len(), 4);
        let hurried = replay(delivery.id).await;
        assert_eq!((hurried.status, hurried.round), (DeliveryStatus::Pending, 0));
        server.run_jobs().await;
        assert_eq!(receiver.hooks().len(), 5, "the waiting one is made now");
        advance(server, Duration::seconds(4)).await;
        assert_eq!(receiver.hooks().len(), 5);
        advance(server, Duration::seconds(2)).await;
        assert_eq!(receiver.hooks().len(), 6);
        replay(delivery.id).await;
        replay(delivery.id).await;
        server.run_jobs().await;
        let (done, attempts) = log_of(server, endpoint.id).await;
        assert_eq!((done.status, done.attempts), (DeliveryStatus::Succeeded, 7), "twice at once is one");
        assert!(attempts.iter().map(|attempt| attempt.number).eq(1..=7));
        let hooks = receiver.hooks();
        assert!(hooks.iter().all(|hook| hook.body == hooks[0].body && hook.headers["webhook-id"] == hooks[0].headers["webhook-id"]));
        for hook in &hooks {
            verify(hook, &[&endpoint.secret]);
        }

        server.app.webhooks.disable(endpoint.id, "moved away", &By::COMMAND_LINE).await.unwrap();
        let refused = server.app.webhooks.replay(delivery.id, &By::COMMAND_LINE).await.expect_err("refused").to_string();
        assert!(refused.contains("disabled (moved away): enable or recover it first"), "{refused}");
        let nobody = server.app.webhooks.replay(DeliveryId::new(server.app.core.clock.now()), &By::COMMAND_LINE).await.expect_err("refused");
        assert!(nobody.to_string().starts_with("NOT_FOUND"), "{nobody}");
    }

    async fn an_endpoint_gets_what_it_has_missed(server: &Server) with two_attempts {
        let receiver = Receiver::answering(&[500, 500, 200, 500, 500, 500, 500]).await;
        let webhooks = &server.app.webhooks;
        let endpoint = endpoint(server, &receiver.url).await;
        let all = Receiver::start().await;
        endpoint_for(server, server.project.id, &all.url, &EventType::ALL).await;
        let upload = async |name: &str| {
            server.ready(name, b"x", false).await;
            server.run_jobs().await;
            advance(server, Duration::seconds(6)).await;
        };
        upload("too-old.txt").await;
        webhooks.disable(endpoint.id, "not yet", &By::COMMAND_LINE).await.unwrap();
        upload("too-old-and-never-sent.txt").await;
        webhooks.enable(endpoint.id, &By::COMMAND_LINE).await.unwrap();
        advance(server, Duration::minutes(1)).await;
        let since = server.app.core.clock.now();
        upload("taken.txt").await;
        upload("failed.txt").await;
        webhooks.send_test(endpoint.id, EventType::FileUploaded, &By::COMMAND_LINE).await.unwrap();
        server.run_jobs().await;
        advance(server, Duration::seconds(6)).await;
        assert_eq!(count(server, endpoint.id, DeliveryStatus::Failed).await, 3);
        webhooks.disable(endpoint.id, "a night off", &By::COMMAND_LINE).await.unwrap();
        upload("missed.txt").await;
        fail_upload(server).await;
        upload("missed-too.txt").await;

        let heard = receiver.hooks().len();
        let mut seen = Vec::new();
        let done = webhooks.recover(endpoint.id, since, |sent| seen.push(sent), &By::COMMAND_LINE).await.unwrap();
        assert_eq!(done, Recovered { replayed: 1, missed: 2 });
        assert!(seen.is_sorted() && seen.last() == Some(&3), "{seen:?}");
        server.run_jobs().await;
        assert_eq!(told(&receiver, heard), ["failed.txt", "missed-too.txt", "missed.txt"]);
        let again = webhooks.recover(endpoint.id, since, |_| (), &By::COMMAND_LINE).await.unwrap();
        assert_eq!(again, Recovered::default(), "the second time there is nothing left");
        server.run_jobs().await;
        assert_eq!(receiver.hooks().len(), heard + 3);

        // Each has the id and the bytes that everybody else got, and the log shows one delivery an event.
        for hook in &receiver.hooks()[heard..] {
            assert!(all.hooks().iter().any(|other| other.body == hook.body));
        }
        assert_eq!(webhooks.deliveries(endpoint.id, None, 100).await.unwrap().len(), 6);
        assert_eq!(webhooks.get(endpoint.id).await.unwrap().disabled_at, None);

        // A type that it no longer asks for is not sent again.
        webhooks.update(endpoint.id, EndpointSettings::told_of([EventType::FileDeleted]), &By::COMMAND_LINE).await.unwrap();
        let long_ago = since - Duration::days(1);
        assert_eq!(webhooks.recover(endpoint.id, long_ago, |_| (), &By::COMMAND_LINE).await.unwrap(), Recovered::default());
        webhooks.update(endpoint.id, EndpointSettings::told_of(EventType::ALL), &By::COMMAND_LINE).await.unwrap();
        let done = webhooks.recover(endpoint.id, long_ago, |_| (), &By::COMMAND_LINE).await.unwrap();
        assert_eq!(done, Recovered { replayed: 1, missed: 2 }, "`since` was what kept them back");
        server.settle().await;
    }

    async fn a_replay_beside_an_attempt_is_made_after_it(server: &Server) with one_attempt {
        let slow = Answer::status(500).after(std::time::Duration::from_secs(2));
        let receiver = Receiver::with(vec![slow, Answer::status(200)]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        receiver.wait_for(1).await;
        let delivery = server.app.webhooks.deliveries(endpoint.id, None, 1).await.unwrap().remove(0).0;
        server.app.webhooks.replay(delivery.id, &By::COMMAND_LINE).await.unwrap();
        receiver.wait_for(2).await;
        server.settle().await;
        assert_eq!(log_of(server, endpoint.id).await.0.status, DeliveryStatus::Succeeded);
    }

    async fn what_an_endpoint_never_asked_for_is_not_sent_to_it(server: &Server) with two_attempts {
        let receiver = Receiver::start().await;
        let since = server.app.core.clock.now();
        server.ready("before.txt", b"x", false).await;
        let endpoint = endpoint_for(server, server.project.id, &receiver.url, &[EventType::FileDeleted]).await;
        server.ready("another-type.txt", b"x", false).await;
        let webhooks = &server.app.webhooks;
        webhooks.update(endpoint.id, EndpointSettings::told_of(EventType::ALL), &By::COMMAND_LINE).await.unwrap();
        assert_eq!(webhooks.recover(endpoint.id, since, |_| (), &By::COMMAND_LINE).await.unwrap(), Recovered::default());

        for name in ["away.txt", "away-again.txt"] {
            webhooks.disable(endpoint.id, "a night off", &By::COMMAND_LINE).await.unwrap();
            server.ready(name, b"x", false).await;
            webhooks.enable(endpoint.id, &By::COMMAND_LINE).await.unwrap();
        }
        let done = webhooks.recover(endpoint.id, since, |_| (), &By::COMMAND_LINE).await.unwrap();
        assert_eq!(done, Recovered { replayed: 0, missed: 2 }, "an endpoint that was enabled before is recovered too");
        server.run_jobs().await;
        assert_eq!(told(&receiver, 0), ["away-again.txt", "away.txt"]);
    }

    async fn an_endpoint_that_goes_on_failing_gets_each_once_more(server: &Server) with one_attempt {
        let receiver = Receiver::answering(&[500; 1000]).await;
        let id = endpoint(server, &receiver.url).await.id;
        let since = server.app.core.clock.now();
        for _ in 0..12 {
            let form = (0..10).fold(Multipart::new().text("projectId", &server.project_id()), |form, n| {
                form.file(&format!("{n}.txt"), "text/plain", b"x")
            });
            server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
        }
        server.settle().await;
        assert_eq!((receiver.hooks().len(), count(server, id, DeliveryStatus::Failed).await), (120, 120));
        // By two operators at once.
        let recover = async || server.app.webhooks.recover(id, since, |_| (), &By::COMMAND_LINE).await.unwrap();
        let (one, two) = tokio::join!(recover(), recover());
        server.settle().await;
        let sent = receiver.hooks().len() - 120;
        assert_eq!((one.missed, two.missed), (0, 0));
        assert_eq!(one.replayed + two.replayed, sent);
        assert!((120..=240).contains(&sent), "{one:?} {two:?}");
        let alone = recover().await;
        server.settle().await;
        assert_eq!((alone.replayed, receiver.hooks().len()), (120, 240 + sent));
    }

    async fn a_test_event_is_marked_and_for_one_endpoint_only(server: &Server) with by_hand {
        let (receiver, other) = (Receiver::start().await, Receiver::start().await);
        let endpoint = endpoint_for(server, server.project.id, &receiver.url, &[EventType::FileDeleted]).await;
        endpoint_for(server, server.project.id, &other.url, &EventType::ALL).await;
        server.ready("real.txt", b"x", false).await;
        server.run_jobs().await;
        let real = other.hooks()[0].json();
        for kind in EventType::ALL {
            let delivery = server.app.webhooks.send_test(endpoint.id, kind, &By::COMMAND_LINE).await.unwrap();
            server.run_jobs().await;
            let hook = receiver.hooks().pop().unwrap();
            verify(&hook, &[&endpoint.secret]);
            let event = hook.json();
            assert_eq!((&event["type"], &event["test"]), (&json!(kind), &json!(true)));
            assert_eq!(event["projectId"], server.project_id());
            assert_eq!(keys(&event), ["createdAt", "data", "id", "projectId", "test", "type", "workspaceId"]);
            let data = &event["data"];
            let expected: Vec<&str> = match kind {
                EventType::FileUploaded => keys(&real["data"]),
                EventType::FileUpdated => {
                    let mut names = keys(&real["data"]);
                    names.insert(0, "changes");
                    names
                }
                EventType::FileDeleted => vec!["deletedAt", "fileId", "name", "path", "projectId"],
                EventType::FileFailed => vec!["fileId", "name", "projectId", "reason", "uploadId"],
            };
            let (mut names, mut expected) = (keys(data), expected);
            names.sort_unstable();
            expected.sort_unstable();
            assert_eq!(names, expected, "{kind:?} has the form of a real one");
            let (log, _) = server.app.webhooks.attempts(delivery.id).await.unwrap();
            assert_eq!(log.body, hook.body);
        }
        assert_eq!((receiver.hooks().len(), other.hooks().len()), (4, 1));
        let events = server.api("GET", "/events", Body::Empty).await.expect(200).json();
        let listed: Vec<&Value> = events["events"].as_array().unwrap().iter().map(|event| &event["id"]).collect();
        assert_eq!(listed, [&real["id"]], "nobody reads a test event again");
        let test = receiver.hooks()[0].json()["id"].as_str().unwrap().to_owned();
        assert_ne!(server.api("GET", &format!("/events?after={test}"), Body::Empty).await.status, 200, "nor goes on behind it");
    }
}

/// PostgreSQL alone lets two write at once: an event whose transaction began while the endpoint was disabled is not missed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_on_its_way_to_its_commit_is_recovered_too() {
    let server = Server::with(Database::Postgres, by_hand()).await;
    let receiver = Receiver::start().await;
    let id = endpoint(&server, &receiver.url).await.id;
    server.app.webhooks.disable(id, "a night off", &By::COMMAND_LINE).await.unwrap();
    let now = server.app.core.clock.now();
    let event = Event {
        id: EventId::new(now),
        workspace_id: server.workspace,
        project_id: server.project.id,
        r#type: EventType::FileUploaded,
        body: "{}".to_owned(),
        created_at: now,
    };
    let mut tx = server.app.core.db.begin().await.unwrap();
    tx.insert_event(&event).await.unwrap();
    let mut recovering = Box::pin(server.app.webhooks.recover(id, now, |_| (), &By::COMMAND_LINE));
    let early = tokio::time::timeout(Pause::from_millis(500), &mut recovering).await;
    assert!(early.is_err(), "it did not wait for the event: {early:?}");
    tx.commit().await.unwrap();
    assert_eq!(recovering.await.unwrap(), Recovered { replayed: 0, missed: 1 });
    server.settle().await;
    assert_eq!(receiver.hooks().len(), 1);
    server.finish().await;
}
