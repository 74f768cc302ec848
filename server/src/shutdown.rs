//! One signal to stop, seen by everybody who runs.

use tokio::sync::watch;

/// Says stop, once for all. Dropping it says stop too.
pub struct Trigger(watch::Sender<bool>);

/// Waits for the word.
#[derive(Clone)]
pub struct Shutdown(watch::Receiver<bool>);

/// A trigger and who listens to it.
pub fn channel() -> (Trigger, Shutdown) {
    let (tell, hear) = watch::channel(false);
    (Trigger(tell), Shutdown(hear))
}

impl Trigger {
    /// Says stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Shutdown {
    /// Returns when it is time to stop.
    pub async fn wait(&mut self) {
        // An error means that the trigger is gone, which is a stop too.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}
