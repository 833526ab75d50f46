//! The judge: what it goes by, what it learns, what the owner decides, and that it says why.

use laman::{
    model::{comment::CommentState, queue::Moderation, settings::CommentHold},
    store::Learned,
};

use crate::support::*;

const SPAM: [&str; 3] = [
    "Best casino bonus tonight, play and win the jackpot at our tables, friends",
    "Jackpot winners play here: free bonus for every new player of the casino",
    "Play the casino tonight, free jackpot bonus, winners every hour",
];
const HAM: [&str; 3] = [
    "The hibiscus by my window flowered after I moved it, as you describe",
    "How often do you water the seedlings in the dry months?",
    "My mother grew the same orchid, and it flowered for her in the shade",
];

/// Somebody from a network of their own says something; the address of the answer tells whether it waits.
async fn say(blog: &TestBlog, post: &MadePost, who: u8, text: &str) -> Page {
    let reader = blog.reader_from(&format!("203.0.{who}.9"));
    let form = reader.get(&post.path).await.form("#comment-form");
    form.set("name", &format!("Reader {who}")).set("text", text).press("Post comment", &reader).await
}

fn waits(answer: &Page) -> bool {
    assert_eq!(answer.status(), 303, "{}", answer.body());
    answer.location().starts_with("/comments/yours/")
}

async fn open_blog() -> (TestBlog, MadePost) {
    let blog = TestBlog::wish().hold(CommentHold::None).start().await;
    let post = blog.published_post("Post").create().await;
    (blog, post)
}

/// Ten decisions of each kind.
async fn teach(blog: &TestBlog, post: &MadePost) {
    for number in 0..10 {
        for (texts, decision) in [(SPAM, Moderation::Spam), (HAM, Moderation::Approve)] {
            let text = format!("{} {number}", texts[number % 3]);
            let comment = blog.comment(post, &text).by("Somebody").held().create().await;
            blog.app.store.moderate(comment, decision, blog.now()).await.unwrap();
        }
    }
}

async fn settings(owner: &Visitor) -> Form {
    owner.get("/admin/settings/comments").await.form("form.settings")
}

#[tokio::test]
async fn the_moderator_reads_each_reason_with_its_points() {
    let (blog, post) = open_blog().await;
    let text = "https://a.example https://b.example https://bit.ly/c [url=x]y[/url]";
    assert!(waits(&say(&blog, &post, 1, text).await));
    let queue = blog.editor().await.get("/admin/comments?state=spam").await;
    assert_eq!(
        queue.all(".reasons li"),
        ["+2.1 3 links", "+1.5 a link that hides where it leads: bit.ly", "+1.5 HTML or BBCode in the text"]
    );
    let old = blog.comment(&post, "From before there were points").held().create().await;
    let mut database = blog.database().await;
    sqlx::query("UPDATE comment SET reason = 'first-time many-links' WHERE id = $1")
        .bind(old)
        .execute(&mut database)
        .await
        .unwrap();
    let queue = blog.editor().await.get("/admin/comments").await;
    assert_eq!(queue.all(".reasons li"), ["The first from this name and e-mail address.", "Three links or more."]);
}

#[tokio::test]
async fn the_filter_learns_from_clicks_and_unlearns_when_they_are_undone() {
    let (blog, post) = open_blog().await;
    let offer = "Tonight the casino has a free bonus: play for the jackpot";
    assert!(!waits(&say(&blog, &post, 1, offer).await), "nobody has taught it yet");
    teach(&blog, &post).await;
    assert!(waits(&say(&blog, &post, 2, &offer.to_uppercase()).await));
    assert!(!waits(&say(&blog, &post, 3, "How do you water an orchid in the dry months?").await));
    let editor = blog.editor().await;
    let mut said = editor.get("/admin/comments").await.all(".reasons");
    said.extend(editor.get("/admin/comments?state=spam").await.all(".reasons"));
    let said = said.concat();
    assert!(said.contains("what you taught about words") && said.contains("casino"), "{said}");
    assert_eq!(blog.app.store.learned().await.unwrap(), Learned { ham: 10, spam: 10 });

    let mut database = blog.database().await;
    let ids: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM comment WHERE trained IS NOT NULL").fetch_all(&mut database).await.unwrap();
    blog.clock.advance(40 * DAY);
    for id in &ids {
        let id = laman::model::ids::CommentId(*id);
        // The other way round, and then not at all.
        for decision in [Moderation::Approve, Moderation::Spam, Moderation::Hold] {
            blog.app.store.moderate(id, decision, blog.now()).await.unwrap();
        }
    }
    assert_eq!(blog.app.store.learned().await.unwrap(), Learned::default());
    let left: f64 =
        sqlx::query_scalar("SELECT max(ham) + max(spam) FROM token").fetch_one(&mut database).await.unwrap();
    assert!(left < 1e-9, "{left}");
}

#[tokio::test]
async fn what_is_published_without_a_click_teaches_nothing_and_what_is_deleted_stays_taught() {
    let (blog, post) = open_blog().await;
    assert!(!waits(&say(&blog, &post, 1, HAM[0]).await));
    assert_eq!(blog.app.store.learned().await.unwrap(), Learned::default());
    let spam = blog.comment(&post, SPAM[0]).held().create().await;
    for decision in [Moderation::Spam, Moderation::Spam, Moderation::Delete] {
        blog.app.store.moderate(spam, decision, blog.now()).await.unwrap();
    }
    let mut database = blog.database().await;
    let spam: f64 = sqlx::query_scalar("SELECT spam FROM token WHERE hash = 0").fetch_one(&mut database).await.unwrap();
    assert!(spam > 0.0);
}

#[tokio::test]
async fn the_owners_lists_hold_words_and_call_domains_spam() {
    let (blog, post) = open_blog().await;
    let owner = blog.owner().await;
    let form = settings(&owner).await.set("hold-list", "rolex\nchea* watch*").set("spam-list", "deals.example");
    assert_eq!(form.press("Save", &owner).await.location(), "/admin/settings/comments?done=saved");
    assert!(!waits(&say(&blog, &post, 1, "The rolexes of my uncle").await));
    assert!(waits(&say(&blog, &post, 2, "Rolex, anybody?").await));
    assert!(waits(&say(&blog, &post, 3, "Cheapest watches").await));
    assert!(waits(&say(&blog, &post, 4, "See https://www.deals.example/now").await));
    let held = owner.get("/admin/comments").await;
    assert_eq!(
        held.all(".reasons li"),
        ["on your list of what waits: chea*_watch*", "on your list of what waits: rolex"]
    );
    let spam = owner.get("/admin/comments?state=spam").await;
    assert!(spam.text(".reasons").contains("+10.0 on your list of spam: deals.example"));
}

#[tokio::test]
async fn the_owner_decides_how_long_spam_and_networks_are_kept() {
    let (blog, post) = open_blog().await;
    let owner = blog.owner().await;
    blog.comment(&post, "Buy").by("Eve").spam().create().await;
    assert_eq!(settings(&owner).await.value("discard-days"), "30");
    settings(&owner).await.set("discard-days", "7").set("network-days", "2").press("Save", &owner).await;
    assert_eq!(settings(&owner).await.value("discard-days"), "7");
    blog.clock.advance(6 * DAY);
    while blog.app.store.sweep(blog.now()).await.unwrap() {}
    let spam = owner.get("/admin/comments?state=spam").await;
    assert!(spam.text("article.comment").contains("Buy") && !spam.body().contains("203.0.113.0/24"));
    blog.clock.advance(2 * DAY);
    while blog.app.store.sweep(blog.now()).await.unwrap() {}
    assert!(!blog.owner().await.get("/admin/comments?state=spam").await.has("article.comment"));
}

#[tokio::test]
async fn a_policy_that_cannot_be_saved_comes_back_with_what_was_typed() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    for (field, wrong) in [
        ("hold-after-days", "x"),
        ("close-after-days", "-1"),
        ("close-after-days", "3651"),
        ("storm-at", "501"),
        ("hold-at", "many"),
        ("hold-at", "9"),
        ("spam-at", ""),
        ("discard-days", "soon"),
        ("network-days", "3651"),
    ] {
        let refused = settings(&owner).await.set("spam-list", "kept").set(field, wrong).press("Save", &owner).await;
        assert_eq!(
            (refused.status(), refused.text("[role=alert]")),
            (422, "Not saved yet: see what is marked below.".into())
        );
        assert!(refused.has(".field-error"), "{field} {wrong}");
        let form = refused.form("form.settings");
        assert_eq!((form.value("spam-list"), form.value(field)), ("kept", wrong));
    }
    assert_eq!(settings(&owner).await.value("spam-list"), "");

    let typed =
        settings(&owner).await.set("spam-list", "through the door").choose("hold", "none").untick("comments-open");
    owner.get("/admin/posts").await.form("header form").submit(&owner).await;
    let door = typed.press("Save", &owner).await;
    assert_eq!(door.status(), 401);
    let back = door.form("main form").set("email", OWNER_EMAIL).set("password", PASSWORD).submit(&owner).await;
    let form = back.form("form.settings");
    assert_eq!((form.value("spam-list"), form.value("hold")), ("through the door", "none"));
    assert_eq!(form.press("Save", &owner).await.status(), 303);
    let saved = blog.app.store.settings().await.unwrap().unwrap();
    assert_eq!((saved.policy.spam_list.as_str(), saved.comment_hold), ("through the door", CommentHold::None));
    assert!(!saved.comments_open);
}

#[tokio::test]
async fn a_post_takes_no_more_comments_when_its_days_are_over_to_the_second() {
    let (blog, post) = open_blog().await;
    let page = blog.page("Guestbook").create().await;
    let owner = blog.owner().await;
    assert_eq!(settings(&owner).await.set("close-after-days", "2").press("Save", &owner).await.status(), 303);
    let reader = blog.reader();
    let late = reader.get(&post.path).await.form("#comment-form").set("name", "Siti").set("text", "Kept");
    blog.clock.advance(2 * DAY - 1);
    let newer = blog.published_post("Newer").create().await;
    assert!(reader.get(&post.path).await.has("#comment-form") && reader.get(&newer.path).await.has("#comment-form"));
    blog.clock.advance(1);
    assert!(!reader.get(&post.path).await.has("#comment-form"), "no kept page outlives the moment");
    assert!(reader.get(&newer.path).await.has("#comment-form"));
    let refused = late.press("Post comment", &reader).await;
    assert_eq!((refused.status(), refused.form("#comment-form").value("text")), (403, "Kept"));
    // Of the one that came after the settings, too.
    blog.clock.advance(2 * DAY - 2);
    assert!(reader.get(&newer.path).await.has("#comment-form"));
    blog.clock.advance(1);
    assert!(!reader.get(&newer.path).await.has("#comment-form"));
    assert_eq!(settings(&owner).await.set("close-after-days", "0").press("Save", &owner).await.status(), 303);
    assert!(reader.get(&post.path).await.has("#comment-form"));
    assert_eq!(reader.get(&page.path).await.status(), 200);
}

#[tokio::test]
async fn on_old_posts_every_comment_waits_if_the_owner_wants_it() {
    let (blog, post) = open_blog().await;
    blog.change_settings(|settings| settings.policy.hold_after_days = 30).await;
    assert!(!waits(&say(&blog, &post, 1, "Early").await));
    blog.clock.advance(30 * DAY);
    assert!(waits(&say(&blog, &post, 2, "Late").await));
}

#[tokio::test]
async fn in_a_storm_everything_waits_and_the_owner_is_told() {
    let (blog, post) = open_blog().await;
    blog.change_settings(|settings| settings.policy.storm_at = 5).await;
    let owner = blog.owner().await;
    for who in 0..5 {
        assert!(!owner.get("/admin/posts").await.has(".storm"));
        assert!(!waits(&say(&blog, &post, who, &format!("Number {who}")).await));
    }
    assert!(waits(&say(&blog, &post, 5, "One too many").await));
    assert!(owner.get("/admin/posts").await.text(".storm").contains("1 comment waits"));
    // A restart forgets nothing of it.
    let blog = blog.moved_to("http://blog.example").await;
    assert!(waits(&say(&blog, &post, 6, "After a restart").await));
    blog.clock.advance(11 * MINUTE);
    assert!(!waits(&say(&blog, &post, 7, "Quiet again").await));
    assert!(!blog.owner().await.get("/admin/posts").await.has(".storm"));
}

#[tokio::test]
async fn nearly_the_same_words_from_elsewhere_are_noticed() {
    let (blog, post) = open_blog().await;
    let other = blog.published_post("Other").create().await;
    let text = "I was without hope until Doctor Odu brought my husband back with his prayers in two days, write to him";
    assert!(!waits(&say(&blog, &post, 1, text).await));
    assert!(!waits(&say(&blog, &other, 2, &text.replace("two days", "three days")).await));
    assert!(waits(&say(&blog, &post, 3, &text.replace("husband", "wife")).await));
    let queue = blog.editor().await.get("/admin/comments").await;
    assert_eq!(queue.text(".reasons"), "+3.0 nearly the same words came 2 times before");
}

#[tokio::test]
async fn a_form_that_was_drawn_for_one_person_tells_how_fast_it_came_back() {
    let (blog, post) = open_blog().await;
    let reader = blog.reader();
    assert!(!reader.get(&post.path).await.form("#comment-form").has("drawn"), "that page is everybody's");
    let form = reader.get(&post.path).await.form("#comment-form").set("name", "Siti").set("text", "Quick");
    let preview = form.press("Preview", &reader).await;
    blog.clock.advance(2_000);
    preview.form("#comment-form").press("Post comment", &reader).await;
    let approved = blog.editor().await.get("/admin/comments?state=approved").await;
    assert_eq!(approved.text(".reasons"), "+1.4 sent 2 seconds after the form was drawn");
}

#[tokio::test]
async fn settings_can_be_tried_on_the_last_comments_without_being_saved() {
    let (blog, post) = open_blog().await;
    let owner = blog.owner().await;
    say(&blog, &post, 1, "Nothing special").await;
    say(&blog, &post, 2, "See https://a.example").await;
    blog.comment(&post, "An offer you cannot refuse").by("Spammer").spam().create().await;
    let form = settings(&owner).await.set("hold-at", "0.3").set("spam-list", "special");
    let tried = form.press("Try on the last 500", &owner).await;
    assert_eq!(
        (tried.status(), tried.all(".trial td")),
        (200, ["0", "1", "1", "0", "0", "0", "1", "0", "0"].map(str::to_owned).to_vec())
    );
    let moved = tried.all(".trial .comment-meta");
    assert_eq!(moved, ["Spammer Spam → Approved", "Reader 2 Approved → Waiting", "Reader 1 Approved → Spam"]);
    assert_eq!(tried.form("form.settings").value("hold-at"), "0.3");
    assert_eq!(settings(&owner).await.value("hold-at"), "2.0");
    let states: Vec<CommentState> = sqlx::query_scalar("SELECT state FROM comment ORDER BY id")
        .fetch_all(&mut blog.database().await)
        .await
        .unwrap();
    assert_eq!(states, [CommentState::Approved, CommentState::Approved, CommentState::Spam]);
}

#[tokio::test]
async fn the_settings_say_how_many_the_filter_learned_from_and_how_well_it_does() {
    let (blog, post) = open_blog().await;
    teach(&blog, &post).await;
    let owner = blog.owner().await;
    let page = owner.get("/admin/settings/comments").await;
    assert!(page.body().contains("You approved 10 comments. You called 10 comments spam."));
    let proven = owner.get("/admin/settings/comments?prove=yes").await;
    let said = proven.all(".proof li");
    assert!(said[0].starts_with("Of 10 spam comments, ") && said.len() == 4, "{said:?}");
    assert_eq!(said[3], "Of 10 good comments, 0 would have been called spam.");
}

#[tokio::test]
async fn a_moderator_trusts_a_person_from_beside_their_comment_and_takes_it_back() {
    let blog = TestBlog::wish().hold(CommentHold::First).start().await;
    let post = blog.published_post("Post").create().await;
    let id = blog.comment(&post, "Hello").by("Ann Lee").email("ann@mail.example").held().create().await;
    let editor = blog.editor().await;
    let write = async |name: &str, text: &str| {
        let reader = blog.reader();
        let form = reader.get(&post.path).await.form("#comment-form").set("name", name);
        form.set("email", "ann@mail.example").set("text", text).press("Post comment", &reader).await
    };
    assert!(waits(&write("Ann Lee", "A first word").await));

    let lists = format!("#comment-{id} form[action$=list]");
    let form = editor.get("/admin/comments").await.form(&lists);
    let done = editor.follow(&form.press("Trust Ann Lee <ann@mail.example>", &editor).await).await;
    assert_eq!(done.text(".notice"), "Trusted from now on: Ann Lee <ann@mail.example>");
    assert!(!waits(&write("ann lee", "A second word").await));
    assert!(waits(&write("Somebody Else", "With that address").await));

    let undone = editor.follow(&done.form("form.undo").press("Undo", &editor).await).await;
    assert_eq!(undone.text(".notice"), "Undone.");
    assert!(waits(&write("Ann  Lee", "A third word, and not the same name").await));
    assert_eq!(blog.owner().await.get("/admin/settings/comments").await.text("#trust-list"), "");
}

#[tokio::test]
async fn a_moderator_blocks_where_a_comment_leads_and_from_where_it_comes() {
    let (blog, post) = open_blog().await;
    let text = "See https://shop.example/x and [this](https://pills.example)";
    let comment = blog.comment(&post, text).by("Shop").website("https://www.watches.example");
    let id = comment.email("shop@mail.example").from("203.0.113.0/24").held().create().await;
    let editor = blog.editor().await;
    let lists = format!("#comment-{id} form[action$=list]");
    let queue = editor.get("/admin/comments").await;
    assert_eq!(
        queue.form(&lists).buttons(),
        [
            "Trust Shop <shop@mail.example>",
            "Block shop@mail.example",
            "Block pills.example",
            "Block shop.example",
            "Block watches.example",
            &format!("Block {}", blog.app.store.networks().mark("203.0.113.0/24"))
        ]
    );
    assert!(!waits(&say(&blog, &post, 1, "Now https://pills.example has more").await));
    let done = editor.follow(&queue.form(&lists).press("Block pills.example", &editor).await).await;
    assert_eq!(done.text(".notice"), "Blocked from now on: pills.example");
    assert!(waits(&say(&blog, &post, 2, "And https://pills.example has even more").await));
    let found = editor.get(&done.attribute("form.undo + p a", "href")).await;
    assert!(found.has(&format!("#comment-{id}")), "what waits and has it is found");
    editor.follow(&done.form("form.undo").press("Undo", &editor).await).await;
    assert!(!waits(&say(&blog, &post, 3, "And https://pills.example has this as well").await));

    // A notice is not believed that a list knows nothing of.
    assert!(!editor.get("/admin/comments?done=spam-listed&line=anything").await.has(".notice"));
}

#[tokio::test]
async fn words_to_block_are_typed_on_a_comments_own_page_and_what_would_find_everything_is_refused() {
    let (blog, post) = open_blog().await;
    let id = blog.comment(&post, "Cheap watches").held().create().await;
    let editor = blog.editor().await;
    let own = format!("/admin/comments/{id}");
    for line in ["*", "*.*", "0.0.0.0/0", "a"] {
        let form = editor.get(&own).await.form("#lists form:has(#line)");
        let refused = form.set("line", line).press("Block", &editor).await;
        assert_eq!(refused.status(), 422, "{line}");
        assert_eq!(refused.attribute("#line", "value"), line);
        assert!(refused.text("#lists .field-error").contains("nearly everything"), "{line}");
    }
    let form = editor.get(&own).await.form("#lists form:has(#line)");
    let done = editor.follow(&form.set("line", "cheap watch*").press("Block", &editor).await).await;
    assert_eq!(done.text(".notice"), "Blocked from now on: cheap watch*");
    assert!(waits(&say(&blog, &post, 1, "Who needs cheap watches?").await));
    assert_eq!(blog.owner().await.get("/admin/settings/comments").await.text("#spam-list"), "cheap watch*");
}
