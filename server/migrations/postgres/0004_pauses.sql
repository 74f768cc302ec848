-- While an endpoint is disabled: the events of its workspace behind `after_event`, up to `up_to_event` or, if that is NULL, to the newest.
CREATE TABLE webhook_pauses (
    endpoint_id UUID NOT NULL REFERENCES webhook_endpoints (id),
    after_event BIGINT NOT NULL,
    up_to_event BIGINT,
    PRIMARY KEY (endpoint_id, after_event)
);
INSERT INTO webhook_pauses (endpoint_id, after_event, up_to_event)
SELECT w.id, COALESCE((SELECT MAX(seq) FROM events e WHERE e.workspace_id = w.workspace_id AND e.created_at < w.disabled_at), 0), NULL
FROM webhook_endpoints w WHERE w.disabled_at IS NOT NULL;
