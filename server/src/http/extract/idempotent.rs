//! `Idempotency-Key` of a request.

use axum::{extract::FromRequestParts, http::request::Parts};
use utoipa::IntoParams;

use super::JsonBody;
use crate::{
    domain::{
        idempotency::{self, Fingerprint, IdempotencyKey, Once},
        ids::KeyId,
        refusal::Refusal,
    },
    http::error::ApiError,
};

/// The header, if it was sent.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(in crate::http) struct Idempotent {
    /// 1 to 255 printable ASCII characters of your choice. Within 24 hours, the same request under the same key is done once and gets
    /// the same answer; another request under it answers 409.
    #[param(rename = "Idempotency-Key", nullable = false, min_length = 1, max_length = 255, pattern = "^[!-~]([ -~]*[!-~])?$")]
    key: Option<String>,
}

impl Idempotent {
    /// For an operation that is told by its name and its JSON body.
    pub(in crate::http) fn once<T>(self, key: KeyId, operation: &str, body: &JsonBody<T>) -> Option<Once> {
        let fingerprint = Fingerprint::default().part(operation, &body.canonical).finish();
        self.key.map(|name| Once { key, name, fingerprint })
    }

    /// For an upload whose bytes are still to come.
    pub(in crate::http) fn key(self, key: KeyId) -> Option<IdempotencyKey> {
        self.key.map(|name| IdempotencyKey { key, name })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Idempotent {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let mut sent = parts.headers.get_all("idempotency-key").iter();
        let (first, second) = (sent.next(), sent.next());
        if second.is_some() {
            return Err(ApiError(Refusal::invalid("Idempotency-Key is there twice.")));
        }
        let key = first.map(|value| idempotency::parse(value.to_str().unwrap_or_default())).transpose()?;
        Ok(Self { key })
    }
}
