//! Usage by day: no gaps, true for today, and counted once however many nodes count and however long none did.

use chrono::{Duration, NaiveDate};
use reupload::{
    app::projects::Settings,
    domain::{account::Role, audit::By, clock::Clock},
};
use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Person, Receiver, Server, frozen};

/// Signs in anew, as days go by between two questions.
async fn days(server: &Server, who: &Person, query: &str) -> Vec<Value> {
    let cookie = server.sign_in(who.id).await;
    let path = format!("/workspaces/{}/usage/days{query}", server.workspace);
    let answer = server.dashboard(Some(&cookie), "GET", &path, Value::Null).await.expect(200).json();
    answer["days"].as_array().unwrap().clone()
}

/// Stored bytes, files, uploads and failed deliveries of the last days.
async fn figures(server: &Server, who: &Person, query: &str) -> Vec<[i64; 4]> {
    let found = days(server, who, query).await;
    let figure = |day: &Value, name: &str| day[name].as_i64().unwrap_or_else(|| panic!("{day} has no {name}"));
    found.iter().map(|day| ["storedBytes", "files", "uploads", "deliveriesFailed"].map(|name| figure(day, name))).collect()
}

async fn upload_to(server: &Server, project: &str, size: usize) -> String {
    let form = Multipart::new().text("projectId", project).file("a.bin", "application/octet-stream", &vec![7; size]);
    let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
    server.completed(&accepted.text("/uploadId")).await;
    accepted.text("/fileId")
}

async fn delete(server: &Server, file: &str) {
    server.api("DELETE", &format!("/files/{file}"), Body::Empty).await.expect(200);
    server.run_jobs().await;
}

async fn next_day(server: &Server, clock: &Clock, days: i64) {
    server.run_jobs().await;
    clock.advance(Duration::days(days));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_day_is_there_and_the_last_is_now() {
    frozen(async |server, clock| {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let here = server.project_id();
        let named = Settings { name: Some("other".to_owned()), ..Settings::default() };
        let other = server.app.projects.create(server.workspace, named, &By::COMMAND_LINE).await.unwrap().id.to_string();
        let usage = &server.app.usage;
        assert_eq!(figures(server, &viewer, "?days=2").await, [[0; 4]; 2]);

        // Day 0: counted in between; the second upload is counted by the answer alone.
        let first = upload_to(server, &here, 100).await;
        assert_eq!(usage.count_days().await.unwrap(), 1);
        upload_to(server, &other, 20).await;
        assert_eq!(figures(server, &viewer, "?days=1").await, [[120, 2, 2, 0]]);
        assert_eq!(usage.count_days().await.unwrap(), 1);
        assert_eq!(usage.count_days().await.unwrap(), 0, "each event counts once");
        assert_eq!(figures(server, &viewer, "?days=1").await, [[120, 2, 2, 0]]);

        // Day 2: nobody counts. Day 3: a file goes.
        next_day(server, clock, 2).await;
        upload_to(server, &here, 3).await;
        next_day(server, clock, 1).await;
        delete(server, &first).await;
        let expected = [[0; 4], [120, 2, 2, 0], [120, 2, 0, 0], [120, 2, 1, 0], [23, 2, 0, 0]];
        assert_eq!(figures(server, &viewer, "?days=5").await, expected, "what is not counted yet");
        let (one, two) = tokio::join!(usage.count_days(), usage.count_days());
        assert_eq!(one.unwrap() + two.unwrap(), 2, "two nodes at once");
        assert_eq!(figures(server, &viewer, "?days=5").await, expected, "what is counted after downtime");
        let of_other = [[0; 4], [20, 1, 1, 0], [20, 1, 0, 0], [20, 1, 0, 0], [20, 1, 0, 0]];
        assert_eq!(figures(server, &viewer, &format!("?days=5&projectId={other}")).await, of_other);
        let of_here = [[0; 4], [100, 1, 1, 0], [100, 1, 0, 0], [100, 1, 1, 0], [3, 1, 0, 0]];
        assert_eq!(figures(server, &viewer, &format!("?days=5&projectId={here}")).await, of_here);

        let dates = days(server, &viewer, "?days=3").await;
        let dates: Vec<&str> = dates.iter().map(|day| day["day"].as_str().unwrap()).collect();
        assert_eq!(dates, ["2027-01-16", "2027-01-17", "2027-01-18"]);
        assert_eq!(days(server, &viewer, "").await.len(), 30);
        assert_eq!(days(server, &viewer, "?days=90").await.len(), 90);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_at_its_end_is_counted_as_itself() {
    frozen(async |server, clock| {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let here = server.project_id();
        // From 08:00 to the last second of the day.
        clock.advance(Duration::hours(16) - Duration::seconds(1));
        upload_to(server, &here, 10).await;
        clock.advance(Duration::seconds(1));
        upload_to(server, &here, 10).await;
        server.app.usage.count_days().await.unwrap();
        let counted = figures(server, &viewer, "?days=2").await;
        assert_eq!((counted[0][2], counted[1]), (1, [20, 2, 1, 0]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_count_on_the_day_that_they_failed_for_good() {
    frozen(async |server, clock| {
        let admin = server.member("admin@example.com", Role::Admin).await;
        let receiver = Receiver::answering(&[500, 410, 500, 500]).await;
        let make = json!({ "projectId": server.project_id(), "url": receiver.url });
        let base = format!("/workspaces/{}/webhooks", server.workspace);
        let id = server.dashboard(Some(&admin.cookie), "POST", &base, make).await.expect(201).text("/webhook/id");
        upload_to(server, &server.project_id(), 5).await;
        server.run_jobs().await;
        server.app.usage.count_days().await.unwrap();
        assert_eq!(figures(server, &admin, "?days=1").await, [[5, 1, 1, 0]], "it is tried again");
        // The endpoint ends with its second attempt; what waits for a deleted one fails on the day of its turn.
        next_day(server, clock, 1).await;
        server.run_jobs().await;
        assert_eq!(figures(server, &admin, "?days=2").await, [[5, 1, 1, 0], [5, 1, 0, 1]]);
        next_day(server, clock, 1).await;
        let cookie = server.sign_in(admin.id).await;
        let enable = json!({ "enabled": true });
        server.dashboard(Some(&cookie), "PATCH", &format!("{base}/{id}"), enable).await.expect(200);
        upload_to(server, &server.project_id(), 5).await;
        upload_to(server, &server.project_id(), 5).await;
        server.dashboard(Some(&cookie), "DELETE", &format!("{base}/{id}"), Value::Null).await.expect(200);
        next_day(server, clock, 1).await;
        server.run_jobs().await;
        server.app.usage.count_days().await.unwrap();
        let counted: Vec<i64> = figures(server, &admin, "?days=4").await.iter().map(|day| day[3]).collect();
        assert_eq!((receiver.hooks().len(), counted), (4, vec![0, 1, 0, 2]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ninety_days_are_kept_and_what_stood_before_them_is_not_lost() {
    frozen(async |server, clock| {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let here = server.project_id();
        let mut file = String::new();
        for _ in 0..3 {
            file = upload_to(server, &here, 10).await;
            server.app.usage.count_days().await.unwrap();
            next_day(server, clock, 1).await;
        }
        next_day(server, clock, 100).await;
        delete(server, &file).await;
        server.app.usage.count_days().await.unwrap();
        let counted = figures(server, &viewer, "?days=90").await;
        assert_eq!((counted.len(), counted[0], counted[88], counted[89]), (90, [30, 3, 0, 0], [30, 3, 0, 0], [20, 2, 0, 0]));
        let long_ago = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        let rows = server.app.core.db.reader().await.unwrap().counted_days(server.workspace, None, long_ago).await.unwrap();
        assert_eq!(rows.days.len(), 2, "the last before, and today: {rows:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_asks_for_other_days_or_projects() {
    frozen(async |server, _| {
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let foreign = server.stranger().await.1.id;
        let base = format!("/workspaces/{}/usage/days", server.workspace);
        for bad in ["?days=0", "?days=91", "?days=x", "?projectId=x"] {
            let reply = server.dashboard(Some(&viewer.cookie), "GET", &format!("{base}{bad}"), Value::Null).await;
            reply.expect_error(400, "VALIDATION_ERROR");
        }
        let path = format!("{base}?projectId={foreign}");
        server.dashboard(Some(&viewer.cookie), "GET", &path, Value::Null).await.expect_error(404, "NOT_FOUND");
    })
    .await;
}
