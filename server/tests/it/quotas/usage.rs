//! `GET /usage`: whose figures a key sees, and that they are right.

use reupload::{
    domain::audit::By,
    {app::projects::Settings, domain::access::Permission},
};
use serde_json::{Value, json};

use super::{
    Place,
    levels::{fresh, limit},
};
use crate::harness::{Server, each_database};

each_database! {
    async fn usage_says_what_is_stored_reserved_and_allowed(server: &Server) {
        let place = fresh(server).await;
        limit(server, &place, "workspace", (10_000, 0, 0)).await;
        limit(server, &place, "project", (0, 50, 4000)).await;
        limit(server, &place, "owner", (900, 3, 800)).await;
        let key = Place { key: server.key_of(place.workspace, &Permission::ALL, &[place.project]).await, ..place.clone() };
        let second = server.app.projects.create(place.workspace, Settings { name: Some("second".to_owned()), ..Settings::default() }, &By::COMMAND_LINE).await.unwrap();
        let away = Place { project: second.id, owner: None, ..place.clone() };
        let accepted = place.direct(server, &[500]).await.expect(202).text("/uploadId");
        let reader = &place;
        let published = async || {
            for _ in 0..400 {
                let state = reader.get(server, &format!("/uploads/session/{accepted}")).await.expect(200).json();
                if state["session"]["status"] == "COMPLETED" {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            }
            panic!("not published");
        };
        published().await;
        place.session(server, 70).await.expect(201);
        away.session(server, 7).await.expect(201);

        let figures = |stored: (i64, i64), reserved: (i64, i64), max: [Value; 3]| {
            let [bytes, files, size] = max;
            json!({ "storedBytes": stored.0, "storedFiles": stored.1, "reservedBytes": reserved.0, "reservedFiles": reserved.1,
                "maxBytes": bytes, "maxFiles": files, "maxFileSize": size })
        };
        let of = |id: &str, name: &str, mut figures: Value| {
            figures["projectId"] = json!(id);
            figures["name"] = json!(name);
            figures
        };
        let name = server.app.projects.list().await.unwrap().into_iter().find(|p| p.id == place.project).unwrap().name;
        let first = of(&place.project.to_string(), &name, figures((500, 1), (70, 1), [Value::Null, json!(50), json!(4000)]));
        let other = of(&second.id.to_string(), "second", figures((0, 0), (7, 1), [Value::Null, Value::Null, Value::Null]));
        let whole = figures((500, 1), (77, 2), [json!(10_000), Value::Null, Value::Null]);
        let owned = figures((500, 1), (70, 1), [json!(900), json!(3), json!(800)]);
        let unknown = figures((0, 0), (0, 0), [json!(900), json!(3), json!(800)]);
        let (here, there, foreign) = (place.project.to_string(), second.id.to_string(), server.project_id());
        let owner = "%C3%9Cnal%20%F0%9F%A6%80:%25_";
        let cases = [
            (&place, String::new(), json!({ "workspace": whole, "projects": [first, other] })),
            (&place, format!("?projectId={here}"), json!({ "projects": [first] })),
            (&place, format!("?projectId={here}&ownerRef={owner}"), json!({ "projects": [first], "owner": owned })),
            (&place, format!("?projectId={here}&ownerRef=nobody"), json!({ "projects": [first], "owner": unknown })),
            (&place, format!("?projectId={here}&ownerRef="), json!({ "projects": [first] })),
            // A key for one project learns nothing of the others, nor of the whole.
            (&key, String::new(), json!({ "projects": [first] })),
            (&key, format!("?projectId={here}&ownerRef={owner}"), json!({ "projects": [first], "owner": owned })),
        ];
        for (who, query, expected) in cases {
            let reply = who.get(server, &format!("/usage{query}")).await.expect(200);
            assert_eq!(reply.json(), expected, "{query}");
        }
        let absent = "00000000-0000-4000-8000-000000000000";
        for (who, id) in [(&key, there.as_str()), (&key, foreign.as_str()), (&place, foreign.as_str()), (&place, absent)] {
            for query in [format!("?projectId={id}"), format!("?projectId={id}&ownerRef={owner}")] {
                who.get(server, &format!("/usage{query}")).await.expect_error(404, "NOT_FOUND");
            }
        }
        let long = "x".repeat(256);
        for query in ["?projectId=x".to_owned(), format!("?ownerRef={owner}"), format!("?projectId={here}&ownerRef={long}"), format!("?projectId={here}&projectId={here}")] {
            place.get(server, &format!("/usage{query}")).await.expect_error(400, "VALIDATION_ERROR");
        }
    }
}
