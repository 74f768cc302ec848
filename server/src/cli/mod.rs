//! The command line. To add a command: a file here, a variant of [`Command`], an arm in [`run`].

mod admin;
mod dev;
mod housekeeping;
mod listen;
mod local;
mod output;
mod serve;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use rustix::{fs::Mode, process::umask};

use crate::{http, node::Role};

/// The upload backend that a web developer runs instead of writing one.
#[derive(Parser)]
#[command(name = "reupload", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start everything in one process, for development: SQLite, local disk, a ready project and key
    Dev(dev::Args),
    /// Run a node from a configuration file and REUPLOAD_* variables
    Serve {
        /// Configuration file; every setting is explained in config.default.toml (`reupload serve --print-config`)
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// What this node does
        #[arg(long, value_enum, default_value = "all")]
        role: Role,
        /// Print all settings with their defaults and explanations, then stop
        #[arg(long)]
        print_config: bool,
    },
    /// Manage workspaces, projects, users, keys and webhooks beside a running server
    Admin(admin::Args),
    /// Show events as they happen, and post them, signed as webhooks, to a local address
    Listen(listen::Args),
    /// Compare rows and stored bytes, and remove bytes that no row names
    Gc(housekeeping::GcArgs),
    /// Read every stored byte and compare it with its checksum
    Fsck(housekeeping::FsckArgs),
    /// Print the OpenAPI document
    Openapi {
        /// That of the dashboard's own API
        #[arg(long)]
        dashboard: bool,
    },
}

/// Reads the command line and does what it says. `Err` is a sentence for the person at the terminal.
pub async fn run() -> Result<()> {
    // What it writes is for its owner alone, whatever folder it is in.
    umask(Mode::RWXG | Mode::RWXO);
    match Cli::parse().command {
        Command::Dev(args) => dev::run(args).await,
        Command::Serve { print_config: true, .. } => Ok(output::tell(crate::config::DEFAULT_TOML.trim_end())?),
        Command::Serve { config, role, .. } => serve::run(config, role).await,
        Command::Admin(args) => admin::run(args).await,
        Command::Listen(args) => listen::run(args).await,
        Command::Gc(args) => housekeeping::gc(args).await,
        Command::Fsck(args) => housekeeping::fsck(args).await,
        Command::Openapi { dashboard } => {
            let defaults = crate::config::load(None)?;
            let document = match dashboard {
                true => http::dashboard_document(&defaults.api.public_url),
                false => http::document(&defaults.api.public_url, &defaults.cdn.public_url),
            };
            Ok(output::tell(&document.to_pretty_json()?)?)
        }
    }
}
