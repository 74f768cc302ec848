//! How the server is: for the operator's page.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use chrono::Duration;
use tokio::sync::Mutex;

use super::{core::Core, error::Result};
use crate::{domain::clock::Timestamp, scan::Health, store::jobs::Queued};

/// How long the scanner's last answer is good: however many look, it is asked now and then.
const REMEMBERED: Duration = Duration::seconds(5);

/// See the module's text.
#[derive(Clone)]
pub struct System {
    core: Arc<Core>,
    scanner: Arc<Mutex<Option<Asked>>>,
    roles: Arc<OnceLock<&'static [&'static str]>>,
}

/// What this node sees.
#[derive(Debug)]
pub struct Report {
    /// When this node was started.
    pub started_at: Timestamp,
    /// Its present time.
    pub now: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// What the database takes, in bytes.
    pub database_bytes: i64,
    /// The folder of the data.
    pub storage: PathBuf,
    /// Bytes that are free there; none if the system does not say.
    pub free_bytes: Option<u64>,
    /// Whether a scanner is configured.
    pub has_scanner: bool,
    /// How the scanner is; none without one.
    pub scanner: Option<Health>,
    /// `api`, `cdn` and `worker`, as far as this node is them.
    pub roles: &'static [&'static str],
    /// Jobs of each lane and kind.
    pub jobs: Vec<Queued>,
}

struct Asked {
    /// By [`Clock::monotonic`](crate::domain::clock::Clock::monotonic).
    at: Duration,
    health: Option<Health>,
}

impl System {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core, scanner: Arc::default(), roles: Arc::default() }
    }

    /// Says what this node does, once, before it does it.
    pub fn runs_as(&self, roles: &'static [&'static str]) {
        // The same node has no second life with other roles.
        let _ = self.roles.set(roles);
    }

    /// How the scanner is. Who asks while another does waits for that answer.
    async fn scanner(&self) -> Option<Health> {
        let mut known = self.scanner.lock().await;
        let now = self.core.clock.monotonic();
        match &*known {
            Some(asked) if now - asked.at < REMEMBERED => asked.health.clone(),
            _ => {
                let health = self.core.scanner.health().await;
                *known = Some(Asked { at: now, health: health.clone() });
                health
            }
        }
    }

    /// A look at the node, its disk and its database.
    pub async fn report(&self) -> Result<Report> {
        let core = &self.core;
        let now = core.clock.now();
        let mut conn = core.db.reader().await?;
        let (database_bytes, jobs) = (conn.database_bytes().await?, conn.queued_jobs(now).await?);
        drop(conn);
        let storage = core.config.storage.data_dir.clone();
        Ok(Report {
            started_at: core.started_at,
            now,
            database: core.db.engine_name(),
            database_bytes,
            free_bytes: core.blobs.free_bytes(),
            storage,
            has_scanner: core.scanner.is_on(),
            scanner: self.scanner().await,
            roles: self.roles.get().copied().unwrap_or_default(),
            jobs,
        })
    }
}
