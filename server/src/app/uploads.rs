//! Direct uploads: the app's server sends a form with fields and files, we answer once the files are safe.
//!
//! The way of a file: [`DirectUpload::begin_file`] and [`DirectUpload::write`] write and hash its bytes as they come;
//! [`DirectUpload::finish`] judges what only the whole form can tell, makes the bytes durable under their final names, and has the rows
//! that point to them committed (`group_commit.rs`, many requests in one commit) with the jobs that will process them. Only then
//! is there an answer.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use futures_util::future::try_join_all;

use super::{
    core::Core,
    error::{Error, Result, to_the_end},
    group_commit::{Taken, Unit},
    holds::Room,
    target::Target,
};
use crate::{
    blobs::{Committed, Staged},
    domain::{
        access::Scope,
        details::{Details, Given},
        file::{self, FileName, Metadata},
        idempotency::{Fingerprint, IdempotencyKey, Once},
        ids::{ProjectId, UploadIds, UserId},
        media,
        quota::{self, Holder},
        refusal::{Code, Refusal},
        text::{parse_bool, parse_project},
        upload::{Source, State},
    },
    store::{projects::Project, uploads::Upload},
};

/// The text fields of the form; others are passed over.
pub const FIELDS: [&str; 6] = ["projectId", "filename", "isPublic", "folder", "metadata", "ownerRef"];

/// How many bytes of files may come before `projectId` does: until then nobody's quota bounds them.
const WITHOUT_PROJECT: u64 = 16 * 1024 * 1024;

/// The name of a file whose part has none.
const UNNAMED: &str = "upload";

/// See the module's text.
#[derive(Clone)]
pub struct Uploads(pub(super) Arc<Core>);

impl Uploads {
    /// Begins to take a form, whose whole body has `length` bytes if the request says so.
    pub fn direct(&self, scope: &Scope, length: Option<u64>, once: Option<IdempotencyKey>) -> DirectUpload {
        DirectUpload {
            core: Arc::clone(&self.0),
            scope: scope.clone(),
            length,
            once,
            texts: Texts::default(),
            files: Vec::new(),
            target: None,
            room: None,
            bytes: 0,
        }
    }
}

/// A form on its way in: fields and files in the order in which they come. Dropped, it leaves nothing.
pub struct DirectUpload {
    core: Arc<Core>,
    scope: Scope,
    length: Option<u64>,
    once: Option<IdempotencyKey>,
    texts: Texts,
    files: Vec<Incoming>,
    /// Known early when `projectId` comes before the files.
    target: Option<Target>,
    /// What is held for the bytes so far, once the target is known.
    room: Option<Room>,
    /// Bytes of the files so far.
    bytes: u64,
}

/// A file whose bytes arrive or have arrived but are not yet durable.
struct Incoming {
    /// Judged at once, as a part's name may be as long as its headers, and many parts would keep many.
    name: Option<std::result::Result<FileName, Refusal>>,
    declared_mime: String,
    staged: Staged,
    /// The most bytes that it may have.
    limit: i64,
}

/// The text fields so far.
#[derive(Default)]
struct Texts(BTreeMap<&'static str, String>);

impl Texts {
    fn get(&self, name: &'static str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The app's own user; a blank one is absent.
    fn owner(&self) -> Option<&str> {
        self.get("ownerRef").filter(|owner| !owner.is_empty())
    }

    fn details(&self, default_public: bool) -> std::result::Result<Details, Refusal> {
        let given = Given {
            is_public: parse_bool("isPublic", self.get("isPublic"))?,
            folder: self.get("folder").map(str::to_owned),
            metadata: parse_metadata(self.get("metadata"))?,
            owner_ref: self.owner().map(str::to_owned),
        };
        Details::in_project(default_public, given)
    }
}

impl DirectUpload {
    /// Takes a text field. Refuses (`VALIDATION_ERROR`) one that is there twice.
    pub fn field(&mut self, name: &str, text: String) -> Result<()> {
        let Some(known) = FIELDS.into_iter().find(|known| *known == name) else { return Ok(()) };
        match self.texts.0.insert(known, text) {
            None => Ok(()),
            Some(_) => Err(Refusal::invalid(format!("The field {name} is there twice.")).into()),
        }
    }

    /// Begins the next file. A project that is already known refuses before the bytes are read.
    ///
    /// Refuses one file too many and a wrong `projectId` or `ownerRef` (`VALIDATION_ERROR`), a project out of reach (`NOT_FOUND`) and a
    /// type that it does not take (`CONTENT_TYPE_NOT_ALLOWED`).
    pub async fn begin_file(&mut self, name: Option<String>, declared_mime: Option<&str>) -> Result<()> {
        let most = self.core.config.uploads.max_files_per_request;
        if self.files.len() == most {
            return Err(Refusal::invalid(format!("At most {most} files fit in one request.")).into());
        }
        if self.target.is_none()
            && let Some(id) = parse_project(self.texts.get("projectId"))?
        {
            self.target = Some(self.begin_in(id).await?);
        }
        if let Some(before) = self.files.last_mut() {
            before.staged.write_out().await?;
        }
        let name = name.filter(|name| !name.is_empty()).map(|name| FileName::parse(&name));
        let declared_mime = declared_mime.filter(|text| text.len() <= file::MAX_TYPE_CHARS).unwrap_or(media::OCTET_STREAM);
        self.target.as_ref().map_or(Ok(()), |target| target.check_declared(declared_mime))?;
        let limit = self.target.as_ref().map_or(self.core.config.max_file_size(), |target| target.max_size(self.texts.owner()));
        let staged = self.core.blobs.stage();
        self.files.push(Incoming { name, declared_mime: declared_mime.to_owned(), staged, limit });
        Ok(())
    }

    /// The project, and room for what will come.
    async fn begin_in(&mut self, id: ProjectId) -> Result<Target> {
        let target = self.core.target(&self.scope, id).await?;
        let owner = self.texts.owner();
        owner.map_or(Ok(()), file::check_owner)?;
        let holder = holder(&target.project, owner);
        self.room = Some(Room::new(Arc::clone(&self.core), holder, self.length, self.once.clone()));
        Ok(target)
    }

    /// Takes more bytes of the file that was begun last. Refuses with `FILE_TOO_LARGE`, `QUOTA_EXCEEDED` and, while the project is
    /// not known, `MISSING_PROJECT_ID`.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.bytes += piece.len() as u64;
        match &mut self.room {
            Some(room) => room.cover(self.bytes).await?,
            None if self.bytes > WITHOUT_PROJECT => {
                let message = "The field projectId must come before files that have more than 16 MiB together.";
                return Err(Refusal::new(Code::MissingProjectId, message).into());
            }
            None => {}
        }
        let file = self.files.last_mut().ok_or_else(|| Error::internal(anyhow::anyhow!("bytes before their file")))?;
        file.staged.write(piece).await?;
        if file.staged.size() > file.limit.unsigned_abs() {
            return Err(quota::file_too_large(file.limit).into());
        }
        Ok(())
    }

    /// Takes all files of the form, or none. When this returns, bytes and rows survive a power cut.
    ///
    /// Refuses a form without a project (`MISSING_PROJECT_ID`) or file (`MISSING_FILE`), a project out of reach (`NOT_FOUND`), a wrong
    /// field (`VALIDATION_ERROR`) or name (`INVALID_FILENAME`), an empty file (`EMPTY_FILE`), one that is too large (`FILE_TOO_LARGE`) or
    /// of a type that the project does not take (`CONTENT_TYPE_NOT_ALLOWED`), what does not fit into the quota (`QUOTA_EXCEEDED`) and
    /// another form under a taken idempotency key (`IDEMPOTENCY_CONFLICT`).
    pub async fn finish(mut self) -> Result<Vec<UploadIds>> {
        let target = match self.target.take() {
            Some(target) => target,
            None => {
                let id = parse_project(self.texts.get("projectId"))?;
                let id = id.ok_or_else(|| Refusal::new(Code::MissingProjectId, "The field projectId is missing."))?;
                self.core.target(&self.scope, id).await?
            }
        };
        let filename = self.texts.get("filename");
        match self.files.len() {
            0 => return Err(Refusal::new(Code::MissingFile, "The field file is missing: send at least one file.").into()),
            2.. if filename.is_some() => {
                return Err(Refusal::new(Code::InvalidFilename, "filename can only be given with a single file.").into());
            }
            _ => {}
        }
        let details = self.texts.details(target.project.default_public)?;
        let limit = target.max_size(details.owner_ref.as_deref());
        let mut files = Vec::new();
        for file in self.files {
            let name = match (filename, file.name) {
                (None, Some(own)) => own?,
                (given, _) => FileName::parse(given.unwrap_or(UNNAMED))?,
            };
            match file.staged.size() {
                0 => return Err(Refusal::new(Code::EmptyFile, format!("The file {:?} is empty.", name.clean)).into()),
                size if size > limit.unsigned_abs() => return Err(quota::file_too_large(limit).into()),
                _ => target.check_declared(&file.declared_mime)?,
            }
            files.push((name, file.declared_mime, file.staged));
        }
        let (core, user, room, once) = (self.core, self.scope.actor.user(), self.room, self.once);
        to_the_end(async move { core.store_direct(target.project, user, details, files, room, once).await }).await
    }
}

impl Core {
    async fn store_direct(
        &self,
        project: Project,
        user: Option<UserId>,
        details: Details,
        files: Vec<(FileName, String, Staged)>,
        room: Option<Room>,
        once: Option<IdempotencyKey>,
    ) -> Result<Vec<UploadIds>> {
        let begun = Instant::now();
        let durable = try_join_all(files.into_iter().map(|(name, mime, staged)| async {
            let committed = staged.commit().await?;
            Ok::<_, Error>((name, mime, committed))
        }))
        .await?;
        let once = once.map(|once| {
            let fingerprint = fingerprint(project.id, &details, &durable);
            Once { key: once.key, name: once.name, fingerprint }
        });
        if let Some(answer) = self.replay(once.as_ref()).await? {
            return Ok(answer);
        }
        let now = self.clock.now();
        let (mut uploads, mut bytes) = (Vec::new(), Vec::new());
        for (name, mime, committed) in durable {
            let size = i64::try_from(committed.blob().size).unwrap_or(i64::MAX);
            let new = Upload::new(&project, name, &details, (size, mime), now);
            uploads.push(
                Upload { source: Source::Direct, user_id: user, state: State::Processing, ..new }.with_blob(committed.blob()),
            );
            bytes.push(committed);
        }
        let (files, size) = (uploads.len() as u64, uploads.iter().map(|upload| upload.expected_size).sum::<i64>());
        let accepted: Vec<UploadIds> = uploads.iter().map(Upload::ids).collect();
        let answer = once.clone().map(|once| Ok::<_, Error>((once, serde_json::to_string(&accepted)?))).transpose()?;
        let holder = holder(&project, details.owner_ref.as_deref());
        let hold = room.as_ref().and_then(Room::hold);
        // What fails gives its room back, or the next try would find it in its way.
        let taken = self.group_commit.submit(Unit { holder, hold, once: answer, uploads, bytes }).await?;
        if let Some(room) = room {
            room.ended();
        }
        if taken == Taken::Before {
            return self.replay_surely(once.as_ref()).await;
        }

        metrics::counter!("reupload_uploads_accepted_total", "source" => "direct").increment(files);
        metrics::counter!("reupload_upload_bytes_total", "source" => "direct").increment(size.unsigned_abs());
        metrics::histogram!("reupload_upload_store_seconds", "source" => "direct").record(begun.elapsed().as_secs_f64());
        Ok(accepted)
    }
}

fn holder(project: &Project, owner: Option<&str>) -> Holder {
    Holder { workspace: project.workspace_id, project: project.id, owner: owner.map(str::to_owned) }
}

/// What makes two direct uploads the same request: all fields, and name, type and bytes of each file.
///
/// A field that came later goes in only if it was given: a request that a former version answered must look the same today.
fn fingerprint(project: ProjectId, details: &Details, files: &[(FileName, String, Committed)]) -> [u8; 32] {
    let Details { is_public, folder, metadata, owner_ref } = details;
    let mut print = Fingerprint::default()
        .part("direct", project.to_string())
        .part("isPublic", [u8::from(*is_public)])
        .part("folder", folder)
        .part("ownerRef", owner_ref.as_deref().unwrap_or_default());
    for (key, value) in metadata {
        print = print.part("metadata", key).part("value", value);
    }
    for (name, mime, committed) in files {
        print = print.part("name", &name.original).part("type", mime).part("sha256", committed.blob().sha256);
    }
    print.finish()
}

fn parse_metadata(text: Option<&str>) -> std::result::Result<Option<Metadata>, Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    serde_json::from_str(text)
        .map(Some)
        .map_err(|error| Refusal::invalid(format!("metadata is not a JSON object of texts: {error}.")))
}
