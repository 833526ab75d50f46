//! The blog's own people: what each role may do, how they come and go, and what they show of themselves.

use laman::model::user::Role;

use crate::support::*;

/// The id in an answer that leads to a post's form.
fn id_of(answer: &Page) -> String {
    answer.location().strip_prefix("/admin/posts/").and_then(|rest| rest.split('?').next()).unwrap().to_owned()
}

async fn draft(writer: &Visitor, title: &str) -> String {
    let form = writer.get("/admin/posts/new").await.form("form.editor").set("title", title).set("text", "Words.");
    id_of(&form.press("Save draft", writer).await)
}

#[tokio::test]
async fn an_author_sees_and_publishes_own_posts_alone() {
    let blog = TestBlog::new().await;
    blog.published_post("Aminah's").create().await;
    let author = blog.signed_in_as(Role::Author).await;
    let id = draft(&author, "Omar's").await;
    let list = author.get("/admin/posts").await;
    assert_eq!(list.all(".rows tbody th bdi"), ["Omar's", "Omar"]);
    assert!(!list.body().contains("/admin/comments") && !list.body().contains("kind=page"));
    assert_eq!(author.get("/admin/posts?q=words").await.all(".rows tbody th bdi"), ["Omar's", "Omar"]);
    assert_eq!(author.get("/admin/posts?q=text").await.all(".rows tbody th bdi"), Vec::<String>::new());
    let form = author.get(&format!("/admin/posts/{id}")).await.form("form.editor");
    assert_eq!(form.buttons(), ["Save draft", "Preview", "Publish"]);
    let done = form.press("Publish", &author).await;
    assert!(done.location().ends_with("?done=published"), "{}", done.location());
    assert!(blog.reader().get("/").await.body().contains("Omar&#39;s"));
    assert_eq!(author.get("/admin/posts/new?kind=page").await.status(), 403);
    assert_eq!(author.get("/admin/posts?kind=page").await.status(), 403);
    let page = author.post("/admin/posts", &[("kind", "page"), ("title", "About"), ("text", "Kept words")]).await;
    assert_eq!(page.status(), 403);
    assert!(page.form("form.editor").value("text").contains("Kept words"));
}

#[tokio::test]
async fn a_contributor_hands_a_draft_in_and_an_editor_publishes_it() {
    let blog = TestBlog::new().await;
    let writer = blog.signed_in_as(Role::Contributor).await;
    let id = draft(&writer, "A visit").await;
    let address = format!("/admin/posts/{id}");
    let form = writer.get(&address).await.form("form.editor");
    assert_eq!(form.buttons(), ["Save draft", "Preview", "Hand in"]);
    let done = form.press("Hand in", &writer).await;
    let page = writer.follow(&done).await;
    assert!(page.text("[role=status]").starts_with("Saved and handed in"));
    assert_eq!(page.form("form.editor").buttons(), ["Save draft", "Preview", "Take back"]);

    let editor = blog.editor().await;
    let desk = editor.get("/admin/posts").await;
    assert_eq!(desk.text(".bar a[href='/admin/posts?state=submitted']"), "Handed in 1");
    let waiting = editor.get("/admin/posts?state=submitted").await;
    assert_eq!(waiting.all(".rows tbody th a bdi"), ["A visit"]);

    let typing = writer.get(&address).await.form("form.editor").set("text", "Words that came late.");
    editor.get(&address).await.form("form.editor").press("Publish", &editor).await;
    assert!(blog.reader().get("/").await.body().contains("A visit"));
    let late = typing.press("Save draft", &writer).await;
    assert_eq!(late.status(), 403);
    assert_eq!(late.form("form.editor").value("text"), "Words that came late.", "what was typed is not lost");
    assert_eq!(writer.get(&address).await.status(), 403, "it has left their hands");
    assert_eq!(writer.post(&format!("{address}/trash"), &[]).await.status(), 403);
    let list = writer.get("/admin/posts").await;
    assert!(list.has(".rows span#title-1") && !list.body().contains("state=submitted"));
}

#[tokio::test]
async fn an_editor_hands_a_draft_back() {
    let blog = TestBlog::new().await;
    let writer = blog.signed_in_as(Role::Contributor).await;
    let id = draft(&writer, "Too short").await;
    writer.get(&format!("/admin/posts/{id}")).await.form("form.editor").press("Hand in", &writer).await;
    let editor = blog.editor().await;
    editor.get(&format!("/admin/posts/{id}")).await.form("form.editor").press("Hand back", &editor).await;
    assert!(!editor.get("/admin/posts").await.body().contains("state=submitted"));
    let form = writer.get(&format!("/admin/posts/{id}")).await.form("form.editor");
    assert_eq!(form.buttons(), ["Save draft", "Preview", "Hand in"]);
}

#[tokio::test]
async fn the_name_of_anothers_post_opens_nothing() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Aminah's").body("Hidden source").create().await;
    let uuid = blog.stored(&post).await.uuid;
    let author = blog.signed_in_as(Role::Author).await;
    let fields = [("uuid", uuid.as_str()), ("title", "Mine"), ("text", "My words"), ("action", "publish")];
    let answer = author.post("/admin/posts", &fields).await;
    assert_eq!(answer.status(), 403);
    assert!(!answer.body().contains("Hidden source"));
    let form = answer.form("form.editor");
    assert_ne!(form.value("uuid"), uuid);
    assert_eq!(form.press("Publish", &author).await.status(), 303, "and under a name of its own it is kept");
}

#[tokio::test]
async fn a_post_has_several_authors_in_order() {
    let blog = TestBlog::new().await;
    blog.signed_in_as(Role::Author).await;
    let post = blog.published_post("Together").create().await;
    let editor = blog.editor().await;
    let address = format!("/admin/posts/{}", post.id);
    let page = editor.get(&address).await;
    assert_eq!(page.all("fieldset.choices label bdi"), ["Aminah Rahman", "Wei Ling", "Omar"]);
    page.form("form.editor").tick("author", "3").press("Update", &editor).await;
    let entry = blog.reader().get(&post.path).await;
    assert_eq!(entry.all(".p-author"), ["Aminah Rahman", "Omar"]);
    assert!(blog.reader().get("/author/omar").await.body().contains("Together"));
    // Now it is Omar's too.
    let author = blog.signed_in_as(Role::Author).await;
    let form = author.get(&address).await;
    assert!(!form.has("input[name=author]"), "whose names stand there is for an editor to say");
    form.form("form.editor").set("title", "Together, again").press("Update", &author).await;
    assert_eq!(blog.reader().get(&post.path).await.all(".p-author"), ["Aminah Rahman", "Omar"]);
    editor.get(&address).await.form("form.editor").untick("author").tick("author", "2").press("Update", &editor).await;
    assert_eq!(blog.reader().get("/author/omar").await.status(), 404);
    assert_eq!(author.get(&address).await.status(), 404);
}
