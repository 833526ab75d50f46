//! What is sent twice, too late, or through an ended session: nothing is doubled, nothing overwritten unseen, nothing lost.

use crate::support::*;

#[tokio::test]
async fn a_form_sent_twice_makes_one_post() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let form = editor.get("/admin/posts/new").await.form("form.editor").set("title", "Once").set("text", "Only once.");
    let first = form.clone().press("Publish", &editor).await;
    let second = form.clone().press("Publish", &editor).await;
    assert_eq!((first.status(), second.status()), (303, 303));
    assert_eq!(first.location().split('?').next(), second.location().split('?').next());
    assert_eq!(blog.reader().get("/").await.all("article h2"), ["Once"]);

    // Other words under the same form are another thought of whoever has it: there is nobody to be in conflict with.
    let other = form.set("text", "Only once, or twice.").press("Publish", &editor).await;
    assert_eq!(other.status(), 303);
    assert_eq!(blog.reader().get("/").await.all("article .prose"), ["Only once, or twice."]);
}

#[tokio::test]
async fn an_older_form_with_the_same_words_does_not_undo_what_became_of_the_post() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let (one, other) = (blog.editor().await, blog.owner().await);
    let path = format!("/admin/posts/{}", post.id);
    let old = one.get(&path).await.form("form.editor");
    let taken_back = other.get(&path).await.form("form.editor").press("Unpublish", &other).await;
    assert_eq!(taken_back.status(), 303);
    let answer = old.press("Update", &one).await;
    assert_eq!(answer.status(), 409);
    assert_eq!(blog.reader().get(&post.path).await.status(), 404);
}

#[tokio::test]
async fn a_reply_and_the_settings_survive_an_ended_session() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "A question").held().create().await;
    let owner = blog.owner().await;
    let queue = owner.get("/admin/comments").await;
    let settings = owner.get("/admin/settings").await.form("form.settings").set("description", "Kept through the door");
    let reply = queue.form("form[action$=reply]").set("text", "An answer that took an hour");
    owner.get("/admin/posts").await.form("header form").submit(&owner).await;

    let door = reply.press("Approve and reply", &owner).await;
    assert_eq!(door.status(), 401);
    let back = door.form("main form").set("email", OWNER_EMAIL).set("password", PASSWORD).submit(&owner).await;
    assert_eq!(back.status(), 200);
    let reply = back.form("form[action$=reply]");
    assert_eq!(reply.value("text"), "An answer that took an hour");
    assert_eq!(reply.press("Approve and reply", &owner).await.status(), 303);
    assert_eq!(blog.reader().get(&post.path).await.text("#comments > h2"), "2 comments");

    owner.get("/admin/posts").await.form("header form").submit(&owner).await;
    let door = settings.press("Save", &owner).await;
    assert_eq!(door.status(), 401);
    let back = door.form("main form").set("email", OWNER_EMAIL).set("password", PASSWORD).submit(&owner).await;
    let settings = back.form("form.settings");
    assert_eq!(settings.value("description"), "Kept through the door");
    assert_eq!(settings.press("Save", &owner).await.status(), 303);
    assert_eq!(blog.reader().get("/").await.text(".blog-description"), "Kept through the door");
}

#[tokio::test]
async fn the_page_of_a_waiting_comment_tells_nothing_of_a_post_that_was_taken_back() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Harmless title").create().await;
    let reader = blog.reader();
    let sent = reader.post("/comments", &[("post", &post.id.to_string()), ("name", "Siti"), ("text", "Hello")]).await;
    let yours = reader.follow(&sent).await;
    assert!(yours.body().contains("Harmless title"));
    let editor = blog.editor().await;
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    form.set("title", "Secret title").press("Unpublish", &editor).await;
    let yours = reader.follow(&sent).await;
    assert_eq!(yours.status(), 200);
    assert!(!yours.body().contains("Secret title") && !yours.body().contains(post.path.as_str()));
}

#[tokio::test]
async fn a_feed_that_lost_an_entry_is_sent_again_to_those_who_ask_by_date() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let older = blog.comment(&post, "Older").create().await;
    blog.clock.advance(HOUR);
    blog.comment(&post, "Newer").create().await;
    let reader = blog.reader();
    let date = reader.get("/comments/feed.xml").await.header("last-modified").unwrap().to_owned();
    let asked = async || {
        let request = reader.request(axum::http::Method::GET, "/comments/feed.xml").header("if-modified-since", &date);
        reader.send(request.body(axum::body::Body::empty()).unwrap()).await.status()
    };
    assert_eq!(asked().await, 304);
    let editor = blog.editor().await;
    let gone = editor.post(&format!("/admin/comments/{older}"), &[("action", "delete")]).await;
    assert_eq!(gone.status(), 303);
    assert_eq!(asked().await, 200);
}

#[tokio::test]
async fn names_that_differ_from_the_owners_in_signs_alone_are_refused() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    for (number, name) in ["{}.", "-{}-", "{} ✓", "@{}", "{}\u{301}"].iter().enumerate() {
        let name = name.replace("{}", OWNER_NAME);
        let reader = blog.reader_from(&format!("203.0.{number}.7"));
        let fields = [("post", post.id.to_string()), ("name", name.clone()), ("text", "It is me".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(field, value)| (*field, value.as_str())).collect();
        assert_eq!(reader.post("/comments", &fields).await.status(), 422, "{name:?}");
    }
}

#[tokio::test]
async fn a_comment_of_signs_that_draw_nothing_is_empty() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for text in ["***", "- - -", ">", "```\n```"] {
        let fields = [("post", post.id.to_string()), ("name", "Siti".to_owned()), ("text", text.to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(field, value)| (*field, value.as_str())).collect();
        let answer = reader.post("/comments", &fields).await;
        assert_eq!(answer.status(), 422, "{text:?}");
        assert_eq!(answer.form("#comment-form").value("text"), text);
    }
}
