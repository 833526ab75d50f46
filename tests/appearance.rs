//! How the blog looks: what the owner chooses shows at once, and nothing that is chosen shuts the owner out.

use crate::support::*;

const AT: &str = "/admin/settings/appearance";

async fn set(owner: &Visitor, fields: &[(&str, &str)]) -> Page {
    let mut form = owner.get(AT).await.form("form.settings");
    for (name, value) in fields {
        form = form.set(name, value);
    }
    form.press("Save", owner).await
}

fn sheets(page: &Page) -> Vec<String> {
    page.attributes("link[rel=stylesheet]", "href")
}

#[tokio::test]
async fn a_blog_whose_owner_chose_nothing_sends_one_sheet_and_no_more_words() {
    let blog = TestBlog::new().await;
    let home = blog.reader().get("/").await;
    assert_eq!(sheets(&home).len(), 1);
    assert!(home.body().contains("content=\"light dark\"") && !home.body().contains("banner"));
    assert_eq!(blog.reader().get("/static/look/0123.css").await.status(), 404);
}

#[tokio::test]
async fn what_the_owner_chooses_shows_at_once_on_pages_that_were_kept() {
    let blog = TestBlog::new().await;
    let (owner, reader) = (blog.owner().await, blog.reader());
    reader.get("/").await;
    let choice = [
        ("accent", "#FE0"),
        ("typeface", "sans"),
        ("scheme", "dark"),
        ("links", "Garden | /tag/garden\nElsewhere | https://example.org/"),
        ("footer", "Made with **care** <script>alert(1)</script>"),
        ("css", ".post { color: green }"),
    ];
    let saved = set(&owner, &choice).await;
    assert_eq!(saved.location(), format!("{AT}?done=saved"), "{}", saved.body());

    let home = reader.get("/").await;
    assert!(home.body().contains("content=\"dark\""));
    let names = home.all(".masthead nav a");
    assert_eq!(names.get(..2).unwrap(), ["Garden", "Elsewhere"], "{names:?}");
    assert_eq!(home.all(".colophon strong"), ["care"]);
    assert!(!home.body().contains("<script>alert"));
    let address = sheets(&home).pop().unwrap();
    let sheet = reader.get(&address).await;
    assert_eq!(sheet.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(sheet.header("content-type"), Some("text/css; charset=utf-8"));
    for part in ["light-dark(", "#ffee00", "--serif:var(--sans)", "color-scheme:dark", ".post { color: green }"] {
        assert!(sheet.body().contains(part), "{part}: {}", sheet.body());
    }
    let page = owner.get(AT).await;
    assert!(page.text("#accent-help").contains("#ffee00 on dark paper"), "{}", page.text("#accent-help"));

    set(&owner, &[("css", "")]).await;
    let old = reader.get("/static/look/0123.css").await;
    let now = sheets(&reader.get("/").await).pop().unwrap();
    assert_eq!((old.status(), old.location(), old.header("cache-control")), (307, &*now, Some("no-store")));
    assert_ne!(now, address);
}

#[tokio::test]
async fn own_rules_never_reach_the_door_and_the_desk() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    set(&owner, &[("accent", "#7d3426"), ("css", "body { display: none }")]).await;
    for page in [owner.get(AT).await, blog.reader().get("/admin/sign-in").await] {
        let sheet = owner.get(&sheets(&page).pop().unwrap()).await;
        assert!(sheet.body().contains("#7d3426") && !sheet.body().contains("display"), "{}", sheet.body());
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_in_words_and_the_form_comes_back_filled_in() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    for (field, typed, words) in [
        ("accent", "reddish", "Give a colour"),
        ("banner", "/media/none/none.png", "Give the address of a picture"),
        ("links", "Home | /\nBad | javascript:alert(1)", "line 2"),
        ("css", "a { b: c }\n@import 'https://x.example';", "Line 2: leave out @import"),
    ] {
        let refused = set(&owner, &[("banner-alt", "A hill"), (field, typed)]).await;
        assert_eq!(refused.status(), 422, "{field}");
        let said = refused.text(&format!("#{field}-error"));
        assert!(said.contains(words), "{field}: {said}");
        let form = refused.form("form.settings");
        assert_eq!((form.value(field), form.value("banner-alt")), (typed, "A hill"));
    }
    assert_eq!(sheets(&blog.reader().get("/").await).len(), 1);
}

/// A picture in the library: its address, and that of its page.
async fn uploaded(owner: &Visitor, picture: (&str, &[u8])) -> (String, String) {
    let sent = owner.upload_as("/admin/media", &[picture], "application/json").await;
    let sent: serde_json::Value = serde_json::from_str(sent.body()).unwrap();
    let file = &sent["files"][0];
    (file["address"].as_str().unwrap().to_owned(), format!("/admin/media/{}", file["id"]))
}

const HILL: (&str, &[u8]) = ("hill.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='300'/>");
const SEA: (&str, &[u8]) = ("sea.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='800' height='200'/>");

#[tokio::test]
async fn a_header_picture_keeps_its_room_cannot_be_deleted_and_is_replaced_everywhere() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let (address, page) = uploaded(&owner, HILL).await;
    set(&owner, &[("banner", &address), ("banner-alt", "A hill")]).await;
    let banner = async || {
        let home = blog.reader().get("/").await;
        ["src", "alt", "width", "height"].map(|name| home.attribute(".banner", name))
    };
    assert_eq!(banner().await, [&*address, "A hill", "900", "300"]);

    assert!(owner.get("/admin/media?show=unused").await.all(".library li").is_empty());
    let file = owner.get(&page).await;
    assert_eq!(file.all(".uses a"), ["Appearance"]);
    assert!(!file.has("details.danger"));
    let refused = owner.post(&format!("{page}/delete"), &[]).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text(".alarm").contains("while it is used"), "{}", refused.text(".alarm"));

    assert_eq!(owner.upload(&format!("{page}/replace"), &[SEA]).await.status(), 303);
    let [now, _, width, height] = banner().await;
    assert_eq!((now.ends_with("/sea.svg"), &*width, &*height), (true, "800", "200"), "{now}");

    set(&owner, &[("banner", "")]).await;
    let (_, page) = uploaded(&owner, SEA).await;
    assert_eq!(owner.post(&format!("{page}/delete"), &[]).await.status(), 303);
    assert!(!blog.reader().get("/").await.has(".banner"));
}

#[tokio::test]
async fn a_preview_shows_what_is_typed_and_saves_nothing() {
    let blog = TestBlog::new().await;
    blog.published_post("Post").create().await;
    let owner = blog.owner().await;
    let form = owner.get(AT).await.form("form.settings").set("accent", "#0000ff").set("css", ".post { order: 7 }");
    let shown = form.press("Preview", &owner).await;
    assert_eq!((shown.status(), shown.header("cache-control")), (200, Some("no-store")));
    assert!(shown.text(".notice").contains("Nothing has been saved") && shown.has(".blog-description"));
    assert_eq!(shown.all("article h2"), ["Post"]);
    let sheet = sheets(&shown).pop().unwrap();
    assert!(blog.reader().get(&sheet).await.body().contains("order: 7"));
    let home = blog.reader().get("/").await;
    assert_eq!((sheets(&home).len(), home.has(".notice")), (1, false));

    let form = owner.get(AT).await.form("form.settings").set("css", "}").set("footer", "Kept");
    let refused = form.press("Preview", &owner).await;
    assert_eq!((refused.status(), refused.form("form.settings").value("footer")), (422, "Kept"));
}

#[tokio::test]
async fn the_foot_links_to_the_blogs_own_pages_and_search_engines_may_follow() {
    let blog = TestBlog::new().await;
    let foot = "[Imprint](/about#who) [Friends](https://friends.example/) [No](javascript:alert(1))";
    set(&blog.owner().await, &[("footer", foot)]).await;
    let home = blog.reader().get("/").await;
    assert_eq!(home.attribute(".colophon a[href='/about#who']", "rel"), "noopener");
    assert_eq!(home.attribute(".colophon a[href^='https://friends']", "rel"), "noopener");
    assert!(!home.body().contains("javascript:"));
}

#[tokio::test]
async fn what_an_older_renderer_made_of_the_foot_is_made_anew() {
    let blog = TestBlog::new().await;
    set(&blog.owner().await, &[("footer", "Some *care*")]).await;
    let mut database = blog.database().await;
    sqlx::query("UPDATE appearance SET footer_html = 'Old', renderer = 0").execute(&mut database).await.unwrap();
    laman::jobs::pictures::step(&blog.app).await.unwrap();
    assert_eq!(blog.app.store.appearance().await.unwrap().footer_html, "<p>Some <em>care</em></p>");
    assert_eq!(blog.app.store.old_foot(laman::text::markdown::RENDERER).await.unwrap(), None);
}

#[tokio::test]
async fn a_post_in_another_language_says_so_in_its_page_in_lists_and_in_feeds() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Kebun").create().await;
    let owner = blog.owner().await;
    let form = owner.get(&format!("/admin/posts/{}", post.id)).await.form("#editor").set("language", "ar");
    form.press("Update", &owner).await;
    let reader = blog.reader();
    for path in [&*post.path, "/"] {
        let page = reader.get(path).await;
        assert_eq!((page.attribute("html", "lang"), page.attribute("article", "lang")), ("en".into(), "ar".into()));
        assert_eq!(page.attribute("article", "dir"), "rtl", "{path}");
    }
    assert!(reader.get("/feed.xml").await.body().contains("<entry xml:lang=\"ar\">"));
    let json: serde_json::Value = serde_json::from_str(reader.get("/feed.json").await.body()).unwrap();
    assert_eq!(json["items"][0]["language"], "ar");
}

#[tokio::test]
async fn a_hidden_thread_is_in_no_feed() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "Among us").create().await;
    let (owner, reader) = (blog.owner().await, blog.reader());
    let feed = format!("/comments/on/{}/feed.xml", post.id);
    assert!(reader.get(&feed).await.body().contains("Among us"));
    let form = owner.get(&format!("/admin/posts/{}", post.id)).await.form("#editor").set("comments", "hidden");
    form.press("Update", &owner).await;
    assert_eq!(reader.get(&feed).await.status(), 404);
    assert!(!reader.get("/comments/feed.xml").await.body().contains("Among us"));
    for path in [&*post.path, "/feed.xml", "/feed.rss"] {
        assert!(!reader.get(path).await.body().contains("comments/on/"), "{path}");
    }
}
