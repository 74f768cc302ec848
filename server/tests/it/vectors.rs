//! `api/webhook-vectors.json`: signed webhooks, good and bad, that every SDK checks its verification with.
//!
//! Made here by our own signer, and checked by code that is not ours: the guide's function and the `standardwebhooks` package. To add
//! one, add it to [`vectors`] and run the tests once with `REUPLOAD_WRITE_VECTORS=1`.

use std::{fs, path::Path, process::Command};

use chrono::{DateTime, Utc};
use reupload::domain::{
    ids::EventId,
    webhook::{signature, standard_signature},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::harness::note;

/// The contract's.
const SECRET: &str = "whsec_test";
/// Like those that we make: base64 of 32 bytes.
const NEW: &str = "whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=";
const OLD: &str = "whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w=";
const BODY: &str = r#"{"type":"file.uploaded"}"#;
const AT: i64 = 1_700_000_000;

fn event() -> EventId {
    EventId(Uuid::from_u128(0x018b_cfe5_6800_7000_8000_0000_0000_0001))
}

/// A webhook as we send it, and a receiver who looks at it.
#[derive(Clone)]
struct Vector {
    name: &'static str,
    reason: &'static str,
    /// The receiver's.
    secrets: Vec<&'static str>,
    timestamp: i64,
    now: i64,
    body: String,
    reupload: Option<String>,
    standard: Option<String>,
    valid: [bool; 2],
    /// What the guide's function says, where it says something else.
    guide: Option<bool>,
}

/// What we send, signed with `signers`, to a receiver who has `secrets` and looks at it in the same second.
fn good(name: &'static str, signers: &[&str], secrets: &[&'static str], body: &str, reason: &'static str) -> Vector {
    let at: DateTime<Utc> = DateTime::from_timestamp(AT, 0).unwrap();
    Vector {
        name,
        reason,
        secrets: secrets.to_vec(),
        timestamp: AT,
        now: AT,
        body: body.to_owned(),
        reupload: Some(signature(signers, at, body)),
        standard: Some(standard_signature(signers, event(), at, body)),
        valid: [true, true],
        guide: None,
    }
}

/// The contract's webhook.
fn plain(name: &'static str, reason: &'static str) -> Vector {
    good(name, &[SECRET], &[SECRET], BODY, reason)
}

fn bad(name: &'static str, reason: &'static str) -> Vector {
    Vector { valid: [false, false], ..plain(name, reason) }
}

/// With other signature headers.
fn with(vector: Vector, reupload: Option<&str>, standard: Option<&str>, valid: [bool; 2]) -> Vector {
    Vector { reupload: reupload.map(str::to_owned), standard: standard.map(str::to_owned), valid, ..vector }
}

fn good_ones() -> Vec<Vector> {
    let long = format!(r#"{{"type":"file.uploaded","data":{{"name":"{}"}}}}"#, "x".repeat(5000));
    let unicode = "{\"type\":\"file.uploaded\",\"data\":{\"name\":\"日本 \u{1f980} e\u{301} \u{202e}txt\"}}";
    let both = [NEW, OLD];
    vec![
        plain("contract", "the contract's own test vector"),
        good(
            "own-secret",
            &[NEW],
            &[NEW],
            BODY,
            "a secret as we make them; the Standard Webhooks key is its base64 part, decoded",
        ),
        good(
            "unicode",
            &[NEW],
            &[NEW],
            unicode,
            "the signed bytes are the UTF-8 of the body, not of a text that was normalised or escaped",
        ),
        good("empty-body", &[NEW], &[NEW], "", "nothing is signed too"),
        good("empty-object", &[NEW], &[NEW], "{}", "the shortest JSON object"),
        good("trailing-newline", &[NEW], &[NEW], &format!("{BODY}\n"), "the newline belongs to the body"),
        good(
            "spaces-in-body",
            &[NEW],
            &[NEW],
            "{ \"type\" :\t\"file.uploaded\" }\r\n",
            "the raw body is signed, not JSON written anew",
        ),
        good("long-body", &[NEW], &[NEW], &long, "a body of 5 KB"),
        Vector { now: AT + 300, ..plain("300-seconds-old", "exactly the tolerance is still good") },
        Vector { now: AT - 300, ..plain("300-seconds-ahead", "exactly the tolerance is still good, for clocks that differ") },
        good("rotation-old-secret", &both, &[OLD], BODY, "two secrets sign during a rotation; the former one alone verifies"),
        Vector {
            guide: Some(false),
            ..good(
                "rotation-new-secret",
                &both,
                &[NEW],
                BODY,
                "the new one alone verifies: any of several v1 may match, not only the last",
            )
        },
        good("rotation-new-secret-last", &[OLD, NEW], &[NEW], BODY, "every other attempt has the new secret's v1 at the end"),
        Vector {
            guide: Some(false),
            ..good("rotation-old-secret-first", &[OLD, NEW], &[OLD], BODY, "the first of two v1 matches")
        },
        good("receiver-with-two-secrets", &[NEW], &[OLD, NEW], BODY, "a receiver may try several secrets"),
        Vector { guide: Some(false), ..good("rotation-three", &[NEW, OLD, SECRET], &[OLD], BODY, "the middle one of three v1") },
    ]
}

fn bad_ones() -> Vec<Vector> {
    let rotated = good("rotation-neither-secret", &[NEW, OLD], &["whsec_b3RoZXJvdGhlcg=="], BODY, "neither of the two is ours");
    vec![
        Vector { body: BODY.replace("uploaded", "deleted"), ..bad("tampered-body", "the body is another") },
        Vector { body: format!("{BODY}\n"), ..bad("newline-added", "a newline that was not signed") },
        Vector { body: String::new(), ..bad("body-removed", "the body is gone") },
        Vector { secrets: vec![NEW], ..bad("wrong-secret", "signed with another secret") },
        Vector { valid: [false, false], ..rotated },
        Vector { now: AT + 301, ..bad("301-seconds-old", "older than the tolerance: perhaps sent again by somebody else") },
        Vector { now: AT - 301, ..bad("301-seconds-ahead", "further ahead than the tolerance") },
        Vector { now: AT + 86_400, ..bad("a-day-old", "much older than the tolerance") },
        Vector {
            timestamp: AT + 200,
            reupload: plain("", "").reupload.map(|header| header.replace("1700000000", "1700000200")),
            now: AT + 400,
            ..bad("time-moved", "the time is signed as well")
        },
    ]
}

/// Forms of the two headers.
fn odd_ones() -> Vec<Vector> {
    let v = plain("", "");
    let (reupload, standard) = (v.reupload.unwrap(), v.standard.unwrap());
    let hex = reupload.split_once("v1=").unwrap().1;
    let base64 = standard.strip_prefix("v1,").unwrap();
    let upper = format!("t={AT},v1={}", hex.to_uppercase());
    let cut = (format!("t={AT},v1={}", &hex[..63]), "v1,AAAA".to_owned());
    vec![
        with(plain("no-headers", "both signature headers are missing"), None, None, [false, false]),
        with(plain("empty-headers", "both are empty"), Some(""), Some(""), [false, false]),
        with(plain("only-reupload", "each header is enough for its own check"), Some(&reupload), None, [true, false]),
        with(plain("only-standard", "each header is enough for its own check"), None, Some(&standard), [false, true]),
        with(plain("no-time", "no t"), Some(&format!("v1={hex}")), Some(&standard), [false, true]),
        with(plain("time-in-words", "t is not a number"), Some(&format!("t=now,v1={hex}")), Some(&standard), [false, true]),
        with(plain("no-v1", "no signature at all"), Some(&format!("t={AT}")), Some("v2,AAAA"), [false, false]),
        with(plain("empty-v1", "an empty signature"), Some(&format!("t={AT},v1=")), Some("v1,"), [false, false]),
        with(
            plain("only-v2", "a scheme that is not known says nothing, even if its value is right"),
            Some(&format!("t={AT},v2={hex}")),
            Some(&format!("v2,{base64}")),
            [false, false],
        ),
        with(
            plain("v2-beside-v1", "schemes that are not known are passed over"),
            Some(&format!("t={AT},v2={},v1={hex}", "0".repeat(64))),
            Some(&format!("v2,AAAA v1,{base64}")),
            [true, true],
        ),
        with(
            plain("v1-before-t", "the order of the parts does not matter"),
            Some(&format!("v1={hex},t={AT}")),
            Some(&standard),
            [true, true],
        ),
        with(plain("upper-case-hex", "lower case is the only form"), Some(&upper), Some(&standard), [false, true]),
        with(
            plain("spaces-around-parts", "blanks around the parts are passed over"),
            Some(&format!(" t={AT} , v1={hex} ")),
            Some(&standard),
            [true, true],
        ),
        with(plain("cut-signature", "a part of the signature"), Some(&cut.0), Some(&cut.1), [false, false]),
        with(
            plain("longer-signature", "more than the signature"),
            Some(&format!("{reupload}00")),
            Some(&standard),
            [false, true],
        ),
        with(plain("nonsense", "nothing that can be read"), Some(",,=;"), Some("v1,bm9uc2Vuc2U="), [false, false]),
    ]
}

fn vectors() -> Vec<Vector> {
    good_ones().into_iter().chain(bad_ones()).chain(odd_ones()).collect()
}

fn row(vector: Vector) -> Value {
    let id = event().wire();
    let mut row = json!({
        "name": vector.name, "reason": vector.reason, "secrets": vector.secrets, "timestamp": vector.timestamp, "id": id,
        "body": vector.body, "now": vector.now, "tolerance": 300,
        "headers": {
            "reupload-signature": vector.reupload, "webhook-id": id, "webhook-timestamp": vector.timestamp.to_string(),
            "webhook-signature": vector.standard,
        },
        "valid": { "reupload": vector.valid[0], "standard": vector.valid[1] },
    });
    if let Some(guide) = vector.guide {
        row["guide"] = guide.into();
    }
    row
}

fn document(vectors: Vec<Value>) -> Value {
    json!({
        "about": "Webhooks, good and bad. `secrets` are the receiver's: one of them must verify, at the time `now`, with at most `tolerance` \
            seconds between. A header that is null is missing. `valid.reupload` is about Reupload-Signature, `valid.standard` about the \
            headers of Standard Webhooks. `guide`, where it is there, is what a receiver says that reads the last v1 only.",
        "vectors": vectors,
    })
}

/// Checks with the guide's function and with `standardwebhooks`; gives what the checker prints.
#[track_caller]
pub(crate) fn check_elsewhere(vectors: Vec<Value>) -> String {
    let python = std::env::var("REUPLOAD_TEST_PYTHON").expect("REUPLOAD_TEST_PYTHON is set: run the tests with cargo nextest");
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("vectors.json");
    fs::write(&file, document(vectors).to_string()).unwrap();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut command = Command::new(python);
    command.arg(tests.join("foreign/check_signatures.py")).arg(file).arg(tests.join("it/fixtures/guide_webhooks.py"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_vectors_are_what_we_sign() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/webhook-vectors.json");
    let current = serde_json::to_string_pretty(&document(vectors().into_iter().map(row).collect())).unwrap() + "\n";
    if std::env::var_os("REUPLOAD_WRITE_VECTORS").is_some() {
        fs::write(&file, &current).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let how = "REUPLOAD_WRITE_VECTORS=1 cargo nextest run -p reupload --test it the_vectors_are_what_we_sign";
    assert!(committed == current, "api/webhook-vectors.json is stale: run `{how}`");
    let contract = format!("t={AT},v1=de0b4e6e471ae1f14799a581aa27356a816e4644ac3e5cc1a20ce2e475557ae8");
    assert_eq!(vectors()[0].reupload.as_deref(), Some(contract.as_str()));
}

#[test]
fn the_guide_and_the_published_package_agree_with_every_vector() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/webhook-vectors.json");
    let document: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let vectors = document["vectors"].as_array().unwrap().clone();
    let names: std::collections::BTreeSet<&str> = vectors.iter().map(|vector| vector["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), vectors.len(), "each has a name of its own");
    let said = check_elsewhere(vectors);
    note(said.trim());
}
