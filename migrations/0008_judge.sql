-- Whose comments need not wait: a name and an e-mail address, or an address, a line.
ALTER TABLE settings ADD COLUMN trust_list TEXT NOT NULL DEFAULT '';
