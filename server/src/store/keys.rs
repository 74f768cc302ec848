//! API keys: their hashes, permissions and projects.

use std::collections::BTreeSet;

use sqlx::types::Json;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    access::Permission,
    clock::Timestamp,
    ids::{KeyId, ProjectId, WorkspaceId},
};

/// A row of `api_keys`, without its hash.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "columns")]
pub struct ApiKey {
    pub id: KeyId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub hint: String,
    #[sqlx(json)]
    pub permissions: Vec<Permission>,
    pub all_projects: bool,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
}

statements! {
    INSERT = "INSERT INTO api_keys (id, workspace_id, name, hash, hint, permissions, all_projects, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_PROJECT = "INSERT INTO api_key_projects (key_id, project_id) VALUES ($1, $2)";
    FIND_LIVE = "SELECT id, workspace_id, name, hint, permissions, all_projects, created_at, last_used_at, revoked_at, expires_at
        FROM api_keys WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
    PROJECTS = "SELECT r.project_id FROM api_key_projects r JOIN projects p ON p.id = r.project_id
        WHERE r.key_id = $1 AND p.deleted_at IS NULL ORDER BY r.project_id";
    PROJECTS_IN = "SELECT r.key_id, r.project_id FROM api_keys k JOIN api_key_projects r ON r.key_id = k.id
        JOIN projects p ON p.id = r.project_id WHERE k.workspace_id = $1 AND p.deleted_at IS NULL ORDER BY r.key_id, r.project_id";
    LIST = "SELECT id, workspace_id, name, hint, permissions, all_projects, created_at, last_used_at, revoked_at, expires_at
        FROM api_keys ORDER BY id";
    OF_WORKSPACE = "SELECT id, workspace_id, name, hint, permissions, all_projects, created_at, last_used_at, revoked_at, expires_at
        FROM api_keys WHERE workspace_id = $1 ORDER BY id";
    REVOKE = "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL
        RETURNING id, workspace_id, name, hint, permissions, all_projects, created_at, last_used_at, revoked_at, expires_at";
    ONLY_OF_PROJECT = "SELECT id FROM api_keys WHERE revoked_at IS NULL
        AND id IN (SELECT key_id FROM api_key_projects WHERE project_id = $1)
        AND NOT EXISTS (SELECT 1 FROM api_key_projects r JOIN projects p ON p.id = r.project_id
            WHERE r.key_id = api_keys.id AND p.deleted_at IS NULL) ORDER BY id";
    LIVE_OF_WORKSPACE = "SELECT id FROM api_keys WHERE workspace_id = $1 AND revoked_at IS NULL ORDER BY id";
    FORGET_PROJECTS = "DELETE FROM api_key_projects WHERE key_id IN (SELECT id FROM api_keys WHERE expires_at < $1)";
    FORGET = "DELETE FROM api_keys WHERE expires_at < $1";
    USED = "UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
}

impl Conn {
    /// The key with this hash, unless it is revoked or has expired.
    pub async fn live_key(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Option<ApiKey>> {
        fetch_optional!(self, ApiKey, FIND_LIVE, hash.as_slice(), now)
    }

    /// The projects on a key's list that are still there.
    pub async fn key_projects(&mut self, key: KeyId) -> Result<Vec<ProjectId>> {
        Ok(fetch_all!(self, (ProjectId,), PROJECTS, key)?.into_iter().map(|(id,)| id).collect())
    }

    /// The same of all keys of a workspace.
    pub async fn key_projects_in(&mut self, workspace: WorkspaceId) -> Result<Vec<(KeyId, ProjectId)>> {
        fetch_all!(self, (KeyId, ProjectId), PROJECTS_IN, workspace)
    }

    /// The keys of a workspace, revoked ones too, oldest first.
    pub async fn keys_of(&mut self, workspace: WorkspaceId) -> Result<Vec<ApiKey>> {
        fetch_all!(self, ApiKey, OF_WORKSPACE, workspace)
    }

    /// All keys, revoked ones too, oldest first, for the operator.
    pub async fn keys(&mut self) -> Result<Vec<ApiKey>> {
        fetch_all!(self, ApiKey, LIST)
    }
}

impl Tx {
    /// Adds a key and its list of projects.
    pub async fn insert_key(&mut self, key: &ApiKey, hash: &[u8; 32], projects: &BTreeSet<ProjectId>) -> Result<()> {
        execute!(
            self,
            INSERT,
            key.id,
            key.workspace_id,
            &key.name,
            hash.as_slice(),
            &key.hint,
            Json(&key.permissions),
            key.all_projects,
            key.created_at,
            key.expires_at
        )?;
        for project in projects {
            execute!(self, INSERT_PROJECT, key.id, *project)?;
        }
        Ok(())
    }

    /// Sets when a key was last used, never back.
    pub async fn key_used(&mut self, id: KeyId, at: Timestamp) -> Result<()> {
        execute!(self, USED, id, at)?;
        Ok(())
    }

    /// Revokes a key, and gives it if it was live.
    pub async fn revoke_key(&mut self, id: KeyId, now: Timestamp) -> Result<Option<ApiKey>> {
        fetch_optional!(self, ApiKey, REVOKE, id, now)
    }

    /// Revokes the live keys that reached this project and reach none that is still there; says how many.
    pub async fn revoke_keys_of(&mut self, project: ProjectId, now: Timestamp) -> Result<usize> {
        let keys = fetch_all!(self, (KeyId,), ONLY_OF_PROJECT, project)?;
        self.revoke_keys(&keys, now).await
    }

    /// Revokes the live keys of a workspace; says how many.
    pub async fn revoke_keys_of_workspace(&mut self, workspace: WorkspaceId, now: Timestamp) -> Result<usize> {
        let keys = fetch_all!(self, (KeyId,), LIVE_OF_WORKSPACE, workspace)?;
        self.revoke_keys(&keys, now).await
    }

    /// In the order of ids, as whoever writes down their last use.
    async fn revoke_keys(&mut self, keys: &[(KeyId,)], now: Timestamp) -> Result<usize> {
        for (key,) in keys {
            self.revoke_key(*key, now).await?;
        }
        Ok(keys.len())
    }

    /// Removes the keys that ended by themselves before a moment; says how many.
    pub async fn forget_keys(&mut self, before: Timestamp) -> Result<u64> {
        execute!(self, FORGET_PROJECTS, before)?;
        execute!(self, FORGET, before)
    }
}
