//! Where an upload goes, whichever way it comes: the project, how large a file may be there, and which types it takes.

use super::{core::Core, error::Result};
use crate::{
    domain::{
        access::Scope,
        ids::ProjectId,
        refusal::{Code, Refusal},
        type_policy::{self, OnMismatch},
    },
    store::projects::Project,
};

/// A project that takes uploads.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) project: Project,
    max_size: i64,
}

impl Target {
    /// The largest file in bytes: the least of the server's, the workspace's, the project's and, for a file with an owner, the
    /// owner's limit.
    pub(super) fn max_size(&self, owner: Option<&str>) -> i64 {
        let of_owner = owner.and(self.project.owner_max_file_size).unwrap_or(i64::MAX);
        self.max_size.min(of_owner)
    }

    /// Refuses a declared type that cannot be taken (`CONTENT_TYPE_NOT_ALLOWED`). Only a project that refuses wrong declarations judges
    /// by them; else the bytes decide.
    pub(super) fn check_declared(&self, mime: &str) -> std::result::Result<(), Refusal> {
        let Project { allowed_types, type_mismatch, .. } = &self.project;
        let judged = *type_mismatch == OnMismatch::Refuse && type_policy::is_specific(mime);
        if !judged || type_policy::allows(allowed_types, &type_policy::essence(mime)) {
            return Ok(());
        }
        Err(not_allowed(mime, allowed_types))
    }
}

/// The refusal of a type that is not on a project's list.
pub(super) fn not_allowed(mime: &str, allowed: &[String]) -> Refusal {
    let message = format!("This project does not take {mime}; it takes {}.", allowed.join(", "));
    Refusal::new(Code::ContentTypeNotAllowed, message).with("allowed", allowed)
}

impl Core {
    /// The project that an upload goes to; `NOT_FOUND` if the bearer does not reach it.
    pub(super) async fn target(&self, scope: &Scope, id: ProjectId) -> Result<Target> {
        let mut conn = self.db.reader().await?;
        let project = conn.project(scope, id).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let workspace = conn.workspace(project.workspace_id).await?.and_then(|workspace| workspace.max_file_size);
        let own = [workspace, project.max_file_size].into_iter().flatten().min().unwrap_or(i64::MAX);
        Ok(Target { max_size: own.min(self.config.max_file_size()), project })
    }
}
