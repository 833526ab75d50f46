//! Addresses of other systems that show a part, or a smaller copy, of what another one shows whole.

/// `a/b` of `a/b/feed`, of `a/b/feed/atom`, and of `a/b/index.xml`: what a feed of WordPress's, Hugo's or Zola's was about.
pub fn fed(path: &str) -> Option<&str> {
    let (before, last) = path.rsplit_once('/')?;
    if ["feed", "index.xml", "rss.xml", "atom.xml"].contains(&last) {
        return Some(before);
    }
    let kind = ["rss", "rss2", "rdf", "atom"].contains(&last);
    before.strip_suffix("/feed").filter(|_| kind)
}

/// `a/b` of `a/b/page/2`, `a/b/comment-page-3`, `a/b/amp`, `a/b/2`, `a/b/index.html` and `a/b.html`; `2020/01` of the day
/// `2020/01/31`. Without slashes around it.
pub fn whole(path: &str) -> Option<&str> {
    let (before, last) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(file) = last.strip_suffix(".html").filter(|file| !file.is_empty()) {
        return if file == "index" { Some(before) } else { path.strip_suffix(".html") };
    }
    if last == "amp" || last.strip_prefix("comment-page-").is_some_and(is_number) {
        return Some(before);
    }
    let (above, folder) = before.rsplit_once('/').unwrap_or(("", before));
    if folder == "page" && is_number(last) {
        return Some(above);
    }
    let year = above.rsplit('/').next().unwrap_or_default();
    let is_day =
        [(year, 4), (folder, 2), (last, 2)].iter().all(|(part, length)| part.len() == *length && is_number(part));
    let is_page_of_one = is_number(last) && last.len() < 3 && !folder.is_empty() && !is_number(folder);
    (is_day || is_page_of_one).then_some(before)
}

/// The picture of which an address of WordPress's or Ghost's names a smaller copy: `a/b.jpg` of `a/b-300x200.jpg`,
/// `/content/images/2020/a.jpg` of `/content/images/size/w600/2020/a.jpg`.
pub fn full_size(address: &str) -> Option<String> {
    ghosts(address).or_else(|| {
        let (before, name) =
            address.rsplit_once('/').map_or(("", address), |(before, _)| address.split_at(before.len() + 1));
        let (stem, ending) = name.rsplit_once('.')?;
        let (stem, size) = stem.rsplit_once('-')?;
        let (width, height) = size.split_once('x')?;
        (is_number(width) && is_number(height)).then(|| format!("{before}{stem}.{ending}"))
    })
}

fn ghosts(address: &str) -> Option<String> {
    let (before, after) = address.split_once("content/images/size/w")?;
    let (_, name) = after.split_once('/')?;
    // Some are made in another format, too: `w600/format/webp/2020/a.jpg`.
    let name = name.strip_prefix("format/").and_then(|rest| Some(rest.split_once('/')?.1)).unwrap_or(name);
    Some(format!("{before}content/images/{name}"))
}

/// What WordPress made of a picture that was too large for it: `a/b-scaled.jpg` of `a/b.jpg`.
pub fn scaled(address: &str) -> Option<String> {
    let (stem, ending) = address.rsplit_once('.')?;
    Some(format!("{stem}-scaled.{ending}"))
}

/// The picture of which [`scaled`] made that.
pub fn unscaled(address: &str) -> Option<String> {
    let (stem, ending) = address.rsplit_once('.')?;
    Some(format!("{}.{ending}", stem.strip_suffix("-scaled")?))
}

/// Whether it is a part of the map that WordPress, or a plugin of its, made for search engines.
pub fn is_sitemap(path: &str) -> bool {
    let is_part = path.starts_with("wp-sitemap") || path.ends_with("-sitemap.xml") || path == "sitemap_index.xml";
    is_part && path.ends_with(".xml") && !path.contains('/')
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_told_from_what_it_is_about() {
        for (feed, about) in [
            ("2020/01/kelapa/feed", Some("2020/01/kelapa")),
            ("kelapa/feed/atom", Some("kelapa")),
            ("kelapa/feed/rss2", Some("kelapa")),
            ("tags/tea/index.xml", Some("tags/tea")),
            ("index.xml", None),
            ("kelapa/feed/other", None),
            ("feed/atom", None),
            ("feed", None),
            ("kelapa/atom", None),
        ] {
            assert_eq!(fed(feed), about, "{feed}");
        }
    }

    #[test]
    fn a_part_leads_to_the_whole() {
        for (part, is_whole) in [
            ("page/2", Some("")),
            ("category/tea/page/12", Some("category/tea")),
            ("2020/01/kelapa/comment-page-1", Some("2020/01/kelapa")),
            ("2020/01/kelapa/amp", Some("2020/01/kelapa")),
            ("2020/01/31", Some("2020/01")),
            ("blog/2020/01/31", Some("blog/2020/01")),
            ("2020/01/kelapa/2", Some("2020/01/kelapa")),
            ("kelapa/2", Some("kelapa")),
            ("2020/kelapa/index.html", Some("2020/kelapa")),
            ("2020/kelapa.html", Some("2020/kelapa")),
            ("index.html", Some("")),
            (".html", None),
            ("2020/01", None),
            ("2020/01/kelapa", None),
            ("page/two", None),
            ("2020", None),
            ("", None),
        ] {
            assert_eq!(whole(part), is_whole, "{part}");
        }
    }

    #[test]
    fn a_smaller_copy_leads_to_its_picture() {
        for (copy, picture) in [
            ("up/2020/a-b-300x200.jpg", Some("up/2020/a-b.jpg")),
            ("a-300x200.jpg", Some("a.jpg")),
            ("up/a-300x.jpg", None),
            ("up/a300x200.jpg", None),
            ("up-300x200/a.jpg", None),
            ("x/content/images/size/w600/2020/a.jpg", Some("x/content/images/2020/a.jpg")),
            ("content/images/size/w600/format/webp/2020/a.jpg", Some("content/images/2020/a.jpg")),
            ("content/images/2020/a.jpg", None),
        ] {
            assert_eq!(full_size(copy).as_deref(), picture, "{copy}");
        }
        assert_eq!(scaled("up/a.jpg").as_deref(), Some("up/a-scaled.jpg"));
    }

    #[test]
    fn maps_of_other_systems_are_known() {
        for path in ["wp-sitemap.xml", "wp-sitemap-posts-post-1.xml", "sitemap_index.xml", "post-sitemap.xml"] {
            assert!(is_sitemap(path), "{path}");
        }
        for path in ["sitemap.xml", "a/wp-sitemap.xml", "wp-sitemap", "my-sitemap"] {
            assert!(!is_sitemap(path), "{path}");
        }
    }
}
