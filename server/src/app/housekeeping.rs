//! Keeping rows and bytes in step.
//!
//! Bytes come before their row and go after it, so what a crash leaves is a blob without a row: [`Housekeeping::collect`] removes it. A
//! row without bytes is damage, which it finds too and which [`Housekeeping::verify`] looks for byte by byte. Both go through one of
//! 256 shares at a time, so memory and locks stay small beside a running server.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::Arc,
};

use chrono::Duration;
use sha2::{Digest, Sha256};

use super::{
    core::Core,
    error::{Error, Result},
};
use crate::{
    blobs::{CHUNK, ReadSeek},
    domain::ids::{BlobId, FileId},
    store::references::Reference,
};

/// A blob younger than this may belong to a request that is about to commit its row.
const GRACE: Duration = Duration::hours(1);

/// See the module's text.
#[derive(Clone)]
pub struct Housekeeping(pub(super) Arc<Core>);

/// What [`Housekeeping::collect`] does about what it finds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Collect {
    /// Only count.
    pub dry_run: bool,
    /// Delete files whose bytes are gone, as their owner would; else they are only named.
    pub forget_missing: bool,
}

/// What [`Housekeeping::collect`] has found.
#[derive(Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collected {
    /// Blobs that no row names.
    pub orphans: u64,
    /// Their bytes.
    pub orphan_bytes: u64,
    /// How many of them were removed.
    pub removed: u64,
    /// Rows whose bytes are gone.
    pub missing: Vec<Damage>,
    /// How many of them were removed.
    pub forgotten: u64,
}

/// What is wrong with a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// It is not there.
    Missing,
    /// It has another size than its row says.
    WrongSize,
    /// It has other bytes than were stored.
    Altered,
    /// The storage gives an error instead of its bytes; the log has it.
    Unreadable,
}

/// A row and what is wrong with its bytes.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Damage {
    /// The file.
    pub file_id: FileId,
    /// Its bytes.
    pub blob_id: BlobId,
    /// `file`, `thumbnail` or `upload` (one that is not published yet).
    pub kind: String,
    /// What is wrong.
    pub problem: Problem,
}

impl Damage {
    fn of(reference: &Reference, problem: Problem) -> Self {
        Self { file_id: reference.file_id, blob_id: reference.blob_id, kind: reference.kind.clone(), problem }
    }
}

/// What [`Housekeeping::verify`] has found.
#[derive(Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// Blobs that were read.
    pub blobs: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// What is wrong.
    pub damaged: Vec<Damage>,
}

impl Housekeeping {
    /// Finds blobs without a row and rows without a blob. `progress` hears of each of 256 shares.
    ///
    /// Fails, and touches nothing, if there are rows and not a single blob, or blobs and not a single workspace: then the storage or the
    /// database is not there.
    pub async fn collect(&self, how: Collect, mut progress: impl FnMut(u64)) -> Result<Collected> {
        let core = &self.0;
        let mut conn = core.db.reader().await?;
        let (rows, had_workspaces) = (conn.count_references().await?, conn.had_workspaces().await?);
        drop(conn);
        let wrong = match core.blobs.is_empty().await? {
            true if rows > 0 => Some("there are files in the database and no blob at all: is the storage mounted?"),
            false if !had_workspaces => Some("there are blobs and no workspace in the database: is it the right one?"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            return Err(Error::internal(anyhow::anyhow!(wrong)));
        }
        let mut found = Collected::default();
        for share in 0..=u8::MAX {
            self.collect_share(share, how, &mut found).await?;
            progress(u64::from(share) + 1);
        }
        Ok(found)
    }

    async fn collect_share(&self, share: u8, how: Collect, found: &mut Collected) -> Result<()> {
        let core = &self.0;
        // First the blobs, then the rows: a row that comes meanwhile is seen.
        let blobs = core.blobs.list(share).await?;
        let rows = self.rows(share).await?;
        let ripe = core.clock.now() - GRACE;
        for blob in blobs.iter().filter(|blob| blob.modified < ripe && !rows.contains_key(&blob.id)) {
            found.orphans += 1;
            found.orphan_bytes += blob.size;
            // A row that has come since the rows were read keeps it.
            if !how.dry_run && core.db.reader().await?.reference(blob.id).await?.is_none() {
                core.blobs.delete(blob.id).await?;
                found.removed += 1;
            }
        }
        let mut missing = Vec::new();
        let listed: BTreeSet<BlobId> = blobs.into_iter().map(|blob| blob.id).collect();
        for id in rows.keys().filter(|id| !listed.contains(id)) {
            // It may have come after the list was made.
            if core.blobs.open(*id).await?.is_none() {
                missing.push(*id);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        // Rows that have gone meanwhile took their bytes with them.
        let rows = self.rows(share).await?;
        for reference in missing.iter().filter_map(|id| rows.get(id)) {
            found.missing.push(Damage::of(reference, Problem::Missing));
            if how.forget_missing && !how.dry_run && self.forget(reference).await? {
                found.forgotten += 1;
            }
        }
        Ok(())
    }

    async fn rows(&self, share: u8) -> Result<BTreeMap<BlobId, Reference>> {
        let rows = self.0.db.reader().await?.references(share).await?;
        Ok(rows.into_iter().map(|reference| (reference.blob_id, reference)).collect())
    }

    /// Removes a row whose bytes are gone. An upload on its way is left to its own job, which rejects it.
    async fn forget(&self, reference: &Reference) -> Result<bool> {
        match reference.kind.as_str() {
            "file" => Ok(self.0.delete_batch(vec![reference.file_id], None, |_| true).await? == 1),
            "thumbnail" => {
                let mut tx = self.0.db.begin_background().await?;
                tx.forget_variant(reference.file_id, reference.blob_id).await?;
                tx.commit().await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// How many blobs [`Housekeeping::verify`] will read, about.
    pub async fn count(&self) -> Result<u64> {
        Ok(self.0.db.reader().await?.count_references().await?.unsigned_abs())
    }

    /// Reads every blob that a row names, and compares its size and SHA-256. `progress` hears of the bytes of each.
    pub async fn verify(&self, mut progress: impl FnMut(u64)) -> Result<Verified> {
        let mut found = Verified::default();
        for share in 0..=u8::MAX {
            for reference in self.rows(share).await?.values() {
                let (problem, bytes) = self.check(reference).await.unwrap_or_else(|error| {
                    tracing::error!(blob = %reference.blob_id, %error, "could not read a blob");
                    (Some(Problem::Unreadable), 0)
                });
                found.blobs += 1;
                found.bytes += bytes;
                progress(bytes);
                // What was deleted while we looked is no damage.
                if let Some(problem) = problem
                    && self.0.db.reader().await?.reference(reference.blob_id).await?.is_some()
                {
                    found.damaged.push(Damage::of(reference, problem));
                }
            }
        }
        Ok(found)
    }

    async fn check(&self, reference: &Reference) -> io::Result<(Option<Problem>, u64)> {
        let Some(bytes) = self.0.blobs.open(reference.blob_id).await? else { return Ok((Some(Problem::Missing), 0)) };
        let size = bytes.size();
        if reference.size_bytes.is_some_and(|expected| expected.unsigned_abs() != size) {
            return Ok((Some(Problem::WrongSize), size));
        }
        let hash = bytes
            .inspect(|reader: &mut dyn ReadSeek| {
                let (mut hash, mut piece) = (Sha256::new(), vec![0; CHUNK]);
                loop {
                    match reader.read(&mut piece)? {
                        0 => return Ok(hash.finalize()),
                        read => hash.update(&piece[..read]),
                    }
                }
            })
            .await?;
        let altered = reference.sha256.as_ref().is_some_and(|expected| expected[..] != hash[..]);
        Ok((altered.then_some(Problem::Altered), size))
    }
}
