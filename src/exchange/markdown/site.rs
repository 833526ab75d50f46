//! What the settings of a site say of where it is and how it makes its addresses: Hugo's, Zola's and Jekyll's.

use std::{fs, path::Path};

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
        let Settings { address, folder, permalink, permalinks, cascade, is_zola } = settings;
        let permalinks = match permalink {
            Some(permalink) if !has_texts => Permalinks::Jekyll(permalink),
            _ if !permalinks.is_empty() => Permalinks::Hugo(permalinks),
            _ => Permalinks::Usual,
        };
        let folder = folder.unwrap_or_default();
        let address = address.map(|address| format!("{}/{}", address.trim_end_matches('/'), folder.trim_matches('/')));
        Self { address: address.and_then(|address| real(&address)), permalinks, cascade, is_zola, fault: None }
    }
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
