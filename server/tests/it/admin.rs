//! The command line as an operator uses it: the real binary beside a running server, its errors, and what it never shows.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{BINARY, Body, Dev, Receiver, Server, each_database};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// Runs the binary with nothing in its environment but `env`.
fn run(folder: &Path, env: &[(&str, &str)], args: &[&str]) -> Output {
    Command::new(BINARY).current_dir(folder).env_clear().envs(env.iter().copied()).args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The sentence with which a command failed.
#[track_caller]
fn failure(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "it went well: {}{said}", stdout(output));
    assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{said}");
    said
}

fn keys(json: &Value) -> BTreeSet<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

fn find<'a>(rows: &'a Value, id: &Value) -> &'a Value {
    rows.as_array().unwrap().iter().find(|row| row["id"] == *id).unwrap_or_else(|| panic!("{id} is not in {rows}"))
}

/// How the server answers the bearer of a key.
fn whoami(dev: &Dev, key: &str) -> String {
    let url = format!("{}/api/v1/public/whoami", dev.api_url);
    let bearer = format!("Authorization: Bearer {key}");
    stdout(&Command::new("curl").args(["-sS", "-H", &bearer, &url]).output().unwrap())
}

#[test]
fn a_reader_that_has_gone_ends_the_output_quietly() {
    let folder = TempDir::new().unwrap();
    let _dev = Dev::start(folder.path());
    for command in ["admin workspace list", "admin --json workspace list", "fsck"] {
        let line = format!("{BINARY} {command} --data {} | true", folder.path().display());
        let said = Command::new("sh").args(["-c", &line]).output().unwrap().stderr;
        assert_eq!(String::from_utf8(said).unwrap(), "", "{command}");
    }
}

#[test]
fn workspaces_and_projects_are_made_listed_and_changed() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let workspace = dev.admin(&["workspace", "create", "--name", "Acme"]);
    assert_eq!(
        keys(&workspace),
        BTreeSet::from(["createdAt", "id", "maxBytes", "maxFileSize", "maxFiles", "name", "usedBytes", "usedFiles"])
    );
    let id = workspace["id"].as_str().unwrap();
    dev.admin(&["workspace", "update", id, "--name", "Acme & Söhne"]);
    assert_eq!(find(&dev.admin(&["workspace", "list"]), &workspace["id"])["name"], "Acme & Söhne");

    let several = Command::new(BINARY).args(["admin", "project", "create", "--name", "x", "--data"]).arg(folder.path()).output();
    assert!(failure(&several.unwrap()).contains("there are several workspaces: name one with --workspace ID"));
    let create = ["project", "create", "--name", "web", "--workspace", id, "--origin", "https://a.example", "--origin"];
    let limits = ["http://localhost:*", "--max-bytes", "1000", "--max-files", "10", "--max-file-size", "100"];
    let project = dev.admin(&[&create[..], &limits[..]].concat());
    let origins = json!(["https://a.example", "http://localhost:*"]);
    assert_eq!((&project["workspaceId"], &project["name"], &project["corsOrigins"]), (&workspace["id"], &json!("web"), &origins));
    let project_id = project["id"].as_str().unwrap();
    dev.admin(&["project", "update", project_id, "--max-files", "20"]);
    let row = dev.admin(&["project", "list"]);
    let row = find(&row, &project["id"]);
    assert_eq!((&row["maxBytes"], &row["maxFiles"], &row["maxFileSize"]), (&json!(1000), &json!(20), &json!(100)));
    assert_eq!((&row["usedBytes"], &row["usedFiles"], &row["corsOrigins"]), (&json!(0), &json!(0), &origins));
}

#[test]
fn projects_and_workspaces_are_deleted_when_nothing_is_in_them() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let refused = |args: &[&str]| failure(&dev.try_admin(args));
    let workspace = dev.admin(&["workspace", "create", "--name", "Short"])["id"].as_str().unwrap().to_owned();
    let project = dev.admin(&["project", "create", "--name", "p", "--workspace", &workspace]);
    let project = project["id"].as_str().unwrap();
    assert!(refused(&["workspace", "delete", &workspace]).contains("The workspace Short still has projects (1)"));
    assert_eq!(dev.admin(&["project", "delete", project]), json!({ "id": project, "deleted": true }));
    assert!(refused(&["project", "delete", project]).contains("No project with this id"));
    assert_eq!(dev.admin(&["workspace", "delete", &workspace]), json!({ "id": workspace, "deleted": true }));
    assert!(refused(&["workspace", "delete", &workspace]).contains("No workspace with this id"));

    let text = folder.path().join("a.txt");
    fs::write(&text, "a").unwrap();
    let (field, file) = (format!("projectId={}", dev.project), format!("file=@{}", text.display()));
    dev.curl(&["-f", "-F", &field, "-F", &file, &format!("{}/api/v1/uploads/direct", dev.api_url)]);
    let said = refused(&["project", "delete", &dev.project]);
    assert!(said.contains("still has files (1)") || said.contains("are under way (1)"), "{said}");
    dev.admin(&["project", "delete", "--with-files", &dev.project]);
    assert!(whoami(&dev, &dev.key).contains(r#""projects":[]"#), "{}", whoami(&dev, &dev.key));
}

#[test]
fn a_key_works_until_it_is_revoked() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let permissions = ["--permission", "files.read", "--permission", "files.write"];
    let made = dev.admin(&[&["key", "create", "--name", "ci", "--project", &dev.project][..], &permissions[..]].concat());
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    let who: Value = serde_json::from_str(&whoami(&dev, key)).unwrap();
    assert_eq!((&who["apiKeyId"], &who["name"], &who["allProjects"]), (&made["id"], &json!("ci"), &json!(false)));
    assert_eq!(made["projects"], json!([dev.project]));
    assert_eq!((&who["permissions"], &who["projects"][0]["id"]), (&json!(["files.read", "files.write"]), &json!(dev.project)));

    let list = dev.admin(&["key", "list"]);
    assert_eq!(find(&list, &made["id"])["projects"], json!([dev.project]));
    let row = find(&list, &made["id"]);
    assert_eq!(row["revokedAt"], Value::Null);
    assert!(key.starts_with(row["hint"].as_str().unwrap()) && row["hint"].as_str().unwrap().len() < 12);
    assert!(!list.to_string().contains(key) && !list.to_string().contains("hash"), "{list}");

    assert_eq!(dev.admin(&["key", "revoke", id])["revoked"], true);
    assert!(whoami(&dev, key).contains("UNAUTHORIZED"));
    assert!(find(&dev.admin(&["key", "list"]), &made["id"])["revokedAt"].is_string());
    assert!(whoami(&dev, &dev.key).contains("\"apiKeyId\""), "the others still work");
    let again = run(folder.path(), &[], &["admin", "--data", ".", "key", "revoke", id]);
    assert!(failure(&again).contains("No live key with this id."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_told_until_it_is_disabled() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let receiver = Receiver::start().await;
    let create = ["webhook", "create", "--project", &dev.project, "--url", &receiver.url, "--event", "file.uploaded"];
    let made = dev.admin(&create);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    assert_eq!((&made["url"], &made["events"]), (&json!(receiver.url), &json!(["file.uploaded"])));
    upload(&dev);
    receiver.wait_for(1).await;

    let list = dev.admin(&["webhook", "list"]);
    assert!(!list.to_string().contains("whsec_"), "{list}");
    assert_eq!(find(&list, &made["id"])["disabledAt"], Value::Null);
    dev.admin(&["webhook", "update", made["id"].as_str().unwrap(), "--disable", "moved away"]);
    assert_eq!(find(&dev.admin(&["webhook", "list"]), &made["id"])["disabledReason"], "moved away");
    upload(&dev);
    assert_eq!(receiver.hooks().len(), 1);
}

fn upload(dev: &Dev) -> Value {
    let url = format!("{}/api/v1/uploads/direct", dev.api_url);
    let answer = dev.curl(&["-F", &format!("projectId={}", dev.project), "-F", "file=hello;filename=a.txt", &url]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    dev.completed(answer["uploadId"].as_str().unwrap())
}

#[test]
fn a_mistake_ends_with_a_sentence() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let project = dev.project.clone();
    drop(dev);
    let hook = ["webhook", "create", "--project", project.as_str(), "--url"];
    let long = "n".repeat(201);
    let cases: [(&[&str], &str); 23] = [
        (&["workspace", "update", NOBODY, "--name", "x"], "No workspace with this id."),
        (&["workspace", "update", "seven", "--name", "x"], "invalid value 'seven'"),
        (&["workspace", "create", "--name", " "], "The name is empty."),
        (&["project", "create", "--name", "x", "--workspace", NOBODY], "No workspace with this id."),
        (&["project", "create", "--name", ""], "The name is empty."),
        (&["project", "create", "--name", "x", "--origin", "example.com"], "is not an origin"),
        (&["project", "create", "--name", "x", "--origin", "*"], "is not an origin"),
        (&["project", "create", "--name", "x", "--max-bytes=-1"], "A limit must be at least 1, or 0 for none."),
        (&["project", "create", "--name", "x", "--max-files", "many"], "invalid value 'many'"),
        (&["project", "update", NOBODY, "--name", "x"], "No project with this id."),
        (&["project", "update", &project, "--origin", "https://a.example/path"], "leave out everything after the port"),
        (&["key", "create", "--name", "x", "--permission", "files.all"], "use files.read, files.write or files.delete"),
        (&["key", "create", "--name", "x", "--project", NOBODY], "No project with this id."),
        (&["key", "create", "--name", ""], "The name is empty."),
        (&["key", "create", "--name", &long], "name must have 1 to 200 characters"),
        (&["key", "create"], "--name"),
        (&["key", "revoke", NOBODY], "No live key with this id."),
        (&["webhook", "create", "--project", NOBODY, "--url", "http://127.0.0.1:1/"], "No project with this id."),
        (&[&hook[..], &["nonsense"]].concat(), "cannot be a webhook: not a URL"),
        (&[&hook[..], &["ftp://example.com"]].concat(), "cannot be a webhook: the scheme"),
        (&[&hook[..], &["http://a.example", "--event", "file.moved"]].concat(), "\"file.moved\" is not an event: use"),
        (&["webhook", "update", NOBODY, "--disable", "x"], "No webhook with this id."),
        (&["conquer", "the", "world"], "unrecognized subcommand"),
    ];
    for (args, sentence) in cases {
        let said = failure(&run(folder.path(), &[], &[&["admin", "--data", "."], args].concat()));
        assert!(said.contains(sentence), "{args:?}: {said}");
    }
    let nowhere = failure(&run(folder.path(), &[], &["admin", "--data", "nowhere", "workspace", "list"]));
    assert!(nowhere.contains("there is no data in nowhere: start `reupload dev` first"), "{nowhere}");
    assert!(!folder.path().join("nowhere").exists());
    let both = failure(&run(folder.path(), &[], &["admin", "--data", ".", "--config", "x.toml", "workspace", "list"]));
    assert!(both.contains("cannot be used with"), "{both}");
}

#[test]
fn every_command_answers_help() {
    let folder = TempDir::new().unwrap();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = 0;
    while let Some(command) = open.pop() {
        let args: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let output = run(folder.path(), &[], &args);
        let text = stdout(&output);
        assert!(output.status.success() && text.contains("Usage: reupload"), "{args:?}: {text}");
        seen += 1;
        let listed = text.split_once("Commands:\n").map(|(_, rest)| rest.split("\n\n").next().unwrap()).unwrap_or_default();
        for line in listed.lines() {
            let (name, about) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            assert!(!about.trim().is_empty(), "{args:?}: {name} says nothing of itself");
            if name != "help" {
                open.push(command.iter().cloned().chain([name.to_owned()]).collect());
            }
        }
    }
    assert!(seen >= 18, "only {seen} commands were found");
}

#[test]
fn the_printed_configuration_is_one_that_works() {
    let folder = TempDir::new().unwrap();
    let printed = stdout(&run(folder.path(), &[], &["serve", "--print-config"]));
    assert!(printed.contains("[webhooks]") && printed.contains("# Address of the API"));
    assert!(!folder.path().join("reupload-data").exists());
    fs::write(folder.path().join("all.toml"), printed).unwrap();
    let listed = run(folder.path(), &[], &["admin", "--config", "all.toml", "--json", "workspace", "list"]);
    assert_eq!((listed.status.success(), stdout(&listed).trim()), (true, "[]"));
    assert!(folder.path().join("reupload-data/reupload.db").exists());
}

#[test]
fn a_wrong_setting_stops_the_start_by_name() {
    let folder = TempDir::new().unwrap();
    let files = [
        ("[api]\nlisten = \"nonsense\"", "api.listen", "IP and port"),
        ("[api]\nlisten = 4000", "api.listen", "IP and port"),
        ("[api]\nlisen = \"127.0.0.1:1\"", "api.lisen", "no such setting"),
        ("[apis]\nlisten = \"127.0.0.1:1\"", "apis", "no such setting"),
        ("[cdn]\npublic_url = \"http://127.0.0.1:4000\"", "cdn.public_url", "another origin than api.public_url"),
        ("[uploads]\nmax_file_size = \"a lot\"", "uploads.max_file_size", "a size up to 5TiB"),
        ("[webhooks]\nschedule = [\"0s\", \"later\"]", "webhooks.schedule", "a list of durations"),
        ("[database]\nconnections = 0", "database.connections", "1 to 200"),
        ("[jobs\n", "bad.toml", "TOML"),
    ];
    for (text, setting, accepts) in files {
        fs::write(folder.path().join("bad.toml"), text).unwrap();
        let said = failure(&run(folder.path(), &[], &["serve", "--config", "bad.toml"]));
        assert!(said.contains(setting) && said.contains(accepts), "{text}: {said}");
    }
    let variables = [
        ("REUPLOAD_API__LISTEN", "nonsense", "api.listen", "IP and port"),
        ("REUPLOAD_JOBS__LEASE", "soon", "jobs.lease", "a duration"),
        ("REUPLOAD_JOBS__LEESE", "1s", "jobs.leese", "no such setting"),
        ("REUPLOAD_STORAGE__BACKEND", "tape", "storage.backend", "\"disk\""),
        ("REUPLOAD_DATABASE__URL", "mysql://u:hunter2@x/y", "database.url", "postgres:// URL"),
        ("REUPLOAD_DATABASE__URL", "postgres://u:hunter2@127.0.0.1:1/y", "database.url", "cannot open the database"),
        ("REUPLOAD_LOG__FILTER", "=?", "log.filter", "tracing filter"),
        ("REUPLOAD_STORAGE__DATA_DIR", "/proc/none", "storage.data_dir", "cannot make /proc/none"),
        ("REUPLOAD_SECRETS__MASTER_KEY_FILE", "bad.toml", "secrets.master_key_file", "not kid:hex"),
    ];
    let ports = ["API", "CDN", "METRICS"].map(|host| (format!("REUPLOAD_{host}__LISTEN"), "127.0.0.1:0"));
    for (name, value, setting, accepts) in variables {
        let mut env: Vec<_> = ports.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        env.push((name, value));
        let said = failure(&run(folder.path(), &env, &["serve"]));
        assert!(said.contains(setting) && said.contains(accepts), "{name}={value}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let missing = failure(&run(folder.path(), &[], &["serve", "--config", "missing.toml"]));
    assert!(missing.contains("there is no file missing.toml"), "{missing}");
}

#[test]
fn the_sdks_variables_are_none_of_the_servers_business() {
    let folder = TempDir::new().unwrap();
    let sdk = ["env", "REUPLOAD_API_KEY=ru_junk", "REUPLOAD_PROJECT_ID=junk", "REUPLOAD_API_BASE_URL=http://192.0.2.1/api/v1"];
    let dev = Dev::under(&sdk, folder.path());
    assert!(dev.key.len() == 39 && dev.api_url.starts_with("http://127.0.0.1:"));
    upload(&dev);
    let env = [("REUPLOAD_API_KEY", "ru_junk"), ("REUPLOAD_API_BASE_URL", "junk")];
    assert!(run(folder.path(), &env, &["admin", "--data", ".", "project", "list"]).status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged_or_listed() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log");
    let to_file = format!("exec \"$0\" \"$@\" 2>{}", log.display());
    let dev = Dev::under(&["env", "REUPLOAD_LOG__FILTER=debug", "sh", "-c", &to_file], &folder.path().join("data"));
    let receiver = Receiver::start().await;
    let hook = dev.admin(&["webhook", "create", "--project", &dev.project, "--url", &receiver.url]);
    let second = dev.admin(&["key", "create", "--name", "second"]);
    let download = upload(&dev)["file"]["url"].as_str().unwrap().to_owned();
    dev.curl(&[&download]);
    dev.curl(&[&download.replace("sig=", "sig=A")]);
    whoami(&dev, second["key"].as_str().unwrap());
    whoami(&dev, "ru_00000000000000000000000000000mistyped");
    let told = receiver.wait_for(1).await.remove(0);

    let body = json!({ "projectId": dev.project, "filename": "a", "contentType": "text/plain", "size": 2 }).to_string();
    let create = format!("{}/api/v1/uploads/session", dev.api_url);
    let session: Value =
        serde_json::from_str(&dev.curl(&["-H", "Content-Type: application/json", "-d", &body, &create])).unwrap();
    let upload_url = session["uploadUrl"].as_str().unwrap();
    assert!(dev.curl(&["-X", "PUT", "-H", "Content-Type: text/plain", "-d", "hi", upload_url]).contains("sha256"));

    let after = |text: &str, mark: &str| text.rsplit_once(mark).unwrap().1.to_owned();
    let master = fs::read_to_string(dev.data.join("master.key")).unwrap();
    let secrets = [
        after(&dev.key, "ru_"),
        after(second["key"].as_str().unwrap(), "ru_"),
        "mistyped".to_owned(),
        after(hook["secret"].as_str().unwrap(), "whsec_"),
        after(upload_url, "/"),
        after(&download, "sig="),
        after(&told.headers["reupload-signature"], "v1="),
        after(&told.headers["webhook-signature"], "v1,"),
        after(master.trim(), ":"),
    ];
    let mut texts = vec![fs::read_to_string(&log).unwrap()];
    assert!(texts[0].contains("DEBUG") && texts[0].contains("/api/v1/uploads/direct"), "{}", texts[0]);
    for what in ["workspace", "project", "key", "webhook"] {
        texts.push(dev.admin(&[what, "list"]).to_string());
        let data = dev.data.display().to_string();
        texts.push(stdout(&run(folder.path(), &[], &["admin", "--data", &data, what, "list"])));
    }
    for text in &texts {
        assert!(!text.is_empty());
        for secret in &secrets {
            assert!(secret.len() >= 8 && !text.contains(secret.as_str()), "{secret} is in\n{text}");
        }
    }
}

each_database! {
    async fn a_configuration_file_leads_to_the_same_data(server: &Server) {
        let folder = TempDir::new().unwrap();
        let core = &server.app.core;
        let config = format!(
            "[api]\npublic_url = {:?}\n[cdn]\npublic_url = {:?}\n[storage]\ndata_dir = {:?}\n[database]\nurl = {:?}\n",
            server.api_url, server.cdn_url, server.data_dir().display().to_string(), core.config.database.url.reveal(),
        );
        fs::write(folder.path().join("node.toml"), config).unwrap();
        let admin = |args: &[&str]| run(folder.path(), &[], &[&["admin", "--config", "node.toml", "--json"], args].concat());
        let json = |output: Output| -> Value { serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}")) };
        let project = server.project_id();
        assert_eq!(find(&json(admin(&["project", "list"])), &json!(project))["name"], "test");

        let key = json(admin(&["key", "create", "--name", "ops", "--project", &project]));
        let secret = key["key"].as_str().unwrap();
        let who = server.api_as(Some(secret), "GET", "/public/whoami", Body::Empty).await.expect(200);
        assert_eq!(who.json()["apiKeyId"], key["id"]);
        assert!(admin(&["key", "revoke", key["id"].as_str().unwrap()]).status.success());
        server.api_as(Some(secret), "GET", "/public/whoami", Body::Empty).await.expect_error(401, "UNAUTHORIZED");

        let hook = |url| admin(&["webhook", "create", "--project", &project, "--url", url]);
        assert!(failure(&hook("http://a.example/hook")).contains("the scheme must be https"));
        assert!(failure(&hook("https://169.254.169.254/")).contains("loopback, private or otherwise special"));
        assert!(json(hook("https://a.example/hook"))["secret"].as_str().unwrap().starts_with("whsec_"));
    }
}
