-- Mail: how it leaves, what waits to be sent, who asked for it, and the links in it.

-- Where the configuration says nothing: one row, absent until the owner fills it in.
CREATE TABLE mail_settings (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    host     TEXT    NOT NULL,
    port     INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    security TEXT    NOT NULL CHECK (security IN ('tls', 'starttls', 'none')),
    user     TEXT    NOT NULL,                    -- empty: no sign-in
    password TEXT    NOT NULL,                    -- as the server wants it: it has to be told
    sender   TEXT    NOT NULL
) STRICT;

-- When an editor is mailed about new comments.
ALTER TABLE user ADD COLUMN notice TEXT NOT NULL DEFAULT 'none' CHECK (notice IN ('none', 'once', 'hourly', 'daily'));

-- Addresses whose holders said yes by a link that was mailed there.
CREATE TABLE address (
    email        TEXT    PRIMARY KEY,             -- lower case
    confirmed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a commenter asked to be mailed; counts for nothing until the address is confirmed.
CREATE TABLE subscription (
    id         INTEGER PRIMARY KEY,
    email      TEXT    NOT NULL,                  -- lower case
    wish       TEXT    NOT NULL CHECK (wish IN ('replies', 'thread', 'verdict')),
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    comment_id INTEGER NOT NULL REFERENCES comment ON DELETE CASCADE,  -- with which it was asked
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX subscription_once ON subscription (comment_id, wish);
CREATE INDEX subscription_post ON subscription (post_id, wish, email);
CREATE INDEX subscription_email ON subscription (email, post_id);
CREATE INDEX subscription_age ON subscription (created_at);

-- One row for one mail to one person; it holds what is needed to draw the mail, which happens when it is sent.
CREATE TABLE mail (
    id         INTEGER PRIMARY KEY,
    event      TEXT    NOT NULL UNIQUE,           -- what happened, and to whom it is told
    kind       TEXT    NOT NULL
        CHECK (kind IN ('reply', 'confirm', 'published', 'refused', 'notice', 'digest', 'data')),
    recipient  TEXT    NOT NULL,
    user_id    INTEGER REFERENCES user ON DELETE CASCADE,              -- the editor who is told
    post_id    INTEGER REFERENCES post ON DELETE CASCADE,
    comment_id INTEGER REFERENCES comment ON DELETE SET NULL,
    network    TEXT    NOT NULL,                  -- of whoever caused it; empty: one of us
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'withdrawn')),
    tries      INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,                  -- sending: when that try counts as lost
    reply      TEXT    NOT NULL,                  -- the server's last words
    created_at INTEGER NOT NULL,
    sent_at    INTEGER
) STRICT;
CREATE INDEX mail_due ON mail (next_at, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX mail_log ON mail (created_at, id);
CREATE INDEX mail_recipient ON mail (recipient, kind, created_at);
CREATE INDEX mail_network ON mail (network, kind, created_at);
CREATE INDEX mail_user ON mail (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX mail_post ON mail (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX mail_comment ON mail (comment_id) WHERE comment_id IS NOT NULL;

-- What the links in mails do; who has one may do it without being signed in.
CREATE TABLE link (
    token_hash TEXT    PRIMARY KEY,               -- SHA-256
    act        TEXT    NOT NULL CHECK (act IN ('approve', 'spam', 'delete', 'confirm', 'unsubscribe', 'data')),
    email      TEXT    NOT NULL,                  -- to whom it was mailed
    user_id    INTEGER REFERENCES user ON DELETE CASCADE,
    post_id    INTEGER REFERENCES post ON DELETE CASCADE,
    comment_id INTEGER REFERENCES comment ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_expires ON link (expires_at);
CREATE INDEX link_email ON link (email);
CREATE INDEX link_user ON link (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX link_post ON link (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX link_comment ON link (comment_id) WHERE comment_id IS NOT NULL;
