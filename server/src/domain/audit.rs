//! Who did what: the words of the audit log. A row is written in the commit of the change that it tells of.
//!
//! To add an action: a line in [`Action`], and a call of `Tx::audit` in the transaction of the change.

use std::net::IpAddr;

use chrono::Duration;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::ids::{UserId, WorkspaceId};

/// How long a wrong password is remembered; whoever guesses may not fill the database for ever.
pub const GUESSES_KEPT: Duration = Duration::days(90);

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doer {
    /// A signed-in person.
    User(UserId, String),
    /// Whoever may use the command line beside the server.
    CommandLine,
    /// Somebody who has not signed in.
    Nobody,
}

/// Who does something, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub doer: Doer,
    /// The client's address; none on the command line.
    pub address: Option<IpAddr>,
}

impl By {
    /// The operator at the command line.
    pub const COMMAND_LINE: Self = Self { doer: Doer::CommandLine, address: None };

    /// A person.
    pub fn user(id: UserId, name: impl Into<String>, address: Option<IpAddr>) -> Self {
        Self { doer: Doer::User(id, name.into()), address }
    }

    /// Somebody who has not signed in.
    pub const fn nobody(address: IpAddr) -> Self {
        Self { doer: Doer::Nobody, address: Some(address) }
    }

    /// Kind, id and name, as the log has them.
    pub fn columns(&self) -> (&'static str, Option<Uuid>, &str) {
        match &self.doer {
            Doer::User(id, name) => ("user", Some(id.0), name),
            Doer::CommandLine => ("operator", None, "command line"),
            Doer::Nobody => ("nobody", None, "nobody"),
        }
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident => $word:literal),* $(,)?) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($(#[$doc])* $name),* }

        impl Action {
            /// The word in the log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

actions! {
    /// The first account was made.
    SetUp => "user.set_up",
    /// Somebody signed in, by a password or a link.
    SignedIn => "user.signed_in",
    /// A guess at a password was wrong. Those that had to wait are not written down.
    PasswordWrong => "user.password_wrong",
    /// A name, an address or the operator's flag changed.
    UserUpdated => "user.updated",
    /// The operator made an account.
    UserCreated => "user.created",
    /// The operator removed an account.
    UserDeleted => "user.deleted",
    /// A password was changed by its owner.
    PasswordChanged => "user.password_changed",
    /// A password was set by a link.
    PasswordReset => "user.password_reset",
    /// Logins were ended before their time.
    LoginsEnded => "user.logins_ended",
    /// The operator made a link to sign in or to set a password.
    LinkCreated => "user.link_created",
    /// A workspace was made.
    WorkspaceCreated => "workspace.created",
    /// A workspace was changed.
    WorkspaceUpdated => "workspace.updated",
    /// A workspace was deleted.
    WorkspaceDeleted => "workspace.deleted",
    /// A project was made.
    ProjectCreated => "project.created",
    /// Rules of a project changed.
    ProjectUpdated => "project.updated",
    /// A project was deleted, with its webhooks and the keys that reached nothing else.
    ProjectDeleted => "project.deleted",
    /// A webhook endpoint was made.
    WebhookCreated => "webhook.created",
    /// Settings of a webhook endpoint changed.
    WebhookUpdated => "webhook.updated",
    /// A webhook endpoint is called again.
    WebhookEnabled => "webhook.enabled",
    /// A webhook endpoint is called no more.
    WebhookDisabled => "webhook.disabled",
    /// A webhook endpoint has a new secret.
    WebhookRotated => "webhook.rotated",
    /// A webhook endpoint was removed.
    WebhookDeleted => "webhook.deleted",
    /// A test event was sent.
    WebhookTested => "webhook.tested",
    /// A delivery is made again.
    DeliveryReplayed => "delivery.replayed",
    /// An API key was made.
    KeyCreated => "key.created",
    /// An API key was revoked.
    KeyRevoked => "key.revoked",
    /// An upload was begun in the dashboard.
    UploadOpened => "upload.opened",
    /// An upload was given up in the dashboard.
    UploadCancelled => "upload.cancelled",
    /// Name or details of a file changed.
    FileUpdated => "file.updated",
    /// A file was deleted.
    FileDeleted => "file.deleted",
    /// Somebody became a member without an invitation.
    MemberAdded => "member.added",
    /// A member's role changed.
    MemberUpdated => "member.updated",
    /// A member was removed, or left.
    MemberRemoved => "member.removed",
    /// Somebody was invited.
    InvitationCreated => "invitation.created",
    /// An invitation was taken back.
    InvitationDeleted => "invitation.deleted",
    /// Somebody joined by an invitation.
    InvitationAccepted => "invitation.accepted",
}

/// A row before it is written.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Where, unless it is about an account alone.
    pub workspace: Option<WorkspaceId>,
    /// What.
    pub action: Action,
    /// The kind of thing that it was done to, its id and its name.
    pub target: (&'static str, Option<Uuid>, String),
    /// More of it. Never a secret.
    pub detail: Map<String, Value>,
}

impl Deed {
    /// Something done in no workspace.
    pub fn new(action: Action, kind: &'static str, id: Uuid, name: impl Into<String>) -> Self {
        Self { workspace: None, action, target: (kind, Some(id), name.into()), detail: Map::new() }
    }

    /// Something done to what there is not.
    pub fn about_nothing(action: Action, kind: &'static str) -> Self {
        Self { workspace: None, action, target: (kind, None, String::new()), detail: Map::new() }
    }

    /// Says in which workspace.
    #[must_use]
    pub fn within(self, workspace: WorkspaceId) -> Self {
        Self { workspace: Some(workspace), ..self }
    }

    /// Adds to the detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}
