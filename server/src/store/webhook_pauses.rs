//! When endpoints were disabled, in numbers of their workspace's events, so that what came meanwhile is found without a clock.

use super::{
    Result, Tx,
    macros::{execute, statements},
};
use crate::{domain::ids::WorkspaceId, store::webhooks::Endpoint};

statements! {
    // Again where it began before, if no event came in between.
    BEGIN = "INSERT INTO webhook_pauses (endpoint_id, after_event, up_to_event) SELECT $1, last_event, NULL FROM workspaces WHERE id = $2
        ON CONFLICT (endpoint_id, after_event) DO UPDATE SET up_to_event = NULL";
    END = "UPDATE webhook_pauses SET up_to_event = (SELECT last_event FROM workspaces WHERE id = $2)
        WHERE endpoint_id = $1 AND up_to_event IS NULL";
    HOLD_NUMBERS = "UPDATE workspaces SET last_event = last_event WHERE id = $1";
}

impl Tx {
    /// Notes that an endpoint is disabled from now on, in the transaction that disables it. An event that is committed before had seen
    /// it live.
    pub async fn begin_pause(&mut self, endpoint: &Endpoint) -> Result<()> {
        execute!(self, BEGIN, endpoint.id, endpoint.workspace_id)?;
        Ok(())
    }

    /// Notes that an endpoint is live from now on, in the transaction that enables it.
    pub async fn end_pause(&mut self, endpoint: &Endpoint) -> Result<()> {
        // An event on its way to its commit may not see that the endpoint is live again: it counts as one of the pause.
        self.hold_event_numbers(endpoint.workspace_id).await?;
        execute!(self, END, endpoint.id, endpoint.workspace_id)?;
        Ok(())
    }

    /// Waits for events of a workspace that are about to be committed, and lets no other in until the end of this transaction.
    async fn hold_event_numbers(&mut self, workspace: WorkspaceId) -> Result<()> {
        execute!(self, HOLD_NUMBERS, workspace)?;
        Ok(())
    }
}
