//! For load balancers and monitoring: alive, ready, and the numbers.

use axum::{Json, extract::State, response::IntoResponse};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

use super::error::ApiError;
use crate::app::App;

/// A word on how the process is.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Health {
    /// `ok` or `ready`.
    status: &'static str,
}

/// The process is alive
///
/// Says nothing of the database; a node that fails here should be restarted.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, body = Health)))]
pub(super) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The process can serve
///
/// Asks the database; a node that fails here should get no traffic.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, body = Health), (status = 503, body = super::error::ErrorBody)))]
pub(super) async fn readyz(State(app): State<App>) -> Result<Json<Health>, ApiError> {
    app.ready().await?;
    Ok(Json(Health { status: "ready" }))
}

/// All metrics, with the backlog of jobs as it is at this moment.
pub(super) async fn metrics_page(State((app, handle)): State<(App, PrometheusHandle)>) -> impl IntoResponse {
    let backlog = app.jobs.backlog().await.unwrap_or_else(|error| {
        tracing::error!(%error, "could not count the jobs for the metrics; they keep their last figures");
        Vec::new()
    });
    for jobs in backlog {
        let age = jobs.oldest.map_or(0, |oldest| (app.now() - oldest).num_seconds());
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        {
            metrics::gauge!("reupload_jobs_due", "kind" => jobs.kind.clone()).set(jobs.count as f64);
            metrics::gauge!("reupload_job_oldest_seconds", "kind" => jobs.kind).set(age as f64);
        }
    }
    handle.run_upkeep();
    ([("content-type", "text/plain; version=0.0.4")], handle.render())
}
