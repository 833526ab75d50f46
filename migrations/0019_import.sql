-- What imports brought: by what their sources call it, so that it comes once; and what could not be kept of it.

CREATE TABLE import_post (
    origin  TEXT    PRIMARY KEY,
    post_id INTEGER REFERENCES post ON DELETE SET NULL,   -- NULL: deleted here, and not to come back
    digest  TEXT    NOT NULL,                     -- of what came last: another one has changed there
    version INTEGER NOT NULL                      -- of the post then: a later one was edited here
) STRICT, WITHOUT ROWID;
CREATE INDEX import_post_id ON import_post (post_id);
-- What came before this was remembered stays as it is.
INSERT INTO import_post (origin, post_id, digest, version)
    SELECT origin, id, '', -1 FROM post WHERE origin IS NOT NULL;

CREATE TABLE import_comment (
    origin     TEXT    PRIMARY KEY,
    comment_id INTEGER NOT NULL,                  -- also of one that is deleted: it does not come back
    parent     TEXT                               -- the origin of its parent, as long as that has not come
) STRICT, WITHOUT ROWID;
CREATE INDEX import_comment_orphan ON import_comment (origin, parent) WHERE parent IS NOT NULL;

-- The HTML of a text that could not be kept whole, and what was lost, a line each.
CREATE TABLE import_original (
    post_id INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    lost    TEXT    NOT NULL,
    html    TEXT    NOT NULL
) STRICT;

-- Pictures by the addresses that they had.
CREATE TABLE import_picture (
    address TEXT PRIMARY KEY,                     -- with its host, without its scheme
    hash    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every address that the old blog answered and this one is to.
CREATE TABLE import_address (
    path TEXT PRIMARY KEY                         -- as redirect.path
) STRICT, WITHOUT ROWID;
