//! `reupload dev`: from nothing to a working upload in one command.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use figment::value::Value;

use super::serve::stop_on_signal;
use crate::{
    app::{
        App, Error,
        accounts::NewUser,
        dev_inbox::Inbox,
        keys::NewKey,
        projects::{Settings, WorkspaceSettings},
    },
    config::{self, Config},
    domain::{
        access::Permission,
        account::{self, Purpose},
        audit::By,
        clock::Clock,
        ids::{ProjectId, WorkspaceId},
        refusal::Code,
    },
    node::{self, Addresses, Listeners, Role},
    telemetry,
};

/// Whose dashboard it is.
const DEVELOPER: &str = "dev@localhost";

/// Origins of development servers on this machine.
const LOCAL_ORIGINS: [&str; 2] = ["http://localhost:*", "http://127.0.0.1:*"];

#[derive(clap::Args)]
pub(super) struct Args {
    /// Folder for the database, the files and dev.env
    #[arg(long, value_name = "DIR", default_value = "reupload-data")]
    data: PathBuf,
    /// Address of the API [default: 127.0.0.1:4000]
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<SocketAddr>,
    /// Address of the CDN host [default: 127.0.0.1:4001]
    #[arg(long, value_name = "IP:PORT")]
    cdn_listen: Option<SocketAddr>,
    /// Address of the metrics page [default: 127.0.0.1:4002]
    #[arg(long, value_name = "IP:PORT")]
    metrics_listen: Option<SocketAddr>,
}

pub(super) async fn run(args: Args) -> Result<()> {
    let asked = Addresses::of(&configuration(&args, None)?);
    let listeners = Listeners::bind(asked, Role::All).await?;
    // Port 0 becomes a real one when it is bound, and the links must carry that one.
    let bound = |listener: &Option<tokio::net::TcpListener>, asked| {
        listener.as_ref().and_then(|listener| listener.local_addr().ok()).unwrap_or(asked)
    };
    let bound = Addresses {
        api: bound(&listeners.api, asked.api),
        cdn: bound(&listeners.cdn, asked.cdn),
        metrics: bound(&listeners.metrics, asked.metrics),
    };
    let config = configuration(&args, Some(bound))?;
    telemetry::init_logs(&config.log)?;
    let metrics = telemetry::init_metrics()?;
    let mut app = App::open(config, Clock::System).await?;
    let _held = hold(&args.data)?;
    let login = prepare(&app, &args.data).await?;
    let receiver = format!("{}/dev/webhooks/receive", app.config().api.public_url);
    app.inbox = Some(Inbox::open(&app, login.project, receiver, first_upload(&args.data)?).await?);
    let dashboard = sign_in_link(&app, login.project).await?;
    greet(&app, &args.data, &login, &dashboard);
    node::run(app, listeners, Role::All, Some(metrics), stop_on_signal()?).await?;
    Ok(())
}

/// The settings; the addresses are those of flags and variables until they are bound.
fn configuration(args: &Args, bound: Option<Addresses>) -> Result<Config, config::ConfigError> {
    let mut defaults = local_settings();
    if let Some(Addresses { api, cdn, .. }) = bound {
        defaults.extend(
            [("api.public_url", api), ("cdn.public_url", cdn)]
                .map(|(setting, address)| (setting, format!("http://{address}").into())),
        );
    }
    let addresses = [
        ("api.listen", args.listen, bound.map(|bound| bound.api)),
        ("cdn.listen", args.cdn_listen, bound.map(|bound| bound.cdn)),
        ("metrics.listen", args.metrics_listen, bound.map(|bound| bound.metrics)),
    ];
    let mut flags = vec![data_dir(&args.data)];
    for (setting, asked, bound) in addresses {
        flags.extend(bound.or(asked).map(|address| (setting, Value::from(address.to_string()))));
    }
    config::load_over(&defaults, None, &flags)
}

/// How `dev` differs from the defaults; `admin --data` works with the same.
pub(super) fn local_settings() -> Vec<(&'static str, Value)> {
    vec![
        ("webhooks.allow_private", Value::from(true)),
        ("webhooks.allow_http", Value::from(true)),
        ("limits.key_per_second", Value::from(0)),
        ("limits.address_per_second", Value::from(0)),
    ]
}

/// The setting that `--data` makes.
pub(super) fn data_dir(data: &Path) -> (&'static str, Value) {
    ("storage.data_dir", Value::from(data.display().to_string()))
}

/// Holds the folder until the process ends: a second `dev` would point its dev.env and the inbox's webhook elsewhere.
fn hold(data: &Path) -> Result<fs::File> {
    let file = data.join("dev.lock");
    let lock = fs::File::create(&file).with_context(|| format!("cannot write {}", file.display()))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => {
            bail!("another `reupload dev` runs on {}: stop it first, or name another folder with --data", data.display())
        }
        Err(fs::TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", file.display())),
    }
}

/// What the workspace, the project and the key are called that `dev` makes.
const NAME: &str = "dev";

/// The key and the project that `dev.env` names.
struct Login {
    key: String,
    project: ProjectId,
}

/// Makes workspace, project and key on the first start, and finds them again on the next.
async fn prepare(app: &App, data: &Path) -> Result<Login> {
    let file = data.join("dev.env");
    let login = match known(app, &file).await {
        Some(login) => login,
        None => create(app).await?,
    };
    let text = format!(
        "# Written by `reupload dev`. Keep it out of version control.\n\
         REUPLOAD_API_KEY={}\nREUPLOAD_PROJECT_ID={}\nREUPLOAD_API_BASE_URL={}/api/v1\n",
        login.key,
        login.project,
        app.config().api.public_url
    );
    crate::app::write_private_file(&file, &text, false).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(login)
}

/// What an earlier start wrote, if the key is still live; with another project, if that was deleted.
async fn known(app: &App, file: &Path) -> Option<Login> {
    let text = fs::read_to_string(file).ok()?;
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    let (key, project): (_, ProjectId) = (value("REUPLOAD_API_KEY")?.to_owned(), value("REUPLOAD_PROJECT_ID")?.parse().ok()?);
    let bearer = app.keys.authenticate(&key).await.ok()?;
    let projects = app.keys.projects(&bearer.scope).await.ok()?;
    let project = match projects.iter().find(|known| known.id == project) {
        Some(project) => project.id,
        None => own_project(app, bearer.key.workspace_id).await.ok()?,
    };
    Some(Login { key, project })
}

async fn create(app: &App) -> Result<Login> {
    let workspace = match app.projects.workspaces().await?.first() {
        Some(workspace) => workspace.id,
        None => app.projects.create_workspace(WorkspaceSettings::named(NAME), &By::COMMAND_LINE).await?.id,
    };
    let project = own_project(app, workspace).await?;
    let new =
        NewKey { workspace, name: NAME.to_owned(), permissions: Permission::ALL.to_vec(), projects: Vec::new(), life: None };
    let (_, secret) = app.keys.create(new, &By::COMMAND_LINE).await?;
    Ok(Login { key: secret.reveal().to_owned(), project })
}

/// The project `dev` of a workspace, made if it is not there: no other one, whose rules may be of somebody else's making.
async fn own_project(app: &App, workspace: WorkspaceId) -> Result<ProjectId> {
    let known = app.projects.list().await?.into_iter().find(|project| project.workspace_id == workspace && project.name == NAME);
    if let Some(project) = known {
        return Ok(project.id);
    }
    let origins = LOCAL_ORIGINS.map(str::to_owned).to_vec();
    let settings = Settings { name: Some(NAME.to_owned()), origins: Some(origins), ..Settings::default() };
    Ok(app.projects.create(workspace, settings, &By::COMMAND_LINE).await?.id)
}

/// A fresh link that signs the developer in, who gets an account on the first start.
async fn sign_in_link(app: &App, project: ProjectId) -> Result<String> {
    let by = By::COMMAND_LINE;
    let user = match app.accounts.user_of_email(DEVELOPER).await {
        Ok(user) => user,
        Err(Error::Refused(refusal)) if refusal.code == Code::NotFound => {
            let projects = app.projects.list().await?;
            let workspace = projects.into_iter().find(|known| known.id == project).map(|project| project.workspace_id);
            let membership = workspace.map(|workspace| (workspace, account::Role::Owner));
            let (email, name) = (DEVELOPER.to_owned(), "Developer".to_owned());
            app.accounts.create_user(NewUser { email, name, is_operator: true, membership }, &by).await?
        }
        Err(error) => return Err(error.into()),
    };
    Ok(app.accounts.create_link(user.id, Purpose::SignIn, &by).await?)
}

/// The first upload as a line for the page of the inbox. It reads the key from dev.env, which only its owner can: others on this machine
/// can look at the page.
fn first_upload(data: &Path) -> Result<String> {
    let env = std::path::absolute(data.join("dev.env"))?.display().to_string().replace('\'', r"'\''");
    Ok(format!(
        ". '{env}' && echo 'Hello, Reupload' | curl -s -H \"Authorization: Bearer $REUPLOAD_API_KEY\" -F projectId=$REUPLOAD_PROJECT_ID \
         -F isPublic=true -F 'file=@-;filename=hello.txt' $REUPLOAD_API_BASE_URL/uploads/direct"
    ))
}

#[expect(clippy::print_stdout, reason = "what the person at the terminal needs to go on")]
fn greet(app: &App, data: &Path, login: &Login, dashboard: &str) {
    let config = app.config();
    let Login { key, project } = login;
    let (api, cdn) = (&config.api.public_url, &config.cdn.public_url);
    println!(
        "
  Reupload {version} is running. Ctrl-C stops it; the data stays in {data}.

    API                 {api}/api/v1
    CDN                 {cdn}
    metrics             http://{metrics}/metrics
    documentation       {api}/docs
    inbox of webhooks   {api}/dev/webhooks
    dashboard           {dashboard}
                        (signs you in once, within a day; the next start prints a new one)

  For your app, in {data}/dev.env:

    REUPLOAD_API_KEY={key}
    REUPLOAD_PROJECT_ID={project}
    REUPLOAD_API_BASE_URL={api}/api/v1

  Upload a file (paste this into another terminal):

    echo 'Hello, Reupload' | curl -s -H 'Authorization: Bearer {key}' -F projectId={project} -F isPublic=true -F 'file=@-;filename=hello.txt' {api}/api/v1/uploads/direct

  Then look at it, with the uploadId of the answer in place of UPLOAD_ID:

    curl -s -H 'Authorization: Bearer {key}' {api}/api/v1/uploads/session/UPLOAD_ID

  Get told when a file is ready, at the address of your own route:

    {program} admin --data {data} webhook create --project {project} --url http://127.0.0.1:8000/webhooks
",
        version = env!("CARGO_PKG_VERSION"),
        program = std::env::args().next().unwrap_or_else(|| "reupload".to_owned()),
        data = data.display(),
        metrics = config.metrics.listen,
    );
}
