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
    assert_eq!(form.buttons(), ["Save draft", "Preview", "Publish", "Publish"]);
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
    assert!(page.text(".notice").starts_with("Saved and handed in"));
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

/// The path of an address of this blog.
fn path(url: &str) -> &str {
    url.strip_prefix("http://blog.example").unwrap()
}

async fn invite(owner: &Visitor, email: &str, role: &str) -> Page {
    let form = owner.get("/admin/people").await.form("#invite").set("email", email).set("role", role);
    form.submit(owner).await
}

#[tokio::test]
async fn whoever_is_invited_joins_by_a_link_once() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let invited = invite(&owner, " Siti@Blog.Example ", "author").await;
    assert_eq!(invited.status(), 200);
    let link = path(&invited.attribute("#link", "value")).to_owned();
    assert!(!owner.get("/admin/people").await.body().contains(&link), "it is shown once");
    let guest = blog.reader();
    let page = guest.get(&link).await;
    assert_eq!((page.status(), page.header("cache-control")), (200, Some("no-store")));
    assert!(page.text("h1 + p").contains("Author"), "{}", page.body());
    let wrong = page.form("main form").set("name", "Siti").set("password", "short").submit(&guest).await;
    assert_eq!((wrong.status(), wrong.form("main form").value("name")), (422, "Siti"));
    let joined = wrong.form("main form").set("password", "empat perkataan yang aneh").submit(&guest).await;
    assert_eq!(joined.location(), "/admin");
    assert_eq!(guest.get("/admin/posts/new").await.status(), 200);
    assert_eq!(guest.get("/admin/comments").await.status(), 403);
    assert_eq!(guest.get(&link).await.status(), 404);
    assert_eq!(page.form("main form").set("name", "X").submit(&blog.reader()).await.status(), 404);
    let again = invite(&owner, "siti@blog.example", "owner").await;
    assert_eq!(again.status(), 422);
    assert_eq!(sign_in(&blog.reader(), "siti@blog.example", "empat perkataan yang aneh").await.status(), 303);
}

#[tokio::test]
async fn an_invitation_ends_by_time_by_a_newer_one_and_by_being_taken_back() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let link =
        async |role| path(&invite(&owner, "siti@blog.example", role).await.attribute("#link", "value")).to_owned();
    let first = link("owner").await;
    let second = link("contributor").await;
    let guest = blog.reader();
    assert_eq!((guest.get(&first).await.status(), guest.get(&second).await.status()), (404, 200));
    owner.get("/admin/people").await.form("form[action='/admin/people/revoke']").submit(&owner).await;
    assert_eq!(guest.get(&second).await.status(), 404);
    let third = link("editor").await;
    blog.clock.advance(7 * DAY);
    assert_eq!(guest.get(&third).await.status(), 404);
}

#[tokio::test]
async fn an_invitation_goes_by_mail_too() {
    let blog = TestBlog::new().await;
    let server = MailServer::start().await;
    blog.mails_by(&server).await;
    let owner = blog.owner().await;
    invite(&owner, "siti@blog.example", "editor").await;
    blog.post_mail().await;
    let mail = server.only();
    assert_eq!((mail.to.as_str(), mail.header("Subject").as_deref()), ("siti@blog.example", Some("Join Laman Aminah")));
    assert_eq!(blog.reader().get(&mail.link("Join")).await.status(), 200);
}

#[tokio::test]
async fn a_name_that_an_import_made_becomes_somebodys() {
    let blog = TestBlog::new().await;
    let mut database = blog.database().await;
    sqlx::query("INSERT INTO user (id, name, slug, skeleton, role, created_at) VALUES (9, 'Old Pen', 'old-pen', 'x', 'author', 0)")
        .execute(&mut database)
        .await
        .unwrap();
    let owner = blog.owner().await;
    let form = owner.get("/admin/people").await.form("#invite").set("email", "pen@blog.example").set("name", "9");
    let link = path(&form.submit(&owner).await.attribute("#link", "value")).to_owned();
    let guest = blog.reader();
    let page = guest.get(&link).await.form("main form");
    assert_eq!(page.value("name"), "Old Pen");
    page.set("name", "New Pen").set("password", "empat perkataan yang aneh").submit(&guest).await;
    let kept: (i64, String, String) =
        sqlx::query_as("SELECT id, name, slug FROM user WHERE email = 'pen@blog.example'")
            .fetch_one(&mut database)
            .await
            .unwrap();
    assert_eq!(kept, (9, "New Pen".to_owned(), "old-pen".to_owned()));
}

#[tokio::test]
async fn the_last_owner_stays_and_others_come_and_go() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let editor = blog.editor().await;
    for fields in [&[("action", "disable")][..], &[("action", "role"), ("role", "author")][..]] {
        let refused = owner.post("/admin/people/1", fields).await;
        assert_eq!(refused.location(), "/admin/people?done=last");
        assert!(owner.follow(&refused).await.text("[role=alert]").contains("another owner first"));
    }
    owner.post("/admin/people/2", &[("action", "disable")]).await;
    assert_eq!(editor.get("/admin/posts").await.status(), 303, "the session has ended");
    assert_eq!(sign_in(&blog.reader(), EDITOR_EMAIL, PASSWORD).await.status(), 422);
    owner.post("/admin/people/2", &[("action", "enable")]).await;
    let editor = blog.editor().await;
    owner.post("/admin/people/2", &[("action", "role"), ("role", "owner")]).await;
    assert_eq!(editor.get("/admin/posts").await.status(), 303, "whoever rises signs in anew");
    let second = blog.editor().await;
    assert_eq!(second.get("/admin/people").await.status(), 200);
    assert_eq!(second.post("/admin/people/1", &[("action", "disable")]).await.location(), "/admin/people?done=disable");
    assert_eq!(owner.get("/admin/posts").await.status(), 303);
    let log = second.get("/admin/log").await;
    let said = log.all(".log tbody th");
    assert!(said.contains(&"Sign-in disabled aminah@blog.example".to_owned()), "{said:?}");
    assert!(second.get("/admin/log?by=1").await.all(".log tbody td bdi").iter().all(|name| name == OWNER_NAME));
}

#[tokio::test]
async fn a_profile_stands_on_the_page_of_its_author() {
    let blog = TestBlog::new().await;
    blog.published_post("Post").create().await;
    let owner = blog.owner().await;
    let form = owner.get("/admin/you").await.form("#profile");
    let wrong = form.set("name", "Aminah R.").set("bio", "Writes <b>here</b>.").set("website", "no address");
    let wrong = wrong.set("picture", "/media/nothing").submit(&owner).await;
    assert_eq!((wrong.status(), wrong.all(".field-error").len()), (422, 2));
    let form = wrong.form("#profile");
    assert_eq!(form.value("bio").trim(), "Writes <b>here</b>.");
    let done = form.set("website", "aminah.example").set("picture", "").submit(&owner).await;
    assert_eq!(done.status(), 303, "{}", done.body());
    let page = blog.reader().get("/author/aminah-rahman").await;
    assert_eq!(page.text(".profile .p-name"), "Aminah R.");
    assert_eq!(page.text(".profile .p-note"), "Writes <b>here</b>.");
    assert_eq!(page.attribute(".profile a", "href"), "https://aminah.example/");
    assert_eq!(blog.reader().get("/").await.text(".p-author"), "Aminah R.");
}

#[tokio::test]
async fn an_editors_choice_of_authors_outlives_every_way_of_saving() {
    let blog = TestBlog::new().await;
    let author = blog.signed_in_as(Role::Author).await;
    let id = draft(&author, "Omar's").await;
    let address = format!("/admin/posts/{id}");
    author.get(&address).await.form("form.editor").press("Publish", &author).await;
    let path = blog.reader().get("/").await.attribute("h2 a", "href");
    let editor = blog.editor().await;
    let chosen = editor.get(&address).await.form("form.editor").tick("author", "2");
    let kept = chosen.press("Save without publishing", &editor).await;
    assert!(kept.location().ends_with("done=kept"), "{}", kept.location());
    assert_eq!(blog.reader().get(&path).await.all(".p-author"), ["Omar"], "readers see it on Update");
    let changes = editor.get(&format!("{address}/changes")).await;
    assert_eq!(
        (changes.all("h3"), changes.all(".difference ins")),
        (vec!["Authors".to_owned()], vec!["added: , Wei Ling".into()])
    );
    // An author's own save leaves the choice, by hand and by itself.
    let form = author.get(&address).await.form("form.editor").set("text", "Other words.");
    form.press("Save without publishing", &author).await;
    let form = author.get(&address).await.form("form.editor");
    let fields = [("version", form.value("version")), ("title", "Omar's"), ("text", "More words."), ("author", "1")];
    assert_eq!(author.post(&format!("{address}/autosave"), &fields).await.status(), 200);
    author.get(&address).await.form("form.editor").press("Update", &author).await;
    let post = blog.reader().get(&path).await;
    assert_eq!(
        (post.all(".p-author"), post.text(".e-content")),
        (vec!["Omar".into(), "Wei Ling".into()], "More words.".into())
    );
    // Bringing back what was typed before by somebody who may not choose leaves them too; an editor brings them back.
    author.post(&format!("{address}/revisions/1/restore"), &[]).await;
    author.get(&address).await.form("form.editor").press("Update", &author).await;
    assert_eq!(blog.reader().get(&path).await.all(".p-author"), ["Omar", "Wei Ling"]);
    editor.post(&format!("{address}/revisions/1/restore"), &[]).await;
    editor.get(&address).await.form("form.editor").press("Update", &editor).await;
    assert_eq!(blog.reader().get(&path).await.all(".p-author"), ["Omar"]);
}

#[tokio::test]
async fn the_log_tells_who_did_what() {
    let blog = TestBlog::new().await;
    let post = blog.draft("A title").create().await;
    let live = blog.published_post("Live").create().await;
    let comment = blog.comment(&live, "Words").held().create().await;
    let owner = blog.owner().await;
    let address = format!("/admin/posts/{}", post.id);
    owner
        .upload("/admin/media", &[("dot.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")])
        .await;
    for (path, action) in
        [("", "save"), ("", "publish"), ("", "publish"), ("/trash", ""), ("/restore", ""), ("/share", "")]
    {
        let version = blog.stored(&post).await.version.to_string();
        let fields = [("title", "A title"), ("text", "Words."), ("action", action), ("version", &version)];
        owner.post(&format!("{address}{path}"), &fields).await;
    }
    for path in ["/admin/settings", "/admin/settings/comments"] {
        assert_eq!(owner.get(path).await.form("main form").submit(&owner).await.status(), 303, "{path}");
    }
    owner.post("/admin/settings/mail", &[("action", "off")]).await;
    owner.post("/admin/settings/outside", &[("action", "off")]).await;
    owner.post("/admin/settings/redirects", &[("path", "/old"), ("target", "/archive")]).await;
    owner.post("/admin/settings/redirects/1/remove", &[]).await;
    let id = comment.to_string();
    owner.post("/admin/comments", &[("action", "approve"), ("id", &id)]).await;
    owner.post("/admin/comments/undo", &[("moderation", "1")]).await;
    owner.post(&format!("/admin/comments/{id}/edit"), &[("text", "Others.")]).await;
    owner.post("/admin/media/1/delete", &[]).await;
    sign_in(&blog.reader(), EDITOR_EMAIL, "wrong").await;
    let log = owner.get("/admin/log").await;
    let mut said = log.all(".log tbody th");
    said.reverse();
    let edited = format!("Comment changed #{id}");
    let failed = said.last().unwrap().clone();
    assert!(failed.starts_with("A sign-in failed 198.51-"), "{failed}");
    let own: Vec<_> = said.iter().skip_while(|line| !line.starts_with("Signed in 198")).skip(1).collect();
    assert_eq!(
        own,
        [
            "File added dot.svg",
            "Post saved A title",
            "Post published A title",
            "Published post changed A title",
            "Post moved to the trash A title",
            "Post taken out of the trash A title",
            "Draft shared by a link A title",
            "Settings changed",
            "Comment settings changed",
            "Mail settings changed",
            "Outside service changed",
            "Redirect added /old → /archive",
            "Redirect removed /old",
            "Comments approved 1",
            "Decision about comments undone 1",
            &edited,
            "File deleted dot.svg",
            &failed,
        ]
    );
    assert_eq!(blog.editor().await.get("/admin/log").await.status(), 403);
}
