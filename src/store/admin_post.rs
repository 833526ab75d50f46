//! Posts and pages as editors ask for them, in every state.

use sqlx::SqliteConnection;

use super::{Store, audit, reader_post::meta_columns};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::{PostId, TagId, UserId},
        listing::{Cursor, From, Listing},
        post::{PostKind, PostRow, PostState, StoredPost},
        queue::By,
        search::Term,
        time::Time,
    },
};

/// Lines to a page of the admin's lists.
pub const ROWS: usize = 50;
/// Which posts tell what tags are in use.
const LATELY: i64 = 2000;
/// So many tags are offered.
const MOST_TAGS: i64 = 300;

/// What the admin's list shows.
#[derive(Clone, Debug)]
pub struct PostFilter {
    /// Posts or pages.
    pub kind: PostKind,
    /// Only those in this state; `None`: all but the trash.
    pub state: Option<PostState>,
    /// Only those that have all of these.
    pub terms: Option<Vec<Term>>,
    /// Only those of this author.
    pub author: Option<UserId>,
    /// Only those with this tag.
    pub tag: Option<TagId>,
    /// Only drafts that were handed in.
    pub submitted: bool,
    /// Only those that an import could not bring as a whole.
    pub original: bool,
    /// Oldest first.
    pub is_oldest_first: bool,
    /// So many at most.
    pub size: usize,
}

impl PostFilter {
    /// All of a kind.
    pub fn of(kind: PostKind) -> Self {
        Self {
            kind,
            state: None,
            terms: None,
            author: None,
            tag: None,
            submitted: false,
            original: false,
            is_oldest_first: false,
            size: ROWS,
        }
    }

    /// The name of the state that is asked for.
    fn word(&self) -> &'static str {
        match self.state {
            _ if self.submitted => "submitted",
            _ if self.original => "original",
            None => "any",
            Some(state) => state.as_str(),
        }
    }

    /// Where the list begins.
    fn start(&self, now: Time) -> Cursor {
        match (self.is_oldest_first, self.state) {
            (false, Some(PostState::Published)) => Cursor { at: now, id: i64::MAX },
            (false, _) => Cursor { at: Time(i64::MAX), id: i64::MAX },
            // What is published would stand before it.
            (true, Some(PostState::Scheduled)) => Cursor { at: now, id: i64::MAX },
            (true, _) => Cursor { at: Time(i64::MIN), id: i64::MIN },
        }
    }
}

macro_rules! stored {
    ($where:literal) => {
        concat!("SELECT post.id, post.uuid, post.kind, post.state = 'published' AS is_published, post.trashed_at, post.slug, \
     post.path, post.title, post_text.source, post_text.excerpt, post.published_at, post.first_live_at, \
     post.version, post.saved_at, post.submitted_at, ", meta_columns!(), ", \
     (SELECT coalesce(json_group_array(cast(user_id AS TEXT)), '[]') FROM (SELECT user_id FROM post_author \
      WHERE post_author.post_id = post.id ORDER BY post_author.position)) AS authors, \
     (SELECT coalesce(json_group_array(name), '[]') FROM (SELECT tag.name FROM post_tag \
      JOIN tag ON tag.id = post_tag.tag_id WHERE post_tag.post_id = post.id ORDER BY post_tag.position)) AS tags \
     FROM post JOIN post_text ON post_text.post_id = post.id WHERE ", $where)
    };
}
const STORED: &str = stored!("post.id = $1");
const STORED_BY_UUID: &str = stored!("post.uuid = $1");

/// Towards older ones and towards newer ones: `$1` now, `$2` kind, `$3`, `$4` the cursor, `$5` the limit. `$at` is spelled
/// as the index of the list has it; its bound stands twice, since SQLite looks an expression up by the plain one alone.
macro_rules! rows {
    ($from:expr, $which:literal, $at:literal) => {
        [rows!($from, $which, $at, "<", " DESC"), rows!($from, $which, $at, ">", "")]
    };
    ($from:expr, $which:literal, $at:literal, $beyond:literal, $order:literal) => {
        concat!(
            $from,
            " WHERE post.kind = $2 AND ",
            $which,
            " AND ",
            $at,
            " ",
            $beyond,
            "= $3 AND (",
            $at,
            ", post.id) ",
            $beyond,
            " ($3, $4) ORDER BY ",
            $at,
            $order,
            ", post.id",
            $order,
            " LIMIT $5"
        )
    };
}
macro_rules! row_columns {
    () => {
        "SELECT post.id, post.title, post.state = 'published' AS is_published, post.trashed_at, post.path, \
         post.published_at, post.saved_at, post.comment_count, post.submitted_at, \
         (SELECT coalesce(json_group_array(json_object('name', name, 'slug', slug)), '[]') FROM \
          (SELECT user.name, user.slug FROM post_author JOIN user ON user.id = post_author.user_id \
           WHERE post_author.post_id = post.id ORDER BY post_author.position)) AS authors, \
         (SELECT coalesce(json_group_array(name), '[]') FROM (SELECT tag.name FROM post_tag \
          JOIN tag ON tag.id = post_tag.tag_id WHERE post_tag.post_id = post.id ORDER BY post_tag.position)) AS tags "
    };
}
const ROWS_KEPT: [&str; 2] = rows!(
    concat!(row_columns!(), "FROM post"),
    "post.trashed_at IS NULL AND $1 = $1",
    "coalesce(post.published_at, post.saved_at)"
);
const ROWS_TRASH: [&str; 2] = rows!(
    concat!(row_columns!(), "FROM post"),
    "post.trashed_at IS NOT NULL AND $1 = $1",
    "coalesce(post.published_at, post.saved_at)"
);
const ROWS_DRAFT: [&str; 2] = rows!(
    concat!(row_columns!(), "FROM post"),
    "post.state = 'draft' AND post.trashed_at IS NULL AND $1 = $1",
    "coalesce(post.published_at, post.saved_at)"
);
const ROWS_SCHEDULED: [&str; 2] = rows!(
    concat!(row_columns!(), "FROM post"),
    "post.state = 'published' AND post.trashed_at IS NULL AND post.published_at > $1",
    "post.published_at"
);
/// The plus as in `live!`.
const ROWS_PUBLISHED: [&str; 2] = rows!(
    concat!(row_columns!(), "FROM post"),
    "post.state = 'published' AND post.trashed_at IS NULL AND +post.published_at <= $1",
    "post.published_at"
);
/// Rows among a few that were found some other way: `$6` the author or NULL, `$7` the word of a state.
macro_rules! found {
    ($with:expr, $beyond:literal, $order:literal) => {
        rows!(
            concat!($with, row_columns!(), "FROM found CROSS JOIN post"),
            "post.id = found.id AND CASE $7 WHEN 'any' THEN post.trashed_at IS NULL \
             WHEN 'trash' THEN post.trashed_at IS NOT NULL \
             WHEN 'draft' THEN post.trashed_at IS NULL AND post.state = 'draft' \
             WHEN 'original' THEN post.trashed_at IS NULL AND EXISTS \
             (SELECT 1 FROM import_original WHERE import_original.post_id = post.id) \
             WHEN 'submitted' THEN post.trashed_at IS NULL AND post.state = 'draft' AND post.submitted_at IS NOT NULL \
             WHEN 'scheduled' THEN post.trashed_at IS NULL AND post.state = 'published' AND post.published_at > $1 \
             ELSE post.trashed_at IS NULL AND post.state = 'published' AND post.published_at <= $1 END",
            "coalesce(post.published_at, post.saved_at)",
            $beyond,
            $order
        )
    };
}
/// Of a copy of publication dates (`listed_at`), as many of those that are listed as a page takes, and all that are not.
macro_rules! listed {
    ($table:literal, $which:literal, $beyond:literal, $order:literal) => {
        found!(
            concat!(
                "WITH found AS MATERIALIZED (SELECT id FROM (SELECT post_id AS id FROM ",
                $table,
                " AS listed WHERE ",
                $which,
                " AND (listed_at, post_id) ",
                $beyond,
                " ($3, $4) ORDER BY listed_at",
                $order,
                ", post_id",
                $order,
                " LIMIT $5) UNION ALL SELECT post_id FROM ",
                $table,
                " AS listed WHERE ",
                $which,
                " AND listed_at IS NULL) "
            ),
            $beyond,
            $order
        )
    };
}
macro_rules! tagged {
    ($beyond:literal, $order:literal) => {
        listed!(
            "post_tag",
            "tag_id = $8 AND ($6 IS NULL OR EXISTS (SELECT 1 FROM post_author \
             WHERE post_author.post_id = listed.post_id AND post_author.user_id = $6))",
            $beyond,
            $order
        )
    };
}
/// Among the thousand that match and were made last: `$8` the tag or NULL, `$9` an FTS5 expression.
macro_rules! matching {
    ($beyond:literal, $order:literal) => {
        found!(
            "WITH found AS MATERIALIZED (SELECT rowid AS id FROM post_search WHERE post_search MATCH $9 \
             AND ($6 IS NULL OR EXISTS (SELECT 1 FROM post_author WHERE post_id = post_search.rowid AND user_id = $6)) \
             AND ($8 IS NULL OR EXISTS (SELECT 1 FROM post_tag WHERE post_id = post_search.rowid AND tag_id = $8)) \
             ORDER BY rowid DESC LIMIT 1000) ",
            $beyond,
            $order
        )
    };
}
const ROWS_SUBMITTED: [&str; 2] = rows!(
    concat!(row_columns!(), "FROM post"),
    "post.submitted_at IS NOT NULL AND post.state = 'draft' AND post.trashed_at IS NULL AND $1 = $1",
    "coalesce(post.published_at, post.saved_at)"
);
const ROWS_ORIGINAL: [&str; 2] = rows!(
    concat!(row_columns!(), "FROM post"),
    "post.trashed_at IS NULL AND $1 = $1 AND EXISTS (SELECT 1 FROM import_original WHERE import_original.post_id = post.id)",
    "coalesce(post.published_at, post.saved_at)"
);
const ROWS_FOUND: [&str; 2] = [matching!("<", " DESC"), matching!(">", "")];
const ROWS_TAGGED: [&str; 2] = [tagged!("<", " DESC"), tagged!(">", "")];
const ROWS_OWN: [&str; 2] =
    [listed!("post_author", "user_id = $6", "<", " DESC"), listed!("post_author", "user_id = $6", ">", "")];

const HAS_ORIGINALS: &str = "SELECT post_id FROM import_original WHERE post_id > 0 LIMIT 1";
const COUNT_SUBMITTED: &str =
    "SELECT count(*) FROM post WHERE submitted_at IS NOT NULL AND state = 'draft' AND trashed_at IS NULL";
const HAND_IN: &str =
    "UPDATE post SET submitted_at = $2 WHERE id = $1 AND state = 'draft' AND trashed_at IS NULL RETURNING title";

/// A range of the index of slugs: `$1` the beginning; no slug has a sign beyond `z`.
const TAGS_LIKE: &str = "SELECT name FROM tag WHERE slug >= $1 AND slug < $1 || '{' AND ($3 IS NULL OR EXISTS \
     (SELECT 1 FROM post_tag WHERE post_tag.tag_id = tag.id AND post_tag.listed_at <= $3)) ORDER BY slug LIMIT $2";
/// Among the `$1` posts that were made last; the plus, so that SQLite looks at them and not at all tags in their order.
const KNOWN_TAGS: &str = "SELECT tag.name FROM (SELECT tag_id, count(*) AS posts FROM post_tag \
     WHERE post_id > (SELECT max(id) FROM post) - $1 AND ($3 IS NULL OR listed_at <= $3) GROUP BY +tag_id ORDER BY posts DESC, tag_id LIMIT $2) AS known \
     CROSS JOIN tag WHERE tag.id = known.tag_id ORDER BY tag.slug";

impl Store {
    /// One post with everything that its form shows.
    pub async fn stored_post(&self, id: PostId) -> Result<Option<StoredPost>> {
        Ok(sqlx::query_as(STORED).bind(id).fetch_optional(&self.readers).await?)
    }

    /// How many drafts were handed in.
    pub async fn submitted_posts(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(COUNT_SUBMITTED).fetch_one(&self.readers).await?)
    }

    /// Whether of any post the original is kept that an import could not bring as a whole.
    pub async fn has_originals(&self) -> Result<bool> {
        let one: Option<PostId> = sqlx::query_scalar(HAS_ORIGINALS).fetch_optional(&self.readers).await?;
        Ok(one.is_some())
    }

    /// Hands a draft in (`true`), or takes it back.
    pub async fn hand_in(&self, id: PostId, is_in: bool, by: By) -> Result<()> {
        let mut write = self.write().await?;
        let hand_in = sqlx::query_scalar(HAND_IN).bind(id).bind(is_in.then_some(by.now));
        let title: Option<String> = hand_in.fetch_optional(&mut *write).await?;
        if let Some(title) = title {
            let act = if is_in { "hand-in" } else { "take-back" };
            audit::note(&mut write, by.user, act, &title, by.now).await?;
        }
        write.commit(Change::Nothing).await
    }

    /// The post that a form made before.
    pub async fn post_named(&self, uuid: &str) -> Result<Option<StoredPost>> {
        Ok(sqlx::query_as(STORED_BY_UUID).bind(uuid).fetch_optional(&self.readers).await?)
    }

    /// A slice of the admin's list. In a list that begins with the oldest, `newer` and `older` still mean what they say.
    pub async fn post_rows(&self, filter: &PostFilter, from: From, now: Time) -> Result<Listing<PostRow>> {
        let statements = match filter.state {
            _ if filter.terms.is_some() => ROWS_FOUND,
            _ if filter.tag.is_some() => ROWS_TAGGED,
            _ if filter.author.is_some() => ROWS_OWN,
            _ if filter.submitted => ROWS_SUBMITTED,
            _ if filter.original => ROWS_ORIGINAL,
            None => ROWS_KEPT,
            Some(PostState::Draft) => ROWS_DRAFT,
            Some(PostState::Scheduled) => ROWS_SCHEDULED,
            Some(PostState::Published) => ROWS_PUBLISHED,
            Some(PostState::Trash) => ROWS_TRASH,
        };
        let from = if filter.is_oldest_first { from.mirrored() } else { from };
        let cursor = match from {
            From::Newest => filter.start(now),
            From::OlderThan(cursor) | From::NewerThan(cursor) => cursor,
        };
        let mut rows = sqlx::query_as(statements[usize::from(from.is_upwards() != filter.is_oldest_first)])
            .bind(now)
            .bind(filter.kind)
            .bind(cursor.at)
            .bind(cursor.id)
            .bind(filter.size as i64 + 1);
        if filter.terms.is_some() || filter.tag.is_some() || filter.author.is_some() {
            rows = rows.bind(filter.author).bind(filter.word());
        }
        if filter.terms.is_some() || filter.tag.is_some() {
            rows = rows.bind(filter.tag);
        }
        if let Some(terms) = &filter.terms {
            let (expression, _) = self.expression(terms).await?;
            rows = rows.bind(expression);
        }
        let listing = Listing::new(rows.fetch_all(&self.readers).await?, from, filter.size, PostRow::cursor);
        Ok(if filter.is_oldest_first { listing.mirrored() } else { listing })
    }

    /// Names of the tags that are most used of late; only of what readers saw by then, if a time is given.
    pub async fn known_tags(&self, seen: Option<Time>) -> Result<Vec<String>> {
        let tags = sqlx::query_scalar(KNOWN_TAGS).bind(LATELY).bind(MOST_TAGS).bind(seen);
        Ok(tags.fetch_all(&self.readers).await?)
    }

    /// Names of the tags whose slugs begin so, in their order; only those that readers saw by then, if a time is given.
    pub async fn tags_like(&self, beginning: &str, most: usize, seen: Option<Time>) -> Result<Vec<String>> {
        let tags = sqlx::query_scalar(TAGS_LIKE).bind(beginning).bind(most as i64).bind(seen);
        Ok(tags.fetch_all(&self.readers).await?)
    }
}

/// Within a transaction that is about to change it.
pub(super) async fn stored_post(write: &mut SqliteConnection, id: PostId) -> Result<Option<StoredPost>> {
    Ok(sqlx::query_as(STORED).bind(id).fetch_optional(write).await?)
}

/// Whether a form that makes a post was sent before.
pub(super) async fn stored_post_by_uuid(write: &mut SqliteConnection, uuid: &str) -> Result<Option<StoredPost>> {
    Ok(sqlx::query_as(STORED_BY_UUID).bind(uuid).fetch_optional(write).await?)
}

#[cfg(test)]
statements!(
    STORED,
    STORED_BY_UUID,
    ROWS_KEPT,
    ROWS_TRASH,
    ROWS_DRAFT,
    ROWS_SCHEDULED,
    ROWS_PUBLISHED,
    ROWS_FOUND,
    ROWS_SUBMITTED,
    ROWS_ORIGINAL,
    ROWS_TAGGED,
    ROWS_OWN,
    KNOWN_TAGS,
    HAS_ORIGINALS,
    COUNT_SUBMITTED,
    HAND_IN,
    TAGS_LIKE
);
