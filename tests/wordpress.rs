//! `laman import wordpress`: the real program on an export, and then the blog as its readers and moderators find it.

use std::fs;

use crate::{program::support::run, support::*};

fn export(second: &str, comment: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><link>https://old.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>mei</wp:author_login><wp:author_display_name>Mei Lin</wp:author_display_name></wp:author>
<item><title>First</title><link>https://old.example/2020/01/05/first/</link><dc:creator>mei</dc:creator><wp:post_id>3</wp:post_id>
<wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt><wp:post_name>first</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type><wp:comment_status>open</wp:comment_status>
<category domain="post_tag" nicename="r-d"><![CDATA[R & D]]></category>
<content:encoded><![CDATA[One
two.

[caption width="3"]<img src="https://old.example/wp-content/uploads/2020/dot-3x2.svg" alt="A dot"> Below it[/caption]

See <a href="https://old.example/2020/01/05/first/#x">here</a>.]]></content:encoded>
{comment}
<wp:comment><wp:comment_id>21</wp:comment_id><wp:comment_author>Omar</wp:comment_author><wp:comment_author_email>omar@mail.example</wp:comment_author_email>
<wp:comment_date_gmt>2020-02-02 00:00:00</wp:comment_date_gmt><wp:comment_content>An answer</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>22</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>22</wp:comment_id><wp:comment_author>Siti</wp:comment_author>
<wp:comment_date_gmt>2020-02-01 00:00:00</wp:comment_date_gmt><wp:comment_content>A question</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>23</wp:comment_id><wp:comment_author>Ring</wp:comment_author>
<wp:comment_date_gmt>2020-02-03 00:00:00</wp:comment_date_gmt><wp:comment_content>Waits</wp:comment_content>
<wp:comment_approved>0</wp:comment_approved><wp:comment_parent>24</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>24</wp:comment_id><wp:comment_author>Ring</wp:comment_author>
<wp:comment_date_gmt>2020-02-04 00:00:00</wp:comment_date_gmt><wp:comment_content>Bought</wp:comment_content>
<wp:comment_approved>spam</wp:comment_approved><wp:comment_parent>23</wp:comment_parent></wp:comment>
</item>
<item><title>Second</title><link>https://old.example/2020/02/06/second/</link><dc:creator>mei</dc:creator><wp:post_id>4</wp:post_id>
<wp:post_date_gmt>2020-02-06 10:00:00</wp:post_date_gmt><wp:post_name>second</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type><content:encoded><![CDATA[{second}]]></content:encoded></item>
<item><title>Secret</title><wp:post_id>5</wp:post_id><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>
<wp:status>private</wp:status><wp:post_type>post</wp:post_type><content:encoded>Hush</content:encoded></item>
<item><title>About</title><link>https://old.example/about-us/</link><wp:post_id>6</wp:post_id>
<wp:post_date_gmt>2019-01-01 00:00:00</wp:post_date_gmt><wp:post_name>about-us</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>page</wp:post_type><content:encoded>Us [form id="1"]</content:encoded></item>
</channel></rss>"#
    )
}

const DOT: &str =
    r##"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2" viewBox="0 0 3 2"><path d="M0 0h3v2z"/></svg>"##;

struct Old {
    folder: tempfile::TempDir,
}

impl Old {
    fn new() -> Self {
        let old = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(old.path("uploads/2020")).unwrap();
        fs::write(old.path("uploads/2020/dot.svg"), DOT).unwrap();
        old.write(&export("Plain words", ""));
        old
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, export: &str) {
        fs::write(self.path("old.xml"), export).unwrap();
    }

    /// Runs the program; gives what it printed.
    fn import(&self, blog: &TestBlog, more: &[&str]) -> String {
        let [old, uploads] = ["old.xml", "uploads"].map(|name| self.path(name).to_str().unwrap().to_owned());
        let args = ["import", "wordpress", &old, "--media", &uploads, "--database", blog.file.to_str().unwrap()];
        run(blog.folder(), &[&args, more].concat()).printed().to_owned()
    }
}

#[tokio::test]
async fn a_wordpress_blog_comes_over_with_its_texts_threads_and_addresses() {
    let (blog, old) = (TestBlog::new().await, Old::new());
    let out = old.import(&blog, &[]);
    assert!(out.starts_with("imported 2 posts, 1 pages and 1 drafts with 1 pictures from "), "{out}");
    assert!(out.contains("; 4 comments (2 approved, 1 held, 1 spam, 0 trash), 0 known already"), "{out}");

    let reader = blog.reader();
    assert_eq!(reader.get("/").await.all("h2.p-name"), ["Second", "First"]);
    let post = reader.get("/2020/01/first").await;
    assert_eq!(post.all(".p-author")[0], "Mei Lin");
    assert_eq!(post.attribute(".e-content img", "alt"), "A dot");
    assert_eq!(post.text("figcaption"), "Below it");
    assert!(post.attribute(".e-content img", "src").starts_with("/media/"));
    assert!(post.attributes(".e-content a", "href").contains(&"/2020/01/05/first/#x".to_owned()), "{}", post.body());
    assert!(post.body().contains("A question") && post.body().contains("An answer"));
    assert!(!post.body().contains("Waits") && !post.body().contains("Bought"));
    assert_eq!(
        post.attributes("article[id^=comment-]", "id"),
        ["comment-22", "comment-21"],
        "links to them still lead"
    );
    for (old, new) in [
        ("/2020/01/05/first/", "/2020/01/first"),
        ("/?p=3", "/2020/01/first"),
        ("/?p=6", "/about-us"),
        ("/?page_id=6", "/about-us"),
        ("/tag/r-d/", "/tag/r-d"),
        ("/author/mei/", "/author/mei-lin"),
        ("/feed/", "/feed.xml"),
        ("/comments/feed/", "/comments/feed.rss"),
        ("/?feed=rss2", "/feed.rss"),
        ("/wp-content/uploads/2020/dot-3x2.svg", post.attribute(".e-content img", "src").as_str()),
    ] {
        let answer = reader.get(old).await;
        assert_eq!((answer.status(), answer.location()), (301, new), "{old}");
    }
    assert_eq!(reader.get("/?p=99").await.status(), 200);
    assert_eq!(reader.get("/?p=5").await.status(), 200, "a draft answers nothing");
    let mut database = blog.database().await;
    let threads: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT comment.source, parent.source FROM comment LEFT JOIN comment AS parent ON parent.id = comment.parent_id \
         ORDER BY comment.created_at",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    let parents: Vec<Option<&str>> = threads.iter().map(|(_, parent)| parent.as_deref()).collect();
    // A ring is cut where it closes.
    assert_eq!((parents[0], parents[1]), (None, Some("A question")), "{threads:?}");
    assert_eq!(parents[2..].iter().flatten().count(), 1, "{threads:?}");
    let lost: String = sqlx::query_scalar("SELECT lost FROM import_original").fetch_one(&mut database).await.unwrap();
    assert_eq!(lost, r#"[{"key":"lost-shortcode","args":{"name":"form"}}]"#);
}

#[tokio::test]
async fn a_comment_whose_number_is_taken_here_has_another_and_the_others_keep_theirs() {
    let (blog, old) = (TestBlog::new().await, Old::new());
    let post = blog.published_post("Here").create().await;
    blog.comment(&post, "Mine").create().await;
    let mut database = blog.database().await;
    sqlx::query("UPDATE comment SET id = 21").execute(&mut database).await.unwrap();
    old.import(&blog, &[]);
    let mut ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM comment").fetch_all(&mut database).await.unwrap();
    ids.sort_unstable();
    assert_eq!(ids, [21, 22, 23, 24, 1_000_000_021]);
}

#[tokio::test]
async fn a_second_run_takes_what_changed_there_and_leaves_what_changed_here() {
    let (blog, old) = (TestBlog::new().await, Old::new());
    old.import(&blog, &[]);
    let out = old.import(&blog, &[]);
    assert!(out.starts_with("imported 0 posts, 0 pages and 0 drafts with 0 pictures"), "{out}");
    assert!(out.contains("0 comments (0 approved, 0 held, 0 spam, 0 trash), 4 known already"), "{out}");
    assert!(out.contains("; 4 known already, 0 skipped"), "{out}");

    let mut database = blog.database().await;
    sqlx::query("UPDATE post SET version = version + 1, title = 'Mine' WHERE title = 'First'")
        .execute(&mut database)
        .await
        .unwrap();
    let later = "<wp:comment><wp:comment_id>25</wp:comment_id><wp:comment_author>Late</wp:comment_author>\
         <wp:comment_date_gmt>2020-03-01 00:00:00</wp:comment_date_gmt><wp:comment_content>Later</wp:comment_content>\
         <wp:comment_approved>1</wp:comment_approved></wp:comment>";
    old.write(&export("Other words", later).replace("<title>First", "<title>Theirs"));
    let out = old.import(&blog, &[]);
    assert!(out.contains("; 1 comments (1 approved") && out.contains("; 1 brought up to date"), "{out}");
    let reader = blog.reader();
    assert_eq!(reader.get("/").await.all("h2.p-name"), ["Second", "Mine"]);
    assert!(reader.get("/2020/02/second").await.body().contains("Other words"));
    assert!(reader.get("/2020/01/first").await.body().contains("Later"));
}

#[tokio::test]
async fn a_trial_says_what_would_come_and_writes_nothing() {
    let (blog, old) = (TestBlog::new().await, Old::new());
    let report = old.path("report.json");
    let out = old.import(&blog, &["--dry-run", "--report", report.to_str().unwrap()]);
    assert!(out.starts_with("would import 2 posts, 1 pages and 1 drafts"), "{out}");
    let mut database = blog.database().await;
    for table in ["post", "comment", "media", "redirect", "path_redirect", "import_post"] {
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(&mut database)
            .await
            .unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    let report: serde_json::Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    assert_eq!(
        (report["posts"].as_u64(), report["approved"].as_u64(), report["is_trial"].as_bool()),
        (Some(2), Some(2), Some(true))
    );
    // For people, and for programs.
    let is_private = |line: &serde_json::Value| line["what"] == "was private: it becomes a draft";
    let line = report["lines"].as_array().unwrap().iter().find(|line| is_private(line)).unwrap();
    assert_eq!(line["remark"]["key"], "import-was-private");
}
