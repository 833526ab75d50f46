//! The addresses that an entry had in its old home, and what its file's name says of date and slug.

use std::borrow::Cow;

use jiff::{civil, tz::TimeZone};
use percent_encoding::percent_decode_str;

use crate::{
    exchange::{front_matter::FrontMatter, slug},
    model::time::Time,
};

/// The parts of a file's path: `posts/2018-09-13-hello.md`, or `posts/hello/index.md` for a bundle.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileName {
    /// `["posts"]`
    pub folders: Vec<String>,
    /// `2018-09-13-hello`
    stem: String,
    /// `hello`
    pub name: String,
    /// The date in front of the name.
    pub date: Option<civil::Date>,
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
        let dated = stem
            .split_at_checked(10)
            .and_then(|(date, rest)| Some((date.parse::<civil::Date>().ok()?, rest.strip_prefix(['-', '_'])?)))
            .filter(|(_, name)| !name.is_empty());
        let (date, name) = match dated {
            Some((date, name)) => (Some(date), name.to_owned()),
            None => (None, stem.clone()),
        };
        Self { folders, stem, name, date }
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

/// Hugo's lists of what has a tag, and Zola's: `c++ and more` is `c++-and-more` there, or as an address is made here.
pub(super) fn lists(taxonomy: &str, name: &str) -> Vec<String> {
    let joined = name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    let names = [joined.replace(['/', '?', '#'], "-"), slug::slug(name)];
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

/// The addresses under which the entry's system shows it: the one its author chose, else those that Zola, Hugo and
/// Jekyll make of the file's path. The first is the most likely.
pub(super) fn own(front_matter: &FrontMatter, file: &FileName, date: Option<Time>, zone: &TimeZone) -> Vec<String> {
    let chosen = front_matter.permalink.as_deref().and_then(|permalink| {
        let is_style = matches!(permalink, "date" | "pretty" | "none" | "ordinal" | "weekdate");
        let written = if is_style { None } else { expand(permalink, front_matter, file, date, zone) };
        written.and_then(|address| normal(&address))
    });
    if let Some(chosen) = chosen {
        return vec![chosen];
    }

    let mut made = Vec::new();
    let name = front_matter.slug.as_deref().unwrap_or(&file.name);
    if let Some(day) = file.date
        && (file.is_jekyll_post() || !front_matter.categories.is_empty())
    {
        let mut parts: Vec<String> = file.folders.iter().take_while(|folder| *folder != "_posts").cloned().collect();
        parts.extend(front_matter.categories.iter().map(|category| category.to_lowercase()));
        parts.push(day.strftime("%Y/%m/%d").to_string());
        parts.push(name.to_owned());
        let path = parts.join("/");
        made.extend([format!("{path}.html"), path]);
    }
    if !file.is_jekyll_post() {
        let in_folders =
            |name: &str| file.folders.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("/");
        // Zola cleans the name and drops the date before it; Hugo does neither.
        made.extend([in_folders(&cleaned(name)), in_folders(name)]);
        if front_matter.slug.is_none() {
            made.push(in_folders(&file.stem));
        }
    }
    each_once(made.iter().filter_map(|address| normal(&address.replace('%', "%25"))))
}

/// All addresses that must go on answering: the entry's own, then its aliases.
pub(super) fn old_paths(own: &[String], front_matter: &FrontMatter) -> Vec<String> {
    each_once(own.iter().cloned().chain(front_matter.aliases.iter().filter_map(|alias| normal(alias))))
}

fn each_once(paths: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    paths.filter(|path| seen.insert(path.clone())).collect()
}

/// Fills in a Jekyll permalink: `/:categories/:year/:title.html`. None when a placeholder is unknown or has no value.
fn expand(
    permalink: &str,
    front_matter: &FrontMatter,
    file: &FileName,
    date: Option<Time>,
    zone: &TimeZone,
) -> Option<String> {
    // A host's port and scheme have colons too, but no placeholder stands before the path.
    let (host, path) = match permalink.find("://") {
        Some(at) => permalink.split_at(permalink[at + 3..].find('/').map_or(permalink.len(), |slash| at + 3 + slash)),
        None => ("", permalink),
    };
    let mut parts = path.split(':');
    let mut expanded = host.to_owned() + parts.next().unwrap_or_default();
    for part in parts {
        let length = part.find(|letter: char| !letter.is_ascii_alphabetic() && letter != '_').unwrap_or(part.len());
        let (placeholder, rest) = part.split_at(length);
        let day = |format: &str| Some(date?.in_zone(zone).strftime(format).to_string());
        let value = match placeholder {
            "year" => day("%Y"),
            "short_year" => day("%y"),
            "month" => day("%m"),
            "i_month" => day("%-m"),
            "day" => day("%d"),
            "i_day" => day("%-d"),
            "title" | "slug" => Some(front_matter.slug.clone().unwrap_or_else(|| file.name.clone())),
            "categories" => Some(front_matter.categories.join("/").to_lowercase()),
            "output_ext" => Some(".html".to_owned()),
            _ => None,
        }?;
        expanded.push_str(&value.replace('%', "%25"));
        expanded.push_str(rest);
    }
    Some(expanded)
}

/// The last part of the new address: of the chosen address, else the `slug` key, else the file's name.
pub(super) fn slug_of(front_matter: &FrontMatter, own: &[String], file: &FileName, title: &str) -> String {
    let chosen = own
        .first()
        .filter(|_| front_matter.permalink.is_some())
        .map(|path| path.strip_suffix("/index.html").unwrap_or(path).rsplit('/').next().unwrap_or_default());
    let name = chosen.or(front_matter.slug.as_deref()).unwrap_or(&file.name);
    let name = name.strip_suffix(".html").or_else(|| name.strip_suffix(".htm")).unwrap_or(name);
    [cleaned(name), slug::slug(title)].into_iter().find(|slug| !slug.is_empty()).unwrap_or_else(|| "post".to_owned())
}

/// `name` as it is where an address can hold it (`Rust-1.29`), else made so.
fn cleaned(name: &str) -> String {
    if slug::is_slug(name) { name.to_owned() } else { slug::slug(name) }
}
