//! Hostile input on raw sockets: whatever comes, the answer is an error or a closed connection, soon, and nothing is left.

use std::{fs, time::Duration};

use reupload::{app::projects::Settings, domain::audit::By};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::harness::{Body, Database, Options, Random, Reply, Server, each_database, mutate_form};

/// How long a hostile client may be kept waiting before we call it a hang.
const PATIENCE: Duration = Duration::from_secs(8);

fn short_timeouts() -> Options {
    let settings = vec![("http.header_timeout", "1s".into()), ("http.idle_timeout", "1s".into())];
    Options { settings, ..Options::default() }
}

async fn connect(url: &str) -> TcpStream {
    TcpStream::connect(url.trim_start_matches("http://")).await.unwrap()
}

/// The status of an answer; `None` for a connection that was closed without one.
fn status_of(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\r').next()?;
    String::from_utf8_lossy(line).strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// What comes until the other side closes, a reset included.
async fn read_all(socket: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    let read = async {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = socket.read(&mut piece).await {
            answer.extend_from_slice(&piece[..length]);
        }
    };
    assert!(timeout(PATIENCE, read).await.is_ok(), "a hang, after {:?}", String::from_utf8_lossy(&answer));
    answer
}

/// Sends bytes and reads to the end of the connection.
pub(crate) async fn raw(url: &str, request: impl AsRef<[u8]>) -> Vec<u8> {
    let mut socket = connect(url).await;
    // The server may close before it has read all.
    let _ = socket.write_all(request.as_ref()).await;
    read_all(&mut socket).await
}

/// The head of a direct upload, with these header lines beside the key.
fn head(server: &Server, lines: &str) -> String {
    let key = &server.key;
    format!(
        "POST /api/v1/uploads/direct HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n{lines}\r\n\r\n"
    )
}

fn form_head(server: &Server, length: usize) -> String {
    head(server, &format!("Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}"))
}

fn part(headers: &str, body: &str) -> String {
    format!("--b\r\n{headers}\r\n\r\n{body}\r\n")
}

fn field(name: &str, value: &str) -> String {
    part(&format!("Content-Disposition: form-data; name=\"{name}\""), value)
}

fn file(name: &str, value: &str) -> String {
    part(&format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain"), value)
}

/// A form with a project and a file, without its end.
fn open_form(server: &Server, bytes: &str) -> String {
    field("projectId", &server.project_id()) + file("a.txt", bytes).trim_end()
}

/// A session's id; and the first 700 kB of 1 MB, directly and as its PUT, with the hosts to send them to.
async fn half_uploads(server: &Server) -> (String, [(&str, String); 2]) {
    let opened = server.open_session("a.txt", "text/plain", 1_000_000).await.expect(201);
    let url = opened.text("/uploadUrl");
    let path = url.strip_prefix(&server.cdn_url).unwrap();
    let lines = "Host: x\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 1000000";
    let bytes = "x".repeat(700_000);
    let direct = form_head(server, 1_000_000) + &open_form(server, &bytes);
    let put = format!("PUT {path} HTTP/1.1\r\n{lines}\r\n\r\n{bytes}");
    (opened.text("/uploadId"), [(&server.api_url, direct), (&server.cdn_url, put)])
}

/// The error code in an answer's body.
fn error(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let json: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON in {text:?}"));
    json["error"].as_str().unwrap().to_owned()
}

async fn nothing_is_staged(server: &Server) {
    for _ in 0..100 {
        if server.app.core.blobs.staged_files().await.unwrap() == 0 {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("half-written files are left");
}

/// The most memory that this process has ever used, in MiB. Each test is a process of its own.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

each_database! {
    async fn headers_that_never_end_are_closed(server: &Server) with short_timeouts {
        let half = ["", "G", "P", "PRI * HT", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "];
        for url in [&server.api_url, &server.cdn_url] {
            let closed = half.map(async |text| {
                let begun = Instant::now();
                raw(url, text).await;
                (text, begun.elapsed())
            });
            for (text, took) in futures_util::future::join_all(closed).await {
                assert!((900..3000).contains(&took.as_millis()), "{text:?} was kept for {took:?}");
            }
        }
        // One that has had its answer is not kept for ever either.
        let answer = raw(&server.api_url, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert_eq!(status_of(&answer), Some(200));
    }

    async fn a_body_that_pauses_is_refused_and_leaves_nothing(server: &Server) with short_timeouts {
        let (upload, requests) = half_uploads(server).await;
        for (host, request) in requests {
            let begun = Instant::now();
            let answer = raw(host, request).await;
            assert_eq!((status_of(&answer), error(&answer).as_str()), (Some(400), "MALFORMED_REQUEST"));
            assert!((900..4000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
            nothing_is_staged(server).await;
        }
        server.api("DELETE", &format!("/uploads/session/{upload}"), Body::Empty).await.expect(200);
    }

    async fn a_client_that_leaves_takes_its_bytes_with_it(server: &Server) {
        let (upload, requests) = half_uploads(server).await;
        for (host, request) in requests {
            let mut socket = connect(host).await;
            socket.write_all(request.as_bytes()).await.unwrap();
            while server.app.core.blobs.staged_files().await.unwrap() == 0 {
                sleep(Duration::from_millis(10)).await;
            }
            drop(socket);
            nothing_is_staged(server).await;
        }
        let session = format!("/uploads/session/{upload}");
        assert_eq!(server.api("GET", &session, Body::Empty).await.expect(200).text("/session/status"), "UPLOADING");
        server.complete(&upload).await.expect_error(409, "UPLOAD_NOT_RECEIVED");
        server.api("DELETE", &session, Body::Empty).await.expect(200);
        assert_eq!(server.app.projects.usage(server.project.id).await.unwrap().used().files, 0);
    }

    async fn gigantic_part_headers_cost_no_memory(server: &Server) {
        let before = peak_memory();
        let mut socket = connect(&server.api_url).await;
        let start = form_head(server, 256 << 20) + "--b\r\nContent-Disposition: form-data; name=\"";
        socket.write_all(start.as_bytes()).await.unwrap();
        let piece = vec![b'x'; 65_536];
        for sent in 0..4096 {
            if sent == 512 {
                let mut answer = [0; 12];
                timeout(PATIENCE, socket.read_exact(&mut answer)).await.expect("32 MiB of headers were taken").unwrap();
                assert_eq!(status_of(&[&answer[..], b"\r"].concat()), Some(400));
            }
            // What follows the refusal is thrown away, or the connection is closed.
            if timeout(PATIENCE, socket.write_all(&piece)).await.expect("a hang").is_err() {
                assert!(sent > 512, "cut off before the refusal could be read");
                break;
            }
        }
        let grown = peak_memory() - before;
        assert!(grown < 48, "{grown} MiB more than before");
        let two_mib = form_head(server, (2 << 20) + 500) + "--b\r\nX-Long: " + &"x".repeat(2 << 20);
        let answer = raw(&server.api_url, two_mib + "\r\n\r\nx\r\n--b--\r\n" + &" ".repeat(500)).await;
        assert_eq!((status_of(&answer), error(&answer).as_str()), (Some(400), "MALFORMED_REQUEST"));
    }

    async fn odd_forms_are_refused(server: &Server) {
        let project = field("projectId", &server.project_id());
        let nameless = |bytes: &str| part("Content-Disposition: form-data", bytes);
        let cases = [
            ("2000 parts", field("x", "y").repeat(2000) + &project + &file("a", "x"), "MALFORMED_REQUEST"),
            ("2000 files", project.clone() + &file("a", "x").repeat(2000), "VALIDATION_ERROR"),
            ("only a nameless part", project.clone() + &nameless("x"), "MISSING_FILE"),
            ("a part without headers", project.clone() + "--b\r\n\r\nx\r\n", "MALFORMED_REQUEST MISSING_FILE"),
            ("not a form", "hello".to_owned(), "MALFORMED_REQUEST MISSING_PROJECT_ID"),
            ("nothing", String::new(), "MALFORMED_REQUEST MISSING_PROJECT_ID"),
            ("a NUL in the metadata", project.clone() + &field("metadata", r#"{"a":"\u0000"}"#) + &file("a", "x"), "VALIDATION_ERROR"),
            ("a NUL in the owner", project.clone() + &field("ownerRef", "a\0b") + &file("a", "x"), "VALIDATION_ERROR"),
            ("a NUL in the folder", project.clone() + &field("folder", "a\0b") + &file("a", "x"), "VALIDATION_ERROR"),
            ("a NUL in the name", project.clone() + &field("filename", "a\0b") + &file("a", "x"), "INVALID_FILENAME"),
        ];
        for (what, parts, codes) in cases {
            let body = parts + "--b--\r\n";
            let answer = raw(&server.api_url, form_head(server, body.len()) + &body).await;
            assert_eq!(status_of(&answer), Some(400), "{what}: {}", String::from_utf8_lossy(&answer));
            assert!(codes.split(' ').any(|code| code == error(&answer)), "{what}: {}", error(&answer));
        }
    }

    async fn odd_boundaries_are_refused_or_understood(server: &Server) {
        let long = "b".repeat(1000);
        for boundary in ["", "; boundary", "; boundary=", "; boundary=\"\"", "; boundary=\"b", "; boundary=c", "; charset=b"] {
            let body = open_form(server, "x") + "\r\n--b--\r\n";
            let lines = format!("Content-Type: multipart/form-data{boundary}\r\nContent-Length: {}", body.len());
            let answer = raw(&server.api_url, head(server, &lines) + &body).await;
            assert_eq!((status_of(&answer), error(&answer).as_str()), (Some(400), "MALFORMED_REQUEST"), "{boundary:?}");
        }
        for boundary in [long.as_str(), "\"b b\"", "a'()+_,-./:=?z"] {
            let plain = boundary.trim_matches('"');
            let body = (open_form(server, "x") + "\r\n--b--\r\n").replace("--b", &format!("--{plain}"));
            let lines = format!("Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {}", body.len());
            let status = status_of(&raw(&server.api_url, head(server, &lines) + &body).await);
            assert!(matches!(status, Some(202 | 400)), "{boundary:?}: {status:?}");
        }
    }

    async fn a_request_names_one_host_and_one_key(server: &Server) {
        let whoami = |version: &str, lines: &str| {
            format!("GET /api/v1/public/whoami HTTP/{version}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n{lines}\r\n", server.key)
        };
        let again = format!("Host: x\r\nAuthorization: Bearer {}\r\n", server.key);
        for (version, lines, status) in [
            ("1.1", "Host: x\r\n", 200), ("1.1", "", 400), ("1.1", "Host: x\r\nHost: y\r\n", 400), ("1.1", &again, 200),
            ("1.1", "Host: x\r\nAuthorization: Bearer ru_other\r\n", 401),
        ] {
            assert_eq!(status_of(&raw(&server.api_url, whoami(version, lines)).await), Some(status), "{version} {lines:?}");
        }
        assert!(raw(&server.api_url, whoami("1.0", "")).await.starts_with(b"HTTP/1.0 200"));
    }

    async fn the_files_of_a_form_do_not_wait_in_memory(server: &Server) {
        let form = field("projectId", &server.project_id()) + &file("a", "aaa") + &file("b", "bbb") + &file("c", "ccc");
        let mut socket = connect(&server.api_url).await;
        socket.write_all((form_head(server, 1_000_000) + &form).as_bytes()).await.unwrap();
        for _ in 0..100 {
            if server.app.core.blobs.staged_files().await.unwrap() == 2 {
                drop(socket);
                return nothing_is_staged(server).await;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("the first two files are not written out");
    }

    async fn bad_framing_is_refused(server: &Server) with short_timeouts {
        let many = "X-Many: y\r\n".repeat(300);
        let form = "Content-Type: multipart/form-data; boundary=b\r\n";
        let length = |value: &str| head(server, &format!("{form}Content-Length: {value}"));
        let chunked = |body: &str| head(server, &format!("{form}Transfer-Encoding: chunked")) + body;
        let requests = [
            length("-1"), length("1e3"), length("99999999999999999999999"), length("5, 6"), length("5\r\nContent-Length: 6"),
            length("18446744073709551615"), length("5\r\nTransfer-Encoding: chunked") + "0\r\n\r\n",
            head(server, &format!("{form}Transfer-Encoding: gzip")), head(server, &format!("{form}Transfer-Encoding: chunked, chunked")),
            chunked("zz\r\nhello\r\n0\r\n\r\n"), chunked("ffffffffffffffffff\r\n"), chunked("-5\r\nhello\r\n0\r\n\r\n"),
            chunked("5\r\nhelloworld\r\n0\r\n\r\n"), head(server, &format!("{many}{form}Content-Length: 1")),
            head(server, &format!("X-Long: {}\r\nContent-Length: 0", "y".repeat(1 << 20))),
            format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(1 << 20)),
            "GET / HTTP/9.9\r\nHost: x\r\n\r\n".to_owned(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), "GET\r\n\r\n".to_owned(), "\r\n\r\n\r\n\r\n".to_owned(),
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}hello over TLS".to_owned(), "GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n".to_owned(),
            "GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n".to_owned(), "G\0T / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        ];
        for request in requests {
            let status = status_of(&raw(&server.api_url, &request).await);
            let shown: String = request.chars().take(300).collect();
            assert!(status.is_none_or(|status| (400..500).contains(&status)), "{status:?} for {shown:?}");
        }
        server.upload("after.txt", "text/plain", b"all is well", false).await.expect(202);
    }

    async fn an_early_refusal_can_be_read_while_bytes_are_still_sent(server: &Server) {
        let settings = Settings { max_file_size: Some(1000), ..Settings::default() };
        let small = server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id.to_string();
        let form = |project: &str| field("projectId", project) + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
        let piece = vec![b'x'; 65_536];
        let length = form(&small).len() + 160 * piece.len();
        let ours = form_head(server, length);
        let wrong_key = ours.replace(&server.key, "ru_nonsense");
        let unknown = form("00000000-0000-4000-8000-000000000000");
        let cases = [
            (ours.clone() + &form(&small), 413, "FILE_TOO_LARGE"),
            (wrong_key + &form(&small), 401, "UNAUTHORIZED"),
            (ours.clone() + &unknown, 404, "NOT_FOUND"),
            (ours.replace("/direct", "/nowhere") + &unknown, 404, "NOT_FOUND"),
        ];
        for (start, status, code) in cases {
            let mut socket = connect(&server.api_url).await;
            socket.write_all(start.as_bytes()).await.unwrap();
            // A simple client sends all it has before it reads.
            for _ in 0..160 {
                socket.write_all(&piece).await.unwrap_or_else(|error| panic!("{code}: cut off while sending: {error}"));
                sleep(Duration::from_millis(1)).await;
            }
            let answer = read_all(&mut socket).await;
            assert_eq!((status_of(&answer), error(&answer).as_str()), (Some(status), code));
        }
        // A client that reads gets its answer long before the end of 2 GiB.
        let mut socket = connect(&server.api_url).await;
        socket.write_all((form_head(server, 2 << 30) + &form(&small) + &"x".repeat(2000)).as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        timeout(PATIENCE, socket.read_exact(&mut answer)).await.expect("a hang").unwrap();
        assert_eq!(status_of(&[&answer[..], b"\r"].concat()), Some(413));
        nothing_is_staged(server).await;
    }

    async fn nonsense_paths_are_not_found(server: &Server) {
        let id = "00000000-0000-4000-8000-000000000000";
        let targets: Vec<Vec<u8>> = [
            "/%00", "/../../etc/passwd", "/api/v1/../../etc/passwd", "/api/v1/files/%00", "/api/v1/files/../../etc/passwd",
            "/api/v1/files/%2e%2e%2fetc%2fpasswd", "/v1/files/%00/x", "/v1/files/%ff%fe/x", "/v1/files/../../../etc/passwd",
            "/v1/upload/%00", "/v1/upload/../../x", "/v1/upload/..%2f..%2fx", "/v1/upload/%ff", "//", "/////", "/%", "/%zz", "*",
            "/api/v1/files/%ff%fe", "/api/v1/uploads/session/%00", "/v1/files", "/v1/files/", "/v1/upload", "http://other.example/x",
            "/?%00", "/api/v1/files?limit=%ff", "/\\..\\..\\windows", "/.git/config", "/v1/files/.master.key", "/;", "/%0d%0aX-Bad:%20y",
        ].iter().map(|path| path.as_bytes().to_vec()).chain([
            format!("/api/v1/files/{id}/%00").into_bytes(), format!("/v1/files/{id}/%00").into_bytes(),
            format!("/v1/files/{id}/..%2f..%2fetc%2fpasswd").into_bytes(), format!("/v1/files/{id}/%ff%fe").into_bytes(),
            format!("/{}", "a".repeat(60_000)).into_bytes(), format!("/v1/files/{id}/{}", "é".repeat(9000)).into_bytes(),
            format!("/v1/upload/{}", "a".repeat(60_000)).into_bytes(), b"/\xff\xfe".to_vec(), b"/v1/files/\xc3\x28/x".to_vec(),
        ]).collect();
        let key = format!("Host: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\nContent-Length: 0\r\n\r\n", server.key);
        for host in [&server.api_url, &server.cdn_url] {
            for target in &targets {
                for method in ["GET", "PUT", "DELETE", "POST", "BREW"] {
                    let request = [method.as_bytes(), b" ", target, b" HTTP/1.1\r\n", key.as_bytes()].concat();
                    let answer = raw(host, &request).await;
                    let shown = String::from_utf8_lossy(&target[..target.len().min(80)]);
                    let status = status_of(&answer).unwrap_or_else(|| panic!("{method} {shown}: closed"));
                    assert!((400..500).contains(&status), "{method} {shown}: {status}");
                    assert!(!String::from_utf8_lossy(&answer).contains("root:"), "{method} {shown}");
                }
            }
        }
    }

    async fn no_mutation_of_a_form_brings_it_down(server: &Server) {
        let valid = open_form(server, "the bytes of a file") + "\r\n" + &field("metadata", &json!({ "a": "b" }).to_string())
            + &field("isPublic", "true") + &field("folder", "a/b") + "--b--\r\n";
        server.send_form(valid.clone().into_bytes()).await.expect(202);
        let mut random = Random(0x5eed);
        let (mut accepted, mut refused) = (0, 0);
        for round in 0..300 {
            let mutant = mutate_form(valid.as_bytes(), &mut random);
            let reply = server.send_form(mutant.clone()).await;
            match reply.status {
                202 => accepted += 1,
                400 | 404 | 413 => refused += 1,
                other => panic!("round {round}: {other} for {:?}", String::from_utf8_lossy(&mutant)),
            }
        }
        assert!(accepted > 10 && refused > 100, "{accepted} accepted, {refused} refused");
    }
}

impl Server {
    async fn send_form(&self, body: Vec<u8>) -> Reply {
        self.api("POST", "/uploads/direct", Body::Bytes(body, "multipart/form-data; boundary=b")).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_sent_requests_do_not_hold_up_the_stop() {
    let whole = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    for (text, header_timeout) in [("", "25s"), ("PRI * HT", "1s"), (whole, "25s"), ("GET / HTTP/1.1\r\nHost", "1s")] {
        let settings = vec![("http.header_timeout", header_timeout.into()), ("http.idle_timeout", "1s".into())];
        let server = Server::with(Database::Sqlite, Options { settings, ..Options::default() }).await;
        let mut sockets = [connect(&server.api_url).await, connect(&server.cdn_url).await];
        for socket in &mut sockets {
            socket.write_all(text.as_bytes()).await.unwrap();
        }
        sleep(Duration::from_millis(200)).await;
        let begun = Instant::now();
        server.stop().await;
        // One without a request goes at once, one within its headers at their time limit; the stop itself waits for half a minute.
        assert!(begun.elapsed() < Duration::from_secs(8), "{text:?} held it up for {:?}", begun.elapsed());
    }
}
