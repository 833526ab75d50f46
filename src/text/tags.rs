//! Reading the HTML that our own sanitiser wrote, where every tag is closed, every attribute quoted and every `<` in text escaped.

use std::borrow::Cow;

use super::letters::is_xml;

/// One piece of such HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text between tags, escaped as it stands in the HTML.
    Text(&'a str),
    /// A start tag: its name, and its attributes as they stand between name and `>`.
    Open(&'a str, &'a str),
    /// An end tag's name.
    Close(&'a str),
}

/// Elements that hold nothing and have no end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "wbr" | "col")
}

/// Elements that begin and end a line of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "table"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "figure"
            | "figcaption"
            | "details"
            | "summary"
            | "section"
            | "aside"
            | "hr"
            | "br"
    )
}

/// The pieces of `html`, in order; together they are all of it.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inside) = rest.strip_prefix('<') {
            let end = tag_end(inside);
            let tag = &inside[..end];
            rest = inside.get(end + 1..).unwrap_or_default();
            return Some(match tag.strip_prefix('/') {
                Some(name) => Piece::Close(name),
                None => {
                    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                    Piece::Open(name, attributes)
                }
            });
        }
        let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        rest = after;
        Some(Piece::Text(text))
    })
}

/// Writes a piece as it stood.
pub(super) fn write(html: &mut String, piece: Piece<'_>) {
    match piece {
        Piece::Text(text) => html.push_str(text),
        Piece::Open(name, list) => html.extend(["<", name, if list.is_empty() { "" } else { " " }, list, ">"]),
        Piece::Close(name) => html.extend(["</", name, ">"]),
    }
}

/// Where the tag that begins before `inside` ends: its `>`, leaving out those in quoted values.
fn tag_end(inside: &str) -> usize {
    let mut quoted = false;
    for (index, byte) in inside.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return index,
            _ => {}
        }
    }
    inside.len()
}

/// Names and (still escaped) values of the attributes in `list`, as [`Piece::Open`] gives it.
pub(super) fn attributes(list: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"').unwrap_or((after, ""));
        rest = after;
        Some((name.trim_start(), value))
    })
}

/// The (still escaped) value of the attribute `name` in `list`.
pub(super) fn attribute<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    attributes(list).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Whether `class` is one of the classes in `list`.
pub(super) fn has_class(list: &str, class: &str) -> bool {
    attribute(list, "class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
}

/// Text or an attribute's value as it was before the sanitiser escaped it.
pub(super) fn unescape(escaped: &str) -> Cow<'_, str> {
    if !escaped.contains('&') {
        return Cow::Borrowed(escaped);
    }
    let mut text = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        // All that it ever writes.
        let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", '\u{a0}')];
        let (length, character) = known
            .iter()
            .find(|(reference, _)| rest.starts_with(reference))
            .map_or((1, '&'), |(reference, character)| (reference.len(), *character));
        text.push(character);
        rest = &rest[length..];
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Whether `character` may stand in HTML: no control, and nothing that XML forbids, since the same HTML goes into feeds.
pub(super) fn is_shown(character: char) -> bool {
    matches!(character, '\n' | '\t') || (!character.is_control() && is_xml(character))
}

/// Appends `text` to `html` so that it means itself in text and in quoted values, spelled as the sanitiser spells it in values.
pub(super) fn escape(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\u{a0}' => html.push_str("&nbsp;"),
            other if is_shown(other) => html.push(other),
            _ => {}
        }
    }
}

/// Like [`escape`], but a `"` stays as it is: how the sanitiser spells text between tags.
pub(super) fn escape_text(html: &mut String, text: &str) {
    for (index, part) in text.split('"').enumerate() {
        if index > 0 {
            html.push('"');
        }
        escape(html, part);
    }
}

/// What a reader sees of `html`, as plain text: a line for each block, footnote marks left out.
pub(super) fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    // Open elements inside the one that is left out, itself included.
    let mut hidden = 0_usize;
    let mut preformatted = false;
    for piece in pieces(html) {
        match piece {
            Piece::Open(name, list) => {
                let skipped = has_class(list, "fn") || has_class(list, "fn-back");
                if (hidden > 0 || skipped) && !is_void(name) {
                    hidden += 1;
                }
                preformatted |= name == "pre";
                end_line(&mut text, name);
            }
            Piece::Close(name) => {
                hidden = hidden.saturating_sub(1);
                preformatted &= name != "pre";
                end_line(&mut text, name);
            }
            Piece::Text(escaped) if hidden == 0 => {
                let plain = unescape(escaped);
                if preformatted {
                    text.push_str(&plain);
                    continue;
                }
                for character in plain.chars() {
                    if !character.is_whitespace() {
                        text.push(character);
                    } else if !text.is_empty() && !text.ends_with([' ', '\n']) {
                        text.push(' ');
                    }
                }
            }
            Piece::Text(_) => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Parts `text` from what follows when `name` begins or ends something of its own.
fn end_line(text: &mut String, name: &str) {
    let cell = matches!(name, "td" | "th");
    if text.is_empty() || !(cell || is_block(name)) {
        return;
    }
    text.truncate(text.trim_end_matches(' ').len());
    if !text.ends_with('\n') {
        text.push(if cell { ' ' } else { '\n' });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_respect_quotes() {
        let html = "a<p class=\"x>y\" id=\"z\">b<br></p>";
        let found: Vec<_> = pieces(html).collect();
        assert_eq!(
            found,
            [
                Piece::Text("a"),
                Piece::Open("p", "class=\"x>y\" id=\"z\""),
                Piece::Text("b"),
                Piece::Open("br", ""),
                Piece::Close("p")
            ]
        );
        assert_eq!(attributes("class=\"x>y\" id=\"z\"").collect::<Vec<_>>(), [("class", "x>y"), ("id", "z")]);
        assert_eq!(attribute("title=\"id=\" id=\"z\"", "id"), Some("z"));
    }

    #[test]
    fn escaping_and_unescaping_cancel_out() {
        let text = "a & b < c > \"d\" \u{a0} &amp; &lt;";
        let mut html = String::new();
        escape(&mut html, text);
        assert_eq!(html, "a &amp; b &lt; c &gt; &quot;d&quot; &nbsp; &amp;amp; &amp;lt;");
        assert_eq!(unescape(&html), text);
        assert_eq!(unescape("&bogus &"), "&bogus &");
    }

    #[test]
    fn text_has_a_line_for_each_block() {
        let html = "<h2>A  title</h2><p>One<sup class=\"fn\"><a href=\"#x\">1</a></sup>\n<b>two</b><br>three</p>\
                    <table><tr><td>1</td><td>2</td></tr></table><pre><code>x\n  y\n</code></pre><p>end &amp; all</p>";
        assert_eq!(text_of(html), "A title\nOne two\nthree\n1 2\nx\n  y\nend & all");
    }
}
