//! The published `reupload-sdk` 0.1.1 from the Python package index as a foreign client: every method, sync and async, errors included.

use std::{path::Path, process::Command};

use tempfile::TempDir;

use crate::harness::Dev;

#[test]
fn the_published_python_client_works() {
    let python = std::env::var("REUPLOAD_TEST_PYTHON").expect("REUPLOAD_TEST_PYTHON is set: run the tests with cargo nextest");
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/published_client.py");
    let reader = dev.admin(&["key", "create", "--name", "reader", "--permission", "files.read"]);
    let output = Command::new(python)
        .arg(script)
        .env("REUPLOAD_API_KEY", &dev.key)
        .env("REUPLOAD_PROJECT_ID", &dev.project)
        .env("REUPLOAD_API_BASE_URL", format!("{}/api/v1", dev.api_url))
        .env("READER_KEY", reader["key"].as_str().unwrap())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("all methods work"), "{out}\n{err}");
}
