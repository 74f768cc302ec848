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
    holds::Room,
    intake::{Taken, Unit},
};
use crate::{
    blobs::{Committed, Staged},
    domain::{
        access::Scope,
        clock::Timestamp,
        file::{FileName, Metadata},
        idempotency::{Fingerprint, Once},
        ids::{FileId, KeyId, ProjectId, UploadId},
        quota::{self, Holder},
        refusal::{Code, Refusal},
        type_policy::{self, OnMismatch},
        upload::{Source, State},
    },
    store::{projects::Project, uploads::Upload},
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
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub struct Accepted {
    /// Its session.
    pub upload: UploadId,
    /// The file that it becomes.
    pub file: FileId,
}

/// Where uploads go, and how large a file may be there.
#[derive(Clone, Debug)]
pub struct Target {
    /// The project.
    pub project: Project,
    max_size: i64,
}

impl Target {
    /// The largest file in bytes: the least of the server's, the workspace's, the project's and, for a file with an owner, the
    /// owner's limit.
    pub fn max_size(&self, owner: Option<&str>) -> i64 {
        let of_owner = owner.and(self.project.owner_max_file_size).unwrap_or(i64::MAX);
        self.max_size.min(of_owner)
    }

    /// Refuses a declared type that cannot be taken (`CONTENT_TYPE_NOT_ALLOWED`). Only a project that refuses wrong declarations judges
    /// by them; else the bytes decide.
    pub fn check_declared(&self, mime: &str) -> std::result::Result<(), Refusal> {
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

/// The idempotency key of a direct upload, before its files are known.
#[derive(Clone, Debug)]
pub struct OnceOf {
    /// Who asks.
    pub key: KeyId,
    /// The text of the header.
    pub name: String,
}

impl Uploads {
    /// The project that an upload goes to; `NOT_FOUND` if the bearer does not reach it.
    pub async fn target(&self, scope: &Scope, id: ProjectId) -> Result<Target> {
        self.0.target(scope, id).await
    }

    /// The largest file in bytes that any project may take.
    pub fn max_size(&self) -> i64 {
        self.0.config.max_file_size()
    }

    /// Begins to take a file's bytes.
    pub fn stage(&self) -> Staged {
        self.0.blobs.stage()
    }

    /// Begins to hold room for the bytes of a request, whose body has `length` bytes if it says so.
    pub fn room(&self, target: &Target, owner: Option<&str>, length: Option<u64>, once: Option<OnceOf>) -> Room {
        let Project { id: project, workspace_id: workspace, .. } = target.project;
        Room::new(Arc::clone(&self.0), Holder { workspace, project, owner: owner.map(str::to_owned) }, length, once)
    }

    /// Takes one or more files. When this returns, bytes and rows survive a power cut, all of the files or none.
    ///
    /// Refuses `EMPTY_FILE`, `FILE_TOO_LARGE`, `CONTENT_TYPE_NOT_ALLOWED`, `QUOTA_EXCEEDED` and `IDEMPOTENCY_CONFLICT`; then nothing is
    /// kept.
    pub async fn accept_direct(
        &self,
        target: Target,
        options: Options,
        files: Vec<Incoming>,
        room: Option<Room>,
        once: Option<OnceOf>,
    ) -> Result<Vec<Accepted>> {
        let limit = target.max_size(options.owner_ref.as_deref());
        for file in &files {
            match file.staged.size() {
                0 => {
                    let message = format!("The file {:?} is empty.", file.name.clean);
                    return Err(Refusal::new(Code::EmptyFile, message).into());
                }
                size if size > limit.unsigned_abs() => return Err(quota::file_too_large(limit).into()),
                _ => target.check_declared(&file.declared_mime)?,
            }
        }
        let core = Arc::clone(&self.0);
        to_the_end(async move { core.store_direct(&target.project, &options, files, room, once).await }).await
    }
}

impl Core {
    pub(super) async fn target(&self, scope: &Scope, id: ProjectId) -> Result<Target> {
        let mut conn = self.db.reader().await?;
        let project = conn.project(scope, id).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let workspace = conn.workspace(project.workspace_id).await?.and_then(|workspace| workspace.max_file_size);
        let own = [workspace, project.max_file_size].into_iter().flatten().min().unwrap_or(i64::MAX);
        Ok(Target { max_size: own.min(self.config.max_file_size()), project })
    }

    async fn store_direct(
        &self,
        project: &Project,
        options: &Options,
        files: Vec<Incoming>,
        room: Option<Room>,
        once: Option<OnceOf>,
    ) -> Result<Vec<Accepted>> {
        let begun = Instant::now();
        let durable = try_join_all(files.into_iter().map(|file| async {
            let committed = file.staged.commit().await?;
            Ok::<_, Error>((file.name, file.declared_mime, committed))
        }))
        .await?;
        let once =
            once.map(|once| Once { key: once.key, name: once.name, fingerprint: fingerprint(project.id, options, &durable) });
        if let Some(answer) = self.replay(once.as_ref()).await? {
            return Ok(answer);
        }
        let now = self.clock.now();
        let uploads: Vec<Upload> =
            durable.iter().map(|(name, mime, committed)| direct_upload(project, options, (name, mime, committed), now)).collect();
        let size: i64 = uploads.iter().map(|upload| upload.expected_size).sum();
        let accepted: Vec<Accepted> = uploads.iter().map(|upload| Accepted { upload: upload.id, file: upload.file_id }).collect();
        let files = uploads.len() as u64;
        let holder = Holder { workspace: project.workspace_id, project: project.id, owner: options.owner_ref.clone() };
        let answer = once.clone().map(|once| Ok::<_, Error>((once, serde_json::to_string(&accepted)?))).transpose()?;
        let bytes = durable.into_iter().map(|(_, _, committed)| committed).collect();
        let hold = room.and_then(Room::hand_over);
        if self.intake.take(Unit { holder, hold, once: answer, uploads, bytes }).await? == Taken::Before {
            let answer = self.replay(once.as_ref()).await?;
            return answer.ok_or_else(|| Error::internal(anyhow::anyhow!("a remembered answer is gone")));
        }

        metrics::counter!("reupload_uploads_accepted_total", "source" => "direct").increment(files);
        metrics::counter!("reupload_upload_bytes_total", "source" => "direct").increment(size.unsigned_abs());
        metrics::histogram!("reupload_upload_store_seconds", "source" => "direct").record(begun.elapsed().as_secs_f64());
        Ok(accepted)
    }
}

/// What makes two direct uploads the same request: all fields, and name, type and bytes of each file.
fn fingerprint(project: ProjectId, options: &Options, files: &[(FileName, String, Committed)]) -> [u8; 32] {
    let mut print = Fingerprint::default()
        .part("direct", project.to_string())
        .part("isPublic", [u8::from(options.is_public)])
        .part("folder", &options.folder)
        .part("ownerRef", options.owner_ref.as_deref().unwrap_or_default());
    for (key, value) in &options.metadata {
        print = print.part("metadata", key).part("value", value);
    }
    for (name, mime, committed) in files {
        print = print.part("name", &name.original).part("type", mime).part("sha256", committed.blob().sha256);
    }
    print.finish()
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
        size_bytes: Some(i64::try_from(blob.size).unwrap_or(i64::MAX)),
        mime_type: None,
        scan: None,
        stripped: false,
        expires_at: now,
        completed_at: None,
        failure_reason: None,
        created_at: now,
        updated_at: now,
    }
}
