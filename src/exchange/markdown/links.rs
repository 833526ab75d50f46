//! Where a Markdown text points to, byte by byte, so that a destination can change and nothing else does.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// A place in a text that names an address.
#[derive(Debug)]
pub(super) struct Destination {
    /// The address, after the escapes of Markdown or HTML.
    pub url: String,
    /// What it is for.
    pub role: Role,
    /// Its bytes in the source; none where a reference (`![x][label]`) borrows them from a definition.
    pub at: Option<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Shown: `![](…)`, `![][label]`, `<img src>`.
    Image,
    /// Followed: `[](…)`, `<a href>`.
    Link,
    /// `[label]: …`, for either.
    Definition,
}

/// Rewrites the destinations of images, links and definitions for which `new_address` has another address: in
/// Markdown, and in the `<img src>` and `<a href>` of raw HTML. Code and all other bytes stay as they are.
pub fn relink(body: &str, new_address: &dyn Fn(&str) -> Option<String>) -> String {
    rewrite(body, &destinations(body), &|destination| new_address(&destination.url))
}

/// [`relink`] for those who also want to know what a destination is for.
pub(super) fn rewrite(
    body: &str,
    destinations: &[Destination],
    new_address: &dyn Fn(&Destination) -> Option<String>,
) -> String {
    let mut changes: Vec<(&Range<usize>, String)> = destinations
        .iter()
        .filter_map(|destination| {
            Some((destination.at.as_ref()?, new_address(destination).filter(|new| *new != destination.url)?))
        })
        .collect();
    changes.sort_by_key(|(at, _)| at.start);
    let mut rewritten = String::with_capacity(body.len());
    let mut done = 0;
    for (at, new) in changes {
        // Two readings of one place cannot both be right: the first stands.
        if at.start >= done {
            rewritten.push_str(&body[done..at.start]);
            rewritten.push_str(&encode(&new));
            done = at.end;
        }
    }
    rewritten.push_str(&body[done..]);
    rewritten
}

/// Finds every destination, in the order of the text, definitions last.
pub(super) fn destinations(body: &str) -> Vec<Destination> {
    let parser = Parser::new_ext(body, options());
    let definitions: Vec<Destination> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| Destination {
            url: definition.dest.to_string(),
            role: Role::Definition,
            at: after(body, definition.span.clone(), "]:", &definition.dest),
        })
        .collect();

    let mut list = Vec::new();
    // For each element that is open: what it points to, and where what it contains ends so far.
    let mut open: Vec<(Option<Destination>, usize)> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(tag) => {
                let pointing = match tag {
                    Tag::Image { link_type, dest_url, .. } => Some((Role::Image, link_type, dest_url)),
                    Tag::Link { link_type, dest_url, .. } => Some((Role::Link, link_type, dest_url)),
                    Tag::HtmlBlock => {
                        html(body, range.clone(), &mut list);
                        None
                    }
                    _ => None,
                };
                let destination = pointing.map(|(role, link_type, url)| {
                    // Whether the destination stands here is told by an empty range, found at the end.
                    let at = (link_type == LinkType::Inline).then_some(0..0);
                    Destination { url: url.to_string(), role, at }
                });
                open.push((destination, range.start));
                continue;
            }
            Event::End(_) => {
                if let Some((Some(mut destination), content_end)) = open.pop() {
                    if destination.at.is_some() {
                        destination.at = after(body, content_end..range.end, "](", &destination.url);
                    }
                    list.push(destination);
                }
            }
            Event::InlineHtml(_) => html(body, range.clone(), &mut list),
            _ => {}
        }
        if let Some((_, content_end)) = open.last_mut() {
            *content_end = range.end.max(*content_end);
        }
    }
    list.extend(definitions);
    list
}

/// What the blog's own Markdown knows, as far as it changes where links are.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

/// The destination that follows `opening` somewhere in `within` and means `url`.
fn after(body: &str, within: Range<usize>, opening: &str, url: &str) -> Option<Range<usize>> {
    body[within.clone()]
        .match_indices(opening)
        .filter_map(|(at, _)| written_at(body, within.start + at + opening.len(), within.end))
        .find(|at| means(&body[at.clone()], url))
}

/// The destination written at `start`, blanks (and the `>` of a quotation's next line) passed over: `<…>` without the
/// brackets, or up to a blank or the closing parenthesis.
fn written_at(body: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let bytes = &body.as_bytes()[..end];
    let mut at = start;
    let mut is_new_line = false;
    loop {
        match bytes.get(at)? {
            b'\n' | b'\r' => is_new_line = true,
            b' ' | b'\t' => {}
            b'>' if is_new_line => {}
            _ => break,
        }
        at += 1;
    }
    let is_bracketed = bytes[at] == b'<';
    let start = at + usize::from(is_bracketed);
    let mut depth = 0;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'>' if is_bracketed => return Some(start..at),
            b'\n' | b'\r' if is_bracketed => return None,
            _ if is_bracketed => {}
            0..=b' ' => break,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    (!is_bracketed && at > start).then_some(start..at.min(end))
}

/// Whether Markdown reads `written` as `url`. Escapes and entities are left to the parser itself.
fn means(written: &str, url: &str) -> bool {
    if !written.contains(['\\', '&']) {
        return written == url;
    }
    // Brackets hold blanks, and their absence holds a `>`.
    [format!("[](<{written}>)"), format!("[]({written})")].iter().any(|alone| {
        Parser::new(alone).any(|event| matches!(event, Event::Start(Tag::Link { dest_url, .. }) if *dest_url == *url))
    })
}

/// Writes an address so that it ends where it should in Markdown, in a table cell, and in any HTML attribute.
pub(super) fn encode(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for letter in url.chars() {
        match letter {
            '&' => encoded.push_str("&amp;"),
            '\0'..=' ' | '"' | '\'' | '(' | ')' | '<' | '>' | '\\' | '`' | '|' | '\x7f' => {
                encoded.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            _ => encoded.push(letter),
        }
    }
    encoded
}

/// The `<img src>` and `<a href>` in a piece of raw HTML.
fn html(body: &str, within: Range<usize>, list: &mut Vec<Destination>) {
    let mut at = within.start;
    while let Some(open) = body[at..within.end].find('<').map(|found| at + found) {
        at = if body[open..within.end].starts_with("<!--") {
            end_of(body, open + 4, within.end, "-->")
        } else {
            match tag(body, open + 1, within.end, list) {
                // What stands in these is no HTML.
                Some((name, end)) if matches!(name.as_str(), "script" | "style" | "textarea") => {
                    end_of(body, end, within.end, &format!("</{name}"))
                }
                Some((_, end)) => end,
                None => open + 1,
            }
        };
    }
}

/// What a player of sound or film plays: its own address, or the first of its sources.
pub(super) fn played(html: &str) -> Option<Destination> {
    let mut list = Vec::new();
    let mut at = 0;
    while let Some(open) = html.get(at..).and_then(|rest| rest.find('<')).map(|found| at + found) {
        if let Some(first) = list.pop() {
            return Some(first);
        }
        at = tag_of(html, open + 1, html.len(), &PLAYERS, &mut list).map_or(open + 1, |(_, end)| end);
    }
    list.pop()
}

/// The index after the next `mark`, or the end. A mark in another case only makes more be passed over.
fn end_of(body: &str, from: usize, end: usize, mark: &str) -> usize {
    body[from.min(end)..end].find(mark).map_or(end, |found| from + found + mark.len())
}

/// What is pointed to by what stands in a page.
const POINTERS: [(&str, &str, Role); 2] = [("img", "src", Role::Image), ("a", "href", Role::Link)];
/// By what is played.
const PLAYERS: [(&str, &str, Role); 3] =
    [("audio", "src", Role::Link), ("video", "src", Role::Link), ("source", "src", Role::Link)];

fn tag(body: &str, start: usize, end: usize, list: &mut Vec<Destination>) -> Option<(String, usize)> {
    tag_of(body, start, end, &POINTERS, list)
}

/// Reads one start tag, whose name begins at `start`; gives the name and the index behind the tag.
fn tag_of(
    body: &str,
    start: usize,
    end: usize,
    pointers: &[(&str, &str, Role)],
    list: &mut Vec<Destination>,
) -> Option<(String, usize)> {
    let bytes = &body.as_bytes()[..end];
    if !bytes.get(start)?.is_ascii_alphabetic() {
        return None;
    }
    let until = |from: usize, stops: fn(u8) -> bool| (from..end).find(|&at| stops(bytes[at]));
    let mut at = until(start, |byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    let name = body[start..at].to_ascii_lowercase();
    let pointer = pointers.iter().find(|(element, ..)| *element == name);
    let (wanted, role) = pointer.map_or(("", Role::Link), |(_, wanted, role)| (*wanted, *role));
    let mut found: Option<Range<usize>> = None;
    loop {
        at = until(at, |byte| !byte.is_ascii_whitespace() && byte != b'/')?;
        if bytes[at] == b'>' {
            break;
        }
        // An equals sign in first place belongs to the name, says HTML; so the loop always moves on.
        let attribute = at..until(at + 1, |byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/'))?;
        at = until(attribute.end, |byte| !byte.is_ascii_whitespace())?;
        if bytes[at] != b'=' {
            continue;
        }
        at = until(at + 1, |byte| !byte.is_ascii_whitespace())?;
        let value = match bytes[at] {
            b'"' => at + 1..until(at + 1, |byte| byte == b'"')?,
            b'\'' => at + 1..until(at + 1, |byte| byte == b'\'')?,
            _ => at..until(at, |byte| byte.is_ascii_whitespace() || byte == b'>')?,
        };
        at = value.end + usize::from(matches!(bytes[value.end], b'"' | b'\''));
        if found.is_none() && !value.is_empty() && body[attribute].eq_ignore_ascii_case(wanted) {
            found = Some(value);
        }
    }
    if let Some(value) = found {
        let url = unescape(body[value.clone()].trim());
        let blanks = body[value.clone()].len() - body[value.clone()].trim_start().len();
        let start = value.start + blanks;
        list.push(Destination { url, role, at: Some(start..start + body[value].trim().len()) });
    }
    Some((name, at + 1))
}

/// The character references that people write in addresses.
fn unescape(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
