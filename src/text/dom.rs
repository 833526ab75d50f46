//! HTML of elsewhere as a tree, read much as browsers read it, with a bound on its depth and in time that grows with its length.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

use super::{
    letters::is_xml,
    tags,
    tidy::{self, Markup},
};

/// Elements open at one time; those deeper stand beside each other.
const MAX_DEPTH: usize = 200;

/// Attributes of one tag; those after are not looked at.
const MAX_ATTRIBUTES: usize = 64;

/// Elements that hold nothing and have no end tag.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose content is no markup.
const RAW: &[&str] = &["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"];

/// Elements that stand on lines of their own.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "colgroup",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Whether an element stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    BLOCK.contains(&name)
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// An element: its name in lower case, and its attributes.
    Element(String, Vec<(String, String)>),
    /// Text, its references read.
    Text(String),
    /// A comment.
    Comment(String),
}

struct Node {
    data: Data,
    parent: usize,
    children: Vec<usize>,
}

/// A tree of nodes; [`Dom::ROOT`] holds the others, each known by a number that grows through the text.
pub struct Dom {
    nodes: Vec<Node>,
    /// Whether something was nested deeper than is kept.
    pub is_cut: bool,
}

impl Dom {
    /// What holds everything.
    pub const ROOT: usize = 0;

    /// Reads `html`.
    pub fn read(html: &str) -> Self {
        let mut dom = Self { nodes: Vec::new(), is_cut: false };
        dom.add(Data::Element(String::new(), Vec::new()), Self::ROOT);
        let mut open = vec![Self::ROOT];
        // Each name whose end is missing is looked for once, else `<script>` repeated would cost the square.
        let mut endless: Vec<String> = Vec::new();
        let mut rest = html;
        while !rest.is_empty() {
            let at = rest.find('<').unwrap_or(rest.len());
            let (text, markup) = rest.split_at(at);
            dom.text_in(&open, text);
            if markup.is_empty() {
                break;
            }
            let length = match tidy::markup(markup) {
                Markup::None => {
                    dom.text_in(&open, "<");
                    1
                }
                Markup::Other(length) => {
                    let comment = markup.get(..length).and_then(|all| all.strip_prefix("<!--")?.strip_suffix("-->"));
                    if let Some(comment) = comment {
                        dom.append(&open, Data::Comment(comment.to_owned()));
                    }
                    length
                }
                Markup::End(name, length) => {
                    dom.end(&mut open, &name);
                    length
                }
                Markup::Start(name, list, length) => {
                    dom.start(&mut open, &name, attributes(list));
                    if !RAW.contains(&name.as_str()) || endless.contains(&name) {
                        length
                    } else if let Some(end) = markup.get(length..).and_then(|after| tidy::end_of(after, &name)) {
                        let inside = markup.get(length..length + end).unwrap_or_default();
                        let inside = inside.get(..inside.rfind("</").unwrap_or(0)).unwrap_or_default();
                        dom.append(&open, Data::Text(inside.to_owned()));
                        dom.end(&mut open, &name);
                        length + end
                    } else {
                        dom.end(&mut open, &name);
                        endless.push(name);
                        length
                    }
                }
            };
            rest = markup.get(length..).unwrap_or_default();
        }
        dom
    }

    fn add(&mut self, data: Data, parent: usize) -> usize {
        self.nodes.push(Node { data, parent, children: Vec::new() });
        self.nodes.len() - 1
    }

    /// Adds a node into the innermost open element.
    fn append(&mut self, open: &[usize], data: Data) -> usize {
        let parent = open.last().copied().unwrap_or(Self::ROOT);
        let id = self.add(data, parent);
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(id);
        }
        id
    }

    fn text_in(&mut self, open: &[usize], text: &str) {
        if !text.is_empty() {
            self.append(open, Data::Text(decode(text).into_owned()));
        }
    }

    fn start(&mut self, open: &mut Vec<usize>, name: &str, attributes: Vec<(String, String)>) {
        match name {
            "li" => self.end_sibling(open, &["li"], &["ul", "ol", "menu", "dir"]),
            "dt" | "dd" => self.end_sibling(open, &["dt", "dd"], &["dl"]),
            "a" => self.end_sibling(open, &["a"], &[]),
            "rt" | "rp" => self.end_sibling(open, &["rt", "rp"], &["ruby"]),
            "td" | "th" => self.end_sibling(open, &["td", "th"], &["tr", "table"]),
            "tr" => self.end_sibling(open, &["tr"], &["table"]),
            "thead" | "tbody" | "tfoot" => self.end_sibling(open, &["thead", "tbody", "tfoot"], &["table"]),
            _ => {}
        }
        if is_block(name)
            && let Some(at) = open.iter().rposition(|id| is_block(self.name(*id)))
            && open.get(at).is_some_and(|id| matches!(self.name(*id), "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
        {
            open.truncate(at);
        }
        if open.len() >= MAX_DEPTH && !VOID.contains(&name) {
            self.is_cut = true;
            return;
        }
        let id = self.append(open, Data::Element(name.to_owned(), attributes));
        if !VOID.contains(&name) {
            open.push(id);
        }
    }

    /// Ends the nearest open one of `siblings`, unless one of `parents` is nearer, or a cell.
    fn end_sibling(&self, open: &mut Vec<usize>, siblings: &[&str], parents: &[&str]) {
        let is_cell = |name: &str| matches!(name, "td" | "th" | "caption" | "table");
        let nearest = open.iter().rposition(|id| {
            let name = self.name(*id);
            siblings.contains(&name) || parents.contains(&name) || (is_cell(name) && !parents.contains(&"table"))
        });
        if let Some(at) = nearest
            && open.get(at).is_some_and(|id| siblings.contains(&self.name(*id)))
        {
            open.truncate(at);
        }
    }

    /// Ends the element that an end tag names, unless something that it does not reach beyond is nearer.
    fn end(&self, open: &mut Vec<usize>, name: &str) {
        let of_table = matches!(name, "td" | "th" | "tr" | "thead" | "tbody" | "tfoot" | "caption");
        for at in (1..open.len()).rev() {
            let Some(found) = open.get(at).map(|id| self.name(*id)) else { return };
            if found == name {
                open.truncate(at);
                return;
            }
            let is_border = match name {
                "table" => false,
                _ if of_table => found == "table",
                _ if is_block(name) => matches!(found, "td" | "th" | "caption" | "table"),
                _ => is_block(found),
            };
            if is_border {
                return;
            }
        }
    }

    /// How many nodes there are; numbers are smaller than this.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// What a node is.
    pub fn data(&self, id: usize) -> Option<&Data> {
        self.nodes.get(id).map(|node| &node.data)
    }

    /// An element's name; empty for other nodes.
    pub fn name(&self, id: usize) -> &str {
        match self.data(id) {
            Some(Data::Element(name, _)) => name,
            _ => "",
        }
    }

    /// An element's attribute.
    pub fn attribute(&self, id: usize, wanted: &str) -> Option<&str> {
        let Some(Data::Element(_, attributes)) = self.data(id) else { return None };
        attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// Whether an element has a class.
    pub fn has_class(&self, id: usize, class: &str) -> bool {
        self.attribute(id, "class").is_some_and(|list| list.split_ascii_whitespace().any(|one| one == class))
    }

    /// What stands in a node, in order.
    pub fn children(&self, id: usize) -> &[usize] {
        self.nodes.get(id).map(|node| node.children.as_slice()).unwrap_or_default()
    }

    /// What a node stands in; the root stands in itself.
    pub fn parent(&self, id: usize) -> usize {
        self.nodes.get(id).map_or(Self::ROOT, |node| node.parent)
    }

    /// Everything in a node, in the order of the text.
    pub fn inside(&self, id: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut next: Vec<usize> = self.children(id).iter().rev().copied().collect();
        while let Some(id) = next.pop() {
            found.push(id);
            next.extend(self.children(id).iter().rev());
        }
        found
    }

    /// The elements of a name in a node, in the order of the text.
    pub fn named(&self, id: usize, name: &str) -> Vec<usize> {
        self.inside(id).into_iter().filter(|id| self.name(*id) == name).collect()
    }

    /// The text in a node, as it stands; a line for each `<br>`.
    pub fn text(&self, id: usize) -> String {
        let mut text = String::new();
        let mut add = |id| match self.data(id) {
            Some(Data::Text(part)) if !RAW.contains(&self.name(self.parent(id))) => text.push_str(part),
            Some(Data::Element(name, _)) if name == "br" => text.push('\n'),
            _ => {}
        };
        add(id);
        self.inside(id).into_iter().for_each(add);
        text
    }

    /// Puts `nodes` in the place of a node.
    pub fn replace(&mut self, id: usize, nodes: Vec<usize>) {
        let parent = self.parent(id);
        for new in &nodes {
            if let Some(new) = self.nodes.get_mut(*new) {
                new.parent = parent;
            }
        }
        if let Some(parent) = self.nodes.get_mut(parent)
            && let Some(at) = parent.children.iter().position(|child| *child == id)
        {
            parent.children.splice(at..=at, nodes);
        }
    }

    /// A new element with these children, to be put somewhere.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], children: Vec<usize>) -> usize {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let id = self.add(Data::Element(name.to_owned(), attributes), Self::ROOT);
        for child in &children {
            if let Some(child) = self.nodes.get_mut(*child) {
                child.parent = id;
            }
        }
        if let Some(node) = self.nodes.get_mut(id) {
            node.children = children;
        }
        id
    }

    /// A new text or comment, to be put somewhere.
    pub fn node(&mut self, data: Data) -> usize {
        self.add(data, Self::ROOT)
    }

    /// Sets an attribute.
    pub fn set(&mut self, id: usize, wanted: &str, value: String) {
        let Some(Node { data: Data::Element(_, attributes), .. }) = self.nodes.get_mut(id) else { return };
        match attributes.iter_mut().find(|(name, _)| name == wanted) {
            Some((_, old)) => *old = value,
            None => attributes.push((wanted.to_owned(), value)),
        }
    }

    /// A node as HTML, itself included; the root is what stands in it.
    pub fn html(&self, id: usize) -> String {
        enum Step {
            Node(usize),
            Close(usize),
        }
        let mut html = String::new();
        let mut next = vec![Step::Node(id)];
        while let Some(step) = next.pop() {
            match step {
                Step::Close(id) => html.extend(["</", self.name(id), ">"]),
                Step::Node(id) => match self.data(id) {
                    Some(Data::Element(name, attributes)) => {
                        if !name.is_empty() {
                            write_start(&mut html, name, attributes);
                            if !VOID.contains(&name.as_str()) {
                                next.push(Step::Close(id));
                            }
                        }
                        next.extend(self.children(id).iter().rev().map(|child| Step::Node(*child)));
                    }
                    Some(Data::Text(text)) if RAW.contains(&self.name(self.parent(id))) => html.push_str(text),
                    Some(Data::Text(text)) => tags::escape_text(&mut html, text),
                    Some(Data::Comment(text)) => html.extend(["<!--", text, "-->"]),
                    None => {}
                },
            }
        }
        html
    }
}

fn write_start(html: &mut String, name: &str, attributes: &[(String, String)]) {
    html.extend(["<", name]);
    for (name, value) in attributes {
        html.extend([" ", name, "=\""]);
        tags::escape(html, value);
        html.push('"');
    }
    html.push('>');
}

/// The attributes in a tag, as the HTML standard parts them; the first of a name counts.
fn attributes(list: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = list;
    while found.len() < MAX_ATTRIBUTES {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            break;
        }
        // An equals sign in first place belongs to the name.
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '=' | '/'))
            .map_or(rest.len(), |(at, _)| at);
        let (name, after) = rest.split_at(end);
        let value = after.trim_start().strip_prefix('=').map(str::trim_start);
        let (value, after) = match (value, value.and_then(|value| value.chars().next())) {
            (Some(value), Some(quote @ ('"' | '\''))) => {
                let inside = value.get(1..).unwrap_or_default();
                inside.split_once(quote).unwrap_or((inside, ""))
            }
            (Some(value), _) => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
            (None, _) => ("", after),
        };
        let name = name.to_ascii_lowercase();
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'));
        if is_name && found.iter().all(|(known, _)| *known != name) {
            found.push((name, decode(value).into_owned()));
        }
        rest = after;
    }
    found
}

/// Text as it stands in HTML, in a quoted value too.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    tags::escape(&mut html, text);
    html
}

/// Text with its character references read, without what may not be shown.
pub fn decode(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| tags::is_shown(c) && c != '&';
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let length = match reference(rest) {
            Some((read, length)) => {
                out.push_str(&read);
                length
            }
            None => {
                out.push('&');
                1
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out = out.replace("\r\n", "\n");
    Cow::Owned(out.chars().map(|c| if c == '\r' { '\n' } else { c }).filter(|c| tags::is_shown(*c)).collect())
}

/// What the reference at the beginning of `text` means, and its length.
fn reference(text: &str) -> Option<(Cow<'static, str>, usize)> {
    let inside = text.strip_prefix('&')?;
    if let Some(number) = inside.strip_prefix('#') {
        let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.chars().take(10).take_while(|c| c.is_digit(radix)).count();
        let value = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
        let character = char::from_u32(windows(value)).filter(|c| *c == '\t' || is_xml(*c)).unwrap_or('\u{fffd}');
        let semicolon = usize::from(digits.get(length..).is_some_and(|after| after.starts_with(';')));
        return Some((character.to_string().into(), before + length + semicolon));
    }
    let length = inside.bytes().take(40).take_while(u8::is_ascii_alphanumeric).count();
    let name = inside.get(..length)?;
    if inside.get(length..)?.starts_with(';') {
        return resolve_html5_entity(name).map(|read| (read.into(), length + 2));
    }
    // Old pages leave the semicolon out of these.
    let old = ["nbsp", "amp", "lt", "gt", "quot", "copy", "reg"].into_iter().find(|old| *old == name)?;
    resolve_html5_entity(old).map(|read| (read.into(), length + 1))
}

/// Numbers that old editors wrote for characters of Windows.
fn windows(value: u32) -> u32 {
    const SIGNS: [u32; 32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
        0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
        0x17e, 0x178,
    ];
    usize::try_from(value).ok().and_then(|at| SIGNS.get(at.checked_sub(0x80)?)).copied().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn again(html: &str) -> String {
        Dom::read(html).html(Dom::ROOT)
    }

    #[test]
    fn html_is_read_much_as_browsers_read_it() {
        for (html, expected) in [
            ("<P CLASS=a>x<p>y", "<p class=\"a\">x</p><p>y</p>"),
            ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
            (
                "<table><tr><td>a<td>b<tr><td>c</table>d",
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d",
            ),
            ("<b><i>x</b>y", "<b><i>x</i></b>y"),
            ("</p>x</div>", "x"),
            (
                "a < b & c &amp; &lt;d&gt; &eacute; &nbsp &#8217; &#146;",
                "a &lt; b &amp; c &amp; &lt;d&gt; é &nbsp; ’ ’",
            ),
            ("<img src=a.png alt='x \"y\"'><br/>", "<img src=\"a.png\" alt=\"x &quot;y&quot;\"><br>"),
            ("<script>1 < 2 </b></script>x<!--more-->", "<script>1 < 2 </b></script>x<!--more-->"),
            ("<script>x", "<script></script>x"),
            ("a\0b\u{1}c", "abc"),
        ] {
            assert_eq!(again(html), expected, "{html}");
        }
    }

    #[test]
    fn depth_has_a_bound_and_text_stays() {
        let dom = Dom::read(&format!("{}x", "<div>".repeat(200_000)));
        assert!(dom.is_cut);
        assert_eq!(dom.text(Dom::ROOT), "x");
        assert!(dom.len() < 1000);
        let signs = "<a ".to_owned() + &"x=1 ".repeat(500_000) + ">";
        assert!(Dom::read(&signs).html(Dom::ROOT).len() < 1000);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(html in "(<|>|/|b|p|td|table|li|!--|-->|&|;|#|x|\"|=| |é|script){0,60}") {
            let once = again(&html);
            prop_assert_eq!(Dom::read(&once).text(Dom::ROOT), Dom::read(&html).text(Dom::ROOT));
        }
    }
}
