//! Files. A row exists from publishing on, so nothing unfinished can be read, listed or served by mistake.

use sqlx::types::Json;

use super::{
    Conn, Result, Tx, details,
    macros::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    access::{Reach, Scope},
    clock::Timestamp,
    details::Details,
    file::{self, Variant},
    ids::{BlobId, FileId, ProjectId, UploadId, WorkspaceId},
    media::Category,
    page::Cursor,
    quota::Holder,
};

/// A row of `files`.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "columns")]
pub struct File {
    pub id: FileId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub upload_id: UploadId,
    pub name: String,
    pub original_name: String,
    pub mime_type: String,
    pub category: Category,
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
    pub blob_id: BlobId,
    #[sqlx(flatten)]
    pub details: Details,
    pub scan: String,
    pub uploaded_via: String,
    /// The thumbnails that there are.
    #[sqlx(json)]
    pub variants: Vec<Variant>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

impl File {
    /// Whose room it takes.
    pub fn holder(&self) -> Holder {
        Holder { workspace: self.workspace_id, project: self.project_id, owner: self.details.owner_ref.clone() }
    }
}

/// Most pairs of metadata that a list is narrowed by.
pub const MAX_PAIRS: usize = 3;

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Files of this project; else of all that the bearer reaches.
    pub project: Option<ProjectId>,
    /// Files in this folder.
    pub folder: Option<String>,
    /// Files in its subfolders too.
    pub recursive: bool,
    /// Folder and name contain this, in any case.
    pub search: Option<String>,
    /// Metadata has these pairs; at most [`MAX_PAIRS`].
    pub metadata: Vec<(String, String)>,
    /// Files of this kind.
    pub category: Option<Category>,
    /// Begin behind this one.
    pub after: Option<Cursor>,
}

macro_rules! columns {
    () => {
        concat!(
            "id, workspace_id, project_id, upload_id, name, original_name, mime_type, category, size_bytes, sha256, blob_id, ",
            details::columns!(),
            ", scan, uploaded_via, variants, created_at, updated_at, deleted_at"
        )
    };
}

/// A list of ready files, newest first, within `$where`: `$1` and, for a key's list of projects, `$15`. A list by metadata begins at
/// the first pair (SQLite takes the order of a CROSS JOIN as it is written), the others at the newest file.
macro_rules! list {
    ($where:literal) => {
        list!("files", "CAST($8 AS TEXT) IS NULL AND CAST($9 AS TEXT) IS NULL", $where)
    };
    (by metadata, $where:literal) => {
        list!("file_metadata m CROSS JOIN files", "m.key = $8 AND m.value = $9 AND files.id = m.file_id", $where)
    };
    ($from:literal, $first:literal, $where:literal) => {
        concat!(
            "SELECT ", columns!(), " FROM ", $from, " WHERE ", $first, " AND ", $where, " AND deleted_at IS NULL
            AND (created_at, id) < ($6, $7)
            AND (CAST($3 AS TEXT) IS NULL OR folder = $3 OR ($4 AND substr(folder, 1, length($3) + 1) = $3 || '/'))
            AND (CAST($14 AS TEXT) IS NULL OR category = $14)
            AND (CAST($5 AS TEXT) IS NULL OR search LIKE $5 ESCAPE '\\')
            AND (CAST($10 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM file_metadata o WHERE o.file_id = files.id AND o.key = $10 AND o.value = $11))
            AND (CAST($12 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM file_metadata o WHERE o.file_id = files.id AND o.key = $12 AND o.value = $13))
            ORDER BY created_at DESC, id DESC LIMIT $2"
        )
    };
}

statements! {
    INSERT = concat!("INSERT INTO files (", columns!(), ", search)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)");
    INSERT_PAIR = "INSERT INTO file_metadata (file_id, key, value) VALUES ($1, $2, $3)";
    DELETE_PAIRS = "DELETE FROM file_metadata WHERE file_id = $1";
    GET_READY = concat!("SELECT ", columns!(), " FROM files WHERE id = $1 AND deleted_at IS NULL");
    // Changes nothing, but holds the row to the end of the transaction and shows it as it is now.
    LOCK = concat!("UPDATE files SET updated_at = updated_at WHERE id = $1 AND deleted_at IS NULL RETURNING ", columns!());
    UPDATE = "UPDATE files SET name = $2, is_public = $3, folder = $4, metadata = $5, search = $6, updated_at = $7 WHERE id = $1";
    UNSEARCHABLE = "SELECT id, folder, name FROM files WHERE search = '' ORDER BY id LIMIT $1";
    // A file that was renamed meanwhile has its text already.
    FILL_SEARCH = "UPDATE files SET search = $2 WHERE id = $1 AND search = ''";
    DELETE = "UPDATE files SET deleted_at = $2, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    OF_PROJECT = list!("project_id = $1");
    // The same, but so that the index by folder serves it.
    OF_FOLDER = list!("project_id = $1 AND folder = $3");
    OF_WORKSPACE = list!("workspace_id = $1");
    OF_KEY = list!("workspace_id = $1 AND project_id IN (SELECT project_id FROM api_key_projects WHERE key_id = $15)");
    BY_METADATA_OF_PROJECT = list!(by metadata, "project_id = $1");
    BY_METADATA_OF_WORKSPACE = list!(by metadata, "workspace_id = $1");
    BY_METADATA_OF_KEY = list!(by metadata, "workspace_id = $1 AND project_id IN (SELECT project_id FROM api_key_projects WHERE key_id = $15)");
    IN_FOLDER = "SELECT id FROM files WHERE project_id = $1 AND deleted_at IS NULL
        AND ($2 = '' OR folder = $2 OR substr(folder, 1, length($2) + 1) = $2 || '/') ORDER BY created_at, id LIMIT $3";
    FOLDERS = "SELECT folder, COUNT(*), CAST(SUM(size_bytes) AS BIGINT) FROM files WHERE project_id = $1 AND deleted_at IS NULL
        AND folder <> '' AND ($2 = '' OR substr(folder, 1, length($2) + 1) = $2 || '/') GROUP BY folder";
    OLDER_THAN = "SELECT id FROM files WHERE project_id = $1 AND created_at < $2 AND deleted_at IS NULL ORDER BY created_at, id LIMIT $3";
}

/// The text that a search looks in.
fn searchable(folder: &str, name: &str) -> String {
    file::searchable(&file::path(folder, name))
}

/// The pattern that finds `text` anywhere.
fn pattern(text: &str) -> String {
    let escaped = file::searchable(text).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

macro_rules! fetch_list {
    ($conn:expr, $sql:expr, $first:expr, $filter:expr, $limit:expr $(, $last:expr)?) => {{
        let pair = |n: usize| $filter.metadata.get(n).cloned().unzip();
        let ((k1, v1), (k2, v2), (k3, v3)) = (pair(0), pair(1), pair(2));
        let (moment, id) = Cursor::place($filter.after);
        let search = $filter.search.as_deref().map(pattern);
        fetch_all!(
            $conn, File, $sql, $first, $limit, &$filter.folder, $filter.recursive, &search, moment, id,
            &k1, &v1, &k2, &v2, &k3, &v3, $filter.category $(, $last)?
        )
    }};
}

impl Conn {
    /// A ready file that the bearer may touch.
    pub async fn file(&mut self, scope: &Scope, id: FileId) -> Result<Option<File>> {
        let found = self.file_of_any(id).await?;
        Ok(found.filter(|file| scope.covers(file.workspace_id, file.project_id)))
    }

    /// Any ready file: for the CDN host, which decides by visibility and signature.
    pub async fn file_of_any(&mut self, id: FileId) -> Result<Option<File>> {
        fetch_optional!(self, File, GET_READY, id)
    }

    /// Ready files that the bearer may read, newest first. A project in `filter` must have been checked to be among them.
    pub async fn files(&mut self, scope: &Scope, filter: &Filter, limit: i64) -> Result<Vec<File>> {
        let only = match scope.reach.projects() {
            Some([only]) => Some(*only),
            _ => None,
        };
        let by_metadata = !filter.metadata.is_empty();
        match (filter.project.or(only), &scope.reach) {
            (Some(project), _) if by_metadata => fetch_list!(self, BY_METADATA_OF_PROJECT, project, filter, limit),
            (Some(project), _) if filter.folder.is_some() && !filter.recursive => {
                fetch_list!(self, OF_FOLDER, project, filter, limit)
            }
            (Some(project), _) => fetch_list!(self, OF_PROJECT, project, filter, limit),
            (None, Reach::AllProjects) if by_metadata => {
                fetch_list!(self, BY_METADATA_OF_WORKSPACE, scope.workspace, filter, limit)
            }
            (None, Reach::AllProjects) => fetch_list!(self, OF_WORKSPACE, scope.workspace, filter, limit),
            (None, Reach::Projects(_)) if by_metadata => {
                fetch_list!(self, BY_METADATA_OF_KEY, scope.workspace, filter, limit, scope.actor.id())
            }
            (None, Reach::Projects(_)) => fetch_list!(self, OF_KEY, scope.workspace, filter, limit, scope.actor.id()),
        }
    }

    /// Ready files in a folder and below it, oldest first; all of the project if it is empty.
    pub async fn files_in_folder(&mut self, project: ProjectId, folder: &str, limit: usize) -> Result<Vec<FileId>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(fetch_all!(self, (FileId,), IN_FOLDER, project, folder, limit)?.into_iter().map(|(id,)| id).collect())
    }

    /// The folders below one, at any depth, with the files in each and their bytes.
    pub async fn folders(&mut self, project: ProjectId, below: &str) -> Result<Vec<(String, i64, i64)>> {
        fetch_all!(self, (String, i64, i64), FOLDERS, project, below)
    }

    /// Ready files of a project from before `moment`, oldest first.
    pub async fn files_older_than(&mut self, project: ProjectId, moment: Timestamp, limit: i64) -> Result<Vec<FileId>> {
        Ok(fetch_all!(self, (FileId,), OLDER_THAN, project, moment, limit)?.into_iter().map(|(id,)| id).collect())
    }

    /// Whether there are files from before there was a search, for [`Tx::fill_search`].
    pub async fn has_unsearchable(&mut self) -> Result<bool> {
        Ok(fetch_optional!(self, (FileId, String, String), UNSEARCHABLE, 1_i64)?.is_some())
    }
}

impl Tx {
    /// Adds a published file.
    pub async fn insert_file(&mut self, file: &File) -> Result<()> {
        execute!(
            self,
            INSERT,
            file.id,
            file.workspace_id,
            file.project_id,
            file.upload_id,
            &file.name,
            &file.original_name,
            &file.mime_type,
            file.category,
            file.size_bytes,
            &file.sha256,
            file.blob_id,
            file.details.is_public,
            &file.details.folder,
            Json(&file.details.metadata),
            &file.details.owner_ref,
            &file.scan,
            &file.uploaded_via,
            Json(&file.variants),
            file.created_at,
            file.updated_at,
            file.deleted_at,
            searchable(&file.details.folder, &file.name)
        )?;
        self.insert_pairs(file).await
    }

    async fn insert_pairs(&mut self, file: &File) -> Result<()> {
        for (key, value) in &file.details.metadata {
            execute!(self, INSERT_PAIR, file.id, key, value)?;
        }
        Ok(())
    }

    /// A ready file as it is now, held to the end of this transaction.
    pub async fn lock_file(&mut self, scope: &Scope, id: FileId) -> Result<Option<File>> {
        match self.file(scope, id).await? {
            Some(_) => self.lock_file_of_any(id).await,
            None => Ok(None),
        }
    }

    /// As [`Tx::lock_file`], for the operator.
    pub async fn lock_file_of_any(&mut self, id: FileId) -> Result<Option<File>> {
        fetch_optional!(self, File, LOCK, id)
    }

    /// Stores a file's name and details, but for its owner, whose room it takes.
    pub async fn update_file(&mut self, file: &File) -> Result<()> {
        execute!(
            self,
            UPDATE,
            file.id,
            &file.name,
            file.details.is_public,
            &file.details.folder,
            Json(&file.details.metadata),
            searchable(&file.details.folder, &file.name),
            file.updated_at
        )?;
        execute!(self, DELETE_PAIRS, file.id)?;
        self.insert_pairs(file).await
    }

    /// Lets up to `limit` files be found that were made before there was a search; says how many.
    pub async fn fill_search(&mut self, limit: i64) -> Result<i64> {
        let found = fetch_all!(self, (FileId, String, String), UNSEARCHABLE, limit)?;
        for (id, folder, name) in &found {
            execute!(self, FILL_SEARCH, *id, searchable(folder, name))?;
        }
        Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
    }

    /// Marks a file deleted; says whether it was still there.
    pub async fn delete_file(&mut self, id: FileId, now: Timestamp) -> Result<bool> {
        execute!(self, DELETE_PAIRS, id)?;
        Ok(execute!(self, DELETE, id, now)? == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_its_text_to_the_letter() {
        assert_eq!(pattern("50%_Ä\\"), "%50\\%\\_ä\\\\%");
    }
}
