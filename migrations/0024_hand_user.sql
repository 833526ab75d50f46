-- Whose form it is: what it saved by itself is kept under that name before another form writes over it.
ALTER TABLE hand ADD COLUMN user_id INTEGER REFERENCES user ON DELETE SET NULL;
