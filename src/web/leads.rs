//! Whether a link in a text leads somewhere on the blog.

use percent_encoding::percent_decode_str;

use crate::{
    error::Result,
    model::time::Time,
    store::Store,
    text::gate::{self, LocalLink},
};

/// Whether readers who follow it come to something, and to the place on it that it names.
///
/// # Errors
/// When the database refuses.
pub async fn is_there(store: &Store, link: &LocalLink, now: Time) -> Result<bool> {
    let path = percent_decode_str(&link.path).decode_utf8_lossy();
    let place = percent_decode_str(&link.place).decode_utf8_lossy();
    if !place.is_empty()
        && let Some(post) = store.published_post(path.trim_matches('/'), now).await?
    {
        return Ok(gate::has_place(&post.body, &place));
    }
    store.leads_somewhere(&path, now).await
}

/// Whether neither a file of this hash is here, nor one that took its place.
///
/// # Errors
/// When the database refuses.
pub async fn is_missing(store: &Store, hash: &str) -> Result<bool> {
    Ok(store.media(hash).await?.is_none() && store.media_instead_of(hash).await?.is_none())
}
