//! Taking in a post from another system: once, with its authors, its date and its old addresses.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use sqlx::SqliteConnection;

use super::{
    Store, account,
    publish::{self, Wanted},
};
use crate::{
    error::Result,
    model::{
        ids::{PostId, UserId},
        post::{Intent, PostContent, PostKind},
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
    /// An earlier import brought it; nothing was changed.
    Known,
}

const KNOWN: &str = "SELECT count(*) FROM post WHERE origin = $1";
const AUTHOR: &str = "SELECT id FROM user WHERE skeleton = $1 ORDER BY id LIMIT 1";
const ADD_AUTHOR: &str = "INSERT INTO user (name, slug, skeleton, role, created_at) VALUES ($1, $2, $3, 'author', $4) \
                          RETURNING id";

/// An author as an import names one: name, slug made of it, skeleton of it.
pub type NamedAuthor = (String, String, String);

const ORIGINS: &str = "SELECT origin FROM post WHERE origin IS NOT NULL";

impl Store {
    /// What earlier imports brought: an entry among these needs neither be read nor drawn again.
    pub async fn imported_origins(&self) -> Result<HashSet<String>> {
        let origins: Vec<String> = sqlx::query_scalar(ORIGINS).fetch_all(&self.readers).await?;
        Ok(origins.into_iter().collect())
    }

    /// Adds an imported post under its own date, by its own authors (by `fallback` if it names none).
    #[expect(clippy::too_many_arguments, reason = "one import is one call: each is a different thing")]
    pub async fn import_post(
        &self,
        origin: &str,
        kind: PostKind,
        content: &PostContent,
        intent: Intent,
        authors: &[NamedAuthor],
        fallback: UserId,
        old_paths: &[String],
        zone: &TimeZone,
        now: Time,
    ) -> Result<Imported, publish::SaveError> {
        let mut write = self.write().await?;
        let known: i64 = sqlx::query_scalar(KNOWN).bind(origin).fetch_one(&mut *write).await?;
        if known > 0 {
            return Ok(Imported::Known);
        }
        let place = match publish::place(&mut write, None, kind, Wanted::of(content), intent, zone, now).await {
            // Two posts of the old blog may come to one address here: the later one gets a number.
            Err(publish::SaveError::SlugTaken) => {
                let title_slug = content.slug.clone().unwrap_or_default();
                let numbered = PostContent { slug: None, title_slug, ..content.clone() };
                publish::place(&mut write, None, kind, Wanted::of(&numbered), intent, zone, now).await?
            }
            other => other?,
        };
        let id = publish::insert(&mut write, kind, content, &place, Some(origin), now).await?;
        self::authors(&mut write, id, authors, fallback, now).await?;
        publish::list(&mut write, id).await?;
        let mut taken = Vec::new();
        for path in old_paths.iter().filter(|path| place.path.as_ref() != Some(path)) {
            if !publish::add_old_path(&mut write, id, path).await? {
                taken.push(path.clone());
            }
        }
        let change = publish::seen(&mut write, id, kind, None, place.seen_from(), now).await?;
        write.commit(change).await?;
        Ok(Imported::Added { taken })
    }
}

async fn authors(
    write: &mut SqliteConnection,
    post: PostId,
    authors: &[NamedAuthor],
    fallback: UserId,
    now: Time,
) -> Result<()> {
    for (position, (name, slug, skeleton)) in (0_i64..).zip(authors) {
        let known: Option<UserId> =
            sqlx::query_scalar(AUTHOR).bind(skeleton.clone()).fetch_optional(&mut *write).await?;
        let author = match known {
            Some(author) => author,
            None => {
                let slug = account::free_slug(write, slug).await?;
                sqlx::query_scalar(ADD_AUTHOR)
                    .bind(name.clone())
                    .bind(slug)
                    .bind(skeleton.clone())
                    .bind(now)
                    .fetch_one(&mut *write)
                    .await?
            }
        };
        publish::add_author(write, post, author, position).await?;
    }
    if authors.is_empty() {
        publish::add_author(write, post, fallback, 0).await?;
    }
    Ok(())
}

#[cfg(test)]
statements!(ORIGINS, KNOWN, AUTHOR, ADD_AUTHOR);
