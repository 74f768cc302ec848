//! `reupload gc` beside a running server; in the folder: `fsck`, and what goes when its time is over.

mod fsck;
mod pairs;
mod retention;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use reupload::{
    app::housekeeping::Collect,
    domain::{
        clock::random_bytes,
        ids::{BlobId, FileId},
    },
    store::{references::Reference, variants::StoredVariant},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{BINARY, Body, Dev, Multipart, Server, each_database, note};

const HOUR: Duration = Duration::from_hours(1);

/// Runs the binary beside a server, by `--config`, and gives what it prints.
async fn run(server: &Server, args: &[&str]) -> Output {
    let file = server.data_dir().join("serve.toml");
    let (data, database) = (server.data_dir().display(), server.app.core.config.database.url.reveal());
    fs::write(&file, format!("storage.data_dir = \"{data}\"\ndatabase.url = \"{database}\"\nlog.filter = \"off\"\n")).unwrap();
    let mut command = Command::new(BINARY);
    command.args(args).arg("--config").arg(file);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// As [`run`], with `--json`: what it found, and whether it says that all is well.
async fn run_json(server: &Server, args: &[&str]) -> (Value, bool) {
    let output = run(server, &[args, &["--json"]].concat()).await;
    let found = serde_json::from_slice(&output.stdout);
    let found = found.unwrap_or_else(|_| panic!("{args:?}: {}", String::from_utf8_lossy(&output.stderr)));
    (found, output.status.success())
}

fn path(server: &Server, blob: BlobId) -> PathBuf {
    let name = blob.0.simple().to_string();
    server.data_dir().join("blobs/objects").join(&name[..2]).join(name)
}

/// Every row that needs a blob.
async fn references(server: &Server) -> Vec<Reference> {
    let mut conn = server.app.core.db.reader().await.unwrap();
    let mut rows = Vec::new();
    for share in 0..=u8::MAX {
        rows.extend(conn.references(share).await.unwrap());
    }
    rows
}

async fn variants(server: &Server, file: &str) -> Vec<StoredVariant> {
    let mut conn = server.app.core.db.reader().await.unwrap();
    conn.variants(file.parse().unwrap()).await.unwrap()
}

async fn blob_of(server: &Server, file: &str) -> BlobId {
    let file: FileId = file.parse().unwrap();
    references(server).await.into_iter().find(|row| row.file_id == file && row.kind == "file").unwrap().blob_id
}

/// Makes a file look older.
fn age(path: &Path, by: Duration) {
    let file = File::options().append(true).open(path).unwrap();
    file.set_modified(file.metadata().unwrap().modified().unwrap() - by).unwrap();
}

/// Leaves a blob that no row names.
fn orphan(server: &Server, bytes: &[u8], age_of_it: Duration) -> PathBuf {
    let path = path(server, BlobId::random());
    fs::write(&path, bytes).unwrap();
    age(&path, age_of_it);
    path
}

fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(400, 300, |x, y| image::Rgb([u8::try_from(x % 256).unwrap(), u8::try_from(y % 256).unwrap(), 7]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn file(server: &Server, name: &str, bytes: &[u8]) -> String {
    server.ready(name, bytes, true).await["file"]["fileId"].as_str().unwrap().to_owned()
}

async fn delete(server: &Server, file: &str) {
    server.api("DELETE", &format!("/files/{file}"), Body::Empty).await.expect(200);
}

/// The types of all events so far, oldest first.
async fn events(server: &Server) -> Vec<String> {
    let events = server.api("GET", "/events?limit=200", Body::Empty).await.expect(200).json();
    events["events"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

/// Leaves what a killed process would: a folder of half-written files whose lock nobody holds.
fn half_written(server: &Server) -> PathBuf {
    let folder = server.data_dir().join("blobs/tmp").join("0123456789abcdef0123456789abcdef");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.with_extension("lock"), b"").unwrap();
    fs::write(folder.join("fedcba9876543210fedcba9876543210"), b"half").unwrap();
    folder
}

each_database! {
    async fn only_old_blobs_without_a_row_go(server: &Server) {
        let kept = file(server, "kept.txt", b"kept").await;
        let image = file(server, "kept.png", &picture()).await;
        let open = server.open_session("open.txt", "text/plain", 4).await.expect(201);
        server.put(&open.text("/uploadUrl"), "text/plain", b"open").await.expect(200);
        // A row keeps its blob, however old it is.
        for blob in server.blobs().await {
            age(&path(server, blob), 100 * HOUR);
        }
        let old = orphan(server, b"old orphan", Duration::from_mins(61));
        let young = orphan(server, b"young orphan", Duration::from_mins(59));
        let strange = old.with_file_name("not-a-blob");
        fs::write(&strange, b"?").unwrap();
        let half = half_written(server);

        let (found, well) = run_json(server, &["gc", "--dry-run"]).await;
        let counted = json!({ "orphans": 1, "orphanBytes": 10, "removed": 0, "missing": [], "forgotten": 0 });
        assert_eq!((found, well), (counted, true));
        assert!(old.exists() && young.exists(), "a dry run touches nothing");
        let (found, well) = run_json(server, &["gc"]).await;
        let removed = json!({ "orphans": 1, "orphanBytes": 10, "removed": 1, "missing": [], "forgotten": 0 });
        assert_eq!((found, well), (removed, true));
        assert!(!old.exists() && young.exists() && strange.exists());
        assert!(!half.exists(), "what a dead process left half written");
        let (found, _) = run_json(server, &["gc"]).await;
        assert_eq!(found["orphans"], 0);

        server.get(&format!("{}/v1/files/{kept}/a", server.cdn_url)).await.expect(200);
        server.get(&format!("{}/v1/files/{image}/a?variant=thumb_64", server.cdn_url)).await.expect(200);
        server.complete(&open.text("/uploadId")).await.expect(202);
        server.completed(&open.text("/uploadId")).await;
        fs::remove_file(young).unwrap();
        fs::remove_file(strange).unwrap();
    }

    async fn the_grace_of_a_blob_begins_when_it_gets_its_name(server: &Server) {
        // A slow client: the first file of a form is whole hours before the form ends and the row is written.
        let mut staged = server.app.core.blobs.stage();
        staged.write(&vec![b'x'; reupload::blobs::CHUNK]).await.unwrap();
        let folders = fs::read_dir(server.data_dir().join("blobs/tmp")).unwrap().map(|entry| entry.unwrap().path());
        let mut halves = folders.filter(|path| path.is_dir()).flat_map(|folder| fs::read_dir(folder).unwrap());
        age(&halves.next().unwrap().unwrap().path(), 3 * HOUR);
        let committed = staged.commit().await.unwrap();
        let found = server.app.housekeeping.collect(Collect::default(), |_| ()).await.unwrap();
        assert_eq!(found.removed, 0, "its row is about to be written");
        drop(committed);
    }

    async fn rows_without_bytes_are_named_and_removed_only_when_told(server: &Server) {
        let (whole, broken, image) = (
            file(server, "whole.txt", b"whole").await,
            file(server, "broken.txt", b"broken").await,
            file(server, "image.png", &picture()).await,
        );
        let thumbnail = variants(server, &image).await.into_iter().find(|made| made.variant.as_str() == "thumb_160").unwrap();
        fs::remove_file(path(server, blob_of(server, &broken).await)).unwrap();
        fs::remove_file(path(server, thumbnail.blob_id)).unwrap();
        for flags in [&["gc"] as &[&str], &["gc", "--dry-run"], &["gc", "--dry-run", "--forget-missing"]] {
            let (found, well) = run_json(server, flags).await;
            let mut named: Vec<(&Value, &Value, &Value)> =
                found["missing"].as_array().unwrap().iter().map(|row| (&row["kind"], &row["fileId"], &row["problem"])).collect();
            named.sort_by_key(|(kind, ..)| kind.to_string());
            let missing = json!("missing");
            let expected = [(json!("file"), json!(broken)), (json!("thumbnail"), json!(image))];
            assert_eq!(named, expected.each_ref().map(|(kind, file)| (kind, file, &missing)), "{flags:?}");
            assert_eq!((&found["forgotten"], well), (&json!(0), false), "{flags:?}");
        }
        let plain = run(server, &["gc"]).await;
        let said = String::from_utf8(plain.stdout).unwrap();
        assert!(said.contains(&format!("file {broken}")) && said.contains("its bytes are gone"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
        assert!(String::from_utf8(plain.stderr).unwrap().contains("--forget-missing"));

        let (found, well) = run_json(server, &["gc", "--forget-missing"]).await;
        assert_eq!((&found["forgotten"], well), (&json!(2), true));
        server.api("GET", &format!("/files/{broken}"), Body::Empty).await.expect_error(404, "NOT_FOUND");
        let image_shown = server.api("GET", &format!("/files/{image}"), Body::Empty).await.expect(200).json();
        assert_eq!(image_shown["file"]["variants"].as_array().unwrap().len(), 2, "{image_shown}");
        let path = format!("/files/{image}/access?variant=thumb_160");
        server.api("GET", &path, Body::Empty).await.expect_error(404, "NOT_FOUND");
        server.api("GET", &format!("/files/{whole}"), Body::Empty).await.expect(200);
        assert_eq!(events(server).await[3..], ["file.deleted"]);
        assert_eq!(server.app.projects.usage(server.project.id).await.unwrap().stored.files, 2);
        let (found, well) = run_json(server, &["gc"]).await;
        assert_eq!((found["missing"].as_array().unwrap().len(), well), (0, true));
    }

    async fn a_storage_that_is_not_there_is_not_taken_for_loss(server: &Server) {
        let only = file(server, "only.txt", b"only").await;
        let (blob, away) = (path(server, blob_of(server, &only).await), server.data_dir().join("away"));
        fs::rename(&blob, &away).unwrap();
        let output = run(server, &["gc", "--forget-missing"]).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("is the storage mounted?"), "{said}");
        fs::rename(&away, &blob).unwrap();
        server.get(&format!("{}/v1/files/{only}/a", server.cdn_url)).await.expect(200);
    }

    async fn nothing_is_lost_or_taken_for_damage_beside_traffic(server: &Server) {
        const UPLOADS: usize = 190;
        let stop = Arc::new(AtomicBool::new(false));
        let rounds = AtomicUsize::new(0);
        let commands = async {
            while !stop.load(Ordering::Relaxed) {
                let (found, well) = run_json(server, &["gc", "--forget-missing"]).await;
                assert!(well && found["removed"] == 0 && found["missing"] == json!([]), "{found}");
                rounds.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let within = async {
            while !stop.load(Ordering::Relaxed) {
                let how = Collect { forget_missing: true, dry_run: false };
                let found = server.app.housekeeping.collect(how, |_| ()).await.unwrap();
                assert!(found.removed == 0 && found.missing.is_empty(), "{found:?}");
                let read = server.app.housekeeping.verify(|_| ()).await.unwrap();
                assert!(read.damaged.is_empty(), "{read:?}");
                rounds.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let kept: Mutex<Vec<(String, Vec<u8>)>> = Mutex::default();
        let traffic = async {
            stream::iter(0..UPLOADS).for_each_concurrent(16, async |n| {
                let bytes = [format!("{n}:").into_bytes(), vec![b'x'; 1 + n * 7]].concat();
                let file = match n % 3 {
                    0 => session(server, &bytes).await,
                    _ => direct(server, &bytes).await,
                };
                match n % 3 {
                    1 => delete(server, &file).await,
                    _ => kept.lock().unwrap().push((file, bytes)),
                }
            }).await;
            stop.store(true, Ordering::Relaxed);
        };
        tokio::join!(commands, within, traffic);
        let kept = kept.into_inner().unwrap();
        let (deletes, rounds) = (UPLOADS - kept.len(), rounds.load(Ordering::Relaxed));
        note(&format!("{UPLOADS} uploads and {deletes} deletes beside {rounds} rounds of gc and fsck"));
        assert!(kept.len() > UPLOADS / 2);
        for (file, bytes) in &kept {
            let got = server.get(&format!("{}/v1/files/{file}/a", server.cdn_url)).await.expect(200);
            assert!(got.body == *bytes, "{file}");
        }
    }
}

/// Uploads a public file by a form and waits for it.
async fn direct(server: &Server, bytes: &[u8]) -> String {
    let form = Multipart::new().text("projectId", &server.project_id()).text("isPublic", "true").file("a", "text/plain", bytes);
    let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
    server.completed(&accepted.text("/uploadId")).await;
    accepted.text("/fileId")
}

/// Uploads a public file through a session, with a PUT that a second one replaces, and waits for it.
async fn session(server: &Server, bytes: &[u8]) -> String {
    let project = server.project_id();
    let body =
        json!({ "projectId": project, "filename": "a", "contentType": "text/plain", "size": bytes.len(), "isPublic": true });
    let opened = server.api("POST", "/uploads/session", Body::Json(body)).await.expect(201);
    for bytes in [&random_bytes::<8>().into_iter().cycle().take(bytes.len()).collect::<Vec<u8>>(), bytes] {
        server.put(&opened.text("/uploadUrl"), "text/plain", bytes).await.expect(200);
    }
    server.complete(&opened.text("/uploadId")).await.expect(202);
    server.completed(&opened.text("/uploadId")).await;
    opened.text("/fileId")
}

#[test]
fn both_commands_find_the_data_of_dev() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    for command in ["gc", "fsck"] {
        let output = Command::new(BINARY).arg(command).arg("--data").arg(&dev.data).output().unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains('0') && !said.contains('\u{1b}'), "{command}: {said}");
        let nowhere = Command::new(BINARY).arg(command).arg("--data").arg(folder.path().join("none")).output().unwrap();
        let why = String::from_utf8(nowhere.stderr).unwrap();
        assert!(!nowhere.status.success() && why.contains("there is no data in"), "{command}: {why}");
        let both = Command::new(BINARY).args([command, "--data", "a", "--config", "b"]).output().unwrap();
        assert!(!both.status.success(), "{command} takes both");
    }
}
