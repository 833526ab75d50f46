//! Redirects that the owner makes, and addresses that were asked for in vain.

use axum::{body::Body, http::Method};

use crate::support::*;

const AT: &str = "/admin/settings/redirects";

async fn add(visitor: &Visitor, path: &str, target: &str) -> Page {
    visitor.post(AT, &[("path", path), ("target", target)]).await
}

#[tokio::test]
async fn a_redirect_works_at_once_and_until_it_is_removed() {
    let blog = TestBlog::new().await;
    let (owner, reader) = (blog.owner().await, blog.reader());
    assert_eq!(reader.get("/old/café").await.status(), 404);
    let added = add(&owner, "/old/café/", "/archive?x=1").await;
    assert_eq!(added.location(), "/admin/settings/redirects?done=added", "{}", added.body());
    assert!(owner.follow(&added).await.text("[role=status]").contains("works from now on"));
    for asked in ["/old/caf%C3%A9", "/old/caf%C3%A9/", "/old/caf%C3%A9?utm=1"] {
        let answer = reader.get(asked).await;
        assert_eq!((answer.status(), answer.location()), (301, "/archive?x=1"), "{asked}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{asked}");
    }
    add(&owner, "away", "https://elsewhere.example/a b").await;
    assert_eq!(reader.get("/away").await.location(), "https://elsewhere.example/a%20b");

    let page = owner.get(AT).await;
    assert_eq!(page.all(".rows tbody th bdi"), ["/away", "/old/café"]);
    assert_eq!(owner.get(&format!("{AT}?q=elsewhere")).await.all(".rows tbody th bdi"), ["/away"]);
    page.form(".rows tbody tr:first-child form").submit(&owner).await;
    assert_eq!(reader.get("/away").await.status(), 404);
}

#[tokio::test]
async fn a_redirect_that_could_not_work_is_refused_in_words_and_the_form_comes_back_filled_in() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let post = blog.published_post("Post").tag("garden").create().await;
    add(&owner, "/a", "/b").await;
    add(&owner, "/b", "/c").await;
    for (path, target, field, words) in [
        (post.path.as_str(), "/archive", "path", "Something can be read"),
        ("/admin", "/archive", "path", "Something can be read"),
        ("/tag/garden", "/archive", "path", "Something can be read"),
        ("/2023/02", "/archive", "path", "Something can be read"),
        ("/", "/archive", "path", "Type the path"),
        ("/a", "/archive", "path", "redirected already"),
        ("/c", "/a", "target", "circle"),
        ("/c", "http://blog.example/c/?x", "target", "circle"),
        ("/d", "//evil.example", "target", "begins with /"),
        ("/d", "javascript:alert(1)", "target", "begins with /"),
    ] {
        let refused = add(&owner, path, target).await;
        assert_eq!(refused.status(), 422, "{path} {target}");
        assert!(refused.text(&format!("#{field}-error")).contains(words), "{path} {target}");
        let form = refused.form("form.settings");
        assert_eq!((form.value("path"), form.value("target")), (path, target));
    }
    assert_eq!(owner.get(AT).await.all(".rows tbody th").len(), 2);
}

#[tokio::test]
async fn a_post_that_comes_to_live_at_a_redirected_address_is_what_readers_see() {
    let blog = TestBlog::new().await;
    add(&blog.owner().await, "/about", "/archive").await;
    assert_eq!(blog.reader().get("/about").await.status(), 301);
    blog.page("About").create().await;
    assert_eq!(blog.reader().get("/about").await.text("h1"), "About");
}

#[tokio::test]
async fn an_address_that_was_asked_for_in_vain_is_led_to_the_nearest_post_with_one_click() {
    let blog = TestBlog::new().await;
    let (owner, reader) = (blog.owner().await, blog.reader());
    let post = blog.published_post("A walk in the garden").create().await;
    let rain = blog.published_post("Rain").create().await;
    blog.page("About").create().await;
    for _ in 0..2 {
        let request = reader
            .request(Method::GET, "/2019/walk-in-the-garden.html")
            .header("referer", "https://friend.example/secret?page")
            .body(Body::empty());
        assert_eq!(reader.send(request.unwrap()).await.status(), 404);
    }
    for unseen in ["/wp-login.php", "/.env", "/static/none.css", "/comments/yours/none", "/nothing-like-it"] {
        reader.get(unseen).await;
    }
    let page = owner.get(AT).await;
    assert_eq!(page.all(".rows tbody th bdi"), ["/2019/walk-in-the-garden.html", "/nothing-like-it"]);
    let first = page.text(".rows tbody tr:first-child");
    assert!(first.contains("from friend.example") && first.contains("2 times"), "{first}");
    assert!(!page.body().contains("secret?page"));
    page.form(".rows form[action='/admin/settings/redirects']").submit(&owner).await;
    assert_eq!(reader.get("/2019/walk-in-the-garden.html").await.location(), post.path);
    let page = owner.get(AT).await;
    assert_eq!(page.all("#missing ~ .rows tbody th bdi"), ["/nothing-like-it"]);
    page.form("#missing ~ .rows form").submit(&owner).await;
    assert!(!owner.get(AT).await.has("#missing ~ .rows"));

    // Misspelt, so that no word of it is found.
    for (asked, meant) in [("/2023/02/riain", rain.path.as_str()), ("/abuot", "/about")] {
        reader.get(asked).await;
        owner.get(AT).await.form("#missing ~ .rows form[action='/admin/settings/redirects']").submit(&owner).await;
        assert_eq!(reader.get(asked).await.location(), meant);
    }
}

#[tokio::test]
async fn a_thousand_addresses_are_remembered_those_that_were_most_asked_for() {
    let blog = TestBlog::new().await;
    let reader = blog.reader();
    reader.get("/often").await;
    reader.get("/often").await;
    for half in 0..2 {
        for number in 0..600 {
            blog.app.missing().note(&format!("lost-{half}-{number}"), "", blog.now());
        }
        blog.app.tally().await.unwrap();
    }
    let mut database = blog.database().await;
    let kept: (i64, i64) =
        sqlx::query_as("SELECT count(*), max(hits) FROM missing").fetch_one(&mut database).await.unwrap();
    assert_eq!(kept, (1000, 2));
}
