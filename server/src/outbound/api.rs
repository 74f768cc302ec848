//! A client of Reupload's own API, for commands that work over the network. To add a call: its path, and its answer beside it.

use std::time::Duration;

use reqwest::{
    Client,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use url::Url;

use crate::domain::ids::ProjectId;

/// For a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// For an answer, beside the time that the server was asked to wait.
const ANSWER: Duration = Duration::from_secs(15);
/// The most of an answer that is read, in bytes: many times what a page of events has.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// The API at one address, with one key.
pub struct Api {
    client: Client,
    base: String,
}

/// A page of `GET /events`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// Each as its text came.
    pub events: Vec<Box<RawValue>>,
    /// Where to read on; none while there has been no event at all.
    pub next_cursor: Option<String>,
}

/// Why there is no answer to work with.
#[derive(Debug, thiserror::Error)]
pub enum ApiFailure {
    /// Nobody answers, or only that it cannot now: it may be worth another try.
    #[error("{0}")]
    Away(String),
    /// The API says no, by its code and its sentence.
    #[error("{message} ({code})")]
    #[expect(missing_docs, reason = "the names say it")]
    Refused { code: String, message: String },
    /// What answers is no Reupload API.
    #[error("what answers there is not the API of Reupload: {0}")]
    Strange(String),
}

#[derive(Deserialize)]
struct ErrorBody {
    error: String,
    message: String,
}

impl Api {
    /// `base` as in `REUPLOAD_API_BASE_URL`: with `/api/v1`. Fails with a sentence if one of the two cannot be used.
    pub fn new(base: &str, key: &str) -> anyhow::Result<Self> {
        let web = Url::parse(base).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        anyhow::ensure!(web, "{base:?} is not the address of an API: it is like http://127.0.0.1:4000/api/v1");
        let Ok(mut bearer) = HeaderValue::try_from(format!("Bearer {key}")) else {
            anyhow::bail!("the key has characters that no key has");
        };
        bearer.set_sensitive(true);
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .connect_timeout(CONNECT)
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .user_agent(concat!("Reupload/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned() })
    }

    /// Events behind `after`, of a project or of all that the key reaches. Without any, the server waits so many seconds for the first.
    pub async fn events(&self, project: Option<ProjectId>, after: Option<&str>, wait: u64) -> Result<Page, ApiFailure> {
        let mut query = vec![("wait", wait.to_string())];
        query.extend(project.map(|project| ("projectId", project.to_string())));
        query.extend(after.map(|after| ("after", after.to_owned())));
        self.get("/events", &query, ANSWER + Duration::from_secs(wait)).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)], patience: Duration) -> Result<T, ApiFailure> {
        let url = Url::parse_with_params(&format!("{}{path}", self.base), query)
            .map_err(|error| ApiFailure::Strange(format!("{}: {error}", self.base)))?;
        let answered = self.client.get(url).timeout(patience).send().await;
        let mut answer = answered.map_err(away)?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(away)? {
            if body.len() + piece.len() > MAX_ANSWER {
                return Err(ApiFailure::Strange(format!("it answers {status} with more than {MAX_ANSWER} bytes")));
            }
            body.extend_from_slice(&piece);
        }
        match status {
            200 => serde_json::from_slice(&body).map_err(|error| ApiFailure::Strange(format!("it answers 200 and {error}"))),
            429 | 500.. => Err(ApiFailure::Away(format!("it answers {status}"))),
            _ => match serde_json::from_slice::<ErrorBody>(&body) {
                Ok(ErrorBody { error: code, message }) => Err(ApiFailure::Refused { code, message }),
                Err(_) => Err(ApiFailure::Strange(format!("it answers {status} without a reason"))),
            },
        }
    }
}

fn away(error: reqwest::Error) -> ApiFailure {
    ApiFailure::Away(format!("{:#}", anyhow::Error::from(error.without_url())))
}
