-- What was done to many posts at once, so that it can be undone; and how much is read, in numbers that say nothing of anybody.

CREATE TABLE deed (
    id       INTEGER PRIMARY KEY,
    user_id  INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    act      TEXT    NOT NULL CHECK (act IN ('publish', 'unpublish', 'tag', 'untag', 'trash', 'restore')),
    tag      TEXT    NOT NULL,                    -- its name; empty: it is about none
    tag_slug TEXT    NOT NULL,
    posts    INTEGER NOT NULL,                    -- how many it changed
    passed   INTEGER NOT NULL,                    -- how many it left as they were
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX deed_at ON deed (at);
CREATE INDEX deed_user ON deed (user_id);

CREATE TABLE deed_post (
    deed_id INTEGER NOT NULL REFERENCES deed ON DELETE CASCADE,
    post_id INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    version INTEGER NOT NULL,                     -- that the deed made: a post that has moved on since stays as it is
    PRIMARY KEY (deed_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deed_post_of ON deed_post (post_id);

-- A day is written as the number YYYYMMDD in the blog's zone; days that are long past are added up to months, YYYYMM00.
CREATE TABLE reading (
    day     INTEGER PRIMARY KEY,
    views   INTEGER NOT NULL,
    readers INTEGER NOT NULL                      -- different ones on each day
) STRICT;

CREATE TABLE reading_page (
    page    INTEGER NOT NULL,                     -- id of a post; 0: home; -1: any list; -2: posts beyond so many on a day
    day     INTEGER NOT NULL,
    views   INTEGER NOT NULL,
    readers INTEGER NOT NULL,
    PRIMARY KEY (page, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX reading_page_day ON reading_page (day, page, views, readers);

CREATE TABLE reading_host (
    day   INTEGER NOT NULL,
    host  TEXT    NOT NULL,                       -- of the page that led here; empty: hosts beyond so many on a day
    views INTEGER NOT NULL,
    PRIMARY KEY (day, host)
) STRICT, WITHOUT ROWID;

ALTER TABLE settings ADD COLUMN counts_readers INTEGER NOT NULL DEFAULT 1 CHECK (counts_readers IN (0, 1));
