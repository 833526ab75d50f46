//! What readers get: lists, posts, archives, and a friendly word where there is nothing.

use axum::{body::Body, http::Method};
use serde_json::Value;

use crate::support::*;

#[tokio::test]
async fn home_shows_posts_under_the_days_of_the_blogs_zone() {
    let blog = TestBlog::wish().zone("Asia/Kuala_Lumpur").start().await;
    blog.published_post("Late").at("2023-02-10T23:59").create().await;
    blog.published_post("Early").at("2023-02-11T00:00").create().await;
    blog.published_post("Noon").at("2023-02-11T12:00").create().await;
    let home = blog.reader().get("/").await;
    assert_eq!(home.all(".date-header"), ["Saturday, 11 February 2023", "Friday, 10 February 2023"]);
    assert_eq!(home.all(".day:first-of-type h2"), ["Noon", "Early"], "in UTC that early one is of the day before");
    assert_eq!(home.all(".day:last-of-type h2"), ["Late"]);
    assert_eq!(home.all(".dt-published"), ["12:00", "00:00", "23:59"]);
    assert_eq!(home.attributes(".dt-published", "datetime")[1], "2023-02-11T00:00:00+08:00");
}

#[tokio::test]
async fn home_shows_a_post_up_to_its_jump_break_and_leads_to_the_rest() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Long").body("Before.\n\n<!--more-->\n\nAfter.").create().await;
    let reader = blog.reader();
    let home = reader.get("/").await;
    assert_eq!(home.text(".h-entry .prose"), "Before.");
    let more = home.attribute(".more a", "href");
    let (path, anchor) = more.split_once('#').unwrap();
    assert_eq!(path, post.path);
    let page = reader.get(path).await;
    assert_eq!(page.text(".e-content"), "Before. After.");
    assert!(page.has(&format!("[id='{anchor}']")), "{more} leads nowhere");
}

#[tokio::test]
async fn home_shows_a_post_without_a_jump_break_whole() {
    let blog = TestBlog::new().await;
    blog.published_post("Short").body("One.\n\nTwo.").create().await;
    let home = blog.reader().get("/").await;
    assert_eq!(home.text(".e-content"), "One. Two.");
    assert!(!home.has(".more"));
}

#[tokio::test]
async fn comment_counts_are_said_in_words_and_lead_to_the_thread() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Talk").create().await;
    let reader = blog.reader();
    let said = async |words: &str| {
        let home = reader.get("/").await;
        assert_eq!(home.text(".comment-link a"), words);
        assert_eq!(home.attribute(".comment-link a", "href"), format!("{}#comments", post.path));
        assert_eq!(reader.get(&post.path).await.text("#comments > h2"), words);
    };
    said("No comments").await;
    blog.comment(&post, "First").create().await;
    said("1 comment").await;
    blog.comment(&post, "Held").held().create().await;
    said("1 comment").await;
    blog.comment(&post, "Second").create().await;
    said("2 comments").await;
}

/// The titles on a page of a list.
fn titles(page: &Page) -> Vec<String> {
    page.all("h2.p-name")
}

#[tokio::test]
async fn older_and_newer_pages_stay_the_same_while_posts_are_added() {
    let blog = TestBlog::wish().posts_per_page(2).start().await;
    // Two of the same minute: the place in the list must still be one.
    for (title, at) in [("A", "01"), ("B", "02"), ("C", "02"), ("D", "04"), ("E", "05")] {
        blog.published_post(title).at(&format!("2023-02-01T{at}:00")).create().await;
    }
    let reader = blog.reader();
    let first = reader.get("/").await;
    assert_eq!(titles(&first), ["E", "D"]);
    assert!(!first.has("[rel=prev]"), "nothing is newer than the newest");
    let next = first.attribute("nav a[rel=next]", "href");
    assert_eq!(first.attribute("head link[rel=next]", "href"), next);

    blog.published_post("F").at("2023-02-02T00:00").create().await;
    let second = reader.get(&next).await;
    assert_eq!(titles(&second), ["C", "B"], "what was seen is not shown again");
    let third = reader.get(&second.attribute("nav a[rel=next]", "href")).await;
    assert_eq!(titles(&third), ["A"]);
    assert!(!third.has("[rel=next]"), "nothing is older than the oldest");

    let back = reader.get(&third.attribute("nav a[rel=prev]", "href")).await;
    assert_eq!(titles(&back), ["C", "B"]);
    let back = reader.get(&back.attribute("nav a[rel=prev]", "href")).await;
    assert_eq!(titles(&back), ["E", "D"]);
    let newest = reader.get(&back.attribute("nav a[rel=prev]", "href")).await;
    assert_eq!(titles(&newest), ["F"]);
    assert_eq!(second.text("title"), "Laman Aminah");
    assert_eq!(second.attribute("meta[name=robots]", "content"), "noindex, follow");
    assert!(!first.has("meta[name=robots]"));
}

#[tokio::test]
async fn a_place_in_a_list_that_makes_no_sense_is_its_beginning() {
    let blog = TestBlog::new().await;
    blog.published_post("Only").create().await;
    for odd in [
        "/?older=x",
        "/?older=1_1abc",
        "/?newer=",
        "/?older=99999999999999999999_1",
        "/?older[]=1_1",
        "/?page=-1",
        "/?%00=%ff",
    ] {
        assert_eq!(titles(&blog.reader().get(odd).await), ["Only"], "{odd}");
    }
}

#[tokio::test]
async fn a_post_names_its_neighbours() {
    let blog = TestBlog::new().await;
    let old = blog.published_post("Old").at("2023-01-01T00:00").create().await;
    let middle = blog.published_post("Middle").at("2023-01-02T00:00").create().await;
    let new = blog.published_post("New").at("2023-01-03T00:00").create().await;
    blog.draft("Hidden").at("2023-01-02T12:00").create().await;
    let reader = blog.reader();
    let page = reader.get(&middle.path).await;
    assert_eq!(page.text(".neighbours a[rel=next] bdi"), "New");
    assert_eq!(page.attribute("head link[rel=next]", "href"), new.path);
    assert_eq!(page.text(".neighbours a[rel=prev] bdi"), "Old");
    assert_eq!(page.attribute("head link[rel=prev]", "href"), old.path);
    assert!(!reader.get(&new.path).await.has("[rel=next]"));
    assert!(!reader.get(&old.path).await.has("[rel=prev]"));
}

#[tokio::test]
async fn a_post_says_how_long_it_takes_to_read() {
    let blog = TestBlog::new().await;
    let short = blog.published_post("Short").body("word ".repeat(230)).create().await;
    let long = blog.published_post("Long").body("word ".repeat(231)).create().await;
    let reader = blog.reader();
    assert_eq!(reader.get(&short.path).await.text(".reading-time"), "1 minute to read");
    assert_eq!(reader.get(&long.path).await.text(".reading-time"), "2 minutes to read");
}

#[tokio::test]
async fn a_post_says_when_its_text_was_updated_after_publication() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let (reader, editor) = (blog.reader(), blog.editor().await);
    assert!(!reader.get(&post.path).await.has(".dt-updated"));
    blog.clock.advance(2 * DAY);
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    form.set("tags", "late").press("Update", &editor).await;
    assert!(!reader.get(&post.path).await.has(".dt-updated"), "a tag is not the text");
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    form.set("text", "Other words.").press("Update", &editor).await;
    let page = reader.get(&post.path).await;
    assert_eq!(page.text(".dt-updated"), "13 February 2023");
    assert_eq!(page.attribute("meta[property='article:modified_time']", "content"), "2023-02-13T08:30:00+00:00");
    assert_eq!(page.text(".dt-published"), "08:30");
}

#[tokio::test]
async fn a_post_that_changed_before_its_publication_was_not_updated() {
    let blog = TestBlog::new().await;
    let (draft, soon) = (blog.draft("Draft").create().await, blog.published_post("Soon").at("2023-02-11T09:00"));
    let soon = soon.create().await;
    let (reader, editor) = (blog.reader(), blog.editor().await);
    blog.clock.advance(MINUTE);
    for (post, button) in [(draft, "Publish"), (soon, "Update")] {
        let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
        form.set("text", "Other words.").press(button, &editor).await;
    }
    blog.clock.advance(DAY);
    for path in ["/2023/02/draft", "/2023/02/soon"] {
        let page = reader.get(path).await;
        assert_eq!((page.text(".e-content"), page.has(".dt-updated")), ("Other words.".into(), false), "{path}");
    }
}

#[tokio::test]
async fn machines_read_a_post_as_people_do() {
    let blog = TestBlog::wish().base("https://blog.example").start().await;
    let title = "Tom & Jerry's \"</script>\" day";
    let post = blog.published_post(title).slug("tom").tag("Kucing & tikus").excerpt("A <b>summary</b>").create().await;
    blog.comment(&post, "Ha").create().await;
    let page = blog.reader().get(&post.path).await;
    let address = "https://blog.example/2023/02/tom";

    assert_eq!(page.attribute("link[rel=canonical]", "href"), address);
    assert_eq!(page.attribute("meta[property='og:url']", "content"), address);
    assert_eq!(page.attribute("meta[property='og:type']", "content"), "article");
    assert_eq!(page.attribute("meta[property='og:title']", "content"), title);
    assert_eq!(page.attribute("meta[name=description]", "content"), "A <b>summary</b>");
    assert_eq!(page.attribute("meta[property='article:tag']", "content"), "Kucing & tikus");
    assert_eq!(page.text("title"), format!("{title} · Laman Aminah"));

    let data: Value = serde_json::from_str(&page.inner("script[type='application/ld+json']")).unwrap();
    assert_eq!(data["@type"], "BlogPosting");
    assert_eq!(data["headline"], title);
    assert_eq!(data["description"], "A <b>summary</b>");
    assert_eq!(data["datePublished"], page.attribute(".meta .dt-published", "datetime"));
    assert_eq!(data["author"][0]["name"], page.text(".meta .p-author .p-name"));
    assert_eq!(
        data["author"][0]["url"],
        format!("https://blog.example{}", page.attribute(".meta .p-author a", "href"))
    );
    assert_eq!(data["keywords"][0], page.text(".p-category"));
    assert_eq!(data["url"], address);
    assert_eq!(data["commentCount"], 1);

    assert_eq!(page.text(".h-entry h1.p-name"), title);
    assert!(page.has(".h-entry > article a.u-url > time.dt-published"));
    assert!(page.has(".h-entry .e-content") && page.has(".h-entry .p-author.h-card a.u-url[rel=author]"));
    assert!(page.has(".u-comment.h-cite .p-author") && page.has(".u-comment .dt-published"));
    assert_eq!(page.attribute(".p-category", "href"), "/tag/kucing-tikus");
}

#[tokio::test]
async fn a_rich_post_is_drawn_with_all_its_parts() {
    let blog = TestBlog::new().await;
    let body = "## A heading\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n~~gone~~ https://example.org[^1]\n\n\
                ```rust\nfn main() {}\n```\n\n![A leaf](/media/x/leaf.png \"A green leaf\")\n\n[^1]: A note.\n";
    let post = blog.published_post("Rich").body(body).create().await;
    let page = blog.reader().get(&post.path).await;
    let heading = page.attribute(".e-content h2", "id");
    assert!(page.has(&format!(".e-content a[href='#{heading}']")), "a heading has a link to itself");
    assert_eq!(page.all(".e-content td"), ["1", "2"]);
    assert!(
        page.has(".e-content input[type=checkbox][disabled][checked]") || page.body().contains("☑"),
        "{}",
        page.body()
    );
    assert_eq!(page.text(".e-content del"), "gone");
    assert!(page.has(".e-content a[href='https://example.org']"));
    assert_eq!(page.text("figure figcaption"), "A green leaf");
    assert_eq!(page.attribute("figure img", "alt"), "A leaf");
    assert!(page.has("pre code span[class^=h]"), "code has classes for its colours");
    assert!(page.body().contains("A note."));
}

#[tokio::test]
async fn pages_stand_in_the_navigation_and_not_among_the_posts() {
    let blog = TestBlog::new().await;
    blog.page("About").at("2023-01-01T00:00").create().await;
    blog.page("Contact me").at("2023-01-02T00:00").create().await;
    blog.draft("Secret").create().await;
    let reader = blog.reader();
    let home = reader.get("/").await;
    assert_eq!(home.all("header nav a"), ["About", "Contact me", "Archive", "Search", "Feed"]);
    assert_eq!(titles(&home), [""; 0]);
    let about = reader.get("/about").await;
    assert_eq!(about.text("h1"), "About");
    assert_eq!(about.text("header nav [aria-current=page]"), "About");
    assert!(!about.has(".date-header") && !about.has(".comment-form"));
    assert_eq!(reader.get("/contact-me").await.status(), 200);
    assert!(!reader.get("/archive").await.body().contains("1 post"));
    assert!(!reader.get("/archive").await.has("#pages"));
}

#[tokio::test]
async fn the_navigation_has_the_first_pages_and_the_archive_all_of_them() {
    let blog = TestBlog::new().await;
    for number in 1..=10 {
        blog.page(&format!("Page {number}")).at(&format!("2023-01-{number:02}T00:00")).create().await;
    }
    let reader = blog.reader();
    let home = reader.get("/").await.all("header nav a");
    assert_eq!((home[0].as_str(), home[7].as_str(), home[8].as_str()), ("Page 1", "Page 8", "More pages"));
    assert_eq!(reader.get("/page-10").await.text("header nav [aria-current=page]"), "Page 10");
    let archive = reader.get("/archive").await;
    assert_eq!(archive.all("#pages a").len(), 10);
    assert_eq!(archive.all("#pages a")[9], "Page 10");
}

#[tokio::test]
async fn the_archive_counts_what_each_month_holds() {
    let blog = TestBlog::new().await;
    for (title, at) in
        [("A", "2021-12-31T23:59"), ("B", "2022-01-01T00:00"), ("C", "2022-03-04T00:00"), ("D", "2022-03-05T00:00")]
    {
        blog.published_post(title).at(at).create().await;
    }
    blog.published_post("Scheduled").at("2024-01-01T00:00").create().await;
    let reader = blog.reader();
    let archive = reader.get("/archive").await;
    assert_eq!(archive.all(".year h2"), ["2022 3 posts", "2021 1 post"]);
    assert_eq!(archive.all(".months li"), ["March 2022 2 posts", "January 2022 1 post", "December 2021 1 post"]);
    assert_eq!(archive.attributes(".months a", "href"), ["/2022/03", "/2022/01", "/2021/12"]);

    let year = reader.get("/2022").await;
    assert_eq!(year.text("h1"), "2022");
    assert_eq!(year.all(".month h2"), ["March 2022", "January 2022"]);
    assert_eq!(year.all(".links a"), ["D", "C", "B"]);
    let month = reader.get("/2022/03").await;
    assert_eq!(month.text("h1"), "March 2022");
    assert_eq!(month.all(".links a"), ["D", "C"]);
    for nothing in
        ["/2024", "/2024/01", "/2020", "/2022/02", "/2022/13", "/2022/3", "/2022/00", "/20222", "/2022/03/none"]
    {
        assert_eq!(reader.get(nothing).await.status(), 404, "{nothing}");
    }
}

#[tokio::test]
async fn a_year_of_very_many_posts_shows_its_months_and_a_month_goes_on_over_pages() {
    let blog = TestBlog::new().await;
    blog.published_post("January").at("2022-01-01T00:00").create().await;
    blog.many_posts(501, time("2022-03-01T00:00:00Z"), "words").await;
    let reader = blog.reader();
    let year = reader.get("/2022").await;
    assert_eq!(year.text("h1"), "2022");
    assert_eq!(year.all(".months li"), ["March 2022 501 posts", "January 2022 1 post"]);
    assert_eq!(year.attributes(".months a", "href"), ["/2022/03", "/2022/01"]);
    assert_eq!(year.attribute("link[rel=canonical]", "href"), "http://blog.example/2022");
    assert!(year.has("main a[href='/archive']"));

    let month = reader.get("/2022/03").await;
    assert_eq!(month.all(".links a").len(), 100);
    assert_eq!(month.text(".links li:first-child a"), "Post 501");
    assert!(!month.has("nav.pager [rel=prev]"));
    let mut pages = vec![month];
    for _ in 0..5 {
        let next = pages.last().unwrap().attribute("nav.pager [rel=next]", "href");
        pages.push(reader.get(&next).await);
    }
    let last = &pages[5];
    assert_eq!((last.text("h1"), last.all(".links a")), ("March 2022".to_owned(), vec!["Post 1".to_owned()]));
    assert!(!last.has("nav.pager [rel=next]"));
    let back = reader.get(&last.attribute("nav.pager [rel=prev]", "href")).await;
    assert_eq!(back.all(".links a"), pages[4].all(".links a"));
    assert!(!reader.get("/2022/01").await.has("nav.pager"));
}

#[tokio::test]
async fn a_tag_and_an_author_have_lists_of_their_own() {
    let blog = TestBlog::wish().posts_per_page(2).start().await;
    for title in ["A", "B", "C"] {
        blog.published_post(title).tag("Kebun Bunga").create().await;
    }
    blog.published_post("D").tag("other").create().await;
    blog.draft("E").tag("hidden").create().await;
    let reader = blog.reader();
    let tag = reader.get("/tag/kebun-bunga").await;
    assert_eq!(tag.text("h1"), "Posts tagged “Kebun Bunga”");
    assert_eq!(titles(&tag), ["C", "B"]);
    assert_eq!(tag.attribute("head link[type='application/atom+xml']", "href"), "/tag/kebun-bunga/feed.xml");
    let rest = reader.get(&tag.attribute("nav a[rel=next]", "href")).await;
    assert_eq!(titles(&rest), ["A"]);
    let author = reader.get("/author/aminah-rahman").await;
    assert_eq!(author.text("h1"), "Posts by Aminah Rahman");
    assert_eq!(titles(&author), ["D", "C"]);
    for nothing in ["/tag/none", "/tag/hidden", "/author/nobody", "/author/wei-ling", "/author/1", "/tag/"] {
        let answer = reader.get(nothing).await;
        let answer = if answer.status() == 301 { reader.follow(&answer).await } else { answer };
        assert_eq!(answer.status(), 404, "{nothing}");
    }
}

#[tokio::test]
async fn where_there_is_nothing_a_page_says_so_and_offers_the_search() {
    let blog = TestBlog::new().await;
    blog.published_post("Found").create().await;
    let reader = blog.reader();
    for nothing in [
        "/nothing",
        "/2023/02/nothing",
        "/a/b/c/d/e",
        "/media/x/y.png",
        "/static/none.css",
        "/feed.txt",
        "/tag/x/feed.xml",
        "/.env",
        "/%00",
    ] {
        let page = reader.get(nothing).await;
        assert_eq!(page.status(), 404, "{nothing}");
        assert_eq!(page.text("h1"), "Nothing here", "{nothing}");
        assert_eq!(page.text("header .blog-name"), "Laman Aminah", "{nothing}");
        let found = page.form("main form").set("q", "found").submit(&reader).await;
        assert_eq!(found.all(".results h3"), ["Found"]);
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_told_which_it_does() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for (method, path, allowed) in [
        (Method::POST, "/", "GET,HEAD"),
        (Method::DELETE, post.path.as_str(), "GET,HEAD"),
        (Method::PUT, "/feed.xml", "GET,HEAD"),
        (Method::GET, "/comments", "POST"),
        (Method::OPTIONS, "/archive", "GET,HEAD"),
        (Method::TRACE, "/archive", "GET,HEAD"),
        (Method::from_bytes(b"PURGE").unwrap(), "/archive", "GET,HEAD"),
    ] {
        let page = reader.send(reader.request(method.clone(), path).body(Body::empty()).unwrap()).await;
        assert_eq!(page.status(), 405, "{method} {path}");
        assert_eq!(page.text("h1"), "Not that way");
        assert_eq!(page.header("allow"), Some(allowed), "{method} {path}");
    }
}

#[tokio::test]
async fn too_large_a_form_is_refused_with_a_page() {
    let blog = TestBlog::new().await;
    blog.published_post("Post").create().await;
    let answer = blog.reader().post("/comments", &[("post", "1"), ("text", &"x".repeat(140_000))]).await;
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.text("h1"), "Too much at once");
    let owner = blog.owner().await;
    let answer = owner.post("/admin/posts", &[("text", &"x".repeat(5_000_000))]).await;
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.text("h1"), "Too much at once");
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_address_without_it() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for (asked, to) in [
        (format!("{}/", post.path), post.path.clone()),
        ("/archive/".to_owned(), "/archive".to_owned()),
        ("/2023/02//".to_owned(), "/2023/02".to_owned()),
        ("/search/?q=post&page=1".to_owned(), "/search?q=post&page=1".to_owned()),
    ] {
        let answer = reader.get(&asked).await;
        assert_eq!((answer.status(), answer.location()), (301, to.as_str()), "{asked}");
        assert_eq!(reader.follow(&answer).await.status(), 200);
    }
    // Never to another host.
    for away in ["//evil.example/", "//evil.example//", "/\\evil.example/", "/%5cevil.example/", "/%2fevil.example/"] {
        let Ok(request) = reader.request(Method::GET, away).body(Body::empty()) else { continue };
        let answer = reader.send(request).await;
        let to = answer.header("location").unwrap_or("/");
        assert!(to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"), "{away} leads to {to}");
    }
}

#[tokio::test]
async fn parameters_that_nobody_knows_change_nothing() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for path in ["/", &post.path, "/archive", "/feed.xml", "/2023"] {
        let plain = reader.get(path).await;
        let odd = reader.get(&format!("{path}?preview=1&state=draft&utm_source=x&a[]=b&=&%zz")).await;
        assert_eq!(plain.bytes(), odd.bytes(), "{path}");
        assert_eq!(odd.status(), 200);
    }
}

#[tokio::test]
async fn a_malay_blog_speaks_malay_everywhere() {
    let blog = TestBlog::wish().language("ms").zone("Asia/Kuala_Lumpur").start().await;
    let post = blog.published_post("Kebun").create().await;
    blog.comment(&post, "Cantik").create().await;
    let reader = blog.reader();
    let home = reader.get("/").await;
    assert_eq!(home.attribute("html", "lang"), "ms");
    assert_eq!(home.text(".date-header"), "Sabtu, 11 Februari 2023");
    assert_eq!(home.text(".comment-link"), "1 ulasan");
    for path in [post.path.as_str(), "/archive", "/search", "/nothing"] {
        let page = reader.get(path).await;
        assert_eq!(page.attribute("html", "lang"), "ms");
        for english in ["Search", "Archive", "comment", "Posted", "Newer", "Nothing here", "to read"] {
            assert!(!page.all("body").concat().contains(english), "{path} says {english:?}");
        }
    }
}

#[tokio::test]
async fn a_blog_from_right_to_left_says_so() {
    let blog = TestBlog::wish().language("ar").start().await;
    let post = blog.published_post("مرحبا").create().await;
    for path in ["/", post.path.as_str(), "/admin/sign-in", "/nothing"] {
        let page = blog.reader().get(path).await;
        assert_eq!(page.attribute("html", "dir"), "rtl", "{path}");
        assert_eq!(page.attribute("html", "lang"), "ar", "{path}");
    }
}

#[tokio::test]
async fn every_page_for_readers_is_framed_with_a_way_to_its_content() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").tag("x").create().await;
    blog.page("About").create().await;
    let comment = blog.comment(&post, "Hm").create().await;
    let reader = blog.reader();
    let reply = format!("/comments/{comment}/reply");
    for path in [
        "/",
        &post.path,
        "/about",
        "/archive",
        "/2023",
        "/2023/02",
        "/tag/x",
        "/author/aminah-rahman",
        "/search",
        "/search?q=post",
        &reply,
        "/nothing",
    ] {
        // The faults that every page must be free of are looked for with each request; here is what a frame adds.
        let page = reader.get(path).await;
        assert!(page.has("body > a.skip:first-child[href='#main']"), "{path}");
        assert!(page.has("header nav[aria-label]") && page.has("main#main") && page.has("body > footer"), "{path}");
        assert_eq!(page.attribute("meta[name=viewport]", "content"), "width=device-width, initial-scale=1", "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert!(page.body().starts_with("<!doctype html>"), "{path}");
    }
}

#[tokio::test]
async fn a_blog_that_is_not_set_up_says_so_and_shows_nothing() {
    let blog = TestBlog::wish().start_bare(Some("a-code")).await;
    let reader = blog.reader();
    for path in ["/", "/archive", "/feed.xml", "/search?q=x", "/admin", "/admin/sign-in", "/admin/posts"] {
        let page = reader.get(path).await;
        assert_eq!((page.status(), page.text("h1").as_str()), (503, "Soon"), "{path}");
    }
    assert_eq!(reader.get("/healthz").await.status(), 200);
}

#[tokio::test]
async fn style_sheets_and_icon_have_lasting_addresses() {
    let blog = TestBlog::new().await;
    let reader = blog.reader();
    let home = reader.get("/").await;
    for (css, kind) in [("link[rel=stylesheet]", "text/css; charset=utf-8"), ("link[rel=icon]", "image/svg+xml")] {
        let file = reader.get(&home.attribute(css, "href")).await;
        assert_eq!(file.status(), 200);
        assert_eq!(file.header("content-type"), Some(kind));
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
    let icon = reader.get("/favicon.ico").await;
    assert_eq!(icon.location(), home.attribute("link[rel=icon]", "href"));
    assert_eq!(reader.get("/healthz").await.body(), "ok\n");
}
