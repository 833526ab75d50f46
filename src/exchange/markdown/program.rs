//! What a program of Eleventy's says of the texts that it is for. It is not run: what can be read off it is, and where it may hide texts
//! in a way that cannot, that is said.

use serde_json::{Map, Value};

/// A text in quotes that is longer is taken apart like the program round it.
const MAX_TEXT: usize = 4000;
/// Settings with more calls are not known.
const MAX_CALLS: usize = 100;
/// What tells whether a text is shown, and where.
const WORDS: [&str; 4] = ["draft", "published", "permalink", "eleventyExcludeFromCollections"];
/// What a program may look at and still hide only what says itself that it is a draft.
const HARMLESS: [&str; 23] = [
    "draft",
    "published",
    "permalink",
    "eleventyExcludeFromCollections",
    "eleventyComputed",
    "page",
    "fileSlug",
    "filePathStem",
    "date",
    "title",
    "slug",
    "tags",
    "layout",
    "env",
    "NODE_ENV",
    "ELEVENTY_ENV",
    "ELEVENTY_RUN_MODE",
    "ELEVENTY_PRODUCTION",
    "BUILD_DRAFTS",
    "exports",
    "slugify",
    "toLowerCase",
    "toString",
];
/// What an answer of yes or no is made of.
const DECIDES: [&str; 3] = ["false", "null", "undefined"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Text(&'a str),
    Sign(char),
}

impl Token<'_> {
    fn is(&self, sign: char) -> bool {
        *self == Token::Sign(sign)
    }
}

/// What a file of data says: its values, and whether it may hide texts besides.
pub(super) fn said(program: &str) -> (Map<String, Value>, bool) {
    let tokens = tokens(program);
    let mut values = Map::new();
    let mut is_open = false;
    for (at, token) in tokens.iter().enumerate() {
        let (Token::Word(word) | Token::Text(word)) = token else { continue };
        if !WORDS.contains(word) {
            continue;
        }
        match assigned(&tokens, at) {
            Some(Some(value)) => {
                values.entry((*word).to_owned()).or_insert(value);
            }
            // A draft that a text names itself is known.
            None if at > 0 && tokens[at - 1].is('.') => {}
            _ => is_open |= *word != "permalink" || may_say_no(&tokens),
        }
    }
    (values, is_open && !is_harmless(&tokens))
}

/// Whether settings may hide texts: by what they put before each, or say for all.
pub(super) fn may_hide(program: &str) -> bool {
    let tokens = tokens(program);
    let calls = tokens.iter().enumerate().filter_map(|(at, token)| match token {
        Token::Word("addPreprocessor") => Some((at, true)),
        Token::Word("addGlobalData") => Some((at, false)),
        _ => None,
    });
    let calls: Vec<(usize, bool)> = calls.take(MAX_CALLS + 1).collect();
    calls.len() > MAX_CALLS
        || calls.into_iter().any(|(at, is_before_each)| {
            let call = inside(&tokens[at + 1..]);
            let first = call.iter().find_map(|token| if let Token::Text(text) = token { Some(*text) } else { None });
            let names_word = first.is_some_and(|first| WORDS.contains(&first.rsplit('.').next().unwrap_or(first)));
            (is_before_each || names_word) && may_say_no(call) && !is_harmless(call)
        })
}

/// The value that a word is given: `Some(None)` for one that is no plain value.
fn assigned(tokens: &[Token<'_>], at: usize) -> Option<Option<Value>> {
    let is_read = at > 0 && tokens[at - 1].is('.');
    let sign = tokens.get(at + 1)?;
    let is_set = sign.is('=') && !matches!(tokens.get(at + 2), Some(Token::Sign('=' | '>')));
    if (!sign.is(':') || is_read) && !is_set {
        return None;
    }
    let ends = tokens.get(at + 3).is_none_or(|after| matches!(after, Token::Sign(',' | '}' | ';') | Token::Word(_)));
    Some(match tokens.get(at + 2)? {
        Token::Word("true") if ends => Some(Value::Bool(true)),
        Token::Word("false") if ends => Some(Value::Bool(false)),
        Token::Text(text) if ends => Some(Value::String((*text).to_owned())),
        _ => None,
    })
}

/// Whether something in it decides between yes and no.
fn may_say_no(tokens: &[Token<'_>]) -> bool {
    tokens.iter().enumerate().any(|(at, token)| match token {
        Token::Word(word) => DECIDES.contains(word),
        Token::Sign('!' | '&' | '|' | '<') => true,
        Token::Sign('>') => at == 0 || !tokens[at - 1].is('='),
        Token::Sign('=') => tokens.get(at + 1).is_some_and(|next| next.is('=')),
        _ => false,
    })
}

/// Whether what is decided is so by nothing but the draft that a text says it is.
fn is_harmless(tokens: &[Token<'_>]) -> bool {
    let reads: Vec<&str> = tokens
        .windows(2)
        .filter_map(|pair| match pair {
            [Token::Sign('.'), Token::Word(word)] => Some(*word),
            _ => None,
        })
        .collect();
    let takes_apart = tokens.windows(2).any(|pair| {
        matches!(pair, [Token::Sign('('), Token::Sign('{')] | [Token::Sign('['), Token::Text(_)])
            || matches!(pair, [Token::Word("const" | "let" | "var"), Token::Sign('{')])
    });
    !takes_apart
        && reads.iter().all(|read| HARMLESS.contains(read))
        && reads.iter().any(|read| matches!(*read, "draft" | "published"))
}

/// What is between the bracket that comes first and its end.
fn inside<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &tokens[..at];
        }
    }
    tokens
}

/// The words, texts and signs of a program, without its comments.
fn tokens(program: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = program;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if rest.starts_with("//") && tokens.last() != Some(&Token::Sign('\\')) {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
            continue;
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        if let Some((text, after)) = quoted(rest, first) {
            tokens.push(Token::Text(text));
            rest = after;
            continue;
        }
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
        let length = match rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()) {
            0 => first.len_utf8(),
            length => length,
        };
        let (token, after) = rest.split_at(length);
        tokens.push(if is_part(first) { Token::Word(token) } else { Token::Sign(first) });
        rest = after;
    }
    tokens
}

/// A text in quotes, as it is written, and what is behind it. One that is put together is none.
fn quoted(rest: &str, quote: char) -> Option<(&str, &str)> {
    if !matches!(quote, '"' | '\'' | '`') {
        return None;
    }
    let mut is_escaped = false;
    let end = rest.char_indices().skip(1).take(MAX_TEXT).find(|(_, letter)| {
        let ends = !is_escaped && (*letter == quote || *letter == '\n' && quote != '`');
        is_escaped = !is_escaped && *letter == '\\';
        ends
    });
    let (end, last) = end?;
    let text = &rest[1..end];
    (last == quote && !(quote == '`' && text.contains("${"))).then(|| (text, &rest[end + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_values_are_read_and_what_cannot_be_decided_is_known_as_such() {
        for (program, values, is_unsure) in [
            ("module.exports = { tags: ['posts'], layout: \"layouts/post.njk\" };", "{}", false),
            (
                "export default { draft: true, permalink: '/blog/{{ page.fileSlug }}/' }",
                "{\"draft\":true,\"permalink\":\"/blog/{{ page.fileSlug }}/\"}",
                false,
            ),
            ("export const permalink = false;", "{\"permalink\":false}", false),
            ("module.exports.draft = true\nmodule.exports.layout = 'x'", "{\"draft\":true}", false),
            ("// draft: true\n/* permalink: false */\nexport default { url: 'https://x.example/draft' }", "{}", false),
            ("export default { permalink: (data) => `/blog/${data.page.fileSlug}/` }", "{}", false),
            (
                "export default { eleventyComputed: { permalink: data => data.draft && process.env.NODE_ENV == 'production' ? false : data.permalink } }",
                "{}",
                false,
            ),
            ("export default { eleventyExcludeFromCollections: data => !!data.draft }", "{}", false),
            ("export default { permalink: data => data.status === 'private' ? false : '/x/' }", "{}", true),
            ("export default { permalink: ({ secret, page }) => !secret && page.url }", "{}", true),
            ("export default { permalink: data => data.draft || data['secret'] ? false : '/x/' }", "{}", true),
            ("export default { draft: process.env.CONTEXT !== 'x' }", "{}", true),
            ("const draft = isDraft(); export default { draft }", "{}", true),
            ("export default () => { return { eleventyExcludeFromCollections: hidden() } }", "{}", true),
            ("export default { permalink: process.env.X ? false : undefined }", "{}", true),
        ] {
            let (said, unsure) = said(program);
            assert_eq!((Value::from(said).to_string().as_str(), unsure), (values, is_unsure), "{program}");
        }
    }

    #[test]
    fn settings_that_may_hide_texts_are_known() {
        for (program, expected) in [
            (
                "c.addPreprocessor('drafts', '*', (data) => { if (data.draft && process.env.ELEVENTY_RUN_MODE === 'build') { return false; } });",
                false,
            ),
            ("c.addPreprocessor('hidden', 'md', data => { if (data.visibility == 'private') return false; })", true),
            ("c.addGlobalData('eleventyComputed.permalink', () => data => data.draft ? false : data.permalink)", false),
            ("c.addGlobalData('permalink', () => (data) => { if (data.page.date > now()) return false; })", true),
            ("c.addGlobalData('site.name', process.env.X != null)", false),
            ("c.addPassthroughCopy('x'); if (a == b) c.addGlobalData('x', false)", false),
        ] {
            assert_eq!(may_hide(program), expected, "{program}");
        }
    }

    proptest! {
        #[test]
        fn no_program_panics(text in "(?s).{0,80}", program in "(draft|permalink|false|data|[:=>.(){}'\"`$ \n/*!,é\\\\]){0,40}") {
            said(&text);
            said(&program);
            may_hide(&format!("x.addPreprocessor({program}"));
        }
    }
}
