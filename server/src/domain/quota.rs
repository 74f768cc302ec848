//! How much may be held: by a workspace, by a project and by each owner (`ownerRef`) within a project.
//!
//! The counting itself is one atomic statement an account in `store/usage.rs`.

use serde::Serialize;

use super::{
    ids::{ProjectId, WorkspaceId},
    refusal::{Code, Refusal},
};

/// What an account belongs to, from the outside in. Accounts are always locked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Level {
    Workspace,
    Project,
    Owner,
}

impl Level {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Project => "project",
            Self::Owner => "owner",
        }
    }
}

/// One counter with its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What it belongs to.
    pub level: Level,
    /// The key of its row.
    pub scope: String,
}

impl Account {
    /// A workspace's.
    pub fn workspace(id: WorkspaceId) -> Self {
        Self { level: Level::Workspace, scope: format!("workspace:{id}") }
    }

    /// A project's.
    pub fn project(id: ProjectId) -> Self {
        Self { level: Level::Project, scope: format!("project:{id}") }
    }

    /// An owner's within a project.
    pub fn owner(project: ProjectId, owner: &str) -> Self {
        Self { level: Level::Owner, scope: format!("{}{owner}", owner_prefix(project)) }
    }
}

/// What the scopes of a project's owners begin with.
pub fn owner_prefix(project: ProjectId) -> String {
    format!("owner:{project}:")
}

/// Whose room a file takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The project.
    pub project: ProjectId,
    /// The app's own user, if it named one.
    pub owner: Option<String>,
}

impl Holder {
    /// All the accounts that it counts against, in the order in which they are locked.
    pub fn accounts(&self) -> impl Iterator<Item = Account> {
        let owner = self.owner.as_ref().map(|owner| Account::owner(self.project, owner));
        [Account::workspace(self.workspace), Account::project(self.project)].into_iter().chain(owner)
    }
}

/// Bytes and files, asked for or counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Bytes.
    pub bytes: i64,
    /// Files.
    pub files: i64,
}

impl Amount {
    /// One file of `bytes` bytes.
    pub const fn one_file(bytes: i64) -> Self {
        Self { bytes, files: 1 }
    }
}

impl std::ops::Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { bytes: self.bytes.saturating_add(other.bytes), files: self.files.saturating_add(other.files) }
    }
}

/// A counter and its limits; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Published files.
    pub stored: Amount,
    /// Promised to uploads that are not published yet.
    pub reserved: Amount,
    /// Most bytes.
    pub max_bytes: Option<i64>,
    /// Most files.
    pub max_files: Option<i64>,
}

impl Usage {
    /// Stored plus reserved: what counts against the limits.
    pub fn used(&self) -> Amount {
        self.stored + self.reserved
    }
}

/// The refusal for an amount that does not fit, with the figures of the limit that it hits.
pub fn exceeded(level: Level, usage: &Usage, requested: Amount) -> Refusal {
    let used = usage.used();
    let over_bytes = usage.max_bytes.is_some_and(|max| used.bytes.saturating_add(requested.bytes) > max);
    let (limit, used, requested, unit) = if over_bytes {
        (usage.max_bytes, used.bytes, requested.bytes, "bytes")
    } else {
        (usage.max_files, used.files, requested.files, "files")
    };
    let (limit, whose) = (limit.unwrap_or_default(), level.as_str());
    let message = format!("This {whose} may hold {limit} {unit}; {used} are used and {requested} more were requested.");
    Refusal::new(Code::QuotaExceeded, message)
        .with("limit", limit)
        .with("used", used)
        .with("requested", requested)
        .with("unit", unit)
        .with("scope", whose)
}

/// The refusal of a file above the largest size that is allowed.
pub fn file_too_large(limit: i64) -> Refusal {
    Refusal::new(Code::FileTooLarge, format!("The file is larger than the {limit} bytes that are allowed here."))
        .with("limit", limit)
}
