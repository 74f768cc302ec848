//! How a workspace stands, as far as it takes to see that something has changed: read by indexes, whatever the number of rows.

use super::{
    Conn, Result,
    macros::{fetch_all, fetch_optional, statements},
};
use crate::domain::{
    clock::Timestamp,
    ids::{DeliveryId, EndpointId, WorkspaceId},
};

/// What differs once something has changed. Two that are equal do not prove that nothing has: a change of an old upload may hide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The number of the last event: every change of a file is one.
    pub files: i64,
    /// The newest uploads that run.
    pub uploads: Uploads,
    /// Of each endpoint.
    pub deliveries: Vec<Deliveries>,
}

/// How many there are, at most 100, and when one of them last moved.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[expect(missing_docs, reason = "the words above say it")]
pub struct Uploads {
    pub count: i64,
    pub moved: Option<Timestamp>,
}

/// The newest delivery of an endpoint, and when its first and its last job is due: an attempt moves either, or ends it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[expect(missing_docs, reason = "the words above say it")]
pub struct Deliveries {
    pub endpoint: EndpointId,
    pub newest: Option<DeliveryId>,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
}

statements! {
    FILES = "SELECT last_event FROM workspaces WHERE id = $1";
    UPLOADS = "SELECT COUNT(*) AS count, MAX(updated_at) AS moved FROM (SELECT updated_at FROM uploads
        WHERE workspace_id = $1 AND state IN ('pending', 'receiving', 'processing') ORDER BY id DESC LIMIT 100) AS newest";
    DELIVERIES = "SELECT w.id AS endpoint,
        (SELECT d.id FROM deliveries d WHERE d.endpoint_id = w.id ORDER BY d.created_at DESC, d.id DESC LIMIT 1) AS newest,
        (SELECT MIN(j.run_at) FROM jobs j WHERE j.lane = 'webhooks' AND j.queue = w.id) AS first,
        (SELECT MAX(j.run_at) FROM jobs j WHERE j.lane = 'webhooks' AND j.queue = w.id) AS last
        FROM webhook_endpoints w JOIN projects p ON p.id = w.project_id
        WHERE w.workspace_id = $1 AND w.deleted_at IS NULL AND p.deleted_at IS NULL ORDER BY w.id";
}

impl Conn {
    /// How a workspace stands; none if it does not exist.
    pub async fn standing(&mut self, workspace: WorkspaceId) -> Result<Option<Standing>> {
        let Some((files,)) = fetch_optional!(self, (i64,), FILES, workspace)? else { return Ok(None) };
        let uploads = fetch_optional!(self, Uploads, UPLOADS, workspace)?.unwrap_or(Uploads { count: 0, moved: None });
        let deliveries = fetch_all!(self, Deliveries, DELIVERIES, workspace)?;
        Ok(Some(Standing { files, uploads, deliveries }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Db, Driver, jobs::Lane};

    #[test]
    fn deliveries_are_looked_for_in_their_lane() {
        assert!(DELIVERIES.contains(&format!("j.lane = '{}'", Lane::Webhooks.as_str())));
    }

    // Each open page asks these each second.
    #[tokio::test]
    async fn no_table_that_grows_is_read_from_end_to_end() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open_sqlite(&folder.path().join("reupload.db"), 1).await.unwrap();
        let mut conn = db.reader().await.unwrap();
        let Ok(Driver::Sqlite(driver)) = conn.driver() else { panic!("not SQLite") };
        for sql in STATEMENTS {
            let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let plan: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(explained).bind(WorkspaceId(uuid::Uuid::nil())).fetch_all(&mut *driver).await.unwrap();
            let is_scan = |step: &str| {
                ["uploads", "d", "j"].iter().any(|table| step.split(" USING").next() == Some(&format!("SCAN {table}")))
            };
            assert!(!plan.iter().any(|(.., step)| is_scan(step)), "{plan:?}");
        }
    }
}
