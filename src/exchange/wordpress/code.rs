//! Code that a plugin of WordPress's drew: kept as it was typed, `<` and all, where HTML would have had it escaped.

use std::fmt::Write;

use super::body;

const PRE: &str = "</pre>";
const CODE: &str = "</code>";
/// Elements that a visual editor puts into code, where everything else was escaped.
const OF_EDITORS: [&str; 10] = ["br", "span", "code", "strong", "em", "b", "i", "mark", "a", "p"];
/// Languages in which those are code.
const MARKUP: [&str; 8] = ["html", "xhtml", "html4strict", "html5", "xml", "php", "jsp", "markup"];
/// How the classes begin by which code names its language to a plugin.
const CLASSES: [&str; 3] = ["brush:", "lang:", "EnlighterJSRAW"];

/// No longer tag is looked at.
const MAX_TAG: usize = 1000;

/// The text with what is code escaped, so that nothing in it is an element or a shortcode.
pub(super) fn with_code(html: &str) -> String {
    coded(html, false)
}

fn coded(html: &str, is_in_pre: bool) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    // An end that is missing once is missing from there on.
    let mut endless: Vec<&str> = Vec::new();
    while let Some(at) = rest.find('<') {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let Some(Code { tag, inner, close, behind }) = Code::at(after, &mut endless) else {
            text.push('<');
            rest = after.get(1..).unwrap_or_default();
            continue;
        };
        rest = behind;
        let Some(language) = language(tag) else {
            text.extend([tag, &coded(inner, true), close]);
            continue;
        };
        let code = if is_raw(inner, language) { body::escaped(inner) } else { inner.to_owned() };
        let code = code.replace('[', "&#91;");
        if close == CODE && !is_in_pre && inner.trim().contains('\n') {
            let (language, code) = (body::escaped(language), code.trim_matches('\n'));
            let _ = write!(text, "\n\n<pre><code class=\"language-{language}\">{code}</code></pre>\n\n");
        } else {
            text.extend([tag, &code, close]);
        }
    }
    text.push_str(rest);
    text
}

/// An element that holds code.
struct Code<'a> {
    tag: &'a str,
    inner: &'a str,
    close: &'static str,
    behind: &'a str,
}

impl<'a> Code<'a> {
    /// The one at the beginning of a text: all of `<pre>`, and `<code>` where it names its language.
    fn at(text: &'a str, endless: &mut Vec<&'static str>) -> Option<Self> {
        let close = [("<pre", PRE), ("<code", CODE)].into_iter().find(|(open, _)| text.starts_with(open))?.1;
        let most = (0..=MAX_TAG.min(text.len())).rev().find(|most| text.is_char_boundary(*most))?;
        let head = text.get(..most).filter(|head| head.contains('>'))?;
        let (tag, inner) = text.split_at(body::tag_length(head)?);
        if endless.contains(&close) || close == CODE && language(tag).is_none() {
            return None;
        }
        let Some(end) = inner.find(close) else {
            endless.push(close);
            return None;
        };
        let (inner, behind) = inner.split_at(end);
        Some(Self { tag, inner, close, behind: behind.get(close.len()..)? })
    }
}

/// The language that a tag names to a plugin; `None`: it is no code of one.
fn language(tag: &str) -> Option<&str> {
    let class = body::attribute(tag, "class").unwrap_or_default();
    let named = CLASSES.iter().find_map(|begins| class.split_once(begins).map(|(_, behind)| behind));
    let said = ["lang", "data-enlighter-language"].iter().find_map(|name| body::attribute(tag, name));
    said.or_else(|| named.and_then(|behind| behind.trim_start().split([' ', ';']).next()))
}

/// Whether what is between the tags was not escaped.
fn is_raw(inner: &str, language: &str) -> bool {
    if inner.contains("&lt;") || inner.contains("&gt;") || !inner.contains('<') {
        return false;
    }
    let is_markup = MARKUP.iter().any(|known| known.eq_ignore_ascii_case(language));
    let is_of_an_editor = |after: &str| {
        let name = after.trim_start_matches('/');
        let (name, behind) =
            name.split_at(name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len()));
        // `a<b && c>d` is no element.
        let is_tag =
            ["/", ""].iter().any(|end| behind.trim_start().strip_prefix(end).is_some_and(|end| end.starts_with('>')))
                || behind.starts_with(' ') && behind.split_once('>').is_some_and(|(list, _)| list.contains("=\""));
        is_tag && OF_EDITORS.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    is_markup || !inner.split('<').skip(1).all(is_of_an_editor)
}
