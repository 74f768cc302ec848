//! Where a command finds its server's data: the folder of `dev`, or the configuration of `serve`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use figment::value::Value;

use super::dev::{data_dir, local_settings};
use crate::{
    app::App,
    config::{self, Config},
    domain::clock::Clock,
};

/// `--data` and `--config`, for every command that works beside a running server.
#[derive(clap::Args)]
pub(super) struct Place {
    /// Data folder of `reupload dev`
    #[arg(long, value_name = "DIR", global = true, conflicts_with = "config", default_value = "reupload-data")]
    data: PathBuf,
    /// Configuration file of `reupload serve`
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

impl Place {
    /// Opens database and storage, and makes them if they are missing.
    pub(super) async fn open(&self) -> Result<App> {
        App::open(self.configuration()?, Clock::System).await
    }

    /// Opens the database and storage of a server that has run already.
    pub(super) async fn open_existing(&self) -> Result<App> {
        App::open_existing(self.configuration()?, Clock::System).await
    }

    /// Without `--config` the data folder must be there already.
    fn configuration(&self) -> Result<Config> {
        match &self.config {
            Some(file) => Ok(config::load(Some(file))?),
            // With PostgreSQL `dev` leaves no database here.
            None if ["reupload.db", "dev.env"].iter().any(|file| self.data.join(file).exists()) => {
                let mut settings = vec![data_dir(&self.data)];
                settings.extend(dev_address(&self.data));
                Ok(config::load_over(&local_settings(), None, &settings)?)
            }
            None => {
                let data = self.data.display();
                bail!("there is no data in {data}: start `reupload dev` first, or name --data or --config");
            }
        }
    }
}

/// Where the `dev` of this folder is, or was, to be reached: for links that a command prints.
fn dev_address(data: &Path) -> Option<(&'static str, Value)> {
    let text = fs::read_to_string(data.join("dev.env")).ok()?;
    let base = text.lines().find_map(|line| line.strip_prefix("REUPLOAD_API_BASE_URL="))?;
    Some(("api.public_url", Value::from(base.strip_suffix("/api/v1")?)))
}
