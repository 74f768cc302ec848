//! Malware scanners. A trait, because a stranger may bring another: implement [`Scanner`], add a word to `scan.backend`.

use std::io;

use bytes::Bytes;
use futures_util::{future::BoxFuture, stream::BoxStream};

/// What a scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No scanner is configured.
    Skipped,
}

impl Verdict {
    /// `scan` of a published file.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
        }
    }
}

/// Looks at a file's bytes before it is published.
pub trait Scanner: Send + Sync {
    /// Reads as much of `bytes` as it needs and gives its verdict.
    fn scan<'a>(&'a self, bytes: BoxStream<'a, io::Result<Bytes>>) -> BoxFuture<'a, Verdict>;
}

/// No scanner: everything passes as `skipped`, never as `clean`.
pub struct Off;

impl Scanner for Off {
    fn scan<'a>(&'a self, _bytes: BoxStream<'a, io::Result<Bytes>>) -> BoxFuture<'a, Verdict> {
        Box::pin(std::future::ready(Verdict::Skipped))
    }
}
