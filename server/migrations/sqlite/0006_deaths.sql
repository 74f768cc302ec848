-- How often a job's worker was not heard of again before its lease was over.
ALTER TABLE jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
