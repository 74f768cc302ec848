//! How much a project may hold. The counting itself is one atomic statement in `store/usage.rs`.

use super::{
    ids::ProjectId,
    refusal::{Code, Refusal},
};

/// What a counter belongs to, as the key of its row. Workspaces and owners get theirs beside it.
pub fn project_scope(project: ProjectId) -> String {
    format!("project:{project}")
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

/// A counter and its limits; `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Stored plus reserved.
    pub used: Amount,
    /// Most bytes.
    pub max_bytes: Option<i64>,
    /// Most files.
    pub max_files: Option<i64>,
}

/// The refusal for an amount that does not fit, with the figures of the limit that it hits.
pub fn exceeded(usage: Usage, requested: Amount) -> Refusal {
    let over_bytes = usage.max_bytes.is_some_and(|max| usage.used.bytes + requested.bytes > max);
    let (limit, used, requested, unit) = if over_bytes {
        (usage.max_bytes, usage.used.bytes, requested.bytes, "bytes")
    } else {
        (usage.max_files, usage.used.files, requested.files, "files")
    };
    let limit = limit.unwrap_or_default();
    let message = format!("This project may hold {limit} {unit}; {used} are used and {requested} more were requested.");
    Refusal::new(Code::QuotaExceeded, message)
        .with("limit", limit)
        .with("used", used)
        .with("requested", requested)
        .with("unit", unit)
}

/// The refusal of a file above the largest size that is allowed.
pub fn file_too_large(limit: i64) -> Refusal {
    Refusal::new(Code::FileTooLarge, format!("The file is larger than the {limit} bytes that are allowed here."))
        .with("limit", limit)
}
