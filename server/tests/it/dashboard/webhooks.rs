//! Webhooks in the dashboard: secrets shown once, what was sent and answered, and sending again.

use reupload::domain::account::Role;
use serde_json::{Value, json};

use crate::harness::{Receiver, Server, each_database};

each_database! {
    async fn an_endpoint_is_made_tried_and_looked_into(server: &Server) {
        let admin = server.member("admin@example.com", Role::Admin).await;
        let member = server.member("member@example.com", Role::Member).await;
        let viewer = server.member("viewer@example.com", Role::Viewer).await;
        let receiver = Receiver::answering(&[500]).await;
        let base = format!("/workspaces/{}", server.workspace);
        let new = json!({ "projectId": server.project_id(), "url": receiver.url, "headers": { "x-password": "hunter2hunter2" } });
        let made = server.dashboard(Some(&admin.cookie), "POST", &format!("{base}/webhooks"), new).await.expect(201);
        let (secret, id) = (made.text("/secret"), made.text("/webhook/id"));
        let one = format!("{base}/webhooks/{id}");

        let sent = server.dashboard(Some(&admin.cookie), "POST", &format!("{one}/test"), json!({})).await.expect(202);
        let delivery = format!("{base}/deliveries/{}", sent.text("/delivery/id"));
        let tried = async |least: usize| {
            for _ in 0..400 {
                let found = server.dashboard(Some(&member.cookie), "GET", &delivery, Value::Null).await.expect(200);
                if found.json()["attempts"].as_array().unwrap().len() >= least {
                    return found;
                }
                tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            }
            panic!("it was not tried within 10 s");
        };
        let failed = tried(1).await;
        assert_eq!(failed.json()["attempts"][0]["responseStatus"], 500);
        assert!(failed.text("/requestBody").contains("\"test\":true"));
        let shown = String::from_utf8_lossy(&failed.body).into_owned();
        assert!(!shown.contains("hunter2") && !shown.contains(&secret), "a member sees no secret: {shown}");
        // What was sent has signed addresses of private files, which are not for viewers.
        server.dashboard(Some(&viewer.cookie), "GET", &delivery, Value::Null).await.expect_error(403, "PERMISSION_DENIED");

        server.dashboard(Some(&admin.cookie), "POST", &format!("{delivery}/replay"), Value::Null).await.expect(202);
        tried(2).await;
        let list = format!("{one}/deliveries?status=succeeded");
        for _ in 0..400 {
            let listed = server.dashboard(Some(&viewer.cookie), "GET", &list, Value::Null).await.expect(200).json();
            if listed["deliveries"].as_array().unwrap().len() == 1 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        let rotated = server.dashboard(Some(&admin.cookie), "POST", &format!("{one}/rotate"), json!({ "overlapSeconds": 60 })).await;
        assert_ne!(rotated.expect(200).text("/secret"), secret);
        let off = server.dashboard(Some(&admin.cookie), "PATCH", &one, json!({ "enabled": false })).await.expect(200);
        assert!(off.json()["webhook"]["disabledAt"].is_string());
        for moment in ["-100000-01-01T00:00:00Z", "+012345-01-01T00:00:00Z"] {
            let since = json!({ "since": moment });
            server.dashboard(Some(&admin.cookie), "POST", &format!("{one}/recover"), since).await.expect_error(400, "VALIDATION_ERROR");
        }
        server.dashboard(Some(&admin.cookie), "PATCH", &one, json!({ "description": "a\0b" })).await.expect_error(400, "VALIDATION_ERROR");
        server.dashboard(Some(&admin.cookie), "POST", &format!("{one}/test"), json!({})).await.expect_error(400, "VALIDATION_ERROR");
        let on = server.dashboard(Some(&admin.cookie), "PATCH", &one, json!({ "enabled": true, "description": "d" })).await.expect(200);
        assert_eq!((&on.json()["webhook"]["disabledAt"], on.text("/webhook/description").as_str()), (&Value::Null, "d"));
        server.dashboard(Some(&admin.cookie), "DELETE", &one, Value::Null).await.expect(200);
        server.dashboard(Some(&admin.cookie), "DELETE", &one, Value::Null).await.expect_error(404, "NOT_FOUND");

        let log = server.dashboard(Some(&admin.cookie), "GET", &format!("{base}/audit"), Value::Null).await.expect(200).json();
        let actions: Vec<&str> = log["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        let expected = ["webhook.deleted", "webhook.enabled", "webhook.updated", "webhook.disabled", "webhook.rotated", "delivery.replayed"];
        assert_eq!(actions[..6], expected);
        assert_eq!(actions[6..8], ["webhook.tested", "webhook.created"]);
        assert!(!log.to_string().contains("hunter2"));
    }
}
