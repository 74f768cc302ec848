//! Malware scanners, and our own look into archives.
//!
//! A trait, because a stranger may bring another scanner: implement [`Scanner`], add a word to `scan.backend`, make it in
//! `app/core.rs`. Before a scanner's `clean` is believed, [`archive::inspect`] must have found nothing that a scanner would pass
//! over: ask in this order, inspection first, if [`Scanner::is_on`].

pub mod archive;
pub mod clamd;

use std::io;

use bytes::Bytes;
use futures_util::{future::BoxFuture, stream::BoxStream};

/// What a scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No scanner is configured.
    Skipped,
    /// All of it was looked at, and nothing was found.
    Clean,
    /// Malware; the signature's name.
    Infected(String),
    /// It cannot be looked at as a whole, now or later; why, for a person.
    NotScannable(String),
    /// The scanner is well, but did not answer as it should about this file: try again; why, for a person.
    Failed(String),
    /// The scanner could not be asked, about this file or any other: try again; why, for a person.
    Error(String),
}

impl Verdict {
    /// Its word: `scan` of a published file, logs, metrics.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Clean => "clean",
            Self::Infected(_) => "infected",
            Self::NotScannable(_) => "not_scannable",
            Self::Failed(_) => "failed",
            Self::Error(_) => "error",
        }
    }
}

/// How a scanner is at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether it answers.
    pub is_reachable: bool,
    /// Its version and that of its signatures, in its own words.
    pub version: Option<String>,
}

/// Looks at a file's bytes before it is published.
pub trait Scanner: Send + Sync {
    /// Gives its verdict on a file of `size` bytes, and reads as much of `bytes` as it needs. An error is one of `bytes`.
    fn scan<'a>(&'a self, size: u64, bytes: BoxStream<'a, io::Result<Bytes>>) -> BoxFuture<'a, io::Result<Verdict>>;

    /// Whether it answers, within two seconds, and what it calls itself; none if it cannot be asked.
    fn health(&self) -> BoxFuture<'_, Option<Health>> {
        Box::pin(std::future::ready(None))
    }

    /// Whether files are looked at at all; if so, archives are inspected first.
    fn is_on(&self) -> bool {
        true
    }
}

/// No scanner: everything passes as `skipped`, never as `clean`.
pub struct Off;

impl Scanner for Off {
    fn scan<'a>(&'a self, _size: u64, _bytes: BoxStream<'a, io::Result<Bytes>>) -> BoxFuture<'a, io::Result<Verdict>> {
        Box::pin(std::future::ready(Ok(Verdict::Skipped)))
    }

    fn is_on(&self) -> bool {
        false
    }
}
