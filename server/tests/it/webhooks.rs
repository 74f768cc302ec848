//! Webhooks: what is sent and how it is signed, when it is tried again, what is logged, and whom it never reaches.

use std::{collections::BTreeMap, time::Duration as Pause};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reupload::app::webhooks::endpoints::EndpointSettings;
use reupload::{
    app::projects::Settings,
    domain::{
        audit::By,
        event::EventType,
        ids::{EndpointId, ProjectId},
    },
    store::{
        deliveries::{Attempt, Delivery, DeliveryStatus},
        webhooks::Endpoint,
    },
};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;

mod attempts;
mod cli;
mod disabling;
mod endpoints;
mod isolation;
mod kills;
mod odd;
mod replays;
mod rotation;
mod schedule;

use crate::harness::{Answer, Body, Hook, Options, Receiver, Server, by_hand, each_database};

fn impatient() -> Options {
    Options { settings: vec![("webhooks.timeout", "2s".into())], ..by_hand() }
}

/// Addresses live longer than sessions, so that one is not taken for the other.
fn long_addresses() -> Options {
    Options { settings: vec![("uploads.url_ttl", "2h".into())], ..Options::default() }
}

fn guarded() -> Options {
    let settings = vec![("webhooks.allow_private", false.into()), ("webhooks.allow_http", false.into())];
    Options { settings, ..by_hand() }
}

async fn endpoint(server: &Server, url: &str) -> Endpoint {
    endpoint_for(server, server.project.id, url, &EventType::DEFAULT).await
}

async fn endpoint_for(server: &Server, project: ProjectId, url: &str, events: &[EventType]) -> Endpoint {
    server.app.webhooks.create(project, url, EndpointSettings::told_of(events), &By::COMMAND_LINE).await.unwrap()
}

/// A job that holds one connection and waits for another would never end here.
fn one_connection() -> Options {
    Options { settings: vec![("database.connections", 1.into())], ..by_hand() }
}

/// The only delivery of an endpoint, with its attempts.
async fn log_of(server: &Server, endpoint: EndpointId) -> (Delivery, Vec<Attempt>) {
    let mut reader = server.app.core.db.reader().await.unwrap();
    let deliveries = reader.deliveries(endpoint, None, None, 1000).await.unwrap();
    assert_eq!(deliveries.len(), 1, "one event, one delivery");
    let attempts = reader.attempts(deliveries[0].id).await.unwrap();
    (deliveries[0].clone(), attempts)
}

async fn advance(server: &Server, by: Duration) {
    server.app.core.clock.advance(by);
    server.run_jobs().await;
}

fn keys(json: &Value) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Checks both signatures as a receiver would who has these secrets, and gives the time in them.
#[track_caller]
fn verify(hook: &Hook, secrets: &[&str]) -> i64 {
    let signature = &hook.headers["reupload-signature"];
    let t = signature.strip_prefix("t=").unwrap().split_once(',').unwrap().0;
    let expected =
        secrets.iter().map(|secret| format!(",v1={}", hex::encode(mac(secret.as_bytes(), &format!("{t}.{}", hook.body)))));
    assert_eq!(*signature, format!("t={t}{}", expected.collect::<String>()));

    assert_eq!(hook.headers["webhook-timestamp"], t);
    assert_eq!(hook.headers["webhook-id"], hook.json()["id"].as_str().unwrap());
    let message = format!("{}.{t}.{}", hook.headers["webhook-id"], hook.body);
    let standard = secrets.iter().map(|secret| {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(key.len(), 32);
        format!("v1,{}", STANDARD.encode(mac(&key, &message)))
    });
    assert_eq!(hook.headers["webhook-signature"], standard.collect::<Vec<_>>().join(" "));
    t.parse().unwrap()
}

each_database! {
    async fn an_upload_and_a_delete_are_told(server: &Server) with long_addresses {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(server, &receiver.url).await;
        let state = server.ready("note.txt", b"the bytes", false).await;
        let hook = receiver.wait_for(1).await.remove(0);
        verify(&hook, &[&endpoint.secret]);
        assert_eq!(hook.headers["content-type"], "application/json");

        let told = hook.json();
        assert_eq!(keys(&told), ["createdAt", "data", "id", "projectId", "type", "workspaceId"]);
        assert_eq!(told["type"], "file.uploaded");
        assert!(told["id"].as_str().unwrap().strip_prefix("evt_").is_some_and(|rest| rest.len() == 32));
        assert!(told["createdAt"].as_str().unwrap().ends_with('Z'));
        assert_eq!(told["workspaceId"], server.workspace.to_string());
        assert_eq!(told["projectId"], server.project_id());
        let data = &told["data"];
        let url = data["url"].as_str().unwrap().to_owned();
        assert!(data["urlExpiresAt"].as_str().unwrap().ends_with('Z'));
        let time = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        let lives = time(&data["urlExpiresAt"]) - time(&told["createdAt"]);
        assert!((lives - Duration::hours(2)).abs() < Duration::minutes(1), "{lives}");
        let rest = json!({
            "fileId": state["session"]["fileId"], "projectId": server.project_id(), "path": "note.txt", "name": "note.txt",
            "mimeType": "text/plain", "sizeBytes": 9, "isPublic": false, "url": url, "urlExpiresAt": data["urlExpiresAt"],
        });
        assert_eq!(*data, rest);
        assert_eq!(server.get(&url).await.expect(200).body, b"the bytes");

        let file = data["fileId"].as_str().unwrap();
        server.api("DELETE", &format!("/files/{file}"), Body::Empty).await.expect(200);
        let hook = receiver.wait_for(2).await.remove(1);
        verify(&hook, &[&endpoint.secret]);
        let told = hook.json();
        assert_eq!(told["type"], "file.deleted");
        assert_eq!(keys(&told), ["createdAt", "data", "id", "projectId", "type", "workspaceId"]);
        let deleted_at = told["data"]["deletedAt"].as_str().unwrap();
        assert!(deleted_at.ends_with('Z'));
        let expected = json!({
            "fileId": file, "projectId": server.project_id(), "path": "note.txt", "name": "note.txt", "deletedAt": deleted_at,
        });
        assert_eq!(told["data"], expected);
        server.get(&url).await.expect_error(404, "NOT_FOUND");
    }

    async fn a_public_file_has_a_permanent_url(server: &Server) {
        let receiver = Receiver::start().await;
        endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"for all", true).await;
        let data = &receiver.wait_for(1).await[0].json()["data"];
        assert_eq!((&data["isPublic"], &data["urlExpiresAt"]), (&json!(true), &Value::Null));
        assert!(!data["url"].as_str().unwrap().contains('?'));
        assert_eq!(server.get(data["url"].as_str().unwrap()).await.expect(200).body, b"for all");
    }

    async fn only_who_asked_is_told(server: &Server) with by_hand {
        let (all, deletes, elsewhere) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
        let settings = Settings { name: Some("other".to_owned()), ..Settings::default() };
        let other = server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
        endpoint(server, &all.url).await;
        endpoint_for(server, server.project.id, &deletes.url, &[EventType::FileDeleted]).await;
        endpoint_for(server, other, &elsewhere.url, &EventType::ALL).await;
        let state = server.ready("a.txt", b"x", false).await;
        let file = format!("/files/{}", state["session"]["fileId"].as_str().unwrap());
        server.api("DELETE", &file, Body::Empty).await.expect(200);
        server.settle().await;
        let types = |receiver: &Receiver| receiver.hooks().iter().map(|hook| hook.json()["type"].clone()).collect::<Vec<_>>();
        assert_eq!(types(&all), ["file.uploaded", "file.deleted"]);
        assert_eq!(types(&deletes), ["file.deleted"]);
        assert_eq!(types(&elsewhere), Vec::<Value>::new());
    }

    async fn a_failure_is_told_to_who_asked_for_it(server: &Server) with by_hand {
        let (usual, all) = (Receiver::start().await, Receiver::start().await);
        endpoint(server, &usual.url).await;
        endpoint_for(server, server.project.id, &all.url, &EventType::ALL).await;
        let expiring = server.open_session("late.txt", "text/plain", 5).await.expect(201);
        let cancelled = server.open_session("given-up.txt", "text/plain", 5).await.expect(201);
        let cancelled = format!("/uploads/session/{}", cancelled.text("/uploadId"));
        server.api("DELETE", &cancelled, Body::Empty).await.expect(200);
        server.app.core.clock.advance(Duration::hours(2));
        server.app.reaper.expire_overdue().await.unwrap();
        server.settle().await;
        assert_eq!((usual.hooks().len(), all.hooks().len()), (0, 1));
        let told = all.hooks()[0].json();
        assert_eq!(told["type"], "file.failed");
        let expected = json!({
            "uploadId": expiring.text("/uploadId"), "fileId": expiring.text("/fileId"), "projectId": server.project_id(),
            "name": "late.txt", "reason": "EXPIRED",
        });
        assert_eq!(told["data"], expected);
    }

    async fn a_success_ends_the_attempts(server: &Server) with by_hand {
        let receiver = Receiver::answering(&[500, 503]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        for _ in 0..5 {
            advance(server, Duration::minutes(5)).await;
        }
        let (delivery, attempts) = log_of(server, endpoint.id).await;
        assert_eq!((delivery.status, delivery.attempts, receiver.hooks().len()), (DeliveryStatus::Succeeded, 3, 3));
        let seen: Vec<_> = attempts.iter().map(|attempt| (attempt.response_status, attempt.error.as_deref())).collect();
        let errors = [Some("the endpoint answered 500"), Some("the endpoint answered 503"), None];
        assert_eq!(seen, [(Some(500), errors[0]), (Some(503), errors[1]), (Some(200), None)]);
    }

    async fn a_redirect_is_a_failure_and_is_not_followed(server: &Server) with by_hand {
        let target = Receiver::start().await;
        let receiver = Receiver::with(vec![Answer::status(302).header("location", &target.url)]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        let (delivery, attempts) = log_of(server, endpoint.id).await;
        assert_eq!((delivery.status, attempts[0].response_status), (DeliveryStatus::Pending, Some(302)));
        advance(server, Duration::minutes(1)).await;
        assert_eq!((target.hooks().len(), receiver.hooks().len()), (0, 2));
    }

    async fn internal_addresses_are_refused_at_creation(server: &Server) with guarded {
        for url in [
            "http://example.com/hook", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/",
            "https://0177.0.0.1/", "https://0.0.0.0/", "https://[::1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/",
            "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://192.168.0.1/", "https://[fd00::1]/",
            "https://user:secret@example.com/", "ftp://example.com/", "file:///etc/passwd", "nonsense", "",
        ] {
            let refused = server.app.webhooks.create(server.project.id, url, EndpointSettings::told_of(EventType::DEFAULT), &By::COMMAND_LINE).await;
            let words = refused.err().unwrap_or_else(|| panic!("{url} was taken")).to_string();
            assert!(words.starts_with("VALIDATION_ERROR") && words.contains("cannot be a webhook"), "{url}: {words}");
        }
        endpoint(server, "https://example.com:8443/hook?with=query").await;
    }

    async fn internal_addresses_are_never_reached(server: &Server) with guarded {
        let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = inside.local_addr().unwrap().port();
        let by_name = endpoint(server, &format!("https://localhost:{port}/")).await;
        // As if they had been made while webhooks.allow_private was on.
        let mut ids = BTreeMap::from([(by_name.id, "not a public address")]);
        for (url, why) in [
            (format!("http://localhost:{port}/"), "https"),
            (format!("https://127.0.0.1:{port}/"), "special"),
            (format!("https://[::ffff:127.0.0.1]:{port}/"), "special"),
        ] {
            let id = EndpointId::new(server.app.core.clock.now());
            let mut tx = server.app.core.db.begin().await.unwrap();
            tx.insert_endpoint(&Endpoint { id, url, ..by_name.clone() }).await.unwrap();
            tx.commit().await.unwrap();
            ids.insert(id, why);
        }
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        for (id, why) in ids {
            let (_, attempts) = log_of(server, id).await;
            let words = attempts[0].error.as_deref().unwrap();
            assert!(words.contains(why) && attempts[0].response_status.is_none(), "{words}");
            server.app.webhooks.disable(id, "the test ends", &By::COMMAND_LINE).await.unwrap();
        }
        let knock = tokio::time::timeout(Pause::from_millis(200), inside.accept()).await;
        assert!(knock.is_err(), "somebody connected");
        advance(server, Duration::minutes(1)).await;
    }
}
