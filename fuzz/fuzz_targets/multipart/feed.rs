//! A body that comes as hyper gives it to a handler: at most one piece each time the handler is polled, because the task that reads
//! the socket is the same. What is read of it at once is what memory is needed for.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use futures_util::Stream;

/// Seen from outside the body.
#[derive(Clone, Default)]
pub(crate) struct Meter(Arc<Counts>);

#[derive(Default)]
struct Counts {
    /// Bytes that left the body.
    pulled: AtomicUsize,
    /// How often the reader was polled.
    polls: AtomicUsize,
    /// The poll in which the body last had nothing to give: then the reader will be woken.
    waited: AtomicUsize,
}

impl Meter {
    pub(crate) fn pulled(&self) -> usize {
        self.0.pulled.load(Relaxed)
    }
}

pub(crate) struct Feed {
    pieces: VecDeque<Bytes>,
    meter: Meter,
    fed: usize,
}

impl Feed {
    pub(crate) fn new(pieces: Vec<Bytes>, meter: &Meter) -> Self {
        Self { pieces: pieces.into(), meter: meter.clone(), fed: 0 }
    }
}

impl Stream for Feed {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let counts = Arc::clone(&self.meter.0);
        let poll = counts.polls.load(Relaxed);
        if self.fed == poll && !self.pieces.is_empty() {
            counts.waited.store(poll, Relaxed);
            return Poll::Pending;
        }
        self.fed = poll;
        let piece = self.pieces.pop_front();
        counts.pulled.fetch_add(piece.as_ref().map_or(0, Bytes::len), Relaxed);
        Poll::Ready(piece.map(Ok))
    }
}

/// Polls to the end. A reader that waits although nothing will wake it would hang for ever.
pub(crate) fn drive<T>(meter: &Meter, reader: impl Future<Output = T>) -> T {
    let mut reader = pin!(reader);
    loop {
        let poll = meter.0.polls.fetch_add(1, Relaxed) + 1;
        if let Poll::Ready(outcome) = reader.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return outcome;
        }
        assert_eq!(meter.0.waited.load(Relaxed), poll, "the reader waits for nothing");
    }
}
