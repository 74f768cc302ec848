//! Room that direct uploads hold while their bytes arrive, so that what is on its way counts before it is taken.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, statements},
};
use crate::domain::{
    clock::Timestamp,
    ids::{HoldId, ProjectId, WorkspaceId},
    quota::Holder,
};

/// A row of `holds`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Hold {
    pub id: HoldId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub owner_ref: Option<String>,
    pub bytes: i64,
    pub expires_at: Timestamp,
}

impl Hold {
    /// Whose room it is.
    pub fn holder(&self) -> Holder {
        Holder { workspace: self.workspace_id, project: self.project_id, owner: self.owner_ref.clone() }
    }
}

statements! {
    UPSERT = "INSERT INTO holds (id, workspace_id, project_id, owner_ref, bytes, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET bytes = holds.bytes + excluded.bytes, expires_at = excluded.expires_at";
    REMOVE = "DELETE FROM holds WHERE id = $1 RETURNING id, workspace_id, project_id, owner_ref, bytes, expires_at";
    OVERDUE = "SELECT id FROM holds WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2";
}

impl Conn {
    /// Holds that nobody has renewed in time.
    pub async fn overdue_holds(&mut self, now: Timestamp, limit: i64) -> Result<Vec<HoldId>> {
        Ok(fetch_all!(self, (HoldId,), OVERDUE, now, limit)?.into_iter().map(|(id,)| id).collect())
    }
}

impl Tx {
    /// Makes a hold, or adds `hold.bytes` to it and renews it.
    pub async fn add_to_hold(&mut self, hold: &Hold) -> Result<()> {
        execute!(self, UPSERT, hold.id, hold.workspace_id, hold.project_id, &hold.owner_ref, hold.bytes, hold.expires_at)?;
        Ok(())
    }

    /// Ends a hold and gives it, unless it has ended before.
    pub async fn remove_hold(&mut self, id: HoldId) -> Result<Option<Hold>> {
        super::macros::fetch_optional!(self, Hold, REMOVE, id)
    }
}
