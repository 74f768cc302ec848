//! Logs and metrics of the process.

use std::{io::IsTerminal, time::Duration};

use anyhow::Result;
use metrics::{Unit, describe_counter as counter, describe_gauge as gauge, describe_histogram as histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Bounds of the histograms, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 300.0];

/// How often what histograms have gathered is summed up; until then every single figure is kept.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Sends log lines to standard error, in the configured form.
pub fn init_logs(log: &Log) -> Result<()> {
    let filter: EnvFilter = log.filter.parse()?;
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    let installed = match log.format {
        LogFormat::Human => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    installed.map_err(|error| anyhow::anyhow!("{error}"))
}

/// Starts to count, and a task that keeps the counts small; the handle renders the page.
pub fn init_metrics() -> Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP_EVERY).await;
            upkeep.run_upkeep();
        }
    });
    counter!("reupload_uploads_accepted_total", "Uploads whose bytes are safe, by `source`: direct or session");
    counter!("reupload_uploads_total", "Uploads that ended, by `result`: COMPLETED, CANCELLED or the failureReason");
    counter!("reupload_upload_bytes_total", Unit::Bytes, "Bytes taken, by `source`: direct or session");
    counter!("reupload_rate_limited_total", "Requests refused with 429, `by` key or address");
    counter!("reupload_webhook_attempts_total", "Webhook attempts, by `result`: succeeded, refused or unreachable");
    counter!(
        "reupload_webhook_endpoints_disabled_total",
        "Webhook endpoints that were disabled: by their own 410, or after nothing but failures"
    );
    histogram!(
        "reupload_upload_store_seconds",
        Unit::Seconds,
        "By `source`: direct, from the last byte to the committed row; session, the whole PUT"
    );
    histogram!("reupload_http_request_seconds", Unit::Seconds, "Time to answer, by `route`, `method` and `status`");
    histogram!("reupload_job_seconds", Unit::Seconds, "Time of one run of a job, by `kind` and `result`: done or failed");
    gauge!("reupload_jobs_due", "Jobs that are due, by `kind`");
    gauge!("reupload_job_oldest_seconds", Unit::Seconds, "How long the oldest due job has waited, by `kind`");
    Ok(handle)
}
