//! Tags of template languages in a text, as Jekyll, Hugo and Zola have them: the common ones become Markdown, the others are named.

mod arguments;
mod blocks;
mod formulas;
mod hugo;
mod kramdown;
mod liquid;

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use super::links;
use blocks::without_mark;
pub(super) use {arguments::arguments, kramdown::is_one};

/// A tag that is longer is none.
const MAX_TAG: usize = 4000;
/// No text has code between longer rows of backticks.
const MAX_TICKS: usize = 64;
/// In a longer line nothing is looked at twice.
const MAX_LINE: usize = 64 * 1024;
/// More kinds of tags are not named.
const MAX_NAMED: usize = 20;

/// What a tag stands for the address of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted<'a> {
    /// Jekyll's `post_url`: a post, by the name of its file.
    Post(&'a str),
    /// Jekyll's `link`: a file, by its path in the site.
    File(&'a str),
    /// Hugo's `ref`: a text, by its path or a part of it, with a `#fragment`; and its language, if that is said.
    Text(&'a str, Option<&'a str>),
    /// The site itself.
    Site,
}

/// Gives the address, if there is one.
pub(super) type Lead<'a> = &'a dyn Fn(Wanted<'_>) -> Option<String>;

/// A text without the tags that are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Turned {
    pub body: String,
    /// Those that stay, each once: `{% gist %}`.
    pub left: Vec<String>,
}

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Markdown,
    /// Markdown of Jekyll's, which knows its tags in code too.
    Jekyll,
    Html,
}

/// Turns the tags of a text into Markdown, outside of code.
pub(super) fn turned(body: &str, kind: Kind, lead: Lead<'_>) -> Turned {
    const MARKS: [&str; 8] = ["{%", "{{", "{:", "{#", "{.", "$$", "\\\\(", "\\\\["];
    if !MARKS.iter().any(|mark| body.contains(mark)) {
        return Turned { body: body.to_owned(), left: Vec::new() };
    }
    let walker = Walker {
        body,
        kind,
        lead,
        out: String::with_capacity(body.len()),
        at: 0,
        done: 0,
        left: Vec::new(),
        missing: HashSet::new(),
        closers: [("%}", 0), ("}}", 0), (">}}", 0), ("%}}", 0)],
        indented: if kind == Kind::Html { Vec::new() } else { indented(body) },
        paragraph: (0, 0),
        line: (0, 0),
        has_contents: false,
        linked: None,
        marked: 0,
        ends: HashMap::new(),
    };
    walker.walk()
}

/// Whether HTML has tags that only its site can fill in.
pub(super) fn has_unknown(html: &str) -> bool {
    !turned(html, Kind::Html, &|_| Some(String::new())).left.is_empty()
}

/// Where a text has code that is only indented, last first.
fn indented(body: &str) -> Vec<Range<usize>> {
    let code = Parser::new_ext(body, links::options()).into_offset_iter().filter_map(|(event, range)| {
        matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))).then_some(range)
    });
    let mut code: Vec<_> = code.collect();
    code.reverse();
    code
}

struct Walker<'a> {
    body: &'a str,
    kind: Kind,
    lead: Lead<'a>,
    out: String,
    /// What comes next, and up to where all is written.
    at: usize,
    done: usize,
    left: Vec<String>,
    /// The ends that no more of come.
    missing: HashSet<String>,
    /// Where the next of each is, at the earliest: looking for one again and again would take long.
    closers: [(&'static str, usize); 4],
    indented: Vec<Range<usize>>,
    /// Where the paragraph ends, and the lengths of backticks that do not come in the rest of it.
    paragraph: (usize, u64),
    /// Where the line begins and ends.
    line: (usize, usize),
    has_contents: bool,
    /// The places that the text itself links to, once they are asked for, and how many of blocks are marked.
    linked: Option<HashSet<String>>,
    marked: usize,
    /// Where the next end of each is that was looked for.
    ends: HashMap<String, usize>,
}

impl Walker<'_> {
    fn walk(mut self) -> Turned {
        while let Some(byte) = self.body.as_bytes().get(self.at) {
            let is_line = self.at == 0 || self.body.as_bytes()[self.at - 1] == b'\n';
            let code = if self.kind == Kind::Html { None } else { self.code(*byte, is_line) };
            if let Some(end) = code {
                self.write_code(end);
                continue;
            }
            let is_tag = match byte {
                b'{' => self.tag().is_some(),
                b'$' | b'\\' => self.formula().is_some(),
                _ => false,
            };
            if !is_tag {
                self.at += 1;
            }
        }
        self.out.push_str(&self.body[self.done..]);
        Turned { body: self.out, left: self.left }
    }

    /// Where code ends that begins here.
    fn code(&mut self, byte: u8, is_line: bool) -> Option<usize> {
        while self.indented.last().is_some_and(|range| range.end <= self.at) {
            self.indented.pop();
        }
        let fence = if is_line { self.fence() } else { None };
        fence.or_else(|| match byte {
            b'{' => self.indented.last().filter(|range| range.contains(&self.at)).map(|range| range.end),
            b'`' => Some(self.span()),
            _ => None,
        })
    }

    /// The end of a fenced block that begins in this line.
    fn fence(&self) -> Option<usize> {
        let rest = &self.body[self.at..];
        let first = rest.split('\n').next()?;
        let inside = without_mark(first.trim_start_matches([' ', '\t', '>']));
        let mark = inside.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let length = inside.len() - inside.trim_start_matches(mark).len();
        if length < 3 || mark == '`' && inside[length..].contains('`') {
            return None;
        }
        let mut end = self.at;
        for (number, line) in rest.split_inclusive('\n').enumerate() {
            end += line.len();
            let line = line.trim_matches([' ', '\t', '>', '\n', '\r']);
            if number > 0 && line.len() >= length && line.chars().all(|letter| letter == mark) {
                break;
            }
        }
        Some(end)
    }

    /// The end of code between backticks, or of those where it is none.
    fn span(&mut self) -> usize {
        let ticks = |from: usize| self.body[from..].bytes().take_while(|byte| *byte == b'`').count();
        let length = ticks(self.at);
        let after = self.at + length;
        if self.at >= self.paragraph.0 {
            self.paragraph = (end_of_paragraph(self.body, self.at), 0);
        }
        let is_escaped = self.at > 0 && self.body.as_bytes()[self.at - 1] == b'\\';
        let bit = 1_u64 << (length.min(MAX_TICKS) - 1);
        if is_escaped || length > MAX_TICKS || self.paragraph.1 & bit != 0 {
            return after;
        }
        let mut at = after;
        while let Some(found) = self.body[at..self.paragraph.0.max(at)].find('`') {
            let start = at + found;
            at = start + ticks(start);
            if at - start == length {
                return at;
            }
        }
        self.paragraph.1 |= bit;
        after
    }

    /// Writes code as it is; in Jekyll's and Hugo's without what only kept its tags from being read.
    fn write_code(&mut self, end: usize) {
        let code = &self.body[self.at..end];
        if self.kind == Kind::Jekyll && code.contains("endraw") {
            self.out.push_str(&self.body[self.done..self.at]);
            let mut code = code.to_owned();
            for tag in ["{% raw %}", "{% endraw %}", "{%raw%}", "{%endraw%}", "{%- raw -%}", "{%- endraw -%}"] {
                code = code.replace(&format!("{tag}\n"), "").replace(tag, "");
            }
            self.out.push_str(&code);
            self.done = end;
        } else if self.kind == Kind::Markdown && (code.contains("{{</*") || code.contains("{{%/*")) {
            self.out.push_str(&self.body[self.done..self.at]);
            let code = code.replace("{{</*", "{{<").replace("*/>}}", ">}}");
            self.out.push_str(&code.replace("{{%/*", "{{%").replace("*/%}}", "%}}"));
            self.done = end;
        }
        self.at = end;
    }

    /// What is up to `closer`, and where that ends.
    fn inside(&mut self, from: usize, closer: &'static str) -> Option<(usize, usize)> {
        let known = self.closers.iter_mut().find(|(name, _)| *name == closer)?;
        if known.1 < from {
            known.1 = self.body[from..].find(closer).map_or(usize::MAX, |found| from + found);
        }
        let close = known.1;
        (close != usize::MAX && close - from <= MAX_TAG).then_some((close, close.saturating_add(closer.len())))
    }

    /// Where the line begins; none for one that is too long to be looked at again and again.
    fn line_start(&mut self) -> Option<usize> {
        let (_, end) = self.line;
        if self.at >= end {
            let start = self.body[end..self.at].rfind('\n').map_or(end, |found| end + found + 1);
            let end = self.body[self.at..].find('\n').map_or(self.body.len(), |found| self.at + found + 1);
            self.line = (start, end);
        }
        (self.line.1 - self.line.0 <= MAX_LINE).then_some(self.line.0)
    }

    /// Puts `text` in the place of all up to `end`.
    fn put(&mut self, text: &str, end: usize) -> Option<()> {
        self.out.push_str(&self.body[self.done..self.at]);
        self.out.push_str(text);
        self.done = end;
        self.at = end;
        Some(())
    }

    /// Leaves a tag, and remembers its name.
    fn leave(&mut self, name: String, end: usize) -> Option<()> {
        if self.left.len() < MAX_NAMED && !self.left.contains(&name) {
            self.left.push(name);
        }
        self.at = end;
        Some(())
    }

    fn tag(&mut self) -> Option<()> {
        let next = *self.body.as_bytes().get(self.at + 1)?;
        match (next, self.body.as_bytes().get(self.at + 2)) {
            (b'%', _) => self.liquid(),
            (b'{', Some(b'<')) => self.shortcode(">}}"),
            (b'{', Some(b'%')) => self.shortcode("%}}"),
            (b'{', _) => self.output(),
            (b':', Some(b':' | b'/')) if self.kind != Kind::Html => self.extension(),
            (b':' | b'#' | b'.', _) if self.kind != Kind::Html => self.attributes(),
            _ => None,
        }
    }

    /// What is between a tag and its end, and where that ends. None is looked for twice where there is none.
    fn block(&mut self, from: usize, opening: &str, end: &str, closing: &'static str) -> Option<(Range<usize>, usize)> {
        let key = format!("{opening}{end}");
        if self.missing.contains(&key) {
            return None;
        }
        let found = self.body[from..].match_indices(opening).find_map(|(at, _)| {
            let inner = self.body[from + at + opening.len()..].trim_start_matches([' ', '\t', '\n', '-']);
            let inner = match end.strip_prefix('/') {
                Some(name) => inner.strip_prefix('/')?.trim_start_matches([' ', '\t']).strip_prefix(name)?,
                None => inner.strip_prefix(end)?,
            };
            let rest = inner.trim_start_matches([' ', '\t', '\n', '-']).strip_prefix(closing)?;
            Some((from..from + at, self.body.len() - rest.len()))
        });
        if found.is_none() {
            self.missing.insert(key);
        }
        found
    }

    /// Whether a tag is closed somewhere behind it.
    fn is_closed(&mut self, from: usize, opening: &str, name: &str, closing: &'static str) -> bool {
        let key = format!("{opening}{name}");
        if self.ends.get(&key).is_some_and(|end| *end >= from) {
            return true;
        }
        let Some((inside, _)) = self.block(from, opening, &format!("/{name}"), closing) else { return false };
        self.ends.insert(key, inside.end);
        true
    }

    fn put_address(&mut self, wanted: Wanted<'_>, name: &str, end: usize) -> Option<()> {
        match (self.lead)(wanted) {
            Some(address) => self.put(&links::encode(&address), end),
            None => self.leave(name.to_owned(), end),
        }
    }
}

/// Where the next blank line is.
fn end_of_paragraph(body: &str, from: usize) -> usize {
    let mut at = from;
    for line in body[from..].split_inclusive('\n') {
        at += line.len();
        if line.trim().is_empty() {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests;
