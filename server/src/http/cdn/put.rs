//! `PUT {uploadUrl}`: a browser's bytes.

use std::io;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::cors;
use crate::{
    app::{App, sessions::Declared},
    http::{
        api::types::{PreflightErrors, PutErrors},
        error::ApiError,
        extract::Token,
    },
};

/// A stored PUT.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct StoredPut {
    /// The session.
    upload_id: Uuid,
    /// The file that it becomes.
    file_id: Uuid,
    /// How many bytes were stored.
    size_bytes: u64,
    /// Their SHA-256 in hex.
    sha256: String,
}

/// Any bytes.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the body; it is read as it streams in")]
pub(in crate::http) struct FileBytes(Vec<u8>);

/// PUT a session's bytes
///
/// Raw bytes of the declared type and size; no API key. May be repeated until `complete`; the last whole PUT counts.
#[utoipa::path(put, path = "/v1/upload/{token}", tag = "cdn", security(()),
    params(("token" = String, Path, description = "From uploadUrl")),
    request_body(content_type = "*/*", content = FileBytes, description = "The file"),
    responses((status = 200, body = StoredPut), PutErrors))]
pub(in crate::http) async fn put_upload(State(app): State<App>, Token(token): Token, headers: HeaderMap, body: Body) -> Response {
    let outcome = store(&app, &token, &headers, body).await;
    let mut response = outcome.map_or_else(IntoResponse::into_response, |stored| Json(stored).into_response());
    // Only the holder of a real token learns its project's origins, and a browser can read even a refusal.
    let allowed = match cors::origin(&headers) {
        Some(_) => app.sessions.cors_origins(&token).await.unwrap_or_default(),
        None => Vec::new(),
    };
    cors::allow(&mut response, cors::origin(&headers), &allowed);
    response
}

async fn store(app: &App, token: &str, headers: &HeaderMap, body: Body) -> Result<StoredPut, ApiError> {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let declared = Declared {
        content_type: text(header::CONTENT_TYPE).unwrap_or_default().to_owned(),
        length: text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        is_chunked: headers.contains_key(header::TRANSFER_ENCODING),
    };
    let bytes = body.into_data_stream().map_err(io::Error::other);
    let received = app.sessions.receive(token, declared, bytes).await?;
    Ok(StoredPut {
        upload_id: received.ids.upload.0,
        file_id: received.ids.file.0,
        size_bytes: received.blob.size,
        sha256: hex::encode(received.blob.sha256),
    })
}

/// Ask whether a page may PUT
#[utoipa::path(options, path = "/v1/upload/{token}", tag = "cdn", security(()),
    params(("token" = String, Path, description = "From uploadUrl")),
    responses((status = 204, description = "The CORS headers, if the origin is one of the project's uploadCorsOrigins"), PreflightErrors))]
pub(in crate::http) async fn preflight_upload(
    State(app): State<App>,
    Token(token): Token,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let allowed = app.sessions.cors_origins(&token).await?;
    Ok(cors::preflight(&headers, &allowed))
}
