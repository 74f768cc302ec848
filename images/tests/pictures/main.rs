//! Pictures made here, of every kind that the crate reads, go through it; nothing is fetched and nothing is stored.
//!
//! `make.rs` builds files, good and hostile ones; the others are a file a subject. To test one more format, give `make::samples`
//! a line for it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod blocks;
mod colours;
mod damaged;
mod hostile;
mod limits;
mod make;
mod measure;
mod strip_formats;
mod stripping;
mod thumbnails;
