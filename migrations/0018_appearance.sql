-- How the blog looks: one row.

CREATE TABLE appearance (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    accent      TEXT    NOT NULL DEFAULT '',      -- #rrggbb; empty: the blog's own
    typeface    TEXT    NOT NULL DEFAULT 'serif' CHECK (typeface IN ('serif', 'sans')),
    scheme      TEXT    NOT NULL DEFAULT 'auto' CHECK (scheme IN ('auto', 'light', 'dark')),
    banner      TEXT    NOT NULL DEFAULT '',      -- /media/… of a picture; empty: none
    banner_alt  TEXT    NOT NULL DEFAULT '',
    banner_width  INTEGER NOT NULL DEFAULT 0,
    banner_height INTEGER NOT NULL DEFAULT 0,
    footer      TEXT    NOT NULL DEFAULT '',      -- Markdown
    footer_html TEXT    NOT NULL DEFAULT '',
    links       TEXT    NOT NULL DEFAULT '',      -- one a line: label | address
    css         TEXT    NOT NULL DEFAULT ''
) STRICT;
INSERT INTO appearance (id) VALUES (1);
