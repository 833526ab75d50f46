//! What the blog's people do to a conversation: pin a comment, close it, move a thread elsewhere, mend a text.

use super::{Store, audit, check, comment::moderated_columns};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::{CommentId, PostId},
        post::PostComments,
        queue::{By, DeskComment, Revision},
    },
};

const PIN: &str = "UPDATE comment SET pinned_at = $2 WHERE id = $1 AND parent_id IS NULL AND state = 'approved' \
                   RETURNING post_id";
const SET_THREAD: &str = "UPDATE post SET comments = $2, \
     hides_thread = CASE WHEN $2 = 'open' THEN 0 ELSE hides_thread END WHERE id = $1 RETURNING id, title";
const POST_OF: &str = "SELECT post_id FROM comment WHERE id = $1";
const POST_AT: &str = "SELECT id FROM post WHERE path = $1 AND trashed_at IS NULL";
/// The digest tells what was sent twice to one post; what was moved there was sent elsewhere.
const MOVE: &str = "WITH RECURSIVE thread (id) AS (SELECT $1 UNION SELECT comment.id FROM thread CROSS JOIN comment \
                    WHERE comment.parent_id = thread.id) \
                    UPDATE comment SET post_id = $2, digest = NULL, pinned_at = NULL, \
                    parent_id = CASE id WHEN $1 THEN NULL ELSE parent_id END WHERE id IN (SELECT id FROM thread)";

const DESK_COMMENT: &str = concat!(
    moderated_columns!(),
    ", comment.source, CASE WHEN comment.trashed_at IS NOT NULL THEN 'trash' WHEN comment.state <> 'deleted' \
     THEN comment.state END AS shelf FROM comment CROSS JOIN post WHERE post.id = comment.post_id AND comment.id = $1"
);
const REVISIONS: &str = "SELECT comment_revision.html, comment_revision.replaced_at, user.name AS user_name \
                         FROM comment_revision LEFT JOIN user ON user.id = comment_revision.user_id \
                         WHERE comment_revision.comment_id = $1 ORDER BY comment_revision.id DESC LIMIT 50";
const KEEP_REVISION: &str = "INSERT INTO comment_revision (comment_id, source, html, user_id, replaced_at) \
                             SELECT id, source, html, $2, $3 FROM comment WHERE id = $1 AND state <> 'deleted'";
/// It is no longer what was sent, and no longer tells what was sent twice.
const MEND: &str = "UPDATE comment SET source = $2, html = $3, edited_at = $4, digest = NULL \
                    WHERE id = $1 AND state <> 'deleted' RETURNING post_id";

impl Store {
    /// A comment with what its page at the desk shows.
    pub async fn desk_comment(&self, id: CommentId) -> Result<Option<DeskComment>> {
        Ok(sqlx::query_as(DESK_COMMENT).bind(id).fetch_optional(&self.readers).await?)
    }

    /// What a comment said before, the latest first.
    pub async fn revisions(&self, id: CommentId) -> Result<Vec<Revision>> {
        Ok(sqlx::query_as(REVISIONS).bind(id).fetch_all(&self.readers).await?)
    }

    /// Puts other words in the place of somebody's, marked, and keeps what it said before. [`Error::NotFound`] when it is
    /// gone or in the trash.
    pub async fn mend_comment(&self, id: CommentId, source: &str, html: &str, by: By) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(KEEP_REVISION).bind(id).bind(by.user).bind(by.now).execute(&mut *write).await?;
        let mend = sqlx::query_scalar(MEND).bind(id).bind(source.to_owned()).bind(html.to_owned()).bind(by.now);
        let post: PostId = mend.fetch_optional(&mut *write).await?.ok_or(Error::NotFound)?;
        // Whoever mends it has looked at it: an answer about the old words would decide about these.
        check::withdraw(&mut write, id).await?;
        audit::note(&mut write, by.user, "comment-edit", &format!("#{id}"), by.now).await?;
        write.commit(Change::Thread(post)).await
    }

    /// Lets a comment stand first in its thread (`true`) or in its turn. [`Error::NotFound`] unless readers see it and it
    /// answers no other.
    pub async fn pin_comment(&self, id: CommentId, is_pinned: bool, by: By) -> Result<()> {
        let mut write = self.write().await?;
        let pin = sqlx::query_scalar(PIN).bind(id).bind(is_pinned.then_some(by.now));
        let post: PostId = pin.fetch_optional(&mut *write).await?.ok_or(Error::NotFound)?;
        let act = if is_pinned { "comment-pin" } else { "comment-unpin" };
        audit::note(&mut write, by.user, act, &format!("#{id}"), by.now).await?;
        write.commit(Change::Thread(post)).await
    }

    /// Opens or closes the thread of a post.
    pub async fn set_thread(&self, post: PostId, comments: PostComments, by: By) -> Result<()> {
        let mut write = self.write().await?;
        let set = sqlx::query_as(SET_THREAD).bind(post).bind(comments.columns().0);
        let (post, title): (PostId, String) = set.fetch_optional(&mut *write).await?.ok_or(Error::NotFound)?;
        let act = if comments == PostComments::Open { "thread-open" } else { "thread-close" };
        audit::note(&mut write, by.user, act, &title, by.now).await?;
        write.commit(Change::Thread(post)).await
    }

    /// The post or page at a path, unless it is in the trash.
    pub async fn post_at(&self, path: &str) -> Result<Option<PostId>> {
        Ok(sqlx::query_scalar(POST_AT).bind(path.to_owned()).fetch_optional(&self.readers).await?)
    }

    /// Moves a comment with everything that answers it to another post, where it answers nothing.
    pub async fn move_thread(&self, id: CommentId, to: PostId, by: By) -> Result<()> {
        let mut write = self.write().await?;
        let from: Option<PostId> = sqlx::query_scalar(POST_OF).bind(id).fetch_optional(&mut *write).await?;
        let from = from.ok_or(Error::NotFound)?;
        sqlx::query(MOVE).bind(id).bind(to).execute(&mut *write).await?;
        audit::note(&mut write, by.user, "comment-move", &format!("#{id}"), by.now).await?;
        write.commit(Change::Threads(vec![from, to])).await
    }
}

#[cfg(test)]
statements!(PIN, SET_THREAD, POST_OF, POST_AT, MOVE, DESK_COMMENT, REVISIONS, KEEP_REVISION, MEND);
