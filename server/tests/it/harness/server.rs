//! A node in the test's own process, with a workspace, a project and a key.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use figment::value::Value as Setting;
use futures_util::future::LocalBoxFuture;
use reupload::{
    app::{
        App,
        keys::NewKey,
        projects::{Settings, WorkspaceSettings},
    },
    config,
    domain::{
        access::Permission,
        audit::By,
        clock::Clock,
        ids::{BlobId, ProjectId, WorkspaceId},
    },
    node::{self, Listeners, Role},
    shutdown::{self, Trigger},
    store::projects::Project,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    client::{Body, Multipart, Reply},
    database::{Database, Made},
    ledger::Ledger,
};

/// How a test's node differs from the usual one.
pub(crate) struct Options {
    pub(crate) clock: Clock,
    /// Whether jobs run by themselves. Without, a test runs them with [`Server::run_jobs`].
    pub(crate) worker: bool,
    pub(crate) settings: Vec<(&'static str, Setting)>,
    /// Fills the empty data folder and database before the node opens them.
    pub(crate) before: Option<Before>,
}

/// Gets the data folder and `database.url`.
pub(crate) type Before = Box<dyn FnOnce(PathBuf, String) -> LocalBoxFuture<'static, ()>>;

impl Default for Options {
    fn default() -> Self {
        Self { clock: Clock::System, worker: true, settings: Vec::new(), before: None }
    }
}

/// A node whose time and jobs the test moves by hand. It starts on 15 January 2027 at 08:00:00.
pub(crate) fn by_hand() -> Options {
    let start = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    Options { clock: Clock::simulated(start), worker: false, ..Options::default() }
}

/// A running node.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) api_url: String,
    pub(crate) cdn_url: String,
    pub(crate) workspace: WorkspaceId,
    pub(crate) project: Project,
    pub(crate) key: String,
    pub(crate) http: reqwest::Client,
    folder: TempDir,
    database: Made,
    trigger: Trigger,
    running: JoinHandle<anyhow::Result<()>>,
    worker: bool,
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

impl Server {
    /// Starts a usual node.
    pub(crate) async fn start(database: Database) -> Self {
        Self::with(database, Options::default()).await
    }

    /// Starts a node.
    pub(crate) async fn with(database: Database, options: Options) -> Self {
        let folder = TempDir::new().unwrap();
        let database = Made::new(database).await;
        if let Some(before) = options.before {
            before(folder.path().to_owned(), database.url.clone()).await;
        }
        let (api, cdn) = (listener().await, listener().await);
        let api_url = format!("http://{}", api.local_addr().unwrap());
        let cdn_url = format!("http://{}", cdn.local_addr().unwrap());
        let mut settings = vec![
            ("storage.data_dir", Setting::from(folder.path().display().to_string())),
            ("database.url", Setting::from(database.url.clone())),
            ("api.public_url", Setting::from(api_url.clone())),
            ("cdn.public_url", Setting::from(cdn_url.clone())),
            ("webhooks.allow_private", Setting::from(true)),
            ("webhooks.allow_http", Setting::from(true)),
            ("jobs.poll_every", Setting::from("50ms")),
            ("limits.key_per_second", Setting::from(0)),
            ("limits.address_per_second", Setting::from(0)),
        ];
        settings.extend(options.settings);
        let config = config::load_with(None, &settings).unwrap();
        let app = App::open(config, options.clock).await.unwrap();

        let workspace = app.projects.create_workspace(WorkspaceSettings::named("test"), &By::COMMAND_LINE).await.unwrap().id;
        let settings = Settings { name: Some("test".to_owned()), ..Settings::default() };
        let project = app.projects.create(workspace, settings, &By::COMMAND_LINE).await.unwrap();
        let (trigger, stop) = shutdown::channel();
        let role = if options.worker { Role::All } else { Role::Api };
        let listeners = Listeners { api: Some(api), cdn: Some(cdn), metrics: None };
        let running = tokio::spawn(node::run(app.clone(), listeners, role, None, stop));
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let worker = options.worker;
        let mut server = Self {
            app,
            api_url,
            cdn_url,
            workspace,
            project,
            key: String::new(),
            http,
            folder,
            database,
            trigger,
            running,
            worker,
        };
        server.key = server.new_key(&Permission::ALL, &[]).await;
        server
    }

    /// The node's data folder.
    pub(crate) fn data_dir(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A key of the test's workspace; without projects it reaches all.
    pub(crate) async fn new_key(&self, permissions: &[Permission], projects: &[ProjectId]) -> String {
        self.key_of(self.workspace, permissions, projects).await
    }

    /// A key of any workspace.
    pub(crate) async fn key_of(&self, workspace: WorkspaceId, permissions: &[Permission], projects: &[ProjectId]) -> String {
        let new = NewKey {
            workspace,
            name: "test".to_owned(),
            permissions: permissions.to_vec(),
            projects: projects.to_vec(),
            life: None,
        };
        self.app.keys.create(new, &By::COMMAND_LINE).await.unwrap().1.reveal().to_owned()
    }

    /// The key and a project of another workspace.
    pub(crate) async fn stranger(&self) -> (String, Project) {
        let workspace =
            self.app.projects.create_workspace(WorkspaceSettings::named("stranger"), &By::COMMAND_LINE).await.unwrap().id;
        let project = self.app.projects.create(workspace, Settings::default(), &By::COMMAND_LINE).await.unwrap();
        (self.key_of(workspace, &Permission::ALL, &[]).await, project)
    }

    /// The test's project as text.
    pub(crate) fn project_id(&self) -> String {
        self.project.id.to_string()
    }

    /// Uploads one file directly and returns the answer.
    pub(crate) async fn upload(&self, name: &str, content_type: &str, bytes: &[u8], public: bool) -> Reply {
        let form = Multipart::new()
            .text("projectId", &self.project_id())
            .text("isPublic", if public { "true" } else { "false" })
            .file(name, content_type, bytes);
        self.api("POST", "/uploads/direct", Body::Form(form)).await
    }

    /// Uploads one file directly, waits until it is ready, and returns `{session, file}`.
    pub(crate) async fn ready(&self, name: &str, bytes: &[u8], public: bool) -> Value {
        let accepted = self.upload(name, "application/octet-stream", bytes, public).await.expect(202);
        self.completed(&accepted.text("/uploadId")).await
    }

    /// Waits until an upload is completed and returns `{session, file}`.
    pub(crate) async fn completed(&self, upload: &str) -> Value {
        for _ in 0..400 {
            if !self.worker {
                self.run_jobs().await;
            }
            let state = self.api("GET", &format!("/uploads/session/{upload}"), Body::Empty).await.expect(200).json();
            match state["session"]["status"].as_str().unwrap() {
                "COMPLETED" => return state,
                "FAILED" | "CANCELLED" => panic!("the upload ended badly: {state}"),
                _ => tokio::time::sleep(Duration::from_millis(25)).await,
            }
        }
        panic!("the upload was not completed within 10 s");
    }

    /// Opens a session for `size` bytes and returns the answer.
    pub(crate) async fn open_session(&self, name: &str, content_type: &str, size: usize) -> Reply {
        let body = json!({ "projectId": self.project_id(), "filename": name, "contentType": content_type, "size": size });
        self.api("POST", "/uploads/session", Body::Json(body)).await
    }

    /// Completes a session.
    pub(crate) async fn complete(&self, upload: &str) -> Reply {
        self.api("POST", "/uploads/complete", Body::Json(json!({ "uploadId": upload }))).await
    }

    /// PUTs bytes to an upload URL.
    pub(crate) async fn put(&self, url: &str, content_type: &'static str, bytes: &[u8]) -> Reply {
        self.send("PUT", url, &[], Body::Bytes(bytes.to_vec(), content_type)).await
    }

    /// Gets an address without a key.
    pub(crate) async fn get(&self, url: &str) -> Reply {
        self.send("GET", url, &[], Body::Empty).await
    }

    /// Runs every due job, where no worker does.
    pub(crate) async fn run_jobs(&self) -> usize {
        reupload::worker::run_due(&self.app).await.unwrap()
    }

    /// Stops the node and checks that nothing is left: no due job, no blob without a row, no row without a blob, and
    /// every quota counter right.
    pub(crate) async fn finish(self) {
        self.settle().await;
        self.check_leftovers().await;
        self.stop().await;
    }

    /// Stops the node without a look at what is left.
    pub(crate) async fn stop(self) {
        self.trigger.stop();
        tokio::time::timeout(Duration::from_secs(40), self.running).await.expect("the node stops in time").unwrap().unwrap();
        drop(self.app);
        self.database.remove().await;
    }

    /// Waits until no job is left.
    pub(crate) async fn settle(&self) {
        for _ in 0..400 {
            if !self.worker {
                self.run_jobs().await;
            }
            let jobs = self.app.core.db.reader().await.unwrap().jobs().await.unwrap();
            if jobs.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let jobs = self.app.core.db.reader().await.unwrap().jobs().await.unwrap();
        panic!("jobs are left: {jobs:?}");
    }

    /// Every blob there is.
    pub(crate) async fn blobs(&self) -> BTreeSet<BlobId> {
        let mut found = BTreeSet::new();
        for share in 0..=u8::MAX {
            found.extend(self.app.core.blobs.list(share).await.unwrap().into_iter().map(|blob| blob.id));
        }
        found
    }

    /// A look at the quota counters and at what they count.
    pub(crate) async fn ledger(&self) -> Ledger {
        Ledger::open(&self.database.url, self.data_dir()).await
    }

    /// Compares blobs and rows, and the quota counters with both.
    pub(crate) async fn check_leftovers(&self) {
        let core = &self.app.core;
        let mut conn = core.db.reader().await.unwrap();
        let mut rows = BTreeSet::new();
        for share in 0..=u8::MAX {
            rows.extend(conn.references(share).await.unwrap().into_iter().map(|reference| reference.blob_id));
        }
        drop(conn);
        let blobs = self.blobs().await;
        assert_eq!(blobs.difference(&rows).count(), 0, "blobs without a row");
        assert_eq!(rows.difference(&blobs).count(), 0, "rows without a blob");
        assert_eq!(core.blobs.staged_files().await.unwrap(), 0, "half-written files");
        let mut ledger = self.ledger().await;
        ledger.check().await;
        // A request that broke off gives its room back soon after.
        for _ in 0..200 {
            if ledger.holds().await == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("requests that have ended still hold room");
    }
}
