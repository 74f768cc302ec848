//! A database that the first release has left (`old.rs`), opened by this one: nothing of it is lost, and its counters are right.
//!
//! `old.rs` writes it with the SQL of the first migration alone. To try a later step, give it rows of that step's tables.

mod old;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use reupload::{
    app::projects::Settings,
    domain::{
        access::{Actor, KeySecret, Reach, Scope},
        audit::By,
        ids::{KeyId, ProjectId},
        quota::{Account, Holder},
    },
    store::deliveries::DeliveryStatus,
};
use serde_json::{Value, json};

use self::old::{Old, OldFile, is_open, length};
use crate::harness::{Before, Body, Database, Multipart, Options, Receiver, Reply, Server};

/// Opens an old database. Its jobs run when the test says so.
async fn open(database: Database) -> (Server, Old, Receiver) {
    let receiver = Receiver::start().await;
    let old = Old::new(&receiver.url, DateTime::from_timestamp(1_790_000_000, 0).unwrap());
    let rows = old.clone();
    let before: Before = Box::new(move |data, url| Box::pin(async move { rows.write(&data, &url).await }));
    let options = Options { worker: false, before: Some(before), ..Options::default() };
    (Server::with(database, options).await, old, receiver)
}

/// Calls the API with the key of the first old workspace.
async fn api(server: &Server, old: &Old, method: &str, path: &str, body: Body) -> Reply {
    server.api_as(Some(old.key.reveal()), method, path, body).await
}

async fn get(server: &Server, key: &KeySecret, path: &str) -> Value {
    server.api_as(Some(key.reveal()), "GET", path, Body::Empty).await.expect(200).json()
}

/// The ids of the files that a query finds.
async fn found(server: &Server, key: &KeySecret, query: &str) -> Vec<String> {
    let page = get(server, key, &format!("/files?{query}")).await;
    page["files"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap().to_owned()).collect()
}

fn ids<'f>(files: impl IntoIterator<Item = &'f OldFile, IntoIter: DoubleEndedIterator>) -> Vec<String> {
    files.into_iter().rev().map(|file| file.id.to_string()).collect()
}

/// What counts against whom: for each account stored bytes and files, and reserved bytes and files.
#[derive(Default)]
struct Sums(BTreeMap<String, (Option<Account>, [i64; 4])>);

impl Sums {
    fn of(old: &Old) -> Self {
        let mut sums = Self::default();
        for account in old.workspaces.map(Account::workspace).into_iter().chain(old.projects.map(Account::project)) {
            sums.0.insert(account.scope.clone(), (Some(account), [0; 4]));
        }
        for file in old.files.iter().filter(|file| !file.deleted) {
            sums.add(old, file.project, file.owner, [length(&file.bytes), 1, 0, 0]);
        }
        for upload in old.uploads.iter().filter(|upload| is_open(upload.state)) {
            sums.add(old, old.projects[0], upload.owner, [0, 0, length(&upload.bytes), 1]);
        }
        sums
    }

    fn add(&mut self, old: &Old, project: ProjectId, owner: Option<&str>, amount: [i64; 4]) {
        let holder = Holder { workspace: old.workspace_of(project), project, owner: owner.map(str::to_owned) };
        for account in holder.accounts() {
            let (kept, sum) = self.0.entry(account.scope.clone()).or_default();
            *kept = Some(account);
            sum.iter_mut().zip(amount).for_each(|(sum, amount)| *sum += amount);
        }
    }

    /// Compares every counter with the sum of what counts against it.
    async fn check(&self, server: &Server, when: &str) {
        for (scope, (account, expected)) in &self.0 {
            let mut conn = server.app.core.db.reader().await.unwrap();
            let usage = conn.usage(account.as_ref().unwrap()).await.unwrap();
            let usage = usage.unwrap_or_else(|| panic!("{when}: there is no counter {scope}"));
            let counted = [usage.stored.bytes, usage.stored.files, usage.reserved.bytes, usage.reserved.files];
            assert_eq!(counted, *expected, "{when}: {scope}");
        }
    }
}

async fn check_files(server: &Server, old: &Old) {
    let of = |project: usize| old.files.iter().filter(move |file| !file.deleted && file.project == old.projects[project]);
    let all: Vec<&OldFile> = of(0).chain(of(1)).collect();
    assert_eq!(found(server, &old.key, "").await, ids(all.clone()));
    assert_eq!(found(server, &old.narrow, "").await, ids(of(1).collect::<Vec<_>>()));
    let in_folder: Vec<&OldFile> = of(0).filter(|file| file.folder == "a/b").collect();
    assert_eq!(found(server, &old.key, &format!("projectId={}&folder=a/b", old.projects[0])).await, ids(in_folder));
    for (search, name) in
        [("photo.p", "Photo.PNG"), ("日本", "日本.txt"), ("ärger 100%25", "ÄRGER 100%.txt"), ("A/B/ÄRG", "ÄRGER 100%.txt")]
    {
        let named: Vec<&OldFile> = all.iter().copied().filter(|file| file.name == name).collect();
        assert_eq!(found(server, &old.key, &format!("search={search}")).await, ids(named), "{search}");
    }
    let ordered = found(server, &old.key, "metadata[order]=Photo.PNG&metadata[old]=yes").await;
    assert_eq!(ordered, ids(all.iter().copied().filter(|file| file.name == "Photo.PNG").collect::<Vec<_>>()));

    for file in &all {
        let shown = get(server, &old.key, &format!("/files/{}", file.id)).await["file"].clone();
        assert_eq!(
            (&shown["name"], &shown["folder"], &shown["ownerRef"]),
            (&json!(file.name), &json!(file.folder), &json!(file.owner))
        );
        assert_eq!((&shown["variants"], &shown["metadata"]), (&json!([]), &json!({ "order": file.name, "old": "yes" })));
        let url =
            get(server, &old.key, &format!("/files/{}/access", file.id)).await["access"]["url"].as_str().unwrap().to_owned();
        assert_eq!(url.contains("sig="), !file.public, "{}", file.name);
        assert!(server.get(&url).await.expect(200).body == file.bytes, "{}", file.name);
        let timeline = get(server, &old.key, &format!("/files/{}/timeline", file.id)).await;
        assert_eq!(timeline["entries"][0]["step"], "opened", "{}", file.name);
    }
    for gone in old.files.iter().filter(|file| file.deleted || file.project == old.projects[2]) {
        api(server, old, "GET", &format!("/files/{}", gone.id), Body::Empty).await.expect_error(404, "NOT_FOUND");
    }
    server.api_as(Some(old.revoked.reveal()), "GET", "/files", Body::Empty).await.expect_error(401, "UNAUTHORIZED");
}

/// Events are numbered from 1 on in each workspace, in the order in which they happened, and can be read on from any.
async fn check_events(server: &Server, old: &Old) {
    for (n, workspace) in old.workspaces.into_iter().enumerate() {
        let own: Vec<_> =
            old.events.iter().filter(|(_, project)| old.workspace_of(old.projects[*project]) == workspace).collect();
        let scope = Scope { actor: Actor::Key(KeyId::new(DateTime::UNIX_EPOCH)), workspace, reach: Reach::AllProjects, by: None };
        let mut conn = server.app.core.db.reader().await.unwrap();
        for (number, (id, _)) in (1..).zip(&own) {
            assert_eq!(conn.event_number(&scope, *id).await.unwrap(), Some(number), "workspace {n}");
        }
        drop(conn);
        if n == 0 {
            let listed = |page: &Value| -> Vec<Value> {
                page["events"].as_array().unwrap().iter().map(|event| event["id"].clone()).collect()
            };
            let expected: Vec<Value> = own.iter().map(|(id, _)| json!(id.wire())).collect();
            assert_eq!(listed(&get(server, &old.key, "/events").await), expected);
            let after = get(server, &old.key, &format!("/events?after={}", own[1].0.wire())).await;
            assert_eq!(listed(&after), expected[2..]);
        }
    }
}

/// A delivery that waited before there were queues waits in that of its endpoint, at its place in the schedule.
async fn check_queues(server: &Server, old: &Old) {
    let db = &server.app.core.db;
    let waiting = db.reader().await.unwrap().delivery(old.waiting).await.unwrap().unwrap();
    assert_eq!((waiting.status, waiting.attempts, waiting.round), (DeliveryStatus::Pending, 1, 1));
    assert_eq!(db.due_queues(server.app.core.clock.now()).await.unwrap(), [waiting.endpoint_id]);
    let delivered = db.reader().await.unwrap().delivery(old.delivered).await.unwrap().unwrap();
    assert_eq!((delivered.status, delivered.round), (DeliveryStatus::Succeeded, 1));
}

/// The days before there was a count are told by the rows that they have left.
async fn check_days(server: &Server, old: &Old) {
    let day = |day| NaiveDate::from_ymd_opt(2026, 9, day).unwrap();
    let mut conn = server.app.core.db.reader().await.unwrap();
    let mut counted = conn.counted_days(old.workspaces[0], None, day(1)).await.unwrap();
    counted.days.sort_by_key(|row| (row.project, row.day));
    let told: Vec<_> =
        counted.days.iter().map(|row| (row.project, row.day, row.stored.bytes, row.stored.files, row.done.uploads)).collect();
    let expected = [
        (old.projects[0], day(21), 1234, 4, 4),
        (old.projects[0], day(22), 1204, 3, 0),
        (old.projects[1], day(21), 60_005, 2, 2),
    ];
    assert_eq!(told, expected);
    assert_eq!(counted.last_event, 5, "its events are not counted again");
}

async fn status(server: &Server, old: &Old, n: usize) -> Value {
    let state = get(server, &old.key, &format!("/uploads/session/{}", old.uploads[n].id)).await;
    json!([state["session"]["status"], state["session"]["failureReason"]])
}

/// Every upload goes on from where it stood.
async fn finish_uploads(server: &Server, old: &Old, sums: &mut Sums) {
    let known = ["PENDING", "UPLOADING", "UPLOADING", "UPLOADING", "PENDING", "FAILED", "CANCELLED"];
    for (n, known) in known.into_iter().enumerate() {
        assert_eq!(status(server, old, n).await[0], known, "upload {n}");
    }
    let put = async |n: usize| {
        let token = server.app.core.keyring.upload_token(old.uploads[n].id);
        server.put(&format!("{}/v1/upload/{token}", server.cdn_url), "text/plain", &old.uploads[n].bytes).await
    };
    put(0).await.expect(200);
    put(1).await.expect(200);
    put(4).await.expect_error(410, "SESSION_EXPIRED");
    put(6).await.expect_error(409, "SESSION_NOT_ACTIVE");
    for n in 0..3 {
        api(server, old, "POST", "/uploads/complete", Body::Json(json!({ "uploadId": old.uploads[n].id }))).await.expect(202);
    }
    assert_eq!(server.app.reaper.expire_overdue().await.unwrap(), 1);
    server.settle().await;
    for (n, upload) in old.uploads.iter().enumerate().take(4) {
        assert_eq!(status(server, old, n).await, json!(["COMPLETED", null]), "upload {n}");
        let got = server.get(&format!("{}/v1/files/{}/u", server.cdn_url, upload.file)).await.expect(200);
        assert!(got.body == upload.bytes, "upload {n}");
        let size = length(&upload.bytes);
        sums.add(old, old.projects[0], upload.owner, [size, 1, -size, -1]);
    }
    assert_eq!(status(server, old, 4).await, json!(["FAILED", "EXPIRED"]));
    sums.add(old, old.projects[0], old.uploads[4].owner, [0, 0, -length(&old.uploads[4].bytes), -1]);
}

async fn use_it(server: &Server, old: &Old, sums: &mut Sums) {
    let form = |project: usize, owner: &str, size: usize| {
        let form = Multipart::new().text("projectId", &old.projects[project].to_string()).text("ownerRef", owner);
        Body::Form(form.file("new.txt", "text/plain", &vec![b'n'; size]))
    };
    for (project, owner, size) in [(0, "anna", 500), (0, "new", 40), (1, "anna", 3)] {
        api(server, old, "POST", "/uploads/direct", form(project, owner, size)).await.expect(202);
        sums.add(old, old.projects[project], Some(owner), [i64::try_from(size).unwrap(), 1, 0, 0]);
    }
    let (bytes, count, size) = old::LIMITS;
    let usage = server.app.projects.usage(old.projects[0]).await.unwrap();
    assert_eq!((usage.max_bytes, usage.max_files), (Some(bytes), Some(count)), "the old limits hold");
    let larger = usize::try_from(size).unwrap() + 1;
    api(server, old, "POST", "/uploads/direct", form(0, "anna", larger)).await.expect_error(413, "FILE_TOO_LARGE");
    server.settle().await;
    sums.check(server, "after new uploads").await;

    // A limit for owners counts what they had before there was one.
    let limit = Settings { owner_max_bytes: Some(1800), ..Settings::default() };
    server.app.projects.update(old.projects[0], limit, &By::COMMAND_LINE).await.unwrap();
    let refused = api(server, old, "POST", "/uploads/direct", form(0, "anna", 100)).await.expect_error(403, "QUOTA_EXCEEDED");
    assert_eq!(refused.json()["details"]["used"], 1000 + 200 + 33 + 500);
    for file in old.files.iter().filter(|file| file.project != old.projects[2] && !file.deleted) {
        api(server, old, "DELETE", &format!("/files/{}", file.id), Body::Empty).await.expect(200);
        sums.add(old, file.project, file.owner, [-length(&file.bytes), -1, 0, 0]);
    }
    server.settle().await;
    sums.check(server, "after the old files were deleted").await;
}

async fn goes_on(database: Database) {
    let (node, old, receiver) = open(database).await;
    let server = &node;
    let mut sums = Sums::of(&old);
    sums.check(server, "at once").await;
    check_files(server, &old).await;
    check_events(server, &old).await;
    check_queues(server, &old).await;
    check_days(server, &old).await;
    let keys = server.app.keys.list().await.unwrap();
    assert_eq!(keys.iter().filter(|key| old.workspaces.contains(&key.workspace_id)).count(), 3);

    finish_uploads(server, &old, &mut sums).await;
    sums.check(server, "after the open uploads").await;
    let first = receiver.wait_for(1).await[0].json();
    let waiting = server.app.core.db.reader().await.unwrap().delivery(old.waiting).await.unwrap().unwrap();
    assert_eq!((waiting.status, waiting.attempts), (DeliveryStatus::Succeeded, 2));
    assert!(receiver.hooks().iter().any(|hook| hook.json()["id"] == old.events[2].0.wire()), "the first was {first}");
    assert!(!server.blobs().await.contains(&old.doomed), "the job of the old lane has run");

    use_it(server, &old, &mut sums).await;
    check_numbers_go_on(server, &old).await;
    node.finish().await;
}

mod an_old_database_goes_on {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        goes_on(Database::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        goes_on(Database::Postgres).await;
    }
}

/// New events have the numbers after the old ones.
async fn check_numbers_go_on(server: &Server, old: &Old) {
    let scope = Scope {
        actor: Actor::Key(KeyId::new(DateTime::UNIX_EPOCH)),
        workspace: old.workspaces[0],
        reach: Reach::AllProjects,
        by: None,
    };
    let mut conn = server.app.core.db.reader().await.unwrap();
    let all = conn.events_after(&scope, None, 0, 1000).await.unwrap();
    for (number, event) in (1..).zip(&all) {
        assert_eq!(conn.event_number(&scope, event.id).await.unwrap(), Some(number));
    }
    // Of uploads four completed, one failed, three new; then five deleted.
    assert_eq!(all.len(), 5 + 4 + 1 + 3 + 5);
}
