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
    type_policy::{OnMismatch, ScanDemand},
};

/// A row of `workspaces`.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "columns")]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    pub max_file_size: Option<i64>,
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
    /// Empty: all.
    #[sqlx(json)]
    pub allowed_types: Vec<String>,
    pub type_mismatch: OnMismatch,
    pub strip_metadata: bool,
    pub default_public: bool,
    pub scan: ScanDemand,
    pub retention_days: Option<i64>,
    pub owner_max_bytes: Option<i64>,
    pub owner_max_files: Option<i64>,
    pub owner_max_file_size: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

macro_rules! columns {
    () => {
        "id, workspace_id, name, cors_origins, max_file_size, allowed_types, type_mismatch, strip_metadata, retention_days, \
         owner_max_bytes, owner_max_files, owner_max_file_size, created_at, updated_at, default_public, scan"
    };
}

statements! {
    INSERT_WORKSPACE = "INSERT INTO workspaces (id, name, max_file_size, created_at, last_event) VALUES ($1, $2, $3, $4, 0)";
    GET_WORKSPACE = "SELECT id, name, max_file_size, created_at FROM workspaces WHERE id = $1 AND deleted_at IS NULL";
    ANY_WORKSPACE = "SELECT id FROM workspaces LIMIT 1";
    LIST_WORKSPACES = "SELECT id, name, max_file_size, created_at FROM workspaces WHERE deleted_at IS NULL ORDER BY id";
    UPDATE_WORKSPACE = "UPDATE workspaces SET name = $2, max_file_size = $3 WHERE id = $1";
    DELETE_WORKSPACE = "UPDATE workspaces SET deleted_at = $2 WHERE id = $1";
    INSERT_PROJECT = concat!("INSERT INTO projects (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
    UPDATE_PROJECT = "UPDATE projects SET name = $2, cors_origins = $3, max_file_size = $4, updated_at = $5, allowed_types = $6,
        type_mismatch = $7, strip_metadata = $8, retention_days = $9, owner_max_bytes = $10, owner_max_files = $11,
        owner_max_file_size = $12, default_public = $13, scan = $14 WHERE id = $1";
    DELETE_PROJECT = "UPDATE projects SET deleted_at = $2, updated_at = $2 WHERE id = $1";
    GET_PROJECT = concat!("SELECT ", columns!(), " FROM projects WHERE id = $1 AND deleted_at IS NULL");
    LIST_PROJECTS = concat!("SELECT ", columns!(), " FROM projects WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY id");
    LIST_ALL_PROJECTS = concat!("SELECT ", columns!(), " FROM projects WHERE deleted_at IS NULL ORDER BY id");
    LIST_RETAINING = concat!("SELECT ", columns!(), " FROM projects WHERE retention_days IS NOT NULL AND deleted_at IS NULL ORDER BY id");
}

impl Conn {
    /// Any workspace, for the operator.
    pub async fn workspace(&mut self, id: WorkspaceId) -> Result<Option<Workspace>> {
        fetch_optional!(self, Workspace, GET_WORKSPACE, id)
    }

    /// Whether there ever was a workspace.
    pub async fn had_workspaces(&mut self) -> Result<bool> {
        Ok(fetch_optional!(self, (WorkspaceId,), ANY_WORKSPACE)?.is_some())
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

    /// Projects that delete their files after a while.
    pub async fn retaining_projects(&mut self) -> Result<Vec<Project>> {
        fetch_all!(self, Project, LIST_RETAINING)
    }

    /// A project that the bearer may touch.
    pub async fn project(&mut self, scope: &Scope, id: ProjectId) -> Result<Option<Project>> {
        let found = self.project_of_any(id).await?;
        Ok(found.filter(|project| scope.covers(project.workspace_id, project.id)))
    }

    /// The projects of a workspace, oldest first, for the operator.
    pub async fn projects_in(&mut self, workspace: WorkspaceId) -> Result<Vec<Project>> {
        fetch_all!(self, Project, LIST_PROJECTS, workspace)
    }

    /// The projects that the bearer may touch, oldest first.
    pub async fn projects(&mut self, scope: &Scope) -> Result<Vec<Project>> {
        let mut projects = self.projects_in(scope.workspace).await?;
        projects.retain(|project| scope.covers(project.workspace_id, project.id));
        Ok(projects)
    }
}

impl Tx {
    /// Adds a workspace.
    pub async fn insert_workspace(&mut self, workspace: &Workspace) -> Result<()> {
        execute!(self, INSERT_WORKSPACE, workspace.id, &workspace.name, workspace.max_file_size, workspace.created_at)?;
        Ok(())
    }

    /// Stores a workspace's name and largest file.
    pub async fn update_workspace(&mut self, workspace: &Workspace) -> Result<()> {
        execute!(self, UPDATE_WORKSPACE, workspace.id, &workspace.name, workspace.max_file_size)?;
        Ok(())
    }

    /// Marks a workspace deleted: from then on nobody finds it.
    pub async fn delete_workspace(&mut self, id: WorkspaceId, now: Timestamp) -> Result<()> {
        execute!(self, DELETE_WORKSPACE, id, now)?;
        Ok(())
    }

    /// Marks a project deleted: from then on nobody finds it.
    pub async fn delete_project(&mut self, id: ProjectId, now: Timestamp) -> Result<()> {
        execute!(self, DELETE_PROJECT, id, now)?;
        Ok(())
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
            Json(&project.allowed_types),
            project.type_mismatch,
            project.strip_metadata,
            project.retention_days,
            project.owner_max_bytes,
            project.owner_max_files,
            project.owner_max_file_size,
            project.created_at,
            project.updated_at,
            project.default_public,
            project.scan
        )?;
        Ok(())
    }

    /// Stores what can be set on a project.
    pub async fn update_project(&mut self, project: &Project) -> Result<()> {
        execute!(
            self,
            UPDATE_PROJECT,
            project.id,
            &project.name,
            Json(&project.cors_origins),
            project.max_file_size,
            project.updated_at,
            Json(&project.allowed_types),
            project.type_mismatch,
            project.strip_metadata,
            project.retention_days,
            project.owner_max_bytes,
            project.owner_max_files,
            project.owner_max_file_size,
            project.default_public,
            project.scan
        )?;
        Ok(())
    }
}
