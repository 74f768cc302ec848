//! Invitations to workspaces.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    account::Role,
    clock::Timestamp,
    ids::{InvitationId, UserId, WorkspaceId},
};

/// A row of `invitations`, without its token.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Invitation {
    pub id: InvitationId,
    pub workspace_id: WorkspaceId,
    pub role: Role,
    /// Without one, anybody who has the link may join.
    pub email: Option<String>,
    /// The name of who invites.
    pub invited_by: String,
    /// The account of who invites.
    pub inviter_id: Option<UserId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

macro_rules! columns {
    () => {
        "id, workspace_id, role, email, invited_by, inviter_id, created_at, expires_at"
    };
}

statements! {
    INSERT = "INSERT INTO invitations (id, workspace_id, role, email, token_hash, invited_by, inviter_id, created_at, expires_at,
        accepted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
    FIND = concat!("SELECT ", columns!(), " FROM invitations WHERE token_hash = $1 AND accepted_at IS NULL AND expires_at > $2");
    OPEN = concat!("SELECT ", columns!(), " FROM invitations WHERE workspace_id = $1 AND accepted_at IS NULL AND expires_at > $2
        ORDER BY id DESC");
    ACCEPT = concat!("UPDATE invitations SET accepted_at = $2 WHERE token_hash = $1 AND accepted_at IS NULL AND expires_at > $2
        RETURNING ", columns!());
    DELETE = concat!("DELETE FROM invitations WHERE id = $1 AND workspace_id = $2 AND accepted_at IS NULL RETURNING ", columns!());
    DELETE_BY = "DELETE FROM invitations WHERE workspace_id = $1 AND inviter_id = $2 AND accepted_at IS NULL";
    DELETE_ALL_BY = "DELETE FROM invitations WHERE inviter_id = $1 AND accepted_at IS NULL";
    DELETE_ALL = "DELETE FROM invitations WHERE workspace_id = $1";
    REAP = "DELETE FROM invitations WHERE expires_at <= $1";
}

impl Conn {
    /// The open invitation of a token.
    pub async fn invitation(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Invitation>> {
        fetch_optional!(self, Invitation, FIND, hash.as_slice(), now)
    }

    /// The open invitations of a workspace, newest first.
    pub async fn invitations(&mut self, workspace: WorkspaceId, now: Timestamp) -> Result<Vec<Invitation>> {
        fetch_all!(self, Invitation, OPEN, workspace, now)
    }
}

impl Tx {
    /// Adds an invitation.
    pub async fn insert_invitation(&mut self, new: &Invitation, hash: &[u8; 32]) -> Result<()> {
        execute!(
            self,
            INSERT,
            new.id,
            new.workspace_id,
            new.role,
            &new.email,
            hash.as_slice(),
            &new.invited_by,
            new.inviter_id,
            new.created_at,
            new.expires_at
        )?;
        Ok(())
    }

    /// Uses an open invitation up.
    pub async fn accept_invitation(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Invitation>> {
        fetch_optional!(self, Invitation, ACCEPT, hash.as_slice(), now)
    }

    /// Takes an invitation back that nobody has accepted.
    pub async fn delete_invitation(&mut self, id: InvitationId, workspace: WorkspaceId) -> Result<Option<Invitation>> {
        fetch_optional!(self, Invitation, DELETE, id, workspace)
    }

    /// Takes the open invitations to a workspace back that somebody made.
    pub async fn delete_invitations_by(&mut self, inviter: UserId, workspace: WorkspaceId) -> Result<()> {
        execute!(self, DELETE_BY, workspace, inviter)?;
        Ok(())
    }

    /// Takes the open invitations to all workspaces back that somebody made.
    pub async fn delete_all_invitations_by(&mut self, inviter: UserId) -> Result<()> {
        execute!(self, DELETE_ALL_BY, inviter)?;
        Ok(())
    }

    /// Takes all invitations of a workspace back.
    pub async fn delete_invitations_of(&mut self, workspace: WorkspaceId) -> Result<()> {
        execute!(self, DELETE_ALL, workspace)?;
        Ok(())
    }

    /// Removes invitations whose time is over.
    pub async fn reap_invitations(&mut self, now: Timestamp) -> Result<u64> {
        execute!(self, REAP, now)
    }
}
