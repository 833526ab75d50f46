//! The folder that is read, the few beside it, and the settings of its site: nothing outside of them is ever opened, nor anything
//! by a symbolic link.

use std::{
    collections::HashMap,
    fs, io,
    io::Read,
    path::{Path, PathBuf},
};

use super::{
    address::{self, FileName},
    site::{self, Site},
};
use crate::{
    exchange::front_matter::{self, Cascade},
    model::language::Language,
};

/// Folders beside the scanned one that pictures may come from, since Hugo's `content` and Jekyll's `_posts` keep
/// theirs there.
const BESIDE: [&str; 4] = ["static", "assets", "public", "images"];

/// What tells that a folder is a whole site of Hugo or Zola, which have their texts in `content`.
pub(super) const CONFIGS: [&str; 10] = [
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "zola.toml",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
    "config/_default",
];
/// Where those are.
pub(super) const TEXTS: &str = "content";

/// What an address in a text leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Another site, a mail address, a place in the same page.
    Elsewhere,
    /// A file that may be read.
    File(PathBuf),
    /// Nothing.
    Missing,
    /// A place that is not to be read.
    Forbidden,
}

/// The scanned folder.
#[derive(Debug)]
pub(super) struct Source {
    /// Without symbolic links.
    root: PathBuf,
    /// The way to it from the folder that was named: `content/` where that is a whole site.
    way: String,
    /// Its own name, by which paths that climb out and in again know it.
    name: String,
    site: Site,
    /// What the front pages of sections say for the texts below them, by folder.
    cascades: HashMap<String, Vec<Cascade>>,
    /// The paths of its texts, by the names of their files or, for an `index.md`, their folders; without endings.
    texts: HashMap<String, Vec<String>>,
}

impl Source {
    pub(super) fn open(dir: &Path) -> io::Result<Self> {
        let named = fs::canonicalize(dir)?;
        let texts = named.join(TEXTS);
        let is_folder = fs::symlink_metadata(&texts).is_ok_and(|metadata| metadata.is_dir());
        let is_site = is_folder && CONFIGS.iter().any(|config| named.join(config).exists());
        let eleventys = if is_site { None } else { site::eleventys(&named) };
        let is_eleventy = eleventys.is_some();
        let below = eleventys.flatten().and_then(|input| Some((real_folder(&named, &input)?, input)));
        let (root, way) = if let Some((folder, input)) = below {
            (folder, format!("{input}/"))
        } else if is_site {
            (texts, format!("{TEXTS}/"))
        } else {
            (named, String::new())
        };
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let site = match (is_site, name.as_str(), root.parent()) {
            // The folder of texts alone was named: the settings are where it is.
            (false, TEXTS, Some(above)) => Site::read(above, true),
            (false, "_posts" | "_drafts", Some(above)) => Site::read(above, false),
            (true, _, Some(above)) => Site::read(above, true),
            _ if is_eleventy => Site::default(),
            _ => Site::read(&root, false),
        };
        Ok(Self { root, way, name, site, cascades: HashMap::new(), texts: HashMap::new() })
    }

    /// Whether it is a folder that Hugo has its texts in.
    pub(super) fn is_content(&self) -> bool {
        self.name == TEXTS && !self.site.is_zola
    }

    /// What a text's path says, with the language that stands before its ending: `post.ms.md` is the Malay of `post.md`.
    pub(super) fn name_of(&self, path: &str) -> FileName {
        let site = &self.site;
        let Some((bare, language, ending)) = self.language_of(path) else {
            let prefix = site.is_language_in_addresses.then(|| site.language.clone());
            return FileName { prefix, ..FileName::of(path) };
        };
        let is_usual = language == site.language && !site.is_language_in_addresses;
        let prefix = (!is_usual).then(|| language.to_owned());
        let known = Language::from_tag(language).map(|language| language.tag().to_owned());
        FileName { language: known, prefix, ..FileName::of(&format!("{bare}.{ending}")) }
    }

    fn language_of<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str, &'p str)> {
        let (stem, ending) = path.rsplit_once('.')?;
        let (bare, language) = stem.rsplit_once('.').filter(|(bare, _)| !bare.is_empty() && !bare.ends_with('/'))?;
        let is_told = self.site.languages.iter().any(|told| told == language);
        let is_short = matches!(language.len(), 2 | 3) && Language::from_tag(language).is_some();
        let has_other = || ["md", "markdown"].iter().any(|ending| self.is_text(&format!("{bare}.{ending}")));
        (is_told || is_short && has_other()).then_some((bare, language, ending))
    }

    /// Notes that a text is there.
    pub(super) fn note_text(&mut self, path: &str) {
        let name = bare(path).rsplit('/').next().unwrap_or_default().to_owned();
        self.texts.entry(name).or_default().push(path.to_owned());
    }

    pub(super) fn is_text(&self, path: &str) -> bool {
        let name = bare(path).rsplit('/').next().unwrap_or_default();
        self.texts.get(name).is_some_and(|paths| paths.iter().any(|known| known == path))
    }

    /// The text that a file in `folders` means by the end of its path, with or without its ending: the one beside it, the one from
    /// the root, else any.
    pub(super) fn text(&self, folders: &[String], path: &str) -> Option<&str> {
        let wanted = bare(path.trim().trim_matches('/'));
        let beside = format!("{}/{wanted}", folders.join("/"));
        let ending = format!("/{wanted}");
        let alike = self.texts.get(wanted.rsplit('/').next()?)?;
        let with = |is_it: &dyn Fn(&str) -> bool| alike.iter().find(|path| is_it(bare(path)));
        let found = with(&|path| path == beside).or_else(|| with(&|path| path == wanted));
        found.or_else(|| with(&|path| path.ends_with(&ending))).map(String::as_str)
    }

    /// Notes what the front page of a section says for all below it.
    pub(super) fn note_section(&mut self, path: &str, text: &str) {
        let cascade = front_matter::cascade(text, self.site.is_zola);
        let folder = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
        self.cascades.entry(folder.to_owned()).or_default().push(cascade);
    }

    /// What the folders above a text say for it, the nearest first.
    pub(super) fn above(&self, path: &str) -> Vec<&Cascade> {
        let folders = path.match_indices('/').rev().map(|(slash, _)| &path[..=slash]).chain([""]);
        let sections = folders.filter_map(|folder| self.cascades.get(folder)).flatten();
        sections.chain([&self.site.cascade]).collect()
    }

    pub(super) fn site(&self) -> &Site {
        &self.site
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn way(&self) -> &str {
        &self.way
    }

    /// The path at which a site serves a file: `static` and `public` are its root, and so is the folder of texts.
    pub(super) fn served(&self, file: &Path) -> Option<String> {
        let path = self.relative(file).or_else(|| below(self.root.parent()?, file))?;
        let served = ["static/", "public/"].iter().find_map(|folder| path.strip_prefix(folder));
        Some(served.map(str::to_owned).unwrap_or(path))
    }

    /// The path of a file below the folder, with `/` on every system.
    pub(super) fn relative(&self, file: &Path) -> Option<String> {
        below(&self.root, file)
    }

    /// Finds what `url`, in a file of `folder`, leads to: beside the file, or, for `/images/x.png`, in the folders
    /// that systems serve as the site's root.
    pub(super) fn find(&self, folder: &[String], url: &str) -> Target {
        let Some(parts) = local_parts(url) else { return Target::Elsewhere };
        let Some(parts) = parts else { return Target::Forbidden };
        if !url.starts_with('/') {
            let mut from = vec![self.name.as_str()];
            from.extend(folder.iter().map(String::as_str));
            return self.look(&from, &parts);
        }
        let name = self.name.as_str();
        let bases: [&[&str]; 8] = [
            &[name],
            &[name, "static"],
            &[name, "assets"],
            &[name, "public"],
            &["static"],
            &["public"],
            &["assets"],
            &[],
        ];
        self.first(&bases, &parts)
    }

    /// Finds a Markdown file by Zola's `@/posts/x.md`, which counts from its `content` folder.
    pub(super) fn find_page(&self, path: &str) -> Target {
        match local_parts(path) {
            Some(Some(parts)) => self.first(&[&[self.name.as_str()], &[self.name.as_str(), "content"], &[]], &parts),
            _ => Target::Missing,
        }
    }

    fn first(&self, bases: &[&[&str]], parts: &[String]) -> Target {
        let mut answer = Target::Missing;
        for base in bases {
            match self.look(base, parts) {
                Target::File(file) => return Target::File(file),
                // From the outermost base, most addresses lead to places that were never meant.
                Target::Forbidden if !base.is_empty() => answer = Target::Forbidden,
                _ => {}
            }
        }
        answer
    }

    /// Follows `parts` from `base`; both count from the folder above the scanned one.
    fn look(&self, base: &[&str], parts: &[String]) -> Target {
        let mut path: Vec<&str> = base.to_vec();
        for part in parts {
            if part == ".." {
                if path.pop().is_none() {
                    return Target::Forbidden;
                }
            } else {
                path.push(part);
            }
        }
        let Some((first, below)) = path.split_first() else { return Target::Forbidden };
        let mut file = self.root.clone();
        let mut steps = below.to_vec();
        if *first != self.name {
            if !BESIDE.contains(first) || !file.pop() {
                return Target::Forbidden;
            }
            steps.insert(0, first);
        }
        for step in steps {
            file.push(step);
            match fs::symlink_metadata(&file) {
                Ok(metadata) if metadata.is_symlink() => return Target::Forbidden,
                Ok(_) => {}
                Err(_) => return Target::Missing,
            }
        }
        if file.is_file() { Target::File(file) } else { Target::Missing }
    }
}

/// A text's path without its ending, and that of its folder where it is the text of one.
fn bare(path: &str) -> &str {
    let endings = [".md", ".markdown", ".html", ".htm"];
    let path = endings.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    path.strip_suffix("/index").or_else(|| path.strip_suffix("/_index")).unwrap_or(path)
}

/// A folder below another, without symbolic links on the way.
fn real_folder(above: &Path, way: &str) -> Option<PathBuf> {
    let mut folder = above.to_owned();
    for part in way.split('/') {
        folder.push(part);
        fs::symlink_metadata(&folder).ok().filter(|metadata| metadata.is_dir())?;
    }
    Some(folder)
}

fn below(folder: &Path, file: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = file.strip_prefix(folder).ok()?.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// The parts of an address without query and fragment. None for one that leads to another site or stays in the page;
/// `Some(None)` for one whose parts no file has.
fn local_parts(url: &str) -> Option<Option<Vec<String>>> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let has_scheme = path.split('/').next().is_some_and(|first| first.contains(':'));
    if path.is_empty() || path.starts_with("//") || has_scheme {
        return None;
    }
    let is_plain = |path: &String| !path.contains(['\\', '\0']);
    let parts = |path: String| path.split('/').filter(|part| !matches!(*part, "" | ".")).map(String::from).collect();
    Some(address::decode(path).filter(is_plain).map(parts))
}

/// Reads a file, or none of it when it is longer than `limit`.
pub(super) fn read_at_most(file: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    fs::File::open(file)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() <= limit))
}
