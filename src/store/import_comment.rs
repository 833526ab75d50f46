//! Comments that come with an import: each once, under its post, below what it answers.

use std::collections::{HashMap, HashSet};

use sqlx::SqliteConnection;

use super::{
    Store,
    import::{self, NamedAuthor},
};
use crate::{
    error::Result,
    model::{
        change::Change,
        comment::CommentState,
        ids::{CommentId, PostId},
        incoming::On,
        queue::Shelf,
        time::Time,
    },
};

/// A comment on its way into the store.
#[derive(Clone, Debug)]
pub struct NewOldComment {
    /// What its source calls it.
    pub origin: String,
    /// Where it goes; a path as the store has it.
    pub on: On,
    /// What its source calls the comment that it answers.
    pub parent: Option<String>,
    /// Names it in feeds for ever.
    pub uuid: String,
    /// Where it lies.
    pub shelf: Shelf,
    /// As whom of the blog's people it may have been written.
    pub author: Option<NamedAuthor>,
    /// Cleaned, visible.
    pub name: String,
    /// Lower case.
    pub email: Option<String>,
    /// http or https.
    pub website: Option<String>,
    /// Markdown.
    pub source: String,
    /// Safe HTML.
    pub html: String,
    /// When it was written.
    pub at: Time,
}

/// What became of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It is on its shelf.
    Added,
    /// An earlier import brought it.
    Known,
    /// The post that it is about is not here.
    NoPost,
}

/// What the comments of one transaction have in common.
#[derive(Debug)]
pub(super) struct Placing {
    known: HashSet<String>,
    posts: HashMap<On, PostId>,
}

/// More comments between one and the first of its thread are a ring, or as good as one.
const MAX_CHAIN: i64 = 1000;

const KNOWN: &str = "SELECT import_comment.origin FROM json_each($1) AS wanted \
     CROSS JOIN import_comment WHERE import_comment.origin = wanted.value";
const ADD: &str = "INSERT INTO comment (uuid, post_id, parent_id, state, user_id, name, email, website, source, html, \
     network, reason, created_at, trashed_at, trashed_from) \
     VALUES ($1, $2, (SELECT comment.id FROM import_comment CROSS JOIN comment WHERE import_comment.origin = $3 \
     AND comment.id = import_comment.comment_id AND comment.post_id = $2), \
     $4, $5, $6, $7, $8, $9, $10, '', '', $11, $12, $13) RETURNING id, parent_id";
const REMEMBER: &str = "INSERT INTO import_comment (origin, comment_id, parent) VALUES ($1, $2, $3)";
const PARENT: &str = "SELECT comment.id FROM import_comment CROSS JOIN comment WHERE import_comment.origin = $1 \
     AND comment.id = import_comment.comment_id AND comment.post_id = $2";
const ORPHANS: &str = "SELECT import_comment.origin, import_comment.parent, comment.id, comment.post_id FROM import_comment \
     CROSS JOIN comment WHERE import_comment.parent IS NOT NULL AND import_comment.origin > $1 \
     AND comment.id = import_comment.comment_id ORDER BY import_comment.origin LIMIT 500";
/// How many are above, and whether `$2` is one of them.
const ABOVE: &str = "WITH RECURSIVE above (id) AS (SELECT $1 UNION SELECT comment.parent_id FROM above CROSS JOIN comment \
     WHERE comment.id = above.id AND comment.parent_id IS NOT NULL LIMIT $3) \
     SELECT count(*), coalesce(max(id = $2), 0) FROM above";
const SET_PARENT: &str = "UPDATE comment SET parent_id = $2 WHERE id = $1";
const HAS_PARENT: &str = "UPDATE import_comment SET parent = NULL WHERE origin = $1";

impl Store {
    /// Which of these comments have come before.
    pub async fn known_comments(&self, origins: &[&str]) -> Result<HashSet<String>> {
        known(&mut *self.readers.acquire().await?, origins).await
    }

    /// Puts comments that came before what they answer below it; the others, and rings, stay at the top.
    pub async fn mend_threads(&self) -> Result<()> {
        let mut after = String::new();
        loop {
            let mut write = self.write().await?;
            let orphans: Vec<(String, String, CommentId, PostId)> =
                sqlx::query_as(ORPHANS).bind(after).fetch_all(&mut *write).await?;
            let Some((last, ..)) = orphans.last() else { return Ok(()) };
            after = last.clone();
            let mut posts = Vec::new();
            for (origin, parent, id, post) in orphans {
                let parent: Option<CommentId> =
                    sqlx::query_scalar(PARENT).bind(parent).bind(post).fetch_optional(&mut *write).await?;
                let Some(parent) = parent else { continue };
                let (above, is_ring): (i64, bool) =
                    sqlx::query_as(ABOVE).bind(parent).bind(id).bind(MAX_CHAIN).fetch_one(&mut *write).await?;
                if !is_ring && above < MAX_CHAIN {
                    sqlx::query(SET_PARENT).bind(id).bind(parent).execute(&mut *write).await?;
                    posts.push(post);
                }
                sqlx::query(HAS_PARENT).bind(origin).execute(&mut *write).await?;
            }
            write.commit(Change::Threads(posts)).await?;
        }
    }
}

async fn known(connection: &mut SqliteConnection, origins: &[&str]) -> Result<HashSet<String>> {
    if origins.is_empty() {
        return Ok(HashSet::new());
    }
    let origins = serde_json::json!(origins).to_string();
    let known: Vec<String> = sqlx::query_scalar(KNOWN).bind(origins).fetch_all(connection).await?;
    Ok(known.into_iter().collect())
}

impl Placing {
    /// For a transaction that is to take in the comments of these origins.
    pub(super) async fn new(write: &mut SqliteConnection, origins: &[&str]) -> Result<Self> {
        Ok(Self { known: known(write, origins).await?, posts: HashMap::new() })
    }

    /// Adds one, if it has not come before.
    pub(super) async fn place(
        &mut self,
        write: &mut SqliteConnection,
        comment: &NewOldComment,
        now: Time,
    ) -> Result<Placed> {
        if self.known.contains(&comment.origin) {
            return Ok(Placed::Known);
        }
        let post = match self.posts.get(&comment.on) {
            Some(post) => *post,
            None => {
                let Some(post) = import::post_of(write, &comment.on).await? else { return Ok(Placed::NoPost) };
                self.posts.insert(comment.on.clone(), post);
                post
            }
        };
        add(write, post, comment, now).await?;
        self.known.insert(comment.origin.clone());
        Ok(Placed::Added)
    }
}

async fn add(write: &mut SqliteConnection, post: PostId, comment: &NewOldComment, now: Time) -> Result<()> {
    let user = match &comment.author {
        Some(author) => import::known_author(write, author).await?,
        None => None,
    };
    let (state, trashed_at) = match comment.shelf {
        Shelf::Approved => (CommentState::Approved, None),
        Shelf::Held => (CommentState::Held, None),
        Shelf::Spam => (CommentState::Spam, None),
        Shelf::Trash => (CommentState::Deleted, Some(now)),
    };
    let (id, parent): (CommentId, Option<CommentId>) = sqlx::query_as(ADD)
        .bind(comment.uuid.clone())
        .bind(post)
        .bind(comment.parent.clone())
        .bind(state)
        .bind(user)
        .bind(comment.name.clone())
        .bind(comment.email.clone())
        .bind(comment.website.clone())
        .bind(comment.source.clone())
        .bind(comment.html.clone())
        .bind(comment.at)
        .bind(trashed_at)
        // Taken out of the trash, it waits.
        .bind(trashed_at.map(|_| CommentState::Held))
        .fetch_one(&mut *write)
        .await?;
    let missing = comment.parent.clone().filter(|name| parent.is_none() && *name != comment.origin);
    sqlx::query(REMEMBER).bind(comment.origin.clone()).bind(id).bind(missing).execute(write).await?;
    Ok(())
}

#[cfg(test)]
statements!(KNOWN, ADD, REMEMBER, PARENT, ORPHANS, ABOVE, SET_PARENT, HAS_PARENT);
