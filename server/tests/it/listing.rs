//! `GET /files`: pages that neither miss nor repeat a file, and every filter, the same on both databases.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use reupload::{
    domain::audit::By,
    {app::projects::Settings, domain::file::url_segment},
};
use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Reply, Server, each_database, frozen};

/// Keys and values.
type Pairs = [(&'static str, &'static str)];

/// Uploads files `(folder, name)` one after the other, so that the list has them in reverse order, and returns their ids.
async fn upload(server: &Server, files: &[(&str, &str)]) -> Vec<String> {
    let mut ids = Vec::new();
    for (folder, name) in files {
        let form = Multipart::new().text("projectId", &server.project_id()).text("folder", folder).file(name, "text/plain", b"x");
        let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
        server.completed(&accepted.text("/uploadId")).await;
        ids.push(accepted.text("/fileId"));
    }
    ids
}

/// Uploads this many files in one request and returns their ids.
async fn upload_many(server: &Server, count: usize) -> Vec<String> {
    let form = Multipart::new().text("projectId", &server.project_id());
    let form = (0..count).fold(form, |form, n| form.file(&format!("{n}.txt"), "text/plain", b"x"));
    let answer = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).json();
    answer["files"].as_array().unwrap().iter().map(|file| file["fileId"].as_str().unwrap().to_owned()).collect()
}

async fn list(server: &Server, query: &str) -> Reply {
    server.api("GET", &format!("/files{query}"), Body::Empty).await
}

fn files(reply: &Reply) -> Vec<Value> {
    reply.json()["files"].as_array().unwrap().clone()
}

/// Folder and name of each file of a page.
fn paths(reply: &Reply) -> Vec<String> {
    let text = |file: &Value, name: &str| file[name].as_str().unwrap().to_owned();
    files(reply).iter().map(|file| format!("{}:{}", text(file, "folder"), text(file, "name"))).collect()
}

/// All pages, one after the other; panics if a page is larger than asked for, or an empty one is followed by more.
async fn walk(server: &Server, query: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let behind = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = list(server, &format!("?limit={limit}{query}{behind}")).await.expect(200);
        let found = files(&page);
        cursor = page.json()["nextCursor"].as_str().map(str::to_owned);
        assert!(found.len() <= limit && (cursor.is_none() || found.len() == limit), "{} of {limit}", found.len());
        all.extend(found);
        if cursor.is_none() {
            return all;
        }
    }
}

fn ids(files: &[Value]) -> Vec<String> {
    files.iter().map(|file| file["id"].as_str().unwrap().to_owned()).collect()
}

fn in_order(files: &[Value]) -> bool {
    // As moments: as texts, `….123Z` would come behind `….123456Z`.
    let place = |file: &Value| (file["createdAt"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), file["id"].to_string());
    files.is_sorted_by(|a, b| place(a) > place(b))
}

each_database! {
    async fn a_file_that_stays_is_on_exactly_one_page_while_others_come_and_go(server: &Server) {
        let victims = upload_many(server, 25).await;
        let staying = upload_many(server, 60).await;
        server.settle().await;
        let churn = async {
            let mut newest = Vec::new();
            for victim in victims {
                server.api("DELETE", &format!("/files/{victim}"), Body::Empty).await.expect(200);
                let coming = server.upload("new.txt", "text/plain", b"x", false).await.expect(202);
                server.completed(&coming.text("/uploadId")).await;
                newest.push(coming.text("/fileId"));
                if newest.len() > 5 {
                    server.api("DELETE", &format!("/files/{}", newest.remove(2)), Body::Empty).await.expect(200);
                }
            }
        };
        let walkers = async {
            let all = [1, 7, 33, 200].map(async |limit| {
                for _ in 0..2 {
                    let found = walk(server, "", limit).await;
                    let seen = ids(&found);
                    let distinct: BTreeSet<&String> = seen.iter().collect();
                    assert_eq!(distinct.len(), seen.len(), "limit {limit}: a file is listed twice");
                    let missed = staying.iter().find(|id| !distinct.contains(id));
                    assert_eq!(missed, None, "limit {limit}: a file is missing");
                    assert!(in_order(&found), "limit {limit}: not newest first");
                }
            });
            futures_util::future::join_all(all).await
        };
        tokio::join!(churn, walkers);
    }

    async fn folders_are_exact_or_with_all_below(server: &Server) {
        let stored = [
            ("", "top"), ("a", "1"), ("a/b", "2"), ("a/b/c", "3"), ("ab", "4"), ("A", "5"), ("a b", "6"), ("ä", "7"),
            ("日本/東京", "8"), ("a%", "9"), ("a_", "10"), ("a%/b", "11"),
        ];
        upload(server, &stored).await;
        let cases: [(&str, &[&str]); 19] = [
            ("folder=", &["top"]),
            ("folder=%2F", &["top"]),
            ("folder=a", &["1"]),
            ("folder=%2Fa%2F", &["1"]),
            ("folder=a&recursive=false", &["1"]),
            ("folder=a&recursive=TRUE", &["3", "2", "1"]),
            ("folder=a%2Fb&recursive=true", &["3", "2"]),
            ("folder=a%2F%2Fb", &["2"]),
            ("folder=A&recursive=true", &["5"]),
            ("folder=a%25&recursive=true", &["11", "9"]),
            ("folder=a_&recursive=true", &["10"]),
            ("folder=a+b", &["6"]),
            ("folder=%C3%A4", &["7"]),
            ("folder=a%CC%88", &[]),
            ("folder=%E6%97%A5%E6%9C%AC", &[]),
            ("folder=%E6%97%A5%E6%9C%AC&recursive=true", &["8"]),
            ("folder=none&recursive=true", &[]),
            ("folder=&recursive=true", &["11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "top"]),
            ("recursive=true", &["11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "top"]),
        ];
        for (query, expected) in cases {
            for project in [String::new(), format!("&projectId={}", server.project_id())] {
                let reply = list(server, &format!("?{query}{project}")).await.expect(200);
                let names: Vec<String> = paths(&reply).iter().map(|path| path.split_once(':').unwrap().1.to_owned()).collect();
                assert_eq!(names, expected, "{query}{project}");
                let one_by_one = walk(server, &format!("&{query}{project}"), 1).await;
                assert_eq!(ids(&one_by_one), ids(&files(&reply)), "{query}{project}, one by one");
            }
        }
    }

    async fn a_search_takes_its_text_to_the_letter_in_any_case(server: &Server) {
        let stored = [
            ("docs", "Report.PDF"), ("", "ÄRGER.txt"), ("", "ärger 2.txt"), ("", "50%.txt"), ("", "50x.txt"), ("", "a_b.txt"),
            ("", "axb.txt"), ("", "日本語.txt"), ("", "STRAẞE.txt"), ("", "it's.txt"), ("Ünter", "q*?.txt"), ("", "İstanbul.txt"),
        ];
        upload(server, &stored).await;
        let long = "x".repeat(255);
        let cases: [(&str, &[&str]); 26] = [
            ("report", &["docs:Report.PDF"]),
            ("REPORT.pdf", &["docs:Report.PDF"]),
            ("docs/rep", &["docs:Report.PDF"]),
            ("ocs", &["docs:Report.PDF"]),
            ("ärger", &[":ärger 2.txt", ":ÄRGER.txt"]),
            ("A\u{308}RGER", &[":ärger 2.txt", ":ÄRGER.txt"]),
            ("r 2", &[":ärger 2.txt"]),
            ("%", &[":50%.txt"]),
            ("50%", &[":50%.txt"]),
            ("50_", &[]),
            ("_", &[":a_b.txt"]),
            ("a_b", &[":a_b.txt"]),
            ("a%b", &[]),
            ("\\", &[]),
            ("\\%", &[]),
            ("\\_", &[]),
            ("語", &[":日本語.txt"]),
            ("straße", &[":STRAẞE.txt"]),
            ("'", &[":it's.txt"]),
            ("' OR 1=1 --", &[]),
            ("*", &["Ünter:q*?.txt"]),
            ("ünter/q", &["Ünter:q*?.txt"]),
            ("İSTANBUL", &[":İstanbul.txt"]),
            ("  report  ", &["docs:Report.PDF"]),
            ("[a-z]", &[]),
            (&long, &[]),
        ];
        for (search, expected) in cases {
            let reply = list(server, &format!("?search={}", url_segment(search))).await.expect(200);
            assert_eq!(paths(&reply), expected, "{search:?}");
        }
        for all in ["", "%20%20", "+"] {
            assert_eq!(files(&list(server, &format!("?search={all}")).await.expect(200)).len(), stored.len(), "{all:?}");
        }
        let (too_long, nul) = ("x".repeat(256), "a\0b");
        for bad in [too_long.as_str(), nul] {
            list(server, &format!("?search={}", url_segment(bad))).await.expect_error(400, "VALIDATION_ERROR");
        }
        let both = list(server, "?search=r&folder=&limit=1").await.expect(200);
        assert_eq!(paths(&both), [":STRAẞE.txt"], "filters hold together");
        // What was found under its old name is found under its new one alone.
        let id = files(&list(server, "?search=report").await)[0]["id"].as_str().unwrap().to_owned();
        let change = json!({ "name": "Übersicht.pdf", "folder": "Akten" });
        server.api("PATCH", &format!("/files/{id}"), Body::Json(change)).await.expect(200);
        assert_eq!(paths(&list(server, "?search=report").await), [""; 0]);
        assert_eq!(paths(&list(server, "?search=akten%2F%C3%9Cber").await), ["Akten:Übersicht.pdf"]);
    }

    async fn metadata_narrows_by_up_to_three_pairs(server: &Server) {
        let mut stored = Vec::new();
        for (name, metadata) in [
            ("1", json!({ "kind": "invoice", "year": "2026", "client": "ÅÄÖ" })),
            ("2", json!({ "kind": "invoice", "year": "2025" })),
            ("3", json!({ "kind": "Invoice", "a]b": "[x]" })),
            ("4", json!({ "empty": "", "%": "_" })),
        ] {
            let form = Multipart::new().text("projectId", &server.project_id()).text("metadata", &metadata.to_string());
            let accepted = server.api("POST", "/uploads/direct", Body::Form(form.file(name, "text/plain", b"x"))).await.expect(202);
            server.completed(&accepted.text("/uploadId")).await;
            stored.push(accepted.text("/fileId"));
        }
        let cases: [(&Pairs, &[&str]); 14] = [
            (&[("kind", "invoice")], &["2", "1"]),
            (&[("kind", "Invoice")], &["3"]),
            (&[("Kind", "invoice")], &[]),
            (&[("kind", "invoice"), ("year", "2026")], &["1"]),
            (&[("kind", "invoice"), ("year", "2026"), ("client", "ÅÄÖ")], &["1"]),
            (&[("kind", "invoice"), ("year", "2026"), ("client", "åäö")], &[]),
            (&[("kind", "Invoice"), ("year", "2026")], &[]),
            (&[("a]b", "[x]")], &["3"]),
            (&[("empty", "")], &["4"]),
            (&[("kind", "")], &[]),
            (&[("%", "_")], &["4"]),
            (&[("kind", "%")], &[]),
            (&[("kind", "invoice' OR '1'='1")], &[]),
            (&[], &["4", "3", "2", "1"]),
        ];
        let query = |pairs: &[(&str, &str)]| {
            let pair = |(key, value): &(&str, &str)| format!("metadata%5B{}%5D={}", url_segment(key), url_segment(value));
            pairs.iter().map(pair).collect::<Vec<_>>().join("&")
        };
        for (pairs, expected) in cases {
            let names: Vec<String> = paths(&list(server, &format!("?{}", query(pairs))).await.expect(200));
            assert_eq!(names, expected.iter().map(|name| format!(":{name}")).collect::<Vec<_>>(), "{pairs:?}");
        }
        assert_eq!(paths(&list(server, "?metadata[kind]=invoice").await.expect(200)).len(), 2, "brackets as they are");
        let many = query(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]);
        for bad in [many.as_str(), "metadata[]=x", "metadata=x", "metadata[a]=%00", "metadata[%00]=a", "metadata[a]=1&metadata[a]=2"] {
            let reply = list(server, &format!("?{bad}")).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "VALIDATION_ERROR"), "{bad}");
        }
        let change = Body::Json(json!({ "metadata": { "kind": "offer" } }));
        server.api("PATCH", &format!("/files/{}", stored[0]), change).await.expect(200);
        assert_eq!(paths(&list(server, "?metadata[kind]=offer").await), [":1"]);
        assert_eq!(paths(&list(server, "?metadata[year]=2026").await), [""; 0], "metadata is replaced as a whole");
    }

    async fn a_list_stays_within_project_and_key(server: &Server) {
        let settings = Settings { name: Some("second".to_owned()), ..Settings::default() };
        let second = server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
        let (stranger, strange) = server.stranger().await;
        for (key, project, name) in [(&server.key, server.project.id, "1"), (&server.key, second, "2"), (&stranger, strange.id, "3")] {
            let form = Multipart::new().text("projectId", &project.to_string()).file(name, "text/plain", b"x");
            server.api_as(Some(key), "POST", "/uploads/direct", Body::Form(form)).await.expect(202);
        }
        server.settle().await;
        let narrow = server.new_key(&reupload::domain::access::Permission::ALL, &[second]).await;
        for (key, query, expected) in [
            (&server.key, String::new(), vec![":2", ":1"]),
            (&server.key, format!("?projectId={second}"), vec![":2"]),
            (&server.key, format!("?projectId={}", second.to_string().to_uppercase()), vec![":2"]),
            (&server.key, "?projectId=".to_owned(), vec![":2", ":1"]),
            (&narrow, String::new(), vec![":2"]),
            (&narrow, "?folder=".to_owned(), vec![":2"]),
            (&stranger, String::new(), vec![":3"]),
        ] {
            let reply = server.api_as(Some(key), "GET", &format!("/files{query}"), Body::Empty).await.expect(200);
            let mut found = paths(&reply);
            found.sort_by(|a, b| b.cmp(a));
            assert_eq!(found, expected, "{query}");
        }
        for (key, project) in [(&narrow, server.project.id), (&server.key, strange.id), (&stranger, second)] {
            let reply = server.api_as(Some(key), "GET", &format!("/files?projectId={project}"), Body::Empty).await;
            reply.expect_error(404, "NOT_FOUND");
        }
    }

    async fn what_does_not_fit_is_refused(server: &Server) {
        upload(server, &[("", "1"), ("f", "2"), ("f", "3"), ("f", "4")]).await;
        let cursor = list(server, "?folder=f&limit=1").await.expect(200).text("/nextCursor");
        assert_eq!(paths(&list(server, &format!("?folder=f&cursor={cursor}")).await.expect(200)), ["f:3", "f:2"]);
        let (stranger, strange) = server.stranger().await;
        let form = Multipart::new().text("projectId", &strange.id.to_string());
        let form = form.file("a", "text/plain", b"x").file("b", "text/plain", b"x");
        server.api_as(Some(&stranger), "POST", "/uploads/direct", Body::Form(form)).await.expect(202);
        server.settle().await;
        let foreign = server.api_as(Some(&stranger), "GET", "/files?limit=1", Body::Empty).await.expect(200).text("/nextCursor");
        let mut cases: Vec<String> = [
            "limit=0", "limit=201", "limit=-1", "limit=1.5", "limit=x", "limit=99999999999999999999", "recursive=maybe", "projectId=x",
            "folder=..", "folder=a%2F..%2Fb", "folder=a%5Cb", "folder=%00", "folder=%0A", "folder=%E2%80%AE", "limit=1&limit=2",
            "folder=a&folder=b", "search=a&search=b", "cursor=x", "cursor=AAAA", "cursor=%00", "cursor=%F0%9F%A6%80",
            "cursor=null", "cursor=0", "projectId=00000000-0000-0000-0000-00000000000g",
        ].map(str::to_owned).into();
        cases.push(format!("folder={}", "x".repeat(1025)));
        cases.push(format!("cursor={}", "A".repeat(6000)));
        cases.push(format!("cursor={foreign}"));
        cases.push(format!("folder=f&cursor={foreign}"));
        // A cursor belongs to its list.
        for other in ["", "folder=&", "folder=g&", "folder=f&recursive=true&", "folder=f&search=x&", "folder=f&metadata[a]=b&"] {
            cases.push(format!("{other}cursor={cursor}"));
        }
        cases.push(format!("folder=f&projectId={}&cursor={cursor}", server.project_id()));
        for cut in [1, 2, cursor.len() / 2, cursor.len() - 1] {
            cases.push(format!("folder=f&cursor={}", &cursor[..cut]));
            cases.push(format!("folder=f&cursor={}", &cursor[cut..]));
        }
        cases.extend(["A", "=", "AAAA"].map(|tail| format!("folder=f&cursor={cursor}{tail}")));
        for query in &cases {
            let reply = list(server, &format!("?{query}")).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "VALIDATION_ERROR"), "{query}");
        }
        // Moments that are none, or that a database does not know, at every place where they could stand: a refusal or a page.
        let bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        for moment in [i64::MIN, i64::MAX, -210_866_803_200_000_001, -8_000_000_000_000_000_000, 8_000_000_000_000_000_000, -1, 0] {
            for at in 0..=bytes.len() - 8 {
                let mut forged = bytes.clone();
                forged[at..at + 8].copy_from_slice(&moment.to_be_bytes());
                let forged = URL_SAFE_NO_PAD.encode(forged);
                let reply = list(server, &format!("?folder=f&cursor={forged}")).await;
                assert!(matches!(reply.status, 200 | 400), "{moment} at {at}: {:?}", reply.json());
            }
        }
        for blank in ["limit=", "cursor=", "projectId=", "recursive=", "search=", "unknown=1"] {
            assert_eq!(files(&list(server, &format!("?{blank}")).await.expect(200)).len(), 4, "{blank}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_one_moment_are_paged_by_their_ids() {
    frozen(async |server, _| {
        let mut all = upload_many(server, 23).await;
        server.settle().await;
        all.sort_unstable_by(|a, b| b.cmp(a));
        for limit in [1, 2, 5, 22, 23, 24] {
            assert_eq!(ids(&walk(server, "", limit).await), all, "limit {limit}");
            assert_eq!(ids(&walk(server, "&folder=", limit).await), all, "limit {limit}, of a folder");
        }
    })
    .await;
}
