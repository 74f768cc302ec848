//! `POST /uploads/direct`: files through the app's server.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::types::{AcceptedUpload, Errors};
use crate::{
    app::{
        App, Room,
        uploads::{Incoming, OnceOf, Options, Target},
    },
    blobs::Staged,
    domain::{
        access::Scope,
        file::{self, FileName},
        ids::ProjectId,
        media, quota,
        refusal::{Code, Refusal},
    },
    http::{
        error::ApiError,
        extract::{Can, FilesWrite, Form, Idempotent, Part, parse_bool},
    },
};

/// The name of a file whose part has none.
const UNNAMED: &str = "upload";

/// The form of a direct upload. Text fields may come before or after the files.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the form; it is read as it streams in")]
pub(in crate::http) struct DirectForm {
    /// Where the files go.
    project_id: Uuid,
    /// One or more files.
    #[schema(value_type = Vec<String>, format = Binary, content_media_type = "application/octet-stream", min_items = 1)]
    file: Vec<Vec<u8>>,
    /// Another name than the file's own; with one file only.
    #[schema(nullable = false, min_length = 1, max_length = 512)]
    filename: Option<String>,
    /// `true` or `false`, in any case; blank is absent. Default `false`.
    #[schema(nullable = false, value_type = Option<String>, example = "false",
        pattern = "^ *([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])? *$")]
    is_public: Option<bool>,
    /// Such as `invoices/2026`.
    #[schema(nullable = false, max_length = 1024)]
    folder: Option<String>,
    /// A JSON object of at most 16 pairs of texts, 2 KiB.
    #[schema(nullable = false, content_media_type = "application/json")]
    metadata: Option<String>,
    /// The app's own user, for quotas.
    #[schema(nullable = false, max_length = 255)]
    owner_ref: Option<String>,
}

/// One file gives its ids; two or more give a list.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::http) enum DirectAnswer {
    /// For one file.
    One(AcceptedUpload),
    /// For several.
    Many {
        /// In the order of the form.
        files: Vec<AcceptedUpload>,
    },
}

/// Upload files directly
///
/// The files are on stable storage before the answer. 202, because sniffing, scanning and publishing still go on: wait for the
/// `file.uploaded` webhook, or ask `GET /uploads/session/{uploadId}`. All files of a request are taken, or none.
#[utoipa::path(post, path = "/uploads/direct", tag = "uploads", extensions(("x-permission" = json!("files.write"))),
    params(Idempotent), request_body(content = DirectForm, content_type = "multipart/form-data"),
    responses((status = 202, body = DirectAnswer), Errors))]
pub(in crate::http) async fn upload_direct(
    State(app): State<App>,
    can: Can<FilesWrite>,
    idempotent: Idempotent,
    form: Form,
) -> Result<(StatusCode, Json<DirectAnswer>), ApiError> {
    let mut received = read_form(&app, can.scope(), form, idempotent.once_of(can.scope())).await?;
    let (room, once) = (received.room.take(), received.once.take());
    let (target, options, files) = received.check(&app, can.scope()).await?;
    let accepted = app.uploads.accept_direct(target, options, files, room, once).await?;
    let mut answers: Vec<AcceptedUpload> = accepted.iter().map(Into::into).collect();
    let answer = match answers.len() {
        1 => DirectAnswer::One(answers.remove(0)),
        _ => DirectAnswer::Many { files: answers },
    };
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// What a form brought, before its fields are judged.
#[derive(Default)]
struct Received {
    texts: Texts,
    files: Vec<ReceivedFile>,
    /// Known early when the field comes before the files.
    target: Option<Target>,
    /// What is held for the bytes so far, once the target is known.
    room: Option<Room>,
    /// Bytes of the files so far.
    bytes: u64,
    /// Bytes of the whole body, if the request says.
    length: Option<u64>,
    once: Option<OnceOf>,
}

struct ReceivedFile {
    name: Option<String>,
    declared_mime: String,
    staged: Staged,
}

#[derive(Default)]
struct Texts {
    project_id: Option<String>,
    filename: Option<String>,
    is_public: Option<String>,
    folder: Option<String>,
    metadata: Option<String>,
    owner_ref: Option<String>,
}

impl Texts {
    /// The field of this name; `None` for one that we do not know and pass over.
    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "projectId" => Some(&mut self.project_id),
            "filename" => Some(&mut self.filename),
            "isPublic" => Some(&mut self.is_public),
            "folder" => Some(&mut self.folder),
            "metadata" => Some(&mut self.metadata),
            "ownerRef" => Some(&mut self.owner_ref),
            _ => None,
        }
    }

    /// The project, unless the field is missing or blank.
    fn project(&self) -> Result<Option<ProjectId>, Refusal> {
        let text = self.project_id.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(|text| text.parse().map_err(|_| Refusal::invalid("projectId is not a UUID."))).transpose()
    }
}

async fn read_form(app: &App, scope: &Scope, mut form: Form, once: Option<OnceOf>) -> Result<Received, ApiError> {
    let mut received = Received { length: form.length(), once, ..Received::default() };
    while let Some(part) = form.next().await? {
        if part.name() == "file" {
            received.take_file(app, scope, part).await?;
            continue;
        }
        let name = part.name().to_owned();
        let text = part.text().await?;
        let Some(slot) = received.texts.slot(&name) else { continue };
        if slot.replace(text).is_some() {
            return Err(ApiError(Refusal::invalid(format!("The field {name} is there twice."))));
        }
    }
    Ok(received)
}

impl Received {
    /// Streams one file in. A project that is already known refuses before its bytes are read.
    async fn take_file(&mut self, app: &App, scope: &Scope, mut part: Part) -> Result<(), ApiError> {
        if self.files.len() == app.core.config.uploads.max_files_per_request {
            let message = format!("At most {} files fit in one request.", self.files.len());
            return Err(ApiError(Refusal::invalid(message)));
        }
        if self.target.is_none()
            && let Some(id) = self.texts.project()?
        {
            let target = app.uploads.target(scope, id).await?;
            let owner = self.texts.owner_ref.as_deref().filter(|owner| !owner.is_empty());
            owner.map_or(Ok(()), file::check_owner)?;
            self.room = Some(app.uploads.room(&target, owner, self.length, self.once.clone()));
            self.target = Some(target);
        }
        let owner = self.texts.owner_ref.as_deref().filter(|owner| !owner.is_empty());
        let limit = self.target.as_ref().map_or(app.uploads.max_size(), |target| target.max_size(owner));
        let name = part.file_name();
        let declared = part.content_type().filter(|text| text.len() <= file::MAX_TYPE_CHARS);
        let declared_mime = declared.unwrap_or(media::OCTET_STREAM).to_owned();
        self.target.as_ref().map_or(Ok(()), |target| target.check_declared(&declared_mime))?;
        let mut staged = app.uploads.stage();
        while let Some(piece) = part.chunk().await? {
            self.bytes += piece.len() as u64;
            if let Some(room) = &mut self.room {
                room.cover(self.bytes).await?;
            }
            staged.write(&piece).await.map_err(crate::app::Error::from)?;
            if staged.size() > limit.unsigned_abs() {
                return Err(ApiError(quota::file_too_large(limit)));
            }
        }
        self.files.push(ReceivedFile { name, declared_mime, staged });
        Ok(())
    }

    /// Judges what only the whole form can tell.
    async fn check(self, app: &App, scope: &Scope) -> Result<(Target, Options, Vec<Incoming>), ApiError> {
        let texts = self.texts;
        let target = match self.target {
            Some(target) => target,
            None => {
                let id = texts.project()?;
                let id = id.ok_or_else(|| ApiError::new(Code::MissingProjectId, "The field projectId is missing."))?;
                app.uploads.target(scope, id).await?
            }
        };
        if self.files.is_empty() {
            return Err(ApiError::new(Code::MissingFile, "The field file is missing: send at least one file."));
        }
        if texts.filename.is_some() && self.files.len() > 1 {
            return Err(ApiError::new(Code::InvalidFilename, "filename can only be given with a single file."));
        }
        let options = Options {
            is_public: parse_bool("isPublic", texts.is_public.as_deref())?.unwrap_or(false),
            folder: file::parse_folder(texts.folder.as_deref().unwrap_or_default())?,
            metadata: parse_metadata(texts.metadata.as_deref())?,
            owner_ref: texts.owner_ref.filter(|owner| !owner.is_empty()),
        };
        options.owner_ref.as_deref().map_or(Ok(()), file::check_owner)?;
        let files: Result<Vec<Incoming>, Refusal> = self
            .files
            .into_iter()
            .map(|file| {
                let own = file.name.filter(|name| !name.is_empty());
                let name = texts.filename.clone().or(own).unwrap_or_else(|| UNNAMED.to_owned());
                Ok(Incoming { name: FileName::parse(&name)?, declared_mime: file.declared_mime, staged: file.staged })
            })
            .collect();
        Ok((target, options, files?))
    }
}

fn parse_metadata(text: Option<&str>) -> Result<file::Metadata, Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(file::Metadata::new()) };
    let metadata = serde_json::from_str(text)
        .map_err(|error| Refusal::invalid(format!("metadata is not a JSON object of texts: {error}.")))?;
    file::check_metadata(&metadata)?;
    Ok(metadata)
}
