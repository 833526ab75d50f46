//! What the blog's people do to a conversation: pin a comment, close it, move a thread elsewhere, mend a text.

use super::Store;
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::{CommentId, PostId},
        post::PostComments,
        time::Time,
    },
};

const PIN: &str = "UPDATE comment SET pinned_at = $2 WHERE id = $1 AND parent_id IS NULL AND state = 'approved' \
                   RETURNING post_id";
const SET_THREAD: &str = "UPDATE post SET comments = $2 WHERE id = $1 RETURNING id";
const POST_OF: &str = "SELECT post_id FROM comment WHERE id = $1";
const POST_AT: &str = "SELECT id FROM post WHERE path = $1 AND trashed_at IS NULL";
/// The digest tells what was sent twice to one post; what was moved there was sent elsewhere.
const MOVE: &str = "WITH RECURSIVE thread (id) AS (SELECT $1 UNION SELECT comment.id FROM thread CROSS JOIN comment \
                    WHERE comment.parent_id = thread.id) \
                    UPDATE comment SET post_id = $2, digest = NULL, pinned_at = NULL, \
                    parent_id = CASE id WHEN $1 THEN NULL ELSE parent_id END WHERE id IN (SELECT id FROM thread)";

impl Store {
    /// Lets a comment stand first in its thread (`true`) or in its turn. [`Error::NotFound`] unless readers see it and it
    /// answers no other.
    pub async fn pin_comment(&self, id: CommentId, is_pinned: bool, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        let pin = sqlx::query_scalar(PIN).bind(id).bind(is_pinned.then_some(now));
        let post: PostId = pin.fetch_optional(&mut *write).await?.ok_or(Error::NotFound)?;
        write.commit(Change::Thread(post)).await
    }

    /// Opens or closes the thread of a post.
    pub async fn set_thread(&self, post: PostId, comments: PostComments) -> Result<()> {
        let mut write = self.write().await?;
        let set = sqlx::query_scalar(SET_THREAD).bind(post).bind(comments);
        let post: PostId = set.fetch_optional(&mut *write).await?.ok_or(Error::NotFound)?;
        write.commit(Change::Thread(post)).await
    }

    /// The post or page at a path, unless it is in the trash.
    pub async fn post_at(&self, path: &str) -> Result<Option<PostId>> {
        Ok(sqlx::query_scalar(POST_AT).bind(path.to_owned()).fetch_optional(&self.readers).await?)
    }

    /// Moves a comment with everything that answers it to another post, where it answers nothing.
    pub async fn move_thread(&self, id: CommentId, to: PostId) -> Result<()> {
        let mut write = self.write().await?;
        let from: Option<PostId> = sqlx::query_scalar(POST_OF).bind(id).fetch_optional(&mut *write).await?;
        let from = from.ok_or(Error::NotFound)?;
        sqlx::query(MOVE).bind(id).bind(to).execute(&mut *write).await?;
        write.commit(Change::Threads(vec![from, to])).await
    }
}

#[cfg(test)]
statements!(PIN, SET_THREAD, POST_OF, POST_AT, MOVE);
