//! Roles and who may change them: a workspace always has an owner.

use reupload::domain::account::Role;
use serde_json::{Value, json};

use crate::harness::{Person, Reply, Server, each_database};

fn path(server: &Server, person: &Person) -> String {
    format!("/workspaces/{}/members/{}", server.workspace, person.id)
}

async fn set(server: &Server, by: &Person, whom: &Person, role: &str) -> Reply {
    server.dashboard(Some(&by.cookie), "PATCH", &path(server, whom), json!({ "role": role })).await
}

async fn remove(server: &Server, by: &Person, whom: &Person) -> Reply {
    server.dashboard(Some(&by.cookie), "DELETE", &path(server, whom), Value::Null).await
}

each_database! {
    async fn the_last_owner_stays(server: &Server) {
        let (a, b) = (server.member("a@example.com", Role::Owner).await, server.member("b@example.com", Role::Admin).await);
        let operator = server.person("op@example.com", true, None).await;
        for by in [&a, &operator] {
            set(server, by, &a, "admin").await.expect_error(409, "CONFLICT");
            remove(server, by, &a).await.expect_error(409, "CONFLICT");
        }
        let refused = server.app.accounts.delete_user(a.id, &reupload::domain::audit::By::COMMAND_LINE).await;
        assert!(refused.unwrap_err().to_string().starts_with("CONFLICT"));
        set(server, &a, &b, "owner").await.expect(200);
        remove(server, &a, &a).await.expect(200);
        server.dashboard(Some(&a.cookie), "GET", &format!("/workspaces/{}", server.workspace), Value::Null).await.expect(404);
        remove(server, &b, &b).await.expect_error(409, "CONFLICT");
    }

    async fn of_two_owners_who_leave_at_once_one_stays(server: &Server) {
        for round in 0..5 {
            let a = server.member(&format!("a{round}@example.com"), Role::Owner).await;
            let b = server.member(&format!("b{round}@example.com"), Role::Owner).await;
            let (left, right) = tokio::join!(remove(server, &a, &a), set(server, &b, &b, "viewer"));
            let mut statuses = [left.status, right.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409]);
            let operator = server.person(&format!("op{round}@example.com"), true, None).await;
            // The next round begins with nobody.
            let last = if left.status == 409 { &a } else { &b };
            let new = server.member(&format!("c{round}@example.com"), Role::Owner).await;
            remove(server, &operator, last).await.expect(200);
            let next = server.member(&format!("d{round}@example.com"), Role::Owner).await;
            remove(server, &operator, &new).await.expect(200);
            if round < 4 {
                let mut tx = server.app.core.db.begin().await.unwrap();
                tx.remove_member(server.workspace, next.id).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
    }

    async fn an_admin_touches_no_owner_and_makes_none(server: &Server) {
        let (owner, admin) = (server.member("o@example.com", Role::Owner).await, server.member("a@example.com", Role::Admin).await);
        let member = server.member("m@example.com", Role::Member).await;
        server.member("second@example.com", Role::Owner).await;
        set(server, &admin, &owner, "viewer").await.expect_error(403, "PERMISSION_DENIED");
        remove(server, &admin, &owner).await.expect_error(403, "PERMISSION_DENIED");
        set(server, &admin, &member, "owner").await.expect_error(403, "PERMISSION_DENIED");
        set(server, &admin, &admin, "owner").await.expect_error(403, "PERMISSION_DENIED");
        set(server, &admin, &member, "admin").await.expect(200);
        set(server, &member, &admin, "viewer").await.expect(200);
        // The role counts as it is now, not as it was at the sign-in.
        set(server, &admin, &member, "viewer").await.expect_error(403, "PERMISSION_DENIED");
        remove(server, &admin, &member).await.expect_error(403, "PERMISSION_DENIED");
        remove(server, &admin, &admin).await.expect(200);
        let stranger = server.person("s@example.com", false, None).await;
        set(server, &owner, &stranger, "viewer").await.expect_error(404, "NOT_FOUND");
    }
}
