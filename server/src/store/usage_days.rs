//! Usage by day: a row for each project and day (UTC) on which its figures changed, and up to which event they are counted.

use chrono::NaiveDate;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_all, statements},
};
use crate::domain::{
    clock::Timestamp,
    event::EventType,
    ids::{ProjectId, WorkspaceId},
    quota::Amount,
    usage_days::{Done, ProjectDay},
};

/// What is counted of a workspace.
#[derive(Debug, Default)]
pub struct Counted {
    /// The number of the last event whose uploads are in `days`.
    pub last_event: i64,
    /// In no order.
    pub days: Vec<ProjectDay>,
}

/// What counting reads of an event.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct Happened {
    pub seq: i64,
    pub project_id: ProjectId,
    pub r#type: EventType,
    pub created_at: Timestamp,
}

/// Null where a workspace has no row.
#[derive(sqlx::FromRow)]
struct Row {
    counted: i64,
    project_id: Option<ProjectId>,
    day: Option<NaiveDate>,
    stored_bytes: Option<i64>,
    files: Option<i64>,
    uploads: Option<i64>,
    deliveries_failed: Option<i64>,
}

impl Row {
    fn day(&self) -> Option<ProjectDay> {
        Some(ProjectDay {
            project: self.project_id?,
            day: self.day?,
            stored: Amount { bytes: self.stored_bytes?, files: self.files? },
            done: Done { uploads: self.uploads?, deliveries_failed: self.deliveries_failed? },
        })
    }
}

/// Rows and the last event that they count, in one statement, so that no counting comes between them. `$2` is the first day; of the days
/// before it, the last row of each project.
macro_rules! counted {
    ($projects:literal) => {
        concat!(
            "SELECT COALESCE(c.last_event, 0) AS counted, d.project_id, d.day, d.stored_bytes, d.files, d.uploads, d.deliveries_failed
            FROM workspaces w
            LEFT JOIN usage_counted c ON c.workspace_id = w.id
            LEFT JOIN projects p ON p.workspace_id = w.id",
            $projects,
            " LEFT JOIN usage_days d ON d.project_id = p.id
                AND d.day >= COALESCE((SELECT MAX(o.day) FROM usage_days o WHERE o.project_id = p.id AND o.day <= $2), $2)
            WHERE w.id = $1"
        )
    };
}

statements! {
    OF_WORKSPACE = counted!("");
    OF_PROJECT = counted!(" AND p.id = $3");
    BEHIND = "SELECT w.id, COALESCE(c.last_event, 0) FROM workspaces w LEFT JOIN usage_counted c ON c.workspace_id = w.id
        WHERE w.last_event > COALESCE(c.last_event, 0)";
    HAPPENED = "SELECT seq, project_id, type, created_at FROM events WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    MOVE_ON = "INSERT INTO usage_counted (workspace_id, last_event) VALUES ($1, $3)
        ON CONFLICT (workspace_id) DO UPDATE SET last_event = $3 WHERE usage_counted.last_event = $2";
    ADD = "INSERT INTO usage_days (project_id, day, stored_bytes, files, uploads, deliveries_failed)
        VALUES ($1, $2,
            COALESCE((SELECT stored_bytes FROM usage_days WHERE project_id = $1 AND day < $2 ORDER BY day DESC LIMIT 1), 0),
            COALESCE((SELECT files FROM usage_days WHERE project_id = $1 AND day < $2 ORDER BY day DESC LIMIT 1), 0), $3, $4)
        ON CONFLICT (project_id, day) DO UPDATE SET uploads = usage_days.uploads + $3,
            deliveries_failed = usage_days.deliveries_failed + $4";
    STAND = "UPDATE usage_days SET stored_bytes = $3, files = $4 WHERE project_id = $1 AND day = $2";
    // All but the last before the days that are kept: it tells what stood at their beginning.
    FORGET = "DELETE FROM usage_days WHERE project_id = $1
        AND day < (SELECT MAX(o.day) FROM usage_days o WHERE o.project_id = $1 AND o.day <= $2)";
}

impl Conn {
    /// What is counted from `first` on, of a workspace or of one of its projects, and the last row of each project before.
    pub async fn counted_days(
        &mut self,
        workspace: WorkspaceId,
        project: Option<ProjectId>,
        first: NaiveDate,
    ) -> Result<Counted> {
        let rows = match project {
            Some(project) => fetch_all!(self, Row, OF_PROJECT, workspace, first, project)?,
            None => fetch_all!(self, Row, OF_WORKSPACE, workspace, first)?,
        };
        let last_event = rows.first().map_or(0, |row| row.counted);
        Ok(Counted { last_event, days: rows.iter().filter_map(Row::day).collect() })
    }

    /// The workspaces with events that are not counted, and the number of the last one that is.
    pub async fn uncounted_workspaces(&mut self) -> Result<Vec<(WorkspaceId, i64)>> {
        fetch_all!(self, (WorkspaceId, i64), BEHIND)
    }

    /// The events of a workspace behind `number`, in their order.
    pub async fn happened(&mut self, workspace: WorkspaceId, number: i64, limit: i64) -> Result<Vec<Happened>> {
        fetch_all!(self, Happened, HAPPENED, workspace, number, limit)
    }
}

impl Tx {
    /// Says that the events from behind `from` up to `to` are counted; `false` if somebody else has counted from `from` on.
    pub async fn count_up_to(&mut self, workspace: WorkspaceId, from: i64, to: i64) -> Result<bool> {
        Ok(execute!(self, MOVE_ON, workspace, from, to)? == 1)
    }

    /// Adds what was done to a day. A new day begins with what stood on the one before.
    pub async fn add_to_day(&mut self, project: ProjectId, day: NaiveDate, done: Done) -> Result<()> {
        execute!(self, ADD, project, day, done.uploads, done.deliveries_failed)?;
        Ok(())
    }

    /// Sets what stands on a day that has a row.
    pub async fn set_stored(&mut self, project: ProjectId, day: NaiveDate, stored: Amount) -> Result<()> {
        execute!(self, STAND, project, day, stored.bytes, stored.files)?;
        Ok(())
    }

    /// Forgets a project's days before `first`, but for the last.
    pub async fn forget_days(&mut self, project: ProjectId, first: NaiveDate) -> Result<()> {
        execute!(self, FORGET, project, first)?;
        Ok(())
    }
}
