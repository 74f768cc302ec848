//! What the use-cases stand on: database, blobs, clock, keys, scanner, outbound client.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;

use super::{
    group_commit::GroupCommit,
    master_key::{is_open_to_all, load_keyring},
    pairing,
    running_puts::RunningPuts,
    scanning::Outage,
    webhooks::pace::Paces,
};

use crate::{
    blobs::Blobs,
    config::{BlobBackend, Config, OtherArchives, Scan, ScanAddress, ScanBackend, Webhooks},
    domain::{
        clock::{Clock, Timestamp},
        cors,
        signed_url::Keyring,
    },
    outbound::{self, Outbound, Rules},
    scan::{
        Off, Scanner,
        archive::Limits,
        clamd::{Address, Clamd, Options},
    },
    store::{Db, projects::Project},
};

const FILLED_IN_ONE_COMMIT: i64 = 500;

/// The parts that a node is made of.
#[expect(missing_docs, reason = "the names say it")]
pub struct Core {
    pub config: Config,
    pub clock: Clock,
    /// When this process opened it.
    pub started_at: Timestamp,
    pub db: Db,
    pub blobs: Blobs,
    pub keyring: Keyring,
    pub outbound: Outbound,
    pub scanner: Box<dyn Scanner>,
    pub(super) group_commit: GroupCommit,
    pub(super) running_puts: RunningPuts,
    pub(super) outage: Outage,
    pub paces: Arc<Paces>,
}

impl Core {
    pub(super) async fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let (data_dir, blob_folder) = (&config.storage.data_dir, config.blob_folder());
        let known = pairing::of_folder(&blob_folder)?;
        make_private_folder(data_dir).with_context(|| format!("storage.data_dir: cannot make {}", data_dir.display()))?;
        for folder in [&data_dir.join("spool"), &blob_folder] {
            fs::create_dir_all(folder).with_context(|| format!("storage.data_dir: cannot make {}", folder.display()))?;
        }
        if is_open_to_all(data_dir)? {
            tracing::warn!(folder = %data_dir.display(), "storage.data_dir is open to all users of this machine: chmod it to 700");
        }
        let keyring = load_keyring(&config.master_key_file())?;
        let db = open_database(&config, known.is_some()).await?;
        pairing::pair(&db, &blob_folder, known).await?;
        fill_search(&db).await.context("database.url: cannot bring old files up to date")?;
        let BlobBackend::Disk = config.storage.backend;
        let blobs =
            Blobs::open_disk(&blob_folder).with_context(|| format!("storage.data_dir: cannot use {}", data_dir.display()))?;
        let outbound = outbound(&config.webhooks)?;
        let scanner = scanner(&config.scan);
        let group_commit = GroupCommit::start(db.clone());
        let running_puts = RunningPuts::default();
        let paces = Arc::new(Paces::new(config.webhooks.per_endpoint, config.jobs.senders));
        let outage = Outage::default();
        let started_at = clock.now();
        Ok(Self { config, clock, started_at, db, blobs, keyring, outbound, scanner, group_commit, running_puts, outage, paces })
    }

    /// The origin of the server's own pages: the dashboard and the documentation.
    pub(super) fn own_origin(&self) -> Option<String> {
        cors::origin_of(&self.config.api.public_url)
    }

    /// The origins whose pages may talk with the CDN host about what is in a project: those on its list, and the server's own.
    pub(super) fn origins_of(&self, project: Option<Project>) -> Vec<String> {
        project.into_iter().flat_map(|project| project.cors_origins).chain(self.own_origin()).collect()
    }

    /// Where archives are unpacked, to files without a name that end with their process.
    pub fn spool(&self) -> PathBuf {
        self.config.storage.data_dir.join("spool")
    }

    /// What the decoding of a picture may cost.
    pub fn image_limits(&self) -> reupload_images::Limits {
        let images = &self.config.images;
        reupload_images::Limits { max_pixels: images.max_pixels, max_memory: images.max_memory.as_u64(), timeout: images.timeout }
    }

    /// How far archives are looked into.
    pub fn archive_limits(&self) -> Limits {
        let scan = &self.config.scan;
        Limits {
            max_file_size: scan.max_file_size.as_u64(),
            max_unpacked: scan.max_unpacked.as_u64(),
            max_members: scan.max_members,
            max_depth: scan.max_depth,
            trust_other_archives: scan.other_archives == OtherArchives::Trust,
        }
    }
}

fn outbound(webhooks: &Webhooks) -> anyhow::Result<Outbound> {
    let file = &webhooks.extra_ca_file;
    let read = || fs::read(file).with_context(|| format!("webhooks.extra_ca_file: cannot read {}", file.display()));
    Outbound::new(outbound::Options {
        rules: Rules {
            allow: webhooks.allow.clone(),
            deny: webhooks.deny.clone(),
            allow_private: webhooks.allow_private,
            allow_http: webhooks.allow_http,
        },
        extra_ca: if file.as_os_str().is_empty() { None } else { Some(read()?) },
        timeout: webhooks.timeout,
        max_response: usize::try_from(webhooks.max_response.as_u64())?,
    })
}

fn scanner(scan: &Scan) -> Box<dyn Scanner> {
    match scan.backend {
        ScanBackend::Off => Box::new(Off),
        ScanBackend::Clamd => Box::new(Clamd::new(Options {
            address: match &scan.address {
                ScanAddress::Unix(path) => Address::Unix(path.clone()),
                ScanAddress::Tcp(address) => Address::Tcp(address.clone()),
            },
            connect_timeout: scan.connect_timeout,
            timeout: scan.timeout,
            concurrency: scan.concurrency,
            max_size: scan.max_file_size.as_u64(),
        })),
    }
}

/// Makes the folder, for its owner only, and its name durable.
fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::File::open(folder.canonicalize()?.parent().unwrap_or(Path::new("/")))?.sync_all()
}

/// Makes an embedded database that is missing, but not beside the blobs of one that is lost.
async fn open_database(config: &Config, has_blobs: bool) -> anyhow::Result<Db> {
    let url = config.database.url.reveal();
    let opened = if url == "sqlite" {
        let file = config.storage.data_dir.join("reupload.db");
        if has_blobs && !file.exists() {
            return Err(pairing::not_its_database(&config.blob_folder()));
        }
        Db::open_sqlite(&file, config.database.connections).await
    } else {
        Db::open_postgres(url, config.database.connections).await
    };
    opened.context("database.url: cannot open the database")
}

/// Does in small commits what the migrations could not.
async fn fill_search(db: &Db) -> anyhow::Result<()> {
    let mut left = db.reader().await?.has_unsearchable().await?;
    while left {
        let mut tx = db.begin_background().await?;
        left = tx.fill_search(FILLED_IN_ONE_COMMIT).await? == FILLED_IN_ONE_COMMIT;
        tx.commit().await?;
    }
    Ok(())
}
