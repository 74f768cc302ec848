//! A running node: its listeners and its workers, until it is told to stop.

use std::{future::Future, net::SocketAddr, sync::Arc};

use anyhow::{Context, Result, bail};
use metrics_exporter_prometheus::PrometheusHandle;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    app::App,
    config::Config,
    http::{self, Gate, Limits},
    shutdown::Shutdown,
    worker,
};

/// What a node does. Each is useful alone; `all` is one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Everything.
    All,
    /// Answers the API.
    Api,
    /// Takes PUTs and serves files.
    Cdn,
    /// Runs jobs.
    Worker,
}

impl Role {
    /// What a node of this role does, in the words of `--role`.
    const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::All => &["api", "cdn", "worker"],
            Self::Api => &["api"],
            Self::Cdn => &["cdn"],
            Self::Worker => &["worker"],
        }
    }
}

/// The sockets of a node; those of other roles stay closed.
#[expect(missing_docs, reason = "the names say it")]
pub struct Listeners {
    pub api: Option<TcpListener>,
    pub cdn: Option<TcpListener>,
    pub metrics: Option<TcpListener>,
}

/// Where a node listens.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Addresses {
    pub api: SocketAddr,
    pub cdn: SocketAddr,
    pub metrics: SocketAddr,
}

impl Addresses {
    /// As configured.
    pub fn of(config: &Config) -> Self {
        Self { api: config.api.listen, cdn: config.cdn.listen, metrics: config.metrics.listen }
    }
}

impl Listeners {
    /// Opens the sockets that a role needs. An address in use fails with the setting's name.
    pub async fn bind(at: Addresses, role: Role) -> Result<Self> {
        let api = matches!(role, Role::All | Role::Api).then_some(("api.listen", at.api));
        let cdn = matches!(role, Role::All | Role::Cdn).then_some(("cdn.listen", at.cdn));
        let metrics = Some(("metrics.listen", at.metrics));
        Ok(Self { api: bind(api).await?, cdn: bind(cdn).await?, metrics: bind(metrics).await? })
    }
}

async fn bind(wanted: Option<(&str, SocketAddr)>) -> Result<Option<TcpListener>> {
    let Some((setting, address)) = wanted else { return Ok(None) };
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!(
            "{setting}: cannot listen on {address}. Does something else run there? Choose another address (`reupload dev` takes \
             --listen, --cdn-listen and --metrics-listen; port 0 takes a free one)"
        )
    })?;
    Ok(Some(listener))
}

/// Lets the process open as many files and sockets as its hard limit allows. The usual soft limit of 1,024 is for programs that use
/// `select` (systemd, "File Descriptor Limits"), and idle connections alone can use it up.
fn raise_file_limit() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        Ok(()) => tracing::info!(before = ?limit.current, now = ?limit.maximum, "raised the limit of open files"),
        Err(error) => tracing::warn!(%error, limit = ?limit.current, "could not raise the limit of open files"),
    }
}

/// Runs until `shutdown`; then lets requests and jobs that are under way end, and closes the database.
///
/// Fails at once if a part of the node panics: without it the node would look well and do half of its work.
pub async fn run(
    app: App,
    listeners: Listeners,
    role: Role,
    metrics: Option<PrometheusHandle>,
    shutdown: Shutdown,
) -> Result<()> {
    raise_file_limit();
    app.system.runs_as(role.parts());
    let settings = &app.config().http;
    let limits =
        Limits { header_timeout: settings.header_timeout, idle_timeout: settings.idle_timeout, grace: settings.shutdown_timeout };
    let gate = Arc::new(Gate::new(&app));
    let mut parts = JoinSet::new();
    parts.spawn(Arc::clone(&gate).keep_small(shutdown.clone()));
    if let Some(listener) = listeners.api {
        parts.spawn(worker::note_key_use(app.clone(), shutdown.clone()));
        let api = http::api(app.clone(), Arc::clone(&gate), shutdown.clone());
        parts.spawn(http::serve(listener, api, limits, shutdown.clone()));
    }
    if let Some(listener) = listeners.cdn {
        parts.spawn(http::serve(listener, http::cdn(app.clone(), gate), limits, shutdown.clone()));
    }
    if let (Some(listener), Some(handle)) = (listeners.metrics, metrics) {
        parts.spawn(http::serve(listener, http::metrics(app.clone(), handle), limits, shutdown.clone()));
    }
    if matches!(role, Role::All | Role::Worker) {
        parts.spawn(worker::run(app.clone(), shutdown, limits.grace));
    }
    if let Err(error) = all_ended(parts, app.broken()).await {
        tracing::error!(%error, "a part of the node failed; the process ends");
        return Err(error);
    }
    worker::write_key_use(&app).await;
    app.close().await;
    Ok(())
}

async fn all_ended(mut parts: JoinSet<()>, broken: impl Future<Output = ()>) -> Result<()> {
    let ended = async {
        while let Some(ended) = parts.join_next().await {
            ended.context("a part of the node failed")?;
        }
        Ok(())
    };
    tokio::select! {
        ended = ended => ended,
        () = broken => bail!("the group commit failed"),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        time::Duration,
    };

    use super::*;

    #[tokio::test]
    async fn a_part_that_panics_ends_the_node() {
        let parts = |part: fn()| {
            let mut parts = JoinSet::new();
            parts.spawn(async move { part() });
            parts.spawn(tokio::time::sleep(Duration::from_mins(10)));
            parts
        };
        let error = all_ended(parts(|| panic!("on purpose")), pending()).await.unwrap_err();
        assert!(format!("{error:#}").contains("on purpose"), "{error:#}");
        assert!(all_ended(parts(|| {}), ready(())).await.is_err(), "no direct uploads any more");
        assert!(all_ended(JoinSet::new(), pending()).await.is_ok());
    }
}
