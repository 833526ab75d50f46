//! Lines of text: emphasis, links, code and pictures in it, checked by reading the Markdown again.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Writer, absolute, escape, short};
use crate::{
    model::remark::remark,
    text::{
        dom::{Data, Dom},
        video,
    },
};

/// Elements that Markdown has no sign for, and that are written as they are; with the attribute that belongs to each.
const KEPT: &[(&str, &str)] = &[
    ("abbr", "title"),
    ("bdi", "dir"),
    ("bdo", "dir"),
    ("cite", ""),
    ("dfn", "title"),
    ("ins", ""),
    ("kbd", ""),
    ("mark", ""),
    ("q", ""),
    ("rp", ""),
    ("rt", ""),
    ("ruby", ""),
    ("samp", ""),
    ("small", ""),
    ("sub", ""),
    ("sup", ""),
    ("time", "datetime"),
    ("u", ""),
    ("var", ""),
];

/// Elements without words of their own: what is left of them is told.
const DROPPED: &[&str] = &[
    "script", "style", "template", "svg", "canvas", "select", "textarea", "title", "noembed", "noframes", "xmp", "head",
];

/// Stands around a formula where it is told what a line says: the same signs may be words.
const FORMULA: &str = "\u{1}";

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Paragraph,
    Heading(usize),
    Cell,
}

/// What stands around a run of text, outermost first.
#[derive(Clone, Default)]
pub(super) struct Wrap(Vec<Mark>);

impl Wrap {
    /// This, with an inline element that holds blocks.
    pub(super) fn within(&self, dom: &Dom, id: usize) -> Self {
        let mut wrap = self.clone();
        wrap.0.extend(mark_of(dom, id).filter(|mark| !self.0.contains(mark) && self.0.len() < 8));
        wrap
    }
}

/// Something that stands around words.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mark {
    Strong,
    Emphasis,
    Deleted,
    Link { to: String, title: String },
    Element(&'static str, String),
}

impl Mark {
    fn sign(&self) -> &'static str {
        match self {
            Self::Strong => "**",
            Self::Emphasis => "*",
            Self::Deleted => "~~",
            Self::Link { .. } | Self::Element(..) => "",
        }
    }

    /// The element, for where signs would not be read.
    fn element(&self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Emphasis => "em",
            Self::Deleted => "del",
            Self::Link { .. } => "a",
            Self::Element(name, _) => name,
        }
    }
}

fn mark_of(dom: &Dom, id: usize) -> Option<Mark> {
    match dom.name(id) {
        "b" | "strong" => Some(Mark::Strong),
        "i" | "em" => Some(Mark::Emphasis),
        "del" | "s" | "strike" => Some(Mark::Deleted),
        "a" => {
            let to = absolute(dom.attribute(id, "href")?.trim());
            let title = dom.attribute(id, "title").unwrap_or_default().trim().to_owned();
            (!to.is_empty() && escape::is_followed(&to)).then_some(Mark::Link { to, title })
        }
        "acronym" => Some(Mark::Element("abbr", attribute(dom, id, "title"))),
        "span" => {
            let style = dom.attribute(id, "style")?.replace(' ', "").to_ascii_lowercase();
            // Old editors wrote so.
            if style.contains("font-weight:bold") || style.contains("font-weight:700") {
                Some(Mark::Strong)
            } else if style.contains("font-style:italic") {
                Some(Mark::Emphasis)
            } else {
                None
            }
        }
        name => {
            let (name, kept) = KEPT.iter().find(|(known, _)| *known == name)?;
            Some(Mark::Element(name, attribute(dom, id, kept)))
        }
    }
}

fn attribute(dom: &Dom, id: usize, name: &str) -> String {
    let Some(value) = dom.attribute(id, name).filter(|_| !name.is_empty()) else { return String::new() };
    let mut out = format!(" {name}=\"");
    crate::text::tags::escape(&mut out, &value.split_whitespace().collect::<Vec<_>>().join(" "));
    out.push('"');
    out
}

#[derive(Clone, Debug)]
enum Token {
    Words(String),
    Space,
    Break,
    Open(Mark),
    Close(Mark),
    /// Markdown as it is, and what it says.
    Ready {
        markdown: String,
        says: String,
        is_picture: bool,
    },
}

impl Writer<'_> {
    /// The paragraphs that a run of inline nodes makes, of which only [`Place::Paragraph`] has more than one.
    pub(super) fn inline(&mut self, nodes: &[usize], wrap: &Wrap, place: Place) -> Vec<String> {
        let mut tokens = Vec::new();
        for mark in &wrap.0 {
            tokens.push(Token::Open(mark.clone()));
        }
        self.tokens(nodes, &mut tokens);
        for mark in wrap.0.iter().rev() {
            tokens.push(Token::Close(mark.clone()));
        }
        let mut paragraphs = split(&tidied(tokens), place);
        if place == Place::Paragraph {
            paragraphs = paragraphs.into_iter().flat_map(apart).map(watched).collect();
        }
        paragraphs.into_iter().filter_map(|tokens| written(&tokens, place)).collect()
    }

    /// The tokens of nodes and all in them, in the order of the text.
    fn tokens(&mut self, nodes: &[usize], tokens: &mut Vec<Token>) {
        enum Step {
            Node(usize),
            Close(Mark),
        }
        let mut open: Vec<Mark> = tokens
            .iter()
            .filter_map(|token| if let Token::Open(mark) = token { Some(mark.clone()) } else { None })
            .collect();
        let mut next: Vec<Step> = nodes.iter().rev().map(|id| Step::Node(*id)).collect();
        while let Some(step) = next.pop() {
            let id = match step {
                Step::Close(mark) => {
                    open.pop();
                    tokens.push(Token::Close(mark));
                    continue;
                }
                Step::Node(id) => id,
            };
            match self.dom.data(id) {
                Some(Data::Text(text)) => words(text, tokens),
                Some(Data::Element(..)) => {
                    if self.is_whole(id, tokens, &open) {
                        continue;
                    }
                    let mark = mark_of(self.dom, id).filter(|mark| {
                        let is_link = matches!(mark, Mark::Link { .. });
                        open.iter().all(|other| other != mark && !(is_link && matches!(other, Mark::Link { .. })))
                            && open.len() < 16
                            && !self.notes.is_around(id)
                    });
                    if let Some(mark) = mark {
                        tokens.push(Token::Open(mark.clone()));
                        next.push(Step::Close(mark.clone()));
                        open.push(mark);
                    }
                    next.extend(self.dom.children(id).iter().rev().map(|id| Step::Node(*id)));
                }
                _ => {}
            }
        }
    }

    /// Writes an element that is one token, or none; `false` when what is in it is to be looked at.
    fn is_whole(&mut self, id: usize, tokens: &mut Vec<Token>, open: &[Mark]) -> bool {
        let dom = self.dom;
        let name = dom.name(id);
        let ready = |markdown: String, says: String| Token::Ready { markdown, says, is_picture: false };
        match name {
            "br" => tokens.push(Token::Break),
            // The picture before it, once more.
            "noscript" if matches!(tokens.last(), Some(Token::Ready { is_picture: true, .. })) => {}
            "wbr" => {}
            "img" => tokens.extend(self.picture(id)),
            "code" | "tt" | "kbd"
                if dom.children(id).iter().all(|child| dom.name(*child).is_empty()) && name != "kbd" =>
            {
                tokens.extend(code(&dom.text(id)));
            }
            "code" | "tt" => {
                self.name_elements(id);
                return false;
            }
            "a" if self.notes.mark(id).is_some() => {
                let mark = format!("[^{}]", self.notes.mark(id).unwrap_or_default());
                tokens.push(ready(mark.clone(), mark));
            }
            "a" if self.notes.is_back(id) => {}
            "a" => {
                let name = ["id", "name"].into_iter().find_map(|name| dom.attribute(id, name));
                if let Some(name) = name.filter(|name| self.targets.contains(*name)) {
                    let mut place = String::from("<a id=\"");
                    crate::text::tags::escape(&mut place, name);
                    tokens.push(ready(format!("{place}\"></a>"), String::new()));
                }
                let to = dom.attribute(id, "href").unwrap_or_default();
                if !escape::is_followed(to.trim()) {
                    self.lose(remark("lost-link").put("address", short(to)));
                }
                let is_nested = open.iter().any(|mark| matches!(mark, Mark::Link { .. }));
                if is_nested && !to.is_empty() {
                    self.lose(remark("lost-link-in-link").put("address", short(to)));
                }
                return false;
            }
            "input" | "button" | "meter" | "progress" => {
                if dom.attribute(id, "type") != Some("hidden") && dom.attribute(id, "type") != Some("checkbox") {
                    self.lose(remark("lost-form"));
                }
                return name == "input";
            }
            "math" => {
                let tex = dom
                    .named(id, "annotation")
                    .into_iter()
                    .find(|id| dom.attribute(*id, "encoding") == Some("application/x-tex"));
                match tex.map(|id| dom.text(id).trim().to_owned()).filter(|tex| !tex.is_empty() && !tex.contains('$')) {
                    Some(tex) => {
                        let sign = if dom.attribute(id, "display") == Some("block") { "$$" } else { "$" };
                        let formula = format!("{sign}{tex}{sign}");
                        let says = [FORMULA, &formula, FORMULA].concat();
                        tokens.push(ready(formula, says));
                    }
                    None => {
                        self.lose(remark("lost-formula"));
                        return false;
                    }
                }
            }
            _ if DROPPED.contains(&name) => {
                let is_wanted = !matches!(name, "style" | "title" | "template" | "head");
                if is_wanted {
                    self.lose(match dom.attribute(id, "src") {
                        Some(src) => remark("lost-element-of").put("name", name).put("address", short(src)),
                        None => remark("lost-element").put("name", name),
                    });
                }
            }
            _ => return false,
        }
        true
    }

    /// A picture in a line.
    fn picture(&mut self, id: usize) -> Option<Token> {
        let (source, alt) = self.shown(id)?;
        // Faces that were pictures are letters again.
        if ["wp-smiley", "emoji"].iter().any(|class| self.dom.has_class(id, class)) && !alt.is_empty() {
            return Some(Token::Words(alt));
        }
        let markdown = format!("![{}]({})", escape::all(&alt), escape::address(&source));
        Some(Token::Ready { markdown, says: String::new(), is_picture: true })
    }

    /// Address and words of a picture that can be shown.
    pub(super) fn shown(&mut self, id: usize) -> Option<(String, String)> {
        let dom = self.dom;
        let size = |name| dom.attribute(id, name).and_then(|value| value.trim().parse::<u32>().ok());
        // What counts readers is no picture.
        if size("width").is_some_and(|width| width <= 1) && size("height").is_some_and(|height| height <= 1) {
            return None;
        }
        let is_real = |address: &&str| !address.trim().is_empty() && !address.trim_start().starts_with("data:");
        let later = ["data-orig-file", "data-src", "data-lazy-src", "src"];
        let source = later.into_iter().find_map(|name| {
            let address = dom.attribute(id, name).filter(is_real)?;
            Some(absolute(address.trim())).filter(|address| escape::is_followed(address))
        });
        let alt = dom.attribute(id, "alt").unwrap_or_default();
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        match source {
            Some(source) => Some((source, alt)),
            None => {
                self.lose(if alt.is_empty() {
                    remark("lost-picture-no-address")
                } else {
                    remark("lost-picture").put("picture", short(&alt))
                });
                None
            }
        }
    }
}

fn words(text: &str, tokens: &mut Vec<Token>) {
    let is_gap = |c: char| c.is_ascii_whitespace();
    let mut rest = text;
    while !rest.is_empty() {
        let after = rest.trim_start_matches(is_gap);
        if after.len() < rest.len() {
            tokens.push(Token::Space);
        }
        let end = after.find(is_gap).unwrap_or(after.len());
        let (word, behind) = after.split_at(end);
        if !word.is_empty() {
            tokens.push(Token::Words(word.to_owned()));
        }
        rest = behind;
    }
}

fn code(text: &str) -> Option<Token> {
    let line = text.replace('\n', " ");
    if line.trim().is_empty() {
        return None;
    }
    let signs = "`".repeat(escape::longest_run(&line, '`') + 1);
    let pad = if line.starts_with(['`', ' ']) || line.ends_with(['`', ' ']) { " " } else { "" };
    Some(Token::Ready { markdown: format!("{signs}{pad}{line}{pad}{signs}"), says: line, is_picture: false })
}

/// Tokens with single spaces, those moved out of marks, and without marks around nothing.
fn tidied(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut waiting: Vec<Mark> = Vec::new();
    let mut has_space = false;
    for token in tokens {
        match token {
            Token::Space => has_space = true,
            Token::Open(mark) => waiting.push(mark),
            Token::Close(mark) => {
                if waiting.pop().is_none() {
                    out.push(Token::Close(mark));
                }
            }
            Token::Break => {
                has_space = false;
                out.push(Token::Break);
            }
            Token::Words(more) if has_space && waiting.is_empty() && matches!(out.last(), Some(Token::Words(_))) => {
                has_space = false;
                if let Some(Token::Words(before)) = out.last_mut() {
                    before.extend([" ", &more]);
                }
            }
            content => {
                if has_space && !matches!(out.last(), None | Some(Token::Break)) {
                    out.push(Token::Space);
                }
                has_space = false;
                for mark in waiting.drain(..) {
                    // `**a****b**` is one word.
                    match out.last() {
                        Some(Token::Close(last)) if *last == mark && !matches!(mark, Mark::Element(..)) => {
                            out.pop();
                        }
                        _ => out.push(Token::Open(mark)),
                    }
                }
                match (out.last_mut(), content) {
                    (Some(Token::Words(before)), Token::Words(more)) => before.push_str(&more),
                    (_, content) => out.push(content),
                }
            }
        }
    }
    out
}

/// Two breaks and more part paragraphs; marks that are open there are closed and opened again.
fn split(tokens: &[Token], place: Place) -> Vec<Vec<Token>> {
    let mut all = vec![Vec::new()];
    let mut open: Vec<Mark> = Vec::new();
    let mut breaks = 0;
    for token in tokens {
        match token {
            Token::Break => {
                breaks += 1;
                continue;
            }
            // A mark that ends after breaks ends before them.
            Token::Close(mark) => {
                open.pop();
                if let Some(paragraph) = all.last_mut() {
                    match paragraph.last() {
                        Some(Token::Open(_)) => {
                            paragraph.pop();
                        }
                        _ => paragraph.push(Token::Close(mark.clone())),
                    }
                }
                continue;
            }
            Token::Space if breaks > 0 => continue,
            _ => {}
        }
        let is_first = all.last().is_none_or(|paragraph| paragraph.iter().all(|token| matches!(token, Token::Open(_))));
        if breaks > 1 && place == Place::Paragraph && !is_first {
            if let Some(paragraph) = all.last_mut() {
                paragraph.extend(open.iter().rev().cloned().map(Token::Close));
            }
            all.push(open.iter().cloned().map(Token::Open).collect());
        } else if breaks > 0
            && !is_first
            && let Some(paragraph) = all.last_mut()
        {
            paragraph.push(Token::Break);
        }
        breaks = 0;
        if let Token::Open(mark) = token {
            open.push(mark.clone());
        }
        if let Some(paragraph) = all.last_mut() {
            paragraph.push(token.clone());
        }
    }
    all
}

/// Pictures alone in a paragraph as one each: beside each other they would be a gallery.
fn apart(tokens: Vec<Token>) -> Vec<Vec<Token>> {
    if !tokens.iter().any(|token| matches!(token, Token::Space | Token::Break)) || !is_of_pictures(&tokens) {
        return vec![tokens];
    }
    let is_gap = |token: &Token| matches!(token, Token::Space | Token::Break);
    let apart: Vec<Token> = tokens
        .into_iter()
        .flat_map(|token| if is_gap(&token) { vec![Token::Break, Token::Break] } else { vec![token] })
        .collect();
    split(&apart, Place::Paragraph)
}

fn is_of_pictures(tokens: &[Token]) -> bool {
    tokens.iter().all(|token| match token {
        Token::Words(_) => false,
        Token::Ready { is_picture, .. } => *is_picture,
        _ => true,
    })
}

/// A film that stands alone, at an address by which it is known as one: its host answers over TLS, too.
fn watched(mut tokens: Vec<Token>) -> Vec<Token> {
    let secure = |address: &str| {
        let address = format!("https://{}", address.strip_prefix("http://")?);
        video::player(&address).map(|_| address)
    };
    match tokens.as_mut_slice() {
        [Token::Words(words)] => {
            if let Some(address) = secure(words) {
                *words = address;
            }
        }
        [Token::Open(Mark::Link { to, .. }), Token::Words(words), Token::Close(Mark::Link { to: end, .. })] => {
            if let Some(address) = secure(to) {
                if words == to {
                    words.clone_from(&address);
                }
                end.clone_from(&address);
                *to = address;
            }
        }
        _ => {}
    }
    tokens
}

/// A paragraph's Markdown: the plainest of its spellings that is read as what it should say.
fn written(tokens: &[Token], place: Place) -> Option<String> {
    // What only kept a line open says nothing.
    let has_words = tokens.iter().any(|token| match token {
        Token::Words(words) => place == Place::Cell || !words.trim().is_empty(),
        Token::Ready { .. } => true,
        _ => false,
    });
    if !has_words {
        return None;
    }
    let says = said(tokens);
    let mut text = String::new();
    for spelling in [Spelling::Plain, Spelling::Careful, Spelling::Html] {
        text = spelled(tokens, place, spelling);
        if spelling == Spelling::Html || read(&text) == says {
            break;
        }
    }
    Some(match place {
        Place::Cell => text.replace('|', "\\|"),
        Place::Heading(level) => format!("{} {text}", "#".repeat(level.clamp(1, 6))),
        Place::Paragraph => text,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// Signs where they are read as such, and no more escapes than that needs.
    Plain,
    /// Elements for signs, and every sign in words escaped.
    Careful,
    /// As careful, with references for what begins a block.
    Html,
}

fn spelled(tokens: &[Token], place: Place, spelling: Spelling) -> String {
    let pictures_only = place == Place::Paragraph && is_of_pictures(tokens);
    let mut out = String::new();
    let mut line = 0;
    let mut as_elements: Vec<bool> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = out.chars().next_back().filter(|c| *c != '\n');
        let after = tokens.get(at + 1);
        match token {
            Token::Space => out.push(' '),
            Token::Break if place == Place::Paragraph => out.push_str("\\\n"),
            Token::Break => out.push_str("<br>"),
            // Two runs of code side by side would be read as one.
            Token::Ready { markdown, says, .. } if markdown.starts_with('`') && out.ends_with('`') => {
                out.extend(["<code>", &escape::all(says), "</code>"]);
            }
            Token::Ready { markdown, .. } => out.push_str(markdown),
            Token::Words(words) => {
                let mut text = match spelling {
                    Spelling::Plain => escape::some(words, before, after.and_then(first_letter)),
                    _ => escape::all(words),
                };
                if out.len() == line && place == Place::Paragraph && spelling == Spelling::Plain {
                    text = escape::line(&text);
                } else if out.len() == line && spelling == Spelling::Plain && text.ends_with('#') {
                    text = escape::all(words);
                } else if spelling == Spelling::Html
                    && out.len() == line
                    && let Some(first) = words.chars().next()
                {
                    let rest = words.get(first.len_utf8()..).unwrap_or_default();
                    text = format!("&#{};{}", u32::from(first), escape::all(rest));
                }
                out.push_str(&text);
            }
            Token::Open(mark) => {
                let inner = after.and_then(first_letter);
                let is_safe = spelling == Spelling::Plain && is_safe_pair(tokens, at, before, inner);
                as_elements.push(!is_safe);
                match mark {
                    Mark::Link { .. } => out.push('['),
                    Mark::Element(name, attributes) => out.extend(["<", name, attributes, ">"]),
                    mark if is_safe => out.push_str(mark.sign()),
                    mark => out.extend(["<", mark.element(), ">"]),
                }
            }
            Token::Close(mark) => {
                let was_element = as_elements.pop().unwrap_or(true);
                match mark {
                    Mark::Link { to, title } => {
                        out.extend(["](", &escape::address(to)]);
                        if !title.is_empty() && !pictures_only {
                            out.extend([" \"", &escape::title(title), "\""]);
                        }
                        out.push(')');
                    }
                    Mark::Element(name, _) => out.extend(["</", name, ">"]),
                    mark if was_element => out.extend(["</", mark.element(), ">"]),
                    mark => out.push_str(mark.sign()),
                }
            }
        }
        if matches!(token, Token::Break) {
            line = out.len();
        }
    }
    out.trim_end().to_owned()
}

/// Whether the sign that opens at `at`, and the one that ends it, would be read as what they are.
fn is_safe_pair(tokens: &[Token], at: usize, before: Option<char>, inner: Option<char>) -> bool {
    let Some(Token::Open(mark)) = tokens.get(at) else { return false };
    if mark.sign().is_empty() {
        return true;
    }
    if matches!(at.checked_sub(1).and_then(|at| tokens.get(at)), Some(Token::Close(last)) if !last.sign().is_empty()) {
        return false;
    }
    let mut depth = 0_usize;
    let end = tokens.iter().enumerate().skip(at).find_map(|(index, token)| {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(index)
    });
    let Some(end) = end else { return false };
    let last = end.checked_sub(1).and_then(|at| tokens.get(at)).and_then(last_letter);
    let after = tokens.get(end + 1).and_then(first_letter);
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
    let is_gap = |c: Option<char>| c.is_none_or(char::is_whitespace);
    // A sign next to a letter on both sides, or with a gap outside.
    let opens = !is_gap(inner) && (is_word(inner) || !is_word(before));
    let closes = !is_gap(last) && (is_word(last) || !is_word(after));
    opens && closes
}

fn first_letter(token: &Token) -> Option<char> {
    match token {
        Token::Words(words) => words.chars().next(),
        Token::Ready { markdown, .. } => markdown.chars().next(),
        Token::Space | Token::Break => Some(' '),
        Token::Open(Mark::Link { .. }) => Some('['),
        Token::Open(Mark::Element(..)) => Some('<'),
        Token::Close(Mark::Link { .. }) => Some(']'),
        Token::Close(Mark::Element(..)) => Some('<'),
        Token::Open(_) | Token::Close(_) => Some('*'),
    }
}

fn last_letter(token: &Token) -> Option<char> {
    match token {
        Token::Words(words) => words.chars().next_back(),
        Token::Ready { markdown, .. } => markdown.chars().next_back(),
        Token::Close(Mark::Link { .. }) => Some(')'),
        Token::Close(Mark::Element(..)) => Some('>'),
        other => first_letter(other),
    }
}

/// What tokens say, without any gaps.
fn said(tokens: &[Token]) -> String {
    let mut says = String::new();
    for token in tokens {
        match token {
            Token::Words(text) | Token::Ready { says: text, .. } => says.push_str(text),
            _ => {}
        }
    }
    without_gaps(&says)
}

/// What Markdown says when it is read as one paragraph, without any gaps.
fn read(markdown: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_MATH;
    let mut says = String::new();
    let mut pictures = 0_usize;
    let mut paragraphs = 0;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Image { .. }) => pictures += 1,
            Event::End(TagEnd::Image) => pictures = pictures.saturating_sub(1),
            Event::Start(Tag::Paragraph) => paragraphs += 1,
            Event::Text(text) | Event::Code(text) if pictures == 0 => says.push_str(&text),
            Event::InlineMath(text) => says.extend([FORMULA, "$", &text, "$", FORMULA]),
            Event::DisplayMath(text) => says.extend([FORMULA, "$$", &text, "$$", FORMULA]),
            _ => {}
        }
    }
    // Whatever is more than one paragraph, or a block of another kind, is none.
    if paragraphs == 1 { without_gaps(&says) } else { "\n".to_owned() }
}

fn without_gaps(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
