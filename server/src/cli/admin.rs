//! `reupload admin`: workspaces, projects, keys and webhooks, beside a running server.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args as ClapArgs, Subcommand};
use serde_json::{Value, json};

use super::dev::local_settings;
use crate::{
    app::{App, keys::NewKey, projects::Settings},
    config,
    domain::{
        access::Permission,
        clock::Clock,
        event::EventType,
        ids::{EndpointId, KeyId, ProjectId, WorkspaceId},
    },
    store::webhooks::Endpoint,
};

#[derive(ClapArgs)]
pub(super) struct Args {
    /// Data folder of `reupload dev`
    #[arg(long, value_name = "DIR", global = true, conflicts_with = "config", default_value = "reupload-data")]
    data: PathBuf,
    /// Configuration file of `reupload serve`
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Accounts that own projects and keys
    #[command(subcommand)]
    Workspace(Workspace),
    /// Sets of files with their own limits, origins and webhooks
    #[command(subcommand)]
    Project(Project),
    /// API keys
    #[command(subcommand)]
    Key(Key),
    /// Endpoints that are told of events
    #[command(subcommand)]
    Webhook(Webhook),
}

#[derive(Subcommand)]
enum Workspace {
    /// Make a workspace
    Create {
        #[arg(long)]
        name: String,
    },
    /// Show all workspaces
    List,
    /// Rename a workspace
    Update {
        id: WorkspaceId,
        #[arg(long)]
        name: String,
    },
}

#[derive(ClapArgs)]
struct Limits {
    #[arg(
        long = "origin",
        value_name = "URL",
        help = "Origin whose pages may upload, such as https://app.example.com; may be repeated; replaces the list"
    )]
    origins: Vec<String>,
    /// Allow no origin any more
    #[arg(long, conflicts_with = "origins")]
    no_origins: bool,
    /// Most bytes, all files together; 0 for no limit
    #[arg(long, value_name = "N")]
    max_bytes: Option<i64>,
    /// Most files; 0 for no limit
    #[arg(long, value_name = "N")]
    max_files: Option<i64>,
    /// Largest file in bytes; 0 for no limit but the server's
    #[arg(long, value_name = "N")]
    max_file_size: Option<i64>,
}

impl Limits {
    fn settings(self, name: Option<String>) -> Settings {
        Settings {
            name,
            origins: Some(self.origins).filter(|origins| self.no_origins || !origins.is_empty()),
            max_bytes: self.max_bytes,
            max_files: self.max_files,
            max_file_size: self.max_file_size,
        }
    }
}

#[derive(Subcommand)]
enum Project {
    /// Make a project
    Create {
        #[arg(long)]
        name: String,
        /// Needed when there are several
        #[arg(long, value_name = "ID")]
        workspace: Option<WorkspaceId>,
        #[command(flatten)]
        limits: Limits,
    },
    /// Show all projects
    List,
    /// Change a project; what is not named stays
    Update {
        id: ProjectId,
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        limits: Limits,
    },
}

#[derive(Subcommand)]
enum Key {
    /// Make a key; its text is shown once
    Create {
        #[arg(long)]
        name: String,
        /// Needed when there are several
        #[arg(long, value_name = "ID")]
        workspace: Option<WorkspaceId>,
        /// files.read, files.write or files.delete; may be repeated; all unless given
        #[arg(long = "permission", value_name = "P")]
        permissions: Vec<Permission>,
        /// A project that the key reaches; may be repeated; all unless given
        #[arg(long = "project", value_name = "ID")]
        projects: Vec<ProjectId>,
    },
    /// Show all keys, without their text
    List,
    /// End a key at once
    Revoke { id: KeyId },
}

#[derive(Subcommand)]
enum Webhook {
    /// Make an endpoint; its secret is shown once
    Create {
        #[arg(long, value_name = "ID")]
        project: ProjectId,
        #[arg(long)]
        url: String,
        /// file.uploaded, file.updated, file.deleted or file.failed; may be repeated; the first three unless given
        #[arg(long = "event", value_name = "TYPE")]
        events: Vec<EventType>,
    },
    /// Show all endpoints, without their secrets
    List,
    /// Change an endpoint
    Update {
        id: EndpointId,
        /// Stop calling it, for this reason
        #[arg(long, value_name = "REASON")]
        disable: String,
    },
}

pub(super) async fn run(args: Args) -> Result<()> {
    let config = match &args.config {
        Some(file) => config::load(Some(file))?,
        None if args.data.join("reupload.db").exists() => config::load_with(None, &local_settings(&args.data))?,
        None => bail!("there is no data in {}: start `reupload dev` first, or name --data or --config", show(&args.data)),
    };
    let app = App::open(config, Clock::System).await?;
    let answer = match args.what {
        What::Workspace(command) => workspace(&app, command).await?,
        What::Project(command) => project(&app, command).await?,
        What::Key(command) => key(&app, command).await?,
        What::Webhook(command) => webhook(&app, command).await?,
    };
    app.core.db.close().await;
    print(&answer, args.json);
    Ok(())
}

fn show(path: &Path) -> String {
    path.display().to_string()
}

async fn workspace(app: &App, command: Workspace) -> Result<Value> {
    Ok(match command {
        Workspace::Create { name } => serde_json::to_value(app.projects.create_workspace(&name).await?)?,
        Workspace::List => serde_json::to_value(app.projects.workspaces().await?)?,
        Workspace::Update { id, name } => {
            app.projects.rename_workspace(id, &name).await?;
            json!({ "id": id, "name": name })
        }
    })
}

async fn project(app: &App, command: Project) -> Result<Value> {
    Ok(match command {
        Project::Create { name, workspace, limits } => {
            let workspace = choose_workspace(app, workspace).await?;
            serde_json::to_value(app.projects.create(workspace, limits.settings(Some(name))).await?)?
        }
        Project::List => {
            let mut rows = Vec::new();
            for project in app.projects.list().await? {
                let usage = app.projects.usage(project.id).await?;
                let mut row = serde_json::to_value(&project)?;
                row["usedBytes"] = usage.used.bytes.into();
                row["usedFiles"] = usage.used.files.into();
                row["maxBytes"] = usage.max_bytes.into();
                row["maxFiles"] = usage.max_files.into();
                rows.push(row);
            }
            Value::Array(rows)
        }
        Project::Update { id, name, limits } => serde_json::to_value(app.projects.update(id, limits.settings(name)).await?)?,
    })
}

async fn key(app: &App, command: Key) -> Result<Value> {
    Ok(match command {
        Key::Create { name, workspace, permissions, projects } => {
            let workspace = choose_workspace(app, workspace).await?;
            let permissions = if permissions.is_empty() { Permission::ALL.to_vec() } else { permissions };
            let (key, secret) = app.keys.create(NewKey { workspace, name, permissions, projects }).await?;
            let mut row = serde_json::to_value(&key)?;
            row["key"] = secret.reveal().into();
            row
        }
        Key::List => serde_json::to_value(app.keys.list().await?)?,
        Key::Revoke { id } => {
            app.keys.revoke(id).await?;
            json!({ "id": id, "revoked": true })
        }
    })
}

async fn webhook(app: &App, command: Webhook) -> Result<Value> {
    Ok(match command {
        Webhook::Create { project, url, events } => {
            let events = if events.is_empty() { EventType::DEFAULT.to_vec() } else { events };
            let endpoint = app.webhooks.create(project, &url, events).await?;
            let mut row = endpoint_row(&endpoint);
            row["secret"] = endpoint.secret.into();
            row
        }
        Webhook::List => app.webhooks.list().await?.iter().map(endpoint_row).collect(),
        Webhook::Update { id, disable } => {
            app.webhooks.disable(id, &disable).await?;
            json!({ "id": id, "disabledReason": disable })
        }
    })
}

fn endpoint_row(endpoint: &Endpoint) -> Value {
    json!({
        "id": endpoint.id,
        "projectId": endpoint.project_id,
        "url": endpoint.url,
        "events": endpoint.event_types,
        "disabledAt": endpoint.disabled_at,
        "disabledReason": endpoint.disabled_reason,
        "createdAt": endpoint.created_at,
    })
}

async fn choose_workspace(app: &App, named: Option<WorkspaceId>) -> Result<WorkspaceId> {
    if let Some(id) = named {
        return Ok(id);
    }
    match app.projects.workspaces().await?.as_slice() {
        [only] => Ok(only.id),
        [] => bail!("there is no workspace yet: make one with `reupload admin workspace create --name NAME`"),
        _ => bail!("there are several workspaces: name one with --workspace ID"),
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print(answer: &Value, as_json: bool) {
    if as_json {
        println!("{answer}");
        return;
    }
    match answer {
        Value::Array(rows) if rows.is_empty() => println!("none"),
        Value::Array(rows) => {
            for row in rows {
                println!("{}\n", lines(row));
            }
        }
        row => println!("{}", lines(row)),
    }
}

fn lines(row: &Value) -> String {
    let fields = row.as_object().into_iter().flatten();
    let shown = fields.filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name:>16}  {text}")
    });
    shown.collect::<Vec<_>>().join("\n")
}
