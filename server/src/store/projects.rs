//! Workspaces and projects.

use sqlx::types::Json;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    access::Scope,
    clock::Timestamp,
    ids::{ProjectId, WorkspaceId},
};

/// A row of `workspaces`.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "columns")]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    pub created_at: Timestamp,
}

/// A row of `projects`.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "columns")]
pub struct Project {
    pub id: ProjectId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    #[sqlx(json)]
    pub cors_origins: Vec<String>,
    pub max_file_size: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

statements! {
    INSERT_WORKSPACE = "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)";
    GET_WORKSPACE = "SELECT id, name, created_at FROM workspaces WHERE id = $1";
    LIST_WORKSPACES = "SELECT id, name, created_at FROM workspaces ORDER BY id";
    RENAME_WORKSPACE = "UPDATE workspaces SET name = $2 WHERE id = $1";
    INSERT_PROJECT = "INSERT INTO projects (id, workspace_id, name, cors_origins, max_file_size, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    UPDATE_PROJECT = "UPDATE projects SET name = $2, cors_origins = $3, max_file_size = $4, updated_at = $5 WHERE id = $1";
    GET_PROJECT = "SELECT id, workspace_id, name, cors_origins, max_file_size, created_at, updated_at FROM projects WHERE id = $1";
    LIST_PROJECTS = "SELECT id, workspace_id, name, cors_origins, max_file_size, created_at, updated_at FROM projects
        WHERE workspace_id = $1 ORDER BY id";
    LIST_ALL_PROJECTS = "SELECT id, workspace_id, name, cors_origins, max_file_size, created_at, updated_at FROM projects ORDER BY id";
}

impl Conn {
    /// Any workspace, for the operator.
    pub async fn workspace(&mut self, id: WorkspaceId) -> Result<Option<Workspace>> {
        fetch_optional!(self, Workspace, GET_WORKSPACE, id)
    }

    /// All workspaces, oldest first, for the operator.
    pub async fn workspaces(&mut self) -> Result<Vec<Workspace>> {
        fetch_all!(self, Workspace, LIST_WORKSPACES)
    }

    /// Any project, for the operator and for jobs.
    pub async fn project_of_any(&mut self, id: ProjectId) -> Result<Option<Project>> {
        fetch_optional!(self, Project, GET_PROJECT, id)
    }

    /// All projects, oldest first, for the operator.
    pub async fn projects_of_all(&mut self) -> Result<Vec<Project>> {
        fetch_all!(self, Project, LIST_ALL_PROJECTS)
    }

    /// A project that the bearer may touch.
    pub async fn project(&mut self, scope: &Scope, id: ProjectId) -> Result<Option<Project>> {
        let found = self.project_of_any(id).await?;
        Ok(found.filter(|project| scope.covers(project.workspace_id, project.id)))
    }

    /// The projects that the bearer may touch, oldest first.
    pub async fn projects(&mut self, scope: &Scope) -> Result<Vec<Project>> {
        let mut projects = fetch_all!(self, Project, LIST_PROJECTS, scope.workspace)?;
        projects.retain(|project| scope.covers(project.workspace_id, project.id));
        Ok(projects)
    }
}

impl Tx {
    /// Adds a workspace.
    pub async fn insert_workspace(&mut self, workspace: &Workspace) -> Result<()> {
        execute!(self, INSERT_WORKSPACE, workspace.id, &workspace.name, workspace.created_at)?;
        Ok(())
    }

    /// Renames a workspace; says whether it is there.
    pub async fn rename_workspace(&mut self, id: WorkspaceId, name: &str) -> Result<bool> {
        Ok(execute!(self, RENAME_WORKSPACE, id, name)? == 1)
    }

    /// Adds a project.
    pub async fn insert_project(&mut self, project: &Project) -> Result<()> {
        execute!(
            self,
            INSERT_PROJECT,
            project.id,
            project.workspace_id,
            &project.name,
            Json(&project.cors_origins),
            project.max_file_size,
            project.created_at,
            project.updated_at
        )?;
        Ok(())
    }

    /// Stores a project's name, origins and largest file.
    pub async fn update_project(&mut self, project: &Project) -> Result<()> {
        execute!(
            self,
            UPDATE_PROJECT,
            project.id,
            &project.name,
            Json(&project.cors_origins),
            project.max_file_size,
            project.updated_at
        )?;
        Ok(())
    }
}
