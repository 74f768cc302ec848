//! A webhook receiver: a real server that remembers what it got.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response, StatusCode},
    routing::post,
};
use serde_json::Value;
use tokio::net::TcpListener;

/// One delivery.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Hook {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What a receiver answers to one delivery.
#[derive(Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    after: Duration,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), after: Duration::ZERO }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn body(self, body: &[u8]) -> Self {
        Self { body: body.to_vec(), ..self }
    }

    /// How long the receiver thinks about it.
    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
}

#[derive(Default)]
struct Shared {
    hooks: Mutex<Vec<Hook>>,
    /// Answers, first to last; then 200.
    answers: Mutex<Vec<Answer>>,
}

/// The receiver; it lives as long as the test.
pub(crate) struct Receiver {
    pub(crate) url: String,
    shared: Arc<Shared>,
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    shared.hooks.lock().unwrap().push(Hook { headers, body: String::from_utf8(body.to_vec()).unwrap() });
    let answer = {
        let mut answers = shared.answers.lock().unwrap();
        if answers.is_empty() { Answer::status(StatusCode::OK.as_u16()) } else { answers.remove(0) }
    };
    tokio::time::sleep(answer.after).await;
    let response = answer.headers.iter().fold(Response::builder(), |response, (name, value)| response.header(*name, value));
    response.status(answer.status).body(Body::from(answer.body)).unwrap()
}

impl Receiver {
    /// Starts one on a free port of 127.0.0.1.
    pub(crate) async fn start() -> Self {
        Self::with(Vec::new()).await
    }

    /// Starts one that gives these statuses first.
    pub(crate) async fn answering(statuses: &[u16]) -> Self {
        Self::with(statuses.iter().map(|status| Answer::status(*status)).collect()).await
    }

    /// Starts one that gives these answers first.
    pub(crate) async fn with(answers: Vec<Answer>) -> Self {
        Self::listening("127.0.0.1:0", answers).await
    }

    /// Starts one at this address.
    pub(crate) async fn at(address: &str) -> Self {
        Self::listening(address, Vec::new()).await
    }

    async fn listening(address: &str, answers: Vec<Answer>) -> Self {
        let shared = Arc::new(Shared { answers: Mutex::new(answers), ..Shared::default() });
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    /// What has arrived so far.
    pub(crate) fn hooks(&self) -> Vec<Hook> {
        self.shared.hooks.lock().unwrap().clone()
    }

    /// Waits for at least `count` deliveries.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) -> impl Future<Output = Vec<Hook>> {
        let shared = Arc::clone(&self.shared);
        async move {
            for _ in 0..400 {
                let hooks = shared.hooks.lock().unwrap().clone();
                if hooks.len() >= count {
                    return hooks;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            panic!("fewer than {count} webhooks arrived within 10 s: {:?}", shared.hooks.lock().unwrap());
        }
    }
}
