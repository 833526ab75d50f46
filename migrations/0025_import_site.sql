-- Where the old blog was, for exports that do not say it; empty: nobody said.
ALTER TABLE import_job ADD COLUMN site TEXT NOT NULL DEFAULT '';
