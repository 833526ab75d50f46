//! Kept pages by address: bounded in bytes, never older than the last acknowledged write, made once however many ask.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tokio::sync::watch;

use crate::model::{
    change::{Changes, Moment, Shows},
    time::Time,
};

/// A page takes no more of the cache than this part of it, or it is not kept: one that large would push out all others.
const LARGEST_PART: usize = 8;
/// What a page costs beside itself and its key: its places in the map and in the order, counters.
const OVERHEAD: usize = 200;

/// What knows its size.
pub trait Weigh {
    /// In bytes, all included.
    fn weight(&self) -> usize;
}

/// A page with what it shows.
#[derive(Debug)]
pub struct Kept<T> {
    /// The page.
    pub page: T,
    shows: Shows,
    since: Moment,
    weight: usize,
    /// Asked for since the hand of the clock last came by.
    is_wanted: AtomicBool,
}

impl<T> Kept<T> {
    /// What it shows.
    pub fn shows(&self) -> Shows {
        self.shows
    }
}

/// What came of making a page.
pub enum Made<T, R> {
    /// A page that may be kept, and what it shows.
    Page(T, Shows),
    /// Something that is for this asker alone.
    Other(R),
}

/// How it went since the start.
#[derive(Debug, Default)]
pub struct CacheCounts {
    /// Answers from what was kept.
    pub hits: AtomicU64,
    /// Pages made.
    pub made: AtomicU64,
    /// Pages that made room for others.
    pub evicted: AtomicU64,
}

/// Pages by key, at most `limit` bytes of them.
///
/// Which page goes when room is needed is decided by a clock (second chance): the oldest that nobody has asked for since the
/// last round. A crawler that asks for every page once pushes out what it brought itself.
#[derive(Debug)]
pub struct Cache<T> {
    changes: Arc<Changes>,
    limit: usize,
    pages: RwLock<Pages<T>>,
    making: Mutex<HashMap<Arc<str>, watch::Receiver<Making>>>,
    /// How it went.
    pub counts: CacheCounts,
}

#[derive(Debug)]
struct Pages<T> {
    by_key: HashMap<Arc<str>, Arc<Kept<T>>>,
    /// Every key once.
    order: VecDeque<Arc<str>>,
    bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Making {
    /// Somebody is at it.
    UnderWay,
    /// It is kept.
    Kept,
    /// It was nothing to keep: everybody makes their own.
    NotForAll,
}

impl<T: Weigh> Cache<T> {
    /// An empty one; `limit` in bytes, 0 keeps nothing.
    pub fn new(changes: Arc<Changes>, limit: usize) -> Self {
        let pages = Pages { by_key: HashMap::new(), order: VecDeque::new(), bytes: 0 };
        Self { changes, limit, pages: RwLock::new(pages), making: Mutex::default(), counts: CacheCounts::default() }
    }

    /// Whether nothing is ever kept.
    pub fn is_off(&self) -> bool {
        self.limit == 0
    }

    /// The page at `key`, if it is what would be made at `now`.
    pub fn get(&self, key: &str, now: Time) -> Option<Arc<Kept<T>>> {
        if self.changes.is_due(now) {
            return None;
        }
        let kept = self.peek(key).filter(|kept| self.changes.hold(kept.shows, kept.since))?;
        self.counts.hits.fetch_add(1, Ordering::Relaxed);
        // Looked at first: a write would take the line from every other core, each time.
        if !kept.is_wanted.load(Ordering::Relaxed) {
            kept.is_wanted.store(true, Ordering::Relaxed);
        }
        Some(kept)
    }

    /// What lies at `key`, however old.
    fn peek(&self, key: &str) -> Option<Arc<Kept<T>>> {
        self.pages.read().unwrap_or_else(PoisonError::into_inner).by_key.get(key).cloned()
    }

    /// The page at `key`, made by `make` if it is not kept: once, however many ask meanwhile. `make` gets what was kept
    /// before, and may say that its answer is for this asker alone: then everybody makes their own.
    ///
    /// What time alone has changed must be settled before ([`Changes::is_due`]), and `make` must ask for the time itself.
    pub async fn page<R, F: Future<Output = Made<T, R>>>(
        &self,
        key: &str,
        make: impl FnOnce(Option<Arc<Kept<T>>>) -> F,
    ) -> Result<Arc<Kept<T>>, R> {
        let arrived = self.changes.moment();
        let turn = loop {
            let mut others = match self.turn(key) {
                Ok(turn) => break Some(turn),
                Err(others) => others,
            };
            // An error: whoever was at it was cut off.
            let ended = others.wait_for(|making| *making != Making::UnderWay).await.map(|making| *making);
            if let Some(kept) = self.peek(key)
                // Begun after this asker came, it has all that this asker may expect, whatever happened since.
                && (kept.since >= arrived || self.changes.hold(kept.shows, kept.since))
            {
                self.counts.hits.fetch_add(1, Ordering::Relaxed);
                return Ok(kept);
            }
            if matches!(ended, Ok(Making::NotForAll)) {
                break None;
            }
        };
        // Somebody may have ended just before this asker got the turn.
        if let Some(kept) = self.peek(key).filter(|kept| turn.is_some() && self.changes.hold(kept.shows, kept.since)) {
            self.counts.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(kept);
        }
        let since = self.changes.moment();
        self.counts.made.fetch_add(1, Ordering::Relaxed);
        let made = make(self.peek(key)).await;
        let (result, making) = match made {
            Made::Page(page, shows) => {
                let weight = page.weight() + key.len() + OVERHEAD;
                let kept = Arc::new(Kept { page, shows, since, weight, is_wanted: AtomicBool::new(false) });
                // Even if it does not hold any more: those who wait may be content with it.
                let is_kept = self.keep(key, &kept);
                (Ok(kept), if is_kept { Making::Kept } else { Making::NotForAll })
            }
            Made::Other(other) => (Err(other), Making::NotForAll),
        };
        if let Some(turn) = turn {
            turn.end(making);
        }
        result
    }

    /// Puts another form of the same page in the place of `old`, unless something else stands there by now.
    pub fn replace(&self, key: &str, old: &Arc<Kept<T>>, page: T) -> Arc<Kept<T>> {
        let weight = page.weight() + key.len() + OVERHEAD;
        let (shows, since) = (old.shows, old.since);
        let kept = Arc::new(Kept { page, shows, since, weight, is_wanted: AtomicBool::new(true) });
        if self.peek(key).is_some_and(|there| Arc::ptr_eq(&there, old)) {
            self.keep(key, &kept);
        }
        kept
    }

    /// Whether what lies at `key` holds at `now`; does not count as being asked for.
    pub fn has(&self, key: &str, now: Time) -> bool {
        !self.changes.is_due(now) && self.peek(key).is_some_and(|kept| self.changes.hold(kept.shows, kept.since))
    }

    /// Number of pages, and their bytes.
    pub fn size(&self) -> (usize, usize) {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        (pages.by_key.len(), pages.bytes)
    }

    fn keep(&self, key: &str, kept: &Arc<Kept<T>>) -> bool {
        if kept.weight > self.limit / LARGEST_PART {
            return false;
        }
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        pages.bytes += kept.weight;
        match pages.by_key.get_mut(key) {
            Some(place) => {
                let old = std::mem::replace(place, kept.clone());
                pages.bytes -= old.weight;
            }
            None => {
                let key: Arc<str> = key.into();
                pages.order.push_back(key.clone());
                pages.by_key.insert(key, kept.clone());
            }
        }
        let evicted = pages.shrink(self.limit);
        self.counts.evicted.fetch_add(evicted, Ordering::Relaxed);
        true
    }

    /// The turn to make the page, or who has it.
    fn turn(&self, key: &str) -> Result<Turn<'_>, watch::Receiver<Making>> {
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        match making.entry(key.into()) {
            Entry::Occupied(there) => Err(there.get().clone()),
            Entry::Vacant(free) => {
                let (says, heard) = watch::channel(Making::UnderWay);
                let key = free.key().clone();
                free.insert(heard);
                Ok(Turn { making: &self.making, key, says })
            }
        }
    }
}

impl<T> Pages<T> {
    /// Makes room until no more than `limit` bytes are kept; says how many pages went.
    fn shrink(&mut self, limit: usize) -> u64 {
        let mut evicted = 0;
        while self.bytes > limit
            && let Some(key) = self.order.pop_front()
        {
            match self.by_key.get(&key) {
                Some(kept) if kept.is_wanted.swap(false, Ordering::Relaxed) => self.order.push_back(key),
                Some(kept) => {
                    self.bytes -= kept.weight;
                    self.by_key.remove(&key);
                    evicted += 1;
                }
                None => {}
            }
        }
        evicted
    }
}

/// The turn to make a page; dropped before its end (its asker hung up), the next one gets it.
struct Turn<'a> {
    making: &'a Mutex<HashMap<Arc<str>, watch::Receiver<Making>>>,
    key: Arc<str>,
    says: watch::Sender<Making>,
}

impl Turn<'_> {
    fn end(self, making: Making) {
        // Out of the list first: whoever comes now looks at what is kept.
        self.leave();
        self.says.send_replace(making);
    }

    fn leave(&self) {
        self.making.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // After `end`, the place may be another's already.
        if *self.says.borrow() == Making::UnderWay {
            self.leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use tokio::sync::Notify;

    use super::*;
    use crate::model::{change::Change, ids::PostId};

    impl Weigh for &'static str {
        fn weight(&self) -> usize {
            self.len()
        }
    }

    const NOW: Time = Time(0);
    const POST: Shows = Shows::Post(PostId(1));

    fn cache(limit: usize) -> Arc<Cache<&'static str>> {
        let changes = Arc::new(Changes::default());
        changes.settle(changes.moment(), NOW, None);
        Arc::new(Cache::new(changes, limit))
    }

    /// The page at `key`, made by waiting for `made`.
    async fn page_of(
        cache: &Cache<&'static str>,
        key: &str,
        made: impl Future<Output = Made<&'static str, ()>>,
    ) -> Result<Arc<Kept<&'static str>>, ()> {
        cache.page(key, |_| made).await
    }

    async fn make(cache: &Cache<&'static str>, key: &str, page: &'static str) -> &'static str {
        page_of(cache, key, async { Made::Page(page, POST) }).await.map_or("nothing", |kept| kept.page)
    }

    fn kept(cache: &Cache<&'static str>, key: &str) -> Option<&'static str> {
        cache.get(key, NOW).map(|kept| kept.page)
    }

    /// Lets every other task go as far as it can.
    async fn settle() {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_page_is_kept_until_something_that_it_shows_changes() {
        let cache = cache(1 << 20);
        assert_eq!(kept(&cache, "/"), None);
        assert_eq!(make(&cache, "/", "one").await, "one");
        assert_eq!(make(&cache, "/", "two").await, "one");
        cache.changes.note(&Change::Thread(PostId(2)));
        assert_eq!(kept(&cache, "/"), Some("one"));
        cache.changes.note(&Change::Thread(PostId(1)));
        assert_eq!(kept(&cache, "/"), None);
        assert_eq!(make(&cache, "/", "two").await, "two");
        assert_eq!(kept(&cache, "/"), Some("two"));
    }

    #[tokio::test]
    async fn a_page_that_was_made_while_a_write_was_committed_is_not_kept_for_those_who_come_later() {
        let cache = cache(1 << 20);
        let made = page_of(&cache, "/", async {
            cache.changes.note(&Change::Thread(PostId(1)));
            Made::Page("old", POST)
        });
        assert_eq!(made.await.map(|kept| kept.page), Ok("old"));
        assert_eq!(kept(&cache, "/"), None);
        assert_eq!(make(&cache, "/", "new").await, "new");
    }

    #[tokio::test]
    async fn however_many_ask_at_once_a_page_is_made_once() {
        let cache = cache(1 << 20);
        let (made, go_on) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let askers: Vec<_> = (0..50)
            .map(|_| {
                let (cache, made, go_on) = (cache.clone(), made.clone(), go_on.clone());
                tokio::spawn(async move {
                    let page = page_of(&cache, "/", async {
                        made.fetch_add(1, Ordering::SeqCst);
                        go_on.notified().await;
                        Made::Page("page", POST)
                    });
                    page.await.map(|kept| kept.page)
                })
            })
            .collect();
        settle().await;
        go_on.notify_one();
        for asker in askers {
            assert_eq!(asker.await.unwrap(), Ok("page"));
        }
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn who_comes_after_a_write_is_not_content_with_what_was_begun_before_it() {
        let cache = cache(1 << 20);
        let go_on = Arc::new(Notify::new());
        let first = tokio::spawn({
            let (cache, go_on) = (cache.clone(), go_on.clone());
            async move {
                let page = page_of(&cache, "/", async {
                    go_on.notified().await;
                    Made::Page("old", POST)
                });
                page.await.map(|kept| kept.page)
            }
        });
        settle().await;
        cache.changes.note(&Change::Thread(PostId(1)));
        let second = tokio::spawn({
            let cache = cache.clone();
            async move { make(&cache, "/", "new").await }
        });
        settle().await;
        go_on.notify_one();
        assert_eq!(first.await.unwrap(), Ok("old"));
        assert_eq!(second.await.unwrap(), "new");
    }

    #[tokio::test]
    async fn who_hangs_up_while_making_a_page_leaves_the_turn_to_the_next() {
        let cache = cache(1 << 20);
        let first = tokio::spawn({
            let cache = cache.clone();
            async move { page_of(&cache, "/", std::future::pending()).await.is_ok() }
        });
        settle().await;
        let second = tokio::spawn({
            let cache = cache.clone();
            async move { make(&cache, "/", "page").await }
        });
        settle().await;
        first.abort();
        assert_eq!(second.await.unwrap(), "page");
        assert!(cache.making.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_is_not_for_all_is_made_by_everybody_and_kept_by_nobody() {
        let cache = cache(1 << 20);
        for number in 0..3 {
            let made = cache.page("/", |_| async { Made::Other(number) }).await;
            assert_eq!(made.map(|kept| kept.page).unwrap_err(), number);
        }
        assert_eq!(cache.size(), (0, 0));
    }

    #[tokio::test]
    async fn the_bytes_are_bounded_and_what_is_asked_for_stays() {
        let cache = cache(100_000);
        let page: &'static str = "x".repeat(1000).leak();
        make(&cache, "/wanted", page).await;
        for number in 0..1000 {
            assert!(kept(&cache, "/wanted").is_some(), "{number}");
            make(&cache, &format!("/{number}"), page).await;
            let (pages, bytes) = cache.size();
            assert!(bytes <= 100_000 && pages <= 100, "{pages} pages, {bytes} bytes");
        }
        assert!(cache.size().0 > 50);
        assert_eq!(cache.counts.evicted.load(Ordering::Relaxed) as usize, 1001 - cache.size().0);
        // One that large would push out all others.
        make(&cache, "/large", "x".repeat(20_000).leak()).await;
        assert!(kept(&cache, "/large").is_none() && kept(&cache, "/wanted").is_some());
    }

    #[tokio::test]
    async fn nothing_is_taken_from_what_is_kept_once_time_has_changed_it() {
        let cache = cache(1 << 20);
        cache.changes.settle(cache.changes.moment(), NOW, Some(Time(10)));
        make(&cache, "/", "page").await;
        assert!(cache.get("/", Time(9)).is_some() && cache.get("/", Time(10)).is_none());
    }
}
