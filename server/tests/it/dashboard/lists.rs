//! Pages of the dashboard's own lists: neither a miss nor a repeat while rows come, and no cursor of another list.

use chrono::Duration;
use reupload::{
    app::{projects::Settings, webhooks::endpoints::EndpointSettings},
    domain::{account::Role, audit::By, event::EventType},
};
use serde_json::{Value, json};

use crate::harness::{Body, Receiver, Reply, Server, frozen};

async fn page(server: &Server, cookie: &str, list: &str, query: &str) -> Reply {
    let path = format!("/workspaces/{}/{list}?{query}", server.workspace);
    server.dashboard(Some(cookie), "GET", &path, Value::Null).await
}

/// The ids of all pages, two on each; `between` runs after the first.
async fn walk(server: &Server, cookie: &str, list: &str, query: &str, between: impl AsyncFn()) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let behind = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let answer = page(server, cookie, list, &format!("limit=2&{query}{behind}")).await.expect(200).json();
        let name = if list == "uploads" { "uploads" } else { "deliveries" };
        let found = answer[name].as_array().unwrap().clone();
        let first = all.is_empty();
        all.extend(found.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        cursor = answer["nextCursor"].as_str().map(str::to_owned);
        assert!(found.len() == 2 || cursor.is_none(), "{answer}");
        match cursor {
            None => return all,
            Some(_) if first => between().await,
            Some(_) => {}
        }
    }
}

/// Newest first. All of a clock that stands still have one moment, and only their ids order them.
fn newest(mut ids: Vec<String>) -> Vec<String> {
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_come_page_by_page() {
    frozen(async |server, clock| {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let receiver = Receiver::answering(&[200, 410]).await;
        let webhooks = &server.app.webhooks;
        let endpoint =
            webhooks.create(server.project.id, &receiver.url, EndpointSettings::default(), &By::COMMAND_LINE).await.unwrap().id;
        let send =
            async || webhooks.send_test(endpoint, EventType::FileUploaded, &By::COMMAND_LINE).await.unwrap().id.to_string();
        let taken = send().await;
        server.run_jobs().await;
        clock.advance(Duration::seconds(1));
        let refused = send().await;
        server.run_jobs().await;
        clock.advance(Duration::seconds(1));
        webhooks.enable(endpoint, &By::COMMAND_LINE).await.unwrap();
        let mut waiting = Vec::new();
        for _ in 0..5 {
            waiting.push(send().await);
        }
        let waiting = newest(waiting);
        let all = [waiting.clone(), vec![refused.clone(), taken.clone()]].concat();
        let list = format!("webhooks/{endpoint}/deliveries");
        let cookie = viewer.cookie.as_str();
        let late = std::sync::Mutex::new(Vec::new());
        let between = async || {
            clock.advance(Duration::seconds(1));
            let id = send().await;
            late.lock().unwrap().push(id);
        };
        assert_eq!(walk(server, cookie, &list, "", between).await, all);
        let nothing = async || ();
        let late = late.into_inner().unwrap();
        assert_eq!(walk(server, cookie, &list, "status=pending", nothing).await, [late, waiting].concat());
        assert_eq!(walk(server, cookie, &list, "status=failed", nothing).await, [refused]);
        assert_eq!(walk(server, cookie, &list, "status=succeeded", nothing).await, [taken]);
        let old = page(server, cookie, &list, "").await.expect(200).json();
        assert_eq!((old["deliveries"].as_array().unwrap().len(), &old["nextCursor"]), (8, &Value::Null));

        let cursor = page(server, cookie, &list, "limit=1").await.expect(200).text("/nextCursor");
        let other =
            webhooks.create(server.project.id, &receiver.url, EndpointSettings::default(), &By::COMMAND_LINE).await.unwrap().id;
        let others = format!("webhooks/{other}/deliveries");
        let files = format!("files?projectId={}", server.project_id());
        for (list, query) in [
            (&list, "cursor=x".to_owned()),
            (&list, format!("cursor={cursor}&status=failed")),
            (&others, format!("cursor={cursor}")),
            (&files, format!("&cursor={cursor}")),
            (&list, format!("cursor={endpoint}")),
        ] {
            let path = format!("/workspaces/{}/{list}{}{query}", server.workspace, if list.contains('?') { "" } else { "?" });
            let refused = server.dashboard(Some(cookie), "GET", &path, Value::Null).await.expect_error(400, "VALIDATION_ERROR");
            assert!(refused.text("/message").starts_with("cursor is not one"), "{path}: {refused:?}");
        }
        page(server, cookie, &list, "limit=201").await.expect_error(400, "VALIDATION_ERROR");
        webhooks.delete(endpoint, &By::COMMAND_LINE).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_come_page_by_page() {
    frozen(async |server, clock| {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let named = Settings { name: Some("other".to_owned()), ..Settings::default() };
        let other = server.app.projects.create(server.workspace, named, &By::COMMAND_LINE).await.unwrap().id.to_string();
        let here = server.project_id();
        let open = async |project: &str| {
            let body = json!({ "projectId": project, "filename": "s", "contentType": "text/plain", "size": 2 });
            let opened = server.api("POST", "/uploads/session", Body::Json(body)).await.expect(201);
            (opened.text("/uploadId"), opened.text("/uploadUrl"))
        };
        let mut failed = [Vec::new(), Vec::new()];
        for n in 0..5 {
            failed[n % 2].push(open([&here, &other][n % 2]).await.0);
        }
        clock.advance(Duration::days(1));
        assert_eq!(server.app.reaper.expire_overdue().await.unwrap(), 5);
        let cookie = server.sign_in(viewer.id).await;
        let cookie = cookie.as_str();
        let (mut pending, mut uploading) = ([Vec::new(), Vec::new()], Vec::new());
        for n in 0..4 {
            pending[n % 2].push(open([&here, &other][n % 2]).await.0);
        }
        for _ in 0..3 {
            let (upload, url) = open(&here).await;
            server.put(&url, "text/plain", b"hi").await.expect(200);
            uploading.push(upload);
        }
        server.ready("ready.txt", b"x", false).await;
        let cancelled = open(&here).await.0;
        server.api("DELETE", &format!("/uploads/session/{cancelled}"), Body::Empty).await.expect(200);

        let nothing = async || ();
        let of = |lists: &[&[String]]| newest(lists.concat());
        let everything = of(&[&failed[0], &failed[1], &pending[0], &pending[1], &uploading]);
        let late = async || {
            let fails = open(&here).await.0;
            server.api("DELETE", &format!("/uploads/session/{fails}"), Body::Empty).await.expect(200);
        };
        assert_eq!(walk(server, cookie, "uploads", "", late).await, everything);
        let project = |id: &str| format!("projectId={id}");
        let of_here = of(&[&failed[0], &pending[0], &uploading]);
        assert_eq!(walk(server, cookie, "uploads", &project(&here), nothing).await, of_here);
        assert_eq!(walk(server, cookie, "uploads", &project(&other), nothing).await, of(&[&failed[1], &pending[1]]));
        for (query, expected) in [
            ("status=FAILED".to_owned(), of(&[&failed[0], &failed[1]])),
            ("status=PENDING".to_owned(), of(&[&pending[0], &pending[1]])),
            ("status=UPLOADING".to_owned(), of(&[&uploading])),
            ("status=UPLOADING,PENDING".to_owned(), of(&[&uploading, &pending[0], &pending[1]])),
            (format!("status=FAILED&{}", project(&other)), of(&[&failed[1]])),
            (format!("status=PENDING&{}", project(&here)), of(&[&pending[0]])),
            (format!("status=PENDING,FAILED&{}", project(&here)), of(&[&pending[0], &failed[0]])),
        ] {
            assert_eq!(walk(server, cookie, "uploads", &query, nothing).await, expected, "{query}");
        }
        let cursor = page(server, cookie, "uploads", "limit=1").await.expect(200).text("/nextCursor");
        for query in
            ["cursor=x".to_owned(), format!("cursor={cursor}&status=FAILED"), format!("cursor={cursor}&projectId={here}")]
        {
            let refused = page(server, cookie, "uploads", &query).await.expect_error(400, "VALIDATION_ERROR");
            assert!(refused.text("/message").starts_with("cursor is not one"), "{query}: {refused:?}");
        }
        for query in ["status=COMPLETED", "status=failed", "projectId=x"] {
            page(server, cookie, "uploads", query).await.expect_error(400, "VALIDATION_ERROR");
        }
        let foreign = server.stranger().await.1.id;
        page(server, cookie, "uploads", &project(&foreign.to_string())).await.expect_error(404, "NOT_FOUND");
    })
    .await;
}
