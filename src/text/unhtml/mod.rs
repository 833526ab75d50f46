//! HTML of elsewhere as Markdown of here: clean where that keeps everything, else as sanitised HTML, else told of.

mod escape;
mod figure;
mod inline;
mod notes;
mod places;
mod table;

use std::collections::{HashMap, HashSet};

use super::{
    dom::{Data, Dom, is_block},
    highlight,
    markdown::{MAX_POST, is_slow_to_write},
    sanitise,
    tidy::tidy,
    video,
};
use crate::model::remark::{Remark, remark};
use inline::Wrap;

/// How deep quotes, lists and what is in them may be nested; what is deeper stands beside each other.
const MAX_DEPTH: usize = 24;

/// Where a text is cut in lists.
const JUMP: &str = "<!--more-->";

/// Ends what runs the other way.
const TURNED_END: &str = "</div>";

/// More that is lost in one text is counted, not named.
const MAX_LOST: usize = 50;

/// Elements in code that only mark words of it.
const OF_CODE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "big", "br", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
];

/// What became of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unhtml {
    /// The text.
    pub markdown: String,
    /// What could not be kept.
    pub lost: Vec<Remark>,
}

/// Turns HTML into Markdown that [`super::markdown::post`] draws with the same words.
pub fn markdown(html: &str) -> Unhtml {
    if html.len() > MAX_POST {
        let most = (0..=MAX_POST).rev().find(|at| html.is_char_boundary(*at)).unwrap_or_default();
        let beginning = html.get(..most).unwrap_or_default();
        // No tag, no word in two.
        let end = [beginning.rfind('<'), beginning.rfind(' ')].into_iter().flatten().max().unwrap_or(most);
        let mut made = markdown(beginning.get(..end).unwrap_or_default());
        made.lost.insert(0, remark("lost-text"));
        return made;
    }
    let mut dom = Dom::read(html);
    let notes = notes::Notes::of(&dom);
    let lost = places::lead(&mut dom, &notes);
    let mut writer = Writer::of(&dom, notes);
    for what in lost {
        writer.lose(what);
    }
    if dom.is_cut {
        writer.lose(remark("lost-nesting"));
    }
    let mut blocks = writer.blocks(Dom::ROOT, &Wrap::default(), 0);
    blocks.extend(writer.note_blocks());
    let mut markdown = joined(blocks);
    if !markdown.is_empty() {
        markdown.push('\n');
    }
    Unhtml { markdown, lost: writer.lost }
}

/// One block of Markdown.
struct Block {
    text: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Rule,
    /// A list with one of these two marks: its neighbour has the other.
    List {
        is_ordered: bool,
        is_second: bool,
    },
}

impl Block {
    fn text(text: String) -> Self {
        Self { text, kind: Kind::Text }
    }
}

fn joined(blocks: Vec<Block>) -> String {
    blocks.into_iter().map(|block| block.text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// `text` with every line but the first, and the first too where asked, behind `prefix`; empty lines get none of blanks.
fn behind(text: &str, first: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (index, line) in text.split('\n').enumerate() {
        let prefix = if index == 0 { first } else { prefix };
        if index > 0 {
            out.push('\n');
        }
        out.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        out.push_str(line);
    }
    out
}

struct Writer<'a> {
    dom: &'a Dom,
    /// For each node, whether something in it stands on lines of its own.
    holds_blocks: Vec<bool>,
    /// Ids that links of this text lead to.
    targets: HashSet<String>,
    notes: notes::Notes,
    /// The text of each footnote that was met.
    note_texts: HashMap<usize, String>,
    /// Captions and summaries that stand elsewhere already.
    told: HashSet<usize>,
    lost: Vec<Remark>,
    /// Whether what is looked at runs from right to left, by what its source says.
    is_rtl: bool,
}

impl<'a> Writer<'a> {
    fn of(dom: &'a Dom, notes: notes::Notes) -> Self {
        let mut holds_blocks = vec![false; dom.len()];
        let mut targets = HashSet::new();
        // Children have greater numbers than what they are in.
        for id in (1..dom.len()).rev() {
            let own = is_own_block(dom, id);
            if (own || holds_blocks.get(id) == Some(&true))
                && let Some(parent) = holds_blocks.get_mut(dom.parent(id))
            {
                *parent = true;
            }
            if let Some(to) = dom.attribute(id, "href").and_then(|href| href.strip_prefix('#')) {
                targets.insert(to.to_owned());
            }
        }
        Self {
            dom,
            holds_blocks,
            targets,
            notes,
            note_texts: HashMap::new(),
            told: HashSet::new(),
            lost: Vec::new(),
            is_rtl: false,
        }
    }

    fn lose(&mut self, what: Remark) {
        if self.lost.len() < MAX_LOST && !self.lost.contains(&what) {
            self.lost.push(what);
        }
    }

    /// Everything in a node as blocks; `wrap` is the emphasis and the links that stand around it.
    fn blocks(&mut self, id: usize, wrap: &Wrap, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut run = Vec::new();
        for &child in self.dom.children(id) {
            let is_mark = matches!(self.dom.data(child), Some(Data::Comment(text)) if text.trim() == "more");
            let holds = self.holds_blocks.get(child) == Some(&true);
            if !is_mark && !holds && !is_own_block(self.dom, child) {
                run.push(child);
                continue;
            }
            self.paragraphs(&mut run, wrap, &mut blocks);
            if is_mark {
                blocks.push(Block::text(JUMP.to_owned()));
            } else {
                let mut made = self.turned(child, wrap, depth, &blocks);
                // Neighbours that run the same way do so together.
                let is_more = made.first().is_some_and(|first| first.text.starts_with("<div dir="));
                if is_more && blocks.last().is_some_and(|last| last.text == TURNED_END) {
                    blocks.pop();
                    made.remove(0);
                }
                blocks.extend(made);
            }
        }
        self.paragraphs(&mut run, wrap, &mut blocks);
        blocks
    }

    fn paragraphs(&mut self, run: &mut Vec<usize>, wrap: &Wrap, blocks: &mut Vec<Block>) {
        let nodes = std::mem::take(run);
        blocks.extend(self.inline(&nodes, wrap, inline::Place::Paragraph).into_iter().map(Block::text));
    }

    /// A block that runs the other way than what is around it says so.
    fn turned(&mut self, id: usize, wrap: &Wrap, depth: usize, before: &[Block]) -> Vec<Block> {
        let direction = self.dom.attribute(id, "dir").unwrap_or_default().trim().to_ascii_lowercase();
        let is_rtl = match direction.as_str() {
            "rtl" => true,
            "ltr" => false,
            _ => self.is_rtl,
        };
        if is_rtl == self.is_rtl || matches!(self.dom.name(id), "table" | "figure" | "td" | "th" | "li") {
            return self.block(id, wrap, depth, before);
        }
        let around = std::mem::replace(&mut self.is_rtl, is_rtl);
        let mut blocks = self.block(id, wrap, depth, &[]);
        self.is_rtl = around;
        if blocks.iter().any(|block| !block.text.is_empty()) {
            let start = format!("<div dir=\"{direction}\">");
            // What is shown in lists ends on a line of its own.
            for block in blocks.iter_mut().filter(|block| block.text == JUMP && !around) {
                block.text = [TURNED_END, JUMP, &start].join("\n\n");
            }
            blocks.insert(0, Block::text(start));
            blocks.push(Block::text(TURNED_END.to_owned()));
        }
        blocks
    }

    fn block(&mut self, id: usize, wrap: &Wrap, depth: usize, before: &[Block]) -> Vec<Block> {
        if self.told.contains(&id) {
            return Vec::new();
        }
        if self.notes.is_text(id) {
            let text = joined(self.blocks(id, &Wrap::default(), depth + 1));
            self.note_texts.insert(id, text);
            return Vec::new();
        }
        let name = self.dom.name(id);
        let is_deep = depth >= MAX_DEPTH;
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(id, name, wrap, depth),
            "hr" => vec![Block { text: "---".to_owned(), kind: Kind::Rule }],
            "blockquote" if !is_deep => {
                let text = joined(self.blocks(id, wrap, depth + 1));
                if text.is_empty() { Vec::new() } else { vec![Block::text(behind(&text, "> ", "> "))] }
            }
            "pre" => vec![self.code_block(id)],
            "ul" | "ol" if self.is_gallery(id) => self.figure(id, wrap, depth),
            "ul" | "ol" | "menu" | "dir" if !is_deep => self.list(id, name == "ol", depth, before),
            "dl" => vec![self.raw(id)],
            "table" => self.table(id, wrap, depth),
            "figure" => self.figure(id, wrap, depth),
            "details" if !is_deep => self.details(id, depth),
            "video" | "audio" | "iframe" | "embed" | "object" => self.media(id).into_iter().collect(),
            _ => {
                let wrap = wrap.within(self.dom, id);
                let mut blocks = self.blocks(id, &wrap, depth);
                if self.notes.is_holder(id) {
                    blocks.retain(|block| block.kind != Kind::Rule);
                }
                blocks
            }
        }
    }

    fn heading(&mut self, id: usize, name: &str, wrap: &Wrap, depth: usize) -> Vec<Block> {
        // A table or a picture with a caption in a heading: it is none.
        if self.holds_blocks.get(id) == Some(&true) {
            return self.blocks(id, wrap, depth);
        }
        let level = name.get(1..).and_then(|level| level.parse().ok()).unwrap_or(1);
        let nodes = self.dom.children(id).to_vec();
        let text = self.inline(&nodes, wrap, inline::Place::Heading(level)).into_iter().next();
        text.map(Block::text).into_iter().collect()
    }

    /// Names the elements in code that may have been code themselves, or were more than words.
    fn name_elements(&mut self, id: usize) {
        for inner in self.dom.inside(id) {
            let name = self.dom.name(inner);
            if !name.is_empty() && !is_block(name) && !OF_CODE.contains(&name) {
                self.lose(remark("lost-element").put("name", short(name)));
            }
        }
    }

    fn code_block(&mut self, id: usize) -> Block {
        self.name_elements(id);
        let text = self.dom.text(id);
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end();
        let inner = self.dom.named(id, "code").into_iter().next();
        let language =
            [Some(id), inner].into_iter().flatten().find_map(|id| language(self.dom, id)).unwrap_or_default();
        let longest = escape::longest_run(text, '`');
        let fence = "`".repeat((longest + 1).max(3));
        Block::text(format!("{fence}{language}\n{text}\n{fence}"))
    }

    fn list(&mut self, id: usize, is_ordered: bool, depth: usize, before: &[Block]) -> Vec<Block> {
        let last = before.last().map(|block| block.kind);
        let is_second = matches!(last, Some(Kind::List { is_ordered: other, is_second: false }) if other == is_ordered);
        let mut number: u64 = self.dom.attribute(id, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        number = number.min(99_999_999);
        if self.dom.attribute(id, "reversed").is_some() {
            self.lose(remark("lost-countdown"));
        }
        let mut items: Vec<(String, bool)> = Vec::new();
        for &item in self.dom.children(id) {
            if self.notes.is_text(item) {
                self.block(item, &Wrap::default(), depth, &[]);
                continue;
            }
            // A list right in a list belongs to the item before it.
            let is_item = self.dom.name(item) == "li";
            let is_loose = self.dom.children(item).iter().any(|child| self.dom.name(*child) == "p");
            let task = self.task(item);
            let blocks = if is_item {
                self.blocks(item, &Wrap::default(), depth + 1)
            } else if self.holds_blocks.get(item) == Some(&true) || is_own_block(self.dom, item) {
                self.block(item, &Wrap::default(), depth + 1, &[])
            } else {
                let mut blocks = Vec::new();
                self.paragraphs(&mut vec![item], &Wrap::default(), &mut blocks);
                blocks
            };
            if !is_item && blocks.is_empty() {
                continue;
            }
            let (text, is_loose) = self.item(blocks, is_loose);
            let mark = match (is_ordered, is_second) {
                (false, false) => "- ".to_owned(),
                (false, true) => "* ".to_owned(),
                (true, false) => format!("{number}. "),
                (true, true) => format!("{number}) "),
            };
            number += 1;
            let text = format!("{}{text}", task.unwrap_or_default());
            items.push((behind(&text, &mark, &" ".repeat(mark.len())), is_loose));
        }
        if items.is_empty() {
            return Vec::new();
        }
        let between = if items.iter().any(|(_, is_loose)| *is_loose) { "\n\n" } else { "\n" };
        let text = items.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(between);
        vec![Block { text, kind: Kind::List { is_ordered, is_second } }]
    }

    /// An item's text, and whether it needs empty lines around its blocks.
    fn item(&self, blocks: Vec<Block>, is_loose: bool) -> (String, bool) {
        let is_tight = !is_loose
            && match blocks.as_slice() {
                [] | [_] => true,
                // A list that does not begin with one cannot follow a line of text at once.
                [one, list] => {
                    one.kind == Kind::Text
                        && !one.text.starts_with('<')
                        && matches!(list.kind, Kind::List { is_ordered, .. } if !is_ordered || list.text.starts_with("1. "))
                }
                _ => false,
            };
        if is_tight {
            (blocks.into_iter().map(|block| block.text).collect::<Vec<_>>().join("\n"), false)
        } else {
            (joined(blocks), true)
        }
    }

    /// The mark of a task, when an item begins with a box.
    fn task(&self, item: usize) -> Option<&'static str> {
        let inside = self.dom.inside(item);
        let input = inside.iter().copied().find(|id| match self.dom.data(*id) {
            Some(Data::Text(text)) => !text.trim().is_empty(),
            _ => self.dom.name(*id) == "input",
        })?;
        let is_box = self.dom.attribute(input, "type") == Some("checkbox");
        is_box.then(|| if self.dom.attribute(input, "checked").is_some() { "[x] " } else { "[ ] " })
    }

    fn details(&mut self, id: usize, depth: usize) -> Vec<Block> {
        let summary = self.dom.children(id).iter().copied().find(|child| self.dom.name(*child) == "summary");
        let mut open =
            String::from(if self.dom.attribute(id, "open").is_some() { "<details open>\n" } else { "<details>\n" });
        if let Some(summary) = summary {
            open.push_str(&self.raw(summary).text);
        }
        let mut blocks = vec![Block::text(open.trim_end().to_owned())];
        self.told.extend(summary);
        blocks.extend(self.blocks(id, &Wrap::default(), depth + 1));
        blocks.push(Block::text("</details>".to_owned()));
        blocks
    }

    /// What is played: a link that stands alone, which the blog knows what to make of.
    fn media(&mut self, id: usize) -> Option<Block> {
        let source = |id: usize| {
            ["src", "data", "data-src"].into_iter().find_map(|name| self.dom.attribute(id, name)).map(str::trim)
        };
        let inside = self.dom.inside(id);
        let address = std::iter::once(id).chain(inside).filter_map(source).find(|address| !address.is_empty());
        let name = self.dom.name(id);
        let Some(address) = address.map(absolute) else {
            self.lose(remark("lost-no-address").put("name", name));
            return None;
        };
        let watched = video::page(&address).unwrap_or_else(|| address.clone());
        if !escape::is_followed(&watched) {
            self.lose(remark("lost-address").put("name", name).put("address", short(&address)));
            return None;
        }
        let is_known = matches!(name, "video" | "audio") || video::player(&watched).is_some();
        if !is_known {
            self.lose(remark("lost-link-stands").put("name", name).put("address", short(&address)));
        }
        let title = self.dom.attribute(id, "title").map(str::trim).filter(|title| !title.is_empty());
        let fallback = match name {
            "video" | "audio" => {
                watched.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default()
            }
            _ => watched.as_str(),
        };
        if title.is_none() && fallback == watched && escape::is_plain(&watched) {
            return Some(Block::text(format!("<{watched}>")));
        }
        let words = title.unwrap_or(fallback);
        Some(Block::text(format!("[{}]({})", escape::all(words), escape::address(&watched))))
    }

    /// A node as HTML that stands in the Markdown as one block.
    fn raw(&mut self, id: usize) -> Block {
        let html = self.dom.html(id);
        let clean = tidy(&html, 60).ok().filter(|tidied| !is_slow_to_write(tidied));
        let Some(clean) = clean.map(|tidied| sanitise::draft_html(&tidied)) else {
            self.lose(remark("lost-element-deep").put("name", self.dom.name(id)));
            return Block::text(escape::all(&self.dom.text(id)));
        };
        let html = one_block(&clean);
        // What its parser moves before it would not begin a block.
        let is_block = html.is_empty() || html.starts_with(&format!("<{}", self.dom.name(id)));
        Block::text(if is_block { html } else { format!("<div>{html}</div>") })
    }
}

/// HTML without empty lines, which would end it; where they mean something they are spelled otherwise.
fn one_block(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut in_pre = false;
    for (index, line) in html.trim().split('\n').enumerate() {
        let is_empty = line.trim().is_empty();
        if index > 0 && in_pre {
            out.push_str(if is_empty { "&#10;" } else { "\n" });
        } else if index > 0 && !is_empty {
            out.push('\n');
        }
        if in_pre || !is_empty {
            out.push_str(if in_pre { line } else { line.trim_start() });
        }
        if let Some(at) = line.rfind("<pre") {
            in_pre = true;
            in_pre &= !line.get(at..).is_some_and(|after| after.contains("</pre>"));
        } else if line.contains("</pre>") {
            in_pre = false;
        }
    }
    out
}

/// Whether an element ends the line of text that it stands in.
fn is_own_block(dom: &Dom, id: usize) -> bool {
    let name = dom.name(id);
    is_block(name) || matches!(name, "iframe" | "embed" | "object" | "video" | "audio")
}

/// The language that code is in, by the ways that sites say it.
fn language(dom: &Dom, id: usize) -> Option<String> {
    let named = ["data-lang", "data-language", "lang"].into_iter().find_map(|name| dom.attribute(id, name));
    let classes = dom.attribute(id, "class").unwrap_or_default();
    let brush =
        classes.split_once("brush:").and_then(|(_, brush)| brush.split([';', ' ']).find(|part| !part.is_empty()));
    let class = classes
        .split_ascii_whitespace()
        .find_map(|class| class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-")));
    let name = class.or(brush).or(named.filter(|_| matches!(dom.name(id), "pre" | "code")))?;
    // As GeSHi calls it.
    highlight::language(if matches!(name, "html4strict" | "html5") { "html" } else { name })
}

/// An address without a scheme, of the kind that follows the page's, with one.
fn absolute(address: &str) -> String {
    if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() }
}

fn short(address: &str) -> String {
    address.chars().take(200).collect()
}

#[cfg(test)]
mod tests;
