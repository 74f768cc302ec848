//! The columns of [`Details`], which uploads and files share.

use sqlx::{ColumnIndex, Decode, FromRow, Row, Type, types::Json};

use crate::domain::{details::Details, file::Metadata};

/// Their names, in the order in which the statements bind them.
macro_rules! columns {
    () => {
        "is_public, folder, metadata, owner_ref"
    };
}
pub(super) use columns;

impl<'r, R: Row> FromRow<'r, R> for Details
where
    &'static str: ColumnIndex<R>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    Json<Metadata>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(Self {
            is_public: row.try_get("is_public")?,
            folder: row.try_get("folder")?,
            metadata: row.try_get::<Json<Metadata>, _>("metadata")?.0,
            owner_ref: row.try_get("owner_ref")?,
        })
    }
}
