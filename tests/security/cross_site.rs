//! Writes that another site's page sends with the owner's cookies.

use axum::{body::Body, http::Method};

use super::routes::filled;
use crate::support::*;

/// What a browser says of a form on another page.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site"), ("origin", "http://evil.blog.example")],
    &[("sec-fetch-site", "cross-site"), ("origin", "null")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "http://blog.example:8080")],
    &[("origin", "http://blog.example.evil.example")],
    &[("origin", "http://evil.example"), ("referer", "http://blog.example/")],
];

#[tokio::test]
async fn no_route_takes_a_write_from_another_site() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "Held").held().create().await;
    let owner = blog.owner().await;
    let mut database = blog.database().await;
    let version = async |database: &mut sqlx::SqliteConnection| -> i64 {
        sqlx::query_scalar("PRAGMA data_version").fetch_one(database).await.unwrap()
    };
    let before = version(&mut database).await;
    for path in filled(&Method::POST, "1").iter().chain([&"/".to_owned(), &"/nothing".to_owned()]) {
        for headers in FOREIGN {
            let mut request =
                owner.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let body = "action=approve&title=Changed&text=Changed&version=1&post=1&name=Evil&email=a@b.example";
            let answer = owner.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status(), 403, "{path} {headers:?}");
            assert_eq!(answer.text("h1"), "Not allowed");
            assert!(answer.has("header nav"), "{path}: a page in the blog's frame");
            assert!(!answer.headers.contains_key("access-control-allow-origin"));
        }
    }
    assert_eq!(version(&mut database).await, before, "nothing was written");
    assert_eq!(owner.get("/admin/posts").await.status(), 200, "nobody was signed out");
}

#[tokio::test]
async fn a_form_that_no_browser_form_can_be_is_not_read() {
    let blog = TestBlog::new().await;
    blog.published_post("Post").create().await;
    let owner = blog.owner().await;
    for path in
        filled(&Method::POST, "1").iter().filter(|path| !path.ends_with("/trash") && !path.ends_with("/restore"))
    {
        for kind in [
            "text/plain",
            "application/json",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencodedx",
            "",
        ] {
            // Files are no form, and there is none of this id; deleting one reads nothing.
            if path.starts_with("/admin/media/1/") {
                continue;
            }
            // What a mail program sends to end mails may have any form.
            if path == "/admin/sign-out" || path.starts_with("/setup/") || path.starts_with("/comments/act/") {
                continue;
            }
            let request = owner.request(Method::POST, path).header("content-type", kind);
            let answer = owner.send(request.body(Body::from("title=x&action=approve&post=1")).unwrap()).await;
            assert_eq!(answer.status(), 400, "{path} {kind:?}");
        }
    }
}

#[tokio::test]
async fn behind_a_proxy_that_hides_the_host_the_blogs_own_forms_pass() {
    let blog = TestBlog::wish().base("https://blog.example").start().await;
    let visitor = blog.reader();
    for host in ["blog.example", "127.0.0.1:8080", "backend"] {
        let request = axum::http::Request::builder()
            .method(Method::POST)
            .uri("/admin/sign-in")
            .header("host", host)
            .header("origin", "https://blog.example")
            .header("content-type", "application/x-www-form-urlencoded");
        let body = format!("email={OWNER_EMAIL}&password={}", PASSWORD.replace(' ', "+"));
        assert_eq!(visitor.send(request.body(Body::from(body)).unwrap()).await.status(), 303, "{host}");
    }
}
