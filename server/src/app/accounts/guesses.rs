//! Counting guesses at passwords, over all nodes: by account and by network (`domain/throttle.rs` says how many).

use super::Client;
use crate::{
    app::{core::Core, error::Result},
    domain::{
        account::Email,
        clock::Timestamp,
        refusal::{Code, Refusal},
    },
    store::Tx,
};

/// A guess that counts as failed until it is taken back.
pub(super) struct Guess {
    network: String,
    /// The account that it is at, if it is at one.
    email: Option<String>,
}

impl Core {
    /// Counts a guess at a password before it is compared. Refuses (`RATE_LIMITED`) while account or network must wait.
    pub(super) async fn guess(&self, email: &Email, client: &Client) -> Result<Guess> {
        self.count(Guess::of(client, Some(email))).await
    }

    /// The same of a guess at whether there is an account: it counts for the network alone.
    pub(super) async fn guess_by(&self, client: &Client) -> Result<Guess> {
        self.count(Guess::of(client, None)).await
    }

    async fn count(&self, guess: Guess) -> Result<Guess> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        for subject in guess.subjects() {
            let counted = tx.lock_failures(subject, now).await?.guess(now).map_err(wait)?;
            tx.set_failures(subject, counted).await?;
        }
        tx.commit().await?;
        Ok(guess)
    }
}

impl Guess {
    fn of(client: &Client, email: Option<&Email>) -> Self {
        Self { network: format!("address:{}", client.network), email: email.map(|email| format!("email:{}", email.as_str())) }
    }

    /// Always in this order, so that two guesses never wait for each other in a circle.
    fn subjects(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.network).chain(&self.email)
    }

    /// It was never compared, as on a server that is too busy: nobody has failed.
    pub(super) async fn take_back(self, core: &Core) -> Result<()> {
        let now = core.clock.now();
        let mut tx = core.db.begin().await?;
        for subject in self.subjects() {
            let counted = tx.lock_failures(subject, now).await?;
            tx.set_failures(subject, counted.forgive(now)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// It was right: the account begins anew, and the network has one failure less.
    pub(super) async fn was_right(self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        let counted = tx.lock_failures(&self.network, now).await?;
        tx.set_failures(&self.network, counted.forgive(now)).await?;
        match &self.email {
            Some(email) => Ok(tx.clear_failures(email).await?),
            None => Ok(()),
        }
    }
}

fn wait(time: chrono::Duration) -> Refusal {
    // Rounded up: who waits that long is let in.
    let seconds = time.num_milliseconds().unsigned_abs().div_ceil(1000).max(1);
    let message = format!("Too many failed tries. Try again in {seconds} s.");
    Refusal::new(Code::RateLimited, message).with("retryAfter", seconds)
}
