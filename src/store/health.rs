//! What can be wrong inside a blog, found row by row; and mended, where it is made of something else that is there.

use super::{
    Store,
    proof::{BROKEN_REFERENCES, INTEGRITY},
    reader_post::live,
    revision,
};
use crate::{
    error::{Error, Result},
    model::{change::Change, ids::PostId, revision::Typed, time::Time},
    rules::token::ContentHash,
};

/// Texts in one step.
const AT_ONCE: i64 = 50;

const UNSEARCHABLE: &str = "SELECT post.id, post.title AS what, '' AS detail FROM post WHERE \
     NOT EXISTS (SELECT 1 FROM post_search_docsize WHERE post_search_docsize.id = post.id) \
     OR NOT EXISTS (SELECT 1 FROM post_heading_docsize WHERE post_heading_docsize.id = post.id)";
const STRAY_WORDS: [&str; 2] = [
    "DELETE FROM post_search WHERE rowid IN (SELECT id FROM post_search_docsize WHERE id NOT IN (SELECT id FROM post))",
    "DELETE FROM post_heading WHERE rowid IN (SELECT id FROM post_heading_docsize WHERE id NOT IN (SELECT id FROM post))",
];
const REBUILD: [&str; 2] = [
    "INSERT INTO post_search (post_search) VALUES ('rebuild')",
    "INSERT INTO post_heading (post_heading) VALUES ('rebuild')",
];
const FORGET_WORDS: [&str; 2] =
    ["DELETE FROM post_search WHERE rowid = $1", "DELETE FROM post_heading WHERE rowid = $1"];
macro_rules! tags {
    () => {
        "coalesce((SELECT group_concat(tag.name, ' ') FROM post_tag JOIN tag ON tag.id = post_tag.tag_id \
         WHERE post_tag.post_id = post.id), '')"
    };
}
const ADD_WORDS: &str = concat!(
    "INSERT INTO post_search (rowid, title, tags, body) SELECT post.id, post.title, ",
    tags!(),
    ", $2 FROM post WHERE post.id = $1"
);
const ADD_HEADING: &str = concat!(
    "INSERT INTO post_heading (rowid, title, tags) SELECT post.id, post.title, ",
    tags!(),
    " FROM post WHERE post.id = $1"
);

macro_rules! comments_of {
    () => {
        "(SELECT count(*) FROM comment WHERE comment.post_id = post.id AND comment.state = 'approved')"
    };
}
const MISCOUNTED: &str = concat!(
    "SELECT post.id, post.title AS what, post.comment_count || ' / ' || ",
    comments_of!(),
    " AS detail FROM post WHERE post.comment_count <> ",
    comments_of!()
);
const RECOUNT: &str =
    concat!("UPDATE post SET comment_count = ", comments_of!(), " WHERE post.comment_count <> ", comments_of!());
/// Either way: a month that is counted wrongly stands once in each.
const MISDATED: &str = "WITH counted AS (SELECT month, count(*) AS posts FROM post WHERE month IS NOT NULL GROUP BY month), \
     kept AS (SELECT month, posts FROM month WHERE posts > 0) SELECT count(DISTINCT month) FROM \
     (SELECT * FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept) UNION ALL \
     SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted))";
const FORGET_MONTHS: &str = "DELETE FROM month";
const COUNT_MONTHS: &str =
    "INSERT INTO month (month, posts) SELECT month, count(*) FROM post WHERE month IS NOT NULL GROUP BY month";

/// Whoever is reached from the top of a thread is shown; the rest is in a ring, or answers what is on another post.
macro_rules! unthreaded {
    () => {
        "comment.id NOT IN (WITH RECURSIVE shown (id, post_id) AS (SELECT id, post_id FROM comment WHERE parent_id IS NULL \
         UNION SELECT comment.id, comment.post_id FROM comment JOIN shown ON comment.parent_id = shown.id \
         AND comment.post_id = shown.post_id) SELECT id FROM shown)"
    };
}
const UNTHREADED: &str = concat!(
    "SELECT comment.id, 'comment ' || comment.id AS what, comment.name AS detail FROM comment WHERE ",
    unthreaded!()
);
/// The first of those that hang together: what answers it is reached then.
const TO_THE_TOP: &str =
    concat!("UPDATE comment SET parent_id = NULL WHERE id = (SELECT min(id) FROM comment WHERE ", unthreaded!(), ")");
const INCOMPLETE: &str = "SELECT media.id, media.name AS what, media.hash AS detail FROM media WHERE media.length <> \
     coalesce((SELECT sum(length(media_part.bytes)) FROM media_part WHERE media_part.file = media.hash), 0)";
const FILES: &str = "SELECT id, name AS what, hash AS detail FROM media ORDER BY id";
const INCOMPLETE_VARIANTS: &str = "SELECT media.id, media.name AS what, media.hash || '/' || media_variant.width AS detail \
     FROM media_variant JOIN media ON media.hash = media_variant.hash WHERE media_variant.length <> 0 AND \
     media_variant.length <> coalesce((SELECT sum(length(media_part.bytes)) FROM media_part \
     WHERE media_part.file = media_variant.hash || '/' || media_variant.width), 0)";
const UNMADE: &str = "UPDATE media SET is_scaled = 0 WHERE id = $1";
const DROP_VARIANT: &str =
    "DELETE FROM media_variant WHERE hash = substr($1, 1, 32) AND width = CAST(substr($1, 34) AS INTEGER)";
const DROP_PARTS: &str = "DELETE FROM media_part WHERE file = $1";
const MISSING: &str = "SELECT post.id, post.title AS what, media_use.hash AS detail FROM media_use \
     JOIN post ON post.id = media_use.post_id WHERE \
     NOT EXISTS (SELECT 1 FROM media WHERE media.hash = media_use.hash)";
const MISSING_FACES: &str = "SELECT user.id, user.name AS what, user.picture AS detail FROM user WHERE user.picture <> '' AND \
     NOT EXISTS (SELECT 1 FROM media WHERE media.hash = substr(user.picture, 8, 32))";

const MISSING_BANNER: &str = "SELECT id, 'the banner of every page' AS what, banner AS detail FROM appearance WHERE banner <> '' \
     AND NOT EXISTS (SELECT 1 FROM media WHERE media.hash = substr(appearance.banner, 8, 32))";
const MISSING_COVERS: &str = "SELECT post.id, 'the cover of ' || post.title AS what, post.cover AS detail FROM post \
     WHERE post.cover <> '' AND NOT EXISTS (SELECT 1 FROM media WHERE media.hash = substr(post.cover, 8, 32)) \
     AND NOT EXISTS (SELECT 1 FROM media_use WHERE media_use.post_id = post.id AND media_use.hash = substr(post.cover, 8, 32))";
const ALL_TEXTS: &str = "SELECT post.id, post.title AS what, post_text.html AS detail FROM post \
     JOIN post_text ON post_text.post_id = post.id WHERE post.id > $1 ORDER BY post.id LIMIT $2";
/// A text may still name a file by the address that it had.
const IS_USED: &str = "SELECT EXISTS (SELECT 1 FROM media_use WHERE media_use.post_id = $2 AND media_use.hash = \
     coalesce((SELECT media_moved.hash FROM media_moved WHERE media_moved.old_hash = $1), $1))";
const UNDRAWN: &str = "SELECT post.id, post.title AS what, post_text.source AS detail FROM post \
     JOIN post_text ON post_text.post_id = post.id WHERE trim(post_text.html) = '' AND trim(post_text.source) <> ''";
const DRAW_ANEW: &str = "UPDATE post_text SET renderer = 0 WHERE post_id = $1";
const REVISIONS: &str = "SELECT revision.id, post.title, revision.typed FROM revision CROSS JOIN post \
     WHERE post.id = revision.post_id AND revision.id > $1 ORDER BY revision.id LIMIT $2";
const WORKING: &str = "SELECT post.id, post.title AS what, working.typed AS detail FROM working \
     CROSS JOIN post WHERE post.id = working.post_id ORDER BY working.post_id";

const VAIN: &str = "SELECT redirect.post_id AS id, redirect.path AS what, post.title AS detail FROM redirect \
     JOIN post ON post.id = redirect.post_id WHERE post.state = 'draft' AND post.trashed_at IS NULL \
     AND post.first_live_at IS NOT NULL";
const LEADS: &str = "SELECT id, path AS what, leads_to AS detail FROM path_redirect WHERE leads_to IS NOT NULL";
const TEXTS: &str = concat!(
    "SELECT post.id, post.title, post.path, post_text.html FROM post JOIN post_text ON post_text.post_id = post.id \
     WHERE post.id > $2 AND ",
    live!(),
    " ORDER BY post.id LIMIT $3"
);
const HTML: &str = "SELECT html FROM post_text WHERE post_id = $1";

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Finding {
    /// Whose row: a post's, a file's.
    pub id: i64,
    /// A title, a name, an address.
    pub what: String,
    /// More about it.
    pub detail: String,
}

/// A text that readers see.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SeenText {
    /// The post.
    pub id: PostId,
    /// Its title.
    pub title: String,
    /// Its path.
    pub path: String,
    /// What readers get.
    pub html: String,
}

impl Store {
    /// What the database finds wrong with itself: pages, indexes, the search index. Empty: nothing.
    pub async fn damage(&self) -> Result<Vec<String>> {
        let mut said: Vec<String> = sqlx::query_scalar(INTEGRITY).fetch_all(&self.readers).await?;
        said.retain(|line| line != "ok");
        Ok(said)
    }

    /// Tables in which so many rows refer to what is not there.
    pub async fn broken_references(&self) -> Result<Vec<(String, i64)>> {
        Ok(sqlx::query_as(BROKEN_REFERENCES).fetch_all(&self.readers).await?)
    }

    async fn found(&self, statement: &'static str) -> Result<Vec<Finding>> {
        Ok(sqlx::query_as(statement).fetch_all(&self.readers).await?)
    }

    /// Posts whose words are not in the search index.
    pub async fn unsearchable(&self) -> Result<Vec<Finding>> {
        self.found(UNSEARCHABLE).await
    }

    /// Posts with another number of comments than is kept with them: that, and the right one.
    pub async fn miscounted(&self) -> Result<Vec<Finding>> {
        self.found(MISCOUNTED).await
    }

    /// Comments that no thread leads to.
    pub async fn unthreaded(&self) -> Result<Vec<Finding>> {
        self.found(UNTHREADED).await
    }

    /// Puts them at the top of their threads.
    pub async fn mend_rings(&self) -> Result<()> {
        let mut write = self.write().await?;
        while sqlx::query(TO_THE_TOP).execute(&mut *write).await?.rows_affected() > 0 {}
        write.commit(Change::Everything).await
    }

    /// How many months have another number of posts than is kept for them.
    pub async fn miscounted_months(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(MISDATED).fetch_one(&self.readers).await?)
    }

    /// Files of which a part is missing.
    pub async fn incomplete_files(&self) -> Result<Vec<Finding>> {
        self.found(INCOMPLETE).await
    }

    /// Files whose bytes are not those that were uploaded: all of them are read. `tell` hears how many were, and of how many.
    pub async fn altered_files(&self, tell: impl Fn(u64, u64)) -> Result<Vec<Finding>> {
        let files = self.found(FILES).await?;
        let (mut altered, all) = (Vec::new(), files.len() as u64);
        for (done, file) in (1..).zip(files) {
            if !self.is_as_uploaded(&file.detail).await? {
                altered.push(file);
            }
            tell(done, all);
        }
        Ok(altered)
    }

    /// Whether the bytes of a file are those that were uploaded: they are all read.
    pub async fn is_as_uploaded(&self, hash: &str) -> Result<bool> {
        let mut hashed = ContentHash::default();
        for position in 0.. {
            match self.media_part(hash, position).await {
                Ok(bytes) => hashed.add(&bytes),
                Err(Error::NotFound) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(hashed.finish() == hash)
    }

    /// Smaller widths of pictures that are missing, or a part of them is.
    pub async fn incomplete_variants(&self) -> Result<Vec<Finding>> {
        let mut found = self.found(INCOMPLETE_VARIANTS).await?;
        found.extend(self.absent_variants().await?);
        Ok(found)
    }

    /// Posts that show files which are not there, and people whose picture is not.
    pub async fn missing_files(&self) -> Result<Vec<Finding>> {
        let mut found = self.found(MISSING).await?;
        for statement in [MISSING_COVERS, MISSING_FACES, MISSING_BANNER] {
            found.extend(self.found(statement).await?);
        }
        Ok(found)
    }

    /// The HTML of all texts, by id from `after` on; none: that was the last.
    pub async fn all_texts(&self, after: i64) -> Result<Vec<Finding>> {
        Ok(sqlx::query_as(ALL_TEXTS).bind(after).bind(AT_ONCE).fetch_all(&self.readers).await?)
    }

    /// Whether it is noted that a post shows a file.
    pub async fn is_use_noted(&self, hash: &str, post: i64) -> Result<bool> {
        Ok(sqlx::query_scalar(IS_USED).bind(hash).bind(post).fetch_one(&self.readers).await?)
    }

    /// Texts without HTML, with their source: some have nothing in them to be shown.
    pub async fn undrawn(&self) -> Result<Vec<Finding>> {
        self.found(UNDRAWN).await
    }

    /// Has the text of a post drawn anew, with the notes of what it shows.
    pub async fn draw_anew(&self, post: i64) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(DRAW_ANEW).bind(post).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Earlier revisions, and what is typed beside posts, that cannot be read.
    pub async fn unreadable(&self) -> Result<Vec<Finding>> {
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let rows: Vec<(i64, String, Vec<u8>)> =
                sqlx::query_as(REVISIONS).bind(after).bind(AT_ONCE).fetch_all(&self.readers).await?;
            let Some((last, ..)) = rows.last() else { break };
            after = *last;
            for (id, title, typed) in rows {
                if revision::unpack(&typed).is_err() {
                    found.push(Finding { id, what: title, detail: format!("revision {id}") });
                }
            }
        }
        for working in self.found(WORKING).await? {
            if serde_json::from_str::<Typed>(&working.detail).is_err() {
                found.push(Finding { detail: "its unpublished changes".to_owned(), ..working });
            }
        }
        Ok(found)
    }

    /// Former addresses of posts that are drafts again; what is in the trash may be restored or is gone.
    pub async fn vain_addresses(&self) -> Result<Vec<Finding>> {
        self.found(VAIN).await
    }

    /// The owner's redirects to addresses of this blog.
    pub async fn local_redirects(&self) -> Result<Vec<Finding>> {
        self.found(LEADS).await
    }

    /// Texts that readers see, by id from `after` on; none: that was the last.
    pub async fn seen_texts(&self, after: PostId, now: Time) -> Result<Vec<SeenText>> {
        Ok(sqlx::query_as(TEXTS).bind(now).bind(after).bind(AT_ONCE).fetch_all(&self.readers).await?)
    }

    /// Makes every kept number anew.
    pub async fn recount(&self) -> Result<()> {
        let mut write = self.write().await?;
        for statement in [RECOUNT, FORGET_MONTHS, COUNT_MONTHS] {
            sqlx::query(statement).execute(&mut *write).await?;
        }
        write.commit(Change::Everything).await
    }

    /// Makes the search index anew out of what is in it, and forgets posts that are not there any more.
    pub async fn rebuild_search(&self) -> Result<()> {
        let mut write = self.write().await?;
        for statement in REBUILD.into_iter().chain(STRAY_WORDS) {
            sqlx::query(statement).execute(&mut *write).await?;
        }
        write.commit(Change::Nothing).await
    }

    /// The HTML of a post.
    pub async fn html_of(&self, post: PostId) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(HTML).bind(post).fetch_optional(&self.readers).await?)
    }

    /// Puts a post that is missing there into the search index, with the words of its text.
    pub async fn make_searchable(&self, post: PostId, words: &str) -> Result<()> {
        let mut write = self.write().await?;
        for statement in FORGET_WORDS {
            sqlx::query(statement).bind(post).execute(&mut *write).await?;
        }
        sqlx::query(ADD_WORDS).bind(post).bind(words.to_owned()).execute(&mut *write).await?;
        sqlx::query(ADD_HEADING).bind(post).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Has a smaller width of a picture (`HASH/WIDTH`) made anew by the next server.
    pub async fn remake_variant(&self, media: i64, file: &str) -> Result<()> {
        let mut write = self.write().await?;
        for statement in [DROP_VARIANT, DROP_PARTS] {
            sqlx::query(statement).bind(file.to_owned()).execute(&mut *write).await?;
        }
        sqlx::query(UNMADE).bind(media).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

#[cfg(test)]
statements!(
    UNSEARCHABLE,
    STRAY_WORDS,
    REBUILD,
    FORGET_WORDS,
    ADD_WORDS,
    ADD_HEADING,
    MISCOUNTED,
    RECOUNT,
    MISDATED,
    FORGET_MONTHS,
    COUNT_MONTHS,
    UNTHREADED,
    TO_THE_TOP,
    INCOMPLETE,
    FILES,
    INCOMPLETE_VARIANTS,
    UNMADE,
    DROP_VARIANT,
    DROP_PARTS,
    MISSING,
    MISSING_FACES,
    MISSING_BANNER,
    MISSING_COVERS,
    ALL_TEXTS,
    IS_USED,
    UNDRAWN,
    DRAW_ANEW,
    REVISIONS,
    WORKING,
    VAIN,
    LEADS,
    TEXTS,
    HTML,
);
