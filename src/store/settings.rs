//! The blog's settings: one row, absent until the blog is set up.

use std::sync::Once;

use jiff::tz::TimeZone;

use super::{Store, audit};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        language::Language,
        queue::By,
        settings::{CommentHold, CommentPolicy, List, MAX_LIST, Settings},
    },
};

/// It is said once.
static UNKNOWN_ZONE: Once = Once::new();

#[derive(sqlx::FromRow)]
struct Row {
    uuid: String,
    title: String,
    description: String,
    language: String,
    zone: String,
    posts_per_page: u32,
    feed_posts: u32,
    feeds_are_full: bool,
    comment_hold: CommentHold,
    comments_open: bool,
    edit_minutes: u32,
    comments_per_page: u32,
    newest_comments_first: bool,
    #[sqlx(flatten)]
    policy: CommentPolicy,
}

macro_rules! owners_columns {
    () => {
        "uuid, title, description, language, zone, posts_per_page, comment_hold, comments_open, edit_minutes, \
         comments_per_page, newest_comments_first, hold_after_days, close_after_days, hold_at, spam_at, storm_at, \
         hold_list, spam_list, trust_list, wants_work, feed_posts, feeds_are_full"
    };
}
const SETTINGS: &str = concat!("SELECT ", owners_columns!(), " FROM settings WHERE id = 1");
pub(super) const SAVE: &str = concat!(
    "INSERT INTO settings (id, ",
    owners_columns!(),
    ") VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) \
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description, \
     language = excluded.language, zone = excluded.zone, posts_per_page = excluded.posts_per_page, \
     comment_hold = excluded.comment_hold, comments_open = excluded.comments_open, edit_minutes = excluded.edit_minutes, \
     comments_per_page = excluded.comments_per_page, newest_comments_first = excluded.newest_comments_first, \
     hold_after_days = excluded.hold_after_days, close_after_days = excluded.close_after_days, \
     hold_at = excluded.hold_at, spam_at = excluded.spam_at, storm_at = excluded.storm_at, \
     hold_list = excluded.hold_list, spam_list = excluded.spam_list, trust_list = excluded.trust_list, \
     wants_work = excluded.wants_work, feed_posts = excluded.feed_posts, feeds_are_full = excluded.feeds_are_full"
);

const LIST: &str = "SELECT CASE $1 WHEN 'spam' THEN spam_list ELSE trust_list END FROM settings WHERE id = 1";
const SET_LIST: &str = "UPDATE settings SET spam_list = CASE $1 WHEN 'spam' THEN $2 ELSE spam_list END, \
                        trust_list = CASE $1 WHEN 'trust' THEN $2 ELSE trust_list END WHERE id = 1";

impl Store {
    /// What the owner decided; `None` until the blog is set up.
    pub async fn settings(&self) -> Result<Option<Settings>> {
        let row: Option<Row> = sqlx::query_as(SETTINGS).fetch_optional(&self.readers).await?;
        Ok(row.map(|row| {
            let zone = TimeZone::get(&row.zone).unwrap_or_else(|_| {
                UNKNOWN_ZONE.call_once(|| {
                    tracing::error!(
                        zone = row.zone,
                        "this machine knows no such time zone: the blog goes by UTC; see laman check"
                    );
                });
                TimeZone::UTC
            });
            Settings {
                uuid: row.uuid,
                title: row.title,
                description: row.description,
                language: Language::from_tag(&row.language).unwrap_or(Language::ENGLISH),
                zone,
                zone_name: row.zone,
                posts_per_page: row.posts_per_page,
                feed_posts: row.feed_posts,
                feeds_are_full: row.feeds_are_full,
                comment_hold: row.comment_hold,
                comments_open: row.comments_open,
                edit_minutes: row.edit_minutes,
                comments_per_page: row.comments_per_page,
                newest_comments_first: row.newest_comments_first,
                policy: row.policy,
            }
        }))
    }

    /// Keeps what the shell decided. The blog's uuid stays what it was at first.
    pub async fn save_settings(&self, settings: &Settings) -> Result<()> {
        let mut write = self.write().await?;
        save(&mut write, settings).await?;
        write.commit(Change::Everything).await
    }

    /// The same by somebody at the desk; `act`: which settings.
    pub async fn change_settings(&self, settings: &Settings, act: &'static str, by: By) -> Result<()> {
        let mut write = self.write().await?;
        save(&mut write, settings).await?;
        audit::note(&mut write, by.user, act, "", by.now).await?;
        write.commit(Change::Everything).await
    }
}

impl Store {
    /// Puts a line at the end of a list, unless it stands there; `false`: the list is full.
    pub async fn list_line(&self, list: List, line: &str, by: By) -> Result<bool> {
        let mut write = self.write().await?;
        let mut lines = lines(&mut write, list).await?;
        if lines.lines().all(|other| other.trim() != line) {
            if !lines.is_empty() && !lines.ends_with('\n') {
                lines.push('\n');
            }
            lines.push_str(line);
        }
        if lines.chars().count() > MAX_LIST {
            return Ok(false);
        }
        sqlx::query(SET_LIST).bind(list.as_str()).bind(lines).execute(&mut *write).await?;
        let act = if list == List::Trust { "trust-line" } else { "spam-line" };
        audit::note(&mut write, by.user, act, line, by.now).await?;
        write.commit(Change::Everything).await?;
        Ok(true)
    }

    /// Takes a line out of a list.
    pub async fn unlist_line(&self, list: List, line: &str, by: By) -> Result<()> {
        let mut write = self.write().await?;
        let lines = lines(&mut write, list).await?;
        let left: Vec<&str> = lines.lines().filter(|other| other.trim() != line).collect();
        sqlx::query(SET_LIST).bind(list.as_str()).bind(left.join("\n")).execute(&mut *write).await?;
        audit::note(&mut write, by.user, "unlist-line", line, by.now).await?;
        write.commit(Change::Everything).await
    }
}

async fn lines(write: &mut sqlx::SqliteConnection, list: List) -> Result<String> {
    let lines: Option<String> = sqlx::query_scalar(LIST).bind(list.as_str()).fetch_optional(write).await?;
    lines.ok_or(Error::NotSetUp)
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
        .bind(settings.policy.hold_after_days)
        .bind(settings.policy.close_after_days)
        .bind(settings.policy.hold_at)
        .bind(settings.policy.spam_at)
        .bind(settings.policy.storm_at)
        .bind(settings.policy.hold_list.clone())
        .bind(settings.policy.spam_list.clone())
        .bind(settings.policy.trust_list.clone())
        .bind(settings.policy.wants_work)
        .bind(settings.feed_posts)
        .bind(settings.feeds_are_full)
        .execute(write)
        .await?;
    Ok(())
}

#[cfg(test)]
statements!(SETTINGS, SAVE, LIST, SET_LIST);
