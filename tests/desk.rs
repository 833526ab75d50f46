//! The desk itself: the list of posts with what can be asked of it and done to many, its first page, and who reads.

use axum::{body::Body, http::Method};
use laman::model::user::Role;

use crate::support::*;

/// Titles in the list at this address.
async fn titles(visitor: &Visitor, query: &str) -> Vec<String> {
    let page = visitor.get(&format!("/admin/posts?{query}")).await;
    assert_eq!(page.status(), 200, "{query}");
    page.all(".rows tbody th :is(a, span)[id^=title-]")
}

/// Presses a button for these posts, and goes where it leads.
async fn act(visitor: &Visitor, action: &str, tag: &str, posts: &[&MadePost]) -> Page {
    let mut fields = vec![("from", "kind=post".to_owned()), ("action", action.to_owned()), ("tag", tag.to_owned())];
    fields.extend(posts.iter().map(|post| ("id", post.id.to_string())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = visitor.post("/admin/posts/many", &fields).await;
    assert_eq!(answer.status(), 303, "{}", answer.body());
    visitor.follow(&answer).await
}

#[tokio::test]
async fn the_list_shows_what_is_asked_for_by_state_tag_author_and_words_in_either_order() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    blog.published_post("First").tag("garden").at("2023-01-01T00:00").create().await;
    blog.published_post("Second").tag("garden").tag("rain").at("2023-01-02T00:00").create().await;
    blog.published_post("Later").tag("garden").at("2023-03-01T00:00").create().await;
    blog.draft("Sketch of a garden").tag("garden").create().await;
    let author = blog.signed_in_as(Role::Author).await;
    let theirs = [("title", "Theirs"), ("text", "x"), ("tags", "garden"), ("action", "save")];
    assert_eq!(author.post("/admin/posts", &theirs).await.status(), 303);

    assert_eq!(titles(&owner, "").await, ["Later", "Theirs", "Sketch of a garden", "Second", "First"]);
    assert_eq!(titles(&owner, "order=oldest").await, ["First", "Second", "Sketch of a garden", "Theirs", "Later"]);
    assert_eq!(titles(&owner, "tag=Garden&order=oldest").await.len(), 5);
    assert_eq!(titles(&owner, "tag=rain").await, ["Second"]);
    assert_eq!(titles(&owner, "tag=unknown").await, [""; 0]);
    assert_eq!(titles(&owner, "tag=garden&state=published").await, ["Second", "First"]);
    assert_eq!(titles(&owner, "tag=garden&state=scheduled&order=oldest").await, ["Later"]);
    assert_eq!(titles(&owner, "tag=garden&state=draft").await, ["Theirs", "Sketch of a garden"]);
    assert_eq!(titles(&owner, "q=sketch&tag=garden&state=draft").await, ["Sketch of a garden"]);
    let id = |page: &Page| page.form(".filters").value("author").to_owned();
    let omar = blog.app.store.users().await.unwrap().into_iter().find(|user| user.name == "Omar").unwrap().id;
    let page = owner.get(&format!("/admin/posts?author={omar}&tag=garden")).await;
    assert_eq!((page.all(".rows tbody th a[id]"), id(&page)), (vec!["Theirs".to_owned()], omar.to_string()));
    // An author's list is theirs, whatever is asked.
    assert_eq!(titles(&author, &format!("author={}", blog.owner)).await, ["Theirs"]);
    assert!(!author.get("/admin/posts").await.has("#author"));
}

#[tokio::test]
async fn a_long_list_is_walked_to_its_end_and_back_in_either_order_and_under_a_tag() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    blog.many_posts(120, time("2022-01-01T00:00:00Z"), "words").await;
    let mut all = Vec::new();
    for number in 1..=120 {
        all.push(format!("Post {number}"));
    }
    for (query, first) in
        [("order=oldest&", "Post 1"), ("", "Post 120"), ("author=1&order=oldest&", "Post 1"), ("author=1&", "Post 120")]
    {
        let mut page = owner.get(&format!("/admin/posts?{query}")).await;
        let mut seen = page.all(".rows tbody th a[id]");
        while page.has(".pager [rel=next]") {
            page = owner.get(&page.attribute(".pager [rel=next]", "href")).await;
            seen.extend(page.all(".rows tbody th a[id]"));
        }
        assert_eq!((seen.len(), seen[0].as_str()), (120, first), "{query}");
        seen.dedup();
        assert_eq!(seen.len(), 120, "{query}");
        while page.has(".pager [rel=prev]") {
            page = owner.get(&page.attribute(".pager [rel=prev]", "href")).await;
        }
        assert_eq!(page.all(".rows tbody th a[id]")[0], first, "{query}");
    }
}

#[tokio::test]
async fn what_is_done_to_many_posts_is_done_at_once_and_can_be_undone() {
    let blog = TestBlog::new().await;
    let (owner, reader) = (blog.owner().await, blog.reader());
    let one = blog.draft("One").create().await;
    let two = blog.draft("Two").tag("rain").create().await;
    let page = act(&owner, "publish", "", &[&one, &two]).await;
    assert_eq!(page.text("[role=status]"), "2 published.");
    assert_eq!(reader.get("/2023/02/one").await.text("h1"), "One");
    assert!(reader.get("/").await.body().contains("Two"));

    let page = act(&owner, "tag", "Garden", &[&one, &two]).await;
    assert!(page.text("[role=status]").contains("2 tagged"));
    assert_eq!(reader.get("/tag/garden").await.all("h2"), ["Two", "One"]);
    assert_eq!(blog.stored(&two).await.tags.to_vec(), ["rain", "Garden"]);
    assert_eq!(titles(&owner, "q=garden").await.len(), 2, "they are found by it");
    let undone = page.form(".undo").submit(&owner).await;
    assert!(owner.follow(&undone).await.text("[role=status]").contains("Undone"));
    assert_eq!(reader.get("/tag/garden").await.status(), 404);
    assert_eq!(titles(&owner, "q=garden").await.len(), 0);

    let page = act(&owner, "unpublish", "", &[&one, &two]).await;
    assert_eq!(reader.get("/2023/02/one").await.status(), 404);
    page.form(".undo").submit(&owner).await;
    assert_eq!(reader.get("/2023/02/one").await.status(), 200);

    let page = act(&owner, "trash", "", &[&one, &two]).await;
    assert_eq!(reader.get("/2023/02/two").await.status(), 404);
    // What has been changed since stays as it is.
    blog.app.store.restore_post(one.id, blog.now()).await.unwrap();
    let undo = page.form(".undo");
    undo.clone().submit(&owner).await;
    assert_eq!(titles(&owner, "state=trash").await, [""; 0]);
    let again = undo.submit(&owner).await;
    assert!(owner.follow(&again).await.text("[role=status]").contains("cannot be undone"));
}

#[tokio::test]
async fn a_tag_given_to_many_stays_where_changes_wait_to_be_published() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let post = blog.published_post("One").tag("rain").create().await;
    let edit = format!("/admin/posts/{}", post.id);
    let form = owner.get(&edit).await.form("form.editor");
    form.set("text", "Not for readers yet.").set("tags", "rain, Snow").send_to("/autosave", &owner).await;
    act(&owner, "tag", "Garden", &[&post]).await;
    assert_eq!(owner.get(&edit).await.form("form.editor").value("tags"), "rain, Snow, Garden");
    act(&owner, "tag", "snow", &[&post]).await;
    let undo = act(&owner, "tag", "Wind", &[&post]).await.form(".undo");
    undo.submit(&owner).await;
    let form = owner.get(&edit).await.form("form.editor");
    form.press("Update", &owner).await;
    assert_eq!(blog.stored(&post).await.tags.to_vec(), ["rain", "Garden", "snow"]);
}

#[tokio::test]
async fn a_tag_that_has_its_address_by_an_older_rule_keeps_it() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let old = blog.published_post("Old").tag("C++").create().await;
    let mut database = blog.database().await;
    sqlx::query("UPDATE tag SET slug = 'c'").execute(&mut database).await.unwrap();
    let (new, other) =
        (blog.published_post("New").create().await, blog.published_post("Other").tag("C#").create().await);
    act(&owner, "tag", "C++", &[&new, &other]).await;
    assert_eq!(blog.reader().get("/tag/c").await.all("article h2"), ["Other", "New", "Old"]);
    assert_eq!(blog.reader().get("/tag/c-sharp").await.all("article h2"), ["Other"]);
    act(&owner, "untag", "C++", &[&old, &new]).await;
    assert_eq!(titles(&owner, "tag=C%2B%2B").await, ["Other"]);
    let form = owner.get(&format!("/admin/posts/{}", new.id)).await.form("form.editor");
    form.set("tags", "C++, C").press("Update", &owner).await;
    assert_eq!(blog.stored(&new).await.tags.to_vec(), ["C++"], "two names of one tag are no fault");
}

#[tokio::test]
async fn what_cannot_be_done_is_passed_over_and_said() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let out = blog.published_post("Out").create().await;
    let nameless = blog.draft("").create().await;
    let draft = blog.draft("Draft").create().await;
    let page = act(&owner, "publish", "", &[&out, &nameless, &draft]).await;
    assert!(
        page.text("[role=status]").starts_with("1 published. 2 stay as they were"),
        "{}",
        page.text("[role=status]")
    );
    assert!(act(&owner, "publish", "", &[]).await.text("[role=status]").contains("Select posts first"));
    assert!(act(&owner, "tag", " , ", &[&out]).await.text("[role=status]").contains("Type one tag first"));
    let refused = owner.post("/admin/posts/many", &[("id", "1"), ("action", "explode")]).await;
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn all_of_the_page_are_meant_by_one_box() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    for title in ["One", "Two", "Three"] {
        blog.draft(title).create().await;
    }
    let page = owner.get("/admin/posts?state=draft").await;
    page.form("#many").choose("all", "yes").press("Publish", &owner).await;
    assert_eq!(titles(&owner, "state=published").await.len(), 3);
}

#[tokio::test]
async fn posts_in_the_trash_are_deleted_for_good_with_their_comments() {
    let blog = TestBlog::new().await;
    let owner = blog.owner().await;
    let post = blog.published_post("Gone").create().await;
    for number in 0..120 {
        blog.comment(&post, &format!("Comment {number}")).create().await;
    }
    let kept = blog.published_post("Kept").create().await;
    act(&owner, "trash", "", &[&post]).await;
    let page = act(&owner, "delete", "", &[&post, &kept]).await;
    assert!(page.text("[role=status]").contains("Deleted for good"));
    assert!(blog.app.store.stored_post(post.id).await.unwrap().is_none());
    assert_eq!(blog.reader().get(&kept.path).await.status(), 200, "what is not in the trash is not deleted");
    assert_eq!(blog.reader().get(&post.path).await.status(), 410);
    assert!(owner.get("/admin/log").await.body().contains("Post deleted for good"));
}

#[tokio::test]
async fn each_role_does_to_many_posts_what_it_may_do_to_one() {
    let blog = TestBlog::new().await;
    let others = blog.draft("Another’s").create().await;
    let page = blog.page("A page").create().await;
    for role in [Role::Author, Role::Contributor] {
        let writer = blog.signed_in_as(role).await;
        let made = writer.post("/admin/posts", &[("title", "Mine"), ("text", "x"), ("action", "save")]).await;
        let id = made.location().strip_prefix("/admin/posts/").unwrap().split('?').next().unwrap().parse().unwrap();
        let own = MadePost { id, path: String::new() };
        for action in ["publish", "trash", "delete", "tag", "unpublish"] {
            act(&writer, action, "seized", &[&others, &page]).await;
        }
        assert!(!blog.stored(&others).await.is_published && blog.stored(&page).await.trashed_at.is_none());
        assert!(blog.stored(&others).await.tags.is_empty());
        act(&writer, "publish", "", &[&own]).await;
        assert_eq!(blog.stored(&own).await.is_published, role == Role::Author, "{role:?}");
        let buttons = writer.get("/admin/posts").await.all("#many button");
        assert_eq!(buttons.contains(&"Publish".to_owned()), role == Role::Author, "{role:?}");
        // What was done by one is not another's to undo.
        let done = writer.post("/admin/posts/many", &[("id", &id.to_string()), ("action", "trash")]).await;
        let deed = done.location().rsplit_once("done=").unwrap().1.to_owned();
        let tried = blog.owner().await.post("/admin/posts/undo", &[("deed", &deed)]).await;
        assert!(tried.location().contains("done=past"));
    }
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Asks for a page as a browser does, with these headers besides.
async fn read(reader: &Visitor, path: &str, more: &[(&str, &str)]) -> Page {
    let mut request = reader.request(Method::GET, path).header("user-agent", FIREFOX);
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    reader.send(request.body(Body::empty()).unwrap()).await
}

/// Views and readers of the last days, as the desk says them.
async fn totals(blog: &TestBlog) -> Vec<String> {
    blog.app.tally().await.unwrap();
    blog.owner().await.get("/admin/readers").await.all(".totals strong")
}

#[tokio::test]
async fn a_page_that_somebody_reads_is_counted_kept_or_not_and_nothing_else_is() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Read").create().await;
    let reader = blog.reader();
    assert_eq!(totals(&blog).await, ["0 views", "0 readers"]);
    // Made, kept, come upon by way of a query, and asked for again by whoever has it.
    let first = read(&reader, &post.path, &[("referer", "https://friend.example/page?secret")]).await;
    read(&reader, &post.path, &[("sec-fetch-dest", "document")]).await;
    read(&reader, &format!("{}?utm_source=x", post.path), &[]).await;
    let again = read(&reader, &post.path, &[("if-none-match", first.header("etag").unwrap())]).await;
    assert_eq!(again.status(), 304);
    read(&reader, "/", &[("referer", "http://blog.example/2023/02/read")]).await;
    read(&blog.reader_from("203.0.113.5"), "/tag/none", &[]).await;
    assert_eq!(totals(&blog).await, ["5 views", "1 reader"]);
    for (path, more) in [
        (post.path.as_str(), [("dnt", "1")]),
        (post.path.as_str(), [("sec-gpc", "1")]),
        (post.path.as_str(), [("sec-purpose", "prefetch")]),
        (post.path.as_str(), [("sec-fetch-dest", "empty")]),
        ("/feed.xml", [("accept", "*/*")]),
        ("/search", [("accept", "*/*")]),
        ("/admin/sign-in", [("accept", "*/*")]),
        ("/nothing/is/here", [("accept", "*/*")]),
    ] {
        read(&reader, path, &more).await;
    }
    let bot = "Mozilla/5.0 (compatible; Examplebot/1.0)";
    for agent in [bot, "curl/8.5.0"] {
        let request = reader.request(Method::GET, &post.path).header("user-agent", agent).body(Body::empty());
        reader.send(request.unwrap()).await;
    }
    let head = reader.request(Method::HEAD, &post.path).header("user-agent", FIREFOX).body(Body::empty());
    reader.send(head.unwrap()).await;
    reader.get(&post.path).await;
    assert_eq!(totals(&blog).await, ["5 views", "1 reader"]);

    read(&blog.reader_from("203.0.113.5"), &post.path, &[]).await;
    assert_eq!(totals(&blog).await, ["6 views", "2 readers"]);
    let page = blog.owner().await.get("/admin/readers?days=90").await;
    assert_eq!(page.all("#read-most ~ table tbody th"), ["Read", "Home page"]);
    assert_eq!(page.all("#read-most ~ table tbody tr:first-child .number"), ["5 views", "2 readers"]);
    assert_eq!(page.all("#from-where ~ table tbody th"), ["friend.example"]);
    assert_eq!(page.all("details tbody tr").len(), 90);
    assert!(page.all("details tbody tr")[0].starts_with("11 February 2023"));
    let list = blog.owner().await.get("/admin/posts").await;
    assert!(list.text(".rows tbody tr").contains("5 views"));
    // Nothing that tells of anybody is in the file.
    let mut database = blog.database().await;
    let columns: String = sqlx::query_scalar("SELECT group_concat(sql) FROM sqlite_schema WHERE name LIKE 'reading%'")
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert!(!columns.contains("address") && !columns.contains("agent"));
}

#[tokio::test]
async fn the_owner_stops_and_resumes_counting_readers_at_once() {
    let blog = TestBlog::new().await;
    let (owner, reader) = (blog.owner().await, blog.reader());
    read(&reader, "/", &[]).await;
    let off = owner.get("/admin/readers").await.form("main form").submit(&owner).await;
    let page = owner.follow(&off).await;
    assert!(page.text("[role=status]").contains("not counted any more"));
    read(&reader, "/", &[]).await;
    assert_eq!(totals(&blog).await, ["1 view", "1 reader"]);
    assert!(!owner.get("/admin").await.has(".chart"));
    page.form("main form").submit(&owner).await;
    read(&reader, "/", &[]).await;
    assert_eq!(totals(&blog).await[0], "2 views");
    let editor = blog.editor().await;
    assert!(!editor.get("/admin/readers").await.has("main form"), "that is the owner's to say");
}

#[tokio::test]
async fn days_are_added_up_to_months_when_they_are_long_past() {
    let blog = TestBlog::new().await;
    read(&blog.reader(), "/", &[("referer", "https://friend.example/")]).await;
    blog.app.tally().await.unwrap();
    blog.clock.advance(DAY);
    read(&blog.reader(), "/", &[]).await;
    blog.app.tally().await.unwrap();
    blog.clock.advance(500 * DAY);
    while blog.app.store.sweep(blog.now()).await.unwrap() {}
    let days = blog.app.store.reading_days(0).await.unwrap();
    assert_eq!(days.iter().map(|day| (day.day, day.count.views)).collect::<Vec<_>>(), [(20_230_200, 2)]);
    assert_eq!(blog.app.store.reading_pages(0).await.unwrap()[0].count.views, 2);
    assert_eq!(blog.app.store.reading_hosts(0).await.unwrap()[0].views, 1);
}

#[tokio::test]
async fn the_first_page_of_the_desk_says_what_waits_and_what_was_published_last_by_role() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Out").create().await;
    blog.published_post("Later").at("2023-03-01T09:00").create().await;
    blog.draft("Sketch").create().await;
    blog.comment(&post, "May I?").held().create().await;
    read(&blog.reader(), &post.path, &[]).await;
    blog.app.tally().await.unwrap();
    let writer = blog.signed_in_as(Role::Contributor).await;
    writer.post("/admin/posts", &[("title", "Handed"), ("text", "x"), ("action", "hand-in")]).await;

    let page = blog.owner().await.get("/admin").await;
    assert_eq!(page.all(".lines a"), ["Handed", "Sketch", "Later", "Out"]);
    let waits = page.text("section[aria-labelledby=waits]");
    assert!(waits.contains("1 comment waits") && waits.contains("1 March 2023, 09:00") && waits.contains("saved 11"));
    assert!(page.text("section[aria-labelledby=latest]").contains("No comments · 1 view"));
    assert_eq!(page.all("main a.button"), ["New post"]);
    assert!(page.has(".chart"));

    let page = writer.get("/admin").await;
    assert_eq!(page.all(".lines a"), ["Handed"]);
    assert!(!page.has(".chart") && !page.text("main").contains("comment waits"));
}
