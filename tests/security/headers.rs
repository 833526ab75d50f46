//! The headers of every class of answer.

use axum::{body::Body, http::Method};
use laman::model::entry::{Picture, PictureKind};

use crate::support::*;

const HASH: &str = "0123456789abcdef0123456789abcdef";

/// A drawing that would like to be a page.
async fn keep_drawing(blog: &TestBlog) -> String {
    let picture = Picture {
        old_paths: Vec::new(),
        references: Vec::new(),
        name: "drawing.svg".to_owned(),
        kind: PictureKind::Svg,
        width: 10,
        height: 10,
        is_animated: false,
        bytes: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
    };
    blog.app.store.add_media(HASH, &picture, blog.now()).await.unwrap();
    format!("/media/{HASH}/drawing.svg")
}

/// One answer of every class, by name.
async fn one_of_each(blog: &TestBlog) -> Vec<(&'static str, Page)> {
    let post = blog.published_post("Post").create().await;
    let drawing = keep_drawing(blog).await;
    let reader = blog.reader();
    let home = reader.get("/").await;
    let style = home.attribute("link[rel=stylesheet]", "href");
    let known = reader
        .request(Method::GET, "/")
        .header("if-none-match", home.header("etag").unwrap())
        .body(Body::empty())
        .unwrap();
    let foreign =
        reader.request(Method::POST, "/comments").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    let owner = blog.owner().await;
    vec![
        ("304", reader.send(known).await),
        ("post", reader.get(&post.path).await),
        ("head", reader.send(reader.request(Method::HEAD, "/").body(Body::empty()).unwrap()).await),
        ("search", reader.get("/search?q=x").await),
        ("301", reader.get("/archive/").await),
        ("303", reader.get("/admin").await),
        ("400", reader.post("/comments", &[("post", "x")]).await),
        ("403", reader.send(foreign).await),
        ("404", reader.get("/nothing").await),
        ("405", reader.send(reader.request(Method::PUT, "/").body(Body::empty()).unwrap()).await),
        ("413", reader.post("/comments", &[("text", &"x".repeat(140_000))]).await),
        ("422", reader.post("/comments", &[("post", "1")]).await),
        ("door", reader.get("/admin/sign-in").await),
        ("admin", owner.get("/admin/posts").await),
        ("editor", owner.get("/admin/posts/new").await),
        ("admin 404", owner.get("/admin/posts/99").await),
        ("media", reader.get(&drawing).await),
        ("static", reader.get(&style).await),
        ("feed", reader.get("/feed.xml").await),
        ("json", reader.get("/feed.json").await),
        ("sitemap", reader.get("/sitemap.xml").await),
        ("robots", reader.get("/robots.txt").await),
        ("healthz", reader.get("/healthz").await),
        ("home", home),
    ]
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_not_do() {
    for base in ["http://blog.example", "https://blog.example"] {
        let blog = TestBlog::wish().base(base).start().await;
        for (class, page) in one_of_each(&blog).await {
            let expected = match class {
                "post" | "head" | "search" | "door" | "admin" | "editor" | "media" | "static" | "feed" | "json"
                | "sitemap" | "robots" | "healthz" | "home" => 200,
                "admin 404" => 404,
                number => number.parse().unwrap(),
            };
            assert_eq!(page.status(), expected, "{class}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", if class == "media" { "cross-origin" } else { "same-origin" }),
            ] {
                assert_eq!(page.header(name), Some(value), "{class}: {name}");
            }
            assert!(page.header("permissions-policy").unwrap().contains("camera=()"), "{class}");
            let policy = page.header("content-security-policy").unwrap();
            let says = |directive: &str| policy.split(';').any(|part| part.trim() == directive);
            assert!(says("default-src 'none'"), "{class}: {policy}");
            if class == "media" {
                assert!(says("sandbox"), "{policy}");
            } else {
                assert!(
                    says("frame-ancestors 'none'") && says("base-uri 'none'") && says("form-action 'self'"),
                    "{class}: {policy}"
                );
                assert!(
                    says("script-src 'self'") && !policy.contains("unsafe") && !policy.contains('*'),
                    "{class}: {policy}"
                );
            }
            let is_admin = matches!(class, "door" | "admin" | "editor" | "admin 404" | "303");
            let referrer = if is_admin { "same-origin" } else { "strict-origin-when-cross-origin" };
            assert_eq!(page.header("referrer-policy"), Some(referrer), "{class}");
            if is_admin {
                assert_eq!(page.header("cache-control"), Some("no-store"), "{class}");
                assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow"), "{class}");
            }
            let transport = page.header("strict-transport-security");
            assert_eq!(transport, base.starts_with("https").then_some("max-age=31536000"), "{class}");
            for telling in ["server", "x-powered-by", "access-control-allow-origin"] {
                assert_eq!(page.header(telling), None, "{class}: {telling}");
            }
            assert_eq!(page.header("set-cookie"), None, "{class}");
        }
    }
}

#[tokio::test]
async fn what_may_be_kept_says_how() {
    let blog = TestBlog::new().await;
    for (class, page) in one_of_each(&blog).await {
        let (kept, has_tag) = match class {
            "home" | "post" | "head" | "304" | "feed" | "json" | "sitemap" | "robots" => ("no-cache", true),
            "media" | "static" => ("public, max-age=31536000, immutable", true),
            _ => ("no-store", false),
        };
        assert_eq!(page.header("cache-control"), Some(kept), "{class}");
        assert_eq!(page.headers.contains_key("etag"), has_tag, "{class}");
    }
}

#[tokio::test]
async fn the_head_of_a_page_is_that_of_the_page() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for path in ["/", &post.path, "/feed.xml", "/archive", "/robots.txt", "/nothing", "/search?q=post"] {
        let whole = reader.get(path).await;
        let head = reader.send(reader.request(Method::HEAD, path).body(Body::empty()).unwrap()).await;
        assert_eq!((head.status(), head.bytes().len()), (whole.status(), 0), "{path}");
        for name in ["content-type", "etag", "cache-control", "last-modified", "content-length"] {
            assert_eq!(head.header(name), whole.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn a_drawing_is_handed_over_as_a_file_that_runs_nothing() {
    let blog = TestBlog::new().await;
    let path = keep_drawing(&blog).await;
    let reader = blog.reader();
    let drawing = reader.get(&path).await;
    assert_eq!(drawing.header("content-type"), Some("image/svg+xml"));
    assert_eq!(drawing.header("content-disposition"), Some("attachment; filename=\"drawing.svg\""));
    assert!(drawing.header("content-security-policy").unwrap().ends_with("sandbox"));
    for other in [
        format!("/media/{HASH}/other.svg"),
        format!("/media/{HASH}/drawing.html"),
        format!("/media/{HASH}"),
        format!("/media/{HASH}/"),
        "/media/x/drawing.svg".to_owned(),
    ] {
        assert_ne!(reader.get(&other).await.status(), 200, "{other}");
    }
}

#[tokio::test]
async fn readers_get_the_same_bytes_signed_in_or_not_and_no_cookie() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").tag("x").create().await;
    let comment = blog.comment(&post, "Hm").create().await;
    let (reader, owner) = (blog.reader(), blog.owner().await);
    let reply = format!("/comments/{comment}/reply");
    for path in [
        "/",
        &post.path,
        "/archive",
        "/2023",
        "/2023/02",
        "/tag/x",
        "/author/aminah-rahman",
        "/search?q=post",
        &reply,
        "/nothing",
        "/feed.xml",
        "/sitemap.xml",
    ] {
        let (one, other) = (reader.get(path).await, owner.get(path).await);
        assert_eq!(one.bytes(), other.bytes(), "{path}");
        assert_eq!(one.headers, other.headers, "{path}");
        assert!(!one.headers.contains_key("set-cookie"), "{path}");
        assert!(!one.header("vary").unwrap_or_default().contains("cookie"), "{path}");
    }
}

#[tokio::test]
async fn no_address_is_taken_from_a_header() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for path in [
        "/",
        post.path.as_str(),
        "/feed.xml",
        "/feed.json",
        "/sitemap.xml",
        "/robots.txt",
        "/archive/",
        "/nothing",
        "/admin",
        "/search?q=post",
    ] {
        let clean = reader.get(path).await;
        let request = axum::http::Request::builder().uri(path).header("host", "evil.example");
        let odd = [
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
            ("x-host", "evil.example"),
            ("forwarded", "host=evil.example"),
            ("x-forwarded-port", "666"),
        ];
        let request = odd.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = reader.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.bytes(), clean.bytes(), "{path}");
        assert_eq!(answer.headers, clean.headers, "{path}");
        let again = reader.get(path).await;
        assert_eq!(again.bytes(), clean.bytes(), "{path}: nothing of it is kept");
    }
}
