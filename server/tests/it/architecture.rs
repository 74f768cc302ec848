//! The house's own rules: which folder may use which, who knows sqlx and axum, how long a file may be, and that
//! generated files are current.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::harness::{Database, Server};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The layer of a file: its first folder, or its own name at the root.
fn layer(path: &Path) -> String {
    let relative = path.strip_prefix(source()).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// What each layer may use of the crate, beside itself.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("domain", &[][..]),
        ("shutdown", &[]),
        ("config", &["domain"]),
        ("store", &["domain"]),
        ("blobs", &["domain"]),
        ("scan", &["domain"]),
        ("outbound", &["domain"]),
        ("telemetry", &["config"]),
        ("app", &["domain", "config", "store", "blobs", "scan", "outbound"]),
        ("worker", &["domain", "config", "store", "app", "shutdown"]),
        ("http", &["domain", "config", "store", "blobs", "app", "shutdown"]),
        ("node", &["config", "app", "http", "worker", "shutdown"]),
        ("cli", &["domain", "config", "store", "outbound", "app", "http", "node", "shutdown", "telemetry"]),
        ("lib", &[]),
        ("main", &["cli"]),
    ])
}

#[test]
fn imports_go_one_way() {
    let allowed = allowed();
    let layers: Vec<&str> = allowed.keys().copied().collect();
    let mut wrong = Vec::new();
    for file in rust_files(&source()) {
        let own = layer(&file);
        let may = allowed.get(own.as_str()).unwrap_or_else(|| panic!("{own} is a new layer: give it its place here"));
        let text = fs::read_to_string(&file).unwrap();
        let (code, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
        assert!(own == "app" || !code.contains("app.core"), "{} reaches below app", file.display());
        assert!(!code.contains("super::super::"), "{}: write `crate::`, which this test can read", file.display());
        let mut imports: Vec<&str> = text.split("crate::").skip(1).filter_map(first_word).collect();
        // `use crate::{a::…, b::…};` with one entry a line or all on one line.
        for group in text.split("crate::{").skip(1) {
            imports.extend(top_level_names(group));
        }
        for import in imports {
            if layers.contains(&import) && import != own && !may.contains(&import) {
                wrong.push(format!("{} uses {import}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn first_word(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    Some(&text[..end])
}

/// The first word of each entry of a `{…}` group.
fn top_level_names(group: &str) -> Vec<&str> {
    let (mut depth, mut names, mut start) = (1, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                names.extend(first_word(group[start..=at].trim_start()));
                start = at + 1;
            }
            _ => {}
        }
        if depth == 0 {
            names.extend(first_word(group[start..=at].trim_start()));
            break;
        }
    }
    names
}

#[test]
fn a_library_has_one_home() {
    let homes = [("sqlx", vec!["store"]), ("axum", vec!["http"]), ("reqwest", vec!["outbound"]), ("clap", vec!["cli", "node"])];
    for file in rust_files(&source()) {
        let text = fs::read_to_string(&file).unwrap();
        for (library, home) in &homes {
            let uses = text.contains(&format!("{library}::"));
            assert!(!uses || home.contains(&layer(&file).as_str()), "{} knows {library}", file.display());
        }
    }
}

#[test]
fn only_app_begins_transactions() {
    for file in rust_files(&source()) {
        let text: String = fs::read_to_string(&file).unwrap().split_whitespace().collect();
        let begins = text.contains(".begin().await") || text.contains(".begin_background().await");
        assert!(!begins || matches!(layer(&file).as_str(), "app" | "store"), "{} begins a transaction", file.display());
    }
}

#[test]
fn files_stay_short() {
    for file in rust_files(&source()) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or(&text).lines().count();
        assert!(code <= 350, "{} has {code} lines: two subjects?", file.display());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["server/src", "server/tests", "images/src", "images/tests", "bench/src"] {
        for file in rust_files(&root.join(folder)) {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= 400, "{} has {lines} lines: two subjects?", file.display());
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    for file in rust_files(&source()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{} does not begin with what it is", file.display());
    }
}

#[test]
fn the_openapi_document_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/openapi.json");
    let committed = fs::read_to_string(file).unwrap_or_default();
    let current = reupload::http::document("http://127.0.0.1:4000", "http://127.0.0.1:4001").to_pretty_json().unwrap();
    assert!(committed.trim_end() == current.trim_end(), "api/openapi.json is stale: run `make openapi`");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/dashboard.json");
    let committed = fs::read_to_string(file).unwrap_or_default();
    let current = reupload::http::dashboard_document("http://127.0.0.1:4000").to_pretty_json().unwrap();
    assert!(committed.trim_end() == current.trim_end(), "api/dashboard.json is stale: run `make openapi`");
}

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    let mut counts = Vec::new();
    for database in [Database::Sqlite, Database::Postgres] {
        let server = Server::start(database).await;
        counts.push(server.app.core.db.prepare_all().await.unwrap());
        server.finish().await;
    }
    assert!(counts[0] > 40 && counts[0] == counts[1], "{counts:?}");
}

#[tokio::test]
async fn the_two_schemas_are_equal() {
    let same = |native: &str| match native {
        "BLOB" => vec!["UUID", "BYTEA"],
        "TEXT" => vec!["TEXT", "TIMESTAMPTZ", "JSONB", "DATE"],
        "INTEGER" => vec!["INT8", "BOOL"],
        other => panic!("{other} is a new type: say what it is in PostgreSQL"),
    };
    let (sqlite, postgres) = (Server::start(Database::Sqlite).await, Server::start(Database::Postgres).await);
    let (left, right) = (sqlite.app.core.db.columns().await.unwrap(), postgres.app.core.db.columns().await.unwrap());
    let names = |columns: &[(String, String, String, bool)]| -> Vec<(String, String, bool)> {
        columns.iter().map(|(table, column, _, null)| (table.clone(), column.clone(), *null)).collect()
    };
    assert_eq!(names(&left), names(&right));
    assert!(left.len() > 80, "only {} columns were compared", left.len());
    for ((table, column, native, _), (_, _, other, _)) in left.iter().zip(&right) {
        assert!(same(native).contains(&other.as_str()), "{table}.{column}: {native} and {other}");
    }
    assert_eq!(sqlite.app.core.db.indexes().await.unwrap(), postgres.app.core.db.indexes().await.unwrap());
    sqlite.finish().await;
    postgres.finish().await;
}

#[test]
fn migrations_have_the_same_names() {
    let names = |engine: &str| -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
