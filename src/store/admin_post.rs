//! Posts and pages as editors ask for them, in every state.

use sqlx::SqliteConnection;

use super::Store;
use crate::{
    error::Result,
    model::{
        ids::PostId,
        listing::Numbered,
        post::{PostKind, PostRow, PostState, StoredPost},
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
    /// Only those that match this FTS5 expression.
    pub expression: Option<String>,
}

macro_rules! stored {
    ($where:literal) => {
        concat!("SELECT post.id, post.uuid, post.kind, post.state = 'published' AS is_published, post.trashed_at, post.slug, \
     post.path, post.title, post.source, post.excerpt, post.comments, post.published_at, post.first_live_at, \
     post.version, post.saved_at, \
     (SELECT coalesce(json_group_array(name), '[]') FROM (SELECT tag.name FROM post_tag \
      JOIN tag ON tag.id = post_tag.tag_id WHERE post_tag.post_id = post.id ORDER BY post_tag.position)) AS tags \
     FROM post WHERE ", $where)
    };
}
const STORED: &str = stored!("post.id = $1");
const STORED_BY_UUID: &str = stored!("post.uuid = $1");

/// `$1` now, `$2` kind, `$3` state or NULL.
macro_rules! in_state {
    () => {
        "post.kind = $2 AND CASE coalesce($3, 'any') \
         WHEN 'any' THEN post.trashed_at IS NULL \
         WHEN 'trash' THEN post.trashed_at IS NOT NULL \
         WHEN 'draft' THEN post.trashed_at IS NULL AND post.state = 'draft' \
         WHEN 'scheduled' THEN post.trashed_at IS NULL AND post.state = 'published' AND post.published_at > $1 \
         ELSE post.trashed_at IS NULL AND post.state = 'published' AND post.published_at <= $1 END"
    };
}
macro_rules! rows {
    ($from:literal) => {
        concat!(
            "SELECT post.id, post.title, post.state = 'published' AS is_published, post.trashed_at, post.path, \
             post.published_at, post.saved_at, post.comment_count, \
             (SELECT coalesce(json_group_array(json_object('name', name, 'slug', slug)), '[]') FROM \
              (SELECT user.name, user.slug FROM post_author JOIN user ON user.id = post_author.user_id \
               WHERE post_author.post_id = post.id ORDER BY post_author.position)) AS authors FROM ",
            $from,
            " AND ",
            in_state!(),
            " ORDER BY coalesce(post.published_at, post.saved_at) DESC, post.id DESC LIMIT $4 OFFSET $5"
        )
    };
}
const ROWS_ALL: &str = rows!("post WHERE $6 IS NULL");
const ROWS_FOUND: &str = rows!("post_search JOIN post ON post.id = post_search.rowid WHERE post_search MATCH $6");

impl Store {
    /// One post with everything that its form shows.
    pub async fn stored_post(&self, id: PostId) -> Result<Option<StoredPost>> {
        Ok(sqlx::query_as(STORED).bind(id).fetch_optional(&self.readers).await?)
    }

    /// A slice of the admin's list, newest first; `page` from 1.
    pub async fn post_rows(&self, filter: &PostFilter, page: u32, now: Time) -> Result<Numbered<PostRow>> {
        let statement = if filter.expression.is_some() { ROWS_FOUND } else { ROWS_ALL };
        let rows = sqlx::query_as(statement)
            .bind(now)
            .bind(filter.kind)
            .bind(filter.state.map(PostState::as_str))
            .bind(ROWS as i64 + 1)
            .bind(i64::from(page.saturating_sub(1)) * ROWS as i64)
            .bind(filter.expression.clone())
            .fetch_all(&self.readers)
            .await?;
        Ok(Numbered::new(rows, page, ROWS))
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
statements!(STORED, STORED_BY_UUID, ROWS_ALL, ROWS_FOUND);
