//! Direct uploads: the app's server sends the files, we answer once they are safe.
//!
//! The way of a file: `stage` → bytes are written and hashed as they come → `accept_direct` checks everything that only the
//! whole request can tell, makes the bytes durable under their final names, and has the rows that point to them committed
//! (`intake.rs`, many requests in one commit) with the jobs that will process them. Only then is there an answer.

use std::{sync::Arc, time::Instant};

use futures_util::future::try_join_all;

use super::{
    core::Core,
    error::{Error, Result, to_the_end},
    intake::Unit,
};
use crate::{
    blobs::{Committed, Staged},
    domain::{
        access::Scope,
        clock::Timestamp,
        file::{FileName, Metadata},
        ids::{FileId, ProjectId, UploadId},
        quota::{self, Amount},
        refusal::{Code, Refusal},
        upload::{Source, State},
    },
    store::{Tx, projects::Project, uploads::Upload},
};

/// See the module's text.
#[derive(Clone)]
pub struct Uploads(pub(super) Arc<Core>);

/// What an upload says about its file, beyond name and bytes.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether anybody may fetch it.
    pub is_public: bool,
    /// Normalised, such as `a/b`.
    pub folder: String,
    /// Checked against its limits.
    pub metadata: Metadata,
    /// The app's own user.
    pub owner_ref: Option<String>,
}

/// A file whose bytes have arrived but are not yet durable.
pub struct Incoming {
    /// Its name.
    pub name: FileName,
    /// The type that its part declares.
    pub declared_mime: String,
    /// Its bytes.
    pub staged: Staged,
}

/// The ids of an upload that was taken.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    /// Its session.
    pub upload: UploadId,
    /// The file that it becomes.
    pub file: FileId,
}

impl Uploads {
    /// The project that an upload goes to; `NOT_FOUND` if the bearer does not reach it.
    pub async fn project(&self, scope: &Scope, id: ProjectId) -> Result<Project> {
        self.0.uploading_project(scope, id).await
    }

    /// The largest file in bytes, for a project or, before it is known, for all.
    pub fn max_size(&self, project: Option<&Project>) -> i64 {
        self.0.max_size(project)
    }

    /// Begins to take a file's bytes.
    pub fn stage(&self) -> Staged {
        self.0.blobs.stage()
    }

    /// Takes one or more files. When this returns, bytes and rows survive a power cut, all of the files or none.
    ///
    /// Refuses `EMPTY_FILE`, `FILE_TOO_LARGE` and `QUOTA_EXCEEDED`; then nothing is kept.
    pub async fn accept_direct(&self, project: Project, options: Options, files: Vec<Incoming>) -> Result<Vec<Accepted>> {
        let limit = self.max_size(Some(&project));
        for file in &files {
            match file.staged.size() {
                0 => {
                    let message = format!("The file {:?} is empty.", file.name.clean);
                    return Err(Refusal::new(Code::EmptyFile, message).into());
                }
                size if size > limit.unsigned_abs() => return Err(quota::file_too_large(limit).into()),
                _ => {}
            }
        }
        let core = Arc::clone(&self.0);
        to_the_end(async move { core.store_direct(&project, &options, files).await }).await
    }
}

impl Core {
    pub(super) async fn uploading_project(&self, scope: &Scope, id: ProjectId) -> Result<Project> {
        let project = self.db.reader().await?.project(scope, id).await?;
        project.ok_or_else(|| Refusal::not_found("project").into())
    }

    pub(super) fn max_size(&self, project: Option<&Project>) -> i64 {
        let own = project.and_then(|project| project.max_file_size).unwrap_or(i64::MAX);
        own.min(self.config.max_file_size())
    }

    async fn store_direct(&self, project: &Project, options: &Options, files: Vec<Incoming>) -> Result<Vec<Accepted>> {
        let begun = Instant::now();
        let durable = try_join_all(files.into_iter().map(|file| async {
            let committed = file.staged.commit().await?;
            Ok::<_, Error>((file.name, file.declared_mime, committed))
        }))
        .await?;
        let now = self.clock.now();
        let uploads: Vec<Upload> =
            durable.iter().map(|(name, mime, committed)| direct_upload(project, options, (name, mime, committed), now)).collect();
        let size: i64 = uploads.iter().map(|upload| upload.expected_size).sum();
        let accepted = uploads.iter().map(|upload| Accepted { upload: upload.id, file: upload.file_id }).collect();
        let files = uploads.len() as u64;
        let bytes = durable.into_iter().map(|(_, _, committed)| committed).collect();
        self.intake.take(Unit { project: project.id, uploads, bytes }).await?;

        metrics::counter!("reupload_uploads_accepted_total", "source" => "direct").increment(files);
        metrics::counter!("reupload_upload_bytes_total", "source" => "direct").increment(size.unsigned_abs());
        metrics::histogram!("reupload_upload_store_seconds", "source" => "direct").record(begun.elapsed().as_secs_f64());
        Ok(accepted)
    }
}

fn direct_upload(project: &Project, options: &Options, file: (&FileName, &str, &Committed), now: Timestamp) -> Upload {
    let (name, mime, committed) = file;
    let blob = committed.blob();
    Upload {
        id: UploadId::new(now),
        workspace_id: project.workspace_id,
        project_id: project.id,
        file_id: FileId::new(now),
        source: Source::Direct,
        state: State::Processing,
        name: name.clean.clone(),
        original_name: name.original.clone(),
        folder: options.folder.clone(),
        is_public: options.is_public,
        metadata: options.metadata.clone(),
        owner_ref: options.owner_ref.clone(),
        expected_size: i64::try_from(blob.size).unwrap_or(i64::MAX),
        expected_mime: mime.to_owned(),
        blob_id: Some(blob.id),
        sha256: Some(blob.sha256.to_vec()),
        expires_at: now,
        completed_at: None,
        failure_reason: None,
        created_at: now,
        updated_at: now,
    }
}

/// Reserves room in a project, or refuses with the figures.
pub(super) async fn reserve(tx: &mut Tx, project: ProjectId, amount: Amount) -> Result<()> {
    let scope = quota::project_scope(project);
    if tx.reserve(&scope, amount).await? {
        return Ok(());
    }
    let usage = tx.usage(&scope).await?.ok_or_else(|| Refusal::not_found("project"))?;
    Err(quota::exceeded(usage, amount).into())
}
