//! What the editor asks the server for while somebody writes, and what a text can hold.

use serde_json::Value;

use crate::support::*;

const FRAGMENT: &str = "/admin/posts/preview.fragment";

fn json(page: &Page) -> Value {
    assert_eq!(page.status(), 200, "{}", page.body());
    assert_eq!(page.header("content-type"), Some("application/json"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    serde_json::from_str(page.body()).unwrap()
}

fn labels(page: &Page) -> Vec<String> {
    json(page).as_array().unwrap().iter().map(|offer| offer["label"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_preview_beside_the_text_is_what_readers_get() {
    let blog = TestBlog::new().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let text = "# Heading\n\nSome *text*[^1] and $x^2$.\n\n- [ ] task\n\n```rust\nfn main() {}\n```\n\n[^1]: Note.\n\n<script>x</script>";
    let seen = json(&editor.post(FRAGMENT, &[("text", text)]).await)["html"].as_str().unwrap().to_owned();
    assert!(!seen.contains("<script"), "{seen}");

    let post = blog.published_post("Shown").create().await;
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    form.set("text", text).press("Update", &editor).await;
    let readers = reader.get(&post.path).await;
    let anchor = readers.attribute(".e-content h2", "id").trim_end_matches("-heading").to_owned();
    // The same but for the marks of lines, and for what its ids begin with.
    let mut plain = seen.replace("seen-", &format!("{anchor}-"));
    for line in 1..20 {
        plain = plain.replace(&format!("<span id=\"{anchor}-line-{line}\"></span>"), "");
    }
    assert!(readers.body().contains(plain.trim()), "{plain}\n{}", readers.body());
}

#[tokio::test]
async fn a_preview_that_cannot_be_drawn_says_so_and_nobody_else_is_drawn_one() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    assert_eq!(editor.post(FRAGMENT, &[("text", &">".repeat(500))]).await.status(), 422);
    assert_eq!(editor.post(FRAGMENT, &[("text", &"x".repeat(1_000_001))]).await.status(), 422);
    for answer in [
        blog.reader().post(FRAGMENT, &[("text", "x")]).await,
        blog.reader().get("/admin/posts/links?q=x").await,
        blog.reader().get("/admin/tags?q=x").await,
    ] {
        assert_eq!(answer.status(), 303);
        assert!(answer.location().starts_with("/admin/sign-in"));
    }
}

#[tokio::test]
async fn links_are_offered_to_what_readers_can_reach() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    blog.published_post("Durian season").body("It falls at night.").create().await;
    blog.published_post("Second").body("About the durian, again.").create().await;
    blog.draft("Durian, unfinished").create().await;
    let newest = labels(&editor.get("/admin/posts/links").await);
    assert_eq!(newest.len(), 2);
    let found = json(&editor.get("/admin/posts/links?q=dur").await);
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    assert_eq!(found[0]["label"], "Durian season");
    assert_eq!(found[0]["address"].as_str().map(|address| address.ends_with("/durian-season")), Some(true));
    assert!(labels(&editor.get("/admin/posts/links?q=nothing").await).is_empty());
}

#[tokio::test]
async fn tags_are_offered_by_how_they_begin() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    blog.published_post("One").tag("Garden").tag("Gardening").tag("House").create().await;
    assert_eq!(labels(&editor.get("/admin/tags?q=gar").await), ["Garden", "Gardening"]);
    assert_eq!(labels(&editor.get("/admin/tags?q=GARDENI").await), ["Gardening"]);
    for nothing in ["", "%20", "x", "%25", "z%7B"] {
        assert!(labels(&editor.get(&format!("/admin/tags?q={nothing}")).await).is_empty(), "{nothing}");
    }
}

#[tokio::test]
async fn only_a_page_with_a_video_may_show_its_player() {
    let blog = TestBlog::new().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let (film, plain) = (blog.published_post("A film").create().await, blog.published_post("Plain").create().await);
    let form = editor.get(&format!("/admin/posts/{}", film.id)).await.form("form.editor");
    form.set("text", "https://vimeo.com/76979871").press("Update", &editor).await;

    let policy = |page: &Page| page.header("content-security-policy").unwrap().to_owned();
    for address in [film.path.as_str(), "/"] {
        // Once made, once kept.
        for _ in 0..2 {
            let page = reader.get(address).await;
            assert!(policy(&page).ends_with("; frame-src https://player.vimeo.com"), "{}", policy(&page));
            assert_eq!(page.attribute(".video a", "href"), "https://vimeo.com/76979871");
            assert!(page.has("script[src^='/static/video.']"));
        }
    }
    let page = reader.get(&plain.path).await;
    assert!(!policy(&page).contains("frame-src") && !page.has("script[src^='/static/video.']"));
}

#[tokio::test]
async fn the_form_works_without_its_scripts() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let page = editor.get("/admin/posts/new").await;
    assert!(page.has("[data-tools][hidden]") && page.has("[data-counts][hidden]"), "shown by scripts alone");
    assert!(page.text("details.syntax").contains("How to format"));
    // What Enter in a field presses is not what a dialog holds.
    let first = page.all("form.editor button:not([type])").first().cloned();
    assert_eq!(first.as_deref(), Some("Save draft"));
    assert!(page.header("content-security-policy").unwrap().ends_with("; connect-src 'self'"));
}
