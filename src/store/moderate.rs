//! What moderators decide: comments move from shelf to shelf, many at once, and back.

use super::{Store, audit, comment::follow, write::Write};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        comment::CommentState,
        ids::{CommentId, PostId},
        queue::{By, Moderated, Moderation, Shelf},
        time::Time,
    },
};

/// At most so many comments are moved in one transaction: others wait for it.
pub const AT_ONCE: usize = 100;

/// A comment before something is done to it; a tombstone lies on no shelf.
#[derive(sqlx::FromRow)]
struct Lying {
    post_id: PostId,
    state: CommentState,
    shelf: Option<Shelf>,
    from: Option<Shelf>,
}

const LYING: &str = "SELECT post_id, state, \
                     CASE WHEN trashed_at IS NOT NULL THEN 'trash' WHEN state <> 'deleted' THEN state END AS shelf, \
                     trashed_from AS \"from\" FROM comment WHERE id = $1";
const SET_STATE: &str = "UPDATE comment SET state = $2, trashed_at = NULL, trashed_from = NULL WHERE id = $1";
const THROW_AWAY: &str = "UPDATE comment SET trashed_from = state, trashed_at = $2, state = 'deleted' WHERE id = $1";
const HAS_REPLIES: &str = "SELECT count(*) FROM (SELECT 1 FROM comment WHERE parent_id = $1 LIMIT 1)";
const BURY: &str = "UPDATE comment SET state = 'deleted', name = '', email = NULL, website = NULL, source = '', html = '', \
                    network = '', reason = '', secret_hash = NULL, digest = NULL, trashed_at = NULL, \
                    trashed_from = NULL, pinned_at = NULL, edited_at = NULL WHERE id = $1";
const FORGET_REVISIONS: &str = "DELETE FROM comment_revision WHERE comment_id = $1";
const FORGET_MOVES: &str = "DELETE FROM moderation_comment WHERE comment_id = $1";
const REMOVE: &str = "DELETE FROM comment WHERE id = $1 RETURNING parent_id";
const IS_TOMBSTONE: &str = "SELECT count(*) FROM comment WHERE id = $1 AND state = 'deleted' AND trashed_at IS NULL";

const NOTE: &str = "INSERT INTO moderation (user_id, decision, comments, at) VALUES ($1, $2, $3, $4) RETURNING id";
const NOTE_MOVE: &str =
    "INSERT INTO moderation_comment (moderation_id, comment_id, before, after) VALUES ($1, $2, $3, $4)";
const MOVES: &str = "SELECT comment_id, before, after FROM moderation_comment WHERE moderation_id = $1";
const FORGET: &str = "DELETE FROM moderation WHERE id = $1";

impl Store {
    /// Does what was decided about one comment. [`Error::NotFound`] when there is no such comment, or only its tombstone.
    pub async fn moderate(&self, id: CommentId, decision: Moderation, now: Time) -> Result<()> {
        self.moderate_all(&[id], decision, By { user: None, now }).await.map(drop)
    }

    /// Does what was decided about up to [`AT_ONCE`] comments, all or none. Those that are gone or lie there already are
    /// passed over; [`Error::NotFound`] when there is none left that could be moved.
    pub async fn moderate_all(&self, ids: &[CommentId], decision: Moderation, by: By) -> Result<Moderated> {
        let mut write = self.write().await?;
        let (mut posts, mut moves, mut known) = (Vec::new(), Vec::new(), false);
        for id in ids.iter().take(AT_ONCE) {
            let Some(decided) = decide(&mut write, *id, decision, by.now).await? else { continue };
            known = true;
            if decided.after != Some(decided.before) {
                posts.push(decided.post);
                moves.extend(decided.after.map(|after| (*id, decided.before, after)));
            }
        }
        if !known {
            return Err(Error::NotFound);
        }
        let moved = posts.len() as i64;
        let id = sqlx::query_scalar(NOTE)
            .bind(by.user)
            .bind(decision)
            .bind(moved)
            .bind(by.now)
            .fetch_one(&mut *write)
            .await?;
        for (comment, before, after) in &moves {
            let note = sqlx::query(NOTE_MOVE).bind(id).bind(*comment).bind(*before).bind(*after);
            note.execute(&mut *write).await?;
        }
        audit::note(&mut write, by.user, act(decision), &moved.to_string(), by.now).await?;
        write.commit(threads(posts)).await?;
        Ok(Moderated { id, decision, comments: moved, can_be_undone: !moves.is_empty() })
    }

    /// Puts the comments of a decision back to where they lay, but for those that have been moved since. Gives how many.
    /// [`Error::NotFound`] when it was undone before, or is too long ago.
    pub async fn undo_moderation(&self, id: i64, by: By) -> Result<i64> {
        let now = by.now;
        let mut write = self.write().await?;
        let moves: Vec<(CommentId, Shelf, Shelf)> = sqlx::query_as(MOVES).bind(id).fetch_all(&mut *write).await?;
        if moves.is_empty() {
            return Err(Error::NotFound);
        }
        let (mut posts, mut back) = (Vec::new(), 0);
        for (comment, before, after) in moves {
            let lying: Option<Lying> = sqlx::query_as(LYING).bind(comment).fetch_optional(&mut *write).await?;
            if let Some(lying) = lying.filter(|lying| lying.shelf == Some(after)) {
                put(&mut write, comment, &lying, before, now).await?;
                posts.push(lying.post_id);
                back += 1;
            }
        }
        sqlx::query(FORGET).bind(id).execute(&mut *write).await?;
        audit::note(&mut write, by.user, "comments-undo", &back.to_string(), now).await?;
        write.commit(threads(posts)).await?;
        Ok(back)
    }
}

/// What the log calls it.
fn act(decision: Moderation) -> &'static str {
    match decision {
        Moderation::Approve => "comments-approve",
        Moderation::Hold => "comments-hold",
        Moderation::Spam => "comments-spam",
        Moderation::Trash => "comments-trash",
        Moderation::Restore => "comments-restore",
        Moderation::Delete => "comments-delete",
    }
}

/// What became of a comment.
pub(super) struct Decided {
    /// Its post.
    pub post: PostId,
    before: Shelf,
    /// `None`: it is deleted for good.
    after: Option<Shelf>,
}

/// Does what was decided about one comment, within a transaction that may do more. `None`: there is no such comment, or
/// only its tombstone.
pub(super) async fn decide(
    write: &mut Write,
    id: CommentId,
    decision: Moderation,
    now: Time,
) -> Result<Option<Decided>> {
    let lying: Option<Lying> = sqlx::query_as(LYING).bind(id).fetch_optional(&mut **write).await?;
    let Some((lying, before)) = lying.and_then(|lying| lying.shelf.map(|shelf| (lying, shelf))) else {
        return Ok(None);
    };
    let after = match decision {
        Moderation::Approve => Some(Shelf::Approved),
        Moderation::Hold => Some(Shelf::Held),
        Moderation::Spam => Some(Shelf::Spam),
        Moderation::Trash => Some(Shelf::Trash),
        Moderation::Restore if before == Shelf::Trash => Some(lying.from.unwrap_or(Shelf::Held)),
        Moderation::Restore => Some(before),
        Moderation::Delete => None,
    };
    match after {
        Some(after) if after == before => {}
        Some(after) => put(write, id, &lying, after, now).await?,
        None => discard(write, id, lying.state, now).await?,
    }
    Ok(Some(Decided { post: lying.post_id, before, after }))
}

/// Lays a comment onto a shelf.
async fn put(write: &mut Write, id: CommentId, lying: &Lying, to: Shelf, now: Time) -> Result<()> {
    let after = match to {
        Shelf::Held => CommentState::Held,
        Shelf::Approved => CommentState::Approved,
        Shelf::Spam => CommentState::Spam,
        Shelf::Trash => CommentState::Deleted,
    };
    match to {
        Shelf::Trash => sqlx::query(THROW_AWAY).bind(id).bind(now),
        Shelf::Held | Shelf::Approved | Shelf::Spam => sqlx::query(SET_STATE).bind(id).bind(after),
    }
    .execute(&mut **write)
    .await?;
    follow(write, id, Some(lying.state), after, now).await
}

/// Deletes a comment for good. Where it has replies, a tombstone without its words stays; with its last reply that goes too.
pub(super) async fn discard(write: &mut Write, id: CommentId, before: CommentState, now: Time) -> Result<()> {
    if before != CommentState::Deleted {
        follow(write, id, Some(before), CommentState::Deleted, now).await?;
    }
    let mut gone = id;
    loop {
        let replies: i64 = sqlx::query_scalar(HAS_REPLIES).bind(gone).fetch_one(&mut **write).await?;
        if replies > 0 {
            if gone == id {
                sqlx::query(FORGET_MOVES).bind(id).execute(&mut **write).await?;
                sqlx::query(FORGET_REVISIONS).bind(id).execute(&mut **write).await?;
                sqlx::query(BURY).bind(id).execute(&mut **write).await?;
            }
            return Ok(());
        }
        let parent: Option<CommentId> = sqlx::query_scalar(REMOVE).bind(gone).fetch_one(&mut **write).await?;
        let Some(parent) = parent else { return Ok(()) };
        let is_tombstone: i64 = sqlx::query_scalar(IS_TOMBSTONE).bind(parent).fetch_one(&mut **write).await?;
        if is_tombstone == 0 {
            return Ok(());
        }
        gone = parent;
    }
}

/// What readers see otherwise when comments on these posts have been moved.
fn threads(mut posts: Vec<PostId>) -> Change {
    posts.sort_unstable();
    posts.dedup();
    if posts.is_empty() { Change::Nothing } else { Change::Threads(posts) }
}

#[cfg(test)]
statements!(
    LYING,
    SET_STATE,
    THROW_AWAY,
    HAS_REPLIES,
    BURY,
    FORGET_REVISIONS,
    FORGET_MOVES,
    REMOVE,
    IS_TOMBSTONE,
    NOTE,
    NOTE_MOVE,
    MOVES,
    FORGET,
);
