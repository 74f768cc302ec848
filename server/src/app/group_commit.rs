//! Many direct uploads, one commit.
//!
//! Each accepted request needs a few rows. Uploads that arrive while a commit is on its way wait here and go into the next one
//! together, so begin, quota, commit and sync are paid once for all of them. A request still gets its own answer: a refusal
//! concerns its own unit alone. If a batch fails as a whole, its workspaces are tried one by one, so that nobody waits for another
//! workspace's lock more than once, and then its units.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::{
    error::{Error, Result, unavailable},
    quota::reserve_or_refuse,
};
use crate::{
    blobs::Committed,
    domain::{
        idempotency::{self, Once},
        ids::{HoldId, WorkspaceId},
        quota::{Amount, Holder},
        refusal::{Code, Refusal},
    },
    store::{Db, NotYetDurable, Tx, jobs::Job, uploads::Upload},
};

/// Most units in one commit: the writer is not held longer than some milliseconds.
const MOST: usize = 64;
/// How long a request waits for its commit.
const PATIENCE: Duration = Duration::from_secs(30);

/// The uploads of one request, to be taken all or not at all.
pub(super) struct Unit {
    /// Whose room they take.
    pub(super) holder: Holder,
    /// What was held for them while they arrived.
    pub(super) hold: Option<HoldId>,
    /// To be remembered with them, and the answer.
    pub(super) once: Option<(Once, String)>,
    pub(super) uploads: Vec<Upload>,
    /// The bytes that the uploads point to; removed again if the unit is refused.
    pub(super) bytes: Vec<Committed>,
}

impl Unit {
    fn amount(&self) -> Amount {
        Amount {
            bytes: self.uploads.iter().map(|upload| upload.expected_size).sum(),
            files: i64::try_from(self.uploads.len()).unwrap_or(i64::MAX),
        }
    }
}

/// Whether a unit was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// By this request.
    Now,
    /// By an earlier one with the same idempotency key; this one's bytes are given up.
    Before,
}

struct Queued {
    unit: Unit,
    answer: oneshot::Sender<Result<Taken>>,
}

type Outcome = std::result::Result<Taken, Refusal>;

/// The way to a commit that many share.
pub(super) struct GroupCommit(mpsc::Sender<Queued>);

impl GroupCommit {
    /// Starts to take units; ends when it is dropped.
    pub(super) fn start(db: Db) -> Self {
        let (sender, mut queue) = mpsc::channel(MOST);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while queue.recv_many(&mut batch, MOST).await > 0 {
                store(&db, std::mem::take(&mut batch)).await;
            }
        });
        Self(sender)
    }

    /// Returns when nobody takes units any more, which only a panic leads to.
    pub(super) async fn ended(&self) {
        self.0.closed().await;
    }

    /// Takes a unit. When this returns `Ok`, its rows survive a power cut.
    ///
    /// `SERVICE_UNAVAILABLE` after half a minute. It may be taken even then; until that is known, it keeps its bytes.
    pub(super) async fn submit(&self, unit: Unit) -> Result<Taken> {
        let (answer, answered) = oneshot::channel();
        let gone = || Error::internal(anyhow::anyhow!("the group commit has ended"));
        let taken = async {
            self.0.send(Queued { unit, answer }).await.map_err(|_| gone())?;
            answered.await.map_err(|_| gone())?
        };
        tokio::time::timeout(PATIENCE, taken).await.unwrap_or_else(|_| Err(unavailable().into()))
    }
}

async fn store(db: &Db, mut batch: Vec<Queued>) {
    // Another node may have the same workspaces in its batch: taken in one order, neither waits for the other for ever. Who was
    // promised room goes before who was not.
    batch.sort_by_key(|queued| (queued.unit.holder.workspace, queued.unit.hold.is_none()));
    let mut parts = vec![batch];
    while let Some(mut part) = parts.pop() {
        let error = match store_together(db, &mut part).await {
            Ok((outcomes, durable)) => {
                answer_when_durable(part, outcomes, durable);
                continue;
            }
            Err(error) => error,
        };
        let passing = matches!(&error, Error::Refused(refusal) if refusal.code == Code::ServiceUnavailable);
        if passing && db.ping().await.is_err() {
            // Each alone would wait for the database as long as all of them have.
            parts.push(part);
            refuse(parts.drain(..).flatten());
        } else if part.first().map(workspace) != part.last().map(workspace) {
            tracing::warn!(%error, units = part.len(), "a batch of uploads failed; trying its workspaces one by one");
            parts.extend(by_workspace(part));
        } else if passing {
            refuse(part.drain(..));
        } else if part.len() > 1 {
            tracing::warn!(%error, units = part.len(), "a batch of uploads failed; trying them one by one");
            parts.extend(part.into_iter().rev().map(|only| vec![only]));
        } else if let Some(only) = part.pop() {
            // Nobody listens only when the client or the process is gone.
            let _ = only.answer.send(Err(error));
        }
    }
}

/// Takes a sorted batch apart, the last workspace first.
fn by_workspace(mut batch: Vec<Queued>) -> Vec<Vec<Queued>> {
    let mut parts = Vec::new();
    while let Some(last) = batch.last().map(workspace) {
        let begin = batch.partition_point(|queued| workspace(queued) < last);
        parts.push(batch.split_off(begin));
    }
    parts
}

fn workspace(queued: &Queued) -> WorkspaceId {
    queued.unit.holder.workspace
}

fn refuse(batch: impl Iterator<Item = Queued>) {
    for queued in batch {
        let _ = queued.answer.send(Err(unavailable().into()));
    }
}

/// The next batch need not wait for this one's sync.
fn answer_when_durable(batch: Vec<Queued>, outcomes: Vec<Outcome>, durable: NotYetDurable) {
    tokio::spawn(async move {
        durable.wait().await;
        for (queued, outcome) in batch.into_iter().zip(outcomes) {
            let _ = queued.answer.send(outcome.map_err(Into::into));
        }
    });
}

async fn store_together(db: &Db, batch: &mut [Queued]) -> Result<(Vec<Outcome>, NotYetDurable)> {
    let mut tx = db.begin().await?;
    // All holds before the keys, and both before the counters, as everywhere.
    let mut held = Vec::new();
    for hold in batch.iter().filter_map(|queued| queued.unit.hold) {
        held.extend(tx.remove_hold(hold).await?);
    }
    let remembered = remember_all(&mut tx, batch).await?;
    for hold in held {
        tx.release(&hold.holder(), Amount { bytes: hold.bytes, files: 0 }).await?;
    }
    let outcomes = judge(&mut tx, batch, remembered).await?;
    let taken = |outcome: &Outcome| *outcome == Ok(Taken::Now);
    for (queued, _) in batch.iter().zip(&outcomes).filter(|(_, outcome)| taken(outcome)) {
        for upload in &queued.unit.uploads {
            tx.insert_upload(upload).await?;
            tx.enqueue(&Job::Process { upload: upload.id }, upload.created_at, upload.created_at).await?;
        }
    }
    for (queued, _) in batch.iter_mut().zip(&outcomes).filter(|(_, outcome)| taken(outcome)) {
        queued.unit.bytes.drain(..).for_each(Committed::keep);
    }
    Ok((outcomes, tx.commit_visibly().await?))
}

/// Remembers the answers: first, as a request that is sent again needs no room.
async fn remember_all(tx: &mut Tx, batch: &[Queued]) -> Result<Vec<Outcome>> {
    let mut outcomes: Vec<Outcome> = batch.iter().map(|_| Ok(Taken::Now)).collect();
    // In one order, as another node may have the same keys in its batch.
    let mut order: Vec<(&Queued, &mut Outcome)> = batch.iter().zip(&mut outcomes).collect();
    order.sort_by_key(|(queued, _)| queued.unit.once.as_ref().map(|(once, _)| (once.key, once.name.as_str())));
    for (queued, outcome) in order {
        *outcome = Ok(remember(tx, &queued.unit).await?);
    }
    Ok(outcomes)
}

/// Reserves the room of those units that are taken: for all at once where they have one holder and fit; else one by one, so that each
/// is judged alone.
async fn judge(tx: &mut Tx, batch: &[Queued], mut outcomes: Vec<Outcome>) -> Result<Vec<Outcome>> {
    let judged = batch.iter().zip(&outcomes);
    let new: Vec<&Unit> = judged.filter(|(_, outcome)| **outcome == Ok(Taken::Now)).map(|(queued, _)| &queued.unit).collect();
    if let Some(holder) = new.first().map(|first| &first.holder)
        && new.iter().all(|unit| unit.holder == *holder)
    {
        let total = new.iter().map(|unit| unit.amount()).fold(Amount::default(), |sum, one| sum + one);
        if tx.reserve(holder, total).await?.is_none() {
            return Ok(outcomes);
        }
    }
    for (Queued { unit, .. }, outcome) in batch.iter().zip(&mut outcomes) {
        if *outcome == Ok(Taken::Before) {
            // Its twin may be in this batch, and refused.
            *outcome = Ok(remember(tx, unit).await?);
        }
        if *outcome == Ok(Taken::Now) {
            match reserve_or_refuse(tx, &unit.holder, unit.amount()).await {
                Ok(()) => {}
                Err(Error::Refused(refusal)) => {
                    forget(tx, unit).await?;
                    *outcome = Err(refusal);
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(outcomes)
}

/// Remembers a unit's answer under its idempotency key, if it has one.
async fn remember(tx: &mut Tx, unit: &Unit) -> Result<Taken> {
    let (Some((once, answer)), Some(upload)) = (&unit.once, unit.uploads.first()) else { return Ok(Taken::Now) };
    let now = upload.created_at;
    Ok(if tx.remember(once, answer, now, now - idempotency::KEPT).await? { Taken::Now } else { Taken::Before })
}

/// Takes back what [`remember`] did: a refusal is not remembered.
async fn forget(tx: &mut Tx, unit: &Unit) -> Result<()> {
    match &unit.once {
        Some((once, _)) => Ok(tx.forget(once).await?),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{
        app::{
            App,
            projects::{Settings, WorkspaceSettings},
        },
        config,
        domain::{
            audit::By,
            clock::Clock,
            details::Details,
            file::{Blob, FileName},
            ids::BlobId,
            upload::{Source, State},
        },
        store::projects::Project,
    };

    fn unit(project: &Project, size: i64) -> Unit {
        let now = DateTime::UNIX_EPOCH;
        let name = FileName::parse("a").unwrap();
        let new = Upload::new(project, name, &Details::default(), (size, "text/plain".to_owned()), now);
        let blob = Blob { id: BlobId::random(), size: size.unsigned_abs(), sha256: [0; 32] };
        let upload = Upload { source: Source::Direct, state: State::Processing, ..new }.with_blob(&blob);
        Unit { holder: upload.holder(), hold: None, once: None, uploads: vec![upload], bytes: Vec::new() }
    }

    async fn answers(db: &Db, units: Vec<Unit>) -> Vec<Result<Taken>> {
        let (mut batch, mut waiting) = (Vec::new(), Vec::new());
        for unit in units {
            let (answer, answered) = oneshot::channel();
            batch.push(Queued { unit, answer });
            waiting.push(answered);
        }
        store(db, batch).await;
        let mut answers = Vec::new();
        for answered in waiting {
            answers.push(answered.await.unwrap());
        }
        answers
    }

    #[tokio::test]
    async fn one_bad_unit_takes_no_other_with_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let data = folder.path().join("data").display().to_string();
        let config = config::load_with(None, &[("storage.data_dir", data.into())]).unwrap();
        let app = App::open(config, Clock::System).await.unwrap();
        let workspace = app.projects.create_workspace(WorkspaceSettings::named("w"), &By::COMMAND_LINE).await.unwrap().id;
        let settings = Settings { max_bytes: Some(100), ..Settings::default() };
        let project = app.projects.create(workspace, settings, &By::COMMAND_LINE).await.unwrap();
        let used = async || app.projects.usage(project.id).await.unwrap().used().bytes;

        // Its quota fits, but its row cannot be written: the upload's id is there already.
        let good = unit(&project, 10);
        let mut twin = unit(&project, 20);
        twin.uploads[0].id = good.uploads[0].id;
        let outcomes = answers(&app.core.db, vec![good, twin, unit(&project, 30)]).await;
        assert!(outcomes[0].is_ok() && outcomes[2].is_ok(), "{outcomes:?}");
        assert!(matches!(outcomes[1], Err(Error::Internal(_))), "{outcomes:?}");
        assert_eq!(used().await, 40);

        // The sum does not fit; each is judged alone.
        let outcomes = answers(&app.core.db, vec![unit(&project, 50), unit(&project, 50), unit(&project, 10)]).await;
        assert!(outcomes[0].is_ok() && outcomes[2].is_ok(), "{outcomes:?}");
        assert!(matches!(outcomes[1], Err(Error::Refused(_))), "{outcomes:?}");
        assert_eq!(used().await, 100);
    }
}
