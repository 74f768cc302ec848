//! One job: the match over all kinds, the lease that is kept alive meanwhile, and what a failure leads to.

use std::{future::Future, panic::AssertUnwindSafe, time::Instant};

use chrono::Duration;
use futures_util::FutureExt;

use crate::{
    app::{App, Error, Result},
    store::jobs::{Claim, Job},
};

/// The longest wait between two tries of a failing job.
const LONGEST_WAIT: Duration = Duration::minutes(10);

/// Runs a claimed job to its settlement. Never fails: a failure puts the job off.
pub(super) async fn one(app: &App, claim: &Claim) {
    to_settlement(app, claim, Box::pin(dispatch(app, claim))).await;
}

async fn to_settlement(app: &App, claim: &Claim, work: impl Future<Output = Result<()>>) {
    let begun = Instant::now();
    let outcome = tokio::select! {
        outcome = AssertUnwindSafe(work).catch_unwind() => {
            outcome.unwrap_or_else(|_| Err(Error::Internal(anyhow::anyhow!("the job panicked"))))
        }
        () = lose_lease(app, claim) => {
            tracing::warn!(job = %claim.id, kind = claim.payload.kind(), "lost the lease; another worker has the job");
            return;
        }
    };
    let failed = outcome.is_err();
    if let Err(error) = outcome {
        put_off(app, claim, &error).await;
    }
    let labels = [("kind", claim.payload.kind()), ("result", if failed { "failed" } else { "done" })];
    metrics::histogram!("reupload_job_seconds", &labels).record(begun.elapsed().as_secs_f64());
}

/// For a job that is cut off by the stop of its node.
pub(super) async fn give_back(app: &App, claim: &Claim) {
    if let Err(error) = app.jobs.give_back(claim).await {
        tracing::error!(job = %claim.id, kind = claim.payload.kind(), %error, "could not give a job back");
    }
}

async fn dispatch(app: &App, claim: &Claim) -> Result<()> {
    match &claim.payload {
        Job::Process { upload } => app.processing.process(claim, *upload).await,
        Job::Picture { upload } => app.processing.picture(claim, *upload).await,
        Job::Deliver { delivery } => app.webhooks.deliver(claim, *delivery).await,
        Job::DeleteBlob { blob } => app.jobs.delete_blob(claim, *blob).await,
        Job::Unknown => Err(Error::Internal(anyhow::anyhow!("this version does not know the job's kind"))),
    }
}

/// Renews the lease in time; returns only when it is lost.
async fn lose_lease(app: &App, claim: &Claim) {
    let lease = app.config().jobs.lease;
    loop {
        tokio::time::sleep(lease / 3).await;
        match app.jobs.extend(claim).await {
            Ok(true) => {}
            Ok(false) => return,
            // The settlement is fenced anyway; a database that comes back in time costs nothing.
            Err(error) => tracing::warn!(%error, job = %claim.id, "could not renew the lease"),
        }
    }
}

async fn put_off(app: &App, claim: &Claim, error: &Error) {
    let kind = claim.payload.kind();
    tracing::error!(job = %claim.id, kind, failures = claim.failures + 1, error = format!("{error:#}"), "a job failed");
    let settled = match &claim.payload {
        Job::Process { upload } | Job::Picture { upload } if app.processing.is_last_try(claim) => {
            app.processing.give_up(claim, *upload).await
        }
        _ => app.jobs.put_off(claim, wait_after(claim.failures), &format!("{error:#}")).await,
    };
    if let Err(error) = settled {
        // The lease ends by itself, and the job is tried again then.
        tracing::error!(job = %claim.id, kind, %error, "could not put a job off");
    }
}

/// 1, 2, 4, … seconds, at most [`LONGEST_WAIT`].
fn wait_after(failures: i64) -> Duration {
    let doublings = u32::try_from(failures).unwrap_or(u32::MAX).min(20);
    Duration::seconds(1 << doublings).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tempfile::TempDir;

    use super::*;
    use crate::{
        app::{
            projects::{Settings, WorkspaceSettings},
            webhooks::endpoints::EndpointSettings,
        },
        config,
        domain::{audit::By, clock::Clock, event::EventType},
        store::jobs::Lane,
    };

    #[tokio::test]
    async fn a_job_that_panics_is_put_off_and_its_worker_goes_on() {
        let folder = TempDir::new().unwrap();
        let config = config::load_with(None, &[("storage.data_dir", folder.path().display().to_string().into())]).unwrap();
        let clock = Clock::simulated(DateTime::UNIX_EPOCH);
        let app = App::open(config, clock.clone()).await.unwrap();
        let workspace = app.projects.create_workspace(WorkspaceSettings::named("w"), &By::COMMAND_LINE).await.unwrap().id;
        let project = app.projects.create(workspace, Settings::default(), &By::COMMAND_LINE).await.unwrap().id;
        let endpoint =
            app.webhooks.create(project, "https://example.com", EndpointSettings::default(), &By::COMMAND_LINE).await.unwrap().id;
        app.webhooks.send_test(endpoint, EventType::FileUploaded, &By::COMMAND_LINE).await.unwrap();
        let (claim, place) = app.jobs.claim(Lane::Webhooks, 1).await.unwrap().remove(0);
        to_settlement(&app, &claim, async { panic!("on purpose") }).await;
        drop(place);

        clock.advance(Duration::milliseconds(999));
        assert!(app.jobs.claim(Lane::Webhooks, 1).await.unwrap().is_empty());
        clock.advance(Duration::milliseconds(1));
        let (again, _) = app.jobs.claim(Lane::Webhooks, 1).await.unwrap().remove(0);
        assert_eq!((again.id, again.fence, again.failures, again.deaths), (claim.id, 2, 1, 0));
    }

    #[test]
    fn waits_double_up_to_ten_minutes() {
        assert_eq!(wait_after(0), Duration::seconds(1));
        assert_eq!(wait_after(3), Duration::seconds(8));
        assert_eq!(wait_after(60), LONGEST_WAIT);
    }
}
