//! How much is read: what was counted in memory is added to the numbers of each day, and old days become months.

use std::collections::HashMap;

use super::{Store, audit, write::Write};
use crate::{
    error::Result,
    model::{
        change::Change,
        ids::PostId,
        queue::By,
        reading::{Count, DayCount, HostCount, OTHERS, PageCount, Tally},
    },
};

/// So many pages and hosts of one day are told apart.
const MAX_PAGES: i64 = 2000;
const MAX_HOSTS: i64 = 200;
/// So many of them are shown.
const SHOWN: i64 = 20;

const COUNTS: &str = "SELECT counts_readers FROM settings WHERE id = 1";
const SET_COUNTS: &str = "UPDATE settings SET counts_readers = $1 WHERE id = 1";

const ADD_DAY: &str = "INSERT INTO reading (day, views, readers) VALUES ($1, $2, $3) ON CONFLICT (day) DO UPDATE SET \
     views = reading.views + excluded.views, readers = reading.readers + excluded.readers";
const PAGES_OF_DAY: &str = "SELECT count(*) FROM reading_page WHERE day = $1";
const HAS_PAGE: &str = "SELECT count(*) FROM reading_page WHERE page = $1 AND day = $2";
const ADD_PAGE: &str = "INSERT INTO reading_page (page, day, views, readers) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (page, day) DO UPDATE SET views = reading_page.views + excluded.views, \
     readers = reading_page.readers + excluded.readers";
const HOSTS_OF_DAY: &str = "SELECT count(*) FROM reading_host WHERE day = $1";
const HAS_HOST: &str = "SELECT count(*) FROM reading_host WHERE host = $1 AND day = $2";
const ADD_HOST: &str = "INSERT INTO reading_host (host, day, views) VALUES ($1, $2, $3) \
     ON CONFLICT (day, host) DO UPDATE SET views = reading_host.views + excluded.views";

const DAYS: &str = "SELECT day, views, readers FROM reading WHERE day >= $1 ORDER BY day";
/// The plus: else all days are walked, in the order of pages.
const PAGES: &str = "SELECT read.page, read.views, read.readers, \
     (SELECT post.title FROM post WHERE post.id = read.page) AS title FROM (SELECT page, sum(views) AS views, \
     sum(readers) AS readers FROM reading_page WHERE day >= $1 GROUP BY +page ORDER BY views DESC, page LIMIT $2) AS read";
const HOSTS: &str = "SELECT host, sum(views) AS views FROM reading_host WHERE day >= $1 GROUP BY host \
     ORDER BY views DESC, host LIMIT $2";
const VIEWS: &str =
    "SELECT page, sum(views) FROM reading_page WHERE page IN (SELECT value FROM json_each($1)) GROUP BY page";

const OLD_DAY: &str = "SELECT day FROM reading WHERE day < $1 AND day % 100 <> 0 ORDER BY day LIMIT 1";
/// `$1` the day, `$2` its month.
const FOLD: [&str; 6] = [
    "INSERT INTO reading (day, views, readers) SELECT $2, views, readers FROM reading WHERE day = $1 \
     ON CONFLICT (day) DO UPDATE SET views = reading.views + excluded.views, readers = reading.readers + excluded.readers",
    "INSERT INTO reading_page (page, day, views, readers) SELECT page, $2, views, readers FROM reading_page WHERE day = $1 \
     ON CONFLICT (page, day) DO UPDATE SET views = reading_page.views + excluded.views, \
     readers = reading_page.readers + excluded.readers",
    "INSERT INTO reading_host (host, day, views) SELECT host, $2, views FROM reading_host WHERE day = $1 \
     ON CONFLICT (day, host) DO UPDATE SET views = reading_host.views + excluded.views",
    "DELETE FROM reading WHERE day = $1 AND $2 = $2",
    "DELETE FROM reading_page WHERE day = $1 AND $2 = $2",
    "DELETE FROM reading_host WHERE day = $1 AND $2 = $2",
];

impl Store {
    /// Whether the owner wants readers to be counted.
    pub async fn counts_readers(&self) -> Result<bool> {
        Ok(sqlx::query_scalar(COUNTS).fetch_optional(&self.readers).await?.unwrap_or(false))
    }

    /// Keeps what the owner decided about that.
    pub async fn count_readers(&self, counts: bool, by: By) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(SET_COUNTS).bind(counts).execute(&mut *write).await?;
        let act = if counts { "readers-on" } else { "readers-off" };
        audit::note(&mut write, by.user, act, "", by.now).await?;
        // No page looks otherwise, but whether it is counted is known with the frame.
        write.commit(Change::Everything).await
    }

    /// Adds what was counted.
    pub async fn note_readers(&self, tallies: &[Tally]) -> Result<()> {
        if tallies.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        for tally in tallies {
            let Count { views, readers } = tally.all;
            sqlx::query(ADD_DAY).bind(tally.day).bind(views).bind(readers).execute(&mut *write).await?;
            add_pages(&mut write, tally).await?;
            add_hosts(&mut write, tally).await?;
        }
        write.commit(Change::Nothing).await
    }

    /// What was read from a day on, by day.
    pub async fn reading_days(&self, since: i64) -> Result<Vec<DayCount>> {
        Ok(sqlx::query_as(DAYS).bind(since).fetch_all(&self.readers).await?)
    }

    /// What was read most from a day on.
    pub async fn reading_pages(&self, since: i64) -> Result<Vec<PageCount>> {
        Ok(sqlx::query_as(PAGES).bind(since).bind(SHOWN).fetch_all(&self.readers).await?)
    }

    /// From where most came from a day on.
    pub async fn reading_hosts(&self, since: i64) -> Result<Vec<HostCount>> {
        Ok(sqlx::query_as(HOSTS).bind(since).bind(SHOWN).fetch_all(&self.readers).await?)
    }

    /// How often each of these posts was read.
    pub async fn views_of(&self, posts: impl Iterator<Item = PostId> + Send) -> Result<HashMap<i64, i64>> {
        let ids = serde_json::json!(posts.map(|id| id.0).collect::<Vec<_>>()).to_string();
        let rows: Vec<(i64, i64)> = sqlx::query_as(VIEWS).bind(ids).fetch_all(&self.readers).await?;
        Ok(rows.into_iter().collect())
    }

    /// Adds the oldest day before `before` to its month. `false`: there is none.
    pub async fn fold_readers(&self, before: i64) -> Result<bool> {
        let mut write = self.write().await?;
        let day: Option<i64> = sqlx::query_scalar(OLD_DAY).bind(before).fetch_optional(&mut *write).await?;
        let Some(day) = day else { return Ok(false) };
        for statement in FOLD {
            sqlx::query(statement).bind(day).bind(day / 100 * 100).execute(&mut *write).await?;
        }
        write.commit(Change::Nothing).await?;
        Ok(true)
    }
}

async fn add_pages(write: &mut Write, tally: &Tally) -> Result<()> {
    let mut known: i64 = sqlx::query_scalar(PAGES_OF_DAY).bind(tally.day).fetch_one(&mut **write).await?;
    for (page, count) in &tally.pages {
        let has: i64 = sqlx::query_scalar(HAS_PAGE).bind(page).bind(tally.day).fetch_one(&mut **write).await?;
        let page = if has == 0 && known >= MAX_PAGES { OTHERS } else { *page };
        known += 1 - has;
        let add = sqlx::query(ADD_PAGE).bind(page).bind(tally.day).bind(count.views).bind(count.readers);
        add.execute(&mut **write).await?;
    }
    Ok(())
}

async fn add_hosts(write: &mut Write, tally: &Tally) -> Result<()> {
    let mut known: i64 = sqlx::query_scalar(HOSTS_OF_DAY).bind(tally.day).fetch_one(&mut **write).await?;
    for (host, views) in &tally.hosts {
        let has: i64 = sqlx::query_scalar(HAS_HOST).bind(host.clone()).bind(tally.day).fetch_one(&mut **write).await?;
        let host = if has == 0 && known >= MAX_HOSTS { "" } else { host.as_str() };
        known += 1 - has;
        sqlx::query(ADD_HOST).bind(host.to_owned()).bind(tally.day).bind(views).execute(&mut **write).await?;
    }
    Ok(())
}

#[cfg(test)]
statements!(
    COUNTS,
    SET_COUNTS,
    ADD_DAY,
    PAGES_OF_DAY,
    HAS_PAGE,
    ADD_PAGE,
    HOSTS_OF_DAY,
    HAS_HOST,
    ADD_HOST,
    DAYS,
    PAGES,
    HOSTS,
    VIEWS,
    OLD_DAY,
    FOLD
);
