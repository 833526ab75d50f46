-- How the blog looks: one row.

CREATE TABLE appearance (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    accent      TEXT    NOT NULL DEFAULT '',      -- #rrggbb; empty: the blog's own
    typeface    TEXT    NOT NULL DEFAULT 'serif' CHECK (typeface IN ('serif', 'sans')),
    scheme      TEXT    NOT NULL DEFAULT 'auto' CHECK (scheme IN ('auto', 'light', 'dark')),
    banner      TEXT    NOT NULL DEFAULT '',      -- /media/… of a picture; empty: none
    banner_alt  TEXT    NOT NULL DEFAULT '',
    footer      TEXT    NOT NULL DEFAULT '',      -- Markdown
    footer_html TEXT    NOT NULL DEFAULT '',
    renderer    INTEGER NOT NULL DEFAULT 0,       -- that made it
    links       TEXT    NOT NULL DEFAULT '',      -- one a line: label | address
    css         TEXT    NOT NULL DEFAULT ''
) STRICT;
INSERT INTO appearance (id) VALUES (1);

-- What feeds hold.
ALTER TABLE settings ADD COLUMN feed_posts INTEGER NOT NULL DEFAULT 20 CHECK (feed_posts BETWEEN 1 AND 100);
ALTER TABLE settings ADD COLUMN feeds_are_full INTEGER NOT NULL DEFAULT 1 CHECK (feeds_are_full IN (0, 1));

-- What a moderator decided against the outside service, which is told so; NULL: it is asked.
ALTER TABLE check_outside ADD COLUMN correction TEXT CHECK (correction IN ('ham', 'spam'));
