//! Clients that take their time over an answer: one that has stopped is cut off, one that moves is not.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, sleep, timeout},
};

use crate::harness::{Database, Options, Server};

/// More than both ends of a connection keep in the system's buffers.
const SIZE: usize = 24 * 1024 * 1024;
const IDLE: Duration = Duration::from_secs(2);

async fn server() -> (Server, String) {
    let settings = vec![("http.idle_timeout", "2s".into())];
    let server = Server::with(Database::Sqlite, Options { settings, ..Options::default() }).await;
    let file = server.ready("large.bin", &vec![0x5a; SIZE], true).await;
    let url = file["file"]["url"].as_str().unwrap().to_owned();
    (server, url)
}

/// Asks for the file through a small receive buffer.
async fn ask(server: &Server, url: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    let mut socket = socket.connect(server.cdn_url.trim_start_matches("http://").parse().unwrap()).await.unwrap();
    let path = url.strip_prefix(&server.cdn_url).unwrap();
    socket.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    socket
}

/// What comes until the end or a reset.
async fn rest(socket: &mut TcpStream) -> usize {
    let mut buffer = vec![0; 256 * 1024];
    let mut total = 0;
    while let Ok(length @ 1..) = timeout(Duration::from_secs(8), socket.read(&mut buffer)).await.expect("a hang") {
        total += length;
    }
    total
}

/// Descriptors of stored files that this process holds open.
fn open_blobs(server: &Server) -> usize {
    let objects = server.data_dir().join("blobs/objects").canonicalize().unwrap();
    let open = std::fs::read_dir("/proc/self/fd").unwrap();
    open.filter(|fd| {
        std::fs::read_link(fd.as_ref().unwrap().path()).is_ok_and(|target| target.starts_with(&objects) && target.is_file())
    })
    .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_reading_a_download_is_cut_off_and_lets_go_of_the_file() {
    let (server, url) = server().await;
    let mut socket = ask(&server, &url).await;
    let mut buffer = vec![0; 1000];
    socket.read_exact(&mut buffer).await.unwrap();
    assert!(open_blobs(&server) > 0, "the download is under way");
    let begun = Instant::now();
    while open_blobs(&server) > 0 {
        assert!(begun.elapsed() < 4 * IDLE, "still open");
        sleep(Duration::from_millis(20)).await;
    }
    assert!(begun.elapsed() > IDLE / 2, "cut off after {:?}", begun.elapsed());
    assert!(rest(&mut socket).await < SIZE / 2);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_a_download_slowly_gets_all_of_it() {
    let (server, url) = server().await;
    let mut socket = ask(&server, &url).await;
    let mut buffer = vec![0; 64 * 1024];
    let (begun, mut total) = (Instant::now(), 0);
    while begun.elapsed() < 3 * IDLE {
        total += socket.read(&mut buffer).await.unwrap();
        sleep(IDLE / 8).await;
    }
    assert!(total < SIZE / 10, "slowly");
    total += rest(&mut socket).await;
    assert!(total > SIZE, "{total}");
    server.finish().await;
}
