//! A whole folder as an import takes it: its entries, and where its lists and feeds were.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::tz::TimeZone;
use url::Url;

use super::{Outcome, ScanError, Skipped, address, lists::Lists, read, scan, zipped::Unpacked};
use crate::{
    exchange::input,
    model::{
        entry::Entry,
        incoming::{self, About, Attached, Body, Fault, File, Item, Refused, Source, State, Tell},
        remark::Remark,
    },
    text::slug,
};

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
    let mut lists = Lists::default();
    let zipped = unpacked.as_ref().map(|unpacked| (dir, unpacked));
    let source_of = |file: PathBuf| zipped.and_then(|(zip, all)| all.source(zip, &file)).unwrap_or(Source::Path(file));
    let (mut files, mut attached) = (BTreeSet::new(), Vec::new());
    for found in &texts {
        tell(match read(found, zone) {
            Ok(outcome) => {
                lists.note(found, &outcome);
                let Outcome { mut entry, warnings, beside, .. } = outcome;
                files.extend(entry.files.iter().map(|(name, _)| name.trim_start_matches('/').to_owned()));
                attached.extend(beside);
                entry.old_paths = below(entry.old_paths);
                for picture in &mut entry.pictures {
                    picture.old_paths = below(std::mem::take(&mut picture.old_paths));
                }
                let brought = std::mem::take(&mut entry.files).into_iter();
                let brought = brought.map(|(name, file)| brought_as(name, source_of(file))).collect::<Vec<_>>();
                let mut entry = incoming(entry, warnings);
                entry.files.extend(brought);
                Item::Entry(Box::new(entry))
            }
            Err(Skipped { path, why }) => Item::Fault(Fault { place: path, what: why, is_skipped: true }),
        })?;
    }
    for (path, file) in attached {
        let address = format!("/{}", address::coded(&path));
        tell(Item::File(brought_as(address.clone(), source_of(file))))?;
        tell(Item::Attached(Attached { address, ..Attached::default() }))?;
        files.insert(path);
    }
    if let Some(folder) = folder {
        for to in files {
            tell(Item::Moved { from: format!("{folder}/{to}"), to })?;
        }
    }
    lists.tell(&below, tell)?;
    // The front page of a site that was in a folder.
    for from in folder.into_iter().map(str::to_owned) {
        tell(Item::Moved { from, to: "/".to_owned() })?;
    }
    Ok(())
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

/// A file as it is named, and where it is.
fn brought_as(address: String, source: Source) -> File {
    File { name: String::new(), references: vec![address], source }
}

/// A picture that is not in the folder.
fn elsewhere(address: String) -> File {
    File { name: String::new(), references: vec![address], source: Source::Elsewhere }
}
