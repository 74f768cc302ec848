-- A project or workspace that was deleted keeps its row: what is remembered of its uploads, events and deeds points to it.
ALTER TABLE projects ADD COLUMN deleted_at TIMESTAMPTZ;
ALTER TABLE workspaces ADD COLUMN deleted_at TIMESTAMPTZ;
