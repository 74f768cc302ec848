//! `/system`: how the server is, for its operators.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{auth::Operator, types::DashboardErrors};
use crate::{app::App, http::error::ApiError, store::jobs::Queued};

/// Jobs of one kind that are due or under way.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct DueJobs {
    /// Whose workers run them: `files`, `pictures`, `webhooks` or `cleaning`.
    lane: String,
    /// Such as `process` or `deliver`.
    kind: String,
    /// How many.
    count: i64,
    /// Since when the oldest is due.
    #[schema(required)]
    oldest: Option<DateTime<Utc>>,
}

/// Jobs of one kind that wait for their time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct WaitingJobs {
    /// Whose workers will run them.
    lane: String,
    /// Such as `process` or `deliver`.
    kind: String,
    /// How many.
    count: i64,
    /// How many of them have failed and wait for another try; of deliveries, those that their endpoint did not take. No job fails for
    /// good: what it is about does, and the job ends.
    failed: i64,
    /// When the first of them is due.
    #[schema(required)]
    next: Option<DateTime<Utc>>,
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
    /// Whether the scanner answered a moment ago; null without one.
    #[schema(required)]
    scanner_reachable: Option<bool>,
    /// What it calls itself, with the version of its signatures.
    #[schema(required)]
    scanner_version: Option<String>,
    /// What this node does: some of `api`, `cdn` and `worker`.
    roles: Vec<&'static str>,
    /// Due jobs by lane and kind; kinds without any are left out.
    jobs: Vec<DueJobs>,
    /// Jobs that wait for their time, likewise.
    waiting_jobs: Vec<WaitingJobs>,
}

/// Look at the server
///
/// At the node that answers, its database, and the scanner, which is asked every five seconds at most.
#[utoipa::path(get, path = "/system", tag = "system", extensions(("x-role" = json!("operator"))),
    responses((status = 200, body = SystemState), DashboardErrors))]
pub(in crate::http) async fn system(State(app): State<App>, _me: Operator) -> Result<Json<SystemState>, ApiError> {
    let report = app.system.report().await?;
    let (mut due, mut waiting) = (Vec::new(), Vec::new());
    for Queued { lane, kind, due: count, oldest, waiting: later, failed, next } in report.jobs {
        if count > 0 {
            due.push(DueJobs { lane: lane.clone(), kind: kind.clone(), count, oldest });
        }
        if later > 0 {
            waiting.push(WaitingJobs { lane, kind, count: later, failed, next });
        }
    }
    let (scanner_reachable, scanner_version) = report.scanner.map(|health| (health.is_reachable, health.version)).unzip();
    Ok(Json(SystemState {
        version: env!("CARGO_PKG_VERSION"),
        started_at: report.started_at,
        uptime_seconds: (report.now - report.started_at).num_seconds(),
        database: report.database,
        database_bytes: report.database_bytes,
        storage_folder: report.storage.display().to_string(),
        storage_free_bytes: report.free_bytes,
        scanner: if report.has_scanner { "clamd" } else { "off" },
        scanner_reachable,
        scanner_version: scanner_version.flatten(),
        roles: report.roles.to_vec(),
        jobs: due,
        waiting_jobs: waiting,
    }))
}
