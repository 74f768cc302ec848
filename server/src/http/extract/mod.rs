//! From requests to typed arguments; each failure is one of the contract's errors.

mod auth;
mod form;
mod idempotent;
mod input;

pub(super) use self::{
    auth::{Anything, Can, FilesDelete, FilesRead, FilesReadOrWrite, FilesWrite},
    form::{Form, Part},
    idempotent::Idempotent,
    input::{Id, JsonBody, QueryParams, Token, blank_is_absent, not_null, parse_bool, parse_project},
};
