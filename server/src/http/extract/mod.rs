//! From requests to typed arguments; each failure is one of the contract's errors.

mod auth;
mod form;
mod idempotent;
mod input;

pub(super) use self::{
    auth::{Anything, Can, FilesDelete, FilesRead, FilesReadOrWrite, FilesWrite},
    form::Form,
    idempotent::Idempotent,
    input::{Id, JsonBody, QueryParams, Token, not_null},
};
