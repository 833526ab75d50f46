-- A comment belongs to whoever wrote it: they may change it, and what it said before is kept for moderators.
ALTER TABLE comment ADD COLUMN edited_at INTEGER;   -- shown as "edited"; NULL where nobody could have answered the old words
CREATE TABLE comment_revision (
    id          INTEGER PRIMARY KEY,
    comment_id  INTEGER NOT NULL REFERENCES comment ON DELETE CASCADE,
    source      TEXT    NOT NULL,
    html        TEXT    NOT NULL,
    user_id     INTEGER REFERENCES user,            -- who replaced these words; NULL: their author
    replaced_at INTEGER NOT NULL
) STRICT;
CREATE INDEX comment_revision_of ON comment_revision (comment_id, id);

ALTER TABLE settings ADD COLUMN edit_minutes INTEGER NOT NULL DEFAULT 15;
-- Of comments to the post itself, with all their replies.
ALTER TABLE settings ADD COLUMN comments_per_page INTEGER NOT NULL DEFAULT 50;
ALTER TABLE settings ADD COLUMN newest_comments_first INTEGER NOT NULL DEFAULT 0;
