-- Addresses that lead elsewhere, beside those of posts that have moved (redirect).
CREATE TABLE path_redirect (
    id         INTEGER PRIMARY KEY,
    path       TEXT    NOT NULL UNIQUE,           -- without slashes around it, its escapes undone
    target     TEXT    NOT NULL,                  -- /path of this blog, or an address elsewhere
    leads_to   TEXT,                              -- the path of such a target, spelled as path is
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX path_redirect_listed ON path_redirect (created_at, id);

-- Addresses that were asked for in vain; a thousand at most.
CREATE TABLE missing (
    path     TEXT    PRIMARY KEY,
    hits     INTEGER NOT NULL,
    referrer TEXT    NOT NULL,                    -- the host of the last page that led there; empty: none did
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX missing_least ON missing (hits, last_at);
