//! Signed-in browsers, links that work once, and failed guesses.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    account::Purpose,
    clock::Timestamp,
    ids::{LinkId, LoginId, UserId},
    throttle::Failures,
};

/// A row of `logins`, without its token.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Login {
    pub id: LoginId,
    pub user_id: UserId,
    pub user_agent: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A link before its token is given out.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "columns")]
pub struct Link {
    pub id: LinkId,
    pub purpose: Purpose,
    pub user_id: Option<UserId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct FailuresRow {
    failures: i64,
    first_at: Timestamp,
    last_at: Timestamp,
    blocked_until: Timestamp,
}

statements! {
    INSERT = "INSERT INTO logins (id, user_id, token_hash, user_agent, created_at, last_seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// A login ends at its time, and when it was not seen since $3.
    FIND = "SELECT id, user_id, user_agent, created_at, last_seen_at, expires_at FROM logins
        WHERE token_hash = $1 AND expires_at > $2 AND last_seen_at > $3";
    OF_USER = "SELECT id, user_id, user_agent, created_at, last_seen_at, expires_at FROM logins
        WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $3 ORDER BY last_seen_at DESC, id";
    SEEN = "UPDATE logins SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
    END = "DELETE FROM logins WHERE id = $1 AND user_id = $2";
    END_OTHERS = "DELETE FROM logins WHERE user_id = $1 AND id <> $2";
    END_ALL = "DELETE FROM logins WHERE user_id = $1";
    REAP = "DELETE FROM logins WHERE expires_at <= $1 OR last_seen_at <= $2";
    INSERT_LINK = "INSERT INTO one_time_links (id, purpose, user_id, token_hash, created_at, expires_at, used_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    USE_LINK = "UPDATE one_time_links SET used_at = $3
        WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 RETURNING user_id";
    OPEN_LINK = "SELECT id FROM one_time_links WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    END_LINKS = "DELETE FROM one_time_links WHERE user_id = $1";
    END_SETUP = "DELETE FROM one_time_links WHERE purpose = 'setup'";
    REAP_LINKS = "DELETE FROM one_time_links WHERE expires_at <= $1";
    LOCK_FAILURES = "INSERT INTO login_failures (subject, failures, first_at, last_at, blocked_until) VALUES ($1, 0, $2, $2, $2)
        ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject RETURNING failures, first_at, last_at, blocked_until";
    SET_FAILURES = "UPDATE login_failures SET failures = $2, first_at = $3, last_at = $4, blocked_until = $5 WHERE subject = $1";
    CLEAR_FAILURES = "DELETE FROM login_failures WHERE subject = $1";
    REAP_FAILURES = "DELETE FROM login_failures WHERE last_at <= $1";
}

impl Conn {
    /// The login of a token, unless it is over.
    pub async fn login(&mut self, hash: &[u8; 32], now: Timestamp, idle: Timestamp) -> Result<Option<Login>> {
        fetch_optional!(self, Login, FIND, hash.as_slice(), now, idle)
    }

    /// Whether a link could be used now.
    pub async fn is_open_link(&mut self, purpose: Purpose, hash: &[u8; 32], now: Timestamp) -> Result<bool> {
        Ok(fetch_optional!(self, (LinkId,), OPEN_LINK, hash.as_slice(), purpose.as_str(), now)?.is_some())
    }

    /// Where somebody is signed in, last seen first.
    pub async fn logins(&mut self, user: UserId, now: Timestamp, idle: Timestamp) -> Result<Vec<Login>> {
        fetch_all!(self, Login, OF_USER, user, now, idle)
    }
}

impl Tx {
    /// Adds a login.
    pub async fn insert_login(&mut self, login: &Login, hash: &[u8; 32]) -> Result<()> {
        execute!(
            self,
            INSERT,
            login.id,
            login.user_id,
            hash.as_slice(),
            &login.user_agent,
            login.created_at,
            login.last_seen_at,
            login.expires_at
        )?;
        Ok(())
    }

    /// Notes that a login was used, never back.
    pub async fn login_seen(&mut self, id: LoginId, now: Timestamp) -> Result<()> {
        execute!(self, SEEN, id, now)?;
        Ok(())
    }

    /// Ends a login; says whether it was there and theirs.
    pub async fn end_login(&mut self, id: LoginId, user: UserId) -> Result<bool> {
        Ok(execute!(self, END, id, user)? == 1)
    }

    /// Ends somebody's logins, but for one; says how many.
    pub async fn end_logins(&mut self, user: UserId, but: Option<LoginId>) -> Result<u64> {
        match but {
            Some(kept) => execute!(self, END_OTHERS, user, kept),
            None => execute!(self, END_ALL, user),
        }
    }

    /// Adds a link.
    pub async fn insert_link(&mut self, link: &Link, hash: &[u8; 32]) -> Result<()> {
        let Link { id, purpose, user_id, created_at, expires_at } = link;
        execute!(self, INSERT_LINK, *id, purpose.as_str(), *user_id, hash.as_slice(), *created_at, *expires_at)?;
        Ok(())
    }

    /// Uses a link up. None if it is unknown, was used or has expired; else whose it is.
    pub async fn use_link(&mut self, purpose: Purpose, hash: &[u8; 32], now: Timestamp) -> Result<Option<Option<UserId>>> {
        let used = fetch_optional!(self, (Option<UserId>,), USE_LINK, hash.as_slice(), purpose.as_str(), now)?;
        Ok(used.map(|(user,)| user))
    }

    /// Ends all links of somebody.
    pub async fn end_links(&mut self, user: UserId) -> Result<()> {
        execute!(self, END_LINKS, user)?;
        Ok(())
    }

    /// Ends all links to make the first account.
    pub async fn end_setup_links(&mut self) -> Result<()> {
        execute!(self, END_SETUP)?;
        Ok(())
    }

    /// The failures of a subject, which nobody else counts until the end of the transaction.
    pub async fn lock_failures(&mut self, subject: &str, now: Timestamp) -> Result<Failures> {
        let row = fetch_optional!(self, FailuresRow, LOCK_FAILURES, subject, now)?;
        Ok(row.map_or(Failures::none(now), |FailuresRow { failures, first_at, last_at, blocked_until }| Failures {
            failures,
            first_at,
            last_at,
            blocked_until,
        }))
    }

    /// Stores the failures of a subject.
    pub async fn set_failures(&mut self, subject: &str, to: Failures) -> Result<()> {
        execute!(self, SET_FAILURES, subject, to.failures, to.first_at, to.last_at, to.blocked_until)?;
        Ok(())
    }

    /// Forgets the failures of a subject.
    pub async fn clear_failures(&mut self, subject: &str) -> Result<()> {
        execute!(self, CLEAR_FAILURES, subject)?;
        Ok(())
    }

    /// Removes logins and links whose time is over, and failures from before `forgotten`.
    pub async fn reap_logins(&mut self, now: Timestamp, idle: Timestamp, forgotten: Timestamp) -> Result<u64> {
        let logins = execute!(self, REAP, now, idle)?;
        let links = execute!(self, REAP_LINKS, now)?;
        Ok(logins + links + execute!(self, REAP_FAILURES, forgotten)?)
    }
}
