//! Guessing passwords gets slow, and nobody else pays for it.

use serde_json::{Value, json};

use super::{PASSWORD, ada, try_password};
use crate::harness::{Options, Reply, Server, by_hand, each_database, frozen};

fn wait_of(reply: Reply) -> i64 {
    let reply = reply.expect_error(429, "RATE_LIMITED");
    let wait = reply.headers["retry-after"].parse().unwrap();
    assert_eq!(reply.json()["details"]["retryAfter"], wait);
    wait
}

/// Guesses from an address of its own.
async fn guess(server: &Server, address: &str, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    server.dashboard_with(&[("x-forwarded-for", address)], "POST", "/sign-in", body).await
}

fn behind_a_proxy() -> Options {
    let mut options = by_hand();
    options.settings.push(("http.trusted_proxies", vec!["127.0.0.1"].into()));
    options
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_five_wrong_passwords_waits_double_and_end_with_the_right_one() {
    frozen(async |server, clock| {
        let ada = ada(server).await;
        for _ in 0..5 {
            try_password(server, &ada.email, "wrong password").await.expect_error(401, "UNAUTHORIZED");
        }
        // The sixth is taken, and costs half a minute.
        for wait in [30, 60, 120] {
            try_password(server, &ada.email, "wrong password").await.expect_error(401, "UNAUTHORIZED");
            assert_eq!(wait_of(try_password(server, &ada.email, PASSWORD).await), wait);
            clock.advance(chrono::Duration::seconds(wait) - chrono::Duration::milliseconds(1));
            assert_eq!(wait_of(try_password(server, &ada.email, PASSWORD).await), 1);
            clock.advance(chrono::Duration::milliseconds(1));
        }
        try_password(server, &ada.email, PASSWORD).await.expect(200);
        // The account begins anew; the address does not.
        assert_eq!(guesses(server, &format!("email:{}", ada.email)).await, 0);
        assert_eq!(guesses(server, "address:127.0.0.1").await, 8);
    })
    .await;
}

async fn guesses(server: &Server, subject: &str) -> i64 {
    let core = &server.app.core;
    let mut tx = core.db.begin().await.unwrap();
    tx.lock_failures(subject, core.clock.now()).await.unwrap().failures
}

each_database! {
    async fn an_account_is_guarded_from_all_addresses_and_an_address_from_all_accounts(server: &Server) with behind_a_proxy {
        let ada = ada(server).await;
        for n in 0..6 {
            guess(server, &format!("203.0.113.{n}"), &ada.email, "wrong password").await.expect_error(401, "UNAUTHORIZED");
        }
        wait_of(guess(server, "203.0.113.99", &ada.email, PASSWORD).await);
        for n in 0..6 {
            // An IPv6 network counts as one.
            guess(server, &format!("2001:db8:1:2::{n}"), &format!("n{n}@example.com"), "wrong password").await.expect(401);
        }
        wait_of(guess(server, "2001:db8:1:2:ffff::1", "n9@example.com", PASSWORD).await);
        guess(server, "2001:db8:1:3::1", "n9@example.com", PASSWORD).await.expect(401);
    }

    async fn many_guesses_at_once_are_counted_one_by_one(server: &Server) with by_hand {
        let ada = ada(server).await;
        let tries = (0..20).map(|_| try_password(server, &ada.email, "wrong password"));
        let replies = futures_util::future::join_all(tries).await;
        let tried = replies.iter().filter(|reply| reply.status == 401).count();
        assert_eq!(tried, 6, "five are free, the sixth makes the others wait");
        assert_eq!(replies.iter().filter(|reply| reply.status == 429).count(), 14);
    }

    async fn the_current_password_cannot_be_guessed_either(server: &Server) with by_hand {
        let ada = ada(server).await;
        let guess = json!({ "currentPassword": "wrong password", "newPassword": "another fine one" });
        for _ in 0..6 {
            server.dashboard(Some(&ada.cookie), "POST", "/me/password", guess.clone()).await.expect_error(403, "PERMISSION_DENIED");
        }
        wait_of(server.dashboard(Some(&ada.cookie), "POST", "/me/password", guess).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forgotten_is_reaped() {
    frozen(async |server, clock| {
        try_password(server, "nobody@example.com", "wrong password").await.expect(401);
        clock.advance(chrono::Duration::minutes(59));
        server.app.reaper.tidy().await.unwrap();
        assert_eq!(guesses(server, "email:nobody@example.com").await, 1);
        clock.advance(chrono::Duration::minutes(1));
        server.app.reaper.tidy().await.unwrap();
        assert_eq!(guesses(server, "email:nobody@example.com").await, 0);
        assert_eq!(server.dashboard(None, "GET", "/setup", Value::Null).await.expect(200).json(), json!({ "needed": true }));
    })
    .await;
}
