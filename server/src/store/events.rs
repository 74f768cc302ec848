//! Events: the outbox. The body is kept as the text that is signed and sent, so every attempt sends the same bytes.
//!
//! Each gets the next number of its workspace, from a row that its transaction holds to its end. So numbers appear in the order of
//! the commits, and a reader who goes on behind the last one that it saw misses none.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    access::{Reach, Scope},
    clock::Timestamp,
    event::EventType,
    ids::{EventId, ProjectId, WorkspaceId},
};

/// A row of `events`, without its number.
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
    NUMBER = "UPDATE workspaces SET last_event = last_event + 1 WHERE id = $1 RETURNING last_event";
    INSERT = "INSERT INTO events (id, workspace_id, project_id, type, body, created_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    GET = "SELECT id, workspace_id, project_id, type, body, created_at FROM events WHERE id = $1";
    POSITION = "SELECT project_id, seq FROM events WHERE id = $1 AND workspace_id = $2";
    AFTER = "SELECT id, workspace_id, project_id, type, body, created_at FROM events
        WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    AFTER_OF_KEY = "SELECT id, workspace_id, project_id, type, body, created_at FROM events
        WHERE workspace_id = $1 AND seq > $2 AND project_id IN (SELECT project_id FROM api_key_projects WHERE key_id = $4)
        ORDER BY seq LIMIT $3";
}

impl Conn {
    /// Any event, for its delivery.
    pub async fn event(&mut self, id: EventId) -> Result<Option<Event>> {
        fetch_optional!(self, Event, GET, id)
    }

    /// The number of an event that the bearer may see.
    pub async fn event_number(&mut self, scope: &Scope, id: EventId) -> Result<Option<i64>> {
        let found = fetch_optional!(self, (ProjectId, i64), POSITION, id, scope.workspace)?;
        Ok(found.filter(|(project, _)| scope.covers(scope.workspace, *project)).map(|(_, number)| number))
    }

    /// The events that the bearer may see behind `number`, oldest first.
    pub async fn events_after(&mut self, scope: &Scope, number: i64, limit: i64) -> Result<Vec<Event>> {
        match scope.reach {
            Reach::AllProjects => fetch_all!(self, Event, AFTER, scope.workspace, number, limit),
            Reach::Projects(_) => fetch_all!(self, Event, AFTER_OF_KEY, scope.workspace, number, limit, scope.key),
        }
    }
}

impl Tx {
    /// Adds an event, in the transaction of the change that it tells of.
    pub async fn insert_event(&mut self, event: &Event) -> Result<()> {
        let numbered = fetch_optional!(self, (i64,), NUMBER, event.workspace_id)?;
        let (number,) = numbered.ok_or(sqlx::Error::RowNotFound)?;
        execute!(
            self,
            INSERT,
            event.id,
            event.workspace_id,
            event.project_id,
            event.r#type,
            &event.body,
            event.created_at,
            number
        )?;
        Ok(())
    }
}
