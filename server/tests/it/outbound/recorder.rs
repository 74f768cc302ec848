//! A receiver on every address of the test's network, which records who was meant.
//!
//! Port 80 speaks HTTP, 443 and 8443 HTTPS with a certificate of the test's own authority, 444 takes connections and says
//! nothing.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::{Body, Bytes};
use futures_util::stream;
use hyper::{Request, Response, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// One connection, and the request on it if there was one.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    number: usize,
    pub(super) to: SocketAddr,
    /// The server name of the TLS handshake.
    pub(super) sni: Option<String>,
    pub(super) host: Option<String>,
    pub(super) path: Option<String>,
}

/// The receiver; it lives as long as the test.
#[derive(Clone)]
pub(super) struct Recorder {
    arrivals: Arc<Mutex<Vec<Arrival>>>,
    connections: Arc<AtomicUsize>,
    /// The certificate of the test's authority (PEM).
    pub(super) authority: String,
    tls: TlsAcceptor,
}

impl Recorder {
    /// Starts one with a certificate for `names`, which may be addresses.
    pub(super) async fn start(names: &[String]) -> Self {
        let (authority, tls) = certificate(names);
        let recorder = Self { arrivals: Arc::default(), connections: Arc::default(), authority, tls };
        for port in [80, 443, 444, 8443] {
            let listener = TcpListener::bind((std::net::Ipv6Addr::UNSPECIFIED, port)).await.unwrap();
            let recorder = recorder.clone();
            tokio::spawn(async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(recorder.clone().take(stream));
                }
            });
        }
        recorder
    }

    /// Takes out what has arrived so far.
    pub(super) fn arrivals(&self) -> Vec<Arrival> {
        std::mem::take(&mut *self.arrivals.lock().unwrap())
    }

    async fn take(self, stream: TcpStream) {
        let to = stream.local_addr().unwrap();
        let to = SocketAddr::new(to.ip().to_canonical(), to.port());
        let number = self.connections.fetch_add(1, Ordering::Relaxed);
        let arrival = Arrival { number, to, sni: None, host: None, path: None };
        self.arrivals.lock().unwrap().push(arrival.clone());
        match to.port() {
            80 => self.serve(stream, arrival).await,
            444 => tokio::time::sleep(Duration::from_mins(1)).await,
            _ => {
                if let Ok(stream) = self.tls.accept(stream).await {
                    let sni = stream.get_ref().1.server_name().map(str::to_owned);
                    self.serve(stream, Arrival { sni, ..arrival }).await;
                }
            }
        }
    }

    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin, arrival: Arrival) {
        let service = service_fn(|request: Request<hyper::body::Incoming>| {
            let host = request.headers().get("host").map(|host| host.to_str().unwrap().to_owned());
            let path = request.uri().path_and_query().unwrap().to_string();
            let answer = answer(&path);
            // The connection is recorded already; now it is known what was on it.
            if let Some(known) = self.arrivals.lock().unwrap().iter_mut().find(|known| known.number == arrival.number) {
                *known = Arrival { host, path: Some(path), ..arrival.clone() };
            }
            async { Ok::<_, Infallible>(answer) }
        });
        // Each request has its own connection, so that each resolves its name.
        let _ = http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service).await;
    }
}

/// What is answered depends on the path only.
fn answer(path: &str) -> Response<Body> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let response = Response::builder();
    match path.split('/').collect::<Vec<_>>()[1..] {
        ["redirect", status] => {
            let target = query.strip_prefix("to=").unwrap();
            response.status(status.parse::<u16>().unwrap()).header("location", target).body(Body::empty())
        }
        ["encoded", kind] => response.header("content-encoding", kind).body(Body::from(&b"as it came"[..])),
        ["flood"] => {
            let pieces = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 8192])));
            response.body(Body::from_stream(pieces))
        }
        ["many-headers"] => {
            let response = (0..60).fold(response, |response, n| response.header(format!("x-{n}"), "y".repeat(1000)));
            response.body(Body::from("ok"))
        }
        ["drip"] => {
            let drops = stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Ok::<_, Infallible>(Bytes::from_static(b".")), ()))
            });
            response.body(Body::from_stream(drops))
        }
        _ => response.body(Body::from("ok")),
    }
    .unwrap()
}

/// The authority's certificate as PEM, and a server that has one of it for all names.
fn certificate(names: &[String]) -> (String, TlsAcceptor) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![server.der().clone()], key)
        .unwrap();
    (authority.pem(), TlsAcceptor::from(Arc::new(config)))
}
