//! Pictures and files, kept by the hash of their content, in parts: nobody holds a large one whole.

use std::collections::HashMap;

use sqlx::SqliteConnection;
use tokio::{fs::File, io::AsyncReadExt};

use super::{Store, audit};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        entry::Picture,
        ids::UserId,
        media::{self, Media, MediaKind, NewMedia, Shown, Variant},
        time::Time,
    },
};

/// Bytes in each part but the last.
pub const PART: usize = 256 * 1024;
/// Parts that are written in one go; others write in between.
const PARTS_AT_ONCE: usize = 4;

const MEDIA: &str = "SELECT hash, name, media_type, width, is_animated, length FROM media WHERE hash = $1";
const MOVED: &str = "SELECT media.hash, media.name, media.media_type, media.width, media.is_animated, media.length \
     FROM media_moved JOIN media ON media.hash = media_moved.hash WHERE media_moved.old_hash = $1";
const READ_PART: &str = "SELECT bytes FROM media_part WHERE file = $1 AND position = $2";
const SHOWN: &str = "SELECT hash, width, height, media_type, is_animated, colour, alt FROM media \
     WHERE hash IN (SELECT value FROM json_each($1))";
const NAME: &str = "SELECT name FROM media WHERE hash = $1";
/// What is there already is the same, unless the disk lost it: then what comes mends it.
const ADD_PART: &str = "INSERT INTO media_part (file, position, bytes) VALUES ($1, $2, $3) \
     ON CONFLICT (file, position) DO UPDATE SET bytes = excluded.bytes WHERE media_part.bytes <> excluded.bytes";
const KEPT_BYTES: &str = "SELECT coalesce(sum(length(bytes)), 0) FROM media_part WHERE file = $1";
const ADD: &str = "INSERT INTO media (hash, name, kind, media_type, width, height, length, colour, is_animated, \
     is_scaled, origin_hash, uploaded_by, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (hash) DO NOTHING";
/// Unless they are a file's by now.
const DROP_PARTS: &str =
    "DELETE FROM media_part WHERE file = $1 AND NOT EXISTS (SELECT 1 FROM media WHERE media.hash = $1)";
/// What took its place is not sent any more when it comes back itself.
const COME_BACK: &str = "DELETE FROM media_moved WHERE old_hash = $1";
const DROP_STRAYS: &str = "DELETE FROM media_part WHERE file IN (SELECT DISTINCT stray.file FROM media_part AS stray \
     WHERE stray.file NOT IN (SELECT media.hash FROM media) \
     AND stray.file NOT IN (SELECT media_variant.hash || '/' || media_variant.width FROM media_variant))";

const VARIANT: &str = "SELECT length FROM media_variant WHERE hash = $1 AND width = $2";
const UNSCALED: &str = "SELECT hash, name, media_type, width, is_animated, length FROM media \
     WHERE is_scaled = 0 ORDER BY id LIMIT 1";
const ADD_VARIANT: &str = "INSERT INTO media_variant (hash, width, length) VALUES ($1, $2, $3) \
                           ON CONFLICT (hash, width) DO UPDATE SET length = excluded.length";
const IS_SCALED: &str = "UPDATE media SET is_scaled = 1 WHERE hash = $1 RETURNING colour IS NULL";
const SET_COLOUR: &str = "UPDATE media SET colour = $2 WHERE hash = $1";
/// Its posts say its colour from now on.
pub(super) const REDRAW: &str = "UPDATE post_text SET renderer = 0 \
     WHERE post_id IN (SELECT media_use.post_id FROM media_use WHERE media_use.hash = $1)";

/// Under which name a file is kept, and whether it came just now.
#[derive(Clone, Debug)]
pub struct KeptMedia {
    /// File name of the address.
    pub kept_as: String,
    /// `false`: its bytes were here before.
    pub is_new: bool,
}

impl Store {
    /// The file at this address.
    pub async fn media(&self, hash: &str) -> Result<Option<Media>> {
        Ok(sqlx::query_as(MEDIA).bind(hash).fetch_optional(&self.readers).await?)
    }

    /// What took the place of the file that was at this address.
    pub async fn media_instead_of(&self, hash: &str) -> Result<Option<Media>> {
        Ok(sqlx::query_as(MOVED).bind(hash).fetch_optional(&self.readers).await?)
    }

    /// A part of a file, or of a variant (`HASH/WIDTH`).
    pub async fn media_part(&self, file: &str, position: i64) -> Result<Vec<u8>> {
        let part = sqlx::query_scalar(READ_PART).bind(file).bind(position).fetch_optional(&self.readers).await?;
        part.ok_or(Error::NotFound)
    }

    /// All of a file that is known to be no larger than a picture.
    pub async fn media_bytes(&self, file: &str, length: i64) -> Result<Vec<u8>> {
        let length = usize::try_from(length).map_err(|_| Error::NotFound)?;
        let mut bytes = Vec::with_capacity(length);
        for position in 0.. {
            if bytes.len() >= length {
                break;
            }
            bytes.extend(self.media_part(file, position).await?);
        }
        Ok(bytes)
    }

    /// What HTML says of those of these pictures that are kept, by address.
    pub async fn media_shown(&self, addresses: &[String]) -> Result<HashMap<String, Shown>> {
        shown(&mut *self.readers.acquire().await?, addresses).await
    }

    /// Keeps an imported picture under its hash. The same bytes may be kept under another name already: then that name
    /// stays.
    pub async fn add_media(&self, hash: &str, picture: &Picture, now: Time) -> Result<KeptMedia> {
        let new = NewMedia {
            hash: hash.to_owned(),
            name: picture.name.clone(),
            kind: MediaKind::Picture,
            media_type: picture.kind.media_type(),
            width: picture.width,
            height: picture.height,
            length: i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX),
            colour: None,
            is_animated: picture.is_animated,
            origin_hash: hash.to_owned(),
        };
        let mut write = self.write().await?;
        add_parts(&mut write, hash, 0, &picture.bytes).await?;
        let is_new = add(&mut write, &new, None, now).await?;
        let kept_as = sqlx::query_scalar(NAME).bind(hash).fetch_one(&mut *write).await?;
        // Its address was nobody's before, and no page that says so is kept.
        write.commit(Change::Nothing).await?;
        Ok(KeptMedia { kept_as, is_new })
    }

    /// Keeps bytes of a file whose row is not there yet, from part `first` on; nobody sees them before.
    pub async fn add_media_parts(&self, file: &str, first: i64, bytes: &[u8]) -> Result<()> {
        for (at, some) in (0_i64..).zip(bytes.chunks(PART * PARTS_AT_ONCE)) {
            let mut write = self.write().await?;
            add_parts(&mut write, file, first + at * PARTS_AT_ONCE as i64, some).await?;
            write.commit(Change::Nothing).await?;
        }
        Ok(())
    }

    /// Keeps the bytes of a file that lies open at its beginning, of which no more than a piece is in memory.
    pub async fn add_media_parts_of(&self, hash: &str, file: &mut File) -> Result<()> {
        let mut piece = Vec::with_capacity(PART * PARTS_AT_ONCE);
        for first in (0_i64..).step_by(PARTS_AT_ONCE) {
            piece.clear();
            let most = (PART * PARTS_AT_ONCE) as u64;
            file.take(most).read_to_end(&mut piece).await.map_err(sqlx::Error::Io)?;
            if piece.is_empty() {
                break;
            }
            self.add_media_parts(hash, first, &piece).await?;
        }
        Ok(())
    }

    /// Makes a file of the parts that are kept under its hash.
    pub async fn add_media_row(&self, new: &NewMedia, by: Option<UserId>, now: Time) -> Result<KeptMedia> {
        let mut write = self.write().await?;
        let kept: i64 = sqlx::query_scalar(KEPT_BYTES).bind(new.hash.clone()).fetch_one(&mut *write).await?;
        if kept != new.length {
            // Somebody deleted the same file meanwhile.
            return Err(Error::Busy);
        }
        let is_new = add(&mut write, new, by, now).await?;
        let kept_as = sqlx::query_scalar(NAME).bind(new.hash.clone()).fetch_one(&mut *write).await?;
        if is_new {
            audit::note(&mut write, by, "media-add", &new.name, now).await?;
        }
        write.commit(Change::Nothing).await?;
        Ok(KeptMedia { kept_as, is_new })
    }

    /// Forgets what was kept of a file that could not be kept whole.
    pub async fn drop_media_parts(&self, hash: &str) -> Result<()> {
        let mut write = self.write().await?;
        drop_parts(&mut write, hash).await?;
        write.commit(Change::Nothing).await
    }

    /// Forgets parts of files that never came to be: to be called when no upload is under way.
    pub async fn drop_stray_parts(&self) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(DROP_STRAYS).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Length of a variant: 0 where the picture itself weighs less, `None` where it is not made yet.
    pub async fn media_variant(&self, hash: &str, width: u32) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar(VARIANT).bind(hash).bind(width).fetch_optional(&self.readers).await?)
    }

    /// A picture whose variants are to be made.
    pub async fn unscaled_media(&self) -> Result<Option<Media>> {
        Ok(sqlx::query_as(UNSCALED).fetch_optional(&self.readers).await?)
    }

    /// Keeps what was made of a picture.
    pub async fn add_variants(&self, hash: &str, colour: Option<&str>, variants: &[Variant]) -> Result<()> {
        let mut write = self.write().await?;
        let had_none: Option<bool> = sqlx::query_scalar(IS_SCALED).bind(hash).fetch_optional(&mut *write).await?;
        // Deleted while it was scaled.
        let Some(had_none) = had_none else { return Ok(()) };
        for variant in variants {
            let length = i64::try_from(variant.bytes.len()).unwrap_or(i64::MAX);
            let file = format!("{hash}/{}", variant.width);
            // Made once more, it may be other bytes.
            sqlx::query(DROP_PARTS).bind(file.clone()).execute(&mut *write).await?;
            add_parts(&mut write, &file, 0, &variant.bytes).await?;
            sqlx::query(ADD_VARIANT).bind(hash).bind(variant.width).bind(length).execute(&mut *write).await?;
        }
        if let Some(colour) = colour.filter(|_| had_none) {
            sqlx::query(SET_COLOUR).bind(hash).bind(colour).execute(&mut *write).await?;
            sqlx::query(REDRAW).bind(hash).execute(&mut *write).await?;
        }
        // Until now the picture itself was sent in their place, and not kept.
        write.commit(Change::Nothing).await
    }
}

/// As [`Store::media_shown`], also within a transaction.
pub(super) async fn shown(connection: &mut SqliteConnection, addresses: &[String]) -> Result<HashMap<String, Shown>> {
    let hashes: Vec<&str> = addresses.iter().filter_map(|address| media::hash_in(address)).collect();
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let hashes = serde_json::json!(hashes).to_string();
    let found: Vec<Shown> = sqlx::query_as(SHOWN).bind(hashes).fetch_all(connection).await?;
    let shown = |address: &String| found.iter().find(|shown| media::hash_in(address) == Some(&shown.hash)).cloned();
    Ok(addresses.iter().filter_map(|address| Some((address.clone(), shown(address)?))).collect())
}

/// Forgets the parts of a file that is none yet.
pub(super) async fn drop_parts(write: &mut SqliteConnection, hash: &str) -> Result<()> {
    sqlx::query(DROP_PARTS).bind(hash.to_owned()).execute(&mut *write).await?;
    Ok(())
}

pub(super) async fn add_parts(write: &mut SqliteConnection, file: &str, first: i64, bytes: &[u8]) -> Result<()> {
    for (position, part) in (first..).zip(bytes.chunks(PART)) {
        sqlx::query(ADD_PART).bind(file).bind(position).bind(part).execute(&mut *write).await?;
    }
    Ok(())
}

/// `false`: it is there already.
async fn add(write: &mut SqliteConnection, new: &NewMedia, by: Option<UserId>, now: Time) -> Result<bool> {
    let shown = Shown {
        media_type: new.media_type.to_owned(),
        is_animated: new.is_animated,
        ..Shown::sized(new.width, new.height)
    };
    sqlx::query(COME_BACK).bind(new.hash.clone()).execute(&mut *write).await?;
    let may_have_colour = new.colour.is_none() && shown.can_be_scaled();
    let added = sqlx::query(ADD)
        .bind(new.hash.clone())
        .bind(new.name.clone())
        .bind(new.kind)
        .bind(new.media_type)
        .bind(new.width)
        .bind(new.height)
        .bind(new.length)
        .bind(new.colour.clone())
        .bind(new.is_animated)
        .bind(shown.widths().next().is_none() && !may_have_colour)
        .bind(new.origin_hash.clone())
        .bind(by)
        .bind(now)
        .execute(write)
        .await?;
    Ok(added.rows_affected() > 0)
}

#[cfg(test)]
statements!(
    MEDIA,
    COME_BACK,
    MOVED,
    READ_PART,
    SHOWN,
    NAME,
    ADD_PART,
    KEPT_BYTES,
    ADD,
    DROP_PARTS,
    DROP_STRAYS,
    VARIANT,
    UNSCALED,
    ADD_VARIANT,
    IS_SCALED,
    SET_COLOUR,
    REDRAW,
);
