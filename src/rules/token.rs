//! Secrets that are handed out: 256 random bits each, of which only the hash is kept.

use sha2::{Digest, Sha256};

/// A new secret, 64 hex digits.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn new() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// What is kept of a secret: its SHA-256 in hex. It needs no salt, for nobody can guess 256 bits.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// The address of a file: the first half of its SHA-256 in hex.
pub fn content_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..16])
}

/// Whether `text` could be a secret of ours: anything else need not be looked up.
pub fn is_well_formed(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn hex(bytes: &[u8]) -> String {
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
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
