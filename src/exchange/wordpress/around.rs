//! What stands beside a text of WordPress's and belongs into it: galleries by number, footnotes.

use std::{cell::Cell, collections::HashMap};

use super::{Attachment, Reader, body, plain};
use crate::{
    exchange::has_picture_ending,
    model::{
        incoming::{File, Source},
        remark::{Remark, remark},
    },
    text::markdown::MAX_POST,
};

/// Pictures in a gallery.
const MAX_GALLERY: usize = 500;
/// Files of one text that are looked for.
const MAX_FILES: usize = 500;
/// Blocks that other texts name, and the bytes of all of them, that are kept in mind.
const MAX_BLOCKS: usize = 2000;
const MAX_BLOCK_BYTES: usize = 8 << 20;
const BLOCK: &str = "<!-- wp:block ";
const FOOTNOTES: &str = "<!-- wp:footnotes";

/// A footnote of the editor of blocks.
#[derive(serde::Deserialize)]
struct Footnote {
    content: String,
    id: String,
}

/// Attachments, by number and by what they belong to.
#[derive(Default)]
pub(super) struct Attachments {
    by_number: HashMap<String, Attachment>,
    /// Place in the order, and number.
    by_parent: HashMap<String, Vec<(i64, u64)>>,
}

impl Attachments {
    pub(super) fn get(&self, number: &str) -> Option<&Attachment> {
        self.by_number.get(number)
    }

    pub(super) fn add(&mut self, number: &str, parent: &str, order: &str, attachment: Attachment) {
        let is_shown = has_picture_ending(&attachment.address) && !matches!(parent, "" | "0");
        if let Some(sorted) = number.parse().ok().filter(|_| is_shown) {
            let all = self.by_parent.entry(parent.to_owned()).or_default();
            let place = (order.parse().unwrap_or_default(), sorted);
            if !all.contains(&place) && all.len() < MAX_GALLERY {
                all.push(place);
            }
        }
        self.by_number.insert(number.to_owned(), attachment);
    }

    /// Every one, in the order in which they were uploaded.
    pub(super) fn all(&self) -> Vec<&Attachment> {
        let mut all: Vec<_> = self.by_number.iter().collect();
        all.sort_unstable_by_key(|(number, _)| (number.parse::<u64>().ok(), number.as_str()));
        all.into_iter().map(|(_, attachment)| attachment).collect()
    }

    /// The numbers of what belongs to an item, in their order.
    fn of(&self, parent: &str) -> Vec<String> {
        let mut all = self.by_parent.get(parent).cloned().unwrap_or_default();
        all.sort_unstable();
        all.into_iter().map(|(_, number)| number.to_string()).collect()
    }
}

/// Blocks that stand in other texts by their number.
#[derive(Default)]
pub(super) struct Blocks {
    /// Each with whether a text has named it.
    by_number: HashMap<String, (String, Cell<bool>)>,
    bytes: usize,
}

impl Blocks {
    pub(super) fn add(&mut self, number: &str, html: String) {
        let bytes = self.bytes + html.len();
        if self.by_number.len() < MAX_BLOCKS && bytes <= MAX_BLOCK_BYTES && !html.trim().is_empty() {
            self.bytes = bytes;
            self.by_number.insert(number.to_owned(), (html, Cell::new(false)));
        }
    }

    /// How many no text has named so far.
    pub(super) fn unnamed(&self) -> u64 {
        self.by_number.values().filter(|(_, is_named)| !is_named.get()).count() as u64
    }

    /// A text with the blocks that it names; those that these name stay names, so that none can name itself for ever.
    fn put_into(&self, html: &str) -> String {
        let mut whole = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((before, after)) = rest.split_once(BLOCK) {
            let end = after.find("-->").filter(|_| whole.len() <= MAX_POST);
            let Some((told, behind)) = end.and_then(|end| Some((after.get(..end)?, after.get(end + 3..)?))) else {
                break;
            };
            whole.push_str(before);
            let told: Option<serde_json::Value> = serde_json::from_str(told.trim().trim_end_matches('/')).ok();
            let number = told.and_then(|told| told.get("ref")?.as_u64());
            match number.and_then(|number| self.by_number.get(&number.to_string())) {
                Some((block, is_named)) => {
                    is_named.set(true);
                    whole.extend(["\n\n", block.as_str(), "\n\n"]);
                }
                // What is not here is told as what a block shows that is none.
                None => whole.extend([BLOCK, after.get(..end.unwrap_or_default()).unwrap_or_default(), "-->"]),
            }
            rest = behind;
        }
        whole.push_str(rest);
        whole
    }
}

impl Reader {
    /// The text of the item of this number, with what stands beside it; what is not there is told.
    pub(super) fn whole(&self, number: &str, html: &str, footnotes: &str, warnings: &mut Vec<Remark>) -> String {
        let html = self.numbered(number, &self.blocks.put_into(html), warnings);
        let html = self.galleries(number, &html, warnings);
        with_footnotes(html, footnotes, warnings)
    }

    /// `[gallery ids="1,2"]` as the pictures that it names, `[gallery]` as those that were uploaded with the post.
    fn galleries(&self, number: &str, html: &str, warnings: &mut Vec<Remark>) -> String {
        let mut drawn = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((before, after)) = rest.split_once("[gallery") {
            // One without an end is none, nor is any that follows. A few letters must not become a text without end.
            let end = after.find(']').filter(|_| drawn.len() <= MAX_POST);
            let Some((attributes, behind)) = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?)))
            else {
                break;
            };
            let is_written_about = before.ends_with('[') && behind.starts_with(']');
            if is_written_about || !(attributes.is_empty() || attributes.starts_with([' ', '\n', '\u{a0}'])) {
                drawn.push_str(before);
                drawn.push_str("[gallery");
                rest = after;
                continue;
            }
            drawn.push_str(before);
            drawn.push_str("\n\n");
            drawn.push_str(&self.gallery(number, attributes, warnings));
            drawn.push_str("\n\n");
            rest = behind;
        }
        drawn.push_str(rest);
        drawn
    }

    pub(super) fn gallery(&self, number: &str, attributes: &str, warnings: &mut Vec<Remark>) -> String {
        let listed = |name: &str| {
            let list = body::attribute(attributes, name)?;
            let numbers = list.split([',', ' ']).map(str::trim).filter(|number| !number.is_empty());
            Some(numbers.take(MAX_GALLERY).map(str::to_owned).collect::<Vec<_>>())
        };
        let named = listed("ids").or_else(|| listed("include")).filter(|numbers| !numbers.is_empty());
        let mut numbers = named.unwrap_or_else(|| {
            let left_out = listed("exclude").unwrap_or_default();
            let mut all = self.attachments.of(body::attribute(attributes, "id").unwrap_or(number));
            all.retain(|number| !left_out.contains(number));
            all
        });
        if body::attribute(attributes, "order").is_some_and(|order| order.eq_ignore_ascii_case("desc")) {
            numbers.reverse();
        }
        let shown: Vec<&Attachment> = numbers.iter().filter_map(|number| self.attachments.get(number)).collect();
        if shown.len() < numbers.len() || shown.is_empty() {
            warnings.push(remark("import-gallery"));
        }
        let figure = |shown: &&Attachment| body::figure(&shown.address, &shown.alt, &plain(&shown.caption));
        let figures: String = shown.iter().map(figure).collect();
        if shown.len() > 1 { format!("<figure class=\"wp-block-gallery\">{figures}</figure>") } else { figures }
    }
}

/// The files that a text leads to and that are no pictures.
pub(in crate::exchange) fn files(html: &str, signs: &[&str]) -> Vec<File> {
    let is_end = |letter: char| letter.is_whitespace() || "\"'<>()[]".contains(letter);
    let mut found: Vec<&str> = Vec::new();
    for sign in signs {
        for (at, _) in html.match_indices(sign) {
            let (before, after) = html.split_at(at);
            let near = before.len() - before.bytes().rev().take(300).take_while(u8::is_ascii).count();
            let start = html.get(near..at).and_then(|near| near.rfind(is_end)).map_or(near, |end| near + end + 1);
            let end = at + after.find(is_end).unwrap_or(after.len());
            let address = html.get(start..end).unwrap_or_default();
            let name = address.split(['?', '#']).next().and_then(|path| path.rsplit('/').next());
            let is_file = name.is_some_and(|name| name.contains('.')) && !has_picture_ending(address);
            if is_file && found.len() < MAX_FILES && !found.contains(&address) {
                found.push(address);
            }
        }
    }
    let name = |address: &str| address.rsplit('/').next().unwrap_or_default().to_owned();
    let elsewhere = |address: &&str| File {
        references: vec![address.replace("&amp;", "&")],
        name: name(address),
        source: Source::Elsewhere,
    };
    found.iter().map(elsewhere).collect()
}

/// The text with its footnotes where its block shows them, else at its end.
fn with_footnotes(html: String, footnotes: &str, warnings: &mut Vec<Remark>) -> String {
    if footnotes.trim().is_empty() {
        return html;
    }
    let Ok(notes) = serde_json::from_str::<Vec<Footnote>>(footnotes) else {
        warnings.push(remark("import-footnotes"));
        return html;
    };
    // What was deleted from a text may still stand beside it.
    let notes: Vec<&Footnote> = notes.iter().filter(|note| !note.id.is_empty() && html.contains(&note.id)).collect();
    if notes.is_empty() || footnotes.len() > MAX_POST {
        return html;
    }
    let items: String = notes
        .iter()
        .map(|Footnote { content, id }| {
            let id = body::escaped(id);
            format!("<li id=\"{id}\">{content} <a href=\"#{id}-link\">↩</a></li>")
        })
        .collect();
    let list = format!("\n\n<ol class=\"wp-block-footnotes\">{items}</ol>\n\n");
    let block = html.find(FOOTNOTES).and_then(|at| Some((at, at + html.get(at..)?.find("-->")? + 3)));
    let (start, end) = block.unwrap_or((html.len(), html.len()));
    [html.get(..start).unwrap_or_default(), &list, html.get(end..).unwrap_or_default()].concat()
}
