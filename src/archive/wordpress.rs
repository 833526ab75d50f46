//! The blog for WordPress's importer: a post with its comments at a time.

use jiff::tz::TimeZone;
use tokio::sync::mpsc::Sender;

use super::{Failed, out::Out};
use crate::{
    exchange::{
        laman::{Row, sink::Piece},
        wordpress::written::{Beside, Blog, TAIL},
    },
    model::{media, time::Time},
    store::{Part, Store},
};

/// Hands over the one file, ending with [`Piece::End`].
///
/// # Errors
/// When the database refuses, or nobody takes the pieces any more.
pub async fn pack(
    store: &Store,
    base: &str,
    now: Time,
    to: &Sender<Piece>,
    tell: impl Fn(u64, u64),
) -> Result<(), Failed> {
    let zone = store.settings().await?.map_or(TimeZone::UTC, |settings| settings.zone);
    let blog = Blog { base: base.to_owned(), zone: zone.clone(), now };
    let mut out = Out::new(store.snapshot().await?, to, zone, tell);
    out.expect(&[Part::Settings, Part::People, Part::Media, Part::Posts, Part::Comments]).await?;
    out.send(Piece::File("wordpress.xml".to_owned())).await?;
    for part in [Part::Settings, Part::People, Part::Media, Part::Posts] {
        let mut after = String::new();
        loop {
            let rows = out.keyed(part, &after).await?;
            let Some((last, _)) = rows.last() else { break };
            after.clone_from(last);
            for (key, row) in &rows {
                match part {
                    Part::Settings => out.text(blog.head(row)).await?,
                    Part::People => out.text(blog.author(key, row)).await?,
                    Part::Media => out.text(blog.file(row)).await?,
                    _ => post(&mut out, &blog, row).await?,
                }
            }
            out.count(rows.len());
        }
    }
    out.text(TAIL.to_owned()).await?;
    out.send(Piece::End).await
}

async fn post<T: Fn(u64, u64)>(out: &mut Out<'_, T>, blog: &Blog, row: &Row) -> Result<(), Failed> {
    let word = |key: &str| row.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    let Some(id) = row.get("id").and_then(serde_json::Value::as_i64) else { return Ok(()) };
    let mut beside = Beside { html: out.snapshot.html(id).await?, cover: None };
    if let Some(hash) = media::hash_in(word("cover"))
        && let Some((file, alt, caption)) = out.snapshot.file(hash).await?
        && [alt.as_str(), ""].contains(&word("cover_alt"))
        && caption == word("cover_caption")
    {
        beside.cover = Some(file);
    }
    out.text(blog.post(row, &beside)).await?;
    let mut after = 0;
    loop {
        let rows = out.snapshot.thread(id, after).await?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        for (_, json) in &rows {
            let row = out.read(json)?;
            out.text(blog.comment(&row)).await?;
        }
        out.count(rows.len());
    }
    out.text("</item>\n".to_owned()).await
}
