//! Moving in at the desk: what is sent is tried first, then brought in by the program, and its report can be read.

use std::{fs, path::PathBuf, sync::Arc};

use laman::{
    archive::back::unpack,
    exchange::laman::source::Source,
    jobs::{
        Stepped,
        import::{self, Done, Wanted, desk},
    },
    model::{
        ids::PostId,
        import::{Format, Line, Progress},
        incoming::Refused,
        user::Role,
    },
};

use crate::support::*;

const XML: &str = r#"<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><link>https://old.example</link>
<wp:wxr_version>1.2</wp:wxr_version>
<item><title>Kelapa</title><link>https://old.example/kelapa/</link><wp:post_id>1</wp:post_id>
<wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt><wp:post_name>kelapa</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type><content:encoded><![CDATA[Tall and <script>alert(1)</script> patient. [form id="1"]
<img src="https://old.example/up/a.png">]]></content:encoded>
<wp:comment><wp:comment_id>7</wp:comment_id><wp:comment_author>Siti</wp:comment_author>
<wp:comment_date_gmt>2020-02-02 00:00:00</wp:comment_date_gmt><wp:comment_content>Lovely</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment></item>
<item><title>Hush</title><wp:post_id>2</wp:post_id><wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt>
<wp:status>draft</wp:status><wp:post_type>post</wp:post_type><content:encoded>Hush</content:encoded></item>
</channel></rss>"#;

/// What the program does by itself.
async fn work(blog: &TestBlog) {
    while desk::step(&blog.app).await.unwrap() == Stepped::Done {}
}

/// Folders of files that were sent.
fn kept(blog: &TestBlog) -> usize {
    let names = fs::read_dir(blog.folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("-import-")).count()
}

async fn act(owner: &Visitor, action: &str) -> Page {
    owner.post("/admin/import/act", &[("action", action)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blog_is_sent_tried_and_brought_in_and_what_it_lost_stands_beside_the_post() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    assert!(owner.get("/admin/settings").await.has(".tabs a[href='/admin/import']"));
    let sent = owner.upload("/admin/import", &[("../../old blog.xml", XML.as_bytes())]).await;
    assert_eq!((sent.status(), sent.location()), (303, "/admin/import"));
    assert_eq!(kept(&blog), 1);
    let waits = owner.get("/admin/import").await;
    assert_eq!((waits.all("h2")[0].as_str(), waits.has("progress")), ("Its turn comes", true));
    assert!(!waits.has("input[type=file]"), "one at a time");
    assert_eq!(owner.upload("/admin/import", &[("b.xml", b"x")]).await.status(), 409);

    work(&blog).await;
    let tried = owner.get("/admin/import").await;
    assert_eq!(tried.all("h2")[0], "This is what would come");
    assert_eq!(
        tried.all("tbody th"),
        [
            "New posts",
            "New drafts",
            "Pictures that were not found",
            "New comments, approved",
            "Not kept whole: the original is beside the post",
            "Warnings"
        ]
    );
    assert!(tried.text(".import-lines").contains("picture https://old.example/up/a.png was not found"));
    assert_eq!(blog.reader().get("/2020/01/kelapa").await.status(), 404, "nothing is written");
    assert!(!tried.has(".import-lines a"), "nor is anything there to go to");

    assert_eq!(act(&owner, "run").await.status(), 303);
    work(&blog).await;
    let done = owner.get("/admin/import").await;
    assert_eq!(done.all("h2")[0], "It is here");
    assert_eq!(done.all("tbody td")[0], "1");
    assert_eq!(kept(&blog), 0, "what was sent is removed");
    assert_eq!(act(&owner, "run").await.status(), 409, "it is over");
    // From each line to what it is about, and from the original to what is to be done.
    let leads = done.attributes(".import-lines a", "href");
    assert!(
        ["/admin/posts/1", "/admin/posts/1/original"].iter().all(|to| leads.iter().any(|led| led == to)),
        "{leads:?}"
    );
    assert_eq!(done.text("main a[href='/admin/posts']"), "Have a look at your posts.");
    let report = owner.get(&done.attribute("a[download]", "href")).await;
    assert!(report.header("content-disposition").unwrap().starts_with("attachment"));
    let report: serde_json::Value = serde_json::from_str(report.body()).unwrap();
    assert_eq!((&report["posts"], &report["lines"][0]["origin"]), (&1.into(), &"wordpress:old.example:1".into()));
    assert!(report["lines"].as_array().unwrap().iter().any(|line| line["remark"]["key"] == "import-not-whole"));
    let posts = owner.get("/admin/posts").await;
    let of_originals = owner.get(&posts.attribute(".tabs a[href$='state=original']", "href")).await;
    assert_eq!(of_originals.all(".rows tbody th a[id^=title-]"), ["Kelapa"]);
    assert_eq!(owner.get("/admin/posts?state=original&q=hush").await.all(".rows tbody th a[id^=title-]"), [""; 0]);
    let reader = blog.reader();
    let post = reader.get("/2020/01/kelapa").await;
    assert!(post.text(".post .e-content").contains("patient."), "{}", post.text(".post .e-content"));
    assert!(!post.body().contains("alert(1)"));
    assert_eq!(post.all(".comment .e-content").len(), 1);
    assert_eq!(reader.get("/kelapa/").await.location(), "/2020/01/kelapa");
    assert!(owner.get("/admin/log").await.body().contains("Another blog brought in"));

    // What could not be kept.
    let edit = owner.get("/admin/posts/1").await;
    let original = owner.get(&edit.attribute("a[href$='/original']", "href")).await;
    assert!(original.text("pre").contains("[form id=\"1\"]") && original.text("main ul").contains("form"));
    assert!(original.text("pre").contains("<script>") && !original.has("main script"));
    let nobody = blog.signed_in_as(Role::Author).await;
    assert_eq!(nobody.get("/admin/posts/1/original").await.status(), 404);
    for path in ["/2020/01/kelapa", "/feed.xml", "/feed.json", "/search?q=form"] {
        assert!(!reader.get(path).await.body().contains("alert(1)"), "{path}");
    }
    let gone = original.form("main form").submit(&owner).await;
    assert_eq!(gone.location(), "/admin/posts/1?done=dismissed");
    assert!(!owner.get(gone.location()).await.has("a[href$='/original']"));
    assert_eq!(owner.get("/admin/posts/1/original").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malay_blog_is_told_in_malay_what_came_of_an_import_and_what_a_text_lost() {
    let blog = TestBlog::wish().language("ms").start().await;
    let owner = blog.owner().await;
    owner.upload("/admin/import", &[("old.xml", XML.as_bytes())]).await;
    work(&blog).await;
    act(&owner, "run").await;
    work(&blog).await;
    let lines = owner.get("/admin/import").await.text(".import-lines");
    assert!(lines.contains("gambar https://old.example/up/a.png tidak ditemui"), "{lines}");
    assert!(
        lines.contains("tidak dapat dikekalkan sepenuhnya: kod ringkas [form], script; asalnya disimpan"),
        "{lines}"
    );
    let lost = owner.get("/admin/posts/1/original").await;
    assert_eq!(lost.all("main ul li"), ["kod ringkas [form]", "script"]);

    // What was kept before there were words for it is shown as it is.
    let mut database = blog.database().await;
    let lines = "form\nshortcode [x]";
    sqlx::query("UPDATE import_original SET lost = $1").bind(lines).execute(&mut database).await.unwrap();
    assert_eq!(owner.get("/admin/posts/1/original").await.all("main ul li"), ["form", "shortcode [x]"]);
    let job = "UPDATE import_job SET report = json_set(report, '$.lines', json_array(json_object('place', 'x', 'what', $1, \
               'is_skipped', json('false'))))";
    sqlx::query(job).bind("was private: it becomes a draft").execute(&mut database).await.unwrap();
    let shown = owner.get("/admin/import").await;
    assert_eq!(shown.text(".import-lines li"), "x: was private: it becomes a draft");

    let cut = XML.split("</item>").next().unwrap();
    owner.upload("/admin/import", &[("cut.xml", cut.as_bytes())]).await;
    work(&blog).await;
    let refused = owner.get("/admin/import").await.text("section.import");
    assert!(refused.contains("tamat di tengah-tengah: ia tidak disimpan sepenuhnya"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_the_machine_is_brought_in_from_there_and_a_folder_of_texts_that_are_sent_too() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let machine = tempfile::tempdir().unwrap();
    fs::write(machine.path().join("old.xml"), XML).unwrap();
    let path = machine.path().join("old.xml");
    let asked =
        owner.upload_fields("/admin/import", &[("path", path.to_str().unwrap()), ("format", "wordpress")]).await;
    assert_eq!(asked.status(), 303, "{}", asked.body());
    work(&blog).await;
    act(&owner, "run").await;
    work(&blog).await;
    assert_eq!(owner.get("/admin/import").await.all("h2")[0], "It is here");
    assert!(path.exists(), "what is the machine's own stays");

    let text = b"---\ntitle: Durian\ndate: 2021-03-04\n---\nSharp.\n";
    owner.upload("/admin/import", &[("durian.md", text), ("rambutan.md", text)]).await;
    work(&blog).await;
    act(&owner, "run").await;
    work(&blog).await;
    assert_eq!(blog.reader().get("/2021/03/durian").await.status(), 200);
    assert_eq!(kept(&blog), 0);

    // A folder of texts that is packed.
    let packed = zip(&[
        ("site/hugo.toml", b"" as &[u8]),
        ("site/content/posts/manggis.md", b"---\ntitle: Manggis\ndate: 2021-03-05\n---\nSweet.\n"),
        ("site/layouts/index.html", b"{{ .Content }}"),
    ]);
    owner.upload("/admin/import", &[("site.zip", &packed)]).await;
    work(&blog).await;
    act(&owner, "run").await;
    work(&blog).await;
    assert_eq!(blog.reader().get("/posts/manggis").await.location(), "/2021/03/manggis");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_brought_in_says_why_and_what_to_do() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    for (field, value, words) in [
        ("path", "", "Choose a file, or give a path."),
        ("path", "old.xml", "Give the full path of a file"),
        ("path", "/nowhere/at/all", "Give the full path of a file"),
        ("media", "/nowhere/at/all", "Give the full path of a folder"),
        ("site", "ftp://old.example", "This is no address of a blog."),
    ] {
        let refused = owner.upload_fields("/admin/import", &[(field, value), ("hosts", "cdn.example")]).await;
        assert_eq!(refused.status(), 422, "{field} {value}");
        assert!(refused.text("main").contains(words), "{field} {value}: {}", refused.text("main"));
        assert_eq!(refused.attribute("#hosts", "value"), "cdn.example", "what was typed is there");
    }
    let tell = async |name: &str, bytes: &[u8]| {
        assert_eq!(owner.upload("/admin/import", &[(name, bytes)]).await.status(), 303);
        work(&blog).await;
        assert_eq!(kept(&blog), 1, "the one before is removed");
        owner.get("/admin/import").await.text("section.import")
    };
    assert!(tell("x.bin", b"nonsense").await.contains("It is not clear what this is."));
    let cut = tell("cut.xml", XML.split("</item>").next().unwrap().as_bytes()).await;
    assert!(cut.contains("It could not be read"), "{cut}");
    assert!(cut.contains("ends in the middle: it was not saved as a whole"), "{cut}");
    // What was under way when the program ended.
    let mut database = blog.database().await;
    sqlx::query("UPDATE import_job SET stand = 'running'").execute(&mut database).await.unwrap();
    fs::create_dir(blog.app.store.beside("-import-stray")).unwrap();
    desk::begin(&blog.app).await.unwrap();
    assert_eq!(kept(&blog), 1, "files that nobody waits for are removed");
    let broken = owner.get("/admin/import").await;
    assert_eq!(broken.all("h2")[0], "It was broken off");
    assert!(broken.has("button[value=run]"));
    assert_eq!(act(&owner, "stop").await.status(), 409, "nothing is under way");
    assert!(!blog.app.importing.is_stopped());
    sqlx::query("UPDATE import_job SET stand = 'running'").execute(&mut database).await.unwrap();
    assert_eq!(act(&owner, "stop").await.status(), 303);
    assert!(blog.app.importing.is_stopped());
    assert_eq!(act(&owner, "drop").await.status(), 409, "it is still under way");
    desk::begin(&blog.app).await.unwrap();
    assert_eq!(act(&owner, "drop").await.location(), "/admin/import?done=dropped");
    assert_eq!(kept(&blog), 0);
    assert!(!owner.get("/admin/import").await.has("section.import"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_stopped_before_it_begins_is_stopped_and_can_be_run_again() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    owner.upload("/admin/import", &[("old.xml", XML.as_bytes())]).await;
    work(&blog).await;
    assert_eq!(act(&owner, "run").await.status(), 303);
    assert_eq!(act(&owner, "stop").await.status(), 303);
    work(&blog).await;
    assert_eq!(blog.reader().get("/2020/01/kelapa").await.status(), 404);
    assert_eq!(act(&owner, "run").await.status(), 303);
    work(&blog).await;
    assert_eq!(blog.reader().get("/2020/01/kelapa").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_stopped_goes_no_further() {
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("old.xml");
    fs::write(&xml, XML).unwrap();
    let progress = Arc::new(Progress::default());
    progress.stop();
    let done = import(&blog, xml, &progress).await;
    assert_eq!(done.read, Err(Refused::Stopped));
    assert_eq!((done.report.posts, done.report.drafts), (0, 0));
    assert_eq!(blog.reader().get("/2020/01/kelapa").await.status(), 404);
}

/// Brings in what a file of WordPress holds.
async fn import(blog: &TestBlog, file: PathBuf, progress: &Arc<Progress>) -> Done {
    import_with(blog, file, None, false, progress).await
}

/// The same, with a copy of the uploads; `is_trial`: without writing anything.
async fn import_with(
    blog: &TestBlog,
    file: PathBuf,
    media: Option<PathBuf>,
    is_trial: bool,
    progress: &Arc<Progress>,
) -> Done {
    let wanted = Wanted {
        format: Format::Wordpress,
        sources: vec![file],
        site: None,
        media,
        fetch: None,
        max_file: 1 << 20,
        is_trial,
    };
    let settings = blog.app.store.settings().await.unwrap().unwrap();
    let owner = blog.app.store.users().await.unwrap()[0].id;
    let (store, now, mut note) = (&blog.app.store, blog.now(), |_: &Line| {});
    import::run(store, &settings, owner, &wanted, progress, &mut note, now).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_brought_in_does_not_come_again_after_a_move() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    owner.upload("/admin/import", &[("old.xml", XML.as_bytes())]).await;
    work(&blog).await;
    act(&owner, "run").await;
    work(&blog).await;
    let sent = owner.post("/admin/export", &[("format", "archive")]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("blog.zip");
    fs::write(&file, sent.bytes()).unwrap();
    let moved = TestBlog::wish().start_bare(None).await;
    unpack(&moved.app.store, &mut Source::open(&file).unwrap(), |_, _| {}).await.unwrap();
    let xml = folder.path().join("old.xml");
    fs::write(&xml, XML).unwrap();
    let report = import(&moved, xml, &Arc::default()).await.report;
    assert_eq!((report.posts, report.drafts, report.comments(), report.known), (0, 0, 0, 2), "{report:#?}");
    assert_eq!(report.known_comments, 1);
    let original = blog.app.store.import_original(PostId(1)).await.unwrap();
    assert!(original.is_some() && moved.app.store.import_original(PostId(1)).await.unwrap() == original);
}

/// A WordPress in a folder of its host: a post, a draft, and a category of a post.
fn in_a_folder(status: &str, text: &str) -> String {
    format!(
        r#"<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><link>https://old.example/blog</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example/blog</wp:base_blog_url>
<item><title>Tea</title><link>https://old.example/blog/2020/01/tea/</link><wp:post_id>10</wp:post_id>
<wp:post_date>2020-01-05 10:00:00</wp:post_date><wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt>
<wp:post_name>tea</wp:post_name><wp:status>{status}</wp:status><wp:post_type>post</wp:post_type>
<content:encoded>{text}</content:encoded></item>
<item><title>Draft</title><link>https://old.example/blog/?p=12</link><wp:post_id>12</wp:post_id>
<wp:status>draft</wp:status><wp:post_type>post</wp:post_type><content:encoded>Hush</content:encoded></item>
</channel></rss>"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wordpress_in_a_folder_keeps_its_addresses_and_parts_lead_to_the_whole() {
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("old.xml");
    fs::write(&xml, in_a_folder("publish", "One")).unwrap();
    let done = import(&blog, xml, &Arc::new(Progress::default())).await;
    assert_eq!((done.report.posts, done.report.drafts), (1, 1));
    assert!(done.report.lines.is_empty(), "{:?}", done.report.lines);
    let reader = blog.reader();
    for (old, new) in [
        ("/blog/2020/01/tea/", "/2020/01/tea"),
        ("/blog/?p=10", "/2020/01/tea"),
        ("/blog/", "/"),
        ("/blog", "/"),
        ("/blog/2020/01/", "/2020/01"),
        ("/blog/2020/01/05/", "/2020/01"),
        ("/blog/?feed=rss2", "/feed.rss"),
        ("/blog/feed/", "/feed.xml"),
        ("/blog/page/2/", "/"),
        ("/?m=202001", "/2020/01"),
        ("/?year=2020&monthnum=1", "/2020/01"),
        ("/blog/?feed=comments-rss2", "/comments/feed.rss"),
        ("/2020/01/05", "/2020/01"),
        ("/2020/01/tea/amp", "/2020/01/tea"),
        ("/page/2", "/"),
    ] {
        let mut page = reader.get(old).await;
        if page.status() == 301 && page.location() == old.trim_end_matches('/') {
            let without_slash = page.location().to_owned();
            page = reader.get(&without_slash).await;
        }
        assert_eq!((page.status(), page.location()), (301, new), "{old}");
    }
    for none in ["/blog/?p=12", "/nothing/page/2", "/2020/01/nothing/amp"] {
        assert_ne!(reader.get(none).await.status(), 200, "{none}");
    }
    assert_eq!(reader.get("/nothing/page/2").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_became_a_draft_there_is_left_as_it_is_here() {
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("old.xml");
    fs::write(&xml, in_a_folder("publish", "One")).unwrap();
    import(&blog, xml.clone(), &Arc::new(Progress::default())).await;
    fs::write(&xml, in_a_folder("draft", "Not for readers")).unwrap();
    let done = import(&blog, xml, &Arc::new(Progress::default())).await;
    assert_eq!(done.report.updated, 0);
    assert!(done.report.lines.iter().any(|line| line.what.key() == "import-withdrawn"), "{:?}", done.report.lines);
    let page = blog.reader().get("/2020/01/tea").await;
    assert!(page.text("article").contains("One") && !page.text("article").contains("Not for readers"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_readers_do_not_see_there_any_more_is_said_in_one_line() {
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("old.xml");
    fs::write(&xml, in_a_folder("publish", "One")).unwrap();
    import(&blog, xml.clone(), &Arc::default()).await;
    let password = in_a_folder("publish", "One").replace(
        "<wp:status>publish</wp:status>",
        "<wp:status>publish</wp:status><wp:post_password>x</wp:post_password>",
    );
    for (there, key) in [
        (in_a_folder("private", "One"), "import-withdrawn-private"),
        (password, "import-withdrawn-password"),
        (in_a_folder("trash", "One"), "import-withdrawn-trash"),
    ] {
        fs::write(&xml, there).unwrap();
        for is_trial in [true, false] {
            let report = import_with(&blog, xml.clone(), None, is_trial, &Arc::default()).await.report;
            let about: Vec<&str> =
                report.lines.iter().filter(|line| line.place.starts_with("Tea")).map(|line| line.what.key()).collect();
            assert_eq!(about, [key], "{:?}", report.lines);
        }
        assert!(blog.reader().get("/2020/01/tea").await.text("article").contains("One"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_one_name_stay_two_and_who_is_known_by_the_name_alone_is_said() {
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("old.xml");
    let person = |login: &str, name: &str| {
        format!(
            "<wp:author><wp:author_login>{login}</wp:author_login><wp:author_email>{login}@old.example</wp:author_email>\
             <wp:author_display_name>{name}</wp:author_display_name></wp:author>"
        )
    };
    let owner = blog.app.store.users().await.unwrap()[0].name.clone();
    let post = |number: u32, login: &str| {
        format!(
            "<item><title>Post {number}</title><dc:creator>{login}</dc:creator><wp:post_id>{number}</wp:post_id>\
             <wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt><wp:post_name>post-{number}</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_type>post</wp:post_type><content:encoded>Words</content:encoded></item>"
        )
    };
    let export = |posts: &str| {
        let people = [person("a-mei", "Mei Lin"), person("b-mei", "Mei Lin"), person("boss", &owner)].concat();
        in_a_folder("publish", "One").replacen("<item>", &format!("{people}{posts}<item>"), 1)
    };
    // The second of them comes first.
    let (first, more) = (post(21, "b-mei") + &post(22, "a-mei"), post(23, "b-mei"));
    fs::write(&xml, export(&first)).unwrap();
    let report = import(&blog, xml.clone(), &Arc::default()).await.report;
    let same: Vec<&str> = report
        .lines
        .iter()
        .filter(|line| line.what.key() == "import-same-name")
        .map(|line| line.place.as_str())
        .collect();
    assert_eq!(same, [owner.as_str()]);
    fs::write(&xml, export(&(first + &more))).unwrap();
    import(&blog, xml, &Arc::default()).await;
    let reader = blog.reader();
    assert_eq!(reader.get("/author/mei-lin").await.all("h2.p-name"), ["Post 22"]);
    let mut second = reader.get("/author/mei-lin-2").await.all("h2.p-name");
    second.sort();
    assert_eq!(second, ["Post 21", "Post 23"]);
    assert_eq!(reader.get("/blog/author/b-mei").await.location(), "/author/mei-lin-2");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_no_text_shows_come_with_their_words_and_lead_on() {
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    let (xml, media) = (folder.path().join("old.xml"), folder.path().join("uploads"));
    fs::create_dir(&media).unwrap();
    let dot =
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2" viewBox="0 0 3 2"><path d="M0 0h3v2z"/></svg>"#;
    fs::write(media.join("dot.svg"), dot).unwrap();
    let attachment = |number: usize, name: &str| {
        format!(
            "<item><link>https://old.example/blog/{number}/</link><wp:post_id>{number}</wp:post_id>\
             <wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>\
             <wp:attachment_url>https://old.example/blog/wp-content/uploads/{name}</wp:attachment_url>\
             <excerpt:encoded>Below</excerpt:encoded><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>\
             <wp:meta_value>A dot</wp:meta_value></wp:postmeta></item>"
        )
    };
    let gone: String = (100..125).map(|number| attachment(number, &format!("gone-{number}.jpg"))).collect();
    let all = attachment(50, "dot.svg") + &gone;
    fs::write(&xml, in_a_folder("publish", "One").replacen("<item>", &format!("{all}<item>"), 1)).unwrap();
    let mut counts = Vec::new();
    for is_trial in [true, false, false] {
        let report = import_with(&blog, xml.clone(), Some(media.clone()), is_trial, &Arc::default()).await.report;
        let named = report.lines.iter().filter(|line| line.what.key() == "import-file-stays").count();
        let counted = report.lines.iter().filter(|line| line.what.key() == "import-library-stays").count();
        assert_eq!((named, counted), (20, 1), "{:?}", report.lines);
        counts.push(report.pictures);
    }
    assert_eq!(counts, [1, 1, 0]);
    let reader = blog.reader();
    let file = reader.get("/blog/wp-content/uploads/dot.svg").await;
    assert!(file.location().starts_with("/media/"), "{}", file.status());
    for page in ["/blog/50/", "/blog/?attachment_id=50"] {
        assert_eq!(reader.get(page).await.location(), file.location(), "{page}");
    }
    let words: (String, String) =
        sqlx::query_as("SELECT alt, caption FROM media").fetch_one(&mut blog.database().await).await.unwrap();
    assert_eq!(words, ("A dot".to_owned(), "Below".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_changed_there_and_here_is_named() {
    let blog = TestBlog::new().await;
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("old.xml");
    fs::write(&xml, in_a_folder("publish", "One")).unwrap();
    import(&blog, xml.clone(), &Arc::default()).await;
    sqlx::query("UPDATE post SET version = version + 1").execute(&mut blog.database().await).await.unwrap();
    fs::write(&xml, in_a_folder("publish", "Two")).unwrap();
    let report = import(&blog, xml, &Arc::default()).await.report;
    let both: Vec<&str> = report
        .lines
        .iter()
        .filter(|line| line.what.key() == "import-changed-both")
        .map(|line| line.place.as_str())
        .collect();
    assert!(both.len() == 1 && both[0].starts_with("Tea"), "{:?}", report.lines);
}
