//! `reupload fsck`: every damage is found, and nothing else.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

use reupload::store::references::Reference;
use serde_json::{Value, json};

use super::{path, picture, references, run, run_json};
use crate::harness::{Body, Multipart, Random, Server, each_database, note};

const DAMAGED: usize = 50;

/// Damages a blob in the `n`th way and gives the word for it.
fn damage(path: &Path, n: usize, random: &mut Random) -> &'static str {
    let mut bytes = fs::read(path).unwrap();
    let at = random.below(bytes.len());
    match n % 6 {
        0 | 1 => {
            bytes[at] ^= 1 << random.below(8);
            fs::write(path, bytes).unwrap();
            "altered"
        }
        2 => {
            bytes.truncate(at);
            fs::write(path, bytes).unwrap();
            "wrong_size"
        }
        3 => {
            OpenOptions::new().append(true).open(path).unwrap().write_all(b"\0").unwrap();
            "wrong_size"
        }
        4 => {
            fs::remove_file(path).unwrap();
            "missing"
        }
        // Stands for a disk that gives an error instead of bytes.
        _ => {
            fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink(path, path).unwrap();
            "unreadable"
        }
    }
}

/// 60 files of 1 byte to 400 kB, four pictures, and a session whose bytes have arrived.
async fn fill(server: &Server, random: &mut Random) {
    let mut form = Multipart::new().text("projectId", &server.project_id());
    for n in 0..60 {
        let size = if n % 20 == 0 { 400_000 } else { 1 + random.below(5000) };
        form = form.file("a.bin", "application/octet-stream", &vec![u8::try_from(n).unwrap(); size]);
    }
    for _ in 0..4 {
        form = form.file("a.png", "image/png", &picture());
    }
    server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
    let opened = server.open_session("open.txt", "text/plain", 4).await.expect(201);
    server.put(&opened.text("/uploadUrl"), "text/plain", b"open").await.expect(200);
    server.settle().await;
}

fn found(report: &Value) -> BTreeMap<String, (String, String)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = report["damaged"].as_array().unwrap().iter();
    rows.map(|row| (text(row, "blobId"), (text(row, "problem"), text(row, "kind")))).collect()
}

each_database! {
    async fn every_damage_is_found_and_nothing_else(server: &Server) {
        let mut random = Random(0x5f1c);
        fill(server, &mut random).await;
        let mut rows: Vec<Reference> = references(server).await;
        assert_eq!(rows.len(), 60 + 4 * 4 + 1);
        let (report, well) = run_json(server, &["fsck"]).await;
        assert_eq!((&report["blobs"], &report["damaged"], well), (&json!(rows.len()), &json!([]), true));
        let bytes: i64 = rows.iter().map(|row| row.size_bytes.unwrap()).sum();
        assert_eq!(report["bytes"], bytes);

        // Thumbnails and the open upload first, so that they are among the damaged.
        rows.sort_by_key(|row| row.kind == "file");
        let originals: Vec<_> = rows.iter().map(|row| fs::read(path(server, row.blob_id)).unwrap()).collect();
        let mut expected = BTreeMap::new();
        for (n, row) in rows.iter().take(DAMAGED).enumerate() {
            let problem = damage(&path(server, row.blob_id), n, &mut random);
            expected.insert(row.blob_id.to_string(), (problem.to_owned(), row.kind.clone()));
        }
        let (report, well) = run_json(server, &["fsck"]).await;
        assert_eq!(found(&report), expected);
        assert!(!well, "the exit status says so");

        let plain = run(server, &["fsck"]).await;
        let (said, why) = (String::from_utf8(plain.stdout).unwrap(), String::from_utf8(plain.stderr).unwrap());
        assert!(!plain.status.success() && why.contains("50 blobs are damaged"), "{why}");
        assert!(!said.contains('\u{1b}') && !why.contains('\u{1b}') && !said.contains('\r'), "no bar where there is no terminal");
        assert!(said.starts_with(&format!("read {} blobs", rows.len())) && said.contains("damaged: 50"), "{said}");
        assert_eq!(said.lines().count(), 1 + DAMAGED, "{said}");
        for blob in expected.keys() {
            assert!(said.contains(blob), "{blob} is not named");
        }

        for (row, bytes) in rows.iter().zip(&originals) {
            let path = path(server, row.blob_id);
            let _ = fs::remove_file(&path);
            fs::write(path, bytes).unwrap();
        }
        let (report, well) = run_json(server, &["fsck"]).await;
        assert_eq!((&report["damaged"], well), (&json!([]), true), "after the restore");
        note(&format!("{DAMAGED} damaged blobs of {}: all found, none wrongly", rows.len()));
    }
}
