//! Two thousand comments under one post.

use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

use super::{blog::Blog, driver::Browser, look::STICKING_OUT};
use crate::program::support::{block_on, until};

const PATH: &str = "/2020/01/post-3";

/// Of every ten, five stand by themselves, and each of the other five answers the one before.
const TALK: &str = "
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2000)
    INSERT INTO comment (id, uuid, post_id, parent_id, state, name, source, html, network, reason, created_at)
    SELECT 10000 + n, 'uuid-' || n, post.id, CASE WHEN n % 10 BETWEEN 2 AND 6 THEN 10000 + n - 1 END, 'approved', 'Reader ' || n,
        '', '<p>Word ' || n || ', and what one says of a durian in a line or two: that it is large, that it is ripe, that it fell.</p>',
        '', '', n FROM number, post WHERE post.title = 'Post 3'";

#[test]
fn two_thousand_comments_are_read_in_parts_and_each_is_found_by_its_address() {
    let (blog, browser) = (Blog::start(), Browser::open());
    block_on(async {
        let mut database = SqliteConnectOptions::new().filename(blog.database()).connect().await.expect("the database");
        sqlx::query(TALK).execute(&mut database).await.expect("the comments");
    });
    blog.set_up_comments(&[("comments-per-page", "100")]);
    let title = || browser.find("#comments-heading").text();
    until("the comments", || {
        browser.go(&blog.server.url(PATH));
        title() == "2,000 comments"
    });
    assert_eq!(browser.find("#comments .pager .count").text(), "Part 1 of 10");
    let sent =
        browser.run("return performance.getEntriesByType('navigation')[0].transferSize").as_u64().expect("bytes");
    println!("one part of 2,000 comments: {sent} bytes sent, {} comments", browser.find_now(".thread .comment").len());
    assert!(sent < 14_600, "{sent} bytes");

    // To the next part, as one reads.
    browser.leave(|| browser.find("#comments .pager [rel=next]").click());
    assert_eq!(browser.find("#comments .pager .count").text(), "Part 2 of 10");
    let top = "return document.querySelector('#comments').getBoundingClientRect().top";
    assert!(browser.run(top).as_f64().is_some_and(|top| (0.0..100.0).contains(&top)), "the thread is in view");

    is_found(&blog, &browser, "Part 8 of 10");
    blog.set_up_comments(&[("comments-per-page", "100"), ("newest-comments-first", "yes")]);
    browser.go(&blog.server.url(PATH));
    assert_eq!(browser.find(".thread .comment bdi").text(), "Reader 2000");
    is_found(&blog, &browser, "Part 8 of 10");

    // At the deepest, on a telephone.
    browser.at_width(390);
    let deepest = browser.find(".depth-3 .comment-text p");
    let width = browser.run("return document.querySelector('.depth-3 .comment-text').clientWidth").as_u64();
    assert!(width.is_some_and(|width| width > 280), "{width:?}: {}", deepest.text());
    assert_eq!(browser.complaints(STICKING_OUT), [""; 0]);
}

/// Goes to the address of comment 1,500: it stands in its part, in view, and is marked.
fn is_found(blog: &Blog, browser: &Browser, part: &str) {
    browser.go(&blog.server.url("/comments/11500"));
    assert_eq!(browser.find("#comments .pager .count").text(), part);
    let found = browser.find(".comment:target");
    assert_eq!(found.attribute("id"), "comment-11500");
    let others = browser.find(".comment:not(:target)");
    assert_ne!(found.style("background-color"), others.style("background-color"), "it is marked");
    let is_in_view = "const box = document.querySelector(':target').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight";
    until("comment 1,500 in view", || browser.run(is_in_view) == true);
}
