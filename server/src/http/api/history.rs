//! What happened: the timeline of a file, and the events of all.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::types::Errors;
use crate::{
    app::{App, Error},
    domain::{
        event::Envelope,
        ids::{EventId, FileId},
        page,
        refusal::Refusal,
        timeline::Step,
    },
    http::{
        error::ApiError,
        extract::{Can, FilesRead, Id, QueryParams},
    },
};

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
    params(("fileId" = uuid::Uuid, Path)), responses((status = 200, body = Timeline), Errors))]
pub(in crate::http) async fn timeline(
    State(app): State<App>,
    can: Can<FilesRead>,
    Id(id): Id<FileId>,
) -> Result<Json<Timeline>, ApiError> {
    let entries = app.files.timeline(can.scope(), id).await?;
    let entries = entries.into_iter().map(|entry| TimelineEntry { at: entry.at, step: entry.step, detail: entry.detail });
    Ok(Json(Timeline { entries: entries.collect() }))
}

/// Where to read on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct EventsQuery {
    /// The id of the last event that you know (`evt_…`); without it, from the first one on.
    #[param(nullable = false)]
    after: Option<String>,
    /// Events of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50, nullable = false)]
    limit: Option<String>,
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

/// Read events again
///
/// The bodies of webhooks in the order in which they were committed, for catching up: who goes on behind the last one misses none.
#[utoipa::path(get, path = "/events", tag = "events", extensions(("x-permission" = json!("files.read"))),
    params(EventsQuery), responses((status = 200, body = EventList), Errors))]
pub(in crate::http) async fn list_events(
    State(app): State<App>,
    can: Can<FilesRead>,
    QueryParams(query): QueryParams<EventsQuery>,
) -> Result<Json<EventList>, ApiError> {
    let limit = page::parse_limit(query.limit.as_deref())?;
    let after = query.after.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let known =
        after.map(|text| EventId::parse_wire(text).ok_or_else(|| Refusal::invalid("after is not an event's id (evt_…).")));
    let found = app.events.after(can.scope(), known.transpose()?, limit).await?;
    let next_cursor = found.last().map(|event| event.id.wire()).or_else(|| after.map(str::to_owned));
    let events: Result<Vec<Envelope>, _> = found.iter().map(|event| serde_json::from_str(&event.body)).collect();
    Ok(Json(EventList { events: events.map_err(Error::from)?, next_cursor }))
}
