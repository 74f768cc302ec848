//! Room for large direct uploads while their bytes arrive. The clients write to bare sockets, so that they can pause and break off.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use reupload::{
    app::{Room, projects::Settings},
    domain::{audit::By, ids::ProjectId, quota::Holder},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use super::{Place, exceeded};
use crate::harness::{Server, by_hand, each_database};

const MB: usize = 1_000_000;

/// A direct upload on its way.
struct Client {
    socket: TcpStream,
    body: Vec<u8>,
    sent: usize,
}

async fn place(server: &Server, max_bytes: usize) -> Place {
    let settings = Settings { max_bytes: Some(i64::try_from(max_bytes).unwrap()), ..Settings::default() };
    let project = server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
    Place { project, ..Place::of(server) }
}

impl Client {
    /// Sends the headers of a form with files of these sizes.
    async fn begin(server: &Server, project: ProjectId, sizes: &[usize]) -> Self {
        let mut body = format!("--b\r\nContent-Disposition: form-data; name=\"projectId\"\r\n\r\n{project}\r\n").into_bytes();
        for size in sizes {
            body.extend(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n");
            body.extend(vec![b'x'; *size]);
            body.extend(b"\r\n");
        }
        body.extend(b"--b--\r\n");
        let mut socket = TcpStream::connect(server.api_url.trim_start_matches("http://")).await.unwrap();
        let head = format!(
            "POST /api/v1/uploads/direct HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
            server.key,
            body.len()
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        Self { socket, body, sent: 0 }
    }

    /// Sends its body up to this many bytes, unless the other end has closed.
    async fn send_to(&mut self, end: usize) {
        let end = end.min(self.body.len());
        let _ = self.socket.write_all(&self.body[self.sent..end]).await;
        self.sent = end;
    }

    /// Status and body of the answer, if one comes in this time. The server keeps the connection open a little longer.
    async fn answer(&mut self, patience: Duration) -> Option<(u16, Value)> {
        let mut text = Vec::new();
        let whole = async {
            loop {
                assert!(
                    self.socket.read_buf(&mut text).await.unwrap() > 0,
                    "no whole answer: {:?}",
                    String::from_utf8_lossy(&text)
                );
                let text = String::from_utf8_lossy(&text);
                if let Some((head, body)) = text.split_once("\r\n\r\n")
                    && let Ok(json) = serde_json::from_str(body)
                {
                    return (head[9..12].parse().unwrap(), json);
                }
            }
        };
        timeout(patience, whole).await.ok()
    }

    /// Sends the rest and gives the answer.
    async fn finish(&mut self) -> (u16, Value) {
        self.send_to(usize::MAX).await;
        self.answer(Duration::from_secs(20)).await.expect("an answer")
    }
}

/// Waits until this many requests hold room.
async fn holding(server: &Server, wanted: i64) -> Duration {
    let (mut ledger, begun) = (server.ledger().await, Instant::now());
    while ledger.holds().await != wanted {
        assert!(begun.elapsed() < Duration::from_secs(10), "{} requests hold room, not {wanted}", ledger.holds().await);
        sleep(Duration::from_millis(10)).await;
    }
    begun.elapsed()
}

/// Begins to hold room as a request does.
fn room(server: &Server, project: ProjectId, owner: Option<&str>) -> Room {
    let holder = Holder { workspace: server.workspace, project, owner: owner.map(str::to_owned) };
    Room::new(Arc::clone(&server.app.core), holder, None, None)
}

each_database! {
    async fn together_beyond_the_quota_those_who_do_not_fit_are_refused_while_they_stream(server: &Server) {
        let place = place(server, 18 * MB).await;
        let watch = server.ledger().await.watch();
        let mut clients = join_all((0..8).map(|_| Client::begin(server, place.project, &[6 * MB]))).await;
        join_all(clients.iter_mut().map(|client| client.send_to(5 * MB))).await;
        let mut answering: FuturesUnordered<_> =
            clients.iter_mut().enumerate().map(async |(n, client)| (n, client.answer(Duration::from_secs(20)).await)).collect();
        let mut refused = Vec::new();
        for _ in 0..5 {
            let (n, answer) = answering.next().await.unwrap();
            let (status, body) = answer.expect("an answer before the last bytes");
            assert_eq!((status, &body["error"]), (403, &Value::from("QUOTA_EXCEEDED")), "{body}");
            let [limit, used, requested] = ["limit", "used", "requested"].map(|name| body["details"][name].as_i64().unwrap());
            assert!(limit == 18_000_000 && used <= limit && used + requested > limit && requested < 6_100_000, "{body}");
            refused.push(n);
        }
        drop(answering);
        holding(server, 3).await;
        let waiting = clients.iter_mut().enumerate().filter(|(n, _)| !refused.contains(n));
        for (status, body) in join_all(waiting.map(|(_, client)| client.finish())).await {
            assert_eq!(status, 202, "{body}");
        }
        assert!(watch.end().await > 2);
        assert_eq!(place.used(server, "project").await.bytes, 18_000_000, "all of it, to the byte");
        holding(server, 0).await;
    }

    async fn an_upload_on_its_way_takes_no_more_room_than_it_needs(server: &Server) {
        let place = place(server, 30 * MB).await;
        let mut large = Client::begin(server, place.project, &[6 * MB]).await;
        large.send_to(5 * MB).await;
        holding(server, 1).await;
        place.session(server, 24 * MB - 4096).await.expect(201);
        assert_eq!(large.finish().await.0, 202);
    }

    async fn who_breaks_off_gives_its_room_back(server: &Server) {
        let place = place(server, 18 * MB).await;
        let mut clients = join_all((0..3).map(|_| Client::begin(server, place.project, &[6 * MB]))).await;
        join_all(clients.iter_mut().map(|client| client.send_to(5 * MB))).await;
        holding(server, 3).await;
        drop(clients);
        let soon = holding(server, 0).await;
        assert!(soon < Duration::from_secs(3), "{soon:?}");
        assert_eq!(place.used(server, "project").await.bytes, 0);
        place.session(server, 18 * MB).await.expect(201);
    }

    async fn the_files_of_a_request_count_together(server: &Server) {
        let place = place(server, 7 * MB).await;
        let opened = place.session(server, MB).await.expect(201).text("/uploadId");
        let mut client = Client::begin(server, place.project, &[2 * MB, 2 * MB, 2 * MB, MB]).await;
        client.send_to(6 * MB + 500_000).await;
        let (status, body) = client.answer(Duration::from_secs(5)).await.expect("refused before the end");
        assert_eq!((status, &body["details"]["used"]), (403, &Value::from(MB)), "its own room is no use of others: {body}");
        assert!(body["details"]["requested"].as_u64().unwrap() > 6 * MB as u64, "{body}");
        holding(server, 0).await;
        place.cancel(server, &opened).await.expect(200);
        let (status, body) = Client::begin(server, place.project, &[2 * MB, 2 * MB, 2 * MB, MB]).await.finish().await;
        assert_eq!((status, body["files"].as_array().map(Vec::len)), (202, Some(4)), "{body}");
        let used = place.used(server, "project").await;
        assert_eq!((used.bytes, used.files), (7_000_000, 4));
        exceeded(place.session(server, 1).await, 7_000_000, 7_000_000, 1);
        holding(server, 0).await;
    }

    async fn the_reaper_gives_back_what_a_dead_process_held_and_nothing_of_the_living(server: &Server) with by_hand {
        let place = Place { owner: Some("u".to_owned()), ..place(server, 1000 * MB).await };
        let mut living = room(server, place.project, Some("u"));
        living.cover(5 * MB as u64).await.unwrap();
        let alone = place.used(server, "owner").await.bytes;
        for _ in 0..3 {
            let mut dead = room(server, place.project, Some("u"));
            dead.cover(5 * MB as u64).await.unwrap();
            std::mem::forget(dead);
        }
        holding(server, 4).await;
        let lifetime = server.app.core.config.http.idle_timeout * 2 + Duration::from_mins(1);
        let clock = &server.app.core.clock;
        // The living one pauses for a little more than a third of its lifetime, again and again.
        for step in 1..=6 {
            clock.advance(chrono::Duration::from_std(lifetime / 3 + Duration::from_secs(1)).unwrap());
            living.cover(5 * MB as u64 + step).await.unwrap();
            server.app.reaper.tidy().await.unwrap();
            server.ledger().await.check().await;
            let left = if step < 3 { 4 } else { 1 };
            assert_eq!(server.ledger().await.holds().await, left, "step {step}");
        }
        for level in ["workspace", "project", "owner"] {
            assert_eq!(place.used(server, level).await.bytes, alone, "{level}");
        }
        drop(living);
        holding(server, 0).await;
        assert_eq!(place.used(server, "workspace").await.bytes, 0);
    }
}
