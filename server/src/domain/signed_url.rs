//! Upload tokens and signed download URLs.
//!
//! Each purpose has a key of its own, derived from the master key, so a download signature is never an upload token. A
//! signature names its key (`kid`): a new master key is put in front of the ring, the old ones stay until the last
//! URL that they signed has expired.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{
    clock::{Timestamp, random_bytes},
    file::Variant,
    ids::{FileId, UploadId},
    refusal::{Code, Refusal},
};

/// HMAC-SHA256 (RFC 2104) of `message`.
#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// A master key and the name that signatures carry.
#[derive(Clone)]
pub struct MasterKey {
    kid: String,
    secret: [u8; 32],
}

impl MasterKey {
    /// A new random key, named by 8 random hex digits.
    pub fn generate() -> Self {
        Self { kid: hex::encode(random_bytes::<4>()), secret: random_bytes() }
    }

    /// Reads `kid:hex` (the kid of 1 to 32 letters and digits, the key of 64 hex digits).
    pub fn parse(line: &str) -> Option<Self> {
        let (kid, hex_secret) = line.trim().split_once(':')?;
        let named = (1..=32).contains(&kid.len()) && kid.bytes().all(|b| b.is_ascii_alphanumeric());
        let secret = hex::decode(hex_secret).ok()?.try_into().ok()?;
        named.then(|| Self { kid: kid.to_owned(), secret })
    }

    /// The line that [`MasterKey::parse`] reads.
    pub fn to_line(&self) -> String {
        format!("{}:{}", self.kid, hex::encode(self.secret))
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac_sha256(&self.secret, purpose.as_bytes())
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({}, …)", self.kid)
    }
}

struct RingKey {
    kid: String,
    upload: [u8; 32],
    download: [u8; 32],
}

/// The keys that sign (the first) and verify (all).
pub struct Keyring(Vec<RingKey>);

/// What a download signature covers. A HEAD is covered by its GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DownloadGrant {
    /// The file.
    pub file: FileId,
    /// Which picture of it.
    pub variant: Variant,
    /// Whether as an attachment.
    pub download: bool,
    /// Until when, in Unix seconds.
    pub expires: i64,
}

impl DownloadGrant {
    fn message(&self) -> String {
        let Self { file, variant, download, expires } = self;
        format!("GET\n{file}\n{}\n{download}\n{expires}", variant.as_str())
    }
}

fn invalid_signature(what: &str) -> Refusal {
    Refusal::new(Code::InvalidSignature, format!("The signature of this {what} is not valid."))
}

impl Keyring {
    /// A ring whose first key signs. Refuses an empty list.
    pub fn new(keys: &[MasterKey]) -> Result<Self, String> {
        if keys.is_empty() {
            return Err("at least one master key is needed".to_owned());
        }
        let derive = |key: &MasterKey| RingKey {
            kid: key.kid.clone(),
            upload: key.derive("reupload upload token v1"),
            download: key.derive("reupload download url v1"),
        };
        Ok(Self(keys.iter().map(derive).collect()))
    }

    fn find(&self, kid: &str) -> Option<&RingKey> {
        self.0.iter().find(|key| key.kid == kid)
    }

    /// The token of a session's `uploadUrl`. How long it lives, the session's row says.
    pub fn upload_token(&self, upload: UploadId) -> String {
        let key = &self.0[0];
        let mac = hmac_sha256(&key.upload, upload.0.as_bytes());
        format!("{}.{}.{}", key.kid, upload.0.simple(), URL_SAFE_NO_PAD.encode(mac))
    }

    /// The session that a token is for. Touches no database, so a forged token costs nothing.
    pub fn verify_upload_token(&self, token: &str) -> Result<UploadId, Refusal> {
        let refused = || invalid_signature("upload URL");
        let parts: Vec<&str> = token.split('.').collect();
        let [kid, id, mac] = parts[..] else { return Err(refused()) };
        let key = self.find(kid).ok_or_else(refused)?;
        let upload: UploadId = id.parse().map_err(|_| refused())?;
        let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| refused())?;
        let matches: bool = hmac_sha256(&key.upload, upload.0.as_bytes()).ct_eq(&mac).into();
        // One spelling only: a token is compared as text elsewhere (logs, caches).
        if matches && id == upload.0.simple().to_string() { Ok(upload) } else { Err(refused()) }
    }

    /// `kid` and `sig` for a grant.
    pub fn sign_download(&self, grant: &DownloadGrant) -> (&str, String) {
        let key = &self.0[0];
        (&key.kid, URL_SAFE_NO_PAD.encode(hmac_sha256(&key.download, grant.message().as_bytes())))
    }

    /// Checks a signature, then its expiry: `INVALID_SIGNATURE` or `URL_EXPIRED`.
    pub fn verify_download(&self, grant: &DownloadGrant, kid: &str, sig: &str, now: Timestamp) -> Result<(), Refusal> {
        let refused = || invalid_signature("URL");
        let key = self.find(kid).ok_or_else(refused)?;
        let mac = URL_SAFE_NO_PAD.decode(sig).map_err(|_| refused())?;
        let matches: bool = hmac_sha256(&key.download, grant.message().as_bytes()).ct_eq(&mac).into();
        if !matches {
            return Err(refused());
        }
        if now.timestamp() >= grant.expires {
            return Err(Refusal::new(Code::UrlExpired, "This URL has expired. Ask the app for a new one."));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn ring() -> Keyring {
        Keyring::new(&[MasterKey::generate()]).unwrap()
    }

    #[test]
    fn a_master_key_line_round_trips() {
        let key = MasterKey::generate();
        assert_eq!(MasterKey::parse(&key.to_line()).unwrap().to_line(), key.to_line());
        for bad in ["", "k1", "k1:zz", "k.1:00", ":00"] {
            assert!(MasterKey::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn every_changed_character_of_a_token_is_refused() {
        let ring = ring();
        let upload = UploadId::new(DateTime::UNIX_EPOCH);
        let token = ring.upload_token(upload);
        assert_eq!(ring.verify_upload_token(&token), Ok(upload));
        for position in 0..token.len() {
            for replacement in [b'a', b'B', b'0', b'.', b'-'] {
                let mut forged = token.clone().into_bytes();
                if forged[position] == replacement {
                    continue;
                }
                forged[position] = replacement;
                let forged = String::from_utf8(forged).unwrap();
                assert!(ring.verify_upload_token(&forged).is_err(), "{forged}");
            }
        }
        let other = Keyring::new(&[MasterKey::generate()]).unwrap();
        assert!(other.verify_upload_token(&token).is_err());
    }

    #[test]
    fn a_download_signature_binds_everything() {
        let ring = ring();
        let now = DateTime::UNIX_EPOCH;
        let grant = DownloadGrant { file: FileId::new(now), variant: Variant::Original, download: false, expires: 60 };
        let (kid, sig) = ring.sign_download(&grant);
        assert_eq!(ring.verify_download(&grant, kid, &sig, now), Ok(()));
        let mutants = [
            DownloadGrant { file: FileId::new(now), ..grant },
            DownloadGrant { variant: Variant::Thumb64, ..grant },
            DownloadGrant { download: true, ..grant },
            DownloadGrant { expires: 61, ..grant },
        ];
        for mutant in mutants {
            let refused = ring.verify_download(&mutant, kid, &sig, now).unwrap_err();
            assert_eq!(refused.code, Code::InvalidSignature, "{mutant:?}");
        }
        let late = ring.verify_download(&grant, kid, &sig, now + chrono::Duration::seconds(60));
        assert_eq!(late.unwrap_err().code, Code::UrlExpired);
        assert!(ring.verify_download(&grant, "other", &sig, now).is_err());
        assert!(ring.verify_download(&grant, kid, "", now).is_err());
    }

    #[test]
    fn a_new_key_in_front_keeps_old_signatures_alive() {
        let (old, new) = (MasterKey::generate(), MasterKey::generate());
        let upload = UploadId::new(DateTime::UNIX_EPOCH);
        let token = Keyring::new(std::slice::from_ref(&old)).unwrap().upload_token(upload);
        let rotated = Keyring::new(&[new.clone(), old]).unwrap();
        assert_eq!(rotated.verify_upload_token(&token), Ok(upload));
        assert!(Keyring::new(&[new]).unwrap().verify_upload_token(&token).is_err());
    }
}
