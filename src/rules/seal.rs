//! Something that a page carries and brings back: told from a forgery, and from what is too old, without being kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;

use crate::model::time::Time;

/// The moment, in bytes.
const MOMENT: usize = 8;
/// The same moment makes another seal each time.
const NONCE: usize = 16;

/// Known to the running program alone: what it sealed is good until it stops.
pub struct Sealer(hmac::Key);

impl Sealer {
    /// With a new key.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    /// A seal about something, made now: base64url.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn seal(&self, about: &str, now: Time) -> Result<String, getrandom::Error> {
        let mut bytes = now.0.to_be_bytes().to_vec();
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)?;
        bytes.extend(nonce);
        let mark = hmac::sign(&self.0, &signed(&bytes, about));
        bytes.extend(mark.as_ref());
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// When this seal about something was made, if it is ours and no older than `life` milliseconds.
    pub fn made_at(&self, about: &str, seal: &str, now: Time, life: i64) -> Option<Time> {
        let bytes = URL_SAFE_NO_PAD.decode(seal).ok()?;
        let (head, mark) = bytes.split_at_checked(MOMENT + NONCE)?;
        let moment = head.get(..MOMENT)?.try_into().ok()?;
        hmac::verify(&self.0, &signed(head, about), mark).ok()?;
        let made_at = Time(i64::from_be_bytes(moment));
        (made_at.0 <= now.0 && now.0 - made_at.0 <= life).then_some(made_at)
    }
}

/// The head has a fixed length: it cannot be taken for a part of what stands behind it.
fn signed(head: &[u8], about: &str) -> Vec<u8> {
    [head, about.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_for_what_it_is_about_and_for_its_time() {
        let (ours, others) = (Sealer::new().unwrap(), Sealer::new().unwrap());
        let seal = ours.seal("second:7", Time(1000)).unwrap();
        assert_ne!(seal, ours.seal("second:7", Time(1000)).unwrap());
        assert_eq!(ours.made_at("second:7", &seal, Time(1500), 500), Some(Time(1000)));
        assert_eq!(ours.made_at("second:7", &seal, Time(1501), 500), None);
        assert_eq!(ours.made_at("second:7", &seal, Time(999), 500), None, "a clock that was set back");
        assert_eq!(ours.made_at("second:8", &seal, Time(1500), 500), None);
        assert_eq!(others.made_at("second:7", &seal, Time(1500), 500), None);
        for broken in ["", "AAAA", &seal[1..], &format!("{seal}A"), "ä"] {
            assert_eq!(ours.made_at("second:7", broken, Time(1500), 500), None, "{broken}");
        }
    }
}
