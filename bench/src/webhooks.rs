//! How long an event takes to 80 endpoints that answer, with 20 others that answer too, and with 20 others that hang.
//!
//! `make bench-webhooks` builds the server and runs this. Both cases run in turns, each with a fresh server; what counts is the ratio of
//! their 99th percentiles. Every endpoint is a server of its own, so that no connection is shared.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench talks to its user and may stop at the first fault"
)]

mod service;

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use serde_json::Value;

/// Bytes of one upload.
const SIZE: usize = 1024;
const HEALTHY: usize = 80;
const OTHERS: usize = 20;
const ROUNDS: usize = 3;
/// Between two uploads, each of which is one event for every endpoint.
const PAUSE: Duration = Duration::from_millis(500);

type Times = Arc<Mutex<Vec<Duration>>>;

#[derive(Clone)]
enum Receiver {
    /// Answers, and notes how old the event was.
    Counted(Times),
    /// Answers.
    Good,
    /// Reads, and says nothing.
    Hangs,
}

impl Receiver {
    /// Starts one and gives its address.
    fn start(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let receiver = self.clone();
                thread::Builder::new().stack_size(128 * 1024).spawn(move || receiver.serve(socket)).unwrap();
            }
        });
        url
    }

    fn serve(&self, socket: TcpStream) {
        socket.set_nodelay(true).unwrap();
        let mut reader = BufReader::new(&socket);
        while let Some(body) = read_body(&mut reader) {
            match self {
                Self::Hangs => continue,
                Self::Good => {}
                Self::Counted(times) => times.lock().unwrap().push(age(&body)),
            }
            if (&socket).write_all(b"HTTP/1.1 204 No Content\r\n\r\n").is_err() {
                return;
            }
        }
    }
}

/// One request's body; `None` when the other side has hung up.
fn read_body(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

/// From the moment that the event names, which is just before its commit, to now.
#[expect(clippy::disallowed_methods, reason = "a bench has the system's clock")]
fn age(body: &[u8]) -> Duration {
    let event: Value = serde_json::from_slice(body).unwrap();
    let at = DateTime::parse_from_rfc3339(event["createdAt"].as_str().unwrap()).unwrap();
    (Utc::now() - at.to_utc()).to_std().unwrap_or_default()
}

fn make_endpoint(binary: &Path, data: &Path, url: &str) {
    let env = fs::read_to_string(data.join("dev.env")).unwrap();
    let project = env.lines().find_map(|line| line.strip_prefix("REUPLOAD_PROJECT_ID=")).unwrap();
    let admin = [binary.as_os_str(), "admin".as_ref(), "--data".as_ref(), data.as_os_str()];
    let output =
        Command::new(admin[0]).args(&admin[1..]).args(["webhook", "create", "--project", project, "--url", url]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The ages of all events at all healthy endpoints, sorted.
fn run(binary: &Path, data: &Path, others: &Receiver, events: usize) -> Vec<Duration> {
    let server = service::Server::start(binary, data);
    let times = Times::default();
    for n in 0..HEALTHY + OTHERS {
        let receiver = if n % 5 == 4 { others.clone() } else { Receiver::Counted(Arc::clone(&times)) };
        make_endpoint(binary, data, &receiver.start());
    }
    let mut upload = server.uploader();
    for _ in 0..events {
        let begun = Instant::now();
        upload();
        thread::sleep(PAUSE.saturating_sub(begun.elapsed()));
    }
    let begun = Instant::now();
    while times.lock().unwrap().len() < events * HEALTHY {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} of {} arrived", times.lock().unwrap().len(), events * HEALTHY);
        thread::sleep(Duration::from_millis(20));
    }
    let mut times = times.lock().unwrap().clone();
    times.sort();
    times
}

fn main() {
    let usage = "usage: bench-webhooks PATH-TO-REUPLOAD [EVENTS]";
    let binary = PathBuf::from(env::args().nth(1).unwrap_or_else(|| panic!("{usage}")));
    let events = env::args().nth(2).map_or(40, |text| text.parse().unwrap());
    let folder = binary.parent().unwrap().join(format!("bench-data-{}", std::process::id()));
    println!(
        "{events} events for {HEALTHY} endpoints that answer and {OTHERS} others, one every {PAUSE:?}; {ROUNDS} rounds in turns\n"
    );
    println!("{:<24} {:>12} {:>12} {:>12}", "the others", "median", "p99", "longest");
    let mut ratios = Vec::new();
    for round in 0..ROUNDS {
        let [good, hanging] = [("answer", Receiver::Good), ("hang", Receiver::Hangs)].map(|(what, others)| {
            let times = run(&binary, &folder.join(format!("{what}-{round}")), &others, events);
            let at = |percent: usize| times[(times.len() - 1) * percent / 100];
            println!("{what:<24} {:>12.2?} {:>12.2?} {:>12.2?}", at(50), at(99), at(100));
            [at(50), at(99)]
        });
        let ratio = |n: usize| hanging[n].as_secs_f64() / good[n].as_secs_f64();
        println!("  round {}: median × {:.2}, p99 × {:.2}", round + 1, ratio(0), ratio(1));
        ratios.push(ratio(1));
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "\np99 with {OTHERS} that hang: × {:.2} of that without, the middle of {ROUNDS} rounds (goal: at most 2)",
        ratios[ROUNDS / 2]
    );
    let _ = fs::remove_dir_all(&folder);
}
