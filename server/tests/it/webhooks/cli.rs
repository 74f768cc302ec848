//! `reupload admin webhook` beside a running server: every command, for scripts and for people, and what it says of mistakes.

use std::{fs, time::Duration};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::verify;
use crate::harness::{Dev, Receiver};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn upload(dev: &Dev) {
    let project = format!("projectId={}", dev.project);
    let url = format!("{}/api/v1/uploads/direct", dev.api_url);
    let answer = dev.curl(&["-F", &project, "-F", "file=hello;filename=a.txt", &url]);
    dev.completed(serde_json::from_str::<Value>(&answer).unwrap()["uploadId"].as_str().unwrap());
}

fn text<'v>(row: &'v Value, name: &str) -> &'v str {
    row[name].as_str().unwrap_or_else(|| panic!("no {name} in {row}"))
}

/// Waits until the newest delivery has this status, and gives its row.
fn newest(dev: &Dev, id: &str, status: &str) -> Value {
    let row = || dev.admin(&["webhook", "deliveries", id, "--limit", "1"])[0].clone();
    dev.wait_until(|_| row()["status"] == status);
    row()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_can_do_everything() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let receiver = Receiver::answering(&[500]).await;
    let create = ["webhook", "create", "--project", &dev.project, "--url", &receiver.url, "--description", "Buchhaltung"];
    let wishes =
        ["--event", "file.deleted", "--event", "file.failed", "--header", "Authorization: Bearer geheim", "--header", "x-a:b"];
    let made = dev.admin(&[&create[..], &wishes].concat());
    let (id, secret) = (text(&made, "id"), text(&made, "secret"));
    assert_eq!((&made["description"], &made["events"]), (&json!("Buchhaltung"), &json!(["file.deleted", "file.failed"])));
    assert_eq!(made["headers"], json!(["authorization", "x-a"]), "their values are not shown");

    let test = dev.admin(&["webhook", "test", id, "--event", "file.updated"]);
    let hook = receiver.wait_for(1).await.remove(0);
    verify(&hook, &[secret]);
    assert_eq!(
        (&hook.json()["type"], &hook.json()["test"], hook.headers["authorization"].as_str()),
        (&json!("file.updated"), &json!(true), "Bearer geheim")
    );
    dev.wait_until(|dev| dev.admin(&["webhook", "deliveries", id])[0]["attempts"] == 1);
    assert_eq!(dev.admin(&["webhook", "replay", text(&test, "deliveryId")])["status"], "pending");
    receiver.wait_for(2).await;
    let row = newest(&dev, id, "succeeded");
    assert_eq!((&row["id"], &row["attempts"], &row["type"]), (&test["deliveryId"], &json!(2), &json!("file.updated")));
    let attempts = dev.admin(&["webhook", "attempts", text(&test, "deliveryId")]);
    assert_eq!((&attempts[0]["error"], &attempts[1]["responseStatus"]), (&json!("the endpoint answered 500"), &json!(200)));
    assert_eq!(attempts[0]["requestBody"], hook.body);
    assert_eq!(attempts[0]["requestHeaders"]["authorization"], "(set on the endpoint)");
    assert!(dev.admin(&["webhook", "deliveries", id, "--status", "failed"]).as_array().unwrap().is_empty());

    let rotated = dev.admin(&["webhook", "rotate", id, "--overlap", "1h"]);
    assert!(rotated["formerSecretUntil"].is_string() && text(&rotated, "secret") != secret);
    dev.admin(&["webhook", "test", id]);
    verify(&receiver.wait_for(3).await[2], &[text(&rotated, "secret"), secret]);

    let file = folder.path().join("headers");
    fs::write(&file, "Authorization: Bearer aus-der-datei\n\nx-b: c\n").unwrap();
    let changed = dev.admin(&["webhook", "update", id, "--header-file", file.to_str().unwrap()]);
    assert_eq!(changed["headers"], json!(["authorization", "x-b"]));

    let all = ["--event", "file.uploaded", "--no-headers", "--description", "", "--disable", "a night off"];
    let changed = dev.admin(&[&["webhook", "update", id][..], &all].concat());
    assert_eq!(
        (&changed["headers"], &changed["description"], &changed["disabledReason"]),
        (&json!([]), &json!(""), &json!("a night off"))
    );
    upload(&dev);
    assert_eq!(dev.admin(&["webhook", "recover", id, "--since", "2h"]), json!({ "replayed": 0, "missed": 1 }));
    let hook = receiver.wait_for(4).await.remove(3);
    assert_eq!((&hook.json()["type"], hook.headers.get("authorization")), (&json!("file.uploaded"), None));
    newest(&dev, id, "succeeded");
    assert_eq!(dev.admin(&["webhook", "recover", id, "--since", "2026-01-01T00:00:00Z"]), json!({ "replayed": 0, "missed": 0 }));
    dev.admin(&["webhook", "update", id, "--disable", "x"]);
    assert_eq!(dev.admin(&["webhook", "update", id, "--enable"])["disabledAt"], Value::Null);

    // For people: no JSON, and never a secret.
    let shown = |args: &[&str]| String::from_utf8(dev.try_admin(args).stdout).unwrap();
    for args in [&["webhook", "list"][..], &["webhook", "deliveries", id], &["webhook", "attempts", text(&test, "deliveryId")]] {
        let said = shown(args);
        assert!(
            !said.is_empty() && !said.contains("whsec_") && !said.contains("geheim") && !said.starts_with(['[', '{']),
            "{args:?}: {said}"
        );
    }
    assert_eq!(dev.admin(&["webhook", "delete", id])["deleted"], true);
    assert!(!shown(&["webhook", "list"]).contains(id), "a deleted endpoint is not listed");
    mistakes(&dev, id);
}

fn mistakes(dev: &Dev, gone: &str) {
    let create = ["webhook", "create", "--project", dev.project.as_str(), "--url", "http://127.0.0.1:1/"];
    let with = |more: &[&'static str]| -> Vec<String> { create.iter().chain(more).map(|word| (*word).to_owned()).collect() };
    let words = |args: &[&str]| -> Vec<String> { args.iter().map(|word| (*word).to_owned()).collect() };
    let mut cases = vec![
        (with(&["--header", "nocolon"]), "write it as 'Name: value'"),
        (with(&["--header", "Host: x"]), "The header host cannot be set."),
        (with(&["--header", "x: é"]), "The header x has a value that cannot be sent."),
        (with(&["--event", "file.moved"]), "\"file.moved\" is not an event: use"),
        (words(&["webhook", "rotate", gone, "--overlap", "8d"]), "The overlap must be 0 to 7 days."),
        (words(&["webhook", "rotate", gone, "--overlap", "soon"]), "write 24h or 30m"),
        (words(&["webhook", "recover", gone, "--since", "yesterday"]), "neither a moment such as 2026-11-24T08:00:00Z nor 36h"),
        (words(&["webhook", "recover", gone]), "--since"),
        (words(&["webhook", "deliveries", gone, "--status", "lost"]), "unknown delivery status \"lost\""),
        (words(&["webhook", "deliveries", gone, "--limit", "0"]), "0 is not in 1..=1000"),
        (words(&["webhook", "update", gone, "--disable", "x", "--enable"]), "cannot be used with"),
        (words(&["webhook", "replay", NOBODY]), "No delivery with this id."),
        (words(&["webhook", "attempts", NOBODY]), "No delivery with this id."),
    ];
    for command in ["update", "delete", "rotate", "test", "deliveries"] {
        cases.push((words(&["webhook", command, gone]), "No webhook with this id."));
    }
    for (args, sentence) in cases {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let output = dev.try_admin(&args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty() && said.contains(sentence), "{args:?}: {said}");
    }
    for command in ["create", "list", "update", "rotate", "delete", "test", "deliveries", "attempts", "replay", "recover"] {
        let output = dev.try_admin(&["webhook", command, "--help"]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains(&format!("webhook {command}")), "{command}: {said}");
    }
}

/// The list, the log and the metrics say that an endpoint was disabled, and why.
#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_was_disabled_is_seen_everywhere() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log");
    let to_file = format!("exec \"$0\" \"$@\" 2>{}", log.display());
    let limits = ["REUPLOAD_WEBHOOKS__DISABLE_AFTER=1s", "REUPLOAD_WEBHOOKS__SCHEDULE=[\"0s\", \"1s\", \"1s\", \"1s\"]"];
    let under = [&["env"][..], &limits, &["sh", "-c", &to_file]].concat();
    let dev = Dev::under(&under, &folder.path().join("data"));
    let (failing, gone) = (Receiver::answering(&[500; 9]).await, Receiver::answering(&[410]).await);
    let ids = [&failing, &gone]
        .map(|receiver| dev.admin(&["webhook", "create", "--project", &dev.project, "--url", &receiver.url])["id"].clone());
    upload(&dev);
    let row = |id: &Value| {
        let list = dev.admin(&["webhook", "list"]);
        list.as_array().unwrap().iter().find(|row| row["id"] == *id).unwrap().clone()
    };
    dev.wait_until(|_| ids.iter().all(|id| row(id)["disabledAt"].is_string()));
    let why = row(&ids[0])["disabledReason"].as_str().unwrap().to_owned();
    assert!(why.starts_with("Every attempt since ") && why.ends_with("the last one: the endpoint answered 500."), "{why}");
    assert_eq!(row(&ids[1])["disabledReason"], "The endpoint answered 410 Gone.");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let log = fs::read_to_string(log).unwrap();
    for id in &ids {
        let line = log.lines().find(|line| line.contains(id.as_str().unwrap())).unwrap_or_else(|| panic!("{log}"));
        assert!(line.contains("WARN") && line.contains("a webhook endpoint is now disabled"), "{line}");
    }
    let metrics = dev.printed.lines().find_map(|line| line.trim().strip_prefix("metrics")).unwrap().trim();
    let page = dev.curl(&[metrics]);
    assert!(page.contains("reupload_webhook_endpoints_disabled_total 2"), "{page}");
    assert!(page.contains("reupload_webhook_attempts_total{result=\"refused\"}"), "{page}");
}
