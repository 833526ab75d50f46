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
    let old = reader.get(&address).await;
    let now = sheets(&reader.get("/").await).pop().unwrap();
    assert_eq!((old.status(), old.location(), old.header("cache-control")), (307, &*now, Some("no-store")));
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
