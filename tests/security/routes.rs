//! The routes of the program, read from its source, and the table that each of them must stand in.

use std::collections::BTreeSet;

use axum::http::Method;

/// A route as `src/web/mod.rs` has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub method: &'static str,
    pub path: String,
}

/// Every route of the program.
pub fn all() -> Vec<Route> {
    let source = include_str!("../../src/web/mod.rs");
    let mut routes = Vec::new();
    for after in source.split(".route(").skip(1) {
        let after = after.trim_start().trim_start_matches("&format!(");
        let (path, rest) = after.strip_prefix('"').and_then(|rest| rest.split_once('"')).expect("a path in quotes");
        let handlers = rest.split(';').next().unwrap().split(".layer(").next().unwrap();
        let methods: Vec<_> = [
            ("GET", "get("),
            ("POST", "post("),
            ("PUT", "put("),
            ("PATCH", "patch("),
            ("DELETE", "delete("),
            ("ANY", "any("),
        ]
        .into_iter()
        .filter(|(_, call)| handlers.contains(&format!(" {call}")) || handlers.contains(&format!(").{call}")))
        .map(|(method, _)| method)
        .collect();
        assert!(!methods.is_empty(), "{path}: no method in {handlers:?}");
        let endings: &[&str] = if path.contains("{ending}") { &["xml", "rss", "json"] } else { &[""] };
        for ending in endings {
            let path = path.replace("{ending}", ending).replace("{{", "{").replace("}}", "}");
            routes.extend(methods.iter().map(|method| Route { method, path: path.clone() }));
        }
    }
    routes
}

/// The least that somebody must be to go through a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Everybody,
    /// Anybody who signs in.
    People,
    /// The same, where the post is theirs to write.
    Writers,
    /// The same, where the file is theirs to change.
    Tenders,
    Editors,
    Owner,
}

/// Every route, with who may use it. A route that is not here is one that no test walks.
pub const TABLE: &[(&str, &str, Who)] = &[
    ("GET", "/", Who::Everybody),
    ("GET", "/archive", Who::Everybody),
    ("GET", "/search", Who::Everybody),
    ("GET", "/tag/{slug}", Who::Everybody),
    ("GET", "/author/{slug}", Who::Everybody),
    ("GET", "/{name}", Who::Everybody),
    ("GET", "/{year}/{month}", Who::Everybody),
    ("GET", "/{year}/{month}/{slug}", Who::Everybody),
    ("GET", "/sitemap.xml", Who::Everybody),
    ("GET", "/robots.txt", Who::Everybody),
    ("GET", "/feed.xml", Who::Everybody),
    ("GET", "/feed.rss", Who::Everybody),
    ("GET", "/feed.json", Who::Everybody),
    ("GET", "/tag/{slug}/feed.xml", Who::Everybody),
    ("GET", "/tag/{slug}/feed.rss", Who::Everybody),
    ("GET", "/tag/{slug}/feed.json", Who::Everybody),
    ("GET", "/comments/feed.xml", Who::Everybody),
    ("GET", "/comments/feed.rss", Who::Everybody),
    ("GET", "/comments/feed.json", Who::Everybody),
    ("GET", "/comments/on/{post}/feed.xml", Who::Everybody),
    ("GET", "/comments/on/{post}/feed.rss", Who::Everybody),
    ("GET", "/comments/on/{post}/feed.json", Who::Everybody),
    ("GET", "/static/{name}", Who::Everybody),
    ("GET", "/static/look/{name}", Who::Everybody),
    ("GET", "/favicon.ico", Who::Everybody),
    ("GET", "/media/{hash}/{name}", Who::Everybody),
    ("GET", "/healthz", Who::Everybody),
    ("POST", "/comments", Who::Everybody),
    ("GET", "/comments/{id}/reply", Who::Everybody),
    ("GET", "/comments/{id}", Who::Everybody),
    ("GET", "/comments/yours/{token}", Who::Everybody),
    ("POST", "/comments/yours/{token}", Who::Everybody),
    ("GET", "/comments/yours", Who::Everybody),
    ("POST", "/comments/yours", Who::Everybody),
    ("GET", "/comments/act/{token}/data.json", Who::Everybody),
    ("GET", "/comments/act/{token}", Who::Everybody),
    ("POST", "/comments/act/{token}", Who::Everybody),
    ("GET", "/draft/{token}", Who::Everybody),
    ("GET", "/setup/{code}", Who::Everybody),
    ("POST", "/setup/{code}", Who::Everybody),
    ("GET", "/admin/sign-in", Who::Everybody),
    ("POST", "/admin/sign-in", Who::Everybody),
    ("POST", "/admin/sign-out", Who::Everybody),
    ("GET", "/admin/forgotten", Who::Everybody),
    ("POST", "/admin/forgotten", Who::Everybody),
    ("GET", "/admin/reset/{token}", Who::Everybody),
    ("POST", "/admin/reset/{token}", Who::Everybody),
    ("GET", "/admin/join/{token}", Who::Everybody),
    ("POST", "/admin/join/{token}", Who::Everybody),
    ("GET", "/admin", Who::People),
    ("GET", "/admin/posts", Who::People),
    ("POST", "/admin/posts", Who::People),
    ("GET", "/admin/posts/new", Who::People),
    ("POST", "/admin/posts/many", Who::People),
    ("POST", "/admin/posts/undo", Who::People),
    ("POST", "/admin/posts/preview", Who::People),
    ("GET", "/admin/posts/{id}", Who::Writers),
    ("POST", "/admin/posts/{id}", Who::Writers),
    ("POST", "/admin/posts/{id}/trash", Who::Writers),
    ("POST", "/admin/posts/{id}/restore", Who::Writers),
    ("POST", "/admin/posts/preview.fragment", Who::People),
    ("GET", "/admin/posts/links", Who::People),
    ("GET", "/admin/tags", Who::People),
    ("POST", "/admin/posts/autosave", Who::People),
    ("POST", "/admin/posts/{id}/autosave", Who::Writers),
    ("GET", "/admin/posts/{id}/changes", Who::Writers),
    ("GET", "/admin/posts/{id}/conflict/{revision}", Who::Writers),
    ("POST", "/admin/posts/{id}/discard", Who::Writers),
    ("POST", "/admin/posts/{id}/duplicate", Who::Writers),
    ("GET", "/admin/posts/{id}/original", Who::Writers),
    ("POST", "/admin/posts/{id}/original", Who::Writers),
    ("GET", "/admin/posts/{id}/revisions", Who::Writers),
    ("POST", "/admin/posts/{id}/revisions/{revision}/restore", Who::Writers),
    ("POST", "/admin/posts/{id}/share", Who::Writers),
    ("POST", "/admin/posts/{id}/template", Who::Writers),
    ("POST", "/admin/posts/{id}/unshare", Who::Writers),
    ("GET", "/admin/comments", Who::Editors),
    ("POST", "/admin/comments", Who::Editors),
    ("POST", "/admin/comments/undo", Who::Editors),
    ("POST", "/admin/comments/list", Who::Editors),
    ("POST", "/admin/comments/empty", Who::Editors),
    ("GET", "/admin/comments/{id}", Who::Editors),
    ("POST", "/admin/comments/{id}", Who::Editors),
    ("POST", "/admin/comments/{id}/edit", Who::Editors),
    ("POST", "/admin/comments/{id}/move", Who::Editors),
    ("POST", "/admin/comments/{id}/list", Who::Editors),
    ("POST", "/admin/comments/{id}/reply", Who::Editors),
    ("GET", "/admin/settings", Who::Owner),
    ("POST", "/admin/settings", Who::Owner),
    ("GET", "/admin/settings/appearance", Who::Owner),
    ("POST", "/admin/settings/appearance", Who::Owner),
    ("POST", "/admin/settings/appearance/preview", Who::Owner),
    ("GET", "/admin/settings/reading", Who::Owner),
    ("POST", "/admin/settings/reading", Who::Owner),
    ("GET", "/admin/settings/comments", Who::Owner),
    ("POST", "/admin/settings/comments", Who::Owner),
    ("GET", "/admin/settings/outside", Who::Owner),
    ("POST", "/admin/settings/outside", Who::Owner),
    ("GET", "/admin/settings/mail", Who::Owner),
    ("POST", "/admin/settings/mail", Who::Owner),
    ("GET", "/admin/settings/backup", Who::Owner),
    ("POST", "/admin/settings/backup", Who::Owner),
    ("GET", "/admin/settings/redirects", Who::Owner),
    ("POST", "/admin/settings/redirects", Who::Owner),
    ("POST", "/admin/settings/redirects/{id}/remove", Who::Owner),
    ("POST", "/admin/settings/redirects/forget", Who::Owner),
    ("GET", "/admin/mail", Who::Owner),
    ("POST", "/admin/mail/{id}/retry", Who::Owner),
    ("GET", "/admin/people", Who::Owner),
    ("POST", "/admin/people", Who::Owner),
    ("POST", "/admin/people/revoke", Who::Owner),
    ("POST", "/admin/people/{id}", Who::Owner),
    ("GET", "/admin/export", Who::Owner),
    ("POST", "/admin/export", Who::Owner),
    ("GET", "/admin/import", Who::Owner),
    ("POST", "/admin/import", Who::Owner),
    ("POST", "/admin/import/act", Who::Owner),
    ("GET", "/admin/import/report", Who::Owner),
    ("GET", "/admin/log", Who::Owner),
    ("GET", "/admin/readers", Who::Editors),
    ("POST", "/admin/readers", Who::Owner),
    ("POST", "/admin/you/profile", Who::People),
    ("GET", "/admin/you/security", Who::People),
    ("POST", "/admin/you/password", Who::People),
    ("POST", "/admin/you/devices", Who::People),
    ("GET", "/admin/you/authenticator", Who::People),
    ("POST", "/admin/you/authenticator", Who::People),
    ("POST", "/admin/you/passkeys", Who::People),
    ("GET", "/admin/you", Who::People),
    ("POST", "/admin/you", Who::People),
    ("GET", "/admin/media", Who::People),
    ("POST", "/admin/media", Who::People),
    ("GET", "/admin/media/offers", Who::People),
    ("GET", "/admin/media/{id}", Who::People),
    ("POST", "/admin/media/{id}", Who::Tenders),
    ("POST", "/admin/media/{id}/replace", Who::Tenders),
    ("POST", "/admin/media/{id}/delete", Who::Tenders),
];

/// The routes of a method, with this in the place of whatever is variable.
pub fn filled(method: &Method, variable: &str) -> Vec<String> {
    TABLE.iter().filter(|(of, ..)| *of == method.as_str()).map(|(_, path, _)| fill(path, variable)).collect()
}

/// A path with this in the place of whatever is variable.
pub fn fill(path: &str, variable: &str) -> String {
    let mut filled = String::new();
    for (number, part) in path.split(['{', '}']).enumerate() {
        filled.push_str(if number % 2 == 1 { variable } else { part });
    }
    filled
}

#[test]
fn every_route_stands_in_the_table() {
    let routes: BTreeSet<_> = all().into_iter().map(|route| (route.method.to_owned(), route.path)).collect();
    let table: BTreeSet<_> = TABLE.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    let unknown: Vec<_> = routes.difference(&table).collect();
    let gone: Vec<_> = table.difference(&routes).collect();
    assert!(unknown.is_empty() && gone.is_empty(), "not in the table: {unknown:?}; in the table alone: {gone:?}");
    let routed = include_str!("../../src/web/mod.rs");
    for other in ["nest(", "route_service(", "nest_service(", "fallback_service("] {
        assert!(!routed.contains(other), "routes that are not read here: {other}");
    }
}
