//! Eleventy's settings and its files of data, as far as they say where its texts are and which of them are shown.

use std::{fs, path::Path};

use super::{program, source::read_at_most};
use crate::{
    exchange::front_matter::{self, Cascade},
    model::remark::{Remark, heard, remark},
};

/// Data and settings are written by hand: a few kilobytes.
const MAX_BYTES: usize = 256 * 1024;
/// Its settings.
pub(super) const CONFIGS: [&str; 4] =
    [".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"];
/// What names paths that it passes over.
pub(super) const IGNORES: [&str; 2] = [".eleventyignore", ".gitignore"];
/// How a file of data may end, the one that counts most first.
const OF_DATA: [&str; 9] = [
    ".11tydata.js",
    ".11tydata.mjs",
    ".11tydata.cjs",
    ".11tydata.json",
    ".11tydata.yaml",
    ".11tydata.yml",
    ".json",
    ".yaml",
    ".yml",
];

/// What its settings say.
#[derive(Debug, Default)]
pub(super) struct Eleventy {
    /// The folder of its texts, if they name one.
    pub input: Option<String>,
    /// What is left out: patterns.
    pub ignored: Vec<String>,
    /// The file of settings that may hide texts.
    pub fault: Option<(String, Remark)>,
}

/// What the settings in a folder say; none where they are none of its. They are a program, which is not run: what it says is looked
/// for in its text.
pub(super) fn settings(folder: &Path) -> Option<Eleventy> {
    let name = CONFIGS.iter().find(|name| is_file(&folder.join(name)))?;
    let read = |name: &str| {
        let bytes = read_at_most(&folder.join(name), MAX_BYTES).ok().flatten().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let program = read(name);
    let mut ignored: Vec<String> = program.lines().filter_map(ignore).collect();
    for name in IGNORES.iter().filter(|name| is_file(&folder.join(name))) {
        let lines = read(name);
        let patterns = lines.lines().map(str::trim).filter(|line| !line.starts_with(['#', '!']) && !line.is_empty());
        ignored.extend(patterns.map(str::to_owned));
    }
    ignored.truncate(super::patterns::MAX_PATTERNS);
    let fault = program::may_hide(&program).then(|| ((*name).to_owned(), remark("import-program-hides")));
    Some(Eleventy { input: program.lines().find_map(input), ignored, fault })
}

/// Nothing is read by a symbolic link.
pub(super) fn is_file(file: &Path) -> bool {
    fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_file())
}

/// What a line of it says: `input: "src"`, or `setInputDirectory("src")`.
fn input(line: &str) -> Option<String> {
    let line = line.split("//").next().filter(|line| !line.trim_start().starts_with('*'))?;
    let said = line.match_indices("input").find_map(|(at, key)| {
        let is_whole = !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_$.".contains(letter));
        line[at + key.len()..].trim_start_matches(is_quote).trim_start().strip_prefix(':').filter(|_| is_whole)
    });
    let said = said.or_else(|| line.split_once("setInputDirectory(").map(|(_, said)| said))?.trim_start();
    let folder = said.strip_prefix(is_quote)?.split(is_quote).next()?;
    plain(folder)
}

/// What a line leaves out: `ignores.add("src/drafts/**")`.
fn ignore(line: &str) -> Option<String> {
    let said = line.split_once("ignores.add(").map(|(_, said)| said.trim_start())?;
    Some(said.strip_prefix(is_quote)?.split(is_quote).next()?.to_owned())
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '`')
}

/// A folder below another, as its path is written; none for one that may be elsewhere.
pub(super) fn plain(folder: &str) -> Option<String> {
    let parts: Vec<&str> = folder.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let is_plain = |part: &&str| !part.starts_with('.') && !part.contains('\\');
    let is_below = !folder.starts_with('/');
    (is_below && !parts.is_empty() && parts.iter().all(is_plain)).then(|| parts.join("/"))
}

/// What a file of data is for: the name of a folder or of a text, and how much it counts; none for other files.
pub(super) fn data_for(name: &str) -> Option<(&str, usize)> {
    let found = OF_DATA.iter().enumerate().find_map(|(rank, ending)| Some((name.strip_suffix(ending)?, rank)));
    found.filter(|(bare, _)| !bare.is_empty())
}

/// What a file of data says, and what is wrong with it.
pub(super) fn data(file: &Path) -> (Cascade, Option<Remark>) {
    let unsure = |why| (Cascade::unsure(), Some(why));
    let bytes = match read_at_most(file, MAX_BYTES) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return unsure(remark("import-data-unread").because([remark("import-too-much")])),
        Err(error) => return unsure(remark("import-data-unread").because([heard(&error)])),
    };
    let text = String::from_utf8_lossy(&bytes);
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if ending.ends_with("js") {
        let (values, is_unsure) = program::said(&text);
        let known = front_matter::values(values);
        return if is_unsure { unsure(remark("import-program-hides")) } else { (known, None) };
    }
    if text.trim_start().starts_with('[') {
        // A list is for something else.
        return (Cascade::default(), None);
    }
    match front_matter::data(&text, ending == "json") {
        Ok(said) => (said, None),
        Err(why) => unsure(remark("import-data-unread").because([why])),
    }
}
