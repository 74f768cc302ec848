//! `reupload admin`: workspaces, projects, users, keys and webhooks, beside a running server.

mod settings;
mod user;
mod webhook;

use anyhow::{Result, bail};
use clap::{Args as ClapArgs, Subcommand};
use serde_json::{Value, json};

use self::settings::{Limits, Rules};
use super::{
    local::Place,
    output::{bar, printable, tell},
};
use crate::{
    app::{App, keys::NewKey},
    domain::{
        access::Permission,
        asked,
        audit::By,
        ids::{KeyId, ProjectId, WorkspaceId},
        quota::Usage,
    },
    store,
};

#[derive(ClapArgs)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
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
    /// Accounts of the dashboard
    #[command(subcommand)]
    User(user::User),
    /// API keys
    #[command(subcommand)]
    Key(Key),
    /// Endpoints that are told of events
    #[command(subcommand)]
    Webhook(webhook::Webhook),
}

#[derive(Subcommand)]
enum Workspace {
    /// Make a workspace
    Create {
        #[arg(long)]
        name: String,
        #[command(flatten)]
        limits: Limits,
    },
    /// Show all workspaces
    List,
    /// Change a workspace; what is not named stays
    Update {
        id: WorkspaceId,
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        limits: Limits,
    },
    /// Delete a workspace that has no projects, for good
    Delete { id: WorkspaceId },
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
        rules: Rules,
    },
    /// Show all projects
    List,
    /// Change a project; what is not named stays
    Update {
        id: ProjectId,
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        rules: Rules,
    },
    /// Delete a project for good, with its webhooks and the keys that reach nothing else
    Delete {
        id: ProjectId,
        /// Delete its files and cancel its open uploads before; else only an empty project goes
        #[arg(long)]
        with_files: bool,
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
        /// After how many seconds it ends, 60 to 31536000; never unless given
        #[arg(long, value_name = "SECONDS")]
        expires_in: Option<u64>,
    },
    /// Show all keys, without their text
    List,
    /// End a key at once
    Revoke { id: KeyId },
}

pub(super) async fn run(args: Args) -> Result<()> {
    let app = args.place.open().await?;
    let answer = match args.what {
        What::Workspace(command) => workspace(&app, command).await?,
        What::Project(command) => project(&app, command).await?,
        What::Key(command) => key(&app, command).await?,
        What::User(command) => user::run(&app, command).await?,
        What::Webhook(command) => webhook::run(&app, command).await?,
    };
    app.close().await;
    Ok(print(&answer, args.json)?)
}

fn with_usage(mut row: Value, usage: &Usage) -> Value {
    let used = usage.used();
    for (name, figure) in [("usedBytes", Some(used.bytes)), ("usedFiles", Some(used.files))] {
        row[name] = figure.into();
    }
    for (name, limit) in [("maxBytes", usage.max_bytes), ("maxFiles", usage.max_files)] {
        row[name] = limit.into();
    }
    row
}

async fn workspace(app: &App, command: Workspace) -> Result<Value> {
    let row = async |workspace: store::projects::Workspace| -> Result<Value> {
        Ok(with_usage(serde_json::to_value(&workspace)?, &app.projects.workspace_usage(workspace.id).await?))
    };
    Ok(match command {
        Workspace::Create { name, limits } => {
            row(app.projects.create_workspace(limits.of_workspace(Some(name)), &By::COMMAND_LINE).await?).await?
        }
        Workspace::List => {
            let mut rows = Vec::new();
            for workspace in app.projects.workspaces().await? {
                rows.push(row(workspace).await?);
            }
            Value::Array(rows)
        }
        Workspace::Update { id, name, limits } => {
            row(app.projects.update_workspace(id, limits.of_workspace(name), &By::COMMAND_LINE).await?).await?
        }
        Workspace::Delete { id } => {
            app.projects.delete_workspace(id, &By::COMMAND_LINE).await?;
            json!({ "id": id, "deleted": true })
        }
    })
}

async fn project(app: &App, command: Project) -> Result<Value> {
    let row = async |project: store::projects::Project| -> Result<Value> {
        Ok(with_usage(serde_json::to_value(&project)?, &app.projects.usage(project.id).await?))
    };
    Ok(match command {
        Project::Create { name, workspace, rules } => {
            let workspace = choose_workspace(app, workspace).await?;
            row(app.projects.create(workspace, rules.settings(Some(name)), &By::COMMAND_LINE).await?).await?
        }
        Project::List => {
            let mut rows = Vec::new();
            for project in app.projects.list().await? {
                rows.push(row(project).await?);
            }
            Value::Array(rows)
        }
        Project::Update { id, name, rules } => {
            row(app.projects.update(id, rules.settings(name), &By::COMMAND_LINE).await?).await?
        }
        Project::Delete { id, with_files } => {
            if with_files {
                empty(app, id).await?;
            }
            app.projects.delete(id, &By::COMMAND_LINE).await?;
            json!({ "id": id, "deleted": true })
        }
    })
}

async fn empty(app: &App, id: ProjectId) -> Result<()> {
    let files = app.projects.usage(id).await?.stored.files;
    let bar = bar(files.unsigned_abs(), "deleting files", "{msg} {wide_bar} {pos}/{len} {eta}");
    loop {
        let emptied = app.projects.empty(id, &By::COMMAND_LINE).await?;
        bar.inc(emptied.deleted as u64);
        if !emptied.has_more {
            bar.finish_and_clear();
            return Ok(());
        }
    }
}

async fn key(app: &App, command: Key) -> Result<Value> {
    Ok(match command {
        Key::Create { name, workspace, permissions, projects, expires_in } => {
            let workspace = choose_workspace(app, workspace).await?;
            let permissions = if permissions.is_empty() { Permission::ALL.to_vec() } else { permissions };
            let life = expires_in.map(asked::key_life).transpose()?;
            let new = NewKey { workspace, name, permissions, projects, life };
            let (key, secret) = app.keys.create(new, &By::COMMAND_LINE).await?;
            let mut row = serde_json::to_value(&key)?;
            row["key"] = secret.reveal().into();
            row["projects"] = named_projects(app, &key).await?;
            row
        }
        Key::List => {
            let mut rows = Vec::new();
            for key in app.keys.list().await? {
                let mut row = serde_json::to_value(&key)?;
                row["projects"] = named_projects(app, &key).await?;
                rows.push(row);
            }
            Value::Array(rows)
        }
        Key::Revoke { id } => {
            app.keys.revoke(None, id, &By::COMMAND_LINE).await?;
            json!({ "id": id, "revoked": true })
        }
    })
}

/// The projects that a limited key reaches; null for one that reaches all.
async fn named_projects(app: &App, key: &store::keys::ApiKey) -> Result<Value> {
    Ok(if key.all_projects { Value::Null } else { serde_json::to_value(app.keys.projects_of(key.id).await?)? })
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

fn print(answer: &Value, as_json: bool) -> std::io::Result<()> {
    if as_json {
        return tell(&answer.to_string());
    }
    match answer {
        Value::Array(rows) if rows.is_empty() => tell("none"),
        Value::Array(rows) => rows.iter().try_for_each(|row| tell(&format!("{}\n", lines(row)))),
        row => tell(&lines(row)),
    }
}

fn lines(row: &Value) -> String {
    let fields = row.as_object().into_iter().flatten();
    let shown = fields.filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name:>16}  {}", printable(&text))
    });
    shown.collect::<Vec<_>>().join("\n")
}
