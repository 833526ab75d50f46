-- People: four roles that sign in, invitations, profiles, second factors, passkeys, and who did what.

-- A column's CHECK cannot be changed: a new column takes the place of the old one.
ALTER TABLE user ADD COLUMN part TEXT NOT NULL DEFAULT 'author'
    CHECK (part IN ('owner', 'editor', 'author', 'contributor'));
UPDATE user SET part = role;
ALTER TABLE user DROP COLUMN role;
ALTER TABLE user RENAME COLUMN part TO role;
ALTER TABLE user ADD COLUMN disabled_at INTEGER;             -- since when they cannot sign in; their posts stay
ALTER TABLE user ADD COLUMN seen_at INTEGER;                 -- when they last used the desk
ALTER TABLE user ADD COLUMN bio TEXT NOT NULL DEFAULT '';    -- plain text
ALTER TABLE user ADD COLUMN website TEXT NOT NULL DEFAULT '';
ALTER TABLE user ADD COLUMN picture TEXT NOT NULL DEFAULT '';-- /media/…; empty: drawn initials
ALTER TABLE user ADD COLUMN totp_secret BLOB;                -- as the authenticator has it: codes are made of it
ALTER TABLE user ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;  -- of the last code that was taken: none counts twice

-- What its holder sees of a session.
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN network TEXT NOT NULL DEFAULT '';

-- When a contributor handed a draft in.
ALTER TABLE post ADD COLUMN submitted_at INTEGER;
CREATE INDEX post_submitted ON post (submitted_at)
    WHERE submitted_at IS NOT NULL AND state = 'draft' AND trashed_at IS NULL;

CREATE TABLE invitation (
    email      TEXT    PRIMARY KEY,               -- lower case
    role       TEXT    NOT NULL CHECK (role IN ('owner', 'editor', 'author', 'contributor')),
    user_id    INTEGER REFERENCES user ON DELETE CASCADE,     -- the name under posts that becomes theirs
    invited_by INTEGER REFERENCES user ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_user ON invitation (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX invitation_by ON invitation (invited_by) WHERE invited_by IS NOT NULL;

-- One-time links through the door: to join, or to choose a new password.
CREATE TABLE door_key (
    token_hash TEXT    PRIMARY KEY,               -- SHA-256
    act        TEXT    NOT NULL CHECK (act IN ('join', 'reset')),
    email      TEXT    NOT NULL,                  -- whose it is
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX door_key_email ON door_key (email, act);
CREATE INDEX door_key_expires ON door_key (expires_at);

-- Mails with such links.
DROP INDEX mail_recipient;
DROP INDEX mail_network;
ALTER TABLE mail ADD COLUMN what TEXT NOT NULL DEFAULT 'data' CHECK (what IN
    ('reply', 'confirm', 'own', 'published', 'refused', 'notice', 'digest', 'storm', 'data', 'join', 'reset'));
UPDATE mail SET what = kind;
ALTER TABLE mail DROP COLUMN kind;
ALTER TABLE mail RENAME COLUMN what TO kind;
CREATE INDEX mail_recipient ON mail (recipient, kind, created_at);
CREATE INDEX mail_network ON mail (network, kind, created_at);

-- Each is good once, in place of a code.
CREATE TABLE recovery_code (
    user_id   INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    code_hash TEXT    NOT NULL,                   -- SHA-256: 80 random bits need no salt
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkey (
    credential TEXT    PRIMARY KEY,               -- its id, base64url
    user_id    INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    public_key BLOB    NOT NULL,                  -- COSE
    counter    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_user ON passkey (user_id);

-- Who did what. A line stays a year.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    user_id INTEGER REFERENCES user ON DELETE SET NULL,       -- NULL: nobody who is known
    act     TEXT    NOT NULL,
    subject TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_user ON audit (user_id, at, id);
