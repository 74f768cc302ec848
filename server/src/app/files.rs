//! Ready files: looking at them, listing, changing and deleting them, and their history.

use std::{collections::BTreeMap, sync::Arc};

use super::{core::Core, error::Result};
use crate::{
    domain::{
        access::Scope,
        audit::{Action, By, Deed},
        clock::Timestamp,
        details::Given,
        event::{EventType, FileDeleted, FileUpdated},
        file::{self, FileName},
        idempotency::{Fingerprint, Once},
        ids::{FileId, ProjectId, WorkspaceId},
        page::{self, Cursor, ListMark},
        quota::Amount,
        refusal::Refusal,
        timeline::{Note, Step},
        upload::Source,
    },
    store::{
        Tx,
        files::{File, Filter},
        jobs::Job,
        timeline::Entry,
    },
};

/// Most files of a folder that one call deletes, and how many of them go in one commit.
const FILES_AT_ONCE: usize = 1000;
const FILES_IN_ONE_COMMIT: usize = 50;

/// See the module's text.
#[derive(Clone)]
pub struct Files(pub(super) Arc<Core>);

/// What changes about a file; `None` stays.
#[derive(Debug, Default)]
pub struct Change {
    /// What it is called. `originalName` stays what came in.
    pub name: Option<FileName>,
    /// What is said of it.
    pub details: Given,
}

/// What became of a request to delete several files.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Deleted {
    /// These are gone now.
    pub deleted: Vec<FileId>,
    /// These were not there, or are not the bearer's.
    pub not_found: Vec<FileId>,
}

/// How far the emptying of a folder has come.
#[derive(Clone, Copy, Debug)]
pub struct Emptied {
    /// Files that are gone now.
    pub deleted: usize,
    /// Whether there are more: then ask again.
    pub has_more: bool,
}

fn not_found() -> Refusal {
    Refusal::not_found("file")
}

/// A cursor goes on in the list that it is of, for any key of the workspace.
fn mark(workspace: WorkspaceId, filter: &Filter) -> ListMark {
    let mut list = Fingerprint::default().part("workspace", workspace.0).part("recursive", [u8::from(filter.recursive)]);
    if let Some(project) = filter.project {
        list = list.part("project", project.0);
    }
    let texts = [("folder", &filter.folder), ("search", &filter.search)];
    for (name, text) in texts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
        list = list.part(name, text);
    }
    if let Some(category) = filter.category {
        list = list.part("category", category.as_str());
    }
    for (key, value) in &filter.metadata {
        list = list.part("key", key).part("value", value);
    }
    list.mark()
}

/// Always the same order, and all files before anything that their deletion touches (counters, the number of the next event): who
/// holds one of those never waits for a file, so requests that share files wait for each other, but not in a circle.
fn in_order_of_locks(ids: &mut Vec<FileId>) {
    ids.sort_unstable();
    ids.dedup();
}

impl Files {
    /// A ready file that the bearer may read. Refuses `NOT_FOUND`.
    pub async fn get(&self, scope: &Scope, id: FileId) -> Result<File> {
        let file = self.0.db.reader().await?.file(scope, id).await?;
        file.ok_or_else(|| not_found().into())
    }

    /// A page of the files that the bearer may read, newest first, and where the next one begins: `limit` of them, 1 to 200.
    ///
    /// Refuses a cursor of another list (`VALIDATION_ERROR`) and a project that the bearer does not reach (`NOT_FOUND`).
    pub async fn list(&self, scope: &Scope, filter: &Filter, limit: i64) -> Result<(Vec<File>, Option<Cursor>)> {
        let mut conn = self.0.db.reader().await?;
        if let Some(project) = filter.project {
            conn.project(scope, project).await?.ok_or_else(|| Refusal::not_found("project"))?;
        }
        let list = mark(scope.workspace, filter);
        Cursor::check(filter.after, list)?;
        // One more than asked for tells whether there is a next page.
        let mut files = conn.files(scope, filter, limit + 1).await?;
        let next = page::cut(&mut files, limit, list, |file| (file.created_at, file.id.0));
        Ok((files, next))
    }

    /// Changes name and details. What is the same already changes nothing and tells nobody. Refuses `NOT_FOUND` and, for details that
    /// cannot be, `VALIDATION_ERROR`.
    pub async fn update(&self, scope: &Scope, id: FileId, change: Change) -> Result<File> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let old = tx.lock_file(scope, id).await?.ok_or_else(not_found)?;
        let name = change.name.map_or_else(|| old.name.clone(), |name| name.clean);
        let file = File { name, details: old.details.with(change.details)?, updated_at: now, ..old.clone() };
        let renamed = (file.name != old.name).then_some("name");
        let changes: Vec<&str> = renamed.into_iter().chain(file.details.differences(&old.details)).collect();
        if changes.is_empty() {
            return Ok(old);
        }
        tx.update_file(&file).await?;
        let deed = Deed::new(Action::FileUpdated, "file", id.0, &file.name).within(file.workspace_id);
        tx.audit_for(scope, deed.with("changes", changes.clone()), now).await?;
        tx.note(id, &Note::new(Step::Updated).with("changes", changes.clone()), now).await?;
        let data = FileUpdated { file: self.0.summary(&file), changes };
        self.0.emit(&mut tx, EventType::FileUpdated, (file.workspace_id, file.project_id), &data, now).await?;
        tx.commit().await?;
        Ok(file)
    }

    /// Deletes a file: its addresses are dead and its room is free when this returns; its bytes follow. Refuses `NOT_FOUND`.
    pub async fn delete(&self, scope: &Scope, id: FileId) -> Result<()> {
        let mut tx = self.0.db.begin().await?;
        let file = tx.lock_file(scope, id).await?.ok_or_else(not_found)?;
        self.0.delete_file(&mut tx, file, scope.by.as_ref(), self.0.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes up to [`crate::domain::asked::MOST_FILES`] files in one commit, and names those that the bearer does not reach. Refuses `IDEMPOTENCY_CONFLICT`.
    pub async fn delete_many(&self, scope: &Scope, mut ids: Vec<FileId>, once: Option<Once>) -> Result<Deleted> {
        if let Some(answer) = self.0.replay(once.as_ref()).await? {
            return Ok(answer);
        }
        let now = self.0.clock.now();
        in_order_of_locks(&mut ids);
        let mut outcome = Deleted::default();
        let mut tx = self.0.db.begin().await?;
        let mut files = Vec::new();
        for id in ids {
            match tx.lock_file(scope, id).await? {
                Some(file) => files.push(file),
                None => outcome.not_found.push(id),
            }
        }
        outcome.deleted = files.iter().map(|file| file.id).collect();
        // The key before the counters, as everywhere.
        if !self.0.remember(&mut tx, once.as_ref(), &outcome, now).await? {
            drop(tx);
            return self.0.replay_surely(once.as_ref()).await;
        }
        for file in files {
            self.0.delete_file(&mut tx, file, scope.by.as_ref(), now).await?;
        }
        tx.commit().await?;
        Ok(outcome)
    }

    /// Deletes the files of a folder and of all folders below it, up to 1,000. Refuses a project that the bearer does not reach
    /// (`NOT_FOUND`).
    pub async fn delete_folder(&self, scope: &Scope, project: ProjectId, folder: &str) -> Result<Emptied> {
        let found = self.0.db.reader().await?.project(scope, project).await?;
        found.ok_or_else(|| Refusal::not_found("project"))?;
        self.0.empty_folder(project, folder, scope.by.as_ref()).await
    }

    /// The folders directly below one, each with the files in it and below it, in the order of their names. Refuses a project that the
    /// bearer does not reach (`NOT_FOUND`).
    pub async fn subfolders(&self, scope: &Scope, project: ProjectId, folder: &str) -> Result<BTreeMap<String, Amount>> {
        let mut conn = self.0.db.reader().await?;
        conn.project(scope, project).await?.ok_or_else(|| Refusal::not_found("project"))?;
        let mut sums = BTreeMap::<String, Amount>::new();
        for (path, files, bytes) in conn.folders(project, folder).await? {
            let Some(below) = file::child_of(folder, &path) else { continue };
            let sum = sums.entry(below).or_default();
            sum.files += files;
            sum.bytes += bytes;
        }
        Ok(sums)
    }

    /// What happened to a file from its upload on, in order: of failed, unfinished and deleted ones too. Refuses
    /// `NOT_FOUND`.
    pub async fn timeline(&self, scope: &Scope, id: FileId) -> Result<Vec<Entry>> {
        let mut conn = self.0.db.reader().await?;
        let upload = conn.upload_of_file(scope, id).await?.ok_or_else(not_found)?;
        // The beginning is in the upload's own row.
        let first = match upload.source {
            Source::Direct => Note::new(Step::Accepted).with("sizeBytes", upload.expected_size),
            Source::Session => Note::new(Step::Opened).with("expectedSize", upload.expected_size),
        };
        let mut entries = vec![Entry { at: upload.created_at, step: first.step, detail: first.detail }];
        entries.extend(conn.timeline(id).await?);
        Ok(entries)
    }
}

impl Core {
    /// The rows that go with a deletion of a file that `tx` holds.
    async fn delete_file(&self, tx: &mut Tx, file: File, by: Option<&By>, now: Timestamp) -> Result<()> {
        if !tx.delete_file(file.id, now).await? {
            return Err(not_found().into());
        }
        tx.free(&file.holder(), Amount::one_file(file.size_bytes)).await?;
        tx.enqueue(&Job::DeleteBlob { blob: file.blob_id }, now, now).await?;
        for made in tx.remove_variants(file.id).await? {
            tx.enqueue(&Job::DeleteBlob { blob: made.blob_id }, now, now).await?;
        }
        tx.note(file.id, &Note::new(Step::Deleted), now).await?;
        if let Some(by) = by {
            let deed = Deed::new(Action::FileDeleted, "file", file.id.0, &file.name).within(file.workspace_id);
            tx.audit(by, &deed, now).await?;
        }
        let owner = (file.workspace_id, file.project_id);
        let data = FileDeleted {
            file_id: file.id,
            project_id: file.project_id,
            path: file::path(&file.details.folder, &file.name),
            name: file.name,
            deleted_at: now,
        };
        self.emit(tx, EventType::FileDeleted, owner, &data, now).await
    }

    /// Deletes up to 1,000 files that are in a folder or below it; in all of the project if it is empty.
    pub(super) async fn empty_folder(&self, project: ProjectId, folder: &str, by: Option<&By>) -> Result<Emptied> {
        let mut ids = self.db.reader().await?.files_in_folder(project, folder, FILES_AT_ONCE + 1).await?;
        let has_more = ids.len() > FILES_AT_ONCE;
        ids.truncate(FILES_AT_ONCE);
        let mut deleted = 0;
        for some in ids.chunks(FILES_IN_ONE_COMMIT) {
            // One that was moved out meanwhile stays.
            deleted += self.delete_batch(some.to_vec(), by, |file| file::is_in(&file.details.folder, folder)).await?;
        }
        Ok(Emptied { deleted, has_more })
    }

    /// Deletes those of these files in one commit that are still there and still `wanted`, and says how many.
    pub(super) async fn delete_batch(
        &self,
        mut ids: Vec<FileId>,
        by: Option<&By>,
        wanted: impl Fn(&File) -> bool,
    ) -> Result<usize> {
        let now = self.clock.now();
        in_order_of_locks(&mut ids);
        let mut tx = self.db.begin_background().await?;
        let mut files = Vec::new();
        for id in ids {
            // It may have changed since it was looked up.
            files.extend(tx.lock_file_of_any(id).await?.filter(&wanted));
        }
        let deleted = files.len();
        for file in files {
            self.delete_file(&mut tx, file, by, now).await?;
        }
        tx.commit().await?;
        Ok(deleted)
    }
}
