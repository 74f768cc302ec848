//! Signing in: the first account, passwords and links.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::{Browser, SignedIn},
    cookie::Form,
    me::{Me, me_of},
    types::DashboardErrors,
};
use crate::{
    app::{
        App,
        accounts::{NewAccount, NewLogin},
    },
    domain::account::{Email, Password, parse_name},
    http::{api::types::Success, error::ApiError, extract::JsonBody},
};

/// Whether there is nobody yet.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SetupState {
    /// Whether the first account is still to be made, by the link that the server printed at its start.
    needed: bool,
}

/// Ask whether the first account is missing
#[utoipa::path(get, path = "/setup", tag = "signing in", security(()), extensions(("x-role" = json!("public"))),
    responses((status = 200, body = SetupState), DashboardErrors))]
pub(in crate::http) async fn setup_state(State(app): State<App>) -> Result<Json<SetupState>, ApiError> {
    Ok(Json(SetupState { needed: app.accounts.needs_setup().await? }))
}

/// The first account.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct Setup {
    /// From the link.
    token: String,
    /// Its address.
    #[schema(max_length = 254)]
    email: String,
    /// What the person is called.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// 10 to 200 characters.
    #[schema(value_type = String, min_length = 10, max_length = 200, format = Password)]
    password: Password,
    /// The name of the first workspace.
    #[schema(min_length = 1)]
    workspace: String,
}

type SignInAnswer = (AppendHeaders<[(header::HeaderName, header::HeaderValue); 1]>, Json<Me>);

/// The answer of an operation that signs in.
pub(super) async fn signed_in(app: &App, form: Form, login: NewLogin) -> Result<SignInAnswer, ApiError> {
    let cookie = form.set(&login.token, app.config().dashboard.login_lifetime)?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(me_of(app, &login.user).await?)))
}

fn form(app: &App) -> Result<Form, ApiError> {
    Ok(Form::of(&app.config().api.public_url)?)
}

/// Make the first account
///
/// It is an operator of the server and the owner of a new workspace. Works once, while there is no account.
#[utoipa::path(post, path = "/setup", tag = "signing in", security(()), extensions(("x-role" = json!("public"))),
    request_body = Setup, responses((status = 201, body = Me), DashboardErrors))]
pub(in crate::http) async fn set_up(
    State(app): State<App>,
    Browser(client): Browser,
    body: JsonBody<Setup>,
) -> Result<impl IntoResponse, ApiError> {
    let form = form(&app)?;
    let Setup { token, email, name, password, workspace } = body.value;
    let new = NewAccount { email: Email::parse(&email)?, name: parse_name(&name)?, password };
    let login = app.accounts.set_up(&token, new, &workspace, &client).await?;
    Ok((StatusCode::CREATED, signed_in(&app, form, login).await?))
}

/// Address and password.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct SignIn {
    /// In any case.
    #[schema(max_length = 254)]
    email: String,
    /// As it was set.
    #[schema(value_type = String, format = Password)]
    password: Password,
}

/// Sign in
///
/// After five wrong passwords within 15 minutes, of an account or from an address, each further guess must wait, twice as long each time.
#[utoipa::path(post, path = "/sign-in", tag = "signing in", security(()), extensions(("x-role" = json!("public"))),
    request_body = SignIn, responses((status = 200, body = Me), DashboardErrors))]
pub(in crate::http) async fn sign_in(
    State(app): State<App>,
    Browser(client): Browser,
    body: JsonBody<SignIn>,
) -> Result<impl IntoResponse, ApiError> {
    let form = form(&app)?;
    let login = app.accounts.sign_in(&body.value.email, &body.value.password, &client).await?;
    signed_in(&app, form, login).await
}

/// A link's token.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct LinkToken {
    /// From the link.
    token: String,
}

/// Sign in by a link
///
/// Works once, within a day.
#[utoipa::path(post, path = "/sign-in/link", tag = "signing in", security(()), extensions(("x-role" = json!("public"))),
    request_body = LinkToken, responses((status = 200, body = Me), DashboardErrors))]
pub(in crate::http) async fn sign_in_by_link(
    State(app): State<App>,
    Browser(client): Browser,
    body: JsonBody<LinkToken>,
) -> Result<impl IntoResponse, ApiError> {
    let form = form(&app)?;
    let login = app.accounts.sign_in_by_link(&body.value.token, &client).await?;
    signed_in(&app, form, login).await
}

/// A link's token and a new password.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct Reset {
    /// From the link.
    token: String,
    /// 10 to 200 characters.
    #[schema(value_type = String, min_length = 10, max_length = 200, format = Password)]
    password: Password,
}

/// Set a new password by a link
///
/// Works once, within a day. Ends all logins of the account, and signs in.
#[utoipa::path(post, path = "/reset", tag = "signing in", security(()), extensions(("x-role" = json!("public"))),
    request_body = Reset, responses((status = 200, body = Me), DashboardErrors))]
pub(in crate::http) async fn reset(
    State(app): State<App>,
    Browser(client): Browser,
    body: JsonBody<Reset>,
) -> Result<impl IntoResponse, ApiError> {
    let form = form(&app)?;
    let login = app.accounts.reset(&body.value.token, &body.value.password, &client).await?;
    signed_in(&app, form, login).await
}

/// Sign out
#[utoipa::path(post, path = "/sign-out", tag = "signing in", extensions(("x-role" = json!("signed-in"))),
    responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn sign_out(State(app): State<App>, me: SignedIn) -> Result<impl IntoResponse, ApiError> {
    app.accounts.sign_out(&me.who).await?;
    Ok((AppendHeaders([(header::SET_COOKIE, form(&app)?.clear()?)]), Json(Success::DONE)))
}

/// Sign out everywhere else
///
/// Ends all logins of the account but this one, at once.
#[utoipa::path(post, path = "/sign-out-everywhere", tag = "signing in", extensions(("x-role" = json!("signed-in"))),
    responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn sign_out_everywhere(State(app): State<App>, me: SignedIn) -> Result<Json<Success>, ApiError> {
    app.accounts.sign_out_everywhere(&me.who, &me.by).await?;
    Ok(Json(Success::DONE))
}
