//! Mail: nothing before it is wanted, nothing twice, nothing lost, and every word of the server kept.

use axum::http::{Method, header};
use laman::{
    jobs::{self, Stepped},
    model::{
        listing::From,
        queue::{Moderation, Shelf, Whose},
        settings::{CommentHold, Settings},
        wish::Notice,
    },
};

use crate::support::*;

/// A blog that holds nothing, with a mail server and a post.
async fn blog() -> (TestBlog, MailServer, MadePost) {
    let (blog, server) = (TestBlog::wish().hold(CommentHold::None).start().await, MailServer::start().await);
    blog.mails_by(&server).await;
    let post = blog.published_post("Garden").create().await;
    (blog, server, post)
}

/// Comments with these boxes ticked; gives the address that it was sent to.
async fn comment(reader: &Visitor, post: &MadePost, name: &str, text: &str, email: &str, boxes: &[&str]) -> Page {
    let form = reader.get(&post.path).await.form("#comment-form").set("name", name).set("text", text);
    let form = boxes.iter().fold(form.set("email", email), |form, wish| form.choose(&format!("mail-{wish}"), "yes"));
    let sent = form.press("Post comment", reader).await;
    assert_eq!(sent.status(), 303, "{}", sent.body());
    sent
}

/// Says yes by the link in a mail.
async fn confirm(blog: &TestBlog, mail: &Taken) {
    let somebody = blog.reader_from("192.0.2.9");
    let page = somebody.get(&mail.link("Yes, mail me")).await;
    let done = page.form("main form").submit(&somebody).await;
    assert!(done.text("[role=status]").starts_with("Done."), "{}", done.body());
}

async fn reply_to(blog: &TestBlog, reader: &Visitor, sent: &Page, text: &str) {
    let id = sent.location().rsplit('-').next().unwrap().to_owned();
    let form = reader.get(&format!("/comments/{id}/reply")).await.form("#comment-form");
    let answered = form.set("name", "Omar").set("text", text).press("Post comment", reader).await;
    assert_eq!(answered.status(), 303);
    blog.clock.advance(MINUTE);
}

#[tokio::test]
async fn replies_are_mailed_after_a_yes_and_until_a_no() {
    let (blog, server, post) = blog().await;
    let (siti, omar) = (blog.reader(), blog.reader_from("203.0.113.5"));
    let sent = comment(&siti, &post, "Siti", "A question", "Siti@mail.example", &["replies"]).await;
    blog.post_mail().await;
    let asked = server.only();
    assert_eq!((asked.from.as_str(), asked.to.as_str()), ("blog@blog.example", "siti@mail.example"));
    assert_eq!(asked.header("Subject").as_deref(), Some("Do you want mail from Laman Aminah?"));
    assert!(!asked.raw.contains("A question") && !asked.raw.contains("Siti"), "nothing that was typed");
    let never = asked.link("Never mail this address");
    assert_eq!(asked.header("List-Unsubscribe"), Some(format!("<http://blog.example{never}>")));
    assert_eq!(siti.get(&asked.link("Change or delete the comment")).await.text(".comment-text"), "A question");

    reply_to(&blog, &omar, &sent, "Before the yes").await;
    blog.post_mail().await;
    assert_eq!(server.taken().len(), 1, "nothing else is sent before it");

    let looked = siti.get(&asked.link("Yes, mail me")).await;
    assert_eq!((looked.status(), looked.header("cache-control")), (200, Some("no-store")));
    reply_to(&blog, &omar, &sent, "After looking alone").await;
    blog.post_mail().await;
    assert_eq!(server.taken().len(), 1, "looking is no yes");

    confirm(&blog, &asked).await;
    server.empty();
    reply_to(&blog, &omar, &sent, "An **answer** <b>with</b> https://evil.example/x").await;
    blog.post_mail().await;
    let mail = server.only();
    assert_eq!(mail.to, "siti@mail.example");
    assert!(mail.header("Subject").unwrap().contains("=?utf-8?b?"), "what is no ASCII is encoded");
    assert!(mail.text().contains("> An **answer** <b>with</b> https://evil.example/x"), "{}", mail.text());
    assert!(mail.html().contains("&#60;b&#62;with") && !mail.html().contains("href=\"https://evil"), "{}", mail.html());
    let there = siti.get(&mail.link("Read it there")).await;
    assert!(there.location().starts_with(&format!("{}#comment-", post.path)), "{}", there.location());
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(mail.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    let out = mail.link("No more such mail");
    assert_eq!(mail.header("List-Unsubscribe"), Some(format!("<http://blog.example{out}>")));
    let stored = blog.stored(&post).await;
    assert_eq!(mail.header("References"), mail.header("In-Reply-To"));
    assert!(mail.header("References").unwrap().starts_with("<post-") && stored.path.is_some());

    server.empty();
    let page = omar.get(&out).await;
    reply_to(&blog, &omar, &sent, "Looking ends nothing").await;
    blog.post_mail().await;
    assert_eq!(server.empty().len(), 1);
    let done = page.form("main form").press("No more mail about this post", &omar).await;
    assert_eq!(done.status(), 200);
    reply_to(&blog, &omar, &sent, "Nobody is told").await;
    blog.post_mail().await;
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn a_mail_program_ends_mails_by_one_request_in_whatever_form() {
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n",
        ),
    ] {
        let (blog, server, post) = blog().await;
        let (siti, omar) = (blog.reader(), blog.reader_from("203.0.113.5"));
        comment(&siti, &post, "Siti", "One", "siti@mail.example", &["thread"]).await;
        blog.post_mail().await;
        confirm(&blog, &server.only()).await;
        server.empty();
        comment(&omar, &post, "Omar", "Two", "", &[]).await;
        blog.post_mail().await;
        let out = server.empty().remove(0).link("No more such mail");
        // No cookie, no Origin: it is not a browser.
        let request = blog.reader().request(Method::POST, &out).header(header::CONTENT_TYPE, kind);
        assert_eq!(blog.reader().send(request.body(body.into()).unwrap()).await.status(), 200, "{kind}");
        comment(&omar, &post, "Omar", "Three", "", &[]).await;
        blog.post_mail().await;
        assert!(server.taken().is_empty(), "{kind}");
    }
}

#[tokio::test]
async fn a_confirmed_address_is_not_asked_again_and_nobody_is_told_of_their_own_comment() {
    let (blog, server, post) = blog().await;
    let other = blog.published_post("Kitchen").create().await;
    let (siti, omar) = (blog.reader(), blog.reader_from("203.0.113.5"));
    comment(&siti, &post, "Siti", "One", "siti@mail.example", &["thread", "replies"]).await;
    blog.post_mail().await;
    confirm(&blog, &server.only()).await;
    server.empty();
    comment(&siti, &other, "Siti", "Two", "siti@mail.example", &["thread"]).await;
    comment(&siti, &other, "Siti", "Three", "siti@mail.example", &["thread"]).await;
    blog.post_mail().await;
    assert!(
        server.empty().iter().all(|mail| mail.to == "siti@mail.example" && mail.text().contains("opens the comment"))
    );
    comment(&omar, &other, "Omar", "Four", "", &[]).await;
    blog.post_mail().await;
    assert_eq!(server.empty().len(), 1, "one mail, however often it was asked for");

    // All at once, and the address counts as unconfirmed again.
    comment(&omar, &other, "Omar", "Five", "", &[]).await;
    blog.post_mail().await;
    let page = siti.get(&server.empty().remove(0).link("No more such mail")).await;
    page.form("main form").press("No more mail from this blog", &siti).await;
    comment(&omar, &post, "Omar", "Six", "", &[]).await;
    blog.post_mail().await;
    assert!(server.taken().is_empty());
    blog.clock.advance(DAY);
    comment(&siti, &post, "Siti", "Seven", "siti@mail.example", &["thread"]).await;
    blog.post_mail().await;
    assert!(server.only().text().contains("Do you want that?"));
}

#[tokio::test]
async fn what_waits_sends_nothing_before_it_is_approved_and_spam_never() {
    let (blog, server, post) = blog().await;
    let siti = blog.reader();
    comment(&siti, &post, "Siti", "One", "siti@mail.example", &["thread"]).await;
    blog.post_mail().await;
    confirm(&blog, &server.only()).await;
    server.empty();
    blog.change_settings(|settings| settings.comment_hold = CommentHold::All).await;
    let omar = blog.reader_from("203.0.113.5");
    comment(&omar, &post, "Omar", "Held", "omar@mail.example", &["replies"]).await;
    let spam = blog.comment(&post, "Buy").spam().create().await;
    blog.post_mail().await;
    assert!(server.taken().is_empty());
    let editor = blog.editor().await;
    editor.get("/admin/comments").await.form(".acts > form.buttons").press("Approve", &editor).await;
    blog.post_mail().await;
    let mut to: Vec<_> = server.empty().into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["omar@mail.example", "siti@mail.example"]);
    // Approved and held and approved again is one event.
    blog.app.store.moderate(spam, Moderation::Approve, blog.now()).await.unwrap();
    blog.post_mail().await;
    assert_eq!(server.empty().len(), 1);
    for decision in [Moderation::Hold, Moderation::Approve] {
        blog.app.store.moderate(spam, decision, blog.now()).await.unwrap();
    }
    blog.post_mail().await;
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn a_mail_whose_comment_has_gone_meanwhile_is_not_sent() {
    let (blog, server, post) = blog().await;
    let siti = blog.reader();
    comment(&siti, &post, "Siti", "One", "siti@mail.example", &["thread"]).await;
    blog.post_mail().await;
    confirm(&blog, &server.only()).await;
    server.empty();
    let shown = blog.comment(&post, "Gone before it was told").create().await;
    blog.app.store.moderate(shown, Moderation::Spam, blog.now()).await.unwrap();
    let removed = blog.comment(&post, "Gone for good").create().await;
    blog.app.store.moderate(removed, Moderation::Delete, blog.now()).await.unwrap();
    blog.post_mail().await;
    assert!(server.taken().is_empty());
    let owner = blog.owner().await;
    assert_eq!(owner.get("/admin/mail").await.all(".state"), ["Not needed any more", "Not needed any more", "Sent"]);
}

#[tokio::test]
async fn an_author_is_told_whether_a_comment_is_published_where_they_asked() {
    let (blog, server, post) = blog().await;
    let siti = blog.reader();
    comment(&siti, &post, "Siti", "One", "siti@mail.example", &["verdict"]).await;
    blog.post_mail().await;
    confirm(&blog, &server.only()).await;
    server.empty();
    blog.change_settings(|settings| settings.comment_hold = CommentHold::All).await;
    comment(&siti, &post, "Siti", "Two", "siti@mail.example", &["verdict"]).await;
    comment(&siti, &post, "Siti", "Three", "siti@mail.example", &["verdict"]).await;
    comment(&siti, &post, "Siti", "Not asked", "siti@mail.example", &[]).await;
    let held = blog.app.store.queue(Shelf::Held, &Whose::All, "", From::Newest).await.unwrap().items;
    let of = |text: &str| held.iter().find(|one| one.comment.html.contains(text)).unwrap().comment.id;
    blog.app.store.moderate(of("Two"), Moderation::Approve, blog.now()).await.unwrap();
    blog.app.store.moderate(of("Three"), Moderation::Delete, blog.now()).await.unwrap();
    blog.app.store.moderate(of("Not asked"), Moderation::Delete, blog.now()).await.unwrap();
    blog.post_mail().await;
    let first_line = |mail: &Taken| mail.text().lines().next().unwrap().to_owned();
    let told: Vec<_> = server.taken().iter().map(first_line).filter(|line| line.starts_with("Your comment")).collect();
    assert_eq!(told, ["Your comment on “Garden” is published.", "Your comment on “Garden” was not published."]);
}

#[tokio::test]
async fn confirmations_are_few_for_an_address_and_for_a_network() {
    let (blog, server, post) = blog().await;
    // So many from one place would wait for a moderator first.
    blog.change_settings(|settings| (settings.policy.hold_at, settings.policy.spam_at) = (1000, 1000)).await;
    for number in 0..6 {
        let reader = blog.reader_from(&format!("10.0.{number}.1"));
        comment(&reader, &post, "Eve", &format!("Number {number}"), "victim@mail.example", &["thread"]).await;
    }
    blog.post_mail().await;
    assert_eq!(server.empty().len(), 3);
    let eve = blog.reader_from("203.0.113.5");
    for number in 0..14 {
        comment(&eve, &post, "Eve", &format!("More {number}"), &format!("v{number}@mail.example"), &["thread"]).await;
        blog.clock.advance(MINUTE);
    }
    blog.post_mail().await;
    assert_eq!(server.empty().len(), 10);
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_offered_nothing_is_queued_and_the_owner_is_told() {
    let (blog, server) = (TestBlog::wish().hold(CommentHold::None).start().await, MailServer::start().await);
    let post = blog.published_post("Garden").create().await;
    let reader = blog.reader();
    assert!(!reader.get(&post.path).await.has("#mail-replies"));
    let owner = blog.owner().await;
    assert!(owner.get("/admin/settings/mail").await.text("p.notice").contains("no mail is sent"));
    blog.app.store.set_notice(blog.owner, Notice::Once).await.unwrap();
    // Sent by hand, as if it had been offered.
    let post_id = post.id.to_string();
    let fields = [
        ("post", post_id.as_str()),
        ("name", "Siti"),
        ("text", "Hi"),
        ("email", "a@mail.example"),
        ("mail-thread", "yes"),
    ];
    assert_eq!(reader.post("/comments", &fields).await.status(), 303);
    blog.mails_by(&server).await;
    assert!(reader.get(&post.path).await.has("#mail-replies"), "the kept page is made anew");
    blog.post_mail().await;
    assert!(server.taken().is_empty());
    assert_eq!(owner.get("/admin/mail").await.text(".empty"), "No mail yet.");
}

#[tokio::test]
async fn a_box_without_an_address_comes_back_with_everything_typed() {
    let (blog, _server, post) = blog().await;
    let reader = blog.reader();
    let form = reader.get(&post.path).await.form("#comment-form").set("name", "Siti").set("text", "Hello");
    let back = form.choose("mail-thread", "yes").press("Post comment", &reader).await;
    assert_eq!((back.status(), back.text("#email-error").is_empty()), (422, false));
    assert_eq!(
        (back.form("#comment-form").value("text"), back.form("#comment-form").value("mail-thread")),
        ("Hello", "yes")
    );
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_ever_later_and_the_log_has_its_words() {
    let (blog, server, post) = blog().await;
    comment(&blog.reader(), &post, "Siti", "One", "siti@mail.example", &["thread"]).await;
    for wait in [1, 5, 30, 120, 360] {
        server.refuse("RCPT", "451 4.7.1 greylisted, come back");
        blog.post_mail().await;
        blog.clock.advance(wait * MINUTE - 1);
        blog.post_mail().await;
        assert!(server.taken().is_empty(), "not before {wait} minutes");
        blog.clock.advance(1);
    }
    server.refuse("RCPT", "451 4.7.1 greylisted, come back");
    blog.post_mail().await;
    blog.clock.advance(30 * DAY);
    blog.post_mail().await;
    assert!(server.taken().is_empty());
    let owner = blog.owner().await;
    let log = owner.get("/admin/mail").await;
    assert_eq!(log.text(".state"), "Given up");
    assert!(
        log.text("tbody th").contains("greylisted, come back")
            && log.text("tbody td:nth-of-type(1)").contains("6 tries")
    );
    let again = log.form(".actions form").press("Try again", &owner).await;
    assert_eq!(owner.follow(&again).await.text(".state"), "Waiting");
    blog.post_mail().await;
    assert_eq!(server.taken().len(), 1);
    assert!(owner.get("/admin/mail").await.text("tbody th").contains("taken as number 1"));
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up_at_once_but_a_wrong_password_is_not_its_fault() {
    let (blog, server, post) = blog().await;
    comment(&blog.reader(), &post, "Siti", "One", "siti@mail.example", &["thread"]).await;
    server.refuse("RCPT", "550 5.1.1 no such mailbox");
    blog.post_mail().await;
    let owner = blog.owner().await;
    assert_eq!(owner.get("/admin/mail").await.text(".state"), "Given up");
    assert_eq!(
        owner.get("/admin/settings/mail").await.text(".notice.alarm"),
        "1 mail could not be sent in the last seven days."
    );

    comment(&blog.reader(), &post, "Omar", "Two", "omar@mail.example", &["thread"]).await;
    server.refuse("MAIL", "530 5.7.0 sign in first");
    assert_eq!(jobs::step(&blog.app).await.unwrap(), Stepped::Done);
    assert_eq!(owner.get("/admin/mail").await.all(".state"), ["Waiting", "Given up"]);
}

#[tokio::test]
async fn what_a_crash_cut_short_is_sent_once_and_under_the_same_name() {
    let (blog, server, post) = blog().await;
    comment(&blog.reader(), &post, "Siti", "One", "siti@mail.example", &["thread"]).await;
    // Claimed, and then the program ends: nobody else takes it before its time.
    let claimed = blog.app.store.claim_mail(blog.now()).await.unwrap().unwrap();
    let blog = blog.moved_to("http://blog.example").await;
    blog.post_mail().await;
    assert!(server.taken().is_empty());
    blog.clock.advance(5 * MINUTE);
    blog.post_mail().await;
    blog.clock.advance(DAY);
    blog.post_mail().await;
    let name = server.empty().remove(0).header("Message-ID");
    assert_eq!(name, Some(format!("<mail-{}-{}@blog.example>", claimed.id, claimed.created_at.0)));

    // The server took it, and then the program ends before it could note so: what comes again bears the same name.
    let mut database = blog.database().await;
    sqlx::query("UPDATE mail SET state = 'sending', next_at = 0").execute(&mut database).await.unwrap();
    blog.post_mail().await;
    assert_eq!(server.only().header("Message-ID"), name);
}

#[tokio::test]
async fn an_editor_is_told_at_once_and_acts_by_a_link_once_without_signing_in() {
    let (blog, server) = (TestBlog::new().await, MailServer::start().await);
    blog.mails_by(&server).await;
    let post = blog.published_post("Garden").create().await;
    let editor = blog.editor().await;
    let you = editor.get("/admin/you").await.form("#notices").choose("notice", "once");
    assert_eq!(editor.follow(&you.submit(&editor).await).await.text("[role=status]"), "Settings saved.");
    comment(&blog.reader(), &post, "Siti", "A *first* one", "siti@mail.example", &[]).await;
    blog.comment(&post, "Buy").spam().create().await;
    blog.post_mail().await;
    let mail = server.only();
    assert_eq!(mail.to, EDITOR_EMAIL);
    for told in ["Siti wrote on “Garden”", "> A *first* one", "siti@mail.example", "The first from this name"] {
        assert!(mail.text().contains(told), "{told} in {}", mail.text());
    }
    let nobody = blog.reader_from("192.0.2.9");
    let page = nobody.get(&mail.link("Approve")).await;
    assert_eq!((page.text("h1"), page.text(".comment-text")), ("Approve this comment".into(), "A first one".into()));
    assert!(!blog.reader().get(&post.path).await.body().contains("A <em>first"), "looking does nothing");
    let done = page.form("main form").submit(&nobody).await;
    assert_eq!(done.text("[role=status]"), "Approved. Readers see it now.");
    assert!(blog.reader().get(&post.path).await.body().contains("A <em>first</em> one"));
    let again = nobody.post(&mail.link("Approve"), &[]).await;
    assert_eq!((again.status(), again.text("h1")), (404, "This link does nothing any more".into()));
    assert_eq!(nobody.get(&mail.link("Approve")).await.status(), 404);

    // Each does its own thing, to its own comment, for two weeks, as long as its holder is an editor.
    let mut database = blog.database().await;
    for (role, status) in [("author", 404), ("editor", 200)] {
        let change = sqlx::query("UPDATE user SET role = $1 WHERE email = $2").bind(role).bind(EDITOR_EMAIL);
        change.execute(&mut database).await.unwrap();
        assert_eq!(nobody.get(&mail.link("Spam")).await.status(), status);
    }
    blog.clock.advance(14 * DAY);
    assert_eq!(nobody.post(&mail.link("Delete"), &[]).await.status(), 404);
    assert_eq!(nobody.get(&format!("/comments/act/{}", "0".repeat(64))).await.status(), 404);
}

#[tokio::test]
async fn a_digest_comes_when_its_hour_is_over_and_only_with_what_still_waits() {
    let (blog, server) = (TestBlog::new().await, MailServer::start().await);
    blog.mails_by(&server).await;
    let post = blog.published_post("Garden").create().await;
    blog.app.store.set_notice(blog.owner, Notice::Hourly).await.unwrap();
    blog.comment(&post, "First waiting").held().create().await;
    blog.comment(&post, "Second waiting").held().create().await;
    let dealt_with = blog.comment(&post, "Dealt with").held().create().await;
    blog.app.store.moderate(dealt_with, Moderation::Approve, blog.now()).await.unwrap();
    blog.clock.advance(29 * MINUTE);
    blog.post_mail().await;
    assert!(server.taken().is_empty(), "it is 08:59");
    blog.clock.advance(MINUTE);
    blog.post_mail().await;
    let mail = server.only();
    assert_eq!(mail.header("Subject").as_deref(), Some("2 comments wait"));
    assert!(mail.text().contains("First waiting") && mail.text().contains("Second waiting"));
    assert!(!mail.text().contains("Dealt with"));
    server.empty();
    blog.clock.advance(DAY);
    blog.post_mail().await;
    assert!(server.taken().is_empty(), "an hour without comments brings no mail");
}

#[tokio::test]
async fn the_owner_sets_the_server_and_a_try_tells_each_step() {
    let blog = TestBlog::new().await;
    let server = MailServer::with_sign_in("blog", "hidden words").await;
    let owner = blog.owner().await;
    let port = server.port.to_string();
    let form = owner.get("/admin/settings/mail").await.form("form.settings");
    let form = form.set("host", "127.0.0.1").set("port", &port).choose("security", "none");
    let form = form.set("sender", "blog@blog.example").set("user", "blog").set("password", "wrong words");
    let page = form.press("Save and send me a test", &owner).await;
    assert_eq!(page.all(".mail-steps li").len(), 2);
    assert!(page.all(".mail-steps li")[1].contains("Not signed in") && page.all(".mail-steps li")[1].contains("535"));
    assert!(page.text(".mail-steps li:last-child").contains("Check the user name and the password"));
    assert!(!page.body().contains("wrong words"));

    let form = page.form("form.settings").set("password", "hidden words");
    let page = form.press("Save and send me a test", &owner).await;
    assert_eq!(page.all(".mail-steps li").len(), 3, "{}", page.body());
    assert!(page.text("[role=status]").contains(OWNER_EMAIL));
    assert_eq!((server.only().to.as_str(), server.sign_ins()), (OWNER_EMAIL, 2));
    // An empty password field keeps the one that is there; another server does not get it; nobody is shown it.
    assert_eq!(page.attribute("#password", "placeholder"), "kept");
    assert!(!page.body().contains("hidden words"));
    let saved = page.form("form.settings").set("sender", "other@blog.example").press("Save", &owner).await;
    assert_eq!(saved.status(), 303);
    assert_eq!(blog.app.store.smtp().await.unwrap().unwrap().password, "hidden words");
    let page = owner.get("/admin/settings/mail").await;
    let elsewhere = page.form("form.settings").set("host", "evil.example").press("Save", &owner).await;
    assert_eq!((elsewhere.status(), elsewhere.text("#password-error").is_empty()), (422, false));

    // Without a user name there is no password, and the one that was kept is forgotten.
    let nameless =
        page.form("form.settings").set("user", "").set("password", "typed in vain").press("Save", &owner).await;
    assert_eq!(nameless.status(), 303);
    assert_eq!(blog.app.store.smtp().await.unwrap().unwrap().password, "");

    let off = page.form("details form").submit(&owner).await;
    assert!(owner.follow(&off).await.text("[role=status]").contains("off"));
    assert!(blog.app.store.smtp().await.unwrap().is_none());
}

#[tokio::test]
async fn a_try_says_what_is_wrong_with_the_connection() {
    let blog = TestBlog::new().await;
    let (server, owner) = (MailServer::start().await, blog.owner().await);
    let nobody_listens = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    for (port, security, told) in [
        (nobody_listens, "none", "Not connected"),
        (nobody_listens, "tls", "Not connected"),
        (server.port, "tls", "Not encrypted"),
        (server.port, "starttls", "Not encrypted"),
    ] {
        let form = owner.get("/admin/settings/mail").await.form("form.settings").set("host", "127.0.0.1");
        let form = form.set("port", &port.to_string()).set("sender", "blog@blog.example");
        let form = if security == "tls" { form } else { form.choose("security", security) };
        let page = form.press("Save and send me a test", &owner).await;
        assert!(page.text(".mail-steps li:last-child").starts_with(told), "{security}: {}", page.body());
        blog.app.store.save_smtp(None, blog.now()).await.unwrap();
    }
    for (field, bad) in [("host", "two words"), ("host", ""), ("port", "0"), ("port", "x"), ("sender", "nobody")] {
        let form = owner.get("/admin/settings/mail").await.form("form.settings");
        let form = form.set("host", "127.0.0.1").set("sender", "blog@blog.example").set(field, bad);
        let page = form.press("Save", &owner).await;
        assert_eq!((page.status(), page.has(&format!("#{field}-error"))), (422, true), "{field} {bad}");
    }
}

/// Fills in a server on this machine, and tries it.
async fn try_server(blog: &TestBlog, server: &MailServer, security: &str) -> Page {
    let owner = blog.owner().await;
    let form = owner.get("/admin/settings/mail").await.form("form.settings").set("host", "127.0.0.1");
    let form = form.set("port", &server.port.to_string()).set("sender", "blog@blog.example");
    let form = if security == "tls" { form } else { form.choose("security", security) };
    form.press("Save and send me a test", &owner).await
}

#[tokio::test]
async fn mail_goes_encrypted_to_a_server_whose_certificate_is_by_an_authority_that_is_named() {
    let authority = Authority::new();
    let blog = TestBlog::wish().mail_ca(&authority.pem).start().await;
    for (tls, security) in [(Tls::FirstByte, "tls"), (Tls::WhenAsked, "starttls")] {
        let server = MailServer::with_tls(tls, &authority, "127.0.0.1").await;
        let page = try_server(&blog, &server, security).await;
        let steps = page.all(".mail-steps li");
        assert!(steps.len() == 3 && steps[1] == "Encrypted" && steps[2].starts_with("Taken"), "{security}: {steps:?}");
        assert_eq!(server.only().to, OWNER_EMAIL);
        let clear = server.in_clear();
        assert!(clear.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS"), "{clear:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_or_of_another_name_is_refused_and_nothing_sent() {
    let authority = Authority::new();
    let believing = TestBlog::wish().mail_ca(&authority.pem).start().await;
    let doubting = TestBlog::wish().mail_ca(&Authority::new().pem).start().await;
    let plain = TestBlog::new().await;
    for (tls, security) in [(Tls::FirstByte, "tls"), (Tls::WhenAsked, "starttls")] {
        for (blog, name, told) in [
            (&plain, "127.0.0.1", "smtp-ca-file"),
            (&doubting, "127.0.0.1", "smtp-ca-file"),
            (&believing, "other.example", "its certificate is for another name"),
        ] {
            let server = MailServer::with_tls(tls, &authority, name).await;
            let page = try_server(blog, &server, security).await;
            let last = page.text(".mail-steps li:last-child");
            assert!(last.starts_with("Not encrypted") && last.contains(told), "{security}, {name}: {last}");
            let clear = server.in_clear();
            assert!(clear.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS"), "{clear:?}");
            assert!(server.taken().is_empty());
        }
    }
}

#[tokio::test]
async fn where_starttls_is_taken_out_of_the_servers_words_nothing_is_sent_in_clear() {
    let blog = TestBlog::new().await;
    let server = MailServer::with_sign_in("blog", "hidden words").await;
    let owner = blog.owner().await;
    let form = owner.get("/admin/settings/mail").await.form("form.settings").set("host", "127.0.0.1");
    let form = form.set("port", &server.port.to_string()).set("sender", "blog@blog.example");
    let form = form.choose("security", "starttls").set("user", "blog").set("password", "hidden words");
    let page = form.press("Save and send me a test", &owner).await;
    assert!(page.text(".mail-steps li:last-child").starts_with("Not encrypted"), "{}", page.body());
    assert!(server.in_clear().iter().all(|line| line.starts_with("EHLO") || line == "QUIT"), "{:?}", server.in_clear());
    assert_eq!((server.taken().len(), server.sign_ins()), (0, 0));
}

#[tokio::test]
async fn the_link_to_a_comment_is_mailed_when_it_is_published_and_opens_it_on_another_device() {
    let (blog, server, post) = blog().await;
    comment(&blog.reader(), &post, "Siti", "Planted by night", "siti@mail.example", &[]).await;
    blog.post_mail().await;
    let mail = server.only();
    assert_eq!(mail.to, "siti@mail.example");
    assert!(!mail.raw.contains("Planted") && !mail.raw.contains("Siti"), "nothing that was typed");
    let elsewhere = blog.reader_from("203.0.113.5");
    let link = mail.link("Change or delete the comment");
    let page = elsewhere.get(&link).await;
    assert_eq!((page.status(), page.header("cache-control")), (200, Some("no-store")));
    let changed = page.form(".comment-form").set("text", "Planted by day").press("Save changes", &elsewhere).await;
    assert_eq!(elsewhere.follow(&changed).await.text(".comment-text"), "Planted by day");
    // It does nothing else, and ends with the comment.
    assert_eq!(elsewhere.get(&link.replace("/yours/", "/act/")).await.status(), 404);
    assert_eq!(elsewhere.post(&link, &[("action", "delete")]).await.status(), 303);
    assert!(!elsewhere.get(&post.path).await.body().contains("Planted"));
    assert_eq!(elsewhere.get(&link).await.status(), 404);
}

#[tokio::test]
async fn of_a_comment_that_waits_only_a_confirmed_address_hears_and_of_spam_nobody() {
    let (blog, server, post) = blog().await;
    let siti = blog.reader();
    comment(&siti, &post, "Siti", "One", "siti@mail.example", &["verdict"]).await;
    blog.post_mail().await;
    confirm(&blog, &server.empty()[0]).await;
    let change = |settings: &mut Settings| {
        settings.comment_hold = CommentHold::All;
        settings.policy.spam_list = "casino".to_owned();
    };
    blog.change_settings(change).await;
    comment(&siti, &post, "Siti", "Waits", "siti@mail.example", &[]).await;
    comment(&siti, &post, "Siti", "Casino", "siti@mail.example", &[]).await;
    let omar = blog.reader_from("203.0.113.5");
    comment(&omar, &post, "Omar", "Waits too", "omar@mail.example", &[]).await;
    blog.post_mail().await;
    let link = server.only().link("Change or delete the comment");
    assert_eq!(siti.get(&link).await.text(".comment-text"), "Waits");
}

#[tokio::test]
async fn an_address_whose_holder_wants_no_mail_gets_none_whoever_types_it() {
    let (blog, server, post) = blog().await;
    let eve = blog.reader_from("203.0.113.5");
    let type_it = async |text: &str, boxes: &[&str]| {
        comment(&eve, &post, "Eve", text, "siti@mail.example", boxes).await;
        blog.post_mail().await;
        blog.clock.advance(MINUTE);
        server.empty()
    };
    let never = type_it("One", &[]).await[0].link("Never mail this address");
    let siti = blog.reader();
    let page = siti.get(&never).await;
    assert_eq!((page.status(), page.text("h1")), (200, "Never mail this address".into()));
    assert_eq!(type_it("Two", &["thread"]).await.len(), 1, "looking ends nothing");
    // As a mail program does it.
    assert_eq!(siti.post(&never, &[("List-Unsubscribe", "One-Click")]).await.status(), 200);
    blog.clock.advance(2 * DAY);
    assert!(type_it("Three", &[]).await.is_empty() && type_it("Four", &["thread"]).await.is_empty());
    let ask = eve.get("/comments/yours").await.form("main form").set("email", "siti@mail.example");
    assert_eq!(ask.submit(&eve).await.status(), 200);
    assert!(type_it("Five", &["verdict"]).await.is_empty());
    let mut database = blog.database().await;
    let kept: String = sqlx::query_scalar("SELECT email_hash FROM unwanted").fetch_one(&mut database).await.unwrap();
    assert!(kept.len() == 64 && !kept.contains("siti"));

    let done = page.form("main form").press("Allow mail again", &siti).await;
    assert!(done.text("[role=status]").contains("again"));
    assert_eq!(type_it("Six", &[]).await.len(), 1);
}

#[tokio::test]
async fn of_a_storm_the_owner_is_told_once_and_nobody_of_each_comment() {
    let (blog, server, post) = blog().await;
    let calm = |settings: &mut Settings| {
        (settings.policy.hold_at, settings.policy.spam_at) = (1000, 1000);
        settings.policy.storm_at = 3;
    };
    blog.change_settings(calm).await;
    let editor = blog.editor().await;
    editor.get("/admin/you").await.form("#notices").choose("notice", "once").submit(&editor).await;
    let arrive = async |numbers: std::ops::Range<u8>| {
        for number in numbers {
            let reader = blog.reader_from(&format!("10.0.{number}.1"));
            comment(&reader, &post, &format!("Reader {number}"), &format!("Number {number}"), "", &[]).await;
        }
        blog.post_mail().await;
        let mut told: Vec<_> = server.empty().into_iter().map(|mail| (mail.to.clone(), mail.text())).collect();
        told.sort();
        told
    };
    let quiet = arrive(0..3).await;
    assert!(quiet.len() == 3 && quiet.iter().all(|(to, _)| to == EDITOR_EMAIL), "each, while it is quiet: {quiet:?}");
    let told = arrive(3..9).await;
    let to: Vec<&str> = told.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, [OWNER_EMAIL, EDITOR_EMAIL]);
    assert!(told[0].1.contains("6 comments wait") && told[0].1.contains("/admin/comments"), "{}", told[0].1);
    assert!(!told[0].1.contains("Number"));
    // It goes on, and nobody is told again.
    for ten in 1..6 {
        blog.clock.advance(9 * MINUTE);
        assert!(arrive(ten * 10..ten * 10 + 6).await.iter().all(|(_, text)| !text.contains("faster")), "{ten}");
    }
    // Another day, another storm.
    blog.clock.advance(DAY);
    let told = arrive(100..109).await;
    assert_eq!(told.iter().filter(|(_, text)| text.contains("faster than usual")).count(), 2, "{told:?}");
}

#[tokio::test]
async fn a_person_is_shown_everything_under_an_address_and_erases_it() {
    let (blog, server, post) = blog().await;
    let siti = blog.reader();
    comment(&siti, &post, "Siti", "Mine alone", "siti@mail.example", &["thread", "verdict"]).await;
    let answered = comment(&siti, &post, "Siti", "Mine, answered", "siti@mail.example", &[]).await;
    reply_to(&blog, &blog.reader_from("203.0.113.5"), &answered, "An answer").await;
    blog.comment(&post, "Mine, waiting").by("Siti").email("siti@mail.example").held().create().await;
    blog.post_mail().await;
    confirm(&blog, &server.empty()[0]).await;

    let ask = async |email: &str| {
        let form = siti.get("/comments/yours").await.form("main form").set("email", email);
        let answer = form.submit(&siti).await;
        (answer.status(), answer.text("[role=status]").replace(email, "ADDRESS"))
    };
    let known = ask("siti@mail.example").await;
    assert_eq!((known.0, &known), (200, &ask("nobody@mail.example").await));
    ask("siti@mail.example").await;
    blog.post_mail().await;
    let link = server.only().link("See what is stored");
    let page = siti.get(&link).await;
    assert!(page.body().contains("3 comments"), "{}", page.body());
    let data = siti.get(&page.attribute("a[download]", "href")).await;
    assert_eq!(data.header("cache-control"), Some("no-store"));
    let data: serde_json::Value = serde_json::from_str(data.body()).unwrap();
    assert_eq!(data["address"], "siti@mail.example");
    assert_eq!(data["comments"][0]["text"], "Mine alone");
    assert_eq!((data["comments"].as_array().unwrap().len(), data["wishes"].as_array().unwrap().len()), (3, 2));
    assert!(siti.get(&post.path).await.body().contains("Mine alone"), "looking erases nothing");

    let done = page.form("main form").submit(&siti).await;
    assert!(done.text("[role=status]").starts_with("Erased."));
    let thread = siti.get(&post.path).await;
    assert!(!thread.body().contains("Mine") && thread.body().contains("An answer"));
    assert_eq!(thread.all(".tombstone").len(), 1);
    assert_eq!(siti.get(&link).await.status(), 404);
    let mut database = blog.database().await;
    for table in ["comment WHERE email", "subscription WHERE email", "address WHERE email", "mail WHERE recipient"] {
        let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table} = 'siti@mail.example'"));
        let left: i64 = sqlx::query_scalar(count).fetch_one(&mut database).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
    server.empty();
    blog.comment(&post, "Later").create().await;
    blog.post_mail().await;
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn the_program_sends_a_mail_as_soon_as_what_causes_it_is_on_disk() {
    let (blog, server, post) = blog().await;
    let running = tokio::spawn(jobs::run(blog.app.clone()));
    // Each of them finds the loop at rest, whose next look by itself would be half an hour away.
    for (number, name) in ["Siti", "Omar", "Mei"].into_iter().enumerate() {
        let email = format!("{name}@mail.example");
        comment(&blog.reader(), &post, name, &format!("Number {number}"), &email, &["thread"]).await;
        server.next().await;
    }
    assert_eq!(server.taken().len(), 3);
    running.abort();
}
