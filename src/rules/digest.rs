//! What makes one comment the same as another: sent twice, it is kept once.

use sha2::{Digest, Sha256};

use crate::model::ids::CommentId;

/// 64 bits of the SHA-256 of a name, what is answered and the words, for the store to compare.
pub fn comment(name: &str, parent: Option<CommentId>, source: &str) -> i64 {
    let mut hasher = Sha256::new();
    // The length parts the name from what follows, whatever either holds.
    hasher.update((name.len() as u64).to_be_bytes());
    hasher.update(name);
    hasher.update(parent.map_or(0, |parent| parent.0).to_be_bytes());
    hasher.update(source);
    hasher.finalize().iter().take(8).fold(0, |bits, byte| bits << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_words_and_what_is_answered_each_make_a_difference() {
        let one = comment("Siti", None, "hello");
        assert_eq!(comment("Siti", None, "hello"), one);
        for other in [
            comment("Sit", None, "ihello"),
            comment("Siti", Some(CommentId(1)), "hello"),
            comment("Siti", None, "hello "),
            comment("Siti ", None, "hello"),
        ] {
            assert_ne!(other, one);
        }
    }
}
