CREATE TABLE workspaces (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    cors_origins TEXT NOT NULL,
    max_file_size INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX projects_workspace ON projects (workspace_id);

-- One counter a scope ("project:<id>"); a limit that is NULL is no limit.
CREATE TABLE usage (
    scope TEXT NOT NULL PRIMARY KEY,
    max_bytes INTEGER,
    max_files INTEGER,
    used_bytes INTEGER NOT NULL,
    used_files INTEGER NOT NULL,
    reserved_bytes INTEGER NOT NULL,
    reserved_files INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    hint TEXT NOT NULL,
    permissions TEXT NOT NULL,
    all_projects INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    last_used_at TEXT,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);
CREATE INDEX api_keys_workspace ON api_keys (workspace_id);

CREATE TABLE api_key_projects (
    key_id BLOB NOT NULL REFERENCES api_keys (id),
    project_id BLOB NOT NULL REFERENCES projects (id),
    PRIMARY KEY (key_id, project_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    project_id BLOB NOT NULL REFERENCES projects (id),
    file_id BLOB NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    original_name TEXT NOT NULL,
    folder TEXT NOT NULL,
    is_public INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    owner_ref TEXT,
    expected_size INTEGER NOT NULL,
    expected_mime TEXT NOT NULL,
    blob_id BLOB,
    sha256 BLOB,
    expires_at TEXT NOT NULL,
    completed_at TEXT,
    failure_reason TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_open ON uploads (expires_at) WHERE state IN ('pending', 'receiving');

CREATE TABLE files (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    project_id BLOB NOT NULL REFERENCES projects (id),
    upload_id BLOB NOT NULL REFERENCES uploads (id),
    name TEXT NOT NULL,
    original_name TEXT NOT NULL,
    folder TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    category TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    blob_id BLOB NOT NULL,
    is_public INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    owner_ref TEXT,
    scan TEXT NOT NULL,
    uploaded_via TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX files_newest ON files (project_id, created_at, id) WHERE deleted_at IS NULL;

CREATE TABLE events (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    project_id BLOB NOT NULL REFERENCES projects (id),
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX events_project ON events (project_id, id);

CREATE TABLE webhook_endpoints (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    project_id BLOB NOT NULL REFERENCES projects (id),
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    event_types TEXT NOT NULL,
    headers TEXT NOT NULL,
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_secret_until TEXT,
    disabled_at TEXT,
    disabled_reason TEXT,
    failing_since TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_endpoints_project ON webhook_endpoints (project_id);

CREATE TABLE deliveries (
    id BLOB NOT NULL PRIMARY KEY,
    endpoint_id BLOB NOT NULL REFERENCES webhook_endpoints (id),
    event_id BLOB NOT NULL REFERENCES events (id),
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, created_at, id);

CREATE TABLE delivery_attempts (
    id BLOB NOT NULL PRIMARY KEY,
    delivery_id BLOB NOT NULL REFERENCES deliveries (id),
    number INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    request_headers TEXT NOT NULL,
    response_status INTEGER,
    response_headers TEXT,
    response_body BLOB,
    error TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_attempts_delivery ON delivery_attempts (delivery_id, number);

-- attempt is the fencing number: each claim raises it, and only its holder may settle the job.
CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    leased_until INTEGER,
    last_error TEXT,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_ready ON jobs (lane, run_at);
