//! Endpoints that are disabled: by the operator, by 410, and after days of nothing but failure.

use chrono::Duration;
use reupload::{
    domain::{audit::By, event::EventType, ids::EndpointId},
    store::{deliveries::DeliveryStatus, webhooks::Endpoint},
};

use super::{advance, by_hand, endpoint, log_of, one_connection};
use crate::harness::{Receiver, Server, each_database};

async fn row(server: &Server, id: EndpointId) -> Endpoint {
    server.app.webhooks.get(id).await.unwrap()
}

/// Tries an endpoint that far on.
async fn try_after(server: &Server, wait: Duration, id: EndpointId) {
    server.app.core.clock.advance(wait);
    server.app.webhooks.send_test(id, EventType::FileUploaded, &By::COMMAND_LINE).await.unwrap();
    server.run_jobs().await;
}

each_database! {
    async fn gone_disables_the_endpoint(server: &Server) with by_hand {
        let receiver = Receiver::answering(&[410]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        server.ready("b.txt", b"y", false).await;
        advance(server, Duration::days(1)).await;
        assert_eq!(receiver.hooks().len(), 1);
        let (delivery, _) = log_of(server, endpoint.id).await;
        assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Failed, 1));
        let row = server.app.webhooks.list().await.unwrap().remove(0);
        assert_eq!(row.disabled_reason.as_deref(), Some("The endpoint answered 410 Gone."));
        assert!(row.disabled_at.is_some());
    }

    async fn a_disabled_endpoint_gets_nothing_that_was_on_its_way(server: &Server) with one_connection {
        let receiver = Receiver::answering(&[500; 20]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        server.app.webhooks.disable(endpoint.id, "by hand", &By::COMMAND_LINE).await.unwrap();
        advance(server, Duration::days(1)).await;
        assert_eq!(receiver.hooks().len(), 1);
        let (delivery, attempts) = log_of(server, endpoint.id).await;
        assert_eq!((delivery.status, attempts.len()), (DeliveryStatus::Failed, 1));
    }

    async fn five_days_of_nothing_but_failure_disable_it(server: &Server) with by_hand {
        let receiver = Receiver::answering(&[500; 50]).await;
        let endpoint = endpoint(server, &receiver.url).await;
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;
        let since = row(server, endpoint.id).await.failing_since;
        assert_eq!(since, Some(server.app.core.clock.now()));
        for _ in 0..4 {
            try_after(server, Duration::days(1), endpoint.id).await;
        }
        try_after(server, Duration::days(1) - Duration::seconds(1), endpoint.id).await;
        let before = row(server, endpoint.id).await;
        assert_eq!((before.disabled_at, before.failing_since), (None, since));
        try_after(server, Duration::seconds(1), endpoint.id).await;
        let now = server.app.core.clock.now();
        let after = row(server, endpoint.id).await;
        let why = "Every attempt since 2027-01-15 08:00 UTC has failed; the last one: the endpoint answered 500.";
        assert_eq!((after.disabled_at, after.disabled_reason.as_deref()), (Some(now), Some(why)));

        // What waits fails, nothing new comes, and a test is refused with the reason.
        let heard = receiver.hooks().len();
        server.ready("b.txt", b"x", false).await;
        advance(server, Duration::days(2)).await;
        assert_eq!(receiver.hooks().len(), heard);
        let all = server.app.webhooks.deliveries(endpoint.id, None, 100).await.unwrap();
        assert!(all.iter().all(|(delivery, _)| delivery.status == DeliveryStatus::Failed), "{all:?}");
        assert_eq!(all.len(), 7, "the event that came later has no delivery");
        let refused = server.app.webhooks.send_test(endpoint.id, EventType::FileUploaded, &By::COMMAND_LINE).await.expect_err("refused");
        assert!(refused.to_string().contains(why), "{refused}");

        // Enabled again, it has five days again.
        let enabled = server.app.webhooks.enable(endpoint.id, &By::COMMAND_LINE).await.unwrap();
        assert_eq!((enabled.disabled_at, enabled.disabled_reason, enabled.failing_since), (None, None, None));
        try_after(server, Duration::seconds(1), endpoint.id).await;
        assert_eq!(row(server, endpoint.id).await.disabled_at, None);
        server.app.webhooks.disable(endpoint.id, "the test ends", &By::COMMAND_LINE).await.unwrap();
        advance(server, Duration::days(2)).await;
    }

    async fn one_success_begins_the_five_days_anew(server: &Server) with by_hand {
        let mut statuses = vec![500; 3];
        statuses.push(204);
        statuses.extend([500; 50]);
        let receiver = Receiver::answering(&statuses).await;
        let endpoint = endpoint(server, &receiver.url).await;
        try_after(server, Duration::zero(), endpoint.id).await;
        // The first two are tried again, fail, and one of them is taken.
        try_after(server, Duration::days(2), endpoint.id).await;
        try_after(server, Duration::days(2), endpoint.id).await;
        let last = receiver.hooks().len();
        assert!(last > 4, "{last}");
        let since = row(server, endpoint.id).await.failing_since.unwrap();
        assert_eq!(since, server.app.core.clock.now(), "failing since the success");
        try_after(server, Duration::days(5) - Duration::seconds(1), endpoint.id).await;
        assert_eq!(row(server, endpoint.id).await.disabled_at, None);
        try_after(server, Duration::seconds(1), endpoint.id).await;
        assert!(row(server, endpoint.id).await.disabled_at.is_some());
        advance(server, Duration::days(2)).await;
    }
}
