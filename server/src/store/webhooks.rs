//! Webhook endpoints. What is sent to them is in `deliveries.rs`.

use std::collections::BTreeMap;

use sqlx::types::Json;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    clock::Timestamp,
    event::EventType,
    ids::{EndpointId, ProjectId, WorkspaceId},
};

/// Header names and values.
pub type Headers = BTreeMap<String, String>;

/// A row of `webhook_endpoints`.
#[derive(Clone, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Endpoint {
    pub id: EndpointId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub url: String,
    pub description: String,
    #[sqlx(json)]
    pub event_types: Vec<EventType>,
    #[sqlx(json)]
    pub headers: Headers,
    pub secret: String,
    pub previous_secret: Option<String>,
    pub previous_secret_until: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    pub disabled_reason: Option<String>,
    /// Since when every attempt has failed.
    pub failing_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

macro_rules! endpoint_columns {
    () => {
        "id, workspace_id, project_id, url, description, event_types, headers, secret, previous_secret, previous_secret_until, \
         disabled_at, disabled_reason, failing_since, created_at, updated_at"
    };
}

statements! {
    INSERT_ENDPOINT = concat!("INSERT INTO webhook_endpoints (", endpoint_columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
    GET_ENDPOINT = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints WHERE id = $1 AND deleted_at IS NULL");
    LIST_ENDPOINTS = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints WHERE deleted_at IS NULL
        AND project_id IN (SELECT id FROM projects WHERE deleted_at IS NULL) ORDER BY id");
    ENDPOINTS_OF_WORKSPACE = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints
        WHERE workspace_id = $1 AND deleted_at IS NULL AND project_id IN (SELECT id FROM projects WHERE deleted_at IS NULL) ORDER BY id");
    LIVE_ENDPOINTS = concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoints
        WHERE project_id = $1 AND disabled_at IS NULL AND deleted_at IS NULL");
    // Changes nothing, but holds the row to the end of the transaction and shows it as it is now.
    LOCK_ENDPOINT = concat!("UPDATE webhook_endpoints SET updated_at = updated_at WHERE id = $1 AND deleted_at IS NULL
        RETURNING ", endpoint_columns!());
    UPDATE_ENDPOINT = "UPDATE webhook_endpoints SET url = $2, description = $3, event_types = $4, headers = $5, secret = $6,
        previous_secret = $7, previous_secret_until = $8, disabled_at = $9, disabled_reason = $10, failing_since = $11, updated_at = $12
        WHERE id = $1";
    DELETE_ENDPOINT = "UPDATE webhook_endpoints SET deleted_at = $2, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    DISABLE_ENDPOINT = "UPDATE webhook_endpoints SET disabled_at = $2, disabled_reason = $3, updated_at = $2
        WHERE id = $1 AND disabled_at IS NULL";
    SUCCEEDS = "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL";
    FAILS = "UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, $2) WHERE id = $1 RETURNING failing_since";
}

impl Conn {
    /// Any endpoint, for deliveries and the operator; that of a deleted project too, which is still told what it had coming.
    pub async fn endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>> {
        fetch_optional!(self, Endpoint, GET_ENDPOINT, id)
    }

    /// All endpoints, oldest first, for the operator.
    pub async fn endpoints(&mut self) -> Result<Vec<Endpoint>> {
        fetch_all!(self, Endpoint, LIST_ENDPOINTS)
    }

    /// The endpoints of a workspace, oldest first.
    pub async fn endpoints_of(&mut self, workspace: WorkspaceId) -> Result<Vec<Endpoint>> {
        fetch_all!(self, Endpoint, ENDPOINTS_OF_WORKSPACE, workspace)
    }

    /// The endpoints of a project that want to be called.
    pub async fn live_endpoints(&mut self, project: ProjectId) -> Result<Vec<Endpoint>> {
        fetch_all!(self, Endpoint, LIVE_ENDPOINTS, project)
    }
}

impl Tx {
    /// Adds an endpoint.
    pub async fn insert_endpoint(&mut self, endpoint: &Endpoint) -> Result<()> {
        execute!(
            self,
            INSERT_ENDPOINT,
            endpoint.id,
            endpoint.workspace_id,
            endpoint.project_id,
            &endpoint.url,
            &endpoint.description,
            Json(&endpoint.event_types),
            Json(&endpoint.headers),
            &endpoint.secret,
            &endpoint.previous_secret,
            endpoint.previous_secret_until,
            endpoint.disabled_at,
            &endpoint.disabled_reason,
            endpoint.failing_since,
            endpoint.created_at,
            endpoint.updated_at
        )?;
        Ok(())
    }

    /// An endpoint as it is now, held to the end of this transaction.
    pub async fn lock_endpoint(&mut self, id: EndpointId) -> Result<Option<Endpoint>> {
        fetch_optional!(self, Endpoint, LOCK_ENDPOINT, id)
    }

    /// Stores all of an endpoint that can change.
    pub async fn update_endpoint(&mut self, endpoint: &Endpoint) -> Result<()> {
        execute!(
            self,
            UPDATE_ENDPOINT,
            endpoint.id,
            &endpoint.url,
            &endpoint.description,
            Json(&endpoint.event_types),
            Json(&endpoint.headers),
            &endpoint.secret,
            &endpoint.previous_secret,
            endpoint.previous_secret_until,
            endpoint.disabled_at,
            &endpoint.disabled_reason,
            endpoint.failing_since,
            endpoint.updated_at
        )?;
        Ok(())
    }

    /// Ends an endpoint for ever; its log stays. Says whether it was there.
    pub async fn delete_endpoint(&mut self, id: EndpointId, now: Timestamp) -> Result<bool> {
        Ok(execute!(self, DELETE_ENDPOINT, id, now)? == 1)
    }

    /// Notes that an endpoint has taken a delivery.
    pub async fn endpoint_succeeds(&mut self, id: EndpointId) -> Result<()> {
        execute!(self, SUCCEEDS, id)?;
        Ok(())
    }

    /// Notes that an endpoint has failed, and says since when it does nothing else.
    pub async fn endpoint_fails(&mut self, id: EndpointId, now: Timestamp) -> Result<Option<Timestamp>> {
        Ok(fetch_optional!(self, (Timestamp,), FAILS, id, now)?.map(|(since,)| since))
    }

    /// Stops calling an endpoint; says whether it was live.
    pub async fn disable_endpoint(&mut self, id: EndpointId, reason: &str, now: Timestamp) -> Result<bool> {
        Ok(execute!(self, DISABLE_ENDPOINT, id, now, reason)? == 1)
    }
}
