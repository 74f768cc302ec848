//! The surroundings of `server/src/http/extract/form.rs`, which is compiled here as it is, and a reader that uses it as the service does.

#[path = "../../../server/src/http/extract/form.rs"]
mod form;

pub(crate) mod error {
    //! Stands in for the service's own, which needs all of the service.

    use axum::response::{IntoResponse, Response};
    use reupload::domain::refusal::{Code, Refusal};

    pub(crate) struct ApiError(pub(crate) Refusal);

    impl ApiError {
        pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
            Self(Refusal::new(code, message))
        }
    }

    impl IntoResponse for ApiError {
        fn into_response(self) -> Response {
            self.0.message.into_response()
        }
    }
}

use axum::{body::Body, extract::FromRequest, http::Request};
use bytes::Bytes;

use self::{error::ApiError, form::Form};
use crate::feed::{Feed, Meter, drive};

/// What may arrive between two parts, as `form.rs` has it.
const BETWEEN_PARTS: usize = 1024 * 1024;

/// A part that was read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// The parts of a body that arrives in these pieces, and whether it was read without an error.
pub(crate) fn read(content_type: &[u8], pieces: Vec<Bytes>) -> (Vec<Read>, bool) {
    let meter = Meter::default();
    let largest = pieces.iter().map(Bytes::len).max().unwrap_or(0);
    let mut parts = Vec::new();
    let body = Body::from_stream(Feed::new(pieces, &meter));
    let Ok(request) = Request::builder().header("content-type", content_type).body(body) else { return (parts, false) };
    let outcome = drive(&meter, read_form(request, &meter, largest + content_type.len() + 8, &mut parts));
    (parts, outcome.is_ok())
}

/// `most` is what one look for more of a part's bytes may take in.
async fn read_form(request: Request<Body>, meter: &Meter, most: usize, parts: &mut Vec<Read>) -> Result<(), ApiError> {
    let mut form = Form::from_request(request, &()).await?;
    assert_eq!(form.length(), None);
    loop {
        let before = meter.pulled();
        let part = form.next().await;
        assert!(meter.pulled() - before <= BETWEEN_PARTS + most, "{} bytes were kept between parts", meter.pulled() - before);
        let Some(mut part) = part? else { return Ok(()) };
        let (name, file_name) = (part.name().to_owned(), part.file_name());
        let content_type = part.content_type().map(str::to_owned);
        let mut bytes = Vec::new();
        if name == "file" {
            loop {
                let before = meter.pulled();
                let piece = part.chunk().await;
                assert!(meter.pulled() - before <= most, "{} bytes were kept of a part", meter.pulled() - before);
                let Some(piece) = piece? else { break };
                bytes.extend_from_slice(&piece);
            }
        } else {
            bytes = part.text().await?.into_bytes();
            assert!(bytes.len() <= 64 * 1024);
        }
        parts.push(Read { name, file_name, content_type, bytes });
    }
}
