//! Names that a text gives to its headings: `{#id}` goes, and links of the text lead to what the headings are called here.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{
    links,
    tags::{arguments, is_one},
};
use crate::{
    exchange::short,
    model::remark::{Remark, remark},
    text::slug::{numbered, slug},
};

/// No name is longer.
const MAX_NAME: usize = 200;

/// A heading of a text.
#[derive(Default)]
struct Heading {
    text: String,
    /// Whether its words are those that readers see.
    is_plain: bool,
    /// The name that it is given.
    id: Option<String>,
    /// Where that stands.
    at: Option<Range<usize>>,
}

/// A text without what names its headings; says which links lead to none of them any more.
pub(super) fn named(body: &str, warnings: &mut Vec<Remark>) -> String {
    if !body.contains("#") {
        return body.to_owned();
    }
    let headings = headings(body);
    let places = Places::of(&headings, body);
    let mut without = String::with_capacity(body.len());
    let mut done = 0;
    for at in headings.iter().filter_map(|heading| heading.at.clone()) {
        // A heading begins behind the one before.
        without.push_str(body.get(done..at.start).unwrap_or_default());
        done = at.end;
    }
    without.push_str(&body[done..]);
    if headings.is_empty() {
        return without;
    }
    let destinations = links::destinations(&without);
    let mut lost = HashSet::new();
    let new = links::rewrite(&without, &destinations, &|link| {
        let place = percent_decode_str(link.url.strip_prefix('#')?).decode_utf8_lossy();
        places.name(&place).map(|name| format!("#{name}"))
    });
    for link in &destinations {
        let place = link.url.strip_prefix('#').map(|place| percent_decode_str(place).decode_utf8_lossy());
        if let Some(place) = place
            && places.unsure.contains(place.as_ref())
            && lost.insert(place.to_string())
        {
            warnings.push(remark("lost-place").put("place", short(&place)));
        }
    }
    new
}

struct Places {
    /// What headings are called here, by the names that they were given, and by their letters alone as their systems name them.
    given: HashMap<String, String>,
    alike: HashMap<String, String>,
    /// Names that are given to headings of which it is not known how they are called here.
    unsure: HashSet<String>,
}

impl Places {
    fn of(headings: &[Heading], body: &str) -> Self {
        let mut places = Self { given: HashMap::new(), alike: HashMap::new(), unsure: HashSet::new() };
        let mut taken = HashSet::from(["more".to_owned()]);
        let elements = elements(body);
        let (mut counts, mut times) = (HashMap::new(), HashMap::<String, usize>::new());
        for heading in headings {
            let base = slug(&heading.text);
            let base = if base.is_empty() { "section".to_owned() } else { base };
            let name = numbered(base, &taken, &mut counts);
            taken.insert(name.clone());
            // An element of that name would move its number on.
            let is_sure = heading.is_plain && !elements.contains(name.as_str());
            match &heading.id {
                Some(id) if is_sure => {
                    places.given.entry(id.clone()).or_insert_with(|| name.clone());
                }
                Some(id) => {
                    places.unsure.insert(id.clone());
                }
                None => {}
            }
            let letters = letters(&heading.text);
            let time = times.entry(letters.clone()).or_default();
            let letters = if *time > 0 { format!("{letters}{time}") } else { letters };
            *time += 1;
            if is_sure && !letters.is_empty() {
                places.alike.entry(letters).or_insert(name);
            }
        }
        places.unsure.retain(|id| !places.given.contains_key(id));
        places
    }

    /// What a link to a place is to lead to, where it does not find it by itself.
    fn name(&self, place: &str) -> Option<&str> {
        let letters_of_place = letters(place);
        let name = self.given.get(place).or_else(|| self.alike.get(&letters_of_place))?;
        (letters(name) != letters_of_place || self.given.contains_key(place) && name != place).then_some(name)
    }
}

/// The names that elements of HTML have.
fn elements(body: &str) -> HashSet<&str> {
    let named = ["id=\"", "name=\""].into_iter().flat_map(|key| body.match_indices(key));
    let names = named.filter_map(|(at, key)| {
        let rest = &body[at + key.len()..];
        let length = rest.bytes().take(MAX_NAME).position(|byte| byte == b'"')?;
        Some(&rest[..length])
    });
    names.collect()
}

/// How names are compared by whoever follows a link.
fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn headings(body: &str) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut open: Option<Heading> = None;
    let mut pictures = 0_usize;
    for (event, range) in
        Parser::new_ext(body, links::options() | Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter()
    {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { id, classes, attrs, .. }), _) => {
                let is_named = id.is_some() || !classes.is_empty() || !attrs.is_empty();
                let at = if is_named { attributes(body, range) } else { None };
                let id = id.filter(|_| at.is_some()).map(|id| id.to_string());
                open = Some(Heading { is_plain: is_named == at.is_some(), id, at, ..Heading::default() });
            }
            (Event::End(TagEnd::Heading(_)), _) => headings.extend(open.take()),
            (Event::Start(Tag::Image { .. }), _) => pictures += 1,
            (Event::End(TagEnd::Image), _) => pictures = pictures.saturating_sub(1),
            (Event::Text(text) | Event::Code(text), Some(heading)) if pictures == 0 => {
                heading.is_plain &= !text.contains('$');
                heading.text.push_str(&text);
            }
            (Event::SoftBreak | Event::HardBreak, Some(heading)) => heading.text.push(' '),
            (Event::InlineHtml(_) | Event::Html(_) | Event::FootnoteReference(_), Some(heading)) => {
                heading.is_plain = false;
            }
            _ => {}
        }
    }
    headings
}

/// Where the list of attributes stands behind the words of a heading, with the blanks before it.
fn attributes(body: &str, range: Range<usize>) -> Option<Range<usize>> {
    let heading = body[range.clone()].trim_end();
    // The line below it, or the marks behind it.
    let text = heading.trim_end_matches(['=', '-', '#', ' ', '\t', '\r', '\n', '>']);
    let inner = text.strip_suffix('}')?;
    let start = inner.rfind('{')?;
    let list = arguments(&inner[start + 1..]);
    let is_list = !list.is_empty() && list.iter().all(|(key, value)| is_one(*key, value));
    let before = inner[..start].trim_end_matches([' ', '\t']).len();
    is_list.then(|| range.start + before..range.start + text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> (String, usize) {
        let mut warnings = Vec::new();
        (named(body, &mut warnings), warnings.len())
    }

    #[test]
    fn a_text_of_nothing_but_headings_is_read_in_little_time() {
        let start = std::time::Instant::now();
        for part in ["# a {#b}\n", "[a](#b)\n# a {#b}\n", "# <a id=\"a\"></a> {.b}\n"] {
            of(&part.repeat(50_000));
        }
        assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
    }

    #[test]
    fn names_of_headings_go_and_links_to_them_lead_there() {
        for (body, expected) in [
            (
                "## Set up {#install}\n\n[a](#install) <a href=\"#install\">b</a>\n",
                "## Set up\n\n[a](#set-up) <a href=\"#set-up\">b</a>\n",
            ),
            ("## Set up {#set-up}\n\n[a](#set-up)\n", "## Set up\n\n[a](#set-up)\n"),
            ("Set up {#in .big}\n======\n\n[a][b]\n\n[b]: #in\n", "Set up\n======\n\n[a][b]\n\n[b]: #set-up\n"),
            ("# `a` and *b* {.big key=\"x\"}\n", "# `a` and *b*\n"),
            ("## A {#x}\n## A {#y}\n[1](#x) [2](#y)\n", "## A\n## A\n[1](#a) [2](#a-2)\n"),
            ("## Größe\n[1](#größe) [2](#gr%C3%B6%C3%9Fe)\n", "## Größe\n[1](#grosse) [2](#grosse)\n"),
            ("## A\n## A\n[1](#a) [2](#a-1)\n", "## A\n## A\n[1](#a) [2](#a-2)\n"),
            ("## The set {a, b} and {x}\n## {#}\n", "## The set {a, b} and {x}\n## {#}\n"),
            ("```\n## A {#x}\n```\n[a](#x)\n", "```\n## A {#x}\n```\n[a](#x)\n"),
        ] {
            assert_eq!(of(body), (expected.to_owned(), 0), "{body}");
        }
        let (body, lost) = of("## A[^1] {#x}\n[a](#x) [b](#x)\n\n[^1]: y\n");
        assert_eq!((body.as_str(), lost), ("## A[^1]\n[a](#x) [b](#x)\n\n[^1]: y\n", 1));
    }
}
