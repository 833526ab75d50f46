//! Feeds and what crawlers ask for: the same things in three formats, under ids that never change.

use std::collections::BTreeSet;

use laman::text::plain;
use roxmltree::{Document, Node};
use serde_json::Value;

use crate::support::*;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const THREAD: &str = "http://purl.org/syndication/thread/1.0";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const CREATOR: &str = "http://purl.org/dc/elements/1.1/";

/// One thing in a feed, as every format tells it.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    id: String,
    url: String,
    title: String,
    html: String,
    author: String,
    published: String,
}

fn element<'a, 'input>(node: Node<'a, 'input>, namespace: &str, name: &str) -> Node<'a, 'input> {
    let is_it = |child: &Node<'_, '_>| {
        child.tag_name().name() == name && child.tag_name().namespace().unwrap_or_default() == namespace
    };
    let found: Vec<_> = node.children().filter(is_it).collect();
    assert_eq!(found.len(), 1, "<{name}> in <{}>", node.tag_name().name());
    found[0]
}

fn text(node: Node<'_, '_>, namespace: &str, name: &str) -> String {
    element(node, namespace, name).text().unwrap_or_default().to_owned()
}

fn link(node: Node<'_, '_>, relation: &str) -> String {
    let found =
        node.children().find(|child| child.has_tag_name((ATOM, "link")) && child.attribute("rel") == Some(relation));
    found.unwrap_or_else(|| panic!("no link to {relation}")).attribute("href").unwrap().to_owned()
}

fn of_atom(page: &Page) -> (String, Vec<Entry>) {
    assert_eq!(page.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    let document = Document::parse(page.body()).unwrap();
    let feed = document.root_element();
    let entries = feed.children().filter(|child| child.has_tag_name((ATOM, "entry"))).map(|entry| {
        let content = element(entry, ATOM, "content");
        assert_eq!(content.attribute("type"), Some("html"));
        Entry {
            id: text(entry, ATOM, "id"),
            url: link(entry, "alternate"),
            title: text(entry, ATOM, "title"),
            html: content.text().unwrap_or_default().to_owned(),
            author: text(element(entry, ATOM, "author"), ATOM, "name"),
            published: text(entry, ATOM, "published"),
        }
    });
    // RFC 4287 asks for these of every feed.
    text(feed, ATOM, "updated").parse::<jiff::Timestamp>().unwrap();
    assert!(page.asked().ends_with(link(feed, "self").split_once("//").unwrap().1.split_once('/').unwrap().1));
    (text(feed, ATOM, "id"), entries.collect())
}

fn of_rss(page: &Page) -> Vec<Entry> {
    assert_eq!(page.header("content-type"), Some("application/rss+xml; charset=utf-8"));
    let document = Document::parse(page.body()).unwrap();
    let channel = element(document.root_element(), "", "channel");
    for needed in ["title", "link", "description", "language"] {
        element(channel, "", needed);
    }
    let items = channel.children().filter(|child| child.has_tag_name("item")).map(|item| {
        assert_eq!(element(item, "", "guid").attribute("isPermaLink"), Some("false"));
        let published = jiff::fmt::rfc2822::parse(&text(item, "", "pubDate")).unwrap();
        Entry {
            id: text(item, "", "guid"),
            url: text(item, "", "link"),
            title: text(item, "", "title"),
            html: text(item, CONTENT, "encoded"),
            author: text(item, CREATOR, "creator"),
            published: published.timestamp().to_string(),
        }
    });
    items.collect()
}

fn of_json(page: &Page) -> Vec<Entry> {
    assert_eq!(page.header("content-type"), Some("application/feed+json; charset=utf-8"));
    let feed: Value = serde_json::from_str(page.body()).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert!(feed["feed_url"].as_str().unwrap().ends_with(page.asked().split(' ').nth(1).unwrap()));
    let said = |value: &Value| value.as_str().unwrap().to_owned();
    let items = feed["items"].as_array().unwrap().iter().map(|item| Entry {
        id: said(&item["id"]),
        url: said(&item["url"]),
        title: said(&item["title"]),
        html: said(&item["content_html"]),
        author: said(&item["authors"][0]["name"]),
        published: said(&item["date_published"]),
    });
    items.collect()
}

/// The feed at `path`, which says the same in all three formats: its id and its entries.
async fn feed(blog: &TestBlog, path: &str) -> (String, Vec<Entry>) {
    let reader = blog.reader();
    let (id, entries) = of_atom(&reader.get(&format!("{path}.xml")).await);
    assert_eq!(of_rss(&reader.get(&format!("{path}.rss")).await), entries, "{path}.rss");
    assert_eq!(of_json(&reader.get(&format!("{path}.json")).await), entries, "{path}.json");
    for id in entries.iter().map(|entry| &entry.id).chain([&id]) {
        let uuid = id.strip_prefix("urn:uuid:").unwrap();
        uuid::Uuid::parse_str(uuid).unwrap();
    }
    (id, entries)
}

#[tokio::test]
async fn every_feed_says_the_same_in_three_formats() {
    let blog = TestBlog::new().await;
    let old = blog.published_post("Old").tag("x").at("2023-02-01T00:00").create().await;
    let new = blog.published_post("New & <b>bold</b>").body("All of it.\n\n<!--more-->\n\nThe *rest*.").create().await;
    let comment = blog.comment(&new, "A **comment**").by("Siti & Co").create().await;
    blog.comment(&new, "Held").held().create().await;
    blog.comment(&new, "Spam").spam().create().await;
    blog.draft("Draft").tag("x").create().await;
    blog.page("A page").create().await;

    let (_, posts) = feed(&blog, "/feed").await;
    assert_eq!(posts.iter().map(|post| post.title.as_str()).collect::<Vec<_>>(), ["New & <b>bold</b>", "Old"]);
    assert_eq!(posts[0].url, format!("http://blog.example{}", new.path));
    assert!(posts[0].html.contains("All of it.") && posts[0].html.contains("<em>rest</em>"), "{}", posts[0].html);
    assert_eq!((posts[0].author.as_str(), posts[0].published.as_str()), (OWNER_NAME, START));

    let (_, tagged) = feed(&blog, "/tag/x/feed").await;
    assert_eq!(tagged, posts[1..]);

    let (_, comments) = feed(&blog, "/comments/feed").await;
    assert_eq!(comments.len(), 1);
    assert_eq!(comments[0].title, "Siti & Co on New & <b>bold</b>");
    assert_eq!(comments[0].author, "Siti & Co");
    assert!(comments[0].html.contains("<strong>comment</strong>"));
    assert_eq!(comments[0].url, format!("http://blog.example/comments/{comment}"));
    assert_eq!(feed(&blog, &format!("/comments/on/{}/feed", new.id)).await.1, comments);
    assert_eq!(feed(&blog, &format!("/comments/on/{}/feed", old.id)).await.1, []);
}

#[tokio::test]
async fn ids_survive_a_change_of_address_of_title_and_of_slug() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").tag("x").create().await;
    blog.comment(&post, "Comment").create().await;
    let thread = format!("/comments/on/{}/feed", post.id);
    let paths = ["/feed", "/tag/x/feed", "/comments/feed", &thread];
    let ids = async |blog: &TestBlog| {
        let mut ids = Vec::new();
        for path in paths {
            let (id, entries) = feed(blog, path).await;
            ids.push(id);
            ids.extend(entries.into_iter().map(|entry| entry.id));
        }
        ids
    };
    let before = ids(&blog).await;
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 6, "four feeds, a post and a comment: {before:?}");

    let editor = blog.editor().await;
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    let saved = form.set("title", "Another").set("slug", "another").press("Update", &editor).await;
    assert_eq!(saved.status(), 303);
    blog.change_settings(|settings| settings.title = "A new name".to_owned()).await;
    assert_eq!(ids(&blog).await, before);
    let blog = blog.moved_to("https://elsewhere.example").await;
    assert_eq!(ids(&blog).await, before);
    assert_eq!(feed(&blog, "/feed").await.1[0].url, "https://elsewhere.example/2023/02/another");
}

#[tokio::test]
async fn addresses_inside_a_feeds_text_are_whole() {
    let blog = TestBlog::new().await;
    let body = "[a](/about) [b](other) [c](#d) ![e](/media/x/y.png) [f](https://example.org/g) [h](mailto:a@b.example)";
    let post = blog.published_post("Post").body(body).create().await;
    let (_, posts) = feed(&blog, "/feed").await;
    for whole in [
        "href=\"http://blog.example/about\"",
        "href=\"http://blog.example/2023/02/other\"",
        &format!("href=\"http://blog.example{}#", post.path),
        "src=\"http://blog.example/media/x/y.png\"",
        "href=\"https://example.org/g\"",
        "href=\"mailto:a@b.example\"",
    ] {
        assert!(posts[0].html.contains(whole), "{whole} is not in {}", posts[0].html);
    }
}

#[tokio::test]
async fn a_reply_names_what_it_answers() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let first = blog.comment(&post, "First").create().await;
    blog.clock.advance(MINUTE);
    let second = blog.comment(&post, "Second").answering(first).create().await;
    let reader = blog.reader();
    let atom = reader.get("/comments/feed.xml").await;
    let document = Document::parse(atom.body()).unwrap();
    let entries: Vec<_> =
        document.root_element().children().filter(|node| node.has_tag_name((ATOM, "entry"))).collect();
    let answers = |entry| element(entry, THREAD, "in-reply-to").attribute("ref").unwrap().to_owned();
    assert_eq!(link(entries[0], "alternate"), format!("http://blog.example/comments/{second}"));
    assert_eq!(answers(entries[0]), text(entries[1], ATOM, "id"));
    assert_eq!(answers(entries[1]), format!("urn:uuid:{}", blog.stored(&post).await.uuid));

    // And a post says where its answers are.
    let posts = reader.get("/feed.xml").await;
    let document = Document::parse(posts.body()).unwrap();
    let entry = element(document.root_element(), ATOM, "entry");
    let replies = link(entry, "replies");
    assert_eq!(reader.get(replies.strip_prefix("http://blog.example").unwrap()).await.status(), 200);
}

#[tokio::test]
async fn dates_are_those_of_publication_and_of_the_last_change() {
    let blog = TestBlog::wish().zone("Asia/Kuala_Lumpur").start().await;
    let post = blog.published_post("Post").at("2023-02-01T08:00").create().await;
    let editor = blog.editor().await;
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    form.set("text", "Changed.").press("Update", &editor).await;
    let atom = blog.reader().get("/feed.xml").await;
    let document = Document::parse(atom.body()).unwrap();
    let entry = element(document.root_element(), ATOM, "entry");
    assert_eq!(text(entry, ATOM, "published"), "2023-02-01T00:00:00Z");
    assert_eq!(text(entry, ATOM, "updated"), START);
    assert_eq!(text(document.root_element(), ATOM, "updated"), START);
    let rss = blog.reader().get("/feed.rss").await;
    assert!(rss.body().contains("<pubDate>Wed, 01 Feb 2023 00:00:00 +0000</pubDate>"));
    assert!(rss.body().contains("<lastBuildDate>Sat, 11 Feb 2023 08:30:00 +0000</lastBuildDate>"));
}

#[tokio::test]
async fn a_feed_that_has_not_changed_is_not_sent_again() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for path in ["/feed.xml", "/feed.rss", "/feed.json", "/comments/feed.xml", "/sitemap.xml", "/"] {
        let first = reader.get(path).await;
        let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has no ETag")).to_owned();
        let asked = async |name: &str, value: &str| {
            let request = reader.request(axum::http::Method::GET, path).header(name, value);
            reader.send(request.body(axum::body::Body::empty()).unwrap()).await
        };
        for known in [tag.clone(), format!("\"other\", {tag}"), tag.trim_start_matches("W/").to_owned(), "*".to_owned()]
        {
            let again = asked("if-none-match", &known).await;
            assert_eq!((again.status(), again.bytes().len()), (304, 0), "{path} {known}");
            assert_eq!(again.header("etag"), Some(tag.as_str()));
        }
        assert_eq!(asked("if-none-match", "W/\"0000\"").await.status(), 200, "{path}");
        if let Some(date) = first.header("last-modified") {
            assert_eq!(asked("if-modified-since", date).await.status(), 304, "{path}");
        } else {
            assert!(path.ends_with("sitemap.xml") || path == "/", "{path} has no Last-Modified");
        }
        assert_eq!(asked("if-modified-since", "Sat, 11 Feb 2012 08:30:00 GMT").await.status(), 200, "{path}");
        assert_eq!(asked("if-modified-since", "nonsense").await.status(), 200, "{path}");
    }
    let before = reader.get("/feed.xml").await;
    assert_eq!(before.header("last-modified"), Some("Sat, 11 Feb 2023 08:30:00 GMT"));
    blog.clock.advance(DAY);
    blog.comment(&post, "New").create().await;
    blog.published_post("Another").create().await;
    let request =
        reader.request(axum::http::Method::GET, "/feed.xml").header("if-none-match", before.header("etag").unwrap());
    assert_eq!(reader.send(request.body(axum::body::Body::empty()).unwrap()).await.status(), 200);
}

#[tokio::test]
async fn the_newest_twenty_posts_are_in_the_feed() {
    let blog = TestBlog::new().await;
    for number in 1..=22 {
        blog.published_post(&format!("Post {number}")).at(&format!("2023-01-{number:02}T00:00")).create().await;
    }
    let (_, posts) = feed(&blog, "/feed").await;
    assert_eq!(posts.len(), 20);
    assert_eq!((posts[0].title.as_str(), posts[19].title.as_str()), ("Post 22", "Post 3"));
}

#[tokio::test]
async fn no_character_of_a_title_breaks_a_feed() {
    let blog = TestBlog::new().await;
    for title in [
        "]]> and <![CDATA[",
        "<!-- -->",
        "a\u{1}b\u{8}c\u{b}\u{1f}\u{7f}\u{fffe}\u{ffff}",
        "&amp; &nbsp; &#0; &#x1;",
        "\"quotes' <?xml?>",
        "😀 \u{2028}\u{2029}\u{85}",
        "</title></entry><entry>",
        "\u{202e}reversed",
    ] {
        let body = format!("{title}\n\n`{title}`\n\n```\n{title}\n```");
        let post = blog.published_post(title).body(&body).tag("x").create().await;
        blog.comment(&post, &plain::clean_text(title)).by("]]>\"'").create().await;
    }
    let (_, posts) = feed(&blog, "/feed").await;
    assert_eq!(posts.len(), 8);
    assert!(posts.iter().any(|post| post.title == "]]> and <![CDATA["));
    assert_eq!(feed(&blog, "/comments/feed").await.1.len(), 8);
    assert_eq!(feed(&blog, "/tag/x/feed").await.1.len(), 8);
}

#[tokio::test]
async fn an_empty_blog_has_well_formed_feeds() {
    let blog = TestBlog::new().await;
    assert_eq!(feed(&blog, "/feed").await.1, []);
    assert_eq!(feed(&blog, "/comments/feed").await.1, []);
    Document::parse(blog.reader().get("/sitemap.xml").await.body()).unwrap();
}

#[tokio::test]
async fn the_sitemap_lists_exactly_what_is_live() {
    let blog = TestBlog::wish().base("https://blog.example").start().await;
    let post = blog.published_post("Post").create().await;
    let page = blog.page("About").create().await;
    blog.draft("Draft").create().await;
    blog.published_post("Scheduled").at("2023-02-11T08:31").create().await;
    let trashed = blog.published_post("Trashed").create().await;
    blog.app.store.trash_post(trashed.id, blog.now()).await.unwrap();
    let listed = async || {
        let sitemap = blog.reader().get("/sitemap.xml").await;
        assert_eq!(sitemap.header("content-type"), Some("application/xml; charset=utf-8"));
        let document = Document::parse(sitemap.body()).unwrap();
        let addresses = document.descendants().filter(|node| node.tag_name().name() == "loc");
        addresses
            .map(|node| node.text().unwrap().strip_prefix("https://blog.example").unwrap().to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(listed().await, BTreeSet::from(["/".to_owned(), post.path.clone(), page.path.clone()]));
    for path in listed().await {
        assert_eq!(blog.reader().get(&path).await.status(), 200, "{path}");
    }
    blog.clock.advance(MINUTE);
    assert!(listed().await.contains("/2023/02/scheduled"));
}

#[tokio::test]
async fn a_sitemap_of_more_than_a_thousand_addresses_comes_in_parts() {
    let blog = TestBlog::new().await;
    let mut database = blog.database().await;
    let mut add = async |first: i64, last: i64| {
        sqlx::query(
            "WITH RECURSIVE n (n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM n WHERE n < $2) \
             INSERT INTO post (id, uuid, kind, state, slug, path, title, words, comments, published_at, created_at, \
             saved_at, version) SELECT n, 'u' || n, 'post', 'published', '', '2020/01/' || n, 't', 0, 'open', n, n, n, 1 \
             FROM n",
        )
        .bind(first)
        .bind(last)
        .execute(&mut database)
        .await
        .unwrap();
        blog.app.store.look_for_others().await.unwrap();
    };
    let reader = blog.reader();
    let listed = async |path: &str| {
        let sitemap = reader.get(path).await;
        assert_eq!((sitemap.status(), sitemap.header("content-type")), (200, Some("application/xml; charset=utf-8")));
        let document = Document::parse(sitemap.body()).unwrap();
        let addresses = document.descendants().filter(|node| node.tag_name().name() == "loc");
        let addresses: Vec<_> = addresses.map(|node| node.text().unwrap().to_owned()).collect();
        (document.root_element().tag_name().name().to_owned(), addresses)
    };
    add(1, 1000).await;
    let (kind, whole) = listed("/sitemap.xml").await;
    assert_eq!((kind.as_str(), whole.len()), ("urlset", 1001), "a thousand posts and the home page");
    add(1001, 1002).await;
    // A part in which nothing is live is left out.
    add(4711, 4711).await;
    let (kind, parts) = listed("/sitemap.xml").await;
    let named = [1, 2, 5].map(|part| format!("http://blog.example/sitemap-{part}.xml"));
    assert_eq!((kind.as_str(), parts), ("sitemapindex", named.to_vec()));
    assert_eq!(listed("/sitemap-1.xml").await, ("urlset".to_owned(), whole));
    let post = |number: i64| format!("http://blog.example/2020/01/{number}");
    assert_eq!(listed("/sitemap-2.xml").await.1, [post(1001), post(1002)]);
    assert_eq!(listed("/sitemap-5.xml").await.1, [post(4711)]);
    for nothing in ["/sitemap-0.xml", "/sitemap-3.xml", "/sitemap-01.xml", "/sitemap-9223372036854775807.xml"] {
        assert_eq!(reader.get(nothing).await.status(), 404, "{nothing}");
    }
}

#[tokio::test]
async fn robots_learn_where_the_sitemap_is_and_where_not_to_go() {
    let blog = TestBlog::new().await;
    let robots = blog.reader().get("/robots.txt").await;
    assert_eq!(robots.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(robots.body().contains("Sitemap: http://blog.example/sitemap.xml\n"));
    for closed in ["/admin", "/search"] {
        assert!(robots.body().contains(&format!("Disallow: {closed}\n")), "{closed}");
    }
}
