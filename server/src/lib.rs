//! Reupload: the upload backend that a web developer runs instead of writing one.
//!
//! The map is `ARCHITECTURE.md`. Imports go one way, and `tests/it/architecture.rs` holds it:
//! `domain ← {config, store, blobs, scan, outbound} ← app ← {worker, http, cli}`.

pub mod app;
pub mod blobs;
pub mod cli;
pub mod config;
pub mod domain;
pub mod http;
pub mod node;
pub mod outbound;
pub mod scan;
pub mod shutdown;
pub mod store;
pub mod telemetry;
pub mod worker;
