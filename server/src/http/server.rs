//! The accept loop. axum's own sets no timer, so a half-sent header would stay open for ever and hold up the stop.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, ServiceExt};
use tower_http::normalize_path::NormalizePathLayer;

use crate::shutdown::Shutdown;

/// Most header fields of a request.
const MAX_HEADERS: usize = 100;
/// How long to wait when the system has no more sockets to give.
const BREATH: Duration = Duration::from_millis(100);

/// The longest the kernel takes: its milliseconds are a signed 32-bit number (Linux, tcp(7), `TCP_USER_TIMEOUT`).
#[cfg(target_os = "linux")]
const LONGEST_USER_TIMEOUT: Duration = Duration::from_millis(i32::MAX as u64);

/// Limits on time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a request's headers.
    pub header_timeout: Duration,
    /// For a client that takes nothing of what it is sent.
    pub idle_timeout: Duration,
    /// For running requests after the signal to stop.
    pub grace: Duration,
}

/// Serves `router` until `shutdown`, then takes no new connections and lets running requests end within the grace.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, mut shutdown: Shutdown) {
    // HTTP/1.1 only: to tell it from HTTP/2 means to wait for a first byte, and that wait has no timer. A proxy in front
    // speaks HTTP/2 to browsers.
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout).max_headers(MAX_HEADERS);
    let service = NormalizePathLayer::trim_trailing_slash().layer(router);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.wait() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        if let Err(error) = prepare(&stream, limits.idle_timeout) {
            tracing::debug!(%error, "a connection was gone before it began");
            continue;
        }
        let service = service.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            request.map(Body::new)
        });
        let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

/// Sets what the system shall do for a connection.
fn prepare(stream: &TcpStream, idle: Duration) -> io::Result<()> {
    // Small answers should not wait for more.
    stream.set_nodelay(true)?;
    // The kernel alone sees each byte that a client takes: our own side of the socket only hears of it when a third of a buffer
    // of up to 4 MB is free again, too late to tell a slow client from a stalled one (Linux, tcp(7)).
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(idle.min(LONGEST_USER_TIMEOUT)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_timeout_of_any_length_leaves_connections_working() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        for idle in [Duration::from_secs(1), Duration::from_hours(24 * 365), Duration::MAX] {
            prepare(&stream, idle).unwrap_or_else(|error| panic!("{idle:?}: {error}"));
        }
    }
}
