//! `/workspaces/{workspaceId}/audit` and `/audit`: who did what, in a workspace and to accounts.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::{Admin, In, Operator},
    types::{DashboardErrors, PageQuery},
};
use crate::{
    app::App,
    domain::{ids::AuditId, page, text::blank_is_absent},
    http::{error::ApiError, extract::QueryParams},
    store::audit::AuditEntry,
};

/// Who did what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AuditRow {
    /// Its id.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// `user`, `operator` for the command line, or `nobody` for whoever had not signed in.
    actor_kind: String,
    /// Whose account.
    #[schema(required)]
    actor_id: Option<Uuid>,
    /// What they were called then.
    actor_name: String,
    /// What was done, such as `member.removed`.
    action: String,
    /// The kind of thing that it was done to.
    target_kind: String,
    /// Its id; null for an account that there is not.
    #[schema(required)]
    target_id: Option<Uuid>,
    /// What it was called then.
    target_name: String,
    /// More, by action.
    detail: Map<String, Value>,
    /// The client's address; null for the command line.
    #[schema(required)]
    address: Option<String>,
}

impl From<AuditEntry> for AuditRow {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id.0,
            at: entry.at,
            actor_kind: entry.actor_kind,
            actor_id: entry.actor_id,
            actor_name: entry.actor_name,
            action: entry.action,
            target_kind: entry.target_kind,
            target_id: entry.target_id,
            target_name: entry.target_name,
            detail: entry.detail,
            address: entry.address,
        }
    }
}

/// A page of the audit log, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AuditPage {
    entries: Vec<AuditRow>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// How many, and before which.
fn asked(query: &PageQuery) -> Result<(Option<AuditId>, i64), ApiError> {
    let limit = page::parse_limit(query.limit.as_deref())?;
    let before = blank_is_absent(query.cursor.as_deref()).map(str::parse).transpose();
    Ok((before.map_err(|_| page::Cursor::refusal())?, limit))
}

fn answer((entries, more): (Vec<AuditEntry>, bool)) -> Json<AuditPage> {
    let next_cursor = entries.last().filter(|_| more).map(|last| last.id.to_string());
    Json(AuditPage { entries: entries.into_iter().map(Into::into).collect(), next_cursor })
}

/// Read the audit log
///
/// Newest first. Each row was written in the commit of what it tells.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/audit", tag = "workspaces", extensions(("x-role" = json!("admin"))),
    params(("workspaceId" = Uuid, Path), PageQuery), responses((status = 200, body = AuditPage), DashboardErrors))]
pub(in crate::http) async fn audit_log(
    State(app): State<App>,
    can: In<Admin>,
    QueryParams(query): QueryParams<PageQuery>,
) -> Result<Json<AuditPage>, ApiError> {
    let (before, limit) = asked(&query)?;
    Ok(answer(app.accounts.audit_log(&can.scope, before, limit).await?))
}

/// Read the audit log of accounts
///
/// What was done to accounts and in no workspace, newest first: signing in, wrong passwords, passwords that were set, logins that were ended,
/// links, accounts. Wrong passwords are kept for 90 days; a guess that had to wait is not written down, nor the address of an account that
/// there is not.
#[utoipa::path(get, path = "/audit", tag = "system", extensions(("x-role" = json!("operator"))), params(PageQuery),
    responses((status = 200, body = AuditPage), DashboardErrors))]
pub(in crate::http) async fn audit_log_of_accounts(
    State(app): State<App>,
    _me: Operator,
    QueryParams(query): QueryParams<PageQuery>,
) -> Result<Json<AuditPage>, ApiError> {
    let (before, limit) = asked(&query)?;
    Ok(answer(app.accounts.audit_log_of_accounts(before, limit).await?))
}
