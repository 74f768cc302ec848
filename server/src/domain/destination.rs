//! What `webhooks.allow` and `webhooks.deny` list: networks, addresses and host names.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;
use url::Host;

/// Some places on the network.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub enum Destination {
    /// The addresses of a network, which may be a single one.
    Network(IpNet),
    /// One host name, in lower case and ASCII (`xn--…`).
    Name(String),
    /// All host names below one, at any depth, but not itself: `*.internal.example`.
    Below(String),
}

impl Destination {
    /// Whether it names this address.
    pub fn has_address(&self, ip: IpAddr) -> bool {
        matches!(self, Self::Network(network) if network.contains(&ip))
    }

    /// Whether it names this host, given as a URL parser writes it. A dot at the end does not matter.
    pub fn has_name(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        match self {
            Self::Network(_) => false,
            Self::Name(name) => host == name,
            Self::Below(parent) => host.strip_suffix(parent.as_str()).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        }
    }
}

impl TryFrom<String> for Destination {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Ok(network) = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)) {
            return match network {
                // Such an address is called, and compared, as the IPv4 address that it is.
                IpNet::V6(network) if network.addr().to_ipv4_mapped().is_some() => {
                    Err(format!("{text:?} is an IPv4 address or network in IPv6 form: write it as IPv4"))
                }
                network => Ok(Self::Network(network)),
            };
        }
        let (parent, name) = text.strip_prefix("*.").map_or((false, text.as_str()), |rest| (true, rest));
        match Host::parse(name.strip_suffix('.').unwrap_or(name)) {
            Ok(Host::Domain(name)) if !name.contains('*') && !name.starts_with('.') => {
                Ok(if parent { Self::Below(name) } else { Self::Name(name) })
            }
            _ => Err(format!(
                "{text:?} is neither an IP address, a network such as 10.1.0.0/16, nor a host name such as *.example.com"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(text: &str) -> Destination {
        Destination::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn networks_and_addresses_match_addresses() {
        for (text, inside, outside) in [
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"),
            ("10.1.2.3/16", "10.1.0.1", "10.0.0.1"),
            ("192.168.1.9", "192.168.1.9", "192.168.1.8"),
            ("fd00:1::/32", "fd00:1:2::3", "fd00:2::1"),
            ("::1", "::1", "::2"),
            ("2a00:1:2:3::10.0.0.0/104", "2a00:1:2:3::10.255.0.1", "2a00:1:2:3::11.0.0.0"),
        ] {
            let destination = destination(text);
            assert!(destination.has_address(inside.parse().unwrap()), "{text}");
            assert!(!destination.has_address(outside.parse().unwrap()), "{text}");
            assert!(!destination.has_name(inside), "{text}");
        }
    }

    #[test]
    fn names_match_names() {
        for (text, same, other) in [
            ("hooks.example.com", vec!["hooks.example.com", "hooks.example.com."], vec!["a.hooks.example.com", "example.com"]),
            ("HOOKS.Example.com.", vec!["hooks.example.com"], vec!["hooks.example.co"]),
            ("bücher.example", vec!["xn--bcher-kva.example"], vec!["bucher.example"]),
            (
                "*.internal.example",
                vec!["a.internal.example", "b.a.internal.example."],
                vec![
                    "internal.example",
                    ".internal.example",
                    "a-internal.example",
                    "ainternal.example",
                    "a.internal.example.com",
                ],
            ),
        ] {
            let destination = destination(text);
            for name in same {
                assert!(destination.has_name(name), "{text}: {name}");
            }
            for name in other {
                assert!(!destination.has_name(name), "{text}: {name}");
            }
        }
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        for text in [
            "",
            "*",
            "*.",
            ".",
            "10.1.0.0/33",
            "10.1",
            "0x7f.1",
            "2130706433",
            "10.0.0.0/",
            "::ffff:10.0.0.1",
            "::ffff:10.0.0.0/104",
            "a.*.example",
            "**.example",
            "*example.com",
            "https://example.com",
            "example.com:443",
            "a b",
            "user@example.com",
            "[::1]",
            "..example.com",
        ] {
            assert!(Destination::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
