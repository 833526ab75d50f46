//! The outside service: what it is shown, what its answers do, and that nothing depends on it.

use laman::model::{queue::Moderation, settings::CommentHold};

use crate::support::*;

async fn asking_blog() -> (TestBlog, AskedService, MadePost) {
    let authority = Authority::new();
    let service = AskedService::start(&authority).await;
    let blog = TestBlog::wish().hold(CommentHold::None).mail_ca(&authority.pem).start().await;
    blog.asks(&service).await;
    let post = blog.published_post("Post").create().await;
    (blog, service, post)
}

async fn say(blog: &TestBlog, post: &MadePost, name: &str, text: &str) -> (Visitor, Page) {
    let reader = blog.reader_from("203.0.113.77");
    let form = reader.get(&post.path).await.form("#comment-form");
    let form = form.set("name", name).set("email", "siti@mail.example").set("text", text);
    let answer = form.press("Post comment", &reader).await;
    assert_eq!(answer.status(), 303, "{}", answer.body());
    (reader, answer)
}

async fn thread(blog: &TestBlog, post: &MadePost) -> Vec<String> {
    blog.reader().get(&post.path).await.all(".thread .comment-text")
}

/// Texts and reasons of what lies there.
async fn shelf(blog: &TestBlog, state: &str) -> (Vec<String>, Vec<String>) {
    let page = blog.editor().await.get(&format!("/admin/comments?state={state}")).await;
    (page.all(".moderated .comment-text"), page.all(".reasons li"))
}

#[tokio::test]
async fn a_comment_waits_for_the_answer_and_is_then_what_it_would_have_been_without() {
    let (blog, service, post) = asking_blog().await;
    let (reader, answer) = say(&blog, &post, "Siti", "Is the *durian* ripe?").await;
    assert!(answer.location().starts_with("/comments/yours/") && service.asked().is_empty(), "nobody waits for it");
    assert!(reader.follow(&answer).await.text("p.notice").contains("waits"));
    assert!(thread(&blog, &post).await.is_empty());
    assert_eq!(shelf(&blog, "held").await.1, ["Waits until the outside service has been asked."]);

    blog.ask_outside().await;
    assert_eq!(thread(&blog, &post).await, ["Is the durian ripe?"]);
    assert_eq!(shelf(&blog, "approved").await.1, ["The outside service sees no spam in it."]);
    let asked = service.asked();
    assert_eq!((asked.len(), asked[0].path.as_str()), (1, "/1.1/comment-check"));
    for (field, value) in [
        ("api_key", AskedService::KEY),
        ("blog", "http://blog.example"),
        ("user_ip", "203.0.113.77"),
        ("permalink", &format!("http://blog.example{}", post.path)),
        ("comment_type", "comment"),
        ("comment_author", "Siti"),
        ("comment_author_email", "siti@mail.example"),
        ("comment_author_url", ""),
        ("comment_content", "Is the *durian* ripe?"),
        ("comment_date_gmt", START),
    ] {
        assert_eq!(asked[0].fields[field], value, "{field}");
    }
    // Nothing is learned from it: nobody clicked.
    assert_eq!(blog.app.store.learned().await.unwrap(), laman::store::Learned::default());
    blog.ask_outside().await;
    assert!(service.asked().is_empty(), "it is asked once");

    // What would have waited for a moderator does.
    blog.change_settings(|settings| settings.comment_hold = CommentHold::All).await;
    say(&blog, &post, "Omar", "Not yet.").await;
    blog.ask_outside().await;
    assert_eq!(shelf(&blog, "held").await.1, ["Every comment waits.", "The outside service sees no spam in it."]);
}

#[tokio::test]
async fn what_it_calls_spam_gets_points_and_what_it_would_discard_is_spam_whatever_speaks_for_it() {
    let (blog, service, post) = asking_blog().await;
    service.answer("true");
    say(&blog, &post, "Eve", "Cheap watches").await;
    blog.ask_outside().await;
    assert_eq!(shelf(&blog, "spam").await.1, ["+5.0 the outside service calls it spam"]);
    assert!(thread(&blog, &post).await.is_empty());

    blog.comment(&post, "Earlier").by("Siti").email("siti@mail.example").create().await;
    say(&blog, &post, "Siti", "Also cheap").await;
    blog.ask_outside().await;
    let (held, reasons) = shelf(&blog, "held").await;
    assert_eq!(held, ["Also cheap"]);
    assert_eq!(reasons, ["\u{2212}3.0 approved once before", "+5.0 the outside service calls it spam"]);

    service.answer_whole("HTTP/1.1 200 OK\r\nX-Akismet-Pro-Tip: discard\r\nContent-Length: 4\r\n\r\ntrue");
    say(&blog, &post, "Siti", "Cheaper still").await;
    blog.ask_outside().await;
    assert!(shelf(&blog, "spam").await.0.contains(&"Cheaper still".to_owned()));

    // Other words are other words, and what is spam already is shown to nobody.
    service.asked();
    blog.change_settings(|settings| settings.policy.spam_list = "rolex".to_owned()).await;
    say(&blog, &post, "Eve", "A rolex").await;
    blog.ask_outside().await;
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_asked_three_times_more_and_then_the_comment_waits_for_a_moderator() {
    let (blog, service, post) = asking_blog().await;
    let mails = MailServer::start().await;
    blog.mails_by(&mails).await;
    let owner = blog.owner().await;
    owner.get("/admin/you").await.form("#notices").choose("notice", "once").submit(&owner).await;
    service.answer("invalid");
    say(&blog, &post, "Siti", "Is it ripe?").await;
    blog.post_mail().await;
    let subjects = || mails.empty().iter().filter_map(|mail| mail.header("Subject")).collect::<Vec<_>>();
    assert!(!subjects().iter().any(|subject| subject.contains("waits")), "there may be an answer soon");
    for wait in [0, MINUTE, 10 * MINUTE, HOUR, DAY] {
        blog.clock.advance(wait - 1);
        blog.ask_outside().await;
        assert!(service.asked().is_empty(), "too early");
        blog.clock.advance(1);
        blog.ask_outside().await;
        assert_eq!(service.asked().len(), usize::from(wait < DAY), "{wait}");
        assert!(thread(&blog, &post).await.is_empty());
    }
    blog.post_mail().await;
    assert_eq!(subjects().iter().filter(|subject| subject.contains("waits")).count(), 1);
    let said = "The outside service gave no answer. What it said stands under Settings, Outside check.";
    assert_eq!(shelf(&blog, "held").await.1, [said]);
    let page = blog.owner().await.get("/admin/settings/outside").await;
    assert!(page.text(".outside-said").contains("200 invalid"), "{}", page.body());
}

#[tokio::test]
async fn neither_a_service_that_is_down_nor_one_that_somebody_else_plays_decides_anything() {
    let (blog, service, post) = asking_blog().await;
    let impostor = AskedService::start(&Authority::new()).await;
    for (answer, said) in [
        ("", "connection"),
        ("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 5\r\n\r\nfalse", "302 false"),
        ("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\ntrue", "500 true"),
        (
            "HTTP/1.1 200 OK\r\nX-Akismet-Debug-Help: no such key: hidden1word\r\nContent-Length: 0\r\n\r\n",
            "no such key: …",
        ),
    ] {
        service.answer_whole(answer);
        say(&blog, &post, "Siti", said).await;
        blog.ask_outside().await;
        let last = blog.app.store.outside_said().await.unwrap().unwrap().words;
        assert!(last.contains(said) && !last.contains(AskedService::KEY), "{last}");
    }
    let long = "false".repeat(1000);
    service.answer(&long);
    say(&blog, &post, "Siti", "Long").await;
    blog.ask_outside().await;
    blog.asks(&impostor).await;
    say(&blog, &post, "Siti", "Impostor").await;
    blog.ask_outside().await;
    let last = blog.app.store.outside_said().await.unwrap().unwrap().words;
    assert!(last.contains("certificate") && impostor.asked().is_empty(), "{last}");
    assert!(thread(&blog, &post).await.is_empty() && shelf(&blog, "held").await.0.len() == 6);
}

#[tokio::test]
async fn an_answer_that_comes_after_a_moderator_decided_or_to_other_words_is_none() {
    let (blog, service, post) = asking_blog().await;
    service.answer("true");
    say(&blog, &post, "Siti", "Decided").await;
    let due = blog.app.store.claim_check(blog.now()).await.unwrap().unwrap();
    blog.app.store.moderate(due.comment_id, Moderation::Approve, blog.now()).await.unwrap();
    blog.app.store.moderate(due.comment_id, Moderation::Hold, blog.now()).await.unwrap();
    let spam = (laman::model::comment::CommentState::Spam, "outside:50:");
    blog.app.store.settle_check(&due, spam, None, blog.now()).await.unwrap();
    let (held, reasons) = shelf(&blog, "held").await;
    assert_eq!((held, reasons), (vec!["Decided".to_owned()], Vec::new()));

    let (reader, answer) = say(&blog, &post, "Siti", "First words").await;
    let due = blog.app.store.claim_check(blog.now()).await.unwrap().unwrap();
    let form = reader.get(answer.location()).await.form("form.comment-form").set("text", "Other words");
    assert_eq!(form.press("Save changes", &reader).await.status(), 303);
    let ham = (laman::model::comment::CommentState::Approved, "");
    blog.app.store.settle_check(&due, ham, None, blog.now()).await.unwrap();
    assert!(thread(&blog, &post).await.is_empty());
    service.answer("false");
    blog.ask_outside().await;
    assert_eq!(service.asked()[0].fields["comment_content"], "Other words");
    assert!(shelf(&blog, "held").await.0.contains(&"Other words".to_owned()), "what waited goes on waiting");
}

#[tokio::test]
async fn what_is_changed_after_it_was_published_is_asked_about_again() {
    let (blog, service, post) = asking_blog().await;
    let (reader, answer) = say(&blog, &post, "Siti", "Honest").await;
    blog.ask_outside().await;
    let form = reader.get(answer.location()).await.form("form.comment-form").set("text", "Dishonest");
    assert_eq!(form.press("Save changes", &reader).await.status(), 303);
    assert!(thread(&blog, &post).await.is_empty());
    service.answer("true");
    blog.ask_outside().await;
    assert_eq!(shelf(&blog, "spam").await.0, ["Dishonest"]);
}

#[tokio::test]
async fn where_a_comment_came_from_is_in_no_database_and_gone_with_the_program() {
    let (blog, service, post) = asking_blog().await;
    say(&blog, &post, "Siti", "Hello").await;
    blog.app.store.optimize().await.unwrap();
    for file in std::fs::read_dir(blog.folder()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(12).any(|part| part == b"203.0.113.77"));
    }
    let uuid = blog.app.store.claim_check(blog.now()).await.unwrap().unwrap().uuid;
    assert!(blog.app.sender_of(&uuid).is_some());
    blog.clock.advance(MINUTE);
    blog.ask_outside().await;
    assert!(blog.app.sender_of(&uuid).is_none());
    assert_eq!(service.asked()[0].fields["user_ip"], "203.0.113.77");
}

#[tokio::test]
async fn the_owner_names_the_service_its_key_is_never_shown_and_forms_tell_of_it() {
    let authority = Authority::new();
    let service = AskedService::start(&authority).await;
    let blog = TestBlog::wish().hold(CommentHold::None).mail_ca(&authority.pem).start().await;
    let post = blog.published_post("Post").create().await;
    let form_says = async || blog.reader().get(&post.path).await.body().contains("An outside service checks comments");
    assert!(!form_says().await);
    let owner = blog.owner().await;
    let page = async || owner.get("/admin/settings/outside").await;
    let form = page().await.form("form.settings");
    assert_eq!(form.value("address"), "https://rest.akismet.com/1.1");
    for (address, key, field) in
        [("http://127.0.0.1/", "k", "address"), ("https://a.example/", "", "key"), ("https://a.example", "a b", "key")]
    {
        let form = page().await.form("form.settings").set("address", address).set("key", key);
        let refused = form.press("Save and check the key", &owner).await;
        assert_eq!((refused.status(), refused.has(&format!("#{field}-error"))), (422, true), "{address} {key}");
        assert_eq!(refused.form("form.settings").value("address"), address);
        assert_eq!(refused.form("form.settings").value("key"), "");
    }
    service.answer("valid");
    let named = service.service();
    let form = form.set("address", &named.address).set("key", &named.key);
    assert_eq!(form.press("Save and check the key", &owner).await.location(), "/admin/settings/outside?done=saved");
    assert_eq!((service.asked()[0].path.as_str(), form_says().await), ("/1.1/verify-key", true));
    let kept = page().await;
    assert!(kept.text(".outside-said").ends_with("200 valid") && !kept.body().contains(AskedService::KEY));
    // An empty field keeps the key, but no other service gets it.
    kept.form("form.settings").press("Save and check the key", &owner).await;
    assert_eq!(blog.app.store.outside_service().await.unwrap(), Some(named));
    let elsewhere = page().await.form("form.settings").set("address", "https://127.0.0.1:1/");
    assert_eq!(elsewhere.press("Save and check the key", &owner).await.status(), 422);

    // A session that ended carries the address through the door, and no key.
    let typed = page().await.form("form.settings").set("address", "https://typed.example").set("key", "typed1key");
    owner.get("/admin/posts").await.form("header form").submit(&owner).await;
    let door = typed.press("Save and check the key", &owner).await;
    assert!(door.status() == 401 && !door.body().contains("typed1key"));
    let back = door.form("main form").set("email", OWNER_EMAIL).set("password", PASSWORD).submit(&owner).await;
    assert_eq!(back.form("form.settings").value("address"), "https://typed.example");

    // Turned off, what waits is judged without it.
    say(&blog, &post, "Siti", "Still waiting").await;
    let off = page().await.form("details form").press("Ask no longer", &owner).await;
    assert_eq!(off.location(), "/admin/settings/outside?done=off");
    assert!(!form_says().await);
    service.asked();
    blog.ask_outside().await;
    assert_eq!((thread(&blog, &post).await, service.asked().len()), (vec!["Still waiting".to_owned()], 0));
}

#[tokio::test]
async fn a_browser_that_worked_for_a_comment_lowers_its_points_where_the_owner_wants_it() {
    let blog = TestBlog::wish().hold(CommentHold::None).start().await;
    let post = blog.published_post("Post").create().await;
    let text = "Terima kasih,\nsaya faham.";
    let hour = blog.now().0 / HOUR;
    let work = (0..).map(|number: u32| format!("{hour}:{number}"));
    let work =
        work.into_iter().find(|work| laman::rules::judge::work::is_done(work, post.id, text, blog.now())).unwrap();
    let reader = blog.reader();
    let send = async |name: &str, text: &str| {
        let page = reader.get(&post.path).await;
        let id = page.form("#comment-form").value("post").to_owned();
        let fields = [("post", id.as_str()), ("name", name), ("text", text), ("work", &work)];
        assert_eq!(reader.post("/comments", &fields).await.status(), 303);
        page.attributes("#comment-form", "data-work")
    };
    assert!(send("A", text).await.is_empty() && shelf(&blog, "approved").await.1.is_empty());
    let owner = blog.owner().await;
    let form = owner.get("/admin/settings/comments").await.form("form.settings").choose("wants-work", "yes");
    assert_eq!(form.press("Save", &owner).await.status(), 303);
    assert_eq!(send("B", "Other words").await, ["18"]);
    assert!(shelf(&blog, "approved").await.1.is_empty(), "it is for one text");
    send("C", text).await;
    assert_eq!(shelf(&blog, "approved").await.1, ["\u{2212}1.0 the browser worked for it"]);
}

#[tokio::test]
async fn the_service_is_told_what_moderators_decide_against_it_and_nothing_else() {
    let (blog, service, post) = asking_blog().await;
    let moderate = async |id, decision| blog.app.store.moderate(id, decision, blog.now()).await.unwrap();
    let say_and_ask = async |text: &str, answer: &str| {
        service.answer(answer);
        say(&blog, &post, "Siti", text).await;
        let due = blog.app.store.claim_check(blog.now()).await.unwrap().unwrap();
        blog.clock.advance(MINUTE);
        blog.ask_outside().await;
        service.asked();
        due.comment_id
    };
    let told = async || {
        service.answer("Thanks for making the web a better place.");
        blog.ask_outside().await;
        let told = service.asked().into_iter();
        told.map(|told| (told.path, told.fields["comment_content"].clone())).collect::<Vec<_>>()
    };
    let (ham, spam) = ("/1.1/submit-ham".to_owned(), "/1.1/submit-spam".to_owned());
    let wanted = say_and_ask("Wanted", "true").await;
    let unwanted = say_and_ask("Unwanted", "false").await;
    assert!(told().await.is_empty(), "nobody has decided anything");

    moderate(wanted, Moderation::Approve).await;
    assert_eq!(told().await, [(ham.clone(), "Wanted".to_owned())]);
    moderate(unwanted, Moderation::Spam).await;
    assert_eq!(told().await, [(spam.clone(), "Unwanted".to_owned())]);
    let said = blog.app.store.outside_said().await.unwrap().unwrap().words;
    assert!(said.contains("better place"), "{said}");

    // What is taken back before it is told is not told.
    moderate(unwanted, Moderation::Approve).await;
    moderate(unwanted, Moderation::Hold).await;
    assert!(told().await.is_empty());
    // What it does not take is told again, and in the end no more.
    moderate(unwanted, Moderation::Spam).await;
    service.answer_whole("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
    for _ in 0..6 {
        blog.ask_outside().await;
        blog.clock.advance(HOUR);
    }
    assert_eq!(service.asked().len(), 4);
    assert_eq!(shelf(&blog, "spam").await.0, ["Unwanted"]);

    blog.app.store.save_outside_service(None, blog.now()).await.unwrap();
    moderate(unwanted, Moderation::Approve).await;
    assert_eq!(blog.app.store.next_check().await.unwrap(), None, "nobody is told anything any more");
}
