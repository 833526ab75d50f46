//! What stands in line shares a transaction, and nobody harms another in it.

use super::{
    pen::{LOG_PAGES, ROLLBACK},
    *,
};
use crate::{
    model::{ids::PostId, language::Language, settings::Settings, time::Time},
    store::{Store, WriteCounts},
};

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("laman.db")).await.unwrap();
    store.save_settings(&Settings::initial(Language::ENGLISH)).await.unwrap();
    (folder, store)
}

const TAG: &str = "INSERT INTO tag (name, slug) VALUES ($1, $1)";
const TAGS: &str = "SELECT count(*) FROM tag";

async fn tag(write: &mut Write, slug: &str) -> sqlx::Result<()> {
    sqlx::query(TAG).bind(slug).execute(&mut **write).await.map(drop)
}

async fn tags(store: &Store) -> i64 {
    sqlx::query_scalar(TAGS).fetch_one(&store.readers).await.unwrap()
}

fn count(count: impl FnOnce(&WriteCounts) -> &AtomicU64, store: &Store) -> u64 {
    count(store.write_counts()).load(Ordering::Relaxed)
}

#[tokio::test]
async fn those_who_come_while_another_writes_share_its_transaction() {
    let (_folder, store) = store().await;
    let commits = count(|counts| &counts.commits, &store);
    let mut first = store.write().await.unwrap();
    let others: Vec<_> = (0..20)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut write = store.write().await.unwrap();
                tag(&mut write, &format!("tag-{number}")).await.unwrap();
                write.commit(Change::Nothing).await
            })
        })
        .collect();
    // All of them stand in line.
    while store.writer.places.available_permits() > PLACES - 21 {
        tokio::task::yield_now().await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    tag(&mut first, "first").await.unwrap();
    first.commit(Change::Nothing).await.unwrap();
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!(tags(&store).await, 21);
    assert_eq!(count(|counts| &counts.commits, &store) - commits, 1);
}

#[tokio::test]
async fn one_that_fails_or_is_given_up_harms_no_other() {
    let (_folder, store) = store().await;
    let mut writes = Vec::new();
    for number in 0..60 {
        let store = store.clone();
        writes.push(tokio::spawn(async move {
            let mut write = store.write().await.unwrap();
            tag(&mut write, &format!("tag-{number}")).await.unwrap();
            match number % 3 {
                0 => write.commit(Change::Nothing).await.unwrap(),
                // Refused by the database: the same slug again.
                1 => assert!(tag(&mut write, &format!("tag-{number}")).await.is_err()),
                // Given up in the midst of it.
                _ => drop(write),
            }
        }));
    }
    for write in writes {
        write.await.unwrap();
    }
    let mut last = store.write().await.unwrap();
    tag(&mut last, "last").await.unwrap();
    last.commit(Change::Nothing).await.unwrap();
    assert_eq!(tags(&store).await, 21);
}

#[tokio::test]
async fn a_client_that_hangs_up_at_any_moment_leaves_whole_writes_or_none() {
    let (_folder, store) = store().await;
    for patience in 0..80 {
        let waiting = {
            let store = store.clone();
            tokio::spawn(async move {
                let mut write = store.write().await?;
                tag(&mut write, &format!("left-{patience}")).await?;
                tag(&mut write, &format!("right-{patience}")).await?;
                write.commit(Change::Nothing).await
            })
        };
        for _ in 0..patience {
            tokio::task::yield_now().await;
        }
        waiting.abort();
        let mut write = store.write().await.unwrap();
        tag(&mut write, &format!("other-{patience}")).await.unwrap();
        write.commit(Change::Nothing).await.unwrap();
    }
    let (left, right, other): (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE slug LIKE 'left-%'), count(*) FILTER (WHERE slug LIKE 'right-%'), \
         count(*) FILTER (WHERE slug LIKE 'other-%') FROM tag",
    )
    .fetch_one(&store.readers)
    .await
    .unwrap();
    assert_eq!((left, other), (right, 80));
}

#[tokio::test]
async fn a_transaction_that_sqlite_gave_up_fails_all_its_writes_and_the_next_one_goes_on() {
    let (_folder, store) = store().await;
    let mut first = store.write().await.unwrap();
    tag(&mut first, "lost").await.unwrap();
    let second = tokio::spawn({
        let store = store.clone();
        async move {
            let mut write = store.write().await.unwrap();
            // As SQLite does by itself when the disk is full.
            sqlx::query(ROLLBACK).execute(&mut *write).await.unwrap();
            drop(write);
        }
    });
    while store.writer.places.available_permits() > PLACES - 2 {
        tokio::task::yield_now().await;
    }
    let told = first.commit(Change::Nothing).await;
    assert!(matches!(told, Err(Error::Unavailable(_))), "{told:?}");
    second.await.unwrap();
    let mut next = store.write().await.unwrap();
    tag(&mut next, "kept").await.unwrap();
    next.commit(Change::Nothing).await.unwrap();
    assert_eq!(tags(&store).await, 1);
}

#[tokio::test]
async fn what_a_write_changed_is_noted_before_it_is_told_and_only_if_it_is_kept() {
    let (_folder, store) = store().await;
    let shows = crate::model::change::Shows::Post(PostId(1));
    let moment = store.changes().moment();
    let write = store.write().await.unwrap();
    drop(write);
    store.save_settings(&Settings::initial(Language::ENGLISH)).await.unwrap();
    let moment = {
        assert!(!store.changes().hold(shows, moment));
        store.changes().moment()
    };
    let write = store.write().await.unwrap();
    assert!(store.changes().hold(shows, moment));
    write.commit(Change::Thread(PostId(1))).await.unwrap();
    assert!(!store.changes().hold(shows, moment));
    assert!(!store.trash_post(PostId(1), Time(0)).await.unwrap());
}

#[tokio::test]
async fn too_long_a_line_turns_the_next_one_away() {
    let (_folder, store) = store().await;
    let held = store.write().await.unwrap();
    let waiting = store.writer.places.clone().try_acquire_many_owned(PLACES as u32 - 1).unwrap();
    assert!(matches!(store.write().await, Err(Error::Busy)));
    drop((held, waiting));
    assert!(store.write().await.is_ok());
}

#[tokio::test]
async fn the_log_is_taken_in_when_it_has_grown_and_begins_anew() {
    let (folder, store) = store().await;
    let text = "x".repeat(1 << 20);
    // Each is some 256 pages; the log may hold 4,000.
    for number in 0..100 {
        let mut write = store.write().await.unwrap();
        tag(&mut write, &format!("{number} {text}")).await.unwrap();
        write.commit(Change::Nothing).await.unwrap();
    }
    assert!(count(|counts| &counts.checkpoints, &store) >= 5);
    let log = std::fs::metadata(folder.path().join("laman.db-wal")).unwrap().len();
    assert!(log < 2 * LOG_PAGES as u64 * 4096, "{log} bytes");
}

#[tokio::test]
async fn what_another_process_writes_is_noted_and_what_this_one_writes_is_not() {
    let (folder, store) = store().await;
    store.look_for_others().await.unwrap();
    let moment = store.changes().moment();
    let mut own = store.write().await.unwrap();
    tag(&mut own, "own").await.unwrap();
    own.commit(Change::Nothing).await.unwrap();
    store.look_for_others().await.unwrap();
    assert_eq!(store.changes().moment(), moment);
    let other = Store::open(&folder.path().join("laman.db")).await.unwrap();
    let mut theirs = other.write().await.unwrap();
    tag(&mut theirs, "theirs").await.unwrap();
    theirs.commit(Change::Nothing).await.unwrap();
    store.look_for_others().await.unwrap();
    assert_ne!(store.changes().moment(), moment);
}
