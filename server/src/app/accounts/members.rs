//! Workspaces and their members, as these see them in the dashboard.

use std::collections::BTreeSet;

use super::{Accounts, SignedIn, conflict, not_signed_in};
use crate::{
    app::{
        core::Core,
        error::Result,
        projects::{WorkspaceSettings, check_name},
    },
    domain::{
        access::Scope,
        account::Role,
        audit::{Action, By, Deed, Doer},
        ids::{AuditId, UserId, WorkspaceId},
        page,
        refusal::Refusal,
    },
    store::{
        Tx,
        audit::AuditEntry,
        projects::Workspace,
        users::{Member, User},
    },
};

fn not_found() -> Refusal {
    Refusal::not_found("member")
}

/// Refuses (`CONFLICT`) that a workspace loses its last owner. Owners that go at the same time wait here for each other.
pub(super) async fn keep_an_owner(tx: &mut Tx, workspace: WorkspaceId, leaving: UserId) -> Result<()> {
    if tx.lock_owners(workspace).await?.as_slice() == [leaving] {
        let name = tx.workspace(workspace).await?.map(|workspace| workspace.name).unwrap_or_default();
        return Err(conflict(format!("The workspace {name} would have no owner. Make somebody else its owner first.")).into());
    }
    Ok(())
}

/// Holds the accounts of who asks and of whom it is about, in the order of ids: two that change each other wait, but not in a circle.
async fn hold_both(tx: &mut Tx, scope: &Scope, about: UserId) -> Result<()> {
    let ids: BTreeSet<UserId> = scope.actor.user().into_iter().chain([about]).collect();
    for id in ids {
        tx.lock_user(id).await?;
    }
    Ok(())
}

impl Core {
    /// What whoever does something may in a workspace, as it is now and stays until `tx` ends: a request's body may come minutes after
    /// its role was looked up. The command line may all. Refuses as that look-up does.
    pub(in crate::app) async fn demand_still(&self, tx: &mut Tx, by: &By, workspace: WorkspaceId, least: Role) -> Result<Role> {
        let Doer::User(id, _) = by.doer else { return Ok(Role::Owner) };
        let user = tx.lock_user(id).await?.ok_or_else(not_signed_in)?;
        let role = if user.is_operator { Some(Role::Owner) } else { tx.role(workspace, id).await? };
        let role = role.ok_or_else(|| Refusal::not_found("workspace"))?;
        role.demand(least)?;
        Ok(role)
    }
}

async fn member(tx: &mut Tx, workspace: WorkspaceId, id: UserId) -> Result<(User, Role)> {
    let user = tx.lock_user(id).await?.ok_or_else(not_found)?;
    let role = tx.role(workspace, id).await?.ok_or_else(not_found)?;
    Ok((user, role))
}

impl Accounts {
    /// Makes a workspace whose owner is who asks. Refuses `VALIDATION_ERROR`.
    pub async fn create_workspace(&self, who: &SignedIn, name: &str, by: &By) -> Result<Workspace> {
        check_name(name)?;
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        tx.lock_user(who.user.id).await?.ok_or_else(not_signed_in)?;
        let workspace = self.0.insert_workspace(&mut tx, WorkspaceSettings::named(name), by, now).await?;
        tx.add_member(workspace.id, who.user.id, Role::Owner, now).await?;
        tx.commit().await?;
        Ok(workspace)
    }

    /// The workspace of a scope. Refuses `NOT_FOUND`.
    pub async fn workspace(&self, scope: &Scope) -> Result<Workspace> {
        let found = self.0.db.reader().await?.workspace(scope.workspace).await?;
        found.ok_or_else(|| Refusal::not_found("workspace").into())
    }

    /// The members of a workspace, oldest account first.
    pub async fn members(&self, scope: &Scope) -> Result<Vec<Member>> {
        Ok(self.0.db.reader().await?.members(scope.workspace).await?)
    }

    /// Changes what a member may do; `own` is what the one who asks may. Refuses `NOT_FOUND`, `PERMISSION_DENIED` and, for the last
    /// owner, `CONFLICT`.
    pub async fn change_role(&self, scope: &Scope, own: Role, id: UserId, role: Role, by: &By) -> Result<Member> {
        let now = self.0.clock.now();
        let workspace = scope.workspace;
        let mut tx = self.0.db.begin().await?;
        hold_both(&mut tx, scope, id).await?;
        let own = own.min(self.0.demand_still(&mut tx, by, workspace, Role::Admin).await?);
        own.demand_over(role)?;
        let (user, before) = member(&mut tx, workspace, id).await?;
        own.demand_over(before)?;
        if before == Role::Owner && role != Role::Owner {
            keep_an_owner(&mut tx, workspace, id).await?;
        }
        if before != role {
            tx.set_role(workspace, id, role).await?;
            if role < before {
                // Or the way back would lie ready.
                tx.delete_invitations_by(id, workspace).await?;
            }
            let deed = Deed::new(Action::MemberUpdated, "user", id.0, &user.email).within(workspace);
            tx.audit(by, &deed.with("roleBefore", before.as_str()).with("role", role.as_str()), now).await?;
        }
        tx.commit().await?;
        let found = self.members(scope).await?.into_iter().find(|member| member.user_id == id);
        found.ok_or_else(|| not_found().into())
    }

    /// Ends a membership: the own one, whatever the role, or that of somebody else. Refuses `NOT_FOUND`, `PERMISSION_DENIED` and, for the
    /// last owner, `CONFLICT`.
    pub async fn remove_member(&self, scope: &Scope, own: Role, id: UserId, by: &By) -> Result<()> {
        let is_own = scope.actor.user() == Some(id);
        let now = self.0.clock.now();
        let workspace = scope.workspace;
        let mut tx = self.0.db.begin().await?;
        hold_both(&mut tx, scope, id).await?;
        let (user, role) = member(&mut tx, workspace, id).await?;
        if !is_own {
            own.min(self.0.demand_still(&mut tx, by, workspace, Role::Admin).await?).demand_over(role)?;
        }
        if role == Role::Owner {
            keep_an_owner(&mut tx, workspace, id).await?;
        }
        tx.remove_member(workspace, id).await?;
        tx.delete_invitations_by(id, workspace).await?;
        let deed = Deed::new(Action::MemberRemoved, "user", id.0, &user.email).within(workspace);
        tx.audit(by, &deed.with("role", role.as_str()), now).await?;
        Ok(tx.commit().await?)
    }

    /// Rows of the audit log of a workspace, newest first, before one of them: `limit`, and whether there are more.
    pub async fn audit_log(&self, scope: &Scope, before: Option<AuditId>, limit: i64) -> Result<(Vec<AuditEntry>, bool)> {
        let mut rows = self.0.db.reader().await?.audit_log(scope.workspace, before, limit + 1).await?;
        let more = page::trim(&mut rows, limit);
        Ok((rows, more))
    }

    /// The same of what was done to accounts and in no workspace, or in one that was deleted, for operators.
    pub async fn audit_log_of_accounts(&self, before: Option<AuditId>, limit: i64) -> Result<(Vec<AuditEntry>, bool)> {
        let mut rows = self.0.db.reader().await?.audit_log_of_accounts(before, limit + 1).await?;
        let more = page::trim(&mut rows, limit);
        Ok((rows, more))
    }
}
