//! How many connections there may be, and what all of them are told: that places are short, or that it is time to stop.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Files that are no connections: the database's, the log, the listener. About thirty are open.
const FILES_OF_OURS: u64 = 64;
/// Each connection may cost some tens of kilobytes. A proxy needs far fewer.
const MOST: u64 = 4096;
/// So few, however low the limit: then some will have to wait for a file.
const LEAST: u64 = 16;

/// What connections are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// There is room.
    Calm,
    /// Whoever asks nothing should go soon.
    Short,
    /// What is under way is finished, nothing new is begun.
    Stopping,
}

/// The places of a server.
pub struct Places {
    free: Arc<Semaphore>,
    all: usize,
    is_out_of_files: AtomicBool,
    mood: watch::Sender<Mood>,
}

/// The place of one connection, which becomes free when this is dropped.
pub struct Place {
    permit: Option<OwnedSemaphorePermit>,
    places: Arc<Places>,
}

impl Places {
    /// So many places, all free.
    pub fn new(all: usize) -> Arc<Self> {
        let (free, mood) = (Arc::new(Semaphore::new(all)), watch::Sender::new(Mood::Calm));
        Arc::new(Self { free, all, is_out_of_files: AtomicBool::new(false), mood })
    }

    /// A place; waits for one.
    pub async fn take(self: &Arc<Self>) -> Place {
        // Nobody closes the semaphore.
        let permit = self.free.clone().acquire_owned().await.ok();
        self.feel();
        Place { permit, places: self.clone() }
    }

    /// The system has no file for a further connection, or has one again. Gives whether that is news.
    pub fn note_out_of_files(&self, is_out: bool) -> bool {
        let was_out = self.is_out_of_files.swap(is_out, Relaxed);
        self.feel();
        was_out != is_out
    }

    /// Says how things stand.
    fn feel(&self) {
        let is_out_of_files = self.is_out_of_files.load(Relaxed);
        let free = self.free.available_permits();
        self.mood.send_if_modified(|mood| {
            let now = match *mood {
                Mood::Stopping => Mood::Stopping,
                _ if is_out_of_files || free <= self.all / 8 => Mood::Short,
                // Some more than what made it short, so that it does not go to and fro.
                Mood::Short if free <= self.all / 4 => Mood::Short,
                _ => Mood::Calm,
            };
            std::mem::replace(mood, now) != now
        });
    }

    /// What a connection listens to, as long as it is there.
    pub fn mood(&self) -> watch::Receiver<Mood> {
        self.mood.subscribe()
    }

    /// Asks all connections to end; waits until they have.
    pub async fn stop(&self) {
        self.mood.send_replace(Mood::Stopping);
        self.mood.closed().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(self.permit.take());
        self.places.feel();
    }
}

/// How many connections the system lets this program have. Asks it for as many open files as it may grant.
pub fn granted() -> usize {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the limit of open files stays at {:?}", limit.current);
        }
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    files.saturating_sub(FILES_OF_OURS).clamp(LEAST, MOST) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn connections_are_told_when_places_get_short_and_when_they_are_free_again() {
        let places = Places::new(16);
        let mood = places.mood();
        let mut taken = Vec::new();
        for _ in 0..13 {
            taken.push(places.take().await);
        }
        assert_eq!(*mood.borrow(), Mood::Calm);
        taken.push(places.take().await);
        assert_eq!(*mood.borrow(), Mood::Short);
        taken.truncate(12);
        assert_eq!(*mood.borrow(), Mood::Short);
        taken.truncate(11);
        assert_eq!(*mood.borrow(), Mood::Calm);
    }

    #[tokio::test]
    async fn without_files_places_are_short_however_many_are_free() {
        let places = Places::new(16);
        let mood = places.mood();
        assert!(places.note_out_of_files(true) && !places.note_out_of_files(true));
        drop(places.take().await);
        assert_eq!(*mood.borrow(), Mood::Short);
        assert!(places.note_out_of_files(false) && !places.note_out_of_files(false));
        assert_eq!(*mood.borrow(), Mood::Calm);
    }

    #[tokio::test]
    async fn who_stops_says_nothing_else_afterwards_and_waits_for_all() {
        let places = Places::new(1);
        let (place, mood) = (places.take().await, places.mood());
        let stopping = tokio::spawn({
            let places = places.clone();
            async move { places.stop().await }
        });
        let mut listening = places.mood();
        while *listening.borrow_and_update() != Mood::Stopping {
            listening.changed().await.unwrap();
        }
        drop(place);
        assert_eq!(*mood.borrow(), Mood::Stopping);
        assert!(!stopping.is_finished());
        drop((mood, listening));
        stopping.await.unwrap();
    }
}
