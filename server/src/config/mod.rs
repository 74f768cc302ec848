//! Configuration: `config.default.toml`, then a file, then `REUPLOAD_SECTION__KEY` variables; the later wins.
//!
//! One struct a section, its keys explained in `config.default.toml` and nowhere else. To add a setting: a line with its
//! comment there, a field here, and, if not every value will do, a check in [`Config::check`].

mod check;
mod load;
mod secret;

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};

use bytesize::ByteSize;
use ipnet::IpNet;
use serde::Deserialize;

use crate::domain::destination::Destination;

pub use self::{
    load::{ConfigError, DEFAULT_TOML, load, load_over, load_with},
    secret::Secret,
};

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains every key")]
pub struct Config {
    pub api: Listener,
    pub cdn: Listener,
    pub metrics: Metrics,
    pub http: Http,
    pub limits: Limits,
    pub storage: Storage,
    pub database: Database,
    pub secrets: Secrets,
    pub uploads: Uploads,
    pub scan: Scan,
    pub images: Images,
    pub jobs: Jobs,
    pub webhooks: Webhooks,
    pub dashboard: Dashboard,
    pub log: Log,
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "config.default.toml explains every key")]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),* }
    };
}

section! {
    /// `[api]` and `[cdn]`.
    Listener { listen: SocketAddr, public_url: String }
}

section! {
    /// `[metrics]`.
    Metrics { listen: SocketAddr }
}

section! {
    /// `[http]`.
    Http {
        #[serde(with = "humantime_serde")]
        header_timeout: Duration,
        #[serde(with = "humantime_serde")]
        idle_timeout: Duration,
        #[serde(with = "humantime_serde")]
        shutdown_timeout: Duration,
        trusted_proxies: Vec<Network>,
    }
}

/// An IP address, or a network in CIDR notation.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Network(pub IpNet);

impl TryFrom<String> for Network {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Self).map_err(|_| format!("{text:?} is neither an IP address nor a network such as 10.0.0.0/8"))
    }
}

section! {
    /// `[limits]`.
    Limits { key_per_second: u32, key_burst: NonZeroU32, address_per_second: u32, address_burst: NonZeroU32 }
}

/// Where blobs live.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum BlobBackend {
    /// A folder.
    Disk,
}

section! {
    /// `[storage]`.
    Storage { data_dir: PathBuf, backend: BlobBackend }
}

section! {
    /// `[database]`.
    Database { url: Secret<String>, connections: u32 }
}

section! {
    /// `[secrets]`.
    Secrets { master_key_file: PathBuf }
}

section! {
    /// `[uploads]`.
    Uploads {
        max_file_size: ByteSize,
        #[serde(with = "humantime_serde")]
        session_ttl: Duration,
        max_files_per_request: usize,
        #[serde(with = "humantime_serde")]
        url_ttl: Duration,
        #[serde(with = "humantime_serde")]
        reap_every: Duration,
    }
}

/// Which scanner decides.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ScanBackend {
    /// None: `scan` is `skipped`.
    Off,
    /// ClamAV's daemon.
    Clamd,
}

/// Where a scanner listens.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub enum ScanAddress {
    /// `unix:` and a path.
    Unix(PathBuf),
    /// `tcp:`, a host and a port.
    Tcp(String),
}

impl TryFrom<String> for ScanAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let port = |host_and_port: &str| host_and_port.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        match text.split_once(':') {
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(("tcp", address)) if port(address).is_some() => Ok(Self::Tcp(address.to_owned())),
            _ => Err(format!("{text:?} is neither unix:/path nor tcp:host:port")),
        }
    }
}

/// What is thought of archives that we cannot look into.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum OtherArchives {
    /// They are not scannable.
    Refuse,
    /// The scanner's word is enough.
    Trust,
}

section! {
    /// `[scan]`.
    Scan {
        backend: ScanBackend,
        address: ScanAddress,
        #[serde(with = "humantime_serde")]
        connect_timeout: Duration,
        #[serde(with = "humantime_serde")]
        timeout: Duration,
        concurrency: usize,
        #[serde(with = "humantime_serde")]
        give_up_after: Duration,
        max_file_size: ByteSize,
        max_unpacked: ByteSize,
        max_members: u64,
        max_depth: u32,
        other_archives: OtherArchives,
    }
}

section! {
    /// `[images]`.
    Images {
        workers: usize,
        max_pixels: u64,
        max_memory: ByteSize,
        #[serde(with = "humantime_serde")]
        timeout: Duration,
    }
}

section! {
    /// `[jobs]`.
    Jobs {
        workers: usize,
        senders: usize,
        #[serde(with = "humantime_serde")]
        lease: Duration,
        #[serde(with = "humantime_serde")]
        poll_every: Duration,
        max_failures: i64,
    }
}

/// A duration inside a list.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct Wait(#[serde(with = "humantime_serde")] pub Duration);

section! {
    /// `[webhooks]`.
    Webhooks {
        schedule: Vec<Wait>,
        #[serde(with = "humantime_serde")]
        timeout: Duration,
        max_response: ByteSize,
        per_endpoint: usize,
        #[serde(with = "humantime_serde")]
        disable_after: Duration,
        allow: Vec<Destination>,
        deny: Vec<Destination>,
        allow_private: bool,
        allow_http: bool,
        extra_ca_file: PathBuf,
    }
}

section! {
    /// `[dashboard]`.
    Dashboard {
        #[serde(with = "humantime_serde")]
        login_idle: Duration,
        #[serde(with = "humantime_serde")]
        login_lifetime: Duration,
    }
}

/// Form of the log.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For a person.
    Human,
    /// One object a line.
    Json,
}

section! {
    /// `[log]`.
    Log { format: LogFormat, filter: String }
}

impl Config {
    /// The largest file in bytes; checked to fit. A file that no scan could ever pass is not taken in the first place.
    pub fn max_file_size(&self) -> i64 {
        let scannable = match self.scan.backend {
            ScanBackend::Off => u64::MAX,
            ScanBackend::Clamd => self.scan.max_file_size.as_u64(),
        };
        i64::try_from(self.uploads.max_file_size.as_u64().min(scannable)).unwrap_or(i64::MAX)
    }

    /// The folder of blobs.
    pub fn blob_folder(&self) -> PathBuf {
        self.storage.data_dir.join("blobs")
    }

    /// The file of master keys.
    pub fn master_key_file(&self) -> PathBuf {
        if self.secrets.master_key_file.as_os_str().is_empty() {
            self.storage.data_dir.join("master.key")
        } else {
            self.secrets.master_key_file.clone()
        }
    }
}
