//! A kept page ready to send: its body in every form that was asked for, headers made, validators answered.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    response::{IntoResponseParts, ResponseParts},
};

use super::encoding::{Effort, Encoding};
use crate::{cache::Weigh, model::time::Time, rules::token};

/// What a request says about the form of its answer.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// HEAD: everything but the body.
    pub is_head: bool,
    /// The form that it likes best.
    pub encoding: Encoding,
    headers: &'a HeaderMap,
}

impl<'a> Asked<'a> {
    /// `None` for what is neither GET nor HEAD.
    pub fn of(method: &Method, headers: &'a HeaderMap) -> Option<Self> {
        let is_head = match *method {
            Method::GET => false,
            Method::HEAD => true,
            _ => return None,
        };
        Some(Self { is_head, encoding: Encoding::asked(headers), headers })
    }

    /// All that it says.
    pub fn headers(&self) -> &'a HeaderMap {
        self.headers
    }
}

/// A page that can be sent.
#[derive(Clone, Debug)]
pub struct Page {
    /// First half of every ETag, in hex; the same as long as the body is.
    digest: Arc<str>,
    /// When the body was first seen as it is.
    changed_at: Time,
    effort: Effort,
    is_compressible: bool,
    /// Whether it is a page that is read, and no feed or file.
    pub is_html: bool,
    /// By [`Encoding::index`]; the first is always there.
    forms: [Option<Form>; 4],
}

/// The page in one form.
#[derive(Clone, Debug)]
struct Form {
    headers: HeaderMap,
    etag: HeaderValue,
    body: Bytes,
}

/// Memory of a header map, about: entries, index, and what its values own.
const HEADERS_WEIGH: usize = 2_200;

impl Weigh for Page {
    fn weight(&self) -> usize {
        let forms = self.forms.iter().flatten();
        size_of::<Self>() + forms.map(|form| form.body.len() + HEADERS_WEIGH).sum::<usize>()
    }
}

impl Page {
    /// Makes one of an answer's headers and whole body. `before`: what stood at this address until now; where the body is
    /// still the same, so are its validators.
    pub fn new(headers: HeaderMap, body: Bytes, effort: Effort, before: Option<&Self>, now: Time) -> Self {
        let digest = &token::content_hash(&body)[..16];
        let second = Time(now.0 - now.0.rem_euclid(1000));
        let changed_at = match before {
            // HTTP counts in seconds: two bodies of one second must not bear the same date.
            Some(before) if *before.digest != *digest => second.max(before.changed_at.plus(1000)),
            Some(before) => before.changed_at,
            None => second,
        };
        let is_compressible = headers.get(header::CONTENT_TYPE).is_some_and(is_text);
        let is_html = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        // Else the room that the body had to grow would be kept as long as the page.
        let body = if effort == Effort::Kept { Bytes::copy_from_slice(&body) } else { body };
        let mut page =
            Self { digest: digest.into(), changed_at, effort, is_compressible, is_html, forms: Default::default() };
        page.forms[0] = Some(page.form(headers, Encoding::Identity, body));
        page
    }

    /// Whether it need not be made ready before it is sent in this form.
    pub fn is_ready(&self, encoding: Encoding) -> bool {
        !self.is_compressible || self.forms[encoding.index()].is_some()
    }

    /// The same page with this form added.
    pub async fn with(&self, encoding: Encoding) -> Self {
        let mut page = self.clone();
        let Some(plain) = self.forms[0].as_ref().filter(|_| !self.is_ready(encoding)) else { return page };
        // What does not become smaller is sent as it is, under its own tag.
        page.forms[encoding.index()] = Some(match encoding.encode(&plain.body, self.effort).await {
            Some(body) => page.form(plain.headers.clone(), encoding, body),
            None => plain.clone(),
        });
        page
    }

    fn form(&self, mut headers: HeaderMap, encoding: Encoding, body: Bytes) -> Form {
        let etag = value(&format!("\"{}{}\"", self.digest, encoding.tag_ending()));
        headers.insert(header::ETAG, etag.clone());
        headers.insert(header::LAST_MODIFIED, value(&self.changed_at.http_date()));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if self.is_compressible {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if let Some(name) = encoding.name() {
            headers.insert(header::CONTENT_ENCODING, name);
        }
        Form { headers, etag, body }
    }

    /// The answer, if the page is ready in the form that was asked for: 200, or 304 where the asker has it already.
    pub fn answer(&self, asked: Asked<'_>) -> Option<Response<Body>> {
        let form = match &self.forms[asked.encoding.index()] {
            Some(form) => form,
            None if !self.is_compressible => self.forms[0].as_ref()?,
            None => return None,
        };
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = form.headers.clone();
        if let Some(tag) = self.tag_they_have(form, asked.headers) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            let headers = response.headers_mut();
            if tag != form.etag {
                headers.insert(header::ETAG, tag);
            }
            for name in [header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::CONTENT_TYPE] {
                headers.remove(name);
            }
        } else if !asked.is_head {
            *response.body_mut() = Body::from(form.body.clone());
        }
        Some(response)
    }

    /// The ETag of the copy that the asker has, if that copy is good (RFC 9110, 13.2.2).
    fn tag_they_have(&self, form: &Form, asked: &HeaderMap) -> Option<HeaderValue> {
        let mut tags = asked.get_all(header::IF_NONE_MATCH).iter().peekable();
        if tags.peek().is_some() {
            return tags.find_map(|tags| {
                if *tags == form.etag {
                    return Some(form.etag.clone());
                }
                tags.to_str().ok()?.split(',').map(str::trim).find_map(|tag| self.own_tag(tag, form))
            });
        }
        // The very date that was sent: any other may come from a clock that was wrong, here or there.
        let since = asked.get(header::IF_MODIFIED_SINCE)?;
        (form.headers.get(header::LAST_MODIFIED) == Some(since)).then(|| form.etag.clone())
    }

    /// A tag that one of this page's forms bears; proxies make strong tags weak.
    fn own_tag(&self, tag: &str, form: &Form) -> Option<HeaderValue> {
        if tag == "*" {
            return Some(form.etag.clone());
        }
        let strong = tag.strip_prefix("W/").unwrap_or(tag);
        let ending = strong.strip_prefix('"')?.strip_suffix('"')?.strip_prefix(&*self.digest)?;
        let is_own = Encoding::ALL.iter().any(|encoding| encoding.tag_ending() == ending);
        is_own.then(|| HeaderValue::from_str(strong).ok()).flatten()
    }
}

/// Marks an answer that is sent as it is read, and kept by nobody here: it bears its own ETag.
#[derive(Clone, Copy, Debug)]
pub struct Streamed;

impl IntoResponseParts for Streamed {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// Sends such an answer; nothing is read of what need not be sent.
pub fn streamed(mut response: Response<Body>, asked: Option<Asked<'_>>) -> Response<Body> {
    let Some(asked) = asked else { return response };
    let etag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    let has_it = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag;
    let mut theirs = asked.headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    if response.status().is_success() && theirs.any(|tags| tags.split(',').map(str::trim).any(has_it)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        for name in [header::CONTENT_LENGTH, header::CONTENT_RANGE, header::CONTENT_TYPE] {
            response.headers_mut().remove(name);
        }
    } else if asked.is_head {
        *response.body_mut() = Body::empty();
    }
    response
}

/// What is written here is ASCII.
pub fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Whether compressing a body of this type is worth it.
pub fn is_text(media_type: &HeaderValue) -> bool {
    let essence = media_type.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    essence.starts_with(b"text/")
        || essence.ends_with(b"+xml")
        || essence.ends_with(b"json")
        || essence == b"application/xml"
        || essence == b"application/javascript"
}

/// A whole body that is sent once, in the form that was asked for.
pub async fn once(response: Response<Body>, asked: Option<Asked<'_>>, body: Bytes) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    let mut body = body;
    let encoding = asked.map_or(Encoding::Identity, |asked| asked.encoding);
    if parts.headers.get(header::CONTENT_TYPE).is_some_and(is_text)
        && !parts.headers.contains_key(header::CONTENT_ENCODING)
    {
        parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let (Some(encoded), Some(name)) = (encoding.encode(&body, Effort::Once).await, encoding.name()) {
            parts.headers.insert(header::CONTENT_ENCODING, name);
            body = encoded;
        }
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let is_head = asked.is_some_and(|asked| asked.is_head);
    Response::from_parts(parts, if is_head { Body::empty() } else { Body::from(body) })
}
