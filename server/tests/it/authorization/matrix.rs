//! The matrix: every operation × forms of its query and body × kinds of key × whose ids, and no cell tells of what is not its bearer's.
//!
//! To add an operation, add its forms to [`FORMS`]: the walk fails for one that has none.

use std::{collections::BTreeSet, time::Instant};

use reupload::{domain::audit::By, domain::ids::WorkspaceId};

use super::{
    forms::{FORMS, Form},
    *,
};
use crate::harness::note;

/// What a call carries, by its name in braces.
type Ids = [(&'static str, String); 6];

fn ids(project: &str, file: &str, upload: &str, event: &str, cursor: &str, mark: &str) -> Ids {
    let named = [project, file, upload, event, cursor, mark].map(str::to_owned);
    let mut names = ["projectId", "fileId", "uploadId", "event", "cursor", "folder"].into_iter();
    named.map(|id| (names.next().unwrap(), id))
}

/// A project with something of everything, all of it marked.
struct Tenant {
    workspace: WorkspaceId,
    alive: Ids,
    /// The same with a deleted file and a cancelled session.
    dead: Ids,
    /// What nobody else may read.
    secrets: Vec<String>,
}

async fn tenant(server: &Server, workspace: WorkspaceId, mark: &str) -> (ProjectId, Tenant) {
    let settings = Settings { name: Some(format!("project-{mark}")), ..Settings::default() };
    let project = server.app.projects.create(workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
    let tenant = fill(server, workspace, project, mark).await;
    (project, tenant)
}

/// Uploads, deletes and cancels, so that there is something to tell of.
async fn fill(server: &Server, workspace: WorkspaceId, project: ProjectId, mark: &str) -> Tenant {
    let key = server.key_of(workspace, &Permission::ALL, &[project]).await;
    let api = async |method: &str, path: &str, body: Body| server.api_as(Some(&key), method, path, body).await;
    let mut files = Vec::new();
    for n in 0..3 {
        let form = Multipart::new().text("projectId", &project.to_string()).text("folder", mark).text("ownerRef", mark);
        let form = form.text("metadata", &json!({ "owner": mark }).to_string());
        let form = form.file(&format!("name-{mark}-{n}.txt"), "text/plain", mark.as_bytes());
        files.push(api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).text("/fileId"));
    }
    server.settle().await;
    api("DELETE", &format!("/files/{}", files[0]), Body::Empty).await.expect(200);
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let session = json!({ "projectId": project, "filename": mark, "contentType": "text/plain", "size": 1, "ownerRef": mark });
        let opened = api("POST", "/uploads/session", Body::Json(session)).await.expect(201);
        server.put(&opened.text("/uploadUrl"), "text/plain", b"x").await.expect(200);
        sessions.push(opened.text("/uploadId"));
    }
    api("DELETE", &format!("/uploads/session/{}", sessions[0]), Body::Empty).await.expect(200);
    let event = api("GET", "/events?limit=1", Body::Empty).await.expect(200).text("/events/0/id");
    let cursor = api("GET", "/files?limit=1", Body::Empty).await.expect(200).text("/nextCursor");
    let project = project.to_string();
    let mut secrets = vec![mark.to_owned(), project.clone(), event.clone(), event[4..].to_owned()];
    secrets.extend(files.iter().chain(&sessions).cloned());
    Tenant {
        workspace,
        alive: ids(&project, &files[1], &sessions[1], &event, &cursor, mark),
        dead: ids(&project, &files[0], &sessions[0], &event, &cursor, mark),
        secrets,
    }
}

fn nobodys() -> Ids {
    let id = || uuid::Uuid::from_bytes(random_bytes());
    let (project, file, upload) = (id().to_string(), id().to_string(), id().to_string());
    let event = format!("evt_{}", id().simple());
    ids(&project, &file, &upload, &event, "AAYxQ2l5AAABkwAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "nobodys")
}

fn malformed() -> Ids {
    ids("x", "not-an-id", "%F0%9F", "evt_x", "x", "mark")
}

fn filled(text: &str, ids: &Ids) -> String {
    ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
}

impl Form {
    /// Whether it carries an id that must be one.
    fn carries_an_id(&self) -> bool {
        let text = [self.operation, self.query, self.body].concat();
        let passed_over = self.operation == "GET /public/whoami";
        !passed_over && ["projectId}", "fileId}", "uploadId}", "event}", "cursor}"].iter().any(|name| text.contains(name))
    }

    /// Sends it. Past the check against the document, which takes longer than the answer.
    async fn send(&self, server: &Server, headers: &[(&str, String)], ids: &Ids) -> Reply {
        let (method, path) = self.operation.split_once(' ').unwrap();
        let url = format!("{}/api/v1{}?{}", server.api_url, filled(path, ids), filled(self.query, ids));
        let mut request = server.http.request(method.parse().unwrap(), url.trim_end_matches('?'));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let body = filled(self.body, ids);
        if self.operation == "POST /uploads/direct" {
            let part = |field: &str| {
                let (name, value) = field.split_once('=').unwrap();
                let file = if name == "file" { "; filename=\"a.txt\"" } else { "" };
                format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
            };
            let parts: String = body.split(';').map(part).collect();
            request = request.header("content-type", "multipart/form-data; boundary=b").body(format!("{parts}--b--\r\n"));
        } else if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        Reply { status, headers, body: response.bytes().await.unwrap().to_vec() }
    }

    fn what(&self) -> String {
        format!("{} ?{} {}", self.operation, self.query, self.body)
    }
}

/// All that an answer says, but for what differs between any two: with the names of the ids in place of those that were sent.
fn said(reply: &Reply, ids: &Ids) -> (u16, Value, Vec<String>) {
    let body = told(reply).1.to_string();
    let body = ids.iter().fold(body, |body, (name, id)| body.replace(id.as_str(), name));
    let mut body: Value = serde_json::from_str(&body).unwrap();
    if let Some(listed) = body["notFound"].as_array_mut() {
        // In the order of the ids.
        listed.sort_by_key(ToString::to_string);
    }
    (reply.status, body, reply.headers.keys().cloned().collect())
}

/// Counts the cells and looks for what a cell must not tell.
#[derive(Default)]
struct Walk {
    cells: usize,
}

impl Walk {
    async fn cell(&mut self, server: &Server, form: &Form, key: Option<&str>, ids: &Ids, hidden: &[&Tenant]) -> Reply {
        self.cells += 1;
        let headers: Vec<(&str, String)> = key.iter().map(|key| ("authorization", format!("Bearer {key}"))).collect();
        let reply = form.send(server, &headers, ids).await;
        let sent = filled(&form.what(), ids);
        let answer = format!("{} {:?}", String::from_utf8_lossy(&reply.body), reply.headers);
        for secret in hidden.iter().flat_map(|tenant| &tenant.secrets) {
            assert!(
                sent.contains(secret.as_str()) || !answer.contains(secret.as_str()),
                "{} with {ids:?} tells {secret}: {answer}",
                form.what()
            );
        }
        reply
    }

    /// The cells of a key that may, with what each tenant has and nobody has.
    async fn with(&mut self, server: &Server, (form, operation): (&Form, &Operation), key: &str, tenants: Vec<(&Tenant, bool)>) {
        let (what, absent) = (form.what(), nobodys());
        let hidden: Vec<&Tenant> = tenants.iter().filter(|(_, reached)| !reached).map(|(tenant, _)| *tenant).collect();
        let nothing = said(&self.cell(server, form, Some(key), &absent, &hidden).await, &absent);
        for tenant in &hidden {
            // A cursor belongs to the list of a workspace, whichever of its keys asks; it is no id.
            let colleague = tenants.iter().any(|(other, reached)| *reached && other.workspace == tenant.workspace);
            for ids in [&tenant.alive, &tenant.dead] {
                let reply = self.cell(server, form, Some(key), ids, &hidden).await;
                if !(form.query == "limit=1&cursor={cursor}" && colleague) {
                    assert_eq!(said(&reply, ids), nothing, "{what} with {ids:?}, which are out of reach");
                }
            }
        }
        let reply = self.cell(server, form, Some(key), &malformed(), &hidden).await;
        let refused = matches!(reply.status, 400 | 404);
        assert!(refused || !form.carries_an_id(), "{what} takes what is no id: {}", reply.status);
        if operation.method != "GET" {
            return;
        }
        for (tenant, _) in tenants.iter().filter(|(_, reached)| *reached) {
            let reply = self.cell(server, form, Some(key), &tenant.alive, &hidden).await;
            assert_eq!(reply.status, form.status, "{what} with {:?}, which are its own: {:?}", tenant.alive, reply.json());
            if form.operation.contains("{fileId}") && !form.operation.contains("timeline") {
                let reply = self.cell(server, form, Some(key), &tenant.dead, &hidden).await;
                assert_eq!(said(&reply, &tenant.dead), nothing, "{what} with a deleted file");
            }
        }
    }
}

/// Panics unless all that a tenant has is as it was filled in.
async fn untouched(server: &Server, tenant: &Tenant, key: &str) {
    let state = |path: String| async move { server.api_as(Some(key), "GET", &path, Body::Empty).await.expect(200) };
    let [(_, project), (_, file), (_, upload), .., (_, mark)] = &tenant.alive;
    let file = state(format!("/files/{file}")).await;
    assert_eq!((file.text("/file/name"), file.text("/file/folder")), (format!("name-{mark}-1.txt"), mark.clone()));
    assert_eq!(file.json()["file"]["updatedAt"], file.json()["file"]["createdAt"], "{mark} was touched");
    assert_eq!(state(format!("/uploads/session/{upload}")).await.text("/session/status"), "UPLOADING");
    let usage = state(format!("/usage?projectId={project}")).await.json()["projects"][0].clone();
    assert_eq!((&usage["storedFiles"], &usage["reservedFiles"]), (&json!(2), &json!(1)), "{mark}");
}

each_database! {
    async fn no_cell_of_the_matrix_tells_of_what_is_not_its_bearers(server: &Server) {
        let (_, stranger) = server.stranger().await;
        let foreign = stranger.workspace_id;
        let (first, own) = tenant(server, server.workspace, "mark-own").await;
        let (second, beside) = tenant(server, server.workspace, "mark-beside").await;
        let (third, strange) = tenant(server, foreign, "mark-strange").await;
        let tenants = [&own, &beside, &strange];
        let revoked = server.new_key(&Permission::ALL, &[first]).await;
        let id = server.api_as(Some(&revoked), "GET", "/public/whoami", Body::Empty).await.expect(200).text("/apiKeyId");
        server.app.keys.revoke(None, id.parse().unwrap(), &By::COMMAND_LINE).await.unwrap();
        let unknown = KeySecret::generate().reveal().to_owned();
        let strangers = [None, Some("ru_malformed"), Some(revoked.as_str()), Some(unknown.as_str())];
        let mut weak = Vec::new();
        for permissions in subsets() {
            weak.push((server.new_key(&permissions, &[first]).await, permissions));
        }
        // Of each key, which tenants it reaches.
        let all = &Permission::ALL;
        let strong = [
            (server.new_key(all, &[first]).await, [true, false, false]),
            (server.new_key(all, &[second]).await, [false, true, false]),
            (server.new_key(all, &[]).await, [true, true, false]),
            (server.key_of(foreign, all, &[third]).await, [false, false, true]),
            (server.key_of(foreign, all, &[]).await, [false, false, true]),
        ];
        let mut walk = Walk::default();
        let operations = operations();
        let mut walked = BTreeSet::new();
        for form in &FORMS {
            let (what, absent) = (form.what(), nobodys());
            let name = |operation: &&Operation| format!("{} {}", operation.method, operation.path) == form.operation;
            let operation = operations.iter().find(name).unwrap_or_else(|| panic!("{what} is no operation"));
            walked.insert(form.operation.to_owned());
            for key in strangers {
                for ids in [&own.alive, &strange.alive, &own.dead, &absent, &malformed()] {
                    let reply = walk.cell(server, form, key, ids, &tenants).await;
                    assert_eq!((reply.status, reply.code().as_str()), (401, "UNAUTHORIZED"), "{what} with the key {key:?}");
                }
            }
            for (key, permissions) in weak.iter().filter(|(_, permissions)| !operation.allows(permissions)) {
                for ids in [&own.alive, &strange.alive, &absent] {
                    let reply = walk.cell(server, form, Some(key), ids, &tenants).await;
                    assert_eq!((reply.status, reply.code().as_str()), (403, "PERMISSION_DENIED"), "{what} with {permissions:?}");
                }
            }
            for (key, reach) in &strong {
                walk.with(server, (form, operation), key, tenants.iter().copied().zip(*reach).collect()).await;
            }
        }
        let named: BTreeSet<String> = operations.iter().map(|found| format!("{} {}", found.method, found.path)).collect();
        assert_eq!(walked, named, "an operation has no forms");
        // All are as they were. And so that the walk proves something: with the right key each form has its effect.
        for (tenant, key) in [(&own, &strong[0].0), (&beside, &strong[1].0), (&strange, &strong[3].0)] {
            untouched(server, tenant, key).await;
        }
        for form in FORMS.iter().filter(|form| !form.operation.starts_with("GET")) {
            let fresh = fill(server, server.workspace, first, "mark-own").await;
            let reply = walk.cell(server, form, Some(&strong[0].0), &fresh.alive, &[&beside, &strange]).await;
            assert_eq!(reply.status, form.status, "{}: {:?}", form.what(), reply.json());
        }
        server.settle().await;
        note(&format!("{} cells, no leak", walk.cells));
        assert!(walk.cells >= 3000, "the matrix has shrunk to {} cells", walk.cells);
    }

    // A remembered answer belongs to the key that it was given to.
    async fn an_idempotency_key_of_another_opens_nothing(server: &Server) {
        let (_, stranger) = server.stranger().await;
        let (first, _) = tenant(server, server.workspace, "mark-own").await;
        let keys = [
            server.new_key(&Permission::ALL, &[first]).await,
            server.new_key(&Permission::ALL, &[server.project.id]).await,
            server.key_of(stranger.workspace_id, &Permission::ALL, &[]).await,
        ];
        let headers = |key: &str, once: &str| [("authorization", format!("Bearer {key}")), ("idempotency-key", once.to_owned())];
        for (n, form) in FORMS.iter().filter(|form| form.operation.starts_with("POST") && form.status < 300).enumerate() {
            let own = fill(server, server.workspace, first, "mark-own").await;
            let absent = nobodys();
            let (shared, another) = (format!("shared {n}"), format!("another {n}"));
            let mine = form.send(server, &headers(&keys[0], &shared), &own.alive).await;
            assert_eq!(mine.status, form.status, "{}", form.what());
            for key in &keys[1..] {
                let nothing = said(&form.send(server, &headers(key, &another), &absent).await, &absent);
                let reply = form.send(server, &headers(key, &shared), &own.alive).await;
                assert_eq!(said(&reply, &own.alive), nothing, "{} under a key of another", form.what());
            }
        }
        server.settle().await;
    }

    async fn a_foreign_id_takes_no_longer_than_an_absent_one(server: &Server) {
        let (_, stranger) = server.stranger().await;
        let (_, strange) = tenant(server, stranger.workspace_id, "mark-strange").await;
        let absent = nobodys();
        let headers = [("authorization", format!("Bearer {}", server.key))];
        for operation in ["GET /files/{fileId}", "GET /files/{fileId}/access", "GET /files/{fileId}/timeline", "PATCH /files/{fileId}",
            "GET /uploads/session/{uploadId}", "POST /uploads/complete", "POST /files/delete"] {
            let form = FORMS.iter().find(|form| form.operation == operation).unwrap();
            // By turns, so that whatever else the machine does falls on both; the median, so that it does not count.
            let mut times = [Vec::new(), Vec::new()];
            for n in 0..81 {
                for (times, ids) in times.iter_mut().zip([&strange.alive, &absent]) {
                    let begun = Instant::now();
                    form.send(server, &headers, ids).await;
                    if n > 0 {
                        times.push(begun.elapsed());
                    }
                }
            }
            let [foreign, absent] = times.map(|mut times| {
                times.sort_unstable();
                times[times.len() / 2]
            });
            note(&format!("{operation}: foreign {foreign:?}, absent {absent:?}"));
            let slack = std::time::Duration::from_micros(700);
            assert!(foreign < absent * 2 + slack && absent < foreign * 2 + slack, "{operation}: foreign {foreign:?}, absent {absent:?}");
        }
    }
}
