//! `/workspaces/{workspaceId}/usage`: what the workspace holds of what it may.

use axum::{Json, extract::State};

use super::{
    auth::{In, Viewer},
    types::DashboardErrors,
};
use crate::{
    app::App,
    http::{api::usage::UsageReport, error::ApiError},
};

/// Ask what is used
///
/// Bytes and files stored, reserved and allowed, of the workspace and of each project.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/usage", tag = "usage", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = UsageReport), DashboardErrors))]
pub(in crate::http) async fn usage(State(app): State<App>, can: In<Viewer>) -> Result<Json<UsageReport>, ApiError> {
    Ok(Json(app.usage.report(&can.scope, None).await?.into()))
}
