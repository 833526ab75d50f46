//! A whole folder as an import takes it: its entries, and where its lists and feeds were.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use jiff::tz::TimeZone;
use url::Url;

use super::{Outcome, ScanError, Skipped, address, read, scan, zipped::Unpacked};
use crate::{
    exchange::input,
    model::{
        entry::Entry,
        incoming::{self, About, Body, Fault, File, Item, Refused, Source, State, Tell, Term},
        remark::Remark,
    },
    text::slug,
};

/// Where feeds are: Hugo's, Zola's two. Jekyll's has the address that ours has.
const FEEDS: [(&str, &str); 3] = [("index.xml", "/feed.rss"), ("rss.xml", "/feed.rss"), ("atom.xml", "/feed.xml")];

/// Reads a whole folder, or a zip of one. `site`: where its texts could be read.
///
/// # Errors
/// When it cannot be looked into.
pub fn tell(dir: &Path, site: Option<&Url>, zone: &TimeZone, tell: &mut Tell<'_>) -> Result<(), Refused> {
    let refused = |ScanError { path, source }| Refused::Bad {
        place: path.display().to_string(),
        what: input::unreadable(&source),
    };
    let mut unpacked = if dir.is_file() { Some(Unpacked::of(dir)?) } else { None };
    let texts = scan(&unpacked.as_ref().map_or_else(|| dir.to_owned(), Unpacked::root)).map_err(refused)?;
    let settings = texts.first().map(|found| found.source.site());
    // Who asks knows better than settings that somebody has copied.
    let site = site.or_else(|| settings?.address.as_ref());
    if let Some(site) = site {
        let address = Some(site.as_str().trim_end_matches('/').to_owned());
        tell(Item::About(About { address, ..About::default() }))?;
    }
    let mut sources: Vec<&Arc<super::Source>> = Vec::new();
    for found in &texts {
        if !sources.iter().any(|known| Arc::ptr_eq(known, &found.source)) {
            sources.push(&found.source);
        }
    }
    let mut faults: Vec<(String, Remark)> = sources.iter().flat_map(|source| source.faults()).cloned().collect();
    faults.sort();
    faults.dedup();
    for (place, what) in faults {
        tell(Item::Fault(Fault { place, what, is_skipped: false }))?;
    }
    for fault in unpacked.iter_mut().flat_map(|unpacked| std::mem::take(&mut unpacked.faults)) {
        tell(Item::Fault(fault))?;
    }
    let folder = site.map(|site| site.path().trim_matches('/')).filter(|folder| !folder.is_empty());
    // The old addresses, as somebody typed them and as the texts name each other.
    let below = |paths: Vec<String>| {
        let in_folder = paths.iter().filter_map(|path| Some(format!("{}/{path}", folder?))).collect::<Vec<_>>();
        [in_folder, paths].concat()
    };
    let mut terms = BTreeMap::new();
    let mut lists = BTreeSet::new();
    for found in &texts {
        tell(match read(found, zone) {
            Ok(Outcome { mut entry, warnings }) => {
                note_terms(&entry, &mut terms);
                if !entry.is_page && !entry.is_draft {
                    lists.extend(found.sections());
                }
                entry.old_paths = below(entry.old_paths);
                Item::Entry(Box::new(incoming(entry, warnings)))
            }
            Err(Skipped { path, why }) => Item::Fault(Fault { place: path, what: why, is_skipped: true }),
        })?;
    }
    for (from, to) in
        lists.iter().map(|list| (list, "/")).chain(taxonomies(&terms).iter().map(|list| (list, "/archive")))
    {
        for from in below(vec![from.clone()]) {
            tell(Item::Moved { from, to: to.to_owned() })?;
        }
    }
    for (name, old_paths) in terms {
        tell(Item::Term(Term { key: name.clone(), name, old_paths: below(old_paths) }))?;
    }
    for (from, to) in FEEDS {
        for from in below(vec![from.to_owned()]) {
            tell(Item::Moved { from, to: to.to_owned() })?;
        }
    }
    Ok(())
}

/// Where the lists of the names themselves were: `tags` above `tags/tea`.
fn taxonomies(terms: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let lists = terms.values().flatten().filter_map(|path| path.split_once('/'));
    lists.map(|(taxonomy, _)| taxonomy.to_owned()).collect()
}

/// Where the lists of what has an entry's tags and categories were.
fn note_terms(entry: &Entry, terms: &mut BTreeMap<String, Vec<String>>) {
    let tags = entry.tags.iter().map(|name| ("tags", name));
    for (taxonomy, name) in tags.chain(entry.categories.iter().map(|name| ("categories", name))) {
        let known = terms.entry(name.clone()).or_default();
        for path in address::lists(taxonomy, name) {
            if !known.contains(&path) {
                known.push(path);
            }
        }
    }
}

pub(super) fn incoming(entry: Entry, warnings: Vec<Remark>) -> incoming::Entry {
    incoming::Entry {
        origin: entry.origin,
        changed: entry.changed,
        is_page: entry.is_page,
        title: entry.title,
        slug: Some(entry.slug).filter(|slug| slug::is_slug(slug)),
        body: if entry.is_html { Body::html(entry.body) } else { Body::Markdown(entry.body) },
        excerpt: entry.excerpt,
        tags: entry.tags,
        people: entry.authors,
        published_at: entry.published_at,
        state: match entry.expires {
            _ if entry.is_draft => State::Draft,
            Some(end) => State::PublishedUntil(end),
            None => State::Published,
        },
        comments_open: !entry.is_page,
        old_paths: entry.old_paths,
        pictures: entry.pictures,
        cover: entry.cover,
        files: entry.elsewhere.into_iter().map(elsewhere).collect(),
        language: entry.language,
        warnings,
        ..incoming::Entry::default()
    }
}

/// A picture that is not in the folder.
fn elsewhere(address: String) -> File {
    File { name: String::new(), references: vec![address], source: Source::Elsewhere }
}
