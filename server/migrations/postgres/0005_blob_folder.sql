-- The one folder of blobs that belongs to this database: the id that is in its file `id`.
CREATE TABLE blob_folder (
    singleton BIGINT NOT NULL PRIMARY KEY CHECK (singleton = 1),
    id UUID NOT NULL
);
