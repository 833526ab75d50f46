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
/// What a page costs beside itself: its key (twice), its place in the order, counters.
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
    pub async fn page<R>(
        &self,
        key: &str,
        make: impl AsyncFnOnce(Option<Arc<Kept<T>>>) -> Made<T, R>,
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
                let weight = page.weight() + key.len() * 2 + OVERHEAD;
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
        let weight = page.weight() + key.len() * 2 + OVERHEAD;
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
