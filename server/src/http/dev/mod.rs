//! What the dashboard's page `/dev/webhooks` asks: the inbox of `reupload dev`.
//!
//! It needs no login, so it is for this machine only: requests of others, through proxies, or under a foreign name (DNS rebinding) are
//! refused, and what changes something must come from the page itself.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Extension, Json,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    client::is_forwarded,
    error::ApiError,
    extract::{JsonBody, QueryParams},
};
use crate::{
    app::{
        App,
        dev_inbox::{Entry, Inbox},
    },
    domain::{
        ids::DeliveryId,
        refusal::{Code, Refusal},
    },
    shutdown::Shutdown,
};

/// The longest wait for a new entry; then the page asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(25);
/// Most bytes of a body that is received.
const MAX_BODY: usize = 1024 * 1024;
/// Most bytes of its headers.
const MAX_HEADERS: usize = 16 * 1024;

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

fn refused(why: &str) -> ApiError {
    ApiError::new(Code::PermissionDenied, why)
}

/// Lets in who is on this machine and calls it by a name of its own. An answer is data, and nothing in it runs.
pub(in crate::http) async fn only_on_this_machine(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let config = app.config();
    let headers = request.headers();
    let is_neighbour = peer.ip().to_canonical().is_loopback() || peer.ip() == config.api.listen.ip();
    let mut response = if !is_neighbour || is_forwarded(headers) {
        refused("The inbox is only for the machine that `reupload dev` runs on.").into_response()
    } else if !host(headers).is_some_and(|host| is_own_name(host, &config.api.public_url)) {
        refused("The inbox answers only to localhost and to the address that `reupload dev` prints.").into_response()
    } else {
        next.run(request).await
    };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// Whether a `Host` names this machine and nothing that anybody else can point here.
fn is_own_name(host: &str, public_url: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let is_public = public_url.split_once("://").is_some_and(|(_, own)| own.eq_ignore_ascii_case(host));
    is_public || name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Lets in only what the page itself sends: no form or script of another site can (CSRF).
pub(in crate::http) async fn only_from_the_page(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_own = match text(&SEC_FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => {
            text(&header::ORIGIN).and_then(|origin| origin.strip_prefix("http://")).is_some_and(|own| Some(own) == host(headers))
        }
    };
    let is_json = text(&header::CONTENT_TYPE).and_then(|kind| kind.split(';').next()) == Some("application/json");
    if !is_own || !is_json {
        return refused("Only the page of the inbox may do this, and it sends JSON.").into_response();
    }
    next.run(request).await
}

/// Where to read on.
#[derive(Deserialize)]
pub(in crate::http) struct EntriesQuery {
    after: Option<i64>,
}

/// What has come in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Entries {
    entries: Vec<Arc<Entry>>,
    first_upload: String,
}

/// All entries; or, with `after`, those behind that number, as soon as there is one.
pub(in crate::http) async fn entries(
    State(inbox): State<Inbox>,
    Extension(mut stop): Extension<Shutdown>,
    QueryParams(query): QueryParams<EntriesQuery>,
) -> Json<Entries> {
    let mut entries = inbox.after(query.after.unwrap_or(0));
    if let Some(after) = query.after.filter(|_| entries.is_empty()) {
        tokio::select! {
            () = inbox.wait_for(after) => {}
            () = tokio::time::sleep(LONGEST_WAIT) => {}
            () = stop.wait() => {}
        }
        entries = inbox.after(after);
    }
    Json(Entries { entries, first_upload: inbox.first_upload().to_owned() })
}

/// Which delivery to send again.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct Replay {
    delivery_id: DeliveryId,
}

/// Sends a delivery again.
pub(in crate::http) async fn replay(
    State(inbox): State<Inbox>,
    JsonBody { value: Replay { delivery_id }, .. }: JsonBody<Replay>,
) -> Result<StatusCode, ApiError> {
    inbox.replay(delivery_id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Which kind of event to send.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Test {
    r#type: String,
}

/// Sends an event that tells of nothing.
pub(in crate::http) async fn send_test(
    State(inbox): State<Inbox>,
    JsonBody { value: Test { r#type }, .. }: JsonBody<Test>,
) -> Result<StatusCode, ApiError> {
    let r#type = r#type.parse().map_err(|why| Refusal::invalid(format!("{why}.")))?;
    inbox.send_test(r#type).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Takes what the service posts to its own endpoint. A browser has no business here: any page could fill the inbox.
pub(in crate::http) async fn receive(State(inbox): State<Inbox>, headers: HeaderMap, body: Body) -> Result<StatusCode, ApiError> {
    if headers.contains_key(header::ORIGIN) || headers.contains_key(&SEC_FETCH_SITE) {
        return Err(refused("Webhooks come from a server, not from a browser."));
    }
    let malformed = |why: &str| ApiError::new(Code::MalformedRequest, why);
    if headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > MAX_HEADERS {
        return Err(malformed("The headers are larger than 16 KiB."));
    }
    let body = to_bytes(body, MAX_BODY).await.map_err(|_| malformed("The body could not be read, or is larger than 1 MiB."))?;
    let headers =
        headers.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
    inbox.receive(headers, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        let public = "http://192.168.1.5:4000";
        for own in
            ["192.168.1.5:4000", "localhost", "LOCALHOST:4000", "localhost:5000", "127.0.0.1:4000", "127.9.9.9", "[::1]:4000"]
        {
            assert!(is_own_name(own, public), "{own}");
        }
        for foreign in [
            "",
            "192.168.1.5",
            "192.168.1.5:4001",
            "evil.example:4000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "0.0.0.0:4000",
            "[::]:4000",
            "::1",
            "2130706433",
            "localhost ",
        ] {
            assert!(!is_own_name(foreign, public), "{foreign}");
        }
    }
}
