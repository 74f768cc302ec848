//! Authorisation as the type of an argument: a handler that takes `Can<FilesWrite>` cannot be reached without it.

use std::{marker::PhantomData, sync::Arc};

use axum::{extract::FromRequestParts, http::header, http::request::Parts};

use crate::{
    app::{App, keys::Bearer},
    domain::{
        access::{Permission, Scope},
        ids::KeyId,
        refusal::Code,
    },
    http::{error::ApiError, limit::Gate},
};

/// What a handler demands of a key.
pub(in crate::http) trait Demand {
    /// Any one of these is enough; none at all is any key.
    const ANY_OF: &'static [Permission];
}

macro_rules! demands {
    ($($(#[$doc:meta])* $name:ident = [$($permission:ident),*];)*) => {$(
        $(#[$doc])*
        pub(in crate::http) struct $name;
        impl Demand for $name {
            const ANY_OF: &'static [Permission] = &[$(Permission::$permission),*];
        }
    )*};
}

demands! {
    /// A live key.
    Anything = [];
    /// `files.read`.
    FilesRead = [FilesRead];
    /// `files.write`.
    FilesWrite = [FilesWrite];
    /// `files.delete`.
    FilesDelete = [FilesDelete];
    /// `files.read` or `files.write`.
    FilesReadOrWrite = [FilesRead, FilesWrite];
}

/// The bearer of a live key that meets the demand `D`.
pub(in crate::http) struct Can<D> {
    /// Who.
    pub(in crate::http) bearer: Bearer,
    demand: PhantomData<D>,
}

impl<D> Can<D> {
    /// What the bearer may touch.
    pub(in crate::http) fn scope(&self) -> &Scope {
        &self.bearer.scope
    }

    /// The key itself: what `Idempotency-Key` counts within.
    pub(in crate::http) fn key(&self) -> KeyId {
        self.bearer.key.id
    }
}

impl<D: Demand> FromRequestParts<App> for Can<D> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let mut given = parts.headers.get_all(header::AUTHORIZATION).iter();
        // Of two that differ, a proxy in front may have judged the other one.
        let header = given.next().filter(|first| given.all(|other| other == *first)).and_then(|value| value.to_str().ok());
        // The scheme's name has no case (RFC 9110, section 11.1).
        let secret = header
            .and_then(|header| header.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, secret)| secret.trim());
        let Some(secret) = secret else {
            return Err(ApiError::new(Code::Unauthorized, "Send your API key as Authorization: Bearer ru_…"));
        };
        // Its absence is a mistake in the router, and must not lift the limit.
        let gate = parts.extensions.get::<Arc<Gate>>().ok_or_else(ApiError::internal)?;
        let bearer = app.keys.authenticate(secret).await?;
        gate.admit_key(bearer.key.id)?;
        if !D::ANY_OF.is_empty() && !D::ANY_OF.iter().any(|wanted| bearer.key.permissions.contains(wanted)) {
            let wanted = D::ANY_OF.iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join(" or ");
            return Err(ApiError::new(Code::PermissionDenied, format!("This API key lacks the permission {wanted}.")));
        }
        Ok(Self { bearer, demand: PhantomData })
    }
}
