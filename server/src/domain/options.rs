//! What an app says about a file beside its name and its bytes, in the same words on every way in.
//!
//! To add one: a field of [`Given`] and of [`Options`] and its check in [`Options::new`]; the compiler and `DirectForm`'s test name
//! the other places (CONTRIBUTING.md lists them).

use super::{
    file::{self, Metadata},
    refusal::Refusal,
};

/// As it came in; nothing is checked yet.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the fields of the contract's requests")]
pub struct Given {
    pub is_public: Option<bool>,
    pub folder: Option<String>,
    pub metadata: Option<Metadata>,
    pub owner_ref: Option<String>,
}

/// Checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Whether anybody may fetch the file.
    pub is_public: bool,
    /// Normalised, such as `a/b`; empty for the top.
    pub folder: String,
    /// At most 16 pairs and 2 KiB.
    pub metadata: Metadata,
    /// The app's own user, of 1 to 255 characters.
    pub owner_ref: Option<String>,
}

impl Options {
    /// Refuses (`VALIDATION_ERROR`) what is too long or has characters that its field cannot have.
    pub fn new(given: Given) -> Result<Self, Refusal> {
        let Given { is_public, folder, metadata, owner_ref } = given;
        let metadata = metadata.unwrap_or_default();
        file::check_metadata(&metadata)?;
        owner_ref.as_deref().map_or(Ok(()), file::check_owner)?;
        let folder = file::parse_folder(folder.as_deref().unwrap_or_default())?;
        Ok(Self { is_public: is_public.unwrap_or(false), folder, metadata, owner_ref })
    }
}
