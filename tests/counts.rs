//! Counts and lists that are kept, against the same counted anew: whatever is done to posts, they agree.

use laman::{
    model::{
        ids::PostId,
        post::{Intent, PostKind},
        revision::{Hand, RevisionKind, Saving, Typed},
        time::Time,
    },
    store::{Importing, NamedAuthor, NewEntry, Piece, SaveError},
};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use sqlx::SqliteConnection;

use crate::support::*;

/// What somebody does, to one of the posts that are there where it is about one.
#[derive(Clone, Debug)]
enum Act {
    Create { is_page: bool, days: Option<i64>, intent: Intent },
    Save { which: usize, slug: u8, days: Option<i64>, intent: Intent },
    Trash(usize),
    Restore(usize),
    Import { days: i64 },
    Wait { days: i64 },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let intent =
        || prop_oneof![Just(Intent::Save), Just(Intent::Publish), Just(Intent::Publish), Just(Intent::Unpublish)];
    let days = || prop_oneof![Just(None), (-90_i64..90).prop_map(Some)];
    let act = prop_oneof![
        4 => (proptest::bool::weighted(0.2), days(), intent())
            .prop_map(|(is_page, days, intent)| Act::Create { is_page, days, intent }),
        4 => (any::<usize>(), any::<u8>(), days(), intent())
            .prop_map(|(which, slug, days, intent)| Act::Save { which, slug, days, intent }),
        2 => any::<usize>().prop_map(Act::Trash),
        2 => any::<usize>().prop_map(Act::Restore),
        1 => (-90_i64..90).prop_map(|days| Act::Import { days }),
        2 => (0_i64..60).prop_map(|days| Act::Wait { days }),
    ];
    proptest::collection::vec(act, 1..24)
}

async fn perform(blog: &TestBlog, posts: &mut Vec<PostId>, number: usize, act: Act) {
    let (store, now) = (&blog.app.store, blog.now());
    let zone = store.settings().await.unwrap().unwrap().zone;
    let (hand, typed) = (Hand::default(), Typed::default());
    let saving = |version, intent| Saving {
        by: blog.owner,
        hand: &hand,
        version,
        typed: &typed,
        intent,
        kind: RevisionKind::Save,
        zone: &zone,
        now,
    };
    let at = |days: Option<i64>| days.map(|days| now.plus(days * DAY));
    let which = |which: usize, posts: &[PostId]| posts.get(which % posts.len().max(1)).copied();
    let tags: &[&str] = [&["one", "two"][..], &["two"], &[]][number % 3];
    match act {
        Act::Create { is_page, days, intent } => {
            let kind = if is_page { PostKind::Page } else { PostKind::Post };
            let content = content("Title", "words", tags, at(days));
            posts.push(store.create_post(kind, &content, &saving(0, intent)).await.unwrap().id);
        }
        Act::Save { which: index, slug, days, intent } => {
            let Some(id) = which(index, posts) else { return };
            let stored = store.stored_post(id).await.unwrap().unwrap();
            let mut content = content("Title", "other words", tags, at(days));
            content.slug = Some(format!("slug-{}", slug % 4));
            match store.save_post(id, &content, &saving(stored.version, intent)).await {
                Ok(_) | Err(SaveError::SlugTaken) => {}
                Err(error) => panic!("{error}"),
            }
        }
        Act::Trash(index) => {
            if let Some(id) = which(index, posts) {
                store.trash_post(id, now).await.unwrap();
            }
        }
        Act::Restore(index) => {
            if let Some(id) = which(index, posts) {
                store.restore_post(id, now).await.unwrap();
            }
        }
        Act::Import { days } => {
            let (origin, content) = (format!("origin {number}"), content("Imported", "words", tags, at(Some(days))));
            let [name, slug, skeleton] = ["Ali", "ali", "ali"].map(str::to_owned);
            let entry = NewEntry {
                origin,
                digest: String::new(),
                kind: PostKind::Post,
                content,
                intent: Intent::Publish,
                authors: vec![NamedAuthor { name, slug, skeleton, ..NamedAuthor::default() }],
                changed: None,
                old_paths: Vec::new(),
                original: None,
            };
            let importing = Importing { fallback: blog.owner, zone: &zone, now };
            store.import(vec![Piece::Entry(Box::new(entry))], importing).await.unwrap();
        }
        Act::Wait { days } => blog.clock.advance(days * DAY),
    }
}

/// Every kept value that is not what counting gives.
async fn disagreements(database: &mut SqliteConnection) -> Vec<String> {
    sqlx::query_scalar(
        "WITH counted AS (SELECT substr(path, 1, 7) AS month, count(*) AS posts FROM post WHERE kind = 'post' AND \
         state = 'published' AND trashed_at IS NULL GROUP BY 1), \
         listed AS (SELECT id, iif(kind = 'post' AND state = 'published' AND trashed_at IS NULL, published_at, NULL) \
         AS at FROM post) \
         SELECT 'month ' || month FROM month WHERE posts <> coalesce((SELECT posts FROM counted WHERE \
         counted.month = month.month), 0) \
         UNION ALL SELECT 'no month ' || month FROM counted WHERE month NOT IN (SELECT month FROM month) \
         UNION ALL SELECT 'tag of ' || post_id FROM post_tag JOIN listed ON id = post_id WHERE listed_at IS NOT at \
         UNION ALL SELECT 'author of ' || post_id FROM post_author JOIN listed ON id = post_id \
         WHERE listed_at IS NOT at",
    )
    .fetch_all(database)
    .await
    .unwrap()
}

async fn counted(database: &mut SqliteConnection, now: Time) -> Vec<(String, i64)> {
    sqlx::query_as(
        "SELECT substr(path, 1, 7), count(*) FROM post WHERE kind = 'post' AND state = 'published' AND \
         trashed_at IS NULL AND published_at <= $1 GROUP BY 1 ORDER BY 1 DESC",
    )
    .bind(now)
    .fetch_all(database)
    .await
    .unwrap()
}

#[test]
fn whatever_is_done_to_posts_the_kept_counts_and_lists_are_what_counting_gives() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    // The same acts each time: what passes today does not fail tomorrow.
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&acts(), |acts| {
            runtime.block_on(async {
                let blog = TestBlog::new().await;
                let mut database = blog.database().await;
                let mut posts = Vec::new();
                for (number, act) in acts.into_iter().enumerate() {
                    perform(&blog, &mut posts, number, act).await;
                    prop_assert_eq!(disagreements(&mut database).await, Vec::<String>::new());
                    let months = blog.app.store.months("", blog.now()).await.unwrap();
                    let kept: Vec<_> = months.into_iter().map(|month| (month.month, month.posts)).collect();
                    prop_assert_eq!(kept, counted(&mut database, blog.now()).await);
                }
                Ok(())
            })
        })
        .unwrap();
}
