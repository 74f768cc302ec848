//! Which web pages may upload from a browser: a project's list of origins.

use url::{Host, Url};

/// One entry of `uploadCorsOrigins`: scheme, host and port (Fetch standard, "origin").
///
/// `*` is allowed only as the port of a loopback host (`http://localhost:*`), for development servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    scheme: String,
    host: String,
    port: Port,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Port {
    Any,
    Exactly(u16),
}

impl OriginPattern {
    /// Reads an entry, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = |why: &str| Err(format!("{text:?} is not an origin: {why}"));
        let (plain, any_port) = match text.strip_suffix(":*") {
            Some(plain) => (plain, true),
            None => (text, false),
        };
        let Ok(url) = Url::parse(plain) else {
            return refuse("write scheme and host, such as https://app.example.com");
        };
        let (Some(host), true) = (url.host(), matches!(url.scheme(), "http" | "https")) else {
            return refuse("the scheme must be http or https");
        };
        if host.to_string().contains('*') {
            return refuse("name the host; * stands only for a port");
        }
        let extra = url.path() != "/" || url.query().is_some() || url.fragment().is_some() || plain.ends_with('/');
        if extra || !url.username().is_empty() || url.password().is_some() {
            return refuse("leave out everything after the port");
        }
        if any_port && !is_loopback(&host) {
            return refuse("* stands only for the port of localhost, 127.0.0.1 or [::1]");
        }
        let port = match (any_port, url.port_or_known_default()) {
            (false, Some(port)) => Port::Exactly(port),
            (_, _) => Port::Any,
        };
        Ok(Self { scheme: url.scheme().to_owned(), host: host.to_string(), port })
    }

    /// Whether the `Origin` header `origin` is this one.
    pub fn admits(&self, origin: &str) -> bool {
        let Ok(url) = Url::parse(origin) else { return false };
        // A header in another spelling than a browser's own is not from a browser.
        url.origin().ascii_serialization() == origin
            && url.scheme() == self.scheme
            && url.host_str() == Some(&self.host)
            && (self.port == Port::Any || url.port_or_known_default().map(Port::Exactly) == Some(self.port))
    }
}

/// The origin of a URL, as browsers write it.
pub fn origin_of(url: &str) -> Option<String> {
    Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether any of a project's stored origins admits `origin`. An entry that no longer parses admits nothing.
pub fn is_allowed(allowed: &[String], origin: &str) -> bool {
    allowed.iter().filter_map(|entry| OriginPattern::parse(entry).ok()).any(|pattern| pattern.admits(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_origin_is_admitted() {
        let allowed = ["https://app.example.com".to_owned(), "http://localhost:*".to_owned(), "http://[::1]:3000".to_owned()];
        for origin in ["https://app.example.com", "http://localhost:3000", "http://localhost", "http://[::1]:3000"] {
            assert!(is_allowed(&allowed, origin), "{origin}");
        }
        for origin in [
            "http://app.example.com",
            "https://app.example.com:444",
            "https://app.example.com.evil.test",
            "https://evil.test",
            // Its end, its beginning and its parent.
            "https://evilapp.example.com",
            "https://x.app.example.com",
            "https://example.com",
            "https://localhost:3000",
            "http://localhost.evil.test:3000",
            "http://localhost:3000/",
            "http://user@localhost:3000",
            "http://[::1]:3001",
            "null",
            "*",
            "",
        ] {
            assert!(!is_allowed(&allowed, origin), "{origin}");
        }
    }

    #[test]
    fn an_entry_is_a_plain_origin() {
        for good in ["https://example.com", "http://127.0.0.1:*", "http://[::1]:*", "https://exämple.com:8443"] {
            assert!(OriginPattern::parse(good).is_ok(), "{good}");
        }
        for bad in ["*", "example.com", "https://*", "https://example.com:*", "https://example.com/", "ftp://x", "https://a@b"] {
            assert!(OriginPattern::parse(bad).is_err(), "{bad}");
        }
    }
}
