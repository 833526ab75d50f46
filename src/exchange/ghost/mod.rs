//! Ghost's export: one JSON with its tables.

pub mod body;
mod lexical;
mod mobiledoc;
pub mod redirects;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::atomic::AtomicU64,
};

use serde_json::Value;
use url::Url;

use super::{
    LEFT_OF_TEXT,
    input::{self, name_of, some},
    json::{self, is_set, text},
    wordpress,
};
use crate::{
    model::{
        incoming::{About, Body, Cover, Dialect, Entry, Fault, Item, Person, Refused, State, Tell, Term},
        remark::{Remark, remark},
        time::Time,
    },
    picture::short,
    text::{
        dom::{Dom, escaped},
        markdown,
    },
};

/// The most that a file holds once it is unpacked.
const MAX_BYTES: u64 = 256 << 20;

/// How the addresses of files that were uploaded are known.
pub(super) const UPLOADS: [&str; 2] = ["/content/files/", "/content/media/"];

/// Where its pictures are.
pub(super) const PICTURES: [&str; 1] = ["/content/images/"];

/// What stands for the blog's own address.
const HOME: &str = "__GHOST_URL__";

/// Reads an export, packed or not; twice, since posts come before what belongs to them. `site`: where the blog was.
pub fn read(source: &Path, site: Option<&Url>, counted: &AtomicU64, tell: &mut Tell<'_>) -> Result<(), Refused> {
    let place = name_of(source);
    let mut tables = Tables { home: Home::at(site), ..Tables::default() };
    json::walk(input::open(source, MAX_BYTES, counted, 1)?, &place, &mut |table, row| {
        tables.note(table, row);
        Ok(())
    })?;
    if !tables.has_posts {
        return Err(input::bad(source, remark("import-ghost-none")));
    }
    tables.begin(tell)?;
    let mut number = 0_u64;
    json::walk(input::open(source, MAX_BYTES, counted, 1)?, &place, &mut |table, row| {
        if table == "posts" {
            number += 1;
            let entry = tables.entry(&row).map_or_else(
                || {
                    let what = remark("import-no-id-or-title");
                    Item::Fault(Fault { place: format!("{place}, post {number}"), what, is_skipped: true })
                },
                |entry| Item::Entry(Box::new(entry)),
            );
            tell(entry)?;
        }
        Ok(())
    })
}

/// Where the blog was, as far as somebody says it: the export does not.
#[derive(Default)]
struct Home {
    /// Without a slash at its end.
    address: Option<String>,
    /// The folder of its host in which it was, with a slash before it; empty for none.
    folder: String,
}

impl Home {
    fn at(site: Option<&Url>) -> Self {
        let folder = site.map(|site| site.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        Self { address: site.map(|site| site.as_str().trim_end_matches('/').to_owned()), folder }
    }

    /// An address on the blog itself counts from the root of its host.
    fn here(&self, text: &str) -> String {
        text.replace(HOME, &self.folder)
    }

    /// Old addresses below the blog, as an entry has them.
    fn below<const N: usize>(&self, paths: [String; N]) -> Vec<String> {
        paths.iter().map(|path| format!("{}/{path}", self.folder).trim_start_matches('/').to_owned()).collect()
    }

    /// The text: as Ghost drew it, else from what it was written in.
    fn body(&self, row: &Value, warnings: &mut Vec<Remark>) -> Body {
        let html = text(row, "html");
        let drawn = |html: String| Body::Html { html: self.here(&html), dialect: Dialect::Ghost };
        if !html.trim().is_empty() {
            return drawn(html);
        }
        let parsed = |field| serde_json::from_str::<Value>(&text(row, field)).ok();
        if let Some(tree) = parsed("lexical") {
            return drawn(lexical::html(&tree, warnings));
        }
        if let Some(tree) = parsed("mobiledoc") {
            return match mobiledoc::markdown(&tree) {
                Some(markdown) => Body::Markdown(self.here(&markdown)),
                None => drawn(mobiledoc::html(&tree, warnings)),
            };
        }
        // The first versions kept Markdown.
        let written = text(row, "markdown");
        let is_there = |field| !text(row, field).trim().is_empty();
        if written.trim().is_empty() && ["lexical", "mobiledoc"].into_iter().any(is_there) {
            warnings.push(remark("import-text-unread"));
        }
        Body::Markdown(self.here(&written))
    }
}

/// All but the posts.
#[derive(Default)]
struct Tables {
    home: Home,
    has_posts: bool,
    settings: HashMap<String, String>,
    users: BTreeMap<String, Value>,
    tags: BTreeMap<String, Value>,
    metas: HashMap<String, Value>,
    /// Post, order, author or tag.
    authors: HashMap<String, Vec<(i64, String)>>,
    tagged: HashMap<String, Vec<(i64, String)>>,
}

impl Tables {
    fn note(&mut self, table: &str, row: Value) {
        let link = |other: &str| {
            let order = row.get("sort_order").and_then(Value::as_i64).unwrap_or_default();
            (text(&row, "post_id"), (order, text(&row, other)))
        };
        match table {
            "posts" => self.has_posts = true,
            "settings" => drop(self.settings.insert(text(&row, "key"), text(&row, "value"))),
            "users" => drop(self.users.insert(text(&row, "id"), row)),
            "tags" => drop(self.tags.insert(text(&row, "id"), row)),
            "posts_meta" => drop(self.metas.insert(text(&row, "post_id"), row)),
            "posts_authors" => {
                let (post, author) = link("author_id");
                self.authors.entry(post).or_default().push(author);
            }
            "posts_tags" => {
                let (post, tag) = link("tag_id");
                self.tagged.entry(post).or_default().push(tag);
            }
            _ => {}
        }
    }

    fn begin(&mut self, tell: &mut Tell<'_>) -> Result<(), Refused> {
        for links in self.authors.values_mut().chain(self.tagged.values_mut()) {
            links.sort();
        }
        let setting = |name: &str| self.settings.get(name).cloned().unwrap_or_default();
        tell(Item::About(About {
            title: setting("title"),
            description: setting("description"),
            language: some(&setting("locale")).or_else(|| some(&setting("lang"))),
            address: self.home.address.clone(),
            hosts: Vec::new(),
            zone: some(&setting("timezone")).or_else(|| some(&setting("active_timezone"))),
        }))?;
        for (id, user) in &self.users {
            let slug = text(user, "slug");
            let old_paths =
                if slug.is_empty() { Vec::new() } else { self.home.below(lists(&format!("author/{slug}"))) };
            tell(Item::Person(Person {
                key: id.clone(),
                name: text(user, "name").trim().to_owned(),
                email: some(&text(user, "email")),
                bio: text(user, "bio"),
                website: some(&text(user, "website")),
                picture: some(&text(user, "profile_image"))
                    .or_else(|| some(&text(user, "image")))
                    .map(|picture| self.home.here(&picture)),
                old_paths,
            }))?;
        }
        for (id, tag) in self.tags.iter().filter(|(_, tag)| is_shown(tag)) {
            let slug = text(tag, "slug");
            let old_paths = if slug.is_empty() { Vec::new() } else { self.home.below(lists(&format!("tag/{slug}"))) };
            tell(Item::Term(Term { key: id.clone(), name: text(tag, "name").trim().to_owned(), old_paths }))?;
        }
        for from in self.home.below(["rss", "feed"].map(str::to_owned)) {
            tell(Item::Moved { from, to: "/feed.rss".to_owned() })?;
        }
        if !self.home.folder.is_empty() {
            tell(Item::Moved { from: self.home.folder.trim_matches('/').to_owned(), to: "/".to_owned() })?;
        }
        Ok(())
    }

    fn entry(&self, row: &Value) -> Option<Entry> {
        let id = some(&text(row, "id"))?;
        let title = some(&text(row, "title"))?;
        let nothing = Value::Null;
        let meta = self.metas.get(&id).unwrap_or(&nothing);
        let either =
            |name: &str| Some(text(meta, name)).filter(|found| !found.is_empty()).unwrap_or_else(|| text(row, name));
        let mut warnings = Vec::new();
        for (field, what) in
            [("codeinjection_head", remark("import-code-head")), ("codeinjection_foot", remark("import-code-foot"))]
        {
            if !text(row, field).trim().is_empty() {
                warnings.push(what);
            }
        }
        let visibility = text(row, "visibility");
        let is_private = !matches!(visibility.as_str(), "" | "public");
        if is_private {
            warnings.push(remark("import-was-not-public").put("who", &visibility));
        }
        if is_set(meta, "email_only") {
            warnings.push(remark("import-was-mailed"));
        }
        let published_at = moment(row, "published_at");
        let status = text(row, "status");
        let was_published = matches!(status.as_str(), "published" | "scheduled");
        match status.as_str() {
            "published" | "scheduled" | "draft" => {}
            "sent" if is_set(meta, "email_only") => {}
            "sent" => warnings.push(remark("import-was-mailed")),
            other => warnings.push(remark("import-unknown-state").put("state", short(other))),
        }
        if was_published && published_at.is_none() {
            warnings.push(remark("import-no-date-draft"));
        }
        let is_published = was_published && !is_private && !is_set(meta, "email_only") && published_at.is_some();
        let slug = some(&text(row, "slug")).filter(|slug| slug != "untitled");
        // The first versions called it so.
        let shown = [either("feature_image"), text(row, "image")].into_iter().find_map(|shown| some(&shown));
        let cover = shown.map(|shown| self.home.here(&shown)).map(|address| Cover {
            address,
            alt: either("feature_image_alt"),
            caption: words(&either("feature_image_caption")),
        });
        let tags = self.tagged.get(&id).into_iter().flatten();
        let tags = tags.filter_map(|(_, tag)| self.tags.get(tag)).filter(|tag| is_shown(tag));
        let mut people: Vec<String> =
            self.authors.get(&id).into_iter().flatten().map(|(_, author)| author.clone()).collect();
        if people.is_empty() {
            people.extend(some(&text(row, "author_id")));
        }
        let is_page = text(row, "type") == "page" || is_set(row, "page");
        let body = self.home.body(row, &mut warnings);
        let is_read = warnings.iter().all(|warning| warning.key() != "import-text-unread");
        let is_left = warnings.iter().any(|warning| LEFT_OF_TEXT.contains(&warning.key()));
        let written = ["lexical", "mobiledoc"].map(|field| text(row, field)).into_iter().find(|text| !text.is_empty());
        Some(Entry {
            origin: format!("ghost:{id}"),
            original: written.filter(|_| is_left),
            changed: moment(row, "updated_at"),
            is_page,
            title,
            files: wordpress::uploaded(body.as_str(), &UPLOADS),
            body,
            excerpt: some(&text(row, "custom_excerpt")),
            description: either("meta_description"),
            canonical: text(row, "canonical_url"),
            tags: tags.map(|tag| text(tag, "name").trim().to_owned()).collect(),
            people,
            published_at,
            state: match (is_published && is_read, status.as_str()) {
                (false, _) => State::Draft,
                (true, "scheduled") => State::Scheduled,
                (true, _) => State::Published,
            },
            comments_open: !is_page,
            cover,
            old_paths: slug
                .as_ref()
                .map(|slug| self.home.below([slug.clone(), format!("{slug}/amp")]))
                .unwrap_or_default(),
            slug,
            is_featured: is_set(row, "featured"),
            language: some(&text(row, "locale")),
            warnings,
            ..Entry::default()
        })
    }
}

/// Names that begin with `#` are for the theme alone.
fn is_shown(tag: &Value) -> bool {
    let name = text(tag, "name");
    text(tag, "visibility") != "internal" && !name.trim().is_empty() && !name.starts_with('#')
}

/// A moment as one of the ways in which exports write it: text, or milliseconds.
fn moment(row: &Value, field: &str) -> Option<Time> {
    match row.get(field)? {
        Value::Number(number) => number.as_i64().map(Time),
        Value::String(text) => input::time(text).or_else(|| input::time(&text.replace(' ', "T"))),
        _ => None,
    }
}

/// The addresses of a list: its page, its feed.
fn lists(path: &str) -> [String; 2] {
    [path.to_owned(), format!("{path}/rss")]
}

/// The Markdown of a card, as HTML among other cards; as it was typed where that cannot be.
fn drawn(card: &Value) -> String {
    let written = text(card, "markdown");
    let drawn = markdown::post(&written, &HashMap::new(), "card");
    drawn.map_or_else(|_| format!("<p>{}</p>", escaped(&written)), |drawn| drawn.html)
}

/// A line of HTML below a card, if there is one.
fn below(said: &str) -> String {
    if said.trim().is_empty() { String::new() } else { format!("<p>{said}</p>") }
}

/// HTML of one line as words.
fn words(html: &str) -> String {
    Dom::read(html).text(Dom::ROOT).split_whitespace().collect::<Vec<_>>().join(" ")
}
