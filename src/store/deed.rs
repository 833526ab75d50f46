//! What is done to many posts of the list at once, all or none, and how that is undone.

use jiff::tz::TimeZone;

use super::{Store, audit, moderate::AT_ONCE, publish, search, working, write::Write};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        deed::{Deed, Done, TagName},
        ids::PostId,
        post::{Intent, StoredPost},
        revision::{Hand, RevisionKind, Saving, Typed},
        time::Time,
        user::User,
    },
    rules::permission,
};

/// More tags are not put under a post.
const MAX_TAGS: usize = 30;

const SET_PLACE: &str = "UPDATE post SET state = $2, path = $3, published_at = $4, first_live_at = $5, saved_at = $6, \
     submitted_at = CASE WHEN $2 = 'draft' THEN submitted_at END, version = version + 1 WHERE id = $1";
const TOUCH: &str = "UPDATE post SET saved_at = $2, version = version + 1 WHERE id = $1";
const TAG: &str = "INSERT INTO post_tag (post_id, tag_id, position) VALUES ($1, $2, \
     (SELECT coalesce(max(position), -1) + 1 FROM post_tag WHERE post_id = $1)) ON CONFLICT (post_id, tag_id) DO NOTHING";
const UNTAG: &str = "DELETE FROM post_tag WHERE post_id = $1 AND tag_id = $2";
const NOTE: &str = "INSERT INTO deed (user_id, act, tag, tag_slug, posts, passed, at) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
const NOTE_POST: &str = "INSERT INTO deed_post (deed_id, post_id, version) \
                         VALUES ($1, $2, (SELECT version FROM post WHERE id = $2))";
const DONE: &str = "SELECT id, act, tag, posts, passed FROM deed WHERE id = $1 AND user_id = $2";
const TAG_OF: &str = "SELECT tag, tag_slug FROM deed WHERE id = $1";
const POSTS: &str = "SELECT post_id, version FROM deed_post WHERE deed_id = $1 ORDER BY post_id";
const FORGET: &str = "DELETE FROM deed WHERE id = $1";
pub(super) const FORGET_OLD: &str =
    "DELETE FROM deed WHERE id IN (SELECT id FROM deed WHERE at < $1 ORDER BY at LIMIT $2)";

/// Who does something to posts, and what it is done with.
#[derive(Clone, Copy, Debug)]
pub struct Doer<'a> {
    /// Whose rights count.
    pub user: &'a User,
    /// The blog's zone: it dates addresses.
    pub zone: &'a TimeZone,
    /// What a title makes of an address.
    pub slug: fn(&str) -> String,
    /// What tags are told apart by.
    pub tag_slug: fn(&str) -> String,
    /// The moment.
    pub now: Time,
}

impl Store {
    /// Does this to up to [`AT_ONCE`] posts, as far as they may and it can be done; notes it, so that it can be undone.
    pub async fn do_to_posts(&self, ids: &[PostId], act: Deed, tag: Option<&TagName>, doer: &Doer<'_>) -> Result<Done> {
        let mut write = self.write().await?;
        let (mut change, mut changed) = (Change::Nothing, Vec::new());
        for id in ids.iter().take(AT_ONCE) {
            let Some(post) = super::admin_post::stored_post(&mut write, *id).await? else { continue };
            if let Some(seen) = one(&mut write, &post, act, tag, doer).await? {
                change = both(change, seen);
                changed.push(*id);
            }
        }
        let (posts, passed) = (changed.len() as i64, ids.len().min(AT_ONCE).saturating_sub(changed.len()) as i64);
        let (name, slug) = tag.map_or(("", ""), |tag| (&tag.name, &tag.slug));
        let id: i64 = sqlx::query_scalar(NOTE)
            .bind(doer.user.id)
            .bind(act)
            .bind(name)
            .bind(slug)
            .bind(posts)
            .bind(passed)
            .bind(doer.now)
            .fetch_one(&mut *write)
            .await?;
        for post in &changed {
            sqlx::query(NOTE_POST).bind(id).bind(*post).execute(&mut *write).await?;
        }
        if posts > 0 {
            let subject = if name.is_empty() { posts.to_string() } else { format!("{name}: {posts}") };
            audit::note(&mut write, Some(doer.user.id), named(act), &subject, doer.now).await?;
        }
        write.commit(change).await?;
        Ok(Done { id, act, tag: name.to_owned(), posts, passed })
    }

    /// What one of them did.
    pub async fn deed(&self, id: i64, user: &User) -> Result<Option<Done>> {
        Ok(sqlx::query_as(DONE).bind(id).bind(user.id).fetch_optional(&self.readers).await?)
    }

    /// Undoes it, but for the posts that have been changed since. [`Error::NotFound`] when it was undone before, is
    /// another's, or is too long ago.
    pub async fn undo_deed(&self, id: i64, doer: &Doer<'_>) -> Result<()> {
        let mut write = self.write().await?;
        let done: Option<Done> = sqlx::query_as(DONE).bind(id).bind(doer.user.id).fetch_optional(&mut *write).await?;
        let done = done.ok_or(Error::NotFound)?;
        let (name, slug): (String, String) = sqlx::query_as(TAG_OF).bind(id).fetch_one(&mut *write).await?;
        let tag = Some(TagName { name, slug }).filter(|tag| !tag.slug.is_empty());
        let posts: Vec<(PostId, i64)> = sqlx::query_as(POSTS).bind(id).fetch_all(&mut *write).await?;
        let mut change = Change::Nothing;
        for (post, version) in posts {
            let post = super::admin_post::stored_post(&mut write, post).await?;
            if let Some(post) = post.filter(|post| post.version == version)
                && let Some(seen) = one(&mut write, &post, done.act.undone(), tag.as_ref(), doer).await?
            {
                change = both(change, seen);
            }
        }
        sqlx::query(FORGET).bind(id).execute(&mut *write).await?;
        audit::note(&mut write, Some(doer.user.id), "posts-undo", &done.posts.to_string(), doer.now).await?;
        write.commit(change).await
    }
}

/// What the log calls it.
fn named(act: Deed) -> &'static str {
    match act {
        Deed::Publish => "posts-publish",
        Deed::Unpublish => "posts-unpublish",
        Deed::Tag => "posts-tag",
        Deed::Untag => "posts-untag",
        Deed::Trash => "posts-trash",
        Deed::Restore => "posts-restore",
    }
}

/// Does it to one post; gives what readers see otherwise. `None`: it is not theirs to do, or there is nothing to do.
async fn one(
    write: &mut Write,
    post: &StoredPost,
    act: Deed,
    tag: Option<&TagName>,
    doer: &Doer<'_>,
) -> Result<Option<Change>> {
    let (id, now, is_trashed) = (post.id, doer.now, post.trashed_at.is_some());
    let has = |tag: &TagName| post.tags.iter().any(|name| (doer.tag_slug)(name) == tag.slug);
    let can = match (act, tag) {
        (Deed::Publish, _) => !is_trashed && !post.is_published && !post.title.is_empty(),
        (Deed::Unpublish, _) => !is_trashed && post.is_published,
        (Deed::Tag, Some(tag)) => !has(tag) && post.tags.len() < MAX_TAGS,
        (Deed::Untag, Some(tag)) => has(tag),
        (Deed::Tag | Deed::Untag, None) => false,
        (Deed::Trash, _) => !is_trashed,
        (Deed::Restore, _) => is_trashed,
    };
    if !can || !permission::may_do(doer.user, act, post) {
        return Ok(None);
    }
    match (act, tag) {
        (Deed::Publish | Deed::Unpublish, _) => {
            let intent = if act == Deed::Publish { Intent::Publish } else { Intent::Unpublish };
            match set_place(write, post, intent, doer).await {
                // Another post lives at the address that was chosen for this one.
                Err(publish::SaveError::SlugTaken) => return Ok(None),
                Err(publish::SaveError::Store(error)) => return Err(error),
                Err(publish::SaveError::Stale(_)) | Ok(()) => {}
            }
        }
        (Deed::Tag | Deed::Untag, Some(tag)) => {
            if act == Deed::Tag {
                let added = publish::add_tag(write, &tag.name, &tag.slug).await?;
                sqlx::query(TAG).bind(id).bind(added).execute(&mut **write).await?;
            } else if let Some((tag, ..)) = publish::known_tag(write, &tag.name, &tag.slug).await? {
                sqlx::query(UNTAG).bind(id).bind(tag).execute(&mut **write).await?;
            }
            working::retag(write, id, tag, act == Deed::Tag, doer.tag_slug).await?;
            sqlx::query(TOUCH).bind(id).bind(now).execute(&mut **write).await?;
        }
        (Deed::Tag | Deed::Untag, None) => {}
        (Deed::Trash, _) => {
            sqlx::query(publish::TRASH).bind(id).bind(now).execute(&mut **write).await?;
        }
        (Deed::Restore, _) => {
            sqlx::query(publish::RESTORE).bind(id).execute(&mut **write).await?;
        }
    }
    publish::list(write, id).await?;
    let after = super::admin_post::stored_post(write, id).await?.ok_or(Error::NotFound)?;
    if act.is_about_a_tag() {
        search::retag(write, id, &after.tags).await?;
    }
    if !matches!(act, Deed::Trash | Deed::Restore) {
        keep_revision(write, &after, act, doer).await?;
    }
    publish::seen(write, id, post.kind, post.seen_from(), after.seen_from(), now).await.map(Some)
}

/// Publishes a post as it stands, or takes it back.
async fn set_place(
    write: &mut Write,
    post: &StoredPost,
    intent: Intent,
    doer: &Doer<'_>,
) -> Result<(), publish::SaveError> {
    let title_slug = (doer.slug)(&post.title);
    let wanted = publish::Wanted {
        slug: Some(post.slug.as_str()).filter(|slug| !slug.is_empty() && !post.was_live(doer.now)),
        title_slug: &title_slug,
        published_at: post.published_at,
    };
    let place = publish::place(write, Some(post), post.kind, wanted, intent, doer.zone, doer.now).await?;
    if let Some(path) = &place.path {
        publish::claim_path(write, path).await?;
    }
    sqlx::query(SET_PLACE)
        .bind(post.id)
        .bind(place.state())
        .bind(place.path.clone())
        .bind(place.published_at)
        .bind(place.first_live_at)
        .bind(doer.now)
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn keep_revision(write: &mut Write, post: &StoredPost, act: Deed, doer: &Doer<'_>) -> Result<()> {
    let (kind, intent) = match act {
        Deed::Publish => (RevisionKind::Publish, Intent::Publish),
        _ => (RevisionKind::Save, Intent::Save),
    };
    let saving = Saving {
        by: doer.user.id,
        hand: &Hand::default(),
        version: post.version,
        typed: &Typed::default(),
        intent,
        kind,
        zone: doer.zone,
        now: doer.now,
    };
    publish::keep_revision(write, post.id, &saving).await
}

/// What readers see otherwise after two changes.
fn both(one: Change, other: Change) -> Change {
    match (one, other) {
        (Change::Nothing, change) | (change, Change::Nothing) => change,
        (Change::Posts { mut pages, due }, Change::Posts { pages: more, due: later }) => {
            pages.extend(more);
            pages.sort_unstable();
            pages.dedup();
            Change::Posts { pages, due: due.into_iter().chain(later).min() }
        }
        _ => Change::Everything,
    }
}

#[cfg(test)]
statements!(SET_PLACE, TOUCH, TAG, UNTAG, NOTE, NOTE_POST, DONE, TAG_OF, POSTS, FORGET, FORGET_OLD);
