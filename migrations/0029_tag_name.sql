-- A tag is known by its name first: one that has its slug by an older rule keeps it.
CREATE INDEX tag_name ON tag (name);
