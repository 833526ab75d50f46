//! What WordPress puts into its HTML: paragraphs that are blank lines, shortcodes, blocks in comments.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
};

use url::Url;

use super::{builders, code, languages};
use crate::model::remark::{Remark, remark};

/// Elements that make a paragraph of their own.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "iframe",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "video",
];
/// Elements within those: a line that begins or ends with one is no paragraph.
const INNER: [&str; 8] = ["tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup"];
/// Blocks that show nothing when nothing is in them.
const STILL: [&str; 28] = [
    "paragraph",
    "heading",
    "list",
    "list-item",
    "image",
    "gallery",
    "group",
    "column",
    "columns",
    "spacer",
    "separator",
    "buttons",
    "button",
    "html",
    "freeform",
    "quote",
    "pullquote",
    "code",
    "preformatted",
    "verse",
    "table",
    "cover",
    "media-text",
    "audio",
    "video",
    "footnotes",
    "more",
    "nextpage",
];
/// Shortcodes that enclose something.
const ENCLOSING: [&str; 18] = [
    "caption",
    "wp_caption",
    "embed",
    "youtube",
    "vimeo",
    "audio",
    "video",
    "code",
    "sourcecode",
    "php",
    "css",
    "js",
    "html",
    "xml",
    "python",
    "bash",
    "cc",
    "gist",
];
/// Shortcodes that show what is at an address of elsewhere.
const SHOWING: [&str; 15] = [
    "embed",
    "youtube",
    "vimeo",
    "dailymotion",
    "ted",
    "tweet",
    "instagram",
    "soundcloud",
    "spotify",
    "facebook",
    "tiktok",
    "flickr",
    "wpvideo",
    "videopress",
    "gist",
];
/// Others that people write about.
const OTHERS: [&str; 4] = ["gallery", "playlist", "contact-form", "contact-form-7"];
/// How the names begin of shortcodes that only place what they enclose; each with how they go on.
const PLACING: [(&str, &[&str]); 3] = [
    ("vc_", &["row", "row_inner", "column", "column_inner", "column_text", "section", "empty_space", "separator"]),
    ("et_pb_", &["section", "row", "row_inner", "column", "column_inner", "text", "divider"]),
    (
        "fusion_",
        &[
            "builder_container",
            "builder_row",
            "builder_row_inner",
            "builder_column",
            "builder_column_inner",
            "text",
            "separator",
        ],
    ),
];
/// Others that do so where an end follows: they are words, too.
const PLACING_PAIRS: [&str; 17] = [
    "row",
    "rows",
    "column",
    "columns",
    "col",
    "section",
    "container",
    "one_half",
    "one_half_last",
    "one_third",
    "one_third_last",
    "two_third",
    "two_third_last",
    "one_fourth",
    "one_fourth_last",
    "three_fourth",
    "three_fourth_last",
];
/// Others that draw a line, alone where they stand; that leave room; and that list what a program knew.
const RULES: [&str; 4] = ["hr", "divider", "separator", "line"];
const SPACES: [&str; 7] = ["spacer", "space", "clear", "clearfix", "clearboth", "br", "gap"];
const LISTS: [&str; 10] = [
    "toc",
    "ez-toc",
    "lwptoc",
    "table_of_contents",
    "archives",
    "sitemap",
    "sharethis",
    "addtoany",
    "sociable",
    "social_share",
];
/// So much of a line is looked at on either side.
const NEAR: usize = 300;
/// What stands in the brackets of a shortcode is not longer.
const MAX_HEAD: usize = 2000;
/// What stands for itself in the text, whatever stands around it.
const JUMP: &str = "<!--more-->";

/// Plain HTML of what WordPress keeps, and what could not be kept.
pub fn html(kept: &str) -> (String, Vec<Remark>) {
    let mut lost = Vec::new();
    let has_blocks = kept.contains("<!-- wp:");
    let text = without_buttons(&without_comments(&with_covers(&with_formulas(&code::with_code(kept))), &mut lost));
    let text = shortcodes(&text, &mut lost);
    (if has_blocks { text } else { paragraphs(&text) }, lost)
}

fn is_film(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".mp4", ".m4v", ".webm", ".ogv", ".mov"].iter().any(|ending| path.ends_with(ending))
}

/// With the formulas of wordpress.com, `$latex …$`, as elements that say their TeX.
fn with_formulas(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("$latex") {
        text.push_str(before);
        let end = after.find('$').filter(|end| *end <= MAX_HEAD && after.starts_with([' ', '\n', '\u{a0}']));
        let Some((tex, behind)) = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))) else {
            text.push_str("$latex");
            rest = after;
            continue;
        };
        let tex = tex.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
        // Size and colours.
        let end = ["&s=", "&bg=", "&fg="].iter().filter_map(|sign| tex.find(sign)).min().unwrap_or(tex.len());
        let tex = escaped(tex.get(..end).unwrap_or_default().trim());
        let _ = write!(text, "<math><annotation encoding=\"application/x-tex\">{tex}</annotation></math>");
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// With the pictures that covers have in their style as pictures.
fn with_covers(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("background-image:") {
        let start = rest[..at].rfind('<').unwrap_or(at);
        let Some(length) = rest.get(start..).and_then(tag_length) else { break };
        if start + length <= at {
            let (before, after) = rest.split_at(at + 1);
            text.push_str(before);
            rest = after;
            continue;
        }
        let (tag, behind) = rest.split_at(start + length);
        text.push_str(tag);
        let tag = tag.get(start..).unwrap_or_default();
        let style = attribute(tag, "style").filter(|_| tag.contains("wp-block-cover"));
        let picture = style.and_then(|style| style.split_once("url(")?.1.split(')').next());
        if let Some(picture) = picture {
            let picture = picture.replace("&quot;", "").replace("&#039;", "").replace("&amp;", "&");
            let alt = attribute(tag, "aria-label").unwrap_or_default();
            text.push_str(&figure(picture.trim_matches(['"', '\'', ' ']), alt, ""));
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// Without the second link to each file, which says only that it is one.
fn without_buttons(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("wp-block-file__button") {
        let (start, end) = (rest[..at].rfind("<a "), rest[at..].find("</a>"));
        match (start, end) {
            (Some(start), Some(end)) if !rest[start..at].contains('>') => {
                text.push_str(&rest[..start]);
                rest = &rest[at + end + "</a>".len()..];
            }
            _ => {
                let (before, after) = rest.split_at(at + 1);
                text.push_str(before);
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// Without the comments that blocks are written in; the jump break stays, and where a page ended a paragraph does.
fn without_comments(kept: &str, lost: &mut Vec<Remark>) -> String {
    let mut text = String::with_capacity(kept.len());
    let mut rest = kept;
    while let Some((before, after)) = rest.split_once("<!--") {
        text.push_str(before);
        let Some((comment, behind)) = after.split_once("-->") else {
            rest = "";
            break;
        };
        let word = comment.trim();
        if word == "more" || word.starts_with("more ") {
            let _ = write!(text, "\n\n{JUMP}\n\n");
        } else if let Some(others) = word.strip_prefix(languages::LEFT) {
            lose(remark("lost-languages").put("languages", crate::picture::short(others)), lost);
        } else if word == "nextpage" {
            text.push_str("\n\n");
        } else if let Some(name) = shortcode_block(word, behind) {
            lose(stays(name), lost);
        } else if let Some(name) = empty_block(word, behind) {
            lose(remark("lost-block").put("name", crate::picture::short(name)), lost);
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// The name of what a block holds that says itself that it is a shortcode, and that no program here draws.
fn shortcode_block<'a>(comment: &str, behind: &'a str) -> Option<&'a str> {
    let (name, _) = named(behind.trim_start()).filter(|_| comment == "wp:shortcode")?;
    let is_known = [&ENCLOSING[..], &SHOWING, &OTHERS, &PLACING_PAIRS].iter().any(|known| known.contains(&name))
        || PLACING.iter().any(|(begins, _)| name.starts_with(begins));
    (!is_known).then_some(name)
}

/// The name of a block that its comment begins and in which there is nothing, where the old blog drew something itself.
fn empty_block<'a>(comment: &'a str, behind: &str) -> Option<&'a str> {
    let told = comment.strip_prefix("wp:")?;
    let name = told.split([' ', '\n', '\t']).next().unwrap_or_default().trim_end_matches('/');
    let is_empty = || {
        let end = behind.trim_start().strip_prefix("<!--")?.trim_start().strip_prefix("/wp:")?.strip_prefix(name)?;
        end.starts_with([' ', '-']).then_some(())
    };
    let is_core = STILL.contains(&name.strip_prefix("core/").unwrap_or(name));
    (!name.is_empty() && !is_core && (told.ends_with('/') || is_empty().is_some())).then_some(name)
}

/// A figure of a picture.
pub(super) fn figure(address: &str, alt: &str, caption: &str) -> String {
    let caption =
        if caption.is_empty() { String::new() } else { format!("<figcaption>{}</figcaption>", escaped(caption)) };
    format!("<figure><img src=\"{}\" alt=\"{}\">{caption}</figure>\n", escaped(address), escaped(alt))
}

/// Plain text as HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The value of an attribute in `name="value" other='value'`.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let at = attributes.match_indices(name).find_map(|(at, _)| {
        let is_word = at == 0 || attributes[..at].ends_with(|letter: char| letter.is_whitespace());
        attributes[at + name.len()..].trim_start().strip_prefix('=').filter(|_| is_word)
    })?;
    let value = at.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split_whitespace().next(),
    }
}

/// A shortcode that was found: its name, its attributes, what it encloses.
struct Shortcode<'a> {
    name: &'a str,
    attributes: &'a str,
    inner: Option<&'a str>,
    rest: &'a str,
}

/// The shortcode at the beginning of `text`, which begins with `[`.
fn shortcode<'a>(text: &'a str, closing: &mut Closing) -> Option<Shortcode<'a>> {
    let end = text.bytes().take(MAX_HEAD).position(|byte| byte == b']')?;
    let (head, rest) = (text.get(1..end)?, text.get(end + 1..)?);
    let end = head.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_');
    let (name, attributes) = head.split_at(end.unwrap_or(head.len()));
    let is_name = name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && name.len() < 40;
    // `[youtube=https://…]` is how wordpress.com wrote it.
    let is_equal = attributes.starts_with('=') && SHOWING.contains(&name);
    if !is_name || !(attributes.is_empty() || is_equal || attributes.starts_with([' ', '\n', '/', '\u{a0}'])) {
        return None;
    }
    let close = format!("[/{name}]");
    // Only for these is there anything to do with what they enclose.
    let is_whole = attributes.ends_with('/') || (SHOWING.contains(&name) && shown_by(name, attributes).is_some());
    let at = if is_whole || !ENCLOSING.contains(&name) { None } else { closing.find(rest, &close) };
    Some(match at {
        Some(at) => Shortcode {
            name,
            attributes,
            inner: rest.get(..at),
            rest: rest.get(at + close.len()..).unwrap_or_default(),
        },
        None => Shortcode { name, attributes, inner: None, rest },
    })
}

/// Ends that were looked for in vain: what no end follows here, none follows later.
#[derive(Default)]
struct Closing(Vec<String>);

impl Closing {
    fn find(&mut self, text: &str, close: &str) -> Option<usize> {
        if self.0.iter().any(|known| known == close) {
            return None;
        }
        let at = text.find(close);
        if at.is_none() {
            self.0.push(close.to_owned());
        }
        at
    }
}

/// The name in what looks like the brackets of a shortcode; `true`: those that end it.
fn named(text: &str) -> Option<(&str, bool)> {
    let inside = text.strip_prefix('[')?;
    let (inside, is_end) = inside.strip_prefix('/').map_or((inside, false), |inside| (inside, true));
    let end = inside.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_'))?;
    let is_name = inside.starts_with(|letter: char| letter.is_ascii_alphabetic()) && end < 40;
    inside.get(..end).filter(|_| is_name).map(|name| (name, is_end))
}

/// What shortcodes are that no program here draws: those that end somewhere, and where the last of them does.
struct Unknown<'a> {
    text: &'a str,
    ends: HashMap<&'a str, usize>,
    opened: HashSet<&'a str>,
    /// Whether what comes next is code, in which brackets are signs.
    in_code: bool,
}

impl<'a> Unknown<'a> {
    fn of(text: &'a str) -> Self {
        let ends = text.match_indices("[/").filter_map(|(at, _)| Some((named(text.get(at..)?)?.0, at))).collect();
        Self { text, ends, opened: HashSet::new(), in_code: false }
    }

    fn pass(&mut self, text: &str) {
        let last = |signs: [&str; 2]| signs.iter().filter_map(|sign| text.rfind(sign)).max();
        let (open, end) = (last(["<pre", "<code"]), last(["</pre>", "</code>"]));
        self.in_code = if open.is_none() && end.is_none() { self.in_code } else { open > end };
    }

    /// How long the brackets at the beginning of `text` are, which stands at `at`, where they only place things.
    fn placing(&mut self, text: &'a str, at: usize, lost: &mut Vec<Remark>) -> Option<usize> {
        let (name, is_end) = named(text).filter(|_| !self.in_code)?;
        let is_own =
            PLACING.iter().any(|(begins, ends)| name.strip_prefix(begins).is_some_and(|rest| ends.contains(&rest)));
        let is_pair = || {
            PLACING_PAIRS.contains(&name)
                && if is_end { self.opened.contains(name) } else { self.ends.get(name).is_some_and(|end| *end > at) }
        };
        if !is_own && !is_pair() {
            return None;
        }
        let end = text.bytes().take(MAX_HEAD).position(|byte| byte == b']')?;
        self.opened.insert(name);
        // A picture behind it.
        if text.get(..end)?.contains("http") {
            lose(stays(name), lost);
        }
        Some(end + 1)
    }

    /// What stands in place of brackets that no program here draws, where more is known of them than their name; and their length.
    fn alone(&self, text: &str, at: usize, lost: &mut Vec<Remark>) -> Option<(String, usize)> {
        let (name, is_end) = named(text).filter(|_| !self.in_code)?;
        let length = text.bytes().take(MAX_HEAD).position(|byte| byte == b']')? + 1;
        if builders::is_builders(name) {
            let made = builders::drawn(text, name, is_end, length);
            if made.is_lost {
                lose(stays(name), lost);
            }
            return Some((made.html, made.length));
        }
        let is_bare = !is_end && length == name.len() + 2;
        let shown = match name {
            _ if !is_bare => return None,
            name if RULES.contains(&name) => "\n\n<hr>\n\n",
            name if SPACES.contains(&name) || LISTS.contains(&name) => "\n\n",
            _ => return None,
        };
        if !self.is_alone(at, length) {
            return None;
        }
        if LISTS.contains(&name) {
            lose(stays(name), lost);
        }
        Some((shown.to_owned(), length))
    }

    /// Whether there is nothing but shortcodes on the line of the one at `at`, whose brackets have this length.
    fn is_alone(&self, at: usize, length: usize) -> bool {
        let bytes = self.text.as_bytes();
        let before = bytes.get(at.saturating_sub(NEAR)..at).unwrap_or_default();
        let end = at + length;
        let after = bytes.get(end..(end + NEAR).min(bytes.len())).unwrap_or_default();
        // Each `]` on the way back must be one that opens as a name.
        let mut in_brackets = false;
        let is_free = |byte: u8, open: u8, close: u8, in_brackets: &mut bool| match byte {
            byte if byte == open => {
                *in_brackets = true;
                true
            }
            byte if byte == close => std::mem::replace(in_brackets, false),
            byte => *in_brackets || matches!(byte, b' ' | b'\t'),
        };
        for byte in before.iter().rev().take_while(|byte| !matches!(byte, b'\n' | b'>')) {
            if !is_free(*byte, b']', b'[', &mut in_brackets) {
                return false;
            }
        }
        for byte in after.iter().take_while(|byte| !matches!(byte, b'\n' | b'<')) {
            if !is_free(*byte, b'[', b']', &mut in_brackets) {
                return false;
            }
        }
        true
    }

    /// The name of a shortcode without attributes; brackets around a word are none.
    fn plain(&self, text: &'a str, at: usize, is_behind_a_word: bool) -> Option<&'a str> {
        let (name, is_end) = named(text).filter(|(_, is_end)| !self.in_code && !is_end)?;
        let behind = text.get(name.len() + 1..)?;
        let is_whole = behind.starts_with([']', '/']);
        let is_one = name.contains('_') && !is_behind_a_word || self.ends.get(name).is_some_and(|end| *end > at);
        if is_whole && is_one {
            return Some(name);
        }
        // "[to be continued]" is words; so is "[Update]".
        let length = text.bytes().take(NEAR).position(|byte| byte == b']')? + 1;
        let told = behind.get(..length - name.len() - 2)?;
        let is_odd = is_whole
            || OTHERS.contains(&name)
            || told.starts_with(' ') && told.contains(|sign: char| sign == '"' || sign.is_ascii_digit());
        let is_word = name.len() < 3 || name.starts_with(|letter: char| letter.is_ascii_uppercase());
        (!is_end && is_odd && !is_word && self.is_alone(at, length)).then_some(name)
    }
}

fn shortcodes(text: &str, lost: &mut Vec<Remark>) -> String {
    let mut drawn = String::with_capacity(text.len());
    let mut closing = Closing::default();
    let mut unknown = Unknown::of(text);
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, after) = rest.split_at(at);
        drawn.push_str(before);
        unknown.pass(before);
        // `[[name]]` is how a shortcode is written about.
        if let Some((literal, behind)) = written_about(after) {
            drawn.push_str(literal);
            rest = behind;
            continue;
        }
        let at = text.len() - after.len();
        let placing = (!drawn.ends_with('[')).then(|| unknown.placing(after, at, lost)).flatten();
        if let Some(length) = placing {
            drawn.push_str("\n\n");
            rest = after.get(length..).unwrap_or_default();
            continue;
        }
        if let Some((html, length)) = (!drawn.ends_with('[')).then(|| unknown.alone(after, at, lost)).flatten() {
            drawn.push_str(&html);
            rest = after.get(length..).unwrap_or_default();
            continue;
        }
        let Some(found) = (!drawn.ends_with('[')).then(|| shortcode(after, &mut closing)).flatten() else {
            drawn.push('[');
            rest = &after[1..];
            continue;
        };
        rest = match draw(&found, lost) {
            Some(html) => {
                drawn.push_str(&html);
                found.rest
            }
            None => {
                let is_behind_a_word = before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
                if let Some(name) = unknown.plain(after, at, is_behind_a_word) {
                    lose(stays(name), lost);
                }
                drawn.push('[');
                &after[1..]
            }
        };
    }
    drawn.push_str(rest);
    drawn
}

/// The shortcode that stands for itself, in brackets of its own, at the beginning of `text`; and what follows it.
fn written_about(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('[')?;
    let head = inside.strip_prefix("[/").or_else(|| inside.strip_prefix('['))?;
    let name = head.split(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_')).next()?;
    if ![&ENCLOSING[..], &SHOWING, &OTHERS].iter().any(|known| known.contains(&name)) {
        return None;
    }
    let end = inside.bytes().take(MAX_HEAD).position(|byte| byte == b']')?;
    let mut end = end + 1;
    if !inside.get(end..)?.starts_with(']') {
        // It may be written with what it encloses.
        let close = format!("[/{name}]]");
        let most = MAX_HEAD.min(inside.len());
        let near = (most.saturating_sub(3)..=most).rev().find_map(|most| inside.get(..most))?;
        end = near.find(&close)? + close.len() - 1;
    }
    Some((inside.get(..end)?, inside.get(end + 1..)?))
}

/// The address of what one of [`SHOWING`] shows by its attributes: `url="…"`, `=…`, or a number or an address alone.
fn shown_by(name: &str, attributes: &str) -> Option<String> {
    let alone = attributes.trim_start_matches(['=', ' ', '\n', '\u{a0}']).split_whitespace().next();
    let named = ["url", "src", "href", "id", "v", "clip_id"].iter().filter_map(|key| attribute(attributes, key));
    named.chain(alone).find_map(|told| shown_at(name, told))
}

/// The address that is meant by `told`, which is one or the id of a video.
pub(super) fn shown_at(name: &str, told: &str) -> Option<String> {
    let told = told.trim().trim_matches(['"', '\'']).replace("&amp;", "&").replace("&#038;", "&");
    let is_id = !told.is_empty() && told.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let address = match name {
        _ if told.starts_with("https://") || told.starts_with("http://") => told,
        _ if told.starts_with("//") => format!("https:{told}"),
        "youtube" | "vimeo" if told.starts_with("www.") || told.starts_with("youtu") || told.starts_with("vimeo.") => {
            format!("https://{told}")
        }
        "youtube" if is_id && told.len() == 11 => format!("https://www.youtube.com/watch?v={told}"),
        "vimeo" if told.parse::<u64>().is_ok() => format!("https://vimeo.com/{told}"),
        "wpvideo" | "videopress" if is_id => format!("https://videopress.com/v/{told}"),
        "gist" if is_id => format!("https://gist.github.com/{told}"),
        "dailymotion" if is_id => format!("https://www.dailymotion.com/video/{told}"),
        _ => return None,
    };
    Some(as_video(&address).unwrap_or(address))
}

/// A video of a host that answers over TLS, without the size that a blog asked for.
fn as_video(address: &str) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    let host = url.host_str()?.to_owned();
    let site = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(&host);
    if !matches!(site, "youtube.com" | "youtu.be" | "vimeo.com" | "player.vimeo.com" | "dailymotion.com") {
        return None;
    }
    url.set_scheme("https").ok()?;
    if site.starts_with("youtu") {
        // Old addresses go on with `&` where a query should begin.
        let path = url.path().split('&').next().unwrap_or_default().to_owned();
        url.set_path(&path);
        let parts = url.query().unwrap_or_default().split('&');
        let kept: Vec<&str> = parts.filter(|part| !part.starts_with("w=") && !part.starts_with("h=")).collect();
        let kept = kept.join("&");
        url.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
    }
    Some(url.into())
}

/// That a shortcode stays as it is.
fn stays(name: &str) -> Remark {
    remark("lost-shortcode").put("name", name)
}

/// Names what is lost, once.
fn lose(line: Remark, lost: &mut Vec<Remark>) {
    if lost.len() < 50 && !lost.contains(&line) {
        lost.push(line);
    }
}

/// The picture that stands in a caption's shortcode, with the link that encloses it, and the words behind it.
fn pictured(inner: &str) -> (&str, &str) {
    let found = inner.find("<img").and_then(|at| Some((at, at + tag_length(inner.get(at..)?)?)));
    let Some((at, end)) = found else { return (inner, "") };
    let (before, behind) = (&inner[..at], &inner[end..]);
    let is_linked = before.rfind("<a ").is_some_and(|open| !before[open..].contains("</a>"));
    let close = behind.find("</a>").filter(|_| is_linked);
    inner.split_at(close.map_or(end, |close| end + close + "</a>".len()))
}

/// How long the tag is that begins a text; a `>` in the value of an attribute does not end it.
pub(super) fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    let end = text.bytes().position(|byte| {
        match quote {
            Some(open) if open == byte => quote = None,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            _ => {}
        }
        byte == b'>' && quote.is_none()
    });
    end.or_else(|| text.find('>')).map(|end| end + 1)
}

/// A link that stands alone, for what is at an address to be shown.
pub(super) fn linked(address: &str) -> String {
    let address = escaped(&address.trim().replace("&amp;", "&"));
    format!("\n\n<p><a href=\"{address}\">{address}</a></p>\n\n")
}

/// What a shortcode shows; `None`: it stays as it is.
fn draw(code: &Shortcode<'_>, lost: &mut Vec<Remark>) -> Option<String> {
    let Shortcode { name, attributes, inner, .. } = *code;
    let source = || {
        ["src", "mp3", "mp4", "m4a", "ogg", "wav", "webm", "m4v", "flv", "wmv", "url"]
            .iter()
            .find_map(|name| attribute(attributes, name))
            .or(inner.filter(|inner| inner.trim().starts_with("http")))
    };
    match name {
        "caption" | "wp_caption" => {
            let (picture, told) = pictured(inner?);
            let told =
                if told.trim().is_empty() { attribute(attributes, "caption").unwrap_or_default() } else { told.trim() };
            Some(format!("\n\n<figure>{}<figcaption>{told}</figcaption></figure>\n\n", picture.trim()))
        }
        name if SHOWING.contains(&name) => {
            let address = shown_by(name, attributes).or_else(|| shown_at(name, inner?));
            // Films of VideoPress may be shown on their own blog alone.
            if address.is_none() || matches!(name, "wpvideo" | "videopress") {
                lose(stays(name), lost);
            }
            address.as_deref().map(linked)
        }
        "audio" | "video" | "playlist" => match source() {
            // Named like its file; what is watched elsewhere is shown.
            Some(address) if name == "audio" || is_film(address) => {
                Some(format!("\n\n<{name} src=\"{}\"></{name}>\n\n", escaped(address)))
            }
            Some(address) => Some(linked(address)),
            None => {
                lose(stays(name), lost);
                Some(inner.unwrap_or_default().to_owned())
            }
        },
        "code" | "sourcecode" | "cc" | "php" | "css" | "js" | "html" | "xml" | "python" | "bash" => {
            let language =
                ["language", "lang"].iter().find_map(|key| attribute(attributes, key)).unwrap_or(match name {
                    "code" | "sourcecode" | "cc" => "",
                    other => other,
                });
            let class =
                if language.is_empty() { String::new() } else { format!(" class=\"language-{}\"", escaped(language)) };
            // Kept as typed: some editors have escaped it, others have not.
            let text = inner?.trim_matches('\n');
            let text = if text.contains("&lt;") || text.contains("&gt;") { text.to_owned() } else { escaped(text) };
            Some(format!("\n\n<pre><code{class}>{text}</code></pre>\n\n"))
        }
        // Words in brackets are words.
        _ => {
            if inner.is_some() || attributes.contains('=') || attributes.contains("http") {
                lose(stays(name), lost);
            }
            None
        }
    }
}

/// The name of the element whose tag begins a text, and whether it ends it.
fn tag(text: &str) -> Option<(&str, bool)> {
    let inside = text.strip_prefix('<')?;
    let (inside, is_end) = inside.strip_prefix('/').map_or((inside, false), |inside| (inside, true));
    let end = inside.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(inside.len());
    Some((&inside[..end], is_end)).filter(|(name, _)| !name.is_empty())
}

fn is_block(name: &str) -> bool {
    BLOCKS.iter().chain(&INNER).any(|block| block.eq_ignore_ascii_case(name))
}

/// Blank lines become paragraphs, line ends become breaks; blocks and what is preformatted stay.
fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let mut words = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, after) = rest.split_at(at);
        words.push_str(before);
        let Some(length) = after.find('>').map(|end| end + 1) else {
            words.push_str(after);
            rest = "";
            break;
        };
        let (name, is_end) = tag(after).unwrap_or_default();
        let whole =
            ["pre", "script", "style", "textarea"].iter().find(|kept| !is_end && kept.eq_ignore_ascii_case(name));
        if let Some(kept) = whole {
            flush(&mut words, &mut html);
            let close = format!("</{kept}>");
            let end = after.find(&close).map_or(after.len(), |end| end + close.len());
            html.push_str(&after[..end]);
            rest = &after[end..];
            continue;
        }
        let (tag, behind) = after.split_at(length);
        if is_block(name) || tag == JUMP {
            flush(&mut words, &mut html);
            html.push_str(tag);
        } else {
            words.push_str(tag);
        }
        rest = behind;
    }
    words.push_str(rest);
    flush(&mut words, &mut html);
    html
}

fn flush(words: &mut String, html: &mut String) {
    // Within one of these, words are no paragraph of their own unless there are several.
    let is_inside = ["<p", "<li", "<td", "<th", "<dd", "<dt", "<h", "<figcaption", "<summary", "<caption", "<figure"]
        .iter()
        .any(|open| html.rfind('<').is_some_and(|at| html[at..].starts_with(open) && html.ends_with('>')));
    let parts: Vec<&str> = words.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).collect();
    for part in &parts {
        let broken = part.replace('\n', "<br>\n");
        if is_inside && parts.len() == 1 {
            html.push_str(&broken);
        } else {
            let _ = writeln!(html, "<p>{broken}</p>");
        }
    }
    words.clear();
}
