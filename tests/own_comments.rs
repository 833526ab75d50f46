//! Whoever wrote a comment may change and delete it, without an account, from any device.

use laman::{
    error::Error,
    model::{
        comment::{CommentState, EditedComment},
        ids::CommentId,
        queue::Moderation,
        settings::CommentHold,
    },
};

use crate::support::*;

async fn open_blog() -> TestBlog {
    TestBlog::wish().hold(CommentHold::None).start().await
}

/// Posts a comment as somebody without an account; gives its id.
async fn say(reader: &Visitor, post: &MadePost, text: &str) -> CommentId {
    let form = reader.get(&post.path).await.form("#comment-form").set("name", "Siti").set("text", text);
    let sent = form.press("Post comment", reader).await;
    let (path, id) = sent.location().split_once("#comment-").unwrap();
    assert_eq!((sent.status(), path), (303, post.path.as_str()));
    id.parse().unwrap()
}

/// The secret page of a comment, found by the browser that wrote it.
async fn own_page(reader: &Visitor, id: CommentId) -> Page {
    let led = reader.get(&format!("/comments/{id}")).await;
    assert!(led.location().starts_with("/comments/yours/"), "{}", led.location());
    reader.follow(&led).await
}

#[tokio::test]
async fn the_browser_that_wrote_a_comment_finds_the_page_to_change_it_by_its_date_and_nobody_else_does() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let (writer, other) = (blog.reader(), blog.reader());
    let id = say(&writer, &post, "A *first* try").await;
    let page = other.get(&post.path).await;
    let date = page.attribute(".comment-meta a", "href");
    assert_eq!(date, format!("/comments/{id}"));
    assert_eq!(other.get(&date).await.location(), format!("{}#comment-{id}", post.path));
    let yours = own_page(&writer, id).await;
    assert_eq!(yours.header("cache-control"), Some("no-store"));
    assert_eq!(yours.header("referrer-policy"), Some("same-origin"));
    assert_eq!(yours.form(".comment-form").value("text"), "A *first* try");
    // Pages that everybody reads get no cookie, and set none.
    assert!(writer.cookie("own").is_none());
    assert_eq!(page.header("set-cookie"), None);
}

#[tokio::test]
async fn an_unanswered_comment_is_changed_without_a_mark_within_the_owners_window() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let id = say(&reader, &post, "A frist try").await;
    blog.clock.advance(14 * MINUTE);
    let form = own_page(&reader, id).await.form(".comment-form").set("text", "A *first* try");
    let saved = form.press("Save changes", &reader).await;
    assert_eq!(reader.follow(&saved).await.text("p.notice"), "Your changes are saved.");
    let page = reader.get(&post.path).await;
    assert_eq!(page.inner(".comment-text").trim(), "<p>A <em>first</em> try</p>");
    assert!(!page.has(".edited"));
    assert_eq!(revisions(&blog).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_change_that_comes_late_or_after_an_answer_is_marked_and_what_it_said_before_is_kept() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let answered = say(&reader, &post, "Yes").await;
    blog.comment(&post, "Indeed").by("Omar").answering(answered).create().await;
    let yours = own_page(&reader, answered).await;
    assert!(yours.text("#text-help").contains("marked as edited"));
    yours.form(".comment-form").set("text", "No").press("Save changes", &reader).await;
    let late = say(&reader, &post, "Early").await;
    blog.clock.advance(16 * MINUTE);
    own_page(&reader, late).await.form(".comment-form").set("text", "Late").press("Save changes", &reader).await;
    let page = reader.get(&post.path).await;
    assert_eq!(page.all(".comment-text"), ["No", "Indeed", "Late"]);
    assert_eq!(page.all(".edited"), ["edited", "edited"]);
    assert_eq!(revisions(&blog).await, ["Yes", "Early"]);
}

#[tokio::test]
async fn the_address_works_on_another_device_and_can_be_looked_at_before_it_is_saved() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let id = say(&reader, &post, "Here").await;
    let address = reader.get(&format!("/comments/{id}")).await.location().to_owned();
    let elsewhere = blog.reader();
    let looked =
        elsewhere.get(&address).await.form(".comment-form").set("text", "**There**").press("Preview", &elsewhere).await;
    assert_eq!(looked.text(".preview strong"), "There");
    assert_eq!(reader.get(&post.path).await.all(".comment-text"), ["Here"]);
    looked.form(".comment-form").press("Save changes", &elsewhere).await;
    assert_eq!(reader.get(&post.path).await.all(".comment-text"), ["There"]);
}

#[tokio::test]
async fn other_words_are_judged_as_the_first_were() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let id = say(&reader, &post, "Nice garden").await;
    let links = "https://a.example https://b.example https://c.example https://d.example";
    own_page(&reader, id).await.form(".comment-form").set("text", links).press("Save changes", &reader).await;
    let page = reader.get(&post.path).await;
    assert_eq!((page.text("#comments > h2"), page.has(".comment-text")), ("No comments".into(), false));
    let editor = blog.editor().await;
    assert!(editor.get("/admin/comments").await.text("article.comment").contains("a.example"));
}

#[tokio::test]
async fn a_change_that_cannot_be_kept_comes_back_with_its_words() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    say(&reader, &post, "One").await;
    let id = say(&reader, &post, "Two").await;
    let yours = own_page(&reader, id).await;
    for (text, fault) in [(" ", "Write something first."), ("&nbsp;", "Write something first.")] {
        let refused = yours.form(".comment-form").set("text", text).press("Save changes", &reader).await;
        assert_eq!((refused.status(), refused.text("#text-error")), (422, fault.to_owned()), "{text:?}");
    }
    let long = "x".repeat(5_001);
    let refused = yours.form(".comment-form").set("text", &long).press("Save changes", &reader).await;
    assert_eq!(refused.form(".comment-form").value("text"), long);
    let twice = yours.form(".comment-form").set("text", "One").press("Save changes", &reader).await;
    assert_eq!((twice.status(), twice.form(".comment-form").value("text")), (409, "One"));
    assert!(twice.text("[role=alert]").contains("arrived already"));
    assert_eq!(reader.get(&post.path).await.all(".comment-text"), ["One", "Two"]);
}

#[tokio::test]
async fn deleting_is_always_possible_and_leaves_a_mark_only_where_it_was_answered() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let (alone, answered) = (say(&reader, &post, "Alone").await, say(&reader, &post, "Asked").await);
    blog.comment(&post, "Answered").by("Omar").answering(answered).create().await;
    blog.clock.advance(400 * DAY);
    for id in [alone, answered] {
        let yours = own_page(&reader, id).await;
        let gone = yours.form("details.delete form").press("Delete this comment", &reader).await;
        assert_eq!((gone.status(), gone.location()), (303, format!("{}#comments", post.path).as_str()));
    }
    let page = reader.get(&post.path).await;
    assert_eq!(page.all(".comment-text"), ["Answered"]);
    assert_eq!(page.all(".tombstone").len(), 1);
    assert_eq!(page.text("#comments > h2"), "1 comment");
    assert_eq!(reader.get(&format!("/comments/{alone}")).await.status(), 404);
    let mut database = blog.database().await;
    let left: Vec<(String, String)> =
        sqlx::query_as("SELECT source, name FROM comment ORDER BY id").fetch_all(&mut database).await.unwrap();
    assert_eq!(left, [(String::new(), String::new()), ("Answered".into(), "Omar".into())]);
}

#[tokio::test]
async fn a_waiting_comment_can_be_changed_and_goes_on_waiting() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let form = reader.get(&post.path).await.form("#comment-form").set("name", "Siti").set("text", "Frist");
    let yours = reader.follow(&form.press("Post comment", &reader).await).await;
    yours.form(".comment-form").set("text", "First").press("Save changes", &reader).await;
    assert!(!reader.get(&post.path).await.has(".comment-text"));
    let editor = blog.editor().await;
    assert!(editor.get("/admin/comments").await.text("article.comment").contains("First"));
    assert_eq!(revisions(&blog).await, Vec::<String>::new());
}

async fn revisions(blog: &TestBlog) -> Vec<String> {
    let mut database = blog.database().await;
    sqlx::query_scalar("SELECT source FROM comment_revision ORDER BY id").fetch_all(&mut database).await.unwrap()
}

#[tokio::test]
async fn a_change_does_not_undo_what_a_moderator_decided_meanwhile() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let id = say(&reader, &post, "Fine").await;
    let edited = EditedComment {
        before: CommentState::Approved,
        state: CommentState::Approved,
        reason: String::new(),
        source: "Bad".to_owned(),
        digest: 1,
        html: "<p>Bad</p>".to_owned(),
        is_marked: true,
    };
    blog.app.store.moderate(id, Moderation::Spam, blog.now()).await.unwrap();
    let refused = blog.app.store.edit_comment(id, post.id, &edited, blog.now()).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    assert!(!reader.get(&post.path).await.has(".comment-text"));
    assert_eq!(revisions(&blog).await, Vec::<String>::new());
}
