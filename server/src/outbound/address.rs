//! Which addresses are public, and which IPv4 addresses hide in IPv6 ones.
//!
//! Public is what the IANA registries iana-ipv4-special-registry and iana-ipv6-special-registry do not list, whether they
//! call an entry globally reachable or not: nobody's webhook lives on an AS112 or benchmarking address. A new entry of
//! theirs is a line in [`is_public_v4`] or [`is_public_v6`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the public internet.
///
/// An IPv6 address that carries an IPv4 one is public only if that one is too.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip) && carried_v4(ip).all(is_public_v4),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, d] = ip.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 88, 99)
            | (192, 175, 48)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    // In no registry: the platform service of Azure, the same in every virtual machine ("What is IP address 168.63.129.16?").
    let azure = [a, b, c, d] == [168, 63, 129, 16];
    !special && !azure
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // Mapped, and NAT64 by its well-known prefix, with which DNS64 answers in networks without IPv4: what they carry decides.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => true,
        // Protocol assignments (Teredo, benchmarking, AMT, AS112, ORCHID, DRIP), documentation, 6to4, AS112.
        [0x2001, 0x0000..=0x01ff | 0x0db8, ..] | [0x2002, ..] | [0x2620, 0x004f, 0x8000, ..] | [0x3fff, 0x0000..=0x0fff, ..] => {
            false
        }
        // Only 2000::/3 is handed out.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

/// The IPv4 addresses that an IPv6 address leads to: mapped, compatible, translated (RFC 2765), NAT64 by the well-known and by
/// the local prefix (RFC 8215) with 96 bits before the address, 6to4, Teredo; and, with any prefix, ISATAP (RFC 5214).
///
/// NAT64 by a network's own prefix looks like any other address; who has one lists it in `webhooks.deny`.
pub(super) fn carried_v4(ip: Ipv6Addr) -> impl Iterator<Item = Ipv4Addr> {
    let by_prefix = match ip.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x64, 0xff9b, 1, _, _, _, high, low]
        | [0x2002, high, low, ..] => Some((high, low)),
        [0x2001, 0, _, _, _, _, high, low] => Some((!high, !low)),
        _ => None,
    };
    let by_suffix = match ip.segments() {
        [_, _, _, _, 0 | 0x0200, 0x5efe, high, low] => Some((high, low)),
        _ => None,
    };
    let joined = |(high, low)| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    [by_prefix, by_suffix].into_iter().flatten().map(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_networks_are_special_from_their_first_address_to_their_last_and_no_further() {
        // The last public address before, the first and the last special one, the next public one.
        for (before, first, last, after) in [
            ("-", "0.0.0.0", "0.255.255.255", "1.0.0.0"),
            ("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
            ("100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"),
            ("126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"),
            ("168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"),
            ("169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"),
            ("172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"),
            ("191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"),
            ("192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"),
            ("192.31.195.255", "192.31.196.0", "192.31.196.255", "192.31.197.0"),
            ("192.52.192.255", "192.52.193.0", "192.52.193.255", "192.52.194.0"),
            ("192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"),
            ("192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"),
            ("192.175.47.255", "192.175.48.0", "192.175.48.255", "192.175.49.0"),
            ("198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"),
            ("198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"),
            ("203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"),
            ("223.255.255.255", "224.0.0.0", "255.255.255.255", "-"),
            ("-", "::", "::fffe:ffff:ffff", "-"),
            ("-", "::1:0:0:0", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::101:101"),
            ("-", "64:ff9b:0:0:0:1:808:808", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::1"),
            ("2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"),
            ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"),
            ("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"),
            (
                "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff",
                "2620:4f:8000::",
                "2620:4f:8000:ffff:ffff:ffff:ffff:ffff",
                "2620:4f:8001::",
            ),
            ("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"),
            ("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "-"),
        ] {
            for (ip, public) in [(before, true), (first, false), (last, false), (after, true)] {
                assert!(ip == "-" || is_public(ip.parse().unwrap()) == public, "{ip}");
            }
        }
    }

    #[test]
    fn ipv6_is_judged_by_the_ipv4_that_it_carries() {
        for (ip, carried, public) in [
            ("::ffff:8.8.8.8", "8.8.8.8", true),
            ("::ffff:10.0.0.1", "10.0.0.1", false),
            ("64:ff9b::8.8.8.8", "8.8.8.8", true),
            ("64:ff9b::169.254.169.254", "169.254.169.254", false),
            ("2a00:1450::5efe:8.8.8.8", "8.8.8.8", true),
            ("2a00:1450::5efe:10.0.0.1", "10.0.0.1", false),
            ("2a00:1450::200:5efe:192.168.0.1", "192.168.0.1", false),
            // These kinds have no place on the internet of today, whatever they carry.
            ("::8.8.8.8", "8.8.8.8", false),
            ("::ffff:0:8.8.8.8", "8.8.8.8", false),
            ("64:ff9b:1::8.8.8.8", "8.8.8.8", false),
            ("2002:808:808::1", "8.8.8.8", false),
            ("2001:0:4136:e378:8000:63bf:f7f7:f7f7", "8.8.8.8", false),
        ] {
            let ip: Ipv6Addr = ip.parse().unwrap();
            assert_eq!(carried_v4(ip).collect::<Vec<_>>(), [carried.parse::<Ipv4Addr>().unwrap()], "{ip}");
            assert_eq!(is_public(ip.into()), public, "{ip}");
        }
        assert_eq!(carried_v4("2606:4700::1111".parse().unwrap()).count(), 0);
    }
}
