//! Passwords: which are good enough, and how they are kept (argon2id, at the parameters OWASP asks for).

use std::sync::{LazyLock, Mutex, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        Error,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};

/// Fewest characters (NIST 800-63B-4 asks this of a password that stands alone).
pub const MIN_CHARS: usize = 15;
/// Most bytes: hashing megabytes would be a way to keep the server busy.
pub const MAX_BYTES: usize = 1024;

/// What is wrong with a new password; each names a word in `locales/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`MIN_CHARS`].
    #[error("password-too-short")]
    TooShort,
    /// More than [`MAX_BYTES`].
    #[error("password-too-long")]
    TooLong,
    /// A guesser's first tries: one character or a short pattern again and again, a row of the keyboard, the name of
    /// the blog or of the person.
    #[error("password-too-easy")]
    TooEasy,
}

/// Judges a new password. `known`: what a guesser knows, such as the blog's title, the person's name and e-mail.
pub fn check(password: &str, known: &[&str]) -> Result<(), PasswordFault> {
    if password.len() > MAX_BYTES {
        return Err(PasswordFault::TooLong);
    }
    let chars: Vec<char> = password.to_lowercase().chars().collect();
    if chars.len() < MIN_CHARS {
        return Err(PasswordFault::TooShort);
    }
    let is_pattern = (1..=5).any(|period| chars.iter().zip(&chars[period..]).all(|(a, b)| a == b));
    let letters: String = chars.iter().filter(|c| c.is_alphanumeric()).collect();
    let rows =
        ["abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789", "1qaz2wsx3edc4rfv5tgb"];
    let is_row = rows.iter().any(|row| row.contains(letters.as_str()));
    // What a guesser knows makes up more than half of it.
    let is_known = known.iter().chain(&["password", "laman", "administrator"]).any(|word| {
        let word: String = word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        word.len() >= 4 && letters.replace(&word, "").len() * 2 < letters.len()
    });
    if is_pattern || is_row || is_known { Err(PasswordFault::TooEasy) } else { Ok(()) }
}

/// The PHC string to keep. Takes some 20 ms and 19 MiB: run it off the async threads, few at once.
///
/// # Errors
/// When the system gives no random numbers.
pub fn hash(password: &str) -> Result<String, Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| Error::Crypto)?;
    let params = Params::default();
    Ok(PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(Salt::new(&salt)?),
        hash: Some(output(password, &salt, Argon2::new(Algorithm::Argon2id, Version::V0x13, params))?),
    }
    .to_string())
}

/// Whether `password` is the one that `kept` was made of; as costly as [`hash`].
pub fn verify(password: &str, kept: &str) -> bool {
    password.len() <= MAX_BYTES && PasswordHash::new(kept).is_ok_and(|kept| is_of(&kept, password).unwrap_or_default())
}

fn is_of(kept: &PasswordHash, password: &str) -> Result<bool, Error> {
    let (Some(salt), Some(hash), Some(version)) = (&kept.salt, kept.hash, kept.version) else { return Ok(false) };
    let version = Version::try_from(version)?;
    let argon2 = Argon2::new(Algorithm::try_from(kept.algorithm.as_str())?, version, Params::try_from(kept)?);
    // Takes as long however much of it is the same.
    Ok(output(password, salt.as_ref(), argon2)? == hash)
}

/// What is made of a password. The memory that it takes is kept for the next: given back and taken again, it would stay with the
/// C library, several times over.
fn output(password: &str, salt: &[u8], argon2: Argon2) -> Result<Output, Error> {
    static KEPT: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());
    let count = argon2.params().block_count();
    let mut blocks = KEPT.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
    if blocks.len() < count {
        blocks.resize_with(count, Block::default);
    }
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let memory = blocks.get_mut(..count).unwrap_or_default();
    let made = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory);
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
    made?;
    Output::new(&out).map_err(Error::from)
}

/// Compared against where there is no such user, so that the answer takes as long.
pub fn nobodys_hash() -> &'static str {
    static NOBODYS: LazyLock<String> = LazyLock::new(|| hash("nobody has this password").unwrap_or_default());
    &NOBODYS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_password_is_long_and_not_a_pattern() {
        assert_eq!(check("correct horse battery", &[]), Ok(()));
        assert_eq!(check("short", &[]), Err(PasswordFault::TooShort));
        assert_eq!(check(&"x".repeat(1025), &[]), Err(PasswordFault::TooLong));
        for easy in
            ["aaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "abcdefghijklmnopq", "passwordpassword", "LamanLaman123!!"]
        {
            assert_eq!(check(easy, &[]), Err(PasswordFault::TooEasy), "{easy}");
        }
        assert_eq!(check("My Garden Blog 1", &["My Garden Blog"]), Err(PasswordFault::TooEasy));
        // Fifteen characters of any script are fifteen.
        assert_eq!(check("kata laluan ini bagus", &[]), Ok(()));
        assert_eq!(check("пароль из леса!", &[]), Ok(()));
    }

    #[test]
    fn a_password_is_taken_exactly_as_typed() {
        let kept = hash(" Pass\u{0}word with Spaces ").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify(" Pass\u{0}word with Spaces ", &kept));
        assert!(!verify("Pass\u{0}word with Spaces", &kept));
        assert!(!verify(" pass\u{0}word with spaces ", &kept));
        assert!(!verify("anything", "not a hash"));
    }

    #[test]
    fn what_the_library_makes_of_a_password_is_known_and_the_other_way_round() {
        use argon2::password_hash::{PasswordHasher, PasswordVerifier};

        let theirs = Argon2::default().hash_password(b"correct horse battery").unwrap();
        assert!(verify("correct horse battery", &theirs.to_string()) && !verify("correct horse", &theirs.to_string()));
        let ours = PasswordHash::new(&hash("correct horse battery").unwrap()).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse battery", &ours).is_ok());
        // Of other costs.
        let params = Params::new(64, 1, 1, None).unwrap();
        let small = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(b"short").unwrap();
        assert!(verify("short", &small.to_string()));
        assert_ne!(hash("x").unwrap(), hash("x").unwrap());
    }
}
