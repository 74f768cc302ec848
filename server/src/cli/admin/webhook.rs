//! `reupload admin webhook`: endpoints, their secrets, their log, and sending again.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, Duration, Utc};
use clap::Subcommand;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::{
    app::{App, webhooks::endpoints::EndpointSettings},
    domain::{
        audit::By,
        event::EventType,
        ids::{DeliveryId, EndpointId, ProjectId},
    },
    store::{
        deliveries::{Attempt, Delivery, DeliveryStatus},
        events::Event,
        webhooks::{Endpoint, Headers},
    },
};

#[derive(Subcommand)]
pub(super) enum Webhook {
    /// Make an endpoint; its secret is shown once
    Create {
        #[arg(long, value_name = "ID")]
        project: ProjectId,
        #[arg(long)]
        url: String,
        #[command(flatten)]
        wishes: Wishes,
    },
    /// Show all endpoints, without their secrets
    List,
    /// Change an endpoint; what is not named stays
    Update {
        id: EndpointId,
        #[arg(long)]
        url: Option<String>,
        #[command(flatten)]
        wishes: Wishes,
        /// Send no headers of its own any more
        #[arg(long, conflicts_with_all = ["headers", "header_file"])]
        no_headers: bool,
        /// Stop calling it, for this reason
        #[arg(long, value_name = "REASON", conflicts_with = "enable")]
        disable: Option<String>,
        /// Call it again, from the next event on
        #[arg(long)]
        enable: bool,
    },
    /// Give it a new secret, shown once; the former one signs beside it for a while
    Rotate {
        id: EndpointId,
        /// How long both sign: up to 7d
        #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = duration)]
        overlap: Duration,
    },
    /// End an endpoint for ever
    Delete { id: EndpointId },
    /// Send it an event that tells of nothing
    Test {
        id: EndpointId,
        /// file.uploaded, file.updated, file.deleted or file.failed
        #[arg(long, value_name = "TYPE", default_value = "file.uploaded")]
        event: EventType,
    },
    /// Show its deliveries, newest first
    Deliveries {
        id: EndpointId,
        /// Only pending, succeeded or failed ones
        #[arg(long)]
        status: Option<DeliveryStatus>,
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
    },
    /// Show the attempts of a delivery: request, answer, time
    Attempts { delivery: DeliveryId },
    /// Send one delivery again
    Replay { delivery: DeliveryId },
    /// Enable an endpoint and send what it has missed: what failed, and what came while it was disabled
    Recover {
        id: EndpointId,
        /// From then on: a moment such as 2026-11-24T08:00:00Z, or how long ago, such as 36h
        #[arg(long, value_name = "WHEN", value_parser = since)]
        since: Since,
    },
}

/// What an endpoint is told, and how.
#[derive(clap::Args)]
pub(super) struct Wishes {
    /// For people
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// file.uploaded, file.updated, file.deleted or file.failed; may be repeated; replaces the list, which begins with the first three
    #[arg(long = "event", value_name = "TYPE")]
    events: Vec<EventType>,
    /// Header sent with each delivery, such as 'Authorization: Bearer x'; may be repeated; replaces the list
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    /// File with one such header a line, or - for standard input: others on this machine can read the arguments of a command
    #[arg(long, value_name = "FILE")]
    header_file: Option<PathBuf>,
}

/// A moment, or how long ago.
#[derive(Clone, Copy)]
pub(super) enum Since {
    At(DateTime<Utc>),
    Ago(Duration),
}

fn duration(text: &str) -> Result<Duration, String> {
    let parsed = humantime_serde::re::humantime::parse_duration(text).map_err(|error| format!("{error}; write 24h or 30m"))?;
    Duration::from_std(parsed).map_err(|error| error.to_string())
}

fn since(text: &str) -> Result<Since, String> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(moment) => Ok(Since::At(moment.to_utc())),
        Err(_) => duration(text).map(Since::Ago).map_err(|_| "neither a moment such as 2026-11-24T08:00:00Z nor 36h".to_owned()),
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write it as 'Name: value'")?;
    Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
}

impl Wishes {
    fn settings(self, url: Option<String>, no_headers: bool) -> Result<EndpointSettings> {
        let mut headers: Headers = self.headers.into_iter().collect::<BTreeMap<_, _>>();
        if let Some(file) = &self.header_file {
            let is_stdin = file.as_os_str() == "-";
            let text = if is_stdin { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
            let text = text.with_context(|| format!("--header-file: cannot read {}", file.display()))?;
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                // The line itself may be a password.
                headers.extend([header(line).map_err(|why| anyhow!("--header-file: {why}, one a line"))?]);
            }
        }
        Ok(EndpointSettings {
            url,
            description: self.description,
            event_types: Some(self.events).filter(|events| !events.is_empty()),
            headers: Some(headers).filter(|headers| no_headers || !headers.is_empty()),
        })
    }
}

pub(super) async fn run(app: &App, command: Webhook) -> Result<Value> {
    Ok(match command {
        Webhook::Create { project, url, wishes } => {
            with_secret(app.webhooks.create(project, &url, wishes.settings(None, false)?, &By::COMMAND_LINE).await?)
        }
        Webhook::List => app.webhooks.list().await?.iter().map(endpoint_row).collect(),
        Webhook::Update { id, url, wishes, no_headers, disable, enable } => {
            let mut endpoint = app.webhooks.update(id, wishes.settings(url, no_headers)?, &By::COMMAND_LINE).await?;
            if let Some(reason) = disable {
                endpoint = app.webhooks.disable(id, &reason, &By::COMMAND_LINE).await?;
            } else if enable {
                endpoint = app.webhooks.enable(id, &By::COMMAND_LINE).await?;
            }
            endpoint_row(&endpoint)
        }
        Webhook::Rotate { id, overlap } => with_secret(app.webhooks.rotate(id, overlap, &By::COMMAND_LINE).await?),
        Webhook::Delete { id } => {
            app.webhooks.delete(id, &By::COMMAND_LINE).await?;
            json!({ "id": id, "deleted": true })
        }
        Webhook::Test { id, event } => {
            let delivery = app.webhooks.send_test(id, event, &By::COMMAND_LINE).await?;
            json!({ "deliveryId": delivery.id, "status": delivery.status.as_str() })
        }
        Webhook::Deliveries { id, status, limit } => {
            app.webhooks.deliveries(id, status, limit).await?.iter().map(delivery_row).collect()
        }
        Webhook::Attempts { delivery } => {
            let (event, attempts) = app.webhooks.attempts(delivery).await?;
            attempts.iter().map(|attempt| attempt_row(&event, attempt)).collect()
        }
        Webhook::Replay { delivery } => {
            let delivery = app.webhooks.replay(delivery, &By::COMMAND_LINE).await?;
            json!({ "deliveryId": delivery.id, "status": delivery.status.as_str() })
        }
        Webhook::Recover { id, since } => {
            let since = match since {
                Since::At(moment) => moment,
                Since::Ago(ago) => app.now() - ago,
            };
            let bar = ProgressBar::new_spinner();
            let done = app
                .webhooks
                .recover(id, since, |sent| bar.set_message(format!("{sent} to be sent again")), &By::COMMAND_LINE)
                .await?;
            bar.finish_and_clear();
            serde_json::to_value(done)?
        }
    })
}

fn with_secret(endpoint: Endpoint) -> Value {
    let mut row = endpoint_row(&endpoint);
    row["secret"] = endpoint.secret.into();
    row
}

fn endpoint_row(endpoint: &Endpoint) -> Value {
    json!({
        "id": endpoint.id,
        "projectId": endpoint.project_id,
        "url": endpoint.url,
        "description": endpoint.description,
        "events": endpoint.event_types,
        // Their values are often passwords.
        "headers": endpoint.headers.keys().collect::<Vec<_>>(),
        "failingSince": endpoint.failing_since,
        "disabledAt": endpoint.disabled_at,
        "disabledReason": endpoint.disabled_reason,
        "formerSecretUntil": endpoint.previous_secret_until,
        "createdAt": endpoint.created_at,
    })
}

fn delivery_row((delivery, event): &(Delivery, Event)) -> Value {
    json!({
        "id": delivery.id,
        "eventId": event.id.wire(),
        "type": event.r#type,
        "status": delivery.status.as_str(),
        "attempts": delivery.attempts,
        "nextAttemptAt": delivery.next_attempt_at,
        "createdAt": delivery.created_at,
        "finishedAt": delivery.finished_at,
    })
}

fn attempt_row(event: &Event, attempt: &Attempt) -> Value {
    json!({
        "number": attempt.number,
        "startedAt": attempt.started_at,
        "durationMs": attempt.duration_ms,
        "error": attempt.error,
        "requestHeaders": attempt.request_headers,
        "requestBody": event.body,
        "responseStatus": attempt.response_status,
        "responseHeaders": attempt.response_headers,
        "responseBody": attempt.response_body.as_deref().map(String::from_utf8_lossy),
    })
}
