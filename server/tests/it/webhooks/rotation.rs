//! Secrets that rotate: both sign for a while, and no receiver is left behind.

use chrono::Duration;
use reupload::{domain::audit::By, domain::event::EventType};

use super::{advance, by_hand, endpoint, verify};
use crate::harness::{Hook, Receiver, Server, each_database};

/// Sends a test event and gives what arrives.
async fn next(server: &Server, receiver: &Receiver, id: reupload::domain::ids::EndpointId) -> Hook {
    server.app.webhooks.send_test(id, EventType::FileUploaded, &By::COMMAND_LINE).await.unwrap();
    server.run_jobs().await;
    receiver.hooks().pop().unwrap()
}

each_database! {
    async fn both_secrets_sign_until_the_overlap_ends(server: &Server) with by_hand {
        let receiver = Receiver::start().await;
        let webhooks = &server.app.webhooks;
        let first = endpoint(server, &receiver.url).await;
        verify(&next(server, &receiver, first.id).await, &[&first.secret]);

        let second = webhooks.rotate(first.id, Duration::hours(24), &By::COMMAND_LINE).await.unwrap();
        assert_ne!(second.secret, first.secret);
        verify(&next(server, &receiver, first.id).await, &[&second.secret, &first.secret]);
        advance(server, Duration::hours(24) - Duration::seconds(1)).await;
        verify(&next(server, &receiver, first.id).await, &[&second.secret, &first.secret]);
        advance(server, Duration::seconds(1)).await;
        verify(&next(server, &receiver, first.id).await, &[&second.secret]);

        // A secret from before the former one ends at once; without overlap the former one does.
        let third = webhooks.rotate(first.id, Duration::days(7), &By::COMMAND_LINE).await.unwrap();
        let fourth = webhooks.rotate(first.id, Duration::days(7), &By::COMMAND_LINE).await.unwrap();
        verify(&next(server, &receiver, first.id).await, &[&fourth.secret, &third.secret]);
        let fifth = webhooks.rotate(first.id, Duration::zero(), &By::COMMAND_LINE).await.unwrap();
        verify(&next(server, &receiver, first.id).await, &[&fifth.secret]);
    }

    async fn every_other_attempt_has_the_new_secret_last(server: &Server) with by_hand {
        let receiver = Receiver::answering(&[401, 401, 401]).await;
        let old = endpoint(server, &receiver.url).await;
        let new = server.app.webhooks.rotate(old.id, Duration::hours(1), &By::COMMAND_LINE).await.unwrap();
        server.ready("a.txt", b"x", false).await;
        for wait in [0, 6, 34, 133] {
            advance(server, Duration::seconds(wait)).await;
        }
        let hooks = receiver.hooks();
        assert_eq!(hooks.len(), 4);
        for (attempt, hook) in hooks.iter().enumerate() {
            let order = if attempt % 2 == 0 { [new.secret.as_str(), &old.secret] } else { [old.secret.as_str(), &new.secret] };
            verify(hook, &order);
        }
    }
}
