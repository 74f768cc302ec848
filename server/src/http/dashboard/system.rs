//! `/system`: how the server is, for its operators.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{auth::Operator, types::DashboardErrors};
use crate::{app::App, http::error::ApiError};

/// Jobs of one kind that are due.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct DueJobs {
    /// Such as `process` or `deliver`.
    kind: String,
    /// How many.
    count: i64,
    /// Since when the oldest is due.
    #[schema(required)]
    oldest: Option<DateTime<Utc>>,
}

/// How the node is that answers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SystemState {
    /// Of the server.
    version: &'static str,
    /// Since when the node runs.
    started_at: DateTime<Utc>,
    /// For how many seconds.
    uptime_seconds: i64,
    /// `sqlite` or `postgres`.
    database: &'static str,
    /// What the database takes, in bytes.
    database_bytes: i64,
    /// The folder of files and database on that node.
    storage_folder: String,
    /// Bytes that are free there.
    #[schema(required)]
    storage_free_bytes: Option<u64>,
    /// `off` or `clamd`.
    scanner: &'static str,
    /// Due jobs by kind; kinds without any are left out.
    jobs: Vec<DueJobs>,
}

/// Look at the server
#[utoipa::path(get, path = "/system", tag = "system", extensions(("x-role" = json!("operator"))),
    responses((status = 200, body = SystemState), DashboardErrors))]
pub(in crate::http) async fn system(State(app): State<App>, _me: Operator) -> Result<Json<SystemState>, ApiError> {
    let report = app.system.report().await?;
    let jobs = report.backlog.into_iter().map(|jobs| DueJobs { kind: jobs.kind, count: jobs.count, oldest: jobs.oldest });
    Ok(Json(SystemState {
        version: env!("CARGO_PKG_VERSION"),
        started_at: report.started_at,
        uptime_seconds: (report.now - report.started_at).num_seconds(),
        database: report.database,
        database_bytes: report.database_bytes,
        storage_folder: report.storage.display().to_string(),
        storage_free_bytes: report.free_bytes,
        scanner: if report.has_scanner { "clamd" } else { "off" },
        jobs: jobs.collect(),
    }))
}
