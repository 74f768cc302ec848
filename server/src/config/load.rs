//! Reading the configuration, and errors that name the setting and say what it accepts.

use std::path::Path;

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
    value::Value,
};

use super::Config;

/// The shipped defaults and the reference of all settings, in one.
pub const DEFAULT_TOML: &str = include_str!("../../config.default.toml");

/// A setting that will not do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("configuration: {setting}: {problem}{}", accepts.as_ref().map(|text| format!("\n  accepts: {text}")).unwrap_or_default())]
pub struct ConfigError {
    /// Such as `api.listen`.
    pub setting: String,
    /// What is wrong with it.
    pub problem: String,
    /// What the reference says about it.
    pub accepts: Option<String>,
}

impl ConfigError {
    pub(super) fn new(setting: &str, problem: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), problem: problem.into(), accepts: comment_of(setting) }
    }
}

/// Reads defaults, then `file`, then the environment.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    load_with(file, &[])
}

/// As [`load`], with settings that go before everything: what command-line flags say.
pub fn load_with(file: Option<&Path>, flags: &[(&str, Value)]) -> Result<Config, ConfigError> {
    load_over(&[], file, flags)
}

/// As [`load_with`], with defaults that go before those of the reference, and behind everything else.
pub fn load_over(defaults: &[(&str, Value)], file: Option<&Path>, flags: &[(&str, Value)]) -> Result<Config, ConfigError> {
    let mut figment = Figment::from(Toml::string(DEFAULT_TOML));
    for (setting, value) in defaults {
        // A bare pair would belong to figment's global profile, which goes before file and variables.
        figment = figment.merge(Serialized::default(setting, value));
    }
    if let Some(path) = file {
        if !path.is_file() {
            return Err(ConfigError::new("--config", format!("there is no file {}", path.display())));
        }
        figment = figment.merge(Toml::file_exact(path));
    }
    // The SDKs' own REUPLOAD_API_KEY and its like have a single underscore and are not settings.
    figment = figment.merge(Env::prefixed("REUPLOAD_").filter(|key| key.as_str().contains("__")).split("__"));
    for (setting, value) in flags {
        figment = figment.merge((*setting, value));
    }
    let config: Config = figment.extract().map_err(explain)?;
    config.check()?;
    Ok(config)
}

fn explain(error: figment::Error) -> ConfigError {
    let source = error.metadata.as_ref().map(|metadata| match &metadata.source {
        Some(place) => format!(" ({} {place})", metadata.name),
        None => format!(" ({})", metadata.name),
    });
    let source = source.unwrap_or_default();
    let mut setting = error.path.join(".");
    if let figment::error::Kind::UnknownField(field, _) = &error.kind {
        if error.path.last() != Some(field) {
            setting = if setting.is_empty() { field.clone() } else { format!("{setting}.{field}") };
        }
        return ConfigError::new(&setting, format!("there is no such setting{source}"));
    }
    if setting.is_empty() {
        // The file could not be read at all.
        "--config".clone_into(&mut setting);
    }
    ConfigError::new(&setting, format!("{}{source}", error.kind))
}

/// The comment above a setting in [`DEFAULT_TOML`], so that errors and reference never differ.
fn comment_of(setting: &str) -> Option<String> {
    let (section, key) = setting.split_once('.')?;
    let key = key.split('.').next()?;
    let body = DEFAULT_TOML.split_once(&format!("[{section}]\n"))?.1;
    let body = body.split("\n[").next()?;
    let mut comment = Vec::new();
    for line in body.lines() {
        if let Some(text) = line.strip_prefix("# ") {
            comment.push(text);
        } else if line.split_once('=').is_some_and(|(name, _)| name.trim() == key) {
            return Some(comment.join(" "));
        } else {
            comment.clear();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_for(setting: &str, value: &str) -> String {
        load_with(None, &[(setting, value.into())]).unwrap_err().to_string()
    }

    #[test]
    fn the_defaults_load() {
        let config = load(None).unwrap();
        assert_eq!(config.max_file_size(), 5 * 1024 * 1024 * 1024);
        assert_eq!(config.webhooks.schedule.len(), 12);
    }

    #[test]
    fn a_file_goes_before_the_defaults_of_a_command_and_flags_before_all() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "[limits]\nkey_per_second = 2\naddress_per_second = 2\n").unwrap();
        let all = |value: i64| [("limits.key_per_second", Value::from(value)), ("limits.key_burst", Value::from(value))];
        let config = load_over(&all(1), Some(file.path()), &[("limits.address_per_second", Value::from(3))]).unwrap();
        assert_eq!((config.limits.key_per_second, config.limits.key_burst.get(), config.limits.address_per_second), (2, 1, 3));
    }

    #[test]
    fn an_error_names_the_setting_and_what_it_accepts() {
        for (setting, value, accepts) in [
            ("api.listen", "nonsense", "IP and port"),
            ("api.public_url", "not a url", "http or https URL"),
            ("cdn.public_url", "http://127.0.0.1:4000", "another origin than api.public_url"),
            ("storage.backend", "tape", "\"disk\""),
            ("database.url", "mysql://x", "postgres:// URL"),
            ("uploads.session_ttl", "1s", "from 60s to 7d"),
            ("jobs.lease", "soon", "a duration"),
            ("log.filter", "=?", "tracing filter"),
        ] {
            let error = error_for(setting, value);
            assert!(error.contains(setting) && error.contains(accepts), "{setting}: {error}");
        }
    }

    #[test]
    fn rates_have_their_ranges() {
        for (setting, value, accepts) in [
            ("limits.key_per_second", 1_000_001, "0 to 1000000"),
            ("limits.address_per_second", -1, "0 to 1000000"),
            ("limits.key_burst", 0, "1 to 1000000"),
            ("limits.address_burst", 1_000_001, "1 to 1000000"),
        ] {
            let error = load_with(None, &[(setting, value.into())]).unwrap_err().to_string();
            assert!(error.contains(setting) && error.contains(accepts), "{setting}: {error}");
        }
    }

    #[test]
    fn destinations_are_networks_and_names() {
        for setting in ["webhooks.allow", "webhooks.deny"] {
            let with = |entry: &str| load_with(None, &[(setting, vec![entry].into())]);
            assert!(with("10.1.0.0/16").is_ok() && with("*.internal.example").is_ok());
            for wrong in ["10.1.0.0/33", "https://internal.example", "*", ""] {
                let error = with(wrong).unwrap_err().to_string();
                assert!(error.contains(setting) && error.contains("a list"), "{error}");
            }
        }
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        let with = |proxies: &[&str]| load_with(None, &[("http.trusted_proxies", proxies.to_vec().into())]);
        let config = with(&["10.0.0.0/8", "192.168.1.1", "::1", "fd00::/8"]).unwrap();
        assert_eq!(config.http.trusted_proxies[1].0.to_string(), "192.168.1.1/32");
        for wrong in ["proxy.example.com", "10.0.0.0/33", "10.0.0", ""] {
            let error = with(&[wrong]).unwrap_err().to_string();
            assert!(error.contains("http.trusted_proxies") && error.contains("IP addresses and networks"), "{error}");
        }
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let error = error_for("api.lisen", "127.0.0.1:1");
        assert!(error.contains("api.lisen:") && error.contains("no such setting"), "{error}");
    }

    #[test]
    fn every_setting_has_its_comment() {
        let mut section = "";
        for line in DEFAULT_TOML.lines() {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']');
            } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
                assert!(comment_of(&format!("{section}.{key}")).is_some_and(|text| !text.is_empty()), "{section}.{key}");
            }
        }
    }
}
