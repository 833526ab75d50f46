-- A mail to owners when a backup could not be made.
DROP INDEX mail_recipient;
DROP INDEX mail_network;
ALTER TABLE mail ADD COLUMN what TEXT NOT NULL DEFAULT 'data' CHECK (what IN
    ('reply', 'confirm', 'own', 'published', 'refused', 'notice', 'digest', 'storm', 'data', 'join', 'reset', 'backup'));
UPDATE mail SET what = kind;
ALTER TABLE mail DROP COLUMN kind;
ALTER TABLE mail RENAME COLUMN what TO kind;
CREATE INDEX mail_recipient ON mail (recipient, kind, created_at);
CREATE INDEX mail_network ON mail (network, kind, created_at);
