//! Signatures of downloads, and the tokens of upload URLs.
//!
//! An input is two times a [`Grant`](grant) and a moment, then lines: a key's name, a signature, a token, a line of a key file.
#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use reupload::domain::{
    file::Variant,
    ids::{FileId, UploadId},
    refusal::Code,
    signed_url::{DownloadGrant, Keyring, MasterKey},
};
use uuid::Uuid;

/// Bytes of a grant: file, variant, download, expiry.
const GRANT: usize = 26;

fuzz_target!(init: reupload_fuzz::plant("signed_url", seeds()), |data: &[u8]| {
    let Some((ours, rest)) = data.split_first_chunk::<GRANT>() else { return };
    let Some((changes, rest)) = rest.split_first_chunk::<GRANT>() else { return };
    let Some((now, rest)) = rest.split_first_chunk::<8>() else { return };
    let Some(now) = DateTime::from_timestamp(i64::from_le_bytes(*now), 0) else { return };
    let mut lines = str::from_utf8(rest).unwrap_or_default().split('\n');
    let mut line = || lines.next().unwrap_or_default();

    let (ring, old, stranger) = (ring(&["new", "old"]), ring(&["old"]), ring(&["stranger"]));
    let signed = grant(*ours);
    let (kid, sig) = ring.sign_download(&signed);
    match ring.verify_download(&signed, kid, &sig, now) {
        Ok(()) => assert!(now.timestamp() < signed.expires),
        Err(refusal) => assert!(refusal.code == Code::UrlExpired && now.timestamp() >= signed.expires),
    }
    let (old_kid, old_sig) = old.sign_download(&signed);
    assert_eq!(ring.verify_download(&signed, old_kid, &old_sig, now), ring.verify_download(&signed, kid, &sig, now));
    let forged = |grant: &DownloadGrant, kid: &str, sig: &str| {
        let refused = ring.verify_download(grant, kid, sig, now).map_err(|refusal| refusal.code);
        assert_eq!(refused, Err(Code::InvalidSignature), "{grant:?} {kid} {sig}");
    };

    // Another file, variant, disposition or expiry, another key, another text of the signature.
    let other = grant(std::array::from_fn(|at| ours[at] ^ changes[at]));
    if other != signed {
        forged(&other, kid, &sig);
    }
    forged(&signed, old_kid, &sig);
    forged(&signed, kid, &stranger.sign_download(&signed).1);
    forged(&signed, stranger.sign_download(&signed).0, &stranger.sign_download(&signed).1);
    let (any_kid, any_sig) = (line(), line());
    if (any_kid, any_sig) != (kid, &sig) && (any_kid, any_sig) != (old_kid, &old_sig) {
        forged(&signed, any_kid, any_sig);
    }

    // Any text is a token in one spelling or not at all, and one purpose is never the other.
    let upload = UploadId(signed.file.0);
    let token = ring.upload_token(upload);
    assert_eq!(ring.verify_upload_token(&token), Ok(upload));
    let mac = token.rsplit('.').next().unwrap_or_default();
    forged(&signed, kid, mac);
    for text in [line(), &format!("{kid}.{}.{sig}", upload.0.simple()), &format!("{kid}.{}.{any_sig}", upload.0.simple())] {
        if let Ok(upload) = ring.verify_upload_token(text) {
            assert!(text == ring.upload_token(upload) || text == old.upload_token(upload), "{text}");
        }
    }
    assert!(stranger.verify_upload_token(&token).is_err());

    if let Some(key) = MasterKey::parse(line()) {
        assert_eq!(MasterKey::parse(&key.to_line()).map(|again| again.to_line()), Some(key.to_line()));
    }
});

fn grant(bytes: [u8; GRANT]) -> DownloadGrant {
    let [file @ .., variant, download, e0, e1, e2, e3, e4, e5, e6, e7] = bytes;
    let variants = [Variant::Original, Variant::Thumb64, Variant::Thumb160, Variant::Thumb320];
    DownloadGrant {
        file: FileId(Uuid::from_bytes(file)),
        variant: variants[usize::from(variant) % variants.len()],
        download: download & 1 == 1,
        expires: i64::from_le_bytes([e0, e1, e2, e3, e4, e5, e6, e7]),
    }
}

/// Keys that are the same on every run.
fn ring(kids: &[&str]) -> Keyring {
    let key = |kid: &&str| MasterKey::parse(&key_line(kid)).expect("it is a key");
    Keyring::new(&kids.iter().map(key).collect::<Vec<_>>()).expect("there are keys")
}

fn key_line(kid: &str) -> String {
    format!("{kid}:{}", format!("{:02x}", kid.len() * 16 + usize::from(kid.as_bytes()[0] & 15)).repeat(32))
}

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let ours: [u8; GRANT] =
        std::array::from_fn(|at| if at < 18 { u8::try_from(at).unwrap_or(0) } else { u8::from(at == 18) * 60 });
    let signed = grant(ours);
    let seed = |ring: &Keyring, changed: usize, now: i64| {
        let (kid, sig) = ring.sign_download(&signed);
        let mut changes = [0; GRANT];
        changes[changed] = 1;
        let lines = format!("{kid}\n{sig}\n{}\n{}", ring.upload_token(UploadId(signed.file.0)), key_line(kid));
        [&ours[..], &changes, &now.to_le_bytes(), lines.as_bytes()].concat()
    };
    vec![
        ("file", seed(&ring(&["new"]), 3, 59)),
        ("variant", seed(&ring(&["old"]), 16, 60)),
        ("download", seed(&ring(&["stranger"]), 17, 0)),
        ("expiry", seed(&ring(&["new"]), 18, -1)),
    ]
}
