//! The redirects that the owner of a Ghost has made: a file beside the export, as JSON or as YAML.

use std::{io::Read, path::Path, sync::atomic::AtomicU64};

use serde_json::Value;
use url::Url;

use super::Home;
use crate::{
    exchange::{
        input::{self, name_of},
        json::text,
        own_host, sniff,
    },
    model::{
        incoming::{Fault, Item, Refused, Tell},
        remark::remark,
    },
    picture::short,
};

/// The most that such a file holds.
const MAX_BYTES: u64 = 4 << 20;
/// So many redirects are brought.
const MAX: usize = 10_000;
/// What the files are called.
const FILES: [&str; 2] = ["redirects.json", "redirects.yaml"];

/// Tells the redirects in a folder or a zip; a file has none beside it.
pub fn read(source: &Path, site: Option<&Url>, tell: &mut Tell<'_>) -> Result<(), Refused> {
    // What is no folder and no zip was read as an export.
    let names = sniff::names(source).unwrap_or_default();
    let is_one = |name: &&String| FILES.contains(&name.rsplit('/').next().unwrap_or_default());
    let home = Home::at(site);
    for name in names.iter().filter(is_one).take(FILES.len()) {
        let place = format!("{}, {name}", name_of(source));
        let (mut written, counted) = (String::new(), AtomicU64::default());
        let opened = input::open(&source.join(name), MAX_BYTES, &counted, 1);
        let read = opened.map(|mut file| file.read_to_string(&mut written));
        let made = if name.ends_with(".json") { of_json(&written) } else { Some(of_yaml(&written)) };
        let (Ok(Ok(_)), Some(made)) = (read, made) else {
            tell(Item::Fault(Fault { place, what: remark("import-redirects-unread"), is_skipped: true }))?;
            continue;
        };
        for (from, to) in made.into_iter().take(MAX) {
            match plain(&from).zip(home.target(&to)) {
                Some((from, to)) => home.below([from]).into_iter().try_for_each(|from| {
                    let to = to.clone();
                    tell(Item::Moved { from, to })
                })?,
                None => {
                    let what = remark("import-redirect-pattern").put("from", short(&from));
                    tell(Item::Fault(Fault { place: place.clone(), what, is_skipped: true }))?;
                }
            }
        }
    }
    Ok(())
}

/// `[{"from": …, "to": …}]`
fn of_json(written: &str) -> Option<Vec<(String, String)>> {
    let rows: Vec<Value> = serde_json::from_str(written).ok()?;
    Some(rows.iter().map(|row| (text(row, "from"), text(row, "to"))).collect())
}

/// Below `301:` and `302:`, a line each: `from: to`.
fn of_yaml(written: &str) -> Vec<(String, String)> {
    let lines = written.lines().filter(|line| line.starts_with([' ', '\t']) && !line.trim_start().starts_with('#'));
    let bare = |part: &str| part.trim().trim_matches(['"', '\'']).to_owned();
    lines.filter_map(|line| line.rsplit_once(": ")).map(|(from, to)| (bare(from), bare(to))).collect()
}

/// The path of a pattern that means one alone.
fn plain(pattern: &str) -> Option<String> {
    let pattern = pattern.trim().trim_start_matches("(?i)").trim_start_matches('^');
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    let pattern = ["\\/?", "/?", "(/)?", "(\\/)?"].iter().find_map(|end| pattern.strip_suffix(end)).unwrap_or(pattern);
    let (mut path, mut letters) = (String::new(), pattern.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => path.push(letters.next().filter(|letter| letter.is_ascii_punctuation())?),
            '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            other => path.push(other),
        }
    }
    Some(path.trim_matches('/').to_owned()).filter(|path| !path.is_empty())
}

impl Home {
    /// Where a redirect leads: on the old blog a path, elsewhere the whole address.
    fn target(&self, to: &str) -> Option<String> {
        if to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && !to.contains('$') {
            return Some(to.to_owned());
        }
        let url =
            Url::parse(to).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty())?;
        let own = self.address.as_deref().and_then(|address| Url::parse(address).ok());
        let is_own = own.and_then(|own| Some(own_host(own.host_str()?))) == url.host_str().map(own_host);
        Some(if is_own { url[url::Position::BeforePath..].to_owned() } else { url.into() })
            .filter(|to| !to.contains('$'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_of_one_path_is_that_path() {
        for (pattern, expected) in [
            ("^/old-thing/?$", Some("old-thing")),
            ("/old/", Some("old")),
            ("^\\/a\\/b\\.html$", Some("a/b.html")),
            ("(?i)^/About\\/?$", Some("About")),
            ("^/post/([a-z]+)/?$", None),
            ("/.*", None),
            ("^/$", None),
            ("", None),
            ("\\", None),
        ] {
            assert_eq!(plain(pattern).as_deref(), expected, "{pattern}");
        }
    }

    #[test]
    fn redirects_are_read_in_either_form() {
        let yaml = "301:\n  /old/: /new/\n  \"^/a/?$\": https://x.example/a: b\n  # no\n302:\n  /c: /d\n";
        let two = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of_yaml(yaml)[0], two("/old/", "/new/"));
        assert_eq!(of_yaml(yaml)[2], two("/c", "/d"));
        assert_eq!(of_json(r#"[{"from":"/a","to":"/b","permanent":true}]"#), Some(vec![two("/a", "/b")]));
        assert_eq!(of_json("{}"), None);
    }
}
