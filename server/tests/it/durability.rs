//! What was acknowledged survives: the order of syncs under strace, and kill -9 in the middle of everything.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Dev, note};

/// What a trace shows of one upload, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    FileSync,
    Rename,
    FolderSync,
    DatabaseSync,
    Answer,
}

/// Reads `strace -f -y` lines in the order in which the calls ended.
fn steps(trace: &str, status: &str) -> Vec<Step> {
    // `dev` runs the webhook inbox too, and what that answers to a delivery is no answer to us.
    let answers = |call: &str| call.contains(status) && !call.contains("HTTP/1.1 204");
    let mut begun: BTreeMap<&str, String> = BTreeMap::new();
    let mut steps = Vec::new();
    for line in trace.lines() {
        let Some((pid, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        // A call that another thread interrupts is printed in two halves; it has ended with the second.
        let call = if let Some((first, _)) = rest.split_once(" <unfinished ...>") {
            begun.insert(pid, first.to_owned());
            // An answer counts from its beginning: from then on the client may see it.
            if !answers(first) {
                continue;
            }
            first.to_owned()
        } else if rest.starts_with("<... ") {
            let first = begun.remove(pid).unwrap_or_default();
            if answers(&first) {
                continue;
            }
            format!("{first}{rest}")
        } else {
            rest.to_owned()
        };
        let sync = call.starts_with("fsync(") || call.starts_with("fdatasync(");
        let step = match () {
            () if answers(&call) => Step::Answer,
            () if call.starts_with("rename") && call.contains("/blobs/") => Step::Rename,
            () if sync && call.contains("/blobs/tmp/") => Step::FileSync,
            () if sync && call.contains("/blobs/objects/") => Step::FolderSync,
            () if sync && call.contains("reupload.db-wal") => Step::DatabaseSync,
            () => continue,
        };
        steps.push(step);
    }
    steps
}

/// The steps up to the answer, as a sentence would tell them.
fn order_of(trace_file: &Path, status: &str) -> Vec<Step> {
    let steps = steps(&fs::read_to_string(trace_file).unwrap(), status);
    let answer = steps.iter().rposition(|step| *step == Step::Answer).unwrap_or_else(|| panic!("no answer in {steps:?}"));
    let file = steps.iter().position(|step| *step == Step::FileSync).unwrap_or_else(|| panic!("no file sync in {steps:?}"));
    let mut steps = steps[file..=answer].to_vec();
    // A worker's own commit may be synced just before the answer; one more sync harms nothing.
    steps.dedup();
    steps
}

const ORDER: [Step; 5] = [Step::FileSync, Step::Rename, Step::FolderSync, Step::DatabaseSync, Step::Answer];

fn under_strace(folder: &Path) -> Dev {
    let trace = folder.join("trace").display().to_string();
    let calls = "trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg";
    Dev::under(&["strace", "-f", "-y", "-s", "64", "-e", calls, "-o", &trace], &folder.join("data"))
}

/// Lets strace write the last lines.
fn end(mut dev: Dev) {
    let server = Command::new("pgrep").args(["-P", &dev.pid().to_string()]).output().unwrap().stdout;
    let server = String::from_utf8(server).unwrap();
    Command::new("kill").args(["-TERM", server.trim()]).status().unwrap();
    dev.wait(Duration::from_secs(20));
}

#[test]
fn a_direct_upload_is_durable_before_its_answer() {
    let folder = TempDir::new().unwrap();
    let dev = under_strace(folder.path());
    let project = format!("projectId={}", dev.project);
    let answer =
        dev.curl(&["-F", &project, "-F", "file=durable;filename=a.txt", &format!("{}/api/v1/uploads/direct", dev.api_url)]);
    assert!(answer.contains("processing"), "{answer}");
    end(dev);
    assert_eq!(order_of(&folder.path().join("trace"), "HTTP/1.1 202"), ORDER);
}

#[test]
fn a_put_is_durable_before_its_answer() {
    let folder = TempDir::new().unwrap();
    let dev = under_strace(folder.path());
    let body = json!({ "projectId": dev.project, "filename": "a.txt", "contentType": "text/plain", "size": 7 }).to_string();
    let session = dev.curl(&["-d", &body, &format!("{}/api/v1/uploads/session", dev.api_url)]);
    let url = serde_json::from_str::<Value>(&session).unwrap()["uploadUrl"].as_str().unwrap().to_owned();
    let answer = dev.curl(&["-X", "PUT", "-H", "Content-Type: text/plain", "-d", "durable", &url]);
    assert!(answer.contains("sha256"), "{answer}");
    end(dev);
    // Only the PUT writes a blob, so the first file sync is its own; the 200 after it is its answer.
    assert_eq!(order_of(&folder.path().join("trace"), "HTTP/1.1 200"), ORDER);
}

#[test]
fn complete_patch_and_delete_are_durable_before_their_answers() {
    let folder = TempDir::new().unwrap();
    let dev = under_strace(folder.path());
    let api = format!("{}/api/v1", dev.api_url);
    let body = json!({ "projectId": dev.project, "filename": "a.txt", "contentType": "text/plain", "size": 7 }).to_string();
    let session: Value = serde_json::from_str(&dev.curl(&["-d", &body, &format!("{api}/uploads/session")])).unwrap();
    let text = |name: &str| session[name].as_str().unwrap().to_owned();
    dev.curl(&["-X", "PUT", "-H", "Content-Type: text/plain", "-d", "durable", &text("uploadUrl")]);
    dev.curl(&["-d", &json!({ "uploadId": text("uploadId") }).to_string(), &format!("{api}/uploads/complete")]);
    dev.completed(&text("uploadId"));
    let file = format!("{api}/files/{}", text("fileId"));
    assert!(dev.curl(&["-X", "PATCH", "-d", r#"{"folder":"b"}"#, &file]).contains(r#""folder":"b""#));
    assert!(dev.curl(&["-X", "DELETE", &file]).contains("true"));
    end(dev);
    let steps = steps(&fs::read_to_string(folder.path().join("trace")).unwrap(), "HTTP/1.1 2");
    // What came before each answer; the last has none.
    let before: Vec<bool> = steps.split(|step| *step == Step::Answer).map(|step| step.contains(&Step::DatabaseSync)).collect();
    let answers = before.len() - 1;
    for (what, at) in [("session", 0), ("PUT", 1), ("complete", 2), ("PATCH", answers - 2), ("DELETE", answers - 1)] {
        assert!(before[at], "{what} was answered before it was durable: {steps:?}");
    }
}

/// Uploads small files until told to stop, and remembers what was acknowledged.
fn load(dev: &Dev, n: usize, stop: &AtomicBool, acknowledged: &Mutex<BTreeMap<String, String>>) {
    let url = format!("{}/api/v1/uploads/direct", dev.api_url);
    let mut count = 0;
    while !stop.load(Ordering::Relaxed) {
        count += 1;
        let text = format!("client {n} file {count} {}", "x".repeat(count * 997 % 50_000));
        let output = Command::new("curl")
            .args(["-s", "-m", "5", "-H", &format!("Authorization: Bearer {}", dev.key)])
            .args(["-F", &format!("projectId={}", dev.project), "-F", &format!("file={text};filename=a.txt"), &url])
            .output()
            .unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if let Some(upload) = answer["uploadId"].as_str() {
            acknowledged.lock().unwrap().insert(upload.to_owned(), text);
        }
    }
}

#[test]
fn kill_9_loses_nothing_that_was_acknowledged() {
    let folder = TempDir::new().unwrap();
    let acknowledged = Arc::new(Mutex::new(BTreeMap::new()));
    for kill in 0..8_u64 {
        let dev = Dev::start(folder.path());
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for n in 0..4 {
                let (dev, stop, acknowledged) = (&dev, &stop, &acknowledged);
                scope.spawn(move || load(dev, n, stop, acknowledged));
            }
            std::thread::sleep(Duration::from_millis(300 + 130 * kill));
            dev.signal("KILL");
            std::thread::sleep(Duration::from_millis(100));
            stop.store(true, Ordering::Relaxed);
        });
    }
    let acknowledged = acknowledged.lock().unwrap();
    assert!(acknowledged.len() > 100, "only {} uploads were acknowledged", acknowledged.len());
    let dev = Dev::start(folder.path());
    for (upload, text) in acknowledged.iter() {
        let url = dev.completed(upload)["file"]["url"].as_str().unwrap().to_owned();
        let bytes = Command::new("curl").args(["-sS", &url]).output().unwrap().stdout;
        assert_eq!(bytes, text.as_bytes(), "upload {upload}");
    }
    // What was half written went with the dead processes; only this one's folder is left, and it is empty.
    let half_written: Vec<_> = fs::read_dir(folder.path().join("blobs/tmp"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .flat_map(|path| fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>())
        .collect();
    assert!(half_written.is_empty(), "{half_written:?}");
    note(&format!("{} acknowledged uploads over 8 kills, 0 lost", acknowledged.len()));
}
