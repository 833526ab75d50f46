//! A posted form as it came: names and texts, out of which each handler parses its own type.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header},
};

use percent_encoding::percent_decode_str;

use super::auth::Visitor;
use crate::{
    app::App,
    error::Error,
    model::listing::{Cursor, From},
    text::plain,
};

/// No form of ours has more fields: a page of comments, each ticked, and a few.
const MAX_FIELDS: usize = 128;
/// A form above so many bytes is an editor's.
const LARGE: usize = 64 * 1024;

/// Fields by name. A name that comes twice counts the first time; a name that nobody asks for counts nothing.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`; what is not UTF-8 becomes U+FFFD.
    pub fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().take(MAX_FIELDS).collect())
    }

    /// A form put together from names and texts.
    pub fn from_pairs(pairs: impl Iterator<Item = (String, String)>) -> Self {
        Self(pairs.collect())
    }

    /// All fields but one.
    pub fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(key, _)| key != name).cloned().collect())
    }

    /// No field but one.
    pub fn only(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(key, _)| key == name).cloned().collect())
    }

    /// Every field, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// As typed.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Everything that came under a name that may come more than once.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs().filter(move |(key, _)| *key == name).map(|(_, value)| value)
    }

    /// One line, cleaned of what cannot be seen.
    pub fn line(&self, name: &str) -> String {
        plain::clean_line(self.raw(name))
    }

    /// Many lines, cleaned of control characters, with `\n` at their ends.
    pub fn text(&self, name: &str) -> String {
        plain::clean_text(self.raw(name))
    }

    /// Whether the field came at all (a ticked box, a pressed button).
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }
}

impl FromRequest<Arc<App>> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let is_form =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|kind| {
                kind.split(';')
                    .next()
                    .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
            });
        if !is_form {
            return Err(Error::BadRequest("not a form"));
        }
        let (mut parts, body) = request.into_parts();
        // A body without a length may become a large one.
        let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let is_large = length.is_none_or(|length: usize| length > LARGE);
        let is_signed_in = is_large && Visitor::from_request_parts(&mut parts, app).await?.0.is_some();
        let _place = if is_large && !is_signed_in { Some(app.large_form()?) } else { None };
        match axum::body::Bytes::from_request(Request::from_parts(parts, body), app).await {
            Ok(body) => Ok(Self::parse(&body)),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Error::TooLarge),
            Err(_) => Err(Error::BadRequest("the form did not arrive whole")),
        }
    }
}

/// The query of an address, read the same way.
#[derive(Clone, Debug, Default)]
pub struct Query(pub Fields);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Query {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.uri))
    }
}

impl Query {
    /// That of an address.
    pub fn of(uri: &axum::http::Uri) -> Self {
        Self(Fields::parse(uri.query().unwrap_or_default().as_bytes()))
    }

    /// `page=N`: 1 when it is missing or no number, at most a million.
    pub fn page(&self) -> u32 {
        self.0.raw("page").parse().unwrap_or(1).clamp(1, 1_000_000)
    }

    /// `thread=N`: which part of a long thread. Strict, so that a part has one address.
    pub fn thread(&self) -> Option<usize> {
        let typed = self.0.raw("thread");
        typed.parse().ok().filter(|number: &usize| *number > 0 && *number < 100_000 && number.to_string() == typed)
    }

    /// `p=N` and its like: an address of the system that the blog came from, at its home.
    pub fn old_address(&self) -> Option<String> {
        let of = |name| (name, self.0.raw(name));
        let is_one = |(_, value): &(&str, &str)| !value.is_empty() && value.len() <= 100;
        let (name, value) =
            ["p", "page_id", "attachment_id", "feed", "cat", "tag", "author"].map(of).into_iter().find(is_one)?;
        Some(format!("?{name}={value}"))
    }

    /// `m=202001` at the home of WordPress, a day behind it or not, or `m=2020` for a year, or `year=2020&monthnum=01`: a month of the archive. Blogger's
    /// `m=1` is none.
    pub fn old_month(&self) -> Option<String> {
        let number = |name| self.0.raw(name).parse::<u16>().ok();
        if let (Some(year), Some(month)) = (number("year"), number("monthnum")) {
            let is_one = (1000..10_000).contains(&year) && (1..=12).contains(&month);
            return is_one.then(|| format!("/{year}/{month:02}"));
        }
        let typed = self.0.raw("m");
        let is_date = matches!(typed.len(), 6 | 8) && typed.bytes().all(|byte| byte.is_ascii_digit());
        if is_date {
            return Some(format!("/{}/{}", &typed[..4], &typed[4..6]));
        }
        let year: u16 = typed.parse().ok()?;
        (1000..10_000).contains(&year).then(|| format!("/{year}"))
    }

    /// `older=` or `newer=` with a cursor: where in a list to begin; anything else is the beginning.
    pub fn place(&self) -> From {
        let cursor = |name| self.0.raw(name).parse::<Cursor>().ok();
        match (cursor("older"), cursor("newer")) {
            (Some(cursor), _) => From::OlderThan(cursor),
            (None, Some(cursor)) => From::NewerThan(cursor),
            (None, None) => From::Newest,
        }
    }
}

/// A path without slashes around it, its escapes undone once, as a router does. `None`: home, or a path of more than one
/// meaning, which is nobody's.
pub fn decoded(path: &str) -> Option<String> {
    let path = percent_decode_str(path.trim_matches('/')).decode_utf8().ok()?;
    if path.is_empty() { None } else { Some(path.into_owned()) }
}

/// Writes a query behind `address`, which ends in `?`.
pub fn after(address: &str) -> form_urlencoded::Serializer<'static, String> {
    form_urlencoded::Serializer::for_suffix(address.to_owned(), address.len())
}

/// What is wrong with a form, field by field, in the words that stand beside the fields.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// Notes what is wrong with a field.
    pub fn add(&mut self, field: &'static str, text: String) {
        self.0.push((field, text));
    }

    /// What is wrong with a field; the first that was noted.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }

    /// Whether the form is good.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any but these fields is wrong.
    pub fn beside(&self, fields: &[&str]) -> bool {
        self.0.iter().any(|(name, _)| !fields.contains(name))
    }
}
