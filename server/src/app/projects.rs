//! Workspaces and projects, as the operator keeps them.

use std::sync::Arc;

use super::{core::Core, error::Result};
use crate::{
    domain::{
        access::Scope,
        account::parse_name,
        audit::{Action, By, Deed},
        clock::Timestamp,
        cors::OriginPattern,
        ids::{ProjectId, WorkspaceId},
        quota::{Account, Usage},
        refusal::Refusal,
        type_policy::{self, OnMismatch, ScanDemand},
    },
    store::{
        Tx,
        projects::{Project, Workspace},
    },
};

/// See the module's text.
#[derive(Clone)]
pub struct Projects(pub(super) Arc<Core>);

/// What can be set on a project. `None` leaves it as it is, or at its default in a new one; a limit of 0 is no limit.
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
    /// The same three for each owner (`ownerRef`).
    pub owner_max_bytes: Option<i64>,
    pub owner_max_files: Option<i64>,
    pub owner_max_file_size: Option<i64>,
    /// Such as `image/*`; empty for all.
    pub allowed_types: Option<Vec<String>>,
    pub type_mismatch: Option<OnMismatch>,
    pub strip_metadata: Option<bool>,
    /// Days after which files are deleted; 0 for never.
    pub retention_days: Option<i64>,
    /// Whether files are public whose upload does not say.
    pub default_public: Option<bool>,
    pub scan: Option<ScanDemand>,
}

/// What can be set on a workspace, as for a project.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the flags of the command")]
pub struct WorkspaceSettings {
    pub name: Option<String>,
    pub max_bytes: Option<i64>,
    pub max_files: Option<i64>,
    pub max_file_size: Option<i64>,
}

impl WorkspaceSettings {
    /// A workspace without limits.
    pub fn named(name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::default() }
    }
}

/// The longest retention: a hundred years.
const MAX_RETENTION_DAYS: i64 = 36_500;

/// Refuses a name that nobody could recognise in a list, or no database keep.
pub(super) fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Refusal::invalid("The name is empty.").into());
    }
    parse_name(name).map(drop).map_err(Into::into)
}

fn check_limits<const N: usize>(limits: [Option<i64>; N]) -> Result<()> {
    if limits.into_iter().flatten().any(|limit| limit < 0) {
        return Err(Refusal::invalid("A limit must be at least 1, or 0 for none.").into());
    }
    Ok(())
}

impl Settings {
    fn check(&self) -> Result<()> {
        self.name.as_deref().map_or(Ok(()), check_name)?;
        for origin in self.origins.iter().flatten() {
            OriginPattern::parse(origin).map_err(Refusal::invalid)?;
        }
        check_limits([self.max_bytes, self.max_files, self.max_file_size])?;
        check_limits([self.owner_max_bytes, self.owner_max_files, self.owner_max_file_size])?;
        if self.retention_days.is_some_and(|days| !(0..=MAX_RETENTION_DAYS).contains(&days)) {
            return Err(Refusal::invalid("A retention must be 1 to 36500 days, or 0 for none.").into());
        }
        self.types().map(drop)
    }

    /// The list of types, each in its one spelling.
    fn types(&self) -> Result<Option<Vec<String>>> {
        let Some(types) = &self.allowed_types else { return Ok(None) };
        let types: std::result::Result<Vec<String>, String> = types.iter().map(|text| type_policy::parse_pattern(text)).collect();
        Ok(Some(types.map_err(Refusal::invalid)?))
    }

    /// `old` with what these settings change.
    fn apply(self, old: Project, now: Timestamp) -> Result<Project> {
        let allowed_types = self.types()?;
        Ok(Project {
            name: self.name.unwrap_or(old.name),
            cors_origins: self.origins.unwrap_or(old.cors_origins),
            max_file_size: limit(self.max_file_size, old.max_file_size),
            allowed_types: allowed_types.unwrap_or(old.allowed_types),
            type_mismatch: self.type_mismatch.unwrap_or(old.type_mismatch),
            strip_metadata: self.strip_metadata.unwrap_or(old.strip_metadata),
            retention_days: limit(self.retention_days, old.retention_days),
            default_public: self.default_public.unwrap_or(old.default_public),
            scan: self.scan.unwrap_or(old.scan),
            owner_max_bytes: limit(self.owner_max_bytes, old.owner_max_bytes),
            owner_max_files: limit(self.owner_max_files, old.owner_max_files),
            owner_max_file_size: limit(self.owner_max_file_size, old.owner_max_file_size),
            updated_at: now,
            ..old
        })
    }
}

/// The limit after a change.
fn limit(asked: Option<i64>, old: Option<i64>) -> Option<i64> {
    asked.map_or(old, |limit| Some(limit).filter(|limit| *limit > 0))
}

impl Projects {
    /// Makes a workspace with its counter. Refuses settings that cannot be (`VALIDATION_ERROR`).
    pub async fn create_workspace(&self, settings: WorkspaceSettings, by: &By) -> Result<Workspace> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let workspace = self.0.insert_workspace(&mut tx, settings, by, now).await?;
        tx.commit().await?;
        Ok(workspace)
    }

    /// All workspaces, oldest first.
    pub async fn workspaces(&self) -> Result<Vec<Workspace>> {
        Ok(self.0.db.reader().await?.workspaces().await?)
    }

    /// Changes what `settings` names. A limit below what is stored only refuses more. Refuses `NOT_FOUND` and `VALIDATION_ERROR`.
    pub async fn update_workspace(&self, id: WorkspaceId, settings: WorkspaceSettings, by: &By) -> Result<Workspace> {
        settings.name.as_deref().map_or(Ok(()), check_name)?;
        check_limits([settings.max_bytes, settings.max_files, settings.max_file_size])?;
        let account = Account::workspace(id);
        let mut tx = self.0.db.begin().await?;
        // Who changes settings holds the counter first, so that of two changes at once none is lost.
        let usage = tx.lock_usage(&account).await?.unwrap_or_default();
        let old = tx.workspace(id).await?.ok_or_else(|| Refusal::not_found("workspace"))?;
        let (max_bytes, max_files) = (limit(settings.max_bytes, usage.max_bytes), limit(settings.max_files, usage.max_files));
        tx.limit_usage(&account, max_bytes, max_files).await?;
        let workspace = Workspace {
            name: settings.name.unwrap_or(old.name),
            max_file_size: limit(settings.max_file_size, old.max_file_size),
            ..old
        };
        tx.update_workspace(&workspace).await?;
        let deed = Deed::new(Action::WorkspaceUpdated, "workspace", id.0, &workspace.name).within(id);
        tx.audit(by, &deed, self.0.clock.now()).await?;
        tx.commit().await?;
        Ok(workspace)
    }

    /// Makes a project with its counter. Refuses an unknown workspace (`NOT_FOUND`) and settings that cannot be (`VALIDATION_ERROR`).
    pub async fn create(&self, workspace: WorkspaceId, settings: Settings, by: &By) -> Result<Project> {
        settings.check()?;
        let now = self.0.clock.now();
        let (max_bytes, max_files) = (limit(settings.max_bytes, None), limit(settings.max_files, None));
        let blank = Project {
            id: ProjectId::new(now),
            workspace_id: workspace,
            name: "project".to_owned(),
            cors_origins: Vec::new(),
            max_file_size: None,
            allowed_types: Vec::new(),
            type_mismatch: OnMismatch::default(),
            strip_metadata: false,
            default_public: false,
            scan: ScanDemand::default(),
            retention_days: None,
            owner_max_bytes: None,
            owner_max_files: None,
            owner_max_file_size: None,
            created_at: now,
            updated_at: now,
        };
        let project = settings.apply(blank, now)?;
        let mut tx = self.0.db.begin().await?;
        self.0.hold_workspace(&mut tx, workspace).await?;
        tx.insert_project(&project).await?;
        tx.insert_usage(&Account::project(project.id), max_bytes, max_files).await?;
        let deed = Deed::new(Action::ProjectCreated, "project", project.id.0, &project.name).within(workspace);
        tx.audit(by, &deed, now).await?;
        tx.commit().await?;
        Ok(project)
    }

    /// Changes what `settings` names. A limit below what is stored only refuses more. Refuses `NOT_FOUND` and `VALIDATION_ERROR`.
    pub async fn update(&self, id: ProjectId, settings: Settings, by: &By) -> Result<Project> {
        settings.check()?;
        let account = Account::project(id);
        let mut tx = self.0.db.begin().await?;
        let usage = tx.lock_usage(&account).await?.unwrap_or_default();
        let old = tx.project_of_any(id).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let (max_bytes, max_files) = (limit(settings.max_bytes, usage.max_bytes), limit(settings.max_files, usage.max_files));
        tx.limit_usage(&account, max_bytes, max_files).await?;
        let limits_owners = settings.owner_max_bytes.or(settings.owner_max_files).is_some();
        let project = settings.apply(old, self.0.clock.now())?;
        if limits_owners {
            tx.limit_owners(id, project.owner_max_bytes, project.owner_max_files).await?;
        }
        tx.update_project(&project).await?;
        let deed = Deed::new(Action::ProjectUpdated, "project", id.0, &project.name).within(project.workspace_id);
        tx.audit(by, &deed, project.updated_at).await?;
        tx.commit().await?;
        Ok(project)
    }

    /// A project that somebody reaches. Refuses `NOT_FOUND`.
    pub async fn get(&self, scope: &Scope, id: ProjectId) -> Result<Project> {
        let found = self.0.db.reader().await?.project(scope, id).await?;
        found.ok_or_else(|| Refusal::not_found("project").into())
    }

    /// All projects, oldest first.
    pub async fn list(&self) -> Result<Vec<Project>> {
        Ok(self.0.db.reader().await?.projects_of_all().await?)
    }

    /// What a workspace holds (stored and reserved) and may hold, in bytes and files. Refuses `NOT_FOUND`.
    pub async fn workspace_usage(&self, id: WorkspaceId) -> Result<Usage> {
        let usage = self.0.db.reader().await?.usage(&Account::workspace(id)).await?;
        usage.ok_or_else(|| Refusal::not_found("workspace").into())
    }

    /// What a project holds (stored and reserved) and may hold, in bytes and files. Refuses `NOT_FOUND`.
    pub async fn usage(&self, id: ProjectId) -> Result<Usage> {
        let usage = self.0.db.reader().await?.usage(&Account::project(id)).await?;
        usage.ok_or_else(|| Refusal::not_found("project").into())
    }
}

impl Core {
    /// The rows of a new workspace.
    pub(super) async fn insert_workspace(
        &self,
        tx: &mut Tx,
        settings: WorkspaceSettings,
        by: &By,
        now: Timestamp,
    ) -> Result<Workspace> {
        let name = settings.name.unwrap_or_else(|| "workspace".to_owned());
        check_name(&name)?;
        check_limits([settings.max_bytes, settings.max_files, settings.max_file_size])?;
        let max_file_size = limit(settings.max_file_size, None);
        let workspace = Workspace { id: WorkspaceId::new(now), name, max_file_size, created_at: now };
        tx.insert_workspace(&workspace).await?;
        let (max_bytes, max_files) = (limit(settings.max_bytes, None), limit(settings.max_files, None));
        tx.insert_usage(&Account::workspace(workspace.id), max_bytes, max_files).await?;
        let deed = Deed::new(Action::WorkspaceCreated, "workspace", workspace.id.0, &workspace.name).within(workspace.id);
        tx.audit(by, &deed, now).await?;
        Ok(workspace)
    }
}
