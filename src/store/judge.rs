//! What the judge goes by: what moderators taught it, and what came lately.

use super::{Store, Write};
use crate::{
    error::Result,
    model::{
        change::Change,
        comment::{CommentState, Lesson, PastComment, Written},
        ids::CommentId,
        time::Time,
    },
    rules::judge::{
        bayes::{self, Counts, Token},
        traits::Traits,
    },
};

macro_rules! written {
    () => {
        "SELECT comment.name, comment.email, comment.website, comment.source, comment.network, comment.trained, \
         comment.trained_at"
    };
}
const TAUGHT: &str = concat!(written!(), " FROM comment WHERE id = $1 AND user_id IS NULL AND state <> 'deleted'");
const SET_TAUGHT: &str = "UPDATE comment SET trained = $2, trained_at = $3 WHERE id = $1";
/// `$2`, `$3`: what each token weighs more, or less, as ham and as spam.
const TEACH: &str = "INSERT INTO token (hash, ham, spam) SELECT value, max(0.0, $2), max(0.0, $3) FROM json_each($1) \
                     WHERE TRUE ON CONFLICT (hash) DO UPDATE SET ham = max(0.0, ham + $2), spam = max(0.0, spam + $3)";
const TOKENS: &str = "SELECT hash, ham, spam FROM token WHERE hash IN (SELECT value FROM json_each($1))";
const LESSONS: &str = concat!(written!(), " FROM comment WHERE trained = $1 ORDER BY trained_at DESC LIMIT $2");
const LEARNED: &str = "SELECT (SELECT count(*) FROM comment WHERE trained = 'ham') AS ham, \
                       (SELECT count(*) FROM comment WHERE trained = 'spam') AS spam";
const PAST: &str = concat!(
    written!(),
    ", comment.state, comment.user_id IS NOT NULL AS is_own, comment.reason, comment.created_at, \
     (SELECT post.published_at FROM post WHERE post.id = comment.post_id) AS published_at, \
     (SELECT count(*) FROM (SELECT 1 FROM comment AS earlier WHERE earlier.email = comment.email \
      AND earlier.state = 'approved' AND earlier.name = comment.name AND earlier.id < comment.id LIMIT 9)) \
      AS approved_before FROM comment \
     WHERE comment.id < $1 AND comment.state <> 'deleted' ORDER BY comment.id DESC LIMIT $2"
);

const SLICE: &str = "SELECT hash, ham + spam FROM token WHERE hash > $1 ORDER BY hash LIMIT $2";
const FORGET: &str = "DELETE FROM token WHERE hash IN (SELECT value FROM json_each($1)) AND ham + spam < $2";

/// So many tokens are looked at in one step.
const AT_ONCE: usize = 1000;

#[derive(sqlx::FromRow)]
struct Taught {
    #[sqlx(flatten)]
    written: Written,
    trained: Option<Lesson>,
    trained_at: Option<Time>,
}

/// How many decisions the filter learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Learned {
    /// Comments that a moderator approved.
    pub ham: i64,
    /// Comments that a moderator called spam.
    pub spam: i64,
}

/// Learns from a moderator's decision, or takes back what was learned from an earlier one. What comes without a decision
/// teaches nothing, and what is deleted leaves what it taught.
pub(super) async fn learn(
    write: &mut Write,
    id: CommentId,
    before: Option<CommentState>,
    after: CommentState,
    now: Time,
) -> Result<()> {
    let lesson = match after {
        CommentState::Approved => Some(Lesson::Ham),
        CommentState::Spam => Some(Lesson::Spam),
        CommentState::Held => None,
        CommentState::Deleted => return Ok(()),
    };
    if before.is_none() {
        return Ok(());
    }
    let taught: Option<Taught> = sqlx::query_as(TAUGHT).bind(id).fetch_optional(&mut **write).await?;
    let Some(taught) = taught.filter(|taught| taught.trained != lesson) else { return Ok(()) };
    let tokens = bayes::tokens(&taught.written, &Traits::of_text(&taught.written));
    let (mut ham, mut spam) = (0.0, 0.0);
    let mut weigh = |lesson: Option<Lesson>, weight: f64| match lesson {
        Some(Lesson::Ham) => ham += weight,
        Some(Lesson::Spam) => spam += weight,
        None => {}
    };
    weigh(taught.trained, -taught.trained_at.map_or(0.0, bayes::weight));
    weigh(lesson, bayes::weight(now));
    sqlx::query(TEACH).bind(hashes(&tokens)).bind(ham).bind(spam).execute(&mut **write).await?;
    let at = lesson.map(|_| now);
    sqlx::query(SET_TAUGHT).bind(id).bind(lesson).bind(at).execute(&mut **write).await?;
    Ok(())
}

/// Takes back what a comment taught: its words are about to be others.
pub(super) async fn forget(write: &mut Write, id: CommentId, now: Time) -> Result<()> {
    learn(write, id, Some(CommentState::Approved), CommentState::Held, now).await
}

fn hashes(tokens: &[Token]) -> String {
    json(&tokens.iter().map(|token| token.hash).collect::<Vec<_>>())
}

/// A list of numbers, for `json_each`.
fn json(numbers: &[i64]) -> String {
    serde_json::json!(numbers).to_string()
}

impl Store {
    /// What was taught about these tokens.
    pub async fn taught(&self, tokens: &[Token]) -> Result<Counts> {
        let rows: Vec<(i64, f64, f64)> = sqlx::query_as(TOKENS).bind(hashes(tokens)).fetch_all(&self.readers).await?;
        Ok(Counts::new(rows))
    }

    /// Forgets the tokens that were seen too little and too long ago to tell anything: one step, of those that come after
    /// this hash. Gives the hash to go on from; `None`: there are no more.
    pub async fn forget_faded(&self, after: i64, now: Time) -> Result<Option<i64>> {
        let slice: Vec<(i64, f64)> =
            sqlx::query_as(SLICE).bind(after).bind(AT_ONCE as i64).fetch_all(&self.readers).await?;
        let least = bayes::least(now);
        let faded: Vec<i64> = slice.iter().filter(|(_, seen)| *seen < least).map(|(hash, _)| *hash).collect();
        // Nothing is written where there is nothing to do.
        if !faded.is_empty() {
            let mut write = self.write().await?;
            sqlx::query(FORGET).bind(json(&faded)).bind(least).execute(&mut *write).await?;
            write.commit(Change::Nothing).await?;
        }
        Ok(slice.last().filter(|_| slice.len() == AT_ONCE).map(|(hash, _)| *hash))
    }

    /// How many decisions the filter learned from.
    pub async fn learned(&self) -> Result<Learned> {
        Ok(sqlx::query_as(LEARNED).fetch_one(&self.readers).await?)
    }

    /// The last decisions of one kind, newest first.
    pub async fn lessons(&self, lesson: Lesson, limit: u32) -> Result<Vec<Written>> {
        let rows: Vec<Taught> = sqlx::query_as(LESSONS).bind(lesson).bind(limit).fetch_all(&self.readers).await?;
        Ok(rows.into_iter().map(|row| row.written).collect())
    }

    /// The last comments that still have their words, oldest first.
    pub async fn past_comments(&self, limit: u32) -> Result<Vec<PastComment>> {
        let mut rows: Vec<PastComment> =
            sqlx::query_as(PAST).bind(i64::MAX).bind(limit).fetch_all(&self.readers).await?;
        rows.reverse();
        Ok(rows)
    }
}

#[cfg(test)]
statements!(TAUGHT, SET_TAUGHT, TEACH, TOKENS, LESSONS, LEARNED, PAST, SLICE, FORGET);
