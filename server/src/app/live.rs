//! Hints for a page that is open: something of a kind has changed in its workspace, ask again.
//!
//! A hint carries nothing, so none has to be kept and none is missed for good. Events of this process are heard of; all else, of other
//! nodes too, is seen by looking each second at what the indexes say of the workspace (`store/standing.rs`). That costs a handful of
//! reads for each open page, and in exchange no write pays for it and nodes need no channel between them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    accounts::{Accounts, SignedIn},
    core::Core,
    error::Result,
};
use crate::{
    domain::{
        ids::{LoginId, WorkspaceId},
        refusal::{Code, Refusal},
    },
    store::{events::Ear, standing::Standing},
};

/// How often the workspace is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The least time between two looks: events come by the hundred a second.
const PAUSE: Duration = Duration::from_millis(250);
/// How often it is asked whether the watcher may still look: a stream outlives a sign-out by that, a look and a pause.
const CHECK_EVERY: Duration = Duration::from_secs(3);
/// Open pages of one login, over all workspaces, in this process.
pub const MOST_WATCHES: usize = 16;

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An upload began, moved or ended.
    Upload,
    /// A file was published, changed or deleted, or failed.
    File,
    /// A delivery was made, or an attempt at one.
    Delivery,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Upload, Self::File, Self::Delivery];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::File => "file",
            Self::Delivery => "delivery",
        }
    }
}

type Places = Arc<Mutex<HashMap<LoginId, usize>>>;

/// See the module's text.
#[derive(Clone)]
pub struct Live {
    core: Arc<Core>,
    accounts: Accounts,
    places: Places,
}

impl Live {
    pub(super) fn new(core: Arc<Core>, accounts: Accounts) -> Self {
        Self { core, accounts, places: Places::default() }
    }

    /// Begins to watch a workspace, into which `who` may look. Refuses one more than [`MOST_WATCHES`] of a login.
    pub async fn watch(&self, who: SignedIn, workspace: WorkspaceId) -> Result<Watch> {
        let place = Place::take(&self.places, who.login)?;
        // From before the first look, so that nothing falls between looking and listening.
        let news = self.core.db.news.listen();
        let seen = self.look(workspace).await?;
        let now = Instant::now();
        Ok(Watch { live: self.clone(), who, workspace, news, seen, looked: now, checked: now, _place: place })
    }

    async fn look(&self, workspace: WorkspaceId) -> Result<Standing> {
        let standing = self.core.db.reader().await?.standing(workspace).await?;
        Ok(standing.ok_or_else(|| Refusal::not_found("workspace"))?)
    }
}

/// An open page.
pub struct Watch {
    live: Live,
    who: SignedIn,
    workspace: WorkspaceId,
    news: Ear,
    seen: Standing,
    looked: Instant,
    checked: Instant,
    _place: Place,
}

impl Watch {
    /// Waits for the next change. Refuses once the login is over or its user is no member any more.
    pub async fn next(&mut self) -> Result<Vec<Kind>> {
        loop {
            tokio::select! {
                () = self.news.hear(|workspace, _| workspace == self.workspace) => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            if self.checked.elapsed() >= CHECK_EVERY {
                self.live.accounts.check_still(&self.who, self.workspace).await?;
                self.checked = Instant::now();
            }
            tokio::time::sleep_until(self.looked + PAUSE).await;
            let now = self.live.look(self.workspace).await?;
            self.looked = Instant::now();
            let changed = changed(&self.seen, &now);
            self.seen = now;
            if !changed.is_empty() {
                return Ok(changed);
            }
        }
    }
}

fn changed(before: &Standing, now: &Standing) -> Vec<Kind> {
    let has = |kind: &Kind| match kind {
        // What is published or failed was an upload.
        Kind::Upload => before.uploads != now.uploads || before.files != now.files,
        Kind::File => before.files != now.files,
        Kind::Delivery => before.deliveries != now.deliveries,
    };
    Kind::ALL.into_iter().filter(has).collect()
}

/// One of a login's watches, until it is dropped.
struct Place {
    places: Places,
    login: LoginId,
}

impl Place {
    fn take(places: &Places, login: LoginId) -> Result<Self> {
        let mut taken = places.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(login).or_default();
        if *count >= MOST_WATCHES {
            let why = format!("{MOST_WATCHES} pages of this login are open already. Close some.");
            return Err(Refusal::new(Code::RateLimited, why).into());
        }
        *count += 1;
        drop(taken);
        Ok(Self { places: Arc::clone(places), login })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.login) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.login);
            }
        }
    }
}
