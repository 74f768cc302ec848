//! Telling the app: an event and its deliveries, as rows in the transaction of the change that they tell of.

use serde::Serialize;

use super::{core::Core, error::Result};
use crate::{
    domain::{
        clock::Timestamp,
        event::{Envelope, EventType},
        ids::{EventId, ProjectId, WorkspaceId},
    },
    store::{Tx, events::Event},
};

impl Core {
    /// Adds an event and a delivery for each live endpoint that asked for its type.
    pub(super) async fn emit(
        &self,
        tx: &mut Tx,
        r#type: EventType,
        owner: (WorkspaceId, ProjectId),
        data: &impl Serialize,
        now: Timestamp,
    ) -> Result<()> {
        let (workspace_id, project_id) = owner;
        let id = EventId::new(now);
        let body = serde_json::to_string(&Envelope::new(id, r#type, now, owner, data)?)?;
        tx.insert_event(&Event { id, workspace_id, project_id, r#type, body, created_at: now }).await?;
        let first_attempt = now + self.config.webhooks.schedule.first().map(|wait| wait.0).unwrap_or_default();
        for endpoint in tx.live_endpoints(project_id).await? {
            if endpoint.event_types.contains(&r#type) {
                tx.add_delivery(endpoint.id, id, first_attempt, now).await?;
            }
        }
        Ok(())
    }
}
