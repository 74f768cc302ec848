//! A database and a folder of blobs that do not belong together: nothing opens them, and nothing is removed.

use futures_util::future::join_all;
use reupload::{
    app::App,
    config::{self, Config},
    domain::clock::Clock,
};

use super::*;
use crate::harness::{Database, Made};

fn configuration(data: &Path, database: &str) -> Config {
    let settings = [("storage.data_dir", data.display().to_string().into()), ("database.url", database.into())];
    config::load_with(None, &settings).unwrap()
}

/// Runs a command that is to fail, and gives what it says.
fn refused(args: &[&str], data: &Path, database: &str) -> String {
    let mut command = Command::new(BINARY);
    command.args(args).env("REUPLOAD_STORAGE__DATA_DIR", data).env("REUPLOAD_DATABASE__URL", database);
    for listener in ["API", "CDN", "METRICS"] {
        command.env(format!("REUPLOAD_{listener}__LISTEN"), "127.0.0.1:0");
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{args:?}: {said}");
    said
}

async fn open_and_close(data: &Path, database: &str) -> anyhow::Result<()> {
    App::open(configuration(data, database), Clock::System).await?.close().await;
    Ok(())
}

each_database! {
    async fn blobs_beside_another_database_are_safe(server: &Server) {
        let kept = file(server, "kept.txt", b"kept").await;
        let blob = path(server, blob_of(server, &kept).await);
        age(&blob, 3 * HOUR);
        let data = server.data_dir();
        fs::write(data.join("empty.toml"), "").unwrap();
        let empty = data.join("empty.toml").display().to_string();
        // Beside SQLite the database of another server, beside PostgreSQL an embedded one that is lost.
        let lost = !data.join("reupload.db").exists();
        let other = if lost { None } else { Some(Server::start(Database::Postgres).await) };
        let url = other.as_ref().map_or("sqlite", |other| other.app.core.config.database.url.reveal());
        for command in ["gc", "fsck", "serve"] {
            let said = refused(&[command, "--config", &empty], data, url);
            assert!(said.contains("belong to another database"), "{command}: {said}");
            assert!(blob.exists(), "{command}");
        }
        assert_eq!(lost, !data.join("reupload.db").exists(), "no database was made");
        if let Some(other) = other {
            other.finish().await;
        }
    }

    async fn an_older_folder_gets_the_id_of_its_database_at_the_next_start(server: &Server) {
        let (data, url) = (server.data_dir(), server.app.core.config.database.url.reveal());
        let id = fs::read_to_string(data.join("blobs/id")).unwrap();
        fs::remove_file(data.join("blobs/id")).unwrap();
        let said = String::from_utf8(run(server, &["gc"]).await.stderr).unwrap();
        assert!(said.contains("start it first"), "{said}");
        open_and_close(data, url).await.unwrap();
        assert_eq!(fs::read_to_string(data.join("blobs/id")).unwrap(), id);
        assert!(run(server, &["gc"]).await.status.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_agree_on_one_id() {
    for database in [Database::Sqlite, Database::Postgres] {
        let (folder, made) = (TempDir::new().unwrap(), Made::new(database).await);
        for opened in join_all((0..8).map(|_| open_and_close(folder.path(), &made.url))).await {
            opened.unwrap();
        }
        made.remove().await;
    }
}

#[tokio::test]
async fn blobs_are_kept_where_there_is_no_workspace() {
    let folder = TempDir::new().unwrap();
    let app = App::open(configuration(folder.path(), "sqlite"), Clock::System).await.unwrap();
    let mut staged = app.core.blobs.stage();
    staged.write(b"of whom?").await.unwrap();
    staged.commit().await.unwrap().keep();
    let error = app.housekeeping.collect(Collect::default(), |_| ()).await.unwrap_err();
    assert!(format!("{error:?}").contains("no workspace"), "{error:?}");
    app.close().await;
}

#[test]
fn gc_makes_nothing_in_an_empty_folder() {
    let folder = TempDir::new().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("empty.toml"));
    fs::write(&file, "").unwrap();
    for command in ["gc", "fsck"] {
        let said = refused(&[command, "--config", file.to_str().unwrap()], &data, "sqlite");
        assert!(said.contains("start it first") && !data.exists(), "{command}: {said}");
    }
}
