//! What of an old WordPress is found again here: covers, lists of categories, pictures in several sizes.

use laman::model::import::Format;

use crate::{
    bringing::{DOT, Old, ends, item, lines, text, wordpress},
    support::*,
};

fn attachment(number: u32, name: &str) -> String {
    format!(
        "<item><wp:post_id>{number}</wp:post_id><wp:post_type>attachment</wp:post_type>\
         <wp:attachment_url>https://old.example/wp-content/uploads/2020/{name}</wp:attachment_url></item>"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_that_another_export_has_is_named_and_comes_once_that_is_there() {
    let cover = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>";
    let old = Old::new(Format::Wordpress, "posts.xml", &wordpress(&item(1, "one", "publish", cover)));
    old.write("attachments.xml", wordpress(&attachment(7, "dot.svg")).as_bytes());
    old.write("up/2020/dot.svg", DOT.as_bytes());
    let blog = TestBlog::new().await;
    let first = old.come(&blog, "posts.xml", false).await;
    assert_eq!(lines(&first).len(), 1, "{:?}", lines(&first));
    assert!(lines(&first)[0].contains("its cover, attachment 7, is not in this export"), "{:?}", lines(&first));
    old.come(&blog, "attachments.xml", false).await;
    let again = old.come(&blog, "posts.xml", false).await;
    assert_eq!((again.updated, again.lines.len()), (1, 0), "{:?}", lines(&again));
    assert!(blog.reader().get("/2020/01/one").await.has(".cover img[src^='/media/'], figure img[src^='/media/']"));
    assert_eq!(old.come(&blog, "posts.xml", false).await.known, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_without_posts_of_its_own_lists_those_below_it() {
    let category = |number: u32, slug: &str, above: &str| {
        format!(
            "<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>\
             <wp:category_parent>{above}</wp:category_parent><wp:cat_name>{slug}</wp:cat_name></wp:category>"
        )
    };
    let filed = |slug: &str| format!("<category domain=\"category\" nicename=\"{slug}\">{slug}</category>");
    let all = [
        category(2, "kitchen", ""),
        category(3, "baking", "kitchen"),
        category(4, "garden", ""),
        category(5, "ferns", "garden"),
        item(1, "bread", "publish", &filed("baking")),
        item(2, "fern", "publish", &filed("ferns")),
        item(3, "spade", "publish", &filed("garden")),
        item(4, "secret", "draft", &filed("kitchen")),
    ];
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&all.concat()));
    let blog = TestBlog::new().await;
    old.come(&blog, "old.xml", false).await;
    let reader = blog.reader();
    for at in ["/category/kitchen/", "/?cat=2"] {
        assert_eq!(ends(&reader, at).await, (200, "/tag/kitchen".to_owned()), "{at}");
    }
    assert!(reader.get("/tag/kitchen").await.body().contains("bread it is"));
    let garden = reader.get("/tag/garden").await;
    assert!(garden.body().contains("spade it is") && !garden.body().contains("fern it is"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_of_a_large_picture_are_one_and_the_one_that_was_uploaded_leads_to_it() {
    let at = "https://old.example/wp-content/uploads/2020";
    let shown = text(&format!("<img src=\"{at}/big-scaled.svg\">\n\na\n\n<img src=\"{at}/big-1024x640.svg\">"));
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&item(1, "one", "publish", &shown)));
    old.write("up/2020/big-scaled.svg", DOT.as_bytes());
    old.write("up/2020/big.svg", DOT.replace('3', "6").as_bytes());
    let blog = TestBlog::new().await;
    let report = old.come(&blog, "old.xml", false).await;
    assert_eq!((report.pictures, report.missing_pictures), (1, 0), "{:?}", lines(&report));
    let reader = blog.reader();
    let pictures = reader.get("/2020/01/one").await.attributes(".e-content img", "src");
    assert_eq!(pictures[0], pictures[1]);
    for name in ["big.svg", "big-scaled.svg", "big-1024x640.svg", "big-150x150.svg"] {
        assert_eq!(reader.get(&format!("/wp-content/uploads/2020/{name}")).await.location(), pictures[0], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_are_here_are_not_missing_from_a_text_that_changed_there_and_here() {
    let shown = |more: &str| text(&format!("<img src=\"https://old.example/wp-content/uploads/2020/dot.svg\"> {more}"));
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&item(1, "one", "publish", &shown(""))));
    old.write("up/2020/dot.svg", DOT.as_bytes());
    let blog = TestBlog::new().await;
    old.come(&blog, "old.xml", false).await;
    let owner = blog.owner().await;
    owner.get("/admin/posts/1").await.form("form.editor").set("title", "Edited").press("Update", &owner).await;
    old.write("old.xml", wordpress(&item(1, "one", "publish", &shown("more"))).as_bytes());
    let again = old.come(&blog, "old.xml", false).await;
    assert_eq!((again.missing_pictures, again.lines.len()), (0, 1), "{:?}", lines(&again));
}

#[tokio::test(flavor = "multi_thread")]
async fn months_guests_and_feeds_of_an_old_wordpress_answer_by_their_queries() {
    let guest = "<category domain=\"author\" nicename=\"cap-gast\">Gast Schreiber</category>";
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&item(1, "one", "publish", guest)));
    let blog = TestBlog::new().await;
    old.come(&blog, "old.xml", false).await;
    let reader = blog.reader();
    for (old, new) in [
        ("/author/cap-gast/", "/author/gast-schreiber"),
        ("/author/gast/", "/author/gast-schreiber"),
        ("/?m=2020", "/2020"),
        ("/?m=202001", "/2020/01"),
        ("/?feed=rss", "/feed.rss"),
    ] {
        assert_eq!(ends(&reader, old).await, (200, new.to_owned()), "{old}");
    }
}
