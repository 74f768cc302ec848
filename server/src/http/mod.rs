//! HTTP, and the only folder that knows axum.
//!
//! A handler extracts, is authorised by the type of an argument, calls one use-case, answers. To add an operation: a handler with its
//! `#[utoipa::path]` in `api/`, `cdn/` or `dashboard/`, a line in `router.rs`, then `make openapi`.

mod api;
mod body;
mod cdn;
mod client;
mod dashboard;
mod dev;
mod error;
mod extract;
mod health;
mod limit;
mod middleware;
mod openapi;
mod router;
mod server;

pub use self::{
    error::status_of,
    limit::Gate,
    openapi::{dashboard_document, document},
    router::{api, cdn, metrics},
    server::{Limits, serve},
};
