//! What is deleted for good: a post that has lain in the trash long enough goes with everything that hangs on it, in steps,
//! and leaves a mark at each of its addresses.

use sqlx::SqliteConnection;

use super::{Store, admin_post, audit, search};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::{PostId, UserId},
        time::{DAY_MILLIS, Time},
    },
};

/// Comments deleted in one step.
const AT_ONCE: i64 = 100;

const TRASH_DAYS: &str = "SELECT trash_days FROM settings WHERE id = 1";
const SAVE_TRASH_DAYS: &str = "UPDATE settings SET trash_days = $1 WHERE id = 1";
const NEXT: &str = "SELECT id FROM post WHERE trashed_at IS NOT NULL AND trashed_at < $1 ORDER BY trashed_at LIMIT 1";
/// The newest first: an answer comes after what it answers.
const DROP_COMMENTS: &str = "DELETE FROM comment WHERE id IN \
     (SELECT id FROM comment WHERE post_id = $1 ORDER BY id DESC LIMIT $2)";
/// Answers that were moved to another post.
const PART: &str = "UPDATE comment SET parent_id = NULL WHERE parent_id IN \
     (SELECT id FROM comment WHERE post_id = $1 ORDER BY id DESC LIMIT $2) AND post_id <> $1";
const MARK: &str = "INSERT INTO gone (path, at) SELECT path, $2 FROM redirect WHERE post_id = $1 \
     ON CONFLICT (path) DO NOTHING";
const MARK_PATH: &str = "INSERT INTO gone (path, at) VALUES ($1, $2) ON CONFLICT (path) DO NOTHING";
const DROP_POST: &str = "DELETE FROM post WHERE id = $1";
const IS_GONE: &str = "SELECT count(*) FROM gone WHERE path = $1";

impl Store {
    /// Whether something lived at this path that was deleted for good.
    pub async fn is_gone(&self, path: &str) -> Result<bool> {
        let found: i64 = sqlx::query_scalar(IS_GONE).bind(path).fetch_one(&self.readers).await?;
        Ok(found > 0)
    }

    /// After how many days a post in the trash is deleted for good.
    pub async fn trash_days(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(TRASH_DAYS).fetch_optional(&self.readers).await?.unwrap_or(30))
    }

    /// Keeps what the owner decided about that.
    pub async fn save_trash_days(&self, days: i64) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SAVE_TRASH_DAYS).bind(days).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// One step of deleting for good what has lain in the trash long enough. `false`: nothing is left to do.
    pub async fn empty_post_trash(&self, now: Time) -> Result<bool> {
        let before = now.plus(-self.trash_days().await? * DAY_MILLIS);
        let mut write = self.write().await?;
        let next: Option<PostId> = sqlx::query_scalar(NEXT).bind(before).fetch_optional(&mut *write).await?;
        let Some(id) = next else { return Ok(false) };
        delete_step(&mut write, id, now).await?;
        // Readers saw nothing of it any more; what answered them before was "nothing here".
        write.commit(Change::Nothing).await?;
        Ok(true)
    }

    /// One step of deleting for good a post that lies in the trash. `true`: it is gone.
    pub async fn delete_post(&self, id: PostId, by: UserId, now: Time) -> Result<bool> {
        let mut write = self.write().await?;
        let trashed = admin_post::stored_post(&mut write, id).await?.filter(|post| post.trashed_at.is_some());
        let Some(post) = trashed else { return Ok(true) };
        let is_gone = delete_step(&mut write, id, now).await?;
        if is_gone {
            audit::note(&mut write, Some(by), "post-delete", &post.title, now).await?;
        }
        write.commit(Change::Nothing).await?;
        Ok(is_gone)
    }
}

/// Deletes some of what hangs on a post, or the post itself where that is all; gives whether it was.
async fn delete_step(write: &mut SqliteConnection, id: PostId, now: Time) -> Result<bool> {
    sqlx::query(PART).bind(id).bind(AT_ONCE).execute(&mut *write).await?;
    let dropped = sqlx::query(DROP_COMMENTS).bind(id).bind(AT_ONCE).execute(&mut *write).await?.rows_affected();
    if dropped == AT_ONCE as u64 {
        return Ok(false);
    }
    let post = admin_post::stored_post(write, id).await?;
    if let Some(path) = post.filter(|post| post.was_live(now)).and_then(|post| post.path) {
        sqlx::query(MARK_PATH).bind(path).bind(now).execute(&mut *write).await?;
    }
    sqlx::query(MARK).bind(id).bind(now).execute(&mut *write).await?;
    search::forget(write, id).await?;
    sqlx::query(DROP_POST).bind(id).execute(&mut *write).await?;
    Ok(true)
}

#[cfg(test)]
statements!(TRASH_DAYS, SAVE_TRASH_DAYS, NEXT, DROP_COMMENTS, PART, MARK, MARK_PATH, DROP_POST, IS_GONE);
