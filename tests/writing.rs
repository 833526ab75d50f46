//! Writing: from the first draft to the changed address, without ever losing a word on the way.

use crate::support::*;

const NEW: &str = "/admin/posts/new";

/// The form of a new post with a title and a text in it.
async fn new_post(editor: &Visitor, title: &str) -> Form {
    let form = editor.get(NEW).await.form("form.editor");
    form.set("title", title).set("text", "Some *text*.\n\nIts second paragraph.")
}

/// Where an answer to a save leads: the form again.
async fn saved(editor: &Visitor, answer: Page) -> Page {
    assert_eq!(answer.status(), 303, "{}", answer.body());
    let page = editor.follow(&answer).await;
    assert_eq!(page.status(), 200);
    page
}

fn address_of(form_page: &Page) -> String {
    form_page.attribute(".heading a", "href")
}

#[tokio::test]
async fn a_post_goes_from_draft_to_readers_and_back_and_keeps_its_address() {
    let blog = TestBlog::new().await;
    let (editor, reader) = (blog.editor().await, blog.reader());

    let draft = saved(&editor, new_post(&editor, "First words").await.press("Save draft", &editor).await).await;
    assert_eq!((draft.text(".notice"), draft.text(".editor .state")), ("Draft saved.".into(), "Draft".into()));
    assert!(!reader.get("/").await.has("article"));
    assert_eq!(reader.get("/2023/02/first-words").await.status(), 404);

    let published = saved(&editor, draft.form("form.editor").press("Publish", &editor).await).await;
    assert_eq!(
        (published.text(".notice"), published.text(".editor .state")),
        ("Published.".into(), "Published".into())
    );
    let address = address_of(&published);
    assert_eq!(address, "/2023/02/first-words");
    let page = reader.get(&address).await;
    assert_eq!(page.text(".e-content"), "Some text. Its second paragraph.");
    assert_eq!(page.text(".p-author"), EDITOR_NAME);

    blog.clock.advance(40 * DAY);
    let editor = blog.editor().await;
    let form = editor.get(&format!("/admin/posts/{}", id_in(&published))).await.form("form.editor");
    assert_eq!(form.value("slug"), "first-words");
    let updated = saved(&editor, form.set("title", "Second thoughts").press("Update", &editor).await).await;
    assert_eq!(updated.text(".notice"), "Updated.");
    assert_eq!(address_of(&updated), address, "the title changes, the address stays");

    let draft = saved(&editor, updated.form("form.editor").press("Unpublish", &editor).await).await;
    assert_eq!((draft.text(".notice").contains("draft"), draft.text(".editor .state")), (true, "Draft".into()));
    assert_eq!(reader.get(&address).await.status(), 404);

    let again = saved(&editor, draft.form("form.editor").press("Publish", &editor).await).await;
    assert_eq!(address_of(&again), address);
    let page = reader.get(&address).await;
    assert_eq!(page.text("h1"), "Second thoughts");
    assert_eq!(page.text(".date-header"), "Saturday, 11 February 2023");
}

/// The id in the address of the form.
fn id_in(page: &Page) -> String {
    page.form("form.editor").action().strip_prefix("/admin/posts/").unwrap().to_owned()
}

#[tokio::test]
async fn an_address_follows_the_title_until_the_first_publication() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let draft = saved(&editor, new_post(&editor, "One title").await.press("Save draft", &editor).await).await;
    let form = draft.form("form.editor");
    assert_eq!(form.value("slug"), "");
    let published = saved(&editor, form.set("title", "Çok güzel: another!").press("Publish", &editor).await).await;
    assert_eq!(address_of(&published), "/2023/02/cok-guzel-another");
}

#[tokio::test]
async fn a_scheduled_posts_address_follows_its_title_and_date() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let form = new_post(&editor, "Early").await.set("publish-at", "2023-03-01T00:00");
    // That it waits for its time is said first.
    let held = form.press("Publish", &editor).await;
    assert_eq!(held.all(".findings li"), ["It will be published later: 1 March 2023, 00:00"]);
    let done = held.form("form.editor").press("Publish all the same", &editor).await;
    let scheduled = saved(&editor, done).await;
    assert_eq!(scheduled.text(".notice"), "Scheduled.");
    let form = scheduled.form("form.editor").set("title", "Later").set("publish-at", "2023-04-01T00:00");
    let scheduled = saved(&editor, form.press("Update", &editor).await).await;
    assert!(scheduled.text("#slug-help").starts_with("/2023/04/later"));
    blog.clock.advance(60 * DAY);
    let reader = blog.reader();
    assert_eq!(reader.get("/2023/04/later").await.status(), 200);
    assert_eq!(reader.get("/2023/03/early").await.status(), 404, "nobody ever saw it there");
}

#[tokio::test]
async fn a_taken_slug_is_refused_and_the_text_kept() {
    let blog = TestBlog::new().await;
    blog.published_post("First").slug("hello").create().await;
    let editor = blog.editor().await;
    let form = new_post(&editor, "Second").await.set("slug", "hello").set("tags", "a, b");
    let refused = form.press("Publish", &editor).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.has("#slug[aria-invalid]") && refused.text("#slug-error").contains("Another post"));
    let form = refused.form("form.editor");
    assert_eq!((form.value("title"), form.value("tags"), form.value("slug")), ("Second", "a, b", "hello"));
    assert_eq!(form.value("text"), "Some *text*.\n\nIts second paragraph.");
    let published = saved(&editor, form.set("slug", "hello-you").press("Publish", &editor).await).await;
    assert_eq!(address_of(&published), "/2023/02/hello-you");
}

#[tokio::test]
async fn an_address_made_of_a_title_is_numbered_where_it_is_taken() {
    let blog = TestBlog::new().await;
    for number in ["hello", "hello-2", "hello-3"] {
        assert_eq!(blog.published_post("Hello").create().await.path, format!("/2023/02/{number}"));
    }
    assert_eq!(blog.published_post("!!!").create().await.path, "/2023/02/post");
    // Another month has addresses of its own.
    assert_eq!(blog.published_post("Hello").at("2023-01-01T00:00").create().await.path, "/2023/01/hello");
}

#[tokio::test]
async fn a_page_cannot_take_an_address_of_the_program() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    for taken in ["admin", "Archive", "search", "2023", "feed.xml", "healthz", "static", "comments"] {
        let form = editor.get("/admin/posts/new?kind=page").await.form("form.editor");
        let refused = form.set("title", "About").set("slug", taken).press("Publish", &editor).await;
        assert_eq!(refused.status(), 422, "{taken}");
        assert!(refused.has("#slug-error"), "{taken}");
    }
    assert_eq!(blog.page("Admin").create().await.path, "/admin-2");
    assert_eq!(blog.page("2023").create().await.path, "/2023-2");
}

#[tokio::test]
async fn a_scheduled_post_is_there_at_its_second_and_not_before() {
    let blog = TestBlog::new().await;
    blog.published_post("Now").create().await;
    blog.published_post("Soon").tag("soon").at("2023-02-11T09:00").create().await;
    blog.page("Soon a page").at("2023-02-11T09:00").create().await;
    let reader = blog.reader();
    let seen = async || {
        let mut seen = Vec::new();
        for path in [
            "/",
            "/2023/02/soon",
            "/soon-a-page",
            "/archive",
            "/2023/02",
            "/tag/soon",
            "/feed.json",
            "/search?q=soon",
            "/sitemap.xml",
            "/tag/soon/feed.xml",
        ] {
            let page = reader.get(path).await;
            // An answer to a question repeats the question.
            let says = if page.has(".results") {
                true
            } else {
                page.body().contains("Soon") || page.body().contains("02/soon<")
            };
            seen.push((path, page.status() == 200 && (says || path == "/archive")));
        }
        seen
    };
    blog.clock.advance(30 * MINUTE - 1);
    for (path, is_there) in seen().await {
        assert!(!is_there || path == "/archive", "{path} shows it too early");
    }
    assert!(reader.get("/archive").await.all(".months li").concat().ends_with("1 post"));
    blog.clock.advance(1);
    for (path, is_there) in seen().await {
        assert!(is_there, "{path} does not show it");
    }
    assert!(reader.get("/archive").await.all(".months li").concat().ends_with("2 posts"));
}

#[tokio::test]
async fn a_changed_address_leads_to_the_new_one_in_one_step() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").slug("a").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let change = async |slug: &str| {
        let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
        saved(&editor, form.set("slug", slug).press("Update", &editor).await).await;
    };
    let leads = async |from: &str| {
        let answer = reader.get(&format!("/2023/02/{from}")).await;
        (answer.status(), answer.header("location").unwrap_or_default().to_owned())
    };
    change("b").await;
    change("c").await;
    let to_c = (301, "/2023/02/c".to_owned());
    assert_eq!(leads("a").await, to_c, "not by way of b");
    assert_eq!(leads("b").await, to_c);
    assert_eq!(leads("b/").await, to_c, "nor by way of the slash");
    assert_eq!(leads("c").await.0, 200);

    change("a").await;
    assert_eq!(leads("a").await.0, 200, "back where it was, it leads nowhere else");
    for old in ["b", "c"] {
        assert_eq!(leads(old).await, (301, "/2023/02/a".to_owned()));
    }

    // A made address does not take one that still leads somewhere; a given one does.
    assert_eq!(blog.published_post("B").create().await.path, "/2023/02/b-2");
    assert_eq!(blog.published_post("B").slug("b").create().await.path, "/2023/02/b");
    assert_eq!(leads("b").await.0, 200);

    // What readers may not see is not led to.
    blog.app.store.trash_post(post.id, blog.now()).await.unwrap();
    assert_eq!(leads("c").await.0, 404);
}

#[tokio::test]
async fn a_changed_date_or_zone_keeps_the_address() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    assert_eq!(form.value("publish-at"), "2023-02-11T08:30");
    saved(&editor, form.set("publish-at", "2021-05-06T07:08").press("Update", &editor).await).await;
    let page = reader.get(&post.path).await;
    assert_eq!((page.status(), page.text(".date-header")), (200, "Thursday, 6 May 2021".into()));

    blog.change_settings(|settings| {
        settings.zone = jiff::tz::TimeZone::get("Pacific/Auckland").unwrap();
        settings.zone_name = "Pacific/Auckland".to_owned();
    })
    .await;
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    assert_eq!(form.value("publish-at"), "2021-05-06T19:08");
    saved(&editor, form.set("text", "x").press("Update", &editor).await).await;
    assert_eq!(reader.get(&post.path).await.text(".dt-published"), "19:08");
}

#[tokio::test]
async fn a_publish_time_is_of_the_blogs_zone_with_its_summer() {
    let blog = TestBlog::wish().zone("Europe/Berlin").start().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    for (typed, shown, machine) in [
        ("2022-07-01T08:30", "08:30", "2022-07-01T08:30:00+02:00"),
        ("2023-01-01T00:10", "00:10", "2023-01-01T00:10:00+01:00"),
        // The clocks show this hour twice.
        ("2022-10-30T02:30", "02:30", "2022-10-30T02:30:00+02:00"),
    ] {
        let form = new_post(&editor, typed).await.set("publish-at", typed);
        // What an editor may have overlooked about a time is said first.
        let held = form.press("Publish", &editor).await;
        assert_eq!(held.status(), 422);
        let done = held.form("form.editor").press("Publish all the same", &editor).await;
        let page = reader.get(&address_of(&saved(&editor, done).await)).await;
        assert_eq!(page.text(".dt-published"), shown, "{typed}");
        assert_eq!(page.attribute(".dt-published", "datetime"), machine, "{typed}");
    }
    assert_eq!(reader.get("/2023/01").await.all(".links a"), ["2023-01-01T00:10"]);

    let form = new_post(&editor, "Skipped").await.set("publish-at", "2022-03-27T02:30");
    for button in ["Publish", "Save draft"] {
        let refused = form.clone().press(button, &editor).await;
        assert_eq!((refused.status(), refused.form("form.editor").value("publish-at")), (422, "2022-03-27T02:30"));
        let said =
            "On that day the clocks skip this time. The same moment is 27 March 2022, 03:30: give that, or another.";
        assert_eq!(refused.text("#publish-at-error"), said);
    }
}

#[tokio::test]
async fn two_who_write_at_once_both_keep_their_text() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").body("Common.").create().await;
    let (one, other) = (blog.owner().await, blog.editor().await);
    let path = format!("/admin/posts/{}", post.id);
    let (first, second) = (one.get(&path).await.form("form.editor"), other.get(&path).await.form("form.editor"));
    saved(&one, first.set("text", "Of the one.").set("title", "One").press("Update", &one).await).await;

    let conflict = second.set("text", "Of the other.").set("title", "Other").press("Update", &other).await;
    assert_eq!(conflict.status(), 409);
    assert_eq!(conflict.attribute("#theirs-title", "value"), "One");
    assert_eq!(conflict.text("#theirs-text"), "Of the one.");
    assert_eq!(conflict.form("form.editor").value("text"), "Of the other.");
    assert_eq!(blog.reader().get(&post.path).await.text(".e-content"), "Of the one.", "nothing was saved");

    let both = conflict.form("form.editor").set("text", "Of the one and of the other.");
    saved(&other, both.press("Update", &other).await).await;
    let page = blog.reader().get(&post.path).await;
    assert_eq!((page.text("h1"), page.text(".e-content")), ("Other".into(), "Of the one and of the other.".into()));
}

#[tokio::test]
async fn a_post_that_goes_to_the_trash_while_it_is_edited_is_not_brought_back() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let editor = blog.editor().await;
    let form = editor.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor");
    blog.app.store.trash_post(post.id, blog.now()).await.unwrap();
    let conflict = form.set("text", "Mine.").press("Update", &editor).await;
    assert_eq!((conflict.status(), conflict.text(".editor .state")), (409, "Trash".into()));
    assert_eq!(conflict.form("form.editor").value("text"), "Mine.");
    assert_eq!(blog.reader().get(&post.path).await.status(), 404);
}

#[tokio::test]
async fn an_ended_session_costs_no_words() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let editor = blog.editor().await;
    for path in [NEW.to_owned(), format!("/admin/posts/{}", post.id)] {
        let form = editor.get(&path).await.form("form.editor");
        let form = form
            .set("title", "Kept & whole")
            .set("text", "Line <1>\n\n  line \"2\"")
            .set("tags", "t, u")
            .set("slug", "kept")
            .set("publish-at", "2023-02-01T00:00")
            .set("comments", "closed");
        // Somebody signs out in another window.
        let button = if path == NEW { "Save draft" } else { "Update" };
        editor.get("/admin/posts").await.form("header form").submit(&editor).await;
        let door = form.press(button, &editor).await;
        assert_eq!(door.status(), 401);
        assert!(door.text(".notice").contains("session has ended"));

        let wrong =
            door.form("main form").set("email", EDITOR_EMAIL).set("password", "not this one").submit(&editor).await;
        assert_eq!(wrong.status(), 422);
        let back = wrong.form("main form").set("password", PASSWORD).submit(&editor).await;
        assert_eq!(back.status(), 200);
        assert!(back.text(".notice").contains("not been saved yet"));
        let form = back.form("form.editor");
        assert_eq!(form.action(), if path == NEW { "/admin/posts" } else { path.as_str() });
        for (name, value) in [
            ("title", "Kept & whole"),
            ("text", "Line <1>\n\n  line \"2\""),
            ("tags", "t, u"),
            ("slug", "kept"),
            ("publish-at", "2023-02-01T00:00"),
            ("comments", "closed"),
        ] {
            assert_eq!(form.value(name), value, "{name}");
        }
        let form = form.set("slug", if path == NEW { "kept-new" } else { "kept" });
        saved(&editor, form.press(button, &editor).await).await;
    }
    assert_eq!(blog.stored(&post).await.title, "Kept & whole");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_everything_kept() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let many_tags = (0..31).map(|number| format!("t{number}")).collect::<Vec<_>>().join(",");
    let (long_tag, long_title, long_excerpt) = ("x".repeat(61), "x".repeat(301), "x".repeat(1001));
    for (field, wrong) in [
        ("title", ""),
        ("title", long_title.as_str()),
        ("tags", many_tags.as_str()),
        ("tags", long_tag.as_str()),
        ("publish-at", "tomorrow"),
        ("publish-at", "2023-02-30T00:00"),
        ("slug", "../admin"),
        ("slug", "a b"),
        ("slug", "\"><script>alert(1)</script>"),
        ("slug", ".hidden"),
        ("excerpt", long_excerpt.as_str()),
    ] {
        let form =
            new_post(&editor, "Good").await.set("excerpt", "An excerpt").set("tags", "one, two").set(field, wrong);
        let refused = form.press("Publish", &editor).await;
        assert_eq!(refused.status(), 422, "{field} {wrong:?}");
        assert_eq!(refused.text(".notice.alarm"), "Not saved yet: see what is marked below.");
        assert!(
            refused.has(&format!("#{field}[aria-invalid=true][aria-describedby~='{field}-error']")),
            "{field} {wrong:?}"
        );
        let form = refused.form("form.editor");
        assert_eq!(form.value(field), wrong);
        assert_eq!(form.value("text"), "Some *text*.\n\nIts second paragraph.");
        assert_eq!(form.value("excerpt"), if field == "excerpt" { wrong } else { "An excerpt" });
    }
    assert!(editor.get("/admin/posts").await.has(".empty"), "nothing of it was saved");
}

#[tokio::test]
async fn every_limit_is_reached_and_not_passed() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    // Letters of three bytes: what is counted is what people count.
    let (title, tag, excerpt) = ("題".repeat(300), "題".repeat(60), "題".repeat(1000));
    let tags = (0..29).map(|number| format!("t{number}")).chain([tag]).collect::<Vec<_>>().join(",");
    let form = new_post(&editor, &title).await.set("tags", &tags).set("excerpt", &excerpt);
    let page = saved(&editor, form.press("Publish", &editor).await).await;
    let form = page.form("form.editor");
    assert_eq!((form.value("title"), form.value("excerpt")), (title.as_str(), excerpt.as_str()));
    assert_eq!(form.value("tags").split(", ").count(), 30);
}

#[tokio::test]
async fn a_preview_is_the_readers_page_and_saves_nothing() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let form = new_post(&editor, "To be seen")
        .await
        .set("tags", "green")
        .set("text", "A ~~b~~ **c**.\n\n```rust\nlet a = 1;\n```\n");
    let preview = form.press("Preview", &editor).await;
    assert_eq!((preview.status(), preview.text("h1")), (200, "To be seen".into()));
    assert!(preview.text(".notice").starts_with("This is a preview"));
    assert_eq!(preview.all(".p-category"), ["green"]);
    assert!(!preview.has(".comment-form"));
    assert!(editor.get("/admin/posts").await.has(".empty"));
    assert_eq!(preview.header("cache-control"), Some("no-store"));

    let post = blog.published_post("To be seen").body("A ~~b~~ **c**.\n\n```rust\nlet a = 1;\n```\n").create().await;
    let page = blog.reader().get(&post.path).await;
    assert_eq!(preview.inner(".e-content"), page.inner(".e-content"), "one renderer draws both");

    let unseen = blog.reader().post("/admin/posts/preview", &[("title", "x")]).await;
    assert_eq!(unseen.status(), 303);
    let refused = editor.get(NEW).await.form("form.editor").set("slug", "/").press("Preview", &editor).await;
    assert_eq!(refused.status(), 422);
}

#[tokio::test]
async fn the_trash_gives_back_what_went_into_it() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").tag("x").create().await;
    let (editor, reader) = (blog.editor().await, blog.reader());
    let row = editor.get("/admin/posts").await.form("td.actions form");
    let list = editor.follow(&row.press("Trash", &editor).await).await;
    assert_eq!(list.text(".notice"), "Moved to the trash. You can restore it from there.");
    assert!(list.has(".empty"));
    for gone in [post.path.as_str(), "/tag/x", "/2023"] {
        assert_eq!(reader.get(gone).await.status(), 404, "{gone}");
    }
    let row = editor.get("/admin/posts?state=trash").await.form("td.actions form");
    let form = editor.follow(&row.press("Restore", &editor).await).await;
    assert_eq!((form.text(".notice"), form.text(".editor .state")), ("Restored.".into(), "Published".into()));
    assert_eq!(reader.get(&post.path).await.status(), 200);
    // Twice is no fault, and what is not there is not found.
    assert_eq!(editor.post(&format!("/admin/posts/{}/restore", post.id), &[]).await.status(), 303);
    for odd in
        ["/admin/posts/99/trash", "/admin/posts/99/restore", "/admin/posts/01/trash", "/admin/posts/1abc/restore"]
    {
        assert_eq!(editor.post(odd, &[]).await.status(), 404, "{odd}");
    }
}

#[tokio::test]
async fn a_draft_needs_no_title() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let form = editor.get(NEW).await.form("form.editor").set("text", "Only a thought.");
    saved(&editor, form.press("Save draft", &editor).await).await;
    let list = editor.get("/admin/posts").await;
    assert_eq!(list.text("tbody th a"), "Untitled");
    let form = editor.get(&list.attribute("tbody th a", "href")).await.form("form.editor");
    assert_eq!(form.value("text"), "Only a thought.");
    assert_eq!(form.press("Publish", &editor).await.status(), 422, "readers want one");
}

#[tokio::test]
async fn the_list_shows_each_state_searches_and_goes_on() {
    let blog = TestBlog::wish().start().await;
    let editor = blog.editor().await;
    let published = blog.published_post("Published apple").at("2023-01-03T00:00").create().await;
    blog.draft("Draft apple").create().await;
    blog.published_post("Scheduled pear").at("2023-12-01T00:00").create().await;
    let trashed = blog.published_post("Trashed apple").create().await;
    blog.app.store.trash_post(trashed.id, blog.now()).await.unwrap();
    blog.page("A page").create().await;
    blog.comment(&published, "One").create().await;
    let listed = async |query: &str| editor.get(&format!("/admin/posts{query}")).await.all("tbody th a");
    assert_eq!(listed("").await, ["Scheduled pear", "Draft apple", "Published apple"]);
    assert_eq!(listed("?state=draft").await, ["Draft apple"]);
    assert_eq!(listed("?state=scheduled").await, ["Scheduled pear"]);
    assert_eq!(listed("?state=published").await, ["Published apple"]);
    assert_eq!(listed("?state=trash").await, ["Trashed apple"]);
    assert_eq!(listed("?state=nonsense").await.len(), 3);
    assert_eq!(listed("?kind=page").await, ["A page"]);
    assert_eq!(listed("?q=apple").await, ["Draft apple", "Published apple"]);
    assert_eq!(listed("?q=apple&state=trash").await, ["Trashed apple"]);
    assert_eq!(listed("?q=%22").await, [""; 0]);
    let page = editor.get("/admin/posts?state=published").await;
    assert!(page.all("tbody td").contains(&"1 comment".to_owned()));

    for number in 0..51 {
        blog.draft(&format!("Many {number}")).create().await;
    }
    let first = editor.get("/admin/posts?state=draft&q=many").await;
    assert_eq!(first.all("tbody tr").len(), 50);
    let second = editor.get(&first.attribute("nav.pager [rel=next]", "href")).await;
    assert_eq!(second.all("tbody tr").len(), 1);
    assert_eq!(
        editor.get(&second.attribute("nav.pager [rel=prev]", "href")).await.all("tbody tr"),
        first.all("tbody tr")
    );
}

#[tokio::test]
async fn a_post_of_a_megabyte_is_taken_and_one_byte_more_is_not() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let paragraph = format!("{}\n\n", "kata ".repeat(199).trim_end());
    let mut text = paragraph.repeat(1_000_000 / paragraph.len());
    text.push_str(&"x".repeat(1_000_000 - text.len()));
    let more = format!("{text}y");
    let refused = new_post(&editor, "Too long").await.set("text", &more).press("Save draft", &editor).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(refused.form("form.editor").value("text").len(), 1_000_001);
    let page = saved(&editor, new_post(&editor, "Long").await.set("text", &text).press("Publish", &editor).await).await;
    assert_eq!(page.form("form.editor").value("text"), text);
    assert_eq!(blog.reader().get("/2023/02/long").await.status(), 200);
}

#[tokio::test]
async fn a_text_nested_too_deep_is_refused_and_kept() {
    let blog = TestBlog::new().await;
    let editor = blog.editor().await;
    let deep = format!("{} deep", ">".repeat(5_000));
    let refused = new_post(&editor, "Deep").await.set("text", &deep).press("Publish", &editor).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text("#text-error").contains("nested too deeply"));
    assert_eq!(refused.form("form.editor").value("text"), deep);
}

#[tokio::test]
async fn a_database_that_cannot_be_written_loses_no_words() {
    let blog = TestBlog::wish().hold(laman::model::settings::CommentHold::None).start().await;
    let post = blog.published_post("Post").create().await;
    blog.comment(&post, "Ask").create().await;
    let (owner, reader) = (blog.owner().await, blog.reader());
    let new = new_post(&owner, "Not lost").await;
    let old = owner.get(&format!("/admin/posts/{}", post.id)).await.form("form.editor").set("text", "Not lost either.");
    let talk = reader.get(&post.path).await.form("#comment-form").set("text", "Kept.").set("name", "Siti");
    let settings = owner.get("/admin/settings").await.form("form.settings").set("title", "New name");
    let answer =
        owner.get("/admin/comments?state=approved").await.form("details form[action$=reply]").set("text", "An answer.");

    // Another program holds the database for longer than the blog waits.
    let mut holder = blog.database().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let (new, old, talk, settings, answer) = tokio::join!(
        new.press("Publish", &owner),
        old.press("Update", &owner),
        talk.press("Post comment", &reader),
        settings.press("Save", &owner),
        answer.press("Reply", &owner),
    );
    for (page, css, field, text) in [
        (&new, "form.editor", "title", "Not lost"),
        (&old, "form.editor", "text", "Not lost either."),
        (&talk, "#comment-form", "text", "Kept."),
        (&settings, "form.settings", "title", "New name"),
        (&answer, "details[open] form", "text", "An answer."),
    ] {
        assert_eq!(page.status(), 503, "{}", page.asked());
        assert!(page.body().contains("the disk is full or busy"), "{}", page.asked());
        assert_eq!(page.form(css).value(field), text, "{}", page.asked());
    }
    assert_eq!(reader.get(&post.path).await.all(".comment-text"), ["Ask"], "readers read on");

    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    assert_eq!(new.form("form.editor").press("Publish", &owner).await.status(), 303);
    assert_eq!(talk.form("#comment-form").press("Post comment", &reader).await.status(), 303);
    assert_eq!(answer.form("details[open] form").press("Reply", &owner).await.status(), 303);
    let page = reader.get(&post.path).await;
    assert_eq!(page.all(".comment-text"), ["Ask", "An answer.", "Kept."]);
}

#[tokio::test]
async fn fields_that_the_form_does_not_have_change_nothing() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let before = blog.stored(&post).await;
    let editor = blog.editor().await;
    let answer = editor
        .post(
            &format!("/admin/posts/{}", post.id),
            &[
                ("version", "1"),
                ("action", "publish"),
                ("title", "Changed"),
                ("title", "Twice"),
                ("kind", "page"),
                ("comments", "open"),
                ("id", "99"),
                ("uuid", "00000000-0000-0000-0000-000000000000"),
                ("path", "elsewhere"),
                ("html", "<script>alert(1)</script>"),
                ("state", "draft"),
                ("author_id", "1"),
                ("comment_count", "1000"),
                ("trashed_at", "1"),
            ],
        )
        .await;
    assert_eq!(answer.status(), 303);
    let after = blog.stored(&post).await;
    assert_eq!(after.title, "Changed", "of a field that comes twice the first counts");
    assert_eq!((after.uuid, after.path, after.kind), (before.uuid, before.path, before.kind));
    assert!(after.is_published && after.trashed_at.is_none());
    assert_eq!(blog.reader().get(&post.path).await.text(".p-author"), OWNER_NAME);
}

#[tokio::test]
async fn settings_are_the_owners_and_take_effect_at_once() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let (owner, reader) = (blog.owner().await, blog.reader());
    let form = owner.get("/admin/settings").await.form("form.settings");
    assert_eq!((form.value("title"), form.value("zone")), ("Laman Aminah", "UTC"));
    let form = form.set("title", "Kebun").set("description", "").set("language", "ms").set("zone", "Asia/Kuala_Lumpur");
    let answer = form.press("Save", &owner).await;
    assert_eq!((answer.status(), answer.location()), (303, "/admin/settings?done=saved"));
    let home = reader.get("/").await;
    assert_eq!((home.text("h1"), home.text(".dt-published")), ("Kebun".into(), "16:30".into()));
    assert_eq!(home.attribute("html", "lang"), "ms");
    assert!(reader.get(&post.path).await.has("#comment-form"), "what stands on the other page is left alone");
    let form = owner.get("/admin/settings/comments").await.form("form.settings");
    assert_eq!(form.value("hold"), "first");
    let answer = form.choose("hold", "none").untick("comments-open").press("Simpan", &owner).await;
    assert_eq!((answer.status(), answer.location()), (303, "/admin/settings/comments?done=saved"));
    assert!(!reader.get(&post.path).await.has("#comment-form"));
    let form = owner.get("/admin/settings/comments").await.form("form.settings");
    assert!(!form.has("comments-open"));
    assert_eq!(form.value("hold"), "none");

    for (field, wrong) in [("title", ""), ("zone", "Mars/Base"), ("language", "xx")] {
        let form =
            owner.get("/admin/settings").await.form("form.settings").set("description", "Kept").set(field, wrong);
        let refused = form.submit(&owner).await;
        assert_eq!(refused.status(), 422, "{field} {wrong:?}");
        assert_eq!(refused.form("form.settings").value("description"), "Kept");
    }
    assert_eq!(reader.get("/").await.text("h1"), "Kebun");
}

#[tokio::test]
async fn how_much_is_read_at_once_is_decided_apart_and_takes_effect_at_once() {
    let blog = TestBlog::new().await;
    for title in ["One", "Two", "Three"] {
        blog.published_post(title).excerpt("It begins").body("It *begins*, and goes on").create().await;
    }
    let (owner, reader) = (blog.owner().await, blog.reader());
    let form = async || owner.get("/admin/settings/reading").await.form("form.settings");
    let counts = async || {
        let feed = reader.get("/feed.xml").await;
        let all = |words: &str| feed.body().matches(words).count();
        (reader.get("/").await.all("article").len(), all("<entry>"), all("goes on"), all("It begins"))
    };
    assert_eq!((form().await.value("posts-per-page"), form().await.value("feed-posts")), ("10", "20"));
    assert_eq!(counts().await, (3, 3, 3, 3));
    let answer = form().await.set("posts-per-page", "1").set("feed-posts", "2").set("feeds", "short");
    assert_eq!(answer.press("Save", &owner).await.location(), "/admin/settings/reading?done=saved");
    assert_eq!(counts().await, (1, 2, 0, 2));
    let json: serde_json::Value = serde_json::from_str(reader.get("/feed.json").await.body()).unwrap();
    assert_eq!(
        (json["items"][0]["content_text"].as_str(), &json["items"][0]["content_html"]),
        (Some("It begins"), &serde_json::Value::Null)
    );
    assert!(!reader.get("/feed.rss").await.body().contains("content:encoded>"));
    assert_eq!(form().await.value("feeds"), "short");

    for (field, wrong) in
        [("posts-per-page", "0"), ("posts-per-page", "51"), ("feed-posts", "101"), ("feed-posts", "x")]
    {
        let refused = form().await.set("feeds", "full").set(field, wrong).submit(&owner).await;
        assert_eq!((refused.status(), refused.has(&format!("#{field}-error"))), (422, true), "{field} {wrong:?}");
        assert_eq!(refused.form("form.settings").value("feeds"), "full");
    }
    assert_eq!(counts().await, (1, 2, 0, 2));
}

#[tokio::test]
async fn how_threads_are_shown_is_decided_where_comments_are() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let decided = async || {
        let settings = blog.app.store.settings().await.unwrap().unwrap();
        (settings.comments_per_page, settings.newest_comments_first, settings.edit_minutes)
    };
    let before = decided().await;
    let form = owner.get("/admin/settings").await.form("form.settings");
    assert!(!form.has("comments-per-page") && !form.has("newest-comments-first") && !form.has("edit-minutes"));
    // Sent by hand, as the page that was open before an upgrade sends them.
    let old = [
        ("title", "Kebun"),
        ("language", "en"),
        ("zone", "UTC"),
        ("comments-per-page", "9"),
        ("newest-comments-first", "yes"),
        ("edit-minutes", "9"),
    ];
    assert_eq!(owner.post("/admin/settings", &old).await.status(), 303);
    assert_eq!(decided().await, before);

    let form = async || owner.get("/admin/settings/comments").await.form("form.settings");
    for (field, wrong) in [
        ("comments-per-page", "0"),
        ("comments-per-page", "501"),
        ("comments-per-page", ""),
        ("edit-minutes", "10081"),
        ("edit-minutes", "x"),
    ] {
        let refused = form().await.set("hold-list", "kept").set(field, wrong).press("Save", &owner).await;
        assert_eq!((refused.status(), refused.has(&format!("#{field}-error"))), (422, true), "{field} {wrong:?}");
        assert_eq!(refused.form("form.settings").value("hold-list"), "kept");
    }
    assert_eq!(decided().await, before);
    let good =
        form().await.set("comments-per-page", "20").set("edit-minutes", "0").choose("newest-comments-first", "yes");
    assert_eq!(good.press("Save", &owner).await.status(), 303);
    assert_eq!(decided().await, (20, true, 0));
    assert_eq!(form().await.value("newest-comments-first"), "yes");
}

#[tokio::test]
async fn the_editors_lists_go_on_over_pages_in_every_state() {
    let blog = TestBlog::new().await;
    blog.many_posts(102, time("2022-03-01T00:00:00Z"), "words").await;
    blog.published_post("Scheduled").at("2024-01-01T00:00").create().await;
    blog.draft("Draft").create().await;
    let trashed = blog.published_post("Trashed").create().await;
    blog.app.store.trash_post(trashed.id, blog.now()).await.unwrap();
    let editor = blog.editor().await;
    let titles = |page: &Page| page.all("table.rows tbody th a");
    for (state, first, last) in [("", "Scheduled", "Post 1"), ("&state=published", "Post 102", "Post 1")] {
        let mut page = editor.get(&format!("/admin/posts?kind=post{state}")).await;
        assert_eq!((titles(&page).len(), titles(&page)[0].as_str()), (50, first), "{state}");
        let second = editor.get(&page.attribute("nav.pager [rel=next]", "href")).await;
        page = editor.get(&second.attribute("nav.pager [rel=next]", "href")).await;
        assert_eq!(titles(&page).last().unwrap(), last, "{state}");
        assert!(!page.has("nav.pager [rel=next]"));
        let back = editor.get(&page.attribute("nav.pager [rel=prev]", "href")).await;
        assert_eq!(titles(&back), titles(&second), "{state}");
    }
    for (state, title) in [("draft", "Draft"), ("scheduled", "Scheduled"), ("trash", "Trashed")] {
        let page = editor.get(&format!("/admin/posts?kind=post&state={state}")).await;
        assert_eq!(titles(&page), [title]);
        assert!(!page.has("nav.pager"));
    }
}
