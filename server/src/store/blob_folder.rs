//! Which folder of blobs belongs to this database: one row, written once.

use uuid::Uuid;

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_optional, statements},
};

statements! {
    GET = "SELECT id FROM blob_folder";
    INSERT = "INSERT INTO blob_folder (singleton, id) VALUES (1, $1) ON CONFLICT (singleton) DO NOTHING";
}

impl Conn {
    /// The id of its folder; `None` as long as it has none.
    pub async fn blob_folder(&mut self) -> Result<Option<Uuid>> {
        Ok(fetch_optional!(self, (Uuid,), GET)?.map(|(id,)| id))
    }
}

impl Tx {
    /// Takes a folder's id, if it has none yet.
    pub async fn take_blob_folder(&mut self, id: Uuid) -> Result<()> {
        execute!(self, INSERT, id)?;
        Ok(())
    }
}
