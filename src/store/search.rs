//! Full text, by SQLite's FTS5: the one table that is not portable SQL.

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

/// Ranks first and quotes afterwards: a snippet costs more than all the rest, and only a page of them is shown.
const SEARCH: &str = concat!(
    "WITH best AS MATERIALIZED (SELECT post.id, post.path, post.title, post.published_at, \
     bm25(post_search, 8.0, 1.0, 4.0) AS distance FROM post_search JOIN post ON post.id = post_search.rowid \
     WHERE post_search MATCH $2 AND ",
    live!(),
    " ORDER BY distance, post.published_at DESC LIMIT $3 OFFSET $4) \
     SELECT best.path, best.title, best.published_at, snippet(post_search, 1, char(2), char(3), '…', 32) AS snippet \
     FROM best JOIN post_search ON post_search.rowid = best.id WHERE post_search MATCH $2 \
     ORDER BY best.distance, best.published_at DESC"
);
const FORGET: &str = "DELETE FROM post_search WHERE rowid = $1";
const INDEX: &str = "INSERT INTO post_search (rowid, title, body, tags) VALUES ($1, $2, $3, $4)";

impl Store {
    /// Live posts and pages that match an FTS5 expression made by [`crate::text::search`], best first; `page` from 1.
    pub async fn search(&self, expression: &str, page: u32, now: Time) -> Result<Numbered<Found>> {
        let offset = i64::from(page.saturating_sub(1)) * RESULTS as i64;
        let rows = sqlx::query_as(SEARCH)
            .bind(now)
            .bind(expression)
            .bind(RESULTS as i64 + 1)
            .bind(offset)
            .fetch_all(&self.readers)
            .await?;
        Ok(Numbered::new(rows, page, RESULTS))
    }
}

/// Puts a post's words in the place of its former ones, in the transaction that saves it.
pub(super) async fn index(write: &mut SqliteConnection, id: PostId, content: &PostContent) -> Result<()> {
    sqlx::query(FORGET).bind(id).execute(&mut *write).await?;
    let tags = content.tags.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
    sqlx::query(INDEX)
        .bind(id)
        .bind(content.title.clone())
        .bind(content.text.clone())
        .bind(tags)
        .execute(write)
        .await?;
    Ok(())
}

#[cfg(test)]
statements!(SEARCH, FORGET, INDEX);
