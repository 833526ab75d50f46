//! What writes change for readers: each says it, and whoever keeps a page asks here whether it still holds.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use super::{ids::PostId, time::Time};

/// What readers see otherwise after a write. A write that is committed hands one over; there is no way around it.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: a draft, a comment that waits, a session.
    Nothing,
    /// One comment more under a post; what stood there stays as it was.
    Comment(PostId),
    /// The comments under a post, and the count of them.
    Thread(PostId),
    /// The same of several posts.
    Threads(Vec<PostId>),
    /// Posts: one that came, went or was rewritten, with those whose pages lead to it.
    Posts {
        /// Whose own pages change.
        pages: Vec<PostId>,
        /// When a post that waits for its time will change them.
        due: Option<Time>,
    },
    /// What stands on every page: settings, navigation, people. Also what nobody told: the work of another process.
    Everything,
}

/// What a page shows, and so which changes end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// The same as long as the program runs.
    Itself,
    /// Nothing but the blog's frame.
    Frame,
    /// Posts of a list, without their comments.
    Posts,
    /// Posts of a list with their comments or the number of them.
    PostsAndTalk,
    /// One post, its thread and its neighbours.
    Post(PostId),
}

/// How many changes had been noted when somebody began to read the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

/// Posts share this many marks: two that share one only make each other's pages be made anew too often.
const MARKS: usize = 4096;

/// Nobody has asked yet when the next post is due.
const UNKNOWN: i64 = i64::MIN;

/// When which part of what readers see last changed, counted in changes.
///
/// A page holds while nothing that it shows is marked with a later change than the [`Moment`] at which its making began. So
/// a page that was being made while a write was committed is never taken for a new one, and forgetting costs nothing.
#[derive(Debug)]
pub struct Changes {
    count: AtomicU64,
    everything: AtomicU64,
    posts: AtomicU64,
    talk: AtomicU64,
    of_post: Box<[AtomicU64]>,
    of_order: Box<[AtomicU64]>,
    /// From then on time alone has changed what readers see.
    due: AtomicI64,
    /// Up to then it is known what was due: before it, on a clock that was set back, nothing is.
    settled: AtomicI64,
    noting: Mutex<()>,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            count: AtomicU64::new(0),
            everything: AtomicU64::new(0),
            posts: AtomicU64::new(0),
            talk: AtomicU64::new(0),
            of_post: marks(),
            of_order: marks(),
            due: AtomicI64::new(UNKNOWN),
            settled: AtomicI64::new(UNKNOWN),
            noting: Mutex::new(()),
        }
    }
}

impl Changes {
    /// To be asked before the database is read for a page.
    pub fn moment(&self) -> Moment {
        Moment(self.count.load(Ordering::SeqCst))
    }

    /// Whether a page that shows `shows`, whose making began at `since`, is what would be made now.
    pub fn hold(&self, shows: Shows, since: Moment) -> bool {
        let before = |mark: &AtomicU64| mark.load(Ordering::SeqCst) <= since.0;
        shows == Shows::Itself
            || before(&self.everything)
                && match shows {
                    Shows::Itself | Shows::Frame => true,
                    Shows::Posts => before(&self.posts),
                    Shows::PostsAndTalk => before(&self.posts) && before(&self.talk),
                    Shows::Post(id) => before(mark_of(&self.of_post, id)),
                }
    }

    /// Whether the order of a post's comments, read since then, is still that, but for those that came.
    pub fn order_holds(&self, post: PostId, since: Moment) -> bool {
        let before = |mark: &AtomicU64| mark.load(Ordering::SeqCst) <= since.0;
        before(&self.everything) && before(mark_of(&self.of_order, post))
    }

    /// Notes what a write changed; to be called when it is committed, and before anybody is told that it is.
    pub fn note(&self, change: &Change) {
        if *change == Change::Nothing {
            return;
        }
        let _noting = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        let at = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        match change {
            Change::Nothing => {}
            Change::Comment(post) => {
                self.talk.store(at, Ordering::SeqCst);
                mark_of(&self.of_post, *post).store(at, Ordering::SeqCst);
            }
            Change::Thread(post) => self.mark_threads(std::slice::from_ref(post), at),
            Change::Threads(posts) => self.mark_threads(posts, at),
            Change::Posts { pages, due } => {
                self.posts.store(at, Ordering::SeqCst);
                for post in pages {
                    mark_of(&self.of_post, *post).store(at, Ordering::SeqCst);
                }
                if let Some(due) = due {
                    self.due.fetch_min(due.0, Ordering::SeqCst);
                }
            }
            Change::Everything => {
                self.everything.store(at, Ordering::SeqCst);
                // Nobody told whether a post was put off or brought forward.
                self.due.store(UNKNOWN, Ordering::SeqCst);
            }
        }
    }

    /// Whether time alone has changed what readers see, or may have: then [`Changes::settle`] comes before any page.
    pub fn is_due(&self, now: Time) -> bool {
        self.due.load(Ordering::SeqCst) <= now.0 || now.0 < self.settled.load(Ordering::SeqCst)
    }

    /// Ends every page that was made before the time came, and notes when it comes next after `now` (`None`: nothing waits).
    /// `asked_at`: before the database was asked. `false`: something changed since, and it has to be asked again.
    pub fn settle(&self, asked_at: Moment, now: Time, next: Option<Time>) -> bool {
        let _noting = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        // Talk puts nothing off and brings nothing forward.
        if !self.hold(Shows::Posts, asked_at) {
            return false;
        }
        let at = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        self.everything.store(at, Ordering::SeqCst);
        self.due.store(next.map_or(i64::MAX, |next| next.0), Ordering::SeqCst);
        self.settled.store(now.0, Ordering::SeqCst);
        true
    }

    fn mark_threads(&self, posts: &[PostId], at: u64) {
        self.talk.store(at, Ordering::SeqCst);
        for post in posts {
            mark_of(&self.of_post, *post).store(at, Ordering::SeqCst);
            mark_of(&self.of_order, *post).store(at, Ordering::SeqCst);
        }
    }
}

fn marks() -> Box<[AtomicU64]> {
    (0..MARKS).map(|_| AtomicU64::new(0)).collect()
}

fn mark_of(marks: &[AtomicU64], post: PostId) -> &AtomicU64 {
    // The remainder is below the length: there are as many marks as that.
    &marks[post.0.rem_euclid(MARKS as i64) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Shows; 6] = [
        Shows::Itself,
        Shows::Frame,
        Shows::Posts,
        Shows::PostsAndTalk,
        Shows::Post(PostId(1)),
        Shows::Post(PostId(2)),
    ];

    /// Which of [`ALL`] still hold after a change.
    fn left_by(change: &Change) -> Vec<Shows> {
        let changes = Changes::default();
        let before = changes.moment();
        changes.note(change);
        let after = changes.moment();
        assert!(ALL.iter().all(|shows| changes.hold(*shows, after)), "{change:?}");
        ALL.into_iter().filter(|shows| changes.hold(*shows, before)).collect()
    }

    #[test]
    fn a_change_ends_what_shows_it_and_nothing_else() {
        let one = Shows::Post(PostId(1));
        let other = Shows::Post(PostId(2));
        assert_eq!(left_by(&Change::Nothing), ALL);
        assert_eq!(left_by(&Change::Comment(PostId(1))), [Shows::Itself, Shows::Frame, Shows::Posts, other]);
        assert_eq!(left_by(&Change::Thread(PostId(1))), [Shows::Itself, Shows::Frame, Shows::Posts, other]);
        let both = Change::Threads(vec![PostId(1), PostId(2)]);
        assert_eq!(left_by(&both), [Shows::Itself, Shows::Frame, Shows::Posts]);
        let posts = Change::Posts { pages: vec![PostId(2)], due: None };
        assert_eq!(left_by(&posts), [Shows::Itself, Shows::Frame, one]);
        assert_eq!(left_by(&Change::Everything), [Shows::Itself]);
    }

    #[test]
    fn a_comment_more_leaves_the_order_of_the_others() {
        let holds_after = |change| {
            let changes = Changes::default();
            let before = changes.moment();
            changes.note(&change);
            changes.order_holds(PostId(1), before)
        };
        assert!(holds_after(Change::Comment(PostId(1))) && holds_after(Change::Thread(PostId(2))));
        assert!(!holds_after(Change::Thread(PostId(1))) && !holds_after(Change::Everything));
    }

    #[test]
    fn a_page_that_was_begun_before_a_change_and_finished_after_it_does_not_hold() {
        let changes = Changes::default();
        let begun = changes.moment();
        changes.note(&Change::Thread(PostId(1)));
        assert!(!changes.hold(Shows::Post(PostId(1)), begun));
        assert!(changes.hold(Shows::Post(PostId(1)), changes.moment()));
    }

    #[test]
    fn a_post_that_waits_for_its_time_ends_every_page_when_it_comes() {
        let changes = Changes::default();
        assert!(changes.is_due(Time(0)), "nobody has asked yet");
        assert!(changes.settle(changes.moment(), Time(0), Some(Time(50))));
        assert!(!changes.is_due(Time(49)) && changes.is_due(Time(50)));
        changes.note(&Change::Posts { pages: Vec::new(), due: Some(Time(20)) });
        assert!(!changes.is_due(Time(19)) && changes.is_due(Time(20)));
        let page = changes.moment();
        assert!(changes.settle(changes.moment(), Time(50), None));
        assert!(!changes.is_due(Time(i64::MAX - 1)) && !changes.hold(Shows::Frame, page));
    }

    #[test]
    fn a_clock_that_is_set_back_ends_what_was_made_before() {
        let changes = Changes::default();
        changes.settle(changes.moment(), Time(50), None);
        assert!(!changes.is_due(Time(50)) && changes.is_due(Time(40)));
        changes.settle(changes.moment(), Time(40), Some(Time(45)));
        assert!(!changes.is_due(Time(41)) && changes.is_due(Time(45)));
    }

    #[test]
    fn an_answer_about_what_is_due_counts_only_if_nothing_changed_while_it_was_asked() {
        let changes = Changes::default();
        let asked_at = changes.moment();
        changes.note(&Change::Posts { pages: Vec::new(), due: Some(Time(20)) });
        assert!(!changes.settle(asked_at, Time(0), None));
        assert!(changes.is_due(Time(20)));
    }
}
