//! A full disk: uploads are refused with 507, everything else goes on, and freed room is used again.
//!
//! The test's binary runs itself again below `unshare`, in a mount namespace where the data folder is a tmpfs of 8 MiB.

use std::{
    env, fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{BINARY, Dev};

const INSIDE: &str = "REUPLOAD_TEST_SMALL_DISK";
const SETUP: &str = "mount -t tmpfs -o size=8m tmpfs \"$1\" && shift && exec \"$@\"";
const PIECE: usize = 1024 * 1024;

/// Runs the test `name` again with `folder` as a small disk.
fn on_a_small_disk(name: &str, folder: &Path) {
    let program = env::current_exe().unwrap();
    let command = ["--mount", "sh", "-c", SETUP, "sh", folder.to_str().unwrap(), program.to_str().unwrap()];
    let output: Output =
        Command::new("unshare").args(command).args(["--exact", name, "--nocapture"]).env(INSIDE, folder).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        output.status.success() && said.contains("1 passed"),
        "on its small disk (this test must run as root, or with CAP_SYS_ADMIN, on Linux):\n{said}\n{complained}"
    );
}

/// Calls, and gives the status and the body.
fn call(dev: &Dev, args: &[&str]) -> (u16, Value) {
    let answer = dev.curl(&[args, &["-w", "\n%{http_code}"]].concat());
    let (body, status) = answer.rsplit_once('\n').unwrap();
    (status.parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
}

fn upload(dev: &Dev, file: &Path) -> (u16, Value) {
    let project = format!("projectId={}", dev.project);
    let file = format!("file=@{};type=application/octet-stream", file.display());
    call(dev, &["-F", &project, "-F", &file, &format!("{}/api/v1/uploads/direct", dev.api_url)])
}

fn open_session(dev: &Dev, size: usize) -> (u16, Value) {
    let body = json!({ "projectId": dev.project, "filename": "a", "contentType": "text/plain", "size": size });
    call(dev, &["-d", &body.to_string(), &format!("{}/api/v1/uploads/session", dev.api_url)])
}

fn put(dev: &Dev, url: &str, file: &Path) -> (u16, Value) {
    call(dev, &["-X", "PUT", "-H", "Content-Type: text/plain", "--data-binary", &format!("@{}", file.display()), url])
}

#[track_caller]
fn is_full((status, body): &(u16, Value)) {
    assert_eq!((*status, &body["error"]), (507, &json!("STORAGE_FULL")), "{body}");
}

#[test]
fn a_full_disk_refuses_uploads_and_takes_them_again_when_there_is_room() {
    let Some(folder) = env::var_os(INSIDE) else {
        let name = "disk_full::a_full_disk_refuses_uploads_and_takes_them_again_when_there_is_room";
        return on_a_small_disk(name, TempDir::new().unwrap().path());
    };
    let elsewhere = TempDir::new().unwrap();
    let piece = elsewhere.path().join("piece");
    fs::write(&piece, vec![b'x'; PIECE]).unwrap();
    let folder = Path::new(&folder);
    let dev = Dev::start(&folder.join("data"));
    let (status, session) = open_session(&dev, PIECE);
    assert_eq!(status, 201);
    let put_url = session["uploadUrl"].as_str().unwrap();

    let mut files = Vec::new();
    let refused = loop {
        let answer = upload(&dev, &piece);
        if answer.0 != 202 {
            break answer;
        }
        files.push(dev.completed(answer.1["uploadId"].as_str().unwrap())["file"].clone());
        assert!(files.len() < 8, "more went in than there is room");
    };
    is_full(&refused);
    is_full(&put(&dev, put_url, &piece));
    // Not one byte is left, for the database neither.
    let ballast = folder.join("ballast");
    assert!(fs::write(&ballast, vec![0; 8 * PIECE]).is_err());
    let refused = (0..1000).map(|_| open_session(&dev, 1)).find(|answer| answer.0 != 201);
    is_full(&refused.expect("the database needs room as well"));
    is_full(&upload(&dev, &piece));

    let served = dev.curl(&[files[0]["url"].as_str().unwrap()]);
    assert!(served.len() == PIECE && served.bytes().all(|byte| byte == b'x'), "a full disk can be read");

    fs::remove_file(ballast).unwrap();
    for file in &files {
        let url = format!("{}/api/v1/files/{}", dev.api_url, file["fileId"].as_str().unwrap());
        assert_eq!(call(&dev, &["-X", "DELETE", &url]).0, 200);
    }
    dev.wait_until(|dev| upload(dev, &piece).0 == 202);
    assert_eq!(put(&dev, put_url, &piece).0, 200);
    for command in ["gc", "fsck"] {
        let output = Command::new(BINARY).args([command, "--json", "--data"]).arg(&dev.data).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{command}: {said}{}", String::from_utf8_lossy(&output.stderr));
    }
}
