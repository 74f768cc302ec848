//! Objects of the dashboard's API, as they look on the wire.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, IntoResponses, ToSchema,
    openapi::{RefOr, Response},
};
use uuid::Uuid;

use crate::{
    domain::account::Role,
    http::api::types::error_responses,
    store::users::{Membership, User},
};

/// An account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct UserPublic {
    /// Its id.
    id: Uuid,
    /// Its address, in lower case.
    email: String,
    /// What the person is called.
    name: String,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<&User> for UserPublic {
    fn from(user: &User) -> Self {
        Self { id: user.id.0, email: user.email.clone(), name: user.name.clone(), created_at: user.created_at }
    }
}

/// A workspace that the account may enter.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct WorkspaceSummary {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// What the account may do there.
    role: Role,
}

impl From<Membership> for WorkspaceSummary {
    fn from(membership: Membership) -> Self {
        Self { id: membership.id.0, name: membership.name, role: membership.role }
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PageQuery {
    /// Entries of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50, nullable = false)]
    pub(super) limit: Option<String>,
    /// `nextCursor` of the page before.
    #[param(nullable = false)]
    pub(super) cursor: Option<String>,
}

const ERRORS: [(u16, &str); 10] = [
    (400, "The request is not valid"),
    (401, "Nobody is signed in, or the password is wrong"),
    (403, "The role is too low, or the request comes from another site"),
    (404, "Absent, or not yours"),
    (409, "Not in this state"),
    (415, "The body is not JSON"),
    (429, "Too many requests, or wrong passwords"),
    (500, "A fault of the server"),
    (503, "Try again shortly"),
    (507, "The storage is full"),
];

/// What any operation of the dashboard may answer.
pub(in crate::http) struct DashboardErrors;

impl IntoResponses for DashboardErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        error_responses(&ERRORS)
    }
}
