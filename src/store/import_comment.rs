//! Comments that come with an import: each once, under its post, below what it answers.

use std::collections::HashMap;

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
    rules::token,
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
    /// The number by which addresses name it (`#comment-12`), to be kept where it is free.
    pub number: Option<i64>,
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
    /// Markdown; nothing of one that was deleted there.
    pub source: String,
    /// Safe HTML.
    pub html: String,
    /// When it was written.
    pub at: Time,
    /// Whether it stands above the others.
    pub is_pinned: bool,
    /// Of its text and its state as they came.
    pub digest: String,
}

impl NewOldComment {
    /// Of what is kept of those.
    fn kept(&self) -> String {
        kept(&self.source, Some(self.shelf))
    }
}

fn kept(source: &str, shelf: Option<Shelf>) -> String {
    token::content_hash(format!("{shelf:?}:{source}").as_bytes())
}

/// What became of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It is on its shelf.
    Added,
    /// It has changed there since, and was brought up to date here.
    Updated,
    /// An earlier import brought it.
    Known,
    /// The post that it is about is not here.
    NoPost,
}

/// What the comments of one transaction have in common.
#[derive(Debug)]
pub(super) struct Placing {
    known: HashMap<String, String>,
    posts: HashMap<On, PostId>,
}

/// More comments between one and the first of its thread are a ring, or as good as one.
const MAX_CHAIN: i64 = 1000;

const KNOWN: &str = "SELECT import_comment.origin, import_comment.digest FROM json_each($1) AS wanted \
     CROSS JOIN import_comment WHERE import_comment.origin = wanted.value";
/// One whose number is taken is numbered far from those that may still come.
const ADD: &str = "INSERT INTO comment (id, uuid, post_id, parent_id, state, user_id, name, email, website, source, html, \
     network, reason, created_at, trashed_at, trashed_from, pinned_at) \
     VALUES (CASE WHEN NOT EXISTS (SELECT 1 FROM comment WHERE comment.id = $14) THEN $14 \
     WHEN NOT EXISTS (SELECT 1 FROM comment WHERE comment.id = $14 + 1000000000) THEN $14 + 1000000000 END, \
     $1, $2, (SELECT comment.id FROM import_comment CROSS JOIN comment WHERE import_comment.origin = $3 \
     AND comment.id = import_comment.comment_id AND comment.post_id = $2), \
     $4, $5, $6, $7, $8, $9, $10, '', '', $11, $12, $13, $15) RETURNING id, parent_id";
const REMEMBER: &str = "INSERT INTO import_comment (origin, comment_id, parent, digest) VALUES ($1, $2, $3, $4)";
const LYING: &str = "SELECT comment.id, comment.source, CASE WHEN comment.trashed_at IS NOT NULL THEN 'trash' \
     WHEN comment.state <> 'deleted' THEN comment.state END AS shelf FROM import_comment CROSS JOIN comment \
     WHERE import_comment.origin = $1 AND comment.id = import_comment.comment_id";
const UPDATE: &str =
    "UPDATE comment SET source = $2, html = $3, state = $4, trashed_at = $5, trashed_from = $6 WHERE id = $1";
const REMEMBER_DIGEST: &str = "UPDATE import_comment SET digest = $2 WHERE origin = $1";
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
    /// Which of these comments have come before, and the digest of each as it came last; empty where that is not known.
    pub async fn known_comments(&self, origins: &[&str]) -> Result<HashMap<String, String>> {
        let mut known = known(&mut *self.readers.acquire().await?, origins).await?;
        known.values_mut().for_each(|digest| digest.truncate(digest.find(':').unwrap_or_default()));
        Ok(known)
    }

    /// Whether one that has come before would be brought up to date.
    pub async fn would_update(&self, comment: &NewOldComment) -> Result<bool> {
        let mut readers = self.readers.acquire().await?;
        let known = known(&mut readers, &[&comment.origin]).await?;
        let Some(digest) = known.get(&comment.origin) else { return Ok(false) };
        Ok(matches!(fate(&mut readers, comment, digest).await?, Fate::Update(_)))
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

async fn known(connection: &mut SqliteConnection, origins: &[&str]) -> Result<HashMap<String, String>> {
    if origins.is_empty() {
        return Ok(HashMap::new());
    }
    let origins = serde_json::json!(origins).to_string();
    let known: Vec<(String, String)> = sqlx::query_as(KNOWN).bind(origins).fetch_all(connection).await?;
    Ok(known.into_iter().collect())
}

/// What is to become of a comment that has come before.
enum Fate {
    /// It is as it came, or as it comes now: that is to be remembered.
    Remember,
    /// It changed there alone.
    Update(CommentId),
    /// It was changed or deleted here, or nobody knows.
    Leave,
}

/// `digest`: what is remembered of it.
async fn fate(connection: &mut SqliteConnection, comment: &NewOldComment, digest: &str) -> Result<Fate> {
    let (came, was_kept) = digest.split_once(':').unwrap_or_default();
    if came == comment.digest {
        return Ok(Fate::Leave);
    }
    let lying: Option<(CommentId, String, Option<Shelf>)> =
        sqlx::query_as(LYING).bind(comment.origin.clone()).fetch_optional(connection).await?;
    let Some((id, source, shelf)) = lying else { return Ok(Fate::Leave) };
    let is_kept = kept(&source, shelf);
    Ok(match () {
        () if is_kept == comment.kept() => Fate::Remember,
        () if is_kept == was_kept => Fate::Update(id),
        () => Fate::Leave,
    })
}

impl Placing {
    /// For a transaction that is to take in the comments of these origins.
    pub(super) async fn new(write: &mut SqliteConnection, origins: &[&str]) -> Result<Self> {
        Ok(Self { known: known(write, origins).await?, posts: HashMap::new() })
    }

    /// Adds one, or brings it up to date where it has come before.
    pub(super) async fn place(
        &mut self,
        write: &mut SqliteConnection,
        comment: &NewOldComment,
        now: Time,
    ) -> Result<Placed> {
        if let Some(digest) = self.known.get(&comment.origin) {
            return change(write, comment, digest, now).await;
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
        self.known.insert(comment.origin.clone(), remembered(comment));
        Ok(Placed::Added)
    }
}

fn remembered(comment: &NewOldComment) -> String {
    format!("{}:{}", comment.digest, comment.kept())
}

async fn change(write: &mut SqliteConnection, comment: &NewOldComment, digest: &str, now: Time) -> Result<Placed> {
    let placed = match fate(write, comment, digest).await? {
        Fate::Leave => return Ok(Placed::Known),
        Fate::Remember => Placed::Known,
        Fate::Update(id) => {
            let (state, trashed_at) = lying(comment.shelf, now);
            sqlx::query(UPDATE)
                .bind(id)
                .bind(comment.source.clone())
                .bind(comment.html.clone())
                .bind(state)
                .bind(trashed_at)
                .bind(trashed_at.map(|_| CommentState::Held))
                .execute(&mut *write)
                .await?;
            Placed::Updated
        }
    };
    sqlx::query(REMEMBER_DIGEST).bind(comment.origin.clone()).bind(remembered(comment)).execute(write).await?;
    Ok(placed)
}

/// The state of what lies on a shelf, and when it came into the trash.
fn lying(shelf: Shelf, now: Time) -> (CommentState, Option<Time>) {
    match shelf {
        Shelf::Approved => (CommentState::Approved, None),
        Shelf::Held => (CommentState::Held, None),
        Shelf::Spam => (CommentState::Spam, None),
        Shelf::Trash => (CommentState::Deleted, Some(now)),
    }
}

async fn add(write: &mut SqliteConnection, post: PostId, comment: &NewOldComment, now: Time) -> Result<()> {
    let user = match &comment.author {
        Some(author) => import::known_author(write, author).await?,
        None => None,
    };
    let (state, trashed_at) = match comment.source.is_empty() {
        // Its words are gone for good: what remains is the mark above its replies.
        true => (CommentState::Deleted, None),
        false => lying(comment.shelf, now),
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
        .bind(comment.number)
        .bind((comment.is_pinned && comment.parent.is_none() && state == CommentState::Approved).then_some(now))
        .fetch_one(&mut *write)
        .await?;
    let missing = comment.parent.clone().filter(|name| parent.is_none() && *name != comment.origin);
    let origin = sqlx::query(REMEMBER).bind(comment.origin.clone()).bind(id).bind(missing);
    origin.bind(remembered(comment)).execute(write).await?;
    Ok(())
}

#[cfg(test)]
statements!(KNOWN, ADD, REMEMBER, LYING, UPDATE, REMEMBER_DIGEST, PARENT, ORPHANS, ABOVE, SET_PARENT, HAS_PARENT);
