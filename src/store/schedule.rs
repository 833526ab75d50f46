//! When the owner wants backups, and what came of those that were tried.

use super::{Store, audit};
use crate::{
    error::Result,
    model::{
        backup::{MAX_KEPT, Schedule, Tried},
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

    /// Notes what came of one that was begun at `tried.at`; whoever asked before that has the answer.
    pub async fn note_backup(&self, tried: &Tried) -> Result<()> {
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
        write.commit(Change::Nothing).await
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

#[cfg(test)]
statements!(SCHEDULE, SAVE, ASK, NOTE, ANSWERED, FORGET, OURS, TRIED, LAST_GOOD);
