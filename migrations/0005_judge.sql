-- What the judge goes by: the owner's policy, and what moderators taught it.
ALTER TABLE settings ADD COLUMN hold_after_days INTEGER NOT NULL DEFAULT 0 CHECK (hold_after_days >= 0);
ALTER TABLE settings ADD COLUMN close_after_days INTEGER NOT NULL DEFAULT 0 CHECK (close_after_days >= 0);
ALTER TABLE settings ADD COLUMN hold_at INTEGER NOT NULL DEFAULT 20;   -- tenths of a point
ALTER TABLE settings ADD COLUMN spam_at INTEGER NOT NULL DEFAULT 50;
ALTER TABLE settings ADD COLUMN storm_at INTEGER NOT NULL DEFAULT 60 CHECK (storm_at >= 0);
ALTER TABLE settings ADD COLUMN hold_list TEXT NOT NULL DEFAULT '';    -- an entry a line
ALTER TABLE settings ADD COLUMN spam_list TEXT NOT NULL DEFAULT '';

-- As what a moderator's decision taught this comment, and when: what is taught can be taken back exactly.
ALTER TABLE comment ADD COLUMN trained TEXT CHECK (trained IN ('ham', 'spam'));
ALTER TABLE comment ADD COLUMN trained_at INTEGER;
CREATE INDEX comment_trained ON comment (trained, trained_at) WHERE trained IS NOT NULL;

-- In how many comments of each kind a word stood; a later one weighs more, so that old ones fade. Words are kept as hashes:
-- nobody's name or address is read out of here. Hash 0 stands in every comment.
CREATE TABLE token (
    hash INTEGER PRIMARY KEY,
    ham  REAL NOT NULL,
    spam REAL NOT NULL
) STRICT;
