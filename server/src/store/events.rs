//! Events: the outbox. The body is kept as the text that is signed and sent, so every attempt sends the same bytes.
//!
//! Each gets the next number of its workspace, from a row that its transaction holds to its end. So numbers appear in the order of
//! the commits, and a reader who goes on behind the last one that it saw misses none. An event without a number is for its delivery
//! alone and in no list.

use tokio::sync::broadcast::{self, error::RecvError};

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    access::{Reach, Scope},
    clock::Timestamp,
    event::EventType,
    ids::{EndpointId, EventId, ProjectId, WorkspaceId},
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

/// How many events a waiting reader may be behind before it is told no more whose they are.
const BACKLOG: usize = 64;

/// Tells those who wait in this process whose event was committed. Events from elsewhere are found by looking again.
#[derive(Clone)]
pub struct News(broadcast::Sender<(WorkspaceId, ProjectId)>);

impl Default for News {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl News {
    pub(super) fn tell(&self, workspace: WorkspaceId, project: ProjectId) {
        // It fails if nobody waits, which is as good.
        let _ = self.0.send((workspace, project));
    }

    /// Hears of every event that is committed from now on.
    pub fn listen(&self) -> Ear {
        Ear(self.0.subscribe())
    }

    /// How many listen: for tests.
    pub fn listeners(&self) -> usize {
        self.0.receiver_count()
    }
}

/// One who listens; see [`News::listen`].
pub struct Ear(broadcast::Receiver<(WorkspaceId, ProjectId)>);

impl Ear {
    /// Returns once there may be an event that `matters`, by its workspace and project.
    pub async fn hear(&mut self, matters: impl Fn(WorkspaceId, ProjectId) -> bool) {
        loop {
            match self.0.recv().await {
                Ok((workspace, project)) if !matters(workspace, project) => {}
                // This one, or so many that some were passed over.
                Ok(_) | Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

statements! {
    NUMBER = "UPDATE workspaces SET last_event = last_event + 1 WHERE id = $1 RETURNING last_event";
    // What came while an endpoint was disabled and was never given to it.
    UNDELIVERED = "SELECT id, type, seq FROM events e WHERE project_id = $1 AND created_at >= $2 AND seq > $4
        AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.endpoint_id = $3 AND d.event_id = e.id)
        AND EXISTS (SELECT 1 FROM webhook_pauses p WHERE p.endpoint_id = $3 AND e.seq > p.after_event
            AND (p.up_to_event IS NULL OR e.seq <= p.up_to_event))
        ORDER BY seq LIMIT $5";
    INSERT = "INSERT INTO events (id, workspace_id, project_id, type, body, created_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    GET = "SELECT id, workspace_id, project_id, type, body, created_at FROM events WHERE id = $1";
    POSITION = "SELECT project_id, seq FROM events WHERE id = $1 AND workspace_id = $2 AND seq IS NOT NULL";
    LAST = "SELECT id FROM events WHERE workspace_id = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1";
    LAST_OF_KEY = "SELECT id FROM events WHERE workspace_id = $1 AND seq IS NOT NULL
        AND project_id IN (SELECT project_id FROM api_key_projects WHERE key_id = $2) ORDER BY seq DESC LIMIT 1";
    LAST_OF_PROJECT = "SELECT id FROM events WHERE project_id = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1";
    AFTER = "SELECT id, workspace_id, project_id, type, body, created_at FROM events
        WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    AFTER_OF_KEY = "SELECT id, workspace_id, project_id, type, body, created_at FROM events
        WHERE workspace_id = $1 AND seq > $2 AND project_id IN (SELECT project_id FROM api_key_projects WHERE key_id = $4)
        ORDER BY seq LIMIT $3";
    AFTER_OF_PROJECT = "SELECT id, workspace_id, project_id, type, body, created_at FROM events
        WHERE project_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
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

    /// The events behind `number`, oldest first: of `project`, which the bearer may touch, or of all that it may see.
    pub async fn events_after(
        &mut self,
        scope: &Scope,
        project: Option<ProjectId>,
        number: i64,
        limit: i64,
    ) -> Result<Vec<Event>> {
        match (project, &scope.reach) {
            (Some(project), _) => fetch_all!(self, Event, AFTER_OF_PROJECT, project, number, limit),
            (None, Reach::AllProjects) => fetch_all!(self, Event, AFTER, scope.workspace, number, limit),
            (None, Reach::Projects(_)) => fetch_all!(self, Event, AFTER_OF_KEY, scope.workspace, number, limit, scope.actor.id()),
        }
    }

    /// The last event of those that [`Conn::events_after`] would read.
    pub async fn last_event(&mut self, scope: &Scope, project: Option<ProjectId>) -> Result<Option<EventId>> {
        let last = match (project, &scope.reach) {
            (Some(project), _) => fetch_optional!(self, (EventId,), LAST_OF_PROJECT, project),
            (None, Reach::AllProjects) => fetch_optional!(self, (EventId,), LAST, scope.workspace),
            (None, Reach::Projects(_)) => fetch_optional!(self, (EventId,), LAST_OF_KEY, scope.workspace, scope.actor.id()),
        };
        Ok(last?.map(|(id,)| id))
    }
}

/// An event that an endpoint was never given.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Undelivered {
    pub id: EventId,
    pub r#type: EventType,
    pub seq: i64,
}

impl Tx {
    /// Events of a project from `since` on, behind the number `after`, that came while an endpoint was disabled and have no
    /// delivery for it; in their order.
    pub async fn undelivered(
        &mut self,
        project: ProjectId,
        since: Timestamp,
        endpoint: EndpointId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Undelivered>> {
        fetch_all!(self, Undelivered, UNDELIVERED, project, since, endpoint, after, limit)
    }

    /// Adds an event, in the transaction of the change that it tells of, and tells who waits for it at the commit.
    pub async fn insert_event(&mut self, event: &Event) -> Result<()> {
        let numbered = fetch_optional!(self, (i64,), NUMBER, event.workspace_id)?;
        let (number,) = numbered.ok_or(sqlx::Error::RowNotFound)?;
        self.insert_event_row(event, Some(number)).await?;
        self.news.push((event.workspace_id, event.project_id));
        Ok(())
    }

    /// Adds an event that tells of nothing and is for one endpoint only: it has no number, so nobody reads it again.
    pub async fn insert_test_event(&mut self, event: &Event) -> Result<()> {
        self.insert_event_row(event, None).await
    }

    async fn insert_event_row(&mut self, event: &Event, number: Option<i64>) -> Result<()> {
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
