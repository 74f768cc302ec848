//! The public API under `/api/v1`, for holders of keys.

pub(super) mod files;
pub(super) mod sessions;
pub(super) mod types;
pub(super) mod uploads;
pub(super) mod whoami;
