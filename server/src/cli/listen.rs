//! `reupload listen`: the events of a project as they happen, on the terminal and, signed as webhooks are, at a local address.
//!
//! It needs no access to the database: it reads `GET /events` with a key, one long poll after the other, behind the last event.

use std::{
    fs,
    io::{self, IsTerminal},
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use chrono::Local;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    output::{printable, say},
    serve::stop_on_signal,
};
use crate::{
    domain::{
        clock::Clock,
        event::EventType,
        ids::{EventId, ProjectId},
        webhook,
    },
    outbound::{
        Options, Outbound, Rules,
        api::{Api, ApiFailure, Page},
    },
};

/// How long the server is asked to wait for an event, in seconds.
const WAIT: u64 = 30;
/// The first wait for a server that is away; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What a receiver has for its answer, and how much of it is read, in bytes: as for webhooks.
const PATIENCE: Duration = Duration::from_secs(15);
const MAX_ANSWER: usize = 64 * 1024;

#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["forward", "print"]))]
pub(super) struct Args {
    /// Post each event, signed as a webhook, to this address, such as `http://localhost:8000/webhooks`
    #[arg(long, value_name = "URL")]
    forward: Option<String>,
    /// Only print what happens
    #[arg(long)]
    print: bool,
    /// Address of the API, such as `http://127.0.0.1:4000/api/v1`; else the one in dev.env
    #[arg(long, value_name = "URL", env = "REUPLOAD_API_BASE_URL", hide_env_values = true)]
    api: Option<String>,
    /// A key that may read files; else the one in dev.env
    #[arg(long, value_name = "KEY", env = "REUPLOAD_API_KEY", hide_env_values = true)]
    key: Option<String>,
    /// Only events of this project; else the one in dev.env with the key there, or all that the key reaches
    #[arg(long, value_name = "ID", env = "REUPLOAD_PROJECT_ID", hide_env_values = true)]
    project: Option<String>,
    /// Data folder of `reupload dev`, where dev.env is
    #[arg(long, value_name = "DIR", default_value = "reupload-data")]
    data: PathBuf,
    /// Only events of this type; may be repeated [default: all, file.failed too]
    #[arg(long = "event", value_name = "TYPE")]
    events: Vec<EventType>,
    /// Sign with this secret; else with one that is made from the key and printed at the start
    #[arg(long, value_name = "WHSEC", env = "REUPLOAD_WEBHOOK_SECRET", hide_env_values = true)]
    secret: Option<String>,
}

/// Runs until Ctrl-C, SIGTERM or the end of who reads what it prints.
pub(super) async fn run(args: Args) -> Result<()> {
    let mut stop = stop_on_signal()?;
    let outcome = tokio::select! {
        outcome = listen(args) => outcome,
        () = stop.wait() => Ok(()),
    };
    match outcome {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) => Ok(()),
        outcome => outcome,
    }
}

async fn listen(args: Args) -> Result<()> {
    let source = Source::find(&args)?;
    let target = args.forward.as_deref().map(|url| Target::new(url, given(args.secret.as_ref()), &source.key)).transpose()?;
    let api = Api::new(&source.api, &source.key)?;
    let begun = api.events(source.project, Some("now"), 0).await;
    let mut after = begun.map_err(|failure| source.explain(&failure))?.next_cursor;
    greet(&source, target.as_ref())?;
    let show = Show { target, events: args.events, coloured: io::stdout().is_terminal() };
    loop {
        let Page { events, next_cursor } = next(&api, &source, after.as_deref()).await?;
        for event in &events {
            show.one(event).await?;
        }
        after = next_cursor.or(after);
    }
}

/// The next answer, however long the server is away. Says so once.
async fn next(api: &Api, source: &Source, after: Option<&str>) -> Result<Page> {
    let mut pause = FIRST_PAUSE;
    loop {
        match api.events(source.project, after, WAIT).await {
            Ok(page) => return Ok(page),
            Err(ApiFailure::Away(_)) => {}
            Err(failure) => return Err(source.explain(&failure)),
        }
        if pause == FIRST_PAUSE {
            say("the server is away; trying again")?;
        }
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// Where the events come from.
struct Source {
    api: String,
    key: String,
    project: Option<ProjectId>,
}

impl Source {
    /// What the command line, the environment or `dev.env` says.
    fn find(args: &Args) -> Result<Self> {
        let file = args.data.join("dev.env");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let written = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        let missing = |what: &str, flag: &str, name: &str| {
            anyhow!("no {what}: give {flag}, set {name}, or start `reupload dev` ({} does not say it)", file.display())
        };
        let (api, key) = (given(args.api.as_ref()), given(args.key.as_ref()));
        // The project of the file goes with the key of the file: another key might not know it.
        let with_key = written("REUPLOAD_PROJECT_ID").filter(|_| key.is_none());
        let api = api.or_else(|| written("REUPLOAD_API_BASE_URL"));
        let key = key.or_else(|| written("REUPLOAD_API_KEY"));
        let project = given(args.project.as_ref()).or(with_key);
        Ok(Self {
            key: key.ok_or_else(|| missing("key", "--key", "REUPLOAD_API_KEY"))?.to_owned(),
            api: api.ok_or_else(|| missing("address of the API", "--api", "REUPLOAD_API_BASE_URL"))?.to_owned(),
            project: project
                .map(|id| id.parse().with_context(|| format!("the project {id:?} is not the id of one")))
                .transpose()?,
        })
    }

    /// A sentence for who started the command.
    fn explain(&self, failure: &ApiFailure) -> anyhow::Error {
        let Self { api, project, .. } = self;
        match (failure, project) {
            (ApiFailure::Away(why), _) => anyhow!("cannot reach {api}: {why}"),
            (ApiFailure::Refused { code, .. }, _) if code == "UNAUTHORIZED" => {
                anyhow!("{api} does not accept the key: {failure}")
            }
            (ApiFailure::Refused { code, .. }, Some(project)) if code == "NOT_FOUND" => {
                anyhow!("{api} has no project {project} for this key: {failure}")
            }
            _ => anyhow!("{api}: {failure}"),
        }
    }
}

/// Where events are posted to.
struct Target {
    outbound: Outbound,
    url: String,
    secret: String,
    /// Whether the secret is our own, which nobody else can know.
    made: bool,
}

impl Target {
    fn new(url: &str, secret: Option<&str>, key: &str) -> Result<Self> {
        // It is this person's own address, whatever it is.
        let rules = Rules { allow_private: true, allow_http: true, ..Rules::default() };
        let outbound = Outbound::new(Options { rules, extra_ca: None, timeout: PATIENCE, max_response: MAX_ANSWER })?;
        if let Err(why) = outbound.check(url) {
            bail!("cannot forward to {url:?}: {why}; it is like http://localhost:8000/webhooks");
        }
        let made = secret.is_none();
        let secret = secret.map_or_else(|| webhook::listening_secret(key), str::to_owned);
        Ok(Self { outbound, url: url.to_owned(), secret, made })
    }

    /// Posts what is signed here; gives the status, or the failure in words.
    async fn post(&self, id: EventId, body: &str) -> Result<u16, String> {
        let (now, secrets) = (Clock::System.now(), [self.secret.as_str()]);
        let headers = webhook::headers(&secrets, id, now, body);
        let answer = self.outbound.post(&self.url, &headers, body.to_owned()).await;
        answer.map(|answer| answer.status).map_err(|failure| failure.to_string())
    }
}

fn greet(source: &Source, target: Option<&Target>) -> io::Result<()> {
    let what = source.project.map_or("all projects of the key".to_owned(), |project| format!("project {project}"));
    say(&format!("listening to {what} at {}; Ctrl-C stops it", source.api))?;
    let Some(Target { url, secret, made, .. }) = target else { return Ok(()) };
    if *made {
        say(&format!("signing secret: {secret} (set REUPLOAD_WEBHOOK_SECRET in your app)"))?;
    } else {
        say("signing secret: the one that was given")?;
    }
    say(&format!("forwarding to {url}"))
}

/// What a line needs of an event.
#[derive(Deserialize)]
struct Event {
    id: String,
    r#type: String,
    data: Named,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
}

/// What is done with an event.
struct Show {
    target: Option<Target>,
    /// Only these types; all, if there are none.
    events: Vec<EventType>,
    coloured: bool,
}

impl Show {
    /// Posts an event, if there is where to, and prints its line.
    async fn one(&self, text: &RawValue) -> Result<()> {
        let event: Event = serde_json::from_str(text.get()).context("the API gives an event that cannot be read")?;
        let wanted = self.events.is_empty() || self.events.iter().any(|wanted| wanted.as_str() == event.r#type);
        if !wanted {
            return Ok(());
        }
        let id = EventId::parse_wire(&event.id).with_context(|| format!("the API gives an event with the id {:?}", event.id))?;
        let begun = Instant::now();
        let outcome = match &self.target {
            None => String::new(),
            Some(target) => {
                let outcome = target.post(id, text.get()).await;
                let took = begun.elapsed().as_millis();
                match outcome {
                    Ok(status @ 200..300) => self.paint("32", &format!("  → {status} {took} ms")),
                    Ok(status) => self.paint("31", &format!("  → {status} {took} ms: failed, is not sent again")),
                    Err(why) => self.paint("31", &format!("  → {why}: failed, is not sent again")),
                }
            }
        };
        let time = Clock::System.now().with_timezone(&Local).format("%H:%M:%S");
        let short = event.id.get(event.id.len().saturating_sub(8)..).unwrap_or_default();
        say(&format!("{time}  {:<13}  evt_…{short}  {}{outcome}", event.r#type, printable(&event.data.name)))?;
        Ok(())
    }

    /// In colour (ECMA-48, "select graphic rendition"), on a terminal.
    fn paint(&self, colour: &str, text: &str) -> String {
        if self.coloured { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
