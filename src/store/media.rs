//! Pictures, kept by the hash of their content.

use super::Store;
use crate::{
    error::Result,
    model::{
        change::Change,
        entry::Picture,
        media::{Media, MediaSize},
        time::Time,
    },
};

const MEDIA: &str = "SELECT hash, name, media_type, bytes FROM media WHERE hash = $1";
const SIZES: &str = "SELECT hash, width, height FROM media WHERE hash IN (SELECT value FROM json_each($1))";
const NAME: &str = "SELECT name FROM media WHERE hash = $1";
const ADD: &str = "INSERT INTO media (hash, name, media_type, width, height, bytes, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (hash) DO NOTHING";

/// Under which name a picture is kept, and whether it came just now.
#[derive(Clone, Debug)]
pub struct KeptMedia {
    /// File name of the address.
    pub kept_as: String,
    /// `false`: its bytes were here before.
    pub is_new: bool,
}

impl Store {
    /// The picture at this address.
    pub async fn media(&self, hash: &str) -> Result<Option<Media>> {
        Ok(sqlx::query_as(MEDIA).bind(hash).fetch_optional(&self.readers).await?)
    }

    /// Width and height of those of these pictures that are kept.
    pub async fn media_sizes(&self, hashes: &[&str]) -> Result<Vec<MediaSize>> {
        let hashes = serde_json::json!(hashes).to_string();
        Ok(sqlx::query_as(SIZES).bind(hashes).fetch_all(&self.readers).await?)
    }

    /// Keeps a picture under its hash. The same bytes may be kept under another name already: then that name stays.
    pub async fn add_media(&self, hash: &str, picture: &Picture, now: Time) -> Result<KeptMedia> {
        let mut write = self.write().await?;
        let added = sqlx::query(ADD)
            .bind(hash)
            .bind(picture.name.clone())
            .bind(picture.kind.media_type())
            .bind(picture.width)
            .bind(picture.height)
            .bind(picture.bytes.clone())
            .bind(now)
            .execute(&mut *write)
            .await?;
        let kept_as = sqlx::query_scalar(NAME).bind(hash).fetch_one(&mut *write).await?;
        // Its address was nobody's before, and no page that says so is kept.
        write.commit(Change::Nothing).await?;
        Ok(KeptMedia { kept_as, is_new: added.rows_affected() > 0 })
    }
}

#[cfg(test)]
statements!(MEDIA, SIZES, NAME, ADD);
