//! Invitations to workspaces: a link for a week, for one person.

use chrono::Duration;

use super::{Accounts, Client, NewAccount, NewLogin, SignedIn, conflict, links::gone, not_signed_in, users::taken};
use crate::{
    app::error::Result,
    domain::{
        access::Scope,
        account::{Email, Role, Token, join_url},
        audit::{Action, By, Deed, Doer},
        clock::Timestamp,
        ids::{InvitationId, UserId, WorkspaceId},
        refusal::{Code, Refusal},
    },
    store::{Tx, invitations::Invitation, users::User},
};

/// How long an invitation waits.
const LIFE: Duration = Duration::days(7);

/// A new invitation and the address to give to the one who is invited.
#[derive(Debug)]
pub struct NewInvitation {
    /// What it offers.
    pub invitation: Invitation,
    /// Given here and never again.
    pub url: String,
}

/// Who accepts an invitation.
pub enum Joining {
    /// Somebody who is signed in.
    Member(SignedIn),
    /// Somebody without an account.
    Newcomer(NewAccount),
}

impl Accounts {
    /// Invites somebody; with an address, only the account of that address may accept. `own` is what the one who asks may.
    /// Refuses `VALIDATION_ERROR` and `PERMISSION_DENIED`.
    pub async fn invite(&self, scope: &Scope, own: Role, role: Role, email: Option<&str>, by: &By) -> Result<NewInvitation> {
        let email = email.map(Email::parse).transpose()?;
        let now = self.0.clock.now();
        let token = Token::generate();
        let invitation = Invitation {
            id: InvitationId::new(now),
            workspace_id: scope.workspace,
            role,
            email: email.map(|email| email.as_str().to_owned()),
            invited_by: by.columns().2.to_owned(),
            inviter_id: scope.actor.user().filter(|_| matches!(by.doer, Doer::User(..))),
            created_at: now,
            expires_at: now + LIFE,
        };
        let mut tx = self.0.db.begin().await?;
        own.min(self.0.demand_still(&mut tx, by, scope.workspace, Role::Admin).await?).demand_over(role)?;
        self.0.hold_workspace(&mut tx, scope.workspace).await?;
        tx.insert_invitation(&invitation, &Token::hash(token.reveal())).await?;
        tx.audit(by, &deed(Action::InvitationCreated, &invitation), now).await?;
        tx.commit().await?;
        Ok(NewInvitation { invitation, url: join_url(&self.0.config.api.public_url, &token) })
    }

    /// The open invitations of a workspace, newest first.
    pub async fn invitations(&self, scope: &Scope) -> Result<Vec<Invitation>> {
        Ok(self.0.db.reader().await?.invitations(scope.workspace, self.0.clock.now()).await?)
    }

    /// Takes an invitation back. Refuses `NOT_FOUND` and `PERMISSION_DENIED`.
    pub async fn take_invitation_back(&self, scope: &Scope, own: Role, id: InvitationId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let found = tx.delete_invitation(id, scope.workspace).await?.ok_or_else(|| Refusal::not_found("invitation"))?;
        own.demand_over(found.role)?;
        tx.audit(by, &deed(Action::InvitationDeleted, &found), now).await?;
        Ok(tx.commit().await?)
    }

    /// What an invitation offers, and the name of its workspace. Refuses `NOT_FOUND` if it leads nowhere.
    pub async fn invitation(&self, token: &str) -> Result<(Invitation, String)> {
        let mut conn = self.0.db.reader().await?;
        let found = conn.invitation(&Token::hash(token), self.0.clock.now()).await?.ok_or_else(gone)?;
        let workspace = conn.workspace(found.workspace_id).await?.ok_or_else(gone)?;
        Ok((found, workspace.name))
    }

    /// Joins a workspace; a newcomer gets an account and is signed in.
    ///
    /// Refuses `VALIDATION_ERROR`, `NOT_FOUND` if the invitation leads nowhere, `PERMISSION_DENIED` if it is for another address,
    /// `CONFLICT` for a member and for an address that has an account, and `RATE_LIMITED` after several of the latter.
    pub async fn accept(&self, token: &str, who: Joining, client: &Client) -> Result<(WorkspaceId, Option<NewLogin>)> {
        match who {
            Joining::Member(who) => {
                let now = self.0.clock.now();
                let mut tx = self.0.db.begin().await?;
                let user = tx.lock_user(who.user.id).await?.ok_or_else(not_signed_in)?;
                let invitation = self.take_up(&mut tx, token, &user.email, now).await?;
                join(&mut tx, &invitation, &user, client, now).await?;
                tx.commit().await?;
                Ok((invitation.workspace_id, None))
            }
            Joining::Newcomer(new) => {
                let (workspace, login) = self.join_new(token, new, client).await?;
                Ok((workspace, Some(login)))
            }
        }
    }

    async fn join_new(&self, token: &str, new: NewAccount, client: &Client) -> Result<(WorkspaceId, NewLogin)> {
        new.password.check()?;
        // Before the password is hashed: a guess at an invitation should cost us little.
        self.invitation(token).await?;
        // Whoever has a link could ask with it who has an account here: each no counts as a wrong password does.
        let guess = self.0.guess_by(client).await?;
        let hash = match self.1.hash(&new.password).await {
            Ok(hash) => hash,
            Err(error) => {
                guess.take_back(&self.0).await?;
                return Err(error);
            }
        };
        let now = self.0.clock.now();
        let email = new.email.as_str().to_owned();
        let user = User { id: UserId::new(now), email, name: new.name, is_operator: false, created_at: now, updated_at: now };
        let mut tx = self.0.db.begin().await?;
        // Only if all of this is committed; first, as a sign-in holds the counted guesses before all else.
        guess.was_right(&mut tx, now).await?;
        let invitation = self.take_up(&mut tx, token, &user.email, now).await?;
        // Only now, so that nobody but the one who is invited learns who has an account.
        if !tx.insert_user(&user, Some(&hash)).await? {
            return Err(taken(&user.email).into());
        }
        join(&mut tx, &invitation, &user, client, now).await?;
        let token = self.begin_login(&mut tx, &user, client, "invitation", now).await?;
        tx.commit().await?;
        Ok((invitation.workspace_id, NewLogin { token, user }))
    }

    /// Uses an invitation up that is open to the account of this address.
    async fn take_up(&self, tx: &mut Tx, token: &str, email: &str, now: Timestamp) -> Result<Invitation> {
        let hash = Token::hash(token);
        let workspace = tx.invitation(&hash, now).await?.ok_or_else(gone)?.workspace_id;
        self.0.hold_workspace(tx, workspace).await?;
        let invitation = tx.accept_invitation(&hash, now).await?.ok_or_else(gone)?;
        match &invitation.email {
            Some(invited) if invited != email => {
                Err(Refusal::new(Code::PermissionDenied, format!("This invitation is for {invited}.")).into())
            }
            _ => Ok(invitation),
        }
    }
}

async fn join(tx: &mut Tx, invitation: &Invitation, user: &User, client: &Client, now: Timestamp) -> Result<()> {
    if !tx.add_member(invitation.workspace_id, user.id, invitation.role, now).await? {
        return Err(conflict("You are a member of this workspace already.").into());
    }
    let by = By::user(user.id, &user.name, Some(client.address));
    Ok(tx.audit(&by, &deed(Action::InvitationAccepted, invitation), now).await?)
}

fn deed(action: Action, invitation: &Invitation) -> Deed {
    let name = invitation.email.clone().unwrap_or_default();
    Deed::new(action, "invitation", invitation.id.0, name).within(invitation.workspace_id).with("role", invitation.role.as_str())
}
