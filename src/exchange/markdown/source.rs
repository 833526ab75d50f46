//! The folder that is read, the few beside it, and the settings of its site: nothing outside of them is ever opened, nor anything
//! by a symbolic link.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    env, fs, io,
    io::Read,
    path::{Path, PathBuf},
};

use url::Url;

use super::{
    HTML, MARKDOWN, TEMPLATES,
    address::{self, FileName},
    eleventy,
    jekyll::Jekyll,
    patterns,
    site::{Permalinks, Site},
};
use crate::{
    exchange::{
        bare as bare_host,
        front_matter::{self, Cascade},
    },
    model::{
        language::Language,
        remark::{Remark, remark},
    },
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
    MANY,
];
/// Where Hugo's are that are many files.
pub(super) const MANY: &str = "config/_default";
/// Where those are.
pub(super) const TEXTS: &str = "content";

/// So far above a folder its site is looked for.
const MAX_ABOVE: usize = 6;
/// What is said in a folder farther up counts less than all that is said nearer.
const FAR: usize = 1000;

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
    /// The way to it from the folder of the whole site, where it is only a part of that: `content/posts/`.
    before: String,
    /// The folder of texts of that site, from which its addresses count: `content/`.
    texts_at: String,
    /// Its own name, by which paths that climb out and in again know it.
    name: String,
    site: Site,
    /// The language of all of its texts, where Hugo has a folder for it beside that of the others.
    language: Option<String>,
    /// What is said for the texts below a folder, by its path, and for a single text, by its path without the ending; what counts
    /// most comes first.
    cascades: HashMap<String, Vec<(usize, Cascade)>>,
    /// The paths of its texts, by the names of their files or, for an `index.md`, their folders; without endings.
    texts: HashMap<String, Vec<String>>,
    /// The folders that are a text of Hugo's with what belongs to it.
    bundles: HashSet<String>,
    /// How many texts are in folders, which are Hugo's sections, and how many are not.
    in_sections: usize,
    outside: usize,
    /// The files that could not be read, and why.
    faults: Vec<(String, Remark)>,
}

impl Source {
    /// Opens a folder, and those that Hugo has beside its folder of texts for some languages.
    pub(super) fn open(dir: &Path) -> io::Result<Vec<Self>> {
        let named = fs::canonicalize(dir)?;
        let is_configured = CONFIGS.iter().any(|config| named.join(config).exists());
        let of_site = if is_configured { Some(Site::read(&named, true)) } else { None };
        let texts = of_site.as_ref().and_then(|site| site.texts.as_deref().and_then(eleventy::plain));
        let texts = texts.unwrap_or_else(|| TEXTS.to_owned());
        if let Some(site) = of_site {
            let mut sources = Vec::new();
            for (language, folder) in &site.languages {
                let folder = folder.as_deref().and_then(eleventy::plain);
                let folder = folder.filter(|folder| *folder != texts && !folder.starts_with(&format!("{texts}/")));
                if let Some(folder) = folder
                    && let Some(root) = real_folder(&named, &folder)
                {
                    let language = Some(language.clone());
                    sources.push(Self { language, ..Self::at(root, format!("{folder}/"), Site::read(&named, true)) });
                }
            }
            if let Some(root) = real_folder(&named, &texts) {
                sources.insert(0, Self::at(root, format!("{texts}/"), site));
            }
            if !sources.is_empty() {
                return Ok(sources);
            }
        }
        if let Some(settings) = eleventy::settings(&named) {
            let below =
                settings.input.as_ref().and_then(|input| Some((real_folder(&named, input)?, format!("{input}/"))));
            let (root, way) = below.unwrap_or((named, String::new()));
            return Ok(vec![Self::at(root, way, Site::of_eleventy(settings))]);
        }
        if Site::is_jekylls(&named) {
            let site = Site::read(&named, false);
            return Ok(vec![Self::at(named, String::new(), site)]);
        }
        let Some((above, texts, site)) = site_above(&named) else {
            let name = name(&named);
            let before = if name.starts_with('_') { format!("{name}/") } else { String::new() };
            return Ok(vec![Self { before, ..Self::at(named, String::new(), Site::default()) }]);
        };
        let before = below(&above, &named).map(|before| format!("{before}/")).unwrap_or_default();
        let mut source = Self { before, texts_at: texts, ..Self::at(named, String::new(), site) };
        source.note_between(&above);
        Ok(vec![source])
    }

    /// Hears what is said in the folders between the site's and this one, for all below them.
    fn note_between(&mut self, above: &Path) {
        let folders: Vec<PathBuf> =
            self.root.ancestors().skip(1).take_while(|at| at.starts_with(above)).map(Path::to_owned).collect();
        for (depth, folder) in folders.iter().enumerate() {
            let items = fs::read_dir(folder).into_iter().flatten().flatten();
            let files = items.filter(|item| item.file_type().is_ok_and(|kind| kind.is_file()));
            for item in files {
                let file_name = item.file_name().to_string_lossy().into_owned();
                if file_name.starts_with("_index.") && (self.site.is_hugo || self.site.is_zola) {
                    let text = super::text(&item.path());
                    self.note_cascade(String::new(), &file_name, depth + 1, text);
                }
                let is_own = eleventy::data_for(&file_name).is_some_and(|(of, _)| of == name(folder));
                if is_own && self.site.is_eleventy {
                    let (cascade, fault) = eleventy::data(&item.path());
                    self.faults.extend(fault.map(|why| (file_name, why)));
                    self.note(String::new(), FAR * (depth + 1), cascade);
                }
            }
        }
    }

    fn at(root: PathBuf, way: String, mut site: Site) -> Self {
        let name = name(&root);
        let faults = std::mem::take(&mut site.faults);
        Self {
            root,
            way,
            before: String::new(),
            texts_at: String::new(),
            name,
            site,
            language: None,
            cascades: HashMap::new(),
            texts: HashMap::new(),
            bundles: HashSet::new(),
            in_sections: 0,
            outside: 0,
            faults,
        }
    }

    /// Whether it is a folder that Hugo has its texts in.
    pub(super) fn is_content(&self) -> bool {
        (self.name == TEXTS || self.site.is_hugo) && !self.site.is_zola
    }

    /// The files that could not be read, and why.
    pub(super) fn faults(&self) -> &[(String, Remark)] {
        &self.faults
    }

    /// A path as it counts from the folder of the whole site, as far as that is known.
    fn in_site(&self, path: &str) -> String {
        format!("{}{}{path}", self.before, self.way)
    }

    /// What a text's path says, with the language that stands before its ending, `post.ms.md` is the Malay of `post.md`, or that
    /// has a folder of its own.
    pub(super) fn name_of(&self, path: &str) -> FileName {
        let site = &self.site;
        let is_content = site.is_hugo || site.is_zola;
        let (path, language) = self.in_language(path);
        let Some(language) = language else {
            let prefix = site.is_language_in_addresses.then(|| site.language.clone());
            return FileName { prefix, is_content, ..FileName::of(&path) };
        };
        let is_usual = language == site.language && !site.is_language_in_addresses;
        let prefix = (!is_usual).then(|| language.clone());
        let known = Language::from_tag(&language).map(|language| language.tag().to_owned());
        FileName { language: known, prefix, is_content, ..FileName::of(&path) }
    }

    /// What the site calls the language of a text, where it says it.
    pub(super) fn language_at(&self, path: &str) -> Option<String> {
        self.in_language(path).1
    }

    /// A text's path as its address counts, without what says its language, and that.
    fn in_language(&self, path: &str) -> (String, Option<String>) {
        let (path, said) = match self.language_of(path) {
            Some((bare, language, ending)) => (format!("{bare}.{ending}"), Some(language.to_owned())),
            None => (path.to_owned(), None),
        };
        let path = format!("{}{path}", self.before.strip_prefix(&self.texts_at).unwrap_or(&self.before));
        let texts = if self.way.is_empty() { &self.texts_at } else { &self.way };
        let folder = self.site.languages.iter().find_map(|(language, folder)| {
            let folder = format!("{}/", eleventy::plain(folder.as_deref()?)?);
            let folder = folder.strip_prefix(texts.as_str()).filter(|folder| !folder.is_empty())?;
            Some((path.strip_prefix(folder)?.to_owned(), language.clone()))
        });
        match folder {
            Some((path, language)) => (path, said.or(Some(language))),
            None => (path, said.or_else(|| self.language.clone())),
        }
    }

    fn language_of<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str, &'p str)> {
        let (stem, ending) = path.rsplit_once('.')?;
        let (bare, language) = stem.rsplit_once('.').filter(|(bare, _)| !bare.is_empty() && !bare.ends_with('/'))?;
        let is_told = self.site.languages.iter().any(|(told, _)| told == language);
        let is_short = matches!(language.len(), 2 | 3) && Language::from_tag(language).is_some();
        let has_other = || MARKDOWN.iter().any(|ending| self.is_text(&format!("{bare}.{ending}")));
        (is_told || is_short && has_other()).then_some((bare, language, ending))
    }

    /// Notes that a text is there.
    pub(super) fn note_text(&mut self, path: &str) {
        let name = bare(path).rsplit('/').next().unwrap_or_default().to_owned();
        if let Some((plain, _)) = name.rsplit_once('.') {
            self.texts.entry(plain.to_owned()).or_default().push(path.to_owned());
        }
        let (folder, file) = path.rsplit_once('/').unwrap_or_default();
        if file.strip_prefix("index.").is_some_and(|rest| rest.contains('.')) {
            // `post/index.ms.md` has the name of its folder, too.
            let name = folder.rsplit('/').next().unwrap_or_default();
            self.texts.entry(name.to_owned()).or_default().push(path.to_owned());
        }
        if file.starts_with("index.") {
            self.bundles.insert(format!("{folder}/"));
        }
        match FileName::of(&format!("{}{path}", self.before.strip_prefix(&self.texts_at).unwrap_or(&self.before)))
            .folders
            .is_empty()
        {
            true => self.outside += 1,
            false => self.in_sections += 1,
        }
        self.texts.entry(name).or_default().push(path.to_owned());
    }

    pub(super) fn is_text(&self, path: &str) -> bool {
        let name = bare(path).rsplit('/').next().unwrap_or_default();
        self.texts.get(name).is_some_and(|paths| paths.iter().any(|known| known == path))
    }

    /// The text that a file in `folders` means by the end of its path, with or without its ending: one in the language first, and
    /// the one beside it, the one from the root, else any.
    pub(super) fn text(&self, folders: &[String], path: &str, language: Option<&str>) -> Option<&str> {
        let wanted = bare(path.trim().trim_matches('/'));
        let beside = format!("{}/{wanted}", folders.join("/"));
        let ending = format!("/{wanted}");
        let alike = self.texts.get(wanted.rsplit('/').next()?)?;
        let alike: Vec<(&str, String, bool)> = alike
            .iter()
            .map(|path| {
                let (plain, own) = self.in_language(path);
                let is_own = own.as_deref().unwrap_or(&self.site.language) == language.unwrap_or(&self.site.language);
                (path.as_str(), bare(&plain).replace("_posts/", ""), is_own)
            })
            .collect();
        let is_one = |way: usize, path: &str, plain: &str| {
            [bare(path), plain].into_iter().any(|path| match way {
                0 => path == beside,
                1 => path == wanted,
                _ => path.ends_with(&ending),
            })
        };
        let found = |is_own: bool| {
            let alike = || alike.iter().filter(move |(_, _, own)| *own || !is_own);
            (0..3).find_map(|way| alike().find(|(path, plain, _)| is_one(way, path, plain)))
        };
        found(true).or_else(|| found(false)).map(|(path, ..)| *path)
    }

    /// Notes what the front page of a section says for all below it.
    pub(super) fn note_section(&mut self, path: &str, text: Result<String, Remark>) {
        let folder = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
        self.note_cascade(folder.to_owned(), path, 0, text);
    }

    fn note_cascade(&mut self, folder: String, path: &str, rank: usize, text: Result<String, Remark>) {
        let said = text.and_then(|text| front_matter::cascade(&text, self.site.is_zola));
        let cascade = said.unwrap_or_else(|why| {
            self.faults.push((path.to_owned(), remark("import-data-unread").because([why])));
            Cascade::unsure()
        });
        self.note(folder, rank, cascade);
    }

    fn note(&mut self, what: String, rank: usize, cascade: Cascade) {
        let known = self.cascades.entry(what).or_default();
        let at = known.partition_point(|(other, _)| *other <= rank);
        known.insert(at, (rank, cascade));
    }

    /// Notes what a file of data says, if it is one of Eleventy's: for the folder that it is named after, or for one text.
    pub(super) fn note_data(&mut self, path: &str, file: &Path) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if self.site.is_hugo || self.site.is_zola || self.site.jekyll.is_some() {
            return;
        }
        let Some((of, rank)) = eleventy::data_for(name) else { return };
        let is_folders = folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&self.name) == of;
        let text = path[..path.len() - name.len()].to_owned() + of;
        if !is_folders && !self.has_text(&text, file) {
            return;
        }
        let (cascade, fault) = eleventy::data(file);
        self.faults.extend(fault.map(|why| (path.to_owned(), why)));
        if is_folders {
            let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            self.note(folder, rank, cascade.clone());
        }
        self.note(text, rank, cascade);
    }

    /// Whether a text of that path, which has no ending, is beside a file.
    fn has_text(&self, text: &str, file: &Path) -> bool {
        let name = text.rsplit('/').next().unwrap_or_default();
        [MARKDOWN.as_slice(), &HTML, &TEMPLATES]
            .concat()
            .into_iter()
            .any(|ending| file.with_file_name(format!("{name}.{ending}")).is_file())
    }

    /// What is said for a text besides what it says itself, the nearest first.
    pub(super) fn above(&self, path: &str) -> Vec<&Cascade> {
        let own = path.rsplit_once('.').map_or(path, |(own, _)| own);
        let folders = path.match_indices('/').rev().map(|(slash, _)| &path[..=slash]).chain([""]);
        let said = [own].into_iter().chain(folders).filter_map(|folder| self.cascades.get(folder)).flatten();
        let in_site = self.in_site(path);
        let defaults: Vec<&Cascade> =
            self.site.jekyll.iter().flat_map(|jekyll| jekyll.above(&in_site).collect::<Vec<_>>()).collect();
        let all = said.map(|(_, cascade)| cascade).chain(defaults).chain([&self.site.cascade]);
        let plain = self.in_language(path).0;
        let is_at = |pattern: &str| [&plain, bare(&plain)].into_iter().any(|path| patterns::is_left_out(pattern, path));
        all.flat_map(|cascade| cascade.at(&is_at)).collect()
    }

    /// Whether the site makes no page of a text: it leaves its path out, or it belongs to another one.
    pub(super) fn leaves_out(&self, path: &str) -> bool {
        let in_site = self.in_site(path);
        let has_day = || FileName::of(path).date.is_some();
        let is_passed_over = self.site.jekyll.as_ref().is_some_and(|jekyll| jekyll.passes_over(&in_site, has_day()));
        is_passed_over || self.site.leaves_out(&in_site, path) || self.belongs_to_another(path)
    }

    /// Leaves out the tags by which Eleventy's sites make their lists.
    pub(super) fn without_lists(&self, tags: &mut Vec<String>) {
        if self.site.is_eleventy {
            tags.retain(|tag| !["all", "nav", "post", "posts"].contains(&tag.as_str()));
        }
    }

    /// Whether a text stands beside Hugo's sections, as what is no post does.
    pub(super) fn is_beside_sections(&self, name: &FileName) -> bool {
        self.site.is_hugo && name.folders.is_empty() && self.outside < self.in_sections
    }

    /// Whether a text lies in the folder of another one, which is Hugo's way to keep what is no page of its own.
    fn belongs_to_another(&self, path: &str) -> bool {
        let (folder, file) = path.rsplit_once('/').unwrap_or_default();
        self.site.is_hugo
            && path.match_indices('/').map(|(slash, _)| &path[..=slash]).any(|above| {
                let is_itself = above.trim_end_matches('/') == folder && file.starts_with("index.");
                self.bundles.contains(above) && above != "/" && !is_itself
            })
    }

    /// Whether nothing in a folder is the site's.
    pub(super) fn is_of_others(&self, folder: &Path) -> bool {
        self.site.jekyll.is_some() && self.relative(folder).is_some_and(|folder| Jekyll::is_of_others(&folder))
    }

    /// How the address of a text is made.
    pub(super) fn permalinks(&self, path: &str) -> Cow<'_, Permalinks> {
        let page = self.site.jekyll.as_ref().and_then(|jekyll| jekyll.page(&self.in_site(path)));
        page.map_or(Cow::Borrowed(&self.site.permalinks), |(pattern, collection)| {
            Cow::Owned(Permalinks::JekyllPage(pattern, collection))
        })
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
        if let Some(path) = self.own_path(url) {
            return match self.find(folder, &path) {
                Target::Missing => Target::Elsewhere,
                found => found,
            };
        }
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
        let found = self.first(&bases, &parts);
        // The site may be in a folder itself, which its files are not.
        let folder = self.site.address.as_ref().map(|site| site.path().trim_matches('/')).unwrap_or_default();
        let below = folder.split('/').filter(|_| !folder.is_empty()).enumerate();
        let is_below = below.clone().all(|(at, part)| parts.get(at).is_some_and(|it| it == part));
        match below.count() {
            depth if depth > 0 && is_below && found == Target::Missing => self.first(&bases, &parts[depth..]),
            _ => found,
        }
    }

    /// The path of an address that names the host of the site.
    fn own_path(&self, url: &str) -> Option<String> {
        let whole = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
        let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.port().is_none();
        let url = Url::parse(&whole).ok().filter(is_web)?;
        let own = self.site.address.as_ref()?.host_str()?;
        (bare_host(url.host_str()?) == bare_host(own)).then(|| url.path().to_owned())
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
    let is_text = |ending: &str| [MARKDOWN.as_slice(), &HTML, &TEMPLATES].concat().contains(&ending);
    let path = path.rsplit_once('.').filter(|(_, ending)| is_text(ending)).map_or(path, |(bare, _)| bare);
    path.strip_suffix("/index").or_else(|| path.strip_suffix("/_index")).unwrap_or(path)
}

fn name(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The folder of the site that a folder is a part of, its folder of texts, and what its settings say.
fn site_above(folder: &Path) -> Option<(PathBuf, String, Site)> {
    // What a zip was unpacked into is no part of what others have put beside it.
    let temporary = fs::canonicalize(env::temp_dir()).unwrap_or_default();
    folder.ancestors().skip(1).take(MAX_ABOVE).take_while(|above| *above != temporary).find_map(|above| {
        if let Some(settings) = eleventy::settings(above) {
            let texts = settings.input.as_ref().map(|input| format!("{input}/")).unwrap_or_default();
            let is_part = folder.starts_with(above.join(&texts));
            return is_part.then(|| (above.to_owned(), texts, Site::of_eleventy(settings)));
        }
        if CONFIGS.iter().any(|config| above.join(config).exists()) {
            let site = Site::read(above, true);
            let texts = site.texts.as_deref().and_then(eleventy::plain).unwrap_or_else(|| TEXTS.to_owned());
            if folder.starts_with(above.join(&texts)) {
                return Some((above.to_owned(), format!("{texts}/"), site));
            }
        }
        Site::is_jekylls(above).then(|| (above.to_owned(), String::new(), Site::read(above, false)))
    })
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
