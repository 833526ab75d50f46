//! The blog leaves: as plain files that any web server serves, and for WordPress.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use axum::{body::Body, http::Request};
use http_body_util::BodyExt;
use laman::jobs::pictures;
use scraper::{Html, Selector};
use tower::util::ServiceExt;
use tower_http::services::ServeDir;
use url::Url;

use crate::{program::support::run, support::*};

const BASE: &str = "https://still.example";

/// What the program said: whether it succeeded, and both its outputs.
fn laman(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let ended = run(folder, arguments);
    (ended.status.success(), ended.out + &ended.err)
}

/// Several pages of posts, a thread of several parts, pictures in several widths, links of every kind, and old addresses.
async fn full_blog() -> TestBlog {
    let blog = TestBlog::wish().zone("Asia/Kuala_Lumpur").posts_per_page(3).comments_per_page(2).start().await;
    let owner = blog.owner().await;
    let mut photo = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(1000, 500, |x, y| image::Rgb([x as u8, y as u8, (x * y) as u8]))
        .write_to(&mut photo, image::ImageFormat::Png)
        .unwrap();
    let sent = owner.upload_as("/admin/media", &[("kebun.png", photo.get_ref())], "application/json").await;
    let sent: serde_json::Value = serde_json::from_str(sent.body()).unwrap();
    let picture = sent["files"][0]["address"].as_str().unwrap().to_owned();
    while pictures::step(&blog.app).await.unwrap() {}
    for number in 1..=8 {
        let (title, at) = (format!("Post {number}"), format!("2023-01-{number:02}T08:00"));
        blog.published_post(&title).at(&at).tag("Kebun").create().await;
    }
    blog.page("About us").slug("about").create().await;
    let body = format!(
        "Some *words*,\non two lines. ![Kebun]({picture})\n\n<!-- more -->\n\n```\ncode\n\n]]> here\n```\n\n\
         [a](/2023/01/post-1#x) [b](../01/post-2) [c]({BASE}/2023/01/post-3) [d](/old/place.html) [e](/2023/01/moved) \
         [f](/comments/1) [g](/?utm_source=x) [h](https://elsewhere.example/2023) [i](/tag/kebun?page=2)"
    );
    let post = blog.published_post("All & <sundry>").at("2023-02-10T08:00").body(body).tag("C++ & Rust");
    let post = post.excerpt("Short & sweet").create().await;
    let mut last = blog.comment(&post, "First *words*").by("Mei \"<Lin>\"").email("mei@example.org").create().await;
    for number in 2..6 {
        let text = format!("More {number}");
        let comment = blog.comment(&post, &text).by("Omar").website("https://omar.example/");
        last = if number % 2 == 0 { comment.answering(last).create().await } else { comment.create().await };
    }
    blog.comment(&post, "Wait").held().create().await;
    blog.comment(&post, "Buy").spam().create().await;
    blog.draft("Unfinished").body("Not yet").create().await;
    blog.published_post("To come").at("2131-01-01T00:00").create().await;
    for (path, target) in
        [("/old/place.html", "/2023/01/post-4"), ("/2023/01/moved", "/about"), ("/away", "https://away.example/")]
    {
        let form = owner.get("/admin/settings/redirects").await.form("form.settings");
        let answer = form.set("path", path).set("target", target).submit(&owner).await;
        assert_eq!(answer.status(), 303, "{}", answer.body());
    }
    blog
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

/// The address under which a server shows a file.
fn address(folder: &Path, file: &Path) -> String {
    let path = file.strip_prefix(folder).unwrap().to_str().unwrap();
    format!("/{}", path.strip_suffix("index.html").unwrap_or(path))
}

/// Every address that a page names.
fn named(page: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    let mut found = Vec::new();
    for (css, attribute) in [
        ("[href]", "href"),
        ("[src]", "src"),
        ("[poster]", "poster"),
        ("[action]", "action"),
        ("meta[content^=http]", "content"),
    ] {
        found.extend(
            html.select(&Selector::parse(css).unwrap()).filter_map(|one| one.attr(attribute)).map(str::to_owned),
        );
    }
    for one in html.select(&Selector::parse("[srcset]").unwrap()) {
        let widths = one.attr("srcset").unwrap().split(", ");
        found.extend(widths.map(|width| width.split(' ').next().unwrap().to_owned()));
    }
    found
}

async fn serve(folder: &Path, path: &str) -> (u16, Vec<u8>) {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let response = ServeDir::new(folder).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_server_shows_the_whole_blog_and_no_link_in_it_is_broken() {
    let blog = full_blog().await;
    let folder = blog.folder();
    let (is_done, said) = laman(folder, &["--public-url", BASE, "export", "--format", "static", "www"]);
    assert!(is_done && said.contains("comment forms and search are left out"), "{said}");
    let www = folder.join("www");
    let (mut pages, mut asked) = (0, BTreeSet::new());
    for file in files(&www) {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!text.contains("//blog.example"), "{} names the old host", file.display());
        let here = Url::parse(BASE).unwrap().join(&address(&www, &file)).unwrap();
        let mut addresses = Vec::new();
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("html") => {
                pages += 1;
                addresses = named(&text);
                for gone in ["<form", "/search", "href=\"/comments/1\"", "comments.js", "Not yet", "To come"] {
                    assert!(!text.contains(gone), "{}: {gone}", file.display());
                }
            }
            Some("xml" | "rss" | "json" | "txt") => {
                let starts = text.match_indices(BASE).map(|(at, _)| &text[at..]);
                addresses.extend(
                    starts.map(|rest| rest.split(['"', '<', '&', '\\', '\n', ' ', ')']).next().unwrap().to_owned()),
                );
            }
            _ => {}
        }
        for link in addresses {
            let Ok(url) = here.join(&link) else { continue };
            if url.host_str() == Some("still.example") && asked.insert(url.path().to_owned()) {
                let status = serve(&www, url.path()).await.0;
                assert_eq!(status, 200, "{} names {link}", file.display());
                assert_eq!(url.query(), None, "{} names {link}", file.display());
            }
        }
    }
    assert!(pages > 20 && asked.len() > 40, "{pages} {asked:?}");
    for path in [
        "/",
        "/2023/02/all-sundry/",
        "/2023/02/all-sundry/thread=2/",
        "/tag/kebun/",
        "/archive/",
        "/about/",
        "/feed.xml",
        "/tag/kebun/feed.rss",
        "/sitemap.xml",
        "/robots.txt",
        "/404.html",
    ] {
        assert_eq!(serve(&www, path).await.0, 200, "{path}");
    }
    let home = String::from_utf8(serve(&www, "/").await.1).unwrap();
    let titles = |html: &str| {
        let css = Selector::parse("h2.p-name").unwrap();
        Html::parse_document(html).select(&css).map(|title| title.text().collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&home), titles(blog.reader().get("/").await.body()));
    let post = String::from_utf8(serve(&www, "/2023/02/all-sundry/").await.1).unwrap();
    for link in [
        "/2023/01/post-1/#x",
        "/2023/01/post-2/",
        "https://still.example/2023/01/post-3/",
        "/2023/01/post-4/",
        "/about/",
        "/2023/02/all-sundry/#comment-1",
        "/tag/kebun/",
    ] {
        assert!(post.contains(&format!("href=\"{link}\"")), "{link}: {post}");
    }
    let variants =
        files(&www.join("media")).into_iter().filter(|file| file.ends_with("480.webp") || file.ends_with("800.webp"));
    assert_eq!(variants.count(), 2);
    let list = fs::read_to_string(www.join("_redirects")).unwrap();
    for line in [
        "/old/place.html /2023/01/post-4/ 301",
        "/2023/01/moved /about/ 301",
        "/away https://away.example/ 301",
        "/2023/01/01 /2023/01/ 301",
        "/page/2 / 301",
    ] {
        assert!(list.lines().any(|known| known == line), "{line}: {list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_files_replace_earlier_ones_and_nothing_else() {
    let blog = TestBlog::new().await;
    let folder = blog.folder();
    let export = |to: &str| laman(folder, &["--public-url", BASE, "export", "--format", "static", to]);
    let (is_done, said) = laman(folder, &["export", "--format", "static", "www"]);
    assert!(!is_done && said.contains("--public-url"), "{said}");
    assert!(export("www").0);
    blog.published_post("Later").create().await;
    assert!(export("www").0);
    assert!(fs::read_to_string(folder.join("www/index.html")).unwrap().contains("Later"));
    for name in ["CNAME", "tag/mine.html", ".git/HEAD"] {
        fs::create_dir_all(folder.join("www").join(name).parent().unwrap()).unwrap();
        fs::write(folder.join("www").join(name), "x").unwrap();
        let (is_done, said) = export("www");
        assert!(!is_done && said.contains("is not of the last export"), "{name}: {said}");
        fs::remove_file(folder.join("www").join(name)).unwrap();
    }
    fs::create_dir(folder.join("mine")).unwrap();
    fs::write(folder.join("mine/a"), "x").unwrap();
    let (is_done, said) = export("mine");
    assert!(!is_done && said.contains("is there already"), "{said}");
    let (is_done, said) = export("www.zip");
    assert!(!is_done && said.contains("go into a folder"), "{said}");
    // What was killed half-way, and an empty folder, are nobody's.
    fs::create_dir_all(folder.join("new.999999999.unfinished/a")).unwrap();
    fs::create_dir(folder.join("new")).unwrap();
    assert!(export("new").0);
    assert_eq!(fs::metadata(folder.join("new")).unwrap().permissions().mode() & 0o777, 0o755);
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = names.filter(|name| name.contains("unfinished") || name.contains("before")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// What there is of each post, and of each comment, as far as WordPress can say it.
async fn told(blog: &TestBlog) -> Vec<Vec<Option<String>>> {
    let mut database = blog.database().await;
    let mut told = Vec::new();
    for statement in [
        "SELECT title || '|' || kind || '|' || state || '|' \
         || CASE state WHEN 'draft' THEN '' ELSE (published_at / 1000) || path END \
         || '|' || coalesce((SELECT group_concat(name, ';') FROM (SELECT tag.name FROM post_tag JOIN tag ON tag.id = tag_id \
         WHERE post_id = post.id ORDER BY position)), '') FROM post ORDER BY title",
        "SELECT post.title || '|' || comment.state || '|' || comment.name || '|' || (comment.created_at / 1000) || '|' \
         || coalesce(comment.email, '') || '|' || coalesce(comment.website, '') || '|' \
         || coalesce((SELECT above.created_at || above.html FROM comment AS above WHERE above.id = comment.parent_id), '') \
         || '|' || comment.html FROM comment JOIN post ON post.id = comment.post_id ORDER BY 1",
        "SELECT excerpt FROM post_text WHERE excerpt <> '' ORDER BY 1",
    ] {
        told.push(sqlx::query_scalar(statement).fetch_all(&mut database).await.unwrap());
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn what_wordpress_would_read_is_the_blog() {
    let blog = full_blog().await;
    let folder = blog.folder();
    assert!(laman(folder, &["--public-url", BASE, "export", "--format", "wordpress", "blog.xml"]).0);
    let xml = fs::read_to_string(folder.join("blog.xml")).unwrap();
    for said in [
        "<wp:wxr_version><![CDATA[1.2]]></wp:wxr_version>",
        "<wp:status><![CDATA[future]]></wp:status>",
        "<wp:comment_approved><![CDATA[spam]]></wp:comment_approved>",
        "<!--more-->",
        "src=\"https://still.example/media/",
    ] {
        assert!(xml.contains(said), "{said}: {xml}");
    }
    let into = TestBlog::wish().zone("Asia/Kuala_Lumpur").start().await;
    let file = folder.join("blog.xml");
    let (is_done, said) = laman(into.folder(), &["import", "wordpress", file.to_str().unwrap()]);
    assert!(is_done, "{said}");
    let (before, after) = (told(&blog).await, told(&into).await);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    let reader = into.reader();
    let post = reader.get("/2023/02/all-sundry").await;
    assert!(post.inner(".e-content pre").contains("code\n\n]]&gt; here"), "{}", post.body());
    assert_eq!(reader.get("/").await.all(".p-author")[0], OWNER_NAME);
}
