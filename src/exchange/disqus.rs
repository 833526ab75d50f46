//! Disqus's export: threads, each with the address of its page, and what was said in them.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::atomic::AtomicU64,
};

use url::Url;

use super::{
    input::{self, name_of, path_of, some},
    xml::{self, Piece},
};
use crate::{
    model::{
        incoming::{Body, Comment, Fault, Item, On, Refused, Shelf, Tell},
        remark::remark,
    },
    text::dom::Dom,
};

/// The most that a file holds once it is unpacked.
const MAX_BYTES: u64 = 8 << 30;

/// Reads an export, packed or not.
pub fn read(source: &Path, counted: &AtomicU64, tell: &mut Tell<'_>) -> Result<(), Refused> {
    let place = name_of(source);
    let mut reader = Reader::default();
    let odd = xml::walk(input::open(source, MAX_BYTES, counted, 1)?, &place, &mut |at, piece| {
        reader.piece(&format!("{place}, byte {at}"), piece, tell)
    })?;
    xml::tell_odd(&place, odd, tell)?;
    if reader.threads.is_empty() && reader.told == 0 {
        return Err(input::bad(source, remark("import-disqus-none")));
    }
    Ok(())
}

/// A message whose links lead where they say, not by way of Disqus.
fn unwrapped(message: &str) -> String {
    if !message.contains("disq.us/") {
        return message.to_owned();
    }
    let mut dom = Dom::read(message);
    for link in dom.named(Dom::ROOT, "a") {
        if let Some(address) = dom.attribute(link, "href").and_then(behind) {
            dom.set(link, "href", address);
        }
    }
    dom.html(Dom::ROOT)
}

/// What `https://disq.us/url?url=https%3A%2F%2Fx.example%2F%3AAbC-1` leads to; what stands behind the last colon is Disqus's seal.
fn behind(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| url.host_str() == Some("disq.us") && url.path() == "/url")?;
    let (_, led) = url.query_pairs().find(|(name, _)| name == "url")?;
    let is_seal = |end: &str| end.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let led = led.rsplit_once(':').filter(|(_, end)| is_seal(end)).map_or(&*led, |(led, _)| led);
    Url::parse(led).is_ok_and(|led| matches!(led.scheme(), "http" | "https")).then(|| led.to_owned())
}

#[derive(Default)]
struct Reader {
    /// Names of the elements that are open.
    open: Vec<String>,
    /// The fields of the thread or the post that is being read, by their path in it.
    fields: HashMap<String, String>,
    id: String,
    text: String,
    /// The path of each thread's page, where it has one.
    threads: HashMap<String, Option<String>>,
    /// Those that were deleted with all that was said in them.
    deleted: HashSet<String>,
    told: u64,
}

impl Reader {
    fn piece(&mut self, place: &str, piece: Piece<'_>, tell: &mut Tell<'_>) -> Result<(), Refused> {
        match piece {
            Piece::Open { name, attributes } => {
                let id = attributes.iter().find(|(name, _)| name == "dsq:id" || name.ends_with(":id"));
                let id = id.map(|(_, id)| id.clone()).unwrap_or_default();
                if self.open.len() == 1 {
                    self.fields.clear();
                    self.id = id;
                } else if matches!(name, "thread" | "parent") {
                    self.fields.insert(name.to_owned(), id);
                }
                self.open.push(name.to_owned());
                self.text.clear();
            }
            Piece::Text(text) | Piece::Data(text) => {
                if self.open.len() > 2 {
                    self.text.push_str(text);
                }
            }
            Piece::Close => {
                let path = self.open.get(2..).unwrap_or_default().join("/");
                if !path.is_empty() && !self.text.is_empty() {
                    self.fields.insert(path, std::mem::take(&mut self.text));
                }
                let kind = self.open.pop().unwrap_or_default();
                if self.open.len() == 1 {
                    match kind.as_str() {
                        "thread" => self.thread(),
                        "post" => self.post(place, tell)?,
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(|text| text.trim()).unwrap_or_default()
    }

    fn thread(&mut self) {
        // The page's own id is often its address, or its path.
        let ways = [self.field("link"), self.field("id")];
        let path = ways.iter().find(|way| way.contains("://") || way.starts_with('/')).and_then(|way| path_of(way));
        self.threads.insert(self.id.clone(), path);
        if self.field("isDeleted") == "true" {
            self.deleted.insert(self.id.clone());
        }
    }

    fn post(&mut self, place: &str, tell: &mut Tell<'_>) -> Result<(), Refused> {
        self.told += 1;
        let fault = |what| Item::Fault(Fault { place: place.to_owned(), what, is_skipped: true });
        let id = self.id.clone();
        let Some(Some(path)) = self.threads.get(self.field("thread")) else {
            return Ok(tell(fault(remark("import-comment-no-page").put("id", id)))?);
        };
        let Some(at) = input::time(self.field("createdAt")) else {
            return Ok(tell(fault(remark("import-comment-no-date").put("id", id)))?);
        };
        let is_set = |name| self.field(name) == "true";
        let is_deleted = is_set("isDeleted") || self.deleted.contains(self.field("thread"));
        let state = match (is_set("isSpam"), is_deleted) {
            (true, _) => Shelf::Spam,
            (_, true) => Shelf::Trash,
            _ => Shelf::Approved,
        };
        let comment = Comment {
            origin: format!("disqus:{id}"),
            on: On::Path(path.clone()),
            parent: some(self.field("parent")).map(|parent| format!("disqus:{parent}")),
            name: [self.field("author/name"), self.field("author/username")]
                .into_iter()
                .find(|name| !name.is_empty())
                .unwrap_or_default()
                .to_owned(),
            email: some(self.field("author/email")),
            website: some(self.field("author/link")),
            network: some(self.field("ipAddress")),
            text: Body::html(unwrapped(self.field("message"))),
            at,
            state,
            is_owner: false,
            is_pinned: false,
        };
        Ok(tell(Item::Comment(Box::new(comment)))?)
    }
}
