//! Who may call what in the dashboard, walked through every operation of its document: an operation without a row here fails.

use reupload::{
    app::projects::WorkspaceSettings,
    domain::{
        access::Scope,
        account::{Purpose, Role},
        audit::By,
    },
};
use serde_json::{Value, json};

use crate::harness::{Body, Operation, Person, Reply, Server, each_database, operations, spec, token_of};

mod csrf;
mod foreign;
mod lists;
mod live;
mod resources;
mod system;
mod uploads;
mod usage;
mod webhooks;

/// What a call is about, made anew for each.
struct Call {
    path: String,
    body: Value,
    /// What somebody gets who may call it.
    success: u16,
}

/// The people of a walk.
struct Cast {
    /// With a role in the test's workspace, the least first.
    members: Vec<(Role, Person)>,
    /// The owner of another one.
    stranger: Person,
    operator: Person,
}

const PASSWORD: &str = "a password of the cast";

impl Cast {
    async fn new(server: &Server) -> Self {
        let mut members = Vec::new();
        for role in Role::ALL {
            members.push((role, server.member(&format!("{}@example.com", role.as_str()), role).await));
        }
        server.set_password(&mut members[0].1, PASSWORD).await;
        let strange = server.stranger().await.1.workspace_id;
        let stranger = server.person("stranger@example.com", false, Some((strange, Role::Owner))).await;
        let operator = server.person("operator@example.com", true, None).await;
        Self { members, stranger, operator }
    }

    /// Everybody, and nobody.
    fn callers(&self) -> Vec<(String, Option<&Person>)> {
        let members = self.members.iter().map(|(role, person)| (role.as_str().to_owned(), Some(person)));
        let others = [("nobody", None), ("stranger", Some(&self.stranger)), ("operator", Some(&self.operator))];
        members.chain(others.map(|(name, person)| (name.to_owned(), person))).collect()
    }
}

/// A call that succeeds for whoever may make it. `number` makes names unique.
async fn prepare(server: &Server, cast: &Cast, operation: &Operation, number: usize) -> Call {
    let accounts = &server.app.accounts;
    let workspace = server.workspace;
    let newcomer = format!("newcomer{number}@example.com");
    let somebody = cast.members[0].1.id;
    let (mut success, mut ids) = (200, Vec::new());
    let of_workspace = operation.path.starts_with("/workspaces/");
    if of_workspace {
        ids.push(("{workspaceId}", workspace.to_string()));
    }
    let invite = async || {
        let scope = Scope::of_user(somebody, workspace, By::COMMAND_LINE);
        accounts.invite(&scope, Role::Owner, Role::Viewer, None, &By::COMMAND_LINE).await.unwrap()
    };
    let key = format!("{} {}", operation.method, operation.path);
    let body = match key.as_str() {
        "GET /setup"
        | "GET /me"
        | "GET /me/logins"
        | "GET /system"
        | "GET /audit"
        | "POST /sign-out"
        | "POST /sign-out-everywhere"
        | "GET /workspaces/{workspaceId}"
        | "GET /workspaces/{workspaceId}/audit"
        | "GET /workspaces/{workspaceId}/members"
        | "GET /workspaces/{workspaceId}/invitations" => Value::Null,
        "POST /setup" => {
            // There are accounts already.
            success = 404;
            json!({ "token": "x", "email": newcomer, "name": "N", "password": PASSWORD, "workspace": "w" })
        }
        "POST /sign-in" => json!({ "email": cast.members[0].1.email, "password": PASSWORD }),
        "POST /sign-in/link" => json!({ "token": server.link(somebody, Purpose::SignIn).await }),
        "POST /reset" => json!({ "token": server.link(somebody, Purpose::Reset).await, "password": PASSWORD }),
        "PATCH /me" => json!({ "name": "Another Name" }),
        // Whoever has none yet need not name it.
        "POST /me/password" => json!({ "currentPassword": PASSWORD, "newPassword": PASSWORD }),
        "DELETE /me/logins/{loginId}" => {
            // Its own, which the walk fills in.
            ids.push(("{loginId}", "LOGIN".to_owned()));
            Value::Null
        }
        "POST /invitations/look" => json!({ "token": token_of(&invite().await.url) }),
        "POST /invitations/accept" => {
            // To a workspace of its own, so that nobody is a member there, nor becomes one here.
            let fresh = server.app.projects.create_workspace(WorkspaceSettings::named("fresh"), &By::COMMAND_LINE).await.unwrap();
            let scope = Scope::of_user(somebody, fresh.id, By::COMMAND_LINE);
            let new = accounts.invite(&scope, Role::Owner, Role::Viewer, None, &By::COMMAND_LINE).await.unwrap();
            json!({ "token": token_of(&new.url), "email": newcomer, "name": "N", "password": PASSWORD })
        }
        "POST /workspaces" => {
            success = 201;
            json!({ "name": "another" })
        }
        "PATCH /workspaces/{workspaceId}" => json!({ "name": "renamed" }),
        "PATCH /workspaces/{workspaceId}/members/{userId}" => {
            let new = server.member(&newcomer, Role::Viewer).await;
            ids.push(("{userId}", new.id.to_string()));
            json!({ "role": "admin" })
        }
        "DELETE /workspaces/{workspaceId}/members/{userId}" => {
            let new = server.member(&newcomer, Role::Admin).await;
            ids.push(("{userId}", new.id.to_string()));
            Value::Null
        }
        "POST /workspaces/{workspaceId}/invitations" => {
            success = 201;
            json!({ "role": "member", "email": newcomer })
        }
        "DELETE /workspaces/{workspaceId}/invitations/{invitationId}" => {
            ids.push(("{invitationId}", invite().await.invitation.id.to_string()));
            Value::Null
        }
        _ => return resources::prepare(server, &key, number).await,
    };
    let path = ids.iter().fold(operation.path.to_owned(), |path, (name, id)| path.replace(name, id));
    Call { path, body, success }
}

/// Makes the call with a login of its own, which it may end.
async fn make(server: &Server, operation: &Operation, call: &Call, who: Option<&Person>, headers: &[(&str, &str)]) -> Reply {
    let cookie = match who {
        Some(person) => Some(server.sign_in(person.id).await),
        None => None,
    };
    let mut path = call.path.clone();
    if path.contains("LOGIN") {
        let id = match &cookie {
            Some(cookie) => {
                let list = server.dashboard(Some(cookie), "GET", "/me/logins", Value::Null).await.expect(200).json();
                let own = list["logins"].as_array().unwrap().iter().find(|login| login["isCurrent"] == true).unwrap();
                own["id"].as_str().unwrap().to_owned()
            }
            None => server.workspace.to_string(),
        };
        path = path.replace("LOGIN", &id);
    }
    let headers: Vec<(&str, &str)> =
        headers.iter().copied().chain(cookie.iter().map(|cookie| ("cookie", cookie.as_str()))).collect();
    server.dashboard_with(&headers, &operation.method, &path, call.body.clone()).await
}

/// Status and body without the request's id.
fn told(reply: &Reply) -> (u16, Value) {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("requestId");
    (reply.status, body)
}

/// What a caller gets who may not; none if they may.
fn refusal(operation: &Operation, caller: &str) -> Option<(u16, &'static str)> {
    let least = match (operation.role, caller) {
        ("public", _) => return None,
        (_, "nobody") => return Some((401, "UNAUTHORIZED")),
        ("signed-in", _) | (_, "operator") => return None,
        ("operator", _) => return Some((403, "PERMISSION_DENIED")),
        (_, "stranger") => return Some((404, "NOT_FOUND")),
        (least, _) => least.parse::<Role>().unwrap(),
    };
    (caller.parse::<Role>().unwrap() < least).then_some((403, "PERMISSION_DENIED"))
}

each_database! {
    async fn everybody_gets_what_their_role_allows(server: &Server) {
        let cast = Cast::new(server).await;
        let unknown = uuid::Uuid::from_bytes(reupload::domain::clock::random_bytes()).to_string();
        let mut cells = 0;
        for operation in operations() {
            for (caller, who) in cast.callers() {
                cells += 1;
                let call = prepare(server, &cast, &operation, cells).await;
                let reply = make(server, &operation, &call, who, &[]).await;
                let what = format!("{} {} as {caller}: {}", operation.method, operation.path, String::from_utf8_lossy(&reply.body));
                match refusal(&operation, &caller) {
                    Some((status, code)) => {
                        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{what}");
                        let scheme = reply.headers.get("www-authenticate").map(String::as_str);
                        assert_eq!(scheme, (status == 401).then_some("Cookie"), "{what}");
                    }
                    None => assert_eq!(reply.status, call.success, "{what}"),
                }
                if caller == "stranger" && call.path.starts_with("/workspaces/") {
                    let path = call.path.replace(&server.workspace.to_string(), &unknown);
                    let absent = make(server, &operation, &Call { path, ..call }, who, &[]).await;
                    assert_eq!(told(&reply), told(&absent), "{what}");
                }
            }
        }
        assert!(cells >= 50 * 7, "the walk has shrunk: {cells}");
        resources::clean(server).await;
    }

    async fn keys_open_nothing_here_and_cookies_nothing_there(server: &Server) {
        let cast = Cast::new(server).await;
        let bearer = format!("Bearer {}", server.key);
        for (number, operation) in operations().iter().enumerate().filter(|(_, operation)| operation.role != "public") {
            let call = prepare(server, &cast, operation, number).await;
            let key_in_cookie = format!("reupload-login={}", server.key);
            for headers in [("authorization", bearer.as_str()), ("cookie", &key_in_cookie), ("cookie", "reupload-login=")] {
                make(server, operation, &call, None, &[headers]).await.expect_error(401, "UNAUTHORIZED");
            }
        }
        resources::clean(server).await;
        let cookie = &cast.operator.cookie;
        let token = cookie.split_once('=').unwrap().1;
        for (path, item) in spec()["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/api/v1/")) {
            let path = path.replace("{uploadId}", "x").replace("{fileId}", "x");
            for method in item.as_object().unwrap().keys() {
                let url = format!("{}{path}", server.api_url);
                for headers in [("cookie", cookie.as_str()), ("authorization", &format!("Bearer {token}"))] {
                    let reply = server.send(&method.to_uppercase(), &url, &[headers], Body::Empty).await;
                    assert_eq!((reply.status, reply.code().as_str()), (401, "UNAUTHORIZED"), "{method} {path}");
                }
            }
        }
    }
}
