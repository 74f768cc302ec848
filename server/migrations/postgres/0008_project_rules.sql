-- Rules of a project for whoever does not say, or where nothing scans.
ALTER TABLE projects ADD COLUMN default_public BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE projects ADD COLUMN scan TEXT NOT NULL DEFAULT 'when_available';

-- The dashboard lists what runs or has failed.
CREATE INDEX uploads_unpublished ON uploads (workspace_id, id) WHERE state <> 'completed' AND state <> 'cancelled';
