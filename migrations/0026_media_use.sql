-- A picture is also in use where readers do not see it (yet): in what is typed beside a post, and in what a post was once.

CREATE TABLE working_use (
    hash    TEXT    NOT NULL,
    post_id INTEGER NOT NULL REFERENCES working ON DELETE CASCADE,
    PRIMARY KEY (hash, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX working_use_post ON working_use (post_id);

CREATE TABLE revision_use (
    hash        TEXT    NOT NULL,
    post_id     INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    revision_id INTEGER NOT NULL REFERENCES revision ON DELETE CASCADE,
    PRIMARY KEY (hash, post_id, revision_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_use_post ON revision_use (post_id);
CREATE INDEX revision_use_revision ON revision_use (revision_id);

-- Revisions of which that is not noted yet: they are compressed, so that the program has to.
CREATE TABLE revision_unnoted (
    revision_id INTEGER PRIMARY KEY REFERENCES revision ON DELETE CASCADE
) STRICT;
INSERT INTO revision_unnoted (revision_id) SELECT id FROM revision;

WITH RECURSIVE found (post_id, rest) AS (
    SELECT post_id, substr(typed, instr(typed, '/media/') + 7) FROM working WHERE instr(typed, '/media/') > 0
    UNION ALL
    SELECT post_id, substr(rest, instr(rest, '/media/') + 7) FROM found WHERE instr(rest, '/media/') > 0
)
INSERT OR IGNORE INTO working_use (hash, post_id)
    SELECT coalesce((SELECT media_moved.hash FROM media_moved WHERE media_moved.old_hash = substr(rest, 1, 32)),
    substr(rest, 1, 32)), post_id FROM found;

-- Faces: /media/ and the hash.
CREATE INDEX user_picture ON user (substr(picture, 8, 32)) WHERE picture <> '';

-- Pictures are kept as WebP in their own width, too.
UPDATE media SET is_scaled = 0 WHERE is_animated = 0 AND media_type IN ('image/jpeg', 'image/png', 'image/webp')
    AND width BETWEEN 481 AND 1800;
