//! The tree that older versions of Ghost keep a text in: for texts that were never drawn.

use serde_json::{Value, json};

use super::{below, drawn, lexical};
use crate::{exchange::json::text, model::remark::Remark, text::dom::escaped};

/// The Markdown of a text that is nothing else.
pub(super) fn markdown(tree: &Value) -> Option<String> {
    let sections = tree.get("sections")?.as_array()?;
    let cards = tree.get("cards")?.as_array()?;
    let [section] = sections.as_slice() else { return None };
    let card = card(section, cards)?;
    matches!(card.get(0)?.as_str()?, "markdown" | "card-markdown")
        .then(|| text(card.get(1).unwrap_or(&Value::Null), "markdown"))
}

fn card<'a>(section: &Value, cards: &'a [Value]) -> Option<&'a Value> {
    let section = section.as_array()?;
    if section.first()?.as_u64()? != 10 {
        return None;
    }
    cards.get(usize::try_from(section.get(1)?.as_u64()?).ok()?)
}

/// The HTML of a tree.
pub(super) fn html(tree: &Value, warnings: &mut Vec<Remark>) -> String {
    let list = |name: &str| tree.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (markups, cards, atoms) = (list("markups"), list("cards"), list("atoms"));
    let mut html = String::new();
    for section in list("sections") {
        match section.get(0).and_then(Value::as_u64) {
            // Words with marks in them.
            Some(1) => {
                let tag = block(section.get(1));
                html.push_str(&format!("<{tag}>{}</{tag}>", marked(section.get(2), markups, atoms)));
            }
            Some(3) => {
                let tag = if section.get(1).and_then(Value::as_str) == Some("ol") { "ol" } else { "ul" };
                html.push_str(&format!("<{tag}>"));
                for item in section.get(2).and_then(Value::as_array).into_iter().flatten() {
                    html.push_str(&format!("<li>{}</li>", marked(Some(item), markups, atoms)));
                }
                html.push_str(&format!("</{tag}>"));
            }
            Some(2) => {
                let source = section.get(1).and_then(Value::as_str).unwrap_or_default();
                html.push_str(&format!("<figure><img src=\"{}\"></figure>", escaped(source)));
            }
            Some(10) => html.push_str(&card_html(card(section, cards), warnings)),
            _ => {}
        }
    }
    html
}

fn block(tag: Option<&Value>) -> &'static str {
    let known = ["h1", "h2", "h3", "h4", "h5", "h6", "blockquote"];
    let tag = tag.and_then(Value::as_str).unwrap_or_default();
    known.into_iter().find(|known| *known == tag).unwrap_or(if tag == "aside" { "blockquote" } else { "p" })
}

/// `[[type, [markups that open], how many close, text], …]`
fn marked(markers: Option<&Value>, markups: &[Value], atoms: &[Value]) -> String {
    let mut html = String::new();
    let mut open: Vec<&'static str> = Vec::new();
    for marker in markers.and_then(Value::as_array).into_iter().flatten() {
        for at in marker.get(1).and_then(Value::as_array).into_iter().flatten() {
            let markup = at.as_u64().and_then(|at| markups.get(usize::try_from(at).ok()?));
            let name = markup.and_then(|markup| markup.get(0)).and_then(Value::as_str).unwrap_or_default();
            let known = ["a", "b", "strong", "i", "em", "s", "u", "code", "sub", "sup", "mark"];
            let name = known.into_iter().find(|known| *known == name).unwrap_or("span");
            let href = markup.and_then(|markup| {
                markup.get(1)?.as_array()?.iter().skip_while(|part| *part != "href").nth(1)?.as_str()
            });
            match href {
                Some(href) => html.push_str(&format!("<{name} href=\"{}\">", escaped(href))),
                None => html.push_str(&format!("<{name}>")),
            }
            open.push(name);
        }
        match (marker.get(0).and_then(Value::as_u64), marker.get(3)) {
            (Some(1), Some(at)) => {
                let atom = at.as_u64().and_then(|at| atoms.get(usize::try_from(at).ok()?));
                let name = atom.and_then(|atom| atom.get(0)).and_then(Value::as_str).unwrap_or_default();
                html.push_str(if name == "soft-return" { "<br>" } else { "" });
            }
            (_, Some(Value::String(words))) => html.push_str(&escaped(words)),
            _ => {}
        }
        for _ in 0..marker.get(2).and_then(Value::as_u64).unwrap_or_default().min(open.len() as u64) {
            if let Some(name) = open.pop() {
                html.push_str(&format!("</{name}>"));
            }
        }
    }
    while let Some(name) = open.pop() {
        html.push_str(&format!("</{name}>"));
    }
    html
}

fn card_html(card: Option<&Value>, warnings: &mut Vec<Remark>) -> String {
    let Some(card) = card else { return String::new() };
    let name = card.get(0).and_then(Value::as_str).unwrap_or_default();
    let payload = card.get(1).unwrap_or(&Value::Null);
    let get = |field| escaped(&text(payload, field));
    match name {
        "hr" => "<hr>".to_owned(),
        "html" | "card-html" | "embed" => text(payload, "html") + &below(&text(payload, "caption")),
        "image" | "card-image" => format!(
            "<figure><img src=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>",
            get("src"),
            get("alt"),
            text(payload, "caption")
        ),
        "code" => {
            let code = format!("<pre><code class=\"language-{}\">{}</code></pre>", get("language"), get("code"));
            code + &below(&text(payload, "caption"))
        }
        "bookmark" => {
            let title = payload.get("metadata").map(|told| escaped(&text(told, "title"))).unwrap_or_default();
            let title = if title.is_empty() { get("url") } else { title };
            format!("<p><a href=\"{}\">{title}</a></p>", get("url")) + &below(&text(payload, "caption"))
        }
        "callout" => format!("<blockquote>{} {}</blockquote>", get("calloutEmoji"), text(payload, "calloutText")),
        "toggle" => {
            format!("<details><summary>{}</summary>{}</details>", text(payload, "heading"), text(payload, "content"))
        }
        "markdown" | "card-markdown" => drawn(payload),
        // Newer versions write what else there is as a node, of the same fields.
        other => {
            let mut node = payload.as_object().cloned().unwrap_or_default();
            node.insert("type".to_owned(), other.into());
            lexical::html(&json!({ "root": node }), warnings)
        }
    }
}
