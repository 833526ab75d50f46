//! The tree that newer versions of Ghost keep a text in, as HTML: for texts that were never drawn.

use serde_json::Value;

use super::{below, drawn};
use crate::{
    exchange::json::text,
    model::remark::{Remark, remark},
    text::dom::escaped,
};

/// Nodes of one text; `serde_json` has bounded their depth.
const MAX_NODES: usize = 200_000;

/// The HTML of a tree.
pub(super) fn html(tree: &Value, warnings: &mut Vec<Remark>) -> String {
    enum Step<'a> {
        Node(&'a Value),
        End(&'static str),
    }
    let mut html = String::new();
    let mut next: Vec<Step<'_>> = tree.get("root").map(Step::Node).into_iter().collect();
    let mut count = 0;
    while let Some(step) = next.pop() {
        let node = match step {
            Step::End(end) => {
                html.push_str(end);
                continue;
            }
            Step::Node(node) => node,
        };
        count += 1;
        if count > MAX_NODES {
            warnings.push(remark("import-text-cut"));
            break;
        }
        let get = |name| escaped(&text(node, name));
        let (start, end): (String, &'static str) = match text(node, "type").as_str() {
            "paragraph" => ("<p>".to_owned(), "</p>"),
            "heading" | "extended-heading" => match text(node, "tag").as_str() {
                "h1" => ("<h1>".to_owned(), "</h1>"),
                "h3" => ("<h3>".to_owned(), "</h3>"),
                "h4" | "h5" | "h6" => ("<h4>".to_owned(), "</h4>"),
                _ => ("<h2>".to_owned(), "</h2>"),
            },
            "quote" | "extended-quote" | "aside" => ("<blockquote>".to_owned(), "</blockquote>"),
            "list" if text(node, "listType") == "number" => {
                let start = node.get("start").and_then(Value::as_u64).unwrap_or(1);
                (format!("<ol start=\"{start}\">"), "</ol>")
            }
            "list" => ("<ul>".to_owned(), "</ul>"),
            "listitem" => ("<li>".to_owned(), "</li>"),
            "link" => (format!("<a href=\"{}\">", get("url")), "</a>"),
            "linebreak" => ("<br>".to_owned(), ""),
            "horizontalrule" => ("<hr>".to_owned(), ""),
            "text" | "extended-text" => (formatted(node), ""),
            "codeblock" => {
                let code = format!("<pre><code class=\"language-{}\">{}</code></pre>", get("language"), get("code"));
                (code + &below(&text(node, "caption")), "")
            }
            "image" => (
                format!(
                    "<figure><img src=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>",
                    get("src"),
                    get("alt"),
                    text(node, "caption")
                ),
                "",
            ),
            "gallery" => (gallery(node), ""),
            "markdown" => (drawn(node), ""),
            "html" | "embed" => (text(node, "html") + &below(&text(node, "caption")), ""),
            "header" => (
                format!("<h2>{}</h2>{}", text(node, "header"), below(&text(node, "subheader")))
                    + &button(&get("buttonUrl"), &get("buttonText")),
                "",
            ),
            "product" => (
                match get("productImageSrc") {
                    source if source.is_empty() => String::new(),
                    source => format!("<figure><img src=\"{source}\" alt=\"\"></figure>"),
                } + &format!("<h4>{}</h4>{}", text(node, "productTitle"), text(node, "productDescription"))
                    + &button(&get("productUrl"), &get("productButton")),
                "",
            ),
            "callout" => {
                (format!("<blockquote>{} {}</blockquote>", get("calloutEmoji"), text(node, "calloutText")), "")
            }
            "toggle" => (
                format!("<details><summary>{}</summary>{}</details>", text(node, "heading"), text(node, "content")),
                "",
            ),
            "bookmark" | "video" | "audio" | "file" | "button" => {
                let address =
                    ["url", "src", "buttonUrl"].into_iter().map(get).find(|url| !url.is_empty()).unwrap_or_default();
                let told = node.get("metadata").unwrap_or(&Value::Null);
                let title = ["buttonText", "fileTitle", "title", "fileName"].into_iter().map(get);
                let title = title.chain([escaped(&text(told, "title"))]).find(|title| !title.is_empty());
                let name =
                    || address.rsplit('/').next().filter(|_| text(node, "type") != "bookmark").map(str::to_owned);
                let title = title.or_else(name).filter(|title| !title.is_empty()).unwrap_or_else(|| address.clone());
                let about = match escaped(&text(told, "description")) {
                    about if about.is_empty() || about == title => about,
                    about => format!(" – {about}"),
                };
                let said = ["caption", "fileCaption"].map(|name| below(&text(node, name))).concat();
                (format!("<p><a href=\"{address}\">{title}</a>{about}</p>{said}"), "")
            }
            "root" => (String::new(), ""),
            other => {
                if node.get("children").is_none() {
                    warnings.push(remark("import-card-left").put("card", other));
                }
                (String::new(), "")
            }
        };
        html.push_str(&start);
        next.push(Step::End(end));
        let children = node.get("children").and_then(Value::as_array);
        next.extend(children.into_iter().flatten().rev().map(Step::Node));
    }
    html
}

/// The pictures of a gallery, and the line below it.
fn gallery(node: &Value) -> String {
    let images = node.get("images").and_then(Value::as_array).into_iter().flatten();
    let shown = images.map(|image| {
        let get = |name| escaped(&text(image, name));
        format!("<img src=\"{}\" alt=\"{}\">", get("src"), get("alt"))
    });
    let caption = text(node, "caption");
    format!(
        "<figure class=\"kg-card kg-gallery-card\">{}<figcaption>{caption}</figcaption></figure>",
        shown.collect::<String>()
    )
}

fn button(address: &str, words: &str) -> String {
    if address.is_empty() || words.is_empty() {
        return String::new();
    }
    format!("<p><a href=\"{address}\">{words}</a></p>")
}

/// A run of text; each bit of its format is an element.
fn formatted(node: &Value) -> String {
    let mut html = escaped(&text(node, "text"));
    let format = node.get("format").and_then(Value::as_u64).unwrap_or_default();
    let names = [(1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup"), (128, "mark")];
    for (bit, name) in names {
        if format & bit != 0 {
            html = format!("<{name}>{html}</{name}>");
        }
    }
    html
}
