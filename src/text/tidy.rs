//! Well-formed, bounded HTML from whatever Markdown and a writer's own tags made together.
//!
//! A browser's repair of bad nesting can cost the square of the input: a hundred `<b>` left open come back in each paragraph that
//! follows. So nothing is left to repair: each tag is known, written in one way, and closed where its container ends. Attributes pass
//! as they are; judging them is the sanitiser's work.

use super::tags::is_void;

/// Elements nested deeper than the bound: the HTML parser's work grows with the square of the depth.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

/// Elements that are dropped with all that is in them: their content is code, or means nothing without them.
const DROPPED_WHOLE: &[&str] = &[
    "script",
    "style",
    "svg",
    "math",
    "template",
    "textarea",
    "title",
    "select",
    "xmp",
    "noembed",
    "noframes",
    "iframe",
    "object",
    "canvas",
    "plaintext",
];

/// Inline elements: they end with the block that they are in, and their end tags do not reach beyond it.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt",
    "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "video",
];

/// Block elements.
const BLOCK: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "div",
    "section",
    "aside",
    "figure",
    "figcaption",
    "details",
    "summary",
    "table",
    "caption",
    "colgroup",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
];

/// `html` with every known element properly nested and closed, and everything unknown left out (its text stays).
pub(super) fn tidy(html: &str, max_depth: usize) -> Result<String, TooDeep> {
    let mut tidied = Tidied { html: String::with_capacity(html.len() + html.len() / 8), open: Vec::new(), max_depth };
    // Names that no end tag follows any more: each is looked for once, else `<script>` repeated would cost the square.
    let mut endless: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        tidied.html.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match markup(rest) {
            Markup::None => {
                tidied.html.push_str("&lt;");
                1
            }
            Markup::Other(length) => length,
            Markup::End(name, length) => {
                tidied.end(&name);
                length
            }
            Markup::Start(name, attributes, length) => {
                if name == "iframe" {
                    // A picture of another host becomes a link to it in the end, and so should this.
                    tidied.start("img", attributes)?;
                }
                match DROPPED_WHOLE.iter().find(|dropped| **dropped == name) {
                    None => {
                        tidied.start(&name, attributes)?;
                        length
                    }
                    Some(dropped) if endless.contains(dropped) => length,
                    Some(dropped) => match end_of(&rest[length..], dropped) {
                        Some(end) => length + end,
                        None => {
                            endless.push(dropped);
                            length
                        }
                    },
                }
            }
        };
        rest = &rest[length..];
    }
    tidied.html.push_str(rest);
    tidied.close_to(0);
    Ok(tidied.html)
}

/// What is written so far, and the elements that are open in it.
struct Tidied {
    html: String,
    open: Vec<&'static str>,
    max_depth: usize,
}

impl Tidied {
    /// Writes the start tag of a known element, after the end tags that it implies.
    fn start(&mut self, name: &str, attributes: &str) -> Result<(), TooDeep> {
        let name = today(name);
        if is_void(name) {
            if name == "hr" {
                self.end_paragraph();
            }
            self.write_start(name, attributes);
            return Ok(());
        }
        let Some(name) = INLINE.iter().chain(BLOCK).copied().find(|known| *known == name) else { return Ok(()) };
        match name {
            "li" => self.end_sibling(&["li"], &["ul", "ol"]),
            "dt" | "dd" => self.end_sibling(&["dt", "dd"], &["dl"]),
            "a" => self.end_sibling(&["a"], &[]),
            "rt" | "rp" => self.end_sibling(&["rt", "rp"], &["ruby"]),
            "td" | "th" | "tr" | "thead" | "tbody" | "tfoot" | "caption" | "colgroup" => {
                let holders: &[&str] = match name {
                    "td" | "th" => &["tr", "thead", "tbody", "tfoot", "table"],
                    "tr" => &["thead", "tbody", "tfoot", "table"],
                    _ => &["table"],
                };
                // Outside of a table they mean nothing.
                let Some(holder) = self.open.iter().rposition(|open| holders.contains(open)) else { return Ok(()) };
                self.close_to(holder + 1);
            }
            _ => {}
        }
        if BLOCK.contains(&name) {
            self.end_paragraph();
        }
        if self.open.len() >= self.max_depth {
            return Err(TooDeep);
        }
        self.write_start(name, attributes);
        self.open.push(name);
        Ok(())
    }

    fn write_start(&mut self, name: &str, attributes: &str) {
        self.html.push('<');
        self.html.push_str(name);
        if !attributes.is_empty() {
            self.html.push(' ');
            self.html.push_str(attributes);
        }
        self.html.push('>');
    }

    /// A block ends the paragraph or heading that it begins in.
    fn end_paragraph(&mut self) {
        if let Some(block) = self.open.iter().rposition(|open| BLOCK.contains(open))
            && matches!(self.open[block], "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
        {
            self.close_to(block);
        }
    }

    /// Ends the nearest open one of `siblings`, unless one of `parents` or a table's cell is nearer.
    fn end_sibling(&mut self, siblings: &[&str], parents: &[&str]) {
        let nearest = self.open.iter().rposition(|open| {
            siblings.contains(open) || parents.contains(open) || matches!(*open, "td" | "th" | "caption" | "table")
        });
        if let Some(nearest) = nearest
            && siblings.contains(&self.open[nearest])
        {
            self.close_to(nearest);
        }
    }

    /// Ends the element that an end tag names, with all that is open in it; nothing when it is not open here.
    fn end(&mut self, name: &str) {
        let name = today(name);
        let inline = INLINE.contains(&name);
        let of_table = matches!(name, "td" | "th" | "tr" | "thead" | "tbody" | "tfoot" | "caption" | "colgroup");
        for index in (0..self.open.len()).rev() {
            let open = self.open[index];
            if open == name {
                self.close_to(index);
                return;
            }
            let border = if inline {
                BLOCK.contains(&open)
            } else if of_table {
                open == "table"
            } else {
                name != "table" && matches!(open, "td" | "th" | "caption" | "table")
            };
            if border {
                return;
            }
        }
    }

    fn close_to(&mut self, depth: usize) {
        for name in self.open.drain(depth..).rev() {
            self.html.push_str("</");
            self.html.push_str(name);
            self.html.push('>');
        }
    }
}

/// Today's element for one that old posts were written with.
fn today(name: &str) -> &str {
    match name {
        "center" | "article" | "main" | "header" | "footer" | "nav" | "address" | "fieldset" | "form" => "div",
        "strike" => "s",
        "tt" => "code",
        "acronym" => "abbr",
        "font" => "span",
        other => other,
    }
}

/// What a `<` begins, with its length.
pub(super) enum Markup<'a> {
    /// Nothing: the character itself.
    None,
    /// A comment, a doctype, a processing instruction.
    Other(usize),
    /// A start tag with its attributes as written.
    Start(String, &'a str, usize),
    /// An end tag.
    End(String, usize),
}

/// Reads what the `<` at the beginning of `text` begins, by the rules that browsers tokenize by.
pub(super) fn markup(text: &str) -> Markup<'_> {
    let bytes = text.as_bytes();
    let to_bracket = |from: usize| text[from..].find('>').map_or(text.len(), |at| from + at + 1);
    match bytes.get(1) {
        Some(b'!') if text.starts_with("<!--") => Markup::Other(comment_end(text)),
        Some(b'!' | b'?') => Markup::Other(to_bracket(1)),
        Some(b'/') => match bytes.get(2) {
            Some(letter) if letter.is_ascii_alphabetic() => {
                let (name, end) = name_at(text, 2);
                tag_close(text, end).map_or(Markup::Other(text.len()), |(_, length)| Markup::End(name, length))
            }
            Some(_) => Markup::Other(to_bracket(2)),
            None => Markup::None,
        },
        Some(letter) if letter.is_ascii_alphabetic() => {
            let (name, end) = name_at(text, 1);
            // A tag without an end is no tag in a browser either: it drops the rest of the document.
            tag_close(text, end)
                .map_or(Markup::Other(text.len()), |(attributes, length)| Markup::Start(name, attributes, length))
        }
        _ => Markup::None,
    }
}

/// Where the comment at the beginning of `text` ends.
fn comment_end(text: &str) -> usize {
    for short in ["<!-->", "<!--->"] {
        if text.starts_with(short) {
            return short.len();
        }
    }
    let bytes = text.as_bytes();
    let end = (4..bytes.len()).find_map(|at| match &bytes[at..] {
        [b'-', b'-', b'>', ..] => Some(at + 3),
        [b'-', b'-', b'!', b'>', ..] => Some(at + 4),
        _ => None,
    });
    end.unwrap_or(bytes.len())
}

/// The tag name that begins at `from`, in lower case, and where it ends.
fn name_at(text: &str, from: usize) -> (String, usize) {
    let length =
        text[from..].find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(text.len() - from);
    (text[from..from + length].to_ascii_lowercase(), from + length)
}

/// The attributes from `from` up to the tag's `>`, and where the tag ends; `None` when it never does.
fn tag_close(text: &str, from: usize) -> Option<(&str, usize)> {
    /// The states of the HTML standard's tokenizer between a tag's name and its end.
    enum At {
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Unquoted,
        Quoted(u8),
    }
    let mut at = At::BeforeName;
    for (index, byte) in text.bytes().enumerate().skip(from) {
        let space = byte.is_ascii_whitespace();
        at = match (at, byte) {
            (At::Quoted(quote), _) if byte == quote => At::BeforeName,
            (At::Quoted(quote), _) => At::Quoted(quote),
            (_, b'>') => return Some((text[from..index].trim_start(), index + 1)),
            (At::BeforeValue, b'"' | b'\'') => At::Quoted(byte),
            (At::BeforeValue, _) if space => At::BeforeValue,
            (At::Unquoted, _) if space => At::BeforeName,
            (At::BeforeValue | At::Unquoted, _) => At::Unquoted,
            (At::BeforeName | At::Name | At::AfterName, b'/') => At::BeforeName,
            (At::Name | At::AfterName, b'=') => At::BeforeValue,
            (At::Name | At::AfterName, _) if space => At::AfterName,
            (At::BeforeName, _) if space => At::BeforeName,
            (At::BeforeName | At::Name | At::AfterName, _) => At::Name,
        };
    }
    None
}

/// Where the end tag of `name` ends in `text`, of which everything before it is raw.
pub(super) fn end_of(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").find_map(|(start, _)| {
        let after = start + 2 + name.len();
        let found = text.get(start + 2..after)?.eq_ignore_ascii_case(name);
        let ended =
            text.as_bytes().get(after).is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        // Without its `>` it ends with the text; going on to the next one would cost the square.
        (found && ended).then(|| text[after..].find('>').map_or(text.len(), |at| after + at + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(html: &str) -> String {
        tidy(html, 100).expect("not deep")
    }

    #[test]
    fn everything_is_closed_in_order() {
        for (html, expected) in [
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
            ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
            ("<p><b>a<p>b</b>", "<p><b>a</b></p><p>b</p>"),
            (
                "<table><tr><td>a<td>b<tr><td>c</table>d",
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d",
            ),
            ("<table><tr><td></div></p></table>", "<table><tr><td></td></tr></table>"),
            ("<div><p>x</div>y", "<div><p>x</p></div>y"),
            ("<a href=1>x<a href=2>y", "<a href=1>x</a><a href=2>y</a>"),
            ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
            ("</div></b></p>x", "x"),
            ("<BR/><Hr>", "<br /><hr>"),
            ("<td>x</td><tr>", "x"),
            ("<center><font color=red>x</font></center>", "<div><span color=red>x</span></div>"),
        ] {
            assert_eq!(tidied(html), expected, "{html}");
        }
    }

    #[test]
    fn tags_end_where_browsers_end_them() {
        for (html, expected) in [
            ("<a title='>'>x</a>", "<a title='>'>x</a>"),
            ("<a x=y=\">z", "<a x=y=\">z</a>"),
            ("<a =\">z", "<a =\">z</a>"),
            ("<a x = \">\">z", "<a x = \">\">z</a>"),
            ("a < b <3 </ x", "a &lt; b &lt;3 "),
            ("x<!-- <b> -->y<!-->z<!--->w<!--a--!>v", "xyzwv"),
            ("x<!doctype html><?php echo '<b>' ?>y", "x' ?>y"),
            ("x<b", "x"),
            ("x<!-- ", "x"),
        ] {
            assert_eq!(tidied(html), expected, "{html}");
        }
    }

    #[test]
    fn code_and_unknown_elements_go_and_text_stays() {
        for (html, expected) in [
            ("a<script>1<b>2</script >c", "ac"),
            ("a<STYLE>x</sTyLe>c", "ac"),
            ("a<svg><p>x</svg>c", "ac"),
            ("a<script>b", "ab"),
            ("<noscript><img src=x></noscript>", "<img src=x>"),
            ("<x-y>T</x-y><T>", "T"),
            ("<iframe src=//x title=t>y</iframe>", "<img src=//x title=t>"),
        ] {
            assert_eq!(tidied(html), expected, "{html}");
        }
    }

    #[test]
    fn depth_has_a_bound() {
        assert!(tidy(&"<div>".repeat(100), 100).is_ok());
        assert_eq!(tidy(&"<div>".repeat(101), 100), Err(TooDeep));
        assert_eq!(tidy(&"<b>".repeat(101), 100), Err(TooDeep));
        assert!(tidy(&"<p>".repeat(1000), 100).is_ok());
        assert!(tidy(&"<br>".repeat(1000), 100).is_ok());
    }
}
