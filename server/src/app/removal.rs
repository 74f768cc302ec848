//! Deleting projects and workspaces, once nothing is in them.
//!
//! A project goes when its counter stands at nothing, a workspace when it has no project. The counter's row is the gate of both: every
//! upload reserves in the project's, every project is made while the workspace's is held. As with buckets of S3, emptying comes first
//! and is no less visible than deleting file by file: each `file.deleted` is told while there is still a webhook to tell.

use super::{
    error::{Error, Result},
    files::Emptied,
    projects::Projects,
    transitions::With,
};
use crate::{
    domain::{
        audit::{Action, By, Deed},
        ids::{ProjectId, UploadId, WorkspaceId},
        quota::Account,
        refusal::{Code, Refusal},
        upload::{Event, Status},
    },
    store::uploads::Unpublished,
};

/// Most open sessions that one call cancels.
const SESSIONS_AT_ONCE: i64 = 1000;

impl Projects {
    /// Deletes up to 1,000 files of a project and, once none is left, cancels its open sessions. Refuses `NOT_FOUND`.
    pub async fn empty(&self, id: ProjectId, by: &By) -> Result<Emptied> {
        let core = &self.0;
        let project = core.db.reader().await?.project_of_any(id).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let emptied = core.empty_folder(id, "", Some(by)).await?;
        if !emptied.has_more {
            let filter = Unpublished { project: Some(id), status: vec![Status::Pending, Status::Uploading], after: None };
            let mut conn = core.db.reader().await?;
            let running = conn.unpublished_uploads(project.workspace_id, &filter, SESSIONS_AT_ONCE).await?;
            drop(conn);
            for upload in running.iter().filter(|upload| upload.state.is_open()) {
                self.cancel_session(upload.id).await?;
            }
        }
        Ok(emptied)
    }

    /// One that completes, expires or is cancelled at this moment is let be.
    async fn cancel_session(&self, id: UploadId) -> Result<()> {
        match self.0.step(id, |_| Event::Cancel, With::default()).await {
            Err(Error::Refused(refusal)) if matches!(refusal.code, Code::SessionNotActive | Code::SessionExpired) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Deletes an empty project for good: its webhooks are called no more, and keys that reach no other project are revoked.
    ///
    /// Refuses `NOT_FOUND` and, while it holds files or uploads are under way, `CONFLICT`.
    pub async fn delete(&self, id: ProjectId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let account = Account::project(id);
        let mut tx = self.0.db.begin().await?;
        let usage = tx.lock_usage(&account).await?.unwrap_or_default();
        let project = tx.project_of_any(id).await?.ok_or_else(|| Refusal::not_found("project"))?;
        if usage.stored.files > 0 {
            let why = format!("The project {} still has files ({}): delete them first.", project.name, usage.stored.files);
            return Err(Refusal::new(Code::Conflict, why).with("files", usage.stored.files).into());
        }
        if usage.reserved.files > 0 {
            let count = usage.reserved.files;
            let why =
                format!("Uploads to the project {} are under way ({count}): cancel them or wait for their end.", project.name);
            return Err(Refusal::new(Code::Conflict, why).with("uploads", count).into());
        }
        // An upload that has seen the project a moment ago finds no room in it.
        tx.limit_usage(&account, Some(0), Some(0)).await?;
        tx.delete_project(id, now).await?;
        let webhooks = tx.delete_endpoints_of(id, now).await?;
        let keys = tx.revoke_keys_of(id, now).await?;
        let deed = Deed::new(Action::ProjectDeleted, "project", id.0, &project.name).within(project.workspace_id);
        tx.audit(by, &deed.with("webhooks", webhooks).with("keys", keys), now).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a workspace without projects for good: its members leave, its invitations end and its keys are revoked.
    ///
    /// Refuses `NOT_FOUND` and, while it has a project, `CONFLICT`.
    pub async fn delete_workspace(&self, id: WorkspaceId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        tx.lock_usage(&Account::workspace(id)).await?;
        let workspace = tx.workspace(id).await?.ok_or_else(|| Refusal::not_found("workspace"))?;
        let projects = tx.projects_in(id).await?.len();
        if projects > 0 {
            let why = format!("The workspace {} still has projects ({projects}): delete them first.", workspace.name);
            return Err(Refusal::new(Code::Conflict, why).with("projects", projects).into());
        }
        tx.delete_workspace(id, now).await?;
        // First the invitations: who accepts one at this moment is a member by the time that the members are removed.
        tx.delete_invitations_of(id).await?;
        tx.remove_members(id).await?;
        tx.revoke_keys_of_workspace(id, now).await?;
        // In no workspace, so that operators still find it.
        tx.audit(by, &Deed::new(Action::WorkspaceDeleted, "workspace", id.0, &workspace.name), now).await?;
        Ok(tx.commit().await?)
    }
}
