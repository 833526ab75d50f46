-- What the owner brings in at the desk: one thing at a time, and what came of the last.
CREATE TABLE import_job (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    user_id     INTEGER NOT NULL,                 -- who asked for it: nobody is ever deleted
    stand       TEXT    NOT NULL CHECK (stand IN ('waiting', 'running', 'done', 'stopped', 'refused', 'broken')),
    is_trial    INTEGER NOT NULL CHECK (is_trial IN (0, 1)),
    format      TEXT,                             -- NULL: to be found out
    folder      TEXT    NOT NULL,                 -- of the files that were sent; empty: they are the machine's own
    sources     TEXT    NOT NULL,                 -- paths, as JSON
    media       TEXT    NOT NULL,                 -- a folder of pictures; empty: none
    is_fetching INTEGER NOT NULL CHECK (is_fetching IN (0, 1)),
    hosts       TEXT    NOT NULL,                 -- that are asked beside the old blog's own, with spaces between them
    at          INTEGER NOT NULL,                 -- when it was asked for, or came to its end
    why         TEXT    NOT NULL,                 -- a word for why it was refused
    detail      TEXT    NOT NULL,                 -- the machine's own words for that
    report      TEXT    NOT NULL                  -- as JSON; empty: there is none
) STRICT;
