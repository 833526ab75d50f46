//! What the program does on its own while it serves: it sees what other processes write, keeps the home page warm, lets the
//! database look at what has grown, and says how its pages are kept.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use crate::web::Front;

/// What another process writes is seen within this time and the next request: less than a second.
const LOOK: Duration = Duration::from_millis(400);
/// How often the query planner may look at what has grown.
const TIDY: Duration = Duration::from_secs(3600);
/// How often the log tells how pages are kept.
const TELL: Duration = Duration::from_secs(600);

/// Goes on until it is dropped.
pub async fn tend(front: Front) {
    let store = &front.site().app.store;
    let mut look = interval(LOOK);
    let mut tidy = interval(TIDY);
    let mut tell = interval(TELL);
    // A machine that slept need not make up for it.
    for interval in [&mut look, &mut tidy, &mut tell] {
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    let mut told = 0;
    loop {
        tokio::select! {
            _ = look.tick() => {
                if let Err(error) = store.look_for_others().await {
                    tracing::warn!(%error, "whether another process has written is not known");
                }
                front.warm().await;
            }
            _ = tidy.tick() => {
                if let Err(error) = store.optimize().await {
                    tracing::warn!(%error, "the database could not be tidied");
                }
            }
            _ = tell.tick() => told = tell_of_pages(&front, told),
        }
    }
}

/// Says how pages are kept, unless nobody has asked for any since; gives the number of answers so far.
fn tell_of_pages(front: &Front, told: u64) -> u64 {
    let cache = &front.site().cache;
    let (hits, made) = (cache.counts.hits.load(Ordering::Relaxed), cache.counts.made.load(Ordering::Relaxed));
    let answers = hits + made;
    if answers > told {
        let (pages, bytes) = cache.size();
        let evicted = cache.counts.evicted.load(Ordering::Relaxed);
        let kept_percent = hits * 100 / answers;
        tracing::info!(answers, kept_percent, pages, bytes, evicted, "kept pages");
    }
    answers
}
