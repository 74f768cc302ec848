//! Request bodies that neither hang nor get cut off rudely.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use futures_util::StreamExt;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// What is read of a body after an early answer, so that the client sees the answer instead of a reset connection: a client
/// that sends all before it reads (asyncio, browsers) loses what was answered when we close. As long as nginx's
/// `lingering_time`.
const DRAIN_BYTES: usize = 1024 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(30);

/// How long we wait for a body in all, beside what its bytes earn.
const PATIENCE: Duration = Duration::from_mins(1);
/// For so many bytes we wait one second more: the least rate of a body, in bytes a second.
const LEAST_RATE: u32 = 1024;

/// A body with a limit on pauses and a least rate. Given up half way, it reads a little on in the background.
struct Guarded {
    inner: Option<Body>,
    idle: Duration,
    /// How much longer we wait, all pauses together. Only waiting uses it up, so a slow disk of ours is not the client's fault.
    patience: Duration,
    /// The most that it can be.
    most: Duration,
    waits_since: Option<Instant>,
    deadline: Pin<Box<Sleep>>,
    ended: bool,
}

/// Puts the guard around a request's body. Small known bodies of nothing pass as they are.
pub(super) async fn guard(State(idle): State<Duration>, request: Request, next: Next) -> Response {
    let guarded = request.map(|body| {
        if http_body::Body::is_end_stream(&body) {
            return body;
        }
        Body::new(Guarded::new(body, idle, PATIENCE.max(idle)))
    });
    next.run(guarded).await
}

impl Guarded {
    fn new(body: Body, idle: Duration, most: Duration) -> Self {
        Self { inner: Some(body), idle, patience: most, most, waits_since: None, deadline: Box::pin(sleep(idle)), ended: false }
    }

    /// Ends a pause; what came earns patience, up to that of the start.
    fn earn(&mut self, bytes: usize) {
        let waited = self.waits_since.take().map(|since| since.elapsed()).unwrap_or_default();
        let earned = Duration::from_secs(1) * u32::try_from(bytes).unwrap_or(u32::MAX) / LEAST_RATE;
        self.patience = (self.patience.saturating_sub(waited) + earned).min(self.most);
    }
}

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        let Some(inner) = &mut this.inner else { return Poll::Ready(None) };
        if let Poll::Ready(frame) = Pin::new(inner).poll_frame(cx) {
            this.ended = !matches!(frame, Some(Ok(_)));
            let bytes = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref().map(Bytes::len));
            this.earn(bytes.unwrap_or_default());
            return Poll::Ready(frame.map(|outcome| outcome.map_err(Into::into)));
        }
        if this.waits_since.is_none() {
            let now = Instant::now();
            this.waits_since = Some(now);
            this.deadline.as_mut().reset(now + this.idle.min(this.patience));
        }
        ready!(this.deadline.as_mut().poll(cx));
        this.ended = true;
        let why = match this.patience < this.idle {
            true => format!("it came with less than {LEAST_RATE} bytes a second"),
            false => format!("nothing arrived for {} s", this.idle.as_secs_f32()),
        };
        Poll::Ready(Some(Err(why.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(http_body::Body::size_hint).unwrap_or_default()
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let Some(body) = self.inner.take().filter(|body| !self.ended && !http_body::Body::is_end_stream(body)) else { return };
        if tokio::runtime::Handle::try_current().is_ok() {
            tokio::spawn(tokio::time::timeout(DRAIN_TIME, drain(body)));
        }
    }
}

async fn drain(body: Body) {
    let mut pieces = body.into_data_stream();
    let mut drained = 0;
    while let Some(Ok(piece)) = pieces.next().await {
        drained += piece.len();
        if drained > DRAIN_BYTES {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes of `pieces` come through, one piece every `pause`, with the patience of ten pauses.
    async fn through(pieces: usize, length: usize, pause: Duration) -> usize {
        let trickle = futures_util::stream::unfold(0, move |sent| async move {
            tokio::time::sleep(pause).await;
            (sent < pieces).then(|| (Ok::<_, std::io::Error>(Bytes::from(vec![0; length])), sent + 1))
        });
        let guarded = Guarded::new(Body::from_stream(trickle), Duration::from_secs(30), pause * 10);
        let mut body = Body::new(guarded).into_data_stream();
        let mut came = 0;
        while let Some(Ok(piece)) = body.next().await {
            came += piece.len();
        }
        came
    }

    #[tokio::test]
    async fn a_body_that_trickles_is_cut_off_and_a_slow_one_is_not() {
        // Long pauses: being preempted for some milliseconds must not let an eleventh byte in.
        let came = through(100, 1, Duration::from_millis(100)).await;
        assert!((1..=10).contains(&came), "{came} bytes, one every 100 ms");
        let pause = Duration::from_millis(20);
        assert_eq!(through(30, 1024, pause).await, 30 * 1024, "as long in all, with enough in it");
    }
}
