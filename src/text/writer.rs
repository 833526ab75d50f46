//! HTML for each event of the Markdown parser, of posts and of comments.

use std::collections::HashMap;

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Tag, TagEnd};
use url::Url;

use super::{
    decorate::{MORE, TooLong},
    events::{alt_of, lone_link, pictures, up_to_end},
    highlight, math, plain, sanitise, tags, video,
};

/// Punctuation that no address is typed with.
const ENDS_ADDRESS: [char; 22] = [
    '。', '、', '，', '；', '：', '！', '？', '「', '」', '『', '』', '（', '）', '《', '》', '【', '】', '“', '”',
    '«', '»', '…',
];

/// Whose text it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A writer's: everything, raw HTML too, which the caller cleans.
    Post,
    /// A stranger's: a small part of Markdown, and raw HTML as it was typed.
    Comment,
    /// The owner's, at the foot of every page: the same, and links within the blog.
    Foot,
}

/// The HTML as far as it is written. A post's is not clean yet.
pub(super) struct Writer {
    pub(super) html: String,
    kind: Kind,
    max_bytes: usize,
    finder: LinkFinder,
    /// Whether a link is open, and whether it was written: some of a comment are not.
    link: Option<bool>,
    /// The place of the `more`, of which there is one.
    more: bool,
    alignments: Vec<Alignment>,
    /// The table's cell, counted in its row, and whether the row is the head.
    cell: usize,
    in_head: bool,
    /// Labels of the footnotes that are marked, in order.
    marked: Vec<String>,
    /// The number of each.
    numbers: HashMap<String, usize>,
}

impl Writer {
    pub(super) fn new(kind: Kind, max_bytes: usize) -> Self {
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]);
        Self {
            html: String::new(),
            kind,
            max_bytes,
            finder,
            link: None,
            more: false,
            alignments: Vec::new(),
            cell: 0,
            in_head: false,
            marked: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    /// Writes `events`, which are whole: each start has its end among them.
    pub(super) fn events(&mut self, events: &[Event<'_>]) -> Result<(), TooLong> {
        let mut rest = events;
        while let Some(event) = rest.first() {
            let taken = match event {
                Event::Start(tag) => self.start(tag, rest),
                Event::End(end) => {
                    self.end(end);
                    1
                }
                _ => {
                    self.inline(event);
                    1
                }
            };
            rest = rest.get(taken..).unwrap_or_default();
            if self.html.len() > self.max_bytes {
                return Err(TooLong);
            }
        }
        Ok(())
    }

    /// Writes the footnotes that were marked, each once, and those that they mark in turn.
    pub(super) fn footnotes(&mut self, texts: &HashMap<String, Vec<Event<'_>>>) -> Result<(), TooLong> {
        if self.marked.is_empty() {
            return Ok(());
        }
        self.html.push_str("<section class=\"footnotes\"><ol>\n");
        let mut next = 0;
        while let Some(label) = self.marked.get(next) {
            next += 1;
            let text = texts.get(label).map(Vec::as_slice).unwrap_or_default();
            self.html.push_str(&format!("<li id=\"fn-{next}\">"));
            self.events(text)?;
            let back = format!(" <a class=\"fn-back\" href=\"#fnref-{next}\">↩\u{fe0e}</a>");
            // On the last line of the text, where there is one.
            match self.html.strip_suffix("</p>\n").map(str::len) {
                Some(end) => self.html.insert_str(end, &back),
                None => self.html.push_str(&back),
            }
            self.html.push_str("</li>\n");
        }
        self.html.push_str("</ol></section>\n");
        Ok(())
    }

    /// Writes what begins with `tag`, the first of `events`; gives back how many of them are done.
    fn start(&mut self, tag: &Tag<'_>, events: &[Event<'_>]) -> usize {
        let post = self.kind == Kind::Post;
        match tag {
            Tag::Paragraph => match self.alone(events).filter(|_| post) {
                Some(taken) => return taken,
                None => self.html.push_str("<p>"),
            },
            Tag::Heading { .. } if !post => self.html.push_str("<p><strong>"),
            Tag::Heading { level, .. } => self.html.push_str(&format!("<{level}>")),
            Tag::BlockQuote(_) => self.html.push_str("<blockquote>\n"),
            Tag::CodeBlock(kind) => return self.code_block(kind, events),
            Tag::HtmlBlock => return self.html_block(events),
            Tag::List(None) => self.html.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.html.push_str("<ol>\n"),
            Tag::List(Some(first)) => self.html.push_str(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => self.html.push_str("<li>"),
            Tag::Table(alignments) => {
                self.alignments.clone_from(alignments);
                self.html.push_str("<table>");
            }
            Tag::TableHead => {
                (self.cell, self.in_head) = (0, true);
                self.html.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                (self.cell, self.in_head) = (0, false);
                self.html.push_str("<tr>");
            }
            Tag::TableCell => {
                let class = match self.alignments.get(self.cell) {
                    Some(Alignment::Left) => " class=\"left\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    Some(Alignment::Right) => " class=\"right\"",
                    Some(Alignment::None) | None => "",
                };
                self.cell += 1;
                self.html.extend(["<", self.cell_element(), class, ">"]);
            }
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                let email = if *link_type == LinkType::Email { "mailto:" } else { "" };
                let written = self.link_start(&format!("{email}{dest_url}"), title);
                self.link = Some(written);
            }
            Tag::Image { dest_url, title, .. } => {
                let inner = up_to_end(events, &TagEnd::Image);
                self.picture(dest_url, title, &alt_of(inner));
                return inner.len() + 2;
            }
            // Parted from the body before, or not switched on.
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
        1
    }

    fn end(&mut self, end: &TagEnd) {
        let tag = match end {
            TagEnd::Paragraph => "</p>\n",
            TagEnd::Heading(_) if self.kind != Kind::Post => "</strong></p>\n",
            TagEnd::Heading(level) => {
                self.html.push_str(&format!("</{level}>\n"));
                return;
            }
            TagEnd::BlockQuote(_) => "</blockquote>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::Table => "</tbody></table>\n",
            TagEnd::TableHead => "</tr></thead><tbody>\n",
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell if self.in_head => "</th>",
            TagEnd::TableCell => "</td>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            TagEnd::Link => match self.link.take() {
                Some(true) => "</a>",
                Some(false) | None => "",
            },
            _ => "",
        };
        self.html.push_str(tag);
    }

    fn inline(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) if self.link.is_some() => self.text(text),
            Event::Text(text) => self.text_with_links(text),
            Event::Code(code) => {
                self.html.push_str("<code>");
                self.text(code);
                self.html.push_str("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) if self.kind == Kind::Post => self.html.push_str(html),
            Event::Html(html) | Event::InlineHtml(html) => self.text(html),
            Event::FootnoteReference(label) => self.footnote_mark(label),
            Event::SoftBreak if self.kind == Kind::Post => self.html.push('\n'),
            Event::SoftBreak | Event::HardBreak => self.html.push_str("<br>\n"),
            // A stranger's rule would look like the page's own.
            Event::Rule if self.kind != Kind::Post => {}
            Event::Rule => self.html.push_str("<hr>\n"),
            Event::TaskListMarker(done) => {
                self.html.extend(["<span class=\"task\">", if *done { "☑" } else { "☐" }, "</span> "]);
            }
            Event::InlineMath(tex) => self.math(math::INLINE, tex),
            Event::DisplayMath(tex) => self.math(math::DISPLAY, tex),
            Event::Start(_) | Event::End(_) => {}
        }
    }

    /// Writes a formula as the code that it is drawn from in the end.
    fn math(&mut self, class: &str, tex: &str) {
        self.html.extend(["<code class=\"", class, "\">"]);
        self.text(tex);
        self.html.push_str("</code>");
    }

    fn cell_element(&self) -> &'static str {
        if self.in_head { "th" } else { "td" }
    }

    fn text(&mut self, text: &str) {
        match self.kind {
            Kind::Post => tags::escape_text(&mut self.html, text),
            // Once more here: `&#x202e;` is seen only when the references are read.
            Kind::Comment | Kind::Foot => tags::escape_text(&mut self.html, &plain::clean_text(text)),
        }
    }

    fn text_with_links(&mut self, text: &str) {
        // Most text has no address, and is done at once.
        if !text.contains("://") {
            self.text(text);
            return;
        }
        // Scripts without spaces end an address by their own punctuation.
        for part in text.split_inclusive(ENDS_ADDRESS) {
            let (part, end) = part.split_at(part.trim_end_matches(ENDS_ADDRESS).len());
            let spans: Vec<_> = self.finder.spans(part).map(|span| (span.as_str(), span.kind().is_some())).collect();
            for (span, is_link) in spans {
                let web = ["http://", "https://"]
                    .iter()
                    .any(|scheme| span.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
                let written = is_link && web && self.link_start(span, "");
                self.text(span);
                self.html.push_str(if written { "</a>" } else { "" });
            }
            self.text(end);
        }
    }

    /// Writes the start of a link, unless it leads where a comment may not.
    fn link_start(&mut self, address: &str, title: &str) -> bool {
        match self.kind {
            Kind::Post => {
                self.html.push_str("<a href=\"");
                tags::escape(&mut self.html, address);
                if !title.is_empty() {
                    self.html.push_str("\" title=\"");
                    tags::escape(&mut self.html, title);
                }
                self.html.push_str("\">");
            }
            Kind::Foot if address.starts_with(['/', '#']) => {
                self.html.push_str("<a href=\"");
                tags::escape(&mut self.html, address);
                self.html.push_str("\">");
            }
            Kind::Comment | Kind::Foot => {
                // As a browser reads it: what is checked is what is written, and a look-alike host shows its true name.
                let Ok(url) = Url::parse(address) else { return false };
                if !matches!(url.scheme(), "http" | "https" | "mailto") {
                    return false;
                }
                self.html.push_str("<a href=\"");
                tags::escape(&mut self.html, url.as_str());
                let rel = if self.kind == Kind::Foot { "noopener" } else { sanitise::COMMENT_REL };
                self.html.extend(["\" rel=\"", rel, "\">"]);
            }
        }
        true
    }

    fn picture(&mut self, address: &str, title: &str, alt: &str) {
        if self.kind != Kind::Post {
            let written = self.link.is_none() && self.link_start(address, title);
            self.text(if alt.trim().is_empty() { address } else { alt });
            if written {
                self.html.push_str("</a>");
            }
            return;
        }
        self.html.push_str("<img src=\"");
        tags::escape(&mut self.html, address);
        self.html.push_str("\" alt=\"");
        tags::escape(&mut self.html, alt);
        if !title.is_empty() {
            self.html.push_str("\" title=\"");
            tags::escape(&mut self.html, title);
        }
        self.html.push_str("\">");
    }

    /// Writes a paragraph that is a video, a picture or a few; gives back how many of `events` are done.
    fn alone(&mut self, events: &[Event<'_>]) -> Option<usize> {
        if self.kind != Kind::Post {
            return None;
        }
        if let Some((address, title, taken)) = lone_link(events)
            && self.video(&address, &title)
        {
            return Some(taken);
        }
        let (pictures, taken) = pictures(events)?;
        let is_gallery = pictures.len() > 1;
        self.html.push_str(if is_gallery { "<figure class=\"gallery\">\n" } else { "" });
        pictures.into_iter().for_each(|picture| self.figure(picture));
        self.html.push_str(if is_gallery { "</figure>\n" } else { "" });
        Some(taken)
    }

    /// Writes the video at `address`, if it is one: the blog's own, or a card that leads to it and knows its player.
    fn video(&mut self, address: &str, title: &str) -> bool {
        let player = video::player(address);
        if video::is_own(address) {
            self.html.push_str("<figure class=\"video\"><video controls preload=\"metadata\" src=\"");
            tags::escape(&mut self.html, address);
            self.html.push_str("\"></video><figcaption>");
            tags::escape_text(&mut self.html, title);
            self.html.push_str("</figcaption></figure>\n");
        } else if let Some(player) = &player {
            self.html.push_str("<figure class=\"video\"><a href=\"");
            tags::escape(&mut self.html, address);
            self.html.push_str("\" data-player=\"");
            tags::escape(&mut self.html, player);
            self.html.push_str("\">");
            tags::escape_text(&mut self.html, title);
            self.html.push_str("</a></figure>\n");
        }
        video::is_own(address) || player.is_some()
    }

    /// Writes a picture that stands alone, in its link if it has one; its title is the caption, and what follows the last `|` of
    /// that the credit.
    fn figure(&mut self, inner: &[Event<'_>]) {
        let mut caption = "";
        self.html.push_str("<figure>");
        for event in inner {
            match event {
                Event::Start(Tag::Link { dest_url, title, .. }) => {
                    self.link_start(dest_url, title);
                }
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    self.picture(dest_url, "", &alt_of(inner));
                    caption = title;
                }
                Event::End(TagEnd::Link) => self.html.push_str("</a>"),
                _ => {}
            }
        }
        if !caption.is_empty() {
            let (caption, credit) = caption.rsplit_once('|').unwrap_or((caption, ""));
            self.html.push_str("<figcaption>");
            tags::escape_text(&mut self.html, caption.trim_end());
            if !credit.trim().is_empty() {
                self.html.push_str(" <small>");
                tags::escape_text(&mut self.html, credit.trim());
                self.html.push_str("</small>");
            }
            self.html.push_str("</figcaption>");
        }
        self.html.push_str("</figure>\n");
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'_>, events: &[Event<'_>]) -> usize {
        let inner = up_to_end(events, &TagEnd::CodeBlock);
        let language = match kind {
            CodeBlockKind::Fenced(info) if self.kind == Kind::Post => highlight::language(info),
            _ => None,
        };
        if self.kind == Kind::Post && matches!(kind, CodeBlockKind::Fenced(info) if info.trim() == "math") {
            self.html.push_str("<p>");
            self.math(math::DISPLAY, alt_of(inner).trim());
            self.html.push_str("</p>\n");
            return inner.len() + 2;
        }
        // A post's gets its place in the order of keys later, with the `pre` of raw HTML.
        self.html.push_str(if self.kind == Kind::Post { "<pre><code" } else { "<pre tabindex=\"0\"><code" });
        if let Some(language) = language {
            self.html.extend([" class=\"language-", &language, "\""]);
        }
        self.html.push('>');
        for event in inner {
            if let Event::Text(text) = event {
                self.text(text);
            }
        }
        self.html.push_str("</code></pre>\n");
        inner.len() + 2
    }

    fn html_block(&mut self, events: &[Event<'_>]) -> usize {
        let inner = up_to_end(events, &TagEnd::HtmlBlock);
        let source: String = inner
            .iter()
            .filter_map(|event| if let Event::Html(html) | Event::Text(html) = event { Some(&**html) } else { None })
            .collect();
        if self.kind != Kind::Post {
            self.html.push_str("<p>");
            for (index, line) in source.trim_end().lines().enumerate() {
                self.html.push_str(if index > 0 { "<br>\n" } else { "" });
                self.text(line.trim_start());
            }
            self.html.push_str("</p>\n");
        } else if !self.more && is_more(&source) {
            self.more = true;
            self.html.extend(["<span id=\"", MORE, "\"></span>\n"]);
        } else {
            self.html.push_str(&source);
        }
        inner.len() + 2
    }

    fn footnote_mark(&mut self, label: &str) {
        let next = self.marked.len() + 1;
        let number = *self.numbers.entry(label.to_owned()).or_insert(next);
        let first = number == next;
        if first {
            self.marked.push(label.to_owned());
        }
        let id = if first { format!(" id=\"fnref-{number}\"") } else { String::new() };
        self.html.push_str("<sup class=\"fn\">");
        if self.link.is_some() {
            // A link in a link would end it.
            self.html.push_str(&format!("<span{id}>{number}</span>"));
        } else {
            self.html.push_str(&format!("<a{id} href=\"#fn-{number}\">{number}</a>"));
        }
        self.html.push_str("</sup>");
    }
}

/// Whether a block of raw HTML is nothing but the mark that ends the lead.
fn is_more(html: &str) -> bool {
    html.trim()
        .strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"))
        .is_some_and(|inner| inner.trim() == "more")
}
