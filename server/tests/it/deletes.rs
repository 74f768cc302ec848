//! Deleting files, one by one, many and by folder: every address is dead at once, all room is free, and each deletion is told once.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reupload::domain::clock::random_bytes;
use serde_json::{Value, json};

use crate::{
    changes::{addresses, ask, delete, delete_many, events, file, into_folder, of_type, patch},
    harness::{Body, Multipart, Server, each_database, note},
    names::png,
};

/// Bytes and files that the whole workspace uses and holds.
async fn used(server: &Server) -> [i64; 4] {
    let usage = server.api("GET", "/usage", Body::Empty).await.expect(200).json();
    ["storedBytes", "storedFiles", "reservedBytes", "reservedFiles"].map(|name| usage["workspace"][name].as_i64().unwrap())
}

each_database! {
    async fn deleting_kills_every_address_at_once_and_frees_all(server: &Server) {
        for way in ["one", "many", "folder"] {
            let mut ids = Vec::new();
            for (shade, public) in [(30, "false"), (40, "true")] {
                let form = Multipart::new().text("projectId", &server.project_id()).text("folder", "f/g").text("isPublic", public);
                let accepted = server.api("POST", "/uploads/direct", Body::Form(form.file("p.png", "image/png", &png(shade)))).await;
                server.completed(&accepted.expect(202).text("/uploadId")).await;
                ids.push(server.api("GET", "/files?limit=1", Body::Empty).await.text("/files/0/id"));
            }
            let mut urls = Vec::new();
            for id in &ids {
                urls.extend(addresses(server, id).await);
            }
            assert!(urls.iter().any(|url| !url.contains("sig=")) && urls.len() == 16);
            let (known, before) = (events(server).await.len(), used(server).await);
            assert!(before[1] == 2 && server.blobs().await.len() == 8, "{before:?}");
            match way {
                "one" => {
                    for id in &ids {
                        assert_eq!(delete(server, id).await.expect(200).json(), json!({ "success": true }));
                    }
                }
                "many" => drop(delete_many(server, &ids).await.expect(200)),
                _ => {
                    let path = format!("/files?projectId={}&folder=f", server.project_id());
                    let reply = server.api("DELETE", &path, Body::Empty).await.expect(200);
                    assert_eq!(reply.json(), json!({ "deleted": 2, "hasMore": false }));
                }
            }
            for url in &urls {
                assert_eq!(ask(server, url).await, BTreeSet::from([404]), "{way}: {url} still answers");
            }
            assert_eq!(used(server).await, [0; 4], "{way}");
            for id in &ids {
                for (method, path) in [("GET", ""), ("GET", "/access"), ("DELETE", ""), ("PATCH", "")] {
                    let body = if method == "PATCH" { Body::Json(json!({ "isPublic": true })) } else { Body::Empty };
                    server.api(method, &format!("/files/{id}{path}"), body).await.expect_error(404, "NOT_FOUND");
                }
            }
            assert_eq!(server.api("GET", "/files", Body::Empty).await.expect(200).json(), json!({ "files": [], "nextCursor": null }));
            let told = events(server).await[known..].to_vec();
            assert_eq!(told.len(), 2, "{way}: {told:?}");
            for event in told {
                let id = event["data"]["fileId"].as_str().unwrap();
                assert!(ids.iter().any(|known| known == id), "{way}");
                let at = event["data"]["deletedAt"].as_str().unwrap();
                let data = json!({ "fileId": id, "projectId": server.project_id(), "path": "f/g/p.png", "name": "p.png", "deletedAt": at });
                assert_eq!((&event["type"], &event["data"]), (&json!("file.deleted"), &data), "{way}");
                assert!(at.ends_with('Z') && event["createdAt"] == at, "{way}");
            }
            server.settle().await;
            assert_eq!(server.blobs().await.len(), 0, "{way}: bytes are left");
        }
    }

    async fn many_are_deleted_by_id_and_what_is_not_yours_reads_as_absent(server: &Server) {
        let own = into_folder(server, "", 3).await;
        let (stranger, strange) = server.stranger().await;
        let form = Multipart::new().text("projectId", &strange.id.to_string()).file("x", "text/plain", b"x");
        let foreign = server.api_as(Some(&stranger), "POST", "/uploads/direct", Body::Form(form)).await.expect(202).text("/fileId");
        server.settle().await;
        let pending = server.open_session("later.txt", "text/plain", 1).await.expect(201).text("/fileId");
        let absent = || uuid::Uuid::from_bytes(random_bytes()).to_string();
        let (nobody, twice) = (absent(), own[0].to_uppercase());
        let asked = [own[1].clone(), nobody.clone(), foreign.clone(), own[0].clone(), twice, own[1].clone(), nobody.clone(), pending.clone()];
        let sorted = |value: &Value| {
            let mut ids: Vec<String> = value.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
            ids.sort_unstable();
            ids
        };
        let sort = |mut ids: Vec<String>| {
            ids.sort_unstable();
            ids
        };
        let reply = delete_many(server, &asked).await.expect(200).json();
        assert_eq!(sorted(&reply["deleted"]), sort(own[..2].to_vec()));
        assert_eq!(sorted(&reply["notFound"]), sort(vec![nobody, foreign.clone(), pending]));
        assert_eq!(of_type(server, "file.deleted").await.len(), 2);
        assert_eq!(used(server).await, [5, 1, 1, 1]);
        server.api_as(Some(&stranger), "GET", &format!("/files/{foreign}"), Body::Empty).await.expect(200);
        let most: Vec<String> = (0..99).map(|_| absent()).chain([own[2].clone()]).collect();
        let reply = delete_many(server, &most).await.expect(200).json();
        assert_eq!((sorted(&reply["deleted"]), reply["notFound"].as_array().unwrap().len()), (vec![own[2].clone()], 99));
        let kept = into_folder(server, "", 1 + 1).await;
        let too_many: Vec<String> = std::iter::repeat_n(kept[0].clone(), 101).collect();
        for bad in [
            json!({ "fileIds": too_many }), json!({ "fileIds": [] }), json!({}), json!({ "fileIds": null }), json!({ "fileIds": kept[0] }),
            json!({ "fileIds": [kept[0], "x"] }), json!({ "fileIds": [kept[0], 1] }), json!({ "fileIds": [kept[0], null] }), json!([kept[0]]),
            json!({ "fileIds": { "0": kept[0] } }), json!({ "fileIds": [[kept[0]]] }),
        ] {
            let reply = server.api("POST", "/files/delete", Body::Json(bad.clone())).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "VALIDATION_ERROR"), "{bad}");
        }
        for id in &kept {
            file(server, id).await;
        }
        // The same request under the same key has the same answer and no second effect.
        let bearer = format!("Bearer {}", server.key);
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "once")];
        let mut answers = Vec::new();
        for _ in 0..2 {
            let body = Body::Json(json!({ "fileIds": kept }));
            answers.push(server.send("POST", &format!("{}/api/v1/files/delete", server.api_url), &headers, body).await.expect(200).json());
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(of_type(server, "file.deleted").await.len(), 5);
    }

    async fn a_folder_is_deleted_with_all_below_it_and_nothing_beside(server: &Server) {
        for folder in ["a", "a/b", "a/b/c", "ab", "A", "a%", ""] {
            into_folder(server, folder, 2).await;
        }
        into_folder(server, "a/b", 65).await;
        let remove = async |folder: &str| {
            let path = format!("/files?projectId={}&folder={folder}", server.project_id());
            server.api("DELETE", &path, Body::Empty).await
        };
        for bad in ["", "%2F", "%20", "..", "a%2F..%2Fb", "a%5Cb", "%00"] {
            remove(bad).await.expect_error(400, "VALIDATION_ERROR");
        }
        for bad in ["?folder=a".to_owned(), format!("?projectId={}", server.project_id()), "?projectId=x&folder=a".to_owned(), String::new()] {
            server.api("DELETE", &format!("/files{bad}"), Body::Empty).await.expect_error(400, "VALIDATION_ERROR");
        }
        let (stranger, strange) = server.stranger().await;
        let path = format!("/files?projectId={}&folder=a", server.project_id());
        server.api_as(Some(&stranger), "DELETE", &path, Body::Empty).await.expect_error(404, "NOT_FOUND");
        let path = format!("/files?projectId={}&folder=a", strange.id);
        server.api("DELETE", &path, Body::Empty).await.expect_error(404, "NOT_FOUND");
        for (folder, deleted) in [("none", 0), ("a/b/", 69), ("a%25", 2), ("a", 2), ("a", 0)] {
            assert_eq!(remove(folder).await.expect(200).json(), json!({ "deleted": deleted, "hasMore": false }), "{folder}");
        }
        let left = server.api("GET", "/files", Body::Empty).await.expect(200).json();
        let left: Vec<&str> = left["files"].as_array().unwrap().iter().map(|file| file["folder"].as_str().unwrap()).collect();
        assert_eq!(left, ["", "", "A", "A", "ab", "ab"]);
        assert_eq!((of_type(server, "file.deleted").await.len(), used(server).await[1]), (73, 6));
    }

    async fn of_deletes_at_once_one_deletes(server: &Server) {
        let ids = into_folder(server, "f", 30).await;
        let single = join_all(ids[..10].iter().map(async |id| {
            let mut statuses: Vec<u16> = join_all((0..6).map(async |_| delete(server, id).await.status)).await;
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 404, 404, 404, 404, 404]);
        }));
        // Some by their ids, in any order, some by their folder: the sums must come out.
        let many = join_all((0..6).map(async |turn| {
            let mut ids = ids[10..].to_vec();
            ids.rotate_left(turn * 3);
            delete_many(server, &ids).await.expect(200).json()["deleted"].as_array().unwrap().len()
        }));
        let folders = join_all((0..3).map(async |_| {
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
            let path = format!("/files?projectId={}&folder=f", server.project_id());
            server.api("DELETE", &path, Body::Empty).await.expect(200).json()["deleted"].as_u64().unwrap()
        }));
        let (_, many) = tokio::join!(single, many);
        assert_eq!(many.iter().sum::<usize>(), 20, "{many:?}");
        let more = into_folder(server, "f", 40).await;
        let (folders, many) = tokio::join!(folders, delete_many(server, &more));
        let many = many.expect(200).json()["deleted"].as_array().unwrap().len() as u64;
        assert_eq!(folders.iter().sum::<u64>() + many, 40, "{folders:?} and {many}");
        let told = of_type(server, "file.deleted").await;
        let distinct: BTreeSet<&str> = told.iter().map(|data| data["fileId"].as_str().unwrap()).collect();
        assert_eq!((told.len(), distinct.len(), used(server).await), (70, 70, [0; 4]));
    }

    async fn a_file_that_was_moved_away_outlives_its_folder(server: &Server) {
        let ids = into_folder(server, "gone", 100).await;
        let moves = join_all(ids.iter().rev().map(async |id| patch(server, id, json!({ "folder": "kept" })).await.status));
        let remove = async {
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
            let path = format!("/files?projectId={}&folder=gone", server.project_id());
            server.api("DELETE", &path, Body::Empty).await.expect(200).json()["deleted"].as_u64().unwrap()
        };
        let (statuses, deleted) = tokio::join!(moves, remove);
        let moved = statuses.iter().filter(|status| **status == 200).count();
        note(&format!("{moved} of 100 were moved, {deleted} deleted"));
        for data in of_type(server, "file.deleted").await {
            assert!(data["path"].as_str().unwrap().starts_with("gone/"), "{data} was deleted although it had been moved");
        }
        let left = server.api("GET", "/files?folder=kept&limit=200", Body::Empty).await.expect(200).json();
        assert_eq!((left["files"].as_array().unwrap().len(), moved + usize::try_from(deleted).unwrap()), (moved, 100));
    }
}
