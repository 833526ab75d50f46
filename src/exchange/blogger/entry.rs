//! One entry of a feed of Blogger, as either of its two formats writes it.

use std::collections::HashMap;

use crate::exchange::xml::Piece;

/// Labels of one entry that are kept.
const MAX_LABELS: usize = 200;

/// What kind an entry is, in the older format and in public feeds.
const KIND: &str = "http://schemas.google.com/g/2005#kind";

/// What stands in an entry, or in the feed before the first of them.
#[derive(Default)]
pub(super) struct Fields {
    texts: HashMap<String, String>,
    /// `rel`, `type`, `href`.
    links: Vec<(String, String, String)>,
    /// `scheme`, `term`.
    categories: Vec<(String, String)>,
    reference: String,
}

impl Fields {
    /// The text of an element, by its path.
    pub(super) fn get(&self, path: &str) -> &str {
        self.texts.get(path).map(String::as_str).unwrap_or_default()
    }

    /// The address of a link.
    pub(super) fn link(&self, rel: &str, media: &str) -> &str {
        let found =
            self.links.iter().find(|(r, m, _)| r == rel && (m == media || (m.is_empty() && rel == "alternate")));
        found.map(|(_, _, href)| href.split('#').next().unwrap_or_default()).unwrap_or_default()
    }

    /// `post`, `page`, `comment`, or something else.
    pub(super) fn kind(&self) -> String {
        let named = self.get("blogger:type").trim();
        if !named.is_empty() {
            return named.to_ascii_lowercase();
        }
        let term = self.categories.iter().find(|(scheme, _)| scheme == KIND).map(|(_, term)| term.as_str());
        term.and_then(|term| term.rsplit_once('#')).map(|(_, kind)| kind.to_ascii_lowercase()).unwrap_or_default()
    }

    /// Its labels: some files write one each, some all of them into one, with line breaks between.
    pub(super) fn labels(&self) -> Vec<String> {
        let mut labels: Vec<String> = Vec::new();
        for (scheme, term) in &self.categories {
            let is_label = scheme != KIND
                && (scheme.starts_with("tag:blogger.com") || scheme.contains("atom/ns") || scheme.is_empty());
            for label in term.split('\n').map(str::trim).filter(|label| is_label && !label.is_empty()) {
                if labels.len() < MAX_LABELS && labels.iter().all(|known| known != label) {
                    labels.push(label.to_owned());
                }
            }
        }
        labels
    }

    /// `<blog>.<number>`: both formats write it so, or can be brought to it.
    pub(super) fn id(&self) -> Option<String> {
        number(self.get("id")).map(|number| format!("{}{number}", self.blog()))
    }

    /// The post that a comment is about.
    pub(super) fn on(&self) -> Option<String> {
        let on = [self.get("blogger:parent"), &self.reference];
        on.into_iter().find_map(number).map(|number| format!("{}{number}", self.blog()))
    }

    /// The comment that a comment answers.
    pub(super) fn parent(&self) -> Option<String> {
        let related = self.links.iter().find(|(rel, _, href)| rel == "related" && href.contains("/comments/"));
        let parent = [self.get("blogger:inReplyTo"), related.map(|(_, _, href)| href.as_str()).unwrap_or_default()];
        parent.into_iter().find_map(number).map(|number| format!("{}{number}", self.blog()))
    }

    fn blog(&self) -> String {
        let blog = self.get("id").split_once("blog-").map(|(_, rest)| rest.split('.').next().unwrap_or_default());
        blog.filter(|blog| !blog.is_empty()).map(|blog| format!("{blog}.")).unwrap_or_default()
    }
}

/// The number that an id or an address ends with.
fn number(id: &str) -> Option<String> {
    let id = id.trim();
    let start = id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    id.get(start..).filter(|digits| !digits.is_empty() && digits.len() <= 30).map(str::to_owned)
}

/// Puts the pieces of a feed together.
#[derive(Default)]
pub(super) struct Collector {
    /// What the feed says of itself.
    pub(super) feed: Fields,
    /// Whether it is one at all.
    pub(super) is_feed: bool,
    entry: Option<Fields>,
    open: Vec<String>,
    text: String,
}

impl Collector {
    /// Takes the next piece; gives back an entry that is whole.
    pub(super) fn piece(&mut self, piece: Piece<'_>) -> Option<Fields> {
        match piece {
            Piece::Open { name, attributes } => {
                let get = |wanted: &str| {
                    attributes
                        .iter()
                        .find(|(name, _)| name == wanted)
                        .map(|(_, value)| value.clone())
                        .unwrap_or_default()
                };
                if self.open.is_empty() {
                    self.is_feed = name == "feed";
                }
                if self.open.len() == 1 && name == "entry" {
                    self.entry = Some(Fields::default());
                } else {
                    let fields = self.entry.as_mut().unwrap_or(&mut self.feed);
                    match name {
                        "link" if fields.links.len() < 100 => fields.links.push((get("rel"), get("type"), get("href"))),
                        "category" if fields.categories.len() < 1000 => {
                            fields.categories.push((get("scheme"), get("term")))
                        }
                        "thr:in-reply-to" => fields.reference = get("ref"),
                        _ => {}
                    }
                }
                self.open.push(name.to_owned());
                self.text.clear();
                None
            }
            Piece::Text(text) | Piece::Data(text) => {
                if self.open.len() > 1 {
                    self.text.push_str(text);
                }
                None
            }
            Piece::Close => {
                let depth = if self.entry.is_some() { 2 } else { 1 };
                let path = self.open.get(depth..).unwrap_or_default().join("/");
                let text = std::mem::take(&mut self.text);
                self.open.pop();
                if path.is_empty() {
                    return if self.open.len() == 1 { self.entry.take() } else { None };
                }
                let fields = self.entry.as_mut().unwrap_or(&mut self.feed);
                // Of two the first counts; `author/name` has only one.
                if !text.is_empty() && fields.texts.len() < 200 {
                    fields.texts.entry(path).or_insert(text);
                }
                None
            }
        }
    }
}
