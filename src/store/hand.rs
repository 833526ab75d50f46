//! Whose form writes on a post: a form is never in conflict with itself, whatever became of its answers on the way.

use sqlx::SqliteConnection;

use super::publish::SaveError;
use crate::{
    error::Result,
    model::{
        ids::{PostId, UserId},
        post::StoredPost,
        revision::{Hand, Saving},
    },
};

const HAND: &str = "SELECT holder, since, version, turn, user_id FROM hand WHERE post_id = $1";
const PASS: &str = "INSERT INTO hand (post_id, holder, since, version, turn, user_id) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (post_id) DO UPDATE SET holder = excluded.holder, since = excluded.since, \
     version = excluded.version, turn = excluded.turn, user_id = excluded.user_id";

/// The form that saved last.
#[derive(sqlx::FromRow)]
pub(super) struct Held {
    holder: String,
    since: i64,
    version: i64,
    turn: i64,
    /// Who sat at it, where that is known.
    pub(super) user_id: Option<UserId>,
}

impl Held {
    /// Whether this form is that one.
    pub(super) fn is(&self, hand: &Hand) -> bool {
        !hand.holder.is_empty() && self.holder == hand.holder
    }

    /// Whether every save since `version` was this form's.
    fn goes_on(&self, hand: &Hand, current: i64, version: i64) -> bool {
        self.is(hand) && self.version == current && version >= self.since
    }
}

pub(super) async fn held(write: &mut SqliteConnection, id: PostId) -> Result<Option<Held>> {
    Ok(sqlx::query_as(HAND).bind(id).fetch_optional(write).await?)
}

/// Whether a save came after one that the same form sent later: there is nothing left to do.
///
/// # Errors
/// [`SaveError::Stale`] when another form has saved since this one was opened.
pub(super) async fn is_late(
    write: &mut SqliteConnection,
    current: &StoredPost,
    saving: &Saving<'_>,
) -> Result<bool, SaveError> {
    if current.version == saving.version {
        return Ok(false);
    }
    match held(write, current.id).await? {
        Some(held) if held.goes_on(saving.hand, current.version, saving.version) => Ok(saving.hand.turn < held.turn),
        _ => Err(SaveError::Stale(Box::new(current.clone()))),
    }
}

/// Notes that a form has saved over version `from`, and so made `version`.
pub(super) async fn pass(
    write: &mut SqliteConnection,
    id: PostId,
    from: i64,
    version: i64,
    saving: &Saving<'_>,
) -> Result<()> {
    let before = held(write, id).await?.filter(|held| held.goes_on(saving.hand, from, i64::MAX));
    sqlx::query(PASS)
        .bind(id)
        .bind(saving.hand.holder.clone())
        .bind(before.map_or(from, |held| held.since))
        .bind(version)
        .bind(saving.hand.turn)
        .bind(saving.by)
        .execute(write)
        .await?;
    Ok(())
}

#[cfg(test)]
statements!(HAND, PASS);
