//! `reupload listen`, the real binary: what it prints and posts, across restarts of the server and of the receiver.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tempfile::TempDir;

use crate::harness::{BINARY, Dev, Hook, Receiver, note};

/// A running `reupload listen`; killed when dropped.
struct Listen {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("listen").args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["REUPLOAD_API_BASE_URL", "REUPLOAD_API_KEY", "REUPLOAD_PROJECT_ID", "REUPLOAD_WEBHOOK_SECRET"] {
        command.env_remove(name);
    }
    command
}

impl Listen {
    /// Starts it with the `dev.env` of a data folder and waits until it listens.
    fn start(data: &Path, args: &[&str]) -> Self {
        let mut child = command(args).arg("--data").arg(data).spawn().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (output, seen) = (BufReader::new(child.stdout.take().unwrap()), Arc::clone(&lines));
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                seen.lock().unwrap().push(line);
            }
        });
        let listen = Self { child, lines };
        let last = if args.contains(&"--print") { "listening to" } else { "forwarding to" };
        listen.wait_for(1, |line| line.starts_with(last));
        listen
    }

    /// Waits for so many lines like this, at most 20 s, and gives them.
    #[track_caller]
    fn wait_for(&self, count: usize, like: impl Fn(&str) -> bool) -> Vec<String> {
        let begun = Instant::now();
        loop {
            let found: Vec<String> = self.lines.lock().unwrap().iter().filter(|line| like(line)).cloned().collect();
            if found.len() >= count {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "not {count} such lines: {:?}", self.lines.lock().unwrap());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The lines of so many events.
    #[track_caller]
    fn events(&self, count: usize) -> Vec<String> {
        self.wait_for(count, |line| line.contains("  evt_…"))
    }

    /// Ctrl-C, and how it ended.
    fn interrupt(&mut self) -> ExitStatus {
        let sent = Command::new("kill").arg("-INT").arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success());
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < Duration::from_secs(5), "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Listen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Uploads small texts by these names, one after the other, and waits until they are ready.
fn upload(dev: &Dev, names: &[&str]) {
    for name in names {
        let (project, file) = (format!("projectId={}", dev.project), format!("file=x;filename=\"{name}\""));
        let answer = dev.curl(&["-F", &project, "-F", &file, &format!("{}/api/v1/uploads/direct", dev.api_url)]);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        dev.completed(answer["uploadId"].as_str().unwrap_or_else(|| panic!("{answer}")));
    }
}

fn names(hooks: &[Hook]) -> Vec<String> {
    hooks.iter().map(|hook| hook.json()["data"]["name"].as_str().unwrap().to_owned()).collect()
}

/// Panics unless both signatures of a webhook are right under `secret` and of this minute.
fn verify(hook: &Hook, secret: &str) {
    let hmac = |key: &[u8], message: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(message.as_bytes());
        mac.finalize().into_bytes()
    };
    let (t, v1) = hook.headers["reupload-signature"].strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    assert_eq!(v1, hex::encode(hmac(secret.as_bytes(), &format!("{t}.{}", hook.body))));
    let (id, at) = (&hook.headers["webhook-id"], &hook.headers["webhook-timestamp"]);
    assert_eq!((id.as_str(), at.as_str()), (hook.json()["id"].as_str().unwrap(), t));
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    assert_eq!(
        hook.headers["webhook-signature"],
        format!("v1,{}", STANDARD.encode(hmac(&key, &format!("{id}.{t}.{}", hook.body))))
    );
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    assert!(now.abs_diff(t.parse().unwrap()) < 60, "signed at {t}, now is {now}");
    assert_eq!(hook.headers["content-type"], "application/json");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_forwarded_as_webhooks_are() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    upload(&dev, &["before.txt"]);
    let (receiver, endpoint) = (Receiver::answering(&[200, 503]).await, Receiver::start().await);
    dev.admin(&["webhook", "create", "--project", &dev.project, "--url", &endpoint.url]);
    let mut listen = Listen::start(folder.path(), &["--forward", &receiver.url]);
    let printing = Listen::start(folder.path(), &["--print", "--event", "file.deleted", "--event", "file.updated"]);
    let said = listen.wait_for(1, |line| line.starts_with("signing secret: "));
    let secret = said[0].strip_prefix("signing secret: ").unwrap().split(' ').next().unwrap().to_owned();
    assert!(said[0].contains("REUPLOAD_WEBHOOK_SECRET"), "{said:?}");

    upload(&dev, &["first.txt", "smörgås.txt"]);
    let hooks = receiver.wait_for(2).await;
    for hook in &hooks {
        verify(hook, &secret);
    }
    // Byte for byte what an endpoint of the server gets, in the order in which it happened.
    let mut sent = endpoint.wait_for(2).await;
    sent.sort_by_key(|hook| hooks.iter().position(|own| own.headers["webhook-id"] == hook.headers["webhook-id"]));
    let bodies = |hooks: &[Hook]| hooks.iter().map(|hook| hook.body.clone()).collect::<Vec<_>>();
    assert_eq!(bodies(&hooks), bodies(&sent));
    assert_eq!(names(&hooks)[0], "first.txt");

    let lines = listen.events(2);
    let id = &hooks[0].headers["webhook-id"];
    let short = format!("evt_…{}", &id[id.len() - 8..]);
    let words: Vec<&str> = lines[0].split_whitespace().collect();
    assert!(words[0].len() == 8 && words[0].matches(':').count() == 2, "{lines:?}");
    assert_eq!(words[1..6], ["file.uploaded", &short, "first.txt", "→", "200"], "{lines:?}");
    assert!(words[6].parse::<u32>().is_ok() && words[7..] == ["ms"], "{lines:?}");
    assert!(lines[1].contains("smörgås") && lines[1].contains("→ 503 ") && lines[1].contains("not sent again"), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains('\u{1b}')), "colours are for terminals: {lines:?}");

    let file = hooks[0].json()["data"]["fileId"].as_str().unwrap().to_owned();
    dev.curl(&["-X", "DELETE", &format!("{}/api/v1/files/{file}", dev.api_url)]);
    let printed = printing.events(1);
    assert!(printed.len() == 1 && printed[0].contains("file.deleted") && printed[0].ends_with("first.txt"), "{printed:?}");
    assert_eq!(receiver.wait_for(3).await.len(), 3, "what failed is not sent again");
    assert_eq!(listen.interrupt().code(), Some(0));
    // The next run has the same secret, and begins with what happens from now on.
    let again = Receiver::start().await;
    let mut next = Listen::start(folder.path(), &["--forward", &again.url, "--event", "file.uploaded"]);
    assert_eq!(next.wait_for(1, |line| line.starts_with("signing secret")), said);
    upload(&dev, &["later.txt"]);
    assert_eq!(names(&again.wait_for(1).await), ["later.txt"]);
    assert_eq!(next.interrupt().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_costs_no_event_and_doubles_none() {
    let folder = TempDir::new().unwrap();
    // Below the ports that systems give to clients, or one of them could have it meanwhile.
    let port = (0..100).map(|n| 20_000 + (std::process::id() + n * 97) % 10_000);
    let address = port.map(|port| format!("127.0.0.1:{port}")).find(|at| std::net::TcpListener::bind(at).is_ok()).unwrap();
    // What a killed server was about is taken up soon.
    let leases = [("REUPLOAD_JOBS__LEASE", "2s")];
    let dev = Dev::at(&address, &leases, folder.path());
    let receiver = Receiver::start().await;
    let mut listen = Listen::start(folder.path(), &["--forward", &receiver.url]);
    upload(&dev, &["0", "1"]);
    receiver.wait_for(2).await;
    dev.kill();
    listen.wait_for(1, |line| line == "the server is away; trying again");
    // Where it does not look, so that these are there before it comes back.
    let elsewhere = Dev::start(folder.path());
    upload(&elsewhere, &["2", "3", "4"]);
    elsewhere.kill();
    // Past the second try, of which it says nothing.
    std::thread::sleep(Duration::from_millis(1500));
    for round in 0..2 {
        let dev = Dev::at(&address, &leases, folder.path());
        let named = [["5", "6"], ["7", "8"]][round];
        upload(&dev, &named);
        listen.wait_for(1, |line| line.contains(&format!("  {}  → 200", named[1])));
        // And at once, so that some are ready, some on their way to the listener and some not yet begun.
        let (project, url) = (format!("projectId={}", dev.project), format!("{}/api/v1/uploads/direct", dev.api_url));
        let files: Vec<String> = (0..20).map(|n| format!("file=x;filename=burst {round} {n}")).collect();
        let forms = files.iter().flat_map(|file| ["-F", file]);
        dev.curl(&["-F", &project].into_iter().chain(forms).chain([url.as_str()]).collect::<Vec<_>>());
        std::thread::sleep(Duration::from_millis(40));
        dev.kill();
    }
    let mut dev = Dev::at(&address, &leases, folder.path());
    upload(&dev, &["9"]);
    let hooks = receiver.wait_for(50).await;
    let told = dev.get("/events?limit=200");
    let told: Vec<&str> = told["events"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap()).collect();
    let got: Vec<&str> = hooks.iter().map(|hook| hook.headers["webhook-id"].as_str()).collect();
    assert_eq!(got, told, "each once, in order");
    let named: Vec<String> = names(&hooks).into_iter().filter(|name| !name.starts_with("burst")).collect();
    assert_eq!(named, (0..10).map(|n| n.to_string()).collect::<Vec<_>>());
    // A graceful stop does not wait for those who listen.
    std::thread::sleep(Duration::from_millis(200));
    // While it was busy posting, a server that is back at once may not have been missed.
    let is_away = |line: &str| line.starts_with("the server is away");
    let before = listen.wait_for(1, is_away).len();
    let begun = Instant::now();
    dev.signal("TERM");
    assert!(dev.wait(Duration::from_secs(20)).success());
    note(&format!("a server with a listener stopped within {:?}", begun.elapsed()));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let away = listen.wait_for(before + 1, is_away).len();
    assert!(away == before + 1 && away <= 4, "more than once each time: {away}");
    assert_eq!(listen.interrupt().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_down_gets_what_happens_once_it_is_up() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let up = Receiver::start().await;
    let down = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = down.local_addr().unwrap();
    drop(down);
    let listen = Listen::start(folder.path(), &["--forward", &format!("http://{address}/hook"), "--secret", "whsec_b3du"]);
    listen.wait_for(1, |line| line == "signing secret: the one that was given");
    upload(&dev, &["lost.txt"]);
    let line = listen.events(1).remove(0);
    assert!(line.contains("lost.txt  → could not connect") && line.contains("not sent again"), "{line}");
    let receiver = Receiver::at(&address.to_string()).await;
    upload(&dev, &["got.txt"]);
    let hooks = receiver.wait_for(1).await;
    assert_eq!(names(&hooks), ["got.txt"]);
    verify(&hooks[0], "whsec_b3du");
    assert!(listen.events(2)[1].contains("got.txt  → 200"));
    assert!(up.hooks().is_empty());
}

#[test]
fn what_cannot_work_is_said_in_a_sentence() {
    let folder = TempDir::new().unwrap();
    let empty = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let (api, here, nowhere) =
        (format!("{}/api/v1", dev.api_url), folder.path().to_str().unwrap(), empty.path().to_str().unwrap());
    let wrong = "ru_000000000000000000000000000000000000";
    let (closed, nobody) = ("http://127.0.0.1:1/api/v1", "01900000-0000-7000-8000-000000000000");
    let weak = dev.admin(&["key", "create", "--name", "weak", "--permission", "files.write"]);
    let weak = weak["key"].as_str().unwrap();
    for (args, said) in [
        (vec!["--print", "--data", nowhere], "no key: give --key, set REUPLOAD_API_KEY, or start `reupload dev`"),
        (vec!["--print", "--data", nowhere, "--key", &dev.key], "no address of the API: give --api"),
        (vec!["--print", "--data", here, "--key", wrong], "does not accept the key"),
        (vec!["--print", "--data", here, "--key", "ru_\n"], "does not accept the key"),
        (vec!["--print", "--data", here, "--key", "ru_\u{1}x"], "the key has characters that no key has"),
        (vec!["--print", "--data", here, "--key", weak], "files.read"),
        (vec!["--print", "--data", here, "--project", nobody], "has no project 01900000"),
        (vec!["--print", "--data", here, "--project", "x"], "is not the id of one"),
        (vec!["--print", "--data", here, "--api", closed], "cannot reach http://127.0.0.1:1/api/v1"),
        (vec!["--print", "--data", here, "--api", "nonsense"], "is not the address of an API"),
        (vec!["--print", "--data", here, "--api", &dev.api_url], "NOT_FOUND"),
        (vec!["--data", here, "--forward", "localhost:8000"], "cannot forward to \"localhost:8000\""),
        (vec!["--data", here, "--forward", "ftp://localhost/"], "cannot forward to \"ftp://localhost/\""),
    ] {
        let output = command(&args).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {error}");
        assert!(
            error.starts_with("reupload: ") && error.contains(said) && error.trim_end().lines().count() == 1,
            "{args:?}: {error}"
        );
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    for args in [vec![], vec!["--print", "--forward", "http://localhost/"], vec!["--print", "--event", "file.eaten"]] {
        assert_eq!(command(&args).output().unwrap().status.code(), Some(2), "{args:?}");
    }
    let help = String::from_utf8(command(&["--help"]).env("REUPLOAD_API_KEY", "ru_secret").output().unwrap().stdout).unwrap();
    for name in ["API_KEY", "API_BASE_URL", "PROJECT_ID", "WEBHOOK_SECRET"] {
        assert!(help.contains(&format!("[env: REUPLOAD_{name}]")), "{help}");
    }
    assert!(!help.contains("ru_secret"), "{help}");
    // The environment is enough; a key of its own does not take the project of dev.env, which it may not know.
    let narrow = dev.admin(&["project", "create", "--name", "narrow"]);
    let narrow = narrow["id"].as_str().unwrap();
    let key = dev.admin(&["key", "create", "--name", "narrow", "--project", narrow]);
    for data in [here, nowhere] {
        let mut running = command(&["--print", "--data", data]);
        running.env("REUPLOAD_API_KEY", key["key"].as_str().unwrap()).env("REUPLOAD_API_BASE_URL", &api);
        let mut child = running.spawn().unwrap();
        let mut first = vec![0; 38];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(String::from_utf8(first).unwrap(), "listening to all projects of the key a");
    }
}
