//! The bomb corpus against the real binary with its default limits: it lives, stays small, and brings every upload to an end.

mod archives;
mod pictures;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use self::pictures::Outcome;
use crate::{
    harness::{Dev, note},
    scanner::build::MIB,
};

/// The most memory that the server may take at any moment, in KiB.
const MOST_MEMORY: u64 = 512 * 1024;
/// For all uploads of a test to come to an end.
const PATIENCE: Duration = Duration::from_mins(3);
/// The types that get thumbnails.
const DRAWABLE: [&str; 6] = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"];
/// Files in one request.
const AT_ONCE: usize = 50;

/// A server, the files that it is sent, and what became of them.
struct Siege {
    dev: Dev,
    folder: TempDir,
    sent: usize,
    /// File ids by name.
    files: BTreeMap<String, String>,
}

impl Siege {
    fn new(settings: &[(&str, &str)]) -> Self {
        Self::of(|data| Dev::with(settings, data))
    }

    fn of(start: impl FnOnce(&Path) -> Dev) -> Self {
        let folder = TempDir::new().unwrap();
        let dev = start(&folder.path().join("data"));
        Self { dev, folder, sent: 0, files: BTreeMap::new() }
    }

    /// Uploads files, several in one request.
    fn send(&mut self, cases: impl IntoIterator<Item = (String, Vec<u8>)>) {
        let cases: Vec<(String, Vec<u8>)> = cases.into_iter().collect();
        for some in cases.chunks(AT_ONCE) {
            let mut args =
                vec!["-F".to_owned(), format!("projectId={}", self.dev.project), "-F".to_owned(), "isPublic=true".to_owned()];
            for (name, bytes) in some {
                let path: PathBuf = self.folder.path().join(self.sent.to_string());
                self.sent += 1;
                fs::write(&path, bytes).unwrap();
                args.extend(["-F".to_owned(), format!("file=@{};filename=\"{name}\"", path.display())]);
            }
            args.push(format!("{}/api/v1/uploads/direct", self.dev.api_url));
            let answer = self.dev.curl(&args.iter().map(String::as_str).collect::<Vec<_>>());
            let answer: Value = serde_json::from_str(&answer).unwrap();
            let files = answer["files"].as_array().cloned().unwrap_or_else(|| vec![answer.clone()]);
            assert_eq!(files.len(), some.len(), "{answer}");
            for ((name, _), file) in some.iter().zip(files) {
                self.files.insert(name.clone(), file["fileId"].as_str().unwrap().to_owned());
            }
        }
    }

    /// Waits for the end of all and gives their last events by name: `file.uploaded` or `file.failed`.
    fn ends(&self) -> BTreeMap<String, Value> {
        let begun = Instant::now();
        let mut ended: BTreeMap<String, Value> = BTreeMap::new();
        let mut after = String::new();
        while ended.len() < self.files.len() {
            let page = self.dev.get(&format!("/events?limit=200&after={after}"));
            for event in page["events"].as_array().unwrap() {
                ended.insert(event["data"]["fileId"].as_str().unwrap().to_owned(), event.clone());
            }
            page["nextCursor"].as_str().unwrap_or_default().clone_into(&mut after);
            let open: Vec<&String> = self.files.iter().filter(|(_, id)| !ended.contains_key(*id)).map(|(name, _)| name).collect();
            assert!(begun.elapsed() < PATIENCE, "stuck: {open:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        self.files.iter().map(|(name, id)| (name.clone(), ended[id].clone())).collect()
    }

    /// What the history says of the thumbnails of a file: how many were made, or why none. Nothing for what is no picture.
    fn thumbnails(&self) -> BTreeMap<String, (usize, String)> {
        let mut found = BTreeMap::new();
        for some in self.files.iter().collect::<Vec<_>>().chunks(AT_ONCE) {
            let urls: Vec<String> =
                some.iter().map(|(_, id)| format!("{}/api/v1/files/{id}/timeline", self.dev.api_url)).collect();
            let answers = self.dev.curl(&urls.iter().map(String::as_str).collect::<Vec<_>>());
            let timelines = serde_json::Deserializer::from_str(&answers).into_iter::<Value>();
            for ((name, _), timeline) in some.iter().zip(timelines) {
                let timeline = timeline.unwrap();
                let entries = timeline["entries"].as_array().unwrap();
                let Some(entry) = entries.iter().find(|entry| entry["step"] == "thumbnails") else { continue };
                let made = entry["detail"]["made"].as_array().unwrap().len();
                let why = entry["detail"]["message"].as_str().unwrap_or_default().to_owned();
                assert_eq!(made, if why.is_empty() { 3 } else { 0 }, "{name}: {entry}");
                found.insert((*name).clone(), (made, why));
            }
        }
        found
    }

    /// The largest thumbnail of a file.
    fn thumbnail(&self, name: &str) -> Vec<u8> {
        let access = self.dev.get(&format!("/files/{}/access?variant=thumb_320", self.files[name]));
        let url = access["access"]["url"].as_str().unwrap_or_else(|| panic!("{access}"));
        Command::new("curl").args(["-sS", url]).output().unwrap().stdout
    }

    /// It takes, draws and serves a good picture.
    fn is_well(&mut self) {
        self.send([("good.png".to_owned(), pictures::noisy_png(400, 300, false))]);
        assert_eq!(self.ends()["good.png"]["type"], "file.uploaded");
        assert_eq!(self.thumbnails()["good.png"], (3, String::new()));
        assert!(self.thumbnail("good.png").starts_with(b"\xFF\xD8\xFF"));
        let peak = self.dev.peak_memory();
        assert!(peak <= MOST_MEMORY, "{} MiB", peak / 1024);
    }
}

/// A picture cut off at each percent of its length.
fn cut(kind: &str, whole: &[u8]) -> Vec<(String, Vec<u8>)> {
    let at = |percent: usize| (whole.len() * percent / 100).max(1);
    (0..100).map(|percent| (format!("{kind} cut at {percent}"), whole[..at(percent)].to_vec())).collect()
}

#[test]
fn no_bomb_takes_more_than_512_mib_or_stays_without_an_end() {
    let mut siege = Siege::new(&[]);
    let begun = Instant::now();
    // Its own thumbnails are the JPEG and the WebP that are cut off.
    siege.send([
        ("jpeg".to_owned(), pictures::noisy_png(400, 300, false)),
        ("webp".to_owned(), pictures::noisy_png(400, 300, true)),
    ]);
    siege.ends();
    let (jpeg, webp) = (siege.thumbnail("jpeg"), siege.thumbnail("webp"));
    assert!(jpeg.starts_with(b"\xFF\xD8\xFF") && webp.starts_with(b"RIFF"));
    let small = siege.dev.peak_memory();

    let bombs = pictures::all();
    let outcomes: Vec<(String, Outcome)> = bombs.iter().map(|(name, _, outcome)| (name.clone(), *outcome)).collect();
    siege.send(bombs.into_iter().map(|(name, bytes, _)| (name, bytes)));
    siege.send(archives::all());
    siege.send([
        ("zip that declares its type in 150 MB".to_owned(), archives::declaration(150_000_000, 150_000_000)),
        ("zip that claims so in 4 GiB".to_owned(), archives::declaration(0xFFFF_FFF0, 0)),
    ]);
    let cuts = [cut("jpeg", &jpeg), cut("webp", &webp), cut("png", &pictures::noisy_png(100, 80, false))].concat();
    siege.send(cuts);
    let (ends, thumbnails) = (siege.ends(), siege.thumbnails());
    for (name, end) in &ends {
        assert_eq!(end["type"], "file.uploaded", "{name}: {end}");
        let drawable = DRAWABLE.contains(&end["data"]["mimeType"].as_str().unwrap());
        assert_eq!(thumbnails.contains_key(name), drawable, "{name}: its history says nothing of thumbnails");
    }
    for (name, outcome) in outcomes {
        let (made, why) = thumbnails.get(&name).cloned().unwrap_or_default();
        match outcome {
            Outcome::TooLarge => assert!(made == 0 && why.contains("too large"), "{name}: {made} made, {why}"),
            Outcome::Drawn => assert_eq!(made, 3, "{name}: {why}"),
            Outcome::Any => {}
        }
    }
    let drawn = thumbnails.values().filter(|(made, _)| *made > 0).count();
    note(&format!("{} pictures, {drawn} of them got thumbnails", thumbnails.len()));
    siege.is_well();
    let figures = format!("{} files in {:?}: peak {} MiB", siege.files.len(), begun.elapsed(), siege.dev.peak_memory() / 1024);
    note(&format!("{figures}, {} before the bombs", small / 1024));
}

/// Nothing is allocated by a figure in a file: where memory is not given out on trust, that would end the process.
#[test]
fn a_zip_that_claims_4_gib_is_harmless_where_memory_is_short() {
    let mut siege = Siege::of(|data| Dev::under(&["prlimit", "--as=4000000000"], data));
    siege.send([("claims.zip".to_owned(), archives::declaration(0xFFFF_FFF0, 0))]);
    let end = &siege.ends()["claims.zip"];
    assert_eq!((&end["type"], &end["data"]["mimeType"]), (&"file.uploaded".into(), &"application/zip".into()));
    siege.is_well();
}

#[test]
fn no_bomb_takes_more_than_512_mib_when_metadata_is_taken_out() {
    let mut siege = Siege::new(&[]);
    let begun = Instant::now();
    siege.dev.admin(&["project", "update", &siege.dev.project, "--strip-metadata", "true"]);
    siege.send(pictures::all().into_iter().map(|(name, bytes, _)| (name, bytes)));
    let failed = siege.ends().into_iter().filter(|(name, end)| {
        let failed = end["type"] == "file.failed";
        assert!(!failed || end["data"]["reason"] == "CONTENT_TYPE_NOT_ALLOWED", "{name}: {end}");
        failed
    });
    let failed = failed.count();
    siege.is_well();
    let figures = format!("{} files in {:?}, {failed} refused", siege.files.len(), begun.elapsed());
    note(&format!("{figures}: peak {} MiB", siege.dev.peak_memory() / 1024));
}

#[test]
fn no_bomb_takes_more_than_512_mib_when_it_is_scanned() {
    let socket = env::var("REUPLOAD_TEST_CLAMD_SOCKET").expect("nextest starts clamd: scripts/test-clamd");
    let mut siege = Siege::new(&[("REUPLOAD_SCAN__BACKEND", "clamd"), ("REUPLOAD_SCAN__ADDRESS", &format!("unix:{socket}"))]);
    let begun = Instant::now();
    siege.send(archives::all());
    for (name, end) in siege.ends() {
        assert_eq!((&end["type"], &end["data"]["reason"]), (&"file.failed".into(), &"NOT_SCANNABLE".into()), "{name}");
    }
    let pictures = pictures::all().into_iter().map(|(name, bytes, _)| (name, bytes));
    siege.send(pictures.filter(|(_, bytes)| bytes.len() < 3 * MIB));
    siege.ends();
    siege.is_well();
    note(&format!("{} files in {:?}: peak {} MiB", siege.files.len(), begun.elapsed(), siege.dev.peak_memory() / 1024));
}
