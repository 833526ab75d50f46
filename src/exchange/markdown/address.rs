//! The addresses that an entry had in its old home, and what its file's name says of date and slug.

use std::borrow::Cow;

use jiff::{
    civil,
    tz::{self, TimeZone},
};
use percent_encoding::percent_decode_str;
use url::Url;

pub(super) use super::expand::coded;
use super::{
    expand::{Asked, pretty},
    site::{Permalinks, Site, Spelling},
};
use crate::{
    exchange::{
        front_matter::{FrontMatter, Written},
        slug,
    },
    model::time::Time,
};

/// The parts of a file's path: `posts/2018-09-13-hello.md`, or `posts/hello/index.md` for a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileName {
    /// `["posts"]`
    pub folders: Vec<String>,
    /// `2018-09-13-hello`
    pub stem: String,
    /// `hello`
    pub name: String,
    /// The date in front of the name.
    pub date: Option<civil::Date>,
    /// The tag of its language, where it names one that is known here.
    pub language: Option<String>,
    /// The folder of the language, which comes first in its address.
    pub prefix: Option<String>,
    /// Whether it is one of Hugo's or Zola's.
    pub is_content: bool,
}

impl FileName {
    /// Takes a path apart. An `index.md` has the name of its folder.
    pub(super) fn of(path: &str) -> Self {
        let mut folders: Vec<String> = path.split('/').map(String::from).collect();
        let file = folders.pop().unwrap_or_default();
        let mut stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
        if stem == "index" {
            stem = folders.pop().unwrap_or(stem);
        }
        let (date, name) = match dated(&stem) {
            Some((date, name)) => (Some(date), name.to_owned()),
            None => (None, stem.clone()),
        };
        Self { folders, stem, name, date, language: None, prefix: None, is_content: false }
    }

    /// An address within the folder of its language.
    fn in_language(&self, path: &str) -> String {
        self.prefix.as_ref().map_or_else(|| path.to_owned(), |prefix| format!("{prefix}/{path}"))
    }

    /// `Hello world`, for an entry without a title.
    pub(super) fn as_title(&self) -> String {
        let words = self.name.replace(['-', '_'], " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    fn is_jekyll_post(&self) -> bool {
        self.folders.iter().any(|folder| folder == "_posts")
    }
}

/// The day before a name, and that: `2018-9-3-hello`, or with noughts.
fn dated(stem: &str) -> Option<(civil::Date, &str)> {
    let mut rest = stem;
    let mut number = |most: usize, least: usize, behind: &[char]| {
        let length = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, after) = rest.split_at(length);
        rest = after.strip_prefix(behind).filter(|_| length >= least)?;
        digits.parse::<i16>().ok()
    };
    let (year, month, day) = (number(4, 4, &['-'])?, number(2, 1, &['-'])?, number(2, 1, &['-', '_'])?);
    let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (!rest.is_empty()).then_some((date, rest))
}

/// Hugo's lists of what has a tag, and Zola's: `c++ and more` is `c++-and-more` there, or as an address is made here.
pub(super) fn lists(taxonomy: &str, name: &str, spelling: Spelling) -> Vec<String> {
    let names = [
        spelling.label(&name.replace('/', "-")),
        slug::slug(name),
        name.split('/').map(|part| spelling.label(part)).collect::<Vec<_>>().join("/"),
    ];
    each_once(names.into_iter().filter(|name| !name.is_empty()).map(|name| format!("{taxonomy}/{name}")))
}

/// Brings an address to the form of a redirect: `https://host/2018/09/x.html?y#z` -> `2018/09/x.html`, percent-decoded
/// once. None for the root, and for what climbs (`..`) or holds control characters.
pub(super) fn normal(address: &str) -> Option<String> {
    let address = address.trim();
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => address.strip_prefix("//").map_or(Some(address), |rest| rest.split_once('/').map(|(_, path)| path))?,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = decode(path)?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let is_plain = |part: &&str| {
        *part != "." && *part != ".." && !part.contains(|letter: char| letter.is_control() || letter == '\\')
    };
    (!parts.is_empty() && parts.iter().all(is_plain) && path.len() <= 1000).then(|| parts.join("/"))
}

/// Undoes percent-encoding, once; none when the result is not text.
pub(super) fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

/// The day that three parts in a row name: `2018/09/13/Rust-1.29`.
pub(super) fn day_in<'a>(parts: impl Iterator<Item = &'a str>) -> Option<civil::Date> {
    let parts: Vec<&str> = parts.collect();
    parts.windows(3).find_map(|window| {
        let digits = |part: &str, lengths: [usize; 2]| {
            lengths
                .contains(&part.len())
                .then_some(part)
                .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?
                .parse()
                .ok()
        };
        let year: i16 = digits(window[0], [4, 4])?;
        let month = digits(window[1], [1, 2])?;
        let day = digits(window[2], [1, 2])?;
        civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    })
}

/// The addresses under which the entry's system shows it: the one its author chose, else those of the site's settings, else those
/// that Zola, Hugo and Jekyll make of the file's path. The first is the most likely.
pub(super) fn own(
    front_matter: &FrontMatter,
    file: &FileName,
    date: Option<Time>,
    zone: &TimeZone,
    permalinks: &Permalinks,
    site: &Site,
) -> Vec<String> {
    let collection = if let Permalinks::JekyllPage(_, name) = permalinks { name } else { "" };
    let asked = |at| Asked { front_matter, file, at, collection, site };
    let chosen = |asked: &Asked<'_>| match &front_matter.permalink {
        // Its signs are a pattern to Jekyll alone, but nobody else has them.
        Some(permalink) => asked.jekyll(permalink),
        None => match permalinks {
            Permalinks::Jekyll(pattern) if file.date.is_some() => asked.jekyll(pattern),
            Permalinks::JekyllPage(pattern, _) => asked.jekyll(pattern),
            Permalinks::Hugo(patterns) => {
                let section = file.folders.first().map_or("/", String::as_str).to_lowercase();
                let pattern = patterns.iter().find(|(of, _)| of.trim_matches('/') == section.trim_matches('/'));
                pattern.map(|(_, pattern)| asked.hugo(pattern)).unwrap_or_default()
            }
            _ => Vec::new(),
        },
    };
    let moments = moments(front_matter, date, zone, site);
    let chosen = moments.iter().flat_map(|at| chosen(&asked(*at))).flatten();
    // Hugo puts no language before an address that begins at the root.
    let is_whole =
        |address: &str| front_matter.permalink.is_some() && (address.starts_with('/') || address.contains("://"));
    let is_spelled = front_matter.permalink.is_none() && site.is_hugo;
    let chosen = each_once(chosen.filter_map(|address| normal(&address).map(|path| (address, path))).flat_map(
        |(address, path)| {
            let path = if is_spelled { site.spelling.path(&path) } else { path };
            both(if is_whole(&address) { path } else { file.in_language(&path) })
        },
    ));
    if !chosen.is_empty() {
        return chosen;
    }

    let mut made = Vec::new();
    let asked = asked(None);
    let name = asked.name();
    if let Some(day) = file.date
        && (file.is_jekyll_post() || !file.is_content && !front_matter.categories.is_empty())
    {
        let day = day.strftime("%Y/%m/%d").to_string();
        let at = |name: &str| [asked.categories().as_slice(), &[day.clone(), name.to_owned()]].concat().join("/");
        for path in [at(&pretty(name)), at(name)] {
            made.extend([format!("{path}.html"), path]);
        }
    }
    if !file.is_jekyll_post() {
        let in_folders =
            |name: &str| file.folders.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("/");
        if site.spelling != Spelling::AsWritten {
            let by_file = if site.is_zola || site.dates_by_name { &file.name } else { &file.stem };
            let name = front_matter.slug.as_deref().map_or(by_file.as_str(), |slug| slug.trim_matches('-'));
            made.push(site.spelling.path(&in_folders(name)));
        }
        // Zola cleans the name and drops the date before it; Hugo does neither.
        made.extend([in_folders(&cleaned(name)), in_folders(name)]);
        if front_matter.slug.is_none() {
            made.push(in_folders(&file.stem));
        }
    }
    let made = made.iter().filter_map(|address| normal(&coded(address)));
    each_once(made.map(|path| file.in_language(&path)))
}

/// When an entry was written by the clock that its site's addresses go by, the most likely first: Hugo's by that of its author,
/// Jekyll's by the site's own, whatever offset stands behind the date.
fn moments(
    front_matter: &FrontMatter,
    date: Option<Time>,
    zone: &TimeZone,
    site: &Site,
) -> Vec<Option<civil::DateTime>> {
    let here = date.map(|date| date.in_zone(zone).datetime());
    let Some(Written { at, offset, has_time }) = front_matter.written.filter(|_| front_matter.date.is_some()) else {
        // Of a day alone the hour is none.
        let is_exact = front_matter.date.is_some();
        return vec![here.map(|here| if is_exact { here } else { here.date().at(0, 0, 0, 0) })];
    };
    let there = || {
        let moment = offset.unwrap_or(tz::Offset::UTC).to_timestamp(at).ok()?;
        Some(Time::from(moment).in_zone(site.zone.as_ref().unwrap_or(&TimeZone::UTC)).datetime())
    };
    let mut moments = match site.jekyll {
        Some(_) if has_time => vec![there(), Some(at)],
        None if !site.is_hugo => vec![Some(at), here],
        _ => vec![Some(at)],
    };
    moments.dedup();
    moments
}

/// An address with the name of its file, and that of the folder that it stands for.
fn both(path: String) -> Vec<String> {
    let folder = path.strip_suffix("/index.html").or_else(|| path.strip_suffix("/index.htm")).map(str::to_owned);
    folder.into_iter().chain([path]).collect()
}

/// Whether an address is made by a template.
pub(super) fn is_template(address: &str) -> bool {
    ["{{", "{%", "${"].iter().any(|mark| address.contains(mark))
}

/// An address of Eleventy's with what its template says of the file and the title; none where it says something else.
pub(super) fn filled(address: &str, front_matter: &FrontMatter, file: &FileName) -> Option<String> {
    let mut made = String::new();
    let mut rest = address;
    while let Some((before, after)) = rest.split_once("{{") {
        let (inner, after) = after.split_once("}}")?;
        let parts: Vec<&str> = inner.trim_matches('-').split('|').map(str::trim).collect();
        let value = match parts.as_slice() {
            ["page.fileSlug"] => file.name.clone(),
            ["page.fileSlug", "slugify" | "slug"] => slug::slug(&file.name),
            ["page.filePathStem"] => [file.folders.as_slice(), std::slice::from_ref(&file.name)].concat().join("/"),
            ["title", "slugify" | "slug"] => slug::slug(front_matter.title.as_deref()?),
            _ => return None,
        };
        if is_template(before) {
            return None;
        }
        made.push_str(before);
        made.push_str(&coded(&value));
        rest = after;
    }
    made.push_str(rest);
    (!is_template(rest)).then_some(made)
}

/// All addresses that must go on answering: the entry's own, then its aliases. Hugo's count from where the entry is.
pub(super) fn old_paths(own: &[String], front_matter: &FrontMatter, is_hugo: bool) -> Vec<String> {
    let alias = |alias: &String| {
        let is_relative = is_hugo && !alias.starts_with('/') && !alias.contains("://");
        if is_relative { beside(own.first()?, alias) } else { normal(alias) }
    };
    each_once(own.iter().cloned().chain(front_matter.aliases.iter().filter_map(alias).flat_map(both)))
}

/// The address that is meant from another one in the same folder.
fn beside(own: &str, alias: &str) -> Option<String> {
    let mut base = Url::parse("http://old.invalid/").ok()?;
    base.set_path(own);
    normal(base.join(alias.trim()).ok().filter(|there| there.host_str() == Some("old.invalid"))?.path())
}

fn each_once(paths: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    paths.filter(|path| seen.insert(path.clone())).collect()
}

/// The last part of the new address: of the chosen address, else the `slug` key, else the file's name.
pub(super) fn slug_of(
    front_matter: &FrontMatter,
    own: &[String],
    file: &FileName,
    title: &str,
    permalinks: &Permalinks,
) -> String {
    let chosen = own
        .first()
        .filter(|_| front_matter.permalink.is_some() || *permalinks != Permalinks::Usual)
        .map(|path| path.strip_suffix("/index.html").unwrap_or(path).rsplit('/').next().unwrap_or_default());
    let name = chosen.or(front_matter.slug.as_deref()).unwrap_or(&file.name);
    let name = name.strip_suffix(".html").or_else(|| name.strip_suffix(".htm")).unwrap_or(name);
    [cleaned(name), slug::slug(title)].into_iter().find(|slug| !slug.is_empty()).unwrap_or_else(|| "post".to_owned())
}

/// `name` as it is where an address can hold it (`Rust-1.29`), else made so.
fn cleaned(name: &str) -> String {
    if slug::is_slug(name) { name.to_owned() } else { slug::slug(name) }
}
