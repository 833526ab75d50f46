//! What a careful editor would mend before a text goes out: found in its HTML, told by its line in the source.

use std::collections::HashSet;

use url::Url;

use super::{
    math, plain,
    tags::{self, Piece},
};

/// More would not be read.
const MOST: usize = 20;
/// A picture that is heavier is waited for.
const HEAVY_BYTES: i64 = 2_000_000;
/// About what one weighs that was made to fit a screen, at most.
const SCALED_BYTES: i64 = 400_000;
/// All pictures of a page, as a reader loads them.
const PAGE_BYTES: i64 = 8_000_000;
/// As much of a formula as tells which one it is.
const FORMULA_CHARS: usize = 60;

/// What is to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A picture says nothing to those who do not see it.
    NoAlt,
    /// A heading stands more than one level below the one before.
    SkippedHeading,
    /// A link has no words.
    EmptyLink,
    /// A link's words are its address.
    BareLink,
    /// A link has words, but no address.
    NoAddress,
    /// A link leads nowhere on this blog.
    BrokenLink,
    /// The mark of a footnote that is not there.
    NoFootnote,
    /// A formula that cannot be drawn.
    BrokenFormula,
    /// A picture or a file is not among the blog's own.
    MissingFile,
    /// The cover is not.
    MissingCover,
    /// A picture is heavy and kept in no smaller width: every reader loads all of it.
    HeavyPicture,
    /// The pictures of the page are heavy together.
    HeavyPage,
    /// The cover says nothing to those who do not see it.
    NoCoverAlt,
    /// A new post would be published in the past.
    Past,
    /// It will be published later, not now.
    Future,
    /// The hour that was given comes twice.
    DoubleHour,
}

impl What {
    /// As in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAlt => "no-alt",
            Self::SkippedHeading => "skipped-heading",
            Self::EmptyLink => "empty-link",
            Self::BareLink => "bare-link",
            Self::NoAddress => "no-address",
            Self::BrokenLink => "broken-link",
            Self::NoFootnote => "no-footnote",
            Self::BrokenFormula => "broken-formula",
            Self::MissingFile => "missing-file",
            Self::MissingCover => "missing-cover",
            Self::HeavyPicture => "heavy-picture",
            Self::HeavyPage => "heavy-page",
            Self::NoCoverAlt => "no-cover-alt",
            Self::Past => "past",
            Self::Future => "future",
            Self::DoubleHour => "double-hour",
        }
    }

    /// The field in which it is mended.
    pub fn field(self) -> &'static str {
        match self {
            Self::NoAlt
            | Self::SkippedHeading
            | Self::EmptyLink
            | Self::BareLink
            | Self::NoAddress
            | Self::BrokenLink
            | Self::NoFootnote
            | Self::BrokenFormula
            | Self::MissingFile
            | Self::HeavyPicture
            | Self::HeavyPage => "text",
            Self::MissingCover => "cover",
            Self::NoCoverAlt => "cover-alt",
            Self::Past | Self::Future | Self::DoubleHour => "publish-at",
        }
    }
}

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: What,
    /// Which picture, heading, link or moment.
    pub detail: String,
    /// Its line in the source, from 1, where that is known.
    pub line: Option<i64>,
}

impl Finding {
    /// What tells it from others, wherever it stands: a writer who has seen this one has seen it on another line too.
    pub fn key(&self) -> String {
        format!("{} {}", self.what.as_str(), self.detail)
    }
}

/// What is to be mended in `html`, which [`super::markdown::post`] wrote of `source`; in order, a bounded number.
pub fn findings(html: &str, source: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut lines = Lines { source, at: 0 };
    // The title is the page's first heading.
    let mut level = 1;
    let mut skipped: Option<String> = None;
    let mut link: Option<(String, String)> = None;
    let mut code: Option<Code> = None;
    let places: HashSet<&str> = tags::pieces(html).filter_map(place).collect();
    let mut add = |what, detail: &str, line| {
        if found.len() < MOST {
            found.push(Finding { what, detail: detail.to_owned(), line });
        }
    };
    for piece in tags::pieces(html) {
        match piece {
            Piece::Text(text) => {
                let words = link.as_mut().map(|(_, words)| words).into_iter().chain(&mut skipped);
                words.for_each(|words| words.push_str(&tags::unescape(text)));
                match code {
                    Some(Code::Formula) => {
                        let tex = tags::unescape(text);
                        let line = lines.next(tex.trim().lines().next().unwrap_or_default());
                        add(What::BrokenFormula, &plain::excerpt(&tex, FORMULA_CHARS), line);
                    }
                    Some(Code::Other) => {}
                    None => {
                        let text = tags::unescape(text);
                        footnote_marks(&text).for_each(|mark| add(What::NoFootnote, mark, lines.next(mark)));
                    }
                }
            }
            Piece::Open("code", attributes) => {
                code = Some(if tags::has_class(attributes, math::INLINE) { Code::Formula } else { Code::Other });
            }
            Piece::Close("code") => code = None,
            Piece::Open("img", attributes) => {
                let of = |name| tags::attribute(attributes, name).map(tags::unescape).unwrap_or_default();
                let (alt, address) = (of("alt"), of("src"));
                let line = lines.next(&address);
                if alt.trim().is_empty() {
                    add(What::NoAlt, &address, line);
                }
                if let Some((_, words)) = &mut link {
                    words.push_str(&alt);
                }
            }
            // A heading's link to itself has no words, and is none of the writer's; that of a video is drawn as one.
            Piece::Open("a", attributes)
                if tags::attribute(attributes, "class") != Some("anchor")
                    && tags::attribute(attributes, "data-player").is_none() =>
            {
                // One without an address was not taken: `https://` alone, say. A place to lead to is none.
                let to = tags::attribute(attributes, "href").map(tags::unescape);
                let is_place = tags::attribute(attributes, "id").is_some();
                link = (to.is_some() || !is_place).then(|| (to.unwrap_or_default().into_owned(), String::new()));
            }
            Piece::Close("a") => {
                if let Some((to, words)) = link.take() {
                    let words = words.trim();
                    let line = lines.next(if to.is_empty() { words } else { &to });
                    let is_lost = to.strip_prefix('#').is_some_and(|name| !is_place(name, &places));
                    if words.is_empty() {
                        add(What::EmptyLink, &to, line);
                    } else if to.is_empty() {
                        add(What::NoAddress, words, line);
                    } else if is_address(words) {
                        add(What::BareLink, words, if to == words { line } else { lines.next(words) });
                    } else if is_lost {
                        add(What::BrokenLink, &to, line);
                    }
                }
            }
            Piece::Open(name, _) => {
                if let Some(next) = heading(name) {
                    skipped = (next > level + 1).then(String::new);
                    level = next;
                }
            }
            Piece::Close(name) => {
                if heading(name).is_some()
                    && let Some(words) = skipped.take()
                {
                    add(What::SkippedHeading, words.trim(), lines.next_heading(words.trim()));
                }
            }
        }
    }
    found
}

/// What stands between `<code>` and `</code>`.
#[derive(Clone, Copy)]
enum Code {
    /// TeX that could not be drawn: what could is MathML.
    Formula,
    Other,
}

/// Marks such as `[^1]` that were left as text, since nothing in the source is the footnote.
fn footnote_marks(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("[^").filter_map(|(at, _)| {
        let (label, _) = text[at + 2..].split_once(']')?;
        let is_label = !label.is_empty() && !label.contains(|c: char| c.is_whitespace() || c == '[');
        is_label.then(|| &text[at..at + label.len() + 3])
    })
}

/// The id of an element.
fn place<'a>(piece: Piece<'a>) -> Option<&'a str> {
    if let Piece::Open(_, attributes) = piece { tags::attribute(attributes, "id") } else { None }
}

/// Whether a link to `#name` leads somewhere on the page: to a place of the text, or to one that every page has.
fn is_place(name: &str, places: &HashSet<&str>) -> bool {
    // `:~:` begins words that the browser looks for.
    let is_everywhere = ["top", "main", "post-a-comment"].contains(&name) || name.starts_with("comment");
    name.is_empty() || is_everywhere || name.starts_with(":~:") || places.contains(name)
}

/// Finds lines of what comes in the order of the source: of two that are alike, the one that is meant.
struct Lines<'a> {
    source: &'a str,
    at: usize,
}

impl Lines<'_> {
    /// The line of the next that is alike; the first of all, where none follows.
    fn next(&mut self, needle: &str) -> Option<i64> {
        let rest = self.source.get(self.at..).filter(|_| !needle.is_empty())?;
        let Some(at) = rest.find(needle) else { return line_of(self.source, needle) };
        let found = self.at + at;
        self.at = found + needle.len();
        line_at(self.source, found)
    }

    /// The line of the next heading with these words, whatever marks are between them.
    fn next_heading(&mut self, words: &str) -> Option<i64> {
        let words = letters(words);
        let is_marked = |line: &str| line.trim_start().starts_with(['#', '<']) && letters(line).contains(&words);
        // One that is underlined stands alone in its line.
        let found = self.line_where(is_marked).or_else(|| self.line_where(|line| letters(line) == words))?;
        self.at = found + self.source.get(found..)?.find('\n').unwrap_or_default();
        line_at(self.source, found)
    }

    /// Where the next line begins that is so.
    fn line_where(&self, is_so: impl Fn(&str) -> bool) -> Option<usize> {
        let mut at = self.at;
        for line in self.source.get(at..)?.split_inclusive('\n') {
            if is_so(line) {
                return Some(at);
            }
            at += line.len();
        }
        None
    }
}

fn letters(words: &str) -> String {
    words.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// A link to something on this blog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalLink {
    /// As in the source.
    pub written: String,
    /// Where it leads, from the root, without query and fragment.
    pub path: String,
    /// The place on that page; may be empty.
    pub place: String,
}

/// Where links of `html` lead on the blog at `base`, read from a page with the address `at`; each once, a bounded number.
pub fn local_links(html: &str, base: &str, at: &str) -> Vec<LocalLink> {
    let (Ok(own), Ok(here)) = (Url::parse(base), Url::parse(&format!("{base}/{at}"))) else { return Vec::new() };
    let mut links: Vec<LocalLink> = Vec::new();
    for piece in tags::pieces(html) {
        let Piece::Open("a", attributes) = piece else { continue };
        let Some(to) = tags::attribute(attributes, "href").map(tags::unescape) else { continue };
        // Places of the page itself are looked at with the page.
        let Some(url) = here.join(&to).ok().filter(|_| !to.is_empty() && !to.starts_with('#')) else { continue };
        let (path, place) = (url.path().to_owned(), url.fragment().unwrap_or_default().to_owned());
        if url.origin() == own.origin() && !links.iter().any(|known| known.path == path && known.place == place) {
            links.push(LocalLink { written: to.into_owned(), path, place });
        }
    }
    links.truncate(MOST);
    links
}

/// Whether a link to `#name` leads somewhere on the page of a text with this HTML.
pub fn has_place(html: &str, name: &str) -> bool {
    is_place(name, &tags::pieces(html).filter_map(place).collect())
}

/// What a picture weighs.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// As in the source.
    pub address: String,
    /// Of the file as it was uploaded.
    pub bytes: i64,
    /// Whether readers get a width that fits their screen.
    pub is_scaled: bool,
}

/// Pictures that are too heavy for a telephone, each by itself; and what all of them weigh for a reader, where that is too much.
pub fn heavy(pictures: &[Weighed], source: &str) -> (Vec<Finding>, Option<i64>) {
    let too_heavy = pictures.iter().filter(|picture| !picture.is_scaled && picture.bytes > HEAVY_BYTES);
    let found = too_heavy.take(MOST).map(|picture| Finding {
        what: What::HeavyPicture,
        detail: picture.address.clone(),
        line: line_of(source, &picture.address),
    });
    let sent = |picture: &Weighed| if picture.is_scaled { picture.bytes.min(SCALED_BYTES) } else { picture.bytes };
    let all: i64 = pictures.iter().map(sent).sum();
    (found.collect(), Some(all).filter(|all| *all > PAGE_BYTES))
}

/// The line of the source that has this in it.
pub fn line_of(source: &str, needle: &str) -> Option<i64> {
    line_at(source, source.find(needle).filter(|_| !needle.is_empty())?)
}

fn line_at(source: &str, at: usize) -> Option<i64> {
    i64::try_from(source.get(..at)?.matches('\n').count() + 1).ok()
}

fn heading(name: &str) -> Option<u32> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

fn is_address(words: &str) -> bool {
    let is_one = !words.contains(char::is_whitespace);
    is_one && (words.starts_with("http://") || words.starts_with("https://") || words.starts_with("www."))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::text::markdown;

    fn of(source: &str) -> Vec<(What, String, Option<i64>)> {
        let html = markdown::post(source, &HashMap::new(), "p1").unwrap().html;
        findings(&html, source).into_iter().map(|one| (one.what, one.detail, one.line)).collect()
    }

    #[test]
    fn what_is_to_be_mended_is_found_with_its_line() {
        let good = "Text with [words](https://example.org/).\n\n## One\n\n### Two\n\n![A durian](/media/a/b.png)\n";
        assert_eq!(of(good), []);
        assert_eq!(of("x\n\n![](/media/a/b.png)\n"), [(What::NoAlt, "/media/a/b.png".to_owned(), Some(3))]);
        let skipped = of("Two steps.\n\n# One\n\n### *Two* steps\n");
        assert_eq!(skipped, [(What::SkippedHeading, "Two steps".to_owned(), Some(5))], "words with marks in them");
        let skipped = of("Two\n\n# One\n\n### Two\n");
        assert_eq!(skipped, [(What::SkippedHeading, "Two".to_owned(), Some(5))]);
        assert_eq!(of("[](https://a.example/)"), [(What::EmptyLink, "https://a.example/".to_owned(), Some(1))]);
        assert_eq!(of("See\nhttps://a.example/b now."), [(What::BareLink, "https://a.example/b".to_owned(), Some(2))]);
        let twice = of("![A durian](/media/a/b.png)\n\n![](/media/a/b.png)\n");
        assert_eq!(twice, [(What::NoAlt, "/media/a/b.png".to_owned(), Some(3))], "the second of two that are alike");
        let places = "[a](#one) [b](#two) [c](#) [d](#comments) e[^1]\n\n## One\n\n[^1]: f\n";
        assert_eq!(of(places), [(What::BrokenLink, "#two".to_owned(), Some(1))]);
        let twice = of("See https://a.example/b here.\n\n`https://a.example/b`\n");
        assert_eq!(twice, [(What::BareLink, "https://a.example/b".to_owned(), Some(1))]);
        let nowhere = of("See [this](https://) and [that]().");
        let expected = ["this", "that"].map(|words| (What::NoAddress, words.to_owned(), Some(1)));
        assert_eq!(nowhere, expected);
        assert_eq!(of("<a id=\"here\">A place</a> [to it](#here)"), []);
        assert_eq!(of("[![A durian](/media/a/b.png)](https://a.example/)"), [], "a picture's words are words");
        assert_eq!(of("https://youtu.be/dQw4w9WgXcQ\n"), [], "a video is more than its address");
        let marks = "a[^1] b[^lost] `[^code]` [^ not] [^]\n\n[^1]: The note.\n";
        assert_eq!(of(marks), [(What::NoFootnote, "[^lost]".to_owned(), Some(1))]);
        let formulas = "$x^2$ and `code`\n\n$\\nosuch<1$\n\n$$\n\\other{1}\n$$\n";
        assert_eq!(
            of(formulas),
            [
                (What::BrokenFormula, "\\nosuch<1".to_owned(), Some(3)),
                (What::BrokenFormula, "\\other{1}".to_owned(), Some(6))
            ]
        );
    }

    #[test]
    fn pictures_over_budget_are_found_each_and_together() {
        let picture = |name: &str, bytes, is_scaled| Weighed { address: format!("/media/{name}"), bytes, is_scaled };
        let (found, all) = heavy(&[picture("a", 9_000_000, true), picture("b", 1_900_000, false)], "");
        assert_eq!((found.len(), all), (0, None));
        let (found, all) = heavy(&[picture("a", 7_700_000, false), picture("b", 3_000_000, true)], "x\n![](/media/a)");
        assert_eq!((found[0].what, found[0].line, found.len()), (What::HeavyPicture, Some(2), 1));
        assert_eq!(all, Some(8_100_000));
    }

    #[test]
    fn links_within_the_blog_are_told_from_others() {
        let html = "<a href=\"/about\">a</a><a href=\"/about#x\">b</a><a href=\"http://blog.example/2023/02/a?b\">c</a>\
                    <a href=\"http://blog.example.org/x\">d</a><a href=\"//other/x\">e</a><a href=\"#here\">f</a>";
        let links = |html| -> Vec<String> {
            let found = local_links(html, "http://blog.example", "2023/02/here").into_iter();
            found.map(|link| format!("{} {} {}", link.written, link.path, link.place)).collect()
        };
        assert_eq!(links(html), ["/about /about ", "/about#x /about x", "http://blog.example/2023/02/a?b /2023/02/a "]);
        // Beside the page that they stand in.
        let html = "<a href=\"2023/02/a\">a</a><a href=\"./b\">b</a><a href=\"mailto:a@b.example\">m</a><a>n</a>";
        assert_eq!(links(html), ["2023/02/a /2023/02/2023/02/a ", "./b /2023/02/b "]);
    }
}
