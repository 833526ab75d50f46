//! The settings at the head of a Markdown file, as Zola, Hugo and Jekyll write them.

mod above;
mod date;
mod settings;
mod value;

use jiff::tz::TimeZone;

use super::{has_picture_ending, short};
use crate::model::{
    incoming::Cover,
    remark::{Remark, remark, words},
    time::Time,
};
use value::{Table, Value};

use above::is_unrendered;
pub use above::{Cascade, cascade, data, values};
pub use date::Written;
pub(super) use date::noon;
pub use settings::{Collection, Defaults, Part, Settings, settings};

/// The most that a front matter may weigh. Real ones have a few hundred bytes; the parsers see nothing larger.
const MAX_BYTES: usize = 64 * 1024;

/// By these keys themes keep a text from those who are not to see it.
const PRIVATE: [&str; 4] = ["private", "hidden", "unlisted", "protected"];
/// By these they say it in a word.
const STANDING: [&str; 2] = ["status", "visibility"];
/// How they call the day of the last change: Hugo, Zola, Jekyll and their plugins and themes.
const CHANGED: [&str; 8] = [
    "lastmod",
    "updated",
    "last_modified_at",
    "modified",
    "last_modified",
    "lastmodified",
    "modified_date",
    "date_modified",
];

/// Lists of labels that every system has.
const KNOWN: [&str; 4] = ["tags", "categories", "authors", "author"];

/// What the four systems say about a post, in one vocabulary. Keys that none of them gives are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// `title`
    pub title: Option<String>,
    /// `date`, else Hugo's `publishDate`, `pubdate` or `published`.
    pub date: Option<Time>,
    /// That as its author wrote it.
    pub written: Option<Written>,
    /// Eleventy's `date: Last Modified` and the like: when the file was last changed.
    pub is_dated_by_file: bool,
    /// Hugo's `publishDate`: before it, nobody sees the text.
    pub not_before: Option<Time>,
    /// Hugo's `expiryDate`: after it, nobody does.
    pub expires: Option<Time>,
    /// When it was last changed.
    pub changed: Option<Time>,
    /// Whether nobody sees it at all: Hugo's `build.render`, Zola's `render`, Eleventy's `permalink: false`.
    pub is_unseen: bool,
    /// Whether it was for some readers alone, by a key of a theme.
    pub is_private: bool,
    /// Whether readers were asked for a password.
    pub has_password: bool,
    /// Whether something above it may hide it, and cannot be read.
    pub is_unsure: bool,
    /// Whether a key stands twice in it, of which the last counts.
    pub is_double: bool,
    /// Whether it was shown to those alone who had its address: Hugo's `build.list`.
    pub is_unlisted: bool,
    /// The whole address: Zola's `path`, Hugo's `url`, Jekyll's `permalink` (which may hold `:year` and the like).
    pub permalink: Option<String>,
    /// Last part of the address.
    pub slug: Option<String>,
    /// Further addresses: `aliases`, Jekyll's `redirect_from`.
    pub aliases: Vec<String>,
    /// Names, in order.
    pub authors: Vec<String>,
    /// Tags, then categories; each once.
    pub tags: Vec<String>,
    /// Categories alone: Jekyll builds addresses from them.
    pub categories: Vec<String>,
    /// Labels of lists that the site has named itself, each with the name of its list; among the tags too.
    pub others: Vec<(String, String)>,
    /// Its language, as it is written.
    pub language: Option<String>,
    /// Where Jekyll's excerpt ends.
    pub separator: Option<String>,
    /// `draft: true`, or Jekyll's `published: false`.
    pub is_draft: bool,
    /// `excerpt`, `summary` or `description`.
    pub excerpt: Option<String>,
    /// `layout: page` or `type: page`.
    pub is_page: bool,
    /// Whether it names a template.
    pub has_template: bool,
    /// The picture above the text.
    pub cover: Option<Cover>,
}

/// Reads the front matter of `file` and returns it with the body that follows.
/// A date without an offset is local time in `zone`; one without a time is noon there.
///
/// # Errors
/// Why it cannot be read, for the person who wrote it.
pub fn read<'a>(file: &'a str, zone: &TimeZone) -> Result<(FrontMatter, &'a str), Remark> {
    read_below(file, zone, &[])
}

/// [`read`] for a text that has what it does not say itself from above: from the nearest first.
///
/// # Errors
/// As there.
pub fn read_below<'a>(file: &'a str, zone: &TimeZone, above: &[&Cascade]) -> Result<(FrontMatter, &'a str), Remark> {
    let (mut table, body, is_double) = table(file)?;
    above.iter().for_each(|cascade| cascade.fill(&mut table));
    let mut front_matter = interpret(&table, zone)?;
    front_matter.is_double = is_double;
    for name in above.iter().flat_map(|cascade| &cascade.taxonomies).filter(|name| !KNOWN.contains(&name.as_str())) {
        let labels = others(&table, name);
        front_matter.tags = each_once([std::mem::take(&mut front_matter.tags), labels.clone()].concat());
        front_matter.others.extend(labels.into_iter().map(|label| (name.clone(), label)));
    }
    front_matter.is_unsure = above.iter().any(|cascade| cascade.is_unsure);
    Ok((front_matter, body))
}

/// The labels of a list that the site has named itself. What is none says nothing.
fn others(table: &Table, name: &str) -> Vec<String> {
    let key = name.to_lowercase();
    let inner = if let Some(Value::Table(inner)) = table.get("taxonomies") { inner.get(&key) } else { None };
    match inner.or_else(|| table.get(&key)) {
        Some(Value::List(list)) => list.iter().filter_map(|label| label.as_text().ok()).collect(),
        Some(label) => label.as_text().into_iter().collect(),
        None => Vec::new(),
    }
    .into_iter()
    .filter(|label: &String| !label.is_empty())
    .collect()
}

fn table(file: &str) -> Result<(Table, &str, bool), Remark> {
    let (language, head, body) = split(file)?;
    let (table, is_double) = match language {
        Language::Toml => (value::toml(head)?, false),
        Language::Yaml => value::yaml(head)?,
        Language::Json => (value::json(head)?, false),
    };
    Ok((table, body, is_double))
}

#[derive(Clone, Copy)]
enum Language {
    Toml,
    Yaml,
    Json,
}

/// Cuts a file at its fences. A byte order mark, CRLF and blanks after a fence are tolerated.
fn split(file: &str) -> Result<(Language, &str, &str), Remark> {
    let none = || remark("front-none");
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    if file.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}'])) {
        return split_json(file);
    }
    let (first, rest) = file.split_once('\n').ok_or_else(none)?;
    let (language, fence) = match first.trim_end() {
        "+++" => (Language::Toml, "+++"),
        "---" | "---yaml" => (Language::Yaml, "---"),
        // Eleventy's names its language.
        "---json" => (Language::Json, "---"),
        "---toml" => (Language::Toml, "---"),
        _ => return Err(none()),
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == fence {
            return Ok((language, &rest[..at], rest[at + line.len()..].trim_start_matches(['\r', '\n'])));
        }
        at += line.len();
        if at > MAX_BYTES {
            return Err(remark("front-large").put("n", MAX_BYTES / 1024));
        }
    }
    Err(remark("front-unclosed").put("fence", fence))
}

/// Cuts a file behind the brace that closes the first one.
fn split_json(file: &str) -> Result<(Language, &str, &str), Remark> {
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in file.bytes().enumerate().take(MAX_BYTES) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'{' if !is_text => depth += 1,
            b'}' if !is_text && depth == 1 => {
                let (head, body) = file.split_at(at + 1);
                return Ok((Language::Json, head, body.trim_start_matches([' ', '\t', '\r', '\n'])));
            }
            b'}' if !is_text => depth -= 1,
            _ => {}
        }
    }
    Err(match file.len() > MAX_BYTES {
        true => remark("front-large").put("n", MAX_BYTES / 1024),
        false => remark("front-unclosed").put("fence", "}"),
    })
}

fn interpret(table: &Table, zone: &TimeZone) -> Result<FrontMatter, Remark> {
    let moment = |key| table.text(key)?.map(|text| date::read(&text, zone).map_err(|why| wrong(key, why))).transpose();
    let first_text = |keys: [&'static str; 3]| -> Result<Option<String>, Remark> {
        for key in keys {
            if let Some(text) = table.text(key)? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    };

    let taxonomies = table.table("taxonomies")?;
    let labels = |key| -> Result<Vec<String>, Remark> {
        let mut labels = table.labels(key)?;
        if let Some(taxonomies) = &taxonomies {
            labels.extend(taxonomies.labels(key)?);
        }
        Ok(labels)
    };
    let mut categories = labels("categories")?;
    // Jekyll's singular keys hold one label, blanks and all.
    categories.extend(table.text("category")?);
    let mut tags = labels("tags")?;
    tags.extend(table.text("tag")?);
    tags.extend(categories.iter().cloned());

    let mut authors = table.names("authors")?;
    authors.extend(table.names("author")?);
    if let Some(taxonomies) = &taxonomies {
        authors.extend(taxonomies.names("authors")?);
    }
    let mut aliases = table.names("aliases")?;
    aliases.extend(table.names("redirect_from")?);

    let not_before = moment("publishdate")?;
    const OF_FILE: [&str; 4] = ["last modified", "created", "git last modified", "git created"];
    let is_dated_by_file =
        table.text_if_any("date").is_some_and(|date| OF_FILE.contains(&date.to_ascii_lowercase().as_str()));
    let is_false = |key| matches!(table.get(key), Some(Value::Truth(false)));
    let builds = |key| matches!(table.get(key), Some(Value::Table(build)) if is_unrendered(build));
    let is_unlisted = |key| match table.get(key) {
        Some(Value::Table(build)) => match build.get("list") {
            Some(Value::Truth(is_listed)) => !is_listed,
            Some(Value::Text(word)) => word.eq_ignore_ascii_case("never"),
            _ => false,
        },
        _ => false,
    };
    let is_unseen = is_unrendered(table) || builds("build") || builds("_build") || is_false("permalink");
    let is_true = |key| matches!(table.get(key), Some(Value::Truth(true)));
    let is_unseen = is_unseen || is_true("headless") || is_true("eleventyexcludefromcollections");
    let is_private_word = |word: &str| word == "draft" || PRIVATE.contains(&word);
    let says_private = |key| table.text_if_any(key).is_some_and(|word| is_private_word(&word.to_ascii_lowercase()));
    let is_private = PRIVATE.into_iter().any(is_true) || STANDING.into_iter().any(says_private);
    let has_password = table.text_if_any("password").is_some_and(|password| !password.is_empty());
    // Hugo takes it for a date, Jekyll for yes or no.
    let if_any = |key| date::read(&table.text_if_any(key)?, zone).ok();
    let published = if_any("published");
    let is_published = published.is_some() || table.truth("published")?.unwrap_or(true);

    let first_date =
        || ["date", "publishdate", "pubdate", "published"].into_iter().find_map(|key| table.text_if_any(key));
    let says_page = |key| table.text_if_any(key).is_some_and(|kind| kind.eq_ignore_ascii_case("page"));
    Ok(FrontMatter {
        title: table.text("title")?,
        date: match is_dated_by_file {
            true => None,
            false => moment("date")?.or(not_before).or_else(|| if_any("pubdate")).or(published),
        },
        written: if is_dated_by_file { None } else { first_date().and_then(|date| date::written(&date)) },
        is_dated_by_file,
        not_before,
        expires: moment("expirydate")?.or(moment("unpublishdate")?),
        changed: CHANGED.into_iter().find_map(if_any),
        is_unseen,
        is_private,
        has_password,
        is_unsure: false,
        is_double: false,
        is_unlisted: ["build", "_build"].into_iter().any(is_unlisted),
        permalink: if is_false("permalink") { None } else { first_text(["path", "url", "permalink"])? },
        slug: table.text("slug")?,
        aliases,
        authors: each_once(authors),
        tags: each_once(tags),
        others: Vec::new(),
        language: ["lang", "language", "locale"].into_iter().find_map(|key| table.text_if_any(key)),
        separator: table.text_if_any("excerpt_separator").filter(|separator| !separator.is_empty()),
        categories: each_once(categories),
        is_draft: table.truth("draft")?.unwrap_or(false) || !is_published,
        excerpt: first_text(["excerpt", "summary", "description"])?,
        is_page: says_page("layout") || says_page("type"),
        has_template: ["layout", "template"].iter().any(|key| table.text_if_any(key).is_some()),
        cover: cover(table),
    })
}

/// The picture above the text: Hugo's themes, Jekyll's and Zola's call it by all of these. What is no picture's address says
/// nothing, since themes fill these keys with anything.
fn cover(table: &Table) -> Option<Cover> {
    const KEYS: [&str; 9] = [
        "cover",
        "featured_image",
        "featuredimage",
        "feature_image",
        "cover_image",
        "image",
        "images",
        "header",
        "thumbnail",
    ];
    let extra = match table.get("extra") {
        Some(Value::Table(extra)) => Some(extra),
        _ => None,
    };
    [Some(table), extra].into_iter().flatten().find_map(|table| KEYS.iter().find_map(|key| shown(table.get(key)?)))
}

/// The address of a picture, as far as one can tell.
fn address_of(text: &str) -> Option<String> {
    let text = text.trim();
    let is_address = has_picture_ending(text) || text.contains("://") || text.starts_with('/');
    is_address.then(|| text.to_owned())
}

/// A picture as a text, the first of a list, or a table with what it shows.
fn shown(value: &Value) -> Option<Cover> {
    match value {
        Value::Text(text) => address_of(text).map(|address| Cover { address, ..Cover::default() }),
        Value::List(list) => list.iter().find_map(shown),
        Value::Table(table) => {
            let keys = ["image", "path", "src", "url", "overlay_image", "teaser"];
            let address = keys.into_iter().find_map(|key| address_of(&table.text_if_any(key)?))?;
            let words = |key| table.text_if_any(key).unwrap_or_default();
            Some(Cover { address, alt: words("alt"), caption: words("caption") })
        }
        _ => None,
    }
}

/// Drops repetitions, `Rust` after `rust` too, and keeps the order.
fn each_once(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.to_lowercase())).collect()
}

fn wrong(key: &'static str, why: Remark) -> Remark {
    remark("front-field").put("key", key).because([why])
}

impl Table {
    /// A text, or what a person writes where text is meant: `title: 1984`. Blank counts as absent.
    fn text(&self, key: &'static str) -> Result<Option<String>, Remark> {
        match self.get(key) {
            None | Some(Value::Nothing) => Ok(None),
            Some(value) => match value.as_text() {
                Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
                Err(why) => Err(wrong(key, why)),
            },
        }
    }

    /// For keys that themes fill with anything: a value that is not text says nothing here.
    fn text_if_any(&self, key: &str) -> Option<String> {
        self.get(key)?.as_text().ok()
    }

    /// `true` and `false`, and the words that older YAML takes for them.
    fn truth(&self, key: &'static str) -> Result<Option<bool>, Remark> {
        match self.get(key) {
            None | Some(Value::Nothing) => Ok(None),
            Some(Value::Truth(truth)) => Ok(Some(*truth)),
            Some(Value::Text(word)) => match word.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Ok(Some(true)),
                "false" | "no" | "off" => Ok(Some(false)),
                _ => Err(wrong(key, remark("front-not-truth").because([words(format!("“{}”", short(word)))]))),
            },
            Some(other) => Err(wrong(key, remark("front-not-truth").because([other.kind()]))),
        }
    }

    fn table(&self, key: &'static str) -> Result<Option<&Table>, Remark> {
        match self.get(key) {
            None | Some(Value::Nothing) => Ok(None),
            Some(Value::Table(table)) => Ok(Some(table)),
            Some(other) => Err(wrong(key, remark("front-not-table").because([other.kind()]))),
        }
    }

    /// Tags: a list, or one string that is cut at commas, or (as Jekyll does) at blanks when it has none.
    fn labels(&self, key: &'static str) -> Result<Vec<String>, Remark> {
        match self.get(key) {
            Some(Value::Text(text)) => {
                let separator: fn(char) -> bool =
                    if text.contains(',') { |letter| letter == ',' } else { char::is_whitespace };
                Ok(text.split(separator).map(str::trim).filter(|label| !label.is_empty()).map(String::from).collect())
            }
            _ => self.names(key),
        }
    }

    /// A list or a single one, of texts or of tables with a `name`.
    fn names(&self, key: &'static str) -> Result<Vec<String>, Remark> {
        let one = |value: &Value| match value {
            Value::Nothing => Ok(None),
            Value::Table(table) => match table.get("name") {
                Some(name) => name.as_text().map(Some).map_err(|why| wrong(key, why)),
                None => Err(wrong(key, remark("front-no-name"))),
            },
            value => value.as_text().map(Some).map_err(|why| wrong(key, why)),
        };
        let names: Vec<Option<String>> = match self.get(key) {
            None => Vec::new(),
            Some(Value::List(list)) => list.iter().map(one).collect::<Result<_, _>>()?,
            Some(value) => vec![one(value)?],
        };
        Ok(names.into_iter().flatten().filter(|name| !name.is_empty()).collect())
    }
}

#[cfg(test)]
mod tests;
