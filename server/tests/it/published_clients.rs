//! Foreign clients from the Python package index: the published `reupload-sdk` 0.1.1 with every method, sync and async, errors included;
//! and schemathesis, which makes requests from the OpenAPI document. `make schemathesis` has it make ten times as many.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::harness::{BINARY, Dev};

fn python() -> Command {
    Command::new(std::env::var("REUPLOAD_TEST_PYTHON").expect("REUPLOAD_TEST_PYTHON is set: run the tests with cargo nextest"))
}

fn foreign(script: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign").join(script)
}

#[test]
fn the_published_python_client_works() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let reader = dev.admin(&["key", "create", "--name", "reader", "--permission", "files.read"]);
    let output = python()
        .arg(foreign("published_client.py"))
        .env("REUPLOAD_API_KEY", &dev.key)
        .env("REUPLOAD_PROJECT_ID", &dev.project)
        .env("REUPLOAD_API_BASE_URL", format!("{}/api/v1", dev.api_url))
        .env("READER_KEY", reader["key"].as_str().unwrap())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("all methods work"), "{out}\n{err}");
}

#[test]
fn a_thousand_generated_requests_get_only_answers_of_the_document() {
    let output = python()
        .arg(foreign("schemathesis/run.py"))
        .arg(BINARY)
        .args(["--requests", "1000", "--examples", "10"])
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
}
