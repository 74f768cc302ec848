//! The flags that set limits and rules of workspaces and projects. To add one: a field here, and one in `app/projects.rs`.

use clap::Args as ClapArgs;

use crate::{
    app::projects::{Settings, WorkspaceSettings},
    domain::type_policy::{OnMismatch, ScanDemand},
};

#[derive(ClapArgs)]
#[expect(clippy::struct_field_names, reason = "they are the flags' names")]
pub(super) struct Limits {
    /// Most bytes, all files together; 0 for no limit
    #[arg(long, value_name = "N")]
    max_bytes: Option<i64>,
    /// Most files; 0 for no limit
    #[arg(long, value_name = "N")]
    max_files: Option<i64>,
    /// Largest file in bytes; 0 for no limit but the server's
    #[arg(long, value_name = "N")]
    max_file_size: Option<i64>,
}

impl Limits {
    pub(super) fn of_workspace(self, name: Option<String>) -> WorkspaceSettings {
        let Self { max_bytes, max_files, max_file_size } = self;
        WorkspaceSettings { name, max_bytes, max_files, max_file_size }
    }
}

#[derive(ClapArgs)]
pub(super) struct Rules {
    #[command(flatten)]
    limits: Limits,
    #[arg(
        long = "origin",
        value_name = "URL",
        help = "Origin whose pages may upload, such as https://app.example.com; may be repeated; replaces the list"
    )]
    origins: Vec<String>,
    /// Allow no origin
    #[arg(long, conflicts_with = "origins")]
    no_origins: bool,
    /// Most bytes of one ownerRef; 0 for no limit
    #[arg(long, value_name = "N")]
    owner_max_bytes: Option<i64>,
    /// Most files of one ownerRef; 0 for no limit
    #[arg(long, value_name = "N")]
    owner_max_files: Option<i64>,
    /// Largest file in bytes that has an ownerRef; 0 for no limit of its own
    #[arg(long, value_name = "N")]
    owner_max_file_size: Option<i64>,
    /// Media type that is taken, such as application/pdf or image/*; may be repeated; replaces the list
    #[arg(long = "allow-type", value_name = "TYPE")]
    allowed_types: Vec<String>,
    /// Take every type
    #[arg(long, conflicts_with = "allowed_types")]
    any_type: bool,
    /// What happens if the declared type contradicts the bytes: correct or refuse
    #[arg(long, value_name = "WHAT")]
    on_type_mismatch: Option<OnMismatch>,
    /// Whether metadata such as GPS positions is taken out of pictures: true or false
    #[arg(long, value_name = "BOOL")]
    strip_metadata: Option<bool>,
    /// Whether files are public whose upload does not say: true or false
    #[arg(long, value_name = "BOOL")]
    default_public: Option<bool>,
    /// What happens to files where no scanner is configured: `when_available` (they are published) or `required` (they fail)
    #[arg(long, value_name = "WHAT")]
    scan: Option<ScanDemand>,
    /// Delete files this many days after they were published; 0 for never
    #[arg(long, value_name = "DAYS")]
    retention_days: Option<i64>,
}

impl Rules {
    pub(super) fn settings(self, name: Option<String>) -> Settings {
        let listed = |list: Vec<String>, emptied: bool| Some(list).filter(|list| emptied || !list.is_empty());
        Settings {
            name,
            origins: listed(self.origins, self.no_origins),
            max_bytes: self.limits.max_bytes,
            max_files: self.limits.max_files,
            max_file_size: self.limits.max_file_size,
            owner_max_bytes: self.owner_max_bytes,
            owner_max_files: self.owner_max_files,
            owner_max_file_size: self.owner_max_file_size,
            allowed_types: listed(self.allowed_types, self.any_type),
            type_mismatch: self.on_type_mismatch,
            strip_metadata: self.strip_metadata,
            retention_days: self.retention_days,
            default_public: self.default_public,
            scan: self.scan,
        }
    }
}
