//! What a row must be for the blog to be safe with it, whoever wrote the archive.

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    exchange::laman::Row,
    model::{
        media::hash_in,
        post::{PostKind, is_reserved},
    },
    picture,
    rules::{colour::Rgb, look},
    text::{slug, stylesheet},
};

/// Text of a field; nothing where it has none.
pub(super) fn word<'a>(row: &'a Row, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Settings that would keep the blog from being shown.
pub(super) fn settings(row: &Row) -> Result<(), String> {
    TimeZone::get(word(row, "zone")).map_err(|_| "this machine knows no such time zone")?;
    row.iter()
        .filter_map(|(key, value)| Some((key, value.as_i64()?)))
        .find(|(_, number)| !(0..=1_000_000).contains(number))
        .map_or(Ok(()), |(key, number)| Err(format!("{key} is {number}")))?;
    if let Some(mail) = row.get("mail").and_then(Value::as_object) {
        let is_word =
            |key| (1..=255).contains(&word(mail, key).len()) && word(mail, key).chars().all(|c| c.is_ascii_graphic());
        if !is_word("host") || !is_word("sender") || !word(mail, "sender").contains('@') {
            return Err("its mail server has no host or no sender".to_owned());
        }
    }
    is(1..=500, row, "comments_per_page")
}

fn is(range: std::ops::RangeInclusive<i64>, row: &Row, key: &str) -> Result<(), String> {
    let is_in = row.get(key).and_then(Value::as_i64).is_some_and(|number| range.contains(&number));
    if is_in { Ok(()) } else { Err(format!("{key} is not between {} and {}", range.start(), range.end())) }
}

/// What could not be chosen at the desk either.
pub(super) fn appearance(row: &Row) -> Result<(), String> {
    let accent = word(row, "accent");
    if !accent.is_empty() && Rgb::parse(accent).is_none() {
        return Err(format!("{:?} is no colour", picture::short(accent)));
    }
    own_file_or_nothing(row, "banner")?;
    if let Some(line) = look::wrong_link(word(row, "links")) {
        return Err(format!("line {line} of its links is none"));
    }
    stylesheet::check(word(row, "css"))
        .map_err(|fault| format!("line {} of its css: {}", fault.line, fault.what.as_str()))
}

/// What is shown of a person leads where it may.
pub(super) fn person(row: &Row) -> Result<(), String> {
    if !slug::is_slug(word(row, "slug")) {
        return Err("slug is none".to_owned());
    }
    web_or_nothing(row, "website")?;
    own_file_or_nothing(row, "picture")
}

/// A post lives where posts live.
pub(super) fn post(row: &Row) -> Result<(), String> {
    uuid::Uuid::parse_str(word(row, "uuid")).map_err(|_| "uuid is none")?;
    is(1..=i64::MAX, row, "id")?;
    web_or_nothing(row, "canonical")?;
    own_file_or_nothing(row, "cover")?;
    let path = word(row, "path");
    let is_right = match row.get("kind").and_then(Value::as_str) {
        _ if path.is_empty() => true,
        Some(kind) if kind == PostKind::Page.as_str() => slug::is_slug(path) && !is_reserved(path),
        _ => is_dated(path),
    };
    if is_right { Ok(()) } else { Err(format!("nothing can live at the path {:?}", picture::short(path))) }
}

/// `YYYY/MM/slug`
fn is_dated(path: &str) -> bool {
    let digits = |text: &str, many| text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), [year, month, name] if digits(year, 4) && digits(month, 2) && slug::is_slug(name))
}

/// Where a comment's author may lead.
pub(super) fn comment(row: &Row) -> Result<(), String> {
    uuid::Uuid::parse_str(word(row, "uuid")).map_err(|_| "uuid is none")?;
    is(1..=i64::MAX, row, "id")?;
    let own = word(row, "own_hash");
    if !own.is_empty() && (own.len() != 64 || !own.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Err("own_hash is none".to_owned());
    }
    web_or_nothing(row, "website")
}

/// The owner may lead anywhere that is a page.
pub(super) fn redirect(row: &Row) -> Result<(), String> {
    let target = word(row, "target");
    let is_here = target.starts_with('/') && !target.starts_with("//") && !target.contains(['\\', '\n', '\r']);
    if is_here { Ok(()) } else { web_or_nothing(row, "target") }
}

/// Bytes of a picture or file: of which kind they are, in which width and height.
pub(super) fn media(row: &Row, head: &[u8], picture: Option<Vec<u8>>) -> Result<(), String> {
    let name = word(row, "name");
    let is_name = !name.starts_with('.') && !name.is_empty() && name.len() <= 200;
    if !is_name || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) {
        return Err(format!("{:?} is no name of a file", picture::short(name)));
    }
    is(1..=i64::MAX, row, "id")?;
    let told = match (picture::file::kind_of(head, name), picture) {
        (Some(kind), _) => (kind.names().0, 0, 0),
        (None, Some(bytes)) => {
            let told = picture::picture("", name, bytes).map_err(|error| error.to_string())?;
            (told.kind.media_type(), told.width, told.height)
        }
        (None, None) => return Err("it is no file that the blog keeps".to_owned()),
    };
    let (media_type, width, height) = told;
    let says = (word(row, "media_type"), row.get("width"), row.get("height"));
    if says != (media_type, Some(&width.into()), Some(&height.into())) {
        return Err(format!("it says {says:?} and is {told:?}"));
    }
    Ok(())
}

fn web_or_nothing(row: &Row, key: &str) -> Result<(), String> {
    let text = word(row, key);
    let is_web = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if text.is_empty() || is_web { Ok(()) } else { Err(format!("{key} is no address of the web")) }
}

fn own_file_or_nothing(row: &Row, key: &str) -> Result<(), String> {
    let text = word(row, key);
    if text.is_empty() || hash_in(text).is_some() { Ok(()) } else { Err(format!("{key} is no file of the blog")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Value) -> Row {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn posts_live_where_posts_live() {
        let uuid = "0b7a4f0e-6f0c-4a42-9d6b-0d8f3f1f3c11";
        let at =
            |kind: &str, path: &str| post(&row(serde_json::json!({"uuid": uuid, "id": 1, "kind": kind, "path": path})));
        for (kind, path) in [("post", "2023/02/hello"), ("page", "about"), ("post", "")] {
            assert_eq!(at(kind, path), Ok(()), "{path}");
        }
        for (kind, path) in
            [("post", "about"), ("page", "admin"), ("page", "a/b"), ("post", "2023/2/x"), ("post", "../../x")]
        {
            assert!(at(kind, path).is_err(), "{path}");
        }
    }

    #[test]
    fn nothing_leads_into_a_script() {
        for address in ["javascript:alert(1)", "data:text/html,x", "//elsewhere", "/\\elsewhere"] {
            assert!(redirect(&row(serde_json::json!({ "target": address }))).is_err(), "{address}");
            let comment = comment(&row(serde_json::json!({
                "uuid": "0b7a4f0e-6f0c-4a42-9d6b-0d8f3f1f3c11", "id": 1, "website": address })));
            assert!(comment.is_err(), "{address}");
        }
        assert_eq!(redirect(&row(serde_json::json!({ "target": "/here?a=b" }))), Ok(()));
    }
}
