//! Taking in what comes from another system: each thing once, with its authors, dates and old addresses; and again where it
//! has changed there and not here.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use sqlx::SqliteConnection;

use super::{
    Store, account, admin_post,
    publish::{self, Wanted},
    redirect,
};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        comment::CommentState,
        ids::{CommentId, PostId, UserId},
        post::{Intent, PostContent, PostKind},
        queue::Shelf,
        redirect::{NewRedirect, RedirectFault},
        revision::{Hand, RevisionKind, Saving, Typed},
        time::Time,
    },
};

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It is a new post now; these of its old addresses belong to others and were not taken.
    Added {
        /// Old paths that stay with other posts.
        taken: Vec<String>,
    },
    /// It has changed there since, and was brought up to date here.
    Updated {
        /// Likewise.
        taken: Vec<String>,
    },
    /// An earlier import brought it; nothing was changed.
    Known,
}

/// What an earlier import brought.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownEntry {
    /// Of what came last.
    pub digest: String,
    /// Its post; `None`: it was deleted here.
    pub post_id: Option<PostId>,
    /// Whether it was edited, put away or deleted here since.
    pub is_changed: bool,
}

/// An author as an import names one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedAuthor {
    /// As readers see it.
    pub name: String,
    /// Made of the name.
    pub slug: String,
    /// Made of the name.
    pub skeleton: String,
    /// Lower case: the same person, if somebody here has it.
    pub email: Option<String>,
}

/// An entry on its way into the store.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// What its source calls it.
    pub origin: &'a str,
    /// Of all that came.
    pub digest: &'a str,
    /// Post or page.
    pub kind: PostKind,
    /// It.
    pub content: &'a PostContent,
    /// Whether it is to be published.
    pub intent: Intent,
    /// In order; none: `fallback`.
    pub authors: &'a [NamedAuthor],
    /// Who stands under what names nobody.
    pub fallback: UserId,
    /// Addresses that it had.
    pub old_paths: &'a [String],
    /// What it was before it became Markdown, and what was lost by that.
    pub original: Option<(&'a str, &'a str)>,
    /// The blog's.
    pub zone: &'a TimeZone,
}

/// A comment on its way into the store.
#[derive(Clone, Debug)]
pub struct NewOldComment {
    /// What its source calls it.
    pub origin: String,
    /// Where it goes.
    pub post_id: PostId,
    /// What its source calls the comment that it answers.
    pub parent: Option<String>,
    /// Names it in feeds for ever.
    pub uuid: String,
    /// Where it lies.
    pub shelf: Shelf,
    /// If one of the blog's people wrote it: who.
    pub user_id: Option<UserId>,
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

/// More comments between one and the first of its thread are a ring, or as good as one.
const MAX_CHAIN: i64 = 1000;

const KNOWN: &str = "SELECT import_post.digest, import_post.post_id, post.id IS NULL OR post.version <> import_post.version \
     AS is_changed FROM import_post LEFT JOIN post ON post.id = import_post.post_id WHERE import_post.origin = $1";
const REMEMBER: &str = "INSERT INTO import_post (origin, post_id, digest, version) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (origin) DO UPDATE SET post_id = excluded.post_id, digest = excluded.digest, version = excluded.version";
const KEEP_ORIGINAL: &str = "INSERT INTO import_original (post_id, lost, html) VALUES ($1, $2, $3) \
     ON CONFLICT (post_id) DO UPDATE SET lost = excluded.lost, html = excluded.html";
const DROP_ORIGINAL: &str = "DELETE FROM import_original WHERE post_id = $1";
const ORIGINAL: &str = "SELECT lost, html FROM import_original WHERE post_id = $1";
const HAS_ORIGINAL: &str = "SELECT EXISTS (SELECT 1 FROM import_original WHERE post_id = $1)";
const BY_EMAIL: &str = "SELECT id FROM user WHERE email = $1";
const AUTHOR: &str = "SELECT id FROM user WHERE skeleton = $1 ORDER BY id LIMIT 1";
const ADD_AUTHOR: &str = "INSERT INTO user (name, slug, skeleton, role, created_at) VALUES ($1, $2, $3, 'author', $4) \
                          RETURNING id";
const SLUG_OF: &str = "SELECT slug FROM user WHERE id = $1";
const POST_AT: &str =
    "SELECT id FROM post WHERE path = $1 UNION ALL SELECT post_id FROM redirect WHERE path = $1 LIMIT 1";
const KNOWN_COMMENTS: &str = "SELECT import_comment.origin FROM json_each($1) AS wanted \
     CROSS JOIN import_comment WHERE import_comment.origin = wanted.value";
const KNOWS_COMMENT: &str = "SELECT count(*) FROM import_comment WHERE origin = $1";
const PARENT: &str = "SELECT comment.id FROM import_comment CROSS JOIN comment WHERE import_comment.origin = $1 \
     AND comment.id = import_comment.comment_id AND comment.post_id = $2";
const ADD_COMMENT: &str = "INSERT INTO comment (uuid, post_id, parent_id, state, user_id, name, email, website, source, \
     html, network, reason, created_at, trashed_at, trashed_from) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', $11, $12, $13) RETURNING id";
const REMEMBER_COMMENT: &str = "INSERT INTO import_comment (origin, comment_id, parent) VALUES ($1, $2, $3)";
const ORPHANS: &str = "SELECT import_comment.origin, import_comment.parent, comment.id, comment.post_id FROM import_comment \
     CROSS JOIN comment WHERE import_comment.parent IS NOT NULL AND import_comment.origin > $1 \
     AND comment.id = import_comment.comment_id ORDER BY import_comment.origin LIMIT 500";
/// How many are above, and whether `$2` is one of them.
const ABOVE: &str = "WITH RECURSIVE above (id) AS (SELECT $1 UNION SELECT comment.parent_id FROM above CROSS JOIN comment \
     WHERE comment.id = above.id AND comment.parent_id IS NOT NULL LIMIT $3) \
     SELECT count(*), coalesce(max(id = $2), 0) FROM above";
const SET_PARENT: &str = "UPDATE comment SET parent_id = $2 WHERE id = $1";
const HAS_PARENT: &str = "UPDATE import_comment SET parent = NULL WHERE origin = $1";
const PICTURE: &str = "SELECT media.hash, media.name FROM import_picture JOIN media ON media.hash = import_picture.hash \
                       WHERE import_picture.address = $1";
const KEEP_PICTURE: &str = "INSERT INTO import_picture (address, hash) VALUES ($1, $2) \
                            ON CONFLICT (address) DO UPDATE SET hash = excluded.hash";
const KEEP_ADDRESS: &str = "INSERT INTO import_address (path) VALUES ($1) ON CONFLICT (path) DO NOTHING";
const ADDRESSES: &str = "SELECT path FROM import_address WHERE path > $1 ORDER BY path LIMIT 500";

impl Store {
    /// What an earlier import brought of an entry.
    pub async fn known_entry(&self, origin: &str) -> Result<Option<KnownEntry>> {
        Ok(sqlx::query_as(KNOWN).bind(origin).fetch_optional(&self.readers).await?)
    }

    /// Adds an imported post under its own date, by its own authors; or brings it up to date.
    pub async fn import_post(&self, entry: &NewEntry<'_>, now: Time) -> Result<Imported, publish::SaveError> {
        let mut write = self.write().await?;
        let known: Option<KnownEntry> = sqlx::query_as(KNOWN).bind(entry.origin).fetch_optional(&mut *write).await?;
        let (id, version, change, is_new) = match known {
            None => {
                let (id, change) = add(&mut write, entry, now).await?;
                (id, 1, change, true)
            }
            Some(KnownEntry { post_id: Some(id), is_changed: false, digest }) if digest != entry.digest => {
                let (version, change) = update(&mut write, id, entry, now).await?;
                (id, version, change, false)
            }
            Some(_) => return Ok(Imported::Known),
        };
        let origin = sqlx::query(REMEMBER).bind(entry.origin).bind(id).bind(entry.digest);
        origin.bind(version).execute(&mut *write).await?;
        sqlx::query(DROP_ORIGINAL).bind(id).execute(&mut *write).await?;
        if let Some((lost, html)) = entry.original {
            sqlx::query(KEEP_ORIGINAL).bind(id).bind(lost).bind(html).execute(&mut *write).await?;
        }
        let own = admin_post::stored_post(&mut write, id).await?.ok_or(Error::NotFound)?.path;
        let mut taken = Vec::new();
        for path in entry.old_paths {
            if own.as_ref() != Some(path) && !publish::add_old_path(&mut write, id, path).await? {
                taken.push(path.clone());
            }
            if own.is_some() {
                sqlx::query(KEEP_ADDRESS).bind(path.clone()).execute(&mut *write).await?;
            }
        }
        write.commit(change).await?;
        Ok(if is_new { Imported::Added { taken } } else { Imported::Updated { taken } })
    }

    /// What was lost of a post when it came, a line each, and its HTML as it was.
    pub async fn import_original(&self, post: PostId) -> Result<Option<(String, String)>> {
        Ok(sqlx::query_as(ORIGINAL).bind(post).fetch_optional(&self.readers).await?)
    }

    /// Whether something was.
    pub async fn has_import_original(&self, post: PostId) -> Result<bool> {
        Ok(sqlx::query_scalar(HAS_ORIGINAL).bind(post).fetch_one(&self.readers).await?)
    }

    /// Forgets that.
    pub async fn drop_import_original(&self, post: PostId) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(DROP_ORIGINAL).bind(post).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// The post that lives at a path, or did.
    pub async fn post_once_at(&self, path: &str) -> Result<Option<PostId>> {
        Ok(sqlx::query_scalar(POST_AT).bind(path).fetch_optional(&self.readers).await?)
    }

    /// Who of the blog's people this is, if it is one.
    pub async fn known_author(&self, author: &NamedAuthor) -> Result<Option<(UserId, String)>> {
        let mut readers = self.readers.acquire().await?;
        let Some(id) = known_author(&mut readers, author).await? else { return Ok(None) };
        Ok(Some((id, sqlx::query_scalar(SLUG_OF).bind(id).fetch_one(&mut *readers).await?)))
    }

    /// Which of these comments have come before.
    pub async fn known_comments(&self, origins: &[&str]) -> Result<HashSet<String>> {
        let origins = serde_json::json!(origins).to_string();
        let known: Vec<String> = sqlx::query_scalar(KNOWN_COMMENTS).bind(origins).fetch_all(&self.readers).await?;
        Ok(known.into_iter().collect())
    }

    /// Adds those comments that have not come before, in one transaction; says onto which shelves.
    pub async fn import_comments(&self, comments: &[NewOldComment], now: Time) -> Result<Vec<Shelf>> {
        let mut write = self.write().await?;
        let mut added = Vec::new();
        for comment in comments {
            let known: i64 =
                sqlx::query_scalar(KNOWS_COMMENT).bind(comment.origin.clone()).fetch_one(&mut *write).await?;
            if known == 0 {
                add_comment(&mut write, comment, now).await?;
                added.push(comment.shelf);
            }
        }
        let mut posts: Vec<PostId> = comments.iter().map(|comment| comment.post_id).collect();
        posts.dedup();
        write.commit(if added.is_empty() { Change::Nothing } else { Change::Threads(posts) }).await?;
        Ok(added)
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

    /// Leads old addresses to where they lead now, in one transaction; gives those that belong to others.
    pub async fn import_redirects(&self, redirects: &[NewRedirect], now: Time) -> Result<Vec<String>> {
        let mut write = self.write().await?;
        let mut taken = Vec::new();
        for new in redirects {
            if !lead(&mut write, new, now).await? {
                taken.push(new.path.clone());
            }
        }
        write.commit(Change::Nothing).await?;
        Ok(taken)
    }

    /// The picture that came from an address: its hash and its name.
    pub async fn imported_picture(&self, address: &str) -> Result<Option<(String, String)>> {
        Ok(sqlx::query_as(PICTURE).bind(address).fetch_optional(&self.readers).await?)
    }

    /// Remembers which picture came from an address, and leads its path here; `false`: that is another's.
    pub async fn note_picture(
        &self,
        address: &str,
        hash: &str,
        redirect: Option<&NewRedirect>,
        now: Time,
    ) -> Result<bool> {
        let mut write = self.write().await?;
        sqlx::query(KEEP_PICTURE).bind(address.to_owned()).bind(hash.to_owned()).execute(&mut *write).await?;
        let is_led = match redirect {
            Some(redirect) => lead(&mut write, redirect, now).await?,
            None => true,
        };
        write.commit(Change::Nothing).await?;
        Ok(is_led)
    }

    /// Old addresses that are to answer, those after this one.
    pub async fn imported_addresses(&self, after: &str) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(ADDRESSES).bind(after).fetch_all(&self.readers).await?)
    }
}

/// Leads an old address on; `false`: it is another's.
async fn lead(write: &mut SqliteConnection, new: &NewRedirect, now: Time) -> Result<bool> {
    match redirect::add(write, new, now).await? {
        Ok(()) | Err(RedirectFault::Exists) => {
            sqlx::query(KEEP_ADDRESS).bind(new.path.clone()).execute(write).await?;
            Ok(true)
        }
        Err(RedirectFault::Taken | RedirectFault::Loop) => Ok(false),
    }
}

async fn add(
    write: &mut SqliteConnection,
    entry: &NewEntry<'_>,
    now: Time,
) -> Result<(PostId, Change), publish::SaveError> {
    let NewEntry { kind, content, intent, zone, .. } = *entry;
    let place = match publish::place(write, None, kind, Wanted::of(content), intent, zone, now).await {
        // Two posts of the old blog may come to one address here: the later one gets a number.
        Err(publish::SaveError::SlugTaken) => {
            publish::place(write, None, kind, Wanted::of(&numbered(content)), intent, zone, now).await?
        }
        other => other?,
    };
    let id = publish::insert(write, kind, content, &place, Some(entry.origin), now).await?;
    for (position, author) in (0_i64..).zip(authors(write, entry, now).await?) {
        publish::add_author(write, id, author, position).await?;
    }
    publish::list(write, id).await?;
    Ok((id, publish::seen(write, id, kind, None, place.seen_from(), now).await?))
}

fn numbered(content: &PostContent) -> PostContent {
    let title_slug = content.slug.clone().unwrap_or_default();
    PostContent { slug: None, title_slug, ..content.clone() }
}

async fn update(
    write: &mut SqliteConnection,
    id: PostId,
    entry: &NewEntry<'_>,
    now: Time,
) -> Result<(i64, Change), publish::SaveError> {
    let current = admin_post::stored_post(write, id).await?.ok_or(Error::NotFound)?;
    let content = PostContent {
        authors: authors(write, entry, now).await?,
        // Readers know the address that it has.
        slug: if current.path.is_some() { None } else { entry.content.slug.clone() },
        ..entry.content.clone()
    };
    let typed = Typed::of(&current, entry.zone, now);
    let saving = Saving {
        by: entry.fallback,
        hand: &Hand::default(),
        version: current.version,
        typed: &typed,
        // What was withdrawn here stays so.
        intent: if current.is_published || entry.intent == Intent::Publish { entry.intent } else { Intent::Save },
        kind: RevisionKind::Save,
        zone: entry.zone,
        now,
    };
    let (saved, change) = publish::save_over(write, current, &content, &saving).await?;
    Ok((saved.version, change))
}

async fn known_author(connection: &mut SqliteConnection, author: &NamedAuthor) -> Result<Option<UserId>> {
    if let Some(email) = &author.email {
        let known = sqlx::query_scalar(BY_EMAIL).bind(email.clone()).fetch_optional(&mut *connection).await?;
        if known.is_some() {
            return Ok(known);
        }
    }
    Ok(sqlx::query_scalar(AUTHOR).bind(author.skeleton.clone()).fetch_optional(connection).await?)
}

/// The blog's people for those whom an entry names, each once.
async fn authors(write: &mut SqliteConnection, entry: &NewEntry<'_>, now: Time) -> Result<Vec<UserId>> {
    let mut authors = Vec::new();
    for author in entry.authors {
        let id = match known_author(write, author).await? {
            Some(id) => id,
            None => {
                let slug = account::free_slug(write, &author.slug).await?;
                let new = sqlx::query_scalar(ADD_AUTHOR).bind(author.name.clone()).bind(slug);
                new.bind(author.skeleton.clone()).bind(now).fetch_one(&mut *write).await?
            }
        };
        if !authors.contains(&id) {
            authors.push(id);
        }
    }
    if authors.is_empty() {
        authors.push(entry.fallback);
    }
    Ok(authors)
}

async fn add_comment(write: &mut SqliteConnection, comment: &NewOldComment, now: Time) -> Result<()> {
    let mut parent_id: Option<CommentId> = None;
    if let Some(parent) = &comment.parent {
        parent_id =
            sqlx::query_scalar(PARENT).bind(parent.clone()).bind(comment.post_id).fetch_optional(&mut *write).await?;
    }
    let (state, trashed_at) = match comment.shelf {
        Shelf::Approved => (CommentState::Approved, None),
        Shelf::Held => (CommentState::Held, None),
        Shelf::Spam => (CommentState::Spam, None),
        Shelf::Trash => (CommentState::Deleted, Some(now)),
    };
    let id: CommentId = sqlx::query_scalar(ADD_COMMENT)
        .bind(comment.uuid.clone())
        .bind(comment.post_id)
        .bind(parent_id)
        .bind(state)
        .bind(comment.user_id)
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
    let missing = comment.parent.clone().filter(|parent| parent_id.is_none() && *parent != comment.origin);
    sqlx::query(REMEMBER_COMMENT).bind(comment.origin.clone()).bind(id).bind(missing).execute(write).await?;
    Ok(())
}

#[cfg(test)]
statements!(
    KNOWN,
    REMEMBER,
    KEEP_ORIGINAL,
    DROP_ORIGINAL,
    ORIGINAL,
    HAS_ORIGINAL,
    BY_EMAIL,
    AUTHOR,
    ADD_AUTHOR,
    SLUG_OF,
    POST_AT,
    KNOWN_COMMENTS,
    KNOWS_COMMENT,
    PARENT,
    ADD_COMMENT,
    REMEMBER_COMMENT,
    ORPHANS,
    ABOVE,
    SET_PARENT,
    HAS_PARENT,
    PICTURE,
    KEEP_PICTURE,
    KEEP_ADDRESS,
    ADDRESSES,
);
