//! What somebody wrote is another's neither to see nor to change, whichever route is tried.

use laman::model::user::Role;

use super::routes::{TABLE, Who, fill};
use crate::support::*;

const HIDDEN: &str = "hiddenword";

/// A post in each state that is the owner's, with a working copy, revisions and a link, all marked.
async fn blog() -> (TestBlog, Vec<String>) {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let draft = blog.draft(HIDDEN).body(HIDDEN).tag(HIDDEN).slug(HIDDEN).create().await;
    let live = blog.published_post("Live").body("For everybody.").create().await;
    let trashed = blog.draft(HIDDEN).body(HIDDEN).create().await;
    let soon = blog.published_post(HIDDEN).body(HIDDEN).tag(HIDDEN).at("2023-03-01T00:00").create().await;
    let page = blog.page("Page").body("For everybody.").create().await;
    for post in [&live, &page] {
        let form = owner.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
        form.set("text", HIDDEN).press("Save without publishing", &owner).await;
    }
    owner.post(&format!("/admin/posts/{}/share", draft.id), &[]).await;
    owner.post(&format!("/admin/posts/{}/trash", trashed.id), &[]).await;
    let ids = [draft, live, trashed, soon, page].map(|post| post.id.to_string());
    (blog, ids.to_vec())
}

/// Everything that is kept of some posts.
async fn kept(blog: &TestBlog, ids: &[String]) -> Vec<String> {
    let mut rows = Vec::new();
    for id in ids {
        for (of, name) in [
            ("post", "id"),
            ("post_text", "post_id"),
            ("working", "post_id"),
            ("revision", "post_id"),
            ("draft_link", "post_id"),
            ("template", "post_id"),
            ("post_author", "post_id"),
            ("post_tag", "post_id"),
            ("media", "id"),
        ] {
            let mut database = blog.database().await;
            let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
                .bind(of)
                .fetch_all(&mut database)
                .await
                .unwrap();
            let values: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
            let all = format!("SELECT {} FROM {of} WHERE {name} = $1", values.join(" || ',' || "));
            let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(all))
                .bind(id.parse::<i64>().unwrap())
                .fetch_all(&mut database)
                .await
                .unwrap();
            rows.extend(found.into_iter().map(|row| format!("{of}: {row}")));
        }
    }
    rows
}

/// Every route about a post or file, with this id, by whatever a form could say.
async fn try_all(visitor: &Visitor, id: &str, mut judge: impl FnMut(&str, Who, Page)) {
    for (method, path, who) in TABLE {
        if !path.starts_with("/admin/") || path.contains("sign-out") {
            continue;
        }
        let path = fill(path, id);
        if *method == "GET" {
            for query in ["", "?state=submitted", "?state=trash&q=hiddenword", "?to=now&from=live"] {
                let path = format!("{path}{query}");
                judge(&path, *who, visitor.get(&path).await);
            }
            continue;
        }
        for action in ["save", "publish", "unpublish", "hand-in", "take-back", "off"] {
            for version in ["0", "1", "2"] {
                let fields = [
                    ("action", action),
                    ("version", version),
                    ("title", "Changed"),
                    ("text", "Changed"),
                    ("author", "3"),
                    ("template", "yes"),
                ];
                judge(&path, *who, visitor.post(&path, &fields).await);
            }
        }
    }
}

#[tokio::test]
async fn an_author_and_a_contributor_neither_see_nor_change_what_others_write() {
    for role in [Role::Author, Role::Contributor] {
        let (blog, ids) = blog().await;
        let visitor = blog.signed_in_as(role).await;
        let before = kept(&blog, &ids).await;
        for id in &ids {
            try_all(&visitor, id, |path, who, answer| {
                assert!(!answer.body().contains(HIDDEN) || path.contains("q=hidden"), "{role:?} {path}");
                assert!(!answer.all(".rows").iter().any(|rows| rows.contains(HIDDEN)), "{role:?} {path}");
                if who == Who::Writers {
                    assert_eq!(answer.status(), 404, "{role:?} {path}");
                }
            })
            .await;
        }
        for path in ["links", "new?from=", "new?kind=page&from="] {
            for id in &ids {
                let answer = visitor.get(&format!("/admin/posts/{path}{id}")).await;
                assert!(!answer.body().contains(HIDDEN), "{role:?} {path}");
            }
        }
        for path in ["/admin/tags?q=hidden", "/admin/posts/links?q=hiddenword", "/admin/posts?q=hiddenword"] {
            let answer = visitor.get(path).await;
            assert!(!answer.all(".rows").iter().any(|rows| rows.contains(HIDDEN)), "{role:?} {path}");
            assert!(answer.is_html() || !answer.body().contains(HIDDEN), "{role:?} {path}");
        }
        assert_eq!(kept(&blog, &ids).await, before, "{role:?}");
    }
}

#[tokio::test]
async fn the_name_of_anothers_draft_saves_nothing_by_itself() {
    let (blog, ids) = blog().await;
    let mut database = blog.database().await;
    let names: Vec<(String, String)> = sqlx::query_as(
        "SELECT post.uuid, coalesce(hand.holder, '') FROM post LEFT JOIN hand ON hand.post_id = post.id",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    for role in [Role::Author, Role::Contributor] {
        let visitor = blog.signed_in_as(role).await;
        let before = kept(&blog, &ids).await;
        for (uuid, hand) in &names {
            for version in ["0", "1", "2"] {
                let fields =
                    [("uuid", uuid.as_str()), ("hand", hand), ("turn", "9"), ("version", version), ("text", "Mine")];
                let answer = visitor.post("/admin/posts/autosave", &fields).await;
                assert_eq!(answer.status(), 404, "{role:?}: {}", answer.body());
                let answer = visitor.post("/admin/posts", &fields).await;
                assert_eq!(answer.status(), 403, "{role:?}");
                assert!(answer.form("form.editor").value("text").contains("Mine") && !answer.body().contains(HIDDEN));
            }
        }
        assert_eq!(kept(&blog, &ids).await, before, "{role:?}");
    }
}

#[tokio::test]
async fn what_an_editor_has_published_has_left_a_contributors_hands() {
    let blog = TestBlog::new().await;
    let (writer, editor) = (blog.signed_in_as(Role::Contributor).await, blog.editor().await);
    let form = writer.get("/admin/posts/new").await.form("form.editor").set("title", "Mine").set("text", "Words.");
    let made = form.press("Save draft", &writer).await;
    let id = made.location().trim_start_matches("/admin/posts/").split('?').next().unwrap().to_owned();
    let address = format!("/admin/posts/{id}");
    // As long as it is a draft, all of it is theirs.
    writer.post(&format!("{address}/share"), &[]).await;
    let link = writer.get(&address).await.attribute("#links a", "href");
    assert_eq!(blog.reader().get(&link).await.status(), 200);
    for path in ["", "/revisions", "/changes", "/revisions/1/restore", "/template", "/discard", "/trash", "/restore"] {
        let path = format!("{address}{path}");
        let is_read = !path.ends_with("e") && !path.ends_with("discard") && !path.ends_with("trash");
        let answer = if is_read { writer.get(&path).await } else { writer.post(&path, &[]).await };
        assert!(matches!(answer.status(), 200 | 303), "{path}: {}", answer.status());
    }
    let form = editor.get(&address).await.form("form.editor");
    editor.follow(&form.press("Publish", &editor).await).await;
    editor.get(&address).await.form("form.editor").set("text", HIDDEN).press("Save without publishing", &editor).await;

    let ids = [id.clone()];
    let before = kept(&blog, &ids).await;
    try_all(&writer, &id, |path, who, answer| {
        assert!(!answer.body().contains(HIDDEN) || path.contains("q=hidden"), "{path}");
        if who == Who::Writers {
            assert_eq!(answer.status(), 403, "{path}");
        }
    })
    .await;
    assert_eq!(kept(&blog, &ids).await, before);
    assert_eq!(blog.reader().get(&link).await.status(), 404, "nor do they show it");
    // Back among the drafts it is theirs again.
    editor.get(&address).await.form("form.editor").press("Unpublish", &editor).await;
    assert_eq!(writer.get(&address).await.status(), 200);
    assert_eq!(blog.reader().get(&link).await.status(), 200);
    blog.app.store.set_disabled(laman::model::ids::UserId(3), true, blog.owner, blog.now()).await.unwrap();
    assert_eq!(blog.reader().get(&link).await.status(), 404, "who cannot sign in shows nothing");
}

#[tokio::test]
async fn a_template_is_everybodys_to_begin_with_and_its_writers_to_change() {
    let (blog, ids) = blog().await;
    let owner = blog.owner().await;
    let template = blog.draft("Recipe").body("## What you need").create().await;
    owner.post(&format!("/admin/posts/{}/template", template.id), &[("template", "yes")]).await;
    for role in [Role::Author, Role::Contributor] {
        let visitor = blog.signed_in_as(role).await;
        let list = visitor.get("/admin/posts").await;
        assert_eq!(list.all(".templates a"), ["Recipe"], "{role:?}");
        let new = visitor.get(&list.attribute(".templates a", "href")).await.form("form.editor");
        assert_eq!((new.action(), new.value("text").trim()), ("/admin/posts", "## What you need"));
        assert_eq!(visitor.get(&format!("/admin/posts/{}", template.id)).await.status(), 404);
        assert_eq!(visitor.get(&format!("/admin/posts/new?from={}", ids[0])).await.status(), 404);
    }
}

#[tokio::test]
async fn a_contributor_only_uploads_and_an_author_tends_own_files() {
    let blog = TestBlog::new().await;
    let dot = |side: u8| format!("<svg xmlns='http://www.w3.org/2000/svg' width='{side}' height='{side}'/>");
    for (side, role) in [(7, Role::Contributor), (8, Role::Author), (9, Role::Editor)] {
        let visitor = blog.signed_in_as(role).await;
        let answer = visitor.upload("/admin/media", &[("dot.svg", dot(side).as_bytes())]).await;
        assert_eq!(answer.status(), 303, "{role:?}");
    }
    let ids = [1, 2, 3].map(|id: i64| id.to_string());
    for (role, own) in [(Role::Contributor, None), (Role::Author, Some("2"))] {
        let visitor = blog.signed_in_as(role).await;
        for id in &ids {
            let may = own == Some(id);
            let address = format!("/admin/media/{id}");
            let page = visitor.get(&address).await;
            assert_eq!((page.status(), page.has("form[action$='/delete']")), (200, may), "{role:?} {id}");
            let before = kept(&blog, &ids).await;
            let described = visitor.post(&address, &[("alt", "Theirs")]).await.status();
            let replaced =
                visitor.upload(&format!("{address}/replace"), &[("x.svg", dot(6).as_bytes())]).await.status();
            if may {
                assert_eq!((described, replaced), (303, 303));
                continue;
            }
            assert_eq!((described, replaced), (403, 403), "{role:?} {id}");
            assert_eq!(visitor.post(&format!("{address}/delete"), &[]).await.status(), 403);
            assert_eq!(kept(&blog, &ids).await, before, "{role:?} {id}");
        }
    }
}
