//! What a tag is given, and pictures and videos that are shown by it.

use crate::text::{markdown, unhtml};

/// What a tag is given: `"a" key=value key="a value"`, with blanks or commas between.
pub(in crate::exchange::markdown) fn arguments(text: &str) -> Vec<(Option<&str>, String)> {
    let mut list = Vec::new();
    let mut rest = text.trim_start_matches(is_between);
    while !rest.is_empty() {
        let is_key = |letter: char| letter.is_alphanumeric() || "-_:".contains(letter);
        let length = rest.find(|letter| !is_key(letter)).unwrap_or(rest.len());
        let key = rest[length..].strip_prefix('=').filter(|_| length > 0).map(|value| (&rest[..length], value));
        let (key, from) = key.map_or((None, rest), |(key, value)| (Some(key), value));
        let (value, after) = one_value(from);
        list.push((key, value));
        rest = after.trim_start_matches(is_between);
    }
    list
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || letter == ','
}

/// A value in quotes of any kind or without, and what is behind it.
fn one_value(text: &str) -> (String, &str) {
    let Some(quote) = text.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`')) else {
        let (value, after) = text.split_at(text.find(is_between).unwrap_or(text.len()));
        return (value.to_owned(), after);
    };
    let mut value = String::new();
    let mut letters = text[1..].char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quote != '`' => value.extend(letters.next().map(|(_, letter)| letter)),
            letter if letter == quote => return (value, &text[at + 2..]),
            letter => value.push(letter),
        }
    }
    (value, "")
}

/// What is given by a name, or else at a place.
pub(super) fn value<'v>(arguments: &'v [(Option<&str>, String)], key: &str, place: usize) -> Option<&'v str> {
    let named = arguments.iter().find(|(name, _)| *name == Some(key));
    let placed = || arguments.iter().filter(|(name, _)| name.is_none()).nth(place);
    named.or_else(placed).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// A picture or a video as Markdown.
pub(super) fn shown(name: &str, arguments: &[(Option<&str>, String)]) -> Option<String> {
    let of = |key: &str| value(arguments, key, usize::MAX);
    let id = |is_sign: fn(u8) -> bool| {
        let id = value(arguments, "id", 0)?;
        ((6..=12).contains(&id.len()) && id.bytes().all(is_sign)).then_some(id)
    };
    match name {
        "youtube" => {
            let id = id(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))?;
            Some(format!("<https://www.youtube.com/watch?v={id}>"))
        }
        "vimeo" => Some(format!("<https://vimeo.com/{}>", id(|byte| byte.is_ascii_digit())?)),
        "gist" => {
            let first = value(arguments, "user", 0)?;
            let path = value(arguments, "id", 1).map_or_else(|| first.to_owned(), |id| format!("{first}/{id}"));
            let is_path = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'));
            (is_path && path.len() > 4).then(|| format!("<https://gist.github.com/{path}>"))
        }
        "tweet" | "twitter" | "x" => {
            let (user, id) = (of("user")?, of("id")?);
            let is_one = user.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let is_one = is_one && id.bytes().all(|byte| byte.is_ascii_digit());
            is_one.then(|| format!("<https://twitter.com/{user}/status/{id}>"))
        }
        "instagram" => {
            let id = id(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))?;
            Some(format!("<https://www.instagram.com/p/{id}/>"))
        }
        "figure" | "image" | "img" | "resize_image" => {
            let source = of("src").or(of("path")).or(of("url")).or(of("image_path"))?;
            let image = format!("<img src=\"{}\" alt=\"{}\">", escaped(source), escaped(of("alt").unwrap_or_default()));
            let image = match of("link") {
                Some(link) => format!("<a href=\"{}\">{image}</a>", escaped(link)),
                None => image,
            };
            let html = format!("<figure>{image}{}</figure>", caption(of("title"), of("caption"), of("attr")));
            Some(unhtml::markdown(&html).markdown.trim().to_owned()).filter(|shown| !shown.is_empty())
        }
        _ => None,
    }
}

/// What stands below a picture: its title and more words, which may be Markdown, and whom it is from.
fn caption(title: Option<&str>, words: Option<&str>, credit: Option<&str>) -> String {
    let plain = |text: &str| markdown::comment(text).map_or_else(|_| text.to_owned(), |html| markdown::text_of(&html));
    let texts: Vec<String> = [title, words].into_iter().flatten().map(|text| plain(text).trim().to_owned()).collect();
    let mut line = String::new();
    for text in texts {
        let gap = if line.is_empty() || line.ends_with(['.', '!', '?', ':']) { "" } else { "." };
        line = format!("{line}{gap} {text}").trim().to_owned();
    }
    let small = credit.map(|credit| format!(" <small>{}</small>", escaped(plain(credit).trim())));
    let line = format!("{}{}", escaped(&line), small.unwrap_or_default());
    if line.is_empty() { line } else { format!("<figcaption>{line}</figcaption>") }
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
