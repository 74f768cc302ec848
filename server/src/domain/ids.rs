//! Ids are types: a file's id cannot be passed where an upload's is meant.
//!
//! All are UUIDs. Rows get version 7 (RFC 9562: sorted by creation time); blobs get version 4, so that their names say
//! nothing and spread evenly over folders. To add one, add a line to the list at the end.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use super::clock::{Timestamp, random_bytes};

fn uuid_v7(now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &random_bytes()).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id that sorts by `now`.
            pub fn new(now: Timestamp) -> Self {
                Self(uuid_v7(now))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A customer's account: owns projects and keys.
    WorkspaceId,
    /// A set of files with its own limits, origins and webhooks.
    ProjectId,
    /// An API key (not its secret text).
    KeyId,
    /// A person who signs in to the dashboard.
    UserId,
    /// A browser in which somebody is signed in.
    LoginId,
    /// An offer to join a workspace.
    InvitationId,
    /// A link that works once.
    LinkId,
    /// A row of the audit log.
    AuditId,
    /// One upload, direct or by session.
    UploadId,
    /// A file; known from the start of its upload.
    FileId,
    /// An event, shown as `evt_…`.
    EventId,
    /// A webhook endpoint.
    EndpointId,
    /// One event on its way to one endpoint.
    DeliveryId,
    /// One try of a delivery.
    AttemptId,
    /// A row of the job table.
    JobId,
    /// Bytes at rest.
    BlobId,
    /// Room that a direct upload holds while its bytes arrive.
    HoldId,
}

/// The two ids that an upload has from its start.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct UploadIds {
    /// Its own.
    pub upload: UploadId,
    /// That of the file that it becomes.
    pub file: FileId,
}

impl BlobId {
    /// A fresh random name. Every write gets its own, so bytes under a name never change.
    pub fn random() -> Self {
        Self(Builder::from_random_bytes(random_bytes()).into_uuid())
    }
}

impl EventId {
    /// The id as webhooks carry it: `evt_` and 32 hex digits.
    pub fn wire(self) -> String {
        format!("evt_{}", self.0.simple())
    }

    /// Reads what [`EventId::wire`] wrote.
    pub fn parse_wire(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("evt_").filter(|digits| digits.len() == 32)?;
        digits.parse().ok()
    }
}
