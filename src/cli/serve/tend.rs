//! What the program does on its own while it serves: it sees what other processes write, keeps the home page warm, lets the
//! database look at what has grown, empties spam and trash, and says how its pages are kept.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::{store::Store, web::Front};

/// What another process writes is seen within this time and the next request: less than a second.
const LOOK: Duration = Duration::from_millis(400);
/// How long nothing must have changed before the home page is made, if nobody has asked for it meanwhile.
const WARM: Duration = Duration::from_millis(500);
/// How often the query planner may look at what has grown.
const TIDY: Duration = Duration::from_secs(3600);
/// How often spam, trash and networks that are old enough are looked for.
const SWEEP: Duration = Duration::from_secs(600);
/// How often words that have faded are looked for: they take years to.
const FADE: Duration = Duration::from_secs(24 * 3600);
/// Between two steps of these, so that whoever writes need not wait for all of them.
const STEP: Duration = Duration::from_millis(50);
/// How often what is counted in memory is written.
const TALLY: Duration = Duration::from_secs(60);
/// How often the log tells how pages are kept.
const TELL: Duration = Duration::from_secs(600);

/// Goes on until it is dropped. Each thing by itself: one that has to wait keeps no other waiting.
pub async fn tend(front: Front) {
    let store = front.site().app.store.clone();
    tokio::join!(look(&store), warm(&front), tidy(&store), sweep(&front), fade(&front), tally(&front), tell(&front));
}

async fn look(store: &Store) {
    let mut ticks = every(LOOK);
    loop {
        ticks.tick().await;
        if let Err(error) = store.look_for_others().await {
            tracing::warn!(%error, "whether another process has written is not known");
        }
    }
}

async fn warm(front: &Front) {
    front.warm_newest().await;
    let changes = front.site().app.store.changes();
    let (mut ticks, mut before) = (every(WARM), changes.moment());
    loop {
        ticks.tick().await;
        // While one comment follows the other, the page would be made in vain, and keep readers of others waiting.
        let now = changes.moment();
        if std::mem::replace(&mut before, now) == now {
            front.warm_home().await;
        }
    }
}

async fn tidy(store: &Store) {
    let mut ticks = every(TIDY);
    loop {
        ticks.tick().await;
        if let Err(error) = store.optimize().await {
            tracing::warn!(%error, "the database could not be tidied");
        }
    }
}

async fn sweep(front: &Front) {
    let app = &front.site().app;
    let mut ticks = every(SWEEP);
    loop {
        ticks.tick().await;
        loop {
            match app.store.sweep(app.clock.now()).await {
                Ok(true) => tokio::time::sleep(STEP).await,
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "old spam and trash could not be emptied");
                    break;
                }
            }
        }
    }
}

async fn fade(front: &Front) {
    let app = &front.site().app;
    let mut ticks = every(FADE);
    loop {
        ticks.tick().await;
        let mut after = Some(i64::MIN);
        while let Some(from) = after {
            after = app.store.forget_faded(from, app.clock.now()).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "words that tell nothing any more could not be forgotten");
                None
            });
            tokio::time::sleep(STEP).await;
        }
    }
}

async fn tally(front: &Front) {
    let mut ticks = every(TALLY);
    loop {
        ticks.tick().await;
        if let Err(error) = front.site().app.tally().await {
            tracing::warn!(%error, "what was counted could not be written");
        }
    }
}

async fn tell(front: &Front) {
    let (mut ticks, mut told) = (every(TELL), 0);
    loop {
        ticks.tick().await;
        told = tell_of_pages(front, told);
    }
}

/// A machine that slept need not make up for it.
fn every(time: Duration) -> Interval {
    let mut ticks = interval(time);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
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
