//! What happened: the timeline of a file, and the events of all.

use std::time::Duration;

use axum::{Extension, Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::types::ReadErrors;
use crate::{
    app::{App, Error, events::Asked},
    domain::{
        access::Scope,
        event::Envelope,
        ids::{EventId, FileId},
        page,
        refusal::Refusal,
        text::{blank_is_absent, parse_project},
        timeline::Step,
    },
    http::{
        error::ApiError,
        extract::{Can, FilesRead, Id, QueryParams},
    },
    shutdown::Shutdown,
};

/// The longest wait for an event. Below the minute after which many proxies give a silent request up.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// One thing that happened to a file.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TimelineEntry {
    /// When.
    at: DateTime<Utc>,
    /// What.
    step: Step,
    /// Figures and reasons, by step: `message` is for people.
    detail: Map<String, Value>,
}

/// The history of a file.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Timeline {
    /// In order.
    entries: Vec<TimelineEntry>,
}

/// Ask what happened to a file
///
/// From its upload on, with reasons: why it waits, why it failed, why it has no thumbnails. Answers for files that are not published,
/// failed or deleted too.
#[utoipa::path(get, path = "/files/{fileId}/timeline", tag = "files", extensions(("x-permission" = json!("files.read"))),
    params(("fileId" = uuid::Uuid, Path)), responses((status = 200, body = Timeline), ReadErrors))]
pub(in crate::http) async fn timeline(
    State(app): State<App>,
    can: Can<FilesRead>,
    Id(id): Id<FileId>,
) -> Result<Json<Timeline>, ApiError> {
    timeline_of(&app, can.scope(), id).await
}

/// The history of a file that somebody may read.
pub(in crate::http) async fn timeline_of(app: &App, scope: &Scope, id: FileId) -> Result<Json<Timeline>, ApiError> {
    let entries = app.files.timeline(scope, id).await?;
    let entries = entries.into_iter().map(|entry| TimelineEntry { at: entry.at, step: entry.step, detail: entry.detail });
    Ok(Json(Timeline { entries: entries.collect() }))
}

/// Which events, and from where on.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(in crate::http) struct EventsQuery {
    /// Events of this project; else of all that the key reaches.
    #[param(value_type = Option<uuid::Uuid>, nullable = false)]
    project_id: Option<String>,
    /// The id of the last event that you know (`evt_…`); without it, from the first one on. `now` gives no events, only the present end
    /// as `nextCursor`, to begin from here.
    #[param(nullable = false, pattern = "^(now|evt_[0-9a-fA-F]{32})$")]
    after: Option<String>,
    /// Events of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50, nullable = false)]
    limit: Option<String>,
    /// Seconds to wait for an event if there is none yet; the answer comes with the first one, or empty when they are over.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 30, default = 0, nullable = false)]
    wait: Option<String>,
}

fn parse_wait(text: Option<&str>) -> Result<Duration, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Duration::ZERO) };
    let seconds = text.parse().ok().map(Duration::from_secs).filter(|wait| *wait <= LONGEST_WAIT);
    seconds.ok_or_else(|| Refusal::invalid(format!("wait must be whole seconds, from 0 to {}.", LONGEST_WAIT.as_secs())))
}

/// Events, oldest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct EventList {
    /// As webhooks carry them.
    events: Vec<Envelope>,
    /// Send it as `after` to read on, now or later; null while there has been no event at all.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Read events again, or wait for the next
///
/// The bodies of webhooks in the order in which they were committed, for catching up: who goes on behind the last one misses none.
/// With `wait` it is a long poll: ask again behind `nextCursor` as soon as an answer is there. A server that stops answers at once.
#[utoipa::path(get, path = "/events", tag = "events", extensions(("x-permission" = json!("files.read"))),
    params(EventsQuery), responses((status = 200, body = EventList), ReadErrors))]
pub(in crate::http) async fn list_events(
    State(app): State<App>,
    Extension(mut stop): Extension<Shutdown>,
    can: Can<FilesRead>,
    QueryParams(query): QueryParams<EventsQuery>,
) -> Result<Json<EventList>, ApiError> {
    let project = parse_project(query.project_id.as_deref())?;
    let limit = page::parse_limit(query.limit.as_deref())?;
    let wait = parse_wait(query.wait.as_deref())?;
    let after = blank_is_absent(query.after.as_deref());
    if after == Some("now") {
        let last = app.events.last(can.scope(), project).await?;
        return Ok(Json(EventList { events: Vec::new(), next_cursor: last.map(EventId::wire) }));
    }
    let known = after
        .map(|text| EventId::parse_wire(text).ok_or_else(|| Refusal::invalid("after is not an event's id (evt_…), nor now.")));
    let asked = Asked { project, after: known.transpose()?, limit };
    let patience = async {
        if !wait.is_zero() {
            tokio::select! { () = tokio::time::sleep(wait) => {}, () = stop.wait() => {} }
        }
    };
    let found = app.events.after(can.scope(), asked, patience).await?;
    let next_cursor = found.last().map(|event| event.id.wire()).or_else(|| after.map(str::to_owned));
    let events: Result<Vec<Envelope>, _> = found.iter().map(|event| serde_json::from_str(&event.body)).collect();
    Ok(Json(EventList { events: events.map_err(Error::from)?, next_cursor }))
}
