//! Pictures in smaller widths, and texts whose HTML is older than what it would be now: made behind everybody's back, one at
//! a time, and taken up again after a restart where it was left.

use std::{sync::Arc, time::Duration};

use crate::{
    app::App,
    error::Result,
    model::{
        entry::PictureKind,
        media::{Media, Variant},
        post::anchor,
    },
    picture::pixels::{self, Pixels},
    store::{OldText, Redrawn, Store},
    text::markdown::{self, RENDERER, Rendered},
};

/// What is there to be done is looked for so often, also when nobody says that something came.
const LOOK: Duration = Duration::from_secs(600);
/// Between two steps, so that whoever writes or uploads comes first.
const STEP: Duration = Duration::from_millis(20);
/// So wide is what the colour of a picture is told from that has no smaller widths.
const GLANCE: u32 = 480;
/// An error of the database is not asked for again and again.
const SHORTLY: Duration = Duration::from_secs(10);

/// Goes on until it is dropped.
pub async fn run(app: Arc<App>) {
    if let Err(error) = app.store.drop_stray_parts().await {
        tracing::warn!(%error, "what uploads left behind could not be removed");
    }
    loop {
        let wait = match step(&app).await {
            Ok(true) => STEP,
            Ok(false) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "pictures and texts could not be made anew");
                SHORTLY
            }
        };
        if wait == STEP {
            tokio::time::sleep(STEP).await;
            continue;
        }
        tokio::select! {
            () = app.media_came.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Makes the variants of one picture, or a few texts. `false`: there is nothing to be done.
///
/// # Errors
/// When the database refuses.
pub async fn step(app: &App) -> Result<bool> {
    if let Some(media) = app.store.unscaled_media().await? {
        scale(app, media).await?;
        return Ok(true);
    }
    Ok(redraw(app).await? || app.store.note_old_revisions().await?)
}

async fn scale(app: &App, media: Media) -> Result<()> {
    let turn = app.picture_turn().await?;
    let bytes = app.store.media_bytes(&media.hash, media.length).await?;
    let widths: Vec<u32> = media.widths().collect();
    let kind = PictureKind::of_media_type(&media.media_type);
    let made = app.with_picture(turn, move || kind.map(|kind| variants(kind, &bytes, &widths))).await?;
    let (colour, variants) = made.unwrap_or_default();
    app.store.add_variants(&media.hash, colour.as_deref(), &variants).await
}

/// Its colour, and itself in these widths; what cannot be made, or weighs more than the picture, is empty.
fn variants(kind: PictureKind, bytes: &[u8], widths: &[u32]) -> (Option<String>, Vec<Variant>) {
    let noted = pixels::orientation(kind, bytes);
    // The smaller ones are made of the largest: all of the picture is in memory once, and not for long.
    let largest = widths.last().copied().unwrap_or(GLANCE);
    let pixels = Pixels::decode(kind, bytes).map(|pixels| pixels.reduced(kind, largest, noted));
    let made = |width: u32| {
        let scaled = pixels.as_ref().ok()?.scaled(kind, width).ok()?;
        Some(scaled).filter(|scaled| scaled.len() < bytes.len())
    };
    let variants =
        widths.iter().map(|width| Variant { width: *width, bytes: made(*width).unwrap_or_default() }).collect();
    (pixels.as_ref().ok().and_then(Pixels::colour), variants)
}

async fn redraw(app: &App) -> Result<bool> {
    if let Some(foot) = app.store.old_foot(RENDERER).await? {
        let html = markdown::foot(&foot).ok();
        app.store.keep_foot(RENDERER, &foot, html.as_deref().map(str::trim)).await?;
    }
    let old = app.store.old_texts(RENDERER).await?;
    if old.is_empty() {
        return Ok(false);
    }
    let mut redrawn = Vec::with_capacity(old.len());
    for text in old {
        let pictures = app.store.media_shown(&markdown::media_in(&text.source)).await?;
        let (source, anchor) = (text.source.clone(), anchor(&text.uuid));
        let made = app.rendering(source.len(), move || markdown::post(&source, &pictures, &anchor)).await;
        redrawn.push(drawn(text, made.ok().and_then(std::result::Result::ok)));
    }
    app.store.keep_redrawn(RENDERER, &redrawn).await?;
    Ok(true)
}

fn drawn(text: OldText, made: Option<Rendered>) -> Redrawn {
    let html = made.map(|made| (made.html, made.lead));
    let media = html.as_ref().map(|(html, _)| markdown::media_of(html)).unwrap_or_default();
    Redrawn { text, html, media }
}

/// Draws all texts that are to be drawn anew, where nobody serves the blog.
///
/// # Errors
/// When the database refuses.
pub async fn redraw_all(store: &Store) -> Result<()> {
    loop {
        let old = store.old_texts(RENDERER).await?;
        if old.is_empty() {
            return Ok(());
        }
        let mut redrawn = Vec::with_capacity(old.len());
        for text in old {
            let pictures = store.media_shown(&markdown::media_in(&text.source)).await?;
            let (source, anchor) = (text.source.clone(), anchor(&text.uuid));
            let made = tokio::task::spawn_blocking(move || markdown::post(&source, &pictures, &anchor)).await?;
            redrawn.push(drawn(text, made.ok()));
        }
        store.keep_redrawn(RENDERER, &redrawn).await?;
    }
}
