//! Where a site had its front pages, its lists, and their feeds: those of its sections, languages, labels and people.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Outcome, address};
use crate::model::incoming::{Item, Person, Refused, Tell, Term};

/// Where feeds are: Hugo's, Zola's two. Jekyll's has the address that ours has.
const FEEDS: [(&str, &str); 3] = [("index.xml", "/feed.rss"), ("rss.xml", "/feed.rss"), ("atom.xml", "/feed.xml")];

/// What its texts tell of them.
#[derive(Default)]
pub(super) struct Lists {
    /// The lists of what has a label, by its name; and of what somebody wrote.
    terms: BTreeMap<String, Vec<String>>,
    people: BTreeMap<String, Vec<String>>,
    /// The lists of labels: `tags` above `tags/tea`.
    tops: BTreeSet<String>,
    sections: BTreeSet<String>,
    /// The folders of languages.
    languages: BTreeSet<String>,
}

impl Lists {
    /// Notes what a text is in.
    pub(super) fn note(&mut self, found: &Found, Outcome { entry, prefix, others, .. }: &Outcome) {
        let site = found.source.site();
        if !entry.is_page && !entry.is_draft {
            self.sections.extend(found.sections());
        }
        let in_language = |path: String| prefix.as_ref().map_or(path.clone(), |prefix| format!("{prefix}/{path}"));
        let tags = entry.tags.iter().map(|name| ("tags", name));
        let categories = entry.categories.iter().map(|name| ("categories", name));
        let others = others.iter().map(|(list, name)| (list.as_str(), name));
        let lists =
            |taxonomy: &str, name: &str| address::lists(taxonomy, name, site.spelling).into_iter().map(in_language);
        for (taxonomy, name) in tags.chain(categories).chain(others) {
            note(self.terms.entry(name.clone()).or_default(), lists(taxonomy, name));
            self.tops.insert(in_language(taxonomy.to_owned()));
        }
        if site.is_hugo || site.is_zola {
            for name in &entry.authors {
                note(self.people.entry(name.clone()).or_default(), lists("authors", name));
            }
        }
        if site.is_hugo {
            // They are there without labels, too.
            self.tops.extend(["tags", "categories"].map(|list| in_language(list.to_owned())));
            self.tops.extend(site.cascade.taxonomies().iter().map(|list| in_language(list.clone())));
        }
        self.languages.extend(prefix.clone());
        if site.is_hugo {
            // The one without a folder leads from that to the front page.
            self.languages.extend(site.languages.iter().map(|(language, _)| language.clone()));
        }
    }

    /// Tells of them. `below`: the addresses that a path may have had.
    pub(super) fn tell(self, below: &dyn Fn(Vec<String>) -> Vec<String>, tell: &mut Tell<'_>) -> Result<(), Refused> {
        let all = [(self.sections, "/"), (self.tops, "/archive"), (self.languages.clone(), "/")];
        for (from, to) in all.iter().flat_map(|(paths, to)| paths.iter().map(move |path| (path, to))) {
            for from in below(vec![from.clone()]) {
                tell(Item::Moved { from, to: (*to).to_owned() })?;
            }
        }
        for (name, old_paths) in self.terms {
            tell(Item::Term(Term { key: name.clone(), name, old_paths: below(old_paths) }))?;
        }
        for (name, old_paths) in self.people {
            let person = Person { key: name.clone(), name, old_paths: below(old_paths), ..Person::default() };
            tell(Item::Person(person))?;
        }
        let folders = self.languages.iter().map(|language| format!("{language}/")).chain([String::new()]);
        for (folder, (from, to)) in folders.flat_map(|folder| FEEDS.map(|feed| (folder.clone(), feed))) {
            for from in below(vec![format!("{folder}{from}")]) {
                tell(Item::Moved { from, to: to.to_owned() })?;
            }
        }
        Ok(())
    }
}

/// Notes paths that are not known yet.
fn note(known: &mut Vec<String>, paths: impl Iterator<Item = String>) {
    for path in paths {
        if !known.contains(&path) {
            known.push(path);
        }
    }
}
