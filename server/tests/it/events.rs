//! `GET /events` as a long poll: it waits for the first event, from this process or another, and holds nothing meanwhile.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reupload::{
    app::projects::Settings,
    domain::{
        access::Permission,
        audit::By,
        clock::{Clock, random_bytes},
        event::{Envelope, EventType},
        ids::EventId,
        samples,
    },
    store::{Db, events::Event, projects::Project},
};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::harness::{Body, Database, Options, Reply, Server, each_database, note};

/// Commits an event of a project and gives its id.
async fn tell(db: &Db, project: &Project, name: &str) -> String {
    let now = Clock::System.now();
    let (id, owner) = (EventId::new(now), (project.workspace_id, project.id));
    let mut data = samples::data(EventType::FileUploaded, project.id, "http://cdn.example", now);
    data["name"] = name.into();
    let envelope = Envelope::new(id, EventType::FileUploaded, now, owner, &data).unwrap();
    let mut tx = db.begin().await.unwrap();
    let body = serde_json::to_string(&envelope).unwrap();
    let (r#type, (workspace_id, project_id)) = (EventType::FileUploaded, owner);
    tx.insert_event(&Event { id, workspace_id, project_id, r#type, body, created_at: now }).await.unwrap();
    tx.commit().await.unwrap();
    id.wire()
}

/// The same database as another process has it.
async fn from_elsewhere(server: &Server) -> Db {
    let url = server.app.core.config.database.url.reveal();
    match server.app.core.db.engine_name() {
        "sqlite" => Db::open_sqlite(&server.data_dir().join("reupload.db"), 1).await.unwrap(),
        _ => Db::open_postgres(url, 4).await.unwrap(),
    }
}

/// Takes an event its number, as test events have none.
async fn unnumber(server: &Server, id: &str) {
    let id = EventId::parse_wire(id).unwrap().0;
    let sql = "UPDATE events SET seq = NULL WHERE id = $1";
    let done = match server.app.core.db.engine_name() {
        "sqlite" => {
            let options = SqliteConnectOptions::new().filename(server.data_dir().join("reupload.db"));
            let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
            sqlx::query(sql).bind(id).execute(&mut conn).await.unwrap().rows_affected()
        }
        _ => {
            let mut conn = PgConnection::connect(server.app.core.config.database.url.reveal()).await.unwrap();
            sqlx::query(sql).bind(id).execute(&mut conn).await.unwrap().rows_affected()
        }
    };
    assert_eq!(done, 1);
}

async fn other_project(server: &Server) -> Project {
    server.app.projects.create(server.workspace, Settings::default(), &By::COMMAND_LINE).await.unwrap()
}

async fn page_as(server: &Server, key: &str, query: &str) -> Reply {
    server.api_as(Some(key), "GET", &format!("/events?{query}"), Body::Empty).await
}

async fn page(server: &Server, query: &str) -> Reply {
    page_as(server, &server.key, query).await
}

fn ids(reply: &Reply) -> Vec<String> {
    reply.json()["events"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
}

/// A page, with how long it took.
async fn timed(server: &Server, query: &str) -> (Reply, Duration) {
    let begun = Instant::now();
    let reply = page(server, query).await.expect(200);
    (reply, begun.elapsed())
}

/// Waits until so many wait.
async fn waiting(server: &Server, count: usize) {
    for _ in 0..200 {
        if server.app.core.db.news.listeners() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} wait, not {count}", server.app.core.db.news.listeners());
}

fn two_connections() -> Options {
    Options { settings: vec![("database.connections", 2.into())], ..Options::default() }
}

each_database! {
    async fn a_wait_ends_with_the_first_event(server: &Server) {
        let db = &server.app.core.db;
        // Between two looks, which are a second apart: it must be woken.
        let ((reply, took), id) = tokio::join!(timed(server, "wait=20"), async {
            waiting(server, 1).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            tell(db, &server.project, "a").await
        });
        assert_eq!((ids(&reply), reply.text("/nextCursor")), (vec![id.clone()], id.clone()));
        assert!(took < Duration::from_millis(700), "woken only after {took:?}");
        // What is there already is not waited for.
        let (reply, took) = timed(server, "wait=20&after=").await;
        assert_eq!(ids(&reply), std::slice::from_ref(&id));
        assert!(took < Duration::from_secs(1), "{took:?}");
        // Of another process, which can ring no bell here.
        let elsewhere = from_elsewhere(server).await;
        let query = format!("wait=20&after={id}");
        let ((reply, took), second) = tokio::join!(timed(server, &query), async {
            waiting(server, 1).await;
            tell(&elsewhere, &server.project, "b").await
        });
        assert_eq!(ids(&reply), std::slice::from_ref(&second));
        assert!(took < Duration::from_secs(3), "found only after {took:?}");
        elsewhere.close().await;
        // Only what was asked for ends the wait.
        let other = other_project(server).await;
        let (query, narrow) = (format!("wait=20&projectId={}&after={second}", server.project.id), format!("wait=20&after={second}"));
        let key = server.new_key(&[Permission::FilesRead], &[server.project.id]).await;
        let ((reply, took), with_narrow_key, third) = tokio::join!(timed(server, &query), page_as(server, &key, &narrow), async {
            waiting(server, 2).await;
            tell(db, &other, "c").await;
            tokio::time::sleep(Duration::from_millis(1300)).await;
            tell(db, &server.project, "d").await
        });
        assert_eq!((ids(&reply), ids(&with_narrow_key)), (vec![third.clone()], vec![third]));
        assert!(took > Duration::from_millis(1300), "{took:?}");
    }

    async fn a_wait_without_an_event_ends_with_an_empty_page(server: &Server) {
        let (reply, took) = timed(server, "wait=1").await;
        assert_eq!(reply.json(), json!({ "events": [], "nextCursor": null }));
        assert!((1000..2500).contains(&took.as_millis()), "{took:?}");
        let id = tell(&server.app.core.db, &server.project, "a").await;
        let (reply, took) = timed(server, &format!("wait=1&after={id}")).await;
        assert_eq!(reply.json(), json!({ "events": [], "nextCursor": id }));
        assert!((1000..2500).contains(&took.as_millis()), "{took:?}");
        let (_, took) = timed(server, &format!("wait=0&after={id}")).await;
        assert!(took < Duration::from_millis(500), "{took:?}");
        for bad in ["wait=31", "wait=-1", "wait=1.5", "wait=x", "wait=99999999999999999999", "wait=1&wait=1"] {
            page(server, bad).await.expect_error(400, "VALIDATION_ERROR");
        }
        // What is refused is refused at once.
        let begun = Instant::now();
        page(server, "wait=30&after=evt_00000000000000000000000000000000").await.expect_error(400, "VALIDATION_ERROR");
        assert!(begun.elapsed() < Duration::from_secs(2));
    }

    async fn now_is_the_present_end_of_what_a_key_may_see(server: &Server) {
        let (db, other) = (&server.app.core.db, other_project(server).await);
        let (stranger, strange) = server.stranger().await;
        let narrow = server.new_key(&[Permission::FilesRead], &[server.project.id]).await;
        let end = async |key: &str, query: &str| {
            let reply = page_as(server, key, &format!("after=now{query}")).await.expect(200).json();
            assert_eq!(reply["events"], json!([]), "{query}");
            reply["nextCursor"].clone()
        };
        let (own, beside) = (format!("&projectId={}", server.project.id), format!("&projectId={}", other.id));
        assert_eq!(end(&server.key, "&wait=30").await, Value::Null);
        let first = tell(db, &server.project, "first").await;
        for (key, query, expected) in [
            (&server.key, "", json!(first)), (&server.key, &own, json!(first)), (&server.key, &beside, Value::Null),
            (&narrow, "", json!(first)), (&stranger, "", Value::Null),
        ] {
            assert_eq!(end(key, query).await, expected, "{query}");
        }
        let second = tell(db, &other, "second").await;
        for (key, query, expected) in [
            (&server.key, "", json!(second)), (&server.key, &own, json!(first)), (&server.key, &beside, json!(second)),
            (&narrow, "", json!(first)), (&narrow, &own, json!(first)), (&stranger, "", Value::Null),
        ] {
            assert_eq!(end(key, query).await, expected, "{query}");
        }
        tell(db, &strange, "strange").await;
        assert_eq!(end(&server.key, "").await, second);
        // An event without a number is in no list, and neither the end nor a place to go on from.
        let test = tell(db, &server.project, "test").await;
        unnumber(server, &test).await;
        for (key, query, expected) in [(&server.key, "", &second), (&server.key, &own, &first), (&narrow, "", &first)] {
            assert_eq!(end(key, query).await, json!(expected), "{query}");
        }
        page(server, &format!("after={test}")).await.expect_error(400, "VALIDATION_ERROR");
        assert_eq!(ids(&page(server, "").await), [first.clone(), second.clone()]);
        assert_eq!(ids(&page(server, &own[1..]).await), [first]);
        assert_eq!(ids(&page(server, &beside[1..]).await), [second]);
    }

    async fn a_projects_events_are_for_keys_that_reach_it(server: &Server) {
        let (db, other) = (&server.app.core.db, other_project(server).await);
        let (_, strange) = server.stranger().await;
        let mut told = Vec::new();
        for n in 0..6 {
            told.push(tell(db, if n % 2 == 0 { &server.project } else { &other }, &n.to_string()).await);
        }
        tell(db, &strange, "strange").await;
        let narrow = server.new_key(&[Permission::FilesRead], &[other.id]).await;
        let beside = format!("projectId={}", other.id);
        for (key, query, expected) in [
            (&server.key, beside.clone(), [1, 3, 5].as_slice()), (&narrow, beside.clone(), &[1, 3, 5]),
            (&server.key, format!("{beside}&limit=2"), &[1, 3]), (&narrow, format!("{beside}&after={}", told[1]), &[3, 5]),
            // Where to go on from may be an event of another project, if the key can see it.
            (&server.key, format!("{beside}&after={}", told[2]), &[3, 5]), (&server.key, "projectId=".to_owned(), &[0, 1, 2, 3, 4, 5]),
        ] {
            let expected: Vec<String> = expected.iter().map(|n: &usize| told[*n].clone()).collect();
            assert_eq!(ids(&page_as(server, key, &query).await.expect(200)), expected, "{query}");
        }
        let (nobody, own) = (uuid::Uuid::from_bytes(random_bytes()), server.project.id);
        for more in ["", "&after=now", "&wait=20", &format!("&after={}", told[1])] {
            for (key, project) in [(&narrow, own.to_string()), (&server.key, strange.id.to_string()), (&server.key, nobody.to_string())] {
                page_as(server, key, &format!("projectId={project}{more}")).await.expect_error(404, "NOT_FOUND");
            }
            page(server, &format!("projectId=x{more}")).await.expect_error(400, "VALIDATION_ERROR");
        }
        page_as(server, &narrow, &format!("{beside}&after={}", told[2])).await.expect_error(400, "VALIDATION_ERROR");
    }

    async fn a_burst_is_read_whole_by_who_waits(server: &Server) {
        let (db, elsewhere, other) = (&server.app.core.db, from_elsewhere(server).await, other_project(server).await);
        let writers = join_all((0..10).map(|writer| {
            let (db, other) = (if writer % 5 == 0 { &elsewhere } else { db }, &other);
            async move {
                let mut told = Vec::new();
                for n in 0..20 {
                    told.push(tell(db, &server.project, &format!("{writer} {n}")).await);
                    tell(db, other, "beside").await;
                }
                told
            }
        }));
        let read = async |limit: usize| {
            let (mut seen, mut after) = (Vec::new(), String::new());
            while seen.len() < 200 {
                let query = format!("wait=10&limit={limit}&projectId={}&after={after}", server.project.id);
                let reply = page(server, &query).await.expect(200);
                assert!(!ids(&reply).is_empty(), "nothing came for 10 s after {} of 200", seen.len());
                seen.extend(ids(&reply));
                after = reply.text("/nextCursor");
            }
            seen
        };
        let begun = Instant::now();
        let (told, one, many) = tokio::join!(writers, read(1), read(50));
        note(&format!("400 events from 10 writers, read by two: {:?}", begun.elapsed()));
        assert_eq!(one, many, "in the same order");
        for told in &told {
            let own: Vec<&String> = many.iter().filter(|id| told.contains(id)).collect();
            assert_eq!(own, told.iter().collect::<Vec<_>>(), "of one writer, each once and in its order");
        }
        assert_eq!(many.len(), 200);
        elsewhere.close().await;
    }

    async fn who_waits_holds_no_connection(server: &Server) with two_connections {
        let waits = join_all((0..20).map(|_| timed(server, "wait=20")));
        let ((), waits) = tokio::join!(async {
            waiting(server, 20).await;
            let begun = Instant::now();
            page(server, "wait=0").await.expect(200);
            server.ready("a.txt", b"x", false).await;
            assert!(begun.elapsed() < Duration::from_secs(5), "{:?} beside 20 who wait", begun.elapsed());
        }, waits);
        for (reply, _) in waits {
            assert_eq!(ids(&reply).len(), 1);
        }
        // Nor does one who has gone away.
        let url = format!("{}/api/v1/events?wait=30&after=now", server.api_url);
        let url = url.replace("now", &page(server, "").await.text("/nextCursor"));
        let gone = server.http.get(url).bearer_auth(&server.key).timeout(Duration::from_millis(300)).send();
        let (gone, ()) = tokio::join!(gone, waiting(server, 1));
        assert!(gone.unwrap_err().is_timeout());
        waiting(server, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_stop_answers_those_who_wait() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = Server::start(database).await;
        let id = tell(&server.app.core.db, &server.project, "a").await;
        let url = format!("{}/api/v1/events?wait=30&after={id}", server.api_url);
        let waits = tokio::spawn(server.http.get(url).bearer_auth(&server.key).send());
        waiting(&server, 1).await;
        let begun = Instant::now();
        server.stop().await;
        note(&format!("{database:?}: stopped in {:?} with one who waits", begun.elapsed()));
        assert!(begun.elapsed() < Duration::from_secs(2), "{database:?}: {:?}", begun.elapsed());
        let answer = waits.await.unwrap().unwrap().bytes().await.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer, json!({ "events": [], "nextCursor": id }));
    }
}
