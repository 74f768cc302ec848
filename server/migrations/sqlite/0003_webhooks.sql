-- Deliveries of one endpoint are a queue of their own, so that one that hangs takes no places from the others.
ALTER TABLE jobs ADD COLUMN queue BLOB;
UPDATE jobs SET queue = d.endpoint_id FROM deliveries d
WHERE jobs.kind = 'deliver' AND lower(hex(d.id)) = replace(json_extract(jobs.payload, '$.delivery'), '-', '');
CREATE INDEX jobs_queue ON jobs (lane, queue, run_at);

ALTER TABLE webhook_endpoints ADD COLUMN deleted_at TEXT;

-- Attempts since the delivery was made or last replayed: its place in the schedule.
ALTER TABLE deliveries ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
UPDATE deliveries SET round = attempts;
CREATE INDEX deliveries_event ON deliveries (endpoint_id, event_id);
