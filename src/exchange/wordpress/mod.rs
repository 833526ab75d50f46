//! WordPress's own export (WXR): posts, pages, drafts, people, terms, comments, and where the pictures were.

mod around;
pub mod body;
mod clock;
mod scan;
#[cfg(test)]
mod tests;
pub mod written;

use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
    sync::atomic::AtomicU64,
};

use jiff::{civil::DateTime, fmt::rfc2822, tz::TimeZone};
use percent_encoding::percent_decode_str;
use url::Url;

use super::{
    input::{self, name_of},
    months::Months,
    xml,
};
use crate::model::{
    incoming::{
        About, Attached, Body, Comment, Cover, Dialect, Entry, Fault, Item, On, Person, Refused, Shelf, State, Tell,
        Term,
    },
    remark::{Remark, remark},
    time::Time,
};

pub(super) use around::files as uploaded;
use around::{Attachments, Blocks};
use clock::Clock;
use scan::{Filed, Found, Record};

/// Kinds of items that are machinery of WordPress's own or of its plugins, or what readers sent in.
const MACHINERY: [&str; 27] = [
    "nav_menu_item",
    "revision",
    "customize_changeset",
    "custom_css",
    "oembed_cache",
    "user_request",
    "wp_global_styles",
    "wp_navigation",
    "wp_template",
    "wp_template_part",
    "wp_font_family",
    "wp_font_face",
    "safecss",
    "feedback",
    "shop_coupon",
    "product_variation",
    "scheduled-action",
    "elementor_library",
    "elementor_snippet",
    "wpcf7_contact_form",
    "wpforms",
    "mc4wp-form",
    "nf_sub",
    "give_payment",
    "edd_payment",
    "et_pb_layout",
    "fl-builder-template",
];
/// How the names of others begin.
const MACHINERY_OF: [&str; 7] = ["acf-", "shop_order", "wp_", "flamingo_", "jp_", "amp_", "wpcf7"];

/// The category of what is filed nowhere: it becomes no tag.
const UNFILED: &str = "uncategorized";
/// The most that a file holds once it is unpacked.
const MAX_BYTES: u64 = 64 << 30;
/// Categories within categories.
const MAX_NESTED: usize = 20;

/// How the addresses of files that were uploaded are known.
pub(super) const UPLOADS: [&str; 2] = ["/wp-content/uploads/", ".files.wordpress.com/"];

/// A picture that an item names by number.
#[derive(Clone, Debug, Default)]
struct Attachment {
    address: String,
    alt: String,
    caption: String,
}

/// Reads the files of one blog, which is looked at twice: first for who and what is named in it. `counted`: how many bytes
/// were read, those of the first look by the way; `zone`: that of the blog, for dates that tell none.
pub fn read(sources: &[PathBuf], zone: &TimeZone, counted: &AtomicU64, tell: &mut Tell<'_>) -> Result<(), Refused> {
    let mut reader = Reader {
        zone: zone.clone(),
        clock: Clock::new(zone.clone()),
        about: About::default(),
        blog: String::new(),
        people: Vec::new(),
        terms: BTreeMap::new(),
        attachments: Attachments::default(),
        blocks: Blocks::default(),
        item: None,
        taken: HashSet::new(),
        months: Months::default(),
        left: BTreeMap::new(),
        as_pages: BTreeMap::new(),
    };
    for source in sources {
        let glanced = input::open(source, MAX_BYTES, counted, input::GLANCE)?;
        scan::scan(glanced, &name_of(source), true, &mut |found| {
            reader.note(found);
            Ok(())
        })?;
    }
    reader.begin(tell)?;
    for source in sources {
        let place = name_of(source);
        let whole = input::open(source, MAX_BYTES, counted, 1)?;
        // An item may well stand in two exports of one blog.
        reader.taken.clear();
        let odd = scan::scan(whole, &place, false, &mut |found| reader.take(&place, found, tell))?;
        xml::tell_odd(&place, odd, tell)?;
    }
    reader.end(tell)
}

/// What is known of a category or a tag.
#[derive(Default)]
struct Filing {
    name: String,
    /// Slug of the category that it is in.
    above: Option<String>,
    number: Option<String>,
}

/// The item whose comments are read.
#[derive(Clone)]
struct Current {
    origin: String,
    title: String,
    at: Option<Time>,
}

struct Reader {
    zone: TimeZone,
    clock: Clock,
    about: About,
    /// What the origins of everything of this blog begin with.
    blog: String,
    people: Vec<Person>,
    /// By folder and slug.
    terms: BTreeMap<(String, String), Filing>,
    attachments: Attachments,
    blocks: Blocks,
    /// What comments belong to, if it came along.
    item: Option<Current>,
    /// Numbers of the posts and pages of this file that came.
    taken: HashSet<String>,
    /// In which posts were published.
    months: Months,
    /// What was left out: how many of each.
    left: BTreeMap<Remark, u64>,
    /// How many of each other kind became pages.
    as_pages: BTreeMap<String, u64>,
}

impl Reader {
    /// The first look.
    fn note(&mut self, found: Found) {
        match found {
            Found::Blog(mut fields) => {
                let address =
                    [fields.get("wp:base_blog_url"), fields.get("link")].into_iter().find(|url| !url.is_empty());
                let address = address.map(|url| url.trim_end_matches('/').to_owned());
                if self.about.address.is_none() {
                    let bare = address.as_deref().unwrap_or_default();
                    let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
                    self.blog = format!("wordpress:{bare}");
                    self.about = About {
                        title: fields.take("title"),
                        description: fields.take("description"),
                        language: Some(fields.take("language")).filter(|tag| !tag.is_empty()),
                        address,
                        hosts: Vec::new(),
                        zone: None,
                    };
                }
            }
            Found::Author(fields) => {
                let login = fields.get("wp:author_login");
                if login.is_empty() || self.people.iter().any(|known| known.key == login) {
                    return;
                }
                let full = format!("{} {}", fields.get("wp:author_first_name"), fields.get("wp:author_last_name"));
                let name = [fields.get("wp:author_display_name"), full.trim(), login]
                    .into_iter()
                    .find(|name| !name.is_empty());
                let number = some(fields.get("wp:author_id"));
                self.people.push(Person {
                    key: login.to_owned(),
                    name: name.unwrap_or_default().to_owned(),
                    email: some(fields.get("wp:author_email")),
                    old_paths: [
                        Some(format!("author/{login}")),
                        Some(format!("author/{login}/feed")),
                        number.map(|number| format!("?author={number}")),
                    ]
                    .into_iter()
                    .flatten()
                    .map(|path| self.path_below(&path))
                    .collect(),
                    ..Person::default()
                });
            }
            Found::Term(kind, fields) => {
                let (folder, slug, name) = match kind.as_str() {
                    "wp:category" => ("category", fields.get("wp:category_nicename"), fields.get("wp:cat_name")),
                    "wp:tag" => ("tag", fields.get("wp:tag_slug"), fields.get("wp:tag_name")),
                    _ => match fields.get("wp:term_taxonomy") {
                        "category" => ("category", fields.get("wp:term_slug"), fields.get("wp:term_name")),
                        "post_tag" => ("tag", fields.get("wp:term_slug"), fields.get("wp:term_name")),
                        _ => return,
                    },
                };
                let above = [fields.get("wp:category_parent"), fields.get("wp:term_parent")];
                let above = above.into_iter().find(|above| !above.is_empty()).filter(|_| folder == "category");
                self.add_term(folder, slug, name, above, some(fields.get("wp:term_id")));
            }
            Found::Item(mut item) => {
                for Filed { domain, nicename, name } in &item.filed {
                    let folder = if domain == "post_tag" { "tag" } else { "category" };
                    if matches!(domain.as_str(), "post_tag" | "category") {
                        self.add_term(folder, nicename, name, None, None);
                    }
                }
                let fields = &item.fields;
                for name in ["wp:post_date", "wp:post_modified"] {
                    let told = [civil(fields.get(name)), civil(fields.get(&format!("{name}_gmt")))];
                    if let [Some(local), Some(utc)] = told {
                        self.clock.note(local, utc);
                    }
                }
                if fields.get("wp:post_type") == "post" && fields.get("wp:status") == "publish" {
                    let month = fields.get("wp:post_date").get(..7).map(|month| month.replace('-', "/"));
                    let at = self.date(fields, "wp:post_date");
                    if let (Some(month), Some(at)) = (month.filter(|month| *month != "0000/00"), at) {
                        self.months.note(month, at, &self.zone);
                    }
                }
                if item.fields.get("wp:post_type") == "wp_block" && item.fields.get("wp:status") == "publish" {
                    let html = item.fields.take("content:encoded").replace("\r\n", "\n");
                    self.blocks.add(item.fields.get("wp:post_id"), html);
                }
                if item.fields.get("wp:post_type") == "attachment" {
                    let attachment = Attachment {
                        address: item.fields.get("wp:attachment_url").to_owned(),
                        alt: item.meta.get("_wp_attachment_image_alt").to_owned(),
                        caption: item.fields.get("excerpt:encoded").to_owned(),
                    };
                    if !attachment.address.is_empty() {
                        let [number, parent, order] =
                            ["wp:post_id", "wp:post_parent", "wp:menu_order"].map(|name| item.fields.get(name));
                        self.attachments.add(number, parent, order, attachment);
                    }
                }
            }
            Found::Comment(_) => {}
        }
    }

    fn add_term(&mut self, folder: &str, slug: &str, name: &str, above: Option<&str>, number: Option<String>) {
        if slug.is_empty() || name.trim().is_empty() {
            return;
        }
        let filed = self.terms.entry((folder.to_owned(), slug.to_owned())).or_default();
        if filed.name.is_empty() {
            filed.name = plain(name);
        }
        // Items name their terms without these.
        filed.above = filed.above.take().or_else(|| above.map(str::to_owned));
        filed.number = filed.number.take().or(number);
    }

    /// A category or a tag with every address that it had, below the ones above it and alone.
    fn term(&self, folder: &str, slug: &str, filed: &Filing) -> Term {
        let mut nested = slug.to_owned();
        let mut above = filed.above.as_deref();
        for _ in 0..MAX_NESTED {
            let Some(slug) = above else { break };
            nested = format!("{slug}/{nested}");
            above = self.terms.get(&(folder.to_owned(), slug.to_owned())).and_then(|filed| filed.above.as_deref());
        }
        let mut paths = vec![format!("{folder}/{slug}"), format!("{folder}/{nested}")];
        paths.dedup();
        paths.extend(paths.clone().iter().map(|path| format!("{path}/feed")));
        paths.extend(match folder {
            "tag" => Some(format!("?tag={}", percent_decode_str(slug).decode_utf8_lossy())),
            _ => filed.number.as_ref().map(|number| format!("?cat={number}")),
        });
        Term {
            key: format!("{folder}/{slug}"),
            name: filed.name.clone(),
            old_paths: paths.iter().map(|path| self.path_below(path)).collect(),
        }
    }

    /// A path of the old blog, which may have lived in a folder of its host.
    fn path_below(&self, path: &str) -> String {
        let url = self.about.address.as_deref().and_then(|address| Url::parse(address).ok());
        let folder = url.map(|url| url.path().trim_matches('/').to_owned()).unwrap_or_default();
        match (folder.is_empty(), path.is_empty()) {
            (true, _) => path.to_owned(),
            (false, true) => folder,
            (false, false) => format!("{folder}/{path}"),
        }
    }

    fn begin(&self, tell: &mut Tell<'_>) -> Result<(), Refused> {
        tell(Item::About(self.about.clone()))?;
        for person in &self.people {
            tell(Item::Person(person.clone()))?;
        }
        for ((folder, slug), filed) in &self.terms {
            let term = self.term(folder, slug, filed);
            if (folder.as_str(), slug.as_str()) != ("category", UNFILED) {
                tell(Item::Term(term))?;
                continue;
            }
            for from in term.old_paths {
                let to = if from.ends_with("/feed") { "/feed.xml" } else { "/" };
                tell(Item::Moved { from, to: to.to_owned() })?;
            }
        }
        for (from, to) in [
            ("feed", "feed.xml"),
            ("feed/atom", "feed.xml"),
            ("feed/rss", "feed.rss"),
            ("feed/rdf", "feed.rss"),
            ("feed/rss2", "feed.rss"),
            ("comments/feed", "comments/feed.rss"),
            ("?feed=rss2", "feed.rss"),
            ("?feed=atom", "feed.xml"),
            ("?feed=comments-rss2", "comments/feed.rss"),
            ("?feed=comments-atom", "comments/feed.xml"),
        ] {
            tell(Item::Moved { from: self.path_below(from), to: format!("/{to}") })?;
        }
        // At the root of a host its months have the addresses that they have here, unless all of one was by another clock.
        for (there, here) in self.months.each() {
            let (year, _) = here.split_once('/').unwrap_or((here, ""));
            let old_year = there.split('/').next().unwrap_or_default();
            for (old, new) in [(old_year, year), (there, here)] {
                let from = self.path_below(old);
                if from != old || old == there {
                    tell(Item::Moved { from, to: format!("/{new}") })?;
                }
            }
        }
        let home = self.path_below("");
        if !home.is_empty() {
            tell(Item::Moved { from: home, to: "/".to_owned() })?;
        }
        Ok(())
    }

    fn end(&self, tell: &mut Tell<'_>) -> Result<(), Refused> {
        for Attachment { address, alt, caption } in self.attachments.all() {
            let (address, alt) = (address.clone(), plain(alt));
            tell(Item::Attached(Attached { address, alt, caption: plain(caption) }))?;
        }
        for (kind, count) in &self.as_pages {
            let what = remark("import-kind-as-pages").put("n", count).put("kind", kind);
            tell(Item::Fault(Fault { place: self.blog.clone(), what, is_skipped: false }))?;
        }
        let blocks = (remark("import-left-blocks"), self.blocks.unnamed());
        for (what, count) in self.left.iter().chain(Some((&blocks.0, &blocks.1)).filter(|_| blocks.1 > 0)) {
            let what = remark("import-left-out").put("n", count).because([what.clone()]);
            tell(Item::Fault(Fault { place: self.blog.clone(), what, is_skipped: true }))?;
        }
        Ok(())
    }

    fn leave(&mut self, what: Remark) {
        *self.left.entry(what).or_default() += 1;
    }

    /// The second look.
    fn take(&mut self, place: &str, found: Found, tell: &mut Tell<'_>) -> Result<(), Refused> {
        match found {
            Found::Item(item) => self.item(place, *item, tell),
            Found::Comment(fields) => self.comment(fields, tell),
            Found::Blog(_) | Found::Author(_) | Found::Term(..) => Ok(()),
        }
    }

    fn item(&mut self, place: &str, item: scan::Item, tell: &mut Tell<'_>) -> Result<(), Refused> {
        self.item = None;
        let number = item.fields.get("wp:post_id").to_owned();
        match item.fields.get("wp:post_type") {
            "post" | "page" | "" => {}
            "attachment" => return self.attachment(&number, &item.fields, tell),
            // It came with the texts that name it.
            "wp_block" => return Ok(()),
            kind if is_machinery(kind) || item.fields.get("content:encoded").is_empty() => {
                let kind = crate::picture::short(kind);
                self.leave(remark("import-left-kind").put("kind", kind));
                return Ok(());
            }
            _ => {}
        }
        let status = item.fields.get("wp:status");
        match status {
            "auto-draft" => return Ok(()),
            "trash" => {
                self.leave(remark("import-left-trash"));
                let (origin, title) = (format!("{}:{number}", self.blog), plain(item.fields.get("title")));
                return Ok(tell(Item::Trashed { origin, title, otherwise: None })?);
            }
            _ => {}
        }
        if number.is_empty() || number.len() > 20 {
            return Ok(tell(Item::Fault(Fault {
                place: format!("{place}, byte {}", item.at),
                what: remark("import-no-number"),
                is_skipped: true,
            }))?);
        }
        if !self.taken.insert(number.clone()) {
            let title = crate::picture::short(&plain(item.fields.get("title")));
            return Ok(tell(Item::Fault(Fault {
                place: format!("{place}, byte {}", item.at),
                what: remark("import-number-twice").put("number", number).put("title", title),
                is_skipped: true,
            }))?);
        }
        let kind = item.fields.get("wp:post_type");
        if !matches!(kind, "post" | "page" | "") {
            *self.as_pages.entry(crate::picture::short(kind)).or_default() += 1;
        }
        let entry = self.entry(&number, item);
        let (origin, title) = (entry.origin.clone(), crate::picture::short(&entry.title));
        self.item = Some(Current { origin, title, at: entry.published_at.or(entry.changed) });
        Ok(tell(Item::Entry(Box::new(entry)))?)
    }

    fn entry(&self, number: &str, mut item: scan::Item) -> Entry {
        let mut warnings = Vec::new();
        let status = item.fields.get("wp:status").to_owned();
        let has_password = !item.fields.get("wp:post_password").is_empty();
        let mut state = match status.as_str() {
            "publish" => State::Published,
            "future" => State::Scheduled,
            _ => State::Draft,
        };
        match status.as_str() {
            "private" => warnings.push(remark("import-was-private")),
            "pending" => warnings.push(remark("import-was-pending")),
            "publish" | "future" | "draft" => {}
            other => warnings.push(remark("import-unknown-state").put("state", crate::picture::short(other))),
        }
        if has_password {
            state = State::Draft;
            warnings.push(remark("import-had-password"));
        }
        let published_at = self.date(&item.fields, "wp:post_date");
        if state != State::Draft && published_at.is_none() {
            state = State::Draft;
            warnings.push(remark("import-no-date-draft"));
        }
        let name = percent_decode_str(item.fields.get("wp:post_name")).decode_utf8_lossy().into_owned();
        let is_page = !matches!(item.fields.get("wp:post_type"), "post" | "");
        let cover = self.attachments.get(item.meta.get("_thumbnail_id")).cloned();
        let (kept, footnotes) = (item.fields.take("content:encoded"), item.meta.take("footnotes"));
        let kept = kept.replace("\r\n", "\n");
        let html = self.whole(number, &kept, &footnotes, &mut warnings);
        Entry {
            origin: format!("{}:{number}", self.blog),
            changed: self.date(&item.fields, "wp:post_modified"),
            is_page,
            old_paths: self.old_paths(number, &item, &name),
            slug: some(&name),
            title: plain(item.fields.get("title")),
            excerpt: some(&plain(item.fields.get("excerpt:encoded"))),
            description: plain(item.meta.get("_yoast_wpseo_metadesc")),
            tags: tags(&item.filed),
            people: people(&item),
            published_at,
            state,
            comments_open: item.fields.get("wp:comment_status") == "open",
            cover: cover.map(|Attachment { address, alt, caption }| Cover { address, alt, caption: plain(&caption) }),
            is_featured: item.fields.get("wp:is_sticky") == "1",
            files: around::files(&html, &UPLOADS),
            original: (html != kept).then_some(kept),
            body: Body::Html { html, dialect: Dialect::WordPress },
            warnings,
            ..Entry::default()
        }
    }

    /// Every address at which it answered.
    fn old_paths(&self, number: &str, item: &scan::Item, name: &str) -> Vec<String> {
        let mut paths = Vec::new();
        let link = item.fields.get("link");
        // A draft has the blog's own address, with its number.
        let has_number = ["?p=", "&p=", "?page_id=", "&page_id="].iter().any(|query| link.contains(query));
        let link = path_of(link).filter(|_| !has_number);
        let old = item.meta.get("_wp_old_slug");
        let before = link.as_ref().and_then(|path| path.strip_suffix(name));
        let before = before.filter(|_| !old.is_empty() && !name.is_empty()).map(|before| format!("{before}{old}"));
        paths.extend(link.iter().cloned().chain(before));
        paths.push(self.path_below(&format!("?p={number}")));
        if item.fields.get("wp:post_type") == "page" {
            paths.push(self.path_below(&format!("?page_id={number}")));
        }
        paths
    }

    /// The moment of a field: the one in UTC, else the one of the old blog's clock, else that of its feed.
    fn date(&self, fields: &Record, name: &str) -> Option<Time> {
        let utc = civil(fields.get(&format!("{name}_gmt"))).and_then(|date| date.to_zoned_datetime(TimeZone::UTC).ok());
        let local = || civil(fields.get(name)).and_then(|date| date.to_zoned_datetime(self.clock.at(date)).ok());
        let told = || {
            let date = Some(fields.get("pubDate")).filter(|date| name == "wp:post_date" && !date.is_empty())?;
            rfc2822::parse(date).ok().filter(|date| date.year() > 0)
        };
        utc.or_else(local).or_else(told).map(|date| Time::from(date.timestamp()))
    }

    /// The page that showed a picture on its own leads to where that was.
    fn attachment(&self, number: &str, fields: &Record, tell: &mut Tell<'_>) -> Result<(), Refused> {
        let address = fields.get("wp:attachment_url");
        if address.is_empty() {
            return Ok(());
        }
        for from in [path_of(fields.get("link")), Some(self.path_below(&format!("?attachment_id={number}")))]
            .into_iter()
            .flatten()
        {
            tell(Item::Moved { from, to: address.to_owned() })?;
        }
        Ok(())
    }

    fn comment(&mut self, mut fields: Record, tell: &mut Tell<'_>) -> Result<(), Refused> {
        let Some(Current { origin: entry, title, at: of_post }) = self.item.clone() else {
            self.leave(remark("import-left-comments"));
            return Ok(());
        };
        let kind = fields.get("wp:comment_type");
        if !matches!(kind, "" | "comment") {
            let kind = crate::picture::short(kind);
            self.leave(remark("import-left-comment-kind").put("kind", kind));
            return Ok(());
        }
        let number = fields.get("wp:comment_id");
        let who = [fields.get("wp:comment_author"), fields.get("wp:comment_author_email")];
        let who = crate::picture::short(&plain(who.into_iter().find(|who| !who.is_empty()).unwrap_or("?")));
        let said = || crate::picture::short(&plain(fields.get("wp:comment_content")));
        let fault = |what: Remark, is_skipped: bool| {
            Item::Fault(Fault { place: format!("{title} ({entry})"), what, is_skipped })
        };
        if number.is_empty() || number.len() > 20 {
            let what = remark("import-comment-no-number").put("name", who).put("text", said());
            return Ok(tell(fault(what, true))?);
        }
        let told = self.date(&fields, "wp:comment_date");
        let Some(at) = told.or(of_post) else {
            let what = remark("import-comment-dateless").put("name", who).put("text", said());
            return Ok(tell(fault(what, true))?);
        };
        if told.is_none() {
            let what = remark("import-comment-dated").put("name", who).put("text", said());
            tell(fault(what, false))?;
        }
        let origin = |number: &str| format!("{}:comment:{number}", self.blog);
        let comment = Comment {
            origin: origin(number),
            on: On::Entry(entry),
            parent: Some(fields.get("wp:comment_parent")).filter(|parent| !matches!(*parent, "" | "0")).map(origin),
            name: plain(fields.get("wp:comment_author")),
            email: some(fields.get("wp:comment_author_email")),
            website: some(fields.get("wp:comment_author_url")),
            network: some(fields.get("wp:comment_author_IP")),
            at,
            state: match fields.get("wp:comment_approved") {
                "1" => Shelf::Approved,
                "spam" => Shelf::Spam,
                "trash" | "post-trashed" => Shelf::Trash,
                _ => Shelf::Held,
            },
            is_owner: !matches!(fields.get("wp:comment_user_id"), "" | "0"),
            is_pinned: false,
            text: Body::Html {
                html: fields.take("wp:comment_content").replace("\r\n", "\n"),
                dialect: Dialect::WordPress,
            },
        };
        Ok(tell(Item::Comment(Box::new(comment)))?)
    }
}

/// A date and a time of day, where there is one.
fn civil(text: &str) -> Option<DateTime> {
    text.parse().ok().filter(|date: &DateTime| date.year() > 0)
}

fn is_machinery(kind: &str) -> bool {
    MACHINERY.contains(&kind) || MACHINERY_OF.iter().any(|begins| kind.starts_with(begins))
}

fn tags(filed: &[Filed]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for Filed { domain, nicename, name } in filed {
        let is_tag = match domain.as_str() {
            "post_tag" => true,
            "category" => nicename != UNFILED,
            _ => false,
        };
        let name = plain(name);
        if is_tag && !name.is_empty() && !tags.contains(&name) {
            tags.push(name);
        }
    }
    tags
}

/// Co-authors where a plugin names them, else whoever it is filed under.
fn people(item: &scan::Item) -> Vec<String> {
    let coauthors: Vec<String> = item
        .filed
        .iter()
        .filter(|filed| filed.domain == "author" && !filed.name.trim().is_empty())
        .map(|filed| filed.name.trim().to_owned())
        .collect();
    if coauthors.is_empty() { some(item.fields.get("dc:creator")).into_iter().collect() } else { coauthors }
}

/// The path of an address, its escapes undone, without slashes around it; with the query where there is no path.
pub(super) fn path_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let path = percent_decode_str(url.path().trim_matches('/')).decode_utf8().ok()?.into_owned();
    match (path.is_empty(), url.query()) {
        (true, Some(query)) => Some(format!("?{query}")),
        (true, None) => None,
        (false, _) => Some(path),
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Lines are not longer.
fn short_enough(line: &str) -> &str {
    line.char_indices().nth(20_000).map_or(line, |(at, _)| &line[..at])
}

/// A line of HTML as plain text.
fn plain(html: &str) -> String {
    let html = short_enough(html);
    if html.contains(['<', '&']) {
        // Some escape twice.
        xml::undone(crate::text::markdown::text_of(html).trim()).into_owned()
    } else {
        html.trim().to_owned()
    }
}
