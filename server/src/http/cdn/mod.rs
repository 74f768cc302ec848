//! The CDN host: bytes in by signed PUT, bytes out by public or signed URL. No keys, no cookies, never the dashboard.

mod cors;
pub(super) mod get;
pub(super) mod put;
mod range;
