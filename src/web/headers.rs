//! Headers of every answer: what may keep it, what it may load, and 304 where the reader has it already.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponseParts, Response, ResponseParts},
};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use sha2::{Digest, Sha256};

use crate::{app::App, error::Error, model::time::Time};

/// What a handler intends; [`write()`] turns it into headers. Without one, nothing may keep the answer.
#[derive(Clone, Copy, Debug)]
pub enum Cache {
    /// The same for everybody: kept, but asked for again each time, and answered with 304 where unchanged.
    Page,
    /// Likewise, and dated: for feed readers that know no ETag.
    Feed,
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

/// Nothing from elsewhere, no script, no inline style, no frame. Data blocks (JSON-LD) are not scripts.
const CONTENT_POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; \
                              base-uri 'none'; frame-ancestors 'none'";
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

/// HEAD is GET without the body: the validators must be those of the body that is left out.
pub async fn head(mut request: Request, next: Next) -> Response {
    if request.method() != Method::HEAD {
        return next.run(request).await;
    }
    *request.method_mut() = Method::GET;
    let (mut parts, body) = next.run(request).await.into_parts();
    if let Some(length) = body.size_hint().exact() {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(parts, Body::empty())
}

/// Writes them.
pub async fn write(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let is_read = *request.method() == Method::GET;
    let path = request.uri().path().to_owned();
    let is_private =
        path == "/admin" || ["/admin/", "/setup/", "/comments/yours/"].iter().any(|private| path.starts_with(private));
    let mut response = next.run(request).await;

    let cache = response.extensions().get::<Cache>().copied().filter(|_| is_read && response.status().is_success());
    let headers = response.headers_mut();
    set(
        headers,
        header::CACHE_CONTROL,
        match cache {
            None => "no-store",
            Some(Cache::Page | Cache::Feed) => "no-cache",
            Some(Cache::Immutable) => "public, max-age=31536000, immutable",
        },
    );
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    set(headers, header::REFERRER_POLICY, if is_private { "same-origin" } else { "strict-origin-when-cross-origin" });
    set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        set(headers, header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    }
    if is_private {
        set(headers, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    }
    if app.is_https() {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    match cache {
        Some(Cache::Page) => validate(response, &asked, |_| None).await,
        Some(Cache::Feed) => {
            validate(response, &asked, |digest| Some(app.seen.since(&path, digest, app.clock.now()))).await
        }
        _ => response,
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

/// Adds the validators, and leaves the body out where the reader's copy is good (RFC 9110, 13.2.2).
async fn validate(response: Response, asked: &HeaderMap, changed: impl FnOnce(u64) -> Option<Time>) -> Response {
    let (mut parts, body) = response.into_parts();
    let body: Bytes = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return axum::response::IntoResponse::into_response(Error::Internal(error.to_string())),
    };
    // Weak: the compressed forms of one page are equal in meaning, not in bytes.
    let digest = u64::from_be_bytes(Sha256::digest(&body)[..8].try_into().unwrap_or_default());
    let tag = format!("W/\"{digest:016x}\"");
    let changed = changed(digest);
    let mut tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).peekable();
    let has_it = match tags.peek() {
        Some(_) => {
            tags.flat_map(|tags| tags.split(',')).map(str::trim).any(|tag_| tag_ == "*" || weak(tag_) == weak(&tag))
        }
        None => changed.is_some_and(|changed| {
            let since = asked.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
            // Feed readers send back what they were sent.
            since.is_some_and(|since| since == changed.http_date())
        }),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if let Some(date) = changed.and_then(|changed| HeaderValue::from_str(&changed.http_date()).ok()) {
        parts.headers.insert(header::LAST_MODIFIED, date);
    }
    // Said here too, since neither HEAD nor 304 has a body that the compression below would look at.
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if has_it {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

fn weak(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}
