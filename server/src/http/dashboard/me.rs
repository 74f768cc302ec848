//! `/me`: the own account and its logins.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::{Browser, SignedIn},
    types::{DashboardErrors, UserPublic, WorkspaceSummary},
};
use crate::{
    app::App,
    domain::{account::Password, ids::LoginId},
    http::{
        api::types::Success,
        error::ApiError,
        extract::{Id, JsonBody},
    },
    store::users::User,
};

/// The own account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Me {
    user: UserPublic,
    /// Whether they keep the whole server.
    is_operator: bool,
    /// Where they are a member; for an operator all there are.
    workspaces: Vec<WorkspaceSummary>,
}

pub(super) async fn me_of(app: &App, user: &User) -> Result<Me, ApiError> {
    let workspaces = app.accounts.workspaces(user).await?.into_iter().map(Into::into).collect();
    Ok(Me { user: user.into(), is_operator: user.is_operator, workspaces })
}

/// Look at the own account
#[utoipa::path(get, path = "/me", tag = "me", extensions(("x-role" = json!("signed-in"))),
    responses((status = 200, body = Me), DashboardErrors))]
pub(in crate::http) async fn get_me(State(app): State<App>, me: SignedIn) -> Result<Json<Me>, ApiError> {
    Ok(Json(me_of(&app, &me.who.user).await?))
}

/// What changes about the own account.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct PatchMe {
    /// What the person is called.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
}

/// Change the own name
#[utoipa::path(patch, path = "/me", tag = "me", extensions(("x-role" = json!("signed-in"))),
    request_body = PatchMe, responses((status = 200, body = Me), DashboardErrors))]
pub(in crate::http) async fn patch_me(
    State(app): State<App>,
    me: SignedIn,
    body: JsonBody<PatchMe>,
) -> Result<Json<Me>, ApiError> {
    let user = app.accounts.rename(&me.who, body.value.name, &me.by).await?;
    Ok(Json(me_of(&app, &user).await?))
}

/// Two passwords.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ChangePassword {
    /// May be left out while the account has none.
    #[schema(value_type = Option<String>, format = Password)]
    current_password: Option<Password>,
    /// 10 to 200 characters.
    #[schema(value_type = String, min_length = 10, max_length = 200, format = Password)]
    new_password: Password,
}

/// Change the own password
///
/// Ends all other logins of the account, at once. A wrong current password answers 403 and counts as a guess.
#[utoipa::path(post, path = "/me/password", tag = "me", extensions(("x-role" = json!("signed-in"))),
    request_body = ChangePassword, responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn change_password(
    State(app): State<App>,
    me: SignedIn,
    Browser(client): Browser,
    body: JsonBody<ChangePassword>,
) -> Result<Json<Success>, ApiError> {
    let ChangePassword { current_password, new_password } = body.value;
    app.accounts.change_password(&me.who, current_password.as_ref(), &new_password, &client).await?;
    Ok(Json(Success::DONE))
}

/// A browser in which the account is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct LoginPublic {
    /// Its id.
    id: Uuid,
    /// What it calls itself.
    user_agent: String,
    /// When it signed in.
    created_at: DateTime<Utc>,
    /// When it was last here, to about five minutes.
    last_seen_at: DateTime<Utc>,
    /// When it must sign in again at the latest.
    expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    is_current: bool,
}

/// Where the account is signed in.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LoginList {
    /// Last seen first.
    logins: Vec<LoginPublic>,
}

/// List the own logins
#[utoipa::path(get, path = "/me/logins", tag = "me", extensions(("x-role" = json!("signed-in"))),
    responses((status = 200, body = LoginList), DashboardErrors))]
pub(in crate::http) async fn list_logins(State(app): State<App>, me: SignedIn) -> Result<Json<LoginList>, ApiError> {
    let logins = app.accounts.logins(&me.who).await?.into_iter().map(|login| LoginPublic {
        id: login.id.0,
        user_agent: login.user_agent,
        created_at: login.created_at,
        last_seen_at: login.last_seen_at,
        expires_at: login.expires_at,
        is_current: login.id == me.who.login,
    });
    Ok(Json(LoginList { logins: logins.collect() }))
}

/// End one of the own logins
#[utoipa::path(delete, path = "/me/logins/{loginId}", tag = "me", extensions(("x-role" = json!("signed-in"))),
    params(("loginId" = Uuid, Path)), responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn end_login(
    State(app): State<App>,
    me: SignedIn,
    Id(login): Id<LoginId>,
) -> Result<Json<Success>, ApiError> {
    app.accounts.end_login(&me.who, login, &me.by).await?;
    Ok(Json(Success::DONE))
}
