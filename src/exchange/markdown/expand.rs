//! Addresses that are made of a pattern, as Jekyll and Hugo have them.

use jiff::civil;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{
    address::FileName,
    site::{Site, Spelling},
};
use crate::{exchange::front_matter::FrontMatter, text::slug};

/// An entry whose address is made of a pattern.
pub(super) struct Asked<'a> {
    pub front_matter: &'a FrontMatter,
    pub file: &'a FileName,
    /// When it is from, by the clock of its site.
    pub at: Option<civil::DateTime>,
    /// The name of its collection, or nothing.
    pub collection: &'a str,
    pub site: &'a Site,
}

impl Asked<'_> {
    pub(super) fn name(&self) -> &str {
        self.front_matter.slug.as_deref().unwrap_or(&self.file.name)
    }

    /// Jekyll's: the folders before `_posts`, then what the entry says.
    pub(super) fn categories(&self) -> Vec<String> {
        let folders = self.file.folders.iter().take_while(|folder| *folder != "_posts");
        let mut all: Vec<String> = Vec::new();
        for category in folders.chain(&self.front_matter.categories).map(|category| category.to_lowercase()) {
            if !all.contains(&category) {
                all.push(category);
            }
        }
        all
    }

    /// The addresses by Jekyll's pattern, or the name of one of its styles: with the name as Jekyll writes it, then as it is.
    pub(super) fn jekyll(&self, pattern: &str) -> Vec<Option<String>> {
        let pattern = match pattern {
            "date" => "/:categories/:year/:month/:day/:title:output_ext",
            "pretty" => "/:categories/:year/:month/:day/:title/",
            "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
            "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
            "none" => "/:categories/:title:output_ext",
            pattern => pattern,
        };
        let made = [true, false].map(|is_cleaned| expand(pattern, |part| self.jekylls(part, is_cleaned)));
        // What ends in neither is a file that servers find by both names.
        let last = pattern.rsplit('/').next().unwrap_or_default();
        let is_bare = pattern.contains(':') && !last.is_empty() && !last.contains(":output_ext") && !last.contains('.');
        let files = made.clone().into_iter().flatten().filter(|_| is_bare).map(|path| Some(format!("{path}.html")));
        made.clone().into_iter().chain(files).collect()
    }

    fn jekylls(&self, placeholder: &str, is_cleaned: bool) -> Option<String> {
        let name = if is_cleaned { pretty(self.name()) } else { self.name().to_owned() };
        Some(match placeholder {
            "slug" if is_cleaned => hyphened(self.name()),
            "title" | "slug" | "name" | "basename" => name,
            "collection" if self.collection.is_empty() => "posts".to_owned(),
            "collection" => self.collection.to_owned(),
            "path" => {
                let own = format!("_{}", self.collection);
                let folders = &self.file.folders;
                let at = folders.iter().position(|folder| folder.eq_ignore_ascii_case(&own));
                let folders = folders[at.map_or(0, |at| at + 1)..].iter().map(String::as_str);
                folders.chain([self.file.stem.as_str()]).collect::<Vec<_>>().join("/")
            }
            "categories" => self.categories().join("/"),
            "slugified_categories" => {
                self.categories().iter().map(|category| hyphened(category)).collect::<Vec<_>>().join("/")
            }
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
                "w_year" => "%G",
                "week" => "%V",
                "w_day" => "%u",
                "short_day" => "%a",
                "long_day" => "%A",
                "hour" => "%H",
                "minute" => "%M",
                "second" => "%S",
                _ => return None,
            })?,
        })
    }

    /// The addresses by Hugo's pattern, to be spelled: of the title as it is, then as an address is made of it here.
    pub(super) fn hugo(&self, pattern: &str) -> Vec<Option<String>> {
        let title = self.front_matter.title.clone().unwrap_or_else(|| self.file.as_title());
        let named = self.file.name.clone();
        let is_named = self.site.dates_by_name && self.file.date.is_some();
        let spelled = |title: &str| expand(pattern, |part| self.hugos(part, title));
        let plain = slug::slug(&title);
        // Where Hugo takes the day from the name of the file, the rest of that is the slug.
        let by_name = is_named.then(|| spelled(&named));
        // A folder within another is a section of its own only where it has a front page.
        let outermost = FileName { folders: self.file.folders.iter().take(1).cloned().collect(), ..self.file.clone() };
        let is_deep = pattern.contains(":sections") && self.file.folders.len() > 1;
        let above = Asked { file: &outermost, ..*self };
        let flat = is_deep.then(|| expand(pattern, |part| above.hugos(part, &title)));
        by_name.into_iter().chain([spelled(&title), spelled(&plain)]).chain(flat).collect()
    }

    fn hugos(&self, placeholder: &str, title: &str) -> Option<String> {
        let slug = || self.front_matter.slug.as_ref().map(|slug| slug.trim_matches('-').to_owned());
        let folders = &self.file.folders;
        Some(match placeholder {
            "title" => title.to_owned(),
            "slug" => slug().unwrap_or_else(|| title.to_owned()),
            "filename" | "contentbasename" => self.file.stem.clone(),
            "slugorfilename" | "slugorcontentbasename" => slug().unwrap_or_else(|| self.file.stem.clone()),
            "section" => folders.first().cloned().unwrap_or_default(),
            "sections" => folders.join("/"),
            _ if placeholder.starts_with("sections[") => {
                let inner = placeholder.strip_prefix("sections[")?.strip_suffix(']')?;
                some_of(folders, inner)?.join("/")
            }
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
    }

    fn day(&self, format: &str) -> Option<String> {
        Some(self.at?.strftime(format).to_string())
    }
}

/// The first part of a pattern that is not known here.
pub(super) fn unknown(pattern: &str, is_hugo: bool) -> Option<String> {
    let (front_matter, file, site) = (FrontMatter::default(), FileName::of("a/b.md"), Site::default());
    let at = Some(civil::DateTime::default());
    let asked = Asked { front_matter: &front_matter, file: &file, at, collection: "", site: &site };
    let first = std::cell::RefCell::new(None);
    expand(pattern, |part| {
        let made = if is_hugo { asked.hugos(part, "") } else { asked.jekylls(part, false) };
        if made.is_none() {
            *first.borrow_mut() = Some(format!(":{part}"));
        }
        made
    });
    first.into_inner()
}

/// Some of the folders, as Hugo names them: `1:`, `:last`, `0`.
fn some_of<'f>(folders: &'f [String], inner: &str) -> Option<&'f [String]> {
    let number = |word: &str, otherwise: usize| match word {
        "" => Some(otherwise),
        "last" => Some(folders.len().saturating_sub(1)),
        word => word.parse::<usize>().ok(),
    };
    let (from, to) = match inner.split_once(':') {
        Some((from, to)) => (number(from, 0)?, number(to, folders.len())?),
        None => (number(inner, 0)?, number(inner, 0)?.checked_add(1)?),
    };
    Some(folders.get(from..to.min(folders.len())).unwrap_or_default())
}

/// A part of an address by Jekyll: all but letters, digits and a few signs becomes a hyphen.
pub(super) fn pretty(name: &str) -> String {
    replaced(name, |letter| letter.is_alphanumeric() || is_combining_mark(letter) || "._~!$&'()+,;=@".contains(letter))
}

/// The stricter one: letters and digits alone, in small letters.
fn hyphened(name: &str) -> String {
    replaced(&name.to_lowercase(), |letter| letter.is_alphanumeric() || is_combining_mark(letter))
}

fn replaced(name: &str, stays: impl Fn(char) -> bool) -> String {
    name.split(|letter| !stays(letter)).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

impl Spelling {
    /// A path as the site spells it.
    pub(super) fn path(self, path: &str) -> String {
        match self {
            Self::Hugo { keeps_case, drops_accents } => {
                let parts: Vec<String> = path.split('/').map(|part| joined(part, keeps_case, drops_accents)).collect();
                parts.join("/")
            }
            Self::Zola => path.split('/').map(slug::slug).collect::<Vec<_>>().join("/"),
            Self::AsWritten => path.to_owned(),
        }
    }

    /// A title or a tag in an address: as Hugo has it where nothing else is known.
    pub(super) fn label(self, words: &str) -> String {
        match self {
            Self::Hugo { keeps_case, drops_accents } => joined(words, keeps_case, drops_accents),
            _ => joined(words, false, false),
        }
    }
}

/// Words in an address, as Hugo has them: in small letters, of whatever script, with hyphens between the words.
fn joined(words: &str, keeps_case: bool, drops_accents: bool) -> String {
    let mut made = String::new();
    let mut is_parted = false;
    let words = if keeps_case { words.to_owned() } else { words.to_lowercase() };
    let words: String =
        if drops_accents { words.nfd().filter(|letter| !is_combining_mark(*letter)).nfc().collect() } else { words };
    for letter in words.chars() {
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
    let mut rest = path;
    let mut expanded = host.to_owned();
    while let Some((before, after)) = rest.split_once(':') {
        let name = after.find(|letter: char| !letter.is_ascii_alphabetic() && letter != '_').unwrap_or(after.len());
        let bracket = after.get(name..).filter(|rest| rest.starts_with('[')).and_then(|rest| rest.find(']'));
        let length = bracket.map_or(name, |end| name + end + 1);
        let (placeholder, after) = after.split_at(length);
        expanded.push_str(before);
        expanded.push_str(&coded(&value(placeholder)?));
        rest = after;
    }
    expanded.push_str(rest);
    // What stands for nothing leaves two slashes, behind which a host would be.
    let is_empty = expanded.starts_with("//") && !path.starts_with("//");
    Some(if is_empty { format!("/{}", expanded.trim_start_matches('/')) } else { expanded })
}

/// What stands in the way of an address that is taken apart again.
pub(super) fn coded(part: &str) -> String {
    part.replace('%', "%25").replace('?', "%3F").replace('#', "%23")
}
