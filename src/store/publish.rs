//! Saving, publishing and trashing posts: each save is one transaction that moves the row, its tags, its words in
//! search and its addresses together.

use jiff::tz::TimeZone;
use sqlx::{Sqlite, SqliteConnection, query::QueryScalar, sqlite::SqliteArguments};

use super::{
    Store, admin_post, audit, hand, library,
    reader_post::{NEIGHBOURS, NEXT_DUE},
    revision, search, working,
};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::{PostId, TagId, UserId},
        post::{Intent, PostContent, PostKind, PostLink, StoredPost, Tag, is_door, is_reserved, permalink_folder},
        queue::By,
        revision::{Saving, Typed},
        time::Time,
    },
};

/// A save that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The row.
    pub id: PostId,
    /// Its permalink without the leading slash, once it has one.
    pub path: Option<String>,
    /// The version that the next form must carry.
    pub version: i64,
}

/// Why nothing was saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody saved in between; this is what stands there now.
    #[error("saved by somebody else in the meantime")]
    Stale(Box<StoredPost>),
    /// Another post lives at this address.
    #[error("the address is taken")]
    SlugTaken,
    /// The database refused.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<sqlx::Error> for SaveError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

// Both take the same first seventeen values, from `bound`.
const INSERT: &str = "INSERT INTO post (state, slug, path, title, words, comments, published_at, first_live_at, \
     created_at, saved_at, hides_thread, description, cover, cover_alt, cover_caption, canonical, language, featured, \
     version, uuid, kind, origin) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1, $18, $19, $20) RETURNING id";
const UPDATE: &str = "UPDATE post SET state = $1, slug = $2, path = $3, title = $4, words = $5, comments = $6, \
     published_at = $7, first_live_at = $8, saved_at = $9, hides_thread = $10, description = $11, cover = $12, \
     cover_alt = $13, cover_caption = $14, canonical = $15, language = $16, featured = $17, \
     updated_at = CASE WHEN $18 THEN $9 ELSE updated_at END, \
     submitted_at = CASE WHEN $1 = 'draft' THEN submitted_at END, version = version + 1 WHERE id = $19 RETURNING id";
const SET_TEXT: &str = "INSERT INTO post_text (post_id, renderer, summary, excerpt, lead, html, source) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (post_id) DO UPDATE SET renderer = excluded.renderer, \
     summary = excluded.summary, excerpt = excluded.excerpt, lead = excluded.lead, html = excluded.html, \
     source = excluded.source";
const ADD_AUTHOR: &str = "INSERT INTO post_author (post_id, user_id, position) VALUES ($1, $2, $3) \
                          ON CONFLICT (post_id, user_id) DO NOTHING";
const DROP_AUTHORS: &str = "DELETE FROM post_author WHERE post_id = $1";
pub(super) const TRASH: &str =
    "UPDATE post SET trashed_at = $2, version = version + 1 WHERE id = $1 AND trashed_at IS NULL";
pub(super) const RESTORE: &str =
    "UPDATE post SET trashed_at = NULL, version = version + 1 WHERE id = $1 AND trashed_at IS NOT NULL";
const PATH_TAKEN: &str = "SELECT count(*) FROM post WHERE path = $1 AND id <> $2";
const REDIRECT_TAKEN: &str = "SELECT count(*) FROM redirect WHERE path = $1 AND post_id <> $2";
const ADD_REDIRECT: &str = "INSERT INTO redirect (path, post_id) VALUES ($1, $2) \
                            ON CONFLICT (path) DO UPDATE SET post_id = excluded.post_id";
const DROP_REDIRECT: &str = "DELETE FROM redirect WHERE path = $1";
const DROP_TAGS: &str = "DELETE FROM post_tag WHERE post_id = $1";
/// By its name first: slugs were made by other rules once.
const KNOWN_TAG: &str = "SELECT id, name, slug FROM tag WHERE name = $1 UNION ALL \
                         SELECT id, name, slug FROM tag WHERE slug = $2 LIMIT 1";
const ADD_TAG: &str = "INSERT INTO tag (name, slug) VALUES ($1, $2) RETURNING id";
/// Two names may be one tag.
const TAG_POST: &str = "INSERT INTO post_tag (post_id, tag_id, position) VALUES ($1, $2, $3) \
                        ON CONFLICT (post_id, tag_id) DO NOTHING";

// In this order, after whatever may have moved a post: out of the count of its old month, into that of its new one, and
// its publication beside each of its tags and authors.
const LEAVE_MONTH: &str =
    "UPDATE month SET posts = posts - 1 WHERE month = (SELECT post.month FROM post WHERE post.id = $1)";
const SET_MONTH: &str = "UPDATE post SET month = CASE WHEN kind = 'post' AND state = 'published' AND trashed_at IS NULL \
     THEN substr(path, 1, 7) END WHERE id = $1";
const ENTER_MONTH: &str = "INSERT INTO month (month, posts) SELECT post.month, 1 FROM post \
     WHERE post.id = $1 AND post.month IS NOT NULL ON CONFLICT (month) DO UPDATE SET posts = month.posts + 1";
const LIST_TAGS: &str = "UPDATE post_tag SET listed_at = \
     (SELECT post.published_at FROM post WHERE post.id = $1 AND post.month IS NOT NULL) WHERE post_id = $1";
const LIST_AUTHORS: &str = "UPDATE post_author SET listed_at = \
     (SELECT post.published_at FROM post WHERE post.id = $1 AND post.month IS NOT NULL) WHERE post_id = $1";

/// More than passes between the moment that a handler asks the clock and the end of what it writes.
const FORM_MILLIS: i64 = 60_000;

/// No row has it: where a statement leaves one post out, it leaves none out.
const NOBODY: PostId = PostId(0);

impl Store {
    /// The tag of this name, else the one with this slug.
    pub async fn tag_named(&self, name: &str, slug: &str) -> Result<Option<(TagId, Tag)>> {
        let mut readers = self.readers.acquire().await?;
        let known = known_tag(&mut readers, name, slug).await?;
        Ok(known.map(|(id, name, slug)| (id, Tag { name, slug })))
    }

    /// Saves a new post or page.
    ///
    /// # Errors
    /// [`SaveError::SlugTaken`] when it is to be published at another's address; [`SaveError::Stale`] when another form
    /// made this post before.
    pub async fn create_post(
        &self,
        kind: PostKind,
        content: &PostContent,
        saving: &Saving<'_>,
    ) -> Result<Saved, SaveError> {
        let mut write = self.write().await?;
        if let Some(made) = admin_post::stored_post_by_uuid(&mut write, &content.uuid).await? {
            // The answer was lost, or the form was sent twice: it makes one post.
            let (saved, change) = save_over(&mut write, made, content, saving).await?;
            write.commit(change).await?;
            return Ok(saved);
        }
        let now = saving.now;
        let place = place(&mut write, None, kind, Wanted::of(content), saving.intent, saving.zone, now).await?;
        let id = insert(&mut write, kind, content, &place, None, now).await?;
        if content.authors.is_empty() {
            add_author(&mut write, id, saving.by, 0).await?;
        }
        write_authors(&mut write, id, content).await?;
        list(&mut write, id).await?;
        hand::pass(&mut write, id, 0, 1, saving).await?;
        keep_revision(&mut write, id, saving).await?;
        audit::note_save(&mut write, saving, false, &content.title).await?;
        let change = seen(&mut write, id, kind, None, place.seen_from(), now).await?;
        write.commit(change).await?;
        Ok(Saved { id, path: place.path, version: 1 })
    }

    /// Saves what a form now holds. What was typed for later is used up by it.
    ///
    /// # Errors
    /// [`SaveError::Stale`] when another form has saved since it was opened; [`SaveError::SlugTaken`] as above.
    pub async fn save_post(&self, id: PostId, content: &PostContent, saving: &Saving<'_>) -> Result<Saved, SaveError> {
        let mut write = self.write().await?;
        let current = admin_post::stored_post(&mut write, id).await?.ok_or(Error::NotFound)?;
        let (saved, change) = save_over(&mut write, current, content, saving).await?;
        write.commit(change).await?;
        Ok(saved)
    }

    /// Puts a post away. `false`: it was away already, or never there.
    pub async fn trash_post(&self, id: PostId, by: impl Into<By>) -> Result<bool> {
        let By { user, now } = by.into();
        let mut write = self.write().await?;
        let Some(before) = admin_post::stored_post(&mut write, id).await? else { return Ok(false) };
        let trashed = sqlx::query(TRASH).bind(id).bind(now).execute(&mut *write).await?;
        list(&mut write, id).await?;
        audit::note(&mut write, user, "trash", &before.title, now).await?;
        let change = seen(&mut write, id, before.kind, before.seen_from(), None, now).await?;
        write.commit(change).await?;
        Ok(trashed.rows_affected() > 0)
    }

    /// Takes a post back out of the trash, into the state that it had.
    pub async fn restore_post(&self, id: PostId, by: impl Into<By>) -> Result<bool> {
        let By { user, now } = by.into();
        let mut write = self.write().await?;
        let restored = sqlx::query(RESTORE).bind(id).execute(&mut *write).await?;
        let Some(after) = admin_post::stored_post(&mut write, id).await? else { return Ok(false) };
        list(&mut write, id).await?;
        audit::note(&mut write, user, "restore", &after.title, now).await?;
        let change = seen(&mut write, id, after.kind, None, after.seen_from(), now).await?;
        write.commit(change).await?;
        Ok(restored.rows_affected() > 0)
    }
}

/// Saves over what stands there, if the form may.
pub(super) async fn save_over(
    write: &mut SqliteConnection,
    current: StoredPost,
    content: &PostContent,
    saving: &Saving<'_>,
) -> Result<(Saved, Change), SaveError> {
    let (id, now) = (current.id, saving.now);
    if hand::is_late(write, &current, saving).await? {
        return Ok((Saved { id, path: current.path, version: current.version }, Change::Nothing));
    }
    if saving.is_auto() && current.is_published {
        // What readers see is never written by itself: its handler meant a draft.
        return Err(SaveError::Stale(Box::new(current)));
    }
    let place =
        place(write, Some(&current), current.kind, Wanted::of(content), saving.intent, saving.zone, now).await?;
    revision::keep_what_stands(write, &current, saving).await?;
    let reads_otherwise = current.was_live(now) && (current.title != content.title || current.source != content.source);
    let _: PostId = bound(UPDATE, content, &place, now).bind(reads_otherwise).bind(id).fetch_one(&mut *write).await?;
    if let Some(new) = &place.path {
        claim_path(write, new).await?;
    }
    if let Some(old) = current.path.as_ref().filter(|old| current.was_live(now) && place.path.as_ref() != Some(old)) {
        sqlx::query(ADD_REDIRECT).bind(old.clone()).bind(id).execute(&mut *write).await?;
    }
    write_text(write, id, content).await?;
    library::note_uses(write, id, &content.media).await?;
    write_tags(write, id, content).await?;
    search::index(write, id, content).await?;
    write_authors(write, id, content).await?;
    list(write, id).await?;
    working::clear(write, id).await?;
    let version = current.version + 1;
    hand::pass(write, id, current.version, version, saving).await?;
    keep_revision(write, id, saving).await?;
    audit::note_save(write, saving, current.is_published, &content.title).await?;
    let change = seen(write, id, current.kind, current.seen_from(), place.seen_from(), now).await?;
    Ok((Saved { id, path: place.path, version }, change))
}

/// Keeps what stands there after a save: with the slug and the date that it was given.
pub(super) async fn keep_revision(write: &mut SqliteConnection, id: PostId, saving: &Saving<'_>) -> Result<()> {
    let post = admin_post::stored_post(write, id).await?.ok_or(Error::NotFound)?;
    let typed = Typed::of(&post, saving.zone, saving.now);
    revision::keep(write, id, post.version, &Saving { typed: &typed, ..*saving }).await
}

/// Where a post stands among readers after a save.
pub(super) struct Place {
    pub(super) is_published: bool,
    pub(super) published_at: Option<Time>,
    pub(super) first_live_at: Option<Time>,
    pub(super) path: Option<String>,
}

impl Place {
    pub(super) fn state(&self) -> &'static str {
        if self.is_published { "published" } else { "draft" }
    }

    /// From when on readers see it.
    pub(super) fn seen_from(&self) -> Option<Time> {
        self.published_at.filter(|_| self.is_published)
    }
}

/// What readers see otherwise when a post that they saw from `before` on is seen from `after` on (`None`: not at all).
pub(super) async fn seen(
    write: &mut SqliteConnection,
    id: PostId,
    kind: PostKind,
    before: Option<Time>,
    after: Option<Time>,
    now: Time,
) -> Result<Change> {
    // Also when it is no longer to come: by the time that this is on disk, it may have. And its thread may be the next to close.
    let next: Option<Time> = sqlx::query_scalar(NEXT_DUE).bind(now).fetch_one(&mut *write).await?;
    let due = before.into_iter().chain(after).filter(|at| *at > now).chain(next).min();
    let live: Vec<Time> = before.into_iter().chain(after).filter(|at| *at <= now).collect();
    if before.is_none() && after.is_none() {
        return Ok(Change::Nothing);
    }
    // The navigation is on every page.
    if kind == PostKind::Page && !live.is_empty() {
        return Ok(Change::Everything);
    }
    let mut pages = vec![id];
    for at in live {
        // A form takes its time: a neighbour may have come since `now`.
        for seen_at in [now, now.plus(FORM_MILLIS)] {
            let neighbours: Vec<PostLink> =
                sqlx::query_as(NEIGHBOURS).bind(seen_at).bind(at).bind(id).fetch_all(&mut *write).await?;
            // Their pages lead to this one.
            pages.extend(neighbours.iter().map(|link| link.id));
        }
    }
    Ok(Change::Posts { pages, due })
}

/// The place that a post is to have.
pub(super) struct Wanted<'a> {
    /// `None`: as the title has it, or as it was.
    pub(super) slug: Option<&'a str>,
    pub(super) title_slug: &'a str,
    pub(super) published_at: Option<Time>,
}

impl<'a> Wanted<'a> {
    pub(super) fn of(content: &'a PostContent) -> Self {
        let PostContent { slug, title_slug, published_at, .. } = content;
        Self { slug: slug.as_deref(), title_slug, published_at: *published_at }
    }
}

pub(super) async fn place(
    write: &mut SqliteConnection,
    current: Option<&StoredPost>,
    kind: PostKind,
    wanted: Wanted<'_>,
    intent: Intent,
    zone: &TimeZone,
    now: Time,
) -> Result<Place, SaveError> {
    let is_published = match intent {
        Intent::Publish => true,
        Intent::Unpublish => false,
        Intent::Save => current.is_some_and(|current| current.is_published),
    };
    let was_live = current.is_some_and(|current| current.was_live(now));
    let known_date =
        current.filter(|current| current.is_published || was_live).and_then(|current| current.published_at);
    let published_at = match wanted.published_at.or(known_date) {
        None if is_published => Some(now),
        given => given,
    };
    let first_live_at = match current.and_then(|current| current.first_live_at) {
        Some(first) if was_live => Some(first),
        _ if is_published => published_at,
        _ => None,
    };
    let path = match (current.and_then(|current| current.path.as_deref()), first_live_at) {
        // The folder stays as it was given, even if the blog's zone has changed since.
        (Some(old), Some(_)) if was_live => {
            let (folder, slug) = old.rfind('/').map_or(("", old), |slash| old.split_at(slash + 1));
            let slug = wanted.slug.unwrap_or(slug);
            Some(free_path(write, current, folder, Some(slug), wanted.title_slug).await?)
        }
        (_, Some(live_at)) => {
            let folder = permalink_folder(kind, live_at, zone);
            Some(free_path(write, current, &folder, wanted.slug, wanted.title_slug).await?)
        }
        (_, None) => None,
    };
    Ok(Place { is_published, published_at, first_live_at, path })
}

/// The given slug or nothing; else the title's, numbered until no post and no old address of another has it.
async fn free_path(
    write: &mut SqliteConnection,
    current: Option<&StoredPost>,
    folder: &str,
    given: Option<&str>,
    title_slug: &str,
) -> Result<String, SaveError> {
    let id = current.map_or(NOBODY, |current| current.id);
    if let Some(slug) = given {
        let path = format!("{folder}{slug}");
        let taken: i64 = sqlx::query_scalar(PATH_TAKEN).bind(path.clone()).bind(id).fetch_one(&mut *write).await?;
        return if taken > 0 || folder.is_empty() && is_reserved(slug) { Err(SaveError::SlugTaken) } else { Ok(path) };
    }
    let base = if title_slug.is_empty() { "post" } else { title_slug };
    if is_free(write, folder, base, id).await? {
        return Ok(format!("{folder}{base}"));
    }
    // Of thousands with one name, the next number is come by in a few steps.
    let numbered = |number: u64| format!("{base}-{number}");
    let (mut taken, mut free) = (1, 2);
    while !is_free(write, folder, &numbered(free), id).await? {
        (taken, free) = (free, free * 2);
    }
    while free - taken > 1 {
        let middle = taken.midpoint(free);
        if is_free(write, folder, &numbered(middle), id).await? {
            free = middle;
        } else {
            taken = middle;
        }
    }
    Ok(format!("{folder}{}", numbered(free)))
}

/// Whether a slug in a folder is not the program's own, no post's but that of `id`, and no old address of another.
async fn is_free(write: &mut SqliteConnection, folder: &str, slug: &str, id: PostId) -> Result<bool> {
    if folder.is_empty() && is_reserved(slug) {
        return Ok(false);
    }
    let path = format!("{folder}{slug}");
    let taken: i64 = sqlx::query_scalar(PATH_TAKEN).bind(path.clone()).bind(id).fetch_one(&mut *write).await?;
    let moved: i64 = sqlx::query_scalar(REDIRECT_TAKEN).bind(path).bind(id).fetch_one(write).await?;
    Ok(taken + moved == 0)
}

/// The values that a new row and a changed one have in common.
fn bound(
    statement: &'static str,
    content: &PostContent,
    place: &Place,
    now: Time,
) -> QueryScalar<'static, Sqlite, PostId, SqliteArguments> {
    sqlx::query_scalar(statement)
        .bind(place.state())
        .bind(content.slug.clone().unwrap_or_default())
        .bind(place.path.clone())
        .bind(content.title.clone())
        .bind(content.words)
        .bind(content.comments.columns().0)
        .bind(place.published_at)
        .bind(place.first_live_at)
        .bind(now)
        .bind(content.comments.columns().1)
        .bind(content.meta.description.clone())
        .bind(content.meta.cover.clone())
        .bind(content.meta.cover_alt.clone())
        .bind(content.meta.cover_caption.clone())
        .bind(content.meta.canonical.clone())
        .bind(content.meta.language.clone())
        .bind(content.meta.featured)
}

pub(super) async fn insert(
    write: &mut SqliteConnection,
    kind: PostKind,
    content: &PostContent,
    place: &Place,
    origin: Option<&str>,
    now: Time,
) -> Result<PostId, SaveError> {
    let id: PostId = bound(INSERT, content, place, now)
        .bind(content.uuid.clone())
        .bind(kind)
        .bind(origin)
        .fetch_one(&mut *write)
        .await?;
    if let Some(path) = &place.path {
        claim_path(write, path).await?;
    }
    write_text(write, id, content).await?;
    library::note_uses(write, id, &content.media).await?;
    write_tags(write, id, content).await?;
    search::index(write, id, content).await?;
    Ok(id)
}

/// What led from there elsewhere does so no longer.
pub(super) async fn claim_path(write: &mut SqliteConnection, path: &str) -> Result<()> {
    sqlx::query(DROP_REDIRECT).bind(path).execute(write).await?;
    Ok(())
}

pub(super) async fn write_text(write: &mut SqliteConnection, id: PostId, content: &PostContent) -> Result<()> {
    sqlx::query(SET_TEXT)
        .bind(id)
        .bind(content.renderer)
        .bind(content.summary.clone())
        .bind(content.excerpt.clone())
        .bind(content.lead.clone())
        .bind(content.html.clone())
        .bind(content.source.clone())
        .execute(write)
        .await?;
    Ok(())
}

/// Puts a post where it now belongs in the lists of its month, its tags and its authors; the last act of whatever
/// changes its state, its date, its path, its tags or its authors.
pub(super) async fn list(write: &mut SqliteConnection, id: PostId) -> Result<()> {
    for statement in [LEAVE_MONTH, SET_MONTH, ENTER_MONTH, LIST_TAGS, LIST_AUTHORS] {
        sqlx::query(statement).bind(id).execute(&mut *write).await?;
    }
    Ok(())
}

/// Old addresses of a post that came from elsewhere; one that another post has or had stays that one's.
pub(super) async fn add_old_path(write: &mut SqliteConnection, id: PostId, path: &str) -> Result<bool> {
    let taken: i64 = sqlx::query_scalar(PATH_TAKEN).bind(path).bind(NOBODY).fetch_one(&mut *write).await?;
    let moved: i64 = sqlx::query_scalar(REDIRECT_TAKEN).bind(path).bind(id).fetch_one(&mut *write).await?;
    let is_free = taken + moved == 0 && !is_door(path);
    if is_free {
        sqlx::query(ADD_REDIRECT).bind(path).bind(id).execute(write).await?;
    }
    Ok(is_free)
}

/// Whether a post had this address that has another now.
pub(super) async fn is_old_path(write: &mut SqliteConnection, path: &str) -> Result<bool> {
    let moved: i64 = sqlx::query_scalar(REDIRECT_TAKEN).bind(path).bind(NOBODY).fetch_one(write).await?;
    Ok(moved > 0)
}

pub(super) async fn add_author(write: &mut SqliteConnection, id: PostId, author: UserId, position: i64) -> Result<()> {
    sqlx::query(ADD_AUTHOR).bind(id).bind(author).bind(position).execute(write).await?;
    Ok(())
}

/// Those that were chosen; where none were, those that are there stay.
async fn write_authors(write: &mut SqliteConnection, id: PostId, content: &PostContent) -> Result<()> {
    if !content.authors.is_empty() {
        sqlx::query(DROP_AUTHORS).bind(id).execute(&mut *write).await?;
    }
    for (position, author) in (0_i64..).zip(&content.authors) {
        add_author(write, id, *author, position).await?;
    }
    Ok(())
}

/// The tag of this name, else the one with this slug: its id, name and slug.
pub(super) async fn known_tag(
    connection: &mut SqliteConnection,
    name: &str,
    slug: &str,
) -> Result<Option<(TagId, String, String)>> {
    Ok(sqlx::query_as(KNOWN_TAG).bind(name).bind(slug).fetch_optional(connection).await?)
}

/// The tag of this name or with this slug; a new one, where there is none.
pub(super) async fn add_tag(write: &mut SqliteConnection, name: &str, slug: &str) -> Result<TagId> {
    Ok(match known_tag(write, name, slug).await? {
        Some((known, ..)) => known,
        None => sqlx::query_scalar(ADD_TAG).bind(name).bind(slug).fetch_one(write).await?,
    })
}

pub(super) async fn write_tags(write: &mut SqliteConnection, id: PostId, content: &PostContent) -> Result<()> {
    sqlx::query(DROP_TAGS).bind(id).execute(&mut *write).await?;
    for (position, (name, slug)) in (0_i64..).zip(&content.tags) {
        let tag = add_tag(write, name, slug).await?;
        sqlx::query(TAG_POST).bind(id).bind(tag).bind(position).execute(&mut *write).await?;
    }
    Ok(())
}

#[cfg(test)]
statements!(
    INSERT,
    UPDATE,
    SET_TEXT,
    LEAVE_MONTH,
    SET_MONTH,
    ENTER_MONTH,
    LIST_TAGS,
    LIST_AUTHORS,
    ADD_AUTHOR,
    DROP_AUTHORS,
    TRASH,
    RESTORE,
    PATH_TAKEN,
    REDIRECT_TAKEN,
    ADD_REDIRECT,
    DROP_REDIRECT,
    DROP_TAGS,
    KNOWN_TAG,
    ADD_TAG,
    TAG_POST,
);
