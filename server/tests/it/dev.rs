//! `reupload dev` as a person runs it: the greeting, the pasted curl line, the webhook, the next start, the stop.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    time::Duration,
};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tempfile::TempDir;

use crate::harness::{BINARY, Dev, Receiver};

/// The command that the greeting offers for the first upload.
fn printed_curl(dev: &Dev) -> String {
    let line = dev.printed.lines().find(|line| line.contains("| curl ")).expect("a curl line is printed");
    line.trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_curl_line_leads_to_a_verified_webhook() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let receiver = Receiver::start().await;
    let endpoint = dev.admin(&["webhook", "create", "--project", &dev.project, "--url", &receiver.url]);
    let output = Command::new("sh").arg("-c").arg(printed_curl(&dev)).output().unwrap();
    let accepted: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(accepted["status"], "processing", "{accepted}");

    let hook = receiver.wait_for(1).await.remove(0);
    let event = hook.json();
    assert_eq!(event["type"], "file.uploaded");
    assert_eq!(event["data"]["fileId"], accepted["fileId"]);
    let header = &hook.headers["reupload-signature"];
    let (t, v1) = header.strip_prefix("t=").and_then(|rest| rest.split_once(",v1=")).expect("t and v1");
    let mut mac = Hmac::<Sha256>::new_from_slice(endpoint["secret"].as_str().unwrap().as_bytes()).unwrap();
    mac.update(format!("{t}.{}", hook.body).as_bytes());
    assert_eq!(hex::encode(mac.finalize().into_bytes()), v1);

    let bytes = Command::new("curl").args(["-sS", event["data"]["url"].as_str().unwrap()]).output().unwrap().stdout;
    assert_eq!(bytes, b"Hello, Reupload\n");
}

#[test]
fn the_next_start_keeps_key_project_and_files() {
    let folder = TempDir::new().unwrap();
    let first = Dev::start(folder.path());
    let mode = fs::metadata(folder.path().join("dev.env")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let upload = upload(&first, "kept.txt", "kept");
    first.completed(&upload);
    let (key, project) = (first.key.clone(), first.project.clone());
    first.kill();

    let second = Dev::start(folder.path());
    assert_eq!((&second.key, &second.project), (&key, &project));
    assert_eq!(second.get("/public/whoami")["projects"][0]["id"].as_str(), Some(project.as_str()));
    // The port is another one now, and so is the link.
    let url = second.completed(&upload)["file"]["url"].as_str().unwrap().to_owned();
    assert_eq!(Command::new("curl").args(["-sS", &url]).output().unwrap().stdout, b"kept");
}

#[test]
fn a_second_dev_on_the_same_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    let first = Dev::start(folder.path());
    let env = fs::read_to_string(folder.path().join("dev.env")).unwrap();
    let listen = ["--listen", "127.0.0.1:0", "--cdn-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let second = Command::new(BINARY).args(["dev", "--data"]).arg(folder.path()).args(listen).output().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && said.contains("another `reupload dev` runs on"), "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("dev.env")).unwrap(), env);
    drop(first);
}

#[test]
fn a_revoked_development_key_is_replaced() {
    let folder = TempDir::new().unwrap();
    let first = Dev::start(folder.path());
    let id = first.get("/public/whoami")["apiKeyId"].as_str().unwrap().to_owned();
    first.admin(&["key", "revoke", &id]);
    let (key, project) = (first.key.clone(), first.project.clone());
    drop(first);
    let second = Dev::start(folder.path());
    assert_ne!(second.key, key);
    assert_eq!(second.project, project);
}

#[test]
fn ctrl_c_lets_an_upload_in_flight_finish() {
    let folder = TempDir::new().unwrap();
    let mut dev = Dev::start(folder.path());
    let address = dev.api_url.trim_start_matches("http://").to_owned();
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"projectId\"\r\n\r\n{}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"slow.txt\"\r\n\r\nslowly\r\n--b--\r\n",
        dev.project
    );
    let (first, rest) = body.split_at(body.len() - 20);
    let mut socket = TcpStream::connect(&address).unwrap();
    let head = format!(
        "POST /api/v1/uploads/direct HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\n\r\n",
        dev.key,
        body.len()
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket.write_all(first.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    dev.signal("INT");
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(&address).is_err(), "new connections are refused");
    socket.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    assert!(dev.wait(Duration::from_secs(10)).success());

    let upload: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    Dev::start(folder.path()).completed(upload["uploadId"].as_str().unwrap());
}

#[test]
fn metrics_health_and_the_document_are_served() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    dev.completed(&upload(&dev, "a.txt", "a"));
    let body =
        serde_json::json!({ "projectId": dev.project, "filename": "b", "contentType": "text/plain", "size": 1 }).to_string();
    let session = dev.curl(&["-d", &body, &format!("{}/api/v1/uploads/session", dev.api_url)]);
    let session: Value = serde_json::from_str(&session).unwrap();
    dev.curl(&["-X", "DELETE", &format!("{}/api/v1/uploads/session/{}", dev.api_url, session["uploadId"].as_str().unwrap())]);
    assert!(dev.curl(&[&format!("{}/healthz", dev.api_url)]).contains("ok"));
    assert!(dev.curl(&[&format!("{}/readyz", dev.api_url)]).contains("ready"));
    assert!(dev.curl(&[&format!("{}/openapi.json", dev.api_url)]).contains("\"openapi\":\"3.1"));
    dev.curl(&["-X", "BREW", &format!("{}/healthz", dev.api_url)]);
    let metrics = dev.printed.lines().find_map(|line| line.trim().strip_prefix("metrics")).unwrap().trim();
    let page = dev.curl(&[metrics]);
    for wanted in [
        "reupload_uploads_total{result=\"COMPLETED\"} 1",
        "reupload_uploads_total{result=\"CANCELLED\"} 1",
        "reupload_upload_bytes_total{source=\"direct\"} 1",
        "reupload_jobs_due{kind=\"process\"} 0",
        "reupload_job_oldest_seconds{kind=\"deliver\"} 0",
        "reupload_http_request_seconds_count{method=\"POST\",route=\"/api/v1/uploads/direct\",status=\"202\"} 1",
        "reupload_http_request_seconds_count{method=\"other\",route=\"/healthz\",status=\"405\"} 1",
    ] {
        assert!(page.contains(wanted), "{wanted} is not in\n{page}");
    }
    assert!(!page.contains("BREW"), "or a client could make any number of series");
    // Nothing else is served there, and no metrics anywhere else.
    assert!(dev.curl(&[&metrics.replace("/metrics", "/healthz")]).contains("NOT_FOUND"));
    assert!(dev.curl(&[&format!("{}/metrics", dev.api_url)]).contains("NOT_FOUND"));
}

#[test]
fn as_many_files_may_be_open_as_the_system_allows() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::under(&["sh", "-c", "ulimit -Sn 512 && exec \"$0\" \"$@\""], folder.path());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", dev.pid())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    // proc(5): behind the three words of the name stand the soft limit, the hard limit and the unit.
    let ["Max", "open", "files", soft, hard, "files"] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
    assert!(soft == hard && soft != "512", "{line}");
}

#[test]
fn what_it_makes_in_a_folder_that_is_open_to_all_is_for_its_owner_alone() {
    let folder = TempDir::new().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    fs::create_dir(&data).unwrap();
    let open_to = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    let chmod = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let start = || Dev::under(&["sh", "-c", &format!("umask 022 && exec \"$0\" \"$@\" 2>'{}'", log.display())], &data);

    chmod(&data, 0o755);
    let dev = start();
    dev.completed(&upload(&dev, "a.txt", "a"));
    for entry in fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(open_to(&path), 0, "{}", path.display());
    }
    dev.kill();
    let said = fs::read_to_string(&log).unwrap();
    assert!(said.contains("storage.data_dir is open to all") && !said.contains("master key"), "{said}");

    chmod(&data, 0o750);
    chmod(&data.join("master.key"), 0o644);
    start().kill();
    let said = fs::read_to_string(&log).unwrap();
    assert!(said.contains("the master key is open to all") && !said.contains("data_dir"), "{said}");
}

/// Uploads a small text through curl and gives its upload id.
fn upload(dev: &Dev, name: &str, text: &str) -> String {
    let project = format!("projectId={}", dev.project);
    let file = format!("file={text};filename={name}");
    let url = format!("{}/api/v1/uploads/direct", dev.api_url);
    let answer = dev.curl(&["-F", &project, "-F", &file, &url]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    answer["uploadId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}
