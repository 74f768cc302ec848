//! Reading events again: for an app that missed webhooks, or does without.

use std::sync::Arc;

use super::{core::Core, error::Result};
use crate::{
    domain::{access::Scope, ids::EventId, refusal::Refusal},
    store::events::Event,
};

/// See the module's text.
#[derive(Clone)]
pub struct Events(pub(super) Arc<Core>);

impl Events {
    /// The events that the bearer may see behind `after` (from the first one on, without it), oldest first.
    ///
    /// Refuses an `after` that is none of the bearer's events.
    pub async fn after(&self, scope: &Scope, after: Option<EventId>, limit: i64) -> Result<Vec<Event>> {
        let mut conn = self.0.db.reader().await?;
        let number = match after {
            None => 0,
            Some(id) => {
                conn.event_number(scope, id).await?.ok_or_else(|| Refusal::invalid("after is no event that this key can see."))?
            }
        };
        Ok(conn.events_after(scope, number, limit).await?)
    }
}
