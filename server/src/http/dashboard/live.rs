//! `/workspaces/{workspaceId}/live`: tells an open page when to ask again.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{StreamExt, stream};

use super::{
    auth::{In, SignedIn, Viewer},
    types::DashboardErrors,
};
use crate::{app::App, http::error::ApiError, shutdown::Shutdown};

/// Without a word for so long, proxies begin to think that the server is gone.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);
/// When the browser tries again after the stream was cut.
const RETRY: Duration = Duration::from_secs(2);

/// Follow what changes
///
/// A stream of events (HTML, "Server-sent events"): `upload`, `file` or `delivery`, with `{}` as data, when something of that kind may
/// have changed in the workspace, at once or a second later. They are hints: ask for what is on screen again. A comment comes at least
/// every 20 seconds. The stream ends when the login does, within 5 seconds, and when the server stops. One login may have 16 open.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/live", tag = "live", extensions(("x-role" = json!("viewer"))),
    params(("workspaceId" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/event-stream"), DashboardErrors))]
pub(in crate::http) async fn live(
    State(app): State<App>,
    Extension(stop): Extension<Shutdown>,
    can: In<Viewer>,
    me: SignedIn,
) -> Result<Response, ApiError> {
    let watch = app.live.watch(me.who, can.scope.workspace).await?;
    let hints = stream::unfold(watch, |mut watch| async {
        // Whatever the reason, the browser comes back and is told it then.
        let changed = watch.next().await.ok()?;
        Some((stream::iter(changed.into_iter().map(|kind| Event::default().event(kind.as_str()).data("{}"))), watch))
    });
    // Something at once, so that proxies pass the answer's head on.
    let begin = stream::iter([Event::default().retry(RETRY).comment("following")]);
    let hints = begin.chain(hints.flatten()).map(Ok::<_, Infallible>);
    let stopped = async move {
        let mut stop = stop;
        stop.wait().await;
    };
    let mut response = Sse::new(hints.take_until(stopped)).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would keep the hints back until they fill a buffer.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}
