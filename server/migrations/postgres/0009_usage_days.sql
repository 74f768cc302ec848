-- What a project held at the end of a day (UTC), and what was done on it. A day without a row is as the one before it, with nothing done.
CREATE TABLE usage_days (
    project_id UUID NOT NULL REFERENCES projects (id),
    day DATE NOT NULL,
    stored_bytes BIGINT NOT NULL,
    files BIGINT NOT NULL,
    uploads BIGINT NOT NULL,
    deliveries_failed BIGINT NOT NULL,
    PRIMARY KEY (project_id, day)
);

-- Up to which event of a workspace its uploads are counted there.
CREATE TABLE usage_counted (
    workspace_id UUID NOT NULL PRIMARY KEY REFERENCES workspaces (id),
    last_event BIGINT NOT NULL
);

-- The past, from the rows that are still there.
INSERT INTO usage_days (project_id, day, stored_bytes, files, uploads, deliveries_failed)
SELECT project_id, day, CAST(SUM(SUM(bytes)) OVER days AS BIGINT), CAST(SUM(SUM(files)) OVER days AS BIGINT), SUM(uploads), SUM(failed)
FROM (
    SELECT project_id, CAST(created_at AT TIME ZONE 'UTC' AS DATE) AS day, size_bytes AS bytes, 1 AS files, 1 AS uploads, 0 AS failed FROM files
    UNION ALL SELECT project_id, CAST(deleted_at AT TIME ZONE 'UTC' AS DATE), -size_bytes, -1, 0, 0 FROM files WHERE deleted_at IS NOT NULL
    UNION ALL SELECT e.project_id, CAST(d.finished_at AT TIME ZONE 'UTC' AS DATE), 0, 0, 0, 1
    FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id WHERE d.status = 'failed' AND d.finished_at IS NOT NULL
) changes
GROUP BY project_id, day WINDOW days AS (PARTITION BY project_id ORDER BY day);
INSERT INTO usage_counted (workspace_id, last_event) SELECT id, last_event FROM workspaces;
