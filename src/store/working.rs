//! What is typed but not yet what readers see: it lies beside the post until it is published or discarded.

use sqlx::SqliteConnection;

use super::{
    Store, admin_post, audit, hand, library,
    publish::{SaveError, Saved},
    revision,
};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        deed::TagName,
        ids::{PostId, UserId},
        revision::{RevisionKind, Saving, Typed, Working},
        time::Time,
    },
};

const WORKING: &str = "SELECT typed, saved_at, user_id, \
     (SELECT user.name FROM user WHERE user.id = working.user_id) AS user_name FROM working WHERE post_id = $1";
const KEEP: &str = "INSERT INTO working (post_id, user_id, saved_at, typed) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (post_id) DO UPDATE SET user_id = excluded.user_id, saved_at = excluded.saved_at, \
     typed = excluded.typed";
const RETYPE: &str = "UPDATE working SET typed = $2 WHERE post_id = $1";
const DROP: &str = "DELETE FROM working WHERE post_id = $1";
/// No other form may go on from what stood there before.
const STEP: &str = "UPDATE post SET version = version + 1 WHERE id = $1 RETURNING version";

impl Store {
    /// What is typed for a post but not yet what readers see.
    pub async fn working(&self, id: PostId) -> Result<Option<Working>> {
        let row = sqlx::query_as(WORKING).bind(id).fetch_optional(&self.readers).await?;
        row.map(read).transpose()
    }

    /// Keeps what a form holds beside the post, as typed: neither its state nor its address nor what readers see changes.
    ///
    /// # Errors
    /// [`SaveError::Stale`] when another form has saved since it was opened.
    pub async fn keep_working(&self, id: PostId, saving: &Saving<'_>) -> Result<Saved, SaveError> {
        let mut write = self.write().await?;
        let current = admin_post::stored_post(&mut write, id).await?.ok_or(Error::NotFound)?;
        if hand::is_late(&mut write, &current, saving).await? {
            return Ok(Saved { id, path: current.path, version: current.version });
        }
        revision::keep_what_stands(&mut write, &current, saving).await?;
        let typed = revision::json(saving.typed)?;
        sqlx::query(KEEP).bind(id).bind(saving.by).bind(saving.now).bind(typed.clone()).execute(&mut *write).await?;
        library::note_typed(&mut write, id, &typed).await?;
        let version: i64 = sqlx::query_scalar(STEP).bind(id).fetch_one(&mut *write).await?;
        hand::pass(&mut write, id, current.version, version, saving).await?;
        revision::keep(&mut write, id, version, saving).await?;
        audit::note_save(&mut write, saving, current.is_published, &current.title).await?;
        // Readers see nothing of it.
        write.commit(Change::Nothing).await?;
        Ok(Saved { id, path: current.path, version })
    }

    /// Throws away what is typed for a post; its revisions still have it. `false`: there was nothing.
    pub async fn discard_working(&self, id: PostId, saving: &Saving<'_>) -> Result<bool> {
        let mut write = self.write().await?;
        let Some(current) = admin_post::stored_post(&mut write, id).await? else { return Ok(false) };
        let Some(kept) = typed(&mut write, id).await? else { return Ok(false) };
        let kept = Saving { typed: &kept, kind: RevisionKind::Save, ..*saving };
        revision::keep(&mut write, id, current.version, &kept).await?;
        clear(&mut write, id).await?;
        let version: i64 = sqlx::query_scalar(STEP).bind(id).fetch_one(&mut *write).await?;
        let stands = Typed::of(&current, saving.zone, saving.now);
        let back = Saving { typed: &stands, kind: RevisionKind::Restore, ..*saving };
        revision::keep(&mut write, id, version, &back).await?;
        audit::note(&mut write, Some(saving.by), "discard", &current.title, saving.now).await?;
        write.commit(Change::Nothing).await?;
        Ok(true)
    }
}

fn read((typed, saved_at, by, user_name): (String, Time, Option<UserId>, Option<String>)) -> Result<Working> {
    let typed = serde_json::from_str(&typed).map_err(|error| Error::Internal(format!("a working copy: {error}")))?;
    Ok(Working { typed, saved_at, by, user_name })
}

/// Within a transaction: what is typed for a post.
pub(super) async fn typed(write: &mut SqliteConnection, id: PostId) -> Result<Option<Typed>> {
    let row = sqlx::query_as(WORKING).bind(id).fetch_optional(write).await?;
    Ok(row.map(read).transpose()?.map(|working| working.typed))
}

/// Within a transaction: puts a tag under what is typed, or takes it away, where the post itself is given or loses it;
/// `slug` is what tags are told apart by.
pub(super) async fn retag(
    write: &mut SqliteConnection,
    id: PostId,
    tag: &TagName,
    has: bool,
    slug: fn(&str) -> String,
) -> Result<()> {
    let Some(mut typed) = typed(write, id).await? else { return Ok(()) };
    let mut names: Vec<&str> = typed.tag_names().filter(|name| slug(name) != tag.slug).collect();
    names.extend(has.then_some(tag.name.as_str()));
    typed.tags = names.join(", ");
    sqlx::query(RETYPE).bind(id).bind(revision::json(&typed)?).execute(write).await?;
    Ok(())
}

/// Within a transaction that has used it up.
pub(super) async fn clear(write: &mut SqliteConnection, id: PostId) -> Result<()> {
    sqlx::query(DROP).bind(id).execute(write).await?;
    Ok(())
}

#[cfg(test)]
statements!(WORKING, KEEP, RETYPE, DROP, STEP);
