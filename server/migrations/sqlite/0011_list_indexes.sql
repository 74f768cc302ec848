-- The dashboard's lists, by status: what has failed piles up, what runs does not.
DROP INDEX uploads_unpublished;
CREATE INDEX uploads_running ON uploads (workspace_id, id) WHERE state IN ('pending', 'receiving', 'processing');
CREATE INDEX uploads_failed ON uploads (workspace_id, id) WHERE state = 'failed';
CREATE INDEX uploads_failed_project ON uploads (project_id, id) WHERE state = 'failed';
CREATE INDEX deliveries_pending ON deliveries (endpoint_id, created_at, id) WHERE status = 'pending';
CREATE INDEX deliveries_failed ON deliveries (endpoint_id, created_at, id) WHERE status = 'failed';
