//! `multipart/form-data` (RFC 7578), streamed part by part with every part of it bounded.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    extract::{FromRequest, Request},
    http::header,
};
use futures_util::StreamExt;
use multer::{Field, Multipart};

use crate::{
    domain::refusal::{Code, Refusal},
    http::error::ApiError,
};

/// How much may arrive between the end of one part's bytes and the start of the next one's: a boundary, headers, a
/// socket's buffer. The parser alone would keep headers of any length in memory.
const BETWEEN_PARTS: i64 = 1024 * 1024;
/// How many bytes the parser may look at meanwhile. It looks at all that it keeps again with each piece that arrives, so a body that
/// trickles in would cost the square of its length.
const MAX_LOOKS: i64 = 16 * 1024 * 1024;
/// The longest text field in bytes.
const MAX_TEXT: usize = 64 * 1024;
/// Most parts of a form.
const MAX_PARTS: usize = 1100;

/// A form on its way in.
pub(in crate::http) struct Form {
    parser: Multipart<'static>,
    allowance: Arc<Allowance>,
    parts: usize,
    length: Option<u64>,
}

/// A part of a form.
pub(in crate::http) struct Part {
    field: Field<'static>,
    allowance: Arc<Allowance>,
}

/// What may still come before something must have happened.
#[derive(Default)]
struct Allowance {
    bytes: AtomicI64,
    looks: AtomicI64,
}

impl Allowance {
    fn renew(&self) {
        self.bytes.store(BETWEEN_PARTS, Ordering::Relaxed);
        self.looks.store(MAX_LOOKS, Ordering::Relaxed);
    }

    fn lift(&self) {
        self.bytes.store(i64::MAX, Ordering::Relaxed);
    }

    /// Whether a piece of so many bytes may come.
    fn admit(&self, length: usize) -> bool {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let bytes = self.bytes.fetch_sub(length, Ordering::Relaxed).saturating_sub(length);
        // Below zero if lifted.
        let kept = (BETWEEN_PARTS - bytes).max(0);
        let looks = self.looks.fetch_sub(kept, Ordering::Relaxed).saturating_sub(kept);
        bytes >= 0 && looks >= 0
    }
}

fn malformed(why: impl std::fmt::Display) -> ApiError {
    ApiError::new(Code::MalformedRequest, format!("The multipart body cannot be read: {why}."))
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = content_type.and_then(|text| multer::parse_boundary(text).ok());
        let Some(boundary) = boundary else {
            return Err(malformed("Content-Type must be multipart/form-data with a boundary"));
        };
        let length = http_body::Body::size_hint(request.body()).exact();
        let allowance = Arc::new(Allowance::default());
        let left = Arc::clone(&allowance);
        let body = request.into_body().into_data_stream().map(move |piece| {
            let piece = piece.map_err(io::Error::other)?;
            match left.admit(piece.len()) {
                true => Ok(piece),
                false => Err(io::Error::other("the headers of a part are too long, or come in too small pieces")),
            }
        });
        Ok(Self { parser: Multipart::new(body, boundary), allowance, parts: 0, length })
    }
}

impl Form {
    /// Bytes of the whole body, if the request says.
    pub(in crate::http) const fn length(&self) -> Option<u64> {
        self.length
    }

    /// The next part, once the one before has been read to its end.
    pub(in crate::http) async fn next(&mut self) -> Result<Option<Part>, ApiError> {
        self.allowance.renew();
        let field = self.parser.next_field().await.map_err(malformed)?;
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(malformed("it has too many parts"));
        }
        Ok(field.map(|field| Part { field, allowance: Arc::clone(&self.allowance) }))
    }
}

impl Part {
    /// Its field name.
    pub(in crate::http) fn name(&self) -> &str {
        self.field.name().unwrap_or_default()
    }

    /// Its file name as its owner knows it, if it has one.
    ///
    /// Browsers, and the HTTP clients that follow them, write three characters of a name in another form (WHATWG HTML,
    /// "multipart/form-data encoding algorithm") and leave `%` as it is, so that a name that truly contains `%22` cannot be told apart.
    pub(in crate::http) fn file_name(&self) -> Option<String> {
        let name = self.field.file_name()?;
        Some(name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"))
    }

    /// Its declared type.
    pub(in crate::http) fn content_type(&self) -> Option<&str> {
        self.field.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// More of its bytes.
    pub(in crate::http) async fn chunk(&mut self) -> Result<Option<bytes::Bytes>, ApiError> {
        // Whoever reads the bytes bounds them.
        self.allowance.lift();
        self.field.chunk().await.map_err(malformed)
    }

    /// All of a text field.
    pub(in crate::http) async fn text(mut self) -> Result<String, ApiError> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.chunk().await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > MAX_TEXT {
                return Err(ApiError(Refusal::invalid(format!("The field {:?} is longer than 64 KiB.", self.name()))));
            }
        }
        String::from_utf8(bytes).map_err(|_| ApiError(Refusal::invalid(format!("The field {:?} is not UTF-8.", self.name()))))
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, sync::atomic::AtomicUsize};

    use axum::body::Body;
    use bytes::Bytes;
    use futures_util::stream;

    use super::*;

    /// A form that comes byte by byte, each at another poll, and how many bytes were taken.
    async fn trickle(body: Vec<u8>) -> (Form, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let pieces = stream::iter(body).then(move |byte| {
            count.fetch_add(1, Ordering::Relaxed);
            async move {
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(Bytes::from(vec![byte]))
            }
        });
        let request = Request::builder().header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        let form = Form::from_request(request.body(Body::from_stream(pieces)).unwrap(), &()).await.unwrap();
        (form, taken)
    }

    #[tokio::test]
    async fn a_form_may_come_byte_by_byte() {
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"";
        let (mut form, _) = trickle(format!("{head}{}\"\r\n\r\nhello\r\n--b--\r\n", "x".repeat(512)).into()).await;
        assert_eq!(form.next().await.unwrap().unwrap().text().await.unwrap(), "hello");
        assert!(form.next().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_trickles_in_between_parts_is_not_looked_at_for_ever() {
        for start in ["", "--b\r\nX: "] {
            let (mut form, taken) = trickle([start.as_bytes(), &[b'-'; 10_000]].concat()).await;
            assert!(form.next().await.is_err());
            // Looking at n bytes after each of them is n²/2.
            assert!(taken.load(Ordering::Relaxed) < 6000, "{taken:?} bytes were taken");
        }
    }
}
