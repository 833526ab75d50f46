//! How long a connection may go on, judged by what its pulse says: pure, the time is an argument.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    Patience,
    pace::{Meter, TooSlow},
    pulse::{Pulse, Seen},
};

/// Why a client's time is over.
#[derive(Debug, PartialEq)]
pub enum Late {
    /// It asks nothing, or has not finished asking.
    Silent,
    /// It takes its answers too slowly.
    Slow,
    /// It did not go when asked to.
    Stays,
}

/// What a client is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Phase {
    has_asked: bool,
    is_under_way: bool,
    is_sending: bool,
    heard: bool,
    blocked: bool,
}

/// Watches over a connection.
pub struct Watch {
    pulse: Arc<Pulse>,
    patience: Patience,
    is_http2: bool,
    /// Whether places are short.
    pub is_short: bool,
    meter: Meter,
    /// Since when nothing is under way, and what was known then: how many had been asked, whether more has been heard.
    since: Instant,
    known: (u64, bool),
    /// When a client that was asked to go must have gone.
    farewell: Option<Instant>,
}

impl Watch {
    /// Over a connection that began at `born`.
    pub fn new(pulse: Arc<Pulse>, born: Instant, is_http2: bool, patience: Patience) -> Self {
        let (meter, known) = (Meter::default(), (0, false));
        Self { pulse, patience, is_http2, is_short: false, meter, since: born, known, farewell: None }
    }

    /// What the client is waited for. As long as it stays the same, the time that [`Watch::look`] gave can only move away:
    /// there is no need to look before it. (So what is idle may stay for up to twice its time.)
    pub fn phase(&self) -> Phase {
        let Seen { asked, under_way, sending, heard, blocked, .. } = self.pulse.see();
        Phase { has_asked: asked > 0, is_under_way: under_way > 0, is_sending: sending > 0, heard, blocked }
    }

    /// When to look again at the latest.
    ///
    /// # Errors
    /// Why the client's time is over.
    pub fn look(&mut self, now: Instant) -> Result<Instant, Late> {
        if let Some(end) = self.farewell {
            return if now < end { Ok(end) } else { Err(Late::Stays) };
        }
        let Seen { asked, under_way, sending, handed, written, heard, blocked } = self.pulse.see();
        // HTTP/2 hands over what the client makes room for; its own bytes (answers to pings) are no progress.
        let (waits, moved) = if self.is_http2 { (blocked || sending > 0, handed) } else { (blocked, written) };
        match self.meter.look(self.patience.taking, waits, moved, now) {
            Ok(Some(until)) => return Ok(until),
            Err(TooSlow) => return Err(Late::Slow),
            Ok(None) => {}
        }
        if under_way > 0 {
            // A handler's time is limited where it is run. Its end need not wake this connection: look again.
            return Ok(now + self.patience.taking.time);
        }
        // Over HTTP/2 a head comes whole or not at all, for all that can be seen here: anything else may be a ping.
        let known = (asked, heard && asked > 0 && !self.is_http2);
        if known != self.known {
            (self.known, self.since) = (known, now);
        }
        let is_head_due = asked == 0 || known.1;
        let allowed = if is_head_due { self.patience.head } else { self.patience.idle };
        let allowed = if self.is_short { allowed.min(self.patience.idle_when_short) } else { allowed };
        let until = self.since + allowed;
        if now < until { Ok(until) } else { Err(Late::Silent) }
    }

    /// Whether the client can be told that its time is over, which is done once.
    pub fn bids_farewell(&mut self, now: Instant) -> bool {
        let can = self.is_http2 && self.farewell.is_none();
        if can {
            self.farewell = Some(now + self.patience.head);
        }
        can
    }

    /// Whether nothing has ever been asked over HTTP/2: then the client may not even have greeted, and cannot be told.
    pub fn may_leave_at_once(&self) -> bool {
        self.is_http2 && self.pulse.see().asked == 0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cli::serve::{Pace, pulse::UnderWay};

    const SECOND: Duration = Duration::from_secs(1);

    fn patience() -> Patience {
        Patience {
            head: SECOND * 10,
            idle: SECOND * 100,
            idle_when_short: SECOND * 2,
            taking: Pace { bytes: 1000, time: SECOND * 20 },
            ..Patience::default()
        }
    }

    fn watch(is_http2: bool) -> (Arc<Pulse>, Watch, Instant) {
        let (pulse, start) = (Arc::new(Pulse::default()), Instant::now());
        (pulse.clone(), Watch::new(pulse, start, is_http2, patience()), start)
    }

    #[test]
    fn who_has_asked_may_be_idle_for_longer_than_who_has_not() {
        for is_http2 in [false, true] {
            let (pulse, mut watch, start) = watch(is_http2);
            assert_eq!(watch.look(start + SECOND), Ok(start + SECOND * 10));
            drop(UnderWay::begin(&pulse));
            assert_eq!(watch.look(start + SECOND * 9), Ok(start + SECOND * 109));
            assert_eq!(watch.look(start + SECOND * 108), Ok(start + SECOND * 109));
            assert_eq!(watch.look(start + SECOND * 109), Err(Late::Silent));
        }
    }

    #[test]
    fn half_a_head_ends_the_idling_of_http1_and_bytes_that_ask_nothing_do_not_prolong_that_of_http2() {
        let seen = |is_http2| {
            let (pulse, mut watch, start) = watch(is_http2);
            drop(UnderWay::begin(&pulse));
            let _ = watch.look(start);
            pulse.note_heard();
            (watch.look(start + SECOND * 50).map(|until| until - start), start)
        };
        assert_eq!(seen(false).0, Ok(SECOND * 60));
        assert_eq!(seen(true).0, Ok(SECOND * 100));
    }

    #[test]
    fn while_places_are_short_idling_is_short_and_work_is_not() {
        let (pulse, mut watch, start) = watch(false);
        watch.is_short = true;
        assert_eq!(watch.look(start), Ok(start + SECOND * 2));
        let under_way = UnderWay::begin(&pulse);
        assert!(watch.look(start + SECOND * 15).is_ok());
        drop(under_way);
        assert_eq!(watch.look(start + SECOND * 15), Ok(start + SECOND * 17));
        assert_eq!(watch.look(start + SECOND * 17), Err(Late::Silent));
    }

    #[test]
    fn over_http2_only_what_is_taken_of_answers_is_progress() {
        let (pulse, mut watch, start) = watch(true);
        let mut under_way = UnderWay::begin(&pulse);
        under_way.send();
        assert_eq!(watch.look(start), Ok(start + SECOND * 20));
        pulse.note_written(5000);
        under_way.hand(1000);
        assert_eq!(watch.look(start + SECOND * 20), Ok(start + SECOND * 40));
        pulse.note_written(5000);
        under_way.hand(999);
        assert_eq!(watch.look(start + SECOND * 40), Err(Late::Slow));
    }

    #[test]
    fn over_http1_what_the_system_takes_is_progress_once_it_took_not_all() {
        let (pulse, mut watch, start) = watch(false);
        let _under_way = UnderWay::begin(&pulse);
        // A handler that takes its time is not the client's fault.
        assert!(watch.look(start + SECOND * 25).is_ok());
        pulse.note_blocked(true);
        assert_eq!(watch.look(start + SECOND * 30), Ok(start + SECOND * 50));
        pulse.note_written(1000);
        assert_eq!(watch.look(start + SECOND * 50), Ok(start + SECOND * 70));
        pulse.note_written(999);
        assert_eq!(watch.look(start + SECOND * 70), Err(Late::Slow));
        pulse.note_blocked(false);
        assert!(watch.look(start + SECOND * 70).is_ok());
    }

    #[test]
    fn farewell_is_said_once_over_http2_and_then_waited_for() {
        let (_, mut over_one, start) = watch(false);
        assert!(!over_one.bids_farewell(start));
        let (_, mut watch, start) = watch(true);
        assert!(watch.bids_farewell(start));
        assert_eq!(watch.look(start), Ok(start + SECOND * 10));
        assert_eq!(watch.look(start + SECOND * 10), Err(Late::Stays));
        assert!(!watch.bids_farewell(start + SECOND * 10));
    }
}
