-- The first schema. Portable where it can be: times are INTEGER milliseconds, states are TEXT with a CHECK,
-- every table is STRICT. Full text (at the end) is SQLite's own and stands alone in store/search.rs.

-- One row: what the owner decides about the blog.
CREATE TABLE settings (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    uuid           TEXT    NOT NULL,              -- names the blog in feeds, whatever its address becomes
    title          TEXT    NOT NULL,
    description    TEXT    NOT NULL,
    language       TEXT    NOT NULL,              -- BCP 47
    zone           TEXT    NOT NULL,              -- IANA name
    posts_per_page INTEGER NOT NULL CHECK (posts_per_page BETWEEN 1 AND 50),
    comment_hold   TEXT    NOT NULL CHECK (comment_hold IN ('all', 'first', 'none')),
    comments_open  INTEGER NOT NULL CHECK (comments_open IN (0, 1))
) STRICT;

-- People. One without password_hash cannot sign in: authors whom an import named.
CREATE TABLE user (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL,
    slug          TEXT    NOT NULL UNIQUE,        -- /author/SLUG; never the sign-in name
    skeleton      TEXT    NOT NULL,               -- look-alikes of the name share it
    email         TEXT    UNIQUE,                 -- the sign-in name, lower case
    role          TEXT    NOT NULL CHECK (role IN ('owner', 'editor', 'author')),
    password_hash TEXT,
    created_at    INTEGER NOT NULL,
    CHECK ((email IS NULL) = (password_hash IS NULL))
) STRICT;
CREATE INDEX user_skeleton ON user (skeleton);

CREATE TABLE session (
    token_hash TEXT    PRIMARY KEY,               -- SHA-256: a stolen file opens no session
    user_id    INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user_id);
CREATE INDEX session_seen ON session (seen_at);

-- Networks from which a user signed in: guessing from elsewhere must not lock them out.
CREATE TABLE known_network (
    user_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    network TEXT    NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, network)
) STRICT, WITHOUT ROWID;

-- Posts and pages. Live is a predicate: state = 'published' AND trashed_at IS NULL AND published_at <= now.
CREATE TABLE post (
    id             INTEGER PRIMARY KEY,
    uuid           TEXT    NOT NULL UNIQUE,       -- names the post in feeds for ever
    kind           TEXT    NOT NULL CHECK (kind IN ('post', 'page')),
    state          TEXT    NOT NULL CHECK (state IN ('draft', 'published')),
    trashed_at     INTEGER,
    slug           TEXT    NOT NULL,              -- as typed; empty: follows the title until first publication
    path           TEXT    UNIQUE,                -- the permalink without leading slash; NULL until published or scheduled
    title          TEXT    NOT NULL,
    source         TEXT    NOT NULL,              -- Markdown, as typed
    html           TEXT    NOT NULL,              -- made from source when saved
    lead           TEXT,                          -- the html before the jump break
    renderer       INTEGER NOT NULL,              -- which renderer made html
    excerpt        TEXT    NOT NULL,              -- as typed; empty: taken from the text
    summary        TEXT    NOT NULL,              -- the excerpt, or the beginning of the text
    words          INTEGER NOT NULL,
    comments       TEXT    NOT NULL CHECK (comments IN ('open', 'closed')),
    comment_count  INTEGER NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
    published_at   INTEGER,
    first_live_at  INTEGER,                       -- the first published_at that came to pass: dates the permalink
    updated_at     INTEGER,                       -- shown as "updated": content changed after going live
    created_at     INTEGER NOT NULL,
    saved_at       INTEGER NOT NULL,
    version        INTEGER NOT NULL,              -- +1 with every save: tells a stale form
    origin         TEXT    UNIQUE,                -- names it in the system it was imported from
    CHECK (state = 'draft' OR (path IS NOT NULL AND published_at IS NOT NULL))
) STRICT;
CREATE INDEX post_live ON post (kind, published_at, id) WHERE state = 'published' AND trashed_at IS NULL;
CREATE INDEX post_saved ON post (saved_at, id);

CREATE TABLE post_author (
    post_id  INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    user_id  INTEGER NOT NULL REFERENCES user,
    position INTEGER NOT NULL,
    PRIMARY KEY (post_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_author_user ON post_author (user_id, post_id);

CREATE TABLE tag (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE post_tag (
    post_id  INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    tag_id   INTEGER NOT NULL REFERENCES tag,
    position INTEGER NOT NULL,
    PRIMARY KEY (post_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_tag_tag ON post_tag (tag_id, post_id);

-- An old address points at the post, not at its next address: chains and loops cannot be written down.
CREATE TABLE redirect (
    path    TEXT    PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES post ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX redirect_post ON redirect (post_id);

CREATE TABLE comment (
    id          INTEGER PRIMARY KEY,
    uuid        TEXT    NOT NULL UNIQUE,
    post_id     INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    parent_id   INTEGER REFERENCES comment,
    state       TEXT    NOT NULL CHECK (state IN ('approved', 'held', 'spam', 'deleted')),
    user_id     INTEGER REFERENCES user,          -- the blog's own people, signed in when they wrote
    name        TEXT    NOT NULL,
    email       TEXT,                             -- shown to moderators only
    website     TEXT,
    source      TEXT    NOT NULL,
    html        TEXT    NOT NULL,
    network     TEXT    NOT NULL,                 -- the sender's address cut to /24 or /48
    reason      TEXT    NOT NULL,                 -- why it was held; empty otherwise
    secret_hash TEXT    UNIQUE,                   -- SHA-256 of the author's link
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX comment_thread ON comment (post_id, created_at, id);
CREATE INDEX comment_parent ON comment (parent_id);
CREATE INDEX comment_state ON comment (state, created_at, id);
CREATE INDEX comment_author ON comment (email, state) WHERE email IS NOT NULL;

-- Pictures by content: the same file is kept once, and its address never means another file.
CREATE TABLE media (
    hash       TEXT    PRIMARY KEY,               -- first half of the SHA-256 of bytes, hex
    name       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    bytes      BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE post_search USING fts5 (title, body, tags, tokenize = "unicode61 remove_diacritics 2");
