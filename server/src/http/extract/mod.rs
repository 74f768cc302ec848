//! From requests to typed arguments; each failure is one of the contract's errors.

mod auth;
mod form;
mod input;

pub(super) use self::{
    auth::{Anything, Can, FilesDelete, FilesRead, FilesReadOrWrite, FilesWrite},
    form::{Form, Part},
    input::{Id, JsonBody, QueryParams, Token, parse_bool},
};
