//! Downloads: public files for everybody, private ones for a signature.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    cors,
    range::{self, Answer},
};
use crate::{
    app::{
        App,
        serving::{Served, UrlSignature, Wanted},
    },
    blobs::BlobReader,
    domain::{file, file::Variant, ids::FileId, media, refusal::Code, text::parse_bool},
    http::{
        api::types::{DownloadErrors, PreflightErrors},
        error::ApiError,
        extract::{Id, QueryParams},
    },
};

/// The parameters of a file's address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct DownloadQuery {
    /// Which picture of the file.
    #[param(value_type = Option<Variant>, nullable = false)]
    variant: Option<String>,
    /// Whether a browser should save it instead of showing it.
    #[param(value_type = Option<bool>, nullable = false)]
    download: Option<String>,
    /// Until when the signature works, in Unix seconds.
    #[param(value_type = Option<i64>, nullable = false)]
    exp: Option<String>,
    /// Which key signed.
    #[param(nullable = false)]
    kid: Option<String>,
    /// The signature.
    #[param(nullable = false)]
    sig: Option<String>,
}

impl DownloadQuery {
    fn wanted(&self) -> Result<Wanted, ApiError> {
        Ok(Wanted {
            variant: self.variant.as_deref().map_or(Ok(Variant::Original), str::parse)?,
            download: parse_bool("download", self.download.as_deref())?.unwrap_or(false),
        })
    }

    /// A signature is there as a whole or not at all.
    fn signature(self) -> Result<Option<UrlSignature>, ApiError> {
        match (self.exp, self.kid, self.sig) {
            (None, None, None) => Ok(None),
            (Some(exp), Some(kid), Some(sig)) if exp.parse::<i64>().is_ok_and(|n| n.to_string() == exp) => {
                Ok(Some(UrlSignature { exp: exp.parse().unwrap_or_default(), kid, sig }))
            }
            _ => Err(ApiError::new(Code::InvalidSignature, "The signature of this URL is not valid.")),
        }
    }
}

/// Download a file
///
/// One `Range`, `If-None-Match`, `If-Match` and `If-Range` are understood. The name in the path is for people; the id decides.
#[utoipa::path(get, path = "/v1/files/{fileId}/{name}", tag = "cdn", security(()),
    params(("fileId" = uuid::Uuid, Path), ("name" = String, Path), DownloadQuery),
    responses(
        (status = 200, description = "The file", content_type = "*/*"),
        (status = 206, description = "A part of it", content_type = "*/*"),
        (status = 304, description = "Not modified"),
        DownloadErrors))]
pub(in crate::http) async fn download(
    State(app): State<App>,
    Id(id): Id<FileId>,
    QueryParams(query): QueryParams<DownloadQuery>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let fetched = fetch(&app, id, query, &method, &headers).await;
    // A refusal gets no CORS headers: they would tell whether the file exists.
    let allowed = match cors::origin(&headers) {
        Some(_) if fetched.is_ok() => app.files.cors_origins(id).await.unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut response = fetched.unwrap_or_else(IntoResponse::into_response);
    cors::allow(&mut response, cors::origin(&headers), &allowed);
    response
}

async fn fetch(app: &App, id: FileId, query: DownloadQuery, method: &Method, headers: &HeaderMap) -> Result<Response, ApiError> {
    let wanted = query.wanted()?;
    let served = app.files.open(id, wanted, query.signature()?).await?;
    let etag = format!("\"{}\"", hex::encode(&served.sha256));
    let mut described = HeaderMap::new();
    describe(&mut described, &served, wanted, &etag);
    let bytes = served.bytes;
    let size = bytes.size();
    let mut response = match range::judge(method, headers, &etag, size) {
        Answer::NotModified => {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            if method == Method::HEAD {
                // Left out, it would become the length of this empty body, and a cache may believe it (RFC 9110, section 8.6).
                response.headers_mut().insert(header::CONTENT_LENGTH, size.into());
            }
            response
        }
        Answer::PreconditionFailed => {
            return Err(ApiError::new(Code::PreconditionFailed, "The file is another version than If-Match names."));
        }
        Answer::Unsatisfiable => {
            let mut refusal =
                ApiError::new(Code::RangeNotSatisfiable, format!("The file has {size} bytes; the range lies outside."))
                    .into_response();
            set(refusal.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(refusal);
        }
        Answer::Whole => send(StatusCode::OK, bytes, 0..size),
        Answer::Part(range) => {
            let content_range = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            let mut response = send(StatusCode::PARTIAL_CONTENT, bytes, range);
            set(response.headers_mut(), header::CONTENT_RANGE, &content_range);
            response
        }
    };
    response.headers_mut().extend(described);
    Ok(response)
}

fn send(status: StatusCode, bytes: BlobReader, range: std::ops::Range<u64>) -> Response {
    let length = range.end - range.start;
    let mut response = (status, Body::from_stream(bytes.stream(range))).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    response
}

/// What a browser must know to show or save the file, and to run nothing of it.
fn describe(headers: &mut HeaderMap, file: &Served, wanted: Wanted, etag: &str) {
    let inline = media::shows_inline(&file.mime_type);
    set(headers, header::CONTENT_TYPE, &media::served_as(&file.mime_type));
    set(headers, header::CONTENT_DISPOSITION, &file::content_disposition(&file.name, wanted.download || !inline));
    set(headers, header::ETAG, etag);
    set(headers, header::ACCEPT_RANGES, "bytes");
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    if let Some(policy) = media::content_security_policy(&file.mime_type) {
        set(headers, header::CONTENT_SECURITY_POLICY, policy);
    }
    let cache = if file.is_public { "public, max-age=31536000, immutable" } else { "private, no-store" };
    set(headers, header::CACHE_CONTROL, cache);
}

/// Sets a header whose value is ours and printable.
fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Ask whether a page may read a file
#[utoipa::path(options, path = "/v1/files/{fileId}/{name}", tag = "cdn", security(()),
    params(("fileId" = uuid::Uuid, Path), ("name" = String, Path), DownloadQuery),
    responses((status = 204, description = "The CORS headers, if the origin is one of the project's uploadCorsOrigins"), PreflightErrors))]
pub(in crate::http) async fn preflight_download(
    State(app): State<App>,
    Id(id): Id<FileId>,
    QueryParams(query): QueryParams<DownloadQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    // Only who may fetch the file learns anything of it.
    app.files.open(id, query.wanted()?, query.signature()?).await?;
    let allowed = app.files.cors_origins(id).await?;
    Ok(cors::preflight(&headers, &allowed))
}
