-- What a page costs must not grow with the blog: small rows where many are looked at, an index in the order of each
-- list, counts that are kept and not counted.

-- Texts, apart from the rows that lists, links and counts look at. Short columns first: who reads them stops there.
CREATE TABLE post_text (
    post_id  INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    renderer INTEGER NOT NULL,                    -- which renderer made html
    summary  TEXT    NOT NULL,                    -- the excerpt, or the beginning of the text
    excerpt  TEXT    NOT NULL,                    -- as typed; empty: taken from the text
    lead     TEXT,                                -- the html before the jump break
    html     TEXT    NOT NULL,                    -- made from source when saved
    source   TEXT    NOT NULL                     -- Markdown, as typed
) STRICT;
INSERT INTO post_text (post_id, renderer, summary, excerpt, lead, html, source)
    SELECT id, renderer, summary, excerpt, lead, html, source FROM post;
-- Emptied first: each DROP COLUMN writes every row again.
UPDATE post SET summary = '', excerpt = '', lead = NULL, html = '', source = '';
ALTER TABLE post DROP COLUMN renderer;
ALTER TABLE post DROP COLUMN summary;
ALTER TABLE post DROP COLUMN excerpt;
ALTER TABLE post DROP COLUMN lead;
ALTER TABLE post DROP COLUMN html;
ALTER TABLE post DROP COLUMN source;

-- YYYY/MM of the path of a post that is published or scheduled and not in the trash; else NULL.
ALTER TABLE post ADD COLUMN month TEXT;
UPDATE post SET month = substr(path, 1, 7) WHERE kind = 'post' AND state = 'published' AND trashed_at IS NULL;
CREATE INDEX post_month ON post (month, published_at, id) WHERE month IS NOT NULL;

-- How many posts have each month, scheduled ones among them.
CREATE TABLE month (
    month TEXT    PRIMARY KEY,
    posts INTEGER NOT NULL CHECK (posts >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO month (month, posts) SELECT month, count(*) FROM post WHERE month IS NOT NULL GROUP BY month;

-- The editors' lists, in their order; that of published and scheduled ones is post_live.
DROP INDEX post_saved;
CREATE INDEX post_kept ON post (kind, coalesce(published_at, saved_at), id) WHERE trashed_at IS NULL;
CREATE INDEX post_trash ON post (kind, coalesce(published_at, saved_at), id) WHERE trashed_at IS NOT NULL;
CREATE INDEX post_draft ON post (kind, coalesce(published_at, saved_at), id)
    WHERE state = 'draft' AND trashed_at IS NULL;

-- When a post was or will be published, while it has a month: a tag's and an author's list is a range of an index.
ALTER TABLE post_author ADD COLUMN listed_at INTEGER;
UPDATE post_author SET listed_at = (SELECT published_at FROM post WHERE id = post_id AND month IS NOT NULL);
DROP INDEX post_author_user;
CREATE INDEX post_author_user ON post_author (user_id, listed_at, post_id);
ALTER TABLE post_tag ADD COLUMN listed_at INTEGER;
UPDATE post_tag SET listed_at = (SELECT published_at FROM post WHERE id = post_id AND month IS NOT NULL);
DROP INDEX post_tag_tag;
CREATE INDEX post_tag_tag ON post_tag (tag_id, listed_at, post_id);

-- Of name, text and what is answered: the same comment comes once. NULL for those from before, and for tombstones.
ALTER TABLE comment ADD COLUMN digest INTEGER;
CREATE UNIQUE INDEX comment_once ON comment (post_id, digest) WHERE digest IS NOT NULL;
-- A thread: what readers see, whatever else was sent to the post.
DROP INDEX comment_thread;
CREATE INDEX comment_thread ON comment (post_id, created_at, id) WHERE state = 'approved';
DROP INDEX comment_parent;
CREATE INDEX comment_parent ON comment (parent_id) WHERE parent_id IS NOT NULL;
-- Beside that of the column, in which every comment without one stands under NULL: where nearly all do, the planner
-- thinks nothing of it.
CREATE UNIQUE INDEX comment_secret ON comment (secret_hash) WHERE secret_hash IS NOT NULL;
DROP INDEX comment_author;
CREATE INDEX comment_author ON comment (email, name) WHERE state = 'approved' AND email IS NOT NULL;

-- Short beginnings of words have lists of their own; longer ones are looked up among the words. Titles and tags stand in a small index beside that of everything: there
-- a word that is common in texts is quickly looked up.
CREATE VIRTUAL TABLE post_words
    USING fts5 (title, body, tags, prefix = '2 3 4 5', tokenize = "unicode61 remove_diacritics 2");
INSERT INTO post_words (rowid, title, body, tags) SELECT rowid, title, body, tags FROM post_search;
DROP TABLE post_search;
ALTER TABLE post_words RENAME TO post_search;
CREATE VIRTUAL TABLE post_heading
    USING fts5 (title, tags, prefix = '2 3 4 5', tokenize = "unicode61 remove_diacritics 2");
INSERT INTO post_heading (rowid, title, tags) SELECT rowid, title, tags FROM post_search;
CREATE VIRTUAL TABLE post_word USING fts5vocab (post_search, instance);
