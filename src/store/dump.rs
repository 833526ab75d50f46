//! All that a blog keeps and that may leave it, as it stood at one moment: each row as JSON, without secrets.

use sqlx::{Sqlite, Transaction};

use super::{Store, audit};
use crate::{
    error::{Error, Result},
    model::{change::Change, queue::By},
};

/// Rows that are read at once.
const AT_ONCE: i64 = 100;

/// What a blog is made of, in the order in which one part names another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Title, zone, policy and lists.
    Settings,
    /// Whoever writes, or once wrote.
    People,
    /// What is known of pictures and files; their bytes come by [`Snapshot::media_part`].
    Media,
    /// How the blog looks.
    Appearance,
    /// Posts and pages in every state.
    Posts,
    /// Comments on every shelf.
    Comments,
    /// What is typed and not yet what readers see.
    Working,
    /// What posts were once.
    Revisions,
    /// Where the owner leads old addresses.
    Redirects,
    /// Addresses of what was deleted for good.
    Gone,
    /// What commenters asked to be mailed.
    Wishes,
    /// Addresses whose holders said yes.
    Addresses,
    /// Hashes of those who want no mail.
    Unwanted,
    /// What moderators taught the judge.
    Lessons,
    /// Which posts came from elsewhere, by what their sources call them.
    ImportedPosts,
    /// Likewise of comments.
    ImportedComments,
    /// Pictures by the addresses that they had elsewhere.
    ImportedPictures,
    /// Every address that was to lead here.
    ImportedAddresses,
    /// Texts from elsewhere that could not be kept whole.
    Originals,
}

/// Every part, in order.
pub const PARTS: [Part; 19] = [
    Part::Settings,
    Part::People,
    Part::Media,
    Part::Appearance,
    Part::Posts,
    Part::Comments,
    Part::Working,
    Part::Revisions,
    Part::Redirects,
    Part::Gone,
    Part::Wishes,
    Part::Addresses,
    Part::Unwanted,
    Part::Lessons,
    Part::ImportedPosts,
    Part::ImportedComments,
    Part::ImportedPictures,
    Part::ImportedAddresses,
    Part::Originals,
];

const SETTINGS: &str = "SELECT CAST(id AS TEXT), json_object('uuid', uuid, 'title', title, 'description', description, \
     'language', language, 'zone', zone, 'posts_per_page', posts_per_page, 'comment_hold', comment_hold, \
     'comments_open', comments_open, 'edit_minutes', edit_minutes, 'comments_per_page', comments_per_page, \
     'newest_comments_first', newest_comments_first, 'hold_after_days', hold_after_days, \
     'close_after_days', close_after_days, 'hold_at_points', hold_at, 'spam_at_points', spam_at, \
     'storm_at_comments', storm_at, 'hold_list', hold_list, 'spam_list', spam_list, 'trust_list', trust_list, \
     'discard_days', discard_days, 'network_days', network_days, 'trash_days', trash_days, 'wants_work', wants_work, \
     'counts_readers', counts_readers, 'feed_posts', feed_posts, 'feeds_are_full', feeds_are_full, \
     'mail', (SELECT json_object('host', host, 'port', port, 'security', security, 'sender', sender) FROM mail_settings \
     WHERE mail_settings.id = 1 AND mail_settings.user = ''), 'backups', (SELECT json_object('every', every, 'hour', hour, \
     'keep', keep) FROM backup_settings WHERE backup_settings.id = 1)) FROM settings WHERE id > CAST($1 AS INTEGER) ORDER BY id LIMIT $2";
const PEOPLE: &str = "SELECT CAST(id AS TEXT), json_object('slug', slug, 'name', name, 'email', email, 'role', role, \
     'notice', notice, 'bio', bio, 'website', website, 'picture', picture, 'created_at', created_at, \
     'disabled_at', disabled_at) FROM user WHERE +id > CAST($1 AS INTEGER) ORDER BY id LIMIT $2";
const MEDIA: &str = "SELECT CAST(media.id AS TEXT), json_object('id', media.id, 'hash', media.hash, 'name', media.name, \
     'kind', media.kind, 'media_type', media.media_type, 'width', media.width, 'height', media.height, \
     'length', media.length, 'alt', media.alt, 'caption', media.caption, 'credit', media.credit, \
     'colour', media.colour, 'is_animated', media.is_animated, 'origin_hash', media.origin_hash, \
     'uploaded_by', (SELECT user.slug FROM user WHERE user.id = media.uploaded_by), 'created_at', media.created_at, \
     'instead_of', json((SELECT json_group_array(moved.old_hash ORDER BY moved.old_hash) FROM media_moved AS moved \
     WHERE moved.hash = media.hash))) FROM media WHERE media.id > CAST($1 AS INTEGER) ORDER BY media.id LIMIT $2";
const APPEARANCE: &str = "SELECT CAST(id AS TEXT), json_object('accent', accent, 'typeface', typeface, \
     'scheme', scheme, 'banner', banner, 'banner_alt', banner_alt, 'footer', footer, 'links', links, 'css', css) \
     FROM appearance WHERE +id > CAST($1 AS INTEGER) ORDER BY id LIMIT $2";
const POSTS: &str = "SELECT CAST(post.id AS TEXT), json_object('id', post.id, 'uuid', post.uuid, 'kind', post.kind, \
     'state', post.state, 'title', post.title, 'slug', post.slug, 'path', post.path, \
     'comments', CASE WHEN post.hides_thread THEN 'hidden' ELSE post.comments END, \
     'published_at', post.published_at, 'first_live_at', post.first_live_at, 'updated_at', post.updated_at, \
     'created_at', post.created_at, 'saved_at', post.saved_at, 'trashed_at', post.trashed_at, \
     'submitted_at', post.submitted_at, 'version', post.version, 'origin', post.origin, \
     'description', post.description, 'cover', post.cover, 'cover_alt', post.cover_alt, 'cover_caption', post.cover_caption, \
     'canonical', post.canonical, 'language', post.language, 'featured', post.featured, \
     'is_template', (SELECT count(*) FROM template WHERE template.post_id = post.id), \
     'authors', json((SELECT json_group_array(user.slug ORDER BY post_author.position, user.id) FROM post_author \
     JOIN user ON user.id = post_author.user_id WHERE post_author.post_id = post.id)), \
     'tags', json((SELECT json_group_array(tag.name ORDER BY post_tag.position) FROM post_tag \
     JOIN tag ON tag.id = post_tag.tag_id WHERE post_tag.post_id = post.id)), \
     'old_paths', json((SELECT json_group_array(redirect.path ORDER BY redirect.path) FROM redirect \
     WHERE redirect.post_id = post.id)), \
     'excerpt', post_text.excerpt, 'source', post_text.source) \
     FROM post JOIN post_text ON post_text.post_id = post.id \
     WHERE post.id > CAST($1 AS INTEGER) ORDER BY post.id LIMIT $2";
const COMMENTS: &str = "SELECT CAST(comment.id AS TEXT), json_object('id', comment.id, 'uuid', comment.uuid, \
     'post', comment.post_id, 'parent', comment.parent_id, 'state', comment.state, \
     'author', (SELECT user.slug FROM user WHERE user.id = comment.user_id), 'name', comment.name, \
     'email', comment.email, 'website', comment.website, 'text', comment.source, 'reason', comment.reason, \
     'created_at', comment.created_at, 'edited_at', comment.edited_at, 'trashed_at', comment.trashed_at, \
     'trashed_from', comment.trashed_from, 'pinned_at', comment.pinned_at, 'trained', comment.trained, \
     'trained_at', comment.trained_at, 'digest', comment.digest, 'own_hash', comment.secret_hash, \
     'edits', json((SELECT json_group_array(json_object('text', edit.source, \
     'by', (SELECT user.slug FROM user WHERE user.id = edit.user_id), 'replaced_at', edit.replaced_at) \
     ORDER BY edit.id) FROM comment_revision AS edit WHERE edit.comment_id = comment.id))) \
     FROM comment WHERE comment.id > CAST($1 AS INTEGER) ORDER BY comment.id LIMIT $2";
const WORKING: &str = "SELECT CAST(working.post_id AS TEXT), json_object('post', working.post_id, \
     'by', (SELECT user.slug FROM user WHERE user.id = working.user_id), 'saved_at', working.saved_at, \
     'typed', json(working.typed)) FROM working WHERE working.post_id > CAST($1 AS INTEGER) \
     ORDER BY working.post_id LIMIT $2";
const REVISIONS: &str = "SELECT CAST(revision.id AS TEXT), json_object('id', revision.id, 'post', revision.post_id, \
     'version', revision.version, 'kind', revision.kind, \
     'by', (SELECT user.slug FROM user WHERE user.id = revision.user_id), 'kept_at', revision.at), revision.typed \
     FROM revision WHERE revision.id > CAST($1 AS INTEGER) ORDER BY revision.id LIMIT $2";
const REDIRECTS: &str = "SELECT CAST(id AS TEXT), json_object('path', path, 'target', target, 'leads_to', leads_to, \
     'created_at', created_at) FROM path_redirect WHERE id > CAST($1 AS INTEGER) ORDER BY id LIMIT $2";
const GONE: &str =
    "SELECT path, json_object('path', path, 'gone_at', at) FROM gone WHERE path > $1 ORDER BY path LIMIT $2";
const WISHES: &str = "SELECT CAST(id AS TEXT), json_object('email', email, 'wish', wish, 'post', post_id, \
     'comment', comment_id, 'created_at', created_at) FROM subscription WHERE id > CAST($1 AS INTEGER) \
     ORDER BY id LIMIT $2";
const ADDRESSES: &str = "SELECT email, json_object('email', email, 'confirmed_at', confirmed_at) FROM address \
     WHERE email > $1 ORDER BY email LIMIT $2";
const UNWANTED: &str = "SELECT email_hash, json_object('email_hash', email_hash, 'asked_at', asked_at) FROM unwanted \
     WHERE email_hash > $1 ORDER BY email_hash LIMIT $2";
/// Hashes are of either sign.
const LESSONS: &str = "SELECT CAST(hash AS TEXT), json_object('hash', hash, 'ham', ham, 'spam', spam) FROM token \
     WHERE hash > CASE $1 WHEN '' THEN -9223372036854775808 ELSE CAST($1 AS INTEGER) END ORDER BY hash LIMIT $2";
const HTML: &str = "SELECT html FROM post_text WHERE post_id = $1";
/// `$1` the post, `$2` the comment to go on behind.
const THREAD: &str = "SELECT comment.id, json_object('id', comment.id, 'parent', comment.parent_id, 'state', comment.state, \
     'user', comment.user_id, 'name', comment.name, 'email', comment.email, 'website', comment.website, \
     'html', comment.html, 'created_at', comment.created_at, 'trashed_at', comment.trashed_at) FROM comment \
     WHERE comment.post_id = $1 AND comment.id > $2 ORDER BY comment.id LIMIT $3";
const ANSWERS: &str = "SELECT id, parent_id FROM comment WHERE post_id = $1 AND parent_id IS NOT NULL ORDER BY id";
const LAST_COMMENT: &str = "SELECT coalesce(max(id), 0) FROM comment";
const FILE: &str = "SELECT id, alt, caption FROM media WHERE hash = $1";
const IMPORTED_POSTS: &str = "SELECT origin, json_object('origin', origin, 'post', post_id, 'digest', digest, \
     'version', version) FROM import_post WHERE origin > $1 ORDER BY origin LIMIT $2";
const IMPORTED_COMMENTS: &str = "SELECT origin, json_object('origin', origin, 'comment', comment_id, 'parent', parent, \
     'digest', digest) FROM import_comment WHERE origin > $1 ORDER BY origin LIMIT $2";
const IMPORTED_PICTURES: &str = "SELECT address, json_object('address', address, 'hash', hash) FROM import_picture \
     WHERE address > $1 ORDER BY address LIMIT $2";
const IMPORTED_ADDRESSES: &str =
    "SELECT path, json_object('path', path) FROM import_address WHERE path > $1 ORDER BY path LIMIT $2";
const ORIGINALS: &str = "SELECT CAST(post_id AS TEXT), json_object('post', post_id, 'lost', lost, 'html', html) \
     FROM import_original WHERE post_id > CAST($1 AS INTEGER) ORDER BY post_id LIMIT $2";
const COUNTS: [&str; 19] = [
    "SELECT count(*) FROM settings",
    "SELECT count(*) FROM user",
    "SELECT count(*) FROM media",
    "SELECT count(*) FROM appearance",
    "SELECT count(*) FROM post",
    "SELECT count(*) FROM comment",
    "SELECT count(*) FROM working",
    "SELECT count(*) FROM revision",
    "SELECT count(*) FROM path_redirect",
    "SELECT count(*) FROM gone",
    "SELECT count(*) FROM subscription",
    "SELECT count(*) FROM address",
    "SELECT count(*) FROM unwanted",
    "SELECT count(*) FROM token",
    "SELECT count(*) FROM import_post",
    "SELECT count(*) FROM import_comment",
    "SELECT count(*) FROM import_picture",
    "SELECT count(*) FROM import_address",
    "SELECT count(*) FROM import_original",
];
const MEDIA_PART: &str = "SELECT bytes FROM media_part WHERE file = $1 AND position = $2";

/// The blog as it stood when this was taken, whatever is written meanwhile. It holds one of the readers.
pub struct Snapshot(Transaction<'static, Sqlite>);

impl Store {
    /// Takes one.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        Ok(Snapshot(self.readers.begin().await?))
    }

    /// Notes that somebody takes the whole blog away, in a file of this name.
    pub async fn note_export(&self, name: &str, by: By) -> Result<()> {
        let mut write = self.write().await?;
        audit::note(&mut write, by.user, "export", name, by.now).await?;
        write.commit(Change::Nothing).await
    }
}

impl Snapshot {
    /// How many rows a part has.
    pub async fn count(&mut self, part: Part) -> Result<i64> {
        let statement = COUNTS.get(part as usize).copied().unwrap_or_default();
        Ok(sqlx::query_scalar(statement).fetch_one(&mut *self.0).await?)
    }

    /// The next rows of a part after the one of key `after` (empty: its first), each with its key. None: it is at its end.
    pub async fn rows(&mut self, part: Part, after: &str) -> Result<Vec<(String, String)>> {
        let statement = match part {
            Part::Revisions => return self.revisions(after).await,
            Part::Settings => SETTINGS,
            Part::People => PEOPLE,
            Part::Media => MEDIA,
            Part::Appearance => APPEARANCE,
            Part::Posts => POSTS,
            Part::Comments => COMMENTS,
            Part::Working => WORKING,
            Part::Redirects => REDIRECTS,
            Part::Gone => GONE,
            Part::Wishes => WISHES,
            Part::Addresses => ADDRESSES,
            Part::Unwanted => UNWANTED,
            Part::Lessons => LESSONS,
            Part::ImportedPosts => IMPORTED_POSTS,
            Part::ImportedComments => IMPORTED_COMMENTS,
            Part::ImportedPictures => IMPORTED_PICTURES,
            Part::ImportedAddresses => IMPORTED_ADDRESSES,
            Part::Originals => ORIGINALS,
        };
        Ok(sqlx::query_as(statement).bind(after).bind(AT_ONCE).fetch_all(&mut *self.0).await?)
    }

    /// They are kept compressed.
    async fn revisions(&mut self, after: &str) -> Result<Vec<(String, String)>> {
        let rows: Vec<(String, String, Vec<u8>)> =
            sqlx::query_as(REVISIONS).bind(after).bind(AT_ONCE).fetch_all(&mut *self.0).await?;
        rows.into_iter()
            .map(|(key, row, packed)| {
                let typed = super::revision::json(&super::revision::unpack(&packed)?)?;
                Ok((key, format!("{},\"typed\":{typed}}}", row.trim_end_matches('}'))))
            })
            .collect()
    }

    /// A post's text as readers see it.
    pub async fn html(&mut self, post: i64) -> Result<String> {
        Ok(sqlx::query_scalar(HTML).bind(post).fetch_optional(&mut *self.0).await?.unwrap_or_default())
    }

    /// The next comments on a post after the one of this number, each with its number.
    pub async fn thread(&mut self, post: i64, after: i64) -> Result<Vec<(i64, String)>> {
        Ok(sqlx::query_as(THREAD).bind(post).bind(after).bind(AT_ONCE).fetch_all(&mut *self.0).await?)
    }

    /// Every comment on a post that answers another, and which one.
    pub async fn answers(&mut self, post: i64) -> Result<Vec<(i64, i64)>> {
        Ok(sqlx::query_as(ANSWERS).bind(post).fetch_all(&mut *self.0).await?)
    }

    /// The highest number of a comment.
    pub async fn last_comment(&mut self) -> Result<i64> {
        Ok(sqlx::query_scalar(LAST_COMMENT).fetch_one(&mut *self.0).await?)
    }

    /// The number of a file, what it says that it shows, and what stands below it.
    pub async fn file(&mut self, hash: &str) -> Result<Option<(i64, String, String)>> {
        Ok(sqlx::query_as(FILE).bind(hash).fetch_optional(&mut *self.0).await?)
    }

    /// A part of a file.
    pub async fn media_part(&mut self, hash: &str, position: i64) -> Result<Vec<u8>> {
        let part = sqlx::query_scalar(MEDIA_PART).bind(hash).bind(position).fetch_optional(&mut *self.0).await?;
        part.ok_or(Error::NotFound)
    }
}

#[cfg(test)]
statements!(
    SETTINGS,
    PEOPLE,
    MEDIA,
    APPEARANCE,
    POSTS,
    COMMENTS,
    WORKING,
    REVISIONS,
    REDIRECTS,
    GONE,
    WISHES,
    ADDRESSES,
    UNWANTED,
    LESSONS,
    IMPORTED_POSTS,
    IMPORTED_COMMENTS,
    IMPORTED_PICTURES,
    IMPORTED_ADDRESSES,
    ORIGINALS,
    HTML,
    THREAD,
    ANSWERS,
    LAST_COMMENT,
    FILE,
    COUNTS,
    MEDIA_PART,
);
