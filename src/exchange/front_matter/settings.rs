//! The settings of a whole site: Hugo's, Zola's and Jekyll's.

use super::{
    Cascade,
    value::{self, Table, Value},
};
use crate::model::remark::Remark;

/// So many defaults, collections, languages and patterns are heard; no site has more.
const MAX_PARTS: usize = 200;

/// What the settings say that matters to the texts; as they are written, and where they say it.
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
    /// Jekyll's, for some of the texts.
    pub defaults: Vec<Defaults>,
    /// Jekyll's folders of texts besides its posts.
    pub collections: Vec<Collection>,
    /// Folders that Jekyll takes in for all that it passes such over.
    pub included: Vec<String>,
    /// What is left out: Jekyll's `exclude` and Zola's `ignored_content`, with `*`.
    pub excluded: Vec<String>,
    /// Hugo's `ignoreFiles`: regular expressions.
    pub ignored: Vec<String>,
    /// Whether they are Zola's, which has its address in `base_url`.
    pub is_zola: bool,
    /// The languages that Hugo and Zola are told of, in small letters, each with Hugo's folder of its texts.
    pub languages: Vec<(String, Option<String>)>,
    /// The one of texts that name none.
    pub language: Option<String>,
    /// Whether that has a folder in the addresses too.
    pub is_language_in_addresses: bool,
    /// Hugo's folder of texts.
    pub texts: Option<String>,
    /// The name of the time zone that Jekyll's addresses go by.
    pub zone: Option<String>,
    /// Hugo's `disablePathToLower`.
    pub keeps_case: bool,
    /// Hugo's `removePathAccents`.
    pub drops_accents: bool,
    /// Whether Hugo may take the day of a text, and its slug, from the name of its file.
    pub dates_by_name: bool,
    /// Where Jekyll's excerpts end.
    pub separator: Option<String>,
    /// Whether a key stands twice in one of the files.
    pub is_double: bool,
    /// Whether Zola takes paths as they are: `slugify.paths`.
    pub keeps_paths: bool,
}

/// A file of settings.
#[derive(Clone, Debug)]
pub struct Part {
    /// The key that it is about, where it is named after one: `languages.toml`.
    pub key: Option<&'static str>,
    /// What is in it.
    pub text: String,
    /// Whether that is TOML.
    pub is_toml: bool,
}

/// What Jekyll is told for some texts.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// How their paths begin.
    pub path: String,
    /// `posts`, `drafts`, `pages`, or the name of a collection.
    pub of: Option<String>,
    /// That.
    pub values: Cascade,
}

/// A folder of texts of Jekyll's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    /// Without the `_` of its folder.
    pub name: String,
    /// Whether its texts are pages.
    pub is_shown: bool,
    /// A pattern of their addresses.
    pub permalink: Option<String>,
}

/// Reads the settings of a site, of which a later file counts more. What is of another kind than it should be says nothing.
///
/// # Errors
/// Which of them cannot be read and why, for the person who wrote it.
pub fn settings(parts: &[Part]) -> Result<Settings, (usize, Remark)> {
    let mut table = Table::default();
    let mut is_double = false;
    for (at, Part { key, text, is_toml }) in parts.iter().enumerate() {
        let said = if *is_toml { value::toml(text).map(|said| (said, false)) } else { value::yaml(text) };
        let (said, has_double) = said.map_err(|why| (at, why))?;
        is_double |= has_double;
        merge(
            &mut table,
            match key {
                // It may be written as a whole, too.
                Some(key) if said.get(key).is_none() => Table(vec![((*key).to_owned(), Value::Table(said))]),
                _ => said,
            },
        );
    }
    Ok(Settings { is_double, ..of(&table) })
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from.0 {
        match (into.0.iter_mut().find(|(known, _)| *known == key).map(|(_, known)| known), value) {
            (Some(Value::Table(known)), Value::Table(value)) => merge(known, value),
            (Some(known), value) => *known = value,
            (None, value) => into.0.push((key, value)),
        }
    }
}

fn of(table: &Table) -> Settings {
    let text = |key| table.text_if_any(key).filter(|text| !text.is_empty());
    let (url, base) = (text("url"), text("baseurl"));
    let is_below = url.is_some() || base.as_ref().is_some_and(|base| !base.contains("://"));
    let (address, folder) = if is_below { (url, base) } else { (base.or_else(|| text("base_url")), None) };
    let is_true = |key| table.truth(key).is_ok_and(|truth| truth == Some(true));
    let inner = |key, inner| if let Some(Value::Table(table)) = table.get(key) { table.get(inner) } else { None };
    Settings {
        address,
        folder,
        permalink: text("permalink"),
        permalinks: permalinks(table),
        cascade: Cascade { taxonomies: taxonomies(table), ..Cascade::of(table) },
        defaults: defaults(table),
        collections: collections(table),
        included: texts(table.get("include")),
        excluded: [texts(table.get("exclude")), texts(table.get("ignored_content"))].concat(),
        ignored: texts(table.get("ignorefiles")),
        is_zola: table.get("base_url").is_some(),
        languages: languages(table),
        language: text("defaultcontentlanguage").or_else(|| text("default_language")),
        is_language_in_addresses: is_true("defaultcontentlanguageinsubdir"),
        texts: text("contentdir"),
        zone: text("timezone"),
        keeps_case: is_true("disablepathtolower"),
        drops_accents: is_true("removepathaccents"),
        dates_by_name: texts(inner("frontmatter", "date")).iter().any(|way| way == ":filename"),
        separator: text("excerpt_separator"),
        is_double: false,
        keeps_paths: texts(inner("slugify", "paths")).iter().any(|way| way == "off" || way == "safe"),
    }
}

/// The names of Hugo's lists of labels, and of Zola's.
fn taxonomies(table: &Table) -> Vec<String> {
    let name = |value: &Value| match value {
        Value::Table(table) => table.text_if_any("name"),
        value => value.as_text().ok(),
    };
    let names: Vec<String> = match table.get("taxonomies") {
        Some(Value::Table(table)) => table.0.iter().filter_map(|(_, value)| name(value)).collect(),
        Some(Value::List(list)) => list.iter().filter_map(name).collect(),
        _ => Vec::new(),
    };
    names.into_iter().filter(|name| !name.is_empty()).take(MAX_PARTS).collect()
}

fn permalinks(table: &Table) -> Vec<(String, String)> {
    let inner = |table: &Table| -> Vec<(String, String)> {
        table.0.iter().filter_map(|(key, value)| Some((key.clone(), value.as_text().ok()?))).collect()
    };
    match table.get("permalinks") {
        Some(Value::Table(all)) => match all.get("page") {
            Some(Value::Table(pages)) => [inner(pages), inner(all)].concat(),
            _ => inner(all),
        },
        _ => Vec::new(),
    }
}

fn languages(table: &Table) -> Vec<(String, Option<String>)> {
    let Some(Value::Table(languages)) = table.get("languages") else { return Vec::new() };
    let folder = |value: &Value| if let Value::Table(table) = value { table.text_if_any("contentdir") } else { None };
    languages.0.iter().take(MAX_PARTS).map(|(tag, value)| (tag.clone(), folder(value))).collect()
}

/// Those that hold for more texts come first, as Jekyll has it; what it says of a scope that cannot be read, for none.
fn defaults(table: &Table) -> Vec<Defaults> {
    let Some(Value::List(list)) = table.get("defaults") else { return Vec::new() };
    let one = |value: &Value| {
        let Value::Table(table) = value else { return None };
        let Some(Value::Table(values)) = table.get("values") else { return None };
        let scope = match table.get("scope") {
            Some(Value::Table(scope)) => scope.clone(),
            _ => Table::default(),
        };
        Some(Defaults {
            path: scope.text_if_any("path").unwrap_or_default().trim_start_matches('/').to_owned(),
            of: scope.text_if_any("type").filter(|of| !of.is_empty()),
            values: Cascade::of_values(values.0.iter().cloned()),
        })
    };
    let mut list: Vec<Defaults> = list.iter().take(MAX_PARTS).filter_map(one).collect();
    list.sort_by_key(|defaults| (defaults.path.len(), defaults.of.is_some()));
    list
}

/// A list of names, or a table of what is said of each.
fn collections(table: &Table) -> Vec<Collection> {
    let shown = |name: &str, value: &Value| match value {
        Value::Table(table) => Collection {
            name: name.to_owned(),
            is_shown: table.truth("output").is_ok_and(|output| output == Some(true)),
            permalink: table.text_if_any("permalink").filter(|text| !text.is_empty()),
        },
        _ => Collection { name: name.to_owned(), ..Collection::default() },
    };
    match table.get("collections") {
        Some(Value::Table(table)) => table.0.iter().take(MAX_PARTS).map(|(name, value)| shown(name, value)).collect(),
        list => texts(list).iter().map(|name| shown(name, &Value::Nothing)).collect(),
    }
}

/// The texts of a list, or one.
fn texts(value: Option<&Value>) -> Vec<String> {
    let values = match value {
        Some(Value::List(list)) => list.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let texts = values.iter().filter_map(|value| value.as_text().ok()).filter(|text| !text.is_empty());
    texts.take(MAX_PARTS).collect()
}
