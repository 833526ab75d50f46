//! What every page keeps to, whoever it is for and whatever text is on it.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

/// What in some HTML would run, or fetch something from elsewhere.
pub fn hazards(text: &str) -> Vec<String> {
    hazards_in(&Html::parse_document(text))
}

fn hazards_in(html: &Html) -> Vec<String> {
    let mut hazards = Vec::new();
    for element in html.select(&Selector::parse("*").unwrap()) {
        let name = element.value().name();
        for (attribute, value) in element.value().attrs() {
            let shape = format!("<{name} {attribute}={value:?}>");
            let is_address = matches!(
                attribute,
                "href" | "src" | "action" | "formaction" | "poster" | "data" | "srcset" | "xlink:href" | "background"
            );
            // A browser passes over white space and control characters in a scheme.
            let address: String =
                value.to_lowercase().chars().filter(|letter| !letter.is_whitespace() && !letter.is_control()).collect();
            if attribute.starts_with("on") || matches!(attribute, "style" | "srcdoc" | "http-equiv") {
                hazards.push(shape.clone());
            }
            if is_address && ["javascript:", "vbscript:", "data:"].iter().any(|bad| address.starts_with(bad)) {
                hazards.push(shape.clone());
            }
            let loads = matches!(attribute, "src" | "srcset" | "poster" | "data" | "background")
                || (name == "link" && loads(element));
            if loads
                && is_address
                && (address.contains("://") || address.starts_with("//"))
                && !address.starts_with("http://blog.example/")
            {
                hazards.push(shape);
            }
        }
        match name {
            "script" if element.attr("type") == Some("application/ld+json") && element.attr("src").is_none() => {}
            "script" if element.attr("type") == Some("module") && is_own_script(&element) => {}
            "svg" | "math" if is_drawing(&element) => {}
            "script" | "style" | "iframe" | "object" | "embed" | "base" | "svg" | "math" | "noscript" | "template"
            | "frame" | "applet" => {
                hazards.push(format!("<{name}>"));
            }
            _ => {}
        }
    }
    hazards
}

/// What lines and bars are drawn with.
const DRAWN: &[&str] = &[
    "viewBox",
    "preserveAspectRatio",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "role",
    "class",
    "id",
    "d",
    "x",
    "y",
    "width",
    "height",
];

/// An icon or a chart that is nothing but lines and bars, or a formula that is nothing but MathML.
fn is_drawing(element: &ElementRef<'_>) -> bool {
    let is_plain = |part: ElementRef<'_>| {
        let (name, mut attributes) = (part.value().name(), part.value().attrs());
        match element.value().name() {
            "svg" => {
                ["svg", "path", "rect", "title", "desc"].contains(&name)
                    && attributes.all(|(name, _)| DRAWN.contains(&name))
            }
            _ => name.starts_with('m') && attributes.all(|(name, _)| !["href", "src"].contains(&name)),
        }
    };
    is_plain(*element) && element.descendants().filter_map(ElementRef::wrap).all(is_plain)
}

/// A script of the program's own, at its address.
fn is_own_script(element: &ElementRef<'_>) -> bool {
    let is_own = |address: &str| address.starts_with("/static/") && !address.contains([':', '?', '%']);
    element.attr("src").is_some_and(is_own) && element.text().all(|text| text.is_empty())
}

/// What is wrong with a page.
pub fn faults(text: &str) -> Vec<String> {
    let html = Html::parse_document(text);
    let mut faults = hazards_in(&html);
    let all = |css: &str| -> Vec<ElementRef<'_>> { html.select(&Selector::parse(css).unwrap()).collect() };

    for (css, times) in [("h1", 1), ("main", 1), ("head > title", 1), ("html[lang][dir]", 1), ("meta[charset]", 1)] {
        if all(css).len() != times {
            faults.push(format!("{css} is there {} times", all(css).len()));
        }
    }
    if !all("header").is_empty() && all("body > a.skip[href='#main']").is_empty() {
        faults.push("no skip link".to_owned());
    }

    let mut ids = HashSet::new();
    for element in all("[id]") {
        let id = element.attr("id").unwrap_or_default();
        if !ids.insert(id.to_owned()) {
            faults.push(format!("id {id:?} is there twice"));
        }
    }
    for _ in all("img:not([alt])") {
        faults.push("an image without alt".to_owned());
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
