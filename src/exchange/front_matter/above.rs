//! What is said for many texts at once: by the front pages of Hugo's and Zola's sections, Jekyll's defaults, Eleventy's data files.

use jiff::tz::TimeZone;

use super::{
    PRIVATE, STANDING, interpret, split, table,
    value::{self, Table, Value},
};
use crate::model::remark::Remark;

/// What counts of data that are for whatever a site wants: how a text is shown and where, and who wrote it.
const OF_DATA: [&str; 12] = [
    "draft",
    "published",
    "render",
    "permalink",
    "eleventyexcludefromcollections",
    "layout",
    "type",
    "author",
    "authors",
    "category",
    "categories",
    "tags",
];

/// What counts of Hugo's.
const OF_HUGO: [&str; 6] = ["draft", "build", "_build", "expirydate", "unpublishdate", "publishdate"];
/// More targets are not heard.
const MAX_TARGETS: usize = 200;

/// Values for all texts below; each holds where a text does not say it itself.
#[derive(Clone, Debug, Default)]
pub struct Cascade {
    pub(super) values: Table,
    /// Whether it may hide texts in a way that cannot be read here.
    pub is_unsure: bool,
    /// The names of the site's own lists of labels.
    pub(super) taxonomies: Vec<String>,
    /// What is said for some paths alone, by their patterns.
    pub(super) targeted: Vec<(String, Cascade)>,
}

/// Reads what the front page of a section says for all below it. `is_zola`: its drafts hide all below them.
///
/// # Errors
/// Why it cannot be read, where it may hide what is below it.
pub fn cascade(file: &str, is_zola: bool) -> Result<Cascade, Remark> {
    let table = match table(file) {
        Ok((table, ..)) => table,
        Err(why) => {
            let is_head = file.trim_start_matches('\u{feff}').starts_with(['-', '+', '{']);
            let head = split(file).map_or(file, |(_, head, _)| head);
            let may_hide = is_head && head.to_lowercase().contains(if is_zola { "draft" } else { "cascade" });
            return if may_hide { Err(why) } else { Ok(Cascade::default()) };
        }
    };
    if is_zola {
        let is_draft = table.truth("draft").is_ok_and(|draft| draft == Some(true));
        let said = is_draft.then(|| ("draft".to_owned(), Value::Truth(true)));
        return Ok(Cascade { values: Table(said.into_iter().collect()), ..Cascade::default() });
    }
    Ok(Cascade::of(&table))
}

/// Reads a file of data, in JSON or YAML.
///
/// # Errors
/// Why it cannot be read.
pub fn data(source: &str, is_json: bool) -> Result<Cascade, Remark> {
    let table = if is_json { value::json(source)? } else { value::yaml(source)?.0 };
    // Labels that all have in common are what Eleventy makes its lists by.
    Ok(Cascade::of_values(table.0.into_iter().filter(|(key, _)| key != "tags")))
}

/// The same of values that stand in a program.
pub fn values(said: serde_json::Map<String, serde_json::Value>) -> Cascade {
    Cascade::of_values(value::table_from_json(said).0.into_iter())
}

impl Cascade {
    /// What counts of some values, and can be read.
    pub(super) fn of_values(values: impl Iterator<Item = (String, Value)>) -> Self {
        let counts = values.filter(|(key, _)| OF_DATA.into_iter().chain(hiding()).any(|known| known == key));
        let readable = counts.filter_map(|(key, value)| {
            let alone = Table(vec![(key.clone(), value.clone())]);
            match interpret(&alone, &TimeZone::UTC) {
                Ok(_) => Some((key, value)),
                Err(_) if key == "draft" => Some((key, Value::Truth(true))),
                Err(_) => None,
            }
        });
        Self { values: Table(readable.collect()), ..Self::default() }
    }

    /// The names of the site's own lists of labels.
    pub fn taxonomies(&self) -> &[String] {
        &self.taxonomies
    }

    /// One of which nothing is known but that it may hide texts.
    pub fn unsure() -> Self {
        Self { is_unsure: true, ..Self::default() }
    }

    /// Hugo's: a table, or a list of tables that each may name a target: by the pattern of a path; what hides some of the texts
    /// below by another sign is taken to hide all.
    pub(super) fn of(table: &Table) -> Self {
        let tables: Vec<&Table> = match table.get("cascade") {
            Some(Value::Table(table)) => vec![table],
            Some(Value::List(list)) => {
                list.iter().filter_map(|one| if let Value::Table(table) = one { Some(table) } else { None }).collect()
            }
            _ => Vec::new(),
        };
        let of_texts: Vec<&Table> = tables.into_iter().filter(|table| is_of_texts(table)).collect();
        let (targeted, of_texts): (Vec<&Table>, Vec<&Table>) =
            of_texts.into_iter().partition(|table| path_of(table).is_some());
        let targeted = targeted.into_iter().take(MAX_TARGETS);
        let targeted = targeted.filter_map(|table| Some((path_of(table)?, Self::said(&[table])))).collect();
        Self { targeted, ..Self::said(&of_texts) }
    }

    /// What tables of Hugo's say that counts.
    fn said(of_texts: &[&Table]) -> Self {
        let said = |key: &'static str| {
            let mut values = of_texts.iter().filter_map(|table| table.get(key)).collect::<Vec<_>>();
            values.sort_by_key(|value| !hides(value));
            Some((key.to_owned(), (*values.first()?).clone()))
        };
        Self { values: Table(OF_HUGO.into_iter().chain(hiding()).filter_map(said).collect()), ..Self::default() }
    }

    /// What counts for a text of one of the paths that it may have, what is said for few texts first.
    pub fn at<'c>(&'c self, is_at: &dyn Fn(&str) -> bool) -> Vec<&'c Self> {
        let targeted = self.targeted.iter().filter(|(pattern, _)| is_at(pattern)).map(|(_, cascade)| cascade);
        targeted.chain([self]).collect()
    }

    /// Adds what is said here to what a text says. Categories of Jekyll's add up.
    pub(super) fn fill(&self, table: &mut Table) {
        for (key, value) in &self.values.0 {
            let known = |(said, _): &&mut (String, Value)| said.trim_start_matches('_') == key.trim_start_matches('_');
            match (table.0.iter_mut().find(known), value) {
                (None, value) => table.0.push((key.clone(), value.clone())),
                (Some((_, said)), Value::List(list)) if key == "categories" => {
                    let own = match said {
                        Value::List(own) => std::mem::take(own),
                        Value::Text(text) => text.split_whitespace().map(|word| Value::Text(word.to_owned())).collect(),
                        _ => continue,
                    };
                    *said = Value::List(list.iter().cloned().chain(own).collect());
                }
                _ => {}
            }
        }
    }
}

/// Keys by which a theme keeps a text from those who are not to see it.
fn hiding() -> impl Iterator<Item = &'static str> {
    PRIVATE.into_iter().chain(["password"]).chain(STANDING)
}

/// The pattern of the paths that a part of a cascade is for, where it names one.
fn path_of(table: &Table) -> Option<String> {
    match table.get("target").or_else(|| table.get("_target")) {
        Some(Value::Table(target)) => target.text_if_any("path").filter(|path| !path.is_empty()),
        _ => None,
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
pub(super) fn is_unrendered(table: &Table) -> bool {
    match table.get("render") {
        Some(Value::Truth(is_rendered)) => !is_rendered,
        Some(Value::Text(word)) => ["never", "false", "link"].contains(&word.to_lowercase().as_str()),
        _ => false,
    }
}
