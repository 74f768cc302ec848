//! Deleting projects and workspaces, once nothing is in them.
//!
//! A project goes when its counter stands at nothing, a workspace when it has no project. As with buckets of S3, emptying comes first and
//! is no less visible than deleting file by file. What its webhooks have coming by then is still sent; nobody finds them any more.
//!
//! The counters are the gates. Every upload reserves in the project's, so nothing comes into a project that has gone; whatever else is
//! made in a workspace holds the workspace's before it looks whether workspace and project are there ([`Core::hold_workspace`]).

use super::{
    core::Core,
    error::{Error, Result},
    files::Emptied,
    projects::Projects,
    transitions::With,
};
use crate::{
    domain::{
        audit::{Action, By, Deed},
        ids::{ProjectId, WorkspaceId},
        quota::{Account, Amount},
        refusal::{Code, Refusal},
        upload::Event,
    },
    store::{
        Tx,
        projects::{Project, Workspace},
        uploads::Upload,
    },
};

/// Most open sessions that one call cancels.
const SESSIONS_AT_ONCE: usize = 1000;

impl Core {
    /// A workspace that is not deleted until `tx` ends. After accounts of people, before everything else. Refuses `NOT_FOUND`.
    pub(super) async fn hold_workspace(&self, tx: &mut Tx, id: WorkspaceId) -> Result<Workspace> {
        tx.lock_usage(&Account::workspace(id)).await?;
        tx.workspace(id).await?.ok_or_else(|| Refusal::not_found("workspace").into())
    }

    /// The same of a project.
    pub(super) async fn hold_project(&self, tx: &mut Tx, id: ProjectId) -> Result<Project> {
        let not_found = || Refusal::not_found("project");
        let found = tx.project_of_any(id).await?.ok_or_else(not_found)?;
        tx.lock_usage(&Account::workspace(found.workspace_id)).await?;
        tx.project_of_any(id).await?.ok_or_else(|| not_found().into())
    }
}

impl Projects {
    /// Deletes up to 1,000 files of a project and, once none is left, cancels up to 1,000 open sessions; says whether there are more of
    /// either. Refuses `NOT_FOUND`.
    pub async fn empty(&self, id: ProjectId, by: &By) -> Result<Emptied> {
        let core = &self.0;
        let project = core.db.reader().await?.project_of_any(id).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let emptied = core.empty_folder(id, "", Some(by)).await?;
        if emptied.has_more {
            return Ok(emptied);
        }
        let open = core.db.reader().await?.open_uploads(project.workspace_id, id, SESSIONS_AT_ONCE).await?;
        let has_more = open.len() == SESSIONS_AT_ONCE;
        for upload in open {
            self.cancel_session(upload, by).await?;
        }
        Ok(Emptied { has_more, ..emptied })
    }

    /// One that completes, expires or is cancelled at this moment is let be.
    async fn cancel_session(&self, upload: Upload, by: &By) -> Result<()> {
        let deed = Deed::new(Action::UploadCancelled, "upload", upload.id.0, &upload.name).within(upload.workspace_id);
        let with = With { audit: Some((by.clone(), deed)), ..With::default() };
        match self.0.step(upload.id, |_| Event::Cancel, with).await {
            Err(Error::Refused(refusal)) if matches!(refusal.code, Code::SessionNotActive | Code::SessionExpired) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Deletes an empty project for good; keys that reach no other project are revoked.
    ///
    /// Refuses `NOT_FOUND` and, while it holds files or uploads are under way, `CONFLICT`.
    pub async fn delete(&self, id: ProjectId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let account = Account::project(id);
        let mut tx = self.0.db.begin().await?;
        // First the workspace's counter, as everywhere: of two projects that go at once, one sees which keys the other leaves.
        let project = self.0.hold_project(&mut tx, id).await?;
        let usage = tx.lock_usage(&account).await?.unwrap_or_default();
        let count = usage.stored.files;
        if count > 0 {
            let why = format!("The project {} still has files ({count}): delete them first.", project.name);
            return Err(Refusal::new(Code::Conflict, why).with("files", count).into());
        }
        if usage.reserved != Amount::default() {
            let why = format!("Uploads to the project {} are under way: cancel them or wait for their end.", project.name);
            return Err(Refusal::new(Code::Conflict, why).into());
        }
        // An upload that has seen the project a moment ago finds no room in it.
        tx.limit_usage(&account, Some(0), Some(0)).await?;
        tx.delete_project(id, now).await?;
        let keys = tx.revoke_keys_of(id, now).await?;
        let deed = Deed::new(Action::ProjectDeleted, "project", id.0, &project.name).within(project.workspace_id);
        tx.audit(by, &deed.with("keys", keys), now).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a workspace without projects for good: its members leave, its invitations end and its keys are revoked.
    ///
    /// Refuses `NOT_FOUND` and, while it has a project, `CONFLICT`.
    pub async fn delete_workspace(&self, id: WorkspaceId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let workspace = self.0.hold_workspace(&mut tx, id).await?;
        let projects = tx.projects_in(id).await?.len();
        if projects > 0 {
            let why = format!("The workspace {} still has projects ({projects}): delete them first.", workspace.name);
            return Err(Refusal::new(Code::Conflict, why).with("projects", projects).into());
        }
        tx.delete_workspace(id, now).await?;
        tx.remove_members(id).await?;
        tx.delete_invitations_of(id).await?;
        let keys = tx.revoke_keys_of_workspace(id, now).await?;
        // Among its other rows, which operators find from now on.
        let deed = Deed::new(Action::WorkspaceDeleted, "workspace", id.0, &workspace.name).within(id);
        tx.audit(by, &deed.with("keys", keys), now).await?;
        Ok(tx.commit().await?)
    }
}
