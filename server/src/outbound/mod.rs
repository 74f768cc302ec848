//! HTTP to addresses that customers choose: nothing internal is reached, nothing is followed, nothing is read without end.
//!
//! Names are resolved once, every address is checked, and the connection goes to the checked ones, so a name that
//! changes its address between check and connect gains nothing (DNS rebinding).

mod address;

use std::{collections::BTreeMap, error::Error as _, sync::Arc, time::Duration};

use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use url::{Host, Url};

pub use self::address::is_public;

/// Sends requests.
pub struct Outbound {
    client: Client,
    allow_private: bool,
    timeout: Duration,
    max_response: usize,
}

/// What came back.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    /// At most `webhooks.max_response` bytes of it.
    pub body: Vec<u8>,
}

/// Why nothing came back, in words for the delivery log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Outbound {
    /// A client with a total deadline of `timeout` per request, which reads at most `max_response` bytes of an answer.
    pub fn new(allow_private: bool, timeout: Duration, max_response: usize) -> anyhow::Result<Self> {
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(timeout)
            .dns_resolver(Arc::new(Resolver { allow_private }))
            .user_agent(concat!("Reupload/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, allow_private, timeout, max_response })
    }

    /// Whether this address may be called at all, as far as its text tells: for a clear word when an endpoint is created.
    pub fn check(&self, url: &str) -> Result<Url, Failure> {
        let refuse = |why: &str| Err(Failure(why.to_owned()));
        let Ok(url) = Url::parse(url) else { return refuse("not a URL") };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("the scheme must be https");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("credentials in the URL are not allowed");
        }
        if self.allow_private {
            return Ok(url);
        }
        if url.scheme() != "https" {
            return refuse("the scheme must be https (webhooks.allow_private admits http)");
        }
        // A literal address never passes through the resolver.
        let special = match url.host() {
            Some(Host::Ipv4(ip)) => !is_public(ip.into()),
            Some(Host::Ipv6(ip)) => !is_public(ip.into()),
            Some(Host::Domain(_)) => false,
            None => true,
        };
        if special { refuse("the address is loopback, private or otherwise special") } else { Ok(url) }
    }

    /// Posts `body` and reads the answer, all within the deadline.
    pub async fn post(&self, url: &str, headers: &BTreeMap<String, String>, body: String) -> Result<Answer, Failure> {
        let url = self.check(url)?;
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
                return Err(Failure(format!("the header {name} cannot be sent")));
            };
            map.insert(name, value);
        }
        let send = self.client.post(url).headers(map).body(body).send();
        let mut response = send.await.map_err(|error| self.explain(&error))?;
        let headers: BTreeMap<_, _> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut kept = Vec::new();
        while kept.len() < self.max_response {
            match response.chunk().await.map_err(|error| self.explain(&error))? {
                Some(piece) => kept.extend_from_slice(&piece[..piece.len().min(self.max_response - kept.len())]),
                None => break,
            }
        }
        Ok(Answer { status: response.status().as_u16(), headers, body: kept })
    }

    fn explain(&self, error: &reqwest::Error) -> Failure {
        if error.is_timeout() {
            return Failure(format!("no complete answer within {} s", self.timeout.as_secs_f32()));
        }
        let mut text = String::from(if error.is_connect() { "could not connect" } else { "the request failed" });
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Failure(text)
    }
}

struct Resolver {
    allow_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !allow_private && let Some(special) = found.iter().find(|address| !is_public(address.ip())) {
                return Err(format!("{} resolves to {}, which is not a public address", name.as_str(), special.ip()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_special_is_called() {
        let outbound = Outbound::new(false, Duration::from_secs(2), 1024).unwrap();
        for url in [
            "http://example.com/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/",
            "https://localhost/",
            "https://user:pass@example.com/",
            "file:///etc/passwd",
            "nonsense",
        ] {
            assert!(outbound.post(url, &BTreeMap::new(), String::new()).await.is_err(), "{url}");
        }
        assert!(outbound.check("https://example.com/hook").is_ok());
    }
}
