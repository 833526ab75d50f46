-- Files in parts: a hundred megabytes go in and out a quarter of one at a time. Pictures in several widths. Which post shows
-- which file.

CREATE TABLE media_part (
    file     TEXT    NOT NULL,                    -- media.hash; of a variant, HASH/WIDTH
    position INTEGER NOT NULL,
    bytes    BLOB    NOT NULL CHECK (length(bytes) BETWEEN 1 AND 262144),
    PRIMARY KEY (file, position)
) STRICT;

WITH RECURSIVE part (hash, position, length) AS (
    SELECT hash, 0, length(bytes) FROM media WHERE length(bytes) > 0
    UNION ALL
    SELECT hash, position + 1, length FROM part WHERE (position + 1) * 262144 < length
)
INSERT INTO media_part (file, position, bytes)
    SELECT part.hash, part.position, substr(media.bytes, part.position * 262144 + 1, 262144)
    FROM part JOIN media ON media.hash = part.hash;

CREATE TABLE media_kept (
    id          INTEGER PRIMARY KEY,
    hash        TEXT    NOT NULL UNIQUE,          -- first half of the SHA-256 of the bytes, hex: the address
    name        TEXT    NOT NULL,                 -- file name of the address
    kind        TEXT    NOT NULL CHECK (kind IN ('picture', 'file')),
    media_type  TEXT    NOT NULL,
    width       INTEGER NOT NULL,                 -- 0 where there is nothing to see
    height      INTEGER NOT NULL,
    length      INTEGER NOT NULL CHECK (length >= 0),
    alt         TEXT    NOT NULL DEFAULT '',
    caption     TEXT    NOT NULL DEFAULT '',
    credit      TEXT    NOT NULL DEFAULT '',
    colour      TEXT,                             -- #rrggbb that holds its place; NULL: not known, or it lets the page through
    is_animated INTEGER NOT NULL DEFAULT 0 CHECK (is_animated IN (0, 1)),
    is_scaled   INTEGER NOT NULL DEFAULT 1 CHECK (is_scaled IN (0, 1)), -- its variants are made, as far as it has any
    origin_hash TEXT    NOT NULL,                 -- likewise of the bytes that were uploaded: cleaning changes them
    uploaded_by INTEGER REFERENCES user ON DELETE SET NULL,
    created_at  INTEGER NOT NULL
) STRICT;
INSERT INTO media_kept (hash, name, kind, media_type, width, height, length, is_animated, is_scaled, origin_hash, created_at)
    SELECT hash, name, 'picture', media_type, width, height, length(bytes),
    CASE WHEN media_type = 'image/gif' OR (media_type = 'image/png' AND instr(substr(bytes, 1, 4096), x'6163544c') > 0)
        OR (media_type = 'image/webp' AND instr(substr(bytes, 1, 4096), x'414e494d') > 0) THEN 1 ELSE 0 END,
    0, hash, created_at
    FROM media ORDER BY created_at, hash;
DROP TABLE media;
ALTER TABLE media_kept RENAME TO media;
CREATE INDEX media_origin ON media (origin_hash);
CREATE INDEX media_unscaled ON media (id) WHERE is_scaled = 0;

-- A picture in a smaller width, as WebP. length 0: the picture as it is weighs less, and goes out instead.
CREATE TABLE media_variant (
    hash   TEXT    NOT NULL REFERENCES media (hash) ON DELETE CASCADE,
    width  INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (hash, width)
) STRICT, WITHOUT ROWID;

-- Written where a post is saved.
CREATE TABLE media_use (
    hash    TEXT    NOT NULL,
    post_id INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    PRIMARY KEY (hash, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_use_post ON media_use (post_id);

-- The address of a file that was replaced leads to what took its place.
CREATE TABLE media_moved (
    old_hash TEXT PRIMARY KEY,
    hash     TEXT NOT NULL REFERENCES media (hash) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX media_moved_to ON media_moved (hash);

-- Texts of an older renderer are rendered again; 0: whatever their renderer, since a picture in them has changed.
CREATE INDEX post_text_renderer ON post_text (renderer);
