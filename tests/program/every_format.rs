//! A blog of each system in one, and every address that they had.

use std::{fs, path::Path};

use crate::program::{
    import::blog,
    support::{Client, Server, block_on, finish, folder, laman},
};

const WORDPRESS: &str = r#"<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><link>https://wp.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://wp.example</wp:base_blog_url>
<wp:author><wp:author_login>mei</wp:author_login><wp:author_display_name>Mei Lin</wp:author_display_name></wp:author>
<wp:category><wp:category_nicename>trees</wp:category_nicename><wp:cat_name>Trees</wp:cat_name></wp:category>
<wp:tag><wp:tag_slug>tall</wp:tag_slug><wp:tag_name>Tall</wp:tag_name></wp:tag>
<item><title>Kelapa</title><link>https://wp.example/2020/01/05/kelapa/</link><dc:creator>mei</dc:creator><wp:post_id>3</wp:post_id>
<wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt><wp:post_name>kelapa</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type><category domain="category" nicename="trees">Trees</category>
<category domain="post_tag" nicename="tall">Tall</category>
<content:encoded><![CDATA[<img src="https://wp.example/wp-content/uploads/2020/dot-3x2.svg" alt="A dot">]]></content:encoded></item>
<item><title>About</title><link>https://wp.example/about-us/</link><wp:post_id>6</wp:post_id>
<wp:post_date_gmt>2019-01-01 00:00:00</wp:post_date_gmt><wp:post_name>about-us</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>page</wp:post_type><content:encoded>Us</content:encoded></item></channel></rss>"#;

const BLOGGER: &str = r#"<?xml version='1.0' encoding='utf-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<id>tag:blogger.com,1999:blog-7</id><title>Old blog</title>
<entry><id>tag:blogger.com,1999:blog-7.post-1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>
<author><name>Ann</name></author><title>Rambutan</title><content type='html'>Hairy</content><published>2012-03-04T05:06:07Z</published>
<category scheme='tag:blogger.com,1999:blog-7' term='Red fruit'/><blogger:filename>/2012/03/rambutan-old.html</blogger:filename></entry>
<entry><id>tag:blogger.com,1999:blog-7.page-4</id><blogger:type>PAGE</blogger:type><blogger:status>LIVE</blogger:status>
<title>Contact</title><content type='html'>Me</content><published>2012-06-02T05:00:00Z</published><blogger:filename>/p/contact.html</blogger:filename></entry>
</feed>"#;

const GHOST: &str = r#"{"db": [{"meta": {"exported_on": 1, "version": "5.1"}, "data": {
"posts": [{"id": "1", "title": "Cempedak", "slug": "cempedak", "html": "<p>Sweet</p>", "type": "post", "status": "published",
"visibility": "public", "published_at": "2022-01-02T03:04:05.000Z"}],
"posts_tags": [{"post_id": "1", "tag_id": "t1", "sort_order": 0}], "posts_authors": [{"post_id": "1", "author_id": "u1", "sort_order": 0}],
"tags": [{"id": "t1", "name": "Jungle", "slug": "jungle"}], "users": [{"id": "u1", "name": "Siti", "slug": "siti"}], "settings": []}}]}"#;

const DISQUS: &str = r#"<?xml version="1.0"?><disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="10"><link>https://wp.example/2020/01/05/kelapa/</link><title>Kelapa</title></thread>
<post dsq:id="100"><message>By Disqus</message><createdAt>2021-01-02T03:04:05Z</createdAt><isDeleted>false</isDeleted>
<isSpam>false</isSpam><author><name>Dina</name></author><thread dsq:id="10"/></post></disqus>"#;

const COMMENTO: &str = r#"{"version":1,"comments":[{"commentHex":"c1","url":"/2020/01/05/kelapa/","commenterHex":"p1","markdown":"By Commento",
"parentHex":"root","state":"approved","creationDate":"2021-05-06T07:08:09Z","deleted":false}],"commenters":[{"commenterHex":"p1","name":"Chong"}]}"#;

const REMARK42: &str = "{\"version\":1,\"users\":[],\"posts\":[]}\n{\"id\":\"r1\",\"pid\":\"\",\"text\":\"<p>By Remark42</p>\",\"user\":{\"name\":\"Ravi\"},\
    \"locator\":{\"url\":\"https://wp.example/2020/01/05/kelapa/\"},\"time\":\"2021-02-03T04:05:06Z\"}\n";

const ISSO: &str = "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
    CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT NOT NULL, modified FLOAT,
        mode INTEGER, remote_addr VARCHAR, text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER, dislikes INTEGER,
        voters BLOB);
    INSERT INTO threads VALUES (1, '/2020/01/05/kelapa/', 'Kelapa');
    INSERT INTO comments VALUES (1, 1, NULL, 1600000000, NULL, 1, '', 'By Isso', 'Iskandar', NULL, NULL, 0, 0, x'');";

fn write(folder: &Path) {
    for (name, text) in [
        ("wp.xml", WORDPRESS),
        ("feed.atom", BLOGGER),
        ("ghost.json", GHOST),
        ("disqus.xml", DISQUS),
        ("commento.json", COMMENTO),
        ("remark.json", REMARK42),
        ("up/2020/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>"),
        (
            "content/_posts/2019-01-02-durian.md",
            "---\ntitle: Durian\npermalink: /fruit/durian.html\nredirect_from: [/old/durian]\ntags: [sharp]\n---\nSharp.\n",
        ),
    ] {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(file, text).expect("a file");
    }
    block_on(async {
        use sqlx::{ConnectOptions, Connection, Executor, sqlite::SqliteConnectOptions};
        let options = SqliteConnectOptions::new().filename(folder.join("isso.db")).create_if_missing(true);
        let mut database = options.foreign_keys(false).connect().await.expect("a database");
        database.execute(ISSO).await.expect("made");
        database.close().await.expect("closed");
    });
}

/// Follows redirects from an old address to its end.
fn ends(client: &Client, path: &str) -> (u16, String) {
    let (mut path, mut hops) = (path.to_owned(), 0);
    loop {
        let answer = client.get(&path);
        if answer.status != 301 {
            return (answer.status, path);
        }
        hops += 1;
        assert!(hops < 5, "{path}");
        path = answer.location;
    }
}

#[test]
fn a_blog_of_every_system_answers_at_every_address_that_it_had() {
    let folder = folder();
    blog(folder.path());
    write(folder.path());
    for source in
        ["wp.xml", "feed.atom", "ghost.json", "content", "disqus.xml", "commento.json", "remark.json", "isso.db"]
    {
        let mut arguments = vec!["import", source];
        if source == "wp.xml" {
            arguments.extend(["--media", "up"]);
        }
        let ended = finish(laman(folder.path(), &arguments), "");
        assert!(ended.printed().contains(", 0 skipped, 0 warnings"), "{}{}", ended.out, ended.err);
    }
    let server = Server::start(folder.path());
    let ended = finish(laman(folder.path(), &["import", "--check", &server.url("/")]), "");
    assert!(ended.printed().contains(", 0 lead nowhere"), "{}", ended.out);

    let client = server.client();
    for (old, new) in [
        ("/2020/01/05/kelapa/", "/2020/01/kelapa"),
        ("/?p=3", "/2020/01/kelapa"),
        ("/?page_id=6", "/about-us"),
        ("/about-us/", "/about-us"),
        ("/category/trees/", "/tag/trees"),
        ("/tag/tall/", "/tag/tall"),
        ("/author/mei/", "/author/mei-lin"),
        ("/2020/01/", "/2020/01"),
        ("/2012/03/rambutan-old.html", "/2012/03/rambutan-old"),
        ("/2012/03/rambutan-old.html?m=1", "/2012/03/rambutan-old"),
        ("/p/contact.html", "/contact"),
        ("/search/label/Red%20fruit", "/tag/red-fruit"),
        ("/cempedak/", "/2022/01/cempedak"),
        ("/tag/jungle/", "/tag/jungle"),
        ("/fruit/durian.html", "/2019/01/durian"),
        ("/old/durian", "/2019/01/durian"),
    ] {
        assert_eq!(ends(&client, old), (200, new.to_owned()), "{old}");
    }
    for feed in [
        "/feed/",
        "/comments/feed/",
        "/feeds/posts/default",
        "/rss/",
        "/feeds/posts/default/-/Red%20fruit",
        "/category/trees/feed/",
    ] {
        let (status, path) = ends(&client, feed);
        assert!(status == 200 && (path.contains("feed.") || path.starts_with("/tag/")), "{feed}: {status} {path}");
    }
    let (status, path) = ends(&client, "/wp-content/uploads/2020/dot-3x2.svg");
    assert!(status == 200 && path.starts_with("/media/"), "{status} {path}");
    let post = client.get("/2020/01/kelapa").expect(200).text;
    for name in ["Dina", "Chong", "Ravi", "Iskandar"] {
        assert!(post.contains(name), "{name}");
    }
}
