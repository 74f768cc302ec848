//! Signing in with a password, changing it, and signing out.

use super::{Accounts, Client, NewLogin, SignedIn, guesses::Guess, not_signed_in, passwords::is_current};
use crate::{
    app::error::Result,
    domain::{
        account::{Email, Password, Token},
        audit::{Action, By, Deed},
        clock::Timestamp,
        ids::LoginId,
        refusal::{Code, Refusal},
    },
    store::{Tx, logins::Login, users::User},
};

/// The same words whether the account, the password or both are wrong.
fn wrong() -> Refusal {
    Refusal::new(Code::Unauthorized, "The e-mail address or the password is wrong.")
}

impl Accounts {
    /// Begins a login. Refuses `VALIDATION_ERROR`, `RATE_LIMITED` and, in the same words and after the same time whatever is wrong,
    /// `UNAUTHORIZED`.
    pub async fn sign_in(&self, email: &str, password: &Password, client: &Client) -> Result<NewLogin> {
        let email = Email::parse(email)?;
        let guess = self.0.guess(&email, client).await?;
        let mut conn = self.0.db.reader().await?;
        let user = conn.user_of_email(&email).await?;
        let hash = match &user {
            Some(user) => conn.password_hash(user.id).await?,
            None => None,
        };
        drop(conn);
        let (guess, is_right) = self.compare(guess, password, hash.as_deref()).await?;
        let (Some(user), Some(hash), true) = (&user, hash, is_right) else {
            self.note_wrong(By::nobody(client.address), user.as_ref(), "sign_in").await?;
            return Err(wrong().into());
        };
        let better = if is_current(&hash) { None } else { Some(self.1.hash(password).await?) };

        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        guess.was_right(&mut tx, now).await?;
        let user = tx.lock_user(user.id).await?.ok_or_else(wrong)?;
        // A change of the password ends the logins that came before; this one would come after.
        if tx.password_hash(user.id).await?.as_deref() != Some(hash.as_str()) {
            return Err(wrong().into());
        }
        if let Some(better) = better {
            tx.rehash_password(user.id, &hash, &better).await?;
        }
        let token = self.begin_login(&mut tx, &user, client, "password", now).await?;
        tx.commit().await?;
        Ok(NewLogin { token, user })
    }

    /// Compares a password that was counted as a guess; one that could not be compared, as on a busy server, is taken back.
    async fn compare(&self, guess: Guess, password: &Password, hash: Option<&str>) -> Result<(Guess, bool)> {
        match self.1.verify(password, hash).await {
            Ok(is_right) => Ok((guess, is_right)),
            Err(error) => {
                guess.take_back(&self.0).await?;
                Err(error)
            }
        }
    }

    /// Writes down a wrong password; the guess itself was counted before. Of an account that there is not, nothing: what somebody types
    /// there may be their password.
    async fn note_wrong(&self, by: By, user: Option<&User>, way: &str) -> Result<()> {
        let now = self.0.clock.now();
        let deed = match user {
            Some(user) => Deed::new(Action::PasswordWrong, "user", user.id.0, &user.email),
            None => Deed::about_nothing(Action::PasswordWrong, "user"),
        };
        let mut tx = self.0.db.begin().await?;
        tx.audit(&by, &deed.with("way", way), now).await?;
        Ok(tx.commit().await?)
    }

    /// The rows of a new login.
    pub(super) async fn begin_login(
        &self,
        tx: &mut Tx,
        user: &User,
        client: &Client,
        way: &str,
        now: Timestamp,
    ) -> Result<Token> {
        let token = Token::generate();
        let login = Login {
            id: LoginId::new(now),
            user_id: user.id,
            user_agent: client.user_agent.clone(),
            created_at: now,
            last_seen_at: now,
            expires_at: now + self.0.config.dashboard.login_lifetime,
        };
        tx.insert_login(&login, &Token::hash(token.reveal())).await?;
        let by = By::user(user.id, &user.name, Some(client.address));
        tx.audit(&by, &Deed::new(Action::SignedIn, "user", user.id.0, &user.email).with("way", way), now).await?;
        Ok(token)
    }

    /// Changes the own password and ends all other logins and links of the account. Who has no password yet need not name the current
    /// one. Refuses `VALIDATION_ERROR`, `RATE_LIMITED` and, for a wrong current password, `PERMISSION_DENIED`.
    pub async fn change_password(
        &self,
        who: &SignedIn,
        current: Option<&Password>,
        new: &Password,
        client: &Client,
    ) -> Result<()> {
        new.check()?;
        let SignedIn { user, login } = who;
        let hash = self.0.db.reader().await?.password_hash(user.id).await?;
        let mut guess = None;
        if let Some(hash) = &hash {
            let refuse = || Refusal::new(Code::PermissionDenied, "The current password is wrong.");
            let current = current.ok_or_else(refuse)?;
            let counted = self.0.guess(&Email::parse(&user.email)?, client).await?;
            let (counted, is_right) = self.compare(counted, current, Some(hash)).await?;
            guess = Some(counted);
            if !is_right {
                let by = By::user(user.id, &user.name, Some(client.address));
                self.note_wrong(by, Some(user), "change").await?;
                return Err(refuse().into());
            }
        }
        let new_hash = self.1.hash(new).await?;

        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        if let Some(guess) = guess {
            guess.was_right(&mut tx, now).await?;
        }
        tx.lock_user(user.id).await?.ok_or_else(not_signed_in)?;
        if tx.password_hash(user.id).await? != hash {
            return Err(super::conflict("The password was changed a moment ago, somewhere else.").into());
        }
        tx.set_password(user.id, &new_hash, now).await?;
        tx.end_logins(user.id, Some(*login)).await?;
        tx.end_links(user.id).await?;
        let by = By::user(user.id, &user.name, Some(client.address));
        tx.audit(&by, &Deed::new(Action::PasswordChanged, "user", user.id.0, &user.email), now).await?;
        Ok(tx.commit().await?)
    }

    /// Ends this login.
    pub async fn sign_out(&self, who: &SignedIn) -> Result<()> {
        let mut tx = self.0.db.begin().await?;
        tx.end_login(who.login, who.user.id).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all other logins of the account; says how many.
    pub async fn sign_out_everywhere(&self, who: &SignedIn, by: &By) -> Result<u64> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let ended = tx.end_logins(who.user.id, Some(who.login)).await?;
        let deed = Deed::new(Action::LoginsEnded, "user", who.user.id.0, &who.user.email).with("count", ended);
        tx.audit(by, &deed, now).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Ends one login of the account, this one too. Refuses `NOT_FOUND`.
    pub async fn end_login(&self, who: &SignedIn, login: LoginId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        if !tx.end_login(login, who.user.id).await? {
            return Err(Refusal::not_found("login").into());
        }
        let deed = Deed::new(Action::LoginsEnded, "user", who.user.id.0, &who.user.email).with("count", 1);
        tx.audit(by, &deed, now).await?;
        Ok(tx.commit().await?)
    }
}
