-- Limits of workspaces and of owners, the policy of a project, thumbnails, metadata that can be searched, the history of a file, a gapless
-- order of events, answers that are remembered, and room that is held while bytes arrive.

ALTER TABLE workspaces ADD COLUMN max_file_size INTEGER;
ALTER TABLE workspaces ADD COLUMN last_event INTEGER NOT NULL DEFAULT 0;

-- Counters are scoped "workspace:<id>", "project:<id>" and "owner:<project>:<ownerRef>".
INSERT INTO usage (scope, max_bytes, max_files, used_bytes, used_files, reserved_bytes, reserved_files)
SELECT 'workspace:' || lower(substr(w.h, 1, 8) || '-' || substr(w.h, 9, 4) || '-' || substr(w.h, 13, 4) || '-' || substr(w.h, 17, 4) || '-' || substr(w.h, 21)),
    NULL, NULL, COALESCE(SUM(u.used_bytes), 0), COALESCE(SUM(u.used_files), 0), COALESCE(SUM(u.reserved_bytes), 0), COALESCE(SUM(u.reserved_files), 0)
FROM (SELECT id, hex(id) AS h FROM workspaces) w
LEFT JOIN (SELECT workspace_id, hex(id) AS h FROM projects) p ON p.workspace_id = w.id
LEFT JOIN usage u ON u.scope = 'project:' || lower(substr(p.h, 1, 8) || '-' || substr(p.h, 9, 4) || '-' || substr(p.h, 13, 4) || '-' || substr(p.h, 17, 4) || '-' || substr(p.h, 21))
GROUP BY w.id, w.h;

-- Owners were stored, not counted, before.
INSERT INTO usage (scope, max_bytes, max_files, used_bytes, used_files, reserved_bytes, reserved_files)
SELECT 'owner:' || lower(substr(o.h, 1, 8) || '-' || substr(o.h, 9, 4) || '-' || substr(o.h, 13, 4) || '-' || substr(o.h, 17, 4) || '-' || substr(o.h, 21)) || ':' || o.owner_ref,
    NULL, NULL, SUM(o.used_bytes), SUM(o.used_files), SUM(o.reserved_bytes), SUM(o.reserved_files)
FROM (
    SELECT hex(project_id) AS h, owner_ref, size_bytes AS used_bytes, 1 AS used_files, 0 AS reserved_bytes, 0 AS reserved_files
    FROM files WHERE deleted_at IS NULL AND owner_ref IS NOT NULL
    UNION ALL SELECT hex(project_id), owner_ref, 0, 0, expected_size, 1
    FROM uploads WHERE state IN ('pending', 'receiving', 'processing') AND owner_ref IS NOT NULL
) o
GROUP BY o.h, o.owner_ref;

ALTER TABLE projects ADD COLUMN allowed_types TEXT NOT NULL DEFAULT '[]';
ALTER TABLE projects ADD COLUMN type_mismatch TEXT NOT NULL DEFAULT 'correct';
ALTER TABLE projects ADD COLUMN strip_metadata INTEGER NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN retention_days INTEGER;
ALTER TABLE projects ADD COLUMN owner_max_bytes INTEGER;
ALTER TABLE projects ADD COLUMN owner_max_files INTEGER;
ALTER TABLE projects ADD COLUMN owner_max_file_size INTEGER;

-- What is known of the bytes so far; the expected_ columns are what was declared.
ALTER TABLE uploads ADD COLUMN size_bytes INTEGER;
ALTER TABLE uploads ADD COLUMN mime_type TEXT;
ALTER TABLE uploads ADD COLUMN scan TEXT;
ALTER TABLE uploads ADD COLUMN stripped INTEGER NOT NULL DEFAULT 0;
UPDATE uploads SET size_bytes = expected_size WHERE blob_id IS NOT NULL;
CREATE INDEX uploads_file ON uploads (file_id);
CREATE INDEX uploads_blob ON uploads (blob_id) WHERE state IN ('receiving', 'processing');

ALTER TABLE files ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN variants TEXT NOT NULL DEFAULT '[]';
-- The next start fills search: SQLite knows lower case in ASCII only.
CREATE INDEX files_unsearchable ON files (id) WHERE search = '';
CREATE INDEX files_workspace ON files (workspace_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_folder ON files (project_id, folder, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_blob ON files (blob_id) WHERE deleted_at IS NULL;

CREATE TABLE variants (
    file_id BLOB NOT NULL REFERENCES files (id),
    variant TEXT NOT NULL,
    blob_id BLOB NOT NULL,
    mime_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (file_id, variant)
) STRICT, WITHOUT ROWID;
CREATE INDEX variants_blob ON variants (blob_id);

CREATE TABLE file_metadata (
    file_id BLOB NOT NULL REFERENCES files (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (file_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_metadata_pair ON file_metadata (key, value, file_id);
INSERT INTO file_metadata (file_id, key, value)
SELECT f.id, m.key, m.value FROM files f, json_each(f.metadata) m WHERE f.deleted_at IS NULL;

-- What happened to a file, from its upload on; n counts within the file.
CREATE TABLE timeline (
    file_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    at TEXT NOT NULL,
    step TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (file_id, n)
) STRICT, WITHOUT ROWID;

-- Within a workspace events are numbered in the order of their commits, so that who reads on from one never misses another.
ALTER TABLE events ADD COLUMN seq INTEGER;
UPDATE events SET seq = n.seq
FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY id) AS seq FROM events) n WHERE n.id = events.id;
UPDATE workspaces SET last_event = (SELECT COUNT(*) FROM events WHERE workspace_id = workspaces.id);
CREATE UNIQUE INDEX events_seq ON events (workspace_id, seq);
DROP INDEX events_project;
CREATE INDEX events_project ON events (project_id, seq);

CREATE TABLE idempotency_keys (
    key_id BLOB NOT NULL REFERENCES api_keys (id),
    name TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    answer TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (key_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- Room that a direct upload takes while its bytes arrive; one that is not renewed is given back.
CREATE TABLE holds (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    project_id BLOB NOT NULL,
    owner_ref TEXT,
    bytes INTEGER NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_age ON holds (expires_at);
