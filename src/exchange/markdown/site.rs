//! What the settings of a site say of where it is and how it makes its addresses: Hugo's, Zola's and Jekyll's.

use std::{
    fs,
    path::{Path, PathBuf},
};

use url::{Host, Url};

use super::source::{CONFIGS, read_at_most};
use crate::{
    exchange::front_matter::{self, Cascade, Settings},
    model::remark::{Remark, heard},
};

/// Settings are written by hand: a few kilobytes.
const MAX_BYTES: usize = 256 * 1024;
/// Jekyll's; the second is of its first years.
const OF_JEKYLL: [&str; 2] = ["_config.yml", "_config.toml"];
/// Eleventy's.
pub(super) const OF_ELEVENTY: [&str; 4] =
    [".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"];
/// Where Hugo's are that are many files.
const OF_MANY: [&str; 6] = ["hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml"];

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
    /// The languages that it is told of, in small letters.
    pub languages: Vec<String>,
    /// The one of texts that name none, and whether that has a folder in the addresses too.
    pub language: String,
    pub is_language_in_addresses: bool,
    /// The file that could not be read, and why.
    pub fault: Option<(String, Remark)>,
}

/// How a site makes the addresses of its posts, where nothing else is said at them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Permalinks {
    /// By the rules of its system.
    #[default]
    Usual,
    /// Jekyll's `permalink`: a pattern, or the name of one.
    Jekyll(String),
    /// Hugo's `permalinks`: patterns by the first folder.
    Hugo(Vec<(String, String)>),
}

impl Site {
    /// Reads the settings in `folder`: `texts` tells whether it has a folder of texts, as Hugo and Zola do.
    pub(super) fn read(folder: &Path, has_texts: bool) -> Self {
        let many = OF_MANY.map(|name| format!("config/_default/{name}"));
        let of_texts = CONFIGS.iter().copied().chain(many.iter().map(String::as_str));
        let names: Vec<&str> = if has_texts { of_texts.collect() } else { OF_JEKYLL.to_vec() };
        // Nothing is read by a symbolic link.
        let is_file = |name: &&str| fs::symlink_metadata(folder.join(name)).is_ok_and(|metadata| metadata.is_file());
        let Some(name) = names.into_iter().find(is_file) else { return Self::default() };
        match settings(&folder.join(name)) {
            Ok(Some(settings)) => Self::said(settings, has_texts),
            Ok(None) => Self::default(),
            Err(why) => Self { fault: Some((name.to_owned(), why)), ..Self::default() },
        }
    }

    fn said(settings: Settings, has_texts: bool) -> Self {
        let language = settings.language.as_deref().unwrap_or("en").to_lowercase();
        let (languages, is_language_in_addresses) = (settings.languages.clone(), settings.is_language_in_addresses);
        let Settings { address, folder, permalink, permalinks, cascade, is_zola, .. } = settings;
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
            languages,
            language,
            is_language_in_addresses,
            fault: None,
        }
    }
}

/// The folder of texts that Eleventy's settings name; none where they are none of its. They are a program, which is not run: what it
/// says is looked for in its text.
pub(super) fn eleventys(folder: &Path) -> Option<Option<String>> {
    let is_file = |file: &PathBuf| fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_file());
    let file = OF_ELEVENTY.iter().map(|name| folder.join(name)).find(is_file)?;
    let program = read_at_most(&file, MAX_BYTES).ok().flatten().unwrap_or_default();
    Some(String::from_utf8_lossy(&program).lines().find_map(input))
}

/// What a line of it says: `input: "src"`, or `setInputDirectory("src")`.
fn input(line: &str) -> Option<String> {
    let line = line.split("//").next().filter(|line| !line.trim_start().starts_with('*'))?;
    let is_quote = |letter: char| matches!(letter, '"' | '\'' | '`');
    let said = line.match_indices("input").find_map(|(at, key)| {
        let is_whole = !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_$.".contains(letter));
        line[at + key.len()..].trim_start_matches(is_quote).trim_start().strip_prefix(':').filter(|_| is_whole)
    });
    let said = said.or_else(|| line.split_once("setInputDirectory(").map(|(_, said)| said))?.trim_start();
    let folder = said.strip_prefix(is_quote)?.split(is_quote).next()?;
    let parts: Vec<&str> = folder.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let is_plain = |part: &&str| !part.starts_with('.') && !part.contains('\\');
    (!parts.is_empty() && parts.iter().all(is_plain)).then(|| parts.join("/"))
}

/// `None` for one that is too large to be settings.
fn settings(file: &Path) -> Result<Option<Settings>, Remark> {
    let Some(bytes) = read_at_most(file, MAX_BYTES).map_err(|error| heard(&error))? else { return Ok(None) };
    let is_toml = file.extension().is_some_and(|ending| ending == "toml");
    front_matter::settings(&String::from_utf8_lossy(&bytes), is_toml).map(Some)
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
