-- Never losing a word: what is typed is kept beside what readers see, and what stood before is kept behind it.

-- What a post says about itself to machines, and where it stands.
ALTER TABLE post ADD COLUMN description TEXT NOT NULL DEFAULT '';     -- for search engines; empty: the summary
ALTER TABLE post ADD COLUMN cover TEXT NOT NULL DEFAULT '';           -- address of a picture
ALTER TABLE post ADD COLUMN cover_alt TEXT NOT NULL DEFAULT '';
ALTER TABLE post ADD COLUMN canonical TEXT NOT NULL DEFAULT '';       -- where it was published first
ALTER TABLE post ADD COLUMN language TEXT NOT NULL DEFAULT '';        -- BCP 47; empty: the blog's
ALTER TABLE post ADD COLUMN featured INTEGER NOT NULL DEFAULT 0;
ALTER TABLE post ADD COLUMN hides_thread INTEGER NOT NULL DEFAULT 0;  -- 1: comments is 'closed', and not even the thread is shown
CREATE INDEX post_featured ON post (published_at, id)
    WHERE featured = 1 AND kind = 'post' AND state = 'published' AND trashed_at IS NULL;

-- New posts can begin as copies of these drafts.
CREATE TABLE template (
    post_id INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE
) STRICT;

-- What is typed but not yet what readers see, or cannot be saved as it is. One for each post.
CREATE TABLE working (
    post_id  INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    user_id  INTEGER REFERENCES user ON DELETE SET NULL,
    saved_at INTEGER NOT NULL,
    typed    TEXT    NOT NULL                     -- JSON
) STRICT;
CREATE INDEX working_user ON working (user_id) WHERE user_id IS NOT NULL;

-- Which form saved last: as long as no other does, it may go on from any version since it began.
CREATE TABLE hand (
    post_id INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    holder  TEXT    NOT NULL,
    since   INTEGER NOT NULL,                     -- the version that its first save was made from
    version INTEGER NOT NULL,                     -- the one that its last save made
    turn    INTEGER NOT NULL                      -- counts the saves that it sent
) STRICT;

CREATE TABLE revision (
    id      INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    version INTEGER NOT NULL,                     -- of the post, when this was kept
    kind    TEXT    NOT NULL CHECK (kind IN ('save', 'publish', 'restore', 'autosave', 'conflict')),
    user_id INTEGER REFERENCES user ON DELETE SET NULL,
    at      INTEGER NOT NULL,
    title   TEXT    NOT NULL,
    size    INTEGER NOT NULL,                     -- bytes of the text
    digest  TEXT    NOT NULL,                     -- the same content is not kept twice in a row
    typed   BLOB    NOT NULL                      -- JSON, compressed with zstd
) STRICT;
CREATE INDEX revision_post ON revision (post_id, id);
CREATE INDEX revision_user ON revision (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX revision_auto ON revision (at) WHERE kind = 'autosave';

-- Whoever has the link sees the draft. The token itself is kept, to be shown again to those who may share.
CREATE TABLE draft_link (
    token      TEXT    PRIMARY KEY,
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    user_id    INTEGER REFERENCES user ON DELETE SET NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_link_post ON draft_link (post_id, created_at);
CREATE INDEX draft_link_user ON draft_link (user_id) WHERE user_id IS NOT NULL;

-- Paths at which something lived that was deleted for good: they answer that it is gone.
CREATE TABLE gone (
    path TEXT    PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE settings ADD COLUMN trash_days INTEGER NOT NULL DEFAULT 30;
CREATE INDEX post_trashed ON post (trashed_at) WHERE trashed_at IS NOT NULL;
-- A post that is deleted for good takes its comments along: whatever their state.
CREATE INDEX comment_of_post ON comment (post_id, id);
