//! Whom the operator lets us call.
//!
//! First `deny`, which wins over everything; then what `allow` and `allow_private` admit; then what is public anyway. Each is
//! asked twice: for what the text of a URL says, and for each address that its name resolves to.

use std::net::IpAddr;

use url::{Host, Url};

use super::address::{carried_v4, is_public};
use crate::domain::destination::Destination;

/// The settings of `[webhooks]` about addresses.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Called even if special.
    pub allow: Vec<Destination>,
    /// Never called.
    pub deny: Vec<Destination>,
    /// Whether all special addresses are called.
    pub allow_private: bool,
    /// Whether plain http will do.
    pub allow_http: bool,
}

/// Why an address is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Denied,
    Special,
}

impl Rules {
    /// Judges a URL by its text. What its name resolves to must still be judged by [`Rules::address`].
    pub(super) fn url(&self, url: &Url) -> Result<(), &'static str> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(if self.allow_http { "the scheme must be https or http" } else { "the scheme must be https" });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("credentials in the URL are not allowed");
        }
        if url.scheme() == "http" && !self.allow_http {
            return Err("the scheme must be https (webhooks.allow_http admits http)");
        }
        let literal = match url.host() {
            Some(Host::Domain(name)) if self.deny.iter().any(|denied| denied.has_name(name)) => {
                return Err("the host is on webhooks.deny");
            }
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            None => return Err("there is no host"),
        };
        self.address(None, literal).map_err(|refused| match refused {
            Refused::Denied => "the address is on webhooks.deny",
            Refused::Special => "the address is loopback, private or otherwise special",
        })
    }

    /// Judges an address, and the name that led to it.
    pub(super) fn address(&self, name: Option<&str>, ip: IpAddr) -> Result<(), Refused> {
        let ip = ip.to_canonical();
        let lists_name = |list: &[Destination]| name.is_some_and(|name| list.iter().any(|entry| entry.has_name(name)));
        let lists = |list: &[Destination], ip| list.iter().any(|entry| entry.has_address(ip));
        let leads_to_denied = match ip {
            IpAddr::V4(_) => false,
            IpAddr::V6(ip) => carried_v4(ip).any(|carried| lists(&self.deny, carried.into())),
        };
        if lists_name(&self.deny) || lists(&self.deny, ip) || leads_to_denied {
            return Err(Refused::Denied);
        }
        if self.allow_private || lists_name(&self.allow) || lists(&self.allow, ip) || is_public(ip) {
            return Ok(());
        }
        Err(Refused::Special)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Vec<Destination> {
        entries.iter().map(|entry| Destination::try_from((*entry).to_owned()).unwrap()).collect()
    }

    #[test]
    fn deny_goes_before_allow_and_allow_before_what_is_special() {
        let rules = Rules {
            allow: list(&["10.1.0.0/16", "*.internal.example", "fd00::/8"]),
            deny: list(&["10.1.1.0/24", "secret.internal.example", "8.8.0.0/16"]),
            ..Rules::default()
        };
        for (name, ip, expected) in [
            (None, "10.1.2.3", Ok(())),
            (None, "::ffff:10.1.2.3", Ok(())),
            (None, "64:ff9b::10.1.2.3", Err(Refused::Special)),
            (None, "10.1.1.3", Err(Refused::Denied)),
            (None, "::ffff:10.1.1.3", Err(Refused::Denied)),
            (None, "64:ff9b::10.1.1.3", Err(Refused::Denied)),
            (None, "2002:a01:103::1", Err(Refused::Denied)),
            (None, "fd00::5efe:10.1.1.3", Err(Refused::Denied)),
            (None, "fd00::1", Ok(())),
            (None, "10.2.0.1", Err(Refused::Special)),
            (None, "9.9.9.9", Ok(())),
            (None, "8.8.8.8", Err(Refused::Denied)),
            (None, "64:ff9b::8.8.8.8", Err(Refused::Denied)),
            (Some("a.internal.example"), "192.168.0.1", Ok(())),
            (Some("a.internal.example"), "10.1.1.3", Err(Refused::Denied)),
            (Some("secret.internal.example."), "9.9.9.9", Err(Refused::Denied)),
            (Some("internal.example"), "192.168.0.1", Err(Refused::Special)),
            (Some("elsewhere.example"), "10.1.2.3", Ok(())),
        ] {
            assert_eq!(rules.address(name, ip.parse().unwrap()), expected, "{name:?} {ip}");
        }
        let all = Rules { allow_private: true, ..rules };
        assert_eq!(all.address(None, "127.0.0.1".parse().unwrap()), Ok(()));
        assert_eq!(all.address(None, "10.1.1.3".parse().unwrap()), Err(Refused::Denied));
    }

    #[test]
    fn plain_http_has_a_switch_of_its_own() {
        let url = Url::parse("http://127.0.0.1/").unwrap();
        let rules = Rules { allow_private: true, allow: list(&["127.0.0.1"]), ..Rules::default() };
        assert!(rules.url(&url).unwrap_err().contains("webhooks.allow_http"));
        assert_eq!(Rules { allow_http: true, ..rules }.url(&url), Ok(()));
        let http_only = Rules { allow_http: true, ..Rules::default() };
        assert!(http_only.url(&url).unwrap_err().contains("special"));
        assert_eq!(http_only.url(&Url::parse("http://example.com/").unwrap()), Ok(()));
    }
}
