//! People who are signed in to the dashboard.

use reupload::{
    app::accounts::NewUser,
    domain::{
        account::{Purpose, Role},
        audit::By,
        ids::{UserId, WorkspaceId},
    },
};
use serde_json::{Value, json};

use super::{
    client::{Body, Reply},
    openapi::dashboard_spec,
    server::Server,
};

/// Somebody with an account, and a cookie of theirs.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) email: String,
    /// `name=token`, as a browser sends it.
    pub(crate) cookie: String,
}

/// An operation of the dashboard's document.
pub(crate) struct Operation {
    pub(crate) method: String,
    /// The template, without `/api/dashboard`.
    pub(crate) path: &'static str,
    /// `x-role`.
    pub(crate) role: &'static str,
}

/// Every operation of the dashboard. Panics if one does not say who may call it.
pub(crate) fn operations() -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in dashboard_spec()["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/dashboard").unwrap();
        for (method, described) in item.as_object().unwrap().iter().filter(|(_, value)| value.get("responses").is_some()) {
            let role = described["x-role"].as_str().unwrap_or_else(|| panic!("{method} {path} has no x-role"));
            assert_eq!(described.get("security").is_some(), role == "public", "{method} {path}: is it public?");
            found.push(Operation { method: method.to_uppercase(), path, role });
        }
    }
    found
}

/// The cookie that an answer sets.
pub(crate) fn cookie_of(reply: &Reply) -> String {
    let header = reply.headers.get("set-cookie").unwrap_or_else(|| panic!("no cookie: {reply:?}"));
    header.split(';').next().unwrap().to_owned()
}

impl Server {
    /// Calls `/api/dashboard{path}` as a browser without cookies, or with this one.
    pub(crate) async fn dashboard(&self, cookie: Option<&str>, method: &str, path: &str, body: Value) -> Reply {
        let cookie: Vec<(&str, &str)> = cookie.iter().map(|cookie| ("cookie", *cookie)).collect();
        self.dashboard_with(&cookie, method, path, body).await
    }

    /// As [`Server::dashboard`], with these headers. Without a body if it is null.
    pub(crate) async fn dashboard_with(&self, headers: &[(&str, &str)], method: &str, path: &str, body: Value) -> Reply {
        let body = if body.is_null() { Body::Empty } else { Body::Json(body) };
        let reply = self.send(method, &format!("{}/api/dashboard{path}", self.api_url), headers, body).await;
        assert_eq!(reply.headers.get("cache-control").map(String::as_str), Some("no-store"), "{method} {path}");
        reply
    }

    /// Makes an account and signs it in.
    pub(crate) async fn person(&self, email: &str, is_operator: bool, membership: Option<(WorkspaceId, Role)>) -> Person {
        let new = NewUser { email: email.to_owned(), name: format!("Name of {email}"), is_operator, membership };
        let user = self.app.accounts.create_user(new, &By::COMMAND_LINE).await.unwrap();
        Person { id: user.id, email: email.to_owned(), cookie: self.sign_in(user.id).await }
    }

    /// A member of the test's workspace, signed in.
    pub(crate) async fn member(&self, email: &str, role: Role) -> Person {
        self.person(email, false, Some((self.workspace, role))).await
    }

    /// Signs somebody in once more.
    pub(crate) async fn sign_in(&self, user: UserId) -> String {
        let token = self.link(user, Purpose::SignIn).await;
        cookie_of(&self.dashboard(None, "POST", "/sign-in/link", json!({ "token": token })).await.expect(200))
    }

    /// The token of a new link.
    pub(crate) async fn link(&self, user: UserId, purpose: Purpose) -> String {
        let url = self.app.accounts.create_link(user, purpose, &By::COMMAND_LINE).await.unwrap();
        token_of(&url)
    }

    /// Gives somebody a password, and a new login instead of all others.
    pub(crate) async fn set_password(&self, person: &mut Person, password: &str) {
        let body = json!({ "token": self.link(person.id, Purpose::Reset).await, "password": password });
        person.cookie = cookie_of(&self.dashboard(None, "POST", "/reset", body).await.expect(200));
    }
}

/// The token in a link's fragment.
pub(crate) fn token_of(url: &str) -> String {
    url.split_once("#token=").unwrap_or_else(|| panic!("{url} has no token")).1.to_owned()
}
