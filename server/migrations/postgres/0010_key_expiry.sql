-- When a key ends by itself; never if it is NULL.
ALTER TABLE api_keys ADD COLUMN expires_at TIMESTAMPTZ;
