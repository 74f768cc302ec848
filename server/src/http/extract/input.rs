//! Path ids and tokens, query parameters and JSON bodies.

use std::{collections::BTreeSet, convert::Infallible, str::FromStr};

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::request::Parts,
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use url::form_urlencoded;

use crate::{
    domain::{
        ids::{DeliveryId, EndpointId, FileId, InvitationId, KeyId, LoginId, ProjectId, UploadId, UserId, WorkspaceId},
        refusal::{Code, Refusal},
    },
    http::error::ApiError,
};

/// The largest JSON body in bytes.
const MAX_JSON: usize = 64 * 1024;

/// An id in the path. One that is not even an id reads as one that does not exist.
pub(in crate::http) struct Id<T>(pub(in crate::http) T);

/// What an id stands for, for the sentence that there is none.
pub(in crate::http) trait Named: FromStr {
    const NAME: &'static str;
    /// The name of its parameter in the path.
    const PARAMETER: &'static str;
}

macro_rules! named {
    ($($id:ident: $name:literal $parameter:literal;)*) => {$(
        impl Named for $id {
            const NAME: &'static str = $name;
            const PARAMETER: &'static str = $parameter;
        }
    )*};
}

named! {
    DeliveryId: "delivery" "deliveryId";
    EndpointId: "webhook" "webhookId";
    FileId: "file" "fileId";
    KeyId: "live key" "keyId";
    ProjectId: "project" "projectId";
    InvitationId: "invitation" "invitationId";
    LoginId: "login" "loginId";
    UploadId: "upload" "uploadId";
    UserId: "member" "userId";
    WorkspaceId: "workspace" "workspaceId";
}

impl<S: Send + Sync, T: Named> FromRequestParts<S> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let unknown = || ApiError(Refusal::not_found(T::NAME));
        let Path(parameters) = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        let found = parameters.iter().find(|(name, _)| name == T::PARAMETER);
        let text = found.map(|(_, text)| text.as_str()).unwrap_or_default();
        text.parse().map(Self).map_err(|_| unknown())
    }
}

/// The token of an upload URL. One that is not even text cannot be ours: it reads as the empty one, which nobody signed.
pub(in crate::http) struct Token(pub(in crate::http) String);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let token = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(token.map(|Path(token)| token).unwrap_or_default()))
    }
}

/// The query, into a struct of optional texts, so that each is judged with a sentence of its own.
pub(in crate::http) struct QueryParams<T>(pub(in crate::http) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryParams<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let mut names = BTreeSet::new();
        for (name, _) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            if !names.insert(name.clone()) {
                return Err(ApiError(Refusal::invalid(format!("The query parameter {name} is there twice."))));
            }
        }
        let Query(params) = Query::from_request_parts(parts, state)
            .await
            .map_err(|error| ApiError(Refusal::invalid(format!("The query cannot be read: {}.", error.body_text()))))?;
        Ok(Self(params))
    }
}

/// A JSON body: `MALFORMED_REQUEST` if it is none, `VALIDATION_ERROR` if it does not fit.
pub(in crate::http) struct JsonBody<T> {
    /// What it says.
    pub(in crate::http) value: T,
    /// Its text with sorted keys and without blanks: the same for two bodies that say the same.
    pub(in crate::http) canonical: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let malformed = |why: String| ApiError::new(Code::MalformedRequest, why);
        let bytes = to_bytes(request.into_body(), MAX_JSON)
            .await
            .map_err(|_| malformed("The body could not be read, or is larger than 64 KiB.".to_owned()))?;
        let canonical: Value =
            serde_json::from_slice(&bytes).map_err(|error| malformed(format!("The body is not JSON: {error}.")))?;
        // A list of the fields' values would fit a struct too, by position.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(ApiError(Refusal::invalid("The body must be a JSON object.")));
        }
        // From the text, as a field that is there twice is only there once in the value.
        let value = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(&bytes))
            .map_err(|error| ApiError(Refusal::invalid(misfit(&error.path().to_string(), &error.inner().to_string()))))?;
        Ok(Self { value, canonical: canonical.to_string() })
    }
}

/// What does not fit, from the path of a field (`.` is the whole body) and serde's words.
fn misfit(path: &str, error: &str) -> String {
    let why = error.rsplit_once(" at line ").map_or(error, |(why, _place)| why);
    let field = if path == "." { "The body" } else { path };
    if let Some((found, wanted)) = why.strip_prefix("invalid type: ").and_then(|types| types.rsplit_once(", expected ")) {
        return format!("{field} must be {}, not {}.", in_plain_words(wanted), in_plain_words(found));
    }
    if why.starts_with("UUID parsing failed") {
        return format!("{field} must be a UUID.");
    }
    match why.strip_prefix("missing field ") {
        Some(name) => format!("The field {} is missing.", name.trim_matches('`')),
        None => format!("{field} does not fit: {why}."),
    }
}

/// A type as serde calls it, such as ``string "5"`` or `i64`.
fn in_plain_words(kind: &str) -> &str {
    match kind.trim_start_matches("a ").split(' ').next() {
        Some("string") => "a text",
        Some("integer" | "i64" | "u64") => "a whole number",
        Some("floating") => "a number with a fraction",
        Some("boolean") => "true or false",
        Some("map" | "struct") => "an object",
        Some("sequence") => "a list",
        _ => kind,
    }
}

/// For a field that may be left out and may not be null, with `#[serde(default, deserialize_with = "not_null")]`.
pub(in crate::http) fn not_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
