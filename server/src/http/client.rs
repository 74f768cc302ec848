//! The address behind a request: the connection's own, or what proxies that we trust say of it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// The bits of an IPv6 address that name a network; the other 64 are the client's to choose (RFC 4291, section 2.5.1).
const NETWORK_BITS: u32 = 64;

/// Who asks: the peer, or, if the peer is a trusted proxy, the right-most address of `X-Forwarded-For` that is not one too.
///
/// Each proxy adds its own peer at the right end, so whatever stands further left may be invented. Where the list ends or is no
/// address, the last trusted proxy counts.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut client = peer.to_canonical();
    let fields: Vec<_> = headers.get_all(&X_FORWARDED_FOR).iter().collect();
    let mut hops = fields.iter().rev().flat_map(|field| field.as_bytes().rsplit(|byte| *byte == b','));
    while trusted.iter().any(|network| network.contains(&client)) {
        let Some(before) = hops.next().and_then(parse) else { break };
        client = before;
    }
    client
}

/// Whether proxies that we may or may not trust have handed the request on.
pub(super) fn is_forwarded(headers: &HeaderMap) -> bool {
    [&X_FORWARDED_FOR, &X_REAL_IP, &header::FORWARDED, &header::VIA].into_iter().any(|name| headers.contains_key(name))
}

/// What is counted as one client: an IPv4 address, or the /64 network of an IPv6 address.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << NETWORK_BITS)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Some proxies add the port.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop).ok()?.trim();
    let address = hop.parse().or_else(|_| hop.parse::<SocketAddr>().map(|with_port| with_port.ip())).ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PEER: &str = "10.0.0.1";

    fn behind(trusted: &[&str], forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for field in forwarded {
            headers.append(&X_FORWARDED_FOR, HeaderValue::from_str(field).unwrap());
        }
        client_address(PEER.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_peer_that_is_not_trusted_cannot_name_another_address() {
        assert_eq!(behind(&[], &["203.0.113.7"]), PEER);
        assert_eq!(behind(&["10.0.0.2/32", "192.168.0.0/16"], &["203.0.113.7"]), PEER);
    }

    #[test]
    fn behind_proxies_the_right_most_foreign_address_counts() {
        let trusted = ["10.0.0.0/8", "2001:db8:1::/48"];
        for (forwarded, client) in [
            (&["203.0.113.7"][..], "203.0.113.7"),
            (&["1.2.3.4, 203.0.113.7"], "203.0.113.7"),
            (&["1.2.3.4, 203.0.113.7, 10.9.9.9"], "203.0.113.7"),
            (&["1.2.3.4", "203.0.113.7,10.9.9.9", "2001:db8:1::5"], "203.0.113.7"),
            (&["10.2.2.2,10.9.9.9"], "10.2.2.2"),
            (&["203.0.113.7:4711"], "203.0.113.7"),
            (&["[2001:db8:2::7]:4711"], "2001:db8:2::7"),
            (&["::ffff:203.0.113.7"], "203.0.113.7"),
        ] {
            assert_eq!(behind(&trusted, forwarded), client, "{forwarded:?}");
        }
    }

    #[test]
    fn nonsense_from_a_proxy_leaves_the_proxy_itself() {
        for nonsense in ["", " ", "unknown", "203.0.113.7,", "203.0.113.7, _hidden", "999.1.1.1", "203.0.113.7/32"] {
            assert_eq!(behind(&["10.0.0.0/8"], &[nonsense]), PEER, "{nonsense:?}");
        }
        assert_eq!(behind(&["10.0.0.0/8"], &[]), PEER);
        assert_eq!(behind(&["10.0.0.0/8"], &["garbage,10.7.7.7"]), "10.7.7.7");
    }

    #[test]
    fn an_ipv4_address_counts_alone_and_ipv6_by_its_first_64_bits() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }
}
