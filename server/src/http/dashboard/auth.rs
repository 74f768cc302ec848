//! Who may call an operation, as the type of an argument: `SignedIn`, `Operator`, and `In<Viewer>` and its like for the workspace in
//! the path.

use std::{marker::PhantomData, net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{header, request::Parts},
};

use super::cookie::Form;
use crate::{
    app::{App, accounts},
    domain::{
        access::Scope,
        account::Role,
        audit::By,
        ids::WorkspaceId,
        refusal::{Code, Refusal},
    },
    http::{client::network, error::ApiError, extract::Id, limit::Gate},
};

/// Most characters that are kept of what a browser calls itself.
const MAX_USER_AGENT: usize = 255;

/// The browser behind a request, signed in or not.
pub(in crate::http) struct Browser(pub(in crate::http) accounts::Client);

impl FromRequestParts<App> for Browser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, ApiError> {
        // The absence of either is a mistake in the router.
        let gate = parts.extensions.get::<Arc<Gate>>().ok_or_else(ApiError::internal)?;
        let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>().ok_or_else(ApiError::internal)?;
        let address = gate.client(peer.ip(), &parts.headers);
        let named = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let user_agent = named.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect();
        Ok(Self(accounts::Client { address, network: network(address), user_agent }))
    }
}

/// Who is signed in.
pub(in crate::http) struct SignedIn {
    /// The account and the browser.
    pub(in crate::http) who: accounts::SignedIn,
    /// The same for the audit log.
    pub(in crate::http) by: By,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let nobody = || ApiError::new(Code::Unauthorized, "Sign in first.");
        let form = Form::of(&app.config().api.public_url).map_err(|_| nobody())?;
        let token = form.read(&parts.headers).ok_or_else(nobody)?.to_owned();
        let who = app.accounts.authenticate(&token).await?;
        let Browser(client) = Browser::from_request_parts(parts, app).await?;
        let by = By::user(who.user.id, &who.user.name, Some(client.address));
        Ok(Self { who, by })
    }
}

/// Who is signed in, if anybody is.
pub(in crate::http) struct MaybeSignedIn(pub(in crate::http) Option<SignedIn>);

impl FromRequestParts<App> for MaybeSignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match SignedIn::from_request_parts(parts, app).await {
            Ok(found) => Ok(Self(Some(found))),
            Err(ApiError(refusal)) if refusal.code == Code::Unauthorized => Ok(Self(None)),
            Err(error) => Err(error),
        }
    }
}

/// An operator of the server who is signed in.
pub(in crate::http) struct Operator(pub(in crate::http) SignedIn);

impl FromRequestParts<App> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        if !signed_in.who.user.is_operator {
            return Err(ApiError(Refusal::new(Code::PermissionDenied, "This is for operators of the server.")));
        }
        Ok(Self(signed_in))
    }
}

/// The least role that an operation demands.
pub(in crate::http) trait Demand {
    const LEAST: Role;
}

macro_rules! demands {
    ($($name:ident),*) => {$(
        #[doc = concat!("At least ", stringify!($name), ".")]
        pub(in crate::http) struct $name;
        impl Demand for $name {
            const LEAST: Role = Role::$name;
        }
    )*};
}

demands!(Viewer, Member, Admin, Owner);

/// A member of the workspace in the path whose role meets the demand `D`. For everybody else who is signed in the workspace reads as an
/// unknown one.
pub(in crate::http) struct In<D> {
    /// What they may touch.
    pub(in crate::http) scope: Scope,
    /// Their role.
    pub(in crate::http) role: Role,
    /// Who they are, for the audit log.
    pub(in crate::http) by: By,
    demand: PhantomData<D>,
}

impl<D: Demand> FromRequestParts<App> for In<D> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let SignedIn { who, by } = SignedIn::from_request_parts(parts, app).await?;
        let Id(workspace) = Id::<WorkspaceId>::from_request_parts(parts, app).await?;
        let role = app.accounts.role(&who.user, workspace).await?;
        role.demand(D::LEAST)?;
        Ok(Self { scope: Scope::of_user(who.user.id, workspace, by.clone()), role, by, demand: PhantomData })
    }
}
