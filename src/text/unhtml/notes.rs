//! Footnotes as sites write them: a mark that leads to a text, in which a link leads back.

use std::collections::{HashMap, HashSet};

use crate::text::dom::Dom;

/// Links back from one footnote that are looked at.
const MAX_BACK: usize = 50;

/// The footnotes of a text.
#[derive(Default)]
pub(super) struct Notes {
    /// Links that are marks, and the text that each leads to.
    marks: HashMap<usize, usize>,
    /// The texts, in the order of their first marks, and the number of each.
    texts: Vec<usize>,
    numbers: HashMap<usize, usize>,
    /// Links back.
    back: HashSet<usize>,
    /// What is between a mark and its line of text: `sup`.
    around: HashSet<usize>,
    /// What holds the texts.
    holders: HashSet<usize>,
}

impl Notes {
    pub(super) fn of(dom: &Dom) -> Self {
        let mut notes = Self::default();
        let mut ids: HashMap<&str, usize> = HashMap::new();
        let mut links: Vec<(usize, &str)> = Vec::new();
        for id in 1..dom.len() {
            for name in ["id", "name"] {
                if let Some(value) = dom.attribute(id, name) {
                    ids.entry(value).or_insert(id);
                }
            }
            if let Some(to) = dom.attribute(id, "href").and_then(|href| href.strip_prefix('#')) {
                links.push((id, to));
            }
        }
        // From where each link back leads to where: by the text that it stands in.
        let mut returns: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
        for (link, to) in &links {
            let Some(target) = ids.get(to).copied().filter(|target| target < link) else { continue };
            let mut at = dom.parent(*link);
            let mut levels = 0;
            while at != Dom::ROOT && levels < 6 {
                if dom.attribute(at, "id").is_some() {
                    let known = returns.entry(at).or_default();
                    if known.len() < MAX_BACK {
                        known.push((*link, target));
                    }
                }
                at = dom.parent(at);
                levels += 1;
            }
        }
        for (link, to) in &links {
            let Some(text) = ids.get(to).copied().filter(|text| text > link) else { continue };
            let Some(back) = returns.get(&text) else { continue };
            let is_mark = dom.text(*link).trim().chars().count() <= 6;
            if !is_mark || !matches!(dom.name(text), "li" | "p" | "div" | "dd" | "aside") {
                continue;
            }
            // A few marks may lead to one text, each with its own link back.
            let is_near = |target: usize| {
                target == *link
                    || dom.parent(*link) == target
                    || dom.parent(target) == *link
                    || dom.parent(target) == dom.parent(*link)
            };
            if !back.iter().any(|(_, target)| is_near(*target)) && !notes.numbers.contains_key(&text) {
                continue;
            }
            notes.back.extend(back.iter().map(|(link, _)| *link));
            notes.marks.insert(*link, text);
            if dom.name(dom.parent(*link)) == "sup" {
                notes.around.insert(dom.parent(*link));
            }
            if !notes.numbers.contains_key(&text) && notes.texts.len() < 1000 {
                notes.texts.push(text);
                notes.numbers.insert(text, notes.texts.len());
                let mut holder = dom.parent(text);
                for _ in 0..3 {
                    if ["class", "role"].iter().any(|name| {
                        dom.attribute(holder, name)
                            .is_some_and(|value| value.contains("footnote") || value.contains("endnote"))
                    }) {
                        notes.holders.insert(holder);
                    }
                    holder = dom.parent(holder);
                }
            }
        }
        notes
    }

    /// The number of the footnote that a link marks.
    pub(super) fn mark(&self, id: usize) -> Option<usize> {
        self.numbers.get(self.marks.get(&id)?).copied()
    }

    /// Whether a link only leads back.
    pub(super) fn is_back(&self, id: usize) -> bool {
        self.back.contains(&id)
    }

    /// Whether an element is there for the mark in it.
    pub(super) fn is_around(&self, id: usize) -> bool {
        self.around.contains(&id)
    }

    /// Whether a node is the text of a footnote.
    pub(super) fn is_text(&self, id: usize) -> bool {
        self.numbers.contains_key(&id)
    }

    /// Whether footnotes stand in a node.
    pub(super) fn is_holder(&self, id: usize) -> bool {
        self.holders.contains(&id)
    }
}

impl super::Writer<'_> {
    /// The footnotes, as they stand at the end.
    pub(super) fn note_blocks(&mut self) -> Vec<super::Block> {
        let texts = self.notes.texts.clone();
        let mut blocks = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let text = self.note_texts.remove(text).unwrap_or_default();
            let mark = format!("[^{}]: ", index + 1);
            blocks.push(super::Block::text(super::behind(&text, &mark, "    ")));
        }
        blocks
    }
}
