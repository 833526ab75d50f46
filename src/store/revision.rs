//! What a post was once: kept with each save, thinned as it grows old.

use sqlx::SqliteConnection;

use super::{Store, admin_post, hand, library, working};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        ids::{PostId, RevisionId, UserId},
        listing::{Cursor, From, Listing},
        post::StoredPost,
        revision::{Revision, RevisionKind, Saving, Typed},
        time::{DAY_MILLIS, Time},
    },
    rules::token,
};

/// Lines to a page of the list.
const ROWS: usize = 50;
/// Of what a form saves by itself, one in so long is kept.
const AUTO_EVERY_MILLIS: i64 = 10 * 60_000;
const HOUR_MILLIS: i64 = 3_600_000;
/// After so long only what somebody saved is left.
const AUTO_LIFE_MILLIS: i64 = 30 * DAY_MILLIS;
/// A text of which more than this goes at once was not meant to, perhaps: what stood there is kept.
const LOSS_BYTES: usize = 200;
/// Revisions thinned in one step.
const AT_ONCE: i64 = 100;
/// Our JSON compresses well at the least effort.
const EFFORT: i32 = 3;

const KEEP: &str = "INSERT INTO revision (post_id, version, kind, user_id, at, title, size, digest, typed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const LAST: &str = "SELECT id, at, kind, digest FROM revision WHERE post_id = $1 ORDER BY id DESC LIMIT 1";
/// What could not be saved never stood there.
const LAST_STOOD: &str = "SELECT id, at, kind, digest FROM revision WHERE post_id = $1 AND kind <> 'conflict' \
     ORDER BY id DESC LIMIT 1";
const RENAME: &str = "UPDATE revision SET kind = $2, user_id = $3, at = $4 WHERE id = $1";
macro_rules! rows {
    ($beyond:literal, $order:literal) => {
        concat!(
            "SELECT revision.id, revision.kind, \
             (SELECT user.name FROM user WHERE user.id = revision.user_id) AS user_name, revision.at, revision.title, \
             revision.size, revision.version FROM revision WHERE revision.post_id = $1 AND revision.id ",
            $beyond,
            " $2 ORDER BY revision.id ",
            $order,
            " LIMIT $3"
        )
    };
}
const ROWS_OF: [&str; 2] = [rows!("<", "DESC"), rows!(">", "ASC")];
const ONE: &str = "SELECT revision.id, revision.kind, \
     (SELECT user.name FROM user WHERE user.id = revision.user_id) AS user_name, revision.at, revision.title, \
     revision.size, revision.version, revision.typed FROM revision WHERE revision.post_id = $1 AND revision.id = $2";
const BEFORE: &str = "SELECT id FROM revision WHERE post_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1";
/// The nearest to a version that is not younger: what a form that was opened with it came from.
const BASE: &str = "SELECT typed FROM revision WHERE post_id = $1 AND version <= $2 AND kind <> 'conflict' \
     ORDER BY id DESC LIMIT 1";
/// `$3`: who.
const BY_ONE: &str = "SELECT count(*) > 0 AND total(user_id IS NOT $3) = 0 FROM \
     (SELECT user_id FROM hand WHERE post_id = $1 AND version > $2 \
     UNION ALL SELECT user_id FROM revision WHERE post_id = $1 AND version > $2 AND kind <> 'conflict')";
/// The last of each hour or day stays.
const THIN: &str = "DELETE FROM revision WHERE id IN (SELECT old.id FROM revision AS old \
     WHERE old.kind = 'autosave' AND old.at < $1 AND EXISTS (SELECT 1 FROM revision AS later \
     WHERE later.post_id = old.post_id AND later.id > old.id AND later.kind = 'autosave' AND later.at / $2 = old.at / $2) \
     LIMIT $3)";
const FORGET: &str = "DELETE FROM revision WHERE id IN (SELECT old.id FROM revision AS old \
     WHERE old.kind = 'autosave' AND old.at < $1 LIMIT $2)";

#[derive(sqlx::FromRow)]
struct Last {
    id: RevisionId,
    at: Time,
    kind: RevisionKind,
    digest: String,
}

impl Store {
    /// A slice of what is kept of a post, newest first.
    pub async fn revisions_of(&self, post: PostId, from: From) -> Result<Listing<Revision>> {
        let cursor = from.cursor(Time(i64::MAX));
        let rows = sqlx::query_as(ROWS_OF[usize::from(from.is_upwards())])
            .bind(post)
            .bind(cursor.id)
            .bind(ROWS as i64 + 1)
            .fetch_all(&self.readers)
            .await?;
        Ok(Listing::new(rows, from, ROWS, |row: &Revision| Cursor { at: row.at, id: row.id.0 }))
    }

    /// What one of them holds.
    pub async fn revision(&self, post: PostId, id: RevisionId) -> Result<Option<(Revision, Typed)>> {
        #[derive(sqlx::FromRow)]
        struct Row {
            #[sqlx(flatten)]
            revision: Revision,
            typed: Vec<u8>,
        }
        let row: Option<Row> = sqlx::query_as(ONE).bind(post).bind(id).fetch_optional(&self.readers).await?;
        row.map(|row| Ok((row.revision, unpack(&row.typed)?))).transpose()
    }

    /// The one that was kept before another.
    pub async fn revision_before(&self, post: PostId, id: RevisionId) -> Result<Option<RevisionId>> {
        Ok(sqlx::query_scalar(BEFORE).bind(post).bind(id).fetch_optional(&self.readers).await?)
    }

    /// What a form that was opened with `version` came from, as near as is known.
    pub async fn base_of(&self, post: PostId, version: i64) -> Result<Option<Typed>> {
        let packed: Option<Vec<u8>> =
            sqlx::query_scalar(BASE).bind(post).bind(version).fetch_optional(&self.readers).await?;
        packed.as_deref().map(unpack).transpose()
    }

    /// Whether all that was saved since `version` is this one person's: from another window, or another device.
    pub async fn is_saved_by(&self, user: UserId, post: PostId, version: i64) -> Result<bool> {
        Ok(sqlx::query_scalar(BY_ONE).bind(post).bind(version).bind(user).fetch_one(&self.readers).await?)
    }

    /// Keeps what a form is opened with, if no revision has it yet: whatever becomes of it meanwhile, what this form changed
    /// can be told from what others did.
    pub async fn keep_opened(&self, opened: &StoredPost, typed: &Typed) -> Result<()> {
        let digest = digest(typed);
        let last: Option<Last> = sqlx::query_as(LAST_STOOD).bind(opened.id).fetch_optional(&self.readers).await?;
        if last.is_none_or(|last| last.digest == digest) {
            return Ok(());
        }
        let mut write = self.write().await?;
        let current = admin_post::stored_post(&mut write, opened.id).await?;
        if current.is_some_and(|current| current.version == opened.version) {
            let by = hand::held(&mut write, opened.id).await?.and_then(|held| held.user_id);
            insert(&mut write, opened.id, opened.version, RevisionKind::Autosave, by, opened.saved_at, typed).await?;
        }
        write.commit(Change::Nothing).await
    }

    /// Keeps what could not be saved because somebody else had: nothing that was typed is gone.
    pub async fn keep_conflict(&self, post: PostId, saving: &Saving<'_>) -> Result<RevisionId> {
        let mut write = self.write().await?;
        let last = last(&mut write, post).await?;
        let id = match last.filter(|last| last.kind == RevisionKind::Conflict && last.digest == digest(saving.typed)) {
            Some(last) => last.id,
            None => {
                let kept = Saving { kind: RevisionKind::Conflict, ..*saving };
                add(&mut write, post, saving.version, &kept).await?
            }
        };
        write.commit(Change::Nothing).await?;
        Ok(id)
    }

    /// One step of thinning what forms saved by themselves: of the last hour each is kept, of the last day the last of each
    /// hour, of the last month the last of each day. `false`: nothing is left to do.
    pub async fn thin_revisions(&self, now: Time) -> Result<bool> {
        let mut write = self.write().await?;
        let mut thinned = 0;
        for bucket in [HOUR_MILLIS, DAY_MILLIS] {
            let thin = sqlx::query(THIN).bind(now.plus(-bucket)).bind(bucket).bind(AT_ONCE);
            thinned += thin.execute(&mut *write).await?.rows_affected();
        }
        let forget = sqlx::query(FORGET).bind(now.plus(-AUTO_LIFE_MILLIS)).bind(AT_ONCE);
        thinned += forget.execute(&mut *write).await?.rows_affected();
        write.commit(Change::Nothing).await?;
        Ok(thinned > 0)
    }
}

/// Within a transaction that is about to write over it: what stands there, if it is not kept yet and this save does not go on
/// from it: another form's, and much that goes at once, however it is replaced.
pub(super) async fn keep_what_stands(
    write: &mut SqliteConnection,
    current: &StoredPost,
    saving: &Saving<'_>,
) -> Result<()> {
    let last: Option<Last> = sqlx::query_as(LAST_STOOD).bind(current.id).fetch_optional(&mut *write).await?;
    let stands = match working::typed(write, current.id).await? {
        Some(typed) => typed,
        None => Typed::of(current, saving.zone, saving.now),
    };
    let held = hand::held(write, current.id).await?;
    let goes_on = held.as_ref().is_some_and(|held| held.is(saving.hand));
    if goes_on && last.is_some() && replaced(&stands.text, &saving.typed.text) <= LOSS_BYTES {
        return Ok(());
    }
    let kind = if last.is_none() { RevisionKind::Save } else { RevisionKind::Autosave };
    if last.is_none_or(|last| last.digest != digest(&stands)) {
        let by = held.and_then(|held| held.user_id);
        insert(write, current.id, current.version, kind, by, current.saved_at, &stands).await?;
    }
    Ok(())
}

/// How many bytes of a text are no longer there, between what begins and what ends both alike.
fn replaced(before: &str, after: &str) -> usize {
    let same = |(a, b): &(u8, u8)| a == b;
    let start = before.bytes().zip(after.bytes()).take_while(same).count();
    let rest = before.len().min(after.len()) - start;
    let end = before.bytes().rev().zip(after.bytes().rev()).take(rest).take_while(same).count();
    before.len() - start - end
}

/// Within a transaction that has just saved: keeps it, unless it is the same as before, or one of many that a form saved
/// by itself.
pub(super) async fn keep(write: &mut SqliteConnection, post: PostId, version: i64, saving: &Saving<'_>) -> Result<()> {
    let kind = saving.kind;
    match last(write, post).await? {
        Some(last) if last.kind != RevisionKind::Conflict && last.digest == digest(saving.typed) => {
            let says_more = kind != RevisionKind::Autosave && last.kind == RevisionKind::Autosave;
            if says_more || kind == RevisionKind::Publish {
                let rename = sqlx::query(RENAME).bind(last.id).bind(kind).bind(saving.by).bind(saving.now);
                rename.execute(write).await?;
            }
        }
        Some(last) if kind == RevisionKind::Autosave && saving.now < last.at.plus(AUTO_EVERY_MILLIS) => {}
        _ => {
            add(write, post, version, saving).await?;
        }
    }
    Ok(())
}

async fn last(write: &mut SqliteConnection, post: PostId) -> Result<Option<Last>> {
    Ok(sqlx::query_as(LAST).bind(post).fetch_optional(write).await?)
}

async fn add(write: &mut SqliteConnection, post: PostId, version: i64, saving: &Saving<'_>) -> Result<RevisionId> {
    insert(write, post, version, saving.kind, Some(saving.by), saving.now, saving.typed).await
}

async fn insert(
    write: &mut SqliteConnection,
    post: PostId,
    version: i64,
    kind: RevisionKind,
    by: Option<UserId>,
    at: Time,
    typed: &Typed,
) -> Result<RevisionId> {
    let packed = pack(typed)?;
    let names = json(typed)?;
    let kept = sqlx::query(KEEP)
        .bind(post)
        .bind(version)
        .bind(kind)
        .bind(by)
        .bind(at)
        .bind(typed.title.clone())
        .bind(i64::try_from(typed.text.len()).unwrap_or(i64::MAX))
        .bind(digest(typed))
        .bind(packed)
        .execute(&mut *write)
        .await?;
    let id = RevisionId(kept.last_insert_rowid());
    library::note_revision(write, post, id, &names).await?;
    Ok(id)
}

pub(super) fn unpack(packed: &[u8]) -> Result<Typed> {
    let fault = |error: &dyn std::fmt::Display| Error::Internal(format!("a revision: {error}"));
    let json = zstd::stream::decode_all(packed).map_err(|error| fault(&error))?;
    serde_json::from_slice(&json).map_err(|error| fault(&error))
}

/// As a row has it.
pub(super) fn pack(typed: &Typed) -> Result<Vec<u8>> {
    zstd::bulk::compress(json(typed)?.as_bytes(), EFFORT)
        .map_err(|error| Error::Internal(format!("a revision: {error}")))
}

/// As it is kept.
pub(super) fn json(typed: &Typed) -> Result<String> {
    serde_json::to_string(typed).map_err(|error| Error::Internal(format!("what was typed: {error}")))
}

pub(super) fn digest(typed: &Typed) -> String {
    token::content_hash(json(typed).unwrap_or_default().as_bytes())
}

#[cfg(test)]
statements!(KEEP, LAST, LAST_STOOD, RENAME, ROWS_OF, ONE, BEFORE, BASE, BY_ONE, THIN, FORGET);
