//! What every page keeps to, whoever it is for and whatever text is on it.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

/// What is wrong with a page.
pub fn faults(text: &str) -> Vec<String> {
    let html = Html::parse_document(text);
    let mut faults = Vec::new();
    let all = |css: &str| -> Vec<ElementRef<'_>> { html.select(&Selector::parse(css).unwrap()).collect() };

    for (css, times) in [("h1", 1), ("main", 1), ("title", 1), ("html[lang][dir]", 1), ("meta[charset]", 1)] {
        if all(css).len() != times {
            faults.push(format!("{css} is there {} times", all(css).len()));
        }
    }
    if !all("header").is_empty() && all("body > a.skip[href='#main']").is_empty() {
        faults.push("no skip link".to_owned());
    }

    let mut ids = HashSet::new();
    for element in all("*") {
        let name = element.value().name();
        for (attribute, value) in element.value().attrs() {
            let shape = format!("<{name} {attribute}={value:?}>");
            let is_address = matches!(
                attribute,
                "href" | "src" | "action" | "formaction" | "poster" | "data" | "srcset" | "xlink:href"
            );
            let scheme = value.trim().to_ascii_lowercase();
            if attribute.starts_with("on") || attribute == "style" {
                faults.push(format!("inline: {shape}"));
            }
            if is_address && ["javascript:", "vbscript:", "data:"].iter().any(|bad| scheme.starts_with(bad)) {
                faults.push(format!("scheme: {shape}"));
            }
            let loads = matches!(attribute, "src" | "srcset" | "poster" | "data") || (name == "link" && loads(element));
            if loads && is_address && (scheme.contains("://") || scheme.starts_with("//")) {
                faults.push(format!("from elsewhere: {shape}"));
            }
            if attribute == "id" && !ids.insert(value.to_owned()) {
                faults.push(format!("twice: {shape}"));
            }
        }
        match name {
            "script" if element.attr("type") == Some("application/ld+json") && element.attr("src").is_none() => {}
            "script" | "style" | "iframe" | "object" | "embed" | "base" | "svg" | "math" | "noscript" | "template" => {
                faults.push(format!("<{name}>"));
            }
            "img" if element.attr("alt").is_none() => faults.push("an image without alt".to_owned()),
            _ => {}
        }
    }
    for label in all("label") {
        let of = label.attr("for").unwrap_or_default();
        if !ids.contains(of) {
            faults.push(format!("a label for {of:?}, which is not there"));
        }
    }
    for element in all("[aria-describedby], [aria-labelledby]") {
        let named = [element.attr("aria-describedby"), element.attr("aria-labelledby")];
        for id in named.into_iter().flatten().flat_map(str::split_whitespace).filter(|id| !ids.contains(*id)) {
            faults.push(format!("described by {id:?}, which is not there"));
        }
    }
    for field in all("input:not([type=hidden]), textarea, select") {
        let id = field.attr("id").unwrap_or_default();
        if !all("label").iter().any(|label| label.attr("for") == Some(id)) {
            faults.push(format!("field {:?} has no label", field.attr("name")));
        }
    }
    faults
}

/// Whether a `<link>` fetches something with the page.
fn loads(link: ElementRef<'_>) -> bool {
    let relations = link.attr("rel").unwrap_or_default();
    relations
        .split_whitespace()
        .any(|rel| matches!(rel, "stylesheet" | "icon" | "preload" | "modulepreload" | "prefetch" | "manifest"))
}
