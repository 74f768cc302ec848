CREATE TABLE workspaces (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE projects (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    cors_origins JSONB NOT NULL,
    max_file_size BIGINT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX projects_workspace ON projects (workspace_id);

-- One counter a scope ("project:<id>"); a limit that is NULL is no limit.
CREATE TABLE usage (
    scope TEXT NOT NULL PRIMARY KEY,
    max_bytes BIGINT,
    max_files BIGINT,
    used_bytes BIGINT NOT NULL,
    used_files BIGINT NOT NULL,
    reserved_bytes BIGINT NOT NULL,
    reserved_files BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    hash BYTEA NOT NULL,
    hint TEXT NOT NULL,
    permissions JSONB NOT NULL,
    all_projects BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);
CREATE INDEX api_keys_workspace ON api_keys (workspace_id);

CREATE TABLE api_key_projects (
    key_id UUID NOT NULL REFERENCES api_keys (id),
    project_id UUID NOT NULL REFERENCES projects (id),
    PRIMARY KEY (key_id, project_id)
);

CREATE TABLE uploads (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL,
    project_id UUID NOT NULL REFERENCES projects (id),
    file_id UUID NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    original_name TEXT NOT NULL,
    folder TEXT NOT NULL,
    is_public BOOLEAN NOT NULL,
    metadata JSONB NOT NULL,
    owner_ref TEXT,
    expected_size BIGINT NOT NULL,
    expected_mime TEXT NOT NULL,
    blob_id UUID,
    sha256 BYTEA,
    expires_at TIMESTAMPTZ NOT NULL,
    completed_at TIMESTAMPTZ,
    failure_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX uploads_open ON uploads (expires_at) WHERE state IN ('pending', 'receiving');

CREATE TABLE files (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL,
    project_id UUID NOT NULL REFERENCES projects (id),
    upload_id UUID NOT NULL REFERENCES uploads (id),
    name TEXT NOT NULL,
    original_name TEXT NOT NULL,
    folder TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    category TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    blob_id UUID NOT NULL,
    is_public BOOLEAN NOT NULL,
    metadata JSONB NOT NULL,
    owner_ref TEXT,
    scan TEXT NOT NULL,
    uploaded_via TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ
);
CREATE INDEX files_newest ON files (project_id, created_at, id) WHERE deleted_at IS NULL;

CREATE TABLE events (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL,
    project_id UUID NOT NULL REFERENCES projects (id),
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX events_project ON events (project_id, id);

CREATE TABLE webhook_endpoints (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL,
    project_id UUID NOT NULL REFERENCES projects (id),
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    event_types JSONB NOT NULL,
    headers JSONB NOT NULL,
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_secret_until TIMESTAMPTZ,
    disabled_at TIMESTAMPTZ,
    disabled_reason TEXT,
    failing_since TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX webhook_endpoints_project ON webhook_endpoints (project_id);

CREATE TABLE deliveries (
    id UUID NOT NULL PRIMARY KEY,
    endpoint_id UUID NOT NULL REFERENCES webhook_endpoints (id),
    event_id UUID NOT NULL REFERENCES events (id),
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, created_at, id);

CREATE TABLE delivery_attempts (
    id UUID NOT NULL PRIMARY KEY,
    delivery_id UUID NOT NULL REFERENCES deliveries (id),
    number BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    duration_ms BIGINT NOT NULL,
    request_headers JSONB NOT NULL,
    response_status BIGINT,
    response_headers JSONB,
    response_body BYTEA,
    error TEXT
);
CREATE INDEX delivery_attempts_delivery ON delivery_attempts (delivery_id, number);

-- attempt is the fencing number: each claim raises it, and only its holder may settle the job.
CREATE TABLE jobs (
    id UUID NOT NULL PRIMARY KEY,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload JSONB NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    attempt BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    leased_until BIGINT,
    last_error TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX jobs_ready ON jobs (lane, run_at);
