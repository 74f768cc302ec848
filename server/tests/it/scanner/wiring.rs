//! The settings of `[scan]` and `[images]` reach what they are about.

use std::time::Duration;

use bytes::Bytes;
use figment::value::Value as Setting;
use futures_util::{StreamExt, stream};
use reupload::{
    app::App,
    config,
    domain::clock::Clock,
    scan::{Verdict, archive::Limits},
};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::build::MIB;
use crate::harness::{Body, Database, Options, Server, by_hand};

fn clamd() -> String {
    format!("unix:{}", std::env::var("REUPLOAD_TEST_CLAMD_SOCKET").expect("nextest starts clamd: scripts/test-clamd"))
}

async fn open(folder: &TempDir, more: &[(&'static str, Setting)]) -> App {
    let data_dir = [("storage.data_dir", Setting::from(folder.path().display().to_string()))];
    App::open(config::load_with(None, &[&data_dir, more].concat()).unwrap(), Clock::System).await.unwrap()
}

#[tokio::test]
async fn each_limit_is_the_one_that_is_configured() {
    for (word, trust_other_archives) in [("refuse", false), ("trust", true)] {
        let folder = TempDir::new().unwrap();
        let settings = [
            ("scan.backend", "clamd".into()),
            ("scan.max_file_size", "3MiB".into()),
            ("scan.max_unpacked", "7MiB".into()),
            ("scan.max_members", 11.into()),
            ("scan.max_depth", 5.into()),
            ("scan.other_archives", word.into()),
            ("images.max_pixels", 13.into()),
            ("images.max_memory", "17MiB".into()),
            ("images.timeout", "19s".into()),
        ];
        let core = open(&folder, &settings).await.core;
        let archives = Limits {
            max_file_size: 3 * MIB as u64,
            max_unpacked: 7 * MIB as u64,
            max_members: 11,
            max_depth: 5,
            trust_other_archives,
        };
        assert_eq!(format!("{:?}", core.archive_limits()), format!("{archives:?}"));
        let images = core.image_limits();
        let images = (images.max_pixels, images.max_memory, images.timeout);
        assert_eq!(images, (13, 17 * MIB as u64, Duration::from_secs(19)));
        let large = core.scanner.scan(3 * MIB as u64 + 1, stream::empty().boxed()).await.unwrap();
        assert!(matches!(large, Verdict::NotScannable(_)), "{large:?}");
    }
}

/// A scanner that takes the connection and says nothing.
#[tokio::test]
async fn the_time_for_a_file_is_not_the_time_for_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = TempDir::new().unwrap();
    let address = format!("tcp:{}", listener.local_addr().unwrap());
    let settings = |connect_timeout: &str, timeout: &str| {
        vec![
            ("scan.backend", "clamd".into()),
            ("scan.address", address.as_str().into()),
            ("scan.connect_timeout", connect_timeout.into()),
            ("scan.timeout", timeout.into()),
        ]
    };
    let core = open(&folder, &settings("1h", "300ms")).await.core;
    let scan = core.scanner.scan(1, stream::iter([Ok(Bytes::from_static(b"x"))]).boxed());
    let verdict = tokio::time::timeout(Duration::from_secs(30), scan).await.expect("scan.timeout counts").unwrap();
    assert_eq!(verdict, Verdict::Error("clamd does not answer in time".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_refuses_what_it_cannot_scan_as_configured() {
    let archive = [&b"7z\xBC\xAF\x27\x1C"[..], &[0; 64]].concat();
    for (word, status) in [("refuse", "FAILED"), ("trust", "COMPLETED")] {
        let settings = vec![
            ("scan.backend", "clamd".into()),
            ("scan.address", clamd().into()),
            ("scan.max_file_size", "1MiB".into()),
            ("scan.other_archives", word.into()),
        ];
        let server = Server::with(Database::Sqlite, Options { settings, ..by_hand() }).await;
        server.upload("a", "text/plain", &vec![b'x'; MIB + 1], false).await.expect_error(413, "FILE_TOO_LARGE");
        server.upload("a", "text/plain", &vec![b'x'; MIB], false).await.expect(202);
        let upload = server.upload("a.7z", "application/x-7z-compressed", &archive, false).await.expect(202).text("/uploadId");
        server.run_jobs().await;
        let state = server.api("GET", &format!("/uploads/session/{upload}"), Body::Empty).await.expect(200).json();
        assert_eq!(state["session"]["status"], status, "{word}: {state}");
        server.finish().await;
    }
}
