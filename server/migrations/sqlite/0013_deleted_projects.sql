-- A project or workspace that was deleted keeps its row: what is remembered of its uploads, events and deeds points to it.
ALTER TABLE projects ADD COLUMN deleted_at TEXT;
ALTER TABLE workspaces ADD COLUMN deleted_at TEXT;

-- Whoever loses a role takes the invitations along that were made with it. Whose the open ones are is not known: they are made again.
DELETE FROM invitations WHERE accepted_at IS NULL;
ALTER TABLE invitations ADD COLUMN inviter_id BLOB;

-- The endpoints of a workspace are listed, and looked at by each open page of the dashboard.
CREATE INDEX webhook_endpoints_workspace ON webhook_endpoints (workspace_id, id) WHERE deleted_at IS NULL;
