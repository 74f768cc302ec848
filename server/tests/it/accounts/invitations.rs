//! Invitations: for a week, for one person, and for nobody else.

use futures_util::future::join_all;
use reupload::domain::account::Role;
use serde_json::{Value, json};

use super::{PASSWORD, is_signed_in};
use crate::harness::{Person, Server, cookie_of, each_database, frozen, token_of};

/// Invites as `by` and gives the token.
async fn invite(server: &Server, by: &Person, body: Value) -> String {
    let path = format!("/workspaces/{}/invitations", server.workspace);
    let reply = server.dashboard(Some(&by.cookie), "POST", &path, body).await.expect(201);
    let url = reply.text("/url");
    assert!(url.starts_with(&format!("{}/join#token=", server.api_url)), "{url}");
    token_of(&url)
}

fn account(email: &str) -> Value {
    json!({ "email": email, "name": "New", "password": PASSWORD })
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
        let offer = server.dashboard(None, "GET", &format!("/invitations/{token}"), Value::Null).await.expect(200).json();
        assert_eq!((&offer["workspace"], &offer["role"], &offer["email"]), (&json!("test"), &json!("member"), &Value::Null));
        let accept = format!("/invitations/{token}/accept");
        for bad in [json!({}), json!({ "email": "n@example.com", "name": "N", "password": "too short" })] {
            server.dashboard(None, "POST", &accept, bad).await.expect_error(400, "VALIDATION_ERROR");
        }
        // Nor does it become a second account of somebody.
        server.dashboard(None, "POST", &accept, account("owner@example.com")).await.expect_error(409, "CONFLICT");
        let tries = join_all((0..4).map(|n| server.dashboard(None, "POST", &accept, account(&format!("n{n}@example.com"))))).await;
        let joined: Vec<_> = tries.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!((joined.len(), tries.iter().filter(|reply| reply.status == 404).count()), (1, 3), "it works once");
        let me = server.dashboard(Some(&cookie_of(joined[0])), "GET", "/me", Value::Null).await.expect(200);
        assert_eq!(role_of(server, &owner, &me.text("/user/email")).await.as_deref(), Some("member"));
        assert_eq!(server.app.accounts.users().await.unwrap().len(), 2, "the others left no account");
        server.dashboard(None, "GET", &format!("/invitations/{token}"), Value::Null).await.expect_error(404, "NOT_FOUND");
    }

    async fn an_invitation_with_an_address_is_for_that_account(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let (wanted, other) = (server.person("w@example.com", false, None).await, server.person("o@example.com", false, None).await);
        let token = invite(server, &owner, json!({ "role": "admin", "email": " W@Example.com" })).await;
        let accept = format!("/invitations/{token}/accept");
        server.dashboard(Some(&other.cookie), "POST", &accept, json!({})).await.expect_error(403, "PERMISSION_DENIED");
        server.dashboard(None, "POST", &accept, account("x@example.com")).await.expect_error(403, "PERMISSION_DENIED");
        server.dashboard(Some(&wanted.cookie), "POST", &accept, json!({})).await.expect(200);
        assert_eq!(role_of(server, &owner, "w@example.com").await.as_deref(), Some("admin"));
        assert!(is_signed_in(server, &wanted.cookie).await);
        let again = invite(server, &owner, json!({ "role": "viewer" })).await;
        let again = format!("/invitations/{again}/accept");
        server.dashboard(Some(&wanted.cookie), "POST", &again, json!({})).await.expect_error(409, "CONFLICT");
        server.dashboard(Some(&other.cookie), "POST", &again, json!({})).await.expect(200);
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
        server.dashboard(None, "GET", &format!("/invitations/{token}"), Value::Null).await.expect(200);
        server.dashboard(Some(&owner.cookie), "DELETE", &one, Value::Null).await.expect(200);
        server.dashboard(None, "GET", &format!("/invitations/{token}"), Value::Null).await.expect_error(404, "NOT_FOUND");
        server.dashboard(Some(&owner.cookie), "DELETE", &one, Value::Null).await.expect_error(404, "NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_waits_for_a_week() {
    frozen(async |server, clock| {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let token = invite(server, &owner, json!({ "role": "member" })).await;
        let look = format!("/invitations/{token}");
        clock.advance(chrono::Duration::days(7) - chrono::Duration::seconds(1));
        server.dashboard(None, "GET", &look, Value::Null).await.expect(200);
        clock.advance(chrono::Duration::seconds(1));
        server.dashboard(None, "GET", &look, Value::Null).await.expect_error(404, "NOT_FOUND");
        server.dashboard(None, "POST", &format!("{look}/accept"), account("n@example.com")).await.expect_error(404, "NOT_FOUND");
        let known = server.person("known@example.com", false, None).await;
        server.dashboard(Some(&known.cookie), "POST", &format!("{look}/accept"), json!({})).await.expect_error(404, "NOT_FOUND");
        server.app.reaper.tidy().await.unwrap();
        let list = format!("/workspaces/{}/invitations", server.workspace);
        let left = server.dashboard(Some(&owner.cookie), "GET", &list, Value::Null).await.expect(200).json();
        assert_eq!(left, json!({ "invitations": [] }));
    })
    .await;
}
