//! The blog's settings: one row, absent until the blog is set up.

use jiff::tz::TimeZone;

use super::Store;
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        language::Language,
        settings::{CommentHold, Settings},
    },
};

#[derive(sqlx::FromRow)]
struct Row {
    uuid: String,
    title: String,
    description: String,
    language: String,
    zone: String,
    posts_per_page: u32,
    comment_hold: CommentHold,
    comments_open: bool,
    edit_minutes: u32,
    comments_per_page: u32,
    newest_comments_first: bool,
}

macro_rules! owners_columns {
    () => {
        "uuid, title, description, language, zone, posts_per_page, comment_hold, comments_open, edit_minutes, \
         comments_per_page, newest_comments_first"
    };
}
const SETTINGS: &str = concat!("SELECT ", owners_columns!(), " FROM settings WHERE id = 1");
pub(super) const SAVE: &str = concat!(
    "INSERT INTO settings (id, ",
    owners_columns!(),
    ") VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description, \
     language = excluded.language, zone = excluded.zone, posts_per_page = excluded.posts_per_page, \
     comment_hold = excluded.comment_hold, comments_open = excluded.comments_open, edit_minutes = excluded.edit_minutes, \
     comments_per_page = excluded.comments_per_page, newest_comments_first = excluded.newest_comments_first"
);

impl Store {
    /// What the owner decided; `None` until the blog is set up.
    pub async fn settings(&self) -> Result<Option<Settings>> {
        let row: Option<Row> = sqlx::query_as(SETTINGS).fetch_optional(&self.readers).await?;
        row.map(|row| {
            let zone = TimeZone::get(&row.zone)
                .map_err(|_| Error::Internal(format!("settings: this machine knows no time zone {:?}", row.zone)))?;
            Ok(Settings {
                uuid: row.uuid,
                title: row.title,
                description: row.description,
                language: Language::from_tag(&row.language).unwrap_or(Language::ENGLISH),
                zone,
                zone_name: row.zone,
                posts_per_page: row.posts_per_page,
                comment_hold: row.comment_hold,
                comments_open: row.comments_open,
                edit_minutes: row.edit_minutes,
                comments_per_page: row.comments_per_page,
                newest_comments_first: row.newest_comments_first,
            })
        })
        .transpose()
    }

    /// Keeps what the owner decided. The blog's uuid stays what it was at first.
    pub async fn save_settings(&self, settings: &Settings) -> Result<()> {
        let mut write = self.write().await?;
        save(&mut write, settings).await?;
        write.commit(Change::Everything).await
    }
}

/// Within a transaction that does more.
pub(super) async fn save(write: &mut sqlx::SqliteConnection, settings: &Settings) -> Result<()> {
    sqlx::query(SAVE)
        .bind(settings.uuid.clone())
        .bind(settings.title.clone())
        .bind(settings.description.clone())
        .bind(settings.language.tag())
        .bind(settings.zone_name.clone())
        .bind(settings.posts_per_page)
        .bind(settings.comment_hold)
        .bind(settings.comments_open)
        .bind(settings.edit_minutes)
        .bind(settings.comments_per_page)
        .bind(settings.newest_comments_first)
        .execute(write)
        .await?;
    Ok(())
}

#[cfg(test)]
statements!(SETTINGS, SAVE);
