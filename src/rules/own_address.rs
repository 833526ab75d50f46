//! Which addresses a blog answers, and what each is about.

use crate::model::post::sitemap_part;

/// What an address of the blog is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own<'a> {
    /// A page that every blog has.
    Always,
    /// The posts under a tag.
    Tag(&'a str),
    /// The posts of an author.
    Author(&'a str),
    /// What was published in a year (`2020`) or a month (`2020/01`).
    Period(&'a str),
    /// A picture or a file: its hash, and its name or a width.
    File(&'a str, &'a str),
    /// A post or a page, if there is one.
    Post(&'a str),
}

/// What this path is about, without slashes around it and its escapes undone. Capitals count.
pub fn of(path: &str) -> Own<'_> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["" | "archive" | "search" | "favicon.ico" | "healthz" | "robots.txt" | "sitemap.xml"] => Own::Always,
        ["admin", ..] | ["comments" | "draft" | "setup", _, ..] => Own::Always,
        [name] if is_feed(name) || sitemap_part(name).is_some() => Own::Always,
        ["tag", slug] => Own::Tag(slug),
        ["tag", slug, name] if is_feed(name) => Own::Tag(slug),
        ["author", slug] => Own::Author(slug),
        ["media", hash, name] => Own::File(hash, name),
        [year] if is_year(year) => Own::Period(path),
        [year, month] if is_month(year, month) => Own::Period(path),
        // Under static are names that change with each version.
        _ => Own::Post(path),
    }
}

/// Four digits.
pub fn is_year(name: &str) -> bool {
    name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Four digits, and two that are a month.
pub fn is_month(year: &str, month: &str) -> bool {
    is_year(year) && month.len() == 2 && matches!(month.parse(), Ok(1..=12_u8))
}

fn is_feed(name: &str) -> bool {
    matches!(name, "feed.xml" | "feed.rss" | "feed.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_by_what_it_is_about() {
        for (path, about) in [
            ("", Own::Always),
            ("feed.rss", Own::Always),
            ("sitemap-2.xml", Own::Always),
            ("comments/feed.xml", Own::Always),
            ("comments", Own::Post("comments")),
            ("tag/tea", Own::Tag("tea")),
            ("tag/tea/feed.json", Own::Tag("tea")),
            ("tag/tea/feed.txt", Own::Post("tag/tea/feed.txt")),
            ("Tag/tea", Own::Post("Tag/tea")),
            ("author/mei", Own::Author("mei")),
            ("author/mei/feed.xml", Own::Post("author/mei/feed.xml")),
            ("media/00/480.webp", Own::File("00", "480.webp")),
            ("1999", Own::Period("1999")),
            ("1999/01", Own::Period("1999/01")),
            ("1999/13", Own::Post("1999/13")),
            ("1999/01/x", Own::Post("1999/01/x")),
            ("static/none.css", Own::Post("static/none.css")),
            ("about", Own::Post("about")),
        ] {
            assert_eq!(of(path), about, "{path}");
        }
    }
}
