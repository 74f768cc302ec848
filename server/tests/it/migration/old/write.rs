//! Writes the old rows and blobs. A value's form is that of the first release: ids as UUID, times and JSON natively.

use std::{fs, path::Path};

use chrono::{DateTime, Duration, Utc};
use reupload::domain::ids::{AttemptId, BlobId, EndpointId, FileId, JobId, KeyId, ProjectId, UploadId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::{
    ConnectOptions, Connection, PgConnection, SqliteConnection,
    migrate::Migrator,
    sqlite::SqliteConnectOptions,
    types::{Json, Uuid},
};

use super::{LIMITS, Old, OldFile, OldUpload, is_open, length};

enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs one text with the same values on either database.
macro_rules! run {
    ($database:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match $database {
            Database::Sqlite(c) => drop(sqlx::query::<sqlx::Sqlite>($sql)$(.bind($value))*.execute(c).await.unwrap()),
            Database::Postgres(c) => drop(sqlx::query::<sqlx::Postgres>($sql)$(.bind($value))*.execute(c).await.unwrap()),
        }
    };
}

impl Old {
    /// Makes the tables of the first migration and fills them, and puts the blobs where they were.
    pub(in crate::migration) async fn write(&self, data: &Path, url: &str) {
        let mut database = open(data, url).await;
        let database = &mut database;
        self.write_tenants(database).await;
        for file in &self.files {
            self.write_file(database, data, file).await;
        }
        for upload in &self.uploads {
            self.write_upload(database, data, upload).await;
        }
        blob(data, self.doomed, b"doomed");
        job(database, "files", "delete_blob", json!({ "kind": "delete_blob", "blob": self.doomed }), self.start).await;
        self.write_webhooks(database).await;
        match database {
            Database::Sqlite(c) => drop(sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(c).await.unwrap()),
            Database::Postgres(_) => {}
        }
    }

    async fn write_tenants(&self, database: &mut Database) {
        let at = self.start;
        for (n, id) in self.workspaces.iter().enumerate() {
            run!(database, "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)", id.0, format!("old {n}"), at);
        }
        for (n, id) in self.projects.iter().enumerate() {
            let (bytes, count, size) = if n == 0 { (Some(LIMITS.0), Some(LIMITS.1), Some(LIMITS.2)) } else { (None, None, None) };
            let sql = "INSERT INTO projects (id, workspace_id, name, cors_origins, max_file_size, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let origins = Json(json!(["https://app.example.com"]));
            run!(database, sql, id.0, self.workspace_of(*id).0, format!("old {n}"), origins.clone(), size, at, at);
            let stored: Vec<i64> =
                self.files.iter().filter(|file| file.project == *id && !file.deleted).map(|file| length(&file.bytes)).collect();
            let open = self.uploads.iter().filter(|upload| n == 0 && is_open(upload.state));
            let reserved: Vec<i64> = open.map(|upload| length(&upload.bytes)).collect();
            let (used, held): (i64, i64) = (stored.iter().sum(), reserved.iter().sum());
            let (used_files, held_files) = (i64::try_from(stored.len()).unwrap(), i64::try_from(reserved.len()).unwrap());
            let sql = "INSERT INTO usage (scope, max_bytes, max_files, used_bytes, used_files, reserved_bytes, reserved_files)
                VALUES ($1, $2, $3, $4, $5, $6, $7)";
            run!(database, sql, format!("project:{id}"), bytes, count, used, used_files, held, held_files);
        }
        for (secret, all, revoked) in [(&self.key, true, None), (&self.narrow, false, None), (&self.revoked, true, Some(at))] {
            let id = KeyId::new(at);
            let sql =
                "INSERT INTO api_keys (id, workspace_id, name, hash, hint, permissions, all_projects, created_at, revoked_at)
                VALUES ($1, $2, 'old', $3, $4, $5, $6, $7, $8)";
            let permissions = Json(json!(["files.read", "files.write", "files.delete"]));
            let (hash, hint) = (secret.hash().to_vec(), secret.hint().to_owned());
            run!(database, sql, id.0, self.workspaces[0].0, hash.clone(), hint.clone(), permissions.clone(), all, at, revoked);
            if !all {
                let sql = "INSERT INTO api_key_projects (key_id, project_id) VALUES ($1, $2)";
                run!(database, sql, id.0, self.projects[1].0);
            }
        }
    }

    async fn write_file(&self, database: &mut Database, data: &Path, file: &OldFile) {
        let row = Row {
            id: file.upload,
            file: file.id,
            project: file.project,
            state: "completed",
            name: file.name,
            folder: file.folder,
            owner: file.owner,
            bytes: &file.bytes,
            blob: Some(BlobId::random()),
            expires_at: self.start + Duration::hours(1),
            completed_at: Some(self.start),
            reason: None,
        };
        self.write_row(database, &row).await;
        let id = row.blob.unwrap();
        if !file.deleted {
            blob(data, id, &file.bytes);
        }
        let sql = "INSERT INTO files (id, workspace_id, project_id, upload_id, name, original_name, folder, mime_type, category,
            size_bytes, sha256, blob_id, is_public, metadata, owner_ref, scan, uploaded_via, created_at, updated_at, deleted_at)
            VALUES ($1, $2, $3, $4, $5, $5, $6, 'text/plain', 'document', $7, $8, $9, $10, $11, $12, 'skipped', 'api', $13, $13, $14)";
        let metadata = Json(json!({ "order": file.name, "old": "yes" }));
        let hash = Sha256::digest(&file.bytes).to_vec();
        let deleted_at = file.deleted.then_some(self.start + Duration::days(1));
        run!(
            database,
            sql,
            file.id.0,
            self.workspace_of(file.project).0,
            file.project.0,
            file.upload.0,
            file.name,
            file.folder,
            length(&file.bytes),
            hash.clone(),
            id.0,
            file.public,
            metadata.clone(),
            file.owner,
            made_at(file.id.0),
            deleted_at
        );
    }

    async fn write_upload(&self, database: &mut Database, data: &Path, upload: &OldUpload) {
        let soon = Duration::hours(if upload.overdue { 1 } else { 24 * 365 });
        let id = upload.has_bytes.then(BlobId::random);
        let row = Row {
            id: upload.id,
            file: upload.file,
            project: self.projects[0],
            state: upload.state,
            name: "u.txt",
            folder: "",
            owner: upload.owner,
            bytes: &upload.bytes,
            blob: id,
            expires_at: self.start + soon,
            completed_at: None,
            reason: (upload.state == "failed").then_some("EXPIRED"),
        };
        self.write_row(database, &row).await;
        if let Some(id) = id {
            blob(data, id, &upload.bytes);
        }
        if upload.state == "processing" {
            job(database, "files", "process", json!({ "kind": "process", "upload": upload.id }), self.start).await;
        }
    }

    async fn write_row(&self, database: &mut Database, row: &Row<'_>) {
        let sql = "INSERT INTO uploads (id, workspace_id, project_id, file_id, source, state, name, original_name, folder, is_public,
            metadata, owner_ref, expected_size, expected_mime, blob_id, sha256, expires_at, completed_at, failure_reason, created_at,
            updated_at) VALUES ($1, $2, $3, $4, 'session', $5, $6, $6, $7, $8, $9, $10, $11, 'text/plain', $12, $13, $14, $15, $16, $17, $17)";
        let metadata = Json(json!({ "old": "yes" }));
        let hash = row.blob.map(|_| Sha256::digest(row.bytes).to_vec());
        run!(
            database,
            sql,
            row.id.0,
            self.workspace_of(row.project).0,
            row.project.0,
            row.file.0,
            row.state,
            row.name,
            row.folder,
            true,
            metadata.clone(),
            row.owner,
            length(row.bytes),
            row.blob.map(|id| id.0),
            hash.clone(),
            row.expires_at,
            row.completed_at,
            row.reason,
            made_at(row.id.0)
        );
    }

    async fn write_webhooks(&self, database: &mut Database) {
        // Not in the order in which they happened.
        for (id, project) in self.events.iter().rev() {
            let (project, at) = (self.projects[*project], made_at(id.0));
            let workspace = self.workspace_of(project);
            let data = json!({ "fileId": id.0, "projectId": project, "path": "a", "name": "a", "mimeType": "text/plain", "sizeBytes": 1,
                "url": "http://cdn.example/a", "urlExpiresAt": null, "isPublic": true });
            let body = json!({ "id": id.wire(), "type": "file.uploaded", "createdAt": at, "workspaceId": workspace,
                "projectId": project, "data": data });
            let sql = "INSERT INTO events (id, workspace_id, project_id, type, body, created_at)
                VALUES ($1, $2, $3, 'file.uploaded', $4, $5)";
            run!(database, sql, id.0, workspace.0, project.0, body.to_string(), at);
        }
        let (endpoint, at) = (EndpointId::new(self.start), self.start);
        let sql = "INSERT INTO webhook_endpoints (id, workspace_id, project_id, url, description, event_types, headers, secret,
            created_at, updated_at) VALUES ($1, $2, $3, $4, '', $5, $6, 'whsec_dGVzdA==', $7, $7)";
        let (types, headers) = (Json(json!(["file.uploaded", "file.deleted"])), Json(json!({})));
        let url = self.url.as_str();
        run!(database, sql, endpoint.0, self.workspaces[0].0, self.projects[0].0, url, types.clone(), headers.clone(), at);
        for (id, event, status, attempts) in [(self.delivered, 0, "succeeded", 1_i64), (self.waiting, 2, "pending", 1)] {
            let finished = (status == "succeeded").then_some(at);
            let sql =
                "INSERT INTO deliveries (id, endpoint_id, event_id, status, attempts, next_attempt_at, created_at, finished_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let next = finished.is_none().then_some(at);
            run!(database, sql, id.0, endpoint.0, self.events[event].0.0, status, attempts, next, at, finished);
            let sql = "INSERT INTO delivery_attempts (id, delivery_id, number, started_at, duration_ms, request_headers, response_status)
                VALUES ($1, $2, 1, $3, 12, $4, $5)";
            let answer = if finished.is_some() { 200_i64 } else { 500 };
            run!(database, sql, AttemptId::new(at).0, id.0, at, headers.clone(), answer);
        }
        job(database, "webhooks", "deliver", json!({ "kind": "deliver", "delivery": self.waiting }), at).await;
    }
}

struct Row<'r> {
    id: UploadId,
    file: FileId,
    project: ProjectId,
    state: &'r str,
    name: &'r str,
    folder: &'r str,
    owner: Option<&'r str>,
    bytes: &'r [u8],
    blob: Option<BlobId>,
    expires_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
    reason: Option<&'r str>,
}

/// When an id of version 7 was made.
fn made_at(id: Uuid) -> DateTime<Utc> {
    let (seconds, nanoseconds) = id.get_timestamp().unwrap().to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).unwrap(), nanoseconds).unwrap()
}

fn blob(data: &Path, id: BlobId, bytes: &[u8]) {
    let name = id.0.simple().to_string();
    let folder = data.join("blobs/objects").join(&name[..2]);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), bytes).unwrap();
}

async fn job(database: &mut Database, lane: &str, kind: &str, payload: Value, at: DateTime<Utc>) {
    let sql =
        "INSERT INTO jobs (id, lane, kind, payload, run_at, attempt, failures, created_at) VALUES ($1, $2, $3, $4, $5, 0, 0, $5)";
    run!(database, sql, JobId::new(at).0, lane, kind, Json(payload.clone()), at);
}

/// An empty database with the tables of the first migration.
async fn open(data: &Path, url: &str) -> Database {
    let engine = if url == "sqlite" { "sqlite" } else { "postgres" };
    let only_first = tempfile::tempdir().unwrap();
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    fs::copy(all.join("0001_init.sql"), only_first.path().join("0001_init.sql")).unwrap();
    let migrator = Migrator::new(only_first.path()).await.unwrap();
    if engine == "sqlite" {
        let file = SqliteConnectOptions::new().filename(data.join("reupload.db")).create_if_missing(true);
        let mut connection = file.connect().await.unwrap();
        migrator.run(&mut connection).await.unwrap();
        return Database::Sqlite(connection);
    }
    let mut connection = PgConnection::connect(url).await.unwrap();
    migrator.run(&mut connection).await.unwrap();
    Database::Postgres(connection)
}
