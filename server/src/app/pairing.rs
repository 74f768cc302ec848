//! Database and folder of blobs belong together: from the first start on, both hold the same random id.
//!
//! Beside another database each blob would look like one without a row, and `gc` would remove it. The id is among the blobs, so it is
//! away when their disk is.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use uuid::{Builder, Uuid};

use super::master_key::write_private_file;
use crate::{domain::clock::random_bytes, store::Db};

fn file(blobs: &Path) -> PathBuf {
    blobs.join("id")
}

/// The id of a folder of blobs; `None` before a server has used it.
pub(super) fn of_folder(blobs: &Path) -> anyhow::Result<Option<Uuid>> {
    let file = file(blobs);
    match fs::read_to_string(&file) {
        Ok(text) => {
            let id = text.trim().parse();
            Ok(Some(id.with_context(|| format!("storage.data_dir: {} holds no id", file.display()))?))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("storage.data_dir: cannot read {}", file.display())),
    }
}

/// What the operator is told of a folder whose database is another or gone.
pub(super) fn not_its_database(blobs: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "the files in {} belong to another database: correct storage.data_dir or database.url, or restore the database; \
         to begin anew, remove the files too",
        blobs.display()
    )
}

/// Fails if the database is not that of the folder. A folder without an id gets the database's.
///
/// `known` is [`of_folder`] from before the database was read: whoever is first writes the folder's last, so a folder with an id has a
/// database with one.
pub(super) async fn pair(db: &Db, blobs: &Path, known: Option<Uuid>) -> anyhow::Result<()> {
    let of_database = match known {
        Some(_) => db.reader().await?.blob_folder().await?,
        None => Some(take(db, blobs).await?),
    };
    if of_database.is_some() && of_database == of_folder(blobs)? { Ok(()) } else { Err(not_its_database(blobs)) }
}

async fn take(db: &Db, blobs: &Path) -> anyhow::Result<Uuid> {
    let mut tx = db.begin().await?;
    tx.take_blob_folder(Builder::from_random_bytes(random_bytes()).into_uuid()).await?;
    let Some(id) = tx.blob_folder().await? else { bail!("the database did not keep the id of its files") };
    tx.commit().await?;
    let file = file(blobs);
    match write_private_file(&file, &format!("{id}\n"), true) {
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(id),
        outcome => outcome.map(|()| id).with_context(|| format!("storage.data_dir: cannot write {}", file.display())),
    }
}
