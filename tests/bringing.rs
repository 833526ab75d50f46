//! What an import brings, and what of it answers: tried and run, once and again, by every address that it had.

use std::{fs, path::Path};

use laman::{
    exchange::sniff,
    jobs::import::{self, Wanted},
    model::{
        import::{Format, Report, old_site},
        language::Language,
        queue::Moderation,
    },
    text::words::words,
};

use crate::{program::support::run, support::*};

/// An old blog's files, in a folder that goes with this.
pub struct Old {
    folder: tempfile::TempDir,
    format: Format,
}

impl Old {
    pub fn new(format: Format, name: &str, text: &str) -> Self {
        let old = Self { folder: tempfile::tempdir().unwrap(), format };
        old.write(name, text.as_bytes());
        old
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Brings in what lies under this name, with the pictures and files in `up`.
    pub async fn come(&self, blog: &TestBlog, name: &str, is_trial: bool) -> Report {
        self.come_from(blog, name, None, is_trial).await
    }

    /// The same, where somebody says where it was.
    async fn come_from(&self, blog: &TestBlog, name: &str, site: Option<&str>, is_trial: bool) -> Report {
        let path = |name: &str| self.folder.path().join(name);
        let wanted = Wanted {
            format: self.format,
            sources: vec![path(name)],
            site: site.and_then(old_site),
            media: Some(path("up")).filter(|folder| folder.exists()),
            fetch: None,
            max_file: 1 << 20,
            is_trial,
        };
        let settings = blog.app.store.settings().await.unwrap().unwrap();
        let (store, progress) = (&blog.app.store, Default::default());
        let done = import::run(store, &settings, blog.owner, &wanted, &progress, &mut |_| {}, blog.now()).await;
        let done = done.unwrap();
        done.read.unwrap();
        done.report
    }
}

pub fn lines(report: &Report) -> Vec<String> {
    let english = words(Language::ENGLISH);
    report.lines.iter().map(|line| format!("{}: {}", line.place, english.remark(&line.what))).collect()
}

/// An export of WordPress with these things in its channel.
pub fn wordpress(inside: &str) -> String {
    format!(
        "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Old</title><link>https://old.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>{inside}</channel></rss>"
    )
}

pub fn item(number: u32, name: &str, status: &str, inside: &str) -> String {
    format!(
        "<item><title>{name} it is</title><link>https://old.example/2020/01/{name}/</link><wp:post_id>{number}</wp:post_id>\
         <wp:post_date>2020-01-05 10:00:00</wp:post_date><wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt>\
         <wp:post_name>{name}</wp:post_name><wp:status>{status}</wp:status><wp:post_type>post</wp:post_type>\
         <wp:comment_status>open</wp:comment_status>{inside}</item>"
    )
}

pub fn text(html: &str) -> String {
    format!("<content:encoded><![CDATA[{html}]]></content:encoded>")
}

pub fn comment(number: u32, name: &str, state: &str, words: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>{name}</wp:comment_author>\
         <wp:comment_date_gmt>2020-02-02 00:00:0{number}</wp:comment_date_gmt><wp:comment_content>{words}</wp:comment_content>\
         <wp:comment_approved>{state}</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>"
    )
}

/// Where a reader who asks for an old address comes to.
pub async fn ends(reader: &Visitor, old: &str) -> (u16, String) {
    let mut path = old.to_owned();
    for _ in 0..5 {
        let page = reader.get(&path).await;
        if page.status() != 301 {
            return (page.status(), path);
        }
        path = page.location().to_owned();
    }
    panic!("{old} is led on and on");
}

pub(crate) const DOT: &str =
    r##"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2" viewBox="0 0 3 2"><path d="M0 0h3v2z"/></svg>"##;

#[tokio::test(flavor = "multi_thread")]
async fn files_of_an_old_wordpress_come_from_a_copy_of_its_uploads() {
    let at = "https://www.old.example/wp-content/uploads/2020";
    let page = "<item><title>Slides</title><link>https://old.example/talk/slides/</link><wp:post_id>111</wp:post_id>\
                <wp:post_type>attachment</wp:post_type>\
                <wp:attachment_url>https://old.example/wp-content/uploads/2020/My%20talk.pdf</wp:attachment_url></item>";
    let html = format!(
        "<a href=\"{at}/My talk.pdf\">Talk</a> <a href=\"{at}/none.pdf\">None</a> <a href=\"{at}/no.zip\">No</a> \
         <a href=\"https://other.example/2020/x.pdf\">Another's</a>\n\n[video mp4=\"/wp-content/uploads/2020/walk.mp4\"]"
    );
    let old = Old::new(
        Format::Wordpress,
        "old.xml",
        &wordpress(&format!("{}{page}", item(110, "talk", "publish", &text(&html)))),
    );
    old.write("up/2020/My talk.pdf", b"%PDF-1.7 a talk");
    old.write("up/2020/walk.mp4", b"\0\0\0\x20ftypisom\0\0");
    old.write("up/2020/no.zip", b"MZ nothing to keep");
    let blog = TestBlog::new().await;
    let report = old.come(&blog, "old.xml", false).await;
    assert_eq!((report.files, report.pictures, report.warnings), (2, 0, 2), "{:?}", lines(&report));
    assert_eq!(
        lines(&report),
        [
            format!(
                "talk it is (wordpress:old.example:110, /2020/01/talk): the file {at}/no.zip stays at the old site: it is none of the kinds that are kept here"
            ),
            format!(
                "talk it is (wordpress:old.example:110, /2020/01/talk): the file {at}/none.pdf stays at the old site"
            ),
        ]
    );
    let reader = blog.reader();
    let links = reader.get("/2020/01/talk").await.attributes(".e-content a", "href");
    assert!(links[0].ends_with("/my-talk.pdf") && links[3] == "https://other.example/2020/x.pdf", "{links:?}");
    assert_eq!(links[1], format!("{at}/none.pdf"));
    assert_eq!(reader.get(&links[0]).await.bytes(), b"%PDF-1.7 a talk");
    assert_eq!(reader.get("/wp-content/uploads/2020/My%20talk.pdf").await.location(), links[0]);
    assert_eq!(reader.get("/?attachment_id=111").await.location(), links[0], "the page that showed it");
    assert!(reader.get("/2020/01/talk").await.body().contains("/walk.mp4"));
    assert!(blog.owner().await.get("/admin/media").await.body().contains("my-talk.pdf"));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_at_other_blogs_are_neither_looked_for_nor_named() {
    let md = "---\ntitle: One\ndate: 2019-01-02\n---\n[a](https://other.example/wp-content/uploads/2020/paper.pdf)\n";
    let old = Old::new(Format::Markdown, "md/one.md", md);
    let blog = TestBlog::new().await;
    let report = old.come(&blog, "md", false).await;
    assert_eq!((report.posts, report.files), (1, 0));
    assert!(report.lines.is_empty(), "{:?}", lines(&report));
}

#[tokio::test(flavor = "multi_thread")]
async fn categories_tags_and_feeds_of_an_old_wordpress_answer_however_they_were_asked_for() {
    let category = |number: u32, slug: &str, above: &str| {
        format!(
            "<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>\
             <wp:category_parent>{above}</wp:category_parent><wp:cat_name>{slug}</wp:cat_name></wp:category>"
        )
    };
    let filed: String = ["palms", "trees", "plants", "ferns", "empty"]
        .map(|slug| format!("<category domain=\"category\" nicename=\"{slug}\">{slug}</category>"))
        .concat();
    let filed =
        format!("{filed}<category domain=\"category\" nicename=\"kebun\"><![CDATA[Kebun &amp; taman]]></category>");
    let shown = "<img src=\"https://old.example/wp-content/uploads/2020/tall.svg\" alt=\"Tall\">";
    let tagged = "<category domain=\"post_tag\" nicename=\"%e8%8c%b6\">茶</category>";
    let inside = [
        // What is above comes later in the file.
        category(13, "palms", "trees"),
        category(12, "trees", "plants"),
        category(11, "plants", ""),
        "<wp:term><wp:term_id>14</wp:term_id><wp:term_taxonomy>category</wp:term_taxonomy><wp:term_slug>ferns</wp:term_slug>\
         <wp:term_parent>plants</wp:term_parent><wp:term_name>ferns</wp:term_name></wp:term>"
            .to_owned(),
        // Above each other: there is an end to it.
        category(15, "ring", "round"),
        category(16, "round", "ring"),
        // WordPress escapes names, and escapes them again for the file.
        category(17, "kebun", "").replace("<wp:cat_name>kebun", "<wp:cat_name><![CDATA[Kebun &amp; taman]]>"),
        category(1, "uncategorized", ""),
        item(3, "kelapa", "publish", &format!("{filed}{tagged}{}{}", text(shown), comment(1, "Siti", "1", "Yes"))),
    ];
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&inside.concat()));
    old.write("up/2020/tall.svg", DOT.as_bytes());
    let blog = TestBlog::new().await;
    old.come(&blog, "old.xml", false).await;
    let reader = blog.reader();
    for (old, new) in [
        ("/category/palms/", "/tag/palms"),
        ("/category/plants/trees/palms/", "/tag/palms"),
        ("/category/plants/trees/palms/page/2/", "/tag/palms"),
        ("/category/plants/trees/palms/feed/", "/tag/palms/feed.xml"),
        ("/category/plants/ferns/", "/tag/ferns"),
        ("/category/kebun/", "/tag/kebun-taman"),
        ("/category/uncategorized/page/2/", "/"),
        ("/category/uncategorized/feed/", "/feed.xml"),
        ("/2020/01/kelapa/2/", "/2020/01/kelapa"),
        ("/wp-sitemap-posts-post-1.xml", "/sitemap.xml"),
        ("/?cat=13", "/tag/palms"),
        ("/?cat=14", "/tag/ferns"),
        ("/?tag=%E8%8C%B6", "/tag/cha"),
        ("/tag/%E8%8C%B6/", "/tag/cha"),
        ("/tag/%E8%8C%B6/feed/atom/", "/tag/cha/feed.xml"),
        ("/tag/palms/page/3", "/tag/palms"),
        ("/2020/01/kelapa/feed/", "/comments/on/1/feed.xml"),
        ("/2020/01/kelapa/feed/rss2/", "/comments/on/1/feed.xml"),
        ("/2020/01/feed/", "/2020/01"),
    ] {
        let (status, end) = ends(&reader, old).await;
        assert_eq!((status, end.as_str()), (200, new), "{old}");
    }
    let picture = reader.get("/2020/01/kelapa").await.attribute(".e-content img", "src").to_owned();
    let smaller = ends(&reader, "/wp-content/uploads/2020/tall-150x150.svg").await;
    assert_eq!(smaller, (200, picture), "a copy that no text shows");
    for none in [
        "/nothing/2",
        "/wp-content/uploads/2020/none-150x150.svg",
        "/nothing/feed/",
        "/tag/nothing/page/2",
        "/kelapa/feed/other",
    ] {
        assert_eq!(ends(&reader, none).await.0, 404, "{none}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_and_months_of_an_old_blogger_answer_by_the_clock_of_the_blog() {
    let entry = |number: u32, path: &str, published: &str| {
        format!(
            "<entry><id>tag:blogger.com,1999:blog-7.post-{number}</id><blogger:type>POST</blogger:type>\
             <blogger:status>LIVE</blogger:status><title>Post {number}</title><content type='html'>Text</content>\
             <published>{published}</published><category scheme='tag:blogger.com,1999:blog-7' term='Red fruit'/>\
             <blogger:filename>{path}</blogger:filename></entry>"
        )
    };
    let feed = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>\
         <id>tag:blogger.com,1999:blog-7</id><title>Old</title>{}{}{}</feed>",
        // The first evening of February there and here, which is January in Greenwich.
        entry(1, "/2020/02/evening.html", "2020-01-31T17:00:00Z"),
        // By another clock there: the last evening of March is the first of April here.
        entry(2, "/2020/03/late.html", "2020-03-31T20:00:00Z"),
        entry(3, "/2020/05/noon.html", "2020-05-05T04:00:00Z"),
    );
    let old = Old::new(Format::Blogger, "feed.atom", &feed);
    let blog = TestBlog::wish().zone("Asia/Kuala_Lumpur").start().await;
    old.come(&blog, "feed.atom", false).await;
    let reader = blog.reader();
    for (old, new) in [
        ("/2020/02/evening.html", "/2020/02/evening"),
        ("/2020/02/", "/2020/02"),
        ("/2020_02_01_archive.html", "/2020/02"),
        ("/2020/03/late.html", "/2020/04/late"),
        ("/2020/03/", "/2020/04"),
        ("/2020_03_01_archive.html", "/2020/04"),
        ("/2020/05/", "/2020/05"),
        ("/search/label/Red+fruit", "/tag/red-fruit"),
        ("/search/label/Red%20fruit", "/tag/red-fruit"),
        ("/feeds/posts/default/-/Red+fruit", "/tag/red-fruit/feed.xml"),
    ] {
        assert_eq!(ends(&reader, old).await, (200, new.to_owned()), "{old}");
    }
    // What went into the trash there since stays, and is said; what was in it from the start does not come.
    let trash =
        |entry: String| entry.replace("</entry>", "<blogger:trashed>2021-01-01T00:00:00Z</blogger:trashed></entry>");
    let first = entry(1, "/2020/02/evening.html", "2020-01-31T17:00:00Z");
    let again =
        feed.replace(&first, &(trash(first.clone()) + &trash(entry(4, "/2020/06/never.html", "2020-06-01T00:00:00Z"))));
    old.write("again.atom", again.as_bytes());
    let report = old.come(&blog, "again.atom", false).await;
    let keys: Vec<_> = report.lines.iter().map(|line| (line.what.key(), line.is_skipped)).collect();
    assert_eq!(keys, [("import-withdrawn-trash", false), ("import-in-trash", true)], "{:?}", lines(&report));
    assert_eq!(reader.get("/2020/02/evening").await.status(), 200);
    assert_eq!(reader.get("/2020/06/never.html").await.status(), 404);
    assert_eq!(ends(&reader, "/2020/01/").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_that_changed_there_and_not_here_are_brought_up_to_date() {
    let export = |comments: &str| wordpress(&item(3, "kelapa", "publish", &format!("{}{comments}", text("Tall"))));
    let first = [
        comment(1, "Siti", "1", "A typoo"),
        comment(2, "Omar", "0", "Waits"),
        comment(3, "Mei", "1", "Bad words"),
        comment(4, "Ravi", "1", "Edited here"),
        comment(5, "Chong", "0", "Approved here"),
        comment(6, "", "1", "No name"),
    ];
    let old = Old::new(Format::Wordpress, "old.xml", &export(&first.concat()));
    let blog = TestBlog::wish().language("ms").start().await;
    assert_eq!(old.come(&blog, "old.xml", false).await.comments(), 6);
    let again = old.come(&blog, "old.xml", false).await;
    assert_eq!((again.comments(), again.known_comments, again.updated_comments), (0, 6, 0));
    let mut database = blog.database().await;
    sqlx::query("UPDATE comment SET source = 'Here' WHERE source = 'Edited here'")
        .execute(&mut database)
        .await
        .unwrap();
    let waits: i64 = sqlx::query_scalar("SELECT id FROM comment WHERE source = 'Approved here'")
        .fetch_one(&mut database)
        .await
        .unwrap();
    blog.app.store.moderate(laman::model::ids::CommentId(waits), Moderation::Approve, blog.now()).await.unwrap();

    let then = [
        comment(1, "Siti", "1", "A typo"),
        comment(2, "Omar", "1", "Waits"),
        comment(3, "Mei", "trash", "Bad words"),
        comment(4, "Ravi", "1", "Edited there"),
        comment(5, "Chong", "spam", "Approved here"),
        comment(6, "", "1", "No name"),
    ];
    old.write("old.xml", export(&then.concat()).as_bytes());
    let counted = |report: &Report| (report.comments(), report.known_comments, report.updated_comments);
    assert_eq!(counted(&old.come(&blog, "old.xml", true).await), (0, 3, 3));
    assert_eq!(counted(&old.come(&blog, "old.xml", false).await), (0, 3, 3));
    assert_eq!(counted(&old.come(&blog, "old.xml", false).await), (0, 6, 0));
    let post = blog.reader().get("/2020/01/kelapa").await;
    assert_eq!(post.all(".comment .e-content"), ["A typo", "Waits", "Edited here", "Approved here", "No name"]);
    assert_eq!(post.all(".comment .p-name")[4], "Tanpa nama");
    assert!(post.text("main").contains('5'), "the count follows");
    let refused = comment(7, "Ring", "1", "&lt;br&gt;");
    old.write("old.xml", export(&refused).as_bytes());
    let lines = lines(&old.come(&blog, "old.xml", false).await);
    assert!(lines[0].starts_with("Ring (wordpress:old.example:comment:7): "), "{lines:?}");
    let trash: (String, Option<i64>) =
        sqlx::query_as("SELECT state, trashed_at FROM comment WHERE source = 'Bad words'")
            .fetch_one(&mut database)
            .await
            .unwrap();
    assert!(trash.0 == "deleted" && trash.1.is_some());
}

/// What a report counts, but for what is only found out when it is written.
fn numbers(report: &Report) -> serde_json::Value {
    let report = Report { is_trial: false, lines: Vec::new(), ..report.clone() };
    serde_json::to_value(report).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_says_the_same_numbers_as_the_run_for_every_format() {
    let shown = "<img src=\"https://old.example/wp-content/uploads/dot.svg\" alt=\"A\"> \
                 <img src=\"https://old.example/wp-content/uploads/dot-3x2.svg\" alt=\"B\"> \
                 <a href=\"https://old.example/wp-content/uploads/a.pdf\">a</a> <a href=\"/wp-content/uploads/b.pdf\">b</a>";
    let talk = [
        comment(1, "Siti", "1", "Yes"),
        comment(2, "Omar", "0", "&lt;br&gt;"),
        comment(3, "Mei", "trash", "No"),
        comment(3, "Mei", "trash", "No"),
        comment(4, "Ravi", "spam", "Buy"),
    ];
    let items = [
        item(1, "one", "publish", &format!("{}{}", text(shown), talk.concat())),
        item(2, "two", "publish", &text(shown)),
        item(2, "two", "publish", &text(shown)),
        item(3, "three", "draft", &text("Hush")),
    ];
    let blogger = r#"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'><title>Old</title>
<entry><id>tag:blogger.com,1999:blog-7.post-1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status><title>A</title>
<content type='html'>&lt;img src="https://blogger.googleusercontent.com/img/a/s320/dot.svg"/&gt;</content><published>2012-03-04T05:06:07Z</published>
<blogger:filename>/2012/03/a.html</blogger:filename></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-2</id><blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status>
<content type='html'>Hi</content><published>2012-03-05T04:00:00Z</published><blogger:parent>tag:blogger.com,1999:blog-7.post-1</blogger:parent></entry>
<entry><id>tag:blogger.com,1999:blog-7.post-3</id><blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status>
<content type='html'>Lost</content><published>2012-03-05T04:00:00Z</published><blogger:parent>tag:blogger.com,1999:blog-7.post-99</blogger:parent></entry></feed>"#;
    let ghost = r#"{"data": {"posts": [{"id": "1", "title": "C", "slug": "c", "html": "<p>Sweet</p>", "type": "post", "status": "published",
"published_at": "2022-01-02T03:04:05.000Z"}], "settings": []}}"#;
    let disqus = r#"<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="1"><link>https://old.example/2020/01/one/</link></thread><thread dsq:id="2"><link>https://old.example/none/</link></thread>
<post dsq:id="10"><message>Hi</message><createdAt>2021-01-02T03:04:05Z</createdAt><author><name>Dina</name></author><thread dsq:id="1"/></post>
<post dsq:id="11"><message>Lost</message><createdAt>2021-01-02T03:04:05Z</createdAt><author><name>D</name></author><thread dsq:id="2"/></post></disqus>"#;
    let commento = r#"{"version":1,"comments":[{"commentHex":"c1","url":"/2020/01/one/","commenterHex":"p1","markdown":"Hi","parentHex":"root",
"state":"approved","creationDate":"2021-05-06T07:08:09Z"},{"commentHex":"c2","url":"/none/","commenterHex":"p1","markdown":"Lost",
"parentHex":"root","state":"approved","creationDate":"2021-05-06T07:08:09Z"}],"commenters":[{"commenterHex":"p1","name":"Chong"}]}"#;
    let remark = |url: &str, id: &str, text: &str| {
        format!(
            "{{\"id\":\"{id}\",\"pid\":\"\",\"text\":\"{text}\",\"user\":{{\"name\":\"Ravi\"}},\"locator\":{{\"url\":\"https://old.example{url}\"}},\
                 \"time\":\"2021-02-03T04:05:06Z\"}}\n"
        )
    };
    let remark42 = format!(
        "{{\"version\":1,\"users\":[],\"posts\":[]}}\n{}{}{}",
        remark("/2020/01/one/", "r1", "Hi"),
        remark("/2020/01/one/", "r2", ""),
        remark("/none/", "r3", "Lost")
    );
    let olds = [
        ("old.xml", Old::new(Format::Wordpress, "old.xml", &wordpress(&items.concat()))),
        ("feed.atom", Old::new(Format::Blogger, "feed.atom", blogger)),
        ("ghost.json", Old::new(Format::Ghost, "ghost.json", ghost)),
        ("md", Old::new(Format::Markdown, "md/one.md", "---\ntitle: One\ndate: 2019-01-02\n---\n![A](dot.svg)\n")),
        ("disqus.xml", Old::new(Format::Disqus, "disqus.xml", disqus)),
        ("c.json", Old::new(Format::Commento, "c.json", commento)),
        ("r.json", Old::new(Format::Remark42, "r.json", &remark42)),
        ("isso.db", Old::new(Format::Isso, "isso.db", "")),
    ];
    for name in ["up/dot.svg", "up/dot-3x2.svg", "up/s320/dot.svg"] {
        olds[..2].iter().for_each(|(_, old)| old.write(name, DOT.as_bytes()));
    }
    ["a", "b"].iter().for_each(|name| olds[0].1.write(&format!("up/{name}.pdf"), b"%PDF-1.7 the same"));
    olds[3].1.write("md/dot.svg", DOT.replace("M0", "M1").as_bytes());
    olds[3].1.write("md/two.md", b"---\ntitle: Two\ndate: 2019-01-03\n---\n![A](dot.svg)\n");
    isso(&olds[7].1.folder.path().join("isso.db")).await;

    let blog = TestBlog::new().await;
    for (name, old) in &olds {
        let trial = old.come(&blog, name, true).await;
        let run = old.come(&blog, name, false).await;
        assert_eq!(numbers(&trial), numbers(&run), "{name}: {:#?} {:#?}", lines(&trial), lines(&run));
        assert!(run.posts + run.comments() > 0, "{name}: {run:#?}");
        let (trial, run) = (old.come(&blog, name, true).await, old.come(&blog, name, false).await);
        let counted = |report: &Report| (report.known, report.known_comments, report.updated, report.updated_comments);
        assert_eq!(counted(&trial), counted(&run), "{name} again");
    }
}

async fn isso(path: &Path) {
    use sqlx::{ConnectOptions, Connection, Executor, sqlite::SqliteConnectOptions};
    let mut database = SqliteConnectOptions::new().filename(path).foreign_keys(false).connect().await.unwrap();
    let rows = "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
        CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT NOT NULL,
            modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR,
            likes INTEGER, dislikes INTEGER, voters BLOB);
        INSERT INTO threads VALUES (1, '/2020/01/one/', 'One'), (2, '/none/', 'None');
        INSERT INTO comments (tid, id, created, mode, text, author) VALUES (1, 1, 1600000000, 1, 'Hi', 'Isa'),
            (1, 2, 1600000001, 2, 'Waits', ''), (1, 3, 1600000002, 4, '', 'Isa'), (2, 4, 1600000003, 1, 'Lost', 'Isa');";
    database.execute(rows).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_addresses_that_can_answer_are_asked_for_and_a_draft_has_none_in_plain_files() {
    let author = |login: &str, name: &str| {
        format!(
            "<wp:author><wp:author_login>{login}</wp:author_login><wp:author_display_name>{name}</wp:author_display_name></wp:author>"
        )
    };
    let by = |login: &str, rest: &str| {
        let tag = format!("<category domain=\"post_tag\" nicename=\"{login}-tag\">{login}-tag</category>");
        format!("<dc:creator>{login}</dc:creator>{tag}{}", text(rest))
    };
    let later = item(4, "later", "future", &by("omar", "Later")).replace("2020-01-05", "2031-01-05");
    let inside = [
        author("mei", "Mei Lin"),
        author("omar", "Omar Din"),
        item(3, "now", "publish", &by("mei", "Now. <a href=\"/?p=5\">Draft</a>")),
        later,
        item(5, "draft", "draft", &by("omar", "Hush"))
            .replace("https://old.example/2020/01/draft/", "https://old.example/?p=5"),
    ];
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&inside.concat()));
    let blog = TestBlog::new().await;
    let report = old.come(&blog, "old.xml", false).await;
    assert_eq!((report.posts, report.scheduled, report.drafts), (2, 1, 1), "{report:#?}");
    let asked = blog.app.store.imported_addresses("", blog.now()).await.unwrap();
    for is_asked in ["?p=3", "author/mei", "tag/mei-tag/feed", "feed"] {
        assert!(asked.iter().any(|path| path == is_asked), "{is_asked}: {asked:?}");
    }
    let reader = blog.reader();
    for path in &asked {
        let path = format!("/{path}");
        assert_eq!(ends(&reader, &path).await.0, 200, "{path}");
    }
    for is_left in ["?p=4", "2020/01/later", "author/omar", "tag/omar-tag/feed", "?tag=omar-tag"] {
        assert!(asked.iter().all(|path| path != is_left), "{is_left}: {asked:?}");
    }

    let (to, file) = (old.folder.path().join("still"), blog.file.to_str().unwrap());
    let args = [
        "--public-url",
        "https://still.example",
        "export",
        "--format",
        "static",
        to.to_str().unwrap(),
        "--database",
        file,
    ];
    run(blog.folder(), &args).printed();
    let leads = fs::read_to_string(to.join("_redirects")).unwrap();
    assert!(leads.contains("p=3 ") && !leads.contains("p=5 ") && !leads.contains("p=4 "), "{leads}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_was_changed_after_the_day_of_its_publication_says_when() {
    let changed = |at: &str| {
        format!("<wp:post_modified>{at}</wp:post_modified><wp:post_modified_gmt>{at}</wp:post_modified_gmt>")
    };
    let export = |late: &str| {
        let items = item(1, "early", "publish", &format!("{}{}", changed("2020-01-05 19:00:00"), text("One")))
            + &item(2, "late", "publish", &format!("{}{}", changed(late), text(late)))
            + &item(3, "draft", "draft", &format!("{}{}", changed("2021-03-04 05:06:07"), text("Three")));
        wordpress(&items)
    };
    let old = Old::new(Format::Wordpress, "old.xml", &export("2021-03-04 05:06:07"));
    let blog = TestBlog::new().await;
    old.come(&blog, "old.xml", false).await;
    let reader = blog.reader();
    let said = async |path: &str| reader.get(path).await.attributes(".dt-updated", "datetime");
    assert_eq!(said("/2020/01/early").await, [""; 0]);
    assert_eq!(said("/2020/01/late").await, ["2021-03-04T05:06:07+00:00"]);
    old.write("again.xml", export("2022-03-04 05:06:07").as_bytes());
    assert_eq!(old.come(&blog, "again.xml", false).await.updated, 1);
    assert_eq!(said("/2020/01/late").await, ["2022-03-04T05:06:07+00:00"]);
    assert!(reader.get("/feed.xml").await.body().contains("<updated>2022-03-04T05:06:07"));
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_in_a_zip_or_a_folder_come_with_the_pictures_beside_them() {
    let at = "https://old.example/wp-content/uploads/2020";
    let shown = text(&format!("<img src=\"{at}/dot.svg\" alt=\"A dot\"> <a href=\"{at}/talk.pdf\">Talk</a>"));
    let (one, two) = (wordpress(&item(1, "one", "publish", &shown)), wordpress(&item(2, "two", "draft", &shown)));
    let ghost = r#"{"db":[{"meta":{"exported_on":1,"version":"5.1"},"data":{"posts":[{"id":"1","title":"Ghostly",
        "slug":"ghostly","html":"<p><img src=\"__GHOST_URL__/content/images/2020/dot.svg\"></p>","type":"post",
        "status":"published","visibility":"public","published_at":"2022-01-02T03:04:05.000Z"}],"settings":[],"tags":[],"users":[]}}]}"#;
    let wordpress: [(&str, &[u8]); 6] = [
        ("old/one.xml", one.as_bytes()),
        ("old/two.xml", two.as_bytes()),
        ("old/other.xml", b"<opml/>"),
        ("old/uploads/2020/dot.svg", DOT.as_bytes()),
        ("old/uploads/2020/talk.pdf", b"%PDF-1.7 a talk"),
        ("../../out.xml", b"<x/>"),
    ];
    let backup: [(&str, &[u8]); 4] = [
        ("data/old.ghost.json", ghost.as_bytes()),
        ("images/2020/dot.svg", DOT.as_bytes()),
        ("themes/casper/package.json", br#"{"db": 1}"#),
        ("themes/casper/README.md", b"# Casper"),
    ];
    for (format, files, path) in [
        (Format::Wordpress, wordpress.as_slice(), "/2020/01/one"),
        (Format::Ghost, backup.as_slice(), "/2022/01/ghostly"),
    ] {
        let old = Old::new(format, "none", "");
        old.write("old.zip", &zip(files));
        for (name, bytes) in files.iter().filter(|(name, _)| !name.starts_with("..")) {
            old.write(&format!("folder/{name}"), bytes);
        }
        for name in ["old.zip", "folder"] {
            assert_eq!(sniff::format(&old.folder.path().join(name)), Some(format), "{name}");
            let blog = TestBlog::new().await;
            let tried = old.come(&blog, name, true).await;
            let report = old.come(&blog, name, false).await;
            assert_eq!(numbers(&tried), numbers(&report));
            let drafts = u64::from(format == Format::Wordpress);
            assert_eq!(
                (report.posts, report.drafts, report.pictures, report.files),
                (1, drafts, 1, drafts),
                "{:?}",
                lines(&report)
            );
            assert_eq!(report.lines, [], "{name}");
            let post = blog.reader().get(path).await;
            let picture = post.attributes(".e-content img", "src").remove(0);
            assert_eq!(blog.reader().get(&picture).await.status(), 200, "{picture}");
        }
    }
    let none = Old::new(Format::Disqus, "none/a.xml", "<opml/>");
    let wanted = none.folder.path().join("none");
    let refused = sniff::exports(Format::Disqus, &[wanted]).unwrap_err();
    assert!(format!("{refused:?}").contains("import-none-in-it"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_a_post_that_was_edited_here_come_and_its_text_stays() {
    let shown = text("<img src=\"https://old.example/wp-content/uploads/2020/dot.svg\" alt=\"A dot\">");
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&item(1, "one", "publish", &shown)));
    let blog = TestBlog::new().await;
    let first = old.come(&blog, "old.xml", false).await;
    assert_eq!(first.missing_pictures, 1);
    let owner = blog.owner().await;
    let form = async || owner.get("/admin/posts/1").await.form("form.editor");
    form().await.set("title", "Edited here").press("Update", &owner).await;
    let source = async || form().await.value("text").to_owned();
    let before = source().await;
    old.write("up/2020/dot.svg", DOT.as_bytes());
    let again = old.come(&blog, "old.xml", false).await;
    assert_eq!((again.pictures, again.known), (1, 1), "{:?}", lines(&again));
    assert_eq!(again.lines.iter().map(|line| line.what.key()).collect::<Vec<_>>(), ["import-pictures-beside"]);
    assert_eq!(source().await, before);
    let led = blog.reader().get("/wp-content/uploads/2020/dot.svg").await;
    assert!(led.location().starts_with("/media/"), "{}", led.status());
    assert!(old.come(&blog, "old.xml", false).await.lines.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_many_texts_show_and_that_is_not_there_counts_once_and_is_named_at_the_first() {
    let shown = text("<img src=\"https://old.example/wp-content/uploads/2020/dot.svg\" alt=\"A dot\">");
    let all: String = (1..=9).map(|number| item(number, &format!("p{number}"), "publish", &shown)).collect();
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&all));
    let report = old.come(&TestBlog::new().await, "old.xml", false).await;
    assert_eq!((report.missing_pictures, report.lines.len()), (1, 3), "{:?}", lines(&report));
}

#[tokio::test(flavor = "multi_thread")]
async fn old_addresses_that_stayed_the_same_are_asked_for_too() {
    let tagged = "<category domain=\"post_tag\" nicename=\"tea\">Tea</category>";
    let export = wordpress(&item(1, "one", "publish", &format!("{tagged}{}", text("One"))));
    let old = Old::new(Format::Wordpress, "old.xml", &export);
    let blog = TestBlog::new().await;
    old.come(&blog, "old.xml", false).await;
    let asked = async || blog.app.store.imported_addresses("", blog.now()).await.unwrap();
    for path in ["2020/01", "2020/01/one", "tag/tea", "?p=1"] {
        assert!(asked().await.iter().any(|known| known == path), "{path}");
    }
    blog.owner().await.post("/admin/posts/1/trash", &[]).await;
    assert_eq!(blog.reader().get("/tag/tea").await.status(), 404);
    assert!(asked().await.iter().any(|known| known == "tag/tea"), "what readers found there is looked for");
}

/// A feed of Blogger with these things in it.
fn blogger(inside: &str) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>tag:blogger.com,1999:blog-7</id><title>Old</title>{inside}</feed>"
    )
}

fn blogger_comment(number: u32, on: u32, answers: &str) -> String {
    format!(
        "<entry><id>tag:blogger.com,1999:blog-7.post-{number}</id><blogger:type>COMMENT</blogger:type>\
         <blogger:status>LIVE</blogger:status><author><name>Ann</name></author><content type=\"html\">Said {number}</content>\
         <published>2020-01-06T10:00:00Z</published><blogger:parent>tag:blogger.com,1999:blog-7.post-{on}</blogger:parent>\
         <blogger:inReplyTo>{answers}</blogger:inReplyTo></entry>"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_that_stand_before_their_post_wait_for_it() {
    let many: String = (1000..1150).map(|number| blogger_comment(number, 1, "")).collect();
    let reply = blogger_comment(900, 1, "tag:blogger.com,1999:blog-7.post-1005");
    let post = "<entry><id>tag:blogger.com,1999:blog-7.post-1</id><blogger:type>POST</blogger:type><title>Late</title>\
                <blogger:status>LIVE</blogger:status><content type=\"html\">Text</content>\
                <published>2020-01-05T10:00:00Z</published><blogger:filename>/2020/01/late.html</blogger:filename></entry>";
    let lost = blogger_comment(901, 2, "");
    let old = Old::new(Format::Blogger, "feed.atom", &blogger(&format!("{reply}{many}{lost}{post}")));
    let blog = TestBlog::new().await;
    for is_trial in [true, false] {
        let report = old.come(&blog, "feed.atom", is_trial).await;
        assert_eq!((report.posts, report.approved), (1, 151), "{:?}", lines(&report));
        assert_eq!(lines(&report), ["blogger:7.2: no post is there; comments left out: 1"]);
    }
    let again = old.come(&blog, "feed.atom", false).await;
    assert_eq!((again.approved, again.known_comments), (0, 151));
    let page = blog.reader().get("/2020/01/late?comments=all").await;
    assert!(page.body().contains("Said 900"), "the answer is where it belongs");
}

#[tokio::test(flavor = "multi_thread")]
async fn old_spam_of_an_import_stays_in_the_queue_as_long_as_new_spam() {
    let answer = comment(2, "Bob", "1", "Why is this here").replace("<wp:comment_parent>0", "<wp:comment_parent>1");
    let inside = format!("{}{answer}", comment(1, "Ann", "spam", "Buy this"));
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&item(1, "one", "publish", &inside)));
    let blog = TestBlog::new().await;
    let report = old.come(&blog, "old.xml", false).await;
    assert_eq!((report.spam, report.approved), (1, 1), "{:?}", lines(&report));
    let sweep = async || while blog.app.store.sweep(blog.now()).await.unwrap() {};
    let spam = async || blog.owner().await.get("/admin/comments?state=spam").await.body().contains("Buy this");
    sweep().await;
    assert!(spam().await, "it came today");
    blog.clock.advance(40 * 24 * 60 * 60 * 1000);
    sweep().await;
    assert!(!spam().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_still_waited_for_its_date_there_becomes_a_draft_once_that_is_over() {
    let waited = item(1, "waited", "future", &text("Not yet"));
    let later = item(2, "later", "future", &text("Not yet")).replace("2020-01-05", "2031-01-05");
    let old = Old::new(Format::Wordpress, "old.xml", &wordpress(&format!("{waited}{later}")));
    let blog = TestBlog::new().await;
    let report = old.come(&blog, "old.xml", false).await;
    assert_eq!((report.posts, report.scheduled, report.drafts), (1, 1, 1));
    let line = "waited it is (wordpress:old.example:1, /2020/01/waited): was still waiting to be published there, and its \
                date is over: it becomes a draft";
    assert_eq!(lines(&report), [line]);
    assert_eq!(blog.reader().get("/2020/01/waited").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_an_old_ghost_come_from_its_content_folder() {
    let html = "<figure class='kg-card kg-audio-card'><audio src='__GHOST_URL__/content/media/2023/song.mp3'></audio></figure>\
                <a href='__GHOST_URL__/content/files/2023/recipe.pdf'>R</a> <a href='__GHOST_URL__/content/files/2023/none.pdf'>N</a> \
                <a href='__GHOST_URL__/content/files/2023/none.exe'>E</a>";
    let export = serde_json::json!({"data": {"posts": [{"id": "1", "title": "Files", "slug": "files", "status": "published",
        "visibility": "public", "published_at": "2020-01-02T03:04:05Z", "html": html}]}});
    let old = Old::new(Format::Ghost, "ghost.json", &export.to_string());
    old.write("up/files/2023/recipe.pdf", b"%PDF-1.7 a recipe");
    old.write("up/media/2023/song.mp3", b"ID3\x04\0\0\0\0\0\0 la");
    let blog = TestBlog::new().await;
    let report = old.come(&blog, "ghost.json", false).await;
    assert_eq!((report.posts, report.files), (1, 2), "{:?}", lines(&report));
    let stays =
        |name: &str| format!("Files (ghost:1, /files): the file /content/files/2023/{name} stays at the old site");
    assert_eq!(lines(&report), [stays("none.pdf"), stays("none.exe")]);
    let reader = blog.reader();
    let links = reader.get("/2020/01/files").await.attributes(".e-content a", "href");
    assert_eq!(reader.get(&links[1]).await.bytes(), b"%PDF-1.7 a recipe", "{links:?}");
    assert_eq!(reader.get("/content/files/2023/recipe.pdf").await.location(), links[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_that_differ_by_a_sign_stay_two_and_their_old_addresses_lead_to_the_right_one() {
    let tagged = |number: u32, name: &str, tags: &[(&str, &str)]| {
        let tags: String = tags
            .iter()
            .map(|(slug, name)| format!("<category domain=\"post_tag\" nicename=\"{slug}\">{name}</category>"))
            .collect();
        item(number, name, "publish", &format!("{tags}{}", text("Code")))
    };
    let export =
        wordpress(&[tagged(1, "one", &[("c", "C")]), tagged(2, "two", &[("c-2", "C++"), ("c-sharp", "C#")])].concat());
    let old = Old::new(Format::Wordpress, "old.xml", &export);
    let blog = TestBlog::new().await;
    old.come(&blog, "old.xml", false).await;
    let reader = blog.reader();
    assert_eq!(reader.get("/2020/01/two").await.all(".tags a"), ["C++", "C#"]);
    for (old, new, posts) in [
        ("/tag/c/", "/tag/c", ["one it is"]),
        ("/tag/c-2/", "/tag/c-plus-plus", ["two it is"]),
        ("/tag/c-sharp/", "/tag/c-sharp", ["two it is"]),
    ] {
        assert_eq!(ends(&reader, old).await, (200, new.to_owned()), "{old}");
        assert_eq!(reader.get(new).await.all("article h2"), posts, "{old}");
    }

    let entry = |number: u32, label: &str| {
        format!(
            "<entry><id>tag:blogger.com,1999:blog-7.post-{number}</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>\
             <title>Post {number}</title><content type=\"html\">Text</content><published>2020-01-05T10:00:00Z</published>\
             <category scheme=\"tag:blogger.com,1999:blog-7\" term=\"{label}\"/><blogger:filename>/2020/01/p{number}.html</blogger:filename></entry>"
        )
    };
    let labels = ["C", "C++", "C#", ".NET", "NET", "★★"];
    let entries: String = labels.iter().zip(1..).map(|(label, number)| entry(number, label)).collect();
    let old = Old::new(Format::Blogger, "feed.atom", &blogger(&entries));
    let blog = TestBlog::new().await;
    old.come(&blog, "feed.atom", false).await;
    let reader = blog.reader();
    for (number, (label, slug)) in (1..).zip([
        ("C", "c"),
        ("C%2B%2B", "c-plus-plus"),
        ("C%23", "c-sharp"),
        (".NET", "dot-net"),
        ("NET", "net"),
        ("%E2%98%85%E2%98%85", "u2605-u2605"),
    ]) {
        let end = ends(&reader, &format!("/search/label/{label}")).await;
        assert_eq!(end, (200, format!("/tag/{slug}")));
        assert_eq!(reader.get(&end.1).await.all("article h2"), [format!("Post {number}")], "{label}");
    }

    let posts = [1, 2].map(|id| {
        serde_json::json!({"id": id, "title": format!("Post {id}"), "slug": format!("p{id}"), "status": "published",
            "visibility": "public", "published_at": "2020-01-02T03:04:05Z", "html": "<p>Text</p>"})
    });
    let export = serde_json::json!({"data": {"posts": posts,
        "tags": [{"id": "t4", "name": "C++", "slug": "c-plus"}, {"id": "t5", "name": "C", "slug": "c"}],
        "posts_tags": [{"post_id": 1, "tag_id": "t4"}, {"post_id": 2, "tag_id": "t5"}]}});
    let old = Old::new(Format::Ghost, "ghost.json", &export.to_string());
    let blog = TestBlog::new().await;
    old.come(&blog, "ghost.json", false).await;
    let reader = blog.reader();
    for (old, post) in [("/tag/c-plus/", "Post 1"), ("/tag/c/", "Post 2")] {
        let (_, end) = ends(&reader, old).await;
        assert_eq!(reader.get(&end).await.all("article h2"), [post], "{old}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_to_an_old_blogger_lead_here_by_whatever_host_it_had() {
    let links = [
        "https://siti.blogspot.com/2013/04/lain.html",
        "http://siti.blogspot.my/2013/04/lain.html",
        "https://www.siti.com.my/2013/04/lain.html",
        "https://siti.blogspot.evil.example/2013/04/lain.html",
    ];
    let html: String = links.iter().map(|link| format!("&lt;a href=\"{link}\"&gt;x&lt;/a&gt; ")).collect();
    let post = format!(
        "<entry><id>tag:blogger.com,1999:blog-7.post-1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>\
         <title>Links</title><content type=\"html\">{html}</content><published>2020-01-05T10:00:00Z</published>\
         <blogger:filename>/2020/01/links.html</blogger:filename></entry>"
    );
    let led = async |blog: &TestBlog| blog.reader().get("/2020/01/links").await.attributes(".e-content a", "href");
    let here = "/2013/04/lain.html";

    // Nobody says where a blog of a Takeout was; once somebody does, its texts are made again.
    let old = Old::new(Format::Blogger, "feed.atom", &blogger(&post));
    let blog = TestBlog::new().await;
    old.come(&blog, "feed.atom", false).await;
    assert_eq!(led(&blog).await, links);
    assert_eq!(old.come(&blog, "feed.atom", false).await.updated, 0);
    let again = old.come_from(&blog, "feed.atom", Some("https://siti.blogspot.com/"), false).await;
    assert_eq!((again.updated, again.known), (1, 0), "{:?}", lines(&again));
    assert_eq!(led(&blog).await, [here, here, links[2], links[3]]);
    let again = old.come_from(&blog, "feed.atom", Some("https://siti.blogspot.com/"), false).await;
    assert_eq!((again.updated, again.known), (0, 1));

    // The older export says it: by its settings, too.
    let setting = "<entry><id>tag:blogger.com,1999:blog-7.settings.BLOG_CUSTOM_DOMAIN</id><category \
                   scheme=\"http://schemas.google.com/g/2005#kind\" term=\"http://schemas.google.com/blogger/2008/kind#settings\"/>\
                   <content type=\"text\">www.siti.com.my</content></entry>";
    let link = "<link rel=\"alternate\" type=\"text/html\" href=\"http://siti.blogspot.com/\"/>";
    let old = Old::new(Format::Blogger, "feed.atom", &blogger(&format!("{link}{setting}{post}")));
    let blog = TestBlog::new().await;
    old.come(&blog, "feed.atom", false).await;
    assert_eq!(led(&blog).await, [here, here, here, links[3]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_an_old_ghost_keeps_are_linked_to_there_and_its_redirects_and_people_come() {
    let export = serde_json::json!({"meta": {"version": "5"}, "data": {
        "posts": [{"id": "1", "title": "Files", "slug": "files", "status": "published", "visibility": "public",
            "published_at": "2020-01-02T03:04:05Z", "author_id": "u1", "image": "/content/images/2014/a.svg",
            "html": "<p><a href='__GHOST_URL__/content/media/2022/v.mp4'>V</a> <a href='__GHOST_URL__/other/'>O</a></p>"}],
        "users": [{"id": "u1", "name": "Gina", "slug": "gina", "website": "https://gina.example/", "bio": "Walks.",
            "profile_image": "__GHOST_URL__/content/images/2014/gina.svg"}]}});
    let old = Old::new(Format::Ghost, "backup/data/old.json", &export.to_string());
    let redirects = r#"[{"from": "^/old-thing/?$", "to": "/files/", "permanent": true}, {"from": "/there", "to": "https://x.example/y"},
        {"from": "^/post/(.*)$", "to": "/$1"}]"#;
    old.write("backup/content/data/redirects.json", redirects.as_bytes());
    old.write("backup/content/images/2014/a.svg", DOT.as_bytes());
    old.write("backup/content/images/2014/gina.svg", DOT.replace("M0 0", "M1 0").as_bytes());
    let blog = TestBlog::new().await;
    let report = old.come_from(&blog, "backup", Some("https://old.ghost.example/"), false).await;
    assert_eq!((report.posts, report.pictures), (1, 2), "{:?}", lines(&report));
    assert_eq!(
        lines(&report),
        [
            "Files (ghost:1, /files): the file /content/media/2022/v.mp4 stays at the old site",
            "backup, content/data/redirects.json: a redirect from more than one address stays behind: ^/post/(.*)$",
        ]
    );
    let reader = blog.reader();
    let page = reader.get("/2020/01/files").await;
    let links = page.attributes(".e-content a", "href");
    assert_eq!(links, ["https://old.ghost.example/content/media/2022/v.mp4", "/other/"]);
    assert!(page.body().contains("/a.svg"), "the first versions had another word for the cover");
    assert_eq!(ends(&reader, "/old-thing/").await, (200, "/2020/01/files".to_owned()));
    assert_eq!(reader.get("/there").await.location(), "https://x.example/y");
    let gina = blog.app.store.users().await.unwrap().into_iter().find(|user| user.name == "Gina").unwrap();
    let gina = blog.app.store.profile(gina.id).await.unwrap();
    assert_eq!((gina.website.as_str(), gina.bio.as_str()), ("https://gina.example/", "Walks."));
    assert_eq!(reader.get(&gina.picture).await.header("content-type"), Some("image/svg+xml"), "{}", gina.picture);
}
