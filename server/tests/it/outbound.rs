//! Whom webhooks reach and whom they never do, in a network of the test's own where every address leads to the test.

mod dns;
mod namespace;
mod recorder;
mod table;

use std::{
    collections::BTreeMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use reupload::{
    app::webhooks::endpoints::EndpointSettings,
    domain::{audit::By, event::EventType, ids::EndpointId},
    outbound::{Answer, Failure, Options, Outbound, Rules, is_public},
    store::webhooks::Endpoint,
};

use self::{
    dns::Dns,
    recorder::{Arrival, Recorder},
    table::{LEGAL, bare, internal, set_legal_names},
};
use crate::harness::{Database, Options as HarnessOptions, Server, by_hand, note};

/// The network of a test.
struct Net {
    dns: Dns,
    recorder: Recorder,
}

impl Net {
    async fn start() -> Self {
        let dns = Dns::start().await;
        set_legal_names(&dns);
        let names: Vec<String> = LEGAL.iter().map(|(_, host, _)| bare(host)).collect();
        Self { dns, recorder: Recorder::start(&names).await }
    }

    fn outbound(&self, rules: Rules) -> Outbound {
        self.hurried(rules, Duration::from_secs(5))
    }

    fn hurried(&self, rules: Rules, timeout: Duration) -> Outbound {
        let extra_ca = Some(self.recorder.authority.clone().into_bytes());
        Outbound::new(Options { rules, extra_ca, timeout, max_response: 64 * 1024 }).unwrap()
    }
}

async fn post(outbound: &Outbound, url: &str) -> Result<Answer, Failure> {
    outbound.post(url, &BTreeMap::new(), "{}".to_owned()).await
}

fn http_too() -> Rules {
    Rules { allow_http: true, ..Rules::default() }
}

/// Runs a test in its own network. The function's own name finds it there again.
macro_rules! in_its_own_network {
    ($($(#[$meta:meta])* async fn $name:ident($net:ident: &Net) $body:block)*) => {$(
        $(#[$meta])*
        #[test]
        fn $name() {
            if !namespace::inside(concat!("outbound::", stringify!($name))) {
                return;
            }
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let net = Net::start().await;
                let $net = &net;
                $body
            });
        }
    )*};
}

in_its_own_network! {
    async fn no_internal_address_is_reached_in_any_spelling(net: &Net) {
        let hosts = internal(&net.dns);
        let guarded = net.outbound(http_too());
        for host in &hosts {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}/");
                let failed = post(&guarded, &url).await;
                assert!(failed.is_err(), "{url} was answered: {failed:?}");
                let arrivals = net.recorder.arrivals();
                assert!(arrivals.is_empty(), "{url} arrived: {arrivals:?}");
            }
        }
        // The same hosts without the rules: that the network would have shown it.
        let open = net.outbound(Rules { allow_private: true, allow_http: true, ..Rules::default() });
        let mut unreached = Vec::new();
        for host in &hosts {
            let _ = post(&open, &format!("http://{host}/")).await;
            // A name may lead to a public address as well.
            if !net.recorder.arrivals().iter().any(|arrival| !is_public(arrival.to.ip())) {
                unreached.push(host);
            }
        }
        let reached = hosts.len() - unreached.len();
        note(&format!("{} internal hosts by http and https: 0 reached; without the rules {reached}", hosts.len()));
        note(&format!("not reached either way: {unreached:?}"));
        assert!(reached >= 200, "only {reached} hosts would lead anywhere");
    }

    async fn public_addresses_are_reached_as_they_are_meant(net: &Net) {
        let outbound = net.outbound(http_too());
        for (url, host, addresses) in LEGAL {
            let answer = post(&outbound, url).await.unwrap_or_else(|failure| panic!("{url}: {failure}"));
            assert_eq!(answer.status, 200, "{url}");
            let [arrival] = &net.recorder.arrivals()[..] else { panic!("{url} arrived not once") };
            assert_eq!(arrival.host.as_deref(), Some(host), "{url}");
            assert!(addresses.iter().any(|address| address.parse::<IpAddr>().unwrap() == arrival.to.ip()), "{url}: {arrival:?}");
            let name = bare(host);
            let named = url.starts_with("https") && name.parse::<IpAddr>().is_err();
            assert_eq!(arrival.sni, named.then_some(name), "{url}");
        }
        note(&format!("{} public webhooks arrived", LEGAL.len()));
    }

    async fn a_name_is_resolved_once_and_only_what_was_checked_is_called(net: &Net) {
        let outbound = net.outbound(http_too());
        let (outside, inside) = (&["93.184.216.34"][..], &["10.0.0.1"][..]);
        let mut count = 0;
        for (n, answers) in [
            vec![outside, inside],
            vec![inside, outside],
            vec![outside, inside, outside, inside, outside],
            vec![outside, &["169.254.169.254"]],
            vec![outside, &["93.184.216.34", "10.0.0.1"]],
            vec![&["93.184.216.34", "127.0.0.1"], outside],
            vec![outside, &["::1"]],
            vec![&["2606:4700::1111"], &["fd00::1"]],
        ]
        .into_iter()
        .enumerate()
        {
            let name = format!("rebinding-{n}.attacker.example");
            net.dns.set(&name, &answers);
            for (turn, answer) in answers.iter().enumerate() {
                let public = answer.iter().all(|ip| outside.contains(ip) || *ip == "2606:4700::1111");
                let posted = post(&outbound, &format!("http://{name}/")).await;
                let arrivals = net.recorder.arrivals();
                assert_eq!(posted.is_ok(), public, "{answers:?}, {turn}: {posted:?}");
                assert_eq!(arrivals.len(), usize::from(public), "{answers:?}, {turn}: {arrivals:?}");
                assert!(arrivals.iter().all(|arrival| answer.contains(&arrival.to.ip().to_string().as_str())), "{arrivals:?}");
                assert_eq!(net.dns.asked(&name), turn + 1, "{answers:?}: resolved more than once");
                count += 1;
            }
        }
        note(&format!("{count} requests to names that change their address: 0 went inside"));
    }

    async fn redirects_are_not_followed(net: &Net) {
        let outbound = net.outbound(http_too());
        let targets = [
            "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "https://[::1]/", "//10.0.0.1/", "http://2130706433/",
            "/elsewhere", "https://hooks.customer.example/elsewhere",
        ];
        for status in [300, 301, 302, 303, 305, 307, 308] {
            for target in targets {
                let url = format!("https://hooks.customer.example/redirect/{status}?to={target}");
                let answer = post(&outbound, &url).await.unwrap();
                assert_eq!((answer.status, answer.headers["location"].as_str()), (status, target));
                let [Arrival { to, path: Some(path), .. }] = &net.recorder.arrivals()[..] else { panic!("{url} was followed") };
                assert!(to.ip().to_string() == "93.184.216.34" && path.starts_with("/redirect/"), "{url}: {to} {path}");
            }
        }
    }

    async fn a_certificate_must_be_for_the_name_that_was_asked_for(net: &Net) {
        let outbound = net.outbound(Rules::default());
        net.dns.set("other.customer.example", &[&["93.184.216.34"]]);
        let failure = post(&outbound, "https://other.customer.example/").await.unwrap_err().to_string();
        assert!(failure.contains("certificate"), "{failure}");
        // Nor is the test's authority known without the setting.
        let options = Options { rules: Rules::default(), extra_ca: None, timeout: Duration::from_secs(5), max_response: 1024 };
        let failure = post(&Outbound::new(options).unwrap(), "https://hooks.customer.example/").await.unwrap_err().to_string();
        assert!(failure.contains("certificate"), "{failure}");
        assert!(net.recorder.arrivals().iter().all(|arrival| arrival.host.is_none()), "nothing was said to them");
    }

    async fn one_deadline_covers_look_up_handshake_and_answer(net: &Net) {
        let outbound = net.hurried(http_too(), Duration::from_millis(400));
        net.dns.set("silent.customer.example", &[]);
        for url in [
            "https://silent.customer.example/",
            "https://93.184.216.34:444/",
            "https://hooks.customer.example/drip",
            "http://hooks.customer.example/drip",
        ] {
            let begun = Instant::now();
            let answer = tokio::time::timeout(Duration::from_secs(30), post(&outbound, url)).await;
            let failure = answer.unwrap_or_else(|_| panic!("{url} has no deadline")).unwrap_err();
            let took = begun.elapsed();
            assert!(failure.is_timeout && failure.to_string() == "no complete answer within 0.4 s", "{url}: {failure}");
            assert!(took >= Duration::from_millis(400) && took < Duration::from_millis(1400), "{url}: {took:?}");
        }
        let refused = post(&outbound, "https://93.184.216.34:1/").await.unwrap_err();
        assert!(!refused.is_timeout, "{refused}");
    }

    async fn answers_are_kept_as_they_come_and_no_more_than_fits(net: &Net) {
        let outbound = net.outbound(Rules::default());
        for encoding in ["gzip", "br", "zstd", "deflate"] {
            let answer = post(&outbound, &format!("https://hooks.customer.example/encoded/{encoding}")).await.unwrap();
            assert_eq!((answer.body, answer.headers["content-encoding"].as_str()), (b"as it came".to_vec(), encoding));
        }
        let answer = post(&outbound, "https://hooks.customer.example/flood").await.unwrap();
        assert_eq!(answer.body.len(), 64 * 1024);
        let answer = post(&outbound, "https://hooks.customer.example/many-headers").await.unwrap();
        let size: usize = answer.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        assert!((14_000..=16 * 1024).contains(&size), "{size} bytes of headers were kept");
        assert_eq!(answer.body, b"ok");
    }

    async fn a_proxy_of_the_environment_is_not_used(net: &Net) {
        // Set for the process that this test has to itself, by the one outside.
        assert!(std::env::var("HTTPS_PROXY").is_ok());
        for url in ["https://hooks.customer.example/", "http://hooks.customer.example/"] {
            post(&net.outbound(http_too()), url).await.unwrap();
            let arrivals = net.recorder.arrivals();
            assert!(arrivals.len() == 1 && arrivals[0].to.ip().to_string() == "93.184.216.34", "{arrivals:?}");
        }
    }

    async fn the_whole_product_keeps_to_the_configuration(net: &Net) {
        let authority = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(authority.path(), &net.recorder.authority).unwrap();
        for (name, ip) in [
            ("vault.internal.example", "192.168.7.7"),
            ("internal.example", "192.168.7.7"),
            ("secret.internal.example", "192.168.7.8"),
            ("blocked.customer.example", "93.184.216.34"),
            ("sly.customer.example", "77.7.7.7"),
        ] {
            net.dns.set(name, &[&[ip]]);
        }
        let settings = vec![
            ("webhooks.allow_private", false.into()),
            ("webhooks.allow", vec!["10.1.0.0/16", "*.internal.example"].into()),
            ("webhooks.deny", vec!["10.1.1.0/24", "secret.internal.example", "blocked.customer.example", "77.7.7.0/24"].into()),
            ("webhooks.extra_ca_file", authority.path().to_str().unwrap().into()),
        ];
        let server = Server::with(Database::Sqlite, HarnessOptions { settings, ..by_hand() }).await;
        let allowed = ["http://10.1.2.3/", "http://[::ffff:10.1.2.3]/", "http://vault.internal.example/", "http://Vault.Internal.example./"];
        let denied = [
            "http://10.1.1.3/", "http://[::ffff:10.1.1.3]/", "http://10.2.0.1/", "http://internal.example/",
            "http://secret.internal.example/", "https://blocked.customer.example/", "http://77.7.7.7/", "http://0x4d.0x070707/",
            "http://sly.customer.example/", "http://[64:ff9b::77.7.7.7]/", "http://[2002:4d07:707::1]/",
        ];
        let good: Vec<String> = LEGAL.iter().map(|legal| legal.0).chain(allowed).map(str::to_owned).collect();
        let mut bad: Vec<String> = internal(&net.dns).iter().map(|host| format!("http://{host}/")).collect();
        bad.extend(denied.map(str::to_owned));

        // As if all had been made under other settings: by creation many would be refused.
        let first = server.app.webhooks.create(server.project.id, &good[0], EndpointSettings::told_of(EventType::DEFAULT), &By::COMMAND_LINE).await.unwrap();
        let mut endpoints = vec![(first.id, &good[0], true)];
        let mut tx = server.app.core.db.begin().await.unwrap();
        for (url, public) in good[1..].iter().map(|url| (url, true)).chain(bad.iter().map(|url| (url, false))) {
            let id = EndpointId::new(server.app.core.clock.now());
            tx.insert_endpoint(&Endpoint { id, url: url.clone(), ..first.clone() }).await.unwrap();
            endpoints.push((id, url, public));
        }
        tx.commit().await.unwrap();
        server.ready("a.txt", b"x", false).await;
        server.run_jobs().await;

        let mut reader = server.app.core.db.reader().await.unwrap();
        for (id, url, public) in endpoints {
            let delivery = reader.deliveries(id, None, None, 10).await.unwrap().remove(0);
            let attempt = reader.attempts(delivery.id).await.unwrap().remove(0);
            assert_eq!(attempt.response_status, public.then_some(200), "{url}: {:?}", attempt.error);
            assert_eq!(attempt.error.is_none(), public, "{url}");
        }
        drop(reader);
        let arrivals = net.recorder.arrivals();
        assert_eq!(arrivals.len(), good.len(), "one for each good address");
        let inside: Vec<_> = arrivals.iter().map(|arrival| arrival.to.ip()).filter(|ip| !is_public(*ip)).collect();
        assert_eq!(inside.iter().filter(|ip| ip.to_string() == "10.1.2.3" || ip.to_string() == "192.168.7.7").count(), inside.len());
        assert_eq!(inside.len(), allowed.len());
        note(&format!("{} of {} good addresses and 0 of {} others got their event", good.len(), good.len(), bad.len()));
        server.stop().await;
    }
}
