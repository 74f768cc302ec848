//! The dashboard's own API, under `/api/dashboard`: people with cookies, no keys.
//!
//! To add an operation: a handler with its `#[utoipa::path]` here, a line in `router.rs`, then `make openapi`. Say who may call it
//! twice: as the type of an argument (`auth.rs`) and as `x-role`, which the tests walk through.

mod auth;
mod cookie;
mod guard;
mod types;

pub(super) mod audit;
pub(super) mod deliveries;
pub(super) mod files;
pub(super) mod invitations;
pub(super) mod keys;
pub(super) mod live;
pub(super) mod me;
pub(super) mod members;
pub(super) mod projects;
pub(super) mod sign_in;
pub(super) mod system;
pub(super) mod uploads;
pub(super) mod usage;
pub(super) mod webhooks;
pub(super) mod workspaces;

pub(super) use self::guard::guard;
