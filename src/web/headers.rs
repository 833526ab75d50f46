//! Headers of every answer: what may keep it, and what it may load.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponseParts, Response, ResponseParts},
};

use super::front::{Keeping, Site};
use crate::{
    model::{change::Shows, ids::CommentId},
    text::video,
};

/// What a handler intends; [`write()`] turns it into headers. Without one, nothing may keep the answer.
#[derive(Clone, Copy, Debug)]
pub enum Cache {
    /// The same for everybody, as long as what it shows does not change: kept here; browsers ask each time, and get a 304
    /// where it is unchanged.
    Page(Shows),
    /// Likewise, a part of a list: it begins at the place that its address names.
    Part(Shows),
    /// Its address names its content: never asked for again.
    Immutable,
}

impl IntoResponseParts for Cache {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// Hosts of videos that a page may show in a frame, once a reader plays them.
#[derive(Clone, Debug, Default)]
pub struct Frames(String);

impl Frames {
    /// Those of the videos in these texts, HTML of posts.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hosts: Vec<String> = texts.into_iter().flat_map(video::hosts).collect();
        hosts.sort();
        hosts.dedup();
        Self(hosts.join(" "))
    }
}

impl IntoResponseParts for Frames {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// Nothing from elsewhere, no inline script, no inline style, no frame. Data blocks (JSON-LD) are not scripts.
const CONTENT_POLICY: &str = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; \
                              form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

/// What follows these is a secret.
pub const SECRET: [&str; 6] =
    ["/setup/", "/comments/yours/", "/comments/act/", "/admin/join/", "/admin/reset/", "/draft/"];

/// What is one person's alone: the desk, what a secret address opens, and a comment's own address, which leads whoever
/// wrote it elsewhere than others.
pub fn is_private(path: &str) -> bool {
    let is_comment = |path: &str| path.strip_prefix("/comments/").is_some_and(|id| id.parse::<CommentId>().is_ok());
    path == "/admin"
        || path.starts_with("/admin/")
        || SECRET.iter().any(|secret| path.starts_with(secret))
        || is_comment(path)
}

/// Writes them.
pub async fn write(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let is_read = *request.method() == Method::GET;
    let path = request.uri().path().to_owned();
    let is_private = is_private(&path);
    let mut response = next.run(request).await;

    let cache = response.extensions().get::<Cache>().copied().filter(|_| is_read && response.status().is_success());
    let frames = response.extensions().get::<Frames>().cloned();
    let headers = response.headers_mut();
    match cache {
        None => set(headers, header::CACHE_CONTROL, "no-store"),
        Some(Cache::Immutable) => set(headers, header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        Some(Cache::Page(shows) | Cache::Part(shows)) => may_be_kept(headers, &site.keeping, shows),
    }
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    set(headers, header::REFERRER_POLICY, if is_private { "same-origin" } else { "strict-origin-when-cross-origin" });
    set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    // Feed readers and sites that show a card of a post load its pictures from here.
    let shown_by = if path.starts_with("/media/") { "cross-origin" } else { "same-origin" };
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), shown_by);
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        // Scripts of the desk ask the server; a page with videos may show their players, and nothing else's.
        let more = match &frames {
            Some(Frames(hosts)) if !hosts.is_empty() => format!("; frame-src {hosts}"),
            _ if is_private => "; connect-src 'self'".to_owned(),
            _ => String::new(),
        };
        insert(headers, header::CONTENT_SECURITY_POLICY, &format!("{CONTENT_POLICY}{more}"));
    }
    if is_private {
        set(headers, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    }
    if site.app.is_https() {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Browsers ask each time; a cache between here and them for as long as the operator allows (RFC 9111, RFC 5861).
fn may_be_kept(headers: &mut HeaderMap, keeping: &Keeping, shows: Shows) {
    let value = match (keeping.shared_seconds, keeping.stale_seconds) {
        (0, _) => "no-cache".to_owned(),
        (shared, 0) => format!("public, max-age=0, must-revalidate, s-maxage={shared}"),
        (shared, stale) => format!("public, max-age=0, s-maxage={shared}, stale-while-revalidate={stale}"),
    };
    insert(headers, header::CACHE_CONTROL, &value);
    if let Some(name) = keeping.tag_header.as_ref().and_then(|name| HeaderName::from_bytes(name.as_bytes()).ok()) {
        // Cloudflare's header parts its tags by commas, everybody else's by spaces.
        let between = if name == "cache-tag" { "," } else { " " };
        let mut tags = vec!["blog".to_owned()];
        match shows {
            Shows::Itself | Shows::Frame => {}
            Shows::Posts => tags.push("posts".to_owned()),
            Shows::PostsAndTalk => tags.extend(["posts".to_owned(), "comments".to_owned()]),
            Shows::Post(id) => tags.push(format!("post-{id}")),
        }
        insert(headers, name, &tags.join(between));
    }
}

/// What is written here is ASCII.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
