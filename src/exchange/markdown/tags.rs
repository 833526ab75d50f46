//! Tags of template languages in a text, as Jekyll, Hugo and Zola have them: the common ones become Markdown, the others are named.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use super::links;
use crate::{
    exchange::short,
    text::{markdown, unhtml},
};

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
    /// Hugo's `ref`: a text, by its path or a part of it, with a `#fragment`.
    Text(&'a str),
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
    if !["{%", "{{", "{:"].iter().any(|mark| body.contains(mark)) {
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
    };
    walker.walk()
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
            let is_tag = *byte == b'{' && self.tag().is_some();
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

    /// Writes code as it is; in Jekyll's without what only kept its tags from being read.
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
            (b':', _) if self.kind != Kind::Html => self.attributes(),
            _ => None,
        }
    }

    /// `{% name … %}`
    fn liquid(&mut self) -> Option<()> {
        let (close, end) = self.inside(self.at + 2, "%}")?;
        let inner = self.body[self.at + 2..close].trim_matches('-').trim();
        if inner.contains("{%") {
            return None;
        }
        let length = inner.find(|letter: char| letter.is_whitespace() || letter == '(').unwrap_or(inner.len());
        let (name, rest) = inner.split_at(length);
        let rest = rest.trim();
        match name {
            "highlight" => {
                let (code, after) = self.block(end, "{%", "endhighlight", "%}")?;
                let language = rest.split_whitespace().next().unwrap_or_default();
                self.put_code(language, code, after)
            }
            "raw" | "verbatim" => {
                let (inner, after) = self.block(end, "{%", &format!("end{name}"), "%}")?;
                let inner = self.body[inner].to_owned();
                self.put(&inner, after)
            }
            "comment" => {
                let (_, after) = self.block(end, "{%", "endcomment", "%}")?;
                self.put("", after)
            }
            "post_url" => self.put_address(Wanted::Post(rest), "{% post_url %}", end),
            "link" => self.put_address(Wanted::File(rest), "{% link %}", end),
            "include" | "include_relative" => {
                let file = rest.split_whitespace().next().unwrap_or_default();
                self.leave(format!("{{% {name} {} %}}", short(file)), end)
            }
            "" | "else" | "elsif" | "when" => None,
            _ if name.starts_with("end") => None,
            _ => self.leave(format!("{{% {} %}}", short(name)), end),
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

    fn put_address(&mut self, wanted: Wanted<'_>, name: &str, end: usize) -> Option<()> {
        match (self.lead)(wanted) {
            Some(address) => self.put(&links::encode(&address), end),
            None => self.leave(name.to_owned(), end),
        }
    }

    /// `{{< name … >}}`, `{{% name … %}}`
    fn shortcode(&mut self, closing: &'static str) -> Option<()> {
        let (close, end) = self.inside(self.at + 3, closing)?;
        let opening = &self.body[self.at..self.at + 3];
        let inner = self.body[self.at + 3..close].trim();
        if inner.contains("{{") {
            return None;
        }
        if let Some(shown) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
            // What Hugo shows as it stands.
            return self.put(&format!("{opening}{shown}{closing}"), end);
        }
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let length = inner.find(char::is_whitespace).unwrap_or(inner.len());
        let (name, rest) = inner.split_at(length);
        if name.is_empty() || name.starts_with('/') {
            return None;
        }
        let arguments = arguments(rest);
        let of = |key: &str, place: usize| value(&arguments, key, place);
        let left = format!("{opening} {} {closing}", short(name));
        match name {
            "figure" | "youtube" | "vimeo" if self.kind != Kind::Html => match shown(name, &arguments) {
                Some(shown) => self.put_block(&shown, end),
                None => self.leave(left, end),
            },
            "ref" | "relref" => self.put_address(Wanted::Text(of("path", 0)?), &left, end),
            "highlight" => {
                let (code, after) = self.block(end, opening, "/highlight", closing)?;
                self.put_code(of("lang", 0).or(of("type", 0)).unwrap_or_default(), code, after)
            }
            "comment" => {
                let (_, after) = self.block(end, opening, "/comment", closing)?;
                self.put("", after)
            }
            _ => self.leave(left, end),
        }
    }

    /// `{{ … }}` of Jekyll's, Eleventy's and Zola's.
    fn output(&mut self) -> Option<()> {
        let (close, end) = self.inside(self.at + 2, "}}")?;
        let inner = self.body[self.at + 2..close].trim_matches('-').trim();
        if inner.is_empty() || inner.contains('{') {
            return None;
        }
        if matches!(inner, "site.baseurl" | "site.url" | "site.github.url") {
            let goes_on = self.body[end..].starts_with(['/', '{']);
            let site = if goes_on { None } else { Some((self.lead)(Wanted::Site).unwrap_or_else(|| "/".to_owned())) };
            return self.put(&site.unwrap_or_default(), end);
        }
        if let Some(path) = filtered(inner) {
            return self.put(&links::encode(&format!("/{}", path.trim_start_matches('/'))), end);
        }
        let called = inner.strip_suffix(')').and_then(|call| call.split_once('('));
        if self.kind != Kind::Html
            && let Some((name, inside)) = called
            && let Some(shown) = shown(name.trim(), &arguments(inside))
        {
            return self.put_block(&shown, end);
        }
        let length = inner.find(|letter: char| letter.is_whitespace() || matches!(letter, '(' | '|'));
        self.leave(format!("{{{{ {} }}}}", short(&inner[..length.unwrap_or(inner.len())])), end)
    }

    /// kramdown's `{: .class #id key="value"}`, at a line of its own or behind what it is about.
    fn attributes(&mut self) -> Option<()> {
        let length =
            self.body[self.at..].bytes().take(200).take_while(|byte| *byte != b'\n').position(|it| it == b'}')?;
        let start = self.line_start()?;
        let (inner, end) = (&self.body[self.at + 2..self.at + length], self.at + length + 1);
        let rest = &self.body[end..self.line.1];
        let is_alone = self.body[start..self.at].trim_matches([' ', '\t', '>']).is_empty() && rest.trim().is_empty();
        let is_behind = self.body[start..self.at].ends_with(|letter: char| !letter.is_whitespace());
        let arguments = arguments(inner);
        let is_one = |(key, value): &(Option<&str>, String)| {
            key.is_some() || value.starts_with(['.', '#']) && value.len() > 1 || is_alone && value == "toc"
        };
        if arguments.is_empty() || !arguments.iter().all(is_one) || !(is_alone || is_behind) {
            return None;
        }
        if !is_alone {
            return self.put("", end);
        }
        let is_toc = arguments.iter().any(|(_, value)| value == "toc");
        self.at = start.max(self.done);
        self.put("", end)?;
        if is_toc && !self.has_contents {
            self.has_contents = true;
            let before = self.out.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
            let item = self.out[before..].trim();
            if without_mark(item).len() < item.len() {
                // The list of the headings takes its place.
                self.out.truncate(before);
            }
        }
        // Between two lines, it parts them.
        if is_blank_at(&self.body[self.line.1..]) || self.out.is_empty() || self.out.ends_with("\n\n") {
            self.at = self.line.1;
            self.done = self.at;
        }
        Some(())
    }

    /// Puts code between fences that are longer than any row of backticks in it.
    fn put_code(&mut self, language: &str, code: Range<usize>, end: usize) -> Option<()> {
        let is_name = |letter: char| letter.is_alphanumeric() || "+-#_.".contains(letter);
        let language = if language.chars().all(is_name) { language } else { "" };
        let code = self.body[code].trim_start_matches([' ', '\t', '\r']);
        let code = code.strip_prefix('\n').unwrap_or(code).trim_end();
        if self.kind == Kind::Html {
            let class = if language.is_empty() { String::new() } else { format!(" class=\"language-{language}\"") };
            return self.put(&format!("<pre><code{class}>{}</code></pre>", escaped(code)), end);
        }
        let (_, margin) = self.margin();
        let quote = margin.trim();
        let code = code.strip_suffix(quote).map_or(code, str::trim_end);
        let is_within =
            |line: &str| line.trim().is_empty() || line.starts_with(&margin) || line.trim_end() == margin.trim_end();
        let is_within = code.lines().all(is_within);
        let line = |line| if is_within { str::strip_prefix(line, margin.as_str()).unwrap_or_default() } else { line };
        let lines: Vec<&str> = code.lines().map(line).collect();
        let code = lines.join("\n");
        let ticks = code.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(ticks.max(2) + 1);
        self.put_block(&format!("{fence}{language}\n{code}\n{fence}"), end)
    }

    /// What stands before a tag in its line, if that is nothing but the margin of a quotation or a list; and what stands there in
    /// the next lines.
    fn margin(&mut self) -> (bool, String) {
        let Some(start) = self.line_start() else { return (false, String::new()) };
        let before = &self.body[start..self.at];
        let inner = before.trim_start_matches([' ', '\t', '>']);
        let margin = &before[..before.len() - inner.len()];
        if !without_mark(inner).is_empty() {
            return (false, String::new());
        }
        (true, format!("{margin}{}", " ".repeat(inner.len())))
    }

    /// Puts a paragraph of its own.
    fn put_block(&mut self, block: &str, end: usize) -> Option<()> {
        if self.kind == Kind::Html {
            return self.put(block, end);
        }
        let (is_first, margin) = self.margin();
        let Some(start) = self.line_start() else { return self.put(&format!("\n\n{block}\n\n"), end) };
        if self.body[start..self.at].trim_start().starts_with('|') {
            // In a table there is no other line.
            return self.put(&block.replace('\n', " "), end);
        }
        let is_blank = |line: &str| line.trim_matches([' ', '\t', '>', '\r', '\n']).is_empty();
        let before = &self.body[start..self.at];
        let above = self.body[..start].lines().next_back().unwrap_or_default();
        let mut text = String::new();
        if !is_first {
            text.push_str("\n\n");
        } else if is_blank(before) && !is_blank(above) {
            text.push_str(&format!("\n{margin}"));
        }
        text.push_str(&block.replace('\n', &format!("\n{margin}")));
        let rest = self.body[end..].split('\n').next().unwrap_or_default();
        let below = self.body.get(end + rest.len() + 1..).unwrap_or_default();
        let mut end = end;
        if !rest.trim().is_empty() {
            text.push_str(&format!("\n{}\n{margin}", margin.trim_end()));
            end += rest.len() - rest.trim_start().len();
        } else if !is_blank_at(below) {
            text.push_str(&format!("\n{}", margin.trim_end()));
        }
        self.put(&text, end)
    }
}

/// A line without the mark of a list's item.
fn without_mark(line: &str) -> &str {
    let after = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let rest =
        if after.len() < line.len() { after.strip_prefix(['.', ')']) } else { line.strip_prefix(['-', '*', '+']) };
    rest.and_then(|rest| rest.strip_prefix(' ')).map_or(line, str::trim_start)
}

/// Whether a text begins with a blank line.
fn is_blank_at(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '\t', '>', '\r']);
    rest.is_empty() || rest.starts_with('\n')
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

/// The path in `"/x" | relative_url` and the like; none where something else happens to it.
fn filtered(inner: &str) -> Option<String> {
    let mut parts = inner.split('|').map(str::trim);
    let path = parts.next()?;
    let quote = path.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let path = path.strip_prefix(quote)?.strip_suffix(quote)?;
    let known = ["relative_url", "absolute_url", "url", "prepend: site.baseurl", "prepend: site.url"];
    let (mut filters, is_known) = (0, |filter: &str| known.contains(&filter));
    let are_known = parts.all(|filter| {
        filters += 1;
        is_known(filter)
    });
    (are_known && filters > 0 && !path.contains("://")).then(|| path.to_owned())
}

/// What a tag is given: `"a" key=value key="a value"`, with blanks or commas between.
fn arguments(text: &str) -> Vec<(Option<&str>, String)> {
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
fn value<'v>(arguments: &'v [(Option<&str>, String)], key: &str, place: usize) -> Option<&'v str> {
    let named = arguments.iter().find(|(name, _)| *name == Some(key));
    let placed = || arguments.iter().filter(|(name, _)| name.is_none()).nth(place);
    named.or_else(placed).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// A picture or a video as Markdown.
fn shown(name: &str, arguments: &[(Option<&str>, String)]) -> Option<String> {
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
        "figure" | "image" | "img" | "resize_image" => {
            let source = of("src").or(of("path")).or(of("url"))?;
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lead(wanted: Wanted<'_>) -> Option<String> {
        match wanted {
            Wanted::Post("2020-01-05-tea") => Some("/2020/01/05/tea.html".into()),
            Wanted::File(path) if path.ends_with("a.pdf") => Some(format!("/{path}")),
            Wanted::Text(path) if !path.contains("gone") => Some(format!("/posts/{}", path.replace(".md", ""))),
            _ => None,
        }
    }

    fn of(body: &str) -> String {
        turned(body, Kind::Markdown, &lead).body
    }

    #[test]
    fn jekylls_tags_become_markdown() {
        for (tags, markdown) in [
            ("{% highlight ruby linenos %}\nputs `a`\n\n  x\n{% endhighlight %}\n", "```ruby\nputs `a`\n\n  x\n```\n"),
            ("{%- highlight text -%}\n```\nx\n```\n{%- endhighlight -%}", "````text\n```\nx\n```\n````"),
            ("- a\n\n  {% highlight c %}\n  x;\n  {% endhighlight %}\n", "- a\n\n  ```c\n  x;\n  ```\n"),
            ("> {% highlight c %}\n> x;\n> {% endhighlight %}\n", "> ```c\n> x;\n> ```\n"),
            ("a {% raw %}{{ x }} {% y %}{% endraw %} b", "a {{ x }} {% y %} b"),
            ("a{% comment %} not {{ this }} {% endcomment %} b", "a b"),
            (
                "[t]({% post_url 2020-01-05-tea %}) [p]({{ site.baseurl }}{% link a.pdf %})",
                "[t](/2020/01/05/tea.html) [p](/a.pdf)",
            ),
            ("![x]({{ site.url }}{{ site.baseurl }}/a.png) [home]({{ site.url }})", "![x](/a.png) [home](/)"),
            (
                "[a]({{ \"/a b/\" | relative_url }}) [b]({{ 'b' | prepend: site.baseurl | absolute_url }})",
                "[a](/a%20b/) [b](/b)",
            ),
            ("# A\n{: .big #x}\n\n*b*{: .c} [d](e){:target=\"_blank\" rel='x y'}\n", "# A\n\n*b* [d](e)\n"),
            ("a\n{: .big}\nb\n", "a\n\nb\n"),
            ("x\n\n* TOC\n{:toc}\n\ny", "x\n\n\ny"),
        ] {
            assert_eq!(of(tags), markdown, "{tags}");
        }
    }

    #[test]
    fn hugos_and_zolas_tags_become_markdown() {
        let youtube = "<https://www.youtube.com/watch?v=w7Ft2ymGmfc>";
        for (tags, markdown) in [
            ("a\n{{< figure src=\"x.png\" alt=\"An x\" >}}\nb", "a\n\n![An x](x.png)\n\nb"),
            (
                "{{< figure\n  src=\"x.png\" title=\"Tea\" caption=\"A **hot** cup\" attr=\"Siti\" link=\"/t\" >}}",
                "[![](x.png \"Tea. A hot cup | Siti\")](/t)",
            ),
            ("1. {{% figure src=x.png %}}\n2. b", "1. ![](x.png)\n\n2. b"),
            ("{{< youtube w7Ft2ymGmfc >}}", youtube),
            (
                "Look: {{< youtube id=\"w7Ft2ymGmfc\" autoplay=\"true\" />}} Well.",
                &format!("Look: \n\n{youtube}\n\nWell."),
            ),
            ("{{% vimeo 146022717 %}}\n", "<https://vimeo.com/146022717>\n"),
            (
                "[a]({{< ref \"a.md\" >}}) [b]({{% relref path=\"b.md#c\" lang=\"en\" %}})",
                "[a](/posts/a) [b](/posts/b#c)",
            ),
            ("{{< highlight go \"linenos=table\" >}}\nx := 1\n{{< /highlight >}}", "```go\nx := 1\n```"),
            ("{{% highlight html %}}<b>{{% / highlight %}}", "```html\n<b>\n```"),
            ("{{</* youtube x */>}}", "{{< youtube x >}}"),
            ("{{ youtube(id=\"w7Ft2ymGmfc\", autoplay=true) }}", youtube),
            ("{{ image(src=\"a b.png\", alt='It\\'s') }}", "![It's](a%20b.png)"),
        ] {
            assert_eq!(of(tags), markdown, "{tags}");
        }
    }

    #[test]
    fn code_stays_as_it_is() {
        for code in [
            "```\n{{< youtube w7Ft2ymGmfc >}}\n{% raw %}\n```\n",
            "~~~~ liquid\n{% comment %}\n~~~\n{% endcomment %}\n~~~~\n",
            "- ```\n  {{ site.url }}\n\n  x\n  ```\n",
            "`{{ site.url }}` ``a ` {% raw %}``",
            "a\n\n    {{ site.url }}\n    {:.x}\n\nb",
            "a {:keyword 1} {: x} {:.}\n",
        ] {
            assert_eq!(turned(code, Kind::Markdown, &lead), Turned { body: code.to_owned(), left: vec![] }, "{code}");
        }
        let jekyll = |body| turned(body, Kind::Jekyll, &lead).body;
        assert_eq!(jekyll("`{% raw %}{{ x }}{% endraw %}`"), "`{{ x }}`");
        assert_eq!(jekyll("```\n{% raw %}\n{{ x }}\n{% endraw %}\n```\n"), "```\n{{ x }}\n```\n");
    }

    #[test]
    fn what_stays_is_named_once() {
        let left = |body| turned(body, Kind::Markdown, &lead).left;
        assert_eq!(
            left(
                "{% include youtube.html id=\"x\" %} {% gist 1 %} {% gist 2 %} {% if a %} {% endif %} {{ page.title | x }} \
                 {{< tweet 1 >}} {{< x >}}{{< /x >}} {{< youtube >}} [a]({{< ref \"gone.md\" >}}) {% post_url no %} {{ f(a=1) }}"
            ),
            [
                "{% include youtube.html %}",
                "{% gist %}",
                "{% if %}",
                "{{ page.title }}",
                "{{< tweet >}}",
                "{{< x >}}",
                "{{< youtube >}}",
                "{{< ref >}}",
                "{% post_url %}",
                "{{ f }}"
            ]
        );
    }

    #[test]
    fn html_keeps_its_form() {
        let html =
            "<a href=\"{{ site.url }}/x\">`{{ site.baseurl }}/y`</a>{% highlight c %}\na < b\n{% endhighlight %}";
        assert_eq!(
            turned(html, Kind::Html, &lead).body,
            "<a href=\"/x\">`/y`</a><pre><code class=\"language-c\">a &lt; b</code></pre>"
        );
    }

    #[test]
    fn a_text_of_nothing_but_tags_is_read_in_little_time() {
        let start = std::time::Instant::now();
        for part in [
            "{%",
            "{{",
            "{{<",
            "{% highlight x %}",
            "{{< highlight x >}}",
            "{% raw %}",
            "` `` ",
            "{{< ref ",
            "{:.",
            "{% a {% endraw",
        ] {
            of(&part.repeat(100_000));
        }
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }

    proptest! {
        #[test]
        fn no_text_panics_and_text_without_tags_stays(
            text in "(?s).{0,100}",
            body in "(\\{%|%\\}|\\{\\{<?|>?\\}\\}|\\{:|raw|endraw|highlight|/| |\n|figure|src=|x|\"|'|`|\\.|>|é|- |toc\\}){0,40}",
        ) {
            if !text.contains('{') {
                prop_assert_eq!(of(&text), text);
            }
            for kind in [Kind::Markdown, Kind::Jekyll, Kind::Html] {
                turned(&body, kind, &lead);
            }
        }
    }
}
