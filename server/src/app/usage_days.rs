//! Usage by day.
//!
//! An upload pays nothing for it: [`Usages::count_days`] reads the events from where the last count ended and adds them up. What it has
//! not counted yet is added to each answer. A delivery that fails for good adds itself, in the commit of its end.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{error::Result, usage::Usages};
use crate::{
    domain::{
        access::Scope,
        event::EventType,
        ids::{ProjectId, WorkspaceId},
        quota::{Account, Amount},
        refusal::Refusal,
        usage_days::{self, Day, Done},
    },
    store::{Conn, usage_days::Happened},
};

/// Events that one commit counts.
const COUNTED_AT_ONCE: i64 = 5000;

/// Uploads by project and day. A project whose figures changed otherwise is in it with none.
type Uploads = BTreeMap<(ProjectId, NaiveDate), i64>;

fn add_up(uploads: &mut Uploads, events: &[Happened]) {
    for event in events {
        let count = uploads.entry((event.project_id, event.created_at.date_naive())).or_default();
        *count += i64::from(event.r#type == EventType::FileUploaded);
    }
}

impl Usages {
    /// The last `days` days, of the workspace or of one project; the last one is today as it is now. Refuses `NOT_FOUND`.
    pub async fn days(&self, scope: &Scope, only: Option<ProjectId>, days: u64) -> Result<Vec<Day>> {
        let today = self.0.clock.now().date_naive();
        let first = usage_days::first_day(today, days);
        let mut conn = self.0.db.reader().await?;
        let projects = match only {
            Some(id) => vec![conn.project(scope, id).await?.ok_or_else(|| Refusal::not_found("project"))?],
            None => conn.projects(scope).await?,
        };
        let counted = conn.counted_days(scope.workspace, only, first).await?;
        let uploads = uncounted(&mut conn, scope.workspace, counted.last_event).await?;
        let mut answer = usage_days::sum(&counted.days, first, today);
        for ((project, day), uploads) in uploads {
            if projects.iter().any(|found| found.id == project)
                && let Ok(at) = answer.binary_search_by_key(&day, |found| found.day)
            {
                answer[at].done.uploads += uploads;
            }
        }
        let mut now = Amount::default();
        for project in &projects {
            now = now + stored(&mut conn, project.id).await?;
        }
        if let Some(last) = answer.last_mut() {
            last.stored = now;
        }
        Ok(answer)
    }

    /// Counts the events since the last time, and notes what the projects hold of which they tell. Says how many events. Safe on any
    /// number of nodes at once.
    pub async fn count_days(&self) -> Result<usize> {
        let mut events = 0;
        // Not in the head of the loop, which would keep the connection while its body asks for another.
        let behind = self.0.db.reader().await?.uncounted_workspaces().await?;
        for (workspace, mut from) in behind {
            while let Some((count, last)) = self.count_from(workspace, from).await? {
                events += count;
                from = last;
            }
        }
        Ok(events)
    }

    /// How many events it has counted and the number of the last; none if there are none, or if somebody else counts them.
    async fn count_from(&self, workspace: WorkspaceId, from: i64) -> Result<Option<(usize, i64)>> {
        let core = &self.0;
        let events = core.db.reader().await?.happened(workspace, from, COUNTED_AT_ONCE).await?;
        let Some(last) = events.last().map(|event| event.seq) else { return Ok(None) };
        let mut uploads = Uploads::new();
        add_up(&mut uploads, &events);
        let today = core.clock.now().date_naive();
        let projects: Vec<ProjectId> = uploads.keys().map(|(project, _)| *project).collect();
        for project in &projects {
            uploads.entry((*project, today)).or_default();
        }
        let mut tx = core.db.begin_background().await?;
        if !tx.count_up_to(workspace, from, last).await? {
            return Ok(None);
        }
        for ((project, day), uploads) in &uploads {
            tx.add_to_day(*project, *day, Done { uploads: *uploads, deliveries_failed: 0 }).await?;
            if *day == today {
                let stored = stored(&mut tx, *project).await?;
                tx.set_stored(*project, today, stored).await?;
                tx.forget_days(*project, usage_days::first_day(today, usage_days::KEPT)).await?;
            }
        }
        tx.commit().await?;
        Ok(Some((events.len(), last)))
    }
}

/// What happened behind the event `number`.
async fn uncounted(conn: &mut Conn, workspace: WorkspaceId, mut number: i64) -> Result<Uploads> {
    let mut uploads = Uploads::new();
    loop {
        let events = conn.happened(workspace, number, COUNTED_AT_ONCE).await?;
        let Some(last) = events.last() else { return Ok(uploads) };
        number = last.seq;
        add_up(&mut uploads, &events);
    }
}

async fn stored(conn: &mut Conn, project: ProjectId) -> Result<Amount> {
    Ok(conn.usage(&Account::project(project)).await?.unwrap_or_default().stored)
}
