//! How a use-case fails: with a refusal for the client, or with an internal error for the operator's log.

use std::{future::Future, io};

use crate::{
    domain::refusal::{Code, Refusal},
    store,
};

/// Why a use-case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client can do something about it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The operator can; the client is told nothing of it.
    #[error(transparent)]
    Internal(anyhow::Error),
}

/// What use-cases return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(super) fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::Internal(error.into())
    }
}

fn storage_full() -> Refusal {
    Refusal::new(Code::StorageFull, "The server's storage is full. Nothing was stored; try again later.")
}

pub(super) fn unavailable() -> Refusal {
    Refusal::new(Code::ServiceUnavailable, "The service is overloaded or starting. Try again shortly.")
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        if error.is_full() {
            return storage_full().into();
        }
        if error.is_unavailable() {
            tracing::error!(%error, "the database is out of reach or busy");
            return unavailable().into();
        }
        Self::internal(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => storage_full().into(),
            _ => Self::internal(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

/// Runs a step to its end even if the client goes away meanwhile: between durable bytes and the committed row nothing may be cut off.
pub(super) async fn to_the_end<T: Send + 'static>(step: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(step).await.unwrap_or_else(|panic| Err(Error::internal(panic)))
}
