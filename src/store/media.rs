//! Pictures, kept by the hash of their content.

use super::Store;
use crate::{
    error::Result,
    model::{
        entry::Picture,
        media::{Media, MediaSize},
        time::Time,
    },
};

const MEDIA: &str = "SELECT hash, name, media_type, bytes FROM media WHERE hash = $1";
const SIZES: &str = "SELECT hash, width, height FROM media WHERE hash IN (SELECT value FROM json_each($1))";
const ADD: &str = "INSERT INTO media (hash, name, media_type, width, height, bytes, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (hash) DO NOTHING";

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

    /// Keeps a picture under its hash; `false` when it was kept already.
    pub async fn add_media(&self, hash: &str, picture: &Picture, now: Time) -> Result<bool> {
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
        write.commit().await?;
        Ok(added.rows_affected() > 0)
    }
}
