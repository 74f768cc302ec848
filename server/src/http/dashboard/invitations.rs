//! Invitations: made and taken back in a workspace, looked at and accepted by whoever has the link.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::{Admin, Browser, In, MaybeSignedIn},
    cookie::Form,
    types::DashboardErrors,
};
use crate::{
    app::{
        App,
        accounts::{Joining, NewAccount},
    },
    domain::{
        account::{Email, Password, Role, parse_name},
        ids::InvitationId,
        refusal::Refusal,
    },
    http::{
        api::types::Success,
        error::ApiError,
        extract::{Id, JsonBody},
    },
    store::invitations::Invitation,
};

/// An open invitation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct InvitationPublic {
    /// Its id.
    id: Uuid,
    /// What the one who accepts may do.
    role: Role,
    /// Whom it is for; null for whoever has the link.
    #[schema(required)]
    email: Option<String>,
    /// The name of who invites.
    invited_by: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it may be accepted.
    expires_at: DateTime<Utc>,
}

impl From<Invitation> for InvitationPublic {
    fn from(invitation: Invitation) -> Self {
        let Invitation { id, role, email, invited_by, created_at, expires_at, .. } = invitation;
        Self { id: id.0, role, email, invited_by, created_at, expires_at }
    }
}

/// The open invitations of a workspace.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct InvitationList {
    /// Newest first.
    invitations: Vec<InvitationPublic>,
}

/// List open invitations
#[utoipa::path(get, path = "/workspaces/{workspaceId}/invitations", tag = "members", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = InvitationList), DashboardErrors))]
pub(in crate::http) async fn list_invitations(State(app): State<App>, can: In<Admin>) -> Result<Json<InvitationList>, ApiError> {
    let invitations = app.accounts.invitations(&can.scope).await?.into_iter().map(Into::into).collect();
    Ok(Json(InvitationList { invitations }))
}

/// Who is invited, and as what.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct CreateInvitation {
    /// Only owners invite owners.
    role: Role,
    /// The only account that may accept; without it, whoever has the link.
    #[schema(max_length = 254)]
    email: Option<String>,
}

/// A new invitation.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct InvitationCreated {
    invitation: InvitationPublic,
    /// To give to the one who is invited. Shown once.
    url: String,
}

/// Invite somebody
///
/// Gives a link that works once, within seven days. Nothing is sent: hand it on yourself.
#[utoipa::path(post, path = "/workspaces/{workspaceId}/invitations", tag = "members", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path)), request_body = CreateInvitation,
    responses((status = 201, body = InvitationCreated), DashboardErrors))]
pub(in crate::http) async fn create_invitation(
    State(app): State<App>,
    can: In<Admin>,
    body: JsonBody<CreateInvitation>,
) -> Result<(StatusCode, Json<InvitationCreated>), ApiError> {
    let CreateInvitation { role, email } = body.value;
    let new = app.accounts.invite(&can.scope, can.role, role, email.as_deref(), &can.by).await?;
    Ok((StatusCode::CREATED, Json(InvitationCreated { invitation: new.invitation.into(), url: new.url })))
}

/// Take an invitation back
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/invitations/{invitationId}", tag = "members",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("invitationId" = Uuid, Path)),
    responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn delete_invitation(
    State(app): State<App>,
    can: In<Admin>,
    Id(id): Id<InvitationId>,
) -> Result<Json<Success>, ApiError> {
    app.accounts.take_invitation_back(&can.scope, can.role, id, &can.by).await?;
    Ok(Json(Success::DONE))
}

/// What an invitation offers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Offer {
    /// The name of the workspace.
    workspace: String,
    /// What one may do there.
    role: Role,
    /// Whom it is for; null for whoever has the link.
    #[schema(required)]
    email: Option<String>,
    /// The name of who invites.
    invited_by: String,
    /// Until when it may be accepted.
    expires_at: DateTime<Utc>,
}

/// Which invitation.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct Invited {
    /// What its link has behind `#`. In a body, as paths are logged.
    token: String,
}

/// Look at an invitation
#[utoipa::path(post, path = "/invitations/look", tag = "signing in", security(()), extensions(("x-role" = json!("public"))),
    request_body = Invited, responses((status = 200, body = Offer), DashboardErrors))]
pub(in crate::http) async fn look_at_invitation(
    State(app): State<App>,
    body: JsonBody<Invited>,
) -> Result<Json<Offer>, ApiError> {
    let (Invitation { role, email, invited_by, expires_at, .. }, workspace) = app.accounts.invitation(&body.value.token).await?;
    Ok(Json(Offer { workspace, role, email, invited_by, expires_at }))
}

/// Which invitation, and a new account; that is left out by who is signed in.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct Accept {
    /// What the link has behind `#`.
    token: String,
    /// The account's address.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// What the person is called.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// 10 to 200 characters.
    #[schema(value_type = Option<String>, min_length = 10, max_length = 200, format = Password)]
    password: Option<Password>,
}

impl Accept {
    fn account(self) -> Result<NewAccount, Refusal> {
        let (Some(email), Some(name), Some(password)) = (self.email, self.name, self.password) else {
            return Err(Refusal::invalid("Send email, name and password of a new account, or sign in first."));
        };
        Ok(NewAccount { email: Email::parse(&email)?, name: parse_name(&name)?, password })
    }
}

/// Where one is a member now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Joined {
    /// The workspace.
    workspace_id: Uuid,
}

/// Accept an invitation
///
/// Whoever is signed in joins with their account. Anybody else makes one, and is signed in.
#[utoipa::path(post, path = "/invitations/accept", tag = "signing in", security(()),
    extensions(("x-role" = json!("public"))), request_body = Accept,
    responses((status = 200, body = Joined), DashboardErrors))]
pub(in crate::http) async fn accept_invitation(
    State(app): State<App>,
    MaybeSignedIn(me): MaybeSignedIn,
    Browser(client): Browser,
    body: JsonBody<Accept>,
) -> Result<Response, ApiError> {
    let form = Form::of(&app.config().api.public_url)?;
    let token = body.value.token.clone();
    let who = match me {
        Some(me) => Joining::Member(me.who),
        None => Joining::Newcomer(body.value.account()?),
    };
    let (workspace, login) = app.accounts.accept(&token, who, &client).await?;
    let answer = Json(Joined { workspace_id: workspace.0 });
    Ok(match login {
        None => answer.into_response(),
        Some(login) => {
            let cookie = form.set(&login.token, app.config().dashboard.login_lifetime)?;
            (AppendHeaders([(header::SET_COOKIE, cookie)]), answer).into_response()
        }
    })
}
