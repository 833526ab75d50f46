//! The addresses that an entry had in its old home, and what its file's name says of date and slug.

use std::borrow::Cow;

use jiff::{ZonedDateTime, civil, tz::TimeZone};
use percent_encoding::percent_decode_str;
use unicode_normalization::char::is_combining_mark;
use url::Url;

use super::site::Permalinks;
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
pub(super) fn lists(taxonomy: &str, name: &str) -> Vec<String> {
    let names = [joined(&name.replace('/', "-")), slug::slug(name)];
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
) -> Vec<String> {
    let collection = if let Permalinks::JekyllPage(_, name) = permalinks { name } else { "" };
    let asked = Asked { front_matter, file, day: date.map(|date| date.in_zone(zone)), collection };
    let chosen = match &front_matter.permalink {
        Some(permalink) => vec![asked.jekyll(permalink)],
        None => match permalinks {
            Permalinks::Jekyll(pattern) if file.date.is_some() => vec![asked.jekyll(pattern)],
            Permalinks::JekyllPage(pattern, _) => vec![asked.jekyll(pattern)],
            Permalinks::Hugo(patterns) => {
                let section = file.folders.first().map_or("/", String::as_str).to_lowercase();
                let pattern = patterns.iter().find(|(of, _)| of.trim_matches('/') == section.trim_matches('/'));
                pattern.map(|(_, pattern)| asked.hugo(pattern)).unwrap_or_default()
            }
            _ => Vec::new(),
        },
    };
    // Hugo puts no language before an address that begins at the root.
    let is_whole =
        |address: &str| front_matter.permalink.is_some() && (address.starts_with('/') || address.contains("://"));
    let chosen = each_once(chosen.into_iter().flatten().filter_map(|address| {
        let path = normal(&address)?;
        Some(if is_whole(&address) { path } else { file.in_language(&path) })
    }));
    if !chosen.is_empty() {
        return chosen;
    }

    let mut made = Vec::new();
    let name = asked.name();
    if let Some(day) = file.date
        && (file.is_jekyll_post() || !file.is_content && !front_matter.categories.is_empty())
    {
        let path = [asked.categories(), day.strftime("%Y/%m/%d").to_string(), name.to_owned()].join("/");
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
    let made = made.iter().filter_map(|address| normal(&address.replace('%', "%25")));
    each_once(made.map(|path| file.in_language(&path)))
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
    (!is_template(rest)).then(|| made.strip_suffix("index.html").map_or(made.clone(), str::to_owned))
}

/// All addresses that must go on answering: the entry's own, then its aliases. Hugo's count from where the entry is.
pub(super) fn old_paths(own: &[String], front_matter: &FrontMatter, is_hugo: bool) -> Vec<String> {
    let alias = |alias: &String| {
        let is_relative = is_hugo && !alias.starts_with('/') && !alias.contains("://");
        if is_relative { beside(own.first()?, alias) } else { normal(alias) }
    };
    each_once(own.iter().cloned().chain(front_matter.aliases.iter().filter_map(alias)))
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

/// An entry whose address is made of a pattern.
struct Asked<'a> {
    front_matter: &'a FrontMatter,
    file: &'a FileName,
    day: Option<ZonedDateTime>,
    /// The name of its collection, or nothing.
    collection: &'a str,
}

impl Asked<'_> {
    fn name(&self) -> &str {
        self.front_matter.slug.as_deref().unwrap_or(&self.file.name)
    }

    /// Jekyll's: the folders before `_posts`, then what the entry says.
    fn categories(&self) -> String {
        let folders = self.file.folders.iter().take_while(|folder| *folder != "_posts");
        let said = self.front_matter.categories.iter().map(|category| category.to_lowercase());
        folders.cloned().chain(said).collect::<Vec<_>>().join("/")
    }

    /// The address by Jekyll's pattern, or the name of one of its styles.
    fn jekyll(&self, pattern: &str) -> Option<String> {
        let pattern = match pattern {
            "date" => "/:categories/:year/:month/:day/:title:output_ext",
            "pretty" => "/:categories/:year/:month/:day/:title/",
            "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
            "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
            "none" => "/:categories/:title:output_ext",
            pattern => pattern,
        };
        expand(pattern, |placeholder| {
            Some(match placeholder {
                "title" | "slug" | "name" | "basename" => self.name().to_owned(),
                "collection" => self.collection.to_owned(),
                "path" => {
                    let own = format!("_{}", self.collection);
                    let folders = &self.file.folders;
                    let at = folders.iter().position(|folder| folder.eq_ignore_ascii_case(&own));
                    let folders = folders[at.map_or(0, |at| at + 1)..].iter().map(String::as_str);
                    folders.chain([self.file.stem.as_str()]).collect::<Vec<_>>().join("/")
                }
                "categories" => self.categories(),
                "output_ext" => ".html".to_owned(),
                _ => self.day(match placeholder {
                    "year" => "%Y",
                    "short_year" => "%y",
                    "month" => "%m",
                    "i_month" => "%-m",
                    "short_month" => "%b",
                    "long_month" => "%B",
                    "day" => "%d",
                    "i_day" => "%-d",
                    "y_day" => "%j",
                    "week" => "%V",
                    "short_day" => "%a",
                    "long_day" => "%A",
                    "hour" => "%H",
                    "minute" => "%M",
                    "second" => "%S",
                    _ => return None,
                })?,
            })
        })
    }

    /// The addresses by Hugo's pattern: of the title as Hugo makes an address of it, then as one is made here.
    fn hugo(&self, pattern: &str) -> Vec<Option<String>> {
        let title = self.front_matter.title.clone().unwrap_or_else(|| self.file.as_title());
        let with = |title: String| {
            expand(pattern, |placeholder| {
                let slug = || self.front_matter.slug.clone();
                Some(match placeholder {
                    "title" => title.clone(),
                    "slug" => slug().unwrap_or_else(|| title.clone()),
                    "filename" | "contentbasename" => self.file.stem.clone(),
                    "slugorfilename" | "slugorcontentbasename" => slug().unwrap_or_else(|| self.file.stem.clone()),
                    "section" => self.file.folders.first().cloned().unwrap_or_default(),
                    "sections" => self.file.folders.join("/"),
                    _ => self.day(match placeholder {
                        "year" => "%Y",
                        "month" => "%m",
                        "monthname" => "%B",
                        "day" => "%d",
                        "weekday" => "%w",
                        "weekdayname" => "%A",
                        "yearday" => "%-j",
                        _ => return None,
                    })?,
                })
            })
        };
        vec![with(joined(&title)), with(slug::slug(&title))]
    }

    fn day(&self, format: &str) -> Option<String> {
        Some(self.day.as_ref()?.strftime(format).to_string())
    }
}

/// A title or a tag in an address, as Hugo has it: in small letters, of whatever script, with hyphens between the words.
fn joined(words: &str) -> String {
    let mut made = String::new();
    let mut is_parted = false;
    for letter in words.to_lowercase().chars() {
        if letter.is_whitespace() {
            is_parted = !made.is_empty();
        } else if letter.is_alphanumeric() || is_combining_mark(letter) || "._#+~-@".contains(letter) {
            if is_parted && letter != '-' && !made.ends_with('-') {
                made.push('-');
            }
            is_parted = false;
            made.push(letter);
        }
    }
    made
}

/// Fills in a pattern: `/:categories/:year/:title.html`. None when a placeholder is unknown or has no value.
fn expand(pattern: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    // A host's port and scheme have colons too, but no placeholder stands before the path.
    let (host, path) = match pattern.find("://") {
        Some(at) => pattern.split_at(pattern[at + 3..].find('/').map_or(pattern.len(), |slash| at + 3 + slash)),
        None => ("", pattern),
    };
    let mut parts = path.split(':');
    let mut expanded = host.to_owned() + parts.next().unwrap_or_default();
    for part in parts {
        let length = part.find(|letter: char| !letter.is_ascii_alphabetic() && letter != '_').unwrap_or(part.len());
        let (placeholder, rest) = part.split_at(length);
        expanded.push_str(&coded(&value(placeholder)?));
        expanded.push_str(rest);
    }
    // What stands for nothing leaves two slashes, behind which a host would be.
    let is_empty = expanded.starts_with("//") && !path.starts_with("//");
    Some(if is_empty { format!("/{}", expanded.trim_start_matches('/')) } else { expanded })
}

/// What stands in the way of an address that is taken apart again.
fn coded(part: &str) -> String {
    part.replace('%', "%25").replace('?', "%3F").replace('#', "%23")
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
