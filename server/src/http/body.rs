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

/// What is read of a body after an early answer, so that the client sees the answer instead of a reset connection.
const DRAIN_BYTES: usize = 4 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(2);

/// A body with a limit on pauses. Given up half way, it reads a little on in the background.
struct Guarded {
    inner: Option<Body>,
    idle: Duration,
    deadline: Pin<Box<Sleep>>,
    ended: bool,
}

/// Puts the guard around a request's body. Small known bodies of nothing pass as they are.
pub(super) async fn guard(State(idle): State<Duration>, request: Request, next: Next) -> Response {
    let guarded = request.map(|body| {
        if http_body::Body::is_end_stream(&body) {
            return body;
        }
        Body::new(Guarded { inner: Some(body), idle, deadline: Box::pin(sleep(idle)), ended: false })
    });
    next.run(guarded).await
}

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        let Some(inner) = &mut this.inner else { return Poll::Ready(None) };
        if let Poll::Ready(frame) = Pin::new(inner).poll_frame(cx) {
            this.ended = !matches!(frame, Some(Ok(_)));
            this.deadline.as_mut().reset(Instant::now() + this.idle);
            return Poll::Ready(frame.map(|outcome| outcome.map_err(Into::into)));
        }
        ready!(this.deadline.as_mut().poll(cx));
        this.ended = true;
        Poll::Ready(Some(Err(format!("nothing arrived for {} s", this.idle.as_secs_f32()).into())))
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
