//! The settings at the head of a Markdown file, as Zola, Hugo and Jekyll write them.

mod date;
mod value;

use jiff::tz::TimeZone;

use super::{has_picture_ending, short};
use crate::model::{
    incoming::Cover,
    remark::{Remark, remark, words},
    time::Time,
};
use value::{Table, Value};

pub(super) use date::noon;

/// The most that a front matter may weigh. Real ones have a few hundred bytes; the parsers see nothing larger.
const MAX_BYTES: usize = 64 * 1024;

/// What the three systems say about a post, in one vocabulary. Keys that none of them gives are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// `title`
    pub title: Option<String>,
    /// `date`, else Hugo's `publishDate`.
    pub date: Option<Time>,
    /// Eleventy's `date: Last Modified` and the like: when the file was last changed.
    pub is_dated_by_file: bool,
    /// Hugo's `publishDate`: before it, nobody sees the text.
    pub not_before: Option<Time>,
    /// Hugo's `expiryDate`: after it, nobody does.
    pub expires: Option<Time>,
    /// Whether nobody sees it at all: Hugo's `build.render`, Zola's `render`, Eleventy's `permalink: false`.
    pub is_unseen: bool,
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
    /// `draft: true`, or Jekyll's `published: false`.
    pub is_draft: bool,
    /// `excerpt`, `summary` or `description`.
    pub excerpt: Option<String>,
    /// `layout: page` or `type: page`.
    pub is_page: bool,
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
    let (mut table, body) = table(file)?;
    for (key, value) in above.iter().flat_map(|cascade| &cascade.0.0) {
        let is_said = |(said, _): &(String, Value)| said.trim_start_matches('_') == key.trim_start_matches('_');
        if !table.0.iter().any(is_said) {
            table.0.push((key.clone(), value.clone()));
        }
    }
    Ok((interpret(&table, zone)?, body))
}

fn table(file: &str) -> Result<(Table, &str), Remark> {
    let (language, head, body) = split(file)?;
    let table = match language {
        Language::Toml => value::toml(head)?,
        Language::Yaml => value::yaml(head)?,
        Language::Json => value::json(head)?,
    };
    Ok((table, body))
}

/// What Hugo's section says for every text below it, as far as it tells whether readers see them.
#[derive(Clone, Debug, Default)]
pub struct Cascade(Table);

/// Reads what the front page of a section says for all below it; nothing where it cannot be read. `is_zola`: its drafts hide
/// all below them.
pub fn cascade(file: &str, is_zola: bool) -> Cascade {
    let Ok((table, _)) = table(file) else { return Cascade::default() };
    if is_zola {
        let is_draft = table.truth("draft").is_ok_and(|draft| draft == Some(true));
        return Cascade(Table(is_draft.then(|| ("draft".to_owned(), Value::Truth(true))).into_iter().collect()));
    }
    Cascade::of(&table)
}

impl Cascade {
    /// A table, or a list of tables that each name a target: what hides some of the texts below is taken to hide all.
    fn of(table: &Table) -> Self {
        const KEYS: [&str; 6] = ["draft", "build", "_build", "expirydate", "unpublishdate", "publishdate"];
        let tables: Vec<&Table> = match table.get("cascade") {
            Some(Value::Table(table)) => vec![table],
            Some(Value::List(list)) => {
                list.iter().filter_map(|one| if let Value::Table(table) = one { Some(table) } else { None }).collect()
            }
            _ => Vec::new(),
        };
        let of_texts: Vec<&Table> = tables.into_iter().filter(|table| is_of_texts(table)).collect();
        let said = |key: &'static str| {
            let mut values = of_texts.iter().filter_map(|table| table.get(key)).collect::<Vec<_>>();
            values.sort_by_key(|value| !hides(value));
            Some((key.to_owned(), (*values.first()?).clone()))
        };
        Self(Table(KEYS.into_iter().filter_map(said).collect()))
    }
}

/// Whether a part of a cascade is for texts, and not for lists of them alone.
fn is_of_texts(table: &Table) -> bool {
    let target = table.get("target").or_else(|| table.get("_target"));
    let kind = match target {
        Some(Value::Table(target)) => target.text_if_any("kind"),
        _ => None,
    };
    kind.is_none_or(|kind| kind.contains(['*', '?']) || kind.contains("page"))
}

/// Whether `draft` or `build` has a text not seen.
fn hides(value: &Value) -> bool {
    match value {
        Value::Truth(truth) => *truth,
        Value::Table(build) => is_unrendered(build),
        _ => false,
    }
}

/// Hugo's `render`: `false` is the word of its older versions, and `link` is an address without a page.
fn is_unrendered(table: &Table) -> bool {
    match table.get("render") {
        Some(Value::Truth(is_rendered)) => !is_rendered,
        Some(Value::Text(word)) => ["never", "false", "link"].contains(&word.to_lowercase().as_str()),
        _ => false,
    }
}

/// What the settings of a whole site say that matters to its texts; as they are written, and where they say it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Hugo's `baseURL`, Zola's `base_url`, Jekyll's `url`.
    pub address: Option<String>,
    /// The folder below it: Jekyll's `baseurl`.
    pub folder: Option<String>,
    /// Jekyll's `permalink`.
    pub permalink: Option<String>,
    /// Hugo's `permalinks` for its texts, by section.
    pub permalinks: Vec<(String, String)>,
    /// Hugo's, for all texts.
    pub cascade: Cascade,
    /// Whether they are Zola's, which has its address in `base_url`.
    pub is_zola: bool,
    /// The languages that Hugo and Zola are told of, in small letters.
    pub languages: Vec<String>,
    /// The one of texts that name none.
    pub language: Option<String>,
    /// Whether that has a folder in the addresses too.
    pub is_language_in_addresses: bool,
}

/// Reads the settings of a site. What is of another kind than it should be says nothing.
///
/// # Errors
/// Why they cannot be read, for the person who wrote them.
pub fn settings(source: &str, is_toml: bool) -> Result<Settings, Remark> {
    let table = if is_toml { value::toml(source)? } else { value::yaml(source)? };
    let text = |key| table.text_if_any(key).filter(|text| !text.is_empty());
    let (url, base) = (text("url"), text("baseurl"));
    let is_below = url.is_some() || base.as_ref().is_some_and(|base| !base.contains("://"));
    let (address, folder) = if is_below { (url, base) } else { (base.or_else(|| text("base_url")), None) };
    let inner = |table: &'_ Table| -> Vec<(String, String)> {
        let texts = table.0.iter().filter_map(|(key, value)| Some((key.clone(), value.as_text().ok()?)));
        texts.collect()
    };
    let permalinks = match table.get("permalinks") {
        Some(Value::Table(all)) => match all.get("page") {
            Some(Value::Table(pages)) => [inner(pages), inner(all)].concat(),
            _ => inner(all),
        },
        _ => Vec::new(),
    };
    let is_zola = table.get("base_url").is_some();
    Ok(Settings {
        address,
        folder,
        permalink: text("permalink"),
        permalinks,
        cascade: Cascade::of(&table),
        is_zola,
        languages: match table.get("languages") {
            Some(Value::Table(languages)) => languages.0.iter().map(|(tag, _)| tag.clone()).collect(),
            _ => Vec::new(),
        },
        language: text("defaultcontentlanguage").or_else(|| text("default_language")),
        is_language_in_addresses: table.truth("defaultcontentlanguageinsubdir").is_ok_and(|it| it == Some(true)),
    })
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
        "---" => (Language::Yaml, "---"),
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
    let is_unseen = is_unrendered(table) || builds("build") || builds("_build") || is_false("permalink");
    let is_unseen = is_unseen || matches!(table.get("headless"), Some(Value::Truth(true)));

    let says_page = |key| table.text_if_any(key).is_some_and(|kind| kind.eq_ignore_ascii_case("page"));
    Ok(FrontMatter {
        title: table.text("title")?,
        date: if is_dated_by_file { None } else { moment("date")?.or(not_before) },
        is_dated_by_file,
        not_before,
        expires: moment("expirydate")?.or(moment("unpublishdate")?),
        is_unseen,
        permalink: if is_false("permalink") { None } else { first_text(["path", "url", "permalink"])? },
        slug: table.text("slug")?,
        aliases,
        authors: each_once(authors),
        tags: each_once(tags),
        categories: each_once(categories),
        is_draft: table.truth("draft")?.unwrap_or(false) || !table.truth("published")?.unwrap_or(true),
        excerpt: first_text(["excerpt", "summary", "description"])?,
        is_page: says_page("layout") || says_page("type"),
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
