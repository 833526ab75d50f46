-- What stands below the cover of a post: plain text.
ALTER TABLE post ADD COLUMN cover_caption TEXT NOT NULL DEFAULT '';
