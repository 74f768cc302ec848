//! Who may do what: permissions, the reach of a key, and the form of its secret text.

use std::str::FromStr;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    audit::By,
    clock::random_bytes,
    ids::{KeyId, ProjectId, UserId, WorkspaceId},
};

/// How long a key stays in the list that has ended by itself.
pub const ENDED_KEYS_KEPT: Duration = Duration::days(30);

/// What a key may do. To add one: a variant, its word, and a marker type in `http/extract/auth.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Permission {
    /// Read files, their addresses and sessions.
    #[serde(rename = "files.read")]
    FilesRead,
    /// Upload, and change files.
    #[serde(rename = "files.write")]
    FilesWrite,
    /// Delete files.
    #[serde(rename = "files.delete")]
    FilesDelete,
}

impl Permission {
    /// Every permission: what a key gets unless told otherwise.
    pub const ALL: [Self; 3] = [Self::FilesRead, Self::FilesWrite, Self::FilesDelete];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FilesRead => "files.read",
            Self::FilesWrite => "files.write",
            Self::FilesDelete => "files.delete",
        }
    }
}

impl FromStr for Permission {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a permission: use files.read, files.write or files.delete"))
    }
}

/// Which projects somebody reaches within a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of them, later ones too.
    AllProjects,
    /// These only.
    Projects(Vec<ProjectId>),
}

/// Who stands behind a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The bearer of a key, on the API.
    Key(KeyId),
    /// A signed-in person, on the dashboard.
    User(UserId),
}

impl Actor {
    /// The id, whichever it is of. Both are random enough that none is of two.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Key(id) => id.0,
            Self::User(id) => id.0,
        }
    }

    /// The person, if it is one.
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::Key(_) => None,
            Self::User(id) => Some(id),
        }
    }
}

/// What somebody may touch. Every query on a tenant's data takes one, so that a foreign id reads as absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Who asks.
    pub actor: Actor,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The projects in it.
    pub reach: Reach,
    /// Who is written into the audit log. None for a key: what keys do is in the history of each file.
    pub by: Option<By>,
}

impl Reach {
    /// The list, if there is one.
    pub fn projects(&self) -> Option<&[ProjectId]> {
        match self {
            Self::AllProjects => None,
            Self::Projects(projects) => Some(projects),
        }
    }
}

impl Scope {
    /// What a member of a workspace may touch: all of its projects.
    pub const fn of_user(user: UserId, workspace: WorkspaceId, by: By) -> Self {
        Self { actor: Actor::User(user), workspace, reach: Reach::AllProjects, by: Some(by) }
    }

    /// Whether a row of `workspace` and `project` may be seen.
    pub fn covers(&self, workspace: WorkspaceId, project: ProjectId) -> bool {
        self.workspace == workspace
            && match &self.reach {
                Reach::AllProjects => true,
                Reach::Projects(projects) => projects.contains(&project),
            }
    }
}

const PREFIX: &str = "ru_";
const RANDOM_CHARS: usize = 30;
const CHECK_CHARS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The secret text of an API key: `ru_`, 30 random base62 characters (178 bits), 6 of their CRC32.
///
/// The checksum lets us refuse a mistyped key without a database read, and lets secret scanners recognise a real one.
#[derive(Clone)]
pub struct KeySecret(String);

impl KeySecret {
    /// A new random secret.
    pub fn generate() -> Self {
        let mut random = String::with_capacity(RANDOM_CHARS);
        while random.len() < RANDOM_CHARS {
            // Bytes from 248 on are dropped: 248 is the largest multiple of 62, so every character stays equally likely.
            let usable = random_bytes::<64>().into_iter().filter(|byte| *byte < 248);
            random.extend(usable.map(|byte| char::from(BASE62[usize::from(byte) % 62])).take(RANDOM_CHARS - random.len()));
        }
        let check = checksum(&random);
        Self(format!("{PREFIX}{random}{check}"))
    }

    /// Takes `text` for a key if its form and checksum are right.
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix(PREFIX)?;
        let well_formed = body.len() == RANDOM_CHARS + CHECK_CHARS && body.bytes().all(|b| b.is_ascii_alphanumeric());
        if !well_formed {
            return None;
        }
        let (random, check) = body.split_at(RANDOM_CHARS);
        (checksum(random) == check).then(|| Self(text.to_owned()))
    }

    /// What the database keeps. The secret has 178 random bits, so a plain SHA-256 cannot be searched backwards.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The text itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Enough of it to recognise the key in a list.
    pub fn hint(&self) -> &str {
        &self.0[..PREFIX.len() + 6]
    }
}

impl std::fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySecret(…)")
    }
}

fn checksum(random: &str) -> String {
    let mut rest = crc32fast::hash(random.as_bytes());
    let mut digits = [b'0'; CHECK_CHARS];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_a_round_trip_and_a_typo_does_not() {
        let key = KeySecret::generate();
        assert_eq!(key.reveal().len(), 39);
        assert_eq!(KeySecret::parse(key.reveal()).unwrap().hash(), key.hash());
        for position in 3..39 {
            let mut typo = key.reveal().to_owned().into_bytes();
            typo[position] = if typo[position] == b'x' { b'y' } else { b'x' };
            assert!(KeySecret::parse(std::str::from_utf8(&typo).unwrap()).is_none(), "typo at {position}");
        }
        assert!(KeySecret::parse("ru_").is_none());
        assert!(KeySecret::parse("ru_ééééééééééééééééééééééééééééééééééé").is_none());
    }

    #[test]
    fn a_key_never_prints() {
        let key = KeySecret::generate();
        assert!(!format!("{key:?}").contains(key.reveal()));
    }

    #[test]
    fn a_scope_covers_its_own_only() {
        let now = chrono::DateTime::UNIX_EPOCH;
        let (workspace, other) = (WorkspaceId::new(now), WorkspaceId::new(now));
        let (inside, outside) = (ProjectId::new(now), ProjectId::new(now));
        let listed = Scope { actor: Actor::Key(KeyId::new(now)), workspace, reach: Reach::Projects(vec![inside]), by: None };
        assert!(listed.covers(workspace, inside));
        assert!(!listed.covers(workspace, outside));
        assert!(!listed.covers(other, inside));
        let all = Scope { reach: Reach::AllProjects, ..listed };
        assert!(all.covers(workspace, outside));
        assert!(!all.covers(other, inside));
    }
}
