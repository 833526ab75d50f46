//! The library of pictures and files: what is there, where it is used, and what editors do with it.

use sqlx::SqliteConnection;

use super::{Store, audit, media::REDRAW, revision};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::{MediaId, PostId, RevisionId, UserId},
        listing::{Cursor, From, Listing},
        media::{MediaRow, Shelf, UsedIn, Uses, address, hashes_in},
        queue::By,
    },
};

/// Files to a page.
const ROWS_AT_ONCE: usize = 48;
/// Revisions that are looked at in one step.
const REVISIONS_AT_ONCE: i64 = 50;
/// Posts that are named beside a file.
const NAMED: u32 = 50;

/// Whether the look of the blog needs a file: its header picture, its foot, its links, its own rules.
macro_rules! in_look {
    () => {
        "EXISTS (SELECT 1 FROM appearance WHERE appearance.id = 1 AND instr(appearance.banner || appearance.footer || \
         appearance.links || appearance.css, media.hash) > 0)"
    };
}
/// Whether it is in what is typed beside a post, in what a post was once, or somebody's face.
macro_rules! behind {
    () => {
        "(EXISTS (SELECT 1 FROM working_use WHERE working_use.hash = media.hash) \
         OR EXISTS (SELECT 1 FROM revision_use WHERE revision_use.hash = media.hash) \
         OR EXISTS (SELECT 1 FROM user WHERE user.picture <> '' AND substr(user.picture, 8, 32) = media.hash))"
    };
}
macro_rules! rows {
    ($where:literal) => {
        concat!(
            "SELECT id, hash, name, kind, media_type, width, height, length, alt, caption, credit, is_animated, \
             uploaded_by, created_at, \
             (SELECT count(*) FROM media_use WHERE media_use.hash = media.hash) + ",
            in_look!(),
            " AS uses, ",
            behind!(),
            " AS is_behind FROM media WHERE ",
            $where
        )
    };
}
/// `$1` the cursor, `$2` the limit, `$3` the shelf, `$4` words in small letters.
macro_rules! list {
    ($beyond:literal, $order:literal) => {
        concat!(
            rows!("id "),
            $beyond,
            " $1 AND CASE $3 WHEN 'pictures' THEN kind = 'picture' WHEN 'files' THEN kind = 'file' \
             WHEN 'no-alt' THEN kind = 'picture' AND alt = '' \
             WHEN 'unused' THEN NOT EXISTS (SELECT 1 FROM media_use WHERE media_use.hash = media.hash) AND NOT ",
            in_look!(),
            " AND NOT ",
            behind!(),
            " ELSE 1 END AND ($4 = '' OR instr(lower(name || ' ' || alt || ' ' || caption), $4) > 0) ORDER BY id ",
            $order,
            " LIMIT $2"
        )
    };
}
const ROWS: [&str; 2] = [list!("<", "DESC"), list!(">", "ASC")];
const ROW: &str = rows!("id = $1");
const ROW_OF_HASH: &str = rows!("hash = $1");
const ROW_OF_ORIGIN: &str = rows!("origin_hash = $1 ORDER BY id LIMIT 1");
const USED_IN: &str = "SELECT post.id, post.title FROM media_use JOIN post ON post.id = media_use.post_id \
                       WHERE media_use.hash = $1 AND ($3 IS NULL OR EXISTS (SELECT 1 FROM post_author \
                       WHERE post_author.post_id = post.id AND post_author.user_id = $3)) ORDER BY media_use.post_id DESC LIMIT $2";
/// What readers do not see of posts that do not name the file elsewhere: beside them, then behind them.
const BEHIND: [&str; 2] = [
    "SELECT post.id, post.title FROM working_use JOIN post ON post.id = working_use.post_id \
     WHERE working_use.hash = $1 AND NOT EXISTS (SELECT 1 FROM media_use WHERE media_use.hash = $1 \
     AND media_use.post_id = post.id) AND ($3 IS NULL OR EXISTS (SELECT 1 FROM post_author \
     WHERE post_author.post_id = post.id AND post_author.user_id = $3)) ORDER BY working_use.post_id DESC LIMIT $2",
    "SELECT post.id, post.title FROM revision_use JOIN post ON post.id = revision_use.post_id \
     WHERE revision_use.hash = $1 AND NOT EXISTS (SELECT 1 FROM media_use WHERE media_use.hash = $1 \
     AND media_use.post_id = post.id) AND NOT EXISTS (SELECT 1 FROM working_use WHERE working_use.hash = $1 \
     AND working_use.post_id = post.id) AND ($3 IS NULL OR EXISTS (SELECT 1 FROM post_author \
     WHERE post_author.post_id = post.id AND post_author.user_id = $3)) \
     GROUP BY revision_use.post_id ORDER BY revision_use.post_id DESC LIMIT $2",
];
const FACES: &str = "SELECT name FROM user WHERE picture <> '' AND substr(picture, 8, 32) = $1 LIMIT $2";
const DESCRIBE: &str = "UPDATE media SET alt = $2, caption = $3, credit = $4 WHERE id = $1";

const FORGET_USES: &str = "DELETE FROM media_use WHERE post_id = $1";
/// A text may still name a file by the address that it had.
const NOTE_USE: &str = "INSERT INTO media_use (hash, post_id) \
     VALUES (coalesce((SELECT media_moved.hash FROM media_moved WHERE media_moved.old_hash = $1), $1), $2) \
     ON CONFLICT (hash, post_id) DO NOTHING";
const FORGET_TYPED: &str = "DELETE FROM working_use WHERE post_id = $1";
const NOTE_TYPED: &str = "INSERT INTO working_use (hash, post_id) \
     VALUES (coalesce((SELECT media_moved.hash FROM media_moved WHERE media_moved.old_hash = $1), $1), $2) \
     ON CONFLICT (hash, post_id) DO NOTHING";
const NOTE_REVISION: &str = "INSERT INTO revision_use (hash, post_id, revision_id) \
     VALUES (coalesce((SELECT media_moved.hash FROM media_moved WHERE media_moved.old_hash = $1), $1), $2, $3) \
     ON CONFLICT (hash, post_id, revision_id) DO NOTHING";
const UNNOTED: &str = "SELECT revision.id, revision.post_id, revision.typed FROM revision_unnoted \
     JOIN revision ON revision.id = revision_unnoted.revision_id WHERE revision_unnoted.revision_id > 0 ORDER BY revision_unnoted.revision_id LIMIT $1";
const NOTED: &str = "DELETE FROM revision_unnoted WHERE revision_id = $1";
/// The cover stands beside the text: `/media/` and the hash.
const NOTE_COVER: &str = "INSERT INTO media_use (hash, post_id) SELECT substr(post.cover, 8, 32), post.id FROM post \
     WHERE post.id = $1 AND post.cover <> '' ON CONFLICT (hash, post_id) DO NOTHING";

const DROP_PARTS: [&str; 2] = [
    "DELETE FROM media_part WHERE file IN \
     (SELECT hash || '/' || width FROM media_variant WHERE media_variant.hash = $1)",
    "DELETE FROM media_part WHERE file = $1",
];
const DROP: &str = "DELETE FROM media WHERE hash = $1";

// One takes the place of another: `$1` the old hash, `$2` the new one.
const RELINK: &str = "UPDATE post_text SET source = replace(source, $3, $4), renderer = 0 \
     WHERE post_id IN (SELECT media_use.post_id FROM media_use WHERE media_use.hash = $1) AND $2 = $2";
const MOVE_USES: &str = "INSERT INTO media_use (hash, post_id) SELECT $2, media_use.post_id FROM media_use \
     WHERE media_use.hash = $1 ON CONFLICT (hash, post_id) DO NOTHING";
const DROP_USES: &str = "DELETE FROM media_use WHERE hash = $1 AND $2 = $2";
/// What stands beside a post and behind it goes on naming the old address, which leads to the new one.
const MOVE_BEHIND: [&str; 4] = [
    "INSERT INTO working_use (hash, post_id) SELECT $2, working_use.post_id FROM working_use \
     WHERE working_use.hash = $1 ON CONFLICT (hash, post_id) DO NOTHING",
    "DELETE FROM working_use WHERE hash = $1 AND $2 = $2",
    "INSERT INTO revision_use (hash, post_id, revision_id) SELECT $2, revision_use.post_id, revision_use.revision_id \
     FROM revision_use WHERE revision_use.hash = $1 ON CONFLICT (hash, post_id, revision_id) DO NOTHING",
    "DELETE FROM revision_use WHERE hash = $1 AND $2 = $2",
];
const MOVE_FACES: &str = "UPDATE user SET picture = $2 WHERE picture <> '' AND substr(picture, 8, 32) = $1";
const MOVE_WORDS: &str = "UPDATE media SET alt = old.alt, caption = old.caption, credit = old.credit \
     FROM media AS old WHERE old.hash = $1 AND media.hash = $2 AND media.alt = ''";
const MOVE_LOOK: &str = "UPDATE appearance SET banner = replace(banner, $1, $2), footer = replace(footer, $1, $2), \
     footer_html = replace(footer_html, $1, $2), links = replace(links, $1, $2), css = replace(css, $1, $2) WHERE id = 1";
const FOLLOW: &str = "UPDATE media_moved SET hash = $2 WHERE hash = $1";
const MOVE: &str = "INSERT INTO media_moved (old_hash, hash) VALUES ($1, $2) \
                    ON CONFLICT (old_hash) DO UPDATE SET hash = excluded.hash";

impl Store {
    /// A page of the library, newest first.
    pub async fn library(&self, shelf: Shelf, words: &str, from: From) -> Result<Listing<MediaRow>> {
        let [down, up] = ROWS;
        let cursor = match from {
            From::Newest => i64::MAX,
            From::OlderThan(cursor) | From::NewerThan(cursor) => cursor.id,
        };
        let items: Vec<MediaRow> = sqlx::query_as(if from.is_upwards() { up } else { down })
            .bind(cursor)
            .bind(ROWS_AT_ONCE as i64 + 1)
            .bind(shelf.as_str())
            .bind(words.to_lowercase())
            .fetch_all(&self.readers)
            .await?;
        Ok(Listing::new(items, from, ROWS_AT_ONCE, |row| Cursor { at: row.created_at, id: row.id.0 }))
    }

    /// A file of the library.
    pub async fn media_row(&self, id: MediaId) -> Result<Option<MediaRow>> {
        Ok(sqlx::query_as(ROW).bind(id).fetch_optional(&self.readers).await?)
    }

    /// The file with this hash.
    pub async fn media_row_of_hash(&self, hash: &str) -> Result<Option<MediaRow>> {
        Ok(sqlx::query_as(ROW_OF_HASH).bind(hash).fetch_optional(&self.readers).await?)
    }

    /// What was made of the same bytes before.
    pub async fn media_row_of_origin(&self, hash: &str) -> Result<Option<MediaRow>> {
        Ok(sqlx::query_as(ROW_OF_ORIGIN).bind(hash).fetch_optional(&self.readers).await?)
    }

    /// Where a file is needed: the posts and pages that it is in, those in the trash included, and only those of
    /// `author`, if one is given; and whose face it is.
    pub async fn media_uses(&self, hash: &str, author: Option<UserId>) -> Result<Uses> {
        let named = async |statement| -> Result<Vec<UsedIn>> {
            Ok(sqlx::query_as(statement).bind(hash).bind(NAMED).bind(author).fetch_all(&self.readers).await?)
        };
        let [beside, behind] = BEHIND;
        Ok(Uses {
            posts: named(USED_IN).await?,
            changes: named(beside).await?,
            revisions: named(behind).await?,
            faces: sqlx::query_scalar(FACES).bind(hash).bind(NAMED).fetch_all(&self.readers).await?,
        })
    }

    /// Notes what a few revisions show that were kept before that was noted. `false`: there are none.
    pub async fn note_old_revisions(&self) -> Result<bool> {
        // Once all are noted, nobody who writes is held up by it.
        if sqlx::query(UNNOTED).bind(1).fetch_optional(&self.readers).await?.is_none() {
            return Ok(false);
        }
        let mut write = self.write().await?;
        let old: Vec<(RevisionId, PostId, Vec<u8>)> =
            sqlx::query_as(UNNOTED).bind(REVISIONS_AT_ONCE).fetch_all(&mut *write).await?;
        for (id, post, packed) in &old {
            match revision::unpack(packed).and_then(|typed| revision::json(&typed)) {
                Ok(typed) => note_revision(&mut write, *post, *id, &typed).await?,
                Err(error) => tracing::warn!(%error, "what a revision shows cannot be told"),
            }
            sqlx::query(NOTED).bind(*id).execute(&mut *write).await?;
        }
        write.commit(Change::Nothing).await?;
        Ok(true)
    }

    /// Says what a picture shows: for the next text that it is put into, and for those that say nothing of it themselves.
    pub async fn describe_media(&self, row: &MediaRow, alt: &str, caption: &str, credit: &str) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(DESCRIBE).bind(row.id).bind(alt).bind(caption).bind(credit).execute(&mut *write).await?;
        sqlx::query(REDRAW).bind(row.hash.clone()).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Deletes a file that nothing shows. `false`: something does.
    pub async fn delete_media(&self, file: &MediaRow, by: By) -> Result<bool> {
        let hash = file.hash.as_str();
        // None may be overlooked.
        while self.note_old_revisions().await? {}
        let mut write = self.write().await?;
        let row: Option<MediaRow> = sqlx::query_as(ROW_OF_HASH).bind(hash).fetch_optional(&mut *write).await?;
        if row.is_some_and(|row| row.is_needed()) {
            return Ok(false);
        }
        drop_media(&mut write, hash).await?;
        audit::note(&mut write, by.user, "media-delete", &file.name, by.now).await?;
        // It is kept in memory under its address.
        write.commit(Change::Everything).await?;
        Ok(true)
    }

    /// Has one file take the place of another, which goes: in the texts that name it, in the look of the blog, and at its
    /// address.
    pub async fn replace_media(&self, old: &MediaRow, new: &MediaRow, by: By) -> Result<()> {
        let mut write = self.write().await?;
        let (from, to) = (old.hash.clone(), new.hash.clone());
        let (old_address, new_address) = (address(&old.hash, &old.name), address(&new.hash, &new.name));
        sqlx::query(RELINK)
            .bind(from.clone())
            .bind(to.clone())
            .bind(old_address.clone())
            .bind(new_address.clone())
            .execute(&mut *write)
            .await?;
        sqlx::query(MOVE_LOOK).bind(old_address).bind(new_address).execute(&mut *write).await?;
        sqlx::query(MOVE_FACES).bind(from.clone()).bind(address(&new.hash, &new.name)).execute(&mut *write).await?;
        for statement in [MOVE_USES, DROP_USES].into_iter().chain(MOVE_BEHIND).chain([MOVE_WORDS, FOLLOW, MOVE]) {
            sqlx::query(statement).bind(from.clone()).bind(to.clone()).execute(&mut *write).await?;
        }
        drop_media(&mut write, &old.hash).await?;
        audit::note(&mut write, by.user, "media-replace", &format!("{} → {}", old.name, new.name), by.now).await?;
        write.commit(Change::Everything).await
    }
}

async fn drop_media(write: &mut SqliteConnection, hash: &str) -> Result<()> {
    for statement in DROP_PARTS.into_iter().chain([DROP]) {
        sqlx::query(statement).bind(hash).execute(&mut *write).await?;
    }
    Ok(())
}

/// Notes which files a post shows or links to; within the transaction that saves it.
pub(super) async fn note_uses(write: &mut SqliteConnection, post: PostId, hashes: &[String]) -> Result<()> {
    sqlx::query(FORGET_USES).bind(post).execute(&mut *write).await?;
    for hash in hashes {
        sqlx::query(NOTE_USE).bind(hash.clone()).bind(post).execute(&mut *write).await?;
    }
    sqlx::query(NOTE_COVER).bind(post).execute(&mut *write).await?;
    Ok(())
}

/// The same of what is typed beside it, as JSON.
pub(super) async fn note_typed(write: &mut SqliteConnection, post: PostId, typed: &str) -> Result<()> {
    sqlx::query(FORGET_TYPED).bind(post).execute(&mut *write).await?;
    for hash in hashes_in(typed) {
        sqlx::query(NOTE_TYPED).bind(hash.to_owned()).bind(post).execute(&mut *write).await?;
    }
    Ok(())
}

/// The same of what it was once, as JSON.
pub(super) async fn note_revision(
    write: &mut SqliteConnection,
    post: PostId,
    id: RevisionId,
    typed: &str,
) -> Result<()> {
    for hash in hashes_in(typed) {
        sqlx::query(NOTE_REVISION).bind(hash.to_owned()).bind(post).bind(id).execute(&mut *write).await?;
    }
    Ok(())
}

#[cfg(test)]
statements!(
    ROWS,
    ROW,
    ROW_OF_HASH,
    ROW_OF_ORIGIN,
    USED_IN,
    BEHIND,
    FACES,
    DESCRIBE,
    FORGET_USES,
    NOTE_USE,
    FORGET_TYPED,
    NOTE_TYPED,
    NOTE_REVISION,
    UNNOTED,
    NOTED,
    NOTE_COVER,
    DROP_PARTS,
    DROP,
    RELINK,
    MOVE_USES,
    DROP_USES,
    MOVE_BEHIND,
    MOVE_FACES,
    MOVE_WORDS,
    MOVE_LOOK,
    FOLLOW,
    MOVE,
);
