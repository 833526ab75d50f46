//! What is kept of where somebody came from, and of the words that the filter learned.

use laman::{
    model::time::Time,
    rules::{judge::bayes, network},
};

use crate::support::*;

#[tokio::test]
async fn of_an_address_nothing_but_a_mark_of_its_network_is_kept() {
    let blog = TestBlog::wish().hold(laman::model::settings::CommentHold::None).start().await;
    let post = blog.published_post("Post").create().await;
    let reader = blog.reader_from("198.51.100.77");
    let form = reader.get(&post.path).await.form("#comment-form");
    let sent = form.set("name", "Siti").set("text", "Hello").press("Post comment", &reader).await;
    assert_eq!(sent.status(), 303);
    blog.editor().await;
    let mut database = blog.database().await;
    let kept: Vec<String> = sqlx::query_scalar(
        "SELECT network FROM comment UNION ALL SELECT network FROM known_network WHERE network <> 'the maker''s'",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    assert!(kept.len() >= 2 && kept.iter().all(|network| network::is_mark(network)), "{kept:?}");
    for file in [blog.file.clone(), blog.file.with_extension("db-wal")] {
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(10).any(|bytes| bytes == b"198.51.100"));
    }
}

#[tokio::test]
async fn networks_that_an_older_version_kept_as_they_were_are_marked_step_by_step() {
    let blog = TestBlog::new().await;
    let post = blog.published_post("Post").create().await;
    let plain = "203.0.113.0/24";
    let mut database = blog.database().await;
    for statement in [
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250) \
         INSERT INTO comment (uuid, post_id, state, name, source, html, network, reason, created_at, trained) \
         SELECT 'c' || i, $1, 'approved', 'N' || i, 'words', '<p>words</p>', iif(i % 2, $2, ''), \
         'words:21:casino,' || $2, $3, iif(i = 7, 'spam', NULL) FROM n",
        "INSERT INTO token (hash, ham, spam) SELECT $4, 1.0, 2.0 WHERE $1 + $3 > 0 AND $2 <> ''",
        "INSERT INTO known_network (user_id, network, seen_at) SELECT id, $2, $3 FROM user WHERE $1 > 0",
        "UPDATE network_key SET plain_below = (SELECT max(id) + 1 FROM comment) WHERE $1 > 0 AND $2 <> '' AND $3 > 0",
    ] {
        sqlx::query(statement)
            .bind(post.id)
            .bind(plain)
            .bind(blog.now())
            .bind(bayes::network_hash(plain))
            .execute(&mut database)
            .await
            .unwrap();
    }
    let mut steps = 1;
    while blog.app.store.mark_networks().await.unwrap() {
        steps += 1;
    }
    assert_eq!(steps, 3);
    let mark = blog.app.store.networks().mark(plain);
    let mut count = async |sql: &'static str| -> i64 {
        let count = sqlx::query_scalar(sql).bind(&mark).bind(plain);
        count.fetch_one(&mut database).await.unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM comment WHERE network = $1 AND $2 <> ''").await, 125);
    assert_eq!(
        count("SELECT count(*) FROM comment WHERE network = $2 OR network = $1 AND instr(reason, $2) > 0").await,
        0
    );
    assert_eq!(count("SELECT count(*) FROM known_network WHERE network = $2 AND $1 <> ''").await, 0);
    let tokens: Vec<(i64, f64, f64)> =
        sqlx::query_as("SELECT hash, ham, spam FROM token").fetch_all(&mut database).await.unwrap();
    assert_eq!(tokens, [(bayes::network_hash(&mark), 1.0, 2.0)], "what was taught goes with the mark");
}

#[tokio::test]
async fn words_that_faded_are_forgotten_and_others_stay() {
    let blog = TestBlog::new().await;
    let mut database = blog.database().await;
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
         INSERT INTO token (hash, ham, spam) SELECT i - 1000, iif(i % 5 = 0, $1, 0.0), iif(i % 5 = 1, $1, 0.0) FROM n",
    )
    .bind(bayes::weight(blog.now()))
    .execute(&mut database)
    .await
    .unwrap();
    let mut forget = async |now: Time| {
        let mut after = Some(i64::MIN);
        while let Some(from) = after {
            after = blog.app.store.forget_faded(from, now).await.unwrap();
        }
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM token").fetch_one(&mut database).await.unwrap()
    };
    assert_eq!(forget(blog.now()).await, 1001);
    assert_eq!(forget(blog.now().plus(2 * 365 * DAY)).await, 1001, "two years later they still tell a little");
    assert_eq!(forget(blog.now().plus(4 * 365 * DAY)).await, 0);
}
