//! Comments: the thread, and who adds to it. The count that stands on the post follows by itself, by triggers.

use super::{Store, check, judge, reader_post::live, wish, write::Write};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        comment::{Comment, CommentState, FeedComment, ModeratedComment, NewComment},
        ids::{CommentId, PostId},
        time::Time,
    },
};

/// The words of what readers may not see stay in the database.
macro_rules! comment_columns {
    () => {
        "SELECT comment.id, comment.uuid, comment.parent_id, comment.state = 'approved' AS is_approved, \
         comment.user_id IS NOT NULL AS is_own, comment.state = 'approved' AND comment.pinned_at IS NOT NULL AS is_pinned, \
         CASE comment.state WHEN 'approved' THEN comment.name ELSE '' END AS name, \
         CASE comment.state WHEN 'approved' THEN comment.website END AS website, \
         CASE comment.state WHEN 'approved' THEN comment.html ELSE '' END AS html, comment.created_at, \
         comment.edited_at"
    };
}
/// Every comment has a time: that it is asked for leads to the index of what readers see, however much else was sent to the post.
macro_rules! thread {
    ($columns:expr) => {
        thread!($columns, $columns)
    };
    ($seen:expr, $blanks:expr) => {
        concat!(
            $seen,
            " FROM comment WHERE comment.post_id = $1 AND comment.state = 'approved' UNION ALL ",
            $blanks,
            " FROM comment WHERE comment.id IN (SELECT reply.parent_id FROM comment AS reply WHERE reply.post_id = $1 AND \
             reply.state = 'approved' AND reply.created_at > -9223372036854775807) AND comment.state <> 'approved' ORDER BY created_at, id"
        )
    };
}
/// What readers see, and blanks for what they do not see but may read replies to.
const THREAD: &str = thread!(comment_columns!());
/// The same without the words, as one value, and of what readers see out of the index alone: a long thread costs a fraction of
/// what it does row by row.
pub(super) const NODES: &str = concat!(
    "SELECT coalesce(json_group_array(json_array(id, parent_id, is_pinned, created_at)), '[]') FROM (",
    thread!(
        "SELECT comment.id, comment.parent_id, comment.pinned_at IS NOT NULL AS is_pinned, comment.created_at AS created_at",
        "SELECT comment.id, comment.parent_id, 0 AS is_pinned, comment.created_at AS created_at"
    ),
    ")"
);
const SOME: &str =
    concat!(comment_columns!(), " FROM json_each($1) AS wanted JOIN comment ON comment.id = wanted.value");
macro_rules! feed {
    ($where:literal) => {
        concat!(
            comment_columns!(),
            ", post.uuid AS post_uuid, post.path AS post_path, post.title AS post_title, \
             (SELECT parent.uuid FROM comment AS parent WHERE parent.id = comment.parent_id AND \
              parent.state = 'approved') AS parent_uuid \
             FROM comment CROSS JOIN post WHERE post.id = comment.post_id AND comment.state = 'approved' AND post.hides_thread = 0 AND ",
            $where,
            live!(),
            " ORDER BY comment.created_at DESC, comment.id DESC LIMIT $2"
        )
    };
}
const FEED_ALL: &str = feed!("$3 IS NULL AND ");
const FEED_POST: &str = feed!("comment.post_id = $3 AND ");
const TO_REPLY: &str = concat!(
    comment_columns!(),
    ", comment.post_id AS post_id FROM comment JOIN post ON post.id = comment.post_id \
     WHERE comment.id = $2 AND comment.state = 'approved' AND ",
    live!()
);
/// Whether readers may comment: the thread is open, and the post not older than the owner lets posts be talked about.
macro_rules! takes_comments {
    () => {
        "(post.comments = 'open' AND (post.kind <> 'post' OR coalesce($1 < post.published_at + 86400000 * \
         (SELECT close_after_days FROM settings WHERE id = 1 AND close_after_days > 0), TRUE)))"
    };
}
const IS_OPEN: &str = concat!("SELECT ", takes_comments!(), " FROM post WHERE post.id = $2 AND ", live!());
/// What somebody of the blog answers is shown.
const SHOW: &str = "UPDATE comment SET state = 'approved' WHERE id = $1";
const PARENT: &str = "SELECT state FROM comment WHERE id = $1 AND post_id = $2";
/// Adds nothing where the post is not live, its thread is closed, or the same words stand there already.
const ADD: &str = concat!(
    "INSERT INTO comment (created_at, uuid, post_id, parent_id, state, user_id, name, email, website, source, html, \
     network, reason, secret_hash, digest) \
     SELECT $1, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 FROM post WHERE post.id = $2 AND ",
    live!(),
    " AND (",
    takes_comments!(),
    " OR $6 IS NOT NULL) \
     ON CONFLICT (post_id, digest) WHERE digest IS NOT NULL DO NOTHING RETURNING id, (SELECT post.comment_count FROM post WHERE post.id = $2) AS among"
);
const APPROVED_BEFORE: &str = "SELECT count(*) FROM (SELECT 1 FROM comment WHERE email = $1 AND state = 'approved' \
                               AND name = $2 LIMIT 9)";
const ARRIVED: &str = "SELECT count(*) FROM (SELECT 1 FROM comment WHERE network <> '' AND created_at >= $1 \
                       AND user_id IS NULL AND state <> 'deleted' LIMIT $2)";
const COUNT_HELD: &str = "SELECT count(*) FROM comment WHERE state = 'held'";

/// What a moderator sees of a comment.
macro_rules! moderated_columns {
    () => {
        "SELECT comment.id, comment.state, comment.user_id IS NOT NULL AS is_own, comment.name, comment.email, \
         comment.website, comment.html, comment.network, comment.reason, comment.created_at, \
         post.id AS post_id, post.title AS post_title, post.path AS post_path, \
         (SELECT parent.name FROM comment AS parent WHERE parent.id = comment.parent_id) AS parent_name"
    };
}
pub(super) use moderated_columns;
macro_rules! moderated {
    ($where:literal) => {
        concat!(moderated_columns!(), " FROM comment CROSS JOIN post WHERE post.id = comment.post_id AND ", $where)
    };
}
const MODERATED_ONE: &str = moderated!("comment.id = $1");

/// A comment that is on disk.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Added {
    /// Its row.
    pub id: CommentId,
    /// How many readers saw in its thread when it came.
    pub among: i64,
}

impl Store {
    /// The comments of a post, oldest first, with blanks where a hidden one has replies that readers see.
    pub async fn thread(&self, post: PostId) -> Result<Vec<Comment>> {
        Ok(sqlx::query_as(THREAD).bind(post).fetch_all(&self.readers).await?)
    }

    /// These comments, in no order; blanks for those that readers do not see.
    pub async fn comments(&self, ids: &[CommentId]) -> Result<Vec<Comment>> {
        let ids = serde_json::json!(ids.iter().map(|id| id.0).collect::<Vec<_>>()).to_string();
        Ok(sqlx::query_as(SOME).bind(ids).fetch_all(&self.readers).await?)
    }

    /// The newest approved comments of one live post or of all, newest first.
    pub async fn feed_comments(&self, post: Option<PostId>, limit: u32, now: Time) -> Result<Vec<FeedComment>> {
        let statement = if post.is_some() { FEED_POST } else { FEED_ALL };
        Ok(sqlx::query_as(statement).bind(now).bind(limit).bind(post).fetch_all(&self.readers).await?)
    }

    /// An approved comment under a live post, with that post's id.
    pub async fn comment_to_reply(&self, id: CommentId, now: Time) -> Result<Option<(Comment, PostId)>> {
        #[derive(sqlx::FromRow)]
        struct Row {
            #[sqlx(flatten)]
            comment: Comment,
            post_id: PostId,
        }
        let row: Option<Row> = sqlx::query_as(TO_REPLY).bind(now).bind(id).fetch_optional(&self.readers).await?;
        Ok(row.map(|row| (row.comment, row.post_id)))
    }

    /// How many comments by the same name and e-mail address were approved before, at most nine.
    pub async fn approved_before(&self, email: &str, name: &str) -> Result<u32> {
        Ok(sqlx::query_scalar(APPROVED_BEFORE).bind(email).bind(name).fetch_one(&self.readers).await?)
    }

    /// Adds a judged comment. [`Error::NotFound`] when its post is not live, [`Error::Forbidden`] when the thread is
    /// closed, [`Error::BadRequest`] when what it replies to is gone. `None`: the same words by the same name stand there
    /// already, sent twice.
    pub async fn add_comment(&self, comment: &NewComment, now: Time) -> Result<Option<Added>> {
        let mut write = self.write().await?;
        let mut shows_parent = false;
        if let Some(parent) = comment.parent_id {
            let before: Option<CommentState> =
                sqlx::query_scalar(PARENT).bind(parent).bind(comment.post_id).fetch_optional(&mut *write).await?;
            match before {
                Some(CommentState::Approved) => {}
                // Whoever answers for the blog shows what is answered.
                Some(CommentState::Held | CommentState::Spam) if comment.user_id.is_some() => {
                    sqlx::query(SHOW).bind(parent).execute(&mut *write).await?;
                    follow(&mut write, parent, before, CommentState::Approved, now).await?;
                    shows_parent = true;
                }
                _ => return Err(Error::BadRequest("the comment replied to is gone")),
            }
        }
        let added: Option<Added> = sqlx::query_as(ADD)
            .bind(now)
            .bind(comment.post_id)
            .bind(comment.uuid.clone())
            .bind(comment.parent_id)
            .bind(comment.state)
            .bind(comment.user_id)
            .bind(comment.name.clone())
            .bind(comment.email.clone())
            .bind(comment.website.clone())
            .bind(comment.source.clone())
            .bind(comment.html.clone())
            .bind(comment.network.clone())
            .bind(comment.reason.clone())
            .bind(comment.secret_hash.clone())
            .bind(comment.digest)
            .fetch_optional(&mut *write)
            .await?;
        let Some(added @ Added { id, .. }) = added else {
            let is_open: bool =
                sqlx::query_scalar(IS_OPEN).bind(now).bind(comment.post_id).fetch_one(&mut *write).await?;
            return if is_open || comment.user_id.is_some() { Ok(None) } else { Err(Error::Forbidden) };
        };
        wish::subscribe(&mut write, id, comment, now).await?;
        // Of one that is asked about, the blog's people are told when there is an answer.
        if !check::queue(&mut write, id, comment.state, &comment.reason, now).await? {
            wish::announce(&mut write, id, comment.state, &comment.reason, now).await?;
        }
        follow(&mut write, id, None, comment.state, now).await?;
        let change = match comment.state {
            CommentState::Approved if shows_parent => Change::Thread(comment.post_id),
            CommentState::Approved => Change::Comment(comment.post_id),
            _ => Change::Nothing,
        };
        write.commit(change).await?;
        Ok(Some(added))
    }

    /// How many comments of readers have come since; no more than `most` are counted.
    pub async fn arrived_since(&self, since: Time, most: u32) -> Result<u32> {
        Ok(sqlx::query_scalar(ARRIVED).bind(since).bind(most).fetch_one(&self.readers).await?)
    }

    /// How many comments wait for a moderator.
    pub async fn held_comments(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(COUNT_HELD).fetch_one(&self.readers).await?)
    }

    /// One comment as a moderator sees it.
    pub async fn moderated_comment(&self, id: CommentId) -> Result<Option<ModeratedComment>> {
        Ok(sqlx::query_as(MODERATED_ONE).bind(id).fetch_optional(&self.readers).await?)
    }
}

/// What follows when a comment comes (`before` is `None`) or its state changes, within the same transaction. Of one that is
/// deleted it is called while its words are still there.
pub(super) async fn follow(
    write: &mut Write,
    id: CommentId,
    before: Option<CommentState>,
    after: CommentState,
    now: Time,
) -> Result<()> {
    if before.is_some() {
        check::withdraw(write, id).await?;
    }
    check::correct(write, id, before, after, now).await?;
    judge::learn(write, id, before, after, now).await?;
    wish::follow(write, id, before, after, now).await
}

#[cfg(test)]
statements!(
    THREAD,
    NODES,
    SOME,
    FEED_ALL,
    FEED_POST,
    TO_REPLY,
    IS_OPEN,
    SHOW,
    PARENT,
    ADD,
    APPROVED_BEFORE,
    ARRIVED,
    COUNT_HELD,
    MODERATED_ONE,
);
