//! What comes again, and what two of an old blog want: runs that go on, addresses and names that are taken, what was deleted there.

use std::{fs, path::Path, process::Command};

use laman::model::import::Format;

use crate::{
    bringing::{Old, comment, ends, item, lines, text, wordpress},
    program::support::run,
    support::*,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_goes_on_tells_what_was_lost_in_the_part_before_it() {
    let shown = "<p>Here [form id=\"1\"] <img src=\"https://old.example/wp-content/uploads/a.png\"></p>";
    let all = format!("{}{}", item(1, "one", "publish", &text(shown)), item(2, "two", "private", &text("Mine")));
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&all));
    let blog = TestBlog::new().await;
    let first = old.come(&blog, "old.xml", false).await;
    assert_eq!((first.lines.len(), first.originals, first.missing_pictures), (3, 1, 1), "{:?}", lines(&first));
    for is_trial in [true, false] {
        let again = old.come(&blog, "old.xml", is_trial).await;
        assert_eq!((again.known, again.originals, again.missing_pictures), (2, 1, 1));
        let sorted = |mut lines: Vec<String>| {
            lines.sort();
            lines
        };
        assert_eq!(sorted(lines(&again)), sorted(lines(&first)));
    }
    // Whoever edited it has seen to it.
    let owner = blog.owner().await;
    owner.get("/admin/posts/1").await.form("form.editor").set("text", "Mended.").press("Update", &owner).await;
    assert_eq!(lines(&old.come(&blog, "old.xml", false).await).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_original_of_a_text_with_a_card_that_stays_behind_stands_beside_it() {
    let document = serde_json::json!({"atoms": [], "markups": [], "cards": [["paywall", {"secret": "words of the card"}]],
        "sections": [[1, "p", [[0, [], 0, "Before"]]], [10, 0]]});
    let export = serde_json::json!({"data": {"posts": [{"id": "1", "title": "Cards", "slug": "cards", "status": "published",
        "visibility": "public", "published_at": "2020-01-02T03:04:05Z", "mobiledoc": document.to_string()}]}});
    let old = Old::new(Format::Ghost, "ghost.json", &export.to_string());
    let blog = TestBlog::new().await;
    for _ in 0..2 {
        let report = old.come(&blog, "ghost.json", false).await;
        assert_eq!((report.originals, report.lines.len()), (1, 1), "{:?}", lines(&report));
        assert!(lines(&report)[0].contains("a card \"paywall\" stays behind"), "{:?}", lines(&report));
    }
    assert!(blog.reader().get("/2020/01/cards").await.body().contains("Before"));
    assert!(blog.owner().await.get("/admin/posts/1/original").await.text("pre").contains("words of the card"));
}

/// A post right below the root, and a page of the same name below another.
fn two(of_post: u32, of_page: u32) -> String {
    let post = item(of_post, "hello", "publish", &text("The post")).replace("/2020/01/hello/", "/hello/");
    let page = item(of_page, "hello", "publish", &text("The page"))
        .replace("/2020/01/hello/", "/firm/hello/")
        .replace(">post<", ">page<");
    if of_post < of_page { format!("{post}{page}") } else { format!("{page}{post}") }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_below_others_leaves_the_post_of_its_name_its_address() {
    for (of_post, of_page) in [(1, 2), (2, 1)] {
        let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&two(of_post, of_page)));
        let blog = TestBlog::new().await;
        let report = old.come(&blog, "old.xml", false).await;
        assert_eq!(lines(&report), Vec::<String>::new());
        let reader = blog.reader();
        assert_eq!(ends(&reader, "/hello/").await, (200, "/2020/01/hello".to_owned()));
        assert_eq!(ends(&reader, "/firm/hello/").await, (200, "/firm-hello".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_blog_leaves_an_old_address_to_the_post_that_had_it() {
    let blog = TestBlog::new().await;
    let post = item(1, "hello", "publish", &text("The post")).replace("/2020/01/hello/", "/hello/");
    Old::new(Format::Wordpress, "old.xml", &wordpress(&post)).come(&blog, "old.xml", false).await;
    let page = post.replace(">post<", ">page<").replace("The post", "The page");
    let other = wordpress(&page).replace("old.example", "other.example");
    Old::new(Format::Wordpress, "other.xml", &other).come(&blog, "other.xml", false).await;
    let reader = blog.reader();
    assert_eq!(ends(&reader, "/hello").await, (200, "/2020/01/hello".to_owned()));
    assert!(reader.get("/hello-2").await.body().contains("The page"));
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_of_one_name_are_numbered_one_after_the_other() {
    let all: String = (1..=20).map(|number| item(number, "one", "publish", &text(&format!("No. {number}.")))).collect();
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&all));
    let blog = TestBlog::new().await;
    old.come(&blog, "old.xml", false).await;
    let reader = blog.reader();
    assert!(reader.get("/2020/01/one").await.body().contains("No. 1."));
    for number in 2..=20 {
        let page = reader.get(&format!("/2020/01/one-{number}")).await;
        assert!(page.body().contains(&format!("No. {number}.")), "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_old_lists_lead_to_the_whole_at_once() {
    let tagged = format!("<category domain=\"post_tag\" nicename=\"tea\">Tea</category>{}", text("One"));
    let amp = item(2, "amp", "publish", &text("Two"));
    let export = wordpress(&format!("{}{amp}", item(1, "one", "publish", &tagged)));
    let blog = TestBlog::new().await;
    Old::new(Format::Wordpress, "old.xml", &export).come(&blog, "old.xml", false).await;
    let reader = blog.reader();
    for (old, new) in [
        ("/page/2/", "/"),
        ("/tag/tea/page/2/", "/tag/tea"),
        ("/tag/tea/", "/tag/tea"),
        ("/2020/01/one/amp/", "/2020/01/one"),
        ("/2020/01/amp/", "/2020/01/amp"),
        ("/2020/01/", "/2020/01"),
        ("/archive/", "/archive"),
    ] {
        assert_eq!(reader.get(old).await.location(), new, "{old}");
        assert_eq!(reader.get(new).await.status(), 200, "{new}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_old_address_leads_away_from_the_desk() {
    let post = item(1, "one", "publish", &text("One")).replace("/2020/01/one/", "/admin/");
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&post));
    let blog = TestBlog::new().await;
    let report = old.come(&blog, "old.xml", false).await;
    assert_eq!(report.lines.len(), 1, "{:?}", lines(&report));
    assert_ne!(ends(&blog.reader(), "/admin/").await.1, "/2020/01/one");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_there_stays_deleted_and_what_answered_it_stays_below_it() {
    let blog = TestBlog::new().await;
    let posts = wordpress(&item(1, "one", "publish", &format!("{}{}", text("One"), comment(1, "Ann", "1", "Here"))));
    Old::new(Format::Wordpress, "old.xml", &posts).come(&blog, "old.xml", false).await;
    let said = |id: &str, parent: &str, text: &str, deleted: bool| {
        serde_json::json!({"id": id, "pid": parent, "text": text, "user": {"name": "Bob", "id": "b"}, "delete": deleted,
            "locator": {"url": "https://old.example/2020/01/one/"}, "time": "2020-03-01T00:00:00Z"})
        .to_string()
    };
    let remark = [
        serde_json::json!({"version": 1, "users": [], "posts": []}).to_string(),
        said("a", "", "", true),
        said("b", "a", "<p>An answer</p>", false),
    ];
    let report = Old::new(Format::Remark42, "r.json", &remark.join("\n")).come(&blog, "r.json", false).await;
    assert_eq!((report.approved, report.trash), (1, 1), "{:?}", lines(&report));
    let page = blog.reader().get("/2020/01/one").await;
    assert_eq!(page.all(".tombstone"), ["This comment has been removed."]);
    assert_eq!(page.all(".depth-1 .e-content"), ["An answer"], "it stays below what it answers");

    let disqus = r#"<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="1"><link>https://old.example/2020/01/one/</link><isDeleted>true</isDeleted></thread>
<post dsq:id="2"><message>Not for anybody</message><createdAt>2020-03-01T00:00:00Z</createdAt><isDeleted>false</isDeleted>
<isSpam>false</isSpam><author><name>Eve</name></author><thread dsq:id="1"/></post></disqus>"#;
    let report = Old::new(Format::Disqus, "d.xml", disqus).come(&blog, "d.xml", false).await;
    assert_eq!((report.approved, report.trash), (0, 1), "{:?}", lines(&report));
    assert!(!blog.reader().get("/2020/01/one").await.body().contains("Not for anybody"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_what_is_brought_in_tells_the_terminal_what_to_do() {
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("\u{1b}[31mred.md"), "---\ntitle: [\n---\nx").unwrap();
    let file = blog.file.to_str().unwrap();
    let import = |what: &Path| run(blog.folder(), &["import", what.to_str().unwrap(), "--database", file]);
    let ended = import(folder.path());
    assert!(ended.err.contains("red.md") && !ended.err.contains('\u{1b}'), "{}", ended.err);

    // A pipe would never end.
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let ended = import(&pipe);
    assert!(ended.err.contains("neither a file nor a folder"), "{}", ended.err);
}
