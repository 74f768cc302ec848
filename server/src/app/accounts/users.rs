//! Accounts: the own one, and all of them for the operator.

use super::{Accounts, SignedIn, conflict, members::keep_an_owner};
use crate::{
    app::error::Result,
    domain::{
        account::{Email, Role, parse_name},
        audit::{Action, By, Deed},
        ids::{UserId, WorkspaceId},
        refusal::Refusal,
    },
    store::users::{Membership, User},
};

/// An account that the operator makes. It has no password yet.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the flags of the command")]
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub is_operator: bool,
    /// Where it is a member, and what.
    pub membership: Option<(WorkspaceId, Role)>,
}

/// What changes about an account; `None` stays.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the flags of the command")]
pub struct UserChange {
    pub email: Option<String>,
    pub name: Option<String>,
    pub is_operator: Option<bool>,
}

fn not_found() -> Refusal {
    Refusal::not_found("user")
}

pub(super) fn taken(email: &str) -> Refusal {
    conflict(format!("There is an account with the address {email} already."))
}

impl Accounts {
    /// The workspaces that somebody may enter, and as what: an operator all, as owner.
    pub async fn workspaces(&self, user: &User) -> Result<Vec<Membership>> {
        let mut conn = self.0.db.reader().await?;
        if !user.is_operator {
            return Ok(conn.memberships(user.id).await?);
        }
        let all = conn.workspaces().await?.into_iter();
        Ok(all.map(|workspace| Membership { id: workspace.id, name: workspace.name, role: Role::Owner }).collect())
    }

    /// Changes the own name. Refuses `VALIDATION_ERROR`.
    pub async fn rename(&self, who: &SignedIn, name: String, by: &By) -> Result<User> {
        self.update_user(who.user.id, UserChange { name: Some(name), ..UserChange::default() }, by).await
    }

    /// All accounts, oldest first.
    pub async fn users(&self) -> Result<Vec<User>> {
        Ok(self.0.db.reader().await?.users().await?)
    }

    /// An account by its address. Refuses `VALIDATION_ERROR` and `NOT_FOUND`.
    pub async fn user_of_email(&self, email: &str) -> Result<User> {
        let user = self.0.db.reader().await?.user_of_email(&Email::parse(email)?).await?;
        user.ok_or_else(|| not_found().into())
    }

    /// Makes an account without a password. Refuses `VALIDATION_ERROR`, `NOT_FOUND` (the workspace) and `CONFLICT` (the address).
    pub async fn create_user(&self, new: NewUser, by: &By) -> Result<User> {
        let now = self.0.clock.now();
        let user = User {
            id: UserId::new(now),
            email: Email::parse(&new.email)?.as_str().to_owned(),
            name: parse_name(&new.name)?,
            is_operator: new.is_operator,
            created_at: now,
            updated_at: now,
        };
        let mut tx = self.0.db.begin().await?;
        if !tx.insert_user(&user, None).await? {
            return Err(taken(&user.email).into());
        }
        let deed = Deed::new(Action::UserCreated, "user", user.id.0, &user.email).with("isOperator", user.is_operator);
        tx.audit(by, &deed, now).await?;
        if let Some((workspace, role)) = new.membership {
            self.0.hold_workspace(&mut tx, workspace).await?;
            tx.add_member(workspace, user.id, role, now).await?;
            let deed = Deed::new(Action::MemberAdded, "user", user.id.0, &user.email).within(workspace);
            tx.audit(by, &deed.with("role", role.as_str()), now).await?;
        }
        tx.commit().await?;
        Ok(user)
    }

    /// Changes what is named. Refuses `VALIDATION_ERROR`, `NOT_FOUND` and `CONFLICT` (the address).
    pub async fn update_user(&self, id: UserId, change: UserChange, by: &By) -> Result<User> {
        let email = change.email.as_deref().map(Email::parse).transpose()?;
        let name = change.name.as_deref().map(parse_name).transpose()?;
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let old = tx.lock_user(id).await?.ok_or_else(not_found)?;
        let user = User {
            email: email.map_or_else(|| old.email.clone(), |email| email.as_str().to_owned()),
            name: name.unwrap_or_else(|| old.name.clone()),
            is_operator: change.is_operator.unwrap_or(old.is_operator),
            updated_at: now,
            ..old.clone()
        };
        if !tx.update_user(&user).await? {
            return Err(taken(&user.email).into());
        }
        let mut deed = Deed::new(Action::UserUpdated, "user", id.0, &user.email);
        if user.email != old.email {
            deed = deed.with("emailBefore", old.email);
            // They lead to whoever had the old address.
            tx.end_links(id).await?;
        }
        if user.name != old.name {
            deed = deed.with("nameBefore", old.name).with("name", user.name.as_str());
        }
        if old.is_operator && !user.is_operator {
            tx.delete_all_invitations_by(id).await?;
        }
        if user.is_operator != old.is_operator {
            deed = deed.with("isOperator", user.is_operator);
        }
        tx.audit(by, &deed, now).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Removes an account with its logins, links and memberships. Refuses `NOT_FOUND`, and (`CONFLICT`) the last owner of a workspace.
    pub async fn delete_user(&self, id: UserId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let user = tx.lock_user(id).await?.ok_or_else(not_found)?;
        for membership in tx.memberships(id).await? {
            keep_an_owner(&mut tx, membership.id, id).await?;
            tx.remove_member(membership.id, id).await?;
            let deed = Deed::new(Action::MemberRemoved, "user", id.0, &user.email).within(membership.id);
            tx.audit(by, &deed, now).await?;
        }
        tx.delete_all_invitations_by(id).await?;
        tx.end_logins(id, None).await?;
        tx.end_links(id).await?;
        tx.delete_user(id).await?;
        tx.audit(by, &Deed::new(Action::UserDeleted, "user", id.0, &user.email), now).await?;
        Ok(tx.commit().await?)
    }
}
