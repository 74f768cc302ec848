//! Invitations: for a week, for one person, and for nobody else.

use futures_util::future::join_all;
use reupload::{
    app::{Error, accounts::UserChange, keys::NewKey, webhooks::endpoints::EndpointSettings},
    domain::{access::Scope, account::Role, audit::By},
};
use serde_json::{Value, json};

use super::{PASSWORD, is_signed_in};
use crate::harness::{Person, Reply, Server, cookie_of, each_database, frozen, token_of};

/// Invites as `by` and gives the token.
async fn invite(server: &Server, by: &Person, body: Value) -> String {
    let path = format!("/workspaces/{}/invitations", server.workspace);
    let reply = server.dashboard(Some(&by.cookie), "POST", &path, body).await.expect(201);
    let url = reply.text("/url");
    assert!(url.starts_with(&format!("{}/join#token=", server.api_url)), "{url}");
    token_of(&url)
}

const ACCEPT: &str = "/invitations/accept";

async fn look(server: &Server, token: &str) -> Reply {
    server.dashboard(None, "POST", "/invitations/look", json!({ "token": token })).await
}

fn account(token: &str, email: &str) -> Value {
    json!({ "token": token, "email": email, "name": "New", "password": PASSWORD })
}

async fn role_of(server: &Server, owner: &Person, email: &str) -> Option<String> {
    let path = format!("/workspaces/{}/members", server.workspace);
    let members = server.dashboard(Some(&owner.cookie), "GET", &path, Value::Null).await.expect(200).json();
    let found = members["members"].as_array().unwrap().iter().find(|member| member["email"] == email);
    found.map(|member| member["role"].as_str().unwrap().to_owned())
}

each_database! {
    async fn a_newcomer_joins_with_a_new_account(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let token = invite(server, &owner, json!({ "role": "member" })).await;
        let offer = look(server, &token).await.expect(200).json();
        assert_eq!((&offer["workspace"], &offer["role"], &offer["email"]), (&json!("test"), &json!("member"), &Value::Null));
        for bad in [json!({}), json!({ "token": token }), json!({ "token": token, "email": "n@example.com", "name": "N", "password": "too short" })] {
            server.dashboard(None, "POST", ACCEPT, bad).await.expect_error(400, "VALIDATION_ERROR");
        }
        // Nor does it become a second account of somebody.
        server.dashboard(None, "POST", ACCEPT, account(&token, "owner@example.com")).await.expect_error(409, "CONFLICT");
        let tries = join_all((0..4).map(|n| server.dashboard(None, "POST", ACCEPT, account(&token, &format!("n{n}@example.com"))))).await;
        let joined: Vec<_> = tries.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!((joined.len(), tries.iter().filter(|reply| reply.status == 404).count()), (1, 3), "it works once: {tries:?}");
        let me = server.dashboard(Some(&cookie_of(joined[0])), "GET", "/me", Value::Null).await.expect(200);
        assert_eq!(role_of(server, &owner, &me.text("/user/email")).await.as_deref(), Some("member"));
        assert_eq!(server.app.accounts.users().await.unwrap().len(), 2, "the others left no account");
        look(server, &token).await.expect_error(404, "NOT_FOUND");
    }

    async fn an_invitation_with_an_address_is_for_that_account(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let (wanted, other) = (server.person("w@example.com", false, None).await, server.person("o@example.com", false, None).await);
        let token = invite(server, &owner, json!({ "role": "admin", "email": " W@Example.com" })).await;
        server.dashboard(Some(&other.cookie), "POST", ACCEPT, json!({ "token": token })).await.expect_error(403, "PERMISSION_DENIED");
        server.dashboard(None, "POST", ACCEPT, account(&token, "x@example.com")).await.expect_error(403, "PERMISSION_DENIED");
        server.dashboard(Some(&wanted.cookie), "POST", ACCEPT, json!({ "token": token })).await.expect(200);
        assert_eq!(role_of(server, &owner, "w@example.com").await.as_deref(), Some("admin"));
        assert!(is_signed_in(server, &wanted.cookie).await);
        let again = invite(server, &owner, json!({ "role": "viewer" })).await;
        server.dashboard(Some(&wanted.cookie), "POST", ACCEPT, json!({ "token": again })).await.expect_error(409, "CONFLICT");
        server.dashboard(Some(&other.cookie), "POST", ACCEPT, json!({ "token": again })).await.expect(200);
    }

    async fn who_loses_a_role_takes_the_own_invitations_along(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let kept = invite(server, &owner, json!({ "role": "viewer" })).await;
        let members = format!("/workspaces/{}/members", server.workspace);
        for (n, way) in ["removed", "demoted", "left", "deleted", "no operator"].into_iter().enumerate() {
            let email = format!("a{n}@example.com");
            let admin = match way {
                "no operator" => server.person(&email, true, None).await,
                _ => server.member(&email, Role::Admin).await,
            };
            let token = invite(server, &admin, json!({ "role": "admin" })).await;
            look(server, &token).await.expect(200);
            let one = format!("{members}/{}", admin.id);
            match way {
                "removed" => drop(server.dashboard(Some(&owner.cookie), "DELETE", &one, Value::Null).await.expect(200)),
                "demoted" => drop(server.dashboard(Some(&owner.cookie), "PATCH", &one, json!({ "role": "member" })).await.expect(200)),
                "left" => drop(server.dashboard(Some(&admin.cookie), "DELETE", &one, Value::Null).await.expect(200)),
                "deleted" => server.app.accounts.delete_user(admin.id, &By::COMMAND_LINE).await.unwrap(),
                _ => {
                    let change = UserChange { is_operator: Some(false), ..UserChange::default() };
                    drop(server.app.accounts.update_user(admin.id, change, &By::COMMAND_LINE).await.unwrap());
                }
            }
            look(server, &token).await.expect_error(404, "NOT_FOUND");
            server.dashboard(None, "POST", ACCEPT, account(&token, "back@example.com")).await.expect_error(404, "NOT_FOUND");
        }
        look(server, &kept).await.expect(200);
    }

    async fn a_role_that_was_lost_while_the_body_came_gives_nothing(server: &Server) {
        let (owner, admin) = (server.member("o@example.com", Role::Owner).await, server.member("a@example.com", Role::Admin).await);
        let by = By::user(admin.id, "Admin", None);
        let scope = Scope::of_user(admin.id, server.workspace, by.clone());
        let friend = server.member("f@example.com", Role::Viewer).await;
        let path = format!("/workspaces/{}/members/{}", server.workspace, admin.id);
        server.dashboard(Some(&owner.cookie), "DELETE", &path, Value::Null).await.expect(200);
        // The role that they had when the head of the request came.
        let accounts = &server.app.accounts;
        let code = |refused: Option<Error>| match refused {
            Some(Error::Refused(refusal)) => refusal.code.as_str(),
            other => panic!("{other:?}"),
        };
        assert_eq!(code(accounts.invite(&scope, Role::Admin, Role::Admin, None, &by).await.err()), "NOT_FOUND");
        assert_eq!(code(accounts.change_role(&scope, Role::Admin, friend.id, Role::Admin, &by).await.err()), "NOT_FOUND");
        assert_eq!(code(accounts.remove_member(&scope, Role::Admin, friend.id, &by).await.err()), "NOT_FOUND");
        let key = NewKey { workspace: server.workspace, name: "k".to_owned(), permissions: vec![], projects: vec![], life: None };
        assert_eq!(code(server.app.keys.create(key, &by).await.err()), "NOT_FOUND");
        let webhooks = &server.app.webhooks;
        let told = EndpointSettings::default();
        assert_eq!(code(webhooks.create(server.project.id, "http://127.0.0.1:9/", told, &by).await.err()), "NOT_FOUND");
    }

    async fn who_has_a_link_cannot_ask_with_it_who_has_an_account(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let token = invite(server, &owner, json!({ "role": "member" })).await;
        let ask = async || server.dashboard(None, "POST", ACCEPT, account(&token, "owner@example.com")).await;
        for _ in 0..6 {
            ask().await.expect_error(409, "CONFLICT");
        }
        assert_eq!(ask().await.expect_error(429, "RATE_LIMITED").json()["details"]["retryAfter"], 30);
    }

    async fn an_admin_invites_no_owner_and_takes_no_owners_invitation_back(server: &Server) {
        let (owner, admin) = (server.member("o@example.com", Role::Owner).await, server.member("a@example.com", Role::Admin).await);
        let path = format!("/workspaces/{}/invitations", server.workspace);
        let as_owner = json!({ "role": "owner" });
        server.dashboard(Some(&admin.cookie), "POST", &path, as_owner.clone()).await.expect_error(403, "PERMISSION_DENIED");
        let token = invite(server, &owner, as_owner).await;
        let list = server.dashboard(Some(&admin.cookie), "GET", &path, Value::Null).await.expect(200);
        assert!(!String::from_utf8_lossy(&list.body).contains(&token));
        let one = format!("{path}/{}", list.text("/invitations/0/id"));
        server.dashboard(Some(&admin.cookie), "DELETE", &one, Value::Null).await.expect_error(403, "PERMISSION_DENIED");
        look(server, &token).await.expect(200);
        server.dashboard(Some(&owner.cookie), "DELETE", &one, Value::Null).await.expect(200);
        look(server, &token).await.expect_error(404, "NOT_FOUND");
        server.dashboard(Some(&owner.cookie), "DELETE", &one, Value::Null).await.expect_error(404, "NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_waits_for_a_week() {
    frozen(async |server, clock| {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let token = invite(server, &owner, json!({ "role": "member" })).await;
        clock.advance(chrono::Duration::days(7) - chrono::Duration::seconds(1));
        look(server, &token).await.expect(200);
        clock.advance(chrono::Duration::seconds(1));
        look(server, &token).await.expect_error(404, "NOT_FOUND");
        server.dashboard(None, "POST", ACCEPT, account(&token, "n@example.com")).await.expect_error(404, "NOT_FOUND");
        let known = server.person("known@example.com", false, None).await;
        server.dashboard(Some(&known.cookie), "POST", ACCEPT, json!({ "token": token })).await.expect_error(404, "NOT_FOUND");
        server.app.reaper.tidy().await.unwrap();
        let list = format!("/workspaces/{}/invitations", server.workspace);
        let left = server.dashboard(Some(&owner.cookie), "GET", &list, Value::Null).await.expect(200).json();
        assert_eq!(left, json!({ "invitations": [] }));
    })
    .await;
}
