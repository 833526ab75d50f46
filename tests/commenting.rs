//! Comments: who may say what, who sees it when, and that nothing typed is ever lost.

use laman::{limits::Act, model::queue::Moderation, model::settings::CommentHold};
use tokio::task::{JoinSet, LocalSet};

use crate::support::*;

/// The form under a post, filled in.
async fn talk(reader: &Visitor, post: &MadePost, name: &str, text: &str) -> Form {
    reader.get(&post.path).await.form("#comment-form").set("name", name).set("text", text)
}

/// Sends it, as a blog that holds nothing takes it.
async fn say(reader: &Visitor, post: &MadePost, name: &str, text: &str) -> Page {
    talk(reader, post, name, text).await.press("Post comment", reader).await
}

async fn open_blog() -> TestBlog {
    TestBlog::wish().hold(CommentHold::None).start().await
}

#[tokio::test]
async fn a_first_comment_waits_and_its_author_alone_sees_it() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let form = talk(&reader, &post, "Siti", "A *first* hibiscus").await.set("email", "Siti@mail.example");
    let sent = form.press("Post comment", &reader).await;
    assert_eq!(sent.status(), 303);
    let yours = reader.follow(&sent).await;
    assert!(yours.text(".notice").contains("waits"));
    assert_eq!(
        (yours.text(".comment-text"), yours.text(".comment-text em")),
        ("A first hibiscus".into(), "first".into())
    );
    assert_eq!(yours.header("cache-control"), Some("no-store"));
    assert_eq!(yours.header("referrer-policy"), Some("same-origin"), "its address is a secret");
    for path in [post.path.as_str(), "/comments/feed.xml", "/"] {
        assert!(!reader.get(path).await.body().contains("hibiscus"), "{path}");
    }
    assert_eq!(reader.get(&format!("/comments/yours/{}", "0".repeat(64))).await.status(), 404);
    assert_eq!(reader.get("/comments/yours/short").await.status(), 404);

    let editor = blog.editor().await;
    let waiting = editor.get("/admin/comments").await;
    assert_eq!(waiting.text(".badge"), "1");
    assert!(waiting.text("article.comment").contains("siti@mail.example"));
    assert_eq!(waiting.text(".reasons"), "The first from this name and e-mail address.");
    let done = waiting.form(".acts > form.buttons").press("Approve", &editor).await;
    let after = editor.follow(&done).await;
    assert_eq!(after.text(".notice"), "Approved.");
    assert!(!after.has(".badge"));

    let page = reader.get(&post.path).await;
    assert_eq!(
        (page.text("#comments > h2"), page.text(".comment-text")),
        ("1 comment".into(), "A first hibiscus".into())
    );
    assert!(!page.body().contains("mail.example"));
    let yours = reader.follow(&sent).await;
    assert!(yours.attribute(".published a", "href").starts_with(&format!("{}#comment-", post.path)));
}

#[tokio::test]
async fn whoever_had_a_comment_approved_need_not_wait_again() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "Before").by("Siti").email("siti@mail.example").create().await;
    blog.comment(&post, "Still waiting").by("Omar").email("omar@mail.example").held().create().await;
    let reader = blog.reader();
    for (number, (name, email, waits)) in [
        ("Siti", "siti@mail.example", false),
        ("Siti", "SITI@mail.example", false),
        ("Siti", "", true),
        ("Siti", "other@mail.example", true),
        ("Sita", "siti@mail.example", true),
        ("Omar", "omar@mail.example", true),
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!("Comment number {number}");
        let sent = talk(&reader, &post, name, &text).await.set("email", email).press("Post comment", &reader).await;
        assert_eq!(sent.location().starts_with("/comments/yours/"), waits, "{name} {email}");
        assert_eq!(reader.get(&post.path).await.body().contains(&text), !waits, "{name} {email}");
        blog.clock.advance(MINUTE);
    }
}

#[tokio::test]
async fn the_owner_may_hold_all_or_none() {
    let blog = TestBlog::wish().hold(CommentHold::All).start().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "Before").by("Siti").email("siti@mail.example").create().await;
    let reader = blog.reader();
    let sent = talk(&reader, &post, "Siti", "Again").await.set("email", "siti@mail.example").submit(&reader).await;
    assert!(sent.location().starts_with("/comments/yours/"));
    blog.change_settings(|settings| settings.comment_hold = CommentHold::None).await;
    let sent = say(&reader, &post, "Stranger", "New here").await;
    let (path, anchor) = sent.location().split_once('#').unwrap();
    assert_eq!(path, post.path);
    assert_eq!(reader.get(path).await.text(&format!("#{anchor} .comment-text")), "New here");
    let links = say(&reader, &post, "Stranger", "https://a.example https://b.example https://c.example").await;
    assert!(links.location().starts_with("/comments/yours/"), "three links wait even so");
}

#[tokio::test]
async fn a_thread_that_closed_in_the_meantime_keeps_what_was_typed() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let (first, second) =
        (talk(&reader, &post, "Siti", "Kept one").await, talk(&reader, &post, "Siti", "Kept two").await);
    let editor = blog.editor().await;
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    form.set("comments", "closed").press("Update", &editor).await;
    let refused = first.press("Post comment", &reader).await;
    assert_eq!((refused.status(), refused.form("#comment-form").value("text")), (403, "Kept one"));
    assert_eq!(reader.get(&post.path).await.text(".closed"), "Comments are closed.");

    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    form.set("comments", "open").press("Update", &editor).await;
    blog.change_settings(|settings| settings.comments_open = false).await;
    let refused = second.press("Post comment", &reader).await;
    assert_eq!((refused.status(), refused.form("#comment-form").value("text")), (403, "Kept two"));
    assert!(!reader.get(&post.path).await.has("#comment-form"));
}

#[tokio::test]
async fn a_closed_thread_stays_to_be_read_and_offers_no_reply() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").closed().create().await;
    let open = blog.published_post("Open").create().await;
    let comment = blog.comment(&open, "Said").create().await;
    let reader = blog.reader();
    assert!(reader.get(&open.path).await.has(".reply a"));
    assert_eq!(reader.get(&format!("/comments/{comment}/reply")).await.status(), 200);
    blog.change_settings(|settings| settings.comments_open = false).await;
    let page = reader.get(&open.path).await;
    assert!(page.has(".comment-text") && !page.has(".reply"));
    assert_eq!(reader.get(&format!("/comments/{comment}/reply")).await.status(), 404);
    assert_eq!(reader.get(&post.path).await.status(), 200);
}

#[tokio::test]
async fn a_preview_shows_the_comment_and_keeps_it_to_its_author() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let text = "Some **bold**\nwords\n\n> quoted";
    let form = talk(&reader, &post, "Siti", text).await.set("website", "example.org");
    let preview = form.press("Preview", &reader).await;
    assert_eq!((preview.status(), preview.text(".preview .comment-text strong")), (200, "bold".into()));
    let form = preview.form("#comment-form");
    assert_eq!((form.value("text"), form.value("website")), (text, "example.org"));
    assert!(!reader.get(&post.path).await.has(".comment"));
    let sent = form.press("Post comment", &reader).await;
    assert_eq!(sent.status(), 303);
    assert_eq!(preview.inner(".preview .comment-text"), reader.get(&post.path).await.inner(".comment-text"));
}

#[tokio::test]
async fn replies_stand_under_what_they_answer_and_deep_ones_say_so() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    say(&reader, &post, "A", "one").await;
    for (number, name) in ["B", "C", "D", "E", "F"].into_iter().enumerate() {
        blog.clock.advance(MINUTE);
        let page = reader.get(&format!("/comments/{}/reply", number + 1)).await;
        assert!(!page.text(".parent .comment-text").is_empty());
        let form = page.form("#comment-form").set("name", name).set("text", &format!("reply {name}"));
        assert_eq!(form.press("Post comment", &reader).await.status(), 303);
    }
    blog.clock.advance(MINUTE);
    say(&reader, &post, "G", "two").await;
    let page = reader.get(&post.path).await;
    assert_eq!(page.all(".comment-meta .p-name"), ["A", "B", "C", "D", "E", "F", "G"]);
    assert_eq!(
        page.attributes(".thread > li", "class"),
        ["depth-0", "depth-1", "depth-2", "depth-3", "depth-3", "depth-3", "depth-0"]
    );
    assert_eq!(page.all(".answers"), ["in reply to D", "in reply to E"]);
    assert_eq!(page.attributes(".answers", "href"), ["#comment-4", "#comment-5"]);
}

#[tokio::test]
async fn a_reply_needs_something_to_answer() {
    let blog = open_blog().await;
    let (post, other) = (blog.published_post("Post").create().await, blog.published_post("Other").create().await);
    let held = blog.comment(&post, "Held").held().create().await;
    let elsewhere = blog.comment(&other, "Elsewhere").create().await;
    let reader = blog.reader();
    assert_eq!(reader.get(&format!("/comments/{held}/reply")).await.status(), 404);
    assert_eq!(reader.get("/comments/99/reply").await.status(), 404);
    let id = post.id.to_string();
    for parent in [held.to_string(), elsewhere.to_string(), "99".to_owned()] {
        let fields = [("post", id.as_str()), ("parent", &parent), ("name", "Siti"), ("text", "Kept")];
        let refused = reader.post("/comments", &fields).await;
        assert_eq!((refused.status(), refused.form("#comment-form").value("text")), (409, "Kept"), "{parent}");
    }
    for parent in ["0", "01", "1abc", "-1"] {
        let fields = [("post", id.as_str()), ("parent", parent), ("name", "Siti"), ("text", "x")];
        assert_eq!(reader.post("/comments", &fields).await.status(), 400, "{parent}");
    }
    for post in ["", "0", "01", "1abc", "1.0", " 1", "%31"] {
        let refused = reader.post("/comments", &[("post", post), ("name", "Siti"), ("text", "x")]).await;
        assert_eq!(refused.status(), 400, "{post:?}");
    }
    assert_eq!(reader.post("/comments", &[("post", "99"), ("name", "Siti"), ("text", "x")]).await.status(), 404);
    assert_eq!(reader.get(&post.path).await.text("#comments > h2"), "No comments");
}

#[tokio::test]
async fn what_is_wrong_with_a_comment_is_said_and_everything_kept() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let long = "x".repeat(5_003);
    for (field, wrong, says) in [
        ("text", "", "Write something"),
        ("text", " \n\t ", "Write something"),
        ("text", long.as_str(), "Too long by 3 characters."),
        ("name", "", "Give a name"),
        ("name", "\u{200b}\u{2060}\u{ad}", "Give a name"),
        ("email", "nonsense", "not an e-mail"),
        ("email", "a@b.example\r\nBcc: c@d.example", "not an e-mail"),
        ("website", "javascript:alert(1)", "https://example.org"),
        ("website", "JaVaScRiPt://x.example/%0aalert(1)", "https://example.org"),
        ("website", "data:text/html,x", "https://example.org"),
        ("website", "https://user:password@example.org", "https://example.org"),
        ("website", "localhost", "https://example.org"),
    ] {
        let form = talk(&reader, &post, "Siti", "Kept text").await.set("email", "siti@mail.example");
        let refused = form.set(field, wrong).press("Post comment", &reader).await;
        assert_eq!(refused.status(), 422, "{field} {wrong:?}");
        assert!(refused.text(&format!("#{field}-error")).contains(says), "{field} {wrong:?}");
        assert!(refused.has(&format!("#{field}[aria-invalid=true]")));
        if field != "text" {
            assert_eq!(refused.form("#comment-form").value("text"), "Kept text");
        }
    }
    assert!(!reader.get(&post.path).await.has(".comment"));
}

#[tokio::test]
async fn limits_are_kept_to_the_letter_and_nothing_is_cut() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    // Letters of four bytes, with a link that would be broken by a cut.
    let text = |length: usize| format!("{}[a](https://x.example)", "𝒳".repeat(length - 22));
    for (length, status) in [(4_999, 303), (5_000, 303), (5_001, 422)] {
        let sent = say(&reader, &post, "Siti", &text(length)).await;
        assert_eq!(sent.status(), status, "{length}");
    }
    for (length, status) in [(79, 303), (80, 303), (81, 422)] {
        let sent = say(&reader, &post, &"名".repeat(length), "By a long name").await;
        assert_eq!(sent.status(), status, "{length}");
    }
    let mut database = blog.database().await;
    let kept: Vec<i64> =
        sqlx::query_scalar("SELECT length(source) FROM comment ORDER BY id").fetch_all(&mut database).await.unwrap();
    assert_eq!(kept[..2], [4_999, 5_000]);
    assert_eq!(reader.get(&post.path).await.all(".comment-text a").len(), 2);
}

#[tokio::test]
async fn a_machine_that_fills_the_trap_learns_nothing() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let person = say(&reader, &post, "Siti", "A person").await;
    let machine =
        talk(&reader, &post, "Bot", "A machine").await.set("subject", "Cheap").press("Post comment", &reader).await;
    assert_eq!(machine.status(), person.status());
    let names = |page: &Page| page.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&machine), names(&person));
    assert_eq!(machine.location().len(), person.location().len());
    let (theirs, its) = (reader.follow(&person).await, reader.follow(&machine).await);
    let its = its.body().replace("A machine", "A person").replace("Bot", "Siti");
    assert_eq!(its.replace(machine.location(), person.location()), theirs.body());
    let editor = blog.editor().await;
    assert_eq!(editor.get("/admin/comments").await.all("article h2 > bdi"), ["Siti"]);
    let spam = editor.get("/admin/comments?state=spam").await;
    assert!(spam.text("article.comment").contains("A machine"));
    assert!(spam.text(".reasons").contains("A field was filled in that only machines see."));
}

#[tokio::test]
async fn the_same_comment_twice_is_answered_kindly() {
    let blog = open_blog().await;
    let (post, other) = (blog.published_post("Post").create().await, blog.published_post("Other").create().await);
    let reader = blog.reader();
    assert_eq!(say(&reader, &post, "Siti", "The same").await.status(), 303);
    let twice = say(&reader, &post, "Siti", "The same").await;
    assert_eq!(twice.status(), 409);
    assert!(twice.text(".notice").contains("arrived already"));
    assert_eq!(reader.get(&post.path).await.all(".comment").len(), 1);
    assert_eq!(say(&reader, &other, "Siti", "The same").await.status(), 303, "elsewhere it is another");
    assert_eq!(say(&reader, &post, "Omar", "The same").await.status(), 303, "and so it is by another");
}

#[tokio::test]
async fn too_many_comments_too_fast_have_to_wait_and_are_kept() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader_from("203.0.113.5");
    for number in 0..6 {
        assert_eq!(say(&reader, &post, "Siti", &format!("Number {number}")).await.status(), 303);
    }
    let refused = say(&reader, &post, "Siti", "Number 6").await;
    assert_eq!((refused.status(), refused.header("retry-after")), (429, Some("30")));
    assert_eq!(refused.form("#comment-form").value("text"), "Number 6");
    assert!(refused.text(".notice").contains("30 seconds"));
    let neighbour = blog.reader_from("203.0.113.200");
    assert_eq!(say(&neighbour, &post, "Omar", "Next door").await.status(), 429, "a network is one");
    let elsewhere = blog.reader_from("198.51.100.5");
    assert_eq!(say(&elsewhere, &post, "Mei", "Elsewhere").await.status(), 303);
    blog.clock.advance(29_999);
    assert_eq!(refused.form("#comment-form").press("Post comment", &reader).await.status(), 429);
    blog.clock.advance(1);
    assert_eq!(refused.form("#comment-form").press("Post comment", &reader).await.status(), 303);
    // Mistakes cost no tries, and the blog's own people are not slowed.
    assert_eq!(say(&elsewhere, &post, "", "x").await.status(), 422);
    let editor = blog.editor().await;
    for number in 0..8 {
        assert_eq!(say(&editor, &post, "", &format!("Own {number}")).await.status(), 303);
    }
}

#[tokio::test]
async fn previews_have_a_limit_of_their_own() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for _ in 0..20 {
        blog.app.limits.take(Act::Preview, "198.51.100.0/24", blog.clock.monotonic()).unwrap();
    }
    let refused = talk(&reader, &post, "Siti", "Kept").await.press("Preview", &reader).await;
    assert_eq!((refused.status(), refused.form("#comment-form").value("text")), (429, "Kept"));
    assert_eq!(say(&reader, &post, "Siti", "Kept").await.status(), 303);
}

#[tokio::test]
async fn nobody_takes_the_name_of_the_blogs_own_people() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    for name in [
        "Aminah Rahman",
        "aminah rahman",
        "AMINAH RAHMAN",
        "AminahRahman",
        " Aminah  Rahman ",
        "Аminah Rahman",
        "Aminаh Rаhmаn",
        "Aminah\u{200b} Rahman",
        "Ami\u{ad}nah Rahman",
        "Ａｍｉｎａｈ Ｒａｈｍａｎ",
        "\u{202e}Aminah Rahman",
        "Amlnah Rahman",
        "Am1nah Rahman",
        "Aminah\u{a0}Rahman",
        "𝐀𝐦𝐢𝐧𝐚𝐡 𝐑𝐚𝐡𝐦𝐚𝐧",
        "Wei Ling",
        "wei ling",
        "WEILING",
    ] {
        let refused = say(&reader, &post, name, "I am the owner").await;
        assert_eq!(refused.status(), 422, "{name:?}");
        assert!(refused.text("#name-error").contains("belongs to someone"), "{name:?}");
    }
    assert_eq!(say(&reader, &post, "Aminah Abdullah", "I am not").await.status(), 303);
    assert!(!reader.get(&post.path).await.has(".own-mark"));
}

#[tokio::test]
async fn the_blogs_own_people_are_marked_and_do_not_wait() {
    let blog = TestBlog::wish().hold(CommentHold::All).start().await;
    let post = blog.published_post("Post").create().await;
    let editor = blog.editor().await;
    let sent = say(&editor, &post, "Somebody else", "From the desk").await;
    assert!(sent.location().starts_with(&post.path));
    let page = blog.reader().get(&post.path).await;
    assert_eq!((page.text(".comment .p-name"), page.text(".own-mark")), (EDITOR_NAME.into(), "Author".into()));
    assert!(page.has("article.comment.own"));
}

#[tokio::test]
async fn a_deleted_comment_leaves_a_mark_only_where_it_was_answered() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let asked = blog.comment(&post, "A question").by("Asker").website("https://asker.example").create().await;
    blog.clock.advance(MINUTE);
    let answer = blog.comment(&post, "An answer").by("Knower").answering(asked).create().await;
    let alone = blog.comment(&post, "Alone").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let delete = async |id| {
        let page = editor.get("/admin/comments?state=approved").await;
        let form = page.form(&format!("#comment-{id} .acts > form"));
        assert_eq!(form.press("Trash", &editor).await.status(), 303);
        let page = editor.get("/admin/comments?state=trash").await;
        let form = page.form(&format!("#comment-{id} details.danger form"));
        assert_eq!(form.press("Delete for good", &editor).await.status(), 303);
    };
    delete(alone).await;
    let page = reader.get(&post.path).await;
    assert!(!page.has(&format!("#comment-{alone}")));
    assert_eq!(page.text("#comments > h2"), "2 comments");

    delete(asked).await;
    let page = reader.get(&post.path).await;
    assert_eq!(page.text(&format!("#comment-{asked}")), "This comment has been removed.");
    assert_eq!(page.text(&format!("#comment-{answer} .comment-text")), "An answer");
    assert_eq!(page.text("#comments > h2"), "1 comment");
    assert!(!page.body().contains("Asker") && !page.body().contains("asker.example"));
    let mut database = blog.database().await;
    let left: (String, String, Option<String>, String) =
        sqlx::query_as("SELECT name, source, website, network FROM comment WHERE id = $1")
            .bind(asked)
            .fetch_one(&mut database)
            .await
            .unwrap();
    assert_eq!(left, (String::new(), String::new(), None, String::new()), "its words are gone from the file too");
    assert_eq!(
        editor.post(&format!("/admin/comments/{asked}"), &[("action", "approve")]).await.status(),
        404,
        "for good"
    );

    delete(answer).await;
    let page = reader.get(&post.path).await;
    assert!(!page.has(".comment"), "a mark without an answer holds nothing together");
    assert_eq!(page.text("#comments > h2"), "No comments");
}

#[tokio::test]
async fn a_mark_does_not_tell_of_an_answer_that_waits() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let asked = blog.comment(&post, "A question").create().await;
    let answer = blog.comment(&post, "An answer").answering(asked).held().create().await;
    blog.app.store.moderate(asked, Moderation::Delete, blog.now()).await.unwrap();
    assert!(!blog.reader().get(&post.path).await.has(".comment"));
    blog.app.store.moderate(answer, Moderation::Approve, blog.now()).await.unwrap();
    let page = blog.reader().get(&post.path).await;
    assert_eq!(page.all(".tombstone").len(), 1, "with its answer the mark comes back");
    assert_eq!(page.text("#comments > h2"), "1 comment");
}

#[tokio::test]
async fn every_decision_moves_a_comment_and_the_count_with_it() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let comment = blog.comment(&post, "Some words").held().create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let decide = async |action: &str| {
        let answer = editor.post(&format!("/admin/comments/{comment}"), &[("action", action), ("from", "held")]).await;
        assert_eq!(answer.status(), 303, "{action}");
        reader.get(&post.path).await.text("#comments > h2")
    };
    for (action, count) in [
        ("approve", "1 comment"),
        ("approve", "1 comment"),
        ("spam", "No comments"),
        ("spam", "No comments"),
        ("hold", "No comments"),
        ("approve", "1 comment"),
        ("hold", "No comments"),
    ] {
        assert_eq!(decide(action).await, count, "{action}");
    }
    assert_eq!(editor.post(&format!("/admin/comments/{comment}"), &[("action", "nonsense")]).await.status(), 400);
    assert_eq!(editor.post(&format!("/admin/comments/{comment}"), &[]).await.status(), 400);
    for id in ["99", "01", "1abc", "0"] {
        assert_eq!(editor.post(&format!("/admin/comments/{id}"), &[("action", "approve")]).await.status(), 404, "{id}");
    }
}

#[tokio::test]
async fn links_in_comments_vouch_for_nothing() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let form = talk(&reader, &post, "Siti", "[one](https://a.example) https://b.example").await;
    form.set("website", "siti.example/me?a=b&c").press("Post comment", &reader).await;
    let page = reader.get(&post.path).await;
    let links = page.attributes(".comment a[href^=http]", "rel");
    assert_eq!(links, ["nofollow ugc noopener"; 3]);
    assert_eq!(page.attribute(".comment-meta a.p-name", "href"), "https://siti.example/me?a=b&c");
}

#[tokio::test]
async fn html_in_a_comment_is_shown_as_it_was_typed() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    let text = "<script>alert(1)</script> <b onclick=x>b</b> <!-- c --> &lt;i&gt; {{7*7}} [x](javascript:alert(1))";
    say(&reader, &post, "<i>Siti</i> & \"co\"", text).await;
    let page = reader.get(&post.path).await;
    let seen = page.text(".comment-text");
    assert!(seen.starts_with("<script>alert(1)</script> <b onclick=x>b</b> <!-- c -->"), "{seen}");
    assert!(seen.contains("{{7*7}}"));
    assert!(!page.has(".comment-text b, .comment-text script, .comment-text a"));
    assert_eq!(page.text(".comment .p-name"), "<i>Siti</i> & \"co\"");
}

#[tokio::test]
async fn marks_that_turn_text_around_are_taken_out() {
    let blog = open_blog().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader();
    say(&reader, &post, "Si\u{202e}ti\u{7}", "gnp.\u{202e}txt\u{2066} a\u{0}b\u{8}c").await;
    let page = reader.get(&post.path).await;
    assert_eq!((page.text(".comment .p-name"), page.text(".comment-text")), ("Siti".into(), "gnp.txt abc".into()));
    for mark in ['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{0}', '\u{8}'] {
        assert!(!page.body().contains(mark), "{mark:?}");
    }
    // What scripts need stays.
    say(&reader, &post, "می‌خواهم 👩‍💻", "می‌خواهم 👩‍💻 नमस्ते").await;
    assert_eq!(reader.get(&post.path).await.all(".comment-text")[1], "می‌خواهم 👩‍💻 नमस्ते");
}

#[tokio::test]
async fn an_answer_from_the_desk_approves_what_it_answers() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let held = blog.comment(&post, "A question").by("Siti").held().create().await;
    let editor = blog.editor().await;
    let page = editor.get("/admin/comments").await;
    let reply = format!("form[action='/admin/comments/{held}/reply']");
    let empty = page.form(&reply).press("Approve and reply", &editor).await;
    assert_eq!(empty.status(), 422);
    let long = "x".repeat(5_001);
    let refused = page.form(&reply).set("text", &long).press("Approve and reply", &editor).await;
    assert_eq!((refused.status(), refused.form(&reply).value("text")), (422, long.as_str()));
    assert!(!blog.reader().get(&post.path).await.has(".comment"), "what failed approved nothing");

    let done = page.form(&reply).set("text", "An *answer*").press("Approve and reply", &editor).await;
    assert_eq!(editor.follow(&done).await.text(".notice"), "Reply posted.");
    let page = blog.reader().get(&post.path).await;
    assert_eq!(page.all(".comment-text"), ["A question", "An answer"]);
    assert_eq!(page.attributes(".thread > li", "class"), ["depth-0", "depth-1"]);
    assert!(page.has(".depth-1 .own-mark"));
}

#[tokio::test]
async fn fields_that_the_form_does_not_have_give_no_power() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let id = post.id.to_string();
    let sent = blog
        .reader()
        .post(
            "/comments",
            &[
                ("post", &id),
                ("post", "99"),
                ("name", "Siti"),
                ("text", "Sneaky"),
                ("state", "approved"),
                ("approved", "1"),
                ("user_id", "1"),
                ("is_own", "true"),
                ("is_admin", "1"),
                ("html", "<script>alert(1)</script>"),
                ("network", "192.0.2.0/24"),
                ("created_at", "0"),
                ("uuid", "x"),
            ],
        )
        .await;
    assert!(sent.location().starts_with("/comments/yours/"));
    let mut database = blog.database().await;
    let kept: (String, Option<i64>, String, String, i64) =
        sqlx::query_as("SELECT state, user_id, html, network, created_at FROM comment")
            .fetch_one(&mut database)
            .await
            .unwrap();
    let network = blog.app.store.networks().mark("198.51.100.0/24");
    assert_eq!(kept, ("held".into(), None, "<p>Sneaky</p>\n".into(), network, blog.now().0));
}

#[tokio::test]
async fn what_readers_cannot_see_cannot_be_commented_on() {
    let blog = open_blog().await;
    let draft = blog.draft("Draft").create().await;
    let scheduled = blog.published_post("Scheduled").at("2023-02-12T00:00").create().await;
    let trashed = blog.published_post("Trashed").create().await;
    blog.app.store.trash_post(trashed.id, blog.now()).await.unwrap();
    for post in [draft, scheduled, trashed] {
        let id = post.id.to_string();
        let answer = blog.reader().post("/comments", &[("post", &id), ("name", "Siti"), ("text", "x")]).await;
        assert_eq!(answer.status(), 404);
        assert_eq!(blog.reader().get(&format!("/comments/on/{id}/feed.xml")).await.status(), 404);
    }
}

#[tokio::test]
async fn comments_to_be_looked_at_go_on_over_pages() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    for number in 0..51 {
        blog.comment(&post, &format!("Number {number}")).held().create().await;
    }
    let editor = blog.editor().await;
    let first = editor.get("/admin/comments").await;
    assert_eq!((first.all("article.comment").len(), first.text(".badge")), (50, "51".into()));
    assert_eq!(first.all(".comment-text")[0], "Number 50", "the newest first");
    let second = editor.get(&first.attribute("nav.pager [rel=next]", "href")).await;
    assert_eq!(second.all(".comment-text"), ["Number 0"]);
}

#[tokio::test]
async fn the_moderators_lists_go_on_over_pages_and_keep_their_places_while_comments_arrive() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let held = async |number: i32| {
        blog.clock.advance(1_000);
        blog.comment(&post, &format!("Comment {number}")).held().create().await;
    };
    for number in 1..=101 {
        held(number).await;
    }
    let editor = blog.editor().await;
    let texts = |page: &Page| page.all(".moderated .comment-text");
    let first = editor.get("/admin/comments").await;
    assert_eq!((texts(&first).len(), texts(&first)[0].as_str()), (50, "Comment 101"));
    assert!(!first.has("nav.pager [rel=prev]"));
    held(102).await;
    let second = editor.get(&first.attribute("nav.pager [rel=next]", "href")).await;
    assert_eq!((texts(&second)[0].as_str(), texts(&second)[49].as_str()), ("Comment 51", "Comment 2"));
    let last = editor.get(&second.attribute("nav.pager [rel=next]", "href")).await;
    assert_eq!(texts(&last), ["Comment 1"]);
    assert!(!last.has("nav.pager [rel=next]"));
    let back = editor.get(&last.attribute("nav.pager [rel=prev]", "href")).await;
    assert_eq!(texts(&back), texts(&second));
}

#[tokio::test]
async fn a_thread_shows_what_is_approved_and_blanks_for_hidden_ones_that_are_answered() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let first = blog.comment(&post, "First").create().await;
    let answered = blog.comment(&post, "Answered").create().await;
    let reply = blog.comment(&post, "Reply").answering(answered).create().await;
    for number in 0..5 {
        blog.comment(&post, &format!("Spam {number}")).spam().create().await;
    }
    blog.app.store.moderate(answered, Moderation::Spam, blog.now()).await.unwrap();
    let thread = blog.app.store.thread(post.id).await.unwrap();
    let shown: Vec<_> = thread.iter().map(|comment| (comment.id, comment.is_approved)).collect();
    assert_eq!(shown, [(first, true), (answered, false), (reply, true)]);
}

#[tokio::test]
async fn the_same_comment_may_come_again_once_the_first_is_deleted() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let other = blog.published_post("Other").create().await;
    let first = blog.comment(&post, "The same").create().await;
    blog.comment(&other, "The same").create().await;
    blog.comment(&post, "The same").answering(first).create().await;
    blog.comment(&post, "The same").by("Ali").create().await;
    blog.app.store.moderate(first, Moderation::Delete, blog.now()).await.unwrap();
    blog.comment(&post, "The same").create().await;
}

#[tokio::test]
async fn a_crowd_that_the_blog_cannot_take_at_once_keeps_its_words_and_is_told_when_to_come_again() {
    const CROWD: usize = 1000;
    let blog = TestBlog::wish().hold(CommentHold::None).start().await;
    let post = blog.published_post("Post").create().await;
    let form = blog.reader().get(&post.path).await.form("#comment-form").set("name", "Siti");
    // Everybody stands in line: another program holds the database.
    let mut holder = blog.database().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let mut crowd = JoinSet::new();
    let answers = LocalSet::new()
        .run_until(async {
            for number in 0..CROWD {
                let reader = blog.reader_from(&format!("20.{}.{}.7", number / 256, number % 256));
                let form = form.clone().set("text", &format!("What {number} says"));
                crowd.spawn_local(async move { (number, form.press("Post comment", &reader).await) });
            }
            // The first who is turned away proves that the line is full.
            let first = crowd.join_next().await.unwrap().unwrap();
            sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
            let mut answers = crowd.join_all().await;
            answers.push(first);
            answers
        })
        .await;
    let mut kept = 0;
    for (number, answer) in &answers {
        if answer.status() == 303 {
            kept += 1;
        } else {
            assert_eq!((answer.status(), answer.header("retry-after")), (503, Some("10")));
            assert_eq!(answer.form("#comment-form").value("text"), format!("What {number} says"));
        }
    }
    assert!(kept > 0 && kept < CROWD, "{kept}");
    let stored: i64 = sqlx::query_scalar("SELECT comment_count FROM post").fetch_one(&mut holder).await.unwrap();
    assert_eq!(stored, kept as i64, "what was acknowledged is there, and nothing else");
}
