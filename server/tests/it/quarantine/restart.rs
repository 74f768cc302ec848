//! The node dies while an upload waits for the scanner; the next one goes on waiting, then publishes or fails. Or the next one has a
//! scanner where the first had none.

use std::{fs, path::Path, process::Command, time::Duration};

use reupload::{
    app::App,
    config::{ScanAddress, ScanBackend},
    store::jobs::{Job, Lane},
    worker,
};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    post::{Mood, Post},
    routes::steps,
    samples,
};
use crate::harness::{Body, Dev, Server, by_hand, each_database};

fn start(post: &Post, data: &Path, give_up_after: &str) -> Dev {
    let settings = [
        ("REUPLOAD_SCAN__BACKEND", "clamd"),
        ("REUPLOAD_SCAN__ADDRESS", &post.address()),
        ("REUPLOAD_SCAN__GIVE_UP_AFTER", give_up_after),
        // What a killed node held is free again after this.
        ("REUPLOAD_JOBS__LEASE", "1s"),
        ("REUPLOAD_JOBS__POLL_EVERY", "50ms"),
    ];
    Dev::with(&settings, data)
}

/// Uploads one file and gives the ids of upload and file.
fn upload(dev: &Dev, folder: &Path, name: &str, bytes: &[u8]) -> (String, String) {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    let answer = dev.curl(&[
        "-F",
        &format!("projectId={}", dev.project),
        "-F",
        "isPublic=true",
        "-F",
        &format!("file=@{}", path.display()),
        &format!("{}/api/v1/uploads/direct", dev.api_url),
    ]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let id = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    (id("uploadId"), id("fileId"))
}

fn waits(dev: &Dev, file: &str) -> bool {
    steps(&dev.get(&format!("/files/{file}/timeline"))).last().is_some_and(|step| step == "scan_waiting")
}

/// Nothing of the file leaves.
fn hidden(dev: &Dev, file: &str) {
    assert_eq!(dev.get(&format!("/files/{file}"))["error"], "NOT_FOUND");
    assert_eq!(dev.get(&format!("/files/{file}/access"))["error"], "NOT_FOUND");
    assert_eq!(dev.get("/files")["files"].as_array().unwrap().len(), 0);
    let address = dev.printed.lines().find_map(|line| line.trim().strip_prefix("CDN")).unwrap_or_default().trim().to_owned();
    let output = Command::new("curl").args(["-sS", &format!("{address}/v1/files/{file}/x")]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("NOT_FOUND"), "{address}: {output:?}");
}

fn failed(dev: &Dev, upload: &str, reason: &str) {
    let path = format!("/uploads/session/{upload}");
    dev.wait_until(|dev| dev.get(&path)["session"]["status"] == "FAILED");
    assert_eq!(dev.get(&path)["session"]["failureReason"], reason);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_dies_while_it_waits_goes_on_waiting() {
    let (data, files, post) = (TempDir::new().unwrap(), TempDir::new().unwrap(), Post::new());
    post.put(Mood::Stopped);
    let dev = start(&post, data.path(), "1h");
    let clean = upload(&dev, files.path(), "clean.txt", b"harmless");
    let malware = upload(&dev, files.path(), "malware.bin", &samples::kilobyte().bytes);
    for (_, file) in [&clean, &malware] {
        dev.wait_until(|dev| waits(dev, file));
        hidden(&dev, file);
    }
    dev.kill();

    // This one dies while the scanner is being asked.
    post.put(Mood::Hung);
    let dev = start(&post, data.path(), "1h");
    let late = upload(&dev, files.path(), "late.txt", b"harmless too");
    std::thread::sleep(Duration::from_millis(1500));
    for (_, file) in [&clean, &malware, &late] {
        hidden(&dev, file);
    }
    dev.kill();

    post.put(Mood::Working);
    let dev = start(&post, data.path(), "1h");
    for ((upload, _), bytes) in [(&clean, &b"harmless"[..]), (&late, b"harmless too")] {
        let url = dev.completed(upload)["file"]["url"].as_str().unwrap().to_owned();
        assert_eq!(Command::new("curl").args(["-sS", &url]).output().unwrap().stdout, bytes);
    }
    failed(&dev, &malware.0, "MALWARE_DETECTED");

    // How long it has waited is not forgotten either.
    post.put(Mood::Stopped);
    let forgotten = upload(&dev, files.path(), "forgotten.txt", b"harmless");
    dev.wait_until(|dev| waits(dev, &forgotten.1));
    dev.kill();
    let dev = start(&post, data.path(), "1s");
    failed(&dev, &forgotten.0, "SCAN_UNAVAILABLE");
}

each_database! {
    async fn a_picture_that_passed_without_a_scanner_is_scanned_once_there_is_one(server: &Server) with by_hand {
        let malware = [samples::picture(), samples::kilobyte().bytes].concat();
        let mut accepted = Vec::new();
        for bytes in [malware, samples::picture()] {
            accepted.push(server.upload("a.gif", "image/gif", &bytes, true).await.expect(202));
        }
        let core = &server.app.core;
        for claim in core.db.claim_jobs(Lane::Files, core.clock.now(), Duration::from_mins(1), 10).await.unwrap() {
            let Job::Process { upload } = claim.payload else { panic!("{claim:?}") };
            server.app.processing.process(&claim, upload).await.unwrap();
        }
        let jobs = core.db.reader().await.unwrap().jobs().await.unwrap();
        assert!(jobs.len() == 2 && jobs.iter().all(|job| matches!(job.payload, Job::Picture { .. })), "{jobs:?}");

        let post = Post::new();
        post.put(Mood::Working);
        let mut config = core.config.clone();
        config.scan.backend = ScanBackend::Clamd;
        config.scan.address = ScanAddress::try_from(post.address()).unwrap();
        let next = App::open(config, core.clock.clone()).await.unwrap();
        worker::run_due(&next).await.unwrap();
        next.core.db.close().await;

        let session = async |n: usize| {
            let path = format!("/uploads/session/{}", accepted[n].text("/uploadId"));
            server.api("GET", &path, Body::Empty).await.expect(200)
        };
        let malware = session(0).await.json();
        assert_eq!(malware["session"]["failureReason"], "MALWARE_DETECTED", "{malware}");
        let file = format!("/files/{}", session(1).await.text("/file/fileId"));
        assert_eq!(server.api("GET", &file, Body::Empty).await.expect(200).text("/file/scan"), "clean");
    }
}
