//! When the owner wants backups, and what came of those that were tried.

use std::path::Path;

use sqlx::{ConnectOptions, Connection};

use super::{
    BackedUp, Store, audit,
    open::{OpenError, known_version, options},
    proof,
};
use crate::{
    error::Result,
    model::{
        backup::{BY_COMMAND, MAX_KEPT, Schedule, Standing, Tried},
        change::Change,
        ids::UserId,
        time::Time,
    },
};

/// So many tries are remembered, and so many that were made: more than are kept.
const REMEMBERED: (u32, u32) = (50, 4 * MAX_KEPT);

const SCHEDULE: &str = "SELECT every, hour, folder, keep, since, asked_at FROM backup_settings WHERE id = 1";
const SAVE: &str = "UPDATE backup_settings SET every = $1, hour = $2, folder = $3, keep = $4, since = $5 WHERE id = 1";
const ASK: &str = "UPDATE backup_settings SET asked_at = $1 WHERE id = 1";
const NOTE: &str = "INSERT INTO backup (at, file, bytes, entries, failure, detail) VALUES ($1, $2, $3, $4, $5, $6)";
const ANSWERED: &str = "UPDATE backup_settings SET asked_at = NULL WHERE asked_at <= $1";
const FORGET: &str = "DELETE FROM backup WHERE id NOT IN (SELECT id FROM backup ORDER BY at DESC, id DESC LIMIT $1) \
                      AND id NOT IN (SELECT id FROM backup WHERE failure = '' ORDER BY at DESC, id DESC LIMIT $2)";
const OURS: &str = "SELECT file FROM backup WHERE failure = '' AND detail = '' ORDER BY at DESC, id DESC";
const TRIED: &str = "SELECT at, file, bytes, entries, failure, detail FROM backup ORDER BY at DESC, id DESC LIMIT $1";
/// Of those that are not made by command.
const LAST_TRIED: &str = "SELECT at, file, bytes, entries, failure, detail FROM backup WHERE detail <> 'command' \
                          ORDER BY at DESC, id DESC LIMIT 1";
const MADE_AT: &str = "SELECT at FROM backup WHERE failure = '' AND detail = '' ORDER BY at DESC, id DESC LIMIT 1";
/// One to each owner until the next is made.
const QUEUE_ALARM: &str = "INSERT INTO mail (created_at, event, kind, recipient, user_id, post_id, comment_id, network, state, \
     tries, next_at, reply) SELECT $1, 'backup:' || user.id || ':' || $2, 'backup', user.email, user.id, NULL, NULL, '', \
     'waiting', 0, $1, '' FROM user WHERE user.email IS NOT NULL AND user.disabled_at IS NULL AND user.role = 'owner' \
     ON CONFLICT (event) DO NOTHING";
const LAST_GOOD: &str = "SELECT at, file, bytes, entries, failure, detail FROM backup WHERE failure = '' \
                         ORDER BY at DESC, id DESC LIMIT 1";

impl Store {
    /// When backups are made, and where.
    pub async fn backup_schedule(&self) -> Result<Schedule> {
        Ok(sqlx::query_as(SCHEDULE).fetch_one(&self.readers).await?)
    }

    /// Keeps what the owner decided about that.
    pub async fn save_backup_schedule(&self, schedule: &Schedule, by: UserId, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SAVE)
            .bind(schedule.every)
            .bind(schedule.hour)
            .bind(schedule.folder.clone())
            .bind(schedule.keep)
            .bind(now)
            .execute(&mut *write)
            .await?;
        audit::note(&mut write, Some(by), "settings-backup", schedule.every.as_str(), now).await?;
        write.commit(Change::Nothing).await?;
        self.backing_up.notify_one();
        Ok(())
    }

    /// Notes that the owner wants a backup now.
    pub async fn ask_for_backup(&self, by: UserId, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(ASK).bind(now).execute(&mut *write).await?;
        audit::note(&mut write, Some(by), "backup", "", now).await?;
        write.commit(Change::Nothing).await?;
        self.backing_up.notify_one();
        Ok(())
    }

    /// Waits until one of these has been called.
    pub async fn backup_asked(&self) {
        self.backing_up.notified().await;
    }

    /// Notes what came of one that was begun at `tried.at`; whoever asked before that has the answer. `by_itself`: nobody
    /// waits for it, so owners are mailed where it failed, once until one is made.
    pub async fn note_backup(&self, tried: &Tried, by_itself: bool) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(NOTE)
            .bind(tried.at)
            .bind(tried.file.clone())
            .bind(tried.bytes)
            .bind(tried.entries)
            .bind(tried.failure.clone())
            .bind(tried.detail.clone())
            .execute(&mut *write)
            .await?;
        sqlx::query(ANSWERED).bind(tried.at).execute(&mut *write).await?;
        sqlx::query(FORGET).bind(REMEMBERED.0).bind(REMEMBERED.1).execute(&mut *write).await?;
        if by_itself && !tried.is_good() && write.mails_work() {
            let made_at: Option<Time> = sqlx::query_scalar(MADE_AT).fetch_optional(&mut *write).await?;
            sqlx::query(QUEUE_ALARM).bind(tried.at).bind(made_at.unwrap_or(Time(0))).execute(&mut *write).await?;
            write.note_mail();
        }
        write.commit(Change::Nothing).await
    }

    /// How it stands with those that are not made by command.
    pub async fn backup_standing(&self) -> Result<Standing> {
        Ok(Standing {
            schedule: self.backup_schedule().await?,
            tried: sqlx::query_as(LAST_TRIED).fetch_optional(&self.readers).await?,
            made_at: sqlx::query_scalar(MADE_AT).fetch_optional(&self.readers).await?,
        })
    }

    /// The last that were tried, newest first.
    pub async fn backups(&self, limit: u32) -> Result<Vec<Tried>> {
        Ok(sqlx::query_as(TRIED).bind(limit).fetch_all(&self.readers).await?)
    }

    /// Files of those that this blog made by itself and that may be there still, newest first.
    pub async fn own_backups(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(OURS).fetch_all(&self.readers).await?)
    }

    /// The last that was made and proved.
    pub async fn last_backup(&self) -> Result<Option<Tried>> {
        Ok(sqlx::query_as(LAST_GOOD).fetch_optional(&self.readers).await?)
    }
}

/// Notes in the blog at `database`, served or not, that it was backed up by command. `false`: it is of another version, which
/// is left alone.
///
/// # Errors
/// SQLite's.
pub async fn note_backup_by_command(
    database: &Path,
    file: &Path,
    made: &BackedUp,
    now: Time,
) -> std::result::Result<bool, OpenError> {
    let noting = async {
        let mut connection = options(database).connect().await?;
        let is_ours = proof::version(&mut connection).await? == known_version();
        if is_ours {
            sqlx::query(NOTE)
                .bind(now)
                .bind(file.display().to_string())
                .bind(i64::try_from(made.bytes).unwrap_or(i64::MAX))
                .bind(made.rows)
                .bind("")
                .bind(BY_COMMAND)
                .execute(&mut connection)
                .await?;
        }
        connection.close().await?;
        Ok(is_ours)
    };
    noting.await.map_err(|error| OpenError::of(database, error))
}

#[cfg(test)]
statements!(SCHEDULE, SAVE, ASK, NOTE, ANSWERED, FORGET, OURS, TRIED, LAST_TRIED, MADE_AT, LAST_GOOD, QUEUE_ALARM);
