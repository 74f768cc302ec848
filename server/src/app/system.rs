//! How the server is: for the operator's page.

use std::{path::PathBuf, sync::Arc};

use super::{core::Core, error::Result};
use crate::{domain::clock::Timestamp, store::jobs::Backlog};

/// See the module's text.
#[derive(Clone)]
pub struct System(pub(super) Arc<Core>);

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
    /// Due jobs of each kind.
    pub backlog: Vec<Backlog>,
}

impl System {
    /// A look at the node, its disk and its database.
    pub async fn report(&self) -> Result<Report> {
        let core = &self.0;
        let now = core.clock.now();
        let mut conn = core.db.reader().await?;
        let (database_bytes, backlog) = (conn.database_bytes().await?, conn.backlog(now).await?);
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
            backlog,
        })
    }
}
