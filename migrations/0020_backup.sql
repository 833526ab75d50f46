-- Which program brought the database up to date: an older one can say which it needs.
CREATE TABLE program (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version TEXT    NOT NULL
) STRICT;

-- When backups are made by themselves, and where.
CREATE TABLE backup_settings (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    every    TEXT    NOT NULL CHECK (every IN ('never', 'daily', 'weekly')),
    hour     INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),        -- in the zone of the blog
    folder   TEXT    NOT NULL,                    -- empty: beside the database
    keep     INTEGER NOT NULL CHECK (keep BETWEEN 1 AND 100),
    since    INTEGER,                             -- when this was decided: what was due before is not made up for
    asked_at INTEGER                              -- when the owner asked for one, until it is made
) STRICT;
INSERT INTO backup_settings (id, every, hour, folder, keep) VALUES (1, 'never', 3, '', 7);

CREATE TABLE backup (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    file    TEXT    NOT NULL,
    bytes   INTEGER NOT NULL,
    entries INTEGER NOT NULL,                     -- rows in all tables, there as in the original
    failure TEXT    NOT NULL,                     -- a word for why there is none; empty: it was made and proved
    detail  TEXT    NOT NULL                      -- the machine's own words for that
) STRICT;
CREATE INDEX backup_at ON backup (at, id);
CREATE INDEX backup_good ON backup (at, id) WHERE failure = '';
