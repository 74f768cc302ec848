//! Reading events again: for an app that missed webhooks, or does without; and waiting for the next one.

use std::{pin::pin, sync::Arc, time::Duration};

use super::{core::Core, error::Result};
use crate::{
    domain::{
        access::Scope,
        ids::{EventId, ProjectId},
        refusal::Refusal,
    },
    store::{Conn, events::Event},
};

/// How often who waits looks for the events of other processes, which nobody here is told of.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// See the module's text.
#[derive(Clone)]
pub struct Events(pub(super) Arc<Core>);

/// Which events.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Of this project; else of all that the bearer may see.
    pub project: Option<ProjectId>,
    /// Behind this one; else from the first one on.
    pub after: Option<EventId>,
    /// At most so many.
    pub limit: i64,
}

impl Events {
    /// The events that are asked for, oldest first. If there are none, waits for the first one until `patience` is over; no connection
    /// to the database is held meanwhile.
    ///
    /// Refuses a project that the bearer may not touch, and an `after` that is none of the bearer's events.
    pub async fn after(&self, scope: &Scope, asked: Asked, patience: impl Future<Output = ()>) -> Result<Vec<Event>> {
        let Asked { project, after, limit } = asked;
        let db = &self.0.db;
        // From before the first look, so that no event falls between looking and listening.
        let mut news = db.news.listen();
        let mut conn = db.reader().await?;
        check(&mut conn, scope, project).await?;
        let number = match after {
            None => 0,
            Some(id) => {
                conn.event_number(scope, id).await?.ok_or_else(|| Refusal::invalid("after is no event that this key can see."))?
            }
        };
        let mut found = conn.events_after(scope, project, number, limit).await?;
        drop(conn);
        let mut patience = pin!(patience);
        while found.is_empty() {
            tokio::select! {
                () = &mut patience => return Ok(found),
                () = news.hear(|workspace, of| scope.covers(workspace, of) && project.is_none_or(|wanted| wanted == of)) => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            found = db.reader().await?.events_after(scope, project, number, limit).await?;
        }
        // They are visible a moment before they are durable, and a power cut must not take back what the bearer was told.
        db.durable().await;
        Ok(found)
    }

    /// The present end: the last event that the bearer may see, of `project` or of all. Refuses as [`Events::after`] does.
    pub async fn last(&self, scope: &Scope, project: Option<ProjectId>) -> Result<Option<EventId>> {
        let mut conn = self.0.db.reader().await?;
        check(&mut conn, scope, project).await?;
        let last = conn.last_event(scope, project).await?;
        drop(conn);
        self.0.db.durable().await;
        Ok(last)
    }
}

async fn check(conn: &mut Conn, scope: &Scope, project: Option<ProjectId>) -> Result<()> {
    if let Some(project) = project {
        conn.project(scope, project).await?.ok_or_else(|| Refusal::not_found("project"))?;
    }
    Ok(())
}
