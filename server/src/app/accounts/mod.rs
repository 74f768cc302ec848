//! The people of the dashboard: who is signed in, and what they are in a workspace.
//!
//! `sign_in.rs` begins logins, `links.rs` does so without a password, `users.rs` keeps accounts, `members.rs` and `invitations.rs`
//! workspaces. Whatever changes something writes its row of the audit log in the same commit.

mod guesses;
mod invitations;
mod links;
mod members;
mod passwords;
mod sign_in;
mod users;

use std::{net::IpAddr, sync::Arc};

use chrono::Duration;

use self::passwords::Passwords;
use super::{core::Core, error::Result};
use crate::{
    domain::{
        account::{Email, Password, Role, Token},
        clock::Timestamp,
        ids::{LoginId, WorkspaceId},
        refusal::{Code, Refusal},
    },
    store::{logins::Login, users::User},
};

pub use self::{
    invitations::{Joining, NewInvitation},
    users::{NewUser, UserChange},
};

/// How far behind `last_seen_at` may be, so that not every request writes; a quarter of `dashboard.login_idle` if that is less.
const SEEN_EVERY: Duration = Duration::minutes(5);

/// See the module's text.
#[derive(Clone)]
pub struct Accounts(Arc<Core>, Arc<Passwords>);

/// The browser behind a request.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its address.
    pub address: IpAddr,
    /// What counts as one client when guesses are counted: an IPv4 address, or an IPv6 /64 network.
    pub network: IpAddr,
    /// What it calls itself, shortened.
    pub user_agent: String,
}

/// A new account as somebody fills it in.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct NewAccount {
    pub email: Email,
    pub name: String,
    pub password: Password,
}

/// A login that has just begun.
#[derive(Debug)]
pub struct NewLogin {
    /// For the cookie; given here and never again.
    pub token: Token,
    /// Whose it is.
    pub user: User,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub user: User,
    /// The browser.
    pub login: LoginId,
}

pub(super) fn conflict(why: impl Into<String>) -> Refusal {
    Refusal::new(Code::Conflict, why)
}

fn not_signed_in() -> Refusal {
    Refusal::new(Code::Unauthorized, "You are not signed in, or no longer.")
}

impl Accounts {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self(core, Arc::default())
    }

    /// Logins that were not seen since then are over.
    fn idle_since(&self, now: Timestamp) -> Timestamp {
        now - self.0.config.dashboard.login_idle
    }

    /// Who holds a cookie's token; `UNAUTHORIZED` if nobody does or the login is over.
    pub async fn authenticate(&self, token: &str) -> Result<SignedIn> {
        let now = self.0.clock.now();
        let mut conn = self.0.db.reader().await?;
        let login = conn.login(&Token::hash(token), now, self.idle_since(now)).await?.ok_or_else(not_signed_in)?;
        let user = conn.user(login.user_id).await?.ok_or_else(not_signed_in)?;
        drop(conn);
        let idle = self.0.config.dashboard.login_idle;
        if now - login.last_seen_at >= SEEN_EVERY.min(Duration::from_std(idle / 4).unwrap_or(SEEN_EVERY)) {
            // Whoever only looks still may when nothing can be written, as on a full disk.
            if let Err(error) = self.note_seen(login.id, now).await {
                tracing::warn!(%error, "could not write down when a login was last used");
            }
        }
        Ok(SignedIn { user, login: login.id })
    }

    async fn note_seen(&self, login: LoginId, now: Timestamp) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        tx.login_seen(login, now).await?;
        Ok(tx.commit().await?)
    }

    /// What somebody is in a workspace; `NOT_FOUND`, as for an unknown one, unless they are a member. An operator is an owner of all.
    pub async fn role(&self, user: &User, workspace: WorkspaceId) -> Result<Role> {
        let mut conn = self.0.db.reader().await?;
        let role = match user.is_operator {
            true => conn.workspace(workspace).await?.map(|_| Role::Owner),
            false => conn.role(workspace, user.id).await?,
        };
        role.ok_or_else(|| Refusal::not_found("workspace").into())
    }

    /// Refuses if a login is over by now, or its user may not look into the workspace any more. Unlike a request it does not count as use.
    pub(super) async fn check_still(&self, who: &SignedIn, workspace: WorkspaceId) -> Result<()> {
        let is_on = self.logins(who).await?.iter().any(|login| login.id == who.login);
        let user = self.0.db.reader().await?.user(who.user.id).await?.filter(|_| is_on).ok_or_else(not_signed_in)?;
        self.role(&user, workspace).await.map(drop)
    }

    /// Where somebody is signed in, last seen first.
    pub async fn logins(&self, who: &SignedIn) -> Result<Vec<Login>> {
        let now = self.0.clock.now();
        Ok(self.0.db.reader().await?.logins(who.user.id, now, self.idle_since(now)).await?)
    }
}
