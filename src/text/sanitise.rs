//! The one gate to HTML: which elements, attributes and addresses a post or a comment may show.

use std::{borrow::Cow, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::{
    highlight,
    tags::{self, Piece},
    video,
};
use crate::model::media;

/// Elements of posts. No svg, math, style or noscript ever: each is parsed by rules of its own, which is how markup hides from filters.
const POST_ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Elements of comments.
const COMMENT_ELEMENTS: &[&str] =
    &["a", "blockquote", "br", "code", "del", "em", "li", "ol", "p", "pre", "strong", "ul"];

/// Attributes of posts: the element (`*` for every one) and its attributes. [`post_attribute`] judges their values.
const POST_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("*", &["class", "dir", "id", "lang", "title"]),
    ("a", &["aria-hidden", "data-player", "href", "hreflang", "name", "rel", "tabindex"]),
    ("blockquote", &["cite"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("div", &["tabindex"]),
    ("img", &["alt", "decoding", "fetchpriority", "height", "loading", "sizes", "src", "srcset", "width"]),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["reversed", "start"]),
    ("pre", &["tabindex"]),
    ("q", &["cite"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
    ("video", &["controls", "preload", "src"]),
];

/// Classes that our own renderer writes; a post's raw HTML may use them too.
const POST_CLASSES: &[&str] = &[
    "anchor",
    "center",
    "display",
    "elsewhere",
    "fn",
    "fn-back",
    "footnotes",
    "gallery",
    "left",
    "math",
    "right",
    "table",
    "task",
    "video",
];

/// Schemes of links.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// What every link of a comment says to search engines and other sites.
pub(super) const COMMENT_REL: &str = "nofollow ugc noopener";

/// Cleanings after which HTML that still changes is given up.
const MAX_ROUNDS: usize = 4;

static DRAFT: LazyLock<Builder<'static>> = LazyLock::new(|| post_builder(false));
static POST: LazyLock<Builder<'static>> = LazyLock::new(|| post_builder(true));
static COMMENT: LazyLock<Builder<'static>> = LazyLock::new(|| comment_builder(UrlRelative::Deny, COMMENT_REL));
static FOOT: LazyLock<Builder<'static>> = LazyLock::new(|| comment_builder(UrlRelative::PassThrough, "noopener"));

fn comment_builder(relative: UrlRelative<'static>, rel: &'static str) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(COMMENT_ELEMENTS.iter().copied().collect())
        .generic_attributes(["dir"].into())
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into()), ("pre", ["tabindex"].into())].into())
        .url_schemes(SCHEMES.into())
        .url_relative(relative)
        .link_rel(Some(rel))
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            (_, "dir") => direction(value),
            ("ol", "start") => number(value, 9),
            ("pre", "tabindex") => (value == "0").then_some(Cow::Borrowed(value)),
            _ => Some(value.into()),
        });
    builder
}

/// The HTML of a post with all that may not be shown removed. Cleaning the answer again changes nothing.
pub fn post_html(html: &str) -> String {
    until_stable(&POST, html)
}

/// The HTML of a comment with all that may not be shown removed. Cleaning the answer again changes nothing.
pub fn comment_html(html: &str) -> String {
    until_stable(&COMMENT, html)
}

/// The HTML of the foot of a page, likewise.
pub fn foot_html(html: &str) -> String {
    until_stable(&FOOT, html)
}

/// Like [`post_html`], but pictures of other hosts keep their address, so that links to them can be made.
pub(super) fn draft_html(html: &str) -> String {
    clean(&DRAFT, html)
}

/// Cleans once. Controls that came as references (`&#1;`) are seen only afterwards; as what they hid may come to light when they are
/// gone (`java&#1;script:`), whoever takes them out has to clean again.
fn clean(builder: &Builder<'_>, html: &str) -> String {
    let mut clean = builder.clean(html).to_string();
    if !clean.chars().all(tags::is_shown) {
        clean = clean.chars().map(|c| if c == '\r' { '\n' } else { c }).filter(|c| tags::is_shown(*c)).collect();
    }
    if clean.contains("<pre") { without_first_breaks(&clean) } else { clean }
}

/// A parser leaves out the first line break in a `pre`, and would leave out the next one when it reads the answer: no such are left.
fn without_first_breaks(html: &str) -> String {
    let mut parts = html.split("<pre");
    let mut out = String::from(parts.next().unwrap_or_default());
    for part in parts {
        let (tag, content) = part.split_at(part.find('>').map_or(part.len(), |end| end + 1));
        out.extend(["<pre", tag, content.trim_start_matches('\n')]);
    }
    out
}

/// Cleans until parsing and writing again gives the same. HTML that no two readings agree on is a way to smuggle: it loses its tags.
fn until_stable(builder: &Builder<'_>, html: &str) -> String {
    let mut last = Cow::Borrowed(html);
    for _ in 0..MAX_ROUNDS {
        let again = clean(builder, &last);
        if again == last {
            return again;
        }
        last = Cow::Owned(again);
    }
    let mut text = String::from("<p>");
    tags::escape_text(&mut text, &tags::text_of(&last));
    text.push_str("</p>");
    text
}

fn post_builder(final_word: bool) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(POST_ELEMENTS.iter().copied().collect())
        .generic_attributes(POST_ATTRIBUTES[0].1.iter().copied().collect())
        .tag_attributes(POST_ATTRIBUTES[1..].iter().map(|(tag, list)| (*tag, list.iter().copied().collect())).collect())
        .url_schemes(SCHEMES.into())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .attribute_filter(move |element, attribute, value| {
            if final_word && element == "img" && attribute == "src" && !is_own_picture(value) {
                return None;
            }
            // Ours to say, once it is known what there is.
            if !final_word && matches!(attribute, "srcset" | "sizes" | "fetchpriority") {
                return None;
            }
            post_attribute(element, attribute, value)
        });
    builder
}

/// The value that an attribute of a post may have, if any.
fn post_attribute<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let one_of = |allowed: &[&str]| allowed.contains(&value).then_some(Cow::Borrowed(value));
    match (element, attribute) {
        (_, "class") => {
            let words = value.split_ascii_whitespace();
            let known: Vec<&str> = words.filter(|class| is_post_class(element, class)).collect();
            (!known.is_empty()).then(|| Cow::Owned(known.join(" ")))
        }
        (_, "id") | ("a", "name") => is_id(value).then_some(Cow::Borrowed(value)),
        (_, "dir") => direction(value),
        (_, "lang" | "hreflang") => {
            let tag = value.len() <= 35 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            tag.then_some(Cow::Borrowed(value))
        }
        (_, "cite") => {
            Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "http" | "https")).then_some(Cow::Borrowed(value))
        }
        ("a", "rel") => {
            let known =
                ["author", "external", "license", "me", "nofollow", "noopener", "noreferrer", "sponsored", "ugc"];
            let words: Vec<&str> = value.split_ascii_whitespace().filter(|word| known.contains(word)).collect();
            (!words.is_empty()).then(|| Cow::Owned(words.join(" ")))
        }
        ("video", "src") => video::is_own(value).then_some(Cow::Borrowed(value)),
        ("video", "controls") => Some("".into()),
        ("video", "preload") => one_of(&["metadata", "none"]),
        ("a", "data-player") => video::is_player(value).then_some(Cow::Borrowed(value)),
        ("a", "tabindex") => one_of(&["-1"]),
        ("a", "aria-hidden") => one_of(&["true"]),
        ("div" | "pre", "tabindex") => one_of(&["0"]),
        ("img", "width" | "height") => number(value, 5),
        ("img", "loading") => one_of(&["lazy"]),
        ("img", "decoding") => one_of(&["async"]),
        ("img", "fetchpriority") => one_of(&["high"]),
        ("img", "srcset") => value.split(", ").all(is_candidate).then_some(Cow::Borrowed(value)),
        ("img", "sizes") => {
            let is_width = value.strip_suffix("px").is_some_and(|width| number(width, 5).is_some());
            (value == SIZES || is_width).then_some(Cow::Borrowed(value))
        }
        ("li", "value") | ("ol", "start") => number(value, 9),
        ("ol", "reversed") | ("details", "open") => Some("".into()),
        ("td" | "th", "colspan" | "rowspan") | ("col" | "colgroup", "span") => number(value, 3),
        ("th", "scope") => one_of(&["col", "row", "colgroup", "rowgroup"]),
        (_, "datetime") => {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-+:. ".contains(&byte);
            (value.len() <= 40 && value.bytes().all(known)).then_some(Cow::Borrowed(value))
        }
        _ => Some(value.into()),
    }
}

fn direction(value: &str) -> Option<Cow<'_, str>> {
    matches!(value, "ltr" | "rtl" | "auto").then_some(value.into())
}

/// `value` when it is a whole number of at most so many digits.
fn number(value: &str, digits: usize) -> Option<Cow<'_, str>> {
    let length = 1..=digits;
    (length.contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())).then_some(value.into())
}

/// How wide pictures are: as style.css sets them.
pub const SIZES: &str = "(min-width: 50rem) 43.5rem, 100vw";

/// Whether `address` is one of ours that needs no escaping and holds nothing that would part it in a `srcset`.
pub(super) fn is_source(address: &str) -> bool {
    media::hash_in(address).is_some()
        && address.matches('/').count() == 3
        && address
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'/' | b'-' | b'.'))
}

/// Whether a part of a `srcset` is one that we write.
fn is_candidate(candidate: &str) -> bool {
    let parts = candidate.rsplit_once(' ').and_then(|(address, width)| Some((address, width.strip_suffix('w')?)));
    parts.is_some_and(|(address, width)| is_source(address) && number(width, 5).is_some())
}

/// The classes of [`media::Shown::colour_class`].
fn is_colour(class: &str) -> bool {
    class.len() == 4
        && class.strip_prefix('c').is_some_and(|thirds| thirds.bytes().all(|third| matches!(third, b'0'..=b'2')))
}

fn is_post_class(element: &str, class: &str) -> bool {
    POST_CLASSES.contains(&class)
        || (element == "img" && is_colour(class))
        || highlight::CLASSES.contains(&class)
        || (element == "code" && class.strip_prefix("language-").is_some_and(highlight::is_language))
}

/// Whether `value` may be an id: something that needs no escaping anywhere.
pub(super) fn is_id(value: &str) -> bool {
    value.len() <= 160
        && value.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
}

/// Whether a picture at `address` comes from this blog.
pub(super) fn is_own_picture(address: &str) -> bool {
    matches!(picture_host(address), Some(None))
}

/// The host that a picture's address names: `Some(None)` for this one, `None` for what no picture can come from.
///
/// Decided by the parser that follows the browsers' standard, which reads `//host`, `/\host` and `https:host` as they do.
pub(super) fn picture_host(address: &str) -> Option<Option<String>> {
    const HERE: &str = "blog.invalid";
    let base = Url::parse("http://blog.invalid/post").ok()?;
    let url = base.join(address).ok()?;
    if !matches!(url.scheme(), "http" | "https") || address.trim().is_empty() {
        return None;
    }
    let host = url.host_str()?;
    let here = host == HERE && url.port().is_none() && Url::parse(address).is_err();
    Some((!here).then(|| host.to_owned()))
}

/// `html` (as this module cleaned it) with whole addresses in `href` and `src`, as feeds need them, and without the marks beside
/// headings.
///
/// `base` is the blog's address and `page` the post's: `/x` becomes `{base}/x`, `#x` becomes `{page}#x`, other relative ones are resolved
/// against the page.
pub fn absolute(html: &str, base: &str, page: &str) -> String {
    let base = base.trim_end_matches('/');
    let page_url = Url::parse(page).ok();
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut is_anchor = false;
    for piece in tags::pieces(html) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            // Beside a heading: empty, and drawn by our own style sheet alone.
            Piece::Open("a", list) if tags::attribute(list, "tabindex").is_some() => is_anchor = true,
            Piece::Close("a") if is_anchor => is_anchor = false,
            Piece::Close(name) => out.extend(["</", name, ">"]),
            Piece::Open(name, list) => {
                out.extend(["<", name]);
                for (attribute, value) in tags::attributes(list) {
                    // Readers of feeds take the picture itself; its widths have short addresses.
                    if matches!(attribute, "srcset" | "sizes") {
                        continue;
                    }
                    out.extend([" ", attribute, "=\""]);
                    if !matches!(attribute, "href" | "src") {
                        out.push_str(value);
                    } else if value.starts_with('#') {
                        tags::escape(&mut out, page);
                        out.push_str(value);
                    } else if value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\") {
                        tags::escape(&mut out, base);
                        out.push_str(value);
                    } else {
                        let address = tags::unescape(value);
                        let relative = Url::parse(&address) == Err(url::ParseError::RelativeUrlWithoutBase);
                        match page_url.as_ref().filter(|_| relative).and_then(|page| page.join(&address).ok()) {
                            Some(whole) => tags::escape(&mut out, whole.as_str()),
                            None => out.push_str(value),
                        }
                    }
                    out.push('"');
                }
                out.push('>');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_judged_not_only_names() {
        for (html, expected) in [
            ("<p id=\"a b\" class=\"x hk anchor\">x</p>", "<p class=\"hk anchor\">x</p>"),
            ("<p id=a style=color:red onclick=x>x</p>", "<p id=\"a\">x</p>"),
            ("<code class=\"language-rust language-&quot;x\">x</code>", "<code class=\"language-rust\">x</code>"),
            ("<a href=x target=_blank rel='opener noopener'>x</a>", "<a href=\"x\" rel=\"noopener\">x</a>"),
            ("<img src=/media/a.png width=10 height=9em onerror=x>", "<img src=\"/media/a.png\" width=\"10\">"),
            ("<img src=https://x.example/a.png alt=x>", "<img alt=\"x\">"),
            ("<img src=//x.example/a.png alt=x>", "<img alt=\"x\">"),
            ("<blockquote cite=javascript:x>x</blockquote>", "<blockquote>x</blockquote>"),
            ("<td colspan=9999>x", "x"),
            ("<ol start=-1 reversed=x><li>x</ol>", "<ol reversed=\"\"><li>x</li></ol>"),
            ("<p dir=rtl lang=ms title='a\"b'>x</p>", "<p dir=\"rtl\" lang=\"ms\" title=\"a&quot;b\">x</p>"),
        ] {
            assert_eq!(post_html(html), expected, "{html}");
        }
        assert_eq!(comment_html("<a href=/x>a</a><a href=http://x/>b</a><img src=/x><h1 id=x>c</h1>"), {
            "<a rel=\"nofollow ugc noopener\">a</a><a href=\"http://x/\" rel=\"nofollow ugc noopener\">b</a>c"
        });
    }

    #[test]
    fn only_this_hosts_pictures_are_own() {
        for own in ["/media/a.png", "a.png", "../a.png", "?x", " /media/a b.png "] {
            assert!(is_own_picture(own), "{own}");
        }
        for other in [
            "",
            "//x/a.png",
            "/\\x/a.png",
            "\\\\x/a",
            "\t//x/a",
            "/\n/x/a",
            "https://x/a",
            "http:x/a",
            "https:/x/a",
            "data:image/png,x",
            "javascript:x",
            "ftp://x/a",
            "http://blog.invalid/a",
            "//blog.invalid:81/a",
            "blob:x",
            "///x/a",
        ] {
            assert!(!is_own_picture(other), "{other:?}");
        }
        assert_eq!(picture_host("//пример.рф/a"), Some(Some("xn--e1afmkfd.xn--p1ai".into())));
    }

    #[test]
    fn feeds_get_whole_addresses() {
        let html = "<a class=\"anchor\" href=\"#p1-b\" aria-hidden=\"true\" tabindex=\"-1\"></a>\
                    <a href=\"/x?a=1&amp;b\" title=\"/no\">a</a><a href=\"#p1-b\">b</a><img src=\"/media/c.png\" alt=\"&gt; href=&quot;/d&quot;\">\
                    <a href=\"//e/f\">g</a><a href=\"https://h/\">i</a><a href=\"mailto:j@k\">l</a><a href=\"../m\">n</a> href=\"/o\"";
        assert_eq!(
            absolute(html, "https://blog.example/", "https://blog.example/2023/02/hello"),
            "<a href=\"https://blog.example/x?a=1&amp;b\" title=\"/no\">a</a><a href=\"https://blog.example/2023/02/hello#p1-b\">b</a>\
             <img src=\"https://blog.example/media/c.png\" alt=\"&gt; href=&quot;/d&quot;\"><a href=\"//e/f\">g</a>\
             <a href=\"https://h/\">i</a><a href=\"mailto:j@k\">l</a><a href=\"https://blog.example/2023/m\">n</a> href=\"/o\""
                .replace("href=\"//e/f\"", "href=\"https://e/f\"")
        );
    }
}
