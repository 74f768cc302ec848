//! The audit log.

use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, statements},
};
use crate::domain::{
    access::Scope,
    audit::{By, Deed},
    clock::Timestamp,
    ids::{AuditId, WorkspaceId},
};

/// A row of `audit_log`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: Timestamp,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub action: String,
    pub target_kind: String,
    pub target_id: Option<Uuid>,
    pub target_name: String,
    #[sqlx(json)]
    pub detail: Map<String, Value>,
    pub address: Option<String>,
}

statements! {
    INSERT = "INSERT INTO audit_log (id, workspace_id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name,
        detail, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    NEWEST = "SELECT id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, detail, address
        FROM audit_log WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2";
    BEFORE = "SELECT id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, detail, address
        FROM audit_log WHERE workspace_id = $1 AND id < $3 ORDER BY id DESC LIMIT $2";
    // Each part by its index.
    OF_ACCOUNTS = "SELECT * FROM (SELECT id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, detail, address
            FROM audit_log WHERE workspace_id IS NULL AND id < $2 ORDER BY id DESC LIMIT $1) AS accounts
        UNION ALL SELECT * FROM (SELECT id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, detail, address
            FROM audit_log WHERE workspace_id IN (SELECT w.id FROM workspaces w WHERE w.deleted_at IS NOT NULL) AND id < $2
            ORDER BY id DESC LIMIT $1) AS gone
        ORDER BY id DESC LIMIT $1";
    // The action is written out for the partial index.
    FORGET_GUESSES = "DELETE FROM audit_log WHERE id IN
        (SELECT id FROM audit_log WHERE action = 'user.password_wrong' AND at < $1 ORDER BY at LIMIT $2)";
}

impl Conn {
    /// Rows of a workspace, newest first, before one of them.
    pub async fn audit_log(&mut self, workspace: WorkspaceId, before: Option<AuditId>, limit: i64) -> Result<Vec<AuditEntry>> {
        match before {
            Some(before) => fetch_all!(self, AuditEntry, BEFORE, workspace, limit, before),
            None => fetch_all!(self, AuditEntry, NEWEST, workspace, limit),
        }
    }

    /// Rows that are about accounts and no workspace, or about one that was deleted, newest first, before one of them.
    pub async fn audit_log_of_accounts(&mut self, before: Option<AuditId>, limit: i64) -> Result<Vec<AuditEntry>> {
        fetch_all!(self, AuditEntry, OF_ACCOUNTS, limit, before.unwrap_or(AuditId(Uuid::max())))
    }
}

impl Tx {
    /// Writes down what a person did; what a key does is in the history of each file.
    pub async fn audit_for(&mut self, scope: &Scope, deed: Deed, now: Timestamp) -> Result<()> {
        match &scope.by {
            Some(by) => self.audit(by, &deed, now).await,
            None => Ok(()),
        }
    }

    /// Forgets up to `limit` wrong passwords from before a moment; says how many.
    pub async fn forget_guesses(&mut self, before: Timestamp, limit: i64) -> Result<u64> {
        execute!(self, FORGET_GUESSES, before, limit)
    }

    /// Writes down who did what.
    pub async fn audit(&mut self, by: &By, deed: &Deed, now: Timestamp) -> Result<()> {
        let (actor_kind, actor_id, actor_name) = by.columns();
        let (target_kind, target_id, target_name) = (deed.target.0, deed.target.1, deed.target.2.as_str());
        execute!(
            self,
            INSERT,
            AuditId::new(now),
            deed.workspace,
            now,
            actor_kind,
            actor_id,
            actor_name,
            deed.action.as_str(),
            target_kind,
            target_id,
            target_name,
            Json(&deed.detail),
            by.address.map(|address| address.to_string())
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::Action;

    #[test]
    fn what_is_forgotten_are_guesses() {
        assert!(FORGET_GUESSES.contains(&format!("'{}'", Action::PasswordWrong.as_str())));
    }
}
