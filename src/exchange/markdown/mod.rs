//! A folder of Markdown files with front matter, as Zola, Hugo, Jekyll and Eleventy keep their posts, read one file at a time.
//! Jekyll's may be in HTML.

mod address;
mod anchors;
mod eleventy;
mod expand;
mod jekyll;
mod links;
mod lists;
mod patterns;
mod pictures;
mod place;
mod played;
mod program;
mod site;
mod source;
mod tags;
mod told;
mod zipped;

use std::{
    collections::HashSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::tz::TimeZone;

use super::{
    front_matter::{self, FrontMatter},
    input,
};
use crate::{
    model::{
        entry::Entry,
        language::Language,
        remark::{Remark, remark},
        time::Time,
    },
    text::markdown,
};
use address::FileName;
use place::{Place, Shown};
use source::Source;

pub use links::relink;
pub use told::tell;

/// The most that a Markdown file may weigh: ten thick novels.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Folders that hold a site's machinery or its output, never its texts.
const NOT_CONTENT: [&str; 5] = ["_site", "_layouts", "_includes", "_sass", "node_modules"];

/// How files of Markdown end, of HTML, and of HTML of Eleventy's.
const MARKDOWN: [&str; 6] = ["md", "markdown", "mdown", "mkdown", "mkdn", "mkd"];
const HTML: [&str; 2] = ["html", "htm"];
const TEMPLATES: [&str; 2] = ["njk", "liquid"];

/// A Markdown file that [`scan`] found and [`read`] takes in.
#[derive(Clone, Debug)]
pub struct Found {
    source: Arc<Source>,
    file: PathBuf,
    path: String,
}

impl Found {
    /// The file's path below the scanned folder, with `/` on every system, for messages.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The folders that it is in, which Hugo and Zola show as lists: `posts`, `posts/2018`.
    fn sections(&self) -> impl Iterator<Item = String> {
        let FileName { folders, prefix, .. } = self.source.name_of(&self.path);
        let is_shown = !folders.iter().any(|folder| folder.starts_with('_'));
        let of = prefix.map(|prefix| format!("{prefix}/")).unwrap_or_default();
        let spelling = self.source.site().spelling;
        let lists = (1..=folders.len()).flat_map(move |depth| {
            let list = folders[..depth].join("/");
            [spelling.path(&list), list.to_lowercase(), list].map(|list| format!("{of}{list}"))
        });
        lists.filter(move |_| is_shown)
    }

    /// What names its entry in every run: [`Entry::origin`].
    pub fn origin(&self) -> String {
        format!("markdown:{}{}", self.source.way(), self.path)
    }
}

/// An entry that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The entry.
    pub entry: Entry,
    /// What did not come along.
    pub warnings: Vec<Remark>,
    /// The folder of its language, where that has one in the addresses.
    pub prefix: Option<String>,
    /// Its labels of lists that the site has named itself, each with the name of its list.
    pub others: Vec<(String, String)>,
    /// What lies beside its text and is not named there, by its old path.
    pub beside: Vec<(String, PathBuf)>,
}

/// A file that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Below the scanned folder.
    pub path: String,
    /// Goes on from the path: `has no front matter …`
    pub why: Remark,
}

/// A folder that cannot be looked into.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {source}", path.display())]
pub struct ScanError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Lists the Markdown files of a folder and the folders in it, in the order of their paths: those of `content` where it is a
/// whole site of Hugo or Zola, and Jekyll's posts in HTML too. Hidden files and folders are passed over, and symbolic links are not
/// followed.
pub fn scan(dir: &Path) -> Result<Vec<Found>, ScanError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ScanError { path, source }
    };
    let mut found = Vec::new();
    for source in Source::open(dir).map_err(failed(dir))? {
        found.extend(scan_one(source)?);
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn scan_one(mut source: Source) -> Result<Vec<Found>, ScanError> {
    let mut files = Vec::new();
    let mut folders = vec![source.root().to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |path: PathBuf| move |source| ScanError { path, source };
        for item in fs::read_dir(&folder).map_err(failed(folder.clone()))? {
            let item = item.map_err(failed(folder.clone()))?;
            let kind = item.file_type().map_err(failed(item.path()))?;
            let name = item.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            let file = item.path();
            if kind.is_dir() && !NOT_CONTENT.contains(&&*name) && !source.is_of_others(&file) {
                folders.push(file);
            } else if kind.is_file() {
                let path = source.relative(&file).unwrap_or_else(|| file.to_string_lossy().into_owned());
                source.note_data(&path, &file);
                let is_taken = is_markdown(&name) || is_text_in_html(&file, &folder, &source);
                if !is_taken && !is_other_text(&file, &source) {
                    continue;
                }
                if is_taken {
                    source.note_text(&path);
                }
                if is_section(&path) {
                    source.note_section(&path, text(&file));
                }
                files.push((file, path));
            }
        }
    }
    let source = Arc::new(source);
    Ok(files.into_iter().map(|(file, path)| Found { source: Arc::clone(&source), file, path }).collect())
}

/// Whether a file is the front page of a section of Hugo's or Zola's.
fn is_section(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with("_index."))
}

fn is_markdown(name: &str) -> bool {
    ends_in(name, &MARKDOWN)
}

fn is_html(name: &str) -> bool {
    ends_in(name, &HTML) || ends_in(name, &TEMPLATES)
}

fn ends_in(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending.to_ascii_lowercase().as_str()))
}

/// Whether a name is that of a text in another language of marks than Markdown.
fn has_other_marks(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("textile" | "adoc" | "asciidoc" | "org" | "rst" | "pandoc" | "pdc"))
}

/// Whether a file is a text that is not taken in: one of Jekyll's posts, or of Hugo's texts, in other marks.
fn is_other_text(file: &Path, source: &Source) -> bool {
    let name = file.to_string_lossy();
    has_other_marks(&name) && (source.is_content() || holds_posts(file))
}

/// Whether a file of HTML is a text: one of Jekyll's posts, or one with front matter, of which only those are taken in that no
/// template fills.
fn is_text_in_html(file: &Path, folder: &Path, source: &Source) -> bool {
    let (name, site) = (file.to_string_lossy(), source.site());
    let has_front_matter = || {
        let mut start = [0; 3];
        let read = fs::File::open(file).and_then(|mut file| file.read_exact(&mut start));
        read.is_ok() && (start == *b"---" || start == *b"+++")
    };
    let is_content = match site.is_eleventy {
        true => is_html(&name),
        false => ends_in(&name, &HTML) && (site.jekyll.is_some() || source.is_content() && site.is_hugo),
    };
    ends_in(&name, &HTML) && holds_posts(folder) || is_content && has_front_matter()
}

/// Whether a folder is one of Jekyll's for posts, where a page of HTML is a text and no template.
fn holds_posts(folder: &Path) -> bool {
    folder.iter().any(|name| name == "_posts" || name == "_drafts")
}

/// Reads one file, with the pictures that it shows. Dates without an offset are local in `zone`.
pub fn read(found: &Found, zone: &TimeZone) -> Result<Outcome, Skipped> {
    let skipped = |why: Remark| Skipped { path: found.path.clone(), why };
    let file = found.source.name_of(&found.path);
    if is_section(&found.path) {
        return Err(skipped(remark("import-section")));
    }
    if found.source.relative(&found.file).is_none() {
        return Err(skipped(remark("import-name-not-utf8")));
    }
    if has_other_marks(&found.path) {
        return Err(skipped(remark("import-not-markdown")));
    }
    let text = text(&found.file).map_err(skipped)?;
    let above = found.source.above(&found.path);
    let (mut front_matter, body) = front_matter::read_below(&text, zone, &above).map_err(skipped)?;
    if is_html(&found.path)
        && !holds_posts(Path::new(&found.path))
        && (tags::has_unknown(body) || body.trim().is_empty())
    {
        return Err(skipped(remark("import-is-template")));
    }
    let mut warnings: Vec<Remark> = complete(&mut front_matter, &file, &found.file).into_iter().collect();
    warnings.extend(front_matter.is_double.then(|| remark("import-key-twice")));

    let (heading, body) = if front_matter.title.is_none() { headed(body) } else { (None, body) };
    front_matter.title = front_matter.title.or(heading);
    front_matter.is_page |= found.source.is_beside_sections(&file);
    found.source.without_lists(&mut front_matter.tags);
    let title = front_matter.title.as_deref().map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
    let title = title.unwrap_or_else(|| {
        warnings.push(remark("import-no-title"));
        file.as_title()
    });
    note_folders(&mut front_matter, &file);
    let date = date_of(&front_matter, &file, zone);
    let permalinks = found.source.permalinks(&found.path);
    let own = address::own(&front_matter, &file, date, zone, &permalinks, found.source.site());
    let unknown = front_matter.permalink.as_deref().and_then(|own| expand::unknown(own, false));
    warnings.extend(unknown.map(|part| site::unknown(front_matter.permalink.as_deref().unwrap_or_default(), &part)));
    let (mut is_draft, is_page, published_at) = standing(found, &front_matter, &file, date, &mut warnings);

    let is_bundle = found.path.rsplit('/').next().is_some_and(|name| name.starts_with("index."));
    let language = found.source.language_at(&found.path);
    let path = found.path.as_str();
    let place = Place { source: &found.source, path, folders: folders_of(path), language, is_bundle, own: &own, zone };
    let is_html = is_html(&found.path);
    let separator = front_matter.separator.as_ref().or(found.source.site().separator.as_ref());
    let body = with_break(&body.replace("\r\n", "\n"), separator.filter(|_| found.source.site().jekyll.is_some()));
    let Shown { body, cover, pictures, elsewhere, files } =
        place.shown(body, is_html, front_matter.cover.clone(), &mut warnings);
    if let Some(why) = no_text(&front_matter, &file, &body).filter(|_| is_page && !is_draft) {
        warnings.push(why);
        is_draft = true;
    }
    let mut seen = HashSet::new();
    warnings.retain(|warning| seen.insert(warning.clone()));

    let entry = Entry {
        origin: found.origin(),
        is_page,
        slug: address::slug_of(&front_matter, &own, &file, &title, &permalinks),
        title,
        body,
        is_html,
        old_paths: address::old_paths(&own, &front_matter, found.source.site().is_hugo),
        excerpt: front_matter.excerpt,
        tags: front_matter.tags,
        categories: front_matter.categories,
        authors: front_matter.authors,
        published_at,
        is_draft,
        expires: front_matter.expires,
        changed: front_matter.changed,
        language: file.language.clone().or_else(|| {
            let said = front_matter.language.as_deref()?.trim();
            let language = Language::from_tag(said).or_else(|| Language::from_tag(said.split(['-', '_']).next()?))?;
            Some(language.tag().to_owned())
        }),
        pictures,
        cover,
        elsewhere,
        files,
    };
    let is_named = |file: &Path| {
        entry.files.iter().any(|(_, named)| named == file)
            || place
                .path_of_file(file)
                .is_some_and(|path| entry.pictures.iter().any(|picture| picture.old_paths.contains(&path)))
    };
    let beside = if entry.is_draft { Vec::new() } else { place.unnamed(&is_named) };
    Ok(Outcome { entry, warnings, prefix: file.prefix, others: front_matter.others, beside })
}

/// A text in which what ends Jekyll's excerpt is what ends the beginning of a text here.
fn with_break(body: &str, separator: Option<&String>) -> String {
    const BREAK: &str = "<!--more-->";
    let parts = separator.and_then(|separator| body.split_once(separator.as_str()));
    match parts.filter(|(before, _)| separator.is_some_and(|it| it != BREAK) && !before.trim().is_empty()) {
        Some((before, after)) => format!("{}\n\n{BREAK}\n\n{}", before.trim_end(), after.trim_start_matches('\n')),
        None => body.to_owned(),
    }
}

/// A heading that a text begins with and that stands for its title, and the rest.
fn headed(body: &str) -> (Option<String>, &str) {
    let (line, rest) = body.trim_start().split_once('\n').unwrap_or((body.trim_start(), ""));
    let title = line.strip_prefix("# ").map(|title| title.trim_end_matches(['#', ' ', '\r'])).and_then(|title| {
        let title = title.rsplit_once("{#").filter(|(_, id)| id.ends_with('}')).map_or(title, |(title, _)| title);
        markdown::comment(title).ok().map(|html| markdown::text_of(&html))
    });
    match title.map(|title| title.trim().to_owned()).filter(|title| !title.is_empty() && !line.contains("{{")) {
        Some(title) => (Some(title), rest.trim_start_matches(['\r', '\n'])),
        None => (None, body),
    }
}

/// Why a page is none for readers: it is for what was not found, or was made by its template.
fn no_text(front_matter: &FrontMatter, file: &FileName, body: &str) -> Option<Remark> {
    if file.folders.is_empty() && file.name == "404" {
        return Some(remark("import-error-page"));
    }
    (front_matter.has_template && !front_matter.is_page && body.trim().is_empty()).then(|| remark("import-no-text"))
}

/// Takes in the folders before `_posts`, which Jekyll has for categories.
fn note_folders(front_matter: &mut FrontMatter, file: &FileName) {
    let Some(at) = file.folders.iter().position(|folder| folder == "_posts") else { return };
    for folder in file.folders.iter().take(at) {
        for labels in [&mut front_matter.tags, &mut front_matter.categories] {
            if !labels.iter().any(|label| label.to_lowercase() == folder.to_lowercase()) {
                labels.push(folder.clone());
            }
        }
    }
}

/// Whether a text is a draft, whether it is a page, and when it was, or is to be, published.
fn standing(
    found: &Found,
    front_matter: &FrontMatter,
    file: &FileName,
    date: Option<Time>,
    warnings: &mut Vec<Remark>,
) -> (bool, bool, Option<Time>) {
    // Of what may hide it and cannot be read, that is said once, and not at each text.
    let is_hidden =
        front_matter.is_draft || front_matter.is_unsure || file.folders.iter().any(|folder| folder == "_drafts");
    let is_unseen = front_matter.is_unseen || found.source.leaves_out(&found.path);
    let was = [
        (front_matter.has_password, remark("import-had-password")),
        (front_matter.is_private, remark("import-was-private")),
        (is_unseen, remark("import-was-unseen")),
    ];
    let why = was.into_iter().find_map(|(was, why)| was.then_some(why));
    let is_draft = is_hidden || why.is_some();
    warnings.extend(why.filter(|_| !is_hidden));
    warnings.extend((front_matter.is_unlisted && !is_draft).then(|| remark("import-was-unlisted")));
    if date.is_some() || is_draft {
        return (is_draft, front_matter.is_page, date.max(front_matter.not_before));
    }
    // A post's address starts with its date, so what has none (about.md) can only be a page. The store wants a
    // moment all the same; the file's last change is the one that tells something.
    if !front_matter.is_page {
        warnings.push(remark("import-no-date-page"));
    }
    (is_draft, true, Some(last_change(&found.file)))
}

/// Fills in what Eleventy makes of a file and of what is known of it; says which address it cannot.
fn complete(front_matter: &mut FrontMatter, name: &FileName, file: &Path) -> Option<Remark> {
    if front_matter.is_dated_by_file {
        front_matter.date = Some(last_change(file));
    }
    let template = front_matter.permalink.take_if(|permalink| address::is_template(permalink))?;
    front_matter.permalink = address::filled(&template, front_matter, name);
    let is_left = front_matter.permalink.is_none();
    is_left.then(|| remark("import-address-template").put("address", super::short(&template)))
}

/// The file's text, or why there is none, as the rest of a sentence.
fn text(file: &Path) -> Result<String, Remark> {
    let bytes = source::read_at_most(file, MAX_BYTES)
        .map_err(|error| input::unreadable(&error))?
        .ok_or_else(|| remark("import-large").put("n", MAX_BYTES / 1024 / 1024))?;
    String::from_utf8(bytes).map_err(|_| remark("import-not-utf8"))
}

/// The date that is given, else the day in the chosen address, before the file's name, or in its folders.
fn date_of(front_matter: &FrontMatter, file: &FileName, zone: &TimeZone) -> Option<Time> {
    let chosen = front_matter.permalink.as_deref().unwrap_or_default();
    let day = || {
        address::day_in(chosen.split('/'))
            .or(file.date)
            .or_else(|| address::day_in(file.folders.iter().map(String::as_str)))
    };
    front_matter.date.or_else(|| front_matter::noon(day()?, zone))
}

fn last_change(file: &Path) -> Time {
    let changed = fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    changed.and_then(|changed| jiff::Timestamp::try_from(changed).ok()).map_or(Time(0), Time::from)
}

/// The folders that a file is in: those that its relative links count from.
fn folders_of(path: &str) -> Vec<String> {
    let mut folders: Vec<String> = path.split('/').map(String::from).collect();
    folders.pop();
    folders
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_addresses;
#[cfg(test)]
mod tests_hidden;
#[cfg(test)]
mod tests_languages;
