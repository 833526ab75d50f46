//! Places of a text that its own links lead to: headings by the names that they have here, others by an empty element.

use std::collections::{HashMap, HashSet};

use super::{is_own_block, notes::Notes, short};
use crate::{
    model::remark::{Remark, remark},
    text::{
        dom::{Data, Dom},
        sanitise,
        slug::{numbered, slug},
    },
};

/// Places of one text; links to more stay as they are.
const MAX_PLACES: usize = 2000;
/// Elements that a place cannot stand in: it stands before them.
const BEFORE: [&str; 23] = [
    "table", "ul", "ol", "dl", "menu", "dir", "img", "pre", "hr", "br", "figure", "iframe", "video", "audio", "embed",
    "object", "details", "code", "tt", "math", "input", "svg", "select",
];
/// Elements between a table and its cells.
const ROWS: [&str; 5] = ["thead", "tbody", "tfoot", "tr", "colgroup"];

/// Leads the links of a text to the places that they mean, and keeps what marks those; what leads nowhere, a line each.
pub(super) fn lead(dom: &mut Dom, notes: &Notes) -> Vec<Remark> {
    let mut links: Vec<(usize, String)> = Vec::new();
    let mut ids: HashMap<String, usize> = HashMap::new();
    for id in 1..dom.len() {
        let name = dom.attribute(id, "name").filter(|_| dom.name(id) == "a");
        for place in [dom.attribute(id, "id"), name].into_iter().flatten().filter(|place| !place.is_empty()) {
            ids.entry(place.to_owned()).or_insert(id);
        }
        let to = dom.attribute(id, "href").and_then(|href| href.trim().strip_prefix('#'));
        if let Some(to) = to.filter(|_| dom.name(id) == "a" && notes.mark(id).is_none() && !notes.is_back(id)) {
            let to = percent_encoding::percent_decode_str(to).decode_utf8_lossy().into_owned();
            links.push((id, to));
        }
    }
    if links.is_empty() {
        return Vec::new();
    }
    // What no link leads to, Markdown does not keep.
    let wanted: HashSet<&str> = links.iter().map(|(_, to)| to.as_str()).collect();
    ids.retain(|id, _| wanted.contains(id.as_str()));
    if ids.len() > MAX_PLACES {
        return vec![remark("lost-places")];
    }
    let mut places = Places { names: names(dom, notes, &ids), marked: HashMap::new(), ids };
    let mut led: HashMap<String, Option<String>> = HashMap::new();
    let mut lost = Vec::new();
    for (link, to) in links {
        if !led.contains_key(&to) {
            if led.len() >= MAX_PLACES {
                continue;
            }
            let place = places.find(dom, notes, &to).unwrap_or_else(|| {
                lost.push(remark("lost-place").put("place", short(&to)));
                None
            });
            led.insert(to.clone(), place);
        }
        if let Some(Some(place)) = led.get(&to) {
            dom.set(link, "href", format!("#{place}"));
        }
    }
    lost
}

struct Places {
    ids: HashMap<String, usize>,
    /// The names that headings will have.
    names: HashMap<usize, String>,
    /// Places that are marked by an element already.
    marked: HashMap<usize, String>,
}

impl Places {
    /// What a link to `#to` is to lead to; `Some(None)`: what it leads to now. `None`: there is no such place.
    fn find(&mut self, dom: &mut Dom, notes: &Notes, to: &str) -> Option<Option<String>> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(&target) = self.ids.get(to) else {
            // Comments of WordPress keep their numbers here.
            if to.strip_prefix("comment-").is_some_and(is_number) {
                return Some(None);
            }
            if matches!(to, "comments" | "respond" | "comment") || to.strip_prefix('c').is_some_and(is_number) {
                return Some(Some("comments".to_owned()));
            }
            // The page itself, and headings that are spelled almost so, are found as they are.
            let letters = letters(to);
            let is_found = letters.is_empty()
                || matches!(to, "top" | "more" | "content" | "main")
                || self.names.values().any(|name| self::letters(name) == letters);
            return is_found.then_some(None);
        };
        if let Some(name) = heading_of(dom, target).and_then(|heading| self.names.get(&heading)) {
            return Some(Some(name.clone()));
        }
        // The text of a footnote stands elsewhere.
        if notes.is_text(target) {
            return Some(None);
        }
        if let Some(place) = self.marked.get(&target) {
            return Some(Some(place.clone()));
        }
        let place =
            if sanitise::is_id(to) { to.to_owned() } else { format!("place-{}", self.marked.len().saturating_add(1)) };
        mark(dom, target, &place);
        self.marked.insert(target, place.clone());
        Some(Some(place))
    }
}

/// The name that each heading will have, as [`crate::text::decorate`] gives it; those are left out that are not sure of it.
fn names(dom: &Dom, notes: &Notes, ids: &HashMap<String, usize>) -> HashMap<usize, String> {
    let mut names = HashMap::new();
    let mut unsure: HashSet<String> = HashSet::from([String::new(), "more".to_owned()]);
    unsure.extend(ids.iter().filter(|(_, id)| heading_of(dom, **id).is_none()).map(|(name, _)| name.clone()));
    let mut taken: HashSet<String> = HashSet::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for id in dom.inside(Dom::ROOT).into_iter().filter(|id| is_heading(dom, *id)) {
        let inside = dom.inside(id);
        if inside.iter().any(|inner| is_own_block(dom, *inner)) {
            continue;
        }
        let base = slug(&dom.text(id));
        let is_raw = above(dom, id).any(|above| matches!(dom.name(above), "table" | "dl"));
        if is_raw || inside.iter().any(|inner| notes.mark(*inner).is_some()) {
            unsure.insert(base.clone());
        }
        let unique = numbered(base.clone(), &taken, &mut counts);
        taken.insert(unique.clone());
        if !base.is_empty() {
            names.insert(id, unique);
        }
    }
    names.retain(|id, name| !unsure.contains(name) && !unsure.contains(&slug(&dom.text(*id))));
    names
}

fn is_heading(dom: &Dom, id: usize) -> bool {
    matches!(dom.name(id), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// What a node stands in, from the nearest on.
fn above(dom: &Dom, id: usize) -> impl Iterator<Item = usize> {
    let next = |id: usize| Some(dom.parent(id)).filter(|parent| *parent != Dom::ROOT);
    std::iter::successors(next(id), move |id| next(*id)).take(64)
}

/// The heading that a place means: the one that it is, that it stands in, or that it stands right before.
fn heading_of(dom: &Dom, id: usize) -> Option<usize> {
    let within = std::iter::once(id).chain(above(dom, id)).find(|id| is_heading(dom, *id));
    if within.is_some() || !is_empty(dom, id) {
        return within;
    }
    let after = |id: usize| {
        let beside = dom.children(dom.parent(id));
        let at = beside.iter().position(|other| *other == id)?;
        beside.get(at + 1..)?.iter().copied().find(|other| !is_gap(dom, *other))
    };
    let next = after(id).or_else(|| {
        let parent = dom.parent(id);
        if parent != Dom::ROOT && is_empty(dom, parent) { after(parent) } else { None }
    });
    next.filter(|next| is_heading(dom, *next))
}

fn is_gap(dom: &Dom, id: usize) -> bool {
    match dom.data(id) {
        Some(Data::Text(text)) => text.trim().is_empty(),
        Some(Data::Comment(text)) => text.trim() != "more",
        _ => false,
    }
}

/// Whether nothing can be seen of a node.
fn is_empty(dom: &Dom, id: usize) -> bool {
    dom.inside(id).into_iter().chain([id]).all(|inner| match dom.data(inner) {
        Some(Data::Element(..)) => matches!(dom.name(inner), "a" | "span" | "p" | "div"),
        _ => is_gap(dom, inner),
    })
}

/// Marks a place by an element of its own, where Markdown would not keep its id.
fn mark(dom: &mut Dom, target: usize, place: &str) {
    if dom.name(target) == "a" && !above(dom, target).any(|above| dom.name(above) == "a") {
        dom.set(target, "id", place.to_owned());
        return;
    }
    // One of the two is enough.
    dom.set(target, "id", String::new());
    let row = if ROWS.contains(&dom.name(target)) {
        above(dom, target).find(|above| dom.name(*above) == "table")
    } else {
        None
    };
    let link = above(dom, target).filter(|above| dom.name(*above) == "a").last();
    let first = dom.children(target).first().copied().filter(|_| !BEFORE.contains(&dom.name(target)));
    let before = link.or(row).or(first).unwrap_or(target);
    let element = dom.element("a", &[("id", place)], Vec::new());
    dom.replace(before, vec![element, before]);
}

/// How names are compared by whoever follows a link.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
