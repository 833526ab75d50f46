//! Posts and pages as editors ask for them, in every state.

use sqlx::SqliteConnection;

use super::{Store, audit, reader_post::meta_columns};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::{PostId, UserId},
        listing::{From, Listing},
        post::{PostKind, PostRow, PostState, StoredPost},
        queue::By,
        search::Term,
        time::Time,
    },
};

/// Lines to a page of the admin's lists.
pub const ROWS: usize = 50;

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
    /// Only drafts that were handed in.
    pub submitted: bool,
}

impl PostFilter {
    /// All of a kind.
    pub fn of(kind: PostKind) -> Self {
        Self { kind, state: None, terms: None, author: None, submitted: false }
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
           WHERE post_author.post_id = post.id ORDER BY post_author.position)) AS authors "
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
/// Rows among a few that were found some other way.
macro_rules! found {
    ($with:literal) => {
        rows!(
            concat!($with, row_columns!(), "FROM found CROSS JOIN post"),
            "post.id = found.id AND CASE coalesce($7, 'any') WHEN 'any' THEN post.trashed_at IS NULL \
             WHEN 'trash' THEN post.trashed_at IS NOT NULL \
             WHEN 'draft' THEN post.trashed_at IS NULL AND post.state = 'draft' \
             WHEN 'scheduled' THEN post.trashed_at IS NULL AND post.state = 'published' AND post.published_at > $1 \
             ELSE post.trashed_at IS NULL AND post.state = 'published' AND post.published_at <= $1 END",
            "coalesce(post.published_at, post.saved_at)"
        )
    };
}
const ROWS_SUBMITTED: [&str; 2] = rows!(
    concat!(row_columns!(), "FROM post"),
    "post.submitted_at IS NOT NULL AND post.state = 'draft' AND post.trashed_at IS NULL AND $1 = $1",
    "coalesce(post.published_at, post.saved_at)"
);
/// `$6` the author or NULL, `$7` the state or NULL, `$8` an FTS5 expression. Among the thousand that match and were made last.
const ROWS_FOUND: [&str; 2] = found!(
    "WITH found AS MATERIALIZED (SELECT rowid AS id FROM post_search WHERE post_search MATCH $8 \
     AND ($6 IS NULL OR EXISTS (SELECT 1 FROM post_author WHERE post_id = post_search.rowid AND user_id = $6)) \
     ORDER BY rowid DESC LIMIT 1000) "
);
const ROWS_OWN: [&str; 2] =
    found!("WITH found AS MATERIALIZED (SELECT post_id AS id FROM post_author WHERE user_id = $6) ");

const COUNT_SUBMITTED: &str =
    "SELECT count(*) FROM post WHERE submitted_at IS NOT NULL AND state = 'draft' AND trashed_at IS NULL";
const HAND_IN: &str =
    "UPDATE post SET submitted_at = $2 WHERE id = $1 AND state = 'draft' AND trashed_at IS NULL RETURNING title";

/// A range of the index of slugs: `$1` the beginning; no slug has a sign beyond `z`.
const TAGS_LIKE: &str = "SELECT name FROM tag WHERE slug >= $1 AND slug < $1 || '{' AND ($3 IS NULL OR EXISTS \
     (SELECT 1 FROM post_tag WHERE post_tag.tag_id = tag.id AND post_tag.listed_at <= $3)) ORDER BY slug LIMIT $2";

impl Store {
    /// One post with everything that its form shows.
    pub async fn stored_post(&self, id: PostId) -> Result<Option<StoredPost>> {
        Ok(sqlx::query_as(STORED).bind(id).fetch_optional(&self.readers).await?)
    }

    /// How many drafts were handed in.
    pub async fn submitted_posts(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(COUNT_SUBMITTED).fetch_one(&self.readers).await?)
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

    /// A slice of the admin's list, newest first.
    pub async fn post_rows(&self, filter: &PostFilter, from: From, now: Time) -> Result<Listing<PostRow>> {
        let statements = match (&filter.terms, filter.state) {
            (Some(_), _) => ROWS_FOUND,
            (None, _) if filter.author.is_some() => ROWS_OWN,
            (None, _) if filter.submitted => ROWS_SUBMITTED,
            (None, None) => ROWS_KEPT,
            (None, Some(PostState::Draft)) => ROWS_DRAFT,
            (None, Some(PostState::Scheduled)) => ROWS_SCHEDULED,
            (None, Some(PostState::Published)) => ROWS_PUBLISHED,
            (None, Some(PostState::Trash)) => ROWS_TRASH,
        };
        let end = if filter.state == Some(PostState::Published) { now } else { Time(i64::MAX) };
        let cursor = from.cursor(end);
        let mut rows = sqlx::query_as(statements[usize::from(from.is_upwards())])
            .bind(now)
            .bind(filter.kind)
            .bind(cursor.at)
            .bind(cursor.id)
            .bind(ROWS as i64 + 1);
        if filter.terms.is_some() || filter.author.is_some() {
            rows = rows.bind(filter.author).bind(filter.state.map(PostState::as_str));
        }
        if let Some(terms) = &filter.terms {
            let (expression, _) = self.expression(terms).await?;
            rows = rows.bind(expression);
        }
        Ok(Listing::new(rows.fetch_all(&self.readers).await?, from, ROWS, PostRow::cursor))
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
    ROWS_OWN,
    COUNT_SUBMITTED,
    HAND_IN,
    TAGS_LIKE
);
