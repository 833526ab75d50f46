//! Takes an archive of a blog back in, whole or not at all: one transaction, into a blog in which nothing is written yet.

use std::collections::HashMap;

use serde_json::Value;

use super::{Store, dump::Part, library, media, publish, revision, search, write::Write};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::{PostId, RevisionId},
        media::Shown,
        post::PostContent,
        revision::Typed,
    },
};

// Each takes a row as JSON.
const SET_SETTINGS: &str = "INSERT INTO settings (id, uuid, title, description, language, zone, posts_per_page, \
     comment_hold, comments_open, edit_minutes, comments_per_page, newest_comments_first, hold_after_days, \
     close_after_days, hold_at, spam_at, storm_at, hold_list, spam_list, trust_list, discard_days, network_days, \
     trash_days, wants_work, counts_readers, feed_posts, feeds_are_full) VALUES (1, $1->>'uuid', $1->>'title', $1->>'description', $1->>'language', $1->>'zone', \
     $1->>'posts_per_page', $1->>'comment_hold', $1->>'comments_open', $1->>'edit_minutes', $1->>'comments_per_page', \
     $1->>'newest_comments_first', $1->>'hold_after_days', $1->>'close_after_days', $1->>'hold_at_points', \
     $1->>'spam_at_points', $1->>'storm_at_comments', $1->>'hold_list', $1->>'spam_list', $1->>'trust_list', \
     $1->>'discard_days', $1->>'network_days', $1->>'trash_days', $1->>'wants_work', \
     $1->>'counts_readers', coalesce($1->>'feed_posts', 20), coalesce($1->>'feeds_are_full', 1)) \
     ON CONFLICT (id) DO UPDATE SET uuid = excluded.uuid, title = excluded.title, description = excluded.description, \
     language = excluded.language, zone = excluded.zone, posts_per_page = excluded.posts_per_page, \
     comment_hold = excluded.comment_hold, comments_open = excluded.comments_open, \
     edit_minutes = excluded.edit_minutes, comments_per_page = excluded.comments_per_page, \
     newest_comments_first = excluded.newest_comments_first, hold_after_days = excluded.hold_after_days, \
     close_after_days = excluded.close_after_days, hold_at = excluded.hold_at, spam_at = excluded.spam_at, \
     storm_at = excluded.storm_at, hold_list = excluded.hold_list, spam_list = excluded.spam_list, \
     trust_list = excluded.trust_list, discard_days = excluded.discard_days, network_days = excluded.network_days, \
     trash_days = excluded.trash_days, wants_work = excluded.wants_work, \
     counts_readers = excluded.counts_readers, feed_posts = excluded.feed_posts, \
     feeds_are_full = excluded.feeds_are_full";
/// A mail server that asks for no password; what this blog has stays.
const SET_MAIL: &str = "INSERT INTO mail_settings (id, host, port, security, user, password, sender) SELECT 1, \
     $1->>'$.mail.host', $1->>'$.mail.port', $1->>'$.mail.security', '', '', $1->>'$.mail.sender' \
     WHERE json_type($1, '$.mail') = 'object' ON CONFLICT (id) DO NOTHING";
/// Into which folder is this machine's to say.
const SET_BACKUPS: &str = "UPDATE backup_settings SET every = $1->>'$.backups.every', hour = $1->>'$.backups.hour', \
     keep = $1->>'$.backups.keep' WHERE id = 1 AND json_type($1, '$.backups') = 'object'";
/// Whoever signs in here already stays who they are, with their password and their role.
const ADD_PERSON: &str = "INSERT INTO user (name, slug, skeleton, email, role, password_hash, created_at, notice, \
     disabled_at, bio, website, picture) VALUES ($1->>'name', $1->>'slug', $1->>'skeleton', $1->>'email', $1->>'role', \
     CASE WHEN $1->>'email' IS NOT NULL THEN $2 END, $1->>'created_at', $1->>'notice', $1->>'disabled_at', $1->>'bio', \
     $1->>'website', $1->>'picture') ON CONFLICT (email) DO UPDATE SET name = excluded.name, slug = excluded.slug, \
     skeleton = excluded.skeleton, notice = excluded.notice, bio = excluded.bio, website = excluded.website, \
     picture = excluded.picture";
const ADD_MEDIA: &str = "INSERT INTO media (id, hash, name, kind, media_type, width, height, length, alt, caption, \
     credit, colour, is_animated, is_scaled, origin_hash, uploaded_by, created_at) VALUES ($1->>'id', $1->>'hash', \
     $1->>'name', $1->>'kind', $1->>'media_type', $1->>'width', $1->>'height', $1->>'length', $1->>'alt', \
     $1->>'caption', $1->>'credit', $1->>'colour', $1->>'is_animated', $1->>'kind' <> 'picture', $1->>'origin_hash', \
     (SELECT id FROM user WHERE slug = $1->>'uploaded_by'), $1->>'created_at')";
const ADD_MOVED: &str =
    "INSERT INTO media_moved (old_hash, hash) SELECT value, $1->>'hash' FROM json_each($1, '$.instead_of')";
/// The foot comes with its HTML.
const SET_APPEARANCE: &str = "UPDATE appearance SET accent = $1->>'accent', typeface = $1->>'typeface', \
     scheme = $1->>'scheme', banner = $1->>'banner', banner_alt = $1->>'banner_alt', footer = $1->>'footer', \
     footer_html = $1->>'footer_html', links = $1->>'links', css = $1->>'css' WHERE id = 1";
const ADD_POST: &str = "INSERT INTO post (id, uuid, kind, state, title, slug, path, comments, hides_thread, published_at, \
     first_live_at, updated_at, created_at, saved_at, trashed_at, submitted_at, version, origin, description, cover, \
     cover_alt, cover_caption, canonical, language, featured, words) VALUES ($1->>'id', $1->>'uuid', $1->>'kind', $1->>'state', \
     $1->>'title', $1->>'slug', $1->>'path', CASE $1->>'comments' WHEN 'open' THEN 'open' ELSE 'closed' END, \
     $1->>'comments' = 'hidden', $1->>'published_at', $1->>'first_live_at', $1->>'updated_at', $1->>'created_at', \
     $1->>'saved_at', $1->>'trashed_at', $1->>'submitted_at', $1->>'version', $1->>'origin', $1->>'description', \
     $1->>'cover', $1->>'cover_alt', coalesce($1->>'cover_caption', ''), $1->>'canonical', $1->>'language', $1->>'featured', $2) RETURNING id";
const ADD_AUTHORS: &str = "INSERT INTO post_author (post_id, user_id, position) SELECT $1->>'id', user.id, named.key \
     FROM json_each($1, '$.authors') AS named JOIN user ON user.slug = named.value";
const ADD_OLD_PATHS: &str =
    "INSERT INTO redirect (path, post_id) SELECT value, $1->>'id' FROM json_each($1, '$.old_paths')";
const ADD_TEMPLATE: &str = "INSERT INTO template (post_id) SELECT $1->>'id' WHERE $1->>'is_template' = 1";
/// Answers are of the same thread; one that came before what it answers gets its parent by ADOPT.
const ADD_COMMENT: &str = "INSERT INTO comment (id, uuid, post_id, parent_id, state, user_id, name, email, website, \
     source, html, network, reason, created_at, edited_at, trashed_at, trashed_from, pinned_at, trained, trained_at, \
     digest, secret_hash) VALUES ($1->>'id', $1->>'uuid', $1->>'post', \
     (SELECT id FROM comment WHERE id = $1->>'parent' AND post_id = $1->>'post'), $1->>'state', \
     (SELECT id FROM user WHERE slug = $1->>'author'), $1->>'name', $1->>'email', $1->>'website', $1->>'text', $2, '', \
     $1->>'reason', $1->>'created_at', $1->>'edited_at', $1->>'trashed_at', $1->>'trashed_from', $1->>'pinned_at', \
     $1->>'trained', $1->>'trained_at', $1->>'digest', $1->>'own_hash') RETURNING parent_id IS NULL AND $1->>'parent' IS NOT NULL";
const ADOPT: &str = "UPDATE comment SET parent_id = $2 WHERE id = $1 \
     AND post_id = (SELECT parent.post_id FROM comment AS parent WHERE parent.id = $2)";
const ANSWERS_ITSELF: &str = "WITH RECURSIVE up (id) AS (SELECT parent_id FROM comment WHERE id = $1 \
     UNION SELECT comment.parent_id FROM comment JOIN up ON comment.id = up.id) SELECT count(*) FROM up WHERE id = $1";
const ADD_EDIT: &str = "INSERT INTO comment_revision (comment_id, source, html, user_id, replaced_at) VALUES ($2, \
     $1->>'text', $3, (SELECT id FROM user WHERE slug = $1->>'by'), $1->>'replaced_at')";
const ADD_WORKING: &str = "INSERT INTO working (post_id, user_id, saved_at, typed) VALUES ($1->>'post', \
     (SELECT id FROM user WHERE slug = $1->>'by'), $1->>'saved_at', $2) RETURNING post_id";
const ADD_REVISION: &str = "INSERT INTO revision (id, post_id, version, kind, user_id, at, title, size, digest, typed) \
     VALUES ($1->>'id', $1->>'post', $1->>'version', $1->>'kind', (SELECT id FROM user WHERE slug = $1->>'by'), \
     $1->>'kept_at', $2, $3, $4, $5) RETURNING post_id, id";
const ADD_REDIRECT: &str = "INSERT INTO path_redirect (path, target, leads_to, created_at) VALUES ($1->>'path', \
     $1->>'target', $1->>'leads_to', $1->>'created_at')";
const ADD_GONE: &str = "INSERT INTO gone (path, at) VALUES ($1->>'path', $1->>'gone_at')";
const ADD_WISH: &str = "INSERT INTO subscription (email, wish, post_id, comment_id, created_at) VALUES ($1->>'email', \
     $1->>'wish', $1->>'post', $1->>'comment', $1->>'created_at')";
const ADD_ADDRESS: &str = "INSERT INTO address (email, confirmed_at) VALUES ($1->>'email', $1->>'confirmed_at') \
     ON CONFLICT (email) DO NOTHING";
const ADD_UNWANTED: &str = "INSERT INTO unwanted (email_hash, asked_at) VALUES ($1->>'email_hash', $1->>'asked_at') \
     ON CONFLICT (email_hash) DO NOTHING";
const ADD_LESSON: &str = "INSERT INTO token (hash, ham, spam) VALUES ($1->>'hash', $1->>'ham', $1->>'spam') \
     ON CONFLICT (hash) DO UPDATE SET ham = excluded.ham, spam = excluded.spam";
const ADD_IMPORTED_POST: &str = "INSERT INTO import_post (origin, post_id, digest, version) VALUES ($1->>'origin', \
     $1->>'post', $1->>'digest', $1->>'version')";
const ADD_IMPORTED_COMMENT: &str = "INSERT INTO import_comment (origin, comment_id, parent, digest) VALUES ($1->>'origin', \
     $1->>'comment', $1->>'parent', coalesce($1->>'digest', ''))";
const ADD_IMPORTED_PICTURE: &str = "INSERT INTO import_picture (address, hash) VALUES ($1->>'address', $1->>'hash')";
const ADD_IMPORTED_ADDRESS: &str = "INSERT INTO import_address (path) VALUES ($1->>'path')";
const ADD_ORIGINAL: &str = "INSERT INTO import_original (post_id, lost, html) VALUES ($1->>'post', $1->>'lost', \
     $1->>'html')";
const HAS_ANYTHING: &str = "SELECT EXISTS (SELECT 1 FROM post) OR EXISTS (SELECT 1 FROM comment) \
     OR EXISTS (SELECT 1 FROM media)";

/// An archive on its way in. Dropped before [`Intake::commit`], it leaves nothing behind.
pub struct Intake {
    write: Write,
    /// Comments that came before what they answer.
    orphans: Vec<(i64, i64)>,
}

impl Store {
    /// Begins to take an archive in. `None`: something is written in this blog already.
    pub async fn intake(&self) -> Result<Option<Intake>> {
        let mut write = self.write().await?;
        let has_anything: bool = sqlx::query_scalar(HAS_ANYTHING).fetch_one(&mut *write).await?;
        Ok((!has_anything).then_some(Intake { write, orphans: Vec::new() }))
    }
}

impl Intake {
    /// Adds a row of a part whose rows are no more than they say.
    pub async fn add(&mut self, part: Part, row: &Value) -> Result<()> {
        let statement = match part {
            Part::Settings => {
                for statement in [SET_MAIL, SET_BACKUPS] {
                    sqlx::query(statement).bind(row.to_string()).execute(&mut *self.write).await?;
                }
                SET_SETTINGS
            }
            Part::Appearance => SET_APPEARANCE,
            Part::Redirects => ADD_REDIRECT,
            Part::Gone => ADD_GONE,
            Part::Wishes => ADD_WISH,
            Part::Addresses => ADD_ADDRESS,
            Part::Unwanted => ADD_UNWANTED,
            Part::Lessons => ADD_LESSON,
            Part::ImportedPosts => ADD_IMPORTED_POST,
            Part::ImportedComments => ADD_IMPORTED_COMMENT,
            Part::ImportedPictures => ADD_IMPORTED_PICTURE,
            Part::ImportedAddresses => ADD_IMPORTED_ADDRESS,
            Part::Originals => ADD_ORIGINAL,
            other => return Err(Error::Internal(format!("rows of {other:?} are more than they say"))),
        };
        sqlx::query(statement).bind(row.to_string()).execute(&mut *self.write).await?;
        Ok(())
    }

    /// Adds a person; `password_hash` is one whose password nobody knows.
    pub async fn add_person(&mut self, row: &Value, password_hash: &str) -> Result<()> {
        sqlx::query(ADD_PERSON).bind(row.to_string()).bind(password_hash).execute(&mut *self.write).await?;
        Ok(())
    }

    /// Adds bytes of a file, from part `first` on.
    pub async fn add_media_parts(&mut self, hash: &str, first: i64, bytes: &[u8]) -> Result<()> {
        media::add_parts(&mut self.write, hash, first, bytes).await
    }

    /// Takes back what was added of a file.
    pub async fn drop_media_parts(&mut self, hash: &str) -> Result<()> {
        media::drop_parts(&mut self.write, hash).await
    }

    /// Adds what is known of a file.
    pub async fn add_media(&mut self, row: &Value) -> Result<()> {
        for statement in [ADD_MEDIA, ADD_MOVED] {
            sqlx::query(statement).bind(row.to_string()).execute(&mut *self.write).await?;
        }
        Ok(())
    }

    /// As [`Store::media_shown`], with those of the archive among them.
    pub async fn media_shown(&mut self, addresses: &[String]) -> Result<HashMap<String, Shown>> {
        media::shown(&mut self.write, addresses).await
    }

    /// Adds a post of which `content` was made. `false`: it has no author, or one who is not there.
    pub async fn add_post(&mut self, row: &Value, content: &PostContent) -> Result<bool> {
        let named = row.get("authors").and_then(Value::as_array).map_or(0, Vec::len) as u64;
        let (write, row) = (&mut *self.write, row.to_string());
        let id: PostId =
            sqlx::query_scalar(ADD_POST).bind(row.clone()).bind(content.words).fetch_one(&mut *write).await?;
        publish::write_text(write, id, content).await?;
        library::note_uses(write, id, &content.media).await?;
        publish::write_tags(write, id, content).await?;
        search::index(write, id, content).await?;
        let authors = sqlx::query(ADD_AUTHORS).bind(row.clone()).execute(&mut *write).await?.rows_affected();
        for statement in [ADD_OLD_PATHS, ADD_TEMPLATE] {
            sqlx::query(statement).bind(row.clone()).execute(&mut *write).await?;
        }
        publish::list(write, id).await?;
        Ok(authors > 0 && authors == named)
    }

    /// Adds a comment and what it said before, each with the HTML of its text.
    pub async fn add_comment(&mut self, row: &Value, html: &str, edits: &[(Value, String)]) -> Result<()> {
        let write = &mut *self.write;
        let waits: bool =
            sqlx::query_scalar(ADD_COMMENT).bind(row.to_string()).bind(html).fetch_one(&mut *write).await?;
        let number = |key: &str| row.get(key).and_then(Value::as_i64).unwrap_or_default();
        for (edit, html) in edits {
            let adding = sqlx::query(ADD_EDIT).bind(edit.to_string()).bind(number("id")).bind(html.clone());
            adding.execute(&mut *write).await?;
        }
        if waits {
            self.orphans.push((number("id"), number("parent")));
        }
        Ok(())
    }

    /// When all comments are there: gives those that came before what they answer their place. `Some`: one that answers
    /// nothing that is there, or itself.
    pub async fn adopt(&mut self) -> Result<Option<i64>> {
        for (comment, parent) in std::mem::take(&mut self.orphans) {
            let adopted = sqlx::query(ADOPT).bind(comment).bind(parent).execute(&mut *self.write).await?;
            let is_round: bool = sqlx::query_scalar(ANSWERS_ITSELF).bind(comment).fetch_one(&mut *self.write).await?;
            if adopted.rows_affected() == 0 || is_round {
                return Ok(Some(comment));
            }
        }
        Ok(None)
    }

    /// Adds what was typed and not yet published.
    pub async fn add_working(&mut self, row: &Value, typed: &Typed) -> Result<()> {
        let typed = revision::json(typed)?;
        let add = sqlx::query_scalar(ADD_WORKING).bind(row.to_string()).bind(typed.clone());
        let post: PostId = add.fetch_one(&mut *self.write).await?;
        library::note_typed(&mut self.write, post, &typed).await
    }

    /// Adds what a post was once.
    pub async fn add_revision(&mut self, row: &Value, typed: &Typed) -> Result<()> {
        let (post, id): (PostId, RevisionId) = sqlx::query_as(ADD_REVISION)
            .bind(row.to_string())
            .bind(typed.title.clone())
            .bind(i64::try_from(typed.text.len()).unwrap_or(i64::MAX))
            .bind(revision::digest(typed))
            .bind(revision::pack(typed)?)
            .fetch_one(&mut *self.write)
            .await?;
        library::note_revision(&mut self.write, post, id, &revision::json(typed)?).await
    }

    /// Puts it on the disk.
    pub async fn commit(self) -> Result<()> {
        self.write.commit(Change::Everything).await
    }
}

#[cfg(test)]
statements!(
    SET_SETTINGS,
    SET_MAIL,
    SET_BACKUPS,
    ADD_PERSON,
    ADD_MEDIA,
    ADD_MOVED,
    SET_APPEARANCE,
    ADD_POST,
    ADD_AUTHORS,
    ADD_OLD_PATHS,
    ADD_TEMPLATE,
    ADD_COMMENT,
    ADOPT,
    ANSWERS_ITSELF,
    ADD_EDIT,
    ADD_WORKING,
    ADD_REVISION,
    ADD_REDIRECT,
    ADD_GONE,
    ADD_WISH,
    ADD_ADDRESS,
    ADD_UNWANTED,
    ADD_LESSON,
    ADD_IMPORTED_POST,
    ADD_IMPORTED_COMMENT,
    ADD_IMPORTED_PICTURE,
    ADD_IMPORTED_ADDRESS,
    ADD_ORIGINAL,
    HAS_ANYTHING,
);
