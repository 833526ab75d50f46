//! What the settings of a site say of where it is and how it makes its addresses: Hugo's, Zola's and Jekyll's.

use std::path::Path;

use jiff::tz::TimeZone;
use url::{Host, Url};

use super::{
    eleventy::{Eleventy, is_file},
    expand,
    jekyll::Jekyll,
    patterns,
    source::{CONFIGS, MANY, read_at_most},
};
use crate::{
    exchange::{
        front_matter::{self, Cascade, Part, Settings},
        short,
    },
    model::remark::{Remark, heard, remark},
};

/// Settings are written by hand: a few kilobytes.
const MAX_BYTES: usize = 256 * 1024;
/// Jekyll's; the last is of its first years.
pub(super) const OF_JEKYLL: [&str; 3] = ["_config.yml", "_config.yaml", "_config.toml"];
/// Where Hugo's are that are many files.
const OF_MANY: [&str; 6] = ["hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml"];
/// Where they are that count for what readers see.
pub(super) const PRODUCTION: &str = "config/production";
/// Those that are named after what they are about.
const OF_ONE: [&str; 5] = ["languages", "permalinks", "cascade", "frontmatter", "taxonomies"];
const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];
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
    /// How it spells its addresses.
    pub spelling: Spelling,
    /// The time zone that its addresses go by.
    pub zone: Option<TimeZone>,
    /// Whether Hugo may take the day of a text, and its slug, from the name of its file.
    pub dates_by_name: bool,
    /// Where Jekyll's excerpts end.
    pub separator: Option<String>,
    /// The files that could not be read, or not as a whole, and why.
    pub faults: Vec<(String, Remark)>,
}

/// How a site spells what it makes addresses of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As that is.
    #[default]
    AsWritten,
    /// Hugo's: small letters and hyphens.
    Hugo {
        /// `disablePathToLower`
        keeps_case: bool,
        /// `removePathAccents`
        drops_accents: bool,
    },
    /// Zola's: as slugs are made here.
    Zola,
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
        match settings(folder, name) {
            Ok(settings) => Self::said(settings, name, has_texts),
            Err((name, why, text)) => {
                let text = text.to_lowercase();
                let is_unsure = HIDE.iter().any(|word| text.contains(word));
                let why = if is_unsure { remark("import-data-unread").because([why]) } else { why };
                Self {
                    is_hugo: has_texts && name != "zola.toml",
                    jekyll: (!has_texts).then(Jekyll::default),
                    faults: vec![(name, why)],
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
        let faults = fault.into_iter().collect();
        Self { is_eleventy: true, excluded: ignored, faults, cascade, ..Self::default() }
    }

    /// Whether a text is one that the site leaves out, by its path in the site and below its folder of texts.
    pub(super) fn leaves_out(&self, path: &str, below: &str) -> bool {
        let is_excluded = |path| self.excluded.iter().any(|pattern| patterns::is_left_out(pattern, path));
        is_excluded(path)
            || is_excluded(below)
            || self.ignored.iter().any(|expression| patterns::is_found(expression, path))
    }

    fn said(settings: Settings, file: &str, has_texts: bool) -> Self {
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
        let patterns: Vec<(&String, bool)> = match &permalinks {
            Permalinks::Jekyll(pattern) => vec![(pattern, false)],
            Permalinks::Hugo(patterns) => patterns.iter().map(|(_, pattern)| (pattern, true)).collect(),
            _ => Vec::new(),
        };
        let patterns = patterns
            .into_iter()
            .chain(jekyll.collections.iter().filter_map(|collection| Some((collection.permalink.as_ref()?, false))));
        let faults = patterns.filter_map(|(pattern, is_hugo)| {
            Some((file.to_owned(), unknown(pattern, &expand::unknown(pattern, is_hugo)?)))
        });
        let double = settings.is_double.then(|| (file.to_owned(), remark("import-key-twice")));
        let faults = double.into_iter().chain(faults.take(patterns::MAX_PATTERNS)).collect();
        let spelling = match (has_texts, is_zola) {
            (true, true) if !settings.keeps_paths => Spelling::Zola,
            (true, false) => Spelling::Hugo { keeps_case: settings.keeps_case, drops_accents: settings.drops_accents },
            _ => Spelling::AsWritten,
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
            spelling,
            zone: settings.zone.and_then(|zone| TimeZone::get(&zone).ok()),
            dates_by_name: settings.dates_by_name,
            separator: settings.separator,
            faults,
        }
    }
}

/// Settings that could not be read: the file's name, why, and what is in it.
type Unread = (String, Remark, String);

/// The settings in a file, and in the further ones that Hugo may have.
fn settings(folder: &Path, first: &str) -> Result<Settings, Unread> {
    let mut files = vec![(None, folder.join(first))];
    let has_many = first.starts_with("config/") || ["hugo.", "config."].iter().any(|name| first.starts_with(name));
    for of in [MANY, PRODUCTION].iter().filter(|_| has_many) {
        let is_other = |file: &&Path| is_file(file) && *file != folder.join(first);
        if *of != MANY {
            let whole = OF_MANY.map(|name| folder.join(of).join(name));
            files.extend(whole.into_iter().find(|file| is_other(&file.as_path())).map(|file| (None, file)));
        }
        for key in OF_ONE {
            let files_of = ENDINGS.map(|ending| folder.join(of).join(format!("{key}.{ending}")));
            files.extend(files_of.into_iter().find(|file| is_other(&file.as_path())).map(|file| (Some(key), file)));
        }
    }
    let mut parts = Vec::new();
    for (key, file) in &files {
        let (text, is_toml) = text(file)?;
        parts.push(Part { key: *key, text, is_toml });
    }
    front_matter::settings(&parts).map_err(|(at, why)| {
        let text = parts.into_iter().nth(at).map(|part| part.text).unwrap_or_default();
        (files.get(at).map(|(_, file)| name(file)).unwrap_or_default(), why, text)
    })
}

/// That a part of the pattern of addresses is not known.
pub(super) fn unknown(pattern: &str, part: &str) -> Remark {
    remark("import-permalink-unknown").put("pattern", short(pattern)).put("part", part)
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
