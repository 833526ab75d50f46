//! The log of who did what: a line is written in the transaction of what it tells of.

use sqlx::SqliteConnection;

use super::Store;
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::UserId,
        listing::{From, Listing},
        post::Intent,
        revision::{RevisionKind, Saving},
        time::{DAY_MILLIS, Time},
        user::{ACTS, Logged},
    },
};

/// Lines on a page.
const ROWS: usize = 50;
/// A line stays so long.
const KEPT_MILLIS: i64 = 365 * DAY_MILLIS;
/// More failures an hour than this are not told one by one: strangers must not fill the file.
const FAILURES: i64 = 60;
const HOUR_MILLIS: i64 = 3_600_000;

const NOTE: &str = "INSERT INTO audit (at, user_id, act, subject) VALUES ($1, $2, $3, $4)";
const NOTE_STRANGER: &str = "INSERT INTO audit (at, user_id, act, subject) SELECT $1, NULL, $2, $3 WHERE \
     (SELECT count(*) FROM (SELECT 1 FROM audit WHERE user_id IS NULL AND at > $4 AND act = $2 LIMIT $5)) < $5";
macro_rules! log {
    ($which:literal, $where:literal) => {
        concat!(
            "SELECT audit.id, audit.at, audit.act, audit.subject, \
             (SELECT user.name FROM user WHERE user.id = audit.user_id) AS name FROM audit WHERE ",
            $which,
            "(audit.at, audit.id) ",
            $where,
            " LIMIT $3"
        )
    };
}
const LOG: [&str; 2] =
    [log!("", "< ($1, $2) ORDER BY audit.at DESC, audit.id DESC"), log!("", "> ($1, $2) ORDER BY audit.at, audit.id")];
const LOG_OF: [&str; 2] = [
    log!("audit.user_id = $4 AND ", "< ($1, $2) ORDER BY audit.at DESC, audit.id DESC"),
    log!("audit.user_id = $4 AND ", "> ($1, $2) ORDER BY audit.at, audit.id"),
];
const FORGET: &str = "DELETE FROM audit WHERE at < $1";

/// Notes that somebody did something, within the transaction in which it is done.
pub(super) async fn note(
    write: &mut SqliteConnection,
    by: Option<UserId>,
    act: &'static str,
    subject: &str,
    now: Time,
) -> Result<()> {
    debug_assert!(ACTS.contains(&act), "{act} stands neither among the acts nor in the words");
    sqlx::query(NOTE).bind(now).bind(by).bind(act).bind(subject).execute(write).await?;
    Ok(())
}

/// Notes that somebody saved a post: what a form saves by itself is no act.
pub(super) async fn note_save(
    write: &mut SqliteConnection,
    saving: &Saving<'_>,
    was_published: bool,
    title: &str,
) -> Result<()> {
    let act = match (saving.kind, saving.intent) {
        (RevisionKind::Autosave, _) => return Ok(()),
        (RevisionKind::Restore, _) => "bring-back",
        (_, Intent::Publish) if was_published => "update",
        (_, Intent::Publish) => "publish",
        (_, Intent::Unpublish) => "unpublish",
        (_, Intent::Save) => "save",
    };
    note(write, Some(saving.by), act, title, saving.now).await
}

/// Notes that somebody unknown did something, or was turned away, as long as that is not often.
pub(super) async fn note_stranger(
    write: &mut SqliteConnection,
    act: &'static str,
    subject: &str,
    now: Time,
) -> Result<()> {
    debug_assert!(ACTS.contains(&act), "{act} stands neither among the acts nor in the words");
    let note = sqlx::query(NOTE_STRANGER).bind(now).bind(act).bind(subject);
    note.bind(now.plus(-HOUR_MILLIS)).bind(FAILURES).execute(write).await?;
    Ok(())
}

impl Store {
    /// Notes that somebody unknown was turned away.
    pub async fn note_failure(&self, act: &'static str, subject: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        note_stranger(&mut write, act, subject, now).await?;
        write.commit(Change::Nothing).await
    }

    /// A slice of the log, newest first, of everybody or of one.
    pub async fn log(&self, of: Option<UserId>, from: From) -> Result<Listing<Logged>> {
        let cursor = from.cursor(Time(i64::MAX));
        let statements = if of.is_some() { LOG_OF } else { LOG };
        let mut rows = sqlx::query_as(statements[usize::from(from.is_upwards())])
            .bind(cursor.at)
            .bind(cursor.id)
            .bind(ROWS as i64 + 1);
        if of.is_some() {
            rows = rows.bind(of);
        }
        Ok(Listing::new(rows.fetch_all(&self.readers).await?, from, ROWS, Logged::cursor))
    }

    /// Forgets the lines of more than a year ago.
    pub async fn tidy_log(&self, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(FORGET).bind(now.plus(-KEPT_MILLIS)).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

#[cfg(test)]
statements!(NOTE, NOTE_STRANGER, LOG, LOG_OF, FORGET);
