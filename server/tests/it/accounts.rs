//! Accounts of the dashboard: signing in, staying signed in, links, invitations, owners, and what is written down of it.

use reupload::domain::account::{Purpose, Role};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, SqliteConnection};

use crate::harness::{Database, Person, Reply, Server, by_hand, cookie_of, each_database, frozen};

mod audit;
mod cli;
mod invitations;
mod links;
mod owners;
mod throttle;

const PASSWORD: &str = "correct horse battery";

async fn try_password(server: &Server, email: &str, password: &str) -> Reply {
    server.dashboard(None, "POST", "/sign-in", json!({ "email": email, "password": password })).await
}

/// A member with a password.
async fn ada(server: &Server) -> Person {
    let mut ada = server.member("ada@example.com", Role::Member).await;
    server.set_password(&mut ada, PASSWORD).await;
    ada
}

async fn is_signed_in(server: &Server, cookie: &str) -> bool {
    match server.dashboard(Some(cookie), "GET", "/me", Value::Null).await.status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_only_looks_still_may_when_nothing_can_be_written() {
    let options = by_hand();
    let clock = options.clock.clone();
    let server = Server::with(Database::Sqlite, options).await;
    let ada = ada(&server).await;
    let file = format!("sqlite://{}", server.data_dir().join("reupload.db").display());
    let mut broken = SqliteConnection::connect(&file).await.unwrap();
    broken
        .execute("CREATE TRIGGER full BEFORE UPDATE ON logins BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
        .await
        .unwrap();
    clock.advance(chrono::Duration::minutes(6));
    assert!(is_signed_in(&server, &ada.cookie).await);
    broken.execute("DROP TRIGGER full").await.unwrap();
    drop(broken);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_idle_time_ends_nobody_who_is_there() {
    let mut options = by_hand();
    options.settings.push(("dashboard.login_idle", "2m".into()));
    let clock = options.clock.clone();
    let server = Server::with(Database::Sqlite, options).await;
    let ada = ada(&server).await;
    for _ in 0..10 {
        clock.advance(chrono::Duration::seconds(80));
        assert!(is_signed_in(&server, &ada.cookie).await);
    }
    clock.advance(chrono::Duration::seconds(121));
    assert!(!is_signed_in(&server, &ada.cookie).await);
    server.finish().await;
}

each_database! {
    async fn whoever_knows_the_password_is_signed_in_and_sees_who_they_are(server: &Server) {
        let ada = ada(server).await;
        let reply = try_password(server, "  ADA@Example.com ", PASSWORD).await.expect(200);
        let me = server.dashboard(Some(&cookie_of(&reply)), "GET", "/me", Value::Null).await.expect(200).json();
        assert_eq!(reply.json(), me);
        let workspace = json!({ "id": server.workspace.to_string(), "name": "test", "role": "member" });
        assert_eq!((&me["isOperator"], &me["workspaces"]), (&json!(false), &json!([workspace])));
        assert_eq!(me["user"]["email"], ada.email);
        let set = &reply.headers["set-cookie"];
        assert!(set.starts_with("reupload-login=") && set.contains("; HttpOnly; SameSite=Lax"), "{set}");
        assert!(set.contains("; Path=/; Max-Age=7776000;"), "{set}");
    }

    async fn what_is_wrong_is_not_said(server: &Server) {
        ada(server).await;
        server.member("nopass@example.com", Role::Member).await;
        let mut answers = Vec::new();
        for (email, password) in [("ada@example.com", "wrong password"), ("nobody@example.com", PASSWORD), ("nopass@example.com", "")] {
            let reply = try_password(server, email, password).await.expect_error(401, "UNAUTHORIZED");
            assert!(!reply.headers.contains_key("set-cookie"));
            answers.push(reply.text("/message"));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        try_password(server, "not an address", PASSWORD).await.expect_error(400, "VALIDATION_ERROR");
    }

    async fn a_login_ends_where_and_when_it_is_told_to(server: &Server) {
        let ada = ada(server).await;
        let (here, there) = (server.sign_in(ada.id).await, server.sign_in(ada.id).await);
        let other = server.member("bob@example.com", Role::Owner).await;
        let list = server.dashboard(Some(&here), "GET", "/me/logins", Value::Null).await.expect(200).json();
        let logins = list["logins"].as_array().unwrap();
        assert_eq!(logins.len(), 3, "the one of the reset too");
        assert_eq!(logins.iter().filter(|login| login["isCurrent"] == true).count(), 1);
        let foreign = server.dashboard(Some(&other.cookie), "GET", "/me/logins", Value::Null).await.expect(200).json();
        let foreign = format!("/me/logins/{}", foreign["logins"][0]["id"].as_str().unwrap());
        server.dashboard(Some(&here), "DELETE", &foreign, Value::Null).await.expect_error(404, "NOT_FOUND");
        assert!(is_signed_in(server, &other.cookie).await);

        server.dashboard(Some(&here), "POST", "/sign-out-everywhere", Value::Null).await.expect(200);
        assert_eq!((is_signed_in(server, &here).await, is_signed_in(server, &there).await), (true, false));
        assert!(is_signed_in(server, &other.cookie).await);
        let out = server.dashboard(Some(&here), "POST", "/sign-out", Value::Null).await.expect(200);
        assert!(out.headers["set-cookie"].starts_with("reupload-login=; Path=/; Max-Age=0;"));
        assert!(!is_signed_in(server, &here).await);
    }

    async fn a_new_password_ends_the_other_logins_and_the_links(server: &Server) {
        let ada = ada(server).await;
        let there = server.sign_in(ada.id).await;
        let link = server.link(ada.id, Purpose::SignIn).await;
        let change = |current: Value, new: &str| json!({ "currentPassword": current, "newPassword": new });
        let new = "another fine password";
        for (current, new, status) in [(json!("wrong one, this"), new, 403), (Value::Null, new, 403), (json!(PASSWORD), "too short", 400)] {
            let reply = server.dashboard(Some(&ada.cookie), "POST", "/me/password", change(current, new)).await;
            assert_eq!(reply.status, status);
        }
        server.dashboard(Some(&ada.cookie), "POST", "/me/password", change(json!(PASSWORD), new)).await.expect(200);
        assert_eq!((is_signed_in(server, &ada.cookie).await, is_signed_in(server, &there).await), (true, false));
        server.dashboard(None, "POST", "/sign-in/link", json!({ "token": link })).await.expect_error(404, "NOT_FOUND");
        try_password(server, &ada.email, PASSWORD).await.expect_error(401, "UNAUTHORIZED");
        try_password(server, &ada.email, new).await.expect(200);
    }

    async fn a_password_of_older_parameters_is_hashed_anew(server: &Server) {
        let ada = ada(server).await;
        // "correct horse battery" under m=8, t=1, p=1.
        let old = weak_hash();
        let core = &server.app.core;
        let mut tx = core.db.begin().await.unwrap();
        tx.set_password(ada.id, &old, core.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        try_password(server, &ada.email, "wrong password").await.expect_error(401, "UNAUTHORIZED");
        assert_eq!(core.db.reader().await.unwrap().password_hash(ada.id).await.unwrap(), Some(old));
        try_password(server, &ada.email, PASSWORD).await.expect(200);
        let hash = core.db.reader().await.unwrap().password_hash(ada.id).await.unwrap().unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        try_password(server, &ada.email, PASSWORD).await.expect(200);
    }
}

fn weak_hash() -> String {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
    let params = Params::new(8, 1, 1, None).unwrap();
    let hash =
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_with_salt(PASSWORD.as_bytes(), b"salt of a test");
    hash.unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_ends_after_14_days_away_and_after_90_in_any_case() {
    frozen(async |server, clock| {
        let ada = server.member("ada@example.com", Role::Member).await;
        let (idle, day, second) = (chrono::Duration::days(14), chrono::Duration::days(1), chrono::Duration::seconds(1));
        clock.advance(idle - second);
        assert!(is_signed_in(server, &ada.cookie).await);
        clock.advance(idle);
        assert!(!is_signed_in(server, &ada.cookie).await);

        let daily = server.sign_in(ada.id).await;
        for _ in 1..90 {
            clock.advance(day);
            assert!(is_signed_in(server, &daily).await);
        }
        clock.advance(day - second);
        assert!(is_signed_in(server, &daily).await);
        clock.advance(second);
        assert!(!is_signed_in(server, &daily).await);

        server.app.reaper.tidy().await.unwrap();
        let everything = chrono::DateTime::UNIX_EPOCH;
        let left = server.app.core.db.reader().await.unwrap().logins(ada.id, everything, everything).await.unwrap();
        assert_eq!(left.len(), 0, "rows are reaped");
    })
    .await;
}

#[tokio::test]
async fn signing_in_by_plain_http_from_afar_is_refused_with_a_sentence() {
    let settings = vec![("api.public_url", "http://files.example.com".into())];
    let options = crate::harness::Options { settings, ..crate::harness::Options::default() };
    let server = Server::with(crate::harness::Database::Sqlite, options).await;
    let reply = try_password(&server, "ada@example.com", PASSWORD).await.expect_error(403, "PERMISSION_DENIED");
    assert!(reply.text("/message").contains("https"), "{reply:?}");
    server.finish().await;
}

#[tokio::test]
async fn by_https_the_cookie_is_bound_to_its_host() {
    let settings = vec![("api.public_url", "https://files.example.com".into())];
    let options = crate::harness::Options { settings, ..crate::harness::Options::default() };
    let server = Server::with(crate::harness::Database::Sqlite, options).await;
    let ada = server.member("ada@example.com", Role::Member).await;
    assert!(ada.cookie.starts_with("__Host-reupload="), "{}", ada.cookie);
    assert!(is_signed_in(&server, &ada.cookie).await);
    assert!(!is_signed_in(&server, &ada.cookie.replace("__Host-reupload", "reupload-login")).await);
    server.finish().await;
}
