//! What is stored, reserved and allowed.

use std::sync::Arc;

use super::{core::Core, error::Result};
use crate::{
    domain::{
        access::{Reach, Scope},
        ids::ProjectId,
        quota::{Account, Usage},
        refusal::Refusal,
    },
    store::projects::{Project, Workspace},
};

/// See the module's text.
#[derive(Clone)]
pub struct Usages(pub(super) Arc<Core>);

/// What the bearer may see of usage.
#[derive(Debug)]
pub struct Report {
    /// For keys that reach all projects.
    pub workspace: Option<(Workspace, Usage)>,
    /// Each project that the bearer reaches.
    pub projects: Vec<(Project, Usage)>,
}

impl Usages {
    /// Usage of all that the bearer reaches, or of one project. Refuses `NOT_FOUND`.
    pub async fn report(&self, scope: &Scope, only: Option<ProjectId>) -> Result<Report> {
        let mut conn = self.0.db.reader().await?;
        let projects = match only {
            Some(id) => vec![conn.project(scope, id).await?.ok_or_else(|| Refusal::not_found("project"))?],
            None => conn.projects(scope).await?,
        };
        let mut rows = Vec::new();
        for project in projects {
            let usage = conn.usage(&Account::project(project.id)).await?.unwrap_or_default();
            rows.push((project, usage));
        }
        let workspace = match (&scope.reach, only) {
            (Reach::AllProjects, None) => conn.workspace(scope.workspace).await?,
            _ => None,
        };
        let usage = conn.usage(&Account::workspace(scope.workspace)).await?.unwrap_or_default();
        Ok(Report { workspace: workspace.map(|workspace| (workspace, usage)), projects: rows })
    }

    /// Usage of one owner within a project; nothing for one who never uploaded. Refuses `NOT_FOUND` for the project.
    pub async fn of_owner(&self, scope: &Scope, project: ProjectId, owner: &str) -> Result<(Project, Usage)> {
        let mut conn = self.0.db.reader().await?;
        let project = conn.project(scope, project).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let counted = conn.usage(&Account::owner(project.id, owner)).await?;
        let (max_bytes, max_files) = (project.owner_max_bytes, project.owner_max_files);
        let usage = counted.unwrap_or(Usage { max_bytes, max_files, ..Usage::default() });
        Ok((project, usage))
    }
}
