//! The cases: hosts that lead inside, in every spelling, and addresses that are public.

use std::{collections::BTreeSet, fmt::Write, net::Ipv4Addr};

use url::{Host, Url};

use super::dns::Dns;

/// What attackers ask for: loopback, private networks, metadata services (AWS and others, Alibaba, Azure), "this host".
const TARGETS: [[u8; 4]; 8] = [
    [127, 0, 0, 1],
    [10, 0, 0, 1],
    [172, 16, 0, 1],
    [192, 168, 1, 1],
    [169, 254, 169, 254],
    [100, 100, 100, 200],
    [168, 63, 129, 16],
    [0, 0, 0, 0],
];

/// The ends of the registries' networks, and others that are nobody's.
const SPECIAL: [&str; 62] = [
    "0.255.255.255",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.0",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.255.255",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.0.192",
    "192.0.0.255",
    "192.0.2.0",
    "192.0.2.255",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.0",
    "192.88.99.255",
    "192.168.0.0",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.0",
    "198.51.100.255",
    "203.0.113.0",
    "203.0.113.255",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.254",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::2]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[100::1]",
    "[100:0:0:1::1]",
    "[64:ff9b:1::1]",
    "[64:ff9b:2::1]",
    "[2001::1]",
    "[2001:1::1]",
    "[2001:2::1]",
    "[2001:3::1]",
    "[2001:4:112::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:30::1]",
    "[2001:db8::1]",
    "[2001:DB8:FFFF::1]",
    "[2002::1]",
    "[2620:4f:8000::1]",
    "[3fff::1]",
    "[3fff:fff:ffff::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[FD12:3456::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[4000::1]",
];

/// Link-local ones, which need a zone that URLs do not have.
const ZONED: [&str; 6] = ["[fe80::1]", "[febf::1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[fe80::1%251]", "[::1%25lo]"];

/// Each host (with what may stand around it) that must not be reached.
pub(super) fn internal(dns: &Dns) -> Vec<String> {
    let mut hosts: BTreeSet<String> = SPECIAL.iter().chain(&ZONED).map(|host| (*host).to_owned()).collect();
    for target in TARGETS {
        hosts.extend(v4_spellings(target));
        hosts.extend(v6_spellings(target));
        hosts.extend(around(&Ipv4Addr::from(target).to_string()));
    }
    hosts.extend(around("[::1]"));
    hosts.extend(names(dns));
    hosts.into_iter().collect()
}

fn v4_spellings(target: [u8; 4]) -> Vec<String> {
    let [a, b, c, d] = target;
    let number = u32::from(Ipv4Addr::from(target));
    let (low24, low16) = (number & 0xff_ffff, number & 0xffff);
    let dotted = Ipv4Addr::from(target).to_string();
    let digits = |zero: u32, dot: char| -> String {
        let digit = |c: char| c.to_digit(10).map_or(dot, |digit| char::from_u32(zero + digit).unwrap());
        dotted.chars().map(digit).collect()
    };
    let circled = |c: char| match c {
        '.' => '.',
        '0' => '⓪',
        digit => char::from_u32('①' as u32 + digit.to_digit(10).unwrap() - 1).unwrap(),
    };
    let percent = |text: &str| {
        text.bytes().fold(String::new(), |mut all, byte| {
            write!(all, "%{byte:02X}").unwrap();
            all
        })
    };
    vec![
        dotted.clone(),
        format!("{dotted}."),
        format!("{number}"),
        format!("{number}."),
        format!("{number:#x}"),
        format!("0X{number:08X}"),
        format!("0{number:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("0000{a:o}.0000{b:o}.0000{c:o}.0000{d:o}"),
        format!("{a:#x}.{b}.0{c:o}.{d}"),
        format!("{a}.{low24}"),
        format!("{a}.{b}.{low16}"),
        format!("{a:#x}.{low24:#x}"),
        format!("0{a:o}.{b:#x}.{low16}"),
        digits('０' as u32, '．'),
        digits('0' as u32, '。'),
        digits('0' as u32, '｡'),
        digits('𝟎' as u32, '.'),
        digits('𝟘' as u32, '。'),
        dotted.chars().map(circled).collect(),
        percent(&dotted),
        dotted.replace('.', "%2e"),
        percent(&digits('０' as u32, '。')),
        dotted.replace('.', "\t."),
        dotted.replace('.', "\u{ad}."),
        dotted.replace('.', ".\u{200b}"),
    ]
}

fn v6_spellings(target: [u8; 4]) -> Vec<String> {
    let dotted = Ipv4Addr::from(target);
    let number = u32::from(dotted);
    let (high, low) = (number >> 16, number & 0xffff);
    vec![
        format!("[::ffff:{dotted}]"),
        format!("[::FFFF:{high:X}:{low:X}]"),
        format!("[0:0:0:0:0:ffff:{high:x}:{low:x}]"),
        format!("[0000:0000:0000:0000:0000:ffff:{dotted}]"),
        format!("[::{dotted}]"),
        format!("[0::{high:x}:{low:x}]"),
        format!("[::ffff:0:{dotted}]"),
        format!("[64:ff9b::{dotted}]"),
        format!("[0064:FF9B::{high:04X}:{low:04X}]"),
        format!("[64:ff9b:1::{dotted}]"),
        format!("[64:ff9b:1:fffe::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        format!("[2001:0:4136:e378:8000:63bf:{:x}:{:x}]", !high & 0xffff, !low & 0xffff),
        format!("[2a00:1450::5efe:{dotted}]"),
        format!("[2606:4700::200:5efe:{high:x}:{low:x}]"),
    ]
}

/// What may stand around a host and looks as if it were another.
fn around(host: &str) -> Vec<String> {
    vec![
        format!("user:secret@{host}"),
        format!("93.184.216.34@{host}"),
        format!("hooks.customer.example:443@{host}"),
        format!("@{host}"),
        format!("{host}:8443"),
        format!("{host}#@hooks.customer.example"),
        format!("{host}?@hooks.customer.example"),
        format!("{host}\\@hooks.customer.example"),
        format!("/{host}"),
        format!("\\{host}"),
    ]
}

/// Names that resolve to what is inside: alone, among public addresses, in the other family, below a search domain.
fn names(dns: &Dns) -> Vec<String> {
    let mut names: Vec<String> =
        ["localhost", "LOCALHOST", "localhost.", "ｌｏｃａｌｈｏｓｔ", "lo%63alhost", "intranet"].map(str::to_owned).to_vec();
    dns.set("intranet.corp.example", &[&["10.0.0.5"]]);
    let literals = TARGETS.iter().map(|target| Ipv4Addr::from(*target).to_string());
    let v6 = [
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:a00:1::",
        "2001:db8::1",
        "fe80::1",
        "2a00:1450::5efe:10.0.0.1",
    ];
    for (n, inside) in literals.chain(v6.map(str::to_owned)).enumerate() {
        let inside = inside.as_str();
        for (kind, answer) in [
            ("plain", vec![inside]),
            ("first", vec![inside, "93.184.216.34", "2606:4700::1111"]),
            ("last", vec!["93.184.216.34", "2606:4700::1111", inside]),
        ] {
            let name = format!("{kind}-{n}.attacker.example");
            dns.set(&name, &[&answer]);
            names.push(name);
        }
    }
    names.push("PLAIN-1.Attacker.Example".to_owned());
    names.push("plain-1.attacker.example.".to_owned());
    names.push("hooks.customer.example@plain-1.attacker.example".to_owned());
    names
}

/// A webhook that must arrive: its URL, the `Host` that the receiver sees, and the addresses at which it may arrive.
pub(super) type Legal = (&'static str, &'static str, &'static [&'static str]);

pub(super) const LEGAL: [Legal; 46] = [
    ("https://hooks.customer.example/hook", "hooks.customer.example", &["93.184.216.34"]),
    ("https://HOOKS.Customer.Example/hook", "hooks.customer.example", &["93.184.216.34"]),
    ("https://hooks.customer.example:443/hook", "hooks.customer.example", &["93.184.216.34"]),
    ("https://hooks.customer.example:8443/hook?tenant=7", "hooks.customer.example:8443", &["93.184.216.34"]),
    ("https://hooks.customer.example./hook", "hooks.customer.example.", &["93.184.216.34"]),
    ("https://hooks.customer.example\\@10.0.0.1/", "hooks.customer.example", &["93.184.216.34"]),
    ("https://hooks.customer.example/@10.0.0.1/?u=http://127.0.0.1/#x@10.0.0.1", "hooks.customer.example", &["93.184.216.34"]),
    ("https://h%6Foks.customer.example/", "hooks.customer.example", &["93.184.216.34"]),
    ("https://six.customer.example/hook", "six.customer.example", &["2606:4700::1111"]),
    ("https://both.customer.example/hook", "both.customer.example", &["93.184.216.34", "2606:4700::1111"]),
    ("https://many.customer.example/hook", "many.customer.example", &["1.1.1.1", "8.8.8.8", "9.9.9.9"]),
    ("https://nat64.customer.example/hook", "nat64.customer.example", &["64:ff9b::808:808"]),
    ("https://bücher.example/hook", "xn--bcher-kva.example", &["93.184.216.34"]),
    ("https://xn--bcher-kva.example/hook", "xn--bcher-kva.example", &["93.184.216.34"]),
    ("https://10.0.0.1.customer.example/", "10.0.0.1.customer.example", &["93.184.216.34"]),
    ("https://localhost.customer.example/", "localhost.customer.example", &["93.184.216.34"]),
    ("https://partner/hook", "partner", &["93.184.216.34"]),
    ("https://1.0.0.1/", "1.0.0.1", &["1.0.0.1"]),
    ("https://134744072/", "8.8.8.8", &["8.8.8.8"]),
    ("https://0x8.0x8.2056/", "8.8.8.8", &["8.8.8.8"]),
    ("https://9.255.255.255/", "9.255.255.255", &["9.255.255.255"]),
    ("https://11.0.0.1/", "11.0.0.1", &["11.0.0.1"]),
    ("https://100.63.255.255/", "100.63.255.255", &["100.63.255.255"]),
    ("https://100.128.0.1/", "100.128.0.1", &["100.128.0.1"]),
    ("https://126.255.255.255/", "126.255.255.255", &["126.255.255.255"]),
    ("https://128.0.0.1/", "128.0.0.1", &["128.0.0.1"]),
    ("https://169.253.255.255/", "169.253.255.255", &["169.253.255.255"]),
    ("https://169.255.0.1/", "169.255.0.1", &["169.255.0.1"]),
    ("https://172.15.255.255/", "172.15.255.255", &["172.15.255.255"]),
    ("https://172.32.0.1/", "172.32.0.1", &["172.32.0.1"]),
    ("https://192.0.1.1/", "192.0.1.1", &["192.0.1.1"]),
    ("https://192.167.255.255/", "192.167.255.255", &["192.167.255.255"]),
    ("https://192.169.0.1/", "192.169.0.1", &["192.169.0.1"]),
    ("https://198.17.255.255/", "198.17.255.255", &["198.17.255.255"]),
    ("https://198.20.0.1/", "198.20.0.1", &["198.20.0.1"]),
    ("https://203.0.114.1/", "203.0.114.1", &["203.0.114.1"]),
    ("https://223.255.255.254/", "223.255.255.254", &["223.255.255.254"]),
    ("https://[2606:4700::1111]/", "[2606:4700::1111]", &["2606:4700::1111"]),
    ("https://[2606:4700::1111]:8443/", "[2606:4700::1111]:8443", &["2606:4700::1111"]),
    ("https://[2001:200::1]/", "[2001:200::1]", &["2001:200::1"]),
    ("https://[2003::1]/", "[2003::1]", &["2003::1"]),
    ("https://[3fff:1000::1]/", "[3fff:1000::1]", &["3fff:1000::1"]),
    ("https://[64:ff9b::808:808]/", "[64:ff9b::808:808]", &["64:ff9b::808:808"]),
    ("https://[::ffff:8.8.8.8]/", "[::ffff:808:808]", &["8.8.8.8"]),
    ("http://hooks.customer.example/hook", "hooks.customer.example", &["93.184.216.34"]),
    ("http://8.8.8.8/", "8.8.8.8", &["8.8.8.8"]),
];

/// The names of [`LEGAL`].
pub(super) fn set_legal_names(dns: &Dns) {
    for name in ["hooks.customer.example", "xn--bcher-kva.example", "10.0.0.1.customer.example", "localhost.customer.example"] {
        dns.set(name, &[&["93.184.216.34"]]);
    }
    dns.set("six.customer.example", &[&["2606:4700::1111"]]);
    dns.set("both.customer.example", &[&["93.184.216.34", "2606:4700::1111"]]);
    dns.set("many.customer.example", &[&["1.1.1.1", "8.8.8.8", "9.9.9.9"]]);
    dns.set("nat64.customer.example", &[&["64:ff9b::808:808"]]);
    // Found through the search domain.
    dns.set("partner.corp.example", &[&["93.184.216.34"]]);
}

/// The host of a `Host` header as certificates and SNI have it: without port, brackets and the dot at its end.
pub(super) fn bare(host: &str) -> String {
    match Url::parse(&format!("http://{host}")).unwrap().host().unwrap() {
        Host::Domain(name) => name.trim_end_matches('.').to_owned(),
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
    }
}
