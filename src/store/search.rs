//! Full text, by SQLite's FTS5: the one thing here that is not portable SQL.

use sqlx::SqliteConnection;

use super::{Store, reader_post::live};
use crate::{
    error::Result,
    model::{ids::PostId, listing::Numbered, post::PostContent, time::Time},
};

/// Results to a page.
pub const RESULTS: usize = 20;

/// A post that matches. `snippet` is plain text with U+0002 and U+0003 around each hit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    /// The permalink without its leading slash.
    pub path: String,
    /// Plain text.
    pub title: String,
    /// When it was published.
    pub published_at: Time,
    /// Text around the hits.
    pub snippet: String,
}

/// Quotes what `best` holds: a snippet costs more than all the rest, and only a page of them is shown.
macro_rules! quoted {
    ($best:expr) => {
        concat!(
            "WITH best AS MATERIALIZED (",
            $best,
            " LIMIT $3 OFFSET $4) \
             SELECT best.path, best.title, best.published_at, snippet(post_search, 1, char(2), char(3), '…', 32) AS snippet \
             FROM best JOIN post_search ON post_search.rowid = best.id WHERE post_search MATCH $2 \
             ORDER BY best.distance, best.published_at DESC, best.id DESC"
        )
    };
}
/// By how well they match. To weigh a word, bm25 goes through every post that has it.
const BEST: &str = quoted!(concat!(
    "SELECT post.id, post.path, post.title, post.published_at, bm25(post_search, 8.0, 1.0, 4.0) AS distance \
     FROM post_search JOIN post ON post.id = post_search.rowid WHERE post_search MATCH $2 AND ",
    live!(),
    " ORDER BY distance, post.published_at DESC, post.id DESC"
));
/// Titles and tags before texts, and each by date, among the thousand of each that match and were made last: as much as
/// anybody leafs through.
const NEWEST: &str = quoted!(concat!(
    "SELECT post.id, post.path, post.title, post.published_at, min(found.distance) AS distance FROM \
     (SELECT id, 0 AS distance FROM (SELECT post.id FROM post_heading CROSS JOIN post \
      WHERE post.id = post_heading.rowid AND post_heading MATCH $2 AND ",
    live!(),
    " ORDER BY post_heading.rowid DESC LIMIT 1000) UNION ALL \
     SELECT id, 1 FROM (SELECT post.id FROM post_search CROSS JOIN post \
      WHERE post.id = post_search.rowid AND post_search MATCH $2 AND ",
    live!(),
    " ORDER BY post_search.rowid DESC LIMIT 1000)) AS found JOIN post ON post.id = found.id \
     GROUP BY post.id ORDER BY distance, post.published_at DESC, post.id DESC"
));
/// Whether an expression matches a thousand posts, hidden ones among them.
const IS_COMMON: &str =
    "SELECT count(*) FROM (SELECT 1 FROM post_search WHERE post_search MATCH $1 LIMIT 1 OFFSET 999)";
const FORGET: [&str; 2] = ["DELETE FROM post_search WHERE rowid = $1", "DELETE FROM post_heading WHERE rowid = $1"];
const INDEX: &str = "INSERT INTO post_search (rowid, title, tags, body) VALUES ($1, $2, $3, $4)";
const INDEX_HEADING: &str = "INSERT INTO post_heading (rowid, title, tags) VALUES ($1, $2, $3)";

impl Store {
    /// Live posts and pages that match every one of the words, as [`crate::text::search`] writes them, best first;
    /// `page` from 1.
    pub async fn search(&self, words: &[String], page: u32, now: Time) -> Result<Numbered<Found>> {
        let offset = i64::from(page.saturating_sub(1)) * RESULTS as i64;
        let (expression, is_common) = self.expression(words).await?;
        let rows = sqlx::query_as(if is_common { NEWEST } else { BEST })
            .bind(now)
            .bind(expression)
            .bind(RESULTS as i64 + 1)
            .bind(offset)
            .fetch_all(&self.readers)
            .await?;
        Ok(Numbered::new(rows, page, RESULTS))
    }

    /// The FTS5 expression for all of these words, and whether one of them is in so many posts that to rank them would
    /// cost more than it tells. The beginning of a word that is common as it stands is taken as that word: what it might
    /// become need not be looked up.
    pub(super) async fn expression(&self, words: &[String]) -> Result<(String, bool)> {
        let mut expression = Vec::with_capacity(words.len());
        let mut is_common = false;
        for word in words {
            let whole = word.strip_suffix('*').unwrap_or(word);
            let whole_is_common = self.is_common(whole).await?;
            is_common = is_common || whole_is_common || (whole != word && self.is_common(word).await?);
            expression.push(if whole_is_common { whole } else { word });
        }
        Ok((expression.join(" AND "), is_common))
    }

    async fn is_common(&self, expression: &str) -> Result<bool> {
        let count: i64 = sqlx::query_scalar(IS_COMMON).bind(expression).fetch_one(&self.readers).await?;
        Ok(count > 0)
    }
}

/// Puts a post's words in the place of its former ones, in the transaction that saves it.
pub(super) async fn index(write: &mut SqliteConnection, id: PostId, content: &PostContent) -> Result<()> {
    for statement in FORGET {
        sqlx::query(statement).bind(id).execute(&mut *write).await?;
    }
    let tags = content.tags.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
    let heading = |statement| sqlx::query(statement).bind(id).bind(content.title.clone()).bind(tags.clone());
    heading(INDEX).bind(content.text.clone()).execute(&mut *write).await?;
    heading(INDEX_HEADING).execute(write).await?;
    Ok(())
}

#[cfg(test)]
statements!(BEST, NEWEST, IS_COMMON, FORGET, INDEX, INDEX_HEADING);
