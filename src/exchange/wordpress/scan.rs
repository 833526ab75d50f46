//! A WordPress export (WXR 1.0 to 1.2) as a row of records: authors, terms, items and the comments within items.

use std::io::Read;

use super::body;
use crate::{
    exchange::xml::{self, Piece},
    model::{incoming::Refused, remark::remark},
};

/// What stands in an element, field by field.
#[derive(Debug, Default)]
pub(super) struct Record(Vec<(String, String)>);

impl Record {
    /// The field of this name, or nothing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text.trim())
    }

    /// The same, as it was written.
    pub(super) fn take(&mut self, name: &str) -> String {
        self.0.iter_mut().find(|(known, _)| known == name).map(|(_, text)| std::mem::take(text)).unwrap_or_default()
    }

    /// Has a field say something else.
    pub(super) fn set(&mut self, name: &str, text: String) {
        if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *known = text;
        }
    }

    fn put(&mut self, name: String, text: String) {
        // A field that comes a thousand times is none.
        if self.0.len() < 200 {
            self.0.push((name, text));
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A category, a tag or a co-author of an item.
#[derive(Debug)]
pub(super) struct Filed {
    pub(super) domain: String,
    pub(super) nicename: String,
    pub(super) name: String,
}

/// An item without its comments.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) fields: Record,
    pub(super) filed: Vec<Filed>,
    /// The metadata: key and value.
    pub(super) meta: Record,
    /// Where it begins.
    pub(super) at: u64,
}

/// What was found.
#[derive(Debug)]
pub(super) enum Found {
    /// Title, address and language of the blog.
    Blog(Record),
    /// Somebody who writes.
    Author(Record),
    /// `wp:category`, `wp:tag` or `wp:term`.
    Term(String, Record),
    /// A post, a page, a picture; before its comments.
    Item(Box<Item>),
    /// A comment on the item that came last.
    Comment(Record),
}

/// Fields whose texts a first look does not need: all of one, what is long of the other, for blocks that other texts name.
const BODIES: [&str; 2] = ["wp:comment_content", "content:encoded"];
/// No longer block is put into another text.
const MAX_BLOCK: usize = 64 * 1024;
/// More of one kind than any item has.
const MAX_FILED: usize = 5000;

/// Tells what is in `source`; of a first look (`is_brief`) without texts and comments. How many bytes were no text.
pub(super) fn scan(
    source: impl Read,
    place: &str,
    is_brief: bool,
    on: &mut dyn FnMut(Found) -> Result<(), Refused>,
) -> Result<u64, Refused> {
    let mut scanner = Scanner { is_brief, ..Scanner::default() };
    let mut has_root = false;
    let odd = xml::walk(source, place, &mut |at, piece| match piece {
        Piece::Open { name, attributes } => {
            has_root = true;
            if scanner.path.is_empty() && name != "rss" {
                return Err(Refused::Bad {
                    place: format!("{place}, byte {at}"),
                    what: remark("import-wordpress-none").put("element", crate::picture::short(name)),
                });
            }
            scanner.open(at, name, attributes, on)
        }
        // Older exports took the tags out of a title and escaped it: what looks like one now is words.
        Piece::Text(text) if scanner.is_title() => {
            scanner.add(&body::escaped(text));
            Ok(())
        }
        Piece::Text(text) | Piece::Data(text) => {
            scanner.add(text);
            Ok(())
        }
        Piece::Close => scanner.close(on),
    })?;
    if !scanner.is_wxr {
        let what = if has_root { remark("import-wordpress-feed") } else { remark("import-wordpress-no-xml") };
        return Err(Refused::Bad { place: place.to_owned(), what });
    }
    Ok(odd)
}

#[derive(Default)]
struct Scanner {
    is_brief: bool,
    is_wxr: bool,
    path: Vec<String>,
    text: String,
    /// Whether the text was too long for a first look.
    is_cut: bool,
    blog: Record,
    /// Whether the blog was told of.
    is_told: bool,
    record: Record,
    item: Option<Box<Item>>,
    filed: Option<(String, String)>,
    meta: (String, String),
}

impl Scanner {
    fn open(
        &mut self,
        at: u64,
        name: &str,
        attributes: &[(String, String)],
        on: &mut dyn FnMut(Found) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        self.text.clear();
        self.is_cut = false;
        let attribute = |name: &str| {
            attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        match (self.parent(), name) {
            ("channel", "item") => {
                self.tell_blog(on)?;
                self.item = Some(Box::new(Item { at, ..Item::default() }));
            }
            ("channel", "wp:author" | "wp:category" | "wp:tag" | "wp:term") => {
                self.tell_blog(on)?;
                self.record = Record::default();
            }
            ("item", "category") => self.filed = Some((attribute("domain"), attribute("nicename"))),
            ("item", "wp:comment") => {
                self.tell_item(on)?;
                self.record = Record::default();
            }
            ("item", "wp:postmeta") => self.meta = Default::default(),
            _ => {}
        }
        self.is_wxr |= name.starts_with("wp:");
        self.path.push(name.to_owned());
        Ok(())
    }

    fn add(&mut self, text: &str) {
        let [never, short] = BODIES;
        let name = self.parent();
        let is_long = name == short && self.text.len() + text.len() > MAX_BLOCK;
        if !self.is_brief || !(is_long || self.is_cut || name == never) {
            self.text.push_str(text);
        } else if is_long {
            // Half of a block is none.
            self.text.clear();
            self.is_cut = true;
        }
    }

    fn close(&mut self, on: &mut dyn FnMut(Found) -> Result<(), Refused>) -> Result<(), Refused> {
        let name = self.path.pop().unwrap_or_default();
        let text = std::mem::take(&mut self.text);
        match (self.parent(), name.as_str()) {
            ("channel", "item") => {
                self.tell_item(on)?;
            }
            ("channel", "wp:author") => on(Found::Author(std::mem::take(&mut self.record)))?,
            ("channel", "wp:category" | "wp:tag" | "wp:term") => {
                on(Found::Term(name, std::mem::take(&mut self.record)))?;
            }
            ("channel", _) => self.blog.put(name, text),
            ("wp:author" | "wp:category" | "wp:tag" | "wp:term" | "wp:comment", _) => self.record.put(name, text),
            ("item", "wp:comment") => {
                let comment = std::mem::take(&mut self.record);
                if !self.is_brief {
                    on(Found::Comment(comment))?;
                }
            }
            ("item", "category") => {
                if let (Some((domain, nicename)), Some(item)) = (self.filed.take(), &mut self.item)
                    && item.filed.len() < MAX_FILED
                {
                    item.filed.push(Filed { domain, nicename, name: text });
                }
            }
            ("wp:postmeta", "wp:meta_key") => self.meta.0 = text,
            ("wp:postmeta", "wp:meta_value") => self.meta.1 = text,
            ("item", "wp:postmeta") => {
                let (key, value) = std::mem::take(&mut self.meta);
                if let Some(item) = self.item.as_mut().filter(|_| WANTED.contains(&key.as_str())) {
                    item.meta.put(key, value);
                }
            }
            ("item", _) => {
                if let Some(item) = &mut self.item {
                    item.fields.put(name, text);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn is_title(&self) -> bool {
        self.parent() == "title" && self.item.is_some()
    }

    fn parent(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    fn tell_blog(&mut self, on: &mut dyn FnMut(Found) -> Result<(), Refused>) -> Result<(), Refused> {
        if self.is_told {
            return Ok(());
        }
        self.is_told = true;
        on(Found::Blog(std::mem::take(&mut self.blog)))
    }

    fn tell_item(&mut self, on: &mut dyn FnMut(Found) -> Result<(), Refused>) -> Result<(), Refused> {
        match self.item.take().filter(|item| !item.fields.is_empty()) {
            Some(item) => on(Found::Item(item)),
            None => Ok(()),
        }
    }
}

/// The metadata that are read.
const WANTED: [&str; 6] = [
    "_thumbnail_id",
    "_wp_attachment_image_alt",
    "_wp_old_slug",
    "_yoast_wpseo_metadesc",
    "_wp_attached_file",
    "footnotes",
];
