//! Changing files: what is taken, what becomes of the addresses, who is told, and what happens beside a deletion.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    harness::{Body, Multipart, Reply, Server, each_database},
    names::png,
};

pub(crate) async fn patch(server: &Server, id: &str, change: Value) -> Reply {
    server.api("PATCH", &format!("/files/{id}"), Body::Json(change)).await
}

pub(crate) async fn delete(server: &Server, id: &str) -> Reply {
    server.api("DELETE", &format!("/files/{id}"), Body::Empty).await
}

pub(crate) async fn delete_many(server: &Server, ids: &[String]) -> Reply {
    server.api("POST", "/files/delete", Body::Json(json!({ "fileIds": ids }))).await
}

pub(crate) async fn file(server: &Server, id: &str) -> Value {
    server.api("GET", &format!("/files/{id}"), Body::Empty).await.expect(200).json()["file"].clone()
}

/// Every event there is, oldest first.
pub(crate) async fn events(server: &Server) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = server.api("GET", &format!("/events?limit=200&after={after}"), Body::Empty).await.expect(200).json();
        let found = page["events"].as_array().unwrap();
        all.extend(found.iter().cloned());
        if found.len() < 200 {
            return all;
        }
        page["nextCursor"].as_str().unwrap().clone_into(&mut after);
    }
}

pub(crate) async fn of_type(server: &Server, kind: &str) -> Vec<Value> {
    events(server).await.into_iter().filter(|event| event["type"] == kind).map(|event| event["data"].clone()).collect()
}

/// Uploads files into a folder in one request and returns their ids.
pub(crate) async fn into_folder(server: &Server, folder: &str, count: usize) -> Vec<String> {
    let form = Multipart::new().text("projectId", &server.project_id()).text("folder", folder);
    let form = (0..count).fold(form, |form, n| form.file(&format!("{n}.txt"), "text/plain", b"12345"));
    let answer = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).json();
    server.settle().await;
    answer["files"].as_array().unwrap().iter().map(|file| file["fileId"].as_str().unwrap().to_owned()).collect()
}

/// Every address of a picture, with and without a signature.
pub(crate) async fn addresses(server: &Server, id: &str) -> Vec<String> {
    let mut urls = Vec::new();
    for variant in ["original", "thumb_64", "thumb_160", "thumb_320"] {
        for download in ["false", "true"] {
            let path = format!("/files/{id}/access?variant={variant}&download={download}&expiresIn=604800");
            urls.push(server.api("GET", &path, Body::Empty).await.expect(200).text("/access/url"));
        }
    }
    urls
}

/// Asks for an address in every way and returns the statuses.
pub(crate) async fn ask(server: &Server, url: &str) -> BTreeSet<u16> {
    let mut statuses = BTreeSet::new();
    let tries: [(&str, &[(&str, &str)]); 6] = [
        ("GET", &[]),
        ("HEAD", &[]),
        ("GET", &[("range", "bytes=0-3")]),
        ("GET", &[("range", "bytes=-1")]),
        ("GET", &[("if-none-match", "*")]),
        ("OPTIONS", &[("origin", "https://app.example.com"), ("access-control-request-method", "GET")]),
    ];
    for (method, headers) in tries {
        statuses.insert(server.send(method, url, headers, Body::Empty).await.status);
    }
    statuses
}

const ALIVE: [u16; 4] = [200, 204, 206, 304];

each_database! {
    async fn a_change_takes_what_fits_and_tells_only_of_what_differs(server: &Server) {
        let id = server.ready("a.txt", b"hello", false).await["file"]["fileId"].as_str().unwrap().to_owned();
        let nothing: [Value; 7] = [
            json!({}),
            json!({ "name": "a.txt" }),
            json!({ "name": " a.txt ", "folder": "//", "isPublic": false, "metadata": {} }),
            json!({ "unknown": 1, "Name": "b.txt", "is_public": true }),
            json!({ "id": server.project_id(), "workspaceId": server.project_id(), "projectId": server.workspace.to_string() }),
            json!({ "mimeType": "text/html", "sizeBytes": 1, "sha256": "00", "category": "code", "createdAt": "2000-01-01T00:00:00Z" }),
            json!({ "originalName": "b.txt", "publicUrl": "http://example.com", "scan": "clean", "uploadedVia": "dashboard" }),
        ];
        let before = file(server, &id).await;
        for change in nothing {
            let reply = patch(server, &id, change.clone()).await.expect(200);
            assert_eq!(reply.json()["file"], before, "{change}");
            assert_eq!(file(server, &id).await, before, "{change}");
        }
        assert_eq!(of_type(server, "file.updated").await, [Value::Null; 0], "nothing changed, and somebody was told");
        let changing = [
            (json!({ "name": "b.txt" }), vec!["name"]),
            (json!({ "name": "../c.txt" }), vec!["name"]),
            (json!({ "folder": "/x//y/" }), vec!["folder"]),
            (json!({ "metadata": { "a": "1", "ü": "写真" } }), vec!["metadata"]),
            (json!({ "metadata": { "b": "2" }, "name": "c.txt" }), vec!["metadata"]),
            (json!({ "isPublic": true }), vec!["isPublic"]),
            (json!({ "folder": "", "unknown": {} }), vec!["folder"]),
            (json!({ "metadata": {} }), vec!["metadata"]),
            (json!({ "name": "写.txt", "folder": "ä", "isPublic": false, "metadata": { "c": "" } }),
                vec!["name", "folder", "isPublic", "metadata"]),
        ];
        let mut expected = before;
        let effects = [
            json!({ "name": "b.txt" }), json!({ "name": "c.txt" }), json!({ "folder": "x/y" }),
            json!({ "metadata": { "a": "1", "ü": "写真" } }), json!({ "metadata": { "b": "2" } }), json!({ "isPublic": true }),
            json!({ "folder": "" }), json!({ "metadata": {} }),
            json!({ "name": "写.txt", "folder": "ä", "isPublic": false, "metadata": { "c": "" } }),
        ];
        for (n, ((change, fields), effect)) in changing.iter().zip(effects).enumerate() {
            let now = patch(server, &id, change.clone()).await.expect(200).json()["file"].clone();
            expected.as_object_mut().unwrap().extend(effect.as_object().unwrap().clone());
            let public = expected["isPublic"] == true;
            let url = format!("{}/v1/files/{id}/{}", server.cdn_url, expected["name"].as_str().unwrap());
            expected["publicUrl"] = if public { json!(url) } else { Value::Null };
            assert!(now["updatedAt"].as_str() > expected["updatedAt"].as_str(), "{change}");
            expected["updatedAt"] = now["updatedAt"].clone();
            assert_eq!(now, expected, "{change}");
            assert_eq!(file(server, &id).await, expected, "{change}");
            let told = of_type(server, "file.updated").await;
            assert_eq!(told.len(), n + 1, "{change}");
            let path = [expected["folder"].as_str().unwrap(), expected["name"].as_str().unwrap()].join("/");
            let mut data = json!({ "fileId": id, "projectId": server.project_id(), "path": path.trim_start_matches('/'), "changes": fields });
            for name in ["name", "mimeType", "sizeBytes", "isPublic"] {
                data[name] = expected[name].clone();
            }
            let mut last = told[n].clone();
            let (url, until) = (last["url"].take(), last["urlExpiresAt"].take());
            assert_eq!((until.is_null(), url.as_str().unwrap().contains("sig=")), (public, !public), "{last}");
            assert_eq!(server.get(url.as_str().unwrap()).await.expect(200).body, b"hello");
            let last = last.as_object_mut().unwrap();
            last.retain(|name, _| !matches!(name.as_str(), "url" | "urlExpiresAt"));
            assert_eq!(json!(last), data, "{change}");
        }
    }

    async fn a_change_that_does_not_fit_changes_nothing(server: &Server) {
        let id = server.ready("a.txt", b"hello", false).await["file"]["fileId"].as_str().unwrap().to_owned();
        let before = file(server, &id).await;
        let pairs = |count: usize| (0..count).map(|n| (n.to_string(), "x".to_owned())).collect::<BTreeMap<_, _>>();
        let misfits = [
            json!({ "name": 1 }), json!({ "name": ["b"] }), json!({ "name": {} }), json!({ "isPublic": "true" }), json!({ "isPublic": 1 }),
            json!({ "folder": ".." }), json!({ "folder": "a/./b" }), json!({ "folder": "a\\b" }), json!({ "folder": "a\u{202E}" }),
            json!({ "folder": "a\n" }), json!({ "folder": "x".repeat(1025) }), json!({ "folder": 1 }), json!({ "metadata": "x" }),
            json!({ "name": null }), json!({ "folder": null }), json!({ "isPublic": null, "name": "b.txt" }), json!({ "metadata": null }),
            json!({ "metadata": [] }), json!({ "metadata": { "a": 1 } }), json!({ "metadata": { "a": null } }),
            json!({ "metadata": { "a": { "b": "c" } } }), json!({ "metadata": { "": "x" } }), json!({ "metadata": { "a": "\0" } }),
            json!({ "metadata": { "a\0": "x" } }), json!({ "metadata": pairs(17) }), json!({ "metadata": { "a": "x".repeat(2048) } }),
            json!({ "name": "good.txt", "folder": ".." }), json!({ "isPublic": true, "metadata": 1 }), json!([]), json!(["a.txt"]),
            json!("a.txt"), json!(1), json!(null), json!(true),
        ];
        for change in misfits {
            let reply = patch(server, &id, change.clone()).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "VALIDATION_ERROR"), "{change}");
        }
        for (text, code) in [
            ("", "MALFORMED_REQUEST"), ("{", "MALFORMED_REQUEST"), ("{\"name\": \"b\"} x", "MALFORMED_REQUEST"),
            ("{'name': 'b'}", "MALFORMED_REQUEST"), ("\u{feff}{}", "MALFORMED_REQUEST"),
            ("{\"name\": \"b\", \"name\": \"c\"}", "VALIDATION_ERROR"),
        ] {
            let body = Body::Bytes(text.as_bytes().to_vec(), "application/json");
            let reply = server.api("PATCH", &format!("/files/{id}"), body).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, code), "{text:?}");
        }
        assert_eq!(server.api("PATCH", &format!("/files/{id}"), Body::Empty).await.status, 400);
        assert_eq!(file(server, &id).await, before);
        assert_eq!(of_type(server, "file.updated").await.len(), 0);
        let edge = json!({ "metadata": pairs(16), "folder": "x".repeat(1024), "name": "x".repeat(512) });
        patch(server, &id, edge).await.expect(200);
        patch(server, &id, json!({ "metadata": { "a": "x".repeat(2047) } })).await.expect(200);
    }

    async fn addresses_follow_visibility_and_outlive_names(server: &Server) {
        let id = server.ready("a.png", &png(20), false).await["file"]["fileId"].as_str().unwrap().to_owned();
        let signed = addresses(server, &id).await;
        let bare = |url: &String| url.split_once("&exp").or(url.split_once("?exp")).unwrap().0.to_owned();
        let permanent: Vec<String> = signed.iter().map(bare).collect();
        for (public, round) in [(false, 1), (true, 2), (false, 3), (true, 4)] {
            patch(server, &id, json!({ "isPublic": public })).await.expect(200);
            for (signed, permanent) in signed.iter().zip(&permanent) {
                let seen = ask(server, signed).await;
                assert!(seen.iter().all(|status| ALIVE.contains(status)), "round {round}: {signed} answers {seen:?}");
                let seen = ask(server, permanent).await;
                let fits = if public { seen.iter().all(|status| ALIVE.contains(status)) } else { seen == BTreeSet::from([404]) };
                assert!(fits, "round {round}: {permanent} answers {seen:?}");
                let cache = server.get(signed).await.headers["cache-control"].clone();
                assert_eq!(cache.starts_with("public"), public, "round {round}: {cache}");
            }
            let shown = file(server, &id).await["publicUrl"].as_str().map(str::to_owned);
            assert_eq!(shown, public.then(|| permanent[0].clone()), "round {round}");
        }
        patch(server, &id, json!({ "name": "neu ü.png", "folder": "moved" })).await.expect(200);
        assert_eq!(file(server, &id).await["publicUrl"], format!("{}/v1/files/{id}/neu%20%C3%BC.png", server.cdn_url));
        for old in signed.iter().chain(&permanent) {
            let reply = server.get(old).await.expect(200);
            assert!(reply.headers["content-disposition"].contains("''neu%20%C3%BC"), "{old} is saved under its old name");
        }
    }

    async fn changes_and_deletes_at_once_end_in_one_order(server: &Server) {
        let ids = into_folder(server, "f", 24).await;
        let changes = join_all(ids.iter().map(async |id| {
            let (mut last, mut statuses) = (200, BTreeSet::new());
            for n in 0..400 {
                let reply = patch(server, id, json!({ "name": format!("{n}.txt"), "metadata": { "n": n.to_string() } })).await;
                assert!(!(last == 404 && reply.status == 200), "a deleted file was changed");
                last = reply.status;
                statuses.insert(last);
                if last == 404 {
                    break;
                }
            }
            statuses
        }));
        let deletes = async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let halves = (0..4).map(async |turn| {
                let mut ids = ids[..20].to_vec();
                ids.rotate_left(turn * 5);
                delete_many(server, &ids).await.status
            });
            let singles = ids[20..].iter().map(async |id| delete(server, id).await.status);
            tokio::join!(join_all(halves), join_all(singles))
        };
        let (changes, (many, singles)) = tokio::join!(changes, deletes);
        assert_eq!((many, singles), (vec![200; 4], vec![200; 4]));
        for statuses in changes {
            assert_eq!(statuses, BTreeSet::from([200, 404]));
        }
        let mut gone = BTreeSet::new();
        for event in events(server).await {
            let id = event["data"]["fileId"].as_str().unwrap().to_owned();
            match event["type"].as_str().unwrap() {
                "file.deleted" => assert!(gone.insert(id), "deleted twice"),
                kind => assert!(!gone.contains(&id), "{kind} after the deletion"),
            }
        }
        assert_eq!(gone.len(), 24);
        for id in &ids {
            let entries = server.api("GET", &format!("/files/{id}/timeline"), Body::Empty).await.expect(200).json();
            let last = entries["entries"].as_array().unwrap().last().unwrap()["step"].clone();
            assert_eq!(last, "deleted");
        }
    }
}
