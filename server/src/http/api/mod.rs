//! The public API under `/api/v1`, for holders of keys.

pub(super) mod access;
pub(super) mod files;
pub(super) mod history;
pub(super) mod sessions;
pub(super) mod types;
pub(super) mod uploads;
pub(super) mod usage;
pub(super) mod whoami;
