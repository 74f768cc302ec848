//! What pages of other sites can do in a visitor's name: nothing.

use reupload::domain::account::Role;
use serde_json::{Value, json};

use super::{Cast, make, prepare, resources};
use crate::harness::{Body, Server, each_database, operations};

const OWN: &str = "OWN";

/// Headers that a browser sends, and whether a change is done.
const CASES: [(&[(&str, &str)], bool); 11] = [
    (&[], true),
    (&[("sec-fetch-site", "same-origin")], true),
    (&[("sec-fetch-site", "none")], true),
    (&[("origin", OWN)], true),
    (&[("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:5173")], true),
    (&[("sec-fetch-site", "cross-site")], false),
    (&[("sec-fetch-site", "same-site")], false),
    (&[("sec-fetch-site", "cross-site"), ("origin", OWN)], false),
    (&[("sec-fetch-site", "")], false),
    (&[("origin", "https://evil.example")], false),
    (&[("origin", "null")], false),
];

each_database! {
    async fn only_its_own_pages_change_anything(server: &Server) {
        let cast = Cast::new(server).await;
        let mut cells = 0;
        for operation in operations() {
            let changes = operation.method != "GET";
            for (headers, is_done) in CASES {
                cells += 1;
                let call = prepare(server, &cast, &operation, cells).await;
                let headers: Vec<(&str, &str)> =
                    headers.iter().map(|(name, value)| (*name, if *value == OWN { server.api_url.as_str() } else { value })).collect();
                let reply = make(server, &operation, &call, Some(&cast.operator), &headers).await;
                let what = format!("{} {} {headers:?}: {}", operation.method, operation.path, String::from_utf8_lossy(&reply.body));
                if is_done || !changes {
                    assert_eq!(reply.status, call.success, "{what}");
                } else {
                    assert_eq!((reply.status, reply.code().as_str()), (403, "PERMISSION_DENIED"), "{what}");
                    assert!(reply.text("/message").contains("another site"), "{what}");
                    let again = make(server, &operation, &call, Some(&cast.operator), &[]).await;
                    assert_eq!(again.status, call.success, "it was done all the same: {what}");
                }
            }
        }
        assert!(cells >= 50 * CASES.len(), "the walk has shrunk: {cells}");
        resources::clean(server).await;
    }

    // A form can send these three types, and a script without a preflight as well (Fetch, "CORS-safelisted request-header").
    async fn a_body_is_json_by_its_type(server: &Server) {
        let owner = server.member("owner@example.com", Role::Owner).await;
        let url = format!("{}/api/dashboard/me", server.api_url);
        let body = json!({ "name": "Changed" }).to_string().into_bytes();
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", ""] {
            let headers = [("cookie", owner.cookie.as_str())];
            server.send("PATCH", &url, &headers, Body::Bytes(body.clone(), kind)).await.expect_error(415, "CONTENT_TYPE_NOT_ALLOWED");
        }
        for kind in ["application/json", "Application/JSON; charset=utf-8"] {
            let headers = [("cookie", owner.cookie.as_str())];
            server.send("PATCH", &url, &headers, Body::Bytes(body.clone(), kind)).await.expect(200);
        }
        let me = server.dashboard(Some(&owner.cookie), "GET", "/me", Value::Null).await.expect(200);
        assert_eq!(me.text("/user/name"), "Changed");
    }
}
