//! Links: the first account, signing in, and new passwords. Each works once.

use futures_util::future::join_all;
use reupload::domain::account::{Purpose, Role};
use serde_json::{Value, json};

use super::{PASSWORD, ada, is_signed_in, try_password};
use crate::harness::{Server, cookie_of, each_database, frozen, token_of};

fn first(token: &str, email: &str) -> Value {
    json!({ "token": token, "email": email, "name": "Ada", "password": PASSWORD, "workspace": "Acme" })
}

each_database! {
    async fn the_first_account_is_an_operator_with_a_workspace(server: &Server) {
        let link = server.app.accounts.setup_link().await.unwrap().unwrap();
        assert!(link.starts_with(&format!("{}/setup#token=", server.api_url)), "{link}");
        let token = token_of(&link);
        for (field, bad) in [("password", "too short"), ("email", "ada"), ("name", " "), ("workspace", "")] {
            let mut body = first(&token, "ada@example.com");
            body[field] = bad.into();
            server.dashboard(None, "POST", "/setup", body).await.expect_error(400, "VALIDATION_ERROR");
        }
        server.dashboard(None, "POST", "/setup", first("x", "ada@example.com")).await.expect_error(404, "NOT_FOUND");
        let reply = server.dashboard(None, "POST", "/setup", first(&token, "Ada@Example.com")).await.expect(201);
        assert!(is_signed_in(server, &cookie_of(&reply)).await);
        let me = reply.json();
        assert_eq!((&me["isOperator"], &me["user"]["email"]), (&json!(true), &json!("ada@example.com")));
        let names: Vec<&Value> = me["workspaces"].as_array().unwrap().iter().map(|workspace| &workspace["name"]).collect();
        assert_eq!(names, ["test", "Acme"], "an operator enters all");
        try_password(server, "ada@example.com", PASSWORD).await.expect(200);

        assert_eq!(server.dashboard(None, "GET", "/setup", Value::Null).await.expect(200).json(), json!({ "needed": false }));
        assert!(server.app.accounts.setup_link().await.unwrap().is_none());
        server.dashboard(None, "POST", "/setup", first(&token, "b@example.com")).await.expect_error(404, "NOT_FOUND");
    }

    async fn of_many_who_make_the_first_account_at_once_one_does(server: &Server) {
        let mut tokens = Vec::new();
        for _ in 0..4 {
            // As several starts of the server print them.
            tokens.push(token_of(&server.app.accounts.setup_link().await.unwrap().unwrap()));
        }
        let bodies: Vec<Value> = (0..8).map(|n| first(&tokens[n % 4], &format!("n{n}@example.com"))).collect();
        let replies = join_all(bodies.into_iter().map(|body| server.dashboard(None, "POST", "/setup", body))).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 404, 404, 404, 404, 404, 404, 404]);
        assert_eq!(server.app.accounts.users().await.unwrap().len(), 1);
        assert_eq!(server.app.projects.workspaces().await.unwrap().len(), 2, "the test's and one more");
    }

    async fn a_link_works_once_and_for_its_purpose(server: &Server) {
        let ada = ada(server).await;
        let sign_in = server.link(ada.id, Purpose::SignIn).await;
        let reset = server.link(ada.id, Purpose::Reset).await;
        let by_link = |token: &str| json!({ "token": token });
        let new = |token: &str| json!({ "token": token, "password": "another fine password" });
        server.dashboard(None, "POST", "/sign-in/link", by_link(&reset)).await.expect_error(404, "NOT_FOUND");
        server.dashboard(None, "POST", "/reset", new(&sign_in)).await.expect_error(404, "NOT_FOUND");
        let tries = join_all((0..6).map(|_| server.dashboard(None, "POST", "/sign-in/link", by_link(&sign_in)))).await;
        assert_eq!(tries.iter().filter(|reply| reply.status == 200).count(), 1);
        assert_eq!(tries.iter().filter(|reply| reply.status == 404).count(), 5);

        server.dashboard(None, "POST", "/reset", json!({ "token": reset, "password": "too short" })).await.expect(400);
        let done = server.dashboard(None, "POST", "/reset", new(&reset)).await.expect(200);
        assert!(is_signed_in(server, &cookie_of(&done)).await);
        assert!(!is_signed_in(server, &ada.cookie).await, "the logins of before are over");
        server.dashboard(None, "POST", "/reset", new(&reset)).await.expect_error(404, "NOT_FOUND");
        try_password(server, &ada.email, PASSWORD).await.expect(401);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_works_for_a_day() {
    frozen(async |server: &Server, clock| {
        let setup = token_of(&server.app.accounts.setup_link().await.unwrap().unwrap());
        clock.advance(chrono::Duration::hours(24));
        server.dashboard(None, "POST", "/setup", first(&setup, "ada@example.com")).await.expect_error(404, "NOT_FOUND");
        let ada = server.member("ada@example.com", Role::Member).await;
        let (late, early) = (server.link(ada.id, Purpose::SignIn).await, server.link(ada.id, Purpose::SignIn).await);
        clock.advance(chrono::Duration::hours(24) - chrono::Duration::seconds(1));
        server.dashboard(None, "POST", "/sign-in/link", json!({ "token": early })).await.expect(200);
        clock.advance(chrono::Duration::seconds(1));
        server.dashboard(None, "POST", "/sign-in/link", json!({ "token": late })).await.expect_error(404, "NOT_FOUND");
    })
    .await;
}
