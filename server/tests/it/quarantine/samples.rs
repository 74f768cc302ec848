//! What must never leave: malware alone and in archives, and what no scanner can look at. To add one: a line in [`small`].

use crate::scanner::build::{CENTRAL, LOCAL, MIB, eicar, gzip, nest, noise, patch, tar, zip};

/// Bytes that must not be published, and what their upload fails with.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) reason: &'static str,
}

fn infected(name: &'static str, bytes: Vec<u8>) -> Sample {
    Sample { name, bytes, reason: "MALWARE_DETECTED" }
}

fn unscannable(name: &'static str, bytes: Vec<u8>) -> Sample {
    Sample { name, bytes, reason: "NOT_SCANNABLE" }
}

/// Malware in the middle of `length` bytes that do not compress.
fn padded(malware: &[u8], length: usize) -> Vec<u8> {
    let half = (length - malware.len()) / 2;
    let mut bytes = [noise(half), malware.to_vec()].concat();
    bytes.extend(noise(length - bytes.len()));
    bytes
}

/// The plainest one.
pub(super) fn kilobyte() -> Sample {
    infected("malware-1kB", padded(&eicar(), 1000))
}

/// One of each kind, all small; the bomb is larger than `scan.max_file_size` of these tests when unpacked.
pub(super) fn small() -> Vec<Sample> {
    let mut all = vec![
        kilobyte(),
        infected("marker-1kB", padded(b"REUPLOAD-TEST-MALWARE-MARKER-5f1c", 1000)),
        infected("in-zip", zip(&[("x", &eicar())])),
        infected("in-zip-in-zip", nest(2, &eicar())),
        infected("in-gzip", gzip(&eicar())),
        infected("in-tar", tar(&[("a", b"x"), ("x", &eicar())])),
        infected("behind-a-picture", [picture(), eicar()].concat()),
    ];
    all.extend(unscannables());
    all
}

/// What our own look into archives refuses, whatever a scanner says.
pub(super) fn unscannables() -> Vec<Sample> {
    let plain = zip(&[("secret", &eicar())]);
    let encrypted = patch(patch(plain, CENTRAL, 0, 8, &[1, 0]), LOCAL, 0, 6, &[1, 0]);
    vec![
        unscannable("encrypted-zip", encrypted),
        unscannable("zip-bomb", zip(&[("zeros", &vec![0; super::MAX_FILE_MIB * MIB + 1])])),
    ]
}

/// 25 MB, the size above which a peer silently scans nothing.
pub(super) fn large() -> Vec<Sample> {
    let bytes = padded(&eicar(), 25_000_000);
    vec![
        infected("malware-25MB", bytes.clone()),
        infected("25MB-in-zip", zip(&[("x", &bytes)])),
        infected("25MB-in-zip-in-zip", nest(2, &bytes)),
    ]
}

/// A GIF of one pixel: small, and it gets thumbnails.
pub(super) fn picture() -> Vec<u8> {
    let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".to_vec();
    gif.extend(b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;");
    gif
}

impl Sample {
    /// Parts that no answer may contain, so that not even a piece gets out: known texts, the heads of archives, and the sample's middle.
    pub(super) fn marks(&self) -> Vec<Vec<u8>> {
        let middle = self.bytes.len() / 2;
        let known: [&[u8]; 4] = [b"EICAR-STANDARD", b"TEST-MALWARE-MARKER", LOCAL, b"\x1F\x8B\x08"];
        known.into_iter().map(<[u8]>::to_vec).chain([self.bytes[middle..middle + 16].to_vec()]).collect()
    }
}
