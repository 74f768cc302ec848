//! A client whose every answer is checked against the document.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;

use super::{openapi, server::Server};

/// What a request carries.
pub(crate) enum Body {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Value),
    /// Bytes with their type.
    Bytes(Vec<u8>, &'static str),
    /// A form.
    Form(Multipart),
}

/// A form, part by part in the order of the calls.
#[derive(Default)]
pub(crate) struct Multipart(Vec<u8>);

const BOUNDARY: &str = "test-boundary-5f1c";

impl Multipart {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn text(mut self, name: &str, value: &str) -> Self {
        self.0.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        self
    }

    pub(crate) fn file(mut self, name: &str, content_type: &str, bytes: &[u8]) -> Self {
        let disposition = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
        self.0.extend(format!("--{BOUNDARY}\r\n{disposition}\r\nContent-Type: {content_type}\r\n\r\n").bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend(b"\r\n");
        self
    }

    fn finish(mut self) -> Vec<u8> {
        self.0.extend(format!("--{BOUNDARY}--\r\n").bytes());
        self.0
    }
}

/// An answer that fits the document.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The text at a JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> String {
        let json = self.json();
        let found = json.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("no text at {pointer} in {json}")).to_owned()
    }

    /// The error's code; empty for a success.
    pub(crate) fn code(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// Panics unless the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// Panics unless it is this error.
    #[track_caller]
    pub(crate) fn expect_error(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{}", String::from_utf8_lossy(&self.body));
        self
    }
}

impl Server {
    /// Calls `/api/v1{path}` with the test's key.
    pub(crate) async fn api(&self, method: &str, path: &str, body: Body) -> Reply {
        self.api_as(Some(&self.key), method, path, body).await
    }

    /// As [`Server::api`], with another key or none.
    pub(crate) async fn api_as(&self, key: Option<&str>, method: &str, path: &str, body: Body) -> Reply {
        let bearer = key.map(|key| format!("Bearer {key}"));
        let headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
        self.send(method, &format!("{}/api/v1{path}", self.api_url), &headers, body).await
    }

    /// Calls any address of this server and checks the answer.
    pub(crate) async fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let mut request = self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = match body {
            Body::Empty => request,
            Body::Json(json) => request.header("content-type", "application/json").body(json.to_string()),
            Body::Bytes(bytes, content_type) => request.header("content-type", content_type).body(bytes),
            Body::Form(form) => {
                request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}")).body(form.finish())
            }
        };
        let mut response = request.send().await.unwrap_or_else(|error| panic!("{method} {url}: {error:?}"));
        let status = response.status().as_u16();
        let headers: BTreeMap<String, String> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let body = match headers.get("content-type").map(String::as_str) {
            // It goes on: what comes first is enough.
            Some("text/event-stream") => response.chunk().await.unwrap(),
            _ => Some(response.bytes().await.unwrap()),
        };
        let body = body.unwrap_or_default().to_vec();
        assert!(headers.contains_key("x-request-id"), "{method} {url} has no X-Request-Id");
        let path = reqwest::Url::parse(url).unwrap().path().to_owned();
        let content_type = headers.get("content-type").map(String::as_str).unwrap_or_default();
        openapi::check(method, &path, status, content_type, &body);
        Reply { status, headers, body }
    }
}
