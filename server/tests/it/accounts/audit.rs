//! The audit log: a row in the commit of each change, and never a secret.

use chrono::Duration;
use reupload::domain::account::{Purpose, Role};
use serde_json::{Value, json};

use super::{PASSWORD, try_password};
use crate::harness::{Server, by_hand, cookie_of, each_database};

async fn entries(server: &Server, cookie: &str, query: &str) -> (Vec<Value>, Option<String>) {
    let path = format!("/workspaces/{}/audit{query}", server.workspace);
    let page = server.dashboard(Some(cookie), "GET", &path, Value::Null).await.expect(200).json();
    (page["entries"].as_array().unwrap().clone(), page["nextCursor"].as_str().map(str::to_owned))
}

each_database! {
    async fn what_is_done_in_a_workspace_is_written_down_with_who_did_it(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let guest = server.member("guest@example.com", Role::Viewer).await;
        let workspace = format!("/workspaces/{}", server.workspace);
        let member = format!("{workspace}/members/{}", guest.id);
        let (before, _) = entries(server, &owner.cookie, "").await;
        server.dashboard(Some(&owner.cookie), "PATCH", &member, json!({ "role": "admin" })).await.expect(200);
        // What changes nothing leaves no row, nor does what is refused.
        server.dashboard(Some(&owner.cookie), "PATCH", &member, json!({ "role": "admin" })).await.expect(200);
        let own = format!("{workspace}/members/{}", owner.id);
        server.dashboard(Some(&owner.cookie), "DELETE", &own, Value::Null).await.expect_error(409, "CONFLICT");
        server.dashboard(Some(&owner.cookie), "PATCH", &workspace, json!({ "name": "renamed" })).await.expect(200);
        let invited = json!({ "role": "member" });
        server.dashboard(Some(&owner.cookie), "POST", &format!("{workspace}/invitations"), invited).await.expect(201);
        server.dashboard(Some(&owner.cookie), "DELETE", &member, Value::Null).await.expect(200);

        let (after, _) = entries(server, &owner.cookie, "").await;
        let new = &after[..after.len() - before.len()];
        let actions: Vec<&str> = new.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["member.removed", "invitation.created", "workspace.updated", "member.updated"]);
        for entry in new {
            assert_eq!((&entry["actorKind"], &entry["actorId"]), (&json!("user"), &json!(owner.id.to_string())));
            assert_eq!((&entry["actorName"], &entry["address"]), (&json!("Name of owner@example.com"), &json!("127.0.0.1")));
        }
        assert_eq!(new[3]["detail"], json!({ "roleBefore": "viewer", "role": "admin" }));
        assert_eq!((&new[3]["targetKind"], &new[3]["targetName"]), (&json!("user"), &json!("guest@example.com")));
        let made = after.last().unwrap();
        assert_eq!((&made["action"], &made["actorKind"]), (&json!("workspace.created"), &json!("operator")));
    }

    async fn pages_of_the_log_give_each_row_once(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let workspace = format!("/workspaces/{}", server.workspace);
        for n in 0..5 {
            server.dashboard(Some(&owner.cookie), "PATCH", &workspace, json!({ "name": format!("n{n}") })).await.expect(200);
        }
        let (all, none) = entries(server, &owner.cookie, "").await;
        assert!(none.is_none() && all.len() >= 6, "{all:?}");
        let (mut paged, mut query) = (Vec::new(), "?limit=2".to_owned());
        loop {
            let (page, next) = entries(server, &owner.cookie, &query).await;
            assert!(page.len() <= 2);
            paged.extend(page);
            let Some(next) = next else { break };
            query = format!("?limit=2&cursor={next}");
        }
        assert_eq!(paged, all);
        let bad = format!("{workspace}/audit?cursor=x");
        server.dashboard(Some(&owner.cookie), "GET", &bad, Value::Null).await.expect_error(400, "VALIDATION_ERROR");
    }

    async fn operators_see_who_signed_in_and_who_could_not(server: &Server) {
        let operator = server.person("operator@example.com", true, None).await;
        let mut ada = server.member("ada@example.com", Role::Member).await;
        server.set_password(&mut ada, PASSWORD).await;
        let log = async |query: &str| {
            let page = server.dashboard(Some(&operator.cookie), "GET", &format!("/audit{query}"), Value::Null).await.expect(200).json();
            (page["entries"].as_array().unwrap().clone(), page["nextCursor"].as_str().map(str::to_owned))
        };
        let (before, _) = log("").await;
        try_password(server, &ada.email, "a wrong password").await.expect_error(401, "UNAUTHORIZED");
        try_password(server, "typed.password@example.com", "a wrong password").await.expect_error(401, "UNAUTHORIZED");
        let cookie = cookie_of(&try_password(server, &ada.email, PASSWORD).await.expect(200));
        let body = json!({ "currentPassword": "a wrong password", "newPassword": "yet another password" });
        server.dashboard(Some(&cookie), "POST", "/me/password", body).await.expect_error(403, "PERMISSION_DENIED");
        server.dashboard(Some(&cookie), "POST", "/sign-out-everywhere", Value::Null).await.expect(200);
        let body = json!({ "currentPassword": PASSWORD, "newPassword": "yet another password" });
        server.dashboard(Some(&cookie), "POST", "/me/password", body).await.expect(200);

        let (after, _) = log("").await;
        let new: Vec<_> = after[..after.len() - before.len()]
            .iter()
            .map(|entry| {
                assert_eq!(entry["address"], "127.0.0.1");
                let text = |name: &str| entry[name].as_str().unwrap().to_owned();
                (text("action"), text("actorKind"), text("actorName"), text("targetName"), entry["detail"].clone())
            })
            .collect();
        let row = |action: &str, kind: &str, actor: &str, target: &str, detail: Value| {
            (format!("user.{action}"), kind.to_owned(), actor.to_owned(), target.to_owned(), detail)
        };
        let name = "Name of ada@example.com";
        let expected = [
            row("password_changed", "user", name, &ada.email, json!({})),
            row("logins_ended", "user", name, &ada.email, json!({ "count": 1 })),
            row("password_wrong", "user", name, &ada.email, json!({ "way": "change" })),
            row("signed_in", "user", name, &ada.email, json!({ "way": "password" })),
            row("password_wrong", "nobody", "nobody", "", json!({ "way": "sign_in" })),
            row("password_wrong", "nobody", "nobody", &ada.email, json!({ "way": "sign_in" })),
        ];
        assert_eq!(new, expected);
        assert!(!json!(after).to_string().contains("wrong password") && !json!(after).to_string().contains("typed.password"));

        let (mut paged, mut query) = (Vec::new(), "?limit=2".to_owned());
        loop {
            let (page, next) = log(&query).await;
            paged.extend(page);
            let Some(next) = next else { break };
            query = format!("?limit=2&cursor={next}");
        }
        assert_eq!(paged, after);
        let bad = server.dashboard(Some(&operator.cookie), "GET", "/audit?cursor=x", Value::Null).await;
        bad.expect_error(400, "VALIDATION_ERROR");
    }

    async fn guesses_that_had_to_wait_are_not_written_down_and_the_others_not_for_ever(server: &Server) with by_hand {
        let ada = server.member("ada@example.com", Role::Member).await;
        let mut refused = 0;
        for _ in 0..8 {
            refused += usize::from(try_password(server, &ada.email, "a wrong password").await.status == 429);
        }
        let written = async || {
            let rows = server.app.core.db.reader().await.unwrap().audit_log_of_accounts(None, 1000).await.unwrap();
            let guesses = rows.iter().filter(|row| row.action == "user.password_wrong").count();
            (guesses, rows.len() - guesses)
        };
        let (guesses, others) = written().await;
        assert_eq!((guesses, refused), (6, 2));
        server.app.core.clock.advance(Duration::days(90));
        server.app.reaper.tidy().await.unwrap();
        assert_eq!(written().await, (6, others));
        server.app.core.clock.advance(Duration::milliseconds(1));
        server.app.reaper.tidy().await.unwrap();
        assert_eq!(written().await, (0, others), "nothing else goes");
    }

    async fn no_secret_is_written_down(server: &Server) {
        let mut ada = server.member("ada@example.com", Role::Owner).await;
        server.set_password(&mut ada, PASSWORD).await;
        let link = server.link(ada.id, Purpose::SignIn).await;
        let cookie = cookie_of(&try_password(server, &ada.email, PASSWORD).await.expect(200));
        let new = "another fine password";
        let body = json!({ "currentPassword": PASSWORD, "newPassword": new });
        server.dashboard(Some(&cookie), "POST", "/me/password", body).await.expect(200);
        let mut conn = server.app.core.db.reader().await.unwrap();
        let mut rows = conn.audit_log_of_accounts(None, 1000).await.unwrap();
        rows.extend(conn.audit_log(server.workspace, None, 1000).await.unwrap());
        let hash = conn.password_hash(ada.id).await.unwrap().unwrap();
        let written = format!("{rows:?}");
        assert!(written.contains("user.password_changed") && written.contains("user.signed_in"), "{written}");
        for secret in [PASSWORD, new, &link, cookie.split_once('=').unwrap().1, &hash] {
            assert!(!written.contains(secret), "{secret} is in {written}");
        }
    }
}
