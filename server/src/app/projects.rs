//! Workspaces and projects, as the operator keeps them.

use std::sync::Arc;

use super::{core::Core, error::Result};
use crate::{
    domain::{
        cors::OriginPattern,
        ids::{ProjectId, WorkspaceId},
        quota::{self, Usage},
        refusal::Refusal,
    },
    store::projects::{Project, Workspace},
};

/// See the module's text.
#[derive(Clone)]
pub struct Projects(pub(super) Arc<Core>);

/// What can be set on a project. `None` leaves it as it is, or without limit in a new one; a limit of 0 is no limit.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the flags of the command")]
pub struct Settings {
    pub name: Option<String>,
    pub origins: Option<Vec<String>>,
    /// Bytes, all files together.
    pub max_bytes: Option<i64>,
    pub max_files: Option<i64>,
    /// Bytes.
    pub max_file_size: Option<i64>,
}

/// Refuses a name that nobody could recognise in a list.
pub(super) fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Refusal::invalid("The name is empty.").into());
    }
    Ok(())
}

impl Settings {
    fn check(&self) -> Result<()> {
        self.name.as_deref().map_or(Ok(()), check_name)?;
        for origin in self.origins.iter().flatten() {
            OriginPattern::parse(origin).map_err(Refusal::invalid)?;
        }
        let limits = [self.max_bytes, self.max_files, self.max_file_size];
        if limits.into_iter().flatten().any(|limit| limit < 0) {
            return Err(Refusal::invalid("A limit must be at least 1, or 0 for none.").into());
        }
        Ok(())
    }
}

/// The limit after a change.
fn limit(asked: Option<i64>, old: Option<i64>) -> Option<i64> {
    asked.map_or(old, |limit| Some(limit).filter(|limit| *limit > 0))
}

impl Projects {
    /// Makes a workspace.
    pub async fn create_workspace(&self, name: &str) -> Result<Workspace> {
        check_name(name)?;
        let now = self.0.clock.now();
        let workspace = Workspace { id: WorkspaceId::new(now), name: name.to_owned(), created_at: now };
        let mut tx = self.0.db.begin().await?;
        tx.insert_workspace(&workspace).await?;
        tx.commit().await?;
        Ok(workspace)
    }

    /// All workspaces, oldest first.
    pub async fn workspaces(&self) -> Result<Vec<Workspace>> {
        Ok(self.0.db.reader().await?.workspaces().await?)
    }

    /// Renames a workspace.
    pub async fn rename_workspace(&self, id: WorkspaceId, name: &str) -> Result<()> {
        check_name(name)?;
        let mut tx = self.0.db.begin().await?;
        if !tx.rename_workspace(id, name).await? {
            return Err(Refusal::not_found("workspace").into());
        }
        Ok(tx.commit().await?)
    }

    /// Makes a project with its counter.
    pub async fn create(&self, workspace: WorkspaceId, settings: Settings) -> Result<Project> {
        settings.check()?;
        let now = self.0.clock.now();
        let project = Project {
            id: ProjectId::new(now),
            workspace_id: workspace,
            name: settings.name.unwrap_or_else(|| "project".to_owned()),
            cors_origins: settings.origins.unwrap_or_default(),
            max_file_size: limit(settings.max_file_size, None),
            created_at: now,
            updated_at: now,
        };
        let mut tx = self.0.db.begin().await?;
        tx.workspace(workspace).await?.ok_or_else(|| Refusal::not_found("workspace"))?;
        tx.insert_project(&project).await?;
        let (max_bytes, max_files) = (limit(settings.max_bytes, None), limit(settings.max_files, None));
        tx.insert_usage(&quota::project_scope(project.id), max_bytes, max_files).await?;
        tx.commit().await?;
        Ok(project)
    }

    /// Changes what `settings` names. A limit below what is stored only refuses more.
    pub async fn update(&self, id: ProjectId, settings: Settings) -> Result<Project> {
        settings.check()?;
        let scope = quota::project_scope(id);
        let mut tx = self.0.db.begin().await?;
        let old = tx.project_of_any(id).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let usage = tx.usage(&scope).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let project = Project {
            name: settings.name.unwrap_or(old.name),
            cors_origins: settings.origins.unwrap_or(old.cors_origins),
            max_file_size: limit(settings.max_file_size, old.max_file_size),
            updated_at: self.0.clock.now(),
            ..old
        };
        tx.update_project(&project).await?;
        let (max_bytes, max_files) = (limit(settings.max_bytes, usage.max_bytes), limit(settings.max_files, usage.max_files));
        tx.limit_usage(&scope, max_bytes, max_files).await?;
        tx.commit().await?;
        Ok(project)
    }

    /// All projects, oldest first.
    pub async fn list(&self) -> Result<Vec<Project>> {
        Ok(self.0.db.reader().await?.projects_of_all().await?)
    }

    /// What a project holds (stored and reserved) and may hold.
    pub async fn usage(&self, id: ProjectId) -> Result<Usage> {
        let usage = self.0.db.reader().await?.usage(&quota::project_scope(id)).await?;
        usage.ok_or_else(|| Refusal::not_found("project").into())
    }
}
