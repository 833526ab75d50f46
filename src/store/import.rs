//! Taking in what comes from another system: each thing once, with its authors, dates and old addresses; and again where it
//! has changed there and not here.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use sqlx::SqliteConnection;

use super::{
    Store, account, admin_post,
    import_comment::{NewOldComment, Placed, Placing},
    publish::{self, SaveError, Wanted},
    redirect,
};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::{PostId, UserId},
        incoming::On,
        post::{Intent, PostContent, PostKind, StoredPost},
        redirect::{NewRedirect, RedirectFault},
        remark::{self, Remark},
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
    /// It is a draft there now; what is published here is left as it is.
    Withdrawn,
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
    /// About the person, where nobody here is this one yet.
    pub bio: String,
    /// Home page, likewise; empty for none.
    pub website: String,
    /// `/media/…`, likewise; empty for none.
    pub picture: String,
    /// E-mail addresses, where they are known, of all of this name there, where there are several: in an order that stays.
    pub namesakes: Vec<Option<String>>,
    /// Which of those it is.
    pub place: usize,
}

/// An entry on its way into the store.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// What its source calls it.
    pub origin: String,
    /// Of all that came.
    pub digest: String,
    /// Post or page.
    pub kind: PostKind,
    /// It.
    pub content: PostContent,
    /// Whether it is to be published.
    pub intent: Intent,
    /// In order; none: whoever the import is for.
    pub authors: Vec<NamedAuthor>,
    /// When readers were given another text than at first, if they were.
    pub changed: Option<Time>,
    /// Addresses that it had.
    pub old_paths: Vec<String>,
    /// What was lost when it became Markdown, and what it was before.
    pub original: Option<(Vec<Remark>, String)>,
}

/// One thing on its way into the store.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A post or a page.
    Entry(Box<NewEntry>),
    /// A comment, after what it is about.
    Comment(Box<NewOldComment>),
}

/// A piece, and what became of it.
#[derive(Debug)]
pub enum Brought {
    /// An entry. Whatever stands in its way, the others come.
    Entry(Box<NewEntry>, Result<Imported, SaveError>),
    /// A comment.
    Comment(Box<NewOldComment>, Placed),
}

impl Brought {
    fn is_new(&self) -> bool {
        match self {
            Self::Entry(_, taken) => matches!(taken, Ok(Imported::Added { .. } | Imported::Updated { .. })),
            Self::Comment(_, placed) => matches!(placed, Placed::Added | Placed::Updated),
        }
    }
}

/// For whom, and for which blog.
#[derive(Clone, Copy, Debug)]
pub struct Importing<'a> {
    /// Who stands under what names nobody.
    pub fallback: UserId,
    /// The blog's.
    pub zone: &'a TimeZone,
    /// Now.
    pub now: Time,
}

const KNOWN: &str = "SELECT import_post.digest, import_post.post_id, post.id IS NULL OR post.version <> import_post.version \
     AS is_changed FROM import_post LEFT JOIN post ON post.id = import_post.post_id WHERE import_post.origin = $1";
const POSTS_OF: &str = "SELECT import_post.origin, import_post.post_id, \
     EXISTS (SELECT 1 FROM import_original WHERE import_original.post_id = import_post.post_id) \
     FROM json_each($1) AS wanted CROSS JOIN import_post WHERE import_post.origin = wanted.value \
     AND import_post.post_id IS NOT NULL";
const REMEMBER: &str = "INSERT INTO import_post (origin, post_id, digest, version) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (origin) DO UPDATE SET post_id = excluded.post_id, digest = excluded.digest, version = excluded.version";
const KEEP_ORIGINAL: &str = "INSERT INTO import_original (post_id, lost, html) VALUES ($1, $2, $3) \
     ON CONFLICT (post_id) DO UPDATE SET lost = excluded.lost, html = excluded.html";
const DROP_ORIGINAL: &str = "DELETE FROM import_original WHERE post_id = $1";
const ORIGINAL: &str = "SELECT lost, html FROM import_original WHERE post_id = $1";
const LOSSES: &str = "SELECT lost FROM import_original WHERE post_id = $1";
const HAS_ORIGINAL: &str = "SELECT EXISTS (SELECT 1 FROM import_original WHERE post_id = $1)";
const BY_EMAIL: &str = "SELECT id FROM user WHERE email = $1";
const AUTHORS: &str = "SELECT id FROM user WHERE skeleton = $1 ORDER BY id LIMIT 200";
const ADD_AUTHOR: &str = "INSERT INTO user (name, slug, skeleton, bio, website, picture, role, created_at) \
                          VALUES ($1, $2, $3, $4, $5, $6, 'author', $7)";
const CHANGED: &str = "UPDATE post SET updated_at = $2 WHERE id = $1";
const PATH_OF: &str = "SELECT path FROM post WHERE id = $1";
const SLUG_OF: &str = "SELECT slug, email FROM user WHERE id = $1";
const POST_AT: &str =
    "SELECT id FROM post WHERE path = $1 UNION ALL SELECT post_id FROM redirect WHERE path = $1 LIMIT 1";
const PICTURE: &str = "SELECT media.hash, media.name FROM import_picture JOIN media ON media.hash = import_picture.hash \
                       WHERE import_picture.address = $1";
const KEEP_PICTURE: &str = "INSERT INTO import_picture (address, hash) VALUES ($1, $2) \
                            ON CONFLICT (address) DO UPDATE SET hash = excluded.hash";
const DESCRIBE: &str = "UPDATE media SET alt = iif(alt = '', $2, alt), caption = iif(caption = '', $3, caption) \
     WHERE hash = $1";
const LACKS_WORDS: &str = "SELECT EXISTS (SELECT 1 FROM media WHERE hash = $1 \
     AND (alt = '' AND $2 <> '' OR caption = '' AND $3 <> ''))";
const KEEP_ADDRESS: &str = "INSERT INTO import_address (path) VALUES ($1) ON CONFLICT (path) DO NOTHING";
/// Without those of a post that waits for its time, and of people and tags that no reader has found a post of.
const ADDRESSES: &str = "SELECT import_address.path FROM import_address WHERE import_address.path > $2 \
     AND NOT EXISTS (SELECT 1 FROM redirect CROSS JOIN post WHERE redirect.path = import_address.path \
     AND post.id = redirect.post_id AND post.state = 'published' AND +post.published_at > $1) \
     AND NOT EXISTS (SELECT 1 FROM post WHERE post.path = import_address.path \
     AND post.state = 'published' AND +post.published_at > $1) \
     AND NOT EXISTS (SELECT 1 FROM user WHERE user.slug = coalesce(( \
     SELECT substr(path_redirect.target, 9) FROM path_redirect WHERE path_redirect.path = import_address.path \
     AND path_redirect.target LIKE '/author/%'), CASE WHEN import_address.path LIKE 'author/%' THEN \
     substr(import_address.path, 8) END) AND NOT EXISTS (SELECT 1 FROM post_author CROSS JOIN post \
     WHERE post_author.user_id = user.id AND post.id = post_author.post_id AND post.first_live_at <= $1)) \
     AND NOT EXISTS (SELECT 1 FROM tag WHERE tag.slug = coalesce(( \
     SELECT replace(substr(path_redirect.target, 6), '/feed.xml', '') FROM path_redirect \
     WHERE path_redirect.path = import_address.path AND path_redirect.target LIKE '/tag/%'), \
     CASE WHEN import_address.path LIKE 'tag/%' THEN substr(import_address.path, 5) END) AND NOT EXISTS ( \
     SELECT 1 FROM post_tag CROSS JOIN post WHERE post_tag.tag_id = tag.id AND post.id = post_tag.post_id \
     AND post.first_live_at <= $1)) ORDER BY import_address.path LIMIT 500";

impl Store {
    /// What an earlier import brought of an entry.
    pub async fn known_entry(&self, origin: &str) -> Result<Option<KnownEntry>> {
        Ok(sqlx::query_as(KNOWN).bind(origin).fetch_optional(&self.readers).await?)
    }

    /// The posts that came of these origins, and whether their originals are kept.
    pub async fn posts_of_origins(&self, origins: &[&str]) -> Result<HashMap<String, (PostId, bool)>> {
        let origins = serde_json::to_string(origins).map_err(|error| Error::Internal(error.to_string()))?;
        let rows: Vec<(String, PostId, bool)> = sqlx::query_as(POSTS_OF).bind(origins).fetch_all(&self.readers).await?;
        Ok(rows.into_iter().map(|(origin, post, has_original)| (origin, (post, has_original))).collect())
    }

    /// Takes in a few things in their order, in one transaction: an entry under its own date, by its own authors, or brought up
    /// to date; a comment under what it is about. Says what became of each.
    pub async fn import(&self, pieces: Vec<Piece>, importing: Importing<'_>) -> Result<Vec<Brought>> {
        let mut write = self.write().await?;
        let origins: Vec<&str> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Entry(_) => None,
                Piece::Comment(comment) => Some(comment.origin.as_str()),
            })
            .collect();
        let mut placing = Placing::new(&mut write, &origins).await?;
        let mut brought = Vec::with_capacity(pieces.len());
        for piece in pieces {
            brought.push(match piece {
                Piece::Entry(entry) => match take(&mut write, &entry, importing).await {
                    Err(SaveError::Store(error)) => return Err(error),
                    taken => Brought::Entry(entry, taken),
                },
                Piece::Comment(comment) => {
                    let placed = placing.place(&mut write, &comment, importing.now).await?;
                    Brought::Comment(comment, placed)
                }
            });
        }
        // Of so many posts and threads that no page is worth being spared.
        let is_changed = brought.iter().any(Brought::is_new);
        write.commit(if is_changed { Change::Everything } else { Change::Nothing }).await?;
        Ok(brought)
    }

    /// What was lost of a post when it came, and its HTML as it was.
    pub async fn import_original(&self, post: PostId) -> Result<Option<(Vec<Remark>, String)>> {
        let found: Option<(String, String)> = sqlx::query_as(ORIGINAL).bind(post).fetch_optional(&self.readers).await?;
        Ok(found.map(|(lost, html)| (remark::kept(&lost), html)))
    }

    /// What was lost of a post when it came, if its original is kept.
    pub async fn import_losses(&self, post: PostId) -> Result<Vec<Remark>> {
        let lost: Option<String> = sqlx::query_scalar(LOSSES).bind(post).fetch_optional(&self.readers).await?;
        Ok(lost.as_deref().map(remark::kept).unwrap_or_default())
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

    /// Who of the blog's people this is, if it is one: slug and e-mail address.
    pub async fn known_author(&self, author: &NamedAuthor) -> Result<Option<(String, Option<String>)>> {
        let mut readers = self.readers.acquire().await?;
        let Some(id) = known_author(&mut readers, author).await? else { return Ok(None) };
        Ok(Some(sqlx::query_as(SLUG_OF).bind(id).fetch_one(&mut *readers).await?))
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

    /// Gives a file of the library the words that it lacks.
    pub async fn describe_imported(&self, hash: &str, alt: &str, caption: &str) -> Result<()> {
        let lacks = sqlx::query_scalar(LACKS_WORDS).bind(hash.to_owned()).bind(alt.to_owned()).bind(caption.to_owned());
        if !lacks.fetch_one(&self.readers).await? {
            return Ok(());
        }
        let mut write = self.write().await?;
        let described = sqlx::query(DESCRIBE).bind(hash.to_owned()).bind(alt.to_owned()).bind(caption.to_owned());
        described.execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Old addresses that are to answer now, those after this one.
    pub async fn imported_addresses(&self, after: &str, now: Time) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(ADDRESSES).bind(now).bind(after).fetch_all(&self.readers).await?)
    }
}

/// Leads an old address on, unless it is what it leads to; `false`: it is another's.
async fn lead(write: &mut SqliteConnection, new: &NewRedirect, now: Time) -> Result<bool> {
    if new.leads_to.as_ref() == Some(&new.path) {
        sqlx::query(KEEP_ADDRESS).bind(new.path.clone()).execute(write).await?;
        return Ok(true);
    }
    match redirect::add(write, new, now).await? {
        Ok(()) | Err(RedirectFault::Exists) => {
            sqlx::query(KEEP_ADDRESS).bind(new.path.clone()).execute(write).await?;
            Ok(true)
        }
        Err(RedirectFault::Taken | RedirectFault::Loop) => Ok(false),
    }
}

async fn take(write: &mut SqliteConnection, entry: &NewEntry, importing: Importing<'_>) -> Result<Imported, SaveError> {
    let known: Option<KnownEntry> =
        sqlx::query_as(KNOWN).bind(entry.origin.clone()).fetch_optional(&mut *write).await?;
    let (id, version, is_new) = match known {
        None => (add(write, entry, importing).await?, 1, true),
        Some(KnownEntry { post_id: Some(id), is_changed: false, digest }) if digest != entry.digest => {
            let current = admin_post::stored_post(write, id).await?.ok_or(Error::NotFound)?;
            if current.is_published && entry.intent == Intent::Save {
                return Ok(Imported::Withdrawn);
            }
            (id, update(write, current, entry, importing).await?, false)
        }
        Some(_) => return Ok(Imported::Known),
    };
    let origin = sqlx::query(REMEMBER).bind(entry.origin.clone()).bind(id).bind(entry.digest.clone());
    origin.bind(version).execute(&mut *write).await?;
    if !is_new {
        sqlx::query(DROP_ORIGINAL).bind(id).execute(&mut *write).await?;
    }
    if let Some((lost, html)) = &entry.original {
        let lost = serde_json::to_string(lost).map_err(|error| Error::Internal(error.to_string()))?;
        let original = sqlx::query(KEEP_ORIGINAL).bind(id).bind(lost).bind(html.clone());
        original.execute(&mut *write).await?;
    }
    if let Some(changed) = entry.changed {
        sqlx::query(CHANGED).bind(id).bind(changed).execute(&mut *write).await?;
    }
    let own: Option<String> = sqlx::query_scalar(PATH_OF).bind(id).fetch_one(&mut *write).await?;
    let mut taken = Vec::new();
    for path in &entry.old_paths {
        if own.as_ref() != Some(path) && !publish::add_old_path(write, id, path).await? {
            taken.push(path.clone());
        }
        if own.is_some() {
            sqlx::query(KEEP_ADDRESS).bind(path.clone()).execute(&mut *write).await?;
        }
    }
    Ok(if is_new { Imported::Added { taken } } else { Imported::Updated { taken } })
}

async fn add(
    write: &mut SqliteConnection,
    entry: &NewEntry,
    Importing { fallback, zone, now }: Importing<'_>,
) -> Result<PostId, SaveError> {
    let NewEntry { origin, kind, content, intent, authors, .. } = entry;
    let (kind, intent) = (*kind, *intent);
    let place = match publish::place(write, None, kind, Wanted::of(content), intent, zone, now).await {
        // Two posts of the old blog may come to one address here: the later one gets a number.
        Err(SaveError::SlugTaken) => None,
        // And whoever knows an old address is to find what was there.
        Ok(publish::Place { path: Some(path), .. }) if publish::is_old_path(write, &path).await? => None,
        other => Some(other?),
    };
    let place = match place {
        Some(place) => place,
        None => publish::place(write, None, kind, Wanted::of(&numbered(content)), intent, zone, now).await?,
    };
    let id = publish::insert(write, kind, content, &place, Some(origin), now).await?;
    for (position, author) in (0_i64..).zip(people(write, authors, fallback, now).await?) {
        publish::add_author(write, id, author, position).await?;
    }
    publish::list(write, id).await?;
    Ok(id)
}

fn numbered(content: &PostContent) -> PostContent {
    let title_slug = content.slug.clone().unwrap_or_default();
    PostContent { slug: None, title_slug, ..content.clone() }
}

/// Gives the post's new version.
async fn update(
    write: &mut SqliteConnection,
    current: StoredPost,
    entry: &NewEntry,
    Importing { fallback, zone, now }: Importing<'_>,
) -> Result<i64, SaveError> {
    let content = PostContent {
        authors: people(write, &entry.authors, fallback, now).await?,
        // Readers know the address that it has.
        slug: if current.path.is_some() { None } else { entry.content.slug.clone() },
        ..entry.content.clone()
    };
    let typed = Typed::of(&current, zone, now);
    let saving = Saving {
        by: fallback,
        hand: &Hand::default(),
        version: current.version,
        typed: &typed,
        // What was withdrawn here stays so.
        intent: if current.is_published || entry.intent == Intent::Publish { entry.intent } else { Intent::Save },
        kind: RevisionKind::Save,
        zone,
        now,
    };
    let (saved, _) = publish::save_over(write, current, &content, &saving).await?;
    Ok(saved.version)
}

/// Who of the blog's people this is, if it is one.
pub(super) async fn known_author(connection: &mut SqliteConnection, author: &NamedAuthor) -> Result<Option<UserId>> {
    if let Some(email) = &author.email {
        let known = sqlx::query_scalar(BY_EMAIL).bind(email.clone()).fetch_optional(&mut *connection).await?;
        if known.is_some() {
            return Ok(known);
        }
    }
    let here: Vec<UserId> =
        sqlx::query_scalar(AUTHORS).bind(author.skeleton.clone()).fetch_all(&mut *connection).await?;
    one_of(connection, author, here).await
}

/// Of those here who have a name, the one who is meant by somebody who may have namesakes there: these come in their order, but
/// those whose e-mail address tells who they are.
async fn one_of(
    connection: &mut SqliteConnection,
    author: &NamedAuthor,
    mut here: Vec<UserId>,
) -> Result<Option<UserId>> {
    let mut place = 0;
    for (at, email) in author.namesakes.iter().enumerate() {
        let known: Option<UserId> = match email {
            Some(email) => sqlx::query_scalar(BY_EMAIL).bind(email.clone()).fetch_optional(&mut *connection).await?,
            None => None,
        };
        match known {
            Some(known) => here.retain(|id| *id != known),
            None => place += usize::from(at < author.place),
        }
    }
    Ok(here.get(place).copied())
}

/// The post that a comment is about.
pub(super) async fn post_of(connection: &mut SqliteConnection, on: &On) -> Result<Option<PostId>> {
    Ok(match on {
        On::Entry(origin) => {
            let known: Option<KnownEntry> =
                sqlx::query_as(KNOWN).bind(origin.clone()).fetch_optional(connection).await?;
            known.and_then(|known| known.post_id)
        }
        On::Path(path) => sqlx::query_scalar(POST_AT).bind(path.clone()).fetch_optional(connection).await?,
    })
}

/// The blog's people for those whom an entry names, each once.
async fn people(
    write: &mut SqliteConnection,
    named: &[NamedAuthor],
    fallback: UserId,
    now: Time,
) -> Result<Vec<UserId>> {
    let mut people = Vec::new();
    for author in named {
        let mut known = known_author(write, author).await?;
        // Of namesakes those before this one come first, so that each is the same in every run.
        for _ in 0..=author.namesakes.len() {
            if known.is_some() {
                break;
            }
            let slug = account::free_slug(write, &author.slug).await?;
            let new = sqlx::query(ADD_AUTHOR).bind(author.name.clone()).bind(slug);
            let new = new.bind(author.skeleton.clone()).bind(author.bio.clone()).bind(author.website.clone());
            new.bind(author.picture.clone()).bind(now).execute(&mut *write).await?;
            known = known_author(write, author).await?;
        }
        let id = known.ok_or(Error::NotFound)?;
        if !people.contains(&id) {
            people.push(id);
        }
    }
    if people.is_empty() {
        people.push(fallback);
    }
    Ok(people)
}

#[cfg(test)]
statements!(
    KNOWN,
    POSTS_OF,
    REMEMBER,
    KEEP_ORIGINAL,
    DROP_ORIGINAL,
    ORIGINAL,
    LOSSES,
    HAS_ORIGINAL,
    BY_EMAIL,
    AUTHORS,
    ADD_AUTHOR,
    CHANGED,
    PATH_OF,
    SLUG_OF,
    POST_AT,
    PICTURE,
    KEEP_PICTURE,
    DESCRIBE,
    LACKS_WORDS,
    KEEP_ADDRESS,
    ADDRESSES,
);
