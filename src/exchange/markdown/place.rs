//! Where a text stands, what it shows, and where its links lead.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use url::Url;

use super::{
    MARKDOWN, address, anchors, complete, date_of, is_markdown, is_section,
    links::{self, Destination, Role},
    pictures, played,
    source::{Source, Target},
    tags::{self, Kind, Wanted},
    text,
};
use crate::{
    exchange::{front_matter, has_file_ending, has_picture_ending, short},
    model::{
        entry::Picture,
        incoming::Cover,
        remark::{Remark, remark},
    },
    text::unhtml,
};

/// More files beside a text are not looked at.
const MAX_BESIDE: usize = 2000;

/// Where a text stands, on the disk and in its old site.
pub(super) struct Place<'a> {
    pub source: &'a Source,
    pub path: &'a str,
    pub folders: Vec<String>,
    /// What its site calls its language, where it says it.
    pub language: Option<String>,
    /// Whether it is the `index.md` of a folder with what belongs to it.
    pub is_bundle: bool,
    pub own: &'a [String],
    pub zone: &'a TimeZone,
}

/// A text with its pictures.
pub(super) struct Shown {
    pub body: String,
    pub cover: Option<Cover>,
    pub pictures: Vec<Picture>,
    pub elsewhere: Vec<String>,
    /// Files that are no pictures, and how the text names them.
    pub files: Vec<(String, PathBuf)>,
}

impl Place<'_> {
    /// A text and a cover with their pictures, and with links that lead to old addresses; those of HTML stay as they are.
    pub(super) fn shown(&self, body: String, is_html: bool, cover: Option<Cover>, warnings: &mut Vec<Remark>) -> Shown {
        let kind = match is_html {
            true => Kind::Html,
            false if self.folders.iter().any(|folder| folder == "_posts" || folder == "_drafts") => Kind::Jekyll,
            false => Kind::Markdown,
        };
        let turned = tags::turned(&body, kind, &|wanted| self.lead(wanted));
        if !turned.left.is_empty() {
            warnings.push(remark("import-template-tags").put("tags", turned.left.join(", ")));
        }
        let body = if is_html { turned.body } else { played::linked(&turned.body) };
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
            *role != Role::Image && !has_picture_ending(url) && !is_taken(url)
        };
        // Of what is beside the text, what is left in it is the address that it had.
        let files: Vec<(String, PathBuf)> = destinations
            .iter()
            .filter(|link| is_link(link) && has_file_ending(&link.url))
            .filter_map(|link| {
                let name = self.new_link(&link.url).filter(|_| !is_html).unwrap_or_else(|| link.url.clone());
                match self.source.find(&self.folders, &link.url) {
                    Target::File(file) => Some((name, file)),
                    Target::Missing if name.starts_with('/') => {
                        elsewhere.push(name);
                        None
                    }
                    _ => None,
                }
            })
            .collect();
        for destination in destinations.iter().filter(|destination| is_link(destination)) {
            warnings.extend(self.warning(destination));
        }
        let new_link = |link: &Destination| if is_link(link) { self.new_link(&link.url) } else { None };
        let body = match is_html {
            true => body,
            false => anchors::named(&links::rewrite(&body, &destinations, &new_link), warnings),
        };
        Shown { body, cover, pictures, elsewhere, files }
    }

    /// The address that takes the place of a link: a Markdown file's old address, which the blog redirects, and for
    /// other relative links what they meant on the old site. Absolute ones stay: they redirect as they are.
    fn new_link(&self, url: &str) -> Option<String> {
        if let Some(target) = self.page(url) {
            let (Target::File(file), fragment) = target else { return None };
            let path = self.source.relative(&file)?;
            if path == self.path && fragment.starts_with('#') {
                return Some(fragment.to_owned());
            }
            return Some(format!("{}{fragment}", self.address(&path)?));
        }
        if url.is_empty() || url.starts_with(['/', '#', '?', '@']) || url::Url::parse(url).is_ok() {
            return None;
        }
        Some(self.as_followed(url)?[url::Position::BeforePath..].to_owned())
    }

    /// The old address of a text.
    fn address(&self, path: &str) -> Option<String> {
        if is_section(path) {
            return Some(path.rsplit_once('/').map_or_else(|| "/".to_owned(), |(folder, _)| format!("/{folder}/")));
        }
        let file = self.source.root().join(path);
        let text = text(&file).ok()?;
        let (mut front_matter, _) = front_matter::read_below(&text, self.zone, &self.source.above(path)).ok()?;
        let name = self.source.name_of(path);
        complete(&mut front_matter, &name, &file);
        let date = date_of(&front_matter, &name, self.zone);
        let permalinks = self.source.permalinks(path);
        let site = self.source.site();
        let own = address::own(&front_matter, &name, date, self.zone, &permalinks, site).into_iter().next()?;
        Some(format!("/{}", own.replace('%', "%25").replace('?', "%3F").replace('#', "%23")))
    }

    /// The address that a tag stands for.
    fn lead(&self, wanted: Wanted<'_>) -> Option<String> {
        match wanted {
            Wanted::Site => self.source.site().address.as_ref().map(|site| site.as_str().to_owned()),
            Wanted::Post(name) => self.address(self.source.text(&["_posts".to_owned()], name, None)?),
            Wanted::File(path) => {
                let path = path.trim_matches(['"', '\'']).trim_start_matches('/');
                let Target::File(file) = self.source.find(&[], &format!("/{path}")) else { return None };
                let text = self.source.relative(&file).filter(|path| self.source.is_text(path));
                text.map_or_else(|| Some(format!("/{path}")), |text| self.address(&text))
            }
            Wanted::Text(url, language) => {
                let (path, fragment) = url.split_at(url.find(['#', '?']).unwrap_or(url.len()));
                if path.is_empty() {
                    return Some(fragment.to_owned());
                }
                let language = language.map(str::to_lowercase).or_else(|| self.language.clone());
                let text = self.source.text(&self.folders, path, language.as_deref())?;
                if text == self.path && fragment.starts_with('#') {
                    return Some(fragment.to_owned());
                }
                Some(format!("{}{fragment}", self.address(text)?))
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
    pub(super) fn path_of(&self, url: &str) -> Option<String> {
        address::normal(self.as_followed(url)?.path())
    }

    /// The path at which a browser asked for a file in the text's own folder.
    pub(super) fn path_of_file(&self, file: &Path) -> Option<String> {
        let folder = self.source.root().join(self.folders.join("/"));
        self.path_of(&address::coded(file.strip_prefix(folder).ok()?.to_str()?))
    }

    /// The pictures and files of a bundle that its text does not name, with their old paths.
    pub(super) fn unnamed(&self, named: &dyn Fn(&Path) -> bool) -> Vec<(String, PathBuf)> {
        let site = self.source.site();
        if !self.is_bundle || self.folders.is_empty() || !(site.is_hugo || site.is_zola) {
            return Vec::new();
        }
        let mut folders = vec![self.source.root().join(self.folders.join("/"))];
        let (mut files, mut seen) = (Vec::new(), 0);
        while let Some(folder) = folders.pop() {
            for item in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                seen += 1;
                let (file, name) = (item.path(), item.file_name().to_string_lossy().into_owned());
                let Ok(kind) = item.file_type() else { continue };
                if seen > MAX_BESIDE || name.starts_with('.') || kind.is_symlink() {
                    continue;
                }
                let is_text = || MARKDOWN.iter().any(|ending| file.join(format!("index.{ending}")).exists());
                if kind.is_dir() && !is_text() {
                    folders.push(file);
                } else if kind.is_file() && (has_picture_ending(&name) || has_file_ending(&name)) {
                    files.extend(self.path_of_file(&file).filter(|_| !named(&file)).map(|path| (path, file)));
                }
            }
        }
        files.sort();
        files
    }

    /// The path at which the site gave a file out; what is in the folder of a bundle is below the text's own address alone.
    pub(super) fn served(&self, file: &Path) -> Option<String> {
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
        let url = short(&link.url);
        match self.page(&link.url) {
            Some((Target::File(_), _)) => None,
            Some(_) => Some(remark("import-link-nowhere").put("address", url)),
            None => match self.source.find(&self.folders, &link.url) {
                Target::File(_) if !has_file_ending(&link.url) => Some(remark("import-file-left").put("address", url)),
                _ => None,
            },
        }
    }
}
