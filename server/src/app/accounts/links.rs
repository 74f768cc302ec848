//! Links that work once: to make the first account, to sign in without a password, to set a new password.

use chrono::Duration;

use super::{Accounts, Client, NewAccount, NewLogin};
use crate::{
    app::{
        core::Core,
        error::Result,
        projects::{WorkspaceSettings, check_name},
    },
    domain::{
        account::{Password, Purpose, Role, Token},
        audit::{Action, By, Deed},
        clock::Timestamp,
        ids::{LinkId, UserId},
        refusal::{Code, Refusal},
    },
    store::{Tx, logins::Link, users::User},
};

/// How long a link works that nobody uses.
const LIFE: Duration = Duration::hours(24);

/// The one answer for every link that leads nowhere.
pub(super) fn gone() -> Refusal {
    Refusal::new(Code::NotFound, "This link is unknown, was used, or has expired.")
}

impl Accounts {
    /// Whether nobody has an account yet.
    pub async fn needs_setup(&self) -> Result<bool> {
        Ok(!self.0.db.reader().await?.has_users().await?)
    }

    /// The address at which the first account is made; none once there is an account.
    pub async fn setup_link(&self) -> Result<Option<String>> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        lock_setup(&mut tx, now).await?;
        if tx.has_users().await? {
            return Ok(None);
        }
        let url = self.0.new_link(&mut tx, Purpose::Setup, None, now).await?;
        tx.commit().await?;
        Ok(Some(url))
    }

    /// Makes the first account, an operator and the owner of a new workspace, and signs it in. Of several at once one is let in.
    ///
    /// Refuses `VALIDATION_ERROR` and, if the link leads nowhere, `NOT_FOUND`.
    pub async fn set_up(&self, token: &str, new: NewAccount, workspace: &str, client: &Client) -> Result<NewLogin> {
        check_name(workspace)?;
        new.password.check()?;
        self.check_open(Purpose::Setup, token).await?;
        let hash = self.1.hash(&new.password).await?;
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        lock_setup(&mut tx, now).await?;
        let used = tx.use_link(Purpose::Setup, &Token::hash(token), now).await?;
        if used.is_none() || tx.has_users().await? {
            return Err(gone().into());
        }
        tx.end_setup_links().await?;
        let user = User {
            id: UserId::new(now),
            email: new.email.as_str().to_owned(),
            name: new.name,
            is_operator: true,
            created_at: now,
            updated_at: now,
        };
        if !tx.insert_user(&user, Some(&hash)).await? {
            return Err(gone().into());
        }
        let by = By::user(user.id, &user.name, Some(client.address));
        tx.audit(&by, &Deed::new(Action::SetUp, "user", user.id.0, &user.email), now).await?;
        let workspace = self.0.insert_workspace(&mut tx, WorkspaceSettings::named(workspace), &by, now).await?;
        tx.add_member(workspace.id, user.id, Role::Owner, now).await?;
        let token = self.begin_login(&mut tx, &user, client, "setup", now).await?;
        tx.commit().await?;
        Ok(NewLogin { token, user })
    }

    /// Looks at a link before a password is hashed: a guess at one should cost us little.
    async fn check_open(&self, purpose: Purpose, token: &str) -> Result<()> {
        let is_open = self.0.db.reader().await?.is_open_link(purpose, &Token::hash(token), self.0.clock.now()).await?;
        if is_open { Ok(()) } else { Err(gone().into()) }
    }

    /// Makes a link for somebody and gives its address. Refuses `NOT_FOUND`.
    pub async fn create_link(&self, id: UserId, purpose: Purpose, by: &By) -> Result<String> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let user = tx.lock_user(id).await?.ok_or_else(|| Refusal::not_found("user"))?;
        let url = self.0.new_link(&mut tx, purpose, Some(id), now).await?;
        let deed = Deed::new(Action::LinkCreated, "user", id.0, &user.email).with("purpose", purpose.as_str());
        tx.audit(by, &deed, now).await?;
        tx.commit().await?;
        Ok(url)
    }

    /// Signs in by a link. Refuses `NOT_FOUND` if it leads nowhere.
    pub async fn sign_in_by_link(&self, token: &str, client: &Client) -> Result<NewLogin> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let user = user_of(&mut tx, Purpose::SignIn, token, now).await?;
        let token = self.begin_login(&mut tx, &user, client, "link", now).await?;
        tx.commit().await?;
        Ok(NewLogin { token, user })
    }

    /// Sets a new password by a link, ends all logins and links of the account, and signs in. Refuses `VALIDATION_ERROR` and, if the
    /// link leads nowhere, `NOT_FOUND`.
    pub async fn reset(&self, token: &str, password: &Password, client: &Client) -> Result<NewLogin> {
        password.check()?;
        self.check_open(Purpose::Reset, token).await?;
        let hash = self.1.hash(password).await?;
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let user = user_of(&mut tx, Purpose::Reset, token, now).await?;
        tx.set_password(user.id, &hash, now).await?;
        tx.end_logins(user.id, None).await?;
        tx.end_links(user.id).await?;
        let by = By::user(user.id, &user.name, Some(client.address));
        tx.audit(&by, &Deed::new(Action::PasswordReset, "user", user.id.0, &user.email), now).await?;
        let token = self.begin_login(&mut tx, &user, client, "reset", now).await?;
        tx.commit().await?;
        Ok(NewLogin { token, user })
    }
}

/// Whoever makes the first account, or a link to it, waits here for the others: there is no row of a user to wait at yet.
async fn lock_setup(tx: &mut Tx, now: Timestamp) -> Result<()> {
    tx.lock_failures("setup", now).await?;
    Ok(())
}

async fn user_of(tx: &mut Tx, purpose: Purpose, token: &str, now: Timestamp) -> Result<User> {
    let id = tx.use_link(purpose, &Token::hash(token), now).await?.flatten().ok_or_else(gone)?;
    let user = tx.lock_user(id).await?;
    user.ok_or_else(|| gone().into())
}

impl Core {
    pub(super) async fn new_link(&self, tx: &mut Tx, purpose: Purpose, user: Option<UserId>, now: Timestamp) -> Result<String> {
        let token = Token::generate();
        let link = Link { id: LinkId::new(now), purpose, user_id: user, created_at: now, expires_at: now + LIFE };
        tx.insert_link(&link, &Token::hash(token.reveal())).await?;
        Ok(purpose.url(&self.config.api.public_url, &token))
    }
}
