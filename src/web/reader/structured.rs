//! What search engines read besides the page: JSON-LD (schema.org BlogPosting).

use serde_json::json;

use crate::{
    model::post::{Post, PostKind},
    web::layout::Layout,
};

/// The post as JSON-LD, escaped for a `<script type="application/ld+json">`.
pub fn blog_posting(l: &Layout, post: &Post, picture: Option<&str>) -> String {
    let authors: Vec<_> = post
        .authors
        .iter()
        .map(|author| json!({"@type": "Person", "name": author.name, "url": l.url(&format!("author/{}", author.slug))}))
        .collect();
    let address = l.url(&post.path);
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": match post.kind {
            PostKind::Post => "BlogPosting",
            PostKind::Page => "WebPage",
        },
        "headline": post.title,
        "description": post.description(),
        "datePublished": l.machine_time(&post.published_at),
        "dateModified": l.machine_time(&post.changed_at()),
        "author": authors,
        "keywords": post.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(),
        "wordCount": post.words,
        "commentCount": post.comment_count,
        "inLanguage": if post.meta.language.is_empty() { l.lang() } else { &post.meta.language },
        "url": address,
        "mainEntityOfPage": address,
        "isPartOf": {"@type": "Blog", "name": l.settings.title, "url": l.url("")},
    });
    if let Some(picture) = picture {
        value["image"] = json!(picture);
    }
    escape(&value.to_string())
}

/// JSON in which nothing can end the script element or a line of it.
fn escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_cannot_end_the_data_block() {
        let escaped = super::escape(r#"{"headline":"</script><script>alert(1)</script> & \u2028"}"#);
        assert!(!escaped.contains('<') && !escaped.contains('&'));
        let back: serde_json::Value = serde_json::from_str(&escaped).unwrap();
        assert_eq!(back["headline"], "</script><script>alert(1)</script> & \u{2028}");
    }
}
