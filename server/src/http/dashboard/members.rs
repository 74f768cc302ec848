//! `/workspaces/{workspaceId}/members`: who is in a workspace.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::{Admin, In, Viewer},
    types::DashboardErrors,
};
use crate::{
    app::App,
    domain::{account::Role, ids::UserId},
    http::{
        api::types::Success,
        error::ApiError,
        extract::{Id, JsonBody},
    },
    store::users::Member,
};

/// A member.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct MemberPublic {
    /// The account's id.
    user_id: Uuid,
    /// Its address.
    email: String,
    /// What the person is called.
    name: String,
    /// What they may do.
    role: Role,
    /// Since when they are a member.
    created_at: DateTime<Utc>,
}

impl From<Member> for MemberPublic {
    fn from(member: Member) -> Self {
        let Member { user_id, email, name, role, created_at } = member;
        Self { user_id: user_id.0, email, name, role, created_at }
    }
}

/// The members of a workspace.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MemberList {
    members: Vec<MemberPublic>,
}

/// A member.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MemberAnswer {
    member: MemberPublic,
}

/// List members
#[utoipa::path(get, path = "/workspaces/{workspaceId}/members", tag = "members", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = MemberList), DashboardErrors))]
pub(in crate::http) async fn list_members(State(app): State<App>, can: In<Viewer>) -> Result<Json<MemberList>, ApiError> {
    let members = app.accounts.members(&can.scope).await?.into_iter().map(Into::into).collect();
    Ok(Json(MemberList { members }))
}

/// What a member may do.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct PatchMember {
    /// Only owners make and unmake owners.
    role: Role,
}

/// Change a member's role
///
/// The last owner stays one: 409.
#[utoipa::path(patch, path = "/workspaces/{workspaceId}/members/{userId}", tag = "members",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("userId" = Uuid, Path)),
    request_body = PatchMember, responses((status = 200, body = MemberAnswer), DashboardErrors))]
pub(in crate::http) async fn patch_member(
    State(app): State<App>,
    can: In<Admin>,
    Id(user): Id<UserId>,
    body: JsonBody<PatchMember>,
) -> Result<Json<MemberAnswer>, ApiError> {
    let member = app.accounts.change_role(&can.scope, can.role, user, body.value.role, &can.by).await?.into();
    Ok(Json(MemberAnswer { member }))
}

/// Remove a member
///
/// Whoever names themselves leaves, whatever their role. The last owner stays: 409.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/members/{userId}", tag = "members",
    extensions(("x-role" = json!("admin"))), params(("workspaceId" = Uuid, Path), ("userId" = Uuid, Path)),
    responses((status = 200, body = Success), DashboardErrors))]
pub(in crate::http) async fn remove_member(
    State(app): State<App>,
    can: In<Viewer>,
    Id(user): Id<UserId>,
) -> Result<Json<Success>, ApiError> {
    app.accounts.remove_member(&can.scope, can.role, user, &can.by).await?;
    Ok(Json(Success::DONE))
}
