//! A webhook receiver: a real server that remembers what it got.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
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

#[derive(Default)]
struct Shared {
    hooks: Mutex<Vec<Hook>>,
    /// Statuses to answer with, first to last; then 200.
    answers: Mutex<Vec<u16>>,
}

/// The receiver; it lives as long as the test.
pub(crate) struct Receiver {
    pub(crate) url: String,
    shared: Arc<Shared>,
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    shared.hooks.lock().unwrap().push(Hook { headers, body: String::from_utf8(body.to_vec()).unwrap() });
    let mut answers = shared.answers.lock().unwrap();
    if answers.is_empty() { StatusCode::OK } else { StatusCode::from_u16(answers.remove(0)).unwrap() }
}

impl Receiver {
    /// Starts one on a free port of 127.0.0.1.
    pub(crate) async fn start() -> Self {
        Self::answering(&[]).await
    }

    /// Starts one that gives these answers first.
    pub(crate) async fn answering(statuses: &[u16]) -> Self {
        let shared = Arc::new(Shared { answers: Mutex::new(statuses.to_vec()), ..Shared::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
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
