//! The cookie of a login.
//!
//! By https its name has the prefix `__Host-`, so that no other host and no plain http can set it (RFC 6265bis, section 4.1.3.2). By
//! http it works on this machine only: a cookie that travels in the clear is anybody's.

use std::{net::IpAddr, time::Duration};

use axum::http::{HeaderMap, HeaderValue, header};
use url::{Host, Url};

use crate::{
    domain::{
        account::Token,
        refusal::{Code, Refusal},
    },
    http::error::ApiError,
};

const SECURE: &str = "__Host-reupload";
const LOCAL: &str = "reupload-login";

/// How the cookie looks where the API is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    is_secure: bool,
}

impl Form {
    /// For `api.public_url`. Refuses (`PERMISSION_DENIED`) plain http to other machines.
    pub(super) fn of(public_url: &str) -> Result<Self, Refusal> {
        let url = Url::parse(public_url).ok();
        let is_secure = url.as_ref().is_some_and(|url| url.scheme() == "https");
        let is_here = match url.as_ref().and_then(Url::host) {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            None => false,
        };
        if is_secure || is_here {
            return Ok(Self { is_secure });
        }
        let why =
            "Signing in needs https: set api.public_url to an https:// address, or use the dashboard on the machine itself.";
        Err(Refusal::new(Code::PermissionDenied, why))
    }

    const fn name(self) -> &'static str {
        if self.is_secure { SECURE } else { LOCAL }
    }

    /// The token in a request; of several with the name, the first.
    pub(super) fn read(self, headers: &HeaderMap) -> Option<&str> {
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.name()).map(|(_, token)| token)
    }

    /// The header that sets it.
    pub(super) fn set(self, token: &Token, life: Duration) -> Result<HeaderValue, ApiError> {
        self.line(token.reveal(), life.as_secs())
    }

    /// The header that takes it away.
    pub(super) fn clear(self) -> Result<HeaderValue, ApiError> {
        self.line("", 0)
    }

    fn line(self, value: &str, seconds: u64) -> Result<HeaderValue, ApiError> {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let line = format!("{}={value}; Path=/; Max-Age={seconds}{secure}; HttpOnly; SameSite=Lax", self.name());
        let mut value = HeaderValue::from_str(&line).map_err(|_| ApiError::internal())?;
        value.set_sensitive(true);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_this_machine_have_cookies_and_nobody_else() {
        for (url, name) in [
            ("https://files.example.com", Some(SECURE)),
            ("https://localhost:4000", Some(SECURE)),
            ("http://localhost:4000", Some(LOCAL)),
            ("http://app.localhost", Some(LOCAL)),
            ("http://127.0.0.2:4000", Some(LOCAL)),
            ("http://[::1]:4000", Some(LOCAL)),
            ("http://10.0.0.1:4000", None),
            ("http://files.example.com", None),
            ("http://localhost.example.com", None),
        ] {
            assert_eq!(Form::of(url).ok().map(Form::name), name, "{url}");
        }
    }

    #[test]
    fn the_header_has_what_keeps_the_token_in() {
        let (token, life) = (Token::generate(), Duration::from_mins(1));
        let line = |url| Form::of(url).unwrap().set(&token, life).unwrap().to_str().unwrap().to_owned();
        let secret = token.reveal();
        let expected = format!("__Host-reupload={secret}; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax");
        assert_eq!(line("https://a.example"), expected);
        assert_eq!(line("http://localhost"), format!("reupload-login={secret}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; reupload-loginx=no; reupload-login=yes; b=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("reupload-login=later"));
        assert_eq!(Form { is_secure: false }.read(&headers), Some("yes"));
        assert_eq!(Form { is_secure: true }.read(&headers), None);
    }
}
