//! Integration tests: the real service with real databases, in one binary.
//!
//! A file a subject. Tests in `each_database!` run on SQLite and on PostgreSQL; the harness validates every response
//! against the OpenAPI document and, at the end of each test, looks for leftovers.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod accounts;
mod admin;
mod architecture;
mod authorization;
mod bombs;
mod changes;
mod contention;
mod dashboard;
mod deletes;
mod dev;
mod direct;
mod disk_full;
mod durability;
mod events;
mod history;
mod hostile;
mod housekeeping;
mod idempotency;
mod inbox;
mod jobs;
mod large;
mod listen;
mod listing;
mod migration;
mod names;
mod outbound;
mod pages;
mod pictures;
mod published_clients;
mod quarantine;
mod quotas;
mod rate_limits;
mod removal;
mod scanner;
mod serving;
mod sessions;
mod shapes;
mod stalled_readers;
mod type_policy;
mod vectors;
mod webhooks;
