//! Workers: claim due jobs, run them with a living lease, settle them; the reaper of what has had its time; usage
//! by day; and the note of keys' use.
//!
//! Each lane has its own places, so receivers of webhooks never hold up files. A job that fails is put off with growing waits; one
//! whose worker dies is claimed again when its lease is over. To add a kind of job, see `store/jobs.rs`.

mod run;

use std::{panic::resume_unwind, pin::pin, sync::Arc, time::Duration};

use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    app::{App, Result},
    shutdown::{self, Shutdown, Trigger},
    store::jobs::Lane,
};

/// How long the last use of a key may wait for its row.
const NOTE_USE_EVERY: Duration = Duration::from_secs(30);
/// How far what a past day held may be from what it held at its end.
const COUNT_DAYS_EVERY: Duration = Duration::from_mins(1);
/// Blobs that are removed at once.
const CLEANERS: usize = 2;
/// How long giving back what was not finished may take.
const GIVING_BACK: Duration = Duration::from_secs(2);

/// Runs until `shutdown`, then finishes what is under way within `grace`; what is not finished then is given back, to be done again.
pub async fn run(app: App, shutdown: Shutdown, grace: Duration) {
    let mut loops = JoinSet::new();
    for lane in Lane::ALL {
        let places = match lane {
            Lane::Files => app.config().jobs.workers,
            Lane::Pictures => app.config().images.workers,
            Lane::Webhooks => app.config().jobs.senders,
            Lane::Cleaning => CLEANERS,
        };
        loops.spawn(serve_lane(app.clone(), lane, places, shutdown.clone(), grace));
    }
    loops.spawn(reap(app.clone(), shutdown.clone()));
    loops.spawn(count_days(app, shutdown));
    end(loops).await;
}

/// Waits for the end of all. A panic in one goes on here, lest the others run for ever without it and look well.
async fn end(mut loops: JoinSet<()>) {
    while let Some(ended) = loops.join_next().await {
        if let Some(panic) = ended.err().and_then(|error| error.try_into_panic().ok()) {
            resume_unwind(panic);
        }
    }
}

async fn serve_lane(app: App, lane: Lane, places: usize, mut shutdown: Shutdown, grace: Duration) {
    let free = Arc::new(Semaphore::new(places));
    let (cut, cut_off) = shutdown::channel();
    let mut running = JoinSet::new();
    loop {
        while running.try_join_next().is_some() {}
        let room = tokio::select! {
            () = shutdown.wait() => break,
            room = Arc::clone(&free).acquire_owned() => room,
        };
        // Claim as many as there is room for; the place that was waited for is one of them.
        drop(room);
        let claims = app.jobs.claim(lane, free.available_permits().max(1)).await.unwrap_or_else(|error| {
            tracing::error!(%error, lane = lane.as_str(), "could not look for jobs");
            Vec::new()
        });
        if claims.is_empty() {
            tokio::select! {
                () = shutdown.wait() => break,
                () = app.jobs.wait(lane) => {}
            }
        }
        for (claim, ticket) in claims {
            let Ok(place) = Arc::clone(&free).acquire_owned().await else { break };
            let (app, mut cut_off) = (app.clone(), cut_off.clone());
            running.spawn(async move {
                tokio::select! {
                    () = run::one(&app, &claim) => {}
                    () = cut_off.wait() => run::give_back(&app, &claim).await,
                }
                if ticket.is_some() {
                    drop(ticket);
                    // What its endpoint was not allowed before may go now.
                    app.jobs.ring(lane);
                }
                drop(place);
            });
        }
    }
    finish(running, grace, &cut).await;
}

/// Lets running jobs end. One that does not in time is cut off and given back: it counts as no death, and need not wait for its lease.
async fn finish(mut running: JoinSet<()>, grace: Duration, cut: &Trigger) {
    let mut all = pin!(async { while running.join_next().await.is_some() {} });
    if tokio::time::timeout(grace, &mut all).await.is_ok() {
        return;
    }
    tracing::warn!("some jobs did not end in time; they will be done again");
    cut.stop();
    // What cannot be given back is done again after its lease.
    let _ = tokio::time::timeout(GIVING_BACK, all).await;
}

/// A round that is cut off by the stop leaves whole commits behind it; the next start does the rest.
async fn reap(app: App, mut shutdown: Shutdown) {
    let rounds = async {
        loop {
            if !reap_once(&app).await {
                tokio::time::sleep(app.config().uploads.reap_every).await;
            }
        }
    };
    tokio::select! {
        () = shutdown.wait() => {}
        () = rounds => {}
    }
}

/// Whether there may be more to do at once.
async fn reap_once(app: &App) -> bool {
    let expired = app.reaper.expire_overdue().await.unwrap_or_else(|error| {
        tracing::error!(%error, "could not clear expired upload sessions");
        0
    });
    if expired > 0 {
        tracing::info!(expired, "cleared expired upload sessions");
    }
    match app.reaper.tidy().await {
        Ok(0) => {}
        Ok(deleted) => tracing::info!(deleted, "deleted files past the retention of their projects"),
        Err(error) => tracing::error!(%error, "could not tidy up"),
    }
    expired > 0
}

/// Counts usage by day until `shutdown`. What is cut off is counted by the next node that does.
async fn count_days(app: App, mut shutdown: Shutdown) {
    let rounds = async {
        loop {
            if let Err(error) = app.usage.count_days().await {
                tracing::error!(%error, "could not count usage by day");
            }
            tokio::time::sleep(COUNT_DAYS_EVERY).await;
        }
    };
    tokio::select! {
        () = shutdown.wait() => {}
        () = rounds => {}
    }
}

/// Writes down the last use of keys until `shutdown`. A node that answers the API runs it, worker or not.
pub async fn note_key_use(app: App, mut shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = shutdown.wait() => return,
            () = tokio::time::sleep(NOTE_USE_EVERY) => write_key_use(&app).await,
        }
    }
}

/// Writes down the last use of keys up to now: the end of [`note_key_use`], for when the last request has been answered.
pub async fn write_key_use(app: &App) {
    if let Err(error) = app.keys.write_last_use().await {
        tracing::error!(error = format!("{error:#}"), "could not note the last use of keys");
    }
}

/// Claims and runs every due job once, one after the other, and says how many: for tests in simulated time.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut ran = 0;
    loop {
        let mut found = Vec::new();
        for lane in Lane::ALL {
            found.extend(app.jobs.claim(lane, 10).await?);
        }
        if found.is_empty() {
            return Ok(ran);
        }
        for (claim, place) in found {
            run::one(app, &claim).await;
            drop(place);
            ran += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[should_panic(expected = "on purpose")]
    async fn a_panic_in_a_loop_is_one_of_the_worker() {
        let mut loops = JoinSet::new();
        loops.spawn(std::future::pending());
        loops.spawn(async { panic!("on purpose") });
        end(loops).await;
    }
}
