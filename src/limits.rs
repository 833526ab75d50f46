//! How often one network or one account may try something: counted in memory, bounded, forgotten at restart.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A comment sent, by network.
    Comment,
    /// A preview drawn, by network.
    Preview,
    /// A search, by network.
    Search,
    /// A failed sign-in, by network.
    SignInNetwork,
    /// A failed sign-in, by account and network.
    SignInPair,
    /// A failed sign-in by account, from networks where it never signed in.
    SignInAccount,
    /// A wrong set-up code, by network.
    SetUp,
    /// A wrong code of an authenticator, by whose it is.
    Second,
    /// A link to a new password asked for, by network.
    Forgotten,
    /// A password chosen behind a one-time link, by network.
    Join,
}

impl Act {
    /// How many are allowed at once, and how many milliseconds bring one more.
    fn allowance(self) -> (f64, f64) {
        const MINUTE: f64 = 60_000.0;
        match self {
            Self::Comment => (6.0, 0.5 * MINUTE),
            Self::Preview => (20.0, 0.1 * MINUTE),
            Self::Search => (60.0, 1_000.0),
            Self::SignInPair => (6.0, 3.0 * MINUTE),
            Self::SignInNetwork => (20.0, MINUTE),
            Self::SignInAccount => (50.0, 12.0 * MINUTE),
            Self::SetUp | Self::Join => (10.0, MINUTE),
            Self::Second => (6.0, 5.0 * MINUTE),
            Self::Forgotten => (5.0, 10.0 * MINUTE),
        }
    }
}

struct Bucket {
    left: f64,
    at: i64,
}

/// Token buckets by act and key. A full map forgets the buckets that have filled up again, then the half that was
/// asked about longest ago.
#[derive(Default)]
pub struct Limits {
    buckets: Mutex<HashMap<(Act, String), Bucket>>,
}

/// More keys than this are not remembered.
const MAX_BUCKETS: usize = 50_000;

impl Limits {
    /// Takes one of `key`'s tries at `act`; `now` in milliseconds of a clock that never goes back.
    ///
    /// # Errors
    /// The seconds until there is one again.
    pub fn take(&self, act: Act, key: &str, now: i64) -> Result<(), u64> {
        self.with(act, key, now, |bucket| {
            if bucket.left < 1.0 {
                return Err(wait(act, bucket.left));
            }
            bucket.left -= 1.0;
            Ok(())
        })
    }

    /// Gives a try back that turned out to be no failure.
    pub fn give_back(&self, act: Act, key: &str, now: i64) {
        let (most, _) = act.allowance();
        self.with(act, key, now, |bucket| bucket.left = (bucket.left + 1.0).min(most));
    }

    fn with<T>(&self, act: Act, key: &str, now: i64, then: impl FnOnce(&mut Bucket) -> T) -> T {
        let (most, millis_for_one) = act.allowance();
        // A panic elsewhere cannot leave a bucket half-written: take the map as it is.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|(act, _), bucket| {
                let (most, millis_for_one) = act.allowance();
                bucket.left + (now - bucket.at) as f64 / millis_for_one < most
            });
            if buckets.len() >= MAX_BUCKETS {
                let mut times: Vec<i64> = buckets.values().map(|bucket| bucket.at).collect();
                let (_, middle, _) = times.select_nth_unstable(MAX_BUCKETS / 2);
                let middle = *middle;
                buckets.retain(|_, bucket| bucket.at > middle);
            }
        }
        let bucket = buckets.entry((act, key.to_owned())).or_insert(Bucket { left: most, at: now });
        bucket.left = (bucket.left + (now - bucket.at).max(0) as f64 / millis_for_one).min(most);
        bucket.at = now;
        then(bucket)
    }
}

fn wait(act: Act, left: f64) -> u64 {
    let (_, millis_for_one) = act.allowance();
    ((1.0 - left) * millis_for_one / 1000.0).ceil().max(1.0) as u64
}

/// Connections of each network, counted while they are open.
#[derive(Clone, Default)]
pub struct Crowd(Arc<Mutex<HashMap<String, usize>>>);

/// One connection's place in a [`Crowd`]; dropping it leaves.
pub struct Seat(Crowd, String);

impl Crowd {
    /// A place for one more of `network`, unless `most` are taken.
    pub fn enter(&self, network: String, most: usize) -> Option<Seat> {
        let mut networks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = networks.entry(network.clone()).or_insert(0);
        if *taken >= most {
            return None;
        }
        *taken += 1;
        Some(Seat(self.clone(), network))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut networks = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut taken) = networks.entry(std::mem::take(&mut self.1)) {
            *taken.get_mut() -= 1;
            if *taken.get() == 0 {
                taken.remove();
            }
        }
    }
}

/// Whether an address can be that of a reader's own machine on the public internet, and not of a proxy beside us.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => !(v4.is_loopback() || v4.is_private() || v4.is_link_local()),
        IpAddr::V6(v6) => !(v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_run_out_for_one_key_alone_and_come_back_with_time() {
        let limits = Limits::default();
        for _ in 0..6 {
            assert_eq!(limits.take(Act::Comment, "a", 0), Ok(()));
        }
        assert_eq!(limits.take(Act::Comment, "a", 0), Err(30));
        assert_eq!(limits.take(Act::Comment, "b", 0), Ok(()));
        assert_eq!(limits.take(Act::Comment, "a", 30_000), Ok(()));
        assert!(limits.take(Act::Comment, "a", 30_000).is_err());
        // A clock that jumps back gives nothing away.
        assert!(limits.take(Act::Comment, "a", 0).is_err());
    }

    #[test]
    fn the_memory_of_a_flood_of_networks_is_bounded() {
        let limits = Limits::default();
        for key in 0..MAX_BUCKETS + 10 {
            let _ = limits.take(Act::Search, &key.to_string(), 0);
        }
        assert!(limits.buckets.lock().unwrap().len() <= MAX_BUCKETS);
    }

    #[test]
    fn a_network_has_so_many_places_and_gets_them_back() {
        let crowd = Crowd::default();
        let first = crowd.enter("a".to_owned(), 2);
        let second = crowd.enter("a".to_owned(), 2);
        assert!(first.is_some() && second.is_some() && crowd.enter("a".to_owned(), 2).is_none());
        assert!(crowd.enter("b".to_owned(), 2).is_some());
        drop(first);
        assert!(crowd.enter("a".to_owned(), 2).is_some());
        drop(second);
        assert!(crowd.0.lock().unwrap().is_empty());
    }

    #[test]
    fn proxies_beside_us_are_not_the_public() {
        for (address, public) in [
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("::1", false),
            ("fd00::1", false),
            ("::ffff:192.168.0.1", false),
            ("203.0.113.9", true),
            ("2001:db8::1", true),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }
}
