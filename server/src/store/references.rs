//! Which blobs the rows name, for `gc`, `fsck` and the tests' look at leftovers. Ids of blobs are random, so a range of them is a fair share.

use uuid::Uuid;

use super::{
    Conn, Result,
    macros::{fetch_all, statements},
};
use crate::domain::ids::{BlobId, FileId};

/// A blob that a row needs.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reference {
    /// The bytes.
    pub blob_id: BlobId,
    /// The file whose bytes or thumbnail they are, or will be.
    pub file_id: FileId,
    /// `file`, `thumbnail` or `upload`.
    pub kind: String,
    /// Bytes, as far as they are known.
    pub size_bytes: Option<i64>,
    /// SHA-256, as far as it is known.
    pub sha256: Option<Vec<u8>>,
}

statements! {
    // The states here are those in which an upload's blob is its own: before, there is none, afterwards it is the file's, or given up.
    IN_RANGE = "SELECT blob_id, id AS file_id, 'file' AS kind, size_bytes, sha256 FROM files
            WHERE deleted_at IS NULL AND blob_id >= $1 AND blob_id <= $2
        UNION ALL SELECT blob_id, file_id, 'thumbnail' AS kind, size_bytes, sha256 FROM variants WHERE blob_id >= $1 AND blob_id <= $2
        UNION ALL SELECT blob_id, file_id, 'upload' AS kind, size_bytes, sha256 FROM uploads
            WHERE state IN ('receiving', 'processing') AND blob_id >= $1 AND blob_id <= $2";
    COUNT = "SELECT (SELECT COUNT(*) FROM files WHERE deleted_at IS NULL) + (SELECT COUNT(*) FROM variants)
        + (SELECT COUNT(*) FROM uploads WHERE state IN ('receiving', 'processing') AND blob_id IS NOT NULL)";
}

impl Conn {
    /// What the rows need of the blobs whose ids begin with `first_byte`: one of 256 shares.
    pub async fn references(&mut self, first_byte: u8) -> Result<Vec<Reference>> {
        let (mut low, mut high) = ([0; 16], [u8::MAX; 16]);
        (low[0], high[0]) = (first_byte, first_byte);
        fetch_all!(self, Reference, IN_RANGE, Uuid::from_bytes(low), Uuid::from_bytes(high))
    }

    /// What a row needs of one blob; `None` if no row names it.
    pub async fn reference(&mut self, blob: BlobId) -> Result<Option<Reference>> {
        super::macros::fetch_optional!(self, Reference, IN_RANGE, blob, blob)
    }

    /// How many blobs the rows need.
    pub async fn count_references(&mut self) -> Result<i64> {
        Ok(super::macros::fetch_optional!(self, (i64,), COUNT)?.map_or(0, |(count,)| count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::upload::State;

    #[test]
    fn the_states_are_those_that_own_a_blob() {
        for state in State::ALL {
            for sql in [IN_RANGE, COUNT] {
                assert_eq!(sql.contains(&format!("'{}'", state.as_str())), state.owns_blob(), "{state:?}: {sql}");
            }
        }
    }
}
