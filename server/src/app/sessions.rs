//! Session uploads: the app opens a session, the browser PUTs to the signed URL, the app completes.
//!
//! Every step is one commit (`transitions.rs`). Each PUT writes a blob of its own, and `complete` fixes which one counts, so what is
//! scanned is what is served.

use std::{io, pin::pin, sync::Arc, time::Instant};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};

use super::{
    core::Core,
    error::{Error, Result, to_the_end},
    quota::reserve_or_refuse,
    transitions::With,
};
use crate::{
    blobs::Staged,
    domain::{
        access::Scope,
        audit::{Action, Deed},
        details::{Details, Given},
        event::FileSummary,
        file::{Blob, FileName},
        idempotency::{Fingerprint, Once},
        ids::{FileId, ProjectId, UploadId, UploadIds},
        page::{self, Cursor},
        quota::{self, Amount},
        refusal::{Code, Refusal},
        type_policy,
        upload::Event,
    },
    store::uploads::{Unpublished, Upload},
};

/// See the module's text.
#[derive(Clone)]
pub struct Sessions(pub(super) Arc<Core>);

/// What a session is asked for.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields of the contract's request")]
pub struct NewSession {
    pub project: ProjectId,
    pub name: FileName,
    pub content_type: String,
    /// Bytes, at least 1.
    pub size: i64,
    pub given: Given,
}

/// An open session.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Opened {
    /// Its ids.
    pub ids: UploadIds,
    /// Where to PUT.
    pub upload_url: String,
    /// For how many seconds.
    pub expires_in: u64,
}

/// What a PUT says of itself before its bytes.
#[derive(Debug)]
pub struct Declared {
    /// `Content-Type`.
    pub content_type: String,
    /// `Content-Length`.
    pub length: Option<u64>,
    /// Whether it comes chunked, and so may go without a length.
    pub is_chunked: bool,
}

/// A stored PUT.
#[derive(Debug)]
pub struct Received {
    /// Whose bytes they are.
    pub ids: UploadIds,
    /// What was stored.
    pub blob: Blob,
}

impl Sessions {
    /// Opens a session and reserves its bytes.
    ///
    /// Refuses `NOT_FOUND`, `FILE_TOO_LARGE`, `CONTENT_TYPE_NOT_ALLOWED`, `QUOTA_EXCEEDED` and `IDEMPOTENCY_CONFLICT`.
    pub async fn open(&self, scope: &Scope, new: NewSession, once: Option<Once>) -> Result<Opened> {
        let core = &self.0;
        if let Some(answer) = core.replay(once.as_ref()).await? {
            return Ok(answer);
        }
        let target = core.target(scope, new.project).await?;
        let details = Details::in_project(target.project.default_public, new.given)?;
        let limit = target.max_size(details.owner_ref.as_deref());
        if new.size > limit {
            return Err(quota::file_too_large(limit).into());
        }
        target.check_declared(&new.content_type)?;
        let now = core.clock.now();
        let new = Upload::new(&target.project, new.name, &details, (new.size, new.content_type), now);
        let upload = Upload { user_id: scope.actor.user(), expires_at: now + core.config.uploads.session_ttl, ..new };
        let opened = Opened {
            ids: upload.ids(),
            upload_url: format!("{}/v1/upload/{}", core.config.cdn.public_url, core.keyring.upload_token(upload.id)),
            expires_in: core.config.uploads.session_ttl.as_secs(),
        };
        let mut tx = core.db.begin().await?;
        if !core.remember(&mut tx, once.as_ref(), &opened, now).await? {
            drop(tx);
            return core.replay_surely(once.as_ref()).await;
        }
        reserve_or_refuse(&mut tx, &upload.holder(), Amount::one_file(upload.expected_size)).await?;
        tx.insert_upload(&upload).await?;
        tx.audit_for(scope, deed(Action::UploadOpened, &upload), now).await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// The origins whose pages may PUT to a token, whatever the state of its session (CORS). Refuses `INVALID_SIGNATURE`
    /// and `NOT_FOUND`.
    ///
    /// What somebody opened in the dashboard only its pages may PUT.
    pub async fn cors_origins(&self, token: &str) -> Result<Vec<String>> {
        let upload = self.0.upload_of_token(token).await?;
        if upload.user_id.is_some() {
            return Ok(self.0.own_origin().into_iter().collect());
        }
        let project = self.0.db.reader().await?.project_of_any(upload.project_id).await?;
        Ok(self.0.origins_of(project))
    }

    /// Stores the bytes of a PUT. When this returns they are durable; an earlier PUT's bytes are given up. One that is still under
    /// way is ended with `SESSION_NOT_ACTIVE`: one at a time, or they would fill the disk beyond what the session reserved.
    ///
    /// Refuses `INVALID_SIGNATURE`, `NOT_FOUND`, `SESSION_EXPIRED`, `SESSION_NOT_ACTIVE`, `CONTENT_TYPE_MISMATCH`, `LENGTH_REQUIRED`,
    /// `SIZE_MISMATCH` and, if the body breaks off, `MALFORMED_REQUEST`, as early as each can be known; then nothing is kept.
    pub async fn receive(
        &self,
        token: &str,
        declared: Declared,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<Received> {
        let begun = Instant::now();
        let upload = self.0.upload_of_token(token).await?;
        self.0.may(&upload, Event::Receive)?;
        let expected = upload.expected_size.unsigned_abs();
        check_type(&upload.expected_mime, &declared.content_type)?;
        match declared.length {
            Some(length) if length != expected => return Err(wrong_size(expected, &length.to_string())),
            None if !declared.is_chunked => {
                return Err(Refusal::new(Code::LengthRequired, "Send Content-Length, or the bytes chunked.").into());
            }
            _ => {}
        }
        self.0.step(upload.id, |_| Event::Receive, With::default()).await?;

        let mut turn = self.0.running_puts.begin(upload.id);
        let staged = tokio::select! {
            staged = self.0.stage_put(expected, body) => staged?,
            () = turn.lost() => return Err(replaced()),
        };
        drop(turn);
        let core = Arc::clone(&self.0);
        let blob = to_the_end(async move { core.store_put(upload.id, staged).await }).await?;
        metrics::counter!("reupload_upload_bytes_total", "source" => "session").increment(blob.size);
        metrics::histogram!("reupload_upload_store_seconds", "source" => "session").record(begun.elapsed().as_secs_f64());
        Ok(Received { ids: upload.ids(), blob })
    }

    /// Fixes the bytes and hands them to processing; the token dies. Repeating it gives the same answer.
    ///
    /// Refuses `NOT_FOUND`, `UPLOAD_NOT_RECEIVED`, `SESSION_EXPIRED`, `IDEMPOTENCY_CONFLICT` and, after a cancel, `SESSION_NOT_ACTIVE`.
    pub async fn complete(&self, scope: &Scope, id: UploadId, once: Option<Once>) -> Result<FileId> {
        if let Some(answer) = self.0.replay(once.as_ref()).await? {
            return Ok(answer);
        }
        let upload = self.0.scoped_upload(scope, id).await?;
        let complete = |from: &Upload| Event::Complete { received: from.blob_id.is_some() };
        if self.0.step(id, complete, With { once, ..With::default() }).await? {
            metrics::counter!("reupload_uploads_accepted_total", "source" => "session").increment(1);
        }
        Ok(upload.file_id)
    }

    /// A page of the workspace's uploads that run or have failed, newest first, and where the next one begins.
    ///
    /// Refuses a cursor of another list (`VALIDATION_ERROR`) and a project of another workspace (`NOT_FOUND`).
    pub async fn unpublished(&self, scope: &Scope, filter: &Unpublished, limit: i64) -> Result<(Vec<Upload>, Option<Cursor>)> {
        let mut list = Fingerprint::default().part("uploads", scope.workspace.0);
        let mut conn = self.0.db.reader().await?;
        if let Some(project) = filter.project {
            conn.project(scope, project).await?.ok_or_else(|| Refusal::not_found("project"))?;
            list = list.part("project", project.0);
        }
        for status in &filter.status {
            list = list.part("status", status.as_str());
        }
        let list = list.mark();
        Cursor::check(filter.after, list)?;
        let mut uploads = conn.unpublished_uploads(scope.workspace, filter, limit + 1).await?;
        let next = page::cut(&mut uploads, limit, list, |upload| (upload.created_at, upload.id.0));
        Ok((uploads, next))
    }

    /// An upload and, once it is completed and unless it was deleted since, its file. Refuses `NOT_FOUND`.
    pub async fn get(&self, scope: &Scope, id: UploadId) -> Result<(Upload, Option<FileSummary>)> {
        let upload = self.0.scoped_upload(scope, id).await?;
        let file = match upload.state.has_file() {
            true => self.0.db.reader().await?.file(scope, upload.file_id).await?,
            false => None,
        };
        Ok((upload, file.map(|file| self.0.summary(&file))))
    }

    /// Gives an open session up and frees its bytes and quota.
    ///
    /// Refuses `NOT_FOUND`, `SESSION_EXPIRED` and, once it is complete or cancelled, `SESSION_NOT_ACTIVE`.
    pub async fn cancel(&self, scope: &Scope, id: UploadId) -> Result<()> {
        let upload = self.0.scoped_upload(scope, id).await?;
        let deed = deed(Action::UploadCancelled, &upload);
        let audit = scope.by.clone().map(|by| (by, deed));
        self.0.step(upload.id, |_| Event::Cancel, With { audit, ..With::default() }).await?;
        Ok(())
    }
}

impl Core {
    async fn scoped_upload(&self, scope: &Scope, id: UploadId) -> Result<Upload> {
        let upload = self.db.reader().await?.upload(scope, id).await?;
        upload.ok_or_else(|| Refusal::not_found("upload").into())
    }

    async fn upload_of_token(&self, token: &str) -> Result<Upload> {
        let id = self.keyring.verify_upload_token(token)?;
        let upload = self.db.reader().await?.upload_of_any(id).await?;
        upload.ok_or_else(|| Refusal::not_found("upload").into())
    }

    async fn stage_put(&self, expected: u64, body: impl Stream<Item = io::Result<Bytes>>) -> Result<Staged> {
        let mut staged = self.blobs.stage();
        let mut body = pin!(body);
        while let Some(piece) = body.try_next().await.map_err(body_failed)? {
            staged.write(&piece).await?;
            if staged.size() > expected {
                return Err(wrong_size(expected, "more"));
            }
        }
        if staged.size() != expected {
            return Err(wrong_size(expected, &staged.size().to_string()));
        }
        Ok(staged)
    }

    async fn store_put(&self, id: UploadId, staged: Staged) -> Result<Blob> {
        let committed = staged.commit().await?;
        let blob = committed.blob().clone();
        self.step(id, |_| Event::Store, With { bytes: Some(committed), ..With::default() }).await?;
        Ok(blob)
    }
}

fn deed(action: Action, upload: &Upload) -> Deed {
    Deed::new(action, "upload", upload.id.0, &upload.name).within(upload.workspace_id)
}

fn check_type(expected: &str, declared: &str) -> Result<()> {
    if type_policy::same_type(expected, declared) {
        return Ok(());
    }
    let message = format!("The session was opened for Content-Type {expected:?}; the request says {declared:?}.");
    Err(Refusal::new(Code::ContentTypeMismatch, message).into())
}

fn wrong_size(expected: u64, received: &str) -> Error {
    let message = format!("The session was opened for {expected} bytes; the request has {received}.");
    Refusal::new(Code::SizeMismatch, message).with("expected", expected).into()
}

fn replaced() -> Error {
    Refusal::new(Code::SessionNotActive, "A newer PUT of this session has begun, so this one was given up.").into()
}

fn body_failed(error: io::Error) -> Error {
    Refusal::new(Code::MalformedRequest, format!("The request's body could not be read to its end: {error}.")).into()
}
