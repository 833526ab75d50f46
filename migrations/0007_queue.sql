-- The moderators' queue: a trash, an index for every list that moderators ask for, and what was decided, to be undone.

-- In the trash: state is 'deleted', the words are still there. Emptied: the words are blank, or the row is gone.
ALTER TABLE comment ADD COLUMN trashed_at INTEGER;
ALTER TABLE comment ADD COLUMN trashed_from TEXT;        -- the state that it had before
-- Stands first in its thread.
ALTER TABLE comment ADD COLUMN pinned_at INTEGER;

CREATE INDEX comment_trash ON comment (created_at, id) WHERE trashed_at IS NOT NULL;
CREATE INDEX comment_trashed ON comment (trashed_at) WHERE trashed_at IS NOT NULL;
-- By where they lie: a comment in the trash is told from a tombstone.
CREATE INDEX comment_post ON comment (post_id, (CASE WHEN trashed_at IS NULL THEN state ELSE 'trash' END), created_at, id)
    WHERE state <> 'deleted' OR trashed_at IS NOT NULL;
CREATE INDEX comment_email ON comment (email, (CASE WHEN trashed_at IS NULL THEN state ELSE 'trash' END), created_at, id)
    WHERE email IS NOT NULL;
CREATE INDEX comment_network ON comment (network, (CASE WHEN trashed_at IS NULL THEN state ELSE 'trash' END), created_at, id)
    WHERE network <> '';
-- Whose networks are still to be blanked.
CREATE INDEX comment_networked ON comment (created_at) WHERE network <> '';

-- The count of a thread goes with a comment that is moved.
CREATE TRIGGER comment_moved AFTER UPDATE OF post_id ON comment
    WHEN NEW.state = 'approved' AND OLD.post_id <> NEW.post_id BEGIN
    UPDATE post SET comment_count = comment_count - 1 WHERE id = OLD.post_id;
    UPDATE post SET comment_count = comment_count + 1 WHERE id = NEW.post_id;
END;

-- What a moderator decided at once, about one comment or many.
CREATE TABLE moderation (
    id       INTEGER PRIMARY KEY,
    user_id  INTEGER REFERENCES user ON DELETE SET NULL,
    decision TEXT    NOT NULL CHECK (decision IN ('approve', 'hold', 'spam', 'trash', 'restore', 'delete')),
    comments INTEGER NOT NULL,                    -- how many it moved
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX moderation_at ON moderation (at);
CREATE INDEX moderation_user ON moderation (user_id) WHERE user_id IS NOT NULL;

-- From which shelf to which it moved each of them, as long as that can be undone.
CREATE TABLE moderation_comment (
    moderation_id INTEGER NOT NULL REFERENCES moderation ON DELETE CASCADE,
    comment_id    INTEGER NOT NULL REFERENCES comment ON DELETE CASCADE,
    before        TEXT    NOT NULL CHECK (before IN ('held', 'approved', 'spam', 'trash')),
    after         TEXT    NOT NULL CHECK (after IN ('held', 'approved', 'spam', 'trash')),
    PRIMARY KEY (moderation_id, comment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX moderation_comment_comment ON moderation_comment (comment_id);

-- After so many days spam and trash are emptied, and the networks of senders are blanked.
ALTER TABLE settings ADD COLUMN discard_days INTEGER NOT NULL DEFAULT 30;
ALTER TABLE settings ADD COLUMN network_days INTEGER NOT NULL DEFAULT 90;
