//! Events: the outbox. The body is kept as the text that is signed and sent, so every attempt sends the same bytes.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_optional, statements},
};
use crate::domain::{
    clock::Timestamp,
    event::EventType,
    ids::{EventId, ProjectId, WorkspaceId},
};

/// A row of `events`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Event {
    pub id: EventId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub r#type: EventType,
    pub body: String,
    pub created_at: Timestamp,
}

statements! {
    INSERT = "INSERT INTO events (id, workspace_id, project_id, type, body, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    GET = "SELECT id, workspace_id, project_id, type, body, created_at FROM events WHERE id = $1";
}

impl Conn {
    /// Any event, for its delivery.
    pub async fn event(&mut self, id: EventId) -> Result<Option<Event>> {
        fetch_optional!(self, Event, GET, id)
    }
}

impl Tx {
    /// Adds an event, in the transaction of the change that it tells of.
    pub async fn insert_event(&mut self, event: &Event) -> Result<()> {
        execute!(self, INSERT, event.id, event.workspace_id, event.project_id, event.r#type, &event.body, event.created_at)?;
        Ok(())
    }
}
