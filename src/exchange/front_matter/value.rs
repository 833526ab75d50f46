//! TOML and YAML brought to one small value type, within bounds that hostile input cannot pass.

use saphyr::{Scalar, ScanError, Yaml, YamlLoader};
use saphyr_parser::Parser;

use crate::model::remark::{Remark, remark, words};

/// Block nesting beyond this column is refused. A level of nesting takes a column, so this bounds the depth of the
/// tree; saphyr itself bounds only `[[[…` and drops deep trees recursively, which overflows the stack.
const MAX_COLUMN: usize = 80;

/// saphyr bounds what aliases (`*a`) may expand to, but it also copies whatever an anchor (`&a`) marks.
const MAX_ANCHORS: usize = 16;

/// A value of either language.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Null, or a kind that no key of ours takes.
    Nothing,
    Truth(bool),
    Integer(i64),
    /// As it was written, `1.10`, where that is known.
    Float(String),
    Text(String),
    List(Vec<Value>),
    Table(Table),
}

/// Keys are lower case, since Hugo does not mind their case; the first of two that differ only in it wins.
#[derive(Clone, Debug, Default)]
pub(super) struct Table(pub(super) Vec<(String, Value)>);

impl Table {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

impl Value {
    /// The value as text without blanks around it, or why it is none.
    pub(super) fn as_text(&self) -> Result<String, Remark> {
        match self {
            Self::Text(text) => Ok(text.trim().to_owned()),
            Self::Integer(number) => Ok(number.to_string()),
            Self::Float(number) => Ok(number.clone()),
            other => Err(remark("front-not-text").because([other.kind()])),
        }
    }

    /// The kind with its article, for messages.
    pub(super) fn kind(&self) -> Remark {
        match self {
            Self::Nothing => remark("value-empty"),
            Self::Truth(true) => remark("value-true"),
            Self::Truth(false) => remark("value-false"),
            Self::Integer(_) | Self::Float(_) => remark("value-number"),
            Self::Text(_) => remark("value-text"),
            Self::List(_) => remark("value-list"),
            Self::Table(_) => remark("value-table"),
        }
    }
}

/// Reads TOML. The crate refuses duplicate keys and bounds its own depth.
pub(super) fn toml(source: &str) -> Result<Table, Remark> {
    match source.parse::<toml::Table>() {
        Ok(table) => Ok(table_from_toml(table)),
        Err(error) => Err(malformed("TOML", words(one_line(error.message())))),
    }
}

fn table_from_toml(table: toml::Table) -> Table {
    Table(table.into_iter().map(|(key, value)| (key.to_lowercase(), from_toml(value))).collect())
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Integer(number) => Value::Integer(number),
        toml::Value::Float(number) => Value::Float(format!("{number:?}")),
        toml::Value::Boolean(truth) => Value::Truth(truth),
        toml::Value::Datetime(moment) => Value::Text(moment.to_string()),
        toml::Value::Array(list) => Value::List(list.into_iter().map(from_toml).collect()),
        toml::Value::Table(table) => Value::Table(table_from_toml(table)),
    }
}

/// Reads YAML, and whether a key stands in it twice: the last counts. An empty document is an empty table; deep nesting and many
/// anchors are refused.
pub(super) fn yaml(source: &str) -> Result<(Table, bool), Remark> {
    let malformed = |why: Remark| malformed("YAML", why);
    if source.lines().any(|line| block_column(line) > MAX_COLUMN) {
        return Err(malformed(remark("front-nested")));
    }
    if anchors(source) > MAX_ANCHORS {
        return Err(malformed(remark("front-anchors").put("n", MAX_ANCHORS)));
    }
    let refused = |error: ScanError| malformed(words(one_line(&error.to_string())));
    let (documents, is_double) = match load(source, false) {
        Ok(documents) => (documents, false),
        Err(error) => (load(source, true).map_err(|_| refused(error))?, true),
    };
    match documents.first().map(from_yaml) {
        None | Some(Value::Nothing) => Ok((Table::default(), is_double)),
        Some(Value::Table(table)) => Ok((table, is_double)),
        Some(other) => Err(malformed(remark("front-no-keys").because([other.kind()]))),
    }
}

/// The documents, in which numbers are as they are written.
fn load(source: &str, may_double: bool) -> Result<Vec<Yaml<'_>>, ScanError> {
    let mut loader = YamlLoader::default();
    loader.early_parse(false);
    loader.allow_duplicate_keys(may_double);
    Parser::new_from_str(source).load(&mut loader, true)?;
    match loader.error() {
        Some(error) => Err(error.clone()),
        None => Ok(loader.into_documents()),
    }
}

/// Reads JSON, whose reader bounds its depth itself.
pub(super) fn json(source: &str) -> Result<Table, Remark> {
    let read = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(source);
    read.map(table_from_json).map_err(|error| malformed("JSON", words(one_line(&error.to_string()))))
}

pub(super) fn table_from_json(map: serde_json::Map<String, serde_json::Value>) -> Table {
    Table(map.into_iter().map(|(key, value)| (key.to_lowercase(), from_json(value))).collect())
}

fn from_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Nothing,
        serde_json::Value::Bool(truth) => Value::Truth(truth),
        serde_json::Value::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.to_string()), Value::Integer)
        }
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(list) => Value::List(list.into_iter().map(from_json).collect()),
        serde_json::Value::Object(map) => Value::Table(table_from_json(map)),
    }
}

/// The column where a line's own content starts: after indentation and the indicators `- `, `? ` and `: `.
fn block_column(line: &str) -> usize {
    let bytes = line.as_bytes();
    let is_blank = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    let mut column = 0;
    while column < bytes.len() {
        let is_indicator = matches!(bytes[column], b'-' | b'?' | b':') && is_blank(column + 1);
        if !is_indicator && !is_blank(column) {
            return column;
        }
        column += 1;
    }
    // A line of blanks nests nothing, but one of bare indicators does.
    if line.trim().is_empty() { 0 } else { column }
}

/// How many things look like `&anchor`. An `&` within a word or before a blank is none.
fn anchors(source: &str) -> usize {
    let bytes = source.as_bytes();
    let starts =
        |at: usize| at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b'\r' | b'\n' | b'[' | b'{' | b',' | b':');
    let names = |at: usize| bytes.get(at + 1).is_some_and(|byte| !byte.is_ascii_whitespace());
    (0..bytes.len()).filter(|&at| bytes[at] == b'&' && starts(at) && names(at)).count()
}

fn from_yaml(node: &Yaml) -> Value {
    match node {
        Yaml::Representation(text, style, tag) => {
            match Scalar::parse_from_cow_and_metadata(text.clone(), *style, tag.as_ref()) {
                Some(Scalar::Boolean(truth)) => Value::Truth(truth),
                Some(Scalar::Integer(number)) => Value::Integer(number),
                Some(Scalar::FloatingPoint(_)) => Value::Float(text.to_string()),
                Some(Scalar::String(text)) => Value::Text(text.into_owned()),
                _ => Value::Nothing,
            }
        }
        Yaml::Sequence(list) => Value::List(list.iter().map(from_yaml).collect()),
        Yaml::Mapping(pairs) => {
            // A key that is not text (`1: x`, `? [a]`) is none of ours.
            let named = |(key, value): (&Yaml, &Yaml)| match from_yaml(key) {
                Value::Text(key) => Some((key.to_lowercase(), from_yaml(value))),
                _ => None,
            };
            Value::Table(Table(pairs.iter().filter_map(named).collect()))
        }
        Yaml::Tagged(_, node) => from_yaml(node),
        _ => Value::Nothing,
    }
}

/// That it is not well formed, or is built to exhaust its reader.
fn malformed(language: &str, why: Remark) -> Remark {
    remark("front-malformed").put("language", language).because([why])
}

/// Parsers explain themselves over several lines; reports have one.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
