-- Two kinds of mail more: to a comment's author, the way to change it; to the owner, that comments come in a storm. Two acts
-- of links more: one opens a comment to its author, one ends all mail to an address. SQLite cannot change a CHECK: both
-- tables, which hold no more than the mails of three months, are made anew.
CREATE TABLE mail_new (
    id         INTEGER PRIMARY KEY,
    event      TEXT    NOT NULL UNIQUE,           -- what happened, and to whom it is told
    kind       TEXT    NOT NULL
        CHECK (kind IN ('reply', 'confirm', 'own', 'published', 'refused', 'notice', 'digest', 'storm', 'data')),
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
INSERT INTO mail_new (id, event, kind, recipient, user_id, post_id, comment_id, network, state, tries, next_at, reply,
                      created_at, sent_at)
SELECT id, event, kind, recipient, user_id, post_id, comment_id, network, state, tries, next_at, reply, created_at, sent_at
FROM mail;
DROP TABLE mail;
ALTER TABLE mail_new RENAME TO mail;
CREATE INDEX mail_due ON mail (next_at, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX mail_log ON mail (created_at, id);
CREATE INDEX mail_recipient ON mail (recipient, kind, created_at);
CREATE INDEX mail_network ON mail (network, kind, created_at);
CREATE INDEX mail_user ON mail (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX mail_post ON mail (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX mail_comment ON mail (comment_id) WHERE comment_id IS NOT NULL;

CREATE TABLE link_new (
    token_hash TEXT    PRIMARY KEY,               -- SHA-256
    act        TEXT    NOT NULL
        CHECK (act IN ('approve', 'spam', 'delete', 'confirm', 'own', 'never', 'unsubscribe', 'data')),
    email      TEXT    NOT NULL,                  -- to whom it was mailed
    user_id    INTEGER REFERENCES user ON DELETE CASCADE,
    post_id    INTEGER REFERENCES post ON DELETE CASCADE,
    comment_id INTEGER REFERENCES comment ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO link_new (token_hash, act, email, user_id, post_id, comment_id, expires_at)
SELECT token_hash, act, email, user_id, post_id, comment_id, expires_at FROM link;
DROP TABLE link;
ALTER TABLE link_new RENAME TO link;
CREATE INDEX link_expires ON link (expires_at);
CREATE INDEX link_email ON link (email);
CREATE INDEX link_user ON link (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX link_post ON link (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX link_comment ON link (comment_id) WHERE comment_id IS NOT NULL;

-- Addresses whose holders want no mail at all: enough to know them again, and no more.
CREATE TABLE unwanted (
    email_hash TEXT    PRIMARY KEY,               -- SHA-256 of the address in lower case
    asked_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The storm that is, or was last: one row, absent until there is one. It tells when the owner has to be told anew.
CREATE TABLE storm (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    began_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL                     -- when its last comment came
) STRICT;
