//! Authorisation, walked through every operation of the OpenAPI document: a new operation is tested without a line here.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use reupload::{
    app::projects::Settings,
    domain::{
        access::{KeySecret, Permission},
        account::Role,
        audit::By,
        clock::{Timestamp, random_bytes},
        ids::ProjectId,
    },
};
use serde_json::{Map, Value, json};

use crate::harness::{Body, Multipart, Reply, Server, each_database, frozen, spec};

mod forms;
mod matrix;

/// An operation with a key.
struct Operation {
    method: String,
    /// The template, without `/api/v1`.
    path: &'static str,
    /// Any one of these is enough; none at all is any key.
    any_of: Vec<Permission>,
    described: &'static Value,
}

/// The folder that every file of a stock is in.
const FOLDER: &str = "stock";

/// The ids that a call may carry.
#[derive(Clone)]
struct Ids {
    project: String,
    upload: String,
    file: String,
    /// Where the file is.
    folder: String,
}

/// Every operation under `/api/v1`. Panics if one does not say what it demands of a key.
fn operations() -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in spec()["paths"].as_object().unwrap() {
        let Some(path) = path.strip_prefix("/api/v1") else { continue };
        for (method, described) in item.as_object().unwrap().iter().filter(|(_, value)| value.get("responses").is_some()) {
            let demand = described["x-permission"].as_str();
            let demand = demand.unwrap_or_else(|| panic!("{method} {path} has no x-permission"));
            assert!(described.get("security").is_none(), "{method} {path} does without a key");
            let any_of = if demand == "any" { Vec::new() } else { demand.split('|').map(|word| word.parse().unwrap()).collect() };
            found.push(Operation { method: method.to_uppercase(), path, any_of, described });
        }
    }
    assert!(found.len() >= 9, "only {} operations were found", found.len());
    found
}

/// A schema, or what its reference leads to.
fn resolved(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => spec().pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

impl Operation {
    fn allows(&self, permissions: &[Permission]) -> bool {
        self.any_of.is_empty() || self.any_of.iter().any(|wanted| permissions.contains(wanted))
    }

    /// The schema of its body, by content type.
    fn body_schema(&self, content_type: &str) -> Option<&'static Value> {
        self.described
            .get("requestBody")
            .map(|body| resolved(&body["content"][content_type]["schema"]))
            .filter(|schema| !schema.is_null())
    }

    fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        self.described["parameters"].as_array().into_iter().flatten()
    }

    /// Whether it names something of a tenant's.
    fn carries_an_id(&self) -> bool {
        let bodies =
            ["application/json", "multipart/form-data"].into_iter().filter_map(|content_type| self.body_schema(content_type));
        let in_body = bodies.flat_map(|schema| schema["properties"].as_object().unwrap().keys()).any(|name| name.ends_with("Id"));
        in_body || self.parameters().any(|parameter| parameter["name"].as_str().unwrap().ends_with("Id"))
    }

    /// A valid call that carries `ids` wherever it has room for one.
    async fn call(&self, server: &Server, headers: &[(&str, &str)], ids: &Ids) -> Reply {
        let id = |name: &str| match name {
            "projectId" => &ids.project,
            "uploadId" => &ids.upload,
            "fileId" => &ids.file,
            "folder" => &ids.folder,
            _ => panic!("{} {}: what should {name} be here?", self.method, self.path),
        };
        let (mut path, mut query) = (self.path.to_owned(), Vec::new());
        for parameter in self.parameters() {
            let name = parameter["name"].as_str().unwrap();
            match parameter["in"].as_str().unwrap() {
                "path" => path = path.replace(&format!("{{{name}}}"), id(name)),
                "query" if name.ends_with("Id") || parameter["required"] == true => query.push(format!("{name}={}", id(name))),
                _ => {}
            }
        }
        let body = if let Some(schema) = self.body_schema("application/json") {
            let fields = schema["properties"].as_object().unwrap().iter();
            let required =
                |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|known| known == name));
            let fields = fields.filter(|(name, _)| required(name) || name.ends_with("Id"));
            let fields: Map<String, Value> = fields
                .map(|(name, schema)| match name.as_str() {
                    name if name.ends_with("Id") => (name.to_owned(), json!(id(name))),
                    "contentType" => (name.clone(), json!("text/plain")),
                    "fileIds" => (name.clone(), json!([ids.file])),
                    _ if schema["type"] == "integer" => (name.clone(), json!(1)),
                    _ => (name.clone(), json!("x")),
                })
                .collect();
            Body::Json(fields.into())
        } else if self.body_schema("multipart/form-data").is_some() {
            Body::Form(Multipart::new().text("projectId", &ids.project).file("a.txt", "text/plain", b"x"))
        } else {
            assert!(self.described.get("requestBody").is_none(), "{} {}: what is its body?", self.method, self.path);
            Body::Empty
        };
        let url = format!("{}/api/v1{path}?{}", server.api_url, query.join("&"));
        server.send(&self.method, url.trim_end_matches('?'), headers, body).await
    }

    async fn call_with(&self, server: &Server, key: &str, ids: &Ids) -> Reply {
        self.call(server, &[("authorization", &format!("Bearer {key}"))], ids).await
    }
}

/// A ready file and, of another upload, a session whose bytes have arrived: so every operation has something to succeed on.
async fn stock(server: &Server, key: &str, project: ProjectId) -> Ids {
    let form =
        Multipart::new().text("projectId", &project.to_string()).text("folder", FOLDER).file("a.txt", "text/plain", b"hello");
    let direct = server.api_as(Some(key), "POST", "/uploads/direct", Body::Form(form)).await.expect(202);
    let session = json!({ "projectId": project.to_string(), "filename": "b.txt", "contentType": "text/plain", "size": 2 });
    let opened = server.api_as(Some(key), "POST", "/uploads/session", Body::Json(session)).await.expect(201);
    server.put(&opened.text("/uploadUrl"), "text/plain", b"hi").await.expect(200);
    let ids = Ids {
        project: project.to_string(),
        upload: opened.text("/uploadId"),
        file: direct.text("/fileId"),
        folder: FOLDER.to_owned(),
    };
    for _ in 0..400 {
        if server.api_as(Some(key), "GET", &format!("/files/{}", ids.file), Body::Empty).await.status == 200 {
            return ids;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the file was not ready within 4 s");
}

/// Status and body without the request's id.
fn told(reply: &Reply) -> (u16, Value) {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("requestId");
    (reply.status, body)
}

async fn another_project(server: &Server) -> ProjectId {
    server
        .app
        .projects
        .create(server.workspace, Settings { name: Some("second".to_owned()), ..Settings::default() }, &By::COMMAND_LINE)
        .await
        .unwrap()
        .id
}

/// Every set of permissions, the empty one too.
fn subsets() -> impl Iterator<Item = Vec<Permission>> {
    (0..8_usize).map(|bits| (0..3).filter(|n| bits & (1 << n) != 0).map(|n| Permission::ALL[n]).collect())
}

each_database! {
    async fn without_a_live_key_every_operation_answers_401(server: &Server) {
        let ids = stock(server, &server.key, server.project.id).await;
        let (live, unknown) = (server.key.as_str(), KeySecret::generate());
        let revoked = server.new_key(&Permission::ALL, &[]).await;
        let id = server.api_as(Some(&revoked), "GET", "/public/whoami", Body::Empty).await.expect(200).text("/apiKeyId");
        server.app.keys.revoke(None, id.parse().unwrap(), &By::COMMAND_LINE).await.unwrap();
        let mut headers: Vec<String> = [unknown.reveal(), &revoked, "", "ru_", "x", &live[3..], &live[..38], &live.to_uppercase()]
            .map(|key| format!("Bearer {key}"))
            .into();
        headers.extend([format!("Bearer {live}x"), format!("Bearer {live}, Bearer {live}"), format!("Bearer \"{live}\"")]);
        headers.extend(["", "Bearer", "Token ", "Bearer=", "Basic "].map(|scheme| format!("{scheme}{live}")));
        headers.extend(["", "user", live].map(|user| format!("Basic {}", STANDARD.encode(format!("{user}:{live}")))));
        headers.extend((0..live.len()).map(|at| {
            let typo = if &live[at..=at] == "x" { "y" } else { "x" };
            format!("Bearer {}{typo}{}", &live[..at], &live[at + 1..])
        }));
        let mut cells = 0;
        for operation in operations() {
            let mut replies = vec![operation.call(server, &[], &ids).await];
            for header in &headers {
                replies.push(operation.call(server, &[("authorization", header)], &ids).await);
            }
            let cookie = format!("key={live}; token={live}");
            replies.push(operation.call(server, &[("x-api-key", live), ("cookie", &cookie)], &ids).await);
            for (n, reply) in replies.iter().enumerate() {
                let what = format!("{} {} #{n}", operation.method, operation.path);
                assert_eq!((reply.status, reply.code().as_str()), (401, "UNAUTHORIZED"), "{what}");
                assert_eq!(reply.headers.get("www-authenticate").map(String::as_str), Some("Bearer"), "{what}");
                assert!(!reply.json().to_string().contains(&live[3..]), "the answer repeats the key");
            }
            cells += replies.len();
        }
        assert!(cells >= 9 * 60, "only {cells} cells were tried");
        server.api("GET", &format!("/files/{}", ids.file), Body::Empty).await.expect(200);
    }

    // 8 sets of permissions × 4 reaches × 4 owners of the ids, each with the answer that the contract foretells.
    async fn a_key_does_what_it_may_and_sees_nothing_else(server: &Server) {
        let (stranger_key, strange) = server.stranger().await;
        let (own, second) = (server.project.id, another_project(server).await);
        let nobodys = || uuid::Uuid::from_bytes(random_bytes()).to_string();
        let absent = Ids { project: nobodys(), upload: nobodys(), file: nobodys(), folder: FOLDER.to_owned() };
        // Whose ids, with which key they are made; and, by the number of the owner, what each kind of key reaches.
        let owners = [(own, server.key.as_str()), (second, &server.key), (strange.id, &stranger_key)];
        let reaches = [
            (server.workspace, vec![], [true, true, false]),
            (server.workspace, vec![own], [true, false, false]),
            (server.workspace, vec![second], [false, true, false]),
            (strange.workspace_id, vec![], [false, false, true]),
        ];
        let mut stocks = Vec::new();
        for (project, key) in owners {
            stocks.push(stock(server, key, project).await);
        }
        let (mut denied, mut hidden, mut done) = (0, 0, 0);
        for permissions in subsets() {
            for (workspace, projects, reach) in &reaches {
                let key = server.key_of(*workspace, &permissions, projects).await;
                for operation in operations() {
                    let what = format!("{} {} with {permissions:?} for {projects:?}", operation.method, operation.path);
                    let nothing = told(&operation.call_with(server, &key, &absent).await);
                    for (owner, reached) in reach.iter().enumerate() {
                        let reply = operation.call_with(server, &key, &stocks[owner]).await;
                        if !operation.allows(&permissions) {
                            reply.expect_error(403, "PERMISSION_DENIED");
                            assert_eq!((nothing.0, &nothing.1["error"]), (403, &json!("PERMISSION_DENIED")), "{what}");
                            denied += 1;
                        } else if operation.path == "/files/delete" && !*reached {
                            // It names many, so what is foreign is listed with what is absent.
                            let expected = json!({ "deleted": [], "notFound": [stocks[owner].file] });
                            assert_eq!(told(&reply), (200, expected), "{what}, ids of {owner}");
                            hidden += 1;
                        } else if *reached || !operation.carries_an_id() {
                            assert!((200..300).contains(&reply.status), "{what}, ids of {owner}: {:?}", told(&reply));
                            done += 1;
                            let body = reply.json().to_string();
                            for other in (0..3).filter(|other| !reach[*other]).map(|other| &stocks[other]) {
                                let ids = [&other.project, &other.upload, &other.file];
                                assert!(!ids.into_iter().any(|id| body.contains(id)), "{what} tells {body}");
                            }
                            if operation.carries_an_id() {
                                assert_eq!(nothing.0, 404, "{what}");
                            }
                            if operation.method != "GET" {
                                stocks[owner] = stock(server, owners[owner].1, owners[owner].0).await;
                            }
                        } else {
                            assert_eq!(told(&reply), nothing, "{what}, ids of {owner}");
                            assert_eq!(nothing.0, 404, "{what}");
                            hidden += 1;
                        }
                    }
                }
            }
        }
        let figures = (denied, hidden, done);
        assert!(denied >= 360 && hidden >= 238 && done >= 266, "the walk has shrunk: {figures:?}");
        for (n, ids) in stocks.iter().enumerate() {
            let kept = server.api_as(Some(owners[n].1), "GET", &format!("/uploads/session/{}", ids.upload), Body::Empty).await;
            assert_eq!(kept.expect(200).text("/session/status"), "UPLOADING", "a hidden session was touched");
            server.api_as(Some(owners[n].1), "GET", &format!("/files/{}", ids.file), Body::Empty).await.expect(200);
        }
    }

    async fn whoami_tells_what_a_key_is_and_reaches(server: &Server) {
        let settings = Settings { origins: Some(vec!["https://app.example.com".to_owned()]), ..Settings::default() };
        server.app.projects.update(server.project.id, settings, &By::COMMAND_LINE).await.unwrap();
        server.stranger().await;
        let second = another_project(server).await;
        let ask = async |key: &str| server.api_as(Some(key), "GET", "/public/whoami", Body::Empty).await.expect(200).json();
        let first = json!({ "id": server.project_id(), "name": "test", "uploadCorsOrigins": ["https://app.example.com"] });
        let other = json!({ "id": second.to_string(), "name": "second", "uploadCorsOrigins": [] });
        let all = ask(&server.key).await;
        let expected = json!({ "apiKeyId": all["apiKeyId"], "workspaceId": server.workspace.to_string(), "name": "test",
            "permissions": ["files.read", "files.write", "files.delete"], "allProjects": true, "projects": [first, other] });
        assert_eq!(all, expected);
        let listed = ask(&server.new_key(&[Permission::FilesDelete], &[second]).await).await;
        assert_ne!(listed["apiKeyId"], all["apiKeyId"]);
        let told = (&listed["allProjects"], &listed["projects"], &listed["permissions"]);
        assert_eq!(told, (&json!(false), &json!([other]), &json!(["files.delete"])));
        assert_eq!(ask(&server.new_key(&[], &[]).await).await["permissions"], json!([]));
        let third = another_project(server).await.to_string();
        let reaches = |answer: &Value| answer["projects"].to_string().contains(&third);
        assert!(reaches(&ask(&server.key).await), "later projects are among all");
        assert!(!reaches(&ask(&server.new_key(&Permission::ALL, &[second]).await).await));
    }

    async fn a_key_travels_in_its_header_alone(server: &Server) {
        let url = format!("{}/api/v1/public/whoami", server.api_url);
        for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
            server.send("GET", &url, &[("authorization", &format!("{scheme} {}", server.key))], Body::Empty).await.expect(200);
        }
        for name in ["key", "apiKey", "api_key", "token", "access_token", "authorization"] {
            server.send("GET", &format!("{url}?{name}={}", server.key), &[], Body::Empty).await.expect_error(401, "UNAUTHORIZED");
        }
        let nobody = server.api_as(None, "GET", "/nope", Body::Empty).await.expect_error(404, "NOT_FOUND");
        assert_eq!(told(&nobody), told(&server.api("GET", "/nope", Body::Empty).await));
    }

    async fn on_the_cdn_a_key_opens_nothing(server: &Server) {
        let state = server.ready("a.txt", b"hello", false).await;
        let (bare, signature) = state["file"]["url"].as_str().unwrap().split_once('?').unwrap();
        let bearer = format!("Bearer {}", server.key);
        let headers = [("authorization", bearer.as_str()), ("cookie", "session=1")];
        for method in ["GET", "HEAD"] {
            assert_eq!(server.send(method, bare, &headers, Body::Empty).await.status, 404);
        }
        let forged = format!("{bare}?{}", signature.replace("sig=", "sig=x"));
        server.send("GET", &forged, &headers, Body::Empty).await.expect_error(403, "INVALID_SIGNATURE");
        let session = server.open_session("a.txt", "text/plain", 1).await.expect(201);
        for token in [session.text("/uploadId"), server.key.clone()] {
            let put = Body::Bytes(b"x".to_vec(), "text/plain");
            let url = format!("{}/v1/upload/{token}", server.cdn_url);
            server.send("PUT", &url, &headers, put).await.expect_error(403, "INVALID_SIGNATURE");
        }
        for Operation { method, path, .. } in operations() {
            let request = server.http.request(method.parse().unwrap(), format!("{}/api/v1{path}", server.cdn_url));
            let reply = request.bearer_auth(&server.key).send().await.unwrap();
            assert_eq!(reply.status(), 404, "{method} {path} answers on the CDN host");
        }
        assert_eq!(server.get(&format!("{bare}?{signature}")).await.expect(200).body, b"hello");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_with_an_end_works_until_then() {
    frozen(async |server, clock| {
        let admin = server.member("admin@example.com", Role::Admin).await;
        let path = format!("/workspaces/{}/keys", server.workspace);
        let made =
            server.dashboard(Some(&admin.cookie), "POST", &path, json!({ "name": "short", "expiresIn": 60 })).await.expect(201);
        let expires: Timestamp = made.text("/key/expiresAt").parse().unwrap();
        assert_eq!(expires, clock.now() + Duration::seconds(60));
        let secret = made.text("/secret");
        clock.advance(Duration::milliseconds(59_999));
        server.api_as(Some(&secret), "GET", "/public/whoami", Body::Empty).await.expect(200);
        clock.advance(Duration::milliseconds(1));
        server.api_as(Some(&secret), "GET", "/public/whoami", Body::Empty).await.expect_error(401, "UNAUTHORIZED");
        server.api("GET", "/public/whoami", Body::Empty).await.expect(200);
    })
    .await;
}
