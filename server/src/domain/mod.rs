//! Pure rules: no I/O, no async, no library of another layer (but for `utoipa::ToSchema`, which says how a word reads on the wire).
//!
//! One subject a file. To add a rule, find the noun it is about and put a function beside the others; the use-case that
//! calls it lives in `app/`.

pub mod access;
pub mod account;
pub mod asked;
pub mod audit;
pub mod clock;
pub mod cors;
pub mod destination;
pub mod details;
pub mod event;
pub mod file;
pub mod idempotency;
pub mod ids;
pub mod media;
pub mod packages;
pub mod page;
pub mod quota;
pub mod refusal;
pub mod samples;
pub mod signed_url;
pub mod text;
pub mod throttle;
pub mod timeline;
pub mod type_policy;
pub mod upload;
pub mod usage_days;
pub mod webhook;
