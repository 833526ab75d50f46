//! Code with its words marked up, at save time, in a dozen short classes that the style sheet colours.
//!
//! | class | what | class | what |
//! |---|---|---|---|
//! | `hk` | keyword, storage (`fn`, `let`) | `hv` | parameter, `self`, shell variable |
//! | `hs` | string, character | `ha` | attribute, annotation, HTML attribute, key |
//! | `he` | escape in a string | `hg` | HTML or XML tag |
//! | `hc` | comment | `hm` | macro, preprocessor |
//! | `hn` | number, constant, `true` | `hh` | heading, section of a file, hunk of a diff |
//! | `hf` | function | `hi` | inserted line |
//! | `ht` | type | `hd` | deleted line |
//!
//! Operators and punctuation stay as they are: marking them would double the HTML for little.

use std::{collections::HashMap, sync::LazyLock};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::tags;

/// Every class that [`highlight`] writes.
pub const CLASSES: &[&str] = &["ha", "hc", "hd", "he", "hf", "hg", "hh", "hi", "hk", "hm", "hn", "hs", "ht", "hv"];

/// Code longer than this stays plain, in bytes: colours are worth tenths of a second, not seconds.
pub const MAX_BYTES: usize = 100_000;

/// A line longer than this is no code that somebody reads (minified, data): the block stays plain from there.
const MAX_LINE: usize = 2_000;

/// Scopes nested deeper than this come from hostile code: the block stays plain from there.
const MAX_SCOPES: usize = 300;

/// How many of the innermost scopes may decide the class.
const NEAR_SCOPES: usize = 12;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// What scopes mean, as Sublime Text names them; of two that fit, the longer one.
static MEANINGS: LazyLock<Vec<(Scope, Option<&'static str>)>> = LazyLock::new(|| {
    const PLAIN: &str = "";
    [
        ("comment", "hc"),
        ("punctuation.definition.comment", "hc"),
        ("string", "hs"),
        ("string.unquoted", PLAIN),
        ("constant.character.escape", "he"),
        ("constant.other.placeholder", "he"),
        ("constant", "hn"),
        ("constant.character", "hs"),
        ("keyword", "hk"),
        ("keyword.operator", PLAIN),
        ("keyword.operator.word", "hk"),
        ("storage", "hk"),
        ("storage.type.numeric", "hn"),
        ("entity.name.function", "hf"),
        ("support.function", "hf"),
        ("variable.function", "hf"),
        ("entity.name.macro", "hm"),
        ("support.macro", "hm"),
        ("meta.preprocessor", "hm"),
        ("entity.name.type", "ht"),
        ("entity.name.class", "ht"),
        ("entity.name.struct", "ht"),
        ("entity.name.enum", "ht"),
        ("entity.name.trait", "ht"),
        ("entity.name.impl", "ht"),
        ("entity.name.namespace", "ht"),
        ("entity.other.inherited-class", "ht"),
        ("support.type", "ht"),
        ("support.class", "ht"),
        ("variable.parameter", "hv"),
        ("variable.language", "hv"),
        ("variable.other.readwrite.shell", "hv"),
        ("variable.annotation", "ha"),
        ("meta.annotation", "ha"),
        ("entity.other.attribute-name", "ha"),
        ("support.type.property-name", "ha"),
        ("entity.name.tag", "hg"),
        ("entity.name.tag.toml", "ha"),
        ("entity.name.tag.yaml", "ha"),
        ("entity.name.table", "hh"),
        ("entity.name.section", "hh"),
        ("markup.heading", "hh"),
        ("meta.diff.header", "hh"),
        ("meta.diff.range", "hh"),
        ("markup.inserted", "hi"),
        ("markup.deleted", "hd"),
        ("source", PLAIN),
    ]
    .into_iter()
    .filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, (class != PLAIN).then_some(class))))
    .collect()
});

/// The language that a code fence names: `rust` of `rust,ignore` or `rust title="x"`; `None` for none, or for something odd.
pub fn language(info: &str) -> Option<String> {
    let name = info.trim_start().trim_start_matches(['{', '.']);
    let name = name.split([',', ' ', '\t', '{', '}', ';', ':']).next().unwrap_or_default().to_ascii_lowercase();
    is_language(&name).then_some(name)
}

/// Whether `name` may stand in a class `language-…`.
pub(super) fn is_language(name: &str) -> bool {
    (1..=30).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'#' | b'.'))
}

/// Appends `code` to `html`, escaped, its words in `<span class="h…">` where `language` is known and the code not too long.
///
/// Gives back whether it was parsed: how a caller keeps account of the work.
pub fn highlight(html: &mut String, code: &str, language: &str) -> bool {
    let Some(syntax) = syntax(language).filter(|_| code.len() <= MAX_BYTES) else {
        tags::escape_text(html, code);
        return false;
    };
    let mut spans = Spans { html, class: None };
    let mut parser = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let mut known: HashMap<Scope, Option<Option<&'static str>>> = HashMap::new();
    let mut rest = code;
    while !rest.is_empty() {
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        if line.len() > MAX_LINE || scopes.len() > MAX_SCOPES {
            break;
        }
        // The parser wants each line ended; an end that the code lacks must not get into the HTML.
        let whole = if line.ends_with('\n') { None } else { Some(format!("{line}\n")) };
        let Ok(operations) = parser.parse_line(whole.as_deref().unwrap_or(line), &SYNTAXES) else { break };
        let mut written = 0;
        for (at, operation) in operations {
            let at = at.min(line.len());
            if at > written {
                spans.write(class_of(&scopes, &mut known), &line[written..at]);
                written = at;
            }
            if scopes.apply(&operation).is_err() {
                break;
            }
        }
        spans.write(class_of(&scopes, &mut known), &line[written..]);
        rest = after;
    }
    spans.write(None, rest);
    true
}

/// The syntax that people mean by `language`.
fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let token = match language {
        // What a terminal showed is no program.
        "" | "text" | "txt" | "plain" | "plaintext" | "console" | "output" | "none" | "shell-session" | "terminal" => {
            return None;
        }
        "shell" | "zsh" | "ksh" => "sh",
        "golang" => "go",
        "jsonc" | "json5" => "json",
        "node" | "mjs" | "cjs" => "js",
        "csharp" => "cs",
        "docker" => "dockerfile",
        "jinja" | "askama" => "jinja2",
        "patch" => "diff",
        "rustdoc" => "rust",
        "vue-html" => "html",
        "assembly" => "asm",
        other => other,
    };
    SYNTAXES.find_syntax_by_token(token).filter(|syntax| syntax.name != "Plain Text")
}

/// The class of the innermost scope that means something.
fn class_of(scopes: &ScopeStack, known: &mut HashMap<Scope, Option<Option<&'static str>>>) -> Option<&'static str> {
    let near = scopes.as_slice().iter().rev().take(NEAR_SCOPES);
    near.map(|scope| {
        *known.entry(*scope).or_insert_with(|| {
            let fitting = MEANINGS.iter().filter(|(meaning, _)| meaning.is_prefix_of(*scope));
            fitting.max_by_key(|(meaning, _)| meaning.len()).map(|(_, class)| *class)
        })
    })
    .find_map(|meaning| meaning)
    .flatten()
}

/// Writes spans, neighbours of one class as one.
struct Spans<'a> {
    html: &'a mut String,
    class: Option<&'static str>,
}

impl Spans<'_> {
    fn write(&mut self, class: Option<&'static str>, text: &str) {
        // White space has no colour: it goes on with whatever span is open, but none is opened for it.
        let blank = text.trim().is_empty();
        if class != self.class && !(blank && class.is_some() && self.class.is_none()) {
            self.end();
            if let Some(class) = class {
                self.html.extend(["<span class=\"", class, "\">"]);
            }
            self.class = class;
        }
        tags::escape_text(self.html, text);
    }

    fn end(&mut self) {
        if self.class.take().is_some() {
            self.html.push_str("</span>");
        }
    }
}

impl Drop for Spans<'_> {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn highlighted(code: &str, language: &str) -> String {
        let mut html = String::new();
        highlight(&mut html, code, language);
        html
    }

    #[test]
    fn words_get_their_classes() {
        for (language, code, expected) in [
            ("rust", "fn main() {}\n", "<span class=\"hk\">fn</span> <span class=\"hf\">main</span>() {}\n"),
            ("rs", "// a < b", "<span class=\"hc\">// a &lt; b</span>"),
            (
                "toml",
                "[a]\nb = \"c\"\n",
                "[<span class=\"hh\">a</span>]\n<span class=\"ha\">b</span> = <span class=\"hs\">\"c\"</span>\n",
            ),
            ("diff", "-a\n+b\n", "<span class=\"hd\">-a\n</span><span class=\"hi\">+b\n</span>"),
        ] {
            assert_eq!(highlighted(code, language), expected, "{language}");
        }
    }

    #[test]
    fn unknown_languages_and_terminals_stay_plain() {
        for language in ["", "text", "console", "no-such-language", "Plain Text"] {
            assert_eq!(highlighted("$ fn \"<&>\"\n", language), "$ fn \"&lt;&amp;&gt;\"\n", "{language}");
        }
    }

    #[test]
    fn fences_name_languages_in_many_ways() {
        for (info, expected) in [
            ("rust,ignore", Some("rust")),
            ("Rust title=\"x\"", Some("rust")),
            ("{.python .numberLines}", Some("python")),
            ("c++", Some("c++")),
            ("", None),
            ("\"><script>", None),
            ("naïve", None),
        ] {
            assert_eq!(language(info).as_deref(), expected, "{info}");
        }
    }

    #[test]
    fn every_meaning_has_a_class_of_the_list() {
        assert!(MEANINGS.iter().all(|(_, class)| class.is_none_or(|class| CLASSES.contains(&class))));
        assert!(MEANINGS.len() > 40, "all scopes were understood");
    }

    #[test]
    fn long_lines_and_long_code_end_the_colours_and_lose_nothing() {
        let long = format!("fn a() {{}}\n{}\nfn b() {{}}\n", "x".repeat(3_000));
        let html = highlighted(&long, "rust");
        assert!(html.starts_with("<span class=\"hk\">fn</span>") && html.ends_with("\nfn b() {}\n"));
        assert_eq!(highlighted(&"fn ".repeat(40_000), "rust"), "fn ".repeat(40_000));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_text_of_the_html_is_the_code(code in "[a-z<>&\"'/*#!{}()\\[\\]\\\\\n\t 0-9é🦀]{0,200}", which in 0_usize..8) {
            let language = ["rust", "js", "html", "python", "sh", "css", "c++", "yaml"][which];
            let html = highlighted(&code, language);
            let text: String = tags::pieces(&html)
                .filter_map(|piece| if let tags::Piece::Text(text) = piece { Some(tags::unescape(text).into_owned()) } else { None })
                .collect();
            prop_assert_eq!(text, code);
        }
    }
}
