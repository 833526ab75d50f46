//! What the settings of a site say of where it is and how it makes its addresses: Hugo's, Zola's and Jekyll's.

use std::path::Path;

use url::{Host, Url};

use super::{
    eleventy::{Eleventy, is_file},
    jekyll::Jekyll,
    patterns,
    source::{CONFIGS, read_at_most},
};
use crate::{
    exchange::front_matter::{self, Cascade, Settings},
    model::remark::{Remark, heard, remark},
};

/// Settings are written by hand: a few kilobytes.
const MAX_BYTES: usize = 256 * 1024;
/// Jekyll's; the last is of its first years.
pub(super) const OF_JEKYLL: [&str; 3] = ["_config.yml", "_config.yaml", "_config.toml"];
/// Where Hugo's are that are many files.
const OF_MANY: [&str; 6] = ["hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml"];
/// Those that are named after what they are about.
const OF_ONE: [&str; 3] = ["languages", "permalinks", "cascade"];
const ENDINGS: [&str; 3] = ["toml", "yaml", "yml"];
/// Words with which settings hide texts.
const HIDE: [&str; 9] =
    ["published", "draft", "exclude", "render", "expirydate", "publishdate", "ignore", "collections", "private"];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Site {
    /// Where its texts could be read.
    pub address: Option<Url>,
    /// How it makes the addresses of its posts.
    pub permalinks: Permalinks,
    /// What it says for all of its texts.
    pub cascade: Cascade,
    /// Whether it is Zola's.
    pub is_zola: bool,
    /// Whether it is Hugo's, as far as its settings tell.
    pub is_hugo: bool,
    /// Whether it is Eleventy's, as its settings tell.
    pub is_eleventy: bool,
    /// What it is told for some of its texts, if it is Jekyll's.
    pub jekyll: Option<Jekyll>,
    /// What it leaves out: patterns, and Hugo's regular expressions.
    pub excluded: Vec<String>,
    pub ignored: Vec<String>,
    /// The languages that it is told of, in small letters, each with the folder of its texts.
    pub languages: Vec<(String, Option<String>)>,
    /// The one of texts that name none, and whether that has a folder in the addresses too.
    pub language: String,
    pub is_language_in_addresses: bool,
    /// Its folder of texts, where that is not the usual one.
    pub texts: Option<String>,
    /// The file that could not be read, and why.
    pub fault: Option<(String, Remark)>,
}

/// How a site makes the addresses of its posts, where nothing else is said at them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Permalinks {
    /// By the rules of its system.
    #[default]
    Usual,
    /// Jekyll's `permalink`: a pattern, or the name of one.
    Jekyll(String),
    /// Hugo's `permalinks`: patterns by the first folder.
    Hugo(Vec<(String, String)>),
    /// The pattern of what is no post of Jekyll's, and the name of its collection, or nothing.
    JekyllPage(String, String),
}

impl Site {
    /// Reads the settings in `folder`: `texts` tells whether it has a folder of texts, as Hugo and Zola do.
    pub(super) fn read(folder: &Path, has_texts: bool) -> Self {
        let many = OF_MANY.map(|name| format!("config/_default/{name}"));
        let of_texts = CONFIGS.iter().copied().chain(many.iter().map(String::as_str));
        let names: Vec<&str> = if has_texts { of_texts.collect() } else { OF_JEKYLL.to_vec() };
        let Some(name) = names.into_iter().find(|name| is_file(&folder.join(name))) else { return Self::default() };
        let read = settings(&folder.join(name)).and_then(|settings| with_others(folder, name, settings));
        match read {
            Ok(settings) => Self::said(settings, has_texts),
            Err((name, why, text)) => {
                let text = text.to_lowercase();
                let is_unsure = HIDE.iter().any(|word| text.contains(word));
                Self {
                    is_hugo: has_texts && name != "zola.toml",
                    jekyll: (!has_texts).then(Jekyll::default),
                    fault: Some((name, if is_unsure { remark("import-data-unread").because([why]) } else { why })),
                    cascade: if is_unsure { Cascade::unsure() } else { Cascade::default() },
                    ..Self::default()
                }
            }
        }
    }

    /// Whether a folder is a site of Jekyll's.
    pub(super) fn is_jekylls(folder: &Path) -> bool {
        OF_JEKYLL.iter().any(|name| is_file(&folder.join(name)))
    }

    /// What Eleventy's say.
    pub(super) fn of_eleventy(Eleventy { ignored, fault, .. }: Eleventy) -> Self {
        let cascade = if fault.is_some() { Cascade::unsure() } else { Cascade::default() };
        Self { is_eleventy: true, excluded: ignored, fault, cascade, ..Self::default() }
    }

    /// Whether a text is one that the site leaves out, by its path in the site and below its folder of texts.
    pub(super) fn leaves_out(&self, path: &str, below: &str) -> bool {
        let is_excluded = |path| self.excluded.iter().any(|pattern| patterns::is_left_out(pattern, path));
        is_excluded(path)
            || is_excluded(below)
            || self.ignored.iter().any(|expression| patterns::is_found(expression, path))
    }

    fn said(settings: Settings, has_texts: bool) -> Self {
        let language = settings.language.as_deref().unwrap_or("en").to_lowercase();
        let Settings { address, folder, permalink, permalinks, cascade, is_zola, .. } = settings;
        let jekyll = Jekyll {
            defaults: settings.defaults,
            collections: settings.collections,
            included: settings.included,
            style: permalink.clone(),
        };
        let permalinks = match permalink {
            Some(permalink) if !has_texts => Permalinks::Jekyll(permalink),
            _ if !permalinks.is_empty() => Permalinks::Hugo(permalinks),
            _ => Permalinks::Usual,
        };
        let folder = folder.unwrap_or_default();
        let address = address.map(|address| format!("{}/{}", address.trim_end_matches('/'), folder.trim_matches('/')));
        Self {
            address: address.and_then(|address| real(&address)),
            permalinks,
            cascade,
            is_zola,
            is_hugo: has_texts && !is_zola,
            is_eleventy: false,
            jekyll: (!has_texts).then_some(jekyll),
            excluded: settings.excluded,
            ignored: settings.ignored,
            languages: settings.languages,
            language,
            is_language_in_addresses: settings.is_language_in_addresses,
            texts: settings.texts.filter(|_| has_texts && !is_zola),
            fault: None,
        }
    }
}

/// Settings that could not be read: the file's name, why, and what is in it.
type Unread = (String, Remark, String);

fn settings(file: &Path) -> Result<Settings, Unread> {
    let (text, is_toml) = text(file)?;
    front_matter::settings(&text, is_toml).map_err(|why| (name(file), why, text))
}

/// Adds what Hugo has in further files, where it has many.
fn with_others(folder: &Path, first: &str, mut settings: Settings) -> Result<Settings, Unread> {
    let has_many = first.starts_with("config/") || ["hugo.", "config."].iter().any(|name| first.starts_with(name));
    for key in OF_ONE.iter().filter(|_| has_many) {
        let files = ENDINGS.map(|ending| folder.join(format!("config/_default/{key}.{ending}")));
        if let Some(file) = files.iter().find(|file| is_file(file)) {
            let (text, is_toml) = text(file)?;
            front_matter::add(&mut settings, key, &text, is_toml).map_err(|why| (name(file), why, text))?;
        }
    }
    Ok(settings)
}

fn text(file: &Path) -> Result<(String, bool), Unread> {
    let unread = |why| (name(file), why, HIDE.concat());
    let bytes = read_at_most(file, MAX_BYTES).map_err(|error| unread(heard(&error)))?;
    let bytes = bytes.ok_or_else(|| unread(remark("import-too-much")))?;
    let is_toml = file.extension().is_some_and(|ending| ending == "toml");
    Ok((String::from_utf8_lossy(&bytes).into_owned(), is_toml))
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// An address where a blog was: not the one that came with the system, which nobody changed, nor that of somebody's desk.
fn real(address: &str) -> Option<Url> {
    let address = Url::parse(address).ok().filter(|address| matches!(address.scheme(), "http" | "https"))?;
    let is_public = match address.host()? {
        Host::Domain(host) => {
            let is_example = ["example.com", "example.org", "example.net"].contains(&host.trim_start_matches("www."));
            !is_example && host != "localhost"
        }
        Host::Ipv4(ip) => !ip.is_loopback(),
        Host::Ipv6(ip) => !ip.is_loopback(),
    };
    is_public.then_some(address)
}
