//! The moderators' queue: what they find in it, what they decide, and that it can be undone.

use std::sync::atomic::Ordering;

use laman::model::{
    ids::CommentId,
    queue::{By, Moderation, Retention, Shelf, Whose},
};

use crate::support::*;

/// Lets somebody press a button under a comment on a shelf.
async fn press(editor: &Visitor, shelf: &str, id: CommentId, label: &str) -> Page {
    let page = editor.get(&format!("/admin/comments?state={shelf}")).await;
    let done = page.form(&format!("#comment-{id} .acts > form")).press(label, editor).await;
    editor.follow(&done).await
}

async fn ids_on(blog: &TestBlog, shelf: Shelf) -> Vec<CommentId> {
    let listing = blog.app.store.queue(shelf, &Whose::All, "", laman::model::listing::From::Newest).await.unwrap();
    listing.items.iter().map(|row| row.comment.id).collect()
}

#[tokio::test]
async fn every_button_moves_a_comment_its_count_and_what_readers_see_and_can_be_undone() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let id = blog.comment(&post, "Some words").held().create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let seen = async || {
        let page = reader.get(&post.path).await;
        (page.text("#comments > h2") == "1 comment", page.has(".comment-text"))
    };
    for (from, label, notice, to, is_seen) in [
        ("held", "Approve", "Approved.", Shelf::Approved, true),
        ("approved", "Spam", "Marked as spam.", Shelf::Spam, false),
        ("spam", "Trash", "Moved to the trash.", Shelf::Trash, false),
        ("trash", "Restore", "Taken out of the trash.", Shelf::Spam, false),
        ("spam", "Approve", "Approved.", Shelf::Approved, true),
        ("approved", "Trash", "Moved to the trash.", Shelf::Trash, false),
        ("trash", "Restore", "Taken out of the trash.", Shelf::Approved, true),
        ("approved", "Hold", "Held.", Shelf::Held, false),
    ] {
        let before = seen().await;
        let page = press(&editor, from, id, label).await;
        assert_eq!((page.text(".notice"), ids_on(&blog, to).await), (notice.to_owned(), vec![id]), "{from} {label}");
        assert_eq!(seen().await, (is_seen, is_seen), "{from} {label}");

        let undone = page.form("form.undo").press("Undo", &editor).await;
        assert_eq!(editor.follow(&undone).await.text(".notice"), "Undone.");
        assert_eq!(seen().await, before, "{from} {label}, undone");
        let again = page.form("form.undo").press("Undo", &editor).await;
        assert_eq!(editor.follow(&again).await.text(".notice"), "This cannot be undone any more.");
        press(&editor, from, id, label).await;
    }
}

#[tokio::test]
async fn a_page_of_comments_is_decided_at_once_and_put_back_to_where_each_was() {
    let blog = TestBlog::new().await;
    let (one, other) = (blog.published_post("One").create().await, blog.published_post("Other").create().await);
    let mut ids = Vec::new();
    for number in 0..50 {
        let post = if number % 2 == 0 { &one } else { &other };
        ids.push(blog.comment(post, &format!("Number {number}")).held().create().await);
    }
    let (editor, reader) = (blog.editor().await, blog.reader());
    let count = async |post: &MadePost| reader.get(&post.path).await.text("#comments > h2");
    assert_eq!((count(&one).await, count(&other).await), ("No comments".into(), "No comments".into()));
    let page = editor.get("/admin/comments").await;
    let done = page.form("#bulk").choose("all", "yes").press("Approve", &editor).await;
    let done = editor.follow(&done).await;
    assert_eq!(done.text(".notice"), "50 comments approved.");
    assert_eq!((count(&one).await, count(&other).await), ("25 comments".into(), "25 comments".into()));
    assert!(!done.has(".badge") && !done.has("article"));

    // One has been moved since: it stays where it is.
    blog.app.store.moderate(ids[0], Moderation::Spam, blog.now()).await.unwrap();
    done.form("form.undo").press("Undo", &editor).await;
    assert_eq!((count(&one).await, count(&other).await), ("No comments".into(), "No comments".into()));
    assert_eq!((ids_on(&blog, Shelf::Held).await.len(), ids_on(&blog, Shelf::Spam).await), (49, vec![ids[0]]));
}

#[tokio::test]
async fn those_that_are_ticked_are_decided_and_no_others() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let first = blog.comment(&post, "First").held().create().await;
    let second = blog.comment(&post, "Second").held().create().await;
    let editor = blog.editor().await;
    let bulk = editor.get("/admin/comments").await.form("#bulk");
    let none = bulk.clone().press("Spam", &editor).await;
    assert!(editor.follow(&none).await.text(".notice").starts_with("Select comments first"));
    bulk.choose("id", &second.to_string()).press("Spam", &editor).await;
    assert_eq!((ids_on(&blog, Shelf::Held).await, ids_on(&blog, Shelf::Spam).await), (vec![first], vec![second]));
}

#[tokio::test]
async fn a_hundred_are_moved_in_one_transaction_and_no_more() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let mut ids = Vec::new();
    for number in 0..101 {
        ids.push(blog.comment(&post, &format!("Number {number}")).held().create().await);
    }
    let by = By { user: Some(blog.owner), now: blog.now() };
    let before = blog.app.store.write_counts().commits.load(Ordering::SeqCst);
    let done = blog.app.store.moderate_all(&ids, Moderation::Approve, by).await.unwrap();
    assert_eq!((done.comments, done.can_be_undone), (100, true));
    assert_eq!(blog.app.store.write_counts().commits.load(Ordering::SeqCst) - before, 1);
    assert_eq!(blog.reader().get(&post.path).await.text("#comments > h2"), "100 comments");
}

#[tokio::test]
async fn the_queue_is_narrowed_by_post_and_sender_and_searched_by_what_a_comment_says_of_itself() {
    let blog = TestBlog::new().await;
    let (one, other) = (blog.published_post("One").create().await, blog.published_post("Other").create().await);
    let make = async |post: &MadePost, text: &str, name: &str, email: &str, network: &str| {
        blog.clock.advance(1_000);
        blog.comment(post, text).by(name).email(email).from(network).held().create().await
    };
    make(&one, "Hibiscus *tea*", "Siti", "siti@mail.example", "192.0.2.0/24").await;
    make(&one, "Bamboo", "Ali", "ali@mail.example", "198.51.100.0/24").await;
    make(&other, "More hibiscus", "Siti", "siti@mail.example", "198.51.100.0/24").await;
    let editor = blog.editor().await;
    let found =
        async |query: &str| editor.get(&format!("/admin/comments?{query}")).await.all(".moderated .comment-text");
    assert_eq!(found("").await, ["More hibiscus", "Bamboo", "Hibiscus tea"]);
    assert_eq!(found("q=HIBISCUS").await, ["More hibiscus", "Hibiscus tea"]);
    assert_eq!(found("q=ali").await, ["Bamboo"]);
    assert_eq!(found("q=siti%40mail").await, ["More hibiscus", "Hibiscus tea"]);
    for typed in ["192.0.2.200", "192.0.2.0/24", "192.0-"] {
        assert_eq!(found(&format!("q={}", typed.replace('/', "%2F"))).await, ["Hibiscus tea"], "{typed}");
    }
    assert_eq!(found("q=192.0.3.200").await, [""; 0]);
    assert_eq!(found("q=%25").await, [""; 0], "a percent sign is a percent sign");
    assert_eq!(found("state=spam&q=bamboo").await, [""; 0]);

    let page = editor.get("/admin/comments").await;
    let links = page.attributes(".moderated:last-of-type a[href^='/admin/comments']", "href");
    let (of_post, of_email, of_network) = (&links[0], &links[1], &links[2]);
    let texts = async |path: &str| editor.get(path).await.all(".moderated .comment-text");
    assert_eq!(texts(of_post).await, ["Bamboo", "Hibiscus tea"]);
    assert_eq!(texts(of_email).await, ["More hibiscus", "Hibiscus tea"]);
    assert_eq!(texts(of_network).await, ["Hibiscus tea"]);
    let narrowed = editor.get(of_post).await;
    assert!(narrowed.text(".narrowed").starts_with("Only on “One”"));
    // Whoever acts there stays there, at the next comment.
    let done = narrowed.form(".moderated:first-of-type .acts > form").press("Approve", &editor).await;
    assert!(done.location().starts_with(of_post) && done.location().ends_with("#comment-1"), "{}", done.location());
    let form = editor.get(of_post).await.form("form.search").set("q", "tea").submit(&editor).await;
    assert_eq!(form.all(".moderated .comment-text"), ["Hibiscus tea"]);
}

#[tokio::test]
async fn a_comment_comes_with_what_it_answers_and_what_came_from_there_before() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let asked = blog.comment(&post, "A <b>question</b>").by("Asker").from("192.0.2.0/24").create().await;
    let siti = |text| blog.comment(&post, text).by("Siti").email("siti@mail.example");
    siti("Good").from("198.51.100.0/24").create().await;
    siti("Bad").from("192.0.2.0/24").spam().create().await;
    siti("An answer").from("192.0.2.0/24").answering(asked).held().create().await;
    let page = blog.editor().await.get("/admin/comments").await;
    assert_eq!(page.all(".answered p"), ["in reply to Asker", "A <b>question</b>"]);
    let network = format!("{} approved: 1, spam: 1", blog.app.store.networks().mark("192.0.2.0/24"));
    assert_eq!(page.all(".moderated .from li"), ["siti@mail.example approved: 1, spam: 1", network.as_str()]);
}

#[tokio::test]
async fn what_is_in_the_trash_is_a_mark_for_readers_and_whole_again_when_it_is_taken_out() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let asked = blog.comment(&post, "A question").create().await;
    blog.comment(&post, "An answer").answering(asked).create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    press(&editor, "approved", asked, "Trash").await;
    let page = reader.get(&post.path).await;
    assert_eq!((page.text("#comments > h2"), page.all(".tombstone").len()), ("1 comment".into(), 1));
    assert!(!page.body().contains("A question"));
    press(&editor, "trash", asked, "Restore").await;
    assert_eq!(reader.get(&post.path).await.all(".comment-text"), ["A question", "An answer"]);
}

#[tokio::test]
async fn emptying_leaves_marks_only_where_there_are_replies() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let asked = blog.comment(&post, "A question").create().await;
    let answer = blog.comment(&post, "An answer").answering(asked).create().await;
    for number in 0..150 {
        blog.comment(&post, &format!("Spam {number}")).spam().create().await;
    }
    let editor = blog.editor().await;
    let page = editor.get("/admin/comments?state=spam").await;
    assert!(page.text(".tabs").contains("Spam (99+)"));
    let done = page.form("form[action='/admin/comments/empty']").press("Empty spam", &editor).await;
    assert_eq!(editor.follow(&done).await.text(".notice"), "Emptied.");
    let left = async || {
        let mut database = blog.database().await;
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM comment").fetch_one(&mut database).await.unwrap()
    };
    assert_eq!(left().await, 2);

    press(&editor, "approved", asked, "Trash").await;
    let trash = editor.get("/admin/comments?state=trash").await;
    trash.form("form[action='/admin/comments/empty']").press("Empty the trash", &editor).await;
    assert_eq!(left().await, 2, "the mark holds its answer");
    assert!(!editor.get("/admin/comments?state=trash").await.has("article"));
    blog.app.store.moderate(answer, Moderation::Delete, blog.now()).await.unwrap();
    assert_eq!(left().await, 0, "with its last answer the mark goes too");
}

#[tokio::test]
async fn spam_trash_and_networks_are_kept_as_long_as_the_owner_wants() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let kept = blog.comment(&post, "Kept").create().await;
    blog.comment(&post, "Spam").spam().create().await;
    let trashed = blog.comment(&post, "Trashed").create().await;
    blog.app.store.moderate(trashed, Moderation::Trash, blog.now()).await.unwrap();
    blog.app.store.save_retention(Retention { discard_days: 10, network_days: 20 }).await.unwrap();
    let sweep = async || while blog.app.store.sweep(blog.now()).await.unwrap() {};
    let network = async || blog.app.store.moderated_comment(kept).await.unwrap().unwrap().network;
    blog.clock.advance(10 * DAY);
    sweep().await;
    assert_eq!((ids_on(&blog, Shelf::Spam).await.len(), ids_on(&blog, Shelf::Trash).await.len()), (1, 1));
    blog.clock.advance(DAY);
    sweep().await;
    assert_eq!((ids_on(&blog, Shelf::Spam).await.len(), ids_on(&blog, Shelf::Trash).await.len()), (0, 0));
    assert_eq!(network().await, blog.app.store.networks().mark("203.0.113.0/24"));
    blog.clock.advance(10 * DAY);
    sweep().await;
    assert_eq!((network().await, ids_on(&blog, Shelf::Approved).await), (String::new(), vec![kept]));
}

#[tokio::test]
async fn ten_thousand_waiting_comments_are_paged_and_searched() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let mut database = blog.database().await;
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10100) \
         INSERT INTO comment (uuid, post_id, state, name, source, html, network, reason, created_at) \
         SELECT 'c' || i, $1, 'held', 'N' || i, 'words ' || i, '<p>words ' || i || '</p>', '', '', i FROM n",
    )
    .bind(post.id)
    .execute(&mut database)
    .await
    .unwrap();
    let editor = blog.editor().await;
    let first = editor.get("/admin/comments").await;
    assert_eq!((first.all("article").len(), first.text(".badge")), (50, "10,100".into()));
    let second = editor.get(&first.attribute("nav.pager [rel=next]", "href")).await;
    assert_eq!(second.all(".comment-text")[0], "words 10050");
    let found = editor.get("/admin/comments?q=words+777").await;
    assert_eq!(found.all(".comment-text").len(), 11);
    // It says how far it looks.
    assert!(found.text(".narrowed").contains("up to 10,000 comments"));
    assert!(!editor.get("/admin/comments?q=N100%0A").await.all("article").is_empty());
    assert!(editor.get("/admin/comments?q=words+99&older=100_0").await.has("article"));
}

#[tokio::test]
async fn one_that_is_pinned_stands_first_and_a_thread_is_closed_from_the_queue() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "First").create().await;
    let second = blog.comment(&post, "Second").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let act = async |label: &str| {
        let page = editor.get("/admin/comments?state=approved").await;
        let more = format!("#comment-{second} details:last-of-type form");
        editor.follow(&page.form(&more).press(label, &editor).await).await.text(".notice")
    };
    assert_eq!(act("Pin").await, "Pinned. It stands first in its thread.");
    let page = reader.get(&post.path).await;
    assert_eq!(
        (page.all(".comment-text"), page.text(".own-mark")),
        (vec!["Second".into(), "First".into()], "Pinned".into())
    );
    assert_eq!(act("Unpin").await, "Unpinned.");
    assert_eq!(reader.get(&post.path).await.all(".comment-text"), ["First", "Second"]);
    assert_eq!(act("Close comments on this post").await, "Comments on this post are closed.");
    assert!(reader.get(&post.path).await.has(".closed"));
    assert_eq!(act("Open comments on this post").await, "Comments on this post are open.");
    assert!(reader.get(&post.path).await.has("#comment-form"));
}

#[tokio::test]
async fn words_that_are_mended_at_the_desk_are_marked_and_the_earlier_ones_kept() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let id = blog.comment(&post, "Call me at 123").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let desk = format!("/admin/comments/{id}");
    let form = editor.get(&desk).await.form("#edit");
    assert_eq!(form.value("text").trim(), "Call me at 123");
    let empty = form.clone().set("text", " ").submit(&editor).await;
    assert_eq!((empty.status(), empty.text("#text-error")), (422, "Write something first.".into()));
    let done = form.set("text", "Call *me*").submit(&editor).await;
    let page = editor.follow(&done).await;
    assert_eq!(page.text(".notice"), "Your changes are saved, and the comment is marked as edited.");
    assert!(page.text(".earlier").contains("changed by Wei Ling Call me at 123"), "{}", page.text(".earlier"));
    let page = reader.get(&post.path).await;
    assert_eq!((page.text(".comment-text"), page.has(".edited")), ("Call me".into(), true));

    // What was typed survives an ended session.
    let form = editor.get(&desk).await.form("#edit").set("text", "Typed for an hour");
    editor.get("/admin/posts").await.form("header form").submit(&editor).await;
    let door = form.submit(&editor).await;
    assert_eq!(door.status(), 401);
    let back = door.form("main form").set("email", EDITOR_EMAIL).set("password", PASSWORD).submit(&editor).await;
    assert_eq!(back.form("#edit").value("text").trim(), "Typed for an hour");

    blog.app.store.moderate(id, Moderation::Trash, blog.now()).await.unwrap();
    assert!(!editor.get(&desk).await.has("#edit"));
    blog.app.store.moderate(id, Moderation::Delete, blog.now()).await.unwrap();
    assert_eq!(editor.get(&desk).await.status(), 404);
}

#[tokio::test]
async fn a_thread_moves_to_another_post_with_everything_that_answers_it() {
    let blog = TestBlog::new().await;
    let (one, other) = (blog.published_post("One").create().await, blog.published_post("Other").create().await);
    let first = blog.comment(&one, "First").create().await;
    let second = blog.comment(&one, "Second").answering(first).create().await;
    blog.comment(&one, "Third").answering(second).create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let texts = async |post: &MadePost| {
        let page = reader.get(&post.path).await;
        (page.text("#comments > h2"), page.all(".comment-text"))
    };
    assert_eq!((texts(&one).await.1.len(), texts(&other).await.1.len()), (3, 0));
    let form = editor.get(&format!("/admin/comments/{second}")).await.form("#move");
    let nowhere = form.clone().set("to", "/2023/02/nowhere").submit(&editor).await;
    assert_eq!((nowhere.status(), nowhere.form("#move").value("to")), (422, "/2023/02/nowhere"));
    let done = form.set("to", &format!("http://blog.example{}", other.path)).submit(&editor).await;
    assert_eq!(editor.follow(&done).await.text(".notice"), "Moved.");
    assert_eq!(texts(&one).await, ("1 comment".into(), vec!["First".into()]));
    assert_eq!(texts(&other).await, ("2 comments".into(), vec!["Second".into(), "Third".into()]));
    assert_eq!(reader.get(&other.path).await.attributes(".thread > li", "class"), ["depth-0", "depth-1"]);
}
