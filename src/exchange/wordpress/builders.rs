//! Page builders: the pictures, films, links and words that they keep in the attributes of their shortcodes.

use std::fmt::Write;

use percent_encoding::percent_decode_str;

use super::{Reader, body};
use crate::{exchange::has_picture_ending, model::remark::Remark, text::markdown::MAX_POST};

/// How the names of their shortcodes begin.
const BUILDERS: [&str; 3] = ["vc_", "et_pb_", "fusion_"];
/// Where they have words that stand above what they show, and beside it.
const HEADINGS: [&str; 3] = ["title", "heading", "name"];
const WORDS: [&str; 5] = ["subtitle", "subhead", "text", "caption", "description"];
/// Where they have addresses of pictures, and of what a click or a play leads to.
const PICTURES: [&str; 6] = ["src", "image", "image_url", "portrait_url", "logo", "pic"];
const LINKS: [&str; 7] = ["link", "url", "button_url", "button_one_url", "href", "link_url", "id"];
/// Their galleries, which name pictures by number.
const GALLERIES: [(&str, &str); 4] = [
    ("[vc_gallery ", "images"),
    ("[vc_images_carousel ", "images"),
    ("[et_pb_gallery ", "gallery_ids"),
    ("[fusion_gallery ", "image_ids"),
];
/// One picture by number.
const SINGLE: &str = "[vc_single_image ";
/// What an element encloses to be its words is not longer.
const MAX_INNER: usize = 500;

/// What stands in place of a builder's brackets, how long those and what belongs to them are; and whether that is nothing of theirs.
pub(super) struct Drawn {
    pub(super) html: String,
    pub(super) length: usize,
    pub(super) is_lost: bool,
}

/// Whether a name is that of a builder's shortcode.
pub(super) fn is_builders(name: &str) -> bool {
    BUILDERS.iter().any(|begins| name.starts_with(begins))
}

/// A builder's shortcode, whose name and the length of whose brackets are known, at the beginning of a text.
pub(super) fn drawn(text: &str, name: &str, is_end: bool, length: usize) -> Drawn {
    if is_end {
        return Drawn { html: String::new(), length, is_lost: false };
    }
    let attributes = text.get(name.len() + 1..length - 1).unwrap_or_default();
    let said = |names: &[&str]| names.iter().find_map(|name| value(attributes, name));
    let inner = inner_of(text, name, length);
    if name.contains("raw_") || name == "fusion_code" {
        // Code in another spelling.
        let length = inner.map_or(length, |inner| length + inner.len());
        return Drawn { html: String::new(), length, is_lost: true };
    }
    let mut html = String::new();
    let mut whole = length;
    let inner_address =
        inner.map(str::trim).filter(|inner| inner.starts_with("http") && !inner.contains(['<', ' ', '[']));
    let is_film = ["video", "youtube", "vimeo"].iter().any(|kind| name.contains(kind));
    let links = LINKS.iter().filter_map(|name| value(attributes, name)).map(|link| address_in(&link));
    let link = links.into_iter().find(|link| is_address(link));
    if is_film {
        let id = || value(attributes, "id").and_then(|id| body::shown_at(name.rsplit('_').next()?, &id));
        let film = link.or_else(|| said(&["src", "video"])).or_else(id).or_else(|| inner_address.map(str::to_owned));
        if let Some(film) = film {
            html.push_str(&body::linked(&film));
            whole += inner_address.map_or(0, |_| inner.map_or(0, str::len));
        }
    } else if name.contains("button") || name.ends_with("_btn") {
        let words = inner.filter(|inner| !inner.trim().is_empty() && !inner.contains(['[', '<']));
        let shown = said(&["button_text", "title", "text"]).or_else(|| words.map(|words| body::escaped(words.trim())));
        match (link, shown) {
            (Some(link), shown) => {
                let link = body::escaped(&link);
                let _ = write!(html, "\n\n<p><a href=\"{link}\">{}</a></p>\n\n", shown.unwrap_or_else(|| link.clone()));
            }
            (None, Some(shown)) => html.push_str(&paragraph(&shown)),
            (None, None) => {}
        }
        whole += words.map_or(0, str::len);
    } else {
        let is_heading = name.contains("heading");
        if let Some(words) = said(&HEADINGS).or_else(|| said(&["text"]).filter(|_| is_heading)) {
            let _ = write!(html, "\n\n<h3>{words}</h3>\n\n");
        }
        let picture = said(&PICTURES).or_else(|| inner_address.filter(|it| has_picture_ending(it)).map(str::to_owned));
        if let Some(picture) = picture.filter(|picture| is_address(picture) && has_picture_ending(picture)) {
            let figure = body::figure(&picture, &said(&["alt"]).unwrap_or_default(), "");
            let _ = write!(html, "\n\n{figure}\n\n");
            whole += inner_address.map_or(0, |_| inner.map_or(0, str::len));
        }
        for words in WORDS.iter().filter(|name| !(is_heading && **name == "text")) {
            if let Some(words) = value(attributes, words).filter(|words| words.contains(' ')) {
                html.push_str(&paragraph(&words));
            }
        }
        if let Some(link) = link.filter(|link| !has_picture_ending(link)) {
            let link = body::escaped(&link);
            let words = said(&["button_text", "button_one_text", "link_text"]).unwrap_or_else(|| link.clone());
            let _ = write!(html, "\n\n<p><a href=\"{link}\">{words}</a></p>\n\n");
        }
    }
    // What encloses words shows those at least.
    let is_lost = html.is_empty() && inner.is_none_or(|inner| inner.trim().is_empty());
    Drawn { html, length: whole, is_lost }
}

fn paragraph(words: &str) -> String {
    format!("\n\n<p>{words}</p>\n\n")
}

/// What an element encloses, where that is short.
fn inner_of<'a>(text: &'a str, name: &str, length: usize) -> Option<&'a str> {
    let behind = text.get(length..)?;
    let close = format!("[/{name}]");
    let most = (MAX_INNER + close.len()).min(behind.len());
    let near = (most.saturating_sub(3)..=most).rev().find_map(|most| behind.get(..most))?;
    near.get(..near.find(&close)?)
}

/// The value of an attribute as HTML, whose signs builders spell in a way of their own.
fn value(attributes: &str, name: &str) -> Option<String> {
    let told = body::attribute(attributes, name)?.trim();
    let told = told.replace("%22", "\"").replace("%91", "[").replace("%93", "]");
    let plain = told.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    Some(body::escaped(&plain)).filter(|told| !told.is_empty())
}

fn is_address(told: &str) -> bool {
    told.starts_with("http://") || told.starts_with("https://") || told.starts_with('/')
}

/// The address in `url:https%3A%2F%2Fx.example|title:…`, or what is one already.
fn address_in(told: &str) -> String {
    let told = told.replace("&amp;", "&");
    let part = told.split('|').find_map(|part| part.strip_prefix("url:"));
    part.map_or(told.clone(), |part| percent_decode_str(part).decode_utf8_lossy().into_owned())
}

impl Reader {
    /// The text with the pictures that builders name by number named by their addresses.
    pub(super) fn numbered(&self, number: &str, html: &str, warnings: &mut Vec<Remark>) -> String {
        if !BUILDERS.iter().any(|begins| html.contains(begins)) {
            return html.to_owned();
        }
        let mut html = html.to_owned();
        for (open, name) in GALLERIES {
            html = replaced(&html, open, |attributes| {
                let ids = body::attribute(attributes, name)?;
                Some(format!("\n\n{}\n\n", self.gallery(number, &format!(" ids=\"{ids}\""), warnings)))
            });
        }
        replaced(&html, SINGLE, |attributes| {
            let shown = self.attachments.get(body::attribute(attributes, "image")?)?;
            let (address, alt) = (body::escaped(&shown.address), body::escaped(&shown.alt));
            let link = body::attribute(attributes, "link").map(|link| format!(" link=\"{link}\"")).unwrap_or_default();
            Some(format!("{SINGLE}src=\"{address}\" alt=\"{alt}\"{link}]"))
        })
    }
}

/// The text with what each shortcode that begins so becomes by its attributes.
fn replaced(html: &str, open: &str, mut made: impl FnMut(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(open) {
        let end = after.find(']').filter(|_| text.len() <= MAX_POST);
        let Some((attributes, behind)) = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))) else {
            break;
        };
        text.push_str(before);
        match made(attributes).filter(|_| !before.ends_with('[')) {
            Some(made) => text.push_str(&made),
            None => text.extend([open, attributes, "]"]),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}
