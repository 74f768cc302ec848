//! Accounts, and who is a member of which workspace.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    account::{Email, Role},
    clock::Timestamp,
    ids::{UserId, WorkspaceId},
};

/// A row of `users`, without its password.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "columns")]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub is_operator: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A member with the account behind it.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Member {
    pub user_id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub created_at: Timestamp,
}

/// A workspace that somebody is a member of.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Membership {
    pub id: WorkspaceId,
    pub name: String,
    pub role: Role,
}

statements! {
    INSERT = "INSERT INTO users (id, email, name, password_hash, is_operator, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING";
    GET = "SELECT id, email, name, is_operator, created_at, updated_at FROM users WHERE id = $1";
    BY_EMAIL = "SELECT id, email, name, is_operator, created_at, updated_at FROM users WHERE email = $1";
    LIST = "SELECT id, email, name, is_operator, created_at, updated_at FROM users ORDER BY id";
    ANY = "SELECT id FROM users LIMIT 1";
    LOCK = "UPDATE users SET updated_at = updated_at WHERE id = $1
        RETURNING id, email, name, is_operator, created_at, updated_at";
    UPDATE = "UPDATE users SET email = $2, name = $3, is_operator = $4, updated_at = $5 WHERE id = $1
        AND NOT EXISTS (SELECT 1 FROM users WHERE email = $2 AND id <> $1)";
    DELETE = "DELETE FROM users WHERE id = $1";
    PASSWORD = "SELECT password_hash FROM users WHERE id = $1";
    SET_PASSWORD = "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1";
    REHASH = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
    ADD_MEMBER = "INSERT INTO members (workspace_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, user_id) DO NOTHING";
    ROLE = "SELECT role FROM members WHERE workspace_id = $1 AND user_id = $2";
    SET_ROLE = "UPDATE members SET role = $3 WHERE workspace_id = $1 AND user_id = $2";
    REMOVE_MEMBERS = "DELETE FROM members WHERE workspace_id = $1";
    REMOVE_MEMBER = "DELETE FROM members WHERE workspace_id = $1 AND user_id = $2";
    MEMBERS = "SELECT m.user_id, u.email, u.name, m.role, m.created_at FROM members m JOIN users u ON u.id = m.user_id
        WHERE m.workspace_id = $1 ORDER BY m.user_id";
    MEMBERSHIPS = "SELECT w.id, w.name, m.role FROM members m JOIN workspaces w ON w.id = m.workspace_id
        WHERE m.user_id = $1 AND w.deleted_at IS NULL ORDER BY w.id";
    /// Owners that leave at the same time wait here for each other.
    LOCK_OWNERS = "UPDATE members SET role = role WHERE workspace_id = $1 AND role = 'owner' RETURNING user_id";
}

impl Conn {
    /// An account by its id.
    pub async fn user(&mut self, id: UserId) -> Result<Option<User>> {
        fetch_optional!(self, User, GET, id)
    }

    /// An account by its address.
    pub async fn user_of_email(&mut self, email: &Email) -> Result<Option<User>> {
        fetch_optional!(self, User, BY_EMAIL, email.as_str())
    }

    /// All accounts, oldest first, for the operator.
    pub async fn users(&mut self) -> Result<Vec<User>> {
        fetch_all!(self, User, LIST)
    }

    /// Whether there is any account.
    pub async fn has_users(&mut self) -> Result<bool> {
        Ok(fetch_optional!(self, (UserId,), ANY)?.is_some())
    }

    /// The PHC string of somebody's password.
    pub async fn password_hash(&mut self, id: UserId) -> Result<Option<String>> {
        Ok(fetch_optional!(self, (Option<String>,), PASSWORD, id)?.and_then(|(hash,)| hash))
    }

    /// What somebody is in a workspace.
    pub async fn role(&mut self, workspace: WorkspaceId, user: UserId) -> Result<Option<Role>> {
        Ok(fetch_optional!(self, (Role,), ROLE, workspace, user)?.map(|(role,)| role))
    }

    /// The members of a workspace, oldest account first.
    pub async fn members(&mut self, workspace: WorkspaceId) -> Result<Vec<Member>> {
        fetch_all!(self, Member, MEMBERS, workspace)
    }

    /// The workspaces that somebody is a member of, oldest first.
    pub async fn memberships(&mut self, user: UserId) -> Result<Vec<Membership>> {
        fetch_all!(self, Membership, MEMBERSHIPS, user)
    }
}

impl Tx {
    /// Adds an account; `false` if its address is taken.
    pub async fn insert_user(&mut self, user: &User, password_hash: Option<&str>) -> Result<bool> {
        let added = execute!(
            self,
            INSERT,
            user.id,
            &user.email,
            &user.name,
            password_hash,
            user.is_operator,
            user.created_at,
            user.updated_at
        )?;
        Ok(added == 1)
    }

    /// An account, held until the end of the transaction.
    pub async fn lock_user(&mut self, id: UserId) -> Result<Option<User>> {
        fetch_optional!(self, User, LOCK, id)
    }

    /// Stores address, name and the operator's flag; `false` if another account has the address.
    pub async fn update_user(&mut self, user: &User) -> Result<bool> {
        Ok(execute!(self, UPDATE, user.id, &user.email, &user.name, user.is_operator, user.updated_at)? == 1)
    }

    /// Removes an account that has no memberships, logins and links any more.
    pub async fn delete_user(&mut self, id: UserId) -> Result<()> {
        execute!(self, DELETE, id)?;
        Ok(())
    }

    /// Sets a password.
    pub async fn set_password(&mut self, id: UserId, hash: &str, now: Timestamp) -> Result<()> {
        execute!(self, SET_PASSWORD, id, hash, now)?;
        Ok(())
    }

    /// Hashes the same password anew, unless it was changed meanwhile.
    pub async fn rehash_password(&mut self, id: UserId, old: &str, new: &str) -> Result<()> {
        execute!(self, REHASH, id, old, new)?;
        Ok(())
    }

    /// Makes somebody a member; `false` if they are one already.
    pub async fn add_member(&mut self, workspace: WorkspaceId, user: UserId, role: Role, now: Timestamp) -> Result<bool> {
        Ok(execute!(self, ADD_MEMBER, workspace, user, role, now)? == 1)
    }

    /// Changes what a member may do.
    pub async fn set_role(&mut self, workspace: WorkspaceId, user: UserId, role: Role) -> Result<()> {
        execute!(self, SET_ROLE, workspace, user, role)?;
        Ok(())
    }

    /// Ends a membership.
    pub async fn remove_member(&mut self, workspace: WorkspaceId, user: UserId) -> Result<()> {
        execute!(self, REMOVE_MEMBER, workspace, user)?;
        Ok(())
    }

    /// Ends all memberships of a workspace.
    pub async fn remove_members(&mut self, workspace: WorkspaceId) -> Result<()> {
        execute!(self, REMOVE_MEMBERS, workspace)?;
        Ok(())
    }

    /// The owners of a workspace, who stay owners until the end of the transaction.
    pub async fn lock_owners(&mut self, workspace: WorkspaceId) -> Result<Vec<UserId>> {
        Ok(fetch_all!(self, (UserId,), LOCK_OWNERS, workspace)?.into_iter().map(|(id,)| id).collect())
    }
}
