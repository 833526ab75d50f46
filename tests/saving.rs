//! Never losing a word: what forms save by themselves, working copies, conflicts, revisions, the trash.

use axum::http::StatusCode;
use laman::model::listing::From;
use serde_json::Value;

use crate::support::*;

/// Sends what stands in the editor's form as its script does.
async fn autosave(who: &Visitor, form: &Form) -> (StatusCode, Value) {
    let form = form.clone();
    let answer = form.send_to("/autosave", who).await;
    let status = StatusCode::from_u16(answer.status()).unwrap();
    (status, serde_json::from_str(answer.body()).unwrap_or_default())
}

async fn form_of(who: &Visitor, post: &MadePost) -> Form {
    who.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor")
}

#[tokio::test]
async fn the_first_save_of_a_new_post_makes_one_draft_however_often_it_is_sent() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let form = editor.get("/admin/posts/new").await.form("form.editor").set("title", "Once").set("text", "A word.");
    let (status, first) = autosave(&editor, &form.clone().set("turn", "1")).await;
    assert_eq!((status.as_u16(), first["saved"].as_str()), (200, Some("Saved 08:30")));
    // The answer was lost: the form still thinks that it is new.
    let (status, again) = autosave(&editor, &form.clone().set("turn", "2").set("text", "A word more.")).await;
    assert_eq!((status.as_u16(), &again["id"]), (200, &first["id"]));
    assert_eq!(editor.get("/admin/posts").await.all("tbody th a"), ["Once"]);
    // Pressing the button makes no other either.
    let answer = form.set("turn", "3").set("text", "All words.").press("Save draft", &editor).await;
    assert_eq!(answer.location(), format!("/admin/posts/{}?done=saved", first["id"]));
    let page = editor.follow(&answer).await;
    assert_eq!(page.form("form.editor").value("text"), "All words.");
}

#[tokio::test]
async fn enter_in_a_field_never_changes_what_readers_see() {
    let blog = TestBlog::new().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let (post, draft) = (blog.published_post("Post").create().await, blog.draft("Draft").create().await);
    let kept = form_of(&editor, &post).await.set("title", "Half a ti").submit(&editor).await;
    assert!(kept.location().ends_with("?done=kept"), "{}", kept.location());
    assert_eq!(reader.get(&post.path).await.text("h1"), "Post");
    let kept = form_of(&editor, &draft).await.set("tags", "half").submit(&editor).await;
    assert!(kept.location().ends_with("?done=saved"), "{}", kept.location());
    // Nor does it where something is to be mended first.
    let held = form_of(&editor, &draft).await.set("text", "[a](/nowhere)").press("Publish", &editor).await;
    let kept = held.form("form.editor").submit(&editor).await;
    assert!(kept.location().ends_with("?done=saved"), "{}", kept.location());
}

#[tokio::test]
async fn a_save_whose_page_stays_is_told_and_is_a_save_like_any_other() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let stay = async |form: &Form, to: &str, text: &str, slug: &str, turn: &str| {
        let [kind, uuid, version, hand] = ["kind", "uuid", "version", "hand"].map(|name| form.value(name).to_owned());
        let mut fields = vec![("kind", kind.as_str()), ("uuid", &uuid), ("version", &version), ("hand", &hand)];
        fields.extend([("turn", turn), ("title", "Staying"), ("text", text), ("slug", slug)]);
        fields.extend([("comments", "open"), ("action", "save"), ("stay", "yes")]);
        editor.post(to, &fields).await
    };
    let form = editor.get("/admin/posts/new").await.form("form.editor");
    let made = stay(&form, "/admin/posts", "One.", "", "1").await;
    let told: Value = serde_json::from_str(made.body()).unwrap();
    assert_eq!((made.status(), told["saved"].as_str()), (200, Some("Draft saved.")));
    assert_eq!((&told["card"]["text"], &told["card"]["address"]), (&"One.".into(), &"http://blog.example/…".into()));
    let to = format!("/admin/posts/{}", told["id"]);
    assert_eq!(stay(&form, &to, "Two.", "", "2").await.status(), 200, "it is never in conflict with itself");
    let kinds = editor.get(&format!("{to}/revisions")).await;
    assert_eq!(kinds.all("tbody tr").len(), 2, "{}", kinds.body());
    assert_eq!(stay(&form, &to, "Three.", "not a slug", "3").await.status(), 422, "its page says what is wrong");
    let other = editor.get(&to).await.form("form.editor");
    assert_eq!(stay(&form, &to, "Four.", "", "4").await.status(), 200);
    assert_eq!(stay(&other, &to, "Five.", "", "1").await.status(), 409);
    assert_eq!(editor.get(&format!("{to}/revisions")).await.all("tbody tr").len(), 3, "both are kept when it is sent");
}

#[tokio::test]
async fn what_another_typed_is_announced_by_their_name() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let (owner, editor) = (blog.owner().await, blog.editor().await);
    assert_eq!(autosave(&owner, &form_of(&owner, &post).await.set("turn", "1").set("text", "Mine.")).await.0, 200);
    let told = async |who: &Visitor| who.get(&format!("/admin/posts/{}", post.id)).await.text(".working p");
    let theirs = told(&editor).await;
    assert!(theirs.starts_with("Aminah Rahman has changes here that readers do not see yet"), "{theirs}");
    assert!(told(&owner).await.starts_with("You have changes that readers do not see yet"));
}

#[tokio::test]
async fn two_saves_of_one_form_that_come_in_the_wrong_order_leave_the_later_text() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").create().await;
    let editor = blog.editor().await;
    let form = form_of(&editor, &post).await;
    let later = form.clone().set("turn", "2").set("text", "The later.").press("Save draft", &editor).await;
    assert_eq!(later.status(), 303);
    let (status, _) = autosave(&editor, &form.set("turn", "1").set("text", "The earlier.")).await;
    assert_eq!(status, 200);
    assert_eq!(blog.stored(&post).await.source, "The later.");
}

#[tokio::test]
async fn a_form_on_the_way_back_is_in_no_conflict_with_itself() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let editor = blog.editor().await;
    let form = form_of(&editor, &post).await;
    for text in ["One.", "Two.", "Two."] {
        let answer = form.clone().set("text", text).press("Update", &editor).await;
        assert_eq!(answer.status(), 303, "{text}");
    }
    assert_eq!(blog.stored(&post).await.source, "Two.");
}

#[tokio::test]
async fn what_a_form_saves_by_itself_never_changes_what_readers_see() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").slug("post").body("Live.").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let long = "x".repeat(400);
    let form = form_of(&editor, &post).await.set("text", "Not yet.").set("slug", "a bad slug").set("title", &long);
    let (status, told) = autosave(&editor, &form).await;
    assert_eq!(status, 200, "{told}");
    let before = blog.stored(&post).await;
    assert_eq!((before.source.as_str(), before.title.as_str(), before.is_published), ("Live.", "Post", true));
    assert_eq!(reader.get(&post.path).await.text(".e-content"), "Live.");

    // The editor opens what was typed, says so, and shows what changed.
    let page = editor.get(&format!("/admin/posts/{}", post.id)).await;
    assert!(page.text(".working p").starts_with("You have changes that readers do not see yet"));
    let form = page.form("form.editor");
    assert_eq!(
        (form.value("text"), form.value("slug"), form.value("title")),
        ("Not yet.", "a bad slug", long.as_str())
    );
    let changes = editor.get(&page.attribute(".working a", "href")).await;
    assert!(changes.all("del").iter().any(|gone| gone.contains("Live")), "{:?}", changes.all("del"));
    assert!(changes.all("ins").iter().any(|come| come.contains("Not yet")));

    // Readers see it on Update, and then nothing lies beside it.
    let form = form.set("slug", "post").set("title", "Post").set("text", "Now.");
    assert_eq!(form.press("Update", &editor).await.status(), 303);
    assert_eq!(reader.get(&post.path).await.text(".e-content"), "Now.");
    assert!(!editor.get(&format!("/admin/posts/{}", post.id)).await.has(".working"));
}

#[tokio::test]
async fn changes_are_saved_without_publishing_and_discarded_without_being_lost() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").body("Live.").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let kept = form_of(&editor, &post).await.set("text", "For later.").press("Save without publishing", &editor).await;
    let page = editor.follow(&kept).await;
    assert_eq!(page.text("p.notice"), "Saved. Readers do not see it until you update.");
    assert_eq!(reader.get(&post.path).await.text(".e-content"), "Live.");
    let page = editor.follow(&page.form("form.working").submit(&editor).await).await;
    assert_eq!(page.form("form.editor").value("text"), "Live.");
    let revisions = editor.get(&format!("/admin/posts/{}/revisions", post.id)).await;
    assert_eq!(revisions.all("tbody td:nth-child(2)"), ["Brought back", "Saved", "Published"]);
}

/// The texts of all revisions, newest first.
async fn revised(blog: &TestBlog, post: &MadePost) -> Vec<String> {
    let rows = blog.app.store.revisions_of(post.id, From::Newest).await.unwrap().items;
    let mut texts = Vec::new();
    for row in rows {
        texts.push(blog.app.store.revision(post.id, row.id).await.unwrap().unwrap().1.text);
    }
    texts
}

#[tokio::test]
async fn what_a_form_saved_by_itself_is_kept_before_another_writes_over_it() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").body("First.\n\nMiddle.\n\nLast.").create().await;
    let (one, other) = (blog.owner().await, blog.editor().await);
    let mine = form_of(&one, &post).await;
    let step = |turn: &str, text: &str| mine.clone().set("turn", turn).set("text", text);
    assert_eq!(autosave(&one, &step("1", "First.\n\nMiddle, begun.\n\nLast.")).await.0, 200);
    // What another form is opened with is what both go on from.
    let theirs = form_of(&other, &post).await;
    assert_eq!(autosave(&one, &step("2", "First, changed.\n\nMiddle, begun.\n\nLast.")).await.0, 200);
    let theirs = theirs.set("text", "First.\n\nMiddle, begun.\n\nLast, too.");
    let (status, told) = autosave(&other, &theirs).await;
    assert!(status == 409 && told["fault"].as_str().unwrap().contains("somebody else"), "{told}");
    let conflict = theirs.press("Save draft", &other).await;
    let form = conflict.form("form.editor");
    assert_eq!(form.value("text"), "First, changed.\n\nMiddle, begun.\n\nLast, too.");
    assert_eq!(form.set("text", "All new.").press("Save draft", &other).await.status(), 303);
    let kept = revised(&blog, &post).await;
    for text in ["First, changed.\n\nMiddle, begun.\n\nLast.", "First.\n\nMiddle, begun.\n\nLast, too.", "All new."] {
        assert!(kept.iter().any(|one| one == text), "{text}: {kept:?}");
    }

    // One's own other window is called that.
    let (here, there) = (form_of(&other, &post).await, form_of(&other, &post).await);
    assert_eq!(autosave(&other, &here.set("turn", "1").set("text", "Here.")).await.0, 200);
    let (status, told) = autosave(&other, &there.set("text", "There.")).await;
    assert!(status == 409 && told["fault"].as_str().unwrap().contains("another window"), "{told}");
}

#[tokio::test]
async fn what_was_typed_since_is_kept_when_a_revision_is_brought_back() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").body("As it was.").create().await;
    let editor = blog.editor().await;
    let form = form_of(&editor, &post).await.set("turn", "1").set("text", "Typed since.");
    assert_eq!(autosave(&editor, &form).await.0, 200);
    let first = blog.app.store.revisions_of(post.id, From::Newest).await.unwrap().items.pop().unwrap();
    editor.post(&format!("/admin/posts/{}/revisions/{}/restore", post.id, first.id), &[]).await;
    assert_eq!(blog.stored(&post).await.source, "As it was.");
    assert_eq!(revised(&blog, &post).await, ["As it was.", "Typed since.", "As it was."]);
}

#[tokio::test]
async fn a_text_of_which_much_is_replaced_at_once_is_kept() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").body("x").create().await;
    let editor = blog.editor().await;
    let form = form_of(&editor, &post).await;
    let (grown, other) = ("word ".repeat(1_100).trim().to_owned(), "other ".repeat(900).trim().to_owned());
    for (turn, text) in [("1", "word"), ("2", grown.as_str()), ("3", other.as_str())] {
        assert_eq!(autosave(&editor, &form.clone().set("turn", turn).set("text", text)).await.0, 200);
    }
    assert!(revised(&blog, &post).await.contains(&grown));
}

#[tokio::test]
async fn a_scheduled_post_goes_live_with_the_text_it_was_scheduled_with() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Soon").at("2023-02-11T09:30").body("As scheduled.").create().await;
    let editor = blog.editor().await;
    let (status, _) = autosave(&editor, &form_of(&editor, &post).await.set("text", "Half a tho")).await;
    assert_eq!(status, 200);
    blog.clock.advance(HOUR);
    assert_eq!(blog.reader().get(&post.path).await.text(".e-content"), "As scheduled.");
    assert_eq!(form_of(&editor, &post).await.value("text"), "Half a tho");
}

#[tokio::test]
async fn a_save_that_comes_too_late_is_told_so_in_words() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").create().await;
    let (one, other) = (blog.owner().await, blog.editor().await);
    let (first, second) = (form_of(&one, &post).await, form_of(&other, &post).await);
    assert_eq!(autosave(&one, &first.set("text", "Of the one.")).await.0, 200);
    let (status, told) = autosave(&other, &second.set("text", "Of the other.")).await;
    assert_eq!(status, 409);
    assert!(told["fault"].as_str().unwrap().contains("somebody else"), "{told}");
    assert_eq!(blog.stored(&post).await.source, "Of the one.");

    other.post("/admin/sign-out", &[]).await;
    let (status, told) = autosave(&other, &form_of(&one, &post).await).await;
    assert_eq!((status.as_u16(), told["fault"].as_str().unwrap().contains("session has ended")), (401, true));
}

#[tokio::test]
async fn what_two_changed_in_different_places_is_brought_together() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").body("First.\n\nSecond.\n\nThird.").create().await;
    let (one, other) = (blog.owner().await, blog.editor().await);
    let (first, second) = (form_of(&one, &post).await, form_of(&other, &post).await);
    let first = first.set("text", "First, changed.\n\nSecond.\n\nThird.").set("tags", "new");
    assert_eq!(first.press("Update", &one).await.status(), 303);
    let conflict = second.set("text", "First.\n\nSecond.\n\nThird.\n\nFourth.").press("Update", &other).await;
    assert_eq!(conflict.status(), 409);
    let form = conflict.form("form.editor");
    assert_eq!(form.value("text"), "First, changed.\n\nSecond.\n\nThird.\n\nFourth.");
    assert_eq!(form.value("tags"), "new");
    assert!(conflict.all(".difference ins").iter().any(|come| come.contains("Fourth")));

    // Whoever likes it otherwise chooses, and what each of them wrote is still there.
    let takes = conflict.attributes("nav.tabs a", "href");
    let texts = [
        "First.\n\nSecond.\n\nThird.\n\nFourth.",
        "First, changed.\n\nSecond.\n\nThird.",
        "First, changed.\n\nSecond.\n\nThird.\n\nFourth.",
    ];
    for (take, text) in takes.iter().zip(texts) {
        let page = other.get(take).await;
        assert_eq!(page.form("form.editor").value("text"), text, "{take}");
    }
    let mine = other.get(&takes[0]).await.form("form.editor");
    assert_eq!(mine.press("Update", &other).await.status(), 303);
    let revisions = other.get(&format!("/admin/posts/{}/revisions", post.id)).await;
    assert_eq!(
        revisions.all("tbody td:nth-child(2)"),
        ["Published", "Could not be saved: a newer text was there", "Published", "Published"]
    );
}

#[tokio::test]
async fn what_two_changed_in_the_same_place_stands_between_marks() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").body("A house.").create().await;
    let (one, other) = (blog.owner().await, blog.editor().await);
    let (first, second) = (form_of(&one, &post).await, form_of(&other, &post).await);
    first.set("text", "A red house.").press("Save draft", &one).await;
    let conflict = second.set("text", "A blue house.").press("Save draft", &other).await;
    assert_eq!((conflict.status(), conflict.form("form.editor").value("text")), (409, "A blue house."));
    let merged = other.get(conflict.attributes("nav.tabs a", "href").last().unwrap()).await;
    assert_eq!(merged.form("form.editor").value("text"), "[Yours:]\nA blue house.\n[Theirs:]\nA red house.\n[End]\n");
}

#[tokio::test]
async fn a_revision_is_brought_back_as_a_new_one() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").body("The first text.").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    blog.clock.advance(MINUTE);
    form_of(&editor, &post).await.set("text", "The second text.").press("Update", &editor).await;
    // The same content is not kept twice.
    form_of(&editor, &post).await.press("Update", &editor).await;
    let list = editor.get(&format!("/admin/posts/{}/revisions", post.id)).await;
    assert_eq!(list.all("tbody tr").len(), 2);
    assert_eq!(list.all("tbody td:nth-child(3)"), [EDITOR_NAME, OWNER_NAME]);

    let newest = editor.get(&list.attributes("tbody th a", "href")[0]).await;
    assert_eq!(
        (newest.all("del").last().unwrap().as_str(), newest.all("ins").last().unwrap().as_str()),
        ("removed: first", "added: second")
    );
    let oldest = editor.get(&list.attributes("tbody th a", "href")[1]).await;
    let back = editor.follow(&oldest.form("main form").submit(&editor).await).await;
    assert_eq!(back.form("form.editor").value("text"), "The first text.");
    assert_eq!(
        reader.get(&post.path).await.text(".e-content"),
        "The second text.",
        "readers see it when it is published"
    );
    let list = editor.get(&format!("/admin/posts/{}/revisions", post.id)).await;
    assert_eq!(list.all("tbody td:nth-child(2)"), ["Brought back", "Published", "Published"]);
    let compared = list.form("main form").submit(&editor).await;
    assert_eq!(compared.status(), 200);
}

#[tokio::test]
async fn what_forms_save_by_themselves_is_kept_every_ten_minutes_and_thinned_by_age() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").create().await;
    let editor = blog.editor().await;
    let form = form_of(&editor, &post).await;
    for minute in 1..=180 {
        blog.clock.advance(MINUTE);
        let text = format!("Minute {minute}.");
        let (status, told) = autosave(&editor, &form.clone().set("turn", &minute.to_string()).set("text", &text)).await;
        assert_eq!(status, 200, "{told}");
    }
    let kept = async || {
        while blog.app.store.sweep(blog.now()).await.unwrap() {}
        let list = blog.owner().await.get(&format!("/admin/posts/{}/revisions", post.id)).await;
        list.all("tbody tr").len()
    };
    let list = editor.get(&format!("/admin/posts/{}/revisions", post.id)).await;
    assert_eq!(list.all("tbody tr").len(), 19, "one that was saved, eighteen in three hours");
    assert!((8..=11).contains(&kept().await), "the last hour whole, one of each hour before");
    blog.clock.advance(2 * DAY);
    assert!((2..=3).contains(&kept().await), "one of a day");
    blog.clock.advance(30 * DAY);
    assert_eq!(kept().await, 1, "what somebody saved stays");
    assert_eq!(blog.stored(&post).await.source, "Minute 180.", "and so does what stands there");
}

#[tokio::test]
async fn a_text_that_shrinks_at_once_is_kept_as_it_was() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").create().await;
    let editor = blog.editor().await;
    let form = form_of(&editor, &post).await;
    let long = "Many words. ".repeat(50);
    autosave(&editor, &form.clone().set("turn", "1").set("text", long.trim())).await;
    autosave(&editor, &form.set("turn", "2").set("text", "")).await;
    let list = editor.get(&format!("/admin/posts/{}/revisions", post.id)).await;
    let newest = editor.get(&list.attributes("tbody th a", "href")[0]).await;
    let back = editor.follow(&newest.form("main form").submit(&editor).await).await;
    assert_eq!(back.form("form.editor").value("text"), long.trim());
}

#[tokio::test]
async fn a_database_that_cannot_be_written_is_told_in_words_and_tried_again() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Draft").create().await;
    let editor = blog.editor().await;
    let form = form_of(&editor, &post).await.set("text", "Kept.");
    let mut holder = blog.database().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let (status, told) = autosave(&editor, &form).await;
    assert_eq!(status, 503);
    assert!(told["fault"].as_str().unwrap().contains("disk is full or busy"), "{told}");
    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    assert_eq!(autosave(&editor, &form).await.0, 200);
    assert_eq!(blog.stored(&post).await.source, "Kept.");
}

#[tokio::test]
async fn a_draft_is_shared_by_a_link_until_it_is_revoked() {
    let blog = TestBlog::new().await;
    let post = blog.draft("Secret").body("A *draft*.").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let page = editor.get(&format!("/admin/posts/{}", post.id)).await;
    let page = editor.follow(&page.form("form[action$='/share']").submit(&editor).await).await;
    let link = page.attribute("#links a", "href");
    let shared = reader.get(&link).await;
    assert_eq!(
        (shared.status(), shared.text("h1"), shared.text(".e-content em")),
        (200, "Secret".into(), "draft".into())
    );
    assert_eq!(
        (shared.header("cache-control"), shared.header("x-robots-tag")),
        (Some("no-store"), Some("noindex, nofollow"))
    );
    assert!(!shared.has("#comment-form"));
    // What is typed since is what is shown.
    autosave(&editor, &page.form("form.editor").set("text", "A later draft.")).await;
    assert_eq!(reader.get(&link).await.text(".e-content"), "A later draft.");
    let page = editor.get(&format!("/admin/posts/{}", post.id)).await;
    page.form("form[action$='/unshare']").submit(&editor).await;
    assert_eq!(reader.get(&link).await.status(), 404);
    assert_eq!(reader.get(&format!("/draft/{}", "0".repeat(64))).await.status(), 404);
}

#[tokio::test]
async fn a_post_is_duplicated_and_begun_from_a_template() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Recipe").tag("food").slug("recipe").body("## What you need").create().await;
    let editor = blog.editor().await;
    let page = editor.get(&format!("/admin/posts/{}", post.id)).await;
    let copy = editor.follow(&page.form("form[action$='/duplicate']").submit(&editor).await).await;
    let form = copy.form("form.editor");
    assert_eq!(copy.text(".editor .state"), "Draft");
    assert_eq!((form.value("title"), form.value("tags"), form.value("text")), ("Recipe", "food", "## What you need"));
    assert_eq!((form.value("slug"), form.value("publish-at")), ("", ""));

    editor.follow(&copy.form("form[action$='/template']").submit(&editor).await).await;
    let list = editor.get("/admin/posts").await;
    let new = editor.get(&list.attribute(".templates a", "href")).await;
    let form = new.form("form.editor");
    assert_eq!((form.action(), form.value("text"), form.value("version")), ("/admin/posts", "## What you need", "0"));
}

#[tokio::test]
async fn the_trash_is_emptied_after_its_days_and_the_address_says_that_it_is_gone() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Old").slug("first").create().await;
    let other = blog.published_post("Other").create().await;
    let editor = blog.editor().await;
    form_of(&editor, &post).await.set("slug", "second").press("Update", &editor).await;
    let mut parent = blog.comment(&post, "Comment 0").create().await;
    for number in 1..250 {
        let text = format!("Comment {number}");
        parent = blog.comment(&post, &text).answering(parent).create().await;
    }
    blog.app.store.trash_post(post.id, blog.now()).await.unwrap();
    let sweep = async || while blog.app.store.sweep(blog.now()).await.unwrap() {};
    blog.clock.advance(29 * DAY);
    sweep().await;
    assert!(blog.app.store.stored_post(post.id).await.unwrap().is_some());
    blog.clock.advance(2 * DAY);
    sweep().await;
    assert!(blog.app.store.stored_post(post.id).await.unwrap().is_none());
    let reader = blog.reader();
    for gone in ["/2023/02/first", "/2023/02/second"] {
        let page = reader.get(gone).await;
        assert_eq!((page.status(), page.text("h1")), (410, "Gone".into()), "{gone}");
    }
    assert_eq!(reader.get("/2023/02/never").await.status(), 404);
    assert_eq!(reader.get(&other.path).await.status(), 200);
    // An address that something else takes lives again.
    blog.published_post("New").at("2023-02-20T00:00").slug("second").create().await;
    assert_eq!(reader.get("/2023/02/second").await.status(), 200);
}

#[tokio::test]
async fn what_a_careful_editor_would_mend_is_shown_before_it_is_published() {
    let blog = TestBlog::new().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let form = editor.get("/admin/posts/new").await.form("form.editor").set("title", "Hasty");
    let form = form.set("text", "![](/media/a/b.png)\n\n## One\n\n#### Two\n\nSee [that](/nowhere).\n\n[Slides](/media/0123456789abcdef0123456789abcdef/slides.pdf)");
    let held = form.press("Publish", &editor).await;
    assert_eq!(held.status(), 422);
    assert_eq!(held.text("#findings-heading"), "Not published yet: look at these first");
    assert_eq!(
        held.all(".findings li"),
        [
            "A picture has no text for those who do not see it. Describe it here or in the library; of a mere ornament nothing needs to be said: /media/a/b.png line 1",
            "A heading skips a level: Two line 5",
            "A link leads nowhere on this blog: /nowhere line 7",
            "A picture or file is not on this blog: /media/0123456789abcdef0123456789abcdef line 9",
        ]
    );
    assert_eq!(held.form("form.editor").value("title"), "Hasty");
    let more =
        held.form("form.editor").set("text", "![](/media/a/b.png)\n\n## One\n\n#### Two\n\nSee [this](#nowhere).");
    let more = more.press("Publish all the same", &editor).await;
    assert_eq!(more.status(), 422, "what nobody has seen yet is shown first");
    assert_eq!(more.all(".findings li").last().unwrap(), "A link leads nowhere on this blog: #nowhere line 7");
    let done = held.form("form.editor").press("Publish all the same", &editor).await;
    assert_eq!(done.status(), 303, "{}", done.body());
    assert_eq!(reader.get("/2023/02/hasty").await.status(), 200);
    let page = editor.get(&format!("{}?check", done.location().split('?').next().unwrap())).await;
    assert_eq!(page.all(".findings li").len(), 4);
}

#[tokio::test]
async fn links_beside_a_post_places_in_others_and_times_to_come_are_looked_at_before_it_is_published() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let other = blog.published_post("Other").body("## Part\n\nText.").slug("other").create().await;
    let part = blog.reader().get(&other.path).await.attribute(".e-content h2", "id");
    let good = format!(
        "[a](../02/other) [b](./../02/other) [c](/2023/02/other#{part}) [d](/2023/02/other#comments) [e](../../archive)"
    );
    let text = format!("{good}\n\n[f](2023/02/lost) [g](./zz)\n\n[h](/2023/02/other#nowhere)\n\n[this](https://)");
    let form = editor.get("/admin/posts/new").await.form("form.editor").set("title", "Later").set("text", &text);
    let held = form.set("publish-at", "2023-03-01T08:00").press("Publish", &editor).await;
    assert_eq!(held.status(), 422);
    assert_eq!(
        held.all(".findings li"),
        [
            "A link has no address: this line 7",
            "A link leads nowhere on this blog: 2023/02/lost line 3",
            "A link leads nowhere on this blog: ./zz line 3",
            "A link leads nowhere on this blog: /2023/02/other#nowhere line 5",
            "It will be published later: 1 March 2023, 08:00",
        ]
    );
    let done = held.form("form.editor").press("Publish all the same", &editor).await;
    assert!(done.location().ends_with("?done=scheduled"), "{}", done.body());
}

#[tokio::test]
async fn what_a_post_tells_machines_stands_in_its_page() {
    let blog = TestBlog::new().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let form = editor.get("/admin/posts/new").await.form("form.editor").set("title", "Tanah").set("text", "Teks.");
    let form = form
        .set("description", "For search engines.")
        .set("canonical", "https://example.org/tanah")
        .set("cover", "/media/0123456789abcdef0123456789abcdef/durian.jpg")
        .set("cover-alt", "A durian")
        .set("cover-caption", "At the market")
        .set("language", "ms")
        .set("comments", "hidden")
        .choose("featured", "yes");
    let held = form.press("Publish", &editor).await;
    assert_eq!(
        held.all(".findings li"),
        ["The cover is not on this blog: /media/0123456789abcdef0123456789abcdef/durian.jpg"]
    );
    assert_eq!(held.form("form.editor").press("Publish all the same", &editor).await.status(), 303);
    let page = reader.get("/2023/02/tanah").await;
    assert_eq!(page.all("figure.cover figcaption"), ["At the market"]);
    assert_eq!(page.attribute("meta[name=description]", "content"), "For search engines.");
    assert_eq!(page.attribute("link[rel=canonical]", "href"), "https://example.org/tanah");
    assert_eq!(
        page.attribute("meta[property='og:image']", "content"),
        "http://blog.example/media/0123456789abcdef0123456789abcdef/durian.jpg"
    );
    assert_eq!(page.attribute("article.post", "lang"), "ms");
    assert_eq!(page.attribute(".cover img", "alt"), "A durian");
    assert!(!page.has("#comments"));
    assert_eq!(reader.get("/").await.all(".pinned a"), ["Tanah"]);

    for (field, wrong) in
        [("cover", "https://elsewhere.example/a.png"), ("canonical", "javascript:alert(1)"), ("language", "xx")]
    {
        let form = editor.get("/admin/posts/new").await.form("form.editor").set("title", "x").set(field, wrong);
        let refused = form.press("Save draft", &editor).await;
        assert_eq!(refused.status(), 422, "{field}");
        assert!(refused.has(&format!("#{field}-error")), "{field}");
    }
}
