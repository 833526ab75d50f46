//! Long threads: a part at a time, each comment at an address of its own that finds it.

use laman::model::{ids::CommentId, queue::Moderation, settings::CommentHold};

use crate::support::*;

/// A post with comments `1` to `count`.
async fn talked_about(blog: &TestBlog, count: usize) -> (MadePost, Vec<CommentId>) {
    let post = blog.published_post("Post").create().await;
    let mut ids = Vec::new();
    for number in 1..=count {
        ids.push(blog.comment(&post, &format!("Word {number}")).by(&format!("Reader {number}")).create().await);
    }
    (post, ids)
}

#[tokio::test]
async fn a_long_thread_is_read_in_parts_and_none_is_left_out() {
    let blog = TestBlog::wish().comments_per_page(3).start().await;
    let (post, ids) = talked_about(&blog, 7).await;
    blog.comment(&post, "Late answer").by("Omar").answering(ids[0]).create().await;
    let reader = blog.reader();
    let first = reader.get(&post.path).await;
    assert_eq!(first.text("#comments > h2"), "8 comments");
    assert_eq!(first.all(".comment-text"), ["Word 1", "Late answer", "Word 2", "Word 3"]);
    assert_eq!(first.text("#comments .pager .count"), "Part 1 of 3");
    assert!(!first.has("#comments a[rel=prev]"));
    let next = first.attribute("#comments a[rel=next]", "href");
    assert_eq!(next, format!("{}?thread=2#comments", post.path));
    let second = reader.get(next.split('#').next().unwrap()).await;
    assert_eq!(second.all(".comment-text"), ["Word 4", "Word 5", "Word 6"]);
    assert_eq!(second.attribute("link[rel=canonical]", "href"), format!("http://blog.example{}", post.path));
    let third = reader.get(&format!("{}?thread=3", post.path)).await;
    assert_eq!(third.all(".comment-text"), ["Word 7"]);
    assert!(!third.has("#comments a[rel=next]"));
    assert_eq!(reader.get(&format!("{}?thread=4", post.path)).await.status(), 404);
    // What is no number of a part is nothing: the address is that of the post.
    for odd in ["0", "02", "-1", "x", "99999999999999999999"] {
        let page = reader.get(&format!("{}?thread={odd}", post.path)).await;
        assert_eq!(page.all(".comment-text").len(), 4, "{odd}");
    }
}

#[tokio::test]
async fn a_part_shows_a_new_comment_at_once() {
    let blog = TestBlog::wish().comments_per_page(2).start().await;
    let (post, _) = talked_about(&blog, 3).await;
    let reader = blog.reader();
    let second = format!("{}?thread=2", post.path);
    assert_eq!(reader.get(&second).await.all(".comment-text"), ["Word 3"]);
    blog.comment(&post, "Word 4").by("Omar").create().await;
    assert_eq!(reader.get(&second).await.all(".comment-text"), ["Word 3", "Word 4"]);
}

#[tokio::test]
async fn a_long_thread_that_grows_forgets_what_a_moderator_takes_out() {
    let blog = TestBlog::wish().comments_per_page(2).start().await;
    let (post, ids) = talked_about(&blog, 4).await;
    let reader = blog.reader();
    let second = format!("{}?thread=2", post.path);
    assert_eq!(reader.get(&second).await.all(".comment-text"), ["Word 3", "Word 4"]);
    blog.comment(&post, "Word 5").by("Omar").create().await;
    blog.app.store.moderate(ids[0], Moderation::Spam, blog.clock.now()).await.unwrap();
    assert_eq!(reader.get(&second).await.all(".comment-text"), ["Word 4", "Word 5"]);
    blog.comment(&post, "Answer").by("Omar").answering(ids[3]).create().await;
    blog.comment(&post, "Word 6").by("Omar").create().await;
    assert_eq!(reader.get(&second).await.all(".comment-text"), ["Word 4", "Answer", "Word 5"]);
    blog.app.store.moderate(ids[0], Moderation::Approve, blog.clock.now()).await.unwrap();
    assert_eq!(reader.get(&second).await.all(".comment-text"), ["Word 3", "Word 4", "Answer"]);
}

#[tokio::test]
async fn the_owner_may_have_the_newest_stand_first() {
    let blog = TestBlog::wish().comments_per_page(3).start().await;
    let (post, ids) = talked_about(&blog, 4).await;
    blog.change_settings(|settings| settings.newest_comments_first = true).await;
    let reader = blog.reader();
    let page = reader.get(&post.path).await;
    assert_eq!(page.all(".comment-text"), ["Word 4"]);
    assert_eq!(page.text("#comments .pager .count"), "Part 2 of 2");
    let older = page.attribute("#comments a[rel=next]", "href");
    assert_eq!(older, format!("{}?thread=1#comments", post.path));
    assert_eq!(reader.get(older.split('#').next().unwrap()).await.all(".comment-text"), ["Word 3", "Word 2", "Word 1"]);
    let found = reader.get(&format!("/comments/{}", ids[0])).await;
    assert_eq!(found.location(), format!("{}?thread=1#comment-{}", post.path, ids[0]));
}

#[tokio::test]
async fn a_comments_own_address_finds_its_part_and_tells_nothing_of_those_that_readers_do_not_see() {
    let blog = TestBlog::wish().comments_per_page(2).start().await;
    let (post, ids) = talked_about(&blog, 5).await;
    let answer = blog.comment(&post, "Answer").by("Omar").answering(ids[4]).create().await;
    let held = blog.comment(&post, "Waits").by("Bo").held().create().await;
    let reader = blog.reader();
    for (id, place) in [(ids[0], ""), (ids[1], ""), (ids[2], "?thread=2"), (ids[4], "?thread=3"), (answer, "?thread=3")]
    {
        let found = reader.get(&format!("/comments/{id}")).await;
        assert_eq!((found.status(), found.location()), (303, format!("{}{place}#comment-{id}", post.path).as_str()));
        assert_eq!(found.header("cache-control"), Some("no-store"));
    }
    for gone in [held.to_string(), "999".to_owned(), "0".to_owned(), "x".to_owned()] {
        assert_eq!(reader.get(&format!("/comments/{gone}")).await.status(), 404, "{gone}");
    }
}

#[tokio::test]
async fn two_thousand_comments_are_counted_whole_and_sent_in_parts() {
    let blog = TestBlog::wish().comments_per_page(50).start().await;
    let post = blog.published_post("Post").create().await;
    let mut database = blog.database().await;
    sqlx::query(
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2000) \
         INSERT INTO comment (id, uuid, post_id, parent_id, state, name, source, html, network, reason, created_at) \
         SELECT n, 'uuid-' || n, $1, CASE WHEN n % 4 = 0 THEN n - 1 END, 'approved', 'Reader', '', '<p>Word ' || n || '</p>', \
         '', '', n FROM number",
    )
    .bind(post.id)
    .execute(&mut database)
    .await
    .unwrap();
    blog.app.store.look_for_others().await.unwrap();
    let reader = blog.reader();
    let first = reader.get(&post.path).await;
    assert_eq!(first.text("#comments > h2"), "2,000 comments");
    assert_eq!(first.text("#comments .pager .count"), "Part 1 of 30");
    let mut seen = Vec::new();
    for part in 1..=30 {
        seen.extend(reader.get(&format!("{}?thread={part}", post.path)).await.all(".comment-text"));
    }
    seen.sort_by_key(|words| words["Word ".len()..].parse::<u32>().unwrap());
    assert_eq!(seen, (1..=2000).map(|number| format!("Word {number}")).collect::<Vec<_>>());
    let last = reader.get("/comments/2000").await;
    assert_eq!(last.location(), format!("{}?thread=30#comment-2000", post.path));
}

#[tokio::test]
async fn whoever_comments_in_a_long_thread_is_led_to_the_part_where_it_stands() {
    let blog = TestBlog::wish().comments_per_page(2).hold(CommentHold::None).start().await;
    let (post, _) = talked_about(&blog, 4).await;
    let reader = blog.reader();
    let form = reader.get(&post.path).await.form("#comment-form").set("name", "Siti").set("text", "Word 5");
    let sent = form.press("Post comment", &reader).await;
    let place = reader.follow(&sent).await;
    assert_eq!(place.location().split('#').next().unwrap(), format!("{}?thread=3", post.path));
    assert_eq!(reader.follow(&place).await.all(".comment-text"), ["Word 5"]);
}
