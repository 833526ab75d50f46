//! SVG: a document that is drawn in `<img>`, where it can do nothing. It is refused all the same when it holds what
//! could do something, since somebody may open or embed it otherwise.

use roxmltree::{Attribute, Document, Node, NodeType, ParsingOptions};

use super::{Clean, PictureError, check_size, short};
use crate::model::remark::{Remark, remark};

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// Drawings that are larger than this are exports that should be pixels.
const MAX_BYTES: usize = 5 * 1024 * 1024;
const MAX_NODES: u32 = 200_000;
/// Browsers draw recursively.
const MAX_DEPTH: usize = 200;
/// roxmltree compares each attribute of an element with all others, and copies the namespaces in scope.
const MAX_ATTRIBUTES: usize = 500;
const MAX_NAMESPACES: usize = 5_000;

/// Elements that run code, load documents, or play.
const REFUSED: [&str; 12] = [
    "script",
    "foreignobject",
    "iframe",
    "frame",
    "object",
    "embed",
    "audio",
    "video",
    "handler",
    "listener",
    "html",
    "link",
];

/// Whether the file is text that holds an `<svg`: worth parsing.
pub(super) fn looks_like_one(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    text.first() == Some(&b'<') && text.windows(4).any(|window| window == b"<svg" || window == b":svg")
}

/// Checks the drawing and returns it as it is, but without its document type: that adds nothing and is not parsed.
pub(super) fn check(bytes: Vec<u8>) -> Result<Clean, PictureError> {
    if bytes.len() > MAX_BYTES {
        return Err(refused(remark("import-large").put("n", MAX_BYTES / 1024 / 1024)));
    }
    let text = String::from_utf8(bytes).map_err(|_| refused(remark("import-not-utf8")))?;
    let text = without_doctype(&text)?;
    check_bounds(&text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options)
        .map_err(|error| PictureError::Damaged("SVG", error.to_string()))?;
    let root = document.root_element();
    if !root.has_tag_name((NAMESPACE, "svg")) {
        return Err(PictureError::NotAPicture);
    }
    check_nodes(&document)?;
    let (width, height) = size(root)?;
    drop(document);
    Ok(Clean { width, height, is_animated: false, bytes: text.into_bytes() })
}

fn refused(why: Remark) -> PictureError {
    PictureError::Unsafe(why)
}

/// Cuts out `<!DOCTYPE svg PUBLIC "…" "…">`, which many programs write. One with declarations of its own (`[…]`) can
/// define entities, and is refused.
fn without_doctype(text: &str) -> Result<String, PictureError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let cut_off = || PictureError::Truncated("SVG");
    let mut rest = text.trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else {
            break;
        };
        rest = rest.split_once(end).ok_or_else(cut_off)?.1.trim_start();
    }
    if !rest.starts_with("<!DOCTYPE") {
        return Ok(text.to_owned());
    }
    let end = rest.find(['>', '[']).ok_or_else(cut_off)?;
    if rest[end..].starts_with('[') {
        return Err(refused(remark("svg-entities")));
    }
    Ok([&text[..text.len() - rest.len()], &rest[end + 1..]].concat())
}

/// Bounds what the parser would take quadratic time for.
fn check_bounds(text: &str) -> Result<(), PictureError> {
    // `<` cannot stand in an attribute's value, so between two of them is at most one tag.
    if text.split('<').any(|tag| attributes(tag) > MAX_ATTRIBUTES) {
        return Err(refused(remark("svg-attributes").put("n", MAX_ATTRIBUTES)));
    }
    if text.matches("xmlns").count() > MAX_NAMESPACES {
        return Err(refused(remark("svg-namespaces")));
    }
    Ok(())
}

/// An upper bound on the attributes in what follows a `<`: each is written `name="…"` or `name='…'`.
fn attributes(tag: &str) -> usize {
    let bytes = tag.as_bytes();
    (0..bytes.len())
        .filter(|&at| {
            bytes[at] == b'='
                && bytes[at + 1..].trim_ascii_start().first().is_some_and(|next| matches!(next, b'"' | b'\''))
        })
        .count()
}

fn check_nodes(document: &Document) -> Result<(), PictureError> {
    let mut depth = 0;
    // A node's depth is its parent's plus one; the order of the document makes parents come first.
    let mut open: Vec<Node> = Vec::new();
    for node in document.descendants() {
        while open.last().is_some_and(|last| node.parent() != Some(*last)) {
            open.pop();
        }
        depth = depth.max(open.len());
        if depth > MAX_DEPTH {
            return Err(refused(remark("svg-deep")));
        }
        open.push(node);
        match node.node_type() {
            NodeType::Element => check_element(node)?,
            NodeType::PI if node.pi().is_some_and(|pi| pi.target.eq_ignore_ascii_case("xml-stylesheet")) => {
                return Err(refused(remark("svg-sheet")));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_element(element: Node) -> Result<(), PictureError> {
    let tag = element.tag_name();
    let name = tag.name().to_ascii_lowercase();
    if REFUSED.contains(&name.as_str()) || tag.namespace().is_some_and(|space| space.ends_with("/xhtml")) {
        return Err(refused(remark("svg-element").put("name", short(tag.name()))));
    }
    for attribute in element.attributes() {
        check_attribute(&name, attribute)?;
    }
    if name == "style" {
        for text in element.descendants().filter_map(|node| node.text()) {
            check_style(text)?;
        }
    }
    Ok(())
}

fn check_attribute(element: &str, attribute: Attribute) -> Result<(), PictureError> {
    let name = attribute.name().to_ascii_lowercase();
    let value = attribute.value();
    if name.starts_with("on") {
        return Err(refused(remark("svg-handler").put("name", short(&name))));
    }
    if matches!(name.as_str(), "href" | "src") && !is_own(value) {
        return Err(refused(remark("svg-elsewhere")));
    }
    // An animation can set what this check has seen to be harmless.
    let is_animation = matches!(element, "set" | "animate" | "animatemotion" | "animatetransform" | "animatecolor");
    if is_animation && name == "attributename" {
        let target = value.trim().to_ascii_lowercase();
        if target.ends_with("href") || target.starts_with("on") || target == "style" {
            return Err(refused(remark("svg-animates")));
        }
    }
    if name == "style" { check_style(value) } else { check_urls(value) }
}

/// Whether an address stays in the file: a part of it, or pixels written out in it.
fn is_own(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    let is_pixels = |rest: &str| {
        ["png", "jpeg", "jpg", "gif", "webp"]
            .iter()
            .any(|kind| rest.strip_prefix(kind).is_some_and(|rest| rest.starts_with([';', ','])))
    };
    address.is_empty() || address.starts_with('#') || address.strip_prefix("data:image/").is_some_and(is_pixels)
}

/// CSS. Escapes could spell any of the words looked for, so they are refused with them.
fn check_style(css: &str) -> Result<(), PictureError> {
    let lower = css.to_ascii_lowercase();
    if lower.contains("@import") || lower.contains("image-set(") || lower.contains("src(") {
        return Err(refused(remark("svg-loads")));
    }
    if css.contains('\\') {
        return Err(refused(remark("svg-escapes")));
    }
    check_urls(css)
}

/// Every `url(…)` in `text` must stay in the file.
fn check_urls(text: &str) -> Result<(), PictureError> {
    let lower = text.to_ascii_lowercase();
    for url in lower.split("url(").skip(1) {
        let url = url.split(')').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        if !is_own(url) {
            return Err(refused(remark("svg-elsewhere")));
        }
    }
    Ok(())
}

/// `width` and `height` in pixels, else the `viewBox`; with one of the two, the viewBox gives the other.
fn size(root: Node) -> Result<(u32, u32), PictureError> {
    let side = |name| -> Option<f64> {
        let value = root.attribute(name)?.trim();
        let number: f64 = value.strip_suffix("px").unwrap_or(value).trim_end().parse().ok()?;
        number.is_finite().then_some(number)
    };
    let view: Vec<f64> = root
        .attribute("viewBox")
        .map(|view| {
            view.split([' ', ',', '\t', '\n', '\r'])
                .filter(|part| !part.is_empty())
                .map_while(|part| part.parse().ok())
                .collect()
        })
        .unwrap_or_default();
    let view = match view[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 && width.is_finite() && height.is_finite() => {
            Some((width, height))
        }
        _ => None,
    };
    let (width, height) = match (side("width"), side("height"), view) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some(view)) => (width, width * view.1 / view.0),
        (None, Some(height), Some(view)) => (height * view.0 / view.1, height),
        (None, None, Some(view)) => view,
        // What browsers take for a drawing that does not say.
        (width, height, None) => (width.unwrap_or(300.0), height.unwrap_or(150.0)),
    };
    // A cast from floating point stays within the integer's bounds.
    let whole = |side: f64| if side > 0.0 { side.round().max(1.0) as u32 } else { 0 };
    let (width, height) = (whole(width), whole(height));
    check_size("SVG", width, height)?;
    Ok((width, height))
}
