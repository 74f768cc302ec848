//! The use-cases, and the only folder that begins a transaction.
//!
//! HTTP, command line and workers all call these; each says who asks (a `Scope`, or nobody for the operator). Consequences of a
//! change (events, deliveries, jobs, quota) are rows in the same commit as the change. To add a use-case, find the
//! noun it is about and put a method there.

mod core;
mod error;
mod group_commit;
mod holds;
mod idempotency;
mod master_key;
mod outbox;
mod pairing;
mod pictures;
mod publishing;
mod quota;
mod running_puts;
mod scanning;
mod sniffing;
mod target;
mod transitions;
mod usage_days;

pub mod accounts;
pub mod dev_inbox;
pub mod events;
pub mod files;
pub mod housekeeping;
pub mod jobs;
pub mod keys;
pub mod live;
pub mod processing;
pub mod projects;
pub mod reaper;
pub mod removal;
pub mod serving;
pub mod sessions;
pub mod system;
pub mod uploads;
pub mod usage;
pub mod webhooks;

use std::sync::Arc;

pub(crate) use self::master_key::write_private_file;
pub use self::{
    core::Core,
    error::{Error, Result},
    holds::Room,
};
use crate::{
    config::Config,
    domain::clock::{Clock, Timestamp},
};

/// Everything the service can do; clones share it.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is explained in its own file")]
pub struct App {
    pub accounts: accounts::Accounts,
    pub live: live::Live,
    pub uploads: uploads::Uploads,
    pub sessions: sessions::Sessions,
    pub processing: processing::Processing,
    pub jobs: jobs::Jobs,
    pub files: files::Files,
    pub keys: keys::Keys,
    pub projects: projects::Projects,
    pub webhooks: webhooks::Webhooks,
    pub events: events::Events,
    pub usage: usage::Usages,
    pub reaper: reaper::Reaper,
    pub system: system::System,
    pub housekeeping: housekeeping::Housekeeping,
    /// Only in `reupload dev`.
    pub inbox: Option<dev_inbox::Inbox>,
    /// What they stand on. Only for tests: a test of the architecture keeps the other layers off it.
    #[doc(hidden)]
    pub core: Arc<Core>,
}

impl App {
    /// Opens database and storage. Waits for neither more than seconds; fails with a sentence for the operator.
    pub async fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let core = Arc::new(Core::open(config, clock).await?);
        let accounts = accounts::Accounts::new(Arc::clone(&core));
        Ok(Self {
            live: live::Live::new(Arc::clone(&core), accounts.clone()),
            accounts,
            uploads: uploads::Uploads(Arc::clone(&core)),
            sessions: sessions::Sessions(Arc::clone(&core)),
            processing: processing::Processing(Arc::clone(&core)),
            jobs: jobs::Jobs(Arc::clone(&core)),
            files: files::Files(Arc::clone(&core)),
            keys: keys::Keys(Arc::clone(&core), Arc::default()),
            projects: projects::Projects(Arc::clone(&core)),
            webhooks: webhooks::Webhooks(Arc::clone(&core)),
            events: events::Events(Arc::clone(&core)),
            usage: usage::Usages(Arc::clone(&core)),
            system: system::System::new(Arc::clone(&core)),
            reaper: reaper::Reaper(Arc::clone(&core)),
            housekeeping: housekeeping::Housekeeping(Arc::clone(&core)),
            inbox: None,
            core,
        })
    }

    /// As [`App::open`], where a server has been before: makes neither a database nor a storage.
    pub async fn open_existing(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let folder = config.blob_folder();
        if pairing::of_folder(&folder)?.is_none() {
            anyhow::bail!("storage.data_dir: no server of this version has used {} yet: start it first", folder.display());
        }
        Self::open(config, clock).await
    }

    /// The settings that the node runs with.
    pub fn config(&self) -> &Config {
        &self.core.config
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    /// `sqlite` or `postgres`.
    pub fn database(&self) -> &'static str {
        self.core.db.engine_name()
    }

    /// Whether the database answers; `SERVICE_UNAVAILABLE` if it does not.
    pub async fn ready(&self) -> Result<()> {
        Ok(self.core.db.ping().await?)
    }

    /// Returns if a part fails without which no upload is taken any more: the process should end then.
    pub async fn broken(&self) {
        self.core.group_commit.ended().await;
    }

    /// Closes the database: the last thing that a process does.
    pub async fn close(&self) {
        self.core.db.close().await;
    }
}
