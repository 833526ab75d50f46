//! Every route of the admin, walked by those who may not.

use axum::{body::Body, http::Method};
use laman::model::user::Role;
use sqlx::SqliteConnection;

use super::routes::{TABLE, Who, fill};
use crate::support::*;

/// Changes with every commit of another connection, and with nothing else.
async fn version(database: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("PRAGMA data_version").fetch_one(database).await.unwrap()
}

const FIELDS: &[(&str, &str)] = &[
    ("action", "approve"),
    ("version", "1"),
    ("title", "Changed"),
    ("text", "Changed"),
    ("comments", "open"),
    ("language", "en"),
    ("zone", "UTC"),
    ("posts-per-page", "9"),
    ("comments-per-page", "9"),
    ("edit-minutes", "9"),
    ("trash-days", "9"),
    ("feed-posts", "9"),
    ("from", "held"),
    ("notice", "daily"),
    ("state", "spam"),
    ("line", "cheap watches"),
    ("to", "/2023/02/post"),
];

/// What is sent where files are.
const FILE: (&str, &[u8]) = ("dot.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");

/// A blog with a post, a held comment and a file, all of id 1.
async fn blog() -> TestBlog {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "Secret words").held().create().await;
    assert_eq!(blog.owner().await.upload("/admin/media", &[FILE]).await.status(), 303);
    blog
}

async fn ask(visitor: &Visitor, method: &str, path: &str) -> Page {
    match method {
        "POST" if path == "/admin/media" || path == "/admin/import" || path.ends_with("/replace") => {
            visitor.upload(path, &[FILE]).await
        }
        "POST" => visitor.post(path, FIELDS).await,
        _ => visitor.get(path).await,
    }
}

#[tokio::test]
async fn nobody_goes_through_a_route_of_the_admin() {
    let blog = blog().await;
    let mut database = blog.database().await;
    let before = version(&mut database).await;
    let ended = {
        let owner = blog.owner().await;
        let token = owner.cookie("laman").unwrap();
        owner.post("/admin/sign-out", &[]).await;
        token
    };
    let after_signing_out = version(&mut database).await;
    assert_ne!(before, after_signing_out, "the version tells of writes");
    let cookies = [None, Some(ended), Some("0".repeat(64)), Some("1' OR '1'='1".to_owned()), Some(String::new())];
    for (method, path, who) in TABLE {
        if *who == Who::Everybody {
            continue;
        }
        for cookie in &cookies {
            let visitor = blog.reader();
            if let Some(token) = cookie {
                visitor.set_cookie("laman", token);
                visitor.set_cookie("__Host-laman", token);
            }
            let path = fill(path, "1");
            let answer = ask(&visitor, method, &path).await;
            match (*method, answer.status()) {
                (_, 303) => assert!(answer.location().starts_with("/admin/sign-in?next=%2Fadmin"), "{method} {path}"),
                // A form that was on its way is kept at the door.
                // A script is told in its own words.
                ("POST", 401) if path.ends_with("/autosave") => assert!(answer.body().contains("fault"), "{path}"),
                ("POST", 401) => assert!(answer.has("input[name=password]"), "{method} {path}"),
                (_, status) => panic!("{method} {path} answers nobody with {status}"),
            }
            assert!(!answer.body().contains("Secret words"), "{method} {path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{method} {path}");
        }
    }
    assert_eq!(version(&mut database).await, after_signing_out, "nothing was written");
}

#[tokio::test]
async fn each_role_goes_as_far_as_it_may_and_no_further() {
    for role in Role::ALL {
        let blog = blog().await;
        let visitor = blog.signed_in_as(role).await;
        for (method, path, who) in TABLE {
            let path = fill(path, "1");
            let may = match who {
                Who::Everybody => continue,
                Who::People => true,
                Who::Writers | Who::Tenders | Who::Editors => matches!(role, Role::Owner | Role::Editor),
                Who::Owner => role == Role::Owner,
            };
            let answer = ask(&visitor, method, &path).await;
            let at = format!("{role:?} {method} {path}");
            match (may, who) {
                (true, _) => {
                    assert!(matches!(answer.status(), 200 | 303 | 400 | 404 | 409 | 422), "{at} {}", answer.status())
                }
                // Whether another has such a draft is not theirs to know.
                (false, Who::Writers) => assert_eq!(answer.status(), 404, "{at}"),
                (false, _) => {
                    assert_eq!((answer.status(), answer.text("h1")), (403, "Not allowed".into()), "{at}")
                }
            }
            assert!(may || !answer.body().contains("Secret words"), "{at}");
        }
    }
}

#[tokio::test]
async fn a_contributor_cannot_publish_by_any_route() {
    let blog = blog().await;
    let writer = blog.signed_in_as(Role::Contributor).await;
    let made = writer.post("/admin/posts", &[("title", "Mine"), ("text", "Unseen words"), ("action", "save")]).await;
    let id = made.location().strip_prefix("/admin/posts/").and_then(|rest| rest.split('?').next()).unwrap().to_owned();
    let actions =
        ["publish", "schedule", "update", "unpublish", "save", "hand-in", "approve", "restore", "enable", "all"];
    for (method, path, _) in TABLE {
        if path.contains("sign-out") || *method == "GET" {
            continue;
        }
        for action in actions {
            for version in 1..4 {
                let (path, version) = (fill(path, &id), version.to_string());
                let fields = [
                    ("action", action),
                    ("version", &version),
                    ("id", &id),
                    ("title", "Mine"),
                    ("text", "Unseen words"),
                    ("state", "published"),
                    ("role", "owner"),
                    ("author", "1"),
                    ("publish-at", "2020-01-01T00:00"),
                ];
                writer.post(&path, &fields).await;
            }
        }
    }
    let mut database = blog.database().await;
    let published: Vec<String> =
        sqlx::query_scalar("SELECT title FROM post WHERE state = 'published'").fetch_all(&mut database).await.unwrap();
    assert_eq!(published, ["Post"]);
    for path in ["/", "/archive", "/feed.xml", "/search?q=unseen", "/sitemap.xml"] {
        assert!(!blog.reader().get(path).await.body().contains("Unseen words"), "{path}");
    }
}

#[tokio::test]
async fn who_may_no_longer_sign_in_is_let_in_nowhere() {
    let blog = blog().await;
    let editor = blog.editor().await;
    let mut database = blog.database().await;
    sqlx::query("UPDATE user SET disabled_at = 1 WHERE email = $1")
        .bind(EDITOR_EMAIL)
        .execute(&mut database)
        .await
        .unwrap();
    let before = version(&mut database).await;
    for (method, path, who) in TABLE {
        if *who != Who::Everybody {
            let path = fill(path, "1");
            assert!(matches!(ask(&editor, method, &path).await.status(), 303 | 401), "{method} {path}");
        }
    }
    assert_eq!(version(&mut database).await, before, "nothing was written");
    let visitor = blog.reader();
    assert_eq!(sign_in(&visitor, EDITOR_EMAIL, PASSWORD).await.status(), 422, "nor at the door");
}

#[tokio::test]
async fn no_other_spelling_of_an_address_opens_it() {
    let blog = blog().await;
    let nobody = blog.reader();
    for path in [
        "/admin/",
        "//admin/posts",
        "/Admin/posts",
        "/ADMIN",
        "/admin//posts",
        "/admin%2fposts",
        "/admin%2Fposts",
        "/%61dmin/posts",
        "/admin/posts/",
        "/admin/posts/;x",
        "/admin/posts;x=1",
        "/./admin/posts",
        "/admin/./posts",
        "/x/../admin/posts",
        "/admin/posts/../posts",
        "/admin/posts%00",
        "/admin/posts%20",
        "/admin/posts.json",
        "/admin/posts/1/",
        "/admin/posts/1/trash",
        "/admin/comments/",
        "/admin/settings/",
        "/admin\\posts",
        "/admin/sign-in/../posts",
        "/admin/style.css",
        "/admin/posts/x.css",
        "/admin/posts?x=/admin/sign-in",
        "/admin/posts/01",
        "/admin/posts/1?preview=1",
    ] {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT] {
            let Ok(request) = nobody.request(method.clone(), path).body(Body::empty()) else { continue };
            let answer = nobody.send(request).await;
            let is_refused = matches!(answer.status(), 301 | 303 | 400 | 401 | 404 | 405);
            assert!(is_refused, "{method} {path}: {}", answer.status());
            if answer.status() == 301 {
                assert_eq!(nobody.follow(&answer).await.status(), 303, "{path}");
            }
            assert!(!answer.body().contains("Secret words"));
            assert_ne!(answer.header("cache-control"), Some("no-cache"), "{method} {path}: nothing may keep it");
        }
    }
    // Nor does a header that some programs obey.
    for (name, value) in [
        ("x-original-url", "/admin/posts"),
        ("x-rewrite-url", "/admin/posts"),
        ("x-http-method-override", "POST"),
        ("x-forwarded-prefix", "/admin"),
        ("authorization", "Basic YW1pbmFoOnBhc3N3b3Jk"),
    ] {
        let plain = nobody.get("/").await;
        let answer =
            nobody.send(nobody.request(Method::GET, "/").header(name, value).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status(), answer.body()), (200, plain.body()), "{name}");
    }
}

#[tokio::test]
async fn nothing_is_changed_by_looking() {
    let blog = blog().await;
    let owner = blog.owner().await;
    let mut database = blog.database().await;
    let before = version(&mut database).await;
    for (method, path, _) in TABLE {
        for query in ["", "?action=delete&approve=1&done=saved&state=trash"] {
            let path = format!("{}{query}", fill(path, "1"));
            if *method == "GET" {
                owner.get(&path).await;
            }
            owner.send(owner.request(Method::HEAD, &path).body(Body::empty()).unwrap()).await;
        }
    }
    assert_eq!(version(&mut database).await, before);
}
