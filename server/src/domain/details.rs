//! What an app says about a file beside its name and its bytes: the same fields on every way in, in both tables and in PATCH.
//!
//! To add one, see "a field of a file" in CONTRIBUTING.md.

use super::{
    file::{self, Metadata},
    refusal::Refusal,
};

/// As it came in, nothing checked yet; what is `None` was not said.
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
pub struct Details {
    /// Whether anybody may fetch the file.
    pub is_public: bool,
    /// Normalised, such as `a/b`; empty for the top.
    pub folder: String,
    /// At most 16 pairs and 2 KiB.
    pub metadata: Metadata,
    /// The app's own user, of 1 to 255 characters.
    pub owner_ref: Option<String>,
}

impl Details {
    /// Refuses (`VALIDATION_ERROR`) what is too long or has characters that its field cannot have.
    pub fn new(given: Given) -> Result<Self, Refusal> {
        Self::default().with(given)
    }

    /// As [`Details::new`], for a project whose files are public or not unless something is said.
    pub fn in_project(default_public: bool, given: Given) -> Result<Self, Refusal> {
        Self { is_public: default_public, ..Self::default() }.with(given)
    }

    /// The same, but for what is given. Refuses as [`Details::new`].
    pub fn with(&self, given: Given) -> Result<Self, Refusal> {
        let Given { is_public, folder, metadata, owner_ref } = given;
        metadata.as_ref().map_or(Ok(()), file::check_metadata)?;
        owner_ref.as_deref().map_or(Ok(()), file::check_owner)?;
        Ok(Self {
            is_public: is_public.unwrap_or(self.is_public),
            folder: folder.map_or_else(|| Ok(self.folder.clone()), |folder| file::parse_folder(&folder))?,
            metadata: metadata.unwrap_or_else(|| self.metadata.clone()),
            owner_ref: owner_ref.or_else(|| self.owner_ref.clone()),
        })
    }

    /// The contract's names of those fields that differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let Self { is_public, folder, metadata, owner_ref } = self;
        let fields = [
            ("folder", *folder != other.folder),
            ("isPublic", *is_public != other.is_public),
            ("metadata", *metadata != other.metadata),
            ("ownerRef", *owner_ref != other.owner_ref),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}
