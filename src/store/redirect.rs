//! Addresses that the owner leads elsewhere, and addresses that were asked for in vain.

use sqlx::SqliteConnection;

use super::{Among, Store, admin_post::ROWS, audit, reader_post::live};
use crate::{
    error::Result,
    model::{
        change::Change,
        listing::{From, Listing},
        media::variant_width,
        post::is_door,
        queue::By,
        redirect::{MissingPath, NewRedirect, PathRedirect, RedirectFault},
        time::Time,
    },
    rules::{
        missing::MAX_PATHS,
        old_address,
        own_address::{self, Own},
    },
};

/// So many of the missing are shown.
const SHOWN: i64 = 50;
/// What nobody has asked for in so long is forgotten.
const FORGOTTEN_MILLIS: i64 = 90 * 24 * 3_600_000;

const TARGET: &str = "SELECT target FROM path_redirect WHERE path = $1";
/// `$1`, `$2` the cursor, `$3` the limit, `$4` words or nothing.
macro_rules! listed {
    ($beyond:literal, $order:literal) => {
        concat!(
            "SELECT id, path, target, created_at FROM path_redirect WHERE (created_at, id) ",
            $beyond,
            " ($1, $2) AND ($4 = '' OR instr(lower(path || ' ' || target), lower($4)) > 0) ORDER BY created_at",
            $order,
            ", id",
            $order,
            " LIMIT $3"
        )
    };
}
const LISTED: [&str; 2] = [listed!("<", " DESC"), listed!(">", "")];
/// `$1` now, `$2` the path.
const IS_TAKEN: &str = concat!(
    "SELECT EXISTS (SELECT 1 FROM post WHERE post.path = $2 AND ",
    live!(),
    ") OR EXISTS (SELECT 1 FROM redirect CROSS JOIN post WHERE redirect.path = $2 AND post.id = redirect.post_id AND ",
    live!(),
    ")"
);
/// From `$2` on, whether `$1` is come by. The UNION keeps it from going around what is a ring already.
const LEADS_BACK: &str = "WITH RECURSIVE hop (path) AS (SELECT $2 UNION \
     SELECT path_redirect.leads_to FROM hop CROSS JOIN path_redirect WHERE path_redirect.path = hop.path \
     AND path_redirect.leads_to IS NOT NULL) SELECT EXISTS (SELECT 1 FROM hop WHERE path = $1)";
const ADD: &str = "INSERT INTO path_redirect (path, target, leads_to, created_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (path) DO NOTHING";
const REMOVE: &str = "DELETE FROM path_redirect WHERE id = $1 RETURNING path";

const NOTE: &str = "INSERT INTO missing (path, hits, referrer, first_at, last_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (path) DO UPDATE SET hits = missing.hits + excluded.hits, last_at = excluded.last_at, \
     referrer = CASE excluded.referrer WHEN '' THEN missing.referrer ELSE excluded.referrer END";
const FORGET_OLD: &str = "DELETE FROM missing WHERE last_at < $1";
const FORGET_LEAST: &str = "DELETE FROM missing WHERE path IN (SELECT path FROM missing ORDER BY hits, last_at \
                            LIMIT max(0, (SELECT count(*) FROM missing) - $1))";
const FORGET: &str = "DELETE FROM missing WHERE path = $1";
const MISSING: &str =
    "SELECT path, hits, referrer, first_at, last_at FROM missing ORDER BY hits DESC, last_at DESC LIMIT $1";

impl Store {
    /// Where the owner leads those who ask for this path.
    pub async fn path_redirect(&self, path: &str) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(TARGET).bind(path).fetch_optional(&self.readers).await?)
    }

    /// Whether readers who ask for this path, its escapes undone, come to something.
    pub async fn leads_somewhere(&self, path: &str, now: Time) -> Result<bool> {
        let path = path.trim_matches('/');
        let whole = [Some(path), old_address::whole(path), old_address::fed(path)];
        for path in whole.into_iter().flatten() {
            if self.answers(path, now).await?
                || self.redirect_for(path, now).await?.is_some()
                || self.path_redirect(path).await?.is_some()
            {
                return Ok(true);
            }
        }
        Ok(old_address::is_sitemap(path))
    }

    /// Whether something is shown at this path itself.
    async fn answers(&self, path: &str, now: Time) -> Result<bool> {
        let among = match own_address::of(path) {
            Own::Always => return Ok(true),
            Own::Post(path) => return Ok(self.published_post(path, now).await?.is_some()),
            Own::Period(path) => {
                let year = path.split('/').next().unwrap_or_default();
                let months = self.months(year, now).await?;
                return Ok(months.iter().any(|count| path == year || count.month == path));
            }
            Own::File(hash, name) => {
                let Some(media) = self.media(hash).await? else {
                    return Ok(self.media_instead_of(hash).await?.is_some());
                };
                let width = variant_width(name);
                return Ok(media.name == name || media.widths().any(|known| width == Some(known)));
            }
            Own::Tag(slug) => self.tag(slug).await?.map(|(id, _)| Among::Tag(id)),
            Own::Author(slug) => self.author(slug).await?.map(|(id, _)| Among::Author(id)),
        };
        match among {
            Some(among) => Ok(!self.posts(among, From::Newest, 1, now).await?.items.is_empty()),
            None => Ok(false),
        }
    }

    /// A slice of the owner's redirects, newest first; those with `words` in them, or all.
    pub async fn path_redirects(&self, words: &str, from: From) -> Result<Listing<PathRedirect>> {
        let cursor = from.cursor(Time(i64::MAX));
        let rows = sqlx::query_as(LISTED[usize::from(from.is_upwards())])
            .bind(cursor.at)
            .bind(cursor.id)
            .bind(ROWS as i64 + 1)
            .bind(words)
            .fetch_all(&self.readers)
            .await?;
        Ok(Listing::new(rows, from, ROWS, PathRedirect::cursor))
    }

    /// Leads an address elsewhere, unless it is somebody's or would lead back to itself.
    pub async fn add_path_redirect(&self, new: &NewRedirect, by: By) -> Result<Result<(), RedirectFault>> {
        let now = by.now;
        let mut write = self.write().await?;
        if let Err(fault) = add(&mut write, new, now).await? {
            return Ok(Err(fault));
        }
        let subject = format!("/{} → {}", new.path, new.target);
        audit::note(&mut write, by.user, "redirect-add", &subject, now).await?;
        // It was nobody's address before, and no page that says so is kept.
        write.commit(Change::Nothing).await?;
        Ok(Ok(()))
    }

    /// Takes a redirect away. `false`: it was gone.
    pub async fn remove_path_redirect(&self, id: i64, by: By) -> Result<bool> {
        let mut write = self.write().await?;
        let removed: Option<String> = sqlx::query_scalar(REMOVE).bind(id).fetch_optional(&mut *write).await?;
        if let Some(path) = &removed {
            audit::note(&mut write, by.user, "redirect-remove", &format!("/{path}"), by.now).await?;
        }
        write.commit(Change::Nothing).await?;
        Ok(removed.is_some())
    }

    /// Writes what was tallied of addresses that were asked for in vain; keeps the thousand that were most asked for.
    pub async fn note_missing(&self, tallied: &[MissingPath], now: Time) -> Result<()> {
        if tallied.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        for missing in tallied {
            sqlx::query(NOTE)
                .bind(missing.path.clone())
                .bind(missing.hits)
                .bind(missing.referrer.clone())
                .bind(missing.first_at)
                .bind(missing.last_at)
                .execute(&mut *write)
                .await?;
        }
        sqlx::query(FORGET_OLD).bind(now.plus(-FORGOTTEN_MILLIS)).execute(&mut *write).await?;
        sqlx::query(FORGET_LEAST).bind(MAX_PATHS as i64).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// The addresses that were most asked for in vain.
    pub async fn missing_paths(&self) -> Result<Vec<MissingPath>> {
        Ok(sqlx::query_as(MISSING).bind(SHOWN).fetch_all(&self.readers).await?)
    }

    /// Takes one off that list.
    pub async fn forget_missing(&self, path: &str) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(FORGET).bind(path.to_owned()).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }
}

/// The same, within a transaction.
pub(super) async fn add(
    write: &mut SqliteConnection,
    new: &NewRedirect,
    now: Time,
) -> Result<Result<(), RedirectFault>> {
    let is_taken: bool = sqlx::query_scalar(IS_TAKEN).bind(now).bind(new.path.clone()).fetch_one(&mut *write).await?;
    if is_taken || is_door(&new.path) {
        return Ok(Err(RedirectFault::Taken));
    }
    if let Some(leads_to) = &new.leads_to {
        let back = sqlx::query_scalar(LEADS_BACK).bind(new.path.clone()).bind(leads_to.clone());
        if back.fetch_one(&mut *write).await? {
            return Ok(Err(RedirectFault::Loop));
        }
    }
    let added = sqlx::query(ADD)
        .bind(new.path.clone())
        .bind(new.target.clone())
        .bind(new.leads_to.clone())
        .bind(now)
        .execute(&mut *write)
        .await?;
    if added.rows_affected() == 0 {
        return Ok(Err(RedirectFault::Exists));
    }
    sqlx::query(FORGET).bind(new.path.clone()).execute(&mut *write).await?;
    Ok(Ok(()))
}

#[cfg(test)]
statements!(TARGET, LISTED, IS_TAKEN, LEADS_BACK, ADD, REMOVE, NOTE, FORGET_OLD, FORGET_LEAST, FORGET, MISSING,);
