//! `reupload serve`, and how a node stops.

use std::path::PathBuf;

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};

use super::output::tell;
use crate::{
    app::App,
    config,
    domain::clock::Clock,
    node::{self, Addresses, Listeners, Role},
    shutdown, telemetry,
};

pub(super) async fn run(file: Option<PathBuf>, role: Role) -> Result<()> {
    let config = config::load(file.as_deref())?;
    telemetry::init_logs(&config.log)?;
    let metrics = telemetry::init_metrics()?;
    let listeners = Listeners::bind(Addresses::of(&config), role).await?;
    let app = App::open(config, Clock::System).await?;
    let config = app.config();
    tracing::info!(
        role = ?role, api = %config.api.listen, cdn = %config.cdn.listen, metrics = %config.metrics.listen,
        database = app.database(), storage = %config.storage.data_dir.display(), "serving"
    );
    if matches!(role, Role::All | Role::Api)
        && let Some(link) = app.accounts.setup_link().await?
    {
        // For the person who starts it, and in no log line that a collector of logs would keep by its fields.
        tell(&format!("Nobody has an account yet. Make the first one here, within a day:\n\n    {link}\n"))?;
    }
    node::run(app, listeners, role, Some(metrics), stop_on_signal()?).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Stops the node at the first Ctrl-C or SIGTERM, and the process at the second.
pub(super) fn stop_on_signal() -> Result<shutdown::Shutdown> {
    let (trigger, shutdown) = shutdown::channel();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::spawn(async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        tracing::info!("stopping: running requests and jobs may end; once more to stop at once");
        trigger.stop();
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        std::process::exit(130);
    });
    Ok(shutdown)
}
