//! Requests that no browser sends.

use axum::{
    body::Body,
    http::{HeaderValue, Method},
};

use super::routes::filled;
use crate::support::*;

/// A blog with one of everything, each of id 1.
async fn blog() -> TestBlog {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "Comment").create().await;
    blog
}

#[tokio::test]
async fn an_id_is_digits_or_nothing_is_there() {
    let blog = blog().await;
    let owner = blog.owner().await;
    for id in [
        "1abc",
        "01",
        "1.0",
        "1e0",
        "+1",
        "-1",
        "0",
        "%201",
        "1%20",
        "1%00",
        "%00",
        "1%2f",
        "１",
        "0x1",
        "1,2",
        "99999999999999999999",
        "null",
        "1%0a",
    ] {
        // Those of other scripts go percent-encoded.
        let id = id.replace('１', "%EF%BC%91");
        for path in
            [format!("/admin/posts/{id}"), format!("/comments/{id}/reply"), format!("/comments/on/{id}/feed.xml")]
        {
            let answer = owner.get(&path).await;
            assert!(matches!(answer.status(), 400 | 404), "{path}: {}", answer.status());
        }
        for path in [
            format!("/admin/posts/{id}"),
            format!("/admin/posts/{id}/trash"),
            format!("/admin/comments/{id}"),
            format!("/admin/comments/{id}/reply"),
        ] {
            let answer = owner.post(&path, &[("action", "approve"), ("text", "x"), ("version", "1")]).await;
            assert!(matches!(answer.status(), 400 | 404), "{path}: {}", answer.status());
        }
    }
    assert_eq!(blog.reader().get("/2023/02/post").await.all(".comment").len(), 1);
}

#[tokio::test]
async fn bytes_that_are_no_text_break_nothing() {
    let blog = blog().await;
    let owner = blog.owner().await;
    let every_byte: Vec<u8> = (0..=255).collect();
    let encoded: String = every_byte.iter().map(|byte| format!("%{byte:02x}")).collect();
    let names = [
        "title",
        "text",
        "tags",
        "slug",
        "excerpt",
        "publish-at",
        "name",
        "email",
        "website",
        "password",
        "next",
        "post",
        "parent",
        "action",
        "version",
        "carried-to",
        "carried-text",
    ];
    let bodies: Vec<Vec<u8>> = vec![
        names.iter().map(|name| format!("{name}={encoded}")).collect::<Vec<_>>().join("&").into_bytes(),
        names.iter().flat_map(|name| [name.as_bytes(), b"=", &every_byte, b"&"].concat()).collect(),
        b"post=1&name=%ff%fe&text=%c0%80%ed%a0%80%f4%90%80%80&version=1".to_vec(),
        b"&&&===%%%%&=&a=b=c&text".to_vec(),
        "a=b&".repeat(10_000).into_bytes(),
        every_byte.clone(),
        Vec::new(),
    ];
    for path in filled(&Method::POST, "1") {
        for body in &bodies {
            let answer = owner.post_bytes(&path, body.clone()).await;
            assert!(answer.status() < 500, "{path}: {}", answer.status());
            if path.ends_with("sign-out") || path.ends_with("sign-in") {
                owner.post("/admin/sign-in", &[("email", OWNER_EMAIL), ("password", PASSWORD)]).await;
            }
        }
    }
    for odd in [
        "%ff",
        "%c0%80",
        "%ed%a0%80",
        "%00",
        "%0d%0a",
        "%7f",
        "%",
        "%zz",
        "%e2%80%ae",
        "a%00b",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
    ] {
        for path in filled(&Method::GET, odd).iter().chain(&[format!("/search?q={odd}"), format!("/?{odd}={odd}")]) {
            let Ok(request) = owner.request(Method::GET, path).body(Body::empty()) else { continue };
            let answer = owner.send(request).await;
            assert!(answer.status() < 500, "{path}: {}", answer.status());
            assert!(!answer.body().contains(blog.folder().to_str().unwrap()), "{path} tells where it lives");
        }
    }
}

#[tokio::test]
async fn headers_that_are_no_text_break_nothing() {
    let blog = blog().await;
    let reader = blog.reader();
    for name in [
        "cookie",
        "accept-language",
        "if-none-match",
        "if-modified-since",
        "x-forwarded-for",
        "user-agent",
        "accept-encoding",
        "range",
        "origin",
        "content-type",
        "referer",
    ] {
        for value in [&b"\xff\xfe\x80"[..], b"", b"=;=;,,,", &[b'a'; 8_000]] {
            let value = HeaderValue::from_bytes(value).unwrap();
            for path in ["/", "/feed.xml", "/admin/posts", "/2023/02/post"] {
                let mut request = reader.request(Method::GET, path).body(Body::empty()).unwrap();
                request.headers_mut().append(name, value.clone());
                assert!(reader.send(request).await.status() < 500, "{name} {path}");
            }
        }
    }
}

#[tokio::test]
async fn an_error_tells_nothing_of_the_machine() {
    let blog = blog().await;
    let owner = blog.owner().await;
    // The database is gone under the program's feet.
    blog.app.store.close().await;
    for path in ["/", "/2023/02/post", "/admin/posts", "/feed.xml", "/search?q=x"] {
        let answer = owner.get(path).await;
        assert_eq!(answer.status(), 500, "{path}");
        assert_eq!(answer.text("h1"), "Something broke");
        for telling in ["sqlx", "SQL", "pool", "Pool", "src/", "panicked", "/tmp", env!("CARGO_PKG_VERSION")] {
            assert!(!answer.body().contains(telling), "{path}: {telling}");
        }
    }
    assert_eq!(owner.get("/healthz").await.status(), 500);
}

#[tokio::test]
async fn files_of_the_machine_are_nowhere() {
    let blog = blog().await;
    let reader = blog.reader();
    for path in [
        "/.env",
        "/.git/config",
        "/.git/HEAD",
        "/laman.db",
        "/laman.db-wal",
        "/laman.toml",
        "/static/",
        "/static/..%2fCargo.toml",
        "/static/../Cargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/static/style.css",
        "/media/",
        "/media/..%2f..%2fetc/passwd",
        "/metrics",
        "/debug",
        "/actuator",
        "/server-status",
        "/backup",
        "/dump",
        "/wp-login.php",
        "/xmlrpc.php",
        "/static//etc/passwd",
        "/media/x/..%2f..%2flaman.db",
        "/static/style.css%00.svg",
    ] {
        let answer = reader.send(reader.request(Method::GET, path).body(Body::empty()).unwrap()).await;
        let answer = if answer.status() == 301 { reader.follow(&answer).await } else { answer };
        assert!(matches!(answer.status(), 400 | 404), "{path}: {}", answer.status());
    }
}
