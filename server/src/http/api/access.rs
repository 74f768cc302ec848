//! `/files/{fileId}/access`: where a file can be fetched.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::types::ReadErrors;
use crate::{
    app::{App, serving::Wanted},
    domain::{access::Scope, asked, file::Variant, ids::FileId, text::parse_bool},
    http::{
        error::ApiError,
        extract::{Can, FilesRead, Id, QueryParams},
    },
};

/// Which address is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(in crate::http) struct AccessQuery {
    /// For how many seconds a signed address works.
    #[param(value_type = Option<u64>, minimum = 60, maximum = 604_800, default = 300, nullable = false)]
    expires_in: Option<String>,
    /// Which picture of the file.
    #[param(value_type = Option<Variant>, nullable = false)]
    variant: Option<String>,
    /// Whether a browser should save it instead of showing it.
    #[param(value_type = Option<bool>, nullable = false)]
    download: Option<String>,
}

/// Whether the address is signed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum AccessType {
    /// Signed, for a while.
    Cdn,
    /// Permanent, for anybody.
    CdnPublic,
}

/// An address of a file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FileAccess {
    /// Where.
    url: String,
    /// Whether it is signed.
    access_type: AccessType,
    /// For how many seconds; null for ever.
    #[schema(required)]
    expires_in: Option<u64>,
    /// Which picture.
    variant: Variant,
    /// Whether it is an attachment.
    download: bool,
}

/// Where a file can be fetched.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AccessAnswer {
    access: FileAccess,
}

/// Get an address of a file
///
/// A public file has a permanent one, a private file a signed one that works for `expiresIn` seconds. Deleting the file kills both.
#[utoipa::path(get, path = "/files/{fileId}/access", tag = "files", extensions(("x-permission" = json!("files.read"))),
    params(("fileId" = uuid::Uuid, Path), AccessQuery), responses((status = 200, body = AccessAnswer), ReadErrors))]
pub(in crate::http) async fn file_access(
    State(app): State<App>,
    can: Can<FilesRead>,
    Id(id): Id<FileId>,
    QueryParams(query): QueryParams<AccessQuery>,
) -> Result<Json<AccessAnswer>, ApiError> {
    access_of(&app, can.scope(), id, &query).await
}

/// The address of a file that somebody may read.
pub(in crate::http) async fn access_of(
    app: &App,
    scope: &Scope,
    id: FileId,
    query: &AccessQuery,
) -> Result<Json<AccessAnswer>, ApiError> {
    let life = asked::parse_access_life(query.expires_in.as_deref())?;
    let wanted = Wanted {
        variant: query.variant.as_deref().map_or(Ok(Variant::Original), str::parse)?,
        download: parse_bool("download", query.download.as_deref())?.unwrap_or(false),
    };
    let access = app.files.access(scope, id, wanted, life).await?;
    let expires_in = access.expires_in.map(|ttl| ttl.as_secs());
    Ok(Json(AccessAnswer {
        access: FileAccess {
            url: access.url,
            access_type: if expires_in.is_some() { AccessType::Cdn } else { AccessType::CdnPublic },
            expires_in,
            variant: wanted.variant,
            download: wanted.download,
        },
    }))
}
