//! Which PUT of each session is under way in this process: one at a time, so a session never has more bytes on the disk than it
//! reserved. Nodes do not know of each other's; each holds at most one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::domain::ids::UploadId;

type Running = HashMap<UploadId, watch::Sender<()>>;

/// See the module's text; clones share it.
#[derive(Clone, Default)]
pub(super) struct RunningPuts(Arc<Mutex<Running>>);

/// A PUT's turn; it ends when this is dropped.
pub(super) struct Turn {
    running: RunningPuts,
    session: UploadId,
    /// Closed once a newer PUT has taken the place.
    place: watch::Receiver<()>,
}

impl RunningPuts {
    fn lock(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a PUT and ends the one that is under way.
    pub(super) fn begin(&self, session: UploadId) -> Turn {
        let (sender, place) = watch::channel(());
        self.lock().insert(session, sender);
        Turn { running: self.clone(), session, place }
    }
}

impl Turn {
    /// Returns once a newer PUT of the session has begun.
    pub(super) async fn lost(&mut self) {
        while self.place.changed().await.is_ok() {}
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = self.running.lock();
        // A lost turn must not end the one of the newer.
        if self.place.has_changed().is_ok() {
            running.remove(&self.session);
        }
    }
}
