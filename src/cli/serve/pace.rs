//! How slow a client may be: at least so many bytes in each so long, while it is the client that is waited for.

use std::time::Duration;

use tokio::time::Instant;

/// The least that a client must send or take.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// So many bytes …
    pub bytes: u64,
    /// … in each so long.
    pub time: Duration,
}

/// A client did not keep the pace.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("the client is too slow")]
pub struct TooSlow;

/// Holds a client to a [`Pace`].
#[derive(Default)]
pub struct Meter {
    /// When the present stretch of time began, and what had been moved by then.
    began: Option<(Instant, u64)>,
}

impl Meter {
    /// When to look again, given what has been moved in all until `now`; `None` while the client is not waited for.
    ///
    /// # Errors
    /// [`TooSlow`] when a stretch of time has ended in which it moved too little.
    pub fn look(&mut self, pace: Pace, waits: bool, moved: u64, now: Instant) -> Result<Option<Instant>, TooSlow> {
        if !waits {
            self.began = None;
            return Ok(None);
        }
        let (since, before) = *self.began.get_or_insert((now, moved));
        if now < since + pace.time {
            return Ok(Some(since + pace.time));
        }
        if moved.saturating_sub(before) < pace.bytes {
            return Err(TooSlow);
        }
        self.began = Some((now, moved));
        Ok(Some(now + pace.time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { bytes: 100, time: Duration::from_secs(10) };

    #[test]
    fn a_client_is_measured_in_stretches_of_time_and_never_by_what_it_did_before() {
        let (start, mut meter) = (Instant::now(), Meter::default());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(meter.look(PACE, true, 5000, at(0)), Ok(Some(at(10))));
        assert_eq!(meter.look(PACE, true, 5099, at(9)), Ok(Some(at(10))));
        assert_eq!(meter.look(PACE, true, 5100, at(10)), Ok(Some(at(20))));
        assert_eq!(meter.look(PACE, true, 5199, at(20)), Err(TooSlow));
    }

    #[test]
    fn a_byte_now_and_then_does_not_keep_the_pace() {
        let (start, mut meter) = (Instant::now(), Meter::default());
        let slow = (0..=10).map(|second| meter.look(PACE, true, second, start + Duration::from_secs(second)));
        assert_eq!(slow.filter(Result::is_err).count(), 1);
    }

    #[test]
    fn nobody_is_slow_who_is_not_waited_for() {
        let (start, mut meter) = (Instant::now(), Meter::default());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(meter.look(PACE, true, 0, at(0)), Ok(Some(at(10))));
        assert_eq!(meter.look(PACE, false, 0, at(9)), Ok(None));
        assert_eq!(meter.look(PACE, true, 0, at(50)), Ok(Some(at(60))));
    }
}
