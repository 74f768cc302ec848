//! Others hold the database's locks: a client waits for seconds, is told to come again, and nobody else waits with it.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reupload::{
    domain::{audit::By, details::Details, file::FileName, quota::Amount},
    shutdown,
    store::{Db, uploads::Upload},
};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::harness::{Body, Database, Multipart, Server, by_hand};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_transaction_stops_its_own_workspace_alone_and_not_the_end_of_the_node() {
    let server = Server::start(Database::Postgres).await;
    let (strange_key, strange) = server.stranger().await;
    let url = server.app.core.config.database.url.reveal();
    let mut forgotten = PgConnection::connect(url).await.unwrap();
    forgotten.execute("BEGIN").await.unwrap();
    sqlx::query("UPDATE usage SET used_bytes = used_bytes WHERE scope = $1")
        .bind(format!("workspace:{}", server.workspace))
        .execute(&mut forgotten)
        .await
        .unwrap();
    let begun = Instant::now();
    let held = server.upload("a", "text/plain", b"held", true);
    let free = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let form = Multipart::new().text("projectId", &strange.id.to_string()).file("a", "text/plain", b"free");
        server.api_as(Some(&strange_key), "POST", "/uploads/direct", Body::Form(form)).await
    };
    let (held, free) = tokio::join!(held, free);
    held.expect_error(503, "SERVICE_UNAVAILABLE");
    free.expect(202);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    forgotten.execute("ROLLBACK").await.unwrap();
    server.upload("a", "text/plain", b"again", true).await.expect(202);
    server.finish().await;
}

#[tokio::test]
async fn postgres_is_asked_for_the_isolation_that_the_statements_are_written_for() {
    let server = Server::start(Database::Postgres).await;
    let url = server.app.core.config.database.url.reveal();
    let mut operator = PgConnection::connect(url).await.unwrap();
    let name: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut operator).await.unwrap();
    let change = format!("ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'");
    operator.execute(sqlx::AssertSqlSafe(change)).await.unwrap();
    let db = Db::open_postgres(url, 2).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    // Its snapshot would be of here.
    tx.workspaces().await.unwrap();
    server
        .app
        .projects
        .create_workspace(reupload::app::projects::WorkspaceSettings::named("later"), &By::COMMAND_LINE)
        .await
        .unwrap();
    assert_eq!(tx.workspaces().await.unwrap().len(), 2);
    drop(tx);
    db.close().await;
    server.finish().await;
}

#[tokio::test]
async fn a_node_that_cannot_write_is_not_ready() {
    let server = Server::with(Database::Sqlite, by_hand()).await;
    let ready = format!("{}/readyz", server.api_url);
    server.get(&ready).await.expect(200);
    let file = format!("sqlite://{}", server.data_dir().join("reupload.db").display());
    let mut other = SqliteConnection::connect(&file).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    server.get(&ready).await.expect_error(503, "SERVICE_UNAVAILABLE");
    server.upload("a", "text/plain", b"a", true).await.expect_error(503, "SERVICE_UNAVAILABLE");
    other.execute("ROLLBACK").await.unwrap();
    server.upload("a", "text/plain", b"a", true).await.expect(202);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_make_the_tables_once() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("reupload.db");
    for opened in join_all((0..8).map(|_| Db::open_sqlite(&file, 1))).await {
        opened.unwrap().close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stop_does_not_wait_for_the_reaper() {
    let server = Server::with(Database::Sqlite, by_hand()).await;
    let core = &server.app.core;
    let now = core.clock.now();
    let mut tx = core.db.begin().await.unwrap();
    for _ in 0..4000 {
        let name = FileName::parse("a").unwrap();
        let upload = Upload::new(&server.project, name, &Details::default(), (1, "text/plain".to_owned()), now);
        assert!(tx.reserve(&upload.holder(), Amount::one_file(1)).await.unwrap().is_none());
        tx.insert_upload(&upload).await.unwrap();
    }
    tx.commit().await.unwrap();
    core.clock.advance(chrono::Duration::days(1));
    let (trigger, stop) = shutdown::channel();
    let running = tokio::spawn(reupload::worker::run(server.app.clone(), stop, Duration::from_secs(1)));
    tokio::time::sleep(Duration::from_millis(100)).await;
    trigger.stop();
    tokio::time::timeout(Duration::from_secs(3), running).await.expect("it stops").unwrap();
    let left = server.app.projects.usage(server.project.id).await.unwrap().reserved.files;
    assert!(left > 0, "the reaper was too quick for this test");
    server.finish().await;
}
