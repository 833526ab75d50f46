//! What whoever wrote a comment does with it, by the secret that they were given.

use super::{Store, check, judge, moderate::discard, wish};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        comment::{CommentState, EditedComment, OwnComment},
        ids::{CommentId, PostId},
        time::Time,
    },
};

/// The comment that a secret opens: the one that its author was given, or one that was mailed to them since.
macro_rules! opened {
    ($columns:literal) => {
        concat!(
            $columns,
            " FROM comment WHERE comment.secret_hash IS NOT NULL AND comment.id = coalesce(\
             (SELECT given.id FROM comment AS given WHERE given.secret_hash = $1), \
             (SELECT link.comment_id FROM link WHERE link.token_hash = $1 AND link.act = 'own' \
             AND link.expires_at > $2))"
        )
    };
}
const OWN: &str = opened!(
    "SELECT comment.id, comment.post_id, comment.parent_id, comment.state, comment.name, comment.email, \
                   comment.website, comment.source, comment.network, comment.html, comment.created_at, \
                   comment.edited_at, \
                   EXISTS (SELECT 1 FROM comment AS reply WHERE reply.parent_id = comment.id) AS has_replies"
);
const KEEP_REVISION: &str = "INSERT INTO comment_revision (comment_id, source, html, replaced_at) \
                             SELECT id, source, html, $2 FROM comment WHERE id = $1";
/// Not where the same words stand in the thread already, or where a moderator has decided otherwise meanwhile.
const EDIT: &str = "UPDATE comment SET source = $2, html = $3, digest = $4, state = $5, reason = $6, \
                    edited_at = coalesce($7, edited_at) WHERE id = $1 AND state = $8 AND NOT EXISTS \
                    (SELECT 1 FROM comment AS other WHERE other.post_id = comment.post_id AND other.digest = $4 AND \
                    other.digest IS NOT NULL AND other.id <> comment.id)";
const IS_STILL: &str = "SELECT count(*) FROM comment WHERE id = $1 AND state = $2";
const FORGET_WISHES: &str = "DELETE FROM subscription WHERE comment_id = $1";
const POST: &str = opened!("SELECT comment.id, comment.post_id, comment.state");

impl Store {
    /// The comment that this secret opens.
    pub async fn own_comment(&self, secret_hash: &str, now: Time) -> Result<Option<OwnComment>> {
        Ok(sqlx::query_as(OWN).bind(secret_hash).bind(now).fetch_optional(&self.readers).await?)
    }

    /// Puts other words in the place of a comment's. `false`: the same words stand in its thread already.
    /// [`Error::NotFound`] where it is not what was judged any more.
    pub async fn edit_comment(&self, id: CommentId, post: PostId, edited: &EditedComment, now: Time) -> Result<bool> {
        let mut write = self.write().await?;
        if edited.is_marked {
            sqlx::query(KEEP_REVISION).bind(id).bind(now).execute(&mut *write).await?;
        }
        // What a moderator decided, they decided about the old words.
        judge::forget(&mut write, id, now).await?;
        check::withdraw(&mut write, id).await?;
        let done = sqlx::query(EDIT)
            .bind(id)
            .bind(edited.source.clone())
            .bind(edited.html.clone())
            .bind(edited.digest)
            .bind(edited.state)
            .bind(edited.reason.clone())
            .bind(edited.is_marked.then_some(now))
            .bind(edited.before)
            .execute(&mut *write)
            .await?;
        if done.rows_affected() == 0 {
            let still: i64 = sqlx::query_scalar(IS_STILL).bind(id).bind(edited.before).fetch_one(&mut *write).await?;
            return if still == 0 { Err(Error::NotFound) } else { Ok(false) };
        }
        check::queue(&mut write, id, edited.state, &edited.reason, now).await?;
        if edited.before != edited.state {
            // Nothing is learned from it: no moderator decided.
            wish::follow(&mut write, id, Some(edited.before), edited.state, now).await?;
        }
        write.commit(Change::Thread(post)).await?;
        Ok(true)
    }

    /// Removes the comment that this secret opens; gives its post. [`Error::NotFound`] where it opens none.
    pub async fn delete_own_comment(&self, secret_hash: &str, now: Time) -> Result<PostId> {
        let mut write = self.write().await?;
        let found: Option<(CommentId, PostId, CommentState)> =
            sqlx::query_as(POST).bind(secret_hash).bind(now).fetch_optional(&mut *write).await?;
        let (id, post, state) = found.ok_or(Error::NotFound)?;
        // Nobody is told of what they do themselves.
        sqlx::query(FORGET_WISHES).bind(id).execute(&mut *write).await?;
        discard(&mut write, id, state, now).await?;
        let change = if state == CommentState::Approved { Change::Thread(post) } else { Change::Nothing };
        write.commit(change).await?;
        Ok(post)
    }
}

#[cfg(test)]
statements!(OWN, KEEP_REVISION, EDIT, IS_STILL, FORGET_WISHES, POST);
