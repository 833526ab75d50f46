//! Full text, by SQLite's FTS5: the one thing here that is not portable SQL.

use sqlx::SqliteConnection;

use super::{Store, reader_post::live};
use crate::{
    error::Result,
    model::{
        ids::PostId,
        listing::Numbered,
        post::{PostContent, PostLink},
        search::Term,
        time::Time,
    },
};

/// Results to a page.
pub const RESULTS: usize = 20;

/// A post that matches.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    /// The permalink without its leading slash.
    pub path: String,
    /// Plain text.
    pub title: String,
    /// When it was published.
    pub published_at: Time,
    /// Plain text of the post, or much of it.
    pub text: String,
}

/// The texts of what `best` holds: only those that are shown are read.
macro_rules! found {
    ($best:expr) => {
        concat!(
            "WITH best AS MATERIALIZED (",
            $best,
            " LIMIT $3 OFFSET $4) \
             SELECT best.path, best.title, best.published_at, substr(post_search.body, 1, 50000) AS text \
             FROM best CROSS JOIN post_search WHERE post_search.rowid = best.id \
             ORDER BY best.distance, best.published_at DESC, best.id DESC"
        )
    };
}
/// By how well they match. To weigh a word, bm25 goes through every post that has it.
const BEST: &str = found!(concat!(
    "SELECT post.id, post.path, post.title, post.published_at, bm25(post_search, 8.0, 1.0, 4.0) AS distance \
     FROM post_search JOIN post ON post.id = post_search.rowid WHERE post_search MATCH $2 AND ",
    live!(),
    " ORDER BY distance, post.published_at DESC, post.id DESC"
));
/// Titles and tags before texts, and each by date, among the thousand of each that match and were made last: as much as
/// anybody leafs through.
const NEWEST: &str = found!(concat!(
    "SELECT id, path, title, published_at, min(distance) AS distance FROM \
     (SELECT *, 0 AS distance FROM (SELECT post.id, post.path, post.title, post.published_at \
      FROM post_heading CROSS JOIN post WHERE post.id = post_heading.rowid AND post_heading MATCH $2 AND ",
    live!(),
    " ORDER BY post_heading.rowid DESC LIMIT 1000) UNION ALL \
     SELECT *, 1 FROM (SELECT post.id, post.path, post.title, post.published_at \
      FROM post_search CROSS JOIN post WHERE post.id = post_search.rowid AND post_search MATCH $2 AND ",
    live!(),
    " ORDER BY post_search.rowid DESC LIMIT 1000)) GROUP BY id ORDER BY distance, published_at DESC, id DESC"
));
/// Those whose titles or tags match, among the fifty that were made last.
const NEAR: &str = concat!(
    "SELECT post.id, post.path, post.title, post.published_at, coalesce(post.updated_at, post.published_at) AS changed_at \
     FROM post_heading CROSS JOIN post WHERE post.id = post_heading.rowid AND post_heading MATCH $2 AND ",
    live!(),
    " ORDER BY post_heading.rowid DESC LIMIT 50"
);
/// `$2` and `$3`: before the first path of a folder, and behind the last.
const BESIDE: &str = concat!(
    "SELECT post.id, post.path, post.title, post.published_at, coalesce(post.updated_at, post.published_at) AS changed_at \
     FROM post WHERE post.path > $2 AND post.path < $3 AND ",
    live!(),
    " ORDER BY post.path LIMIT 200"
);
/// Whether an expression matches a thousand posts, hidden ones among them.
const IS_COMMON: &str =
    "SELECT count(*) FROM (SELECT 1 FROM post_search WHERE post_search MATCH $1 LIMIT 1 OFFSET 999)";
/// From word to word of the index, past their occurrences; no word has a control character in it.
const COMPLETIONS: &str = "WITH RECURSIVE completion (word) AS (\
     SELECT (SELECT term FROM post_word WHERE term >= $1 LIMIT 1) UNION ALL \
     SELECT (SELECT term FROM post_word WHERE term >= completion.word || char(1) LIMIT 1) FROM completion \
     WHERE substr(completion.word, 1, length($1)) = $1) \
     SELECT word FROM completion WHERE substr(word, 1, length($1)) = $1 LIMIT $2";
/// Longer beginnings have no list of their own in the index: they are looked up word by word, unless they begin too many.
const LISTED_BEGINNING: usize = 5;
const MAX_COMPLETIONS: usize = 64;
const FORGET: [&str; 2] = ["DELETE FROM post_search WHERE rowid = $1", "DELETE FROM post_heading WHERE rowid = $1"];
const RETAG: [&str; 2] =
    ["UPDATE post_search SET tags = $2 WHERE rowid = $1", "UPDATE post_heading SET tags = $2 WHERE rowid = $1"];
const INDEX: &str = "INSERT INTO post_search (rowid, title, tags, body) VALUES ($1, $2, $3, $4)";
const INDEX_HEADING: &str = "INSERT INTO post_heading (rowid, title, tags) VALUES ($1, $2, $3)";

impl Store {
    /// Live posts and pages that match every one of the terms, best first; `page` from 1.
    pub async fn search(&self, terms: &[Term], page: u32, now: Time) -> Result<Numbered<Found>> {
        let offset = i64::from(page.saturating_sub(1)) * RESULTS as i64;
        let (expression, is_common) = self.expression(terms).await?;
        let rows = sqlx::query_as(if is_common { NEWEST } else { BEST })
            .bind(now)
            .bind(expression)
            .bind(RESULTS as i64 + 1)
            .bind(offset)
            .fetch_all(&self.readers)
            .await?;
        Ok(Numbered::new(rows, page, RESULTS))
    }

    /// Live posts and pages whose titles or tags have these words or what begins as they do: all of them, or else one of
    /// the first two. Each word is letters and digits.
    pub async fn posts_with_words(&self, words: &[String], now: Time) -> Result<Vec<PostLink>> {
        let beginning = |word: &String| format!("\"{}\"*", word.chars().take(LISTED_BEGINNING).collect::<String>());
        let beginnings: Vec<String> = words.iter().map(beginning).collect();
        let tries = std::iter::once(beginnings.join(" AND ")).chain(beginnings.iter().take(2).cloned());
        for expression in tries.filter(|expression| !expression.is_empty()) {
            let found: Vec<PostLink> = sqlx::query_as(NEAR).bind(now).bind(expression).fetch_all(&self.readers).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Live posts whose permalinks are in the same folder as `path`: of the same month, or pages; a bounded number.
    pub async fn posts_beside(&self, path: &str, now: Time) -> Result<Vec<PostLink>> {
        // Posts begin with their year, pages stand behind all digits.
        let (folder, after) = path.rsplit_once('/').map_or(("", ":"), |(folder, _)| (folder, "/"));
        let behind = format!("{folder}{}", if folder.is_empty() { "\u{10ffff}" } else { "0" });
        let folder = format!("{folder}{after}");
        Ok(sqlx::query_as(BESIDE).bind(now).bind(folder).bind(behind).fetch_all(&self.readers).await?)
    }

    /// The FTS5 expression for all of these terms, and whether one of them is in so many posts that to rank them would
    /// cost more than it tells. The beginning of a word that is common as it stands is taken as that word: what it might
    /// become need not be looked up.
    pub(super) async fn expression(&self, terms: &[Term]) -> Result<(String, bool)> {
        let mut parts = Vec::with_capacity(terms.len());
        let mut has_common = false;
        for term in terms {
            let mut part = term.quoted.clone();
            let mut is_common = self.is_common(&part).await?;
            if term.is_beginning && !is_common {
                part = self.completed(term).await?;
                is_common = self.is_common(&part).await?;
            }
            has_common |= is_common;
            parts.push(part);
        }
        Ok((parts.join(" AND "), has_common))
    }

    /// What finds the words that begin so.
    async fn completed(&self, term: &Term) -> Result<String> {
        if let [beginning] = term.words.as_slice()
            && beginning.chars().count() > LISTED_BEGINNING
        {
            let words: Vec<String> = sqlx::query_scalar(COMPLETIONS)
                .bind(beginning)
                .bind(MAX_COMPLETIONS as i64 + 1)
                .fetch_all(&self.readers)
                .await?;
            if words.is_empty() {
                return Ok(term.quoted.clone());
            }
            if words.len() <= MAX_COMPLETIONS {
                return Ok(format!("(\"{}\")", words.join("\" OR \"")));
            }
        }
        Ok(format!("{}*", term.quoted))
    }

    async fn is_common(&self, expression: &str) -> Result<bool> {
        let count: i64 = sqlx::query_scalar(IS_COMMON).bind(expression).fetch_one(&self.readers).await?;
        Ok(count > 0)
    }
}

/// Puts a post's words in the place of its former ones, in the transaction that saves it.
pub(super) async fn index(write: &mut SqliteConnection, id: PostId, content: &PostContent) -> Result<()> {
    forget(write, id).await?;
    let tags = content.tags.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
    let heading = |statement| sqlx::query(statement).bind(id).bind(content.title.clone()).bind(tags.clone());
    heading(INDEX).bind(content.text.clone()).execute(&mut *write).await?;
    heading(INDEX_HEADING).execute(write).await?;
    Ok(())
}

/// Finds a post by these tags from now on.
pub(super) async fn retag(write: &mut SqliteConnection, id: PostId, tags: &[String]) -> Result<()> {
    for statement in RETAG {
        sqlx::query(statement).bind(id).bind(tags.join(" ")).execute(&mut *write).await?;
    }
    Ok(())
}

/// Takes a post out of search.
pub(super) async fn forget(write: &mut SqliteConnection, id: PostId) -> Result<()> {
    for statement in FORGET {
        sqlx::query(statement).bind(id).execute(&mut *write).await?;
    }
    Ok(())
}

#[cfg(test)]
statements!(BEST, NEWEST, NEAR, BESIDE, IS_COMMON, COMPLETIONS, FORGET, RETAG, INDEX, INDEX_HEADING);
