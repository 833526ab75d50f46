//! Secrets that are handed out: 256 random bits each, of which only the hash is kept.
//!
//! What comes with every comment begins with the time: an index in which each new one stands at the end has one page written
//! for many, and not a page for each.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::model::time::Time;

/// Hex digits of a time in milliseconds.
const DATE: usize = 12;

/// A new secret, 64 hex digits.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn new() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// The same, with its date before it: `0186401d8ac0-…`.
///
/// # Errors
/// As [`new`].
pub fn dated(now: Time) -> Result<String, getrandom::Error> {
    Ok(format!("{:0DATE$x}-{}", millis(now), new()?))
}

/// A name for a comment that comes now: a UUID of version 7.
///
/// # Errors
/// As [`new`].
pub fn uuid(now: Time) -> Result<Uuid, getrandom::Error> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes)?;
    Ok(Builder::from_unix_timestamp_millis(millis(now), &bytes).into_uuid())
}

/// The first of the names that comments of a moment have.
pub fn first_uuid(at: Time) -> Uuid {
    Builder::from_unix_timestamp_millis(millis(at), &[0; 10]).into_uuid()
}

/// As many bits as both have room for.
fn millis(now: Time) -> u64 {
    now.0.max(0).cast_unsigned() & 0xffff_ffff_ffff
}

/// What is kept of a secret: its SHA-256 in hex. It needs no salt, for nobody can guess 256 bits. Of a dated one the date
/// stands in the place of the first digits.
pub fn hash(token: &str) -> String {
    let hash = hex(&Sha256::digest(token.as_bytes()));
    match token.split_once('-') {
        Some((date, _)) if is_hex(date, DATE) => format!("{date}{}", &hash[DATE..]),
        _ => hash,
    }
}

/// The address of a file: the first half of its SHA-256 in hex.
pub fn content_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..16])
}

/// The same of a file that comes piece by piece.
#[derive(Default)]
pub struct ContentHash(Sha256);

impl ContentHash {
    /// Takes the next piece in.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// What [`content_hash`] says of all of it.
    pub fn finish(self) -> String {
        hex(&self.0.finalize()[..16])
    }
}

/// Whether `text` could be a secret of ours: anything else need not be looked up.
pub fn is_well_formed(text: &str) -> bool {
    text.split_once('-').map_or_else(|| is_hex(text, 64), |(date, secret)| is_hex(date, DATE) && is_hex(secret, 64))
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Two digits for each byte, in lower case.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_their_hashes_do_not_tell_them() {
        let (one, other) = (new().unwrap(), new().unwrap());
        assert!(is_well_formed(&one) && one != other && hash(&one) != one);
        let mut pieces = ContentHash::default();
        pieces.add(b"a");
        pieces.add(b"bc");
        assert_eq!(pieces.finish(), content_hash(b"abc"));
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn what_comes_with_a_comment_sorts_by_its_time() {
        let at = |millis| (dated(Time(millis)).unwrap(), uuid(Time(millis)).unwrap().to_string());
        let (earlier, later) = (at(1_676_104_200_000), at(1_676_104_200_001));
        assert!(earlier.0 < later.0 && hash(&earlier.0) < hash(&later.0) && earlier.1 < later.1);
        assert!(is_well_formed(&earlier.0) && hash(&earlier.0).len() == 64);
        let other = at(1_676_104_200_000);
        assert!(other.0 != earlier.0 && hash(&other.0) != hash(&earlier.0) && other.1 != earlier.1);
        // Its date does not tell a hash: that is of all of it.
        assert_ne!(hash(&earlier.0)[DATE..], earlier.0[DATE + 1..][..64 - DATE]);
        for bad in ["-", "0186401d8ac0-", "0186401d8ac-0", &earlier.0[1..], &format!("{}-", earlier.0)] {
            assert!(!is_well_formed(bad), "{bad}");
        }
        assert_eq!(
            (at(-1).0[..13].to_owned(), at(i64::MAX).0[..13].to_owned()),
            ("000000000000-".into(), "ffffffffffff-".into())
        );
    }
}
