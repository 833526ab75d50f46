//! Texts that qTranslate and its heirs keep in several languages at once: one of them comes.

use std::{borrow::Cow, collections::BTreeSet};

use super::{Filed, Reader, Record};

/// What the text that is kept says of the languages that are not in it, where what reads it next can tell of them.
pub(super) const LEFT: &str = "languages-left ";

/// A mark at the beginning of a text, `[:de]` or `<!--:de-->`: its language, none where what follows is for all; and how long it is.
fn mark(text: &str) -> Option<(Option<&str>, usize)> {
    [("[:", "]"), ("<!--:", "-->")].into_iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(open)?;
        if inside.starts_with(close) {
            return Some((None, open.len() + close.len()));
        }
        let tag = inside.get(..2).filter(|tag| tag.bytes().all(|byte| byte.is_ascii_lowercase()))?;
        inside.get(2..)?.starts_with(close).then(|| (Some(tag), open.len() + 2 + close.len()))
    })
}

/// A text in one language: that of the blog if it is there, else the first; and which others it was in. Without marks it stays.
fn chosen<'a>(text: &'a str, wanted: &str) -> (Cow<'a, str>, BTreeSet<&'a str>) {
    // Parts and the language of each.
    let mut parts: Vec<(Option<&str>, &str)> = Vec::new();
    let (mut language, mut start) = (None, 0);
    let mut passed = 0;
    for (at, _) in text.match_indices(['[', '<']) {
        let Some((next, length)) = text.get(at..).filter(|_| at >= passed).and_then(mark) else { continue };
        parts.push((language, text.get(start..at).unwrap_or_default()));
        (language, start, passed) = (next, at + length, at + length);
    }
    parts.push((language, text.get(start..).unwrap_or_default()));
    let mut others: BTreeSet<&str> =
        parts.iter().filter(|(_, part)| !part.trim().is_empty()).filter_map(|(tag, _)| *tag).collect();
    let first = parts.iter().find_map(|(tag, part)| tag.filter(|_| !part.trim().is_empty()));
    let Some(shown) = others.get(wanted).copied().or(first) else { return (Cow::Borrowed(text), BTreeSet::new()) };
    others.remove(shown);
    let kept = parts.iter().filter(|(tag, _)| tag.is_none_or(|tag| tag == shown));
    (Cow::Owned(kept.map(|(_, part)| *part).collect()), others)
}

impl Reader {
    /// The language of the blog, as marks name it.
    fn main_language(&self) -> &str {
        let tag = self.about.language.as_deref().unwrap_or_default();
        tag.split(['-', '_']).next().unwrap_or_default()
    }

    /// Lines of a record in the language of the blog.
    pub(super) fn in_one_language(&self, fields: &mut Record, names: &[&str]) {
        for name in names {
            let told = fields.take(name);
            fields.set(name, chosen(&told, self.main_language()).0.into_owned());
        }
    }

    /// The names of terms in the language of the blog.
    pub(super) fn terms_in_one_language(&self, filed: &mut [Filed]) {
        for filed in filed {
            filed.name = chosen(&filed.name, self.main_language()).0.into_owned();
        }
    }

    /// A text in the language of the blog, with a word of what was left.
    pub(super) fn text_in_one_language<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let (text, others) = chosen(text, self.main_language());
        if others.is_empty() {
            return text;
        }
        let others: Vec<&str> = others.into_iter().collect();
        Cow::Owned(format!("{text}<!-- {LEFT}{} -->", others.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_languages_the_blogs_own_is_chosen_else_the_first() {
        for (text, wanted, shown, others) in [
            ("[:de]Titel[:en]Title[:]", "en", "Title", vec!["de"]),
            ("a [:de]Titel[:en]Title[:] b", "fr", "a Titel b", vec!["en"]),
            ("<!--:de-->Eins<!--:--><!--:en-->One<!--:-->\n", "en", "One\n", vec!["de"]),
            ("[:de][:en]Only[:]", "de", "Only", vec![]),
            ("no [:] [:toolong] <!--more--> [x]", "en", "no [:] [:toolong] <!--more--> [x]", vec![]),
        ] {
            let (text, left) = chosen(text, wanted);
            assert_eq!((text.as_ref(), left.into_iter().collect::<Vec<_>>()), (shown, others));
        }
    }
}
