//! Addresses of other systems that show a part of what another one shows whole.

/// `a/b` of `a/b/feed`, and of `a/b/feed/atom`: what a feed of WordPress's was about.
pub fn fed(path: &str) -> Option<&str> {
    let (before, last) = path.rsplit_once('/')?;
    if last == "feed" {
        return Some(before);
    }
    let kind = ["rss", "rss2", "rdf", "atom"].contains(&last);
    before.strip_suffix("/feed").filter(|_| kind)
}

/// `a/b` of `a/b/page/2`, `a/b/comment-page-3` and `a/b/amp`; `2020/01` of the day `2020/01/31`. Without slashes around it.
pub fn whole(path: &str) -> Option<&str> {
    let (before, last) = path.rsplit_once('/').unwrap_or(("", path));
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
    is_day.then_some(before)
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
            ("2020/01/kelapa", None),
            ("page/two", None),
            ("2020", None),
            ("", None),
        ] {
            assert_eq!(whole(part), is_whole, "{part}");
        }
    }
}
