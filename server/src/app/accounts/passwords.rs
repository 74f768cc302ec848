//! Hashing passwords, as many at once as there are processors: each takes 19 MiB and tens of milliseconds.
//!
//! Argon2id with the parameters that OWASP recommends ("Password Storage Cheat Sheet": m=19456, t=2, p=1), kept as a PHC string. When
//! they change, a password is hashed anew at its next right use.

use std::{num::NonZeroUsize, sync::Arc, thread::available_parallelism, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{Error as HashError, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{
    app::error::{Error, Result, unavailable},
    domain::{account::Password, clock::random_bytes},
};

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// What nobody's password has: a guess at an unknown account takes as long as one at a known.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(super) struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(available_parallelism().map_or(1, NonZeroUsize::get))))
    }
}

impl Passwords {
    /// The PHC string of a password under a fresh salt.
    pub(super) async fn hash(&self, password: &Password) -> Result<String> {
        let password = password.clone();
        self.take_turn(move || {
            let hash = hasher()?.hash_password_with_salt(password.as_bytes(), &random_bytes::<16>());
            Ok(hash.map_err(Error::internal)?.to_string())
        })
        .await
    }

    /// Whether a password is the one of this hash. Takes the same time if there is none.
    pub(super) async fn verify(&self, password: &Password, hash: Option<&str>) -> Result<bool> {
        let (password, hash) = (password.clone(), hash.unwrap_or(NOBODYS).to_owned());
        self.take_turn(move || match hasher()?.verify_password(password.as_bytes(), hash.as_str()) {
            Ok(()) => Ok(true),
            Err(HashError::PasswordInvalid) => Ok(false),
            Err(error) => Err(Error::internal(error)),
        })
        .await
    }

    async fn take_turn<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await.map_err(|_| unavailable())?;
        let turn = turn.map_err(Error::internal)?;
        // The work keeps its turn: it goes on when whoever asked has gone.
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(Error::internal)?
    }
}

/// Whether a hash was made as [`Passwords::hash`] makes them today.
pub(super) fn is_current(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let params = Params::try_from(&hash)
        .is_ok_and(|params| (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES));
    params && hash.algorithm.as_str() == Algorithm::Argon2id.as_str() && hash.version == Some(Version::V0x13.into())
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_of_one_password() {
        let passwords = Passwords::default();
        let (right, wrong) = (Password::new("correct horse"), Password::new("correct hors"));
        let hash = passwords.hash(&right).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash(&right).await.unwrap(), "each has its own salt");
        assert!(passwords.verify(&right, Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&wrong, Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&right, None).await.unwrap());
        assert!(passwords.verify(&right, Some("plain")).await.is_err());
    }

    #[tokio::test]
    async fn a_guess_at_an_unknown_account_takes_a_turn_too() {
        let busy = Passwords(Arc::new(Semaphore::new(1)));
        busy.0.close();
        for hash in [Some(NOBODYS), None] {
            assert!(busy.verify(&Password::new("correct horse"), hash).await.is_err(), "{hash:?} was answered without hashing");
        }
    }

    #[tokio::test]
    async fn a_turn_lasts_as_long_as_its_work_whoever_has_gone() {
        let passwords = Passwords(Arc::new(Semaphore::new(1)));
        let (begun, (go_on, wait)) = (Arc::new(tokio::sync::Notify::new()), std::sync::mpsc::channel::<()>());
        let says = Arc::clone(&begun);
        let asked = passwords.take_turn(move || {
            says.notify_one();
            wait.recv().map_err(Error::internal)
        });
        tokio::select! {
            _ = asked => panic!("it waits"),
            () = begun.notified() => {}
        }
        assert_eq!(passwords.0.available_permits(), 0);
        go_on.send(()).unwrap();
        drop(passwords.0.acquire().await.unwrap());
    }

    #[test]
    fn other_parameters_are_not_current() {
        assert!(is_current(NOBODYS), "an unknown account must cost what a known does");
        for (from, to) in [("m=19456", "m=4096"), ("t=2", "t=3"), ("p=1", "p=2"), ("argon2id", "argon2i"), ("v=19", "v=16")] {
            assert!(!is_current(&NOBODYS.replace(from, to)), "{to}");
        }
    }
}
