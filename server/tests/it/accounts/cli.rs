//! Accounts from the command line, and what `dev` and `serve` print.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::json;
use tempfile::TempDir;

use crate::harness::{BINARY, Dev, token_of};

/// The sign-in link that `dev` printed.
fn link(dev: &Dev) -> String {
    let line = dev.printed.lines().find(|line| line.contains("/sign-in#token=")).unwrap_or_else(|| panic!("{}", dev.printed));
    line.split_whitespace().last().unwrap().to_owned()
}

fn post(dev: &Dev, path: &str, body: &serde_json::Value) -> serde_json::Value {
    let output = Command::new("curl")
        .args(["-sS", "-H", "content-type: application/json", "-d", &body.to_string()])
        .arg(format!("{}/api/dashboard{path}", dev.api_url))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn dev_signs_its_developer_in_by_a_fresh_link_each_start() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let dev = Dev::start(&data);
    let first = link(&dev);
    assert!(first.starts_with(&format!("{}/sign-in#token=", dev.api_url)), "{first}");
    let me = post(&dev, "/sign-in/link", &json!({ "token": token_of(&first) }));
    assert_eq!((&me["user"]["email"], &me["isOperator"]), (&json!("dev@localhost"), &json!(true)), "{me}");
    assert_eq!((&me["workspaces"][0]["name"], &me["workspaces"][0]["role"]), (&json!("dev"), &json!("owner")), "{me}");
    assert_eq!(post(&dev, "/sign-in/link", &json!({ "token": token_of(&first) }))["error"], "NOT_FOUND");
    dev.kill();
    let dev = Dev::start(&data);
    let second = link(&dev);
    assert_ne!(token_of(&first), token_of(&second));
    assert_eq!(post(&dev, "/sign-in/link", &json!({ "token": token_of(&second) }))["user"]["id"], me["user"]["id"]);
    assert_eq!(dev.admin(&["user", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn the_operator_keeps_accounts() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(&folder.path().join("data"));
    let made = dev.admin(&["user", "create", "--email", "Ada@Example.com", "--name", "Ada", "--role", "admin"]);
    assert_eq!((&made["email"], &made["isOperator"]), (&json!("ada@example.com"), &json!(false)));
    assert_eq!(made["workspaces"][0]["role"], "admin");
    let link = made["link"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/reset#token=", dev.api_url)), "{link} is not of {}", dev.api_url);
    let me = post(&dev, "/reset", &json!({ "token": token_of(link), "password": "correct horse battery" }));
    assert_eq!(me["user"]["id"], made["id"], "{me}");

    let taken = dev.try_admin(&["user", "create", "--email", "ada@example.com", "--name", "Ada"]);
    assert!(!taken.status.success() && String::from_utf8_lossy(&taken.stderr).contains("already"), "{taken:?}");
    let changed = dev.admin(&["user", "update", "ada@example.com", "--name", "Countess", "--operator", "true"]);
    assert_eq!((&changed["name"], &changed["isOperator"], &changed["id"]), (&json!("Countess"), &json!(true), &made["id"]));
    let again = dev.admin(&["user", "link", made["id"].as_str().unwrap()])["link"].as_str().unwrap().to_owned();
    assert_eq!(dev.admin(&["user", "delete", "ada@example.com"])["deleted"], true);
    let gone = post(&dev, "/reset", &json!({ "token": token_of(&again), "password": "correct horse battery" }));
    assert_eq!(gone["error"], "NOT_FOUND");
    let wrong = post(&dev, "/sign-in", &json!({ "email": "ada@example.com", "password": "correct horse battery" }));
    assert_eq!(wrong["error"], "UNAUTHORIZED");
    assert!(!dev.try_admin(&["user", "delete", "ada@example.com"]).status.success());
    let last = dev.try_admin(&["user", "delete", "dev@localhost"]);
    assert!(String::from_utf8_lossy(&last.stderr).contains("owner"), "{last:?}");
}

#[test]
fn serve_prints_a_link_to_the_first_account_while_there_is_none() {
    let folder = TempDir::new().unwrap();
    let serve = || {
        let mut child = Command::new(BINARY)
            .arg("serve")
            .env("REUPLOAD_STORAGE__DATA_DIR", folder.path())
            .env("REUPLOAD_API__LISTEN", "127.0.0.1:0")
            .env("REUPLOAD_CDN__LISTEN", "127.0.0.1:0")
            .env("REUPLOAD_METRICS__LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // Either it prints the link, or it runs and is asked to stop.
        let pid = child.id().to_string();
        std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_secs(8));
            Command::new("kill").args(["-TERM", &pid]).status()
        });
        let found = lines.find(|line| line.contains("/setup#token="));
        let _ = child.kill();
        child.wait().unwrap();
        found
    };
    let first = serve().expect("a link");
    assert!(first.trim().starts_with("http://127.0.0.1:4000/setup#token="), "{first}");
    assert_ne!(serve().expect("another link"), first);
    let admin = |args: &[&str]| {
        let output = Command::new(BINARY).arg("admin").arg("--data").arg(folder.path()).args(args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    admin(&["user", "create", "--email", "ada@example.com", "--name", "Ada", "--operator"]);
    assert_eq!(serve(), None);
}
