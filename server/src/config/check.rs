//! Which values will not do, beyond their type.

use std::time::Duration;

use bytesize::ByteSize;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::{Config, load::ConfigError};

const MINUTE: Duration = Duration::from_mins(1);
const WEEK: Duration = Duration::from_hours(7 * 24);
/// Requests a second, and at once.
const HIGHEST_RATE: u32 = 1_000_000;

impl Config {
    /// Refuses values that would only fail later.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let api = base_url("api.public_url", &self.api.public_url)?;
        let cdn = base_url("cdn.public_url", &self.cdn.public_url)?;
        let wrong = |setting, problem: &str| Err(ConfigError::new(setting, problem));
        if api.origin() == cdn.origin() {
            return wrong("cdn.public_url", "must differ from api.public_url, or an uploaded page could act as the dashboard");
        }
        let url = self.database.url.reveal();
        if url != "sqlite" && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return wrong("database.url", "is neither sqlite nor a postgres:// URL");
        }
        if self.webhooks.schedule.is_empty() {
            return wrong("webhooks.schedule", "is empty");
        }
        if let Err(error) = self.log.filter.parse::<EnvFilter>() {
            return wrong("log.filter", &error.to_string());
        }
        let in_range = [
            ("database.connections", (1..=200).contains(&self.database.connections)),
            ("uploads.max_file_size", (1..=ByteSize::tib(5).as_u64()).contains(&self.uploads.max_file_size.as_u64())),
            ("uploads.session_ttl", (MINUTE..=WEEK).contains(&self.uploads.session_ttl)),
            ("uploads.url_ttl", (MINUTE..=WEEK).contains(&self.uploads.url_ttl)),
            ("uploads.max_files_per_request", (1..=1000).contains(&self.uploads.max_files_per_request)),
            ("limits.key_per_second", self.limits.key_per_second <= HIGHEST_RATE),
            ("limits.key_burst", self.limits.key_burst.get() <= HIGHEST_RATE),
            ("limits.address_per_second", self.limits.address_per_second <= HIGHEST_RATE),
            ("limits.address_burst", self.limits.address_burst.get() <= HIGHEST_RATE),
            ("scan.connect_timeout", !self.scan.connect_timeout.is_zero()),
            ("scan.timeout", !self.scan.timeout.is_zero()),
            ("scan.concurrency", (1..=256).contains(&self.scan.concurrency)),
            ("scan.max_file_size", (1..=ByteSize::gib(2).as_u64()).contains(&self.scan.max_file_size.as_u64())),
            ("scan.max_unpacked", self.scan.max_unpacked >= self.scan.max_file_size),
            ("scan.max_members", (1..=1_000_000).contains(&self.scan.max_members)),
            ("scan.max_depth", (1..=64).contains(&self.scan.max_depth)),
            ("images.workers", (1..=64).contains(&self.images.workers)),
            ("images.max_pixels", (1..=1_000_000_000).contains(&self.images.max_pixels)),
            ("images.max_memory", (ByteSize::mib(16)..=ByteSize::gib(8)).contains(&self.images.max_memory)),
            ("images.timeout", !self.images.timeout.is_zero()),
            ("jobs.workers", (1..=64).contains(&self.jobs.workers)),
            ("jobs.senders", (1..=1024).contains(&self.jobs.senders)),
            ("jobs.lease", self.jobs.lease >= Duration::from_secs(1)),
            ("jobs.max_failures", (1..=100).contains(&self.jobs.max_failures)),
            ("http.header_timeout", !self.http.header_timeout.is_zero()),
            ("http.idle_timeout", !self.http.idle_timeout.is_zero()),
            ("webhooks.timeout", !self.webhooks.timeout.is_zero()),
            ("webhooks.per_endpoint", (1..=256).contains(&self.webhooks.per_endpoint)),
            ("webhooks.disable_after", !self.webhooks.disable_after.is_zero()),
            ("jobs.poll_every", !self.jobs.poll_every.is_zero()),
            ("uploads.reap_every", !self.uploads.reap_every.is_zero()),
        ];
        match in_range.into_iter().find(|(_, fits)| !fits) {
            Some((setting, _)) => wrong(setting, "is out of range"),
            None => Ok(()),
        }
    }
}

fn base_url(setting: &str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|error| ConfigError::new(setting, format!("{text:?} is not a URL ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || url.query().is_some() || text.ends_with('/') {
        return Err(ConfigError::new(
            setting,
            format!("{text:?} must be http(s)://host[:port][/path] without a slash at its end"),
        ));
    }
    Ok(url)
}
