//! What is deleted and forgotten by itself, or all at once, in steps: old spam, the trash, the networks of senders.

use jiff::tz::TimeZone;

use super::{
    Store, audit, deed,
    moderate::{AT_ONCE, discard},
};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        comment::CommentState,
        ids::CommentId,
        queue::{By, Retention, Shelf},
        reading,
        time::{DAY_MILLIS, Time},
    },
    rules::token,
};

/// A decision can be undone for so long.
const UNDO_MILLIS: i64 = 7 * DAY_MILLIS;
/// What was read is told by day for so long, then by month.
const READING_MILLIS: i64 = 400 * DAY_MILLIS;

/// What an import brought has been here since its name was made: `$3`, a name of that moment.
const SPAM_BEFORE: &str = "SELECT id FROM comment WHERE state = 'spam' AND created_at < $1 AND uuid < $3 \
     ORDER BY created_at, id LIMIT $2";
const TRASH_BEFORE: &str =
    "SELECT id FROM comment WHERE trashed_at IS NOT NULL AND trashed_at < $1 ORDER BY trashed_at LIMIT $2";
const BLANK_NETWORKS: &str = "UPDATE comment SET network = '' WHERE id IN (SELECT id FROM comment \
                              WHERE network <> '' AND created_at < $1 ORDER BY created_at LIMIT $2)";
const FORGET_OLD: &str =
    "DELETE FROM moderation WHERE id IN (SELECT id FROM moderation WHERE at < $1 ORDER BY at LIMIT $2)";
const RETENTION: &str = "SELECT discard_days, network_days FROM settings WHERE id = 1";
const SAVE_RETENTION: &str = "UPDATE settings SET discard_days = $1, network_days = $2 WHERE id = 1";

impl Store {
    /// Deletes for good the oldest of what is spam since before `before`, or lies in the trash since then: one step of
    /// [`AT_ONCE`]. Gives how many; fewer: nothing is left.
    pub async fn empty(&self, shelf: Shelf, before: Time, by: impl Into<By>) -> Result<usize> {
        let By { user, now } = by.into();
        let statement = match shelf {
            Shelf::Spam => SPAM_BEFORE,
            Shelf::Trash => TRASH_BEFORE,
            Shelf::Held | Shelf::Approved => return Err(Error::BadRequest("only spam and trash are emptied")),
        };
        let mut write = self.write().await?;
        let mut ids = sqlx::query_scalar(statement).bind(before).bind(AT_ONCE as i64);
        if shelf == Shelf::Spam {
            ids = ids.bind(token::first_uuid(before).to_string());
        }
        let ids: Vec<CommentId> = ids.fetch_all(&mut *write).await?;
        let state = if shelf == Shelf::Spam { CommentState::Spam } else { CommentState::Deleted };
        for id in &ids {
            discard(&mut write, *id, state, now).await?;
        }
        if user.is_some() && !ids.is_empty() {
            audit::note(&mut write, user, "comments-delete", &ids.len().to_string(), now).await?;
        }
        // Readers saw none of them, and a tombstone stays where they saw one.
        write.commit(Change::Nothing).await?;
        Ok(ids.len())
    }

    /// One step of what is deleted and forgotten by itself. `false`: nothing is left to do.
    pub async fn sweep(&self, now: Time) -> Result<bool> {
        let Some(keep) = self.retention().await? else { return Ok(false) };
        let since = |days: i64| now.plus(-days * DAY_MILLIS);
        let discard = since(keep.discard_days);
        let is_full = self.empty(Shelf::Spam, discard, now).await? == AT_ONCE
            || self.empty(Shelf::Trash, discard, now).await? == AT_ONCE;
        let mut write = self.write().await?;
        let mut step = async |statement, before| {
            let swept = sqlx::query(statement).bind(before).bind(AT_ONCE as i64).execute(&mut *write).await?;
            Ok::<_, Error>(swept.rows_affected() == AT_ONCE as u64)
        };
        let is_full = step(BLANK_NETWORKS, since(keep.network_days)).await? || is_full;
        let is_full = step(FORGET_OLD, now.plus(-UNDO_MILLIS)).await? || is_full;
        let is_full = step(deed::FORGET_OLD, now.plus(-UNDO_MILLIS)).await? || is_full;
        write.commit(Change::Nothing).await?;
        let is_full = self.thin_revisions(now).await? || is_full;
        let is_full = self.empty_post_trash(now).await? || is_full;
        // A day is in its month's number long before or after the zone could matter.
        let old = reading::day_number(now.plus(-READING_MILLIS).in_zone(&TimeZone::UTC).date());
        let is_full = self.fold_readers(old).await? || is_full;
        Ok(self.mark_networks().await? || is_full)
    }

    /// How long what nobody needs is kept; `None` until the blog is set up.
    pub async fn retention(&self) -> Result<Option<Retention>> {
        Ok(sqlx::query_as(RETENTION).fetch_optional(&self.readers).await?)
    }

    /// Keeps what the owner decided about that.
    pub async fn save_retention(&self, keep: Retention) -> Result<()> {
        let mut write = self.write().await?;
        let save = sqlx::query(SAVE_RETENTION).bind(keep.discard_days).bind(keep.network_days);
        save.execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

#[cfg(test)]
statements!(SPAM_BEFORE, TRASH_BEFORE, BLANK_NETWORKS, FORGET_OLD, RETENTION, SAVE_RETENTION);
