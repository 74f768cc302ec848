//! Which values will not do, beyond their type.

use std::time::Duration;

use bytesize::ByteSize;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::{Config, load::ConfigError};

const MINUTE: Duration = Duration::from_mins(1);
const WEEK: Duration = Duration::from_hours(7 * 24);
/// Longer than anything waits, and short enough to be added to any time.
const YEAR: Duration = Duration::from_hours(365 * 24);
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
        if let Some((setting, _)) = self.durations().find(|(_, duration)| *duration > YEAR) {
            return wrong(setting, "is longer than a year");
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
            ("dashboard.login_idle", self.dashboard.login_idle >= MINUTE),
            ("dashboard.login_lifetime", self.dashboard.login_lifetime >= MINUTE),
            ("jobs.poll_every", !self.jobs.poll_every.is_zero()),
            ("uploads.reap_every", !self.uploads.reap_every.is_zero()),
        ];
        match in_range.into_iter().find(|(_, fits)| !fits) {
            Some((setting, _)) => wrong(setting, "is out of range"),
            None => Ok(()),
        }
    }

    fn durations(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        let single = [
            ("http.header_timeout", self.http.header_timeout),
            ("http.idle_timeout", self.http.idle_timeout),
            ("http.shutdown_timeout", self.http.shutdown_timeout),
            ("uploads.reap_every", self.uploads.reap_every),
            ("scan.connect_timeout", self.scan.connect_timeout),
            ("scan.timeout", self.scan.timeout),
            ("scan.give_up_after", self.scan.give_up_after),
            ("images.timeout", self.images.timeout),
            ("jobs.lease", self.jobs.lease),
            ("jobs.poll_every", self.jobs.poll_every),
            ("webhooks.timeout", self.webhooks.timeout),
            ("webhooks.disable_after", self.webhooks.disable_after),
            ("dashboard.login_idle", self.dashboard.login_idle),
            ("dashboard.login_lifetime", self.dashboard.login_lifetime),
        ];
        single.into_iter().chain(self.webhooks.schedule.iter().map(|wait| ("webhooks.schedule", wait.0)))
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

#[cfg(test)]
mod tests {
    use figment::value::Value;

    use super::super::load::load_with;

    fn texts<const N: usize>(texts: [&str; N]) -> Vec<Value> {
        texts.into_iter().map(Value::from).collect()
    }

    fn numbers<const N: usize>(numbers: [u32; N]) -> Vec<Value> {
        numbers.into_iter().map(Value::from).collect()
    }

    /// A setting, values that just fit and values that just do not.
    fn ranges() -> Vec<(&'static str, Vec<Value>, Vec<Value>)> {
        let duration = |setting| (setting, texts(["1ms", "365d"]), texts(["0s", "365d 1s"]));
        let any_duration = |setting| (setting, texts(["0s", "365d"]), texts(["365d 1s"]));
        let count = |setting, most| (setting, numbers([1, most]), numbers([0, most + 1]));
        let rate = |setting| (setting, numbers([0, 1_000_000]), numbers([1_000_001]));
        vec![
            count("database.connections", 200),
            ("uploads.max_file_size", texts(["1B", "5TiB"]), texts(["0B", "5497558138881B"])),
            ("uploads.session_ttl", texts(["60s", "7d"]), texts(["59s", "7d 1s"])),
            ("uploads.url_ttl", texts(["60s", "7d"]), texts(["59s", "7d 1s"])),
            count("uploads.max_files_per_request", 1000),
            rate("limits.key_per_second"),
            count("limits.key_burst", 1_000_000),
            rate("limits.address_per_second"),
            count("limits.address_burst", 1_000_000),
            duration("scan.connect_timeout"),
            duration("scan.timeout"),
            count("scan.concurrency", 256),
            ("scan.max_file_size", texts(["1B", "400MiB"]), texts(["0B"])),
            ("scan.max_unpacked", texts(["100MiB"]), texts(["104857599B"])),
            count("scan.max_members", 1_000_000),
            count("scan.max_depth", 64),
            count("images.workers", 64),
            count("images.max_pixels", 1_000_000_000),
            ("images.max_memory", texts(["16MiB", "8GiB"]), texts(["16777215B", "8589934593B"])),
            duration("images.timeout"),
            count("jobs.workers", 64),
            count("jobs.senders", 1024),
            ("jobs.lease", texts(["1s", "365d"]), texts(["999ms", "365d 1s"])),
            count("jobs.max_failures", 100),
            duration("http.header_timeout"),
            duration("http.idle_timeout"),
            any_duration("http.shutdown_timeout"),
            any_duration("scan.give_up_after"),
            ("webhooks.schedule", vec![vec!["0s", "365d"].into()], vec![vec!["0s", "365d 1s"].into()]),
            duration("webhooks.timeout"),
            count("webhooks.per_endpoint", 256),
            duration("webhooks.disable_after"),
            ("dashboard.login_idle", texts(["60s", "365d"]), texts(["59s", "365d 1s"])),
            ("dashboard.login_lifetime", texts(["60s", "365d"]), texts(["59s", "365d 1s"])),
            duration("jobs.poll_every"),
            duration("uploads.reap_every"),
        ]
    }

    #[test]
    fn each_number_has_its_range() {
        for (setting, good, bad) in ranges() {
            for value in good {
                let loaded = load_with(None, &[(setting, value.clone())]);
                assert!(loaded.is_ok(), "{setting} = {value:?}: {loaded:?}");
            }
            for value in bad {
                let error = load_with(None, &[(setting, value.clone())]).expect_err(&format!("{setting} = {value:?}"));
                assert_eq!(error.setting, setting, "{value:?}: {error}");
            }
        }
        let unpacked = ("scan.max_unpacked", Value::from("3GiB"));
        let scanned = |size: &str| load_with(None, &[unpacked.clone(), ("scan.max_file_size", size.into())]);
        assert!(scanned("2GiB").is_ok());
        assert_eq!(scanned("2147483649B").unwrap_err().setting, "scan.max_file_size");
        let none: Vec<Value> = Vec::new();
        assert_eq!(load_with(None, &[("webhooks.schedule", none.into())]).unwrap_err().setting, "webhooks.schedule");
    }
}
