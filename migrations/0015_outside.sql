-- An outside service that is asked whether a comment is spam: one row, absent while none is.
CREATE TABLE outside_service (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    address TEXT    NOT NULL,                     -- https://…, without a slash at its end
    key     TEXT    NOT NULL,                     -- as it is: the service has to be told it
    said    TEXT    NOT NULL,                     -- its last words; empty: none yet
    said_at INTEGER NOT NULL
) STRICT;

-- Comments that wait for its answer.
CREATE TABLE check_outside (
    comment_id INTEGER PRIMARY KEY REFERENCES comment ON DELETE CASCADE,
    tries      INTEGER NOT NULL,
    next_at    INTEGER NOT NULL                   -- while it is asked: when that try counts as lost
) STRICT;
CREATE INDEX check_outside_due ON check_outside (next_at, comment_id);

-- Whether browsers are asked to work for a comment, which lowers its points.
ALTER TABLE settings ADD COLUMN wants_work INTEGER NOT NULL DEFAULT 0 CHECK (wants_work IN (0, 1));
