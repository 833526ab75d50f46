//! What Jekyll makes of a path: which texts its defaults are for, and which it passes over.

use super::patterns;
use crate::exchange::front_matter::{Cascade, Collection, Defaults};

/// What Jekyll's settings say of some texts.
#[derive(Debug, Default)]
pub(super) struct Jekyll {
    /// The widest first.
    pub defaults: Vec<Defaults>,
    pub collections: Vec<Collection>,
    pub included: Vec<String>,
    /// How the addresses of collections are made where they do not say it.
    pub style: Option<String>,
}

/// Its folders of posts.
const OF_POSTS: [&str; 2] = ["_posts", "_drafts"];
/// Folders of the programs that it needs, which it passes over.
const OF_OTHERS: [&str; 4] = ["vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby"];

impl Jekyll {
    /// What is said for a text besides what it says itself, the nearest first.
    pub(super) fn above(&self, path: &str) -> impl Iterator<Item = &Cascade> {
        let kind = self.kind(path).to_lowercase();
        let is_for = move |defaults: &&Defaults| {
            let is_of = defaults.of.as_ref().is_none_or(|of| of.trim_start_matches(':').to_lowercase() == kind);
            let is_below = match defaults.path.contains('*') {
                true => patterns::is_left_out(&format!("{}*", defaults.path), path),
                false => path.starts_with(&defaults.path),
            };
            is_of && is_below
        };
        self.defaults.iter().rev().filter(is_for).map(|defaults| &defaults.values)
    }

    /// What the address of a text is made of that is no post, and the name of its collection, or nothing.
    pub(super) fn page(&self, path: &str) -> Option<(String, String)> {
        let is_folder = self.style.as_ref().is_some_and(|style| style == "pretty" || style.ends_with('/'));
        let kind = self.kind(path);
        if OF_POSTS.iter().any(|folder| folder.trim_start_matches('_') == kind) {
            return None;
        }
        let is_index = path.rsplit('/').next().is_some_and(|file| file.starts_with("index."));
        let ending = if is_folder || is_index { "/" } else { ":output_ext" };
        Some(match self.named(kind) {
            Some(Collection { name, permalink: Some(permalink), .. }) => (permalink.clone(), name.clone()),
            Some(Collection { name, .. }) => (format!("/:collection/:path{ending}"), name.clone()),
            None => (format!("/:path{ending}"), String::new()),
        })
    }

    fn named(&self, name: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.name.eq_ignore_ascii_case(name) && name != "posts")
    }

    fn kind<'p>(&self, path: &'p str) -> &'p str {
        let mut folders: Vec<&str> = path.split('/').collect();
        folders.pop();
        if folders.contains(&"_drafts") {
            return "drafts";
        }
        let name = folders.into_iter().filter_map(|folder| folder.strip_prefix('_'));
        name.into_iter().find(|name| *name == "posts" || self.named(name).is_some()).unwrap_or("pages")
    }

    /// Whether Jekyll makes no page of a text: it is in a folder, or has a name, with `_` before it, or is a post without its day.
    pub(super) fn passes_over(&self, path: &str, has_day: bool) -> bool {
        let is_known = |part: &str| {
            let collection = part.strip_prefix('_').and_then(|name| self.named(name));
            OF_POSTS.contains(&part)
                || collection.is_some_and(|collection| collection.is_shown)
                || self.included.iter().any(|included| patterns::is_left_out(included, part))
        };
        let is_post = path.split('/').any(|part| part == "_posts");
        let mut parts = path.split('/');
        parts.any(|part| part.starts_with(['_', '#', '~']) && !is_known(part)) || is_post && !has_day
    }

    /// Whether nothing in a folder is the site's.
    pub(super) fn is_of_others(folder: &str) -> bool {
        OF_OTHERS.contains(&folder)
    }
}
