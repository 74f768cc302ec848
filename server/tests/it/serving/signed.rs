//! Signed addresses: who gets one, and that no other is honoured.

use std::{
    fs,
    time::{Duration, Instant},
};

use chrono::Duration as Span;
use reupload::{
    app::{
        App,
        projects::Settings,
        serving::{UrlSignature, Wanted},
    },
    domain::{
        audit::By,
        clock::Clock,
        file::Variant,
        signed_url::{DownloadGrant, MasterKey},
    },
};
use serde_json::json;

use super::{ABSENT, access, below, lasting, text, told};
use crate::harness::{Body, Server, each_database, frozen};

each_database! {
    async fn a_private_file_wants_a_signature(server: &Server) {
        let file = server.ready("a.txt", b"hello", false).await["file"].clone();
        let (id, url) = (text(&file["fileId"]), text(&file["url"]));
        let (bare, signature) = url.split_once('?').unwrap();
        let absent = server.get(&bare.replace(id, ABSENT)).await.expect_error(404, "NOT_FOUND");
        let unsigned = server.get(bare).await.expect_error(404, "NOT_FOUND");
        assert_eq!(told(&unsigned), told(&absent), "it does not even say that it exists");
        let whole = server.get(url).await.expect(200);
        assert_eq!((whole.body.as_slice(), whole.headers["cache-control"].as_str()), (&b"hello"[..], "private, no-store"));
        let head = server.send("HEAD", url, &[], Body::Empty).await.expect(200);
        assert_eq!((lasting(&head), head.body.len()), (lasting(&whole), 0));
        for part in signature.split('&') {
            let rest = signature.replace(part, "").replace("&&", "&");
            server.get(&format!("{bare}?{}", rest.trim_matches('&'))).await.expect_error(403, "INVALID_SIGNATURE");
        }
        server.get(&url.replace("/a.txt", "/%ff")).await.expect_error(404, "NOT_FOUND");
        assert_eq!(server.get(&url.replace("/a.txt", "/other.exe")).await.expect(200).body, b"hello");
        for method in ["PUT", "POST", "PATCH", "DELETE"] {
            server.send(method, url, &[], Body::Empty).await.expect_error(405, "METHOD_NOT_ALLOWED");
        }
    }

    async fn a_refusal_does_not_tell_a_listed_page_that_the_file_exists(server: &Server) {
        let origin = "https://app.example.com";
        let settings = Settings { origins: Some(vec![origin.to_owned()]), ..Settings::default() };
        server.app.projects.update(server.project.id, settings, &By::COMMAND_LINE).await.unwrap();
        let file = server.ready("a.txt", b"hello", false).await["file"].clone();
        let (id, url) = (text(&file["fileId"]), text(&file["url"]));
        let (bare, signature) = url.split_once('?').unwrap();
        let from_page = async |url: &str| server.send("GET", url, &[("origin", origin)], Body::Empty).await;
        let whole = from_page(url).await.expect(200);
        assert_eq!(whole.headers["access-control-allow-origin"], origin);
        for query in ["", &format!("?{}", signature.replace("sig=", "sig=x"))] {
            let refused = from_page(&format!("{bare}{query}")).await;
            let absent = from_page(&format!("{}{query}", bare.replace(id, ABSENT))).await;
            assert!(!refused.headers.contains_key("access-control-allow-origin"), "{:?}", refused.headers);
            assert_eq!((refused.status, lasting(&refused), told(&refused)), (absent.status, lasting(&absent), told(&absent)));
        }
    }

    async fn an_address_outlives_the_rotation_of_the_master_key(server: &Server) {
        let file = server.ready("a.txt", b"hello", false).await["file"].clone();
        let id = text(&file["fileId"]).parse().unwrap();
        let parts: Vec<&str> = text(&file["url"]).split_once('?').unwrap().1.split('&').collect();
        let [exp, kid, sig] = ["exp=", "kid=", "sig="].map(|name| parts.iter().find_map(|part| part.strip_prefix(name)).unwrap());

        let config = server.app.core.config.clone();
        let keys = fs::read_to_string(config.master_key_file()).unwrap();
        let new = MasterKey::generate().to_line();
        fs::write(config.master_key_file(), format!("{new}\n{keys}")).unwrap();
        let restarted = App::open(config, Clock::System).await.unwrap();
        let wanted = Wanted { variant: Variant::Original, download: false };
        let signature = UrlSignature { exp: exp.parse().unwrap(), kid: kid.to_owned(), sig: sig.to_owned() };
        assert_eq!(restarted.files.open(id, wanted, Some(signature)).await.unwrap().bytes.size(), 5);
        let grant = DownloadGrant { file: id, variant: Variant::Original, download: false, expires: exp.parse().unwrap() };
        let signed_by = restarted.core.keyring.sign_download(&grant).0;
        assert_eq!(signed_by, new.split_once(':').unwrap().0, "the first line signs");
        assert_ne!(signed_by, kid);
        restarted.core.db.close().await;
    }

    async fn no_changed_address_is_honoured(server: &Server) {
        let file = server.ready("a.txt", b"hello", false).await["file"].clone();
        let other = server.ready("b.txt", b"other", false).await["file"].clone();
        let (id, url) = (text(&file["fileId"]), text(&file["url"]));
        let of = |name: &str, url: &str| {
            let (_, after) = url.split_once(&format!("{name}=")).unwrap();
            after.split('&').next().unwrap().to_owned()
        };
        let (exp, kid, sig) = (of("exp", url), of("kid", url), of("sig", url));
        let address = |id: &str, extra: &str, exp: &str, kid: &str, sig: &str| {
            format!("{}/v1/files/{id}/a.txt?{extra}exp={exp}&kid={kid}&sig={sig}", server.cdn_url)
        };
        server.get(&address(id, "variant=original&download=false&", &exp, &kid, &sig)).await.expect(200);
        let later = (exp.parse::<i64>().unwrap() + 1).to_string();
        let mut changed = vec![
            address(text(&other["fileId"]), "", &exp, &kid, &sig),
            address(ABSENT, "", &exp, &kid, &sig),
            address(id, "", &exp, &kid, &of("sig", text(&other["url"]))),
            address(id, "", &exp, "", &sig),
            address(id, "", &exp, &kid, ""),
            address(id, "", &exp, &kid, &format!("{sig}=")),
            address(id, "", &exp, &kid, &sig[1..]),
        ];
        for extra in ["variant=thumb_64&", "variant=thumb_320&", "download=true&"] {
            changed.push(address(id, extra, &exp, &kid, &sig));
        }
        let spellings = [format!("0{exp}"), format!("%2B{exp}"), format!("{exp}.0"), later];
        let others = ["0", "-1", "9223372036854775807", "99999999999999999999", "", "abc"].map(str::to_owned);
        for exp in spellings.iter().chain(&others) {
            changed.push(address(id, "", exp, &kid, &sig));
        }
        // One character of the id or of the query replaced; lower case, because a UUID has no case.
        let (start, query) = (url.find(id).unwrap(), url.find('?').unwrap());
        let covered: Vec<usize> = (start..start + id.len()).chain(query + 1..url.len()).collect();
        let (crafted, begun) = (changed.len(), Instant::now());
        while changed.len() < 1500 {
            let mut bytes = url.as_bytes().to_vec();
            let at = covered[below(covered.len())];
            bytes[at] = b"abcdefghijklmnopqrstuvwxyz0123456789-_"[below(38)];
            if bytes != url.as_bytes() {
                changed.push(String::from_utf8(bytes).unwrap());
            }
        }
        for (n, url) in changed.iter().enumerate() {
            let reply = server.get(url).await;
            // A broken id reads as an absent one; without any signature left a private file does too.
            let code = reply.code();
            assert!(code == "INVALID_SIGNATURE" || n >= crafted && code == "NOT_FOUND", "{url}: {} {code}", reply.status);
        }
        let keyring = &server.app.core.keyring;
        let (file, expires) = (id.parse().unwrap(), exp.parse().unwrap());
        let grant = DownloadGrant { file, variant: Variant::Original, download: false, expires };
        let now = server.app.core.clock.now();
        keyring.verify_download(&grant, &kid, &sig, now).unwrap();
        for n in 0..10_000 {
            let (mut wrong, mut sig) = (grant, sig.clone().into_bytes());
            match n % 5 {
                0 => wrong.file.0 = uuid::Uuid::from_u128(grant.file.0.as_u128() ^ (1 << below(128))),
                1 => wrong.expires ^= 1 << below(63),
                2 => wrong.download = true,
                3 => wrong.variant = [Variant::Thumb64, Variant::Thumb160, Variant::Thumb320][below(3)],
                _ => sig[below(43)] ^= 1 + u8::try_from(below(127)).unwrap(),
            }
            let verdict = keyring.verify_download(&wrong, &kid, &String::from_utf8(sig).unwrap(), now);
            assert!(verdict.is_err(), "{wrong:?} was honoured");
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "forged addresses cost too much: {:?}", begun.elapsed());
    }

    async fn what_access_is_asked_for_is_checked(server: &Server) {
        let id = text(&server.ready("a.txt", b"hello", false).await["file"]["fileId"]).to_owned();
        for query in ["expiresIn=59", "expiresIn=604801", "expiresIn=abc", "expiresIn=-60", "expiresIn=60.5", "expiresIn=1e3",
            "expiresIn=99999999999999999999", "variant=huge", "variant=", "variant=Original", "download=yes", "download=1",
            "expiresIn=60&expiresIn=70"] {
            let reply = access(server, &id, &format!("?{query}")).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "VALIDATION_ERROR"), "{query}");
        }
        let good = [("", 300, false), ("?expiresIn=60", 60, false), ("?expiresIn=604800&download=True", 604_800, true),
            ("?expiresIn=&download=false&variant=original", 300, false)];
        for (query, expires_in, download) in good {
            let given = access(server, &id, query).await.expect(200).json()["access"].clone();
            let expected = json!({ "accessType": "cdn", "url": given["url"], "expiresIn": expires_in, "variant": "original",
                "download": download });
            assert_eq!(given, expected);
            let kind = if download { "attachment; " } else { "inline; " };
            assert!(server.get(text(&given["url"])).await.expect(200).headers["content-disposition"].starts_with(kind));
        }
        for variant in ["thumb_64", "thumb_160", "thumb_320"] {
            access(server, &id, &format!("?variant={variant}")).await.expect_error(404, "NOT_FOUND");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_address_works_until_its_second() {
    frozen(async |server, clock| {
        let file = server.ready("a.txt", b"hello", false).await["file"].clone();
        assert_eq!(file["urlExpiresAt"], "2027-01-15T09:00:00Z");
        let short = access(server, text(&file["fileId"]), "?expiresIn=60").await.expect(200).text("/access/url");
        assert!(short.contains("exp=1800000060"), "{short}");
        clock.advance(Span::milliseconds(59_999));
        server.get(&short).await.expect(200);
        clock.advance(Span::milliseconds(1));
        server.get(&short).await.expect_error(403, "URL_EXPIRED");
        let head = server.send("HEAD", &short, &[], Body::Empty).await;
        assert_eq!(head.status, 403);
        server.get(&short.replace("1800000060", "1900000000")).await.expect_error(403, "INVALID_SIGNATURE");
        server.get(text(&file["url"])).await.expect(200);
        clock.advance(Span::seconds(3540));
        server.get(text(&file["url"])).await.expect_error(403, "URL_EXPIRED");
    })
    .await;
}
