//! The outside service, and the comments that wait for its answer: each row is written with its comment, and claimed before
//! it is asked about.

use super::{
    Store, audit,
    wish::{announce, follow},
    write::Write,
};
use crate::{
    error::Result,
    model::{
        change::Change,
        comment::CommentState,
        ids::{CommentId, PostId},
        outside::{DueCheck, Said, Service},
        queue::By,
        time::Time,
    },
    rules::judge::{
        outside::{correction, is_asked},
        reason::{Reason, What},
    },
};

/// A try that has not come back after this time was cut short.
const TRY_MILLIS: i64 = 60_000;

const SERVICE: &str = "SELECT address, key FROM outside_service WHERE id = 1";
const SAVE: &str = "INSERT INTO outside_service (id, address, key, said, said_at) VALUES (1, $1, $2, '', 0) \
                    ON CONFLICT (id) DO UPDATE SET address = excluded.address, key = excluded.key";
const FORGET: &str = "DELETE FROM outside_service WHERE id = 1";
const SAID: &str = "SELECT said AS words, said_at AS at FROM outside_service WHERE id = 1 AND said <> ''";
const SET_SAID: &str = "UPDATE outside_service SET said = $1, said_at = $2 WHERE id = 1";

const QUEUE: &str = "INSERT INTO check_outside (comment_id, tries, next_at) VALUES ($1, 0, $2) \
                     ON CONFLICT (comment_id) DO UPDATE SET tries = 0, next_at = excluded.next_at, \
                     correction = NULL";
/// Of what the blog's own people write it is told nothing.
const CORRECT: &str = "INSERT INTO check_outside (comment_id, tries, next_at, correction) SELECT comment.id, 0, $2, $3 \
                       FROM comment WHERE comment.id = $1 AND comment.user_id IS NULL \
                       AND EXISTS (SELECT 1 FROM outside_service WHERE outside_service.id = 1)";
const WITHDRAW: &str = "DELETE FROM check_outside WHERE comment_id = $1";
const NEXT: &str = "SELECT next_at FROM check_outside ORDER BY next_at, comment_id LIMIT 1";
const CLAIM: &str = "UPDATE check_outside SET tries = tries + 1, next_at = $2 WHERE comment_id = \
                     (SELECT comment_id FROM check_outside WHERE next_at <= $1 ORDER BY next_at, comment_id LIMIT 1) \
                     RETURNING comment_id";
const DUE: &str = "SELECT check_outside.comment_id, check_outside.tries, check_outside.next_at AS until, \
                   check_outside.correction, comment.uuid, \
                   comment.name, comment.email, comment.website, comment.source, comment.reason, \
                   comment.parent_id IS NOT NULL AS is_reply, comment.created_at, post.path AS post_path \
                   FROM check_outside CROSS JOIN comment CROSS JOIN post WHERE check_outside.comment_id = $1 \
                   AND comment.id = check_outside.comment_id AND post.id = comment.post_id";
const AGAIN: &str = "UPDATE check_outside SET next_at = $3 WHERE comment_id = $1 AND next_at = $2";
const DONE: &str = "DELETE FROM check_outside WHERE comment_id = $1 AND next_at = $2";
const SETTLE: &str = "UPDATE comment SET state = $2, reason = $3 WHERE id = $1 AND state = 'held' RETURNING post_id";
const REASON: &str = "SELECT reason FROM comment WHERE id = $1";
const SET_REASON: &str = "UPDATE comment SET reason = $2 WHERE id = $1";

impl Store {
    /// The service that the owner wants asked.
    pub async fn outside_service(&self) -> Result<Option<Service>> {
        Ok(sqlx::query_as(SERVICE).fetch_optional(&self.readers).await?)
    }

    /// Keeps it, or forgets it. What waits for an answer is then asked about, or settled without.
    pub async fn save_outside_service(&self, service: Option<&Service>, by: impl Into<By>) -> Result<()> {
        let By { user, now } = by.into();
        let mut write = self.write().await?;
        match service {
            Some(service) => sqlx::query(SAVE).bind(service.address.clone()).bind(service.key.clone()),
            None => sqlx::query(FORGET),
        }
        .execute(&mut *write)
        .await?;
        let address = service.map_or("", |service| &service.address);
        audit::note(&mut write, user, "settings-outside", address, now).await?;
        write.note_check();
        // Forms tell that comments are shown to it.
        write.commit(Change::Everything).await
    }

    /// What it said last, if anything.
    pub async fn outside_said(&self) -> Result<Option<Said>> {
        Ok(sqlx::query_as(SAID).fetch_optional(&self.readers).await?)
    }

    /// Notes what it says.
    pub async fn note_outside(&self, words: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SET_SAID).bind(words.to_owned()).bind(now).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Waits until there is something to ask.
    pub async fn check_queued(&self) {
        self.writer.asked.notified().await;
    }

    /// When the next comment is to be asked about.
    pub async fn next_check(&self) -> Result<Option<Time>> {
        Ok(sqlx::query_scalar(NEXT).fetch_optional(&self.readers).await?)
    }

    /// Takes the comment whose time has come: until that try must have come back, nobody else takes it.
    pub async fn claim_check(&self, now: Time) -> Result<Option<DueCheck>> {
        // Nothing is written where there is nothing to do.
        if self.next_check().await?.is_none_or(|next| next > now) {
            return Ok(None);
        }
        let mut write = self.write().await?;
        let claimed = sqlx::query_scalar(CLAIM).bind(now).bind(now.plus(TRY_MILLIS));
        let claimed: Option<CommentId> = claimed.fetch_optional(&mut *write).await?;
        let due = sqlx::query_as(DUE).bind(claimed).fetch_optional(&mut *write).await?;
        write.commit(Change::Nothing).await?;
        Ok(due)
    }

    /// Asks again then. The blog's people are told meanwhile that it waits.
    pub async fn check_again(&self, due: &DueCheck, at: Time, words: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SET_SAID).bind(words.to_owned()).bind(now).execute(&mut *write).await?;
        let again = sqlx::query(AGAIN).bind(due.comment_id).bind(due.until).bind(at);
        if again.execute(&mut *write).await?.rows_affected() > 0 {
            announce(&mut write, due.comment_id, CommentState::Held, &due.reason, due.created_at).await?;
        }
        write.commit(Change::Nothing).await
    }

    /// Tells of it again then; `None`: no more.
    pub async fn told(&self, due: &DueCheck, again: Option<Time>, words: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SET_SAID).bind(words.to_owned()).bind(now).execute(&mut *write).await?;
        let row = sqlx::query(if again.is_some() { AGAIN } else { DONE }).bind(due.comment_id).bind(due.until);
        let row = if again.is_some() { row.bind(again) } else { row };
        row.execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Gives a comment that was asked about the state and the reasons that it has with the answer, unless somebody decided
    /// about it meanwhile, or its words are others.
    pub async fn settle_check(
        &self,
        due: &DueCheck,
        (state, reason): (CommentState, &str),
        words: Option<&str>,
        now: Time,
    ) -> Result<()> {
        let mut write = self.write().await?;
        if let Some(words) = words {
            sqlx::query(SET_SAID).bind(words.to_owned()).bind(now).execute(&mut *write).await?;
        }
        let done = sqlx::query(DONE).bind(due.comment_id).bind(due.until).execute(&mut *write).await?;
        let mut post: Option<PostId> = None;
        if done.rows_affected() > 0 {
            let settle = sqlx::query_scalar(SETTLE).bind(due.comment_id).bind(state).bind(reason.to_owned());
            post = settle.fetch_optional(&mut *write).await?;
        }
        let Some(post) = post else { return write.commit(Change::Nothing).await };
        // Nothing is learned from it: no moderator decided. Nor is its author told that it was refused: nobody is whose
        // comment is spam from the first.
        if state == CommentState::Approved {
            follow(&mut write, due.comment_id, Some(CommentState::Held), state, now).await?;
        }
        announce(&mut write, due.comment_id, state, reason, due.created_at).await?;
        write.commit(if state == CommentState::Approved { Change::Thread(post) } else { Change::Nothing }).await
    }
}

/// Has the outside service asked about a comment, if that is why it is held; tells whether it is.
pub(super) async fn queue(
    write: &mut Write,
    id: CommentId,
    state: CommentState,
    reason: &str,
    now: Time,
) -> Result<bool> {
    let is_queued = state == CommentState::Held && is_asked(reason);
    if is_queued {
        sqlx::query(QUEUE).bind(id).bind(now).execute(&mut **write).await?;
        write.note_check();
    }
    Ok(is_queued)
}

/// Has the outside service told, if it is asked at all, that a moderator decided otherwise than it said.
pub(super) async fn correct(
    write: &mut Write,
    id: CommentId,
    before: Option<CommentState>,
    after: CommentState,
    now: Time,
) -> Result<()> {
    let Some(before) = before else { return Ok(()) };
    let kept: String = sqlx::query_scalar(REASON).bind(id).fetch_one(&mut **write).await?;
    let Some(told) = correction(&kept, before, after) else { return Ok(()) };
    let queued = sqlx::query(CORRECT).bind(id).bind(now).bind(told).execute(&mut **write).await?;
    if queued.rows_affected() > 0 {
        write.note_check();
    }
    Ok(())
}

/// Asks no more about a comment, and tells no more of it: somebody decided about it.
pub(super) async fn withdraw(write: &mut Write, id: CommentId) -> Result<()> {
    let withdrawn = sqlx::query(WITHDRAW).bind(id).execute(&mut **write).await?;
    if withdrawn.rows_affected() > 0 {
        let kept: String = sqlx::query_scalar(REASON).bind(id).fetch_one(&mut **write).await?;
        let reasons = Reason::all(&kept).into_iter().filter(|reason| reason.what != What::Asked);
        let reasons = reasons.map(|reason| reason.to_string()).collect::<Vec<_>>().join(" ");
        sqlx::query(SET_REASON).bind(id).bind(reasons).execute(&mut **write).await?;
    }
    Ok(())
}

#[cfg(test)]
statements!(
    SERVICE, SAVE, FORGET, SAID, SET_SAID, QUEUE, CORRECT, WITHDRAW, NEXT, CLAIM, DUE, AGAIN, DONE, SETTLE, REASON,
    SET_REASON,
);
