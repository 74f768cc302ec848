//! HTTP to addresses that customers choose: nothing internal is reached, nothing is followed, nothing is read without end.
//!
//! Names are resolved once, every address is checked, and the connection goes to the checked ones, so a name that
//! changes its address between check and connect gains nothing (DNS rebinding). Who may be called is in `rules.rs`.

mod address;
pub mod api;
mod rules;

use std::{
    collections::BTreeMap,
    error::Error as _,
    io,
    net::{SocketAddr, ToSocketAddrs},
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::{Context, ensure};
use reqwest::{
    Certificate, Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use tokio::sync::{Semaphore, oneshot};
use url::Url;

use self::rules::Refused;
pub use self::{address::is_public, rules::Rules};

/// Most bytes of an answer's headers that are kept, names and values together.
const HEADERS_KEPT: usize = 16 * 1024;

/// Names that are looked up at once. Each takes a thread, which outlives the request when the name server does not answer.
const LOOKUPS: usize = 256;

/// What says how a request is read and where it goes: only the client itself may set it.
const FRAMING: [&str; 8] = ["connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"];

/// How to send.
#[derive(Debug)]
pub struct Options {
    /// Whom.
    pub rules: Rules,
    /// Certificates of authorities (PEM) that are trusted beside those of the system.
    pub extra_ca: Option<Vec<u8>>,
    /// The longest for a whole request, from the look-up of the name to the last byte of the answer.
    pub timeout: Duration,
    /// Most bytes of an answer's body that are read.
    pub max_response: usize,
}

/// Sends requests.
pub struct Outbound {
    client: Client,
    rules: Arc<Rules>,
    timeout: Duration,
    max_response: usize,
}

/// What came back.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Answer {
    pub status: u16,
    /// At most 16 KiB of them: those beyond are left out.
    pub headers: BTreeMap<String, String>,
    /// At most `webhooks.max_response` bytes of it, as they came: nothing is decompressed.
    pub body: Vec<u8>,
}

/// Why nothing came back, in words for the delivery log.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Failure {
    why: String,
    /// Whether the time was over.
    pub is_timeout: bool,
}

impl Failure {
    /// A failure other than running out of time.
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_timeout: false }
    }
}

impl Outbound {
    /// A client that keeps to `options`.
    pub fn new(options: Options) -> anyhow::Result<Self> {
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let rules = Arc::new(options.rules);
        let client = Client::builder()
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .redirect(Policy::none())
            // A connection may be finished in the background, beyond the request that wanted it.
            .connect_timeout(options.timeout)
            .dns_resolver(Arc::new(Resolver { rules: Arc::clone(&rules), lookups: Arc::new(Semaphore::new(LOOKUPS)) }))
            .tls_certs_merge(certificates(options.extra_ca.as_deref())?)
            .user_agent(concat!("Reupload/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("webhooks: no certificates of authorities (install ca-certificates, or set webhooks.extra_ca_file)")?;
        Ok(Self { client, rules, timeout: options.timeout, max_response: options.max_response })
    }

    /// Whether this address may be called at all, as far as its text tells: for a clear word when an endpoint is created.
    pub fn check(&self, url: &str) -> Result<Url, Failure> {
        let url = Url::parse(url).map_err(|_| Failure::new("not a URL"))?;
        self.rules.url(&url).map_err(Failure::new)?;
        Ok(url)
    }

    /// Posts `body` and reads the answer, all within the deadline.
    pub async fn post(&self, url: &str, headers: &BTreeMap<String, String>, body: String) -> Result<Answer, Failure> {
        // A literal address never passes through the resolver.
        let url = self.check(url)?;
        let request = self.client.post(url).headers(header_map(headers)?).body(body);
        let exchange = async { self.read(request.send().await?).await };
        match tokio::time::timeout(self.timeout, exchange).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) if error.is_timeout() => Err(self.too_late()),
            Ok(Err(error)) => Err(Failure::new(explain(&error))),
            Err(_) => Err(self.too_late()),
        }
    }

    async fn read(&self, mut response: Response) -> reqwest::Result<Answer> {
        let mut body = Vec::new();
        while body.len() < self.max_response {
            match response.chunk().await? {
                Some(piece) => body.extend_from_slice(&piece[..piece.len().min(self.max_response - body.len())]),
                None => break,
            }
        }
        Ok(Answer { status: response.status().as_u16(), headers: kept(response.headers()), body })
    }

    fn too_late(&self) -> Failure {
        Failure { why: format!("no complete answer within {} s", self.timeout.as_secs_f32()), is_timeout: true }
    }
}

fn certificates(pem: Option<&[u8]>) -> anyhow::Result<Vec<Certificate>> {
    let Some(pem) = pem else { return Ok(Vec::new()) };
    let found = Certificate::from_pem_bundle(pem).context("webhooks.extra_ca_file: cannot be read as PEM")?;
    ensure!(!found.is_empty(), "webhooks.extra_ca_file: there is no certificate in it");
    Ok(found)
}

fn header_map(headers: &BTreeMap<String, String>) -> Result<HeaderMap, Failure> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) if !FRAMING.contains(&name.as_str()) => map.insert(name, value),
            _ => return Err(Failure::new(format!("the header {name} cannot be sent"))),
        };
    }
    Ok(map)
}

/// The headers of an answer as text, as many as fit.
fn kept(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut left = HEADERS_KEPT;
    let mut kept = BTreeMap::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if let Some(rest) = left.checked_sub(name.as_str().len() + value.len()) {
            left = rest;
            kept.insert(name.to_string(), value);
        }
    }
    kept
}

fn explain(error: &reqwest::Error) -> String {
    let mut text = String::from(if error.is_connect() { "could not connect" } else { "the request failed" });
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

struct Resolver {
    rules: Arc<Rules>,
    lookups: Arc<Semaphore>,
}

/// Asks the system on a thread of its own. Tokio's look-up would take one of those that files need, and a name server that does not
/// answer would take them all.
async fn look_up(lookups: Arc<Semaphore>, name: String) -> io::Result<Vec<SocketAddr>> {
    let place = lookups.acquire_owned().await.map_err(io::Error::other)?;
    let (answer, answered) = oneshot::channel();
    thread::Builder::new().name("look-up".to_owned()).spawn(move || {
        // It fails if the request has run out of time, and then nobody wants it.
        let _ = answer.send((name.as_str(), 0).to_socket_addrs().map(Iterator::collect));
        drop(place);
    })?;
    answered.await.map_err(io::Error::other)?
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (rules, lookups) = (Arc::clone(&self.rules), Arc::clone(&self.lookups));
        Box::pin(async move {
            let name = name.as_str();
            let found = look_up(lookups, name.to_owned()).await?;
            for address in &found {
                if let Err(refused) = rules.address(Some(name), address.ip()) {
                    // The log of deliveries is the customer's, and must not tell what names mean inside.
                    tracing::warn!(name, address = %address.ip(), ?refused, "a webhook's name resolves to an address that is not called");
                    return Err(match refused {
                        Refused::Denied => format!("{name} resolves to an address on webhooks.deny"),
                        Refused::Special => format!("{name} resolves to what is not a public address"),
                    }
                    .into());
                }
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_frames_requests_itself() {
        let send = |name: &str, value: &str| header_map(&BTreeMap::from([(name.to_owned(), value.to_owned())]));
        for (name, value) in [
            ("Host", "other.example"),
            ("HOST", "x"),
            ("content-length", "1"),
            ("Transfer-Encoding", "chunked"),
            ("connection", "close"),
            ("upgrade", "h2c"),
            ("expect", "100-continue"),
            ("te", "trailers"),
            ("trailer", "x"),
            ("bad name", "x"),
            ("x-line", "a\r\nb: c"),
        ] {
            assert!(send(name, value).is_err(), "{name}");
        }
        assert_eq!(send("X-Tenant", "a").unwrap()["x-tenant"], "a");
    }

    #[test]
    fn look_ups_do_without_the_threads_that_files_need() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap();
        let (release, blocked) = std::sync::mpsc::channel::<()>();
        let held = runtime.spawn_blocking(move || blocked.recv());
        let look_up = look_up(Arc::new(Semaphore::new(1)), "localhost".to_owned());
        let found = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(10), look_up).await });
        release.send(()).unwrap();
        runtime.block_on(held).unwrap().unwrap();
        assert!(found.unwrap().unwrap().iter().all(|address| address.ip().is_loopback()));
    }

    #[test]
    fn headers_are_kept_as_far_as_they_fit() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static("5"));
        headers.insert("x-large", HeaderValue::try_from("a".repeat(HEADERS_KEPT)).unwrap());
        headers.insert("x-fits", HeaderValue::try_from("b".repeat(HEADERS_KEPT - 100)).unwrap());
        // Each of these bytes becomes three.
        headers.insert("x-not-utf8", HeaderValue::from_bytes(&[0xff; 40]).unwrap());
        let kept = kept(&headers);
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["retry-after", "x-fits"]);
    }

    #[test]
    fn extra_authorities_must_be_certificates() {
        for pem in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let options = Options {
                rules: Rules::default(),
                extra_ca: Some(pem.as_bytes().to_vec()),
                timeout: Duration::from_secs(1),
                max_response: 1024,
            };
            assert!(Outbound::new(options).is_err(), "{pem:?}");
        }
    }
}
