//! Codes of an authenticator (RFC 6238: SHA-1, 30 seconds, six digits), and the codes for when it is lost.

use ring::hmac;

use crate::model::time::Time;

/// Bytes of a secret (RFC 4226 asks for 160 bits).
pub const SECRET: usize = 20;
/// So many recovery codes are given out at once.
pub const RECOVERY_CODES: usize = 10;
const STEP_MILLIS: i64 = 30_000;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn secret() -> Result<Vec<u8>, getrandom::Error> {
    let mut secret = vec![0; SECRET];
    getrandom::fill(&mut secret)?;
    Ok(secret)
}

/// The step of the code that was typed, if it is one that counts now: this step's or a neighbour's, and later than `last`,
/// so that none counts twice. Looks at every candidate, whichever is right.
pub fn step_of(secret: &[u8], typed: &str, last: i64, now: Time) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let here = now.0.div_euclid(STEP_MILLIS);
    let mut found = None;
    for step in here - 1..=here + 1 {
        let is_right = is_same(code(secret, step).as_bytes(), typed.as_bytes());
        if is_right && step > last {
            found = Some(step);
        }
    }
    found
}

/// The code of a step.
pub fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mark = hmac::sign(&key, &step.to_be_bytes());
    let mark = mark.as_ref();
    let at = usize::from(mark.last().copied().unwrap_or(0) & 15);
    let four = mark.iter().skip(at).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (four & 0x7fff_ffff) % 1_000_000)
}

/// In a time that does not tell where they differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// As people type it and authenticators read it (RFC 4648, no padding).
pub fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for five in bytes.chunks(5) {
        let number = (0..5).fold(0_u64, |number, at| number << 8 | u64::from(five.get(at).copied().unwrap_or(0)));
        let letters = (five.len() * 8).div_ceil(5);
        for place in 0..letters {
            let digit = (number >> (35 - 5 * place) & 31) as usize;
            text.extend(BASE32.get(digit).map(|letter| char::from(*letter)));
        }
    }
    text
}

/// What [`base32`] wrote; `None` for anything else.
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut number, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let digit = BASE32.iter().position(|known| *known == letter)?;
        number = (number << 5 | digit as u32) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((number >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

/// What a QR code says to an authenticator.
pub fn address(secret: &[u8], blog: &str, email: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("secret", &base32(secret)).append_pair("issuer", blog);
    // The label is a path: a space is %20 there.
    let label = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    format!("otpauth://totp/{}:{}?{}", label(blog), label(email), query.finish().replace('+', "%20"))
}

/// A new recovery code, 80 random bits: `abcd-efgh-jklm-nopq`.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn recovery_code() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes)?;
    let letters = base32(&bytes).to_lowercase();
    let groups: Vec<String> =
        letters.as_bytes().chunks(4).map(|four| four.iter().copied().map(char::from).collect()).collect();
    Ok(groups.join("-"))
}

/// A recovery code as it is kept, however it was typed.
pub fn plain_recovery_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, cut to six digits.
        let secret = b"12345678901234567890";
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(secret, seconds / 30), expected);
            assert_eq!(step_of(secret, expected, 0, Time(seconds * 1000)), Some(seconds / 30));
        }
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_code_counts_for_a_minute_and_a_half_and_once() {
        let (secret, now) = (b"12345678901234567890", Time(1_234_567_890_000));
        let step = now.0 / 30_000;
        for (off, counts) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            assert_eq!(step_of(secret, &code(secret, step + off), 0, now).is_some(), counts, "{off}");
        }
        assert_eq!(step_of(secret, &code(secret, step), step, now), None);
        assert_eq!(step_of(secret, &code(secret, step - 1), step, now), None, "nor one from before it");
        let spaced = code(secret, step);
        assert_eq!(step_of(secret, &format!(" {} {} ", &spaced[..3], &spaced[3..]), 0, now), Some(step));
        for wrong in ["", "12345", "1234567", "abcdef", "००००००"] {
            assert_eq!(step_of(secret, wrong, 0, now), None);
        }
    }

    #[test]
    fn an_authenticator_is_told_whose_secret_it_is() {
        assert_eq!(
            address(b"12345678901234567890", "Laman & Co", "a@b.example"),
            "otpauth://totp/Laman%20%26%20Co:a%40b.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Laman%20%26%20Co"
        );
        let code = recovery_code().unwrap();
        assert_eq!((code.len(), plain_recovery_code(&code.to_uppercase()).len()), (19, 16));
    }

    proptest! {
        #[test]
        fn a_secret_comes_back_as_it_was(bytes in proptest::collection::vec(any::<u8>(), 0..40), typed in ".*") {
            prop_assert_eq!(from_base32(&base32(&bytes)), Some(bytes.clone()));
            let _ = from_base32(&typed);
            let _ = step_of(&bytes, &typed, 0, Time(0));
        }
    }
}
