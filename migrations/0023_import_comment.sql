-- What came of a comment last, and what was made of it: where the one has changed and the other is as it was, it is brought up to date.
ALTER TABLE import_comment ADD COLUMN digest TEXT NOT NULL DEFAULT '';   -- came:kept; empty: nobody knows
