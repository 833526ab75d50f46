//! Ghost's HTML as plain HTML: its cards.

use crate::{
    model::remark::{Remark, remark},
    text::dom::{Data, Dom},
};

/// The text without what only Ghost writes, and what was lost with that.
pub fn html(kept: &str) -> (String, Vec<Remark>) {
    let mut dom = Dom::read(kept);
    let mut lost = Vec::new();
    for id in dom.inside(Dom::ROOT) {
        let classes = dom.attribute(id, "class").unwrap_or_default().to_owned();
        let card = classes.split_ascii_whitespace().find_map(|class| class.strip_prefix("kg-")?.strip_suffix("-card"));
        match card {
            Some("bookmark") => bookmark(&mut dom, id),
            Some("callout") => {
                // A sign and the words beside it are one line.
                let mut line = Vec::new();
                for child in dom.children(id).to_vec() {
                    let part = if dom.name(child) == "div" { as_span(&mut dom, child) } else { child };
                    let gap = dom.node(Data::Text(" ".to_owned()));
                    line.extend([part, gap]);
                }
                let line = dom.element("p", &[], line);
                let quote = dom.element("blockquote", &[], vec![line]);
                dom.replace(id, vec![quote]);
            }
            Some("toggle") => toggle(&mut dom, id),
            Some("video" | "audio") => played(&mut dom, id),
            Some("file") => file(&mut dom, id),
            Some("code" | "embed") => caption_below(&mut dom, id),
            Some("signup" | "email" | "email-cta" | "paywall") => {
                lost.push(remark("lost-card").put("card", card.unwrap_or_default()));
                dom.replace(id, Vec::new());
            }
            // The editor keeps blanks so; the words need no element.
            _ if dom.name(id) == "span" && is_plain_span(&dom, id) => {
                let words = dom.children(id).to_vec();
                dom.replace(id, words);
            }
            Some("product") => lost.push(remark("lost-card-words").put("card", "product")),
            _ => {}
        }
    }
    (dom.html(Dom::ROOT), lost)
}

/// Whether an element says nothing but how its blanks are drawn.
fn is_plain_span(dom: &Dom, id: usize) -> bool {
    let style = dom.attribute(id, "style").unwrap_or_default();
    dom.attribute(id, "class").is_none()
        && style.split(';').all(|rule| rule.trim().is_empty() || rule.trim().starts_with("white-space"))
}

fn as_span(dom: &mut Dom, id: usize) -> usize {
    let children = dom.children(id).to_vec();
    dom.element("span", &[], children)
}

fn with_class(dom: &Dom, id: usize, class: &str) -> Option<usize> {
    dom.inside(id).into_iter().find(|inner| dom.has_class(*inner, class))
}

fn text_at(dom: &Dom, id: usize, class: &str) -> String {
    let found = with_class(dom, id, class).map(|inner| dom.text(inner)).unwrap_or_default();
    found.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A paragraph with a link and what is said of it, and below it the card's caption.
fn linked(dom: &mut Dom, id: usize, address: &str, title: &str, about: &str) {
    let words = dom.node(Data::Text(title.to_owned()));
    let link = dom.element("a", &[("href", address)], vec![words]);
    let mut children = vec![link];
    if !about.is_empty() && about != title {
        children.push(dom.node(Data::Text(format!(" – {about}"))));
    }
    let mut instead = vec![dom.element("p", &[], children)];
    if let Some(caption) = dom.named(id, "figcaption").into_iter().next() {
        let words = dom.children(caption).to_vec();
        instead.push(dom.element("p", &[], words));
    }
    dom.replace(id, instead);
}

/// What is no picture has its caption in a paragraph.
fn caption_below(dom: &mut Dom, id: usize) {
    let Some(caption) = dom.named(id, "figcaption").into_iter().next() else { return };
    let words = dom.children(caption).to_vec();
    let line = dom.element("p", &[], words);
    dom.replace(caption, Vec::new());
    let mut instead = dom.children(id).to_vec();
    instead.push(line);
    dom.replace(id, instead);
}

fn bookmark(dom: &mut Dom, id: usize) {
    let Some(address) = dom.named(id, "a").into_iter().find_map(|link| dom.attribute(link, "href").map(str::to_owned))
    else {
        return;
    };
    let title = text_at(dom, id, "kg-bookmark-title");
    let title = if title.is_empty() { address.clone() } else { title };
    let about = text_at(dom, id, "kg-bookmark-description");
    linked(dom, id, &address, &title, &about);
}

fn file(dom: &mut Dom, id: usize) {
    let Some(address) = dom.named(id, "a").into_iter().find_map(|link| dom.attribute(link, "href").map(str::to_owned))
    else {
        return;
    };
    let name = address.rsplit('/').next().unwrap_or_default().to_owned();
    let title = Some(text_at(dom, id, "kg-file-card-title")).filter(|title| !title.is_empty()).unwrap_or(name);
    let about = text_at(dom, id, "kg-file-card-caption");
    linked(dom, id, &address, &title, &about);
}

/// A player with its buttons becomes what it plays.
fn played(dom: &mut Dom, id: usize) {
    let player = dom.inside(id).into_iter().find(|inner| matches!(dom.name(*inner), "video" | "audio"));
    let Some(address) = player.and_then(|player| dom.attribute(player, "src").map(str::to_owned)) else { return };
    let name = address.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
    let titles = [text_at(dom, id, "kg-audio-title"), name];
    let title = titles.into_iter().find(|title| !title.is_empty()).unwrap_or_default();
    linked(dom, id, &address, &title, "");
}

fn toggle(dom: &mut Dom, id: usize) {
    let heading = with_class(dom, id, "kg-toggle-heading-text").map(|id| dom.children(id).to_vec()).unwrap_or_default();
    let content = with_class(dom, id, "kg-toggle-content").map(|id| dom.children(id).to_vec()).unwrap_or_default();
    let summary = dom.element("summary", &[], heading);
    let mut children = vec![summary];
    children.extend(content);
    let details = dom.element("details", &[], children);
    dom.replace(id, vec![details]);
}
