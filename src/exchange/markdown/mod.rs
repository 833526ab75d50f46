//! A folder of Markdown files with front matter, as Zola, Hugo, Jekyll and Eleventy keep their posts, read one file at a time.
//! Jekyll's may be in HTML.

mod address;
mod links;
mod pictures;
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
use url::Url;

use super::{
    front_matter::{self, FrontMatter},
    input,
};
use crate::{
    model::{
        entry::{Entry, Picture},
        incoming::Cover,
        remark::{Remark, remark},
        time::Time,
    },
    text::unhtml,
};
use address::FileName;
use links::{Destination, Role};
use source::{Source, Target};
use tags::{Kind, Wanted};

pub use links::relink;
pub use told::tell;

/// The most that a Markdown file may weigh: ten thick novels.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Folders that hold a site's machinery or its output, never its texts.
const NOT_CONTENT: [&str; 5] = ["_site", "_layouts", "_includes", "_sass", "node_modules"];

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
        let lists = (1..=folders.len()).map(move |depth| format!("{of}{}", folders[..depth].join("/")));
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
    let mut source = Source::open(dir).map_err(failed(dir))?;
    let mut files = Vec::new();
    let mut folders = vec![source.root().to_owned()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).map_err(failed(&folder))? {
            let item = item.map_err(failed(&folder))?;
            let kind = item.file_type().map_err(failed(&item.path()))?;
            let name = item.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            if kind.is_dir() && !NOT_CONTENT.contains(&&*name) {
                folders.push(item.path());
            } else if kind.is_file() {
                let file = item.path();
                let is_taken = is_markdown(&name) || is_html(&name) && holds_posts(&folder);
                if !is_taken && !is_other_text(&file, &source) {
                    continue;
                }
                let path = source.relative(&file).unwrap_or_else(|| file.to_string_lossy().into_owned());
                if is_taken {
                    source.note_text(&path);
                }
                if is_section(&path)
                    && let Ok(text) = text(&file)
                {
                    source.note_section(&path, &text);
                }
                files.push((file, path));
            }
        }
    }
    let source = Arc::new(source);
    let mut found: Vec<Found> =
        files.into_iter().map(|(file, path)| Found { source: Arc::clone(&source), file, path }).collect();
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Whether a file is the front page of a section of Hugo's or Zola's.
fn is_section(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with("_index."))
}

fn is_markdown(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown"))
}

fn is_html(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("html" | "htm"))
}

/// Whether a file is a text for certain that is taken in here; else only its name is told.
fn is_text(path: &str) -> bool {
    is_markdown(path) || is_html(path) && holds_posts(Path::new(path))
}

/// Whether a name is that of a text in another language of marks than Markdown.
fn has_other_marks(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("textile" | "adoc" | "asciidoc" | "org" | "rst" | "pandoc" | "pdc"))
}

/// Whether a file is a text that is not taken in: one of Jekyll's posts, or of Hugo's texts, in other marks.
fn is_other_text(file: &Path, source: &Source) -> bool {
    let name = file.to_string_lossy();
    let has_front_matter = || {
        let mut start = [0; 3];
        let read = fs::File::open(file).and_then(|mut file| file.read_exact(&mut start));
        read.is_ok() && (start == *b"---" || start == *b"+++")
    };
    let is_content = source.is_content();
    has_other_marks(&name) && (is_content || holds_posts(file))
        || is_html(&name) && is_content && source.site().is_hugo && has_front_matter()
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
    if !is_text(&found.path) {
        return Err(skipped(remark("import-not-markdown")));
    }
    let text = text(&found.file).map_err(skipped)?;
    let above = found.source.above(&found.path);
    let (mut front_matter, body) = front_matter::read_below(&text, zone, &above).map_err(skipped)?;
    let mut warnings: Vec<Remark> = complete(&mut front_matter, &file, &found.file).into_iter().collect();

    let title = front_matter.title.as_deref().map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
    let title = title.unwrap_or_else(|| {
        warnings.push(remark("import-no-title"));
        file.as_title()
    });
    let date = date_of(&front_matter, &file, zone);
    let permalinks = &found.source.site().permalinks;
    let own = address::own(&front_matter, &file, date, zone, permalinks);
    let (is_draft, is_page, published_at) = standing(found, &front_matter, &file, date, &mut warnings);

    let is_bundle = found.path.rsplit('/').next().is_some_and(|name| name.starts_with("index."));
    let place = Place { source: &found.source, folders: folders_of(&found.path), is_bundle, own: &own, zone };
    let is_html = is_html(&found.path);
    let body = body.replace("\r\n", "\n");
    let Shown { body, cover, pictures, elsewhere } =
        place.shown(body, is_html, front_matter.cover.clone(), &mut warnings);
    let mut seen = HashSet::new();
    warnings.retain(|warning| seen.insert(warning.clone()));

    let entry = Entry {
        origin: found.origin(),
        is_page,
        slug: address::slug_of(&front_matter, &own, &file, &title, permalinks),
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
        language: file.language,
        pictures,
        cover,
        elsewhere,
    };
    Ok(Outcome { entry, warnings })
}

/// Whether a text is a draft, whether it is a page, and when it was, or is to be, published.
fn standing(
    found: &Found,
    front_matter: &FrontMatter,
    file: &FileName,
    date: Option<Time>,
    warnings: &mut Vec<Remark>,
) -> (bool, bool, Option<Time>) {
    let is_hidden = front_matter.is_draft || file.folders.iter().any(|folder| folder == "_drafts");
    if front_matter.is_unseen && !is_hidden {
        warnings.push(remark("import-was-unseen"));
    }
    let is_draft = is_hidden || front_matter.is_unseen;
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

/// Where a text stands, on the disk and in its old site.
struct Place<'a> {
    source: &'a Source,
    folders: Vec<String>,
    /// Whether it is the `index.md` of a folder with what belongs to it.
    is_bundle: bool,
    own: &'a [String],
    zone: &'a TimeZone,
}

/// A text with its pictures.
struct Shown {
    body: String,
    cover: Option<Cover>,
    pictures: Vec<Picture>,
    elsewhere: Vec<String>,
}

impl Place<'_> {
    /// A text and a cover with their pictures, and with links that lead to old addresses; those of HTML stay as they are.
    fn shown(&self, body: String, is_html: bool, cover: Option<Cover>, warnings: &mut Vec<Remark>) -> Shown {
        let kind = match is_html {
            true => Kind::Html,
            false if self.folders.iter().any(|folder| folder == "_posts" || folder == "_drafts") => Kind::Jekyll,
            false => Kind::Markdown,
        };
        let turned = tags::turned(&body, kind, &|wanted| self.lead(wanted));
        if !turned.left.is_empty() {
            warnings.push(remark("import-template-tags").put("tags", turned.left.join(", ")));
        }
        let body = turned.body;
        let mut destinations =
            if is_html { links::destinations(&unhtml::markdown(&body).markdown) } else { links::destinations(&body) };
        let cover = cover.map(|cover| self.cover(cover));
        let above = cover.iter().map(|cover| Destination { url: cover.address.clone(), role: Role::Image, at: None });
        destinations.extend(above);
        let (pictures, mut elsewhere) = pictures::collect(self, &destinations, warnings);
        let is_remote = |address: &String| address.contains("://") || address.starts_with("//");
        elsewhere.extend(cover.iter().map(|cover| cover.address.clone()).filter(is_remote));
        // What is or should be a picture keeps its address: whoever stores the pictures gives them new ones.
        let is_taken = |url: &str| pictures.iter().any(|picture| picture.references.iter().any(|known| known == url));
        let is_link = |Destination { url, role, .. }: &Destination| {
            *role != Role::Image && !super::has_picture_ending(url) && !is_taken(url)
        };
        for destination in destinations.iter().filter(|destination| is_link(destination)) {
            warnings.extend(self.warning(destination));
        }
        let new_link = |link: &Destination| if is_link(link) { self.new_link(&link.url) } else { None };
        let body = if is_html { body } else { links::rewrite(&body, &destinations, &new_link) };
        Shown { body, cover, pictures, elsewhere }
    }

    /// The address that takes the place of a link: a Markdown file's old address, which the blog redirects, and for
    /// other relative links what they meant on the old site. Absolute ones stay: they redirect as they are.
    fn new_link(&self, url: &str) -> Option<String> {
        if let Some(target) = self.page(url) {
            let (Target::File(file), fragment) = target else { return None };
            let own = self.address(&self.source.relative(&file)?)?;
            return Some(format!("{own}{fragment}"));
        }
        if url.is_empty() || url.starts_with(['/', '#', '?', '@']) || url::Url::parse(url).is_ok() {
            return None;
        }
        Some(self.as_followed(url)?[url::Position::BeforePath..].to_owned())
    }

    /// The old address of a text.
    fn address(&self, path: &str) -> Option<String> {
        let file = self.source.root().join(path);
        let text = text(&file).ok()?;
        let (mut front_matter, _) = front_matter::read(&text, self.zone).ok()?;
        let name = self.source.name_of(path);
        complete(&mut front_matter, &name, &file);
        let date = date_of(&front_matter, &name, self.zone);
        let permalinks = &self.source.site().permalinks;
        let own = address::own(&front_matter, &name, date, self.zone, permalinks).into_iter().next()?;
        Some(format!("/{}", own.replace('%', "%25").replace('?', "%3F").replace('#', "%23")))
    }

    /// The address that a tag stands for.
    fn lead(&self, wanted: Wanted<'_>) -> Option<String> {
        match wanted {
            Wanted::Site => self.source.site().address.as_ref().map(|site| site.as_str().to_owned()),
            Wanted::Post(name) => self.address(self.source.text(&["_posts".to_owned()], name)?),
            Wanted::File(path) => {
                let path = path.trim_matches(['"', '\'']).trim_start_matches('/');
                let Target::File(file) = self.source.find(&[], &format!("/{path}")) else { return None };
                let text = self.source.relative(&file).filter(|path| self.source.is_text(path));
                text.map_or_else(|| Some(format!("/{path}")), |text| self.address(&text))
            }
            Wanted::Text(url) => {
                let (path, fragment) = url.split_at(url.find(['#', '?']).unwrap_or(url.len()));
                if path.is_empty() {
                    return Some(fragment.to_owned());
                }
                let text = self.source.text(&self.folders, path)?;
                let own = match text.rsplit_once('/') {
                    _ if !is_section(text) => self.address(text)?,
                    Some((folder, _)) => format!("/{folder}/"),
                    None => "/".to_owned(),
                };
                Some(format!("{own}{fragment}"))
            }
        }
    }

    /// Where a browser went from the old page.
    fn as_followed(&self, url: &str) -> Option<Url> {
        let own = self.own.first()?;
        let slash = if own.ends_with(".html") { "" } else { "/" };
        let mut base = Url::parse("http://old.invalid/").ok()?;
        base.set_path(&format!("{own}{slash}"));
        base.join(url).ok().filter(|there| there.host_str() == Some("old.invalid"))
    }

    /// The path at which a browser asked for a picture.
    fn path_of(&self, url: &str) -> Option<String> {
        address::normal(self.as_followed(url)?.path())
    }

    /// The path at which the site gave a file out; what is in the folder of a bundle is below the text's own address alone.
    fn served(&self, file: &Path) -> Option<String> {
        let folder = format!("{}/", self.folders.join("/"));
        let is_inside = self.is_bundle && self.source.relative(file).is_some_and(|path| path.starts_with(&folder));
        if is_inside { None } else { self.source.served(file) }
    }

    /// A cover by the address under which it is found: beside the text, else from the root of the site.
    fn cover(&self, mut cover: Cover) -> Cover {
        let is_file = |url: &str| matches!(self.source.find(&self.folders, url), Target::File(_));
        let is_beside = !cover.address.starts_with('/') && !cover.address.contains("://");
        if is_beside && !is_file(&cover.address) {
            cover.address.insert(0, '/');
        }
        cover
    }

    /// The file that a link to a Markdown file leads to, and the link's fragment; none for other links.
    fn page<'u>(&self, url: &'u str) -> Option<(Target, &'u str)> {
        let at = url.find(['#', '?']).unwrap_or(url.len());
        let (path, fragment) = url.split_at(at);
        match path.strip_prefix("@/") {
            Some(inner) => Some((self.source.find_page(inner), fragment)),
            None if is_markdown(path) && !path.starts_with('/') => match self.source.find(&self.folders, path) {
                Target::Elsewhere => None,
                target => Some((target, fragment)),
            },
            None => None,
        }
    }

    /// What to say of a link that will lead nowhere.
    fn warning(&self, link: &Destination) -> Option<Remark> {
        let url = super::short(&link.url);
        match self.page(&link.url) {
            Some((Target::File(_), _)) => None,
            Some(_) => Some(remark("import-link-nowhere").put("address", url)),
            None if link.url.starts_with('/') => None,
            None => match self.source.find(&self.folders, &link.url) {
                Target::File(_) => Some(remark("import-file-left").put("address", url)),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests;
