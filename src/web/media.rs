//! Pictures and files, under addresses that name their content: small ones whole, large ones a part at a time.

use std::{
    future::Future,
    ops::Range,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use hyper::body::Frame;

use super::{
    headers::Cache,
    kept::{Streamed, value},
};
use crate::{
    app::App,
    error::{Error, Result},
    model::media::{Media, address, variant_address, variant_width},
    store::{PART, Store},
};

/// A file is never a page: whatever it holds, a browser that opens it runs nothing.
const FILE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
/// Sound and film, opened by themselves, are played by a document of the browser's, which loads them once more.
const PLAYER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox";

/// What is sent, and as what.
struct File {
    /// As the parts are kept under.
    key: String,
    name: String,
    media_type: String,
    length: u64,
    etag: String,
    /// `false`: it stands in for something that is still to come.
    is_lasting: bool,
}

/// GET /media/{hash}/{name}: its name must be the right one too, so that each has one address.
pub async fn show(
    State(app): State<Arc<App>>,
    Path((hash, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(media) = app.store.media(&hash).await? else { return elsewhere(&app, &hash, &name).await };
    let file = match variant_width(&name) {
        _ if media.name == name => original(media, true),
        Some(width) if media.widths().any(|known| known == width) => match app.store.media_variant(&hash, width).await?
        {
            Some(length) if length > 0 => File {
                key: format!("{hash}/{width}"),
                name,
                media_type: "image/webp".to_owned(),
                length: length.unsigned_abs(),
                etag: tag(&hash, Some(width)),
                is_lasting: true,
            },
            // What it is made of does for now: no reader waits for a decoder, and no crowd of them keeps it busy.
            made => original(media, made.is_some()),
        },
        _ => return Err(Error::NotFound),
    };
    send(&app.store, file, &headers).await
}

fn original(media: Media, is_lasting: bool) -> File {
    let (etag, length) = (tag(&media.hash, None), media.length.unsigned_abs());
    File { key: media.hash, name: media.name, media_type: media.media_type, length, etag, is_lasting }
}

/// The same as a kept page's would be: half of the hash of what is sent.
fn tag(hash: &str, width: Option<u32>) -> String {
    let half = hash.get(..16).unwrap_or(hash);
    width.map_or_else(|| format!("\"{half}\""), |width| format!("\"{half}-{width}\""))
}

/// What was replaced leads to what took its place.
async fn elsewhere(app: &App, hash: &str, name: &str) -> Result<Response> {
    let media = app.store.media_instead_of(hash).await?.ok_or(Error::NotFound)?;
    let width = variant_width(name).filter(|width| media.widths().any(|known| known == *width));
    let to = width.map_or_else(|| address(&media.hash, &media.name), |width| variant_address(&media.hash, width));
    Ok(Redirect::permanent(&to).into_response())
}

async fn send(store: &Store, file: File, asked: &HeaderMap) -> Result<Response> {
    let mut headers = HeaderMap::new();
    let is_played = file.media_type.starts_with("audio/") || file.media_type.starts_with("video/");
    let is_drawing = file.media_type == "image/svg+xml";
    // A drawing opened by itself could hold more than a picture, and a browser's viewer of documents does not work where
    // nothing may run: they are handed over as files instead.
    let is_shown = is_played || (file.media_type.starts_with("image/") && !is_drawing);
    let disposition = if is_shown { "inline" } else { "attachment" };
    let policy = if is_played { PLAYER_POLICY } else { FILE_POLICY };
    headers.insert(header::CONTENT_TYPE, value(&file.media_type));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::CONTENT_DISPOSITION, value(&format!("{disposition}; filename=\"{}\"", file.name)));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let cache = file.is_lasting.then_some(Cache::Immutable);

    // Small ones are kept in memory; a drawing is text, and worth compressing.
    if file.is_lasting && !asked.contains_key(header::RANGE) && (file.length <= PART as u64 || is_drawing) {
        let bytes = store.media_bytes(&file.key, i64::try_from(file.length).unwrap_or(i64::MAX)).await?;
        return Ok((cache, headers, bytes).into_response());
    }
    headers.insert(header::ETAG, value(&file.etag));
    let range = match range(asked, file.length, &file.etag) {
        Asked::Whole => 0..file.length,
        Asked::Range(range) => range,
        Asked::Beyond => {
            headers.insert(header::CONTENT_RANGE, value(&format!("bytes */{}", file.length)));
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers, Streamed, Body::empty()).into_response());
        }
    };
    let mut status = StatusCode::OK;
    if range != (0..file.length) {
        status = StatusCode::PARTIAL_CONTENT;
        let said = format!("bytes {}-{}/{}", range.start, range.end.saturating_sub(1), file.length);
        headers.insert(header::CONTENT_RANGE, value(&said));
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    let body = Body::new(Parts { store: store.clone(), key: file.key.into(), range, under_way: None });
    Ok((status, cache, headers, Streamed, body).into_response())
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Range(Range<u64>),
    Beyond,
}

/// What of a file of this length is asked for (RFC 9110, 14.2). Several ranges at once are no more worth than the whole.
fn range(asked: &HeaderMap, length: u64, etag: &str) -> Asked {
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    // Only of the very file that they have a part of.
    if asked.contains_key(header::IF_RANGE) && text(header::IF_RANGE) != Some(etag) {
        return Asked::Whole;
    }
    let Some((from, to)) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")?.trim().split_once('-'))
    else {
        return Asked::Whole;
    };
    let number = |text: &str| -> Option<u64> {
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (number(from), number(to)) {
        (Some(from), Some(to)) if from > to => Asked::Whole,
        (Some(from), _) if (to.is_empty() || number(to).is_some()) && from >= length => Asked::Beyond,
        (Some(from), Some(to)) => Asked::Range(from..to.saturating_add(1).min(length)),
        (Some(from), None) if to.is_empty() => Asked::Range(from..length),
        (None, Some(0)) if from.is_empty() => Asked::Beyond,
        (None, Some(last)) if from.is_empty() && length > 0 => Asked::Range(length.saturating_sub(last)..length),
        _ => Asked::Whole,
    }
}

type UnderWay = Pin<Box<dyn Future<Output = Result<Vec<u8>>> + Send>>;

/// A file as a body: the next part is read when the one before it is taken.
struct Parts {
    store: Store,
    key: Arc<str>,
    /// What is still to be sent.
    range: Range<u64>,
    under_way: Option<UnderWay>,
}

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        if this.range.is_empty() {
            return Poll::Ready(None);
        }
        let part = PART as u64;
        let reading = this.under_way.get_or_insert_with(|| {
            let (store, key, position) = (this.store.clone(), this.key.clone(), this.range.start / part);
            Box::pin(async move { store.media_part(&key, i64::try_from(position).unwrap_or(i64::MAX)).await })
        });
        let read = ready!(reading.as_mut().poll(cx));
        this.under_way = None;
        let bytes = match read {
            Ok(bytes) => Bytes::from(bytes),
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        let from = usize::try_from(this.range.start % part).unwrap_or(usize::MAX);
        let wanted = usize::try_from(this.range.end - this.range.start).unwrap_or(usize::MAX);
        let to = from.saturating_add(wanted).min(bytes.len());
        if from >= to {
            return Poll::Ready(Some(Err(Error::Internal(format!("{} is cut off", this.key)))));
        }
        this.range.start += (to - from) as u64;
        Poll::Ready(Some(Ok(Frame::data(bytes.slice(from..to)))))
    }

    fn is_end_stream(&self) -> bool {
        self.range.is_empty()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.range.end.saturating_sub(self.range.start))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked(text: &str, if_range: Option<&str>) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, text.parse().unwrap());
        if let Some(tag) = if_range {
            headers.insert(header::IF_RANGE, tag.parse().unwrap());
        }
        range(&headers, 1000, "\"tag\"")
    }

    #[test]
    fn a_range_is_read_as_the_standard_has_it() {
        for (text, expected) in [
            ("bytes=0-0", Asked::Range(0..1)),
            ("bytes=10-19", Asked::Range(10..20)),
            ("bytes=990-", Asked::Range(990..1000)),
            ("bytes=990-5000", Asked::Range(990..1000)),
            ("bytes=-10", Asked::Range(990..1000)),
            ("bytes=-5000", Asked::Range(0..1000)),
            ("bytes=0-99999999999999999999999", Asked::Range(0..1000)),
            ("bytes=1000-", Asked::Beyond),
            ("bytes=99999999999999999999999-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=20-10", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("lines=1-2", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(asked(text, None), expected, "{text}");
        }
        assert_eq!(asked("bytes=0-0", Some("\"tag\"")), Asked::Range(0..1));
        assert_eq!(asked("bytes=0-0", Some("W/\"tag\"")), Asked::Whole);
        assert_eq!(asked("bytes=0-0", Some("Wed, 21 Oct 2015 07:28:00 GMT")), Asked::Whole);
    }

    proptest! {
        #[test]
        fn a_range_never_leaves_the_file(text in "bytes=[0-9]{0,20}-[0-9]{0,20}", length in 0_u64..5000) {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, text.parse().unwrap());
            if let Asked::Range(range) = range(&headers, length, "\"tag\"") {
                prop_assert!(range.start < range.end && range.end <= length);
            }
        }
    }
}
