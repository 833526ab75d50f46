//! Blogger: the feed in a Takeout archive, or alone, and the older `blog-….xml`.

pub mod body;
mod entry;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
    sync::atomic::AtomicU64,
};

use jiff::tz::TimeZone;
use url::Url;

use super::{
    input::{self, name_of, path_of, some},
    months::Months,
    sniff, xml,
};
use crate::{
    model::{
        import::{Format, old_site},
        incoming::{
            self, About, Body, Comment, Dialect, Entry, Fault, Item, On, Person, Refused, Shelf, Source, State, Tell,
            Term,
        },
        remark::{Remark, remark},
    },
    picture::short,
    text::{dom::Dom, plain},
};
use entry::{Collector, Fields};

/// The most that the feed holds once it is unpacked.
const MAX_FEED: u64 = 4 << 30;

/// Pictures of an archive that are kept in mind.
const MAX_PICTURES: usize = 200_000;

/// The longest title that is made of a text.
const MAX_TITLE: usize = 60;

/// How Blogger calls whoever gave no name, in a few of its languages. A name that was typed counts.
const NOBODY: [&str; 12] = [
    "Anonymous",
    "Unknown",
    "Anonim",
    "Tanpa Nama",
    "Anonym",
    "Anonyme",
    "Anónimo",
    "Anônimo",
    "Anonimo",
    "Anoniem",
    "Анонимный",
    "匿名",
];

/// The settings in which hosts of the blog are.
const HOSTS_IN: [&str; 2] = [".BLOG_CUSTOM_DOMAIN", ".BLOG_PUBLISHED_URL"];

/// The longest part of a host that is looked at.
const MAX_HOST: usize = 63;
/// So many hosts are counted.
const MAX_HOSTS: usize = 1000;

/// Below these are the posts of a label.
const LABELS: [&str; 2] = ["search/label/", "feeds/posts/default/-/"];

/// Reads a Takeout archive, unpacked or not, or a feed. `site`: where the blog was, which an archive does not say; `zone`: that of
/// the blog, by which its months are.
pub fn read(
    source: &Path,
    site: Option<&Url>,
    zone: &TimeZone,
    counted: &AtomicU64,
    tell: &mut Tell<'_>,
) -> Result<(), Refused> {
    let feeds = sniff::exports(Format::Blogger, &[source.to_owned()])?;
    let is_one = feeds.iter().all(|feed| feed == source);
    let pictures = if is_one { HashMap::new() } else { pictures(sniff::names(source)?) };
    for feed in feeds {
        let place = match feed.strip_prefix(source) {
            Ok(name) if !is_one => format!("{}, {}", name_of(source), name.display()),
            _ => name_of(source),
        };
        let mut reader = Reader::new(pictures.clone(), source, place, (site, zone));
        reader.read(input::open(&feed, MAX_FEED, counted, 1)?, tell)?;
    }
    Ok(())
}

/// The pictures of an archive by their file names: of two with one name, neither.
fn pictures(names: Vec<String>) -> HashMap<String, String> {
    let mut pictures: HashMap<String, String> = HashMap::new();
    let mut twice: HashSet<String> = HashSet::new();
    for name in names.into_iter().filter(|name| !name.split('/').any(|part| part == "__MACOSX")) {
        let file = name.rsplit('/').next().unwrap_or_default().to_lowercase();
        if super::has_picture_ending(&file)
            && pictures.len() < MAX_PICTURES
            && pictures.insert(file.clone(), name).is_some()
        {
            twice.insert(file);
        }
    }
    pictures.retain(|name, _| !twice.contains(name));
    pictures
}

struct Reader<'a> {
    pictures: HashMap<String, String>,
    file: &'a Path,
    place: String,
    site: Option<&'a Url>,
    zone: &'a TimeZone,
    about: Option<About>,
    people: HashSet<String>,
    /// The profiles of those.
    profiles: HashSet<String>,
    terms: HashSet<String>,
    months: Months,
    told: u64,
    /// Blogs at Blogger whose posts the texts link to, and how often.
    linked: BTreeMap<String, u64>,
}

impl<'a> Reader<'a> {
    fn new(
        pictures: HashMap<String, String>,
        file: &'a Path,
        place: String,
        (site, zone): (Option<&'a Url>, &'a TimeZone),
    ) -> Self {
        Self {
            pictures,
            file,
            place,
            site,
            zone,
            about: None,
            people: HashSet::new(),
            profiles: HashSet::new(),
            terms: HashSet::new(),
            months: Months::default(),
            told: 0,
            linked: BTreeMap::new(),
        }
    }

    fn read(&mut self, source: impl std::io::Read, tell: &mut Tell<'_>) -> Result<(), Refused> {
        let mut collector = Collector::default();
        let place = self.place.clone();
        let odd = xml::walk(source, &place, &mut |_, piece| match collector.piece(piece) {
            Some(entry) => self.entry(&collector.feed, entry, tell),
            None => Ok(()),
        })?;
        xml::tell_odd(&place, odd, tell)?;
        if !collector.is_feed {
            return Err(Refused::Bad { place, what: remark("import-blogger-none") });
        }
        self.begin(&collector.feed, tell)?;
        self.tell_hosts(&collector.feed, tell)?;
        for (there, here) in self.months.each() {
            let to = format!("/{here}");
            if there != here {
                tell(Item::Moved { from: there.to_owned(), to: to.clone() })?;
            }
            tell(Item::Moved { from: format!("{}_01_archive.html", there.replace('/', "_")), to })?;
        }
        Ok(())
    }

    /// Notes to whose posts a text links.
    fn note_hosts(&mut self, html: &str) {
        let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        for (at, _) in html.match_indices(".blogspot.") {
            let (before, after) = html.split_at(at);
            let start = at - before.as_bytes().iter().rev().take(MAX_HOST).take_while(|byte| is_host(byte)).count();
            let end = at + after.as_bytes().iter().take(MAX_HOST).take_while(|byte| is_host(byte)).count();
            let (Some(before), Some(host), Some(after)) = (html.get(..start), html.get(start..end), html.get(end..))
            else {
                continue;
            };
            let is_page = ["/20", "/p/", "/search/"].iter().any(|path| after.starts_with(path));
            let is_link = before.ends_with("//") && is_page;
            if is_link && (self.linked.len() < MAX_HOSTS || self.linked.contains_key(host)) {
                *self.linked.entry(host.to_owned()).or_default() += 1;
            }
        }
    }

    /// Says whose the texts link to most, where nobody says where this blog was.
    fn tell_hosts(&self, feed: &Fields, tell: &mut Tell<'_>) -> Result<(), Refused> {
        let is_known = self.site.is_some() || some(feed.link("alternate", "text/html")).is_some();
        let most = self.linked.iter().max_by_key(|(_, count)| **count).filter(|_| !is_known);
        if let Some((host, _)) = most {
            let what = remark("import-blogger-site").put("host", host);
            tell(Item::Fault(Fault { place: self.place.clone(), what, is_skipped: false }))?;
        }
        Ok(())
    }

    /// Tells of the blog, once.
    fn begin(&mut self, feed: &Fields, tell: &mut Tell<'_>) -> Result<(), Refused> {
        if self.about.is_some() {
            return Ok(());
        }
        let told = some(feed.link("alternate", "text/html"));
        let address = told.or_else(|| self.site.map(|site| site.as_str().to_owned()));
        let about = About {
            title: feed.get("title").trim().to_owned(),
            description: feed.get("subtitle").trim().to_owned(),
            address: address.map(|address| address.trim_end_matches('/').to_owned()),
            ..About::default()
        };
        self.about = Some(about.clone());
        tell(Item::About(about))?;
        for (from, to) in [
            ("feeds/posts/default", "/feed.xml"),
            ("feeds/posts/summary", "/feed.xml"),
            ("feeds/posts/full", "/feed.xml"),
            ("atom.xml", "/feed.xml"),
            ("rss.xml", "/feed.rss"),
            ("feeds/comments/default", "/comments/feed.rss"),
        ] {
            tell(Item::Moved { from: from.to_owned(), to: to.to_owned() })?;
        }
        Ok(())
    }

    fn entry(&mut self, feed: &Fields, entry: Fields, tell: &mut Tell<'_>) -> Result<(), Refused> {
        self.begin(feed, tell)?;
        self.told += 1;
        match entry.kind().as_str() {
            "post" => self.post(&entry, false, tell),
            "page" => self.post(&entry, true, tell),
            "comment" => self.comment(&entry, tell),
            "settings" => self.setting(&entry, tell),
            // The template is not for here.
            _ => Ok(()),
        }
    }

    /// Of the settings, those that tell by which hosts the blog was known.
    fn setting(&mut self, entry: &Fields, tell: &mut Tell<'_>) -> Result<(), Refused> {
        let is_host = HOSTS_IN.iter().any(|name| entry.get("id").ends_with(name));
        let site = old_site(entry.get("content").trim()).filter(|_| is_host);
        let host = site.as_ref().and_then(Url::host_str).filter(|host| host.contains('.'));
        if let (Some(host), Some(about)) = (host, &mut self.about) {
            about.hosts.push(host.to_owned());
            tell(Item::About(about.clone()))?;
        }
        Ok(())
    }

    fn fault(&self, entry: &Fields, what: Remark) -> Item {
        let place = format!("{}, entry {} {}", self.place, self.told, entry.get("id"));
        Item::Fault(Fault { place, what, is_skipped: true })
    }

    fn post(&mut self, entry: &Fields, is_page: bool, tell: &mut Tell<'_>) -> Result<(), Refused> {
        let Some(id) = entry.id() else { return Ok(tell(self.fault(entry, remark("import-no-id")))?) };
        if !entry.get("blogger:trashed").trim().is_empty() {
            let place = format!("{}, entry {} {}", self.place, self.told, entry.get("id"));
            let otherwise = Some(Fault { place, what: remark("import-in-trash"), is_skipped: true });
            let title = title_of(entry);
            return Ok(tell(Item::Trashed { origin: format!("blogger:{id}"), title, otherwise })?);
        }
        let author = entry.get("author/name").trim().to_owned();
        if !author.is_empty() && self.people.insert(author.clone()) {
            // What it has of an address is a profile there.
            tell(Item::Person(Person { key: author.clone(), name: author.clone(), ..Person::default() }))?;
        }
        self.profiles.extend(profile(entry));
        let labels = entry.labels();
        for label in &labels {
            if self.terms.insert(label.clone()) {
                tell(Item::Term(Term {
                    key: label.clone(),
                    name: xml::undone(label).into_owned(),
                    old_paths: spelled(label).flat_map(|label| LABELS.map(|below| format!("{below}{label}"))).collect(),
                }))?;
            }
        }
        let path =
            [entry.get("blogger:filename"), entry.link("alternate", "text/html"), entry.link("replies", "text/html")];
        let path =
            path.into_iter().find(|path| !path.trim().is_empty()).and_then(path_of).filter(|path| !path.is_empty());
        let status = entry.get("blogger:status").trim().to_ascii_uppercase();
        let is_draft =
            entry.get("app:control/app:draft").trim() == "yes" || !matches!(status.as_str(), "" | "LIVE" | "SCHEDULED");
        let published_at = input::time(entry.get("published"));
        if let (Some(month), Some(at)) = (path.as_deref().and_then(month_of), published_at)
            && !is_page
            && !is_draft
            && status != "SCHEDULED"
        {
            self.months.note(month, at, self.zone);
        }
        let html = entry.get("content").to_owned();
        self.note_hosts(&html);
        let mut warnings = Vec::new();
        if !matches!(status.as_str(), "" | "LIVE" | "SCHEDULED" | "DRAFT") {
            warnings.push(remark("import-unknown-state").put("state", short(&status)));
        }
        if !is_draft && published_at.is_none() {
            warnings.push(remark("import-no-date-draft"));
        }
        let mut title = title_of(entry);
        if title.is_empty() {
            title = plain::excerpt(&Dom::read(&html).text(Dom::ROOT), MAX_TITLE);
        }
        let slug = path
            .as_deref()
            .and_then(|path| path.rsplit('/').next())
            .map(|name| name.trim_end_matches(".html").to_owned());
        tell(Item::Entry(Box::new(Entry {
            origin: format!("blogger:{id}"),
            changed: input::time(entry.get("updated")),
            is_page,
            title,
            slug,
            files: self.files(&html),
            body: Body::Html { html, dialect: Dialect::Blogger },
            description: entry.get("blogger:metaDescription").trim().to_owned(),
            tags: labels.iter().map(|label| xml::undone(label).into_owned()).collect(),
            people: some(&author).into_iter().collect(),
            published_at,
            state: match status.as_str() {
                _ if is_draft || published_at.is_none() => State::Draft,
                "SCHEDULED" => State::Scheduled,
                _ => State::Published,
            },
            comments_open: !is_page,
            old_paths: path.into_iter().collect(),
            warnings,
            ..Entry::default()
        })))?;
        Ok(())
    }

    /// The pictures of a text that the archive brings.
    fn files(&self, html: &str) -> Vec<incoming::File> {
        if self.pictures.is_empty() {
            return Vec::new();
        }
        let mut files: Vec<incoming::File> = Vec::new();
        for address in body::pictures(html) {
            let Some(path) = path_of(&address) else { continue };
            let file = path.rsplit('/').next().unwrap_or_default();
            // Blogger writes a space as `+` in addresses.
            let names = [file.to_lowercase(), file.replace('+', " ").to_lowercase()];
            let Some(name) = names.iter().find_map(|name| self.pictures.get(name)) else { continue };
            let source = match self.file.is_dir() {
                true => Source::Path(self.file.join(name)),
                false => Source::Zipped { archive: self.file.to_owned(), name: name.clone() },
            };
            match files.iter_mut().find(|known| known.source == source) {
                Some(known) if !known.references.contains(&address) => known.references.push(address),
                Some(_) => {}
                None => files.push(incoming::File {
                    references: vec![address],
                    name: name.rsplit('/').next().unwrap_or_default().to_owned(),
                    source,
                }),
            }
        }
        files
    }

    fn comment(&mut self, entry: &Fields, tell: &mut Tell<'_>) -> Result<(), Refused> {
        let (Some(id), Some(on)) = (entry.id(), entry.on()) else {
            return Ok(tell(self.fault(entry, remark("import-no-post")))?);
        };
        let Some(at) = input::time(entry.get("published")) else {
            return Ok(tell(self.fault(entry, remark("import-no-date")))?);
        };
        let status = entry.get("blogger:status").trim().to_ascii_uppercase();
        let state = match status.as_str() {
            _ if !entry.get("blogger:trashed").trim().is_empty() => Shelf::Trash,
            "LIVE" | "" => Shelf::Approved,
            "SPAM" | "SPAM_COMMENT" => Shelf::Spam,
            "EMPTIED" | "DELETED" => Shelf::Trash,
            _ => Shelf::Held,
        };
        let name = entry.get("author/name").trim();
        tell(Item::Comment(Box::new(Comment {
            origin: format!("blogger:{id}"),
            on: On::Entry(format!("blogger:{on}")),
            parent: entry.parent().map(|parent| format!("blogger:{parent}")),
            name: if NOBODY.contains(&name) { String::new() } else { name.to_owned() },
            email: some(entry.get("author/email")).filter(|email| email != "noreply@blogger.com"),
            website: some(entry.get("author/uri")),
            network: None,
            text: Body::html(entry.get("content").to_owned()),
            at,
            state,
            is_owner: profile(entry).is_some_and(|profile| self.profiles.contains(&profile)),
            is_pinned: false,
        })))?;
        Ok(())
    }
}

/// The profile of whoever wrote an entry: the number at its end, whichever way it was asked for.
fn profile(entry: &Fields) -> Option<String> {
    let (_, number) = entry.get("author/uri").trim().trim_end_matches('/').rsplit_once("/profile/")?;
    Some(number.to_owned()).filter(|number| !number.is_empty())
}

fn title_of(entry: &Fields) -> String {
    plain::clean_line(&xml::undone(entry.get("title")))
}

/// A label as its addresses have it: a blank may be written as a plus.
fn spelled(label: &str) -> impl Iterator<Item = String> {
    let plus = label.replace(' ', "+");
    std::iter::once(label.to_owned()).chain(Some(plus).filter(|plus| plus != label))
}

/// `2026/06` of `2026/06/slug.html`.
fn month_of(path: &str) -> Option<String> {
    let (year, rest) = path.split_once('/')?;
    let (month, _) = rest.split_once('/')?;
    let is_number = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(year, 4) && is_number(month, 2)).then(|| format!("{year}/{month}"))
}
