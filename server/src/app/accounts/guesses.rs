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
    email: String,
}

impl Core {
    /// Counts a guess at a password before it is compared. Refuses (`RATE_LIMITED`) while account or network must wait.
    pub(super) async fn guess(&self, email: &Email, client: &Client) -> Result<Guess> {
        let guess = Guess { network: format!("address:{}", client.network), email: format!("email:{}", email.as_str()) };
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        // Always in this order, so that two guesses never wait for each other in a circle.
        for subject in [&guess.network, &guess.email] {
            let counted = tx.lock_failures(subject, now).await?.guess(now).map_err(wait)?;
            tx.set_failures(subject, counted).await?;
        }
        tx.commit().await?;
        Ok(guess)
    }
}

impl Guess {
    /// It was right: the account begins anew, and the network has one failure less.
    pub(super) async fn was_right(self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        let counted = tx.lock_failures(&self.network, now).await?;
        tx.set_failures(&self.network, counted.forgive(now)).await?;
        Ok(tx.clear_failures(&self.email).await?)
    }
}

fn wait(time: chrono::Duration) -> Refusal {
    // Rounded up: who waits that long is let in.
    let seconds = time.num_milliseconds().unsigned_abs().div_ceil(1000).max(1);
    let message = format!("Too many wrong passwords. Try again in {seconds} s.");
    Refusal::new(Code::RateLimited, message).with("retryAfter", seconds)
}
