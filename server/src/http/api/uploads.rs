//! `POST /uploads/direct`: files through the app's server.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::types::{AcceptedUpload, UploadErrors};
use crate::{
    app::App,
    http::{
        error::ApiError,
        extract::{Can, FilesWrite, Form, Idempotent},
    },
};

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
    /// `true` or `false`, in any case; blank is absent. The default is the project's, `false` unless it says otherwise.
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
    responses((status = 202, body = DirectAnswer), UploadErrors))]
pub(in crate::http) async fn upload_direct(
    State(app): State<App>,
    can: Can<FilesWrite>,
    idempotent: Idempotent,
    mut form: Form,
) -> Result<(StatusCode, Json<DirectAnswer>), ApiError> {
    let mut upload = app.uploads.direct(can.scope(), form.length(), idempotent.key(can.key()));
    while let Some(mut part) = form.next().await? {
        if part.name() != "file" {
            let name = part.name().to_owned();
            upload.field(&name, part.text().await?)?;
            continue;
        }
        upload.begin_file(part.file_name(), part.content_type()).await?;
        while let Some(piece) = part.chunk().await? {
            upload.write(&piece).await?;
        }
    }
    let accepted = upload.finish().await?;
    let mut answers: Vec<AcceptedUpload> = accepted.iter().map(Into::into).collect();
    let answer = match answers.len() {
        1 => DirectAnswer::One(answers.remove(0)),
        _ => DirectAnswer::Many { files: answers },
    };
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;
    use crate::app::uploads::FIELDS;

    #[test]
    fn the_form_that_is_described_is_the_one_that_is_read() {
        let schema = serde_json::to_value(DirectForm::schema()).unwrap();
        let described: Vec<&String> = schema["properties"].as_object().unwrap().keys().filter(|name| *name != "file").collect();
        let mut read = FIELDS;
        read.sort_unstable();
        assert_eq!(described, read);
    }
}
