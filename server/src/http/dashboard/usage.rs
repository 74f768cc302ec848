//! `/workspaces/{workspaceId}/usage`: what the workspace holds of what it may.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::{In, Viewer},
    types::DashboardErrors,
};
use crate::{
    app::App,
    domain::{
        text::parse_project,
        usage_days::{self, Day},
    },
    http::{api::usage::UsageReport, error::ApiError, extract::QueryParams},
};

/// Ask what is used
///
/// Bytes and files stored, reserved and allowed, of the workspace and of each project.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/usage", tag = "usage", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path)), responses((status = 200, body = UsageReport), DashboardErrors))]
pub(in crate::http) async fn usage(State(app): State<App>, can: In<Viewer>) -> Result<Json<UsageReport>, ApiError> {
    Ok(Json(app.usage.report(&can.scope, None).await?.into()))
}

/// Which days.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(in crate::http) struct DaysQuery {
    /// One project; else the whole workspace.
    #[param(value_type = Option<Uuid>, nullable = false)]
    project_id: Option<String>,
    /// How many, up to today.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 90, default = 30, nullable = false)]
    days: Option<String>,
}

/// One day, in UTC.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct UsageDay {
    /// Which.
    day: NaiveDate,
    /// Bytes of published files when they were last counted on it, within a minute of its end; of a day on which no worker ran, those of the
    /// day before. Today, at this moment.
    stored_bytes: i64,
    /// Published files, likewise.
    files: i64,
    /// Uploads that were completed on it: those that became a file, whether it is still there or not.
    uploads: i64,
    /// Deliveries of webhooks whose last attempt failed for good on it, or that waited for an endpoint that ended. One that was sent again
    /// and failed again counts again.
    deliveries_failed: i64,
}

impl From<Day> for UsageDay {
    fn from(Day { day, stored, done }: Day) -> Self {
        let (stored_bytes, files) = (stored.bytes, stored.files);
        Self { day, stored_bytes, files, uploads: done.uploads, deliveries_failed: done.deliveries_failed }
    }
}

/// Days without a gap.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct UsageDays {
    /// Oldest first; the last is today.
    days: Vec<UsageDay>,
}

/// Ask how usage went day by day
///
/// An entry for each day, of the workspace or of one project. Days before a project was made are zero.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/usage/days", tag = "usage", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path), DaysQuery), responses((status = 200, body = UsageDays), DashboardErrors))]
pub(in crate::http) async fn usage_by_day(
    State(app): State<App>,
    can: In<Viewer>,
    QueryParams(query): QueryParams<DaysQuery>,
) -> Result<Json<UsageDays>, ApiError> {
    let project = parse_project(query.project_id.as_deref())?;
    let days = usage_days::parse_days(query.days.as_deref())?;
    let found = app.usage.days(&can.scope, project, days).await?;
    Ok(Json(UsageDays { days: found.into_iter().map(Into::into).collect() }))
}
