-- Of a sender's network a mark is kept: see rules/network.rs. The key is this blog's own.
CREATE TABLE network_key (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    key         BLOB    NOT NULL CHECK (length(key) = 32),
    plain_below INTEGER NOT NULL                  -- comments of lower id may still have a network as it is; 0: none has
) STRICT;
INSERT INTO network_key (id, key, plain_below) SELECT 1, randomblob(32), coalesce(max(id) + 1, 0) FROM comment;
-- By these, mails of one network are counted for a day.
UPDATE mail SET network = '' WHERE network <> '';
