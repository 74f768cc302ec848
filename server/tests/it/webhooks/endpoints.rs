//! Endpoints: what can be set, what cannot and why, and what changes for deliveries.

use std::collections::BTreeMap;

use chrono::Duration;
use reupload::{
    app::webhooks::{HIDDEN, endpoints::EndpointSettings},
    domain::{audit::By, event::EventType, ids::EndpointId},
    store::{deliveries::DeliveryStatus, webhooks::Headers},
};

use super::{advance, by_hand, endpoint, log_of};
use crate::harness::{Receiver, Server, each_database};

fn headers(list: &[(&str, &str)]) -> Headers {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn with_headers(list: &[(&str, &str)]) -> EndpointSettings {
    EndpointSettings { headers: Some(headers(list)), ..EndpointSettings::default() }
}

/// What cannot be set, and a part of the reason.
fn bad_settings() -> Vec<(EndpointSettings, &'static str)> {
    let many: Headers = (0..21).map(|n| (format!("x-{n}"), "1".to_owned())).collect();
    let mut bad = vec![
        (EndpointSettings { description: Some("d".repeat(256)), ..EndpointSettings::default() }, "255 characters"),
        (EndpointSettings::told_of([]), "at least one kind of event"),
        (EndpointSettings { headers: Some(many), ..EndpointSettings::default() }, "at most 20 headers"),
    ];
    for name in ["", "two words", "colon:", "X-Upper", "umläut", "new\nline", "x\0"] {
        bad.push((with_headers(&[(name, "1")]), "is not the name of a header"));
    }
    for name in [
        "host",
        "content-length",
        "content-type",
        "transfer-encoding",
        "connection",
        "webhook-id",
        "webhook-x",
        "reupload-signature",
    ] {
        bad.push((with_headers(&[(name, "1")]), "cannot be set"));
    }
    let long = "v".repeat(1025);
    for value in ["line\r\nx-smuggled: 1", "nul\0", "é", "tab\t", long.as_str()] {
        bad.push((with_headers(&[("x-a", value)]), "has a value that cannot be sent"));
    }
    bad
}

each_database! {
    async fn bad_settings_are_refused_by_name(server: &Server) with by_hand {
        let webhooks = &server.app.webhooks;
        let good = webhooks.create(server.project.id, "http://127.0.0.1:1/", EndpointSettings::default(), &By::COMMAND_LINE).await.unwrap();
        for (settings, why) in bad_settings() {
            let made = webhooks.create(server.project.id, "http://127.0.0.1:1/", settings.clone(), &By::COMMAND_LINE).await;
            let changed = webhooks.update(good.id, settings.clone(), &By::COMMAND_LINE).await;
            for refused in [made, changed] {
                let words = refused.err().unwrap_or_else(|| panic!("{settings:?} was taken")).to_string();
                assert!(words.starts_with("VALIDATION_ERROR") && words.contains(why), "{settings:?}: {words}");
            }
        }
        for overlap in [Duration::seconds(-1), Duration::days(7) + Duration::seconds(1)] {
            let words = webhooks.rotate(good.id, overlap, &By::COMMAND_LINE).await.err().expect("refused").to_string();
            assert!(words.contains("0 to 7 days"), "{overlap}: {words}");
        }
        let rows = webhooks.list().await.unwrap();
        assert_eq!((rows.len(), &rows[0].headers, rows[0].updated_at), (1, &Headers::new(), good.updated_at));
    }

    async fn nobody_is_not_an_endpoint(server: &Server) with by_hand {
        let webhooks = &server.app.webhooks;
        let nobody = EndpointId::new(server.app.core.clock.now());
        let words = [
            webhooks.update(nobody, EndpointSettings::default(), &By::COMMAND_LINE).await.err(),
            webhooks.disable(nobody, "x", &By::COMMAND_LINE).await.err(),
            webhooks.enable(nobody, &By::COMMAND_LINE).await.err(),
            webhooks.rotate(nobody, Duration::zero(), &By::COMMAND_LINE).await.err(),
            webhooks.delete(nobody, &By::COMMAND_LINE).await.err(),
            webhooks.get(nobody).await.err(),
            webhooks.deliveries(nobody, None, 1).await.err(),
            webhooks.send_test(nobody, EventType::FileUploaded, &By::COMMAND_LINE).await.err(),
            webhooks.recover(nobody, server.app.core.clock.now(), |_| (), &By::COMMAND_LINE).await.err(),
        ];
        for (n, words) in words.into_iter().enumerate() {
            assert!(words.is_some_and(|words| words.to_string().starts_with("NOT_FOUND")), "call {n}");
        }
    }

    async fn its_own_headers_are_sent_and_never_shown(server: &Server) with by_hand {
        let receiver = Receiver::answering(&[500]).await;
        let settings = EndpointSettings {
            description: Some("für die Buchhaltung".to_owned()),
            ..with_headers(&[("authorization", "Bearer geheim"), ("x-tenant", "acme"), ("user-agent", "Ours/1")])
        };
        let endpoint = server.app.webhooks.create(server.project.id, &receiver.url, settings, &By::COMMAND_LINE).await.unwrap();
        assert_eq!(endpoint.event_types, EventType::DEFAULT);
        assert_eq!(endpoint.description, "für die Buchhaltung");
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        let sent = receiver.hooks().remove(0).headers;
        let own = BTreeMap::from([("authorization", "Bearer geheim"), ("x-tenant", "acme"), ("user-agent", "Ours/1")]);
        for (name, value) in &own {
            assert_eq!(sent[*name], *value);
        }
        let (_, attempts) = log_of(server, endpoint.id).await;
        for name in own.keys() {
            assert_eq!(attempts[0].request_headers[*name], HIDDEN);
        }
        assert!(!format!("{attempts:?}").contains("geheim"));

        // What waits is sent with the settings of now.
        let elsewhere = Receiver::start().await;
        let moved = EndpointSettings { url: Some(elsewhere.url.clone()), ..with_headers(&[("x-tenant", "other")]) };
        let changed = server.app.webhooks.update(endpoint.id, moved, &By::COMMAND_LINE).await.unwrap();
        assert_eq!((&changed.description, &changed.secret), (&endpoint.description, &endpoint.secret), "what is not named stays");
        advance(server, Duration::seconds(6)).await;
        let hook = elsewhere.hooks().remove(0);
        assert_eq!((hook.headers["x-tenant"].as_str(), hook.headers.get("authorization")), ("other", None));
        assert_eq!(receiver.hooks().len(), 1);
        assert!(!hook.headers["user-agent"].contains("Ours"));
    }

    async fn its_filter_counts_from_the_next_event_on(server: &Server) with by_hand {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.app.webhooks.update(endpoint.id, EndpointSettings::told_of([EventType::FileDeleted]), &By::COMMAND_LINE).await.unwrap();
        server.ready("a.txt", b"x", false).await;
        server.settle().await;
        assert_eq!(receiver.hooks().len(), 0);
        server.app.webhooks.update(endpoint.id, EndpointSettings::told_of(EventType::ALL), &By::COMMAND_LINE).await.unwrap();
        server.ready("b.txt", b"x", false).await;
        server.settle().await;
        assert_eq!(receiver.hooks().len(), 1);
    }

    async fn a_deleted_endpoint_is_gone_and_what_waited_fails(server: &Server) with by_hand {
        let receiver = Receiver::answering(&[500]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        server.app.webhooks.delete(endpoint.id, &By::COMMAND_LINE).await.unwrap();
        server.ready("b.txt", b"x", false).await;
        advance(server, Duration::days(2)).await;
        assert_eq!(receiver.hooks().len(), 1);
        let (delivery, attempts) = log_of(server, endpoint.id).await;
        assert_eq!((delivery.status, attempts.len()), (DeliveryStatus::Failed, 1), "its log stays");
        assert!(server.app.webhooks.list().await.unwrap().is_empty());
        assert!(server.app.webhooks.delete(endpoint.id, &By::COMMAND_LINE).await.is_err());
        assert!(server.app.webhooks.replay(delivery.id, &By::COMMAND_LINE).await.is_err());
    }
}
